import assert from 'node:assert/strict';
import type { Dialect } from '../../lib/manifest/catalog.js';
import { fillHoles, type HoleReading } from '../../lib/sql/holes.js';
import { type CstNode, parseStatement } from '../../lib/sql/parse.js';
import { splitStatements } from '../../lib/sql/split.js';
import { type Hole, plainText, type SqlText } from '../../lib/sql/sql-text.js';

const KINDS: Record<string, Hole['kind']> = { v: 'value', i: 'identifier', f: 'fragment' };

/** `${x}` is a hole of as many characters, of unknown kind; `${v:x}` a value, `${i:x}` an identifier, `${f:x}` a fragment. */
function template(marked: string): SqlText {
  const holes: Hole[] = [];
  const text = marked.replace(/\$\{(?:([vif]):)?\w*\}/g, (hole, kind: string | undefined, start: number) => {
    holes.push({ start, end: start + hole.length, kind: kind ? KINDS[kind]! : 'unknown' });
    return ' '.repeat(hole.length);
  });
  return { ...plainText(text), holes };
}

const wholeOf = (sql: SqlText): { start: number; end: number; comments: [] } => ({ start: 0, end: sql.text.length, comments: [] });

function readings(marked: string, dialect: Dialect = 'postgresql'): HoleReading[] {
  const sql = template(marked);
  const filled = fillHoles(sql, wholeOf(sql), dialect);
  assert.equal(filled.text.length, sql.text.length);
  return filled.holes.map((hole) => hole.as);
}

/** [template, what its holes are, dialect]. All of them can be parsed. */
const rows: readonly (readonly [string, readonly HoleReading[], Dialect?])[] = [
  // operands
  ['SELECT ${x} FROM t', ['value']],
  ['SELECT a, ${x}, b FROM t', ['value']],
  ['SELECT ${x} AS a, count(${y}) FROM t', ['value', 'value']],
  ['SELECT * FROM t WHERE a = ${v:x} AND b <> ${y} AND ${z} = 1', ['value', 'value', 'value']],
  ['SELECT * FROM t WHERE a LIKE ${x} AND b BETWEEN ${y} AND ${z} AND c IS DISTINCT FROM ${w}', ['value', 'value', 'value', 'value']],
  ['SELECT * FROM t WHERE a = ${x}::int + ${y}', ['value', 'value']],
  ['SELECT * FROM t LIMIT ${x} OFFSET ${y}', ['value', 'value']],
  ['SELECT extract(year FROM ${x}), trim(${y}), substring(a FROM ${z}) FROM t', ['value', 'value', 'value']],
  ['SELECT now() - INTERVAL ${x} FROM t', ['value']],
  ['SELECT now() - INTERVAL ${x} DAY FROM t', ['value'], 'mysql'],
  ['SELECT CASE ${x} WHEN 1 THEN ${y} ELSE ${z} END FROM t', ['value', 'value', 'value']],
  ['UPDATE t SET a = CASE id ${whens} ELSE a END', ['value']],
  ['INSERT INTO t (a, b) VALUES (${v:a}, ${v:b})', ['value', 'value']],
  ['SELECT * FROM t WHERE a = $${n} AND b = :${p}', ['value', 'value']],
  // names
  ['SELECT ${i:x} FROM t WHERE ${i:y} = 1', ['identifier', 'identifier']],
  ['SELECT u.${x}, ${y}.a FROM u', ['identifier', 'identifier']],
  ['SELECT a::${type} FROM t', ['identifier']],
  ['SELECT a AS ${x} FROM t AS ${y}', ['identifier', 'identifier']],
  ['UPDATE t SET ${x} = 1, ${y} = 2', ['identifier', 'identifier']],
  ['SELECT count(*) OVER ${w} FROM t WINDOW ${w} AS (ORDER BY a)', ['identifier', 'identifier']],
  ['ALTER TABLE ${t} ADD COLUMN ${c} int', ['relation', 'identifier']],
  ['CREATE TABLE IF NOT EXISTS ${t} (id int, ${columns})', ['identifier', 'list']],
  // tables
  ['SELECT * FROM ${t}', ['relation']],
  ['SELECT * FROM ${t} AS x JOIN ${u} y ON x.a = y.a, ${v}', ['relation', 'relation', 'relation']],
  ['SELECT * FROM ${schema}.t JOIN app.${u} ON true', ['identifier', 'relation']],
  ['INSERT INTO ${t} (a) VALUES (1)', ['relation']],
  ['UPDATE ${t} SET a = 1', ['relation']],
  ['DELETE FROM ${t} USING ${u} WHERE a', ['relation', 'relation']],
  ['TRUNCATE ${t}', ['relation']],
  ['CREATE UNIQUE INDEX i ON ${t} (a)', ['relation']],
  ['CREATE TABLE t (a int REFERENCES ${u} (id))', ['relation']],
  // conditions
  ['SELECT * FROM t WHERE ${x}', ['predicate']],
  ['SELECT * FROM t WHERE ${x} AND a = 1 OR NOT ${y} ORDER BY a', ['predicate', 'predicate']],
  ['SELECT * FROM t JOIN u ON ${x} WHERE (${y})', ['predicate', 'value']],
  ['SELECT * FROM t GROUP BY a HAVING ${x}', ['predicate']],
  ['SELECT count(*) FILTER ${x} FROM t', ['predicate']],
  // queries
  ['SELECT * FROM (${q}) x', ['query']],
  ['SELECT * FROM t WHERE EXISTS (${q}) AND NOT EXISTS ${r}', ['query', 'query']],
  ['SELECT 1 FROM t UNION ALL ${q}', ['query']],
  ['(${q}) UNION (SELECT 1)', ['value']],
  ['WITH x AS (${q}), y AS ${r} SELECT * FROM x, y', ['query', 'query']],
  ['WITH x AS (SELECT 1) ${q}', ['query']],
  ['INSERT INTO t (a, b) ${q}', ['query']],
  ['INSERT INTO t ${q} ON CONFLICT DO NOTHING', ['query']],
  ['CREATE VIEW v AS ${q}', ['query']],
  ['${head} WHERE a = 1', ['query']],
  ['${head} FROM t', ['query']],
  ['WITH x AS (${head} FROM t) SELECT * FROM x', ['query']],
  ['${head} SET a = 1 WHERE b', ['relation']],
  ['${head} VALUES (1) RETURNING a', ['relation']],
  ['${head} USING u WHERE t.a = u.a', ['relation']],
  // lists
  ['SELECT * FROM t WHERE a IN ${x} AND b = ANY ${y}', ['list', 'list']],
  ['SELECT * FROM t WHERE a IN (${x}) AND b IN (${v:y})', ['list', 'value']],
  ['INSERT INTO t (${columns}) VALUES ${rows}', ['list', 'list']],
  ['INSERT INTO t (a) VALUES (1), ${row}', ['list']],
  ['SELECT * FROM t JOIN u USING ${columns}', ['list']],
  ['SELECT DISTINCT ON ${columns} a FROM t', ['list']],
  // assignments
  ['UPDATE t SET ${x} WHERE a', ['assignment']],
  ['UPDATE t SET a = 1, ${x} WHERE a', ['assignment']],
  ['UPDATE t ${set} WHERE a = 1', ['assignment']],
  ['INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET ${x}', ['assignment']],
  ['INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE ${set} WHERE t.a', ['assignment']],
  ['INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE ${x}', ['assignment'], 'mysql'],
  // common table expressions
  ['WITH ${ctes} SELECT * FROM t', ['cte']],
  ['WITH RECURSIVE x AS (SELECT 1), ${more} SELECT * FROM x', ['cte']],
  ['WITH x AS (SELECT 1), ${more}, ${others}, y AS (SELECT 2) SELECT * FROM x', ['cte', 'cte']],
  // tables with a condition
  ['SELECT a, count(*) AS b ${tables} AND c = 1 GROUP BY a', ['relation']],
  // constraints
  ['ALTER TABLE t ADD CONSTRAINT c ${check}', ['dropped']],
  ['ALTER TABLE t ADD CONSTRAINT c ${check} NOT VALID', ['dropped']],
  // operators
  ['SELECT * FROM t WHERE a ${op} 1 AND b ${op} $1', ['operator', 'operator']],
  // fragments of which nothing is known
  ['SELECT * FROM t ${where}', ['dropped']],
  ['SELECT * FROM t u ${joins} WHERE a = 1', ['dropped']],
  ['SELECT * FROM t WHERE a = 1 ${more}', ['dropped']],
  ['SELECT * FROM t WHERE a = 1 ${more} AND b = 2', ['dropped']],
  ['SELECT * FROM t ${where} ${order} ${limit}', ['dropped', 'dropped', 'dropped']],
  ['SELECT * FROM t WHERE ${x} ${y}', ['predicate', 'dropped']],
  ['SELECT * FROM t WHERE ${prefix} a = 1', ['dropped']],
  ['SELECT * FROM t ORDER BY a ${direction}', ['dropped']],
  ['SELECT * FROM t WHERE a = 1 ${order}, b DESC', ['dropped']],
  ['SELECT (SELECT a FROM t WHERE a = 1 ${order}, b DESC) AS n', ['dropped']],
  ['SELECT f(a = 1 ${more}, b) FROM t WHERE f(a ${more}, b)', ['dropped', 'dropped']],
  ['SELECT * FROM t LIMIT 1 ${lock}', ['dropped']],
  ['SELECT ${distinct} a FROM t', ['dropped']],
  ['SELECT a, ${more} b FROM t', ['dropped']],
  ['SELECT * FROM a ${kind} JOIN b ON true', ['dropped']],
  ['${ctes} SELECT * FROM t', ['dropped']],
  ['DELETE FROM t ${where} RETURNING a', ['dropped']],
  ['SELECT (SELECT count(*) FROM t WHERE a = 1 ${more}) AS n', ['dropped']],
  ['INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO ${action}', ['dropped']],
  ['SELECT * FROM t FOR UPDATE ${skip}', ['dropped']],
  // parts of words and literals
  ["SELECT 'a ${x} b', \"c${y}\", d_${z}, ${w}_e FROM t -- ${c}", ['text-in-literal', 'text-in-literal', 'text-in-literal', 'text-in-literal', 'text-in-literal']],
  ["SELECT * FROM t WHERE a LIKE '%${x}%'", ['text-in-literal']],
  // short holes
  ['SELECT * FROM t WHERE a IN ${x}', ['list']],
  ['SELECT 1 UNION ${q}', ['query']],
  ['WITH ${c} SELECT 1', ['cte']],
];

/** Placeholders of drivers and of query files: [statement, what they are]; those that the parser knows stay. */
const placeholders: readonly (readonly [string, readonly HoleReading[], Dialect?])[] = [
  ['SELECT * FROM t WHERE a = $1 AND b = :b AND c = @c AND d = $d', []],
  ['SELECT * FROM t WHERE a = ? AND b IN (?, ?) LIMIT ?', [], 'mysql'],
  ['SELECT @a := 1, b INTO @c FROM t', [], 'mysql'],
  ["SELECT * FROM t WHERE data ? 'k' AND a::int = ANY($1)", []],
  ['SELECT ?? FROM ?? WHERE :a: = 1', ['identifier', 'relation', 'identifier']],
  ['SELECT * FROM t WHERE a IN ?', ['list'], 'mysql'],
  ['INSERT INTO t (a, b) VALUES ?', ['list'], 'mysql'],
  ['UPDATE t SET ? WHERE id = ?', ['assignment'], 'mysql'],
  ['SELECT * FROM t WHERE a = $(a) AND b IN ($(ids:csv)) AND c = $<c> AND d = ${d} AND e = $/e/', ['value', 'value', 'value', 'value', 'value']],
  ['SELECT * FROM $(table:name) WHERE a = 1 $(more:raw)', ['relation', 'dropped']],
  ['SELECT * FROM t WHERE a = {{a::uuid}} AND {{condition}}', ['value', 'predicate']],
  ['SELECT * FROM t WHERE a = %s AND b = %(b)s AND c IN %s', ['value', 'value', 'list']],
  ['SELECT * FROM t WHERE a IN (:...ids) AND b = :b!', ['value', 'value']],
  ['SELECT * FROM t WHERE a = #{a} AND b = :\'b\'', ['value', 'value']],
  ['SELECT @@global.time_zone', ['value'], 'mysql'],
];

/** The table names of FROM, INTO and UPDATE, and every alias, of a tree. */
function namesOf(root: CstNode): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
    if (node.type === 'alias' && node.alias?.type === 'identifier') found.push(node.alias.name);
    for (const key of Object.keys(node)) if (key !== 'range') visit(node[key]);
  };
  visit(root);
  return found;
}

describe('fillHoles', () => {
  for (const [marked, expected, dialect] of [...rows, ...placeholders]) {
    it(marked, () => {
      const sql = placeholders.some(([text]) => text === marked) ? plainText(marked) : template(marked);
      const filled = fillHoles(sql, wholeOf(sql), dialect ?? 'postgresql');
      assert.deepEqual(filled.holes.map((hole) => hole.as), expected);
      assert.equal(filled.text.length, sql.text.length);
      // Nothing but holes changes.
      const changed = new Set(filled.holes.flatMap(({ hole }) => Array.from({ length: hole.end - hole.start }, (_, i) => hole.start + i)));
      for (let i = 0; i < sql.text.length; i++) if (!changed.has(i)) assert.equal(filled.text[i], sql.text[i]);
      const parsed = parseStatement(sql, wholeOf(sql), dialect ?? 'postgresql');
      assert.ok(parsed.ok, parsed.ok ? '' : `${parsed.reason} at ${parsed.offset} of ${filled.text}`);
      assert.equal(parsed.text.length, sql.text.length);
    });
  }

  it('never reads a hole as an alias that is not announced', () => {
    for (const [marked, , dialect] of rows) {
      const sql = template(marked);
      const parsed = parseStatement(sql, wholeOf(sql), dialect ?? 'postgresql');
      assert.ok(parsed.ok);
      const announced = marked.includes(' AS ${');
      for (const { name, as } of parsed.holes) if (name && as !== 'text-in-literal' && !announced) assert.ok(!namesOf(parsed.cst).includes(name), marked);
    }
  });

  it('gives each hole a name of its own, where it is long enough, which stands in the tree at its place', () => {
    const sql = template('SELECT ${first}, ${second} FROM ${third} WHERE a = ${fourth}');
    const parsed = parseStatement(sql, wholeOf(sql), 'postgresql');
    assert.ok(parsed.ok);
    const names = parsed.holes.map((hole) => hole.name);
    assert.equal(new Set(names).size, 4);
    for (const { hole, name } of parsed.holes) assert.equal(parsed.text.slice(hole.start, hole.end), name);
  });

  it('says which clause and which query a hole stands in', () => {
    const marked = 'SELECT ${a} FROM t JOIN u ON t.x = 1 ${b} WHERE y ${c} AND z IN (SELECT z FROM v WHERE w ${d} ORDER BY e ${f}) GROUP BY g ${h} LIMIT 1 ${i}';
    const sql = template(marked);
    const { holes } = fillHoles(sql, wholeOf(sql), 'postgresql');
    assert.deepEqual(holes.map((hole) => hole.clause), ['SELECT', 'ON', 'WHERE', 'WHERE', 'ORDER BY', 'GROUP BY', 'LIMIT']);
    const inner = marked.slice(marked.indexOf('(') + 1, marked.indexOf(')'));
    assert.deepEqual(holes.map((hole) => marked.slice(...hole.scope)), [marked, marked, marked, inner, inner, marked, marked]);
  });

  it('keeps offsets where a stand-in is longer than its hole', () => {
    const sql = template('WITH a AS (${q}) SELECT b FROM c WHERE d IN (SELECT e FROM f UNION ${r}) AND g = 1');
    const parsed = parseStatement(sql, wholeOf(sql), 'postgresql');
    assert.ok(parsed.ok);
    const identifiers: string[] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const node = value as CstNode;
      if (node.type === 'identifier' && !node.name.startsWith('h')) identifiers.push(sql.text.slice(...node.range));
      for (const key of Object.keys(node)) if (key !== 'range') visit(node[key]);
    };
    visit(parsed.cst);
    assert.deepEqual(identifiers.sort(), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    const [first] = parsed.holes;
    assert.equal(first!.name !== null && JSON.stringify(parsed.cst).includes(`"${first!.name}"`), true);
  });

  it('becomes a number or a string where only that may stand', () => {
    const sql = template('CREATE TABLE p PARTITION OF t FOR VALUES WITH (MODULUS ${m}, REMAINDER ${r})');
    assert.ok(parseStatement(sql, wholeOf(sql), 'postgresql').ok);
    const limit = template("SELECT * FROM t TABLESAMPLE SYSTEM (1) WHERE a = ${x} COLLATE \"C\"");
    assert.ok(parseStatement(limit, wholeOf(limit), 'postgresql').ok);
  });

  it('fills the holes of one statement of a text', () => {
    const sql = template('SELECT ${first} FROM t; UPDATE t SET ${second}');
    const [, part] = splitStatements(sql, 'postgresql');
    const filled = fillHoles(sql, part!, 'postgresql');
    assert.deepEqual(filled.holes.map(({ as, hole }) => [as, sql.text.slice(0, hole.start).trim().endsWith('SET')]), [['assignment', true]]);
    assert.equal(filled.text.length, part!.end - part!.start);
  });

  it('reads a statement that is nothing but a hole as a query', () => {
    assert.deepEqual(readings('${everything}'), ['query']);
  });
});

import assert from 'node:assert/strict';
import type { Dialect } from '../../lib/manifest/catalog.js';
import { type CstNode, parseStatement } from '../../lib/sql/parse.js';
import type { RepairKind } from '../../lib/sql/repair.js';
import { plainText } from '../../lib/sql/sql-text.js';

function read(text: string, dialect: Dialect) {
  const parsed = parseStatement(plainText(text), { start: 0, end: text.length, comments: [] }, dialect);
  assert.ok(parsed.ok, parsed.ok ? '' : `${parsed.reason} at ${parsed.offset}`);
  return parsed;
}

/** [statement, what was rewritten: kind and words, the text as it was parsed, dialect]. */
const rows: readonly (readonly [string, readonly (readonly [RepairKind, string])[], string, Dialect?])[] = [
  ['SELECT count(t.*), (a).* FROM t', [['star-argument', '.*'], ['star-argument', '.*']], 'SELECT count(t  ), (a)   FROM t'],
  ['SELECT count(t.*) FROM (SELECT u.* FROM u ORDER BY u.*) t', [['star-argument', '.*'], ['star-argument', '.*']], 'SELECT count(t  ) FROM (SELECT u.* FROM u ORDER BY u  ) t'],
  ['WITH x AS (DELETE FROM t RETURNING t.*) SELECT x.* FROM x', [], 'WITH x AS (DELETE FROM t RETURNING t.*) SELECT x.* FROM x'],
  ['SELECT substring(a FROM 1 FOR 2) FROM t', [['from-argument', 'FROM 1 FOR']], 'SELECT substring(a ,    1 ,   2) FROM t'],
  ["SELECT trim(BOTH 'x' FROM a), trim(TRAILING FROM b) FROM t", [['from-argument', "BOTH 'x' FROM"], ['from-argument', 'TRAILING FROM']], "SELECT trim(     'x' ,    a), trim(              b) FROM t"],
  ['SELECT mode() WITHIN GROUP (ORDER BY a) FROM t', [['within-group', 'WITHIN GROUP (ORDER BY a)']], 'SELECT mode()                           FROM t'],
  ['SELECT * FROM a NATURAL LEFT JOIN b', [['natural-join', 'NATURAL']], 'SELECT * FROM a         LEFT JOIN b'],
  ['SELECT * FROM a JOIN b JOIN c ON p ON q', [['nested-join', ' b JOIN c ON p ']], 'SELECT * FROM a JOIN(b JOIN c ON p)ON q'],
  ['SELECT * FROM t WHERE (a, b) OVERLAPS (c, d)', [['operator', 'OVERLAPS']], 'SELECT * FROM t WHERE (a, b) &&       (c, d)'],
  ['UPDATE t SET a[1] = 2', [['subscript', '[1]']], 'UPDATE t SET a    = 2'],
  ['EXPLAIN (ANALYZE, VERBOSE) SELECT a FROM t', [['prefix', 'EXPLAIN (ANALYZE, VERBOSE)']], '                           SELECT a FROM t'],
  ['SELECT TOP (10) a FROM [dbo].[t]', [['limit', 'TOP (10)'], ['quotes', '[dbo]'], ['quotes', '[t]']], 'SELECT          a FROM "dbo"."t"'],
  ['SELECT top, top x, top (1), top AS y FROM t', [], 'SELECT top, top x, top (1), top AS y FROM t'],
  ['SELECT top x FROM t', [], 'SELECT top x FROM t'],
  ['SELECT DISTINCT TOP (10) WITH TIES * FROM t', [['limit', 'TOP (10) WITH TIES']], 'SELECT DISTINCT                    * FROM t'],
  ['DELETE TOP (10) FROM t', [['limit', 'TOP (10)']], 'DELETE          FROM t'],
  ['SELECT TOP 5 PERCENT a FROM t WITH (NOLOCK)', [['limit', 'TOP 5 PERCENT'], ['option', 'WITH (NOLOCK)']], 'SELECT               a FROM t              '],
  ['INSERT INTO t (a) SELECT b FROM u CROSS JOIN v ON CONFLICT (a) DO NOTHING', [['upsert-apart', 'ON CONFLICT (a) DO NOTHING']], 'INSERT INTO t (a) SELECT b FROM u CROSS JOIN v ON CONFLICT (a) DO NOTHING'],
  ['SELECT a FROM t USE INDEX (i) WHERE b', [['option', 'USE INDEX (i)']], 'SELECT a FROM t               WHERE b', 'mysql'],
  ["SELECT GROUP_CONCAT(a SEPARATOR ', ') FROM t", [['argument', "SEPARATOR ', '"]], 'SELECT GROUP_CONCAT(a               ) FROM t', 'mysql'],
  ['SELECT CAST(a AS UNSIGNED INTEGER), CONVERT(b, CHAR(10)) FROM t', [['type', 'UNSIGNED INTEGER'], ['argument', 'CONVERT(b, CHAR(10)']], 'SELECT CAST(a AS INT             ),        (b          ) FROM t', 'mysql'],
  ["SELECT REPLACE(a, 'x', 'y'), CHAR(65) FROM t", [['name', 'REPLACE'], ['name', 'CHAR']], "SELECT REPLACE(a, 'x', 'y'), CHAR(65) FROM t", 'mysql'],
  ['CREATE TABLE t (a int unsigned) ENGINE=InnoDB', [['option', 'unsigned'], ['option', 'ENGINE=InnoDB']], 'CREATE TABLE t (a int         )              ', 'mysql'],
  ['SELECT a FROM t FOR UPDATE', [['option', 'FOR UPDATE']], 'SELECT a FROM t           ', 'sqlite'],
  ['SELECT abs(a-4.5) FROM t', [['operator', '-']], 'SELECT abs(a+4.5) FROM t', 'bigquery'],
  ['SELECT row_number() OVER (ORDER BY a DESC NULLS LAST) FROM t', [['option', 'NULLS LAST']], 'SELECT row_number() OVER (ORDER BY a DESC           ) FROM t', 'bigquery'],
  ["CREATE TABLE 'a b' ('c' text DEFAULT 'x', 'd' int)", [['quotes', "'a b'"], ['quotes', "'c'"], ['quotes', "'d'"]], `CREATE TABLE "a b" ("c" text DEFAULT 'x', "d" int)`, 'sqlite'],
  ["INSERT INTO 't' ('a') VALUES ('a')", [['quotes', "'t'"], ['quotes', "'a'"]], `INSERT INTO "t" ("a") VALUES ('a')`, 'sqlite'],
  ["UPDATE 't' SET 'a' = 'b', 'c' = 1 WHERE 'a' = 'd'", [['quotes', "'t'"], ['quotes', "'a'"], ['quotes', "'c'"]], `UPDATE "t" SET "a" = 'b', "c" = 1 WHERE 'a' = 'd'`, 'sqlite'],
  ["SELECT 'a' FROM 't' JOIN 'u' ON 'b' = 1 WHERE c IN ('a', 'b')", [['quotes', "'t'"], ['quotes', "'u'"]], `SELECT 'a' FROM "t" JOIN "u" ON 'b' = 1 WHERE c IN ('a', 'b')`, 'sqlite'],
  ["SELECT is(f(a), 1, 'x') FROM t WHERE b IS NULL", [['name', 'is']], "SELECT is(f(a), 1, 'x') FROM t WHERE b IS NULL"],
  ["CREATE FUNCTION f() RETURNS int LANGUAGE 'sql' AS 'SELECT 1'", [['quotes', "'sql'"]], "CREATE FUNCTION f() RETURNS int LANGUAGE  sql  AS 'SELECT 1'"],
];

const columnsOf = (tree: CstNode): string[] => {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as CstNode;
    if (node.type === 'column_definition') found.push(node.name.name);
    for (const key of Object.keys(node)) if (key !== 'range') visit(node[key]);
  };
  visit(tree);
  return found;
};

describe('repairs', () => {
  for (const [text, expected, shown, dialect] of rows) {
    it(text, () => {
      const parsed = read(text, dialect ?? 'postgresql');
      assert.deepEqual(parsed.repairs.map(({ kind, words }) => [kind, words]), expected);
      for (const { start, end, words } of parsed.repairs) assert.equal(text.slice(start, end), words);
      assert.equal(parsed.text, shown);
    });
  }

  it("keep MySQL's keys with their names, columns and kinds", () => {
    const text = 'CREATE TABLE t (a int, b text, PRIMARY KEY (a), UNIQUE KEY `u` (a, b(10)), KEY i (b DESC), FULLTEXT KEY (b), CONSTRAINT c UNIQUE KEY d (b), UNIQUE (a, b), INDEX ((lower(b))))';
    const parsed = read(text, 'mysql');
    assert.deepEqual(parsed.repairs.map(({ index }) => index && [index.action, index.name?.name ?? null, index.unique, index.columns.map(({ name }) => name)]), [
      ['add', 'u', true, ['a', 'b']], ['add', 'i', false, ['b']], ['add', null, false, ['b']], ['add', 'd', true, ['b']], ['add', null, false, ['(lower(b))']],
    ]);
    for (const { index } of parsed.repairs) for (const { name, start, end } of [...index!.columns, ...(index!.name ? [index!.name] : [])]) assert.equal(text.slice(start, end).replaceAll('`', ''), name);
    assert.deepEqual(columnsOf(parsed.cst), ['a', 'b']);
  });

  it("keep the keys and columns that MySQL's ALTER TABLE changes", () => {
    const text = 'ALTER TABLE t ADD UNIQUE INDEX u (a), DROP INDEX v, DROP PRIMARY KEY, ADD COLUMN b int unsigned AFTER a, MODIFY COLUMN c bigint NOT NULL, CHANGE `d` e text, ADD KEY (f), RENAME INDEX x TO y';
    const parsed = read(text, 'mysql');
    assert.deepEqual(parsed.repairs.map(({ kind, index, column }) => [kind, index ? [index.action, index.name?.name ?? null, index.unique, index.primary] : column?.name ?? null]), [
      ['index', ['add', 'u', true, false]], ['index', ['drop', 'v', false, false]], ['index', ['drop', null, false, true]], ['option', null], ['option', null], ['modify-column', 'c'], ['change-column', 'd'],
      ['index', ['add', null, false, false]], ['action', null],
    ]);
    assert.deepEqual(columnsOf(parsed.cst), ['b', 'c', 'e']);
  });

  it('keep what an ALTER TABLE of keys alone changes', () => {
    const parsed = read('ALTER TABLE s.t ADD UNIQUE KEY u (a), ADD INDEX i (b)', 'mysql');
    assert.equal(parsed.cst.type, 'other_stmt');
    assert.equal(parsed.cst.name.property.name, 't');
    assert.deepEqual(parsed.repairs.map(({ index }) => [index?.name?.name, index?.unique]), [['u', true], ['i', false]]);
  });

  it('leave constraints that the parser knows to the tree', () => {
    assert.deepEqual(read('CREATE TABLE t (a int, CONSTRAINT c UNIQUE (a), UNIQUE (b), FOREIGN KEY (a) REFERENCES u (b))', 'mysql').repairs, []);
    assert.deepEqual(read('ALTER TABLE t ADD CONSTRAINT c UNIQUE (a), ADD PRIMARY KEY (a)', 'mysql').repairs, []);
  });

  it('keep the joins of an UPDATE, with the queries in them', () => {
    const text = 'UPDATE t x JOIN (SELECT id FROM u WHERE a = 1) y ON x.id = y.id SET x.b = 1 WHERE y.c';
    const parsed = read(text, 'mysql');
    const [repair] = parsed.repairs;
    const from = repair!.from as CstNode;
    assert.equal(repair!.kind, 'joined-update');
    assert.equal(from.type, 'join_expr');
    assert.equal(text.slice(...from.range), 't x JOIN (SELECT id FROM u WHERE a = 1) y ON x.id = y.id');
    assert.equal(text.slice(...from.specification.range), 'ON x.id = y.id');
    assert.equal(from.right.expr.expr.type, 'select_stmt');
    assert.equal(parsed.cst.clauses[0].tables.items.length, 1);
    assert.deepEqual(parsed.orphans, []);
  });

  it('reach into what is read by itself', () => {
    const update = read('UPDATE t JOIN u ON u.id = CAST(t.a AS UNSIGNED) SET t.b = 1', 'mysql');
    assert.deepEqual(update.repairs.map(({ kind, words }) => [kind, words]), [['joined-update', ' JOIN u ON u.id = CAST(t.a AS UNSIGNED) '.trim()], ['type', 'UNSIGNED']]);
    const upsert = read('INSERT INTO t (a) SELECT b FROM u CROSS JOIN v ON CONFLICT (a) DO UPDATE SET a = substring(b FROM 2)', 'postgresql');
    assert.deepEqual(upsert.repairs.map(({ kind }) => kind).sort(), ['from-argument', 'upsert-apart']);
    assert.ok(!parseStatement(plainText('INSERT INTO t SELECT 1 FROM u CROSS JOIN v ON CONFLICT frob quux'), { start: 0, end: 67, comments: [] }, 'postgresql').ok);
  });

  it('give the tree of an upsert behind a join all its clauses', () => {
    const text = 'INSERT INTO t (a) SELECT b FROM u JOIN v ON CONFLICT (a) WHERE c IS NULL DO UPDATE SET a = 1 RETURNING a';
    const { cst } = read(text, 'postgresql');
    assert.deepEqual(cst.clauses.map((clause: CstNode) => clause.type), ['insert_clause', 'select_stmt', 'upsert_clause', 'returning_clause']);
    assert.deepEqual(cst.range, [0, text.length]);
    assert.equal(text.slice(...(cst.clauses[2] as CstNode).range), 'ON CONFLICT (a) WHERE c IS NULL DO UPDATE SET a = 1');
  });

  it('give a name that the parser reserves back to the tree', () => {
    const { cst } = read("SELECT REPLACE(a, 'x', 'y') FROM t", 'mysql');
    assert.deepEqual(cst.clauses[0].columns.items[0].name, { type: 'identifier', text: 'REPLACE', name: 'REPLACE', range: [7, 14] });
  });

  it('leave nothing in the tree that they have put into the text', () => {
    const { cst } = read('CREATE TABLE t () INHERITS (u)', 'postgresql');
    assert.deepEqual(cst.columns.expr.items, []);
    assert.equal(read('CREATE TABLE t SELECT * FROM u', 'mysql').cst.clauses.at(-1).type, 'as_clause');
  });

  it('drop what nobody knows from a definition, and nothing else', () => {
    const parsed = read('CREATE TABLE t (a int frobbed NOT NULL, b text UNIQUE, c quux (1) zzz DEFAULT 1)', 'postgresql');
    assert.deepEqual(columnsOf(parsed.cst), ['a', 'b', 'c']);
    const actions = read('ALTER TABLE t ADD COLUMN a int, FROB b, DROP COLUMN c', 'postgresql');
    assert.deepEqual(actions.repairs.map(({ kind, words }) => [kind, words]), [['action', ', FROB b']]);
  });
});

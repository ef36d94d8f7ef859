import assert from 'node:assert/strict';
import { loadModule, parseSync } from 'libpg-query';
import initSqlJs, { type Database } from 'sql.js';
import type { Dialect } from '../../lib/manifest/catalog.js';
import { type CstNode, type ParsedStatement, parseStatement } from '../../lib/sql/parse.js';
import { splitStatements } from '../../lib/sql/split.js';
import { plainText } from '../../lib/sql/sql-text.js';
import { MYSQL, POSTGRESQL, SQLITE } from './constructs.js';
import { tablesOfPostgres, tablesOfTree } from './tables-of.js';

type Read = ParsedStatement & { ok: true };

function parse(text: string, dialect: Dialect = 'postgresql', offset = 0): ParsedStatement {
  const sql = plainText(' '.repeat(offset) + text);
  return parseStatement(sql, { start: offset, end: sql.text.length, comments: [] }, dialect);
}

function read(text: string, dialect: Dialect = 'postgresql', offset = 0): Read {
  const parsed = parse(text, dialect, offset);
  assert.ok(parsed.ok, parsed.ok ? '' : `${parsed.reason} at ${parsed.offset - offset}: ${text}`);
  return parsed;
}

/** Every node of a tree. */
function nodes(root: unknown): CstNode[] {
  const found: CstNode[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) value.forEach(visit);
    else {
      if ('type' in value && 'range' in value) found.push(value as CstNode);
      for (const key of Object.keys(value)) if (key !== 'range') visit((value as Record<string, unknown>)[key]);
    }
  };
  visit(root);
  return found;
}

const ofType = (root: unknown, type: string): CstNode[] => nodes(root).filter((node) => node.type === type);

/** Every range lies inside the part and inside its parent's, and every identifier's words stand where its range says. */
function assertRanges(text: string, parsed: Read, offset: number): void {
  for (const node of nodes(parsed.cst)) {
    assert.ok(node.range[0] >= offset && node.range[1] <= offset + text.length && node.range[0] <= node.range[1], `${node.type} ${node.range} in ${text}`);
    if (node.type === 'identifier') assert.equal(parsed.text.slice(node.range[0] - offset, node.range[1] - offset), node.text, text);
  }
}

let sqlite: Database;
before(async () => {
  await loadModule();
  sqlite = new (await initSqlJs()).Database();
  sqlite.run('CREATE TABLE t (a UNIQUE, b, c, d); CREATE TABLE u (a, b); CREATE TABLE v (a); CREATE TABLE n (a); CREATE INDEX i ON t (a)');
});

describe('parseStatement', () => {
  for (const [dialect, constructs] of [['postgresql', POSTGRESQL], ['mysql', MYSQL], ['sqlite', SQLITE]] as const) {
    describe(dialect, () => {
      for (const text of constructs) {
        it(text, () => {
          const parsed = read(text, dialect, 7);
          assert.equal(parsed.text.length, text.length);
          assertRanges(text, parsed, 7);
          assert.ok(!parsed.repairs.some((repair) => repair.kind === 'dialect' || repair.kind === 'unreadable'), 'read in its own dialect, all of it');
          for (const repair of parsed.repairs) assert.equal(repair.words, text.slice(repair.start - 7, repair.end - 7));
          if (dialect === 'sqlite') assert.doesNotThrow(() => sqlite.prepare(text.replace('TABLE n ', 'TABLE m ')), 'SQLite takes it');
          if (dialect !== 'postgresql') return;
          assert.doesNotThrow(() => parseSync(text), 'PostgreSQL takes it');
          const theirs = new Set(tablesOfPostgres(text));
          if (/^(?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|TRUNCATE|EXPLAIN|DECLARE|\()/.test(text)) assert.deepEqual(new Set(tablesOfTree(parsed.cst)), theirs);
        });
      }
    });
  }

  describe('from the inside out', () => {
    const unknown = 'frob a b <nonsense> c';

    it('spoils only the query that cannot be read', () => {
      const text = `SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = (SELECT ${unknown} FROM v) AND u.b IN (SELECT b FROM w)) AND c IN (SELECT c FROM x)`;
      const parsed = read(text);
      assert.deepEqual(tablesOfTree(parsed.cst), ['t', 'u', 'w', 'x']);
      const [lost] = ofType(parsed.cst, 'unreadable_query');
      assert.equal(text.slice(...lost!.range), `SELECT ${unknown} FROM v`);
      assert.deepEqual(parsed.repairs.map(({ kind, words }) => [kind, words]), [['unreadable', `SELECT ${unknown} FROM v`]]);
      assertRanges(text, parsed, 0);
    });

    it('spoils only the expression that cannot be read, and keeps the queries in it', () => {
      const text = `SELECT a FROM t WHERE deleted_at IS NULL AND (${unknown} OR a = (SELECT max(a) FROM u))`;
      const parsed = read(text);
      const [lost] = ofType(parsed.cst, 'unreadable_expr');
      assert.equal(text.slice(...lost!.range), `${unknown} OR a = (SELECT max(a) FROM u)`);
      assert.deepEqual((lost!.queries as CstNode[]).map((query) => text.slice(...query.range)), ['SELECT max(a) FROM u']);
      assert.equal(ofType(parsed.cst, 'where_clause').length, 1);
    });

    it('keeps the function whose arguments cannot be read', () => {
      const parsed = read(`SELECT count(${unknown}) FROM t`);
      assert.deepEqual(ofType(parsed.cst, 'func_call').map((call) => call.name.name), ['count']);
    });

    it('reads what is nested deeply', () => {
      const depth = 30;
      const text = `SELECT 1 FROM t WHERE ${'EXISTS (SELECT 1 FROM t WHERE '.repeat(depth)}${'('.repeat(depth)}a = 1${')'.repeat(depth)}${')'.repeat(depth)}`;
      const parsed = read(text);
      assert.equal(tablesOfTree(parsed.cst).length, depth + 1);
      assert.equal(ofType(parsed.cst, 'binary_expr').length, 1);
      assertRanges(text, parsed, 0);
    });

    it('reads arguments, lists and ANY by themselves, too', () => {
      const deep = (inner: string): string => `SELECT ${'f('.repeat(6)}${inner}${')'.repeat(6)} FROM t`;
      for (const inner of ['g(a, b)', '(a IN (1, 2))', '(a = ANY (b))', "(CASE WHEN a THEN 'x' END)", 'a, b', '(SELECT a FROM u)', 'DISTINCT a ORDER BY b']) {
        const text = deep(inner), parsed = read(text);
        assertRanges(text, parsed, 0);
        assert.deepEqual(parsed.repairs, [], text);
        assert.equal(ofType(parsed.cst, 'func_call').length, inner.startsWith('g') ? 7 : 6, text);
      }
    });

    it('keeps every query of a WITH list whose statement uses a CTE that cannot be read', () => {
      const parsed = read(`WITH x AS (SELECT ${unknown}), y AS (SELECT a FROM t) SELECT * FROM x, y`);
      assert.deepEqual(tablesOfTree(parsed.cst), ['t', 'x', 'y']);
      assert.equal(ofType(parsed.cst, 'common_table_expr').length, 2);
    });
  });

  describe('where it cannot read', () => {
    const rows: readonly (readonly [title: string, text: string, reason: RegExp, at: string])[] = [
      ['an unknown statement', 'FROB a', /unexpected/, 'FROB'],
      ['an unknown construct outside parentheses', 'SELECT a FROM t WHERE b frob c', /unexpected/, 'frob'],
      ['parentheses that are not closed', 'SELECT (((1', /parentheses/, '(1'],
      ['parentheses that are not opened', 'SELECT 1) FROM t', /parentheses/, ') FROM'],
      ['a string without its end', "SELECT 'a FROM t", /without its end/, "'a"],
      ['a comment without its end', 'SELECT 1 /* a', /without its end/, '/*'],
      ['a dollar quote without its end', 'SELECT $a$ b', /without its end/, '$a$'],
      ['nothing but a comment', '-- a', /no statement/, '-- a'],
      ['subscripts in subscripts', `SELECT ${'a['.repeat(9)}1${']'.repeat(9)}`, /brackets/, '[a[a[1]'],
      ['a script', 'BEGIN SELECT 1 FROM t', /unexpected/, 'SELECT'],
      ['a rule with an action', 'CREATE RULE r AS ON DELETE TO t DO INSTEAD UPDATE t SET a = 1', /unexpected/, 'RULE'],
    ];
    for (const [title, text, reason, at] of rows) {
      it(`says why and where: ${title}`, () => {
        const parsed = parse(text, 'postgresql', 5);
        assert.ok(!parsed.ok);
        assert.match(parsed.reason, reason);
        assert.equal(parsed.offset - 5, text.indexOf(at));
      });
    }

    it('refuses what is longer than a megabyte', () => {
      assert.equal(parse(`SELECT '${'x'.repeat(1_000_000)}'`).ok, false);
    });

    it('does not fall over a long chain', () => {
      assert.doesNotThrow(() => parse(`SELECT 1 FROM t WHERE ${Array.from({ length: 3000 }, (_, i) => `a${i} = ${i}`).join(' AND ')}`));
    });
  });

  describe('statements that are passed over', () => {
    const rows: readonly (readonly [text: string, verb: string, name: string | null, queries: number, dialect?: Dialect])[] = [
      ['SET search_path TO public', 'SET', null, 0],
      ['SET x = (SELECT a FROM t)', 'SET', null, 1, 'mysql'],
      ['GRANT SELECT ON t TO u', 'GRANT', null, 0],
      ['COPY (SELECT a FROM t) TO STDOUT', 'COPY', null, 1],
      ["COMMENT ON TABLE t IS 'x'", 'COMMENT', null, 0],
      ['ALTER SYSTEM RESET ALL', 'ALTER SYSTEM', null, 0],
      ['CREATE AGGREGATE s.a (int) (sfunc = f, stype = int)', 'CREATE AGGREGATE', 'a', 0],
      ['ALTER TABLE t DROP INDEX i', 'ALTER TABLE', 't', 0, 'mysql'],
      ['CREATE PROCEDURE p() SELECT 1', 'CREATE PROCEDURE', 'p', 0, 'mysql'],
      ['CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING', 'CREATE RULE', 'r', 0],
    ];
    for (const [text, verb, name, queries, dialect] of rows) {
      it(text, () => {
        const { cst } = read(text, dialect, 3);
        assert.deepEqual([cst.type, cst.verb, cst.name?.property?.name ?? cst.name?.name ?? null, cst.queries.length], ['other_stmt', verb, name, queries]);
        assert.deepEqual(cst.range, [3, 3 + text.length]);
      });
    }
  });

  describe('dialects', () => {
    const rows: readonly (readonly [Dialect, string, Dialect])[] = [
      ['postgresql', 'SELECT `a` FROM `t`', 'mysql'],
      ['postgresql', 'SELECT a FROM t WHERE id IN (SELECT k.id FROM `keys` k)', 'mysql'],
      ['postgresql', 'DELETE t FROM t JOIN u ON t.id = u.id', 'mysql'],
      ['postgresql', 'CREATE TABLE t (a int AUTO_INCREMENT, KEY i (a)) ENGINE=InnoDB', 'mysql'],
      ['postgresql', 'INSERT OR IGNORE INTO t (a) VALUES (1)', 'sqlite'],
      ['mysql', 'SELECT a::int FROM t WHERE b ILIKE $1', 'postgresql'],
      ['mysql', 'SELECT a FROM t WHERE EXISTS (SELECT DISTINCT ON (b) b FROM u WHERE u.a = $1)', 'postgresql'],
      ['sqlite', 'SELECT * FROM t CROSS JOIN LATERAL (SELECT 1) x WHERE a::int = 1', 'postgresql'],
    ];
    for (const [dialect, text, other] of rows) {
      it(`${text}, given as ${dialect}, is read as ${other}`, () => {
        assert.deepEqual(read(text, dialect).repairs.filter(({ kind }) => kind === 'dialect').map((repair) => repair.dialect), [other]);
      });
    }
  });

  describe('the cache', () => {
    it('gives the same tree for the same text at the same place, and a moved one elsewhere', () => {
      const text = 'SELECT a FROM t WHERE (b frob c) AND d = (SELECT count(e.*) FROM e)';
      const first = read(text, 'postgresql', 11), again = read(text, 'postgresql', 11), moved = read(text, 'postgresql', 40), back = read(text, 'postgresql', 11);
      assert.equal(first.cst, again.cst);
      assert.equal(first.cst, back.cst);
      assert.notEqual(first.cst, moved.cst);
      assertRanges(text, first, 11);
      assertRanges(text, moved, 40);
      assert.deepEqual(moved.repairs, first.repairs.map((repair) => ({ ...repair, start: repair.start + 29, end: repair.end + 29 })));
    });

    it('tells dialects apart', () => {
      assert.equal(ofType(read('SELECT "a" FROM t', 'postgresql').cst, 'string_literal').length, 0);
      assert.equal(ofType(read('SELECT "a" FROM t', 'mysql').cst, 'string_literal').length, 1);
    });
  });

  describe('text', () => {
    it('takes white space that the parser does not know', () => {
      for (const space of ['\r', '\f', '\v', '\u00a0', '\u3000', '\ufeff', '\r\n']) assert.deepEqual(tablesOfTree(read(`SELECT${space}a${space}FROM${space}t`).cst), ['t']);
    });

    it('ends a line comment where long blanks follow it', () => {
      const text = `SELECT a -- b${'\n'}${' '.repeat(200)}FROM t`;
      assert.deepEqual(tablesOfTree(read(text).cst), ['t']);
    });

    it("takes a part's own text for the file's", () => {
      const sql = plainText('PERFORM f() FROM t');
      const parsed = parseStatement(sql, { start: 0, end: sql.text.length, comments: [], text: 'SELECT  f() FROM t' }, 'postgresql');
      assert.ok(parsed.ok);
      assert.deepEqual(tablesOfTree(parsed.cst), ['t']);
    });

    it('cuts long lists of values short', () => {
      const rows = Array.from({ length: 500 }, (_, i) => `(${i}, 'x', now())`).join(', ');
      const parsed = read(`INSERT INTO t VALUES ${rows}, ((SELECT max(a) FROM u), 'y', NULL)`);
      assert.deepEqual(tablesOfTree(parsed.cst), ['t', 'u']);
      assert.deepEqual(parsed.repairs.map(({ kind }) => kind), ['shortened']);
      assert.ok(ofType(parsed.cst, 'values_clause')[0]!.values.items.length < 50);
    });

    it('reads `(query) AS name`, a raw item of a builder’s select list', () => {
      const text = '(SELECT count(*) FROM t WHERE a = $1) AS total', parsed = read(text, 'postgresql', 4);
      assert.deepEqual(parsed.repairs.map(({ kind }) => kind), ['fragment']);
      assert.deepEqual(tablesOfTree(parsed.cst), ['t']);
      assertRanges(text, parsed, 4);
    });

    it('keeps a query that a repair has taken the place of', () => {
      const text = 'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY (SELECT a FROM u)) FROM t', parsed = read(text);
      assert.deepEqual(tablesOfTree(parsed.cst), ['t']);
      assert.deepEqual(parsed.orphans.map((orphan) => text.slice(...orphan.range)), ['SELECT a FROM u']);
      assert.deepEqual(tablesOfTree(read('SELECT TOP (SELECT max(n) FROM limits) a FROM t').cst).sort(), ['limits', 't']);
    });
  });

  it('reads every statement of a file at its place', () => {
    const sql = plainText('-- a\nSELECT a FROM t;\n\n/* b */ UPDATE t SET a = 1;\nDELETE FROM t');
    const words = splitStatements(sql, 'postgresql').map((part) => {
      const parsed = parseStatement(sql, part, 'postgresql');
      assert.ok(parsed.ok);
      return [parsed.cst.type, sql.text.slice(...parsed.cst.range)];
    });
    assert.deepEqual(words, [['select_stmt', 'SELECT a FROM t'], ['update_stmt', 'UPDATE t SET a = 1'], ['delete_stmt', 'DELETE FROM t']]);
  });
});

describe('statements that nobody writes', () => {
  const many = (count: number, text: string, between: string): string => Array.from({ length: count }, (_, index) => text.replaceAll('#', String(index))).join(between);

  it('refuses more words than the longest real statement has, before it costs anything', () => {
    for (const text of [`SELECT 1 FROM t WHERE ${many(2500, 'a# = #', ' AND ')}`, `SELECT ${many(4500, 'c#', ', ')} FROM t`, many(2000, 'SELECT # FROM t', ' UNION ALL ')]) {
      const parsed = parse(text);
      assert.deepEqual(parsed, { ok: false, reason: 'more than 4500 words', offset: 0 });
    }
  });

  it('counts neither comments nor lists of values', () => {
    read(`SELECT a FROM t WHERE a IN (${many(9000, '#', ', ')}) AND b IN (${many(9000, '?', ', ')})`, 'mysql');
    read(`INSERT INTO t (a, b) VALUES ${many(3000, "(#, 'x')", ', ')} ON CONFLICT DO NOTHING`);
    read(`SELECT a ${many(9000, '/* x */', ' ')} FROM t`);
    read(`SELECT 1 FROM t WHERE ${many(1000, 'a# = #', ' AND ')}`);
  });

  it('refuses queries in queries beyond a depth', () => {
    const nested = (depth: number): string => `SELECT 1 FROM t WHERE ${'EXISTS (SELECT 1 FROM t WHERE '.repeat(depth)}a${')'.repeat(depth)}`;
    read(nested(30));
    assert.equal(parse(nested(40)).ok, false);
  });

  it('takes every one of many actions out of a definition', () => {
    const parsed = read(`ALTER TABLE t ${many(300, 'ADD INDEX i# (a#)', ', ')}, ADD COLUMN b int`, 'mysql');
    assert.equal(parsed.repairs.filter(({ kind }) => kind === 'index').length, 300);
    assert.deepEqual(ofType(parsed.cst, 'alter_action_add_column').length, 1);
  });
});

import assert from 'node:assert/strict';
import type { Dialect } from '../../lib/manifest/catalog.js';
import { routineBody } from '../../lib/sql/routine.js';
import { splitStatements } from '../../lib/sql/split.js';
import { plainText } from '../../lib/sql/sql-text.js';

/** The statements of the first routine of a text, white space folded. */
function statements(sql: string, dialect: Dialect = 'postgresql'): string[] | null {
  const text = plainText(sql), part = splitStatements(text, dialect)[0]!;
  const body = routineBody(text, part, dialect);
  if (!body) return null;
  for (const statement of body.statements) assert.equal(statement.text?.length ?? statement.end - statement.start, statement.end - statement.start);
  return body.statements.map(({ start, end, text: words }) => (words ?? sql.slice(start, end)).replace(/\s+/g, ' ').trim());
}

const plpgsql = (body: string): string => `CREATE FUNCTION f(a int) RETURNS void AS $$\n${body}\n$$ LANGUAGE plpgsql;`;

type Row = readonly [title: string, sql: string, expected: readonly string[] | null, dialect?: Dialect];
const rows: readonly Row[] = [
  ['no routine', 'SELECT 1', null],
  ['a table', 'CREATE TABLE t (a int)', null],
  ['SQL', 'CREATE FUNCTION f() RETURNS int AS $$ SELECT 1; SELECT 2 $$ LANGUAGE sql', ['SELECT 1', 'SELECT 2']],
  ['SQL in single quotes', "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT count(*) FROM t WHERE a = ''x'''", ["SELECT count(*) FROM t WHERE a = 'x'"]],
  ['BEGIN ATOMIC', 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END', ['SELECT 1', 'SELECT 2']],
  ['another language', 'CREATE FUNCTION f() RETURNS int AS $$ return 1 $$ LANGUAGE plpython3u', []],
  ['DO', 'DO $$ BEGIN UPDATE t SET a = 1; END $$', ['UPDATE t SET a = 1']],
  ['INTO', plpgsql('BEGIN SELECT a, b INTO STRICT x, y.z FROM t WHERE a = 1; END'), ['SELECT a, b FROM t WHERE a = 1']],
  ['INTO at the end', plpgsql('BEGIN SELECT a FROM t INTO x; END'), ['SELECT a FROM t']],
  ['RETURNING INTO', plpgsql('BEGIN INSERT INTO t (a) VALUES (1) RETURNING id INTO x; END'), ['INSERT INTO t (a) VALUES (1) RETURNING id']],
  ['PERFORM', plpgsql('BEGIN PERFORM 1 FROM t; END'), ['SELECT 1 FROM t']],
  ['RETURN QUERY', plpgsql('BEGIN RETURN QUERY SELECT * FROM t; END'), ['SELECT * FROM t']],
  ['RETURN QUERY EXECUTE', plpgsql("BEGIN RETURN QUERY EXECUTE 'SELECT 1'; END"), []],
  ['RETURN of a query', plpgsql('BEGIN RETURN (SELECT a FROM t); END'), ['SELECT (SELECT a FROM t)']],
  ['FOR', plpgsql('BEGIN FOR r IN SELECT * FROM t LOOP DELETE FROM u WHERE id = r.id; END LOOP; END'), ['SELECT * FROM t', 'DELETE FROM u WHERE id = r.id']],
  ['FOR over numbers', plpgsql('BEGIN FOR i IN 1..10 LOOP DELETE FROM u; END LOOP; END'), ['DELETE FROM u']],
  ['IF EXISTS', plpgsql('BEGIN IF EXISTS (SELECT 1 FROM t) THEN UPDATE t SET a = 1; ELSIF a > 1 THEN DELETE FROM t; ELSE TRUNCATE t; END IF; END'), ['SELECT EXISTS (SELECT 1 FROM t)', 'UPDATE t SET a = 1', 'DELETE FROM t', 'TRUNCATE t']],
  ['a CASE expression in a condition', plpgsql('BEGIN IF CASE WHEN a THEN b ELSE c END THEN DELETE FROM t; END IF; END'), ['DELETE FROM t']],
  ['a CASE statement', plpgsql('BEGIN CASE a WHEN 1 THEN DELETE FROM t; WHEN 2 THEN DELETE FROM u; ELSE NULL; END CASE; DELETE FROM v; END'), ['DELETE FROM t', 'DELETE FROM u', 'DELETE FROM v']],
  ['declarations', plpgsql('DECLARE n int := (SELECT count(*) FROM t); c CURSOR FOR SELECT * FROM u; m int; BEGIN OPEN c; END'), ['SELECT (SELECT count(*) FROM t)', 'SELECT * FROM u']],
  ['assignments', plpgsql('BEGIN n := (SELECT max(a) FROM t); m := 1; END'), ['SELECT (SELECT max(a) FROM t)']],
  ['what holds no query', plpgsql("BEGIN RAISE EXCEPTION 'no % rows', n; NULL; RETURN; EXECUTE 'DELETE FROM t'; END"), []],
  ['EXCEPTION', plpgsql('BEGIN DELETE FROM t; EXCEPTION WHEN others THEN DELETE FROM u; END'), ['DELETE FROM t', 'DELETE FROM u']],
  ['a nested block', plpgsql('BEGIN BEGIN DELETE FROM t; END; DELETE FROM u; END'), ['DELETE FROM t', 'DELETE FROM u']],
  ['WITH', plpgsql('BEGIN WITH x AS (UPDATE t SET a = 1 RETURNING id) SELECT array_agg(id) INTO ids FROM x; END'), ['WITH x AS (UPDATE t SET a = 1 RETURNING id) SELECT array_agg(id) FROM x']],
  ['a trigger of SQLite', 'CREATE TRIGGER tr AFTER UPDATE ON t BEGIN DELETE FROM u WHERE id = old.id; INSERT INTO v VALUES (1); END', ['DELETE FROM u WHERE id = old.id', 'INSERT INTO v VALUES (1)'], 'sqlite'],
  ['a trigger of MySQL', 'CREATE TRIGGER tr BEFORE DELETE ON t FOR EACH ROW UPDATE u SET n = n - 1 WHERE id = OLD.id', ['UPDATE u SET n = n - 1 WHERE id = OLD.id'], 'mysql'],
  ['a procedure of MySQL', 'CREATE PROCEDURE p(IN a INT) BEGIN DECLARE n INT DEFAULT 0; SELECT COUNT(*) INTO n FROM t; SET n = (SELECT MAX(x) FROM u); IF n > 0 THEN DELETE FROM t; END IF; END', ['SELECT COUNT(*) FROM t', 'SELECT (SELECT MAX(x) FROM u)', 'DELETE FROM t'], 'mysql'],
];

describe('routineBody', () => {
  for (const [title, sql, expected, dialect] of rows) it(title, () => { assert.deepEqual(statements(sql, dialect), expected); });

  it('never throws, whatever is cut off', () => {
    for (const [, sql, , dialect] of rows) for (let end = 0; end <= sql.length; end += 3) {
      const text = plainText(sql.slice(0, end)), part = splitStatements(text, dialect ?? 'postgresql')[0];
      if (part) routineBody(text, part, dialect ?? 'postgresql');
    }
  });
});

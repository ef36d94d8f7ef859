import assert from 'node:assert/strict';
import type { Dialect } from '../../lib/manifest/catalog.js';
import { splitStatements } from '../../lib/sql/split.js';
import { plainText } from '../../lib/sql/sql-text.js';

type Row = readonly [title: string, text: string, statements: readonly string[], dialect?: Dialect];
const rows: readonly Row[] = [
  ['nothing', '', []],
  ['white space, semicolons and comments', ' ;; -- a\n ; /* b */', []],
  ['semicolons', 'SELECT 1; SELECT 2 ;\n\nSELECT 3', ['SELECT 1', 'SELECT 2', 'SELECT 3']],
  ['semicolons in strings, names and comments', `SELECT ';', ";", $$;$$ /* ; */ -- ;\n, 1; SELECT 2`, [`SELECT ';', ";", $$;$$ /* ; */ -- ;\n, 1`, 'SELECT 2']],
  ['a quote without its end reaches to the end', "SELECT 'a; SELECT 2", ["SELECT 'a; SELECT 2"]],
  ['a function body', 'CREATE FUNCTION f() RETURNS void AS $$ BEGIN a; b; END $$ LANGUAGE plpgsql; SELECT 1', ['CREATE FUNCTION f() RETURNS void AS $$ BEGIN a; b; END $$ LANGUAGE plpgsql', 'SELECT 1']],
  ['BEGIN ATOMIC', 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END; SELECT 3', ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END', 'SELECT 3']],
  ['a transaction is no body', 'BEGIN; SELECT 1; END; SELECT 2', ['BEGIN', 'SELECT 1', 'END', 'SELECT 2']],
  ['a trigger of SQLite', 'CREATE TRIGGER x AFTER UPDATE ON t BEGIN UPDATE u SET a = CASE WHEN 1 THEN 2 END; DELETE FROM v; END; SELECT 1',
    ['CREATE TRIGGER x AFTER UPDATE ON t BEGIN UPDATE u SET a = CASE WHEN 1 THEN 2 END; DELETE FROM v; END', 'SELECT 1'], 'sqlite'],
  ['a procedure of MySQL', 'CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; END IF; BEGIN SELECT 2; END; CASE a WHEN 1 THEN SELECT 3; END CASE; WHILE a DO SELECT 4; END WHILE; END; SELECT 5',
    ['CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; END IF; BEGIN SELECT 2; END; CASE a WHEN 1 THEN SELECT 3; END CASE; WHILE a DO SELECT 4; END WHILE; END', 'SELECT 5'], 'mysql'],
  ['a trigger without BEGIN', 'CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 1; SELECT 1', ['CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 1', 'SELECT 1'], 'mysql'],
  ['a trigger of PostgreSQL', 'CREATE TRIGGER x BEFORE UPDATE ON t EXECUTE FUNCTION f(); SELECT 1', ['CREATE TRIGGER x BEFORE UPDATE ON t EXECUTE FUNCTION f()', 'SELECT 1']],
  ['a body without its end is read as statements', 'CREATE TRIGGER x AFTER UPDATE ON t BEGIN UPDATE u SET a = 1; DELETE FROM v; SELECT 1;', ['CREATE TRIGGER x AFTER UPDATE ON t BEGIN UPDATE u SET a = 1', 'DELETE FROM v', 'SELECT 1'], 'sqlite'],
  ['a column called begin', 'CREATE TABLE t (begin int); SELECT 1', ['CREATE TABLE t (begin int)', 'SELECT 1'], 'sqlite'],
  ['DELIMITER', 'DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END//\nDELIMITER ;\nSELECT 3;', ['CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END', 'SELECT 3'], 'mysql'],
  ['DELIMITER behind a word', 'DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$\nSELECT 2$$', ['CREATE PROCEDURE p() BEGIN SELECT 1; END', 'SELECT 2'], 'mysql'],
  ['meta commands of psql', '\\set a 1\nSELECT 1;\n\\copy t (a) from \'x;y\' csv\nSELECT 2 \\gset\nSELECT 3', ['SELECT 1', 'SELECT 2', 'SELECT 3']],
  ['commands of the mysql client', 'use shop\nwarnings\n\nDROP TABLE a;\nsource b.sql\nUSE c; SELECT 1', ['DROP TABLE a', 'USE c', 'SELECT 1'], 'mysql'],
  ['dot commands of SQLite', '.mode csv\nSELECT 1;', ['SELECT 1'], 'sqlite'],
  ['COPY data', 'COPY t (a, b) FROM stdin;\n1\tit\'s; x\n2\ty\n\\.\n\nSELECT 1;', ['COPY t (a, b) FROM stdin', 'SELECT 1']],
  ['COPY without data', 'COPY t FROM stdin;\nSELECT 1', ['COPY t FROM stdin', 'SELECT 1']],
  ['GO', 'SELECT 1\nGO\nSELECT 2\n  go  \nSELECT go', ['SELECT 1', 'SELECT 2', 'SELECT go']],
  ['named blocks without semicolons', '-- BLOCK first\nSELECT 1\n\n-- BLOCK second\nSELECT 2', ['SELECT 1', 'SELECT 2']],
  ['queries of sqlc', '-- name: First :many\nSELECT 1;\n-- name: Second :exec\nDELETE FROM t', ['SELECT 1', 'DELETE FROM t']],
  ['queries of pgtyped', '/* @name First */\nSELECT 1;\n\n/*\n  @name Second\n  @param ids -> (...)\n*/\nSELECT 2', ['SELECT 1', 'SELECT 2']],
  ['statements of Drizzle', 'CREATE TABLE t (a int)\n--> statement-breakpoint\nCREATE TABLE u (a int);--> statement-breakpoint\nSELECT 1', ['CREATE TABLE t (a int)', 'CREATE TABLE u (a int)', 'SELECT 1'], 'mysql'],
  ['migrations of goose, sql-migrate and dbmate', '-- +goose Up\n-- +goose StatementBegin\nALTER TABLE t ADD a int\n-- +goose StatementEnd\n-- +migrate Down\nDROP TABLE t\n-- migrate:up\nSELECT 1\n--migrate:down transaction:false\nSELECT 2', ['ALTER TABLE t ADD a int', 'DROP TABLE t', 'SELECT 1', 'SELECT 2']],
  ['a comment that speaks of migrating ends nothing', 'SELECT a -- migrate: later\n, b -- + goose eggs\nFROM t', ['SELECT a -- migrate: later\n, b -- + goose eggs\nFROM t']],
  ['a comment in parentheses ends nothing', 'SELECT (1\n-- name: x\n, 2)', ['SELECT (1\n-- name: x\n, 2)']],
];

const statements = (text: string, dialect: Dialect = 'postgresql'): string[] => splitStatements(plainText(text), dialect).map(({ start, end }) => text.slice(start, end));

describe('splitStatements', () => {
  for (const [title, text, expected, dialect] of rows) it(title, () => { assert.deepEqual(statements(text, dialect), expected); });

  it('gives each statement the comments before it, inside it, and behind its semicolon on the same line', () => {
    const text = '-- a\n/* b */ SELECT /* c */ 1 -- d\n; -- e\n-- f\nSELECT 2 -- g';
    const comments = splitStatements(plainText(text), 'postgresql').map((part) => part.comments.map(({ start, end }) => text.slice(start, end)));
    assert.deepEqual(comments, [['-- a', '/* b */', '/* c */', '-- d', '-- e'], ['-- f', '-- g']]);
  });

  it('gives a comment that names the next query to the next query', () => {
    const text = '-- BLOCK a\nSELECT 1 -- x\n-- BLOCK b\nSELECT 2';
    const comments = splitStatements(plainText(text), 'postgresql').map((part) => part.comments.map(({ start, end }) => text.slice(start, end)));
    assert.deepEqual(comments, [['-- BLOCK a', '-- x'], ['-- BLOCK b']]);
  });

  it('keeps the holes at the ends of statements', () => {
    const text = '    SELECT 1    ; SELECT 2';
    const holes = [{ start: 0, end: 4, kind: 'fragment' as const }, { start: 12, end: 16, kind: 'fragment' as const }];
    assert.deepEqual(splitStatements({ ...plainText(text), holes }, 'postgresql').map(({ start, end }) => [start, end]), [[0, 16], [18, 26]]);
  });

  it('is linear', () => {
    for (const text of ['CREATE TRIGGER x BEGIN UPDATE t SET a = 1;', 'COPY t FROM stdin;\n', 'DELIMITER //\n', '/* ', "'", '$$', '\\a\n', 'GO\n', '-- BLOCK a\nSELECT 1\n']) {
      for (const dialect of ['postgresql', 'mysql', 'sqlite'] as const) assert.doesNotThrow(() => statements(text.repeat(3000), dialect));
    }
  });
});

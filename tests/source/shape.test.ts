import assert from 'node:assert/strict';
import { beginsLikeStatement, isStatement, isSubquery, isUnfinished, mayHoldSql, probe, wrapping } from '../../lib/source/shape.js';
import { mentions } from './support.js';

const table = (title: string, test: (text: string) => unknown, rows: readonly (readonly [text: string, expected: unknown])[]): void => {
  describe(title, () => {
    for (const [text, expected] of rows) it(text, () => assert.deepEqual(test(text), expected));
  });
};

table('a statement, where a tag or call says that the text is SQL', beginsLikeStatement, [
  ['SELECT 1', true], ['select a from b', true], ['  -- c\n SELECT 1', true], ['/* c */ (SELECT 1)', true], ['SELECT', false], ['select option', false],
  ['WITH a AS (SELECT 1) SELECT 1', true], ['WITH RECURSIVE a (b) AS (SELECT 1) SELECT 1', true], ['with care', false],
  ['INSERT INTO a', true], ['INSERT OR IGNORE INTO a', true], ['insert coin', false],
  ['UPDATE a SET b = 1', true], ['update ____ set b = 1', true], ['UPDATE a', false],
  ['DELETE FROM a', true], ['DELETE a FROM a JOIN b', true], ['delete a', false],
  ['MERGE INTO a USING b', true], ['TRUNCATE a', true], ['REPLACE INTO a VALUES (1)', true], ['replace a', false],
  ['CREATE TABLE a ()', true], ['create or replace view a as', true], ['CREATE UNIQUE INDEX a', true], ['create an index', false], ['ALTER TABLE a', true], ['DROP POLICY a', true],
  ['EXPLAIN SELECT 1', true], ['DO $$ $$', true], ['do it', false], ['VALUES (1)', true], ['values', false], ['TABLE a', true], ['table tennis is fun', false],
  ['________ SELECT 1', true], ['____ WHERE a', false], ['WITH ____ SELECT 1', true],
]);

table('a statement, where the text stands anywhere', (text) => isStatement(text, mentions), [
  ['SELECT * FROM users', true], ['SELECT * FROM "public"."users" u', true], ['SELECT * FROM nowhere', false], ['SELECT users FROM nowhere', false],
  ['SELECT a FROM nowhere JOIN users ON b', true], ['SELECT a FROM nowhere, users', true], ['SELECT a FROM (SELECT b FROM users) c', true],
  ['Select * from users', true], ['Select a user from users', false], ['Select users from the list', false], ['select all users from posts', false], ['select id from users', true], ['select id, name from users', true],
  ['select distinct id from users', true], ['select count(*) from users', true], ['select ____ from users', true],
  ['DELETE FROM users', true], ['Delete from users', false], ['Delete from users WHERE a = 1', true], ['delete from users where a', true], ['delete users from posts', false], ['DELETE FROM users u', true],
  ['UPDATE users SET a = 1', true], ['update users set ____', true], ['Update users set aside for later', false], ['UPDATE posts p SET a = 1 FROM users', true],
  ['INSERT INTO users (a) VALUES (1)', true], ['INSERT INTO users SELECT 1', true], ['Insert into users your name', false], ['INSERT INTO ____ SELECT a FROM users', true],
  ['WITH a AS (SELECT 1 FROM users) SELECT 1', true], ['with users as guests', false],
  ['TRUNCATE TABLE users', true], ['truncate users text', false],
  ['CREATE TABLE users (a int)', true], ['Create table users for me', false], ['CREATE INDEX ON users (a)', true], ['CREATE UNIQUE INDEX i ON users (a) WHERE b', true],
  ['ALTER TABLE users ADD a int', true], ['ALTER TABLE users', false], ['DROP TABLE IF EXISTS users', true], ['Drop table users here', false], ['DROP INDEX a ON users', true],
  ['MERGE INTO users USING posts ON a WHEN MATCHED THEN DELETE', true], ['EXPLAIN SELECT * FROM users', true], ['REFRESH MATERIALIZED VIEW users', true], ['DO $$ BEGIN DELETE FROM users; END $$', true],
  ['select id from users.', false], ['select id from users?', false], ['Are you sure? DELETE FROM users', false],
]);

table('words in front that make a statement of a part', (text) => { const found = wrapping(text); return found && [found.prefix, found.partial, found.of]; }, [
  ['EXISTS (SELECT 1)', ['SELECT ', false, 'fragment']], ['NOT EXISTS (SELECT 1)', ['SELECT ', false, 'fragment']], ['(SELECT 1)', ['SELECT ', false, 'fragment']], ['a IN (SELECT 1)', ['SELECT ', false, 'fragment']],
  ['"a" = (SELECT 1)', ['SELECT ', false, 'fragment']], ['coalesce((SELECT 1), 0)', ['SELECT ', false, 'fragment']], ['CASE WHEN EXISTS (SELECT 1) THEN 1 END', ['SELECT ', false, 'fragment']],
  ['AND a IN (SELECT 1)', ['SELECT 1 WHERE true ', true, 'fragment']], ['WHERE a IN (SELECT 1)', ['SELECT 1 ', true, 'fragment']], ['FROM (SELECT 1) a', ['SELECT 1 ', true, 'fragment']],
  ['LEFT JOIN (SELECT 1) a ON true', ['SELECT 1 FROM _ ', true, 'fragment']], ['ORDER BY (SELECT 1)', ['SELECT 1 ', true, 'fragment']],
  ['____ WHERE a', ['SELECT * FROM ', true, 'rest']], ['____ AND a', ['SELECT 1 WHERE ', true, 'rest']], ['____ LEFT JOIN a ON b', ['SELECT * FROM ', true, 'rest']], ['____, a AS (SELECT 1) SELECT 1', ['WITH ', false, 'rest']],
  ['deleted_at IS NULL', null], ['AND a = 1', null], ['now()', null], ['____', null], ['____ = 1', null], ['a sentence (select one) of words', null],
]);

table('an expression that begins with a parenthesised query', isSubquery, [
  ['(SELECT 1)', true], [' (SELECT 1) AS n ', true], ["(SELECT ')' FROM a)", true], ['(SELECT 1) > 2', true],
  ['(SELECT 1) UNION (SELECT 2)', false], ['(SELECT 1) ORDER BY a', false], ['SELECT (SELECT 1)', false], ['(a)', false], ['(SELECT 1', false],
]);

table('a text that waits for more', isUnfinished, [
  ['SELECT * FROM a', true], ['SELECT * FROM a JOIN b ON c = d', true], ['SELECT * FROM a WHERE', true], ['SELECT * FROM a WHERE b AND', true], ['SELECT a,', true], ['SELECT (a', true],
  ['SELECT * FROM (SELECT 1 FROM a WHERE b) c', true], ['WITH a AS (SELECT 1 FROM b WHERE c) SELECT * FROM a', true],
  ['SELECT * FROM a WHERE b', false], ['SELECT * FROM a ORDER BY b', false], ['SELECT * FROM a LIMIT 1 -- all', false], ['SELECT * FROM a;', false], ['SELECT 1', false], ['UPDATE a SET b = 1', false], ["SELECT * FROM a WHERE b = '('", false],
]);

table('a file that may hold SQL', mayHoldSql, [
  ['db.query("SELECT * FROM a")', true], ['sql`select\n*`', true], ["'SELECT' + ' a'", true], ['`UPDATE a\nSET b`', true], ['DELETE FROM a', true], ['insert into a', true], ['TRUNCATE a', true], ['`${base} JOIN a`', true], ['CREATE UNIQUE INDEX a', true], ['alter table a', true],
  ['const selected = list.map(update); delete a.b; with(c) {}', false], ['this.setState(updated)', false], ['', false],
]);

it('a hole is read as a name', () => {
  assert.equal(probe({ text: 'a     b   ', holes: [{ start: 2, end: 5, kind: 'value' }, { start: 7, end: 10, kind: 'unknown' }], segments: [], fallback: [0, 1] }), 'a ___ b___');
});

/** Views and policies as the schema model: names, places, queries, and what they read. */
import assert from 'node:assert/strict';
import { readSql } from '../../../lib/sql/read.js';
import { plainText } from '../../../lib/sql/sql-text.js';

const read = (text: string, mentions: (part: string) => boolean = () => false) => readSql(plainText(text), { dialect: 'postgresql', library: 'sql', definitions: true, mentions });

describe('views of DDL', () => {
  const CASES: readonly (readonly [sql: string, facts: readonly unknown[]])[] = [
    ['CREATE VIEW live AS SELECT * FROM users u JOIN app.posts p USING (id)', [['create', null, 'live', false, 'select', ['users', 'app.posts']]]],
    ['CREATE OR REPLACE VIEW app.live AS WITH u AS (SELECT * FROM users) SELECT * FROM u WHERE id IN (SELECT id FROM posts)', [['create', 'app', 'app.live', false, 'select', ['users', 'posts']]]],
    ['create materialized view if not exists "Sums" as select count(*) from users union select 1', [['create', null, '"Sums"', true, 'set-operation', ['users']]]],
    ['DROP VIEW IF EXISTS a, app.b CASCADE', [['drop', null, 'a', false, null, []], ['drop', 'app', 'app.b', false, null, []]]],
    ['DROP MATERIALIZED VIEW sums', [['drop', null, 'sums', true, null, []]]],
    ['CREATE TEMP VIEW live AS SELECT * FROM users', []],
    ['SELECT * FROM create_view', []],
  ];
  for (const [sql, facts] of CASES) {
    it(sql, () => {
      const { views, statements, unread } = read(sql);
      assert.deepEqual(unread, []);
      assert.deepEqual(views.map(({ kind, schema, range, materialized, query, tables }) => [
        kind, schema, sql.slice(range[0], range[1]), materialized, query?.type ?? null, tables.map((table) => table.schema === null ? table.name : `${table.schema}.${table.name}`),
      ]), facts);
      assert.deepEqual(statements, [], 'nothing in it is known to the manifest');
    });
  }

  it('are statements, too, where they name what the manifest knows', () => {
    assert.equal(read('CREATE VIEW live AS SELECT * FROM users', () => true).statements.length, 1);
  });
});

describe('policies of DDL', () => {
  const CASES: readonly (readonly [sql: string, facts: readonly unknown[]])[] = [
    ['CREATE POLICY own ON app.users AS RESTRICTIVE FOR SELECT TO member USING (deleted_at IS NULL)', [['create', 'own', 'app', 'users', 'select', true, 'is', null, []]]],
    ['CREATE POLICY "add" ON users FOR INSERT WITH CHECK (owner = 1)', [['create', '"add"', null, 'users', 'insert', false, null, 'comparison', []]]],
    ['CREATE POLICY either ON users USING (owner = 1 AND deleted_at IS NULL) WITH CHECK (owner IN (SELECT id FROM teams))', [['create', 'either', null, 'users', 'all', false, 'and', 'in', ['teams']]]],
    ['ALTER POLICY own ON users WITH CHECK (deleted_at IS NULL)', [['alter', 'own', null, 'users', null, false, null, 'is', []]]],
    ['DROP POLICY IF EXISTS own ON users', [['drop', 'own', null, 'users', null, false, null, null, []]]],
  ];
  for (const [sql, facts] of CASES) {
    it(sql, () => {
      const { policies, unread } = read(sql);
      assert.deepEqual(unread, []);
      assert.deepEqual(policies.map(({ kind, range, schema, table, command, restrictive, using, check, tables }) => [
        kind, sql.slice(range[0], range[1]), schema, table, command, restrictive, using?.type ?? null, check?.type ?? null, tables.map(({ name }) => name),
      ]), facts);
    });
  }
});

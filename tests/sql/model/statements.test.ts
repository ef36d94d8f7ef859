/** Definitions and statements that wrap others. The notation is that of `print.ts`. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../lib/manifest/catalog.js';
import { readSql } from '../../../lib/sql/read.js';
import { plainText } from '../../../lib/sql/sql-text.js';
import { printRoot } from './print.js';

const CASES: Partial<Record<Dialect, readonly (readonly [sql: string, expected: string])[]>> = {
  postgresql: [
    ['CREATE VIEW live_users AS SELECT * FROM users WHERE deleted_at IS NULL',
      'view live_users as select * from users where deleted_at is null'],
    ['CREATE OR REPLACE TEMP VIEW v (a, b) AS SELECT 1, 2 WITH CHECK OPTION',
      'view v as select 1, 2'],
    ['CREATE MATERIALIZED VIEW IF NOT EXISTS stats.daily AS SELECT count(*) FROM users WITH NO DATA',
      'materialized-view stats.daily as select agg:count(*) from users'],
    ['CREATE TABLE copy AS SELECT * FROM users',
      'table copy as select * from users'],
    ['CREATE POLICY visible ON users FOR SELECT TO app USING (deleted_at IS NULL AND org IN (SELECT org FROM members)) WITH CHECK (true)',
      'policy visible check [(deleted_at is null and org in {select org from members}), true]'],
    ['ALTER POLICY visible ON users USING (deleted_at IS NULL)',
      'policy visible check [deleted_at is null]'],
    ['CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW WHEN (old.deleted_at IS NULL) EXECUTE FUNCTION f()',
      'trigger t check [old.deleted_at is null]'],
    ['CREATE TRIGGER t AFTER INSERT ON users EXECUTE FUNCTION f()',
      ''],
    ['EXPLAIN ANALYZE SELECT * FROM users',
      'select * from users'],
    ['EXPLAIN (ANALYZE, FORMAT json) DELETE FROM users',
      'delete users'],
    ['PREPARE p (int) AS SELECT * FROM users WHERE id = $1',
      'select * from users where id = ?'],
    ['DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT * FROM users',
      'select * from users'],
    ['COPY (SELECT id, (a) FROM users WHERE (deleted_at IS NULL)) TO STDOUT WITH (FORMAT csv)',
      'select id, a from users where deleted_at is null'],
    ['COPY users FROM STDIN',
      ''],
    ['CREATE RULE r AS ON DELETE TO users DO INSTEAD UPDATE users SET deleted_at = now() WHERE id = old.id',
      'update users set deleted_at := now where id = old.id'],
    ['CREATE FUNCTION f() RETURNS bigint LANGUAGE sql RETURN (SELECT count(*) FROM users)',
      'select agg:count(*) from users'],
    ['GRANT SELECT ON users TO app',
      ''],
    ['CREATE INDEX i ON users (email) WHERE deleted_at IS NULL',
      ''],
    ['CREATE TABLE t (a int)',
      ''],
    ['(SELECT * FROM users)',
      'select * from users'],
  ],
  sqlite: [
    ['EXPLAIN QUERY PLAN SELECT * FROM users',
      'select * from users'],
  ],
  mysql: [
    ['DESCRIBE users',
      ''],
    ['EXPLAIN FORMAT=JSON SELECT * FROM users',
      'select * from users'],
  ],
  bigquery: [
    ['CREATE TABLE FUNCTION d.f() AS SELECT * FROM users',
      'select * from users'],
    ['CREATE FUNCTION d.f() AS ((SELECT count(*) FROM users))',
      'select agg:count(*) from users'],
    [`CREATE ROW ACCESS POLICY p ON d.users GRANT TO ('a') FILTER USING (deleted_at IS NULL)`,
      'policy p check [deleted_at is null]'],
    [`EXPORT DATA OPTIONS (uri = 'x') AS SELECT * FROM users`,
      'select * from users'],
  ],
};

describe('definitions and wrapped statements of SQL', () => {
  for (const [dialect, cases] of Object.entries(CASES)) {
    describe(dialect, () => {
      for (const [sql, expected] of cases) {
        it(sql, () => {
          const reading = readSql(plainText(sql), { dialect: dialect as Dialect, library: 'sql' });
          assert.deepEqual(reading.unread, []);
          assert.equal(reading.statements.map(({ root }) => printRoot(root)).join(' ; '), expected);
        });
      }
    });
  }
});

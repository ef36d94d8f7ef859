/** Writes of every dialect as the model reads them. The notation is that of `print.ts`. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../lib/manifest/catalog.js';
import { readSql } from '../../../lib/sql/read.js';
import { plainText } from '../../../lib/sql/sql-text.js';
import { printRoot } from './print.js';

const CASES: Partial<Record<Dialect, readonly (readonly [sql: string, expected: string])[]>> = {
  postgresql: [
    [`INSERT INTO users (id, name) VALUES (1, 'a'), (2, DEFAULT)`,
      `insert users (id, name) {values (1, 'a'), (2, default())}`],
    ['INSERT INTO users DEFAULT VALUES',
      'insert users'],
    ['INSERT INTO public.users AS u (id) SELECT id FROM old RETURNING id, u.*',
      'insert public.users u (id) {select id from old} returning id, u.*'],
    ['WITH x AS (SELECT 1) INSERT INTO t TABLE x',
      'with x as (select 1) insert t {select * from x}'],
    ['INSERT INTO t WITH x AS (SELECT 1) SELECT * FROM x',
      'insert t {with x as (select 1) select * from x}'],
    ['INSERT INTO users (email) VALUES ($1) ON CONFLICT DO NOTHING',
      'insert users (email) {values (?)} conflict any -> nothing'],
    ['INSERT INTO users (email) VALUES ($1) ON CONFLICT (lower(email), org) WHERE deleted_at IS NULL DO UPDATE SET name = excluded.name, deleted_at = NULL WHERE users.deleted_at IS NULL RETURNING id',
      'insert users (email) {values (?)} conflict (lower(email), org) where deleted_at is null -> update name := excluded.name, deleted_at := null if users.deleted_at is null returning id'],
    ['INSERT INTO users (email) VALUES ($1) ON CONFLICT ON CONSTRAINT users_email_key DO UPDATE SET (a, b) = (1, 2)',
      'insert users (email) {values (?)} conflict any -> update a := 1, b := 2'],
    ['UPDATE users SET name = $1',
      'update users set name := ?'],
    ['UPDATE ONLY public.users AS u SET name = v.name, n = n + 1, seen = DEFAULT FROM names v, LATERAL f(v.id) w WHERE u.id = v.id RETURNING u.id',
      'update public.users u from names v, rows(v.id) w set name := v.name, n := op(n, 1), seen := default() where u.id = v.id returning u.id'],
    ['UPDATE users SET (a, b) = ROW(1, 2), (c, d) = (SELECT 1, 2)',
      'update users set a := 1, b := 2, c := {select 1, 2}, d := {select 1, 2}'],
    [`UPDATE users SET address.city = 'x'`,
      `update users set address := 'x'`],
    ['WITH x AS (SELECT 1) UPDATE users SET a = 1 WHERE id IN (SELECT * FROM x)',
      'with x as (select 1) update users set a := 1 where id in {select * from x}'],
    ['DELETE FROM users WHERE id = $1 RETURNING *',
      'delete users where id = ? returning *'],
    ['DELETE FROM users u USING orders o JOIN items i ON i.order_id = o.id, t WHERE u.id = o.user_id',
      'delete users u from (orders o inner items i on i.order_id = o.id), t where u.id = o.user_id'],
    ['DELETE FROM ONLY users',
      'delete users'],
    ['TRUNCATE TABLE users, ONLY public.orders RESTART IDENTITY CASCADE',
      'truncate users, public.orders'],
    ['MERGE INTO users u USING (SELECT * FROM incoming) i ON u.id = i.id WHEN MATCHED AND i.gone THEN DELETE WHEN MATCHED THEN UPDATE SET name = i.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (i.id, i.name) WHEN NOT MATCHED BY SOURCE THEN UPDATE SET deleted_at = now()',
      'merge users u using {select * from incoming} i on u.id = i.id | matched if i.gone -> delete | matched -> update name := i.name | not-matched -> insert id := i.id, name := i.name | not-matched-by-source -> update deleted_at := now'],
    ['UPDATE users SET tags = ARRAY(SELECT 1) WHERE id = 1 RETURNING id',
      'update users set tags := {select 1} where id = 1 returning id'],
    ['INSERT INTO users (a) SELECT o.a FROM orders o JOIN t ON t.id = o.id ON CONFLICT (a) DO NOTHING',
      'insert users (a) {select o.a from (orders o inner t on t.id = o.id)} conflict (a) -> nothing'],
    ['MERGE INTO users u USING t ON t.id = u.id WHEN NOT MATCHED THEN INSERT VALUES (t.id, (SELECT 1))',
      'merge users u using t on t.id = u.id | not-matched -> insert  := t.id,  := {select 1}'],
    [`UPDATE users SET tags[1] = 'x'`,
      `update users set tags := 'x'`],
  ],
  mysql: [
    [`INSERT INTO users SET id = 1, name = 'a'`,
      `insert users (id, name) {values (1, 'a')}`],
    ['INSERT INTO users (id) VALUES (1) ON DUPLICATE KEY UPDATE name = VALUES(name), deleted_at = NULL',
      'insert users (id) {values (1)} conflict any -> update name := values(name), deleted_at := null'],
    ['INSERT INTO users (id) VALUES (1) AS new ON DUPLICATE KEY UPDATE name = new.name',
      'insert users (id) {values (1)} conflict any -> update name := new.name'],
    ['INSERT IGNORE INTO users SELECT * FROM old',
      'insert users {select * from old} conflict any -> nothing'],
    ['REPLACE INTO users (id) VALUES (1)',
      'insert users (id) {values (1)} conflict any -> replace'],
    ['UPDATE users u, orders o SET u.total = o.total, o.done = 1 WHERE u.id = o.user_id',
      'update users u in-from from users u, orders o set total := o.total where u.id = o.user_id ; update orders o in-from from users u, orders o set done := 1 where u.id = o.user_id'],
    [`UPDATE users SET users.name = 'x' WHERE id = 1 ORDER BY id LIMIT 1`,
      `update users set name := 'x' where id = 1`],
    ['DELETE u, o FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = 1',
      'delete users u in-from from (users u inner orders o on o.user_id = u.id) where u.id = 1 ; delete orders o in-from from (users u inner orders o on o.user_id = u.id) where u.id = 1'],
    ['DELETE FROM u USING users AS u JOIN orders o ON true',
      'delete users u in-from from (users u inner orders o on true)'],
    ['DELETE users.* FROM users',
      'delete users in-from from users'],
    ['DELETE FROM users ORDER BY id LIMIT 5',
      'delete users'],
    ['TRUNCATE users',
      'truncate users'],
    ['UPDATE users u JOIN orders o ON o.user_id = u.id LEFT JOIN (SELECT * FROM t) t ON t.id = o.id SET u.a = 1 WHERE t.id IS NULL',
      'update users u in-from from ((users u inner orders o on o.user_id = u.id) left {select * from t} t on t.id = o.id) set a := 1 where t.id is null'],
    ['UPDATE users u INNER JOIN orders o USING (id) SET o.b = 1, u.a = 2',
      'update orders o in-from from (users u inner orders o using (id)) set b := 1 ; update users u in-from from (users u inner orders o using (id)) set a := 2'],
  ],
  sqlite: [
    ['INSERT OR REPLACE INTO users (id) VALUES (1)',
      'insert users (id) {values (1)} conflict any -> replace'],
    ['INSERT OR IGNORE INTO users (id) VALUES (1)',
      'insert users (id) {values (1)} conflict any -> nothing'],
    ['REPLACE INTO users VALUES (1)',
      'insert users {values (1)} conflict any -> replace'],
    [`INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO NOTHING ON CONFLICT (email) DO UPDATE SET name = 'x'`,
      `insert users (id) {values (1)} conflict (email) -> update name := 'x'`],
    [`UPDATE OR IGNORE users SET name = 'x' RETURNING *`,
      `update users set name := 'x' returning *`],
    ['DELETE FROM users WHERE id = 1 LIMIT 1',
      'delete users where id = 1'],
  ],
  bigquery: [
    ['INSERT data.users (id) VALUES (1)',
      'insert data.users (id) {values (1)}'],
    ['DELETE data.users WHERE true',
      'delete data.users where true'],
    ['MERGE data.users t USING data.incoming s ON t.id = s.id WHEN NOT MATCHED THEN INSERT ROW WHEN NOT MATCHED BY SOURCE AND t.old THEN DELETE',
      'merge data.users t using data.incoming s on t.id = s.id | not-matched -> insert | not-matched-by-source if t.old -> delete'],
    [`UPDATE users SET address.city = 'x' WHERE true`,
      `update users set address := 'x' where true`],
  ],
};

describe('writes of SQL', () => {
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

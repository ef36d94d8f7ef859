/** What becomes of interpolations: parameters, hidden predicates and relations, and fragments that may filter. The notation is that of `print.ts`. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../lib/manifest/catalog.js';
import { readSql } from '../../../lib/sql/read.js';
import { printRoot } from './print.js';
import { template } from './template.js';

const CASES: Partial<Record<Dialect, readonly (readonly [sql: string, expected: string])[]>> = {
  postgresql: [
    ['SELECT * FROM users WHERE id = ${value}',
      'select * from users where id = ?'],
    ['SELECT * FROM users WHERE ${fragment}',
      'select * from users where <hidden>'],
    ['SELECT * FROM users WHERE ${unknown}',
      'select * from users where <hidden>'],
    ['SELECT * FROM users ${fragment}',
      'select * from users hidden*1'],
    ['SELECT * FROM users ${fragment} ORDER BY id',
      'select * from users order [id] hidden*1'],
    ['SELECT * FROM users WHERE a = 1 ${fragment}',
      'select * from users where a = 1 hidden*1'],
    ['SELECT * FROM users WHERE a = 1 AND ${fragment} ORDER BY ${fragment} LIMIT ${value}',
      'select * from users where (a = 1 and <hidden>) order [?] limited'],
    ['SELECT * FROM users WHERE a = 1 ORDER BY b ${fragment}',
      'select * from users where a = 1 order [b]'],
    ['SELECT ${fragment}, ${value} AS v FROM ${identifier} u',
      'select <columns>, ? as v from <relation> u'],
    ['SELECT * FROM ${fragment}',
      'select * from <relation> hidden*1'],
    ['SELECT * FROM users u, ${fragment}',
      'select * from users u, <relation> hidden*1'],
    ['SELECT * FROM users u JOIN ${identifier} x ON x.id = u.id',
      'select * from (users u inner <relation> x on x.id = u.id)'],
    ['SELECT * FROM users u JOIN orders o ON o.user_id = u.id ${fragment} WHERE u.a = 1',
      'select * from (users u inner orders o on o.user_id = u.id hidden) where u.a = 1'],
    ['SELECT * FROM users u LEFT JOIN orders o ON o.user_id = u.id ${fragment}',
      'select * from (users u left orders o on o.user_id = u.id hidden) hidden*1'],
    ['SELECT * FROM users u LEFT JOIN orders o ON (o.user_id = u.id ${fragment}) JOIN items i ON i.id = o.id WHERE true',
      'select * from ((users u left orders o on o.user_id = u.id hidden) inner items i on i.id = o.id) where true'],
    ['SELECT * FROM users u ${fragment} WHERE a = 1',
      'select * from users u where a = 1 hidden*1'],
    ['SELECT * FROM users WHERE id IN ${fragment}',
      'select * from users where id in (<hidden>)'],
    ['SELECT * FROM users WHERE id IN (${value})',
      'select * from users where id in (?)'],
    ['SELECT * FROM users WHERE id = ANY (${value})',
      'select * from users where id = any ?'],
    ['UPDATE users SET ${fragment} WHERE id = ${value}',
      'update users set <hidden> where id = ?'],
    ['UPDATE users SET ${fragment}',
      'update users set <hidden> hidden*1'],
    ['UPDATE users SET a = ${unknown}',
      'update users set a := ?'],
    ['UPDATE users SET a = 1, ${fragment} WHERE b ${fragment}',
      'update users set a := 1, <hidden> where b hidden*1'],
    ['INSERT INTO users ${fragment}',
      'insert users {<query>}'],
    ['INSERT INTO users (a) VALUES ${fragment} ON CONFLICT (a) DO UPDATE SET ${fragment}',
      'insert users (a) {values (<hidden>)} conflict (a) -> update <hidden>'],
    ['WITH ${fragment} SELECT * FROM x',
      'with h0 as (<query>) select * from x'],
    ['SELECT * FROM (${fragment}) x',
      'select * from {<query>} x'],
    ['SELECT * FROM users WHERE EXISTS (${fragment})',
      'select * from users where exists {<query>}'],
    ['SELECT * FROM a UNION ALL ${fragment}',
      '{select * from a} union {<query>}'],
    ['SELECT * FROM a WHERE x = 1 ${fragment} UNION SELECT * FROM b',
      '{select * from a where x = 1 hidden*1} union {select * from b}'],
    ['SELECT * FROM a UNION SELECT * FROM b ORDER BY 1 ${fragment}',
      '{select * from a} union {select * from b} order [1]'],
    ['SELECT * FROM users WHERE ${identifier}.deleted_at IS NULL AND u.${identifier} IS NULL',
      'select * from users where (<hidden> is null and <hidden> is null)'],
    ["SELECT * FROM users_${unknown} WHERE name LIKE '%${value}%'",
      'select * from <relation> where op(name, ?)'],
    ['SELECT * FROM ${identifier}.users',
      'select * from users'],
    ['SELECT * FROM users WHERE (a = 1 ${fragment}) AND b',
      'select * from users where (a = 1 and b) hidden*1'],
    ['SELECT count(*) FILTER (WHERE a ${fragment}) FROM users',
      'select agg:count(*) filter (a and <hidden>) from users'],
    ['DELETE FROM ${identifier} WHERE id = ${value}',
      'delete where id = ?'],
    ['DELETE FROM users ${fragment}',
      'delete users hidden*1'],
    ['DELETE FROM users WHERE a ${fragment} RETURNING id',
      'delete users where a returning id hidden*1'],
    ['SELECT (SELECT count(*) FROM orders WHERE a ${fragment}) FROM users',
      'select {select agg:count(*) from orders where a hidden*1} from users'],
    ['SELECT * FROM users WHERE id IN (SELECT id FROM orders) ${fragment}',
      'select * from users where id in {select id from orders} hidden*1'],
    ['SELECT * FROM users WHERE a = 1 GROUP BY b ${fragment} HAVING c ${fragment}',
      'select * from users where a = 1 group [b] having c'],
    ['CREATE POLICY p ON users USING (a = 1 ${fragment})',
      'policy p check [(a = 1 and <hidden>)]'],
    ['MERGE INTO users u USING t ON u.id = t.id ${fragment} WHEN MATCHED THEN DELETE',
      'merge users u using t on (u.id = t.id and <hidden>) | matched -> delete'],
  ],
};

describe('holes in SQL', () => {
  for (const [dialect, cases] of Object.entries(CASES)) {
    describe(dialect, () => {
      for (const [sql, expected] of cases) {
        it(sql, () => {
          const reading = readSql(template(sql), { dialect: dialect as Dialect, library: 'sql' });
          assert.deepEqual(reading.unread, []);
          assert.equal(reading.statements.map(({ root }) => printRoot(root)).join(' ; '), expected);
        });
      }
    });
  }
});

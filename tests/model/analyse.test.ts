import assert from 'node:assert/strict';
import { analyses, roles } from './verdicts.js';
import type { Dialect } from '../../lib/manifest/catalog.js';

type Row = readonly [sql: string, expected: string, dialect?: Dialect];

function table(title: string, rows: readonly Row[], print: (sql: string, dialect?: Dialect) => string): void {
  describe(title, () => {
    for (const [sql, expected, dialect] of rows) it(sql, () => { assert.equal(print(sql, dialect), expected); });
  });
}

table('roles', [
  ['SELECT * FROM users WHERE name = $1', 'users:main'],
  ['SELECT * FROM users WHERE id = $1', 'users:lookup'],
  ['SELECT * FROM users WHERE id = ANY($1)', 'users:lookup'],
  ['SELECT * FROM users WHERE id IN ($1, $2)', 'users:lookup'],
  ['SELECT * FROM users WHERE email = $1', 'users:lookup'],
  ['SELECT * FROM users WHERE lower(email) = $1', 'users:main'],
  ['SELECT * FROM users WHERE id = (SELECT user_id FROM tags WHERE name = $1)', 'users:lookup'],
  ['SELECT * FROM users WHERE id IN (SELECT user_id FROM tags)', 'users:main'],
  ['SELECT * FROM users WHERE id = p_id', 'users:lookup'],
  ['SELECT * FROM users WHERE id = sqlc.arg(id)', 'users:lookup'],
  ['SELECT * FROM users WHERE id = sqlc.arg(id) AND deleted_at = sqlc.narg(deleted_at)', 'users:lookup'],
  ["SELECT * FROM users WHERE id IN (sqlc.slice('ids'))", 'users:lookup'],
  ['SELECT * FROM users WHERE id = other.arg(id)', 'users:main'],
  ['SELECT * FROM orders WHERE order_id = $1', 'orders:lookup'],
  ['SELECT o.*, t.name FROM orders o JOIN teams t ON t.team_id = o.team_id', 'o:main t:parent'],
  ['SELECT * FROM users u WHERE u.id = u.boss', 'u:main'],
  ['SELECT * FROM items WHERE order_id = $1', 'items:main'],
  ['SELECT * FROM items WHERE order_id = $1 AND line = $2', 'items:lookup'],
  ['SELECT * FROM items WHERE (order_id, line) = ($1, $2)', 'items:lookup'],
  ['SELECT o.*, u.name FROM orders o JOIN users u ON u.id = o.user_id WHERE o.state = $1', 'o:main u:parent'],
  ['SELECT u.* FROM orders o JOIN users u ON u.id = o.user_id WHERE o.state = $1', 'o:main u:parent!'],
  ['SELECT o.*, u.name, t.name FROM orders o JOIN users u ON u.id = o.user_id JOIN teams t ON t.id = o.team_id WHERE NOT t.is_deleted', 'o:main u:parent! t:parent'],
  ['SELECT o.*, t.name FROM orders o JOIN users u ON u.id = o.user_id JOIN teams t ON t.id = o.team_id WHERE NOT t.is_deleted', 'o:main u:parent t:parent'],
  ['SELECT o.*, u.name FROM users u JOIN orders o ON o.user_id = u.id WHERE u.team_id = $1', 'u:main o:join'],
  ['SELECT o.*, u.name FROM orders o, users u WHERE u.id = o.user_id', 'o:main u:parent'],
  // By a unique key as well.
  ['SELECT o.*, u.name FROM orders o JOIN users u ON u.email = o.contact', 'o:main u:parent'],
  ['SELECT * FROM tags t LEFT JOIN orders o ON o.tag_id = t.id', 'o:join'],
  ['SELECT count(*) FROM users', 'users:aggregate'],
  ['SELECT team_id FROM users GROUP BY team_id', 'users:aggregate'],
  ['SELECT u.name, count(*) FROM orders o JOIN users u ON u.id = o.user_id GROUP BY u.name', 'o:aggregate u:parent'],
  ['SELECT * FROM tags t WHERE EXISTS (SELECT 1 FROM users u WHERE u.id = t.user_id)', 'u:subquery'],
  ['SELECT t.*, (SELECT u.name FROM users u WHERE u.id = t.user_id) FROM tags t', 'u:parent'],
  ['SELECT t.*, (SELECT count(*) FROM users u WHERE u.tag_id = t.id) FROM tags t', 'u:aggregate'],
  ['SELECT * FROM tags WHERE user_id IN (SELECT id FROM (SELECT id FROM users) x)', 'users:subquery'],
  ['WITH RECURSIVE up AS (SELECT id, boss FROM users WHERE id = $1 UNION ALL SELECT u.id, up.boss FROM users u JOIN up ON up.boss = u.id) SELECT * FROM up', 'users:lookup u:parent'],
  ['WITH RECURSIVE up AS (SELECT id, boss FROM users WHERE id = $1 UNION ALL SELECT u.id, u.boss FROM up, users u WHERE up.boss = u.id) SELECT * FROM up', 'users:lookup u:parent'],
  // Breadcrumbs show the ancestors; who needs their keys alone does not.
  ['WITH RECURSIVE up AS (SELECT id, name, boss FROM users WHERE id = $1 UNION ALL SELECT u.id, u.name, u.boss FROM users u JOIN up ON up.boss = u.id) SELECT * FROM up', 'users:lookup u:parent!'],
  ['WITH RECURSIVE up AS (SELECT id, team_id, boss FROM users WHERE id = $1 UNION ALL SELECT u.id, u.team_id, u.boss FROM users u JOIN up ON up.boss = u.id) SELECT * FROM up', 'users:lookup u:parent'],
  ['WITH RECURSIVE up AS (SELECT id, boss, 0 AS depth FROM users WHERE id = $1 UNION ALL SELECT u.id, u.boss, up.depth + 1 FROM users u JOIN up ON up.boss = u.id) SELECT * FROM up', 'users:lookup u:parent'],
  ['WITH RECURSIVE up AS (SELECT * FROM users WHERE id = $1 UNION ALL SELECT u.* FROM users u JOIN up ON up.boss = u.id) SELECT * FROM up', 'users:lookup u:parent'],
  ['WITH RECURSIVE down AS (SELECT id FROM users WHERE id = $1 UNION ALL SELECT u.id FROM users u JOIN down ON u.boss = down.id) SELECT * FROM down', 'users:lookup u:main'],
  ['WITH up AS (SELECT boss FROM tags) SELECT u.id FROM users u JOIN up ON up.boss = u.id', 'u:main'],
  ['SELECT t.*, u.name FROM tags t JOIN users u ON u.id = ANY (t.user_ids)', 'u:parent'],
  ['SELECT t.*, ARRAY(SELECT u.name FROM users u WHERE u.id = ANY (t.user_ids)) FROM tags t', 'u:parent'],
  ['UPDATE tags SET name = $1 FROM users u WHERE u.id = tags.user_id', 'u:parent'],
  ['DELETE FROM tags USING users u WHERE u.tag_id = tags.id', 'u:join'],
], roles);

table('updates', [
  ['UPDATE users SET name = $1', 'users edit all'],
  ['UPDATE users SET name = $1 WHERE id = $2', 'users edit all byKey'],
  ['UPDATE users SET name = $1 WHERE id = $2 AND deleted_at IS NULL', 'users edit live byKey'],
  ['UPDATE users SET deleted_at = now() WHERE id = $1', 'users soft-delete all byKey'],
  ['UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL', 'users soft-delete live byKey'],
  ['UPDATE users SET deleted_at = NULL WHERE id = $1', 'users restore all byKey'],
  ['UPDATE users SET deleted_at = $2 WHERE id = $1', 'users maybe all byKey'],
  ['UPDATE teams SET is_deleted = true WHERE owner = $1', 'teams soft-delete all'],
  ['UPDATE teams SET is_deleted = false WHERE owner = $1', 'teams restore all'],
  ["UPDATE cards SET status = 'deleted'", 'cards soft-delete all'],
  ["UPDATE cards SET status = 'open'", 'cards restore all'],
  ['UPDATE users u SET name = o.name FROM orders o WHERE o.user_id = u.id AND u.deleted_at IS NULL AND o.deleted_at IS NULL', 'u edit live byKey'],
  ['UPDATE users u JOIN orders o ON o.user_id = u.id SET u.deleted_at = NOW() WHERE o.state = 1', 'u soft-delete all byKey', 'mysql'],
  ['MERGE INTO users u USING tags t ON t.user_id = u.id WHEN MATCHED AND u.deleted_at IS NULL THEN UPDATE SET name = t.name', 'u edit live byKey'],
  ['MERGE INTO users u USING tags t ON t.user_id = u.id WHEN MATCHED THEN UPDATE SET name = t.name', 'u edit all byKey'],
  ['WITH x AS (UPDATE users SET name = $1 RETURNING id) SELECT * FROM x', 'users edit all'],
], (sql, dialect) => analyses(sql, dialect).flatMap((analysis) => analysis.updates)
  .map(({ ref, intent, verdict, byKey }) => `${ref.alias ?? ref.name} ${intent} ${verdict.state}${byKey ? ' byKey' : ''}`).join('; '));

table('deletes', [
  ['DELETE FROM users WHERE id = $1', 'users all null'],
  ['DELETE FROM users WHERE id = $1 AND deleted_at IS NULL', 'users live null'],
  ['DELETE FROM users WHERE deleted_at IS NOT NULL', 'users dead null'],
  ["DELETE FROM users WHERE deleted_at < now() - interval '30 days'", 'users dead 30'],
  ["DELETE FROM users WHERE now() - interval '2 weeks' > deleted_at", 'users dead 14'],
  ['DELETE FROM users WHERE deleted_at < NOW() - INTERVAL 30 DAY', 'users dead 30', 'mysql'],
  ['DELETE FROM users WHERE deleted_at < DATE_SUB(NOW(), INTERVAL 1 YEAR)', 'users dead 365', 'mysql'],
  ["DELETE FROM users WHERE deleted_at < datetime('now', '-30 days')", 'users dead 30', 'sqlite'],
  ['DELETE FROM users WHERE deleted_at < $1', 'users dead parameter'],
  ["DELETE FROM users WHERE id IN (SELECT id FROM users WHERE deleted_at < now() - interval '7 days' LIMIT 100)", 'users dead 7'],
  ["WITH old AS (SELECT id FROM users WHERE deleted_at < now() - interval '7 days' LIMIT 100) DELETE FROM users u USING old WHERE old.id = u.id", 'u dead 7'],
  ["DELETE FROM users WHERE deleted_at < now() - interval '30 days' OR (deleted_at < now() - interval '7 days' AND spam)", 'users dead 7'],
  ['DELETE FROM users WHERE deleted_at IS NULL AND deleted_at < now()', 'users live 0 never'],
  ['TRUNCATE users', 'users all null'],
  ['TRUNCATE TABLE users, orders CASCADE', 'users all null; orders all null'],
  ['DELETE u, o FROM users u JOIN orders o ON o.user_id = u.id WHERE u.spam = 1', 'u all null; o all null', 'mysql'],
  ['MERGE INTO users u USING tags t ON t.user_id = u.id WHEN MATCHED THEN DELETE', 'u all null'],
  ['DELETE FROM tags', ''],
], (sql, dialect) => analyses(sql, dialect).flatMap((analysis) => analysis.deletes)
  .map(({ ref, verdict, age, never }) => `${ref.alias ?? ref.name} ${verdict.state} ${age}${never ? ' never' : ''}`).join('; '));

table('upserts', [
  ['INSERT INTO users (email) VALUES ($1)', ''],
  ['INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET name = excluded.name', 'users update'],
  ['INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE deleted_at IS NULL DO UPDATE SET name = excluded.name', 'users update liveOnly'],
  ['INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET name = excluded.name, deleted_at = NULL', 'users update revives'],
  ['INSERT INTO users (email) VALUES ($1) ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE users.deleted_at IS NULL', 'users update liveOnly byKey'],
  ['INSERT INTO users (email) VALUES ($1) ON CONFLICT DO NOTHING', 'users nothing'],
  ['INSERT INTO users (email) VALUES (?) ON DUPLICATE KEY UPDATE name = VALUES(name)', 'users update', 'mysql'],
  ['INSERT INTO teams (name) VALUES (?) ON CONFLICT (name) WHERE is_deleted = 0 DO UPDATE SET a = 1', 'teams update liveOnly', 'sqlite'],
  ['REPLACE INTO users (email) VALUES (?)', 'users replace', 'mysql'],
], (sql, dialect) => analyses(sql, dialect).flatMap((analysis) => analysis.upserts)
  .map(({ ref, conflict, revives, liveOnly, byKey }) => [ref.name, conflict.action, revives && 'revives', liveOnly && 'liveOnly', byKey && 'byKey'].filter(Boolean).join(' ')).join('; '));

table('predicates', [
  ['SELECT * FROM users WHERE deleted_at IS NULL', ''],
  ['SELECT * FROM users WHERE deleted_at = NULL', 'equals-null'],
  ['SELECT * FROM users WHERE deleted_at <> NULL', 'equals-null negated'],
  ['SELECT * FROM users u WHERE NULL = u.deleted_at', 'equals-null'],
  ['SELECT * FROM users WHERE deleted_at IN (NULL)', 'equals-null'],
  ['SELECT * FROM users u WHERE "u.deleted_at" IS NULL', 'quoted-path'],
  ['SELECT * FROM users WHERE deleted_at IS NULL AND deleted_at IS NOT NULL', 'contradiction'],
  ['SELECT * FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NOT NULL AND o.deleted_at IS NOT NULL', 'inverted negated; inverted negated'],
  ['UPDATE users SET deleted_at = NULL WHERE id = $1', ''],
  ['SELECT * FROM tags WHERE deleted_at = NULL', ''],
  ['SELECT * FROM users u WHERE u.a = 1 -- AND u.deleted_at IS NULL\n ORDER BY u.a', 'commented-out'],
  ['SELECT * FROM users u WHERE u.a = 1 /* AND deleted_at IS NULL */ ORDER BY u.a', 'commented-out'],
  ['SELECT * FROM users u WHERE u.deleted_at IS NULL -- AND u.deleted_at IS NULL\n ORDER BY u.a', ''],
  ['SELECT * FROM users u WHERE u.a = 1 -- AND u.b IS NULL\n ORDER BY u.a', ''],
  ['SELECT * FROM users u WHERE u.a = 1 -- we show users whose deleted_at is null or not\n ORDER BY u.a', ''],
], (sql, dialect) => analyses(sql, dialect).flatMap((analysis) => analysis.predicateFlaws)
  .map(({ kind, negated }) => `${kind}${negated ? ' negated' : ''}`).join('; '));

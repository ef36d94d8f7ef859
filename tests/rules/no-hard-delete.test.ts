import { testRule } from './tester.js';

testRule('no-hard-delete', {
  sql: {
    valid: [
      // A purge.
      "DELETE FROM users WHERE deleted_at < now() - interval '30 days'",
      "DELETE FROM users u WHERE u.deleted_at IS NOT NULL AND u.deleted_at < now() - interval '30 days'",
      'DELETE FROM users WHERE deleted_at IS NOT NULL',
      'DELETE FROM accounts WHERE is_deleted',
      'DELETE FROM accounts WHERE is_deleted = TRUE AND id = $1',
      { code: 'DELETE FROM `products` WHERE `deleted` = 1 AND `updated_at` < NOW() - INTERVAL 30 DAY', dialect: 'mysql' },
      "DELETE FROM tickets WHERE status = 'deleted'",
      'DELETE FROM documents WHERE archived_at IS NOT NULL',
      "DELETE FROM users WHERE id IN (SELECT id FROM users WHERE deleted_at < now() - interval '30 days' LIMIT 1000)",
      "DELETE FROM users USING events e WHERE e.user_id = users.id AND users.deleted_at < now() - interval '30 days'",
      // A row is where it stands: batches of PostgreSQL and SQLite.
      "DELETE FROM users WHERE ctid IN (SELECT ctid FROM users WHERE deleted_at < now() - interval '31 days' LIMIT 500)",
      "DELETE FROM users WHERE ctid = ANY(ARRAY(SELECT ctid FROM users WHERE deleted_at < now() - interval '31 days' LIMIT 500))",
      { code: "DELETE FROM users WHERE rowid IN (SELECT rowid FROM users WHERE deleted_at < datetime('now', '-31 days') LIMIT 500)", dialect: 'sqlite' },
      "WITH old AS (SELECT id FROM users WHERE deleted_at < now() - interval '31 days' LIMIT 500) DELETE FROM users USING old WHERE users.id = old.id",
      // What belongs to the rows of a purge goes first.
      "DELETE FROM orders WHERE user_id IN (SELECT id FROM users WHERE deleted_at < now() - interval '31 days')",
      "DELETE FROM orders o USING users u WHERE u.id = o.user_id AND u.deleted_at < now() - interval '31 days'",
      "WITH old AS (SELECT id FROM users WHERE deleted_at < $1 LIMIT 500) DELETE FROM orders WHERE user_id IN (SELECT id FROM old)",
      // A DELETE that matches nothing: require-purge-age.
      'DELETE FROM users WHERE deleted_at IS NULL AND deleted_at < $1',
      // Tables that are hard-deleted.
      'DELETE FROM sessions WHERE id = $1',
      'TRUNCATE events, sessions',
      'DELETE FROM sessions USING users u WHERE u.id = sessions.user_id AND u.deleted_at IS NOT NULL',
      // It runs once.
      { code: 'TRUNCATE users', filename: 'db/migrations/0007.sql' },
      // A soft delete.
      'UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL',
      'MERGE INTO users u USING events e ON e.user_id = u.id WHEN MATCHED AND u.deleted_at IS NULL THEN UPDATE SET deleted_at = now()',
    ],
    invalid: [
      {
        code: 'DELETE FROM users WHERE id = $1',
        at: 'users',
        message: "This removes rows of 'users' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL' },
      },
      // Of rows that are live, or that were deleted a moment ago.
      { code: 'DELETE FROM users WHERE ctid IN (SELECT ctid FROM users LIMIT 500)', at: 'users', message: "This removes rows of 'users' for good. Set 'deleted_at' instead.", suggestions: { softDelete: 'UPDATE users SET deleted_at = now() WHERE ctid IN (SELECT ctid FROM users LIMIT 500) AND deleted_at IS NULL' } },
      { code: 'DELETE FROM orders WHERE user_id IN (SELECT id FROM users WHERE deleted_at IS NOT NULL)', at: 'orders', message: "This removes rows of 'orders' for good. Set 'deleted_at' instead.", suggestions: { softDelete: 'UPDATE orders SET deleted_at = now() WHERE user_id IN (SELECT id FROM users WHERE deleted_at IS NOT NULL) AND deleted_at IS NULL' } },
      { code: "DELETE FROM orders WHERE user_id IN (SELECT id FROM users WHERE created_at < now() - interval '31 days' AND deleted_at IS NULL)", at: 'orders', message: "This removes rows of 'orders' for good. Set 'deleted_at' instead.", suggestions: { softDelete: "UPDATE orders SET deleted_at = now() WHERE user_id IN (SELECT id FROM users WHERE created_at < now() - interval '31 days' AND deleted_at IS NULL) AND deleted_at IS NULL" } },
      {
        code: 'DELETE FROM users',
        at: 'users',
        message: "This removes rows of 'users' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'UPDATE users SET deleted_at = now() WHERE deleted_at IS NULL' },
      },
      // A live filter makes it no better.
      {
        code: 'DELETE FROM users WHERE id = $1 AND deleted_at IS NULL',
        at: 'users',
        message: "This removes rows of 'users' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL' },
      },
      {
        code: 'DELETE FROM orders o WHERE o.user_id = $1 RETURNING o.id',
        at: 'orders o',
        message: "This removes rows of 'orders' (o) for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'UPDATE orders o SET deleted_at = now() WHERE o.user_id = $1 AND o.deleted_at IS NULL RETURNING o.id' },
      },
      {
        code: 'DELETE FROM orders USING events e WHERE e.number = orders.number',
        at: 'orders',
        message: "This removes rows of 'orders' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'UPDATE orders SET deleted_at = now() FROM events e WHERE e.number = orders.number AND orders.deleted_at IS NULL' },
      },
      {
        code: 'DELETE FROM users WHERE id IN (SELECT user_id FROM events)',
        at: 'users',
        message: "This removes rows of 'users' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'UPDATE users SET deleted_at = now() WHERE id IN (SELECT user_id FROM events) AND deleted_at IS NULL' },
      },
      {
        code: 'WITH gone AS (DELETE FROM users WHERE id = $1 RETURNING id) SELECT id FROM gone',
        at: 'users',
        message: "This removes rows of 'users' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'WITH gone AS (UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL RETURNING id) SELECT id FROM gone' },
      },
      {
        code: 'DELETE FROM members WHERE team_id = $1 AND user_id = $2',
        at: 'members',
        message: "This removes rows of 'members' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'UPDATE members SET deleted_at = now() WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL' },
      },
      {
        code: 'TRUNCATE users',
        at: 'users',
        message: "TRUNCATE removes every row of 'users' for good. Set 'deleted_at' instead, or purge the rows that are old enough.",
      },
      {
        code: 'TRUNCATE TABLE events, orders CASCADE',
        at: 'orders',
        message: "TRUNCATE removes every row of 'orders' for good. Set 'deleted_at' instead, or purge the rows that are old enough.",
      },
      {
        code: 'MERGE INTO users u USING events e ON e.user_id = u.id WHEN MATCHED THEN DELETE',
        at: 'users u',
        message: "This removes rows of 'users' (u) for good. Set 'deleted_at' instead.",
      },
      // An OR lets live rows be deleted.
      {
        code: 'DELETE FROM users WHERE deleted_at IS NOT NULL OR blocked',
        at: 'users',
        message: "This removes rows of 'users' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'UPDATE users SET deleted_at = now() WHERE (deleted_at IS NOT NULL OR blocked) AND deleted_at IS NULL' },
      },
      // Other forms of tombstones.
      {
        code: 'DELETE FROM accounts WHERE id = $1',
        at: 'accounts',
        message: "This removes rows of 'accounts' for good. Set 'is_deleted' instead.",
        suggestions: { softDelete: 'UPDATE accounts SET is_deleted = TRUE WHERE id = $1 AND is_deleted = FALSE' },
      },
      {
        code: 'DELETE FROM `products` WHERE `id` = ?', dialect: 'mysql',
        at: '`products`',
        message: "This removes rows of 'products' for good. Set 'deleted' instead.",
        suggestions: { softDelete: 'UPDATE `products` SET `deleted` = 1 WHERE `id` = ? AND `deleted` = 0' },
      },
      {
        code: 'DELETE FROM users WHERE id = ?', dialect: 'sqlite',
        at: 'users',
        message: "This removes rows of 'users' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'UPDATE users SET deleted_at = CURRENT_TIMESTAMP WHERE id = ? AND deleted_at IS NULL' },
      },
      {
        code: 'DELETE FROM offers WHERE id = $1',
        at: 'offers',
        message: "This removes rows of 'offers' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'UPDATE offers SET deleted_at = now() WHERE id = $1 AND (deleted_at IS NULL OR deleted_at > now())' },
      },
      {
        code: 'DELETE FROM documents WHERE id = $1',
        at: 'documents',
        message: "This removes rows of 'documents' for good. Set 'deleted_at' instead.",
      },
      {
        code: 'DELETE FROM tickets WHERE id = $1',
        at: 'tickets',
        message: "This removes rows of 'tickets' for good. Set 'status' instead.",
        suggestions: { softDelete: "UPDATE tickets SET status = 'deleted' WHERE id = $1 AND status <> 'deleted'" },
      },
      {
        code: 'DELETE FROM contracts WHERE id = $1',
        at: 'contracts',
        message: "This removes rows of 'contracts' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: "UPDATE contracts SET deleted_at = now() WHERE id = $1 AND deleted_at = '9999-12-31'" },
      },
      {
        code: 'DELETE FROM "blogPosts" WHERE id = $1',
        at: '"blogPosts"',
        message: "This removes rows of 'blogPosts' for good. Set 'deletedAt' instead.",
        suggestions: { softDelete: 'UPDATE "blogPosts" SET "deletedAt" = now() WHERE id = $1 AND "deletedAt" IS NULL' },
      },
      {
        code: 'DELETE FROM billing.payments WHERE id = $1',
        at: 'billing.payments',
        message: "This removes rows of 'billing.payments' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'UPDATE billing.payments SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL' },
      },
      // A marker allows reading, not deleting.
      {
        code: 'DELETE /* includes-deleted: erasure */ FROM users WHERE id = $1',
        at: 'users',
        message: "This removes rows of 'users' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL' },
      },
    ],
  },
  ts: {
    valid: [
      "await pool.query(`DELETE FROM users WHERE deleted_at < now() - interval '30 days'`);",
      'await sql`DELETE FROM users ${condition}`;',
      'cache.delete(`users`);',
    ],
    invalid: [
      {
        code: 'await sql`DELETE FROM users WHERE id = ${id}`;',
        at: 'users',
        message: "This removes rows of 'users' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: 'await sql`UPDATE users SET deleted_at = now() WHERE deleted_at IS NULL AND id = ${id}`;' },
      },
      {
        code: "await pool.query('DELETE FROM orders WHERE user_id = $1', [id]);",
        at: 'orders',
        message: "This removes rows of 'orders' for good. Set 'deleted_at' instead.",
        suggestions: { softDelete: "await pool.query('UPDATE orders SET deleted_at = now() WHERE user_id = $1 AND deleted_at IS NULL', [id]);" },
      },
      {
        code: 'await prisma.$executeRaw`TRUNCATE users`;',
        at: 'users',
        message: "TRUNCATE removes every row of 'users' for good. Set 'deleted_at' instead, or purge the rows that are old enough.",
      },
      {
        code: 'await sql`DELETE FROM users ${condition}`;', unknown: 'report',
        at: 'users',
        message: "This may remove rows of 'users' for good. Set 'deleted_at' instead.",
      },
    ],
  },
});

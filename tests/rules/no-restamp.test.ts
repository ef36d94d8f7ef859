import { testRule } from './tester.js';

testRule('no-restamp', {
  sql: {
    valid: [
      'UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL',
      'UPDATE users u SET deleted_at = CURRENT_TIMESTAMP WHERE u.team_id = $1 AND u.deleted_at IS NULL',
      'UPDATE users SET deleted_at = coalesce(deleted_at, now()) WHERE id = $1',
      'UPDATE users SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() ELSE deleted_at END WHERE id = $1',
      'UPDATE users SET deleted_at = least(deleted_at, now()) WHERE id = $1',
      'MERGE INTO users u USING events e ON e.user_id = u.id WHEN MATCHED AND u.deleted_at IS NULL THEN UPDATE SET deleted_at = now()',
      { code: 'UPDATE `users` SET `deleted_at` = NOW() WHERE `id` = ? AND `deleted_at` IS NULL', dialect: 'mysql' },
      "UPDATE contracts SET deleted_at = now() WHERE id = $1 AND deleted_at = '9999-12-31'",
      'UPDATE documents SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL',
      'UPDATE "blogPosts" SET "deletedAt" = now() WHERE id = $1 AND "deletedAt" IS NULL',
      // A flag that is set already stays what it is.
      'UPDATE accounts SET is_deleted = TRUE WHERE id = $1',
      { code: 'UPDATE `products` SET `deleted` = 1 WHERE `id` = ?', dialect: 'mysql' },
      "UPDATE tickets SET status = 'deleted' WHERE id = $1",
      // A restore, and an edit.
      'UPDATE users SET deleted_at = NULL WHERE id = $1',
      'UPDATE users SET name = $2 WHERE id = $1',
      // A time that the caller decides: require-live-update.
      'UPDATE users SET deleted_at = $2 WHERE id = $1',
      'UPDATE users SET deleted_at = now() WHERE id = $1 /* includes-deleted: starts the retention again */',
      'UPDATE sessions SET deleted_at = now()',
    ],
    invalid: [
      {
        code: 'UPDATE users SET deleted_at = now() WHERE id = $1',
        at: 'users',
        message: "Rows of 'users' that are deleted already get a new 'deleted_at'. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL' },
      },
      {
        code: 'UPDATE users SET deleted_at = now(), deleted_by = $2 WHERE team_id = $1 RETURNING id',
        at: 'users',
        message: "Rows of 'users' that are deleted already get a new 'deleted_at'. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE users SET deleted_at = now(), deleted_by = $2 WHERE team_id = $1 AND deleted_at IS NULL RETURNING id' },
      },
      {
        code: 'UPDATE orders o SET deleted_at = CURRENT_TIMESTAMP FROM events e WHERE e.number = o.number',
        at: 'orders o',
        message: "Rows of 'orders' (o) that are deleted already get a new 'deleted_at'. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE orders o SET deleted_at = CURRENT_TIMESTAMP FROM events e WHERE e.number = o.number AND o.deleted_at IS NULL' },
      },
      {
        code: "UPDATE users SET deleted_at = '2024-01-01' WHERE id = $1",
        at: 'users',
        message: "Rows of 'users' that are deleted already get a new 'deleted_at'. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: "UPDATE users SET deleted_at = '2024-01-01' WHERE id = $1 AND deleted_at IS NULL" },
      },
      {
        code: 'UPDATE users SET deleted_at = now() WHERE deleted_at IS NULL AND team_id = $1 OR blocked',
        at: 'users',
        message: "Rows of 'users' that are deleted already get a new 'deleted_at'. Put 'users.deleted_at IS NULL' outside of the OR, which lets them through.",
        suggestions: { addFilter: 'UPDATE users SET deleted_at = now() WHERE (deleted_at IS NULL AND team_id = $1 OR blocked) AND deleted_at IS NULL' },
      },
      {
        code: 'WITH gone AS (UPDATE users SET deleted_at = now() WHERE id = $1 RETURNING id) SELECT id FROM gone',
        at: 'users',
        message: "Rows of 'users' that are deleted already get a new 'deleted_at'. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'WITH gone AS (UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL RETURNING id) SELECT id FROM gone' },
      },
      {
        code: 'UPDATE members SET deleted_at = now() WHERE team_id = $1 AND user_id = $2',
        at: 'members',
        message: "Rows of 'members' that are deleted already get a new 'deleted_at'. Add 'members.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE members SET deleted_at = now() WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL' },
      },
      {
        code: 'MERGE INTO users u USING events e ON e.user_id = u.id WHEN MATCHED THEN UPDATE SET deleted_at = now()',
        at: 'users u',
        message: "Rows of 'users' (u) that are deleted already get a new 'deleted_at'. Add 'u.deleted_at IS NULL' to its WHEN.",
      },
      // Only the dead.
      {
        code: 'UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NOT NULL',
        at: 'users',
        message: "Only rows of 'users' that are deleted already get a new 'deleted_at'. Soft-delete live rows: 'users.deleted_at IS NULL'.",
      },
      // Other forms of tombstones.
      {
        code: 'UPDATE `users` SET `deleted_at` = NOW() WHERE `id` = ?', dialect: 'mysql',
        at: '`users`',
        message: "Rows of 'users' that are deleted already get a new 'deleted_at'. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE `users` SET `deleted_at` = NOW() WHERE `id` = ? AND `deleted_at` IS NULL' },
      },
      {
        code: "UPDATE users SET deleted_at = datetime('now') WHERE id = ?", dialect: 'sqlite',
        at: 'users',
        message: "Rows of 'users' that are deleted already get a new 'deleted_at'. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: "UPDATE users SET deleted_at = datetime('now') WHERE id = ? AND deleted_at IS NULL" },
      },
      {
        code: 'UPDATE users SET deleted_at = CURRENT_TIMESTAMP WHERE id = ?', dialect: 'sqlite',
        at: 'users',
        message: "Rows of 'users' that are deleted already get a new 'deleted_at'. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE users SET deleted_at = CURRENT_TIMESTAMP WHERE id = ? AND deleted_at IS NULL' },
      },
      {
        code: 'UPDATE projects SET is_deleted = TRUE, deleted_at = now() WHERE id = $1',
        at: 'projects',
        message: "Rows of 'projects' that are deleted already get a new 'deleted_at'. Add 'projects.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE projects SET is_deleted = TRUE, deleted_at = now() WHERE id = $1 AND deleted_at IS NULL' },
      },
      {
        code: 'UPDATE documents SET deleted_at = now() WHERE archived_at IS NOT NULL',
        at: 'documents',
        message: "Rows of 'documents' that are deleted already get a new 'deleted_at'. Add 'documents.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE documents SET deleted_at = now() WHERE archived_at IS NOT NULL AND deleted_at IS NULL' },
      },
      {
        code: 'UPDATE documents SET archived_at = now() WHERE id = $1 AND deleted_at IS NULL',
        at: 'documents',
        message: "Rows of 'documents' that are deleted already get a new 'archived_at'. Add 'documents.archived_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE documents SET archived_at = now() WHERE id = $1 AND deleted_at IS NULL AND archived_at IS NULL' },
      },
      {
        code: 'UPDATE offers SET deleted_at = now() WHERE id = $1',
        at: 'offers',
        message: "Rows of 'offers' that are deleted already get a new 'deleted_at'. Add '(offers.deleted_at IS NULL OR offers.deleted_at > now())' to the WHERE.",
        suggestions: { addFilter: 'UPDATE offers SET deleted_at = now() WHERE id = $1 AND (deleted_at IS NULL OR deleted_at > now())' },
      },
      {
        code: 'UPDATE contracts SET deleted_at = now() WHERE id = $1',
        at: 'contracts',
        message: "Rows of 'contracts' that are deleted already get a new 'deleted_at'. Add `contracts.deleted_at = '9999-12-31'` to the WHERE.",
        suggestions: { addFilter: "UPDATE contracts SET deleted_at = now() WHERE id = $1 AND deleted_at = '9999-12-31'" },
      },
      {
        code: 'UPDATE "blogPosts" SET "deletedAt" = now() WHERE id = $1',
        at: '"blogPosts"',
        message: `Rows of 'blogPosts' that are deleted already get a new 'deletedAt'. Add '"blogPosts"."deletedAt" IS NULL' to the WHERE.`,
        suggestions: { addFilter: 'UPDATE "blogPosts" SET "deletedAt" = now() WHERE id = $1 AND "deletedAt" IS NULL' },
      },
      {
        code: 'UPDATE billing.payments SET deleted_at = now() WHERE id = $1',
        at: 'billing.payments',
        message: "Rows of 'billing.payments' that are deleted already get a new 'deleted_at'. Add 'payments.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE billing.payments SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL' },
      },
    ],
  },
  ts: {
    valid: [
      'await sql`UPDATE users SET deleted_at = now() WHERE id = ${id} AND deleted_at IS NULL`;',
      "await pool.query('UPDATE accounts SET is_deleted = TRUE WHERE id = $1', [id]);",
    ],
    invalid: [
      {
        code: 'await sql`UPDATE users SET deleted_at = now() WHERE id = ${id}`;',
        at: 'users',
        message: "Rows of 'users' that are deleted already get a new 'deleted_at'. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'await sql`UPDATE users SET deleted_at = now() WHERE deleted_at IS NULL AND id = ${id}`;' },
      },
      {
        code: "await pool.query('UPDATE orders SET deleted_at = NOW() WHERE user_id = $1', [id]);",
        at: 'orders',
        message: "Rows of 'orders' that are deleted already get a new 'deleted_at'. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: "await pool.query('UPDATE orders SET deleted_at = NOW() WHERE user_id = $1 AND deleted_at IS NULL', [id]);" },
      },
      {
        code: 'await prisma.$executeRaw`UPDATE "blogPosts" SET "deletedAt" = now() WHERE id = ${id}`;',
        at: '"blogPosts"',
        message: `Rows of 'blogPosts' that are deleted already get a new 'deletedAt'. Add '"blogPosts"."deletedAt" IS NULL' to the WHERE.`,
        suggestions: { addFilter: 'await prisma.$executeRaw`UPDATE "blogPosts" SET "deletedAt" = now() WHERE "deletedAt" IS NULL AND id = ${id}`;' },
      },
    ],
  },
});

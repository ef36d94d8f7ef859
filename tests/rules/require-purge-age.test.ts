import { testRule } from './tester.js';

testRule('require-purge-age', {
  sql: {
    valid: [
      "DELETE FROM users WHERE deleted_at < now() - interval '30 days'",
      "DELETE FROM users WHERE deleted_at < now() - interval '1 year'",
      "DELETE FROM users u WHERE u.deleted_at IS NOT NULL AND u.deleted_at <= CURRENT_TIMESTAMP - interval '90 days'",
      "DELETE FROM users WHERE now() - interval '31 days' > deleted_at",
      "DELETE FROM users WHERE deleted_at + interval '30 days' < now()",
      "DELETE FROM users WHERE id IN (SELECT id FROM users WHERE deleted_at < now() - interval '30 days' LIMIT 1000)",
      // Without a retention any bound will do.
      "DELETE FROM orders WHERE deleted_at < now() - interval '1 day'",
      // The bound is decided by the caller.
      'DELETE FROM users WHERE deleted_at < $1',
      // Somebody chose the rows.
      'DELETE FROM users WHERE id = $1 AND deleted_at IS NOT NULL',
      'DELETE FROM users WHERE id = ANY ($1) AND deleted_at IS NOT NULL',
      'DELETE FROM members WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NOT NULL',
      // A flag says not when; another column does.
      "DELETE FROM accounts WHERE is_deleted AND updated_at < now() - interval '30 days'",
      { code: 'DELETE FROM `products` WHERE `deleted` = 1 AND `updated_at` < NOW() - INTERVAL 30 DAY', dialect: 'mysql' },
      { code: "DELETE FROM users WHERE deleted_at < datetime('now', '-30 days')", dialect: 'sqlite' },
      // What other rules report.
      'DELETE FROM users WHERE id = $1',
      'DELETE FROM users WHERE deleted_at <> NULL',
      'DELETE FROM sessions',
    ],
    invalid: [
      {
        code: 'DELETE FROM users WHERE deleted_at IS NOT NULL',
        at: 'users',
        message: "This purge removes deleted rows of 'users', however young. Bound its age: 'deleted_at' before now() minus 30 days.",
        suggestions: { addAge: "DELETE FROM users WHERE deleted_at IS NOT NULL AND deleted_at < now() - interval '30 days'" },
      },
      {
        code: 'DELETE FROM users u WHERE u.deleted_at IS NOT NULL AND u.team_id = $1',
        at: 'users u',
        message: "This purge removes deleted rows of 'users' (u), however young. Bound its age: 'deleted_at' before now() minus 30 days.",
        suggestions: { addAge: "DELETE FROM users u WHERE u.deleted_at IS NOT NULL AND u.team_id = $1 AND u.deleted_at < now() - interval '30 days'" },
      },
      {
        code: 'DELETE FROM orders WHERE deleted_at IS NOT NULL',
        at: 'orders',
        message: "This purge removes deleted rows of 'orders', however young. Bound its age: 'deleted_at' before now() minus 30 days.",
        suggestions: { addAge: "DELETE FROM orders WHERE deleted_at IS NOT NULL AND deleted_at < now() - interval '30 days'" },
      },
      {
        code: 'DELETE FROM orders WHERE deleted_at IS NOT NULL RETURNING id',
        at: 'orders',
        message: "This purge removes deleted rows of 'orders', however young. Bound its age: 'deleted_at' before now() minus 30 days.",
        suggestions: { addAge: "DELETE FROM orders WHERE deleted_at IS NOT NULL AND deleted_at < now() - interval '30 days' RETURNING id" },
      },
      {
        code: 'DELETE FROM users WHERE id IN (SELECT id FROM users WHERE deleted_at IS NOT NULL LIMIT 1000)',
        at: 'users',
        message: "This purge removes deleted rows of 'users', however young. Bound its age: 'deleted_at' before now() minus 30 days.",
        suggestions: { addAge: "DELETE FROM users WHERE id IN (SELECT id FROM users WHERE deleted_at IS NOT NULL LIMIT 1000) AND deleted_at < now() - interval '30 days'" },
      },
      {
        code: 'DELETE FROM users WHERE deleted_at < now()',
        at: 'users',
        message: "This purge removes rows of 'users' after 0 days, but the manifest keeps them for 30 days. Raise the bound to 30 days.",
        suggestions: { addAge: "DELETE FROM users WHERE deleted_at < now() AND deleted_at < now() - interval '30 days'" },
      },
      // Younger than the manifest keeps them.
      {
        code: "DELETE FROM users WHERE deleted_at < now() - interval '7 days'",
        at: 'users',
        message: "This purge removes rows of 'users' after 7 days, but the manifest keeps them for 30 days. Raise the bound to 30 days.",
        suggestions: { addAge: "DELETE FROM users WHERE deleted_at < now() - interval '7 days' AND deleted_at < now() - interval '30 days'" },
      },
      {
        code: "DELETE FROM users WHERE deleted_at < now() - interval '24 hours'",
        at: 'users',
        message: "This purge removes rows of 'users' after 1 day, but the manifest keeps them for 30 days. Raise the bound to 30 days.",
        suggestions: { addAge: "DELETE FROM users WHERE deleted_at < now() - interval '24 hours' AND deleted_at < now() - interval '30 days'" },
      },
      {
        code: "DELETE FROM invoices WHERE deleted_at < now() - interval '30 days'",
        at: 'invoices',
        message: "This purge removes rows of 'invoices' after 30 days, but the manifest keeps them for 7 years. Raise the bound to 7 years.",
        suggestions: { addAge: "DELETE FROM invoices WHERE deleted_at < now() - interval '30 days' AND deleted_at < now() - interval '2555 days'" },
      },
      {
        code: 'DELETE FROM `users` WHERE `deleted_at` < DATE_SUB(NOW(), INTERVAL 7 DAY)', dialect: 'mysql',
        at: '`users`',
        message: "This purge removes rows of 'users' after 7 days, but the manifest keeps them for 30 days. Raise the bound to 30 days.",
        suggestions: { addAge: 'DELETE FROM `users` WHERE `deleted_at` < DATE_SUB(NOW(), INTERVAL 7 DAY) AND `deleted_at` < NOW() - INTERVAL 30 DAY' },
      },
      {
        code: "DELETE FROM users WHERE deleted_at < datetime('now', '-7 days')", dialect: 'sqlite',
        at: 'users',
        message: "This purge removes rows of 'users' after 7 days, but the manifest keeps them for 30 days. Raise the bound to 30 days.",
        suggestions: { addAge: "DELETE FROM users WHERE deleted_at < datetime('now', '-7 days') AND deleted_at < datetime('now', '-30 days')" },
      },
      {
        code: "DELETE FROM users WHERE deleted_at < now() - interval '30 days' OR (deleted_at IS NOT NULL AND blocked)",
        at: 'users',
        message: "This purge removes deleted rows of 'users', however young. Bound its age: 'deleted_at' before now() minus 30 days.",
        suggestions: { addAge: "DELETE FROM users WHERE (deleted_at < now() - interval '30 days' OR (deleted_at IS NOT NULL AND blocked)) AND deleted_at < now() - interval '30 days'" },
      },
      // It matches nothing.
      {
        code: "DELETE FROM users WHERE deleted_at IS NULL AND deleted_at < now() - interval '30 days'",
        at: 'users',
        message: "This DELETE never matches a row of 'users'. Its conditions on 'deleted_at' contradict each other.",
      },
      {
        code: 'DELETE FROM orders o WHERE o.deleted_at IS NULL AND o.deleted_at IS NOT NULL',
        at: 'orders o',
        message: "This DELETE never matches a row of 'orders' (o). Its conditions on 'deleted_at' contradict each other.",
      },
      // Other forms of tombstones.
      {
        code: 'DELETE FROM accounts WHERE is_deleted',
        at: 'accounts',
        message: "This purge removes deleted rows of 'accounts', however young. Bound its age by a timestamp: 'is_deleted' does not say when.",
      },
      {
        code: 'DELETE FROM `products` WHERE `deleted` = 1', dialect: 'mysql',
        at: '`products`',
        message: "This purge removes deleted rows of 'products', however young. Bound its age by a timestamp: 'deleted' does not say when.",
      },
      {
        code: "DELETE FROM tickets WHERE status = 'deleted'",
        at: 'tickets',
        message: "This purge removes deleted rows of 'tickets', however young. Bound its age by a timestamp: 'status' does not say when.",
      },
      {
        code: 'DELETE FROM projects WHERE is_deleted AND deleted_at IS NOT NULL',
        at: 'projects',
        message: "This purge removes deleted rows of 'projects', however young. Bound its age: 'deleted_at' before now() minus 30 days.",
        suggestions: { addAge: "DELETE FROM projects WHERE is_deleted AND deleted_at IS NOT NULL AND deleted_at < now() - interval '30 days'" },
      },
      {
        code: 'DELETE FROM documents WHERE archived_at IS NOT NULL',
        at: 'documents',
        message: "This purge removes deleted rows of 'documents', however young. Bound its age: 'deleted_at' and 'archived_at' before now() minus 30 days.",
      },
      {
        code: "DELETE FROM contracts WHERE deleted_at <> '9999-12-31'",
        at: 'contracts',
        message: "This purge removes deleted rows of 'contracts', however young. Bound its age: 'deleted_at' before now() minus 30 days.",
        suggestions: { addAge: "DELETE FROM contracts WHERE deleted_at <> '9999-12-31' AND deleted_at < now() - interval '30 days'" },
      },
      {
        code: 'DELETE FROM "blogPosts" WHERE "deletedAt" IS NOT NULL',
        at: '"blogPosts"',
        message: "This purge removes deleted rows of 'blogPosts', however young. Bound its age: 'deletedAt' before now() minus 30 days.",
        suggestions: { addAge: `DELETE FROM "blogPosts" WHERE "deletedAt" IS NOT NULL AND "deletedAt" < now() - interval '30 days'` },
      },
      {
        code: 'MERGE INTO users u USING events e ON e.user_id = u.id WHEN MATCHED AND u.deleted_at IS NOT NULL THEN DELETE',
        at: 'users u',
        message: "This purge removes deleted rows of 'users' (u), however young. Bound its age: 'deleted_at' before now() minus 30 days.",
      },
    ],
  },
  ts: {
    valid: [
      'await sql`DELETE FROM users WHERE deleted_at < ${limit}`;',
      "await pool.query(`DELETE FROM users WHERE deleted_at < now() - interval '30 days'`);",
    ],
    invalid: [
      {
        code: 'await sql`DELETE FROM users WHERE deleted_at IS NOT NULL`;',
        at: 'users',
        message: "This purge removes deleted rows of 'users', however young. Bound its age: 'deleted_at' before now() minus 30 days.",
        suggestions: { addAge: "await sql`DELETE FROM users WHERE deleted_at IS NOT NULL AND deleted_at < now() - interval '30 days'`;" },
      },
      {
        code: "await pool.query(`DELETE FROM users WHERE deleted_at < now() - interval '14 days'`);",
        at: 'users',
        message: "This purge removes rows of 'users' after 14 days, but the manifest keeps them for 30 days. Raise the bound to 30 days.",
        suggestions: { addAge: "await pool.query(`DELETE FROM users WHERE deleted_at < now() - interval '14 days' AND deleted_at < now() - interval '30 days'`);" },
      },
      {
        code: "await pool.query('DELETE FROM orders WHERE deleted_at IS NOT NULL');",
        at: 'orders',
        message: "This purge removes deleted rows of 'orders', however young. Bound its age: 'deleted_at' before now() minus 30 days.",
        suggestions: { addAge: "await pool.query('DELETE FROM orders WHERE deleted_at IS NOT NULL AND deleted_at < now() - interval \\'30 days\\'');" },
      },
    ],
  },
});

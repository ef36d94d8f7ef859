import { testRule } from './tester.js';

testRule('require-live-update', {
  sql: {
    valid: [
      'UPDATE users SET name = $2 WHERE team_id = $1 AND deleted_at IS NULL',
      'UPDATE users u SET name = $2 WHERE u.team_id = $1 AND u.deleted_at IS NULL',
      'UPDATE users SET seen = true FROM events e WHERE e.user_id = users.id AND users.deleted_at IS NULL',
      'UPDATE accounts SET name = $2 WHERE owner = $1 AND NOT is_deleted',
      { code: 'UPDATE `products` SET `price` = `price` * 2 WHERE `deleted` = 0', dialect: 'mysql' },
      'UPDATE documents SET name = $2 WHERE team_id = $1 AND deleted_at IS NULL AND archived_at IS NULL',
      "UPDATE tickets SET owner = NULL WHERE owner = $1 AND status <> 'deleted'",
      // By the key: the row was read before, most often.
      'UPDATE users SET name = $2 WHERE id = $1',
      'UPDATE users SET name = $2 WHERE email = $1',
      'UPDATE members SET role = $3 WHERE team_id = $1 AND user_id = $2',
      'UPDATE users SET name = v.name FROM (VALUES (1, $1)) AS v (id, name) WHERE v.id = users.id',
      // Tombstones alone.
      'UPDATE users SET email = NULL WHERE deleted_at IS NOT NULL',
      // A restore, and soft deletes: no-restamp.
      'UPDATE users SET deleted_at = NULL WHERE team_id = $1',
      'UPDATE users SET deleted_at = now() WHERE team_id = $1',
      'UPDATE users SET deleted_at = coalesce(deleted_at, $2) WHERE team_id = $1',
      'UPDATE users SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() ELSE deleted_at END WHERE team_id = $1',
      // Said to be meant.
      'UPDATE users SET email = lower(email) /* includes-deleted: the new unique key covers all rows */',
      { code: 'UPDATE users SET email = NULL', filename: 'queries/trash/forget.sql' },
      // It runs once.
      { code: 'UPDATE users SET email = lower(email)', filename: 'db/migrations/0007.sql' },
      'UPDATE sessions SET seen = true',
    ],
    invalid: [
      {
        code: 'UPDATE users SET name = $2 WHERE team_id = $1',
        at: 'users',
        message: "Deleted rows of 'users' are changed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE users SET name = $2 WHERE team_id = $1 AND deleted_at IS NULL' },
      },
      {
        code: 'UPDATE users SET active = false',
        at: 'users',
        message: "Deleted rows of 'users' are changed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE users SET active = false WHERE deleted_at IS NULL' },
      },
      {
        code: 'UPDATE users AS u SET name = lower(u.name) WHERE u.name IS NOT NULL RETURNING u.id',
        at: 'users AS u',
        message: "Deleted rows of 'users' (u) are changed too. Add 'u.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE users AS u SET name = lower(u.name) WHERE u.name IS NOT NULL AND u.deleted_at IS NULL RETURNING u.id' },
      },
      {
        code: 'UPDATE users SET seen = true FROM events e WHERE e.user = users.name',
        at: 'users',
        message: "Deleted rows of 'users' are changed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE users SET seen = true FROM events e WHERE e.user = users.name AND users.deleted_at IS NULL' },
      },
      {
        code: 'UPDATE users SET name = $2 WHERE deleted_at IS NULL AND team_id = $1 OR admin',
        at: 'users',
        message: "Deleted rows of 'users' are changed too. Put 'users.deleted_at IS NULL' outside of the OR, which lets them through.",
        suggestions: { addFilter: 'UPDATE users SET name = $2 WHERE (deleted_at IS NULL AND team_id = $1 OR admin) AND deleted_at IS NULL' },
      },
      {
        code: 'WITH touched AS (UPDATE users SET seen = true WHERE team_id = $1 RETURNING id) SELECT id FROM touched',
        at: 'users',
        message: "Deleted rows of 'users' are changed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'WITH touched AS (UPDATE users SET seen = true WHERE team_id = $1 AND deleted_at IS NULL RETURNING id) SELECT id FROM touched' },
      },
      {
        code: 'MERGE INTO users u USING events e ON e.name = u.name WHEN MATCHED THEN UPDATE SET seen = true',
        at: 'users u',
        message: "Deleted rows of 'users' (u) are changed too. Add 'u.deleted_at IS NULL' to its WHEN.",
      },
      // A time that the caller decides.
      {
        code: 'UPDATE users SET deleted_at = $2 WHERE team_id = $1',
        at: 'users',
        message: "The 'deleted_at' of rows of 'users' that are deleted already can be overwritten. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE users SET deleted_at = $2 WHERE team_id = $1 AND deleted_at IS NULL' },
      },
      // Other forms of tombstones.
      {
        code: 'UPDATE accounts SET name = $2 WHERE owner = $1',
        at: 'accounts',
        message: "Deleted rows of 'accounts' are changed too. Add 'accounts.is_deleted = FALSE' to the WHERE.",
        suggestions: { addFilter: 'UPDATE accounts SET name = $2 WHERE owner = $1 AND is_deleted = FALSE' },
      },
      {
        code: 'UPDATE `products` SET `price` = `price` * 2 WHERE `price` < 10', dialect: 'mysql',
        at: '`products`',
        message: "Deleted rows of 'products' are changed too. Add 'products.deleted = 0' to the WHERE.",
        suggestions: { addFilter: 'UPDATE `products` SET `price` = `price` * 2 WHERE `price` < 10 AND `deleted` = 0' },
      },
      {
        code: 'UPDATE users SET active = 0 WHERE team_id = ?', dialect: 'sqlite',
        at: 'users',
        message: "Deleted rows of 'users' are changed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE users SET active = 0 WHERE team_id = ? AND deleted_at IS NULL' },
      },
      {
        code: 'UPDATE offers SET price = 3 WHERE team_id = $1',
        at: 'offers',
        message: "Deleted rows of 'offers' are changed too. Add '(offers.deleted_at IS NULL OR offers.deleted_at > now())' to the WHERE.",
        suggestions: { addFilter: 'UPDATE offers SET price = 3 WHERE team_id = $1 AND (deleted_at IS NULL OR deleted_at > now())' },
      },
      {
        code: 'UPDATE documents SET name = $2 WHERE team_id = $1 AND deleted_at IS NULL',
        at: 'documents',
        message: "Deleted rows of 'documents' are changed too. Add 'documents.archived_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE documents SET name = $2 WHERE team_id = $1 AND deleted_at IS NULL AND archived_at IS NULL' },
      },
      {
        code: 'UPDATE tickets SET owner = NULL WHERE owner = $1',
        at: 'tickets',
        message: "Deleted rows of 'tickets' are changed too. Add `tickets.status <> 'deleted'` to the WHERE.",
        suggestions: { addFilter: "UPDATE tickets SET owner = NULL WHERE owner = $1 AND status <> 'deleted'" },
      },
      {
        code: 'UPDATE "blogPosts" SET title = $2 WHERE author = $1',
        at: '"blogPosts"',
        message: `Deleted rows of 'blogPosts' are changed too. Add '"blogPosts"."deletedAt" IS NULL' to the WHERE.`,
        suggestions: { addFilter: 'UPDATE "blogPosts" SET title = $2 WHERE author = $1 AND "deletedAt" IS NULL' },
      },
      {
        code: 'UPDATE billing.payments SET paid = true WHERE invoice = $1',
        at: 'billing.payments',
        message: "Deleted rows of 'billing.payments' are changed too. Add 'payments.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE billing.payments SET paid = true WHERE invoice = $1 AND deleted_at IS NULL' },
      },
      // By the key, where the options ask for it.
      {
        code: 'UPDATE users SET name = $2 WHERE id = $1', options: [{ byKey: 'report' }],
        at: 'users',
        message: "Deleted rows of 'users' are changed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE users SET name = $2 WHERE id = $1 AND deleted_at IS NULL' },
      },
      {
        code: 'UPDATE members SET role = $3 WHERE team_id = $1 AND user_id = $2', options: [{ byKey: 'report' }],
        at: 'members',
        message: "Deleted rows of 'members' are changed too. Add 'members.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE members SET role = $3 WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL' },
      },
    ],
  },
  ts: {
    valid: [
      'await sql`UPDATE users SET name = ${name} WHERE team_id = ${id} AND deleted_at IS NULL`;',
      "await pool.query('UPDATE users SET name = $2 WHERE id = $1', [id, name]);",
      'await sql`UPDATE users SET seen = true ${condition}`;',
    ],
    invalid: [
      // A list that cannot be seen is taken for an edit.
      {
        code: 'await sql`UPDATE users SET ${sql(values)} WHERE team_id = ${id} AND active`;',
        at: 'users',
        message: "Deleted rows of 'users' are changed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'await sql`UPDATE users SET ${sql(values)} WHERE team_id = ${id} AND active AND deleted_at IS NULL`;' },
      },
      {
        code: 'await sql`UPDATE users SET seen = true ${condition}`;', unknown: 'report',
        at: 'users',
        message: "Deleted rows of 'users' may be changed too. Write 'users.deleted_at IS NULL' where it can be seen, or give the reason in a comment: 'includes-deleted: ..'.",
      },
      {
        code: 'await sql`UPDATE users SET name = ${name} WHERE team_id = ${id}`;',
        at: 'users',
        message: "Deleted rows of 'users' are changed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'await sql`UPDATE users SET name = ${name} WHERE deleted_at IS NULL AND team_id = ${id}`;' },
      },
      {
        code: "await pool.query('UPDATE users SET active = false WHERE team_id = $1', [id]);",
        at: 'users',
        message: "Deleted rows of 'users' are changed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: "await pool.query('UPDATE users SET active = false WHERE team_id = $1 AND deleted_at IS NULL', [id]);" },
      },
      {
        code: 'await sql`UPDATE users SET name = ${name} WHERE id = ${id}`;', options: [{ byKey: 'report' }],
        at: 'users',
        message: "Deleted rows of 'users' are changed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'await sql`UPDATE users SET name = ${name} WHERE deleted_at IS NULL AND id = ${id}`;' },
      },
    ],
  },
});

import { testRule } from './tester.js';

testRule('valid-tombstone-predicate', {
  sql: {
    valid: [
      'SELECT id FROM users WHERE deleted_at IS NULL',
      'SELECT id FROM users WHERE deleted_at IS NOT NULL',
      'SELECT id FROM users u WHERE "u"."deleted_at" IS NULL',
      'SELECT id FROM users WHERE deleted_at IS NOT DISTINCT FROM NULL',
      { code: 'SELECT id FROM users WHERE deleted_at <=> NULL', dialect: 'mysql' },
      'SELECT id FROM users WHERE deleted_at = $1',
      'SELECT id FROM users WHERE deleted_at IN ($1, $2)',
      'SELECT id FROM accounts WHERE is_deleted = FALSE',
      'SELECT id FROM accounts WHERE is_deleted IS NOT TRUE AND NOT is_deleted',
      { code: 'SELECT id FROM products WHERE deleted <> 1', dialect: 'mysql' },
      "SELECT id FROM tickets WHERE status IN ('open', 'closed')",
      'UPDATE users SET deleted_at = NULL WHERE id = $1',
      // Not a condition, and one that is there as well.
      'SELECT id FROM users WHERE deleted_at IS NULL /* deleted_at IS NULL */',
      // Of another column, and of another table.
      'SELECT id FROM users WHERE deleted_at IS NULL AND parent = NULL',
      'SELECT id FROM sessions WHERE deleted_at = NULL',
      // A trash of two tables: one is filtered, the other is not.
      'SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL AND o.deleted_at IS NOT NULL',
      // Said to be meant.
      'SELECT /* includes-deleted: the audit names everybody */ u.id FROM users u WHERE u.name = $1 -- AND u.deleted_at IS NULL',
      { code: 'SELECT u.id FROM users u WHERE u.name = $1 -- AND u.deleted_at IS NULL', filename: 'db/trash/list.sql' },
      { code: 'UPDATE users SET name = $1 WHERE name = $2 -- AND deleted_at IS NULL', filename: 'db/migrations/20240102.sql' },
      // A DELETE that matches nothing: require-purge-age.
      'DELETE FROM users WHERE deleted_at IS NULL AND deleted_at IS NOT NULL',
    ],
    invalid: [
      {
        code: 'SELECT u.id FROM users u WHERE u.name = $1 -- AND u.deleted_at IS NULL\nORDER BY u.name',
        at: '-- AND u.deleted_at IS NULL',
        message: "The condition on 'deleted_at' of 'users' (u) is commented out. Write 'u.deleted_at IS NULL', or remove the comment.",
        suggestions: { addFilter: 'SELECT u.id FROM users u WHERE u.name = $1 AND u.deleted_at IS NULL -- AND u.deleted_at IS NULL\nORDER BY u.name' },
      },
      {
        code: 'SELECT id FROM users WHERE deleted_at = NULL',
        at: 'deleted_at = NULL',
        message: "Comparing 'deleted_at' of 'users' with NULL is never true. Write 'users.deleted_at IS NULL'.",
        suggestions: { replace: 'SELECT id FROM users WHERE deleted_at IS NULL' },
      },
      {
        code: 'SELECT u.id FROM users u WHERE NULL = u.deleted_at',
        at: 'NULL = u.deleted_at',
        message: "Comparing 'deleted_at' of 'users' (u) with NULL is never true. Write 'u.deleted_at IS NULL'.",
        suggestions: { replace: 'SELECT u.id FROM users u WHERE u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT id FROM users WHERE deleted_at <> NULL',
        at: 'deleted_at <> NULL',
        message: "Comparing 'deleted_at' of 'users' with NULL is never true. Write 'users.deleted_at IS NOT NULL'.",
        suggestions: { replace: 'SELECT id FROM users WHERE deleted_at IS NOT NULL' },
      },
      {
        code: 'SELECT id FROM users WHERE deleted_at != NULL AND name = $1',
        at: 'deleted_at != NULL',
        message: "Comparing 'deleted_at' of 'users' with NULL is never true. Write 'users.deleted_at IS NOT NULL'.",
        suggestions: { replace: 'SELECT id FROM users WHERE deleted_at IS NOT NULL AND name = $1' },
      },
      {
        code: 'SELECT id FROM users WHERE deleted_at IN (NULL)',
        at: 'deleted_at IN (NULL)',
        message: "Comparing 'deleted_at' of 'users' with NULL is never true. Write 'users.deleted_at IS NULL'.",
        suggestions: { replace: 'SELECT id FROM users WHERE deleted_at IS NULL' },
      },
      {
        code: 'SELECT id FROM users WHERE deleted_at NOT IN (NULL)',
        at: 'deleted_at NOT IN (NULL)',
        message: "Comparing 'deleted_at' of 'users' with NULL is never true. Write 'users.deleted_at IS NOT NULL'.",
        suggestions: { replace: 'SELECT id FROM users WHERE deleted_at IS NOT NULL' },
      },
      {
        code: 'SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id AND o.deleted_at = NULL WHERE u.deleted_at IS NULL',
        at: 'o.deleted_at = NULL',
        message: "Comparing 'deleted_at' of 'orders' (o) with NULL is never true. Write 'o.deleted_at IS NULL'.",
        suggestions: { replace: 'SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id AND o.deleted_at IS NULL WHERE u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number AND o.deleted_at = NULL)',
        at: 'o.deleted_at = NULL',
        message: "Comparing 'deleted_at' of 'orders' (o) with NULL is never true. Write 'o.deleted_at IS NULL'.",
        suggestions: { replace: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number AND o.deleted_at IS NULL)' },
      },
      {
        code: 'UPDATE users SET name = $2 WHERE id = $1 AND deleted_at = NULL',
        at: 'deleted_at = NULL',
        message: "Comparing 'deleted_at' of 'users' with NULL is never true. Write 'users.deleted_at IS NULL'.",
        suggestions: { replace: 'UPDATE users SET name = $2 WHERE id = $1 AND deleted_at IS NULL' },
      },
      {
        code: 'DELETE FROM users WHERE id = $1 AND deleted_at <> NULL',
        at: 'deleted_at <> NULL',
        message: "Comparing 'deleted_at' of 'users' with NULL is never true. Write 'users.deleted_at IS NOT NULL'.",
        suggestions: { replace: 'DELETE FROM users WHERE id = $1 AND deleted_at IS NOT NULL' },
      },
      // One name where two were meant.
      {
        code: 'SELECT u.id FROM users u WHERE "u.deleted_at" IS NULL',
        at: '"u.deleted_at" IS NULL',
        message: "The quotes make one name of table and 'deleted_at', which 'users' (u) does not have. Quote each part: 'u.deleted_at IS NULL'.",
        suggestions: { replace: 'SELECT u.id FROM users u WHERE u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT u.id FROM users u WHERE "u.deleted_at" IS NOT NULL',
        at: '"u.deleted_at" IS NOT NULL',
        message: "The quotes make one name of table and 'deleted_at', which 'users' (u) does not have. Quote each part: 'u.deleted_at IS NOT NULL'.",
        suggestions: { replace: 'SELECT u.id FROM users u WHERE u.deleted_at IS NOT NULL' },
      },
      {
        code: 'SELECT u.id FROM users u WHERE `u.deleted_at` IS NULL', dialect: 'mysql',
        at: '`u.deleted_at` IS NULL',
        message: "The quotes make one name of table and 'deleted_at', which 'users' (u) does not have. Quote each part: 'u.deleted_at IS NULL'.",
        suggestions: { replace: 'SELECT u.id FROM users u WHERE u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT u.id FROM users u WHERE "u.deleted_at" > now()',
        at: '"u.deleted_at"',
        message: "The quotes make one name of table and 'deleted_at', which 'users' (u) does not have. Quote each part: 'u.deleted_at IS NULL'.",
      },
      // Contradictions.
      {
        code: 'SELECT id FROM users WHERE deleted_at IS NULL AND deleted_at > $1',
        at: 'deleted_at IS NULL',
        message: "The conditions on 'deleted_at' of 'users' contradict each other, so that no row passes. Keep one of them.",
      },
      {
        code: 'SELECT id FROM users u WHERE u.deleted_at IS NOT NULL AND u.name = $1 AND u.deleted_at IS NULL',
        at: 'u.deleted_at IS NOT NULL',
        message: "The conditions on 'deleted_at' of 'users' (u) contradict each other, so that no row passes. Keep one of them.",
      },
      {
        code: 'SELECT id FROM accounts WHERE is_deleted AND NOT is_deleted',
        at: 'is_deleted',
        message: "The conditions on 'is_deleted' of 'accounts' contradict each other, so that no row passes. Keep one of them.",
      },
      {
        code: 'SELECT id FROM products WHERE deleted = 1 AND deleted = 0', dialect: 'mysql',
        at: 'deleted = 1',
        message: "The conditions on 'deleted' of 'products' contradict each other, so that no row passes. Keep one of them.",
      },
      // Inverted.
      {
        code: 'SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NOT NULL AND o.deleted_at IS NOT NULL',
        errors: [
          {
            at: 'u.deleted_at IS NOT NULL',
            message: "Only deleted rows of 'users' (u) pass here. If live ones are meant, write 'u.deleted_at IS NULL'.",
            suggestions: { replace: 'SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL AND o.deleted_at IS NOT NULL' },
          },
          {
            at: 'o.deleted_at IS NOT NULL',
            message: "Only deleted rows of 'orders' (o) pass here. If live ones are meant, write 'o.deleted_at IS NULL'.",
            suggestions: { replace: 'SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NOT NULL AND o.deleted_at IS NULL' },
          },
        ],
      },
      // Other forms of tombstones.
      {
        code: 'SELECT id FROM accounts WHERE is_deleted = NULL',
        at: 'is_deleted = NULL',
        message: "Comparing 'is_deleted' of 'accounts' with NULL is never true. Write 'accounts.is_deleted = FALSE'.",
        suggestions: { replace: 'SELECT id FROM accounts WHERE is_deleted = FALSE' },
      },
      {
        code: 'SELECT id FROM products WHERE deleted = NULL', dialect: 'mysql',
        at: 'deleted = NULL',
        message: "Comparing 'deleted' of 'products' with NULL is never true. Write 'products.deleted = 0'.",
        suggestions: { replace: 'SELECT id FROM products WHERE deleted = 0' },
      },
      {
        code: 'SELECT id FROM "blogPosts" WHERE "deletedAt" = NULL',
        at: '"deletedAt" = NULL',
        message: `Comparing 'deletedAt' of 'blogPosts' with NULL is never true. Write '"blogPosts"."deletedAt" IS NULL'.`,
        suggestions: { replace: 'SELECT id FROM "blogPosts" WHERE "deletedAt" IS NULL' },
      },
      {
        code: 'SELECT id FROM documents WHERE deleted_at IS NULL AND archived_at = NULL',
        at: 'archived_at = NULL',
        message: "Comparing 'archived_at' of 'documents' with NULL is never true. Write 'documents.archived_at IS NULL'.",
        suggestions: { replace: 'SELECT id FROM documents WHERE deleted_at IS NULL AND archived_at IS NULL' },
      },
    ],
  },
  ts: {
    valid: [
      'await sql`SELECT id FROM users WHERE deleted_at IS NULL AND name = ${name}`;',
      'await sql`SELECT id FROM users WHERE deleted_at = ${time}`;',
    ],
    invalid: [
      {
        code: 'await sql`SELECT id FROM users WHERE deleted_at = NULL AND name = ${name}`;',
        at: 'deleted_at = NULL',
        message: "Comparing 'deleted_at' of 'users' with NULL is never true. Write 'users.deleted_at IS NULL'.",
        suggestions: { replace: 'await sql`SELECT id FROM users WHERE deleted_at IS NULL AND name = ${name}`;' },
      },
      {
        code: "await pool.query('SELECT id FROM users WHERE deleted_at != NULL');",
        at: 'deleted_at != NULL',
        message: "Comparing 'deleted_at' of 'users' with NULL is never true. Write 'users.deleted_at IS NOT NULL'.",
        suggestions: { replace: "await pool.query('SELECT id FROM users WHERE deleted_at IS NOT NULL');" },
      },
      {
        code: `await pool.query('SELECT u.id FROM users u WHERE "u.deleted_at" IS NULL');`,
        at: '"u.deleted_at" IS NULL',
        message: "The quotes make one name of table and 'deleted_at', which 'users' (u) does not have. Quote each part: 'u.deleted_at IS NULL'.",
        suggestions: { replace: "await pool.query('SELECT u.id FROM users u WHERE u.deleted_at IS NULL');" },
      },
    ],
  },
});

import { testRule } from './tester.js';

testRule('require-live-filter', {
  sql: {
    valid: [
      // The caller decides.
      'SELECT id FROM accounts WHERE owner = $1 AND is_deleted = $2',
      // Also of the row that is found by the keys of those that it asked for.
      'SELECT a.* FROM accounts a JOIN (SELECT b.id FROM accounts b WHERE b.id = $1 AND b.is_deleted = $2 UNION ALL SELECT c.id FROM accounts c WHERE c.owner = $1 AND c.is_deleted = $2) found ON found.id = a.id LIMIT 1',
      'SELECT u.* FROM users u JOIN (SELECT v.email FROM users v WHERE v.name = $1 AND (v.deleted_at IS NULL OR v.deleted_at >= $2)) found ON found.email = u.email',
      'SELECT id FROM users WHERE deleted_at IS NULL',
      'SELECT u.id FROM users AS u WHERE u.name = $1 AND (u.deleted_at IS NULL AND u.age > 3)',
      'SELECT id FROM users WHERE NOT (deleted_at IS NOT NULL)',
      'SELECT id FROM users WHERE deleted_at IS NOT DISTINCT FROM NULL',
      'SELECT id FROM users WHERE (deleted_at IS NULL AND a = 1) OR (deleted_at IS NULL AND b = 2)',
      // The trash.
      'SELECT id FROM users WHERE deleted_at IS NOT NULL',
      'SELECT id FROM users WHERE deleted_at > $1',
      // Other forms of tombstones.
      'SELECT id FROM accounts WHERE NOT is_deleted',
      'SELECT id FROM accounts WHERE is_deleted = FALSE',
      'SELECT id FROM accounts WHERE is_deleted IS NOT TRUE',
      { code: 'SELECT id FROM `products` WHERE `deleted` = 0', dialect: 'mysql' },
      'SELECT id FROM offers WHERE deleted_at IS NULL OR deleted_at > now()',
      // The statement says itself which tombstones it wants.
      'SELECT id FROM users WHERE deleted_at IS NULL OR deleted_at >= $1',
      'SELECT u.id FROM users u WHERE (u.deleted_at IS NULL OR u.deleted_at >= (SELECT min(day) FROM days)) AND u.name = $1',
      'SELECT id FROM accounts WHERE deleted_at IS NULL',
      // Keys of rows that are joined to the live ones again, to tell which there are.
      'WITH found AS ((SELECT user_id AS id FROM events LIMIT 10) UNION (SELECT u.id FROM users u WHERE u.score > 0 LIMIT 10)) SELECT f.id, l.id IS NOT NULL AS live FROM found f LEFT JOIN users l ON l.id = f.id AND l.deleted_at IS NULL',
      'SELECT deleted_at FROM users WHERE name = $1',
      'SELECT id FROM documents d WHERE d.deleted_at IS NULL AND d.archived_at IS NULL',
      "SELECT id FROM tickets WHERE status IN ('open', 'closed')",
      "SELECT id FROM contracts WHERE deleted_at = '9999-12-31'",
      'SELECT id FROM "blogPosts" WHERE "deletedAt" IS NULL',
      // The filter counts where nothing that folds rows lies between.
      'SELECT u.id FROM (SELECT * FROM users) u WHERE u.deleted_at IS NULL',
      'WITH live AS (SELECT * FROM users WHERE deleted_at IS NULL) SELECT id FROM live',
      'WITH everyone AS (SELECT * FROM users) SELECT id FROM everyone WHERE deleted_at IS NULL',
      'SELECT id FROM users WHERE deleted_at IS NULL UNION ALL SELECT id FROM accounts WHERE NOT is_deleted',
      // Nothing to filter.
      'SELECT id FROM sessions',
      'SELECT id FROM live_users',
      'WITH users AS (SELECT 1 AS id) SELECT id FROM users',
      'INSERT INTO users (email) VALUES ($1)',
      // Said to be meant.
      'SELECT /* includes-deleted: audit export */ id FROM users',
      { code: 'SELECT id FROM users', filename: 'queries/trash/list.sql' },
      // It runs once, and leaves nothing behind that reads.
      { code: 'INSERT INTO events (user_id) SELECT id FROM users', filename: 'db/migrations/0007.sql' },
      // What other rules report.
      'SELECT id FROM users WHERE id = $1',
      'SELECT count(*) FROM users',
      'SELECT o.id FROM orders o WHERE o.deleted_at IS NULL AND EXISTS (SELECT 1 FROM users u WHERE u.name = o.name)',
      'SELECT id FROM users u WHERE "u.deleted_at" IS NULL',
    ],
    invalid: [
      {
        // No word of which are live, a join to others, more than the keys.
        code: 'WITH found AS (SELECT u.id FROM users u WHERE u.score > 0 LIMIT 10) SELECT f.id, o.name FROM found f LEFT JOIN orders o ON o.id = f.id AND o.deleted_at IS NULL',
        at: 'users u',
        message: "Deleted rows of 'users' (u) are listed too. Add 'u.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'WITH found AS (SELECT u.id FROM users u WHERE u.score > 0 AND u.deleted_at IS NULL LIMIT 10) SELECT f.id, o.name FROM found f LEFT JOIN orders o ON o.id = f.id AND o.deleted_at IS NULL' },
      },
      {
        code: 'WITH found AS (SELECT u.id, u.name FROM users u WHERE u.score > 0 LIMIT 10) SELECT f.id, f.name, l.id IS NOT NULL AS live FROM found f LEFT JOIN users l ON l.id = f.id AND l.deleted_at IS NULL',
        at: 'users u',
        message: "Deleted rows of 'users' (u) are listed too. Add 'u.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'WITH found AS (SELECT u.id, u.name FROM users u WHERE u.score > 0 AND u.deleted_at IS NULL LIMIT 10) SELECT f.id, f.name, l.id IS NOT NULL AS live FROM found f LEFT JOIN users l ON l.id = f.id AND l.deleted_at IS NULL' },
      },
      {
        // One of the two ways to a row asks for none.
        code: 'SELECT a.* FROM accounts a JOIN (SELECT b.id FROM accounts b WHERE b.id = $1 AND b.is_deleted = $2 UNION ALL SELECT c.owner FROM accounts c WHERE c.owner = $1 AND c.is_deleted = $2) found ON found.id = a.id LIMIT 1',
        at: 'accounts a',
        message: "Deleted rows of 'accounts' (a) are listed too. Add 'a.is_deleted = FALSE' to the WHERE.",
        suggestions: { addFilter: 'SELECT a.* FROM accounts a JOIN (SELECT b.id FROM accounts b WHERE b.id = $1 AND b.is_deleted = $2 UNION ALL SELECT c.owner FROM accounts c WHERE c.owner = $1 AND c.is_deleted = $2) found ON found.id = a.id WHERE a.is_deleted = FALSE LIMIT 1' },
      },
      {
        code: 'SELECT id FROM users',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT id FROM users WHERE deleted_at IS NULL' },
      },
      {
        code: 'SELECT u.id FROM users AS u WHERE u.name = $1 ORDER BY u.name LIMIT 10',
        at: 'users AS u',
        message: "Deleted rows of 'users' (u) are listed too. Add 'u.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT u.id FROM users AS u WHERE u.name = $1 AND u.deleted_at IS NULL ORDER BY u.name LIMIT 10' },
      },
      {
        code: 'SELECT id FROM users WHERE id > $1;\nSELECT id FROM users u;',
        errors: [
          {
            at: 'users',
            message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
            suggestions: { addFilter: 'SELECT id FROM users WHERE id > $1 AND deleted_at IS NULL;\nSELECT id FROM users u;' },
          },
          {
            at: 'users u',
            message: "Deleted rows of 'users' (u) are listed too. Add 'u.deleted_at IS NULL' to the WHERE.",
            suggestions: { addFilter: 'SELECT id FROM users WHERE id > $1;\nSELECT id FROM users u WHERE u.deleted_at IS NULL;' },
          },
        ],
      },
      {
        code: 'SELECT * FROM billing.payments p',
        at: 'billing.payments p',
        message: "Deleted rows of 'billing.payments' (p) are listed too. Add 'p.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT * FROM billing.payments p WHERE p.deleted_at IS NULL' },
      },
      {
        code: 'SELECT `u`.`id` FROM `users` AS `u` WHERE `u`.`name` = ?', dialect: 'mysql',
        at: '`users` AS `u`',
        message: "Deleted rows of 'users' (u) are listed too. Add 'u.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT `u`.`id` FROM `users` AS `u` WHERE `u`.`name` = ? AND `u`.`deleted_at` IS NULL' },
      },
      {
        code: 'SELECT id FROM users WHERE name = ?1', dialect: 'sqlite',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT id FROM users WHERE name = ?1 AND deleted_at IS NULL' },
      },
      // An OR lets rows escape.
      {
        code: 'SELECT u.id FROM users u, offers o WHERE u.deleted_at IS NULL OR o.deleted_at IS NULL',
        at: 'users u',
        message: "Deleted rows of 'users' (u) are listed too. Put 'u.deleted_at IS NULL' outside of the OR, which lets them through.",
        suggestions: { addFilter: 'SELECT u.id FROM users u, offers o WHERE (u.deleted_at IS NULL OR o.deleted_at IS NULL) AND u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT id FROM users WHERE deleted_at IS NULL AND a = 1 OR b = 2',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Put 'users.deleted_at IS NULL' outside of the OR, which lets them through.",
        suggestions: { addFilter: 'SELECT id FROM users WHERE (deleted_at IS NULL AND a = 1 OR b = 2) AND deleted_at IS NULL' },
      },
      {
        code: 'SELECT id FROM users u WHERE u.deleted_at IS NULL OR u.admin',
        at: 'users u',
        message: "Deleted rows of 'users' (u) are listed too. Put 'u.deleted_at IS NULL' outside of the OR, which lets them through.",
        suggestions: { addFilter: 'SELECT id FROM users u WHERE (u.deleted_at IS NULL OR u.admin) AND u.deleted_at IS NULL' },
      },
      // The ON of an outer join keeps the preserved side.
      {
        code: 'SELECT u.id FROM users u LEFT JOIN orders o ON o.user_id = u.id AND u.deleted_at IS NULL AND o.deleted_at IS NULL',
        at: 'users u',
        message: "Deleted rows of 'users' (u) are listed too. Move 'u.deleted_at IS NULL' to the WHERE: the ON of an outer join keeps these rows.",
        suggestions: { addFilter: 'SELECT u.id FROM users u LEFT JOIN orders o ON o.user_id = u.id AND u.deleted_at IS NULL AND o.deleted_at IS NULL WHERE u.deleted_at IS NULL' },
      },
      // The filter comes after rows are folded.
      {
        code: 'SELECT id FROM (SELECT * FROM users ORDER BY created_at LIMIT 10) newest WHERE deleted_at IS NULL',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Move 'users.deleted_at IS NULL' into the subquery: outside it comes too late.",
        suggestions: { addFilter: 'SELECT id FROM (SELECT * FROM users WHERE deleted_at IS NULL ORDER BY created_at LIMIT 10) newest WHERE deleted_at IS NULL' },
      },
      {
        code: 'SELECT id FROM (SELECT id, deleted_at, row_number() OVER (ORDER BY id) AS place FROM users) ranked WHERE deleted_at IS NULL',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Move 'users.deleted_at IS NULL' into the subquery: outside it comes too late.",
        suggestions: { addFilter: 'SELECT id FROM (SELECT id, deleted_at, row_number() OVER (ORDER BY id) AS place FROM users WHERE deleted_at IS NULL) ranked WHERE deleted_at IS NULL' },
      },
      // The other alias is filtered.
      {
        code: 'SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id WHERE o.deleted_at IS NULL AND o.deleted_at IS NULL',
        at: 'users u',
        message: "Deleted rows of 'users' (u) are listed too. Add 'u.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id WHERE o.deleted_at IS NULL AND o.deleted_at IS NULL AND u.deleted_at IS NULL' },
      },
      // One branch, one arm.
      {
        code: 'SELECT id FROM users WHERE deleted_at IS NULL UNION SELECT id FROM accounts',
        at: 'accounts',
        message: "Deleted rows of 'accounts' are listed too. Add 'accounts.is_deleted = FALSE' to the WHERE.",
        suggestions: { addFilter: 'SELECT id FROM users WHERE deleted_at IS NULL UNION SELECT id FROM accounts WHERE is_deleted = FALSE' },
      },
      {
        code: 'WITH everyone AS (SELECT id, name FROM users) SELECT id FROM everyone',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'WITH everyone AS (SELECT id, name FROM users WHERE deleted_at IS NULL) SELECT id FROM everyone' },
      },
      // What is read to be written.
      {
        code: 'INSERT INTO events (user_id) SELECT id FROM users WHERE active',
        at: 'users',
        message: "Deleted rows of 'users' are part of what is written. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'INSERT INTO events (user_id) SELECT id FROM users WHERE active AND deleted_at IS NULL' },
      },
      {
        code: 'CREATE VIEW names AS SELECT name FROM users',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'CREATE VIEW names AS SELECT name FROM users WHERE deleted_at IS NULL' },
      },
      {
        code: 'CREATE VIEW emails AS SELECT email FROM users', filename: 'db/migrations/0007.sql',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'CREATE VIEW emails AS SELECT email FROM users WHERE deleted_at IS NULL' },
      },
      {
        code: 'CREATE FUNCTION names() RETURNS SETOF text AS $$ SELECT name FROM users $$ LANGUAGE sql',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'CREATE FUNCTION names() RETURNS SETOF text AS $$ SELECT name FROM users WHERE deleted_at IS NULL $$ LANGUAGE sql' },
      },
      // Other forms of tombstones.
      {
        code: 'SELECT id FROM accounts a',
        at: 'accounts a',
        message: "Deleted rows of 'accounts' (a) are listed too. Add 'a.is_deleted = FALSE' to the WHERE.",
        suggestions: { addFilter: 'SELECT id FROM accounts a WHERE a.is_deleted = FALSE' },
      },
      {
        code: 'SELECT id FROM accounts WHERE is_deleted OR active',
        at: 'accounts',
        message: "Deleted rows of 'accounts' are listed too. Add 'accounts.is_deleted = FALSE' to the WHERE.",
        suggestions: { addFilter: 'SELECT id FROM accounts WHERE (is_deleted OR active) AND is_deleted = FALSE' },
      },
      {
        code: 'SELECT id FROM products WHERE price > 10', dialect: 'mysql',
        at: 'products',
        message: "Deleted rows of 'products' are listed too. Add 'products.deleted = 0' to the WHERE.",
        suggestions: { addFilter: 'SELECT id FROM products WHERE price > 10 AND deleted = 0' },
      },
      {
        code: 'SELECT id FROM offers WHERE price > 10',
        at: 'offers',
        message: "Deleted rows of 'offers' are listed too. Add '(offers.deleted_at IS NULL OR offers.deleted_at > now())' to the WHERE.",
        suggestions: { addFilter: 'SELECT id FROM offers WHERE price > 10 AND (deleted_at IS NULL OR deleted_at > now())' },
      },
      {
        code: 'SELECT id FROM documents d WHERE d.deleted_at IS NULL',
        at: 'documents d',
        message: "Deleted rows of 'documents' (d) are listed too. Add 'd.archived_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT id FROM documents d WHERE d.deleted_at IS NULL AND d.archived_at IS NULL' },
      },
      {
        code: "SELECT id FROM tickets WHERE status <> 'draft'",
        at: 'tickets',
        message: "Deleted rows of 'tickets' are listed too. Add `tickets.status <> 'deleted'` to the WHERE.",
        suggestions: { addFilter: "SELECT id FROM tickets WHERE status <> 'draft' AND status <> 'deleted'" },
      },
      {
        code: 'SELECT id FROM contracts',
        at: 'contracts',
        message: "Deleted rows of 'contracts' are listed too. Add `contracts.deleted_at = '9999-12-31'` to the WHERE.",
        suggestions: { addFilter: "SELECT id FROM contracts WHERE deleted_at = '9999-12-31'" },
      },
      {
        code: 'SELECT id FROM "blogPosts" b WHERE b.title = $1',
        at: '"blogPosts" b',
        message: `Deleted rows of 'blogPosts' (b) are listed too. Add 'b."deletedAt" IS NULL' to the WHERE.`,
        suggestions: { addFilter: 'SELECT id FROM "blogPosts" b WHERE b.title = $1 AND b."deletedAt" IS NULL' },
      },
      // A marker without a reason allows nothing.
      {
        code: 'SELECT /* includes-deleted */ id FROM users',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT /* includes-deleted */ id FROM users WHERE deleted_at IS NULL' },
      },
    ],
  },
  ts: {
    valid: [
      'const rows = await sql`SELECT id FROM users WHERE deleted_at IS NULL AND name = ${name}`;',
      "await pool.query('SELECT id FROM users u WHERE u.deleted_at IS NULL');",
      '// includes-deleted: the export has every user\nawait pool.query(`SELECT id FROM users`);',
      "await db.query('SELECT id FROM users WHERE id = $1', [id]);",
      // The program looks at what came back.
      'async function live() { const { rows } = await pool.query(`SELECT id, deleted_at FROM users`); return rows.filter((row) => row.deleted_at === null); }',
      'for (const user of await sql`SELECT * FROM users`) { if (user.deletedAt) continue; greet(user); }',
      // What decides cannot be seen.
      'const rows = await sql`SELECT id FROM users WHERE name = ${name} ${condition}`;',
      "const LIVE = 'deleted_at IS NULL';\nawait pool.query(`SELECT id FROM users WHERE ${LIVE}`);",
      "const text = 'users';",
      "log('SELECT your favourite FROM users');",
      { code: 'await sql`SELECT id FROM users`;', filename: 'src/trash/list.ts' },
    ],
    invalid: [
      {
        code: 'const rows = await sql`SELECT id FROM users WHERE name = ${name}`;',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'const rows = await sql`SELECT id FROM users WHERE deleted_at IS NULL AND name = ${name}`;' },
      },
      {
        code: "await pool.query('SELECT u.id FROM users u');",
        at: 'users u',
        message: "Deleted rows of 'users' (u) are listed too. Add 'u.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: "await pool.query('SELECT u.id FROM users u WHERE u.deleted_at IS NULL');" },
      },
      {
        code: 'await pool.query("SELECT id FROM users WHERE name = $1", [name]);',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'await pool.query("SELECT id FROM users WHERE name = $1 AND deleted_at IS NULL", [name]);' },
      },
      {
        code: 'await prisma.$queryRaw`SELECT id FROM accounts`;',
        at: 'accounts',
        message: "Deleted rows of 'accounts' are listed too. Add 'accounts.is_deleted = FALSE' to the WHERE.",
        suggestions: { addFilter: 'await prisma.$queryRaw`SELECT id FROM accounts WHERE is_deleted = FALSE`;' },
      },
      {
        code: "const query = 'SELECT id ' +\n  'FROM users ' +\n  'ORDER BY name';\nawait client.query(query);",
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: "const query = 'SELECT id ' +\n  'FROM users WHERE deleted_at IS NULL ' +\n  'ORDER BY name';\nawait client.query(query);" },
      },
      {
        code: 'await sql`SELECT id FROM "blogPosts" WHERE title = ${title} ORDER BY id`;',
        at: '"blogPosts"',
        message: `Deleted rows of 'blogPosts' are listed too. Add '"blogPosts"."deletedAt" IS NULL' to the WHERE.`,
        suggestions: { addFilter: 'await sql`SELECT id FROM "blogPosts" WHERE title = ${title} AND "deletedAt" IS NULL ORDER BY id`;' },
      },
      {
        code: 'const rows = await sql`SELECT id FROM users WHERE name = ${name} ${condition}`;', unknown: 'report',
        at: 'users',
        message: "Deleted rows of 'users' may be listed too. Write 'users.deleted_at IS NULL' where it can be seen, or give the reason in a comment: 'includes-deleted: ..'.",
        suggestions: { addFilter: 'const rows = await sql`SELECT id FROM users WHERE name = ${name} AND deleted_at IS NULL ${condition}`;' },
      },
      {
        code: '// includes-deleted\nawait pool.query(`SELECT id FROM users`);',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: '// includes-deleted\nawait pool.query(`SELECT id FROM users WHERE deleted_at IS NULL`);' },
      },
    ],
  },
});

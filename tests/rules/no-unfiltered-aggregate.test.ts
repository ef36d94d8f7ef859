import { testRule } from './tester.js';

testRule('no-unfiltered-aggregate', {
  sql: {
    valid: [
      'SELECT count(*) FROM users WHERE deleted_at IS NULL',
      'SELECT count(*) FILTER (WHERE deleted_at IS NULL) FROM users',
      'SELECT count(CASE WHEN deleted_at IS NULL THEN 1 END) FROM users',
      'SELECT sum(i.total) FROM invoices i WHERE i.deleted_at IS NULL AND i.paid',
      'SELECT user_id, max(created_at) FROM orders WHERE deleted_at IS NULL GROUP BY user_id',
      'SELECT u.id, count(o.id) FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.deleted_at IS NULL WHERE u.deleted_at IS NULL GROUP BY u.id',
      'SELECT u.id, count(o.id) FILTER (WHERE o.deleted_at IS NULL) FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL GROUP BY u.id',
      'SELECT count(*) FROM (SELECT * FROM users) u WHERE u.deleted_at IS NULL',
      'SELECT count(*) FROM accounts WHERE NOT is_deleted',
      { code: 'SELECT COUNT(*) FROM `products` WHERE `deleted` = 0', dialect: 'mysql' },
      'SELECT count(*) FROM documents WHERE deleted_at IS NULL AND archived_at IS NULL',
      "SELECT count(*) FROM tickets WHERE status = 'open'",
      // How many are in the trash?
      'SELECT count(*) FROM users WHERE deleted_at IS NOT NULL',
      'SELECT count(*) FROM sessions',
      // Said to be meant.
      'SELECT max(number) FROM invoices /* includes-deleted: a number is never used again */',
      // What other rules report.
      'SELECT id FROM users',
      'SELECT id, row_number() OVER (ORDER BY id) FROM users',
      'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number)',
    ],
    invalid: [
      {
        code: 'SELECT count(*) FROM users',
        at: 'users',
        message: "Deleted rows of 'users' are part of the COUNT. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT count(*) FROM users WHERE deleted_at IS NULL' },
      },
      {
        code: 'SELECT COUNT(DISTINCT u.email) FROM users u WHERE u.active',
        at: 'users u',
        message: "Deleted rows of 'users' (u) are part of the COUNT. Add 'u.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT COUNT(DISTINCT u.email) FROM users u WHERE u.active AND u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT sum(i.total), count(*) FROM invoices i',
        at: 'invoices i',
        message: "Deleted rows of 'invoices' (i) are part of the SUM. Add 'i.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT sum(i.total), count(*) FROM invoices i WHERE i.deleted_at IS NULL' },
      },
      {
        code: 'SELECT avg(total) FROM invoices WHERE paid',
        at: 'invoices',
        message: "Deleted rows of 'invoices' are part of the AVG. Add 'invoices.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT avg(total) FROM invoices WHERE paid AND deleted_at IS NULL' },
      },
      {
        code: 'SELECT max(created_at) FROM orders o',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are part of the MAX. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT max(created_at) FROM orders o WHERE o.deleted_at IS NULL' },
      },
      {
        code: 'SELECT user_id FROM orders GROUP BY user_id',
        at: 'orders',
        message: "Deleted rows of 'orders' are part of the GROUP BY. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT user_id FROM orders WHERE deleted_at IS NULL GROUP BY user_id' },
      },
      {
        code: 'SELECT user_id, count(*) FROM orders GROUP BY user_id HAVING count(*) > 3',
        at: 'orders',
        message: "Deleted rows of 'orders' are part of the COUNT. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT user_id, count(*) FROM orders WHERE deleted_at IS NULL GROUP BY user_id HAVING count(*) > 3' },
      },
      {
        code: 'SELECT e.id, (SELECT count(*) FROM orders o WHERE o.number = e.number) FROM events e',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are part of the COUNT. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id, (SELECT count(*) FROM orders o WHERE o.number = e.number AND o.deleted_at IS NULL) FROM events e' },
      },
      {
        code: 'SELECT u.id, count(o.id) FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL GROUP BY u.id',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are part of the COUNT. Add 'o.deleted_at IS NULL' to the ON of its join.",
        suggestions: { addFilter: 'SELECT u.id, count(o.id) FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.deleted_at IS NULL WHERE u.deleted_at IS NULL GROUP BY u.id' },
      },
      {
        code: 'SELECT count(*) FROM events e JOIN orders o ON o.number = e.number',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are part of the COUNT. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT count(*) FROM events e JOIN orders o ON o.number = e.number WHERE o.deleted_at IS NULL' },
      },
      {
        code: 'WITH totals AS (SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id) SELECT * FROM totals',
        at: 'orders',
        message: "Deleted rows of 'orders' are part of the SUM. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'WITH totals AS (SELECT user_id, sum(total) AS total FROM orders WHERE deleted_at IS NULL GROUP BY user_id) SELECT * FROM totals' },
      },
      // Too late: what is counted is counted.
      {
        code: 'SELECT n FROM (SELECT deleted_at, count(*) AS n FROM users GROUP BY deleted_at) counts WHERE deleted_at IS NULL AND n > 1',
        at: 'users',
        message: "Deleted rows of 'users' are part of the COUNT. Move 'users.deleted_at IS NULL' into the subquery: outside it comes too late.",
        suggestions: { addFilter: 'SELECT n FROM (SELECT deleted_at, count(*) AS n FROM users WHERE deleted_at IS NULL GROUP BY deleted_at) counts WHERE deleted_at IS NULL AND n > 1' },
      },
      // Only one of two aggregates is filtered.
      {
        code: 'SELECT count(*) FILTER (WHERE deleted_at IS NULL), count(*) FROM users',
        at: 'users',
        message: "Deleted rows of 'users' are part of the COUNT. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT count(*) FILTER (WHERE deleted_at IS NULL), count(*) FROM users WHERE deleted_at IS NULL' },
      },
      // An OR lets rows escape.
      {
        code: 'SELECT count(*) FROM users WHERE deleted_at IS NULL AND a = 1 OR b = 2',
        at: 'users',
        message: "Deleted rows of 'users' are part of the COUNT. Put 'users.deleted_at IS NULL' outside of the OR, which lets them through.",
        suggestions: { addFilter: 'SELECT count(*) FROM users WHERE (deleted_at IS NULL AND a = 1 OR b = 2) AND deleted_at IS NULL' },
      },
      // Other forms of tombstones.
      {
        code: 'SELECT count(*) FROM accounts',
        at: 'accounts',
        message: "Deleted rows of 'accounts' are part of the COUNT. Add 'accounts.is_deleted = FALSE' to the WHERE.",
        suggestions: { addFilter: 'SELECT count(*) FROM accounts WHERE is_deleted = FALSE' },
      },
      {
        code: 'SELECT COUNT(*) FROM `products`', dialect: 'mysql',
        at: '`products`',
        message: "Deleted rows of 'products' are part of the COUNT. Add 'products.deleted = 0' to the WHERE.",
        suggestions: { addFilter: 'SELECT COUNT(*) FROM `products` WHERE `deleted` = 0' },
      },
      {
        code: 'SELECT COUNT(*) FROM users', dialect: 'sqlite',
        at: 'users',
        message: "Deleted rows of 'users' are part of the COUNT. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT COUNT(*) FROM users WHERE deleted_at IS NULL' },
      },
      {
        code: 'SELECT count(*) FROM offers',
        at: 'offers',
        message: "Deleted rows of 'offers' are part of the COUNT. Add '(offers.deleted_at IS NULL OR offers.deleted_at > now())' to the WHERE.",
        suggestions: { addFilter: 'SELECT count(*) FROM offers WHERE (deleted_at IS NULL OR deleted_at > now())' },
      },
      {
        code: 'SELECT count(*) FROM documents WHERE deleted_at IS NULL',
        at: 'documents',
        message: "Deleted rows of 'documents' are part of the COUNT. Add 'documents.archived_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT count(*) FROM documents WHERE deleted_at IS NULL AND archived_at IS NULL' },
      },
      {
        code: 'SELECT count(*) FROM tickets',
        at: 'tickets',
        message: "Deleted rows of 'tickets' are part of the COUNT. Add `tickets.status <> 'deleted'` to the WHERE.",
        suggestions: { addFilter: "SELECT count(*) FROM tickets WHERE status <> 'deleted'" },
      },
      {
        code: 'SELECT count(*) FROM contracts',
        at: 'contracts',
        message: "Deleted rows of 'contracts' are part of the COUNT. Add `contracts.deleted_at = '9999-12-31'` to the WHERE.",
        suggestions: { addFilter: "SELECT count(*) FROM contracts WHERE deleted_at = '9999-12-31'" },
      },
      {
        code: 'SELECT count(*) FROM "blogPosts"',
        at: '"blogPosts"',
        message: `Deleted rows of 'blogPosts' are part of the COUNT. Add '"blogPosts"."deletedAt" IS NULL' to the WHERE.`,
        suggestions: { addFilter: 'SELECT count(*) FROM "blogPosts" WHERE "deletedAt" IS NULL' },
      },
      {
        code: 'SELECT sum(amount) FROM billing.payments',
        at: 'billing.payments',
        message: "Deleted rows of 'billing.payments' are part of the SUM. Add 'payments.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT sum(amount) FROM billing.payments WHERE deleted_at IS NULL' },
      },
      {
        code: 'INSERT INTO events (n) SELECT count(*) FROM users',
        at: 'users',
        message: "Deleted rows of 'users' are part of the COUNT. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'INSERT INTO events (n) SELECT count(*) FROM users WHERE deleted_at IS NULL' },
      },
      {
        code: 'CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM users',
        at: 'users',
        message: "Deleted rows of 'users' are part of the COUNT. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM users WHERE deleted_at IS NULL' },
      },
    ],
  },
  ts: {
    valid: [
      'await sql`SELECT count(*) FROM users WHERE deleted_at IS NULL AND name = ${name}`;',
      'await sql`SELECT count(*) FROM users ${where}`;',
    ],
    invalid: [
      {
        code: 'await sql`SELECT count(*)::int AS n FROM users WHERE name = ${name}`;',
        at: 'users',
        message: "Deleted rows of 'users' are part of the COUNT. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'await sql`SELECT count(*)::int AS n FROM users WHERE deleted_at IS NULL AND name = ${name}`;' },
      },
      {
        code: "await pool.query('SELECT SUM(total) FROM invoices WHERE user_id = $1', [id]);",
        at: 'invoices',
        message: "Deleted rows of 'invoices' are part of the SUM. Add 'invoices.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: "await pool.query('SELECT SUM(total) FROM invoices WHERE user_id = $1 AND deleted_at IS NULL', [id]);" },
      },
      {
        code: 'await prisma.$queryRaw`SELECT COUNT(*) FROM users`;',
        at: 'users',
        message: "Deleted rows of 'users' are part of the COUNT. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'await prisma.$queryRaw`SELECT COUNT(*) FROM users WHERE deleted_at IS NULL`;' },
      },
    ],
  },
});

import { testRule } from './tester.js';

testRule('require-live-subquery', {
  sql: {
    valid: [
      'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number AND o.deleted_at IS NULL)',
      'SELECT e.id FROM events e WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number AND o.deleted_at IS NULL)',
      'SELECT e.id FROM events e WHERE e.number IN (SELECT number FROM orders WHERE deleted_at IS NULL)',
      'SELECT e.id FROM events e WHERE e.number NOT IN (SELECT number FROM orders WHERE deleted_at IS NULL)',
      'SELECT e.id FROM events e WHERE e.number = ANY (SELECT number FROM orders WHERE deleted_at IS NULL)',
      'SELECT e.id, (SELECT o.total FROM orders o WHERE o.number = e.number AND o.deleted_at IS NULL LIMIT 1) FROM events e',
      'SELECT EXISTS (SELECT 1 FROM accounts WHERE NOT is_deleted)',
      { code: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM products p WHERE p.name = e.name AND p.deleted = 0)', dialect: 'mysql' },
      'SELECT e.id FROM events e WHERE e.number IN (SELECT number FROM (SELECT * FROM orders) o WHERE o.deleted_at IS NULL)',
      'UPDATE events SET seen = true WHERE number IN (SELECT number FROM orders WHERE deleted_at IS NULL)',
      "SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM tickets t WHERE t.event = e.name AND t.status = 'open')",
      // Is there a deleted one?
      'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number AND o.deleted_at IS NOT NULL)',
      'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM sessions s WHERE s.event_id = e.id)',
      // The row is one that is live.
      'SELECT u.id FROM users u WHERE u.deleted_at IS NULL AND u.id IN (SELECT id FROM users WHERE deleted_at IS NULL)',
      // Said to be meant.
      'SELECT e.id FROM events e WHERE NOT EXISTS (SELECT 1 /* includes-deleted: numbers are never used again */ FROM orders o WHERE o.number = e.number)',
      // What other rules report.
      'SELECT e.id, (SELECT count(*) FROM orders o WHERE o.number = e.number) FROM events e',
      'SELECT o.id FROM orders o',
      'SELECT e.id, (SELECT u.name FROM users u WHERE u.id = e.user_id) FROM events e',
    ],
    invalid: [
      {
        code: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number)',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are seen by EXISTS too. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number AND o.deleted_at IS NULL)' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number)',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are seen by NOT EXISTS too. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number AND o.deleted_at IS NULL)' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE NOT (e.open AND EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number))',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are seen by NOT EXISTS too. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE NOT (e.open AND EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number AND o.deleted_at IS NULL))' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE e.number IN (SELECT number FROM orders)',
        at: 'orders',
        message: "Deleted rows of 'orders' are seen by IN too. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE e.number IN (SELECT number FROM orders WHERE deleted_at IS NULL)' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE e.number NOT IN (SELECT o.number FROM orders o)',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are seen by NOT IN too. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE e.number NOT IN (SELECT o.number FROM orders o WHERE o.deleted_at IS NULL)' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE e.number = ANY (SELECT number FROM orders)',
        at: 'orders',
        message: "Deleted rows of 'orders' are seen by ANY too. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE e.number = ANY (SELECT number FROM orders WHERE deleted_at IS NULL)' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE e.total > ALL (SELECT total FROM orders)',
        at: 'orders',
        message: "Deleted rows of 'orders' are seen by ALL too. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE e.total > ALL (SELECT total FROM orders WHERE deleted_at IS NULL)' },
      },
      {
        code: 'SELECT e.id, (SELECT o.total FROM orders o WHERE o.number = e.number LIMIT 1) FROM events e',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are seen by the subquery too. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id, (SELECT o.total FROM orders o WHERE o.number = e.number AND o.deleted_at IS NULL LIMIT 1) FROM events e' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE e.total > (SELECT o.total FROM orders o ORDER BY o.total LIMIT 1)',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are seen by the subquery too. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE e.total > (SELECT o.total FROM orders o WHERE o.deleted_at IS NULL ORDER BY o.total LIMIT 1)' },
      },
      {
        code: 'SELECT EXISTS (SELECT 1 FROM orders WHERE number = $1)',
        at: 'orders',
        message: "Deleted rows of 'orders' are seen by EXISTS too. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT EXISTS (SELECT 1 FROM orders WHERE number = $1 AND deleted_at IS NULL)' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE e.number IN (SELECT number FROM (SELECT * FROM orders) o)',
        at: 'orders',
        message: "Deleted rows of 'orders' are seen by IN too. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE e.number IN (SELECT number FROM (SELECT * FROM orders WHERE deleted_at IS NULL) o)' },
      },
      {
        code: 'UPDATE events SET seen = true WHERE number IN (SELECT number FROM orders)',
        at: 'orders',
        message: "Deleted rows of 'orders' are seen by IN too. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE events SET seen = true WHERE number IN (SELECT number FROM orders WHERE deleted_at IS NULL)' },
      },
      {
        code: 'DELETE FROM events WHERE number NOT IN (SELECT number FROM orders)',
        at: 'orders',
        message: "Deleted rows of 'orders' are seen by NOT IN too. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'DELETE FROM events WHERE number NOT IN (SELECT number FROM orders WHERE deleted_at IS NULL)' },
      },
      // An OR lets rows escape.
      {
        code: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number AND o.deleted_at IS NULL OR o.open)',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are seen by EXISTS too. Put 'o.deleted_at IS NULL' outside of the OR, which lets them through.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM orders o WHERE (o.number = e.number AND o.deleted_at IS NULL OR o.open) AND o.deleted_at IS NULL)' },
      },
      // Other forms of tombstones.
      {
        code: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM accounts a WHERE a.owner = e.id)',
        at: 'accounts a',
        message: "Deleted rows of 'accounts' (a) are seen by EXISTS too. Add 'a.is_deleted = FALSE' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM accounts a WHERE a.owner = e.id AND a.is_deleted = FALSE)' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM products p WHERE p.name = e.name)', dialect: 'mysql',
        at: 'products p',
        message: "Deleted rows of 'products' (p) are seen by EXISTS too. Add 'p.deleted = 0' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM products p WHERE p.name = e.name AND p.deleted = 0)' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE e.number IN (SELECT number FROM orders)', dialect: 'sqlite',
        at: 'orders',
        message: "Deleted rows of 'orders' are seen by IN too. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE e.number IN (SELECT number FROM orders WHERE deleted_at IS NULL)' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM documents d WHERE d.name = e.name AND d.deleted_at IS NULL)',
        at: 'documents d',
        message: "Deleted rows of 'documents' (d) are seen by EXISTS too. Add 'd.archived_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM documents d WHERE d.name = e.name AND d.deleted_at IS NULL AND d.archived_at IS NULL)' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE e.name IN (SELECT title FROM "blogPosts")',
        at: '"blogPosts"',
        message: `Deleted rows of 'blogPosts' are seen by IN too. Add '"blogPosts"."deletedAt" IS NULL' to the WHERE.`,
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE e.name IN (SELECT title FROM "blogPosts" WHERE "deletedAt" IS NULL)' },
      },
      {
        code: 'SELECT e.id FROM events e WHERE e.name IN (SELECT name FROM offers)',
        at: 'offers',
        message: "Deleted rows of 'offers' are seen by IN too. Add '(offers.deleted_at IS NULL OR offers.deleted_at > now())' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e WHERE e.name IN (SELECT name FROM offers WHERE (deleted_at IS NULL OR deleted_at > now()))' },
      },
      // A policy reads, too.
      {
        code: 'CREATE POLICY own ON events USING (EXISTS (SELECT 1 FROM orders o WHERE o.number = events.number))',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are seen by EXISTS too. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'CREATE POLICY own ON events USING (EXISTS (SELECT 1 FROM orders o WHERE o.number = events.number AND o.deleted_at IS NULL))' },
      },
    ],
  },
  ts: {
    valid: [
      'await sql`SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number AND o.deleted_at IS NULL AND o.name = ${name})`;',
      "await pool.query('SELECT id FROM events WHERE number NOT IN (SELECT number FROM orders WHERE deleted_at IS NULL)');",
    ],
    invalid: [
      {
        code: 'await sql`SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number AND o.name = ${name})`;',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are seen by EXISTS too. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'await sql`SELECT e.id FROM events e WHERE EXISTS (SELECT 1 FROM orders o WHERE o.number = e.number AND o.name = ${name} AND o.deleted_at IS NULL)`;' },
      },
      {
        code: "await pool.query('SELECT id FROM events WHERE number NOT IN (SELECT number FROM orders)');",
        at: 'orders',
        message: "Deleted rows of 'orders' are seen by NOT IN too. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: "await pool.query('SELECT id FROM events WHERE number NOT IN (SELECT number FROM orders WHERE deleted_at IS NULL)');" },
      },
    ],
  },
});

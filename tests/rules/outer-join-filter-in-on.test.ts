import { testRule } from './tester.js';

testRule('outer-join-filter-in-on', {
  sql: {
    valid: [
      'SELECT u.id, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.deleted_at IS NULL WHERE u.deleted_at IS NULL',
      'SELECT e.id, o.id FROM orders o RIGHT JOIN events e ON o.number = e.number AND o.deleted_at IS NULL',
      'SELECT e.id FROM events e JOIN orders o ON o.number = e.number WHERE o.deleted_at IS NULL',
      'SELECT e.id FROM events e LEFT JOIN LATERAL (SELECT * FROM orders o WHERE o.number = e.number AND o.deleted_at IS NULL) o ON true',
      // Another condition makes it an inner join.
      'SELECT e.id FROM events e LEFT JOIN orders o ON o.number = e.number WHERE o.deleted_at IS NULL AND o.id IS NOT NULL',
      'SELECT e.id FROM events e LEFT JOIN orders o ON o.number = e.number WHERE o.deleted_at IS NULL AND o.total > 3',
      'SELECT e.id FROM events e LEFT JOIN accounts a ON a.owner = e.id WHERE a.is_deleted = FALSE',
      "SELECT e.id FROM events e LEFT JOIN tickets t ON t.event = e.name WHERE t.status = 'open'",
      // Rows of events whose parent is deleted are not wanted.
      'SELECT e.id, u.name FROM events e LEFT JOIN users u ON u.id = e.user_id WHERE u.deleted_at IS NULL',
      // The trash.
      'SELECT e.id FROM events e LEFT JOIN orders o ON o.number = e.number WHERE o.deleted_at IS NOT NULL',
      'SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number /* includes-deleted: the audit looks at all */ WHERE o.deleted_at IS NULL',
      // What other rules report.
      'SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number',
      'SELECT o.id FROM orders o LEFT JOIN events e ON e.number = o.number WHERE o.deleted_at IS NULL',
      'SELECT e.id FROM events e LEFT JOIN sessions s ON s.event_id = e.id WHERE s.deleted_at IS NULL',
    ],
    invalid: [
      {
        code: 'SELECT u.id, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL AND o.deleted_at IS NULL',
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT u.id, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.deleted_at IS NULL WHERE u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number WHERE o.deleted_at IS NULL',
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number AND o.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, o.id FROM events e LEFT OUTER JOIN orders AS o ON (o.number = e.number) WHERE (e.open AND o.deleted_at IS NULL)',
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT e.id, o.id FROM events e LEFT OUTER JOIN orders AS o ON (o.number = e.number) AND o.deleted_at IS NULL WHERE (e.open)' },
      },
      {
        code: 'SELECT e.id, orders.id FROM events e LEFT JOIN orders ON orders.number = e.number WHERE orders.deleted_at IS NULL ORDER BY e.id',
        at: 'orders.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT e.id, orders.id FROM events e LEFT JOIN orders ON orders.number = e.number AND orders.deleted_at IS NULL ORDER BY e.id' },
      },
      {
        code: 'SELECT e.id, o.id FROM orders o RIGHT JOIN events e ON o.number = e.number WHERE o.deleted_at IS NULL',
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT e.id, o.id FROM orders o RIGHT JOIN events e ON o.number = e.number AND o.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, count(o.id) FROM events e LEFT JOIN orders o ON o.number = e.number WHERE o.deleted_at IS NULL GROUP BY e.id',
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT e.id, count(o.id) FROM events e LEFT JOIN orders o ON o.number = e.number AND o.deleted_at IS NULL GROUP BY e.id' },
      },
      {
        code: 'SELECT e.id, x.id FROM events e LEFT JOIN (SELECT id, number, deleted_at FROM orders) x ON x.number = e.number WHERE x.deleted_at IS NULL',
        at: 'x.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' is deleted. Move the filter on 'deleted_at' to the ON of the join.",
      },
      {
        code: 'SELECT e.id, o.id FROM events e LEFT JOIN orders o USING (number) WHERE o.deleted_at IS NULL',
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Join a subquery that filters on 'deleted_at' instead of the table.",
      },
      {
        code: 'SELECT e.id, o.id FROM events e FULL JOIN orders o ON o.number = e.number WHERE o.deleted_at IS NULL',
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Join a subquery that filters on 'deleted_at' instead of the table.",
      },
      {
        code: 'SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number WHERE e.open AND o.deleted_at IS NULL AND e.id > $1',
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number AND o.deleted_at IS NULL WHERE e.open AND e.id > $1' },
      },
      {
        code: 'SELECT s.id FROM sessions s WHERE EXISTS (SELECT 1 FROM events e LEFT JOIN orders o ON o.number = e.number WHERE e.id = s.event_id AND o.deleted_at IS NULL)',
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT s.id FROM sessions s WHERE EXISTS (SELECT 1 FROM events e LEFT JOIN orders o ON o.number = e.number AND o.deleted_at IS NULL WHERE e.id = s.event_id)' },
      },
      // Other forms of tombstones.
      {
        code: 'SELECT e.id, a.id FROM events e LEFT JOIN accounts a ON a.owner = e.id WHERE a.is_deleted IS NOT TRUE',
        at: 'a.is_deleted IS NOT TRUE',
        message: "Live rows vanish whose only match in 'accounts' (a) is deleted. Move the filter on 'is_deleted' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT e.id, a.id FROM events e LEFT JOIN accounts a ON a.owner = e.id AND a.is_deleted IS NOT TRUE' },
      },
      {
        code: 'SELECT e.id, a.id FROM events e LEFT JOIN accounts a ON a.owner = e.id WHERE coalesce(a.is_deleted, FALSE) = FALSE',
        at: 'coalesce(a.is_deleted, FALSE) = FALSE',
        message: "Live rows vanish whose only match in 'accounts' (a) is deleted. Move the filter on 'is_deleted' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT e.id, a.id FROM events e LEFT JOIN accounts a ON a.owner = e.id AND coalesce(a.is_deleted, FALSE) = FALSE' },
      },
      {
        code: 'SELECT e.id, o.id FROM `events` e LEFT JOIN `orders` o ON o.number = e.number WHERE o.deleted_at IS NULL', dialect: 'mysql',
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT e.id, o.id FROM `events` e LEFT JOIN `orders` o ON o.number = e.number AND o.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number WHERE o.deleted_at IS NULL', dialect: 'sqlite',
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number AND o.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, f.id FROM events e LEFT JOIN offers f ON f.name = e.name WHERE (f.deleted_at IS NULL OR f.deleted_at > now())',
        at: 'f.deleted_at IS NULL OR f.deleted_at > now()',
        message: "Live rows vanish whose only match in 'offers' (f) is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT e.id, f.id FROM events e LEFT JOIN offers f ON f.name = e.name AND (f.deleted_at IS NULL OR f.deleted_at > now())' },
      },
      {
        code: 'SELECT e.id, d.id FROM events e LEFT JOIN documents d ON d.name = e.name WHERE d.deleted_at IS NULL AND d.archived_at IS NULL',
        at: 'd.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'documents' (d) is deleted. Move the filter on 'deleted_at' and 'archived_at' to the ON of the join.",
      },
      {
        code: 'SELECT e.id, p.id FROM events e LEFT JOIN "blogPosts" p ON p.title = e.name WHERE p."deletedAt" IS NULL',
        at: 'p."deletedAt" IS NULL',
        message: "Live rows vanish whose only match in 'blogPosts' (p) is deleted. Move the filter on 'deletedAt' to the ON of the join.",
        suggestions: { moveFilter: 'SELECT e.id, p.id FROM events e LEFT JOIN "blogPosts" p ON p.title = e.name AND p."deletedAt" IS NULL' },
      },
    ],
  },
  ts: {
    valid: [
      'await sql`SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number AND o.deleted_at IS NULL WHERE e.name = ${name}`;',
    ],
    invalid: [
      {
        code: 'await sql`SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number WHERE o.deleted_at IS NULL AND e.name = ${name}`;',
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: 'await sql`SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number AND o.deleted_at IS NULL WHERE e.name = ${name}`;' },
      },
      {
        code: "await pool.query('SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number WHERE e.name = $1 AND o.deleted_at IS NULL', [name]);",
        at: 'o.deleted_at IS NULL',
        message: "Live rows vanish whose only match in 'orders' (o) is deleted. Move the filter on 'deleted_at' to the ON of the join.",
        suggestions: { moveFilter: "await pool.query('SELECT e.id, o.id FROM events e LEFT JOIN orders o ON o.number = e.number AND o.deleted_at IS NULL WHERE e.name = $1', [name]);" },
      },
    ],
  },
});

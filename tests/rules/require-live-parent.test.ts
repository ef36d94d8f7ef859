import type { Manifest } from '../../lib/manifest/types.js';
import { testRule } from './tester.js';

/** `events` names a user, an author, a session and an event before it. */
const tables: Manifest['tables'] = {
  events: {
    deletion: 'hard', why: 'log', models: ['Event'],
    relations: { user: { table: 'users', on: { user_id: 'id' } }, author: { table: 'authors', on: { author_id: 'id' } }, session: { table: 'sessions', on: { session_id: 'id' } }, orders: { table: 'orders', many: true, on: { id: 'event_id' } } },
  },
  orders: { deletion: 'soft', relations: { user: { table: 'users', on: { user_id: 'id' } }, previous: { table: 'orders', on: { previous_id: 'id' } } } },
};

testRule('require-live-parent', {
  sql: {
    valid: [
      // Whoever selects its tombstone looks at it.
      'SELECT o.id, u.name, u.deleted_at AS user_deleted_at FROM orders o JOIN users u ON u.id = o.user_id WHERE o.deleted_at IS NULL',
      'SELECT o.id, u.name FROM orders o JOIN users u ON u.id = o.user_id AND u.deleted_at IS NULL WHERE o.deleted_at IS NULL',
      'SELECT o.id, u.name FROM orders o JOIN users u ON u.id = o.user_id WHERE o.deleted_at IS NULL AND u.deleted_at IS NULL',
      'SELECT o.id, u.name FROM orders o, users u WHERE u.id = o.user_id AND o.deleted_at IS NULL AND u.deleted_at IS NULL',
      'SELECT o.id, u.name FROM orders o LEFT JOIN users u ON u.id = o.user_id AND u.deleted_at IS NULL WHERE o.deleted_at IS NULL',
      'SELECT o.id, a.name FROM orders o JOIN accounts a ON a.id = o.account_id AND NOT a.is_deleted WHERE o.deleted_at IS NULL',
      'SELECT o.id, d.name FROM orders o JOIN documents d ON d.id = o.document_id AND d.deleted_at IS NULL AND d.archived_at IS NULL WHERE o.deleted_at IS NULL',
      { code: 'SELECT o.id, p.name FROM `orders` o JOIN `products` p ON p.id = o.product_id AND p.deleted = 0 WHERE o.deleted_at IS NULL', dialect: 'mysql' },
      // The manifest lets live rows name their author.
      'SELECT o.id, a.name FROM orders o JOIN authors a ON a.id = o.author_id WHERE o.deleted_at IS NULL',
      // Filtering a parent in WHERE drops its rows, and is meant.
      'SELECT o.id, u.name FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE o.deleted_at IS NULL AND u.deleted_at IS NULL',
      // Rows of deleted parents, on purpose.
      'SELECT o.id, u.name FROM orders o JOIN users u ON u.id = o.user_id AND u.deleted_at IS NOT NULL WHERE o.deleted_at IS NULL',
      '/* includes-deleted: invoices name their user for ever */ SELECT i.id, u.name FROM invoices i JOIN users u ON u.id = i.user_id WHERE i.deleted_at IS NULL',
      // Whose columns are the output: require-live-join.
      'SELECT u.* FROM orders o JOIN users u ON u.id = o.user_id WHERE o.deleted_at IS NULL',
      // Not reached by its key: require-live-join.
      'SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL',
      // A parent that is there is asked for, and that it lives.
      ...[
        'SELECT e.id FROM events e JOIN users u ON u.id = e.user_id AND u.deleted_at IS NULL WHERE e.user_id IS NOT NULL LIMIT 20',
        'SELECT count(*) FROM events e WHERE e.user_id IS NOT NULL AND EXISTS (SELECT 1 FROM users u WHERE u.id = e.user_id AND u.deleted_at IS NULL)',
        // What is neither counted nor cut can be filtered later.
        'SELECT e.id FROM events e WHERE e.user_id IS NOT NULL',
        'SELECT array_agg(e.id) FROM events e WHERE e.user_id IS NOT NULL',
        'SELECT count(*) FROM events e WHERE e.user_id IS NULL',
        'SELECT count(*) FROM events e WHERE e.user_id IS NOT NULL OR e.name = $1',
        // One of several conditions, a parent that is hard or named for attribution, no key of a parent, the table itself.
        'SELECT count(*) FROM events e WHERE e.session_id IS NOT NULL', 'SELECT count(*) FROM events e WHERE e.author_id IS NOT NULL', 'SELECT count(*) FROM events e WHERE e.id IS NOT NULL',
        'SELECT count(*) FROM orders o WHERE o.deleted_at IS NULL AND o.previous_id IS NOT NULL',
        '/* includes-deleted: the log counts all */ SELECT count(*) FROM events e WHERE e.user_id IS NOT NULL',
      ].map((code) => ({ code, tables })),
      // Hard parents.
      'SELECT o.id, s.name FROM orders o JOIN sessions s ON s.id = o.session_id WHERE o.deleted_at IS NULL',
    ],
    invalid: [
      {
        code: 'SELECT o.id, u.name FROM orders o JOIN users u ON u.id = o.user_id WHERE o.deleted_at IS NULL',
        at: 'users u',
        message: "Rows are shown whose 'users' (u) is deleted. Add 'u.deleted_at IS NULL' to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT o.id, u.name FROM orders o JOIN users u ON u.id = o.user_id WHERE o.deleted_at IS NULL AND u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT o.id, u.name FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE o.deleted_at IS NULL',
        at: 'users u',
        message: "Rows are shown whose 'users' (u) is deleted. Add 'u.deleted_at IS NULL' to the ON of its join, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT o.id, u.name FROM orders o LEFT JOIN users u ON u.id = o.user_id AND u.deleted_at IS NULL WHERE o.deleted_at IS NULL' },
      },
      {
        code: 'SELECT o.id, u.name FROM orders o, users u WHERE u.id = o.user_id AND o.deleted_at IS NULL',
        at: 'users u',
        message: "Rows are shown whose 'users' (u) is deleted. Add 'u.deleted_at IS NULL' to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT o.id, u.name FROM orders o, users u WHERE u.id = o.user_id AND o.deleted_at IS NULL AND u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, u.name FROM events e JOIN users u ON e.user_id = u.id',
        at: 'users u',
        message: "Rows are shown whose 'users' (u) is deleted. Add 'u.deleted_at IS NULL' to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT e.id, u.name FROM events e JOIN users u ON e.user_id = u.id WHERE u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id FROM events e JOIN users ON e.user_id = users.id',
        at: 'users',
        message: "Rows are shown whose 'users' is deleted. Add 'users.deleted_at IS NULL' to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT e.id FROM events e JOIN users ON e.user_id = users.id WHERE users.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, (SELECT u.name FROM users u WHERE u.id = e.user_id) AS name FROM events e',
        at: 'users u',
        message: "Rows are shown whose 'users' (u) is deleted. Add 'u.deleted_at IS NULL' to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT e.id, (SELECT u.name FROM users u WHERE u.id = e.user_id AND u.deleted_at IS NULL) AS name FROM events e' },
      },
      {
        code: 'SELECT e.id, m.role FROM events e JOIN members m ON m.team_id = e.team_id AND m.user_id = e.user_id',
        at: 'members m',
        message: "Rows are shown whose 'members' (m) is deleted. Add 'm.deleted_at IS NULL' to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT e.id, m.role FROM events e JOIN members m ON m.team_id = e.team_id AND m.user_id = e.user_id WHERE m.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, a.name FROM events e JOIN accounts a ON a.id = e.account_id',
        at: 'accounts a',
        message: "Rows are shown whose 'accounts' (a) is deleted. Add 'a.is_deleted = FALSE' to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT e.id, a.name FROM events e JOIN accounts a ON a.id = e.account_id WHERE a.is_deleted = FALSE' },
      },
      {
        code: 'SELECT e.id, p.name FROM `events` e JOIN `products` p ON p.id = e.product_id', dialect: 'mysql',
        at: '`products` p',
        message: "Rows are shown whose 'products' (p) is deleted. Add 'p.deleted = 0' to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT e.id, p.name FROM `events` e JOIN `products` p ON p.id = e.product_id WHERE p.deleted = 0' },
      },
      {
        code: 'SELECT e.id, u.name FROM events e LEFT JOIN users u ON u.id = e.user_id', dialect: 'sqlite',
        at: 'users u',
        message: "Rows are shown whose 'users' (u) is deleted. Add 'u.deleted_at IS NULL' to the ON of its join, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT e.id, u.name FROM events e LEFT JOIN users u ON u.id = e.user_id AND u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, f.name FROM events e JOIN offers f ON f.id = e.offer_id',
        at: 'offers f',
        message: "Rows are shown whose 'offers' (f) is deleted. Add '(f.deleted_at IS NULL OR f.deleted_at > now())' to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT e.id, f.name FROM events e JOIN offers f ON f.id = e.offer_id WHERE (f.deleted_at IS NULL OR f.deleted_at > now())' },
      },
      {
        code: 'SELECT e.id, d.name FROM events e JOIN documents d ON d.id = e.document_id AND d.archived_at IS NULL',
        at: 'documents d',
        message: "Rows are shown whose 'documents' (d) is deleted. Add 'd.deleted_at IS NULL' to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT e.id, d.name FROM events e JOIN documents d ON d.id = e.document_id AND d.archived_at IS NULL WHERE d.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, p.title FROM events e JOIN "blogPosts" p ON p.id = e.post_id',
        at: '"blogPosts" p',
        message: `Rows are shown whose 'blogPosts' (p) is deleted. Add 'p."deletedAt" IS NULL' to the WHERE, or set 'attribution' in the manifest.`,
        suggestions: { addFilter: 'SELECT e.id, p.title FROM events e JOIN "blogPosts" p ON p.id = e.post_id WHERE p."deletedAt" IS NULL' },
      },
      {
        code: 'SELECT e.id, p.amount FROM events e JOIN billing.payments p ON p.id = e.payment_id',
        at: 'billing.payments p',
        message: "Rows are shown whose 'billing.payments' (p) is deleted. Add 'p.deleted_at IS NULL' to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT e.id, p.amount FROM events e JOIN billing.payments p ON p.id = e.payment_id WHERE p.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, c.name FROM events e JOIN contracts c ON c.id = e.contract_id',
        at: 'contracts c',
        message: "Rows are shown whose 'contracts' (c) is deleted. Add `c.deleted_at = '9999-12-31'` to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: "SELECT e.id, c.name FROM events e JOIN contracts c ON c.id = e.contract_id WHERE c.deleted_at = '9999-12-31'" },
      },
      {
        code: 'SELECT count(*) FROM events e WHERE e.user_id IS NOT NULL AND e.name = $1', tables,
        at: 'e.user_id IS NOT NULL',
        message: "'user_id' stays set when its row of 'users' is deleted, so rows of deleted ones are counted or take places of the page. Join the live ones, or set 'attribution' in the manifest.",
      },
      {
        code: 'SELECT * FROM orders WHERE deleted_at IS NULL AND NOT (user_id IS NULL) ORDER BY id LIMIT 20 OFFSET $1', tables,
        at: 'NOT (user_id IS NULL)',
        message: "'user_id' stays set when its row of 'users' is deleted, so rows of deleted ones are counted or take places of the page. Join the live ones, or set 'attribution' in the manifest.",
      },
      {
        code: 'SELECT e.id, u.name FROM events e JOIN users u ON u.id = e.user_id AND (u.deleted_at IS NULL OR u.admin)',
        at: 'users u',
        message: "Rows are shown whose 'users' (u) is deleted. Put 'u.deleted_at IS NULL' outside of the OR, which lets them through, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'SELECT e.id, u.name FROM events e JOIN users u ON u.id = e.user_id AND (u.deleted_at IS NULL OR u.admin) WHERE u.deleted_at IS NULL' },
      },
    ],
  },
  ts: {
    valid: [
      'await sql`SELECT e.id, u.name FROM events e JOIN users u ON u.id = e.user_id AND u.deleted_at IS NULL WHERE e.name = ${name}`;',
      "await pool.query('SELECT e.id, a.name FROM events e JOIN authors a ON a.id = e.author_id');",
    ],
    invalid: [
      {
        code: "import { Op } from 'sequelize';\nconst { count, rows } = await Event.findAndCountAll({ where: { user_id: { [Op.ne]: null }, name }, limit, offset });", tables,
        at: '[Op.ne]: null',
        message: "'user_id' stays set when its row of 'users' is deleted, so rows of deleted ones are counted or take places of the page. Join the live ones, or set 'attribution' in the manifest.",
      },
      {
        code: 'await sql`SELECT e.id, u.name FROM events e JOIN users u ON u.id = e.user_id WHERE e.name = ${name}`;',
        at: 'users u',
        message: "Rows are shown whose 'users' (u) is deleted. Add 'u.deleted_at IS NULL' to the WHERE, or set 'attribution' in the manifest.",
        suggestions: { addFilter: 'await sql`SELECT e.id, u.name FROM events e JOIN users u ON u.id = e.user_id WHERE u.deleted_at IS NULL AND e.name = ${name}`;' },
      },
      {
        code: "await pool.query('SELECT e.id, u.name FROM events e LEFT JOIN users u ON u.id = e.user_id');",
        at: 'users u',
        message: "Rows are shown whose 'users' (u) is deleted. Add 'u.deleted_at IS NULL' to the ON of its join, or set 'attribution' in the manifest.",
        suggestions: { addFilter: "await pool.query('SELECT e.id, u.name FROM events e LEFT JOIN users u ON u.id = e.user_id AND u.deleted_at IS NULL');" },
      },
    ],
  },
});

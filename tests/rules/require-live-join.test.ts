import { testRule } from './tester.js';

const post = (mapping: string): string => `import { Model } from 'objection';\nexport class Post extends Model { static tableName = 'posts'; static relationMappings = { ${mapping} }; }`;

testRule('require-live-join', {
  sql: {
    valid: [
      'SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id AND o.deleted_at IS NULL WHERE u.deleted_at IS NULL',
      'SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL AND o.deleted_at IS NULL',
      'SELECT u.id, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.deleted_at IS NULL WHERE u.deleted_at IS NULL',
      'SELECT u.id FROM users u, orders o WHERE o.user_id = u.id AND u.deleted_at IS NULL AND o.deleted_at IS NULL',
      'SELECT u.id FROM users u JOIN (SELECT user_id FROM orders WHERE deleted_at IS NULL) o ON o.user_id = u.id WHERE u.deleted_at IS NULL',
      'SELECT u.id FROM users u CROSS JOIN LATERAL (SELECT * FROM orders o WHERE o.user_id = u.id AND o.deleted_at IS NULL LIMIT 1) latest WHERE u.deleted_at IS NULL',
      'SELECT e.id FROM events e JOIN accounts a ON a.owner = e.id AND NOT a.is_deleted',
      { code: 'SELECT e.id FROM `events` e JOIN `products` p ON p.name = e.name AND p.deleted = 0', dialect: 'mysql' },
      'SELECT e.id FROM events e JOIN documents d ON d.name = e.name AND d.deleted_at IS NULL AND d.archived_at IS NULL',
      // The trash of orders.
      'SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id AND o.deleted_at IS NOT NULL WHERE u.deleted_at IS NULL',
      // The row is one that is live.
      'SELECT b.id FROM users a JOIN users b ON b.id = a.id WHERE a.deleted_at IS NULL',
      // A live row names its author, deleted or not.
      'SELECT o.id, a.name FROM orders o JOIN authors a ON a.id = o.author_id WHERE o.deleted_at IS NULL',
      'SELECT a.* FROM orders o JOIN authors a ON a.id = o.author_id WHERE o.deleted_at IS NULL',
      // A parent beside the rows that are listed: require-live-parent.
      'SELECT o.id, o.total FROM orders o JOIN users u ON u.id = o.user_id WHERE o.deleted_at IS NULL',
      // What other rules report.
      'SELECT u.id FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL AND o.deleted_at IS NULL',
      'SELECT u.id, count(o.id) FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL GROUP BY u.id',
      // Said to be meant.
      'SELECT /* includes-deleted: the audit names every order */ e.id, o.id FROM events e JOIN orders o ON o.number = e.number',
      'SELECT e.id FROM events e JOIN sessions s ON s.event_id = e.id',
    ],
    invalid: [
      {
        code: 'SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL AND o.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, o.id FROM events e JOIN orders o ON o.number = e.number',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id, o.id FROM events e JOIN orders o ON o.number = e.number WHERE o.deleted_at IS NULL' },
      },
      {
        code: 'SELECT u.id, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Add 'o.deleted_at IS NULL' to the ON of its join.",
        suggestions: { addFilter: 'SELECT u.id, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.deleted_at IS NULL WHERE u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id FROM events e, orders o WHERE o.number = e.number',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e, orders o WHERE o.number = e.number AND o.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id FROM events e CROSS JOIN orders',
        at: 'orders',
        message: "Deleted rows of 'orders' are joined in. Add 'orders.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e CROSS JOIN orders WHERE orders.deleted_at IS NULL' },
      },
      {
        code: 'SELECT e.id, o.id FROM events e LEFT JOIN orders o USING (number)',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Join a subquery with 'o.deleted_at IS NULL' instead of the table.",
        suggestions: { addFilter: 'SELECT e.id, o.id FROM events e LEFT JOIN (SELECT * FROM orders WHERE deleted_at IS NULL) AS o USING (number)' },
      },
      {
        code: 'SELECT e.id, o.id FROM events e FULL JOIN orders o ON o.number = e.number',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Join a subquery with 'o.deleted_at IS NULL' instead of the table.",
        suggestions: { addFilter: 'SELECT e.id, o.id FROM events e FULL JOIN (SELECT * FROM orders WHERE deleted_at IS NULL) AS o ON o.number = e.number' },
      },
      {
        code: 'SELECT e.id, o.id FROM events e CROSS JOIN LATERAL (SELECT x.id FROM events z JOIN orders x ON x.number = z.number) o',
        at: 'orders x',
        message: "Deleted rows of 'orders' (x) are joined in. Add 'x.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id, o.id FROM events e CROSS JOIN LATERAL (SELECT x.id FROM events z JOIN orders x ON x.number = z.number WHERE x.deleted_at IS NULL) o' },
      },
      // The other alias is filtered twice.
      {
        code: 'SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL AND u.deleted_at IS NULL',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL AND u.deleted_at IS NULL AND o.deleted_at IS NULL' },
      },
      // An OR lets rows escape.
      {
        code: 'SELECT e.id FROM events e JOIN orders o ON o.number = e.number AND (o.deleted_at IS NULL OR o.open)',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Put 'o.deleted_at IS NULL' outside of the OR, which lets them through.",
        suggestions: { addFilter: 'SELECT e.id FROM events e JOIN orders o ON o.number = e.number AND (o.deleted_at IS NULL OR o.open) WHERE o.deleted_at IS NULL' },
      },
      // The preserved side is filtered in ON.
      {
        code: 'SELECT e.id, o.id FROM events e RIGHT JOIN orders o ON o.number = e.number AND o.deleted_at IS NULL',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Move 'o.deleted_at IS NULL' to the WHERE: the ON of an outer join keeps these rows.",
        suggestions: { addFilter: 'SELECT e.id, o.id FROM events e RIGHT JOIN orders o ON o.number = e.number AND o.deleted_at IS NULL WHERE o.deleted_at IS NULL' },
      },
      // A parent whose columns are the output, or beside another that is filtered.
      {
        code: 'SELECT u.* FROM orders o JOIN users u ON u.id = o.user_id WHERE o.deleted_at IS NULL',
        at: 'users u',
        message: "Rows are shown whose 'users' (u) is deleted. Add 'u.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT u.* FROM orders o JOIN users u ON u.id = o.user_id WHERE o.deleted_at IS NULL AND u.deleted_at IS NULL' },
      },
      // What UPDATE and DELETE read beside their table.
      {
        code: 'UPDATE events SET total = o.total FROM orders o WHERE o.number = events.number',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'UPDATE events SET total = o.total FROM orders o WHERE o.number = events.number AND o.deleted_at IS NULL' },
      },
      {
        code: 'DELETE FROM events USING orders o WHERE o.number = events.number',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'DELETE FROM events USING orders o WHERE o.number = events.number AND o.deleted_at IS NULL' },
      },
      // Other forms of tombstones.
      {
        code: 'SELECT e.id FROM events e JOIN accounts a ON a.owner = e.id',
        at: 'accounts a',
        message: "Deleted rows of 'accounts' (a) are joined in. Add 'a.is_deleted = FALSE' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e JOIN accounts a ON a.owner = e.id WHERE a.is_deleted = FALSE' },
      },
      {
        code: 'SELECT e.id FROM `events` e JOIN `products` p ON p.name = e.name', dialect: 'mysql',
        at: '`products` p',
        message: "Deleted rows of 'products' (p) are joined in. Add 'p.deleted = 0' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM `events` e JOIN `products` p ON p.name = e.name WHERE p.deleted = 0' },
      },
      {
        code: 'SELECT e.id FROM events e LEFT JOIN accounts a ON a.owner = e.id', dialect: 'sqlite',
        at: 'accounts a',
        message: "Deleted rows of 'accounts' (a) are joined in. Add 'a.is_deleted = 0' to the ON of its join.",
        suggestions: { addFilter: 'SELECT e.id FROM events e LEFT JOIN accounts a ON a.owner = e.id AND a.is_deleted = 0' },
      },
      {
        code: 'SELECT e.id FROM events e JOIN offers f ON f.name = e.name',
        at: 'offers f',
        message: "Deleted rows of 'offers' (f) are joined in. Add '(f.deleted_at IS NULL OR f.deleted_at > now())' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e JOIN offers f ON f.name = e.name WHERE (f.deleted_at IS NULL OR f.deleted_at > now())' },
      },
      {
        code: 'SELECT e.id FROM events e JOIN documents d ON d.name = e.name AND d.archived_at IS NULL',
        at: 'documents d',
        message: "Deleted rows of 'documents' (d) are joined in. Add 'd.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e JOIN documents d ON d.name = e.name AND d.archived_at IS NULL WHERE d.deleted_at IS NULL' },
      },
      {
        code: "SELECT e.id FROM events e JOIN tickets t ON t.event = e.name AND t.status <> 'draft'",
        at: 'tickets t',
        message: "Deleted rows of 'tickets' (t) are joined in. Add `t.status <> 'deleted'` to the WHERE.",
        suggestions: { addFilter: "SELECT e.id FROM events e JOIN tickets t ON t.event = e.name AND t.status <> 'draft' WHERE t.status <> 'deleted'" },
      },
      {
        code: 'SELECT e.id FROM events e JOIN "blogPosts" p ON p.title = e.name',
        at: '"blogPosts" p',
        message: `Deleted rows of 'blogPosts' (p) are joined in. Add 'p."deletedAt" IS NULL' to the WHERE.`,
        suggestions: { addFilter: 'SELECT e.id FROM events e JOIN "blogPosts" p ON p.title = e.name WHERE p."deletedAt" IS NULL' },
      },
      {
        code: 'SELECT e.id FROM events e JOIN billing.payments p ON p.event = e.name',
        at: 'billing.payments p',
        message: "Deleted rows of 'billing.payments' (p) are joined in. Add 'p.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT e.id FROM events e JOIN billing.payments p ON p.event = e.name WHERE p.deleted_at IS NULL' },
      },
    ],
  },
  ts: {
    valid: [
      'await sql`SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id AND o.deleted_at IS NULL WHERE u.deleted_at IS NULL AND u.name = ${name}`;',
      'await sql`SELECT e.id FROM events e JOIN orders o ON o.number = e.number ${condition}`;',
      "await pool.query('SELECT e.id FROM events e JOIN sessions s ON s.event_id = e.id');",
      // A relation is filtered by each query that fetches it, unless the option asks for its declaration.
      post("orders: { relation: Model.HasManyRelation, modelClass: Order, join: { from: 'posts.id', to: 'orders.post_id' } }"),
      { code: post("orders: { relation: Model.HasManyRelation, modelClass: Order, modify: (query) => query.whereNull('deleted_at'), join: { from: 'posts.id', to: 'orders.post_id' } }"), options: [{ relations: 'report' }] },
      { code: post("order: { relation: Model.BelongsToOneRelation, modelClass: Order, join: { from: 'posts.order_id', to: 'orders.id' } }"), options: [{ relations: 'report' }] },
      { code: post("sessions: { relation: Model.HasManyRelation, modelClass: Session, join: { from: 'posts.id', to: 'sessions.post_id' } }"), options: [{ relations: 'report' }] },
    ],
    invalid: [
      {
        code: post("orders: { relation: Model.HasManyRelation, modelClass: Order, join: { from: 'posts.id', to: 'orders.post_id' } }"),
        options: [{ relations: 'report' }],
        at: 'orders',
        message: "Wherever 'orders' is fetched, deleted rows of 'orders' come along. Filter on 'deleted_at' in its 'modify', or in each query.",
      },
      {
        code: 'await sql`SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id WHERE u.deleted_at IS NULL AND u.name = ${name}`;',
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Add 'o.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'await sql`SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id WHERE o.deleted_at IS NULL AND u.deleted_at IS NULL AND u.name = ${name}`;' },
      },
      {
        code: "await pool.query('SELECT e.id FROM events e LEFT JOIN orders o ON o.number = e.number WHERE e.name = $1', [name]);",
        at: 'orders o',
        message: "Deleted rows of 'orders' (o) are joined in. Add 'o.deleted_at IS NULL' to the ON of its join.",
        suggestions: { addFilter: "await pool.query('SELECT e.id FROM events e LEFT JOIN orders o ON o.number = e.number AND o.deleted_at IS NULL WHERE e.name = $1', [name]);" },
      },
      {
        code: 'await prisma.$queryRaw`SELECT e.id, p.title FROM events e JOIN "blogPosts" p ON p.title = e.name`;',
        at: '"blogPosts" p',
        message: `Deleted rows of 'blogPosts' (p) are joined in. Add 'p."deletedAt" IS NULL' to the WHERE.`,
        suggestions: { addFilter: 'await prisma.$queryRaw`SELECT e.id, p.title FROM events e JOIN "blogPosts" p ON p.title = e.name WHERE p."deletedAt" IS NULL`;' },
      },
    ],
  },
});

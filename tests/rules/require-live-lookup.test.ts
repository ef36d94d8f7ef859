import { testRule } from './tester.js';

testRule('require-live-lookup', {
  sql: {
    valid: [
      'SELECT * FROM users WHERE id = $1 AND deleted_at IS NULL',
      'SELECT u.* FROM users u WHERE u.email = $1 AND u.deleted_at IS NULL',
      'SELECT role FROM members WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL',
      'SELECT * FROM accounts WHERE id = $1 AND NOT is_deleted',
      { code: 'SELECT * FROM `products` WHERE `id` = ? AND `deleted` = 0', dialect: 'mysql' },
      'SELECT * FROM documents WHERE id = $1 AND deleted_at IS NULL AND archived_at IS NULL',
      "SELECT * FROM tickets WHERE id = $1 AND status <> 'deleted'",
      'SELECT * FROM "blogPosts" WHERE id = $1 AND "deletedAt" IS NULL',
      // A row of the trash.
      'SELECT * FROM users WHERE id = $1 AND deleted_at IS NOT NULL',
      'SELECT * FROM sessions WHERE id = $1',
      'SELECT * FROM users WHERE id = $1 /* includes-deleted: the profile says that its user has left */',
      // What other rules report.
      'SELECT * FROM users WHERE name = $1',
      'SELECT role FROM members WHERE team_id = $1',
      'SELECT count(*) FROM users WHERE team_id = $1',
    ],
    invalid: [
      {
        code: 'SELECT * FROM users WHERE id = $1',
        at: 'users',
        message: "A deleted row of 'users' can be found by its id. Add 'users.deleted_at IS NULL' to the WHERE, or check 'deleted_at' of the result.",
        suggestions: { addFilter: 'SELECT * FROM users WHERE id = $1 AND deleted_at IS NULL' },
      },
      {
        code: 'SELECT u.* FROM users AS u WHERE u.email = $1 AND u.active',
        at: 'users AS u',
        message: "A deleted row of 'users' (u) can be found by its email. Add 'u.deleted_at IS NULL' to the WHERE, or check 'deleted_at' of the result.",
        suggestions: { addFilter: 'SELECT u.* FROM users AS u WHERE u.email = $1 AND u.active AND u.deleted_at IS NULL' },
      },
      {
        code: 'SELECT * FROM users WHERE id IN ($1, $2)',
        at: 'users',
        message: "A deleted row of 'users' can be found by its id. Add 'users.deleted_at IS NULL' to the WHERE, or check 'deleted_at' of the result.",
        suggestions: { addFilter: 'SELECT * FROM users WHERE id IN ($1, $2) AND deleted_at IS NULL' },
      },
      {
        code: 'SELECT * FROM users WHERE id = ANY ($1)',
        at: 'users',
        message: "A deleted row of 'users' can be found by its id. Add 'users.deleted_at IS NULL' to the WHERE, or check 'deleted_at' of the result.",
        suggestions: { addFilter: 'SELECT * FROM users WHERE id = ANY ($1) AND deleted_at IS NULL' },
      },
      {
        code: 'SELECT role FROM members WHERE team_id = $1 AND user_id = $2',
        at: 'members',
        message: "A deleted row of 'members' can be found by its team_id and user_id. Add 'members.deleted_at IS NULL' to the WHERE, or check 'deleted_at' of the result.",
        suggestions: { addFilter: 'SELECT role FROM members WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL' },
      },
      {
        code: 'SELECT * FROM accounts WHERE id = $1',
        at: 'accounts',
        message: "A deleted row of 'accounts' can be found by its id. Add 'accounts.is_deleted = FALSE' to the WHERE, or check 'is_deleted' of the result.",
        suggestions: { addFilter: 'SELECT * FROM accounts WHERE id = $1 AND is_deleted = FALSE' },
      },
      {
        code: 'SELECT * FROM `products` WHERE `id` = ? LIMIT 1', dialect: 'mysql',
        at: '`products`',
        message: "A deleted row of 'products' can be found by its id. Add 'products.deleted = 0' to the WHERE, or check 'deleted' of the result.",
        suggestions: { addFilter: 'SELECT * FROM `products` WHERE `id` = ? AND `deleted` = 0 LIMIT 1' },
      },
      {
        code: 'SELECT * FROM users WHERE id = ?', dialect: 'sqlite',
        at: 'users',
        message: "A deleted row of 'users' can be found by its id. Add 'users.deleted_at IS NULL' to the WHERE, or check 'deleted_at' of the result.",
        suggestions: { addFilter: 'SELECT * FROM users WHERE id = ? AND deleted_at IS NULL' },
      },
      {
        code: 'SELECT * FROM offers WHERE id = $1',
        at: 'offers',
        message: "A deleted row of 'offers' can be found by its id. Add '(offers.deleted_at IS NULL OR offers.deleted_at > now())' to the WHERE, or check 'deleted_at' of the result.",
        suggestions: { addFilter: 'SELECT * FROM offers WHERE id = $1 AND (deleted_at IS NULL OR deleted_at > now())' },
      },
      {
        code: 'SELECT * FROM documents WHERE id = $1 AND deleted_at IS NULL',
        at: 'documents',
        message: "A deleted row of 'documents' can be found by its id. Add 'documents.archived_at IS NULL' to the WHERE, or check 'archived_at' of the result.",
        suggestions: { addFilter: 'SELECT * FROM documents WHERE id = $1 AND deleted_at IS NULL AND archived_at IS NULL' },
      },
      {
        code: 'SELECT * FROM tickets WHERE id = $1',
        at: 'tickets',
        message: "A deleted row of 'tickets' can be found by its id. Add `tickets.status <> 'deleted'` to the WHERE, or check 'status' of the result.",
        suggestions: { addFilter: "SELECT * FROM tickets WHERE id = $1 AND status <> 'deleted'" },
      },
      {
        code: 'SELECT * FROM contracts WHERE id = $1',
        at: 'contracts',
        message: "A deleted row of 'contracts' can be found by its id. Add `contracts.deleted_at = '9999-12-31'` to the WHERE, or check 'deleted_at' of the result.",
        suggestions: { addFilter: "SELECT * FROM contracts WHERE id = $1 AND deleted_at = '9999-12-31'" },
      },
      {
        code: 'SELECT * FROM "blogPosts" WHERE id = $1',
        at: '"blogPosts"',
        message: `A deleted row of 'blogPosts' can be found by its id. Add '"blogPosts"."deletedAt" IS NULL' to the WHERE, or check 'deletedAt' of the result.`,
        suggestions: { addFilter: 'SELECT * FROM "blogPosts" WHERE id = $1 AND "deletedAt" IS NULL' },
      },
      {
        code: 'SELECT * FROM billing.payments p WHERE p.id = $1 FOR UPDATE',
        at: 'billing.payments p',
        message: "A deleted row of 'billing.payments' (p) can be found by its id. Add 'p.deleted_at IS NULL' to the WHERE, or check 'deleted_at' of the result.",
        suggestions: { addFilter: 'SELECT * FROM billing.payments p WHERE p.id = $1 AND p.deleted_at IS NULL FOR UPDATE' },
      },
      {
        code: 'SELECT * FROM users WHERE id = $1 AND (deleted_at IS NULL OR admin)',
        at: 'users',
        message: "A deleted row of 'users' can be found by its id. Put 'users.deleted_at IS NULL' outside of the OR, which lets them through, or check 'deleted_at' of the result.",
        suggestions: { addFilter: 'SELECT * FROM users WHERE id = $1 AND (deleted_at IS NULL OR admin) AND deleted_at IS NULL' },
      },
    ],
  },
  ts: {
    valid: [
      'await sql`SELECT * FROM users WHERE id = ${id} AND deleted_at IS NULL`;',
      // The result is looked at.
      "async function get(id: string) {\n  const { rows: [user] } = await pool.query('SELECT * FROM users WHERE id = $1', [id]);\n  if (!user || user.deleted_at) throw new Error('gone');\n  return user;\n}",
      'async function get(id: string) {\n  const [user] = await sql`SELECT * FROM users WHERE id = ${id}`;\n  return user?.deleted_at ? null : user;\n}',
      'async function get(id: string) {\n  const [document] = await sql`SELECT * FROM documents WHERE id = ${id}`;\n  if (document.deleted_at !== null || document.archived_at !== null) return null;\n  return document;\n}',
    ],
    invalid: [
      {
        code: 'await sql`SELECT * FROM users WHERE id = ${id}`;',
        at: 'users',
        message: "A deleted row of 'users' can be found by its id. Add 'users.deleted_at IS NULL' to the WHERE, or check 'deleted_at' of the result.",
        suggestions: { addFilter: 'await sql`SELECT * FROM users WHERE deleted_at IS NULL AND id = ${id}`;' },
      },
      {
        code: "async function get(id: string) {\n  const { rows: [user] } = await pool.query('SELECT * FROM users WHERE id = $1', [id]);\n  if (!user) throw new Error('gone');\n  return user;\n}",
        at: 'users',
        message: "A deleted row of 'users' can be found by its id. Add 'users.deleted_at IS NULL' to the WHERE, or check 'deleted_at' of the result.",
        suggestions: { addFilter: "async function get(id: string) {\n  const { rows: [user] } = await pool.query('SELECT * FROM users WHERE id = $1 AND deleted_at IS NULL', [id]);\n  if (!user) throw new Error('gone');\n  return user;\n}" },
      },
      // One of two tombstones is looked at.
      {
        code: 'async function get(id: string) {\n  const [document] = await sql`SELECT * FROM documents WHERE id = ${id}`;\n  if (document.deleted_at !== null) return null;\n  return document;\n}',
        at: 'documents',
        message: "A deleted row of 'documents' can be found by its id. Add 'documents.deleted_at IS NULL AND documents.archived_at IS NULL' to the WHERE, or check 'deleted_at' and 'archived_at' of the result.",
        suggestions: { addFilter: 'async function get(id: string) {\n  const [document] = await sql`SELECT * FROM documents WHERE deleted_at IS NULL AND archived_at IS NULL AND id = ${id}`;\n  if (document.deleted_at !== null) return null;\n  return document;\n}' },
      },
      {
        code: 'await prisma.$queryRaw`SELECT * FROM "blogPosts" WHERE id = ${id}`;',
        at: '"blogPosts"',
        message: `A deleted row of 'blogPosts' can be found by its id. Add '"blogPosts"."deletedAt" IS NULL' to the WHERE, or check 'deletedAt' of the result.`,
        suggestions: { addFilter: 'await prisma.$queryRaw`SELECT * FROM "blogPosts" WHERE "deletedAt" IS NULL AND id = ${id}`;' },
      },
    ],
  },
});

import { testRule } from './tester.js';

testRule('no-tombstone-upsert', {
  sql: {
    valid: [
      'INSERT INTO users (email) VALUES ($1)',
      // It revives.
      'INSERT INTO users (email, name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET name = excluded.name, deleted_at = NULL',
      'INSERT INTO users (email, name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET name = $2, deleted_at = excluded.deleted_at',
      'INSERT INTO accounts (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET is_deleted = FALSE',
      { code: 'INSERT INTO `products` (`name`) VALUES (?) ON DUPLICATE KEY UPDATE `price` = VALUES(`price`), `deleted` = 0', dialect: 'mysql' },
      // It deletes.
      'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET deleted_at = now()',
      // Only live rows conflict: the index is partial.
      'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE deleted_at IS NULL DO UPDATE SET name = excluded.name',
      'INSERT INTO accounts (name) VALUES ($1) ON CONFLICT (name) WHERE NOT is_deleted DO UPDATE SET seen = true',
      'INSERT INTO documents (name) VALUES ($1) ON CONFLICT (name) WHERE deleted_at IS NULL AND archived_at IS NULL DO UPDATE SET seen = true',
      // Only live rows are edited.
      'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET name = $2 WHERE users.deleted_at IS NULL',
      // The tombstone is a part of the key.
      'INSERT INTO accounts (name) VALUES ($1) ON CONFLICT (name, is_deleted) DO UPDATE SET seen = true',
      // By the primary key, and what is not inserted: unless the options ask for it.
      'INSERT INTO users (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name',
      'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO NOTHING',
      { code: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT DO NOTHING', options: [{ byKey: 'report', doNothing: 'report' }] },
      { code: 'INSERT INTO users (id) VALUES ($1) ON CONFLICT (id) DO NOTHING', options: [{ doNothing: 'report' }] },
      { code: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE deleted_at IS NULL DO NOTHING', options: [{ doNothing: 'report' }] },
      // Any key may conflict, and the caller names the row by its own.
      { code: 'INSERT INTO `users` (`id`, `name`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `name` = VALUES(`name`)', dialect: 'mysql' },
      { code: 'INSERT INTO `users` VALUES (?, ?) ON DUPLICATE KEY UPDATE `name` = VALUES(`name`)', dialect: 'mysql' },
      // How MySQL says that nothing is to be done.
      { code: 'INSERT INTO `users` (`email`) VALUES (?) ON DUPLICATE KEY UPDATE `email` = `email`', dialect: 'mysql' },
      // Said to be meant, and hard tables.
      'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET seen = true /* includes-deleted: a mirror of the directory */',
      'INSERT INTO sessions (token) VALUES ($1) ON CONFLICT (token) DO UPDATE SET seen = true',
    ],
    invalid: [
      {
        code: 'INSERT INTO users (email, name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET name = excluded.name',
        at: 'ON CONFLICT (email) DO UPDATE SET name = excluded.name',
        message: "Where 'users' has a deleted row with the same email, this edits it and leaves it deleted. Set 'deleted_at = NULL', or match the partial index with 'WHERE deleted_at IS NULL'.",
        suggestions: {
          revive: 'INSERT INTO users (email, name) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET name = excluded.name, deleted_at = NULL',
          matchPartialIndex: 'INSERT INTO users (email, name) VALUES ($1, $2) ON CONFLICT (email) WHERE deleted_at IS NULL DO UPDATE SET name = excluded.name',
        },
      },
      {
        code: 'INSERT INTO users AS u (email) SELECT email FROM events ON CONFLICT (email) DO UPDATE SET seen = true RETURNING u.id',
        at: 'ON CONFLICT (email) DO UPDATE SET seen = true',
        message: "Where 'users' (u) has a deleted row with the same email, this edits it and leaves it deleted. Set 'deleted_at = NULL', or match the partial index with 'WHERE deleted_at IS NULL'.",
        suggestions: {
          revive: 'INSERT INTO users AS u (email) SELECT email FROM events ON CONFLICT (email) DO UPDATE SET seen = true, deleted_at = NULL RETURNING u.id',
          matchPartialIndex: 'INSERT INTO users AS u (email) SELECT email FROM events ON CONFLICT (email) WHERE deleted_at IS NULL DO UPDATE SET seen = true RETURNING u.id',
        },
      },
      {
        code: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE active DO UPDATE SET seen = true',
        at: 'ON CONFLICT (email) WHERE active DO UPDATE SET seen = true',
        message: "Where 'users' has a deleted row with the same email, this edits it and leaves it deleted. Set 'deleted_at = NULL', or match the partial index with 'WHERE deleted_at IS NULL'.",
        suggestions: {
          revive: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE active DO UPDATE SET seen = true, deleted_at = NULL',
          matchPartialIndex: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE active AND deleted_at IS NULL DO UPDATE SET seen = true',
        },
      },
      {
        code: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT ON CONSTRAINT users_email_key DO UPDATE SET seen = true',
        at: 'ON CONFLICT ON CONSTRAINT users_email_key DO UPDATE SET seen = true',
        message: "Where 'users' has a deleted row with the same key, this edits it and leaves it deleted. Set 'deleted_at = NULL'.",
        suggestions: { revive: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT ON CONSTRAINT users_email_key DO UPDATE SET seen = true, deleted_at = NULL' },
      },
      {
        code: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET name = $2 WHERE users.active',
        at: 'ON CONFLICT (email) DO UPDATE SET name = $2 WHERE users.active',
        message: "Where 'users' has a deleted row with the same email, this edits it and leaves it deleted. Set 'deleted_at = NULL', or match the partial index with 'WHERE deleted_at IS NULL'.",
        suggestions: {
          revive: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET name = $2, deleted_at = NULL WHERE users.active',
          matchPartialIndex: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE deleted_at IS NULL DO UPDATE SET name = $2 WHERE users.active',
        },
      },
      // Who left a team joins it again.
      {
        code: 'INSERT INTO members (team_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT (team_id, user_id) DO UPDATE SET role = excluded.role',
        at: 'ON CONFLICT (team_id, user_id) DO UPDATE SET role = excluded.role',
        message: "Where 'members' has a deleted row with the same team_id and user_id, this edits it and leaves it deleted. Set 'deleted_at = NULL', or match the partial index with 'WHERE deleted_at IS NULL'.",
        suggestions: {
          revive: 'INSERT INTO members (team_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT (team_id, user_id) DO UPDATE SET role = excluded.role, deleted_at = NULL',
          matchPartialIndex: 'INSERT INTO members (team_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT (team_id, user_id) WHERE deleted_at IS NULL DO UPDATE SET role = excluded.role',
        },
      },
      {
        code: 'INSERT INTO `users` (`email`) VALUES (?) ON DUPLICATE KEY UPDATE `name` = VALUES(`name`)', dialect: 'mysql',
        at: 'ON DUPLICATE KEY UPDATE `name` = VALUES(`name`)',
        message: "Where 'users' has a deleted row with the same key, this edits it and leaves it deleted. Set 'deleted_at = NULL'.",
        suggestions: { revive: 'INSERT INTO `users` (`email`) VALUES (?) ON DUPLICATE KEY UPDATE `name` = VALUES(`name`), `deleted_at` = NULL' },
      },
      {
        code: 'INSERT INTO users (email) VALUES (?) ON CONFLICT (email) DO UPDATE SET name = excluded.name', dialect: 'sqlite',
        at: 'ON CONFLICT (email) DO UPDATE SET name = excluded.name',
        message: "Where 'users' has a deleted row with the same email, this edits it and leaves it deleted. Set 'deleted_at = NULL', or match the partial index with 'WHERE deleted_at IS NULL'.",
        suggestions: {
          revive: 'INSERT INTO users (email) VALUES (?) ON CONFLICT (email) DO UPDATE SET name = excluded.name, deleted_at = NULL',
          matchPartialIndex: 'INSERT INTO users (email) VALUES (?) ON CONFLICT (email) WHERE deleted_at IS NULL DO UPDATE SET name = excluded.name',
        },
      },
      {
        code: 'INSERT INTO `users` (`id`, `email`, `name`) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE `name` = VALUES(`name`)', dialect: 'mysql',
        at: 'ON DUPLICATE KEY UPDATE `name` = VALUES(`name`)',
        message: "Where 'users' has a deleted row with the same key, this edits it and leaves it deleted. Set 'deleted_at = NULL'.",
        suggestions: { revive: 'INSERT INTO `users` (`id`, `email`, `name`) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE `name` = VALUES(`name`), `deleted_at` = NULL' },
      },
      // The deleted row is handed out.
      {
        code: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING id',
        at: 'ON CONFLICT (email) DO UPDATE SET email = excluded.email',
        message: "Where 'users' has a deleted row with the same email, this edits it and leaves it deleted. Set 'deleted_at = NULL', or match the partial index with 'WHERE deleted_at IS NULL'.",
        suggestions: {
          revive: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET email = excluded.email, deleted_at = NULL RETURNING id',
          matchPartialIndex: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE deleted_at IS NULL DO UPDATE SET email = excluded.email RETURNING id',
        },
      },
      {
        code: 'REPLACE INTO `users` (`email`, `name`) VALUES (?, ?)', dialect: 'mysql',
        at: 'REPLACE',
        message: "REPLACE removes the row of 'users' that it meets for good, and its 'deleted_at' with it. Update the row instead.",
      },
      {
        code: 'INSERT OR REPLACE INTO users (email, name) VALUES (?, ?)', dialect: 'sqlite',
        at: 'INSERT OR REPLACE',
        message: "REPLACE removes the row of 'users' that it meets for good, and its 'deleted_at' with it. Update the row instead.",
      },
      // Other forms of tombstones.
      {
        code: 'INSERT INTO accounts (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET seen = true',
        at: 'ON CONFLICT (name) DO UPDATE SET seen = true',
        message: "Where 'accounts' has a deleted row with the same name, this edits it and leaves it deleted. Set 'is_deleted = FALSE', or match the partial index with 'WHERE is_deleted = FALSE'.",
        suggestions: {
          revive: 'INSERT INTO accounts (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET seen = true, is_deleted = FALSE',
          matchPartialIndex: 'INSERT INTO accounts (name) VALUES ($1) ON CONFLICT (name) WHERE is_deleted = FALSE DO UPDATE SET seen = true',
        },
      },
      {
        code: 'INSERT INTO `products` (`name`) VALUES (?) ON DUPLICATE KEY UPDATE `price` = VALUES(`price`)', dialect: 'mysql',
        at: 'ON DUPLICATE KEY UPDATE `price` = VALUES(`price`)',
        message: "Where 'products' has a deleted row with the same key, this edits it and leaves it deleted. Set 'deleted = 0'.",
        suggestions: { revive: 'INSERT INTO `products` (`name`) VALUES (?) ON DUPLICATE KEY UPDATE `price` = VALUES(`price`), `deleted` = 0' },
      },
      {
        code: 'INSERT INTO documents (name) VALUES ($1) ON CONFLICT (name) WHERE deleted_at IS NULL DO UPDATE SET seen = true',
        at: 'ON CONFLICT (name) WHERE deleted_at IS NULL DO UPDATE SET seen = true',
        message: "Where 'documents' has a deleted row with the same name, this edits it and leaves it deleted. Set 'deleted_at = NULL' and 'archived_at = NULL', or match the partial index with 'WHERE deleted_at IS NULL AND archived_at IS NULL'.",
      },
      {
        code: 'INSERT INTO tickets (number) VALUES ($1) ON CONFLICT (number) DO UPDATE SET seen = true',
        at: 'ON CONFLICT (number) DO UPDATE SET seen = true',
        message: "Where 'tickets' has a deleted row with the same number, this edits it and leaves it deleted. Set 'status' to a live value, or match the partial index with `WHERE status <> 'deleted'`.",
        suggestions: { matchPartialIndex: "INSERT INTO tickets (number) VALUES ($1) ON CONFLICT (number) WHERE status <> 'deleted' DO UPDATE SET seen = true" },
      },
      {
        code: 'INSERT INTO contracts (number) VALUES ($1) ON CONFLICT (number) DO UPDATE SET seen = true',
        at: 'ON CONFLICT (number) DO UPDATE SET seen = true',
        message: "Where 'contracts' has a deleted row with the same number, this edits it and leaves it deleted. Set `deleted_at = '9999-12-31'`, or match the partial index with `WHERE deleted_at = '9999-12-31'`.",
        suggestions: {
          revive: "INSERT INTO contracts (number) VALUES ($1) ON CONFLICT (number) DO UPDATE SET seen = true, deleted_at = '9999-12-31'",
          matchPartialIndex: "INSERT INTO contracts (number) VALUES ($1) ON CONFLICT (number) WHERE deleted_at = '9999-12-31' DO UPDATE SET seen = true",
        },
      },
      {
        code: 'INSERT INTO "blogPosts" (title) VALUES ($1) ON CONFLICT (title) DO UPDATE SET body = $2',
        at: 'ON CONFLICT (title) DO UPDATE SET body = $2',
        message: `Where 'blogPosts' has a deleted row with the same title, this edits it and leaves it deleted. Set '"deletedAt" = NULL', or match the partial index with 'WHERE "deletedAt" IS NULL'.`,
        suggestions: {
          revive: 'INSERT INTO "blogPosts" (title) VALUES ($1) ON CONFLICT (title) DO UPDATE SET body = $2, "deletedAt" = NULL',
          matchPartialIndex: 'INSERT INTO "blogPosts" (title) VALUES ($1) ON CONFLICT (title) WHERE "deletedAt" IS NULL DO UPDATE SET body = $2',
        },
      },
      // Where the options ask for it.
      {
        code: 'INSERT INTO users (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name', options: [{ byKey: 'report' }],
        at: 'ON CONFLICT (id) DO UPDATE SET name = excluded.name',
        message: "Where 'users' has a deleted row with the same key, this edits it and leaves it deleted. Set 'deleted_at = NULL'.",
        suggestions: { revive: 'INSERT INTO users (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name, deleted_at = NULL' },
      },
      {
        code: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO NOTHING', options: [{ doNothing: 'report' }],
        at: 'ON CONFLICT (email) DO NOTHING',
        message: "Where 'users' has a deleted row with the same email, nothing is inserted. Revive the row, or match the partial index with 'WHERE deleted_at IS NULL'.",
        suggestions: { matchPartialIndex: 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE deleted_at IS NULL DO NOTHING' },
      },
    ],
  },
  ts: {
    valid: [
      'await sql`INSERT INTO users (email) VALUES (${email}) ON CONFLICT (email) DO UPDATE SET name = ${name}, deleted_at = NULL`;',
      'await sql`INSERT INTO users ${sql(user)} ON CONFLICT (email) DO UPDATE SET ${sql(user)}`;',
      // The row that comes back is looked at.
      'async function invite(email: string) {\n  const [user] = await sql`INSERT INTO users (email) VALUES (${email}) ON CONFLICT (email) DO UPDATE SET seen = true RETURNING *`;\n  if (user.deleted_at) await restore(user.id);\n  return user;\n}',
    ],
    invalid: [
      {
        code: 'await sql`INSERT INTO users (email) VALUES (${email}) ON CONFLICT (email) DO UPDATE SET name = ${name}`;',
        at: 'ON CONFLICT (email) DO UPDATE SET name = ',
        message: "Where 'users' has a deleted row with the same email, this edits it and leaves it deleted. Set 'deleted_at = NULL', or match the partial index with 'WHERE deleted_at IS NULL'.",
        suggestions: { matchPartialIndex: 'await sql`INSERT INTO users (email) VALUES (${email}) ON CONFLICT (email) WHERE deleted_at IS NULL DO UPDATE SET name = ${name}`;' },
      },
      {
        code: "await pool.query('INSERT INTO members (team_id, user_id) VALUES ($1, $2) ON CONFLICT (team_id, user_id) DO UPDATE SET role = $3', [a, b, c]);",
        at: 'ON CONFLICT (team_id, user_id) DO UPDATE SET role = $3',
        message: "Where 'members' has a deleted row with the same team_id and user_id, this edits it and leaves it deleted. Set 'deleted_at = NULL', or match the partial index with 'WHERE deleted_at IS NULL'.",
        suggestions: {
          revive: "await pool.query('INSERT INTO members (team_id, user_id) VALUES ($1, $2) ON CONFLICT (team_id, user_id) DO UPDATE SET role = $3, deleted_at = NULL', [a, b, c]);",
          matchPartialIndex: "await pool.query('INSERT INTO members (team_id, user_id) VALUES ($1, $2) ON CONFLICT (team_id, user_id) WHERE deleted_at IS NULL DO UPDATE SET role = $3', [a, b, c]);",
        },
      },
      {
        code: "await pool.query('INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET seen = TRUE', [email]);",
        at: 'ON CONFLICT (email) DO UPDATE SET seen = TRUE',
        message: "Where 'users' has a deleted row with the same email, this edits it and leaves it deleted. Set 'deleted_at = NULL', or match the partial index with 'WHERE deleted_at IS NULL'.",
        suggestions: {
          revive: "await pool.query('INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET seen = TRUE, deleted_at = NULL', [email]);",
          matchPartialIndex: "await pool.query('INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE deleted_at IS NULL DO UPDATE SET seen = TRUE', [email]);",
        },
      },
    ],
  },
});

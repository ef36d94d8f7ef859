import assert from 'node:assert/strict';
import { find, print, type FindOptions } from './support.js';
import { checkPlaces } from './support.js';

/** A source and, for each text that must be found in it, the variants. `how` is compared where given. */
interface Case {
  readonly name: string;
  readonly source: string;
  readonly texts: readonly (readonly string[] | string)[];
  readonly how?: readonly string[];
  readonly options?: FindOptions;
}

function check(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    for (const { name, source, texts, how, options } of cases) {
      it(name, () => {
        const found = find(source, options);
        assert.deepEqual(found.map(({ variants }) => variants.map(print)), texts.map((text) => (typeof text === 'string' ? [text] : text)));
        if (how) assert.deepEqual(found.map((one) => one.how), how);
        for (const one of found) checkPlaces(source, one);
      });
    }
  });
}

check('tags', [
  { name: 'sql', source: 'await pool.query(sql`SELECT * FROM users WHERE id = ${userId}`);', texts: ['SELECT * FROM users WHERE id = ⟦value⟧'], how: ['tag'] },
  { name: 'SQL', source: 'await pool.query(SQL`SELECT * FROM users WHERE id = ${1}`);', texts: ['SELECT * FROM users WHERE id = ⟦value⟧'] },
  { name: 'with type arguments', source: 'await sql<User[]>`SELECT * FROM users`;', texts: ['SELECT * FROM users'] },
  { name: 'a member', source: 'await db.sql`SELECT * FROM users`; await this.sql`SELECT 1 FROM posts`; await client.sql<X>`TABLE users`;', texts: ['SELECT * FROM users', 'SELECT 1 FROM posts', 'TABLE users'] },
  { name: 'slonik', source: "await pool.one(sql.type(user)`SELECT * FROM users`); await pool.any(sql.typeAlias('id')`SELECT id FROM users`); await pool.query(sql.unsafe`DELETE FROM users`);", texts: ['SELECT * FROM users', 'SELECT id FROM users', 'DELETE FROM users'] },
  { name: 'slonik fragments', source: 'const live = sql.fragment`deleted_at IS NULL`; await pool.any(sql.type(user)`SELECT * FROM users WHERE ${live}`);', texts: ['SELECT * FROM users WHERE deleted_at IS NULL'] },
  { name: 'Prisma', source: 'await prisma.$queryRaw`SELECT * FROM users WHERE id = ${id}`; await prisma.$executeRaw`DELETE FROM users`; await tx.$queryRaw<User[]>(Prisma.sql`SELECT 1 FROM posts`);', texts: ['SELECT * FROM users WHERE id = ⟦value⟧', 'DELETE FROM users', 'SELECT 1 FROM posts'] },
  { name: 'an instance of postgres.js of any name', source: "import postgres from 'postgres'; const db = postgres(url); await db`SELECT * FROM users`;", texts: ['SELECT * FROM users'] },
  { name: 'an instance of neon', source: "import { neon } from '@neondatabase/serverless'; const q = neon(process.env.URL!); await q`SELECT * FROM users`;", texts: ['SELECT * FROM users'] },
  { name: 'an instance required', source: "const q = require('postgres')(url); q`SELECT * FROM users`;", texts: ['SELECT * FROM users'] },
  { name: 'the parameter of a transaction', source: 'await sql.begin(async (tx) => { await tx`UPDATE users SET a = ${b}`; });', texts: ['UPDATE users SET a = ⟦value⟧'] },
  { name: 'the parameter of a transaction named sql', source: 'await sql.begin((sql) => sql`UPDATE users SET a = 1`);', texts: ['UPDATE users SET a = 1'] },
  { name: 'createSqlTag', source: 'const tag = createSqlTag({ typeAliases }); pool.any(tag`SELECT * FROM users`);', texts: ['SELECT * FROM users'] },
  { name: 'Bun.sql', source: 'await Bun.sql`SELECT * FROM users`;', texts: ['SELECT * FROM users'] },
  { name: 'the tag store of node:sqlite', source: 'const store = db.createTagStore(); store.all`SELECT * FROM users`; store.get`SELECT 1 FROM posts WHERE id = ${id}`;', texts: ['SELECT * FROM users', 'SELECT 1 FROM posts WHERE id = ⟦value⟧'] },
  { name: 'a tag of the options', source: 'await q.pg`SELECT 1`; await pg`SELECT 2`; await sql`SELECT * FROM users`;', texts: ['SELECT 1', 'SELECT 2'], options: { tags: ['pg'] } },
  { name: 'a dotted tag of the options', source: 'await this.db.run`SELECT 1`; await run`SELECT 2`;', texts: ['SELECT 1'], options: { tags: ['db.run'] } },
  { name: 'an unknown tag on SQL of the manifest', source: "import { db } from './db'; await db`SELECT * FROM users WHERE a = ${a}`; await db`SELECT * FROM unknown_table`;", texts: ['SELECT * FROM users WHERE a = ⟦value⟧'] },
  { name: 'tags of other languages', source: 'gql`query { users { id } }`; css`select * from users`; html`<p>SELECT * FROM users</p>`; styled.div`SELECT * FROM users`;', texts: [] },
  { name: 'dedent is a string', source: 'await client.query(dedent`\n  SELECT *\n  FROM users\n  WHERE ${x}`);', texts: ['SELECT * FROM users WHERE ⟦unknown⟧'] },
  { name: 'String.raw, by itself and as sql', source: "await client.query(String.raw`SELECT '\\d' FROM users`); const sql = String.raw; await client.query(sql`SELECT '\\d' FROM posts`);", texts: ["SELECT '\\d' FROM users", "SELECT '\\d' FROM posts"] },
  { name: 'a tag of this file that joins strings', source: "const sql = (s, ...v) => s.reduce((a, b, i) => a + b + (v[i] ?? ''), ''); const t = 'users'; run(sql`SELECT * FROM ${t}`);", texts: ['SELECT * FROM users'] },
  { name: 'a tag of this file that makes placeholders', source: "const sql = (s, ...values) => ({ text: s.reduce((a, b, i) => a + '$' + i + b), values }); const t = 'x'; query(sql`SELECT * FROM users WHERE a = ${t}`);", texts: ['SELECT * FROM users WHERE a = ⟦value⟧'] },
  { name: 'fragments alone are no texts', source: 'const a = sql`deleted_at IS NULL`; const b = sql`count(*)`; db.select().from(users).where(sql`${users.id} = 1`);', texts: [] },
  { name: 'in plain JavaScript', source: 'async function f(db, id) { return await db.query(sql`SELECT * FROM users WHERE id = ${id}`); }', texts: ['SELECT * FROM users WHERE id = ⟦value⟧'], options: { javascript: true } },
]);

check('driver calls', [
  { name: 'query and execute', source: "pool.query('SELECT * FROM users'); conn.execute(`DELETE FROM users WHERE id = ?`, [1]);", texts: ['SELECT * FROM users', 'DELETE FROM users WHERE id = ?'], how: ['call', 'call'] },
  { name: 'prepare and exec', source: "db.prepare('SELECT * FROM users').all(); db.exec(`TRUNCATE users`);", texts: ['SELECT * FROM users', 'TRUNCATE users'] },
  { name: 'pg-promise', source: "db.any('SELECT * FROM users WHERE a = $(a)', { a }); db.oneOrNone('SELECT 1 FROM posts'); t.none('UPDATE users SET a = 1'); db.map('SELECT id FROM users', [], (r) => r.id);", texts: ['SELECT * FROM users WHERE a = $(a)', 'SELECT 1 FROM posts', 'UPDATE users SET a = 1', 'SELECT id FROM users'] },
  { name: 'pg-promise names in ordinary strings', source: "db.any('SELECT * FROM users WHERE a = ${a}', { a });", texts: ['SELECT * FROM users WHERE a = ${a}'] },
  { name: 'sqlite3', source: "db.all('SELECT * FROM users', cb); db.get('SELECT 1 FROM posts', cb); db.run('DELETE FROM users'); db.each('SELECT 2 FROM posts', cb);", texts: ['SELECT * FROM users', 'SELECT 1 FROM posts', 'DELETE FROM users', 'SELECT 2 FROM posts'] },
  { name: 'knex.raw', source: "await knex.raw('select * from users where id = ?', [id]); await knex.schema.raw('drop index x'); await Model.knex().raw(`select 1 from posts`);", texts: ['select * from users where id = ?', 'drop index x', 'select 1 from posts'] },
  { name: 'sequelize.query', source: "await sequelize.query(`SELECT * FROM \"Users\" WHERE id = :id`, { replacements: { id } }); await queryInterface.sequelize.query('ALTER TABLE users ADD x int');", texts: ['SELECT * FROM "Users" WHERE id = :id', 'ALTER TABLE users ADD x int'] },
  { name: 'typeorm', source: "await queryRunner.query('DROP TABLE \"users\"'); await dataSource.manager.query('SELECT * FROM users WHERE id = $1', [id]);", texts: ['DROP TABLE "users"', 'SELECT * FROM users WHERE id = $1'] },
  { name: 'Prisma unsafe', source: 'await prisma.$queryRawUnsafe(`SELECT * FROM users WHERE ${where}`); await prisma.$executeRawUnsafe("DELETE FROM users");', texts: ['SELECT * FROM users WHERE ⟦unknown⟧', 'DELETE FROM users'] },
  { name: 'postgres.js unsafe, and no file', source: "await sql.unsafe('SELECT * FROM users', []); await sql.file('select-users.sql');", texts: ['SELECT * FROM users'] },
  { name: 'an object with text, sql or query', source: "pool.query({ text: 'SELECT * FROM users', values: [] }); conn.query({ sql: 'SELECT 1 FROM posts' }); bq.query({ query: `SELECT 2 FROM posts` }); pool.query({ name: 'q', text: `SELECT 3 FROM posts` });", texts: ['SELECT * FROM users', 'SELECT 1 FROM posts', 'SELECT 2 FROM posts', 'SELECT 3 FROM posts'] },
  { name: 'an object in a constant', source: "const q = { name: 'a', text: 'SELECT * FROM users' }; pool.query(q);", texts: ['SELECT * FROM users'], how: ['call'] },
  { name: 'prepared statements and cursors', source: "new PreparedStatement({ name: 'a', text: 'SELECT * FROM users' }); client.query(new Cursor('SELECT 1 FROM posts')); client.query(new QueryStream(`SELECT 2 FROM posts`)); new Query('SELECT 3 FROM posts');", texts: ['SELECT * FROM users', 'SELECT 1 FROM posts', 'SELECT 2 FROM posts', 'SELECT 3 FROM posts'] },
  { name: 'a function of its own', source: "await query('SELECT * FROM nowhere'); await queryRows(sqlText); await runQuery(`SELECT 1 FROM nowhere`);", texts: ['SELECT * FROM nowhere', 'SELECT 1 FROM nowhere'] },
  { name: 'literal: subqueries of another statement', source: "User.findAll({ attributes: [[literal('(SELECT COUNT(*) FROM posts p WHERE p.user_id = \"User\".id)'), 'n']], where: sequelize.literal(`EXISTS (SELECT 1 FROM files)`) });", texts: ['SELECT (SELECT COUNT(*) FROM posts p WHERE p.user_id = "User".id)', 'SELECT EXISTS (SELECT 1 FROM files)'] },
  { name: 'raw: subqueries of another statement', source: "knex('posts').select(knex.raw('(select count(*) from users) as n')).where(knex.raw('id in (select id from users)')); knex.raw('now()');", texts: ['SELECT (select count(*) from users) as n', 'SELECT id in (select id from users)'] },
  { name: 'a tagged template in a call is found once', source: 'db.execute(sql.raw(`SELECT * FROM users`)); db.query(sql`SELECT 1 FROM posts`);', texts: ['SELECT * FROM users', 'SELECT 1 FROM posts'], how: ['call', 'tag'] },
  { name: 'other methods of these names', source: "map.get('users'); list.map((x) => x); cache.get('Update users now'); page.query('select option'); router.all('/users', f); $('select').get(0);", texts: [] },
  { name: 'comments and parentheses in front', source: "pool.query('-- all of them\\nSELECT * FROM users'); pool.query(`/* a */ (SELECT 1 FROM posts) UNION (SELECT 2 FROM posts)`);", texts: ['-- all of them SELECT * FROM users', '/* a */ (SELECT 1 FROM posts) UNION (SELECT 2 FROM posts)'] },
  { name: 'every kind of statement', source: "for (const q of []) {} db.query('WITH a AS (SELECT 1) SELECT * FROM a'); db.query('INSERT INTO users VALUES (1)'); db.query('MERGE INTO users USING x ON a WHEN MATCHED THEN DELETE'); db.query('REPLACE INTO users VALUES (1)'); db.query('CREATE UNIQUE INDEX a ON users (b)'); db.query('EXPLAIN SELECT 1'); db.query('DO $$ BEGIN END $$'); db.query('VALUES (1)'); db.query('EXPLAIN ANALYZE DELETE FROM users');", texts: ['WITH a AS (SELECT 1) SELECT * FROM a', 'INSERT INTO users VALUES (1)', 'MERGE INTO users USING x ON a WHEN MATCHED THEN DELETE', 'REPLACE INTO users VALUES (1)', 'CREATE UNIQUE INDEX a ON users (b)', 'EXPLAIN SELECT 1', 'DO $$ BEGIN END $$', 'VALUES (1)', 'EXPLAIN ANALYZE DELETE FROM users'] },
  { name: 'what is no statement', source: "db.query('update'); db.query('users'); db.query(id); db.query(); db.query('commit -- select'); db.query('delete the users');", texts: [] },
]);

check('comments that say SQL', [
  { name: 'block comments', source: "const a = /* sql */ `SELECT 1 FROM nowhere`; const b = /*sql*/ 'SELECT 2 FROM nowhere'; const c = /* SQL */ (`SELECT 3 FROM nowhere`);", texts: ['SELECT 1 FROM nowhere', 'SELECT 2 FROM nowhere', 'SELECT 3 FROM nowhere'], how: ['comment', 'comment', 'comment'] },
  { name: 'language on the line before', source: '// language=sql\nconst a = `SELECT 1 FROM nowhere`;\n// language=PostgreSQL\nrun(`SELECT 2 FROM nowhere`);\nconst b = `SELECT 3 FROM nowhere`;', texts: ['SELECT 1 FROM nowhere', 'SELECT 2 FROM nowhere'] },
  { name: 'a comment that only has the word', source: '/* sql is fun */ const a = `SELECT 1 FROM nowhere`; // sql\nconst b = `SELECT 2 FROM nowhere`;', texts: [] },
  { name: 'a fragment used elsewhere', source: 'const where = /* sql */ `deleted_at IS NULL`; const q = /* sql */ `SELECT * FROM users WHERE ${where}`; run(q);', texts: ['SELECT * FROM users WHERE deleted_at IS NULL'] },
]);

check('strings anywhere', [
  { name: 'handed to an unknown function', source: "await fetchAll('SELECT * FROM users WHERE a = 1');", texts: ['SELECT * FROM users WHERE a = 1'], how: ['string'] },
  { name: 'every statement', source: "f('UPDATE users SET a = 1'); f('DELETE FROM users'); f('INSERT INTO users (a) VALUES (1)'); f('WITH x AS (SELECT * FROM users) SELECT 1 FROM x'); f('TRUNCATE TABLE users'); f('CREATE INDEX a ON users (b)'); f('ALTER TABLE users ADD COLUMN a int'); f('DROP TABLE users'); f('UPDATE users u JOIN posts p ON p.u = u.id SET u.a = 1'); f('delete from users where a = 1');", texts: ['UPDATE users SET a = 1', 'DELETE FROM users', 'INSERT INTO users (a) VALUES (1)', 'WITH x AS (SELECT * FROM users) SELECT 1 FROM x', 'TRUNCATE TABLE users', 'CREATE INDEX a ON users (b)', 'ALTER TABLE users ADD COLUMN a int', 'DROP TABLE users', 'UPDATE users u JOIN posts p ON p.u = u.id SET u.a = 1', 'delete from users where a = 1'] },
  { name: 'no table of the manifest', source: "f('SELECT * FROM nowhere'); f('SELECT users FROM nowhere');", texts: [] },
  { name: 'prose', source: "f('Select users from the list'); f('Delete the posts'); f('delete users'); f('Update users set aside'); f('Select a project from projects'); f('Delete from users'); f('With users as guests'); f('Insert into users your name'); f('Create users and posts'); f('Drop users here'); f('select all users from projects'); f('Select * from users, or not?'); f('Replace users in posts'); f('Truncate users');", texts: [] },
  { name: 'sentences with a full stop', source: "f('DELETE FROM users failed.'); f('select id from users.');", texts: [] },
  { name: 'logs, errors, titles, comparisons', source: "console.log('SELECT * FROM users'); logger.info(`DELETE FROM users WHERE id = ${id}`); throw new Error('DELETE FROM users'); it('SELECT * FROM users', () => {}); describe(`SELECT * FROM users`, f); if (q === 'SELECT * FROM users') f(); expect(q).toBe('SELECT * FROM users'); assert.equal(q, 'SELECT * FROM users'); q.includes('SELECT * FROM users'); switch (q) { case 'SELECT * FROM users': }", texts: [] },
  { name: 'directives, keys, types, imports', source: "'SELECT * FROM users'; const a = { 'SELECT * FROM users': 1 }; type T = 'SELECT * FROM users'; import 'SELECT * FROM users'; a['SELECT * FROM users'];", texts: [] },
  { name: 'JSX', source: '<p title="SELECT * FROM users">SELECT * FROM users {"SELECT * FROM users"}</p>;', texts: [], options: { jsx: true } },
  { name: 'a log besides the run', source: "const q = 'SELECT * FROM users'; console.log(q); go(q);", texts: ['SELECT * FROM users'] },
  { name: 'a subquery of an ORM call', source: "qb.addSelect('(SELECT COUNT(*) FROM posts)', 'n');", texts: ['SELECT (SELECT COUNT(*) FROM posts)'] },
  { name: 'a property', source: "module.exports = { findAll: 'SELECT * FROM users WHERE a', other: 1 };", texts: ['SELECT * FROM users WHERE a'] },
  { name: 'what a replacement makes of it cannot be seen', source: "run('SELECT * FROM users WHERE :cond'.replace(':cond', c));", texts: ['SELECT * FROM users WHERE :cond'] },
]);

check('constants and concatenation', [
  { name: 'a constant string', source: "const T = 'users'; db.query(`SELECT * FROM ${T}`);", texts: ['SELECT * FROM users'] },
  { name: 'a text in a constant', source: 'const q = `SELECT * FROM users WHERE id = $1`; db.query(q, [id]);', texts: ['SELECT * FROM users WHERE id = $1'], how: ['call'] },
  { name: 'concatenation line by line', source: "db.query('SELECT *' + ' FROM users AS u' + ' WHERE u.id = ' + id + ' AND a');", texts: ['SELECT * FROM users AS u WHERE u.id = ⟦unknown⟧ AND a'] },
  { name: 'let assigned once', source: "let q = 'SELECT * FROM users'; db.query(q);", texts: ['SELECT * FROM users'] },
  { name: 'let declared first', source: "let q; q = 'SELECT * FROM users'; db.query(q);", texts: ['SELECT * FROM users'] },
  { name: 'var, module scope to function', source: "var q = 'SELECT * FROM users'; function f() { return db.query(q); }", texts: ['SELECT * FROM users'] },
  { name: 'a let that other functions set', source: "let t = 'users'; function set(x) { t = x; } db.query(`SELECT * FROM posts JOIN ${t}`);", texts: ['SELECT * FROM posts JOIN ⟦unknown⟧'] },
  { name: 'objects of constants', source: "const TABLES = { users: 'users', nested: { posts: `posts` } } as const; db.query(`SELECT * FROM ${TABLES.users} JOIN ${TABLES.nested.posts}`);", texts: ['SELECT * FROM users JOIN posts'] },
  { name: 'an object of texts', source: "const Q = { list: 'SELECT * FROM users', one: `SELECT * FROM users WHERE id = $1` }; db.any(Q.list); db.one(Q['one']);", texts: ['SELECT * FROM users', 'SELECT * FROM users WHERE id = $1'] },
  { name: 'an object spread into another', source: "const A = { t: 'users' }; const B = { ...A, u: 'posts' }; db.query(`SELECT * FROM ${B.t}, ${B.u}`);", texts: ['SELECT * FROM users, posts'] },
  { name: 'destructured', source: "const { t, u = 'posts' } = { t: 'users' }; const [v] = ['files']; db.query(`SELECT * FROM ${t}, ${u}, ${v}`);", texts: ['SELECT * FROM users, posts, files'] },
  { name: 'enums', source: "enum T { Users = 'users' } db.query(`SELECT * FROM ${T.Users}`);", texts: ['SELECT * FROM users'] },
  { name: 'static and readonly members', source: "class R { static T = 'users'; private readonly p = 'posts'; f() { return this.db.query(`SELECT * FROM ${R.T} JOIN ${this.p}`); } }", texts: ['SELECT * FROM users JOIN posts'] },
  { name: 'a member that is assigned', source: "class R { t = 'users'; set(x) { this.t = x; } f() { return this.db.query(`SELECT * FROM posts JOIN ${this.t}`); } }", texts: ['SELECT * FROM posts JOIN ⟦unknown⟧'] },
  { name: 'private members and getters', source: "class R { #t = 'users'; get base() { return `SELECT * FROM ${this.#t}`; } f() { return this.db.query(this.base + ' WHERE a'); } }", texts: ['SELECT * FROM users WHERE a'] },
  { name: 'inherited members', source: "class B { protected t = 'users'; } class R extends B { f() { return this.db.query(`SELECT * FROM ${this.t}`); } }", texts: ['SELECT * FROM users'] },
  { name: 'numbers', source: 'const N = 50; db.query(`SELECT * FROM users LIMIT ${N}`);', texts: ['SELECT * FROM users LIMIT 50'] },
  { name: 'trim, concat, toString', source: "db.query(`  SELECT * FROM users `.trim()); db.query('SELECT 1 '.concat('FROM posts'));", texts: ['SELECT * FROM users', 'SELECT 1 FROM posts'] },
  { name: 'a defaulted text', source: "const w = 'WHERE a'; db.query(`SELECT * FROM users ${w ?? ''} ${x ?? ''} ${y || ''}`);", texts: ['SELECT * FROM users WHERE a ⟦unknown⟧ ⟦unknown⟧'] },
  { name: 'parameters, imports and calls stay holes', source: "import { T } from './t'; function f(w) { db.query(`SELECT * FROM users JOIN ${T} WHERE ${w} AND ${g()}`); }", texts: ['SELECT * FROM users JOIN ⟦unknown⟧ WHERE ⟦unknown⟧ AND ⟦unknown⟧'] },
  { name: 'cycles', source: 'const a = `${b}`; const b = `${a}`; db.query(`SELECT * FROM users ${a}`); const c = c + 1; db.query(`SELECT 1 FROM posts ${c}`);', texts: ['SELECT * FROM users ⟦unknown⟧', 'SELECT 1 FROM posts ⟦unknown⟧'] },
  { name: 'type assertions on the way', source: "const q = `SELECT * FROM users` as const; db.query((q as string)!);", texts: ['SELECT * FROM users'] },
  { name: 'a placeholder with a computed number or name', source: 'db.query(`SELECT * FROM users WHERE a = $${i} AND b = :${name} AND c::${type}`);', texts: ['SELECT * FROM users WHERE a = ⟦value⟧ AND b = ⟦value⟧ AND c::⟦unknown⟧'] },
  { name: 'a placeholder with a known number', source: 'db.query(`SELECT * FROM users WHERE a = $${1}`);', texts: ['SELECT * FROM users WHERE a = $1'] },
]);

check('conditions', [
  { name: 'a ternary', source: "db.query(`SELECT * FROM users ${live ? 'WHERE deleted_at IS NULL' : ''}`);", texts: [['SELECT * FROM users WHERE deleted_at IS NULL', 'SELECT * FROM users']] },
  { name: 'and', source: "db.query(`SELECT * FROM users ${live && 'WHERE deleted_at IS NULL'}`);", texts: [['SELECT * FROM users WHERE deleted_at IS NULL', 'SELECT * FROM users']] },
  { name: 'both branches', source: "db.query(`SELECT * FROM users ORDER BY ${asc ? 'a' : 'b'}`);", texts: [['SELECT * FROM users ORDER BY a', 'SELECT * FROM users ORDER BY b']] },
  { name: 'several conditions go together', source: "db.query(`SELECT * FROM users WHERE 1=1 ${a ? 'AND a' : ''} ${b ? 'AND b' : ''}`);", texts: [['SELECT * FROM users WHERE 1=1 AND a AND b', 'SELECT * FROM users WHERE 1=1']] },
  { name: 'a condition and its opposite', source: "db.query(`SELECT * FROM users WHERE ${trash ? 'deleted_at IS NOT NULL' : 'true'} ${!trash ? 'AND deleted_at IS NULL' : ''}`);", texts: [['SELECT * FROM users WHERE deleted_at IS NOT NULL', 'SELECT * FROM users WHERE true AND deleted_at IS NULL']] },
  { name: 'nested ternaries', source: "db.query(`SELECT * FROM ${a ? 'users' : b ? 'posts' : 'files'}`);", texts: [['SELECT * FROM users', 'SELECT * FROM posts', 'SELECT * FROM files']] },
  { name: 'the empty way is off, whichever branch it is', source: "db.query(`SELECT * FROM users ${all ? '' : 'WHERE deleted_at IS NULL'} ${x ? 'LIMIT 1' : ''}`);", texts: [['SELECT * FROM users WHERE deleted_at IS NULL LIMIT 1', 'SELECT * FROM users']] },
  { name: 'a known condition', source: "const LIVE = true; const none = ''; db.query(`SELECT * FROM users ${LIVE ? 'WHERE a' : 'WHERE b'} ${none ? 'x' : 'y'}`);", texts: ['SELECT * FROM users WHERE a y'] },
  { name: 'if', source: "let q = 'SELECT * FROM users WHERE 1=1'; if (live) q += ' AND deleted_at IS NULL'; db.query(q);", texts: [['SELECT * FROM users WHERE 1=1 AND deleted_at IS NULL', 'SELECT * FROM users WHERE 1=1']] },
  { name: 'if and else', source: "let q = 'SELECT * FROM users'; if (a) { q += ' WHERE a'; } else { q += ' WHERE b'; } q += ' ORDER BY c'; db.query(q);", texts: [['SELECT * FROM users WHERE a ORDER BY c', 'SELECT * FROM users WHERE b ORDER BY c']] },
  { name: 'else if', source: "let q = 'SELECT * FROM users'; if (a) q += ' WHERE a'; else if (b) q += ' WHERE b'; db.query(q);", texts: [['SELECT * FROM users WHERE a', 'SELECT * FROM users WHERE b', 'SELECT * FROM users']] },
  { name: 'q = q + ..', source: "let q = 'SELECT * FROM users'; if (a) q = q + ' WHERE a'; q = `${q} LIMIT 1`; db.query(q);", texts: [['SELECT * FROM users WHERE a LIMIT 1', 'SELECT * FROM users LIMIT 1']] },
  { name: 'chosen by if', source: "let q; if (a) { q = 'SELECT * FROM users'; } else { q = 'SELECT * FROM posts'; } db.query(q);", texts: [['SELECT * FROM users', 'SELECT * FROM posts']] },
  { name: 'a branch that leaves', source: "function f() { let q = 'SELECT * FROM users'; if (a) { q += ' WHERE a'; return null; } return db.query(q); }", texts: ['SELECT * FROM users'] },
  { name: 'read inside a branch', source: "let q = 'SELECT * FROM users'; if (a) { q += ' WHERE a'; db.query(q); } else { db.query(q + ' LIMIT 1'); }", texts: ['SELECT * FROM users WHERE a', 'SELECT * FROM users LIMIT 1'] },
  { name: 'switch', source: "let q = 'SELECT * FROM users'; switch (x) { case 1: q += ' WHERE a'; break; case 2: q += ' WHERE b'; break; default: q += ' WHERE c'; } db.query(q);", texts: [['SELECT * FROM users WHERE a', 'SELECT * FROM users WHERE b', 'SELECT * FROM users WHERE c']] },
  { name: 'switch without default', source: "let q = 'SELECT * FROM users'; switch (x) { case 1: case 2: q += ' WHERE a'; break; } db.query(q);", texts: [['SELECT * FROM users WHERE a', 'SELECT * FROM users']] },
  { name: 'a loop with a separator', source: "let q = ''; for (let i = 0; i < n; i++) { if (i > 0) q += ' UNION '; q += 'SELECT id FROM users WHERE a = ?'; } db.query(q);", texts: ['SELECT id FROM users WHERE a = ? UNION SELECT id FROM users WHERE a = ?'] },
  { name: 'a loop with a separator in a variable', source: "let q = 'UPDATE users SET '; let sep = ''; for (const k of keys) { q += sep + k + ' = ?'; sep = ', '; } q += ' WHERE a'; db.query(q);", texts: [['UPDATE users SET , ⟦unknown⟧ = ? WHERE a', 'UPDATE users SET WHERE a']] },
  { name: 'a loop of conditions', source: "let q = 'SELECT * FROM users WHERE 1=1'; for (const k of keys) q += ` AND ${k} = ?`; db.query(q);", texts: [['SELECT * FROM users WHERE 1=1 AND ⟦unknown⟧ = ?', 'SELECT * FROM users WHERE 1=1']] },
  { name: 'forEach', source: "let q = 'SELECT * FROM users WHERE 1=1'; filters.forEach((f) => { q += ' AND a'; }); db.query(q);", texts: [['SELECT * FROM users WHERE 1=1 AND a', 'SELECT * FROM users WHERE 1=1']] },
  { name: 'try', source: "let q = 'SELECT * FROM users'; try { q += ' WHERE a'; } finally { q += ' LIMIT 1'; } db.query(q);", texts: ['SELECT * FROM users WHERE a LIMIT 1'] },
  { name: 'each of a list of tables', source: "for (const t of ['users', 'posts']) db.query(`DELETE FROM ${t}`); ['users', 'posts'].forEach((t) => db.query(`TRUNCATE ${t}`));", texts: [['DELETE FROM users', 'DELETE FROM posts'], ['TRUNCATE users', 'TRUNCATE posts']] },
  { name: 'one of an object by key', source: "const W = { a: 'WHERE a', b: 'WHERE b' }; db.query(`SELECT * FROM users ${W[k]}`);", texts: [['SELECT * FROM users WHERE a', 'SELECT * FROM users WHERE b']] },
  { name: 'sort orders make two variants at most', source: "const O = { a: 'x ASC', b: 'y DESC', c: 'z DESC', d: 'w ASC' }; db.query(`SELECT * FROM users ORDER BY ${O[k]}`);", texts: [['SELECT * FROM users ORDER BY x ASC', 'SELECT * FROM users ORDER BY w ASC']] },
  { name: 'never more than four', source: "let q; switch (x) { case 1: q = 'SELECT 1 FROM users'; break; case 2: q = 'SELECT 2 FROM users'; break; case 3: q = 'SELECT 3 FROM users'; break; case 4: q = 'SELECT 4 FROM users'; break; case 5: q = 'SELECT 5 FROM users'; break; default: q = 'SELECT 6 FROM users'; } db.query(q);", texts: [['SELECT 1 FROM users', 'SELECT 2 FROM users', 'SELECT 3 FROM users', 'SELECT 6 FROM users']] },
]);

check('lists', [
  { name: 'join', source: "db.query(['SELECT *', 'FROM users', 'WHERE a'].join(' '));", texts: ['SELECT * FROM users WHERE a'] },
  { name: 'pushed conditions', source: "const c = ['deleted_at IS NULL']; c.push('b'); if (x) { c.push('c', 'd'); } db.query(`SELECT * FROM users WHERE ${c.join(' AND ')}`);", texts: [['SELECT * FROM users WHERE deleted_at IS NULL AND b AND c AND d', 'SELECT * FROM users WHERE deleted_at IS NULL AND b']] },
  { name: 'no condition is certain', source: "const c: string[] = []; if (x) c.push('a'); if (y) c.push('b'); db.query(`SELECT * FROM users ${c.length ? `WHERE ${c.join(' AND ')}` : ''}`);", texts: [['SELECT * FROM users WHERE a AND b', 'SELECT * FROM users']] },
  { name: 'some condition is certain', source: "const c = ['a']; if (x) c.push('b'); const w = c.length > 0 ? 'WHERE ' + c.join(' AND ') : ''; db.query('SELECT * FROM users ' + w);", texts: [['SELECT * FROM users WHERE a AND b', 'SELECT * FROM users WHERE a']] },
  { name: 'without a guard, the empty list is no variant', source: "const c = []; if (x) c.push('a'); db.query(`SELECT * FROM users WHERE ${c.join(' AND ')}`);", texts: ['SELECT * FROM users WHERE a'] },
  { name: 'filter(Boolean)', source: "db.query('SELECT * FROM users WHERE ' + ['a', x && 'b', y ? 'c' : null].filter(Boolean).join(' AND '));", texts: [['SELECT * FROM users WHERE a AND b AND c', 'SELECT * FROM users WHERE a']] },
  { name: 'spreads', source: "const base = ['a']; db.query('SELECT * FROM users WHERE ' + [...base, ...(x ? ['b'] : [])].join(' AND '));", texts: [['SELECT * FROM users WHERE a AND b', 'SELECT * FROM users WHERE a']] },
  { name: 'map over known items', source: "db.query('SELECT * FROM users u WHERE ' + ['a', 'b'].map((c) => `u.${c} = 1`).join(' AND '));", texts: ['SELECT * FROM users u WHERE u.a = 1 AND u.b = 1'] },
  { name: 'unseen items', source: "const c = ['a', ...more]; addTo(c); db.query('SELECT * FROM users WHERE ' + c.join(' AND '));", texts: ['SELECT * FROM users WHERE a AND ⟦fragment⟧ AND ⟦fragment⟧'] },
  { name: 'placeholders', source: "db.query(`SELECT * FROM users WHERE id IN (${ids.map(() => '?').join(', ')}) AND b IN (${ids.map((_, i) => `$${i + 1}`).join(',')})`);", texts: ['SELECT * FROM users WHERE id IN (⟦value⟧) AND b IN (⟦value⟧)'] },
  { name: 'pushed in a loop', source: "const c = ['a']; for (const f of fs) c.push(`${f} = ?`); db.query('SELECT * FROM users WHERE ' + c.join(' AND '));", texts: [['SELECT * FROM users WHERE a AND ⟦unknown⟧ = ?', 'SELECT * FROM users WHERE a']] },
  { name: 'unshift, concat and reassigning', source: "let c = ['b']; c.unshift('a'); c = c.concat(['c']); c = [...c, 'd']; db.query('SELECT * FROM users WHERE ' + c.join(' AND '));", texts: ['SELECT * FROM users WHERE a AND b AND c AND d'] },
  { name: 'pushed by &&', source: "const c = ['a']; x && c.push('b'); db.query('SELECT * FROM users WHERE ' + c.join(' AND '));", texts: [['SELECT * FROM users WHERE a AND b', 'SELECT * FROM users WHERE a']] },
  { name: 'lines pushed', source: "const q = []; q.push('SELECT *'); q.push('FROM users'); if (x) q.push('WHERE a'); db.query(q.join('\\n'));", texts: [['SELECT * FROM users WHERE a', 'SELECT * FROM users']] },
  { name: 'Object.values', source: "const T = { a: 'users', b: 'posts' }; db.query('SELECT * FROM ' + Object.values(T).join(', '));", texts: ['SELECT * FROM users, posts'] },
  { name: 'fragments in a list', source: 'const c = [sql`a = ${a}`]; if (x) c.push(sql`b = ${b}`); await pool.query(sql`SELECT * FROM users WHERE ${sql.join(c, sql` AND `)}`);', texts: [['SELECT * FROM users WHERE a = ⟦value⟧ AND b = ⟦value⟧', 'SELECT * FROM users WHERE a = ⟦value⟧']] },
]);

check('fragments and helpers', [
  { name: 'nested fragments', source: 'await sql`SELECT * FROM users ${sql`WHERE a = ${a}`} ${live ? sql`AND deleted_at IS NULL` : sql``}`;', texts: [['SELECT * FROM users WHERE a = ⟦value⟧ AND deleted_at IS NULL', 'SELECT * FROM users WHERE a = ⟦value⟧']] },
  { name: 'a fragment in a constant', source: 'const live = sql`deleted_at IS NULL`; await pool.query(sql`SELECT * FROM users WHERE ${live}`);', texts: ['SELECT * FROM users WHERE deleted_at IS NULL'] },
  { name: 'a plain string is bound', source: "const s = 'x'; await sql`SELECT * FROM users WHERE a = ${s} AND b = ${'c'} AND d = ${`e`} AND f = ${null}`;", texts: ['SELECT * FROM users WHERE a = ⟦value⟧ AND b = ⟦value⟧ AND d = ⟦value⟧ AND f = ⟦value⟧'] },
  { name: 'a value by condition', source: 'await sql`SELECT * FROM users WHERE a = ${x ? 1 : null}`;', texts: ['SELECT * FROM users WHERE a = ⟦value⟧'] },
  { name: 'a text grown by nesting itself', source: 'let q = sql`SELECT * FROM users`; q = sql`${q} WHERE deleted_at IS NULL`; if (x) { q = sql`${q} AND a = ${a}`; } await pool.query(q);', texts: [['SELECT * FROM users WHERE deleted_at IS NULL AND a = ⟦value⟧', 'SELECT * FROM users WHERE deleted_at IS NULL']] },
  { name: 'an unseen base, grown', source: 'let q = base(x); q = sql`${q} WHERE p.deleted_at IS NULL`; await pool.query(q);', texts: ['SELECT * FROM ⟦unknown⟧ WHERE p.deleted_at IS NULL'] },
  { name: 'a base is judged where it is used', source: 'const base = sql`SELECT * FROM users`; await pool.query(sql`${base} WHERE deleted_at IS NULL`);', texts: ['SELECT * FROM users WHERE deleted_at IS NULL'] },
  { name: 'a base used twice', source: "const base = 'SELECT * FROM users u'; db.query(base + ' WHERE u.a'); db.query(`${base} WHERE u.b`);", texts: ['SELECT * FROM users u WHERE u.a', 'SELECT * FROM users u WHERE u.b'] },
  { name: 'a base that also runs by itself', source: "const base = 'SELECT * FROM users u'; db.query(base); db.query(`${base} WHERE u.b`);", texts: ['SELECT * FROM users u', 'SELECT * FROM users u WHERE u.b'] },
  { name: 'a helper with parameters', source: 'const live = (alias: string) => `${alias}.deleted_at IS NULL`; db.query(`SELECT * FROM users u JOIN posts p ON p.u = u.id WHERE ${live("u")} AND ${live(`p`)}`);', texts: ['SELECT * FROM users u JOIN posts p ON p.u = u.id WHERE u.deleted_at IS NULL AND p.deleted_at IS NULL'] },
  { name: 'a parameter with a default', source: "function live(a = 'u') { return `${a}.deleted_at IS NULL`; } db.query(`SELECT * FROM users u WHERE ${live()}`);", texts: ['SELECT * FROM users u WHERE u.deleted_at IS NULL'] },
  { name: 'named parameters', source: "function live({ alias, column = 'deleted_at' }) { return `${alias}.${column} IS NULL`; } db.query(`SELECT * FROM users u WHERE ${live({ alias: 'u' })}`);", texts: ['SELECT * FROM users u WHERE u.deleted_at IS NULL'] },
  { name: 'an argument that cannot be seen', source: 'function f(alias) { db.query(`SELECT * FROM users u WHERE ${live(alias)}`); } function live(a) { return `${a}.deleted_at IS NULL`; }', texts: ['SELECT * FROM users u WHERE ⟦unknown⟧.deleted_at IS NULL'] },
  { name: 'a helper with if', source: "function where(x) { if (x) { return 'WHERE a'; } return 'WHERE b'; } db.query('SELECT * FROM users ' + where(y));", texts: [['SELECT * FROM users WHERE a', 'SELECT * FROM users WHERE b']] },
  { name: 'a helper with a guard', source: "function where(x) { if (!x) return ''; return `WHERE a = ${x}`; } db.query('SELECT * FROM users ' + where(y));", texts: [['SELECT * FROM users WHERE a = ⟦unknown⟧', 'SELECT * FROM users']] },
  { name: 'a helper with switch', source: "const pick = (x) => { switch (x) { case 'a': return sql`(SELECT 1)`; case 'b': return sql`(SELECT 2)`; } }; pool.query(sql`SELECT * FROM users WHERE v = ${pick(y)}`); pool.query(sql`SELECT * FROM posts WHERE v = ${pick('b')}`);", texts: [['SELECT * FROM users WHERE v = (SELECT 1)', 'SELECT * FROM users WHERE v = (SELECT 2)'], 'SELECT * FROM posts WHERE v = (SELECT 2)'] },
  { name: 'a helper that tests the type', source: "const pick = (x) => { if (typeof x === 'number') return 'a'; return 'b'; }; db.query(`SELECT * FROM users WHERE ${pick('c')} ${pick(1)}`);", texts: ['SELECT * FROM users WHERE b a'] },
  { name: 'a helper that builds', source: "function build(x) { let q = 'SELECT * FROM users'; if (x) q += ' WHERE a'; return q; } db.query(build(y) + ' LIMIT 1');", texts: [['SELECT * FROM users WHERE a LIMIT 1', 'SELECT * FROM users LIMIT 1']] },
  { name: 'an assigned parameter', source: "function paged(q, n) { q += ' LIMIT 1'; return q; } db.query(paged('SELECT * FROM users', 1));", texts: ['SELECT * FROM users LIMIT 1'] },
  { name: 'recursive helpers', source: 'function f(n) { return `${f(n - 1)} a`; } db.query(`SELECT * FROM users ${f(1)}`);', texts: ['SELECT * FROM users ⟦unknown⟧ a'] },
  { name: 'methods of the same class', source: "class R { private base(a: string) { return `SELECT * FROM users ${a}`; } static end() { return 'LIMIT 1'; } f() { return this.db.any(`${this.base('u')} WHERE u.a ${R.end()}`); } }", texts: ['SELECT * FROM users u WHERE u.a LIMIT 1'] },
  { name: 'methods of an object', source: "const frags = { live: (a) => sql`${sql.raw(a)}.deleted_at IS NULL`, base() { return sql`SELECT * FROM users u`; }, all() { return pool.query(sql`${this.base()} WHERE ${frags.live('u')}`); } };", texts: ['SELECT * FROM users u WHERE u.deleted_at IS NULL'] },
  { name: 'sql.raw and Prisma.raw', source: "const c = 'deleted_at'; await sql`SELECT * FROM users WHERE ${sql.raw(c)} IS NULL`; await prisma.$queryRaw`SELECT * FROM ${Prisma.raw('posts')}`; await sql`SELECT * FROM files WHERE ${sql.raw(x)}`;", texts: ['SELECT * FROM users WHERE deleted_at IS NULL', 'SELECT * FROM posts', 'SELECT * FROM files WHERE ⟦fragment⟧'] },
  { name: 'imported helpers of sql-template-tag', source: "import sql, { join, raw, empty } from 'sql-template-tag'; pool.query(sql`SELECT * FROM users WHERE ${join([sql`a`, sql`b`], ' AND ')} ${x ? raw('LIMIT 1') : empty}`);", texts: [['SELECT * FROM users WHERE a AND b LIMIT 1', 'SELECT * FROM users WHERE a AND b']] },
  { name: 'Prisma.join and Prisma.empty', source: "await prisma.$queryRaw`SELECT * FROM users WHERE id IN (${Prisma.join(ids)}) AND ${Prisma.join([Prisma.sql`a`, Prisma.sql`b`], ' OR ', '(', ')')} ${Prisma.empty}`;", texts: ['SELECT * FROM users WHERE id IN (⟦value⟧) AND (a OR b)'] },
  { name: 'identifiers', source: "await sql`SELECT * FROM ${sql('users')} WHERE ${sql('users.deleted_at')} IS NULL`; pool.any(sql.type(x)`SELECT * FROM ${sql.identifier(['public', 'posts'])}`); sql`SELECT * FROM ${sql.table('files')} WHERE ${sql.ref('files.a')} = 1`.execute(db); await sql`SELECT ${sql(['a', 'b'])} FROM ${sql(t)}`;", texts: ['SELECT * FROM "users" WHERE "users"."deleted_at" IS NULL', 'SELECT * FROM "public"."posts"', 'SELECT * FROM "files" WHERE "files"."a" = 1', 'SELECT "a", "b" FROM ⟦fragment⟧'] },
  { name: 'identifiers of MySQL', source: "import { sql } from 'drizzle-orm'; import { mysqlTable } from 'drizzle-orm/mysql-core'; await db.execute(sql`SELECT * FROM ${sql.identifier('users')}`);", texts: ['SELECT * FROM `users`'] },
  { name: 'an identifier that cannot be seen', source: 'await sql`SELECT * FROM ${sql.identifier([t])} WHERE ${sql.join(parts, sql` AND `)} AND a = ${sql.array(ids, "int4")}`;', texts: ['SELECT * FROM ⟦identifier⟧ WHERE ⟦fragment⟧ AND a = ⟦value⟧'] },
  { name: 'values and fragments by look', source: "import { live } from './x'; async function f(id: string, where: SQL, n?: number) { const cond = build(); await sql`SELECT * FROM users WHERE ${live} AND a = ${id} AND ${where} AND ${cond} LIMIT ${n}`; }", texts: ['SELECT * FROM users WHERE ⟦unknown⟧ AND a = ⟦value⟧ AND ⟦fragment⟧ AND ⟦unknown⟧ LIMIT ⟦value⟧'] },
  { name: 'append', source: 'const q = SQL`SELECT * FROM users`; q.append(SQL` WHERE a = ${x}`); if (y) { q.append(` AND deleted_at IS NULL`); } await pool.query(q);', texts: [['SELECT * FROM users WHERE a = ⟦value⟧ AND deleted_at IS NULL', 'SELECT * FROM users WHERE a = ⟦value⟧']] },
  { name: 'append in a chain', source: 'await pool.query(SQL`SELECT * FROM users`.append(SQL` WHERE a`));', texts: ['SELECT * FROM users WHERE a'] },
  { name: 'a fragment with a query, alone', source: 'db.select().from(x).where(sql`EXISTS (SELECT 1 FROM posts)`); repo.find(sql`AND id IN (SELECT id FROM users)`);', texts: ['SELECT EXISTS (SELECT 1 FROM posts)', 'SELECT 1 WHERE true AND id IN (SELECT id FROM users)'] },
  { name: 'common table expressions from elsewhere', source: 'db.query(`${withGates(actor)}, a AS (SELECT * FROM users) SELECT * FROM a`);', texts: ['WITH ⟦unknown⟧, a AS (SELECT * FROM users) SELECT * FROM a'] },
  { name: "Drizzle's tables", source: "import { users, posts } from './schema'; import * as schema from './schema'; await db.execute(sql`SELECT * FROM ${users} JOIN ${schema.posts} WHERE ${users.deletedAt} IS NULL AND ${posts.id} = ${id}`);", texts: ['SELECT * FROM "users" JOIN "posts" WHERE "users"."deletedAt" IS NULL AND "posts"."id" = ⟦value⟧'], options: { tableNamed: (name) => (name === 'users' || name === 'posts' ? name : null) } },
  { name: "Drizzle's tables of the same file", source: "const people = pgTable('users', { id: integer() }); await db.execute(sql`SELECT * FROM ${people} WHERE ${people.id} = 1`);", texts: ['SELECT * FROM "users" WHERE "users"."id" = 1'] },
]);

check('escapes', [
  { name: 'in single quotes', source: String.raw`db.query('SELECT \'a\', "b"\nFROM users WHERE c = \'\u0041\x42\103\'');`, texts: [`SELECT 'a', "b" FROM users WHERE c = 'ABC'`] },
  { name: 'in double quotes', source: String.raw`db.query("SELECT \"a\" FROM users\tWHERE b = '\\d'");`, texts: [String.raw`SELECT "a" FROM users WHERE b = '\d'`] },
  { name: 'in templates', source: 'db.query(`SELECT \\`a\\` FROM users WHERE b = \'\\${c}\' AND d = \\u{41}`);', texts: ["SELECT `a` FROM users WHERE b = '${c}' AND d = A"] },
  { name: 'continued lines', source: "db.query('SELECT * \\\n FROM users');", texts: ['SELECT * FROM users'] },
  { name: 'Windows line ends', source: 'db.query(`SELECT *\r\nFROM users\r\nWHERE a = ${b}\r\nAND c`);', texts: ['SELECT * FROM users WHERE a = ⟦unknown⟧ AND c'] },
  { name: 'astral characters', source: 'db.query(`SELECT * FROM users WHERE a = \'💥\' AND b = ${c} AND d`);', texts: ["SELECT * FROM users WHERE a = '💥' AND b = ⟦unknown⟧ AND d"] },
  { name: 'comments and braces inside an interpolation', source: 'db.query(`SELECT * FROM users WHERE a = ${ /* } */ (b) } AND c`);', texts: ['SELECT * FROM users WHERE a = ⟦unknown⟧ AND c'] },
]);

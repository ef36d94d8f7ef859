import assert from 'node:assert/strict';
import { find } from './support.js';

describe('library and dialect of a text', () => {
  for (const [name, source, library, dialect] of [
    ['an unknown tag', 'await sql`SELECT * FROM users`;', 'sql', null],
    ['Prisma', 'await prisma.$queryRaw`SELECT * FROM users`;', 'prisma', null],
    ['Prisma.sql', 'run(Prisma.sql`SELECT * FROM users`);', 'prisma', null],
    ['Prisma unsafe', "prisma.$queryRawUnsafe('SELECT * FROM users');", 'prisma', null],
    ['postgres.js', "import postgres from 'postgres'; const sql = postgres(); await sql`SELECT * FROM users`;", 'postgres', 'postgresql'],
    ['drizzle', "import { sql } from 'drizzle-orm'; db.execute(sql`SELECT * FROM users`);", 'drizzle', null],
    ['drizzle on MySQL', "import { sql } from 'drizzle-orm'; import { int } from 'drizzle-orm/mysql-core'; db.execute(sql`SELECT * FROM users`);", 'drizzle', 'mysql'],
    ['kysely', "import { sql } from 'kysely'; sql`SELECT * FROM users`.execute(db);", 'kysely', null],
    ['slonik', "import { sql } from 'slonik'; pool.any(sql.unsafe`SELECT * FROM users`);", 'slonik', 'postgresql'],
    ['knex by name', "knex.raw('SELECT * FROM users');", 'knex', null],
    ['knex by import', "import knex from 'knex'; const db = knex({}); db.raw('SELECT * FROM users');", 'knex', null],
    ['sequelize by name', "models.sequelize.query('SELECT * FROM users');", 'sequelize', null],
    ['literal', "literal('(SELECT id FROM users)');", 'sequelize', null],
    ['typeorm by name', "queryRunner.query('SELECT * FROM users');", 'typeorm', null],
    ['better-sqlite3', "import Database from 'better-sqlite3'; const db = new Database('x'); db.prepare('SELECT * FROM users');", 'sqlite', 'sqlite'],
    ['mysql2 required', "const mysql = require('mysql2/promise'); const pool = mysql.createPool({}); pool.execute('SELECT * FROM users');", 'mysql', 'mysql'],
    ['bun:sqlite', "import { Database } from 'bun:sqlite'; const db = new Database('x'); db.query('SELECT * FROM users').all();", 'bun', 'sqlite'],
    ['pg, the receiver unseen', "import { Pool } from 'pg'; import { pool } from './pool'; pool.query('SELECT * FROM users');", 'pg', 'postgresql'],
    ['two databases, the receiver unseen', "import { Pool } from 'pg'; import mysql from 'mysql2'; db.query('SELECT * FROM users');", 'sql', null],
    ['two databases, the receiver seen', "import { Pool } from 'pg'; import mysql from 'mysql2'; const p = new Pool(); p.query('SELECT * FROM users');", 'pg', 'postgresql'],
    ['a database that the parser does not speak', "import { createClient } from '@clickhouse/client'; import mysql from 'mysql2'; c.query({ query: 'SELECT * FROM users' });", 'sql', null],
    ['a type import says nothing', "import type { Pool } from 'pg'; pool.query('SELECT * FROM users');", 'sql', null],
    ['a comment', 'run(/* mysql */ `SELECT * FROM users`);', 'sql', 'mysql'],
    ['a string', "import { Pool } from 'pg'; go('SELECT * FROM users');", 'sql', 'postgresql'],
  ] as const) it(name, () => {
    const [one] = find(source);
    assert.deepEqual([one!.library, one!.dialectHint], [library, dialect]);
  });
});

describe('texts that other code completes', () => {
  for (const [name, source, partial] of [
    ['an exported tag', 'export const base = sql`SELECT * FROM users`;', true],
    ['an exported tag with a WHERE, where its origin does not tell', 'export const base = sql`SELECT * FROM users WHERE a`;', false],
    ['an exported tag with a WHERE, of a library of fragments', "import sql from 'sql-template-tag'; export const base = sql`SELECT * FROM users WHERE a`;", true],
    ['an exported tag with a WHERE, where the file hands tags to a driver', 'export const base = sql`SELECT * FROM users WHERE a`; pool.query(sql`SELECT 1`);', true],
    ['an exported tag without, where the file awaits tags', 'export const list = () => sql`SELECT * FROM users`; await sql`SELECT 1`;', false],
    ['a callback of a call', 'await Promise.all(ids.map((id) => sql`DELETE FROM users WHERE id = ${id}`));', false],
    ['a returned tag', 'function base() { return sql`SELECT * FROM users`; }', true],
    ['a returned tag of an arrow', 'export const base = (id) => sql`SELECT * FROM users JOIN posts USING (id)`;', true],
    ['a tag in an object', 'export const q = { base: sql`SELECT * FROM users` };', true],
    ['a tag that executes, returned', "import postgres from 'postgres'; const sql = postgres(); export const list = () => sql`SELECT * FROM users`;", false],
    ['$queryRaw returned', 'function f() { return prisma.$queryRaw`SELECT * FROM users`; }', false],
    ['a tag returned by an async function', 'async function f() { return sql`SELECT * FROM users`; }', false],
    ['a fragment library, async or not', "import { sql } from 'drizzle-orm'; async function f() { return sql`SELECT * FROM users`; }", true],
    ['an awaited tag', 'await sql`SELECT * FROM users`;', false],
    ['an executed tag', 'db.execute(sql`SELECT * FROM users`);', false],
    ['an executed tag by a helper', 'async function f() { const r = await one(sql`SELECT * FROM users`); }', false],
    ['an executed tag in a list', 'await db.batch([sql`SELECT * FROM users`]);', false],
    ['exported and executed', 'export const q = sql`SELECT * FROM users`; db.query(q);', false],
    ['a string with a WHERE, exported', "export const q = 'SELECT * FROM users WHERE a';", false],
    ['a string without, exported', "export const q = 'SELECT * FROM users u JOIN posts p ON p.u = u.id';", true],
    ['a string that ends midway, exported', "export const q = 'SELECT * FROM users WHERE a AND';", true],
    ['a string ended by a semicolon, exported', "export const q = 'SELECT * FROM users;';", false],
    ['a string without WHERE, run', "db.query('SELECT * FROM users');", false],
    ['a write, exported', "export const q = 'UPDATE users SET a = 1';", false],
    ['a subquery in a fragment is whole', 'export const live = sql`EXISTS (SELECT 1 FROM users)`;', false],
    ['a clause is not', 'export const live = sql`AND EXISTS (SELECT 1 FROM users)`;', true],
    ['an unseen base', 'function f(base) { return pool.query(sql`${base} WHERE id IN (SELECT id FROM users)`); }', true],
  ] as const) it(name, () => assert.equal(find(source)[0]!.partial, partial));
});

describe('where a text is said to stand', () => {
  for (const [name, source, shown] of [
    ['a call', "db.query('SELECT * FROM users', [1]);", "db.query('SELECT * FROM users', [1])"],
    ['a tag', 'db.query(sql`SELECT * FROM users`);', 'sql`SELECT * FROM users`'],
    ['a text in a variable', 'const q = `SELECT * FROM users`; db.query(q);', 'db.query(q)'],
    ['a string', 'const q = `SELECT * FROM users`; go(q);', '`SELECT * FROM users`'],
    ['a prepared statement', "new PreparedStatement({ text: 'SELECT * FROM users' });", "new PreparedStatement({ text: 'SELECT * FROM users' })"],
  ] as const) it(name, () => {
    const [one] = find(source);
    assert.equal(source.slice(...one!.range), shown);
    assert.deepEqual(one!.node.range, one!.range);
  });
});

import { testSchemas } from './schema-cases.js';
import { testRule } from './tester.js';

testRule('no-tombstone-loss', {
  sql: {
    valid: [],
    invalid: [
      {
        code: 'ALTER TABLE users DROP COLUMN deleted_at', at: 'deleted_at',
        message: "Without 'deleted_at' every deleted row of 'users' counts as live again. Remove the deleted rows for good first, or keep the column.",
      },
      {
        code: 'ALTER TABLE users DROP COLUMN deleted_at, ADD COLUMN deleted_at timestamptz', at: 'deleted_at',
        message: "'deleted_at' of 'users' comes back empty, and every deleted row counts as live again. Change the column in place, or carry over what it holds.",
      },
      {
        code: 'ALTER TABLE users ADD COLUMN deleted_at timestamptz;\nALTER TABLE users DROP COLUMN is_deleted;', at: 'is_deleted',
        message: "Rows of 'users' that 'is_deleted' calls deleted are live again, because nothing fills 'deleted_at' in before it goes. Set 'deleted_at' where 'is_deleted' is set first.",
      },
      {
        code: 'DROP TABLE users', at: 'users',
        message: "This removes every row of 'users' for good, and the manifest still declares it soft-deleted. If the table is to go, take it out of the manifest.",
      },
    ],
  },
});

const LOST = /every deleted row of '.*' counts as live again/, FLAG = /calls deleted are live again/, TABLE = /removes every row/;
const knex = (...statements: readonly string[]): string => `import type { Knex } from 'knex';\nexport async function up(knex: Knex) {\n${statements.map((statement) => `  await ${statement};`).join('\n')}\n}`;
const table = (change: string, name = 'users'): string => `knex.schema.alterTable('${name}', (table) => { ${change}; })`;

testSchemas('no-tombstone-loss', {
  reported: [
    { in: 'sql', code: 'ALTER TABLE users DROP deleted_at, DROP name', at: ['deleted_at'], says: LOST },
    { in: 'sql', code: 'ALTER TABLE accounts DROP COLUMN IF EXISTS is_deleted CASCADE', at: ['is_deleted'], says: LOST },
    { in: 'sql', code: 'ALTER TABLE "blogPosts" DROP COLUMN "deletedAt"', at: ['"deletedAt"'], says: LOST },
    { in: 'sql', code: 'ALTER TABLE documents DROP COLUMN deleted_at, DROP COLUMN archived_at', at: ['deleted_at', 'archived_at'], says: /live again/ },
    { in: 'sql', code: 'ALTER TABLE tickets DROP COLUMN status', at: ['status'], says: LOST },
    { in: 'mysql', code: 'ALTER TABLE `users` DROP COLUMN `deleted_at`', at: ['`deleted_at`'], says: LOST },
    { in: 'sqlite', code: 'ALTER TABLE products DROP COLUMN deleted', at: ['deleted'], says: LOST },
    // The rows go after the column.
    { in: 'sql', code: 'ALTER TABLE users DROP COLUMN deleted_at;\nDELETE FROM users WHERE deleted_at IS NOT NULL;', at: ['deleted_at'], says: LOST },
    // What is filled in is another table's.
    { in: 'sql', code: 'ALTER TABLE users ADD deleted_at timestamptz;\nUPDATE orders SET deleted_at = now() WHERE is_deleted;\nALTER TABLE users DROP is_deleted;', at: ['is_deleted'], says: FLAG },
    { in: 'sql', code: 'ALTER TABLE users ADD deleted_at timestamptz;\nALTER TABLE users DROP removed_at;', at: ['removed_at'], says: FLAG },
    { in: 'sql', code: 'ALTER TABLE projects ADD deleted_at timestamptz, DROP is_deleted', at: ['is_deleted'], says: FLAG },
    // Filled in too late.
    { in: 'sql', code: 'ALTER TABLE users ADD deleted_at timestamptz;\nALTER TABLE users DROP deleted;\nUPDATE users SET deleted_at = now();', at: ['deleted'], says: FLAG },
    { in: 'sql', code: 'DROP TABLE IF EXISTS billing.payments CASCADE', at: ['billing.payments'], says: TABLE },
    { in: 'sql', code: 'DROP TABLE sessions, orders', at: ['orders'], says: TABLE },
    { in: 'ts', code: knex(table("table.dropColumn('deleted_at')")), at: ['deleted_at'], says: LOST },
    { in: 'ts', code: knex(table("table.timestamp('deleted_at')"), table("table.dropColumn('is_deleted')")), at: ['is_deleted'], says: FLAG },
    { in: 'ts', code: knex("knex.schema.dropTable('users')"), at: ["'users'"], says: TABLE },
    { in: 'ts', code: 'await sql`ALTER TABLE users DROP COLUMN deleted_at`;', at: ['deleted_at'], says: LOST },
    { in: 'ts', code: "import type { Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) { await db.schema.alterTable('users').dropColumn('deleted_at').execute(); }", at: ["'deleted_at'"], says: LOST },
    { in: 'ts', code: "module.exports = { up: async (queryInterface) => { await queryInterface.removeColumn('users', 'deleted_at'); } };", at: ["'deleted_at'"], says: LOST },
    { in: 'ts', code: "exports.up = (pgm) => { pgm.dropColumns('users', ['deleted_at']); };", at: ["'deleted_at'"], says: LOST },
    { in: 'ts', code: "import type { QueryRunner } from 'typeorm';\nexport class Change { async up(queryRunner: QueryRunner) { await queryRunner.dropColumn('users', 'deleted_at'); } }", at: ["'deleted_at'"], says: LOST },
  ],
  silent: [
    { in: 'sql', code: 'ALTER TABLE users DROP COLUMN name' },
    { in: 'sql', code: 'ALTER TABLE sessions DROP COLUMN deleted_at' },
    { in: 'sql', code: 'ALTER TABLE unknown_things DROP COLUMN deleted_at' },
    // The deleted rows go first.
    { in: 'sql', code: 'DELETE FROM users WHERE deleted_at IS NOT NULL;\nALTER TABLE users DROP COLUMN deleted_at;' },
    // Filled in before, here or in an earlier migration.
    { in: 'sql', code: 'ALTER TABLE users ADD deleted_at timestamptz;\nUPDATE users SET deleted_at = now() WHERE is_deleted;\nALTER TABLE users DROP is_deleted;' },
    { in: 'sql', code: 'ALTER TABLE users DROP COLUMN is_deleted' },
    { in: 'sql', code: 'ALTER TABLE projects DROP COLUMN is_deleted' },
    { in: 'sql', code: 'ALTER TABLE documents DROP COLUMN archived_at' },
    { in: 'sql', code: 'ALTER TABLE users ADD deleted_at timestamptz;\nALTER TABLE users DROP COLUMN is_admin;' },
    // Another column takes its place, with what it held.
    { in: 'sql', code: 'ALTER TABLE users ADD gone_at timestamptz;\nUPDATE users SET gone_at = deleted_at;\nALTER TABLE users DROP deleted_at;\nALTER TABLE users RENAME gone_at TO deleted_at;' },
    { in: 'sql', code: 'ALTER TABLE users RENAME COLUMN is_deleted TO was_deleted' },
    { in: 'sql', code: 'ALTER TABLE users ALTER COLUMN deleted_at TYPE timestamptz' },
    // A dump makes it again, and so does SQLite's way to change a table.
    { in: 'sql', code: 'DROP TABLE IF EXISTS users;\nCREATE TABLE users (id int PRIMARY KEY, deleted_at timestamptz);' },
    { in: 'sqlite', code: 'CREATE TABLE new_users (id integer PRIMARY KEY, deleted_at text);\nINSERT INTO new_users SELECT id, deleted_at FROM users;\nDROP TABLE users;\nALTER TABLE new_users RENAME TO users;' },
    { in: 'sql', code: 'CREATE TABLE old_users AS SELECT * FROM users;\nDROP TABLE users;' },
    { in: 'sql', code: 'INSERT INTO people (id, name) SELECT id, name FROM users;\nDROP TABLE users;' },
    { in: 'sql', code: 'CREATE TABLE users (id int PRIMARY KEY, deleted_at timestamptz);\nDROP TABLE users;' },
    { in: 'sql', code: 'DROP TABLE sessions' },
    { in: 'sql', code: 'DROP TABLE unknown_things' },
    { in: 'sql', code: 'DROP VIEW live_users' },
    // The way back.
    { in: 'sql', code: '-- migrate:up\nALTER TABLE users ADD deleted_at timestamptz;\n-- migrate:down\nALTER TABLE users DROP COLUMN deleted_at;' },
    { in: 'sql', code: 'ALTER TABLE users DROP COLUMN deleted_at;', filename: 'migrations/0001_users.down.sql' },
    { in: 'ts', code: "exports.up = async (knex) => {};\nexports.down = async (knex) => { await knex.schema.alterTable('users', (table) => { table.dropColumn('deleted_at'); }); };" },
    { in: 'ts', code: knex("knex('users').where('deleted_at', '<', new Date()).del()", table("table.dropColumn('deleted_at')")) },
    { in: 'ts', code: knex(table("table.timestamp('deleted_at')"), "knex('users').where({ is_deleted: true }).update({ deleted_at: knex.fn.now() })", table("table.dropColumn('is_deleted')")) },
    { in: 'ts', code: knex("knex.schema.dropTable('sessions')") },
  ],
});

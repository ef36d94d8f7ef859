import { testSchemas } from './schema-cases.js';
import { testRule } from './tester.js';

const ADD = 'ALTER TABLE users ADD COLUMN deleted_at timestamptz;';

testRule('add-tombstone-complete', {
  sql: {
    valid: [],
    invalid: [
      {
        code: `CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE);\n${ADD}`, at: 'UNIQUE',
        message: "'users' gets 'deleted_at' here, and this key keeps the 'email' of each row that is deleted. Leave deleted rows out: 'WHERE deleted_at IS NULL'.",
      },
      {
        code: `CREATE INDEX by_name ON users (name);\n${ADD}`, at: 'CREATE INDEX by_name ON users (name)',
        message: "'users' gets 'deleted_at' here, and this index keeps an entry for each row that is deleted. Leave deleted rows out: 'WHERE deleted_at IS NULL'.",
      },
      {
        code: `CREATE VIEW names AS SELECT name FROM users;\n${ADD}`, at: 'names',
        message: "'users' gets 'deleted_at' here, and the view 'names' shows each row that is deleted. Make it again with the filter, behind the column.",
      },
      {
        code: `${ADD}\nCREATE POLICY own ON users USING (owner = current_user);`, at: 'own',
        message: "'users' gets 'deleted_at' here, and the policy 'own' lets rows that are deleted be read. Make it again with the filter, behind the column.",
      },
    ],
  },
});

const KEY = /this key keeps/, INDEX = /this index keeps an entry/, VIEW = /the view .* shows/, POLICY = /the policy .* lets rows/;
const knex = (...changes: readonly string[]): string => `import type { Knex } from 'knex';\nexport async function up(knex: Knex) {\n${changes.map((change) => `  await knex.schema.alterTable('users', (table) => { ${change}; });`).join('\n')}\n}`;

const KYSELY_ADD = "await db.schema.alterTable('users').addColumn('deleted_at', 'timestamptz').execute();";
/** A view, and the tombstone behind it. */
const kyselyView = (query: string, before = '', behind = KYSELY_ADD): string => `import { sql, type Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) {\n  ${before}\n  await db.schema.createView('names').orReplace().as(${query}).execute();\n  ${behind}\n}`;
const knexView = (body: string): string => `import type { Knex } from 'knex';\nexport async function up(knex: Knex) {\n  await knex.schema.createView('names', (view) => {\n    ${body}\n  });\n  await knex.schema.alterTable('users', (table) => { table.timestamp('deleted_at'); });\n}`;

testSchemas('add-tombstone-complete', {
  reported: [
    { in: 'sql', code: `CREATE UNIQUE INDEX taken ON users (email);\n${ADD}`, at: ['CREATE UNIQUE INDEX taken ON users (email)'], says: KEY },
    { in: 'sql', code: `ALTER TABLE users ADD CONSTRAINT taken UNIQUE (team_id, name);\n${ADD}`, at: ['UNIQUE (team_id, name)'], says: /the 'team_id' and 'name'/ },
    { in: 'sql', code: `CREATE TABLE users (id int PRIMARY KEY, email text);\nCREATE UNIQUE INDEX taken ON users (lower(email));\nCREATE INDEX by_name ON users (name);\n${ADD}`, at: ['CREATE UNIQUE INDEX taken ON users (lower(email))', 'CREATE INDEX by_name ON users (name)'] },
    { in: 'sql', code: `CREATE UNIQUE INDEX taken ON users (email) WHERE email IS NOT NULL;\n${ADD}`, at: ['CREATE UNIQUE INDEX taken ON users (email) WHERE email IS NOT NULL'], says: KEY },
    { in: 'mysql', code: 'CREATE TABLE users (id int PRIMARY KEY, email varchar(99), UNIQUE KEY taken (email));\nALTER TABLE users ADD COLUMN deleted_at datetime NULL;', at: ['UNIQUE KEY taken (email)'], says: /\(IF\(deleted_at IS NULL, 1, NULL\)\)/ },
    { in: 'mariadb', code: 'CREATE TABLE users (id int PRIMARY KEY, email varchar(99) UNIQUE);\nALTER TABLE users ADD COLUMN deleted_at datetime NULL;', at: ['UNIQUE'], says: KEY },
    { in: 'sqlite', code: 'CREATE TABLE users (id integer PRIMARY KEY, email text UNIQUE);\nALTER TABLE users ADD COLUMN deleted_at text;', at: ['UNIQUE'], says: KEY },
    { in: 'sqlite', code: 'CREATE INDEX a ON accounts (name);\nALTER TABLE accounts ADD COLUMN is_deleted integer NOT NULL DEFAULT 0;', at: ['CREATE INDEX a ON accounts (name)'], says: /WHERE is_deleted = 0/ },
    { in: 'sql', code: `CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM users;\n${ADD}`, at: ['totals'], says: VIEW },
    { in: 'sql', code: `CREATE VIEW v AS SELECT o.id FROM orders o JOIN users u ON u.id = o.user_id;\n${ADD}`, at: ['v'], says: VIEW },
    { in: 'sql', code: `CREATE POLICY seen ON users FOR SELECT USING (team = 1);\n${ADD}`, at: ['seen'], says: POLICY },
    { in: 'sql', code: `CREATE POLICY a ON users FOR SELECT USING (deleted_at IS NULL);\nCREATE POLICY b ON users FOR SELECT USING (admin);\n${ADD}`, at: ['b'], says: POLICY },
    { in: 'sql', code: `${ADD}\nCREATE POLICY own ON users AS PERMISSIVE FOR ALL USING (true);`, at: ['own'], says: POLICY },
    { in: 'sql', code: 'CREATE TABLE "blogPosts" (id int PRIMARY KEY, slug text UNIQUE);\nALTER TABLE "blogPosts" ADD "deletedAt" timestamptz;', at: ['UNIQUE'], says: /"deletedAt" IS NULL/ },
    { in: 'ts', code: knex("table.unique(['email'])", "table.timestamp('deleted_at')"), at: ["table.unique(['email'])"], says: KEY },
    { in: 'ts', code: knex("table.index(['name'])", "table.timestamp('deleted_at')"), at: ["table.index(['name'])"], says: INDEX },
    { in: 'ts', code: `await sql\`CREATE UNIQUE INDEX taken ON users (email)\`;\nawait sql\`${ADD}\`;`, at: ['CREATE UNIQUE INDEX taken ON users (email)'], says: KEY },
    { in: 'ts', code: "import type { Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) {\n  await db.schema.createIndex('taken').unique().on('users').column('email').execute();\n  await db.schema.alterTable('users').addColumn('deleted_at', 'timestamptz').execute();\n}", at: ["db.schema.createIndex('taken')"], says: KEY },
    { in: 'ts', code: kyselyView("db.selectFrom('users as u').innerJoin('teams as t', 't.id', 'u.team_id').select(['u.id'])"), at: ["'names'"], says: VIEW },
    { in: 'ts', code: kyselyView("sql`SELECT id FROM teams JOIN users ON users.team_id = teams.id`"), at: ["'names'"], says: VIEW },
    { in: 'ts', code: knexView("view.columns(['id']);\n    view.as(knex('users').select('id'));"), at: ["'names'"], says: VIEW },
    { in: 'ts', code: knexView("view.as(knex.select('t.id').from('teams as t').join('users as u', 'u.team_id', 't.id'));"), at: ["'names'"], says: VIEW },
    { in: 'ts', code: "module.exports = { up: async (queryInterface, DataTypes) => {\n  await queryInterface.addIndex('users', ['email'], { unique: true });\n  await queryInterface.addColumn('users', 'deleted_at', { type: DataTypes.DATE, allowNull: true });\n} };", at: ["['email']"], says: KEY },
    { in: 'ts', code: "exports.up = (pgm) => {\n  pgm.createIndex('users', 'email', { unique: true });\n  pgm.addColumns('users', { deleted_at: { type: 'timestamptz' } });\n};", at: ["'email'"], says: KEY },
    { in: 'ts', code: "import { TableColumn, TableIndex, type QueryRunner } from 'typeorm';\nexport class Change { async up(queryRunner: QueryRunner) {\n  await queryRunner.createIndex('users', new TableIndex({ name: 'taken', columnNames: ['email'], isUnique: true }));\n  await queryRunner.addColumn('users', new TableColumn({ name: 'deleted_at', type: 'timestamptz', isNullable: true }));\n} }", at: ['new TableIndex('], says: KEY },
  ],
  silent: [
    { in: 'ts', code: kyselyView("db.selectFrom('teams').select('id')") },
    { in: 'ts', code: kyselyView("db.selectFrom('users').select('id')", KYSELY_ADD, '') },
    { in: 'ts', code: kyselyView("db.selectFrom('users').select('id')", '', `${KYSELY_ADD}\n  await db.schema.dropView('names').execute();\n  await db.schema.createView('names').as(db.selectFrom('users').where('deleted_at', 'is', null).select('id')).execute();`) },
    { in: 'ts', code: knexView("view.as(knex('teams').select('id'));") },
    // What other files did is not known.
    { in: 'sql', code: ADD },
    { in: 'sql', code: 'CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE);' },
    // The table has had it from the start: unique-live-only and index-live-only speak of these.
    { in: 'sql', code: 'CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE, deleted_at timestamptz);\nCREATE INDEX by_name ON users (name);' },
    { in: 'sql', code: `${ADD}\nCREATE UNIQUE INDEX taken ON users (email);` },
    // Mended in the same file.
    { in: 'sql', code: `CREATE UNIQUE INDEX taken ON users (email);\n${ADD}\nDROP INDEX taken;\nCREATE UNIQUE INDEX live ON users (email) WHERE deleted_at IS NULL;` },
    { in: 'sql', code: `CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE);\n${ADD}\nALTER TABLE users DROP CONSTRAINT users_email_key;` },
    { in: 'sql', code: `CREATE VIEW names AS SELECT name FROM users;\n${ADD}\nCREATE OR REPLACE VIEW names AS SELECT name FROM users WHERE deleted_at IS NULL;` },
    { in: 'sql', code: `CREATE VIEW names AS SELECT name FROM users;\n${ADD}\nDROP VIEW names;` },
    { in: 'sql', code: `${ADD}\nCREATE POLICY own ON users USING (owner = current_user);\nDROP POLICY own ON users;` },
    { in: 'sql', code: `${ADD}\nCREATE POLICY own ON users USING (owner = current_user AND deleted_at IS NULL);` },
    { in: 'sql', code: `${ADD}\nCREATE POLICY own ON users USING (owner = current_user);\nCREATE POLICY live ON users AS RESTRICTIVE USING (deleted_at IS NULL);` },
    // Nobody reads by these.
    { in: 'sql', code: `${ADD}\nCREATE POLICY made ON users FOR INSERT WITH CHECK (owner = current_user);` },
    { in: 'sql', code: `${ADD}\nCREATE POLICY changed ON users FOR UPDATE USING (owner = current_user);` },
    { in: 'sql', code: `CREATE TABLE users (id int PRIMARY KEY, token text UNIQUE, uuid uuid UNIQUE);\nCREATE INDEX by_team ON users (team_id);\n${ADD}` },
    { in: 'sql', code: `CREATE INDEX small ON users (created_at) WHERE state = 'new';\n${ADD}` },
    { in: 'mysql', code: 'CREATE TABLE users (id int PRIMARY KEY, name varchar(99), KEY by_name (name));\nALTER TABLE users ADD COLUMN deleted_at datetime NULL;' },
    { in: 'sql', code: 'CREATE TABLE sessions (id int PRIMARY KEY, name text UNIQUE);\nALTER TABLE sessions ADD COLUMN deleted_at timestamptz;' },
    { in: 'sql', code: `CREATE UNIQUE INDEX taken ON orders (name);\n${ADD}` },
    // What is there gets another type.
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON users (email);\nALTER TABLE users ALTER COLUMN deleted_at TYPE timestamptz;' },
    { in: 'sql', code: `-- includes-deleted: reports name everybody\nCREATE VIEW everybody AS SELECT id, name FROM users;\n${ADD}` },
    { in: 'ts', code: knex("table.unique(['email'])", "table.timestamp('deleted_at'); table.dropUnique(['email']); table.unique(['email'], { predicate: knex.whereNull('deleted_at') })") },
    { in: 'ts', code: knex("table.timestamp('deleted_at')") },
    { in: 'bigquery', code: 'CREATE TABLE users (id INT64, email STRING);\nALTER TABLE users ADD COLUMN deleted_at TIMESTAMP;' },
  ],
});

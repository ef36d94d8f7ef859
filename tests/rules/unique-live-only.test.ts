import { testSchemas } from './schema-cases.js';
import { testRule } from './tester.js';

const FULL = "A deleted row of 'users' keeps its 'email', and no other row can have the same. Leave deleted rows out: 'WHERE deleted_at IS NULL'.";

testRule('unique-live-only', {
  sql: {
    valid: [
      // Supabase's.
      'CREATE TABLE users (id uuid, instance_id uuid, aud text, encrypted_password text, email text UNIQUE, deleted_at timestamptz)',
      // The soft delete takes the value away.
      { code: 'CREATE TABLE users (id int, email text UNIQUE, deleted_at timestamptz)', tables: { users: { deletion: 'soft', overwrites: ['email'] } } },
      { code: 'CREATE UNIQUE INDEX u ON users (team_id, email)', tables: { users: { deletion: 'soft', overwrites: ['email'] } } },
      { code: 'CREATE UNIQUE INDEX u ON users (email_address)', tables: { users: { deletion: 'soft', columns: { mail: 'email_address' }, overwrites: ['mail'] } } },
    ],
    invalid: [
      {
        code: 'CREATE UNIQUE INDEX u ON users (slug)', tables: { users: { deletion: 'soft', overwrites: ['email'] } }, at: 'CREATE UNIQUE INDEX u ON users (slug)', message: FULL.replace('email', 'slug'),
        suggestions: { asPartial: 'CREATE UNIQUE INDEX u ON users (slug) WHERE deleted_at IS NULL' },
      },
      {
        code: 'CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, deleted_at timestamptz);', at: 'UNIQUE', message: FULL,
        suggestions: { asPartial: 'CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);\nCREATE UNIQUE INDEX ON users (email) WHERE deleted_at IS NULL;' },
      },
      {
        code: 'CREATE TABLE users (id int, email text, deleted_at timestamptz, CONSTRAINT taken UNIQUE (email))', at: 'UNIQUE (email)', message: FULL,
        suggestions: { asPartial: 'CREATE TABLE users (id int, email text, deleted_at timestamptz);\nCREATE UNIQUE INDEX taken ON users (email) WHERE deleted_at IS NULL' },
      },
      {
        code: 'CREATE TABLE users (UNIQUE (email), id int, email text, deleted_at timestamptz)', at: 'UNIQUE (email)', message: FULL,
        suggestions: { asPartial: 'CREATE TABLE users (id int, email text, deleted_at timestamptz);\nCREATE UNIQUE INDEX ON users (email) WHERE deleted_at IS NULL' },
      },
      {
        code: 'ALTER TABLE users ADD CONSTRAINT taken UNIQUE (email)', at: 'UNIQUE (email)', message: FULL,
        suggestions: { asPartial: 'CREATE UNIQUE INDEX taken ON users (email) WHERE deleted_at IS NULL' },
      },
      // A deferrable constraint has no counterpart.
      { code: 'ALTER TABLE users ADD CONSTRAINT taken UNIQUE (email) DEFERRABLE', at: 'UNIQUE (email)', message: FULL },
      {
        code: 'alter table users add column email text unique, add column x int', at: 'unique', message: FULL,
        suggestions: { asPartial: 'alter table users add column email text, add column x int;\ncreate unique index on users (email) where deleted_at IS NULL' },
      },
      {
        code: 'CREATE UNIQUE INDEX taken ON users (lower(email));', at: 'CREATE UNIQUE INDEX taken ON users (lower(email))',
        message: "A deleted row of 'users' keeps its 'lower(email)', and no other row can have the same. Leave deleted rows out: 'WHERE deleted_at IS NULL'.",
        suggestions: { asPartial: 'CREATE UNIQUE INDEX taken ON users (lower(email)) WHERE deleted_at IS NULL;' },
      },
      {
        code: 'CREATE UNIQUE INDEX taken ON users (email) WHERE email IS NOT NULL', at: 'CREATE UNIQUE INDEX taken ON users (email) WHERE email IS NOT NULL', message: FULL,
        suggestions: { asPartial: 'CREATE UNIQUE INDEX taken ON users (email) WHERE email IS NOT NULL AND deleted_at IS NULL' },
      },
      {
        code: 'CREATE UNIQUE INDEX taken ON users (email) WHERE email IS NOT NULL OR name IS NOT NULL', at: 'CREATE UNIQUE INDEX taken ON users (email) WHERE email IS NOT NULL OR name IS NOT NULL', message: FULL,
        suggestions: { asPartial: 'CREATE UNIQUE INDEX taken ON users (email) WHERE (email IS NOT NULL OR name IS NOT NULL) AND deleted_at IS NULL' },
      },
      {
        code: 'CREATE UNIQUE INDEX taken ON users (email, deleted_at)', at: 'CREATE UNIQUE INDEX taken ON users (email, deleted_at)',
        message: "Any number of live rows of 'users' can have the same 'email', because each NULL in 'deleted_at' is distinct from the others. Take 'deleted_at' out of the key, and leave deleted rows out: 'WHERE deleted_at IS NULL'.",
        suggestions: { asPartial: 'CREATE UNIQUE INDEX taken ON users (email) WHERE deleted_at IS NULL' },
      },
      {
        code: 'CREATE UNIQUE INDEX taken ON accounts (name, is_deleted)', at: 'CREATE UNIQUE INDEX taken ON accounts (name, is_deleted)',
        message: "When a second row of 'accounts' with the same 'name' is deleted, it meets the first one in this key, and the deletion fails. Take 'is_deleted' out of the key, and leave deleted rows out: 'WHERE is_deleted = FALSE'.",
        suggestions: { asPartial: 'CREATE UNIQUE INDEX taken ON accounts (name) WHERE is_deleted = FALSE' },
      },
      {
        code: 'CREATE UNIQUE INDEX taken ON users (email) WHERE deleted_at IS NOT NULL', at: 'CREATE UNIQUE INDEX taken ON users (email) WHERE deleted_at IS NOT NULL',
        message: "This key is over deleted rows of 'users' alone, and any number of live ones can have the same 'email'. Turn its predicate round: 'deleted_at IS NULL'.",
      },
      {
        code: 'CREATE TABLE `users` (`id` int, `email` varchar(99), `deleted_at` datetime, UNIQUE KEY `taken` (`email`)) ENGINE=InnoDB', dialect: 'mysql', at: 'UNIQUE KEY `taken` (`email`)',
        message: "A deleted row of 'users' keeps its 'email', and no other row can have the same. Add a part that is NULL for deleted rows: '(IF(deleted_at IS NULL, 1, NULL))'.",
        suggestions: { asPartial: 'CREATE TABLE `users` (`id` int, `email` varchar(99), `deleted_at` datetime, UNIQUE KEY `taken` (`email`, (IF(deleted_at IS NULL, 1, NULL)))) ENGINE=InnoDB' },
      },
      {
        code: 'CREATE UNIQUE INDEX taken ON users (email)', dialect: 'mariadb', at: 'CREATE UNIQUE INDEX taken ON users (email)',
        message: "A deleted row of 'users' keeps its 'email', and no other row can have the same. Add a generated column that is NULL for deleted rows: 'AS (IF(deleted_at IS NULL, 1, NULL))'.",
      },
      {
        code: 'CREATE TABLE users (id integer PRIMARY KEY, email text UNIQUE, deleted_at text)', dialect: 'sqlite', at: 'UNIQUE', message: FULL,
        suggestions: { asPartial: 'CREATE TABLE users (id integer PRIMARY KEY, email text, deleted_at text);\nCREATE UNIQUE INDEX users_email_live ON users (email) WHERE deleted_at IS NULL' },
      },
      {
        code: 'CREATE TABLE "blogPosts" (id int, slug text UNIQUE, "deletedAt" timestamptz)', at: 'UNIQUE',
        message: "A deleted row of 'blogPosts' keeps its 'slug', and no other row can have the same. Leave deleted rows out: 'WHERE \"deletedAt\" IS NULL'.",
        suggestions: { asPartial: 'CREATE TABLE "blogPosts" (id int, slug text, "deletedAt" timestamptz);\nCREATE UNIQUE INDEX ON "blogPosts" (slug) WHERE "deletedAt" IS NULL' },
      },
    ],
  },
  ts: {
    valid: [],
    invalid: [
      {
        code: 'await sql`CREATE UNIQUE INDEX taken ON users (email)`;', at: 'CREATE UNIQUE INDEX taken ON users (email)', message: FULL,
        suggestions: { asPartial: 'await sql`CREATE UNIQUE INDEX taken ON users (email) WHERE deleted_at IS NULL`;' },
      },
      // A second statement has no place in a template.
      { code: 'await sql`CREATE TABLE users (id int, email text UNIQUE, deleted_at timestamptz)`;', at: 'UNIQUE', message: FULL },
    ],
  },
});

const entity = (head: string, body: string): string => `import { Column, DeleteDateColumn, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';\n@Entity('users')\n${head}export class User {\n  @PrimaryGeneratedColumn() id: number;\n${body}\n  @DeleteDateColumn({ name: 'deleted_at' }) deletedAt?: Date;\n}`;
const drizzle = (columns: string, extra = ''): string => `import { pgTable, serial, text, timestamp, unique, uniqueIndex } from 'drizzle-orm/pg-core';\nimport { isNull } from 'drizzle-orm';\nexport const users = pgTable('users', { id: serial('id').primaryKey(), ${columns}, deletedAt: timestamp('deleted_at') }${extra});`;
const knex = (change: string): string => `import type { Knex } from 'knex';\nexport async function up(knex: Knex) {\n  await knex.schema.alterTable('users', (table) => {\n    ${change}\n  });\n}`;
const prisma = (body: string): string => `model User {\n  id        Int       @id\n${body}\n  deletedAt DateTime? @map("deleted_at")\n\n  @@map("users")\n}`;
const kysely = (chain: string): string => `import type { Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) {\n  await db.schema.${chain}.execute();\n}`;

testSchemas('unique-live-only', {
  reported: [
    { in: 'prisma', code: prisma('  email     String    @unique'), at: ['@unique'], says: /keeps its 'email'/ },
    { in: 'prisma', code: prisma('  teamId    Int\n  name      String\n  @@unique([teamId, name])'), at: ['@@unique([teamId, name])'], says: /keeps its 'teamId' and 'name'/ },
    { in: 'prisma', code: prisma('  email     String\n  @@unique([email, deletedAt])'), at: ['@@unique([email, deletedAt])'], says: /each NULL in 'deleted_at' is distinct/ },
    { in: 'prisma-mysql', code: prisma('  email     String    @unique'), at: ['@unique'], says: /Add a part that is NULL/ },
    { in: 'ts', code: drizzle("email: text('email').unique()"), at: ['email'], says: /keeps its 'email'/ },
    { in: 'ts', code: drizzle("email: text('email')", ", (table) => [uniqueIndex('taken').on(table.email)]"), at: ["uniqueIndex('taken').on(table.email)"], says: /keeps its 'email'/ },
    { in: 'ts', code: drizzle("email: text('email')", ", (table) => [unique().on(table.email, table.deletedAt)]"), at: ['unique().on(table.email, table.deletedAt)'], says: /is distinct from the others/ },
    { in: 'ts', code: entity('', '  @Column({ unique: true }) email: string;'), at: ['email'], says: /keeps its 'email'/ },
    { in: 'ts', code: entity("@Unique(['email'])\n", '  @Column() email: string;'), at: ["@Unique(['email'])"], says: /keeps its 'email'/ },
    { in: 'ts', code: entity("@Index(['email'], { unique: true, where: 'deleted_at IS NOT NULL' })\n", '  @Column() email: string;'), at: ["@Index(['email'], { unique: true, where: 'deleted_at IS NOT NULL' })"], says: /over deleted rows of 'users' alone/ },
    { in: 'ts-mysql', code: entity("@Index(['email'], { unique: true, where: 'deleted_at IS NULL' })\n", '  @Column() email: string;'), at: ["@Index(['email'], { unique: true, where: 'deleted_at IS NULL' })"], says: /TypeORM on MySQL leaves the predicate out/ },
    { in: 'ts', code: knex("table.unique(['team_id', 'slug']);"), at: ["table.unique(['team_id', 'slug'])"], says: /keeps its 'team_id' and 'slug'/ },
    { in: 'ts', code: knex("table.unique(['task_id', 'product_id'], { indexName: 'composite' });"), at: ["table.unique(['task_id', 'product_id'], { indexName: 'composite' })"], says: /keeps its 'task_id' and 'product_id'/ },
    { in: 'ts-mysql', code: knex("table.unique(['email'], { predicate: knex.whereNull('deleted_at') });"), at: ["table.unique(['email'], { predicate: knex.whereNull('deleted_at') })"], says: /Knex on MySQL leaves the predicate out/ },
    { in: 'ts', code: knex("table.unique(['email', 'deleted_at']);"), at: ["table.unique(['email', 'deleted_at'])"], says: /is distinct from the others/ },
    { in: 'ts', code: kysely("createIndex('taken').unique().on('users').column('email')"), at: ["db.schema.createIndex('taken').unique().on('users').column('email').execute()"], says: /keeps its 'email'/ },
    { in: 'ts', code: kysely("alterTable('users').addUniqueConstraint('taken', ['team_id', 'name'])"), at: ["'taken'"], says: /keeps its 'team_id' and 'name'/ },
    { in: 'ts', code: "module.exports = { up: async (queryInterface) => { await queryInterface.addIndex('users', ['email'], { unique: true }); } };", at: ["queryInterface.addIndex('users', ['email'], { unique: true })"], says: /keeps its 'email'/ },
    { in: 'ts', code: "import { DataTypes } from 'sequelize';\nexport const User = sequelize.define('User', { email: { type: DataTypes.STRING, unique: true } }, { tableName: 'users', paranoid: true, deletedAt: 'deleted_at' });", at: ['email'], says: /keeps its 'email'/ },
    { in: 'ts', code: "exports.up = (pgm) => { pgm.createIndex('users', 'email', { unique: true }); };", at: ["pgm.createIndex('users', 'email', { unique: true })"], says: /keeps its 'email'/ },
    { in: 'ts', code: "import { TableIndex, type QueryRunner } from 'typeorm';\nexport class Change { async up(queryRunner: QueryRunner) { await queryRunner.createIndex('users', new TableIndex({ name: 'taken', columnNames: ['email'], isUnique: true })); } }", at: ["new TableIndex({ name: 'taken', columnNames: ['email'], isUnique: true })"], says: /keeps its 'email'/ },
    { in: 'ts', code: "import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/core';\n@Entity({ tableName: 'users' })\nexport class User {\n  @PrimaryKey() id!: number;\n  @Property({ unique: true }) email!: string;\n  @Property({ fieldName: 'deleted_at', nullable: true }) deletedAt?: Date;\n}", at: ['email'], says: /keeps its 'email'/ },
    // The predicate leaves another kind of rows out.
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON documents (slug) WHERE title IS NOT NULL', at: ['CREATE UNIQUE INDEX taken ON documents (slug) WHERE title IS NOT NULL'], says: /WHERE deleted_at IS NULL AND archived_at IS NULL/ },
    // A deletion that is planned.
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON offers (sku)', at: ['CREATE UNIQUE INDEX taken ON offers (sku)'], says: /'WHERE deleted_at IS NULL'/ },
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON tickets (name)', at: ['CREATE UNIQUE INDEX taken ON tickets (name)'], says: /WHERE status <> 'deleted'/ },
    { in: 'sqlite', code: 'CREATE UNIQUE INDEX taken ON accounts (username)', at: ['CREATE UNIQUE INDEX taken ON accounts (username)'], says: /'WHERE is_deleted = 0'/ },
    // The tombstone comes first.
    { in: 'sql', code: 'ALTER TABLE users ADD COLUMN deleted_at timestamptz;\nCREATE UNIQUE INDEX taken ON users (phone_number);', at: ['CREATE UNIQUE INDEX taken ON users (phone_number)'] },
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON users (public_id)', at: ['CREATE UNIQUE INDEX taken ON users (public_id)'], options: { keys: 'all' } },
    { in: 'sql', code: "CREATE UNIQUE INDEX taken ON users (email) WHERE state = 'active'", at: ["CREATE UNIQUE INDEX taken ON users (email) WHERE state = 'active'"], options: { keys: 'all' } },
  ],
  silent: [
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON users (email) WHERE deleted_at IS NULL' },
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON users (email) WHERE email IS NOT NULL AND deleted_at IS NULL' },
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON accounts (email) WHERE NOT is_deleted' },
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON projects (name) WHERE deleted_at IS NULL' },
    { in: 'sql', code: 'CREATE TABLE users (id int, email text, deleted_at timestamptz, UNIQUE NULLS NOT DISTINCT (email, deleted_at))' },
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON contracts (name, deleted_at)' },
    { in: 'mysql', code: 'CREATE UNIQUE INDEX taken ON products (sku, deleted)' },
    // Made up by the program, or one for each row of another table.
    { in: 'sql', code: 'CREATE TABLE users (id int PRIMARY KEY, uuid uuid UNIQUE, api_token text UNIQUE, password_hash text UNIQUE, url_id text UNIQUE, invite_code text UNIQUE, profile_id int UNIQUE, deleted_at timestamptz)' },
    { in: 'sql', code: 'CREATE UNIQUE INDEX one ON invoices (number)' },
    { in: 'sql', code: 'CREATE UNIQUE INDEX one ON invoices (tenant_id, invoice_number)' },
    { in: 'sql', code: 'CREATE UNIQUE INDEX one ON documents (directory, name)' },
    { in: 'sql', code: 'CREATE UNIQUE INDEX one ON orders (connection_id, model, external_id)' },
    // The primary key is in it: no other row has the same.
    { in: 'sql', code: 'ALTER TABLE users ADD UNIQUE (id, email)', options: { keys: 'all' } },
    { in: 'sql', code: 'CREATE TABLE users (pk int PRIMARY KEY, email text, deleted_at timestamptz, UNIQUE (pk, email))', options: { keys: 'all' } },
    // No soft table, or none that the manifest knows.
    { in: 'sql', code: 'CREATE TABLE sessions (id int, name text UNIQUE)' },
    { in: 'sql', code: 'CREATE TABLE unknown_things (id int, name text UNIQUE, deleted_at timestamptz)' },
    // Older than the tombstone.
    { in: 'sql', code: 'CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE)' },
    { in: 'sql', code: 'CREATE TABLE users (id int PRIMARY KEY, email text);\nCREATE UNIQUE INDEX taken ON users (email);' },
    // Mended by what follows.
    { in: 'sql', code: 'CREATE TABLE users (id int, email text, deleted_at timestamptz, CONSTRAINT taken UNIQUE (email));\nALTER TABLE users DROP CONSTRAINT taken;\nCREATE UNIQUE INDEX live ON users (email) WHERE deleted_at IS NULL;' },
    { in: 'sql', code: 'CREATE TABLE users (id int, email text UNIQUE, deleted_at timestamptz);\nALTER TABLE users DROP CONSTRAINT users_email_key;' },
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON users (email);\nDROP INDEX IF EXISTS taken;' },
    { in: 'mysql', code: 'ALTER TABLE users ADD UNIQUE KEY taken (email);\nALTER TABLE users DROP INDEX taken;' },
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON users (email);\nALTER TABLE users DROP COLUMN email;' },
    { in: 'sql', code: 'CREATE UNIQUE INDEX taken ON users (email);\nDROP TABLE users;' },
    // What MySQL and MariaDB have instead.
    { in: 'mysql', code: 'CREATE UNIQUE INDEX taken ON users (email, (IF(deleted_at IS NULL, 1, NULL)))' },
    { in: 'mariadb', code: 'CREATE TABLE users (id int, email text, deleted_at datetime, given_email varchar(99) AS (IF(deleted_at IS NULL, email, NULL)) VIRTUAL, UNIQUE KEY taken (given_email))' },
    { in: 'mysql', code: 'CREATE UNIQUE INDEX taken ON users (email, delete_token)' },
    { in: 'mysql', code: 'CREATE UNIQUE INDEX taken ON users (live_email)' },
    // A state that may end with the row, and a reason.
    { in: 'sql', code: "CREATE UNIQUE INDEX taken ON users (email) WHERE state = 'active'" },
    { in: 'sql', code: '/* includes-deleted: a name is never given again */\nCREATE UNIQUE INDEX taken ON users (username)' },
    { in: 'bigquery', code: 'CREATE TABLE users (id INT64, email STRING, deleted_at TIMESTAMP, PRIMARY KEY (id) NOT ENFORCED)' },
    { in: 'prisma', code: prisma('  email     String\n  token     String @unique\n  @@index([email])') },
    { in: 'ts', code: drizzle("email: text('email')", ", (table) => [uniqueIndex('taken').on(table.email).where(isNull(table.deletedAt))]") },
    { in: 'ts', code: entity("@Index(['email'], { unique: true, where: 'deleted_at IS NULL' })\n", '  @Column() email: string;') },
    { in: 'ts', code: knex("table.unique(['email'], { predicate: knex.whereNull('deleted_at') });") },
    { in: 'ts', code: knex("table.dropUnique(['email']);") },
    { in: 'ts', code: "exports.up = async (knex) => {};\nexports.down = async (knex) => { await knex.schema.alterTable('users', (table) => { table.unique(['email']); }); };" },
    { in: 'ts', code: kysely("createIndex('taken').unique().on('users').column('email').where('deleted_at', 'is', null)") },
    { in: 'ts', code: kysely("alterTable('users').addUniqueConstraint('taken', ['email', 'deleted_at'], (key) => key.nullsNotDistinct())") },
    { in: 'ts', code: "module.exports = { up: async (queryInterface) => { await queryInterface.addIndex('users', ['email'], { unique: true, where: { deleted_at: null } }); } };" },
    { in: 'ts', code: "exports.up = (pgm) => { pgm.createIndex('users', 'email', { unique: true, where: 'deleted_at IS NULL' }); };" },
  ],
});

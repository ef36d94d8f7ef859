import { testSchemas } from './schema-cases.js';
import { testRule } from './tester.js';

testRule('index-live-only', {
  sql: {
    valid: [],
    invalid: [
      {
        code: 'CREATE INDEX by_status ON orders (status);', at: 'CREATE INDEX by_status ON orders (status)',
        message: "This index has an entry for each deleted row of 'orders', and queries of live rows read past them. Leave deleted rows out: 'WHERE deleted_at IS NULL'.",
        suggestions: { asPartial: 'CREATE INDEX by_status ON orders (status) WHERE deleted_at IS NULL;' },
      },
      {
        code: 'create index by_status on orders using btree (status, created_at desc) include (total)', at: 'create index by_status on orders using btree (status, created_at desc) include (total)',
        message: "This index has an entry for each deleted row of 'orders', and queries of live rows read past them. Leave deleted rows out: 'WHERE deleted_at IS NULL'.",
        suggestions: { asPartial: 'create index by_status on orders using btree (status, created_at desc) include (total) where deleted_at IS NULL' },
      },
      {
        code: 'CREATE INDEX by_total ON orders (total) WHERE total IS NOT NULL', at: 'CREATE INDEX by_total ON orders (total) WHERE total IS NOT NULL',
        message: "This index has an entry for each deleted row of 'orders', and queries of live rows read past them. Leave deleted rows out: 'WHERE deleted_at IS NULL'.",
        suggestions: { asPartial: 'CREATE INDEX by_total ON orders (total) WHERE total IS NOT NULL AND deleted_at IS NULL' },
      },
      {
        code: 'CREATE INDEX by_name ON accounts (name)', at: 'CREATE INDEX by_name ON accounts (name)', dialect: 'sqlite',
        message: "This index has an entry for each deleted row of 'accounts', and queries of live rows read past them. Leave deleted rows out: 'WHERE is_deleted = 0'.",
        suggestions: { asPartial: 'CREATE INDEX by_name ON accounts (name) WHERE is_deleted = 0' },
      },
      {
        code: 'ALTER TABLE orders ADD COLUMN deleted_at timestamptz', at: 'deleted_at',
        message: "The purge of 'orders' reads every row to find the old ones, because no index begins with 'deleted_at'. Add one on '(deleted_at) WHERE deleted_at IS NOT NULL'.",
      },
    ],
  },
});

const drizzle = (extra: string): string => `import { index, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';\nimport { isNull } from 'drizzle-orm';\nexport const orders = pgTable('orders', { id: serial('id').primaryKey(), status: text('status'), deletedAt: timestamp('deleted_at') }, (table) => [${extra}]);`;
const prisma = (body: string): string => `model Order {\n  id        Int       @id\n  status    String\n  deletedAt DateTime? @map("deleted_at")\n${body}\n  @@map("orders")\n}`;
const PURGE = /reads every row to find the old ones/, FULL = /has an entry for each deleted row/;

testSchemas('index-live-only', {
  reported: [
    { in: 'sql', code: 'CREATE TABLE orders (id int PRIMARY KEY, status text, deleted_at timestamptz)', at: ['deleted_at'], says: PURGE },
    { in: 'mysql', code: 'CREATE TABLE orders (id int PRIMARY KEY, status text, deleted_at datetime, KEY by_status (status, deleted_at))', at: ['deleted_at'], says: /index begins with 'deleted_at'. Add one on '\(deleted_at\)'/ },
    { in: 'sqlite', code: 'CREATE TABLE orders (id integer PRIMARY KEY, deleted_at text)', at: ['deleted_at'], says: PURGE },
    // It has live rows alone, and serves no purge.
    { in: 'sql', code: 'CREATE TABLE orders (id int PRIMARY KEY, deleted_at timestamptz);\nCREATE INDEX live ON orders (deleted_at) WHERE deleted_at IS NULL;', at: ['deleted_at'], says: PURGE },
    { in: 'sql', code: 'CREATE INDEX a ON documents (title)', at: ['CREATE INDEX a ON documents (title)'], says: /WHERE deleted_at IS NULL AND archived_at IS NULL/ },
    { in: 'sql', code: 'CREATE INDEX a ON orders USING gin (tags)', at: ['CREATE INDEX a ON orders USING gin (tags)'], says: FULL },
    { in: 'sql', code: 'CREATE INDEX a ON orders (lower(status))', at: ['CREATE INDEX a ON orders (lower(status))'], says: FULL },
    { in: 'sql', code: 'CREATE INDEX a ON orders (created_at); DROP INDEX b;', at: ['CREATE INDEX a ON orders (created_at)'], says: FULL },
    { in: 'sql', code: 'CREATE INDEX a ON orders (customer_id)', at: ['CREATE INDEX a ON orders (customer_id)'], says: FULL, options: { foreignKeys: 'report' } },
    { in: 'sql', code: 'CREATE INDEX a ON billing.payments (status)', at: ['CREATE INDEX a ON billing.payments (status)'], says: /'billing.payments'/ },
    { in: 'ts', code: 'await sql`CREATE INDEX a ON orders (status)`;', at: ['CREATE INDEX a ON orders (status)'], says: FULL },
    { in: 'ts', code: drizzle("index('dead').on(table.deletedAt), index('a').on(table.status)"), at: ["index('a').on(table.status)"], says: FULL },
    { in: 'ts', code: drizzle("index('a').on(table.status).where(isNull(table.deletedAt))"), at: ['deletedAt'], says: PURGE },
    { in: 'prisma', code: prisma('  @@index([status])\n  @@index([deletedAt])'), at: ['@@index'], says: FULL },
    { in: 'prisma', code: prisma('  @@index([status, deletedAt])'), at: ['deletedAt'], says: PURGE },
    { in: 'ts', code: "import type { Knex } from 'knex';\nexport async function up(knex: Knex) { await knex.schema.alterTable('orders', (table) => { table.index(['status']); }); }", at: ["table.index(['status'])"], says: FULL },
    { in: 'ts', code: "import type { Knex } from 'knex';\nexport async function up(knex: Knex) { await knex.schema.alterTable('orders', (table) => { table.timestamp('deleted_at'); }); }", at: ["'deleted_at'"], says: PURGE },
    { in: 'ts', code: "import type { Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) { await db.schema.createIndex('a').on('orders').column('status').execute(); }", at: ["db.schema.createIndex('a').on('orders').column('status').execute()"], says: FULL },
    { in: 'ts', code: "module.exports = { up: async (queryInterface) => { await queryInterface.addIndex('orders', ['status']); } };", at: ["['status']"], says: FULL },
    { in: 'ts', code: "exports.up = (pgm) => { pgm.createIndex('orders', 'status'); };", at: ["'status'"], says: FULL },
    { in: 'ts', code: "import { Column, DeleteDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';\n@Entity('orders')\n@Index(['deletedAt'])\n@Index(['status'])\nexport class Order {\n  @PrimaryGeneratedColumn() id: number;\n  @Column() status: string;\n  @DeleteDateColumn({ name: 'deleted_at' }) deletedAt?: Date;\n}", at: ["Index(['status'])"], says: FULL },
  ],
  silent: [
    // Its indexes may be in migrations.
    { in: 'prisma', code: prisma('') },
    { in: 'ts', code: drizzle('') },
    { in: 'sql', code: 'CREATE INDEX a ON orders (status) WHERE deleted_at IS NULL' },
    { in: 'sql', code: "CREATE INDEX a ON orders (status) WHERE deleted_at IS NULL AND status = 'new'" },
    // A small index of its own.
    { in: 'sql', code: "CREATE INDEX a ON orders (created_at) WHERE status = 'pending'" },
    { in: 'sql', code: 'CREATE INDEX trash ON orders (customer) WHERE deleted_at IS NOT NULL' },
    // The tombstone is in it.
    { in: 'sql', code: 'CREATE INDEX a ON orders (status, deleted_at)' },
    { in: 'sql', code: 'CREATE INDEX a ON orders (deleted_at)' },
    // The purge of the other table looks for deleted rows as well.
    { in: 'sql', code: 'CREATE INDEX a ON orders (customer_id)' },
    { in: 'sql', code: 'ALTER TABLE orders ADD FOREIGN KEY (owner) REFERENCES users (id);\nCREATE INDEX a ON orders (owner);' },
    // Unique keys are the business of unique-live-only.
    { in: 'sql', code: 'CREATE UNIQUE INDEX a ON orders (name)' },
    { in: 'sql', code: 'CREATE TABLE orders (id int PRIMARY KEY, deleted_at timestamptz);\nCREATE INDEX dead ON orders (deleted_at) WHERE deleted_at IS NOT NULL;' },
    { in: 'mysql', code: 'CREATE TABLE orders (id int PRIMARY KEY, status int, deleted_at datetime, KEY a (status), KEY b (deleted_at))' },
    { in: 'mariadb', code: 'CREATE INDEX a ON orders (status)' },
    { in: 'bigquery', code: 'CREATE TABLE orders (id INT64, deleted_at TIMESTAMP)' },
    // Older than the tombstone.
    { in: 'sql', code: 'CREATE TABLE orders (id int PRIMARY KEY, status text);\nCREATE INDEX a ON orders (status);' },
    { in: 'sql', code: 'CREATE INDEX a ON sessions (status)' },
    { in: 'sql', code: 'CREATE INDEX a ON unknown_things (status)' },
    { in: 'sql', code: 'CREATE INDEX a ON orders (status);\nDROP INDEX a;' },
    // A flag tells no time to purge by.
    { in: 'sql', code: 'CREATE TABLE accounts (id int PRIMARY KEY, is_deleted boolean)' },
    { in: 'sql', code: 'CREATE TABLE orders (id int PRIMARY KEY, deleted_at timestamptz)', options: { purge: 'ignore' } },
    { in: 'sql', code: '-- includes-deleted: reports are over all rows\nCREATE INDEX a ON orders (status)' },
    { in: 'sql', code: 'CREATE TABLE orders (id int PRIMARY KEY, deleted_at timestamptz);\nDROP TABLE orders;' },
    { in: 'prisma', code: prisma('  @@index([status, deletedAt])\n  @@index([deletedAt])') },
    { in: 'prisma-mysql', code: prisma('  @@index([status])\n  @@index([deletedAt])') },
    { in: 'ts', code: drizzle("index('dead').on(table.deletedAt), index('a').on(table.status).where(isNull(table.deletedAt))") },
    { in: 'ts', code: "import type { Knex } from 'knex';\nexport async function up(knex: Knex) { await knex.schema.alterTable('orders', (table) => { table.index(['status'], 'a', { predicate: knex.whereNull('deleted_at') }); }); }" },
    { in: 'ts', code: "import type { Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) { await db.schema.createIndex('a').on('orders').column('status').where('deleted_at', 'is', null).execute(); }" },
    { in: 'ts', code: "exports.up = (pgm) => { pgm.createIndex('orders', 'status', { where: 'deleted_at IS NULL' }); };" },
  ],
});

import assert from 'node:assert/strict';
import type { Table } from '../../lib/manifest/types.js';
import { declarations, FLAG, reportsOf, testDeclarations, type Declaration } from './front-ends.js';
import { testRule, type Invalid, type Valid } from './tester.js';

const dual = (table: string, column: string, kept: string): string =>
  `'${column}' says of '${table}' what '${kept}' says, and whoever sets one and forgets the other makes a row that is half deleted. Drop '${column}'.`;
const archive = (table: string, column: string): string =>
  `The manifest counts rows of '${table}' with '${column}' as deleted, so the purge takes what people only put away. Leave '${column}' out of the tombstones, and filter on it where lists hide it.`;
const conflated = (table: string, column: string): string =>
  `'${column}' of '${table}' does not tell rows that are deleted from those that are archived, so a purge takes both. Declare a column for each.`;

const PREDICATE = "This condition takes rows of 'users' that are archived for deleted ones. Ask 'deleted_at' here, and 'archived_at' in a condition of its own.";
const PURGE = "This removes rows of 'users' that people only put away, together with those that are deleted. Purge by 'deleted_at' alone.";
/** A query of users whose condition takes archived rows for deleted ones. */
const asked = (at: string, code = `SELECT id FROM users WHERE ${at}`): Invalid => ({ code, at, message: PREDICATE });

const asksFlag = (table: string, column: string, other: string): string =>
  `This tells live rows of ${table} by '${column}' alone, and '${other}' says the same: where one was set and the other forgotten, rows that are deleted come back. Ask '${other}', and drop '${column}'.`;
const setsHalf = (table: string, column: string, other: string): string =>
  `This sets '${column}' of ${table} and leaves '${other}' as it is, so that the row is deleted for one half of the queries. Set both until one is dropped.`;
/** A manifest that has the flag alone for a tombstone, and the time among the columns. */
const NOTE: Table = { deletion: 'soft', tombstone: { column: 'is_deleted', live: false }, columns: { deletedAt: 'deleted_at', isDeleted: 'is_deleted' }, models: ['Note'] };
const NOTES = { notes: NOTE };
const asksNotes = (code: string, at: string, table = "'notes'"): Invalid => ({ code, at, tables: NOTES, message: asksFlag(table, 'is_deleted', 'deleted_at') });

/** A new table of which one column has to go. */
const created = (columns: string, at: string, kept: string, more: Partial<Valid> = {}): Invalid => ({
  code: `CREATE TABLE notes (id int, ${columns})`, at, message: dual('notes', at.replaceAll(/["`]/gu, ''), kept), ...more,
});

testRule('no-dual-tombstone', {
  sql: {
    valid: [
      // Each in a condition of its own.
      'SELECT id FROM users WHERE deleted_at IS NULL AND archived_at IS NULL',
      'SELECT id FROM users WHERE deleted_at IS NULL AND (archived_at IS NULL OR archived_at > now())',
      'SELECT id FROM users WHERE archived_at IS NOT NULL AND deleted_at IS NULL',
      "DELETE FROM users WHERE deleted_at < now() - interval '30 days'",
      'SELECT id, coalesce(deleted_at, archived_at) FROM users WHERE deleted_at IS NULL',
      "SELECT id FROM users WHERE (archived_at IS NOT NULL OR name = 'x') AND deleted_at IS NULL",
      "SELECT id FROM users WHERE deleted_at IS NOT NULL OR name = 'x'",
      // Of different tables, of none that is soft, of a screen that shows both.
      'SELECT u.id FROM users u JOIN accounts a ON a.id = u.account_id WHERE u.deleted_at IS NOT NULL OR a.archived_at IS NOT NULL',
      'SELECT id FROM sessions WHERE deleted_at IS NOT NULL OR archived_at IS NOT NULL',
      'SELECT id FROM users WHERE deleted_at IS NOT NULL OR archived_at IS NOT NULL /* includes-deleted: all that is put away */',
      // The flag and the time of one deletion: both are asked, or the time, or nothing is known of the other; deleted rows are wanted.
      ...[
        'SELECT id FROM notes WHERE NOT is_deleted AND deleted_at IS NULL', 'SELECT id FROM notes WHERE deleted_at IS NULL', 'SELECT id FROM notes WHERE is_deleted', "SELECT id FROM notes WHERE name = 'x'",
        'SELECT id, deleted_at FROM notes WHERE NOT is_deleted', 'SELECT id FROM notes WHERE NOT is_deleted /* includes-deleted: a report of the flag */',
        'UPDATE notes SET is_deleted = true, deleted_at = now() WHERE id = $1', 'UPDATE notes SET deleted_at = now() WHERE is_deleted AND deleted_at IS NULL', 'UPDATE notes SET is_deleted = true WHERE deleted_at IS NOT NULL',
        "UPDATE notes SET name = 'x' WHERE id = $1 AND NOT is_deleted AND deleted_at IS NULL",
      ].map((code) => ({ code, tables: NOTES })),
      { code: 'UPDATE notes SET is_deleted = true WHERE id = $1', filename: 'db/migrations/1.sql', tables: NOTES },
      'SELECT id FROM accounts WHERE NOT is_deleted', 'UPDATE accounts SET is_deleted = true WHERE id = $1',
      'UPDATE projects SET is_deleted = true, deleted_at = now() WHERE id = $1 AND deleted_at IS NULL', 'UPDATE projects SET deleted_at = now() WHERE is_deleted AND deleted_at IS NULL', 'UPDATE projects SET deleted_at = NULL WHERE NOT is_deleted',
      { code: 'SELECT id FROM notes WHERE NOT is_deleted', tables: { notes: { ...NOTE, columns: { archivedAt: 'archived_at' } } } },
      { code: 'SELECT id FROM notes WHERE NOT disabled', tables: { notes: { ...NOTE, tombstone: { column: 'disabled', live: false } } } },
      'CREATE TABLE notes (id int, deleted_at timestamptz)',
      'CREATE TABLE notes (id int, is_deleted boolean)',
      // Two facts.
      'CREATE TABLE notes (id int, deleted_at timestamptz, archived_at timestamptz)',
      'CREATE TABLE notes (id int, deleted_at timestamptz, is_archived boolean)',
      'CREATE TABLE users (id int, deleted_at timestamptz, archived_at timestamptz)',
      'CREATE TABLE notes (id int, deleted_at timestamptz, deleted_by int, deletion_reason text)',
      'CREATE TABLE notes (id int, deleted_at timestamptz, document_deleted_at timestamptz)',
      'CREATE TABLE notes (id int, deleted_at timestamptz, is_deletable boolean, can_be_deleted boolean)',
      'CREATE TABLE notes (id int, deleted_at timestamptz, status text)',
      'CREATE TABLE notes (id int, deleted_at timestamptz, delete_after timestamptz, revoked_at timestamptz)',
      'CREATE TABLE notes (id int, deleted_at timestamptz, disabled boolean, hidden boolean)',
      // Computed of the other.
      'CREATE TABLE notes (id int, deleted_at timestamptz, is_deleted boolean GENERATED ALWAYS AS (deleted_at IS NOT NULL) STORED)',
      // On the way from a flag to a time.
      'ALTER TABLE notes ADD deleted_at timestamptz',
      'ALTER TABLE notes ADD deleted_at timestamptz, DROP is_deleted',
      'ALTER TABLE projects ADD deleted_at timestamptz',
      // Tombstones by status, and hard-deleted tables.
      'CREATE TABLE tickets (id int, status text, deleted_at timestamptz)',
      'CREATE TABLE sessions (id int, is_deleted boolean, deleted_at timestamptz)',
      'CREATE TABLE notes (id int, deleted int NOT NULL, removed int NOT NULL)',
      'CREATE TEMPORARY TABLE notes (id int, is_deleted boolean, deleted_at timestamptz)',
      'CREATE TABLE notes (id int, archived_at timestamptz, is_archived boolean)',
    ],
    invalid: [
      asked('deleted_at IS NOT NULL OR archived_at IS NOT NULL'),
      asked('coalesce(deleted_at, archived_at)', 'SELECT id FROM users WHERE coalesce(deleted_at, archived_at) IS NULL'),
      { ...asked('coalesce(u.archived_at, u.deleted_at)'), message: PREDICATE.replace("'users'", "'users' (u)"), code: "SELECT id FROM users u WHERE u.name = 'x' AND coalesce(u.archived_at, u.deleted_at) IS NOT NULL" },
      asked('NOT (deleted_at IS NULL AND archived_at IS NULL)'),
      asked('greatest(deleted_at, archived_at)', 'SELECT id FROM users WHERE greatest(deleted_at, archived_at) < now()'),
      asked('archived_at < now() OR deleted_at < now()', 'UPDATE users SET name = NULL WHERE archived_at < now() OR deleted_at < now()'),
      { ...asked('deleted_at IS NOT NULL OR is_archived'), message: PREDICATE.replace("'archived_at'", "'is_archived'") },
      { ...asked('deleted_at IS NOT NULL OR is_archived = true'), message: PREDICATE.replace("'archived_at'", "'is_archived'") },
      { code: "DELETE FROM users WHERE deleted_at < now() - interval '30 days' OR archived_at < now() - interval '30 days'", at: "deleted_at < now() - interval '30 days' OR archived_at < now() - interval '30 days'", message: PURGE },
      { code: "DELETE FROM users WHERE coalesce(deleted_at, archived_at) < now() - interval '30 days'", at: 'coalesce(deleted_at, archived_at)', message: PURGE },
      asksNotes('SELECT id FROM notes WHERE NOT is_deleted', 'NOT is_deleted'),
      asksNotes('SELECT count(*) FROM notes WHERE is_deleted = false', 'is_deleted = false'),
      asksNotes('SELECT id FROM notes WHERE is_deleted IS NOT TRUE', 'is_deleted IS NOT TRUE'),
      asksNotes('SELECT o.id FROM orders o JOIN notes n ON n.order_id = o.id AND NOT n.is_deleted WHERE o.deleted_at IS NULL', 'NOT n.is_deleted', "'notes' (n)"),
      asksNotes("UPDATE notes SET name = 'x' WHERE NOT is_deleted", 'NOT is_deleted'),
      { code: 'UPDATE notes SET is_deleted = true WHERE id = $1', at: 'is_deleted = true', tables: NOTES, message: setsHalf("'notes'", 'is_deleted', 'deleted_at') },
      { code: 'UPDATE projects SET is_deleted = true WHERE id = $1', at: 'is_deleted = true', message: setsHalf("'projects'", 'is_deleted', 'deleted_at') },
      { code: 'UPDATE projects SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL', at: 'deleted_at = now()', message: setsHalf("'projects'", 'deleted_at', 'is_deleted') },
      { code: 'UPDATE projects SET is_deleted = false WHERE id = $1', at: 'is_deleted = false', message: setsHalf("'projects'", 'is_deleted', 'deleted_at') },
      created('is_deleted boolean, deleted_at timestamptz', 'is_deleted', 'deleted_at'),
      created('deleted_at timestamptz, is_deleted boolean', 'is_deleted', 'deleted_at'),
      created('deleted boolean NOT NULL DEFAULT false, deleted_at timestamptz', 'deleted', 'deleted_at'),
      created('"isDeleted" boolean, "deletedAt" timestamptz', '"isDeleted"', 'deletedAt'),
      created('removed boolean, removed_at timestamp', 'removed', 'removed_at'),
      created('soft_deleted boolean, deleted_at timestamptz', 'soft_deleted', 'deleted_at'),
      created('deleted_at timestamptz, removed_at timestamptz', 'removed_at', 'deleted_at'),
      created('deleted_at timestamptz, deleted_on date', 'deleted_on', 'deleted_at'),
      created('is_deleted boolean, is_removed boolean', 'is_removed', 'is_deleted'),
      created('is_deleted boolean, deleted_at bigint', 'is_deleted', 'deleted_at'),
      created('is_deleted boolean, deleted_at timestamptz, archived_at timestamptz', 'is_deleted', 'deleted_at'),
      created('deleted_flag boolean, deletion_date timestamp', 'deleted_flag', 'deletion_date'),
      { code: 'CREATE TABLE `notes` (`is_deleted` tinyint(1) NOT NULL DEFAULT 0, `deleted_at` datetime)', dialect: 'mysql', at: '`is_deleted`', message: dual('notes', 'is_deleted', 'deleted_at') },
      { code: 'CREATE TABLE notes (is_deleted INTEGER NOT NULL DEFAULT 0, deleted_at TEXT)', dialect: 'sqlite', at: 'is_deleted', message: dual('notes', 'is_deleted', 'deleted_at') },
      { code: 'ALTER TABLE notes ADD is_deleted boolean NOT NULL DEFAULT false, ADD deleted_at timestamptz', at: 'is_deleted', message: dual('notes', 'is_deleted', 'deleted_at') },
      // Both in the manifest: queries can live with it, writes cannot.
      { code: 'CREATE TABLE projects (id int, is_deleted boolean, deleted_at timestamptz)', at: 'is_deleted', message: dual('projects', 'is_deleted', 'deleted_at') },
      { code: 'CREATE TABLE accounts (id int, is_deleted boolean, deleted_at timestamptz)', at: 'is_deleted', message: dual('accounts', 'is_deleted', 'deleted_at') },
      { code: 'CREATE TABLE users (id int, removed_at timestamptz, deleted_at timestamptz)', at: 'removed_at', message: dual('users', 'removed_at', 'deleted_at') },
      { code: 'CREATE TABLE documents (id int, deleted_at timestamptz, archived_at timestamptz)', at: 'archived_at', message: archive('documents', 'archived_at') },
      { code: 'CREATE TABLE notes (id int, archived_or_deleted_at timestamptz)', at: 'archived_or_deleted_at', message: conflated('notes', 'archived_or_deleted_at') },
      { code: 'CREATE TABLE notes (id int, "deletedOrArchivedAt" timestamptz)', at: '"deletedOrArchivedAt"', message: conflated('notes', 'deletedOrArchivedAt') },
      { code: 'ALTER TABLE users ADD is_archived_or_deleted boolean', at: 'is_archived_or_deleted', message: conflated('users', 'is_archived_or_deleted') },
    ],
  },
});

/** Two columns at once, where a front end declares several. */
const BOTH: readonly Declaration[] = [
  { how: 'a tag', language: 'ts', code: "import postgres from 'postgres';\nconst sql = postgres();\nawait sql`CREATE TABLE notes (is_deleted boolean, deleted_at timestamptz)`;", at: 'is_deleted' },
  { how: 'Prisma', language: 'prisma', code: 'model Note {\n  id Int @id\n  is_deleted Boolean @default(false)\n  deleted_at DateTime?\n\n  @@map("notes")\n}', at: 'is_deleted' },
  { how: 'Drizzle', language: 'ts', code: "import { boolean, pgTable, serial, timestamp } from 'drizzle-orm/pg-core';\nexport const notes = pgTable('notes', { id: serial().primaryKey(), is_deleted: boolean().default(false), deleted_at: timestamp() });", at: 'is_deleted' },
  { how: 'Knex', language: 'ts', code: "import type { Knex } from 'knex';\nexport async function up(knex: Knex) {\n  await knex.schema.createTable('notes', (t) => { t.increments(); t.boolean('is_deleted'); t.timestamp('deleted_at'); });\n}", at: "'is_deleted'" },
  { how: 'Kysely', language: 'ts', code: "import type { Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) {\n  await db.schema.createTable('notes').addColumn('is_deleted', 'boolean').addColumn('deleted_at', 'timestamptz').execute();\n}", at: "'is_deleted'" },
  { how: 'TypeORM', language: 'ts', code: "import { Column, DeleteDateColumn, Entity } from 'typeorm';\n@Entity('notes')\nexport class Note {\n  @Column({ name: 'is_deleted', type: 'boolean' }) gone: boolean;\n  @DeleteDateColumn({ name: 'deleted_at' }) deletedAt: Date | null;\n}", at: 'gone' },
  { how: 'Sequelize', language: 'ts', code: "import { DataTypes } from 'sequelize';\nexport const Note = sequelize.define('Note', { is_deleted: DataTypes.BOOLEAN, deleted_at: DataTypes.DATE }, { tableName: 'notes' });", at: 'is_deleted' },
  { how: 'MikroORM', language: 'ts', code: "import { Entity, PrimaryKey, Property } from '@mikro-orm/core';\n@Entity({ tableName: 'notes' })\nexport class Note {\n  @PrimaryKey() id!: number;\n  @Property({ fieldName: 'is_deleted', type: 'boolean' }) gone = false;\n  @Property({ fieldName: 'deleted_at', type: 'timestamptz', nullable: true }) deletedAt?: Date;\n}", at: 'gone' },
];
testDeclarations('no-dual-tombstone', BOTH, dual('notes', 'is_deleted', 'deleted_at'));
testDeclarations('no-dual-tombstone', BOTH.map((one) => ({ ...one, code: one.code.replace('is_deleted', 'is_public') })), null);
testDeclarations('no-dual-tombstone', declarations('notes', 'is_deleted', FLAG), null);

const IN_CALLS: readonly Declaration[] = [
  ['Prisma', "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nawait prisma.user.findMany({ where: { OR: [{ deletedAt: { not: null } }, { archivedAt: { not: null } }] } });"],
  ['Kysely', "import { Kysely } from 'kysely';\nconst db = new Kysely<any>({} as any);\nawait db.selectFrom('users').selectAll().where((eb) => eb.or([eb('deleted_at', 'is not', null), eb('archived_at', 'is not', null)])).execute();"],
  ['Knex', "import knex from 'knex';\nconst db = knex({});\nawait db('users').where((builder) => builder.whereNotNull('deleted_at').orWhereNotNull('archived_at'));"],
  ['Sequelize', "import { Op } from 'sequelize';\nimport { User } from './models';\nawait User.findAll({ paranoid: false, where: { [Op.or]: [{ deletedAt: { [Op.ne]: null } }, { archivedAt: { [Op.ne]: null } }] } });"],
  ['a driver', "import { Pool } from 'pg';\nconst pool = new Pool();\nawait pool.query('SELECT id FROM users WHERE deleted_at IS NOT NULL OR archived_at IS NOT NULL');"],
].map(([how, code]) => ({ how: how!, code: code!, at: '', language: 'ts' as const }));

describe('no-dual-tombstone reports conditions of calls', () => {
  for (const call of IN_CALLS) it(call.how, () => assert.match(reportsOf('no-dual-tombstone', call, { tables: { users: { deletion: 'soft', models: ['User'] } } }).map(({ message }) => message).join('\n'), /^This condition takes rows of 'users' that are archived for deleted ones\. Ask 'deleted_?[aA]t' here, and 'archived_?[aA]t' in a condition of its own\.$/u));
});

/** The flag alone, asked and set by calls. */
const HALF_CALLS: readonly Declaration[] = [
  ['Prisma', "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nawait prisma.note.findMany({ where: { isDeleted: false } });\nawait prisma.note.update({ where: { id }, data: { isDeleted: true } });"],
  ['Kysely', "import { Kysely } from 'kysely';\nconst db = new Kysely<any>({} as any);\nawait db.selectFrom('notes').selectAll().where('is_deleted', '=', false).execute();\nawait db.updateTable('notes').set({ is_deleted: true }).where('id', '=', id).execute();"],
  ['Knex', "import knex from 'knex';\nconst db = knex({});\nawait db('notes').where({ is_deleted: false });\nawait db('notes').where({ id }).update({ is_deleted: true });"],
  ['TypeORM', "import { Repository } from 'typeorm';\nclass Notes { constructor(private notes: Repository<Note>) {}\n  list() { return this.notes.find({ where: { isDeleted: false } }); }\n  drop(id: string) { return this.notes.update({ id }, { isDeleted: true }); }\n}"],
  ['Sequelize', "import { Note } from './models';\nawait Note.findAll({ where: { isDeleted: false } });\nawait Note.update({ isDeleted: true }, { where: { id } });"],
  ['a driver', "import { Pool } from 'pg';\nconst pool = new Pool();\nawait pool.query('SELECT id FROM notes WHERE is_deleted = false');\nawait pool.query('UPDATE notes SET is_deleted = true WHERE id = $1', [id]);"],
].map(([how, code]) => ({ how: how!, code: code!, at: '', language: 'ts' as const }));

describe('no-dual-tombstone reports calls that ask or set the flag alone', () => {
  for (const call of HALF_CALLS) {
    it(call.how, () => { assert.deepEqual(reportsOf('no-dual-tombstone', call, { tables: NOTES }).map(({ message }) => message.split(' of ')[0]!.split(' rows')[0]!.replace('isDeleted', 'is_deleted')), ['This tells live', "This sets 'is_deleted'"]); });
    it(`${call.how}: silent with both`, () => {
      const both = call.code.replace(/isDeleted: false/u, 'isDeleted: false, deletedAt: null').replace(/(is_?[dD]eleted): true/u, '$1: true, deleted_at: new Date(), deletedAt: new Date()').replace("('is_deleted', '=', false)", "('is_deleted', '=', false).where('deleted_at', 'is', null)")
        .replace('{ is_deleted: false }', '{ is_deleted: false, deleted_at: null }').replace('is_deleted = false', 'is_deleted = false AND deleted_at IS NULL').replace('is_deleted = true', 'is_deleted = true, deleted_at = now()');
      // TypeORM leaves a condition that is null out.
      assert.deepEqual(reportsOf('no-dual-tombstone', { ...call, code: call.how === 'TypeORM' ? `import { IsNull } from 'typeorm';\n${both.replace('deletedAt: null', 'deletedAt: IsNull()')}` : both }, { tables: NOTES }), []);
    });
  }
});

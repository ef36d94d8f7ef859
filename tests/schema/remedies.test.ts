/** Edits of declarations, each read again: the declaration has become what was asked for, and everything else has stayed. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../lib/manifest/types.js';
import type { Remedy } from '../../lib/model/query.js';
import type { TableDeclaration } from '../../lib/model/schema.js';
import { columnNamed, foreignKeyOf, keyOf, lintedDeclarations, mendedText } from './linted.js';

interface Case {
  readonly what: string;
  readonly path?: string;
  readonly dialect?: Dialect;
  readonly code: string;
  readonly remedy: (declarations: readonly TableDeclaration[]) => Remedy | null | undefined;
  /** The text afterwards; null where no edit is safe. */
  readonly output: string | null;
  /** What is asked of the declarations afterwards. */
  readonly check?: (declarations: readonly TableDeclaration[]) => unknown;
}

const LIVE = 'deleted_at IS NULL';
const moment = (name: string) => (declarations: readonly TableDeclaration[]): void => {
  const { type, nullable, hasDefault } = columnNamed(declarations, name);
  assert.match(type, /^(?:timestamp|timestamptz|text)$/);
  assert.deepEqual([nullable, hasDefault], [true, false]);
};
const free = (name: string) => (declarations: readonly TableDeclaration[]): void => {
  const { nullable, hasDefault } = columnNamed(declarations, name);
  assert.deepEqual([nullable, hasDefault], [true, false]);
};
const partial = (...columns: string[]) => (declarations: readonly TableDeclaration[]): void => {
  const { predicate } = keyOf(declarations, ...columns);
  assert.deepEqual([predicate?.expr?.type, predicate?.expr?.type === 'is' && predicate.expr.operand.type === 'column' && predicate.expr.operand.name], ['is', 'deleted_at']);
};
const cascades = (...columns: string[]) => (declarations: readonly TableDeclaration[]): void => assert.equal(foreignKeyOf(declarations, ...columns).onDelete, 'cascade');

const PRISMA = (body: string, preview = true): string => `generator client {\n  provider = "prisma-client"\n${preview ? '  previewFeatures = ["partialIndexes"]\n' : ''}}\n\nmodel Post {\n${body}\n}\n`;

const PRISMA_CASES: readonly Case[] = [
  { what: 'a flag becomes a moment', code: PRISMA('  id Int @id\n  isDeleted Boolean @default(false) // gone'), remedy: (all) => columnNamed(all, 'isDeleted').asTimestamp!('deleted_at'), output: PRISMA('  id Int @id\n  deletedAt DateTime? @map("deleted_at") // gone'), check: moment('deleted_at') },
  { what: 'a column takes NULL', code: PRISMA('  id Int @id\n  deletedAt DateTime @default(now()) @map("deleted_at")'), remedy: (all) => columnNamed(all, 'deleted_at').asNullable!(), output: PRISMA('  id Int @id\n  deletedAt DateTime? @map("deleted_at")'), check: free('deleted_at') },
  { what: 'a column gets a name', code: PRISMA('  id Int @id\n  removedAt DateTime? @map("removed") @db.Timestamptz // x'), remedy: (all) => columnNamed(all, 'removed').asNamed!('deleted_at'), output: PRISMA('  id Int @id\n  removedAt DateTime? @map("deleted_at") @db.Timestamptz // x'), check: moment('deleted_at') },
  { what: 'a column gets its first name', code: PRISMA('  id Int @id\n  removedAt DateTime? // x'), remedy: (all) => columnNamed(all, 'removedAt').asNamed!('deleted_at'), output: PRISMA('  id Int @id\n  removedAt DateTime? @map("deleted_at") // x'), check: moment('deleted_at') },
  { what: 'a key becomes partial', code: PRISMA('  id Int @id\n  email String\n  deletedAt DateTime? @map("deleted_at")\n  @@unique([email])'), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: PRISMA('  id Int @id\n  email String\n  deletedAt DateTime? @map("deleted_at")\n  @@unique([email], where: { deletedAt: null })'), check: partial('email') },
  { what: 'a key loses the tombstone', code: PRISMA('  email String\n  deletedAt DateTime? @map("deleted_at")\n  @@unique([email, deletedAt], map: "u")'), remedy: (all) => keyOf(all, 'email', 'deleted_at').asPartial!(LIVE, ['deleted_at']), output: PRISMA('  email String\n  deletedAt DateTime? @map("deleted_at")\n  @@unique([email], map: "u", where: { deletedAt: null })'), check: partial('email') },
  { what: 'a key of a schema without partial indexes', code: PRISMA('  email String\n  @@unique([email])', false), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: null },
  { what: 'a key on MySQL', dialect: 'mysql', code: PRISMA('  email String\n  @@unique([email])'), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: null },
  { what: 'a foreign key cascades', code: PRISMA('  authorId Int\n  author User @relation(fields: [authorId], references: [id])'), remedy: (all) => foreignKeyOf(all, 'authorId').withAction!('cascade'), output: PRISMA('  authorId Int\n  author User @relation(fields: [authorId], references: [id], onDelete: Cascade)'), check: cascades('authorId') },
  { what: 'a foreign key does something else', code: PRISMA('  authorId Int\n  author User @relation(fields: [authorId], onDelete: SetNull, references: [id])'), remedy: (all) => foreignKeyOf(all, 'authorId').withAction!('cascade'), output: PRISMA('  authorId Int\n  author User @relation(fields: [authorId], onDelete: Cascade, references: [id])'), check: cascades('authorId') },
];

function testCases(library: string, cases: readonly Case[], path: string): void {
  describe(`edits of ${library}`, () => {
    for (const { what, code, remedy, output, check, dialect } of cases) {
      it(what, () => {
        const made = remedy(lintedDeclarations(code, path, dialect)) ?? null;
        assert.equal(made && mendedText(code, made), output);
        if (output !== null) check?.(lintedDeclarations(output, path, dialect));
      });
    }
  });
}

testCases('Prisma schemas', PRISMA_CASES, 'schema.prisma');

const KNEX = (body: string): string => `export const up = (knex) => knex.schema.createTable('posts', (t) => {\n  ${body}\n});\n`;

testCases('Knex', [
  { what: 'a flag becomes a moment', code: KNEX("t.boolean('is_deleted').notNullable().defaultTo(false);"), remedy: (all) => columnNamed(all, 'is_deleted').asTimestamp!('deleted_at'), output: KNEX("t.timestamp('deleted_at').nullable();"), check: moment('deleted_at') },
  { what: 'a column takes NULL', code: KNEX("t.timestamp('deleted_at').notNullable().defaultTo(knex.fn.now());"), remedy: (all) => columnNamed(all, 'deleted_at').asNullable!(), output: KNEX("t.timestamp('deleted_at');"), check: free('deleted_at') },
  { what: 'a column gets a name', code: KNEX("t.timestamp('removed_at');"), remedy: (all) => columnNamed(all, 'removed_at').asNamed!('deleted_at'), output: KNEX("t.timestamp('deleted_at');"), check: moment('deleted_at') },
  { what: 'a key becomes partial', code: KNEX("t.unique(['email']);"), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: KNEX("t.unique(['email'], { predicate: knex.whereNull('deleted_at') });"), check: partial('email') },
  { what: 'a named key becomes partial, without the tombstone', code: KNEX("t.unique(['email', 'deleted_at'], 'u');"), remedy: (all) => keyOf(all, 'email', 'deleted_at').asPartial!(LIVE, ['deleted_at']), output: KNEX("t.unique(['email'], { indexName: 'u', predicate: knex.whereNull('deleted_at') });"), check: partial('email') },
  { what: 'an index becomes partial', code: KNEX("t.index(['email'], 'i');"), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: KNEX("t.index(['email'], 'i', { predicate: knex.whereNull('deleted_at') });"), check: partial('email') },
  { what: 'a key on MySQL', dialect: 'mysql', code: KNEX("t.unique(['email']);"), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: null },
  { what: 'a foreign key cascades', code: KNEX("t.integer('author_id').references('id').inTable('users').index();"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: KNEX("t.integer('author_id').references('id').inTable('users').onDelete('CASCADE').index();"), check: cascades('author_id') },
  { what: 'a foreign key does something else', code: KNEX("t.foreign('author_id').references('users.id').onDelete('SET NULL');"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: KNEX("t.foreign('author_id').references('users.id').onDelete('CASCADE');"), check: cascades('author_id') },
], 'file.ts');

const KYSELY = (body: string): string => `export async function up(db) {\n  await db.schema.${body}.execute();\n}\n`;

testCases('Kysely', [
  { what: 'a flag becomes a moment', code: KYSELY("createTable('posts').addColumn('is_deleted', 'boolean', (c) => c.notNull().defaultTo(false))"), remedy: (all) => columnNamed(all, 'is_deleted').asTimestamp!('deleted_at'), output: KYSELY("createTable('posts').addColumn('deleted_at', 'timestamptz')"), check: moment('deleted_at') },
  { what: 'a column takes NULL', code: KYSELY("createTable('posts').addColumn('deleted_at', 'timestamptz', (c) => c.notNull().defaultTo('now()'))"), remedy: (all) => columnNamed(all, 'deleted_at').asNullable!(), output: KYSELY("createTable('posts').addColumn('deleted_at', 'timestamptz', (c) => c)"), check: free('deleted_at') },
  { what: 'a key becomes partial', code: KYSELY("createIndex('u').unique().on('users').columns(['email', 'deleted_at'])"), remedy: (all) => keyOf(all, 'email', 'deleted_at').asPartial!(LIVE, ['deleted_at']), output: KYSELY("createIndex('u').unique().on('users').columns(['email']).where('deleted_at', 'is', null)"), check: partial('email') },
  { what: 'a key by one column', code: KYSELY("createIndex('u').on('users').column('email').unique()"), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: KYSELY("createIndex('u').on('users').column('email').where('deleted_at', 'is', null).unique()"), check: partial('email') },
  { what: 'a foreign key cascades', code: KYSELY("createTable('posts').addColumn('author_id', 'integer', (c) => c.references('users.id').notNull())"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: KYSELY("createTable('posts').addColumn('author_id', 'integer', (c) => c.references('users.id').onDelete('cascade').notNull())"), check: cascades('author_id') },
  { what: 'a constraint of a new table cascades', code: KYSELY("createTable('posts').addForeignKeyConstraint('fk', ['author_id'], 'users', ['id'])"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: KYSELY("createTable('posts').addForeignKeyConstraint('fk', ['author_id'], 'users', ['id'], (cb) => cb.onDelete('cascade'))"), check: cascades('author_id') },
  { what: 'a constraint of an old table cascades', code: KYSELY("alterTable('posts').addForeignKeyConstraint('fk', ['author_id'], 'users', ['id'])"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: KYSELY("alterTable('posts').addForeignKeyConstraint('fk', ['author_id'], 'users', ['id']).onDelete('cascade')"), check: cascades('author_id') },
], 'file.ts');

const DRIZZLE = (columns: string, extras = '', imports = 'boolean, integer, pgTable, unique, uniqueIndex', orm = "import { relations } from 'drizzle-orm';\n"): string =>
  `${orm}import { ${imports} } from 'drizzle-orm/pg-core';\nexport const posts = pgTable('posts', { ${columns} }${extras === '' ? '' : `, (t) => [${extras}]`});\n`;
const EMAIL = "id: integer('id'), email: integer('email'), deletedAt: integer('deleted_at')";

testCases('Drizzle', [
  { what: 'a flag becomes a moment', code: DRIZZLE("isDeleted: boolean('is_deleted').notNull().default(false)"), remedy: (all) => columnNamed(all, 'is_deleted').asTimestamp!('deleted_at'), output: DRIZZLE("deletedAt: timestamp('deleted_at', { withTimezone: true })", '', 'boolean, integer, pgTable, unique, uniqueIndex, timestamp'), check: moment('deleted_at') },
  { what: 'a flag of a callback becomes a moment', code: "import { pgTable } from 'drizzle-orm/pg-core';\nexport const posts = pgTable('posts', (t) => ({ isDeleted: t.boolean('is_deleted') }));\n", remedy: (all) => columnNamed(all, 'is_deleted').asTimestamp!('deleted_at'), output: "import { pgTable } from 'drizzle-orm/pg-core';\nexport const posts = pgTable('posts', (t) => ({ deletedAt: t.timestamp('deleted_at', { withTimezone: true }) }));\n", check: moment('deleted_at') },
  { what: 'a column takes NULL', code: DRIZZLE("deletedAt: timestamp('deleted_at').notNull().defaultNow()", '', 'pgTable, timestamp'), remedy: (all) => columnNamed(all, 'deleted_at').asNullable!(), output: DRIZZLE("deletedAt: timestamp('deleted_at')", '', 'pgTable, timestamp'), check: free('deleted_at') },
  { what: 'a column gets a name', code: DRIZZLE("removedAt: timestamp('removed_at')", '', 'pgTable, timestamp'), remedy: (all) => columnNamed(all, 'removed_at').asNamed!('deleted_at'), output: DRIZZLE("removedAt: timestamp('deleted_at')", '', 'pgTable, timestamp'), check: moment('deleted_at') },
  { what: 'a unique index becomes partial', code: DRIZZLE(EMAIL, "uniqueIndex('u').on(t.email)"), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: DRIZZLE(EMAIL, "uniqueIndex('u').on(t.email).where(sql`deleted_at IS NULL`)", undefined, "import { relations, sql } from 'drizzle-orm';\n"), check: partial('email') },
  { what: 'a unique constraint becomes a partial index', code: DRIZZLE(EMAIL, 'unique().on(t.email)'), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: DRIZZLE(EMAIL, 'uniqueIndex().on(t.email).where(sql`deleted_at IS NULL`)', undefined, "import { relations, sql } from 'drizzle-orm';\n"), check: partial('email') },
  { what: 'a unique index in a file without sql', code: DRIZZLE(EMAIL, "uniqueIndex('u').on(t.email)", undefined, ''), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: null },
  { what: 'a reference cascades', code: DRIZZLE("authorId: integer('author_id').references(() => users.id)"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: DRIZZLE("authorId: integer('author_id').references(() => users.id, { onDelete: 'cascade' })"), check: cascades('author_id') },
  { what: 'a reference does something else', code: DRIZZLE("authorId: integer('author_id').references(() => users.id, { onUpdate: 'cascade', onDelete: 'set null' })"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: DRIZZLE("authorId: integer('author_id').references(() => users.id, { onUpdate: 'cascade', onDelete: 'cascade' })"), check: cascades('author_id') },
], 'file.ts');

const QUERY_RUNNER = (body: string): string => `import { Table, TableColumn } from 'typeorm';\nexport class M { async up(queryRunner) { await queryRunner.${body}; } }`;
const QUERY_INTERFACE = (body: string): string => `module.exports = { up: (queryInterface, Sequelize) => queryInterface.${body} };`;
const PGM = (body: string): string => `exports.up = (pgm) => { pgm.${body}; };`;

testCases('migrations that describe tables as objects', [
  { what: 'TypeORM: a flag becomes a moment', code: QUERY_RUNNER("addColumn('posts', new TableColumn({ name: 'is_deleted', type: 'boolean', default: false }))"), remedy: (all) => columnNamed(all, 'is_deleted').asTimestamp!('deleted_at'), output: QUERY_RUNNER("addColumn('posts', new TableColumn({ name: 'deleted_at', type: 'timestamptz', isNullable: true }))"), check: moment('deleted_at') },
  { what: 'TypeORM: a column takes NULL', code: QUERY_RUNNER("addColumn('posts', new TableColumn({ name: 'deleted_at', default: 'now()', type: 'timestamptz' }))"), remedy: (all) => columnNamed(all, 'deleted_at').asNullable!(), output: QUERY_RUNNER("addColumn('posts', new TableColumn({ name: 'deleted_at', type: 'timestamptz', isNullable: true }))"), check: free('deleted_at') },
  { what: 'TypeORM: an index becomes partial', code: QUERY_RUNNER("createIndex('users', new TableIndex({ columnNames: ['email'], isUnique: true }))"), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: QUERY_RUNNER("createIndex('users', new TableIndex({ columnNames: ['email'], isUnique: true, where: 'deleted_at IS NULL' }))"), check: partial('email') },
  { what: 'TypeORM: a foreign key cascades', code: QUERY_RUNNER("createForeignKey('posts', new TableForeignKey({ columnNames: ['author_id'], referencedTableName: 'users', referencedColumnNames: ['id'] }))"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: QUERY_RUNNER("createForeignKey('posts', new TableForeignKey({ columnNames: ['author_id'], referencedTableName: 'users', referencedColumnNames: ['id'], onDelete: 'CASCADE' }))"), check: cascades('author_id') },
  { what: 'Sequelize: a flag becomes a moment', code: QUERY_INTERFACE("createTable('posts', { is_deleted: { type: Sequelize.BOOLEAN, defaultValue: false } })"), remedy: (all) => columnNamed(all, 'is_deleted').asTimestamp!('deleted_at'), output: QUERY_INTERFACE("createTable('posts', { deleted_at: { type: Sequelize.DATE, allowNull: true } })"), check: moment('deleted_at') },
  { what: 'Sequelize: a flag by its type alone becomes a moment', code: QUERY_INTERFACE("addColumn('posts', 'is_deleted', Sequelize.BOOLEAN)"), remedy: (all) => columnNamed(all, 'is_deleted').asTimestamp!('deleted_at'), output: QUERY_INTERFACE("addColumn('posts', 'deleted_at', { type: Sequelize.DATE, allowNull: true })"), check: moment('deleted_at') },
  { what: 'Sequelize: an index becomes partial', code: QUERY_INTERFACE("addIndex('users', ['email'], { unique: true })"), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: QUERY_INTERFACE("addIndex('users', ['email'], { unique: true, where: { deleted_at: null } })"), check: partial('email') },
  { what: 'Sequelize: a foreign key cascades', code: QUERY_INTERFACE("addColumn('posts', 'author_id', { type: Sequelize.INTEGER, references: { model: 'users', key: 'id' } })"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: QUERY_INTERFACE("addColumn('posts', 'author_id', { type: Sequelize.INTEGER, references: { model: 'users', key: 'id' }, onDelete: 'CASCADE' })"), check: cascades('author_id') },
  { what: 'node-pg-migrate: a flag becomes a moment', code: PGM("addColumns('posts', { is_deleted: { type: 'boolean', notNull: true } })"), remedy: (all) => columnNamed(all, 'is_deleted').asTimestamp!('deleted_at'), output: PGM("addColumns('posts', { deleted_at: { type: 'timestamptz' } })"), check: moment('deleted_at') },
  { what: 'node-pg-migrate: a column takes NULL', code: PGM("addColumns('posts', { deleted_at: { type: 'timestamptz', notNull: true, default: 'now()' } })"), remedy: (all) => columnNamed(all, 'deleted_at').asNullable!(), output: PGM("addColumns('posts', { deleted_at: { type: 'timestamptz' } })"), check: free('deleted_at') },
  { what: 'node-pg-migrate: an index becomes partial', code: PGM("createIndex('users', ['email', 'deleted_at'], { unique: true })"), remedy: (all) => keyOf(all, 'email', 'deleted_at').asPartial!(LIVE, ['deleted_at']), output: PGM("createIndex('users', ['email'], { unique: true, where: 'deleted_at IS NULL' })"), check: partial('email') },
], 'file.ts');

const TYPEORM = (member: string, head = ''): string => `import { Column, Entity, Index, ManyToOne } from 'typeorm';\nimport { User } from './user';\n@Entity('posts')\n${head}export class Post {\n  @PrimaryGeneratedColumn() id: number;\n  @Column() email: string;\n  ${member}\n}\n`;

testCases('TypeORM entities', [
  { what: 'a flag becomes a moment', code: TYPEORM('@Column({ default: false }) isDeleted: boolean;'), remedy: (all) => columnNamed(all, 'isDeleted').asTimestamp!('deletedAt'), output: TYPEORM("@Column({ type: 'timestamptz', nullable: true }) deletedAt: Date | null;"), check: moment('deletedAt') },
  { what: 'a flag with a value becomes a moment of another name', code: TYPEORM("@Column('boolean')\n  isDeleted = false;"), remedy: (all) => columnNamed(all, 'isDeleted').asTimestamp!('deleted_at'), output: TYPEORM("@Column({ name: 'deleted_at', type: 'timestamptz', nullable: true })\n  deletedAt: Date | null;"), check: moment('deleted_at') },
  { what: 'a column takes NULL', code: TYPEORM("@Column({ default: 'x', type: 'timestamptz' }) deletedAt: Date;"), remedy: (all) => columnNamed(all, 'deletedAt').asNullable!(), output: TYPEORM("@Column({ type: 'timestamptz', nullable: true }) deletedAt: Date;"), check: free('deletedAt') },
  { what: 'a key becomes partial', code: TYPEORM('', "@Index(['email'], { unique: true })\n"), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: TYPEORM('', "@Index(['email'], { unique: true, where: 'deleted_at IS NULL' })\n"), check: partial('email') },
  { what: 'an index without options becomes partial', code: TYPEORM('', "@Index('i', ['email'])\n"), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: TYPEORM('', "@Index('i', ['email'], { where: 'deleted_at IS NULL' })\n"), check: partial('email') },
  { what: 'a unique constraint', code: TYPEORM('', "@Unique(['email'])\n"), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: null },
  { what: 'a foreign key cascades', code: TYPEORM('@ManyToOne(() => User, (user) => user.posts) author: User;'), remedy: (all) => foreignKeyOf(all, 'authorId').withAction!('cascade'), output: TYPEORM("@ManyToOne(() => User, (user) => user.posts, { onDelete: 'CASCADE' }) author: User;"), check: cascades('authorId') },
  { what: 'a foreign key does something else', code: TYPEORM("@ManyToOne(() => User, { onDelete: 'SET NULL', nullable: true }) author: User;"), remedy: (all) => foreignKeyOf(all, 'authorId').withAction!('cascade'), output: TYPEORM("@ManyToOne(() => User, { onDelete: 'CASCADE', nullable: true }) author: User;"), check: cascades('authorId') },
], 'file.ts');

const SEQUELIZE = (attributes: string, options = "{ sequelize, tableName: 'posts' }"): string => `import { DataTypes, Model } from 'sequelize';\nclass Post extends Model {}\nPost.init({ ${attributes} }, ${options});\n`;

const MIKRO = (body: string): string => `import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/core';\n@Entity()\nexport class Post {\n  @PrimaryKey() id!: number;\n  ${body}\n}\n`;

testCases('MikroORM entities', [
  { what: 'a flag becomes a moment', code: MIKRO("@Property({ type: 'boolean', default: false }) isDeleted = false;"), remedy: (all) => columnNamed(all, 'is_deleted').asTimestamp!('deleted_at'), output: MIKRO("@Property({ type: 'datetime', nullable: true }) deletedAt?: Date | null;"), check: moment('deleted_at') },
  { what: 'a flag becomes a moment of another name', code: MIKRO('@Property() gone: boolean = false;'), remedy: (all) => columnNamed(all, 'gone').asTimestamp!('deletedAt'), output: MIKRO("@Property({ fieldName: 'deletedAt', type: 'datetime', nullable: true }) deletedAt?: Date | null;"), check: moment('deletedAt') },
  { what: 'a column takes NULL', code: MIKRO("@Property({ type: 'datetime', onCreate: () => new Date(), name: 'gone_at' }) deletedAt = new Date();"), remedy: (all) => columnNamed(all, 'gone_at').asNullable!(), output: MIKRO("@Property({ type: 'datetime', name: 'gone_at', nullable: true }) deletedAt = new Date();"), check: free('gone_at') },
  { what: 'a column gets a name', code: MIKRO("@Property({ type: 'datetime', nullable: true }) removedAt?: Date;"), remedy: (all) => columnNamed(all, 'removed_at').asNamed!('deleted_at'), output: MIKRO("@Property({ type: 'datetime', nullable: true, fieldName: 'deleted_at' }) removedAt?: Date;"), check: moment('deleted_at') },
  { what: 'a foreign key cascades', code: MIKRO('@ManyToOne(() => User) author!: User;'), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: MIKRO("@ManyToOne(() => User, { deleteRule: 'cascade' }) author!: User;"), check: cascades('author_id') },
  { what: 'a foreign key of version 5 does something else', code: MIKRO("@ManyToOne({ entity: () => User, onDelete: 'set null' }) author!: User;"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: MIKRO("@ManyToOne({ entity: () => User, onDelete: 'cascade' }) author!: User;"), check: cascades('author_id') },
  { what: 'options of another place', code: MIKRO('@ManyToOne(() => User, options) author!: User;'), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: null },
], 'file.ts');

const SCHEMA = (body: string): string => `import { EntitySchema } from '@mikro-orm/core';\nexport const Post = new EntitySchema({ name: 'Post', properties: { id: { type: 'number', primary: true }, ${body} } });\n`;
const DEFINED = (body: string): string => `import { defineEntity, p } from '@mikro-orm/core';\nexport const Post = defineEntity({ name: 'Post', properties: { id: p.integer().primary(), ${body} } });\n`;

testCases('MikroORM schemas', [
  { what: 'a flag becomes a moment', code: SCHEMA("isDeleted: { type: 'boolean', default: false }"), remedy: (all) => columnNamed(all, 'is_deleted').asTimestamp!('deleted_at'), output: SCHEMA("deletedAt: { type: 'datetime', nullable: true }"), check: moment('deleted_at') },
  { what: 'a column takes NULL', code: SCHEMA("deletedAt: { onCreate: () => new Date(), type: 'datetime' }"), remedy: (all) => columnNamed(all, 'deleted_at').asNullable!(), output: SCHEMA("deletedAt: { type: 'datetime', nullable: true }"), check: free('deleted_at') },
  { what: 'a column gets a name', code: SCHEMA("removedAt: { type: 'datetime', nullable: true }"), remedy: (all) => columnNamed(all, 'removed_at').asNamed!('deleted_at'), output: SCHEMA("removedAt: { type: 'datetime', nullable: true, fieldName: 'deleted_at' }"), check: moment('deleted_at') },
  { what: 'a foreign key cascades', code: SCHEMA("author: { kind: 'm:1', entity: 'User' }"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: SCHEMA("author: { kind: 'm:1', entity: 'User', deleteRule: 'cascade' }"), check: cascades('author_id') },
  { what: 'a flag of a builder becomes a moment', code: DEFINED('isDeleted: p.boolean().default(false)'), remedy: (all) => columnNamed(all, 'is_deleted').asTimestamp!('deleted_at'), output: DEFINED('deletedAt: p.datetime().nullable()'), check: moment('deleted_at') },
  { what: 'a column of a builder takes NULL', code: DEFINED('deletedAt: p.datetime().onCreate(() => new Date())'), remedy: (all) => columnNamed(all, 'deleted_at').asNullable!(), output: DEFINED('deletedAt: p.datetime().nullable()'), check: free('deleted_at') },
  { what: 'a column of a builder with another end takes NULL', code: DEFINED("deletedAt: p.datetime().onCreate(() => new Date()).fieldName('gone')"), remedy: (all) => columnNamed(all, 'gone').asNullable!(), output: DEFINED("deletedAt: p.datetime().fieldName('gone').nullable()"), check: free('gone') },
  { what: 'a column of a builder gets a name', code: DEFINED('removedAt: p.datetime().nullable()'), remedy: (all) => columnNamed(all, 'removed_at').asNamed!('deleted_at'), output: DEFINED("removedAt: p.datetime().nullable().fieldName('deleted_at')"), check: moment('deleted_at') },
  { what: 'a foreign key of a builder cascades', code: DEFINED('author: () => p.manyToOne(User)'), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: DEFINED("author: () => p.manyToOne(User).deleteRule('cascade')"), check: cascades('author_id') },
  { what: 'a foreign key of a builder does something else', code: DEFINED("author: () => p.manyToOne(User).deleteRule('set null')"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: DEFINED("author: () => p.manyToOne(User).deleteRule('cascade')"), check: cascades('author_id') },
], 'file.ts');

testCases('Sequelize models', [
  { what: 'a flag becomes a moment', code: SEQUELIZE('isDeleted: { type: DataTypes.BOOLEAN, defaultValue: false }'), remedy: (all) => columnNamed(all, 'isDeleted').asTimestamp!('deleted_at'), output: SEQUELIZE("deletedAt: { type: DataTypes.DATE, allowNull: true, field: 'deleted_at' }"), check: moment('deleted_at') },
  { what: 'a flag by its type alone becomes a moment', code: SEQUELIZE('is_deleted: DataTypes.BOOLEAN'), remedy: (all) => columnNamed(all, 'is_deleted').asTimestamp!('deleted_at'), output: SEQUELIZE('deleted_at: { type: DataTypes.DATE, allowNull: true }'), check: moment('deleted_at') },
  { what: 'a column takes NULL', code: SEQUELIZE('deleted_at: { allowNull: false, defaultValue: DataTypes.NOW, type: DataTypes.DATE }'), remedy: (all) => columnNamed(all, 'deleted_at').asNullable!(), output: SEQUELIZE('deleted_at: { allowNull: true, type: DataTypes.DATE }'), check: free('deleted_at') },
  { what: 'a key becomes partial', code: SEQUELIZE('email: DataTypes.STRING', "{ sequelize, tableName: 'posts', indexes: [{ unique: true, fields: ['email', 'deleted_at'] }] }"), remedy: (all) => keyOf(all, 'email', 'deleted_at').asPartial!(LIVE, ['deleted_at']), output: SEQUELIZE('email: DataTypes.STRING', "{ sequelize, tableName: 'posts', indexes: [{ unique: true, fields: ['email'], where: { deleted_at: null } }] }"), check: partial('email') },
  { what: 'a foreign key cascades', code: SEQUELIZE("author_id: { type: DataTypes.INTEGER, references: { model: 'users', key: 'id' } }"), remedy: (all) => foreignKeyOf(all, 'author_id').withAction!('cascade'), output: SEQUELIZE("author_id: { type: DataTypes.INTEGER, references: { model: 'users', key: 'id' }, onDelete: 'CASCADE' }"), check: cascades('author_id') },
], 'file.ts');

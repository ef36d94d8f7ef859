import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compile, derive, validate, type Manifest, type SchemaSource, type Table } from '../../lib/manifest/index.js';
import { analyses } from '../model/verdicts.js';

type Files = Readonly<Record<string, string>>;

function derived(files: Files): Manifest {
  return derive(Object.entries(files).map(([path, text]) => ({ path, text })));
}

/** The entry of a table in the long form. */
function entry(files: Files, name: string): Table {
  const found = derived(files).tables[name];
  assert.ok(found !== undefined && typeof found !== 'string', `${name} in ${Object.keys(derived(files).tables).join(', ')}`);
  return found;
}

const PRISMA = `
datasource db {
  provider = "postgresql"
}
model User {
  id        Int       @id
  email     String    @map("mail_address")
  deletedAt DateTime? @map("removed_on")
  posts     Post[]
  marks     Mark[]
  @@unique([email, deletedAt])
  @@map("users")
}
model Post {
  id        Int      @id
  author    User?    @relation(fields: [authorId], references: [id])
  authorId  Int?
  isDeleted Boolean  @default(false)
  marks     Mark[]
}
model Mark {
  userId Int
  postId Int
  user   User @relation(fields: [userId], references: [id])
  post   Post @relation(fields: [postId], references: [id])
  @@id([userId, postId])
}`;

describe('derive', () => {
  it('says of every table what its declaration says', () => {
    assert.deepEqual(derived({ 'schema.prisma': PRISMA }), {
      tables: {
        Mark: {
          deletion: 'hard', key: ['userId', 'postId'], models: ['Mark'],
          relations: { post: { table: 'Post', optional: false, on: { postId: 'id' } }, user: { table: 'users', optional: false, on: { userId: 'id' } } },
        },
        Post: {
          deletion: 'soft', tombstone: { column: 'isDeleted', live: false }, key: 'id', models: ['Post'],
          relations: { author: { table: 'users', optional: true, on: { authorId: 'id' } }, marks: { table: 'Mark', many: true, on: { id: 'postId' } } },
        },
        users: {
          deletion: 'soft', tombstone: 'removed_on', key: 'id', unique: [['mail_address', 'removed_on']], models: ['User'], columns: { email: 'mail_address', deletedAt: 'removed_on' },
          relations: { marks: { table: 'Mark', many: true, on: { id: 'userId' } }, posts: { table: 'Post', many: true, on: { id: 'authorId' } } },
        },
      },
    });
  });

  it('gives a manifest that finds tables by every name', () => {
    const catalog = compile(derived({ 'schema.prisma': PRISMA }));
    assert.equal(catalog.model('User')?.name, 'users');
    assert.deepEqual(catalog.model('user')?.tombstones.map(({ column, names }) => [column, names.includes('deletedAt')]), [['removed_on', true]]);
    assert.deepEqual(catalog.model('post')?.relations.author, { table: 'users', many: false, as: null, optional: true, on: { authorId: 'id' }, through: null, live: false });
  });

  it('takes no flag that tells what became of another row for a tombstone', () => {
    for (const [name, column] of [['item_versions', 'is_deleted boolean'], ['changes_of_items', 'is_new boolean, is_deleted boolean'], ['mod_remove_post', 'removed boolean'], ['notes', 'removed boolean DEFAULT true']] as const) {
      assert.equal(entry({ 'a.sql': `CREATE TABLE ${name} (id int PRIMARY KEY, ${column});` }, name).deletion, 'hard', name);
    }
    assert.equal(entry({ 'a.sql': 'CREATE TABLE item_versions (id int PRIMARY KEY, deleted_at timestamptz);' }, 'item_versions').deletion, 'soft');
  });

  it('keeps a table of the default schema and one of the same name apart', () => {
    const { tables } = derived({ 'a.sql': 'CREATE TABLE public.patients (id int, deleted_at timestamptz); CREATE TABLE fhir.patients (id int);', 'b.ts': "import { DataTypes } from 'sequelize'; export const Patient = sequelize.define('Patient', { id: DataTypes.INTEGER }, { tableName: 'patients', ...more });" });
    assert.deepEqual(Object.entries(tables).map(([name, table]) => [name, typeof table === 'string' ? table : table.deletion]).sort(), [['fhir.patients', 'hard'], ['patients', 'soft']]);
  });

  it('asks the migrations where the options of a Sequelize model cannot be seen', () => {
    const files = (options: string) => ({ 'a.sql': 'CREATE TABLE posts (id int, deleted_at timestamptz);', 'b.ts': `import { DataTypes } from 'sequelize'; import { Base } from './base'; export class Post extends Base { static initModel(options) { super.init({ id: DataTypes.INTEGER }, ${options}); } }` });
    assert.deepEqual(["{ tableName: 'posts', ...options }", "{ tableName: 'posts' }"].map((options) => entry(files(options), 'posts').deletion), ['soft', 'hard']);
  });

  it('names the time beside a flag that is the tombstone', () => {
    assert.deepEqual(entry({ 'a.sql': 'CREATE TABLE t (id int PRIMARY KEY, is_deleted boolean, deleted_at timestamptz);' }, 't').columns, { deleted_at: 'deleted_at' });
    assert.deepEqual(entry({ 'schema.prisma': 'model T {\n  id Int @id\n  deleted Boolean @default(false)\n  deletedAt DateTime? @map("deleted_at")\n}' }, 'T').columns, { deletedAt: 'deleted_at' });
    assert.equal(entry({ 'a.sql': 'CREATE TABLE t (id int PRIMARY KEY, is_deleted boolean, deleted_by int);' }, 't').columns, undefined);
  });

  /** The tombstone of a table with this column in DDL, or null. */
  const tombstone = (column: string, dialect = '') => entry({ 'a.sql': `${dialect}CREATE TABLE t (id int PRIMARY KEY, ${column});` }, 't').tombstone ?? null;
  const TOMBSTONES: readonly (readonly [column: string, expected: Table['tombstone'] | null])[] = [
    ['deleted_at timestamptz', 'deleted_at'], ['"deletedAt" timestamp', 'deletedAt'], ['deleted_on date', 'deleted_on'], ['removed_at timestamptz', 'removed_at'], ['date_deleted timestamptz', 'date_deleted'], ['deletion_date date', 'deletion_date'],
    ['deleted_at_m bigint', 'deleted_at_m'], ['deleted_at bigint NOT NULL DEFAULT 0', { column: 'deleted_at', live: 0 }], ["deleted_at timestamp NOT NULL DEFAULT '1970-01-01'", { column: 'deleted_at', live: '1970-01-01' }], ['deleted timestamptz', 'deleted'],
    ['deleted boolean', { column: 'deleted', live: false }], ['is_deleted boolean NOT NULL DEFAULT false', { column: 'is_deleted', live: false }], ['"isDeleted" smallint', { column: 'isDeleted', live: null }],
    ['is_deleted smallint NOT NULL DEFAULT 0', { column: 'is_deleted', live: 0 }], ['deleted int NOT NULL DEFAULT 0', { column: 'deleted', live: 0 }], ['record_deleted_at timestamptz', 'record_deleted_at'], ['deleted_at text', 'deleted_at'],
    // Counts, logs of deletions, and other things.
    ['deleted int NOT NULL', null], ['deleted_at timestamptz NOT NULL', null], ['deleted_at timestamptz NOT NULL DEFAULT now()', null], ['archived_at timestamptz', null], ['deleted_by text', null], ['deleted_count int DEFAULT 0', null],
    ['undeleted boolean', null], ['logs_deleted_at timestamptz', null], ['file_removed_at timestamptz', null], ['document_deleted_at timestamptz', null], ['document_deleted_at timestamptz NOT NULL', null], ['removal_date date', null], ['deleted jsonb', null], ['deletable boolean', null], ['deleted_at_source text', null], ['is_removable boolean', null],
  ];
  for (const [column, expected] of TOMBSTONES) {
    it(`takes ${column} for ${expected === null ? 'no tombstone' : `the tombstone ${JSON.stringify(expected)}`}`, () => {
      const found = tombstone(column);
      assert.deepEqual(typeof expected === 'object' && expected !== null && 'live' in expected && expected.live === null ? { column: found, live: null } : found, expected);
    });
  }

  it('tells the moment of the row from that of another one', () => {
    const of = (table: string, column: string) => entry({ 'a.sql': `CREATE TABLE ${table} (id int PRIMARY KEY, ${column} timestamptz);` }, table).tombstone ?? null;
    assert.deepEqual([of('documents', 'document_deleted_at'), of('legal_documents', 'document_deleted_at'), of('users', 'account_deleted_at'), of('categories', 'category_removed_at')], ['document_deleted_at', 'document_deleted_at', 'account_deleted_at', 'category_removed_at']);
    assert.deepEqual([of('recipients', 'document_deleted_at'), of('posts', 'author_deleted_at'), of('messages', 'user_removed_at')], [null, null, null]);
  });

  it('takes copies and versions of rows for no soft-deleted ones', () => {
    const of = (ddl: string, table: string) => entry({ 'a.sql': ddl }, table).tombstone ?? null;
    assert.equal(of('CREATE TABLE order_snapshots (id int PRIMARY KEY, order_id int, deleted_at timestamptz);', 'order_snapshots'), null);
    assert.equal(of('CREATE TABLE items (id int, valid_from timestamptz, valid_to timestamptz, is_deleted boolean NOT NULL DEFAULT false);', 'items'), null);
    assert.equal(of('CREATE TABLE chat_history (id int PRIMARY KEY, deleted_at timestamptz);', 'chat_history'), 'deleted_at');
    assert.deepEqual(of('CREATE TABLE coupons (id int, valid_from timestamptz, is_deleted boolean NOT NULL DEFAULT false);', 'coupons'), { column: 'is_deleted', live: false });
  });

  it('takes one tombstone of several', () => {
    assert.deepEqual(tombstone('deleted boolean NOT NULL DEFAULT false, deleted_at timestamptz'), { column: 'deleted', live: false });
    assert.equal(tombstone('removed_at timestamptz, deleted_at timestamptz'), 'deleted_at');
    assert.equal(tombstone('user_deleted_at timestamptz, removed_at timestamptz'), 'removed_at');
  });

  it('takes the column that a library filters by, whatever its name', () => {
    const note = entry({ 'note.ts': `import { Column, DeleteDateColumn, Entity } from 'typeorm'; @Entity() export class Note { @DeleteDateColumn() archivedAt: Date; @Column() isDeleted: boolean; }` }, 'note');
    assert.deepEqual([note.tombstone, note.autoFilter], ['archivedAt', ['typeorm']]);
  });

  it('reads several libraries as one database', () => {
    const files: Files = {
      'migrations/1.sql': 'CREATE TABLE public.users (id int PRIMARY KEY, mail text UNIQUE, deleted_at timestamptz); CREATE TABLE sessions (id int);',
      'user.js': `const { Model } = require('objection'); class User extends Model { static get tableName() { return 'users'; } static get relationMappings() { return { sessions: { relation: Model.HasManyRelation, modelClass: __dirname + '/session', join: { from: 'users.id', to: 'sessions.user_id' } } }; } } module.exports = User;`,
    };
    assert.deepEqual(derived(files).tables, {
      sessions: { deletion: 'hard' },
      users: { deletion: 'soft', tombstone: 'deleted_at', key: 'id', unique: [['mail']], models: ['User'], relations: { sessions: { table: 'sessions', many: true, on: { id: 'user_id' } } } },
    });
  });

  const PARTIAL: readonly (readonly [predicate: string, unique: readonly string[] | null])[] = [
    ['deleted_at IS NULL', ['project_id', 'deleted_at']],
    ['is_archived = false', ['project_id']],
    ['NOT deleted', ['project_id']],
    ['project_id IS NOT NULL', ['project_id']],
    ['project_id IS NOT NULL AND deleted_at IS NULL', ['project_id', 'deleted_at']],
    ["kind = 'main'", null],
    ["deleted_at IS NULL AND kind = 'main'", null],
    ["kind IN ('main', 'root')", null],
    ['parent_id IS NULL', null],
    ['other_id IS NOT NULL', null],
    ["deleted_at IS NULL OR kind = 'main'", null],
  ];
  for (const [predicate, unique] of PARTIAL) {
    it(`tells rows by a key that is unique WHERE ${predicate}${unique ? '' : ': not'}`, () => {
      const { unique: found } = entry({ '1.sql': `CREATE TABLE a (id int PRIMARY KEY, project_id int, parent_id int, other_id int, kind text, deleted_at timestamptz); CREATE UNIQUE INDEX i ON a (project_id) WHERE ${predicate};` }, 'a');
      assert.deepEqual(found, unique ? [unique] : undefined);
    });
  }

  it('leaves a key of Drizzle out that is unique among some rows alone', () => {
    const table = entry({ 'a.ts': `import { sql } from 'drizzle-orm'; import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'; export const a = sqliteTable('a', { id: text().primaryKey(), projectId: text('project_id'), slug: text(), deletedAt: integer('deleted_at') }, (t) => [uniqueIndex('i').on(t.projectId).where(sql\`type = 'main'\`), uniqueIndex('j').on(t.slug).where(sql\`\${t.deletedAt} is null\`)]);` }, 'a');
    assert.deepEqual(table.unique, [['slug', 'deleted_at']]);
  });

  it('takes a read by a key of live rows alone for a list, and one by a key of all rows for a look-up', () => {
    const catalog = compile(derived({ 'a.sql': 'CREATE TABLE a (id int PRIMARY KEY, email text, slug text UNIQUE, team_id int, name text, deleted_at timestamptz, UNIQUE (team_id, name, deleted_at)); CREATE UNIQUE INDEX i ON a (email) WHERE deleted_at IS NULL;' }));
    const role = (where: string) => analyses(`SELECT * FROM a WHERE ${where}`, 'postgresql', catalog).flatMap(({ reads }) => reads.map((read) => `${read.role} ${read.verdict.state}`)).join();
    assert.deepEqual(['slug = $1', 'email = $1', 'team_id = $1 AND name = $2', 'email = $1 AND deleted_at IS NULL'].map(role), ['lookup all', 'main all', 'main all', 'main live']);
  });

  it('follows migrations to the end', () => {
    const { tables } = derived({
      'migrations/1.sql': 'CREATE TABLE a (id int, deleted_at timestamptz); CREATE TABLE b (id int); CREATE TABLE c (deleted_at timestamptz); CREATE TABLE d (gone timestamptz); CREATE TABLE e (deleted_at timestamptz NOT NULL);',
      'migrations/2.sql': 'ALTER TABLE a DROP COLUMN deleted_at; ALTER TABLE b ADD COLUMN deleted_at timestamptz; DROP TABLE c; ALTER TABLE d RENAME TO dd; ALTER TABLE e ALTER COLUMN deleted_at DROP NOT NULL;',
      'migrations/3.ts': `export async function up(knex) { await knex.schema.alterTable('dd', (t) => { t.renameColumn('gone', 'deleted_at'); }); }`,
    });
    assert.deepEqual(Object.entries(tables).map(([name, table]) => [name, typeof table === 'string' ? table : table.tombstone ?? null]), [['a', null], ['b', 'deleted_at'], ['dd', 'deleted_at'], ['e', 'deleted_at']]);
  });

  it('follows blocks of PostgreSQL that change a table where it is not changed yet', () => {
    const { tables } = derived({
      'migrations/1.sql': 'CREATE TABLE a (id int); CREATE TABLE b (id int, deleted_at timestamptz); CREATE TABLE c (id int); CREATE TABLE d (id int);',
      'migrations/2.sql': `-- again
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'a' AND column_name = 'deleted_at') THEN
    ALTER TABLE a ADD COLUMN deleted_at timestamptz;
    CREATE UNIQUE INDEX IF NOT EXISTS i ON a (name) WHERE deleted_at IS NULL;
  END IF;
END $$;
DO $body$ DECLARE n int; BEGIN ALTER TABLE b DROP COLUMN deleted_at; EXCEPTION WHEN undefined_column THEN NULL; END $body$ LANGUAGE plpgsql;
DO $$ BEGIN RAISE NOTICE 'alter table c'; END $$;
CREATE FUNCTION f() RETURNS void AS $$ BEGIN ALTER TABLE d ADD COLUMN deleted_at timestamptz; END $$ LANGUAGE plpgsql;`,
    });
    assert.deepEqual(tables, { a: { deletion: 'soft', tombstone: 'deleted_at', unique: [['name', 'deleted_at']] }, b: { deletion: 'hard' }, c: { deletion: 'hard' }, d: { deletion: 'hard' } });
  });

  it('follows columns that MySQL changes', () => {
    const files = { '1.sql': 'CREATE TABLE `a` (`id` int, `gone` tinyint(1)) ENGINE=InnoDB;', '2.sql': 'ALTER TABLE `a` CHANGE `gone` `deleted_at` datetime NULL, ADD UNIQUE KEY k (id, deleted_at);' };
    assert.deepEqual(entry(files, 'a'), { deletion: 'soft', tombstone: 'deleted_at', unique: [['id', 'deleted_at']] });
  });

  it('believes models rather than the migrations that led to them', () => {
    const files = { 'schema.prisma': 'model A {\n id Int @id\n}\nmodel B {\n id Int @id\n deletedAt DateTime?\n}', '1.sql': 'CREATE TABLE "A" (id int, deleted_at timestamptz); CREATE TABLE "B" (id int);' };
    assert.deepEqual(Object.values(derived(files).tables).map((table) => typeof table === 'string' ? table : table.deletion), ['hard', 'soft']);
  });

  it('gives the join table and the condition of a relation', () => {
    const files = {
      'schema.ts': `import { boolean, integer, pgTable, timestamp } from 'drizzle-orm/pg-core';
        export const posts = pgTable('posts', { id: integer().primaryKey(), deletedAt: timestamp('deleted_at') }); export const tags = pgTable('tags', { id: integer().primaryKey() });
        export const postTags = pgTable('post_tags', { postId: integer('post_id'), tagId: integer('tag_id') });`,
      'relations.ts': `import { defineRelations } from 'drizzle-orm'; import * as schema from './schema';
        export const relations = defineRelations(schema, (r) => ({
          tags: { live: r.many.posts({ from: r.tags.id.through(r.postTags.tagId), to: r.posts.id.through(r.postTags.postId), where: { deletedAt: { isNull: true } } }), gone: r.many.posts({ where: { deletedAt: { isNotNull: true } } }) },
        }));`,
    };
    assert.deepEqual(entry(files, 'tags').relations, { gone: { table: 'posts', many: true }, live: { table: 'posts', many: true, through: 'post_tags', live: true } });
  });

  it('takes a table without a schema for the only one of its name', () => {
    const { tables } = derived({ 'a.sql': 'CREATE TABLE app.users (id int); CREATE TABLE app.notes (id int); CREATE TABLE old.notes (id int); CREATE TABLE public.logs (id int);', 'b.sql': 'ALTER TABLE users ADD deleted_at timestamptz; ALTER TABLE notes ADD deleted_at timestamptz; ALTER TABLE logs ADD deleted_at timestamptz;' });
    assert.deepEqual(Object.entries(tables).map(([name, table]) => `${name} ${typeof table === 'string' ? table : table.deletion}`), ['app.notes hard', 'app.users soft', 'logs soft', 'notes soft', 'old.notes hard']);
  });

  it('leaves a model that means two tables to the soft one', () => {
    const model = (table: string, column: string) => `model User {\n id Int @id\n ${column}\n @@map("${table}")\n}`;
    const models = (files: Files) => Object.values(derived(files).tables).map((table) => typeof table === 'string' ? [] : table.models ?? []);
    assert.deepEqual(models({ 'a/s.prisma': model('a_users', 'x Int'), 'b/s.prisma': model('b_users', 'deletedAt DateTime?') }), [[], ['User']]);
    assert.deepEqual(models({ 'a/s.prisma': model('a_users', 'isDeleted Boolean'), 'b/s.prisma': model('b_users', 'deletedAt DateTime?') }), [[], []]);
    assert.deepEqual(models({ 'a/s.prisma': model('a_users', 'x Int'), 'b/s.prisma': model('b_users', 'x Int') }), [['User'], []]);
  });

  it('leads relations to the nearest model of a name', () => {
    const app = (table: string) => `model User {\n id Int @id\n posts Post[]\n @@map("${table}_users")\n}\nmodel Post {\n id Int @id\n userId Int\n user User @relation(fields: [userId], references: [id])\n @@map("${table}_posts")\n}`;
    const { tables } = derived({ 'apps/a/schema.prisma': app('a'), 'apps/b/schema.prisma': app('b') });
    for (const name of ['a', 'b']) assert.deepEqual((tables[`${name}_posts`] as Table).relations!.user!.table, `${name}_users`);
  });

  it('tells the dialect that most sources speak', () => {
    const dialect = (files: Files) => derived(files).dialect;
    assert.equal(dialect({ 'a.prisma': 'datasource d {\n  provider = "mysql"\n}\nmodel A {\n id Int @id\n}' }), 'mysql');
    assert.equal(dialect({ 'a.ts': `import { sqliteTable, integer } from 'drizzle-orm/sqlite-core'; export const a = sqliteTable('a', { id: integer() });` }), 'sqlite');
    assert.equal(dialect({ 'schema.prisma': PRISMA }), undefined);
    // Names in backticks are MySQL's, but SQLite takes them, too, and drizzle-kit writes them.
    assert.equal(dialect({ 'a.sql': 'CREATE TABLE `a` (`id` integer PRIMARY KEY NOT NULL, `name` text);' }), 'sqlite');
    assert.equal(dialect({ 'a.sql': 'CREATE TABLE `a` (`id` text PRIMARY KEY NOT NULL);\nALTER TABLE `a` ADD `at` integer;' }), 'sqlite');
    assert.equal(dialect({ 'a.sql': 'CREATE TABLE `a` (`id` int NOT NULL, `name` varchar(9), `n` integer);' }), 'mysql');
    assert.equal(dialect({ 'a.sql': 'ALTER TABLE `a` ADD `name` varchar(9);' }), 'mysql');
  });

  it('has no tables of ClickHouse', () => {
    assert.deepEqual(Object.keys(derived({ 'a.sql': 'CREATE TABLE a (id String) ENGINE = ReplacingMergeTree(id) ORDER BY (id);\nCREATE TABLE b (id int);' }).tables), ['b']);
  });

  it('takes what is no list of sources for none', () => {
    for (const given of [undefined, null, 'x', [null, 1, {}, { path: 'a.sql' }, { path: 1, text: 'CREATE TABLE a (id int)' }]]) assert.deepEqual(derive(given as never), { tables: {} });
  });

  it('writes names that a manifest reads back', () => {
    const odd = ['a.b', 'with blank', 'quo"te', '[x]', '`y`', ' lead', '__proto__', 'constructor', 'ünï', '1', 'select'];
    const files = { 's.prisma': odd.map((name, i) => `model M${i} {\n  id Int @id\n  other M${(i + 1) % odd.length} @relation(fields: [id], references: [id])\n  deletedAt DateTime?\n  @@map(${JSON.stringify(name)})\n}`).join('\n') };
    const manifest = derived(files);
    assert.deepEqual(validate(manifest), []);
    const catalog = compile(manifest);
    for (const [i, name] of odd.entries()) {
      if (name.trim() !== name) continue;
      assert.equal(catalog.model(`M${i}`)?.name, name);
    }
  });

  // -------------------------------------------------------------------------------------------- properties

  const CORPUS: Files = {
    'a.prisma': PRISMA,
    'b.sql': 'CREATE TABLE app.users (id int PRIMARY KEY, e text UNIQUE, x int REFERENCES posts (id) ON DELETE CASCADE, deleted_at timestamptz);\nALTER TABLE app.users RENAME TO people;\nCREATE UNIQUE INDEX i ON people (e) WHERE deleted_at IS NULL;',
    'c.ts': `import { integer, pgTable, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';\nimport { relations, isNull } from 'drizzle-orm';\nexport const posts = pgTable('posts', { id: integer('id').primaryKey(), userId: integer('user_id').references(() => users.id), deletedAt: timestamp('deleted_at') }, (t) => [uniqueIndex('i').on(t.userId).where(isNull(t.deletedAt))]);\nexport const users = pgTable('users', { id: integer() });\nexport const r = relations(posts, ({ one, many }) => ({ user: one(users, { fields: [posts.userId], references: [users.id] }), all: many(posts) }));`,
    'd.ts': `import { Column, DeleteDateColumn, Entity, JoinTable, ManyToMany, ManyToOne, OneToMany, PrimaryGeneratedColumn } from 'typeorm';\n@Entity('notes') export class Note { @PrimaryGeneratedColumn() id: number; @DeleteDateColumn() deletedAt: Date; @ManyToOne(() => Note, (note) => note.children) parent: Note; @OneToMany(() => Note, 'parent') children: Note[]; @ManyToMany(() => Note) @JoinTable() links: Note[]; }`,
    'e.js': `const { DataTypes, Model } = require('sequelize');\nclass Car extends Model {}\nCar.init({ plate: { type: DataTypes.STRING, unique: true } }, { sequelize, paranoid: true });\nCar.belongsTo(Owner, { as: 'owner' }); Car.hasMany(Car, { as: 'parts' });\nconst Owner = sequelize.define('Owner', { isDeleted: DataTypes.BOOLEAN }, { tableName: 'owners' });`,
    'f.js': `const { Model } = require('objection');\nclass Farm extends Model { static get tableName() { return 'farms'; } static get relationMappings() { return { farm: { relation: Model.BelongsToOneRelation, modelClass: Farm, join: { from: 'farms.a', to: 'farms.b' }, modify: (q) => q.whereNull('deleted_at') } }; } }`,
    'g.ts': `import { Entity, Filter, ManyToOne, PrimaryKey, Property } from '@mikro-orm/core';\n@Filter({ name: 's', cond: { deletedAt: null }, default: true }) @Entity() export class Mikro { @PrimaryKey() id: number; @Property({ nullable: true }) deletedAt?: Date; @ManyToOne() other: Mikro; }`,
    'h.js': `exports.up = (knex) => knex.schema.createTable('trees', (t) => { t.increments(); t.timestamp('deleted_at'); t.unique(['id', 'deleted_at']); }).renameTable('trees', 'woods');`,
    'i.ts': `import type { Generated } from 'kysely';\nexport interface DB { pages: { id: Generated<number>; deletedAt: Date | null } }\nexport async function up(db) { await db.schema.createTable('leaves').addColumn('deleted_at', 'timestamptz', (c) => c.notNull()).execute(); }`,
    'j.ts': `export type Database = { public: { Tables: { posts: { Row: { id: number; deleted_at: string | null }; Insert: { id?: number }; Update: {}; Relationships: [{ foreignKeyName: "x"; columns: ["id"]; isOneToOne: true; referencedRelation: "posts"; referencedColumns: ["id"] }] } } } };`,
  };
  const paths = Object.keys(CORPUS);

  /** A manifest without mistakes; an empty one has no tables, which is the only thing that may be said of it. */
  function assertValid(manifest: Manifest): void {
    if (Object.keys(manifest.tables).length === 0) return;
    assert.deepEqual(validate(manifest), []);
    compile(manifest);
  }

  it('gives a valid manifest of every source', () => {
    for (const path of paths) {
      const manifest = derived({ [path]: CORPUS[path]! });
      assert.ok(Object.keys(manifest.tables).length > 0, path);
      assertValid(manifest);
    }
    assertValid(derived(CORPUS));
  });

  /** Words that make names collide, end strings, or turn one thing into another. */
  const WORDS = ['users', 'posts', 'id', 'deletedAt', '""', '"', "'", '`', '.', '{', '}', '(', ')', '[', ']', ',', ';', '\n', ' ', '__proto__', 'constructor', 'null', '...x', '=>', '@@map("users")', '@Entity()', 'this', '${a}', '\\', '/*', '//', 'ü', '\u0000'];
  const mutation = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat(12), word: fc.constantFrom('', ...WORDS) });

  it('gives a valid manifest of whatever the sources have become, in any order', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.constantFrom(...paths), { minLength: 1, maxLength: 3 }), fc.array(mutation, { maxLength: 4 }), (chosen, mutations) => {
      const sources: SchemaSource[] = chosen.map((path) => ({
        path, text: mutations.reduce((text, { at, drop, word }) => { const start = Math.floor(at * text.length); return text.slice(0, start) + word + text.slice(start + drop); }, CORPUS[path]!),
      }));
      const manifest = derive(sources);
      assertValid(manifest);
      assert.deepEqual(derive([...sources].reverse()), manifest);
    }), { numRuns: 250 });
  });
});

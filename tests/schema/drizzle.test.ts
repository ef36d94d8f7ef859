import assert from 'node:assert/strict';
import { getTableConfig as mysqlConfig, type MySqlTable } from 'drizzle-orm/mysql-core';
import { getTableConfig as pgConfig, type PgTable } from 'drizzle-orm/pg-core';
import { getTableConfig as sqliteConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { declared, execute, table, wordsAt, type Files } from './support.js';

const SOURCES: Readonly<Record<string, Files>> = {
  'tables with every kind of column': {
    'schema.ts': `
      import { bigint, boolean, date, integer, jsonb, pgTable, serial, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';
      export const users = pgTable('users', {
        id: serial('id').primaryKey(), ref: uuid().notNull().unique(), email: varchar('e_mail', { length: 20 }).notNull(), bio: text(),
        deletedAt: timestamp('deleted_at', { withTimezone: true }), removedAt: timestamp('removed_at'), isDeleted: boolean('is_deleted').notNull().default(false),
        born: date(), meta: jsonb(), count: bigint('n', { mode: 'number' }).default(0), createdAt: timestamp().defaultNow(), age: integer().$type<number>(),
      });`,
  },
  'spreads, helpers and columns of other files': {
    'schema.ts': `
      import { mysqlTable, varchar } from 'drizzle-orm/mysql-core';
      import { timestamps, id as key } from './columns';
      import * as shared from './columns';
      const base = { ...timestamps, note: varchar('note', { length: 5 }) };
      export const posts = mysqlTable('posts', { id: key('post_id').notNull(), pk: shared.primary(), ...base, ...shared.audit.who }, () => []);`,
    'columns.ts': `
      import { bigint, datetime, varchar } from 'drizzle-orm/mysql-core';
      export const timestamps = { createdAt: datetime('created_at').notNull(), deletedAtM: bigint('deleted_at_m', { mode: 'number' }) };
      export const id = (name: string) => varchar(name, { length: 36 }).unique();
      export function primary() { return bigint('pk', { mode: 'number' }).primaryKey().autoincrement(); }
      export const audit = { who: { createdBy: varchar('created_by', { length: 36 }) } };`,
  },
  'schemas, prefixes and callbacks': {
    'schema.ts': `
      import { pgSchema, pgTableCreator } from 'drizzle-orm/pg-core';
      const app = pgSchema('app');
      export const accounts = app.table('accounts', (t) => ({ id: t.integer().primaryKey(), deletedAt: t.timestamp('deleted_at') }));
      const createTable = pgTableCreator((name) => \`web_\${name}\`);
      export const sessions = createTable('sessions', (d) => ({ id: d.integer().primaryKey(), expires: d.timestamp().notNull() }));`,
  },
  'SQLite': {
    'schema.ts': `
      import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
      export const notes = sqliteTable('notes', {
        id: integer('id').primaryKey({ autoIncrement: true }), deletedAt: integer('deleted_at', { mode: 'timestamp' }), deleted: integer({ mode: 'boolean' }).notNull().default(false), body: text('body').notNull(),
      });`,
  },
  'keys, indexes and foreign keys': {
    'schema.ts': `
      import { isNull, sql } from 'drizzle-orm';
      import { foreignKey, index, integer, pgTable, primaryKey, text, timestamp, unique, uniqueIndex } from 'drizzle-orm/pg-core';
      export const teams = pgTable('teams', { id: integer().primaryKey() });
      export const members = pgTable('members', {
        teamId: integer('team_id').notNull().references(() => teams.id, { onDelete: 'cascade' }), userId: integer('user_id').notNull(), email: text(), deletedAt: timestamp('deleted_at'),
      }, (t) => [
        primaryKey({ columns: [t.teamId, t.userId] }), uniqueIndex('by_email').on(t.email).where(isNull(t.deletedAt)), uniqueIndex('lower').on(sql\`lower(\${t.email})\`), unique('pair').on(t.userId, t.email),
        index('idx').on(t.userId.desc()).where(sql\`\${t.deletedAt} is null\`), foreignKey({ columns: [t.userId], foreignColumns: [t.teamId] }).onDelete('set null'),
      ]);
      export const old = pgTable('old', { a: integer().primaryKey(), email: text('mail') }, (t) => ({ byMail: uniqueIndex('by_mail').on(t.email) }));`,
  },
};

type Config = ReturnType<typeof pgConfig>;
const CONFIGS: readonly ((value: never) => unknown)[] = [(value: PgTable) => pgConfig(value), (value: MySqlTable) => mysqlConfig(value), (value: SQLiteTable) => sqliteConfig(value)] as never;

/** What Drizzle itself says of a table; null where the value is none. */
function configOf(value: unknown): Config | null {
  for (const config of CONFIGS) {
    try {
      const found = config(value as never) as Config;
      if (typeof found.name === 'string' && found.columns.length > 0) return found;
    } catch { /* A table of another dialect. */ }
  }
  return null;
}

describe('Drizzle tables', () => {
  for (const [title, files] of Object.entries(SOURCES)) {
    it(`${title} are what Drizzle says`, () => {
      const tables = Object.entries(execute(files)).flatMap(([constant, value]) => {
        const config = configOf(value);
        return config ? [{ constant, config }] : [];
      });
      assert.ok(tables.length > 0);
      for (const { constant, config } of tables) {
        const found = table(files, config.name);
        assert.deepEqual([found.schema, found.models, found.complete], [config.schema ?? null, [constant], true]);
        const named = (list: readonly { readonly name?: string | undefined }[]): (string | null)[] => list.map(({ name }) => name ?? null);
        const inKey = new Set(config.primaryKeys.flatMap(({ columns }) => columns.map(({ name }) => name)));
        assert.deepEqual(found.columns.map(({ name, nullable, hasDefault }) => [name, nullable, hasDefault]), config.columns.map((column) => [column.name, !column.notNull, column.hasDefault && !/^PgSerial/.test(column.columnType)]), title);
        assert.deepEqual([...new Set(found.keys!.filter(({ kind }) => kind === 'primary').flatMap(({ columns }) => columns))], [...config.columns.filter(({ primary }) => primary).map(({ name }) => name), ...inKey]);
        const uniques = found.keys!.filter(({ kind }) => kind === 'unique').map(({ columns }) => columns.join());
        const expected = [...config.columns.filter(({ isUnique }) => isUnique).map(({ name }) => name), ...config.uniqueConstraints.map(({ columns }) => named(columns).join()),
          ...config.indexes.filter(({ config: index }) => index.unique).map(({ config: index }) => named(index.columns as { name?: string }[]).join())];
        assert.deepEqual(uniques.sort(), expected.sort());
        assert.equal(found.keys!.filter(({ kind, predicate }) => kind !== 'primary' && predicate !== null).length, config.indexes.filter(({ config: index }) => index.where).length);
        assert.deepEqual(found.foreignKeys!.map(({ columns, target, references, onDelete }) => [columns, target.table, references, onDelete]).sort(),
          config.foreignKeys.map((key) => [key.reference().columns.map(({ name }) => name), configOf(key.reference().foreignTable)!.name, key.reference().foreignColumns.map(({ name }) => name), key.onDelete ?? null]).sort());
      }
    });
  }

  it('have columns of the kinds that tombstones care for', () => {
    const kinds = (title: string, name: string) => Object.fromEntries(table(SOURCES[title]!, name).columns.map(({ name: column, type }) => [column, type]));
    assert.deepEqual(kinds('tables with every kind of column', 'users'), {
      id: 'integer', ref: 'text', e_mail: 'text', bio: 'text', deleted_at: 'timestamptz', removed_at: 'timestamp', is_deleted: 'boolean', born: 'date', meta: 'other', n: 'integer', createdAt: 'timestamp', age: 'integer',
    });
    assert.deepEqual(kinds('SQLite', 'notes'), { id: 'integer', deleted_at: 'timestamp', deleted: 'boolean', body: 'text' });
  });

  it('have predicates that say what they mean', () => {
    const keys = table(SOURCES['keys, indexes and foreign keys']!, 'members').keys!.filter(({ predicate }) => predicate !== null);
    for (const { predicate } of keys) assert.deepEqual([predicate!.expr!.type, predicate!.expr!.type === 'is' && predicate!.expr!.operand.type === 'column' && predicate!.expr!.operand.name], ['is', 'deleted_at']);
    assert.equal(keys.length, 2);
  });

  it('stand where they are written', () => {
    const files = SOURCES['tables with every kind of column']!, users = table(files, 'users');
    assert.equal(wordsAt(files['schema.ts']!, users.range), "'users'");
    assert.deepEqual(users.columns.map(({ range }) => wordsAt(files['schema.ts']!, range)), users.columns.map(({ property }) => property));
  });

  it('say where not all of their columns can be seen', () => {
    const seen = table({ 'a.ts': `import { pgTable, integer } from 'drizzle-orm/pg-core'; import { more } from '@x/y'; export const a = pgTable('a', { id: integer(), ...more });` }, 'a');
    assert.deepEqual([seen.complete, seen.columns.map(({ name }) => name)], [false, ['id']]);
  });

  it('are made by helpers of other files, too', () => {
    const files = {
      'a.ts': `import { text } from 'drizzle-orm/pg-core'; import { softTable } from '@/db/table'; export const things = softTable('things', { title: text() });`,
      'src/db/table.ts': `import { pgTable, timestamp } from 'drizzle-orm/pg-core'; export const softTable = (name, columns) => pgTable(name, { ...columns, deletedAt: timestamp('deleted_at') });`,
    };
    const { models, columns } = table(files, 'things');
    assert.deepEqual([models, columns.map(({ name }) => name)], [['things'], ['title', 'deleted_at']]);
  });
});

describe('Drizzle relations', () => {
  const schema = `
    import { integer, pgTable, timestamp, boolean } from 'drizzle-orm/pg-core';
    export const users = pgTable('app_users', { id: integer('user_id').primaryKey(), bossId: integer('boss_id') });
    export const posts = pgTable('posts', { id: integer().primaryKey(), authorId: integer('author_id').notNull(), deletedAt: timestamp('deleted_at'), hidden: boolean() });
    export const postsToTags = pgTable('posts_to_tags', { postId: integer('post_id'), tagId: integer('tag_id') });
    export const tags = pgTable('tags', { id: integer().primaryKey() });`;
  const facts = (files: Files) => Object.fromEntries(declared(files).filter(({ kind }) => kind === 'alter').map(({ name, relations }) => [name, (relations ?? []).map((each) => [each.property, each.target.table ?? each.target.model, each.many, each.optional, each.on, each.pair ?? null])]));

  it('of version 1', () => {
    assert.deepEqual(facts({
      'schema.ts': schema,
      'relations.ts': `
        import { relations } from 'drizzle-orm';
        import * as s from './schema';
        import { elsewhere } from './unseen';
        export const userRelations = relations(s.users, ({ one, many }) => ({
          posts: many(s.posts, { relationName: 'author' }), boss: one(s.users, { fields: [s.users.bossId], references: [s.users.id] }), other: many(elsewhere),
        }));
        export const postRelations = relations(s.posts, (r) => { return { author: r.one(s.users, { fields: [s.posts.authorId], references: [s.users.id], relationName: 'author' }) }; });`,
    }), {
      app_users: [['posts', 'posts', true, null, null, 'author'], ['boss', 'app_users', false, null, { boss_id: 'user_id' }, null], ['other', 'elsewhere', true, null, null, null]],
      posts: [['author', 'app_users', false, null, { author_id: 'user_id' }, 'author']],
    });
  });

  it('of version 2, with the join table and the condition', () => {
    const files = {
      'schema.ts': schema,
      'relations.ts': `
        import { defineRelations } from 'drizzle-orm';
        import * as schema from './schema';
        export const relations = defineRelations(schema, (r) => ({
          users: { livePosts: r.many.posts({ from: r.users.id, to: r.posts.authorId, where: { deletedAt: { isNull: true }, hidden: false }, alias: 'author' }) },
          posts: {
            author: r.one.users({ from: r.posts.authorId, to: r.users.id, optional: false }),
            tags: r.many.tags({ from: r.posts.id.through(r.postsToTags.postId), to: r.tags.id.through(r.postsToTags.tagId) }),
          },
        }));`,
    };
    assert.deepEqual(facts(files), {
      app_users: [['livePosts', 'posts', true, null, { user_id: 'author_id' }, 'author']],
      posts: [['author', 'app_users', false, false, { author_id: 'user_id' }, null], ['tags', 'tags', true, null, null, null]],
    });
    const [users, posts] = declared(files).filter(({ kind }) => kind === 'alter');
    assert.deepEqual([users!.relations![0]!.predicate!.expr!.type, posts!.relations![1]!.through, users!.models], ['and', { table: 'posts_to_tags', schema: null, model: null }, ['users']]);
  });

  it('of a table that is declared nowhere are left to its constant', () => {
    const [only] = declared({ 'a.ts': `import { relations } from 'drizzle-orm'; import { users, posts } from '@pkg/db'; export const r = relations(users, ({ many }) => ({ posts: many(posts) }));` });
    assert.deepEqual([only!.named, only!.name, only!.relations![0]!.target.model], ['by-model', 'users', 'posts']);
  });

  it('have the names of db.query', () => {
    const added = declared({ 'schema.ts': schema, 'db.ts': `import { drizzle } from 'drizzle-orm/node-postgres'; import { users } from './schema'; export const db = drizzle(pool, { schema: { people: users } });` });
    assert.deepEqual(added.filter(({ kind }) => kind === 'alter').map(({ name, models }) => [name, models]), [['app_users', ['people']]]);
  });
});

/** Drizzle's calls against the SQL that drizzle-orm 0.45 sends for them, through its proxy drivers, which hand over every statement. */
import * as drizzleOrm from 'drizzle-orm';
import * as mysql from 'drizzle-orm/mysql-core';
import { drizzle as mysqlProxy } from 'drizzle-orm/mysql-proxy';
import * as pg from 'drizzle-orm/pg-core';
import { drizzle as pgProxy } from 'drizzle-orm/pg-proxy';
import type { Manifest } from '../../lib/manifest/index.js';
import { drizzle } from '../../lib/orm/drizzle.js';
import { crossCheck, type Shape } from './cross-check.js';

const { isNull, relations } = drizzleOrm;

const users = pg.pgTable('users', { id: pg.integer('id').primaryKey(), email: pg.text('email').notNull(), name: pg.text('name'), managerId: pg.integer('manager_id'), createdAt: pg.timestamp('created_at'), deletedAt: pg.timestamp('deleted_at') });
const posts = pg.pgTable('posts', { id: pg.integer('id').primaryKey(), title: pg.text('title'), authorId: pg.integer('author_id'), views: pg.integer('views'), deletedAt: pg.timestamp('deleted_at') });
const comments = pg.pgTable('comments', { id: pg.integer('id').primaryKey(), postId: pg.integer('post_id'), userId: pg.integer('user_id'), body: pg.text('body'), isDeleted: pg.boolean('is_deleted').notNull().default(false) });
const logs = pg.pgTable('logs', { id: pg.integer('id').primaryKey(), userId: pg.integer('user_id'), at: pg.timestamp('at') });
const liveUsers = pg.pgView('live_users').as((qb) => qb.select().from(users).where(isNull(users.deletedAt)));

const schema = {
  users, posts, comments, logs,
  usersRelations: relations(users, ({ many, one }) => ({ posts: many(posts), comments: many(comments), manager: one(users, { fields: [users.managerId], references: [users.id] }) })),
  postsRelations: relations(posts, ({ many, one }) => ({ author: one(users, { fields: [posts.authorId], references: [users.id] }), comments: many(comments) })),
  commentsRelations: relations(comments, ({ one }) => ({ post: one(posts, { fields: [comments.postId], references: [posts.id] }), user: one(users, { fields: [comments.userId], references: [users.id] }) })),
  logsRelations: relations(logs, ({ one }) => ({ user: one(users, { fields: [logs.userId], references: [users.id] }) })),
};

const manifest: Manifest = {
  tables: {
    users: {
      deletion: 'soft', models: ['users'], columns: { deletedAt: 'deleted_at', managerId: 'manager_id' }, unique: [['email']],
      relations: { posts: { table: 'posts', many: true, on: { id: 'author_id' } }, comments: { table: 'comments', many: true, on: { id: 'user_id' } }, manager: { table: 'users', on: { manager_id: 'id' } } },
    },
    posts: {
      deletion: 'soft', models: ['posts'], columns: { deletedAt: 'deleted_at', authorId: 'author_id' },
      relations: { author: { table: 'users', on: { author_id: 'id' } }, comments: { table: 'comments', many: true, on: { id: 'post_id' } } },
    },
    comments: {
      deletion: 'soft', models: ['comments'], tombstone: { column: 'is_deleted', live: false }, columns: { isDeleted: 'is_deleted', postId: 'post_id', userId: 'user_id' },
      relations: { post: { table: 'posts', on: { post_id: 'id' } }, user: { table: 'users', on: { user_id: 'id' } } },
    },
    logs: { deletion: 'hard', relations: { user: { table: 'users', on: { user_id: 'id' } } } },
  },
};

const OPERATORS = 'and, or, not, eq, ne, gt, gte, lt, lte, isNull, isNotNull, inArray, notInArray, exists, notExists, between, notBetween, like, ilike, sql, count, countDistinct, sum, max, getTableColumns, asc, desc';
const PRELUDE = `
  import { ${OPERATORS} } from 'drizzle-orm';
  import { alias, union, unionAll, intersect, except } from 'drizzle-orm/pg-core';
  import * as schema from './schema';
  import { users, posts, comments, logs, liveUsers } from './schema';
  import { db } from './db';
`;

const FIRST_ARGUMENT = 'a condition is an object, so that && leaves the second: the file shows as much as the run does';

const SHAPES: readonly Shape[] = [
  // The root table.
  { code: 'db.select().from(users)' },
  { code: 'db.select().from(users).where(isNull(users.deletedAt))' },
  { code: 'db.select().from(schema.users).where(isNull(schema.users.deletedAt))' },
  { code: 'db.select().from(users).where(isNotNull(users.deletedAt))' },
  { code: 'db.select().from(users).where(not(isNotNull(users.deletedAt)))' },
  { code: 'db.select().from(users).where(not(isNull(users.deletedAt)))' },
  { code: 'db.select().from(users).where(eq(users.deletedAt, null))' },
  { code: 'db.select().from(users).where(undefined)' },
  { code: 'db.select().from(users).where(and())' },
  { code: 'db.select().from(users).where(and(undefined, eq(users.id, 1)))' },
  { code: 'db.select().from(users).where(and(eq(users.id, 1), isNull(users.deletedAt)))' },
  { code: 'db.select().from(users).where(or(eq(users.id, 1), isNull(users.deletedAt)))' },
  { code: 'db.select().from(users).where(or(undefined, isNull(users.deletedAt)))' },
  { code: 'db.select().from(users).where(and(isNull(users.deletedAt), or(eq(users.id, 1), eq(users.name, "x"))))' },
  { code: 'db.select().from(users).where(or(isNull(users.deletedAt), gt(users.deletedAt, new Date())))', differs: { call: ['users: live'], why: 'the call says that the text which is bound is the time of the run, after which no row has died' } },
  { code: 'db.select().from(users).where(lt(users.deletedAt, new Date()))' },
  { code: 'db.select().from(users).where(between(users.deletedAt, new Date(0), new Date()))' },
  { code: 'db.select().from(users).where(inArray(users.id, [1, 2]))' },
  { code: 'db.select().from(users).where(and(inArray(users.id, [1, 2]), isNull(users.deletedAt))).orderBy(desc(users.id)).limit(3).offset(2)' },
  { code: 'db.selectDistinct({ name: users.name }).from(users).where(isNull(users.deletedAt))' },
  { code: 'db.selectDistinctOn([users.name]).from(users).orderBy(users.name)' },
  { code: 'db.select({ id: users.id, at: users.deletedAt }).from(users).where(like(users.name, "a%"))' },
  { code: 'db.select({ ...getTableColumns(users) }).from(users).where(isNull(users.deletedAt))' },
  // Flags.
  { code: 'db.select().from(comments).where(eq(comments.isDeleted, false))' },
  { code: 'db.select().from(comments).where(ne(comments.isDeleted, true))' },
  { code: 'db.select().from(comments).where(not(comments.isDeleted))' },
  { code: 'db.select().from(comments).where(comments.isDeleted)' },
  { code: 'db.select().from(comments).where(sql`not ${comments.isDeleted}`)' },
  // Fragments.
  { code: 'db.select().from(users).where(sql`${users.deletedAt} is null`)' },
  { code: 'db.select().from(users).where(sql`${users}.deleted_at is null`)' },
  { code: 'db.select().from(users).where(sql.raw("deleted_at is null"))' },
  { code: 'db.select().from(users).where(sql`deleted_at is null and ${eq(users.id, 1)}`)' },
  { code: 'db.select().from(users).where(sql`${isNull(users.deletedAt)} and ${users.id} = ${1}`)' },
  { code: 'db.select().from(users).where(sql.join([isNull(users.deletedAt), eq(users.id, 1)], sql` and `))' },
  { code: 'db.select().from(users).where(and(isNull(users.deletedAt), sql`name = \'a\' or name = \'b\'`))' },
  { code: 'db.select().from(users).where(and(isNull(users.deletedAt), sql`(name = \'a\' or name = \'b\')`))' },
  { code: 'db.select().from(users).where(and(sql`name = \'a\' or name = \'b\'`, isNull(users.deletedAt)))' },
  { code: 'db.select().from(users).where(and(and(sql`name = \'a\' or name = \'b\'`), isNull(users.deletedAt)))' },
  { code: 'db.select().from(users).where(and(not(sql`name = \'a\' or name = \'b\'`), isNull(users.deletedAt)))' },
  { code: 'db.select().from(users).where(sql`deleted_at is null or name = \'b\'`)' },
  { code: 'db.select().from(users).where(sql`${users.id} in ${db.select({ id: posts.authorId }).from(posts).where(isNull(posts.deletedAt))} and ${users.deletedAt} is null`)' },
  { code: 'db.select().from(users).where(and(isNull(users.deletedAt), sql`exists ${db.select().from(posts).where(eq(posts.authorId, users.id))}`))' },
  // Joins.
  { code: 'db.select().from(posts).innerJoin(users, eq(users.id, posts.authorId)).where(isNull(posts.deletedAt))' },
  { code: 'db.select().from(posts).innerJoin(users, and(eq(users.id, posts.authorId), isNull(users.deletedAt))).where(isNull(posts.deletedAt))' },
  { code: 'db.select().from(users).leftJoin(posts, eq(posts.authorId, users.id)).where(isNull(users.deletedAt))' },
  { code: 'db.select().from(users).leftJoin(posts, and(eq(posts.authorId, users.id), isNull(posts.deletedAt))).where(isNull(users.deletedAt))' },
  { code: 'db.select().from(users).leftJoin(posts, eq(posts.authorId, users.id)).where(and(isNull(users.deletedAt), isNull(posts.deletedAt)))' },
  { code: 'db.select().from(posts).rightJoin(users, and(eq(posts.authorId, users.id), isNull(posts.deletedAt))).where(isNull(users.deletedAt))' },
  { code: 'db.select().from(posts).fullJoin(users, and(eq(posts.authorId, users.id), isNull(posts.deletedAt)))' },
  { code: 'db.select().from(posts).crossJoin(users).where(and(isNull(posts.deletedAt), isNull(users.deletedAt)))' },
  { code: 'const managers = alias(users, "managers"); return db.select().from(users).innerJoin(managers, eq(managers.id, users.managerId)).where(isNull(users.deletedAt))' },
  { code: 'const managers = alias(users, "managers"); return db.select().from(users).innerJoin(managers, and(eq(managers.id, users.managerId), isNull(managers.deletedAt))).where(sql`${users.deletedAt} is null`)' },
  { code: 'const managers = alias(users, "managers"); return db.select().from(users).leftJoin(managers, sql`${managers.id} = ${users.managerId} and ${managers.deletedAt} is null`).where(isNull(users.deletedAt))' },
  // Aggregates.
  { code: 'db.$count(users)' },
  { code: 'db.$count(users, isNull(users.deletedAt))' },
  { code: 'db.select({ n: count() }).from(users)' },
  { code: 'db.select({ n: sql`count(*)`.mapWith(Number) }).from(users).where(isNull(users.deletedAt))' },
  { code: 'db.select({ author: posts.authorId, n: count(posts.id), views: sum(posts.views) }).from(posts).groupBy(posts.authorId).having(gt(count(posts.id), 3))' },
  { code: 'db.select({ id: users.id, posts: count(posts.id) }).from(users).leftJoin(posts, and(eq(posts.authorId, users.id), isNull(posts.deletedAt))).where(isNull(users.deletedAt)).groupBy(users.id)' },
  { code: 'db.select({ n: sql`count(*) filter (where ${users.deletedAt} is null)` }).from(users)' },
  { code: 'db.select({ id: users.id, posts: db.$count(posts, eq(posts.authorId, users.id)) }).from(users).where(isNull(users.deletedAt))' },
  { code: 'db.select({ id: users.id, posts: db.$count(posts, and(eq(posts.authorId, users.id), isNull(posts.deletedAt))) }).from(users).where(isNull(users.deletedAt))' },
  // Subqueries, CTEs, set operations, views.
  { code: 'db.select().from(users).where(and(isNull(users.deletedAt), exists(db.select().from(posts).where(eq(posts.authorId, users.id)))))' },
  { code: 'db.select().from(users).where(and(isNull(users.deletedAt), notExists(db.select().from(posts).where(and(eq(posts.authorId, users.id), isNull(posts.deletedAt))))))' },
  { code: 'db.select().from(users).where(inArray(users.id, db.select({ id: posts.authorId }).from(posts)))' },
  { code: 'db.select().from(users).where(notInArray(users.id, db.select({ id: posts.authorId }).from(posts).where(isNull(posts.deletedAt))))' },
  { code: 'db.select().from(users).where(eq(users.id, db.select({ id: max(posts.authorId) }).from(posts)))' },
  { code: 'const sub = db.select({ id: posts.authorId }).from(posts).where(isNull(posts.deletedAt)).as("sub"); return db.select().from(users).innerJoin(sub, eq(sub.id, users.id)).where(isNull(users.deletedAt))' },
  { code: 'const sub = db.select().from(posts).as("sub"); return db.select({ id: sub.id }).from(sub).where(isNull(sub.deletedAt))' },
  { code: 'const sub = db.select({ author: posts.authorId, n: count().as("n") }).from(posts).groupBy(posts.authorId).as("sub"); return db.select().from(users).leftJoin(sub, eq(sub.author, users.id)).where(isNull(users.deletedAt))' },
  { code: 'const sub = db.select().from(posts).where(eq(posts.authorId, users.id)).limit(3).as("sub"); return db.select().from(users).leftJoinLateral(sub, sql`true`).where(isNull(users.deletedAt))' },
  { code: 'const live = db.$with("live").as(db.select().from(users).where(isNull(users.deletedAt))); return db.with(live).select().from(live)' },
  { code: 'const all = db.$with("everybody").as(db.select().from(users)); return db.with(all).select().from(all).where(isNull(all.deletedAt))' },
  { code: 'const all = db.$with("everybody").as((qb) => qb.select().from(users)); return db.with(all).select({ n: count() }).from(all)' },
  { code: 'const gone = db.$with("gone").as(db.delete(posts).where(isNotNull(posts.deletedAt)).returning()); return db.with(gone).select().from(gone)' },
  { code: 'union(db.select({ id: users.id }).from(users).where(isNull(users.deletedAt)), db.select({ id: posts.id }).from(posts))' },
  { code: 'db.select({ id: users.id }).from(users).unionAll(db.select({ id: posts.id }).from(posts).where(isNull(posts.deletedAt))).limit(4)' },
  { code: 'db.select({ id: users.id }).from(users).except(db.select({ id: posts.id }).from(posts).where(isNull(posts.deletedAt)))' },
  { code: 'except(db.select({ id: users.id }).from(users).where(isNull(users.deletedAt)), db.select({ id: posts.id }).from(posts), db.select({ id: comments.id }).from(comments))' },
  { code: 'db.select().from(liveUsers)' },
  // Composition in the program.
  { code: 'const where = [isNull(users.deletedAt)]; where.push(eq(users.id, 1)); return db.select().from(users).where(and(...where))' },
  { code: 'const live = isNull(users.deletedAt), q = db.select().from(users).where(live); return q' },
  { code: 'const query = db.select().from(users).where(isNull(users.deletedAt)).$dynamic(); return query.where(eq(users.id, 1))' },
  { code: 'let query = db.select().from(users).$dynamic(); query = query.where(isNull(users.deletedAt)); return query.limit(2)' },
  { code: 'const query = db.select().from(users).$dynamic(); query.where(isNull(users.deletedAt)); return query' },
  { code: 'const live = (table) => isNull(table.deletedAt); return db.select().from(posts).innerJoin(users, and(eq(users.id, posts.authorId), live(users))).where(live(posts))' },
  { name: `&&: ${FIRST_ARGUMENT}`, code: 'db.select().from(users).where(isNull(users.deletedAt) && eq(users.id, 1))' },
  // Writes.
  { code: 'db.update(users).set({ name: "x" }).where(eq(users.id, 1))' },
  { code: 'db.update(users).set({ deletedAt: new Date() }).where(eq(users.id, 1))' },
  { code: 'db.update(users).set({ deletedAt: sql`now()` }).where(and(eq(users.id, 1), isNull(users.deletedAt)))' },
  { code: 'db.update(users).set({ deletedAt: null }).where(eq(users.id, 1)).returning()' },
  { code: 'db.update(users).set({ name: undefined, email: "x" }).where(isNull(users.deletedAt))' },
  { code: 'db.update(posts).set({ title: "x" }).from(users).where(and(eq(users.id, posts.authorId), isNull(posts.deletedAt)))' },
  { code: 'db.delete(users).where(eq(users.id, 1))' },
  { code: 'db.delete(users)' },
  { code: 'db.delete(users).where(lt(users.deletedAt, new Date()))' },
  { code: 'db.delete(logs).where(inArray(logs.userId, db.select({ id: users.id }).from(users)))' },
  { code: 'db.insert(users).values({ id: 1, email: "a" }).onConflictDoUpdate({ target: users.email, set: { name: "x" } })' },
  { code: 'db.insert(users).values({ id: 1, email: "a" }).onConflictDoUpdate({ target: [users.email], targetWhere: isNull(users.deletedAt), set: { name: "x" } })' },
  { code: 'db.insert(users).values({ id: 1, email: "a" }).onConflictDoUpdate({ target: users.email, set: { name: "x", deletedAt: null } })' },
  { code: 'db.insert(users).values({ id: 1, email: "a" }).onConflictDoUpdate({ target: users.email, set: { name: sql`excluded.name` }, setWhere: isNull(users.deletedAt) })' },
  { code: 'db.insert(users).values([{ id: 1, email: "a" }]).onConflictDoNothing({ target: users.email, where: isNull(users.deletedAt) })' },
  { code: 'db.insert(users).values({ id: 1, email: "a" }).onConflictDoNothing()' },
  { code: 'db.insert(logs).select(db.select({ id: users.id, userId: users.id, at: users.createdAt }).from(users))' },
  { code: 'db.insert(logs).select((qb) => qb.select({ id: users.id, userId: users.id, at: users.createdAt }).from(users).where(isNull(users.deletedAt)))' },
  // Relational queries.
  { code: 'db.query.users.findMany()' },
  { code: 'db.query.users.findMany({ where: isNull(users.deletedAt) })' },
  { code: 'db.query.users.findFirst({ where: (users, { isNull }) => isNull(users.deletedAt) })' },
  { code: 'db.query.users.findFirst({ where: (table, { and, eq, isNull: none }) => and(eq(table.id, 1), none(table.deletedAt)), columns: { id: true } })' },
  { code: 'db.query.users.findMany({ where: (table, operators) => operators.isNull(table.deletedAt), limit: 3 })' },
  { code: 'db.query.users.findMany({ where: (table) => eq(table.id, 1) })' },
  { code: 'db.query.users.findMany({ where: ({ deletedAt }, { isNull }) => isNull(deletedAt) })' },
  { code: 'db.query.users.findMany({ where: (table, { sql }) => sql`${table.deletedAt} is null` })' },
  { code: 'return db.query.users.findMany({ where: (table, { and, eq, isNull }) => { const where = [isNull(table.deletedAt)]; where.push(eq(table.id, 1)); return and(...where); } })' },
  { code: 'db.query.users.findMany({ where: isNull(users.deletedAt), with: { posts: true } })' },
  { code: 'db.query.users.findMany({ where: isNull(users.deletedAt), with: { posts: { where: (posts, { isNull }) => isNull(posts.deletedAt) } } })' },
  { code: 'db.query.users.findMany({ where: isNull(users.deletedAt), with: { posts: { where: isNull(posts.deletedAt), limit: 3, with: { comments: true } } } })' },
  { code: 'db.query.users.findMany({ with: { posts: { where: isNull(posts.deletedAt), with: { comments: { where: (comments, { eq }) => eq(comments.isDeleted, false) } } } } })' },
  { code: 'db.query.posts.findFirst({ where: isNull(posts.deletedAt), with: { author: true } })' },
  { code: 'db.query.users.findMany({ where: isNull(users.deletedAt), with: { posts: false } })' },
  { code: 'db.query.users.findMany({ where: isNull(users.deletedAt), with: { posts: undefined } })' },
  { code: 'db.query.logs.findMany({ with: { user: { with: { posts: { where: isNull(posts.deletedAt) } } } } })' },
  { code: 'db.query.users.findMany({ where: isNull(users.deletedAt), extras: { n: sql`(select count(*) from posts where posts.author_id = users.id)`.as("n") } })' },
  { code: 'db.query.users.findMany({ where: isNull(users.deletedAt), extras: (table, { sql }) => ({ upper: sql`upper(${table.name})`.as("upper") }) })' },
  { code: 'db.query.users.findMany({ where: exists(db.select().from(posts).where(isNull(posts.deletedAt))) })' },
];

/** What `code` yields, called with the names that it may use; every statement that the library sends, with its parameters in it. */
async function sentBy(code: string, names: Readonly<Record<string, unknown>>, sent: string[]): Promise<readonly string[]> {
  const body = /\breturn\b/.test(code) ? code : `return ${code};`;
  const run = new Function(...Object.keys(names), body) as (...values: readonly unknown[]) => unknown;
  await Promise.resolve(run(...Object.values(names))).catch((error: unknown) => { if (sent.length === 0) throw error; });
  return sent;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `'${(value instanceof Date ? value.toISOString() : String(value)).replaceAll("'", "''")}'`;
}

describe('Drizzle, against drizzle-orm 0.45 on PostgreSQL', () => {
  crossCheck({
    library: drizzle, manifest, prelude: PRELUDE, shapes: SHAPES,
    run(code) {
      const sent: string[] = [];
      const db = pgProxy(async (text, parameters) => {
        sent.push(text.replace(/\$(\d+)/g, (_, index: string) => literal(parameters[Number(index) - 1])));
        return { rows: [] };
      }, { schema });
      return sentBy(code, { ...drizzleOrm, ...pg, ...{ users, posts, comments, logs, liveUsers }, schema, db }, sent);
    },
  });
});

describe('Drizzle, against drizzle-orm 0.45 on MySQL', () => {
  const accounts = mysql.mysqlTable('accounts', { id: mysql.int('id').primaryKey(), email: mysql.varchar('email', { length: 200 }).unique(), name: mysql.text('name'), deletedAt: mysql.timestamp('deleted_at') });
  crossCheck({
    library: drizzle,
    manifest: { dialect: 'mysql', tables: { accounts: { deletion: 'soft', models: ['accounts'], columns: { deletedAt: 'deleted_at' }, unique: [['email']] } } },
    prelude: `import { ${OPERATORS} } from 'drizzle-orm'; import { alias } from 'drizzle-orm/mysql-core'; import { accounts } from './schema'; import { db } from './db';`,
    shapes: [
      { code: 'db.select().from(accounts)' },
      { code: 'db.select().from(accounts).where(isNull(accounts.deletedAt))' },
      { code: 'db.select().from(accounts).where(sql`${accounts.deletedAt} is null`)' },
      { code: 'db.select().from(accounts).where(sql`deleted_at is null and ${eq(accounts.id, 1)}`)' },
      { code: 'const other = alias(accounts, "other"); return db.select().from(accounts).innerJoin(other, sql`${other.id} = ${accounts.id} and ${other.deletedAt} is null`)' },
      { code: 'db.insert(accounts).values({ id: 1, email: "a" }).onDuplicateKeyUpdate({ set: { name: "x" } })' },
      { code: 'db.insert(accounts).values({ id: 1, email: "a" }).onDuplicateKeyUpdate({ set: { name: "x", deletedAt: null } })' },
      { code: 'db.insert(accounts).ignore().values({ id: 1, email: "a" })' },
      { code: 'db.update(accounts).set({ deletedAt: sql`now()` }).where(eq(accounts.id, 1)).limit(1)' },
      { code: 'db.delete(accounts).where(isNotNull(accounts.deletedAt)).limit(100)' },
    ],
    run(code) {
      const sent: string[] = [];
      const db = mysqlProxy(async (text, parameters) => {
        let index = 0;
        sent.push(text.replace(/\?/g, () => literal(parameters[index++])));
        return { rows: [] };
      });
      return sentBy(code, { ...drizzleOrm, ...mysql, accounts, db }, sent);
    },
  });
});

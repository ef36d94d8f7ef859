/** What the suggestions make of Drizzle's calls. The code that they leave has no report less and none more. */
import assert from 'node:assert/strict';
import type { Manifest } from '../../lib/manifest/index.js';
import { sayings, type Case } from './said.js';

const MANIFEST: Manifest = {
  tables: {
    users: { deletion: 'soft', models: ['users'], unique: [['email']], retention: '30 days', columns: { deletedAt: 'deleted_at' }, relations: { posts: { table: 'posts', many: true, on: { id: 'author_id' } } } },
    posts: { deletion: 'soft', models: ['posts'], columns: { deletedAt: 'deleted_at' }, relations: { author: { table: 'users', on: { author_id: 'id' } }, comments: { table: 'comments', many: true, on: { id: 'post_id' } } } },
    comments: { deletion: 'soft', models: ['comments'], tombstone: { column: 'is_deleted', live: false }, columns: { isDeleted: 'is_deleted' } },
    documents: { deletion: 'soft', models: ['documents'], tombstone: ['deleted_at', 'archived_at'], columns: { deletedAt: 'deleted_at', archivedAt: 'archived_at' } },
    coupons: { deletion: 'soft', models: ['coupons'], tombstone: { column: 'deleted_at', scheduled: true }, columns: { deletedAt: 'deleted_at' } },
    orders: { deletion: 'soft', models: ['orders'], tombstone: { column: 'status', live: 'open', dead: ['deleted', 'void'] } },
    tags: { deletion: 'hard', models: ['tags'], relations: { posts: { table: 'posts', many: true, on: { id: 'tag_id' } } } },
  },
  guards: [
    { kind: 'predicate', name: 'notDeleted' }, { kind: 'predicate', name: 'liveUsers', table: 'users' }, { kind: 'predicate', name: 'inTrash', yields: 'dead' },
    { kind: 'where-wrapper', name: 'withoutDeleted' }, { kind: 'where-object', name: 'live', from: './live' }, { kind: 'modifier', name: 'onlyLive' },
    { kind: 'query-source', name: 'allUsers', table: 'users', yields: 'all' }, { kind: 'query-source', name: 'currentUsers', table: 'users' }, { kind: 'chain', name: 'whereLive' },
    { kind: 'relation', name: 'livePosts' },
  ],
};

const { lint, mends, says } = sayings(MANIFEST);
const TABLES = "import { comments, coupons, documents, orders, posts, tags, users } from './schema';\n";
const ALL = `import { and, eq, exists, gt, inArray, isNotNull, isNull, like, lt, ne, notInArray, or, sql } from 'drizzle-orm';\n${TABLES}`;
const known = (...cases: readonly (readonly [string, string])[]): (readonly [string, string])[] => cases.map(([code, output]) => [ALL + code, ALL + output]);

const all = (...cases: readonly (readonly [string, ...string[]])[]): Case[] => cases.map(([code, ...reports]) => [ALL + code, ...reports]);

describe('guards of the manifest, as Drizzle has them', () => {
  describe('predicates', () => says(all(
    ['await db.select().from(users).where(notDeleted(users));'],
    ['await db.select().from(users).where(and(eq(users.role, role), notDeleted(users)));'],
    ['await db.select().from(users).where(or(eq(users.role, role), notDeleted(users)));', 'require-live-filter: users'],
    ['await db.select().from(users).innerJoin(posts, and(eq(posts.authorId, users.id), notDeleted(posts))).where(notDeleted(users));'],
    ['await db.select().from(users).innerJoin(posts, eq(posts.authorId, users.id)).where(notDeleted(users));', 'require-live-join: posts'],
    ['await db.select().from(users).where(sql`${notDeleted(users)} and ${users.role} = ${role}`);'],
    ['await db.select().from(users).where(liveUsers);'],
    ['await db.select().from(users).where(and(liveUsers, eq(users.role, role)));'],
    ['await db.select().from(users).where(filters.liveUsers());'],
    ['await db.select().from(posts).where(liveUsers);'],
    ['await db.update(users).set({ deletedAt: null }).where(inTrash(users));'],
    ['await db.update(users).set({ deletedAt: new Date() }).where(inTrash(users));', 'no-restamp: users'],
    ['await db.query.users.findMany({ where: notDeleted(users) });'],
    ['await db.query.users.findMany({ where: (t) => notDeleted(t) });'],
    ['await db.$count(users, notDeleted(users));'],
  )));

  describe('wrappers of conditions', () => says(all(
    ['await db.select().from(users).where(withoutDeleted(users, eq(users.role, role)));'],
    ['await db.select().from(users).where(withoutDeleted(eq(users.role, role)));'],
    ['await db.select().from(users).innerJoin(posts, eq(posts.authorId, users.id)).where(withoutDeleted(users, eq(users.role, role)));', 'require-live-join: posts'],
    ['await db.query.users.findMany({ where: withoutDeleted({ role }) });'],
    ['await db.query.users.findMany({ where: withoutDeleted({ posts: { title } }) });', 'require-live-join: posts'],
  )));

  describe('objects of filters', () => says(all(
    ["import { live } from './live'; await db.query.users.findMany({ where: live });"],
    ["import { live } from './live'; await db.query.users.findMany({ where: { ...live, role } });"],
    ["import { live } from './live'; await db.query.users.findMany({ where: { OR: [{ ...live }, { role }] } });", 'require-live-filter: users'],
    ["import { live } from './live'; await db.query.users.findMany({ where: { ...live }, with: { posts: true } });", 'require-live-join: posts'],
    ["import { live } from './live'; await db.query.users.findMany({ where: { ...live }, with: { posts: { where: live } } });"],
    // Of another module nothing is known.
    ["import { live } from './other'; await db.query.users.findMany({ where: { ...live } });"],
  )));

  describe('functions that go on with a query', () => says(all(
    ['await onlyLive(db.select().from(users).$dynamic());'],
    ['await onlyLive(db.select().from(users).where(eq(users.role, role)).$dynamic());'],
    ['await onlyLive(db.select().from(users).innerJoin(posts, eq(posts.authorId, users.id)).where(eq(users.role, role)));', 'require-live-join: posts'],
    ['const query = db.select().from(users).where(eq(users.role, role)).$dynamic(); await onlyLive(query);'],
    // What it does is not known.
    ['await paginated(db.select().from(users).$dynamic());'],
  )));

  describe('queries to start from, methods, relations', () => says(all(
    ['await currentUsers(db).limit(10);'],
    ['await allUsers(db).limit(10);', 'require-live-filter: allUsers(db)'],
    ['await allUsers(db).where(isNull(users.deletedAt));'],
    ['await currentUsers(db).innerJoin(posts, eq(posts.authorId, users.id)).limit(10);', 'require-live-join: posts'],
    ['await db.select().from(users).whereLive();'],
    ['await db.select().from(users).where(eq(users.role, role)).whereLive();'],
    ['await db.query.users.findMany({ where: isNull(users.deletedAt), with: { livePosts: true } });'],
  )));
});

describe('Drizzle in modules of CommonJS', () => {
  const required = "const { and, eq, isNull } = require('drizzle-orm');\nconst { users } = require('./schema');\n";
  says([
    [`${required}await db.select().from(users);`, 'require-live-filter: users'],
    [`${required}await db.select().from(users).where(and(eq(users.role, role), isNull(users.deletedAt)));`],
    ["const schema = require('./schema');\nawait db.select().from(schema.users);", 'require-live-filter: schema.users'],
  ]);
});

describe('suggestions for Drizzle', () => {
  describe('the WHERE of a builder', () => mends(known(
    ['await db.select().from(users);', 'await db.select().from(users).where(isNull(users.deletedAt));'],
    ['await db.select().from(users).orderBy(users.name).limit(3);', 'await db.select().from(users).where(isNull(users.deletedAt)).orderBy(users.name).limit(3);'],
    ['const rows = await db\n  .select()\n  .from(users)\n  .orderBy(users.name);', 'const rows = await db\n  .select()\n  .from(users)\n  .where(isNull(users.deletedAt))\n  .orderBy(users.name);'],
    ["await db.select().from(users).where(eq(users.role, 'admin'));", "await db.select().from(users).where(and(eq(users.role, 'admin'), isNull(users.deletedAt)));"],
    ['await db.select().from(users).where(and(eq(users.role, role), like(users.name, text)));', 'await db.select().from(users).where(and(eq(users.role, role), like(users.name, text), isNull(users.deletedAt)));'],
    ['await db.select().from(users).where(\n  and(\n    eq(users.role, role),\n    like(users.name, text),\n  ),\n);', 'await db.select().from(users).where(\n  and(\n    eq(users.role, role),\n    like(users.name, text),\n    isNull(users.deletedAt),\n  ),\n);'],
    ['await db.select().from(users).where(or(isNull(users.deletedAt), eq(users.role, role)));', 'await db.select().from(users).where(and(or(isNull(users.deletedAt), eq(users.role, role)), isNull(users.deletedAt)));'],
    ['await db.select().from(users).where(and(eq(users.role, role), (text ? like(users.name, text) : undefined)));', 'await db.select().from(users).where(and(eq(users.role, role), (text ? like(users.name, text) : undefined), isNull(users.deletedAt)));'],
    ['await db.select().from(users).where((text ? like(users.name, text) : undefined));', 'await db.select().from(users).where((and(text ? like(users.name, text) : undefined, isNull(users.deletedAt))));'],
    ['await db.select().from(users).where(undefined);', 'await db.select().from(users).where(isNull(users.deletedAt));'],
    ['await db.select().from(users).where();', 'await db.select().from(users).where(isNull(users.deletedAt));'],
    ['await db.select().from(users).where(and());', 'await db.select().from(users).where(and(isNull(users.deletedAt)));'],
    ['const where = [eq(users.role, role)]; await db.select().from(users).where(and(...where));', 'const where = [eq(users.role, role)]; await db.select().from(users).where(and(...where, isNull(users.deletedAt)));'],
    ['const where = eq(users.role, role); await db.select().from(users).where(where);', 'const where = eq(users.role, role); await db.select().from(users).where(and(where, isNull(users.deletedAt)));'],
    ['await db.select().from(users).where(role ? eq(users.role, role) : undefined);', 'await db.select().from(users).where(and(role ? eq(users.role, role) : undefined, isNull(users.deletedAt)));'],
    ['await db.select().from(users).where(sql`${users.role} = ${role}`);', 'await db.select().from(users).where(and(sql`${users.role} = ${role}`, isNull(users.deletedAt)));'],
    ['await db.select().from(users).where(sql`name = ${a} or name = ${b}`);', 'await db.select().from(users).where(and(sql`(name = ${a} or name = ${b})`, isNull(users.deletedAt)));'],
    ['await db.select().from(users).where(and(isNull(users.deletedAt), sql`name = ${a} or name = ${b}`));', 'await db.select().from(users).where(and(isNull(users.deletedAt), sql`(name = ${a} or name = ${b})`));'],
    ['const query = db.select().from(users);\nawait query.where(eq(users.role, role));', 'const query = db.select().from(users);\nawait query.where(and(eq(users.role, role), isNull(users.deletedAt)));'],
    ['const query = db.select().from(users).$dynamic();\nif (page) query.limit(20);\nawait query;', 'const query = db.select().from(users).where(isNull(users.deletedAt)).$dynamic();\nif (page) query.limit(20);\nawait query;'],
    ['await db.select({ id: users.id }).from(users).union(db.select({ id: tags.id }).from(tags));', 'await db.select({ id: users.id }).from(users).where(isNull(users.deletedAt)).union(db.select({ id: tags.id }).from(tags));'],
    ['await db.$count(users);', 'await db.$count(users, isNull(users.deletedAt));'],
    ['await db.$count(users, eq(users.role, role));', 'await db.$count(users, and(eq(users.role, role), isNull(users.deletedAt)));'],
    ['await db.select().from(tags).where(inArray(tags.id, db.select({ id: posts.tagId }).from(posts)));', 'await db.select().from(tags).where(inArray(tags.id, db.select({ id: posts.tagId }).from(posts).where(isNull(posts.deletedAt))));'],
    ['await db.select().from(tags).where(exists(db.select().from(posts).where(eq(posts.tagId, tags.id))));', 'await db.select().from(tags).where(exists(db.select().from(posts).where(and(eq(posts.tagId, tags.id), isNull(posts.deletedAt)))));'],
    ["const all = db.$with('everybody').as(db.select().from(users)); await db.with(all).select().from(all);", "const all = db.$with('everybody').as(db.select().from(users).where(isNull(users.deletedAt))); await db.with(all).select().from(all);"],
    ["import * as schema from './schema'; await db.select().from(schema.users);", "import * as schema from './schema'; await db.select().from(schema.users).where(isNull(schema.users.deletedAt));"],
    ["import { alias } from 'drizzle-orm/pg-core'; const u = alias(users, 'u'); await db.select().from(u);", "import { alias } from 'drizzle-orm/pg-core'; const u = alias(users, 'u'); await db.select().from(u).where(isNull(u.deletedAt));"],
  )));

  describe('tombstones of all kinds', () => mends(known(
    ['await db.select().from(comments);', 'await db.select().from(comments).where(eq(comments.isDeleted, false));'],
    ['await db.select().from(documents);', 'await db.select().from(documents).where(and(isNull(documents.deletedAt), isNull(documents.archivedAt)));'],
    ['await db.select().from(documents).where(isNull(documents.deletedAt));', 'await db.select().from(documents).where(and(isNull(documents.deletedAt), isNull(documents.archivedAt)));'],
    ['await db.select().from(coupons);', 'await db.select().from(coupons).where(or(isNull(coupons.deletedAt), gt(coupons.deletedAt, new Date())));'],
    ['await db.select().from(orders);', "await db.select().from(orders).where(notInArray(orders.status, ['deleted', 'void']));"],
    ['await db.query.comments.findMany();', 'await db.query.comments.findMany({ where: (comments, { eq }) => eq(comments.isDeleted, false) });'],
    ['await db.query.documents.findMany();', 'await db.query.documents.findMany({ where: (documents, { and, isNull }) => and(isNull(documents.deletedAt), isNull(documents.archivedAt)) });'],
    ['await db.delete(comments).where(eq(comments.id, id));', 'await db.update(comments).set({ isDeleted: true }).where(and(eq(comments.id, id), eq(comments.isDeleted, false)));'],
  )));

  describe('the ON of a join', () => mends(known(
    ['await db.select().from(tags).leftJoin(posts, eq(posts.tagId, tags.id));', 'await db.select().from(tags).leftJoin(posts, and(eq(posts.tagId, tags.id), isNull(posts.deletedAt)));'],
    ['await db.select().from(tags).innerJoin(posts, and(eq(posts.tagId, tags.id), eq(posts.draft, false)));', 'await db.select().from(tags).innerJoin(posts, and(eq(posts.tagId, tags.id), eq(posts.draft, false), isNull(posts.deletedAt)));'],
    ['await db.select().from(tags).crossJoin(posts);', 'await db.select().from(tags).crossJoin(posts).where(isNull(posts.deletedAt));'],
    ['await db.select().from(posts).rightJoin(tags, eq(posts.tagId, tags.id));', 'await db.select().from(posts).rightJoin(tags, and(eq(posts.tagId, tags.id), isNull(posts.deletedAt)));'],
    ['await db.select().from(tags).rightJoin(posts, eq(posts.tagId, tags.id));', 'await db.select().from(tags).rightJoin(posts, eq(posts.tagId, tags.id)).where(isNull(posts.deletedAt));'],
    ['await db.select().from(tags).leftJoin(posts, eq(posts.tagId, tags.id)).where(isNull(posts.deletedAt));', 'await db.select().from(tags).leftJoin(posts, and(eq(posts.tagId, tags.id), isNull(posts.deletedAt)));'],
    ['await db.select().from(tags).leftJoin(posts, eq(posts.tagId, tags.id)).where(and(eq(tags.name, name), isNull(posts.deletedAt)));', 'await db.select().from(tags).leftJoin(posts, and(eq(posts.tagId, tags.id), isNull(posts.deletedAt))).where(eq(tags.name, name));'],
    ['await db.select().from(tags).leftJoin(posts, eq(posts.tagId, tags.id)).where(and(isNull(posts.deletedAt), eq(tags.name, name), like(tags.kind, kind)));', 'await db.select().from(tags).leftJoin(posts, and(eq(posts.tagId, tags.id), isNull(posts.deletedAt))).where(and(eq(tags.name, name), like(tags.kind, kind)));'],
  )));

  describe('relational queries', () => mends(known(
    ['await db.query.users.findMany();', 'await db.query.users.findMany({ where: (users, { isNull }) => isNull(users.deletedAt) });'],
    ['await db.query.users.findMany({ limit: 3 });', 'await db.query.users.findMany({ where: (users, { isNull }) => isNull(users.deletedAt), limit: 3 });'],
    ['await db.query.users.findMany({\n  limit: 3,\n});', 'await db.query.users.findMany({\n  where: (users, { isNull }) => isNull(users.deletedAt),\n  limit: 3,\n});'],
    ['await db.query.users.findMany({ where: eq(users.role, role) });', 'await db.query.users.findMany({ where: and(eq(users.role, role), isNull(users.deletedAt)) });'],
    ['await db.query.users.findMany({ where: and(eq(users.role, role), ne(users.name, name)) });', 'await db.query.users.findMany({ where: and(eq(users.role, role), ne(users.name, name), isNull(users.deletedAt)) });'],
    ['const where = eq(users.role, role); await db.query.users.findMany({ where });', 'const where = eq(users.role, role); await db.query.users.findMany({ where: and(where, isNull(users.deletedAt)) });'],
    ['await db.query.users.findMany({ where: undefined });', 'await db.query.users.findMany({ where: (users, { isNull }) => isNull(users.deletedAt) });'],
    ['await db.query.users.findMany({ where: (t, { eq }) => eq(t.role, role) });', 'await db.query.users.findMany({ where: (t, { eq, and, isNull }) => and(eq(t.role, role), isNull(t.deletedAt)) });'],
    ['await db.query.users.findMany({ where: (t, { and, eq, isNull }) => and(eq(t.role, role), eq(t.name, name)) });', 'await db.query.users.findMany({ where: (t, { and, eq, isNull }) => and(eq(t.role, role), eq(t.name, name), isNull(t.deletedAt)) });'],
    ['await db.query.users.findMany({ where: (t, ops) => ops.eq(t.role, role) });', 'await db.query.users.findMany({ where: (t, ops) => ops.and(ops.eq(t.role, role), ops.isNull(t.deletedAt)) });'],
    ['await db.query.users.findMany({ where: (t) => eq(t.role, role) });', 'await db.query.users.findMany({ where: (t) => and(eq(t.role, role), isNull(t.deletedAt)) });'],
    ['await db.query.users.findMany({ where: () => eq(users.role, role) });', 'await db.query.users.findMany({ where: () => and(eq(users.role, role), isNull(users.deletedAt)) });'],
    ['await db.query.users.findMany({ where: ({ role }, { eq }) => eq(role, wanted) });', 'await db.query.users.findMany({ where: ({ role, deletedAt }, { eq, and, isNull }) => and(eq(role, wanted), isNull(deletedAt)) });'],
    ['await db.query.users.findMany({ where: (t, { eq: same }) => { return same(t.role, role); } });', 'await db.query.users.findMany({ where: (t, { eq: same, and, isNull }) => { return and(same(t.role, role), isNull(t.deletedAt)); } });'],
    ['await db.query.tags.findMany({ with: { posts: true } });', 'await db.query.tags.findMany({ with: { posts: { where: (posts, { isNull }) => isNull(posts.deletedAt) } } });'],
    ['await db.query.tags.findMany({ with: { posts: { columns: { id: true } } } });', 'await db.query.tags.findMany({ with: { posts: { where: (posts, { isNull }) => isNull(posts.deletedAt), columns: { id: true } } } });'],
    ['await db.query.tags.findMany({ with: { posts: { where: isNull(posts.deletedAt), with: { comments: true } } } });', 'await db.query.tags.findMany({ with: { posts: { where: isNull(posts.deletedAt), with: { comments: { where: (comments, { eq }) => eq(comments.isDeleted, false) } } } } });'],
    ['await db.query.tags.findMany({ with: { posts: { where: (t, { like }) => like(t.title, text) } } });', 'await db.query.tags.findMany({ with: { posts: { where: (t, { like, and, isNull }) => and(like(t.title, text), isNull(t.deletedAt)) } } });'],
  )));

  describe('object filters of Drizzle 1.0', () => mends(known(
    ['await db.query.users.findMany({ where: { role } });', 'await db.query.users.findMany({ where: { role, deletedAt: { isNull: true } } });'],
    ['await db.query.users.findMany({ orderBy: { id: "asc" } });', 'await db.query.users.findMany({ where: { deletedAt: { isNull: true } }, orderBy: { id: "asc" } });'],
    ['await db.query.comments.findMany({ where: { body: { like: text } } });', 'await db.query.comments.findMany({ where: { body: { like: text }, isDeleted: false } });'],
    ['await db.query.orders.findMany({ where: { total: { gt: 3 } } });', "await db.query.orders.findMany({ where: { total: { gt: 3 }, status: { notIn: ['deleted', 'void'] } } });"],
    ['await db.query.coupons.findMany({ where: { code } });', 'await db.query.coupons.findMany({ where: { code, OR: [{ deletedAt: { isNull: true } }, { deletedAt: { gt: new Date() } }] } });'],
    ['await db.query.users.findMany({ where: { OR: [{ role }, { deletedAt: { isNull: true } }] } });', 'await db.query.users.findMany({ where: { OR: [{ role }, { deletedAt: { isNull: true } }], deletedAt: { isNull: true } } });'],
    ['await db.query.tags.findMany({ where: { name }, with: { posts: true } });', 'await db.query.tags.findMany({ where: { name }, with: { posts: { where: { deletedAt: { isNull: true } } } } });'],
    ['await db.query.posts.findMany({ where: { deletedAt: { isNull: true } }, with: { author: true } });', 'await db.query.posts.findMany({ where: { deletedAt: { isNull: true } }, with: { author: { where: { deletedAt: { isNull: true } } } } });'],
    ['await db.query.tags.findMany({ where: { posts: { title } } });', 'await db.query.tags.findMany({ where: { posts: { title, deletedAt: { isNull: true } } } });'],
    ['await db.query.tags.findMany({ where: { posts: true } });', 'await db.query.tags.findMany({ where: { posts: { deletedAt: { isNull: true } } } });'],
    ['const filter = { role }; await db.query.users.findMany({ where: filter });', 'const filter = { role }; await db.query.users.findMany({ where: { ...filter, deletedAt: { isNull: true } } });'],
    ["import { defineRelations } from 'drizzle-orm'; await db.query.users.findMany();", "import { defineRelations } from 'drizzle-orm'; await db.query.users.findMany({ where: { deletedAt: { isNull: true } } });"],
  )));

  describe('writes', () => mends(known(
    ['await db.delete(users);', 'await db.update(users).set({ deletedAt: new Date() }).where(isNull(users.deletedAt));'],
    ['await db.delete(users).where(eq(users.id, id)).returning();', 'await db.update(users).set({ deletedAt: new Date() }).where(and(eq(users.id, id), isNull(users.deletedAt))).returning();'],
    ['await db\n  .delete(users)\n  .where(eq(users.id, id));', 'await db\n  .update(users)\n  .set({ deletedAt: new Date() })\n  .where(and(eq(users.id, id), isNull(users.deletedAt)));'],
    ['await db.update(posts).set({ deletedAt: sql`now()` }).where(isNull(posts.deletedAt)); await db.delete(users).where(eq(users.id, id));', 'await db.update(posts).set({ deletedAt: sql`now()` }).where(isNull(posts.deletedAt)); await db.update(users).set({ deletedAt: sql`now()` }).where(and(eq(users.id, id), isNull(users.deletedAt)));'],
    ['await db.update(users).set({ role }).where(eq(users.role, old));', 'await db.update(users).set({ role }).where(and(eq(users.role, old), isNull(users.deletedAt)));'],
    ['await db.update(users).set({ role });', 'await db.update(users).set({ role }).where(isNull(users.deletedAt));'],
    ['await db.update(users).set({ deletedAt: new Date() }).where(eq(users.id, id));', 'await db.update(users).set({ deletedAt: new Date() }).where(and(eq(users.id, id), isNull(users.deletedAt)));'],
    ['await db.delete(users).where(isNotNull(users.deletedAt));', 'await db.delete(users).where(and(isNotNull(users.deletedAt), lt(users.deletedAt, new Date(Date.now() - 30 * 24 * 60 * 60 * 1000))));'],
    ['await db.insert(users).values(user).onConflictDoUpdate({ target: users.email, set: { name } });', 'await db.insert(users).values(user).onConflictDoUpdate({ target: users.email, set: { name, deletedAt: null } });'],
  )));

  describe('predicates that cannot work', () => mends(known(
    ['await db.select().from(users).where(eq(users.deletedAt, null));', 'await db.select().from(users).where(isNull(users.deletedAt));'],
    ['await db.select().from(users).where(ne(users.deletedAt, null));', 'await db.select().from(users).where(isNotNull(users.deletedAt));'],
    ['await db.query.users.findMany({ where: (t, { eq }) => eq(t.deletedAt, null) });', 'await db.query.users.findMany({ where: (t, { eq, isNull }) => isNull(t.deletedAt) });'],
    ['await db.query.users.findMany({ where: (t, ops) => ops.eq(t.deletedAt, null) });', 'await db.query.users.findMany({ where: (t, ops) => ops.isNull(t.deletedAt) });'],
    ['await db.select().from(users).where(sql`${users.deletedAt} = null`);', 'await db.select().from(users).where(sql`${users.deletedAt} is null`);'],
  )));

  describe('imports', () => mends([
    [`import { eq } from 'drizzle-orm';\n${TABLES}await db.select().from(users).where(eq(users.role, role));`, `import { eq, and, isNull } from 'drizzle-orm';\n${TABLES}await db.select().from(users).where(and(eq(users.role, role), isNull(users.deletedAt)));`],
    [`import { eq as same, isNull as none } from 'drizzle-orm';\n${TABLES}await db.select().from(users);`, `import { eq as same, isNull as none } from 'drizzle-orm';\n${TABLES}await db.select().from(users).where(none(users.deletedAt));`],
    [`${TABLES}await db.select().from(users);`, `${TABLES.trimEnd()}\nimport { isNull } from 'drizzle-orm';\nawait db.select().from(users).where(isNull(users.deletedAt));`],
    [`import * as d from 'drizzle-orm';\n${TABLES}await db.select().from(users);`, `import * as d from 'drizzle-orm';\n${TABLES}await db.select().from(users).where(d.isNull(users.deletedAt));`],
    [`import { db, isNull } from '@shop/db';\n${TABLES}await db.select().from(users);`, `import { db, isNull } from '@shop/db';\n${TABLES}await db.select().from(users).where(isNull(users.deletedAt));`],
    [`import { db, eq } from '@shop/db';\n${TABLES}await db.select().from(users).where(eq(users.role, role));`, `import { db, eq, and, isNull } from '@shop/db';\n${TABLES}await db.select().from(users).where(and(eq(users.role, role), isNull(users.deletedAt)));`],
    ["const { eq } = require('drizzle-orm');\nconst { users } = require('./schema');\nmodule.exports = async () => { await db.select().from(users); };", "const { eq, isNull } = require('drizzle-orm');\nconst { users } = require('./schema');\nmodule.exports = async () => { await db.select().from(users).where(isNull(users.deletedAt)); };"],
  ]));

  describe('where there is no safe edit', () => {
    for (const code of [
      'await db.select().from(users).fullJoin(tags, eq(tags.userId, users.id));',
      'let query = db.select().from(users).$dynamic(); if (a) query = query.where(eq(users.role, a)); else query = query.where(eq(users.name, b)); await query;',
      'const either = sql`a or b`; await db.select().from(users).where(either);',
      'const pick = (table) => db.select().from(table); await pick(users); await pick(posts);',
      'await db.query.posts.findMany({ where: isNull(posts.deletedAt), with: { author: true } });',
      "function isNull(x) { return x; }\nimport { users as people } from './schema'; await db.select().from(people);",
    ]) it(code, () => { assert.deepEqual(lint(code.startsWith('function') ? code : ALL + code).flatMap(({ outputs }) => outputs), []); });
  });
});

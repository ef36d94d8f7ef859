/** What the plugin says of Kysely's calls, where, and what its suggestions make of them. */
import assert from 'node:assert/strict';
import type { Manifest } from '../../lib/manifest/index.js';
import { sayings } from './said.js';

const MANIFEST: Manifest = {
  tables: {
    users: { deletion: 'soft', unique: [['email']], retention: '30 days' },
    posts: 'soft',
    comments: { deletion: 'soft', tombstone: { column: 'is_deleted', live: false } },
    documents: { deletion: 'soft', tombstone: ['deleted_at', 'archived_at'] },
    coupons: { deletion: 'soft', tombstone: { column: 'deleted_at', scheduled: true } },
    orders: { deletion: 'soft', tombstone: { column: 'status', live: 'open', dead: ['deleted', 'void'] } },
    Envelope: { deletion: 'soft', tombstone: 'deletedAt' },
    tags: 'hard',
  },
  guards: [
    { kind: 'predicate', name: 'notDeleted' }, { kind: 'predicate', name: 'isLive', tableArg: 0, from: './live' }, { kind: 'modifier', name: 'liveOnly' }, { kind: 'chain', name: 'whereLive' },
    { kind: 'join-callback', name: 'onLivePosts', table: 'posts' },
  ],
};

const { lint, says, mends } = sayings(MANIFEST);

describe('Kysely', () => {
  describe('receivers', () => says([
    ["await db.selectFrom('users').selectAll().execute();", "require-live-filter: 'users'"],
    ["class R { constructor(private readonly db: KyselyDB) {} all() { return this.db.selectFrom('users').selectAll().execute(); } }", "require-live-filter: 'users'"],
    ["async function f(trx?: Trx) { await dbOrTx(this.db, trx).selectFrom('users').selectAll().execute(); }", "require-live-filter: 'users'"],
    ["await prisma.$kysely.selectFrom('Envelope').selectAll().execute();", "require-live-filter: 'Envelope'"],
    ["await db.transaction().execute((trx) => trx.selectFrom('users').selectAll().execute());", "require-live-filter: 'users'"],
    ["for await (const user of db.selectFrom('users').selectAll().stream()) log(user);", "require-live-filter: 'users'"],
    ["const { sql, parameters } = db.selectFrom('users as u').selectAll().compile();", "require-live-filter: 'users as u'"],
    ["await db.selectFrom('tags').selectAll().execute();"],
    ["const TABLE = 'users'; await db.selectFrom(TABLE).selectAll().execute();", 'require-live-filter: TABLE'],
    ['await db.selectFrom(table).selectAll().execute();'],
    ["await db.insertInto('users').values(user).execute();"],
  ]));

  describe('builders that the file does not run', () => says([
    ["export const base = () => db.selectFrom('users').selectAll();"],
    ["export function all() { return db.selectFrom('users').selectAll(); }"],
    ["const query = db.selectFrom('users').selectAll(); export { query };"],
    ["const rows = await executeWithPagination(db.selectFrom('users').selectAll(), { page: 1 });", "require-live-filter: 'users'"],
    ["const rows = await withAccess(db.selectFrom('users').selectAll());"],
    ["function base() { return db.selectFrom('users').selectAll(); } export const rows = () => base().execute();", "require-live-filter: 'users'"],
    ["function base() { return db.selectFrom('users').selectAll(); } export const rows = () => base().where('deleted_at', 'is', null).execute();"],
    ["export const withAuthor = (eb) => jsonObjectFrom(eb.selectFrom('users').select('id').whereRef('users.id', '=', 'posts.user_id')).as('author');", "require-live-parent: 'users'"],
    ["export const withPosts = (eb) => jsonArrayFrom(eb.selectFrom('posts').select('id').whereRef('posts.user_id', '=', 'users.id')).as('posts');", "require-live-subquery: 'posts'"],
    ["export const hasPosts = (eb) => eb.exists(eb.selectFrom('posts').select('id').whereRef('posts.user_id', '=', 'users.id'));", "require-live-subquery: 'posts'"],
    ["export const filter = (qb) => qb.where('id', 'in', (eb) => eb.selectFrom('posts').select('user_id'));", "require-live-subquery: 'posts'"],
    ["db.selectFrom('users');"],
    ["const rows = Effect.gen(function* () { const users = yield* db.selectFrom('users').selectAll(); return users; });", "require-live-filter: 'users'"],
  ]));

  describe('conditions of the program', () => says([
    ["let q = db.selectFrom('users').selectAll(); if (live) q = q.where('deleted_at', 'is', null); await q.execute();"],
    ["let q = db.selectFrom('users').selectAll().where('deleted_at', 'is', null); if (name) q = q.where('name', '=', name); await q.execute();"],
    ["let q = db.selectFrom('users').selectAll(); if (name) q = q.where('name', '=', name); else q = q.limit(3); await q.execute();", "require-live-filter: 'users'"],
    ["let q = db.selectFrom('users').selectAll(); if (a) q = q.where('deleted_at', 'is', null); else q = q.where('deleted_at', 'is', null).limit(1); await q.execute();"],
    ["await db.selectFrom('users').selectAll().$if(!all, (qb) => qb.where('deleted_at', 'is', null)).execute();"],
    ["await db.selectFrom('users').selectAll().$if(sorted, (qb) => qb.orderBy('id')).execute();", "require-live-filter: 'users'"],
    ["await db.selectFrom('users').selectAll().$if(filtered, addFilter).execute();"],
    ["await db.selectFrom('users').selectAll().$call(addFilter).execute();"],
    ["const q = db.selectFrom('users').selectAll(); q.where('deleted_at', 'is', null); await q.execute();", "require-live-filter: 'users'"],
    ["const filter = (eb) => eb('deleted_at', 'is', null); await db.selectFrom('users').selectAll().where(filter).execute();"],
    ["await db.selectFrom('users').selectAll().where(filter).execute();"],
    ["await db.selectFrom('users').selectAll().where('deleted_at', trashed ? 'is not' : 'is', null).execute();"],
    ["await db.selectFrom('users').selectAll().where('name', exact ? '=' : 'ilike', name).execute();", "require-live-filter: 'users'"],
    ["const conditions = []; if (name) conditions.push(sql`name = ${name}`); await db.selectFrom('users').selectAll().where((eb) => eb.and(conditions)).execute();", "require-live-filter: 'users'"],
    ["const ids = (await db.selectFrom('posts').select('user_id').where('deleted_at', 'is', null).execute()).map((post) => post.user_id); await db.selectFrom('users').selectAll().where('id', 'in', ids).where('deleted_at', 'is', null).execute();"],
  ]));

  describe('look-ups and checks of their results', () => {
    says([
      ["await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();", "require-live-lookup: 'users'"],
      ["const user = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst(); if (!user || user.deleted_at) throw new Error();"],
      ["let q = db.selectFrom('users').selectAll(); if (isUuid(id)) q = q.where('id', '=', id); else q = q.where('slug', '=', id); await q.executeTakeFirst();", "require-live-lookup: 'users'"],
      ["await db.selectFrom('users').selectAll().where(isUuid(id) ? 'id' : 'slug', '=', id).executeTakeFirst();", "require-live-lookup: 'users'"],
    ]);
    says([["await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();"], ["await db.updateTable('users').set({ name }).where(isUuid(id) ? 'id' : 'slug', '=', id).execute();"]], 'recommended');
  });

  describe('guards of the manifest', () => says([
    ["import { notDeleted } from './live'; await db.selectFrom('users').selectAll().where(notDeleted('users')).execute();"],
    ["import { isLive } from './live'; await db.selectFrom('users as u').innerJoin('posts as p', 'p.user_id', 'u.id').selectAll().where(isLive('u')).execute();", "require-live-join: 'posts as p'"],
    ["import { isLive } from './other'; await db.selectFrom('tags').innerJoin('posts', 'posts.id', 'tags.post_id').selectAll().where('posts.deleted_at', 'is', null).execute();"],
    ["import { liveOnly } from './live'; await db.selectFrom('users').selectAll().$call(liveOnly).execute();"],
    ["await db.selectFrom('users').selectAll().whereLive().execute();"],
    ["import { onLivePosts } from './live'; await db.selectFrom('users').leftJoin('posts', onLivePosts).selectAll().where('users.deleted_at', 'is', null).execute();"],
  ]));

  describe('rows that are read to be restored or removed', () => {
    const walk = `const pages = await db.withRecursive('t', (qb) => qb.selectFrom('posts').select('id').where('id', '=', id).unionAll((eb) => eb.selectFrom('posts as p').innerJoin('t', 't.id', 'p.parent_id').select('p.id'))).selectFrom('t').selectAll().execute(); const ids = pages.map((page) => page.id); `;
    says([
      [`${walk}await db.updateTable('posts').set({ deleted_at: null }).where('id', 'in', ids).execute();`],
      [`${walk}await db.deleteFrom('posts').where('id', 'in', ids).execute();`, "no-hard-delete: 'posts'"],
      [`${walk}await db.deleteFrom('tags').where('post_id', 'in', ids).execute();`, "require-live-lookup: 'posts'", "require-live-filter: 'posts as p'"],
      [`${walk}await db.updateTable('posts').set({ deleted_at: new Date() }).where('id', 'in', ids).where('deleted_at', 'is', null).execute();`, "require-live-lookup: 'posts'", "require-live-filter: 'posts as p'"],
    ]);
  });

  describe('comments', () => says([
    ["// includes-deleted: the export is complete\nawait db.selectFrom('users').selectAll().execute();"],
    ["await db\n  // includes-deleted: the export is complete\n  .selectFrom('users').selectAll().execute();"],
  ]));

  describe('predicates that cannot work', () => says([
    ["await db.selectFrom('users').selectAll().where('deleted_at', '=', null).execute();", "valid-tombstone-predicate: 'deleted_at', '=', null"],
    ["await db.selectFrom('users').selectAll().where((eb) => eb('deleted_at', '!=', null)).execute();", "valid-tombstone-predicate: 'deleted_at', '!=', null"],
    ["await db.selectFrom('users').selectAll().where('deleted_at', 'is', null).where(sql`a = 1 or b = 2`).execute();", "require-live-filter: 'users'"],
    ["await db.selectFrom('users as u').leftJoin('posts as p', 'p.user_id', 'u.id').selectAll().where('u.deleted_at', 'is', null).where('p.deleted_at', 'is', null).execute();", "outer-join-filter-in-on: 'p.deleted_at', 'is', null"],
  ]));

  describe('what other files add to a query', () => says([
    ["import { addFilter } from './filters'; await db.selectFrom('users').selectAll().$call((qb) => addFilter(qb, 1)).execute();"],
    ["import { addFilter } from './filters'; await db.selectFrom('users').selectAll().$call((qb) => { return addFilter(qb); }).execute();"],
    ["import { addFilter } from './filters'; await db.selectFrom('users').selectAll().$call(addFilter({ name })).execute();"],
    ["await db.selectFrom('users').selectAll().$call(this.addFilter).execute();"],
    ["import { addFilter } from './filters'; await addFilter(db.selectFrom('users').selectAll()).execute();"],
    ["import { addFilter } from './filters'; let q = db.selectFrom('users').selectAll(); q = addFilter(q); await q.execute();"],
    ["import { addFilter } from './filters'; await db.selectFrom('users').selectAll().$if(filtered, (qb) => addFilter(qb)).execute();"],
    ["import { addFilter } from './filters'; await db.selectFrom('tags').selectAll().where((eb) => eb.exists(eb.selectFrom('posts').select('id').$call(addFilter))).execute();"],
    ["import { addFilter } from './filters'; await db.selectFrom('tags').leftJoin('posts', (join) => addFilter(join.onRef('posts.tag_id', '=', 'tags.id'))).selectAll().execute();"],
    ["import { addFilter } from './filters'; await db.with('u', (qb) => qb.selectFrom('users').selectAll().$call(addFilter)).selectFrom('u').selectAll().execute();"],
    ["import { addFilter } from './filters'; await db.updateTable('users').set({ name }).$call(addFilter).execute();"],
    ["import { isMine } from './filters'; await db.selectFrom('users').selectAll().where((eb) => eb.and([isMine(eb), eb('name', '=', name)])).execute();"],
    // What stands in the file is read.
    ["function withName(qb) { return qb.select('name'); } await db.selectFrom('users').selectAll().$call(withName).execute();", "require-live-filter: 'users'"],
    ["const named = (name) => (qb) => (name ? qb.where('name', '=', name) : qb); await db.selectFrom('users').selectAll().$call(named('a')).execute();", "require-live-filter: 'users'"],
    ["const live = (qb) => qb.where('deleted_at', 'is', null); await db.selectFrom('users').selectAll().$call(live).execute();"],
    ["function live(qb) { return qb.where('deleted_at', 'is', null); } await live(db.selectFrom('users').selectAll()).execute();"],
  ]));

  describe('methods that were there before 0.26', () => says([
    ["await db.selectFrom('users').selectAll().where('deleted_at', 'is', null).orWhere('id', '=', id).execute();", "require-live-filter: 'users'"],
    ["await db.selectFrom('users').selectAll().where('a', '=', 1).orWhere('b', '=', 2).where('deleted_at', 'is', null).execute();", "require-live-filter: 'users'"],
    ["await db.selectFrom('tags').selectAll().whereExists((qb) => qb.selectFrom('posts').select('id').whereRef('posts.tag_id', '=', 'tags.id')).execute();", "require-live-subquery: 'posts'"],
    ["await db.selectFrom('tags').selectAll().whereNotExists((qb) => qb.selectFrom('posts').select('id').whereRef('posts.tag_id', '=', 'tags.id').where('posts.deleted_at', 'is', null)).execute();"],
  ]));

  describe('messages', () => {
    it('spell columns as the file does', () => {
      assert.match(lint("await db.selectFrom('users').select('createdAt').execute();")[0]!.message, /'deletedAt'/u);
      assert.match(lint("await db.selectFrom('users').select('created_at').execute();")[0]!.message, /'deleted_at'/u);
    });
  });

  describe('suggestions', () => mends([
    ["await db.selectFrom('users').selectAll().execute();", "await db.selectFrom('users').where('deleted_at', 'is', null).selectAll().execute();"],
    ['await db.selectFrom("users").selectAll().execute();', 'await db.selectFrom("users").where("deleted_at", "is", null).selectAll().execute();'],
    ["await db.selectFrom('users').select('createdAt').where('name', '=', name).limit(3).execute();", "await db.selectFrom('users').select('createdAt').where('name', '=', name).where('deletedAt', 'is', null).limit(3).execute();"],
    ["await db.selectFrom('users as u').select('u.id').execute();", "await db.selectFrom('users as u').where('u.deleted_at', 'is', null).select('u.id').execute();"],
    ["await db.selectFrom('users').select('users.id').execute();", "await db.selectFrom('users').where('users.deleted_at', 'is', null).select('users.id').execute();"],
    ["await db\n  .selectFrom('users')\n  .selectAll()\n  .where('name', '=', name)\n  .execute();", "await db\n  .selectFrom('users')\n  .selectAll()\n  .where('name', '=', name)\n  .where('deleted_at', 'is', null)\n  .execute();"],
    ["const q = db.selectFrom('users').selectAll();\nawait q.where('name', '=', name).execute();", "const q = db.selectFrom('users').selectAll();\nawait q.where('name', '=', name).where('deleted_at', 'is', null).execute();"],
    ["await db.selectFrom('comments').selectAll().execute();", "await db.selectFrom('comments').where('is_deleted', '=', false).selectAll().execute();"],
    ["await db.selectFrom('documents').selectAll().where('deleted_at', 'is', null).execute();", "await db.selectFrom('documents').selectAll().where('deleted_at', 'is', null).where('archived_at', 'is', null).execute();"],
    ["await db.selectFrom('documents').selectAll().execute();", "await db.selectFrom('documents').where('deleted_at', 'is', null).where('archived_at', 'is', null).selectAll().execute();"],
    ["await db.selectFrom('coupons').selectAll().execute();", "await db.selectFrom('coupons').where((eb) => eb.or([eb('deleted_at', 'is', null), eb('deleted_at', '>', new Date())])).selectAll().execute();"],
    ["await db.selectFrom('orders').selectAll().execute();", "await db.selectFrom('orders').where('status', 'not in', ['deleted', 'void']).selectAll().execute();"],
    ["await db.selectFrom('tags as t').innerJoin('posts as p', 'p.id', 't.post_id').selectAll().execute();", "await db.selectFrom('tags as t').innerJoin('posts as p', 'p.id', 't.post_id').where('p.deleted_at', 'is', null).selectAll().execute();"],
    ["await db.selectFrom('tags as t').leftJoin('posts as p', 'p.tag_id', 't.id').selectAll().execute();", "await db.selectFrom('tags as t').leftJoin('posts as p', (join) => join.onRef('p.tag_id', '=', 't.id').on('p.deleted_at', 'is', null)).selectAll().execute();"],
    ["await db.selectFrom('tags as t').leftJoin('posts as p', (join) => join.onRef('p.tag_id', '=', 't.id')).selectAll().execute();", "await db.selectFrom('tags as t').leftJoin('posts as p', (join) => join.onRef('p.tag_id', '=', 't.id').on('p.deleted_at', 'is', null)).selectAll().execute();"],
    ["await db.selectFrom('tags as t').leftJoin('posts as p', (join) => { return join.onRef('p.tag_id', '=', 't.id'); }).selectAll().execute();", "await db.selectFrom('tags as t').leftJoin('posts as p', (join) => { return join.onRef('p.tag_id', '=', 't.id').on('p.deleted_at', 'is', null); }).selectAll().execute();"],
    ["await db.selectFrom('tags as t').leftJoin('posts as p', 'p.tag_id', 't.id').selectAll().where('p.deleted_at', 'is', null).execute();", "await db.selectFrom('tags as t').leftJoin('posts as p', (join) => join.onRef('p.tag_id', '=', 't.id').on('p.deleted_at', 'is', null)).selectAll().execute();"],
    ["await db.selectFrom('tags as t').selectAll().where((eb) => eb.exists(eb.selectFrom('posts as p').select('p.id').whereRef('p.tag_id', '=', 't.id'))).execute();", "await db.selectFrom('tags as t').selectAll().where((eb) => eb.exists(eb.selectFrom('posts as p').select('p.id').whereRef('p.tag_id', '=', 't.id').where('p.deleted_at', 'is', null))).execute();"],
    ["await db.with('x', (qb) => qb.selectFrom('users').selectAll()).selectFrom('x').selectAll().execute();", "await db.with('x', (qb) => qb.selectFrom('users').where('deleted_at', 'is', null).selectAll()).selectFrom('x').selectAll().execute();"],
    ["await db.selectFrom('users').selectAll().where('deleted_at', 'is', null).where(sql<boolean>`a or b`).execute();", "await db.selectFrom('users').selectAll().where('deleted_at', 'is', null).where(sql<boolean>`(a or b)`).execute();"],
    ["await db.selectFrom('users').selectAll().where(sql`a or b or c`).execute();", "await db.selectFrom('users').selectAll().where(sql`(a or b or c)`).where('deleted_at', 'is', null).execute();"],
    ["await db.updateTable('users').set({ name }).where('role', '=', role).execute();", "await db.updateTable('users').set({ name }).where('role', '=', role).where('deleted_at', 'is', null).execute();"],
    ["await db.updateTable('users').set({ deleted_at: new Date() }).where('id', '=', id).execute();", "await db.updateTable('users').set({ deleted_at: new Date() }).where('id', '=', id).where('deleted_at', 'is', null).execute();"],
    ["await db.deleteFrom('users').where('id', '=', id).execute();", "await db.updateTable('users').set({ deleted_at: new Date() }).where('deleted_at', 'is', null).where('id', '=', id).execute();"],
    ["await db.deleteFrom('users').where('deleted_at', 'is not', null).execute();", "await db.deleteFrom('users').where('deleted_at', 'is not', null).where('deleted_at', '<', new Date(Date.now() - 30 * 24 * 60 * 60 * 1000)).execute();"],
    ["await db.selectFrom('users').selectAll().where('deleted_at', '=', null).execute();", "await db.selectFrom('users').selectAll().where('deleted_at', 'is', null).execute();"],
    ["await db.selectFrom('users').selectAll().where((eb) => eb('deleted_at', '!=', null)).execute();", "await db.selectFrom('users').selectAll().where((eb) => eb('deleted_at', 'is not', null)).execute();"],
    ["await db.insertInto('users').values(user).onConflict((oc) => oc.column('email').doUpdateSet({ name })).execute();", "await db.insertInto('users').values(user).onConflict((oc) => oc.column('email').doUpdateSet({ name, deleted_at: null })).execute();"],
  ]));

  describe('suggestions where there is no safe edit', () => {
    for (const code of [
      "await db.selectFrom('users as u').fullJoin('posts as p', 'p.user_id', 'u.id').selectAll().execute();",
      "const either = sql`a or b`; await db.selectFrom('users').selectAll().where(either).execute();",
      "await db.selectFrom('tags').leftJoin('posts', onPosts).selectAll().execute();",
    ]) it(code, () => { assert.deepEqual(lint(code).flatMap(({ outputs }) => outputs), []); });
  });
});

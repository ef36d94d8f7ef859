/** Knex through the plugin: what is reported where, what stays silent, and what the suggestions make of the code. */
import type { Manifest } from '../../lib/manifest/index.js';
import { sayings } from './said.js';

const manifest: Manifest = {
  tables: {
    users: { deletion: 'soft', unique: [['email']], retention: '30 days' },
    posts: 'soft',
    flags: { deletion: 'soft', tombstone: { column: 'is_deleted', live: false } },
    orders: { deletion: 'soft', tombstone: { column: 'status', live: null, dead: ['cancelled', 'void'] } },
    plans: { deletion: 'soft', key: 'plan_id' },
    tags: 'hard',
  },
};
const { says, mends } = sayings(manifest);
const knex = (code: string): string => `import knex from './knex';\n${code}`;

describe('Knex through the plugin', () => {
  describe('reads', () => says([
    [knex("await knex('users');"), "require-live-filter: 'users'"],
    [knex("await knex('users').whereNull('deleted_at');")],
    [knex("await knex.select('id').from('users').where({ name });"), "require-live-filter: 'users'"],
    [knex("await knex('users as u').join('posts as p', 'p.user_id', 'u.id').whereNull('u.deleted_at');"), "require-live-join: 'posts as p'"],
    [knex("await knex('users').count('*');"), "no-unfiltered-aggregate: 'users'"],
    [knex("await knex('users').where({ id }).first();"), "require-live-lookup: 'users'"],
    [knex("await knex('tags').whereIn('id', knex('posts').select('tag_id'));"), "require-live-subquery: 'posts'"],
    [knex("await knex('users').whereNull('deleted_at').orWhere({ name });"), "require-live-filter: 'users'"],
    [knex("await knex('users').where('deleted_at', '=', null);"), "valid-tombstone-predicate: where('deleted_at', '=', null)"],
    [knex("await knex('users').whereNull('deleted_at').orWhere('deleted_at', '>', since);")],
    [knex("const query = knex('users'); if (live) query.whereNull('deleted_at'); await query;")],
    [knex("export const list = async () => knex('users').where(filters());")],
    [knex("await knex('tags').whereExists((qb) => qb.from('posts').whereRaw('posts.tag_id = tags.id'));"), "require-live-subquery: 'posts'"],
    [knex("await knex('tags').whereIn('id', function () { this.select('tag_id').from('posts'); });"), "require-live-subquery: 'posts'"],
    // A removal for good has to see what was deleted before.
    [knex("export async function deleteAccount(id) { const posts = await knex('posts').where({ user_id: id }).limit(100); for (const post of posts) await deletePost(post); }")],
    [knex("export async function purgeAccount(id) { const posts = await knex('posts').select('id').where({ user_id: id }); await purgePosts(posts.map((post) => post.id)); }")],
    [knex("export async function deleteAccount(id) { const posts = await knex('posts').where({ user_id: id }); for (const post of posts) await notify(post); }"), "require-live-filter: 'posts'"],
    [knex("export async function listPosts(id) { const posts = await knex('posts').where({ user_id: id }); await deleteDrafts(posts); }"), "require-live-filter: 'posts'"],
    [knex("await knex(table).where({ name });")],
    ["import { knex } from 'knex';\nconst db = knex({ client: 'pg', connection });\nawait db('users');", "require-live-filter: 'users'"],
    [knex("users.where('name'); cache.delete('users'); items.first();")],
  ]));

  describe('files whose imports name the library for its types alone', () => says([
    ["import type { Knex } from 'knex';\nimport { USERS_TABLE } from './tables';\nexport async function list(trx: Knex.Transaction) { const users = await trx.select('*').from(USERS_TABLE).where({ name }).whereIn('team', teams); return users; }", 'require-live-filter: USERS_TABLE'],
    ["import { USERS_TABLE } from './tables';\nexport async function list(trx) { const users = await trx.select('*').from(USERS_TABLE).where({ name }).whereIn('team', teams); return users; }", 'require-live-filter: USERS_TABLE'],
  ]));

  describe('writes', () => says([
    [knex("await knex('users').where({ name }).del();"), "no-hard-delete: 'users'"],
    [knex("await knex('users').where({ name }).update({ deleted_at: new Date() });"), "no-restamp: 'users'"],
    [knex("await knex('users').insert({ email, name }).onConflict('email').merge();"), "no-tombstone-upsert: knex('users').insert({ email, name }).onConflict('email')"],
    [knex("await knex('users').insert({ email, name, deleted_at: null }).onConflict('email').merge();")],
    // A row that a function of another file makes has the columns that go in; of one that nothing shows nothing is said.
    [knex("const row = encrypt({ email, name }); await knex('users').insert(row).onConflict('email').merge({ ...row, updated_at: now });"), "no-tombstone-upsert: knex('users').insert(row).onConflict('email')"],
    [knex("const row = encrypt({ email, name, deleted_at: null }); await knex('users').insert(row).onConflict('email').merge({ ...row });")],
    [knex("await knex('users').insert(row).onConflict('email').merge();")],
    [knex("await knex('flags').insert(fill({ name, day })).onConflict(['name', 'deleted_at']).merge();")],
  ]));
});

describe('Knex in the recommended configuration', () => says([
  // The key names the row, also where a join leaves its table out.
  [knex("await knex('plans').join('tags', 'tags.id', 'plans.tag_id').where({ plan_id }).first();")],
  [knex("await knex('plans').join('tags', 'tags.id', 'plans.tag_id').where({ name }).first();"), "require-live-filter: 'plans'"],
], 'recommended'));

describe('suggestions for Knex', () => {
  describe('conditions', () => mends([
    [knex("await knex('users');"), knex("await knex('users').whereNull('deleted_at');")],
    [knex("await knex('users').where({ name }).orderBy('name');"), knex("await knex('users').where({ name }).whereNull('deleted_at').orderBy('name');")],
    [knex('await knex("users").select("id").limit(3);'), knex('await knex("users").whereNull("deleted_at").select("id").limit(3);')],
    [knex("await knex.select('id').from('users');"), knex("await knex.select('id').from('users').whereNull('deleted_at');")],
    [knex("await knex('users')\n  .where({ name })\n  .orderBy('name');"), knex("await knex('users')\n  .where({ name })\n  .whereNull('deleted_at')\n  .orderBy('name');")],
    [knex("await knex('users')\n  .where({ name });"), knex("await knex('users')\n  .where({ name })\n  .whereNull('deleted_at');")],
    [knex("await knex('users as u').where('u.name', name);"), knex("await knex('users as u').where('u.name', name).whereNull('u.deleted_at');")],
    [knex("await knex('users').where('users.name', name).then(done);"), knex("await knex('users').where('users.name', name).whereNull('users.deleted_at').then(done);")],
    [knex("await knex('flags').where({ name });"), knex("await knex('flags').where({ name }).where('is_deleted', false);")],
    [knex("await knex('orders').where({ name });"), knex("await knex('orders').where({ name }).whereNotIn('status', ['cancelled', 'void']);")],
    [knex("const query = knex('users'); query.where({ name }); await query;"), knex("const query = knex('users'); query.where({ name }).whereNull('deleted_at'); await query;")],
    [knex("await knex('users').count('* as n');"), knex("await knex('users').whereNull('deleted_at').count('* as n');")],
    [knex("await knex('users').where({ id }).first();"), knex("await knex('users').where({ id }).whereNull('deleted_at').first();")],
  ]));

  describe('an OR among the conditions', () => mends([
    [knex("await knex('users').whereNull('deleted_at').orWhere({ name });"), knex("await knex('users').where((query) => query.whereNull('deleted_at').orWhere({ name })).whereNull('deleted_at');")],
    [knex("await knex('users').where({ name }).orWhere({ email }).orderBy('id');"), knex("await knex('users').where((query) => query.where({ name }).orWhere({ email })).whereNull('deleted_at').orderBy('id');")],
    [knex("await knex('users').where((qb) => qb.where({ name }).orWhere({ email }));"), knex("await knex('users').where((qb) => qb.where({ name }).orWhere({ email })).whereNull('deleted_at');")],
    [knex("await knex('users').whereRaw('a = 1 or b = 2');"), knex("await knex('users').where((query) => query.whereRaw('a = 1 or b = 2')).whereNull('deleted_at');")],
  ]));

  describe('joins', () => mends([
    [knex("await knex('users as u').join('posts as p', 'p.user_id', 'u.id').whereNull('u.deleted_at');"), knex("await knex('users as u').join('posts as p', 'p.user_id', 'u.id').whereNull('u.deleted_at').whereNull('p.deleted_at');")],
    [knex("await knex('users as u').leftJoin('posts as p', 'p.user_id', 'u.id').whereNull('u.deleted_at');"), knex("await knex('users as u').leftJoin('posts as p', (join) => join.on('p.user_id', 'u.id').andOnNull('p.deleted_at')).whereNull('u.deleted_at');")],
    [knex("await knex('users as u').leftJoin('posts as p', 'p.user_id', '=', 'u.id').whereNull('u.deleted_at');"), knex("await knex('users as u').leftJoin('posts as p', (join) => join.on('p.user_id', '=', 'u.id').andOnNull('p.deleted_at')).whereNull('u.deleted_at');")],
    [knex("await knex('users as u').leftJoin('posts as p', { 'p.user_id': 'u.id' }).whereNull('u.deleted_at');"), knex("await knex('users as u').leftJoin('posts as p', (join) => join.on({ 'p.user_id': 'u.id' }).andOnNull('p.deleted_at')).whereNull('u.deleted_at');")],
    [knex("await knex('users as u').leftJoin('posts as p', function () { this.on('p.user_id', 'u.id'); }).whereNull('u.deleted_at');"), knex("await knex('users as u').leftJoin('posts as p', function () { this.on('p.user_id', 'u.id').andOnNull('p.deleted_at'); }).whereNull('u.deleted_at');")],
    [knex("await knex('users').leftJoin('flags', 'flags.user_id', 'users.id').whereNull('users.deleted_at');"), knex("await knex('users').leftJoin('flags', (join) => join.on('flags.user_id', 'users.id').andOnVal('flags.is_deleted', false)).whereNull('users.deleted_at');")],
    // A filter behind the join becomes one of it.
    [knex("await knex('users as u').leftJoin('posts as p', 'p.user_id', 'u.id').whereNull('u.deleted_at').whereNull('p.deleted_at');"), knex("await knex('users as u').leftJoin('posts as p', (join) => join.on('p.user_id', 'u.id').andOnNull('p.deleted_at')).whereNull('u.deleted_at');")],
  ]));

  describe('subqueries', () => mends([
    [knex("await knex('tags').whereIn('id', knex('posts').select('tag_id'));"), knex("await knex('tags').whereIn('id', knex('posts').whereNull('deleted_at').select('tag_id'));")],
    [knex("await knex('tags').whereExists((qb) => qb.from('posts').whereRaw('posts.tag_id = tags.id'));"), knex("await knex('tags').whereExists((qb) => qb.from('posts').whereRaw('posts.tag_id = tags.id').whereNull('posts.deleted_at'));")],
    [knex("await knex('tags').whereExists(function () { this.select('*').from('posts').whereRaw('posts.tag_id = tags.id'); });"), knex("await knex('tags').whereExists(function () { this.select('*').from('posts').whereRaw('posts.tag_id = tags.id').whereNull('posts.deleted_at'); });")],
    [knex("await knex.with('mine', (qb) => qb.from('users').where({ name })).from('mine');"), knex("await knex.with('mine', (qb) => qb.from('users').where({ name }).whereNull('deleted_at')).from('mine');")],
  ]));

  describe('predicates', () => mends([
    [knex("await knex('users').where('deleted_at', '=', null);"), knex("await knex('users').whereNull('deleted_at');")],
    [knex("await knex('users').where({ name }).andWhere('users.deleted_at', '=', null);"), knex("await knex('users').where({ name }).whereNull('users.deleted_at');")],
    [knex("await knex('users').where('deleted_at', '!=', null);"), knex("await knex('users').whereNotNull('deleted_at');")],
  ]));

  describe('writes', () => mends([
    [knex("await knex('users').where({ name }).del();"), knex("await knex('users').where({ name }).whereNull('deleted_at').update({ deleted_at: knex.fn.now() });")],
    [knex("await trx('users')\n  .where({ name })\n  .delete();"), knex("await trx('users')\n  .where({ name })\n  .whereNull('deleted_at')\n  .update({ deleted_at: trx.fn.now() });")],
    [knex("await this.db.from('users').where({ name }).del();"), knex("await this.db.from('users').where({ name }).whereNull('deleted_at').update({ deleted_at: new Date() });")],
    [knex("await knex('flags').where({ name }).del();"), knex("await knex('flags').where({ name }).where('is_deleted', false).update({ is_deleted: true });")],
    [knex("await knex('users').where({ name }).update({ deleted_at: new Date() });"), knex("await knex('users').where({ name }).whereNull('deleted_at').update({ deleted_at: new Date() });")],
    [knex("await knex('users').where({ name }).update({ email });"), knex("await knex('users').where({ name }).whereNull('deleted_at').update({ email });")],
    [knex("await knex('users').whereNotNull('deleted_at').del();"), knex("await knex('users').whereNotNull('deleted_at').where('deleted_at', '<', new Date(Date.now() - 30 * 24 * 60 * 60 * 1000)).del();")],
    [knex("await knex('users').insert({ email, name }).onConflict('email').merge();"), knex("await knex('users').insert({ email, name, deleted_at: null }).onConflict('email').merge();")],
    [knex("await knex('users').insert({ email, name }).onConflict('email').merge({ name });"), knex("await knex('users').insert({ email, name }).onConflict('email').merge({ name, deleted_at: null });")],
  ]));
});

describe("a project's helpers for Knex", () => {
  const guarded = sayings({
    ...manifest,
    guards: [
      { kind: 'chain', name: 'whereLive' }, { kind: 'chain', name: 'withoutDeleted', tableArg: 0 }, { kind: 'modifier', name: 'onlyLive' }, { kind: 'modifier', name: 'onlyDead', yields: 'dead' },
      { kind: 'predicate', name: 'notDeleted' }, { kind: 'where-object', name: 'LIVE' }, { kind: 'where-wrapper', name: 'live', table: 'users' }, { kind: 'join-callback', name: 'livePosts', table: 'posts' },
      { kind: 'query-source', name: 'liveUsers', table: 'users' }, { kind: 'query-source', name: 'rowsOf', tableArg: 1 }, { kind: 'query-source', name: 'everyUser', table: 'users', yields: 'all' },
    ],
  });
  guarded.says([
    [knex("await knex('users').whereLive();")],
    [knex("await knex('users as u').join('posts as p', 'p.user_id', 'u.id').withoutDeleted('u').withoutDeleted('p');")],
    [knex("await knex('users as u').join('posts as p', 'p.user_id', 'u.id').withoutDeleted('u');"), "require-live-join: 'posts as p'"],
    [knex("await knex('users').modify(onlyLive);")],
    [knex("await knex('users').modify(onlyDead);")],
    [knex("await knex('users').modify(newestFirst);")],
    [knex("await knex('users as u').where(notDeleted('u'));")],
    [knex("await knex('users as u').join('posts as p', 'p.user_id', 'u.id').where(notDeleted('u'));"), "require-live-join: 'posts as p'"],
    [knex("await knex('users').where({ name, ...LIVE });")],
    [knex("await knex('users').where(LIVE);")],
    [knex("await knex('users').where(live({ name }));")],
    [knex("await knex('users').where({ name, ...rest });")],
    [knex("await knex('users as u').leftJoin('posts as p', livePosts).whereLive();")],
    [knex("await knex('users as u').leftJoin('posts as p', newPosts).whereLive();")],
    [knex("await liveUsers(knex).where({ name });")],
    [knex("await rowsOf(knex, 'posts').where({ name });")],
    [knex("await everyUser(knex).where({ name });"), 'require-live-filter: everyUser'],
    [knex("await liveUsers(knex).join('posts', 'posts.user_id', 'users.id');"), "require-live-join: 'posts'"],
  ]);
});

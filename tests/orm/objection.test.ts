/** Objection through the plugin: what is reported where, what stays silent, and what the suggestions make of the code. */
import type { Manifest } from '../../lib/manifest/index.js';
import { sayings } from './said.js';

const manifest: Manifest = {
  tables: {
    users: { deletion: 'soft', models: ['User'], relations: { posts: { table: 'posts', many: true, on: { id: 'user_id' } }, livePosts: { table: 'posts', many: true, on: { id: 'user_id' } } } },
    posts: { deletion: 'soft', models: ['Post'], relations: { author: { table: 'users', on: { user_id: 'id' } }, comments: { table: 'comments', many: true, on: { id: 'post_id' } } } },
    comments: { deletion: 'soft', models: ['Comment'], tombstone: { column: 'deleted', live: false } },
    tags: 'hard',
  },
};
const { says, mends } = sayings(manifest);
const models = (code: string): string => `import { Model } from 'objection';\nimport { Comment, Post, User } from './models';\n${code}`;

describe('Objection through the plugin', () => {
  describe('reads', () => says([
    [models("await User.query();"), 'require-live-filter: User'],
    [models("await User.query().whereNull('deleted_at');")],
    [models("await User.query().whereNotDeleted();")],
    [models("await User.query().findById(id);"), 'require-live-lookup: User'],
    [models("await user.$relatedQuery('posts');"), "require-live-filter: 'posts'"],
    [models("await someone.$relatedQuery('author').whereNull('deleted_at');")],
    [models("await User.query().whereNull('deleted_at').withGraphFetched('posts');"), 'require-live-join: posts'],
    [models("await User.query().whereNull('deleted_at').withGraphFetched('posts(notDeleted)');")],
    [models("await User.query().whereNull('deleted_at').withGraphFetched('posts(onlyNew)');")],
    [models("await User.query().whereNull('deleted_at').withGraphFetched('posts').modifyGraph('posts', (query) => query.whereNull('deleted_at'));")],
    [models("await User.query().whereNull('deleted_at').joinRelated('posts').whereNull('posts.deleted_at');")],
    [models("await User.query().whereNull('deleted_at').resultSize();")],
    [models("await User.query().whereNull('deleted_at').whereExists(User.relatedQuery('posts'));"), "require-live-subquery: 'posts'"],
  ]));

  describe('writes', () => says([
    [models("await User.query().patch({ deleted_at: new Date() }).where({ name });"), 'no-restamp: User'],
    [models("await User.query().findById(id).patch({ name });"), 'require-live-update: User'],
    [models("await User.query().findById(id).whereNotDeleted().patch({ name });")],
    [models("await User.query().where({ name }).whereNotDeleted().patch({ deleted_at: new Date() });")],
    // Whether a model's delete() removes rows is told by its class, or by how the file deletes.
    [models("await User.query().where({ name }).delete();")],
    [models("class Account extends Model { static tableName = 'users'; static async drop() { await Account.query().where({ name }).delete(); } }"), 'no-hard-delete: Account'],
  ]));
});

describe('Objection in the recommended configuration', () => says([
  [models("await User.query().findById(id).patch({ name });")],
  [models("await User.query().context(auth).findById(id).patch({ name });")],
  [models("await User.query().findById(id);")],
  [models("await User.query().where({ name }).patch({ name });"), 'require-live-update: User'],
  [models("await User.query().where({ name }).select('deleted_at').first();")],
], 'recommended'));

describe('suggestions for Objection', () => {
  describe('conditions', () => mends([
    [models('await User.query();'), models("await User.query().whereNull('deletedAt');")],
    [models("await User.query().where('created_at', '>', day).where({ deleted_at: null, name }).orWhere({ email });"), models("await User.query().where((query) => query.where('created_at', '>', day).where({ deleted_at: null, name }).orWhere({ email })).whereNull('deleted_at');")],
    [models("await User.query().findById(id);\nawait Post.query().whereNull('deleted_at');"), models("await User.query().findById(id).whereNull('deleted_at');\nawait Post.query().whereNull('deleted_at');")],
    [models("await user.$relatedQuery('posts').orderBy('id');"), models("await user.$relatedQuery('posts').whereNull('deletedAt').orderBy('id');")],
    [models('await Comment.query().select();'), models("await Comment.query().where('deleted', false).select();")],
    [models("await User.query().whereNull('users.deleted_at').joinRelated('posts');"), models("await User.query().whereNull('users.deleted_at').joinRelated('posts').whereNull('posts.deleted_at');")],
    [models("await User.query().whereNull('users.deleted_at').whereExists(User.relatedQuery('posts'));"), models("await User.query().whereNull('users.deleted_at').whereExists(User.relatedQuery('posts').whereNull('deleted_at'));")],
  ]));

  describe('fetched graphs', () => mends([
    [models("await User.query().whereNull('deleted_at').withGraphFetched('posts');"), models("await User.query().whereNull('deleted_at').withGraphFetched('posts').modifyGraph('posts', (builder) => builder.whereNull('deleted_at'));")],
    [models("await User.query()\n  .whereNull('deleted_at')\n  .withGraphFetched('[posts(notDeleted).comments]')\n  .limit(3);"), models("await User.query()\n  .whereNull('deleted_at')\n  .withGraphFetched('[posts(notDeleted).comments]')\n  .modifyGraph('posts.comments', (builder) => builder.where('deleted', false))\n  .limit(3);")],
    [models("await User.query().whereNull('deleted_at').eager('posts');"), models("await User.query().whereNull('deleted_at').eager('posts').modifyEager('posts', (builder) => builder.whereNull('deleted_at'));")],
  ]));

  describe('writes', () => mends([
    [models("class Account extends Model { static tableName = 'users'; static async drop() { await Account.query().where({ name }).delete(); } }"), models("class Account extends Model { static tableName = 'users'; static async drop() { await Account.query().where({ name }).whereNull('deletedAt').patch({ deletedAt: new Date().toISOString() }); } }")],
    [models("class Account extends Model { static tableName = 'users'; static async drop() { await Account.query().deleteById(id); } }"), models("class Account extends Model { static tableName = 'users'; static async drop() { await Account.query().findById(id).whereNull('deletedAt').patch({ deletedAt: new Date().toISOString() }); } }")],
    [models("await User.query().patch({ deleted_at: now }).where({ name });"), models("await User.query().patch({ deleted_at: now }).where({ name }).whereNull('deleted_at');")],
  ]));
});

describe("a project's helpers in the suggestions for Objection", () => {
  const guarded = sayings({
    ...manifest,
    guards: [{ kind: 'modifier', name: 'live', library: 'objection' }, { kind: 'chain', name: 'whereLive', library: 'objection' }, { kind: 'relation', name: 'livePosts', model: 'User' }],
  } as Manifest);
  guarded.says([
    [models('await User.query().whereLive();')],
    [models("await User.query().modify('live');")],
    [models("await User.query().whereLive().withGraphFetched('posts(live).comments(live)');")],
    [models("await User.query().whereLive().withGraphFetched('livePosts');")],
    [models("await Post.query().modify('live').withGraphFetched('author');"), 'require-live-parent: author'],
  ]);
  guarded.mends([
    [models('await User.query().where({ name }).limit(1);'), models('await User.query().where({ name }).whereLive().limit(1);')],
    [models("await User.query().whereLive().withGraphFetched('[posts.comments(live)]');"), models("await User.query().whereLive().withGraphFetched('[posts(live).comments(live)]');")],
  ]);
});

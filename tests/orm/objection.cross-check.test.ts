/**
 * Objection 3: what it sends through Knex for PostgreSQL, the queries of fetched graphs included, with their bindings written out.
 *
 * Nothing listens: a client that answers every query with one row stands in the database's place, so that each query is sent that would be.
 */
import createKnex, { type Knex } from 'knex';
import { Model, raw } from 'objection';
import type { Manifest } from '../../lib/manifest/types.js';
import { objection as library } from '../../lib/orm/objection.js';
import { crossCheck, type Shape } from './cross-check.js';

const manifest: Manifest = {
  tables: {
    users: { deletion: 'soft', models: ['User'], unique: [['email']] },
    posts: { deletion: 'soft', models: ['Post'] },
    comments: { deletion: 'soft', models: ['Comment'] },
    flags: { deletion: 'soft', models: ['Flag'], tombstone: { column: 'is_deleted', live: false } },
    tags: { deletion: 'hard', models: ['Tag'] },
  },
};

/** The models, for the library and for the reading. */
const MODELS = `
class Tag extends Model { static tableName = 'tags'; }
class Flag extends Model {
  static get tableName() { return 'flags'; }
  static get modifiers() { return { live: (query) => query.where('flags.is_deleted', false) }; }
}
class Comment extends Model {
  static tableName = 'comments';
  static get relationMappings() {
    return { post: { relation: Model.BelongsToOneRelation, modelClass: Post, join: { from: 'comments.post_id', to: 'posts.id' } } };
  }
}
class Post extends Model {
  static get tableName() { return 'posts'; }
  static modifiers = { live(builder) { builder.whereNull(Post.ref('deleted_at')); }, newest: (builder) => builder.orderBy('id').limit(3) };
  static get relationMappings() {
    return {
      author: { relation: Model.BelongsToOneRelation, modelClass: User, join: { from: 'posts.user_id', to: 'users.id' } },
      comments: { relation: Model.HasManyRelation, modelClass: Comment, join: { from: 'posts.id', to: 'comments.post_id' } },
      liveComments: { relation: Model.HasManyRelation, modelClass: Comment, modify: (query) => query.whereNull('comments.deleted_at'), join: { from: 'posts.id', to: 'comments.post_id' } },
      tags: { relation: Model.ManyToManyRelation, modelClass: Tag, join: { from: 'posts.id', through: { from: 'posts_tags.post_id', to: 'posts_tags.tag_id' }, to: 'tags.id' } },
      flags: { relation: Model.HasManyRelation, modelClass: Flag, filter: { is_deleted: false }, join: { from: 'posts.id', to: 'flags.post_id' } },
    };
  }
}
class User extends Model {
  static tableName = 'users';
  static get modifiers() { return { live: (query) => query.whereNull('users.deleted_at'), named: (query, name) => query.where('name', name) }; }
  static relationMappings = () => ({
    posts: { relation: Model.HasManyRelation, modelClass: Post, join: { from: 'users.id', to: 'posts.user_id' } },
    livePosts: { relation: Model.HasManyRelation, modelClass: Post, modify: 'live', join: { from: 'users.id', to: 'posts.user_id' } },
  });
}
`;

interface Asked { readonly sql: string; readonly bindings: readonly unknown[]; response?: unknown }

const COLUMNS = ['id', 'name', 'email', 'user_id', 'post_id', 'tag_id', 'deleted_at', 'is_deleted'];

const Postgres = createKnex({ client: 'pg' }).client.constructor as typeof Knex.Client;

/** Answers what it is asked with one row, and remembers what that was. */
class Listening extends Postgres {
  readonly sent: string[] = [];

  override acquireRawConnection(): Promise<unknown> { return Promise.resolve({}); }
  override destroyRawConnection(): Promise<void> { return Promise.resolve(); }
  override validateConnection(): Promise<boolean> { return Promise.resolve(true); }

  _query(_connection: unknown, asked: Asked): Promise<unknown> {
    const ofColumns = asked.sql.includes('information_schema');
    if (!ofColumns) this.sent.push(asked.sql.replace(/\$(\d+)/gu, (_, place: string) => written(asked.bindings[Number(place) - 1])));
    const row = { id: 1, user_id: 1, post_id: 1, tag_id: 1, objectiontmpjoin0: 1 };
    asked.response = { rows: ofColumns ? COLUMNS.map((name) => ({ column_name: name, data_type: 'text', is_nullable: 'YES' })) : [row], rowCount: 1, command: 'SELECT' };
    return Promise.resolve(asked);
  }
}

function written(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Date) return `'${value.toISOString()}'`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `'${String(value)}'`;
}

const knex = createKnex({ client: Listening as unknown as typeof Knex.Client, connection: {} });
const client = knex.client as Listening;
const models = new Function('Model', `${MODELS}; return { Tag, Flag, Comment, Post, User };`)(Model) as Record<string, typeof Model>;
for (const model of Object.values(models)) model.knex(knex);
const user = models['User']!.fromJson({ id: 1, name: 'x' });
const scope = { ...models, Model, knex, user, id: 1, ids: [1, 2], name: 'x', cutoff: new Date('2024-01-01'), raw };

// A builder that an async function returns is run.
const AsyncFunction = Object.getPrototypeOf(run).constructor as FunctionConstructor;

async function run(code: string): Promise<readonly string[]> {
  const body = /\breturn\b/.test(code) ? code : `return ${code};`;
  client.sent.length = 0;
  await (new AsyncFunction(...Object.keys(scope), body)(...Object.values(scope)) as Promise<unknown>);
  return [...client.sent];
}

const shapes: readonly (string | Shape)[] = [
  // Reads of one table.
  'User.query()', "User.query().select('id')", 'User.query().findById(id)', "User.query().findById(id).whereNull('deleted_at')", 'User.query().findOne({ name })', "User.query().findOne({ name, deleted_at: null })", "User.query().findOne('name', name)",
  'User.query().findByIds(ids)', "User.query().findByIds(ids).whereNull('users.deleted_at')", 'User.query().where({ name }).first()', "User.query().whereNull('deleted_at').first()", 'User.query().where({ deleted_at: null })',
  "User.query().where('deleted_at', null)", "User.query().alias('u').whereNull('u.deleted_at')", "User.query().alias('u').where('u.name', name)", "User.query().whereNull('deleted_at').orWhere({ name })", "User.query().whereNull('deleted_at').where((qb) => qb.where({ name }).orWhere({ id }))",
  "User.query().whereNotNull('deleted_at')", "Flag.query().where({ is_deleted: false })", 'Flag.query()', "Flag.query().where('is_deleted', true)", "User.query().whereNull('deleted_at').orderBy('name').page(0, 10)", "User.query().where({ name }).range(0, 10)",
  "User.query().select('users.*').whereRaw('users.deleted_at is null')", "User.query().whereComposite(['id', 'name'], [id, name])", 'User.query().whereInComposite(\'id\', ids)', "User.query().where(raw('deleted_at is null'))", "User.query().whereNull('users.deleted_at').distinct('name')",
  // Modifiers.
  "User.query().modify('live')", "User.query().modify(['live'])", "User.query().modify('named', name)", "User.query().modify((query) => query.whereNull('deleted_at'))", "Flag.query().modify('live')", "User.query().modifiers({ mine: (query) => query.whereNull('deleted_at') }).modify('mine')",
  // Counts.
  'User.query().resultSize()', "User.query().whereNull('deleted_at').resultSize()", "User.query().count('id as n')", "User.query().whereNull('deleted_at').groupBy('name').count('id')",
  // Fetched graphs.
  "User.query().whereNull('deleted_at').withGraphFetched('posts')", "User.query().whereNull('deleted_at').withGraphFetched('posts(live)')", "User.query().whereNull('deleted_at').withGraphFetched('livePosts')", "User.query().whereNull('deleted_at').withGraphFetched('[posts(live).comments]')",
  "User.query().whereNull('deleted_at').withGraphFetched('posts(live).[liveComments, tags]')", "User.query().whereNull('deleted_at').withGraphFetched('posts').modifyGraph('posts', (query) => query.whereNull('posts.deleted_at'))",
  "User.query().whereNull('deleted_at').withGraphFetched('posts').modifyGraph('posts', 'live')", "User.query().whereNull('deleted_at').withGraphFetched({ posts: { $modify: ['live'], comments: true } })", "Post.query().whereNull('deleted_at').withGraphFetched('author')",
  "Post.query().whereNull('deleted_at').withGraphFetched('author(live)')", "Post.query().whereNull('deleted_at').withGraphFetched('flags')", "Post.query().whereNull('deleted_at').withGraphFetched('author as writer')", "Post.query().modify('live').withGraphFetched('comments.post(live)')",
  "User.query().modify('live').withGraphFetched('posts(onlyLive)').modifiers({ onlyLive: (query) => query.whereNull('deleted_at') })",
  // Joined graphs and relations.
  "User.query().withGraphJoined('posts').whereNull('users.deleted_at').whereNull('posts.deleted_at')", "Post.query().withGraphJoined('author').whereNull('posts.deleted_at')", "Post.query().withGraphJoined('liveComments').whereNull('posts.deleted_at')",
  "Post.query().joinRelated('author').whereNull('posts.deleted_at')", "Post.query().joinRelated('author').whereNull('posts.deleted_at').whereNull('author.deleted_at')", "User.query().leftJoinRelated('posts').whereNull('users.deleted_at')", "Post.query().joinRelated('author(live)').whereNull('posts.deleted_at')",
  "Post.query().joinRelated('author', { alias: 'a' }).whereNull('posts.deleted_at').whereNull('a.deleted_at')", "Post.query().joinRelated('tags').whereNull('posts.deleted_at')", "Comment.query().joinRelated('post.author').whereNull('comments.deleted_at').whereNull('post.deleted_at')", "User.query().joinRelated('livePosts').whereNull('users.deleted_at')",
  "Post.query().join('users', 'users.id', 'posts.user_id').whereNull('posts.deleted_at')", "Post.query().leftJoin('comments as c', (join) => join.on('c.post_id', 'posts.id').andOnNull('c.deleted_at')).whereNull('posts.deleted_at')",
  "Post.query().joinRelated('author').modify('live').whereNull('author.deleted_at')", "Post.query().joinRelated('author').whereNull(Post.ref('deleted_at'))",
  // Subqueries.
  "User.query().whereNull('deleted_at').whereExists(User.relatedQuery('posts'))", "User.query().whereNull('deleted_at').whereExists(User.relatedQuery('posts').whereNull('posts.deleted_at'))", "User.query().whereNull('deleted_at').whereNotExists(User.relatedQuery('livePosts'))",
  "User.query().whereNull('deleted_at').whereIn('id', Post.query().select('user_id'))", "User.query().whereNull('deleted_at').whereIn('id', Post.query().select('user_id').whereNull('deleted_at'))", "User.query().whereNull('deleted_at').select(User.relatedQuery('posts').count().as('n'))",
  "User.query().with('mine', Post.query().where({ user_id: id })).whereNull('users.deleted_at').whereIn('id', (qb) => qb.select('user_id').from('mine'))", "User.relatedQuery('posts').for(id)", "User.relatedQuery('posts').for(id).whereNull('deleted_at')", "User.relatedQuery('livePosts').for([1, 2])",
  // Of an instance.
  'user.$query()', "user.$query().whereNull('deleted_at')", "const one = await User.query().findById(id); return one.$relatedQuery('posts')", "const one = await User.query().findById(id).modify('live'); return one.$relatedQuery('posts').whereNull('deleted_at')", "const one = await User.query().findById(id); return one.$relatedQuery('livePosts')",
  // Over several statements.
  "const query = User.query(); if (name) query.where({ name }); query.whereNull('deleted_at'); return query", "let query = User.query().select('id'); query = query.where({ name }).whereNull('deleted_at'); return query",
  // Writes.
  'User.query().findById(id).patch({ name })', "User.query().findById(id).whereNull('deleted_at').patch({ name })", 'User.query().patch({ name }).where({ id })', "User.query().patch({ deleted_at: cutoff }).where({ id })", "User.query().whereNull('deleted_at').findById(id).patch({ deleted_at: cutoff })",
  'User.query().deleteById(id)', 'User.query().delete().where({ name })', "User.query().delete().where('deleted_at', '<', cutoff)", 'User.query().patch({ deleted_at: null }).where({ id })', "User.query().where({ id }).increment('logins', 1)", 'user.$query().patch({ name })', { code: 'user.$query().delete()', differs: { call: [], why: 'a variable tells no class, and models that a plugin extends make an update of it' } },
  "const one = await User.query().findById(id); return one.$relatedQuery('posts').delete()", "User.relatedQuery('posts').for(id).patch({ name })", "User.query().insert({ email: name, name }).onConflict('email').merge()", "User.query().insert({ email: name }).onConflict('email').ignore()",
];

describe('Objection 3 sends what its calls say', () => {
  crossCheck({ library, manifest, prelude: `import { Model, raw } from 'objection';\n${MODELS}`, run, shapes: shapes.map((shape) => (typeof shape === 'string' ? { code: shape } : shape)) });
  after(() => knex.destroy());
});

/** MikroORM 6: what it sends to PostgreSQL, recorded in the place of its connection. */
import { EntitySchema, MikroORM, raw, sql } from '@mikro-orm/postgresql';
import type { Manifest } from '../../lib/manifest/types.js';
import { mikroOrm as library } from '../../lib/orm/mikro-orm.js';
import { crossCheck, type Shape } from './cross-check.js';

const soft = { deletion: 'soft', tombstone: 'deleted_at', autoFilter: ['mikro-orm'] } as const;
const manifest: Manifest = {
  tables: {
    users: { ...soft, autoFilter: ['mikro-orm'], models: ['User'], unique: [['email']], relations: { posts: { table: 'posts', many: true, on: { id: 'author_id' } }, team: { table: 'teams', on: { team_id: 'id' } } } },
    teams: { ...soft, autoFilter: ['mikro-orm'], models: ['Team'], relations: { notes: { table: 'notes', many: true, on: { id: 'team_id' } } } },
    posts: { ...soft, autoFilter: ['mikro-orm'], models: ['Post'], relations: { author: { table: 'users', on: { author_id: 'id' } }, comments: { table: 'comments', many: true, on: { id: 'post_id' } }, notes: { table: 'notes', many: true, on: { id: 'post_id' } }, tags: { table: 'tags', many: true, through: 'posts_tags' } } },
    comments: { ...soft, autoFilter: ['mikro-orm'], models: ['Comment'], relations: { post: { table: 'posts', on: { post_id: 'id' } } } },
    profiles: { ...soft, autoFilter: ['mikro-orm'], models: ['Profile'], relations: { user: { table: 'users', on: { user_id: 'id' } } } },
    tags: { ...soft, autoFilter: ['mikro-orm'], models: ['Tag'], relations: { posts: { table: 'posts', many: true, through: 'posts_tags' } } },
    posts_tags: 'hard',
    /** Without a filter: every condition is written. */
    notes: { deletion: 'soft', models: ['Note'], relations: { post: { table: 'posts', on: { post_id: 'id' } }, team: { table: 'teams', on: { team_id: 'id' } }, links: { table: 'links', many: true, on: { id: 'note_id' } } } },
    links: { deletion: 'soft', models: ['Link'], relations: { note: { table: 'notes', on: { note_id: 'id' } } } },
    flags: { deletion: 'soft', models: ['Flag'], tombstone: { column: 'is_deleted', live: false } },
  },
};

class User { declare readonly id: number; }
class Team { declare readonly id: number; }
class Post { declare readonly id: number; }
class Comment { declare readonly id: number; }
class Profile { declare readonly id: number; }
class Tag { declare readonly id: number; }
class Note { declare readonly id: number; }
class Link { declare readonly id: number; }
class Flag { declare readonly id: number; }

const filters = { softDelete: { name: 'softDelete', cond: { deletedAt: null }, default: true } };
const columns = { id: { type: 'number', primary: true }, name: { type: 'string', nullable: true }, deletedAt: { type: 'Date', nullable: true } };
const schema = (options: object): EntitySchema => new EntitySchema(options as never);
const entities = [
  schema({ class: User, tableName: 'users', filters, properties: { ...columns, email: { type: 'string', nullable: true, unique: true }, logins: { type: 'number', nullable: true }, posts: { kind: '1:m', entity: () => Post, mappedBy: 'author' }, team: { kind: 'm:1', entity: () => Team, nullable: true } } }),
  schema({ class: Team, tableName: 'teams', filters, properties: { ...columns, notes: { kind: '1:m', entity: () => Note, mappedBy: 'team' } } }),
  schema({ class: Post, tableName: 'posts', filters, properties: { ...columns, author: { kind: 'm:1', entity: () => User }, comments: { kind: '1:m', entity: () => Comment, mappedBy: 'post' }, notes: { kind: '1:m', entity: () => Note, mappedBy: 'post' }, tags: { kind: 'm:n', entity: () => Tag, pivotTable: 'posts_tags' } } }),
  schema({ class: Comment, tableName: 'comments', filters, properties: { ...columns, post: { kind: 'm:1', entity: () => Post } } }),
  schema({ class: Profile, tableName: 'profiles', filters, properties: { ...columns, user: { kind: '1:1', entity: () => User, owner: true } } }),
  schema({ class: Tag, tableName: 'tags', filters, properties: { ...columns, posts: { kind: 'm:n', entity: () => Post, mappedBy: 'tags' } } }),
  schema({ class: Note, tableName: 'notes', properties: { ...columns, stars: { type: 'number', nullable: true }, post: { kind: 'm:1', entity: () => Post, nullable: true }, team: { kind: 'm:1', entity: () => Team, nullable: true }, links: { kind: '1:m', entity: () => Link, mappedBy: 'note' } } }),
  schema({ class: Link, tableName: 'links', properties: { ...columns, note: { kind: 'm:1', entity: () => Note } } }),
  schema({ class: Flag, tableName: 'flags', properties: { id: columns.id, label: { type: 'string', nullable: true }, isDeleted: { type: 'boolean' } } }),
];

const recorded: string[] = [];
// What the library joins by itself, so that references to deleted rows read as none, is not in the calls.
const orm = MikroORM.initSync({ connect: false, dbName: 'none', entities, debug: false, allowGlobalContext: true, autoJoinRefsForFilters: false });

interface Connection {
  execute(query: string | { toString(): string }, params?: readonly unknown[], method?: string): Promise<unknown>;
}

/** Answers every query with no rows, but for what an INSERT returns. */
(orm.em.getConnection() as unknown as Connection).execute = (query, params = [], method = 'all') => {
  const text = typeof query === 'string' ? orm.em.getPlatform().formatQuery(query, params as unknown[]) : query.toString();
  recorded.push(text);
  const row = / returning /.test(text) ? { id: 1, name: 'x', email: 'x', deleted_at: null, logins: 0, team_id: null, stars: 0, post_id: 1 } : undefined;
  if (method === 'run') return Promise.resolve({ affectedRows: 1, insertId: 1, rows: row ? [row] : [], row });
  return Promise.resolve(method === 'get' ? (/^select count/.test(text) ? { count: 0 } : undefined) : []);
};

async function run(code: string): Promise<readonly string[]> {
  recorded.length = 0;
  const em = orm.em.fork(), scope = { em, raw, sql, User, Team, Post, Comment, Profile, Tag, Note, Link, Flag, id: 1, ids: [1, 2], name: 'x', cutoff: new Date('2024-01-01') };
  const body = /\breturn\b/.test(code) ? code : `return ${code};`;
  const call = new Function(...Object.keys(scope), `return (async () => { ${body} })()`) as (...values: unknown[]) => Promise<unknown>;
  await call(...Object.values(scope));
  return [...recorded];
}

const shapes: readonly (string | Shape)[] = [
  // The entity has a filter.
  'em.find(User, {})', 'em.find(User, { name })', 'em.findOne(User, id)', 'em.findOne(User, { id })', 'em.find(User, ids)', 'em.findOne(User, { email: name })', 'em.findAll(User, { where: { name } })', 'em.findAll(User)',
  'em.count(User, { name })', 'em.count(User)', 'em.findAndCount(User, { name }, { limit: 5 })', "em.findByCursor(User, { name }, { first: 5, orderBy: { id: 'asc' } })",
  'em.getRepository(User).find({ name })', 'em.getRepository(User).count()', 'const repo = em.getRepository(User); return repo.findOne({ email: name })', "em.find('User', { name })",
  'em.find(User, { $or: [{ name }, { email: name }] })', 'em.find(User, [{ name }, { email: name }])',
  // Switched off, or not.
  'em.find(User, {}, { filters: false })', 'em.find(User, { name }, { filters: { softDelete: false } })', 'em.find(User, {}, { filters: [] })', 'em.find(User, {}, { filters: { softDelete: true } })', 'em.count(User, {}, { filters: false })',
  'em.find(User, { deletedAt: { $ne: null } }, { filters: false })', 'em.find(User, { deletedAt: null }, { filters: false })', 'em.find(User, { deletedAt: { $lt: cutoff } }, { filters: false })', 'const options = { filters: false }; return em.find(User, { name }, options)',
  // Raw SQL.
  "em.find(User, { [raw('name = 1 or id = 2')]: [] })", "em.find(User, { [raw('(name = 1 or id = 2)')]: [] })", "em.find(User, { $and: [{ name }, { [raw('name = 1 or id = 2')]: [] }] })", "em.find(Note, { deletedAt: null, [raw('name = 1 or id = 2')]: [] })",
  "em.find(Note, { [raw('deleted_at is null')]: [] })", "em.find(Note, { [raw((alias) => `${alias}.deleted_at is null`)]: [] })", "em.find(User, { [raw('lower(name)')]: name })", "em.count(User, { [raw('name = 1 or id = 2')]: [] })",
  // Relations that are loaded.
  "em.find(Post, {}, { populate: ['author', 'comments'] })", "em.find(Post, {}, { populate: ['author'], filters: false })", "em.find(User, {}, { populate: ['posts.comments'] })", "em.find(Post, {}, { populate: ['notes'] })", "em.find(Post, {}, { populate: ['tags'] })",
  "em.find(Note, { deletedAt: null }, { populate: ['links'] })", "em.find(Note, { deletedAt: null }, { populate: ['links'], populateWhere: { links: { deletedAt: null } } })", "em.find(Note, { deletedAt: null }, { populate: ['post'] })",
  // Conditions on relations.
  'em.find(User, { posts: { name } })', 'em.find(User, { posts: { name } }, { filters: false })', 'em.find(Post, { author: { name } })', 'em.find(Post, { author: id })', 'em.find(Post, { author: { id } })', 'em.find(Post, { notes: { name } })', 'em.find(Post, { notes: { name, deletedAt: null } })',
  'em.find(Post, { tags: { name } })', 'em.find(Note, { deletedAt: null, post: { name } })', 'em.find(Note, { deletedAt: null, post: null })', 'em.count(Post, { author: { name } })',
  // Subqueries that no filter is added to. The library joins the relation to the main table once more inside.
  ...([['$some: { name, deletedAt: null }', 'live'], ['$some: { name }', 'all'], ['$none: { name }', 'all']] as const).map(([inner, state]) => ({
    code: `em.find(User, { posts: { ${inner} } })`, differs: { call: [`posts: ${state}`, 'users: live'], why: 'the second users of the subquery are found by the keys of the first ones' },
  })),
  // Every spelling, without a filter.
  'em.find(Note, {})', 'em.find(Note, { deletedAt: null })', 'em.find(Note, { deletedAt: undefined })', 'em.find(Note, { deletedAt: { $eq: null } })', 'em.find(Note, { deletedAt: { $exists: false } })', 'em.find(Note, { $not: { deletedAt: { $ne: null } } })',
  'em.find(Note, { deletedAt: { $ne: null } })', 'em.find(Note, { deletedAt: { $lt: cutoff } })', 'em.find(Note, { deletedAt: [null] })', 'em.find(Note, { $or: [{ name }, { deletedAt: null }] })', 'em.find(Note, { $and: [{ name }, { deletedAt: null }] })',
  'em.find(Note, { deletedAt: null, $or: [{ name }, { stars: 1 }] })', 'const where = { name }; where.deletedAt = null; return em.find(Note, where)', 'const live = { deletedAt: null }; return em.find(Note, { ...live, name })', 'em.findOne(Note, { id, deletedAt: null })', 'em.findOne(Note, id)', 'em.count(Note)', 'em.count(Note, { deletedAt: null })',
  'em.find(Flag, { isDeleted: false })', 'em.find(Flag, { isDeleted: { $ne: true } })', 'em.find(Flag, { isDeleted: true })', 'em.find(Flag, {})',
  // Query builders add nothing.
  "em.createQueryBuilder(User, 'u').getResultList()", "em.createQueryBuilder(User, 'u').where({ deletedAt: null }).getResultList()", "em.qb(User, 'u').select('*').where({ name }).andWhere({ deletedAt: null }).execute()", "em.createQueryBuilder(User, 'u').where({ deletedAt: null }).where({ name }).execute()",
  "em.createQueryBuilder(User, 'u').select('*').where('u.deleted_at is null').orWhere({ name }).execute()", "em.createQueryBuilder(User, 'u').select('*').where('u.deleted_at is null').andWhere('u.name = 1 or u.id = 2').execute()", "em.createQueryBuilder(User, 'u').count().where({ name }).execute()", "em.createQueryBuilder(User, 'u').where({ deletedAt: null }).getCount()",
  "em.createQueryBuilder(User, 'u').select('*').where({ deletedAt: null }).leftJoinAndSelect('u.posts', 'p').execute()", "em.createQueryBuilder(User, 'u').select('*').where({ deletedAt: null }).leftJoinAndSelect('u.posts', 'p', { deletedAt: null }).execute()", "em.createQueryBuilder(User, 'u').select('*').leftJoin('u.posts', 'p').where({ 'u.deletedAt': null, 'p.deletedAt': null }).execute()",
  "em.createQueryBuilder(Post, 'p').select('*').innerJoin('p.author', 'a', { 'a.deletedAt': null }).where({ deletedAt: null }).execute()", "const qb = em.createQueryBuilder(User, 'u').select('*'); await qb.applyFilters(); return qb.execute()", "const qb = em.createQueryBuilder(User, 'u').leftJoinAndSelect('u.posts', 'p'); await qb.applyFilters(); return qb.execute()",
  "const qb = em.createQueryBuilder(User, 'u').select('*'); qb.where({ deletedAt: null }); return qb.execute()", "const sub = em.createQueryBuilder(Post, 'p').select('p.author').where({ name }); return em.createQueryBuilder(User, 'u').select('*').where({ id: { $in: sub.getKnexQuery() }, deletedAt: null }).execute()",
  "em.getRepository(User).createQueryBuilder('u').where({ deletedAt: null }).getResult()",
  // Writes.
  "em.nativeUpdate(User, { id }, { name: 'y' })", 'em.nativeUpdate(User, { id }, { deletedAt: new Date() })', "em.nativeUpdate(User, { id }, { name: 'y' }, { filters: false })", "em.nativeUpdate(Note, { id }, { name: 'y' })", 'em.nativeUpdate(Note, { id, deletedAt: null }, { deletedAt: new Date() })', 'em.nativeUpdate(Note, { id }, { deletedAt: null })',
  'em.nativeDelete(User, { id })', 'em.nativeDelete(User, { deletedAt: { $lt: cutoff } }, { filters: false })', 'em.nativeDelete(Note, { id })', 'em.nativeDelete(Note, { deletedAt: { $lt: cutoff } })',
  'em.upsert(User, { id, name })', "em.upsert(User, { email: name, name, deletedAt: null }, { onConflictFields: ['email'] })", 'em.upsertMany(User, [{ id, name }])',
  "em.createQueryBuilder(User, 'u').update({ name }).where({ id }).execute()", "em.createQueryBuilder(User, 'u').delete({ id }).execute()", "em.createQueryBuilder(User, 'u').update({ deletedAt: new Date() }).where({ id, deletedAt: null }).execute()", "em.createQueryBuilder(User).insert({ email: name, name }).onConflict('email').merge(['name']).execute()",
];

describe('MikroORM 6 sends what its calls say', () => {
  after(() => orm.close(true));
  crossCheck({ library, manifest, prelude: "import { raw, sql } from '@mikro-orm/core';\nimport { em } from './orm';\nimport { User, Team, Post, Comment, Profile, Tag, Note, Link, Flag } from './entities';", run, shapes: shapes.map((shape) => (typeof shape === 'string' ? { code: shape } : shape)) });
});

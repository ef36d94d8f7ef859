/** The helpers that a manifest declares, each kind through the plugin: what one silences, and what it leaves alone. */
import type { Guard, Manifest } from '../../lib/manifest/index.js';
import { sayings, type Case } from './said.js';

const tables: Manifest['tables'] = {
  users: { deletion: 'soft', models: ['User'], unique: [['email']], relations: { posts: { table: 'posts', many: true, on: { id: 'author_id' } }, livePosts: { table: 'posts', many: true, on: { id: 'author_id' } } } },
  posts: { deletion: 'soft', models: ['Post'], relations: { author: { table: 'users', on: { author_id: 'id' } } } },
  tags: { deletion: 'soft', models: ['Tag'] },
};

const drizzle = (code: string): string => `import { and, eq } from 'drizzle-orm';\nimport { db, posts, users } from './db';\n${code}`;
const kysely = (code: string): string => `import { Kysely } from 'kysely';\nconst db = new Kysely<any>({} as any);\n${code}`;
const knex = (code: string): string => `import knexOf from 'knex';\nconst knex = knexOf({});\n${code}`;
const objection = (code: string): string => `import { Model } from 'objection';\nimport User from './models/User';\n${code}`;
const typeorm = (code: string): string => `import { IsNull, Repository } from 'typeorm';\nimport { User } from './entities';\nclass Service { constructor(private readonly users: Repository<User>) {} async run() { ${code} } }`;

/** A kind, the guards that a project declares, and calls with what is reported of them (`strict`). */
const kinds: readonly (readonly [title: string, guards: readonly Guard[], cases: readonly Case[]])[] = [
  ['predicate', [{ kind: 'predicate', name: 'notDeleted', from: './guards' }, { kind: 'predicate', name: 'isTrash', yields: 'dead' }, { kind: 'predicate', name: 'livePosts', table: 'posts' }, { kind: 'predicate', name: 'liveIn', tableArg: 1 }, { kind: 'predicate', name: 'onlyOfKnex', library: 'knex' }], [
    [drizzle("import { notDeleted } from './guards';\nawait db.select().from(users).where(notDeleted(users));")],
    [drizzle("import { notDeleted } from './guards';\nawait db.select().from(users).where(and(eq(users.name, name), notDeleted(users)));")],
    [drizzle("import { notDeleted } from './guards';\nawait db.select().from(users).innerJoin(posts, eq(posts.authorId, users.id)).where(notDeleted(posts));"), 'require-live-filter: users'],
    [drizzle("import { notDeleted } from './guards';\nawait db.delete(users).where(notDeleted(users));"), 'no-hard-delete: users'],
    [drizzle('await db.select().from(users).where(isTrash(users));')],
    [drizzle("await db.update(users).set({ deletedAt: new Date() }).where(isTrash(users));"), 'no-restamp: users'],
    [drizzle('await db.select().from(posts).where(livePosts());')],
    [drizzle('await db.select().from(posts).where(liveIn(1, posts));')],
    ["import { notDeleted } from './guards';\nawait prisma.user.findMany({ where: notDeleted() });"],
    ["import { notDeleted } from './guards';\nawait prisma.user.findMany({ where: notDeleted('users') });"], ['await prisma.user.findMany({ where: { ...liveIn(1, "User"), name } });'], ['await prisma.post.findMany({ where: { ...livePosts() } });'],
    ["import { notDeleted } from './guards';\nawait prisma.user.findMany({ where: { AND: [notDeleted(), { posts: { some: { name } } }] } });", 'require-live-join: posts'],
  ]],
  ['where-object', [{ kind: 'where-object', name: 'notDeleted', from: './guards' }, { kind: 'where-object', name: 'trash', yields: 'dead' }, { kind: 'where-object', name: 'livePost', table: 'posts' }, { kind: 'where-object', name: 'ofDrizzle', library: 'drizzle' }], [
    ["import { notDeleted } from './guards';\nawait prisma.user.findMany({ where: { ...notDeleted, name } });"],
    ["import { notDeleted } from './guards';\nawait prisma.user.findMany({ where: { OR: [{ ...notDeleted }, { name }] } });", 'require-live-filter: user'],
    ["import { notDeleted } from './guards';\nawait prisma.user.findMany({ where: notDeleted, include: { posts: true } });", 'require-live-join: posts'],
    ['await prisma.user.findMany({ where: { ...trash } });'], ['await prisma.user.updateMany({ where: { ...trash }, data: { deletedAt: new Date() } });', 'no-restamp: user'],
    ['await prisma.post.findMany({ where: { ...livePost } });'], [typeorm('return this.users.find({ where: { ...trash } });')], [typeorm('return this.users.find({ where: { name } });'), 'require-live-filter: users'],
  ]],
  ['where-wrapper', [{ kind: 'where-wrapper', name: 'live', from: './guards' }, { kind: 'where-wrapper', name: 'dead', yields: 'dead' }, { kind: 'where-wrapper', name: 'livePost', table: 'posts' }], [
    ["import { live } from './guards';\nawait prisma.user.findMany({ where: live({ name }) });"],
    ["import { live } from './guards';\nawait prisma.user.findMany({ where: live({ posts: { some: { name } } }) });", 'require-live-join: posts'],
    ["import { live as only } from './guards';\nawait prisma.user.count({ where: only({ name }) });"],
    ['await prisma.user.findMany({ where: dead({ name }) });'], ['await prisma.post.findMany({ where: livePost({ name }) });'],
  ]],
  ['chain', [{ kind: 'chain', name: 'whereNotDeleted', library: 'knex' }, { kind: 'chain', name: 'onlyTrashed', yields: 'dead' }, { kind: 'chain', name: 'whereLivePosts', table: 'posts' }, { kind: 'chain', name: 'whereLive', tableArg: 0 }], [
    [knex("await knex('users').whereNotDeleted();")], [knex("await knex('users').join('posts', 'posts.author_id', 'users.id').whereNotDeleted();"), "require-live-join: 'posts'"],
    [knex("await knex('users').join('posts', 'posts.author_id', 'users.id').whereNotDeleted().whereLivePosts();")], [knex("await knex('users').whereLivePosts();"), "require-live-filter: 'users'"],
    [knex("await knex('users').onlyTrashed();")], [knex("await knex('users').onlyTrashed().update({ deleted_at: knex.fn.now() });"), "no-restamp: 'users'"],
    [knex("await knex('users as u').join('posts as p', 'p.author_id', 'u.id').whereLive('u');"), "require-live-join: 'posts as p'"],
  ]],
  ['modifier', [{ kind: 'modifier', name: 'notDeleted' }, { kind: 'modifier', name: 'trashed', yields: 'dead' }], [
    [knex("await knex('users').modify(notDeleted);")], [knex("await knex('users').modify(trashed);")],
    [knex("await knex('users').modify(notDeleted).join('posts', 'posts.author_id', 'users.id');"), "require-live-join: 'posts'"],
    [kysely("await db.selectFrom('users').selectAll().$call(notDeleted).execute();")],
    [objection("await User.query().modify('notDeleted');")],
  ]],
  ['join-callback', [{ kind: 'join-callback', name: 'livePosts', table: 'posts' }, { kind: 'join-callback', name: 'onlyLive' }], [
    [knex("await knex('users').whereNull('users.deleted_at').leftJoin('posts', livePosts);")], [knex("await knex('users').leftJoin('posts', livePosts);"), "require-live-filter: 'users'"],
    [kysely("await db.selectFrom('users').where('users.deleted_at', 'is', null).leftJoin('posts', onlyLive).selectAll('users').execute();")],
  ]],
  ['scope', [{ kind: 'scope', name: 'active', model: 'User' }, { kind: 'scope', name: 'trashed', yields: 'dead' }], [
    ["import { User } from './models'; import { Op } from 'sequelize';\nexport const f = () => User.scope('active').findAll({ where: { name } });"],
    ["import { User } from './models'; import { Op } from 'sequelize';\nexport const f = () => User.scope('trashed').findAll({ where: { name } });"],
    ["import { User } from './models'; import { Op } from 'sequelize';\nexport const f = () => User.scope('other').findAll({ where: { name } });", 'require-live-filter: User'],
    ["import { Post } from './models'; import { Op } from 'sequelize';\nexport const f = () => Post.scope('active').findAll({ where: { name } });", 'require-live-filter: Post'],
  ]],
  ['client', [{ kind: 'client', name: 'db', from: './db', library: 'prisma', tables: ['User'], bypass: 'rawDb' }], [
    ["import { db } from './db';\nawait db.user.findMany();"], ["import { db } from './db';\nawait db.post.findMany();", 'require-live-filter: post'], ["import { db } from './elsewhere';\nawait db.user.findMany();", 'require-live-filter: user'],
    ["import { db } from './db';\nawait db.user.findMany({ include: { posts: true } });", 'require-live-join: posts'],
    ["import { rawDb } from './db';\nawait rawDb.user.findMany();", 'no-filter-bypass: rawDb', 'no-filter-bypass: user'],
    ["import { rawDb } from '../src/db.js';\nexport const f = () => rawDb.$disconnect();", 'no-filter-bypass: rawDb'],
    ["import { rawDb as prisma } from './db';\nexport const f = () => prisma.$disconnect();", 'no-filter-bypass: rawDb as prisma'],
    ["const { rawDb } = require('./db');", 'no-filter-bypass: rawDb'], ["export { rawDb } from './db';", 'no-filter-bypass: rawDb'],
    ["import type { rawDb } from './db';\nexport type Db = typeof rawDb;"], ["import { rawDb } from './other';\nexport const f = () => rawDb.$disconnect();"],
  ]],
  ['query-source', [{ kind: 'query-source', name: 'liveUsers', table: 'users' }, { kind: 'query-source', name: 'trashOf', tableArg: 1, yields: 'dead' }], [
    [drizzle('await liveUsers(db).where(eq(users.name, name));')], [drizzle('await trashOf(db, users);')],
  ]],
  ['query-source of Prisma', [{ kind: 'query-source', name: 'liveUsers', table: 'users', library: 'prisma' }, { kind: 'query-source', name: 'trashOf', tableArg: 0, yields: 'dead' }, { kind: 'query-source', name: 'allOf', tableArg: 0, yields: 'all' }, { kind: 'query-source', name: 'livePost', table: 'Post' }], [
    ['await liveUsers(prisma).findMany({ where: { name } });'], ['await liveUsers(prisma).count();'], ["await liveUsers(prisma).findMany({ where: { name }, include: { posts: true } });", 'require-live-join: posts'],
    ["await this.trashOf('User').updateMany({ where: { name }, data: { deletedAt: new Date() } });", 'no-restamp: trashOf'], ['await trashOf(prisma.post).findMany({ where: { title } });'],
    ["await allOf('users').findMany({ where: { name } });", "require-live-filter: allOf"], ['await this.repositories.livePost.findFirst({ where: { title } });'],
    ['await liveUsers(prisma).deleteMany({ where: { name } });', 'no-hard-delete: liveUsers'],
  ]],
  ['orm-filter', [{ kind: 'orm-filter', name: 'softDelete', library: 'prisma', tables: ['User'], bypass: ['withDeleted', 'filters.softDelete: false'] }], [
    ['await prisma.user.findMany({ where: { name } });'], ['await prisma.post.findMany({ where: { title } });', 'require-live-filter: post'], ['await prisma.user.deleteMany({ where: { name } });', 'no-hard-delete: user'],
    ['await prisma.user.findMany({ where: { name }, withDeleted: true });', 'no-filter-bypass: user'], ['await prisma.user.findMany({ where: { name }, withDeleted: false });'],
    ['await prisma.user.findMany({ where: { name }, filters: { softDelete: false } });', 'no-filter-bypass: user'], ['await prisma.user.findMany({ where: { name }, filters: { softDelete: true } });'],
    ['await prisma.post.findMany({ where: { deletedAt: null }, include: { author: true } });'],
  ]],
  ['orm-filter of TypeORM', [{ kind: 'orm-filter', name: 'subscriber', library: 'typeorm', tables: ['users'] }], [
    [typeorm('return this.users.find({ where: { name } });')], ['await prisma.user.findMany({ where: { name } });', 'require-live-filter: user'],
  ]],
  ['client whose raw SQL is filtered', [{ kind: 'client', name: 'db', from: './db', library: 'prisma', coverage: { reads: ['findMany'], raw: true }, tables: ['users'] }], [
    ["import { db } from './db';\nawait db.$queryRaw`SELECT * FROM users WHERE name = ${name}`;"], ["import { db } from './db';\nawait db.$queryRawUnsafe('SELECT count(*) FROM users');"],
    ["import { db } from './db';\nimport { Prisma } from '@prisma/client';\nawait db.$queryRaw(Prisma.sql`SELECT * FROM users WHERE name = ${name}`);"],
    ["import { db } from './db';\nawait db.$queryRaw`SELECT * FROM posts WHERE title = ${title}`;", 'require-live-filter: posts'],
    ["import { db } from './elsewhere';\nawait db.$queryRaw`SELECT * FROM users WHERE name = ${name}`;", 'require-live-filter: users'],
    ["import { db } from './db';\nawait other.$queryRaw`SELECT * FROM users WHERE name = ${name}`;", 'require-live-filter: users'],
    ["import { db } from './db';\nawait db.$executeRaw`DELETE FROM users WHERE name = ${name}`;", 'no-hard-delete: users'],
  ]],
  ['relation', [{ kind: 'relation', name: 'livePosts', model: 'User' }], [
    [drizzle('await db.query.users.findMany({ where: { deletedAt: { isNull: true } }, with: { livePosts: true } });')], [drizzle('await db.query.users.findMany({ where: { deletedAt: { isNull: true } }, with: { posts: true } });'), 'require-live-join: posts'],
    ['await prisma.user.findMany({ where: { deletedAt: null }, include: { livePosts: true } });'], ['await prisma.user.findMany({ where: { deletedAt: null }, include: { posts: true } });', 'require-live-join: posts'],
  ]],
  ['assert', [{ kind: 'assert', name: 'assertNotDeleted', from: './guards' }, { kind: 'assert', name: 'mustBeLive' }, { kind: 'assert', name: 'onlyOfKnex', library: 'knex' }], [
    ["import { assertNotDeleted } from './guards';\nasync function f(id) { const user = await prisma.user.findUnique({ where: { id } }); assertNotDeleted(user); return user; }"],
    ["import { assertNotDeleted } from './guards';\nasync function f(id) { const user = await prisma.user.findUnique({ where: { id } }); return assertNotDeleted(user) ? user : null; }"],
    ["import { assertNotDeleted } from './guards';\nasync function f(id) { const user = await prisma.user.findUnique({ where: { id } }); const post = await prisma.post.findUnique({ where: { id } }); assertNotDeleted(post); return [user, post]; }", 'require-live-lookup: user'],
    ["import { assertNotDeleted } from './elsewhere';\nasync function f(id) { const user = await prisma.user.findUnique({ where: { id } }); assertNotDeleted(user); return user; }", 'require-live-lookup: user'],
    ['async function f(id) { const user = await prisma.user.findUnique({ where: { id } }); user.mustBeLive(); return user; }'],
    ['async function f(ids) { const users = await prisma.user.findMany({ where: { id: { in: ids } } }); return users.filter(mustBeLive); }'],
    ['async function f(id) { const user = await prisma.user.findUnique({ where: { id } }); onlyOfKnex(user); return user; }', 'require-live-lookup: user'],
    ["async function f(id) { const [user] = await sql`SELECT * FROM users WHERE id = ${id}`; mustBeLive(user); return user; }"],
    ["async function f(id) { const [user] = await sql`SELECT * FROM users WHERE id = ${id}`; log(user); return user; }", 'require-live-lookup: users'],
  ]],
  ['soft-delete-fn', [{ kind: 'soft-delete-fn', name: 'delete', table: 'users', library: 'prisma' }, { kind: 'soft-delete-fn', name: 'del', library: 'knex' }], [
    ['await prisma.user.delete({ where: { id } });'], ['await prisma.post.delete({ where: { id } });', 'no-hard-delete: post'], ['await prisma.user.deleteMany({ where: { name } });', 'no-hard-delete: user'],
    [knex("await knex('posts').where({ name }).del();")], [knex("await knex('posts').where({ name }).delete();"), "no-hard-delete: 'posts'"],
  ]],
  ['bypass', [{ kind: 'bypass', name: 'withTrashed' }, { kind: 'bypass', name: 'unscoped', reason: true }, { kind: 'bypass', name: 'includeDeleted', reason: true }], [
    [knex("await knex('users').withTrashed().where({ name });")], [knex("await knex('users').unscoped().where({ name });"), "no-filter-bypass: 'users'"],
    [knex("// includes-deleted: the audit shows them\nawait knex('users').unscoped().where({ name });")],
    ['await prisma.user.findMany({ where: { name }, includeDeleted: true });'],
  ]],
];

describe('helpers that the manifest declares', () => {
  for (const [title, guards, cases] of kinds) {
    describe(title, () => sayings({ tables, guards: [...guards] }).says(cases));
    describe(`${title}, not declared`, () => {
      // Each case that a helper silences is one that would be reported, or could not be read, without it: no guard, no leave.
      const { lint } = sayings({ tables });
      it('says no less', () => {
        const declared = sayings({ tables, guards: [...guards] });
        const changed = cases.filter(([code]) => JSON.stringify(declared.lint(code)) !== JSON.stringify(lint(code)));
        if (changed.length === 0 && !['predicate', 'where-object', 'where-wrapper', 'query-source', 'join-callback'].includes(title)) throw new Error('the guard changes nothing');
      });
    });
  }
});

describe('files that the manifest lets see deleted rows', () => {
  sayings({ tables, guards: [{ kind: 'client', name: 'db', from: './db', bypass: 'rawDb' }], reads: { '**/query.ts': 'all' } }).says([
    ["import { rawDb } from './db';\nexport const f = () => rawDb.user.findMany();"],
  ]);
});

/** Calls of the libraries through the plugin: which rule speaks, and what it underlines. Each library's reading is checked against the library elsewhere. */
import type { Manifest } from '../../lib/manifest/index.js';
import { sayings } from './said.js';

const manifest: Manifest = {
  tables: {
    users: { deletion: 'soft', models: ['User', 'users'], unique: [['email']], retention: '30 days', relations: { posts: { table: 'posts', many: true } } },
    posts: { deletion: 'soft', models: ['Post', 'posts'], relations: { author: { table: 'users' }, comments: { table: 'comments', many: true } } },
    comments: { deletion: 'soft', models: ['Comment', 'comments'] },
  },
};
const { says } = sayings(manifest);
const drizzle = (code: string): string => `import { and, count, eq, isNull, lt } from 'drizzle-orm';\nimport { comments, posts, users } from './schema';\n${code}`;
const typeorm = (code: string): string => `import { IsNull, Repository } from 'typeorm';\nimport { Post, User } from './entities';\nclass Service { constructor(private readonly users: Repository<User>) {} async run() { ${code} } }`;
const objection = (code: string): string => `import { Model } from 'objection';\nimport User from './models/User';\n${code}`;

describe('Drizzle through the plugin', () => says([
  [drizzle('await db.select().from(users);'), 'require-live-filter: users'],
  [drizzle('await db.select().from(users).where(isNull(users.deletedAt));')],
  [drizzle('await db.select().from(users).where(and(eq(users.name, name), isNull(users.deletedAt)));')],
  [drizzle('await db.select().from(users).where(and(...conditions));')],
  [drizzle('await db.select().from(users).where(includeDeleted ? undefined : isNull(users.deletedAt));')],
  [drizzle('await db.select({ n: count() }).from(users);'), 'no-unfiltered-aggregate: users'],
  [drizzle('await db.select().from(users).innerJoin(posts, eq(posts.userId, users.id)).where(isNull(users.deletedAt));'), 'require-live-join: posts'],
  [drizzle('await db.select().from(users).leftJoin(posts, and(eq(posts.userId, users.id), isNull(posts.deletedAt))).where(isNull(users.deletedAt));')],
  [drizzle('await db.query.users.findMany({ where: isNull(users.deletedAt), with: { posts: true } });'), 'require-live-join: posts'],
  [drizzle('await db.query.users.findMany({ where: (t, { isNull }) => isNull(t.deletedAt) });')],
  [drizzle('await db.delete(users).where(eq(users.name, name));'), 'no-hard-delete: users'],
  [drizzle('await db.update(users).set({ deletedAt: new Date() }).where(eq(users.name, name));'), 'no-restamp: users'],
  [drizzle('await db.update(users).set({ deletedAt: new Date() }).where(and(eq(users.name, name), isNull(users.deletedAt)));')],
]));

describe("values that are called like Drizzle's tables", () => says([
  // A row by its key, not a row compared with itself.
  [drizzle('await db.select().from(users).where(eq(users.id, ctx.users.id));'), 'require-live-lookup: users'],
  [drizzle('await db.select().from(users).where(eq(users.id, opts.session.users.id));'), 'require-live-lookup: users'],
  [`import { eq } from 'drizzle-orm';\nconst find = (db, tables) => db.select().from(tables.users).where(eq(tables.users.id, id)).limit(1);`, 'require-live-lookup: tables.users'],
]));

describe('TypeORM through the plugin', () => says([
  [typeorm('return this.users.find();'), 'require-live-filter: users'],
  [typeorm('return this.users.find({ where: { deletedAt: IsNull() } });')],
  [typeorm('return this.users.find({ where: [{ name, deletedAt: IsNull() }, { email }] });'), 'require-live-filter: users'],
  [typeorm('return this.users.count({ where: { name } });'), 'no-unfiltered-aggregate: users'],
  [typeorm("return this.users.createQueryBuilder('u').where('u.deletedAt IS NULL').getMany();")],
  [typeorm("return this.users.createQueryBuilder('u').where('u.name = :name', { name }).getMany();"), 'require-live-filter: users'],
  [typeorm("const qb = this.users.createQueryBuilder('u'); qb.andWhere('u.deletedAt IS NULL'); return qb.getMany();")],
  [typeorm('await this.users.delete({ name });'), 'no-hard-delete: users'],
]));

describe("a library's own soft delete", () => {
  says([[typeorm('await this.users.softDelete(id);'), 'no-restamp: users']]);
  says([[typeorm('await this.users.softDelete(id);')], [typeorm('await this.users.update({ name }, { deletedAt: new Date() });'), 'no-restamp: users']], 'recommended');
});

describe('Objection through the plugin', () => says([
  [objection('await User.query();'), 'require-live-filter: User'],
  [objection("await User.query().whereNull('deleted_at');")],
  [objection("await User.query().where({ deleted_at: null }).withGraphFetched('posts');"), 'require-live-join: posts'],
  [objection("const query = User.query(); if (name) query.where({ name }); await query.whereNull('deleted_at');")],
  [objection("await User.query().where({ name }).resultSize();"), 'no-unfiltered-aggregate: User'],
]));

describe('Prisma through the plugin', () => says([
  ['await prisma.user.findMany();', 'require-live-filter: user'],
  ['await prisma.user.findMany({ where: { deletedAt: null } });'],
  ['await prisma.user.findMany({ where: { deletedAt: null, ...filter } });'],
  ['await prisma.user.findMany({ where: { deletedAt: null }, include: { posts: true } });', 'require-live-join: posts'],
  ['await prisma.user.count({ where: { name } });', 'no-unfiltered-aggregate: user'],
  ['await prisma.user.deleteMany({ where: { name } });', 'no-hard-delete: user'],
]));

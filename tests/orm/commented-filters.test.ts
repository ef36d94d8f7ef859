/** Filters that a comment has taken out of a call, in the words of each library. */
import { sayings } from './said.js';

const { says, mends } = sayings({
  tables: {
    users: { deletion: 'soft', models: ['User', 'users'], columns: { deletedAt: 'deleted_at' }, relations: { posts: { table: 'posts', many: true, on: { id: 'user_id' } } } },
    posts: { deletion: 'soft', models: ['Post', 'posts'], columns: { deletedAt: 'deleted_at' } },
    flags: { deletion: 'soft', models: ['Flag', 'flags'], tombstone: { column: 'is_deleted', live: false }, columns: { isDeleted: 'is_deleted' } },
  },
});
const drizzle = (code: string): string => `import { and, eq, isNull } from 'drizzle-orm';\nimport { flags, posts, users } from './schema';\n${code}`;
const kysely = (code: string): string => `import { Kysely } from 'kysely';\nexport const run = (db: Kysely<Database>) => ${code}`;
const knex = (code: string): string => `import knex from 'knex';\nconst db = knex(config);\n${code}`;
const typeorm = (code: string): string => `import { IsNull, Repository } from 'typeorm';\nimport { User } from './entities';\nclass Service { constructor(private readonly users: Repository<User>) {} async run() { ${code} } }`;
const supabase = (code: string): string => `import { createClient } from '@supabase/supabase-js';\nconst supabase = createClient(url, key);\n${code}`;
const out = (comment: string): string => `valid-tombstone-predicate: ${comment}`;

describe('filters that a comment has taken out', () => says([
  ['await prisma.user.findMany({ where: {\n  name,\n  // deletedAt: null,\n} });', out('// deletedAt: null,')],
  // A row by its key as well, with the reason or without.
  ['await prisma.user.findFirst({ where: {\n  id,\n  // deletedAt: null, // deleted ones are greyed out\n} });', out('// deletedAt: null, // deleted ones are greyed out')],
  ['await prisma.user.findMany({ where: { deletedAt: null }, include: { posts: {\n  // where: { deletedAt: null },\n} } });', out('// where: { deletedAt: null },')],
  ['await prisma.user.updateMany({ data: { name }, where: { name: old,\n  // AND: [{ deletedAt: null }],\n} });', 'require-live-update: user'],
  [drizzle('await db.select().from(users).where(and(\n  eq(users.name, name),\n  // isNull(users.deletedAt),\n));'), out('// isNull(users.deletedAt),')],
  [drizzle('await db.select().from(users).innerJoin(posts, eq(posts.userId, users.id)).where(and(\n  isNull(posts.deletedAt),\n  // isNull(users.deletedAt),\n));'), out('// isNull(users.deletedAt),')],
  [drizzle('await db.select().from(flags).where(and(\n  eq(flags.id, id),\n  // eq(flags.isDeleted, false),\n));'), out('// eq(flags.isDeleted, false),')],
  [drizzle('await db.query.users.findMany({\n  // where: (table, { isNull }) => isNull(table.deletedAt),\n});'), out('// where: (table, { isNull }) => isNull(table.deletedAt),')],
  // What a chain would go on with.
  [drizzle('const all = await db.select().from(users)\n  // .where(isNull(users.deletedAt))\n;'), out('// .where(isNull(users.deletedAt))')],
  [kysely("db.selectFrom('users').selectAll()\n  // .where('deleted_at', 'is', null)\n  .execute();"), out("// .where('deleted_at', 'is', null)")],
  [kysely("db.selectFrom('users as u').innerJoin('posts as p', 'p.user_id', 'u.id').selectAll()\n  .where('u.deleted_at', 'is', null)\n  // .where('p.deleted_at', 'is', null)\n  .execute();"), out("// .where('p.deleted_at', 'is', null)")],
  [kysely("db.updateTable('users').set({ name }).where('name', '=', old)\n  // .where('deleted_at', 'is', null)\n  .execute();"), "require-live-update: 'users'", out("// .where('deleted_at', 'is', null)")],
  [knex("await db('users').where({ name })\n  // .whereNull('deleted_at')\n  .select('*');"), out("// .whereNull('deleted_at')")],
  ["import { Model } from 'objection';\nimport User from './models/User';\nawait User.query().where({ name })\n  // .whereNull('deleted_at')\n  .orderBy('name');", out("// .whereNull('deleted_at')")],
  [typeorm('return this.users.find({ where: {\n  name,\n  // deletedAt: IsNull(),\n} });'), out('// deletedAt: IsNull(),')],
  [typeorm("return this.users.createQueryBuilder('u').where('u.name = :name', { name })\n  // .andWhere('u.deletedAt IS NULL')\n  .getMany();"), out("// .andWhere('u.deletedAt IS NULL')")],
  ["import { User } from './models';\nawait User.findAll({ where: {\n  name,\n  // deletedAt: null,\n} });", out('// deletedAt: null,')],
  [supabase("await supabase.from('users').select('*')\n  // .is('deleted_at', null)\n  .eq('name', name);"), out("// .is('deleted_at', null)")],
]));

describe('comments that take no filter out', () => says([
  ['await prisma.user.findMany({ where: {\n  deletedAt: null,\n  // deletedAt: null,\n} });'],
  ['await prisma.user.findMany({ where: {\n  // deletedAt: null means live\n  deletedAt: null,\n} });'],
  // Said to be meant.
  ['// includes-deleted: the list greys them out\nawait prisma.user.findMany({ where: {\n  name,\n  // deletedAt: null,\n} });'],
  // Looked at afterwards.
  ['const user = await prisma.user.findFirst({ where: {\n  id,\n  // deletedAt: null,\n} });\nif (!user || user.deletedAt) throw new Error();'],
  // A value that is not written.
  ['await prisma.user.update({ where: { id }, data: {\n  name,\n  // deletedAt: null,\n} });', 'require-live-update: user'],
  // Of a table that has none.
  ['await prisma.session.findMany({ where: {\n  // deletedAt: null,\n} });'],
  // In front of the statement and behind it.
  ['// deletedAt: null\nconst one = await prisma.user.findFirst({ where: { id } });', 'require-live-lookup: user'],
  ['const one = await prisma.user.findFirst({ where: { id } });\n// deletedAt: null', 'require-live-lookup: user'],
]));

describe('filters put back', () => mends([
  ['await prisma.user.findMany({ where: {\n  name,\n  // deletedAt: null,\n} });', 'await prisma.user.findMany({ where: {\n  name,\n  deletedAt: null,\n  // deletedAt: null,\n} });'],
  [kysely("db.selectFrom('users').selectAll()\n  // .where('deleted_at', 'is', null)\n  .execute();"), kysely("db.selectFrom('users').where('deleted_at', 'is', null).selectAll()\n  // .where('deleted_at', 'is', null)\n  .execute();")],
]));

/** Conditions that a program makes one by one of values that cannot be seen: what one of them looks like is known, how many there are is not. */
import type { Manifest } from '../../lib/manifest/index.js';
import { sayings } from './said.js';

const manifest: Manifest = { tables: { users: { deletion: 'soft', models: ['User', 'user'] } } };
const { says } = sayings(manifest);
const prisma = (where: string): string => `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nawait prisma.user.findMany({ where: ${where}, take: 5 });`;
const drizzle = (code: string): string => `import { and, eq, ilike, isNull, or } from 'drizzle-orm';\nimport { users } from './schema';\n${code}`;
const query = (where: string): string => drizzle(`await db.query.users.findMany({ where: ${where}, limit: 5 });`);
const kysely = (code: string): string => `import { Kysely } from 'kysely';\n${code}`;
const typeorm = (code: string): string => `import { Repository } from 'typeorm';\nimport { User } from './entities';\nclass Service { constructor(private readonly users: Repository<User>) {} run(words: string[]) { ${code} } }`;
const sequelize = (where: string): string => `import { Op } from 'sequelize';\nimport { User } from './models';\nawait User.findAll({ where: ${where} });`;
const mikro = (where: string): string => `import { EntityManager } from '@mikro-orm/postgresql';\nimport { User } from './entities';\nasync function f(em: EntityManager) { return em.find(User, ${where}); }`;

describe('conditions made of a list that cannot be seen', () => {
  describe('which let deleted rows through', () => says([
    [prisma('{ OR: words.map((word) => ({ name: { contains: word } })) }'), 'require-live-filter: user'],
    [prisma('{ OR: [...words.map((word) => ({ name: { contains: word } }) as Where)] }'), 'require-live-filter: user'],
    [prisma('{ OR: [...words.map((word) => ({ name: { contains: word } })), ...words.map((word) => ({ mail: { contains: word } }))] }'), 'require-live-filter: user'],
    [prisma('{ AND: [{ age: 3 }, ...words.map((word) => { return { name: { contains: word } }; })] }'), 'require-live-filter: user'],
    [prisma('{ AND: words.map((word) => word && { name: word }).filter(Boolean) }'), 'require-live-filter: user'],
    [prisma('{ OR: [{ age: 3 }, ...words.map((word) => ({ name: word, deletedAt: null }))] }'), 'require-live-filter: user'],
    [drizzle('await db.select().from(users).where(and(eq(users.age, 3), or(...words.map((word) => ilike(users.name, word)))));'), 'require-live-filter: users'],
    [drizzle('await db.select().from(users).where(and(eq(users.age, 3), ...words.map((word) => ilike(users.name, word))));'), 'require-live-filter: users'],
    [drizzle('const all = words.map((word) => and(eq(users.age, 3), ilike(users.name, word)));\nawait db.select().from(users).where(or(...all));'), 'require-live-filter: users'],
    [query('{ OR: words.map((word) => ({ name: { ilike: word } })) }'), 'require-live-filter: users'],
    [query('{ AND: [{ age: 3 }, ...words.map((word) => ({ name: word }))] }'), 'require-live-filter: users'],
    [kysely("await db.selectFrom('users').selectAll().where((eb) => eb.or(words.map((word) => eb('name', 'like', word)))).execute();"), "require-live-filter: 'users'"],
    [kysely("await db.selectFrom('users').selectAll().where((eb) => eb.and([eb('age', '=', 3), ...words.map((word) => eb('name', 'like', word))])).execute();"), "require-live-filter: 'users'"],
    [typeorm('return this.users.find({ where: words.map((word) => ({ name: word })) });'), 'require-live-filter: users'],
    [typeorm('return this.users.find({ where: [{ age: 3 }, ...words.map((word) => ({ name: word, deletedAt: IsNull() }))] });'), 'require-live-filter: users'],
    [typeorm('return this.users.findBy(words.map((word) => ({ name: word })));'), 'require-live-filter: users'],
    [sequelize('{ [Op.or]: words.map((word) => ({ name: word })) }'), 'require-live-filter: User'],
    [sequelize('{ [Op.and]: [{ age: 3 }, ...words.map((word) => ({ name: word }))] }'), 'require-live-filter: User'],
    [mikro('{ $or: words.map((word) => ({ name: word })) }'), 'require-live-filter: User'],
    [mikro('{ $and: [{ age: 3 }, ...words.map((word) => ({ name: word }))] }'), 'require-live-filter: User'],
  ]));

  describe('which do not, or may not', () => says([
    [prisma('{ OR: words.map((word) => ({ name: word, deletedAt: null })) }')],
    [prisma('{ OR: [...words.map((word) => ({ name: word, deletedAt: null }))] }')],
    [prisma('{ AND: [{ deletedAt: null }, ...words.map((word) => ({ name: word }))] }')],
    [prisma('{ OR: words.map((word) => ({ name: word, ...filter })) }')],
    [prisma('{ AND: [...words.map((word) => conditionOf(word))] }')],
    [prisma('{ AND: [...filters] }')],
    [drizzle('await db.select().from(users).where(and(isNull(users.deletedAt), or(...words.map((word) => ilike(users.name, word)))));')],
    [drizzle('await db.select().from(users).where(or(...words.map((word) => and(ilike(users.name, word), isNull(users.deletedAt)))));')],
    [drizzle('await db.select().from(users).where(and(...words.map((word) => conditionOf(word))));')],
    [drizzle('await db.select().from(users).where(and(...words.map(conditionOf)));')],
    [query('{ OR: words.map((word) => ({ name: word, deletedAt: { isNull: true } })) }')],
    [kysely("await db.selectFrom('users').selectAll().where((eb) => eb.or(words.map((word) => eb.and([eb('name', 'like', word), eb('deleted_at', 'is', null)])))).execute();")],
    [kysely("await db.selectFrom('users').selectAll().where((eb) => eb.and(words.map((word) => conditionOf(eb, word)))).execute();")],
    [typeorm('return this.users.find({ where: words.map((word) => ({ name: word, deletedAt: IsNull() })) });')],
    [typeorm('return this.users.find({ where: words.map((word) => conditionOf(word)) });')],
    [sequelize('{ [Op.or]: words.map((word) => ({ name: word, deletedAt: null })), deletedAt: null }')],
    [mikro('{ $or: words.map((word) => ({ name: word, deletedAt: null })) }')],
    [mikro('{ $or: words.map((word) => conditionOf(word)) }')],
  ]));
});

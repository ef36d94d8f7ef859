/** Filters on one column of which a part cannot be seen: what they say, they say of that column. */
import type { Manifest } from '../../lib/manifest/index.js';
import { sayings } from './said.js';

const manifest: Manifest = { tables: { users: { deletion: 'soft', models: ['User', 'user'] } } };
const { says } = sayings(manifest);
const prisma = (where: string): string => `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nawait prisma.user.count({ where: ${where} });`;
const drizzle = (where: string): string => `import { eq } from 'drizzle-orm';\nimport { users } from './schema';\nawait db.query.users.findMany({ where: ${where}, limit: 5 });`;
const sequelize = (where: string): string => `import { Op } from 'sequelize';\nimport { User } from './models';\nawait User.findAll({ where: ${where} });`;
const mikro = (where: string): string => `import { EntityManager } from '@mikro-orm/postgresql';\nimport { User } from './entities';\nasync function f(em: EntityManager) { return em.find(User, ${where}); }`;

describe('operators that cannot be seen', () => {
  describe('on a column that says nothing of the deletion', () => says([
    [prisma('{ name: { startsWith: word, ...mode } }'), 'no-unfiltered-aggregate: user'],
    [prisma('{ name: { [operator]: word } }'), 'no-unfiltered-aggregate: user'],
    [prisma('{ name: { ...(exact ? options : { mode }) } }'), 'no-unfiltered-aggregate: user'],
    [drizzle('{ name: { [operator]: word } }'), 'require-live-filter: users'],
    [sequelize('{ name: { [operator]: word } }'), 'require-live-filter: User'],
    [sequelize('{ name: { [Op[how]]: word } }'), 'require-live-filter: User'],
    [mikro('{ name: { [operator]: word } }'), 'require-live-filter: User'],
  ]));

  describe('on the tombstone, or on a column that cannot be seen', () => says([
    [prisma('{ deletedAt: { ...range } }')],
    [prisma('{ deletedAt: { [operator]: null } }')],
    [prisma('{ [column]: { not: null } }')],
    [drizzle('{ deletedAt: { [operator]: true } }')],
    [sequelize('{ deletedAt: { [operator]: null } }')],
    [sequelize('{ [column]: { [Op.is]: null } }')],
    [mikro('{ deletedAt: { [operator]: null } }')],
  ]));
});

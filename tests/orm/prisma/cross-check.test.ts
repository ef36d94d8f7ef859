/**
 * Prisma 7: what its client sends to PostgreSQL. The client's generated half is that of `fixtures/prisma`; its query compiler runs in the process.
 * A call with relations sends several statements; what counts is the verdict on each table.
 */
import { derive } from '../../../lib/manifest/index.js';
import { prisma as library } from '../../../lib/orm/prisma.js';
import { crossCheck, type Shape } from '../cross-check.js';
import { Recorder, schema } from './client.js';

const manifest = derive([schema]);

const recorder = new Recorder();

const scope = { id: 1, ids: [1, 2], email: 'a', name: 'Ada', cutoff: new Date('2024-06-01'), now: new Date() };

function run(code: string): Promise<readonly string[]> {
  const body = /\breturn\b/.test(code) ? code : `return ${code};`;
  const call = new Function('prisma', ...Object.keys(scope), `return (async () => { ${body} })()`) as (...values: unknown[]) => Promise<unknown>;
  return recorder.record((client) => call(client, ...Object.values(scope)));
}

const shapes: (string | Shape)[] = [
  // One table.
  'prisma.customer.findMany()', 'prisma.customer.findMany({ where: { deletedAt: null } })', 'prisma.customer.findMany({ where: { name } })',
  'prisma.customer.findUnique({ where: { id } })', 'prisma.customer.findUnique({ where: { id, deletedAt: null } })', 'prisma.customer.findUniqueOrThrow({ where: { email } })',
  'prisma.customer.findFirst({ where: { email } })', 'prisma.customer.findFirstOrThrow({ where: { email, deletedAt: null } })',
  'prisma.customer.findMany({ where: { deletedAt: { equals: null } } })', 'prisma.customer.findMany({ where: { deletedAt: { not: null } } })',
  'prisma.customer.findMany({ where: { deletedAt: { lt: cutoff } } })', 'prisma.customer.findMany({ where: { deletedAt: { gte: cutoff, not: null } } })',
  'prisma.customer.findMany({ where: { deletedAt: undefined } })', 'prisma.customer.findMany({ where: { deletedAt: {} } })', 'prisma.customer.findMany({ where: undefined })', 'prisma.customer.findMany({ where: {} })',
  'prisma.customer.findMany({ where: { NOT: { deletedAt: null } } })', 'prisma.customer.findMany({ where: { NOT: { deletedAt: { not: null } } } })', 'prisma.customer.findMany({ where: { deletedAt: { not: { not: null } } } })',
  'prisma.customer.findMany({ where: { AND: [{ deletedAt: null }, { name }] } })', 'prisma.customer.findMany({ where: { AND: { deletedAt: null } } })', 'prisma.customer.findMany({ where: { AND: [] } })',
  'prisma.customer.findMany({ where: { OR: [{ deletedAt: null }] } })', 'prisma.customer.findMany({ where: { OR: [{ deletedAt: null }, { name }] } })', 'prisma.customer.findMany({ where: { OR: [{ deletedAt: null }, {}] } })',
  'prisma.customer.findMany({ where: { deletedAt: null, OR: [{ name }, { email }] } })', 'prisma.customer.findMany({ where: { OR: [{ deletedAt: null, name }, { deletedAt: null, email }] } })',
  'prisma.customer.findMany({ where: { NOT: [{ name }, { deletedAt: { not: null } }] } })', 'prisma.customer.findMany({ where: { OR: [{ deletedAt: null }, { name: undefined }] } })', 'prisma.customer.findMany({ where: { OR: [{}] } })', 'prisma.customer.findMany({ where: { OR: [{ name: undefined }] } })', 'prisma.customer.findMany({ where: { NOT: {} } })', 'prisma.customer.findMany({ where: { OR: [] } })',
  'prisma.customer.findMany({ where: { NOT: { OR: [{ deletedAt: { not: null } }, { name }] } } })', 'prisma.customer.findMany({ where: { NOT: { AND: [{ deletedAt: { not: null } }, { name }] } } })',
  'prisma.customer.findMany({ where: { NOT: [{ deletedAt: { not: null } }] } })', 'prisma.customer.findMany({ where: { NOT: { deletedAt: { not: null }, name } } })',
  'prisma.product.findMany({ where: { isDeleted: false } })', 'prisma.product.findMany({ where: { isDeleted: { not: true } } })', 'prisma.product.findMany({ where: { NOT: { isDeleted: true } } })', 'prisma.product.findMany({ where: { isDeleted: true } })', 'prisma.product.findMany({ where: { isDeleted: { equals: false } } })',
  'prisma.customer.findMany({ where: { id: { in: ids }, deletedAt: null }, orderBy: { name: "asc" }, take: 5, skip: 1 })', 'prisma.customer.findMany({ where: { name: { contains: name, mode: "insensitive" } } })',
  { code: 'prisma.customer.findMany({ cursor: { id }, take: 5, where: { deletedAt: null } })', differs: { call: ['customers: live'], why: 'The row at which a page begins is no row of the page: a deleted one tells it as well.' } },
  'prisma.coupon.findUnique({ where: { shop_code: { shop: "s", code: "A" } } })', 'prisma.coupon.findUnique({ where: { shop_code: { shop: "s", code: "A" }, deletedAt: null } })',
  'const live = { deletedAt: null }; return prisma.customer.findMany({ where: { ...live, name } });', 'const where = { name }; where.deletedAt = null; return prisma.customer.findMany({ where });', 'prisma.customer.findMany({ where: { ...{ deletedAt: null }, deletedAt: undefined } })',
  // Aggregates.
  'prisma.customer.count()', 'prisma.customer.count({ where: { deletedAt: null } })', 'prisma.order.aggregate({ _sum: { total: true } })', 'prisma.order.aggregate({ _sum: { total: true }, where: { deletedAt: null } })',
  'prisma.order.groupBy({ by: ["customerId"], _count: true })', 'prisma.order.groupBy({ by: ["customerId"], where: { deletedAt: null } })',
  // Relations included.
  'prisma.customer.findMany({ where: { deletedAt: null }, include: { orders: true } })', 'prisma.customer.findMany({ where: { deletedAt: null }, include: { orders: { where: { deletedAt: null } } } })',
  'prisma.customer.findMany({ where: { deletedAt: null }, select: { name: true, orders: { select: { number: true } } } })', 'prisma.order.findMany({ where: { deletedAt: null }, include: { customer: true } })',
  'prisma.order.findMany({ where: { deletedAt: null }, include: { coupon: { where: { deletedAt: null } } } })', 'prisma.order.findMany({ where: { deletedAt: null }, include: { items: { include: { product: true } } } })',
  'prisma.order.findMany({ where: { deletedAt: null }, include: { items: { where: { product: { isDeleted: false } } } } })', 'prisma.product.findMany({ where: { isDeleted: false }, include: { tags: true } })', 'prisma.product.findMany({ where: { isDeleted: false }, include: { tags: { where: { deletedAt: null } } } })',
  'prisma.customer.findMany({ where: { deletedAt: null }, include: { orders: false } })', 'prisma.orderItem.findMany({ include: { order: { include: { customer: true } } } })', 'prisma.customer.findMany({ where: { deletedAt: null }, include: { orders: { where: { deletedAt: null }, include: { coupon: true }, take: 3 } } })',
  // Counts of relations.
  'prisma.customer.findMany({ where: { deletedAt: null }, include: { _count: { select: { orders: true } } } })', 'prisma.customer.findMany({ where: { deletedAt: null }, include: { _count: { select: { orders: { where: { deletedAt: null } } } } } })',
  'prisma.coupon.findMany({ where: { deletedAt: null }, include: { _count: true } })', 'prisma.coupon.findMany({ where: { deletedAt: null }, orderBy: { orders: { _count: "desc" } } })',
  // Relation filters.
  'prisma.customer.findMany({ where: { deletedAt: null, orders: { some: {} } } })', 'prisma.customer.findMany({ where: { deletedAt: null, orders: { some: { deletedAt: null } } } })', 'prisma.customer.findMany({ where: { deletedAt: null, orders: { none: {} } } })',
  'prisma.customer.findMany({ where: { deletedAt: null, orders: { none: { deletedAt: null } } } })', 'prisma.customer.findMany({ where: { deletedAt: null, orders: { every: { total: 1 } } } })', 'prisma.customer.findMany({ where: { deletedAt: null, orders: { every: { OR: [{ deletedAt: { not: null } }, { total: 1 }] } } } })',
  'prisma.order.findMany({ where: { deletedAt: null, customer: { name } } })', 'prisma.order.findMany({ where: { deletedAt: null, customer: { name, deletedAt: null } } })', 'prisma.order.findMany({ where: { deletedAt: null, customer: { is: { deletedAt: null } } } })',
  'prisma.order.findMany({ where: { deletedAt: null, coupon: null } })', 'prisma.order.findMany({ where: { deletedAt: null, coupon: { isNot: null } } })', { code: 'prisma.order.findMany({ where: { deletedAt: null, coupon: { isNot: { code: "A", deletedAt: null } } } })', differs: { call: ['coupons: live', 'orders: live'], why: 'A deleted row passes as no row does, which an OR over an outer join does not show the proof.' } },
  'prisma.orderItem.findMany({ where: { order: { deletedAt: null, customer: { deletedAt: null } } } })', 'prisma.orderItem.count({ where: { product: { isDeleted: false } } })', 'prisma.product.findMany({ where: { isDeleted: false, tags: { some: { name } } } })',
  { code: 'prisma.customer.findMany({ where: { deletedAt: null, orders: { some: { id } } } })', differs: { call: ['customers: live'], why: 'A row that is named by its key alone stands for its foreign key.' } },
  // The fluent API.
  'prisma.customer.findUnique({ where: { id, deletedAt: null } }).orders()', 'prisma.customer.findUnique({ where: { id, deletedAt: null } }).orders({ where: { deletedAt: null } })', 'prisma.order.findUnique({ where: { id, deletedAt: null } }).customer()',
  // Writes.
  'prisma.customer.update({ where: { id }, data: { name } })', 'prisma.customer.update({ where: { id, deletedAt: null }, data: { name } })', 'prisma.customer.updateMany({ data: { name } })', 'prisma.customer.updateMany({ where: { deletedAt: null }, data: { deletedAt: now } })',
  'prisma.customer.updateMany({ where: { id }, data: { deletedAt: new Date() } })', 'prisma.customer.updateMany({ where: { id }, data: { deletedAt: null } })', 'prisma.customer.updateManyAndReturn({ where: { name, deletedAt: null }, data: { name } })', 'prisma.product.updateMany({ where: { isDeleted: false }, data: { price: { increment: 1 } } })',
  'prisma.customer.delete({ where: { id } })', 'prisma.customer.deleteMany({ where: { deletedAt: { lt: cutoff } } })', 'prisma.customer.deleteMany()', 'prisma.customer.deleteMany({ where: { deletedAt: { not: null, lt: cutoff } } })',
  'prisma.customer.upsert({ where: { email }, create: { email, name }, update: { name } })', 'prisma.customer.upsert({ where: { email }, create: { email, name }, update: { name, deletedAt: null } })',
  {
    code: 'prisma.customer.upsert({ where: { email, deletedAt: null }, create: { email, name }, update: { name } })',
    differs: { call: ['customers upserted: live only'], why: 'With more than unique fields the client looks the row up, and then updates or inserts.' },
  },
  'prisma.customer.create({ data: { name, email: "new" } })', 'prisma.customer.createMany({ data: [{ name, email: "new" }], skipDuplicates: true })',
];

/** The client looks up the keys of the rows that a write inside of a write is about, writes by these keys, and reads what it answers with: the conditions stand in the look-up. */
const KEYS_FIRST = 'The conditions stand in the look-up of the keys by which is written; what was written is read again by its key.';
const CUSTOMER = 'customers: live';
const nested: readonly (readonly [code: string, ...call: string[]])[] = [
  ['prisma.customer.update({ where: { id, deletedAt: null }, data: { orders: { deleteMany: {} } } })', CUSTOMER, 'orders deleted: all'],
  ['prisma.customer.update({ where: { id, deletedAt: null }, data: { orders: { deleteMany: { deletedAt: { lt: cutoff } } } } })', CUSTOMER, 'orders deleted: dead'],
  ['prisma.customer.update({ where: { id, deletedAt: null }, data: { orders: { updateMany: { where: { total: 10 }, data: { total: 11 } } } } })', CUSTOMER, 'orders updated (edit): all'],
  ['prisma.customer.update({ where: { id, deletedAt: null }, data: { orders: { updateMany: { where: { deletedAt: null }, data: { deletedAt: now } } } } })', CUSTOMER, 'orders updated (soft-delete): live'],
  ['prisma.customer.update({ where: { id, deletedAt: null }, data: { orders: { update: { where: { id }, data: { total: 12 } } } } })', CUSTOMER, 'orders updated (edit): all'],
  ['prisma.customer.update({ where: { id, deletedAt: null }, data: { orders: { delete: { id } } } })', CUSTOMER, 'orders deleted: all'],
  ['prisma.order.update({ where: { id, deletedAt: null }, data: { customer: { update: { name } } } })', 'customers updated (edit): all', 'orders: live'],
  ['prisma.customer.create({ data: { name, email: "new", orders: { connect: { id } } } })', 'orders updated (edit): all'],
  ['prisma.order.create({ data: { number: "9", total: 1, customer: { connectOrCreate: { where: { email }, create: { email, name } } } } })', 'customers: all'],
];
shapes.push(...nested.map(([code, ...call]): Shape => ({ code, differs: { call, why: KEYS_FIRST } })));

describe('what Prisma sends', () => {
  before(() => recorder.start());
  after(() => recorder.stop());
  crossCheck({ library, manifest, prelude: 'declare const prisma: any, id: number, ids: number[], email: string, name: string, cutoff: Date, now: Date;', run, shapes: shapes.map((shape) => (typeof shape === 'string' ? { code: shape } : shape)) });
});

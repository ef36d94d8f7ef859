/**
 * Clients that extensions guard, run by Prisma itself: what the plugin says of a call on such a client is what the rows say that come back. A call is live where
 * its result stays the same without the deleted rows.
 */
import assert from 'node:assert/strict';
import type { PrismaClient } from '../../../fixtures/prisma/generated/client.js';
import { derive } from '../../../lib/manifest/index.js';
import { sayings } from '../said.js';
import { Recorder, schema } from './client.js';

const manifest = derive([schema]);
const { lint, says } = sayings(manifest);
const recorder = new Recorder();

const LIVE = 'where: { ...args.where, deletedAt: null }';
/** Extensions as they are written, by what they are. */
const extensions: Readonly<Record<string, string>> = {
  'one operation of every model': `{ query: { $allModels: { async findMany({ args, query }) { return query({ ...args, ${LIVE} }); } } } }`,
  'an assignment to the arguments': `{ query: { customer: { async findMany({ args, query }) { args.where = { ...args.where, deletedAt: null }; return query(args); } } } }`,
  'an assignment inside of where': `{ query: { customer: { findFirst({ args, query }) { args.where ??= {}; args.where.deletedAt = null; return query(args); } } } }`,
  'a list of operations': `{ query: { $allModels: { $allOperations({ operation, args, query }) { if (['findMany', 'findFirst', 'count'].includes(operation)) { args.where = { ...args.where, deletedAt: null }; } return query(args); } } } }`,
  'operations by their first letters': `{ query: { $allModels: { $allOperations({ operation, args, query }) { if (operation.startsWith('find')) return query({ ...args, ${LIVE} }); return query(args); } } } }`,
  'all but one operation': `{ query: { $allModels: { $allOperations({ operation, args, query }) { if (operation === 'aggregate' || operation === 'create') return query(args); return query({ ...args, ${LIVE} }); } } } }`,
  'some models': `{ query: { $allModels: { $allOperations({ model, operation, args, query }) { if (model !== 'Order') return query(args); return query({ ...args, ${LIVE} }); } } } }`,
  'a switch over operations': `{ query: { $allModels: { $allOperations({ operation, args, query }) { switch (operation) { case 'findMany': case 'count': return query({ ...args, ${LIVE} }); default: return query(args); } } } } }`,
  'a function that only looks on': '{ query: { $allModels: { async findMany({ args, query }) { const deletedAt = Date.now(); const rows = await query(args); return rows; } } } }',
  'the caller may overrule it': '{ query: { customer: { findMany({ args, query }) { return query({ ...args, where: { deletedAt: null, ...args.where } }); } } } }',
  'live and dead confused': '{ query: { customer: { findMany({ args, query }) { return query({ ...args, where: { ...args.where, deletedAt: { not: null } } }); } } } }',
  'the model by the name that it has in the client': `{ query: { $allModels: { findMany({ model, args, query }) { return model === 'customer' ? query({ ...args, ${LIVE} }) : query(args); } } } }`,
};

/** Calls on the guarded client. */
const calls = [
  'db.customer.findMany()', 'db.customer.findMany({ where: { name: { contains: "" } } })', 'db.customer.findFirst({ orderBy: { id: "desc" } })', 'db.customer.findUnique({ where: { id: 2 } })', 'db.customer.count()',
  'db.customer.aggregate({ _max: { id: true } })', 'db.customer.groupBy({ by: ["name"], orderBy: { name: "asc" } })', 'db.order.findMany()', 'db.order.count({ where: { total: { gt: 5 } } })',
  'db.customer.findMany({ where: { deletedAt: null }, include: { orders: true } })', 'db.customer.findMany({ where: { deletedAt: null }, include: { _count: { select: { orders: true } } } })',
  'db.customer.findMany({ where: { deletedAt: null, orders: { some: { total: { gte: 20 } } } } })', 'db.customer.findUnique({ where: { id: 1, deletedAt: null } }).orders()', 'db.order.findMany({ where: { deletedAt: null }, include: { customer: true } })',
  'db.order.findMany({ where: { deletedAt: null }, select: { id: true, items: { select: { product: { select: { name: true } } } } } })', 'db.coupon.findMany({ where: { deletedAt: null }, orderBy: [{ orders: { _count: "desc" } }, { id: "asc" }] })',
];

/** What one row of data cannot show: the rows are the same with the dead and without them by chance. */
const BY_CHANCE = /orderBy: \[\{ orders/;

async function differs(extension: string, call: string): Promise<boolean> {
  const run = new Function('prisma', `const db = prisma.$extends(${extension}); return (async () => ${call})();`) as (client: PrismaClient) => unknown;
  return await recorder.result(run) !== await recorder.result(run, { withoutDead: true });
}

describe('clients that an extension of the file guards, and the rows that come back', () => {
  before(() => recorder.start());
  after(() => recorder.stop());
  for (const [what, extension] of Object.entries(extensions)) {
    describe(what, () => {
      for (const call of calls) {
        it(call, async () => {
          const reports = lint(`const db = prisma.$extends(${extension}); export async function f() { return ${call}; }`).filter(({ rule }) => /^(?:require-live|no-unfiltered)/.test(rule));
          if (!BY_CHANCE.test(call)) assert.equal(reports.length > 0, await differs(extension, call), JSON.stringify(reports));
        });
      }
    });
  }
});

const guarded = (hooks: string, call: string): string => `const db = prisma.$extends({ ${hooks} }); export const f = () => ${call};`;
const softDeleting = 'query: { customer: { delete({ args }) { return prisma.customer.update({ ...args, data: { deletedAt: new Date() } }); } } }';

describe('extensions that delete softly', () => says([
  [guarded(softDeleting, 'db.customer.delete({ where: { id } })')],
  [guarded(softDeleting, 'db.customer.deleteMany({ where: { name } })'), 'no-hard-delete: customer'],
  [guarded(softDeleting, 'db.order.delete({ where: { id } })'), 'no-hard-delete: order'],
  [guarded('model: { $allModels: { async delete(where) { const context = Prisma.getExtensionContext(this); return context.update({ where, data: { deletedAt: new Date() } }); } } }', 'db.customer.delete({ where: { id } })')],
  [guarded('query: { customer: { deleteMany({ args, query }) { return query({ ...args, where: { ...args.where, deletedAt: null } }); } } }', 'db.customer.deleteMany({ where: { name } })'), 'no-hard-delete: customer'],
]));

describe('extensions that are defined elsewhere in the file', () => says([
  ["const live = Prisma.defineExtension({ query: { customer: { findMany({ args, query }) { return query({ ...args, where: { ...args.where, deletedAt: null } }); } } } }); const db = prisma.$extends(live); export const f = () => db.customer.findMany();"],
  ["const live = Prisma.defineExtension((client) => client.$extends({ query: { customer: { findMany({ args, query }) { return query({ ...args, where: { ...args.where, deletedAt: null } }); } } } })); const db = prisma.$extends(live); export const f = () => [db.customer.findMany(), db.customer.findFirst({ where: { name } })];", 'require-live-filter: customer'],
  ["import { softDelete } from './soft-delete'; const db = prisma.$extends(softDelete); export const f = () => [db.customer.findMany(), db.customer.findMany({ include: { _count: { select: { orders: true } } } })];", 'no-unfiltered-aggregate: orders'],
  ["import { logging } from './logging'; const db = prisma.$extends(logging); export const f = () => db.customer.findMany();", 'require-live-filter: customer'],
  ["const db = prisma.$extends(withTracing()).$extends({ query: { customer: { findMany({ args, query }) { return query({ ...args, where: { ...args.where, deletedAt: null } }); } } } }); export const f = () => db.customer.findMany();"],
  ["const db = prisma.$extends({ query: { customer: { findMany({ args, query }) { args.include = onlyLive(args.include); return query({ ...args, where: { ...args.where, deletedAt: null } }); } } } }); export const f = () => db.customer.findMany({ include: { orders: true } });"],
]));

const middleware = (body: string, call: string): string => `const prisma = new PrismaClient(); prisma.$use(async (params, next) => { ${body} return next(params); }); export const f = () => ${call};`;
const soft = "if (params.model === 'Customer') { if (params.action === 'findMany' || params.action === 'findFirst') { params.args.where = { ...params.args.where, deletedAt: null }; } if (params.action === 'delete') { params.action = 'update'; params.args.data = { deletedAt: new Date() }; } }";

describe('middleware of Prisma 5 and 6', () => says([
  [middleware(soft, 'prisma.customer.findMany({ where: { name } })')],
  [middleware(soft, 'prisma.customer.findFirst({ where: { name: "a" } })')],
  [middleware(soft, 'prisma.customer.count({ where: { name } })'), 'no-unfiltered-aggregate: customer'],
  [middleware(soft, 'prisma.customer.findMany({ include: { orders: true } })'), 'require-live-join: orders'],
  [middleware(soft, 'prisma.customer.delete({ where: { id } })')],
  [middleware(soft, 'prisma.customer.deleteMany({ where: { name } })'), 'no-hard-delete: customer'],
  [middleware(soft, 'other.customer.findMany({ where: { name } })'), 'require-live-filter: customer'],
  [middleware('console.log(params.model, params.action);', 'prisma.customer.findMany()'), 'require-live-filter: customer'],
  ["class PrismaService extends PrismaClient { constructor() { super(); this.$use(async (params, next) => { if (params.action === 'findMany') params.args.where = { ...params.args.where, deletedAt: null }; return next(params); }); } customers() { return this.customer.findMany(); } first() { return this.customer.findFirst({ where: { name: 'a' } }); } }", 'require-live-filter: customer'],
]));

const packaged = (call: string, models = '{ Customer: true, Order: { field: "deletedAt", createValue: (deleted) => (deleted ? new Date() : null) } }'): string =>
  `import { createSoftDeleteExtension } from 'prisma-extension-soft-delete'; const db = prisma.$extends(createSoftDeleteExtension({ models: ${models} })); export const f = () => ${call};`;

describe('clients that a package guards', () => says([
  [packaged('db.customer.findMany()')], [packaged('db.customer.findUnique({ where: { id } })')], [packaged('db.customer.findMany({ include: { orders: true } })')], [packaged('db.customer.findMany({ where: { orders: { some: { total } } } })')],
  [packaged('db.customer.updateMany({ where: { name }, data: { name: "b" } })')], [packaged('db.customer.delete({ where: { id } })')], [packaged('db.customer.update({ where: { id }, data: { orders: { delete: { id: 1 } } } })'), 'require-live-lookup: customer'],
  [packaged('db.customer.findMany({ include: { _count: { select: { orders: true } } } })'), 'no-unfiltered-aggregate: orders'],
  [packaged('db.customer.findMany({ select: { orders: { select: { customer: { select: { name: true } } } } } })'), 'require-live-parent: customer'],
  [packaged('db.order.findMany({ where: { customer: { isNot: { name } } } })'), 'require-live-join: customer'],
  [packaged('db.order.findUnique({ where: { id } }).customer()'), 'require-live-parent: customer'],
  [packaged('db.customer.upsert({ where: { email }, create: { email, name }, update: { name } })'), 'no-tombstone-upsert: upsert'],
  [packaged('db.coupon.findMany()'), 'require-live-filter: coupon'], [packaged('db.customer.findMany()', '{ Customer: false }'), 'require-live-filter: customer'],
  ["import { createSoftDeleteMiddleware } from 'prisma-soft-delete-middleware'; const prisma = new PrismaClient(); prisma.$use(createSoftDeleteMiddleware({ models: { Customer: true } })); export const f = () => [prisma.customer.findMany(), prisma.coupon.findMany()];", 'require-live-filter: coupon'],
  ["import { enhance } from '@zenstackhq/runtime'; export const f = (user) => { const db = enhance(prisma, { user }); return [db.customer.findMany({ include: { orders: true } }), db.customer.count(), prisma.order.findMany()]; };", 'require-live-filter: order'],
  ["import { enhance } from './colours'; export const f = () => { const db = enhance(prisma); return db.customer.findMany(); };", 'require-live-filter: customer'],
]));

const declaring = sayings({ ...manifest, guards: [{ kind: 'client', name: 'db', from: './db', library: 'prisma', tables: ['Customer', 'orders'], coverage: { reads: ['findMany'], writes: ['updateMany', 'delete'], nested: true, counts: false } }, { kind: 'client', name: 'rooted', from: './db' }] });
const imported = (call: string, name = 'db', from = './db'): string => `import { ${name} } from '${from}'; export const f = () => ${call};`;

describe('clients that the manifest declares', () => declaring.says([
  [imported('db.customer.findMany({ include: { orders: true } })')], [imported('db.customer.findFirst({ where: { name } })'), 'require-live-filter: customer'], [imported('db.customer.updateMany({ where: { name }, data: { name: "b" } })')],
  [imported('db.customer.update({ where: { id }, data: { deletedAt: new Date() } })'), 'no-restamp: customer'], [imported('db.customer.delete({ where: { id } })')], [imported('db.customer.deleteMany({ where: { name } })'), 'no-hard-delete: customer'],
  [imported('db.customer.findMany({ include: { _count: { select: { orders: true } } } })'), 'no-unfiltered-aggregate: orders'], [imported('db.coupon.findMany()'), 'require-live-filter: coupon'],
  [imported('db.customer.findMany()', 'db', './elsewhere'), 'require-live-filter: customer'], [imported('db.$transaction(async (tx) => tx.customer.findMany())'), 'require-live-filter: customer'],
  [imported('rooted.customer.findMany()', 'rooted')], [imported('rooted.customer.count()', 'rooted')], [imported('rooted.customer.findMany({ include: { orders: true } })', 'rooted'), 'require-live-join: orders'],
  [imported('rooted.customer.findUnique({ where: { id } }).orders()', 'rooted'), 'require-live-join: orders'], [imported('rooted.order.findMany({ where: { customer: { name } } })', 'rooted'), 'require-live-join: customer'],
  [imported('rooted.customer.updateMany({ where: { name }, data: { name: "b" } })', 'rooted'), 'require-live-update: customer'],
  [imported('rooted.$queryRaw`SELECT * FROM customers`', 'rooted'), 'require-live-filter: customers'],
]));

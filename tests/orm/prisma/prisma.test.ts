/** Calls of Prisma's client through the plugin: what is said of them, where, and what the suggestions make of them. */
import assert from 'node:assert/strict';
import * as parser from '@typescript-eslint/parser';
import { Linter, type ESLint } from 'eslint';
import plugin from '../../../index.js';
import { derive, type Manifest } from '../../../lib/manifest/index.js';
import { schema } from './client.js';

const derived = derive([schema]);
const manifest: Manifest = {
  ...derived,
  guards: [
    { kind: 'client', name: 'liveDb', from: './clients', coverage: { reads: ['findMany', 'count'], nested: false }, bypass: 'rawDb' },
    { kind: 'client', name: 'guarded', coverage: 'nested' },
    { kind: 'where-object', name: 'notDeleted', from: './live' },
    { kind: 'where-wrapper', name: 'withoutDeleted' },
    { kind: 'where-object', name: 'inTrash', yields: 'dead' },
  ],
};

/** What a team writes that lists its tables and nothing else. */
const minimal: Manifest = { tombstone: 'deletedAt', tables: { Customer: 'soft', orders: 'soft', Person: 'soft', Audit: 'hard' } };

/** Rows whose status says that they are deleted. */
const byStatus: Manifest = { tables: { documents: { deletion: 'soft', models: ['Document'], tombstone: { column: 'status', live: 'ACTIVE', dead: 'DELETED' } } } };
/** Persons and groups with a model between them. */
const linked: Manifest = {
  tombstone: 'deletedAt',
  tables: {
    people: { deletion: 'soft', models: ['Person'], relations: { groups: { table: 'memberships', many: true, on: { id: 'personId' } } } },
    groups: { deletion: 'soft', models: ['Group'], relations: { people: { table: 'memberships', many: true, on: { id: 'groupId' } } } },
    memberships: { deletion: 'hard', models: ['Membership'], key: ['groupId', 'personId'], relations: { person: { table: 'people', optional: false, on: { personId: 'id' } }, group: { table: 'groups', optional: false, on: { groupId: 'id' } } } },
  },
};

interface Said {
  readonly said: string[];
  readonly suggested: string[];
}

function lint(code: string, of: Manifest): Said {
  const config: Linter.Config[] = [
    { files: ['**/*.ts'], languageOptions: { parser } }, plugin.configs.strict,
    { plugins: { 'soft-delete': plugin as ESLint.Plugin }, settings: { 'soft-delete': { manifest: of } } },
  ];
  const messages = new Linter().verify(code, config, { filename: 'calls.ts' });
  const offset = (line: number, column: number): number => code.split('\n').slice(0, line - 1).reduce((length, text) => length + text.length + 1, 0) + column - 1;
  return {
    said: messages.map(({ ruleId, message, line, column, endLine, endColumn }) => ruleId ? `${ruleId.replace('soft-delete/', '')} at ${code.slice(offset(line, column), offset(endLine!, endColumn!))}` : message),
    suggested: messages.flatMap(({ suggestions = [] }) => suggestions.map(({ fix }) => code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1]))),
  };
}

interface Row {
  readonly code: string;
  /** The rule and the words underlined; none where nothing is said. */
  readonly said?: readonly string[];
  /** What the first suggestion makes of the code; of that less is said. */
  readonly mended?: string;
  readonly manifest?: Manifest;
}

const filter = (at: string) => [`require-live-filter at ${at}`], join = (at: string) => [`require-live-join at ${at}`], count = (at: string) => [`no-unfiltered-aggregate at ${at}`], lookup = (at: string) => [`require-live-lookup at ${at}`];

const rows: Readonly<Record<string, readonly Row[]>> = {
  'clients are called anything': [
    { code: 'db.order.findMany()', said: filter('order') },
    { code: 'ctx.db.order.findMany({ take: 5 })', said: filter('order') },
    { code: 'class Repo { list() { return this.prisma.order.findMany({ select: { id: true } }); } }', said: filter('order') },
    { code: 'async function f() { await prisma.$transaction(async (tx) => { await tx.order.findMany({ where: { total: 1 } }); }); }', said: filter('order') },
    { code: 'prisma.$transaction([prisma.order.findMany({ where: { total: 1 } }), prisma.order.count({ where: { deletedAt: null } })])', said: filter('order') },
    { code: 'this.prismaService.txClient().order.findMany({ where: { total: 1 } })', said: filter('order') },
    { code: 'const { prisma } = useContext(); const orders = prisma.order; export const all = () => orders.findMany({ where: { total: 1 } });', said: filter('order') },
    { code: "prisma['order'].findMany({ where: { total: 1 } })", said: ["require-live-filter at 'order'"] },
    { code: '(tx ?? prisma).order.findMany({ where: { total: 1 } })', said: filter('order') },
    { code: 'const orders = await prisma.order.findMany({ where: { deletedAt: null } }); orders.map((order) => order.id).filter(Boolean)' },
  ],
  'other things of these names': [
    { code: "import { drizzle } from 'drizzle-orm/node-postgres'; const db = drizzle(); db.query.customers.findMany({ with: {} })", said: ['require-live-filter at customers'] },
    { code: 'stripe.customers.update(id, { name })' }, { code: "const order = new Map(); order.delete(id); cache.order.delete(id)" }, { code: 'stats.order.count(1)' },
    { code: 'api.order.create({ title: 1 })' }, { code: 'items.order.update({ id: 1, name })' }, { code: 'form.order.delete()' }, { code: 'client.customers.delete(id)' },
    { code: 'prisma.customers.findMany({ where: { id: { in: ids } } })' },
    { code: 'prisma[model].findMany({ where: { id } })' },
  ],
  'one row by its key': [
    { code: 'prisma.order.findUnique({ where: { id } })', said: lookup('order'), mended: 'prisma.order.findUnique({ where: { id, deletedAt: null } })' },
    { code: 'async function f() { const order = await prisma.order.findUnique({ where: { id } }); if (!order || order.deletedAt) throw new Error(); return order; }' },
    { code: 'prisma.coupon.findUnique({ where: { shop_code: { shop, code } } })', said: lookup('coupon') },
    { code: 'prisma.coupon.findUnique({ where: { shop_code: key } })', said: lookup('coupon') },
    { code: 'prisma.coupon.findUnique({ where: { shop_code: { shop, code }, deletedAt: null } })' },
    { code: 'prisma.order.findFirst({ where: { number, total: 5 } })', said: lookup('order') },
  ],
  'arguments in variables and helpers': [
    { code: 'const where = { total: 1 }; prisma.order.findMany({ where });', said: filter('order'), mended: 'const where = { total: 1 }; prisma.order.findMany({ where: { ...where, deletedAt: null } });' },
    { code: 'const where = { total: 1, deletedAt: null }; prisma.order.findMany({ where });' },
    { code: 'function f(late) { const where: Prisma.OrderWhereInput = { total: 1 }; if (late) where.placedAt = { lt: now }; where.deletedAt = null; return prisma.order.findMany({ where }); }' },
    { code: 'function f(all) { const where: Prisma.OrderWhereInput = {}; if (!all) where.deletedAt = null; return prisma.order.findMany({ where }); }' },
    { code: 'prisma.order.findMany({ where: { total: 1, ...(all ? {} : { deletedAt: null }) } })' },
    { code: 'prisma.order.findMany({ where: { total: 1, ...(late ? { placedAt: { lt: now } } : {}) } })', said: filter('order') },
    { code: 'prisma.order.findMany({ where: { deletedAt: all ? undefined : null } })' },
    { code: 'prisma.order.findMany({ where: buildWhere(input) })' }, { code: 'export const f = (args) => prisma.order.findMany(args);' }, { code: 'prisma.order.findMany({ where: { ...base } })' },
    { code: 'const live = (more) => ({ deletedAt: null, ...more }); prisma.order.findMany({ where: live({ total: 1 }) });' },
    { code: 'const live = (more) => ({ deletedAt: null, ...more }); export const f = (more) => prisma.order.findMany({ where: live(more) });' },
    { code: 'const args = { where: { total: 1 } } satisfies Prisma.OrderFindManyArgs; prisma.order.findMany(args);', said: filter('order') },
    { code: 'const args = Prisma.validator<Prisma.OrderFindManyArgs>()({ where: { total: 1 } }); prisma.order.findMany(args);', said: filter('order') },
    { code: 'const args = Prisma.validator<Prisma.OrderFindManyArgs>()({ where: { deletedAt: null } }); prisma.order.findMany(args);' },
    { code: 'const filters = [{ deletedAt: null, total: 1 }, { deletedAt: null, total: 2 }]; if (x) filters.push({ deletedAt: null, total: 3 }); prisma.order.findMany({ where: { OR: filters } });' },
    { code: 'prisma.order.findMany({ where: { deletedAt: null, AND: tags.map((name) => ({ items: { some: { quantity: name } } })) } })' },
    { code: 'prisma.order.findMany({ where: { OR: texts.map((text) => ({ number: text, deletedAt: null })) } })' },
    { code: 'prisma.order.findMany({ where: { OR: totals.map((total) => ({ total })) } })', said: filter('order') },
    { code: 'const live = Prisma.validator<Prisma.OrderWhereInput>()({ deletedAt: null }); prisma.order.findMany({ where: { ...live, total: 1 } });' },
    { code: 'class Orders { private readonly live = { deletedAt: null }; list() { return this.prisma.order.findMany({ where: { ...this.live, total: 1 } }); } }' },
    { code: 'class Orders { private where(total) { const where: any = { total }; where.deletedAt = null; return where; }\n list() { return this.prisma.order.findMany({ where: this.where(1) }); } }' },
    { code: "import { notDeleted } from './live'; prisma.order.findMany({ where: { ...notDeleted, total: 1 } })" },
    { code: "import { notDeleted } from './elsewhere'; prisma.order.findMany({ where: { ...notDeleted, total: 1 } })" },
    { code: 'prisma.order.findMany({ where: withoutDeleted({ total: 1 }) })' },
    { code: 'prisma.order.findMany({ where: { ...inTrash } })' },
  ],
  'places of the filter': [
    { code: 'prisma.order.findMany()', said: filter('order'), mended: 'prisma.order.findMany({ where: { deletedAt: null } })' },
    { code: 'prisma.order.findMany({})', said: filter('order'), mended: 'prisma.order.findMany({ where: { deletedAt: null } })' },
    { code: 'prisma.order.findMany({ where: {} })', said: filter('order'), mended: 'prisma.order.findMany({ where: { deletedAt: null } })' },
    { code: 'prisma.order.findMany({ take: 5, })', said: filter('order'), mended: 'prisma.order.findMany({ where: { deletedAt: null }, take: 5, })' },
    { code: 'prisma.order.findMany({ where: { total: 1, } })', said: filter('order'), mended: 'prisma.order.findMany({ where: { total: 1, deletedAt: null, } })' },
    { code: 'prisma.order.findMany({\n  where: {\n    total: 1,\n  },\n})', said: filter('order'), mended: 'prisma.order.findMany({\n  where: {\n    total: 1,\n    deletedAt: null,\n  },\n})' },
    { code: 'prisma.order.findMany({ where: { deletedAt: undefined } })', said: filter('order'), mended: 'prisma.order.findMany({ where: { deletedAt: null } })' },
    { code: 'prisma.order.findMany({ where: undefined })', said: filter('order'), mended: 'prisma.order.findMany({ where: { deletedAt: null } })' },
    { code: 'prisma.product.findMany({ where: { price: 1 } })', said: filter('product'), mended: 'prisma.product.findMany({ where: { price: 1, isDeleted: false } })' },
    { code: 'prisma.order.findMany({ where: { OR: [{ deletedAt: null }, { total: 1 }] } })', said: filter('order'), mended: 'prisma.order.findMany({ where: { OR: [{ deletedAt: null }, { total: 1 }], deletedAt: null } })' },
    { code: 'prisma.order.findMany({ where: { deletedAt: null }, include: { items: { include: { product: true } } } })', said: ['require-live-parent at product'] },
  ],
  'relations': [
    { code: 'prisma.customer.findMany({ where: { deletedAt: null }, include: { orders: true } })', said: join('orders'), mended: 'prisma.customer.findMany({ where: { deletedAt: null }, include: { orders: { where: { deletedAt: null } } } })' },
    { code: 'prisma.customer.findMany({ where: { deletedAt: null }, select: { orders: { select: { id: true } } } })', said: join('orders'), mended: 'prisma.customer.findMany({ where: { deletedAt: null }, select: { orders: { where: { deletedAt: null }, select: { id: true } } } })' },
    { code: 'prisma.order.findMany({ where: { deletedAt: null }, include: { customer: true } })', said: ['require-live-parent at customer'], mended: 'prisma.order.findMany({ where: { deletedAt: null, customer: { deletedAt: null } }, include: { customer: true } })' },
    { code: 'prisma.order.findMany({ where: { deletedAt: null }, include: { coupon: true } })', said: ['require-live-parent at coupon'], mended: 'prisma.order.findMany({ where: { deletedAt: null }, include: { coupon: { where: { deletedAt: null } } } })' },
    { code: 'prisma.order.findMany({ where: { deletedAt: null, customer: { deletedAt: null } }, include: { customer: true } })' },
    { code: 'prisma.order.findMany({ where: { deletedAt: null, AND: [{ customer: { is: { deletedAt: null } } }] }, include: { customer: { select: { name: true } } } })' },
    { code: 'prisma.order.findMany({ where: { deletedAt: null, OR: [{ customer: { deletedAt: null } }, { total: 1 }] }, include: { customer: true } })', said: ['require-live-parent at customer'] },
    { code: 'prisma.order.findMany({ where: { deletedAt: null }, include: { customer: { select: { name: true, deletedAt: true } } } })' },
    { code: 'prisma.order.findMany({ where: { deletedAt: null }, include: { items: { where: { product: { isDeleted: false } }, include: { product: true } } } })' },
    { code: 'prisma.customer.findMany({ where: { deletedAt: null }, include: { ...(details && { orders: true }) } })', said: join('orders') },
    { code: 'prisma.customer.findMany({ where: { deletedAt: null }, include: { orders: withOrders } })' },
    { code: 'const withOrders = { orders: { where: { deletedAt: null } } }; prisma.customer.findMany({ where: { deletedAt: null }, include: withOrders })' },
    { code: 'prisma.customer.create({ data: { name }, include: { orders: true } })' },
    { code: 'prisma.customer.findMany({ where: { deletedAt: null, orders: { some: { total: 1 } } } })', said: join('orders'), mended: 'prisma.customer.findMany({ where: { deletedAt: null, orders: { some: { total: 1, deletedAt: null } } } })' },
    { code: 'prisma.customer.findMany({ where: { deletedAt: null, orders: { none: {} } } })', said: join('orders'), mended: 'prisma.customer.findMany({ where: { deletedAt: null, orders: { none: { deletedAt: null } } } })' },
    { code: 'prisma.customer.findMany({ where: { deletedAt: null, orders: { every: { total: 1 } } } })', said: join('orders') },
    { code: 'prisma.order.findMany({ where: { deletedAt: null, customer: { name } } })', said: join('customer'), mended: 'prisma.order.findMany({ where: { deletedAt: null, customer: { name, deletedAt: null } } })' },
    { code: 'prisma.order.findMany({ where: { deletedAt: null, customer: { id: customerId } } })' },
    { code: 'prisma.customer.findMany({ where: { deletedAt: null }, include: { _count: { select: { orders: true } } } })', said: count('orders'), mended: 'prisma.customer.findMany({ where: { deletedAt: null }, include: { _count: { select: { orders: { where: { deletedAt: null } } } } } })' },
    { code: 'prisma.coupon.findMany({ where: { deletedAt: null }, select: { _count: true } })', said: count('_count') },
    { code: 'prisma.customer.findUniqueOrThrow({ where: { id, deletedAt: null } }).orders()', said: join('orders'), mended: 'prisma.customer.findUniqueOrThrow({ where: { id, deletedAt: null } }).orders({ where: { deletedAt: null } })' },
    { code: 'prisma.orderItem.findMany({ where: { quantity: 1 }, include: { order: { include: { customer: true } } } })', said: ['require-live-parent at customer', 'require-live-parent at order'] },
  ],
  'aggregates': [
    { code: 'prisma.order.count()', said: count('order'), mended: 'prisma.order.count({ where: { deletedAt: null } })' },
    { code: 'prisma.order.aggregate({ _sum: { total: true } })', said: count('order'), mended: 'prisma.order.aggregate({ where: { deletedAt: null }, _sum: { total: true } })' },
    { code: "prisma.order.groupBy({ by: ['customerId'], _count: true, where: { deletedAt: null } })" },
  ],
  'what is asked both ways': [
    { code: 'async function f() { const live = await prisma.order.count({ where: { customerId, deletedAt: null } }); const all = await prisma.order.count({ where: { customerId } }); return [live, all]; }' },
    { code: 'async function f() { const live = await prisma.order.count({ where: { customerId, deletedAt: null } }); const all = await prisma.order.count({ where: { couponId } }); return [live, all]; }', said: count('order') },
    { code: 'async function f() { const rows = await prisma.order.findMany({ where: { customerId, deletedAt: null } }); const all = await prisma.order.count({ where: { customerId } }); return [rows, all]; }', said: count('order') },
    { code: 'prisma.customer.findMany({ where: { deletedAt: null, orders: { none: {} }, referred: { none: {} } } })' },
  ],
  'writes': [
    { code: 'prisma.order.delete({ where: { id } })', said: ['no-hard-delete at order'], mended: 'prisma.order.update({ where: { id, deletedAt: null }, data: { deletedAt: new Date() } })' },
    { code: 'prisma.order.deleteMany({ where: { customerId } })', said: ['no-hard-delete at order'], mended: 'prisma.order.updateMany({ where: { customerId, deletedAt: null }, data: { deletedAt: new Date() } })' },
    { code: 'export async function hardDeleteOrder(id) { await prisma.order.delete({ where: { id } }); }' },
    { code: 'class Orders { async removeOrder(id) { await this.prisma.order.delete({ where: { id } }); } }', said: ['no-hard-delete at order'] },
    { code: 'const purgeTrash = () => prisma.order.deleteMany({ where: { deletedAt: { not: null } } });', said: ['require-purge-age at order'] },
    { code: 'prisma.order.deleteMany()', said: ['no-hard-delete at order'], mended: 'prisma.order.updateMany({ where: { deletedAt: null }, data: { deletedAt: new Date() } })' },
    { code: 'prisma.product.delete({ where: { id } })', said: ['no-hard-delete at product'], mended: 'prisma.product.update({ where: { id, isDeleted: false }, data: { isDeleted: true } })' },
    { code: 'prisma.order.deleteMany({ where: { deletedAt: { lt: subDays(new Date(), 30) } } })' },
    { code: 'prisma.order.deleteMany({ where: { deletedAt: { not: null } } })', said: ['require-purge-age at order'], mended: 'prisma.order.deleteMany({ where: { deletedAt: { not: null, lt: new Date(Date.now() - 30 * 24 * 60 * 60 * 1000) } } })' },
    { code: 'prisma.order.update({ where: { id }, data: { deletedAt: new Date() } })', said: ['no-restamp at order'], mended: 'prisma.order.update({ where: { id, deletedAt: null }, data: { deletedAt: new Date() } })' },
    { code: 'prisma.order.updateMany({ where: { customerId }, data: { deletedAt: { set: new Date() } } })', said: ['no-restamp at order'] },
    { code: 'prisma.order.update({ where: { id }, data: { deletedAt: null } })' },
    { code: 'prisma.order.updateMany({ where: { total: 1 }, data: { total: { increment: 1 } } })', said: ['require-live-update at order'], mended: 'prisma.order.updateMany({ where: { total: 1, deletedAt: null }, data: { total: { increment: 1 } } })' },
    { code: 'prisma.order.updateMany({ where: { customerId: from }, data: { customerId: to } })' },
    { code: 'prisma.order.updateMany({ where: { couponId }, data: { couponId: null } })' },
    { code: 'prisma.customer.upsert({ where: { email }, create: { email, name }, update: { name } })', said: ['no-tombstone-upsert at upsert'], mended: 'prisma.customer.upsert({ where: { email }, create: { email, name }, update: { name, deletedAt: null } })' },
    { code: 'prisma.customer.upsert({ where: { email, deletedAt: null }, create: { email, name }, update: { name } })' },
    { code: 'prisma.customer.upsert({ where: { email }, create: { email, name }, update: { name, deletedAt: null } })' },
    { code: 'prisma.customer.create({ data: { name, email } })' },
    { code: 'prisma.customer.update({ where: { id, deletedAt: null }, data: { orders: { deleteMany: {} } } })', said: ['no-hard-delete at deleteMany'] },
    { code: 'prisma.customer.update({ where: { id, deletedAt: null }, data: { orders: { updateMany: { where: { total: 1 }, data: { total: 2 } } } } })', said: ['require-live-update at updateMany'] },
    { code: 'prisma.customer.update({ where: { id, deletedAt: null }, data: { orders: { updateMany: { where: { deletedAt: null }, data: { deletedAt: new Date() } } } } })' },
    { code: 'prisma.customer.update({ where: { id, deletedAt: null }, data: { orders: { create: { total: 1 }, delete: { id: 1 } } } })', said: ['no-hard-delete at delete'] },
    { code: 'prisma.customer.create({ data: { name, orders: { connect: { id: 1 } } } })', said: ['require-live-update at connect'] },
    { code: 'prisma.customer.update({ where: { id }, data: { orders: { create: { total: 1 } } } })', said: lookup('customer') },
    { code: 'const data: Prisma.CustomerUpdateInput = { name }; if (clear) data.orders = { deleteMany: {} }; prisma.customer.update({ where: { id, deletedAt: null }, data });', said: ['no-hard-delete at deleteMany'] },
  ],
  'rows that were read before': [
    { code: 'async function f() { const due = await prisma.order.findMany({ where: { deletedAt: { lt: subDays(new Date(), 30) } } }); await prisma.order.deleteMany({ where: { id: { in: due.map((order) => order.id) } } }); }' },
    { code: 'async function f() { const due = await prisma.order.findMany({ where: { deletedAt: { lt: subDays(new Date(), 30) } } }); const ids = due.map(({ id }) => id); await prisma.orderItem.deleteMany({ where: { orderId: { in: ids } } }); }' },
    { code: 'async function f() { const gone = await prisma.customer.findMany({ where: { deletedAt: { lt: subDays(new Date(), 30) } } }); const ids = gone.map(({ id }) => id); await prisma.order.deleteMany({ where: { customerId: { in: ids } } }); }' },
    { code: 'async function f() { const all = await prisma.order.findMany({ where: { deletedAt: null } }); await prisma.order.updateMany({ where: { id: { in: all.filter(isOld).map((o) => o.id) } }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function f(id) { const order = await prisma.order.findFirst({ where: { id, deletedAt: null } }); if (!order) return null; await prisma.order.update({ where: { id }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function f(id) { await prisma.order.findUniqueOrThrow({ where: { id, deletedAt: null } }); await prisma.order.update({ where: { id }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function f(id) { const order = await prisma.order.findFirst({ where: { id, deletedAt: null } }); await prisma.order.update({ where: { id }, data: { deletedAt: new Date() } }); return order; }', said: ['no-restamp at order'] },
    { code: 'async function f(id) { const order = await prisma.order.findFirst({ where: { id, deletedAt: null } }); if (!order) return null; await prisma.order.update({ where: { id: order.id }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function f(id) { const order = await prisma.order.findUnique({ where: { id } }); if (!order?.deletedAt) throw new Error(); await prisma.order.delete({ where: { id } }); }' },
    { code: 'async function f(a, b) { const order = await prisma.order.findFirst({ where: { id: a, deletedAt: null } }); if (!order) return null; await prisma.order.update({ where: { id: b }, data: { deletedAt: new Date() } }); }', said: ['no-restamp at order'] },
  ],
  'rows that were read before, by other ways': [
    { code: 'async function f(a, b) { const [first, second] = await Promise.all([prisma.order.findUnique({ where: { id: a, deletedAt: null } }), prisma.order.findUnique({ where: { id: b, deletedAt: null } })]); if (!first || !second) return null; await prisma.order.update({ where: { id: b }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function f(a, b) { const [first, second] = await Promise.all([prisma.order.findUnique({ where: { id: a, deletedAt: null } }), prisma.order.findUnique({ where: { id: b, deletedAt: null } })]); if (!first) return null; await prisma.order.update({ where: { id: b }, data: { deletedAt: new Date() } }); }', said: ['no-restamp at order'] },
    { code: 'async function f() { const [due, users] = await Promise.all([prisma.order.findMany({ where: { deletedAt: null } }), getUsers()]); await prisma.order.updateMany({ where: { id: { in: due.map((o) => o.id) } }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function f() { const [due] = await prisma.$transaction([prisma.order.findMany({ where: { deletedAt: null } })]); await prisma.order.updateMany({ where: { id: { in: due.map((o) => o.id) } }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function f() { const [users, due] = await Promise.all([prisma.order.findMany({ where: { deletedAt: null } }), getIds()]); await prisma.order.updateMany({ where: { id: { in: due.map((o) => o.id) } }, data: { deletedAt: new Date() } }); }', said: ['no-restamp at order'] },
    { code: 'async function f(more) { let ids: number[] = []; if (more) { const found = await prisma.order.findMany({ where: { id: { in: more }, deletedAt: null } }); ids = found.map((o) => o.id); } await prisma.order.updateMany({ where: { id: { in: ids } }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function f(more) { let ids = more; if (more) { const found = await prisma.order.findMany({ where: { id: { in: more }, deletedAt: null } }); ids = found.map((o) => o.id); } await prisma.order.updateMany({ where: { id: { in: ids } }, data: { deletedAt: new Date() } }); }', said: ['no-restamp at order'] },
    { code: 'async function f(id) { const customer = await prisma.customer.findFirst({ where: { id, deletedAt: null }, include: { orders: { where: { deletedAt: null } } } }); if (!customer) return; await prisma.order.updateMany({ where: { id: { in: customer.orders.map((o) => o.id) } }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function f(id) { const customer = await prisma.customer.findFirst({ where: { id, deletedAt: null }, include: { orders: true } }); if (!customer) return; await prisma.order.updateMany({ where: { id: { in: customer.orders.map((o) => o.id) } }, data: { deletedAt: new Date() } }); }', said: ['require-live-join at orders', 'no-restamp at order'] },
  ],
  'rows that a function of the file found': [
    { code: 'import { prisma } from "./db"; async function ids(all) { if (all) { const orders = await prisma.order.findMany({ where: { deletedAt: null } }); return orders.map((o) => o.id); } const some = await prisma.order.findMany({ where: { total: 1, deletedAt: null } }); return some.map((o) => o.id); }\nasync function f(all) { const found = await ids(all); await prisma.order.updateMany({ where: { id: { in: found } }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function ids(all) { if (all) return all; const some = await prisma.order.findMany({ where: { total: 1, deletedAt: null } }); return some.map((o) => o.id); }\nasync function f(all) { const found = await ids(all); await prisma.order.updateMany({ where: { id: { in: found } }, data: { deletedAt: new Date() } }); }', said: ['no-restamp at order'] },
  ],
  'rows whose tombstone is looked at in front of a write': [
    { code: 'async function f(order) { if (order.deletedAt) return; await prisma.order.update({ where: { id: order.id }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function f({ order }) { if (!order || order.deletedAt) throw new Error(); await prisma.$transaction(async (tx) => { await tx.order.update({ where: { id: order.id }, data: { deletedAt: new Date() } }); }); }' },
    { code: 'async function f(order) { if (!order.deletedAt) { await prisma.order.update({ where: { id: order.id }, data: { deletedAt: new Date() } }); } }' },
    { code: 'async function f(order, other) { if (other.deletedAt) return; await prisma.order.update({ where: { id: order.id }, data: { deletedAt: new Date() } }); }', said: ['no-restamp at order'] },
    { code: 'async function f(order) { await prisma.order.update({ where: { id: order.id }, data: { deletedAt: new Date() } }); if (order.deletedAt) return; }', said: ['no-restamp at order'] },
    { code: 'async function f(order) { if (order.deletedAt) log(order); await prisma.order.update({ where: { id: order.id }, data: { deletedAt: new Date() } }); }', said: ['no-restamp at order'] },
  ],
  'a row that was created just before': [
    { code: 'async function f(data) { const order = await prisma.order.create({ data }); try { await pay(order); } catch { await prisma.order.delete({ where: { id: order.id } }); } }' },
    { code: 'async function f(data) { const order = await prisma.order.create({ data }); await prisma.customer.delete({ where: { id: order.id } }); }', said: ['no-hard-delete at customer'] },
  ],
  'one removed softly, another for good': [
    { code: 'async function f(id, draft) { if (draft) return prisma.order.delete({ where: { id, total: 0 } }); return prisma.order.update({ where: { id, deletedAt: null }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function f(id, draft) { if (draft) return prisma.order.delete({ where: { id, total: 0 } }); return prisma.order.update({ where: { id, deletedAt: { not: null } }, data: { deletedAt: null } }); }', said: ['no-hard-delete at order'] },
    { code: 'async function f(id, draft) { if (draft) return prisma.order.delete({ where: { id, total: 0 } }); return prisma.coupon.update({ where: { id, deletedAt: null }, data: { deletedAt: new Date() } }); }', said: ['no-hard-delete at order'] },
  ],
  'a function that calls itself': [
    { code: 'async function ids(page) { if (page > 3) { const some = await prisma.order.findMany({ where: { total: 1, deletedAt: null } }); return some.map((o) => o.id); } return await ids(page + 1); }\nasync function f() { const found = await ids(0); await prisma.order.updateMany({ where: { id: { in: found } }, data: { deletedAt: new Date() } }); }', said: ['no-restamp at order'] },
  ],
  'rows of several lists': [
    { code: 'async function f(id) { const [a, b] = await Promise.all([prisma.order.findMany({ where: { customerId: id, deletedAt: null } }), prisma.order.findMany({ where: { couponId: id, deletedAt: null } })]); const ids = [...a.map((o) => o.id), ...b.map((o) => o.id)].filter((id) => !kept.has(id)); await prisma.order.updateMany({ where: { id: { in: ids } }, data: { deletedAt: new Date() } }); }' },
    { code: 'async function f(id, more) { const a = await prisma.order.findMany({ where: { customerId: id, deletedAt: null } }); const ids = [...a.map((o) => o.id), ...more]; await prisma.order.updateMany({ where: { id: { in: ids } }, data: { deletedAt: new Date() } }); }', said: ['no-restamp at order'] },
  ],
  'rows that are removed for good': [
    { code: 'async function f(total) { const old = await prisma.order.findMany({ where: { total } }); await prisma.order.deleteMany({ where: { id: { in: old.map((o) => o.id) } } }); }', said: ['no-hard-delete at order'] },
    { code: 'async function f(total) { const old = await prisma.order.findMany({ where: { total } }); await prisma.orderItem.deleteMany({ where: { AND: [{ orderId: { in: old.map((o) => o.id) } }] } }); }' },
    { code: 'async function f(total) { const old = await prisma.order.findMany({ where: { total } }); await prisma.orderItem.deleteMany({ where: { quantity: 1 } }); return old; }', said: filter('order') },
    { code: 'async function f(total) { const old = await prisma.order.findMany({ where: { total } }); await prisma.order.updateMany({ where: { id: { in: old.map((o) => o.id) } }, data: { deletedAt: null } }); }' },
    { code: 'async function f(id) { await prisma.order.deleteMany({ where: { customerId: id } }); await prisma.customer.delete({ where: { id: id } }); }', said: ['no-hard-delete at customer'] },
    { code: 'async function f(id) { await prisma.$transaction(async (tx) => { await tx.order.deleteMany({ where: { customerId: id } }); await tx.customer.deleteMany({ where: { id: id } }); }); }', said: ['no-hard-delete at customer'] },
    { code: 'async function f(ids) { await prisma.order.deleteMany({ where: { customerId: { in: ids } } }); await prisma.customer.deleteMany({ where: { id: { in: ids } } }); }', said: ['no-hard-delete at customer'] },
    { code: 'async function f(id, other) { await prisma.order.deleteMany({ where: { customerId: id } }); await prisma.customer.delete({ where: { id: other } }); }', said: ['no-hard-delete at customer', 'no-hard-delete at order'] },
    { code: 'async function f(id) { await prisma.order.deleteMany({ where: { couponId: id } }); await prisma.customer.delete({ where: { id: id } }); }', said: ['no-hard-delete at customer', 'no-hard-delete at order'] },
    { code: 'export const orderDeleteProcessor = async (job) => { await prisma.order.delete({ where: { id: job.id } }); };' },
    { code: 'async function deleteOrphanedOrders() { await prisma.order.deleteMany({ where: { items: { none: {} } } }); }' },
    { code: 'async function invalidateOrders(customerId) { for (const { id } of await prisma.order.findMany({ where: { customerId } })) await redis.del(id); }' },
    { code: 'async function listOrphans(customerId) { return prisma.order.findMany({ where: { customerId } }); }', said: filter('order') },
  ],
  'rows that are looked at': [
    { code: 'async function f() { const orders = await prisma.order.findMany({ where: { total: 1 } }); return orders.filter((order) => !order.deletedAt); }' },
    { code: 'async function f() { const order = await prisma.order.findFirst({ where: { total: 1 } }); if (order?.deletedAt) return null; return order; }' },
    { code: 'async function f() { const orders = await prisma.order.findMany({ where: { total: 1 } }); return orders.map((order) => order.deletedAt); }', said: filter('order') },
    { code: 'class Orders { async find(id) { const order = await this.prisma.order.findFirst({ where: { id, deletedAt: null } }); if (!order) throw new Error(); return order; }\n async remove(id) { await this.find(id); return this.prisma.order.update({ where: { id }, data: { deletedAt: new Date() } }); } }' },
    { code: 'class Orders { async find(id) { return this.prisma.order.findFirst({ where: { id, deletedAt: null } }); }\n async remove(id) { await this.find(id); return this.prisma.order.update({ where: { id }, data: { deletedAt: new Date() } }); } }', said: ['no-restamp at order'] },
    { code: 'class Orders { async find(id) { const order = await this.prisma.order.findFirst({ where: { id, deletedAt: null } }); if (!order) throw new Error(); return order; }\n async remove(id, other) { await this.find(other); return this.prisma.order.update({ where: { id }, data: { deletedAt: new Date() } }); } }', said: ['no-restamp at order'] },
  ],
  'clients that filter': [
    { code: "import { liveDb } from './clients'; liveDb.order.findMany({ where: { total: 1 } })" },
    { code: "import { liveDb } from './clients'; liveDb.order.findFirst({ where: { total: 1 } })", said: filter('order') },
    { code: "import { liveDb } from './clients'; liveDb.customer.findMany({ include: { orders: true } })", said: join('orders') },
    { code: "import { liveDb } from './elsewhere'; liveDb.order.findMany({ where: { total: 1 } })", said: filter('order') },
    { code: 'ctx.guarded.customer.findMany({ include: { orders: true } })' },
    { code: 'ctx.guarded.customer.findMany({ include: { _count: { select: { orders: true } } } })', said: count('orders') },
    { code: 'const db = prisma.$extends({ query: { $allModels: { async findMany({ args, query }) { args.where = { ...args.where, deletedAt: null }; return query(args); } } } }); db.order.findMany(); db.order.count();', said: count('order') },
    { code: 'const db = prisma.$extends({ query: { order: { $allOperations({ operation, args, query }) { if (operation === "findMany") args.where = { ...args.where, deletedAt: null }; return query(args); } } } }); db.order.findMany(); db.customer.findMany(); db.order.findFirst();', said: [...filter('customer'), ...filter('order')] },
    { code: 'const db = prisma.$extends({ query: { $allModels: { async findMany({ args, query }) { log(args); return query(args); } } } }); db.order.findMany();', said: filter('order') },
    { code: 'prismaIncludingDeleted.order.findMany({ where: { total: 1 } })' },
  ],
  'a manifest of names': [
    { code: 'prisma.customer.findMany({ where: { deletedAt: null }, include: { orders: true } })', said: join('orders'), manifest: minimal },
    { code: 'prisma.orders.findMany({ where: { name } })', said: filter('orders'), manifest: minimal },
    { code: 'prisma.audit.findMany({ include: { people: { include: { customer: true } } } })', said: ['require-live-parent at customer', 'require-live-join at people'], manifest: minimal },
    { code: 'prisma.shop.findMany({ include: { staff: { include: { orders: { where: { total: 1 } } } } } })', said: join('orders'), manifest: minimal },
    { code: 'prisma.shop.findMany({ where: { orders: { some: { total: 1 } } } })', said: join('orders'), manifest: minimal },
    { code: 'prisma.shop.findMany({ where: { customer: { contains: name } } })', manifest: minimal },
    { code: 'prisma.shop.findMany({ select: { customer: true } })', manifest: minimal },
  ],
  'a model between two others': [
    { code: 'prisma.group.findMany({ where: { deletedAt: null }, include: { people: { include: { person: true } } } })', said: join('person'), mended: 'prisma.group.findMany({ where: { deletedAt: null }, include: { people: { where: { person: { deletedAt: null } }, include: { person: true } } } })', manifest: linked },
    { code: 'prisma.group.findMany({ where: { deletedAt: null }, include: { people: { where: { person: { deletedAt: null } }, include: { person: true } } } })', manifest: linked },
    { code: 'prisma.group.findMany({ where: { deletedAt: null }, include: { _count: { select: { people: true } } } })', said: count('people'), mended: 'prisma.group.findMany({ where: { deletedAt: null }, include: { _count: { select: { people: { where: { person: { deletedAt: null } } } } } } })', manifest: linked },
    { code: 'prisma.membership.findMany({ where: { role }, include: { person: true } })', said: join('person'), manifest: linked },
  ],
  'tombstones with texts': [
    { code: "prisma.document.findMany({ where: { status: { not: 'DELETED' } } })", manifest: byStatus },
    { code: "import { Status } from '@prisma/client'; prisma.document.findMany({ where: { status: { not: Status.DELETED } } })", manifest: byStatus },
    { code: "import { Status } from '@prisma/client'; prisma.document.findMany({ where: { status: Status.ACTIVE } })", manifest: byStatus },
    { code: "import { Status } from '@prisma/client'; prisma.document.findMany({ where: { status: { notIn: [Status.DELETED, Status.DRAFT] } } })", manifest: byStatus },
    { code: "import { Status } from '@prisma/client'; prisma.document.findMany({ where: { status: { not: Status.DRAFT } } })", said: filter('document'), mended: "import { Status } from '@prisma/client'; prisma.document.findMany({ where: { status: { not: Status.DRAFT }, AND: { status: { not: 'DELETED' } } } })", manifest: byStatus },
    { code: "prisma.document.findMany({ where: { title } })", said: filter('document'), mended: "prisma.document.findMany({ where: { title, status: { not: 'DELETED' } } })", manifest: byStatus },
    { code: "import { Status } from '@prisma/client'; prisma.document.update({ where: { id }, data: { status: Status.DELETED } })", manifest: byStatus },
    { code: "prisma.document.delete({ where: { id } })", said: ['no-hard-delete at document'], mended: "prisma.document.update({ where: { id, status: { not: 'DELETED' } }, data: { status: 'DELETED' } })", manifest: byStatus },
  ],
  'fields that are not set': [
    { code: 'prisma.order.findMany({ where: { deletedAt: { isSet: false } } })' },
    { code: 'prisma.order.deleteMany({ where: { deletedAt: { isSet: true, lt: subDays(new Date(), 30) } } })' },
  ],
  'markers': [
    { code: '// includes-deleted: the audit shows them\nprisma.order.findMany({ where: { total: 1 } })' },
    { code: 'prisma.order.findMany({\n  // includes-deleted: the audit shows them\n  where: { total: 1 },\n})' },
  ],
};

describe('calls of Prisma', () => {
  for (const [title, cases] of Object.entries(rows)) {
    describe(title, () => {
      for (const { code, said = [], mended, manifest: own = manifest } of cases) {
        it(code.replace(/\s+/g, ' '), () => {
          const result = lint(code, own);
          assert.deepEqual([...result.said].sort(), [...said].sort());
          if (mended === undefined) return;
          assert.ok(result.suggested.includes(mended), result.suggested.join('\n'));
          assert.ok(lint(mended, own).said.length < result.said.length, lint(mended, own).said.join('\n'));
        });
      }
    });
  }

  it('reads on where a date is computed in a way that tells nothing', () => {
    assert.deepEqual(lint('prisma.order.updateMany({ where: { total: 1 }, data: { placedAt: new Date(seconds * 1000) } })', manifest).said, ['require-live-update at order']);
  });

  it('does not stumble over what nobody writes', () => {
    for (const argument of ['null', '[]', '1', '...args', '{ where: 1 }', '{ where: [], include: 5 }', '{ where: { AND: null, OR: 1, NOT: [null] } }', '{ include: { orders: { include: { customer: null } }, _count: 1 } }', '{ data: [[1]], where: {} }', '{ where: { orders: [1] } }', '{ orderBy: [{ orders: { _count: 1 } }, null] }', '{ select: () => 1 }']) {
      for (const operation of ['findMany', 'findUnique', 'update', 'upsert', 'deleteMany', 'create', 'groupBy']) assert.ok(lint(`prisma.customer.${operation}(${argument})`, manifest));
    }
  });
});

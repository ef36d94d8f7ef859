/** What Prisma's client does with deleted rows, run by Prisma itself, beside what the plugin says of the same call. */
import assert from 'node:assert/strict';
import type { PrismaClient } from '../../../fixtures/prisma/generated/client.js';
import { derive } from '../../../lib/manifest/index.js';
import { sayings } from '../said.js';
import { Recorder, schema } from './client.js';

const { lint } = sayings(derive([schema]));
const recorder = new Recorder();

/** Runs a piece of code with the client as `prisma`. */
const runs = (code: string) => new Function('prisma', `return (async () => { ${code.startsWith('prisma.') ? `return ${code};` : code} })();`) as (client: PrismaClient) => unknown;

/** Reads: one is live where its result stays the same without the deleted rows. */
const reads: Readonly<Record<string, readonly string[]>> = {
  'orders by a relation, which leaves no row out': [
    'prisma.order.findMany({ where: { deletedAt: null }, orderBy: [{ customer: { name: "asc" } }, { id: "asc" }], select: { id: true } })',
    'prisma.order.findMany({ orderBy: [{ customer: { name: "asc" } }, { id: "asc" }], select: { id: true } })',
  ],
  'relations by the fluent API': [
    'prisma.customer.findUnique({ where: { id: 1, deletedAt: null } }).orders()', 'prisma.customer.findUnique({ where: { id: 1, deletedAt: null } }).orders({ where: { deletedAt: null } })',
    'prisma.order.findUnique({ where: { id: 3, deletedAt: null } }).customer()', 'prisma.customer.findFirst({ where: { id: 1, deletedAt: null } }).orders({ where: { deletedAt: null } }).items()',
  ],
  'groups': [
    'prisma.order.groupBy({ by: ["customerId"], _count: true, orderBy: { customerId: "asc" } })', 'prisma.order.groupBy({ by: ["customerId"], where: { deletedAt: null }, _count: true, orderBy: { customerId: "asc" } })',
    'prisma.order.groupBy({ by: ["customerId"], where: { deletedAt: null }, having: { total: { _sum: { gt: 5 } } }, orderBy: { customerId: "asc" } })', 'prisma.order.groupBy({ by: ["customerId"], having: { total: { _sum: { gt: 15 } } }, orderBy: { customerId: "asc" } })',
    'prisma.order.groupBy({ by: ["customerId", "deletedAt"], _count: true, orderBy: { customerId: "asc" }, having: { deletedAt: null } })', 'prisma.order.groupBy({ by: "customerId", orderBy: { customerId: "asc" }, _sum: { total: true } })',
  ],
  'undefined is no condition': [
    'prisma.customer.findMany({ where: { deletedAt: undefined } })', 'prisma.customer.findMany({ where: { deletedAt: null, name: undefined } })', 'prisma.customer.findMany({ where: { OR: undefined, deletedAt: null } })', 'prisma.customer.findMany({ where: { AND: [{ deletedAt: undefined }] } })',
    'prisma.customer.findMany({ where: { NOT: { deletedAt: undefined } } })',
  ],
  'columns left out, pages, distinct rows': [
    'prisma.customer.findMany({ omit: { name: true } })', 'prisma.customer.findMany({ where: { deletedAt: null }, omit: { deletedAt: true } })', 'prisma.customer.findMany({ where: { deletedAt: null }, take: 1, skip: 0, orderBy: { id: "desc" } })',
    'prisma.customer.findMany({ take: 1, orderBy: { id: "desc" } })', 'prisma.order.findMany({ where: { deletedAt: null }, distinct: ["customerId"], orderBy: { id: "asc" } })', 'prisma.order.findMany({ distinct: ["total"], orderBy: { id: "asc" } })',
  ],
  'transactions': [
    'prisma.$transaction([prisma.customer.findMany()])', 'prisma.$transaction(async (tx) => tx.customer.findMany({ where: { deletedAt: null } }))', 'prisma.$transaction(async (tx) => { const found = await tx.customer.count(); return found; })',
  ],
  'SQL': [
    'prisma.$queryRaw`SELECT id FROM customers ORDER BY id`', 'prisma.$queryRaw`SELECT id FROM customers WHERE deleted_at IS NULL`', 'prisma.$queryRawUnsafe("SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.deleted_at IS NULL AND c.deleted_at IS NULL")',
    'prisma.$queryRawUnsafe("SELECT count(*)::int AS n FROM customers")',
  ],
};

describe('reads of Prisma, and the rows that come back', () => {
  before(() => recorder.start());
  after(() => recorder.stop());
  for (const [title, calls] of Object.entries(reads)) {
    describe(title, () => {
      for (const call of calls) {
        it(call, async () => {
          const reports = lint(`export async function f(prisma) { return ${call}; }`).filter(({ rule }) => /^(?:require-live|no-unfiltered)/.test(rule));
          const differs = await recorder.result(runs(call)) !== await recorder.result(runs(call), { withoutDead: true });
          assert.equal(reports.length > 0, differs, JSON.stringify(reports));
        });
      }
    });
  }
});

const PARTIAL = 'ALTER TABLE customers DROP CONSTRAINT customers_email_key; CREATE UNIQUE INDEX ON customers (email) WHERE deleted_at IS NULL;';

/** Writes: what is left behind, and the rules that speak of it. */
const writes: readonly { readonly code: string; readonly gives: string; readonly rules: readonly string[]; readonly prepare?: string }[] = [
  // An upsert by the key alone edits the deleted row, and leaves it deleted.
  { code: 'await prisma.customer.upsert({ where: { email: "b" }, create: { email: "b", name: "new" }, update: { name: "edited" } }); return prisma.customer.findMany({ where: { email: "b" }, select: { name: true, deletedAt: true } });', gives: '[{"name":"edited","deletedAt":"2024-01-01T00:00:00.000Z"}]', rules: ['no-tombstone-upsert', 'require-live-lookup'] },
  // With the tombstone beside the key it is passed over: a new row where the index is partial, an error where it is not.
  { code: 'await prisma.customer.upsert({ where: { email: "b", deletedAt: null }, create: { email: "b", name: "new" }, update: { name: "edited" } }); return prisma.customer.findMany({ where: { email: "b", deletedAt: null }, select: { name: true } });', prepare: PARTIAL, gives: '[{"name":"new"}]', rules: [] },
  { code: 'return prisma.customer.upsert({ where: { email: "b", deletedAt: null }, create: { email: "b", name: "new" }, update: { name: "edited" } });', gives: 'duplicate key', rules: [] },
  { code: 'const { name, deletedAt } = await prisma.customer.upsert({ where: { email: "b" }, create: { email: "b", name: "new" }, update: { name: "back", deletedAt: null } }); return { name, deletedAt };', gives: '{"name":"back","deletedAt":null}', rules: [] },
  // A key with the tombstone beside it finds no deleted row.
  { code: 'return prisma.customer.update({ where: { id: 2, deletedAt: null }, data: { name: "edited" } });', gives: 'P2025', rules: [] },
  { code: 'return (await prisma.customer.update({ where: { id: 2 }, data: { name: "edited" } })).name;', gives: '"edited"', rules: ['require-live-update'] },
  { code: 'return (await prisma.customer.updateMany({ where: { name: { not: "" }, deletedAt: null }, data: { name: "edited" } })).count;', gives: '1', rules: [] },
  { code: 'return (await prisma.customer.updateMany({ where: { name: { not: "" } }, data: { name: "edited" } })).count;', gives: '2', rules: ['require-live-update'] },
  // A relation is tied to a deleted row as to any other.
  { code: 'return (await prisma.order.create({ data: { number: "9", total: 1, customer: { connectOrCreate: { where: { email: "b" }, create: { email: "b", name: "new" } } } } })).customerId;', gives: '2', rules: ['require-live-lookup'] },
  { code: 'await prisma.customer.update({ where: { id: 1, deletedAt: null }, data: { orders: { connect: { id: 2 } } } }); return "connected";', gives: '"connected"', rules: ['require-live-update'] },
  { code: 'await prisma.customer.update({ where: { id: 1, deletedAt: null }, data: { orders: { deleteMany: {} } } }); return prisma.order.count({ where: { deletedAt: { not: null } } });', gives: '0', rules: ['no-hard-delete'] },
  { code: 'await prisma.customer.update({ where: { id: 1, deletedAt: null }, data: { orders: { updateMany: { where: { deletedAt: null }, data: { deletedAt: new Date() } } } } }); return prisma.order.count({ where: { deletedAt: null } });', gives: '1', rules: [] },
];

describe('writes of Prisma, and what they leave behind', () => {
  const own = new Recorder();
  before(() => own.start());
  after(() => own.stop());
  for (const { code, gives, rules, prepare = '' } of writes) {
    it(code, async () => {
      assert.equal(await own.result(runs(code), { prepare }), gives);
      const said = lint(`export async function f(prisma) { ${code} }`).map(({ rule }) => rule).filter((rule) => !/filter|aggregate/.test(rule));
      assert.deepEqual([...new Set(said)].sort(), [...rules].sort());
    });
  }
});

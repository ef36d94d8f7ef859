import assert from 'node:assert/strict';
import { derive, validate, type Guard, type Manifest } from '../../lib/manifest/index.js';

const SCHEMA = `
model User {
  id        Int       @id
  deletedAt DateTime?
  posts     Post[]
}
model Post {
  id        Int       @id
  author    User      @relation(fields: [authorId], references: [id])
  authorId  Int
  deletedAt DateTime?
}
model Session {
  id Int @id
}`;

function derived(files: Readonly<Record<string, string>>): Manifest {
  return derive(Object.entries({ 'prisma/schema.prisma': SCHEMA, ...files }).map(([path, text]) => ({ path, text })));
}

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly guards: readonly Guard[];
}

const client = (name: string, coverage: object, more: object = {}): Guard => ({ kind: 'client', name, library: 'prisma', coverage, ...more }) as Guard;
const HOOK = 'async findMany({ args, query }) { args.where = { deletedAt: null, ...args.where }; return query(args); }';

const CASES: readonly Case[] = [
  {
    name: 'an extension lists operations',
    files: { 'src/db.ts': `import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient().$extends({ query: { $allModels: { ${HOOK}, async count({ args, query }) { return query({ ...args, where: { ...args.where, deletedAt: null } }); } } } });` },
    guards: [client('db', { reads: ['findMany', 'count'] })],
  },
  {
    name: 'one model alone',
    files: { 'src/db.ts': `const prisma = new PrismaClient().$extends({ query: { user: { ${HOOK} } } });\nexport { prisma };` },
    guards: [client('prisma', { reads: ['findMany'] }, { tables: ['User'] })],
  },
  {
    name: 'a look at the model that cannot be followed, and conditions under another name',
    files: {
      'src/db.ts': `
        const base = new PrismaClient();
        const prisma = base.$extends({ query: { $allModels: { async $allOperations({ model, operation, args, query }) {
          // The include of others is left as it is.
          if (!Prisma.dmmf.datamodel.models.find((one) => one.name === model)?.fields.some((field) => field.name === 'deletedAt')) return query(args);
          if (operation === 'delete') return base[model].update({ where: args.where, data: { deletedAt: new Date() } });
          if (operation === 'deleteMany') return base[model].updateMany({ where: args.where, data: { deletedAt: new Date() } });
          if (operation === 'findFirst' || operation === 'findMany') {
            const conditions = args.where || {};
            if (conditions.deletedAt === undefined) { conditions.deletedAt = null; args.where = conditions; }
          }
          return query(args);
        } } } });
        export default prisma;`,
      'src/use.ts': 'import orm from \'./db\';\nexport const users = () => orm.user.findMany();',
    },
    guards: ['prisma', 'orm'].map((name) => client(name, { reads: ['findMany', 'findFirst'], writes: ['delete', 'deleteMany'] })),
  },
  {
    name: 'an extension of another file, and a client that a function makes',
    files: {
      'src/soft-delete.ts': `import { Prisma } from '@prisma/client';\nexport const softDelete = Prisma.defineExtension({ query: { $allModels: { ${HOOK} } } });`,
      'src/db.ts': 'import { softDelete } from \'./soft-delete\';\nconst create = () => new PrismaClient().$extends(softDelete);\nexport const database = globalThis.database ?? create();',
    },
    guards: ['create', 'database'].map((name) => client(name, { reads: ['findMany'] })),
  },
  {
    name: 'a helper beside the extension, and a list of operations',
    files: {
      'src/db.ts': `const READS = ['findMany', 'findFirst'];
        function filtered(args) { return { ...args, where: { ...args.where, deletedAt: null } }; }
        export const prisma = new PrismaClient().$extends({ query: { $allModels: { $allOperations({ operation, args, query }) { return query(READS.includes(operation) ? filtered(args) : args); } } } });`,
    },
    guards: [client('prisma', { reads: ['findMany', 'findFirst'] })],
  },
  {
    name: 'middleware of a class that extends the client',
    files: {
      'src/prisma.service.ts': `export class PrismaService extends PrismaClient { async onModuleInit() { this.$use(async (params, next) => {
        if (params.action === 'findMany') { params.args.where = { ...params.args.where, deletedAt: null }; }
        if (params.action === 'delete') { params.action = 'update'; params.args.data = { deletedAt: new Date() }; }
        return next(params);
      }); } }`,
      'src/users.ts': 'export class Users { constructor(private readonly prisma: PrismaService) {} all() { return this.prisma.user.findMany(); } }',
    },
    guards: [client('prisma', { reads: ['findMany'], writes: ['delete'] })],
  },
  {
    name: 'middleware that a function hangs on the client that it is given',
    files: {
      'src/middleware.ts': 'export function applyMiddleware(client) { client.$use(async (params, next) => { if (params.action === \'count\') params.args = { ...params.args, where: { ...params.args?.where, deletedAt: null } }; return next(params); }); }',
      'src/db.ts': 'import { applyMiddleware } from \'./middleware\';\nexport const store = new PrismaClient();\napplyMiddleware(store);',
    },
    guards: [client('store', { reads: ['count'] })],
  },
  {
    name: 'the way round, where it is exported under a name that says so',
    files: { 'src/db.ts': `export const rawClient = new PrismaClient();\nexport const prisma = rawClient.$extends({ query: { $allModels: { ${HOOK} } } });` },
    guards: [client('prisma', { reads: ['findMany'] }, { bypass: 'rawClient' })],
  },
  {
    name: 'a package by its options',
    files: { 'src/db.ts': 'import { createSoftDeleteExtension } from \'prisma-extension-soft-delete\';\nexport const prisma = new PrismaClient().$extends(createSoftDeleteExtension({ models: { User: true, Post: true }, defaultConfig: { field: \'deletedAt\', createValue: Boolean } }));' },
    guards: [client('prisma', { reads: ['findMany', 'findFirst', 'findFirstOrThrow', 'findUnique', 'findUniqueOrThrow', 'count', 'aggregate', 'groupBy'], writes: ['updateMany', 'delete', 'deleteMany'], nested: true })],
  },
  {
    name: 'a list of models that a helper of the file asks',
    files: {
      'src/db.ts': `const SOFT = ['Post'] as const;
        function isSoft(model: string) { return SOFT.includes(model as never); }
        function create() {
          const base = new PrismaClient();
          return base.$extends({ query: { $allModels: {
            async findMany({ model, args, query }) { if (isSoft(model)) { args.where = { ...args.where, deletedAt: null }; } return query(args); },
            async findUnique({ model, args, query }) { if (isSoft(model)) { const result = await query(args); return result && result.deletedAt !== null ? null : result; } return query(args); },
          } } });
        }
        export const prisma = create();`,
    },
    guards: ['create', 'prisma'].map((name) => client(name, { reads: ['findMany', 'findUnique'] }, { tables: ['Post'] })),
  },
  { name: 'an extension about something else', files: { 'src/db.ts': 'export const prisma = new PrismaClient().$extends({ query: { $allModels: { async findMany({ args, query }) { console.log(args); return query(args); } } } });' }, guards: [] },
  { name: 'one that only writes the tombstone', files: { 'src/db.ts': 'export const prisma = new PrismaClient().$extends({ model: { $allModels: { async softDelete(id) { return this.update({ where: { id }, data: { deletedAt: new Date() } }); } } } });' }, guards: [] },
  { name: 'a file that cannot be parsed', files: { 'src/db.ts': 'export const prisma = new PrismaClient().$extends({ deletedAt' }, guards: [] },
];

describe('derive: clients', () => {
  for (const { name, files, guards } of CASES) {
    it(name, () => {
      const manifest = derived(files);
      assert.deepEqual([...manifest.guards ?? []].sort((a, b) => a.name.localeCompare(b.name)), [...guards].sort((a, b) => a.name.localeCompare(b.name)));
      assert.deepEqual(validate(manifest), []);
    });
  }
});

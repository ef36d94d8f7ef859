/** Parts of calls that say by their type which model they are about. */
import type { Manifest } from '../../../lib/manifest/types.js';
import { sayings } from '../said.js';

const manifest: Manifest = {
  tombstone: 'deletedAt',
  tables: {
    users: { deletion: 'soft', models: ['User'], relations: { posts: { table: 'posts', many: true, on: { id: 'authorId' } } } },
    posts: { deletion: 'soft', models: ['Post'], relations: { author: { table: 'users', on: { authorId: 'id' } }, comments: { table: 'comments', many: true, on: { id: 'postId' } } } },
    comments: { deletion: 'soft', models: ['Comment'], relations: { post: { table: 'posts', on: { postId: 'id' } } } },
  },
};
const typed = (code: string): string => `import { Prisma } from '@prisma/client';\n${code}`;

describe('parts of calls of Prisma', () => {
  sayings(manifest).says([
    [typed('export const userInclude = { posts: true } satisfies Prisma.UserInclude;'), 'require-live-join: posts'],
    [typed('export const userInclude = { posts: { where: { deletedAt: null } } } satisfies Prisma.UserInclude;')],
    [typed('export const userSelect: Prisma.UserSelect = { id: true, posts: { select: { id: true } } };'), 'require-live-join: posts'],
    [typed('export const userSelect = Prisma.validator<Prisma.UserSelect>()({ id: true, posts: { select: { id: true } } });'), 'require-live-join: posts'],
    [typed('export const userArgs = { include: { posts: { include: { comments: true }, where: { deletedAt: null } } } } satisfies Prisma.UserDefaultArgs;'), 'require-live-join: comments'],
    [typed('export const published = (): Prisma.PostWhereInput => ({ published: true, author: { active: true } });'), 'require-live-join: author'],
    [typed('export function published(): Prisma.PostWhereInput { if (all) return {}; return { comments: { some: { text } } }; }'), 'require-live-join: comments'],
    // Which rows of its own model are asked for, others say.
    [typed('export const published: Prisma.PostWhereInput = { published: true };')],
    // What the file uses is read where it is used.
    [typed('const userInclude = { posts: true } satisfies Prisma.UserInclude;\nexport const f = () => prisma.user.findMany({ where: { deletedAt: null }, include: userInclude });'), 'require-live-join: posts'],
    [typed('export const input: Prisma.UserCreateInput = { posts: { create: [] } };')],
    ["import type { Prisma } from './other';\nexport const include = { posts: true };"],
    [typed('// includes-deleted: the trash shows them\nexport const userInclude = { posts: true } satisfies Prisma.UserInclude;')],
  ]);
  // What a client filters that others hand the part to cannot be seen.
  sayings({ ...manifest, guards: [{ kind: 'client', name: 'db', coverage: 'nested' }] }).says([[typed('export const userInclude = { posts: true, author: true } satisfies Prisma.UserInclude;')]]);
});

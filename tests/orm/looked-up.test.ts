/** Statements by the key of a row that was looked up before, and was live. */
import type { Manifest } from '../../lib/manifest/index.js';
import { sayings } from './said.js';

const manifest: Manifest = {
  tables: {
    users: { deletion: 'soft', models: ['User', 'user', 'users'], columns: { deletedAt: 'deleted_at' } },
    posts: { deletion: 'soft', models: ['Post', 'post', 'posts'], columns: { deletedAt: 'deleted_at', userId: 'user_id' } },
    // A surrogate key beside the primary one; a foreign key and a name, which a later row may have again.
    documents: {
      deletion: 'soft', models: ['Document', 'document'], key: 'pk', unique: [['doc_id'], ['owner_id'], ['slug']],
      relations: { owner: { table: 'users', on: { owner_id: 'id' } } },
    },
  },
};
const { says } = sayings(manifest);

const drizzle = (code: string): string => `import { and, eq, isNull } from 'drizzle-orm';\nimport { posts, users } from './schema';\nexport async function remove(input, db) { ${code} }`;
const find = 'const user = await db.query.users.findFirst({ where: (t, { and, eq, isNull }) => and(eq(t.id, input.id), isNull(t.deletedAt)) });';
const gone = 'await db.update(users).set({ deletedAt: new Date() }).where(eq(users.id, input.id));';

describe('Rows that were looked up before', () => {
  describe('Drizzle', () => says([
    [drizzle(`${find} if (!user) throw new Error(); ${gone}`)],
    [drizzle(`${find} if (!user || user.locked) { log(); return null; } ${gone}`)],
    [drizzle(`${find} if (user === undefined) throw new Error(); ${gone}`)],
    [drizzle(`${find} if (user) { ${gone} }`)],
    [drizzle(`${find} if (user && !user.locked) { ${gone} }`)],
    [drizzle(`${find} if (!user) throw new Error(); await db.transaction(async (tx) => { await tx.update(users).set({ deletedAt: new Date() }).where(eq(users.id, input.id)); });`)],
    [drizzle(`const [user] = await db.select().from(users).where(and(eq(users.id, input.id), isNull(users.deletedAt))).limit(1); if (!user) return; ${gone}`)],
    [drizzle(`const rows = await db.select().from(users).where(and(eq(users.id, input.id), isNull(users.deletedAt))); if (rows.length === 0) return; ${gone}`)],
    [drizzle(`const [user] = await db.select({ id: users.id }).from(users).innerJoin(posts, eq(posts.userId, users.id)).where(and(eq(users.id, input.id), isNull(users.deletedAt), isNull(posts.deletedAt))); if (!user) return; ${gone}`)],
    [drizzle(`${find} if (!user) throw new Error(); await db.update(users).set({ name: input.name }).where(eq(users.id, input.id));`)],
    // Nothing says that there was a row.
    [drizzle(`${find} log(user); ${gone}`), 'no-restamp: users'],
    [drizzle(`${find} if (!user) log(); ${gone}`), 'no-restamp: users'],
    [drizzle(`${find} if (!user && strict) throw new Error(); ${gone}`), 'no-restamp: users'],
    [drizzle(`${find} if (user) log(); else { ${gone} }`), 'no-restamp: users'],
    [drizzle(`if (strict) { ${find} if (!user) throw new Error(); } ${gone}`), 'no-restamp: users'],
    [drizzle(`${gone} ${find} if (!user) throw new Error();`), 'no-restamp: users'],
    [drizzle(`let user = await db.query.users.findFirst({ where: and(eq(users.id, input.id), isNull(users.deletedAt)) }); user ??= other; if (!user) throw new Error(); ${gone}`), 'no-restamp: users'],
    // Another row, another table, or rows that may be dead.
    [drizzle(`${find} if (!user) throw new Error(); await db.update(users).set({ deletedAt: new Date() }).where(eq(users.id, input.other));`), 'no-restamp: users'],
    [drizzle(`${find} if (!user) throw new Error(); await db.update(posts).set({ deletedAt: new Date() }).where(eq(posts.id, input.id));`), 'no-restamp: posts'],
    [drizzle(`${find} if (!user) throw new Error(); await db.update(posts).set({ deletedAt: new Date() }).where(eq(posts.userId, input.id));`), 'no-restamp: posts'],
    [drizzle(`const user = await db.query.users.findFirst({ where: eq(users.id, input.id) }); if (!user) throw new Error(); ${gone}`), 'require-live-lookup: users', 'no-restamp: users'],
    [drizzle(`${find} if (!user) throw new Error(); await db.delete(users).where(eq(users.id, input.id));`), 'no-hard-delete: users'],
  ]));

  describe('Kysely', () => {
    const lookup = "const user = await db.selectFrom('users').selectAll().where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst();";
    const remove = "await db.updateTable('users').set({ deleted_at: new Date() }).where('id', '=', id).execute();";
    const fn = (code: string): string => `export async function remove(db, id) { ${code} }`;
    says([
      [fn(`${lookup} if (!user) throw new Error(); ${remove}`)],
      [fn(`${lookup.replace('executeTakeFirst', 'executeTakeFirstOrThrow')} ${remove}`)],
      [fn(`${lookup} ${remove.replace("'=', id", "'=', user.id")}`)],
      [fn(`${lookup} ${remove}`), "no-restamp: 'users'"],
      [fn(`${lookup} if (!user) throw new Error(); id = other; ${remove}`), "no-restamp: 'users'"],
    ]);
  });

  describe('Prisma', () => {
    const fn = (code: string): string => `export async function remove(prisma, id: string) { ${code} }`;
    const remove = 'await prisma.user.update({ where: { id }, data: { deletedAt: new Date() } });';
    says([
      [fn(`const user = await prisma.user.findFirst({ where: { id, deletedAt: null } }); if (!user) throw new Error(); ${remove}`)],
      [fn(`await prisma.user.findFirstOrThrow({ where: { id, deletedAt: null } }); ${remove}`)],
      [fn(`const user = await prisma.user.findFirst({ where: { id, deletedAt: null } }); ${remove}`), 'no-restamp: user'],
      // The tombstone is looked at in the program.
      [fn(`const user = await prisma.user.findUnique({ where: { id } }); if (!user || user.deletedAt) throw new Error(); ${remove}`)],
      [fn(`const user = await prisma.user.findUnique({ where: { id } }); if (!user) throw new Error(); ${remove}`), 'require-live-lookup: user', 'no-restamp: user'],
      ...[['docId', true], ['ownerId', false], ['slug', false]].map(([key, silent]): [string, ...string[]] => [
        fn(`const doc = await prisma.document.findFirst({ where: { ${key}: id, deletedAt: null } }); if (!doc) throw new Error(); await prisma.document.update({ where: { ${key}: id }, data: { deletedAt: new Date() } });`),
        ...silent ? [] : ['no-restamp: document'],
      ]),
    ]);
  });
});

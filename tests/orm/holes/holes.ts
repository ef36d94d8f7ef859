/**
 * Where the filter of a library ends: each hole that `docs/libraries.md` names is run on a database with a live and a deleted row of each table, and so is what
 * the library covers. The deleted row comes back, is changed, or is gone where the reading of the call says that it can be; else it stays where it is.
 */
import assert from 'node:assert/strict';
import { PGlite } from '@electric-sql/pglite';
import { compile, type Manifest } from '../../../lib/manifest/index.js';
import type { OrmLibrary } from '../../../lib/orm/library.js';
import { verdictsOfCode } from '../cross-check.js';

const manifest: Manifest = {
  tombstone: 'deletedAt',
  tables: {
    users: { deletion: 'soft', models: ['User'], autoFilter: true, unique: [['email']], relations: { posts: { table: 'posts', many: true, on: { id: 'authorId' } } } },
    posts: { deletion: 'soft', models: ['Post'], autoFilter: true, relations: { author: { table: 'users', on: { authorId: 'id' } } } },
  },
};

export const catalog = compile(manifest);

/** `seen`, `changed`, `gone`: what becomes of a deleted row; `untouched`: none of it. `lost`: live rows that the call says nothing of are gone for good. `refused`: the library throws. */
export type Fate = 'seen' | 'changed' | 'gone' | 'untouched' | 'lost' | 'refused';
export type Case = readonly [code: string, fate: Fate, ...verdicts: string[]];

interface Rows { readonly users: readonly Record<string, unknown>[]; readonly posts: readonly Record<string, unknown>[] }

export interface Database {
  reset(): Promise<void>;
  rows(): Promise<Rows>;
  /** Runs the code with the library. */
  run(code: string): Promise<unknown>;
}

export const INSERTS = [
  `DELETE FROM "posts"`, `DELETE FROM "users"`,
  `INSERT INTO "users" ("id", "email", "name", "logins", "deletedAt") VALUES (1, 'a@x', 'live', 0, NULL), (2, 'b@x', 'dead', 0, '2024-01-01 00:00:00')`,
  `INSERT INTO "posts" ("id", "title", "authorId", "deletedAt") VALUES (1, 'live', 1, NULL), (2, 'dead', 1, '2024-01-01 00:00:00')`,
];
const TABLES = [
  `CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text UNIQUE, "name" text, "logins" int DEFAULT 0, "deletedAt" timestamptz, "createdAt" timestamptz, "updatedAt" timestamptz)`,
  `CREATE TABLE "posts" ("id" serial PRIMARY KEY, "title" text, "authorId" int, "deletedAt" timestamptz, "createdAt" timestamptz, "updatedAt" timestamptz)`,
];

export async function pglite(): Promise<PGlite> {
  const database = await PGlite.create();
  for (const table of TABLES) await database.exec(table);
  return database;
}

export const overPglite = (database: PGlite): Pick<Database, 'reset' | 'rows'> => ({
  reset: async () => { for (const insert of INSERTS) await database.exec(insert); },
  rows: async () => ({ users: (await database.query<Record<string, unknown>>('SELECT * FROM "users" ORDER BY "id"')).rows, posts: (await database.query<Record<string, unknown>>('SELECT * FROM "posts" ORDER BY "id"')).rows }),
});

export function evaluate(code: string, scope: Readonly<Record<string, unknown>>): Promise<unknown> {
  const body = /\breturn\b/.test(code) ? code : `return ${code};`;
  return (new Function(...Object.keys(scope), `return (async () => { ${body} })()`) as (...values: unknown[]) => Promise<unknown>)(...Object.values(scope));
}

const isDead = ({ name, title }: Record<string, unknown>): boolean => name === 'dead' || title === 'dead';

/**
 * Declares a test for each case.
 *
 * @param versions of the libraries, as a manifest tells them
 */
export function holes(library: OrmLibrary, prelude: string, open: () => Promise<Database>, cases: readonly Case[], versions: Manifest['versions'] = {}): void {
  const versioned = compile({ ...manifest, versions });
  let database: Database;
  before(async function () { this.timeout(120_000); database = await open(); });
  for (const [code, fate, ...verdicts] of cases) {
    it(`${fate}: ${code}`, async () => {
      await database.reset();
      let refused = false;
      const earlier = await database.rows(), result = await database.run(code).catch((error: unknown) => { if (fate !== 'refused') throw error; refused = true; }), later = await database.rows();
      const dead = (rows: Rows): string => JSON.stringify([...rows.users, ...rows.posts].filter((row) => row['id'] === 2));
      const lost = later.users.length < earlier.users.length || later.posts.length < earlier.posts.length;
      const isSeen = /"dead"/.test(JSON.stringify(result) ?? '') || result === 2 || JSON.stringify(result) === '{"n":"2"}';
      const found: Fate = refused ? 'refused' : dead(later) === '[]' || (lost && dead(later) !== dead(earlier)) ? 'gone' : dead(later) !== dead(earlier) ? 'changed' : lost ? 'lost' : isSeen ? 'seen' : 'untouched';
      assert.equal(found, fate, `result ${JSON.stringify(result)}, rows ${JSON.stringify(later)}`);
      assert.deepEqual(verdictsOfCode(prelude, code, versioned, library), [...verdicts].sort());
      assert.ok(earlier.users.some(isDead) && earlier.posts.some(isDead));
    });
  }
}

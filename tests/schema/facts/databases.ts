/** Runs what pages and rules say of databases on the real ones: PostgreSQL (PGlite) and SQLite (sql.js), each in this process. */
import assert from 'node:assert/strict';
import { PGlite } from '@electric-sql/pglite';

/** One statement: it has to run; or to fail with words or an SQLSTATE; or to yield these rows; or a plan whose lines, joined by ` | `, match. */
export type Step = string | { readonly run: string } & ({ readonly fails: RegExp } | { readonly yields: readonly (readonly unknown[])[] } | { readonly plans: RegExp });

export interface Fact {
  /** The sentence that is shown to hold. */
  readonly says: string;
  /** Where it holds; default: both. */
  readonly on?: 'postgresql' | 'sqlite';
  readonly steps: readonly Step[];
}

/** A database: runs a statement and gives its rows, or throws. */
type Run = (statement: string) => Promise<readonly (readonly unknown[])[]>;

async function openPostgres(): Promise<{ run: Run; reset(): Promise<void>; close(): Promise<void> }> {
  const database = await PGlite.create();
  return {
    async run(statement) {
      try {
        const [result] = (await database.exec(statement, { rowMode: 'array' })).slice(-1);
        return result?.rows as unknown as unknown[][] ?? [];
      } catch (error) {
        const { code, message } = error as { code?: string; message: string };
        throw new Error(`${code ?? ''} ${message}`, { cause: error });
      }
    },
    async reset() { await database.exec('RESET ROLE; RESET ALL; DROP SCHEMA public CASCADE; CREATE SCHEMA public'); },
    close: () => database.close(),
  };
}

interface SqliteDatabase {
  exec(text: string): { values: unknown[][] }[];
  close(): void;
}

async function openSqlite(): Promise<{ run: Run; reset(): Promise<void>; close(): Promise<void> }> {
  const load = require('sql.js') as () => Promise<{ Database: new () => SqliteDatabase }>;
  const { Database } = await load();
  const open = (): SqliteDatabase => {
    const fresh = new Database();
    fresh.exec('PRAGMA foreign_keys = ON');
    return fresh;
  };
  let database = open();
  return {
    run(statement) {
      try {
        return Promise.resolve(database.exec(statement).at(-1)?.values ?? []);
      } catch (error) {
        return Promise.reject(error as Error);
      }
    },
    reset() {
      database.close();
      database = open();
      return Promise.resolve();
    },
    close() {
      database.close();
      return Promise.resolve();
    },
  };
}

async function check(run: Run, step: Step): Promise<void> {
  if (typeof step === 'string') await run(step);
  else if ('fails' in step) await assert.rejects(run(step.run), step.fails, step.run);
  else if ('yields' in step) assert.deepEqual(await run(step.run), step.yields, step.run);
  else assert.match((await run(step.run)).map((row) => String(row.at(-1)).trim()).join(' | '), step.plans, step.run);
}

/** Defines a test for each fact on each database that it speaks of. */
export function testFacts(title: string, facts: readonly Fact[]): void {
  for (const [engine, open] of [['postgresql', openPostgres], ['sqlite', openSqlite]] as const) {
    describe(`${title} on ${engine}`, function () {
      this.timeout(60_000);
      let database: Awaited<ReturnType<typeof open>>;
      before(async () => { database = await open(); });
      beforeEach(async () => { await database.reset(); });
      after(async () => { await database.close(); });
      for (const { says, on, steps } of facts) {
        if (on === undefined || on === engine) it(says, async () => { for (const step of steps) await check(database.run, step); });
      }
    });
  }
}

/**
 * Runs what pages and rules say of databases on the real ones: PostgreSQL (PGlite) and SQLite (sql.js) in this process, and MariaDB where the
 * machine has its server.
 */
import assert from 'node:assert/strict';
import { PGlite } from '@electric-sql/pglite';
import { hasMariaDb, openMariaDb, stopMariaDb } from './mariadb.js';

/** One statement: it has to run; or to fail with words or an SQLSTATE; or to yield these rows; or a plan whose lines, joined by ` | `, match. */
export type Step = string | { readonly run: string } & ({ readonly fails: RegExp } | { readonly yields: readonly (readonly unknown[])[] } | { readonly plans: RegExp });

export type Engine = 'postgresql' | 'sqlite' | 'mariadb';

export const EVERYWHERE: readonly Engine[] = ['postgresql', 'sqlite', 'mariadb'];

export interface Fact {
  /** The sentence that is shown to hold. */
  readonly says: string;
  /** Where it holds; default: PostgreSQL and SQLite. */
  readonly on?: Engine | readonly Engine[];
  readonly steps: readonly Step[];
}

/** A database: runs a statement and gives its rows, or throws. */
type Run = (statement: string) => Promise<readonly (readonly unknown[])[]>;

export interface Database {
  readonly run: Run;
  reset(): Promise<void>;
  close(): Promise<void>;
  /** Does it cost a process to ask it? Statements that only have to run are then sent together. */
  readonly isAside?: true;
}

async function openPostgres(): Promise<Database> {
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

async function openSqlite(): Promise<Database> {
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

/** Statements that only have to run, joined with those that follow them. */
function joined(steps: readonly Step[]): Step[] {
  return steps.reduce<Step[]>((all, step) => {
    const last = all.at(-1);
    return typeof step === 'string' && typeof last === 'string' ? [...all.slice(0, -1), `${last};\n${step}`] : [...all, step];
  }, []);
}

const ENGINES: readonly (readonly [engine: Engine, open: () => Promise<Database>, isHere: boolean])[] = [
  ['postgresql', openPostgres, true], ['sqlite', openSqlite, true], ['mariadb', openMariaDb, hasMariaDb()],
];

// One server for all facts: starting it takes longer than asking it.
after(stopMariaDb);

/** Defines a test for each fact on each database that it speaks of; pending where the machine does not have that database. */
export function testFacts(title: string, facts: readonly Fact[]): void {
  for (const [engine, open, isHere] of ENGINES) {
    const told = facts.filter(({ on = ['postgresql', 'sqlite'] }) => on === engine || on.includes(engine));
    if (told.length === 0) continue;
    describe(`${title} on ${engine}${isHere ? '' : ' (no mariadbd on the PATH)'}`, function () {
      this.timeout(60_000);
      if (!isHere) {
        for (const { says } of told) it(says);
        return;
      }
      let database: Database;
      before(async () => { database = await open(); });
      beforeEach(async () => { await database.reset(); });
      after(async () => { await database.close(); });
      for (const { says, steps } of told) it(says, async () => { for (const step of database.isAside ? joined(steps) : steps) await check(database.run, step); });
    });
  }
}

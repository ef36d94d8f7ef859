/** The databases that queries run on: PostgreSQL (PGlite) and SQLite (sql.js), each in this process. */
import { PGlite } from '@electric-sql/pglite';
import { ddl, type DataSet } from './schema.js';
import type { Dialect } from './tree.js';

/** A result as text, equal for equal results; or why there is none. */
export type Outcome =
  | { readonly ok: true; readonly rows: string; readonly empty: boolean }
  | { readonly ok: false; readonly reason: string };

export interface Engine {
  /** Runs queries on one state; `purged`: after its tombstones were physically removed. Rows are compared in order where `ordered` says so. */
  run(state: number, purged: boolean, queries: readonly { readonly text: string; readonly ordered: boolean }[]): Promise<Outcome[]>;
  close(): Promise<void>;
}

/** An engine that holds the given states of the schema. MySQL's queries run, in PostgreSQL's words, on PostgreSQL. */
export async function openEngine(dialect: Dialect, states: readonly DataSet[]): Promise<Engine> {
  return dialect === 'sqlite' ? openSqlite(states) : openPostgres(dialect, states);
}

function outcomeOf(rows: readonly unknown[][], ordered: boolean): Outcome {
  const texts = rows.map((row) => JSON.stringify(row, (_key, value: unknown) => typeof value === 'bigint' ? String(value) : value));
  return { ok: true, rows: (ordered ? texts : texts.sort()).join('\n'), empty: rows.length === 0 };
}

function refused(error: unknown): Outcome {
  return { ok: false, reason: error instanceof Error ? error.message : String(error) };
}

async function openPostgres(dialect: Dialect, states: readonly DataSet[]): Promise<Engine> {
  const database = await PGlite.create();
  await database.exec(`SET timezone = 'UTC'`);
  const schemaOf = (state: number, purged: boolean): string => `state_${state}${purged ? '_purged' : ''}`;
  for (const [state, data] of states.entries()) for (const purged of [false, true]) {
    const schema = schemaOf(state, purged);
    await database.exec([`CREATE SCHEMA ${schema}`, ...ddl(data, dialect, purged, `${schema}.`)].join(';\n'));
  }
  // A query that runs away is refused, not waited for.
  await database.exec(`SET statement_timeout = '5s'`);
  return {
    async run(state, purged, queries) {
      await database.exec(`SET search_path = ${schemaOf(state, purged)}`);
      const outcomes: Outcome[] = [];
      for (const { text, ordered } of queries) {
        try {
          const [result] = await database.exec(text, { rowMode: 'array' });
          outcomes.push(outcomeOf(result!.rows as unknown as unknown[][], ordered));
        } catch (error) {
          outcomes.push(refused(error));
        }
      }
      return outcomes;
    },
    close: () => database.close(),
  };
}

/** What is used of sql.js. */
interface SqliteDatabase {
  exec(text: string): { values: unknown[][] }[];
  close(): void;
}

async function openSqlite(states: readonly DataSet[]): Promise<Engine> {
  const load = require('sql.js') as () => Promise<{ Database: new () => SqliteDatabase }>;
  const { Database } = await load();
  const open = (data: DataSet, purged: boolean): SqliteDatabase => {
    const database = new Database();
    database.exec(ddl(data, 'sqlite', purged, '').join(';\n'));
    return database;
  };
  const databases = states.map((data) => ({ full: open(data, false), purged: open(data, true) }));
  return {
    run(state, purged, queries) {
      const database = databases[state]![purged ? 'purged' : 'full'];
      return Promise.resolve(queries.map(({ text, ordered }) => {
        try {
          // A query without rows yields no result at all.
          return outcomeOf(database.exec(text)[0]?.values ?? [], ordered);
        } catch (error) {
          return refused(error);
        }
      }));
    },
    close() {
      for (const { full, purged } of databases) for (const database of [full, purged]) database.close();
      return Promise.resolve();
    },
  };
}

/** The databases that queries run on: PostgreSQL (PGlite) in this process, and SQLite (sql.js) in a thread. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { ddl, type DataSet } from './schema.js';
import type { SqliteAnswer, SqliteRequest } from './sqlite-worker.js';
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

/** Milliseconds after which a query is taken to run away. */
const PATIENCE = 5000;

async function openSqlite(states: readonly DataSet[]): Promise<Engine> {
  // The full database of a state, and behind it the purged one.
  const ddls = states.flatMap((data) => [false, true].map((purged) => ddl(data, 'sqlite', purged, '').join(';\n')));
  let worker: Worker | null = null;

  const open = async (): Promise<Worker> => {
    // A thread does not start with a file of TypeScript itself.
    const opened = new Worker(`require('tsx/cjs'); require(${JSON.stringify(join(__dirname, 'sqlite-worker.ts'))});`, { eval: true, execArgv: [], workerData: ddls });
    await once(opened, 'message');
    return opened;
  };
  const ask = async (request: SqliteRequest): Promise<SqliteAnswer> => {
    const asked = worker ??= await open();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        worker = null;
        void asked.terminate().then(() => { resolve({ reason: `no end after ${PATIENCE} ms` }); });
      }, PATIENCE);
      asked.once('message', (answer: SqliteAnswer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      asked.postMessage(request);
    });
  };
  worker = await open();
  return {
    async run(state, purged, queries) {
      const outcomes: Outcome[] = [];
      for (const { text, ordered } of queries) {
        const answer = await ask({ database: 2 * state + (purged ? 1 : 0), text });
        outcomes.push('rows' in answer ? outcomeOf(answer.rows, ordered) : { ok: false, reason: answer.reason });
      }
      return outcomes;
    },
    async close() {
      await worker?.terminate();
    },
  };
}

/** SQLite (sql.js) in a thread of its own: it has no timeout, and a query that runs away can only be ended with its thread. */
import { parentPort, workerData } from 'node:worker_threads';

/** A query, and the number of the database to run it on. */
export interface SqliteRequest {
  readonly database: number;
  readonly text: string;
}

/** What a query gave, or why it gave nothing; the first answer of all says that the databases are open. */
export type SqliteAnswer = { readonly rows: unknown[][] } | { readonly reason: string };

/** What is used of sql.js. */
interface SqliteDatabase {
  exec(text: string): { values: unknown[][] }[];
}

async function serve(): Promise<void> {
  const load = require('sql.js') as () => Promise<{ Database: new () => SqliteDatabase }>;
  const { Database } = await load();
  const databases = (workerData as readonly string[]).map((ddl) => {
    const database = new Database();
    database.exec(ddl);
    return database;
  });
  const answer = (message: SqliteAnswer): void => parentPort!.postMessage(message);
  parentPort!.on('message', ({ database, text }: SqliteRequest) => {
    try {
      // A query without rows yields no result at all.
      answer({ rows: databases[database]!.exec(text)[0]?.values ?? [] });
    } catch (error) {
      answer({ reason: error instanceof Error ? error.message : String(error) });
    }
  });
  answer({ rows: [] });
}

void serve();

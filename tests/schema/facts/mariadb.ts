/** A MariaDB server of its own, on a socket in a temporary folder, asked through its command-line client. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Database } from './databases.js';

const execute = promisify(execFile);
const TOOLS = ['mariadbd', 'mariadb', 'mariadb-install-db'] as const;
/** Tenths of a second that a server may take to start. */
const PATIENCE = 200;

/** Where a tool is; servers are in folders that only root has on the PATH. */
function toolAt(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** Has this machine what it takes to run MariaDB? */
export function hasMariaDb(): boolean {
  return process.platform !== 'win32' && TOOLS.every((name) => toolAt(name) !== null);
}

async function isUp(server: ChildProcess, ask: (statement: string) => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < PATIENCE; tries++) {
    if (server.exitCode !== null) throw new Error(`mariadbd ended with ${server.exitCode}`);
    try {
      await ask('SELECT 1');
      return;
    } catch {
      await pause(100);
    }
  }
  throw new Error('mariadbd does not answer');
}

/** A cell as the client prints it: text, where the others give numbers and NULL. */
function cell(text: string): string | number | null {
  if (text === 'NULL') return null;
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

/** Ends the server and removes its data. */
type Stop = () => Promise<void>;

let started: Promise<{ readonly database: Database; readonly stop: Stop }> | null = null;

/** The database of a server whose data are new; one server serves all that ask for it. */
export async function openMariaDb(): Promise<Database> {
  started ??= startServer();
  return (await started).database;
}

/** Ends the server, where there is one. */
export async function stopMariaDb(): Promise<void> {
  const server = await started?.catch(() => null);
  started = null;
  await server?.stop();
}

async function startServer(): Promise<{ readonly database: Database; readonly stop: Stop }> {
  const [daemon, client, install] = TOOLS.map((name) => toolAt(name)!) as [string, string, string];
  const folder = mkdtempSync(join(tmpdir(), 'facts-')), data = join(folder, 'data'), socket = join(folder, 's');
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  await execute(install, ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...user]);
  const server = spawn(daemon, ['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, '--skip-networking', '--innodb-flush-log-at-trx-commit=0', ...user], { stdio: 'ignore' });
  const run = async (statement: string, database = 'facts'): Promise<(string | number | null)[][]> => {
    const { stdout } = await execute(client, ['--no-defaults', '--batch', '--raw', '--skip-column-names', '--user=root', `--socket=${socket}`, `--execute=${statement}`, database]);
    return stdout.split('\n').filter((line) => line !== '').map((line) => line.split('\t').map(cell));
  };
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => { server.once('exit', resolve); });
    if (server.exitCode === null && server.kill()) await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await isUp(server, (statement) => run(statement, 'mysql'));
  } catch (error) {
    await stop();
    throw error;
  }
  const database: Database = {
    isAside: true, run: (statement) => run(statement), close: () => Promise.resolve(),
    async reset() { await run('DROP DATABASE IF EXISTS facts; CREATE DATABASE facts', 'mysql'); },
  };
  return { database, stop };
}

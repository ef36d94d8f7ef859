/** What the other migrations of a folder tell of a key: does it still stand, and had its table a tombstone when it was made? */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TableFacts } from './manifest/catalog.js';
import { forward, historyFolder } from './migration-history.js';
import type { MadeKey } from './model/file-tables.js';

const READ = /\.(?:sql|[cm]?[jt]s)$/i;
/** More than any project has; nothing is known of a folder that has more. */
const MOST_FILES = 5_000, MOST_BYTES = 300_000;

interface Migration {
  readonly path: string;
  /** What it does on the way forward. */
  readonly text: string;
}

/** The last folder that was asked about: files of one folder are linted one after the other. */
let known: { readonly folder: string; readonly stamp: number; readonly migrations: readonly Migration[] } | null = null;

/**
 * Is a key of a migration a thing of the past: made before the table got its tombstone, or dropped since? Other migrations are matched by their
 * words, so that what may be so counts as so. False where the file is no migration of a folder that can be read.
 */
export function isPast({ key, step }: MadeKey, facts: TableFacts, file: string): boolean {
  const folder = historyFolder(file), migrations = folder === null ? [] : migrationsOf(folder);
  if (!migrations.some(({ path }) => path === file)) return false;
  const later = migrations.filter(({ path }) => path > file), earlier = migrations.filter(({ path }) => path <= file);
  const isBorn = ({ text }: Migration): boolean => namesAny(text, [facts.name, step.name, ...facts.models]) && namesAny(text, facts.tombstones.flatMap(({ names }) => names));
  return (!earlier.some(isBorn) && later.some(isBorn)) || later.some(({ text }) => drops(text, key, step.name));
}

/** Does a later migration of the folder create a table of this name, so that the one of this file is another? */
export function isMadeAgain(table: string, file: string): boolean {
  const folder = historyFolder(file), migrations = folder === null ? [] : migrationsOf(folder);
  const creates = new RegExp(`create\\s*table[^;{]{0,60}?(?<![\\w$])${escaped(table)}(?![\\w$])`, 'i');
  return migrations.some(({ path, text }) => path > file && creates.test(text));
}

function namesAny(text: string, names: readonly string[]): boolean {
  return names.some((name) => new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`, 'i').test(text));
}

/** Does a text drop the key, by its name or by its columns? */
function drops(text: string, { name, columns }: MadeKey['key'], table: string): boolean {
  const own = name !== null ? [name] : ['key', 'unique', 'idx', 'index'].map((suffix) => [table, ...columns, suffix].join('_'));
  const columnList = columns.map((column) => escaped(column ?? '')).join('[\\s\'"`,]+');
  return new RegExp(`(?:drop|remove|rename)[^;]{0,160}?(?<![\\w$])(?:${own.map(escaped).join('|')})(?![\\w$])`, 'i').test(text)
    || (!columns.includes(null) && namesAny(text, [table]) && new RegExp(`(?:drop|remove)(?:unique|index|constraint)\\w*\\s*\\([^;]{0,80}?['"\`]${columnList}['"\`]\\s*\\]?\\s*\\)`, 'i').test(text));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function migrationsOf(folder: string): readonly Migration[] {
  try {
    const stamp = statSync(folder).mtimeMs;
    if (known?.folder !== folder || known.stamp !== stamp) known = { folder, stamp, migrations: readFolder(folder) };
    return known.migrations;
  } catch {
    return [];
  }
}

function readFolder(folder: string): Migration[] {
  const paths = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() && entry.name !== 'node_modules' ? readdirSync(path).map((name) => join(path, name)) : [path];
  }).filter((path) => READ.test(path) && !/(?:^|[./_-])(?:down|undo|rollback)\.sql$/i.test(path));
  if (paths.length > MOST_FILES) return [];
  return paths.sort().filter((path) => statSync(path).size <= MOST_BYTES).map((path) => ({ path, text: forward(readFileSync(path, 'utf8')) }));
}

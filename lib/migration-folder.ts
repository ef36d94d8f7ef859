/** The migrations of a folder, as far as rules about one of them have to know the others. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Folders of migrations by the names that tools give them (Prisma, Drizzle, Knex, TypeORM, Sequelize, Supabase, Flyway, ..). */
const FOLDER = /^(?:migrations?|migrate|drizzle|changesets?|changelogs?|sql|versions|up)$/i;
/** A migration has its place in the order in its name, or in that of its folder: `20240102_add.ts`, `V3__x.sql`, `0001_x/migration.sql`. */
const ORDERED = /^(?:[VU]?\d{1,}|\d{4}[-_.]\d{2})/;
const READ = /\.(?:sql|[cm]?[jt]s)$/i;
/** Files that only take others back. */
const BACK = /(?:^|[./_-])(?:down|undo|rollback)\.sql$/i;
/** More than any project has; a folder that has more is not read, and nothing is known of it. */
const MOST_FILES = 5_000;
const MOST_BYTES = 300_000;

/** For as long, in milliseconds, a folder is not looked at again: a run of ESLint asks it once for each table or key in doubt. */
const FRESH = 2_000;

/** One migration, for as long as its file stays as it is. */
export interface Migration {
  /** Absolute; paths of one folder are in the order in which the migrations run. */
  readonly path: string;
  /** What the file says. Empty where it is too large for a migration. */
  readonly whole: string;
  /** What it does on the way forward. */
  readonly text: string;
}

interface Known {
  readonly at: number;
  readonly migrations: readonly (Migration & { readonly stamp: string })[];
}

const folders = new Map<string, Known>();

/** The folder of all migrations that a file is one of: its own, or for `0001_x/migration.sql` the one above; null where it is none. */
export function historyFolder(file: string): string | null {
  const folder = dirname(file);
  if (ORDERED.test(basename(file))) return folder;
  if (ORDERED.test(basename(folder))) return dirname(folder);
  return FOLDER.test(basename(folder)) ? folder : null;
}

/** The migrations beside a file, itself among them, in their order; empty where it is no migration, or its folder cannot be read. */
export function migrationsBeside(file: string): readonly Migration[] {
  const folder = historyFolder(file);
  if (folder === null) return [];
  const known = folders.get(folder), at = Date.now();
  if (known && at - known.at < FRESH) return known.migrations;
  const migrations = readFolder(folder, new Map(known?.migrations.map((migration) => [migration.path, migration])));
  folders.set(folder, { at, migrations });
  return migrations;
}

function readFolder(folder: string, known: ReadonlyMap<string, Known['migrations'][number]>): Known['migrations'] {
  try {
    const paths = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() && entry.name !== 'node_modules' ? readdirSync(path).map((name) => join(path, name)) : [path];
    }).filter((path) => READ.test(path) && !BACK.test(path));
    if (paths.length > MOST_FILES) return [];
    return paths.sort().map((path) => {
      const { mtimeMs, size } = statSync(path), stamp = `${mtimeMs} ${size}`, kept = known.get(path);
      if (kept?.stamp === stamp) return kept;
      const whole = size > MOST_BYTES ? '' : readFileSync(path, 'utf8');
      return { path, stamp, whole, text: forward(whole) };
    });
  } catch {
    return [];
  }
}

/** The text without the way back: what a migration itself creates it drops there. */
export function forward(text: string): string {
  const back = /^\s*(?:--.*\bdown\b.*|.*\b(?:async\s+)?(?:function\s+)?down\s*(?:=|\().*|.*\bdown\s*:.*)$/im.exec(text);
  if (!back) return text;
  const again = /^\s*(?:--.*\bup\b.*|.*\b(?:async\s+)?(?:function\s+)?up\s*(?:=|\().*)$/im.exec(text.slice(back.index + back[0].length));
  return again ? text.slice(0, back.index) + text.slice(back.index + back[0].length + again.index) : text.slice(0, back.index);
}

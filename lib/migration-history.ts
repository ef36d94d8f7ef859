/** What the other migrations of a folder take away again. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fold } from './manifest/catalog.js';

/** Folders of migrations by the names that tools give them (Prisma, Drizzle, Knex, TypeORM, Sequelize, Supabase, Flyway, ..). */
const FOLDER = /^(?:migrations?|migrate|drizzle|changesets?|changelogs?|sql|versions|up)$/i;
/** A migration has its place in the order in its name, or in that of its folder: `20240102_add.ts`, `V3__x.sql`, `0001_x/migration.sql`. */
const ORDERED = /^(?:[VU]?\d{1,}|\d{4}[-_.]\d{2})/;
const READ = /\.(?:sql|[cm]?[jt]s)$/i;
/** More than any project has; a folder that has more is not read, and nothing is known of it. */
const MOST_FILES = 5_000;
const MOST_BYTES = 300_000;

/** What drops or renames something. */
const GOES = /\bdrop\s+(?:table|column|view)\b|\brename\b|\b(?:drop|remove|rename|delete)(?:table|columns?)\w*\s*\(/gi;
/** As many characters around it as the names may stand in. */
const AROUND = 240;

/** For as long, in milliseconds, a folder is not looked at again: a run of ESLint asks it once for each unknown table. */
const FRESH = 2_000;

/** What a file drops or renames, for as long as it stays as it is. */
interface KnownFile {
  readonly stamp: string;
  readonly places: readonly ReadonlySet<string>[];
}

interface Folder {
  readonly at: number;
  readonly files: ReadonlyMap<string, KnownFile> | null;
}

const folders = new Map<string, Folder>();

/**
 * Does another migration of the file's folder drop a table or column of this name, or give it another? What it says is matched by its words,
 * so that a name that may have gone counts as gone. False where the file is no migration, or its folder cannot be read.
 * @param file Absolute.
 * @param owners Names one of which has to stand beside it: the table of a column.
 */
export function goesElsewhere(file: string, name: string, ...owners: readonly string[]): boolean {
  const folder = historyFolder(file), files = folder === null ? null : filesOf(folder);
  if (!files) return false;
  const wanted = [name, ...owners].map(fold);
  return [...files].some(([path, { places }]) => path !== file && places.some((words) => wanted.every((word) => words.has(word))));
}

/** The folder of all migrations: the file's own, or for `0001_x/migration.sql` the one above. */
export function historyFolder(file: string): string | null {
  const folder = dirname(file);
  if (ORDERED.test(basename(file))) return folder;
  if (ORDERED.test(basename(folder))) return dirname(folder);
  return FOLDER.test(basename(folder)) ? folder : null;
}

function filesOf(folder: string): Folder['files'] {
  const known = folders.get(folder), at = Date.now();
  if (known && at - known.at < FRESH) return known.files;
  const files = readFolder(folder, known?.files ?? null);
  folders.set(folder, { at, files });
  return files;
}

function readFolder(folder: string, known: Folder['files']): Folder['files'] {
  try {
    const paths = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() && entry.name !== 'node_modules' ? readdirSync(path).map((name) => join(path, name)) : [path];
    }).filter((path) => READ.test(path));
    if (paths.length > MOST_FILES) return null;
    return new Map(paths.map((path) => {
      const { mtimeMs, size } = statSync(path), stamp = `${mtimeMs} ${size}`, kept = known?.get(path);
      return [path, kept?.stamp === stamp ? kept : { stamp, places: size > MOST_BYTES ? [] : goneIn(path) }];
    }));
  } catch {
    return null;
  }
}

/** The folded words of each place where a file drops or renames something, from the beginning of the statement. */
function goneIn(path: string): ReadonlySet<string>[] {
  const whole = readFileSync(path, 'utf8'), text = forward(whole);
  const constants = new Map([...whole.matchAll(/\b(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*=\s*['"`]([\w.]+)['"`]/g)].map(([, name, value]) => [fold(name!), fold(value!.slice(value!.lastIndexOf('.') + 1))]));
  return [...text.matchAll(GOES)].map(({ index, 0: { length } }) => {
    const start = Math.max(text.lastIndexOf(';', index) + 1, index - AROUND), next = text.indexOf(';', index + length);
    const words = text.slice(start, Math.min(next < 0 ? text.length : next, index + length + AROUND)).matchAll(/[A-Za-z_$][\w$]*/g);
    return new Set([...words].flatMap(([word]) => [fold(word), constants.get(fold(word)) ?? []].flat()));
  });
}

/** The text without the way back: what a migration itself creates it drops there. */
export function forward(text: string): string {
  const back = /^\s*(?:--.*\bdown\b.*|.*\b(?:async\s+)?(?:function\s+)?down\s*(?:=|\().*|.*\bdown\s*:.*)$/im.exec(text);
  if (!back) return text;
  const again = /^\s*(?:--.*\bup\b.*|.*\b(?:async\s+)?(?:function\s+)?up\s*(?:=|\().*)$/im.exec(text.slice(back.index + back[0].length));
  return again ? text.slice(0, back.index) + text.slice(back.index + back[0].length + again.index) : text.slice(0, back.index);
}

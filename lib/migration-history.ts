/** What the other migrations of a folder take away again. */
import { fold } from './manifest/catalog.js';
import { migrationsBeside, type Migration } from './migration-folder.js';

/** What drops a whole table, its columns with it. */
const TABLE_GOES = /^(?:drop\s+table|drop\w*table)/i;

/** What drops or renames something. */
const GOES = /\bdrop\s+(?:table|column|view)\b|\brename\b|\b(?:drop|remove|rename|delete)(?:table|columns?)\w*\s*\(/gi;
/** As many characters around it as the names may stand in .. */
const AROUND = 240;
/** .. and behind a DROP TABLE, which may list many. */
const LIST = 4_000;

/** A place where a file drops or renames something: its folded words, from the beginning of the statement. */
interface Going {
  readonly words: ReadonlySet<string>;
  /** A whole table goes, or is made again (as SQLite has to change one). */
  readonly isTable: boolean;
}

const known = new WeakMap<Migration, readonly Going[]>();

/**
 * Does another migration of the file's folder drop a table or column of this name, or give it another? What it says is matched by its words,
 * so that a name that may have gone counts as gone. False where the file is no migration, or its folder cannot be read.
 * @param file Absolute.
 * @param owners Names one of which has to stand beside it: the table of a column, which goes with it as a whole.
 */
export function goesElsewhere(file: string, name: string, ...owners: readonly string[]): boolean {
  const wanted = [name, ...owners].map(fold), owning = owners.map(fold);
  const hasAll = (words: ReadonlySet<string>, names: readonly string[]): boolean => names.every((word) => words.has(word));
  return migrationsBeside(file).some((migration) => migration.path !== file
    && goneIn(migration).some(({ words, isTable }) => hasAll(words, wanted) || (isTable && owning.length > 0 && hasAll(words, owning))));
}

/** Each place where a migration drops or renames something on the way forward. */
function goneIn(migration: Migration): readonly Going[] {
  let places = known.get(migration);
  if (!places) known.set(migration, places = placesIn(migration));
  return places;
}

function placesIn({ whole, text }: Migration): Going[] {
  const constants = new Map([...whole.matchAll(/\b(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*=\s*['"`]([\w.]+)['"`]/g)].map(([, name, value]) => [fold(name!), fold(value!.slice(value!.lastIndexOf('.') + 1))]));
  return [...text.matchAll(GOES)].map(({ index, 0: found }) => {
    const start = Math.max(text.lastIndexOf(';', index) + 1, index - AROUND), behind = index + found.length, next = text.indexOf(';', behind);
    const words = text.slice(start, Math.min(next < 0 ? text.length : next, behind + (/^drop\s+table$/i.test(found) ? LIST : AROUND))).matchAll(/[A-Za-z_$][\w$]*/g);
    return { isTable: TABLE_GOES.test(found), words: new Set([...words].flatMap(([word]) => [fold(word), constants.get(fold(word)) ?? []].flat())) };
  });
}

/** What the file that the manifest calls a table's purge does to the table. */
import { readFileSync } from 'node:fs';
import { queriesInText } from './file-queries.js';
import { fold, type Catalog, type TableFacts } from './manifest/catalog.js';

/**
 * `aged`: it deletes rows that have been dead for some time; `ageless`: it deletes dead rows however young; `none`: it does not delete rows of the
 * table; `missing`: there is no such file; `unknown`: it may.
 */
export type Purge = 'aged' | 'ageless' | 'none' | 'missing' | 'unknown';

/** Words of code that take rows away. */
const REMOVES = /delete(?!d)|purg|destroy|remove(?!d)|prune|expire(?!s|d)|clean/i;
/** A DELETE of a table that only the run decides. */
const ANY_TABLE = /\bdelete\s+from\s+(?:only\s+)?["`[]?\s*(?:\$\{|\?\?|%|:|" ?\+|' ?\+)|\bdeleteFrom\s*\(\s*(?!['"`])|\bdelete\s*\(\s*(?:table|model|entity|schema)\w*\b|\[\s*(?:table|model|entity|name)\w*\s*\]/i;
const LANGUAGES = /\.(?:sql|[cm]?[jt]sx?)$/i;

/** Reads a purge; `file` is absolute. Never throws. */
export function readPurge(file: string, table: TableFacts, catalog: Catalog): Purge {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return /^(?:ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? '') ? 'missing' : 'unknown';
  }
  if (!LANGUAGES.test(file)) return mayDelete(text, table) ? 'unknown' : 'none';
  const { analyses, unread } = queriesInText(text, file, catalog);
  const deletes = analyses.flatMap((analysis) => analysis.deletes).filter(({ verdict, never }) => !never && (verdict.state === 'dead' || verdict.state === 'unknown'));
  const own = deletes.filter((fact) => fact.table === table);
  // Rows named by their keys were chosen by an earlier statement.
  if (own.some(({ age, byKey }) => age !== null || byKey)) return 'aged';
  if (own.length > 0) return own.some(({ verdict }) => verdict.state === 'unknown') ? 'unknown' : 'ageless';
  const parents = deletes.filter((fact) => fact.table.cascadesTo.some((child) => catalog.table(child) === table));
  if (parents.length > 0) return 'aged';
  return unread.length > 0 || ANY_TABLE.test(text) || mayDelete(text, table) ? 'unknown' : 'none';
}

/** Does a line speak of the table and of removing in one breath? */
function mayDelete(text: string, { name, models }: TableFacts): boolean {
  const names = [name, name.replace(/s$/, ''), ...models].map(fold);
  return text.split(/\r?\n/).some((line) => REMOVES.test(line) && names.some((each) => fold(line).includes(each)));
}

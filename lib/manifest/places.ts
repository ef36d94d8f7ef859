/** Where the entries of a manifest stand in its file. */
import type { Range } from '../model/query.js';
import { jsonPlaces } from './json.js';
import { parseManifest } from './load.js';
import type { Manifest, Table } from './types.js';

/** A table of a manifest file, with the places of what it says. */
export interface TableEntry {
  readonly name: string;
  readonly table: Table;
  /** The table's name with its quotes. */
  readonly range: Range;
  /** The key of a property with its quotes, or the table's name where it has none. */
  place(property: keyof Table): Range;
}

/** The manifest that a text holds with its tables, in the order of the file; null where it holds none. */
export function tableEntries(text: string): { readonly manifest: Manifest; readonly tables: readonly TableEntry[] } | null {
  const { manifest } = parseManifest(text, 'manifest');
  if (!manifest) return null;
  const mark = text.startsWith('\uFEFF') ? 1 : 0, json = text.slice(mark), { offsets } = jsonPlaces(json);
  const keyAt = (...path: readonly string[]): Range | null => {
    const offset = offsets.get(JSON.stringify(path));
    const written = offset === undefined ? undefined : /"(?:[^"\\]|\\.)*"/y;
    if (!written) return null;
    written.lastIndex = offset!;
    const key = written.exec(json);
    return key && [offset! + mark, offset! + mark + key[0].length];
  };
  const tables = Object.entries(manifest.tables).map(([name, table]): TableEntry => {
    const range = keyAt('tables', name) ?? [0, 0];
    return { name, table: typeof table === 'string' ? { deletion: table } : table, range, place: (property) => keyAt('tables', name, property) ?? range };
  });
  return { manifest, tables };
}

/** Columns of unique keys that a soft delete overwrites, told by the statements that delete softly. */
import { fold, type Catalog, type TableFacts } from './catalog.js';
import type { SchemaSource } from './types.js';
import { queriesInText } from '../file-queries.js';

const UPDATES = /\bupdate|\bset\b|\.patch\b|\bmerge\b/i;

/**
 * The columns of unique keys to which a statement that sets the tombstone gives another value: `UPDATE users SET deleted_at = now(), email = 'deleted-' || id`.
 */
export function overwrittenColumns(sources: readonly SchemaSource[], catalog: Catalog): Map<TableFacts, string[]> {
  const asked = catalog.tables.filter(({ deletion, unique }) => deletion === 'soft' && unique.length > 0);
  const found = new Map<TableFacts, string[]>();
  if (asked.length === 0) return found;
  const keys = new Map(asked.map((table) => [table, new Map(table.unique.flat().filter((column) => catalog.tombstone(table, column) === null).map((column) => [fold(column), column]))]));
  const tombstones = [...new Set(asked.flatMap(({ tombstones: all }) => all.flatMap(({ names }) => names)))];
  for (const { path, text } of sources) {
    if (!UPDATES.test(text) || !tombstones.some((name) => text.includes(name)) || !catalog.concerns(text)) continue;
    for (const { table, intent, assignments } of queriesInText(text, path, catalog).analyses.flatMap(({ updates }) => updates)) {
      const columns = intent === 'soft-delete' ? keys.get(table) : undefined;
      for (const { column } of columns ? assignments : []) {
        const key = columns!.get(fold(table.columns[column] ?? column)), known = found.get(table) ?? [];
        if (key !== undefined && !known.includes(key)) found.set(table, [...known, key]);
      }
    }
  }
  return found;
}

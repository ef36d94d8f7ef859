/** Tombstones as declarations show them: what rules about schemas share. */
import type { Catalog, TableFacts } from './manifest/catalog.js';
import { tableOf } from './model/file-tables.js';
import type { TombstoneFact } from './model/query.js';
import type { ColumnDeclaration, TableDeclaration } from './model/schema.js';
import { isTombstoneFlag, tombstoneMoment } from './model/tombstone-names.js';

/** The table of the manifest that a declaration is about; null where the manifest has none. */
export function declaredTable({ name, schema, models = [], named }: TableDeclaration, catalog: Catalog): TableFacts | null {
  if (named === 'by-model') return catalog.model(name);
  return tableOf(name, schema, catalog) ?? models.map((model) => catalog.model(model)).find((table) => table !== null) ?? null;
}

/** Is a declaration Supabase's own table of users (`auth.users`), as introspection writes it down? Its columns and keys are not the project's to change. */
export function isSupabaseUsers({ columns }: TableDeclaration): boolean {
  return ['instance_id', 'aud', 'encrypted_password'].every((name) => columns.some((column) => column.name === name));
}

/** The tombstone of a soft table that a column is by the manifest; null where it is none. */
export function declaredTombstone(column: ColumnDeclaration, table: TableFacts | null, catalog: Catalog): TombstoneFact | null {
  if (table?.deletion !== 'soft') return null;
  return catalog.tombstone(table, column.name) ?? (column.property === undefined ? null : catalog.tombstone(table, column.property));
}

/** Does a tombstone hold a time while the row is dead, and NULL while it is live? */
export function isMoment({ live, dead, scheduled }: TombstoneFact): boolean {
  return live === null && dead === null && !scheduled;
}

const MOMENTS: ReadonlySet<ColumnDeclaration['type']> = new Set(['timestamp', 'timestamptz', 'date', 'integer', 'text', 'unknown']);

/**
 * How a column looks like a tombstone, whatever the manifest says: by a flag, by a moment that is missing at first, or not at all (null).
 * A moment that is always filled in tells of something else: when a row was written into a record of deletions.
 * @param surely Only names that leave no doubt: `deleted_at`, `is_deleted`, and not `removed_at` or `deleted`.
 */
export function looksLikeTombstone(column: ColumnDeclaration, surely = false): 'flag' | 'moment' | null {
  if (column.generated) return null;
  const rank = tombstoneMoment(column.name);
  if (isTombstoneFlag(column)) return surely && column.type === 'boolean' && !/[a-z][_A-Z]/u.test(column.name) ? null : 'flag';
  if (!MOMENTS.has(column.type) || (column.nullable === false && !isSentinel(column))) return null;
  return rank >= (surely ? 3 : 2) || (!surely && rank === 1 && /^timestamp/u.test(column.type) && /^(?:is)?(?:deleted|removed|trashed)$/iu.test(column.name)) ? 'moment' : null;
}

/** Is a column filled in with a value that says "live": `NOT NULL DEFAULT 'infinity'`, `DEFAULT 0`? */
export function isSentinel({ defaultValue }: ColumnDeclaration): boolean {
  return (typeof defaultValue === 'string' && !/^\s*(?:now|today|current_|localtime|getdate|sysdate)/iu.test(defaultValue)) || typeof defaultValue === 'number';
}

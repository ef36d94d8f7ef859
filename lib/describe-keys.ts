/** The words that rules about keys and indexes share. */
import { list, liveCondition, quote } from './describe.js';
import { fold, type Catalog, type Dialect, type TableFacts } from './manifest/catalog.js';
import { columnsOf, type FileTable } from './model/file-tables.js';
import type { Remedy } from './model/query.js';
import type { KeyDeclaration } from './model/schema.js';

type SoftTable = FileTable & { readonly facts: TableFacts };

/**
 * The predicate of an index over live rows: `deleted_at IS NULL`, the columns spelled as the file declares them. It has no moment to compare with,
 * because an index cannot follow the clock (PostgreSQL CREATE INDEX: functions of a predicate have to be IMMUTABLE): a deletion that is planned counts as one.
 */
export function livePredicate(table: SoftTable, catalog: Catalog): string {
  const declared = columnsOf(table);
  return table.facts.tombstones.map((tombstone) => {
    const column = tombstone.names.map((name) => declared.get(fold(name))?.name).find((name) => name !== undefined) ?? tombstone.column;
    return liveCondition({ catalog }, { ...tombstone, column, scheduled: false }, null);
  }).join(' AND ');
}

/** The columns of a key as they are written: `'email'`, `'team_id' and 'name'`; without those in `without`. */
export function keyColumns({ columns, texts = [] }: KeyDeclaration, without: readonly string[] = []): string {
  const shown = columns.flatMap((column, index) => column === null ? [texts[index] ?? '..'] : without.includes(column) ? [] : [column]);
  return list(shown.map(quote));
}

/** `'users_email_key'`, or `on 'email'` where it has no name of its own. */
export function keyName(key: KeyDeclaration): string {
  return key.name === null ? `on ${keyColumns(key)}` : quote(key.name);
}

/** What to do in a dialect so that dead rows are not in a unique key: a sentence without its full stop. */
export function uniqueRemedy(predicate: string, dialect: Dialect): string {
  switch (dialect) {
    // MySQL 15.1.15 "Functional Key Parts"; MariaDB has none, but generated columns.
    case 'mysql': return `Add a part that is NULL for deleted rows: ${quote(`(IF(${predicate}, 1, NULL))`)}`;
    case 'mariadb': return `Add a generated column that is NULL for deleted rows: ${quote(`AS (IF(${predicate}, 1, NULL))`)}`;
    case 'postgresql': case 'sqlite': case 'bigquery': return `Leave deleted rows out: ${quote(`WHERE ${predicate}`)}`;
  }
}

/** The edit that makes a key one over live rows alone. */
export function partialRemedy(key: KeyDeclaration, predicate: string, without: readonly string[] = []): Remedy | null {
  if (key.ignored !== undefined) return null;
  return key.asPartial?.(predicate, without) ?? null;
}

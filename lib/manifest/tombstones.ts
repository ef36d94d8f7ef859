/** Which of a table's columns is its tombstone, and what it holds while the row is live. */
import { fold } from './catalog.js';
import type { ColumnDeclaration } from '../model/schema.js';
import { copiesRows, isTombstoneFlag, tellsOfChanges, tombstoneMoment } from '../model/tombstone-names.js';
import type { Tombstone, TombstoneColumn } from './types.js';

/**
 * The tombstone of a table with these columns, or null where none looks like one. A flag goes before a moment: where a table has both, the
 * moment tells about the deletion, and queries ask the flag.
 * @param filters Columns by which the library itself filters deleted rows, whatever they are called.
 */
export function tombstoneOf(table: string, columns: readonly ColumnDeclaration[], filters: readonly string[]): Tombstone | null {
  const filtered = columns.find(({ name }) => filters.some((other) => fold(other) === fold(name)));
  if (filtered) return written(filtered.name, liveValue(filtered) ?? null);
  if (filters[0] !== undefined) return filters[0];
  if (copiesRows(table)) return null;
  const ofChanges = tellsOfChanges(table, columns.map(({ name }) => name));
  const ranked = columns.flatMap((column, index) => {
    const rank = ofChanges && isTombstoneFlag(column) ? 0 : rankOf(column, table), live = liveValue(column);
    return rank > 0 && live !== undefined ? [{ column, rank, live, index }] : [];
  }).sort((a, b) => b.rank - a.rank || a.index - b.index);
  return ranked[0] ? written(ranked[0].column.name, ranked[0].live) : null;
}

function written(column: string, live: NonNullable<TombstoneColumn['live']> | null): Tombstone {
  return live === null ? column : { column, live };
}

/** How surely a column is the tombstone; 0 where it is not. */
function rankOf(column: ColumnDeclaration, table: string): number {
  const { name, type } = column;
  if (isTombstoneFlag(column)) return 4;
  const moment = tombstoneMoment(name);
  // What is set from the start tells of another thing.
  if (type === 'boolean') return column.defaultValue === true ? 0 : moment;
  if (type === 'integer' && moment === 1) return /^(?:is|was|has)?(?:soft)?(?:deleted|removed|trashed)$/.test(fold(name)) && column.defaultValue === 0 ? 1 : 0;
  // A name that may speak of another thing has to be a moment that is missing at first.
  if (moment === 1) return isOfAnother(name, table) ? 0 : /^(?:timestamp|timestamptz|date)$/.test(type) && column.nullable !== false ? 1 : 0;
  return type === 'other' ? 0 : moment;
}

const OTHER = /^(.+?)(?:deleted|removed)(?:at|on)$/u;
/** Words in front of `deleted_at` that speak of the row itself. */
const OWN = /^(?:is|was|has|been|marked|as|flagged|hard|soft|logically|permanently|record|row|entity|entry|item|object|self)+$/u;
const PERSONS = /user|account|member|profile|person|people|customer|client|contact/u;

/** Does a moment tell when something else was deleted that the row is about: `document_deleted_at` of a recipient, `author_removed_at` of a post? */
function isOfAnother(column: string, table: string): boolean {
  const other = OTHER.exec(fold(column))?.[1], own = fold(table);
  if (other === undefined || OWN.test(other)) return false;
  const stem = (word: string): string => word.replace(/(?:ies|es|s|y)$/u, ''), names = (one: string, another: string): boolean => stem(another).length > 2 && one.includes(stem(another));
  return !names(own, other) && !names(other, own) && !(PERSONS.test(other) && PERSONS.test(own));
}

/** What the column holds while the row is live; undefined where it is always filled in, and so tells of something else (a log of deletions). */
function liveValue({ type, nullable, hasDefault, defaultValue }: ColumnDeclaration): null | false | 0 | string | undefined {
  if (type === 'boolean') return false;
  if (type === 'integer') return nullable !== false && defaultValue !== 0 ? null : 0;
  if (typeof defaultValue === 'string' && nullable === false && /^\S/.test(defaultValue)) return defaultValue;
  return nullable === false && !(hasDefault && defaultValue === null) ? undefined : null;
}

/** The schema model: what a place declares or changes about tables. Built by DDL, migration and entity front ends. */
import type { Marker, Range } from './query.js';

/** A table as one place declares or changes it. */
export interface TableDeclaration {
  readonly kind: 'create' | 'alter';
  readonly name: string;
  readonly schema: string | null;
  /** The table's name where it is declared. */
  readonly range: Range;
  /** Columns declared, added or redefined here. */
  readonly columns: readonly ColumnDeclaration[];
  /** Columns dropped here. */
  readonly dropped: readonly { readonly name: string; readonly range: Range }[];
  readonly marker: Marker | null;
}

export interface ColumnDeclaration {
  readonly name: string;
  /** Kind of its type, as far as tombstones care. */
  readonly type: 'boolean' | 'timestamp' | 'timestamptz' | 'date' | 'integer' | 'text' | 'other' | 'unknown';
  /** The type as it is written, for messages. */
  readonly typeText: string;
  readonly nullable: boolean | 'unknown';
  readonly hasDefault: boolean;
  /** The column's name where it is declared. */
  readonly range: Range;
  /** Replaces the declaration by a nullable timestamp of this name; null where no safe edit is known. */
  readonly asTimestamp?: (name: string) => { readonly edits: readonly { readonly range: Range; readonly text: string }[]; readonly shown: string } | null;
}

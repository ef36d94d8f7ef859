/** The schema model: what a place declares or changes about tables. Built by DDL, migration and entity front ends. */
import type { Dialect } from '../manifest/catalog.js';
import type { Edit, Expr, Marker, Query, Range, Remedy, TableRef } from './query.js';

/** A table as one place declares or changes it. What stands behind `?` is absent where the front end does not read it. */
export interface TableDeclaration {
  /** `drop` without columns: the table goes. */
  readonly kind: 'create' | 'alter' | 'drop';
  readonly name: string;
  /** True where `name` is not the table's name but one of its `models`, and only another declaration tells the table. */
  readonly named?: 'by-model';
  readonly schema: string | null;
  /** The table's name where it is declared. */
  readonly range: Range;
  /** Columns declared, added or redefined here. */
  readonly columns: readonly ColumnDeclaration[];
  /** Columns dropped here. */
  readonly dropped: readonly { readonly name: string; readonly range: Range }[];
  readonly marker: Marker | null;
  /** The library whose declaration this is (`prisma`, `typeorm`, ..); absent for SQL. */
  readonly library?: string;
  /** The dialect that the declaration is written in or for; absent where only the manifest tells. */
  readonly dialect?: Dialect;
  /** Names by which code calls the table: model, entity class, constant, key of `db.query`. */
  readonly models?: readonly string[];
  /** Are these all columns of the table? Objection models and migrations that alter say no. Absent: yes for `create`. */
  readonly complete?: boolean;
  /** Primary keys, unique keys and indexes, those of a single column included. */
  readonly keys?: readonly KeyDeclaration[];
  readonly foreignKeys?: readonly ForeignKeyDeclaration[];
  readonly relations?: readonly RelationDeclaration[];
  /** The columns whose tombstones the library filters by itself because of this declaration (paranoid, delete-date column, default filter). */
  readonly filters?: readonly string[];
  /** Columns that get another name here. */
  readonly renamed?: readonly { readonly from: string; readonly to: string; readonly range: Range }[];
  /** The table's new name, where it gets one here. */
  readonly renamedTo?: string;
  /** Keys, indexes and constraints dropped here. */
  readonly droppedKeys?: readonly DroppedKey[];
}

/** A key, index or constraint that a place drops: by its name, or by its columns where the library makes the name of them. */
export interface DroppedKey {
  readonly name: string | null;
  readonly columns: readonly string[] | null;
  readonly range: Range;
}

export type ColumnType = 'boolean' | 'timestamp' | 'timestamptz' | 'date' | 'integer' | 'text' | 'other' | 'unknown';

export interface ColumnDeclaration {
  readonly name: string;
  /** The property by which code calls the column; absent for SQL. */
  readonly property?: string;
  /** Kind of its type, as far as tombstones care. */
  readonly type: ColumnType;
  /** The type as it is written, for messages. */
  readonly typeText: string;
  readonly nullable: boolean | 'unknown';
  readonly hasDefault: boolean;
  /** The default's value, where it is a plain value; absent where there is none or it is computed. */
  readonly defaultValue?: string | number | boolean | null;
  /** What the database computes the column of, as it is written (GENERATED ALWAYS AS); absent where it computes nothing. */
  readonly generatedFrom?: string;
  /** Computed from other columns (GENERATED ALWAYS AS): nobody sets it. Absent: no, or not known. */
  readonly generated?: boolean;
  /** The column's name where it is declared. */
  readonly range: Range;
  /** Replaces the declaration by a nullable timestamp of this name; null where no safe edit is known. */
  readonly asTimestamp?: (name: string) => { readonly edits: readonly Edit[]; readonly shown: string } | null;
  /** Takes NOT NULL and the default away, and leaves the type; null where no safe edit is known. */
  readonly asNullable?: () => { readonly edits: readonly Edit[]; readonly shown: string } | null;
  /** Gives the declared column another name, where nothing else in the declaration calls it by its own; null where no safe edit is known. */
  readonly asNamed?: (name: string) => { readonly edits: readonly Edit[]; readonly shown: string } | null;
}

/** A primary key, a unique key (constraint or index), or an index. */
export interface KeyDeclaration {
  readonly kind: 'primary' | 'unique' | 'index';
  /** Its own name in the database, or null where the declaration gives none. */
  readonly name: string | null;
  /** Database columns; null for an expression or what cannot be read. */
  readonly columns: readonly (string | null)[];
  /** What each of `columns` is, as it is written (`lower(email)`); absent where the front end reads no expressions. */
  readonly texts?: readonly string[];
  /** The WHERE of a partial index, or null where it covers all rows. */
  readonly predicate: PredicateDeclaration | null;
  /** NULLS NOT DISTINCT: two NULLs are one value. */
  readonly nullsNotDistinct?: boolean;
  /** A constraint, which cannot have a predicate, as against an index. */
  readonly constraint?: boolean;
  /** What leaves the predicate out without a word, though it is written: `Knex on MySQL`. */
  readonly ignored?: string;
  readonly range: Range;
  /**
   * Makes a key over the rows that pass a condition of SQL, besides what its predicate asks for already; null where no safe edit is known.
   * `without`: columns of the key that are left out.
   */
  readonly asPartial?: (condition: string, without?: readonly string[]) => Remedy | null;
}

/** A condition in a declaration. */
export interface PredicateDeclaration {
  /** As it is written. */
  readonly text: string;
  /** What it says, or null where it cannot be read. */
  readonly expr: Expr | null;
  readonly range: Range;
}

/** What a foreign key does to its rows when the row that they refer to goes. */
export type ForeignKeyAction = 'cascade' | 'restrict' | 'no action' | 'set null' | 'set default';

export interface ForeignKeyDeclaration {
  readonly columns: readonly string[];
  readonly target: TableTarget;
  /** Columns of the target; empty for its primary key, or where they cannot be read. */
  readonly references: readonly string[];
  /** Null where the declaration does not say. */
  readonly onDelete: ForeignKeyAction | null;
  readonly onUpdate: ForeignKeyAction | null;
  readonly range: Range;
  /** Writes what ON DELETE does, in the place of what it says already; null where no safe edit is known. */
  readonly withAction?: (action: ForeignKeyAction) => Remedy | null;
}

/** The table that a declaration refers to: by its name in the database, or by a name of code that another declaration has among its `models`. */
export interface TableTarget {
  readonly table: string | null;
  readonly schema: string | null;
  readonly model: string | null;
}

/** A property of a model that leads to rows of another table. */
export interface RelationDeclaration {
  readonly property: string;
  readonly target: TableTarget;
  /** True for a list (to-many). */
  readonly many: boolean;
  /** To-one only: may there be no row? Null where the declaration does not say. */
  readonly optional: boolean | null;
  /** Own column → column of the target, or null where the declaration does not say (the other side may). */
  readonly on: Readonly<Record<string, string>> | null;
  /** The join table of a many-to-many relation. */
  readonly through: TableTarget | null;
  /** The property at the other end, where the declaration names it. */
  readonly inverse?: string;
  /** What pairs both ends where neither names the other's property (Prisma's and Drizzle's relation names). */
  readonly pair?: string;
  /** The condition of the relation's own declaration, or null where it has none. */
  readonly predicate: PredicateDeclaration | null;
  /** What the declaration would be filtered by (`modify`); absent where the library has no such thing, or filters by itself. */
  readonly filteredBy?: string;
  readonly range: Range;
}

/** A view as a place defines or drops it. Views of a session are none. */
export interface ViewDeclaration {
  readonly kind: 'create' | 'drop';
  readonly name: string;
  readonly schema: string | null;
  /** The view's name where it is defined. */
  readonly range: Range;
  readonly materialized: boolean;
  /** Null where it is dropped, or cannot be read. */
  readonly query: Query | null;
  /** Every reference to a table or view in its query. */
  readonly tables: readonly TableRef[];
  readonly marker: Marker | null;
}

/** A policy of row-level security as a place defines, changes or drops it. */
export interface PolicyDeclaration {
  readonly kind: 'create' | 'alter' | 'drop';
  readonly name: string;
  /** The policy's name where it is defined. */
  readonly range: Range;
  /** The table whose rows it guards. */
  readonly table: string;
  readonly schema: string | null;
  /** Null where the place does not say: a policy keeps its command. */
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete' | null;
  /** Restrictive policies are all asked, of the others one has to let a row through. */
  readonly restrictive: boolean;
  /** Which rows are seen; null where the place does not say. */
  readonly using: Expr | null;
  /** Which rows may be written; null where the place does not say. */
  readonly check: Expr | null;
  /** Every reference to a table or view in its conditions. */
  readonly tables: readonly TableRef[];
  readonly marker: Marker | null;
}

/** A foreign key's action as it is written in any library: `CASCADE`, `SetNull`, `set null`; null for anything else. */
export function foreignKeyAction(text: string | null | undefined): ForeignKeyAction | null {
  const folded = (text ?? '').toLowerCase().replace(/[^a-z]/g, '');
  return FOREIGN_KEY_ACTIONS.find((action) => action.replace(' ', '') === folded) ?? null;
}

const FOREIGN_KEY_ACTIONS: readonly ForeignKeyAction[] = ['cascade', 'restrict', 'no action', 'set null', 'set default'];

/**
 * The manifest as the rest of the plugin asks it: tables by any of their names, with every fact filled in.
 * Pure: no files, no ESLint. `compile.ts` makes it from a validated manifest.
 */
import type { TombstoneFact } from '../model/query.js';
import type { Dialect, FileReads, Guard, VersionedLibrary } from './types.js';

export type { Dialect, FileReads, VersionedLibrary } from './types.js';

/** Everything known about one declared table. */
export interface TableFacts {
  /** The name as the manifest writes it, without schema. */
  readonly name: string;
  readonly schema: string | null;
  readonly deletion: 'soft' | 'hard';
  /** Why a hard table is hard (log, event, cache ..), or null. */
  readonly why: string | null;
  /** Empty for hard tables. Several: a row is live when all of them are. */
  readonly tombstones: readonly TombstoneFact[];
  readonly key: readonly string[];
  /**
   * Columns that by their names are the key of a table whose manifest names none: `task_id` of `task`, `category_id` of `categories`.
   * They say how a row is meant to be reached; nothing is proven by them.
   */
  readonly impliedKeys: readonly (readonly string[])[];
  /** Business keys. */
  readonly unique: readonly (readonly string[])[];
  readonly models: readonly string[];
  /** Property → column, where they differ. */
  readonly columns: Readonly<Record<string, string>>;
  readonly relations: Readonly<Record<string, RelationFacts>>;
  readonly autoFilter: boolean | readonly string[];
  readonly attribution: boolean;
  readonly cascadesTo: readonly string[];
  /** Retention in days, or null. */
  readonly retentionDays: number | null;
  readonly purge: string | null;
  readonly audit: string | null;
  /** Columns that the soft delete overwrites. */
  readonly overwrites?: readonly string[];
}

/** A property of a model that leads to rows of another table. */
export interface RelationFacts {
  /** The other table as the manifest writes it. */
  readonly table: string;
  /** True for a list (to-many). */
  readonly many: boolean;
  /** The name under which queries refer to the relation, where it is not the property's. */
  readonly as: string | null;
  /** To-one only: may there be no row? Null where it is not known. */
  readonly optional: boolean | null;
  /** Own column → column of the other table; null where it is not known. */
  readonly on: Readonly<Record<string, string>> | null;
  /** The join table of a many-to-many relation as the manifest writes it; null where there is none or it is not known. */
  readonly through: string | null;
  /** The relation's own declaration lets live rows alone through. */
  readonly live: boolean;
}

/** A helper, scope or wrapped client that adds the filter (manifest `guards`), with its defaults filled in; `from` null: any module. */
export type GuardFacts = Filled<Guard>;
type Filled<G> = G extends Guard ? Readonly<Omit<G, 'from' | 'yields'> & { from: string | null } & Yields<G>> : never;
type Yields<G> = G extends { yields?: infer Y } ? { yields: NonNullable<Y> } : unknown;

/** The compiled manifest. */
export interface Catalog {
  readonly dialect: Dialect;
  readonly tables: readonly TableFacts[];
  /** A declared table by table name (with or without schema) in any case, quoting or snake/camel spelling; null where none. */
  table(name: string, schema?: string | null): TableFacts | null;
  /** A declared table by a model's name in code, else by its table name; null where none. */
  model(name: string): TableFacts | null;
  /** What a declared view shows, or null where the name is no declared view. */
  view(name: string, schema?: string | null): 'live' | 'all' | null;
  /** The tombstone of a table that a column name spells, in any spelling; null where it is no tombstone. */
  tombstone(table: TableFacts, column: string): TombstoneFact | null;
  readonly guards: readonly GuardFacts[];
  /** The version of a library that the manifest tells (`0.2`), or null. */
  version(library: VersionedLibrary): string | null;
  /** What a file may do (manifest `reads`, and `DEFAULT_READS` before it). `file` is absolute. */
  fileReads(file: string): FileReads;
  /** One pass over the text: does it name a table, view or model of the manifest (in any case, snake or camel)? False means: nothing to do. */
  mentions(text: string): boolean;
  /**
   * One pass over the text: does it name what rules about queries speak of: a soft or audit table, a view, a relation that leads to soft rows?
   * A file that does not has nothing for them, however many tables it names.
   */
  concerns(text: string): boolean;
}

/** Names that were folded before. A program says few names often; a text that is no name is not kept. */
const folded = new Map<string, string>();
const MAX_FOLDED = 4096, LONGEST_NAME = 64;

/** The form under which names are compared: no quotes, no underscores, lower case. */
export function fold(name: string): string {
  const known = folded.get(name);
  if (known !== undefined) return known;
  const form = name.replace(/["'`[\]_\s]/g, '').toLowerCase();
  if (name.length <= LONGEST_NAME) {
    if (folded.size === MAX_FOLDED) folded.clear();
    folded.set(name, form);
  }
  return form;
}

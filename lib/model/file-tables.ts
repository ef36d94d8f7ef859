/**
 * What one file makes of each table, one declaration after the other: a migration creates a table, adds its tombstone, makes keys and drops
 * some of them again. What other files did before is not known here.
 */
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import type { ColumnDeclaration, ForeignKeyDeclaration, KeyDeclaration, TableDeclaration } from './schema.js';

/** A table as a file declares or changes it. */
export interface FileTable {
  /** What the manifest says of it, or null where it does not know it. */
  readonly facts: TableFacts | null;
  /** By its name at the end of the file. */
  readonly name: string;
  readonly schema: string | null;
  /** The declarations in the order in which they run. */
  readonly steps: readonly TableDeclaration[];
  /** Was it dropped in the end? */
  readonly dropped: boolean;
}

/** A key, and where it was made. */
export interface MadeKey {
  readonly key: KeyDeclaration;
  readonly step: TableDeclaration;
}

/** The libraries whose declarations are what a table is, not how it came about. */
const MIGRATION = /^(?:sql|knex|kysely|.*-migration)$/;

/** Does a declaration change a database that is there, as against telling what it should be? */
export function isMigration({ library = 'sql' }: Pick<TableDeclaration, 'library'>): boolean {
  return MIGRATION.test(library);
}

const known = new WeakMap<readonly TableDeclaration[], readonly FileTable[]>();

/** The tables of a file. Kept for the list that it is asked about. */
export function tablesIn(declarations: readonly TableDeclaration[], catalog: Catalog): readonly FileTable[] {
  const kept = known.get(declarations);
  if (kept) return kept;
  const found = foldTables(declarations, catalog);
  known.set(declarations, found);
  return found;
}

interface Growing {
  name: string;
  schema: string | null;
  dropped: boolean;
  readonly steps: TableDeclaration[];
}

function foldTables(declarations: readonly TableDeclaration[], catalog: Catalog): FileTable[] {
  const all: Growing[] = [], byName = new Map<string, Growing>();
  // A schema is often left out: what is created as `app.users` is indexed as `users`.
  const keyOf = ({ name, library }: { name: string; library?: string }): string => `${isMigration({ library }) ? '' : library}.${fold(name)}`;
  for (const declaration of [...declarations].sort((a, b) => a.range[0] - b.range[0])) {
    const key = keyOf(declaration);
    let table = byName.get(key);
    if (!table || (table.dropped && declaration.kind === 'create') || isAnother(table, declaration)) {
      table = { name: declaration.name, schema: declaration.schema, dropped: false, steps: [] };
      all.push(table);
      byName.set(key, table);
    }
    table.schema ??= declaration.schema;
    table.steps.push(declaration);
    if (declaration.kind === 'drop') table.dropped = true;
    if (declaration.renamedTo !== undefined) {
      byName.delete(key);
      table.name = declaration.renamedTo;
      byName.set(keyOf({ ...declaration, name: declaration.renamedTo }), table);
    }
  }
  return all.map((table) => ({ ...table, facts: tableOf(table.name, table.schema, catalog) ?? table.steps.map(({ models }) => models?.map((model) => catalog.model(model)).find((facts) => facts) ?? null).find((facts) => facts) ?? null }));
}

/** The table of the manifest that a declared name means: a dot in it is a part of the name, for its schema is said beside it. */
export function tableOf(name: string, schema: string | null, catalog: Catalog): TableFacts | null {
  return catalog.table(schema === null && name.includes('.') ? `"${name}"` : name, schema);
}

/** The same name in another schema. */
function isAnother(table: Growing, { schema }: TableDeclaration): boolean {
  return table.schema !== null && schema !== null && fold(table.schema) !== fold(schema);
}

// ----------------------------------------------------------------------------------------------- the tombstone

/** Is it a soft table of the manifest? */
export function isSoft(table: FileTable): table is FileTable & { readonly facts: TableFacts } {
  return table.facts !== null && table.facts.deletion === 'soft' && table.facts.tombstones.length > 0;
}

/** The step that gives the table its first tombstone, where this file does; null where it is created without one; undefined where the file does not tell. */
export function tombstoneStep({ facts, steps }: FileTable & { readonly facts: TableFacts }, catalog: Catalog): TableDeclaration | null | undefined {
  const created = steps.find(({ kind }) => kind === 'create'), adding = steps.find((step) => tombstoneIn(step, facts, catalog) !== null);
  if (adding) return adding;
  if (!created || !isMigration(created) || created.complete === false) return undefined;
  return created.columns.length > 0 ? null : undefined;
}

/** The tombstone column that a declaration gives its table. */
export function tombstoneIn(step: TableDeclaration, facts: TableFacts, catalog: Catalog): ColumnDeclaration | null {
  const renamed = step.renamed?.map(({ to }) => fold(to)) ?? [];
  // An ALTER COLUMN changes what is there: it says of NULL at most that it is allowed.
  return step.columns.find((column) => isTombstone(column, facts, catalog) && !renamed.includes(fold(column.name)) && (step.kind === 'create' || column.nullable !== 'unknown')) ?? null;
}

/** Is a column, by its name or its property, a tombstone of the table? */
export function isTombstone({ name, property }: Pick<ColumnDeclaration, 'name' | 'property'>, facts: TableFacts, catalog: Catalog): boolean {
  return catalog.tombstone(facts, name) !== null || (property !== undefined && catalog.tombstone(facts, property) !== null);
}

/** Had the table its tombstone when a step was made? Where the file does not tell, the manifest is believed. */
export function hasTombstoneAt(table: FileTable & { readonly facts: TableFacts }, step: TableDeclaration, catalog: Catalog): boolean {
  const given = tombstoneStep(table, catalog);
  return given === undefined || (given !== null && table.steps.indexOf(given) <= table.steps.indexOf(step));
}

// ---------------------------------------------------------------------------------------------------- keys

/** The keys of a table that nothing later in the file drops, alone or with a column or the table. */
export function standingKeys({ steps, dropped, name }: FileTable): readonly MadeKey[] {
  if (dropped) return [];
  return steps.flatMap((step, at) => (step.keys ?? []).filter((key) => !steps.slice(at).some((later) => takesAway(later, key, [name, step.name], later === step))).map((key) => ({ key, step })));
}

function takesAway({ dropped, droppedKeys = [], kind }: TableDeclaration, key: KeyDeclaration, tables: readonly string[], same: boolean): boolean {
  if (!same && kind === 'drop') return true;
  const names = new Set([...key.name === null ? [] : [key.name], ...tables.flatMap((table) => defaultNames(key, table))].map(fold));
  // Within one statement or builder the order counts: a key is dropped to be made again.
  const isLater = (range: KeyDeclaration['range']): boolean => !same || range[0] >= key.range[1];
  return (!same && dropped.some((column) => key.columns.some((own) => own !== null && fold(own) === fold(column.name))))
    || droppedKeys.some((drop) => isLater(drop.range) && (drop.name !== null ? names.has(fold(drop.name)) : sameColumns(drop.columns ?? [], key.columns)));
}

/** The names that databases and libraries give a key that has none: PostgreSQL `users_email_key`, MySQL `email`, Knex `users_email_unique`. */
function defaultNames({ name, columns }: KeyDeclaration, table: string): string[] {
  if (name !== null || columns.includes(null)) return [];
  const stem = [table, ...columns].join('_');
  return [columns[0] ?? '', ...['key', 'idx', 'unique', 'index', 'uq', 'unique_idx'].map((suffix) => `${stem}_${suffix}`)];
}

function sameColumns(a: readonly (string | null)[], b: readonly (string | null)[]): boolean {
  return a.length > 0 && a.length === b.length && a.every((name, index) => name !== null && b[index] !== null && fold(name) === fold(b[index]!));
}

/** The foreign keys of a table that still stand at the end of the file. */
export function standingForeignKeys({ steps, dropped }: FileTable): readonly { readonly foreignKey: ForeignKeyDeclaration; readonly step: TableDeclaration }[] {
  return dropped ? [] : steps.flatMap((step, at) => (step.foreignKeys ?? [])
    .filter(({ columns }) => !steps.slice(at + 1).some((later) => later.dropped.some(({ name }) => columns.some((own) => fold(own) === fold(name)))))
    .map((foreignKey) => ({ foreignKey, step })));
}

/** The last declaration of each column. */
export function columnsOf({ steps }: FileTable): ReadonlyMap<string, ColumnDeclaration> {
  return new Map(steps.flatMap((step) => step.columns.map((column): [string, ColumnDeclaration] => [fold(column.name), column])));
}

/** Proposes a manifest for what schema sources declare. */
import { fold, type Dialect } from './catalog.js';
import { withCode } from './code.js';
import { signature, splitName } from './names.js';
import { tombstoneOf } from './tombstones.js';
import type { Manifest, Relation, SchemaSource, Table } from './types.js';
import { readSources, type SourceReading } from '../schema/read.js';
import { nearestPath } from '../schema/project.js';
import type { Expr } from '../model/query.js';
import { someExpr } from '../model/scope.js';
import { isArchiveName, tombstoneMoment } from '../model/tombstone-names.js';
import type { ColumnDeclaration, KeyDeclaration, RelationDeclaration, TableDeclaration, TableTarget } from '../model/schema.js';

/**
 * A manifest of the tables that the sources declare: which are soft-deleted by which column, and by what names code calls them, their columns and
 * their relations. Never throws; what cannot be read is left out. The order of the sources does not matter, and the result is a valid manifest,
 * but for this: where no table is declared at all, `tables` is empty.
 */
export function derive(sources: readonly SchemaSource[]): Manifest {
  const files = distinct(sources), readings = readSources(files);
  const tables = new TableSet(readings);
  const dialect = commonDialect(readings);
  const declared: Manifest = { ...(dialect && dialect !== 'postgresql' && { dialect }), tables: tables.entries() };
  try {
    return withCode(declared, files);
  } catch {
    // What the code around the declarations says is a help, and no more.
    return declared;
  }
}

/** The sources by path, each path once; what is no source is left out. */
function distinct(sources: readonly SchemaSource[]): SchemaSource[] {
  const known = new Map<string, SchemaSource>();
  const given = (Array.isArray(sources) ? sources as unknown[] : []).flatMap((source) => isSource(source) ? [{ path: source.path.replaceAll('\\', '/'), text: source.text }] : []);
  for (const source of given.sort((a, b) => compareTexts(a.path, b.path) || compareTexts(a.text, b.text))) {
    if (!known.has(source.path)) known.set(source.path, source);
  }
  return [...known.values()];
}

function isSource(value: unknown): value is SchemaSource {
  return typeof value === 'object' && value !== null && typeof (value as SchemaSource).path === 'string' && typeof (value as SchemaSource).text === 'string';
}

/** By code units, whatever the locale. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The dialect that most of the sources speak that tell; null where none does. */
function commonDialect(readings: readonly SourceReading[]): Dialect | null {
  const votes = new Map<Dialect, number>();
  for (const { dialect, declarations } of readings) if (dialect) votes.set(dialect, (votes.get(dialect) ?? 0) + declarations.length);
  return [...votes].sort(([a, first], [b, second]) => second - first || compareTexts(a, b))[0]?.[0] ?? null;
}

/** Libraries whose files tell how the tables came about, one change after the other; those of the others tell what is. */
const MIGRATIONS: ReadonlySet<string> = new Set(['sql', 'node-pg-migrate', 'knex', 'kysely', 'typeorm-migration', 'sequelize-migration', 'mikro-orm-migration']);

/** What several declarations say of one table. */
class TableState {
  readonly columns = new Map<string, ColumnDeclaration>();
  readonly models = new Set<string>();
  readonly keys: KeyDeclaration[] = [];
  readonly relations: { readonly declaration: RelationDeclaration; readonly path: string; readonly library: string }[] = [];
  /** Libraries that filter by the column. */
  readonly filters = new Map<string, Set<string>>();
  /** Some declaration lists all columns. */
  complete = false;
  /** Some declaration says that the table is one of the default schema's. */
  inDefaultSchema = false;

  constructor(public schema: string | null, public name: string, readonly migrated: boolean) {}

  apply(declaration: TableDeclaration, path: string): void {
    const library = declaration.library ?? 'sql';
    for (const column of declaration.columns) {
      const known = this.columns.get(fold(column.name));
      this.columns.set(fold(column.name), known && declaration.kind === 'alter' ? altered(known, column) : known && known.property !== undefined ? { ...column, ...known } : column);
    }
    for (const { name } of declaration.dropped) this.columns.delete(fold(name));
    for (const { from, to } of declaration.renamed ?? []) {
      const known = this.columns.get(fold(from));
      this.columns.delete(fold(from));
      // Redefined with its new name (CHANGE of MySQL), or as it was.
      if (known && !declaration.columns.some(({ name }) => fold(name) === fold(to))) this.columns.set(fold(to), { ...known, name: to });
    }
    for (const model of declaration.models ?? []) this.models.add(model);
    this.keys.push(...declaration.keys ?? []);
    this.relations.push(...(declaration.relations ?? []).map((relation) => ({ declaration: relation, path, library })));
    for (const column of declaration.filters ?? []) this.filters.set(column, (this.filters.get(column) ?? new Set()).add(library));
    if (declaration.complete ?? declaration.kind === 'create') this.complete = true;
    if (declaration.schema !== null && this.schema === null) this.inDefaultSchema = true;
    if (declaration.renamedTo !== undefined) this.name = declaration.renamedTo;
  }

  /** Takes over what another place says of the same table; columns of migrations where the models do not list them all. */
  merge(other: TableState): void {
    if (!this.complete || this.migrated === other.migrated) for (const [key, column] of other.columns) if (!this.columns.has(key)) this.columns.set(key, column);
    for (const model of other.models) this.models.add(model);
    this.keys.push(...other.keys);
    this.relations.push(...other.relations);
    for (const [column, libraries] of other.filters) this.filters.set(column, new Set([...this.filters.get(column) ?? [], ...libraries]));
    this.schema ??= other.schema;
  }

  /** The column that a name of code or database means; the name itself where it is none of the table's. */
  columnNamed(name: string): string {
    return (this.columns.get(fold(name)) ?? [...this.columns.values()].find(({ property }) => property === name))?.name ?? name;
  }
}

/** A column after an ALTER that says only what changes. */
function altered(before: ColumnDeclaration, change: ColumnDeclaration): ColumnDeclaration {
  return {
    ...before, ...change,
    ...(change.type === 'unknown' && { type: before.type, typeText: before.typeText }),
    nullable: change.nullable === 'unknown' ? before.nullable : change.nullable,
  };
}

const DEFAULT_SCHEMAS: ReadonlySet<string> = new Set(['public', 'dbo', 'main']);

function keyOf(schema: string | null, name: string): string {
  return `${schema === null ? '' : fold(schema)}.${fold(name)}`;
}

/** The tables of all sources. */
class TableSet {
  readonly #tables: readonly TableState[];
  readonly #byKey = new Map<string, TableState>();
  /** Tables by the names that code has for them. */
  readonly #byModel = new Map<string, { readonly table: TableState; readonly path: string; readonly library: string }[]>();
  readonly #stateOf = new Map<TableState, TableState>();
  readonly #names = new Map<TableState, string>();

  constructor(readings: readonly SourceReading[]) {
    const changes = readings.flatMap(({ path, declarations }) => declarations.map((declaration) => ({ path, declaration })));
    const isMigration = ({ declaration }: { declaration: TableDeclaration }): boolean => MIGRATIONS.has(declaration.library ?? 'sql');
    const declared = this.#fold(changes.filter((change) => !isMigration(change)), false);
    const migrated = this.#fold(changes.filter(isMigration), true);
    this.#tables = unite([...declared, ...migrated], this.#stateOf);
    for (const { path, declaration } of changes) {
      if (declaration.named !== 'by-model') continue;
      const library = declaration.library ?? 'sql';
      this.#target({ table: null, schema: null, model: declaration.name }, path, library)?.apply({ ...declaration, complete: false }, path);
    }
    for (const table of this.#tables) {
      this.#byKey.set(keyOf(table.schema, table.name), table);
      const bare = keyOf(null, table.name);
      if (!this.#byKey.has(bare)) this.#byKey.set(bare, table);
    }
    const written = new Set<string>();
    for (const table of this.#tables) {
      const name = qualified(table);
      if (name !== null && !written.has(name)) this.#names.set(table, name);
      if (name !== null) written.add(name);
    }
  }

  /** The tables after all changes, one after the other. */
  #fold(changes: readonly { readonly path: string; readonly declaration: TableDeclaration }[], migrated: boolean): TableState[] {
    const tables = new Map<string, TableState>();
    for (const { path, declaration } of changes) {
      if (declaration.named === 'by-model') continue;
      const schema = declaration.schema !== null && DEFAULT_SCHEMAS.has(declaration.schema.toLowerCase()) ? null : declaration.schema;
      const key = keyOf(schema, declaration.name);
      if (declaration.kind === 'drop') { tables.delete(key); continue; }
      const table = tables.get(key) ?? new TableState(schema, declaration.name, migrated);
      table.apply(declaration, path);
      if (declaration.renamedTo !== undefined) tables.delete(key);
      tables.set(keyOf(schema, table.name), table);
      for (const model of declaration.models ?? []) {
        const known = this.#byModel.get(fold(model)) ?? [];
        known.push({ table, path, library: declaration.library ?? 'sql' });
        this.#byModel.set(fold(model), known);
      }
    }
    return [...tables.values()];
  }

  entries(): Record<string, Table> {
    const tables = [...this.#names].sort(([, a], [, b]) => compareTexts(a, b)).map(([state, name]) => {
      const tombstone = tombstoneOf(state.name, [...state.columns.values()], [...state.filters.keys()]);
      return { state, name, tombstone };
    });
    const models = unambiguous(tables.map(({ state, tombstone }) => ({ state, soft: tombstone !== null, sign: JSON.stringify(tombstone) })));
    return Object.fromEntries(tables.map(({ state, name, tombstone }) => [name, this.#entry(state, tombstone, models.get(state) ?? [])]));
  }

  #entry(state: TableState, tombstone: ReturnType<typeof tombstoneOf>, models: readonly string[]): Table {
    const tombstoneColumn = tombstone === null ? null : typeof tombstone === 'string' ? tombstone : tombstone.column;
    const libraries = tombstoneColumn === null ? [] : [...state.filters].flatMap(([column, names]) => fold(column) === fold(tombstoneColumn) ? [...names] : []);
    const key = columnsOf(state.keys.find(({ kind }) => kind === 'primary'));
    const unique = uniqueKeys(state, tombstoneColumn, key);
    // The time beside a flag, which no tombstone names.
    const beside = tombstone !== null && typeof tombstone !== 'string' && tombstone.live === false ? [...state.columns.values()].find((column) => column.type !== 'boolean' && isName(column.name) && tombstoneMoment(column.name) === 3)?.name : undefined;
    const columns = [...state.columns.values()].flatMap(({ name, property }): [string, string][] => property !== undefined && isName(property) && isName(name) && (fold(property) !== fold(name) || name === beside) ? [[property, name]] : name === beside ? [[name, name]] : []);
    const relations = this.#relations(state);
    return {
      deletion: tombstone === null ? 'hard' : 'soft',
      ...(tombstone !== null && { tombstone }),
      ...(key && { key: key.length === 1 ? key[0]! : key }),
      ...(unique.length > 0 && { unique }),
      ...(models.length > 0 && { models: [...models] }),
      ...(columns.length > 0 && { columns: Object.fromEntries(columns) }),
      ...(relations.length > 0 && { relations: Object.fromEntries(relations) }),
      ...(libraries.length > 0 && { autoFilter: [...new Set(libraries)].sort(compareTexts) }),
    };
  }

  #relations(state: TableState): [string, Relation][] {
    const found = new Map<string, Relation | null>();
    for (const { declaration, path, library } of state.relations) {
      const target = this.#target(declaration.target, path, library);
      const table = target ? this.#names.get(target) : undefined;
      if (!target || table === undefined || !isName(declaration.property)) continue;
      const relation = this.#relation(state, declaration, { target, table, path, library });
      const known = found.get(declaration.property);
      // Two models of one table that mean different things by the same word.
      found.set(declaration.property, known === undefined ? relation : known && known.table === relation.table && known.many === relation.many ? { ...relation, ...known } : null);
    }
    return [...found].flatMap(([property, relation]): [string, Relation][] => relation ? [[property, relation]] : []).sort(([a], [b]) => compareTexts(a, b));
  }

  #relation(state: TableState, declaration: RelationDeclaration, { target, table, path, library }: { target: TableState; table: string; path: string; library: string }): Relation {
    const back = this.#otherEnd(state, declaration, target);
    const pairs = declaration.on ? Object.entries(declaration.on) : declaration.through || !back?.on ? [] : Object.entries(back.on).map(([theirs, ours]) => [ours, theirs] as const);
    const on = pairs.filter(([own, other]) => isName(own) && isName(other)).map(([own, other]) => [state.columnNamed(own), target.columnNamed(other)] as const);
    const joined = declaration.through ?? (declaration.many && back?.many ? back.through : null);
    const through = joined && this.#target(joined, path, library);
    const throughName = through ? this.#names.get(through) : undefined;
    const optional = declaration.many ? null : declaration.optional ?? (declaration.on ? nullability(state, on.map(([own]) => own)) : on.length > 0 ? true : null);
    return {
      table,
      ...(declaration.many && { many: true }),
      ...(optional !== null && { optional }),
      ...(on.length > 0 && { on: Object.fromEntries(on) }),
      ...(throughName !== undefined && { through: throughName }),
      ...(declaration.predicate?.expr && keepsLive(declaration.predicate.expr, target) && { live: true }),
    };
  }

  /** The relation at the other end of the same connection, where it can be told. */
  #otherEnd(state: TableState, declaration: RelationDeclaration, target: TableState): RelationDeclaration | null {
    const leadingBack = target.relations.filter((other) => other.declaration !== declaration && this.#target(other.declaration.target, other.path, other.library) === state).map((other) => other.declaration);
    const named = leadingBack.filter((other) => other.property === declaration.inverse || (other.inverse !== undefined && other.inverse === declaration.property));
    if (named.length > 0) return named[0]!;
    if (declaration.inverse !== undefined) return null;
    const paired = leadingBack.filter((other) => other.pair === declaration.pair && other.on !== null);
    return paired.length === 1 ? paired[0]! : null;
  }

  #target({ table, schema, model }: TableTarget, path: string, library: string): TableState | null {
    if (table !== null) {
      const own = schema !== null && DEFAULT_SCHEMAS.has(schema.toLowerCase()) ? null : schema;
      const named = this.#byKey.get(keyOf(own, table)) ?? this.#byKey.get(keyOf(null, table));
      if (named || model === null) return named ?? null;
    }
    const named = model === null ? [] : this.#byModel.get(fold(model)) ?? [];
    const same = named.filter((other) => other.library === library);
    const candidates = same.length > 0 ? same : named;
    if (candidates.length === 0) return null;
    const nearest = nearestPath(path, candidates.map((candidate) => candidate.path));
    const state = candidates.find((candidate) => candidate.path === nearest)!.table;
    return this.#stateOf.get(state) ?? state;
  }
}

/**
 * One state for each table, in the order of their first mention. A table without a schema is that of the only schema which has one of its name,
 * unless some place says that it is the default one's.
 */
function unite(states: readonly TableState[], stateOf: Map<TableState, TableState>): TableState[] {
  const inDefault = new Set(states.filter((state) => state.inDefaultSchema).map(({ name }) => fold(name)));
  const schemas = new Map<string, Set<string>>();
  for (const { schema, name } of states) if (schema !== null) schemas.set(fold(name), (schemas.get(fold(name)) ?? new Set()).add(schema));
  const united = new Map<string, TableState>();
  for (const state of states) {
    const others = inDefault.has(fold(state.name)) ? [] : [...schemas.get(fold(state.name)) ?? []];
    const key = keyOf(state.schema ?? (new Set(others.map(fold)).size === 1 ? others[0]! : null), state.name);
    const known = united.get(key);
    if (known) {
      known.merge(state);
      stateOf.set(state, known);
    } else united.set(key, state);
  }
  return [...united.values()];
}

/** May the foreign key lead to no row? True where one of its columns may be NULL; null where that is not known. */
function nullability(state: TableState, columns: readonly string[]): boolean | null {
  const known = columns.map((column) => state.columns.get(fold(column))?.nullable);
  if (known.includes(true)) return true;
  return known.length > 0 && known.every((nullable) => nullable === false) ? false : null;
}

/** Does a relation's condition keep deleted rows of its target out? */
function keepsLive(expr: Expr, target: TableState): boolean {
  const tombstone = tombstoneOf(target.name, [...target.columns.values()], [...target.filters.keys()]);
  if (tombstone === null) return false;
  const { column, live = null } = typeof tombstone === 'string' ? { column: tombstone } : tombstone;
  const isTombstone = (operand: Expr): boolean => operand.type === 'column' && fold(target.columnNamed(operand.name)) === fold(column);
  switch (expr.type) {
    case 'and': return expr.operands.some((operand) => keepsLive(operand, target));
    case 'is': return !expr.negated && isTombstone(expr.operand) && (live === null ? expr.what === 'null' : live === false && expr.what === 'false');
    case 'comparison': return expr.operator === '=' && isTombstone(expr.left) && expr.right.type === 'literal' && (expr.right.value === live || (live === 0 && expr.right.value === false) || (live === false && expr.right.value === 0)) && live !== null;
    default: return false;
  }
}

/** The columns of a key; null where one of them is an expression or no name. */
function columnsOf(key: KeyDeclaration | undefined): string[] | null {
  if (!key || key.columns.length === 0) return null;
  return key.columns.every((column) => column !== null && isName(column)) ? [...new Set(key.columns as string[])] : null;
}

/**
 * Does a unique key tell the rows that anybody looks for? A partial one does where it leaves deleted rows out, or those that have no value to be told by;
 * one that asks for anything else (`WHERE type = 'main'`) says nothing about the other rows, of which many can have one value.
 */
function tellsRows({ predicate, ignored, columns }: KeyDeclaration, state: TableState): boolean {
  const isColumn = (operand: Expr, holds: (name: string) => boolean): boolean => operand.type === 'column' && holds(state.columnNamed(operand.name));
  const isGone = (name: string): boolean => tombstoneMoment(name) > 0 || isArchiveName(name);
  const leaves = (expr: Expr): boolean => {
    switch (expr.type) {
      case 'and': return expr.operands.every(leaves);
      case 'not': return isColumn(expr.operand, isGone);
      case 'column': return isGone(state.columnNamed(expr.name));
      case 'is': return isColumn(expr.operand, isGone) || (expr.negated && expr.what === 'null' && isColumn(expr.operand, (name) => columns.some((column) => column !== null && fold(column) === fold(name))));
      case 'comparison': return isColumn(expr.left, isGone) || isColumn(expr.right, isGone);
      case 'in': case 'or': return false;
      default: return true;
    }
  };
  return !predicate?.expr || ignored !== undefined || leaves(predicate.expr);
}

/**
 * Business keys. One that leaves deleted rows out tells live rows alone: whoever looks for its values can meet deleted rows, and several of them, so that
 * the tombstone is one of its columns, whether it is declared as one (`UNIQUE (email, deleted_at)`) or by a condition (`WHERE deleted_at IS NULL`).
 */
function uniqueKeys(state: TableState, tombstone: string | null, primary: readonly string[] | null): string[][] {
  const seen = new Set([signature(primary ?? [])]);
  const isTombstone = (name: string): boolean => tombstone !== null && fold(state.columnNamed(name)) === fold(tombstone);
  return state.keys.filter((key) => key.kind === 'unique' && tellsRows(key, state)).flatMap((key) => {
    const named = columnsOf(key) ?? [], columns = named.filter((column) => !isTombstone(column));
    const live = columns.length < named.length || (key.ignored === undefined && key.predicate?.expr && names(key.predicate.expr, isTombstone));
    const whole = live ? [...columns, tombstone!] : columns, sign = signature(whole);
    if (columns.length === 0 || seen.has(sign)) return [];
    seen.add(sign);
    return [whole];
  });
}

function names(expr: Expr, holds: (name: string) => boolean): boolean {
  return someExpr(expr, (inner) => inner.type === 'column' && holds(inner.name));
}

/** The models of each table; one that means several tables is left to the soft one, or where these differ to none. */
function unambiguous(tables: readonly { readonly state: TableState; readonly soft: boolean; readonly sign: string }[]): Map<TableState, string[]> {
  const owners = new Map<string, typeof tables[number][]>();
  for (const table of tables) for (const model of new Set([...table.state.models].map(fold))) owners.set(model, [...owners.get(model) ?? [], table]);
  const ownerOf = (model: string): TableState | null => {
    const all = owners.get(fold(model))!, soft = all.filter((table) => table.soft), meant = soft.length > 0 ? soft : all;
    return new Set(meant.map(({ sign }) => sign)).size === 1 ? meant[0]!.state : null;
  };
  return new Map(tables.map(({ state }) => {
    const seen = new Set<string>();
    const own = [...state.models].filter((model) => isName(model) && fold(model) !== '' && ownerOf(model) === state && !seen.has(fold(model)) && seen.add(fold(model)));
    return [state, own];
  }));
}

/** Can a manifest hold it as the name of a column, property or model? */
function isName(text: string): boolean {
  return /\S/.test(text);
}

/** `schema.table` as a manifest writes it, with quotes where a part needs them; null where it would be read as another name. */
function qualified({ schema, name }: TableState): string | null {
  const written = schema === null ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
  const read = splitName(written);
  return fold(name) !== '' && read.name === name && read.schema === schema && (schema === null || fold(schema) !== '') ? written : null;
}

function quoted(part: string): string {
  return /^[^\s."`[\]]+$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`;
}

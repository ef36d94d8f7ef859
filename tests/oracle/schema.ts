/** The schema that the oracle asks about: one table for every way to mark a row as deleted, and two tables that are hard-deleted. */
import type { Manifest, Tombstone as DeclaredTombstone } from '../../lib/manifest/types.js';
import type { Random } from './random.js';
import type { Dialect, Type } from './tree.js';

/**
 * How a tombstone marks a row.
 *
 * - `timestamp`: nullable, set when deleted; `scheduled`: the same, and a moment in the future is live
 * - `flag`: boolean NOT NULL; `nullable-flag`: NULL is live too; `number`: 0 or 1
 * - `sentinel`: a timestamp that lies at the end of time while the row is live
 * - `status`: a text, of which one value means deleted
 */
export type TombstoneKind = 'timestamp' | 'scheduled' | 'flag' | 'nullable-flag' | 'number' | 'sentinel' | 'status';

export interface Tombstone {
  readonly column: string;
  readonly kind: TombstoneKind;
}

export interface Column {
  readonly name: string;
  readonly type: Type;
  readonly nullable: boolean;
  /** The table whose `id` it names, dangling now and then. */
  readonly references?: string;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  /** Empty for hard tables. */
  readonly tombstones: readonly Tombstone[];
}

const column = (name: string, type: Type): Column => ({ name, type, nullable: true });
const required = (name: string, type: Type): Column => ({ name, type, nullable: false });
const reference = (name: string, references: string): Column => ({ name, type: 'int', nullable: true, references });
const ID = required('id', 'int');

const TOMBSTONE_TYPES: Record<TombstoneKind, Omit<Column, 'name'>> = {
  timestamp: { type: 'time', nullable: true }, scheduled: { type: 'time', nullable: true }, sentinel: { type: 'time', nullable: false },
  flag: { type: 'bool', nullable: false }, 'nullable-flag': { type: 'bool', nullable: true }, number: { type: 'int', nullable: false },
  status: { type: 'text', nullable: true },
};

function soft(name: string, tombstones: readonly Tombstone[], columns: readonly Column[], key: readonly string[] = ['id']): Table {
  return { name, key, tombstones, columns: [...columns, ...tombstones.map(({ column: tombstone, kind }) => ({ name: tombstone, ...TOMBSTONE_TYPES[kind] }))] };
}

function hard(name: string, columns: readonly Column[]): Table {
  return { name, key: ['id'], tombstones: [], columns };
}

export const TABLES: readonly Table[] = [
  soft('users', [{ column: 'deleted_at', kind: 'timestamp' }], [ID, column('name', 'text'), column('age', 'int'), reference('manager_id', 'users')]),
  soft('orders', [{ column: 'is_deleted', kind: 'flag' }], [ID, reference('user_id', 'users'), column('amount', 'int'), column('status', 'text')]),
  soft('items', [{ column: 'removed', kind: 'number' }], [ID, reference('order_id', 'orders'), reference('parent_id', 'items'), column('qty', 'int')]),
  soft('notes', [{ column: 'hidden', kind: 'nullable-flag' }], [ID, reference('user_id', 'users'), reference('order_id', 'orders'), column('body', 'text')]),
  soft('posts', [{ column: 'deleted_at', kind: 'timestamp' }, { column: 'is_spam', kind: 'flag' }], [ID, reference('user_id', 'users'), column('title', 'text'), column('score', 'int')]),
  soft('plans', [{ column: 'valid_to', kind: 'sentinel' }], [ID, reference('user_id', 'users'), column('price', 'int')]),
  soft('offers', [{ column: 'expires_at', kind: 'scheduled' }], [ID, reference('plan_id', 'plans'), column('name', 'text')]),
  soft('docs', [{ column: 'status', kind: 'status' }], [ID, reference('user_id', 'users'), column('size', 'int')]),
  soft('seats', [{ column: 'deleted_at', kind: 'timestamp' }], [required('team_id', 'int'), { ...reference('user_id', 'users'), nullable: false }, column('role', 'text')], ['team_id', 'user_id']),
  // Hard-deleted, with columns that are tombstones elsewhere: left over from former times.
  hard('tags', [ID, reference('post_id', 'posts'), column('label', 'text'), column('deleted_at', 'time'), column('is_deleted', 'bool')]),
  hard('events', [ID, reference('user_id', 'users'), reference('order_id', 'orders'), column('kind', 'text'), column('amount', 'int')]),
];

const byName = new Map(TABLES.map((table) => [table.name, table]));

/** A table by name. */
export function tableOf(name: string): Table {
  return byName.get(name)!;
}

/** What a sentinel holds while the row is live. */
export function sentinel(dialect: Dialect): string {
  return dialect === 'postgresql' ? 'infinity' : '9999-12-31 00:00:00';
}

/** The value of `status` that means deleted. */
export const DEAD_STATUS = 'deleted';

/** The manifest of the schema. */
export function manifestFor(dialect: Dialect): Manifest {
  const declared = ({ column: name, kind }: Tombstone): DeclaredTombstone => {
    switch (kind) {
      case 'timestamp': return name;
      case 'scheduled': return { column: name, scheduled: true };
      case 'flag': case 'nullable-flag': return { column: name, live: false };
      case 'number': return { column: name, live: 0 };
      case 'sentinel': return { column: name, live: sentinel(dialect) };
      case 'status': return { column: name, dead: DEAD_STATUS };
    }
  };
  return {
    dialect,
    tables: Object.fromEntries(TABLES.map(({ name, key, tombstones }) => [name, tombstones.length === 0 ? 'hard' as const : { deletion: 'soft' as const, key: [...key], tombstone: tombstones.map(declared) }])),
  };
}

// ---------------------------------------------------------------------------------------------------- data

export type Value = string | number | boolean | null;
/** Rows by table, in the order of its columns. */
export type DataSet = ReadonlyMap<string, readonly (readonly Value[])[]>;

const daysFromNow = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().replace('T', ' ').slice(0, 19);
const PAST = ['2019-03-05 00:00:00', '2020-06-01 00:00:00', daysFromNow(-3)];
const FUTURE = ['2091-01-01 00:00:00', daysFromNow(3)];
export const WORDS = ['a', 'b', 'open', 'paid'];

/** A small random state of the whole schema. Sizes, the share of tombstones, and the variety of values differ from one to the next. */
export function makeData(random: Random, dialect: Dialect): DataSet {
  const size = random.pick([2, 3, 4, 5, 7, 10]), variety = random.pick([2, 3, 4]);
  const share = random.pick([0.25, 0.5, 0.5, 0.75]);
  // In some states the tombstones of one table alone have to show, in some a table is full of them.
  const tables = TABLES.filter((table) => table.tombstones.length > 0).map((table) => table.name);
  const only = random.chance(0.35) ? random.pick(tables) : null, full = random.chance(0.4) ? random.pick(tables) : null;

  const valueOf = ({ type, nullable, references }: Column, row: number): Value => {
    if (nullable && random.chance(0.2)) return null;
    if (references) return references !== 'items' ? random.int(1, size + (random.chance(0.1) ? 1 : 0)) : row > 1 ? random.int(1, row - 1) : null;
    switch (type) {
      case 'int': return random.int(1, variety);
      case 'text': return random.pick(WORDS.slice(0, variety));
      case 'bool': return random.chance(0.5);
      case 'time': return random.pick(PAST);
    }
  };
  const mark = (kind: TombstoneKind, dead: boolean): Value => {
    switch (kind) {
      case 'timestamp': return dead ? random.pick(PAST) : null;
      case 'scheduled': return dead ? random.pick(PAST) : random.chance(0.4) ? random.pick(FUTURE) : null;
      case 'flag': return dead;
      case 'nullable-flag': return dead ? true : random.chance(0.5) ? false : null;
      case 'number': return dead ? 1 : 0;
      case 'sentinel': return dead ? random.pick(PAST) : sentinel(dialect);
      case 'status': return dead ? DEAD_STATUS : random.pick([...WORDS, null]);
    }
  };
  const rowOf = (table: Table, id: number): Value[] => {
    const dead = (only === null || only === table.name || full === table.name) && random.chance(full === table.name ? 1 : share);
    const cause = random.pick(table.tombstones);
    return table.columns.map((definition) => {
      const tombstone = table.tombstones.find((candidate) => candidate.column === definition.name);
      if (tombstone) return mark(tombstone.kind, dead && (tombstone === cause || random.chance(0.3)));
      if (definition.name === 'id') return id;
      // Nobody is their own manager, directly or not: recursion ends.
      if (definition.name === 'manager_id') return id > 1 && random.chance(0.8) ? random.int(1, id - 1) : null;
      return valueOf(definition, id);
    });
  };
  return new Map(TABLES.map((table) => {
    const rows: Value[][] = [], keys = new Set<string>();
    for (let id = 1; id <= size; id++) {
      const row = rowOf(table, id);
      const key = JSON.stringify(table.key.map((name) => row[table.columns.findIndex((definition) => definition.name === name)]));
      if (!keys.has(key)) rows.push(row);
      keys.add(key);
    }
    return [table.name, rows];
  }));
}

/** The condition that a row is live, by the definition of each kind of tombstone. */
export function liveCondition(table: Table, dialect: Dialect): string {
  const now = dialect === 'sqlite' ? `datetime('now')` : 'now()';
  return table.tombstones.map(({ column: name, kind }) => {
    switch (kind) {
      case 'timestamp': return `${name} IS NULL`;
      case 'scheduled': return `(${name} IS NULL OR ${name} > ${now})`;
      case 'flag': case 'nullable-flag': return `${name} IS NOT TRUE`;
      case 'number': return `${name} = 0`;
      case 'sentinel': return `${name} = '${sentinel(dialect)}'`;
      case 'status': return `(${name} IS NULL OR ${name} <> '${DEAD_STATUS}')`;
    }
  }).join(' AND ');
}

/** Suffixes of the views that show the live, or the dead, rows of a soft table. */
export const LIVE = '_live', DEAD = '_dead';

/**
 * The statements that build one state of the schema: with views of its live and its dead rows, or without its tombstones.
 * @param prefix What stands in front of every name (a schema with its dot).
 */
export function ddl(data: DataSet, dialect: Dialect, purged: boolean, prefix: string): string[] {
  const types: Record<Type, string> = { int: 'integer', text: 'text', bool: 'boolean', time: dialect === 'sqlite' ? 'text' : 'timestamptz' };
  const literal = (value: Value): string => value === null ? 'NULL' : typeof value === 'string' ? `'${value}'` : String(value).toUpperCase();
  return TABLES.flatMap((table) => {
    const name = prefix + table.name, condition = liveCondition(table, dialect);
    const columns = table.columns.map((definition) => `${definition.name} ${types[definition.type]}${definition.nullable ? '' : ' NOT NULL'}`);
    const rows = data.get(table.name)!;
    const statements = [`CREATE TABLE ${name} (${columns.join(', ')}, PRIMARY KEY (${table.key.join(', ')}))`];
    if (rows.length > 0) statements.push(`INSERT INTO ${name} VALUES ${rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ')}`);
    if (table.tombstones.length === 0) return statements;
    if (purged) return [...statements, `DELETE FROM ${name} WHERE NOT (${condition})`];
    return [...statements, `CREATE VIEW ${name}${LIVE} AS SELECT * FROM ${name} WHERE ${condition}`, `CREATE VIEW ${name}${DEAD} AS SELECT * FROM ${name} WHERE NOT (${condition})`];
  });
}

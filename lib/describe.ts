/** The words that messages share, so that no rule knows how a dialect or a library spells a filter. */
import type { Query } from './define-query-visitor.js';
import { fold, type TableFacts } from './manifest/catalog.js';
import type { Read } from './model/analysis.js';
import type { TableRef, TombstoneFact } from './model/query.js';

/** A reference that a message is about. */
export interface Subject extends Pick<Read, 'ref' | 'table' | 'verdict'> {
  /** Where its filter belongs; default: WHERE. */
  readonly place?: Read['place'];
}

/** The data of a message about a reference. */
export interface Words extends Readonly<Record<string, string>> {
  /** `'users' (u)`: the table as the manifest names it, and the alias that the statement gives it. */
  readonly table: string;
  /** `'deleted_at'`: the tombstone, or all of several. */
  readonly column: string;
  /** `'u.deleted_at IS NULL'`: the words that keep live rows only. */
  readonly filter: string;
  /** `are`, or `may be` where something that cannot be seen decides. */
  readonly are: string;
  /** What to do about it: a sentence without its full stop. */
  readonly remedy: string;
}

/** The words for a reference of a statement. */
export function words(query: Query, subject: Subject): Words {
  const { table, ref, verdict } = subject;
  return {
    table: tableName(table, ref), column: columnNames(query, table), filter: filterOf(query, table, ref),
    are: verdict.state === 'unknown' ? 'may be' : 'are', remedy: remedyOf(query, subject),
  };
}

/** `'users' (u)`; the schema stands in front where the manifest writes it, the alias behind where it says something. */
export function tableName({ schema, name }: Pick<TableFacts, 'schema' | 'name'>, ref?: TableRef | null): string {
  const named = quote(schema === null ? name : `${schema}.${name}`);
  return ref?.alias && fold(ref.alias) !== fold(name) ? `${named} (${ref.alias})` : named;
}

/** A piece of code in a message. */
export function quote(code: string): string {
  return code.includes("'") ? `\`${code}\`` : `'${code}'`;
}

/** The tombstones of a table, as the statement's language calls them: `'deleted_at' and 'archived_at'`. */
export function columnNames(query: Query, table: TableFacts): string {
  return list(table.tombstones.map((tombstone) => quote(columnName(query, table, tombstone))));
}

/** A tombstone as the statement's language calls it: the property in calls of a library, else the column. */
export function columnName({ statement }: Query, { columns }: TableFacts, { column, names }: TombstoneFact): string {
  if (!statement.calls) return column;
  const property = Object.keys(columns).find((name) => fold(columns[name]!) === fold(column));
  return property ?? names[1] ?? column;
}

/** The words that keep live rows of a reference only: `'u.deleted_at IS NULL'`; in calls of a library, the properties to filter on. */
export function filterOf(query: Query, table: TableFacts, ref: TableRef | null): string {
  return query.statement.calls ? columnNames(query, table) : quote(table.tombstones.map((tombstone) => liveCondition(query, tombstone, ref)).join(' AND '));
}

/** The condition of SQL under which a row is live by one tombstone. `ref` qualifies the column; null leaves it bare. */
export function liveCondition(query: Query, tombstone: TombstoneFact, ref: TableRef | null): string {
  const { live, dead, scheduled } = tombstone;
  const column = `${ref ? `${ref.alias ?? ref.name}.` : ''}${identifier(query, tombstone.column)}`;
  if (dead) return dead.length === 1 ? `${column} <> ${literal(dead[0]!)}` : `${column} NOT IN (${dead.map(literal).join(', ')})`;
  if (live !== null) return `${column} = ${literal(live)}`;
  return scheduled ? `(${column} IS NULL OR ${column} > now())` : `${column} IS NULL`;
}

/** What a tombstone of a live row holds, as an assignment writes it: `deleted_at = NULL`. */
export function reviving(query: Query, table: TableFacts, tombstone: TombstoneFact): string {
  if (query.statement.calls) return quote(columnName(query, table, tombstone));
  return quote(`${identifier(query, tombstone.column)} = ${tombstone.live === null ? 'NULL' : literal(tombstone.live)}`);
}

/** PostgreSQL lowers what is not quoted. */
function identifier({ catalog }: Query, name: string): string {
  return catalog.dialect === 'postgresql' && /[^a-z0-9_]/.test(name) ? `"${name}"` : name;
}

function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value).toUpperCase();
}

function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function remedyOf(query: Query, { table, ref, verdict, place = 'where' }: Subject): string {
  const filter = filterOf(query, table, ref);
  const sql = !query.statement.calls;
  if (verdict.state === 'unknown') return sql ? `Write ${filter} where it can be seen, or declare its helper as a guard in the manifest` : `Filter on ${filter} where it can be seen, or declare the helper as a guard in the manifest`;
  switch (verdict.flaw?.kind) {
    case 'or': return sql ? `Put ${filter} outside of the OR, which lets them through` : `Filter on ${filter} outside of the OR, which lets them through`;
    case 'fold': return sql ? `Move ${filter} into the subquery: outside it comes too late` : `Filter on ${filter} in the subquery: outside it comes too late`;
    case 'outer-on': return sql ? `Move ${filter} to the WHERE: the ON of an outer join keeps these rows` : `Filter on ${filter} after the join: the condition of an outer join keeps these rows`;
  }
  if (!sql) {
    if (ref.autoFilter === 'bypassed') return `Leave the library's own filter on, or filter on ${filter}`;
    return ref.via === 'from' ? `Filter on ${filter}` : `Filter the relation on ${filter}`;
  }
  switch (place) {
    case 'where': return `Add ${filter} to the WHERE`;
    case 'on': return `Add ${filter} to the ON of its join`;
    case 'subquery': return `Join a subquery with ${filter} instead of the table`;
  }
}

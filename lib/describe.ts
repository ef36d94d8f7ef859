/** The words that messages share, so that no rule knows how a dialect or a library spells a filter. */
import type { Query } from './define-query-visitor.js';
import { fold, type Catalog, type TableFacts } from './manifest/catalog.js';
import type { Read } from './model/analysis.js';
import type { TableRef, TombstoneFact } from './model/query.js';

/** A reference that a message is about. */
export interface Subject extends Pick<Read, 'ref' | 'table' | 'verdict' | 'missing'> {
  /** Where its filter belongs; `when`: in the condition of a branch of MERGE. Default: WHERE. */
  readonly place?: Read['place'] | 'when';
}

/** The data of a message about a reference. */
export interface Words extends Readonly<Record<string, string>> {
  /** `'users' (u)`: the table as the manifest names it, and the alias that the statement gives it. */
  readonly table: string;
  /** `'deleted_at'`: the tombstone that nothing keeps out, or all of several. */
  readonly column: string;
  /** `'u.deleted_at IS NULL'`: the words that keep it out. */
  readonly filter: string;
  /** `are`, or `may be` where something that cannot be seen decides. */
  readonly are: string;
  /** What to do about it: a sentence without its full stop. */
  readonly remedy: string;
}

/** The words for a reference of a statement. */
export function words(query: Query, subject: Subject): Words {
  const { table, ref, verdict, missing } = subject;
  return {
    table: tableName(table, ref), column: columnNames(query, table, missing), filter: filterOf(query, subject),
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

/** Tombstones of a table, as the statement's language calls them: `'deleted_at' and 'archived_at'`. */
export function columnNames(query: Query, table: TableFacts, tombstones = table.tombstones): string {
  return list(tombstones.map((tombstone) => quote(columnName(query, table, tombstone))));
}

/** A tombstone as the statement's language calls it: the property in calls of a library, else the column. */
export function columnName({ statement }: Query, { columns }: TableFacts, { column, names }: TombstoneFact): string {
  if (!statement.calls) return column;
  const property = Object.keys(columns).find((name) => fold(columns[name]!) === fold(column));
  return property ?? statement.spelling?.(names) ?? column;
}

/** The words that keep live rows of a reference only: `'u.deleted_at IS NULL'`; in calls of a library, the properties to filter on. */
function filterOf(query: Query, { table, ref, missing }: Subject): string {
  return query.statement.calls ? columnNames(query, table, missing) : quote(missing.map((tombstone) => liveCondition(query, tombstone, ref)).join(' AND '));
}

/** Where the words of SQL are wanted in a dialect. */
interface Speaking {
  readonly catalog: Pick<Catalog, 'dialect'>;
}

/** The condition of SQL under which a row is live by one tombstone. `ref` qualifies the column; null leaves it bare. */
export function liveCondition(query: Speaking, tombstone: TombstoneFact, ref: TableRef | null): string {
  const { live, dead, scheduled } = tombstone;
  const column = `${ref ? `${identifier(query, ref.alias ?? ref.name)}.` : ''}${identifier(query, tombstone.column)}`;
  const written = dead?.map((value) => literal(query, value));
  if (written) return written.length === 1 ? `${column} <> ${written[0]!}` : `${column} NOT IN (${written.join(', ')})`;
  if (scheduled && typeof live === 'string') return `${column} > now()`;
  if (live !== null) return `${column} = ${literal(query, live)}`;
  return scheduled ? `(${column} IS NULL OR ${column} > now())` : `${column} IS NULL`;
}

/** How an upsert leaves a deleted row alone that it meets: a sentence without its full stop and its first letter. */
export function sparing(query: Query, table: TableFacts): string {
  const { tombstones } = table;
  // Prisma looks the row up by all of `where`, and creates one where there is none (unique keys take further conditions since 5.0).
  if (query.statement.library === 'prisma' && query.statement.calls) return `filter on ${columnNames(query, table)} beside the key in 'where' if the unique index is partial`;
  return `match the partial index with ${quote(`WHERE ${tombstones.map((tombstone) => liveCondition(query, tombstone, null)).join(' AND ')}`)}`;
}

/** The assignment that makes a row live again: `'deleted_at = NULL'`. */
export function reviving(query: Query, table: TableFacts, tombstone: TombstoneFact): string {
  const { column, live, dead } = tombstone;
  if (dead) return `${quote(columnName(query, table, tombstone))} to a live value`;
  if (query.statement.calls) return `${quote(columnName(query, table, tombstone))} to ${live === null ? 'null' : String(live)}`;
  return quote(`${identifier(query, column)} = ${live === null ? 'NULL' : literal(query, live)}`);
}

/** PostgreSQL lowers what is not quoted. */
function identifier({ catalog }: Speaking, name: string): string {
  return catalog.dialect === 'postgresql' && /[^a-z0-9_]/.test(name) ? `"${name}"` : name;
}

/** MySQL and SQLite keep booleans as numbers. */
function literal({ catalog }: Speaking, value: string | number | boolean): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  const numeric = catalog.dialect === 'mysql' || catalog.dialect === 'mariadb' || catalog.dialect === 'sqlite';
  return typeof value === 'number' || numeric ? String(Number(value)) : String(value).toUpperCase();
}

/** A number of days as a person says it: `30 days`, `7 years`. */
export function duration(days: number): string {
  const [count, unit] = days > 0 && days % 365 === 0 ? [days / 365, 'year'] : [days, 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** `a, b and c`. */
export function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function remedyOf(query: Query, subject: Subject): string {
  const filter = filterOf(query, subject);
  return query.statement.calls ? remedyInCalls(subject, filter) : remedyInSql(subject, filter);
}

function remedyInSql({ verdict, place = 'where' }: Subject, filter: string): string {
  if (verdict.state === 'unknown') return `Write ${filter} where it can be seen, or give the reason in a comment: 'includes-deleted: ..'`;
  switch (verdict.flaw?.kind) {
    case 'or': return `Put ${filter} outside of the OR, which lets them through`;
    case 'fold': return `Move ${filter} into the subquery: outside it comes too late`;
    case 'outer-on': return `Move ${filter} to the WHERE: the ON of an outer join keeps these rows`;
  }
  switch (place) {
    case 'where': return `Add ${filter} to the WHERE`;
    case 'when': return `Add ${filter} to its WHEN`;
    case 'on': return `Add ${filter} to the ON of its join`;
    case 'subquery': return `Join a subquery with ${filter} instead of the table`;
  }
}

function remedyInCalls({ ref, verdict }: Subject, filter: string): string {
  if (verdict.state === 'unknown') return `Filter on ${filter} where it can be seen, or give the reason in a comment: 'includes-deleted: ..'`;
  switch (verdict.flaw?.kind) {
    case 'or': return `Filter on ${filter} outside of the OR, which lets them through`;
    case 'fold': return `Filter on ${filter} in the subquery: outside it comes too late`;
    case 'outer-on': return `Filter on ${filter} after the join: the condition of an outer join keeps these rows`;
  }
  if (ref.autoFilter === 'bypassed') return `Leave the library's own filter on, or filter on ${filter}`;
  return ref.via === 'from' ? `Filter on ${filter}` : `Filter the relation on ${filter}`;
}

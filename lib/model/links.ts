/** Which end of a relation a reference stands at: the far side of a many-to-many relation, or the end that holds the foreign key though its key is unique. */
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import type { Source } from './scope.js';
import type { SoftSource } from './soft-sources.js';
import type { KeyMatch } from './equality.js';
import type { Proof } from './visibility.js';

/**
 * Is a reference that is reached by its key the far side of a many-to-many relation? The rows in between mean nothing by themselves: whoever lists the
 * members of a team lists users. Not where the row in between was asked for by its key, or by the very column that leads here: then it leads to a parent.
 */
export function isFarSide(source: SoftSource, proof: Proof, catalog: Catalog): boolean {
  const { facts } = source.target;
  return !facts.attribution && [facts.key, ...facts.unique, ...facts.impliedKeys].some((key) => {
    const matches = proof.keyedBy(source, key) ?? [], between = matches[0]?.other;
    if (!between || between === source || (between.block !== source.block && source.leaf.via !== 'include-one') || !matches.every(({ kind, other, value }) => kind === 'column' && other === between && value?.type === 'column')) return false;
    const own = matches.map(({ value }) => (value?.type === 'column' ? value.name : ''));
    return between.target.kind === 'table' && ties(between.target.facts, own, facts, catalog) && isListed(between, own, source, proof);
  });
}

/**
 * Is a reference that is reached by a unique key the end of a one-to-one relation that holds the foreign key: the page of a proposal, where
 * `page.proposal_id` is unique? Its row belongs to the other as the rows of a list do, and is no parent. A key that is not the primary one says so where
 * it is compared with the primary key of the other, unless that key holds a foreign key itself, whose row is always there.
 */
export function isOnlyChild(source: SoftSource, proof: Proof): boolean {
  const { facts } = source.target;
  return facts.unique.some((key) => {
    const matches = proof.keyedBy(source, key) ?? [], other = matches[0]?.other;
    if (isSameKey(facts, key, facts.key) || !other || other === source || other.target.kind !== 'table') return false;
    if (!matches.every((match) => match.kind === 'column' && match.other === other && match.value?.type === 'column')) return false;
    const end = other.target.facts, theirs = matches.map(({ value }) => (value?.type === 'column' ? value.name : ''));
    return isSameKey(end, theirs, end.key) && !Object.values(end.relations).some(({ many, optional, on }) => !many && optional === false && on !== null && isSameKey(end, Object.keys(on), theirs));
  });
}

function isSameKey(table: TableFacts, key: readonly string[], other: readonly string[]): boolean {
  const columns = key.map((name) => columnOf(table, name)), others = other.map((name) => columnOf(table, name));
  return columns.length === others.length && columns.every((name) => others.includes(name));
}

/** The column, folded, that a table's property or column stands for. */
function columnOf(table: TableFacts, name: string): string {
  return fold(Object.hasOwn(table.columns, name) ? table.columns[name]! : name);
}

/** A column that by its name holds the key of another table, which the manifest may not know. */
const NAMED_AFTER_KEY = /[^_]_id$|[a-z0-9]Id$/;

/** Rows that record what was done with a thing, or by somebody, name it as it was then: lines of orders, sales, votes. */
const RECORDS = /(?:^|_)(?:order|invoice|sale|purchase|receipt|transaction|payment|shipment|booking|line|history|histories|log|audit|event|version|snapshot|vote|reaction|like|view|visit|answer)s?(?:_|$)/;

/**
 * Does a table do nothing but tie rows of one table to rows of others? It is hard-deleted, and foreign keys alone, these among them, are a key of it;
 * or the manifest says that a relation of one of its ends goes through it.
 */
export function ties(between: TableFacts, own: readonly string[], far: TableFacts, catalog: Catalog): boolean {
  if (between.deletion === 'soft' || RECORDS.test(snake(between.name))) return false;
  const column = (name: string): string => columnOf(between, name);
  const leading = own.map(column), foreign = new Set(Object.values(between.relations).flatMap(({ many, on }) => (many || !on ? [] : Object.keys(on).map(column))));
  const isForeign = (name: string, key: readonly string[]): boolean => foreign.has(column(name)) || (key === between.key && NAMED_AFTER_KEY.test(name) && !isOwnId(name, between.name));
  const isPair = [between.key, ...between.unique].some((key) => key.length > leading.length && leading.every((name) => foreign.has(name) && key.map(column).includes(name)) && key.every((name) => isForeign(name, key)));
  return isPair || catalog.tables.some((table) => Object.values(table.relations).some((relation) => relation.through !== null && catalog.table(relation.through) === between && (table === far || catalog.table(relation.table) === far)));
}

/** `slot_id` of `slots`. */
function isOwnId(column: string, table: string): boolean {
  const thing = fold(column).slice(0, -'id'.length);
  return [thing, `${thing}s`, `${thing}es`, thing.replace(/y$/, 'ies')].includes(fold(table));
}

function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** Are several rows of the table in between asked for, whichever rows the columns `own` lead to? */
function isListed(between: Source, own: readonly string[], far: Source, proof: Proof): boolean {
  if (between.target.kind !== 'table' || between.written || (between.leaf.type === 'table' && between.leaf.via === 'include-one')) return false;
  const { key, unique, impliedKeys } = between.target.facts;
  const isGiven = (columns: readonly string[], kinds: readonly KeyMatch['kind'][]): boolean => proof.keyedBy(between, columns)?.every(({ kind, other }) => other !== far && kinds.includes(kind)) ?? false;
  return !isGiven(own, ['value', 'query']) && ![key, ...unique, ...impliedKeys].some((columns) => isGiven(columns, ['value', 'query', 'column']));
}

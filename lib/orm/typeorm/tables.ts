/** Entities and their relations, as the calls of TypeORM name them. */
import type { TableFacts } from '../../manifest/catalog.js';
import type { Expr, Range, TableRef } from '../../model/query.js';
import { and, column, comparison, isNull, literal, not, or, inList, parameter, time } from '../expressions.js';
import { guardNamed, rowsOf } from '../guards.js';
import type { Session } from '../session.js';

/** What is known of the entity of a name in code: also by the plural that its table is called by. Null where the manifest knows none. */
export function entityFacts(name: string, session: Session): TableFacts | null {
  for (const candidate of namesOf(name)) {
    const facts = session.facts(candidate);
    if (facts) return facts;
  }
  return null;
}

function namesOf(name: string): string[] {
  const bare = name.replace(/(?<=.)(?:Entity|Schema|Model)$/, '');
  return [...new Set([name, bare, ...plurals(bare)])];
}

function plurals(name: string): string[] {
  return [`${name}s`, name.replace(/y$/, 'ies'), `${name}es`];
}

function singulars(name: string): string[] {
  return [name.replace(/ies$/, 'y'), name.replace(/(?<=s|x|ch|sh)es$/, ''), name.replace(/s$/, '')].filter((singular) => singular !== name);
}

/** The other end of a relation. */
export interface Reach {
  readonly facts: TableFacts;
  readonly many: boolean;
  /** Own column → column of the other table. */
  readonly on: Readonly<Record<string, string>>;
  /** The relation's own declaration lets live rows alone through. */
  readonly live: boolean;
}

/** Where a property of an entity leads: by the manifest, else to the entity of that name in singular or plural; null where it leads to none that is known. */
export function relationOf(from: TableFacts, property: string, session: Session): Reach | null {
  const declared = Object.hasOwn(from.relations, property) ? from.relations[property]! : null;
  if (declared) {
    const facts = session.catalog.table(declared.table) ?? session.undeclared(declared.table);
    return { facts, many: declared.many, on: declared.through ? keyOfMany(from, facts) : declared.on ?? (declared.many ? keyOfMany(from, facts) : keyOfOne(property, facts)), live: declared.live };
  }
  if (isColumn(from, property, session)) return null;
  const one = session.facts(property);
  if (one) {
    const many = /s$/.test(property) && singulars(property).some((singular) => one.models.some((model) => sameName(model, singular)) || sameName(one.name, singular) || sameName(one.name, property));
    return { facts: one, many, on: many ? keyOfMany(from, one) : keyOfOne(property, one), live: false };
  }
  for (const singular of singulars(property)) {
    const facts = session.facts(singular);
    if (facts) return { facts, many: true, on: keyOfMany(from, facts), live: false };
  }
  const plural = plurals(property).map((name) => session.facts(name)).find((facts) => facts !== null);
  return plural ? { facts: plural, many: false, on: keyOfOne(property, plural), live: false } : null;
}

/** A relation that is used as one, whatever is known of it. */
export function relationTo(from: TableFacts, property: string, session: Session): Reach {
  const known = relationOf(from, property, session);
  if (known) return known;
  const facts = session.undeclared(property), many = /[^s]s$/.test(property);
  return { facts, many, on: many ? keyOfMany(from, facts) : keyOfOne(property, facts), live: false };
}

function isColumn(facts: TableFacts, property: string, session: Session): boolean {
  return Object.hasOwn(facts.columns, property) || session.catalog.tombstone(facts, property) !== null;
}

function sameName(a: string, b: string): boolean {
  return a.replaceAll('_', '').toLowerCase() === b.replaceAll('_', '').toLowerCase();
}

/** The names of the columns matter only where the other one is a key. */
function keyOfOne(property: string, facts: TableFacts): Record<string, string> {
  return Object.fromEntries(facts.key.map((key) => [`${property}_${key}`, key]));
}

function keyOfMany(from: TableFacts, facts: TableFacts): Record<string, string> {
  return Object.fromEntries(from.key.map((key) => [key, `${from.name}_${key}_of_${facts.name}`]));
}

/** The condition of a join along a relation. */
export function joined(parent: TableRef, target: TableRef, { on }: Reach, range: Range): Expr | null {
  return and(Object.entries(on).map(([own, other]) => comparison('=', column(target, other, range), column(parent, own, range), range)), range);
}

/** Does TypeORM filter the entity by itself (`@DeleteDateColumn`)? */
export function isFiltered({ autoFilter, deletion }: TableFacts): boolean {
  return deletion === 'soft' && (autoFilter === true || (Array.isArray(autoFilter) && autoFilter.includes('typeorm')));
}

/** The column that a property of an entity stands for. */
export function columnOf({ columns }: TableFacts, property: string): string {
  return Object.hasOwn(columns, property) ? columns[property]! : property;
}

/** The condition that TypeORM adds by itself. A delete-date column is a nullable time; of several tombstones it is the one that tells one. */
export function liveCondition(ref: TableRef, { tombstones }: TableFacts, range: Range): Expr | null {
  const timed = tombstones.filter(({ live, dead }) => live === null && dead === null), meant = timed.length > 0 ? timed : tombstones;
  return and(meant.map(({ column: name, live, dead, scheduled }) => {
    const of = column(ref, name, range);
    if (dead) return not(inList(of, dead.map((value) => literal(value, range)), range), range);
    if (live !== null) return comparison('=', of, literal(live, range), range);
    return scheduled ? or([isNull(of, range), comparison('>', of, time(0, range), range)], range) : isNull(of, range);
  }), range);
}

/** Rows that are named by their key. */
export function byKey(ref: TableRef, { key }: TableFacts, range: Range, many = false): Expr | null {
  return and(key.map((name) => { const of = column(ref, name, range); return many ? inList(of, [parameter(range)], range) : comparison('=', of, parameter(range), range); }), range);
}

/** What the declaration of a relation, or a guard of the manifest, lets through of its rows; null for no filter. */
export function relationRows(property: string, from: TableFacts, { live }: Reach, { ref, facts }: { readonly ref: TableRef; readonly facts: TableFacts }, range: Range, session: Session): Expr | null {
  if (live) return liveCondition(ref, facts, range);
  const guard = guardNamed(session, 'relation', property);
  return guard && (guard.model === undefined || session.facts(guard.model) === from) ? rowsOf(guard.yields, ref, facts, range) : null;
}

/** Entities and their relations, as the calls of MikroORM name them, and which of them it filters by itself. */
import type { GuardFacts, RelationFacts, TableFacts } from '../../manifest/catalog.js';
import type { Expr, Range, TableRef } from '../../model/query.js';
import { and, choice, column, comparison } from '../expressions.js';
import { rowsOf } from '../guards.js';
import type { Session } from '../session.js';
import type { Filters } from './filters.js';

/** An entity of a query: its reference, and what the manifest knows of it. */
export interface Place {
  readonly ref: TableRef;
  readonly facts: TableFacts;
}

/** The other end of a relation. */
export interface Reach {
  readonly facts: TableFacts;
  readonly many: boolean;
  /** Own column → column of the other table. */
  readonly on: Readonly<Record<string, string>>;
  /** Joined through a table of pairs. */
  readonly through: boolean;
  /** The relation's own declaration lets live rows alone through. */
  readonly live: boolean;
}

/** What the manifest knows of the entity of a name in code; null where it knows nothing. The default table of `UserAccount` is `user_account`. */
export function entityFacts(name: string, session: Session): TableFacts | null {
  const bare = name.replace(/(?<=.)(?:Entity|Schema|Model)$/, '');
  for (const candidate of new Set([name, bare, ...plurals(bare)])) {
    const facts = session.facts(candidate);
    if (facts) return facts;
  }
  return null;
}

/** The plural forms that a table may have for a word. */
export function plurals(word: string): string[] {
  return [`${word}s`, `${word}es`, ...(/y$/.test(word) ? [word.replace(/y$/, 'ies')] : [])];
}

/** The words that a plural may be of. */
export function singulars(word: string): string[] {
  return [word.replace(/ies$/, 'y'), word.replace(/(?<=s|x|z|ch|sh)es$/, ''), word.replace(/s$/, '')].filter((singular) => singular !== word);
}

/** Where a property of an entity leads: by the manifest, else to the entity of that name; null where it leads to none that is known. */
export function relationOf(from: TableFacts, property: string, session: Session): Reach | null {
  const declared = Object.hasOwn(from.relations, property) ? from.relations[property]! : null;
  if (declared) return declaredReach(from, property, declared, session);
  if (Object.hasOwn(from.columns, property) || session.catalog.tombstone(from, property) !== null) return null;
  const many = singulars(property).map((singular) => session.facts(singular)).find((facts) => facts !== null);
  if (many) return { facts: many, many: true, on: keyOfMany(from, many), through: false, live: false };
  const one = [property, ...plurals(property)].map((name) => session.facts(name)).find((facts) => facts !== null);
  return one ? { facts: one, many: false, on: keyOfOne(property, one), through: false, live: false } : null;
}

function declaredReach(from: TableFacts, property: string, { table, many, on, through, live }: RelationFacts, session: Session): Reach {
  const facts = session.catalog.table(table) ?? session.facts(table) ?? session.undeclared(table);
  return { facts, many, through: through !== null, on: through !== null ? keyOfMany(from, facts) : on ?? (many ? keyOfMany(from, facts) : keyOfOne(property, facts)), live: live || isLiveRelation(from, property, session) };
}

/** Does a guard of the manifest say that the relation's own condition keeps dead rows out? */
function isLiveRelation(from: TableFacts, property: string, session: Session): boolean {
  return session.catalog.guards.some((guard) => guard.kind === 'relation' && guard.name === property && guard.yields === 'live' && ofMikroOrm(guard) && (guard.model === undefined || session.facts(guard.model) === from));
}

/** A relation that is used as one, whatever is known of it. */
export function relationTo(from: TableFacts, property: string, session: Session): Reach {
  const known = relationOf(from, property, session);
  if (known) return known;
  const facts = session.undeclared(property), many = /[^s]s$/.test(property);
  return { facts, many, on: many ? keyOfMany(from, facts) : keyOfOne(property, facts), through: false, live: false };
}

function keyOfOne(property: string, { key }: TableFacts): Record<string, string> {
  return Object.fromEntries(key.map((name) => [`${property}_${name}`, name]));
}

/** The column at the other end is a foreign key, whose name does not matter. */
function keyOfMany(from: TableFacts, facts: TableFacts): Record<string, string> {
  return Object.fromEntries(from.key.map((name) => [name, `${from.name}_${name}_of_${facts.name}`]));
}

/** The condition of a join along a relation. */
export function joined(parent: TableRef, target: TableRef, { on }: Reach, range: Range): Expr | null {
  return and(Object.entries(on).map(([own, other]) => comparison('=', column(target, other, range), column(parent, own, range), range)), range);
}

/** The column that a property of an entity stands for. */
export function columnOf({ columns }: TableFacts, property: string): string {
  return Object.hasOwn(columns, property) ? columns[property]! : property;
}

/** Does the guard speak of MikroORM? */
export function ofMikroOrm({ library }: Pick<GuardFacts, 'library'>): boolean {
  return library === undefined || library === 'mikro-orm';
}

/** A reference to an entity, with the condition of its filter where the program decides whether that applies. */
export interface Placed extends Place {
  readonly filter: Expr | null;
}

/** Puts an entity into a query that runs with these filters. */
export function placed(facts: TableFacts, range: Range, filters: Filters, options: { readonly alias?: string | null; readonly via?: TableRef['via']; readonly explicit?: boolean }, session: Session): Placed {
  const state = filters.on(facts), written = state === 'applies' && options.explicit === true;
  const ref = session.table(facts.name, range, { schema: facts.schema, alias: options.alias ?? null, via: options.via ?? 'from', autoFilter: state === 'unknown' || written ? 'none' : state });
  const live = state === 'unknown' || written ? rowsOf('live', ref, facts, range) : null;
  return { ref, facts, filter: state === 'unknown' ? choice([live, null], range) : live };
}

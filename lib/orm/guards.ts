/** The helpers that a project declares in its manifest (`guards`): where one stands, the rows that it speaks of are live. */
import type { Catalog, GuardFacts, TableFacts } from '../manifest/catalog.js';
import type { Expr, Range, TableRef, TombstoneFact } from '../model/query.js';
import { stringOf, unwrap, type Node } from '../source/ast.js';
import type { Called } from './chains.js';
import { and, column, comparison, inList, isNull, literal, not, opaque, or, time } from './expressions.js';
import type { Session } from './session.js';

export type GuardOf<Kind extends GuardFacts['kind']> = Extract<GuardFacts, { kind: Kind }>;

/**
 * The guard of a kind that a name means, or null.
 *
 * @param root the identifier that the name was reached by, which tells the module that it was imported from; null where there is none
 */
export function guardNamed<Kind extends GuardFacts['kind']>(session: Session, kind: Kind, name: string, root: Node | null = null): GuardOf<Kind> | null {
  return guardsNamed(session, kind, name, root)[0] ?? null;
}

/** All guards of a kind that a name means: one client may treat some tables otherwise. */
export function guardsNamed<Kind extends GuardFacts['kind']>(session: Session, kind: Kind, name: string, root: Node | null = null): GuardOf<Kind>[] {
  const { guards } = session.catalog;
  if (guards.length === 0) return [];
  const origin = root ? session.origin(root) : null;
  return guards.filter((guard): guard is GuardOf<Kind> => guard.kind === kind && (guard.name === name || (origin !== null && guard.name === origin.name))
    && (guard.library === undefined || guard.library === session.library) && (guard.from === null || guard.from === origin?.module));
}

/** The name of the table that a call of a guard is about: the guard's own, else that of the argument in whose place the table stands; null for the call's own table. */
export function guardedTable(guard: { readonly table?: string; readonly tableArg?: number }, call: Called | null): { readonly name: string } | { readonly argument: Node } | null {
  if (guard.table !== undefined) return { name: guard.table };
  const argument = guard.tableArg === undefined ? undefined : call?.args[guard.tableArg];
  if (!argument) return null;
  const name = stringOf(argument);
  return name === null ? { argument } : { name };
}

/** Does a guard speak of a table: one of those that it names, in any spelling that the manifest knows, or any where it names none? */
export function speaksOf({ tables }: { readonly tables?: readonly string[] }, facts: TableFacts, catalog: Catalog): boolean {
  return !tables || tables.some((name) => catalog.model(name) === facts);
}

/** The condition that holds for live rows of a reference alone, or for dead ones alone; null for a table without tombstones. */
export function rowsOf(yields: 'live' | 'dead', ref: TableRef, facts: TableFacts, range: Range): Expr | null {
  const live = and(facts.tombstones.map((tombstone) => liveBy(tombstone, ref, range)), range);
  return live && yields === 'dead' ? not(live, range) : live;
}

function liveBy(tombstone: TombstoneFact, ref: TableRef, range: Range): Expr | null {
  const { live, dead, scheduled } = tombstone, at = column(ref, tombstone.column, range);
  if (dead) return inList(at, dead.map((value) => literal(value, range)), range, true);
  if (live !== null) return comparison('=', at, literal(live, range), range);
  const missing = isNull(at, range);
  return scheduled ? or([missing, comparison('>', at, time(0, range), range)], range) : missing;
}

/** The helper of one of some kinds that an expression calls or names (`notDeleted(users)`, `filters.live`), and its arguments; null where it is none. */
export function guardAt<Kind extends GuardFacts['kind']>(session: Session, node: Node, ...kinds: readonly Kind[]): { readonly guard: GuardOf<Kind>; readonly args: readonly Node[] } | null {
  const at = unwrap(node), callee = at.type === 'CallExpression' ? unwrap(at.callee) : at;
  const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : null;
  if (name === null) return null;
  const root = callee.type === 'MemberExpression' ? unwrap(callee.object) : callee;
  const guard = kinds.map((kind) => guardNamed(session, kind, name, root)).find((found) => found !== null);
  return guard ? { guard, args: at.type === 'CallExpression' ? at.arguments : [] } : null;
}

/**
 * The condition that a helper makes which stands in the place of conditions, or is spread into them: `notDeleted()`, `withoutDeleted({ email })`,
 * `{ ...notDeleted }`; null for none, undefined where no helper stands there.
 *
 * @param inner the conditions that a wrapper is given
 */
export function guardCondition(session: Session, node: Node, { ref, facts }: { readonly ref: TableRef; readonly facts: TableFacts }, inner: (argument: Node) => Expr | null): Expr | null | undefined {
  const found = guardAt(session, node, 'where-object', 'where-wrapper', 'predicate');
  if (!found) return undefined;
  const { guard, args } = found, range = node.range as Range;
  if (guard.table !== undefined && session.facts(guard.table) !== facts) return opaque(range);
  return and([rowsOf(guard.yields, ref, facts, range), guard.kind === 'where-wrapper' && args[0] ? inner(args[0]) : null], range);
}

/** What a client of the manifest filters of a table: the rows that a call is about, and those of relations. */
export interface ClientFilter {
  root(facts: TableFacts, operation: string): TableRef['autoFilter'];
  nested(facts: TableFacts): TableRef['autoFilter'];
}

/**
 * The client of the manifest that a call goes through, by one of the names on the way to it, or the way around that client; null where none is.
 *
 * @param reads the operations that a client with no list of its own filters
 */
export function clientFilter(session: Session, names: readonly string[], root: Node | null, reads: RegExp): ClientFilter | null {
  const clients = session.catalog.guards.filter((guard): guard is GuardOf<'client'> => guard.kind === 'client' && (guard.library === undefined || guard.library === session.library));
  const bypassed = clients.find(({ bypass }) => bypass !== undefined && names.includes(bypass));
  const guard = bypassed ?? names.map((name) => guardNamed(session, 'client', name, root)).find((found) => found !== null);
  if (!guard) return null;
  const { coverage = 'root' } = guard, filter = bypassed ? 'bypassed' as const : 'applies' as const;
  const isAbout = (facts: TableFacts): boolean => facts.deletion === 'soft' && speaksOf(guard, facts, session.catalog);
  const covers = (operation: string): boolean => (typeof coverage === 'string' ? reads.test(operation) : [...coverage.reads ?? [], ...coverage.writes ?? []].includes(operation));
  return {
    root: (facts, operation) => (isAbout(facts) && covers(operation) ? filter : 'none'),
    nested: (facts) => (isAbout(facts) && (typeof coverage === 'string' ? coverage === 'nested' : coverage.nested === true) ? filter : 'none'),
  };
}

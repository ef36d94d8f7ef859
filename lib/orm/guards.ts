/** The helpers that a project declares in its manifest (`guards`): where one stands, the rows that it speaks of are live. */
import type { GuardFacts, TableFacts } from '../manifest/catalog.js';
import type { Expr, Range, TableRef, TombstoneFact } from '../model/query.js';
import { stringOf, type Node } from '../source/ast.js';
import type { Called } from './chains.js';
import { and, column, comparison, inList, isNull, literal, not, or, time } from './expressions.js';
import type { Session } from './session.js';

export type GuardOf<Kind extends GuardFacts['kind']> = Extract<GuardFacts, { kind: Kind }>;

/**
 * The guard of a kind that a name means, or null.
 *
 * @param root the identifier that the name was reached by, which tells the module that it was imported from; null where there is none
 */
export function guardNamed<Kind extends GuardFacts['kind']>(session: Session, kind: Kind, name: string, root: Node | null = null): GuardOf<Kind> | null {
  const origin = root ? session.origin(root) : null;
  const found = session.catalog.guards.find((guard) => guard.kind === kind && (guard.name === name || (origin !== null && guard.name === origin.name))
    && (guard.library === undefined || guard.library === session.library) && (guard.from === null || guard.from === origin?.module));
  return (found as GuardOf<Kind> | undefined) ?? null;
}

/** The name of the table that a call of a guard is about: the guard's own, else that of the argument in whose place the table stands; null for the call's own table. */
export function guardedTable(guard: { readonly table?: string; readonly tableArg?: number }, call: Called | null): { readonly name: string } | { readonly argument: Node } | null {
  if (guard.table !== undefined) return { name: guard.table };
  const argument = guard.tableArg === undefined ? undefined : call?.args[guard.tableArg];
  if (!argument) return null;
  const name = stringOf(argument);
  return name === null ? { argument } : { name };
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

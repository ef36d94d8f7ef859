/** What Drizzle's builders have been told so far, and what the ways that a program may go leave of it. */
import type { Conflict, Cte, Expr, Query, Relation, SelectBlock, SetOperation, TableRef } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Env } from '../../source/values.js';
import { choice } from '../expressions.js';
import { Scope } from './names.js';

/** What a method was given, to be read when the whole statement is known. */
export interface Place {
  readonly node: Node;
  readonly env: Env | null;
}

/** A statement as far as it is built. */
export interface State {
  readonly verb: 'select' | 'update' | 'insert' | 'delete' | 'count' | null;
  readonly scope: Scope;
  readonly ctes: readonly Cte[];
  readonly fields: Place | null;
  readonly distinct: SelectBlock['distinct'];
  readonly from: Relation | null;
  readonly joins: number;
  readonly target: TableRef | null;
  readonly where: Expr | null;
  readonly filtered: boolean;
  readonly groupBy: readonly Expr[] | null;
  readonly having: Expr | null;
  readonly orderBy: readonly Expr[];
  readonly limited: boolean;
  readonly dynamic: boolean;
  readonly sent: boolean;
  readonly assigned: Place | null;
  readonly values: Place | null;
  readonly source: Query | null;
  readonly conflict: Conflict | null;
  readonly returning: boolean;
  readonly arms: readonly { readonly operator: SetOperation['operator']; readonly query: Query }[];
  /** LIMIT or ORDER BY of the whole set operation. */
  readonly cut: boolean;
}

/** A builder that was told nothing. */
export function emptyState(outer: Scope | null): State {
  return {
    verb: null, scope: new Scope(outer), ctes: [], fields: null, distinct: 'none', from: null, joins: 0, target: null, where: null, filtered: false, groupBy: null, having: null, orderBy: [],
    limited: false, dynamic: false, sent: false, assigned: null, values: null, source: null, conflict: null, returning: false, arms: [], cut: false,
  };
}

/** What several ways leave of a builder: the tables of the way that joined most, and the conditions of each. */
export function merged(states: readonly State[]): State {
  const most = states.reduce((best, state) => (state.joins > best.joins || (best.verb === null && state.verb !== null) ? state : best));
  const range = most.from?.range ?? most.target?.range ?? [0, 0];
  return {
    ...most,
    where: choice(states.map((state) => state.where), range), having: choice(states.map((state) => state.having), range),
    filtered: states.every((state) => state.filtered), limited: states.some((state) => state.limited), dynamic: states.some((state) => state.dynamic), sent: states.every((state) => state.sent),
    arms: states.find((state) => state.arms.length > 0)?.arms ?? [],
  };
}

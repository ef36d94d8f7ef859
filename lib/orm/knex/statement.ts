/** The statement around a call, as those see it who read the call's arguments: a query may stand in any of them. */
import type { Expr, Query, TableRef } from '../../model/query.js';
import type { FunctionValue, Step } from '../../source/values.js';
import type { Argument } from './arguments.js';
import type { Builder } from './builder.js';
import type { Place } from './places.js';

/** A query that is a part of another one. */
export interface Subquery {
  readonly query: Query;
  readonly alias: string | null;
}

export interface Statement {
  /** The query that an argument is: a callback, a builder; null where it is none. */
  queryIn(argument: Argument): Subquery | null;
  /** The column that an argument names by a function of the library (`knex.ref('u.id')`); null for any other. */
  referred(argument: Argument): Expr | null;
  /** The conditions that a callback collects on a builder, in parentheses; null for none. */
  group(fn: FunctionValue, builder: Builder): Expr | null;
  /** Remembers the call that a reference came in by. */
  placed(ref: TableRef, step: Step, how: Pick<Place, 'kind' | 'join'>): void;
}

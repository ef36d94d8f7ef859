/** Where the tables, conditions and conflict clauses of a query stand in its calls: what edits go by. */
import type { Node } from '../../source/ast.js';
import type { Called } from '../chains.js';

/** Where a table stands in the calls, for edits. */
export interface Place {
  readonly step: Called;
  readonly how: 'from' | 'join';
  readonly frame: Frame;
}

/** The calls of one query that are made in any case, in order. */
export interface Frame {
  readonly steps: readonly Called[];
  /** Calls of `where` with a raw fragment whose OR is not in parentheses. */
  readonly loose: readonly Called[];
}

/** Where the clause of a conflict stands: the call that names its columns, and what it sets. */
export interface ConflictPlace {
  readonly column: Called | null;
  readonly set: Node | null;
}

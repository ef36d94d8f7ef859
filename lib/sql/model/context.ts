/** What the conversion of one statement carries along: places, ranges, holes. */
import type { Dialect } from '../../manifest/catalog.js';
import type { Assignment, Cte, Delete, Expr, Insert, Join, Query, Range, Relation, TableRef } from '../../model/query.js';
import type { FilledHole } from '../holes.js';
import type { Repair, RepairKind } from '../repair.js';
import { sourceRange, type SqlText } from '../sql-text.js';
import type { CstNode } from './cst.js';

/** Offsets in the text (not in the file). */
export type Span = readonly [start: number, end: number];

/** Where a block's rows can be filtered. */
export interface BlockPlace {
  /** The predicate of WHERE. */
  readonly where: Expr | null;
  /** The predicate's own words. */
  readonly predicate: Span | null;
  /** From the end of what stands before WHERE to the end of its predicate. */
  readonly clause: Span | null;
  /** Where a new WHERE goes; null where that cannot be told. */
  readonly newWhere: number | null;
  /** The keyword in front of the tables, or of SET: FROM, UPDATE, DELETE. */
  readonly keyword: number;
  /** Relations of the block, its target included. */
  readonly relations: number;
}

/** Where a table reference stands. */
export interface RefPlace {
  readonly span: Span;
  /** The table's name with its schema. */
  readonly name: Span;
  /** The last part of the name. */
  readonly lastName: Span;
  readonly alias: Span | null;
}

/** A join that a reference stands in, on which side of it, and the join around that one. */
interface JoinAbove {
  readonly join: Join;
  readonly side: 'left' | 'right';
  readonly outer: JoinAbove | null;
}

/** The block whose rows a reference feeds, and the joins above it. */
export class Home {
  readonly block: Query;
  readonly #innermost: JoinAbove | null;

  constructor(block: Query, innermost: JoinAbove | null) {
    this.block = block;
    this.#innermost = innermost;
  }

  /** Innermost first. */
  get joins(): readonly { readonly join: Join; readonly side: 'left' | 'right' }[] {
    const joins: JoinAbove[] = [];
    for (let above = this.#innermost; above; above = above.outer) joins.push(above);
    return joins;
  }
}

/** Where a DELETE would have to be rewritten. */
export interface DeletePlace {
  /** `DELETE FROM`, `DELETE u FROM`. */
  readonly head: Span;
  /** The keyword USING that introduces other tables. */
  readonly using: Span | null;
  /** The end of the tables: before WHERE. */
  readonly tablesEnd: number;
  /** False where words of the statement have no counterpart in UPDATE. */
  readonly convertible: boolean;
}

/** Where a conflict clause can be amended. */
export interface ConflictPlace {
  /** The end of `(email)` in `ON CONFLICT (email)`. */
  readonly targetEnd: number | null;
  readonly targetPredicate: Span | null;
  /** The end of the list of assignments. */
  readonly assignmentsEnd: number | null;
}

/** Places of the model's nodes in the text; what remedies are made from. */
export class Places {
  readonly spans = new WeakMap<object, Span>();
  readonly blocks = new WeakMap<Query, BlockPlace>();
  readonly refs = new WeakMap<TableRef, RefPlace>();
  readonly homes = new WeakMap<TableRef, Home>();
  /** What to remove together with an operand of AND. */
  readonly conjuncts = new WeakMap<Expr, Span>();
  /** The condition behind ON. */
  readonly joins = new WeakMap<Join, Span>();
  /** The column in front of `=`. */
  readonly assigned = new WeakMap<Assignment, Span>();
  readonly deletes = new WeakMap<Delete, DeletePlace>();
  readonly conflicts = new WeakMap<Insert, ConflictPlace>();

  /** Remembers the block and the joins of every table in the relations of a block. */
  settle(block: Query, relations: readonly Relation[]): void {
    const visit = (relation: Relation, outer: JoinAbove | null): void => {
      if (relation.type === 'table') this.homes.set(relation, new Home(block, outer));
      else if (relation.type === 'join') {
        visit(relation.left, { join: relation, side: 'left', outer });
        visit(relation.right, { join: relation, side: 'right', outer });
      }
    };
    for (const relation of relations) visit(relation, null);
  }
}

/** What a query inherits from the words around it. */
export interface QueryFrame {
  /** Where the query's words end at the latest: a closing parenthesis, the next set operator, the end of the statement. */
  readonly limit: number;
  /** WITH in front of a parenthesised query. */
  readonly ctes: readonly Cte[];
  /** ORDER BY and LIMIT behind a parenthesised query. */
  readonly orderBy: readonly Expr[];
  readonly limited: boolean;
}

export interface ReadingInput {
  readonly sql: SqlText;
  readonly dialect: Dialect;
  /** Offsets of the statement in the text. */
  readonly start: number;
  readonly end: number;
  /** The characters that were parsed; `text[i]` stands at `start + i`. */
  readonly text: string;
  readonly holes: readonly FilledHole[];
  readonly repairs: readonly Repair[];
}

/** One statement on its way from the tree to the model. */
export class Reading {
  readonly sql: SqlText;
  readonly dialect: Dialect;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly repairs: readonly Repair[];
  readonly places: Places;
  /** WITH, ORDER BY, LIMIT .. that stand in an arm but belong to the whole set operation. */
  readonly hoisted = new Set<CstNode>();
  readonly #standIns: readonly FilledHole[];
  readonly #inLiterals: readonly FilledHole[];
  readonly #dropped: Set<FilledHole>;

  constructor(input: ReadingInput, places = new Places()) {
    this.sql = input.sql;
    // What could only be read in another dialect was written in it.
    this.dialect = input.repairs.find(({ kind }) => kind === 'dialect')?.dialect ?? input.dialect;
    this.start = input.start;
    this.end = input.end;
    this.text = input.text;
    this.repairs = input.repairs;
    this.places = places;
    this.#standIns = input.holes.filter((hole) => hole.as !== 'text-in-literal' && hole.as !== 'dropped');
    this.#inLiterals = input.holes.filter((hole) => hole.as === 'text-in-literal');
    this.#dropped = new Set(input.holes.filter(({ as, hole }) => as === 'dropped' && !hole.tail));
  }

  get mysql(): boolean {
    return this.dialect === 'mysql' || this.dialect === 'mariadb';
  }

  /** The place of a node in the file. */
  range(node: CstNode): Range {
    return this.rangeOf(node.range);
  }

  rangeOf(span: Span): Range {
    return sourceRange(this.sql, span[0], span[1]);
  }

  /** A model node with its range in the file, whose place in the text is remembered. */
  at<const T extends object>(node: CstNode | Span, fields: T): T & { readonly range: Range } {
    const span = ('type' in node ? node.range : node) as Span;
    const made = { ...fields, range: this.rangeOf(span) };
    this.places.spans.set(made, span);
    return made;
  }

  /** The characters that were parsed, between two offsets of the text. */
  parsed(span: Span): string {
    return this.text.slice(span[0] - this.start, span[1] - this.start);
  }

  /** The hole that a node stands in for, or null. */
  hole(node: CstNode): FilledHole | null {
    for (const hole of this.#standIns) if (hole.hole.start <= node.range[0] && node.range[1] <= hole.hole.end) return hole;
    return null;
  }

  /** The rewrite of a kind that starts between two offsets, of which the tree knows nothing; undefined where there is none. */
  repair(kind: RepairKind, start: number, end: number): Repair | undefined {
    return this.repairs.find((repair) => repair.kind === kind && repair.start >= start && repair.start <= end);
  }

  /** Is a part of the node's characters decided at run time (`'%${x}%'`, `users_${suffix}`)? */
  isPartlyHidden(node: CstNode): boolean {
    return this.#inLiterals.some((hole) => hole.hole.start < node.range[1] && node.range[0] < hole.hole.end);
  }

  /** Fragments between two offsets of which the tree knows nothing. */
  dropped(start: number, end: number): FilledHole[] {
    const found: FilledHole[] = [];
    for (const hole of this.#dropped) if (hole.hole.start >= start && hole.hole.start < end) found.push(hole);
    return found;
  }

  /** The fragment that ends at an offset and stands in for something (`FROM a, ${rest}`, `SET ${rest}`): it may go on with what would follow. */
  trailing(end: number): FilledHole[] {
    return this.#standIns.filter(({ hole, as }) => hole.end === end && as !== 'value' && as !== 'identifier' && !hole.tail && (hole.kind === 'fragment' || hole.kind === 'unknown'));
  }

  /** The fragments between two offsets, which no other block gets to see after this. */
  takeDropped(start: number, end: number): FilledHole[] {
    const found = this.dropped(start, end);
    for (const hole of found) this.#dropped.delete(hole);
    return found;
  }

  holeRange(hole: FilledHole): Range {
    return this.rangeOf([hole.hole.start, hole.hole.end]);
  }
}

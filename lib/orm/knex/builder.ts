/** What a Knex builder has been told so far, and the statement of the model that it makes. */
import type { Assignment, Conflict, Cte, Expr, Join, OutputColumn, Query, Range, Relation, SelectBlock, TableRef } from '../../model/query.js';
import type { Value } from '../../source/values.js';
import { select } from '../expressions.js';
import { conditionOf, merged, NO_CLAUSES, type Clauses, type Connective } from './clauses.js';

export interface JoinPart {
  readonly kind: Join['kind'];
  readonly right: Relation;
  readonly on: Expr | null;
  readonly using: readonly string[] | null;
  readonly range: Range;
}

export type Write =
  | { readonly type: 'insert'; readonly columns: readonly string[] | null; readonly assignments: readonly Assignment[]; readonly opaqueAssignments: boolean; /** What is inserted, where that is one row. */ readonly row: Value | null; readonly source: Query | null; readonly conflict: Omit<Conflict, 'where'> | null }
  | { readonly type: 'update'; readonly assignments: readonly Assignment[]; readonly opaqueAssignments: boolean }
  | { readonly type: 'delete' }
  | { readonly type: 'truncate' };

/** Rows of a relation that are fetched with those of the statement, by a query of their own (Objection's `withGraphFetched`). */
export interface Include {
  /** The relation's name or alias in the expression. */
  readonly name: string;
  readonly builder: Builder;
  /** The name by which conditions of the statement reach it; null where it is fetched apart. */
  readonly alias: string | null;
  readonly kind: Join['kind'];
  readonly range: Range;
}

/** The state of a builder. Each call makes a new one. */
export interface Builder {
  readonly schema: string | null;
  readonly from: readonly Relation[];
  readonly joins: readonly JoinPart[];
  readonly includes: readonly Include[];
  readonly ctes: readonly Cte[];
  readonly where: Clauses;
  readonly having: Clauses;
  readonly groupBy: readonly Expr[] | null;
  readonly output: readonly OutputColumn[];
  readonly distinct: SelectBlock['distinct'];
  readonly limited: boolean;
  readonly sets: readonly { readonly operator: 'union' | 'intersect' | 'except'; readonly query: Query }[];
  readonly write: Write | null;
  readonly alias: string | null;
  readonly opaqueFilters: readonly Range[];
  /** What `.or`, `.and` and `.not` in front of the next condition said. */
  readonly connective: Connective | null;
  readonly negated: boolean;
  /** Calls that belong to builders of this kind, and calls that none of them has. */
  readonly known: number;
  readonly strange: number;
  /** The ways of the program disagree on what the statement is about. */
  readonly torn: boolean;
  /** The builder has been run: what follows is asked of its rows. */
  readonly done: boolean;
}

export const EMPTY: Builder = {
  schema: null, from: [], joins: [], includes: [], ctes: [], where: NO_CLAUSES, having: NO_CLAUSES, groupBy: null, output: [], distinct: 'none', limited: false, sets: [], write: null,
  alias: null, opaqueFilters: [], connective: null, negated: false, known: 0, strange: 0, torn: false, done: false,
};

/** The table that the statement is about; null where that is none, or cannot be seen. */
export function rootOf(builder: Builder): TableRef | null {
  const [first] = builder.from;
  return first?.type === 'table' ? first : null;
}

/** One builder of those that a condition of the program leaves. */
export function mergedBuilders(states: readonly Builder[], range: Range): Builder {
  const [first, ...others] = states;
  if (!first || others.every((state) => state === first)) return first ?? EMPTY;
  const fullest = states.reduce((best, state) => (state.from.length + state.joins.length > best.from.length + best.joins.length ? state : best));
  const writes = new Set(states.map(({ write }) => write?.type ?? 'select'));
  return {
    ...fullest,
    where: merged(states.map(({ where }) => where), range),
    having: merged(states.map(({ having }) => having), range),
    // Ways in which the rows are folded and ways in which they are not: the latter show more.
    groupBy: states.some(({ groupBy }) => groupBy === null) ? null : fullest.groupBy,
    limited: states.some(({ limited }) => limited),
    includes: [...new Set(states.flatMap(({ includes }) => includes))],
    ctes: [...new Set(states.flatMap(({ ctes }) => ctes))],
    sets: [...new Set(states.flatMap(({ sets }) => sets))],
    output: states.find(({ output }) => output.length > 0)?.output ?? [],
    opaqueFilters: [...new Set(states.flatMap(({ opaqueFilters }) => opaqueFilters))],
    write: states.find(({ write }) => write !== null)?.write ?? null,
    known: Math.max(...states.map(({ known }) => known)),
    strange: Math.max(...states.map(({ strange }) => strange)),
    torn: states.some(({ torn }) => torn) || writes.size > 1 || !states.every((state) => sameRoot(state, fullest)),
    done: states.every(({ done }) => done),
  };
}

/** Are both about the same table, or one about none yet? */
function sameRoot(a: Builder, b: Builder): boolean {
  return a.from[0] === b.from[0];
}

/** The statement. */
export function queryOf(builder: Builder, range: Range): Query {
  const { ctes, write } = builder, target = rootOf(builder), where = conditionOf(builder.where, range);
  if (write && target) {
    const base = { ctes, range, target };
    // The joins of an update or delete become its FROM or USING: what is joined to the target filters it, whatever the kind.
    const beside = fromOf({ ...builder, from: [target], includes: [] });
    const from = builder.joins.length > 0 ? beside : [];
    switch (write.type) {
      case 'insert': return { type: 'insert', ...base, columns: write.columns, source: write.source, conflict: write.conflict && { ...write.conflict, where }, returning: [] };
      case 'update': return { type: 'update', ...base, targetInFrom: from.length > 0, from, assignments: write.assignments, opaqueAssignments: write.opaqueAssignments, where, returning: [], opaqueFilters: builder.opaqueFilters };
      case 'delete': return { type: 'delete', ...base, targetInFrom: from.length > 0, from, where, returning: [], opaqueFilters: builder.opaqueFilters };
      case 'truncate': return { type: 'truncate', ...base, targets: [target] };
    }
  }
  const block = select({
    ctes: builder.sets.length > 0 ? [] : ctes, from: fromOf(builder), where, groupBy: builder.groupBy, having: conditionOf(builder.having, range),
    ...(builder.output.length > 0 ? { output: builder.output } : {}), distinct: builder.distinct, limited: builder.limited && builder.sets.length === 0,
    opaqueFilters: builder.opaqueFilters, range,
  });
  return builder.sets.reduce<Query>((left, { operator, query }, i) => ({
    type: 'set-operation', operator, left, right: query, range, orderBy: [],
    ctes: i === builder.sets.length - 1 ? ctes : [], limited: builder.limited && i === builder.sets.length - 1,
  }), block);
}

/** FROM with its joins, and what is included as LEFT JOINs of queries; of what is fetched apart the statement's own conditions see no column. */
function fromOf({ from, joins: written, includes }: Builder): Relation[] {
  const joins = [...written, ...includes.map(({ builder, alias, kind, range }): JoinPart => (
    { kind, right: { type: 'derived', query: queryOf(builder, range), alias, columns: alias === null ? [] : null, lateral: true, range }, on: null, using: null, range }
  ))];
  const last = from.at(-1);
  if (!last) return joins.map(({ right }) => right);
  const joined = joins.reduce<Relation>((left, { kind, right, on, using, range }): Relation => ({ type: 'join', kind, natural: false, left, right, on, using, opaque: false, range }), last);
  return [...from.slice(0, -1), joined];
}

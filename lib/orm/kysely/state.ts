/** What Kysely's builders have been told so far, and what the ways that a program may go make of it together. */
import type { Assignment, Conflict, Cte, Expr, Join, MergeBranch, OutputColumn, Query, Range, Relation, SelectBlock, SetOperation, TableRef } from '../../model/query.js';
import type { Step } from '../../source/values.js';
import { choice, named } from '../expressions.js';
import { either, sharedLength, type Condition } from './conditions.js';

type Verb = 'select' | 'update' | 'delete' | 'insert' | 'merge';

export interface JoinPart {
  readonly kind: Join['kind'];
  readonly right: Relation;
  readonly on: Expr | null;
  readonly opaque: boolean;
  readonly range: Range;
}

export interface SetPart {
  readonly operator: SetOperation['operator'];
  readonly query: Query;
}

interface MergeWhen {
  readonly when: MergeBranch['when'];
  readonly condition: Expr | null;
}

/** A query as far as it is built. Lists only grow, but for what `clear..` takes away. */
export interface State {
  readonly verb: Verb | null;
  readonly schema: string | null;
  readonly ctes: readonly Cte[];
  /** What a write changes. */
  readonly targets: readonly TableRef[];
  readonly from: readonly Relation[];
  readonly joins: readonly JoinPart[];
  readonly where: readonly Condition[];
  readonly having: readonly Condition[];
  readonly groupBy: readonly Expr[];
  readonly output: readonly OutputColumn[];
  readonly orderBy: readonly Expr[];
  readonly sets: readonly SetPart[];
  readonly distinct: SelectBlock['distinct'];
  readonly limited: boolean;
  readonly alias: string | null;
  readonly assignments: readonly Assignment[];
  readonly opaqueAssignments: boolean;
  readonly source: Query | null;
  readonly conflict: Conflict | null;
  readonly mergeOn: Expr | null;
  readonly pending: MergeWhen | null;
  readonly branches: readonly MergeBranch[];
  /** What may filter the rows and cannot be seen. */
  readonly unseen: readonly Range[];
  readonly executed: boolean;
}

/** A query of which nothing is said. */
export const EMPTY: State = {
  verb: null, schema: null, ctes: [], targets: [], from: [], joins: [], where: [], having: [], groupBy: [], output: [], orderBy: [], sets: [], distinct: 'none', limited: false,
  alias: null, assignments: [], opaqueAssignments: false, source: null, conflict: null, mergeOn: null, pending: null, branches: [], unseen: [], executed: false,
};

/** The query with a step that may do anything to its rows. */
export function unseen(state: State, step: Step): State {
  return { ...state, unseen: [...state.unseen, step.node.range as Range] };
}

/** The tables that a query has named so far, its own first. */
export function tablesOf(state: State): readonly TableRef[] {
  return [...state.targets, ...state.from, ...state.joins.map(({ right }) => right)].filter((relation): relation is TableRef => relation.type === 'table');
}

/** An assignment that only some runs make: else the column keeps its value. */
export function maybe(assignment: Assignment): Assignment {
  const { column, value, range } = assignment;
  return { ...assignment, value: choice([value, named(null, column, range)], range)! };
}

/**
 * What several ways make of a query: those that read the same table are one query of which some parts are there in some runs alone,
 * others stay apart.
 */
export function merged(base: State, ways: readonly State[]): readonly State[] {
  const groups: State[][] = [];
  for (const way of ways) {
    const group = groups.find(([first]) => first!.verb === way.verb && first!.from[0] === way.from[0] && first!.targets[0] === way.targets[0]);
    if (group) group.push(way);
    else groups.push([way]);
  }
  return groups.map((group) => (group.length === 1 ? group[0]! : mergedGroup(base, group)));
}

function mergedGroup(base: State, ways: readonly State[]): State {
  const [first] = ways, range = (ways.flatMap(({ where }) => where).at(-1)?.expr.range ?? [0, 0]) as Range;
  const all = <Key extends 'ctes' | 'targets' | 'from' | 'joins' | 'groupBy' | 'output' | 'orderBy' | 'sets' | 'assignments' | 'branches' | 'unseen'>(key: Key): State[Key] => {
    const lists: readonly (readonly unknown[])[] = ways.map((way) => way[key]), shared = sharedLength(lists[0]!, lists);
    return [...lists[0]!.slice(0, shared), ...new Set(lists.flatMap((list) => list.slice(shared)))] as unknown as State[Key];
  };
  const conditions = (key: 'where' | 'having'): readonly Condition[] => {
    const shared = ways[0]![key].slice(0, sharedLength(ways[0]![key], ways.map((way) => way[key])));
    return either(shared, ways.map((way) => way[key]), range);
  };
  return {
    ...first!, ctes: all('ctes'), targets: all('targets'), from: all('from'), joins: all('joins'), groupBy: all('groupBy'), output: all('output'), orderBy: all('orderBy'), sets: all('sets'),
    assignments: ways.every((way) => way.assignments === base.assignments) ? base.assignments : ways.flatMap((way) => way.assignments.slice(sharedLength(base.assignments, [way.assignments]))).map(maybe).concat(base.assignments),
    branches: all('branches'), unseen: all('unseen'), where: conditions('where'), having: conditions('having'),
    limited: ways.some((way) => way.limited), opaqueAssignments: ways.some((way) => way.opaqueAssignments),
    source: ways.find((way) => way.source)?.source ?? null, conflict: ways.find((way) => way.conflict)?.conflict ?? null, executed: ways.some((way) => way.executed),
  };
}

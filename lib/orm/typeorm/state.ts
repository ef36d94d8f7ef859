/** What the steps of a query builder come to, and how several ways of a program are put together. */
import type { Cte, Expr, Insert, OutputColumn, Range, Relation, Update } from '../../model/query.js';
import { and, choice, or } from '../expressions.js';
import type { Place, WithDeleted } from './graph.js';

/** A relation of FROM that other steps name. */
export interface Named {
  readonly alias: string;
  readonly place: Place | null;
}

export interface JoinPart {
  readonly kind: 'inner' | 'left';
  readonly relation: Relation;
  readonly on: Expr | null;
}

/** Alternatives of which each is a list of conditions that all have to hold: what strings without parentheses come to. */
export type Groups = readonly (readonly (Expr | null)[])[];

/** What later steps make of the builder, which decides whether the library filters its main entity. */
export interface Prospect {
  readonly withDeleted: WithDeleted;
  readonly writes: boolean;
}

export interface State {
  readonly prospect: Prospect;
  readonly mainFilter: Expr | null;
  readonly does: 'select' | 'update' | 'delete' | 'soft-delete' | 'restore' | 'insert' | 'relation';
  readonly main: Place | null;
  readonly mainRelation: Relation | null;
  readonly others: readonly Relation[];
  readonly names: readonly Named[];
  readonly joins: readonly JoinPart[];
  readonly where: Groups;
  readonly withDeleted: WithDeleted;
  /** Null: what the entities of main and of the joins that are selected hold. */
  readonly output: readonly OutputColumn[] | null;
  readonly loaded: readonly string[];
  readonly groupBy: readonly Expr[] | null;
  readonly having: Expr | null;
  readonly distinct: 'none' | 'all' | 'on';
  readonly limited: boolean;
  readonly ctes: readonly Cte[];
  readonly set: Pick<Update, 'assignments' | 'opaqueAssignments'> | null;
  readonly conflict: Insert['conflict'];
  readonly counted: boolean;
  readonly tested: boolean;
  readonly executed: boolean;
  /** Code that cannot be seen had its hands on it. */
  readonly unseen: boolean;
}

export const EMPTY: State = {
  prospect: { withDeleted: false, writes: false }, mainFilter: null, does: 'select', main: null, mainRelation: null, others: [], names: [], joins: [], where: [[]], withDeleted: false, output: null, loaded: [], groupBy: null, having: null,
  distinct: 'none', limited: false, ctes: [], set: null, conflict: null, counted: false, tested: false, executed: false, unseen: false,
};

/** What several ways of a program make of a builder, as one. */
export function merged(states: readonly State[], range: Range): State {
  const [first, ...others] = states as readonly [State, ...State[]];
  if (others.every((state) => state === first)) return first;
  const joins = [...new Map(states.flatMap(({ joins: own }) => own).map((join) => [join.relation, join])).values()];
  const unique = dropSame(joins);
  return {
    ...first, joins: unique, where: mergedWhere(states.map(({ where }) => where), range),
    names: [...new Map(states.flatMap(({ names }) => names).map((name) => [name.alias, name])).values()],
    withDeleted: states.every(({ withDeleted }) => withDeleted === first.withDeleted) ? first.withDeleted : null,
    main: states.find(({ main }) => main !== null)?.main ?? null,
    mainRelation: states.find(({ mainRelation }) => mainRelation !== null)?.mainRelation ?? null,
    others: [...new Set(states.flatMap((state) => state.others))],
    output: states.some(({ output }) => output !== first.output) ? states.map(({ output }) => output).reduce<readonly OutputColumn[] | null>((longest, output) => ((output?.length ?? 0) > (longest?.length ?? 0) ? output : longest), null) : first.output,
    loaded: [...new Set(states.flatMap(({ loaded }) => loaded))],
    groupBy: states.find(({ groupBy }) => groupBy !== null)?.groupBy ?? null,
    having: states.find(({ having }) => having !== null)?.having ?? null,
    limited: states.some(({ limited }) => limited), distinct: states.find(({ distinct }) => distinct !== 'none')?.distinct ?? 'none', counted: states.every(({ counted }) => counted), tested: states.every(({ tested }) => tested),
    executed: states.some(({ executed }) => executed), unseen: states.some(({ unseen }) => unseen), ctes: [...new Set(states.flatMap(({ ctes }) => ctes))],
  };
}

/** What all ways have in common stays as it is; the rest is decided by the program. */
function mergedWhere(ways: readonly Groups[], range: Range): Groups {
  const [first, ...others] = ways as readonly [Groups, ...Groups[]];
  if (others.every((groups) => groups === first)) return first;
  const shortest = Math.min(...ways.map((groups) => groups.length));
  if (ways.every((groups) => groups.length === shortest && groups.slice(0, -1).every((group, i) => group === first[i]))) {
    const lasts = ways.map((groups) => groups.at(-1)!);
    let common = 0;
    while (lasts.every((group) => group.length > common && group[common] === lasts[0]![common])) common++;
    const rest = lasts.map((group) => and(group.slice(common), range));
    return [...first.slice(0, -1), [...lasts[0]!.slice(0, common), choice(rest, range)]];
  }
  return [[choice(ways.map((groups) => whereOf(groups, range)), range)]];
}

/** The groups with one more condition behind AND. */
export function withLast(groups: Groups, condition: Expr | null): Groups {
  return condition === null ? groups : [...groups.slice(0, -1), [...groups.at(-1) ?? [], condition]];
}

/** WHERE, as a condition. */
export function whereOf(groups: Groups, range: Range): Expr | null {
  const filled = groups.filter((group) => group.length > 0);
  return filled.length === 0 ? null : or(filled.map((group) => and(group, range)), range);
}

/** Ways of a condition that join under the same alias join the same. */
function dropSame(joins: readonly JoinPart[]): JoinPart[] {
  const seen = new Set<string>();
  return joins.filter(({ relation }) => {
    const alias = 'alias' in relation ? relation.alias : null;
    if (alias === null || !seen.has(alias)) { if (alias !== null) seen.add(alias); return true; }
    return false;
  });
}

/** The statements of the model that built queries say. */
import type { Query, Range, Relation, SelectBlock, SetOperation, TableRef } from '../../model/query.js';
import { joined } from './conditions.js';
import type { JoinPart, State } from './state.js';

/** The statement that a state says; null for what is no query. */
export function statementOf(state: State, range: Range): Query | null {
  return statementsOf(state, range)[0] ?? null;
}

/** The statements that a state says: one, or one for each table of a DELETE of several. */
export function statementsOf(state: State, range: Range): readonly Query[] {
  const where = joined(state.where, range), { ctes } = state;
  switch (state.verb) {
    case null: return [];
    case 'select': return [selection(state, range)];
    case 'insert': return state.targets.slice(0, 1).map((target) => ({ type: 'insert', ctes, target, columns: null, source: state.source, conflict: state.conflict, returning: state.output, range }));
    case 'merge': {
      const [target] = state.targets, [source] = state.from;
      return target && source ? [{ type: 'merge', ctes, target, source, on: state.mergeOn, branches: state.branches, returning: state.output, range }] : [];
    }
    case 'update': case 'delete': return state.targets.flatMap((target): readonly Query[] => {
      // PostgreSQL joins to FROM or USING, MySQL to the target itself.
      const twin = state.from.find((relation): relation is TableRef => relation.type === 'table' && sameTable(relation, target));
      const own = twin ?? target, inFrom = twin !== undefined || (state.from.length === 0 && state.joins.length > 0);
      const from = state.from.length > 0 || state.joins.length > 0 ? withJoins(state.from.length > 0 ? state.from : [own], state.joins) : [];
      const shared = { ctes, target: own, targetInFrom: inFrom, from, where, returning: state.output, opaqueFilters: state.unseen, range };
      return [state.verb === 'delete' ? { type: 'delete', ...shared } : { type: 'update', ...shared, assignments: state.assignments, opaqueAssignments: state.opaqueAssignments }];
    });
  }
}

function selection(state: State, range: Range): Query {
  const combined = state.sets.length > 0;
  const block: SelectBlock = {
    type: 'select', ctes: combined ? [] : state.ctes, from: withJoins(state.from, state.joins), where: joined(state.where, range), groupBy: state.groupBy.length > 0 ? state.groupBy : null,
    having: joined(state.having, range), output: state.output, distinct: state.distinct, limited: !combined && state.limited, orderBy: combined ? [] : state.orderBy, opaqueFilters: state.unseen, range,
  };
  // LIMIT and ORDER BY stand behind all arms.
  const query = state.sets.reduce<Query>((left, { operator, query: right }) => setOperation(operator, left, right, range), block);
  return query.type === 'set-operation' ? { ...query, ctes: state.ctes, limited: state.limited, orderBy: state.orderBy } : query;
}

/** A query that cannot be seen. */
export function opaqueQuery(range: Range): Query {
  return { type: 'opaque-query', ctes: [], range };
}

/** Two queries combined. */
export function setOperation(operator: SetOperation['operator'], left: Query, right: Query, range: Range): SetOperation {
  return { type: 'set-operation', operator, left, right, ctes: [], limited: false, orderBy: [], range };
}

function sameTable(a: TableRef, b: TableRef): boolean {
  return a.name === b.name && (a.alias ?? a.name) === (b.alias ?? b.name);
}

/** Joins go on from the last relation of the list. */
function withJoins(from: readonly Relation[], joins: readonly JoinPart[]): Relation[] {
  const last = from.at(-1);
  if (!last) return joins.map(({ right }) => right);
  return [...from.slice(0, -1), joins.reduce<Relation>((left, { kind, right, on, opaque: hidden, range }) => ({ type: 'join', kind, natural: false, left, right, on, using: null, opaque: hidden, range }), last)];
}

/** What query builders write: UPDATE, DELETE, soft delete and restore, INSERT with what happens on conflicts. */
import type { Delete, Expr, Insert, Query, Range, Update } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Value } from '../../source/values.js';
import type { Called } from '../chains.js';
import { and, literal, not, parameter, time } from '../expressions.js';
import type { Session } from '../session.js';
import type { State } from './state.js';
import { liveCondition } from './tables.js';
import { textCondition } from './text.js';
import { keepsTombstones } from './versions.js';

/** The statement of a builder that writes; null where that cannot be told. */
export function writeOf(state: State, where: Expr | null, opaqueFilters: readonly Range[], range: Range, session: Session): Query | null {
  const { main } = state;
  if (!main) return null;
  const target = main.ref, common = { target, targetInFrom: false, from: [], where, returning: [], opaqueFilters, ctes: state.ctes, range };
  switch (state.does) {
    case 'delete': return { type: 'delete', ...common } satisfies Delete;
    case 'insert': return { type: 'insert', target, columns: null, source: null, conflict: state.conflict, returning: [], ctes: state.ctes, range } satisfies Insert;
    case 'soft-delete': case 'restore': {
      const [tombstone] = main.facts.tombstones;
      if (!tombstone) return null;
      const live = keepsTombstones(session) ? liveCondition(target, main.facts, range) : null;
      const untouched = live && state.does === 'restore' ? not(live, range) : live;
      return { type: 'update', ...common, where: and([where, untouched], range), assignments: [{ column: tombstone.column, value: state.does === 'restore' ? literal(null, range) : time(0, range), range }], opaqueAssignments: false, byMethod: true } satisfies Update;
    }
    default: return { type: 'update', ...common, ...(state.set ?? { assignments: [], opaqueAssignments: true }) } satisfies Update;
  }
}

/** `.orUpdate(['name'], ['email'], { indexPredicate: '\"deletedAt\" IS NULL' })`, `.onConflict('..')` of 0.2. */
export function conflictOf(step: Called, session: Session): Insert['conflict'] {
  const range: Range = [step.at.range[0], step.node.range[1]], [overwrite, target, options] = step.args;
  const names = (node: Node | undefined): string[] | null => {
    const value = node ? session.value(node, step.env) : null;
    if (value?.type === 'text') { const name = session.string(value); return name === null || step.name === 'onConflict' ? null : [name]; }
    if (value?.type !== 'list') return null;
    const found = value.items.map((item) => (item.type === 'item' ? session.string(item.value) : null));
    return found.every((name) => name !== null) ? found : null;
  };
  const condition = (value: Value | null): Expr | null => (value && options ? textCondition(value, options, session) : null);
  const given = options ? session.value(options, step.env) : null, predicate = entry(given, 'indexPredicate', session), overwriting = entry(given, 'overwriteCondition', session);
  const columns = names(overwrite);
  return {
    target: names(target), targetWhere: condition(predicate), action: 'update', assignments: (columns ?? []).map((column) => ({ column, value: parameter(range), range })),
    opaqueAssignments: columns === null, where: condition(overwriting && entry(overwriting, 'where', session)), range,
  };
}

function entry(value: Value | null, key: string, session: Session): Value | null {
  const found = value ? session.entries(value)?.find((one) => one.type === 'entry' && one.key === key) : undefined;
  return found?.type === 'entry' ? found.value() : null;
}

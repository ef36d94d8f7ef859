/** What Drizzle's builders write: the assignments of `set`, and what an insert does where a row is there already. */
import type { Assignment, Conflict, Expr, Range } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Value } from '../../source/values.js';
import type { Called } from '../chains.js';
import { entriesNamed, entryOf } from '../conditions.js';
import { and, choice, opaque } from '../expressions.js';
import type { Session } from '../session.js';
import type { Conditions } from './conditions.js';
import { columnBy, columnName, isFragment } from './names.js';
import type { DrizzleRemedies } from './remedies.js';
import type { Place, State } from './state.js';

export class Writes {
  constructor(private readonly session: Session, private readonly conditions: Conditions, private readonly edits: DrizzleRemedies) {}

  /** `.set({ .. })`. */
  assignments(set: Place | null, { scope, target }: Pick<State, 'scope' | 'target'>): { assignments: Assignment[]; opaqueAssignments: boolean } {
    const entries = set && this.session.entries(this.session.value(set.node, set.env));
    if (!set || !entries) return { assignments: [], opaqueAssignments: set !== null };
    const facts = scope.own.find(({ ref }) => ref === target)?.facts ?? null, assignments: Assignment[] = [];
    const keys = new Set(entries.flatMap(function keysOf(entry): string[] { return entry.type === 'entry' ? [entry.key] : entry.type === 'fork' ? entry.options.flat().flatMap(keysOf) : []; }));
    for (const key of keys) {
      const found = entryOf(entries, key), all = found === 'unknown' ? entriesNamed(entries, key) : found ? [found] : [];
      // `undefined` leaves the column alone.
      const written = all.filter((entry) => !this.session.isUndefined(entry.value()));
      const [first] = written;
      if (!first) continue;
      const values = written.map((entry) => this.conditions.scalar(entry.value(), entry.valueNode ?? entry.node, scope));
      const value = choice([...values, ...(found === 'unknown' ? [opaque(first.node.range as Range)] : [])], first.node.range as Range);
      assignments.push({ column: columnName(facts, key), value: value ?? opaque(first.node.range as Range), range: first.node.range as Range });
    }
    return { assignments, opaqueAssignments: entries.some(function hides(entry): boolean { return entry.type === 'rest' || (entry.type === 'fork' && entry.options.flat().some(hides)); }) };
  }

  /** The clause of `onConflictDoUpdate`, `onConflictDoNothing` or `onDuplicateKeyUpdate`. */
  conflict(name: string, step: Called, state: State): Conflict {
    const [at] = step.args, range = step.at.range as Range, action = name === 'onConflictDoNothing' ? 'nothing' : 'update';
    const value = at ? this.session.value(at, step.env) : null, entries = value && this.session.entries(value);
    const none: Conflict = { target: null, targetWhere: null, action, assignments: [], opaqueAssignments: at !== undefined && action === 'update', where: null, range };
    if (!at || !entries) return none;
    const condition = (key: string): Expr | null => {
      const entry = entryOf(entries, key);
      return entry === 'unknown' ? opaque(range) : entry ? this.conditions.read(entry.value(), entry.valueNode ?? entry.node, state.scope) : null;
    };
    const set = entryOf(entries, 'set'), target = entryOf(entries, 'target');
    const setPlace = set !== null && set !== 'unknown' && set.valueNode ? { node: set.valueNode, env: value.type === 'object' ? value.env : null } : null;
    // `where` is the index predicate of "do nothing", and the older name of `setWhere`.
    const conflict: Conflict = {
      ...none, ...(action === 'update' ? setPlace ? this.assignments(setPlace, state) : { assignments: [], opaqueAssignments: set !== null } : { opaqueAssignments: false }),
      target: target === null || target === 'unknown' ? null : this.columnNames(target.value(), target.valueNode ?? target.node, state),
      targetWhere: condition(action === 'nothing' ? 'where' : 'targetWhere'), where: action === 'nothing' ? null : and([condition('where'), condition('setWhere')], range),
    };
    this.edits.conflict(conflict, at);
    return conflict;
  }

  private columnNames(value: Value, node: Node, { scope }: State): string[] | null {
    const values = value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? item.value : null)) : [value];
    const names = values.map((one) => { const expr = one && !isFragment(one) ? columnBy(this.session, one, scope, node.range as Range) : null; return expr?.type === 'column' ? expr.name : null; });
    return names.every((name) => name !== null) ? names : null;
  }
}

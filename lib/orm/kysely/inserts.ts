/** What INSERT writes, and what it does where a row is there already: `values`, `onConflict`, `onDuplicateKeyUpdate`. */
import type { Conflict, Expr, Query, Range } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Env, Value } from '../../source/values.js';
import { isCalled, stepsOf, type Called } from '../chains.js';
import type { Session } from '../session.js';
import { joined, type Condition } from './conditions.js';
import type { Expressions } from './expressions.js';
import type { ConflictPlace } from './places.js';
import { EMPTY, type State } from './state.js';
import type { Subqueries } from './subqueries.js';
import type { Updates } from './updates.js';

export class Inserts {
  /** Where the clauses of conflicts stand. */
  readonly conflicts = new Map<Conflict, ConflictPlace>();

  constructor(private readonly session: Session, private readonly expressions: Expressions, private readonly subqueries: Subqueries, private readonly updates: Updates) {}

  /** A step of an INSERT; null for any that it does not have. */
  step(state: State, name: string, step: Called): State | null {
    const { args: [first], env, node } = step, range = node.range as Range;
    switch (name) {
      case 'values': return { ...state, source: first ? this.values(this.session.value(first, env), first) : null };
      case 'expression': return { ...state, source: first ? this.subqueries.arms(first, env, 'union')[0]?.query ?? null : null };
      case 'columns': case 'defaultValues': case 'ignored': return state;
      case 'ignore': case 'orIgnore': return { ...state, conflict: conflict('nothing', range) };
      case 'orReplace': return { ...state, conflict: conflict('replace', range) };
      case 'orAbort': case 'orFail': case 'orRollback': return state;
      case 'onConflict': return { ...state, conflict: first ? this.onConflict(this.session.value(first, env), first) : null };
      case 'onDuplicateKeyUpdate': {
        const { assignments, whole } = first ? this.updates.of(this.session.value(first, env), first) : { assignments: [], whole: false };
        const found: Conflict = { ...conflict('update', range), assignments, opaqueAssignments: !whole };
        this.conflicts.set(found, { column: null, set: first ?? null });
        return { ...state, conflict: found };
      }
      default: return null;
    }
  }

  private values(value: Value, node: Node): Query | null {
    const range = node.range as Range;
    const row = (item: Value): readonly Expr[] => {
      const made = item.type === 'function' ? this.expressions.called(item, node) : item, entries = made && this.session.entries(made);
      return (entries ?? []).flatMap((entry) => (entry.type === 'entry' ? [this.expressions.operandOf(entry.value(), entry.valueNode ?? entry.node)] : []));
    };
    const made = value.type === 'function' ? this.expressions.called(value, node) : value;
    const rows = made?.type === 'list' ? made.items.map((item) => (item.type === 'item' ? row(item.value) : [])) : made ? [row(made)] : [];
    return { type: 'values', ctes: [], rows, range };
  }

  /** `(oc) => oc.column('email').where('deleted_at', 'is', null).doUpdateSet({ .. }).where(..)` */
  private onConflict(value: Value, node: Node): Conflict | null {
    const key = { what: 'a conflict of Kysely' }, range = node.range as Range;
    const made = this.session.apply(value, [this.session.given(key, node)], node), chain = made && this.session.chain(made);
    if (chain?.root.type !== 'given' || chain.root.given !== key) return { ...conflict('update', range), opaqueAssignments: true };
    let found: Conflict = { ...conflict('nothing', range), target: null }, updates = false;
    const conditions: Condition[] = [], later: Condition[] = [];
    let column: Called | null = null, set: Node | null = null;
    for (const step of stepsOf(chain)) {
      if (!isCalled(step)) continue;
      const [first] = step.args;
      switch (step.name) {
        case 'column': case 'columns': column = step; found = { ...found, target: [...found.target ?? [], ...this.columnsOf(first, step.env)] }; break;
        case 'where': case 'whereRef': (updates ? later : conditions).push(this.expressions.condition(step, step.name === 'whereRef')); break;
        case 'clearWhere': (updates ? later : conditions).length = 0; break;
        case 'doUpdateSet': {
          updates = true;
          set = first ?? null;
          const second = step.args[1];
          const pair = second && first ? this.updates.set({ ...EMPTY, verb: 'update' }, step) : null;
          const { assignments, whole } = pair ? { assignments: pair.assignments, whole: !pair.opaqueAssignments } : first ? this.updates.of(this.session.value(first, step.env), first) : { assignments: [], whole: false };
          found = { ...found, action: 'update', assignments, opaqueAssignments: !whole };
        }
      }
    }
    const whole: Conflict = { ...found, targetWhere: joined(conditions, range), where: joined(later, range) };
    this.conflicts.set(whole, { column, set });
    return whole;
  }

  private columnsOf(node: Node | undefined, env: Env | null): string[] {
    if (!node) return [];
    const value = this.session.value(node, env);
    const items = value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? this.session.string(item.value) : null)) : [this.session.string(value)];
    return items.flatMap((item) => (item === null ? [] : [item]));
  }
}

/** What is done about a conflict of any key. */
export function conflict(action: Conflict['action'], range: Range): Conflict {
  return { target: null, targetWhere: null, action, assignments: [], opaqueAssignments: false, where: null, range };
}

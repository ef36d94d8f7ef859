/** What UPDATE, the update of a conflict and that of MERGE set. */
import type { Assignment, Range } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Entry } from '../../source/objects.js';
import type { Value } from '../../source/values.js';
import type { Called } from '../chains.js';
import type { Session } from '../session.js';
import type { Expressions } from './expressions.js';
import { columnName } from './names.js';
import { maybe, type State } from './state.js';
import { nodeOf } from './values.js';

/** Assignments; not `whole` where there may be others. */
interface Assignments {
  readonly assignments: readonly Assignment[];
  readonly whole: boolean;
}

export class Updates {
  constructor(private readonly session: Session, private readonly expressions: Expressions) {}

  /** `set({ .. })`, `set('column', value)`, `set((eb) => ({ .. }))`. */
  set(state: State, step: Called): State {
    const { args: [first, second], env } = step;
    if (!first) return state;
    if (second) {
      const name = this.expressions.reference(first, env), range: Range = [first.range[0], second.range[1]];
      if (name.type !== 'column') return { ...state, opaqueAssignments: true };
      return { ...state, assignments: [...state.assignments, { column: name.name, value: this.expressions.operand(second, env), range }] };
    }
    const { assignments, whole } = this.of(this.session.value(first, env), first);
    return { ...state, assignments: [...state.assignments, ...assignments], opaqueAssignments: state.opaqueAssignments || !whole };
  }

  /** The assignments of an object, or of what a callback returns. */
  of(value: Value, node: Node): Assignments {
    if (value.type === 'function') {
      const made = this.expressions.called(value, node);
      return made ? this.of(made, nodeOf(made, node)) : { assignments: [], whole: false };
    }
    if (value.type === 'fork') {
      const ways = value.options.map((option) => this.of(option, nodeOf(option, node)));
      return { assignments: ways.flatMap(({ assignments }) => assignments).map(maybe), whole: ways.every(({ whole }) => whole) };
    }
    const entries = this.session.entries(value);
    return entries ? this.assigned(entries) : { assignments: [], whole: false };
  }

  private assigned(entries: readonly Entry[]): Assignments {
    const byColumn = new Map<string, Assignment>();
    let whole = true;
    for (const entry of entries) {
      switch (entry.type) {
        case 'entry': {
          const value = entry.value();
          // What is undefined is left out.
          if (this.session.isUndefined(value)) byColumn.delete(entry.key);
          else byColumn.set(entry.key, { column: columnName(entry.key).name, value: this.expressions.operandOf(value, entry.valueNode ?? entry.node), range: entry.node.range as Range });
          break;
        }
        case 'deleted': byColumn.delete(entry.key); break;
        case 'rest': whole = false; break;
        case 'fork': for (const option of entry.options) {
          const way = this.assigned(option);
          whole &&= way.whole;
          for (const assignment of way.assignments) byColumn.set(assignment.column, maybe(assignment));
        }
      }
    }
    return { assignments: [...byColumn.values()], whole };
  }
}

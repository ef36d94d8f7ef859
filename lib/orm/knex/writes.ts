/** What `insert`, `update`, `increment`, `onConflict` and `merge` write. */
import type { Assignment, Conflict, Expr, Range } from '../../model/query.js';
import type { Value } from '../../source/values.js';
import type { Called } from '../chains.js';
import { choice, literal, named, opaque, operation, parameter } from '../expressions.js';
import type { Session } from '../session.js';
import { wordsOf, type Argument, type Arguments } from './arguments.js';
import type { Write } from './builder.js';
import type { Operands } from './operands.js';
import type { Statement } from './statement.js';

export class Writes {
  constructor(private readonly session: Session, private readonly args: Arguments, private readonly operands: Operands, private readonly statement: Statement) {}

  /** `update({ .. })`, `update(column, value)`. */
  update(step: Called): Write {
    const [first, second] = this.args.of(step);
    if (first && second && this.session.string(first.value) !== null) return { type: 'update', opaqueAssignments: false, assignments: [{ column: this.session.string(first.value)!, value: this.operands.scalar(second), range: wordsOf(step) }] };
    return { type: 'update', ...this.assignments(first) };
  }

  /** The columns of an object and what they are set to. */
  private assignments(argument: Argument | undefined): { assignments: Assignment[]; opaqueAssignments: boolean } {
    const value = argument?.value, entries = value ? this.session.entries(value) : null;
    if (!value || !entries) {
      const options = value?.type === 'fork' ? value.options.map((option) => this.assignments({ value: option, node: argument!.node })) : [];
      return { assignments: options.flatMap(({ assignments }) => assignments.map((one) => ({ ...one, value: choice([one.value, opaque(one.range)], one.range)! }))), opaqueAssignments: true };
    }
    const assignments: Assignment[] = [];
    let opaqueAssignments = false;
    const collect = (list: typeof entries, certain: boolean): void => {
      for (const entry of list) {
        if (entry.type === 'entry') {
          const at = { value: entry.value(), node: entry.valueNode ?? entry.node };
          if (this.session.isUndefined(at.value)) continue;
          const set = this.session.isNull(at.value) ? literal(null, entry.node.range as Range) : this.operands.scalar(at, named(null, entry.key, entry.node.range as Range));
          assignments.push({ column: entry.key.split('.').at(-1)!, value: certain ? set : choice([set, opaque(entry.node.range as Range)], entry.node.range as Range)!, range: entry.node.range as Range });
        } else if (entry.type === 'fork') for (const option of entry.options) collect(option, false);
        else if (entry.type === 'rest') opaqueAssignments = true;
      }
    };
    collect(entries, true);
    return { assignments, opaqueAssignments };
  }

  /** `increment(column, by)` after the updates of other calls. */
  incremented(before: Write | null, step: Called): Write {
    const columns = this.args.of(step).slice(0, 1).flatMap(({ value }) => { const entries = this.session.entries(value); return entries ? entries.flatMap((entry) => (entry.type === 'entry' ? [entry.key] : [])) : this.args.strings(value); });
    const range = wordsOf(step), earlier = before?.type === 'update' ? before : null;
    return { type: 'update', opaqueAssignments: earlier?.opaqueAssignments ?? false, assignments: [...earlier?.assignments ?? [], ...columns.map((name) => ({ column: name, value: operation([parameter(range)], range), range }))] };
  }

  /** The rows at an argument of a call. */
  insert(step: Called, index: number): Write {
    const argument = this.args.at(step, index), rows = argument?.value;
    const source = argument && (rows?.type === 'unknown' || rows?.type === 'function') ? this.statement.queryIn(argument)?.query ?? null : null;
    const [first] = rows?.type === 'list' ? rows.items : [];
    const row: Argument | undefined = rows?.type === 'list' ? (first?.type === 'item' ? { value: first.value, node: argument!.node } : undefined) : argument ?? undefined;
    const { assignments, opaqueAssignments } = this.assignments(row);
    return { type: 'insert', columns: opaqueAssignments ? null : assignments.map(({ column: name }) => name), assignments, opaqueAssignments, row: row?.value ?? null, source, conflict: null };
  }

  /** `onConflict(columns)`: what it does is said by the next call. */
  onConflict(write: Write | null, step: Called): Write | null {
    if (write?.type !== 'insert') return write;
    const [first] = this.args.of(step), range = step.node.range as Range;
    const columns = first && !(first.value.type === 'text' && first.value.sql) ? this.args.strings(first.value) : [];
    const written = first?.value.type === 'text' && first.value.sql ? this.session.string(first.value) : null;
    const match = written === null ? null : /^\s*\(([^)]*)\)\s*(?:where\s+(.*))?$/is.exec(written);
    const targetWhere = match?.[2] !== undefined || (written === null && first !== undefined && columns.length === 0) ? this.targetWhere(first!) : null;
    return { ...write, conflict: { target: match ? match[1]!.split(',').map((name) => name.trim().replace(/"/g, '')) : columns.length > 0 ? columns : null, targetWhere, action: 'nothing', assignments: [], opaqueAssignments: false, range } };
  }

  /** The predicate behind the columns of `raw('(email) where deleted_at is null')`. */
  private targetWhere({ value, node }: Argument): Expr {
    const text = this.session.string(value), at = text === null ? -1 : text.search(/\bwhere\b/i);
    return at < 0 ? opaque(node.range as Range) : this.session.sqlConditionOf(text!.slice(at + 5), node);
  }

  /** `ignore()`, `merge(..)`. */
  conflictAction(write: Extract<Write, { type: 'insert' }>, step: Called, action: 'ignore' | 'merge'): Write {
    const conflict = write.conflict ?? { target: null, targetWhere: null, assignments: [], opaqueAssignments: false, range: step.node.range as Range, action: 'nothing' as const };
    if (action === 'ignore') return { ...write, conflict: { ...conflict, action: 'nothing' } };
    const [first] = this.args.of(step);
    if (!first) return { ...write, conflict: { ...conflict, action: 'update', ...this.completed(write, write.row, conflict) } };
    if (first.value.type === 'list') {
      const names = this.args.strings(first.value);
      return { ...write, conflict: { ...conflict, action: 'update', opaqueAssignments: names.length < first.value.items.length, assignments: names.map((name) => write.assignments.find((one) => one.column === name) ?? { column: name, value: opaque(first.node.range as Range), range: first.node.range as Range }) } };
    }
    return { ...write, conflict: { ...conflict, action: 'update', ...this.completed(this.assignments(first), first.value, conflict) } };
  }

  /** The assignments of a row with those that a function which cannot be seen has its hands on: what is expected of them, and no others. */
  private completed({ assignments, opaqueAssignments }: Pick<Conflict, 'assignments' | 'opaqueAssignments'>, row: Value | null, { target, range }: Pick<Conflict, 'target' | 'range'>): Pick<Conflict, 'assignments' | 'opaqueAssignments'> {
    const columns = opaqueAssignments && row && target ? this.columnsOfRow(row, target) : null;
    if (!columns) return { assignments, opaqueAssignments };
    const others = columns.filter((name) => !assignments.some((one) => one.column === name));
    return { assignments: [...assignments, ...others.map((name) => ({ column: name, value: parameter(range), range }))], opaqueAssignments: false };
  }

  /**
   * The columns of a row that a function makes which cannot be seen, where the file shows what goes in (`encrypt({ email, name })`): with all columns of the
   * conflict target it is a row of the table, and no other columns are expected of what comes out. Null for any other value.
   */
  private columnsOfRow(value: Value, target: readonly string[]): readonly string[] | null {
    if (target.length === 0) return null;
    if (value.type === 'object' && value.node.type === 'ObjectExpression') {
      const { env, node, assigned = [] } = value;
      const parts = node.properties.map((property) => (property.type === 'SpreadElement' ? this.columnsOfRow(this.session.value(property.argument, env), target) : property.computed ? null : []));
      return assigned.length > 0 || parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
    }
    const last = value.type === 'unknown' ? this.session.chain(value)?.steps.at(-1) : undefined;
    const [row] = last?.type === 'step' && last.args?.length === 1 ? last.args : [], entries = row && last?.type === 'step' ? this.session.entries(this.session.value(row, last.env)) : null;
    const columns = entries?.flatMap((entry) => (entry.type === 'entry' ? [entry.key] : [])) ?? [];
    return entries && columns.length === entries.length && target.every((name) => columns.includes(name)) ? columns : null;
  }
}

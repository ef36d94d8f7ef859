/** The joins of a builder and what they join by: pairs of columns, objects, callbacks with `on` and its like, fragments of SQL. */
import type { Expr, Join, Range, Relation } from '../../model/query.js';
import { lastName, unwrap } from '../../source/ast.js';
import type { FunctionValue, Step } from '../../source/values.js';
import { foldSteps, isCalled, type Called } from '../chains.js';
import { conditionsOf } from '../conditions.js';
import { comparison, isNull, opaque, operation } from '../expressions.js';
import { guardNamed, rowsOf } from '../guards.js';
import type { Session } from '../session.js';
import { asSql, wordsOf, type Argument, type Arguments } from './arguments.js';
import type { Builder, JoinPart } from './builder.js';
import { stepsInside } from './callbacks.js';
import { added, addedFlat, conditionOf, merged, NO_CLAUSES, type Clauses, type Connective } from './clauses.js';
import type { Comparisons } from './comparisons.js';
import { isParenthesised, type Conditions } from './conditions.js';
import { columnNamed } from './names.js';
import type { Operands } from './operands.js';
import type { Statement } from './statement.js';
import type { Tables } from './tables.js';
import { CONDITION, JOIN, ON } from './vocabulary.js';

/** What a reader of joins works with. */
interface Parts {
  readonly session: Session;
  readonly args: Arguments;
  readonly tables: Tables;
  readonly operands: Operands;
  readonly comparisons: Comparisons;
  readonly conditions: Conditions;
  readonly statement: Statement;
}

export class Joins {
  private readonly session: Session;
  private readonly args: Arguments;
  private readonly tables: Tables;
  private readonly operands: Operands;
  private readonly comparisons: Comparisons;
  private readonly conditions: Conditions;
  private readonly statement: Statement;

  constructor(parts: Parts) {
    this.session = parts.session;
    this.args = parts.args;
    this.tables = parts.tables;
    this.operands = parts.operands;
    this.comparisons = parts.comparisons;
    this.conditions = parts.conditions;
    this.statement = parts.statement;
  }

  /** The builder with the join of a call. */
  added(builder: Builder, step: Called, kind: Join['kind']): Builder {
    const [table, ...rest] = this.args.of(step);
    if (!table) return builder;
    if (table.value.type === 'text' && table.value.sql && rest.length === 0) return this.ofText(builder, table, step, `${kind === 'inner' ? '' : `${kind.toUpperCase()} `}JOIN `);
    const [right = { type: 'opaque-relation' as const, alias: null, range: table.node.range as Range }] = this.tables.of(table, builder.schema);
    if (right.type === 'table') this.statement.placed(right, step, { kind: 'join', join: kind });
    const { on, using } = this.condition(rest, right, step);
    return { ...builder, joins: [...builder.joins, { kind: kind === 'cross' || (rest.length === 0 && kind === 'inner') ? 'cross' : kind, right, on, using, range: wordsOf(step) }] };
  }

  raw(builder: Builder, step: Called): Builder {
    const argument = this.args.at(step, 0);
    return argument ? this.ofText(builder, argument, step, '') : builder;
  }

  private ofText(builder: Builder, { value, node }: Argument, step: Step, words: string): Builder {
    const [relation] = this.session.sqlRelations(asSql(value), node, `_ ${words}`) ?? [];
    const parts: JoinPart[] = [];
    for (let at = relation; at?.type === 'join'; at = at.left) parts.unshift({ kind: at.kind, right: at.right, on: at.on, using: at.using, range: at.range });
    return parts.length > 0 ? { ...builder, joins: [...builder.joins, ...parts] } : { ...builder, opaqueFilters: [...builder.opaqueFilters, step.node.range as Range] };
  }

  private condition(args: readonly Argument[], right: Relation, step: Called): { on: Expr | null; using: readonly string[] | null } {
    const [first, second, third] = args, range = wordsOf(step);
    if (!first) return { on: null, using: null };
    if (first.value.type === 'function') return this.clause(first.value, step);
    if (second) return { on: this.comparisons.columns(args, range), using: null };
    if (first.value.type === 'text' && first.value.sql) return { on: this.session.sqlCondition(first.value, first.node), using: null };
    const entries = this.session.entries(first.value);
    if (entries) return { on: conditionsOf(entries, range, (entry) => comparison('=', columnNamed(entry.key, entry.keyNode.range as Range), this.operands.column({ value: entry.value(), node: entry.valueNode ?? entry.node }), entry.node.range as Range)), using: null };
    const name = lastName(first.node), guard = name === null ? null : guardNamed(this.session, 'join-callback', name, unwrap(first.node));
    const facts = guard && right.type === 'table' ? this.session.catalog.table(right.name, right.schema) : null;
    if (guard && right.type === 'table' && facts) return { on: rowsOf(guard.yields, right, facts, first.node.range as Range), using: null };
    return { on: opaque(third ? range : (first.node.range as Range)), using: null };
  }

  private clause(fn: FunctionValue, step: Step): { on: Expr | null; using: readonly string[] | null } {
    let using: readonly string[] | null = null;
    const range = fn.node.range as Range;
    const clauses = foldSteps(stepsInside(fn, this.session), { clauses: NO_CLAUSES, connective: null as Connective | null }, (state, inner): { clauses: Clauses; connective: Connective | null } => {
      if (!isCalled(inner)) return inner.name === 'or' || inner.name === 'and' ? { ...state, connective: inner.name } : state;
      if (inner.name === 'using') { using = this.args.of(inner).flatMap(({ value }) => this.args.strings(value)); return state; }
      if (inner.name === 'type') return state;
      const connective = state.connective ?? (/^or/.test(inner.name ?? '') ? 'or' : 'and');
      const { condition, flat } = this.onStep(inner, step);
      return { clauses: condition ? (flat ? addedFlat : added)(state.clauses, connective, condition) : state.clauses, connective: null };
    }, (states) => ({ clauses: merged(states.map((state) => state.clauses), range), connective: null }));
    return { on: conditionOf(clauses.clauses, range), using };
  }

  private onStep(step: Called, join: Step): { condition: Expr | null; flat?: boolean } {
    const match = ON.exec(step.name ?? ''), range = wordsOf(step), args = this.args.of(step), [first, second] = args;
    if (!match) {
      // Conditions of the WHERE kind have found their way into join clauses.
      if (CONDITION.test(step.name ?? '')) return this.conditions.of(step);
      return { condition: opaque(range) };
    }
    if (!first) return { condition: null };
    const negated = match[2] !== undefined, kind = match[3] ?? '';
    switch (kind) {
      case 'Null': return { condition: isNull(this.operands.column(first), range, negated) };
      case 'In': return { condition: second ? this.comparisons.membership(first, second, range, negated) : null };
      case 'Exists': return { condition: this.comparisons.existence(first, range, negated) };
      case 'Between': return { condition: second ? this.comparisons.between(first, second, range, negated) : null };
      case 'Val': return { condition: this.comparisons.pair(args, range) };
      case 'JsonPathEquals': return { condition: operation(args.map((argument) => this.operands.column(argument)), range) };
    }
    if (first.value.type === 'function') return { condition: this.clause(first.value, join).on };
    if (second) return { condition: this.comparisons.columns(args, range) };
    if (first.value.type === 'text' && first.value.sql) return { condition: this.session.sqlCondition(first.value, first.node), flat: !isParenthesised(this.session.string(first.value)) };
    const entries = this.session.entries(first.value);
    if (!entries) return { condition: opaque(range) };
    return { condition: conditionsOf(entries, range, (entry) => comparison('=', columnNamed(entry.key, entry.keyNode.range as Range), this.operands.column({ value: entry.value(), node: entry.valueNode ?? entry.node }), entry.node.range as Range)) };
  }
}

export function joinKind(name: string): Join['kind'] {
  const word = JOIN.exec(name)?.[1];
  return word === undefined || word === 'inner' ? 'inner' : word === 'outer' ? 'full' : word as Join['kind'];
}

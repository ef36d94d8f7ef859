/** Conditions: objects with operators, lists, `literal('..')`, `where(col('..'), ..)`. */
import type { ComparisonOperator, Expr, Range, TableRef } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Keyed } from '../../source/objects.js';
import type { ListItem, Value } from '../../source/values.js';
import { isCalled } from '../chains.js';
import { conditionsOf, operatorsOf } from '../conditions.js';
import { and, choice, column, comparison, inList, isNull, literal, named, not, opaque, operation, or, parameter } from '../expressions.js';
import { guardCondition } from '../guards.js';
import { listItems } from '../lists.js';
import type { Session } from '../session.js';

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = { '[eq]': '=', '[ne]': '<>', '[gt]': '>', '[gte]': '>=', '[lt]': '<', '[lte]': '<=', $eq: '=', $ne: '<>', $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' };

export class Conditions {
  /** @param call the whole call */
  constructor(private readonly session: Session, private readonly call: Node) {}

  /** `where: { .. }`, an array of conditions, `literal('..')`, `where(col('..'), ..)`. */
  of(value: Value, ref: TableRef, node: Node, how: 'and' | 'or' = 'and'): Expr | null {
    const range = node.range as Range, items = listItems(this.session, value);
    if (items) {
      const operands = items.map((item) => this.item(item, ref, node));
      return how === 'or' ? or(operands.length > 0 ? operands.map((operand) => operand ?? literal(true, range)) : [], range) : and(operands, range);
    }
    switch (value.type) {
      case 'nothing': return null;
      case 'fork': return choice(value.options.map((option) => this.of(option, ref, node, how)), range);
      case 'text': return value.sql ? this.session.sqlCondition(value, node) : opaque(range);
      case 'object': {
        const entries = this.session.entries(value);
        if (!entries) return opaque(range);
        if (how === 'and') return conditionsOf(entries, range, (entry) => this.keyed(entry, ref), (argument) => this.guarded(argument, ref));
        return entries.every((entry) => entry.type === 'entry') ? or(entries.map((entry) => (entry.type === 'entry' ? this.keyed(entry, ref) : null) ?? literal(true, range)), range) : opaque(range);
      }
      default: return this.called(value, ref, node) ?? this.guarded(value.type === 'unknown' ? value.node : node, ref) ?? opaque(range);
    }
  }

  /** The condition of a helper that the manifest declares; undefined where none stands. */
  private guarded(node: Node, ref: TableRef): Expr | null | undefined {
    const facts = this.session.facts(ref.name);
    return facts ? guardCondition(this.session, node, { ref, facts }, (argument) => this.of(this.session.value(argument, null), ref, argument)) : undefined;
  }

  private item(item: ListItem, ref: TableRef, node: Node): Expr | null {
    switch (item.type) {
      case 'item': return this.of(item.value, ref, this.session.at(item.value, node));
      case 'rest': return opaque(item.node.range as Range);
      case 'fork': return choice(item.options.map((option) => and(option.map((inner) => this.item(inner, ref, node)), node.range as Range)), node.range as Range);
      case 'first-turn': return and(item.parts.map((inner) => this.item(inner, ref, node)), node.range as Range);
    }
  }

  /** `Sequelize.where(col('deletedAt'), null)`, `sequelize.and(..)`, `or(..)`. */
  private called(value: Value, ref: TableRef, node: Node): Expr | null {
    const step = this.session.chain(value)?.steps.at(-1), range = node.range as Range;
    if (step?.type !== 'step' || !isCalled(step)) return null;
    const args = step.args.map((argument) => ({ node: argument, value: this.session.value(argument, step.env) }));
    const name = step.name === '' ? lastOf(step.node) : step.name;
    if (name === 'and' || name === 'or') {
      const operands = args.map((argument) => this.of(argument.value, ref, argument.node));
      return name === 'and' ? and(operands, range) : or(operands.map((operand) => operand ?? literal(true, range)), range);
    }
    if (name === 'where' && args.length >= 2) {
      const left = this.operand(args[0]!.value, args[0]!.node, ref);
      if (args.length === 2) return left ? this.compared(left, args[1]!.value, args[1]!.node, ref) : operation([], range);
      const operator = operatorOf(args[1]!.value, this.session);
      return left && operator ? this.operator(operator, left, args[2]!.value, args[2]!.node, ref) : operation([], range);
    }
    return null;
  }

  /** `col('author.deletedAt')`, `fn('lower', col('name'))`. */
  private operand(value: Value, node: Node, ref: TableRef): Expr | null {
    const step = this.session.chain(value)?.steps.at(-1), range = node.range as Range;
    if (step?.type !== 'step' || !isCalled(step) || !step.args[0]) return value.type === 'text' && value.sql ? this.session.sqlExpression(value, node) : null;
    const name = step.name === '' ? lastOf(step.node) : step.name;
    const text = this.session.string(this.session.value(step.args[0], step.env));
    if (name === 'col' && text !== null) return this.path(text, ref, range);
    return operation([], range);
  }

  private path(text: string, ref: TableRef, range: Range): Expr {
    const parts = text.split('.'), last = parts.pop()!;
    return parts.length === 0 ? column(ref, last, range) : named(parts.at(-1)!, last, range);
  }

  private keyed(entry: Keyed, ref: TableRef): Expr | null {
    const { key } = entry, value = entry.value(), node = entry.valueNode ?? entry.node, range = node.range as Range;
    if (this.session.isUndefined(value)) return opaque(range);
    switch (key) {
      case '[and]': case '$and': return this.of(value, ref, node);
      case '[or]': case '$or': return this.of(value, ref, node, 'or');
      case '[not]': case '$not': {
        const inner = this.of(value, ref, node);
        return inner && not(inner, range);
      }
      default: {
        if (/^\[/.test(key)) return opaque(range);
        const path = /^\$(.+)\$$/.exec(key)?.[1];
        const left = path !== undefined ? this.path(path, ref, entry.keyNode.range as Range) : column(ref, key, entry.keyNode.range as Range);
        return this.compared(left, value, node, ref, entry.node.range as Range);
      }
    }
  }

  /** `column: value`, whatever the value says: null, a list, operators, alternatives. */
  private compared(left: Expr, value: Value, node: Node, ref: TableRef, range: Range = node.range as Range): Expr | null {
    switch (value.type) {
      case 'nothing': return isNull(left, range);
      case 'list': return this.inList(left, value.items, range, false);
      case 'fork': return choice(value.options.map((option) => this.compared(left, option, node, ref, range)), range);
      case 'object': {
        const entries = this.session.entries(value);
        return entries ? operatorsOf(entries, left, this.isTombstone(left, ref), range, (entry) => this.operator(entry.key, left, entry.value(), entry.valueNode ?? entry.node, ref, entry.node.range as Range)) : operation([left], range);
      }
      case 'text': if (value.sql) return comparison('=', left, this.session.sqlExpression(value, node), range);
    }
    return comparison('=', left, this.session.scalar(value, node), range);
  }

  private isTombstone(left: Expr, ref: TableRef): boolean {
    const facts = left.type === 'column' && left.of === ref ? this.session.facts(ref.name) : null;
    // A column of another table, or a path to one, may be any.
    return left.type !== 'column' || !facts || this.session.catalog.tombstone(facts, left.name) !== null;
  }

  private operator(operator: string, left: Expr, value: Value, node: Node, ref: TableRef, range = node.range as Range): Expr | null {
    const nothing = value.type === 'nothing';
    if (value.type === 'fork') return choice(value.options.map((option) => this.operator(operator, left, option, node, ref, range)), range);
    switch (operator) {
      case '[eq]': case '$eq': return nothing ? isNull(left, range) : comparison('=', left, this.session.scalar(value, node), range);
      case '[ne]': case '$ne': return nothing ? isNull(left, range, true) : comparison('<>', left, this.session.scalar(value, node), range);
      case '[is]': case '$is': return nothing ? isNull(left, range) : value.type === 'constant' ? comparison('is-not-distinct', left, this.session.scalar(value, node), range) : operation([left], range);
      case '[not]': case '$not': {
        if (nothing) return isNull(left, range, true);
        if (value.type === 'constant') return comparison('is-distinct', left, this.session.scalar(value, node), range);
        if (value.type === 'list') return this.inList(left, value.items, range, true);
        const inner = this.compared(left, value, node, ref);
        return inner && not(inner, range);
      }
      case '[in]': case '$in': return value.type === 'list' ? this.inList(left, value.items, range, false) : operation([left], range);
      case '[notIn]': case '$notIn': return value.type === 'list' ? this.inList(left, value.items, range, true) : operation([left], range);
      case '[or]': case '$or': case '[and]': case '$and': {
        const alternatives = value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? this.compared(left, item.value, node, ref) : opaque(range))) : this.alternatives(left, value, ref);
        if (!alternatives) return opaque(range);
        return /or/.test(operator) ? or(alternatives.map((one) => one ?? literal(true, range)), range) : and(alternatives, range);
      }
      default: return operator in COMPARISONS ? comparison(COMPARISONS[operator]!, left, this.session.scalar(value, node), range) : operation([left], range);
    }
  }

  private alternatives(left: Expr, value: Value, ref: TableRef): (Expr | null)[] | null {
    const entries = this.session.entries(value);
    return entries?.every((entry) => entry.type === 'entry') ? entries.map((entry) => (entry.type === 'entry' ? this.operator(entry.key, left, entry.value(), entry.valueNode ?? entry.node, ref) : null)) : null;
  }

  private inList(left: Expr, items: readonly ListItem[], range: Range, negated: boolean): Expr {
    const list = items.map((item) => (item.type === 'item' ? this.session.scalar(item.value, this.call) : parameter(range)));
    return inList(left, list.length > 0 ? list : [parameter(range)], range, negated);
  }
}

/** The operator that `Op.ne` or `'!='` names, as a key. */
function operatorOf(value: Value, session: Session): string | null {
  const step = session.chain(value)?.steps.at(-1);
  if (step?.type === 'step' && step.name) return `[${step.name}]`;
  const text = session.string(value);
  return text === null ? null : ({ '=': '[eq]', '!=': '[ne]', '<>': '[ne]', '<': '[lt]', '<=': '[lte]', '>': '[gt]', '>=': '[gte]', is: '[is]', 'IS': '[is]', 'IS NOT': '[not]', 'is not': '[not]' } as const)[text] ?? null;
}

function lastOf(node: Node): string | null {
  if (node.type !== 'CallExpression') return null;
  const callee = unwrap(node.callee);
  return callee.type === 'Identifier' ? callee.name : null;
}

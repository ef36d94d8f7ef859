/** What two arguments say of each other: `(column, value)`, `(column, operator, value)`, lists, ranges and queries. */
import type { ComparisonOperator, Expr, Range } from '../../model/query.js';
import { and, choice, comparison, inList, isNull, not, opaque, operation, parameter } from '../expressions.js';
import type { Session } from '../session.js';
import type { Argument } from './arguments.js';
import type { Operands } from './operands.js';
import type { Statement } from './statement.js';

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=', '==': '=', '===': '=', '<>': '<>', '!=': '<>', '!==': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=', 'is distinct from': 'is-distinct', 'is not distinct from': 'is-not-distinct', '<=>': 'is-not-distinct',
};

export class Comparisons {
  constructor(private readonly session: Session, private readonly operands: Operands, private readonly statement: Statement) {}

  /** `(column, value)` and `(column, operator, value)`. */
  pair(args: readonly Argument[], range: Range, negated = false): Expr {
    const [first, second, third] = args as [Argument, Argument, Argument | undefined];
    const left = this.operands.column(first);
    if (!third) return this.equals(left, second, range, negated);
    const operator = this.session.string(second.value);
    if (operator === null) return left.type === 'column' && !this.operands.isTombstone(left.name) ? operation([left], range) : opaque(range);
    // In front of IS [NOT] NULL the operator alone decides: `whereNot(column, 'is not', null)` is `column is not null`.
    const overruled = third.value.type === 'nothing' && /^is(?: not)?$/i.test(operator);
    return negate(this.compared(left, operator, third, range, (argument) => this.operands.scalar(argument, left)), negated && !overruled, range);
  }

  /** `(a, b)` and `(a, '=', b)` between two columns. */
  columns(args: readonly Argument[], range: Range): Expr {
    const [first, second, third] = args as [Argument, Argument, Argument | undefined];
    const operator = third ? this.session.string(second.value) : '=', right = third ?? second;
    if (operator === null) return opaque(range);
    return this.compared(this.operands.column(first), operator, right, range, (argument) => this.operands.column(argument));
  }

  /** Equal to a value; NULL where that is null. */
  equals(left: Expr, right: Argument, range: Range, negated: boolean): Expr {
    const { value } = right;
    if (value.type === 'fork') return choice(value.options.map((option) => this.equals(left, { ...right, value: option }, range, negated)), range) ?? opaque(range);
    if (this.session.isNull(value)) return isNull(left, range, negated);
    return negate(comparison('=', left, this.operands.scalar(right, left), range), negated, range);
  }

  private compared(left: Expr, written: string, right: Argument, range: Range, scalar: (argument: Argument) => Expr): Expr {
    const operator = written.trim().toLowerCase().replace(/\s+/g, ' '), { value } = right;
    switch (operator) {
      case 'in': case 'not in': return this.memberOf(left, right, range, operator === 'not in');
      case 'between': case 'not between': return negate(this.within(left, right, range), operator === 'not between', range);
      case 'is': case 'is not': {
        const negated = operator === 'is not';
        if (this.session.isNull(value)) return isNull(left, range, negated);
        const isBoolean = value.type === 'constant' && typeof value.value === 'boolean';
        return isBoolean ? { type: 'is', what: value.value === true ? 'true' : 'false', negated, operand: left, range } : opaque(range);
      }
    }
    const comparing = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
    return comparing ? comparison(comparing, left, scalar(right), range) : operation([left, scalar(right)], range);
  }

  /** `(column, list or query)`, `([column, column], list or query)`. */
  membership(first: Argument, second: Argument, range: Range, negated: boolean): Expr {
    const left: Expr = first.value.type === 'list' ? { type: 'row', items: first.value.items.map((item) => (item.type === 'item' ? this.operands.column({ value: item.value, node: first.node }) : opaque(range))), range } : this.operands.column(first);
    return this.memberOf(left, second, range, negated);
  }

  private memberOf(left: Expr, { value, node }: Argument, range: Range, negated: boolean): Expr {
    if (value.type === 'list') return inList(left, value.items.map((item) => (item.type === 'item' ? this.operands.scalar({ value: item.value, node }, left) : parameter(range))), range, negated);
    if (value.type === 'text' && value.sql) return operation([left], range);
    const sub = this.statement.queryIn({ value, node });
    if (sub) return { type: 'in', negated, left, list: null, query: sub.query, range };
    return inList(left, [parameter(node.range as Range)], range, negated);
  }

  existence(argument: Argument, range: Range, negated: boolean): Expr {
    const { value, node } = argument;
    if (value.type === 'text' && value.sql) return operation([this.session.sqlExpression(value, node)], range);
    const sub = this.statement.queryIn(argument);
    return sub ? negate({ type: 'exists', query: sub.query, range }, negated, range) : opaque(range);
  }

  between(first: Argument, second: Argument, range: Range, negated: boolean): Expr {
    return negate(this.within(this.operands.column(first), second, range), negated, range);
  }

  private within(left: Expr, { value, node }: Argument, range: Range): Expr {
    const [low, high] = value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? this.operands.scalar({ value: item.value, node }, left) : parameter(range))) : [];
    return and([comparison('>=', left, low ?? parameter(range), range), comparison('<=', left, high ?? parameter(range), range)], range)!;
  }
}

export function negate(condition: Expr, negated: boolean, range: Range): Expr {
  return negated ? not(condition, range) : condition;
}

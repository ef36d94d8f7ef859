/** The operators of TypeORM's conditions: `IsNull()`, `Not(..)`, `In([..])`. */
import type { TableFacts } from '../../manifest/catalog.js';
import type { ComparisonOperator, Expr, Range, TableRef } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import { computed } from '../../source/parts.js';
import { text, type Env, type Value } from '../../source/values.js';
import { certainSteps } from '../chains.js';
import { and, choice, column, comparison, inList, isNull, literal, not, opaque, operation, or, parameter } from '../expressions.js';
import type { Session } from '../session.js';
import { textCondition } from './text.js';

/** The column that a condition is about. */
export interface Subject {
  readonly ref: TableRef;
  readonly facts: TableFacts;
  readonly column: string;
}

/** A call of an operator. */
export interface Operator {
  readonly name: string;
  readonly args: readonly Node[];
  readonly env: Env | null;
}

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = { Equal: '=', LessThan: '<', LessThanOrEqual: '<=', MoreThan: '>', MoreThanOrEqual: '>=' };
const OPERATORS = new Set([...Object.keys(COMPARISONS), 'IsNull', 'Not', 'In', 'Between', 'Like', 'ILike', 'Any', 'Raw', 'And', 'Or', 'ArrayContains', 'ArrayContainedBy', 'ArrayOverlap', 'JsonContains']);

/** The operator that a value is; null for any other value. */
export function operatorOf(value: Value, session: Session): Operator | null {
  const chain = value.type === 'unknown' ? session.chain(value) : null, steps = chain ? certainSteps(chain) : [];
  const last = steps.at(-1);
  if (!chain || chain.root.type !== 'node' || !last?.args || steps.length > 2 || steps.length < chain.steps.length || (steps.length === 2 && steps[0]!.args)) return null;
  const root = unwrap(chain.root.node);
  const name = last.name === '' ? session.origin(root)?.name ?? (root.type === 'Identifier' ? root.name : null) : last.name;
  return name !== null && OPERATORS.has(name) ? { name, args: last.args, env: last.env } : null;
}

/** The condition that an operator makes of a column. */
export function operatorCondition({ name, args, env }: Operator, subject: Subject, range: Range, session: Session): Expr {
  const of = column(subject.ref, subject.column, range), [first, second] = args;
  const value = (node: Node | undefined): Value | null => (node ? session.value(node, env) : null);
  const scalar = (node: Node | undefined): Expr => (node ? session.scalar(session.value(node, env), node) : parameter(range));
  const inner = (node: Node): Expr => conditionOn(session.value(node, env), node, subject, range, session);
  switch (name) {
    case 'IsNull': return isNull(of, range);
    case 'Not': {
      if (!first) return opaque(range);
      const operand = value(first)!;
      if (operatorOf(operand, session)?.name === 'IsNull') return isNull(of, range, true);
      if (operatorOf(operand, session)) return not(inner(first), range);
      if (operand.type === 'unknown' && isTombstone(subject, session)) return opaque(range);
      return comparison('<>', of, scalar(first), range);
    }
    case 'In': {
      const list = value(first);
      if (list?.type === 'list' && list.items.every((item) => item.type === 'item')) return inList(of, list.items.map((item) => (item.type === 'item' && first ? session.scalar(item.value, first) : parameter(range))), range);
      return inList(of, [parameter(range)], range);
    }
    case 'Between': return and([comparison('>=', of, scalar(first), range), comparison('<=', of, scalar(second), range)], range)!;
    case 'And': case 'Or': return (name === 'And' ? and : or)(args.map(inner), range) ?? opaque(range);
    case 'Raw': return raw(value(first), first, subject, range, session);
    default: {
      const operator = COMPARISONS[name];
      return operator ? comparison(operator, of, scalar(first), range) : operation([of, ...args.map(scalar)], range);
    }
  }
}

/** `Raw((alias) => `${alias} IS NULL`)`; a plain string is what the column equals. */
function raw(value: Value | null, node: Node | undefined, { ref, column: name }: Subject, range: Range, session: Session): Expr {
  if (!value || !node) return opaque(range);
  if (value.type !== 'function') return comparison('=', column(ref, name, range), parameter(range), range);
  const result = session.apply(value, [text([computed(`${ref.alias ?? ref.name}.${name}`)])], node);
  return result?.type === 'text' ? textCondition(result, node, session) : opaque(range);
}

/** The condition on a column that its value in an object of conditions makes; the value is neither undefined, nor null, nor an object. */
export function conditionOn(value: Value, node: Node, subject: Subject, range: Range, session: Session): Expr {
  if (value.type === 'fork') return choice(value.options.map((option) => conditionOn(option, node, subject, range, session)), range) ?? opaque(range);
  const operator = operatorOf(value, session);
  if (operator) return operatorCondition(operator, subject, range, session);
  const of = column(subject.ref, subject.column, range);
  const scalar = session.isNull(value) ? literal(null, range) : session.scalar(value, node);
  // It may be an operator as well as a value.
  return value.type === 'unknown' && scalar.type === 'parameter' && isTombstone(subject, session) ? opaque(range) : comparison('=', of, scalar, range);
}

function isTombstone({ facts, column: name }: Subject, session: Session): boolean {
  return session.catalog.tombstone(facts, name) !== null;
}

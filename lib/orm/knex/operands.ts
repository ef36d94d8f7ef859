/** The columns and values that conditions compare and statements select. */
import type { Expr, Range } from '../../model/query.js';
import { lastName } from '../../source/ast.js';
import type { Value } from '../../source/values.js';
import { choice, literal, opaque, time } from '../expressions.js';
import type { Session } from '../session.js';
import { calleeOf, type Argument } from './arguments.js';
import { columnNamed, nameIn } from './names.js';
import type { Statement } from './statement.js';

export class Operands {
  constructor(private readonly session: Session, private readonly statement: Statement) {}

  /** An argument where Knex takes a column. */
  column({ value, node }: Argument): Expr {
    const range = node.range as Range;
    if (value.type === 'text' && value.sql) return this.session.sqlExpression(value, node);
    if (value.type === 'fork') return choice(value.options.map((option) => this.column({ value: option, node })), range) ?? opaque(range);
    if (value.type === 'constant' || value.type === 'nothing') return this.session.scalar(value, node);
    const text = nameIn({ value, node }, this.session);
    if (text !== null) return columnNamed(text, range);
    const sub = this.statement.queryIn({ value, node });
    if (sub) return { type: 'subquery', query: sub.query, range };
    return this.statement.referred({ value, node }) ?? opaque(range);
  }

  /** An argument where Knex takes a value. `left`: what it is compared with or assigned to. */
  scalar(argument: Argument, left: Expr | null = null): Expr {
    const { value, node } = argument, range = node.range as Range;
    if (value.type === 'unknown' || value.type === 'function') {
      const referred = this.statement.referred(argument);
      if (referred) return referred;
      if (isNow(value, this.session)) return time(0, range);
      const sub = value.type === 'function' || this.session.chain(value)!.steps.length > 0 ? this.statement.queryIn(argument) : null;
      if (sub) return { type: 'subquery', query: sub.query, range };
    }
    const scalar = this.session.scalar(value, node);
    // PostgreSQL takes the text 'false' for a boolean.
    if (scalar.type === 'literal' && typeof scalar.value === 'string' && left?.type === 'column' && /^(?:true|false)$/i.test(scalar.value) && this.isTombstone(left.name, false)) return literal(scalar.value.toLowerCase() === 'true', range);
    return scalar;
  }

  /** Is a column of this name the tombstone of any table (with this value in live rows)? */
  isTombstone(name: string, live?: false): boolean {
    return this.session.catalog.tables.some((table) => { const tombstone = this.session.catalog.tombstone(table, name); return tombstone !== null && (live === undefined || tombstone.live === live); });
  }
}

/** `knex.ref('u.id')`, `ref('u.id')`. */
export function referred({ value }: Argument, session: Session): Expr | null {
  const last = value.type === 'unknown' ? session.chain(value)?.steps.find((step) => step.type === 'step' && step.args !== null && (step.name === 'ref' || (step.name === '' && lastName(calleeOf(step)) === 'ref'))) : undefined;
  if (last?.type !== 'step' || !last.args?.[0]) return null;
  const text = session.string(session.value(last.args[0], last.env));
  return text === null ? null : columnNamed(text, last.node.range as Range);
}

/** `knex.fn.now()`, `fn.now()`. */
function isNow(value: Value, session: Session): boolean {
  const last = value.type === 'unknown' ? session.chain(value)?.steps.at(-1) : undefined;
  return last?.type === 'step' && last.name === 'now' && last.args !== null;
}

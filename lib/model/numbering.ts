/** Reads that ask for the last number which was given out: the numbers of deleted rows stay theirs. */
import { fold } from '../manifest/catalog.js';
import type { Expr, SelectBlock } from './query.js';
import { someExpr } from './scope.js';

const NUMBER = /(?:^|[a-z])(?:number|ordinal|sequence|revision|counter)$|^(?:num|no|nr|seq|version|internalid)$|(?:number|sequence)(?:no|num|id)$/u;

/**
 * Does a block ask for nothing but the greatest (or least) of the numbers that rows are called by (`SELECT max(number) + 1`,
 * `SELECT version .. ORDER BY version DESC LIMIT 1`)? The next row must not get that of a deleted one, which a restore brings back. Places in an order are
 * another thing: one that a deleted row has is free.
 */
export function asksForLastNumber({ output, orderBy, limited, groupBy }: SelectBlock): boolean {
  return groupBy === null && output.length > 0 && output.every((column) => column.type === 'expr' && (isExtreme(column.expr) || (limited && isNumber(column.expr) && orderBy.some((expr) => names(expr, columnName(column.expr)!)))));
}

/** `max(number)`, `coalesce(max(number), 0) + 1`. */
function isExtreme(expr: Expr): boolean {
  switch (expr.type) {
    case 'call': return /^(?:max|min)$/.test(expr.name) && expr.aggregate && expr.args.length === 1 && isNumber(expr.args[0]!);
    case 'coalesce': return expr.args.some(isExtreme);
    case 'operation': return expr.operands.some(isExtreme) && expr.operands.every((operand) => isExtreme(operand) || operand.type === 'literal');
    default: return false;
  }
}

function isNumber(expr: Expr): boolean {
  const name = columnName(expr);
  return name !== null && NUMBER.test(fold(name));
}

function columnName(expr: Expr): string | null {
  return expr.type === 'column' ? expr.name : null;
}

function names(expr: Expr, name: string): boolean {
  return someExpr(expr, (inner) => inner.type === 'column' && fold(inner.name) === fold(name));
}

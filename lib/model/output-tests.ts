/** Statements that tell deleted rows from live ones in what they give: they want both. */
import type { Catalog } from '../manifest/catalog.js';
import type { Expr, OutputColumn } from './query.js';
import { someExpr } from './scope.js';
import { tombstoneNamedIn, type SoftSource } from './soft-sources.js';

/** What is called after all rows that there are. */
const OF_ALL = /^(?:grand_?)?total|^all(?:_|[A-Z]|$)|(?:_|[a-z])(?:Total|total|All|all)$|_ever$|overall/u;

/**
 * Does the output of a block, or the way in which its rows are grouped and ordered, tell which rows are deleted: `deleted_at IS NOT NULL AS is_deleted`, `CASE WHEN deleted_at ..`,
 * `count(*) FILTER (WHERE deleted_at IS NOT NULL)`, `GROUP BY is_deleted`, `ORDER BY deleted_at`? Of several aggregates each has to, or one of them counts deleted rows: one
 * that is filtered beside another that is not may be a mistake.
 */
export function tellsDeletedApart(source: SoftSource, catalog: Catalog): boolean {
  const { block } = source, { query } = block;
  if (query.type !== 'select') return false;
  const isTombstone = (expr: Expr): boolean => expr.type === 'column' && tombstoneNamedIn(expr, block, source, catalog) !== null;
  const speaks = (expr: Expr): boolean => someExpr(expr, isTombstone);
  if ([...query.groupBy ?? [], ...query.orderBy].some(speaks)) return true;
  const outputs = query.output.filter((column): column is Extract<OutputColumn, { type: 'expr' }> => column.type === 'expr');
  const folding = outputs.filter(({ expr }) => someExpr(expr, (inner) => inner.type === 'call' && inner.aggregate));
  if (query.groupBy !== null && outputs.some((column) => !folding.includes(column) && speaks(column.expr))) return true;
  if (folding.length === 0) return query.distinct === 'none' && outputs.some(({ expr }) => someExpr(expr, (inner) => (inner.type === 'is' && isTombstone(inner.operand)) || (inner.type === 'case' && inner.branches.some(({ when }) => speaks(when)))));
  return folding.some(({ expr }) => countsDeleted(expr, isTombstone)) || (folding.some(({ expr }) => speaks(expr)) && folding.length > 1 && folding.every(({ expr, name }) => speaks(expr) || (name !== null && OF_ALL.test(name))));
}

/** `count(deleted_at)`, `count(*) FILTER (WHERE deleted_at IS NOT NULL)`, `sum(CASE WHEN deleted_at IS NOT NULL THEN 1 END)`, `max(deleted_at)`. */
function countsDeleted(expr: Expr, isTombstone: (expr: Expr) => boolean): boolean {
  return someExpr(expr, (inner) => inner.type === 'call' && inner.aggregate && (inner.args.some(isTombstone) || (inner.filter !== null && someExpr(inner.filter, (test) => test.type === 'is' && test.negated && isTombstone(test.operand)))
    || inner.args.some((arg) => someExpr(arg, (test) => test.type === 'is' && test.negated && isTombstone(test.operand)))));
}

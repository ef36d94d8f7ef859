/**
 * `document_id IS NOT NULL`: does a row have a parent? Where rows are removed, ON DELETE SET NULL empties the key with its parent; a soft delete is an UPDATE,
 * and leaves it as it is. So the test lets through the rows of deleted parents, too, unless the statement looks at the parents themselves. Where rows are counted or
 * cut to pages, no later look at the parents makes up for that: totals are too high, and pages have gaps.
 */
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import type { ParentTest } from './analysis.js';
import type { ColumnExpr, Expr } from './query.js';
import { blockExpressions, someExpr, sourceOf, type Block, type Scopes } from './scope.js';
import { conjuncts } from './conditions.js';

/** The tests for a parent in what a statement counts or cuts to pages, where it reads the parent's table nowhere. */
export function parentTestsOf(scopes: Scopes, catalog: Catalog): ParentTest[] {
  const isRead = (table: TableFacts): boolean => scopes.sources.some(({ target }) => target.kind === 'table' && target.facts === table);
  return scopes.blocks.flatMap((block) => testsOf(block).flatMap(({ column, at }): ParentTest[] => {
    const source = sourceOf(column, block, catalog);
    if (source?.leaf.type !== 'table' || source.block !== block || source.target.kind !== 'table') return [];
    const parent = parentBy(column.name, source.target.facts, catalog);
    return parent && !isRead(parent) ? [{ at, range: at.range, ref: source.leaf, child: source.target.facts, column: column.name, parent }] : [];
  }));
}

/** The conditions of a block that a key is there; none where a condition cannot be seen, which may look at the parent. */
function testsOf(block: Block): { readonly column: ColumnExpr; readonly at: Expr }[] {
  if (block.query.type !== 'select' || !(block.query.limited || isCounted(block)) || block.query.opaqueFilters.length > 0 || block.where === null) return [];
  const conditions = conjuncts(block.where);
  if (conditions.some(({ type }) => type === 'opaque' || type === 'choice')) return [];
  return conditions.flatMap((at) => {
    const tested = at.type === 'is' && at.what === 'null' && at.negated ? at.operand : at.type === 'not' && at.operand.type === 'is' && at.operand.what === 'null' && !at.operand.negated ? at.operand.operand : null;
    return tested?.type === 'column' ? [{ column: tested, at }] : [];
  });
}

/** Does the block count its rows, as against gathering them (`array_agg`)? */
function isCounted(block: Block): boolean {
  return blockExpressions(block).some((expr) => someExpr(expr, (inner) => inner.type === 'call' && inner.aggregate && /^(?:count|sum|avg)$/.test(inner.name)));
}

/** The soft table whose key a column holds, as a relation of its table says. */
function parentBy(name: string, { columns, relations }: TableFacts, catalog: Catalog): TableFacts | null {
  const isColumn = (key: string): boolean => fold(key) === fold(name) || fold(columns[key] ?? key) === fold(name);
  const relation = Object.values(relations).find(({ many, on }) => !many && on !== null && Object.keys(on).length === 1 && Object.keys(on).every(isColumn));
  const parent = relation ? catalog.table(relation.table) : null;
  return parent?.deletion === 'soft' && !parent.attribution ? parent : null;
}

/** Conditions that take archived rows for deleted ones. */
import type { Catalog } from '../manifest/catalog.js';
import type { ColumnExpr, Expr, Range, Statement } from './query.js';
import { forEachExpr, resolveScopes, sourceOf, type Block } from './scope.js';
import { isSoft, type SoftSource } from './soft-sources.js';
import { isArchiveName } from './tombstone-names.js';

/** A condition that holds for rows which are archived or deleted, and cannot tell the two apart. */
export interface Conflation {
  readonly range: Range;
  readonly source: SoftSource;
  /** The columns as the condition calls them. */
  readonly tombstone: string;
  readonly archive: string;
  /** The rows that pass are removed for good. */
  readonly removes: boolean;
}

/** The first condition of each reference to a soft table that conflates its tombstone and a column that says that a row is archived. */
export function conflationsIn(statement: Statement, catalog: Catalog): Conflation[] {
  const scopes = resolveScopes(statement, catalog);
  if (!scopes.sources.some(isSoft)) return [];
  const found = new Map<SoftSource, Conflation>();
  for (const block of scopes.blocks) for (const condition of filtersOf(block)) {
    forEachExpr(condition, (expr) => {
      const columns = alternativesOf(expr), archive = columns.find(({ name }) => isArchiveName(name));
      // The manifest does not name the column: without a qualifier it is the only table's.
      const source = archive && (sourceOf(archive, block, catalog) ?? (archive.qualifier === null && block.sources.length === 1 ? block.sources[0] : null));
      if (!archive || !source || !isSoft(source) || found.has(source) || catalog.tombstone(source.target.facts, archive.name)) return;
      const tombstone = columns.find((column) => catalog.tombstone(source.target.facts, column.name) !== null && sourceOf(column, block, catalog) === source);
      if (tombstone) found.set(source, { range: expr.range, source, tombstone: tombstone.name, archive: archive.name, removes: isRemoval(block) });
    });
  }
  return [...found.values()];
}

/** What decides which rows a block has: not what it makes of them. */
function filtersOf({ query, sources }: Block): Expr[] {
  const own = [...'where' in query && query.where ? [query.where] : [], ...query.type === 'select' && query.having ? [query.having] : []];
  return [...own, ...new Set(sources.flatMap(({ joins }) => joins.flatMap(({ join }) => join.on ?? [])))];
}

function isRemoval({ query }: Block): boolean {
  return query.type === 'delete';
}

/** Columns one of which is enough: operands of OR that say that something is so, arguments of coalesce. */
function alternativesOf(expr: Expr): ColumnExpr[] {
  switch (expr.type) {
    case 'or': return expr.operands.flatMap(saidOf);
    case 'not': return expr.operand.type === 'and' ? expr.operand.operands.flatMap((operand) => operand.type === 'is' && operand.what === 'null' && !operand.negated ? columnOf(operand.operand) : []) : [];
    case 'coalesce': return expr.args.flatMap(columnOf);
    case 'call': return expr.name === 'greatest' || expr.name === 'least' ? expr.args.flatMap(columnOf) : [];
    default: return [];
  }
}

/** The column of which a condition says that it has a value: `archived_at IS NOT NULL`, `archived_at < $1`, `is_archived`, `is_archived = true`. */
function saidOf(expr: Expr): ColumnExpr[] {
  if (expr.type === 'column') return [expr];
  if (expr.type === 'is') return (expr.what === 'null' && expr.negated) || (expr.what === 'true' && !expr.negated) ? columnOf(expr.operand) : [];
  if (expr.type !== 'comparison' || (expr.left.type !== 'column' && expr.right.type !== 'column')) return [];
  const isFalse = [expr.left, expr.right].some((side) => side.type === 'literal' && (side.value === false || side.value === 0 || side.value === null));
  return isFalse === (expr.operator === '<>') ? [...columnOf(expr.left), ...columnOf(expr.right)] : [];
}

function columnOf(expr: Expr): ColumnExpr[] {
  return expr.type === 'column' ? [expr] : [];
}

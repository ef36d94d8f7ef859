/** What folds the rows of a block, and which aggregates pass a row over. */
import type { Catalog } from '../manifest/catalog.js';
import { NO_FACTS, type Conditions } from './conditions.js';
import type { CallExpr, Expr, Join } from './query.js';
import { blockExpressions, forEachExpr, operandsOf, someExpr, sourceOf, type Block, type Scopes, type Source } from './scope.js';
import { containsAggregate, containsWindow, type Assumption, type Evaluator } from './truth.js';
import { mayBeNotNull, TRUE } from './values.js';

export interface Aggregates {
  /**
   * `count(*) FILTER (WHERE deleted_at IS NULL)`: does every aggregate of the block of `source` pass the row over, and does nothing else of the block
   * depend on it? With GROUP BY a group of dead rows alone would still appear, unless the reference is outer-joined to what is grouped.
   * @param absent What of the row's way an outer join may have left out.
   */
  passOver(evaluator: Evaluator, source: Source, row: Assumption, absent: readonly Source[]): boolean;
}

export function createAggregates(scopes: Scopes, catalog: Catalog, { stepsOf, joinConditions }: Conditions): Aggregates {
  function passOver(evaluator: Evaluator, source: Source, row: Assumption, absent: readonly Source[]): boolean {
    const { block } = source, { query } = block;
    if (query.type !== 'select' || query.output.some((column) => column.type !== 'expr')) return false;
    // GROUP BY () yields its one row as no GROUP BY does.
    const keys = query.groupBy ?? [], grouped = keys.length > 0;
    const [absence, ...others] = absent;
    // What was absent further down shows itself in ways that are not followed here.
    if (others.length > 0 || (absence ? absence !== source : grouped)) return false;
    // Everything above the first join that can leave the row out sees whether it does.
    const first = stepsOf(source).find(({ nullable }) => nullable !== null)?.nullable;
    const exprs = [...query.output.flatMap((column) => column.type === 'expr' ? [column.expr] : []), ...(query.having ? [query.having] : []), ...query.orderBy];
    const deciding = first && grouped ? [...exprs, ...keys, ...conditionsAbove(source, first)] : exprs;
    // A group is told by rows that stay; without groups, MySQL and SQLite show a column of any row.
    const changing = first && grouped ? besides(source, first) : block.sources;
    if (deciding.some((expr) => expr === null || mentionsOutsideAggregates(expr, block, changing))) return false;
    if (absence && grouped && block.sources.some(({ leaf }) => leaf.type === 'derived' && leaf.lateral) && readFromInside(block, changing)) return false;
    const calls: CallExpr[] = [], zeroed = new Set<Expr>();
    for (const expr of exprs) forEachExpr(expr, (inner) => {
      if (inner.type === 'call' && inner.aggregate) calls.push(inner);
      if (inner.type === 'coalesce' && inner.args[1]?.type === 'literal' && inner.args[1].value === 0) zeroed.add(inner.args[0]!);
    });
    const rows: Assumption[] = [row];
    if (absence) rows.push({ subject: source, facts: NO_FACTS, state: 'absent', at: null });
    return calls.length > 0 && rows.every((each) => calls.every((call) => passesOver(evaluator, call, block, each, zeroed.has(call))));
  }

  /** What an outer join leaves out together with a reference: all that stands on its side. */
  function besides(source: Source, outer: Join): readonly Source[] {
    const side = source.joins.find(({ join }) => join === outer)?.side;
    return source.block.sources.filter((other) => other.joins.some((above) => above.join === outer && above.side === side));
  }

  /** `zeroed`: where the aggregate is NULL, 0 is read. */
  function passesOver(evaluator: Evaluator, call: CallExpr, block: Block, row: Assumption, zeroed: boolean): boolean {
    if (call.filter && !(evaluator.truth(call.filter, block, row) & TRUE)) return true;
    // Aggregates over one value skip NULL; the exceptions gather NULLs too.
    if (call.star || call.args.length === 0 || /^(array_agg|json|group_concat_distinct|any_value|first|last)/.test(call.name)) return false;
    const values = evaluator.value(call.args[0]!, block, row);
    // A sum of zeros is 0, and of no rows NULL.
    if (zeroed && call.name === 'sum') return values.every((value) => value.kind === 'null' || (value.kind === 'const' && Number(value.value) === 0));
    return !mayBeNotNull(values);
  }

  /** The conditions that decide above an outer join whether a row is seen; null stands for one that cannot be read (NATURAL). */
  function conditionsAbove(source: Source, join: Join): readonly (Expr | null)[] {
    const { block, joins } = source;
    const above = joins.slice(joins.findIndex((one) => one.join === join) + 1);
    return [...above.flatMap((one) => one.join.natural ? [null] : joinConditions(one.join, block).map(({ expr }) => expr)), ...(block.where ? [block.where] : [])];
  }

  function mentionsOutsideAggregates(expr: Expr, block: Block, sources: readonly Source[]): boolean {
    if (expr.type === 'call' && expr.aggregate) return false;
    if (expr.type === 'column') {
      const owner = sourceOf(expr, block, catalog);
      return owner === null || sources.includes(owner);
    }
    if ('query' in expr && expr.query !== null && readFromInside(block, sources)) return true;
    return operandsOf(expr).some((operand) => mentionsOutsideAggregates(operand, block, sources));
  }

  /** Does a subquery or a LATERAL relation of a block look at one of its references, or at what may be one? */
  function readFromInside(block: Block, sources: readonly Source[]): boolean {
    return scopes.blocks.some((inside) => {
      if (inside === block || !isWithin(inside, block)) return false;
      return conditionsAndOutputs(inside).some((expr) => someExpr(expr, (inner) => {
        const owner = inner.type === 'column' ? sourceOf(inner, inside, catalog) : undefined;
        return owner === null || (owner !== undefined && sources.includes(owner));
      }));
    });
  }

  function isWithin(block: Block, around: Block): boolean {
    for (let at = block.outer, depth = 0; at && depth < 200; at = at.outer, depth++) if (at === around) return true;
    return false;
  }

  /** Every expression of a block, its joins' conditions included. */
  function conditionsAndOutputs(block: Block): readonly Expr[] {
    const joins = new Set(block.sources.flatMap((source) => source.joins.map(({ join }) => join)));
    return [...blockExpressions(block), ...[...joins].flatMap((join) => join.on ? [join.on] : [])];
  }

  return { passOver };
}

/** What a block does to its rows that a condition from outside cannot look through, or null. */
export function foldOf(block: Block): 'aggregate' | 'window' | 'limit' | 'distinct-on' | null {
  const { query } = block;
  if (query.type !== 'select') return null;
  const exprs = [...query.output.flatMap((column) => column.type === 'expr' ? [column.expr] : []), ...(query.having ? [query.having] : []), ...query.orderBy];
  if (query.groupBy !== null || query.having !== null || exprs.some(containsAggregate)) return 'aggregate';
  if (query.distinct === 'on') return 'distinct-on';
  if (query.limited) return 'limit';
  return exprs.some(containsWindow) ? 'window' : null;
}

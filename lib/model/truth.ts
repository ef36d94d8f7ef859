/** Evaluates expressions under an assumption about one row: the abstract interpretation that the proof stands on. */
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import type { CallExpr, Expr, Query, RowExpr, TombstoneFact } from './query.js';
import { isRenamed, operandsOf, outputOf, sourceOf, type Block, type OutputValue, type QueryNode, type Scopes, type Source } from './scope.js';
import {
  and, ANY_TRUTH, ANY_VALUE, compare, constant, FALSE, mayBeNotNull, mayBeNull, not, NOT_NULL, NULL_VALUE, or, TRUE, tombstoneValues, truthOf, union, UNKNOWN, valuesOf,
  type Truth, type Values,
} from './values.js';

/** A row that one of its tombstones marks dead, in one of the ways that the manifest lists. */
export interface Death {
  readonly tombstone: TombstoneFact;
  readonly values: Values;
}

/** What is assumed of the row of one reference: live, dead, or absent (null-extended by an outer join). */
export type RowState = 'live' | 'absent' | Death;

/** The row of `subject` in a state, as far as it has travelled. */
export interface Assumption {
  readonly subject: Source;
  readonly facts: TableFacts;
  readonly state: RowState;
  readonly at: Passage | null;
}

/**
 * The row has become a row of `source`, out of one arm of the query behind it. Inside that arm it was at `from`
 * (null: at the subject itself). A recursive CTE makes a row pass through the same block again: there, the names of the block mean other rows.
 */
export interface Passage {
  readonly source: Source;
  readonly arm: QueryNode;
  readonly from: Passage | null;
}

/** Every way in which a row of a table can be dead. */
export function deathsOf(facts: TableFacts): readonly Death[] {
  return facts.tombstones.flatMap((tombstone): Death[] => tombstone.dead
    ? tombstone.dead.map((value) => ({ tombstone, values: tombstoneValues({ ...tombstone, dead: [value] }, 'dead') }))
    : [{ tombstone, values: tombstoneValues(tombstone, 'dead') }]);
}

export interface Evaluator {
  /** The truth values that a condition in `block` can take. */
  truth(expr: Expr, block: Block | null, assumption: Assumption): Truth;
  /** The values that an expression in `block` can take. */
  value(expr: Expr, block: Block | null, assumption: Assumption): Values;
}

/** NULL in, NULL out, in every dialect. */
const STRICT_FUNCTIONS = new Set(['abs', 'date', 'date_trunc', 'extract', 'floor', 'ceil', 'round', 'length', 'lower', 'upper', 'trim', 'ltrim', 'rtrim', 'md5', 'to_char', 'year', 'month', 'day', 'substr', 'substring', 'unix_timestamp']);

/**
 * Makes an evaluator for the names of one statement.
 * @param favour `everything`: a fragment that cannot be seen may be worth anything. `filters`: it is assumed to filter, and of alternatives
 *   the one that filters most is taken: what is not excluded even so, is not excluded by anything that could stand there.
 */
export function createEvaluator(scopes: Scopes, catalog: Catalog, favour: 'everything' | 'filters'): Evaluator {
  const filters = favour === 'filters';

  function columnValue(name: string, source: Source | null, assumption: Assumption, depth: number): Values {
    const { subject, facts, at } = assumption;
    if (source === null) return filters && at === null && catalog.tombstone(facts, name) ? subjectColumn(name, assumption) : ANY_VALUE;
    if (at === null) return source === subject ? subjectColumn(name, assumption) : ANY_VALUE;
    const { target } = source;
    if (source !== at.source || (target.kind !== 'query' && target.kind !== 'cte') || depth > 50) return ANY_VALUE;
    const columns = 'columns' in source.leaf && source.leaf.columns ? source.leaf.columns : target.kind === 'cte' ? target.cte.columns : null;
    return outputValue(outputOf(target.node, at.arm, name, columns, catalog), { ...assumption, at: at.from }, depth + 1);
  }

  function outputValue(output: OutputValue, assumption: Assumption, depth: number): Values {
    switch (output.kind) {
      case 'expr': return value(output.expr, output.block, assumption, depth);
      case 'source': return columnValue(output.name, output.source, assumption, depth);
      case 'unknown': return ANY_VALUE;
    }
  }

  function subjectColumn(name: string, { subject, facts, state }: Assumption): Values {
    if (state === 'absent') return NULL_VALUE;
    if (isRenamed(subject, name)) return ANY_VALUE;
    const tombstone = catalog.tombstone(facts, name);
    if (tombstone) {
      if (state === 'live') return tombstoneValues(tombstone, 'live');
      return state.tombstone === tombstone ? state.values : ANY_VALUE;
    }
    return facts.key.some((key) => fold(key) === fold(name)) ? NOT_NULL : ANY_VALUE;
  }

  function truth(expr: Expr, block: Block | null, assumption: Assumption, positive = true, depth = 0): Truth {
    if (filters && isDecidedOutside(expr)) return positive ? FALSE : TRUE;
    switch (expr.type) {
      case 'and': return expr.operands.reduce((sum, operand) => and(sum, truth(operand, block, assumption, positive, depth)), TRUE);
      case 'or': return expr.operands.reduce((sum, operand) => or(sum, truth(operand, block, assumption, positive, depth)), FALSE);
      case 'not': return not(truth(expr.operand, block, assumption, !positive, depth));
      case 'comparison': {
        if (expr.left.type === 'row' && expr.right.type === 'row' && (expr.operator === '=' || expr.operator === '<>')) return rowComparison(expr.left, expr.right, expr.operator, block, assumption, depth);
        // `(p) = true` keeps the polarity of a fragment in p.
        return compare(expr.operator, value(expr.left, block, assumption, depth, positive), value(expr.right, block, assumption, depth, positive));
      }
      case 'is': return isTruth(expr, block, assumption, positive, depth);
      case 'in': {
        const left = value(expr.left, block, assumption, depth);
        let found: Truth;
        if (expr.list) found = expr.list.reduce((sum, item) => or(sum, item.type === 'opaque' || item.type === 'parameter' ? compare('=', left, ANY_VALUE) : compare('=', left, value(item, block, assumption, depth))), FALSE);
        else found = expr.query && yieldsNothing(expr.query, assumption, depth) ? FALSE : compare('=', left, ANY_VALUE) | FALSE;
        return expr.negated ? not(found) : found;
      }
      case 'quantified': {
        if (expr.operator === 'other') return ANY_TRUTH;
        const one = compare(expr.operator, value(expr.left, block, assumption, depth), ANY_VALUE);
        return expr.quantifier === 'any' ? one | FALSE : one | TRUE;
      }
      case 'exists': return yieldsNothing(expr.query, assumption, depth) ? FALSE : TRUE | FALSE;
      case 'opaque': return filters ? (positive ? FALSE : TRUE) : ANY_TRUTH;
      case 'choice': {
        const options = expr.options.map((option) => option === null ? TRUE : truth(option, block, assumption, positive, depth));
        const wanted = positive ? TRUE : FALSE;
        if (filters) return options.find((option) => !(option & wanted)) ?? options.reduce((sum, option) => sum | option, 0);
        return options.reduce((sum, option) => sum | option, 0);
      }
      case 'case': case 'coalesce': case 'literal': case 'column': case 'call': case 'time': case 'parameter': case 'subquery': case 'row': case 'operation':
        return truthOf(value(expr, block, assumption, depth, positive));
    }
  }

  function isTruth(expr: Extract<Expr, { type: 'is' }>, block: Block | null, assumption: Assumption, positive: boolean, depth: number): Truth {
    let holds: Truth;
    const { operand } = expr;
    if (expr.what === 'null' && operand.type === 'row') return rowIsNull(operand, expr.negated, block, assumption, depth);
    if (expr.what === 'null') {
      const values = value(operand, block, assumption, depth, expr.negated === positive);
      holds = (mayBeNull(values) ? TRUE : 0) | (mayBeNotNull(values) ? FALSE : 0);
    } else {
      const inner = truth(operand, block, assumption, expr.negated !== positive, depth);
      const wanted = expr.what === 'true' ? TRUE : expr.what === 'false' ? FALSE : UNKNOWN;
      holds = (inner & wanted ? TRUE : 0) | (inner & ~wanted ? FALSE : 0);
    }
    return expr.negated ? not(holds) : holds;
  }

  /** A row IS NULL when all its fields are; it IS NOT NULL when none is (PostgreSQL manual 9.2). */
  function rowIsNull(row: RowExpr, negated: boolean, block: Block | null, assumption: Assumption, depth: number): Truth {
    return row.items.reduce<Truth>((sum, item) => {
      const values = value(item, block, assumption, depth);
      const isNull = (mayBeNull(values) ? TRUE : 0) | (mayBeNotNull(values) ? FALSE : 0);
      return and(sum, negated ? not(isNull) : isNull);
    }, TRUE);
  }

  function rowComparison(left: RowExpr, right: RowExpr, operator: '=' | '<>', block: Block | null, assumption: Assumption, depth: number): Truth {
    if (left.items.length !== right.items.length) return ANY_TRUTH;
    const equal = left.items.reduce<Truth>((sum, item, index) => and(sum, compare('=', value(item, block, assumption, depth), value(right.items[index]!, block, assumption, depth))), TRUE);
    return operator === '=' ? equal : not(equal);
  }

  /** Can the query yield no row, whatever else it joins, because a condition over the assumed row is never true? */
  function yieldsNothing(query: Query, assumption: Assumption, depth: number): boolean {
    const block = scopes.blockOf(query);
    if (!block || query.type !== 'select' || depth > 20 || foldsToOneRow(block)) return false;
    return block.where !== null && !(truth(block.where, block, assumption, true, depth + 1) & TRUE);
  }

  function value(expr: Expr, block: Block | null, assumption: Assumption, depth = 0, positive = true): Values {
    if (depth > 60) return ANY_VALUE;
    switch (expr.type) {
      case 'literal': return constant(expr.value);
      case 'time': return [{ kind: 'moment', days: expr.days }];
      case 'column': return columnValue(expr.name, sourceOf(expr, block, catalog), assumption, depth);
      case 'parameter': case 'subquery': return ANY_VALUE;
      case 'row': return expr.items.length === 1 ? value(expr.items[0]!, block, assumption, depth, positive) : NOT_NULL;
      case 'coalesce': return coalesce(expr.args, block, assumption, depth);
      case 'case': return caseValue(expr, block, assumption, depth);
      case 'call': return callValue(expr, block, assumption, depth);
      case 'operation': return expr.strict && expr.operands.some((operand) => isAlwaysNull(value(operand, block, assumption, depth + 1))) ? NULL_VALUE : ANY_VALUE;
      case 'choice': return union(expr.options.map((option) => option === null ? ANY_VALUE : value(option, block, assumption, depth + 1, positive)));
      case 'opaque': return filters ? valuesOf(positive ? FALSE : TRUE) : ANY_VALUE;
      case 'and': case 'or': case 'not': case 'comparison': case 'is': case 'in': case 'quantified': case 'exists':
        return valuesOf(truth(expr, block, assumption, positive, depth + 1));
    }
  }

  function coalesce(args: readonly Expr[], block: Block | null, assumption: Assumption, depth: number): Values {
    const found: Values[] = [];
    for (const arg of args) {
      const values = value(arg, block, assumption, depth + 1);
      found.push(values.filter((possibility) => possibility.kind !== 'null'));
      if (!mayBeNull(values)) return union(found);
    }
    return union([...found, NULL_VALUE]);
  }

  function caseValue(expr: Extract<Expr, { type: 'case' }>, block: Block | null, assumption: Assumption, depth: number): Values {
    const found: Values[] = [];
    const operand = expr.operand ? value(expr.operand, block, assumption, depth + 1) : null;
    for (const { when, then } of expr.branches) {
      const taken = operand ? compare('=', operand, value(when, block, assumption, depth + 1)) : truth(when, block, assumption, true, depth + 1);
      if (taken & TRUE) found.push(value(then, block, assumption, depth + 1));
      if (taken === TRUE) return union(found);
    }
    found.push(expr.otherwise ? value(expr.otherwise, block, assumption, depth + 1) : NULL_VALUE);
    return union(found);
  }

  function callValue(expr: CallExpr, block: Block | null, assumption: Assumption, depth: number): Values {
    if (expr.window || expr.aggregate) return ANY_VALUE;
    const args = (): Values[] => expr.args.map((arg) => value(arg, block, assumption, depth + 1));
    // PostgreSQL skips NULLs, MySQL returns NULL for any: only "none is NULL" is the same everywhere.
    if (expr.name === 'greatest' || expr.name === 'least') return args().every((values) => !mayBeNull(values)) ? NOT_NULL : args().every(isAlwaysNull) ? NULL_VALUE : ANY_VALUE;
    if (STRICT_FUNCTIONS.has(expr.name)) return args().some(isAlwaysNull) ? NULL_VALUE : ANY_VALUE;
    return ANY_VALUE;
  }

  return {
    truth: (expr, block, assumption) => truth(expr, block, assumption),
    value: (expr, block, assumption) => value(expr, block, assumption),
  };
}

/** A condition over parameters alone, `($1 OR deleted_at IS NULL)`, `:all = true`: whoever calls the statement decides. */
function isDecidedOutside(expr: Expr): boolean {
  if (expr.type === 'parameter') return true;
  if (expr.type !== 'comparison' && expr.type !== 'is' && expr.type !== 'in' && expr.type !== 'quantified') return false;
  return someExpr(expr, (inner) => inner.type === 'parameter') && !someExpr(expr, (inner) => inner.type === 'column' || inner.type === 'subquery' || inner.type === 'exists' || ('query' in inner && inner.query !== null));
}

function isAlwaysNull(values: Values): boolean {
  return values.every((possibility) => possibility.kind === 'null');
}

/** Without GROUP BY, with GROUP BY (), or with totals, a block with an aggregate yields one row even from no rows. */
function foldsToOneRow(block: Block): boolean {
  const { query } = block;
  if (query.type === 'select' && query.totals) return true;
  if (query.type !== 'select' || (query.groupBy !== null && query.groupBy.length > 0)) return false;
  if (query.groupBy !== null || query.having !== null || query.orderBy.some(containsAggregate)) return true;
  return query.output.some((column) => column.type === 'expr' && containsAggregate(column.expr));
}

/** Does an aggregate (not a window function) stand in the expression, outside of subqueries? */
export function containsAggregate(expr: Expr): boolean {
  return someExpr(expr, (inner) => inner.type === 'call' && inner.aggregate);
}

/** Does a window function stand in the expression, outside of subqueries? */
export function containsWindow(expr: Expr): boolean {
  return someExpr(expr, (inner) => inner.type === 'call' && inner.window);
}

function someExpr(expr: Expr, test: (expr: Expr) => boolean): boolean {
  return test(expr) || operandsOf(expr).some((operand) => someExpr(operand, test));
}

/** Expressions of the model, made short. A range is the words of the call that say so. */
import type { ColumnExpr, ComparisonOperator, Expr, Query, Range, SelectBlock, TableRef } from '../model/query.js';

export const literal = (value: string | number | boolean | null, range: Range): Expr => ({ type: 'literal', value, range });
export const parameter = (range: Range): Expr => ({ type: 'parameter', range });
/** Any predicate, for all that can be seen. */
export const opaque = (range: Range): Expr => ({ type: 'opaque', range });
export const time = (days: number | null, range: Range): Expr => ({ type: 'time', days, range });
export const column = (of: TableRef, name: string, range: Range): ColumnExpr => ({ type: 'column', qualifier: of.alias ?? of.name, name, of, range });
/** A column by its name alone, or by a table's name or alias: the proof finds whose it is. */
export const named = (qualifier: string | null, name: string, range: Range): ColumnExpr => ({ type: 'column', qualifier, name, range });
export const comparison = (operator: ComparisonOperator, left: Expr, right: Expr, range: Range): Expr => ({ type: 'comparison', operator, left, right, range });
export const isNull = (operand: Expr, range: Range, negated = false): Expr => ({ type: 'is', what: 'null', negated, operand, range });
export const not = (operand: Expr, range: Range): Expr => ({ type: 'not', operand, range });
export const inList = (left: Expr, list: readonly Expr[], range: Range, negated = false): Expr => ({ type: 'in', negated, left, list, query: null, range });
export const exists = (query: SelectBlock, range: Range): Expr => ({ type: 'exists', query, range });
/** A predicate over operands that says no more than that they are looked at (LIKE, JSON operators); NULL where one of them is. */
export const operation = (operands: readonly Expr[], range: Range): Expr => ({ type: 'operation', operands, strict: true, range });

/** The conditions that there are, joined; null for none. */
export function and(operands: readonly (Expr | null)[], range: Range): Expr | null {
  return joined('and', operands.filter((operand) => operand !== null), range);
}

/** The alternatives joined. A missing condition is always true, and makes the whole true. Null for none, or for always true. */
export function or(operands: readonly (Expr | null)[], range: Range): Expr | null {
  return operands.includes(null) ? null : joined('or', operands as readonly Expr[], range);
}

function joined(type: 'and' | 'or', operands: readonly Expr[], range: Range): Expr | null {
  return operands.length < 2 ? operands[0] ?? null : { type, operands, range };
}

/**
 * One of several conditions, by what the program decides; null stands for none. What all of them begin with is said once, in front: else a condition that
 * many statements add to would double with each.
 */
export function choice(options: readonly (Expr | null)[], range: Range): Expr | null {
  const [first, ...others] = options;
  if (first === undefined || others.every((option) => option === first)) return first ?? null;
  const [conjuncts, ...rest] = options.map((option) => (option === null ? [] : conjunctsOf(option))) as [Expr[], ...Expr[][]];
  let common = 0;
  while (common < conjuncts.length && rest.every((other) => other[common] === conjuncts[common])) common++;
  if (common === 0) return { type: 'choice', options, range };
  return and([...conjuncts.slice(0, common), choice([conjuncts, ...rest].map((all) => and(all.slice(common), range)), range)], range);
}

function conjunctsOf(expr: Expr): Expr[] {
  return expr.type === 'and' ? expr.operands.flatMap(conjunctsOf) : [expr];
}

/** A SELECT block; what is left out is empty. */
export function select(parts: Partial<SelectBlock> & Pick<SelectBlock, 'from' | 'range'>): SelectBlock {
  return {
    type: 'select', ctes: [], where: null, groupBy: null, having: null, output: [{ type: 'star', qualifier: null, range: parts.range }],
    distinct: 'none', limited: false, orderBy: [], opaqueFilters: [], ...parts,
  };
}

/** `count(*)` and its like. */
export const aggregate = (name: string, args: readonly Expr[], range: Range): Expr => ({ type: 'call', name, args, star: args.length === 0, aggregate: true, window: false, filter: null, range });

/**
 * The expression with other ones in the places of some; the queries in it are handed to `ofQuery`, and not entered.
 *
 * @param of what stands instead of an expression, null to look inside
 */
export function replaced(expr: Expr, of: (expr: Expr) => Expr | null, ofQuery: (query: Query) => Query = (query) => query): Expr {
  const own = of(expr);
  if (own) return own;
  const inner = (part: Expr): Expr => replaced(part, of, ofQuery), all = (parts: readonly Expr[]): Expr[] => parts.map(inner);
  switch (expr.type) {
    case 'literal': case 'time': case 'column': case 'parameter': case 'opaque': return expr;
    case 'and': case 'or': case 'operation': return { ...expr, operands: all(expr.operands) };
    case 'not': case 'is': return { ...expr, operand: inner(expr.operand) };
    case 'comparison': return { ...expr, left: inner(expr.left), right: inner(expr.right) };
    case 'in': return { ...expr, left: inner(expr.left), list: expr.list && all(expr.list), query: expr.query && ofQuery(expr.query) };
    case 'quantified': return { ...expr, left: inner(expr.left), array: expr.array && inner(expr.array), query: expr.query && ofQuery(expr.query) };
    case 'exists': case 'subquery': return { ...expr, query: ofQuery(expr.query) };
    case 'case': return { ...expr, operand: expr.operand && inner(expr.operand), branches: expr.branches.map(({ when, then }) => ({ when: inner(when), then: inner(then) })), otherwise: expr.otherwise && inner(expr.otherwise) };
    case 'coalesce': return { ...expr, args: all(expr.args) };
    case 'row': return { ...expr, items: all(expr.items) };
    case 'call': return { ...expr, args: all(expr.args), filter: expr.filter && inner(expr.filter) };
    case 'choice': return { ...expr, options: expr.options.map((option) => option && inner(option)) };
  }
}

/** Expressions of the tree as `Expr`. Never throws on a node type that it does not know: such a node is an operation over its operands. */
import type { CaseExpr, ComparisonOperator, Expr, LogicExpr, Query } from '../../model/query.js';
import type { Reading } from './context.js';
import { bare, children, isNode, isQuery, items, path, words, type CstNode } from './cst.js';
import { nestedFrame, readQuery } from './queries.js';
import { momentOf, plainMoment, solveAge } from './time.js';

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=', '==': '=', '<>': '<>', '!=': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=', '!<': '>=', '!>': '<=',
  'IS DISTINCT FROM': 'is-distinct', 'IS NOT DISTINCT FROM': 'is-not-distinct',
};

/** Aggregate functions of the dialects; `regr_` and `covar_` families by prefix. */
const AGGREGATES = new Set([
  'count', 'sum', 'avg', 'min', 'max', 'total', 'any_value', 'every', 'mode', 'median',
  'array_agg', 'array_concat_agg', 'string_agg', 'group_concat', 'listagg', 'xmlagg', 'range_agg', 'range_intersect_agg',
  'json_agg', 'jsonb_agg', 'json_agg_strict', 'jsonb_agg_strict', 'json_object_agg', 'jsonb_object_agg', 'json_object_agg_unique', 'jsonb_object_agg_unique',
  'json_arrayagg', 'json_objectagg', 'json_group_array', 'json_group_object', 'jsonb_group_array', 'jsonb_group_object',
  'bool_and', 'bool_or', 'logical_and', 'logical_or', 'bit_and', 'bit_or', 'bit_xor', 'count_if', 'countif', 'sum_if',
  'stddev', 'stddev_pop', 'stddev_samp', 'std', 'variance', 'var_pop', 'var_samp', 'corr',
  'percentile_cont', 'percentile_disc', 'max_by', 'min_by', 'st_collect', 'st_union', 'st_extent', 'hll_count.init',
]);

function isAggregate(name: string, args: readonly CstNode[], reading: Reading): boolean {
  // SQLite's min and max of several arguments are scalar. https://www.sqlite.org/lang_corefunc.html#min_scalar
  if ((name === 'min' || name === 'max') && args.length > 1 && reading.dialect === 'sqlite') return false;
  return AGGREGATES.has(name) || /^(regr|covar|approx)_/.test(name);
}

/** Operators whose result is null as soon as one side is. */
const STRICT = /^([-+*/%^~&|#<>=!@?]+|DIV|MOD|XOR|(NOT )?(LIKE|ILIKE|RLIKE|REGEXP|GLOB|MATCH|SIMILAR TO)|COLLATE|AT TIME ZONE|MEMBER OF|SOUNDS LIKE|ESCAPE|)$/;

/** The predicate or value that a node stands for. */
export function readExpr(node: CstNode, reading: Reading): Expr {
  const hole = reading.hole(node);
  if (hole) {
    if (isQuery(node)) return reading.at(node, { type: 'subquery', query: readQuery(node, reading, nestedFrame(node.range[1])) });
    return reading.at(node, { type: hole.as === 'value' && hole.hole.kind !== 'identifier' ? 'parameter' : 'opaque' });
  }
  if (isQuery(node)) return reading.at(node, { type: 'subquery', query: readQuery(node, reading, nestedFrame(node.range[1])) });
  switch (node.type) {
    case 'paren_expr': return readParenthesised(node, reading);
    case 'list_expr': return reading.at(node, { type: 'row', items: items(node).map((item) => readExpr(item, reading)) });
    case 'row_constructor': return reading.at(node, { type: 'row', items: items(node.row as CstNode).map((item) => readExpr(item, reading)) });
    case 'alias': return readExpr(node.expr as CstNode, reading);

    case 'null_literal': return reading.at(node, { type: 'literal', value: null });
    case 'boolean_literal': return reading.at(node, { type: 'literal', value: Boolean(node.value) });
    case 'number_literal': return reading.at(node, { type: 'literal', value: Number(node.value) });
    case 'string_literal': return reading.isPartlyHidden(node) ? reading.at(node, { type: 'parameter' }) : reading.at(node, { type: 'literal', value: String(node.value) });
    case 'blob_literal': return reading.at(node, { type: 'literal', value: String(node.text) });
    case 'string_with_charset': return readExpr(node.string as CstNode, reading);
    case 'timestamp_literal': case 'datetime_literal': case 'date_literal': case 'time_literal':
    case 'json_literal': case 'jsonb_literal': case 'numeric_literal': case 'bignumeric_literal':
      return readTime(node, reading) ?? readExpr(node.string as CstNode, reading);
    case 'interval_literal': {
      const value = bare(node.value as CstNode);
      return value.type === 'string_literal' || value.type === 'number_literal' ? reading.at(node, { type: 'literal', value: reading.parsed(node.range) }) : operation(node, reading, true);
    }
    case 'parameter': case 'variable': return reading.at(node, { type: 'parameter' });
    case 'default': return reading.at(node, { type: 'call', name: 'default', args: [], star: false, aggregate: false, window: false, filter: null });

    case 'identifier': return reading.isPartlyHidden(node) ? reading.at(node, { type: 'opaque' }) : reading.at(node, { type: 'column', qualifier: null, name: String(node.name) });
    case 'bigquery_quoted_member_expr': return readExpr(node.expr as CstNode, reading);
    case 'member_expr': return readMember(node, reading);
    case 'all_columns': return reading.at(node, { type: 'operation', operands: [], strict: false });

    case 'prefix_op_expr': return readPrefix(node, reading);
    case 'postfix_op_expr': return readPostfix(node, reading);
    case 'binary_expr': return readBinary(node, reading);
    case 'between_expr': return readBetween(node, reading);
    case 'case_expr': return readCase(node, reading);
    case 'func_call': return readTime(node, reading) ?? readCall(node, reading);
    case 'named_arg': return readExpr(node.value as CstNode, reading);
    case 'cast_operator_expr': return readCast(node, node.left as CstNode, reading.parsed((node.right as CstNode).range), reading);
    case 'cast_expr': {
      const args = node.args.expr as CstNode;
      if (args.type !== 'cast_arg') return operation(node, reading, true);
      // SAFE_CAST makes NULL of what it cannot convert.
      return words(node.castKw) === 'CAST' ? readCast(node, args.expr as CstNode, reading.parsed((args.dataType as CstNode).range), reading)
        : reading.at(node, { type: 'operation', operands: [readExpr(args.expr as CstNode, reading)], strict: true });
    }
    case 'extract_expr': return readTime(node, reading) ?? reading.at(node, { type: 'operation', operands: [readExpr(node.args.expr.expr as CstNode, reading)], strict: true });
    case 'array_constructor': return reading.at(node, { type: 'subquery', query: readQuery(node.expr as CstNode, reading, nestedFrame(node.range[1])) });
    case 'array_literal_expr': case 'typed_expr': return reading.at(node, { type: 'operation', operands: operandsOf(node.expr as CstNode, reading), strict: false });
    case 'full_text_match_expr': return operation(node, reading, true);
    case 'unreadable_expr': return readUnreadable(node, reading);
    default: return operation(node, reading, false);
  }
}

/** An operation over every expression found inside a node. */
function operation(node: CstNode, reading: Reading, strict: boolean): Expr {
  return reading.at(node, { type: 'operation', operands: operandsOf(node, reading), strict });
}

const NO_EXPRESSIONS = new Set([
  'data_type_name', 'modified_data_type', 'parametric_data_type', 'array_data_type', 'setof_data_type', 'time_data_type', 'interval_data_type', 'table_data_type',
  'interval_unit', 'interval_unit_range', 'week_expr', 'empty', 'column_definition', 'postgresql_operator', 'postgresql_operator_expr',
]);
const EXPRESSIONS = /(_expr|_literal|_call|_constructor)$|^(identifier|parameter|variable|string_with_charset|unreadable_query)$/;

/** The expressions directly inside a node of any type. */
export function operandsOf(node: CstNode, reading: Reading): Expr[] {
  return children(node).flatMap((child) => {
    if (NO_EXPRESSIONS.has(child.type)) return [];
    const inner = child.type === 'paren_expr' && isNode(child.expr) && !reading.hole(child) ? child.expr : child;
    if (inner.type === 'list_expr') return operandsOf(inner, reading);
    if (inner !== child && !EXPRESSIONS.test(inner.type) && !isQuery(inner)) return operandsOf(child, reading);
    // Names of windows are no columns.
    if (child.type === 'named_window') return operandsOf({ ...child, name: undefined }, reading);
    if (child.type === 'window_definition') return operandsOf({ ...child, baseWindowName: undefined }, reading);
    if (child.type === 'alias' || child.type === 'named_arg') return [readExpr(child, reading)];
    return EXPRESSIONS.test(child.type) || isQuery(child) ? [readExpr(child, reading)] : operandsOf(child, reading);
  });
}

function readParenthesised(node: CstNode, reading: Reading): Expr {
  const inner = node.expr as CstNode;
  if (isQuery(bare(inner)) && !reading.hole(inner)) return reading.at(node, { type: 'subquery', query: readQuery(inner, reading, nestedFrame(node.range[1] - 1)) });
  if (inner.type === 'list_expr') return reading.at(node, { type: 'row', items: items(inner).map((item) => readExpr(item, reading)) });
  return readExpr(inner, reading);
}

/** A predicate with the fragments that follow it up to an offset (`FILTER (WHERE a = 1 ${more})`), where no block's WHERE holds it. */
export function withDropped(expr: Expr, start: number, end: number, reading: Reading): Expr {
  const found = reading.takeDropped(start, end);
  return found.length ? { type: 'and', operands: [expr, ...found.map((hole): Expr => ({ type: 'opaque', range: reading.holeRange(hole) }))], range: expr.range } : expr;
}

function readTime(node: CstNode, reading: Reading): Expr | null {
  const moment = plainMoment(momentOf(node, reading));
  return moment ? reading.at(node, { type: 'time', days: moment.days }) : null;
}

function readMember(node: CstNode, reading: Reading): Expr {
  if (reading.isPartlyHidden(node)) return reading.at(node, { type: 'opaque' });
  const property = node.property as CstNode, object = node.object as CstNode;
  const names = path(node);
  if (names) {
    // `${alias}.deleted_at`: the column is known, whose it is is not.
    if (reading.hole(property)) return reading.at(node, { type: 'opaque' });
    if (reading.hole(object)) return reading.at(node, { type: 'opaque' });
    return reading.at(node, { type: 'column', qualifier: names[names.length - 2]!, name: names[names.length - 1]! });
  }
  if (property.type === 'all_columns') return reading.at(node, { type: 'operation', operands: [], strict: false });
  const operands = [readExpr(object, reading)];
  if (property.type === 'array_subscript') operands.push(...operandsOf(property, reading));
  return reading.at(node, { type: 'operation', operands, strict: true });
}

function readPrefix(node: CstNode, reading: Reading): Expr {
  const inner = node.expr as CstNode, operator = words(node.operator);
  switch (operator) {
    case 'NOT': case '!': return reading.at(node, { type: 'not', operand: readExpr(inner, reading) });
    case 'EXISTS': {
      const subject = bare(inner);
      if (isQuery(subject)) return reading.at(node, { type: 'exists', query: readQuery(subject, reading, nestedFrame(inner.range[1] - 1)) });
      return reading.hole(subject)
        ? reading.at(node, { type: 'exists', query: reading.at(subject, { type: 'opaque-query', ctes: [] }) })
        : reading.at(node, { type: 'operation', operands: [readExpr(inner, reading)], strict: false });
    }
    case '+': return readExpr(inner, reading);
    case '-': if (inner.type === 'number_literal') return reading.at(node, { type: 'literal', value: -Number(inner.value) });
  }
  return reading.at(node, { type: 'operation', operands: [readExpr(inner, reading)], strict: true });
}

function readPostfix(node: CstNode, reading: Reading): Expr {
  const operand = readExpr(node.expr as CstNode, reading);
  switch (words(node.operator)) {
    case 'ISNULL': return reading.at(node, { type: 'is', what: 'null', negated: false, operand });
    case 'NOTNULL': case 'NOT NULL': return reading.at(node, { type: 'is', what: 'null', negated: true, operand });
    case 'IS UNKNOWN': return reading.at(node, { type: 'is', what: 'unknown', negated: false, operand });
    case 'IS NOT UNKNOWN': return reading.at(node, { type: 'is', what: 'unknown', negated: true, operand });
    default: return reading.at(node, { type: 'operation', operands: [operand], strict: true });
  }
}

/** AND, OR, or null for another operator. MySQL spells them `&&` and `||` too. */
function logicOf(node: CstNode, reading: Reading): LogicExpr['type'] | null {
  if (node.type !== 'binary_expr') return null;
  const operator = words(node.operator);
  if (operator === 'AND' || (operator === '&&' && reading.mysql)) return 'and';
  return operator === 'OR' || (operator === '||' && reading.mysql) ? 'or' : null;
}

function readLogic(node: CstNode, type: LogicExpr['type'], reading: Reading): Expr {
  // The tree leans to the left; a loop reads chains of any length.
  const chain: CstNode[] = [];
  let rest = node;
  for (; logicOf(rest, reading) === type; rest = rest.left as CstNode) chain.push(rest.right as CstNode);
  chain.push(rest);
  chain.reverse();
  const operands = chain.map((operand) => readExpr(operand, reading));
  if (type === 'and') {
    operands.forEach((operand, index) => {
      const own = chain[index]!.range, before = chain[index - 1]?.range, after = chain[index + 1]?.range;
      reading.places.conjuncts.set(operand, before ? [before[1], own[1]] : [own[0], after![0]]);
    });
  }
  return reading.at(node, { type, operands });
}

function readBinary(node: CstNode, reading: Reading): Expr {
  const logic = logicOf(node, reading);
  if (logic) return readLogic(node, logic, reading);
  const operator = words(node.operator), left = node.left as CstNode, right = node.right as CstNode;
  switch (operator) {
    case 'IS': case 'IS NOT': return readIs(node, left, right, operator === 'IS NOT', reading);
    case 'IN': case 'NOT IN': return readIn(node, left, right, operator === 'NOT IN', reading);
    case 'COLLATE': case 'ESCAPE': case 'UESCAPE': return readExpr(left, reading);
    case ':=': return readExpr(right, reading);
    case '<=>': if (reading.mysql) return reading.at(node, { type: 'comparison', operator: 'is-not-distinct', left: readExpr(left, reading), right: readExpr(right, reading) });
  }
  const comparison = COMPARISONS[operator];
  if (bare(right).type === 'quantifier_expr') return readQuantified(node, comparison ?? 'other', left, bare(right), reading);
  if (comparison) {
    const solved = solveAge(node, comparison, reading);
    return reading.at(node, solved
      ? { type: 'comparison', operator: solved.operator, left: readExpr(solved.column, reading), right: reading.at(node, { type: 'time', days: solved.days }) }
      : { type: 'comparison', operator: comparison, left: readExpr(left, reading), right: readExpr(right, reading) });
  }
  // Adjacent strings are one string.
  if (operator.trim() === '' && left.type === 'string_literal' && right.type === 'string_literal') return reading.at(node, { type: 'literal', value: `${left.value}${right.value}` });
  return readTime(node, reading) ?? readChain(node, reading);
}

/** `a || b || c ..`: one operation over the whole chain. */
function readChain(node: CstNode, reading: Reading): Expr {
  const chain: CstNode[] = [], operator = words(node.operator), strict = STRICT.test(operator.trim());
  let rest = node;
  for (; rest.type === 'binary_expr' && words(rest.operator) === operator; rest = rest.left as CstNode) chain.push(rest.right as CstNode);
  chain.push(rest);
  return reading.at(node, { type: 'operation', operands: chain.reverse().map((operand) => readExpr(operand, reading)), strict });
}

function readIs(node: CstNode, left: CstNode, right: CstNode, negated: boolean, reading: Reading): Expr {
  if (right.type === 'null_literal') return reading.at(node, { type: 'is', what: 'null', negated, operand: readExpr(left, reading) });
  if (right.type === 'boolean_literal') return reading.at(node, { type: 'is', what: right.value ? 'true' : 'false', negated, operand: readExpr(left, reading) });
  if (right.type === 'identifier' && /^unknown$/i.test(String(right.text))) return reading.at(node, { type: 'is', what: 'unknown', negated, operand: readExpr(left, reading) });
  const operator = right.type === 'binary_expr' ? COMPARISONS[words(right.operator)] : undefined;
  if (operator && /^(null|boolean)_literal$/.test((right.left as CstNode).type)) {
    // The parser reads `a IS NULL = b` as `a IS (NULL = b)`; PostgreSQL and MySQL as `(a IS NULL) = b`.
    const inner = right.left as CstNode;
    const test = readIs({ ...node, range: [node.range[0], inner.range[1]] }, left, inner, negated, reading);
    return reading.at(node, { type: 'comparison', operator, left: test, right: readExpr(right.right as CstNode, reading) });
  }
  // `x IS JSON`, `x IS DOCUMENT`
  if (reading.dialect !== 'sqlite') return reading.at(node, { type: 'operation', operands: [readExpr(left, reading)], strict: true });
  // SQLite: IS compares any two values. https://www.sqlite.org/lang_expr.html#isisnot
  return reading.at(node, { type: 'comparison', operator: negated ? 'is-distinct' : 'is-not-distinct', left: readExpr(left, reading), right: readExpr(right, reading) });
}

function readIn(node: CstNode, left: CstNode, right: CstNode, negated: boolean, reading: Reading): Expr {
  const subject = bare(right);
  const made = (list: Expr[] | null, query: Query | null): Expr => reading.at(node, { type: 'in', negated, left: readExpr(left, reading), list, query });
  if (reading.hole(right)) return made([reading.at(right, { type: reading.hole(right)!.hole.kind === 'value' ? 'parameter' : 'opaque' })], null);
  if (isQuery(subject)) return made(null, readQuery(subject, reading, nestedFrame(right.range[1] - 1)));
  if (subject.type === 'unreadable_expr') return made([readExpr(subject, reading)], null);
  const table = right.type === 'paren_expr' ? null : path(right);
  if (table && reading.dialect === 'sqlite') {
    // `x IN table` is short for `x IN (SELECT * FROM table)`. https://www.sqlite.org/lang_expr.html#in_op
    const ref = reading.at(right, { type: 'table', name: table[table.length - 1]!, schema: table[table.length - 2] ?? null, alias: null, columns: null, autoFilter: 'none', via: 'from' });
    return made(null, reading.at(right, {
      type: 'select', ctes: [], from: [ref], where: null, groupBy: null, having: null, output: [{ type: 'star', qualifier: null, range: reading.range(right) }],
      distinct: 'none', limited: false, orderBy: [], opaqueFilters: [],
    }));
  }
  if (right.type !== 'paren_expr') return made([reading.at(right, { type: 'operation', operands: [readExpr(right, reading)], strict: false })], null);
  const list = items(right).flatMap((item) => isValuesCall(item) ? items(item.args.expr.args as CstNode) : [item]);
  // `x IN ((SELECT ..))` is a query with parentheses to spare.
  if (list.length === 1 && isQuery(bare(list[0]!)) && !reading.hole(bare(list[0]!))) return made(null, readQuery(bare(list[0]!), reading, nestedFrame(right.range[1] - 1)));
  return made(list.map((item) => readExpr(item, reading)), null);
}

/** Does the parser take `VALUES (1)` for a call of a function? */
export function isValuesCall(node: CstNode): boolean {
  return node.type === 'func_call' && (node.name as CstNode).type === 'identifier' && /^values$/i.test(String(node.name.text)) && isNode(node.args);
}

function readQuantified(node: CstNode, operator: ComparisonOperator | 'other', left: CstNode, right: CstNode, reading: Reading): Expr {
  const quantifier = words(right.quantifierKw) === 'ALL' ? 'all' : 'any';
  let subject = bare(right.expr as CstNode);
  if (subject.type === 'list_expr' && items(subject).length === 1) subject = bare(items(subject)[0]!);
  const compared = readExpr(left, reading);
  if (isQuery(subject)) {
    return reading.at(node, { type: 'quantified', quantifier, operator, left: compared, query: readQuery(subject, reading, nestedFrame(right.range[1] - 1)), array: null });
  }
  // `= ANY (ARRAY(SELECT ..))` compares with the query's rows all the same.
  if (subject.type === 'array_constructor') {
    return reading.at(node, { type: 'quantified', quantifier, operator, left: compared, query: readQuery(subject.expr as CstNode, reading, nestedFrame(subject.range[1])), array: null });
  }
  return reading.at(node, { type: 'quantified', quantifier, operator, left: compared, query: null, array: readExpr(subject, reading) });
}

function readBetween(node: CstNode, reading: Reading): Expr {
  const operator = words(node.betweenKw);
  const [left, begin, end] = [node.left, node.begin, node.end].map((part) => readExpr(part as CstNode, reading)) as [Expr, Expr, Expr];
  if (operator.endsWith('SYMMETRIC')) {
    return reading.at(node, { type: 'operation', operands: [left, begin, end], strict: true });
  }
  const both = reading.at(node, {
    type: 'and',
    operands: [reading.at(node, { type: 'comparison', operator: '>=', left, right: begin }), reading.at(node, { type: 'comparison', operator: '<=', left, right: end })],
  });
  return operator.startsWith('NOT') ? reading.at(node, { type: 'not', operand: both }) : both;
}

function readCase(node: CstNode, reading: Reading): Expr {
  const branches: { when: Expr; then: Expr }[] = [];
  let otherwise: Expr | null = null;
  for (const part of node.clauses as CstNode[]) {
    if (part.type === 'case_when') branches.push({ when: readExpr(part.condition as CstNode, reading), then: readExpr(part.result as CstNode, reading) });
    else if (part.type === 'case_else') otherwise = readExpr(part.result as CstNode, reading);
  }
  return reading.at(node, { type: 'case', operand: node.expr ? readExpr(node.expr as CstNode, reading) : null, branches, otherwise });
}

function readCast(node: CstNode, inner: CstNode, type: string, reading: Reading): Expr {
  const time = readTime(node, reading);
  if (time) return time;
  const subject = bare(inner);
  // Casts do not change whether a value is null; words that stand for a boolean do become one.
  if (subject.type === 'string_literal' && /^\s*bool/i.test(type) && /^\s*(t|true|y|yes|on|1|f|false|n|no|off|0)\s*$/i.test(String(subject.value))) {
    return reading.at(node, { type: 'literal', value: /^\s*(t|y|on|1)/i.test(String(subject.value)) });
  }
  return readExpr(inner, reading);
}

function caseOf(node: CstNode, reading: Reading, when: Expr, then: Expr, otherwise: Expr | null): CaseExpr {
  return reading.at(node, { type: 'case', operand: null, branches: [{ when, then }], otherwise });
}

/** `sqlc.arg(id)`, `sqlc.narg(id)`, `sqlc.slice(ids)`: named parameters of queries in files (sqlc's documentation, "Naming parameters" and "Macros"). */
function isQueryParameter([schema, name, ...others]: readonly string[]): boolean {
  return others.length === 0 && /^sqlc$/i.test(schema ?? '') && /^(?:arg|narg|slice)$/i.test(name ?? '');
}

function readCall(node: CstNode, reading: Reading): Expr {
  const names = path(node.name as CstNode);
  const funcArgs = node.args?.expr as CstNode | undefined;
  const list = funcArgs ? items(funcArgs.args as CstNode) : [];
  const name = names?.[names.length - 1]?.toLowerCase() ?? '';
  const read = (index: number): Expr => readExpr(list[index]!, reading);
  if (names && isQueryParameter(names)) return reading.at(node, { type: 'parameter' });
  if (!node.over && !node.filter && !reading.hole(node.name as CstNode)) {
    switch (name) {
      case 'coalesce': case 'ifnull': case 'nvl': return reading.at(node, { type: 'coalesce', args: list.map((arg) => readExpr(arg, reading)) });
      case 'nullif':
        if (list.length === 2) {
          const value = read(0);
          const same = reading.at(node, { type: 'comparison', operator: '=', left: value, right: read(1) });
          return caseOf(node, reading, same, reading.at(node, { type: 'literal', value: null }), value);
        }
        break;
      case 'if': case 'iif': if (list.length >= 2) return caseOf(node, reading, read(0), read(1), list[2] ? read(2) : null);
        break;
      case 'nvl2': if (list.length === 3) return caseOf(node, reading, reading.at(list[0]!, { type: 'is', what: 'null', negated: true, operand: read(0) }), read(1), read(2));
        break;
      case 'isnull':
        if (list.length === 1) return reading.at(node, { type: 'is', what: 'null', negated: false, operand: read(0) });
        if (list.length === 2) return reading.at(node, { type: 'coalesce', args: [read(0), read(1)] });
        break;
      case 'array': if (list.length === 1 && isQuery(bare(list[0]!))) return reading.at(node, { type: 'subquery', query: readQuery(list[0]!, reading, nestedFrame(node.range[1] - 1)) });
        break;
      case 'not': if (list.length === 1 && !reading.hole(list[0]!)) return reading.at(node, { type: 'not', operand: read(0) });
        break;
      // PostgreSQL skips nulls; elsewhere one null makes the result null.
      case 'greatest': case 'least':
        if (reading.dialect !== 'postgresql') return reading.at(node, { type: 'operation', operands: list.map((arg) => readExpr(arg, reading)), strict: true });
        break;
      case 'min': case 'max':
        if (list.length > 1 && reading.dialect === 'sqlite') return reading.at(node, { type: 'operation', operands: list.map((arg) => readExpr(arg, reading)), strict: true });
    }
  }
  const star = list.length === 1 && list[0]!.type === 'all_columns';
  const args = star ? [] : list.map((arg) => readExpr(arg, reading));
  if (funcArgs) for (const extra of ['orderBy', 'limit', 'having'] as const) if (isNode(funcArgs[extra])) args.push(...operandsOf(funcArgs[extra], reading));
  const filterNode = isNode(node.filter) ? node.filter.where as CstNode : null;
  const filter = filterNode ? withDropped(readExpr((filterNode.expr as CstNode).expr as CstNode, reading), filterNode.range[0], filterNode.range[1], reading) : null;
  if (isNode(node.over) && isNode(node.over.window) && node.over.window.type !== 'identifier') args.push(...operandsOf(node.over.window, reading));
  return reading.at(node, { type: 'call', name, args, star, aggregate: !node.over && (isAggregate(name, list, reading) || reading.repair('within-group', node.range[1], node.range[1] + 1) !== undefined), window: Boolean(node.over), filter });
}

/** An expression that could not be read may be any predicate; the queries that could be read inside it are kept. */
function readUnreadable(node: CstNode, reading: Reading): Expr {
  const opaque = reading.at(node, { type: 'opaque' });
  const queries = (node.queries as CstNode[] | undefined ?? []).map((query) => readExpr(query, reading));
  return queries.length ? reading.at(node, { type: 'and', operands: [opaque, reading.at(node, { type: 'operation', operands: queries, strict: false })] }) : opaque;
}

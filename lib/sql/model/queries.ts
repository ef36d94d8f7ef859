/** SELECT, VALUES and set operations of the tree as `Query`. */
import type { Cte, Expr, OutputColumn, Query, Relation, SelectBlock } from '../../model/query.js';
import type { QueryFrame, Reading, Span } from './context.js';
import { bare, clause, isNode, isQuery, items, keywordRange, path, words, type CstNode } from './cst.js';
import { operandsOf, readExpr } from './expressions.js';
import { readFrom } from './relations.js';
import { readWrite } from './writes.js';

/** A query inside parentheses or at the top of a statement, whose words end at `limit` at the latest. */
export function nestedFrame(limit: number): QueryFrame {
  return { limit, ctes: [], orderBy: [], limited: false };
}

/** Any statement of the tree that yields or changes rows. */
export function readQuery(node: CstNode, reading: Reading, frame: QueryFrame): Query {
  if (reading.hole(node)) return reading.at(node, { type: 'opaque-query', ctes: frame.ctes });
  switch (node.type) {
    case 'paren_expr': return readQuery(node.expr as CstNode, reading, { ...frame, limit: node.range[1] - 1 });
    case 'compound_select_stmt': return readSetOperation(node, reading, frame);
    case 'select_stmt': return readSelect(node, reading, frame);
    case 'insert_stmt': case 'update_stmt': case 'delete_stmt': case 'merge_stmt': case 'truncate_stmt': return readWrite(node, reading, frame)[0]!;
    default: return reading.at(node, { type: 'opaque-query', ctes: frame.ctes });
  }
}

/** The WITH list of a statement. */
export function readCtes(node: CstNode, reading: Reading): Cte[] {
  const withClause = clause(node, 'with_clause');
  return withClause && !reading.hoisted.has(withClause) ? ctesOf(withClause, reading) : [];
}

function ctesOf(withClause: CstNode, reading: Reading): Cte[] {
  const recursive = Boolean(withClause.recursiveKw);
  return items(withClause.tables as CstNode).map((table): Cte => {
    const body = table.expr as CstNode, name = table.table as CstNode;
    const hole = reading.hole(table);
    return reading.at(table, {
      name: String(name.name),
      columns: isNode(table.columns) ? items(table.columns).map((column) => String(column.name)) : null,
      query: hole ? reading.at(body, { type: 'opaque-query', ctes: [] }) : readQuery(body, reading, nestedFrame(body.range[1])),
      recursive,
    });
  });
}

// ------------------------------------------------------------------------------------------- set operations

const TAIL = new Set(['order_by_clause', 'limit_clause', 'offset_clause', 'fetch_clause', 'for_clause', 'lock_in_share_mode_clause', 'into_table_clause', 'into_variables_clause']);

/** The parser leaves WITH in the first arm and ORDER BY and LIMIT in the last; without parentheses they belong to the whole. */
function hoist(node: CstNode, reading: Reading): { withClause: CstNode | undefined; tail: CstNode[] } {
  let first = node, last = node;
  while (first.type === 'compound_select_stmt') first = first.left as CstNode;
  while (last.type === 'compound_select_stmt') last = last.right as CstNode;
  const withClause = first.type === 'select_stmt' ? clause(first, 'with_clause') : undefined;
  const tail = last.type === 'select_stmt' ? (last.clauses as CstNode[]).filter((each) => TAIL.has(each.type)) : [];
  const fresh = (each: CstNode): boolean => !reading.hoisted.has(each);
  const found = { withClause: withClause && fresh(withClause) ? withClause : undefined, tail: tail.filter(fresh) };
  if (found.withClause) reading.hoisted.add(found.withClause);
  for (const each of found.tail) reading.hoisted.add(each);
  return found;
}

function readSetOperation(node: CstNode, reading: Reading, frame: QueryFrame): Query {
  const { withClause, tail } = hoist(node, reading);
  const ctes = [...frame.ctes, ...(withClause ? ctesOf(withClause, reading) : [])];
  const operator = words(node.operator).split(' ')[0]!.toLowerCase();
  const between = keywordRange(node.operator)!;
  const tailStart = tail.length ? tail[0]!.range[0] : frame.limit;
  const left = readQuery(node.left as CstNode, reading, nestedFrame(between[0]));
  const right = readQuery(node.right as CstNode, reading, nestedFrame(Math.min(frame.limit, tailStart)));
  reading.takeDropped(tailStart, frame.limit);
  return reading.at(node, {
    type: 'set-operation', ctes, operator: operator === 'intersect' || operator === 'except' ? operator : operator === 'minus' ? 'except' : 'union', left, right,
    limited: frame.limited || isLimited(tail), orderBy: [...orderOf(tail, reading), ...frame.orderBy],
  });
}

/** Do these clauses cut rows? `LIMIT ALL` does not. */
function isLimited(clauses: readonly CstNode[]): boolean {
  return clauses.some((each) => {
    if (each.type === 'offset_clause' || each.type === 'fetch_clause') return true;
    return each.type === 'limit_clause' && (Boolean(each.offset) || (isNode(each.count) && each.count.type !== 'limit_all' && each.count.type !== 'null_literal'));
  });
}

/** The expressions of ORDER BY, and those of LIMIT that are more than a number or a parameter. */
function orderOf(clauses: readonly CstNode[], reading: Reading): Expr[] {
  return clauses.flatMap((each) => {
    if (each.type === 'order_by_clause') return items(each.specifications as CstNode).map((item) => readExpr((item.type === 'sort_specification' ? item.expr : item) as CstNode, reading));
    if (each.type !== 'limit_clause' && each.type !== 'offset_clause' && each.type !== 'fetch_clause') return [];
    return operandsOf(each, reading).filter(({ type }) => type !== 'literal' && type !== 'parameter' && type !== 'opaque');
  });
}

// ------------------------------------------------------------------------------------------------- SELECT

function readSelect(node: CstNode, reading: Reading, frame: QueryFrame): Query {
  const clauses = (node.clauses as CstNode[]).filter((each) => !reading.hoisted.has(each));
  const of = (type: string): CstNode | undefined => clauses.find((each) => each.type === type);
  const ctes = [...frame.ctes, ...readCtes(node, reading)];
  const select = of('select_clause'), from = of('from_clause'), where = of('where_clause'), table = of('table_clause');
  const top = select && reading.repair('limit', select.range[0], (select.columns as CstNode | undefined)?.range[0] ?? select.range[1]) !== undefined;
  const limited = frame.limited || top === true || isLimited(clauses);

  // `(SELECT ..) ORDER BY .. LIMIT ..`: one query in parentheses with a tail.
  const inner = clauses.find((each) => isQuery(each) || (each.type === 'paren_expr' && isQuery(bare(each))));
  if (inner) {
    const orderBy = [...orderOf(clauses, reading), ...frame.orderBy];
    reading.takeDropped(inner.range[1], frame.limit);
    return readQuery(inner, reading, { limit: inner.range[1], ctes, orderBy, limited });
  }
  const values = of('values_clause');
  if (values) {
    reading.takeDropped(node.range[0], frame.limit);
    return reading.at(node, { type: 'values', ctes, rows: readRows(values, reading) });
  }

  const folds = clauses.filter((each) => ['group_by_clause', 'having_clause', 'window_clause', 'qualify_clause'].includes(each.type) || TAIL.has(each.type));
  const filtersEnd = Math.min(frame.limit, ...folds.map((each) => each.range[0]).filter((start) => start >= (where ?? from ?? node).range[0]));
  const relations: Relation[] = from ? readFrom(from.expr as CstNode, reading, where?.range[0] ?? filtersEnd) : table ? readFrom(table.table as CstNode, reading, filtersEnd) : [];
  const predicate = where ? readExpr(where.expr as CstNode, reading) : null;
  const output = select ? readOutput(items(select.columns as CstNode | undefined), reading) : starOf(node, reading);
  const group = of('group_by_clause'), having = of('having_clause'), qualify = of('qualify_clause'), window = of('window_clause');
  const groupBy = group ? readGroups(items(group.columns as CstNode), output, reading) : null;
  const totals = group !== undefined && (group.withRollupKw !== undefined || items(group.columns as CstNode).some(({ type }) => TOTALS.has(type)));
  const on = (select?.modifiers as CstNode[] | undefined)?.find((each) => each.type === 'select_distinct_on');
  const distinct = on ? 'on' : (select?.modifiers as CstNode[] | undefined)?.some((each) => each.type === 'select_distinct') ? 'all' : 'none';
  const orderBy = [
    ...(on ? items(on.columns as CstNode).map((each) => readExpr(each, reading)) : []),
    ...orderOf(clauses, reading),
    ...(window ? operandsOf(window, reading) : []),
    // QUALIFY keeps rows by what a window says of their neighbours: a cut like LIMIT, and no filter of single rows.
    ...(qualify ? [readExpr(qualify.expr as CstNode, reading)] : []),
    ...frame.orderBy,
  ];
  const havingExpr = having ? readExpr(having.expr as CstNode, reading) : null;
  // Fragments in nested queries have been taken by now; what is left between FROM and the next clause (or is where that starts) may filter these rows.
  const fragments = reading.takeDropped(node.range[0], frame.limit).filter(({ hole }) => from && hole.start >= from.range[0] && hole.start <= filtersEnd);
  const filters = where ? fragments.filter(({ hole }) => hole.start >= where.range[0]) : fragments;
  const block: SelectBlock = reading.at(node, {
    type: 'select', ctes, from: relations, where: predicate, groupBy, ...totals ? { totals } : {}, having: havingExpr, output, distinct, limited: limited || Boolean(qualify), orderBy,
    opaqueFilters: [...filters, ...(where || !from ? [] : reading.trailing(from.range[1])), ...(where ? fragments.filter((each) => !filters.includes(each) && !isInJoin(each.hole.start, relations, reading)) : [])].map((hole) => reading.holeRange(hole)),
  });
  reading.places.settle(block, relations);
  reading.places.blocks.set(block, {
    where: predicate, predicate: where ? (where.expr as CstNode).range : null,
    clause: from && where ? [(from.expr as CstNode).range[1], (where.expr as CstNode).range[1]] : null,
    newWhere: from && !where && fragments.length === 0 ? from.range[1] : null, keyword: (from ?? node).range[0],
    relations: countLeaves(relations),
  });
  return block;
}

function starOf(node: CstNode, reading: Reading): OutputColumn[] {
  return [{ type: 'star', qualifier: null, range: reading.range(node) }];
}

/** Does an offset before WHERE lie behind the condition of a join, where a fragment goes on with that condition? */
function isInJoin(offset: number, relations: readonly Relation[], reading: Reading): boolean {
  return relations.some((relation) => relation.type === 'join' && (relation.opaque && (reading.places.spans.get(relation)?.[0] ?? Infinity) < offset || isInJoin(offset, [relation.left, relation.right], reading)));
}

/** Relations of a FROM list, joins taken apart. */
export function countLeaves(relations: readonly Relation[]): number {
  return relations.reduce((count, relation) => count + (relation.type === 'join' ? countLeaves([relation.left, relation.right]) : 1), 0);
}

export function readRows(values: CstNode, reading: Reading): Expr[][] {
  return items(values.values as CstNode).map((row) => {
    if (reading.hole(row)) return [reading.at(row, { type: 'opaque' })];
    const subject = row.type === 'row_constructor' ? row.row as CstNode : row;
    return items(subject).map((item) => readExpr(item, reading));
  });
}

const TOTALS = new Set(['group_by_rollup', 'group_by_cube', 'group_by_grouping_sets']);

function readGroups(list: readonly CstNode[], output: readonly OutputColumn[], reading: Reading): Expr[] {
  return list.flatMap((item): Expr[] => {
    switch (item.type) {
      case 'group_by_rollup': case 'group_by_cube': case 'group_by_grouping_sets': return readGroups(items(item.columns as CstNode), output, reading);
      case 'group_by_all': return output.flatMap((column) => column.type === 'expr' && !(column.expr.type === 'call' && column.expr.aggregate) ? [column.expr] : []);
      case 'paren_expr': if ((item.expr as CstNode).type === 'list_expr') return readGroups(items(item), output, reading);
    }
    return [readExpr(item, reading)];
  });
}

/** A select list or RETURNING list. */
export function readOutput(list: readonly CstNode[], reading: Reading): OutputColumn[] {
  return list.flatMap((item): OutputColumn[] => {
    switch (item.type) {
      case 'empty': return [];
      case 'all_columns': return [{ type: 'star', qualifier: null, range: reading.range(item) }];
      case 'except_columns': return readOutput([item.expr as CstNode], reading);
      case 'replace_columns': return [...readOutput(items(item.columns as CstNode), reading), ...readOutput([item.expr as CstNode], reading)];
      case 'alias': {
        const name = item.alias as CstNode;
        return [{ type: 'expr', expr: readExpr(item.expr as CstNode, reading), name: reading.hole(name) || reading.isPartlyHidden(name) ? null : String(name.name) }];
      }
      case 'member_expr':
        if ((item.property as CstNode).type === 'all_columns') {
          const qualifier = path(item.object as CstNode);
          return qualifier && !reading.hole(item.object as CstNode)
            ? [{ type: 'star', qualifier: qualifier[qualifier.length - 1]!, range: reading.range(item) }] : [{ type: 'opaque', range: reading.range(item) }];
        }
    }
    const hole = reading.hole(item);
    if (hole && hole.hole.kind !== 'value') return [{ type: 'opaque', range: reading.range(item) }];
    return [{ type: 'expr', expr: readExpr(item, reading), name: impliedName(item, reading) }];
  });
}

/** The name that a column of the output gets without AS. */
function impliedName(node: CstNode, reading: Reading): string | null {
  if (reading.isPartlyHidden(node)) return null;
  switch (node.type) {
    case 'identifier': case 'member_expr': { const names = path(node); return names ? names[names.length - 1]! : null; }
    case 'func_call': { const names = path(node.name as CstNode); return names ? names[names.length - 1]!.toLowerCase() : null; }
    case 'cast_operator_expr': return impliedName(node.left as CstNode, reading);
    case 'cast_expr': return (node.args.expr as CstNode).type === 'cast_arg' ? impliedName(node.args.expr.expr as CstNode, reading) : null;
    case 'paren_expr': return isNode(node.expr) && !isQuery(node.expr) ? impliedName(node.expr, reading) : null;
    default: return null;
  }
}

/** Fragments that may filter the rows of a write: between its tables and its end, or from WHERE on. */
export function filterFragments(reading: Reading, span: Span, where: CstNode | undefined): { readonly all: boolean; readonly ranges: SelectBlock['opaqueFilters'] } {
  const found = reading.takeDropped(span[0], span[1]);
  const filters = where ? found.filter(({ hole }) => hole.start >= where.range[0]) : found;
  return { all: found.length > 0, ranges: filters.map((hole) => reading.holeRange(hole)) };
}

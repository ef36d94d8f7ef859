/** FROM as relations. */
import type { Expr, Join, OutputColumn, Relation, SelectBlock, TableRef } from '../../model/query.js';
import type { Reading, Span } from './context.js';
import { bare, isNode, isQuery, items, keywordRange, path, words, type CstNode } from './cst.js';
import { isValuesCall, operandsOf, readExpr } from './expressions.js';
import { nestedFrame, readQuery } from './queries.js';

interface Naming {
  readonly alias: CstNode | null;
  readonly columns: readonly string[] | null;
  /** The words of relation and alias. */
  readonly span: Span;
}

/**
 * The items of FROM's comma list. The parser nests `a, b JOIN c` to the left; a comma binds less than any join, so the list is put in order again.
 * `limit` is where the words of FROM end at the latest.
 */
export function readFrom(node: CstNode, reading: Reading, limit: number): Relation[] {
  const list: Relation[] = [];
  const add = (each: CstNode, end: number): void => {
    if (each.type === 'dual_table') return;
    if (each.type !== 'join_expr') { list.push(readRelation(each, reading, end)); return; }
    const right = each.right as CstNode;
    add(each.left as CstNode, operatorSpan(each)[0]);
    if (each.operator === ',') { list.push(readCommaItem(right, list, reading, end)); return; }
    // To SQLite a comma is a join like any other ("SELECT", 2.1): what stands before it is on the left as well, which shows where the left side may be absent.
    const whole = reading.dialect === 'sqlite' && /RIGHT|FULL/.test(words(each.operator));
    const left = whole && list.length > 1 ? list.splice(0).reduce((first, second) => crossJoin(first, second, reading, each)) : list.pop();
    // Only `DUAL` leaves nothing on the left.
    list.push(left ? joinOf(each, left, reading, end) : readRelation(right, reading, end));
  };
  add(node, limit);
  return list;
}

/** `FROM t, t.items`: BigQuery walks an array of the row before. */
function readCommaItem(node: CstNode, before: readonly Relation[], reading: Reading, limit: number): Relation {
  const alias = node.type === 'alias' ? node : null, subject = (alias ? alias.expr : node) as CstNode, names = path(subject);
  if (reading.dialect === 'bigquery' && names && names.length > 1 && subject.type === 'member_expr') {
    const isPrevious = before.some((relation) => relation.type !== 'join' && (('alias' in relation && relation.alias) || (relation.type === 'table' && relation.name)) === names[0]);
    if (isPrevious) {
      return reading.at(node, { type: 'function-relation', args: [readExpr(subject, reading)], alias: alias ? String((alias.alias as CstNode).name) : names[names.length - 1]!, columns: null });
    }
  }
  return readRelation(node, reading, limit);
}

function operatorSpan(node: CstNode): Span {
  const left = (node.left as CstNode).range[1], right = (node.right as CstNode).range[0];
  const operator = node.operator === ',' ? null : keywordRange(node.operator);
  return operator ?? [left, right];
}

/** One relation; `limit` is where the words that belong to it end at the latest. */
export function readRelation(node: CstNode, reading: Reading, limit: number, naming: Naming = { alias: null, columns: null, span: node.range }): Relation {
  const alias = naming.alias && !reading.hole(naming.alias) ? String(naming.alias.name) : null;
  const { columns, span } = naming;
  const hole = reading.hole(node);
  if (hole && !isQuery(node)) return reading.at(span, { type: 'opaque-relation', alias });
  switch (node.type) {
    case 'alias': {
      const name = node.alias as CstNode, listed = isNode(node.columnAliases) ? items(node.columnAliases).map((column) => String(column.name)) : null;
      return readRelation(node.expr as CstNode, reading, limit, { alias: name, columns: listed, span: [node.range[0], name.range[1]] });
    }
    case 'identifier': case 'member_expr': case 'bigquery_quoted_member_expr': return readTable(node, reading, naming);
    case 'table_with_inheritance': case 'table_without_inheritance': case 'indexed_table': case 'not_indexed_table': case 'partitioned_table': {
      const table = node.table as CstNode;
      return readRelation(table, reading, limit, naming.alias ? naming : { alias: null, columns: null, span: table.range });
    }
    case 'join_expr': {
      const list = readFrom(node, reading, limit);
      return list.reduce((left, right) => crossJoin(left, right, reading, node));
    }
    case 'paren_expr': {
      const inner = node.expr as CstNode, within = node.range[1] - 1;
      if (isValuesCall(bare(inner))) {
        const call = bare(inner), row = items(call.args.expr.args as CstNode).map((item) => readExpr(item, reading));
        return reading.at(span, { type: 'derived', query: reading.at(call, { type: 'values', rows: [row], ctes: [] }), alias, columns, lateral: false });
      }
      if (isQuery(bare(inner))) return reading.at(span, { type: 'derived', query: readQuery(inner, reading, nestedFrame(within)), alias, columns, lateral: false });
      const relation = readRelation(inner, reading, within);
      return alias === null ? relation : wrapped(relation, node, span, alias, columns, reading);
    }
    case 'lateral_derived_table': {
      const relation = readRelation(node.expr as CstNode, reading, limit, { ...naming, span });
      return relation.type === 'derived' ? reading.at(span, { type: 'derived', query: relation.query, alias, columns, lateral: true }) : relation;
    }
    case 'tablesample_expr': case 'for_system_time_as_of_expr': return readRelation(node.left as CstNode, reading, limit, naming.alias ? naming : { ...naming, span: (node.left as CstNode).range });
    case 'pivot_expr': return readPivot(node, reading, span, alias, columns);
    case 'unpivot_expr': return wrapped(readRelation(node.left as CstNode, reading, limit), node, span, alias, columns, reading);
    case 'func_call_with_column_definitions': {
      const inner = node.funcCall as CstNode, listed = items(node.columns as CstNode).map((column) => String((column.name as CstNode | undefined)?.name ?? ''));
      const named = inner.type === 'alias' ? inner.alias as CstNode : null;
      return readFunction(inner.type === 'alias' ? inner.expr as CstNode : inner, reading, node.range, named ? String(named.name) : alias, listed);
    }
    case 'unnest_with_offset_expr': {
      const unnest = node.unnest as CstNode;
      return unnest.type === 'alias' ? readFunction(unnest.expr as CstNode, reading, span, String((unnest.alias as CstNode).name), columns) : readFunction(unnest, reading, span, alias, columns);
    }
    case 'with_ordinality_expr': return readFunction(node.expr as CstNode, reading, span, alias, columns);
    default:
      return isQuery(node)
        ? reading.at(span, { type: 'derived', query: readQuery(node, reading, nestedFrame(node.range[1])), alias, columns, lateral: false })
        : readFunction(node, reading, span, alias, columns);
  }
}

/** A table's name with its alias. */
function readTable(node: CstNode, reading: Reading, naming: Naming): Relation {
  const ref = readTableRef(node, reading, naming);
  return ref ?? reading.at(naming.span, { type: 'opaque-relation', alias: naming.alias && !reading.hole(naming.alias) ? String(naming.alias.name) : null });
}

/** A table's name as a reference; null where a part of its last name cannot be seen. */
export function readTableRef(node: CstNode, reading: Reading, naming: Naming = { alias: null, columns: null, span: node.range }): TableRef | null {
  const names = path(node);
  if (!names) return null;
  const last = lastIdentifier(node);
  if (reading.hole(last) || reading.isPartlyHidden(last)) return null;
  const before = schemaIdentifier(node);
  const schema = before && !reading.hole(before) && !reading.isPartlyHidden(before) ? names[names.length - 2]! : null;
  const ref = reading.at(naming.span, {
    type: 'table', name: names[names.length - 1]!, schema, alias: naming.alias && !reading.hole(naming.alias) ? String(naming.alias.name) : null,
    columns: naming.columns, autoFilter: 'none', via: 'from',
  });
  reading.places.refs.set(ref, { span: naming.span, name: node.range, lastName: last.range, alias: naming.alias?.range ?? null });
  return ref;
}

function lastIdentifier(node: CstNode): CstNode {
  if (node.type === 'bigquery_quoted_member_expr') return lastIdentifier(node.expr as CstNode);
  return node.type === 'member_expr' ? node.property as CstNode : node;
}

function schemaIdentifier(node: CstNode): CstNode | null {
  if (node.type === 'bigquery_quoted_member_expr') return schemaIdentifier(node.expr as CstNode);
  return node.type === 'member_expr' ? lastIdentifier(node.object as CstNode) : null;
}

function readFunction(node: CstNode, reading: Reading, span: Span, alias: string | null, columns: readonly string[] | null): Relation {
  const called = node.type === 'func_call' ? path(node.name as CstNode) : null;
  const args: Expr[] = node.type === 'func_call' ? (node.args ? operandsOf(node.args as CstNode, reading) : []) : operandsOf(node, reading);
  // PostgreSQL names the rows of a function after it.
  return reading.at(span, { type: 'function-relation', args, alias: alias ?? called?.[called.length - 1] ?? null, columns });
}

/** A relation whose inner names an alias hides: `(a JOIN b ON ..) AS x`. */
function wrapped(relation: Relation, node: CstNode, span: Span, alias: string | null, columns: readonly string[] | null, reading: Reading): Relation {
  const block: SelectBlock = reading.at(node, {
    type: 'select', ctes: [], from: [relation], where: null, groupBy: null, having: null, output: [{ type: 'star', qualifier: null, range: relation.range }],
    distinct: 'none', limited: false, orderBy: [], opaqueFilters: [],
  });
  reading.places.settle(block, [relation]);
  return reading.at(span, { type: 'derived', query: block, alias, columns, lateral: false });
}

/** PIVOT folds the rows with its aggregates. */
function readPivot(node: CstNode, reading: Reading, span: Span, alias: string | null, columns: readonly string[] | null): Relation {
  const relation = readRelation(node.left as CstNode, reading, node.range[1]);
  const aggregations = items((node.args.expr as CstNode).aggregations as CstNode);
  const block: SelectBlock = reading.at(node, {
    type: 'select', ctes: [], from: [relation], where: null, groupBy: [], having: null,
    output: [...aggregations.map((each): OutputColumn => ({ type: 'expr', expr: readExpr(each, reading), name: null })), { type: 'opaque', range: reading.range(node) }],
    distinct: 'none', limited: false, orderBy: [], opaqueFilters: [],
  });
  reading.places.settle(block, [relation]);
  return reading.at(span, { type: 'derived', query: block, alias, columns, lateral: false });
}

function crossJoin(left: Relation, right: Relation, reading: Reading, node: CstNode): Join {
  return reading.at(node, { type: 'join', kind: 'cross', natural: false, left, right, on: null, using: null, opaque: false });
}

/** The join of a node over its left side, which has been read already. */
function joinOf(node: CstNode, left: Relation, reading: Reading, limit: number): Join {
  const operator = words(node.operator), right = node.right as CstNode, specification = isNode(node.specification) ? node.specification : null;
  const kind = operator.includes('LEFT') ? 'left' : operator.includes('RIGHT') ? 'right' : operator.includes('FULL') ? 'full'
    : operator.includes('CROSS') && !specification ? 'cross' : 'inner';
  const joined = readRelation(right, reading, specification ? specification.range[0] : limit);
  const onNode = specification?.type === 'join_on_specification' ? specification.expr as CstNode : null;
  const using = specification?.type === 'join_using_specification' ? items(specification.expr as CstNode).map((column) => String(column.name)) : null;
  const on = onNode && readExpr(onNode, reading);
  const opaque = specification !== null && reading.dropped(specification.range[0], limit).length > 0;
  const natural = operator.includes('NATURAL') || reading.repair('natural-join', (node.left as CstNode).range[1], operatorSpan(node)[0]) !== undefined;
  const start = reading.places.spans.get(left)?.[0] ?? node.range[0];
  const made: Join = reading.at([start, node.range[1]], { type: 'join', kind, natural, left, right: joined, on, using, opaque });
  if (onNode) reading.places.joins.set(made, onNode.range);
  return made;
}

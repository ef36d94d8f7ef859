/** INSERT, UPDATE, DELETE, MERGE and TRUNCATE of the tree as `Query`. */
import { fold } from '../../manifest/catalog.js';
import type { Assignment, Conflict, Delete, Expr, Insert, Merge, MergeBranch, OutputColumn, Query, Relation, TableRef, Truncate, Update } from '../../model/query.js';
import type { QueryFrame, Reading, Span } from './context.js';
import { clause, isNode, isQuery, items, keywordRange, path, words, type CstNode } from './cst.js';
import { readExpr, withDropped } from './expressions.js';
import { countLeaves, filterFragments, nestedFrame, readCtes, readOutput, readQuery, readRows } from './queries.js';
import { readFrom, readRelation, readTableRef } from './relations.js';

/** A write; MySQL's multi-table forms give one per table that they change. */
export function readWrite(node: CstNode, reading: Reading, frame: QueryFrame): Query[] {
  switch (node.type) {
    case 'insert_stmt': return [readInsert(node, reading, frame)];
    case 'update_stmt': return readUpdate(node, reading, frame);
    case 'delete_stmt': return readDelete(node, reading, frame);
    case 'merge_stmt': return [readMerge(node, reading, frame)];
    default: return [readTruncate(node, reading, frame)];
  }
}

function returningOf(node: CstNode, reading: Reading): OutputColumn[] {
  const returning = clause(node, 'returning_clause');
  return returning ? readOutput(items(returning.columns as CstNode), reading) : [];
}

/** The table that a write names; one whose name cannot be seen has the name ''. */
function readTarget(node: CstNode, reading: Reading): TableRef {
  const relation = reading.hole(node) ? null : readRelation(node, reading, node.range[1]);
  if (relation?.type === 'table') return relation;
  return reading.at(node, { type: 'table', name: '', schema: null, alias: relation?.type === 'opaque-relation' ? relation.alias : null, columns: null, autoFilter: 'none', via: 'from' });
}

// ------------------------------------------------------------------------------------------------- assignments

interface Assignments {
  readonly list: Assignment[];
  readonly opaque: boolean;
}

function readAssignments(nodes: readonly CstNode[], span: Span, reading: Reading, target: TableRef | null): Assignments {
  const list: Assignment[] = [];
  let opaque = reading.dropped(span[0], span[1]).length > 0;
  for (const node of nodes) {
    if (reading.hole(node)) { opaque = true; continue; }
    const column = node.column as CstNode, value = node.expr as CstNode;
    if (column.type === 'paren_expr') {
      const columns = items(column), subject = value.type === 'row_constructor' ? value.row as CstNode : value;
      const values = items(subject);
      const shared = isQuery(subject) || values.length !== columns.length ? readExpr(value, reading) : null;
      columns.forEach((each, index) => {
        if (reading.hole(each)) opaque = true;
        else list.push(assignment(node, each, String(each.name), shared ?? readExpr(values[index]!, reading), reading));
      });
      continue;
    }
    const name = reading.isPartlyHidden(column) ? null : assignedColumn(column, reading, target);
    if (name === null) opaque = true;
    else list.push(assignment(node, column, name, readExpr(value, reading), reading));
  }
  return { list, opaque };
}

function assignment(node: CstNode, columnNode: CstNode, column: string, value: Expr, reading: Reading): Assignment {
  const made: Assignment = reading.at(node, { column, value });
  reading.places.assigned.set(made, columnNode.range);
  return made;
}

/** `a` of `a`, `t.a` and `a[1]`; of `a.field` too, which sets a part of column a (but in MySQL, where a would be a table). */
function assignedColumn(node: CstNode, reading: Reading, target: TableRef | null): string | null {
  if (node.type === 'member_expr' && (node.property as CstNode).type === 'array_subscript') return assignedColumn(node.object as CstNode, reading, target);
  const names = path(node);
  if (!names || reading.hole(node) || (node.type === 'member_expr' && reading.hole(node.property as CstNode))) return null;
  const isField = !reading.mysql && names.length > 1 && !(target && [target.alias, target.name].some((each) => each !== null && fold(each) === fold(names[0]!)));
  return isField ? names[0]! : names[names.length - 1]!;
}

/** The table that an assignment names in front of its column (MySQL), or null. */
function assignedTable(node: CstNode): string | null {
  const column = node.column as CstNode | undefined, names = column && path(column);
  return names && names.length > 1 ? names[names.length - 2]! : null;
}

// ------------------------------------------------------------------------------------------------------ INSERT

function readInsert(node: CstNode, reading: Reading, frame: QueryFrame): Insert {
  const ctes = [...frame.ctes, ...readCtes(node, reading)];
  const head = clause(node, 'insert_clause')!;
  const table = head.table as CstNode;
  const target = withoutColumns(readTarget(table, reading), reading);
  const listed = isNode(head.columns) ? items(head.columns) : table.type === 'alias' && isNode(table.columnAliases) ? items(table.columnAliases) : null;
  let columns: readonly string[] | null = listed && listed.every((column) => column.type === 'identifier' && !reading.hole(column) && !reading.isPartlyHidden(column))
    ? listed.map((column) => String(column.name)) : null;
  if (isNode(head.columns) && reading.hole(head.columns)) columns = null;

  const upserts = (node.clauses as CstNode[]).filter((each) => each.type === 'upsert_clause' || each.type === 'on_duplicate_key_update_clause');
  const values = clause(node, 'values_clause'), set = clause(node, 'set_clause');
  const select = (node.clauses as CstNode[]).find((each) => each.type !== 'with_clause' && (isQuery(each) || each.type === 'paren_expr'));
  let source: Query | null = null;
  if (values) source = reading.at(values, { type: 'values', ctes: [], rows: readRows(values, reading) });
  else if (set) {
    const assigned = readAssignments(items(set.assignments as CstNode), set.range, reading, target);
    columns = assigned.opaque ? null : assigned.list.map((each) => each.column);
    source = reading.at(set, { type: 'values', ctes: [], rows: [assigned.list.map((each) => each.value)] });
  } else if (select) source = readQuery(select, reading, nestedFrame(upserts[0]?.range[0] ?? clause(node, 'returning_clause')?.range[0] ?? frame.limit));

  // SQLite takes several ON CONFLICT clauses: the one that updates tells most.
  const upsert = upserts.find((each) => (each.action as CstNode | undefined)?.type !== 'upsert_action_nothing') ?? upserts[0];
  const conflicts: { targetEnd: number | null; targetPredicate: Span | null; assignmentsEnd: number | null } = { targetEnd: null, targetPredicate: null, assignmentsEnd: null };
  const conflict = upsert ? readConflict(upsert, reading, target, frame.limit, conflicts) : impliedConflict(head, reading);
  const made: Insert = reading.at(node, { type: 'insert', ctes, target, columns, source, conflict, returning: returningOf(node, reading) });
  reading.takeDropped(node.range[0], frame.limit);
  reading.places.conflicts.set(made, conflicts);
  return made;
}

/** `INTO t AS u (a, b)`: the parser takes the list of columns for columns of the alias. */
function withoutColumns(ref: TableRef, reading: Reading): TableRef {
  if (ref.columns === null) return ref;
  const own: TableRef = { ...ref, columns: null }, place = reading.places.refs.get(ref);
  if (place) reading.places.refs.set(own, place);
  return own;
}

/** REPLACE INTO, INSERT OR REPLACE, INSERT IGNORE. */
function impliedConflict(head: CstNode, reading: Reading): Conflict | null {
  const or = isNode(head.orAction) ? words(head.orAction.actionKw) : '';
  const ignores = or === 'IGNORE' || (head.modifiers as CstNode[] | undefined)?.some((each) => words(each.modifierKw) === 'IGNORE');
  const action = words(head.insertKw) === 'REPLACE' || or === 'REPLACE' ? 'replace' : ignores ? 'nothing' : null;
  if (!action) return null;
  const start = head.range[0], end = (isNode(head.orAction) ? head.orAction.range[1] : keywordRange(head.insertKw)![1]);
  return reading.at([start, end], { target: null, targetWhere: null, action, assignments: [], opaqueAssignments: false, where: null });
}

function readConflict(node: CstNode, reading: Reading, target: TableRef, limit: number, places: { targetEnd: number | null; targetPredicate: Span | null; assignmentsEnd: number | null }): Conflict {
  if (node.type === 'on_duplicate_key_update_clause') {
    const list = node.assignments as CstNode;
    const assigned = readAssignments(items(list), [list.range[0], limit], reading, target);
    places.assignmentsEnd = list.range[1];
    return reading.at(node, { target: null, targetWhere: null, action: 'update', assignments: assigned.list, opaqueAssignments: assigned.opaque, where: null });
  }
  const names = node.conflictTarget as CstNode | undefined, targetWhere = isNode(node.where) ? node.where : null, action = node.action as CstNode;
  let columns: string[] | null = null;
  if (names?.type === 'paren_expr' && !reading.hole(names)) {
    columns = items(names).map((each) => {
      const expr = (each.type === 'index_specification' ? each.expr : each) as CstNode;
      return expr.type === 'identifier' ? String(expr.name) : reading.parsed(expr.range);
    });
    if (items(names).some((each) => reading.hole((each.type === 'index_specification' ? each.expr : each) as CstNode) || reading.isPartlyHidden(each))) columns = null;
    places.targetEnd = names.range[1];
  }
  if (targetWhere) places.targetPredicate = (targetWhere.expr as CstNode).range;
  const predicate = targetWhere ? withDropped(readExpr(targetWhere.expr as CstNode, reading), targetWhere.range[0], (keywordRange(node.doKw) ?? targetWhere.range)[0], reading) : null;
  if (action.type !== 'upsert_action_update') {
    return reading.at(node, { target: columns, targetWhere: predicate, action: 'nothing', assignments: [], opaqueAssignments: false, where: null });
  }
  const set = action.set as CstNode, where = isNode(action.where) ? action.where : null;
  const assigned = readAssignments(items(set.assignments as CstNode), [set.range[0], where?.range[0] ?? limit], reading, target);
  places.assignmentsEnd = (set.assignments as CstNode).range[1];
  return reading.at(node, {
    target: columns, targetWhere: predicate, action: 'update', assignments: assigned.list, opaqueAssignments: assigned.opaque,
    where: where && withDropped(readExpr(where.expr as CstNode, reading), where.range[0], limit, reading),
  });
}

// ------------------------------------------------------------------------------------------------------ UPDATE

/** The tables of a joined form by the name that a statement knows them by. */
function findTable(relations: readonly Relation[], name: string): TableRef | null {
  for (const relation of relations) {
    if (relation.type === 'table' && fold(relation.alias ?? relation.name) === fold(name)) return relation;
    const inner = relation.type === 'join' ? findTable([relation.left, relation.right], name) : null;
    if (inner) return inner;
  }
  return null;
}

function firstTable(relations: readonly Relation[]): TableRef | null {
  for (const relation of relations) {
    if (relation.type === 'table') return relation;
    const inner = relation.type === 'join' ? firstTable([relation.left, relation.right]) : null;
    if (inner) return inner;
  }
  return null;
}

interface WriteParts {
  readonly where: Expr | null;
  readonly whereNode: CstNode | undefined;
  readonly keyword: number;
  /** The end of what stands before WHERE. */
  readonly tablesEnd: number;
  readonly hasFragments: boolean;
}

function readUpdate(node: CstNode, reading: Reading, frame: QueryFrame): Update[] {
  const ctes = [...frame.ctes, ...readCtes(node, reading)];
  const head = clause(node, 'update_clause')!, set = clause(node, 'set_clause')!, from = clause(node, 'from_clause'), whereNode = clause(node, 'where_clause');
  const tables = items(head.tables as CstNode);
  // `UPDATE a JOIN b ON .. SET`: the parser knows nothing of the joins, and the repair has kept their tree.
  const joins = reading.repair('joined-update', node.range[0], set.range[0])?.from as CstNode | undefined;
  const joined = joins !== undefined || tables.length > 1;
  const inFrom = (joins ? [joins] : joined ? tables : []).flatMap((table) => readFrom(table, reading, set.range[0]));
  const single = joined ? null : readTarget(tables[0]!, reading);
  const sources = from ? readFrom(from.expr as CstNode, reading, whereNode?.range[0] ?? frame.limit) : [];
  const where = whereNode ? readExpr(whereNode.expr as CstNode, reading) : null;
  const returning = returningOf(node, reading);
  const afterSet = from?.range[0] ?? whereNode?.range[0] ?? clause(node, 'order_by_clause')?.range[0] ?? clause(node, 'limit_clause')?.range[0] ?? clause(node, 'returning_clause')?.range[0] ?? frame.limit;
  const nodes = items(set.assignments as CstNode);

  // One write per table that a joined UPDATE changes.
  const groups = new Map<TableRef, CstNode[]>();
  if (single) groups.set(single, nodes);
  else {
    for (const assignment of nodes) {
      const name = assignedTable(assignment);
      const target = (name === null ? null : findTable(inFrom, name)) ?? firstTable(inFrom) ?? readTarget(tables[0]!, reading);
      groups.set(target, [...groups.get(target) ?? [], assignment]);
    }
  }
  const assigned = [...groups].map(([target, list]) => ({ target, ...readAssignments(list, [set.range[0], afterSet], reading, target) }));
  const tail = ['order_by_clause', 'limit_clause', 'returning_clause'].map((type) => clause(node, type)?.range[0]).filter((start): start is number => start !== undefined);
  const fragments = filterFragments(reading, [node.range[0], Math.min(frame.limit, ...tail)], whereNode);
  const opaqueFilters = whereNode ? fragments.ranges : [...fragments.ranges, ...reading.trailing((from ?? set).range[1]).map((hole) => reading.holeRange(hole))];
  reading.takeDropped(node.range[0], frame.limit);
  return assigned.map(({ target, list, opaque }) => {
    const relations = joined ? inFrom : sources;
    const made: Update = reading.at(node, {
      type: 'update', ctes, target, targetInFrom: joined, from: [...relations, ...(joined ? sources : [])], assignments: list, opaqueAssignments: opaque, where, returning, opaqueFilters,
    });
    settleWrite(made, { where, whereNode, keyword: set.range[0], tablesEnd: (from ?? set).range[1], hasFragments: fragments.all }, reading);
    return made;
  });
}

function settleWrite(write: Update | Delete, parts: WriteParts, reading: Reading): void {
  const { where, whereNode, keyword, tablesEnd, hasFragments } = parts;
  reading.places.settle(write, write.targetInFrom ? write.from : [write.target, ...write.from]);
  reading.places.blocks.set(write, {
    where, predicate: whereNode ? (whereNode.expr as CstNode | undefined)?.range ?? null : null, clause: whereNode ? [tablesEnd, whereNode.range[1]] : null,
    newWhere: whereNode || hasFragments ? null : tablesEnd, keyword, relations: countLeaves(write.from) + (write.targetInFrom ? 0 : 1),
  });
}

// ------------------------------------------------------------------------------------------------------ DELETE

function readDelete(node: CstNode, reading: Reading, frame: QueryFrame): Delete[] {
  const ctes = [...frame.ctes, ...readCtes(node, reading)];
  const head = clause(node, 'delete_clause')!, from = clause(node, 'from_clause'), whereNode = clause(node, 'where_clause');
  const tables = items(head.tables as CstNode);
  const tail = ['where_clause', 'where_current_of_clause', 'order_by_clause', 'limit_clause', 'returning_clause'].map((type) => clause(node, type)?.range[0]).filter((start): start is number => start !== undefined);
  const tablesLimit = Math.min(frame.limit, ...tail);
  const sources = from ? readFrom(from.expr as CstNode, reading, tablesLimit) : [];
  const using = from ? words(from.fromKw) === 'USING' : false;
  // `DELETE a FROM a JOIN b` and MySQL's `DELETE FROM a USING a JOIN b` name tables of the list.
  const named = from !== undefined && (!using || reading.mysql);
  const targets = tables.map((table) => {
    const names = path(table.type === 'member_expr' && (table.property as CstNode).type === 'all_columns' ? table.object as CstNode : table);
    const inFrom = named && names ? findTable(sources, names[names.length - 1]!) : null;
    return { ref: inFrom ?? readTarget(table, reading), inFrom: inFrom !== null };
  });
  const where = whereNode ? readExpr(whereNode.expr as CstNode, reading) : null;
  const returning = returningOf(node, reading);
  const filtersEnd = Math.min(frame.limit, ...['order_by_clause', 'limit_clause', 'returning_clause'].map((type) => clause(node, type)?.range[0] ?? Infinity));
  const fragments = filterFragments(reading, [node.range[0], filtersEnd], whereNode);
  reading.takeDropped(node.range[0], frame.limit);
  const tablesEnd = from?.range[1] ?? head.range[1];
  return targets.map(({ ref, inFrom }) => {
    const made: Delete = reading.at(node, { type: 'delete', ctes, target: ref, targetInFrom: inFrom, from: sources, where, returning, opaqueFilters: fragments.ranges });
    settleWrite(made, { where, whereNode, keyword: head.range[0], tablesEnd, hasFragments: fragments.all || Boolean(clause(node, 'where_current_of_clause')) }, reading);
    reading.places.deletes.set(made, {
      head: [head.range[0], from && !using ? (keywordRange(from.fromKw) ?? from.range)[1] : (keywordRange(head.fromKw) ?? keywordRange(head.deleteKw)!)[1]],
      using: using ? keywordRange(from!.fromKw) : null, tablesEnd,
      convertible: (head.modifiers as CstNode[] | undefined ?? []).length === 0 && tables.length === 1 && !(using && named) && !clause(node, 'where_current_of_clause')
        && tables[0]!.type !== 'partitioned_table',
    });
    return made;
  });
}

// ------------------------------------------------------------------------------------------- MERGE and TRUNCATE

function readMerge(node: CstNode, reading: Reading, frame: QueryFrame): Merge {
  const ctes = [...frame.ctes, ...readCtes(node, reading)];
  const head = clause(node, 'merge_clause')!;
  const target = readTarget(head.target as CstNode, reading);
  const source = readRelation(head.source as CstNode, reading, (keywordRange(head.onKw) ?? head.range)[0]);
  const branches = (node.clauses as CstNode[]).filter((each) => each.type === 'merge_when_clause');
  const on = isNode(head.condition) ? withDropped(readExpr(head.condition, reading), head.condition.range[0], branches[0]?.range[0] ?? head.range[1], reading) : null;
  const made: Merge = reading.at(node, {
    type: 'merge', ctes, target, source, on, branches: branches.map((branch) => readBranch(branch, reading, target)), returning: returningOf(node, reading),
  });
  reading.takeDropped(node.range[0], frame.limit);
  reading.places.settle(made, [target, source]);
  return made;
}

function readBranch(node: CstNode, reading: Reading, target: TableRef): MergeBranch {
  const action = node.action as CstNode, condition = isNode(node.condition) ? node.condition : null;
  const when = words(node.matchedKw) === 'MATCHED' ? 'matched' : words(node.byKw).endsWith('SOURCE') ? 'not-matched-by-source' : 'not-matched';
  let assignments: readonly Assignment[] = [];
  if (action.type === 'merge_action_update') assignments = readAssignments(items((action.set as CstNode).assignments as CstNode), action.range, reading, target).list;
  else if (action.type === 'merge_action_insert') {
    const values = (action.clauses as CstNode[]).find((each) => each.type === 'values_clause');
    const columns = items(action.columns as CstNode | undefined);
    // Without a list of columns the values go to columns that only the table knows.
    assignments = (values ? readRows(values, reading)[0] ?? [] : []).map((value, index) => ({ column: String(columns[index]?.name ?? ''), value, range: value.range }));
  }
  return reading.at(node, {
    when, condition: condition && withDropped(readExpr(condition.expr as CstNode, reading), condition.range[0], (keywordRange(node.thenKw) ?? condition.range)[0], reading),
    action: action.type === 'merge_action_update' ? 'update' : action.type === 'merge_action_delete' ? 'delete' : action.type === 'merge_action_insert' ? 'insert' : 'nothing', assignments,
  });
}

function readTruncate(node: CstNode, reading: Reading, frame: QueryFrame): Truncate {
  const targets = items(node.tables as CstNode).map((table) => readTarget(table, reading));
  for (const target of targets) if (!reading.places.refs.has(target)) reading.places.spans.set(target, node.range);
  return reading.at(node, { type: 'truncate', ctes: frame.ctes, targets });
}

/** The table reference of a name that stands outside of FROM (`CREATE VIEW name`). */
export function nameOf(node: CstNode, reading: Reading): { readonly name: string; readonly schema: string | null } | null {
  const ref = readTableRef(node, reading);
  return ref && { name: ref.name, schema: ref.schema };
}

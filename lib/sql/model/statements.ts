/** A statement of the tree as what the model reads: queries, definitions, table declarations. */
import type { Definition, Expr, Query } from '../../model/query.js';
import type { PolicyDeclaration, TableDeclaration, ViewDeclaration } from '../../model/schema.js';
import type { Reading } from './context.js';
import { bare, children, clause, isNode, isQuery, items, words, type CstNode } from './cst.js';
import { readDeclarations } from './declarations.js';
import { readExpr, withDropped } from './expressions.js';
import { releaseClauses } from './normalise.js';
import { nestedFrame, readQuery } from './queries.js';
import { readPolicies, readViews } from './views.js';
import { nameOf, readWrite } from './writes.js';

export interface Converted {
  /** Several for a DELETE or UPDATE of several tables, and where a statement of another kind holds several queries. */
  readonly roots: readonly (Query | Definition)[];
  readonly declarations: readonly TableDeclaration[];
  readonly views: readonly ViewDeclaration[];
  readonly policies: readonly PolicyDeclaration[];
}

type Parts = Pick<Converted, 'roots' | 'declarations'>;

/** Converts the tree of one statement, and the queries inside it that the tree has no place for. */
export function convertStatement(tree: CstNode, reading: Reading, orphans: readonly CstNode[] = []): Converted {
  for (const each of [tree, ...orphans]) releaseClauses(each, reading.text);
  const { roots, declarations } = convert(tree, reading);
  return {
    roots: [...roots, ...orphans.map((orphan) => outputOf(orphan, reading))], declarations,
    views: readViews(tree, roots, reading), policies: readPolicies(tree, roots, reading),
  };
}

/** `SELECT expr` of an expression that stands alone. */
function outputOf(node: CstNode, reading: Reading): Query {
  return reading.at(node, {
    type: 'select', ctes: [], from: [], where: null, groupBy: null, having: null, output: [{ type: 'expr', expr: readExpr(node, reading), name: null }],
    distinct: 'none', limited: false, orderBy: [], opaqueFilters: [],
  });
}

function convert(node: CstNode, reading: Reading): Parts {
  const of = (roots: readonly (Query | Definition)[], declarations: readonly TableDeclaration[] = []): Parts => ({ roots, declarations });
  const frame = nestedFrame(reading.end);
  switch (node.type) {
    case 'select_stmt': case 'compound_select_stmt': case 'unreadable_query': return of([readQuery(node, reading, frame)]);
    case 'insert_stmt': case 'update_stmt': case 'delete_stmt': case 'merge_stmt': case 'truncate_stmt': return of(readWrite(node, reading, frame));
    case 'paren_expr': return isQuery(bare(node)) ? of([readQuery(node, reading, frame)]) : of([]);
    case 'explain_stmt': return convert(node.statement as CstNode, reading);
    case 'prepare_stmt': return isNode(node.source?.expr) ? convert(node.source.expr, reading) : of([]);
    case 'export_data_stmt': return of(queriesIn(node, reading));
    case 'create_view_stmt': return of([readView(node, reading)]);
    case 'create_table_stmt': {
      const declarations = readDeclarations(node, reading), query = queryAfterAs(node, reading);
      return of(query ? [definition(node, reading, 'table', query, [])] : [], declarations);
    }
    case 'alter_table_stmt': case 'drop_table_stmt': case 'drop_index_stmt': return of([], readDeclarations(node, reading));
    // An ALTER TABLE of which every action was rewritten.
    case 'other_stmt': return of(queriesIn(node, reading), node.verb === 'ALTER TABLE' && isNode(node.name) ? readDeclarations({ ...node, table: node.name }, reading) : []);
    case 'create_index_stmt': return of(queriesIn(node, reading), readDeclarations(node, reading));
    case 'create_policy_stmt': return of([definition(node, reading, 'policy', null, clauseExprs(node, ['policy_using_clause', 'policy_check_clause'], reading))]);
    case 'alter_policy_stmt': return of([definition(node, reading, 'policy', null, clauseExprs(node, ['policy_using_clause', 'policy_check_clause'], reading, 'actions'))]);
    case 'create_row_access_policy_stmt': return of([definition(node, reading, 'policy', null, clauseExprs(node, ['row_access_policy_filter_clause'], reading))]);
    // The body's statements are statements of their own: see `routineBody`.
    case 'create_trigger_stmt': return of([definition(node, reading, 'trigger', null, clauseExprs(node, ['when_clause'], reading))]);
    case 'create_function_stmt': case 'create_procedure_stmt': return of(readRoutine(node, reading));
    default: return of(queriesIn(node, reading));
  }
}

function definition(node: CstNode, reading: Reading, what: Definition['what'], query: Query | null, predicates: readonly Expr[]): Definition {
  const name = isNode(node.name) && !reading.hole(node.name) ? nameOf(node.name, reading) : null;
  return reading.at(node, { type: 'definition', what, name: name?.name ?? null, schema: name?.schema ?? null, query, predicates });
}

function queryAfterAs(node: CstNode, reading: Reading): Query | null {
  const as = clause(node, 'as_clause'), body = as?.expr as CstNode | undefined;
  if (!as || !body || !(isQuery(bare(body)) || reading.hole(bare(body)))) return null;
  const after = (node.clauses as CstNode[]).find((each) => each.range[0] > as.range[0]);
  return readQuery(body, reading, nestedFrame(after?.range[0] ?? reading.end));
}

function readView(node: CstNode, reading: Reading): Definition {
  const isMaterialized = (node.kinds as CstNode[] | undefined)?.some((kind) => words(kind.kindKw) === 'MATERIALIZED');
  return definition(node, reading, isMaterialized ? 'materialized-view' : 'view', queryAfterAs(node, reading), []);
}

function clauseExprs(node: CstNode, types: readonly string[], reading: Reading, list = 'clauses'): Expr[] {
  return (node[list] as CstNode[]).filter((each) => types.includes(each.type)).flatMap((each) => {
    const subject = each.expr as CstNode, inner = items(subject);
    return inner.map((item) => withDropped(readExpr(item, reading), each.range[0], each.range[1], reading));
  });
}

/** `RETURN expr`, BigQuery's `AS (expr)`: a body that is an expression reads as `SELECT expr`; quoted and BEGIN .. END bodies are read elsewhere. */
function readRoutine(node: CstNode, reading: Reading): Query[] {
  return (node.clauses as CstNode[]).flatMap((each): Query[] => {
    if (each.type !== 'as_clause' && each.type !== 'return_clause') return [];
    const body = each.expr as CstNode;
    if (body.type === 'string_literal' || body.type === 'dynamically_loaded_function') return [];
    if (isQuery(bare(body))) return [readQuery(body, reading, nestedFrame(body.range[1]))];
    return [outputOf(body, reading)];
  });
}

/** The queries inside a statement of another kind (`IF EXISTS (SELECT ..) THEN`, `SET x = (SELECT ..)`), outermost only. */
function queriesIn(node: CstNode, reading: Reading): Query[] {
  return children(node).flatMap((child) => {
    // EXISTS keeps its meaning as the output of a query without FROM.
    if (child.type === 'prefix_op_expr' && words(child.operator) === 'EXISTS') return [outputOf(child, reading)];
    if (child.type === 'insert_stmt' || child.type === 'update_stmt' || child.type === 'delete_stmt') return readWrite(child, reading, nestedFrame(child.range[1]));
    return isQuery(child) ? [readQuery(child, reading, nestedFrame(child.range[1]))] : queriesIn(child, reading);
  });
}

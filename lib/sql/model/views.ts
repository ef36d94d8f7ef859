/** Views and policies of the tree as the schema model. */
import type { Definition, Expr, Query, TableRef } from '../../model/query.js';
import type { PolicyDeclaration, ViewDeclaration } from '../../model/schema.js';
import type { Reading } from './context.js';
import { clause, isNode, items, words, type CstNode } from './cst.js';
import { readTableRef } from './relations.js';

type Root = Query | Definition;

/** What CREATE [MATERIALIZED] VIEW and DROP VIEW say; empty for other statements, and for views of a session. */
export function readViews(node: CstNode, roots: readonly Root[], reading: Reading): ViewDeclaration[] {
  if (node.type === 'drop_view_stmt') {
    return items(node.views as CstNode).flatMap((name) => viewOf('drop', name, isMaterialized([node.kind]), null, reading));
  }
  const kinds = node.type === 'create_view_stmt' ? node.kinds as CstNode[] | undefined ?? [] : null;
  if (!kinds || kinds.some((kind) => /TEMP/.test(words(kind.kindKw)))) return [];
  const root = roots.find((each): each is Definition => each.type === 'definition');
  return viewOf('create', node.name as CstNode, isMaterialized(kinds), root?.query ?? null, reading);
}

function isMaterialized(kinds: readonly unknown[]): boolean {
  return kinds.some((kind) => isNode(kind) && words(kind.kindKw) === 'MATERIALIZED');
}

function viewOf(kind: ViewDeclaration['kind'], name: CstNode, materialized: boolean, query: Query | null, reading: Reading): ViewDeclaration[] {
  const ref = reading.hole(name) ? null : readTableRef(name, reading);
  return ref ? [{ kind, name: ref.name, schema: ref.schema, range: ref.range, materialized, query, tables: query ? tablesIn(query) : [], marker: null }] : [];
}

const COMMANDS = ['all', 'select', 'insert', 'update', 'delete'] as const;

/** What CREATE, ALTER and DROP POLICY say; empty for other statements. PostgreSQL "CREATE POLICY": ALL without a word about the command. */
export function readPolicies(node: CstNode, roots: readonly Root[], reading: Reading): PolicyDeclaration[] {
  const kind = node.type === 'create_policy_stmt' ? 'create' : node.type === 'alter_policy_stmt' ? 'alter' : node.type === 'drop_policy_stmt' ? 'drop' : null;
  const table = kind && isNode(node.table) ? readTableRef(node.table, reading) : null, name = node.name as CstNode | undefined;
  if (!kind || !table || !isNode(name) || reading.hole(name)) return [];
  const parts = ((kind === 'alter' ? node.actions : node.clauses) as CstNode[] | undefined ?? []).filter(({ type }) => type === 'policy_using_clause' || type === 'policy_check_clause');
  const root = roots.find((each): each is Definition => each.type === 'definition'), predicates = root?.predicates ?? [];
  const predicate = (type: string): Expr | null => predicates[parts.findIndex((part) => part.type === type)] ?? null;
  const command = kind === 'create' ? words(clause(node, 'policy_command_clause')?.commandKw).toLowerCase() : '';
  return [{
    kind, name: String(name.name), range: reading.range(name), table: table.name, schema: table.schema,
    command: COMMANDS.find((each) => each === command) ?? (kind === 'create' ? 'all' : null),
    restrictive: kind === 'create' && clause(node, 'policy_restrictive_clause') !== undefined,
    using: predicate('policy_using_clause'), check: predicate('policy_check_clause'), tables: predicates.flatMap(tablesIn), marker: null,
  }];
}

/** The tables that a query or expression reads anywhere in it; names of its own CTEs are none. */
export function tablesIn(root: Query | Expr): TableRef[] {
  const found: TableRef[] = [], ctes = new Set<string>(), seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) { value.forEach(visit); return; }
    const node = value as Readonly<Record<string, unknown>>;
    if (node['type'] === 'table') found.push(value as TableRef);
    for (const cte of Array.isArray(node['ctes']) ? node['ctes'] as { name: string }[] : []) ctes.add(cte.name.toLowerCase());
    Object.values(node).forEach(visit);
  };
  visit(root);
  return found.filter(({ name, schema }) => schema !== null || !ctes.has(name.toLowerCase()));
}

/** The tables that a statement names, from our tree and from PostgreSQL's own, to compare them. */
import { parseSync } from 'libpg-query';
import type { CstNode } from '../../lib/sql/parse.js';

type Any = any; // eslint-disable-line @typescript-eslint/no-explicit-any

const nameOf = (node: Any): string => {
  if (node.type === 'identifier') return node.name.startsWith('"') ? node.name : node.text.startsWith('"') ? node.name : node.name.toLowerCase();
  return node.type === 'member_expr' ? nameOf(node.property) : '';
};

/** Names of tables in FROM, JOIN, INTO, UPDATE, DELETE, MERGE and TRUNCATE of a tree, sorted; CTE names among them. */
export function tablesOfTree(root: CstNode): string[] {
  const names: string[] = [];
  const relation = (node: Any): void => {
    if (!node || typeof node !== 'object') return;
    switch (node.type) {
      case 'identifier': case 'member_expr': names.push(nameOf(node)); return;
      case 'alias': relation(node.expr); return;
      case 'join_expr': relation(node.left); relation(node.right); if (node.specification) visit(node.specification); return;
      case 'paren_expr': relation(node.expr); return;
      case 'list_expr': node.items.forEach(relation); return;
      case 'table_with_inheritance': case 'table_without_inheritance': relation(node.table); return;
      case 'tablesample_expr': relation(node.left); return;
      default: visit(node);
    }
  };
  const visit = (node: Any): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (!node || typeof node !== 'object') return;
    switch (node.type) {
      case 'from_clause': relation(node.expr); return;
      case 'insert_clause': relation(node.table); return;
      case 'update_clause': case 'delete_clause': relation(node.tables); return;
      case 'merge_clause': relation(node.target); relation(node.source); visit(node.condition); return;
      case 'truncate_stmt': relation(node.tables); return;
      case 'table_clause': relation(node.table); return;
      default: for (const key of Object.keys(node)) if (key !== 'range') visit(node[key]);
    }
  };
  visit(root);
  return names.sort();
}

/** The same of PostgreSQL's tree; null where PostgreSQL does not take the text. */
export function tablesOfPostgres(text: string): string[] | null {
  let tree: Any;
  try {
    tree = parseSync(text);
  } catch {
    return null;
  }
  const names: string[] = [];
  const visit = (node: Any): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (!node || typeof node !== 'object') return;
    if (typeof node.relname === 'string') names.push(node.relname);
    // The table of SELECT INTO and of FOR UPDATE OF is no source of rows.
    for (const key of Object.keys(node)) if (key !== 'intoClause' && key !== 'lockingClause') visit(node[key]);
  };
  visit(tree);
  return names.sort();
}

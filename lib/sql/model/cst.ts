/** Small questions asked of sql-parser-cst's nodes. */
import type { CstNode } from '../parse.js';

export type { CstNode };

export function isNode(value: unknown): value is CstNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** The words of a keyword, a list of keywords or an operator, upper case and joined by blanks; '' where there is none. */
export function words(keyword: unknown): string {
  if (typeof keyword === 'string') return keyword.toUpperCase();
  if (Array.isArray(keyword)) return keyword.map(words).join(' ');
  if (!isNode(keyword)) return '';
  switch (keyword.type) {
    case 'keyword': return String(keyword.name).toUpperCase();
    case 'postgresql_operator': return String(keyword.operator);
    case 'postgresql_operator_expr': return words(keyword.expr);
    case 'paren_expr': return words(keyword.expr);
    case 'member_expr': return words(keyword.property);
    default: return '';
  }
}

/** The child nodes in the order of the tree's properties; keywords are left out. */
export function children(node: CstNode): CstNode[] {
  const found: CstNode[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value) && value.type !== 'keyword') found.push(value);
  };
  for (const key in node) if (key !== 'range' && key !== 'type' && key !== 'leading' && key !== 'trailing') visit(node[key]);
  return found;
}

/** The first keyword's start and the last keyword's end of a keyword property. */
export function keywordRange(keyword: unknown): readonly [start: number, end: number] | null {
  const list = (Array.isArray(keyword) ? keyword : [keyword]).filter(isNode);
  return list.length ? [list[0]!.range[0], list[list.length - 1]!.range[1]] : null;
}

/** The names of `a`, `a.b`, `a.b.c`; null for anything else. */
export function path(node: CstNode): string[] | null {
  switch (node.type) {
    case 'identifier': return [String(node.name)];
    case 'bigquery_quoted_member_expr': return path(node.expr as CstNode);
    case 'member_expr': {
      const property = node.property as CstNode;
      if (property.type !== 'identifier') return null;
      const object = path(node.object as CstNode);
      return object && [...object, String(property.name)];
    }
    default: return null;
  }
}

/** The node without the parentheses around it. */
export function bare(node: CstNode): CstNode {
  let inner = node;
  while (inner.type === 'paren_expr' && isNode(inner.expr)) inner = inner.expr;
  return inner;
}

/** The items of a list, in parentheses or not; a single node is its own list. */
export function items(node: CstNode | undefined): CstNode[] {
  if (!node) return [];
  if (node.type === 'paren_expr') return items(node.expr as CstNode);
  // `GROUP BY ALL` comes as a list in a list.
  return node.type === 'list_expr' ? (node.items as unknown[]).flat().filter(isNode) : [node];
}

const QUERIES = new Set(['select_stmt', 'compound_select_stmt', 'insert_stmt', 'update_stmt', 'delete_stmt', 'merge_stmt', 'truncate_stmt', 'unreadable_query']);

/** Is it a statement that yields or changes rows? */
export function isQuery(node: CstNode): boolean {
  return QUERIES.has(node.type);
}

/** The clause of a type, or undefined. */
export function clause(node: CstNode, type: string): CstNode | undefined {
  return (node.clauses as CstNode[] | undefined)?.find((each) => each.type === type);
}

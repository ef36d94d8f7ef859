/** Corrections of the parser's tree, made before it is read. */
import { isNode, type CstNode } from './cst.js';

const STATEMENTS = new Set(['select_stmt', 'insert_stmt', 'update_stmt', 'delete_stmt']);

interface Mutable {
  range: [number, number];
  expr: CstNode;
}

/**
 * Gives clauses back to their statement: the parser takes what follows `ARRAY(SELECT ..)` at the end of a clause for a part of the array's query
 * (`SELECT ARRAY(SELECT 1) FROM users WHERE ..`: FROM and WHERE). Changes the tree in place; once done, doing it again changes nothing.
 */
export function releaseClauses(node: CstNode, text: string): void {
  if (/\barray\s*\(/i.test(text)) release(node);
}

/** Clauses that were found inside a node and belong around it, and where the node's own words end. */
function release(node: CstNode): { readonly clauses: readonly CstNode[]; readonly end: number } | null {
  const ownClauses = STATEMENTS.has(node.type) ? node.clauses as CstNode[] : null;
  let found: ReturnType<typeof release> = null;
  const visit = (child: CstNode): void => {
    const released = release(child);
    if (!released) return;
    const position = ownClauses?.indexOf(child) ?? -1;
    if (ownClauses && position >= 0) ownClauses.splice(position + 1, 0, ...released.clauses);
    else found = released;
  };
  // Released clauses come next in the list and are visited with it.
  if (ownClauses) for (let i = 0; i < ownClauses.length; i++) visit(ownClauses[i]!);
  else for (const key in node) {
    const value: unknown = node[key];
    if (Array.isArray(value)) value.filter(isNode).forEach(visit);
    else if (isNode(value) && value.type !== 'keyword') visit(value);
  }
  if (node.type === 'array_constructor' && isNode(node.expr) && node.expr.type === 'select_stmt') {
    const [query, ...clauses] = node.expr.clauses as CstNode[];
    if (query?.type === 'paren_expr' && clauses.length > 0) {
      found = { clauses, end: query.range[1] };
      (node as unknown as Mutable).expr = query;
    }
  }
  if (found) {
    const { range } = node as unknown as Mutable;
    range[1] = Math.min(range[1], (found as { end: number }).end);
  }
  return found;
}

/** What readers of migrations share. */
import type { Range } from '../model/query.js';
import type { TableDeclaration } from '../model/schema.js';
import { isFunction, parentOf, propertyName, traverse, type Node } from '../source/ast.js';
import { rangeOf } from './program.js';
import type { Located, Program, ProgramSource } from './project.js';

/** Does a place stand in a function that takes a migration back (`down`)? */
export function undoing(source: ProgramSource): (range: Range) => boolean {
  const ranges: Range[] = [];
  if (/\bdown\b/.test(source.text)) traverse(source.ast as unknown as Node, source.visitorKeys, (node) => {
    if (isFunction(node) && nameOf(node) === 'down') ranges.push([node.range[0], node.range[1]]);
  });
  return ([start, end]) => ranges.some(([from, to]) => from <= start && end <= to);
}

function nameOf(node: Node): string | null {
  if (node.type === 'FunctionDeclaration' && node.id) return node.id.name;
  const parent = parentOf(node);
  switch (parent?.type) {
    case 'VariableDeclarator': return parent.id.type === 'Identifier' ? parent.id.name : null;
    case 'Property': case 'MethodDefinition': case 'PropertyDefinition': return propertyName(parent);
    case 'AssignmentExpression': return parent.left.type === 'MemberExpression' ? propertyName(parent.left) : parent.left.type === 'Identifier' ? parent.left.name : null;
    default: return null;
  }
}

/** A declaration of a migration: `name` may be `schema.table`. */
export function change(kind: TableDeclaration['kind'], library: string, name: string, at: Located, program: Program, more: Partial<TableDeclaration> = {}): TableDeclaration {
  const dot = name.lastIndexOf('.'), primary = new Set((more.keys ?? []).flatMap((key) => key.kind === 'primary' ? key.columns : []));
  return {
    kind, library, name: name.slice(dot + 1), schema: dot > 0 ? name.slice(0, dot) : null, range: at.program === program ? rangeOf(at) : [0, 0],
    dropped: [], marker: null, ...more, columns: (more.columns ?? []).map((column) => primary.has(column.name) ? { ...column, nullable: false } : column),
  };
}

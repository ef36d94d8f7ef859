/** Which statements of a program run together: those of one function. */
import type { SourceCode } from 'eslint';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Unit } from '../model/query.js';
import { dottedNames, isFunction, parentOf, traverse, wrapped, type FunctionNode, type Node } from './ast.js';

const known = new WeakMap<Node, Unit>();

/**
 * The function that an expression runs in. Callbacks belong to the function that hands them over (`db.transaction(async (tx) => ..)`,
 * `ids.map((id) => ..)`); a callback that nothing but the file hands over (a route's handler) is a function of its own.
 * Null outside of functions.
 */
export function unitOf(node: Node, visitorKeys: SourceCode.VisitorKeys): Unit | null {
  let unit: FunctionNode | null = null;
  for (let at = parentOf(node); at; at = parentOf(at)) {
    if (!isFunction(at)) continue;
    unit = at;
    if (!isCallback(at)) break;
  }
  if (!unit) return null;
  const kept = known.get(unit), of = unit;
  if (kept) return kept;
  let called: readonly string[] | null = null;
  const made: Unit = { range: unit.range as Unit['range'], calls: () => (called ??= namesCalled(of, visitorKeys)) };
  known.set(unit, made);
  return made;
}

function isCallback(fn: FunctionNode): boolean {
  const outer = wrapped(fn), parent = parentOf(outer);
  return (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') && (parent.arguments.includes(outer as TSESTree.Expression) || parent.callee === outer);
}

/** The dotted names of all calls below a function: `this.comments.removeFor`. */
function namesCalled(fn: FunctionNode, visitorKeys: SourceCode.VisitorKeys): string[] {
  const names: string[] = [];
  traverse(fn, visitorKeys, (node) => {
    if (node.type === 'CallExpression') names.push(dottedNames(node.callee).map((name) => name ?? '?').join('.'));
  });
  return names;
}

/** Which statements of a program run together: those of one function. */
import type { SourceCode } from 'eslint';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Unit } from '../model/query.js';
import { dottedNames, isClass, isFunction, lastName, parentOf, propertyName, traverse, wrapped, type FunctionNode, type Node } from './ast.js';

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
  const made: Unit = { range: unit.range as Unit['range'], names: namesAround(unit), calls: () => (called ??= namesCalled(of, visitorKeys)) };
  known.set(unit, made);
  return made;
}

/** Does an expression run where something has failed: in a `catch` clause, or in the callback of `.catch(..)`? */
export function isAfterFailure(node: Node): boolean {
  for (let at = parentOf(node); at; at = parentOf(at)) {
    if (at.type === 'CatchClause') return true;
    if (!isFunction(at)) continue;
    const call = parentOf(wrapped(at));
    if (call?.type === 'CallExpression' && call.callee.type === 'MemberExpression' && propertyName(call.callee) === 'catch') return true;
    if (!isCallback(at)) return false;
  }
  return false;
}

function isCallback(fn: FunctionNode): boolean {
  const outer = wrapped(fn), parent = parentOf(outer);
  return (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') && (parent.arguments.includes(outer as TSESTree.Expression) || parent.callee === outer);
}

/** The names of a function, and of the functions and classes around it, the nearest first. */
function namesAround(fn: FunctionNode): string[] {
  const names: string[] = [];
  for (let at: Node | null = fn; at; at = parentOf(at)) {
    if (!isFunction(at) && !isClass(at)) continue;
    const name = at.id?.name ?? nameOfHolder(at);
    if (name) names.push(name);
  }
  return names;
}

/** What a function or class without a name of its own is called by: `const purge = () => ..`, `{ purge() {} }`, `exports.purge = ..`. */
function nameOfHolder(node: Node): string | null {
  const holder = parentOf(wrapped(node));
  switch (holder?.type) {
    case 'VariableDeclarator': return holder.id.type === 'Identifier' ? holder.id.name : null;
    case 'AssignmentExpression': return lastName(holder.left);
    case 'MethodDefinition': case 'Property': case 'PropertyDefinition': return propertyName(holder);
    default: return null;
  }
}

/** The dotted names of all calls below a function: `this.comments.removeFor`. */
function namesCalled(fn: FunctionNode, visitorKeys: SourceCode.VisitorKeys): string[] {
  const names: string[] = [];
  traverse(fn, visitorKeys, (node) => {
    if (node.type === 'CallExpression') names.push(dottedNames(node.callee).map((name) => name ?? '?').join('.'));
  });
  return names;
}

/** Builder chains: `varchar('email').notNull().unique()`. */
import type { TSESTree } from '@typescript-eslint/utils';
import { isFunction, propertyName, unwrap, type Node } from '../source/ast.js';
import { importedName, resolve, within } from './program.js';
import type { Located } from './project.js';

/** One call of a chain. */
export interface ChainCall {
  readonly name: string;
  readonly args: readonly Located[];
  readonly at: Located<TSESTree.CallExpression>;
}

/** A chain from its first call on. */
export interface Chain {
  /** What the first call is made on: `t` of `t.varchar('x').notNull()`; null where it is made on nothing (`varchar('x')`). */
  readonly object: Located | null;
  readonly calls: readonly ChainCall[];
}

/** More calls than any table has columns. */
const LONGEST = 500;

/**
 * The calls of a chain, the innermost first, through constants and helper functions that return the beginning of one.
 * Null where the expression is no call.
 */
export function chainOf(at: Located, depth = 0): Chain | null {
  if (depth > LONGEST || !at.program.project.spend()) return null;
  const value = resolve(at);
  if (value.node.type !== 'CallExpression') return null;
  const call = value as Located<TSESTree.CallExpression>;
  const callee = unwrap(call.node.callee);
  const args = call.node.arguments.map((argument) => within(call, argument as Node));
  if (callee.type === 'MemberExpression') {
    const name = propertyName(callee);
    if (name === null) return null;
    const object = within(call, callee.object as Node);
    const inner = chainOf(object, depth + 1);
    return inner ? { object: inner.object, calls: [...inner.calls, { name, args, at: call }] } : { object, calls: [{ name, args, at: call }] };
  }
  if (callee.type === 'Identifier') return { object: null, calls: [{ name: importedName(call.program, callee), args, at: call }] };
  // A factory that is called at once: `customType({ .. })('name')`.
  const inner = isFunction(callee) ? null : chainOf(within(call, callee), depth + 1);
  return inner && { object: inner.object, calls: [...inner.calls, { name: '()', args, at: call }] };
}

/** The first call of a name in a chain; null where there is none. */
export function callNamed(chain: Chain, ...names: readonly string[]): ChainCall | null {
  return chain.calls.find(({ name }) => names.includes(name)) ?? null;
}

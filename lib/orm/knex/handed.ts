/** Builders that a program hands to a function, which changes them: `applyFilters(query, filters); const rows = await query;`. */
import { ancestor, contains, isFunction, lastName, parentOf, rootOf, unwrap, wrapped, type Node } from '../../source/ast.js';
import type { Chain, ChainItem } from '../../source/values.js';
import type { Call } from '../library.js';
import type { Session } from '../session.js';
import { stepsInside, unseen } from './callbacks.js';
import { CONDITION, CTE, JOIN, SET } from './vocabulary.js';

/** Functions that only look at a query, or run it. */
const LOOKS = /^(?:log|debug|info|warn|error|trace|table|assert|expect|inspect|stringify|all|resolve|isArray|Boolean|String|exec\w*|run\w*)$/;
/** Methods that take a query as a part of another. */
const TAKES = /^(?:from|into|select|column|columns|as|insert|update|union\w*|with\w*|from\w*|push|whereComposite)$/;

/** The chain of a call with what functions did to the builder that the call's variable holds, at its end. */
export function handedOn(call: Call, session: Session): Chain {
  const root = rootOf(call.node), variable = session.source.names.variable(root);
  if (!variable || root.type !== 'Identifier' || call.chain.root.type !== 'node' || unwrap(call.chain.root.node) === root) return call.chain;
  const own = ancestor(root, isFunction), items: ChainItem[] = [];
  for (const { identifier } of variable.references) {
    const at = wrapped(identifier), parent = parentOf(at);
    if (identifier.range[0] >= root.range[0] || parent?.type !== 'CallExpression' || parent.callee === at || (own && !contains(own, identifier))) continue;
    const index = parent.arguments.indexOf(at as never), name = lastName(parent.callee) ?? '';
    if (index < 0 || LOOKS.test(name) || (parent.callee.type === 'MemberExpression' && isTaken(name))) continue;
    const fn = session.value(parent.callee, null);
    const steps = fn.type === 'function' ? stepsInside(fn, session, index, { nodes: parent.arguments, env: null }) : [unseen(parent, null)];
    items.push(...(isConditional(identifier, root) ? [{ type: 'fork' as const, test: null, options: [steps, []] }] : steps));
  }
  return items.length > 0 ? { root: call.chain.root, steps: [...call.chain.steps, ...items] } : call.chain;
}

function isTaken(name: string): boolean {
  return CONDITION.test(name) || JOIN.test(name) || CTE.test(name) || SET.test(name) || TAKES.test(name);
}

/** Does a condition of the program stand between the place and what both have in common? */
function isConditional(node: Node, other: Node): boolean {
  for (let at = parentOf(node); at && !contains(at, other); at = parentOf(at)) {
    if (/^(?:If|For|ForOf|ForIn|While|Switch|Try)Statement$|^ConditionalExpression$|^LogicalExpression$/.test(at.type)) return true;
  }
  return false;
}

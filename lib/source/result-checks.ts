/** Does the code around a query look at the tombstone of what came back (`if (!row || row.deleted_at)`)? */
import { fold } from '../manifest/catalog.js';
import type { TSESTree } from '@typescript-eslint/utils';
import { isFunction, isWrapper, parentOf, propertyName, unwrap, type FunctionNode, type Names, type Node, type Variable } from './ast.js';

/** Callbacks whose parameter is the result, or one row of it. */
const ROW_CALLBACK = /^(?:then|map|flatMap|filter|find|findLast|findIndex|some|every|forEach|each|tap)$/;
/** Callbacks whose result is a decision. */
const DECIDING = /^(?:filter|find|findLast|findIndex|some|every)$/;
/** Functions that throw or fail on what they are given. */
const ASSERTION = /^(?:assert\w*|invariant|expect|ok|equal|strictEqual|must\w*|ensure\w*|should|check\w*|Boolean|isNull|isNil|isDefined)$/;
const MAX_NAMES = 24;

/**
 * Follows the result of an expression through names, members, callbacks and destructuring of the enclosing function.
 * A column counts as looked at where it decides: in a condition, a comparison, a negation, a predicate callback or an assertion.
 *
 * @param expression the executed call or tagged template
 * @param columns spellings of the tombstone column; snake and camel spellings are the same
 * @param asserts does a function that the project declares fail for a deleted row (`assertNotDeleted(user)`, `rows.filter(isLive)`, `user.mustBeLive()`)?
 */
export function checksResult(expression: Node, columns: readonly string[], names: Names, asserts: (callee: Node) => boolean = () => false): boolean {
  const wanted = new Set(columns.map(fold)), seen = new Set<Variable>();

  const isColumn = (name: string | null): boolean => name !== null && wanted.has(fold(name));

  /** Where does this value (the result or a part of it) go? */
  function follow(node: Node, index: number | null = null, depth = 0): boolean {
    for (let at = node, hops = 0; hops < 40; hops++) {
      const parent = parentOf(at);
      if (!parent) return false;
      if (isWrapper(parent) || parent.type === 'AwaitExpression' || parent.type === 'SpreadElement') at = parent;
      else switch (parent.type) {
        case 'MemberExpression': {
          if (parent.object !== at) return false;
          const name = propertyName(parent);
          if (isColumn(name)) return decides(parent);
          const call = calledBy(parent);
          if (call) {
            const [callback] = call.arguments;
            if (asserts(parent) || (callback && name !== null && ROW_CALLBACK.test(name) && !isFunction(callback) && asserts(callback))) return true;
            if (callback && isFunction(callback) && name !== null && ROW_CALLBACK.test(name) && callback.params[0] && bind(callback.params[0], depth)) return true;
            if (name === 'then' && callback && isFunction(callback) && callback.body.type !== 'BlockStatement' && rowOf(callback.body, callback)) { at = call; break; }
            at = call;
          } else at = parent;
          break;
        }
        case 'CallExpression': {
          if (parent.callee === at) { at = parent; break; }
          return asserts(parent.callee);
        }
        case 'ArrayExpression': {
          const all = parentOf(parent);
          if (all?.type !== 'CallExpression' || !/\b(?:all|allSettled|\$?transaction|batch)$/.test(calleeName(all) ?? '')) return false;
          index = parent.elements.indexOf(at as never);
          at = all;
          break;
        }
        case 'VariableDeclarator': return parent.init === at && bindAt(parent.id, index, depth);
        case 'AssignmentExpression': return parent.right === at && bindAt(parent.left, index, depth);
        case 'ForOfStatement': return parent.right === at && (parent.left.type === 'VariableDeclaration' ? parent.left.declarations.some(({ id }) => bind(id, depth)) : bind(parent.left, depth));
        case 'LogicalExpression': case 'ConditionalExpression':
          if (parent.type === 'ConditionalExpression' && parent.test === at) return false;
          at = parent;
          break;
        default: return false;
      }
    }
    return false;
  }

  function bindAt(pattern: Node, index: number | null, depth: number): boolean {
    if (index === null || pattern.type !== 'ArrayPattern') return bind(pattern, depth);
    const element = pattern.elements[index];
    return element ? bind(element, depth) : false;
  }

  /** A pattern takes the result or a part of it. */
  function bind(pattern: Node, depth: number): boolean {
    switch (pattern.type) {
      case 'Identifier': {
        const variable = names.variable(pattern);
        return variable !== null && track(variable, depth + 1, (use) => follow(use, null, depth + 1));
      }
      case 'AssignmentPattern': return bind(pattern.left, depth);
      case 'RestElement': return bind(pattern.argument, depth);
      case 'ArrayPattern': return pattern.elements.some((element) => element !== null && bind(element, depth));
      case 'ObjectPattern': return pattern.properties.some((property) => {
        if (property.type !== 'Property') return bind(property.argument, depth);
        if (!isColumn(propertyName(property))) return bind(property.value, depth);
        const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
        const variable = target.type === 'Identifier' ? names.variable(target) : null;
        return variable !== null && track(variable, depth + 1, decides);
      });
      default: return false;
    }
  }

  function track(variable: Variable, depth: number, test: (use: Node) => boolean): boolean {
    if (depth > 6 || seen.has(variable) || seen.size > MAX_NAMES) return false;
    seen.add(variable);
    return variable.references.some((reference) => reference.isRead() && test(reference.identifier));
  }

  return follow(expression) || callbacks(expression).some((callback) => callback.params.some((param) => bind(param, 0)));
}

/** The callbacks that a driver's call hands its result to: `db.get(sql, (err, row) => ..)`. */
function callbacks(call: Node): FunctionNode[] {
  const at = unwrap(call);
  return at.type === 'CallExpression' ? at.arguments.filter((argument): argument is TSESTree.ArrowFunctionExpression | TSESTree.FunctionExpression => isFunction(argument)) : [];
}

/** Is the callback's expression its parameter or a part of it (`(res) => res.rows[0]`)? */
function rowOf(body: Node, callback: Node): boolean {
  let at = unwrap(body);
  while (at.type === 'MemberExpression') at = unwrap(at.object);
  return isFunction(callback) && callback.params[0]?.type === 'Identifier' && at.type === 'Identifier' && at.name === callback.params[0].name;
}

/** The call of a member expression as method, or null. */
function calledBy(member: Node) {
  let at = member, parent = parentOf(member);
  while (parent && isWrapper(parent)) {
    at = parent;
    parent = parentOf(parent);
  }
  return parent?.type === 'CallExpression' && parent.callee === at ? parent : null;
}

function calleeName(call: Node): string | null {
  if (call.type !== 'CallExpression') return null;
  const callee = unwrap(call.callee);
  return callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' ? propertyName(callee) : null;
}

/** Does the value decide something here? */
function decides(value: Node): boolean {
  for (let at = value; ; ) {
    const parent = parentOf(at);
    if (!parent) return false;
    if (isWrapper(parent)) {
      at = parent;
      continue;
    }
    switch (parent.type) {
      case 'UnaryExpression':
        if (parent.operator === '!') return true;
        if (parent.operator !== 'typeof') return false;
        at = parent;
        break;
      case 'BinaryExpression': return /^(?:[!=]==?|[<>]=?|instanceof|in)$/.test(parent.operator);
      case 'IfStatement': case 'WhileStatement': case 'DoWhileStatement': case 'ForStatement': return parent.test === at;
      case 'ConditionalExpression': return parent.test === at;
      case 'SwitchStatement': return parent.discriminant === at;
      case 'LogicalExpression':
        if (parent.operator === '&&' && parent.left === at) return true;
        at = parent;
        break;
      case 'CallExpression': return parent.callee !== at && ASSERTION.test(calleeName(parent) ?? '');
      case 'ArrowFunctionExpression': {
        const call = parentOf(parent);
        return parent.body === at && call?.type === 'CallExpression' && DECIDING.test(calleeName(call) ?? '');
      }
      case 'ReturnStatement': {
        let fn = parentOf(parent);
        while (fn && !isFunction(fn)) fn = parentOf(fn);
        const call = fn && parentOf(fn);
        return call?.type === 'CallExpression' && DECIDING.test(calleeName(call) ?? '');
      }
      default: return false;
    }
  }
}

/** Conditions of the program: those that the file decides, and the text of the others. */
import { lastName, propertyName, unwrap, type Node } from './ast.js';
import type { Evaluator } from './evaluate.js';
import type { Test } from './parts.js';
import type { TSESTree } from '@typescript-eslint/utils';
import { constantOf, type Env, type Value } from './values.js';

export class Conditions {
  constructor(private readonly evaluator: Evaluator) {}

  /** The condition's text, by which like conditions are decided alike. */
  test(node: Node): Test | null {
    return testOf(node, this.evaluator.sourceCode.text);
  }

  /** Is the condition true, false, or (null) not to be told? */
  truth(node: Node, env: Env | null): boolean | null {
    const test = unwrap(node);
    if (test.type === 'UnaryExpression' && test.operator === '!') {
      const inner = this.truth(test.argument, env);
      return inner === null ? null : !inner;
    }
    if (test.type === 'LogicalExpression' && test.operator !== '??') {
      const left = this.truth(test.left, env), right = this.truth(test.right, env), decisive = test.operator === '||';
      return left === decisive || right === decisive ? decisive : left === null || right === null ? null : !decisive;
    }
    const count = this.minimalLength(test, env);
    if (count !== null) return count;
    const value = this.constantIn(test, env);
    if (value) return Boolean(value.value);
    if (test.type !== 'Identifier' && test.type !== 'MemberExpression') return null;
    const known = this.evaluator.evaluate(test, env);
    if (known.type === 'text') return known.parts.some((part) => part.type === 'run' && part.text !== '') ? true : null;
    return known.type === 'list' || known.type === 'function' || known.type === 'object' ? true : null;
  }

  /** Decides `items.length`, `items.length > 0`, `items.length === 0` for a list of which some items are certain, or that has none. */
  private minimalLength(test: Node, env: Env | null): boolean | null {
    const length = test.type === 'BinaryExpression' && /^(?:>|>=|!==?|===?)$/.test(test.operator) ? test.left : test;
    const at = unwrap(length);
    if (at.type !== 'MemberExpression' || propertyName(at) !== 'length') return null;
    if (test.type === 'BinaryExpression') {
      const bound = unwrap(test.right);
      if (bound.type !== 'Literal' || bound.value !== (test.operator === '>=' ? 1 : 0)) return null;
    }
    const list = this.evaluator.evaluate(at.object, env);
    if (list.type !== 'list') return null;
    const some = list.items.some((item) => item.type === 'item');
    if (!some && list.items.length > 0) return null;
    return test.type === 'BinaryExpression' && /^=/.test(test.operator) ? !some : some;
  }

  /** The number or boolean that an expression of constants makes; null for anything else. */
  constant(node: Node, env: Env | null): Value | null {
    const found = this.constantIn(node, env);
    return found && (typeof found.value === 'number' || typeof found.value === 'boolean') ? { type: 'constant', value: found.value } : null;
  }

  /** The value of an expression of constants. */
  private constantIn(node: Node, env: Env | null): { readonly value: unknown } | null {
    const at = unwrap(node);
    switch (at.type) {
      case 'BinaryExpression': {
        if (!/^(?:[!=]==?|[<>]=?|[-*/%])$/.test(at.operator)) return null;
        const left = this.constantIn(at.left, env), right = left && this.constantIn(at.right, env);
        return left && right && { value: operate(at.operator, left.value, right.value) };
      }
      case 'UnaryExpression': {
        if (!/^(?:!|-|typeof)$/.test(at.operator)) return null;
        const inner = this.constantIn(at.argument, env);
        return inner && { value: at.operator === '!' ? !inner.value : at.operator === '-' ? -Number(inner.value) : typeof inner.value };
      }
      case 'CallExpression': return this.membership(at, env);
      case 'Literal': return at.value === null && at.raw !== 'null' ? null : { value: at.value };
      case 'TemplateLiteral': case 'Identifier': case 'MemberExpression': return constantOf(this.evaluator.evaluate(at, env));
      default: return null;
    }
  }

  /** `NAMES.includes(name)`, `NAMES.has(name)`, `name.startsWith('find')`, `/^find/.test(name)` of what the file shows. */
  private membership(call: TSESTree.CallExpression, env: Env | null): { readonly value: boolean } | null {
    const callee = unwrap(call.callee), method = callee.type === 'MemberExpression' ? propertyName(callee) : null, [argument] = call.arguments;
    if (callee.type !== 'MemberExpression' || !argument || call.arguments.length > 1 || !/^(?:includes|has|startsWith|endsWith|test)$/.test(method ?? '')) return null;
    const asked = this.constantIn(argument, env);
    if (typeof asked?.value !== 'string') return null;
    const object = unwrap(callee.object);
    if (method === 'test') return object.type === 'Literal' && 'regex' in object ? { value: new RegExp(object.regex.pattern, object.regex.flags.replace(/[gy]/g, '')).test(asked.value) } : null;
    const value = this.evaluator.evaluate(object, env), text = constantOf(value);
    if (typeof text?.value === 'string') return { value: method === 'includes' ? text.value.includes(asked.value) : method === 'startsWith' ? text.value.startsWith(asked.value) : method === 'endsWith' && text.value.endsWith(asked.value) };
    const items = this.membersOf(value, method === 'has', env);
    return items && { value: items.includes(asked.value) };
  }

  /** The texts of a list, or of `new Set([..])`; null where one cannot be seen. */
  private membersOf(value: Value, isSet: boolean, env: Env | null): unknown[] | null {
    const made = isSet && value.type === 'unknown' ? unwrap(value.node) : null, [list] = made?.type === 'NewExpression' && lastName(made.callee) === 'Set' ? made.arguments : [];
    const shown = isSet ? (list ? this.evaluator.evaluate(list, env) : null) : value;
    if (shown?.type !== 'list') return null;
    const members = shown.items.map((item) => (item.type === 'item' ? constantOf(item.value) : null));
    return members.every((member) => member !== null) ? members.map(({ value: member }) => member) : null;
  }
}

function operate(operator: string, left: unknown, right: unknown): unknown {
  const [a, b] = [left as number, right as number];
  switch (operator) {
    case '===': return left === right;
    case '!==': return left !== right;
    // eslint-disable-next-line eqeqeq -- as the linted code compares
    case '==': return left == right;
    // eslint-disable-next-line eqeqeq -- as the linted code compares
    case '!=': return left != right;
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    case '>=': return a >= b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return a / b;
    default: return a % b;
  }
}

/** The text of a condition in a form in which like conditions are equal and opposite ones differ in the sign alone; null where it is too long to occur twice. */
function testOf(node: Node, source: string): Test | null {
  let at = unwrap(node), negated = false;
  for (;;) {
    if (at.type === 'UnaryExpression' && at.operator === '!') {
      negated = !negated;
      at = unwrap(at.argument);
    } else if (at.type === 'CallExpression' && lastName(at.callee) === 'Boolean' && at.arguments.length === 1) at = unwrap(at.arguments[0]!);
    else if (at.type === 'BinaryExpression') {
      const right = unwrap(at.right), left = unwrap(at.left);
      const nothing = (right.type === 'Literal' && (right.value === null || right.value === '' || right.value === false)) || (right.type === 'Identifier' && right.name === 'undefined');
      const isLength = left.type === 'MemberExpression' && propertyName(left) === 'length' && right.type === 'Literal' && right.value === 0;
      if (/^[!=]==?$/.test(at.operator) && (nothing || isLength)) {
        negated = at.operator[0] === '=' ? !negated : negated;
        at = left;
      } else if (isLength && at.operator === '>') at = left;
      else if (right.type === 'Literal' && right.value === true && /^[!=]==?$/.test(at.operator)) {
        negated = at.operator[0] === '!' ? !negated : negated;
        at = left;
      } else if (/^!==?$/.test(at.operator)) {
        const key = `${keyOf(left, source)}=${keyOf(right, source)}`;
        return key.length > 200 ? null : { key, negated: !negated };
      } else if (/^===?$/.test(at.operator)) {
        const key = `${keyOf(left, source)}=${keyOf(right, source)}`;
        return key.length > 200 ? null : { key, negated };
      } else break;
    } else break;
  }
  const key = keyOf(at, source);
  return key.length > 200 ? null : { key, negated };
}

function keyOf(node: Node, source: string): string {
  return source.slice(...node.range).replace(/\s+/g, ' ').replace(/\?\./g, '.');
}

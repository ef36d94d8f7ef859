/** The text of a condition in a form in which like conditions are equal and opposite ones differ in the sign alone. */
import { lastName, propertyName, unwrap, type Node } from './ast.js';
import type { Test } from './parts.js';

/** Null for a condition whose text is too long to occur twice. */
export function testOf(node: Node, source: string): Test | null {
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
        const key = `${slice(left, source)}=${slice(right, source)}`;
        return key.length > 200 ? null : { key, negated: !negated };
      } else if (/^===?$/.test(at.operator)) {
        const key = `${slice(left, source)}=${slice(right, source)}`;
        return key.length > 200 ? null : { key, negated };
      } else break;
    } else break;
  }
  const key = slice(at, source);
  return key.length > 200 ? null : { key, negated };
}

function slice(node: Node, source: string): string {
  return source.slice(...node.range).replace(/\s+/g, ' ').replace(/\?\./g, '.');
}

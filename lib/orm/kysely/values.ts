/** Values among what Kysely's methods are given: where they stand, and what callbacks get. */
import type { Node } from '../../source/ast.js';
import type { Value } from '../../source/values.js';

/** What callbacks get: an expression builder, which makes queries as well. */
export const EXPRESSION_BUILDER = { what: 'the expression builder of Kysely' };

/** The expression of a value where it has one of its own. */
export function nodeOf(value: Value, otherwise: Node): Node {
  switch (value.type) {
    case 'unknown': case 'function': return value.node;
    case 'object': return value.node;
    default: return otherwise;
  }
}

/** What an interpolation of a binding tag is, by the look of the expression: a value, or a fragment that cannot be seen. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Hole } from '../sql/sql-text.js';
import { lastName, rootOf, unwrap, type Names, type Node } from './ast.js';
import type { Libraries } from './libraries.js';

/** Calls whose result is a value. */
const VALUE_CALL = /^(?:Number|String|Boolean|Date|BigInt|parseInt|parseFloat|stringify|parse|toISOString|toString|toJSON|toLowerCase|toUpperCase|toLocaleString|trim|now|getTime|valueOf|toDate|format|randomUUID|nanoid|cuid\d?|uuid\w*|hash\w*|digest|encrypt|decrypt|max|min|floor|ceil|round|abs|pow|split|slice|substring|replace|replaceAll|padStart|keys|entries|includes|startsWith|has|size|get|map|filter|random|from|of|fromDate|unix|subDays|addDays|startOf\w*|endOf\w*)$/;
/** Words in names of fragments. */
const FRAGMENT_WORD = /(?:where|cond(?:ition)?s?$|filter|clause|fragment|frag$|sql|query|queries|order(?:ed)?(?:by)?$|sort|join|select|columns?$|cols?$|fields?$|tables?$|schema|predicate|expr(?:ession)?|suffix|prefix|scope|live|active|notdeleted|undeleted|cte|from$|having|limitclause|setters?|sets$|assignments?|updates?$|inserts?$|returning|pagination|guard|relation|identifier)/i;
const VALUE_TYPE = /^(?:TSStringKeyword|TSNumberKeyword|TSBooleanKeyword|TSBigIntKeyword|TSNullKeyword|TSUndefinedKeyword|TSLiteralType|TSArrayType|TSTupleType|TSTypeLiteral)$/;
const FRAGMENT_TYPE = /^(?:SQL\w*|Sql\w*|RawBuilder|PendingQuery|Fragment|SQLStatement|SQLWrapper|AnyColumn|Column|Table|Query\w*Token|QuerySqlToken|Expression|Raw|Literal|Statement|TemplatedQuery|PgTable|PgColumn)$/;

/** Names of fragments that begin with ORDER BY, GROUP BY, LIMIT, OFFSET: a condition has another name. */
const TAIL_NAME = /^(?:(?:build|get|make|create|generate|render|to|format|compile)_?)?(?:order(?:ed|ing)?_?(?:by)?|sort(?:ing|ed|_?by|_?order)?|group_?by|limit(?:_?(?:and_?)?offset)?|offset|pag(?:ing|inat(?:e|ion)))_?(?:clauses?|sql|fragments?|str(?:ing)?|query|expr(?:ession)?|part|raw|stmt|statement)?$/i;

/** Does the name of an interpolated fragment (or of the function that makes it) say that it orders, groups or limits rows? */
export function isTailNamed(node: Node): boolean {
  const at = unwrap(node);
  return TAIL_NAME.test(lastName(at.type === 'CallExpression' ? at.callee : at) ?? '');
}

export function bindingKind(node: Node, names: Names, libraries: Libraries): Hole['kind'] {
  const at = unwrap(node);
  switch (at.type) {
    case 'Literal': case 'TemplateLiteral': case 'ArrayExpression': case 'ObjectExpression': case 'NewExpression': case 'BinaryExpression': case 'UnaryExpression': case 'UpdateExpression': case 'AwaitExpression': return 'value';
    case 'ConditionalExpression': return both(bindingKind(at.consequent, names, libraries), bindingKind(at.alternate, names, libraries));
    case 'LogicalExpression': return at.operator === '&&' ? bindingKind(at.right, names, libraries) : both(bindingKind(at.left, names, libraries), bindingKind(at.right, names, libraries));
    case 'CallExpression': {
      const name = lastName(at.callee) ?? '', root = rootOf(at.callee);
      if (libraries.isTagName(root)) return 'fragment';
      if (VALUE_CALL.test(name)) return 'value';
      return FRAGMENT_WORD.test(name) || libraries.packageOf(root) ? 'fragment' : 'unknown';
    }
    case 'Identifier': return ofName(at, at.name, names);
    case 'MemberExpression': {
      const root = rootOf(at);
      return ofName(root, lastName(at) ?? '', names);
    }
    default: return 'unknown';
  }
}

const both = (a: Hole['kind'], b: Hole['kind']): Hole['kind'] => (a === b ? a : a === 'fragment' || b === 'fragment' ? 'fragment' : 'unknown');

/** A name by its declared type, by where it comes from, and by its words. */
function ofName(root: Node, name: string, names: Names): Hole['kind'] {
  if (root.type === 'ThisExpression') return FRAGMENT_WORD.test(name) ? 'unknown' : 'value';
  const definition = names.definition(root);
  if (!definition) return FRAGMENT_WORD.test(name) || names.variable(root) ? 'unknown' : 'value';
  if (definition.type === 'ImportBinding') return 'unknown';
  const typed = declaredType(definition.name, name);
  if (typed) return typed;
  if (FRAGMENT_WORD.test(name) || /^[A-Z_\d]+$/.test(name)) return 'unknown';
  if (definition.type === 'Parameter' || definition.type === 'CatchClause') return 'value';
  if (definition.type !== 'Variable' || definition.node.type !== 'VariableDeclarator') return 'unknown';
  const init = definition.node.init && unwrap(definition.node.init);
  // What another function made may be a fragment; what was awaited, destructured or read from an object is a value.
  if (!init || definition.node.id.type !== 'Identifier' || root !== definition.name && root.parent?.type === 'MemberExpression') return 'value';
  return init.type === 'CallExpression' && !VALUE_CALL.test(lastName(init.callee) ?? '') ? 'unknown' : 'value';
}

function declaredType(declaration: Node, name: string): Hole['kind'] | null {
  const annotation = declaration.type === 'Identifier' && declaration.name === name ? declaration.typeAnnotation?.typeAnnotation : undefined;
  return annotation ? ofType(annotation) : null;
}

function ofType(type: TSESTree.TypeNode): Hole['kind'] | null {
  if (VALUE_TYPE.test(type.type)) return 'value';
  if (type.type === 'TSUnionType') {
    const kinds = type.types.map(ofType);
    return kinds.includes('fragment') ? 'fragment' : kinds.every((kind) => kind === 'value') ? 'value' : null;
  }
  if (type.type === 'TSTypeReference') {
    const name = type.typeName.type === 'Identifier' ? type.typeName.name : type.typeName.type === 'TSQualifiedName' ? type.typeName.right.name : '';
    return FRAGMENT_TYPE.test(name) ? 'fragment' : /^(?:Date|Array|ReadonlyArray|Buffer|UUID)$/.test(name) ? 'value' : null;
  }
  return null;
}

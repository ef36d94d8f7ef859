/** Reading an ESTree or TypeScript-ESTree tree: what every file of this folder needs. */
import type { SourceCode } from 'eslint';
import type { TSESTree } from '@typescript-eslint/utils';

export type Node = TSESTree.Node;
export type FunctionNode = TSESTree.ArrowFunctionExpression | TSESTree.FunctionExpression | TSESTree.FunctionDeclaration;
export type ClassNode = TSESTree.ClassDeclaration | TSESTree.ClassExpression;

/** What is asked of a scope manager's variable: the part that eslint-scope and @typescript-eslint/scope-manager share. */
export interface Variable {
  readonly name: string;
  readonly scope: Scope;
  readonly defs: readonly { readonly type: string; readonly node: Node; readonly name: Node; readonly parent?: Node | null }[];
  readonly references: readonly Reference[];
}

export interface Reference {
  readonly identifier: Node;
  readonly init?: boolean;
  isWrite(): boolean;
  isRead(): boolean;
}

export interface Scope {
  readonly type: string;
  readonly set: ReadonlyMap<string, Variable>;
  readonly upper: Scope | null;
  readonly block: Node;
}

/** The node's parent; null for the program. */
export function parentOf(node: Node): Node | null {
  return node.parent ?? null;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Subtrees that hold no expression that could be SQL. */
const SKIPPED = new Set([
  'ImportDeclaration', 'ImportExpression', 'TSTypeAnnotation', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'TSTypeParameterInstantiation',
  'TSTypeParameterDeclaration', 'TSImportEqualsDeclaration', 'JSXText', 'TemplateElement', 'Identifier', 'PrivateIdentifier',
]);

/**
 * Calls `enter` for each node below and including `root`, parents first, and makes sure that every node knows its parent
 * (ESLint's own traversal has usually seen to that).
 */
export function traverse(root: Node, visitorKeys: SourceCode.VisitorKeys, enter: (node: Node) => void): void {
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    enter(node);
    const keys = visitorKeys[node.type] ?? [];
    for (let i = keys.length - 1; i >= 0; i--) {
      const value: unknown = (node as unknown as Record<string, unknown>)[keys[i]!];
      if (Array.isArray(value)) for (let j = value.length - 1; j >= 0; j--) push(value[j], node);
      else push(value, node);
    }
  }
  function push(child: unknown, parent: Node): void {
    if (!isNode(child)) return;
    if (!child.parent) (child as unknown as { parent: Node }).parent = parent;
    if (!SKIPPED.has(child.type)) stack.push(child);
  }
}

/** The expression inside type assertions, `!`, optional chains and type arguments. */
export function unwrap(node: Node): Node {
  for (;;) {
    switch (node.type) {
      case 'TSAsExpression': case 'TSNonNullExpression': case 'TSSatisfiesExpression': case 'TSTypeAssertion': case 'TSInstantiationExpression': case 'ChainExpression':
        node = node.expression;
        break;
      default:
        return (node.type as string) === 'ParenthesizedExpression' ? unwrap((node as unknown as { expression: Node }).expression) : node;
    }
  }
}

/** Does this node only wrap an expression (`x as T`, `x!`, `(x)`)? */
export function isWrapper(node: Node): boolean {
  return /^(TSAsExpression|TSNonNullExpression|TSSatisfiesExpression|TSTypeAssertion|TSInstantiationExpression|ChainExpression|ParenthesizedExpression)$/.test(node.type);
}

/** The outermost wrapper around an expression, or the expression itself. */
export function wrapped(node: Node): Node {
  for (let parent = parentOf(node); parent && isWrapper(parent); parent = parentOf(node)) node = parent;
  return node;
}

/** The property that a member expression or a property definition names, `#x` for private ones; null where it is computed. */
export function propertyName(node: Node): string | null {
  if (node.type === 'MemberExpression') return keyName(node.property, node.computed);
  if (node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition' || node.type === 'AccessorProperty' || (node.type as string) === 'ClassProperty') {
    const { key, computed } = node as TSESTree.Property;
    return keyName(key, computed);
  }
  return null;
}

function keyName(key: Node, computed: boolean): string | null {
  if (key.type === 'Identifier' && !computed) return key.name;
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (key.type === 'Literal' && (typeof key.value === 'string' || typeof key.value === 'number')) return String(key.value);
  return null;
}

/** The last name of a callee or tag: `query` of `this.pool.query`, `sql` of `sql`. */
export function lastName(node: Node): string | null {
  const inner = unwrap(node);
  return inner.type === 'Identifier' ? inner.name : inner.type === 'MemberExpression' ? propertyName(inner) : null;
}

/** The name of the function that a call calls, or that an expression is: `knex` of `knex('users')`. */
export function calledName(node: Node): string | null {
  const at = unwrap(node);
  return lastName(at.type === 'CallExpression' ? at.callee : at);
}

/** The names of a dotted expression (`this.pool.query` is `['this', 'pool', 'query']`), calls on the way left out; null parts are unreadable. */
export function dottedNames(node: Node): (string | null)[] {
  const names: (string | null)[] = [];
  for (let at = unwrap(node); ; ) {
    if (at.type === 'MemberExpression') {
      names.unshift(propertyName(at));
      at = unwrap(at.object);
    } else if (at.type === 'CallExpression') at = unwrap(at.callee);
    else {
      names.unshift(at.type === 'Identifier' ? at.name : at.type === 'ThisExpression' ? 'this' : null);
      return names;
    }
  }
}

/** The expression at the left end of a dotted expression, through calls: `sql` of `sql.type(x)`. */
export function rootOf(node: Node): Node {
  for (let at = unwrap(node); ; ) {
    if (at.type === 'MemberExpression') at = unwrap(at.object);
    else if (at.type === 'CallExpression') at = unwrap(at.callee);
    else return at;
  }
}

export function isFunction(node: Node): node is FunctionNode {
  return node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration';
}

export function isClass(node: Node): node is ClassNode {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** Is `inner` inside `outer`, or the same? */
export function contains(outer: Node, inner: Node): boolean {
  return outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}

/** The nearest ancestor that satisfies the test, or null. */
export function ancestor<T extends Node>(node: Node, test: (node: Node) => node is T): T | null;
export function ancestor(node: Node, test: (node: Node) => boolean): Node | null;
export function ancestor(node: Node, test: (node: Node) => boolean): Node | null {
  for (let at = parentOf(node); at; at = parentOf(at)) if (test(at)) return at;
  return null;
}

/** The statements of a block, or null where the node holds none. */
export function statementsOf(node: Node): readonly Node[] | null {
  if (node.type === 'Program' || node.type === 'BlockStatement' || node.type === 'StaticBlock' || node.type === 'TSModuleBlock') return node.body;
  return node.type === 'SwitchCase' ? node.consequent : null;
}

/** The string of a literal or of a template without interpolation; null for anything else. */
export function stringOf(node: Node): string | null {
  const inner = unwrap(node);
  if (inner.type === 'Literal' && typeof inner.value === 'string') return inner.value;
  if (inner.type === 'TemplateLiteral' && inner.expressions.length === 0) return inner.quasis[0]?.value.cooked ?? null;
  return null;
}

/** Names of a file: which variable an identifier means, and where it was imported from. */
export class Names {
  constructor(private readonly sourceCode: SourceCode) {}

  /** The variable that an identifier refers to; null for globals and what cannot be told. */
  variable(identifier: Node): Variable | null {
    if (identifier.type !== 'Identifier' && identifier.type !== 'JSXIdentifier') return null;
    for (let scope = this.sourceCode.getScope(identifier as never) as unknown as Scope | null; scope; scope = scope.upper) {
      const variable = scope.set.get(identifier.name);
      if (variable) return variable.defs.length > 0 ? variable : null;
    }
    return null;
  }

  /** The one place that defines the variable; null for none or several. */
  definition(identifier: Node): Variable['defs'][number] | null {
    const variable = this.variable(identifier);
    return variable?.defs.length === 1 ? variable.defs[0]! : null;
  }

  /** The module that a name comes from, by `import`, `require` or `await import`, and what it is called there (`default`, `*` for the namespace). */
  origin(identifier: Node): { readonly module: string; readonly name: string } | null {
    const definition = this.definition(identifier);
    if (!definition) return null;
    if (definition.type === 'ImportBinding') {
      const declaration = definition.parent ?? parentOf(definition.node);
      if (declaration?.type !== 'ImportDeclaration') return null;
      const { node } = definition;
      const name = node.type === 'ImportSpecifier' ? (node.imported.type === 'Identifier' ? node.imported.name : node.imported.value) : node.type === 'ImportNamespaceSpecifier' ? '*' : 'default';
      return { module: String(declaration.source.value), name };
    }
    if (definition.type === 'Variable' && definition.node.type === 'VariableDeclarator' && definition.node.init) {
      const module = requiredModule(definition.node.init);
      if (!module) return null;
      if (definition.node.id.type === 'Identifier') return { module: module.module, name: module.name ?? 'default' };
      const property = parentOf(definition.name);
      return { module: module.module, name: (property && propertyName(property)) ?? definition.name.type };
    }
    return null;
  }
}

/** The variable that a function is called by; null where it has no name of its own. */
function nameOf(fn: FunctionNode, names: Names): Variable | null {
  const parent = parentOf(wrapped(fn));
  const name = fn.type === 'FunctionDeclaration' ? fn.id : parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id : null;
  return name && names.variable(name);
}

/** The calls of a function in its file, by its own name. */
export function callsIn(fn: FunctionNode, names: Names): TSESTree.CallExpression[] {
  return (nameOf(fn, names)?.references ?? []).flatMap(({ identifier }) => {
    const call = parentOf(identifier);
    return call?.type === 'CallExpression' && call.callee === identifier ? [call] : [];
  });
}

/** All calls of a function, where no other file and no other name can call it; null where one may. */
export function callsOf(fn: FunctionNode, names: Names): TSESTree.CallExpression[] | null {
  const variable = nameOf(fn, names);
  const declaration = fn.type === 'FunctionDeclaration' ? fn : parentOf(parentOf(wrapped(fn)) ?? fn);
  if (!variable || (declaration && /^Export/.test(parentOf(declaration)?.type ?? ''))) return null;
  const calls = callsIn(fn, names), uses = variable.references.filter((reference) => reference.isRead());
  return calls.length === uses.length && calls.every((call) => !contains(fn, call)) ? calls : null;
}

/** `require('x')`, `require('x').y`, `await import('x')`, `require('x')(..)` as module and member. */
function requiredModule(init: Node): { module: string; name: string | null } | null {
  const at = unwrap(init);
  if (at.type === 'AwaitExpression') return requiredModule(at.argument);
  if (at.type === 'MemberExpression') {
    const inner = requiredModule(at.object);
    return inner && { module: inner.module, name: propertyName(at) };
  }
  if (at.type === 'ImportExpression') {
    const module = stringOf(at.source);
    return module === null ? null : { module, name: null };
  }
  if (at.type === 'CallExpression' && at.callee.type === 'Identifier' && at.callee.name === 'require' && at.arguments.length === 1) {
    const module = stringOf(at.arguments[0]!);
    return module === null ? null : { module, name: null };
  }
  return null;
}

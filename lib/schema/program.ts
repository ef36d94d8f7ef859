/**
 * What declarations in JavaScript and TypeScript say: constants, spreads, helper functions, base classes and imports are followed to the
 * expression that they stand for. Nothing is run.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Range } from '../model/query.js';
import { ancestor, isClass, isFunction, parentOf, propertyName, unwrap, type ClassNode, type FunctionNode, type Node, type Variable } from '../source/ast.js';
import type { Located, Program, PropertyOf } from './project.js';

/** A text that is longer than this is no name. */
const LONGEST_TEXT = 10_000;

/** As often as references are followed before they are taken for a circle. */
const FOLLOWED = 40;

/** The same place, another node. */
export function within<N extends Node>(at: Located, node: N): Located<N> {
  return { node, program: at.program, env: at.env };
}

/** The place of a node in its file. */
export function rangeOf({ node }: Located): Range {
  return [node.range[0], node.range[1]];
}

/** The expression that a reference, a call of a helper or a member of an object stands for; what cannot be followed is given back as it is. */
export function resolve(at: Located, depth = 0): Located {
  const here = within(at, unwrap(at.node));
  return depth > FOLLOWED || !at.program.project.spend() ? here : step(here, depth) ?? here;
}

function step(at: Located, depth: number): Located | null {
  const { node } = at;
  switch (node.type) {
    case 'Identifier': {
      const target = definitionOf(at as Located<TSESTree.Identifier>, depth);
      return target && resolve(target, depth + 1);
    }
    case 'MemberExpression': {
      const name = propertyName(node) ?? (node.computed ? stringValue(within(at, node.property), depth + 1) : null);
      if (name === null) return null;
      const target = memberOf(resolve(within(at, node.object), depth + 1), name, depth + 1);
      return target && resolve(target, depth + 1);
    }
    case 'CallExpression': {
      const callee = unwrap(node.callee);
      if (callee.type === 'MemberExpression' && /^Object\.freeze$/.test(at.program.textOf(callee)) && node.arguments[0]) return resolve(within(at, node.arguments[0]), depth + 1);
      if (callee.type === 'Identifier' && callee.name === 'require') {
        const module = requiredModule(node);
        return module === null ? null : requireTarget(at, module);
      }
      const fn = resolve(within(at, callee), depth + 1);
      if (!isFunction(fn.node) || fn.node.async || fn.node.generator) return null;
      const result = returned(fn as Located<FunctionNode>, node.arguments.map((argument) => within(at, argument)));
      return result && resolve(result, depth + 1);
    }
    case 'ThisExpression': {
      const owner = ancestor(node, isClass);
      return owner && within(at, owner);
    }
    case 'AwaitExpression': return resolve(within(at, node.argument), depth + 1);
    case 'SequenceExpression': return resolve(within(at, node.expressions.at(-1)!), depth + 1);
    default: return null;
  }
}

function requiredModule(node: TSESTree.CallExpression): string | null {
  const argument = node.arguments[0];
  return argument?.type === 'Literal' && typeof argument.value === 'string' ? argument.value : null;
}

/** What `require` of a module gives: its `module.exports`, or its namespace. */
function requireTarget(at: Located, module: string): Located | null {
  const { program } = at;
  const file = program.project.imported(program, module, '*');
  return file && (file.program.assignments.length > 0 ? file.program.exported('default') : null) || file;
}

/** What an identifier was defined as; null where it is a parameter, a global or assigned elsewhere. */
function definitionOf(at: Located<TSESTree.Identifier>, depth: number): Located | null {
  const { node, program } = at;
  const variable = program.names.variable(node);
  if (!variable) return null;
  for (let env = at.env; env; env = env.outer) {
    const bound = env.bindings.get(variable);
    if (bound) return bound;
  }
  const definition = variable.defs.length === 1 ? variable.defs[0]! : variable.defs.find(({ type }) => type === 'Variable' || type === 'ClassName' || type === 'FunctionName');
  if (!definition) return null;
  switch (definition.type) {
    case 'ImportBinding': {
      const origin = program.names.origin(node);
      return origin && program.project.imported(program, origin.module, origin.name, depth + 1);
    }
    case 'ClassName': case 'FunctionName': case 'TSEnumName':
      return { node: definition.node, program, env: at.env };
    case 'Variable': {
      if (definition.node.type !== 'VariableDeclarator' || !definition.node.init || variable.references.some((reference) => reference.isWrite() && !reference.init)) return null;
      const init: Located = { node: definition.node.init, program, env: at.env };
      return definition.node.id.type === 'Identifier' ? init : destructured(definition.name, definition.node.id, init, depth);
    }
    default: return null;
  }
}

/** The part of a value that a name in a destructuring pattern takes. */
function destructured(name: Node, pattern: Node, value: Located, depth: number): Located | null {
  if (pattern.type !== 'ObjectPattern') return null;
  for (const property of pattern.properties) {
    if (property.type !== 'Property') continue;
    const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
    const key = propertyName(property);
    if (key === null || (target !== name && target.type !== 'ObjectPattern')) continue;
    const member = memberOf(resolve(value, depth + 1), key, depth + 1);
    if (!member) continue;
    if (target === name) return member;
    const inner = destructured(name, target, member, depth + 1);
    if (inner) return inner;
  }
  return null;
}

/** A member of an object literal, class (static), enumeration or module namespace. */
function memberOf(owner: Located, name: string, depth: number): Located | null {
  const { node, program } = owner;
  if (depth > FOLLOWED) return null;
  if (node.type === 'ObjectExpression') return propertiesOf(owner, depth).get(name)?.value ?? null;
  if (isClass(node)) return staticMember(owner as Located<ClassNode>, name)?.value ?? null;
  if (node.type === 'Program') return program.exported(name);
  if (node.type === 'TSEnumDeclaration') {
    const member = node.body.members.find(({ id }) => (id.type === 'Identifier' ? id.name : id.type === 'Literal' ? id.value : null) === name);
    return member?.initializer ? within(owner, member.initializer) : null;
  }
  return null;
}

/** The properties of an object literal by name, those of spread objects among them; later ones win. Empty for anything else. */
export function propertiesOf(at: Located, depth = 0): Map<string, PropertyOf> {
  const found = new Map<string, PropertyOf>();
  if (depth > FOLLOWED) return found;
  const owner = resolve(at, depth + 1), { node } = owner;
  if (node.type === 'CallExpression' && /^Object\.assign$/.test(owner.program.textOf(node.callee))) {
    for (const argument of node.arguments) for (const [name, property] of propertiesOf(within(owner, argument), depth + 1)) found.set(name, property);
  }
  if (node.type !== 'ObjectExpression') return found;
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      for (const spread of spreadValues(within(owner, property.argument), depth)) for (const [name, inner] of propertiesOf(spread, depth + 1)) found.set(name, inner);
      continue;
    }
    const name = propertyName(property) ?? (property.computed ? stringValue(within(owner, property.key), depth + 1) : null);
    if (name !== null) found.set(name, { name, value: within(owner, property.value), at: within(owner, property) });
  }
  return found;
}

/** Are all properties of an object literal known? Not where it spreads what cannot be seen. */
export function isWhole(at: Located, depth = 0): boolean {
  const owner = resolve(at, depth), { node } = owner;
  if (node.type !== 'ObjectExpression' || depth > FOLLOWED) return false;
  return node.properties.every((each) => each.type !== 'SpreadElement' || spreadValues(within(owner, each.argument), depth).every((spread) => isWhole(spread, depth + 1)));
}

/** `...(flag ? a : b)` and `...(flag && a)` may bring what any of their sides has. */
function spreadValues(at: Located, depth: number): Located[] {
  const value = resolve(at, depth + 1), { node } = value;
  if (node.type === 'ConditionalExpression') return [...spreadValues(within(value, node.consequent), depth + 1), ...spreadValues(within(value, node.alternate), depth + 1)];
  return node.type === 'LogicalExpression' ? [within(value, node.right)] : [value];
}

/** The elements of an array literal, spread arrays among them, or the value itself as the only one; elements stand unresolved. */
export function elementsOf(at: Located, depth = 0): Located[] {
  const value = resolve(at, depth), { node } = value;
  if (node.type !== 'ArrayExpression') return [value];
  if (depth > FOLLOWED) return [];
  return node.elements.flatMap((element) => element === null ? [] : element.type === 'SpreadElement' ? elementsOf(within(value, element.argument), depth + 1) : [within(value, element)]);
}

/** A property of an object literal, resolved; null where it has none. */
export function property(at: Located | null | undefined, name: string): Located | null {
  const found = at && propertiesOf(at).get(name);
  return found ? resolve(found.value) : null;
}

/** The result of a function, as far as it is one expression (of several returns the last at its top level); null where it has none. */
export function returned(fn: Located<FunctionNode>, args: readonly Located[] = []): Located | null {
  const { node, program } = fn;
  const bindings = new Map<Variable, Located>();
  node.params.forEach((param, i) => {
    const target = param.type === 'AssignmentPattern' ? param.left : param;
    const value = args[i] ?? (param.type === 'AssignmentPattern' ? within(fn, param.right) : null);
    if (value === null) return;
    const variable = target.type === 'Identifier' ? program.names.variable(target) : null;
    if (variable) bindings.set(variable, value);
  });
  const env = bindings.size > 0 ? { bindings, outer: fn.env } : fn.env;
  const body = node.body;
  if (!body) return null;
  if (body.type !== 'BlockStatement') return { node: body, program, env };
  const statement = body.body.findLast((each) => each.type === 'ReturnStatement');
  return statement?.type === 'ReturnStatement' && statement.argument ? { node: statement.argument, program, env } : null;
}

/** The result of a function value, or the value itself where it is none: `() => User` and `User` alike. Unresolved. */
export function called(at: Located): Located {
  const value = resolve(at);
  return isFunction(value.node) ? returned(value as Located<FunctionNode>) ?? value : at;
}

/** The text of a string, template, concatenation or enumerator; null where a part is not constant. */
export function stringValue(at: Located | null | undefined, depth = 0): string | null {
  if (!at || depth > FOLLOWED) return null;
  const value = resolve(at, depth), { node } = value;
  switch (node.type) {
    case 'Literal': return typeof node.value === 'string' ? node.value : typeof node.value === 'number' ? String(node.value) : null;
    case 'TemplateLiteral': {
      const parts = node.quasis.map((quasi, i) => {
        const expression = node.expressions[i];
        const text = expression === undefined ? '' : stringValue(within(value, expression), depth + 1);
        return text === null ? null : quasi.value.cooked + text;
      });
      return parts.includes(null) ? null : name(parts.join(''));
    }
    case 'BinaryExpression': {
      if (node.operator !== '+') return null;
      const left = stringValue(within(value, node.left), depth + 1), right = stringValue(within(value, node.right), depth + 1);
      return left === null || right === null ? null : name(left + right);
    }
    default: return null;
  }
}

function name(text: string): string | null {
  return text.length > LONGEST_TEXT ? null : text;
}

/** The texts that an expression can have: one, or those of the list that a loop or `forEach` around it goes through. Empty where it is none that can be seen. */
export function stringValues(at: Located | null | undefined): string[] {
  const single = stringValue(at);
  if (!at || single !== null) return single === null ? [] : [single];
  const { node, program } = resolve(at);
  const owner = node.type === 'MemberExpression' ? unwrap(node.object) : node, member = node.type === 'MemberExpression' ? propertyName(node) : null;
  const list = owner.type === 'Identifier' && (owner === node || member !== null) ? listBehind(within(at, owner)) : null;
  if (!list || list.program !== program) return [];
  const values = elementsOf(list).map((item) => stringValue(member === null ? item : property(item, member)));
  return values.includes(null) ? [] : values as string[];
}

/** The list that a loop's variable or a callback's parameter goes through, item by item. */
function listBehind({ node, program, env }: Located<TSESTree.Identifier>): Located | null {
  const definition = program.names.definition(node);
  if (definition?.type === 'Variable' && definition.node.type === 'VariableDeclarator' && definition.node.id === definition.name) {
    const loop = parentOf(parentOf(definition.node) ?? definition.node);
    return loop?.type === 'ForOfStatement' ? { node: loop.right, program, env } : null;
  }
  if (definition?.type !== 'Parameter' || !isFunction(definition.node) || definition.node.params[0] !== definition.name) return null;
  const call = parentOf(definition.node), callee = call?.type === 'CallExpression' ? unwrap(call.callee) : null;
  return callee?.type === 'MemberExpression' && /^(?:forEach|map|flatMap)$/.test(propertyName(callee) ?? '') ? { node: callee.object, program, env } : null;
}

/** The value of a literal, `null` included; undefined where it is none. */
export function literalValue(at: Located | null | undefined): string | number | boolean | null | undefined {
  if (!at) return undefined;
  const { node } = resolve(at);
  if (node.type === 'Literal') return typeof node.value === 'object' ? (node.raw === 'null' ? null : undefined) : node.value as string | number | boolean;
  if (node.type === 'UnaryExpression' && node.operator === '-' && node.argument.type === 'Literal' && typeof node.argument.value === 'number') return -node.argument.value;
  return stringValue(at) ?? undefined;
}

// ------------------------------------------------------------------------------------------------- classes

/** A class and the classes that it extends, the nearest first, as far as they are among the files. Mixins called with a class are passed through. */
export function lineage(at: Located<ClassNode>): Located<ClassNode>[] {
  const chain: Located<ClassNode>[] = [];
  for (let next: Located<ClassNode> | null = at; next && chain.length < FOLLOWED && !chain.some(({ node }) => node === next!.node); next = baseOf(next)) chain.push(next);
  return chain;
}

/** The class that a class extends; null where it has none, or none that can be seen. */
export function baseOf(at: Located<ClassNode>): Located<ClassNode> | null {
  return at.node.superClass ? classValue(within(at, at.node.superClass)) : null;
}

function classValue(at: Located): Located<ClassNode> | null {
  const value = resolve(at);
  if (isClass(value.node)) return value as Located<ClassNode>;
  if (value.node.type !== 'CallExpression') return null;
  for (const argument of value.node.arguments) {
    const inner = argument.type === 'SpreadElement' ? null : classValue(within(value, argument));
    if (inner) return inner;
  }
  return null;
}

/** A static property or getter of a class or one of its bases: its value, unresolved; null where it has none. */
export function staticMember(at: Located<ClassNode>, name: string): PropertyOf | null {
  for (const owner of lineage(at)) {
    for (const member of owner.node.body.body) {
      if (!('static' in member) || !member.static || propertyName(member) !== name) continue;
      if (member.type === 'PropertyDefinition' && member.value) return { name, value: within(owner, member.value), at: within(owner, member) };
      if (member.type === 'MethodDefinition') {
        const value = returned(within(owner, member.value as FunctionNode));
        if (value) return { name, value, at: within(owner, member) };
      }
    }
    const assigned = assignedStatic(owner, name);
    if (assigned) return assigned;
  }
  return null;
}

/** `User.tableName = 'users'` behind the class. */
function assignedStatic(owner: Located<ClassNode>, name: string): PropertyOf | null {
  const { node, program } = owner;
  for (const { left, right } of program.assignments) {
    if (left.type !== 'MemberExpression' || propertyName(left) !== name || left.object.type !== 'Identifier') continue;
    if (left.object.name === node.id?.name) return { name, value: within(owner, right), at: within(owner, left) };
  }
  return null;
}

/** The name by which code calls a class: its own, or that of the constant that holds it. */
export function className(at: Located<ClassNode>): string | null {
  if (at.node.id) return at.node.id.name;
  const parent = parentOf(at.node);
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id.name : null;
}

/** A decorator of a class or member. */
export interface DecoratorUse {
  readonly name: string;
  readonly args: readonly Located[];
  readonly at: Located;
}

/** The decorators of a node, called or not, by the last name of what is called (`Orm.Entity(..)` is `Entity`). */
export function decoratorsOf(at: Located): DecoratorUse[] {
  const { decorators = [] } = at.node as { decorators?: TSESTree.Decorator[] };
  return decorators.flatMap(({ expression }) => {
    const call = unwrap(expression);
    const callee = call.type === 'CallExpression' ? unwrap(call.callee) : call;
    const name = callee.type === 'Identifier' ? importedName(at.program, callee) : callee.type === 'MemberExpression' ? propertyName(callee) : null;
    const args = call.type === 'CallExpression' ? call.arguments.map((argument) => within(at, argument)) : [];
    return name === null ? [] : [{ name, args, at: within(at, call) }];
  });
}

/** The name under which a module exports what an identifier was imported as; the identifier's own name where it is no import. */
export function importedName(program: Program, identifier: TSESTree.Identifier): string {
  const origin = program.names.origin(identifier);
  return origin && origin.name !== 'default' && origin.name !== '*' ? origin.name : identifier.name;
}

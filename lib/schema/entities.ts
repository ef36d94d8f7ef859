/** What the readers of entity classes share: members with their decorators, and what a member's type says. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Range } from '../model/query.js';
import type { ColumnType, TableDeclaration, TableTarget } from '../model/schema.js';
import { isClass, isFunction, propertyName, unwrap, type ClassNode, type FunctionNode, type Node } from '../source/ast.js';
import { chainOf } from './chains.js';
import { called, className, decoratorsOf, elementsOf, importedName, lineage, resolve, returned, stringValue, within, type DecoratorUse } from './program.js';
import type { Located } from './project.js';

/** A declaration that adds something to a table that is declared elsewhere; null where nothing says which. */
export function additionTo(library: string, { table, schema, model }: TableTarget, range: Range, more: Partial<TableDeclaration>): TableDeclaration | null {
  const base = { kind: 'alter', library, schema, range, columns: [], dropped: [], marker: null, ...more } as const;
  if (table !== null) return { ...base, name: table };
  return model === null ? null : { ...base, name: model, named: 'by-model' };
}

/** A property of an entity class. */
export interface Member {
  readonly name: string;
  readonly decorators: readonly DecoratorUse[];
  readonly type: MemberType;
  /** Where its name stands. */
  readonly at: Located;
}

/** What TypeScript says of a member. */
export interface MemberType {
  readonly column: ColumnType;
  readonly text: string;
  /** `| null`, `| undefined` or `?`. */
  readonly optional: boolean;
  /** An array or collection. */
  readonly many: boolean;
  /** The class that it is of, where it is one. */
  readonly reference: string | null;
}

/** The decorated members of a class and of the classes that it extends; those of the class itself win. Keys are names. */
export function membersOf(at: Located<ClassNode>): Map<string, Member> {
  const found = new Map<string, Member>();
  for (const owner of lineage(at).reverse()) {
    for (const member of owner.node.body.body) {
      if (member.type !== 'PropertyDefinition' && member.type !== 'MethodDefinition' && member.type !== 'AccessorProperty' && (member.type as string) !== 'TSAbstractPropertyDefinition') continue;
      const name = propertyName(member), decorators = expandedDecorators(within(owner, member));
      if (name === null || ('static' in member && member.static) || decorators.length === 0) continue;
      const annotation = member.type === 'MethodDefinition' ? member.value.returnType : (member as TSESTree.PropertyDefinition).typeAnnotation;
      const type = typeOf(annotation?.typeAnnotation ?? null, owner);
      const inferred = type.text === '' && 'value' in member && member.value?.type === 'Literal' && typeof member.value.value === 'boolean';
      found.set(name, { name, decorators, type: { ...type, ...(inferred && { column: 'boolean' as const }), optional: type.optional || ('optional' in member && member.optional === true) }, at: within(owner, (member as TSESTree.PropertyDefinition).key) });
    }
  }
  return found;
}

/** Decorators, and for a decorator that the project makes of others (`applyDecorators(..)`, a function that returns one) these. */
export function expandedDecorators(at: Located, depth = 0): DecoratorUse[] {
  return decoratorsOf(at).flatMap((use) => expanded(use, depth));
}

function expanded(use: DecoratorUse, depth: number): DecoratorUse[] {
  const { node } = use.at;
  const callee = node.type === 'CallExpression' ? unwrap(node.callee) : null;
  if (depth > 4 || callee?.type !== 'Identifier') return [use];
  const fn = resolve(within(use.at, callee));
  if (!isFunction(fn.node)) return [use];
  const result = returned(fn as Located<FunctionNode>, use.args);
  const inner = result ? decoratorCalls(resolve(result), depth + 1) : [];
  return inner.length > 0 ? inner : [use];
}

/** The decorators that an expression applies: a call of one, or of `applyDecorators` with several, or a function that calls them on its target. */
function decoratorCalls(at: Located, depth: number): DecoratorUse[] {
  const { node } = at;
  if (isFunction(node)) {
    // `return (target, key) => { Column(..)(target, key); }`
    const statements = node.body?.type === 'BlockStatement' ? node.body.body.flatMap((each) => each.type === 'ExpressionStatement' ? [each.expression as Node] : []) : node.body ? [node.body as Node] : [];
    return statements.flatMap((statement) => {
      const call = unwrap(statement);
      return call.type === 'CallExpression' && call.callee.type === 'CallExpression' ? decoratorCalls(within(at, call.callee), depth) : [];
    });
  }
  if (node.type !== 'CallExpression') return [];
  const callee = unwrap(node.callee);
  const name = callee.type === 'Identifier' ? importedName(at.program, callee) : callee.type === 'MemberExpression' ? propertyName(callee) : null;
  const args = node.arguments.map((argument) => within(at, argument as Node));
  if (name === 'applyDecorators') return args.flatMap((argument) => elementsOf(argument)).flatMap((each) => decoratorCalls(resolve(each), depth));
  return name === null ? [] : expanded({ name, args, at }, depth);
}

/** Wrappers whose argument is what counts: `Promise<User>`, `Relation<User>`, `Ref<User>`. */
const WRAPPERS = new Set(['Promise', 'Relation', 'Rel', 'Ref', 'Reference', 'IdentifiedReference', 'LazyRef', 'ScalarReference', 'Opt', 'NonAttribute', 'CreationOptional', 'ForeignKey', 'Loaded', 'Hidden', 'Nullable', 'Maybe']);
const LISTS = new Set(['Array', 'ReadonlyArray', 'Collection', 'Set']);

function typeOf(node: TSESTree.TypeNode | null, at: Located): MemberType {
  const text = node ? at.program.textOf(node) : '';
  const none: MemberType = { column: 'unknown', text, optional: false, many: false, reference: null };
  switch (node?.type) {
    case 'TSBooleanKeyword': return { ...none, column: 'boolean' };
    case 'TSStringKeyword': return { ...none, column: 'text' };
    case 'TSNumberKeyword': case 'TSBigIntKeyword': return { ...none, column: 'integer' };
    case 'TSArrayType': return { ...typeOf(node.elementType, at), text, many: true, column: 'other', optional: false };
    case 'TSIntersectionType': return { ...none, ...node.types.map((type) => typeOf(type, at)).find(({ column, reference }) => column !== 'unknown' || reference !== null), text };
    case 'TSUnionType': {
      const types = node.types.filter((type) => type.type !== 'TSNullKeyword' && type.type !== 'TSUndefinedKeyword');
      const inner = types.map((type) => typeOf(type, at));
      const [first] = inner;
      const same = first && inner.every(({ column }) => column === first.column) ? first : { ...none, column: types.every((type) => type.type === 'TSLiteralType') ? 'text' as const : 'unknown' as const };
      return { ...same, text, optional: types.length < node.types.length };
    }
    case 'TSTypeReference': {
      const name = node.typeName.type === 'Identifier' ? node.typeName.name : node.typeName.type === 'TSQualifiedName' ? node.typeName.right.name : '';
      const argument = node.typeArguments?.params[0];
      if (WRAPPERS.has(name) && argument) return { ...typeOf(argument, at), text, ...((name === 'Nullable' || name === 'Maybe') && { optional: true }) };
      if (LISTS.has(name) && argument) return { ...typeOf(argument, at), text, many: true, column: 'other', optional: false };
      if (name === 'Date') return { ...none, column: 'timestamp' };
      return { ...none, reference: name };
    }
    default: return none;
  }
}

/** The decorator of a name; null where there is none. */
export function decorator(decorators: readonly DecoratorUse[], ...names: readonly string[]): DecoratorUse | null {
  return decorators.find(({ name }) => names.includes(name)) ?? null;
}

/** The first argument of a decorator that is an object literal; null where there is none. */
export function optionsOf({ args }: Pick<DecoratorUse, 'args'>): Located | null {
  for (const argument of args) {
    const value = resolve(argument);
    if (value.node.type === 'ObjectExpression') return value;
  }
  return null;
}

/** What an entity refers to by `() => User`, `User` or `'User'`: the class, where it can be seen, and its name. */
export function referredClass(at: Located): { readonly at: Located<ClassNode> | null; readonly name: string | null } {
  const target = called(at), value = resolve(target);
  if (isClass(value.node)) return { at: value as Located<ClassNode>, name: className(value as Located<ClassNode>) };
  const name = stringValue(target);
  if (name !== null) return { at: null, name };
  const node = unwrap(target.node);
  return { at: null, name: node.type === 'Identifier' ? importedName(target.program, node) : node.type === 'MemberExpression' ? propertyName(node) : null };
}

/** The member that `(post) => post.author` or `'author'` names; null where it names none. */
export function referredMember(at: Located | undefined): string | null {
  if (!at) return null;
  const value = resolve(at);
  if (isFunction(value.node)) {
    const result = returned(value as Located<FunctionNode>), node = result && unwrap(result.node);
    return node?.type === 'MemberExpression' ? propertyName(node) : null;
  }
  return stringValue(value);
}

/** The members that `['a', 'b']`, `(user) => [user.a, user.b]` or `(user) => ({ a: 1 })` name. */
export function referredMembers(at: Located): (string | null)[] {
  const list = called(at);
  const value = resolve(list);
  if (value.node.type === 'ObjectExpression') return value.node.properties.map((each) => each.type === 'Property' ? propertyName(each) : null);
  return elementsOf(value).map((each) => {
    const node = unwrap(each.node);
    return node.type === 'MemberExpression' ? propertyName(node) : stringValue(each);
  });
}

/** The kind of a type that is written as a constructor (`Date`, `Boolean`); null for any other. */
export function constructorKind(at: Located | null): ColumnType | null {
  const value = at && called(at), node = value && unwrap(value.node);
  return node?.type === 'Identifier' ? CONSTRUCTORS[node.name] ?? null : null;
}

const CONSTRUCTORS: Readonly<Record<string, ColumnType>> = { Date: 'timestamp', Boolean: 'boolean', Number: 'integer', BigInt: 'integer', String: 'text' };

/** The module that a class's or decorator's own library is imported from, as far as the file tells: does one of its imports match? */
export function importsFrom(at: Located, module: RegExp): boolean {
  return [...at.program.modules].some((name) => module.test(name));
}

/** Does the chain of an expression begin with a call of something imported from a module that matches? */
export function calledFrom(at: Located, module: RegExp): readonly Located[] | null {
  const chain = chainOf(at), first = chain?.calls[0];
  if (!first) return null;
  const callee = unwrap(first.at.node.callee);
  const origin = callee.type === 'Identifier' ? first.at.program.names.origin(callee) : null;
  return origin && module.test(origin.module) ? first.args : null;
}

/** What the classes and the types of a file say about the things that names hold: injected repositories, managers, entities that parameters stand for. */
import type { TSESTree } from '@typescript-eslint/utils';
import { ancestor, isClass, lastName, parentOf, propertyName, unwrap, type ClassNode, type Node } from '../source/ast.js';
import type { Env } from '../source/values.js';
import type { Session } from './session.js';

/** How a name is declared: its type, and what its decorators stand at. */
export interface Declared {
  readonly annotation: TSESTree.TSTypeAnnotation | undefined;
  readonly decorated: Node;
}

/**
 * What the property of the class around a node holds: by its declaration, by a parameter of the constructor that declares it, or by what the
 * constructor assigns to it (`this.users = users`).
 */
export function memberOf<T>(node: Node, name: string, read: { declared(declared: Declared): T | null; assigned(value: Node): T | null }): T | null {
  const holder = ancestor(node, isClass);
  if (!holder || !isClass(holder)) return null;
  for (const member of holder.body.body) {
    if (member.type === 'PropertyDefinition' && propertyName(member) === name) {
      const held = read.declared({ annotation: member.typeAnnotation, decorated: member });
      if (held) return held;
    }
    if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') continue;
    for (const param of member.value.params) {
      if (param.type !== 'TSParameterProperty') continue;
      const target = param.parameter.type === 'AssignmentPattern' ? param.parameter.left : param.parameter;
      if (target.type === 'Identifier' && target.name === name) return read.declared({ annotation: target.typeAnnotation, decorated: param });
    }
    const assigned = member.value.body ? assignment(member.value.body, name) : null, held = assigned && read.assigned(assigned);
    if (held) return held;
  }
  return null;
}

/** What a constructor assigns to a property: `this.users = users`. */
function assignment(body: TSESTree.BlockStatement, name: string): Node | null {
  for (const statement of body.body) {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue;
    const { left, right } = statement.expression;
    if (left.type === 'MemberExpression' && left.object.type === 'ThisExpression' && propertyName(left) === name) return unwrap(right);
  }
  return null;
}

/** How a variable or parameter is declared; null for what has no name of its own. */
export function declaredVariable(node: TSESTree.Identifier, session: Session): Declared | null {
  const name = session.source.names.definition(node)?.name;
  if (name?.type !== 'Identifier') return null;
  const param = parentOf(name);
  return { annotation: name.typeAnnotation, decorated: param?.type === 'TSParameterProperty' ? param : name };
}

/** The name of a type, where it stands, and the name of its first type argument (`Repository<User>`); null for any other type. */
export function typeReference(annotation: TSESTree.TSTypeAnnotation | undefined): { readonly name: string; readonly node: Node; readonly argument: Node | null } | null {
  const type = annotation?.typeAnnotation;
  if (type?.type !== 'TSTypeReference') return null;
  const name = type.typeName.type === 'Identifier' ? type.typeName.name : type.typeName.type === 'TSQualifiedName' ? type.typeName.right.name : '';
  return { name, node: type.typeName, argument: firstArgument(type.typeArguments ?? (type as Parameterised).typeParameters) };
}

/** The name of the first type argument of a class's base: `extends Repository<User>`. */
export function baseArgument(holder: ClassNode): Node | null {
  return firstArgument(holder.superTypeArguments ?? (holder as Parameterised).superTypeParameters);
}

/** Earlier parsers call type arguments parameters. */
interface Parameterised {
  readonly typeParameters?: TSESTree.TSTypeParameterInstantiation;
  readonly superTypeParameters?: TSESTree.TSTypeParameterInstantiation;
}

function firstArgument(args: TSESTree.TSTypeParameterInstantiation | undefined): Node | null {
  const [first] = args?.params ?? [];
  return first?.type === 'TSTypeReference' && first.typeName.type === 'Identifier' ? first.typeName : null;
}

/** The first argument of a decorator: `User` of `@InjectRepository(User)`. */
export function decoratorArgument(node: Node, decorator: string): Node | null {
  for (const { expression } of (node as { decorators?: TSESTree.Decorator[] }).decorators ?? []) {
    if (expression.type === 'CallExpression' && lastName(expression.callee) === decorator && expression.arguments[0]) return expression.arguments[0];
  }
  return null;
}

/** The expression that a parameter stands for in this call; null where it stands for none that names something. */
export function boundTo(node: Node, env: Env, session: Session): { readonly node: Node; readonly env: Env | null } | null {
  const value = session.value(node, env), chain = value.type === 'unknown' || value.type === 'text' ? session.chain(value) : null;
  if (chain?.root.type === 'node' && chain.steps.length === 0 && chain.root.node !== node) return { node: chain.root.node, env: chain.root.env };
  return value.type === 'object' && isClass(value.node) && value.node.id && value.node.id !== node ? { node: value.node.id, env: null } : null;
}

/** Which entity a call of MikroORM is about: entity managers, repositories by injection, type or name, repository classes. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { TableFacts } from '../../manifest/catalog.js';
import { ancestor, isClass, lastName, propertyName, stringOf, unwrap, type ClassNode, type Node } from '../../source/ast.js';
import type { Env, Step } from '../../source/values.js';
import { isCalled, type Called } from '../chains.js';
import { baseArgument, boundTo, declaredVariable, decoratorArgument, memberOf, typeReference, type Declared } from '../classes.js';
import type { Session } from '../session.js';
import { entityFacts, plurals, singulars } from './tables.js';

/** An entity as code names it. */
export interface Entity {
  readonly name: string;
  readonly facts: TableFacts;
  /** The words that name it. */
  readonly at: Node;
}

/** What a call is made on. `manager`: the entity is the call's first argument. */
export interface Receiver {
  readonly kind: 'repository' | 'manager';
  readonly entity: Entity | null;
  /** Does a type, an injection or a factory say so? Else its name alone does. */
  readonly certain: boolean;
}

/** Functions that give the repository of an entity. */
const FACTORY = /^(?:get\w*Repository|repo|repository)$/;
/** Calls that give an entity manager. */
const MANAGER_CALL = /^(?:fork|getContext|getEntityManager|createEntityManager|getEm)$/;
const MANAGER_NAME = /^_?(?:(?:\w*E|e|t|tx|f)m|\w*[eE]ntityManager|manager|emFork|forkedEm)_?$/;
const REPOSITORY = /(?:Repository|Repo)$/;
const REPOSITORY_NAME = /(?:Repository|Repo|Repos|Repositories)$/i;

/** Does the file import MikroORM, or a package around it? */
export function importsMikroOrm(session: Session): boolean {
  return session.source.matches(/['"](?:@mikro-orm\/[\w-]+|mikro-orm[\w-]*)['"/]/);
}

/** Does the file import another library of entities? */
export function importsAnother(session: Session): boolean {
  return session.source.matches(/['"](?:typeorm|@nestjs\/(?:typeorm|mongoose|sequelize)|sequelize|sequelize-typescript|@sequelize\/[\w-]+|mongoose|objection|@prisma\/client)['"/]/);
}

/** The entity that an expression names; null where it names none. */
export function entityOf(node: Node, env: Env | null, session: Session, depth = 0): Entity | null {
  const at = unwrap(node);
  switch (at.type) {
    case 'Literal': case 'TemplateLiteral': {
      const name = stringOf(at), facts = name === null || !/^\w+$/.test(name) ? null : entityFacts(name, session);
      return facts && { name: name!, facts, at };
    }
    case 'Identifier': {
      const bound = env && depth < 4 ? boundTo(at, env, session) : null, entity = bound && entityOf(bound.node, bound.env, session, depth + 1);
      if (entity) return entity;
      const origin = session.origin(at), name = origin && origin.name !== 'default' && origin.name !== '*' ? origin.name : at.name;
      const facts = entityFacts(name, session) ?? entityFacts(at.name, session) ?? declaredHere(at, session);
      if (facts) return isEntityName(at, session) ? { name, facts, at } : null;
      return /^[A-Z]\w*[a-z]/.test(name) && isEntityName(at, session) ? { name, facts: session.undeclared(name), at } : null;
    }
    case 'MemberExpression': {
      const name = propertyName(at);
      if (name === null || !/^[A-Z]/.test(name)) return null;
      return { name, facts: entityFacts(name, session) ?? session.undeclared(name), at: at.property };
    }
    default: return null;
  }
}

/** An import, a class, an entity schema or a type: not a value of the program that happens to have the name. */
function isEntityName(node: TSESTree.Identifier, session: Session): boolean {
  if (/^[A-Z]/.test(node.name)) return true;
  const definition = session.source.names.definition(node);
  if (definition?.type === 'ImportBinding') return true;
  const init = definition?.type === 'Variable' && definition.node.type === 'VariableDeclarator' && definition.node.init ? unwrap(definition.node.init) : null;
  return init !== null && (init.type === 'NewExpression' || init.type === 'CallExpression') && /^(?:EntitySchema|defineEntity|define)$/.test(lastName(init.callee) ?? '');
}

/** The table that `@Entity({ tableName: 'users' }) class User`, `new EntitySchema({ .. })` or `defineEntity({ .. })` of this file declares. */
function declaredHere(node: Node, session: Session): TableFacts | null {
  const definition = session.source.names.definition(node)?.node;
  const named = definition && isClass(definition) ? decoratedNames(definition) : [];
  const init = definition?.type === 'VariableDeclarator' && definition.init ? unwrap(definition.init) : null;
  if (init && (init.type === 'NewExpression' || init.type === 'CallExpression') && /^(?:EntitySchema|defineEntity)$/.test(lastName(init.callee) ?? '')) named.push(...schemaNames(init.arguments[0]));
  return named.map((name) => entityFacts(name, session)).find((facts) => facts !== null) ?? null;
}

function decoratedNames(node: ClassNode): string[] {
  return (node.decorators ?? []).flatMap(({ expression }) => (expression.type === 'CallExpression' && lastName(expression.callee) === 'Entity' ? schemaNames(expression.arguments[0]) : []));
}

function schemaNames(node: Node | undefined): string[] {
  if (node?.type !== 'ObjectExpression') return [];
  return ['tableName', 'collection', 'name'].flatMap((key) => node.properties.flatMap((property) => (property.type === 'Property' && propertyName(property) === key ? stringOf(property.value) ?? [] : [])));
}

/** What the steps in front of a method lead to; null where that is nothing of MikroORM's. */
export function receiverOf(root: Node, path: readonly Step[], session: Session): Receiver | null {
  const last = path.findLast((step) => step.name !== '' || step.args !== null), at = unwrap(root);
  if (!last) return rootReceiver(at, session);
  if (isCalled(last)) {
    const name = last.name === '' ? lastName(at) : last.name;
    if (name !== null && FACTORY.test(name)) {
      const entity = last.args.map((argument) => entityOf(argument, last.env, session)).find((found) => found !== null) ?? null;
      return entity && { kind: 'repository', entity, certain: true };
    }
    return name !== null && MANAGER_CALL.test(name) ? { kind: 'manager', entity: null, certain: true } : null;
  }
  if (last.name === null) return null;
  const own = path.length === 1 && (at.type === 'ThisExpression' || at.type === 'Super') ? held(at, last.name, session) : null;
  return own ?? named(last.name, last.at, session);
}

function rootReceiver(root: Node, session: Session): Receiver | null {
  switch (root.type) {
    case 'ThisExpression': case 'Super': return ownClass(root, session);
    case 'Identifier': return typedVariable(root, session) ?? made(root, session) ?? named(root.name, root, session);
    case 'MemberExpression': {
      // What a chain begins with where a class gives its member a value that cannot be followed.
      const name = propertyName(root);
      return name === null ? null : (root.object.type === 'ThisExpression' ? held(root.object, name, session) : null) ?? named(name, root.property, session);
    }
    case 'CallExpression': case 'NewExpression': return made(root, session);
    default: return null;
  }
}

/** `new UserRepository(em)`. */
function made(node: Node, session: Session): Receiver | null {
  if (node.type === 'NewExpression') {
    const name = lastName(node.callee);
    return name !== null && REPOSITORY.test(name) ? named(name, node.callee, session) : null;
  }
  const definition = session.source.names.definition(node);
  const init = definition?.type === 'Variable' && definition.node.type === 'VariableDeclarator' && definition.node.init ? unwrap(definition.node.init) : null;
  return init?.type === 'NewExpression' ? made(init, session) : null;
}

/** `this` in the class of a repository: `class UserRepository extends EntityRepository<User>`. */
function ownClass(node: Node, session: Session): Receiver | null {
  const holder = ancestor(node, isClass);
  if (!holder || !isClass(holder) || !holder.superClass) return null;
  const base = lastName(holder.superClass.type === 'CallExpression' ? holder.superClass.callee : holder.superClass);
  if (base === null || !/Repo(?:sitory)?/.test(base)) return null;
  const argument = baseArgument(holder);
  const called = holder.superClass.type === 'CallExpression' ? holder.superClass.arguments[0] : undefined;
  const entity = (argument && entityOf(argument, null, session)) ?? (called ? entityOf(called, null, session) : null) ?? decoratedWith(holder, 'Repository', session);
  if (entity) return { kind: 'repository', entity: { ...entity, at: node }, certain: true };
  return holder.id ? named(holder.id.name, node, session) : null;
}

/** The property of a class. */
function held(node: Node, name: string, session: Session): Receiver | null {
  return memberOf(node, name, {
    declared: (declared) => typed(declared, session),
    assigned: (value) => {
      const variable = value.type === 'Identifier' ? typedVariable(value, session) : null;
      if (variable) return variable;
      const chain = session.chain(session.value(value, null));
      return chain?.root.type === 'node' && chain.steps.every(({ type }) => type === 'step') ? receiverOf(chain.root.node, chain.steps as readonly Step[], session) : null;
    },
  });
}

/** A variable or parameter with a type. */
function typedVariable(node: TSESTree.Identifier, session: Session): Receiver | null {
  const declared = declaredVariable(node, session);
  return declared && typed(declared, session);
}

/** What a type annotation or a decorator says: `EntityRepository<User>`, `@InjectRepository(User)`, `EntityManager`, `UserRepository`. */
function typed({ annotation, decorated }: Declared, session: Session): Receiver | null {
  const injected = decoratedWith(decorated, 'InjectRepository', session);
  if (injected) return { kind: 'repository', entity: injected, certain: true };
  const type = typeReference(annotation);
  if (!type) return null;
  if (/EntityManager$/.test(type.name)) return { kind: 'manager', entity: null, certain: true };
  if (!REPOSITORY.test(type.name)) return null;
  const entity = type.argument && entityOf(type.argument, null, session);
  return entity ? { kind: 'repository', entity, certain: true } : named(type.name, type.node, session);
}

function decoratedWith(node: Node, decorator: string, session: Session): Entity | null {
  const argument = decoratorArgument(node, decorator);
  return argument && entityOf(argument, null, session);
}

/** What a name alone says: `userRepository` holds users, `em` is a manager. */
function named(name: string, at: Node, session: Session): Receiver | null {
  if (MANAGER_NAME.test(name)) return { kind: 'manager', entity: null, certain: false };
  if (!REPOSITORY_NAME.test(name)) return null;
  const stem = name.replace(REPOSITORY_NAME, '').replace(/^_+|_+$/g, '').replace(/^(?:MikroOrm|Mikro|Sql|Postgres|Db)(?=[A-Z])/, '');
  const facts = stem === '' ? null : [stem, ...singulars(stem), ...plurals(stem)].map((each) => entityFacts(each, session)).find((found) => found !== null) ?? null;
  return facts && { kind: 'repository', entity: { name: stem, facts, at }, certain: false };
}

/** The words of a call that say which entity it is about: the argument, or what the method is called on. */
export function wordsOf(entity: Entity, { node, at }: Called): Node {
  if (entity.at.range[0] >= node.range[0] && entity.at.range[1] <= node.range[1] && entity.at.type !== 'ThisExpression' && entity.at.type !== 'Super') return entity.at;
  const callee = node.type === 'CallExpression' ? unwrap(node.callee) : null, object = callee?.type === 'MemberExpression' ? unwrap(callee.object) : null;
  switch (object?.type) {
    case 'Identifier': return object;
    case 'MemberExpression': return object.property;
    default: return at;
  }
}

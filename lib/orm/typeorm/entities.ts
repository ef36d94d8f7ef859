/** Which entity a call is about: repositories by injection, type or name, managers, active record, and factories of the project. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { TableFacts } from '../../manifest/catalog.js';
import { ancestor, isClass, lastName, parentOf, propertyName, stringOf, unwrap, type ClassNode, type Node } from '../../source/ast.js';
import type { Chain, Env, Step } from '../../source/values.js';
import { certainSteps, isCalled, type Called } from '../chains.js';
import { baseArgument, boundTo, declaredVariable, decoratorArgument, memberOf, typeReference, type Declared } from '../classes.js';
import type { Session } from '../session.js';
import { entityFacts } from './tables.js';

/** An entity, and where the code names it. */
export interface Entity {
  readonly name: string;
  readonly facts: TableFacts;
  /** The words to underline. */
  readonly at: Node;
}

/** What a chain begins with, as far as TypeORM is concerned. */
export interface Receiver {
  /** `repository`: the entity's own; `record`: the entity class itself; `manager`: the entity is an argument of each call. */
  readonly kind: 'repository' | 'record' | 'manager';
  readonly entity: Entity | null;
  /** The steps behind it. */
  readonly steps: Chain['steps'];
  /** Is it known to be TypeORM's, by a type or a factory? Else its name alone says so. */
  readonly certain: boolean;
}

/** Functions that give the repository of an entity. */
const FACTORY = /^get\w*Repository$/;
const REPOSITORY_TYPE = /Repository$/;
const REPOSITORY_NAME = /(?:Repository|Repo)$/i;

/** The entity that an expression names; null where it names none. */
export function entityOf(node: Node, env: Env | null, session: Session, depth = 0): Entity | null {
  const at = unwrap(node);
  switch (at.type) {
    case 'Literal': case 'TemplateLiteral': {
      const name = stringOf(at);
      const facts = name === null || !/^[\w.]+$/.test(name) ? null : entityFacts(name, session);
      return facts && { name: name!, facts, at };
    }
    case 'Identifier': {
      const bound = env && depth < 4 ? boundTo(at, env, session) : null, entity = bound && entityOf(bound.node, bound.env, session, depth + 1);
      if (entity) return entity;
      const origin = session.origin(at), name = origin && origin.name !== 'default' && origin.name !== '*' ? origin.name : at.name;
      const facts = entityFacts(name, session) ?? declaredTable(at, session);
      if (facts) return { name, facts, at };
      return /^[A-Z][a-z]/.test(name) && isClassName(at, session) ? { name, facts: session.undeclared(name), at } : null;
    }
    case 'MemberExpression': {
      const name = propertyName(at);
      if (name === null || !/^[A-Z]/.test(name)) return null;
      return { name, facts: entityFacts(name, session) ?? session.undeclared(name), at: at.property };
    }
    default: return null;
  }
}

/** Something imported, or a class of this file: not a constant. */
function isClassName(node: Node, session: Session): boolean {
  const definition = session.source.names.definition(node);
  return definition?.type === 'ImportBinding' || definition?.type === 'ClassName';
}

/** The table that `@Entity('users') class User` or `new EntitySchema({ name, tableName })` of this file declares. */
function declaredTable(node: Node, session: Session): TableFacts | null {
  const definition = session.source.names.definition(node)?.node;
  const declared: (string | null)[] = [];
  if (definition && isClass(definition)) declared.push(decoratedTable(definition));
  const init = definition?.type === 'VariableDeclarator' && definition.init ? unwrap(definition.init) : null;
  if (init?.type === 'NewExpression' && lastName(init.callee) === 'EntitySchema') declared.push(...schemaNames(init.arguments[0]));
  return declared.map((name) => (name === null ? null : entityFacts(name, session))).find((facts) => facts !== null) ?? null;
}

function decoratedTable(node: ClassNode): string | null {
  for (const { expression } of node.decorators ?? []) {
    if (expression.type !== 'CallExpression' || lastName(expression.callee) !== 'Entity') continue;
    const [first] = expression.arguments;
    return first ? stringOf(first) ?? schemaNames(first)[0] ?? null : null;
  }
  return null;
}

function schemaNames(node: Node | undefined): (string | null)[] {
  if (node?.type !== 'ObjectExpression') return [];
  return ['tableName', 'name'].flatMap((key) => node.properties.flatMap((property) => (property.type === 'Property' && propertyName(property) === key ? [stringOf(property.value)] : [])));
}

/** What a chain is asked of; null where that is nothing of TypeORM's. */
export function receiverOf(chain: Chain, session: Session): Receiver | null {
  if (chain.root.type !== 'node') return null;
  const steps = certainSteps(chain);
  const factory = steps.findLastIndex((step) => isCalled(step) && step.name !== null && (FACTORY.test(step.name) || step.name === 'withRepository' || (step.name === '' && isFactoryRoot(chain, steps, step))));
  if (factory >= 0) {
    const step = steps[factory] as Called, [first] = step.args;
    const entity = step.name === 'withRepository' ? (first ? entityOfRepository(first, step.env, session) : null) : step.args.map((argument) => entityOf(argument, step.env, session)).find((found) => found !== null) ?? null;
    return entity && { kind: 'repository', entity, steps: behind(chain.steps, factory + 1), certain: true };
  }
  const holder = unwrap(chain.root.node), members = steps.findIndex((step) => step.args !== null), count = members < 0 ? steps.length : members;
  // The members in front of the first call, whose own member is the method.
  const path = steps.slice(0, Math.max(count, 0)).map((step) => step.name);
  const found = holderOf(holder, path, session);
  return found && { ...found, steps: behind(chain.steps, count) };
}

/** `getRepository(User)` as a function of its own. */
function isFactoryRoot(chain: Chain, steps: readonly Step[], step: Step): boolean {
  if (chain.root.type !== 'node' || steps[0] !== step) return false;
  const root = unwrap(chain.root.node), name = session(root);
  return name !== null && FACTORY.test(name);

  function session(node: Node): string | null {
    return node.type === 'Identifier' ? node.name : null;
  }
}

function behind(items: Chain['steps'], count: number): Chain['steps'] {
  return items.slice(count);
}

function entityOfRepository(node: Node, env: Env | null, session: Session): Entity | null {
  const chain = session.chain(session.value(node, env));
  return (chain && receiverOf(chain, session)?.entity) ?? null;
}

type Held = Omit<Receiver, 'steps'>;

/** What a name with its members holds: `this.users`, `userRepository`, `User`, `this`, `ctx.manager`. */
function holderOf(root: Node, path: readonly (string | null)[], session: Session): Held | null {
  const last = path.at(-1);
  if (root.type === 'ThisExpression') {
    if (path.length === 0) return ownClass(root, session);
    if (path.length === 1 && last) return held(root, last, session) ?? named(last, root, session);
    return last ? named(last, root, session) : null;
  }
  if (root.type === 'MemberExpression' && unwrap(root.object).type === 'ThisExpression') {
    const name = propertyName(root);
    if (name === null) return null;
    return path.length === 0 ? held(root.object, name, session) ?? named(name, root, session) : last ? named(last, root, session) : null;
  }
  if (root.type !== 'Identifier') return null;
  if (path.length > 0) return last ? named(last, root, session) : null;
  return typedVariable(root, session) ?? record(root, session) ?? named(root.name, root, session);
}

/** The entity class itself. */
function record(root: TSESTree.Identifier, session: Session): Held | null {
  if (!/^[A-Z]/.test(root.name)) return null;
  const entity = entityOf(root, null, session);
  return entity && !REPOSITORY_NAME.test(root.name) ? { kind: 'record', entity, certain: false } : null;
}

/** `this` in the class of an entity, of a repository, or in what a repository is extended with. */
function ownClass(node: Node, session: Session): Held | null {
  const holder = ancestor(node, (at) => isClass(at) || (at.type === 'ObjectExpression' && isExtension(at)));
  if (holder?.type === 'ObjectExpression') {
    const call = parentOf(holder) as TSESTree.CallExpression, callee = unwrap(call.callee);
    const entity = callee.type === 'MemberExpression' ? entityOfRepository(callee.object, null, session) : null;
    return entity && { kind: 'repository', entity, certain: true };
  }
  if (!holder || !isClass(holder)) return null;
  const extended = holder.superClass ? unwrap(holder.superClass) : null, base = extended ? lastName(extended) : null;
  if (base !== null && REPOSITORY_TYPE.test(base)) {
    const argument = baseArgument(holder), entity = (argument && entityOf(argument, null, session)) ?? decoratedWith(holder, 'EntityRepository', session);
    return entity && { kind: 'repository', entity, certain: true };
  }
  if (holder.id && (base === 'BaseEntity' || decoratedTable(holder) !== null || (holder.decorators ?? []).some(({ expression }) => lastName(expression.type === 'CallExpression' ? expression.callee : expression) === 'Entity'))) {
    const entity = entityOf(holder.id, null, session);
    return entity && { kind: 'record', entity, certain: true };
  }
  return null;
}

function isExtension(node: Node): boolean {
  const call = parentOf(node);
  return call?.type === 'CallExpression' && call.callee.type === 'MemberExpression' && propertyName(call.callee) === 'extend';
}

/** The property of a class. */
function held(node: Node, name: string, session: Session): Held | null {
  return memberOf(node, name, {
    declared: (declared) => typed(declared, session),
    assigned: (value) => {
      const variable = value.type === 'Identifier' ? typedVariable(value, session) : null, entity = variable ? null : entityOfRepository(value, null, session);
      return variable ?? (entity && { kind: 'repository', entity, certain: true });
    },
  });
}

/** A variable or parameter with a type. */
function typedVariable(node: TSESTree.Identifier, session: Session): Held | null {
  const declared = declaredVariable(node, session);
  return declared && typed(declared, session);
}

/** What a type annotation or a decorator says: `Repository<User>`, `@InjectRepository(User)`, `EntityManager`. */
function typed({ annotation, decorated }: Declared, session: Session): Held | null {
  const injected = decoratedWith(decorated, 'InjectRepository', session);
  if (injected) return { kind: 'repository', entity: injected, certain: true };
  const type = typeReference(annotation);
  if (!type) return null;
  if (/^(?:EntityManager|DataSource|Connection|TransactionalConnection)$/.test(type.name)) return { kind: 'manager', entity: null, certain: true };
  if (!REPOSITORY_TYPE.test(type.name)) return null;
  const entity = type.argument && entityOf(type.argument, null, session);
  return entity ? { kind: 'repository', entity, certain: true } : named(type.name, type.node, session);
}

function decoratedWith(node: Node, decorator: string, session: Session): Entity | null {
  const argument = decoratorArgument(node, decorator);
  return argument && entityOf(argument, null, session);
}

/** What a name alone says: `userRepository` holds users, `entityManager` a manager. */
function named(name: string, at: Node, session: Session): Held | null {
  if (/^(?:manager|entityManager|em|transactionalEntityManager|transactionManager|queryRunner|dataSource|datasource|AppDataSource|connection)$/i.test(name)) return { kind: 'manager', entity: null, certain: false };
  const client = session.catalog.guards.find((guard) => guard.kind === 'client' && (guard.name === name || guard.bypass === name) && (guard.library === undefined || guard.library === session.library));
  const [table, another] = client?.kind === 'client' ? client.tables ?? [] : [], own = table === undefined || another !== undefined ? null : session.facts(table);
  // A client of one table is its repository.
  if (own && client?.name === name) return { kind: 'repository', entity: { name: own.name, facts: own, at }, certain: false };
  if (client && !REPOSITORY_NAME.test(name)) return { kind: 'manager', entity: null, certain: false };
  if (!REPOSITORY_NAME.test(name)) return null;
  const stem = name.replace(REPOSITORY_NAME, '').replace(/^_+/, '');
  const facts = stem === '' ? null : entityFacts(stem, session) ?? entityFacts(stem.replace(/ies$/, 'y').replace(/s$/, ''), session);
  return facts && { kind: 'repository', entity: { name: stem, facts, at }, certain: false };
}

/**
 * TypeORM 0.2, 0.3 and 1: repositories, managers, active records and query builders.
 *
 * An entity with a delete-date column (the manifest's `autoFilter`) is filtered in finders, counts, and SELECT builders, at joins where they are declared,
 * and in no write but `softDelete` and `restore` of 1.x. `withDeleted` switches the filter off for all relations of find options, and in builders for what
 * is joined behind it (typeorm/typeorm#12571). A plain column is never filtered.
 */
import { ancestor, contains, isFunction, lastName, parentOf, propertyName, unwrap, type Node } from '../source/ast.js';
import type { Range, TableRef } from '../model/query.js';
import { handedTo, type Chain, type Env, type Step } from '../source/values.js';
import { certainSteps, isCalled, stepsOf, type Called } from './chains.js';
import { declaredVariable } from './classes.js';
import { clientFilter, guardAt, type ClientFilter } from './guards.js';
import type { Call, OrmLibrary, OrmStatement } from './library.js';
import type { Session } from './session.js';
import { BUILDER_STEPS, BUILDERS, EXECUTES, readBuilder, type Start } from './typeorm/builder.js';
import { entityOf, receiverOf, type Entity, type Receiver } from './typeorm/entities.js';
import { METHODS, OWN, readFinder, readMethod, type MethodCall } from './typeorm/methods.js';
import { FindOptions } from './typeorm/options.js';
import { builderRemedies, methodRemedies } from './typeorm/remedies.js';

const IMPORTS = /['"](?:typeorm|@nestjs\/typeorm|nestjs-typeorm-[\w-]+|typeorm-[\w-]+|@vendure\/core)['"]/;
const OTHERS = /['"](?:@mikro-orm\/[\w-]+|sequelize|sequelize-typescript|@sequelize\/[\w-]+|mongoose|@nestjs\/(?:mongoose|sequelize)|objection|@prisma\/client)['"]/;
/** Finders of a project that take an entity and find options. */
const FINDER = /^find(?:One|ByIds?|Many|All|First)?\w*$/;

/** What a file has that asks a repository, a manager or a builder; an entity's class is asked by its own name. */
const ASKS = /QueryBuilder|subQuery|(?:[rR]epo(?:sitory)?|[mM]anager|[cC]onnection|[dD]ata[sS]ource|Entity|InChannel)\b|\b(?:typeorm|em|queryRunner)\b|getMany|\.\s*(?:find\w*|count(?:By)?|soft(?:Delete|Remove)|exists?(?:By)?)\s*[(<](?<=\b[A-Z]\w*\s*\.\s*\w+\s*[(<])/;

export const typeorm: OrmLibrary = {
  name: 'typeorm',
  mayHold: (text) => ASKS.test(text),
  seesHanded: true,
  builders: /QueryBuilder|^subQuery$|^(?:and|or)?[wW]here|[jJ]oin|^get(?:Many|One|Raw|Count|Query|Sql|Exists)/,
  verbs: new Set([...METHODS.keys(), 'createQueryBuilder', 'subQuery', 'getMany', 'getOne', 'getOneOrFail', 'getCount', 'getManyAndCount', 'getRawMany', 'getRawOne', 'getRawAndEntities', 'getExists', 'stream', 'execute', 'getQuery', 'getSql', 'andWhere', 'leftJoin', 'innerJoin', 'leftJoinAndSelect', 'innerJoinAndSelect', 'findOneInChannel', 'findByIdsInChannel']),
  read(call, session) {
    const builder = findBuilder(call.chain, session);
    if (builder) return buildStatements(call, builder, session);
    return methodStatements(call, session);
  },
};

// ------------------------------------------------------------------------------------------- methods

function methodStatements(call: Call, session: Session): readonly OrmStatement[] {
  const { chain, node } = call, steps = certainSteps(chain);
  const receiver = isForeign(session) ? null : receiverOf(chain, session);
  if (receiver) {
    const found = methodOf(receiver, session);
    if (found && !isOthers(found.entity, session)) {
      const { entity, step, args } = found;
      const method: MethodCall = { name: step.name!, entity, args, env: step.env, node: step.node, at: words(entity, chain, step), client: clientOf(chain, step, session) };
      const root = readMethod(method, session);
      return root ? [{ root, range: node.range as Range, remedies: methodRemedies(method, METHODS.get(method.name)!.takes, session) }] : [];
    }
  }
  const finder = finderOf(steps, session);
  return finder ? [{ ...finder, range: node.range as Range }] : [];
}

/** The method that the receiver is asked for, and the arguments behind the entity. */
function methodOf({ kind, entity, steps, certain }: Receiver, session: Session): { readonly entity: Entity; readonly step: Called; readonly args: readonly Node[] } | null {
  // `const users = await this.getUsers(); users.find(..)`: a repository that was waited for.
  const first = steps.find((item): item is Step => item.type !== 'step' || !(item.name === 'extend' || (item.awaited && item.args === null)));
  if (first?.type !== 'step' || !isCalled(first) || first.name === null || !METHODS.has(first.name)) return null;
  const { args, env, name } = first;
  if (kind === 'manager') {
    // A variable may be called like its entity.
    const rows = args[0] && METHODS.get(name)!.takes === 'entity' ? entityOfRows(args[0], env, session) : null;
    if (rows) return certain || isTypeorm(name, null, first, session) ? { entity: rows, step: first, args } : null;
    const named = args[0] ? entityOf(args[0], env, session) : null;
    if (!named || (!certain && !isTypeorm(name, args[1] ?? null, first, session))) return null;
    return { entity: named, step: first, args: args.slice(1) };
  }
  if (!entity || (!certain && !isTypeorm(name, args[0] ?? null, first, session))) return null;
  return { entity, step: first, args };
}

/** The entity of rows that a variable holds, by its type or by the call that read them: `manager.remove(user)`. */
function entityOfRows(node: Node, env: Env | null, session: Session): Entity | null {
  const at = unwrap(node);
  if (at.type !== 'Identifier') return null;
  const type = declaredVariable(at, session)?.annotation?.typeAnnotation, row = type?.type === 'TSArrayType' ? type.elementType : type;
  if (row?.type === 'TSTypeReference') {
    const typed = row.typeName.type === 'Identifier' ? entityOf(row.typeName, null, session) : null;
    return typed && { ...typed, at };
  }
  const chain = session.chain(session.value(at, env)), receiver = chain && receiverOf(chain, session), found = receiver && methodOf(receiver, session);
  return found && /^(?:one|list)$/.test(METHODS.get(found.step.name!)!.does) ? { ...found.entity, at } : null;
}

/** Is the call TypeORM's, where only a name says so? By imports, by methods and options that no other library has. */
function isTypeorm(name: string, options: Node | null, { env }: Called, session: Session): boolean {
  if (session.source.matches(IMPORTS) || OWN.test(name)) return true;
  return options !== null && new FindOptions({ node: options, env }, session).isShaped;
}

/** An entity that the manifest says another library filters, in a file that does not import TypeORM. */
function isOthers({ facts: { autoFilter } }: Entity, session: Session): boolean {
  return Array.isArray(autoFilter) && autoFilter.length > 0 && !autoFilter.includes('typeorm') && !session.source.matches(IMPORTS);
}

/** A file that imports another library of models, and not TypeORM. */
function isForeign(session: Session): boolean {
  return session.source.matches(OTHERS) && !session.source.matches(IMPORTS);
}

/** The finders and aggregates, which a client filters that says no more than that it does. */
const READS = /^(?:find|count|exist|sum$|average$|minimum$|maximum$|createQueryBuilder$)/;

/** The client or repository of the manifest that a call goes through. */
function clientOf({ root, steps }: Chain, step: Step, session: Session): ClientFilter | null {
  const node = root.type === 'node' ? unwrap(root.node) : null, origin = node ? session.origin(node)?.name : undefined;
  const before = certainSteps({ root, steps }).filter((one) => one !== step && one.node.range[1] <= step.node.range[1]).flatMap(({ name }) => (name ? [name] : []));
  const member = node?.type === 'MemberExpression' ? propertyName(node) : node?.type === 'Identifier' ? node.name : null;
  return clientFilter(session, [...(member === null ? [] : [member]), ...(origin === undefined ? [] : [origin]), ...before], node, READS);
}

/** The words of a call that say which entity it is about. */
function words(entity: Entity, chain: Chain, step: Step): Range {
  if (contains(step.node, entity.at)) return entity.at.range as Range;
  // An injected repository is declared elsewhere: its name in the call.
  const steps = certainSteps(chain), before = steps[steps.indexOf(step) - 1];
  if (before && contains(step.node, before.node)) return before.at.range as Range;
  const { root } = chain, node = root.type === 'node' ? unwrap(root.node) : null;
  if (node && contains(step.node, node) && node.type !== 'ThisExpression') return (node.type === 'MemberExpression' ? node.property : node).range as Range;
  const callee = step.node.type === 'CallExpression' ? unwrap(step.node.callee) : null, object = callee?.type === 'MemberExpression' ? unwrap(callee.object) : null;
  if (object?.type === 'Identifier') return object.range as Range;
  return (object?.type === 'MemberExpression' ? object.property : step.at).range as Range;
}

/** `connection.findOneInChannel(ctx, Product, id, channelId, { where, relations })`: a finder of the project with find options at its end. */
function finderOf(steps: readonly Step[], session: Session): OrmStatement | null {
  const step = steps.find((one): one is Called => isCalled(one) && one.name !== null && FINDER.test(one.name) && !METHODS.has(one.name));
  if (!step) return null;
  const index = step.args.findIndex((argument) => entityOf(argument, step.env, session) !== null), last = step.args.at(-1);
  if (index < 0 || !last || last === step.args[index]) return null;
  const entity = entityOf(step.args[index]!, step.env, session)!, options = new FindOptions({ node: last, env: step.env }, session);
  const isOptions = session.value(last, step.env).type === 'object' && (options.isShaped || (index > 0 && isTypeormFile(session)));
  if (!isOptions) return null;
  const isOne = /^find(?:One|First)/.test(step.name!), isByKey = step.args.length > index + 2;
  const call: MethodCall = { name: step.name!, entity, args: step.args, env: step.env, node: step.node, at: entity.at.range as Range };
  return { root: readFinder(call, last, isOne, isByKey, session), remedies: methodRemedies(call, 'finder', session) };
}

function isTypeormFile(session: Session): boolean {
  return session.source.matches(IMPORTS) || session.source.matches(/\bgetRepository\b/);
}

// ------------------------------------------------------------------------------------------- builders

interface Builder {
  readonly start: Start;
  readonly steps: Chain['steps'];
}

function findBuilder(chain: Chain, session: Session): Builder | null {
  const steps = certainSteps(chain), wrapped = modified(chain, steps, session);
  if (wrapped) return wrapped;
  const index = steps.findIndex((step) => isCalled(step) && (step.name === 'createQueryBuilder' || step.name === 'subQuery'));
  if (index >= 0) {
    const step = steps[index] as Called, behind = chain.steps.slice(index + 1);
    const [first, second] = step.args, entity = first && second ? entityOf(first, step.env, session) : null;
    const { handed } = step, autoFilter = (of: Entity): TableRef['autoFilter'] => clientOf(chain, step, session)?.root(of.facts, 'createQueryBuilder') ?? 'none';
    const filtered = (of: Entity): Pick<Start, 'autoFilter'> => (autoFilter(of) === 'none' ? {} : { autoFilter: autoFilter(of) });
    if (entity) return { start: { entity, alias: stringAt(second!, step, session), at: entity.at.range as Range, handed, ...filtered(entity) }, steps: behind };
    const receiver = step.name === 'createQueryBuilder' ? receiverOf({ root: chain.root, steps: chain.steps.slice(0, index) as Chain['steps'] }, session) ?? receiverOf(chain, session) : null;
    if (receiver?.entity && receiver.kind !== 'manager') {
      const at = words(receiver.entity, chain, step);
      return { start: { entity: receiver.entity, alias: first ? stringAt(first, step, session) : null, at, handed, ...filtered(receiver.entity) }, steps: behind };
    }
    return { start: { entity: null, alias: null, at: step.node.range as Range, handed }, steps: behind };
  }
  return sourceBuilder(chain, steps, session) ?? factoryBuilder(chain, steps, session);
}

/** `onlyLive(users.createQueryBuilder('u')).getMany()`: a builder that went through a helper of the manifest. */
function modified(chain: Chain, [step]: readonly Step[], session: Session): Builder | null {
  const found = step && isCalled(step) ? guardAt(session, step.node, 'modifier') : null, inner = found?.args[0] ? session.chain(session.value(found.args[0], step!.env)) : null;
  const handed = inner && step?.node.type === 'CallExpression' ? handedTo(inner, step.node) : null, builder = handed && findBuilder(handed, session);
  if (!handed || !builder) return null;
  session.consume(handed);
  return { start: builder.start, steps: [...builder.steps, ...chain.steps.slice(1)] };
}

/** `liveUsers(db).getMany()`, `this.users.active('u').getMany()`: a helper of the manifest that gives a builder. */
function sourceBuilder(chain: Chain, steps: readonly Step[], session: Session): Builder | null {
  for (const [i, step] of steps.entries()) {
    const found = isCalled(step) ? guardAt(session, step.node, 'query-source') : null;
    if (!found || !isCalled(step)) continue;
    const { guard } = found, argument = guard.tableArg === undefined ? undefined : step.args[guard.tableArg];
    const facts = guard.table === undefined ? null : session.facts(guard.table);
    const entity: Entity | null = facts ? { name: facts.name, facts, at: step.at } : argument ? entityOf(argument, step.env, session) : receiverOf({ root: chain.root, steps: chain.steps.slice(0, i + 1) }, session)?.entity ?? null;
    if (!entity) return null;
    const behind = chain.steps.slice(i + 1);
    return { start: { entity, alias: impliedAlias(behind, entity, session), at: step.at.range as Range, yields: guard.yields ?? 'live', handed: step.handed }, steps: behind };
  }
  return null;
}

function stringAt(node: Node, step: Step, session: Session): string | null {
  return session.string(session.value(node, step.env));
}

/** `listQueryBuilder.build(Product, options, { where, entityAlias })`: a builder that a factory of the project makes of an entity, by the steps that follow. */
function factoryBuilder(chain: Chain, steps: readonly Step[], session: Session): Builder | null {
  const all = stepsOf(chain);
  if (!all.some((step) => step.args !== null && BUILDER_STEPS.test(step.name ?? ''))) return null;
  const index = steps.findIndex((step) => isCalled(step) && step.args.some((argument) => entityOf(argument, step.env, session) !== null));
  const step = steps[index];
  if (!step || !isCalled(step) || BUILDER_STEPS.test(step.name ?? '') || step.name === 'getRepository') return null;
  const position = step.args.findIndex((argument) => entityOf(argument, step.env, session) !== null), entity = entityOf(step.args[position]!, step.env, session)!;
  const behind = chain.steps.slice(index + 1), last = step.args.at(-1)!;
  const options = last === step.args[position] ? null : { node: last, env: step.env };
  const entries = options ? session.entries(session.value(options.node, options.env)) : [];
  const named = entries?.find((entry) => entry.type === 'entry' && /^(?:entityAlias|alias)$/.test(entry.key));
  const alias = named?.type === 'entry' ? session.string(named.value()) : null;
  return { start: { entity, alias: alias ?? impliedAlias(behind, entity, session), at: entity.at.range as Range, options }, steps: behind };
}

/** The alias that the first join speaks of. */
function impliedAlias(steps: Chain['steps'], { name }: Entity, session: Session): string {
  for (const item of steps) {
    if (item.type !== 'step' || !isCalled(item) || !/Join/.test(item.name ?? '') || !item.args[0]) continue;
    const path = /^(\w+)\.\w+$/.exec(stringAt(item.args[0], item, session) ?? '');
    if (path) return path[1]!;
  }
  return name.toLowerCase();
}

function buildStatements(call: Call, { start, steps }: Builder, session: Session): readonly OrmStatement[] {
  const built = readBuilder(start, steps, call.node, session);
  if (!built) return [];
  const isExecuted = built.executed || definesView(call.node) || stepsOf(call.chain).some((step) => step.args !== null && EXECUTES.test(step.name ?? ''));
  const remedies = builderRemedies(call.chain, built, built.facts, session);
  return [{ root: built.query, partial: !isExecuted, ...(remedies ? { remedies } : {}) }];
}

/** `@ViewEntity({ expression: (dataSource) => dataSource.createQueryBuilder().. })`: nothing is added to the query of a view. */
function definesView(node: Node): boolean {
  const fn = ancestor(node, isFunction), property = fn && parentOf(fn), decorator = property?.type === 'Property' && propertyName(property) === 'expression' ? parentOf(parentOf(property) ?? property) : null;
  return decorator?.type === 'CallExpression' && lastName(decorator.callee) === 'ViewEntity';
}

BUILDERS.find = (chain, session) => findBuilder(chain, session);

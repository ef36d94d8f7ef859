/**
 * MikroORM 6 and 7: entity managers, repositories, collections and query builders.
 *
 * An entity with a filter of deleted rows that is on by default (the manifest's `autoFilter`, or a guard of kind `orm-filter`) is filtered by finders, counts,
 * `nativeUpdate` and `nativeDelete`, in relations that they load and in conditions on relations. The filter is missing in query builders (mikro-orm/mikro-orm#703,
 * #3009; `applyFilters()` adds that of the main entity), in `$some`, `$none` and `$every`, in `upsert` and in what `flush` writes; a raw OR beside it lets rows
 * escape (6.6.16 and 7.2.2, run). `filters: false` switches it off for relations too. `nativeDelete` and `remove` delete for good.
 */
import { ancestor, lastName, unwrap, type Node } from '../source/ast.js';
import type { Chain, ChainItem, Env, Step } from '../source/values.js';
import type { Query } from '../model/query.js';
import { certainSteps, isCalled, type Called } from './chains.js';
import { guardNamed } from './guards.js';
import type { Call, OrmLibrary, OrmStatement } from './library.js';
import { queryIn, readBuilder, type Context, type FindStart, type Start } from './mikro-orm/builder.js';
import { entityOf, importsAnother, importsMikroOrm, receiverOf, wordsOf, type Entity, type Receiver } from './mikro-orm/entities.js';
import { ENTITY_METHODS, looksLikeMikroOrm, readCollection, readMethod, readPopulate, readRemove, type MethodCall, type Read } from './mikro-orm/methods.js';
import type { Session } from './session.js';

const BUILDERS = new Set(['createQueryBuilder', 'qb']);
const REMOVES = new Set(['remove', 'removeAndFlush']);
const COLLECTION = new Set(['loadItems', 'loadCount', 'matching']);
const VERBS = new Set([...ENTITY_METHODS, ...BUILDERS, ...REMOVES, ...COLLECTION, 'populate']);
/** Methods of builders: a builder that a variable holds, or that a helper of the project returns, goes on with one of these. */
const BUILDER_VERBS = ['getResult', 'getResultList', 'getSingleResult', 'getResultAndCount', 'getCount', 'execute', 'leftJoinAndSelect', 'andWhere', 'applyFilters'];

export const mikroOrm: OrmLibrary = {
  name: 'mikro-orm',
  mayHold: (text) => /mikro-orm|\b_?t?em\b|\bentityManager\b|[rR]epo(?:sitor(?:y|ies))?s?\b/.test(text) && /\.\s*(?:find\w*|count(?:By)?|stream|populate|upsert(?:Many)?|native(?:Update|Delete)|remove(?:AndFlush)?|createQueryBuilder|qb|load(?:Items|Count)|matching)\s*[(<]/.test(text),
  verbs: new Set([...VERBS, ...BUILDER_VERBS]),
  read(call, session) {
    if (importsAnother(session) && !importsMikroOrm(session)) return [];
    const findStart: FindStart = (chain) => startOf(chain, session), context: Context = { session, findStart };
    const found = findStart(call.chain);
    if (found) return readBuilder(found.start, call.chain, found.behind, call.use, context);
    const read = readCall(call, context);
    return read ? [{ root: read.root, remedies: read.edits.remedies } satisfies OrmStatement] : [];
  },
};

/** The first call of one of the names, and the steps in front of it. */
function firstOf(chain: Chain, names: ReadonlySet<string>): { readonly step: Called; readonly path: readonly Step[]; readonly index: number } | null {
  const steps = certainSteps(chain), index = steps.findIndex((step) => isCalled(step) && step.name !== null && names.has(step.name));
  const step = steps[index];
  return step && isCalled(step) ? { step, path: steps.slice(0, index), index } : null;
}

// ------------------------------------------------------------------------------------------- builders

function startOf(chain: Chain, session: Session): { readonly start: Start; readonly behind: readonly ChainItem[] } | null {
  if (chain.root.type !== 'node') return null;
  const found = firstOf(chain, BUILDERS);
  if (!found) return sourceOf(chain, session);
  const { step, path, index } = found, receiver = receiverOf(chain.root.node, path, session);
  const called = entityCall(receiver, step, session);
  if (!called || !isOurs(called, receiver, session)) return null;
  return { start: { entity: called.entity, step, alias: called.args[0], at: called.at }, behind: chain.steps.slice(index + 1) };
}

/** A helper of the project that gives a builder (guard `query-source`). */
function sourceOf(chain: Chain, session: Session): ReturnType<typeof startOf> {
  const [step] = certainSteps(chain);
  if (chain.root.type !== 'node' || !step || !isCalled(step)) return null;
  const root = unwrap(chain.root.node), name = step.name === '' ? lastName(root) : step.name;
  const guard = name === null ? null : guardNamed(session, 'query-source', name, root);
  const argument = guard?.tableArg === undefined ? undefined : step.args[guard.tableArg];
  const facts = guard?.table === undefined ? null : session.facts(guard.table), entity = facts && guard ? { name: facts.name, facts, at: step.at } : argument ? entityOf(argument, step.env, session) : null;
  if (!guard || guard.library !== 'mikro-orm' || !entity) return null;
  return { start: { entity, step, alias: undefined, at: step.at, yields: guard.yields }, behind: chain.steps.slice(1) };
}

// ------------------------------------------------------------------------------------------- methods

function readCall(call: Call, context: Context): Read | null {
  const { session } = context, { chain } = call;
  if (chain.root.type !== 'node') return null;
  const found = firstOf(chain, VERBS);
  if (!found) return null;
  const { step, path } = found, root = chain.root.node, name = step.name!;
  if (COLLECTION.has(name)) return collection(step, path, session);
  const receiver = receiverOf(root, path, session);
  if (REMOVES.has(name)) return receiver ? removal(receiver, step, session) : null;
  if (name === 'populate') {
    const entity = receiver && step.args[0] ? receiver.entity ?? loadedBy(step.args[0], step.env, session)?.entity ?? null : null;
    return entity && isMikro(entity, session) ? readPopulate(entity, { step, args: step.args }, session) : null;
  }
  const method = entityCall(receiver, step, session);
  return method && isOurs(method, receiver, session) ? readMethod(method, session, (value) => queryIn(value, context)) : null;
}

/** A method of an entity: its own, or a manager's that is told the entity first. */
function entityCall(receiver: Receiver | null, step: Called, session: Session): MethodCall | null {
  if (receiver?.kind === 'repository' && receiver.entity) {
    return { entity: receiver.entity, step, args: step.args, offset: 0, at: wordsOf(receiver.entity, step) };
  }
  const [first] = step.args, entity = first && first.type !== 'SpreadElement' ? entityOf(first, step.env, session) : null;
  // A manager may be called anything; that it is told a class of entities says enough.
  if (!entity || (!receiver && !importsMikroOrm(session))) return null;
  return { entity, step, args: step.args.slice(1), offset: 1, at: wordsOf(entity, step) };
}

/** Is the call MikroORM's? By imports, by the manifest, by methods and options that no other library has. */
function isOurs(call: MethodCall, receiver: Receiver | null, session: Session): boolean {
  const looks = looksLikeMikroOrm(call, session);
  if (importsMikroOrm(session)) return looks !== false || receiver?.certain === true;
  if (looks !== null) return looks;
  return isMikro(call.entity, session) || (call.offset === 1 && receiver?.kind === 'manager');
}

/** Does the file or the manifest tie the entity to MikroORM? */
function isMikro({ facts: { autoFilter } }: Entity, session: Session): boolean {
  return importsMikroOrm(session) || (Array.isArray(autoFilter) && autoFilter.includes('mikro-orm'));
}

// ------------------------------------------------------------------------------------------- entities in variables

/** The finder whose rows an expression holds: `const user = await em.findOneOrFail(User, id)`, an item of a loop over them. */
function loadedBy(node: Node, env: Env | null, session: Session, depth = 0): { readonly entity: Entity; readonly query: Query | null } | null {
  const at = unwrap(node), chain = session.chain(session.value(at, env));
  const found = chain?.root.type === 'node' ? firstOf(chain, VERBS) : null;
  if (chain?.root.type === 'node' && found && /^find(?!AndCount|ByCursor)/.test(found.step.name!)) {
    const receiver = receiverOf(chain.root.node, found.path, session), method = entityCall(receiver, found.step, session);
    const read = method && isOurs(method, receiver, session) ? readMethod(method, session, undefined) : null;
    return method && { entity: method.entity, query: read?.root ?? null };
  }
  if (at.type !== 'Identifier' || depth > 2) return null;
  const definition = session.source.names.definition(at);
  const loop = definition?.node.type === 'VariableDeclarator' ? ancestor(definition.node, ({ type }) => type === 'ForOfStatement') : null;
  if (loop?.type === 'ForOfStatement' && definition && loop.left.range[0] <= definition.node.range[0] && definition.node.range[1] <= loop.left.range[1]) return loadedBy(loop.right, env, session, depth + 1);
  const type = definition?.name.type === 'Identifier' ? definition.name.typeAnnotation?.typeAnnotation : undefined;
  const entity = type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' ? entityOf(type.typeName, null, session) : null;
  return entity && { entity, query: null };
}

function removal(receiver: Receiver, step: Called, session: Session): Read | null {
  const [argument] = step.args;
  if (!argument || argument.type === 'SpreadElement') return null;
  const loaded = loadedBy(argument, step.env, session), entity = receiver.entity ?? loaded?.entity ?? null;
  if (!entity || entity.facts.deletion !== 'soft' || !isMikro(entity, session) || !(receiver.certain || receiver.kind === 'manager' || isMikro(entity, session))) return null;
  const callee = step.node.type === 'CallExpression' ? unwrap(step.node.callee) : null, object = callee?.type === 'MemberExpression' ? session.source.text.slice(...callee.object.range) : null;
  const flush = object === null ? null : receiver.kind === 'manager' ? object : `${object}.getEntityManager()`;
  return readRemove(entity, loaded?.query ?? null, { step, at: argument }, flush, session);
}

/** The one entity that relations of a name lead to. */
function collection(step: Called, path: readonly Step[], session: Session): Read | null {
  const owner = path.at(-1);
  if (!importsMikroOrm(session) || !owner?.name || owner.args !== null) return null;
  const targets = new Set(session.catalog.tables.flatMap(({ relations }) => (Object.hasOwn(relations, owner.name!) && relations[owner.name!]!.many ? session.catalog.table(relations[owner.name!]!.table) ?? [] : [])));
  const [facts, another] = [...targets];
  return facts && !another ? readCollection(owner.name, { name: facts.name, facts, at: owner.at }, { step, at: owner.at }, session) : null;
}


/**
 * Knex 3 (and what is built on its query builder: Lucid, Bookshelf, Directus).
 *
 * A builder is mutable and a promise: `query.where(..)` as a statement of its own counts, and a callback may do anything to the builder that it is given.
 * Conditions stand in a flat sequence in which AND binds before OR; only a callback makes parentheses. `where(column, null)` and `where({ column: null })`
 * are IS NULL, `where(column, '=', null)` is `= NULL` (knex 3.3, `lib/query/querybuilder.js`).
 */
import type { Range, Remedies } from '../model/query.js';
import { ancestor, calledName, isFunction, lastName, parentOf, rootOf as rootNodeOf, unwrap, wrapped, type Node } from '../source/ast.js';
import type { Chain } from '../source/values.js';
import { certainSteps, isCalled, stepsOf } from './chains.js';
import { guardNamed } from './guards.js';
import { queryOf, type Builder } from './knex/builder.js';
import { handedOn } from './knex/handed.js';
import { BuilderReader } from './knex/reader.js';
import { chooseForRemoval } from './knex/removals.js';
import { remediesFor } from './knex/remedies.js';
import { CLIENT, TELLING } from './knex/vocabulary.js';
import type { Call, OrmLibrary, OrmStatement } from './library.js';
import type { Session } from './session.js';

const HOLDS = /\bknex\b|\b(?:knex|trx|db|database|tx|conn|qb)\s*(?:<[^()]*>)?\s*\(|\.(?:from|into|table)(?<!\b(?:Array|Object|Buffer|Set|Map|Observable|Readable|Stream|\w*[sS]upabase\w*)\.\w+)\s*(?:<[^()]*>)?\s*\(|\.(?:where(?:Null|NotNull|In|NotIn|Not|Raw|Exists|NotExists)?|andWhere|orWhere|del|onConflict|pluck|joinRaw|truncate)\s*\(/;
/** Builders whose methods are called like Knex's. */
const OTHER_BUILDERS = /['"](?:kysely|drizzle-orm)\b/;

export const knex: OrmLibrary = {
  name: 'knex',
  spelling: 'column',
  mayHold: (text) => HOLDS.test(text) && (!OTHER_BUILDERS.test(text) || /knex/i.test(text)),
  verbs: new Set([
    'from', 'into', 'table', 'fromRaw', 'where', 'andWhere', 'orWhere', 'whereNot', 'whereNull', 'whereNotNull', 'whereIn', 'whereNotIn', 'whereRaw', 'whereExists', 'whereNotExists', 'whereBetween', 'first', 'select', 'insert',
    'update', 'del', 'delete', 'truncate', 'join', 'innerJoin', 'leftJoin', 'leftOuterJoin', 'rightJoin', 'fullOuterJoin', 'crossJoin', 'joinRaw', 'count', 'countDistinct', 'sum', 'avg', 'min', 'max', 'pluck', 'groupBy', 'orderBy', 'limit',
    'increment', 'decrement', 'onConflict', 'modify', 'with', 'withRecursive', 'batchInsert', 'knex', 'trx', 'db', 'database', 'tx',
  ]),
  read(call, session) {
    if (isObjections(call.chain) || call.chain.steps.some((item) => item.type === 'step' && item.awaited)) return [];
    const isKnex = certainty(call, session);
    if (isKnex === 'no') return [];
    const reader = new BuilderReader(session), chain = handedOn(call, session), builder = reader.builder(chain);
    if (!builder || (isKnex === 'by its table' && builder.known === 0)) return [];
    return [statementOf(builder, call, session, remediesFor(reader, call, { library: 'knex', update: 'update', spelling: 'column' }))];
  },
};

/** The statement of a builder where its chain ends. */
export function statementOf(builder: Builder, call: Call, session: Session, remedies: Remedies): OrmStatement {
  const root = queryOf(builder, call.node.range as Range);
  if (builder.write === null) chooseForRemoval(builder, call, session);
  return { root, partial: isPartial(builder, call, session), remedies };
}

/** Objection's models have a reader of their own. */
function isObjections(chain: Chain): boolean {
  return stepsOf(chain).some((step) => isCalled(step) && step.name !== null && /^\$?(?:query|relatedQuery)$/.test(step.name));
}

/** Is it a builder of Knex, and not of a library that has a method of the same name? Where nothing else tells, it is if it names a declared table. */
function certainty({ chain, use }: Call, session: Session): 'yes' | 'by its table' | 'no' {
  if (chain.root.type !== 'node') return 'no';
  const steps = certainSteps(chain), called = stepsOf(chain).filter(isCalled), { node } = chain.root;
  const root = rootNodeOf(node), name = root.type === 'Identifier' ? root.name : '';
  if (/^(?:Array|Object|Buffer|Set|Map|Observable|Readable|Stream|supabase\w*|\w*Supabase\w*|firestore|prisma)$/.test(name)) return 'no';
  const origin = session.origin(root);
  if (origin && /supabase|firebase|typeorm|kysely|drizzle|mongoose|sequelize/.test(origin.module)) return 'no';
  // The schema builder declares: `knex.schema.alterTable('users', ..)`.
  if (steps.some((step) => step.name === 'schema' && step.args === null)) return 'no';
  // TanStack DB's collections: `q.from({ user: collections.users })`.
  if (called.some((step) => /^(?:from|\w*[jJ]oin)$/.test(step.name ?? '') && isOfMembers(step.args[0]))) return 'no';
  if (called.some((step) => step.name !== null && TELLING.test(step.name))) return 'yes';
  if (steps.some((step) => isCalled(step) && guardNamed(session, 'query-source', step.name === '' ? calledName(step.node) ?? '' : step.name ?? '', step.name === '' ? root : null))) return 'yes';
  const clients = [name, lastName(unwrap(node)) ?? '', ...steps.map((step) => (step.name === '' ? calledName(step.node) ?? '' : step.args === null ? step.name ?? '' : ''))];
  const isClient = clients.some((client) => CLIENT.test(client)) || (origin !== null && /knex/i.test(`${origin.module} ${origin.name}`));
  if (!isClient || session.source.matches(/supabase/i)) return 'no';
  return use === 'executed' ? 'yes' : 'by its table';
}

/** An object whose values are members of others, where Knex takes names. */
function isOfMembers(argument: Node | undefined): boolean {
  const at = argument && unwrap(argument);
  return at?.type === 'ObjectExpression' && at.properties.some((property) => property.type === 'Property' && unwrap(property.value).type === 'MemberExpression');
}

/** Callees that run what they are given. */
const RUNNERS = /^(?:exec\w*|run\w*|fetch\w*|await\w*|resolve|all\w*|try\w*|retry\w*|timed?|measure\w*|trace\w*|push|log|expect|assert\w*|transaction|map\w*|p)$/i;

/** May code that the file does not show add conditions to the builder? */
export function isPartial(builder: Builder, { use, node }: Call, session: Session): boolean {
  if (builder.done) return false;
  switch (use) {
    case 'executed': case 'statement': return false;
    case 'argument': {
      const call = parentOf(wrapped(node));
      return !(call?.type === 'CallExpression' && RUNNERS.test(lastName(call.callee) ?? ''));
    }
    case 'returned': return returnsBuilder(node, session);
    case 'kept': return true;
  }
}

/** Does a function say that what it returns is a query to go on with, by its type or its name, or do its callers go on with it? */
function returnsBuilder(node: Node, session: Session): boolean {
  const fn = ancestor(node, isFunction);
  if (!fn || !isFunction(fn)) return true;
  const type = fn.returnType ? session.source.text.slice(...fn.returnType.range) : '';
  if (/QueryBuilder|\bQuery\b|Builder|Knex\b/.test(type)) return true;
  if (/Promise/.test(type)) return false;
  const parent = parentOf(wrapped(fn)), key = fn.type === 'FunctionDeclaration' ? fn.id : parent && 'key' in parent ? parent.key as Node : parent?.type === 'VariableDeclarator' ? parent.id : null;
  const name = key?.type === 'Identifier' || key?.type === 'PrivateIdentifier' ? key.name : '';
  return /query|builder|base|scope|statement|knex|stmt/i.test(name) || (name !== '' && new RegExp(`\\b${name.replace(/\$/g, '\\$')}\\s*\\([^()]*\\)\\s*\\.\\s*(?!then|catch|finally)[a-z]`).test(session.source.text));
}


/**
 * What a query extension of the file (`$extends({ query })`) or a middleware of Prisma 5 and 6 (`$use`) makes of an operation.
 *
 * A hook is evaluated for the operation with the arguments of the call: what it hands to `query` (`next`) is what is sent. Hooks see the operation alone, neither
 * relations nor counts in it (Prisma's documentation, "Query extensions"), unless they rewrite `include` themselves.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { fold } from '../../manifest/catalog.js';
import type { SelectBlock } from '../../model/query.js';
import { analyse } from '../../model/analyse.js';
import { contains, dottedNames, isFunction, lastName, propertyName, unwrap, type Node } from '../../source/ast.js';
import { computed } from '../../source/parts.js';
import { text, type Assigned, type ObjectValue, type Value } from '../../source/values.js';
import { select } from '../expressions.js';
import { listItems } from '../lists.js';
import type { Session } from '../session.js';
import { reference, type Model } from './models.js';
import type { Arguments } from './reading.js';
import { allEntries, alternatives, opened, possible } from './values.js';

/** Reads that extensions are written for. */
const READS = /^(?:find|count$|aggregate$|groupBy$)/;
const MAX_DEPTH = 4;

/** One function that stands between a call and what is sent. */
export interface Hook {
  /** Null: every model. */
  readonly model: string | null;
  /** Null: every operation. */
  readonly operation: string | null;
  /** The function; null for another value. */
  readonly fn: Extract<Value, { type: 'function' }> | null;
  readonly body: string;
  /** Its body, and what it refers to in the file: helpers, lists of operations. */
  readonly said: string;
  /** `extension`: `({ model, operation, args, query })`; `middleware`: `(params, next)`; `method`: in the place of the client's own. */
  readonly kind: 'extension' | 'middleware' | 'method';
}

/** The condition of a `where`, as the reader of calls makes it. */
export type ConditionOf = (args: Arguments, subject: { readonly ref: ReturnType<typeof reference>; readonly model: Model }) => SelectBlock['where'];

/** The hooks of an extension; null where it cannot be seen. */
export function hooksOf(session: Session, argument: Node, value: Value, depth = 0): Hook[] | null {
  const shown = defined(session, value, argument);
  if (shown.type === 'function' && depth < MAX_DEPTH) {
    // `$extends((client) => client.$extends({ .. }))`
    const result = session.apply(shown, [session.unknown(argument)], argument), step = result && session.chain(result)?.steps.at(-1);
    const [inner] = step?.type === 'step' && step.name === '$extends' ? step.args ?? [] : [];
    return inner && step?.type === 'step' ? hooksOf(session, inner, opened(session, session.value(inner, step.env)), depth + 1) : null;
  }
  if (shown.type !== 'object') return null;
  return allEntries(session, shown).filter(({ key }) => key === 'query' || key === 'model').flatMap((component) => allEntries(session, component.value()).flatMap(({ key, value: of }): Hook[] => {
    const kind = component.key === 'model' ? 'method' : 'extension';
    if (key === '$allOperations') return [hook(session, null, null, of(), kind)];
    return allEntries(session, of()).map((entry) => hook(session, key === '$allModels' ? null : key, entry.key === '$allOperations' ? null : entry.key, entry.value(), kind));
  }));
}

/** `Prisma.defineExtension(..)` hands on what it is given; a constant that was handed to others is still what it was. */
function defined(session: Session, value: Value, node: Node): Value {
  if (value.type !== 'unknown') return value;
  const at = unwrap(node), call = at.type === 'CallExpression' ? at : initOf(session, at);
  const [argument] = call?.type === 'CallExpression' && lastName(call.callee) === 'defineExtension' ? call.arguments : [];
  return argument ? defined(session, opened(session, session.value(argument, null)), argument) : value;
}

function initOf(session: Session, node: Node): Node | null {
  const at = unwrap(node), definition = at.type === 'Identifier' ? session.source.names.variable(at)?.defs[0] : undefined;
  return definition?.node.type === 'VariableDeclarator' && definition.node.id.type === 'Identifier' && definition.node.init ? unwrap(definition.node.init) : null;
}

function hook(session: Session, model: string | null, operation: string | null, value: Value, kind: Hook['kind']): Hook {
  const fn = value.type === 'function' && isFunction(value.node) ? value : null;
  const body = fn ? withoutComments(session.source.text.slice(...fn.node.range)) : '';
  return { model, operation, fn, kind, body, said: fn ? [body, ...referredTo(session, fn.node)].join('\n') : '' };
}

/** The texts of the functions and constants around a function that it refers to, and of those that these refer to. */
function referredTo(session: Session, fn: Node): string[] {
  const { text: source, sourceCode } = session.source;
  const references = (sourceCode.scopeManager?.scopes ?? []).flatMap((scope) => scope.references), definitions = new Set<Node>([fn]);
  for (const outer of definitions) {
    for (const { identifier, resolved } of references) {
      if (!contains(outer, identifier as Node)) continue;
      for (const { type, node } of resolved?.defs ?? []) if ((type === 'Variable' || type === 'FunctionName') && !contains(fn, node as Node) && !contains(node as Node, fn)) definitions.add(node as Node);
    }
  }
  definitions.delete(fn);
  return [...definitions].map((node) => withoutComments(source.slice(...node.range)));
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*/g, '');
}

/** The middleware that the file hands to `$use` of the client that a chain begins with. */
export function middlewareOf(session: Session, root: Node | null): { readonly hooks: readonly Hook[]; readonly unseen: readonly Node[] } {
  const hooks: Hook[] = [], unseen: Node[] = [];
  if (!session.source.matches(/\.\s*\$use\s*\(/)) return { hooks, unseen };
  for (const node of session.source.nodes) {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || propertyName(node.callee) !== '$use' || !node.arguments[0] || !isSameClient(session, node.callee.object, root)) continue;
    const value = opened(session, session.value(node.arguments[0], null));
    if (value.type === 'function') hooks.push(hook(session, null, null, value, 'middleware'));
    else unseen.push(node.arguments[0]);
  }
  return { hooks, unseen };
}

function isSameClient(session: Session, used: Node, root: Node | null): boolean {
  const own = unwrap(used);
  if (!root) return false;
  if (own.type === 'ThisExpression' || own.type === 'Super') return root.type === 'ThisExpression';
  if (own.type !== 'Identifier') return false;
  const variable = session.source.names.variable(own);
  if (root.type === 'Identifier') return variable !== null && variable === session.source.names.variable(root);
  // What is known of the client's beginning: `new PrismaClient()`.
  return variable?.defs.some(({ node }) => node.type === 'VariableDeclarator' && node.init !== null && unwrap(node.init) === root) ?? false;
}

/** Does a hook keep deleted rows from the operation, with these arguments? */
export function keepsLive(session: Session, hook: Hook, model: Model, operation: string, args: Arguments, conditionOf: ConditionOf): boolean {
  if (!isAbout(hook, model) || !namesTombstone(hook, model) || (hook.operation !== null && hook.operation !== operation)) return false;
  const sent = hook.kind === 'method' ? 'unknown' : sentBy(session, hook, model, operation, args, conditionOf);
  return sent === 'unknown' ? saysSo(hook, operation) && saysModel(session, hook, model) : sent === 'live';
}

/** Does a hook set the tombstone where the operation would remove rows for good? */
export function setsTombstone(session: Session, hook: Hook, model: Model, operation: string): boolean {
  if (!/^delete/.test(operation) || !isAbout(hook, model) || !namesTombstone(hook, model) || !/\bupdate/.test(hook.said)) return false;
  if (!saysModel(session, hook, model)) return false;
  if (hook.operation !== null) return hook.operation === operation;
  const decided = result(session, hook, model, operation, null);
  if (decided?.length && decided.every((one) => one.type === 'query')) return hook.kind === 'middleware' && mentions(hook, operation);
  return mentions(hook, operation);
}

/** Does a hook rewrite what is included, too? How cannot be told. */
export function rewritesRelations(hook: Hook, model: Model): boolean {
  return hook.kind !== 'method' && namesTombstone(hook, model) && /\b(?:include|select)\b/.test(hook.body);
}

function isAbout(hook: Hook, { name, facts }: Model): boolean {
  return hook.model === null || [name, facts!.name, ...facts!.models].some((own) => fold(own) === fold(hook.model!));
}

function namesTombstone(hook: Hook, { facts }: Model): boolean {
  return facts !== null && facts.tombstones.some(({ names }) => names.some((own) => new RegExp(`\\b${own.replace(/\W/g, '\\$&')}\\b`).test(hook.said)));
}

/** Does a hook ask for an operation? `params.action = 'update'` asks for none. */
const mentions = (hook: Hook, operation: string): boolean => new RegExp(`(?<![^=!<>]=\\s*)['"\`]${operation}['"\`]`).test(hook.said);

/** By its words: it lists operations, or is about reads. */
function saysSo(hook: Hook, operation: string): boolean {
  if (hook.operation !== null) return true;
  return /['"`](?:find|count|aggregate|groupBy)\w*['"`]/.test(hook.said) ? mentions(hook, operation) : READS.test(operation);
}

type Result = { readonly type: 'query'; readonly args: Value; readonly node: Node } | { readonly type: 'other' };

/** By its words: it lists models, and this one is among them, or it lists none. */
function saysModel({ catalog }: Session, { said }: Hook, { name, facts }: Model): boolean {
  const isListed = (names: readonly string[]): boolean => names.some((one) => new RegExp(`['"\`]${one.replace(/\W/g, '\\$&')}['"\`]|[{,]\\s*${one.replace(/\W/g, '\\$&')}\\s*:\\s*true`).test(said));
  return isListed([name, ...facts!.models]) || !catalog.tables.some(({ deletion, models }) => deletion === 'soft' && isListed(models));
}

/** What the hook sends: `live` rows alone, the arguments as they were, or something that cannot be told. */
function sentBy(session: Session, hook: Hook, model: Model, operation: string, args: Arguments, conditionOf: ConditionOf): 'live' | 'all' | 'unknown' {
  const sent = result(session, hook, model, operation, args);
  // Conditions that are put into what is there already are not followed, nor what is done with the rows that come back.
  const changes = /\bwhere\s*(?:\??\.\s*\w+|\[[^\]]*\])\s*(?:\?\?)?=[^=>]|\bparams\.args\b/.test(hook.said) || setsLive(hook, model), checks = model.facts!.tombstones.some(({ names }) => names.some((name) => new RegExp(`\\b(?:result|row|record|data|found|res)\\w*\\??\\.${name}\\b`).test(hook.body)));
  if (!sent?.length || sent.some(({ type }) => type === 'other')) return 'unknown';
  const live = sent.filter((one) => one.type === 'query' && isLive(session, model, { value: one.args, node: one.node }, conditionOf));
  // What decides between the ways that are left (does the model have the column?) cannot be seen.
  return live.length === sent.length ? 'live' : live.length > 0 || changes || checks || sent.some((one) => one.type === 'query' && one.args.type !== 'object') ? 'unknown' : 'all';
}

/** `conditions.deletedAt = null`, whatever the conditions are called; `args.where = { ...args.where, deletedAt: null }`, on a condition perhaps. */
function setsLive({ said }: Hook, { facts }: Model): boolean {
  const assigns = /\b(?:where|args)\s*=[^=>]/.test(said);
  return facts!.tombstones.some(({ names }) => names.some((name) => new RegExp(`(?:\\.\\s*${name}|\\[\\s*['"\`]${name}['"\`]\\s*\\])\\s*(?:\\?\\?)?=\\s*(?:null|false|0)\\b${assigns ? `|\\b${name}['"]?\\]?\\s*:\\s*(?:null|false|0)\\b` : ''}`).test(said)));
}

function isLive(session: Session, model: Model, args: Arguments, conditionOf: ConditionOf): boolean {
  const range = args.node.range as SelectBlock['range'], ref = reference(session, model, range), query = select({ from: [ref], where: conditionOf(args, { ref, model }), range });
  const { reads } = analyse({ root: query, range, library: session.library, calls: true, marker: null, partial: false, stored: false }, session.catalog);
  return reads.find((read) => read.ref === ref)?.verdict.state === 'live';
}

/** What the hook returns for the operation; null where it cannot be told. */
function result(session: Session, { fn, kind }: Hook, model: Model, operation: string, args: Arguments | null): Result[] | null {
  if (!fn) return null;
  const at = fn.node, query = {}, name = model.facts?.models[0] ?? model.name, given = withoutWhere(session, args?.value.type === 'object' ? args.value : object(at, {}), at);
  const called = { model: word(name), operation: word(operation), action: word(operation), args: given };
  const values = kind === 'middleware' ? [object(at, called), session.given(query, at)] : [object(at, { ...called, query: session.given(query, at) })];
  const returned = session.apply(fn, values, at);
  if (!returned) return null;
  return alternatives(session, returned).map((value): Result => {
    const chain = session.chain(value), step = chain?.steps[0];
    if (chain?.root.type !== 'given' || chain.root.given !== query || step?.type !== 'step' || step.args?.length !== 1) return { type: 'other' };
    const sent = opened(session, session.value(step.args[0]!, step.env));
    if (kind !== 'middleware') return { type: 'query', args: sent, node: step.args[0]! };
    const [inner] = possible(session, sent, 'args');
    return inner && typeof inner !== 'string' ? { type: 'query', args: opened(session, inner.value), node: inner.node } : { type: 'other' };
  });
}

/** Arguments that have no `where` have `undefined` there, which spreads to nothing. */
function withoutWhere(session: Session, args: ObjectValue, at: Node): ObjectValue {
  if (!possible(session, args, 'where').every((one) => one === 'none')) return args;
  return { ...args, assigned: [...args.assigned ?? [], { type: 'entry', key: 'where', value: { type: 'nothing', node: null }, node: at }] };
}

const word = (value: string): Value => text([computed(value)]);

/** An object that no literal of the file is. */
function object(at: Node, entries: Readonly<Record<string, Value>>): ObjectValue {
  const node = { type: 'ObjectExpression', properties: [], range: at.range, loc: at.loc } as unknown as TSESTree.ObjectExpression;
  return { type: 'object', node, env: null, assigned: Object.entries(entries).map(([key, value]): Assigned => ({ type: 'entry', key, value, node: at })) };
}

/** The names of the models that an option of a package lists: `models: { User: true, Post: { field: 'deletedAt' } }`, `models: ['User']`; null where they cannot be seen. */
export function modelsListed(session: Session, options: Value): ReadonlyMap<string, boolean> | null {
  const [models] = possible(session, options, 'models');
  if (!models || typeof models === 'string') return null;
  const value = opened(session, models.value), list = listItems(session, value);
  if (list) return new Map(list.flatMap((item) => { const name = item.type === 'item' ? session.string(item.value) : null; return name === null ? [] : [[fold(name), true] as const]; }));
  if (value.type !== 'object') return null;
  return new Map(allEntries(session, value).map((entry) => {
    const shown = opened(session, entry.value());
    return [fold(entry.key), !(shown.type === 'constant' && shown.value === false)] as const;
  }));
}

/** The call that a member of a chain is made by: `createSoftDeleteExtension(..)`, with the module that it comes from. */
export function madeBy(session: Session, value: Value, node: Node): { readonly module: string; readonly name: string; readonly options: Value } | null {
  const at = unwrap(value.type === 'unknown' ? value.node : node), call = at.type === 'CallExpression' ? at : unwrap(node).type === 'CallExpression' ? unwrap(node) as TSESTree.CallExpression : null;
  if (!call) return null;
  const callee = unwrap(call.callee), origin = callee.type === 'Identifier' ? session.origin(callee) : null;
  if (!origin) return null;
  const [argument] = call.arguments;
  return { ...origin, name: dottedNames(call).at(-1) ?? origin.name, options: argument ? opened(session, session.value(argument, null)) : { type: 'nothing', node: null } };
}

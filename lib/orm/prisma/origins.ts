/** Rows that a function read before, and goes on with: `const due = await prisma.poll.findMany(..)`, then `where: { id: { in: due.map(({ id }) => id) } }`. */
import type { SelectBlock } from '../../model/query.js';
import { analyse } from '../../model/analyse.js';
import type { TSESTree } from '@typescript-eslint/utils';
import { ancestor, contains, dottedNames, isFunction, parentOf, propertyName, unwrap, wrapped, type FunctionNode, type Node } from '../../source/ast.js';
import { checksResult } from '../../source/result-checks.js';
import type { Chain, ListItem, Step, Value } from '../../source/values.js';
import { column, select } from '../expressions.js';
import type { Session } from '../session.js';
import { columnOf, modelNamed, reference, relationNamed, type Model } from './models.js';
import type { Arguments, Reading } from './reading.js';
import { alternatives, opened, possible } from './values.js';

const FINDS = /^find(?:Unique|First|Many)/;
/** List methods that leave rows out and add none. */
const NARROWS = /^(?:filter|slice|toSorted|sort|at|flat|values)$/;
/** At most so many look-ups of a function are compared with a write. */
const MAX_LOOKUPS = 12;
/** At most so many ways are followed that conditions of the program open. */
const MAX_WAYS = 8;

/** Rows of a model that were read before. */
export interface RowsBefore {
  readonly model: Model;
  /** The query that read them, with one column. */
  readonly query: SelectBlock;
  readonly state: 'live' | 'dead';
}

/**
 * The rows that a value, or the values of a list, come from: a column of what a call of the client found, where these rows are all live or all dead. Null for
 * any other value. Of several that a condition of the program decides between, each has to be so; an empty list is no row.
 */
export function rowsBehind(reading: Reading, value: Value): RowsBefore | null {
  const found = sources(reading.session, value).flatMap((one) => columnsBehind(reading.session, one)).map((column) => column && rowsOf(reading, column.find, column.path));
  const [first] = found;
  return first && found.every((one) => one?.state === first.state && one.model.facts === first.model.facts) ? first : null;
}

/** The calls of the client that found the rows which a value, or the values of a list, come from, with the model of each. */
export function findsBehind(session: Session, value: Value): { readonly call: Node; readonly model: Model }[] {
  return sources(session, value).flatMap((one) => columnsBehind(session, one)).flatMap((column) => {
    const step = column?.find.steps ?? [], operation = step.at(-1), of = step.at(-2);
    const model = of?.type === 'step' && of.name !== null ? modelNamed(session, of.name) : null;
    return operation?.type === 'step' && model ? [{ call: operation.node, model }] : [];
  });
}

/** The values that a value may be or that a list may hold, those of the lists that are spread into it included. */
function sources(session: Session, value: Value): Value[] {
  return alternatives(session, value).flatMap((one) => (one.type === 'list' ? itemsOf(session, one.items) : [one]));
}

function itemsOf(session: Session, items: readonly ListItem[]): Value[] {
  return items.flatMap((item): Value[] => {
    switch (item.type) {
      case 'item': return [item.value];
      case 'fork': return item.options.flatMap((option) => itemsOf(session, option));
      case 'rest': return [item.node.type === 'SpreadElement' ? session.value(item.node.argument, null) : session.unknown(item.node)];
      case 'first-turn': return itemsOf(session, item.parts);
    }
  });
}

/** A column of what a call found; `path` goes from its rows to the column, by way of relations. */
interface ColumnFound {
  readonly find: Chain;
  readonly path: readonly string[];
}

/** A value as a column of what a call found, for each way that the program may go; null for any other value. */
function columnsBehind(session: Session, value: Value, depth = 0): (ColumnFound | null)[] {
  const chain = value.type === 'unknown' ? session.chain(value) : null;
  // `await idsOf(customer)`, where a function of the file returns one of several.
  const called = chain?.root.type === 'node' && chain.root.node.type === 'CallExpression' && chain.steps.every((item) => item.type === 'step' && item.awaited) ? session.value(chain.root.node, chain.root.env) : null;
  if (called?.type === 'fork') return depth < 4 ? sources(session, called).flatMap((one) => columnsBehind(session, one, depth + 1)) : [null];
  return chain ? waysOf(chain.steps).map((steps) => columnBehind(session, { root: chain.root, steps })) : [null];
}

/** The steps of each way that a chain may go. */
function waysOf(items: Chain['steps']): (readonly Step[])[] {
  return items.reduce<(readonly Step[])[]>((ways, item) => {
    const next = item.type === 'step' ? [[item]] : item.options.flatMap((option) => waysOf(option));
    return ways.length * next.length > MAX_WAYS ? [[]] : ways.flatMap((way) => next.map((more) => [...way, ...more]));
  }, [[]]);
}

function columnBehind(session: Session, chain: { readonly root: Chain['root']; readonly steps: readonly Step[] }): ColumnFound | null {
  const awaited = chain.steps.findIndex((item) => item.awaited);
  if (awaited < 0) return null;
  // What an async function of the file returned is awaited once more.
  const rest = chain.steps.slice(awaited + 1).filter((item) => !item.awaited), one = oneOfAll(session, { root: chain.root, steps: chain.steps.slice(0, awaited) }, rest[0]);
  if (one) {
    const found = ofFind(one, rest.slice(1));
    if (found) return found;
  }
  return awaited < 2 ? null : ofFind({ root: chain.root, steps: chain.steps.slice(0, awaited) }, rest);
}

function ofFind(find: Chain, rest: Chain['steps']): ColumnFound | null {
  const operation = find.steps.at(-1);
  if (operation?.type !== 'step' || !operation.args || operation.args.length > 1 || !FINDS.test(operation.name ?? '')) return null;
  const path = pathOf(rest);
  return path && { find, path };
}

/** `(await Promise.all([a, b]))[1]`, `prisma.$transaction([a, b])`: the one that the first step behind it takes. */
function oneOfAll(session: Session, { steps }: Chain, taken: Chain['steps'][number] | undefined): Chain | null {
  const last = steps.at(-1);
  if (last?.type !== 'step' || !/^(?:all|\$transaction)$/.test(last.name ?? '') || last.args?.length !== 1 || taken?.type !== 'step' || taken.args || !/^\d+$/.test(taken.name ?? '')) return null;
  const list = session.value(last.args[0]!, last.env), item = list.type === 'list' ? list.items[Number(taken.name)] : undefined;
  if (list.type !== 'list' || list.items.slice(0, Number(taken.name) + 1).some(({ type }) => type !== 'item') || item?.type !== 'item') return null;
  return session.chain(item.value);
}

/** From rows to a column: `.id`, `[0].id`, `.map((row) => row.id)`, `.posts.map(({ id }) => id)`. Null where anything else is done to them. */
function pathOf(steps: Chain['steps']): string[] | null {
  const path: string[] = [];
  let mapped = false;
  for (const item of steps) {
    if (item.type !== 'step' || item.awaited || item.name === null) return null;
    if (item.args === null) {
      if (/^\d+$/.test(item.name)) continue;
      if (mapped) return null;
      path.push(item.name);
    } else if (item.name === 'map') {
      const member = item.args[0] ? memberOf(item.args[0]) : null;
      if (member === null || mapped) return null;
      path.push(member);
      mapped = true;
    } else if (!NARROWS.test(item.name)) return null;
  }
  return path.length > 0 ? path : null;
}

/** `(row) => row.id`, `({ id }) => id`. */
function memberOf(fn: Node): string | null {
  if (!isFunction(fn) || fn.body.type === 'BlockStatement') return null;
  const param = fn.params[0], body = unwrap(fn.body);
  if (param?.type === 'Identifier') return body.type === 'MemberExpression' && body.object.type === 'Identifier' && body.object.name === param.name ? propertyName(body) : null;
  const held = param?.type === 'ObjectPattern' && body.type === 'Identifier' ? param.properties.find((one) => one.type === 'Property' && one.value.type === 'Identifier' && one.value.name === body.name) : undefined;
  return held ? propertyName(held) : null;
}

/** The rows at the end of a path, as a query of their own table. */
function rowsOf(outer: Reading, chain: Chain, path: readonly string[]): RowsBefore | null {
  const { session } = outer, operation = chain.steps.at(-1), step = chain.steps.at(-2);
  if (operation?.type !== 'step' || !operation.args || operation.args.length > 1 || !FINDS.test(operation.name ?? '') || step?.type !== 'step' || step.args !== null || step.name === null) return null;
  const [argument] = operation.args;
  let model = modelNamed(session, step.name), args: Arguments = { value: argument ? opened(session, session.value(argument, operation.env)) : { type: 'nothing', node: null }, node: argument ?? operation.node };
  for (const name of path.slice(0, -1)) {
    const relation = model && relationNamed(session, model, name), included = relation?.declared ? selectedOf(session, args.value, name) : null;
    if (!relation || !included) return null;
    model = relation.target;
    args = included;
  }
  if (!model?.facts || model.facts.tombstones.length === 0) return null;
  const { range } = operation.node, ref = reference(session, model, range), reading = outer.fresh();
  const query = select({
    from: [ref], where: args.value.type === 'constant' ? null : reading.condition(args, { ref, model }), range,
    output: [{ type: 'expr', expr: column(ref, columnOf(model, path.at(-1)!), range), name: null }],
  });
  const { reads } = analyse({ root: query, range, library: session.library, calls: true, marker: null, partial: false, stored: false }, session.catalog);
  const state = reads.find((read) => read.ref === ref)?.verdict.state;
  return state === 'live' || state === 'dead' ? { model, query, state } : null;
}

/** The arguments with which a relation is included or selected; null where that cannot be told. */
function selectedOf(session: Session, args: Value, name: string): Arguments | null {
  const included = ['include', 'select'].flatMap((key) => found(session, args, key).flatMap(({ value }) => possible(session, value, name)));
  const [only, another] = included;
  return only && !another && typeof only !== 'string' ? { value: opened(session, only.value), node: only.node } : null;
}

/**
 * A look-up of the same model by the same key (the same words) in front of a write, in the function that writes: the rows that it found.
 * It counts only where the write is not reached without a row. The rows are null where the program looks at the tombstone of the row itself.
 */
export function lookedUpBefore(reading: Reading, write: Node, model: Model, where: Value): { readonly property: string; readonly rows: RowsBefore | null } | null {
  const { session } = reading, { source } = session;
  if (!model.facts || model.facts.tombstones.length === 0) return null;
  let compared = 0;
  for (const node of source.nodes) {
    if (node.range[0] >= write.range[0] || compared > MAX_LOOKUPS) break;
    if (node.type !== 'CallExpression') continue;
    const fn = ancestor(node, isFunction);
    if (!fn || !contains(fn, write)) continue;
    if (isFindOf(session, node, model)) {
      compared++;
      if (!isRequired(node, session, (test) => test.range[0] < write.range[0] && (contains(test.consequent, write) || leaves(test.consequent)))) continue;
      const same = sameKey(reading, node, model, where, (words) => words);
      if (same) return same;
    } else {
      const called = calledFunction(session, node);
      if (!called) continue;
      compared++;
      const same = lookedUpIn(reading, called, node, model, where);
      if (same) return same;
    }
  }
  return null;
}

/**
 * Does the function look at the tombstone of the row whose key a write is given (`if (order.deletedAt) return; .. where: { id: order.id }`), wherever it got
 * the row from?
 */
export function isLookedAt({ session }: Reading, write: Node, model: Model, where: Value): boolean {
  const { names } = session.source, { facts } = model;
  return facts !== null && facts.tombstones.length > 0 && facts.key.some((key) => found(session, where, propertyOf(model, key)).some(({ node }) => {
    const at = unwrap(node), row = at.type === 'MemberExpression' ? unwrap(at.object) : null, variable = row?.type === 'Identifier' ? names.variable(row) : null;
    return (variable?.references ?? []).some(({ identifier }) => {
      const member = parentOf(identifier), test = ancestor(identifier, (one) => one.type === 'IfStatement' || isFunction(one));
      if (member?.type !== 'MemberExpression' || member.object !== identifier || session.catalog.tombstone(facts, propertyName(member) ?? '') === null || test?.type !== 'IfStatement' || !contains(test.test, identifier)) return false;
      const around = ancestor(test, isFunction);
      return test.range[0] < write.range[0] && (contains(test.consequent, write) || (leaves(test.consequent) && (!around || contains(around, write))));
    });
  }));
}

/** A function of the file that looks the row up and throws where there is none: `await this.findOne(id)`. */
function lookedUpIn(reading: Reading, fn: FunctionNode, call: TSESTree.CallExpression, model: Model, where: Value): ReturnType<typeof lookedUpBefore> {
  const { session } = reading;
  // What the function calls its parameter is what it is called with.
  const passed = new Map(fn.params.flatMap((param, i) => (param.type === 'Identifier' && call.arguments[i] ? [[param.name, textOf(session, call.arguments[i])] as const] : [])));
  for (const node of session.source.nodes) {
    if (node.type !== 'CallExpression' || !contains(fn, node) || ancestor(node, isFunction) !== fn || !isFindOf(session, node, model)) continue;
    if (!isRequired(node, session, (test) => throws(test.consequent))) continue;
    const same = sameKey(reading, node, model, where, (words) => passed.get(words) ?? null);
    if (same) return same;
  }
  return null;
}

function isFindOf(session: Session, node: TSESTree.CallExpression, { facts }: Model): boolean {
  if (node.callee.type !== 'MemberExpression' || !FINDS.test(propertyName(node.callee) ?? '') || !node.arguments[0]) return false;
  return facts !== null && modelNamed(session, dottedNames(node).at(-2) ?? '')?.facts === facts;
}

/** The look-up's rows, where its `where` names the key by the same words. */
function sameKey(reading: Reading, lookup: TSESTree.CallExpression, model: Model, where: Value, wordsHere: (words: string) => string | null): ReturnType<typeof lookedUpBefore> {
  const { session } = reading, chain = session.chain(session.value(lookup, null));
  if (!chain) return null;
  for (const { value } of found(session, session.value(lookup.arguments[0]!, null), 'where')) {
    for (const property of model.facts?.key.map((name) => propertyOf(model, name)) ?? []) {
      const [theirs] = found(session, value, property), [ours] = found(session, where, property);
      if (!theirs || !ours || wordsHere(textOf(session, theirs.node)) !== textOf(session, ours.node)) continue;
      const rows = rowsOf(reading, chain, [property]);
      if (rows || model.facts!.tombstones.every(({ names }) => checksResult(wrapped(lookup), names, session.source.names, (callee) => session.source.asserts(callee, session.library)))) return { property, rows };
    }
  }
  return null;
}

/** The function of the file that a statement calls and waits for. */
function calledFunction(session: Session, call: TSESTree.CallExpression): FunctionNode | null {
  if (parentOf(wrapped(call))?.type !== 'AwaitExpression') return null;
  const callee = unwrap(call.callee), isOwn = callee.type === 'Identifier' || (callee.type === 'MemberExpression' && callee.object.type === 'ThisExpression');
  const value = isOwn ? session.value(callee, null) : null;
  return value?.type === 'function' ? value.node : null;
}

/**
 * Does the function ask the same of live rows alone as well: a call of the same operation and model whose `where` has the same words and the tombstones beside
 * them? Who asks both ways means the one that asks for all (`total` and `live`, the live rows first and then the rest).
 */
export function hasLiveTwin(session: Session, call: Node, operation: string, model: Model, where: Value | null): boolean {
  if (!model.facts || model.facts.tombstones.length === 0) return false;
  const own = where ? wordsOf(session, where) : new Map<string, string>(), fn = ancestor(call, isFunction) ?? session.source.sourceCode.ast as unknown as Node;
  const isTombstone = (key: string): boolean => session.catalog.tombstone(model.facts!, key) !== null;
  if (!own || [...own.keys()].some(isTombstone)) return false;
  return session.source.nodes.some((node) => {
    if (node === call || node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || propertyName(node.callee) !== operation || !contains(fn, node)) return false;
    const [argument] = node.arguments;
    if (!argument || modelNamed(session, dottedNames(node).at(-2) ?? '')?.facts !== model.facts) return false;
    const [other] = found(session, session.value(argument, null), 'where'), theirs = other ? wordsOf(session, other.value) : null;
    if (!theirs || ![...theirs.keys()].some(isTombstone)) return false;
    return [...own].every(([key, words]) => theirs.get(key) === words) && [...theirs.keys()].every((key) => own.has(key) || isTombstone(key));
  });
}

/** The words of each condition; null where some cannot be seen. */
function wordsOf(session: Session, where: Value): Map<string, string> | null {
  const entries = where.type === 'object' ? session.entries(where) : null;
  if (!entries || entries.some(({ type }) => type !== 'entry')) return null;
  return new Map(entries.flatMap((entry) => (entry.type === 'entry' && entry.valueNode ? [[entry.key, textOf(session, entry.valueNode)] as const] : [])));
}

function found(session: Session, value: Value, key: string) {
  return possible(session, value, key).filter((one) => typeof one !== 'string');
}

function textOf(session: Session, node: Node): string {
  return session.source.text.slice(...node.range);
}

function propertyOf({ facts }: Model, name: string): string {
  return Object.entries(facts?.columns ?? {}).find(([, own]) => own === name)?.[0] ?? name;
}

/** Does the function go on only with a row: by `OrThrow`, `if (!row) return`, `if (row) { .. }`? `guards` judges a test of the row. */
function isRequired(lookup: TSESTree.CallExpression, session: Session, guards: (test: TSESTree.IfStatement) => boolean): boolean {
  if (lookup.callee.type === 'MemberExpression' && propertyName(lookup.callee)?.endsWith('OrThrow')) return true;
  const name = nameOf(lookup);
  if (!name) return false;
  return (session.source.names.variable(name)?.references ?? []).some(({ identifier }) => {
    const test = ancestor(identifier, (node) => node.type === 'IfStatement' || isFunction(node));
    return test?.type === 'IfStatement' && contains(test.test, identifier) && guards(test);
  });
}

/** The name that the result of a call gets: `const row = await call`, `const [row] = await Promise.all([call])`. */
function nameOf(call: Node): TSESTree.Identifier | null {
  let at: Node = wrapped(call), index: number | null = null;
  for (let parent = parentOf(at); parent; parent = parentOf(at)) {
    if (parent.type === 'VariableDeclarator') {
      const target = index !== null && parent.id.type === 'ArrayPattern' ? parent.id.elements[index] : index === null ? parent.id : null;
      return target?.type === 'Identifier' ? target : null;
    }
    if (parent.type === 'ArrayExpression' && index === null) index = parent.elements.indexOf(at as TSESTree.Expression);
    else if (parent.type !== 'AwaitExpression' && !(parent.type === 'CallExpression' && index !== null && /^(?:all|\$transaction)$/.test(dottedNames(parent).at(-1) ?? ''))) return null;
    at = wrapped(parent);
  }
  return null;
}

function throws(node: Node): boolean {
  return node.type === 'BlockStatement' ? node.body.some(throws) : node.type === 'ThrowStatement';
}

function leaves(node: Node): boolean {
  if (node.type === 'BlockStatement') return node.body.some(leaves);
  return node.type === 'ReturnStatement' || node.type === 'ThrowStatement' || node.type === 'ContinueStatement' || node.type === 'BreakStatement';
}

/** Rows that a function read before, and goes on with: `const due = await prisma.poll.findMany(..)`, then `where: { id: { in: due.map(({ id }) => id) } }`. */
import type { SelectBlock } from '../../model/query.js';
import { analyse } from '../../model/analyse.js';
import type { TSESTree } from '@typescript-eslint/utils';
import { ancestor, contains, dottedNames, isFunction, parentOf, propertyName, unwrap, wrapped, type FunctionNode, type Node } from '../../source/ast.js';
import { checksResult } from '../../source/result-checks.js';
import type { Chain, Value } from '../../source/values.js';
import { column, select } from '../expressions.js';
import type { Session } from '../session.js';
import { columnOf, modelNamed, reference, type Model } from './models.js';
import type { Arguments, Reading } from './reading.js';
import { opened, possible } from './values.js';

const FINDS = /^find(?:Unique|First|Many)/;
/** List methods that leave rows out and add none. */
const NARROWS = /^(?:filter|slice|toSorted|sort|at|flat|values)$/;
/** At most so many look-ups of a function are compared with a write. */
const MAX_LOOKUPS = 12;

/** Rows of a model that were read before. */
export interface RowsBefore {
  readonly model: Model;
  /** The query that read them, with one column. */
  readonly query: SelectBlock;
  readonly state: 'live' | 'dead';
}

/** The rows that a value, or the values of a list, come from: a column of what a call of the client found, where these rows are all live or all dead. Null for any other value. */
export function rowsBehind(reading: Reading, value: Value): RowsBefore | null {
  const { session } = reading;
  const chain = value.type === 'unknown' ? session.chain(value) : null, awaited = chain?.steps.findIndex((item) => item.type === 'step' && item.awaited) ?? -1;
  if (!chain || awaited < 2) return null;
  const property = propertyOfRows(chain.steps.slice(awaited + 1));
  return property === null ? null : rowsOf(reading, { root: chain.root, steps: chain.steps.slice(0, awaited) }, property);
}

/** Which property of the rows: `.id`, `[0].id`, `.map((row) => row.id)`. */
function propertyOfRows(steps: Chain['steps']): string | null {
  let property: string | null = null;
  for (const item of steps) {
    if (item.type !== 'step' || item.awaited || item.name === null) return null;
    if (item.args === null) {
      if (/^\d+$/.test(item.name)) continue;
      if (property !== null) return null;
      property = item.name;
    } else if (item.name === 'map') {
      if (property !== null || !item.args[0]) return null;
      property = memberOf(item.args[0]);
      if (property === null) return null;
    } else if (!NARROWS.test(item.name)) return null;
  }
  return property;
}

/** `(row) => row.id`, `({ id }) => id`. */
function memberOf(fn: Node): string | null {
  if (!isFunction(fn) || fn.body.type === 'BlockStatement') return null;
  const param = fn.params[0], body = unwrap(fn.body);
  if (param?.type === 'Identifier') return body.type === 'MemberExpression' && body.object.type === 'Identifier' && body.object.name === param.name ? propertyName(body) : null;
  const held = param?.type === 'ObjectPattern' && body.type === 'Identifier' ? param.properties.find((one) => one.type === 'Property' && one.value.type === 'Identifier' && one.value.name === body.name) : undefined;
  return held ? propertyName(held) : null;
}

function rowsOf(outer: Reading, chain: Chain, property: string): RowsBefore | null {
  const { session } = outer, operation = chain.steps.at(-1), step = chain.steps.at(-2);
  if (operation?.type !== 'step' || !operation.args || operation.args.length > 1 || !FINDS.test(operation.name ?? '') || step?.type !== 'step' || step.args !== null || step.name === null) return null;
  const model = modelNamed(session, step.name);
  if (!model?.facts || model.facts.tombstones.length === 0) return null;
  const [argument] = operation.args, args: Arguments = { value: argument ? opened(session, session.value(argument, operation.env)) : { type: 'nothing', node: null }, node: argument ?? operation.node };
  const ref = reference(session, model, operation.node.range), reading = outer.fresh();
  const query = select({
    from: [ref], where: reading.condition(args, { ref, model }), range: operation.node.range,
    output: [{ type: 'expr', expr: column(ref, columnOf(model, property), operation.node.range), name: null }],
  });
  const { reads } = analyse({ root: query, range: query.range, library: session.library, calls: true, marker: null, partial: false, stored: false }, session.catalog);
  const state = reads.find((read) => read.ref === ref)?.verdict.state;
  return state === 'live' || state === 'dead' ? { model, query, state } : null;
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
      const rows = rowsOf(reading, chain, property);
      if (rows || model.facts!.tombstones.every(({ names }) => checksResult(wrapped(lookup), names, session.source.names))) return { property, rows };
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
  let at: Node = wrapped(lookup), parent = parentOf(at);
  while (parent && parent.type === 'AwaitExpression') {
    at = wrapped(parent);
    parent = parentOf(at);
  }
  if (parent?.type !== 'VariableDeclarator' || parent.id.type !== 'Identifier') return false;
  return (session.source.names.variable(parent.id)?.references ?? []).some(({ identifier }) => {
    const test = ancestor(identifier, (node) => node.type === 'IfStatement' || isFunction(node));
    return test?.type === 'IfStatement' && contains(test.test, identifier) && guards(test);
  });
}

function throws(node: Node): boolean {
  return node.type === 'BlockStatement' ? node.body.some(throws) : node.type === 'ThrowStatement';
}

function leaves(node: Node): boolean {
  if (node.type === 'BlockStatement') return node.body.some(leaves);
  return node.type === 'ReturnStatement' || node.type === 'ThrowStatement' || node.type === 'ContinueStatement' || node.type === 'BreakStatement';
}

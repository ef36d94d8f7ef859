/** Removals for good that are meant: with a parent that goes too, of rows that were listed for it. */
import type { TSESTree } from '@typescript-eslint/utils';
import { fold, type TableFacts } from '../../manifest/catalog.js';
import { ancestor, contains, dottedNames, isFunction, lastName, parentOf, propertyName, wrapped, type FunctionNode, type Node } from '../../source/ast.js';
import type { Value } from '../../source/values.js';
import type { Session } from '../session.js';
import { columnOf, modelNamed, relationNamed, type Model } from './models.js';
import { findsBehind } from './origins.js';
import { allEntries, alternatives, opened, possible, type Found } from './values.js';

/** Callbacks that run as a part of the function around them. */
const RUNS_WITHIN = /^(?:\$?transaction|map|forEach|flatMap|then|finally|catch|all|withTransaction)$/;
const MAX_DEPTH = 4;

/** Says of the calls that listed the rows by whose keys a write finds its own that they were asked for it. */
export function chooseRows(session: Session, where: Value, depth = 0): void {
  for (const entry of depth > MAX_DEPTH ? [] : allEntries(session, where)) {
    const value = opened(session, entry.value());
    for (const one of [value, ...possible(session, value, 'in').flatMap((held) => (typeof held === 'string' ? [] : [held.value]))]) {
      for (const { call, model } of findsBehind(session, one)) if (model.facts) session.chosen(call, model.facts.name);
    }
    for (const item of items(session, value)) chooseRows(session, item, depth + 1);
  }
}

function items(session: Session, value: Value): Value[] {
  return alternatives(session, value).flatMap((one) => (one.type === 'list' ? one.items.flatMap((item) => (item.type === 'item' ? [opened(session, item.value)] : [])) : one.type === 'object' ? [one] : []));
}

/**
 * `tx.order.deleteMany({ where: { customerId } })` where the same function deletes the customer: a row that refers to one that is removed for good has to go
 * with it, and what there is to say is said of the latter.
 *
 * @param where the conditions of the write
 */
export function goesWithParent(session: Session, write: Node, model: Model, where: Value): boolean {
  const removed = removals(session, write);
  return removed.length > 0 && refersTo(session, model, where, removed);
}

/** A deletion by the client in the same function. */
interface Removal {
  readonly table: TableFacts;
  readonly where: Found;
}

function removals(session: Session, write: Node): Removal[] {
  const fn = functionOf(write);
  if (!fn) return [];
  return session.source.nodes.flatMap((node): Removal[] => {
    if (node === write || node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || !/^delete(?:Many)?$/.test(propertyName(node.callee) ?? '') || !contains(fn, node)) return [];
    const table = modelNamed(session, dottedNames(node).at(-2) ?? '')?.facts, [argument] = node.arguments;
    if (!table || !argument) return [];
    return found(session, session.value(argument, null), 'where').map((where) => ({ table, where }));
  });
}

function refersTo(session: Session, model: Model, where: Value, removed: readonly Removal[], depth = 0): boolean {
  const relations = Object.keys(model.facts?.relations ?? {}).map((name) => relationNamed(session, model, name)!).filter(({ many, on, target }) => !many && on !== null && target.facts !== null);
  return depth <= MAX_DEPTH && allEntries(session, where).some((entry) => {
    const value = opened(session, entry.value()), within = relations.find(({ name }) => name === entry.key);
    if (within) return refersTo(session, within.target, value, removed, depth + 1) || removed.some(({ table, where: other }) => table === within.target.facts && isSame(session, { value, node: entry.valueNode ?? entry.node, entry }, other));
    return relations.some(({ target, on }) => Object.entries(on!).some(([own, key]) => fold(own) === fold(columnOf(model, entry.key)) && removed.some(({ table, where: other }) => table === target.facts
      && (found(session, other.value, propertyOf(table, key)).some((theirs) => isSame(session, { value, node: entry.valueNode ?? entry.node, entry }, theirs)) || isListedFor(session, value, table)))));
  });
}

/** Are these rows that the program has just created (`const row = await prisma.order.create(..)`)? Taking them back is no deletion that anybody could miss. */
export function wasCreated(session: Session, { facts }: Model, where: Value): boolean {
  return facts !== null && facts.key.some((key) => found(session, where, propertyOf(facts, key)).some(({ value }) => {
    const steps = (value.type === 'unknown' ? session.chain(value)?.steps : null) ?? [], [of, created, awaited, column] = steps.slice(-4);
    if (of?.type !== 'step' || created?.type !== 'step' || awaited?.type !== 'step' || column?.type !== 'step') return false;
    return awaited.awaited && column.args === null && created.name === 'create' && created.args !== null && of.name !== null && modelNamed(session, of.name)?.facts === facts;
  }));
}

/** Does the same function set the tombstone of rows of the table, too? Who does both knows which of them are to go for good. */
export function hasSoftTwin(session: Session, write: Node, { facts }: Model): boolean {
  const fn = functionOf(write);
  return facts !== null && fn !== null && session.source.nodes.some((node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || !/^update/.test(propertyName(node.callee) ?? '') || !node.arguments[0] || !contains(fn, node)) return false;
    if (modelNamed(session, dottedNames(node).at(-2) ?? '')?.facts !== facts) return false;
    return found(session, session.value(node.arguments[0], null), 'data').some((data) => allEntries(session, data.value).some((entry) => session.catalog.tombstone(facts, entry.key) !== null && !session.isNull(opened(session, entry.value()))));
  });
}

/** Are these keys of rows that were listed from the table? */
function isListedFor(session: Session, value: Value, table: TableFacts): boolean {
  return [value, ...found(session, value, 'in').map((one) => one.value)].some((one) => findsBehind(session, one).some(({ model }) => model.facts === table));
}

/** Are two conditions written in the same words? */
function isSame(session: Session, a: Found, b: Found): boolean {
  const words = ({ node }: Found): string => session.source.text.slice(...node.range).replace(/\s+/g, ' ');
  return words(a) === words(b);
}

/** The function whose statements run with the node: callbacks of a transaction or of a list are a part of it. */
function functionOf(node: Node): FunctionNode | null {
  for (let fn = ancestor(node, isFunction); fn; fn = ancestor(fn, isFunction)) {
    const call = parentOf(wrapped(fn));
    if (!(call?.type === 'CallExpression' && call.callee !== fn && RUNS_WITHIN.test(lastName((call as TSESTree.CallExpression).callee) ?? ''))) return fn;
  }
  return null;
}

function found(session: Session, value: Value, key: string): Found[] {
  return possible(session, value, key).filter((one) => typeof one !== 'string');
}

function propertyOf({ columns }: TableFacts, name: string): string {
  return Object.entries(columns).find(([, own]) => own === name)?.[0] ?? name;
}

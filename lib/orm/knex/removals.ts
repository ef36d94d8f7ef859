/** Rows that are read in order to be removed: a job that deletes an account for good has to see what was deleted before. */
import { ancestor, contains, isFunction, lastName, parentOf, propertyName, wrapped, type Node } from '../../source/ast.js';
import type { Call } from '../library.js';
import { Session } from '../session.js';
import type { Builder } from './builder.js';

/** Names of functions that remove what they are given. */
const REMOVES = /^(?:hard|batch|force|permanently|_)?(?:[dD]elete|[pP]urge|[eE]rase|[dD]estroy|[wW]ipe|[pP]rune)(?![a-z])/;

/** Says of a query whose rows are handed to functions that remove them, in a function that removes itself, that it chooses among all rows. */
export function chooseForRemoval(builder: Builder, { node, chain }: Call, session: Session): void {
  const awaited = parentOf(wrapped(node)), holder = awaited?.type === 'AwaitExpression' ? parentOf(wrapped(awaited)) : awaited;
  if (holder?.type !== 'VariableDeclarator' || holder.id.type !== 'Identifier' || !isRemoval(node)) return;
  const variable = session.source.names.variable(holder.id), reads = variable?.references.filter((reference) => reference.isRead()).map(({ identifier }) => identifier as Node) ?? [];
  if (!reads.some((read) => isRemoved(read, session))) return;
  const tables = [...builder.from, ...builder.joins.map(({ right }) => right)].flatMap((relation) => (relation.type === 'table' ? session.catalog.table(relation.name, relation.schema)?.name ?? [] : []));
  for (const end of Session.ends(chain)) for (const table of tables) session.chosen(end, table);
}

/** Does a function around the place call itself a removal? */
function isRemoval(node: Node): boolean {
  for (let fn = ancestor(node, isFunction); fn; fn = ancestor(fn, isFunction)) {
    const holder = parentOf(wrapped(fn)), key = fn.type === 'FunctionDeclaration' ? fn.id : holder?.type === 'VariableDeclarator' ? holder.id : null;
    const name = key?.type === 'Identifier' ? key.name : holder && (holder.type === 'Property' || holder.type === 'MethodDefinition' || holder.type === 'PropertyDefinition') ? propertyName(holder) : null;
    if (name !== null && REMOVES.test(name)) return true;
  }
  return false;
}

/** `await deleteOrders(rows.map(({ id }) => id))`, `for (const row of rows) await deleteOrder(row)`. */
function isRemoved(read: Node, session: Session): boolean {
  const loop = parentOf(wrapped(read)), within = loop?.type === 'ForOfStatement' && loop.right === wrapped(read) ? loop.body : null;
  return session.source.nodes.some((node) => node.type === 'CallExpression' && REMOVES.test(lastName(node.callee) ?? '') && (within ? contains(within, node) : node.arguments.some((argument) => contains(argument, read))));
}

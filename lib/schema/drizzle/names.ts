/** What the expressions of a Drizzle schema name: tables and their columns. */
import type { Dialect } from '../../manifest/catalog.js';
import type { TableTarget } from '../../model/schema.js';
import { isFunction, propertyName, unwrap, type FunctionNode } from '../../source/ast.js';
import { chainOf, type Chain, type ChainCall } from '../chains.js';
import { called, importedName, propertiesOf, resolve, returned, stringValue, within } from '../program.js';
import type { Located } from '../project.js';

export const DIALECTS: Readonly<Record<string, Dialect>> = { pg: 'postgresql', cockroach: 'postgresql', gel: 'postgresql', mysql: 'mysql', singlestore: 'mysql', sqlite: 'sqlite' };

/** A call that makes a table. */
export interface TableCall {
  readonly call: ChainCall;
  readonly name: string;
  readonly schema: string | null;
  readonly dialect: Dialect;
}

export const FACTORY = /^(pg|mysql|sqlite|singlestore|cockroach|gel|mssql)(Table|TableCreator|Schema)$/;

/** The table that an expression is (`users`, `schema.users`, `pgTable('users', ..)`); null where it is none that can be seen. */
export function tableOf(at: Located): TableCall | null {
  const chain = chainOf(at);
  const [first, second] = chain?.calls ?? [];
  if (!chain || !first) return null;
  const factory = FACTORY.exec(first.name);
  if (chain.object === null && factory?.[2] === 'Table') return named(first, stringValue(first.args[0]), null, dialectOf(factory));
  // `app.table('users', ..)` of `const app = pgSchema('app')`; `createTable('users', ..)` of `pgTableCreator((name) => `app_${name}`)`.
  if (chain.object === null && factory?.[2] === 'Schema' && second?.name === 'table') return named(second, stringValue(second.args[0]), stringValue(first.args[0]), dialectOf(factory));
  if (chain.object === null) {
    const callee = unwrap(first.at.node.callee);
    const creator = callee.type === 'Identifier' ? chainOf(within(first.at, callee)) : null;
    const created = creator?.object === null ? FACTORY.exec(creator.calls[0]?.name ?? '') : null;
    return created?.[2] === 'TableCreator' && creator!.calls.length === 1 ? fromCreator(creator!.calls[0]!, first, dialectOf(created)) : null;
  }
  // `pgTable.withRLS('users', ..)`.
  const object = unwrap(chain.object.node);
  const own = object.type === 'Identifier' ? FACTORY.exec(importedName(chain.object.program, object)) : null;
  return own?.[2] === 'Table' ? named(first, stringValue(first.args[0]), null, dialectOf(own)) : null;
}

function named(call: ChainCall, name: string | null, schema: string | null, dialect: Dialect): TableCall | null {
  return name === null ? null : { call, name, schema, dialect };
}

export function dialectOf(factory: RegExpExecArray): Dialect {
  return DIALECTS[factory[1]!] ?? 'postgresql';
}

function fromCreator(creator: ChainCall, call: ChainCall, dialect: Dialect): TableCall | null {
  const rename = creator.args[0] && resolve(creator.args[0]);
  if (!rename || !isFunction(rename.node) || !call.args[0]) return null;
  const name = returned(rename as Located<FunctionNode>, [call.args[0]]);
  return named(call, name && stringValue(name), null, dialect);
}

/** Columns of a table by their properties, with the chains that declare them. */
export function columnChains(table: TableCall): Map<string, { readonly column: string; readonly chain: Chain | null; readonly at: Located; readonly value: Located }> {
  const argument = table.call.args[1];
  if (!argument) return new Map();
  return new Map([...propertiesOf(called(argument))].map(([key, { value, at }]) => {
    const chain = chainOf(value);
    const first = chain?.calls.find(({ name }) => name !== 'customType');
    return [key, { column: stringValue(first?.args[0]) ?? key, chain, at, value }];
  }));
}

const columnsByCall = new WeakMap<object, ReadonlyMap<string, string>>();

/** Property → column. */
export function columnNames(table: TableCall): ReadonlyMap<string, string> {
  const key = table.call.at.node, known = columnsByCall.get(key);
  if (known) return known;
  const names = new Map([...columnChains(table)].map(([name, { column }]) => [name, column]));
  columnsByCall.set(key, names);
  return names;
}

/** The table and column that `users.email` means. */
export function columnOf(at: Located): { readonly table: TableCall; readonly column: string } | null {
  const node = unwrap(at.node), name = node.type === 'MemberExpression' ? propertyName(node) : null;
  if (node.type !== 'MemberExpression' || name === null) {
    // `t.email.desc()`, `sql`..``, `lower(t.email)`: no column by itself.
    const chain = node.type === 'CallExpression' ? unwrap(node.callee) : null;
    return chain?.type === 'MemberExpression' && /^(?:asc|desc|nullsFirst|nullsLast|op)$/.test(propertyName(chain) ?? '') ? columnOf(within(at, chain.object)) : null;
  }
  const table = tableOf(within(at, node.object));
  return table && { table, column: columnNames(table).get(name) ?? name };
}

/** A table that a declaration names: by its name where its own declaration can be seen, else by the constant's. */
export function targetOf(at: Located): TableTarget | null {
  const table = tableOf(at);
  if (table) return { table: table.name, schema: table.schema, model: null };
  const node = unwrap(at.node);
  const model = node.type === 'Identifier' ? importedName(at.program, node) : node.type === 'MemberExpression' ? propertyName(node) : null;
  return model === null ? null : { table: null, schema: null, model };
}

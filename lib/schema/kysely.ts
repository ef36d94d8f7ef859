/** Migrations of Kysely, and the interfaces that describe a database to it, as the schema model. Facts: kysely 0.28, "Migrations"; kysely-codegen. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Range } from '../model/query.js';
import { foreignKeyAction, type ColumnDeclaration, type DroppedKey, type ForeignKeyDeclaration, type KeyDeclaration, type PredicateDeclaration, type TableDeclaration } from '../model/schema.js';
import { dottedNames, isFunction, parentOf, unwrap, wrapped } from '../source/ast.js';
import { typeKind } from '../sql/model/declarations.js';
import { callNamed, chainOf, type Chain, type ChainCall } from './chains.js';
import { change, undoing } from './changes.js';
import { nullTest, sqlPredicate } from './predicates.js';
import { called, elementsOf, literalValue, rangeOf, resolve, stringValue, stringValues, type Located, type Program } from './program.js';
import type { DeclarationReader } from './read.js';
import { interfaceTables } from './types.js';

export const kysely: DeclarationReader = {
  library: 'kysely',
  mentioned: /\bschema\b[\s\S]*\.\s*(?:createTable|alterTable|dropTable|createIndex)\s*\(/,
  read(program) {
    const undone = undoing(program.source);
    return program.calls.flatMap((node) => {
      const parent = parentOf(wrapped(node));
      const isInner = parent?.type === 'MemberExpression' && unwrap(parent.object) === node && parentOf(wrapped(parent))?.type === 'CallExpression';
      return isInner || undone([node.range[0], node.range[1]]) || !dottedNames(node).includes('schema') ? [] : readChain(program.at(node), program);
    });
  },
};

/** `interface DB { users: UsersTable }`, as people and kysely-codegen write it. */
export const kyselyTypes: DeclarationReader = {
  library: 'kysely-types',
  describes: true,
  mentioned: /\bKysely\b|from ['"]kysely['"]|\binterface (?:DB|Database)\b|\btype (?:DB|Database) =|\bColumnType<|\bGenerated</,
  read: (program) => interfaceTables(program, /^(?:DB|Database|Schema|\w+(?:DB|Database|DatabaseSchema))$/, 'kysely-types'),
};

function readChain(at: Located<TSESTree.CallExpression>, program: Program): TableDeclaration[] {
  const chain = chainOf(at), first = chain && callNamed(chain, 'createTable', 'alterTable', 'dropTable', 'createIndex');
  if (!chain || !first) return [];
  const start = first.name === 'createIndex' ? callNamed(chain, 'on')?.args[0] : first.args[0];
  const schema = stringValue(callNamed(chain, 'withSchema')?.args[0]);
  // `createTable(name, callback)` is Knex.
  if (!start || first.args.some((argument) => isFunction(resolve(argument).node))) return [];
  return stringValues(start).flatMap((written) => readTable(chain, first, schema === null ? written : `${schema}.${written}`, start, at, program));
}

function readTable(chain: Chain, first: ChainCall, name: string, start: Located, at: Located, program: Program): TableDeclaration[] {
  const place = (where: Located): Range => where.program === program ? rangeOf(where) : rangeOf(at);
  if (first.name === 'dropTable') return [change('drop', 'kysely', name, start, program)];
  if (first.name === 'createIndex') return [change('alter', 'kysely', name, start, program, { keys: [indexOf(chain, first, rangeOf(at), place)] })];
  const columns: ColumnDeclaration[] = [], keys: KeyDeclaration[] = [], foreignKeys: ForeignKeyDeclaration[] = [], dropped: { name: string; range: Range }[] = [], renamed: { from: string; to: string; range: Range }[] = [];
  const droppedKeys: DroppedKey[] = [];
  let renamedTo: string | null = null;
  for (const call of chain.calls) {
    const [one, two] = [stringValue(call.args[0]), stringValue(call.args[1])], range = place(call.args[0] ?? call.at);
    const list = call.args[1] ? elementsOf(call.args[1]).map((each) => stringValue(each)) : [];
    switch (call.name) {
      case 'addColumn': case 'modifyColumn': if (one !== null) readColumn(call, one, range, columns, keys, foreignKeys); break;
      case 'dropColumn': if (one !== null) dropped.push({ name: one, range }); break;
      case 'renameColumn': if (one !== null && two !== null) renamed.push({ from: one, to: two, range }); break;
      case 'renameTo': renamedTo = one; break;
      case 'addPrimaryKeyConstraint': keys.push({ kind: 'primary', name: one, columns: list, predicate: null, range }); break;
      case 'addUniqueConstraint': {
        const builder = call.args[2] ? chainOf(called(call.args[2])) : null;
        keys.push({ kind: 'unique', name: one, columns: list, predicate: null, constraint: true, ...(builder && callNamed(builder, 'nullsNotDistinct') && { nullsNotDistinct: true }), range });
        break;
      }
      case 'dropConstraint': case 'dropIndex': droppedKeys.push({ name: one, columns: null, range }); break;
      case 'addForeignKeyConstraint': {
        const table = stringValue(call.args[2]), others = call.args[3] ? elementsOf(call.args[3]).flatMap((each) => stringValue(each) ?? []) : [];
        const builder = call.args[4] ? chainOf(called(call.args[4])) : chain;
        if (table !== null && builder) foreignKeys.push({ columns: list.filter((each) => each !== null), target: targetOf(table), references: others, ...actions(builder), range });
      }
    }
  }
  return [change(first.name === 'createTable' ? 'create' : 'alter', 'kysely', name, start, program, { columns, keys, foreignKeys, dropped, ...(renamed.length > 0 && { renamed }), ...(droppedKeys.length > 0 && { droppedKeys }), ...(renamedTo !== null && { renamedTo }) })];
}

function targetOf(name: string) {
  const dot = name.lastIndexOf('.');
  return { table: name.slice(dot + 1), schema: dot > 0 ? name.slice(0, dot) : null, model: null };
}

function actions(chain: Chain): Pick<ForeignKeyDeclaration, 'onDelete' | 'onUpdate'> {
  const action = (name: string) => foreignKeyAction(stringValue(callNamed(chain, name)?.args[0]));
  return { onDelete: action('onDelete'), onUpdate: action('onUpdate') };
}

/** `.addColumn('deleted_at', 'timestamptz', (col) => col.notNull())`. */
function readColumn(call: ChainCall, name: string, range: Range, columns: ColumnDeclaration[], keys: KeyDeclaration[], foreignKeys: ForeignKeyDeclaration[]): void {
  const type = call.args[1] && resolve(call.args[1]), node = type?.node;
  const typeText = stringValue(type) ?? (node?.type === 'TaggedTemplateExpression' && node.quasi.quasis.length === 1 ? node.quasi.quasis[0]!.value.cooked : '');
  const chain = call.args[2] ? chainOf(called(call.args[2])) : null;
  const has = (...names: string[]): boolean => chain !== null && callNamed(chain, ...names) !== null;
  const value = chain && callNamed(chain, 'defaultTo'), plain = value?.args[0] ? literalValue(value.args[0]) : undefined;
  columns.push({
    name, type: typeKind(typeText ?? '', 'postgresql'), typeText: typeText ?? '', nullable: !has('notNull', 'primaryKey') && !/serial/.test(typeText ?? ''),
    hasDefault: has('autoIncrement', 'identity', 'generatedAlwaysAs', 'generatedAlwaysAsIdentity', 'generatedByDefaultAsIdentity') || /serial/.test(typeText ?? '') || (value !== null && plain !== null), ...(plain !== undefined && { defaultValue: plain }), range,
  });
  if (has('primaryKey')) keys.push({ kind: 'primary', name: null, columns: [name], predicate: null, range });
  if (has('unique')) keys.push({ kind: 'unique', name: null, columns: [name], predicate: null, range });
  const references = chain && stringValue(callNamed(chain, 'references')?.args[0]);
  const dot = references?.lastIndexOf('.') ?? -1;
  if (chain && references && dot > 0) foreignKeys.push({ columns: [name], target: targetOf(references.slice(0, dot)), references: [references.slice(dot + 1)], ...actions(chain), range });
}

function indexOf(chain: Chain, first: ChainCall, range: Range, place: (at: Located) => Range): KeyDeclaration {
  const columns = chain.calls.flatMap((call): (string | null)[] => call.name === 'column' ? [stringValue(call.args[0])] : call.name === 'columns' && call.args[0] ? elementsOf(call.args[0]).map((each) => stringValue(each))
    : call.name === 'expression' ? [null] : []);
  const where = callNamed(chain, 'where');
  return {
    kind: callNamed(chain, 'unique') ? 'unique' : 'index', name: stringValue(first.args[0]), columns: columns.map((column) => column?.replace(/\s+(?:asc|desc)$/i, '') ?? null),
    predicate: where && predicateOf(where, place), ...(callNamed(chain, 'nullsNotDistinct') && { nullsNotDistinct: true }), range,
  };
}

/** `.where('deleted_at', 'is', null)`, `` .where(sql`deleted_at is null`) ``. */
function predicateOf({ args, at }: ChainCall, place: (at: Located) => Range): PredicateDeclaration {
  const range = place(args[0] ?? at), text = args.map((each) => each.program.textOf(each.node)).join(', ');
  const column = stringValue(args[0]), operator = stringValue(args[1])?.toLowerCase();
  const node = args[0] && resolve(args[0]).node;
  if (column !== null && (operator === 'is' || operator === 'is not') && args[2] && literalValue(args[2]) === null) return { text, expr: nullTest(column, operator === 'is not', range), range };
  if (node?.type === 'TaggedTemplateExpression' && node.quasi.quasis.length === 1) return { ...sqlPredicate(node.quasi.quasis[0]!.value.cooked ?? '', range, 'postgresql'), text };
  return { text, expr: null, range };
}

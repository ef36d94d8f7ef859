/** Migrations of Kysely, and the interfaces that describe a database to it, as the schema model. Facts: kysely 0.28, "Migrations"; kysely-codegen. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Range } from '../model/query.js';
import { foreignKeyAction, type ColumnDeclaration, type DroppedKey, type ForeignKeyDeclaration, type KeyDeclaration, type PredicateDeclaration, type TableDeclaration } from '../model/schema.js';
import { dottedNames, isFunction, parentOf, unwrap, wrapped } from '../source/ast.js';
import { typeKind } from '../sql/model/declarations.js';
import { callNamed, chainOf, type Chain, type ChainCall } from './chains.js';
import { change, undoing } from './changes.js';
import { behind, chainAction, mended, nullColumn, renamedText, withArgument, withoutCalls, withoutElements } from './edits.js';
import { nullTest, sqlPredicate } from './predicates.js';
import { called, elementsOf, literalValue, rangeOf, resolve, stringValue, stringValues } from './program.js';
import type { Located, Program } from './project.js';
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
  if (first.name === 'createIndex') return [change('alter', 'kysely', name, start, program, { keys: [indexOf(chain, first, rangeOf(at), place, program)] })];
  const columns: ColumnDeclaration[] = [], keys: KeyDeclaration[] = [], foreignKeys: ForeignKeyDeclaration[] = [], dropped: { name: string; range: Range }[] = [], renamed: { from: string; to: string; range: Range }[] = [];
  const droppedKeys: DroppedKey[] = [];
  let renamedTo: string | null = null;
  for (const call of chain.calls) {
    const [one, two] = [stringValue(call.args[0]), stringValue(call.args[1])], range = place(call.args[0] ?? call.at);
    const list = call.args[1] ? elementsOf(call.args[1]).map((each) => stringValue(each)) : [];
    switch (call.name) {
      case 'addColumn': case 'modifyColumn': if (one !== null) readColumn(call, one, range, columns, keys, foreignKeys, program); break;
      case 'alterColumn': if (one !== null) alterColumn(call, one, range, columns, program); break;
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
        if (table !== null && builder) foreignKeys.push({ columns: list.filter((each) => each !== null), target: targetOf(table), references: others, ...actions(builder), range, withAction: constraintAction(call, builder, chain, program) });
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
function readColumn(call: ChainCall, name: string, range: Range, columns: ColumnDeclaration[], keys: KeyDeclaration[], foreignKeys: ForeignKeyDeclaration[], program: Program): void {
  const type = call.args[1] && resolve(call.args[1]), node = type?.node;
  const typeText = stringValue(type) ?? (node?.type === 'TaggedTemplateExpression' && node.quasi.quasis.length === 1 ? node.quasi.quasis[0]!.value.cooked : '');
  const chain = call.args[2] ? chainOf(called(call.args[2])) : null;
  const has = (...names: string[]): boolean => chain !== null && callNamed(chain, ...names) !== null;
  const value = chain && callNamed(chain, 'defaultTo'), plain = value?.args[0] ? literalValue(value.args[0]) : undefined;
  columns.push({
    name, type: typeKind(typeText ?? '', program.dialect), typeText: typeText ?? '', nullable: !has('notNull', 'primaryKey') && !/serial/.test(typeText ?? ''),
    hasDefault: has('autoIncrement', 'identity', 'generatedAlwaysAs', 'generatedAlwaysAsIdentity', 'generatedByDefaultAsIdentity') || /serial/.test(typeText ?? '') || (value !== null && plain !== null), ...(plain !== undefined && { defaultValue: plain }), range, ...(has('generatedAlwaysAs') && { generated: true }), ...remedies(call, chain, program),
  });
  if (has('primaryKey')) keys.push({ kind: 'primary', name: null, columns: [name], predicate: null, range });
  if (has('unique')) keys.push({ kind: 'unique', name: null, columns: [name], predicate: null, range });
  const references = chain && stringValue(callNamed(chain, 'references')?.args[0]);
  const dot = references?.lastIndexOf('.') ?? -1;
  if (chain && references && dot > 0) foreignKeys.push({ columns: [name], target: targetOf(references.slice(0, dot)), references: [references.slice(dot + 1)], ...actions(chain), range, withAction: chainAction(chain, callNamed(chain, 'references')!, program) });
}

function indexOf(chain: Chain, first: ChainCall, range: Range, place: (at: Located) => Range, program: Program): KeyDeclaration {
  const columns = chain.calls.flatMap((call): (string | null)[] => call.name === 'column' ? [stringValue(call.args[0])] : call.name === 'columns' && call.args[0] ? elementsOf(call.args[0]).map((each) => stringValue(each))
    : call.name === 'expression' ? [null] : []);
  const where = callNamed(chain, 'where');
  return {
    kind: callNamed(chain, 'unique') ? 'unique' : 'index', name: stringValue(first.args[0]), columns: columns.map((column) => column?.replace(/\s+(?:asc|desc)$/i, '') ?? null),
    predicate: where && predicateOf(where, place, program), ...(callNamed(chain, 'nullsNotDistinct') && { nullsNotDistinct: true }), range, asPartial: partialIndex(chain, program),
  };
}

/** `.alterColumn('deleted_at', (col) => col.dropNotNull())`. */
function alterColumn(call: ChainCall, name: string, range: Range, columns: ColumnDeclaration[], program: Program): void {
  const chain = call.args[1] ? chainOf(called(call.args[1])) : null;
  if (!chain) return;
  const type = stringValue(callNamed(chain, 'setDataType')?.args[0]);
  columns.push({
    name, type: type === null ? 'unknown' : typeKind(type, program.dialect), typeText: type ?? '', nullable: callNamed(chain, 'setNotNull') ? false : callNamed(chain, 'dropNotNull') ? true : 'unknown',
    hasDefault: callNamed(chain, 'setDefault') !== null, range,
  });
}

function remedies({ args, at }: ChainCall, chain: Chain | null, program: Program): Pick<ColumnDeclaration, 'asTimestamp' | 'asNullable' | 'asNamed'> {
  const [name, type, builder] = args;
  return {
    asNamed: (wanted) => mended([renamedText(name, wanted, program)], `'${wanted}'`),
    asNullable: () => chain && mended(withoutCalls(chain, ['notNull', 'defaultTo'], program), 'no default, and NULL'),
    asTimestamp: (wanted) => {
      const last = (builder ?? type)?.node, text = `'${wanted}', '${program.dialect === 'postgresql' ? 'timestamptz' : program.dialect === 'sqlite' ? 'text' : 'datetime'}'`;
      return at.program === program && name && last ? mended([{ range: [name.node.range[0], last.range[1]], text }], text) : null;
    },
  };
}

/** In a table that is made the last argument builds the constraint, in one that is changed the calls behind do. */
function constraintAction(call: ChainCall, builder: Chain, chain: Chain, program: Program): NonNullable<ForeignKeyDeclaration['withAction']> {
  if (builder !== chain) return chainAction(builder, builder.calls.at(-1)!, program);
  if (callNamed(chain, 'alterTable')) return chainAction(chain, call, program);
  return (action) => mended([withArgument(call.at, 4, `(cb) => cb.onDelete('${action}')`, program)], `onDelete('${action}')`);
}

/** Behind `.column('email')`; Kysely's `where` of an index takes a column, an operator and a value. */
function partialIndex(chain: Chain, program: Program): NonNullable<KeyDeclaration['asPartial']> {
  return (condition, without = []) => {
    const column = nullColumn(condition), on = chain.calls.findLast(({ name }) => name === 'column' || name === 'columns' || name === 'expression');
    if (column === null || !on || callNamed(chain, 'where') || program.dialect === 'mysql' || program.dialect === 'mariadb') return null;
    const [list] = on.args, names = list ? elementsOf(list).map((each) => stringValue(each)) : [];
    if (without.length > 0 && (on.name !== 'columns' || !list)) return null;
    const shown = `.where('${column}', 'is', null)`;
    return mended([...list ? withoutElements(list, without, names, program) : [], behind(on, shown, program)], shown);
  };
}

/** `.where('deleted_at', 'is', null)`, `` .where(sql`deleted_at is null`) ``. */
function predicateOf({ args, at }: ChainCall, place: (at: Located) => Range, { dialect }: Program): PredicateDeclaration {
  const range = place(args[0] ?? at), text = args.map((each) => each.program.textOf(each.node)).join(', ');
  const column = stringValue(args[0]), operator = stringValue(args[1])?.toLowerCase();
  const node = args[0] && resolve(args[0]).node;
  if (column !== null && (operator === 'is' || operator === 'is not') && args[2] && literalValue(args[2]) === null) return { text, expr: nullTest(column, operator === 'is not', range), range };
  if (node?.type === 'TaggedTemplateExpression' && node.quasi.quasis.length === 1) return { ...sqlPredicate(node.quasi.quasis[0]!.value.cooked ?? '', range, dialect), text };
  return { text, expr: null, range };
}

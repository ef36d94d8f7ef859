/**
 * Tables of Drizzle (`pgTable`, `mysqlTable`, `sqliteTable` ..), `relations()` and `defineRelations()` as the schema model.
 * Facts: drizzle-orm 0.45 and 1.0-rc, "Schema", "Indexes & Constraints" of its documentation.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Dialect } from '../manifest/catalog.js';
import { foreignKeyAction, type ColumnDeclaration, type ColumnType, type ForeignKeyDeclaration, type KeyDeclaration, type TableDeclaration, type TableTarget } from '../model/schema.js';
import { isFunction, parentOf, propertyName, unwrap, wrapped, type FunctionNode } from '../source/ast.js';
import { typeKind } from '../sql/model/declarations.js';
import { callNamed, chainOf, type Chain, type ChainCall } from './chains.js';
import { columnRemedies, partialKey, referenceAction } from './drizzle/remedies.js';
import { conditionOf } from './drizzle/conditions.js';
import { columnChains, columnOf, DIALECTS, tableOf, targetOf, type TableCall } from './drizzle/names.js';
import { readQueryKeys, readRelations, readRelationsV2 } from './drizzle/relations.js';
import { chainAction } from './edits.js';
import { called, elementsOf, isWhole, literalValue, propertiesOf, property, rangeOf, resolve, returned, stringValue, within } from './program.js';
import type { Located, Program } from './project.js';
import type { DeclarationReader } from './read.js';

export const drizzle: DeclarationReader = {
  library: 'drizzle',
  mentioned: /\b(?:pg|mysql|sqlite|singlestore|cockroach|gel|mssql)(?:Table|Schema|(?:Materialized)?View|Policy)|TableCreator\b|\bdrizzle\b|\bdefineRelations/,
  read: (program) => [...readTables(program), ...readRelations(program), ...readRelationsV2(program), ...readQueryKeys(program)],
  dialect(program) {
    const core = [...program.modules].map((module) => /^drizzle-orm\/(\w+)-core/.exec(module)?.[1]).find((name) => name !== undefined);
    return core === undefined ? null : DIALECTS[core] ?? null;
  },
};

function readTables(program: Program): TableDeclaration[] {
  const found = new Map<object, TableDeclaration>();
  for (const node of program.calls) {
    const table = tableOf(program.at(node));
    // The call of a helper that makes a table is one; so is the call inside of it, where the name is known.
    if (!table || (table.call.at.node !== node && (table.call.at.program === program && isInside(table.call.at.node, program, node)))) continue;
    const model = constantName(node);
    const known = found.get(node);
    if (!known) found.set(node, declarationOf(table, model, program, node));
  }
  return [...found.values()];
}

/** Is the table's call a part of this one (`pgTable(..).enableRLS()`), or another one of the file? */
function isInside(call: TSESTree.CallExpression, program: Program, node: TSESTree.CallExpression): boolean {
  return node.range[0] <= call.range[0] && call.range[1] <= node.range[1] && program.calls.includes(call);
}

/** The constant or property that a table is assigned to, through what is chained behind it. */
function constantName(call: TSESTree.CallExpression): string | null {
  let at = wrapped(call), parent = parentOf(at);
  while (parent?.type === 'MemberExpression' && parent.object === at && parentOf(parent)?.type === 'CallExpression') {
    at = wrapped(parentOf(parent)!);
    parent = parentOf(at);
  }
  if (parent?.type === 'VariableDeclarator') return parent.id.type === 'Identifier' ? parent.id.name : null;
  if (parent?.type === 'Property' || parent?.type === 'PropertyDefinition') return propertyName(parent);
  return parent?.type === 'AssignmentExpression' && parent.left.type === 'MemberExpression' ? propertyName(parent.left) : null;
}

function declarationOf(table: TableCall, model: string | null, program: Program, node: TSESTree.CallExpression): TableDeclaration {
  const columns: ColumnDeclaration[] = [], keys: KeyDeclaration[] = [], foreignKeys: ForeignKeyDeclaration[] = [];
  // What another file spreads in stands at the table's name here.
  const nameAt = table.call.args[0]!.program === program ? rangeOf(table.call.args[0]!) : [node.range[0], node.range[1]] as const;
  const placeOf = (at: Located) => at.program === program ? rangeOf(at) : nameAt;
  for (const [name, { column, chain, at, value }] of columnChains(table)) {
    const key = at.node.type === 'Property' ? within(at, at.node.key) : at;
    columns.push({ ...readColumn(name, column, chain, table.dialect, placeOf(key)), ...(chain && columnRemedies(name, chain, key, value, table.dialect, program)) });
    if (!chain) continue;
    const place = placeOf(at);
    if (callNamed(chain, 'primaryKey')) keys.push({ kind: 'primary', name: null, columns: [column], predicate: null, range: place });
    const unique = callNamed(chain, 'unique');
    if (unique) keys.push({ kind: 'unique', name: stringValue(unique.args[0]), columns: [column], predicate: null, range: place });
    const reference = callNamed(chain, 'references');
    const target = reference?.args[0] && referenced(called(reference.args[0]));
    if (target) {
      const action = (side: string) => foreignKeyAction(stringValue(property(reference.args[1], side)));
      foreignKeys.push({ columns: [column], target: target.target, references: target.column === null ? [] : [target.column], onDelete: action('onDelete'), onUpdate: action('onUpdate'), range: place, withAction: referenceAction(reference, program) });
    }
  }
  readExtras(table, program, placeOf, keys, foreignKeys);
  return {
    kind: 'create', library: 'drizzle', name: table.name, schema: table.schema, range: nameAt, models: model === null ? [] : [model],
    columns, dropped: [], complete: table.call.args[1] !== undefined && isWhole(called(table.call.args[1])), keys, foreignKeys, relations: [], marker: null,
  };
}

/** The column that `references(() => users.id)` leads to. */
function referenced(at: Located): { readonly target: TableTarget; readonly column: string | null } | null {
  const found = columnOf(at);
  if (found) return { target: { table: found.table.name, schema: found.table.schema, model: null }, column: found.column };
  const node = unwrap(at.node);
  const target = node.type === 'MemberExpression' ? targetOf(within(at, node.object)) : null;
  return target && { target, column: propertyName(node) };
}

function readColumn(name: string, column: string, chain: Chain | null, dialect: Dialect, range: readonly [number, number]): ColumnDeclaration {
  const first = chain?.calls[0];
  const value = chain && callNamed(chain, 'default');
  const plain = value?.args[0] ? literalValue(value.args[0]) : undefined;
  return {
    name: column, property: name, ...columnType(first, dialect), range: [range[0], range[1]],
    nullable: chain === null ? 'unknown' : !callNamed(chain, 'notNull', 'primaryKey') && !/serial$/i.test(first?.name ?? ''),
    hasDefault: chain !== null && (literalValue(property(callNamed(chain, 'primaryKey')?.args[0], 'autoIncrement')) === true || chain.calls.some((call) => /^(?:\$?default\w*|\$onUpdate\w*|autoincrement|generated\w+)$/.test(call.name))),
    ...(plain !== undefined && { defaultValue: plain }),
  };
}

function columnType(first: ChainCall | undefined, dialect: Dialect): Pick<ColumnDeclaration, 'type' | 'typeText'> {
  if (!first) return { type: 'unknown', typeText: '' };
  const options = first.args.find((argument) => resolve(argument).node.type === 'ObjectExpression');
  const mode = stringValue(property(options, 'mode')), zoned = literalValue(property(options, 'withTimezone'));
  return { type: kindOf(first, mode, zoned === true, dialect), typeText: `${first.name}${mode === null ? '' : `({ mode: '${mode}' })`}` };
}

function kindOf(first: ChainCall, mode: string | null, zoned: boolean, dialect: Dialect): ColumnType {
  switch (first.name) {
    case 'boolean': return 'boolean';
    case 'timestamp': return zoned || dialect === 'mysql' ? 'timestamptz' : 'timestamp';
    case 'datetime': return 'timestamp';
    case 'date': return 'date';
    case 'text': case 'varchar': case 'char': case 'tinytext': case 'mediumtext': case 'longtext': case 'uuid': return 'text';
    case 'integer': case 'int': case 'bigint': case 'smallint': case 'mediumint': case 'tinyint': case 'serial': case 'bigserial': case 'smallserial':
      return mode === 'boolean' ? 'boolean' : mode === 'timestamp' || mode === 'timestamp_ms' ? 'timestamp' : 'integer';
    case 'json': case 'jsonb': case 'real': case 'numeric': case 'decimal': case 'double': case 'doublePrecision': case 'float': case 'blob': case 'bytea': case 'binary': case 'varbinary': case 'vector': case 'interval': case 'time': case 'year':
      return 'other';
    default: return customKind(first, dialect);
  }
}

/** The type that a `customType({ dataType: () => 'timestamptz' })` names. */
function customKind(first: ChainCall, dialect: Dialect): ColumnType {
  const callee = unwrap(first.at.node.callee);
  const made = first.name === 'customType' ? { calls: [first] } : callee.type === 'Identifier' ? chainOf(within(first.at, callee)) : null;
  const options = made?.calls[0]?.name === 'customType' ? made.calls[0].args[0] : null;
  const dataType = property(options, 'dataType');
  const text = dataType && stringValue(called(dataType));
  return text ? typeKind(text, dialect) : 'unknown';
}

/** The third argument: indexes and constraints, as a list or an object. */
function readExtras(table: TableCall, program: Program, placeOf: (at: Located) => readonly [number, number], keys: KeyDeclaration[], foreignKeys: ForeignKeyDeclaration[]): void {
  const argument = table.call.args[2] && resolve(table.call.args[2]);
  if (!argument || !isFunction(argument.node)) return;
  const result = returned(argument as Located<FunctionNode>, [table.call.at]);
  if (!result) return;
  const value = resolve(result);
  const extras = value.node.type === 'ArrayExpression' ? elementsOf(value) : [...propertiesOf(value).values()].map((each) => each.value);
  for (const extra of extras) {
    const chain = chainOf(extra), first = chain?.calls[0];
    if (!chain || !first) continue;
    const [start, end] = placeOf(extra), range = [start, end] as const;
    const columns = (list: readonly Located[]) => list.map((each) => columnOf(each)?.column ?? null);
    switch (first.name) {
      case 'unique': case 'uniqueIndex': case 'index': {
        const on = callNamed(chain, 'on', 'onOnly', 'using'), where = callNamed(chain, 'where');
        const list = on?.name === 'using' ? on.args.slice(1) : on?.args ?? [];
        keys.push({
          kind: first.name === 'index' ? 'index' : 'unique', name: stringValue(first.args[0]), columns: columns(list),
          predicate: where?.args[0] ? conditionOf(where.args[0], table.dialect, placeOf(where.args[0])) : null, range, ...(callNamed(chain, 'nullsNotDistinct') && { nullsNotDistinct: true }),
          ...(first.name === 'unique' && { constraint: true }), asPartial: partialKey(chain, table.dialect, program),
        });
        break;
      }
      case 'primaryKey': {
        const named = property(first.args[0], 'columns');
        keys.push({ kind: 'primary', name: stringValue(property(first.args[0], 'name')), columns: columns(named ? elementsOf(named) : first.args), predicate: null, range });
        break;
      }
      case 'foreignKey': {
        const options = called(first.args[0] ?? first.at);
        const own = property(options, 'columns'), other = property(options, 'foreignColumns');
        const references = other ? elementsOf(other).map(referenced) : [];
        const ownColumns = own ? columns(elementsOf(own)).filter((column) => column !== null) : [];
        if (ownColumns.length === 0 || !references[0]) break;
        const action = (name: string) => foreignKeyAction(stringValue(callNamed(chain, name)?.args[0]));
        foreignKeys.push({ columns: ownColumns, target: references[0].target, references: references.flatMap((each) => each?.column ?? []), onDelete: action('onDelete'), onUpdate: action('onUpdate'), range, withAction: chainAction(chain, chain.calls.at(-1)!, program) });
      }
    }
  }
}

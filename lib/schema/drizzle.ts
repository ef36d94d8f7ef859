/**
 * Tables of Drizzle (`pgTable`, `mysqlTable`, `sqliteTable` ..), `relations()` and `defineRelations()` as the schema model.
 * Facts: drizzle-orm 0.45 and 1.0-rc, "Schema", "Indexes & Constraints", "Relations" (v1 and v2) of its documentation.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Dialect } from '../manifest/catalog.js';
import type { Expr } from '../model/query.js';
import { foreignKeyAction, type ColumnDeclaration, type ColumnType, type ForeignKeyDeclaration, type KeyDeclaration, type PredicateDeclaration, type RelationDeclaration, type TableDeclaration, type TableTarget } from '../model/schema.js';
import { isFunction, parentOf, propertyName, unwrap, wrapped, type FunctionNode } from '../source/ast.js';
import { typeKind } from '../sql/model/declarations.js';
import { additionTo } from './entities.js';
import { callNamed, chainOf, type Chain, type ChainCall } from './chains.js';
import { columnRemedies, partialKey, referenceAction } from './drizzle-remedies.js';
import { chainAction } from './edits.js';
import { conjunction, equals, nullTest, sqlPredicate } from './predicates.js';
import { called, elementsOf, importedName, isWhole, literalValue, propertiesOf, property, rangeOf, resolve, returned, stringValue, within } from './program.js';
import type { Located, Program } from './project.js';
import type { DeclarationReader } from './read.js';

export const drizzle: DeclarationReader = {
  library: 'drizzle',
  mentioned: /\b(?:pg|mysql|sqlite|singlestore|cockroach|gel|mssql)(?:Table|Schema)|TableCreator\b|\bdrizzle\b|\bdefineRelations/,
  read: (program) => [...readTables(program), ...readRelations(program), ...readRelationsV2(program), ...readQueryKeys(program)],
  dialect(program) {
    const core = [...program.modules].map((module) => /^drizzle-orm\/(\w+)-core/.exec(module)?.[1]).find((name) => name !== undefined);
    return core === undefined ? null : DIALECTS[core] ?? null;
  },
};

const DIALECTS: Readonly<Record<string, Dialect>> = { pg: 'postgresql', cockroach: 'postgresql', gel: 'postgresql', mysql: 'mysql', singlestore: 'mysql', sqlite: 'sqlite' };

/** A call that makes a table. */
interface TableCall {
  readonly call: ChainCall;
  readonly name: string;
  readonly schema: string | null;
  readonly dialect: Dialect;
}

const FACTORY = /^(pg|mysql|sqlite|singlestore|cockroach|gel|mssql)(Table|TableCreator|Schema)$/;

/** The table that an expression is (`users`, `schema.users`, `pgTable('users', ..)`); null where it is none that can be seen. */
function tableOf(at: Located): TableCall | null {
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

function dialectOf(factory: RegExpExecArray): Dialect {
  return DIALECTS[factory[1]!] ?? 'postgresql';
}

function fromCreator(creator: ChainCall, call: ChainCall, dialect: Dialect): TableCall | null {
  const rename = creator.args[0] && resolve(creator.args[0]);
  if (!rename || !isFunction(rename.node) || !call.args[0]) return null;
  const name = returned(rename as Located<FunctionNode>, [call.args[0]]);
  return named(call, name && stringValue(name), null, dialect);
}

/** Columns of a table by their properties, with the chains that declare them. */
function columnChains(table: TableCall): Map<string, { readonly column: string; readonly chain: Chain | null; readonly at: Located; readonly value: Located }> {
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
function columnNames(table: TableCall): ReadonlyMap<string, string> {
  const key = table.call.at.node, known = columnsByCall.get(key);
  if (known) return known;
  const names = new Map([...columnChains(table)].map(([name, { column }]) => [name, column]));
  columnsByCall.set(key, names);
  return names;
}

/** The table and column that `users.email` means. */
function columnOf(at: Located): { readonly table: TableCall; readonly column: string } | null {
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
function targetOf(at: Located): TableTarget | null {
  const table = tableOf(at);
  if (table) return { table: table.name, schema: table.schema, model: null };
  const node = unwrap(at.node);
  const model = node.type === 'Identifier' ? importedName(at.program, node) : node.type === 'MemberExpression' ? propertyName(node) : null;
  return model === null ? null : { table: null, schema: null, model };
}

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

/** A condition on columns: `isNull(t.deletedAt)`, `and(..)`, `sql`..``. */
function conditionOf(at: Located, dialect: Dialect, place: readonly [number, number]): PredicateDeclaration {
  const range = [place[0], place[1]] as const, value = resolve(at), text = value.program.textOf(value.node);
  if (value.node.type === 'TaggedTemplateExpression') {
    const sql = templateText(value as Located<TSESTree.TaggedTemplateExpression>);
    return sql === null ? { text, expr: null, range } : sqlPredicate(sql, range, dialect);
  }
  return { text, expr: conditionExpr(value, dialect, range), range };
}

/** The SQL of a template whose interpolations are columns; null where one is something else. */
function templateText({ node, program, env }: Located<TSESTree.TaggedTemplateExpression>): string | null {
  let text = '';
  for (const [i, quasi] of node.quasi.quasis.entries()) {
    const expression = node.quasi.expressions[i];
    text += quasi.value.cooked;
    if (!expression) continue;
    const column = columnOf({ node: expression, program, env })?.column;
    if (column === undefined) return null;
    text += dialectQuote(column);
  }
  return text;
}

function dialectQuote(name: string): string {
  return /^\w+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function conditionExpr(at: Located, dialect: Dialect, range: readonly [number, number]): Expr | null {
  const chain = chainOf(at), first = chain?.calls.length === 1 ? chain.calls[0]! : null;
  if (!first) return at.node.type === 'TaggedTemplateExpression' ? conditionOf(at, dialect, range).expr : null;
  const column = first.args[0] ? columnOf(first.args[0])?.column ?? null : null;
  const inner = (): (Expr | null)[] => first.args.map((argument) => conditionExpr(resolve(argument), dialect, range));
  switch (first.name) {
    case 'isNull': case 'isNotNull': return column === null ? null : nullTest(column, first.name === 'isNotNull', range);
    case 'eq': {
      const value = first.args[1] ? literalValue(first.args[1]) : undefined;
      return column === null || value === undefined || value === null ? null : equals(column, value, range);
    }
    case 'and': return conjunction(inner(), range);
    case 'or': {
      const operands = inner();
      return operands.length === 0 || operands.includes(null) ? null : { type: 'or', operands: operands as Expr[], range };
    }
    case 'not': {
      const [operand] = inner();
      return operand ? { type: 'not', operand, range } : null;
    }
    default: return null;
  }
}

/** A declaration that adds relations, or a name, to a table that is declared elsewhere. */
function addition(table: TableTarget, range: readonly [number, number], more: Partial<TableDeclaration>): TableDeclaration | null {
  return additionTo('drizzle', table, [range[0], range[1]], more);
}

/** `relations(users, ({ one, many }) => ({ posts: many(posts) }))`. */
function readRelations(program: Program): TableDeclaration[] {
  return program.calls.flatMap((node) => {
    const [table, callback] = node.arguments;
    if (node.callee.type !== 'Identifier' || importedName(program, node.callee) !== 'relations' || !table || !callback) return [];
    const target = targetOf(program.at(table));
    const declared = propertiesOf(called(program.at(callback)));
    const relations = [...declared.values()].flatMap(({ name, value, at }): RelationDeclaration[] => {
      const call = chainOf(value)?.calls.at(-1);
      const other = call?.args[0] && targetOf(call.args[0]);
      if (!call || !other || !/^(?:one|many)$/.test(call.name)) return [];
      const pair = stringValue(property(call.args[1], 'relationName'));
      const on = pairsOf(columnList(property(call.args[1], 'fields')), columnList(property(call.args[1], 'references')));
      return [{ property: name, target: other, many: call.name === 'many', optional: null, on, through: null, ...(pair !== null && { pair }), predicate: null, range: rangeOf(at) }];
    });
    const added = target && addition(target, rangeOf(program.at(table)), { relations });
    return added ? [added] : [];
  });
}

function columnList(at: Located | null): (string | null)[] {
  return at ? elementsOf(at).map((each) => {
    const node = unwrap(each.node);
    return columnOf(each)?.column ?? (node.type === 'MemberExpression' ? propertyName(node) : null);
  }) : [];
}

function pairsOf(own: readonly (string | null)[], other: readonly (string | null)[]): Record<string, string> | null {
  if (own.length === 0 || own.length !== other.length || own.includes(null) || other.includes(null)) return null;
  return Object.fromEntries(own.map((column, i) => [column!, other[i]!]));
}

/** `defineRelations(schema, (r) => ({ users: { posts: r.many.posts({ from: r.users.id, to: r.posts.authorId }) } }))`. */
function readRelationsV2(program: Program): TableDeclaration[] {
  return program.calls.flatMap((node) => {
    const [schema, callback] = node.arguments;
    if (node.callee.type !== 'Identifier' || !/^defineRelations(?:Part)?$/.test(importedName(program, node.callee)) || !schema || !callback) return [];
    const schemaAt = resolve(program.at(schema));
    const reader = new RelationsV2(schemaAt, program);
    return [...propertiesOf(called(program.at(callback))).values()].flatMap(({ name, value, at }) => reader.read(name, value, at));
  });
}

class RelationsV2 {
  constructor(private readonly schema: Located, private readonly program: Program) {}

  read(key: string, relations: Located, at: Located): TableDeclaration[] {
    const table = this.#table(key);
    if (!table) return [];
    const declared = [...propertiesOf(relations).values()].flatMap(({ name, value, at: place }) => this.#relation(name, value, place));
    const added = addition({ table: table.name, schema: table.schema, model: null }, rangeOf(at), { relations: declared, models: [key] });
    return added ? [added] : [];
  }

  #table(key: string): TableCall | null {
    const { node, program } = this.schema;
    const member = node.type === 'Program' ? program.exported(key) : propertiesOf(this.schema).get(key)?.value ?? null;
    return member && tableOf(member);
  }

  #relation(name: string, value: Located, place: Located): RelationDeclaration[] {
    const call = chainOf(value)?.calls.at(-1);
    const callee = call && unwrap(call.at.node.callee);
    const kind = callee?.type === 'MemberExpression' ? unwrap(callee.object) : null;
    const cardinality = kind?.type === 'MemberExpression' ? propertyName(kind) : null;
    const other = call && this.#table(call.name);
    if (!call || !other || (cardinality !== 'one' && cardinality !== 'many')) return [];
    const options = call.args[0];
    const from = this.#ends(property(options, 'from')), to = this.#ends(property(options, 'to'));
    const through = from.find((end) => end.through)?.through ?? null;
    const optional = literalValue(property(options, 'optional')), alias = stringValue(property(options, 'alias')), where = property(options, 'where');
    const dialect = other.dialect;
    return [{
      property: name, target: { table: other.name, schema: other.schema, model: null }, many: cardinality === 'many',
      optional: cardinality === 'many' ? null : optional === false ? false : options ? true : null,
      on: through ? null : pairsOf(from.map(({ column }) => column), to.map(({ column }) => column)),
      through: through && { table: through.name, schema: through.schema, model: null },
      ...(alias !== null && { pair: alias }),
      predicate: where && { text: where.program.textOf(where.node), expr: this.#conditions(where, other, dialect), range: where.program === this.program ? rangeOf(where) : rangeOf(place) },
      range: rangeOf(place),
    }];
  }

  /** `r.users.id`, `[r.a.x, r.a.y]`, `r.users.id.through(r.usersToGroups.userId)`. */
  #ends(at: Located | null): { readonly column: string | null; readonly through: TableCall | null }[] {
    return at ? elementsOf(at).map((each) => {
      let node = unwrap(each.node), through: TableCall | null = null;
      if (node.type === 'CallExpression') {
        const callee = unwrap(node.callee), argument = node.arguments[0] && unwrap(node.arguments[0]);
        if (argument?.type === 'MemberExpression') {
          const owner = unwrap(argument.object);
          through = owner.type === 'MemberExpression' ? this.#table(propertyName(owner) ?? '') : null;
        }
        node = callee.type === 'MemberExpression' ? unwrap(callee.object) : node;
      }
      const owner = node.type === 'MemberExpression' ? unwrap(node.object) : null;
      const table = owner?.type === 'MemberExpression' ? this.#table(propertyName(owner) ?? '') : null;
      const name = node.type === 'MemberExpression' ? propertyName(node) : null;
      return { column: name === null ? null : (table && columnNames(table).get(name)) ?? name, through };
    }) : [];
  }

  /** `{ deletedAt: { isNull: true }, deleted: false }`. */
  #conditions(where: Located, table: TableCall, dialect: Dialect): Expr | null {
    const range = rangeOf(where), names = columnNames(table);
    return conjunction([...propertiesOf(where).values()].map(({ name, value }): Expr | null => {
      if (name === 'AND') return conjunction(elementsOf(value).map((each) => this.#conditions(resolve(each), table, dialect)), range);
      const column = names.get(name);
      if (column === undefined) return null;
      const plain = literalValue(value);
      if (plain !== undefined && plain !== null) return equals(column, plain, range);
      const operators = [...propertiesOf(value).values()];
      return conjunction(operators.map((operator): Expr | null => {
        const operand = literalValue(operator.value);
        if (operand === true && (operator.name === 'isNull' || operator.name === 'isNotNull')) return nullTest(column, operator.name === 'isNotNull', range);
        return operator.name === 'eq' && operand !== undefined && operand !== null ? equals(column, operand, range) : null;
      }), range);
    }), range);
  }
}

/** The keys of `db.query`, where `drizzle(client, { schema: { .. } })` gives tables other names than their constants have. */
function readQueryKeys(program: Program): TableDeclaration[] {
  return program.calls.flatMap((node) => {
    if (node.callee.type !== 'Identifier' || importedName(program, node.callee) !== 'drizzle') return [];
    return node.arguments.flatMap((argument) => {
      const schema = property(program.at(argument), 'schema');
      return schema?.node.type === 'ObjectExpression' ? [...propertiesOf(schema).values()].flatMap(({ name, value, at }) => {
        const table = tableOf(value);
        const added = table && addition({ table: table.name, schema: table.schema, model: null }, at.program === program ? rangeOf(at) : [node.range[0], node.range[1]], { models: [name] });
        return added ? [added] : [];
      }) : [];
    });
  });
}

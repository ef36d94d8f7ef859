/**
 * Entities of MikroORM (decorators, `defineEntity`, `EntitySchema`) as the schema model.
 * Facts: @mikro-orm/core 6 and 7, "Defining Entities", "Filters", and `UnderscoreNamingStrategy`, which names what no declaration names.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Expr, Range } from '../model/query.js';
import { foreignKeyAction, type ColumnDeclaration, type ForeignKeyDeclaration, type KeyDeclaration, type PredicateDeclaration, type RelationDeclaration, type TableDeclaration, type TableTarget } from '../model/schema.js';
import { parentOf, propertyName, unwrap, type ClassNode, type Node } from '../source/ast.js';
import { typeKind } from '../sql/model/declarations.js';
import { callNamed, chainOf, type Chain } from './chains.js';
import { constructorKind, decorator, expandedDecorators, membersOf, optionsOf, referredClass, referredMember, referredMembers, type Member } from './entities.js';
import { builderEdits, decoratorEdits, optionEdits, underscore, type PropertyEdits } from './mikro-remedies.js';
import { conjunction, equals, nullTest, sqlPredicate } from './predicates.js';
import { called, className, elementsOf, importedName, lineage, literalValue, propertiesOf, property, rangeOf, resolve, stringValue, within, type DecoratorUse } from './program.js';
import type { Located, Program } from './project.js';
import type { DeclarationReader } from './read.js';
import { isMikroOrm } from './typeorm.js';

export const mikroOrm: DeclarationReader = {
  library: 'mikro-orm',
  mentioned: /mikro-orm/,
  read: (program) => isMikroOrm(program) ? [
    ...program.classes.flatMap((node) => readEntity(program.at(node))),
    ...[...program.calls, ...program.constructions].flatMap((node) => readDefinition(program.at(node))),
  ] : [],
};

/** One property of an entity, whichever way it is declared. */
interface Property {
  readonly name: string;
  readonly kind: 'column' | 'primary' | 'm:1' | '1:1' | '1:m' | 'm:n';
  readonly column: Pick<ColumnDeclaration, 'type' | 'typeText'>;
  readonly fieldNames: readonly string[];
  readonly nullable: boolean | 'unknown';
  readonly defaultValue: Located | null;
  readonly unique: boolean;
  readonly target: Located | null;
  /** The target by the member's type, where no expression names it. */
  readonly targetName: string | null;
  readonly inverse: string | null;
  readonly owner: boolean | null;
  readonly pivot: TableTarget | null;
  readonly where: Located | null;
  readonly onDelete: string | null;
  readonly onUpdate: string | null;
  readonly range: Range;
  readonly edits: PropertyEdits;
}

interface Entity {
  readonly name: string;
  readonly table: string | null;
  readonly schema: string | null;
  readonly models: readonly string[];
  readonly properties: readonly Property[];
  /** Conditions of filters that are on by default. */
  readonly filters: readonly Located[];
  readonly indexes: readonly { readonly unique: boolean; readonly options: Located }[];
  readonly range: Range;
  readonly program: Program;
}

function declarationOf(entity: Entity): TableDeclaration {
  const columns: ColumnDeclaration[] = [], keys: KeyDeclaration[] = [], foreignKeys: ForeignKeyDeclaration[] = [], relations: RelationDeclaration[] = [], primary: string[] = [];
  const named = new Map<string, readonly string[]>();
  for (const each of entity.properties) {
    const target = each.target ? targetOf(each.target) : each.targetName === null ? null : { table: null, schema: null, model: each.targetName };
    const owns = each.kind === 'm:1' || (each.kind === '1:1' && (each.owner ?? each.inverse === null));
    const isRelation = each.kind !== 'column' && each.kind !== 'primary';
    if (!isRelation || owns) {
      const names = each.fieldNames.length > 0 ? each.fieldNames : [isRelation ? `${underscore(each.name)}_id` : underscore(each.name)];
      named.set(each.name, names);
      const plain = each.defaultValue ? literalValue(each.defaultValue) : undefined, { withAction, ...columnEdits } = each.edits;
      for (const name of names) {
        columns.push({ name, property: each.name, ...each.column, nullable: each.kind === 'primary' ? false : each.nullable, hasDefault: each.defaultValue !== null, ...(plain !== undefined && { defaultValue: plain }), range: each.range, ...(names.length === 1 && !isRelation && columnEdits) });
      }
      if (each.kind === 'primary') primary.push(...names);
      if (each.unique || each.kind === '1:1') keys.push({ kind: 'unique', name: null, columns: names, predicate: null, range: each.range });
      if (owns && target) foreignKeys.push({ columns: names, target, references: [], onDelete: foreignKeyAction(each.onDelete), onUpdate: foreignKeyAction(each.onUpdate), range: each.range, withAction });
    }
    if (!isRelation || !target) continue;
    const many = each.kind === '1:m' || each.kind === 'm:n';
    const own = named.get(each.name);
    relations.push({
      property: each.name, target, many, optional: many ? null : owns ? each.nullable === 'unknown' ? null : each.nullable : true, on: owns && own?.length === 1 ? { [own[0]!]: 'id' } : null, through: each.pivot,
      ...(each.inverse !== null && { inverse: each.inverse }), predicate: each.where && predicateOf(each.where, entity.program, each.range), range: each.range,
    });
  }
  if (primary.length > 0) keys.unshift({ kind: 'primary', name: null, columns: primary, predicate: null, range: entity.range });
  const columnOf = (name: string | null): string | null => name === null ? null : named.get(name)?.[0] ?? underscore(name);
  for (const { unique, options } of entity.indexes) {
    const list = propertiesOf(options).get('properties'), where = property(options, 'where');
    if (list) keys.push({ kind: unique ? 'unique' : 'index', name: stringValue(property(options, 'name')), columns: referredMembers(list.value).map(columnOf), predicate: where && predicateOf(where, entity.program, entity.range, columnOf), range: entity.range });
  }
  const filters = entity.filters.flatMap((condition) => [...propertiesOf(condition).values()].flatMap(({ name, value }) => keepsOne(value) ? [columnOf(name)!] : []));
  return {
    kind: 'create', library: 'mikro-orm', name: entity.table ?? underscore(entity.name), schema: entity.schema, range: entity.range, models: [...new Set(entity.models)],
    columns, dropped: [], keys, foreignKeys, relations, ...(filters.length > 0 && { filters }), marker: null,
  };
}

/** `null` and `false`: what the tombstone of a live row holds. */
function keepsOne(at: Located): boolean {
  const value = comparedValue(at);
  return value === null || value === false || value === 0;
}

/** The value that a condition compares with: `null`, `{ $eq: null }`; undefined where it compares otherwise. */
function comparedValue(at: Located): ReturnType<typeof literalValue> {
  const plain = literalValue(at);
  return plain === undefined ? literalValue(property(at, '$eq')) : plain;
}

/** The condition of a filter that is on by default: an object, or the result of a function (of a conditional one the last). */
function filterCondition(at: Located): Located[] {
  const isDefault = literalValue(property(at, 'default')), condition = propertiesOf(at).get('cond');
  if (isDefault !== true || !condition) return [];
  const value = resolve(called(condition.value));
  if (value.node.type !== 'ConditionalExpression') return [value];
  return [value.node.consequent, value.node.alternate].map((node) => resolve(within(value, node as Node))).filter((each) => propertiesOf(each).size > 0);
}

function predicateOf(where: Located, program: Program, fallback: Range, columnOf: (name: string) => string | null = underscore): PredicateDeclaration {
  const range = where.program === program ? rangeOf(where) : fallback, text = stringValue(where);
  if (text !== null) return sqlPredicate(text, range, 'postgresql');
  const expr = conjunction([...propertiesOf(where).values()].map(({ name, value }): Expr | null => {
    const column = columnOf(name), plain = comparedValue(value);
    if (column === null) return null;
    if (plain !== undefined) return equals(column, plain, range);
    return literalValue(property(value, '$ne')) === null ? nullTest(column, true, range) : null;
  }), range);
  return { text: where.program.textOf(where.node), expr, range };
}

/** An entity that a relation leads to. */
function targetOf(at: Located): TableTarget | null {
  const definition = resolve(called(at));
  if (definition.node.type === 'CallExpression' || definition.node.type === 'NewExpression') {
    const options = definition.node.arguments[0] ? within(definition, definition.node.arguments[0] as Node) : null;
    const name = stringValue(property(options, 'name'));
    if (name !== null) return { table: stringValue(property(options, 'tableName')) ?? underscore(name), schema: null, model: name };
  }
  const { name, at: target } = referredClass(at);
  const entity = target ? decorator(expandedDecorators(target), 'Entity') : null;
  const table = entity && name !== null ? stringValue(property(optionsOf(entity), 'tableName')) ?? underscore(name) : null;
  return name === null ? null : { table, schema: null, model: name };
}

// ---------------------------------------------------------------------------------------------- decorators

function readEntity(at: Located<ClassNode>): TableDeclaration[] {
  const decorators = expandedDecorators(at), entity = decorator(decorators, 'Entity'), name = className(at);
  if (!entity || name === null) return [];
  const options = optionsOf(entity);
  if (literalValue(property(options, 'abstract')) === true) return [];
  const range: Range = at.node.id ? rangeOf(within(at, at.node.id)) : [at.node.range[0], at.node.range[0] + 'class'.length];
  const place = (where: Located): Range => where.program === at.program ? rangeOf(where) : range;
  const uses = lineage(at).flatMap((each) => expandedDecorators(each));
  const inherited = decorator(uses.filter(({ name: used }) => used === 'Entity').slice(1), 'Entity');
  // A child in a single-table inheritance stands in its parent's table.
  const root = inherited && property(optionsOf(inherited), 'discriminatorColumn') ? lineage(at).at(-1)! : null;
  return [declarationOf({
    name: (root && className(root)) ?? name, table: stringValue(property(root ? optionsOf(inherited!) : options, 'tableName')), schema: stringValue(property(options, 'schema')), models: [name], range, program: at.program,
    properties: [...membersOf(at).values()].flatMap((member) => memberProperty(member, place, at.program)),
    filters: uses.flatMap((use) => use.name === 'Filter' && use.args[0] ? filterCondition(use.args[0]) : []),
    indexes: uses.flatMap((use) => (use.name === 'Unique' || use.name === 'Index') && use.args[0] ? [{ unique: use.name === 'Unique', options: use.args[0] }] : []),
  })];
}

const KINDS: Readonly<Record<string, Property['kind']>> = {
  Property: 'column', PrimaryKey: 'primary', SerializedPrimaryKey: 'column', Enum: 'column', ManyToOne: 'm:1', OneToOne: '1:1', OneToMany: '1:m', ManyToMany: 'm:n',
};

function memberProperty(member: Member, place: (at: Located) => Range, program: Program): Property[] {
  const use = member.decorators.find(({ name }) => name in KINDS && name !== 'SerializedPrimaryKey');
  const kind = use && KINDS[use.name];
  if (!use || !kind) return [];
  const options = optionsOf(use), isRelation = kind !== 'column' && kind !== 'primary';
  if (literalValue(property(options, 'persist')) === false) return [];
  const [first, second] = use.args.filter((argument) => resolve(argument).node.type !== 'ObjectExpression');
  const get = (name: string): Located | null => options && propertiesOf(options).get(name)?.value || null;
  return [{
    ...fromOptions(member.name, kind, options, place(member.at), decoratorEdits(member, use, program)),
    column: columnType(get('type') ?? get('columnType'), member),
    nullable: literalValue(get('nullable')) === true ? true : member.type.optional ? 'unknown' : false,
    target: isRelation ? first ?? get('entity') : null, targetName: isRelation ? member.type.reference : null,
    inverse: isRelation ? referredMember(second) ?? inverseOf(options) : null,
    unique: literalValue(get('unique')) === true || member.decorators.some((each: DecoratorUse) => each.name === 'Unique'),
    defaultValue: get('default') ?? get('defaultRaw') ?? get('onCreate'),
  }];
}

function columnType(type: Located | null, member: Member | null): Pick<ColumnDeclaration, 'type' | 'typeText'> {
  const text = stringValue(type);
  if (text !== null) return { type: text === 'Date' ? 'timestamp' : typeKind(text, 'postgresql'), typeText: text };
  const node = type && unwrap(type.node), name = node?.type === 'Identifier' ? node.name : node?.type === 'MemberExpression' ? propertyName(node) : null;
  const known: Readonly<Record<string, ColumnDeclaration['type']>> = { DateTimeType: 'timestamptz', DateType: 'date', BooleanType: 'boolean', datetime: 'timestamptz', boolean: 'boolean', date: 'date', integer: 'integer', string: 'text' };
  return { type: (name === null ? null : known[name]) ?? constructorKind(type) ?? member?.type.column ?? 'unknown', typeText: member?.type.text ?? '' };
}

function inverseOf(options: Located | null): string | null {
  const given = options ? propertiesOf(options) : null;
  return referredMember(given?.get('mappedBy')?.value) ?? referredMember(given?.get('inversedBy')?.value);
}

function fromOptions(name: string, kind: Property['kind'], options: Located | null, range: Range, edits: PropertyEdits): Property {
  const get = (key: string): Located | null => property(options, key);
  const fields = stringValue(get('fieldName')) ?? stringValue(get('joinColumn')) ?? stringValue(get('name')), list = get('fieldNames') ?? get('joinColumns');
  const pivot = stringValue(get('pivotTable')), entity = options && propertiesOf(options).get('pivotEntity');
  const owner = literalValue(get('owner'));
  return {
    name, kind, column: columnType(options && (propertiesOf(options).get('type') ?? propertiesOf(options).get('columnType'))?.value || null, null), fieldNames: fields !== null ? [fields] : list ? elementsOf(list).flatMap((each) => stringValue(each) ?? []) : [],
    nullable: literalValue(get('nullable')) === true, defaultValue: get('default') ?? get('defaultRaw') ?? get('onCreate'), unique: literalValue(get('unique')) === true,
    target: options && (propertiesOf(options).get('entity')?.value ?? null), targetName: null, inverse: inverseOf(options), owner: typeof owner === 'boolean' ? owner : null,
    pivot: pivot !== null ? { table: pivot, schema: null, model: null } : entity ? targetOf(entity.value) : null, where: get('where'),
    onDelete: stringValue(get('deleteRule')) ?? stringValue(get('onDelete')), onUpdate: stringValue(get('updateRule')) ?? stringValue(get('onUpdateIntegrity')), range, edits,
  };
}

// --------------------------------------------------------------------------- defineEntity and EntitySchema

/** `defineEntity({ name: 'User', properties: { .. } })`, `new EntitySchema({ class: User, properties: { .. } })`. */
function readDefinition(at: Located<TSESTree.CallExpression | TSESTree.NewExpression>): TableDeclaration[] {
  const { node, program } = at, callee = unwrap(node.callee as Node);
  const made = callee.type === 'Identifier' ? importedName(program, callee) : null;
  if ((made !== 'defineEntity' && made !== 'EntitySchema') || !node.arguments[0]) return [];
  const options = resolve(within(at, node.arguments[0] as Node)), mapped = propertiesOf(options).get('class');
  const name = stringValue(property(options, 'name')) ?? (mapped ? referredClass(mapped.value).name : null);
  const declared = propertiesOf(options).get('properties');
  if (name === null || !declared) return [];
  const range = rangeOf(propertiesOf(options).get('name')?.value ?? at), place = (where: Located): Range => where.program === program ? rangeOf(where) : range;
  const parent = parentOf(node), constant = parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id.name : null;
  const filters = property(options, 'filters'), listed = (key: string) => {
    const list = property(options, key);
    return list ? elementsOf(list).map((each) => ({ unique: key === 'uniques', options: resolve(each) })) : [];
  };
  return [declarationOf({
    name, table: stringValue(property(options, 'tableName')), schema: stringValue(property(options, 'schema')), models: [name, ...(constant === null ? [] : [constant])], range, program,
    properties: [...propertiesOf(called(declared.value)).values()].flatMap(({ name: key, value, at: where }) => {
      const named = where.node.type === 'Property' ? within(where, where.node.key) : where;
      return definedProperty(key, value, place(named), named, program);
    }),
    filters: filters ? (filters.node.type === 'ArrayExpression' ? elementsOf(filters) : [...propertiesOf(filters).values()].map((each) => each.value)).flatMap(filterCondition) : [],
    indexes: [...listed('uniques'), ...listed('indexes')],
  })];
}

const BUILDERS: Readonly<Record<string, Property['kind']>> = { manyToOne: 'm:1', oneToOne: '1:1', oneToMany: '1:m', manyToMany: 'm:n' };
const REFERENCES: Readonly<Record<string, Property['kind']>> = { 'm:1': 'm:1', '1:1': '1:1', '1:m': '1:m', 'm:n': 'm:n' };

function definedProperty(name: string, value: Located, range: Range, key: Located, program: Program): Property[] {
  const chain = chainOf(called(value));
  if (chain) return [fromBuilder(name, chain, range, builderEdits(key, value, chain, program))];
  const options = resolve(value);
  if (options.node.type !== 'ObjectExpression') return [];
  const reference = REFERENCES[stringValue(property(options, 'kind')) ?? stringValue(property(options, 'reference')) ?? ''];
  return [fromOptions(name, reference ?? (literalValue(property(options, 'primary')) === true ? 'primary' : 'column'), options, range, optionEdits(key, value, program))];
}

/** `p.datetime().nullable()`, `p.manyToOne(() => User).nullable()`. */
function fromBuilder(name: string, chain: Chain, range: Range, edits: PropertyEdits): Property {
  const first = chain.calls[0]!, has = (...names: string[]): boolean => callNamed(chain, ...names) !== null;
  const text = (...names: string[]): string | null => stringValue(callNamed(chain, ...names)?.args[0]);
  const kind = BUILDERS[first.name] ?? (has('primary') ? 'primary' : 'column'), isRelation = first.name in BUILDERS;
  const field = text('fieldName', 'joinColumn', 'name'), pivot = text('pivotTable'), typed = isRelation ? { type: 'unknown' as const, typeText: '' } : first.name === 'type' ? columnType(first.args[0] ?? null, null) : { type: BUILDER_TYPES[first.name] ?? typeKind(first.name, 'postgresql'), typeText: first.name };
  const entity = callNamed(chain, 'pivotEntity')?.args[0];
  return {
    name, kind, column: typed, fieldNames: field === null ? [] : [field], nullable: has('nullable'), defaultValue: callNamed(chain, 'default', 'defaultRaw', 'onCreate')?.args[0] ?? null, unique: has('unique'),
    target: isRelation ? first.args[0] ?? null : null, targetName: null, inverse: isRelation ? referredMember(callNamed(chain, 'mappedBy', 'inversedBy')?.args[0]) : null, owner: has('owner') ? true : has('mappedBy') ? false : null,
    pivot: pivot !== null ? { table: pivot, schema: null, model: null } : entity ? targetOf(entity) : null, where: callNamed(chain, 'where')?.args[0] ?? null, onDelete: text('deleteRule'), onUpdate: text('updateRule'), range, edits,
  };
}

const BUILDER_TYPES: Readonly<Record<string, ColumnDeclaration['type']>> = { datetime: 'timestamptz', date: 'date', boolean: 'boolean', string: 'text', text: 'text', uuid: 'text', enum: 'text', integer: 'integer', bigint: 'integer', json: 'other', array: 'other' };

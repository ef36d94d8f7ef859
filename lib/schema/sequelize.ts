/**
 * Models of Sequelize (`Model.init`, `sequelize.define`, decorators of sequelize-typescript and of version 7) and their associations as the
 * schema model. Facts: sequelize 6, "Model Basics", "Paranoid", "Associations", "Naming Strategies"; sequelize-typescript's README.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Expr, Range } from '../model/query.js';
import { foreignKeyAction, type ColumnDeclaration, type ColumnType, type ForeignKeyDeclaration, type KeyDeclaration, type PredicateDeclaration, type RelationDeclaration, type TableDeclaration, type TableTarget } from '../model/schema.js';
import { ancestor, isClass, propertyName, unwrap, type ClassNode, type Node } from '../source/ast.js';
import { typeKind } from '../sql/model/declarations.js';
import { additionTo, decorator, expandedDecorators, membersOf, optionsOf, referredClass, referredMembers, type Member } from './entities.js';
import { mended, nullColumn, objectAt, withoutElements, withoutProperties, withProperty } from './edits.js';
import { plural, singular, underscored } from './pluralise.js';
import { conjunction, equals, nullTest } from './predicates.js';
import { called, className, elementsOf, importedName, isWhole, lineage, literalValue, propertiesOf, property, rangeOf, resolve, stringValue, within, type DecoratorUse } from './program.js';
import type { Located, Program, PropertyOf } from './project.js';
import type { DeclarationReader } from './read.js';

export const sequelize: DeclarationReader = {
  library: 'sequelize',
  mentioned: /\bsequelize\b|@Table\b|\b(?:belongsTo|hasMany|hasOne|belongsToMany)\s*\(/i,
  read: (program) => [
    ...program.classes.flatMap((node) => readDecorated(program.at(node))),
    ...program.calls.flatMap((node) => [...readDefinition(program.at(node)), ...readAssociation(program.at(node))]),
  ],
};

/** Options of a model; what it does not say, the options of its `new Sequelize(.., { define })` do, where they can be seen. */
class ModelOptions {
  readonly #defaults: Located | null;

  constructor(private readonly options: readonly (Located | null)[], connection: Located | null) {
    const owner = connection && resolve(connection), node = owner?.node;
    const settings = node?.type === 'NewExpression' ? node.arguments.map((argument) => property(within(owner!, argument as Node), 'define')).find((found) => found !== null) : null;
    this.#defaults = settings ?? null;
  }

  get(name: string): Located | null {
    for (const options of [...this.options, this.#defaults]) {
      const found = property(options, name);
      if (found) return found;
    }
    return null;
  }

  text(name: string): string | null {
    return stringValue(this.get(name));
  }

  /** True, false, or undefined where nothing says. */
  flag(name: string): boolean | undefined {
    const value = literalValue(this.get(name));
    return typeof value === 'boolean' ? value : undefined;
  }
}

interface Attribute {
  readonly name: string;
  readonly type: Pick<ColumnDeclaration, 'type' | 'typeText'>;
  readonly field: string | null;
  readonly allowNull: boolean | undefined;
  readonly defaultValue: Located | null;
  readonly primary: boolean;
  /** True, or the name that a unique key of several columns shares. */
  readonly unique: boolean | string;
  readonly references: TableTarget | null;
  readonly referencedKey: string | null;
  readonly onDelete: string | null;
  readonly onUpdate: string | null;
  readonly range: Range;
  readonly remedies?: Pick<ColumnDeclaration, 'asTimestamp' | 'asNullable'>;
  readonly withAction?: ForeignKeyDeclaration['withAction'];
}

/** What a model declares, whichever way it is written. */
function declarationOf(model: { readonly names: readonly string[]; readonly modelName: string; readonly options: ModelOptions; readonly attributes: readonly Attribute[]; readonly range: Range; readonly relations?: readonly RelationDeclaration[]; readonly complete?: boolean }): TableDeclaration {
  const { options, attributes, range, modelName } = model;
  const snake = options.flag('underscored') === true;
  const columnOf = (name: string): string => attributes.find((attribute) => attribute.name === name)?.field ?? (snake ? underscored(name) : name);
  const columns = attributes.map((attribute): ColumnDeclaration => {
    const plain = attribute.defaultValue ? literalValue(attribute.defaultValue) : undefined;
    return {
      name: columnOf(attribute.name), property: attribute.name, ...attribute.type, nullable: attribute.allowNull !== false && !attribute.primary, hasDefault: attribute.defaultValue !== null,
      ...(plain !== undefined && { defaultValue: plain }), range: attribute.range, ...attribute.remedies,
    };
  });
  const timestamps = options.flag('timestamps') !== false, deletedAt = options.get('deletedAt');
  const paranoid = timestamps && options.flag('paranoid') === true && !(deletedAt && literalValue(deletedAt) === false);
  const tombstone = paranoid ? columnOf(stringValue(deletedAt) ?? 'deletedAt') : null;
  if (tombstone !== null && !columns.some(({ name }) => name === tombstone)) {
    columns.push({ name: tombstone, property: stringValue(deletedAt) ?? 'deletedAt', type: 'timestamptz', typeText: 'DATE', nullable: true, hasDefault: false, range });
  }
  const scope = property(property(options.get('defaultScope'), 'where'), tombstone ?? 'deletedAt');
  const scoped = tombstone === null && scope && literalValue(scope) === null ? columnOf('deletedAt') : null;
  const filters = [tombstone, scoped].filter((column) => column !== null);
  return {
    kind: 'create', library: 'sequelize', schema: options.text('schema'), range, models: [...new Set(model.names)],
    name: options.text('tableName') ?? (options.flag('freezeTableName') ? modelName : snake ? underscored(plural(modelName)) : plural(modelName)),
    columns, dropped: [], keys: keysOf(attributes, options, columnOf, range), foreignKeys: foreignKeysOf(attributes, columnOf), relations: model.relations ?? [],
    complete: model.complete ?? true, ...(filters.length > 0 && { filters }), marker: null,
  };
}

function keysOf(attributes: readonly Attribute[], options: ModelOptions, columnOf: (name: string) => string, range: Range): KeyDeclaration[] {
  const keys: KeyDeclaration[] = [], shared = new Map<string, string[]>();
  const primary = attributes.filter((attribute) => attribute.primary).map(({ name }) => columnOf(name));
  // Without a primary key Sequelize adds `id`.
  keys.push({ kind: 'primary', name: null, columns: primary.length > 0 ? primary : ['id'], predicate: null, range });
  for (const attribute of attributes) {
    if (attribute.unique === true) keys.push({ kind: 'unique', name: null, columns: [columnOf(attribute.name)], predicate: null, range: attribute.range });
    else if (typeof attribute.unique === 'string') shared.set(attribute.unique, [...shared.get(attribute.unique) ?? [], columnOf(attribute.name)]);
  }
  for (const [name, columns] of shared) keys.push({ kind: 'unique', name, columns, predicate: null, range });
  const indexes = options.get('indexes');
  for (const index of indexes ? elementsOf(indexes) : []) {
    const fields = property(index, 'fields'), where = property(index, 'where');
    const unique = literalValue(property(index, 'unique')) === true || stringValue(property(index, 'type'))?.toUpperCase() === 'UNIQUE';
    const columns = fields ? elementsOf(fields).map((field) => stringValue(field) ?? stringValue(property(field, 'name'))) : [];
    keys.push({
      kind: unique ? 'unique' : 'index', name: stringValue(property(index, 'name')), columns: columns.map((column) => column === null ? null : columnOf(column)),
      predicate: where && predicateOf(where, columnOf, range), range,
      asPartial: (condition, without = []) => {
        const { program } = index, object = objectAt(index, program), column = nullColumn(condition);
        if (!object || column === null || where || !fields || program.dialect === 'mysql' || program.dialect === 'mariadb') return null;
        const value = `{ ${column}: null }`;
        return mended([...withoutElements(fields, without, columns, program), withProperty(object, 'where', value, program)], `where: ${value}`);
      },
    });
  }
  return keys;
}

/** `{ deleted_at: null }`: what is equal to a plain value. */
export function predicateOf(where: Located, columnOf: (name: string) => string, range: Range): PredicateDeclaration {
  const expr = conjunction([...propertiesOf(where).values()].map(({ name, value }): Expr | null => {
    const plain = literalValue(value);
    if (plain !== undefined) return equals(columnOf(name), plain, range);
    // `[Op.is]: null`, `[Op.ne]: null` have computed keys.
    const { node } = resolve(value);
    const [only] = node.type === 'ObjectExpression' ? node.properties : [];
    if (only?.type !== 'Property' || !only.computed || (node as TSESTree.ObjectExpression).properties.length !== 1) return null;
    const operator = unwrap(only.key), operand = literalValue(within(resolve(value), only.value));
    const named = operator.type === 'MemberExpression' ? propertyName(operator) : null;
    if (operand === null && (named === 'is' || named === 'eq')) return nullTest(columnOf(name), false, range);
    return operand === null && (named === 'ne' || named === 'not') ? nullTest(columnOf(name), true, range) : null;
  }), range);
  return { text: where.program.textOf(where.node), expr, range };
}

function foreignKeysOf(attributes: readonly Attribute[], columnOf: (name: string) => string): ForeignKeyDeclaration[] {
  return attributes.flatMap((attribute) => attribute.references ? [{
    columns: [columnOf(attribute.name)], target: attribute.references, references: attribute.referencedKey === null ? [] : [attribute.referencedKey],
    onDelete: foreignKeyAction(attribute.onDelete), onUpdate: foreignKeyAction(attribute.onUpdate), range: attribute.range, ...(attribute.withAction && { withAction: attribute.withAction }),
  }] : []);
}

const TYPES: Readonly<Record<string, ColumnType>> = {
  BOOLEAN: 'boolean', DATE: 'timestamptz', DATEONLY: 'date', TIME: 'other', NOW: 'timestamptz', INTEGER: 'integer', BIGINT: 'integer', SMALLINT: 'integer', TINYINT: 'integer', MEDIUMINT: 'integer',
  STRING: 'text', TEXT: 'text', CHAR: 'text', CITEXT: 'text', UUID: 'text', ENUM: 'text',
};

/** The type in `DataTypes.STRING(20)`, `Sequelize.DATE`, `'TIMESTAMP'`. */
export function attributeType(at: Located | null): Pick<ColumnDeclaration, 'type' | 'typeText'> {
  if (!at) return { type: 'unknown', typeText: '' };
  const text = stringValue(at);
  if (text !== null) return { type: typeKind(text, 'postgresql'), typeText: text };
  const node = unwrap(at.node), typeText = at.program.textOf(node);
  const callee = node.type === 'CallExpression' ? unwrap(node.callee) : node;
  const name = callee.type === 'MemberExpression' ? propertyName(callee) : callee.type === 'Identifier' ? importedName(at.program, callee) : null;
  return { type: name === null ? 'unknown' : TYPES[name] ?? 'other', typeText };
}

/** An attribute of `init` or `define`: a type, or an object that says more. */
function attributeOf({ name, value, at }: PropertyOf, place: (at: Located) => Range, program: Program): Attribute {
  const options = resolve(value), isObject = options.node.type === 'ObjectExpression';
  const get = (key: string): Located | null => isObject ? property(options, key) : null;
  const unique = get('unique'), references = get('references'), target = references && modelTarget(references);
  const allowNull = literalValue(get('allowNull'));
  return {
    name, type: attributeType(isObject ? propertiesOf(options).get('type')?.value ?? null : value), field: stringValue(get('field')), allowNull: typeof allowNull === 'boolean' ? allowNull : undefined,
    defaultValue: get('defaultValue'), primary: literalValue(get('primaryKey')) === true,
    unique: unique ? literalValue(unique) === true || (stringValue(unique) ?? stringValue(property(unique, 'name')) ?? unique.node.type === 'ObjectExpression') : false,
    references: target, referencedKey: stringValue(property(references, 'key')), onDelete: stringValue(get('onDelete')), onUpdate: stringValue(get('onUpdate')),
    range: place(at.node.type === 'Property' ? within(at, at.node.key) : at), ...attributeRemedies(at, value, get('field') !== null, program),
  };
}

/** Edits of an attribute in the linted file. */
function attributeRemedies(at: Located, value: Located, hasField: boolean, program: Program): Pick<Attribute, 'remedies' | 'withAction'> {
  const written = unwrap(value.node), object = objectAt(value, program);
  return {
    remedies: {
      asTimestamp: (name) => {
        const type = attributeType(object ? propertiesOf(value).get('type')?.value ?? null : value).typeText, owner = /^([A-Za-z_$][\w$.]*)\.(?:BOOLEAN|TINYINT|INTEGER)\b/.exec(type)?.[1];
        if (owner === undefined || hasField || at.program !== program || at.node.type !== 'Property' || at.node.shorthand || at.node.computed || value.program !== program) return null;
        const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), isCamel = !/_/.test(program.textOf(at.node.key));
        const text = `{ type: ${owner}.DATE, allowNull: true${isCamel && camel !== name ? `, field: '${name}'` : ''} }`, key = isCamel ? camel : name;
        return mended([{ range: [at.node.key.range[0], at.node.key.range[1]], text: key }, { range: [written.range[0], written.range[1]], text }], `${key}: ${text}`);
      },
      asNullable: () => {
        const write = object && withProperty(object, 'allowNull', 'true', program);
        if (!object || !write) return null;
        const gone = withoutProperties(object, ['defaultValue']);
        return gone.some(({ range }) => range[0] <= write.range[1] && write.range[0] <= range[1]) ? null : mended([...gone, write], 'allowNull: true');
      },
    },
    withAction: (action) => object && mended([withProperty(object, 'onDelete', `'${action.toUpperCase()}'`, program)], `onDelete: '${action.toUpperCase()}'`),
  };
}

/** `references: { model: 'users' }`, `{ model: { tableName: 'users', schema: 'app' } }`, `{ model: User }`, `'users'`. */
function modelTarget(references: Located): TableTarget | null {
  const model = propertiesOf(references).get('model')?.value ?? propertiesOf(references).get('table')?.value ?? null;
  const text = stringValue(model ?? references);
  if (text !== null) return { table: text, schema: null, model: text };
  if (!model) return null;
  const table = stringValue(property(model, 'tableName'));
  return table === null ? targetOf(model) : { table, schema: stringValue(property(model, 'schema')), model: null };
}

/** `User.init({ .. }, { sequelize })`, `super.init(..)`, `sequelize.define('User', { .. }, { .. })`. */
function readDefinition(at: Located<TSESTree.CallExpression>): TableDeclaration[] {
  const { node, program } = at, callee = unwrap(node.callee), args = node.arguments.map((argument) => within(at, argument as Node));
  if (callee.type !== 'MemberExpression') return [];
  const place = (where: Located): Range => where.program === program ? rangeOf(where) : [node.range[0], node.range[1]];
  // Options that cannot be seen may switch on columns for times, that of the deletion among them.
  const complete = (attributes: Located | undefined, settings: Located | undefined): boolean =>
    attributes !== undefined && resolve(attributes).node.type === 'ObjectExpression' && (settings === undefined || isWhole(settings));
  switch (propertyName(callee)) {
    case 'define': {
      const modelName = stringValue(args[0]), attributes = args[1];
      if (modelName === null || !attributes || !isAttributes(attributes)) return [];
      const options = new ModelOptions([args[2] ?? null], within(at, callee.object));
      return [declarationOf({
        names: [modelName, ...constantName(node)], modelName: options.text('modelName') ?? modelName, options, range: place(args[0]!), complete: complete(attributes, args[2]),
        attributes: [...propertiesOf(attributes).values()].map((each) => attributeOf(each, place, program)),
      })];
    }
    case 'init': {
      const owner = callee.object.type === 'Super' ? ancestor(node, isClass) : resolve(within(at, callee.object)).node;
      const [attributes, settings] = args;
      if (!owner || !isClass(owner) || !settings || !attributes) return [];
      const definedHere = callee.object.type === 'Super' || callee.object.type === 'ThisExpression' ? within(at, owner) : resolve(within(at, callee.object)) as Located<ClassNode>;
      const options = new ModelOptions([settings], propertiesOf(settings).get('sequelize')?.value ?? null);
      const name = className(definedHere);
      if (name === null || !['sequelize', 'modelName', 'tableName', 'timestamps', 'paranoid'].some((key) => propertiesOf(settings).has(key))) return [];
      const modelName = options.text('modelName') ?? name;
      return [declarationOf({
        names: [name, modelName], modelName, options, range: place(within(at, callee.object as Node)), complete: complete(attributes, settings),
        attributes: [...propertiesOf(attributes).values()].map((each) => attributeOf(each, place, program)),
      })];
    }
    default: return [];
  }
}

/** An object of attributes, or what cannot be seen; no callback, as other functions of this name have. */
function isAttributes(at: Located): boolean {
  const { node } = resolve(at);
  return node.type === 'ObjectExpression' || node.type === 'Identifier' || node.type === 'CallExpression';
}

function constantName(node: Node): string[] {
  const declarator = ancestor(node, (each) => each.type === 'VariableDeclarator' || /Function|Statement|Class/.test(each.type));
  return declarator?.type === 'VariableDeclarator' && declarator.id.type === 'Identifier' && declarator.init && unwrap(declarator.init) === node ? [declarator.id.name] : [];
}

// -------------------------------------------------------------------------------------------- associations

/** What names a model: a class, a constant that `define` returned, `models.User`, `'User'`. */
function targetOf(at: Located): TableTarget | null {
  const value = called(at);
  const definition = resolve(value);
  if (definition.node.type === 'CallExpression') {
    const callee = unwrap(definition.node.callee), [name] = definition.node.arguments;
    const written = callee.type === 'MemberExpression' && propertyName(callee) === 'define' && name ? stringValue(within(definition, name as Node)) : null;
    if (written !== null) return { table: null, schema: null, model: written };
  }
  const { name } = referredClass(value);
  return name === null ? null : { table: null, schema: null, model: name };
}

const ASSOCIATIONS = /^(?:hasMany|hasOne|belongsTo|belongsToMany)$/;

/** `User.hasMany(Post, { as: 'posts', foreignKey: 'authorId' })`. */
function readAssociation(at: Located<TSESTree.CallExpression>): TableDeclaration[] {
  const { node, program } = at, callee = unwrap(node.callee);
  const kind = callee.type === 'MemberExpression' ? propertyName(callee) : null;
  if (callee.type !== 'MemberExpression' || kind === null || !ASSOCIATIONS.test(kind) || !node.arguments[0]) return [];
  const source = targetOf(within(at, callee.object as Node)), target = targetOf(within(at, node.arguments[0] as Node));
  const options = node.arguments[1] ? resolve(within(at, node.arguments[1] as Node)) : null;
  if (!source?.model || !target?.model || (options && options.node.type !== 'ObjectExpression')) return [];
  const relation = relationOf(kind, source.model, target, options, stringValue(property(options, 'as')), rangeOf(within(at, node.arguments[0] as Node)), program);
  const added = additionTo('sequelize', source, rangeOf(within(at, callee.object as Node)), { relations: [relation] });
  return added ? [added] : [];
}

function relationOf(kind: string, source: string, target: TableTarget, options: Located | null, as: string | null, range: Range, program: Program, defaultKey: string | null = null): RelationDeclaration {
  const many = kind === 'hasMany' || kind === 'belongsToMany', owns = kind === 'belongsTo';
  const name = as ?? (many ? plural(target.model!) : singular(target.model!));
  const keyAt = property(options, 'foreignKey');
  const key = stringValue(keyAt) ?? stringValue(property(keyAt, 'name')) ?? stringValue(property(keyAt, 'fieldName')) ?? defaultKey
    ?? `${owns ? name : kind === 'hasOne' ? singular(as ?? source) : singular(source)}Id`;
  const other = stringValue(property(options, owns ? 'targetKey' : 'sourceKey')) ?? 'id';
  const through = kind === 'belongsToMany' ? throughOf(property(options, 'through')) : null;
  const scope = property(options, 'scope');
  return {
    property: name, target, many, optional: many ? null : owns ? literalValue(property(keyAt, 'allowNull')) === false ? false : null : true,
    on: kind === 'belongsToMany' ? null : owns ? { [key]: other } : { [other]: key }, through,
    predicate: scope && predicateOf(scope, (column) => column, scope.program === program ? rangeOf(scope) : range), range,
  };
}

/** `through: 'UserProjects'`, `UserProject`, `{ model: UserProject }`. */
function throughOf(at: Located | null): TableTarget | null {
  if (!at) return null;
  const model = propertiesOf(at).get('model')?.value ?? at, text = stringValue(model);
  return text === null ? targetOf(model) : { table: text, schema: null, model: text };
}

// ---------------------------------------------------------------------------------------------- decorators

/** `@Table({ tableName, paranoid }) class User extends Model`. */
function readDecorated(at: Located<ClassNode>): TableDeclaration[] {
  const decorators = expandedDecorators(at), table = decorator(decorators, 'Table'), name = className(at);
  if (!table || name === null || !at.node.superClass) return [];
  const members = [...membersOf(at).values()];
  const deleted = members.find((member) => decorator(member.decorators, 'DeletedAt'));
  const range: Range = at.node.id ? rangeOf(within(at, at.node.id)) : [at.node.range[0], at.node.range[0] + 'class'.length];
  const place = (where: Located): Range => where.program === at.program ? rangeOf(where) : range;
  // What a base class's `@Table` says holds for those that extend it.
  const inherited = lineage(at).map((each) => decorator(expandedDecorators(each), 'Table')).flatMap((use) => use ? [optionsOf(use)] : []);
  const options = new DecoratedOptions(inherited, deleted?.name ?? null, decorator(decorators, 'DefaultScope'));
  const modelName = options.text('modelName') ?? name;
  const attributes = members.flatMap((member) => decoratedAttribute(member, place));
  return [declarationOf({
    names: [name, modelName], modelName, options, attributes, range,
    relations: members.flatMap((member) => decoratedRelation(member, at, name, place)),
    // Columns of base classes that are not among the files are missing.
    complete: !lineage(at).at(-1)!.node.superClass || /^(?:\w+\.)?Model$/.test(baseName(lineage(at).at(-1)!)),
  })];
}

function baseName(at: Located<ClassNode>): string {
  const base = at.node.superClass;
  return base ? at.program.textOf(unwrap(base)).replace(/<[\s\S]*$/, '') : '';
}

/** `@DeletedAt` makes a model paranoid by itself; `@DefaultScope(() => ({ .. }))` is the option of that name. */
class DecoratedOptions extends ModelOptions {
  constructor(options: readonly (Located | null)[], private readonly deletedAt: string | null, private readonly scope: DecoratorUse | null) {
    super(options, null);
  }

  override get(name: string): Located | null {
    return name === 'defaultScope' && this.scope?.args[0] ? resolve(called(this.scope.args[0])) : super.get(name);
  }

  override flag(name: string): boolean | undefined {
    return name === 'paranoid' && this.deletedAt !== null ? true : super.flag(name);
  }
}

function decoratedAttribute(member: Member, place: (at: Located) => Range): Attribute[] {
  const column = decorator(member.decorators, 'Column', 'Attribute', 'DeletedAt', 'CreatedAt', 'UpdatedAt', 'PrimaryKey', 'ForeignKey');
  if (!column || decorator(member.decorators, 'BelongsTo', 'HasMany', 'HasOne', 'BelongsToMany')) return [];
  const use = decorator(member.decorators, 'Column', 'Attribute') ?? column, options = optionsOf(use);
  const get = (key: string): Located | null => property(options, key);
  const type = options ? propertiesOf(options).get('type')?.value ?? null : use.name === 'Column' || use.name === 'Attribute' ? use.args[0] ?? null : null;
  const allow = decorator(member.decorators, 'AllowNull'), allowed = allow?.args[0] ? literalValue(allow.args[0]) : allow ? true : literalValue(get('allowNull'));
  const foreign = decorator(member.decorators, 'ForeignKey'), target = foreign?.args[0] ? targetOf(foreign.args[0]) : null;
  const written = attributeType(type);
  return [{
    name: member.name, type: written.type === 'unknown' ? { type: member.type.column, typeText: member.type.text } : written,
    field: stringValue(get('field')) ?? stringValue(get('columnName')) ?? stringValue(decorator(member.decorators, 'ColumnName')?.args[0]),
    allowNull: decorator(member.decorators, 'NotNull') ? false : typeof allowed === 'boolean' ? allowed : undefined,
    defaultValue: decorator(member.decorators, 'Default')?.args[0] ?? get('defaultValue'), primary: decorator(member.decorators, 'PrimaryKey') !== null || literalValue(get('primaryKey')) === true,
    unique: decorator(member.decorators, 'Unique') ? stringValue(decorator(member.decorators, 'Unique')!.args[0]) ?? true : literalValue(get('unique')) === true,
    references: target, referencedKey: null, onDelete: null, onUpdate: null, range: place(member.at),
  }];
}

const DECORATED: Readonly<Record<string, string>> = { HasMany: 'hasMany', HasOne: 'hasOne', BelongsTo: 'belongsTo', BelongsToMany: 'belongsToMany' };

function decoratedRelation(member: Member, at: Located<ClassNode>, source: string, place: (at: Located) => Range): RelationDeclaration[] {
  const use = decorator(member.decorators, ...Object.keys(DECORATED)), target = use?.args[0] ? targetOf(use.args[0]) : null;
  if (!use || !target?.model) return [];
  const options = optionsOf(use), kind = DECORATED[use.name]!;
  const second = use.args[1], written = second && kind !== 'belongsToMany' ? stringValue(second) ?? referredMembers(second)[0] ?? null : null;
  const other = use.args[0] ? referredClass(use.args[0]).at : null;
  const key = written ?? (kind === 'belongsTo' ? foreignKeyTo(at, target.model) : other && kind !== 'belongsToMany' ? foreignKeyTo(other, source) : null);
  const relation = relationOf(kind, source, target, options, member.name, place(member.at), at.program, key);
  const through = kind === 'belongsToMany' && second && !options ? throughOf(called(second)) ?? relation.through : relation.through;
  return [{ ...relation, through }];
}

/** The member that `@ForeignKey(() => User)` marks. */
function foreignKeyTo(at: Located<ClassNode>, model: string): string | null {
  for (const member of membersOf(at).values()) {
    const use = decorator(member.decorators, 'ForeignKey');
    if (use?.args[0] && targetOf(use.args[0])?.model === model) return member.name;
  }
  return null;
}

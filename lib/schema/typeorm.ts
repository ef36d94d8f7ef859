/**
 * Entities of TypeORM, decorated or as `EntitySchema`, as the schema model.
 * Facts: typeorm 0.3 and 1.x, "Entities", "Relations", and `DefaultNamingStrategy`, which names what no declaration names.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Range } from '../model/query.js';
import { foreignKeyAction, type ColumnDeclaration, type ColumnType, type ForeignKeyDeclaration, type KeyDeclaration, type PredicateDeclaration, type RelationDeclaration, type TableDeclaration, type TableTarget } from '../model/schema.js';
import { parentOf, type ClassNode } from '../source/ast.js';
import { typeKind } from '../sql/model/declarations.js';
import { columnRemedies, partialIndex, relationAction } from './decorator-remedies.js';
import { constructorKind, decorator, expandedDecorators, importsFrom, membersOf, optionsOf, referredClass, referredMember, referredMembers, type Member } from './entities.js';
import { sqlPredicate } from './predicates.js';
import { called, className, elementsOf, importedName, lineage, literalValue, propertiesOf, property, rangeOf, resolve, stringValue, within, type DecoratorUse } from './program.js';
import type { Located, Program, PropertyOf } from './project.js';
import type { DeclarationReader } from './read.js';

export const typeorm: DeclarationReader = {
  library: 'typeorm',
  mentioned: /@\w*Entity\b|\bEntitySchema\b/,
  read: (program) => isMikroOrm(program) ? [] : [
    ...program.classes.flatMap((node) => readEntity(program.at(node))),
    ...program.constructions.flatMap((node) => readEntitySchema(program.at(node))),
  ],
};

/** MikroORM's decorators have the same names. */
export function isMikroOrm(program: Program): boolean {
  return [...program.modules].some((module) => /^@mikro-orm\/|^mikro-orm/.test(module));
}

/** `StringUtils.snakeCase` of typeorm. */
function snakeCase(text: string): string {
  return text.replace(/([A-Z])([A-Z])([a-z])/g, '$1_$2$3').replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** `StringUtils.camelCase` of typeorm. */
function camelCase(text: string): string {
  return text.replace(/^([A-Z])|[\s-_](\w)/g, (_, first: string | undefined, next: string | undefined) => next ? next.toUpperCase() : (first ?? '').toLowerCase());
}

interface EntityTable {
  readonly name: string;
  readonly schema: string | null;
  readonly nameAt: Located | null;
  /** The class whose table a child of a single-table inheritance stands in; null for all others. */
  readonly parent: Located<ClassNode> | null;
}

/** The table of an entity class; null where the class is none. A child of a single table stands in its parent's. */
function tableOf(at: Located<ClassNode>): EntityTable | null {
  const decorators = expandedDecorators(at);
  if (decorator(decorators, 'ChildEntity')) {
    const parent = lineage(at).slice(1).find((each) => decorator(expandedDecorators(each), 'TableInheritance', 'Entity'));
    const table = parent ? tableOf(parent) : null;
    return table && { ...table, parent: parent! };
  }
  const entity = decorator(decorators, 'Entity'), model = className(at);
  if (!entity || model === null) return null;
  const options = optionsOf(entity);
  const written = entity.args.find((argument) => stringValue(argument) !== null) ?? propertiesOf(options ?? entity.at).get('name')?.value ?? null;
  const name = stringValue(written);
  return { name: name !== null && name !== '' ? name : snakeCase(model), schema: stringValue(property(options, 'schema')), nameAt: written, parent: null };
}

function targetOf(at: Located): { readonly target: TableTarget; readonly at: Located<ClassNode> | null } | null {
  const referred = referredClass(at), table = referred.at && tableOf(referred.at);
  const target = { table: table?.name ?? null, schema: table?.schema ?? null, model: referred.name };
  return target.table === null && target.model === null ? null : { target, at: referred.at };
}

const COLUMNS: ReadonlySet<string> = new Set(['Column', 'PrimaryColumn', 'PrimaryGeneratedColumn', 'CreateDateColumn', 'UpdateDateColumn', 'DeleteDateColumn', 'VersionColumn', 'ObjectIdColumn', 'ViewColumn', 'Generated']);
const PRIMARY = ['PrimaryColumn', 'PrimaryGeneratedColumn', 'ObjectIdColumn'];

function readEntity(at: Located<ClassNode>): TableDeclaration[] {
  const table = tableOf(at);
  if (!table) return [];
  const reader = new EntityReader(at, table);
  return reader.read();
}

class EntityReader {
  readonly #columns: ColumnDeclaration[] = [];
  readonly #keys: KeyDeclaration[] = [];
  readonly #foreignKeys: ForeignKeyDeclaration[] = [];
  readonly #relations: RelationDeclaration[] = [];
  readonly #filters: string[] = [];
  readonly #joinTables: TableDeclaration[] = [];
  /** Property → columns. */
  readonly #named = new Map<string, readonly string[]>();

  constructor(private readonly at: Located<ClassNode>, private readonly table: EntityTable) {}

  read(): TableDeclaration[] {
    this.#members(this.at, '', []);
    // Rows of the parent have none of the child's own columns.
    const shared = this.table.parent && new Set(membersOf(this.table.parent).keys());
    if (shared) this.#columns.forEach((column, i) => { if (!shared.has(column.property ?? '')) this.#columns[i] = { ...column, nullable: true }; });
    const primary = this.#columns.filter(({ property: name }) => name !== undefined && this.#primary.has(name)).map(({ name }) => name);
    if (primary.length > 0) this.#keys.unshift({ kind: 'primary', name: null, columns: primary, predicate: null, range: this.#range });
    for (const owner of lineage(this.at)) for (const use of expandedDecorators(owner)) if (use.name === 'Unique' || use.name === 'Index') this.#classKey(use);
    const model = className(this.at);
    return [{
      kind: 'create', library: 'typeorm', name: this.table.name, schema: this.table.schema, range: this.#range, models: model === null ? [] : [model],
      columns: this.#columns, dropped: [], keys: this.#keys, foreignKeys: this.#foreignKeys, relations: this.#relations,
      ...(this.#filters.length > 0 && { filters: this.#filters }), marker: null,
    }, ...this.#joinTables];
  }

  readonly #primary = new Set<string>();

  get #range(): Range {
    const { nameAt } = this.table, { at } = this;
    return nameAt && nameAt.program === at.program ? rangeOf(nameAt) : at.node.id ? rangeOf(within(at, at.node.id)) : [at.node.range[0], at.node.range[0] + 'class'.length];
  }

  #place(at: Located): Range {
    return at.program === this.at.program ? rangeOf(at) : this.#range;
  }

  /** The members of the entity, or of a class that is embedded in it under a path. */
  #members(owner: Located<ClassNode>, path: string, prefixes: readonly string[]): void {
    for (const member of membersOf(owner).values()) {
      const column = member.decorators.find(({ name }) => COLUMNS.has(name) && name !== 'Generated');
      const relation = decorator(member.decorators, 'ManyToOne', 'OneToOne', 'OneToMany', 'ManyToMany');
      if (relation) this.#relation(member, relation, path);
      else if (column) this.#column(member, column, path, prefixes);
    }
  }

  #column(member: Member, use: DecoratorUse, path: string, prefixes: readonly string[]): void {
    const embedded = use.name === 'Column' && use.args[0] && referredEmbedded(use.args[0]);
    if (embedded) {
      const prefix = property(use.args[1], 'prefix'), written = stringValue(prefix);
      const own = prefix && literalValue(prefix) === false ? [] : [written ?? member.name];
      if (prefixes.length < 5) this.#members(embedded, `${path}${member.name}.`, [...prefixes, ...own.filter((text) => text !== '')]);
      return;
    }
    const options = optionsOf(use), custom = stringValue(property(options, 'name'));
    const base = custom ?? member.name;
    const name = prefixes.length > 0 ? camelCase(prefixes.join('_')) + base.charAt(0).toUpperCase() + base.slice(1) : base;
    const propertyPath = path + member.name;
    const isDelete = use.name === 'DeleteDateColumn', isPrimary = PRIMARY.includes(use.name) || literalValue(property(options, 'primary')) === true;
    const value = property(options, 'default'), plain = value ? literalValue(value) : undefined;
    this.#columns.push({
      name, property: propertyPath, ...columnType(use, options, member), range: this.#place(member.at),
      nullable: isDelete ? literalValue(property(options, 'nullable')) !== false : literalValue(property(options, 'nullable')) === true && !isPrimary,
      hasDefault: value !== null || /^(?:PrimaryGenerated|CreateDate|UpdateDate|Version)Column$/.test(use.name) || decorator(member.decorators, 'Generated') !== null,
      ...(plain !== undefined && { defaultValue: plain }), ...columnRemedies(member, use, this.at.program),
    });
    this.#named.set(propertyPath, [name]);
    if (isPrimary) this.#primary.add(propertyPath);
    if (isDelete) this.#filters.push(name);
    if (literalValue(property(options, 'unique')) === true) this.#key('unique', [name], null, null, this.#place(member.at));
    this.#memberKeys(member, [name]);
  }

  #memberKeys(member: Member, columns: readonly string[]): void {
    for (const use of member.decorators) {
      if (use.name !== 'Index' && use.name !== 'Unique') continue;
      const options = optionsOf(use), unique = use.name === 'Unique' || literalValue(property(options, 'unique')) === true;
      this.#key(unique ? 'unique' : 'index', columns, stringValue(use.args[0]), this.#predicate(options), this.#place(use.at), use);
    }
  }

  /** `@Index('name', ['a', 'b'], { unique: true, where: '..' })`, `@Unique(['a', 'b'])`. */
  #classKey(use: DecoratorUse): void {
    const options = optionsOf(use);
    const list = use.args.find((argument) => stringValue(argument) === null && resolve(argument).node.type !== 'ObjectExpression');
    if (!list) return;
    const columns = referredMembers(list).flatMap((name): readonly (string | null)[] => name === null ? [null] : this.#named.get(name) ?? [name]);
    const unique = use.name === 'Unique' || literalValue(property(options, 'unique')) === true;
    this.#key(unique ? 'unique' : 'index', columns, stringValue(use.args[0]), this.#predicate(options), this.#place(use.at), use);
  }

  #key(kind: KeyDeclaration['kind'], columns: readonly (string | null)[], name: string | null, predicate: PredicateDeclaration | null, range: Range, use?: DecoratorUse): void {
    this.#keys.push({ kind, name, columns, predicate, range, ...(use && { asPartial: partialIndex(use, this.at.program) }) });
  }

  #predicate(options: Located | null): PredicateDeclaration | null {
    const where = property(options, 'where'), text = stringValue(where);
    if (!where) return null;
    const [start, end] = this.#place(where);
    // Inside of the quotes, where the text stands in the file as it is.
    return text === null ? { text: where.program.textOf(where.node), expr: null, range: [start, end] } : sqlPredicate(text, end - start === text.length + 2 ? [start + 1, end - 1] : [start, end], 'postgresql');
  }

  #relation(member: Member, use: DecoratorUse, path: string): void {
    const [targetArgument, ...others] = use.args;
    const target = targetArgument && targetOf(targetArgument);
    if (!target) return;
    const options = optionsOf(use), inverse = others[0] && resolve(others[0]).node.type !== 'ObjectExpression' ? referredMember(others[0]) : null;
    const joins = joinColumns(member), many = use.name === 'OneToMany' || use.name === 'ManyToMany';
    const owns = use.name === 'ManyToOne' || (use.name === 'OneToOne' && joins !== null);
    const on = owns ? joined(member.name, joins ?? [], target.at) : null;
    const joinTable = use.name === 'ManyToMany' ? decorator(member.decorators, 'JoinTable') : null;
    const through = joinTable && this.#joinTable(member, joinTable, target.target, path);
    const optional = many ? null : owns ? literalValue(property(options, 'nullable')) !== false : true;
    const range = this.#place(member.at);
    this.#relations.push({ property: path + member.name, target: target.target, many, optional, on, through, ...(inverse !== null && { inverse }), predicate: null, range });
    if (!on) return;
    const columns = Object.keys(on), isPrimary = literalValue(property(options, 'primary')) === true || decorator(member.decorators, ...PRIMARY) !== null;
    this.#named.set(path + member.name, columns);
    for (const name of columns) {
      if (!this.#columns.some((column) => column.name === name)) this.#columns.push({ name, type: 'unknown', typeText: '', nullable: optional === true && !isPrimary, hasDefault: false, range });
    }
    const action = (name: string) => foreignKeyAction(stringValue(property(options, name)));
    this.#foreignKeys.push({ columns, target: target.target, references: Object.values(on), onDelete: action('onDelete'), onUpdate: action('onUpdate'), range, withAction: relationAction(use, this.at.program) });
    if (use.name === 'OneToOne') this.#key('unique', columns, null, null, range);
    this.#memberKeys(member, columns);
  }

  /** The join table of a many-to-many relation is a table that no class declares. */
  #joinTable(member: Member, use: DecoratorUse, target: TableTarget, path: string): TableTarget | null {
    const written = stringValue(property(optionsOf(use), 'name')), schema = stringValue(property(optionsOf(use), 'schema'));
    const other = target.table ?? (target.model === null ? null : snakeCase(target.model));
    const name = written ?? (other === null ? null : snakeCase(`${this.table.name}_${(path + member.name).replaceAll('.', '_')}_${other}`));
    if (name === null) return null;
    this.#joinTables.push({ kind: 'create', complete: false, library: 'typeorm', name, schema, range: this.#place(use.at), columns: [], dropped: [], marker: null });
    return { table: name, schema, model: null };
  }
}

/** The class of `@Column(() => Address)`; null where the argument is no embedded class. */
function referredEmbedded(at: Located): Located<ClassNode> | null {
  const referred = resolve(at).node.type === 'ObjectExpression' ? null : referredClass(at).at;
  return referred && tableOf(referred) === null ? referred : null;
}

function columnType(use: DecoratorUse, options: Located | null, member: Member): Pick<ColumnDeclaration, 'type' | 'typeText'> {
  const type = property(options, 'type'), text = stringValue(use.args[0]) ?? stringValue(type);
  if (literalValue(property(options, 'array')) === true) return { type: 'other', typeText: `${text ?? ''}[]` };
  if (text === 'uuid') return { type: 'text', typeText: text };
  if (text !== null && !/^(?:increment|identity|rowid)$/.test(text)) return { type: typeKind(text, 'postgresql'), typeText: text };
  const kind: ColumnType = constructorKind(type) ?? constructorKind(use.args[0] ?? null) ?? (/DateColumn$/.test(use.name) ? 'timestamp' : /^PrimaryGenerated|^Version/.test(use.name) ? 'integer' : member.type.column);
  return { type: kind, typeText: type?.node.type === 'Identifier' ? type.program.textOf(type.node) : member.type.text };
}

/** The join columns that a member writes down; null where it has no `@JoinColumn`. */
function joinColumns(member: Member): readonly { readonly name: string | null; readonly referenced: string | null }[] | null {
  const uses = member.decorators.filter(({ name }) => name === 'JoinColumn');
  if (uses.length === 0) return null;
  return uses.flatMap(({ args }) => args[0] ? elementsOf(args[0]).map(joinColumn) : []);
}

function joinColumn(at: Located): { readonly name: string | null; readonly referenced: string | null } {
  return { name: stringValue(property(at, 'name')), referenced: stringValue(property(at, 'referencedColumnName')) };
}

/** Own column → column of the target, by the naming strategy where no column is named. */
function joined(relation: string, columns: readonly { readonly name: string | null; readonly referenced: string | null }[], target: Located<ClassNode> | null): Record<string, string> {
  const keys = target ? primaryColumns(target) : [];
  const wanted = columns.length > 0 ? columns : keys.length > 0 ? keys.map(() => ({ name: null, referenced: null })) : [{ name: null, referenced: null }];
  return Object.fromEntries(wanted.map(({ name, referenced }, i) => {
    const other = referenced ?? keys[i] ?? 'id';
    return [name ?? camelCase(`${relation}_${other}`), other];
  }));
}

function primaryColumns(at: Located<ClassNode>): string[] {
  return [...membersOf(at).values()].flatMap((member) => {
    const use = member.decorators.find(({ name }) => PRIMARY.includes(name));
    return use ? [stringValue(property(optionsOf(use), 'name')) ?? member.name] : [];
  });
}

// --------------------------------------------------------------------------------------------- EntitySchema

/** `new EntitySchema({ name: 'User', columns: { .. }, relations: { .. } })`. */
function readEntitySchema(at: Located<TSESTree.NewExpression>): TableDeclaration[] {
  const { node, program } = at;
  if (node.callee.type !== 'Identifier' || importedName(program, node.callee) !== 'EntitySchema' || !node.arguments[0] || importsFrom(at, /mikro-orm/)) return [];
  const options = resolve(within(at, node.arguments[0])), name = propertiesOf(options).get('name');
  const model = stringValue(name?.value);
  if (!name || model === null) return [];
  const range = name.value.program === program ? rangeOf(name.value) : [node.range[0], node.range[1]] as const;
  const place = (where: PropertyOf): Range => where.at.program === program && where.at.node.type === 'Property' ? rangeOf(within(where.at, where.at.node.key)) : range;
  const columns: ColumnDeclaration[] = [], keys: KeyDeclaration[] = [], filters: string[] = [], relations: RelationDeclaration[] = [], foreignKeys: ForeignKeyDeclaration[] = [], primary: string[] = [];
  for (const each of propertiesOf(property(options, 'columns') ?? at).values()) {
    const is = (key: string): boolean => literalValue(property(each.value, key)) === true;
    const column = stringValue(property(each.value, 'name')) ?? each.name, type = property(each.value, 'type'), text = stringValue(type);
    const value = property(each.value, 'default'), plain = value ? literalValue(value) : undefined;
    columns.push({
      name: column, property: each.name, type: text === null ? constructorKind(type) ?? 'unknown' : typeKind(text, 'postgresql'), typeText: text ?? (type ? type.program.textOf(type.node) : ''),
      nullable: is('nullable') || is('deleteDate'), hasDefault: value !== null || is('generated') || is('createDate') || is('updateDate'), ...(plain !== undefined && { defaultValue: plain }), range: place(each),
    });
    if (is('primary') || is('objectId')) primary.push(column);
    if (is('deleteDate')) filters.push(column);
    if (is('unique')) keys.push({ kind: 'unique', name: null, columns: [column], predicate: null, range: place(each) });
  }
  if (primary.length > 0) keys.push({ kind: 'primary', name: null, columns: primary, predicate: null, range });
  for (const each of propertiesOf(property(options, 'relations') ?? at).values()) {
    const type = stringValue(property(each.value, 'type')) ?? '', wanted = propertiesOf(each.value).get('target');
    const target = wanted && targetOf(wanted.value);
    if (!target) continue;
    const many = type.endsWith('-to-many'), join = property(each.value, 'joinColumn'), inverse = referredMember(propertiesOf(each.value).get('inverseSide')?.value);
    const owns = type === 'many-to-one' || (type === 'one-to-one' && join !== null && literalValue(join) !== false);
    const written = join && join.node.type !== 'Literal' ? elementsOf(join).map(joinColumn) : [];
    const on = owns ? joined(each.name, written, target.at) : null;
    const optional = many ? null : owns ? literalValue(property(each.value, 'nullable')) !== false : true;
    relations.push({ property: each.name, target: target.target, many, optional, on, through: null, ...(inverse !== null && { inverse }), predicate: null, range: place(each) });
    if (!on) continue;
    for (const column of Object.keys(on)) if (!columns.some(({ name: other }) => other === column)) columns.push({ name: column, type: 'unknown', typeText: '', nullable: optional === true, hasDefault: false, range: place(each) });
    foreignKeys.push({ columns: Object.keys(on), target: target.target, references: Object.values(on), onDelete: foreignKeyAction(stringValue(property(each.value, 'onDelete'))), onUpdate: null, range: place(each) });
  }
  const columnOf = (member: string | null): string | null => columns.find((column) => column.property === member)?.name ?? member;
  for (const list of ['indices', 'uniques'] as const) {
    const items = property(options, list);
    for (const item of items ? elementsOf(items) : []) {
      const members = propertiesOf(item).get('columns'), where = property(item, 'where'), text = stringValue(where);
      if (!members) continue;
      const at = item.program === program ? rangeOf(item) : range;
      keys.push({
        kind: list === 'uniques' || literalValue(property(item, 'unique')) === true ? 'unique' : 'index', name: stringValue(property(item, 'name')), columns: referredMembers(members.value).map(columnOf),
        predicate: where && text !== null ? sqlPredicate(text, at, 'postgresql') : null, range: at,
      });
    }
  }
  const parent = parentOf(node), constant = parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id.name : null;
  const mapped = property(options, 'target') ? referredClass(called(propertiesOf(options).get('target')!.value)).name : null;
  return [{
    kind: 'create', library: 'typeorm', name: stringValue(property(options, 'tableName')) ?? snakeCase(model), schema: stringValue(property(options, 'schema')), range,
    models: [...new Set([model, mapped, constant].filter((each) => each !== null))], columns, dropped: [], keys, foreignKeys, relations, ...(filters.length > 0 && { filters }), marker: null,
  }];
}

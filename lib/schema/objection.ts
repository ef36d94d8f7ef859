/**
 * Models of Objection as the schema model. Facts: objection 3, "Models", "Relations", "static modifiers"; the plugins objection-soft-delete,
 * objection-js-soft-delete and objection-softdelete by their READMEs.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Expr, Range } from '../model/query.js';
import type { ColumnDeclaration, ColumnType, KeyDeclaration, PredicateDeclaration, RelationDeclaration, TableDeclaration, TableTarget } from '../model/schema.js';
import { isFunction, propertyName, unwrap, type ClassNode, type FunctionNode, type Node } from '../source/ast.js';
import { chainOf } from './chains.js';
import { calledFrom, importsFrom, referredClass } from './entities.js';
import { conjunction, equals, nullTest, sqlPredicate } from './predicates.js';
import { called, className, elementsOf, lineage, literalValue, propertiesOf, property, rangeOf, resolve, returned, staticMember, stringValue, within } from './program.js';
import type { Located } from './project.js';
import type { DeclarationReader } from './read.js';

export const objection: DeclarationReader = {
  library: 'objection',
  mentioned: /\bobjection\b|\brelationMappings\b|\bstatic\s[^\n]{0,60}\btableName\b|\.tableName\s*=/,
  read: (program) => program.classes.flatMap((node) => readModel(program.at(node))),
};

const PLUGIN = /^objection-(?:js-)?soft-?delete$/;

/** The name of a model's table; null where the class is no model, or its table is not written down. */
function tableName(at: Located<ClassNode>): string | null {
  const name = at.node.superClass ? staticMember(at, 'tableName') : null;
  return name && stringValue(name.value);
}

function readModel(at: Located<ClassNode>): TableDeclaration[] {
  const name = tableName(at), model = className(at);
  if (name === null || !isModel(at)) return [];
  const [schema, table] = name.includes('.') ? [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)] : [null, name];
  const range = at.node.id ? rangeOf(within(at, at.node.id)) : [at.node.range[0], at.node.range[0] + 'class'.length] as const;
  const plugin = pluginColumn(at, range), columns = [...jsonColumns(at, range), ...plugin?.column ? [plugin.column] : []];
  return [{
    kind: 'create', complete: false, library: 'objection', name: table, schema, range, models: model === null ? [] : [model],
    columns, dropped: [], keys: idColumn(at, range), relations: relationsOf(at), ...(plugin?.filters && { filters: [plugin.column.name] }), marker: null,
  }];
}

/** A class with a table's name is a model where it has what models have, or where it comes from the library. */
function isModel(at: Located<ClassNode>): boolean {
  return ['relationMappings', 'jsonSchema', 'idColumn', 'modifiers', 'jsonAttributes'].some((name) => staticMember(at, name) !== null) || lineage(at).some((each) => importsFrom(each, /^objection(?:-|$)/));
}

function idColumn(at: Located<ClassNode>, range: Range): KeyDeclaration[] {
  const id = staticMember(at, 'idColumn');
  const columns = id ? elementsOf(id.value).map((each) => stringValue(each)) : [];
  return columns.length > 0 && !columns.includes(null) ? [{ kind: 'primary', name: null, columns, predicate: null, range }] : [];
}

/** Properties of the JSON schema: they validate input, and so are no complete list of columns. */
function jsonColumns(at: Located<ClassNode>, range: Range): ColumnDeclaration[] {
  const schema = staticMember(at, 'jsonSchema');
  const properties = schema && property(schema.value, 'properties');
  return properties ? [...propertiesOf(properties).values()].map(({ name, value, at: place }): ColumnDeclaration => {
    const type = property(value, 'type'), types = type ? elementsOf(type).map((each) => stringValue(each)) : [];
    const format = stringValue(property(value, 'format'));
    return {
      name, type: jsonKind(types, format), typeText: types.join(' | '), nullable: types.includes('null') ? true : 'unknown', hasDefault: property(value, 'default') !== null,
      range: place.program === at.program ? rangeOf(place.node.type === 'Property' ? within(place, place.node.key) : place) : range,
    };
  }) : [];
}

function jsonKind(types: readonly (string | null)[], format: string | null): ColumnType {
  if (types.includes('boolean')) return 'boolean';
  if (types.includes('integer')) return 'integer';
  if (types.includes('string')) return format === 'date-time' ? 'timestamp' : format === 'date' ? 'date' : 'text';
  return types.some((type) => type === 'object' || type === 'array' || type === 'number') ? 'other' : 'unknown';
}

/** What a plugin in the class's line makes its tombstone, and whether it filters queries. */
function pluginColumn(at: Located<ClassNode>, range: Range): { readonly column: ColumnDeclaration; readonly filters: boolean } | null {
  for (const { node, program, env } of lineage(at)) {
    for (let base: Node | null = node.superClass; base?.type === 'CallExpression'; base = base.arguments[0] && base.arguments[0].type !== 'SpreadElement' ? base.arguments[0] : null) {
      const plugin = pluginCall({ node: base, program, env });
      if (!plugin) continue;
      const written = stringValue(property(plugin.options, 'columnName'));
      const live = literalValue(property(plugin.options, 'notDeletedValue'));
      const isFlag = plugin.module === 'objection-soft-delete' || typeof live === 'boolean';
      const name = written ?? (plugin.module === 'objection-soft-delete' ? 'deleted' : plugin.module === 'objection-js-soft-delete' ? 'deleted_at' : 'deletedAt');
      const filters = plugin.module === 'objection-softdelete' && literalValue(staticMember(at, 'softDelete')?.value) === true;
      return { column: { name, type: isFlag ? 'boolean' : 'unknown', typeText: '', nullable: 'unknown', hasDefault: false, range }, filters };
    }
  }
  return null;
}

/** `softDelete({ columnName: 'deleted' })(Model)`, or `SoftDelete(Model)`. */
function pluginCall(at: Located<TSESTree.CallExpression>): { readonly module: string; readonly options: Located | null } | null {
  if (!calledFrom(at, PLUGIN)) return null;
  const callee = unwrap(at.node.callee), inner = callee.type === 'CallExpression' ? callee : at.node;
  const origin = inner.callee.type === 'Identifier' ? at.program.names.origin(inner.callee) : null;
  const options = inner.arguments[0] ? resolve(within(at, inner.arguments[0])) : null;
  return origin && { module: origin.module, options: options?.node.type === 'ObjectExpression' ? options : null };
}

function relationsOf(at: Located<ClassNode>): RelationDeclaration[] {
  const mappings = staticMember(at, 'relationMappings');
  return mappings ? [...propertiesOf(called(mappings.value)).values()].flatMap(({ name, value, at: place }) => {
    const mapping = called(value), kind = relationKind(property(mapping, 'relation'));
    const join = property(mapping, 'join');
    const from = ends(property(join, 'from')), to = ends(property(join, 'to'));
    const model = propertiesOf(mapping).get('modelClass');
    const referred = model ? referredClass(model.value) : null;
    const known = referred?.at ? tableName(referred.at) : null;
    const target: TableTarget = { table: known ?? to[0]?.table ?? null, schema: null, model: referred?.name ?? null };
    if (kind === null || (target.table === null && target.model === null)) return [];
    const through = ends(property(property(join, 'through'), 'from'))[0]?.table ?? null;
    const range: Range = place.program === at.program ? rangeOf(place.node.type === 'Property' ? within(place, place.node.key) : place) : [at.node.range[0], at.node.range[0] + 'class'.length];
    const filter = property(mapping, 'modify') ?? property(mapping, 'filter');
    return [{
      property: name, target, many: kind === 'many', optional: kind === 'many' ? null : kind === 'has-one' ? true : null,
      on: through === null && from.length === to.length && from.length > 0 ? Object.fromEntries(from.map(({ column }, i) => [column, to[i]!.column])) : null,
      through: through === null ? null : { table: through, schema: null, model: null },
      predicate: filter && predicateOf(filter, referred?.at ?? null, filter.program === at.program ? rangeOf(filter) : range), filteredBy: 'modify', range,
    }];
  }) : [];
}

function relationKind(at: Located | null): 'many' | 'has-one' | 'belongs-to' | null {
  const node = at && unwrap(at.node);
  switch (node?.type === 'MemberExpression' ? propertyName(node) : node?.type === 'Identifier' ? node.name : null) {
    case 'HasManyRelation': case 'ManyToManyRelation': return 'many';
    case 'HasOneRelation': case 'HasOneThroughRelation': return 'has-one';
    case 'BelongsToOneRelation': return 'belongs-to';
    default: return null;
  }
}

/** `'users.id'`, or a list of these. */
function ends(at: Located | null): { readonly table: string; readonly column: string }[] {
  return at ? elementsOf(at).flatMap((each) => {
    const text = stringValue(each) ?? stringValue(chainOf(each)?.calls[0]?.args[0]);
    const dot = text?.lastIndexOf('.') ?? -1;
    return text === null || dot <= 0 ? [] : [{ table: text.slice(0, dot).split('.').at(-1)!, column: text.slice(dot + 1) }];
  }) : [];
}

/** The condition of `modify` or `filter`: a callback, an object of values, or the name of a modifier of the other model. */
function predicateOf(at: Located, target: Located<ClassNode> | null, range: Range): PredicateDeclaration {
  return { text: at.program.textOf(at.node), expr: filterExpr(at, target, range, 0), range };
}

function filterExpr(at: Located, target: Located<ClassNode> | null, range: Range, depth: number): Expr | null {
  const { node } = at;
  if (depth > 3) return null;
  if (isFunction(node)) return builderExpr(at as Located<FunctionNode>, target, range, depth);
  if (node.type === 'ObjectExpression') return conjunction([...propertiesOf(at).values()].map(({ name, value }) => valueTest(name, value, range)), range);
  const name = stringValue(at);
  if (name === null || !target) return null;
  const modifiers = staticMember(target, 'modifiers') ?? staticMember(target, 'namedFilters');
  const modifier = modifiers && property(called(modifiers.value), name);
  if (modifier) return filterExpr(modifier, target, range, depth + 1);
  const plugin = name === 'notDeleted' ? pluginColumn(target, range) : null;
  return plugin && (plugin.column.type === 'boolean' ? equals(plugin.column.name, false, range) : nullTest(plugin.column.name, false, range));
}

function valueTest(column: string, value: Located, range: Range): Expr | null {
  const literal = literalValue(value);
  return literal === undefined ? null : equals(column.split('.').at(-1)!, literal, range);
}

/** `(builder) => builder.whereNull('deleted_at')`: what can be read of the calls; those that say more only narrow it down. */
function builderExpr(fn: Located<FunctionNode>, target: Located<ClassNode> | null, range: Range, depth: number): Expr | null {
  const { body } = fn.node;
  const roots = !body ? [] : body.type !== 'BlockStatement' ? [returned(fn)!] : body.body.flatMap((statement): Located[] => {
    const expression = statement.type === 'ExpressionStatement' ? statement.expression : statement.type === 'ReturnStatement' ? statement.argument : null;
    return expression ? [within(fn, expression)] : [];
  });
  const calls = roots.flatMap((root) => chainOf(root)?.calls ?? []);
  // An alternative takes back what the calls before it said.
  if (calls.some(({ name }) => /^or[A-Z]/.test(name))) return null;
  return conjunction(calls.map(({ name, args }): Expr | null => {
    const column = stringValue(args[0])?.split('.').at(-1) ?? null;
    switch (name) {
      case 'whereNull': return column === null ? null : nullTest(column, false, range);
      case 'whereNotNull': return column === null ? null : nullTest(column, true, range);
      case 'where': case 'andWhere': {
        const [first, second, third] = args;
        if (column === null) return first && resolve(first).node.type === 'ObjectExpression' ? filterExpr(resolve(first), target, range, depth + 1) : null;
        return second ? third ? stringValue(second) === '=' || stringValue(second)?.toLowerCase() === 'is' ? valueTest(column, third, range) : null : valueTest(column, second, range) : null;
      }
      case 'whereRaw': return args[0] && stringValue(args[0]) !== null ? sqlPredicate(stringValue(args[0])!, range, 'postgresql').expr : null;
      case 'modify': return args[0] ? filterExpr(resolve(args[0]), target, range, depth + 1) : null;
      default: return null;
    }
  }).filter((expr) => expr !== null), range);
}

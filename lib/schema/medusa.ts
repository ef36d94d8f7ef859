/**
 * Data models of Medusa (`model.define('cart', { .. })`) as the schema model. Facts: @medusajs/framework 2, "Data Models", "Soft-Deletable Models":
 * each model has `created_at`, `updated_at` and `deleted_at` without saying so, and a filter on `deleted_at` that is on by default.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Range } from '../model/query.js';
import type { ColumnDeclaration, ColumnType, ForeignKeyDeclaration, KeyDeclaration, RelationDeclaration, TableDeclaration, TableTarget } from '../model/schema.js';
import { parentOf, propertyName, unwrap, wrapped, type Node } from '../source/ast.js';
import { callNamed, chainOf, type Chain, type ChainCall } from './chains.js';
import { referredClass } from './entities.js';
import { sqlPredicate } from './predicates.js';
import { called, elementsOf, literalValue, propertiesOf, property, rangeOf, resolve, stringValue, within } from './program.js';
import type { Located, Program } from './project.js';
import type { DeclarationReader } from './read.js';

export const medusa: DeclarationReader = {
  library: 'mikro-orm',
  mentioned: /\bmodel\s*\.\s*define\s*\(/,
  read: (program) => program.calls.flatMap((node) => {
    const parent = parentOf(wrapped(node)), isInner = parent?.type === 'MemberExpression' && unwrap(parent.object) === node;
    return isInner ? [] : readModel(program.at(node), program);
  }),
};

/** `model.define(..)` of a chain, where it is one. */
function definition(at: Located): { readonly chain: Chain; readonly define: ChainCall; readonly name: string; readonly table: string } | null {
  const chain = chainOf(at), define = chain && callNamed(chain, 'define'), owner = chain?.object && unwrap(chain.object.node);
  if (!chain || !define || define !== chain.calls[0] || owner?.type !== 'Identifier' || owner.name !== 'model' || !define.args[1]) return null;
  const name = stringValue(define.args[0]) ?? stringValue(property(define.args[0], 'name'));
  return name === null ? null : { chain, define, name, table: snake(stringValue(property(define.args[0], 'tableName')) ?? name) };
}

function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

const TYPES: Readonly<Record<string, ColumnType>> = { id: 'text', text: 'text', enum: 'text', number: 'integer', autoincrement: 'integer', boolean: 'boolean', dateTime: 'timestamptz', bigNumber: 'other', float: 'other', json: 'other', array: 'other' };

function readModel(at: Located<TSESTree.CallExpression>, program: Program): TableDeclaration[] {
  const found = definition(at);
  if (!found) return [];
  const { chain, define, name, table } = found, range = define.args[0]!.program === program ? rangeOf(define.args[0]!) : rangeOf(at);
  const columns: ColumnDeclaration[] = [], keys: KeyDeclaration[] = [], foreignKeys: ForeignKeyDeclaration[] = [], relations: RelationDeclaration[] = [];
  const place = (where: Located): Range => where.program === program ? rangeOf(where) : range;
  for (const each of propertiesOf(define.args[1]!).values()) {
    const builder = chainOf(each.value), first = builder?.calls[0];
    if (!builder || !first) continue;
    const at = place(each.at.node.type === 'Property' ? within(each.at, each.at.node.key) : each.at), nullable = callNamed(builder, 'nullable') !== null;
    const key = (kind: KeyDeclaration['kind']) => keys.push({ kind, name: null, columns: [each.name], predicate: null, range: at });
    if (/^(?:hasOne|belongsTo|hasMany|manyToMany)/.test(first.name)) {
      const target = first.args[0] ? targetOf(first.args[0]) : null, mapped = stringValue(property(first.args[1], 'mappedBy')), many = /[mM]any$/.test(first.name), owns = first.name === 'belongsTo';
      if (!target) continue;
      const pivot = stringValue(property(first.args[1], 'pivotTable')), entity = propertiesOf(first.args[1] ?? first.at).get('pivotEntity');
      relations.push({
        property: each.name, target, many, optional: many ? null : owns ? nullable : true, on: owns ? { [`${snake(each.name)}_id`]: 'id' } : null, ...(mapped !== null && { inverse: mapped }),
        through: pivot !== null ? { table: pivot, schema: null, model: null } : entity ? targetOf(entity.value) : null, predicate: null, range: at,
      });
      if (!owns) continue;
      const column = `${snake(each.name)}_id`;
      columns.push({ name: column, type: 'text', typeText: 'text', nullable, hasDefault: false, range: at });
      foreignKeys.push({ columns: [column], target, references: ['id'], onDelete: null, onUpdate: null, range: at });
      continue;
    }
    const value = callNamed(builder, 'default')?.args[0], plain = value ? literalValue(value) : undefined;
    columns.push({ name: each.name, property: each.name, type: TYPES[first.name] ?? 'unknown', typeText: first.name, nullable, hasDefault: value !== undefined || first.name === 'id', ...(plain !== undefined && { defaultValue: plain }), range: at });
    if (callNamed(builder, 'primaryKey')) key('primary');
    // Medusa makes unique keys partial by itself.
    if (callNamed(builder, 'unique')) keys.push({ kind: 'unique', name: null, columns: [each.name], predicate: sqlPredicate('deleted_at IS NULL', at, 'postgresql'), range: at });
  }
  for (const [column, nullable] of [['created_at', false], ['updated_at', false], ['deleted_at', true]] as const) {
    if (!columns.some((other) => other.name === column)) columns.push({ name: column, property: column, type: 'timestamptz', typeText: 'dateTime', nullable, hasDefault: !nullable, range });
  }
  keys.push(...chain.calls.filter((call) => call.name === 'indexes').flatMap((call) => call.args[0] ? elementsOf(call.args[0]).map((index) => indexOf(index, place(index))) : []));
  const dot = table.lastIndexOf('.'), constant = constantOf(at.node);
  return [{
    kind: 'create', library: 'mikro-orm', name: table.slice(dot + 1), schema: dot > 0 ? table.slice(0, dot) : null, range, models: [...new Set([name, ...constant === null ? [] : [constant]])],
    columns, dropped: [], keys, foreignKeys, relations, filters: ['deleted_at'], marker: null,
  }];
}

function indexOf(at: Located, range: Range): KeyDeclaration {
  const on = property(at, 'on'), where = property(at, 'where'), text = stringValue(where);
  return {
    kind: literalValue(property(at, 'unique')) === true ? 'unique' : 'index', name: stringValue(property(at, 'name')), columns: on ? elementsOf(on).map((each) => stringValue(each)) : [],
    predicate: where ? text === null ? { text: where.program.textOf(where.node), expr: null, range } : sqlPredicate(text, range, 'postgresql') : null, range,
  };
}

/** `() => LineItem`, where `LineItem` is a model or a name. */
function targetOf(at: Located): TableTarget | null {
  const target = called(at), found = definition(target);
  if (found) return { table: found.table.slice(found.table.lastIndexOf('.') + 1), schema: null, model: found.name };
  const node = unwrap(resolve(target).node), name = node.type === 'Identifier' || node.type === 'Literal' ? referredClass(target).name : node.type === 'MemberExpression' ? propertyName(node) : null;
  return name === null ? null : { table: null, schema: null, model: name };
}

function constantOf(call: Node): string | null {
  const parent = parentOf(wrapped(call));
  return parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier' ? parent.id.name : null;
}

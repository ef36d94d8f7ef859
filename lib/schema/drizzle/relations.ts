/** Relations of Drizzle, of both versions, and the keys of `db.query`. Facts: drizzle-orm 0.45 and 1.0-rc, "Relations" (v1 and v2) of its documentation. */
import type { Dialect } from '../../manifest/catalog.js';
import type { Expr } from '../../model/query.js';
import type { RelationDeclaration, TableDeclaration, TableTarget } from '../../model/schema.js';
import { propertyName, unwrap } from '../../source/ast.js';
import { chainOf } from '../chains.js';
import { additionTo } from '../entities.js';
import { conjunction, equals, nullTest } from '../predicates.js';
import { called, elementsOf, importedName, literalValue, propertiesOf, property, rangeOf, resolve, stringValue } from '../program.js';
import type { Located, Program } from '../project.js';
import { columnNames, columnOf, tableOf, targetOf, type TableCall } from './names.js';

/** A declaration that adds relations, or a name, to a table that is declared elsewhere. */
function addition(table: TableTarget, range: readonly [number, number], more: Partial<TableDeclaration>): TableDeclaration | null {
  return additionTo('drizzle', table, [range[0], range[1]], more);
}

/** `relations(users, ({ one, many }) => ({ posts: many(posts) }))`. */
export function readRelations(program: Program): TableDeclaration[] {
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
export function readRelationsV2(program: Program): TableDeclaration[] {
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
export function readQueryKeys(program: Program): TableDeclaration[] {
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

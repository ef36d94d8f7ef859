/** Indexes, unique keys and foreign keys that migrations describe as objects. */
import type { KeyDeclaration, ForeignKeyDeclaration, PredicateDeclaration } from '../../model/schema.js';
import { unwrap } from '../../source/ast.js';
import { mended, nullColumn, objectAt, withoutElements, withProperty } from '../edits.js';
import { sqlPredicate } from '../predicates.js';
import { elementsOf, literalValue, propertiesOf, property, resolve, stringValue } from '../program.js';
import type { Located } from '../project.js';
import { predicateOf as whereObject } from '../sequelize.js';
import { actionEdit, actionsOf, targetOf, type Parts } from './columns.js';
import { constructed, type Where } from './style.js';

/** The names in a list, or a single one; null for an expression. */
function columnsIn(at: Located): (string | null)[] {
  return elementsOf(at).map((each) => {
    const name = stringValue(each) ?? stringValue(property(each, 'name'));
    return name !== null && /^[\w$]+$/.test(name) ? name : null;
  });
}

/** A condition as text (`deleted_at IS NULL`), or as an object of values. */
function predicateIn(at: Located | null, where: Where): PredicateDeclaration | null {
  if (!at) return null;
  const text = stringValue(at), range = where.place(at);
  if (text !== null) return sqlPredicate(text, range, where.program.dialect);
  return resolve(at).node.type === 'ObjectExpression' ? whereObject(at, (name) => name, range) : { text: at.program.textOf(at.node), expr: null, range };
}

/** The index of `addIndex('t', ['a'], { unique: true })`, `addIndex('t', { fields: ['a'] })`, `createIndex('t', new TableIndex({ .. }))`, `pgm.createIndex('t', 'a')`. */
export function indexOf(second: Located, third: Located | undefined, where: Where): KeyDeclaration | null {
  const described = constructed(second), isList = described?.node.type === 'ArrayExpression' || stringValue(second) !== null;
  const options = isList ? third ?? null : described;
  const list = isList ? second : propertiesOf(options ?? second).get('fields')?.value ?? propertiesOf(options ?? second).get('columnNames')?.value;
  if (!list) return null;
  const is = (name: string): boolean => literalValue(property(options, name)) === true;
  const unique = is('unique') || is('isUnique') || stringValue(property(options, 'type'))?.toUpperCase() === 'UNIQUE' || stringValue(property(options, 'indicesType'))?.toUpperCase() === 'UNIQUE';
  const columns = columnsIn(list);
  return {
    kind: unique ? 'unique' : 'index', name: stringValue(property(options, 'name')) ?? stringValue(property(options, 'indexName')), columns, texts: elementsOf(list).map((each) => stringValue(each) ?? each.program.textOf(each.node)),
    predicate: predicateIn(propertiesOf(options ?? second).get('where')?.value ?? null, where), range: where.place(second),
    asPartial: (condition, without = []) => {
      const value = conditionText(condition, where), { program } = where;
      if (value === null || property(options, 'where') !== null) return null;
      const gone = withoutElements(list, without, columns, program), object = objectAt(options, program), shown = `where: ${value}`;
      if (object) return mended([...gone, withProperty(object, 'where', value, program)], shown);
      // Without options yet.
      const at = unwrap(list.node);
      return isList && !third && list.program === program ? mended([...gone, { range: [at.range[1], at.range[1]], text: `, { ${shown} }` }], shown) : null;
    },
  };
}

/** A condition as the library takes it; null where it cannot say so, or its database has no partial indexes. */
function conditionText(condition: string, { style, program }: Where): string | null {
  if (program.dialect === 'mysql' || program.dialect === 'mariadb') return null;
  if (style.library !== 'sequelize-migration') return `'${condition.replaceAll("'", "\\'")}'`;
  const column = nullColumn(condition);
  return column === null ? null : `{ ${column}: null }`;
}

/** `new TableUnique({ columnNames: ['a'] })`. */
export function uniqueOf(at: Located, where: Where): KeyDeclaration | null {
  const options = constructed(at), list = options && propertiesOf(options).get('columnNames')?.value;
  return list ? { kind: 'unique', name: stringValue(property(options, 'name')), columns: columnsIn(list), predicate: null, constraint: true, range: where.place(at) } : null;
}

/** `new TableForeignKey({ columnNames: ['a'], referencedTableName: 'b', onDelete: 'CASCADE' })`. */
export function foreignKeyOf(at: Located, where: Where): ForeignKeyDeclaration | null {
  const options = constructed(at), list = property(options, 'columnNames'), table = stringValue(property(options, 'referencedTableName')), others = property(options, 'referencedColumnNames');
  const schema = stringValue(property(options, 'referencedSchema'));
  if (!options || !list || table === null) return null;
  const target = targetOf(table);
  return {
    columns: columnsIn(list).filter((name) => name !== null), target: { ...target, schema: schema ?? target.schema }, references: others ? columnsIn(others).filter((name) => name !== null) : [],
    ...actionsOf(options), range: where.place(at), withAction: actionEdit(options, where),
  };
}

/** Keys in the description of a TypeORM table. */
export function typeormParts(options: Located, where: Where): Partial<Parts> {
  const each = <Part>(name: string, read: (at: Located) => Part | null): Part[] => {
    const list = property(options, name);
    return list ? elementsOf(list).flatMap((one) => read(one) ?? []) : [];
  };
  return { keys: [...each('indices', (one) => indexOf(one, undefined, where)), ...each('uniques', (one) => uniqueOf(one, where))], foreignKeys: each('foreignKeys', (one) => foreignKeyOf(one, where)) };
}

/** The third argument of `createTable`: Sequelize's `uniqueKeys`, node-pg-migrate's `constraints`. */
export function tableOptions(at: Located, where: Where): Partial<Parts> {
  const unique = property(at, 'uniqueKeys'), constraints = property(at, 'constraints');
  if (constraints) return namedConstraint(null, constraints, where) ?? {};
  return unique ? { keys: [...propertiesOf(unique).values()].flatMap(({ name, value }): KeyDeclaration[] => {
    const fields = property(value, 'fields');
    return fields ? [{ kind: 'unique', name, columns: columnsIn(fields), predicate: null, constraint: true, range: where.place(value) }] : [];
  }) } : {};
}

/** node-pg-migrate: `{ unique: ['a', 'b'], primaryKey: 'id', foreignKeys: { columns: 'a', references: 'b(id)' } }`, or the words of SQL. */
export function namedConstraint(name: string | null, at: Located, where: Where): Partial<Parts> | null {
  const options = resolve(at), range = where.place(at), text = stringValue(at);
  if (text !== null) {
    const columns = /^\s*(unique|primary\s+key)\s*\(([^()]*)\)\s*$/i.exec(text);
    return columns ? { keys: [{ kind: /^u/i.test(columns[1]!) ? 'unique' : 'primary', name, columns: columns[2]!.split(',').map((each) => each.trim().replaceAll('"', '')), predicate: null, constraint: true, range }] } : null;
  }
  const keys: KeyDeclaration[] = [], foreignKeys: ForeignKeyDeclaration[] = [];
  for (const [property_, kind] of [['primaryKey', 'primary'], ['unique', 'unique']] as const) {
    const list = property(options, property_);
    if (!list) continue;
    const nested = elementsOf(list).some((each) => resolve(each).node.type === 'ArrayExpression');
    for (const columns of nested ? elementsOf(list).map(columnsIn) : [columnsIn(list)]) keys.push({ kind, name, columns, predicate: null, constraint: true, range });
  }
  const foreign = property(options, 'foreignKeys');
  for (const each of foreign ? elementsOf(foreign) : []) {
    const columns = property(each, 'columns'), references = stringValue(property(each, 'references'));
    if (!columns || references === null) continue;
    foreignKeys.push({
      columns: columnsIn(columns).filter((column) => column !== null), target: targetOf(references.replace(/\(.*$/, '')), references: (/\(([^)]*)\)/.exec(references)?.[1] ?? '').split(',').map((column) => column.trim().replaceAll('"', '')).filter((column) => column !== ''),
      ...actionsOf(each), range: where.place(each), withAction: actionEdit(resolve(each), where),
    });
  }
  return keys.length + foreignKeys.length > 0 ? { keys, foreignKeys } : null;
}

/** Sequelize: `addConstraint('t', { fields: ['a'], type: 'unique' })`, and the older `addConstraint('t', ['a'], { type: 'unique' })`. */
export function constraintOf(second: Located, third: Located | undefined, where: Where): Partial<Parts> | null {
  const isList = resolve(second).node.type === 'ArrayExpression', options = isList ? third && resolve(third) : resolve(second);
  const list = isList ? second : property(options, 'fields'), type = stringValue(property(options, 'type'))?.toLowerCase(), range = where.place(second);
  if (!options || !list) return null;
  const columns = columnsIn(list), name = stringValue(property(options, 'name'));
  if (type === 'unique' || type === 'primary key') return { keys: [{ kind: type === 'unique' ? 'unique' : 'primary', name, columns, predicate: null, constraint: true, range }] };
  const references = property(options, 'references'), table = stringValue(property(references, 'table')) ?? stringValue(property(references, 'model')) ?? stringValue(property(property(references, 'table'), 'tableName'));
  if (type !== 'foreign key' || table === null) return null;
  const fields = property(references, 'fields'), field = stringValue(property(references, 'field'));
  return { foreignKeys: [{
    columns: columns.filter((column) => column !== null), target: targetOf(table), references: fields ? columnsIn(fields).filter((column) => column !== null) : field === null ? [] : [field],
    ...actionsOf(options), range, withAction: actionEdit(options, where),
  }] };
}

/** Keys, indexes, foreign keys and what drops them, in migrations that describe tables as objects. */
import assert from 'node:assert/strict';
import type { TableDeclaration } from '../../lib/model/schema.js';
import { lintedDeclarations } from './linted.js';

const key = ({ kind, name, columns, predicate, constraint }: NonNullable<TableDeclaration['keys']>[number]) =>
  `${constraint ? 'constraint ' : ''}${kind} ${name ?? '-'}(${columns.map((column) => column ?? '?').join(', ')})${predicate ? ` where ${predicate.expr?.type ?? 'unknown'}` : ''}`;

function facts(code: string): string[] {
  return lintedDeclarations(code).flatMap(({ kind, name, schema, columns, dropped, keys = [], foreignKeys = [], droppedKeys = [], renamed = [] }) => [
    `${kind} ${schema === null ? '' : `${schema}.`}${name}`, ...columns.map((column) => `+${column.name} ${column.type}${column.nullable ? '' : ' not null'}`), ...dropped.map((column) => `-${column.name}`), ...keys.map(key),
    ...foreignKeys.map(({ columns: own, target, references, onDelete }) => `${own.join()} -> ${target.schema === null ? '' : `${target.schema}.`}${target.table}(${references.join()}) ${onDelete ?? '-'}`),
    ...droppedKeys.map((each) => `drop ${each.name ?? `(${each.columns!.join()})`}`), ...renamed.map(({ from, to }) => `${from} => ${to}`),
  ]);
}

const typeorm = (body: string): string => `import { Table, TableColumn, TableForeignKey, TableIndex, TableUnique } from 'typeorm';\nexport class M { async up(queryRunner) { await ${body}; } }`;
const sequelize = (body: string): string => `module.exports = { async up(queryInterface, Sequelize) { await ${body}; } };`;
const pgm = (body: string): string => `exports.up = (pgm) => { ${body}; };`;

const CASES: readonly (readonly [what: string, code: string, expected: readonly string[]])[] = [
  ['TypeORM: indexes', typeorm("queryRunner.createIndex('users', new TableIndex({ name: 'i', columnNames: ['email'], isUnique: true, where: 'deleted_at IS NULL' }))"), ['alter users', 'unique i(email) where is']],
  ['TypeORM: several indexes', typeorm("queryRunner.createIndices('users', [new TableIndex({ columnNames: ['a', 'b'] }), new TableIndex({ columnNames: ['c'], isUnique: true })])"), ['alter users', 'index -(a, b)', 'unique -(c)']],
  ['TypeORM: unique constraints', typeorm("queryRunner.createUniqueConstraint('users', new TableUnique({ name: 'u', columnNames: ['email'] }))"), ['alter users', 'constraint unique u(email)']],
  ['TypeORM: foreign keys', typeorm("queryRunner.createForeignKey('posts', new TableForeignKey({ columnNames: ['author_id'], referencedTableName: 'users', referencedColumnNames: ['id'], onDelete: 'CASCADE' }))"), ['alter posts', 'author_id -> users(id) cascade']],
  ['TypeORM: a whole table', typeorm("queryRunner.createTable(new Table({ schema: 'app', name: 'posts', columns: [{ name: 'id', type: 'int', isPrimary: true }, { name: 'slug', type: 'varchar', isUnique: true, isNullable: true }], indices: [{ columnNames: ['slug'], where: 'deleted_at IS NULL' }], uniques: [{ columnNames: ['a', 'b'] }], foreignKeys: [{ columnNames: ['a'], referencedTableName: 'users', referencedColumnNames: ['id'] }] }), true)"),
    ['create app.posts', '+id integer not null', '+slug text', 'constraint primary -(id)', 'constraint unique -(slug)', 'index -(slug) where is', 'constraint unique -(a, b)', 'a -> users(id) -']],
  ['TypeORM: what goes', typeorm("Promise.all([queryRunner.dropIndex('users', 'i'), queryRunner.dropUniqueConstraint('users', 'u'), queryRunner.dropColumn('users', 'old'), queryRunner.dropColumns('users', ['a', new TableColumn({ name: 'b', type: 'int' })]), queryRunner.dropTable('gone')])"),
    ['alter users', 'drop i', 'alter users', 'drop u', 'alter users', '-old', 'alter users', '-a', '-b', 'drop gone']],
  ['TypeORM: changed columns', typeorm("Promise.all([queryRunner.changeColumn('users', 'removed', new TableColumn({ name: 'removed', type: 'timestamptz', isNullable: true })), queryRunner.renameColumn('users', 'a', new TableColumn({ name: 'b', type: 'int' }))])"),
    ['alter users', '+removed timestamptz', 'alter users', 'a => b']],
  ['Sequelize: indexes', sequelize("queryInterface.addIndex('users', ['email'], { name: 'i', unique: true, where: { deleted_at: null } })"), ['alter users', 'unique i(email) where is']],
  ['Sequelize: indexes by their options', sequelize("queryInterface.addIndex('users', { fields: ['email', { name: 'team', order: 'DESC' }], type: 'UNIQUE' })"), ['alter users', 'unique -(email, team)']],
  ['Sequelize: an expression', sequelize("queryInterface.addIndex('users', [Sequelize.fn('lower', Sequelize.col('email'))], { unique: true })"), ['alter users', 'unique -(?)']],
  ['Sequelize: constraints', sequelize("Promise.all([queryInterface.addConstraint('users', { fields: ['email'], type: 'unique', name: 'u' }), queryInterface.addConstraint('posts', { fields: ['author_id'], type: 'foreign key', references: { table: 'users', field: 'id' }, onDelete: 'set null' })])"),
    ['alter users', 'constraint unique u(email)', 'alter posts', 'author_id -> users(id) set null']],
  ['Sequelize: constraints of version 4', sequelize("queryInterface.addConstraint('posts', ['author_id'], { type: 'foreign key', references: { table: 'users', field: 'id' } })"), ['alter posts', 'author_id -> users(id) -']],
  ['Sequelize: references of a column', sequelize("queryInterface.createTable('posts', { id: { type: Sequelize.INTEGER, primaryKey: true }, author_id: { type: Sequelize.INTEGER, references: { model: { tableName: 'users' }, key: 'id' }, onDelete: 'CASCADE' } }, { uniqueKeys: { u: { fields: ['a', 'b'] } } })"),
    ['create posts', '+id integer not null', '+author_id integer', 'constraint primary -(id)', 'constraint unique u(a, b)', 'author_id -> users(id) cascade']],
  ['Sequelize: what goes', sequelize("Promise.all([queryInterface.removeIndex('users', 'i'), queryInterface.removeIndex('users', ['email']), queryInterface.removeConstraint('users', 'u'), queryInterface.removeColumn('users', 'old')])"),
    ['alter users', 'drop i', 'alter users', 'drop (email)', 'alter users', 'drop u', 'alter users', '-old']],
  ['node-pg-migrate: indexes', pgm("pgm.createIndex('users', 'email', { unique: true, where: 'deleted_at IS NULL', name: 'i' }); pgm.createIndex({ schema: 'app', name: 'users' }, ['a', { name: 'b', sort: 'DESC' }, 'lower(c)'])"), ['alter users', 'unique i(email) where is', 'alter app.users', 'index -(a, b, ?)']],
  ['node-pg-migrate: constraints', pgm("pgm.addConstraint('posts', 'u', { unique: ['a', 'b'] }); pgm.addConstraint('posts', 'fk', { foreignKeys: { columns: 'author_id', references: 'app.users(id)', onDelete: 'CASCADE' } }); pgm.addConstraint('posts', 'c', 'UNIQUE (a)')"),
    ['alter posts', 'constraint unique u(a, b)', 'alter posts', 'author_id -> app.users(id) cascade', 'alter posts', 'constraint unique c(a)']],
  ['node-pg-migrate: a whole table', pgm("pgm.createTable('posts', { id: 'id', slug: { type: 'text', unique: true }, author_id: { type: 'integer', notNull: true, references: 'users', onDelete: 'cascade' } }, { constraints: { unique: [['a', 'b'], ['c']], primaryKey: 'id' } })"),
    ['create posts', '+id integer not null', '+slug text', '+author_id integer not null', 'constraint primary -(id)', 'constraint unique -(slug)', 'constraint primary -(id)', 'constraint unique -(a, b)', 'constraint unique -(c)', 'author_id -> users() cascade']],
  ['node-pg-migrate: what goes', pgm("pgm.dropIndex('users', ['email']); pgm.dropIndex('users', 'email', { name: 'i' }); pgm.dropConstraint('users', 'u'); pgm.dropColumns('users', ['a', 'b']); pgm.renameColumn('users', 'c', 'd')"),
    ['alter users', 'drop (email)', 'alter users', 'drop i', 'alter users', 'drop u', 'alter users', '-a', '-b', 'alter users', 'c => d']],
];

describe('keys in migrations', () => {
  for (const [what, code, expected] of CASES) it(what, () => assert.deepEqual(facts(code), expected));
});

/** Declarations of each library in a program that is linted: the place, the table, and what is left out. */
import assert from 'node:assert/strict';
import * as parser from '@typescript-eslint/parser';
import { Linter, type ESLint } from 'eslint';
import plugin from '../../index.js';

const plugins = { 'soft-delete': plugin as ESLint.Plugin };
const manifest = { tables: { users: { deletion: 'soft', models: ['User'] } } };

/** What `no-boolean-flag` says of a text: the words that it underlines and the table that it names. */
function flags(code: string, filename = 'file.ts'): string[] {
  const config = [
    { files: ['**/*.ts'], languageOptions: { parser } }, { files: ['**/*.sql'], language: 'soft-delete/sql' },
    { plugins, rules: { 'soft-delete/no-boolean-flag': 'error' }, settings: { 'soft-delete': { manifest } } },
  ] as Linter.Config[];
  const lines = code.split('\n');
  return new Linter().verify(code, config, { filename }).map(({ line, column, endColumn, message, ruleId }) => {
    assert.equal(ruleId, 'soft-delete/no-boolean-flag', message);
    return `${lines[line - 1]!.slice(column - 1, endColumn! - 1)} of ${/row of '(.*?)'/.exec(message)![1]!}`;
  });
}

const CASES: readonly (readonly [what: string, code: string, expected: readonly string[]])[] = [
  ['Knex', `export async function up(knex) {
    await knex.schema.createTable('posts', (table) => { table.increments(); table.boolean('is_deleted').notNullable().defaultTo(false); });
    await knex.schema.alterTable('users', (t) => { t.boolean('removed'); });
  }`, ["'is_deleted' of posts", "'removed' of users"]],
  ['Knex, down()', `export async function down(knex) {
    await knex.schema.alterTable('users', (t) => { t.boolean('is_deleted'); });
  }`, []],
  ['Kysely', `export async function up(db) {
    await db.schema.createTable('posts').addColumn('id', 'serial').addColumn('is_deleted', 'boolean', (c) => c.notNull().defaultTo(false)).execute();
    await db.schema.alterTable('users').addColumn('deleted', 'boolean').execute();
  }`, ["'is_deleted' of posts", "'deleted' of users"]],
  ['types that describe a database to Kysely', `import type { Generated } from 'kysely';
  interface Posts { id: Generated<number>; is_deleted: boolean }
  export interface DB { posts: Posts }`, []],
  ['TypeORM', `import { Column, Entity } from 'typeorm';
  @Entity('posts') export class Post { @Column({ default: false }) isDeleted: boolean; @Column({ type: 'boolean' }) isPublic: boolean; }`, ['isDeleted of posts']],
  ['TypeORM migration', `export class M { async up(queryRunner) {
    await queryRunner.createTable(new Table({ name: 'posts', columns: [{ name: 'is_deleted', type: 'boolean', default: false }] }));
    await queryRunner.addColumn('users', new TableColumn({ name: 'deleted', type: 'boolean' }));
  } async down(queryRunner) { await queryRunner.addColumn('users', new TableColumn({ name: 'is_deleted', type: 'boolean' })); } }`,
  ["'is_deleted' of posts", "'deleted' of users"]],
  ['Sequelize', `import { DataTypes, Model } from 'sequelize';
  class Post extends Model {}
  Post.init({ id: DataTypes.INTEGER, isDeleted: { type: DataTypes.BOOLEAN, defaultValue: false } }, { sequelize, tableName: 'posts' });
  sequelize.define('User', { removed: DataTypes.BOOLEAN }, { tableName: 'users' });`, ['isDeleted of posts', 'removed of users']],
  ['Sequelize migration', `module.exports = { async up(queryInterface, Sequelize) {
    await queryInterface.createTable('posts', { id: Sequelize.INTEGER, is_deleted: { type: Sequelize.BOOLEAN } });
  }, async down(queryInterface, Sequelize) { await queryInterface.addColumn('users', 'is_deleted', Sequelize.BOOLEAN); } };`, ['is_deleted of posts']],
  ['MikroORM', `import { Entity, Property } from '@mikro-orm/core';
  @Entity({ tableName: 'posts' }) export class Post { @Property({ default: false }) isDeleted: boolean = false; }`, ['isDeleted of posts']],
  ['Drizzle', `import { boolean, pgTable, serial } from 'drizzle-orm/pg-core';
  export const posts = pgTable('posts', { id: serial('id'), isDeleted: boolean('is_deleted').notNull().default(false) });`, ['isDeleted of posts']],
  ['node-pg-migrate', `exports.up = (pgm) => { pgm.createTable('posts', { id: 'id', is_deleted: { type: 'boolean', notNull: true } }); };
  exports.down = (pgm) => { pgm.addColumns('users', { is_deleted: 'boolean' }); };`, ['is_deleted of posts']],
  ['SQL', 'const up = (queryRunner) => queryRunner.query(`ALTER TABLE users ADD is_deleted boolean`);', ['is_deleted of users']],
  ['SQL, down()', 'class M { down(queryRunner) { return queryRunner.query(`ALTER TABLE users ADD is_deleted boolean`); } }', []],
];

describe('declarations in programs', () => {
  for (const [what, code, expected] of CASES) it(what, () => assert.deepEqual(flags(code), expected));

  it('leaves out what a SQL file takes back', () => {
    assert.deepEqual(flags('-- migrate:up\nALTER TABLE users ADD is_deleted boolean;\n-- migrate:down\nALTER TABLE users ADD removed boolean;\n', 'a.sql'), ['is_deleted of users']);
    assert.deepEqual(flags('ALTER TABLE users ADD is_deleted boolean;', '2020_users.down.sql'), []);
  });
});

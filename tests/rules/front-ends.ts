/** One table with one column, declared in each way that the plugin reads. */
import assert from 'node:assert/strict';
import * as parser from '@typescript-eslint/parser';
import { Linter, type ESLint } from 'eslint';
import plugin from '../../index.js';
import type { Manifest } from '../../lib/manifest/types.js';
import { manifest } from './manifest.js';
import { count } from './tally.js';

/** What a column is, in the words of each library. */
export interface ColumnWords {
  readonly sql: string;
  readonly mysql: string;
  readonly prisma: string;
  /** Behind `column`, as Drizzle's builder call without the name: `timestamp` or `boolean`. */
  readonly drizzle: (name: string) => string;
  /** A call on Knex' table builder. */
  readonly knex: (name: string) => string;
  /** Type and, where there is one, callback of Kysely's `addColumn`. */
  readonly kysely: string;
  /** Options of TypeORM's `@Column` and of `TableColumn`. */
  readonly typeorm: string;
  /** Attribute of Sequelize. */
  readonly sequelize: string;
  /** Options of node-pg-migrate. */
  readonly pgm: string;
  /** Options of MikroORM's `@Property`. */
  readonly mikro: string;
}

/** A declaration in one of the languages that are linted. */
export interface Declaration {
  readonly how: string;
  readonly language: 'sql' | 'ts' | 'prisma';
  readonly code: string;
  readonly dialect?: 'mysql';
  readonly filename?: string;
  /** The column's name as the file writes it, with its quotes where they are underlined. */
  readonly at: string;
}

export const FLAG: ColumnWords = {
  sql: 'boolean NOT NULL DEFAULT false', mysql: 'tinyint(1) NOT NULL DEFAULT 0', prisma: 'Boolean @default(false)', drizzle: (name) => `boolean('${name}').notNull().default(false)`,
  knex: (name) => `boolean('${name}').notNullable().defaultTo(false)`, kysely: "'boolean', (col) => col.notNull().defaultTo(false)", typeorm: "type: 'boolean', default: false",
  sequelize: '{ type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false }', pgm: "{ type: 'boolean', notNull: true, default: false }", mikro: "type: 'boolean', default: false",
};

export const MOMENT: ColumnWords = {
  sql: 'timestamptz', mysql: 'datetime NULL', prisma: 'DateTime?', drizzle: (name) => `timestamp('${name}', { withTimezone: true })`, knex: (name) => `timestamp('${name}')`,
  kysely: "'timestamptz'", typeorm: "type: 'timestamptz', nullable: true, isNullable: true", sequelize: '{ type: DataTypes.DATE, allowNull: true }', pgm: "{ type: 'timestamptz' }",
  mikro: "type: 'timestamptz', nullable: true",
};

/** Declarations of a table with an id and one column. */
export function declarations(table: string, column: string, words: ColumnWords): Declaration[] {
  const model = table.replace(/(?:^|_)([a-z])/gu, (_, letter: string) => letter.toUpperCase()).replace(/s$/u, '');
  const migration = 'db/schema/20240102_change.ts';
  return [
    { how: 'CREATE TABLE', language: 'sql', code: `CREATE TABLE ${table} (id bigint PRIMARY KEY, ${column} ${words.sql})`, at: column },
    { how: 'ALTER TABLE', language: 'sql', code: `ALTER TABLE ${table} ADD COLUMN ${column} ${words.sql}`, at: column },
    { how: 'CREATE TABLE of MySQL', language: 'sql', dialect: 'mysql', code: `CREATE TABLE \`${table}\` (\`id\` bigint PRIMARY KEY, \`${column}\` ${words.mysql})`, at: `\`${column}\`` },
    { how: 'a tag', language: 'ts', code: `import postgres from 'postgres';\nconst sql = postgres();\nawait sql\`CREATE TABLE ${table} (id bigint PRIMARY KEY, ${column} ${words.sql})\`;`, at: column },
    { how: 'a query of a migration', language: 'ts', code: `await queryRunner.query('ALTER TABLE ${table} ADD ${column} ${words.sql}');`, at: column },
    { how: 'Prisma', language: 'prisma', code: `model ${model} {\n  id Int @id\n  ${column} ${words.prisma}\n\n  @@map("${table}")\n}`, at: column },
    { how: 'Drizzle', language: 'ts', code: `import { boolean, date, integer, pgTable, serial, timestamp } from 'drizzle-orm/pg-core';\nexport const ${table} = pgTable('${table}', { id: serial('id').primaryKey(), ${column}: ${words.drizzle(column)} });`, at: column },
    { how: 'Knex', language: 'ts', filename: migration, code: `import type { Knex } from 'knex';\nexport async function up(knex: Knex) {\n  await knex.schema.createTable('${table}', (table) => {\n    table.increments('id');\n    table.${words.knex(column)};\n  });\n}`, at: `'${column}'` },
    { how: 'Kysely', language: 'ts', filename: migration, code: `import type { Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) {\n  await db.schema.alterTable('${table}').addColumn('${column}', ${words.kysely}).execute();\n}`, at: `'${column}'` },
    { how: 'an entity of TypeORM', language: 'ts', code: `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';\n@Entity('${table}')\nexport class ${model} {\n  @PrimaryGeneratedColumn() id: number;\n  @Column({ name: '${column}', ${words.typeorm} }) property: unknown;\n}`, at: 'property' },
    { how: 'a migration of TypeORM', language: 'ts', filename: migration, code: `import { TableColumn, type QueryRunner } from 'typeorm';\nexport class Change {\n  async up(queryRunner: QueryRunner) {\n    await queryRunner.addColumn('${table}', new TableColumn({ name: '${column}', ${words.typeorm} }));\n  }\n}`, at: `'${column}'` },
    { how: 'a model of Sequelize', language: 'ts', code: `import { DataTypes } from 'sequelize';\nexport const ${model} = sequelize.define('${model}', { id: { type: DataTypes.INTEGER, primaryKey: true }, ${column}: ${words.sequelize} }, { tableName: '${table}' });`, at: column },
    { how: 'a migration of Sequelize', language: 'ts', filename: migration, code: `module.exports = { up: async (queryInterface, DataTypes) => { await queryInterface.addColumn('${table}', '${column}', ${words.sequelize}); } };`, at: `'${column}'` },
    { how: 'node-pg-migrate', language: 'ts', filename: migration, code: `exports.up = (pgm) => { pgm.addColumns('${table}', { ${column}: ${words.pgm} }); };`, at: column },
    { how: 'MikroORM', language: 'ts', code: `import { Entity, PrimaryKey, Property } from '@mikro-orm/core';\n@Entity({ tableName: '${table}' })\nexport class ${model} {\n  @PrimaryKey() id!: number;\n  @Property({ fieldName: '${column}', ${words.mikro} }) property?: unknown;\n}`, at: 'property' },
    { how: 'a migration of MikroORM', language: 'ts', filename: migration, code: `import { Migration } from '@mikro-orm/migrations';\nexport class Change extends Migration {\n  async up(): Promise<void> {\n    this.addSql('ALTER TABLE "${table}" ADD COLUMN "${column}" ${words.sql};');\n  }\n  async down(): Promise<void> {\n    this.addSql('alter table "${table}" drop column "${column}";');\n  }\n}`, at: `"${column}"` },
  ];
}

/** What differs from the manifest of all tests, and the rule's options. */
export interface Setting {
  readonly tables?: Manifest['tables'];
  readonly options?: readonly object[];
  /** ESLint's working directory; default: the process'. */
  readonly cwd?: string;
}

/**
 * What a rule says of a declaration: each message with the words that are underlined. What it offers has to mend the problem.
 * Which front ends have edits to offer is tested with them.
 */
export function reportsOf(rule: string, declaration: Declaration, { tables = {}, options = [], cwd }: Setting = {}): { message: string; at: string }[] {
  const { language, dialect, filename = `db/query.${language}` } = declaration;
  const lint = (code: string): Linter.LintMessage[] => new Linter({ cwd }).verify(code, [
    { files: ['**/*.sql'], language: 'soft-delete/sql' }, { files: ['**/*.prisma'], language: 'soft-delete/prisma' }, { files: ['**/*.ts'], languageOptions: { parser } },
    {
      plugins: { 'soft-delete': plugin as ESLint.Plugin }, rules: { [`soft-delete/${rule}`]: ['error', ...options] as never },
      settings: { 'soft-delete': { manifest: { ...manifest, ...(dialect && { dialect }), tables: { ...manifest.tables, ...tables } } } },
    },
  ], { filename });
  const { code } = declaration, lines = code.split('\n'), messages = lint(code);
  for (const { message, suggestions = [] } of messages) {
    for (const { fix } of suggestions) {
      const mended = code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1]);
      assert.ok(lint(mended).every((other) => other.message !== message && other.ruleId !== null), `${message} is still said of ${mended}`);
    }
  }
  return messages.map(({ message, line, column, endColumn = column }) => ({ message, at: lines[line - 1]!.slice(column - 1, endColumn - 1) }));
}

/** Defines a test for each declaration: what is said of it, or nothing. */
export function testDeclarations(rule: string, of: readonly Declaration[], message: string | null, setting?: Setting): void {
  count(rule, message === null ? 'silent' : 'reported', of);
  describe(`${rule} ${message === null ? 'accepts' : 'reports'} ${of[0]!.code.split('\n', 1)[0]!}, and in other words`, () => {
    for (const declaration of of) {
      it(declaration.how, () => {
        assert.deepEqual(reportsOf(rule, declaration, setting), message === null ? [] : [{ message, at: declaration.at }]);
      });
    }
  });
}

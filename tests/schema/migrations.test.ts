import assert from 'node:assert/strict';
import knexFactory, { type Knex } from 'knex';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type CompiledQuery } from 'kysely';
import type { TableDeclaration } from '../../lib/model/schema.js';
import { readSqlFile } from '../../lib/schema/sql.js';
import { declared, execute, type Files } from './support.js';

/** What a declaration says that its SQL says, too. */
function essence({ kind, name, schema, columns, dropped, keys, foreignKeys, renamed, renamedTo }: TableDeclaration) {
  return {
    kind, name, schema, columns: columns.map(({ name: column, type, nullable, hasDefault }) => [column, type, nullable, hasDefault]).sort(), dropped: dropped.map((each) => each.name).sort(),
    keys: [...new Set((keys ?? []).map(({ kind: key, columns: list, predicate }) => JSON.stringify([key, list, predicate?.expr?.type ?? null])))].sort(),
    foreignKeys: (foreignKeys ?? []).map((key) => JSON.stringify([key.columns, key.target.table, key.references, key.onDelete])).sort(), renamed: (renamed ?? []).map(({ from, to }) => [from, to]), renamedTo: renamedTo ?? null,
  };
}

/** Several changes of one table as one. */
function together(declarations: readonly TableDeclaration[]): unknown[] {
  const tables = new Map<string, TableDeclaration>();
  for (const declaration of declarations) {
    const key = `${declaration.kind === 'drop' ? 'drop' : ''} ${declaration.schema}.${declaration.name}`, known = tables.get(key);
    tables.set(key, known ? {
      ...declaration, kind: known.kind, columns: [...known.columns, ...declaration.columns.filter(({ name, type }) => type !== 'unknown' || !known.columns.some((column) => column.name === name))], dropped: [...known.dropped, ...declaration.dropped],
      keys: [...known.keys ?? [], ...declaration.keys ?? []], foreignKeys: [...known.foreignKeys ?? [], ...declaration.foreignKeys ?? []], renamed: [...known.renamed ?? [], ...declaration.renamed ?? []], renamedTo: declaration.renamedTo ?? known.renamedTo,
    } : declaration);
  }
  return [...tables.values()].map(essence).sort((a, b) => a.name < b.name ? -1 : 1);
}

const KNEX: Readonly<Record<string, Files>> = {
  'columns of every kind': {
    'a.js': `
      exports.up = (knex) => knex.schema.createTable('users', (table) => {
        table.increments('id'); table.string('email', 30).notNullable().unique(); table.timestamp('deleted_at').nullable(); table.timestamp('local', { useTz: false }); table.boolean('is_deleted').notNullable().defaultTo(false);
        table.bigInteger('n').defaultTo(0); table.date('born'); table.text('bio'); table.specificType('gone', 'timestamptz'); table.jsonb('meta');
      });
      exports.down = (knex) => knex.schema.dropTable('users');`,
  },
  'keys and foreign keys': {
    'a.js': `
      exports.up = async function (knex) {
        await knex.schema.withSchema('app').createTable('members', function (t) {
          t.integer('team_id').notNullable().references('id').inTable('teams').onDelete('CASCADE'); t.integer('user_id').references('users.id'); t.string('mail');
          t.primary(['team_id', 'user_id']); t.unique(['mail', 'team_id']); t.index(['mail']); t.unique(['mail'], { predicate: knex.whereNull('deleted_at') });
          t.foreign('mail').references('mail').inTable('mails').onDelete('SET NULL');
        });
      };`,
  },
  'changes': {
    'a.js': `
      const { stamps, TABLE } = require('./helpers');
      const all = ['a', 'b'];
      exports.up = async (knex) => {
        await knex.schema.alterTable(TABLE, (t) => { t.dropColumn('old'); stamps(t); t.renameColumn('x', 'y'); if (true) { t.integer('z'); } });
        for (const name of all) await knex.schema.table(name, (t) => { t.dateTime('deleted_at'); });
        await knex.schema.renameTable('p', 'q').dropTableIfExists('gone');
        await knex.raw('ALTER TABLE raw ADD COLUMN deleted_at timestamptz');
      };`,
    'helpers.js': `exports.TABLE = 'things'; exports.stamps = (table) => { table.timestamp('deleted_at'); };`,
  },
};

describe('Knex migrations', () => {
  for (const [title, files] of Object.entries(KNEX)) {
    it(`with ${title} declare what their SQL does`, async () => {
      const { up } = execute(files) as { up: (knex: Knex) => Promise<unknown> };
      const knex = knexFactory({ client: 'pg' }), statements: string[] = [];
      // Nothing is sent: what would be is kept.
      const client = knex.client as { acquireConnection: unknown; releaseConnection: unknown; _query: unknown; processResponse: unknown };
      client.acquireConnection = () => Promise.resolve({});
      client.releaseConnection = () => Promise.resolve();
      client._query = (_: unknown, query: { sql: string }) => { statements.push(query.sql); return Promise.resolve({ ...query, response: { rows: [] } }); };
      client.processResponse = () => [];
      await up(knex);
      assert.ok(statements.length > 0);
      assert.deepEqual(together(declared(files)), together(readSqlFile(`${statements.join(';\n')};`, 'a.sql')));
    });
  }
});

const KYSELY: Readonly<Record<string, Files>> = {
  'tables': {
    'a.ts': `
      import { sql } from 'kysely';
      export async function up(db) {
        await db.schema.createTable('users').ifNotExists().addColumn('id', 'uuid', (col) => col.primaryKey().defaultTo(sql\`gen_random_uuid()\`)).addColumn('email', 'varchar(20)', (c) => c.notNull().unique())
          .addColumn('deleted_at', 'timestamptz').addColumn('is_deleted', 'boolean', (c) => c.notNull().defaultTo(false)).addColumn('kind', sql\`integer\`)
          .addColumn('team_id', 'integer', (col) => col.references('teams.id').onDelete('cascade')).addUniqueConstraint('pair', ['email', 'team_id']).execute();
        await db.schema.createIndex('live_mail').unique().on('users').columns(['email']).where('deleted_at', 'is', null).execute();
        await db.schema.withSchema('app').createTable('notes').addColumn('a', 'integer').addColumn('b', 'integer').addPrimaryKeyConstraint('pk', ['a', 'b']).addForeignKeyConstraint('fk', ['a'], 'users', ['id'], (cb) => cb.onDelete('set null')).execute();
      }
      export async function down(db) { await db.schema.dropTable('users').execute(); }`,
  },
  'changes': {
    'a.ts': `
      export async function up(db) {
        for (const table of ['a', 'b'] as const) await db.schema.alterTable(table).addColumn('deleted_at', 'timestamp').execute();
        await db.schema.alterTable('posts').dropColumn('old').execute();
        await db.schema.alterTable('posts').renameColumn('x', 'y').execute();
        await db.schema.alterTable('p').renameTo('q').execute();
        await db.schema.dropTable('gone').ifExists().execute();
      }`,
  },
};

describe('Kysely migrations', () => {
  for (const [title, files] of Object.entries(KYSELY)) {
    it(`with ${title} declare what their SQL does`, async () => {
      const statements: string[] = [];
      const db = new Kysely<unknown>({
        dialect: { createAdapter: () => new PostgresAdapter(), createDriver: () => new DummyDriver(), createIntrospector: (each) => new PostgresIntrospector(each), createQueryCompiler: () => new PostgresQueryCompiler() },
        log: ({ query }) => { statements.push((query as CompiledQuery).sql); },
      });
      await (execute(files) as { up: (db: unknown) => Promise<void> }).up(db);
      assert.ok(statements.length > 0);
      assert.deepEqual(together(declared(files)), together(readSqlFile(`${statements.join(';\n')};`, 'a.sql')));
    });
  }
});

describe('Migrations that describe tables as objects', () => {
  const facts = (text: string) => declared({ 'a.js': text }).map((each) => [each.kind, each.library, each.name, each.columns.map(({ name, type, nullable }) => [name, type, nullable]), each.dropped.map(({ name }) => name), each.renamedTo ?? null]);

  it('of Sequelize', () => {
    assert.deepEqual(facts(`
      module.exports = {
        async up(queryInterface, Sequelize) {
          await queryInterface.createTable('users', { id: { type: Sequelize.INTEGER, primaryKey: true }, deletedAt: { type: Sequelize.DATE, allowNull: true, field: 'deleted_at' }, flag: Sequelize.BOOLEAN });
          await queryInterface.addColumn({ tableName: 'posts', schema: 'app' }, 'deletedAt', { type: Sequelize.DATE });
          await Promise.all(['a', 'b'].map((table) => queryInterface.removeColumn(table, 'deletedAt')));
          await queryInterface.renameTable('x', 'y');
        },
        async down(queryInterface) { await queryInterface.dropTable('users'); },
      };`), [
      ['create', 'sequelize-migration', 'users', [['id', 'integer', false], ['deleted_at', 'timestamptz', true], ['flag', 'boolean', true]], [], null],
      ['alter', 'sequelize-migration', 'posts', [['deletedAt', 'timestamptz', true]], [], null],
      ['alter', 'sequelize-migration', 'a', [], ['deletedAt'], null], ['alter', 'sequelize-migration', 'b', [], ['deletedAt'], null],
      ['alter', 'sequelize-migration', 'x', [], [], 'y'],
    ]);
  });

  it('of TypeORM', () => {
    assert.deepEqual(facts(`
      import { Table, TableColumn } from 'typeorm';
      export class M { async up(queryRunner) {
        await queryRunner.createTable(new Table({ name: 'users', columns: [{ name: 'id', type: 'int', isPrimary: true }, { name: 'deletedAt', type: 'timestamptz', isNullable: true }] }));
        await queryRunner.addColumn('posts', new TableColumn({ name: 'is_deleted', type: 'boolean', default: false }));
        await queryRunner.query('ALTER TABLE "notes" ADD "deletedAt" TIMESTAMP');
      } async down(queryRunner) { await queryRunner.query('DROP TABLE notes'); } }`), [
      ['alter', undefined, 'notes', [['deletedAt', 'timestamp', true]], [], null],
      ['create', 'typeorm-migration', 'users', [['id', 'integer', false], ['deletedAt', 'timestamptz', true]], [], null],
      ['alter', 'typeorm-migration', 'posts', [['is_deleted', 'boolean', false]], [], null],
    ]);
  });

  it('of node-pg-migrate', () => {
    assert.deepEqual(facts(`exports.up = (pgm) => { pgm.createTable('users', { id: 'id', deleted_at: { type: 'timestamptz' } }); pgm.addColumns('posts', { deleted_at: { type: 'timestamptz', notNull: true } }); };
      exports.down = (pgm) => { pgm.dropColumns('posts', ['deleted_at']); };`), [
      ['create', 'node-pg-migrate', 'users', [['id', 'integer', false], ['deleted_at', 'timestamptz', true]], [], null],
      ['alter', 'node-pg-migrate', 'posts', [['deleted_at', 'timestamptz', false]], [], null],
    ]);
  });
});

describe('SQL files', () => {
  const names = (text: string, path = 'a.sql') => readSqlFile(text, path).map(({ kind, name }) => `${kind} ${name}`);

  it('leave out the way back', () => {
    for (const marker of ['-- migrate:down', '-- +goose Down', '-- +migrate Down', '-- Down Migration', '--rambler down']) assert.deepEqual(names(`CREATE TABLE a (id int);\n${marker}\nDROP TABLE a;\n`), ['create a'], marker);
    assert.deepEqual(names('-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;\n-- +goose Up\nCREATE TABLE b (id int);'), ['create a', 'create b']);
    assert.deepEqual(names('-- This goes down well\nDROP TABLE a;'), ['drop a']);
    for (const path of ['1.down.sql', 'x/1_a-down.sql', 'down.sql', 'undo.sql']) assert.deepEqual(names('DROP TABLE a;', path), [], path);
    assert.deepEqual(names('DROP TABLE a;', 'breakdown.sql'), ['drop a']);
  });

  it('speak a dialect', () => {
    assert.deepEqual(names('CREATE TABLE `a` (`id` int NOT NULL AUTO_INCREMENT, `deleted` tinyint(1) NOT NULL DEFAULT 0, PRIMARY KEY (`id`), KEY `k` (`deleted`)) ENGINE=InnoDB;'), ['create a']);
  });
});

/** What libraries make of the predicate of an index where the dialect has none, as they compile it themselves. */
import assert from 'node:assert/strict';
import knexFactory, { type Knex } from 'knex';
import { Kysely, DummyDriver, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler } from 'kysely';
import { Sequelize } from 'sequelize';
import { DataSource, Table, TableIndex } from 'typeorm';

function knexSays(client: string, build: (table: Knex.AlterTableBuilder, knex: Knex) => void): string {
  const knex = knexFactory({ client, useNullAsDefault: true });
  return knex.schema.alterTable('users', (table) => { build(table, knex); }).toString();
}

describe('predicates of indexes in builders', () => {
  it('Knex leaves the predicate out on MySQL, of unique keys and of indexes', () => {
    assert.equal(knexSays('mysql2', (table, knex) => { table.unique(['email'], { indexName: 'u', predicate: knex.whereNull('deleted_at') } as never); }), 'alter table `users` add unique `u`(`email`)');
    assert.equal(knexSays('mysql2', (table, knex) => { table.index(['email'], 'i', { predicate: knex.whereNull('deleted_at') }); }), 'alter table `users` add index `i`(`email`)');
  });

  it('Knex keeps it on PostgreSQL and SQLite', () => {
    for (const client of ['pg', 'sqlite3']) {
      assert.match(knexSays(client, (table, knex) => { table.unique(['email'], { indexName: 'u', predicate: knex.whereNull('deleted_at') } as never); }), /create unique index .u. on .users. \(.email.\) where .deleted_at. is null/);
    }
  });

  it('Knex refuses a predicate of a constraint on PostgreSQL', () => {
    assert.throws(() => knexSays('pg', (table, knex) => { table.unique(['email'], { useConstraint: true, predicate: knex.whereNull('deleted_at') } as never); }), /cannot create constraint with predicate/);
  });

  it('Sequelize leaves the predicate out on MySQL', () => {
    for (const [dialect, expected] of [['mysql', 'ALTER TABLE `users` ADD UNIQUE INDEX `u` (`email`)'], ['postgres', 'CREATE UNIQUE INDEX "u" ON "users" ("email") WHERE "deleted_at" IS NULL']] as const) {
      const sequelize = new Sequelize({ dialect, dialectModule: { types: {} }, logging: false });
      const { queryGenerator } = sequelize.getQueryInterface() as unknown as { queryGenerator: { addIndexQuery(table: string, options: object): string } };
      assert.equal(queryGenerator.addIndexQuery('users', { fields: ['email'], unique: true, name: 'u', where: { deleted_at: null } }), expected);
    }
  });

  it('TypeORM leaves the predicate out on MySQL', () => {
    const index = new TableIndex({ name: 'u', columnNames: ['email'], isUnique: true, where: 'deleted_at IS NULL' });
    for (const [type, expected] of [['mysql', 'CREATE UNIQUE INDEX `u` ON `users` (`email`)'], ['postgres', 'CREATE UNIQUE INDEX "u" ON "users" ("email") WHERE deleted_at IS NULL']] as const) {
      const runner = runnerOf(type) as unknown as { createIndexSql(table: Table, index: TableIndex): { query: string } };
      assert.equal(runner.createIndexSql(new Table({ name: 'users', columns: [{ name: 'email', type: 'varchar' }] }), index).query.trim(), expected);
    }
  });

  it('Kysely writes the predicate for MySQL, which refuses it', () => {
    const database = new Kysely<Record<string, never>>({ dialect: { createAdapter: () => new MysqlAdapter(), createDriver: () => new DummyDriver(), createIntrospector: (db) => new MysqlIntrospector(db), createQueryCompiler: () => new MysqlQueryCompiler() } });
    assert.equal(database.schema.createIndex('u').unique().on('users').column('email').where('deleted_at' as never, 'is', null).compile().sql, 'create unique index `u` on `users` (`email`) where `deleted_at` is null');
  });
});

/** A runner of queries for a database that is not connected to. */
function runnerOf(type: 'mysql' | 'postgres'): object {
  const driver = type === 'mysql' ? { createConnection() {}, createPool() {} } : { Pool: Object, Client: Object };
  return new DataSource({ type, driver, database: 'shop' } as never).createQueryRunner();
}

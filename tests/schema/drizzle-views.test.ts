/** Views and policies of Drizzle are those that drizzle-orm itself makes of the same source, with the statements that it sends. */
import assert from 'node:assert/strict';
import { type SQL, is } from 'drizzle-orm';
import { getViewConfig as mysqlView, MySqlDialect, MySqlView } from 'drizzle-orm/mysql-core';
import { getMaterializedViewConfig, getTableConfig, getViewConfig as pgView, PgDialect, PgMaterializedView, type PgPolicy, type PgTable, type PgView } from 'drizzle-orm/pg-core';
import { getViewConfig as sqliteView, SQLiteSyncDialect, SQLiteView } from 'drizzle-orm/sqlite-core';
import type { Dialect } from '../../lib/manifest/types.js';
import { readSql } from '../../lib/sql/read.js';
import { plainText } from '../../lib/sql/sql-text.js';
import { reportsOf } from '../rules/front-ends.js';
import { linted } from './linted.js';
import { execute, wordsAt } from './support.js';

const TABLES = `
  const users = pgTable('app_users', { id: integer('user_id').primaryKey(), name: text(), deletedAt: timestamp('deleted_at') });
  const posts = pgTable('posts', { id: integer().primaryKey(), authorId: integer('author_id') });`;
const PG = `import { and, eq, exists, isNull, sql } from 'drizzle-orm';
  import { integer, pgMaterializedView, pgPolicy, pgSchema, pgTable, pgView, QueryBuilder, text, timestamp } from 'drizzle-orm/pg-core';${TABLES}
  const app = pgSchema('app'), qb = new QueryBuilder();`;

const VIEWS: readonly string[] = [
  `${PG} export const v = pgView('names').as((qb) => qb.select({ name: users.name }).from(users).where(isNull(users.deletedAt)));`,
  `${PG} export const v = pgView('all_users').with({ securityInvoker: true }).as(qb.select().from(users).innerJoin(posts, eq(posts.authorId, users.id)));`,
  `${PG} export const v = pgMaterializedView('stats').using('btree').withNoData().as((qb) => { return qb.select().from(posts); });`,
  `${PG} export const v = pgView('raw', { name: text() }).as(sql\`select name from \${users} where \${users.deletedAt} is null\`);`,
  `${PG} const where = sql\`where "posts"."id" in (select \${posts.id} from \${posts})\`; export const v = pgMaterializedView('raw', { id: integer() }).as(sql\`select id from posts \${where}\`);`,
  `${PG} export const v = app.view('inner', { id: integer() }).as(sql\`select user_id from app_users\`);`,
  `${PG} export const v = app.materializedView('inner').as((qb) => qb.select().from(users));`,
  `import { sql } from 'drizzle-orm'; import { int, mysqlTable, mysqlView } from 'drizzle-orm/mysql-core';
  const users = mysqlTable('app_users', { id: int('user_id').primaryKey() });
  export const v = mysqlView('raw', { id: int() }).as(sql\`select \${users.id} from \${users}\`);`,
  `import { integer, sqliteTable, sqliteView } from 'drizzle-orm/sqlite-core';
  const users = sqliteTable('app_users', { id: integer('user_id').primaryKey() });
  export const v = sqliteView('built').as((qb) => qb.select().from(users));`,
];

/** What drizzle-orm makes of a view: its name, whether it is materialized, and the SQL of its query. */
function configured(value: unknown): { readonly name: string; readonly schema: string | null; readonly materialized: boolean; readonly sql: string; readonly dialect: Dialect } {
  const of = (config: { name: string; schema?: string | undefined; query?: SQL | undefined }, materialized: boolean, dialect: Dialect, sql: { sqlToQuery(query: SQL): { sql: string } }) =>
    ({ name: config.name, schema: config.schema ?? null, materialized, dialect, sql: sql.sqlToQuery(config.query!).sql });
  if (is(value, PgMaterializedView)) return of(getMaterializedViewConfig(value), true, 'postgresql', new PgDialect());
  if (is(value, MySqlView)) return of(mysqlView(value), false, 'mysql', new MySqlDialect());
  if (is(value, SQLiteView)) return of(sqliteView(value) as never, false, 'sqlite', new SQLiteSyncDialect());
  return of(pgView(value as PgView), false, 'postgresql', new PgDialect());
}

/** A tree without its places. */
function bare(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => key === 'range' ? undefined : inner ?? null)) as unknown;
}

describe('Drizzle views', () => {
  for (const code of VIEWS) {
    it(code.slice(code.lastIndexOf('export')), () => {
      const real = configured(execute({ 'a.ts': code })['v']), [view, ...others] = linted(code, 'a.ts').views;
      const sent = readSql(plainText(`CREATE VIEW x AS ${real.sql}`), { dialect: real.dialect, library: 'sql', definitions: true }).views[0]!;
      assert.deepEqual(others, []);
      assert.deepEqual([view!.kind, view!.name, view!.schema, view!.materialized, wordsAt(code, view!.range)], ['create', real.name, real.schema, real.materialized, `'${real.name}'`]);
      assert.deepEqual(view!.tables.map(({ name }) => name), sent.tables.map(({ name }) => name));
      assert.ok(view!.tables.length > 0);
      if (view!.query) assert.deepEqual(bare(view!.query), bare(sent.query));
    });
  }

  it('that exist already are not read, nor what only looks like one', () => {
    for (const code of [`${PG} export const v = pgView('names', { id: integer() }).existing();`, `${PG} const sub = db.select().from(users).as('sub');`, `${PG} export const v = app.table('x', { view: text() });`]) assert.deepEqual(linted(code, 'a.ts').views, []);
  });
});

/** The third argument of a table. */
const POLICIES: readonly string[] = [
  `[pgPolicy('own', { for: 'select', using: sql\`\${t.id} = current_setting('app.user')::int\` })]`,
  `[pgPolicy('live', { as: 'restrictive', using: sql\`\${t.deletedAt} is null\` }), pgPolicy('all', { to: 'public', for: 'update', using: sql\`true\`, withCheck: sql\`\${t.deletedAt} is null\` })]`,
  `({ own: pgPolicy('own', { for: 'delete', using: sql\`user_id in (select author_id from \${posts})\` }) })`,
  `[crudPolicy({ role: 'app', read: true, modify: sql\`\${t.id} = 1\` })]`,
  `[...crudPolicy({ role: 'app', read: sql\`\${t.deletedAt} is null\`, modify: null })]`,
];

describe('Drizzle policies', () => {
  for (const extra of POLICIES) {
    it(extra, () => {
      const code = `import { sql } from 'drizzle-orm'; import { crudPolicy } from 'drizzle-orm/neon'; import { integer, pgPolicy, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
        const posts = pgTable('posts', { authorId: integer('author_id') });
        export const users = pgTable('app_users', { id: integer('user_id').primaryKey(), deletedAt: timestamp('deleted_at') }, (t) => ${extra});`;
      const { policies: real } = getTableConfig(execute({ 'a.ts': code })['users'] as PgTable), dialect = new PgDialect();
      const text = (sql: SQL | undefined): unknown => sql ? bare(readSql(plainText(`SELECT 1 FROM x WHERE ${dialect.sqlToQuery(sql).sql}`), { dialect: 'postgresql', library: 'sql' }).statements.map(({ root }) => root.type === 'select' && root.where)[0]) : null;
      const found = linted(code, 'a.ts').policies;
      assert.ok(found.length > 0);
      assert.deepEqual(found.map(({ name, table, command, restrictive, using, check }) => [name, table, command, restrictive, bare(using), bare(check)]),
        real.map((policy) => [policy.name, 'app_users', policy.for ?? 'all', policy.as === 'restrictive', text(policy.using), text(policy.withCheck)]));
    });
  }

  it('that are linked to a table elsewhere', () => {
    const code = `import { sql } from 'drizzle-orm'; import { integer, pgPolicy, pgTable } from 'drizzle-orm/pg-core';
      const users = pgTable.withRLS('users', { id: integer() });
      export const own = pgPolicy('own', { using: sql\`true\` }).link(users);`;
    assert.deepEqual(linted(code, 'a.ts').policies.map(({ name, table, command, range }) => [name, table, command, wordsAt(code, range)]), [['own', 'users', 'all', "'own'"]]);
    const linked = execute({ 'a.ts': code.replace('pgTable.withRLS', 'pgTable') })['own'] as PgPolicy & { _linkedTable: PgTable };
    assert.equal(getTableConfig(linked._linkedTable).name, 'users');
  });
});

describe('Queries of Drizzle views and policies', () => {
  const head = `import { isNull, sql } from 'drizzle-orm'; import { integer, pgPolicy, pgTable, pgView, QueryBuilder, timestamp } from 'drizzle-orm/pg-core';
    const users = pgTable('users', { id: integer().primaryKey(), deletedAt: timestamp('deleted_at', { withTimezone: true }) }); const qb = new QueryBuilder();\n`;
  const CASES: readonly (readonly [rule: string, code: string, at: string | null])[] = [
    ['require-live-filter', `export const v = pgView('v').as((qb) => qb.select().from(users));`, 'users'],
    ['require-live-filter', `export const v = pgView('v').as(qb.select().from(users));`, 'users'],
    ['require-live-filter', `export const v = pgView('v', { id: integer() }).as(sql\`select id from users\`);`, 'users'],
    ['require-live-filter', `export const v = pgView('v', { id: integer() }).as(sql\`select id from \${users}\`);`, 'users'],
    ['require-live-filter', `export const v = pgView('v').as((qb) => qb.select().from(users).where(isNull(users.deletedAt)));`, null],
    ['require-live-filter', `export const v = pgView('v', { id: integer() }).as(sql\`select id from \${users} where \${users.deletedAt} is null\`);`, null],
    ['require-live-filter', `export const v = pgView('v', { id: integer() }).as(sql\`select id from \${users} \${unseen()}\`);`, null],
    ['require-live-subquery', `export const t = pgTable('t', { userId: integer('user_id') }, (t) => [pgPolicy('p', { using: sql\`\${t.userId} in (select id from users)\` })]);`, 'users'],
    ['require-live-subquery', `export const p = pgPolicy('p', { using: sql\`user_id in (select id from users where deleted_at is null)\` }).link(users);`, null],
  ];
  for (const [rule, code, at] of CASES) {
    it(`${rule}: ${code}`, () => {
      const reports = reportsOf(rule, { how: '', language: 'ts', code: head + code, at: '' }, { tables: { users: { deletion: 'soft', models: ['users'] } } });
      assert.deepEqual(reports.map((report) => report.at), at === null ? [] : [at]);
    });
  }
});

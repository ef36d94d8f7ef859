/** Kysely's calls against the SQL that Kysely 0.28 compiles of them. */
import {
  DummyDriver, expressionBuilder, Kysely, MssqlAdapter, MssqlQueryCompiler, MysqlAdapter, MysqlQueryCompiler, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql, SqliteAdapter, SqliteQueryCompiler,
  CamelCasePlugin, type CompiledQuery, type DialectAdapter, type KyselyPlugin, type QueryCompiler,
} from 'kysely';
import { jsonArrayFrom, jsonBuildObject, jsonObjectFrom } from 'kysely/helpers/postgres';
import ts from 'typescript';
import type { Manifest } from '../../lib/manifest/index.js';
import { kysely } from '../../lib/orm/kysely.js';
import { crossCheck, type Shape } from './cross-check.js';

const PRELUDE = `
import { sql, expressionBuilder, type ExpressionBuilder } from 'kysely';
import { jsonArrayFrom, jsonBuildObject, jsonObjectFrom } from 'kysely/helpers/postgres';
import { db } from './db';
`;

const manifest = (dialect: Manifest['dialect']): Manifest => ({
  ...(dialect ? { dialect } : {}),
  tables: {
    users: { deletion: 'soft', unique: [['email']] },
    posts: 'soft',
    comments: { deletion: 'soft', tombstone: { column: 'is_deleted', live: false } },
    documents: { deletion: 'soft', tombstone: ['deleted_at', 'archived_at'] },
    tags: 'hard', sessions: 'hard',
  },
});

/** Runs code with a database that only compiles, and gives what it would have sent. Bound nulls, booleans and numbers stand where they were bound. */
function runner(adapter: () => DialectAdapter, compiler: () => QueryCompiler, plugins: KyselyPlugin[] = []) {
  return async (code: string): Promise<readonly string[]> => {
    const sent: string[] = [];
    const db = new Kysely<Record<string, never>>({
      dialect: { createAdapter: adapter, createDriver: () => new DummyDriver(), createIntrospector: (inner) => new PostgresIntrospector(inner), createQueryCompiler: compiler },
      plugins, log: ({ query }) => { sent.push(inlined(query)); },
    });
    const body = /\breturn\b/.test(code) ? code : `return ${code};`;
    const { outputText } = ts.transpileModule(`async function shape() {\n${body}\n}`, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
    const make = new Function('db', 'sql', 'expressionBuilder', 'jsonArrayFrom', 'jsonObjectFrom', 'jsonBuildObject', `${outputText}\nreturn shape();`) as (...args: unknown[]) => Promise<unknown>;
    await make(db, sql, expressionBuilder, jsonArrayFrom, jsonObjectFrom, jsonBuildObject);
    return sent;
  };
}

function inlined({ sql: text, parameters }: CompiledQuery): string {
  let next = 0;
  return text.replace(/\$(\d+)|@(\d+)|\?/gu, (mark: string, pg?: string, ms?: string) => {
    const index = pg ?? ms, value = parameters[index === undefined ? next++ : Number(index) - 1];
    return value === null ? 'NULL' : typeof value === 'boolean' || typeof value === 'number' ? String(value) : index === undefined ? mark : `$${index}`;
  });
}

const shape = (code: string, differs?: Shape['differs']): Shape => ({ code, ...(differs ? { differs } : {}) });

const POSTGRES: readonly Shape[] = [
  // FROM
  shape("db.selectFrom('users').selectAll().execute()"),
  shape("db.selectFrom('users as u').select('u.id').where('u.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('public.users').select('id').where('deleted_at', 'is', null).execute()"),
  shape("db.selectFrom(['users as u', 'posts as p']).select('u.id').whereRef('u.id', '=', 'p.user_id').where('p.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom((eb) => eb.selectFrom('users').selectAll().where('deleted_at', 'is', null).as('u')).select('u.id').execute()"),
  shape("db.selectFrom(db.selectFrom('users').selectAll().as('u')).select('u.id').where('u.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom(db.selectFrom('users').selectAll().limit(10).as('u')).select('u.id').where('u.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom(db.dynamic.table('users').as('u')).select('id').execute()"),
  shape("db.selectFrom(sql`(select * from users where deleted_at is null)`.as('u')).selectAll().execute()"),
  shape("db.withSchema('public').selectFrom('users').selectAll().where('deleted_at', 'is', null).execute()"),
  shape("db.selectNoFrom((eb) => eb.selectFrom('users').select(eb.fn.countAll().as('n')).as('n')).execute()"),
  // WHERE
  shape("db.selectFrom('users').selectAll().where('deleted_at', 'is not', null).execute()"),
  shape("db.selectFrom('users').selectAll().where('deleted_at', '=', null).execute()"),
  shape("db.selectFrom('users').selectAll().where('deleted_at', '<', new Date()).execute()"),
  shape("db.selectFrom('users').selectAll().where('deleted_at', 'is not distinct from', null).execute()"),
  shape("db.selectFrom('users').selectAll().where('deleted_at', 'is distinct from', null).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb('deleted_at', 'is', null)).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb('deleted_at', 'is', eb.lit(null))).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb.not(eb('deleted_at', 'is not', null))).execute()"),
  shape("db.selectFrom('users').selectAll().where(({ eb, and, or }) => and([or([eb('a', '=', 1), eb('b', '=', 2)]), eb('deleted_at', 'is', null)])).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb.or([eb('deleted_at', 'is', null), eb('id', '=', 1)])).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb.and({ name: 'x', deleted_at: null })).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb.and({ name: 'x', deleted_at: undefined })).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb.or({ name: 'x', deleted_at: null })).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb('deleted_at', 'is', null).and('name', '=', 'x')).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb('deleted_at', 'is', null).or('name', '=', 'x')).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb.between('deleted_at', new Date(0), new Date())).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb(eb.fn.coalesce('deleted_at', eb.val('x')), '=', 'x')).execute()", { call: ['users: live'], why: 'the bound values can be seen' }),
  shape("db.selectFrom('users').selectAll().where((eb) => eb(eb.ref('deleted_at'), 'is', null)).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb.parens('deleted_at', 'is', null)).execute()"),
  shape("db.selectFrom('comments').selectAll().where('is_deleted', '=', false).execute()"),
  shape("db.selectFrom('comments').selectAll().where('is_deleted', 'is', false).execute()"),
  shape("db.selectFrom('comments').selectAll().where((eb) => eb.not('is_deleted')).execute()"),
  shape("db.selectFrom('documents').selectAll().where('deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('documents').selectAll().where('deleted_at', 'is', null).where('archived_at', 'is', null).execute()"),
  shape("db.selectFrom('users').selectAll().where(sql<boolean>`deleted_at is null`).execute()"),
  shape("db.selectFrom('users').selectAll().where(sql<boolean>`${sql.ref('deleted_at')} is null`).execute()"),
  shape("db.selectFrom('users as u').selectAll().where((eb) => sql<boolean>`${eb.ref('u.deleted_at')} is null`).execute()"),
  shape("db.selectFrom('users as u').selectAll().where(({ ref }) => sql<boolean>`${ref('u.deleted_at')} is null`).execute()"),
  shape("db.selectFrom('users as u').select(({ ref }) => [sql<string>`coalesce(${ref('u.name')}, (select title from posts where user_id = ${ref('u.id')}))`.as('name')]).where('u.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('users').selectAll().where('deleted_at', 'is', null).where(sql<boolean>`a = 1 or b = 2`).execute()"),
  shape("db.selectFrom('users').selectAll().where('deleted_at', 'is', null).where(sql<boolean>`(a = 1 or b = 2)`).execute()"),
  shape("db.selectFrom('users').selectAll().where(sql<boolean>`a = 1 or b = 2`).where('deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb.and([eb('deleted_at', 'is', null), sql<boolean>`a or b`])).execute()"),
  shape("db.selectFrom('users').selectAll().where(db.dynamic.ref('deleted_at'), 'is', null).execute()"),
  shape("db.selectFrom('users').selectAll().where('deleted_at', 'is', null).clearWhere().execute()"),
  shape("db.selectFrom('users').selectAll().where((eb) => eb.case().when('deleted_at', 'is', null).then(true).else(false).end()).execute()"),
  shape("const eb = expressionBuilder<any, 'users'>(); return db.selectFrom('users').selectAll().where(eb.and([eb('deleted_at', 'is', null)])).execute()"),
  shape("const conditions = [sql<boolean>`deleted_at is null`]; conditions.push(sql<boolean>`a = 1`); return db.selectFrom('users').selectAll().where((eb) => eb.and(conditions)).execute()"),
  shape("db.selectFrom('users').select('id').where('id', '=', sql`any(${[1]})`).where('deleted_at', 'is', null).executeTakeFirst()"),
  shape("db.selectFrom('users').selectAll().where('deleted_at', 'is', null).orderBy(sql`lower(name) desc`).orderBy('id desc').orderBy((eb) => sql`${eb.ref('name')} asc nulls last`).execute()"),
  shape("db.selectFrom('users as u').selectAll().where('u.deleted_at', 'is', null).orderBy((eb) => eb.selectFrom('posts').select(eb.fn.countAll().as('n')).whereRef('posts.user_id', '=', 'u.id')).execute()"),
  // joins
  shape("db.selectFrom('posts as p').innerJoin('users as u', 'u.id', 'p.user_id').select('p.id').where('p.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('posts as p').innerJoin('users as u', 'u.id', 'p.user_id').select('p.id').where('p.deleted_at', 'is', null).where('u.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('users as u').leftJoin('posts as p', 'p.user_id', 'u.id').selectAll().where('u.deleted_at', 'is', null).where('p.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('users as u').leftJoin('posts as p', (join) => join.onRef('p.user_id', '=', 'u.id').on('p.deleted_at', 'is', null)).selectAll().where('u.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('users as u').leftJoin('posts as p', (join) => join.on((eb) => eb.and([eb('p.user_id', '=', eb.ref('u.id')), eb('u.deleted_at', 'is', null)]))).selectAll().execute()"),
  shape("db.selectFrom('users as u').rightJoin('posts as p', 'p.user_id', 'u.id').selectAll().where('p.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('users as u').fullJoin('posts as p', 'p.user_id', 'u.id').selectAll().where('p.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('users as u').crossJoin('posts as p').selectAll().where('p.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('users as u').innerJoin('posts as p', (join) => join.onTrue().on('p.deleted_at', 'is', null)).selectAll().execute()"),
  shape("db.selectFrom('users as u').leftJoin((eb) => eb.selectFrom('posts').selectAll().where('deleted_at', 'is', null).as('p'), (join) => join.onRef('p.user_id', '=', 'u.id')).selectAll().where('u.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('users as u').leftJoinLateral((eb) => eb.selectFrom('posts').selectAll().whereRef('posts.user_id', '=', 'u.id').limit(1).as('p'), (join) => join.onTrue()).selectAll().where('u.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('users as u').innerJoin('posts as p', (join) => join.onRef('p.user_id', '=', 'u.id').on(sql<boolean>`p.deleted_at is null or true`)).selectAll().execute()"),
  // subqueries
  shape("db.selectFrom('users as u').selectAll().where('u.deleted_at', 'is', null).where(({ exists, selectFrom }) => exists(selectFrom('posts as p').select('p.id').whereRef('p.user_id', '=', 'u.id'))).execute()"),
  shape("db.selectFrom('users as u').selectAll().where('u.deleted_at', 'is', null).where((eb) => eb.not(eb.exists(eb.selectFrom('posts as p').select('p.id').whereRef('p.user_id', '=', 'u.id').where('p.deleted_at', 'is', null)))).execute()"),
  shape("db.selectFrom('users').selectAll().where('deleted_at', 'is', null).where('id', 'in', db.selectFrom('posts').select('user_id')).execute()"),
  shape("db.selectFrom('users').selectAll().where('deleted_at', 'is', null).where('id', 'not in', (eb) => eb.selectFrom('posts').select('user_id').where('deleted_at', 'is', null)).execute()"),
  shape("db.selectFrom('users').selectAll().where('deleted_at', 'is', null).where((eb) => eb(eb.selectFrom('posts').select(eb.fn.countAll().as('n')).whereRef('posts.user_id', '=', 'users.id'), '>', 3)).execute()"),
  shape("db.selectFrom('users as u').select((eb) => ['u.id', eb.selectFrom('posts as p').select(({ fn }) => fn.count('p.id').as('n')).whereRef('p.user_id', '=', 'u.id').where('p.deleted_at', 'is', null).as('n')]).where('u.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('users as u').select((eb) => [jsonArrayFrom(eb.selectFrom('posts as p').select(['p.id', 'p.title']).whereRef('p.user_id', '=', 'u.id')).as('posts')]).where('u.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('posts as p').select((eb) => jsonObjectFrom(eb.selectFrom('users as u').select('u.id').whereRef('u.id', '=', 'p.user_id').where('u.deleted_at', 'is', null)).as('author')).where('p.deleted_at', 'is', null).execute()"),
  shape("db.selectFrom('users').select((eb) => jsonBuildObject({ id: eb.ref('id'), n: eb.selectFrom('posts').select(eb.fn.countAll().as('n')) }).as('o')).where('deleted_at', 'is', null).execute()"),
  shape("const live = db.selectFrom('posts').select('user_id').where('deleted_at', 'is', null); return db.selectFrom('users').selectAll().where('id', 'in', live).execute()"),
  // CTEs, set operations
  shape("db.with('live', (qb) => qb.selectFrom('users').selectAll().where('deleted_at', 'is', null)).selectFrom('live').selectAll().execute()"),
  shape("db.with('users', (qb) => qb.selectFrom('posts').selectAll()).selectFrom('users').selectAll().where('deleted_at', 'is', null).execute()"),
  shape("db.with((cte) => cte('live').materialized(), (qb) => qb.selectFrom('users').selectAll()).selectFrom('live').selectAll().execute()"),
  shape("db.with('gone(id)', (qb) => qb.deleteFrom('sessions').returning('user_id')).selectFrom('users').innerJoin('gone', 'gone.id', 'users.id').selectAll().execute()"),
  shape("db.withRecursive('tree', (qb) => qb.selectFrom('posts').select(['id', 'parent_id']).where('id', '=', 1).where('deleted_at', 'is', null).unionAll((eb) => eb.selectFrom('posts as p').select(['p.id', 'p.parent_id']).innerJoin('tree as t', 't.id', 'p.parent_id').where('p.deleted_at', 'is', null))).selectFrom('tree').selectAll().execute()"),
  shape("db.withRecursive('tree', (qb) => qb.selectFrom('posts').select(['id', 'parent_id']).where('id', '=', 1).unionAll(db.selectFrom('posts as p').select(['p.id', 'p.parent_id']).innerJoin('tree as t', 't.id', 'p.parent_id').where('p.deleted_at', 'is', null))).selectFrom('tree').selectAll().execute()"),
  shape("db.selectFrom('users').select('id').where('deleted_at', 'is', null).union(db.selectFrom('posts').select('id')).execute()"),
  shape("db.selectFrom('users').select('id').union([db.selectFrom('posts').select('id').where('deleted_at', 'is', null), db.selectFrom('tags').select('id')]).where('deleted_at', 'is', null).orderBy('id').limit(3).execute()"),
  shape("db.selectFrom('users').select('id').except((eb) => eb.selectFrom('posts').select('user_id')).where('deleted_at', 'is', null).execute()"),
  shape("db.selectFrom(db.selectFrom('users').select(['id', 'deleted_at']).unionAll(db.selectFrom('posts').select(['id', 'deleted_at'])).as('x')).selectAll().where('deleted_at', 'is', null).execute()"),
  // aggregates
  shape("db.selectFrom('users').select((eb) => eb.fn.countAll().as('n')).executeTakeFirst()"),
  shape("db.selectFrom('users').select(({ fn }) => [fn.count('id').filterWhere('deleted_at', 'is', null).as('n')]).executeTakeFirst()"),
  shape("db.selectFrom('users').select(db.fn.max('created_at').as('m')).where('deleted_at', 'is', null).executeTakeFirst()"),
  shape("const { count } = db.fn; return db.selectFrom('users').select(['role', count('id').as('n')]).groupBy('role').having(count('id'), '>', 1).execute()"),
  shape("db.selectFrom('users').select((eb) => ['id', eb.fn.agg('rank').over((ob) => ob.orderBy('id')).as('r')]).where('deleted_at', 'is', null).execute()"),
  shape("db.selectFrom(db.selectFrom('users').select(['id', 'deleted_at']).distinctOn('role').as('u')).selectAll().where('deleted_at', 'is', null).execute()"),
  shape("db.selectFrom(db.selectFrom('users').select(['id', 'deleted_at']).distinct().as('u')).selectAll().where('deleted_at', 'is', null).execute()"),
  // builders in steps
  shape("let query = db.selectFrom('users').selectAll(); query = query.where('deleted_at', 'is', null); return query.execute()"),
  shape("const live = (qb: any) => qb.where('deleted_at', 'is', null); return db.selectFrom('users').selectAll().$call(live).execute()"),
  shape("db.selectFrom('users').selectAll().$if(true, (qb) => qb.where('deleted_at', 'is', null)).execute()"),
  shape("db.selectFrom('users').selectAll().$if(false, (qb) => qb.where('deleted_at', 'is', null)).execute()"),
  shape("const all = () => db.selectFrom('users').selectAll(); return all().where('deleted_at', 'is', null).execute()"),
  shape("const query = db.selectFrom('users').selectAll(); query.where('deleted_at', 'is', null); return query.execute()"),
  // writes
  shape("db.updateTable('users').set({ name: 'x' }).where('deleted_at', 'is', null).execute()"),
  shape("db.updateTable('users').set('name', 'x').where('id', '=', 1).execute()"),
  shape("db.updateTable('users').set({ deleted_at: new Date() }).where('id', '=', 1).execute()"),
  shape("db.updateTable('users').set({ deleted_at: sql`now()` }).where('id', '=', 1).where('deleted_at', 'is', null).execute()"),
  shape("db.updateTable('users').set({ deleted_at: null }).where('id', '=', 1).execute()"),
  shape("db.updateTable('users as u').from('posts as p').set((eb) => ({ name: eb.ref('p.title') })).whereRef('p.user_id', '=', 'u.id').where('u.deleted_at', 'is', null).execute()"),
  shape("db.updateTable('users').set((eb) => ({ posts: eb.selectFrom('posts').select(eb.fn.countAll().as('n')).whereRef('posts.user_id', '=', 'users.id') })).where('deleted_at', 'is', null).execute()"),
  shape("db.deleteFrom('users').where('id', '=', 1).execute()"),
  shape("db.deleteFrom('users').where('deleted_at', '<', new Date()).returningAll().execute()"),
  shape("db.deleteFrom('posts').using('users').whereRef('users.id', '=', 'posts.user_id').where('users.deleted_at', 'is not', null).execute()"),
  shape("db.deleteFrom('posts').using('users as u').innerJoin('tags as t', 't.user_id', 'u.id').whereRef('u.id', '=', 'posts.user_id').where('u.deleted_at', 'is', null).execute()"),
  shape("db.insertInto('users').values({ email: 'x' }).onConflict((oc) => oc.column('email').doUpdateSet({ name: 'x' })).execute()"),
  shape("db.insertInto('users').values({ email: 'x' }).onConflict((oc) => oc.column('email').where('deleted_at', 'is', null).doUpdateSet({ name: 'x' })).execute()"),
  shape("db.insertInto('users').values({ email: 'x' }).onConflict((oc) => oc.columns(['email']).doUpdateSet((eb) => ({ name: eb.ref('excluded.name'), deleted_at: null }))).execute()"),
  shape("db.insertInto('users').values({ email: 'x' }).onConflict((oc) => oc.column('email').doUpdateSet({ name: 'x' }).where('users.deleted_at', 'is', null)).execute()"),
  shape("db.insertInto('users').values({ email: 'x' }).onConflict((oc) => oc.doNothing()).execute()"),
  shape("db.insertInto('tags').columns(['name']).expression((eb) => eb.selectFrom('posts').select('title')).execute()"),
  shape("db.insertInto('tags').values((eb) => ({ n: eb.selectFrom('posts').select(eb.fn.countAll().as('n')) })).execute()"),
  shape("db.mergeInto('users as u').using('posts as p', 'p.user_id', 'u.id').whenMatched().thenDelete().execute()"),
  shape("db.mergeInto('users as u').using('posts as p', (join) => join.onRef('p.user_id', '=', 'u.id').on('p.deleted_at', 'is', null)).whenMatchedAnd('u.deleted_at', 'is', null).thenUpdateSet({ name: 'x' }).whenNotMatched().thenInsertValues({ name: 'y' }).execute()"),
  shape("return db.transaction().execute(async (trx) => { await trx.deleteFrom('posts').where('user_id', '=', 1).execute(); await trx.updateTable('users').set({ deleted_at: new Date() }).where('id', '=', 1).execute(); })"),
];

const CAMEL: readonly Shape[] = [
  shape("db.selectFrom('users').selectAll().where('deletedAt', 'is', null).execute()"),
  shape("db.selectFrom('comments as c').innerJoin('users as u', 'u.id', 'c.userId').select('c.id').where('c.isDeleted', '=', false).where('u.deletedAt', 'is', null).execute()"),
  shape("db.updateTable('users').set({ deletedAt: new Date() }).where('id', '=', 1).where('deletedAt', 'is', null).execute()"),
];

const MYSQL: readonly Shape[] = [
  shape("db.selectFrom('users').selectAll().where('deleted_at', 'is', null).execute()"),
  shape("db.updateTable(['users', 'posts']).set('users.name', 'x').whereRef('posts.user_id', '=', 'users.id').where('users.deleted_at', 'is', null).execute()"),
  shape("db.deleteFrom('users').where('deleted_at', 'is not', null).limit(10).execute()"),
  shape("db.deleteFrom('posts').using('posts').innerJoin('users', 'users.id', 'posts.user_id').where('users.deleted_at', 'is', null).execute()"),
  shape("db.insertInto('users').values({ email: 'x' }).onDuplicateKeyUpdate({ name: 'x' }).execute()"),
  shape("db.insertInto('users').values({ email: 'x' }).onDuplicateKeyUpdate({ name: 'x', deleted_at: null }).execute()"),
  shape("db.insertInto('users').ignore().values({ email: 'x' }).execute()"),
  shape("db.replaceInto('users').values({ email: 'x' }).execute()"),
  shape("db.selectFrom('users').selectAll().where('deleted_at', '<=>', null).execute()"),
];

const SQLITE: readonly Shape[] = [
  shape("db.selectFrom('users as u').leftJoin('posts as p', 'p.user_id', 'u.id').selectAll().where('u.deleted_at', 'is', null).execute()"),
  shape("db.insertInto('users').orReplace().values({ email: 'x' }).execute()"),
  shape("db.selectFrom('comments').selectAll().where('is_deleted', '=', 0).execute()"),
];

const check = (name: string, dialect: Manifest['dialect'], shapes: readonly Shape[], run: ReturnType<typeof runner>): void => {
  describe(name, () => crossCheck({ library: kysely, manifest: manifest(dialect), prelude: PRELUDE, run, shapes }));
};

describe('Kysely says to the database what its calls are read as', () => {
  check('PostgreSQL', 'postgresql', POSTGRES, runner(() => new PostgresAdapter(), () => new PostgresQueryCompiler()));
  check('camel case', 'postgresql', CAMEL, runner(() => new PostgresAdapter(), () => new PostgresQueryCompiler(), [new CamelCasePlugin()]));
  check('MySQL', 'mysql', MYSQL, runner(() => new MysqlAdapter(), () => new MysqlQueryCompiler()));
  check('SQLite', 'sqlite', SQLITE, runner(() => new SqliteAdapter(), () => new SqliteQueryCompiler()));
  check('SQL Server', 'postgresql', [shape("db.selectFrom('users').selectAll().where('deleted_at', 'is', null).execute()")], runner(() => new MssqlAdapter(), () => new MssqlQueryCompiler()));
});

import assert from 'node:assert/strict';
import { validate } from '../../lib/manifest/index.js';

/** A manifest with one table `users` of these facts, beside `posts` (soft) and `logs` (hard). */
const users = (facts: object): unknown => ({ tables: { users: { deletion: 'soft', ...facts }, posts: 'soft', logs: 'hard' } });
const guarded = (...guards: unknown[]): unknown => ({ tables: { users: { deletion: 'soft', models: ['User'] } }, guards });
const KINDS = '"predicate", "where-object", "where-wrapper", "chain", "modifier", "join-callback", "scope", "orm-filter", "client", "query-source", "relation", "assert", "soft-delete-fn" or "bypass"';
const DURATION = 'must be a duration such as "30 days", "1 year 6 months" or "P30D"';

const VALID: [what: string, manifest: unknown][] = [
  ['one soft table', { tables: { users: 'soft' } }],
  ['hard tables alone', { tables: { logs: 'hard' } }],
  ['a soft table without retention', users({})],
  ['undefined values, as a configuration file builds them', { dialect: undefined, tables: { users: { deletion: 'soft', tombstone: undefined, relations: undefined } }, guards: undefined }],
  ['a flag, a sentinel, a status and a scheduled deletion', users({ tombstone: [{ column: 'is_deleted', live: false }, { column: 'deleted_at', live: 'infinity' }, { column: 'status', dead: ['deleted', 3, true] }, { column: 'ends_at', scheduled: true }] })],
  ['every fact of a table', users({ why: 'x', key: ['a', 'b'], unique: [['email'], ['org_id', 'slug']], models: ['User'], columns: { removedAt: 'deleted_at' }, autoFilter: ['typeorm'], attribution: true, cascadesTo: ['posts'], retention: '1 year 6 months', purge: 'jobs/purge.sql', audit: 'logs', regulated: true, overwrites: ['email'] })],
  ['references in another spelling, with a schema, or to a view', { tables: { 'public.user_accounts': { deletion: 'soft', relations: { posts: { table: 'app.Posts', many: true, as: 'p' }, live: { table: 'live_posts' } } }, posts: { deletion: 'soft', audit: '"UserAccounts"' } }, views: { live_posts: 'live' } }],
  ['a reference that two schemas answer to', { tables: { 'auth.users': 'soft', 'crm.users': 'soft', posts: { deletion: 'soft', relations: { author: { table: 'users' } } } } }],
  ['one table name in two schemas', { tables: { 'auth.users': 'hard', 'public.users': 'soft' } }],
  ['every kind of guard', guarded(
    { kind: 'predicate', name: 'notDeleted', from: '@/db', tableArg: 0, yields: 'dead' }, { kind: 'where-object', name: 'live', table: 'User' }, { kind: 'where-wrapper', name: 'withoutDeleted' },
    { kind: 'chain', name: 'whereNotDeleted', library: 'knex' }, { kind: 'modifier', name: 'notDeleted' }, { kind: 'join-callback', name: 'liveUsers', table: 'users' }, { kind: 'scope', name: 'active', model: 'User' },
    { kind: 'orm-filter', name: 'softDelete', tables: ['users'], bypass: ['filters: false'] }, { kind: 'client', name: 'db', coverage: { reads: ['findMany'], nested: true }, bypass: 'basePrisma' }, { kind: 'client', name: 'db', coverage: 'nested' },
    { kind: 'query-source', name: 'allUsers', table: 'users', yields: 'all' }, { kind: 'relation', name: 'livePosts', model: 'users' }, { kind: 'assert', name: 'assertNotDeleted' }, { kind: 'soft-delete-fn', name: 'softDelete', tableArg: 0 }, { kind: 'bypass', name: 'unscoped', reason: true },
  )],
];

const WRONG: [what: string, manifest: unknown, ...sentences: string[]][] = [
  // The whole
  ['no object', null, 'The manifest must be an object, not null.'],
  ['a list', [{}], 'The manifest must be an object, not a list.'],
  ['no tables', {}, 'tables is missing; write an object such as { "users": "soft", "sessions": "hard" }.'],
  ['empty tables', { tables: {} }, 'tables is empty; write an object such as { "users": "soft", "sessions": "hard" }.'],
  ['a misspelled key that is required', { tabels: { users: 'soft' } }, 'tabels is not a known key; did you mean "tables"?'],
  ['a module with a default export', { default: { tables: {} }, tables: { users: 'soft' } }, 'default is not a known key; known are dialect, tombstone, tables, views, versions, guards, reads.'],
  ['a dialect', { dialect: 'postgres', tables: { users: 'soft' } }, 'dialect must be "postgresql", "mysql", "mariadb", "sqlite" or "bigquery", not "postgres"; did you mean "postgresql"?'],
  // Tables
  ['neither soft nor hard', { tables: { users: 'sotf' } }, 'tables.users must be "soft" or "hard", not "sotf"; did you mean "soft"?'],
  ['a table of no form', { tables: { users: true } }, 'tables.users must be "soft", "hard" or an object, not true.'],
  ['deletion neither soft nor hard', { tables: { users: { deletion: 'Sof' } } }, 'tables.users.deletion must be "soft" or "hard", not "Sof"; did you mean "soft"?'],
  ['no deletion', { tables: { users: {} } }, 'tables.users.deletion is missing; write "soft" or "hard".'],
  ['an unknown key of a table', users({ retenton: '30 days' }), 'tables.users.retenton is not a known key; did you mean "retention"?'],
  ['a table without a name', { tables: { '': 'soft', '""': 'soft' } }, 'tables[""] is not the name of a table.', 'tables["\\"\\""] is not the name of a table.'],
  ['a name that is no identifier', { tables: { 'public.user-accounts': 'no' } }, 'tables["public.user-accounts"] must be "soft" or "hard", not "no".'],
  ['a key with no columns', users({ key: [] }), 'tables.users.key is empty; write a list of columns.'],
  ['a business key with no columns', users({ unique: [['email'], []] }), 'tables.users.unique[1] is empty; write a list of columns.'],
  ['a business key that is no list', users({ unique: ['email'] }), 'tables.users.unique[0] must be a list of columns, not "email".'],
  ['a blank column', users({ key: ['id', ' '] }), 'tables.users.key[1] must be the name of a column, not " ".'],
  ['no list of models', users({ models: 'User' }), 'tables.users.models must be a list of names, not "User".'],
  ['wrong types', users({ attribution: 'yes', purge: {}, columns: { a: null } }), 'tables.users.attribution must be true or false, not "yes".', 'tables.users.purge must be the path of a file, not an empty object.', 'tables.users.columns.a must be the name of a column, not null.'],
  // Tombstones
  ['a misspelled key of a tombstone', users({ tombstone: { colunm: 'deleted_at' } }), 'tables.users.tombstone.colunm is not a known key; did you mean "column"?'],
  ['no column', { tombstone: { live: false }, tables: { users: 'soft' } }, 'tombstone.column is missing; write the name of a column.'],
  ['a live value of no form', users({ tombstone: { column: 'd', live: 1 } }), 'tables.users.tombstone.live must be null, false, 0 or a text, not 1.'],
  ['a column that is true while the row is live', users({ tombstone: { column: 'is_active', live: true } }), 'tables.users.tombstone.live must be null, false, 0 or a text; for a column that is true while the row is live write "dead": false.'],
  ['a value that is live and dead', users({ tombstone: { column: 'status', live: 'deleted', dead: ['purged', 'deleted'] } }), 'tables.users.tombstone.dead contains "deleted", which a live row holds.'],
  ['one of several tombstones', users({ tombstone: ['deleted_at', { column: 'x', live: {} }, 5] }), 'tables.users.tombstone[1].live must be null, false, 0 or a text, not an empty object.', 'tables.users.tombstone[2] must be a column or an object such as { "column": "deleted_at" }, not 5.'],
  ['no tombstone at all', users({ tombstone: [] }), 'tables.users.tombstone is empty; write a list of tombstones.'],
  // Durations
  ['a misspelled unit', users({ retention: '30 dayz' }), `tables.users.retention ${DURATION}, not "30 dayz"; did you mean "30 days"?`],
  ['no blank before the unit', users({ retention: '1yr 6mo' }), `tables.users.retention ${DURATION}, not "1yr 6mo"; did you mean "1 year 6 months"?`],
  ['a duration of days alone', users({ retention: 30 }), `tables.users.retention ${DURATION}, not 30.`],
  ['no duration', users({ retention: 'forever' }), `tables.users.retention ${DURATION}, not "forever".`],
  // Names that lead nowhere
  ['a relation to no table', users({ relations: { posts: { table: 'post' } } }), 'tables.users.relations.posts.table names "post", which is no table of this manifest; did you mean "posts"?'],
  ['a relation without a table', users({ relations: { posts: { many: true } } }), 'tables.users.relations.posts.table is missing; write the name of a table.'],
  ['a relation that is no object', users({ relations: { posts: 'posts' } }), 'tables.users.relations.posts must be an object such as { "table": "posts", "many": true }, not "posts".'],
  ['a cascade to no table', users({ cascadesTo: ['posts', 'comments'] }), 'tables.users.cascadesTo[1] names "comments", which is no table of this manifest.'],
  ['an audit table that is not there', users({ audit: 'lgos' }), 'tables.users.audit names "lgos", which is no table of this manifest; did you mean "logs"?'],
  ['a table of another schema', { tables: { 'public.users': 'soft', posts: { deletion: 'soft', relations: { author: { table: 'auth.users' } } } } }, 'tables.posts.relations.author.table names "auth.users", which is no table of this manifest; did you mean "public.users"?'],
  ['a guard of no table', guarded({ kind: 'scope', name: 'active', model: 'Usr' }, { kind: 'orm-filter', name: 'f', tables: ['users', 'teams'] }), 'guards[0].model names "Usr", which is no table or model of this manifest; did you mean "User"?', 'guards[1].tables[1] names "teams", which is no table or model of this manifest.'],
  // Guards
  ['no kind', guarded({ name: 'x' }), `guards[0].kind is missing; write ${KINDS}.`],
  ['an unknown kind', guarded({ kind: 'where-objct', name: 'x' }), `guards[0].kind must be ${KINDS}, not "where-objct"; did you mean "where-object"?`],
  ['no name', guarded({ kind: 'assert' }), 'guards[0].name is missing; write a name.'],
  ['a key of another kind', guarded({ kind: 'assert', name: 'x', tableArg: 0 }), 'guards[0].tableArg is not a known key; known are kind, name, from, library.'],
  ['an argument before the first', guarded({ kind: 'chain', name: 'x', tableArg: -1 }), 'guards[0].tableArg must be the position of an argument, counted from 0, not -1.'],
  ['coverage of no form', guarded({ kind: 'client', name: 'db', coverage: 'rot' }, { kind: 'client', name: 'db', coverage: { raed: true } }), 'guards[0].coverage must be "root" or "nested", not "rot"; did you mean "root"?', 'guards[1].coverage.raed is not a known key; did you mean "raw"?'],
  ['no guard', guarded('notDeleted'), 'guards[0] must be an object such as { "kind": "predicate", "name": "notDeleted" }, not "notDeleted".'],
  // Views and files
  ['what a view shows', { tables: { users: 'soft' }, views: { active_users: true } }, 'views.active_users must be "live" or "all", not true.'],
  ['what a file reads', { tables: { users: 'soft' }, reads: { 'src/trash/**': 'dead' } }, 'reads["src/trash/**"] must be "all", "once" or "live", not "dead".'],
  ['no glob', { tables: { users: 'soft' }, reads: { '': 'all', './': 'all' } }, 'reads[""] is no glob of files; write one such as "src/admin/trash/**".', 'reads["./"] is no glob of files; write one such as "src/admin/trash/**".'],
];

const DOUBTFUL: [what: string, manifest: unknown, ...sentences: string[]][] = [
  ['two names that fold to one', { tables: { user_accounts: 'soft', UserAccounts: 'hard' } }, 'tables.UserAccounts is the same name as tables.user_accounts but for case, quotes and underscores, so that queries cannot tell them apart.'],
  ['a model of two tables', { tables: { users: { deletion: 'soft', models: ['User'] }, people: { deletion: 'soft', models: ['Person', 'user'] } } }, 'tables.people.models[1] is "user", which tables.users.models[0] names already, so that the model means no single table.'],
  ['a view that is a table', { tables: { users: 'soft' }, views: { Users: 'live' } }, 'views.Users is declared as a table, too; say once what it is.'],
  ['a hard table with a tombstone', { tables: { logs: { deletion: 'hard', tombstone: 'deleted_at', autoFilter: false } } }, 'tables.logs.tombstone says nothing here, for the table is declared hard.'],
  ['a cascade to a hard table', users({ cascadesTo: ['logs'] }), 'tables.users.cascadesTo[0] names "logs", which is declared hard and has no tombstone to set.'],
  ['a scheduled flag', users({ tombstone: { column: 'deleted', live: false, scheduled: true } }), 'tables.users.tombstone.scheduled needs a timestamp that is NULL while the row is live, but "live" is false.'],
];

describe('validate', () => {
  for (const [what, manifest] of VALID) it(`accepts ${what}`, () => { assert.deepEqual(validate(manifest), []); });
  for (const [what, manifest, ...sentences] of WRONG) it(`says of ${what}: ${sentences[0]}`, () => {
    assert.deepEqual(validate(manifest).map(({ severity, message }) => [severity, message]), sentences.map((sentence) => ['error', sentence]));
  });
  for (const [what, manifest, ...sentences] of DOUBTFUL) it(`warns of ${what}: ${sentences[0]}`, () => {
    assert.deepEqual(validate(manifest).map(({ severity, message }) => [severity, message]), sentences.map((sentence) => ['warning', sentence]));
  });

  it('says mistakes in the order of their places, and gives path and place of each', () => {
    const problems = validate({ tables: { users: { retention: 'x', audit: 'nowhere', key: [] }, posts: 1 }, dialect: 'oracle', tombstone: 3 });
    assert.deepEqual(problems.map(({ place }) => place), ['tables.users.deletion', 'tables.users.retention', 'tables.users.audit', 'tables.users.key', 'tables.posts', 'dialect', 'tombstone']);
    assert.deepEqual(problems[0]!.path, ['tables', 'users', 'deletion']);
  });

  it('says an error rather than a warning of one place', () => {
    assert.deepEqual(validate({ tables: { logs: { deletion: 'hard', tombstone: 3 } } }).map(({ severity, place }) => [severity, place]), [['error', 'tables.logs.tombstone']]);
  });

  it('does not look inside what has the wrong form', () => {
    assert.deepEqual(validate({ tables: { users: 'soft' }, guards: { model: 'nowhere' } }).map(({ place }) => place), ['guards']);
  });

  it('is quick where everything is wrong', () => {
    const tables = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`t${i}`, { deletion: 'sotf', [`k${i}`]: 1 }]));
    assert.equal(validate({ tables }).length, 6000);
  });
});

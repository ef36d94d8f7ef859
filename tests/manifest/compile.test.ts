import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { compile, type Manifest } from '../../lib/manifest/index.js';
import { fold } from '../../lib/manifest/catalog.js';

const catalog = compile({
  tables: {
    users: { deletion: 'soft', models: ['User', 'usersTable'] },
    user_accounts: { deletion: 'soft', models: ['Account'] },
    'billing.Invoices': 'soft',
    '"Order Items"': 'soft',
    'auth.sessions': 'hard', 'crm.sessions': 'soft',
    'auth.profiles': 'hard', 'public.profiles': 'soft',
    'auth.user_keys': 'hard', 'crm.UserKeys': 'soft',
    'archive.notes': 'hard', notes: 'soft',
    old_logs: 'hard', OldLogs: 'soft',
    teams: { deletion: 'soft', models: ['Group', 'schema.teamTable'] }, groups: { deletion: 'soft', models: ['Group'] },
  },
  views: { active_users: 'live', 'reporting.all_users': 'all' },
});

const nameOf = (table: { schema: string | null; name: string } | null): string | null => table && (table.schema === null ? table.name : `${table.schema}.${table.name}`);

const LOOKUPS: [name: string, schema: string | null | undefined, found: string | null][] = [
  ['users', null, 'users'], ['USERS', null, 'users'], ['"users"', null, 'users'], ['`users`', undefined, 'users'], ['[users]', null, 'users'],
  ['users', 'public', 'users'], ['public.users', undefined, 'users'], ['"app"."Users"', undefined, 'users'], ['db.app.users', undefined, 'users'],
  ['user_accounts', null, 'user_accounts'], ['userAccounts', null, 'user_accounts'], ['UserAccounts', null, 'user_accounts'], ['useraccounts', null, 'user_accounts'], ['USER_ACCOUNTS', null, 'user_accounts'],
  ['Order Items', null, 'Order Items'], ['order_items', null, 'Order Items'],
  // No plurals, no prefixes, no models.
  ['user', null, null], ['superusers', null, null], ['userss', null, null], ['Account', null, null], ['', null, null], ['.', undefined, null], ['constructor', null, null], ['__proto__', null, null],
  // A declaration with a schema
  ['invoices', null, 'billing.Invoices'], ['invoices', 'BILLING', 'billing.Invoices'], ['billing.invoices', undefined, 'billing.Invoices'], ['invoices', 'public', null], ['public.invoices', undefined, null],
  // One name in several schemas
  ['sessions', null, null], ['sessions', 'auth', 'auth.sessions'], ['sessions', 'crm', 'crm.sessions'], ['sessions', 'public', null],
  ['user_keys', null, null], ['user_keys', 'crm', 'crm.UserKeys'], ['profiles', null, 'public.profiles'], ['auth.profiles', undefined, 'auth.profiles'],
  ['notes', null, 'notes'], ['notes', 'archive', 'archive.notes'], ['notes', 'public', 'notes'],
  // Names that differ by spelling alone
  ['old_logs', null, 'old_logs'], ['oldlogs', null, 'OldLogs'], ['OLD_LOGS', null, 'old_logs'], ['old__logs', null, null],
];

const MODELS: [name: string, found: string | null][] = [
  ['User', 'users'], ['user', 'users'], ['usersTable', 'users'], ['users', 'users'], ['Account', 'user_accounts'], ['userAccount', null], ['UserAccounts', 'user_accounts'],
  ['Invoices', 'billing.Invoices'], ['schema.usersTable', 'users'], ['teamTable', 'teams'], ['schema.teamTable', 'teams'],
  // Two tables claim it.
  ['Group', null], ['groups', 'groups'], ['hasOwnProperty', null],
];

const MENTIONED = [
  'users', 'select * from users', 'SELECT * FROM USERS', 'from "users"', 'from public.users u', 'users.id', 'prisma.user.findMany()', 'User', '`user`', '(users)', 'users,', 'x=users;', '_users', 'users_', '$users', '${users}',
  'userAccounts', 'UserAccounts', 'user_accounts', 'USER_ACCOUNTS', 'useraccounts', 'User__Accounts', 'Repository<Account>', 'usersTable', 'active_users', 'activeUsers', 'reporting.all_users', 'a\nusers\nb', 'invoices', '"Order Items"', 'order_items', 'orderItems',
];
const NOT_MENTIONED = ['', 'superusers', 'users2', 'usersx', 'users_archive', 'my_users', 'userRepository', 'accounts2', 'us ers', 'use_r_s_x', 'account_user_', 'order  item', '2users', 'auth', 'billing'];

describe('compile', () => {
  for (const [name, schema, found] of LOOKUPS) it(`table ${JSON.stringify(name)}${schema ? ` in ${schema}` : ''} is ${found ?? 'unknown'}`, () => { assert.equal(nameOf(catalog.table(name, schema)), found); });
  for (const [name, found] of MODELS) it(`model ${name} is ${found ?? 'unknown'}`, () => { assert.equal(nameOf(catalog.model(name)), found); });

  it('finds views under any spelling', () => {
    assert.deepEqual([catalog.view('ActiveUsers'), catalog.view('active_users', 'public'), catalog.view('all_users'), catalog.view('all_users', 'reporting'), catalog.view('all_users', 'public'), catalog.view('users')], ['live', 'live', 'all', 'all', null, null]);
  });

  it('fills in every fact of a table', () => {
    assert.deepEqual(compile({ tables: { 'app.users': 'soft' } }).tables, [{
      name: 'users', schema: 'app', deletion: 'soft', why: null, tombstones: [{ column: 'deleted_at', names: ['deleted_at', 'deletedAt'], live: null, dead: null, scheduled: false }], key: ['id'], impliedKeys: [['users_id'], ['user_id']], unique: [], models: [],
      columns: {}, relations: {}, autoFilter: false, attribution: false, cascadesTo: [], retentionDays: null, purge: null, audit: null, overwrites: [],
    }]);
  });

  it('implies keys from names where none is declared', () => {
    const implied = (table: string): string[] => compile({ tables: { [table]: 'soft' } }).tables[0]!.impliedKeys.flat();
    assert.ok(implied('task').includes('task_id') && implied('categories').includes('category_id') && implied('addresses').includes('address_id'));
    assert.deepEqual(compile({ tables: { task: { deletion: 'soft', key: 'no' } } }).tables[0]!.impliedKeys, []);
  });

  it('keeps what the manifest says of a table, and gives other tables their own names', () => {
    const manifest: Manifest = {
      dialect: 'mysql',
      tables: {
        users: {
          deletion: 'soft', key: ['org', 'id'], unique: [['email']], relations: { posts: { table: 'POSTS', many: true }, boss: { table: 'app.users', as: 'b' }, gone: { table: 'some_view' } }, autoFilter: ['typeorm'], attribution: true,
          cascadesTo: ['blog.posts'], retention: '1 year', purge: 'purge.sql', audit: '"users_Audit"',
        },
        'blog.posts': 'soft',
        UsersAudit: { deletion: 'hard', why: 'audit' },
      },
      views: { some_view: 'live' },
    };
    const { dialect, tables: [users, posts, audit] } = compile(manifest);
    assert.equal(dialect, 'mysql');
    assert.deepEqual([users!.key, users!.unique, users!.autoFilter, users!.attribution, users!.retentionDays, users!.purge], [['org', 'id'], [['email']], ['typeorm'], true, 365, 'purge.sql']);
    const unknown = { as: null, optional: null, on: null, through: null, live: false };
    assert.deepEqual(users!.relations, { posts: { ...unknown, table: 'blog.posts', many: true }, boss: { ...unknown, table: 'users', many: false, as: 'b' }, gone: { ...unknown, table: 'some_view', many: false } });
    assert.deepEqual([users!.cascadesTo, users!.audit, posts!.schema, audit!.why, audit!.tombstones], [['blog.posts'], 'UsersAudit', 'blog', 'audit', []]);
  });

  it('keeps how a relation is joined', () => {
    const relation = { table: 'tags', many: true, through: 'PostTags', live: true };
    const { tables: [posts] } = compile({ tables: { posts: { deletion: 'soft', relations: { tags: relation, author: { table: 'posts', optional: true, on: { author_id: 'id' } } } }, tags: 'soft', post_tags: 'hard' } });
    assert.deepEqual(posts!.relations, {
      tags: { table: 'tags', many: true, as: null, optional: null, on: null, through: 'post_tags', live: true },
      author: { table: 'posts', many: false, as: null, optional: true, on: { author_id: 'id' }, through: null, live: false },
    });
  });

  it('reads every form of tombstone', () => {
    const facts = (tables: Manifest['tables'], tombstone?: Manifest['tombstone']) => compile({ tables, tombstone }).tables.map(({ tombstones }) => tombstones.map(({ column, live, dead, scheduled }) => [column, live, dead, scheduled]));
    assert.deepEqual(facts({ a: 'soft', b: { deletion: 'soft', tombstone: '"removedAt"' }, c: 'hard' }, { column: 'deleted', live: false }), [[['deleted', false, null, false]], [['removedAt', null, null, false]], []]);
    assert.deepEqual(facts({ a: { deletion: 'soft', tombstone: ['x', { column: 'y', live: 0 }, { column: 'status', dead: 'deleted' }, { column: 'z', dead: [1, true], scheduled: true }] } }), [[['x', null, null, false], ['y', 0, null, false], ['status', null, ['deleted'], false], ['z', null, [1, true], true]]]);
  });

  const renamed: Manifest['tables'] = {
    a: { deletion: 'soft', tombstone: 'removed_at', columns: { deletedAt: 'removed_at', gone: 'other' } },
    b: { deletion: 'soft', columns: { deletedAt: 'removed_at' } },
    c: { deletion: 'soft', tombstone: 'DeletedAtM' },
    e: { deletion: 'soft', tombstone: '_deleted_at' },
    d: { deletion: 'soft', columns: { removedAt: 'deleted_at', deletedAt: 'unrelated' } },
  };
  const TOMBSTONES: [table: string, column: string, found: string | null][] = [
    ['a', 'removed_at', 'removed_at'], ['a', 'removedAt', 'removed_at'], ['a', '"REMOVED_AT"', 'removed_at'], ['a', 'deletedAt', 'removed_at'], ['a', 'deleted_at', 'removed_at'], ['a', 'gone', null], ['a', 'other', null],
    ['b', 'removed_at', 'removed_at'], ['b', 'deletedAt', 'removed_at'], ['c', 'deleted_at_m', 'DeletedAtM'], ['c', 'deletedAt', null], ['d', 'removedAt', 'deleted_at'], ['d', 'deleted_at', 'deleted_at'],
  ];
  for (const [table, column, found] of TOMBSTONES) it(`column ${column} of ${table} is ${found === null ? 'no tombstone' : `the tombstone ${found}`}`, () => {
    const of = compile({ tables: renamed });
    assert.equal(of.tombstone(of.table(table)!, column)?.column ?? null, found);
  });

  it('gives each tombstone its spellings in code', () => {
    assert.deepEqual(compile({ tables: renamed }).tables.map(({ tombstones: [tombstone] }) => tombstone!.names), [
      ['removed_at', 'removedAt', 'deletedAt', 'deleted_at'], ['removed_at', 'removedAt', 'deletedAt', 'deleted_at'], ['DeletedAtM', 'deleted_at_m', 'deletedAtM'], ['_deleted_at', '_deletedAt'], ['deleted_at', 'deletedAt', 'removedAt', 'removed_at'],
    ]);
  });

  it('fills in what a guard leaves out', () => {
    const { guards } = compile({ tables: { users: 'soft' }, guards: [{ kind: 'predicate', name: 'live', yields: undefined }, { kind: 'query-source', name: 'all', yields: 'all', from: './db' }, { kind: 'client', name: 'db' }] });
    assert.deepEqual(guards, [{ kind: 'predicate', name: 'live', yields: 'live', from: null }, { kind: 'query-source', name: 'all', yields: 'all', from: './db' }, { kind: 'client', name: 'db', from: null }]);
  });

  it('is made once for a manifest and a folder', () => {
    const manifest: Manifest = { tables: { users: 'soft' } };
    assert.equal(compile(manifest), compile(manifest));
    assert.equal(compile(manifest, '/a'), compile(manifest, '/a'));
    assert.notEqual(compile(manifest, '/a'), compile(manifest, '/b'));
    assert.notEqual(compile(manifest), compile({ ...manifest }));
  });
});

describe('mentions', () => {
  for (const text of MENTIONED) it(`finds a name in ${JSON.stringify(text)}`, () => { assert.equal(catalog.mentions(text), true); });
  for (const text of NOT_MENTIONED) it(`finds none in ${JSON.stringify(text)}`, () => { assert.equal(catalog.mentions(text), false); });

  it('answers anew each time', () => {
    assert.deepEqual([catalog.mentions('users'), catalog.mentions('users'), catalog.mentions('no'), catalog.mentions('users')], [true, true, false, true]);
  });

  it('finds names with characters that patterns give a meaning, or that are not ASCII', () => {
    const odd = compile({ tables: { 'a+b': 'soft', 'größe': 'soft', 'ñandú_log': 'soft', 'user-accounts': 'soft', '$tmp': 'soft', '表': 'soft' } });
    for (const text of ['from "a+b"', 'GRÖSSE größe', 'Größe', 'x.ñandúLog', '`user-accounts`', '$tmp', '表 ']) assert.equal(odd.mentions(text), true, text);
    for (const text of ['aab', 'a b', 'user_accounts', 'größen', 'tmp', 'x']) assert.equal(odd.mentions(text), false, text);
  });

  it('finds a name whose underscores hide a character that no word has', () => {
    assert.deepEqual(['_#a', '#a', 'a'].map((text) => compile({ tables: { '_#a': 'soft' } }).mentions(text)), [true, true, false]);
  });

  const word = fc.stringMatching(/^[a-z]{1,6}\d?$/);
  const spelled = (words: string[], style: number): string => [words.join('_'), words.join(''), words.map((each, i) => i ? each[0]!.toUpperCase() + each.slice(1) : each).join(''), words.join('_').toUpperCase(), `_${words.join('__')}`][style % 5]!;
  const names = fc.array(fc.record({ words: fc.array(word, { minLength: 1, maxLength: 3 }), style: fc.nat(4) }), { minLength: 1, maxLength: 12 });

  it('finds exactly the identifiers that name a table, in whatever spelling', () => {
    fc.assert(fc.property(names, names, fc.constantFrom(' ', '.', '"', '\n', '(', ' = '), (declared, written, between) => {
      const tables = Object.fromEntries(declared.map(({ words, style }) => [spelled(words, style), 'soft' as const]));
      const of = compile({ tables }), folded = new Set(Object.keys(tables).map(fold));
      // Half of the text is made of declared names in other spellings.
      const identifiers = [...written.map(({ words, style }) => spelled(words, style)), ...declared.filter((_, i) => i % 2).map(({ words, style }) => spelled(words, style + 1))];
      for (const identifier of identifiers) assert.equal(of.mentions(`a1b2 ${identifier}${between}`), folded.has(fold(identifier)) || folded.has('a1b2'), identifier);
      assert.equal(of.mentions(identifiers.join(between)), identifiers.some((identifier) => folded.has(fold(identifier))));
    }), { numRuns: 500 });
  });

  it('stays linear on text that almost matches', () => {
    const many = compile({ tables: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`user_account_${i}_log`, 'soft' as const])) });
    assert.equal(many.mentions('_'.repeat(1e6)), false);
    assert.equal(many.mentions('user_account_'.repeat(1e5)), false);
    assert.equal(many.mentions(`u${'_'.repeat(1e6)}ser_accoun`), false);
    assert.equal(many.mentions('user_account_1_lo '.repeat(5e4)), false);
  });
});

describe('concerns', () => {
  const { concerns, mentions } = (() => {
    const catalog = compile({
      views: { live_users: 'live' },
      tables: {
        users: { deletion: 'soft', models: ['User'], audit: 'user_history' }, companies: 'soft', Person: 'soft', user_history: 'hard', regions: 'hard',
        tickets: { deletion: 'hard', relations: { author: { table: 'users', on: { author_id: 'id' } }, watchers: { table: 'regions', through: 'companies', many: true }, region: { table: 'regions', on: { region_id: 'id' } } } },
      },
    });
    return { concerns: (text: string) => catalog.concerns(text), mentions: (text: string) => catalog.mentions(text) };
  })();

  it('asks for soft and audit tables, views, and relations that lead to soft rows', () => {
    for (const text of ['FROM users', 'prisma.user.findMany()', 'new User()', 'DELETE FROM user_history', 'select from live_users', 'include: { author: true }', 'with: { watchers: true }', 'company: true', 'people: true', 'CompanyModel.query()', 'usersRepository.find()', 'include: { _count: true }']) assert.equal(concerns(text), true, text);
    for (const text of ['FROM regions', 'prisma.region.findMany()', 'FROM tickets JOIN regions', 'include: { region: true }']) assert.equal(concerns(text), false, text);
    assert.equal(mentions('FROM tickets JOIN regions'), true);
  });

  it('asks for tests of the keys by which hard tables name soft rows', () => {
    for (const text of ['WHERE t.author_id IS NOT NULL', 'WHERE "author_id" IS NULL', 'authorId: { [Op.ne]: null }', 'authorId: { not: null }', 'authorId: Not(IsNull())', 'isNotNull(tickets.authorId)', ".whereNotNull('author_id')", ".where('author_id', 'is not', null)"]) assert.equal(concerns(text), true, text);
    for (const text of ['WHERE t.author_id = $1', 'WHERE region_id IS NOT NULL', 'authorId: id });\nreturn null;']) assert.equal(concerns(text), false, text);
  });
});

describe('fileReads', () => {
  const folder = resolve('/app');
  const reads = (globs: string[], base: string | null = folder) => {
    const of = compile({ tables: { users: 'soft' }, reads: Object.fromEntries(globs.map((glob) => [glob, 'all' as const])) }, base);
    return (file: string): boolean => of.fileReads(join(folder, file)) === 'all';
  };
  it('lets files see tombstones whose names say that they show or empty the trash', () => {
    const fileReads = reads([]);
    for (const file of ['src/trash/list.ts', 'src/trash.service.ts', 'src/jobs/purgeUsers.ts', 'commands/teamPermanentDeleter.ts', 'scripts/fix.ts', 'src/bin/erase-member.ts', 'jobs/EraseAccount.ts']) assert.equal(fileReads(file), true, file);
    for (const file of ['src/users.ts', 'src/deleter.ts', 'src/expurgation/list.ts', 'src/strash/list.ts']) assert.equal(fileReads(file), false, file);
  });

  it('takes migrations and seeds for what they are', () => {
    const of = compile({ tables: { users: 'soft' } }, folder), once = (file: string): boolean => of.fileReads(join(folder, file)) === 'once';
    for (const file of ['db/migrations/1_users.ts', 'prisma/manual-data-migrations/a.sql', 'migration-steps/a.ts', 'src/region-migration.ts', 'worker/src/backgroundMigrations/fill.ts', 'src/services/monitoring.testHelpers.ts', 'src/testUtils.js', 'packages/db/drizzle/0006_tired.sql', 'db/seeds/a.ts', 'dev/04-seed-workspace.sql', 'dev/seed.sql', 'prisma/seed.ts']) assert.equal(once(file), true, file);
    for (const file of ['src/immigration/list.ts', 'src/latestHelpers.ts', 'src/wallet-seed.ts', 'db/seedlings.sql', 'src/migrations.ts', 'drizzle/queries/users.sql', 'drizzle/schema.ts']) assert.equal(once(file), false, file);
  });

  const CASES: [glob: string, file: string, matches: boolean][] = [
    ['src/admin/trash/**', 'src/admin/trash/list.ts', true], ['src/admin/trash/**', 'src/admin/trash/a/b.ts', true], ['src/admin/trash/**', 'src/admin/users.ts', false], ['./src/admin/**', 'src/admin/users.ts', true],
    ['src/admin/', 'src/admin/a/users.ts', true], ['src/purge.ts', 'src/purge.ts', true], ['users.ts', 'src/users.ts', false], ['**/purge.ts', 'src/jobs/purge.ts', true], ['**/*.{trash,purge}.ts', 'src/users.trash.ts', true],
    ['scripts/**', 'scripts/.hidden/a.ts', true], ['../shared/**', '../shared/a.ts', true], ['src/**', '../src/a.ts', false], ['src/[a]/*.ts', 'src/a/b.ts', true],
  ];
  for (const [glob, file, matches] of CASES) it(`${glob} ${matches ? 'takes in' : 'leaves out'} ${file}`, () => { assert.equal(reads([glob])(file), matches); });

  it('knows migrations, seeds, tests and scripts below the folder, unless a glob says otherwise', () => {
    const of = compile({ tables: { users: 'soft' }, reads: { 'scripts/report.ts': 'live', 'db/migrations/**': 'live', 'tools/**': 'once' } }, resolve('/home/tests/app'));
    const at = (file: string): string => of.fileReads(resolve('/home/tests/app', file));
    assert.deepEqual(['src/users.ts', 'scripts/report.ts', 'scripts/export.ts', 'db/migrations/1.sql', 'a/migrations/1.sql', 'src/users.test.ts', 'prisma/seed/a.ts', 'tools/x.ts'].map(at), ['live', 'live', 'all', 'live', 'once', 'once', 'once', 'once']);
  });

  it('matches one of several globs, and nothing without one', () => {
    assert.deepEqual(['a/x.ts', 'b/x.ts', 'c/x.ts'].map(reads(['a/**', 'b/**'])), [true, true, false]);
    assert.equal(reads([])('a/x.ts'), false);
  });

  it('matches at any depth where the folder is not known', () => {
    const matches = reads(['trash/*.ts', './purge.ts'], null);
    assert.deepEqual(['src/trash/a.ts', 'trash/a.ts', 'src/purge.ts', 'src/trash.ts'].map(matches), [true, true, true, false]);
  });
});

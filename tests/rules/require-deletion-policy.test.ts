import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { declarations, MOMENT, reportsOf, testDeclarations } from './front-ends.js';
import { count } from './tally.js';
import { testRule, type Invalid, type Valid } from './tester.js';

const unknown = (table: string): string => `The manifest does not know '${table}', so nobody has decided how its rows are deleted and no query of it is checked. Declare it there as 'soft' or 'hard'.`;
const tombstone = (table: string, column: string, known: string): string =>
  `The manifest does not know the tombstone '${column}' of '${table}', so queries are checked for ${known} instead. Name it there, or call it ${known}.`;

const reported = (code: string, table: string, more: Partial<Valid> & { at?: string } = {}): Invalid => ({ code, at: table, message: unknown(table), ...more });

testRule('require-deletion-policy', {
  sql: {
    valid: [
      'CREATE TABLE users (id int, deleted_at timestamptz)',
      'CREATE TABLE sessions (id int)',
      'CREATE TABLE public.users (id int, deleted_at timestamptz)',
      'CREATE TABLE billing.payments (id int, deleted_at timestamptz)',
      'CREATE TABLE "blogPosts" (id int, "deletedAt" timestamptz)',
      'CREATE TABLE blog_posts (id int, deleted_at timestamptz)',
      'ALTER TABLE notes ADD title text',
      'DROP TABLE notes',
      // Not for long.
      'CREATE TEMPORARY TABLE notes (id int)',
      'CREATE TEMP TABLE notes (id int)',
      'CREATE TABLE notes (id int); DROP TABLE notes',
      'CREATE TABLE "new_User" (id int, deleted_at text); INSERT INTO "new_User" SELECT id, deleted_at FROM users; DROP TABLE users; ALTER TABLE "new_User" RENAME TO "users"',
      'CREATE TABLE __new_users (id int, deleted_at text); ALTER TABLE __new_users RENAME TO users',
      'CREATE TABLE people (id int); ALTER TABLE people RENAME TO users',
      'CREATE TABLE users_backup (id int)',
      'CREATE TABLE tmp_notes (id int)',
      // Of a query, or of another table.
      'CREATE TABLE notes AS SELECT id FROM sessions',
      'CREATE TABLE notes (LIKE sessions)',
      { code: 'CREATE TABLE notes LIKE sessions', dialect: 'mysql' },
      'CREATE TABLE notes_2024 PARTITION OF events FOR VALUES FROM (1) TO (2)',
      // Of tools.
      'CREATE TABLE schema_migrations (version text)',
      'CREATE TABLE _prisma_migrations (id text)',
      'CREATE TABLE knex_migrations_lock (id int)',
      'CREATE TABLE __drizzle_migrations (id int)',
      'CREATE TABLE flyway_schema_history (id int)',
      'CREATE TABLE "SequelizeMeta" (name text)',
      'CREATE TABLE "_CategoryToPost" ("A" int, "B" int)',
      'CREATE VIEW notes AS SELECT id FROM sessions',
      'CREATE TABLE live_users (id int)',
      // In tests and examples.
      { code: 'CREATE TABLE notes (id int)', filename: 'tests/schema.sql' },
      { code: 'CREATE TABLE notes (id int)', filename: 'src/fixtures/schema.sql' },
      { code: 'CREATE TABLE notes (id int)', filename: 'examples/app/schema.sql' },
      // A dump with its rows is a copy of what a database once was.
      'CREATE TABLE notes (id int);\nCOPY public.notes (id) FROM stdin;\n1\n\\.\n',
      { code: 'CREATE TABLE `notes` (`id` int) ENGINE=InnoDB;\nLOCK TABLES `notes` WRITE;\nINSERT INTO `notes` VALUES (1);\nUNLOCK TABLES;', dialect: 'mysql' },
      // Of another system.
      'CREATE TABLE notes (id String, at DateTime64(3)) ENGINE = MergeTree ORDER BY (id)',
      // A tombstone of another name beside the manifest's, or a time beside its flag.
      'CREATE TABLE users (id int, deleted_at timestamptz, is_deleted boolean)',
      'CREATE TABLE accounts (id int, is_deleted boolean, deleted_at timestamptz)',
      'ALTER TABLE accounts ADD deleted_at timestamptz',
      'ALTER TABLE users ADD removed_at timestamptz',
      'CREATE TABLE users (id int, name text)',
      'CREATE TABLE users (id int, deleted_at timestamptz NOT NULL)',
      // What takes a migration back.
      '-- migrate:up\nALTER TABLE users ADD name text;\n-- migrate:down\nCREATE TABLE notes (id int);',
    ],
    invalid: [
      reported('CREATE TABLE notes (id int)', 'notes'),
      reported('CREATE TABLE IF NOT EXISTS notes (id int)', 'notes'),
      reported('CREATE TABLE notes (id int, deleted_at timestamptz)', 'notes'),
      reported('CREATE TABLE app.notes (id int)', 'app.notes'),
      reported('CREATE TABLE audit.payments (id int)', 'audit.payments'),
      reported('CREATE TABLE "Note" (id int)', 'Note', { at: '"Note"' }),
      reported('CREATE UNLOGGED TABLE notes (id int)', 'notes'),
      reported('CREATE TABLE notes (id int) PARTITION BY RANGE (id)', 'notes'),
      reported('CREATE TABLE `notes` (`id` int) ENGINE=InnoDB', 'notes', { dialect: 'mysql', at: '`notes`' }),
      reported('CREATE TABLE notes (id INTEGER PRIMARY KEY)', 'notes', { dialect: 'sqlite' }),
      reported('DROP TABLE IF EXISTS notes; CREATE TABLE "notes" (id int)', 'notes', { at: '"notes"' }),
      reported('CREATE TABLE notes (id int); ALTER TABLE notes ADD title text', 'notes'),
      reported('CREATE TABLE notes (id int)', 'notes', { filename: 'db/migrations/20240102_notes.sql' }),
      { code: 'CREATE TABLE notes (id int); CREATE TABLE users (id int); CREATE TABLE tags (id int)', errors: [{ at: 'notes', message: unknown('notes') }, { at: 'tags', message: unknown('tags') }] },
      { code: 'CREATE TABLE drafts (id int); ALTER TABLE drafts RENAME TO notes', at: 'drafts', message: unknown('notes') },
      { code: 'CREATE TABLE users (id int, is_deleted boolean)', at: 'is_deleted', message: tombstone('users', 'is_deleted', "'deleted_at'") },
      { code: 'CREATE TABLE "blogPosts" (id int, soft_deleted_at timestamptz)', at: 'soft_deleted_at', message: tombstone('blogPosts', 'soft_deleted_at', "'deletedAt'") },
      { code: 'ALTER TABLE users ADD is_deleted boolean', at: 'is_deleted', message: tombstone('users', 'is_deleted', "'deleted_at'") },
      { code: 'CREATE TABLE accounts (id int, deleted_at timestamptz)', at: 'deleted_at', message: tombstone('accounts', 'deleted_at', "'is_deleted'") },
      { code: 'CREATE TABLE folders (id int, deleted_at timestamptz)', tables: { folders: { deletion: 'soft', tombstone: 'removed_at' } }, at: 'deleted_at', message: tombstone('folders', 'deleted_at', "'removed_at'") },
      { code: 'ALTER TABLE folders ADD deleted_at timestamptz', tables: { folders: { deletion: 'soft', tombstone: 'removed_at' } }, at: 'deleted_at', message: tombstone('folders', 'deleted_at', "'removed_at'") },
    ],
  },
});

describe('require-deletion-policy in each way that a table is created', () => {
  const creating = (table: string) => declarations(table, 'title', MOMENT).filter(({ code }) => !/addColumns?\(|ALTER TABLE|alterTable/u.test(code));

  count('require-deletion-policy', 'reported', creating('notes'));
  count('require-deletion-policy', 'silent', creating('users'));
  for (const declaration of creating('notes')) {
    it(`reports what the manifest does not know: ${declaration.how}`, () => assert.deepEqual(reportsOf('require-deletion-policy', declaration).map(({ message }) => message), [unknown('notes')]));
  }

  for (const declaration of creating('users')) {
    it(`accepts what it knows: ${declaration.how}`, () => assert.deepEqual(reportsOf('require-deletion-policy', declaration), []));
  }
});

testDeclarations('require-deletion-policy', declarations('notes', 'title', MOMENT), null, { tables: { notes: 'hard' } });

describe('require-deletion-policy in a history of migrations', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'history-')); });
  afterEach(() => { rmSync(folder, { recursive: true }); });

  /** What is said of the first of several migrations. */
  const said = (...files: readonly (readonly [path: string, code: string])[]): string[] => {
    for (const [path, code] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), code);
    }
    const [path, code] = files[0]!;
    return reportsOf('require-deletion-policy', { how: '', language: path.endsWith('.sql') ? 'sql' : 'ts', code, filename: join(folder, path), at: '' }, { cwd: folder }).map(({ message }) => message);
  };

  for (const [how, first, later] of [
    ['SQL', ['migrations/0001_a.sql', 'CREATE TABLE notes (id int);'], ['migrations/0002_b.sql', 'DROP TABLE IF EXISTS notes;']],
    ['SQL that drops many', ['migrations/0001_a.sql', 'CREATE TABLE notes (id int);'], ['migrations/0002_b.sql', `DROP TABLE ${Array.from({ length: 40 }, (_, i) => `other_table_${i}`).join(', ')}, notes CASCADE;`]],
    ['SQL that renames', ['migrations/0001_a.sql', 'CREATE TABLE notes (id int);'], ['migrations/0002_b.sql', 'ALTER TABLE "notes" RENAME TO "letters";']],
    ['a folder for each', ['migrations/20240101_a/migration.sql', 'CREATE TABLE "Note" (id int);'], ['migrations/20240202_b/migration.sql', '-- DropTable\nDROP TABLE "Note";']],
    ['Knex', ['db/migrations/1_a.ts', "import type { Knex } from 'knex';\nexport const up = (knex: Knex) => knex.schema.createTable('notes', (t) => { t.increments(); });"], ['db/migrations/2_b.ts', "exports.up = (knex) => knex.schema.dropTableIfExists('notes');"]],
    ['raw SQL in Knex', ['db/migrations/1_a.ts', "import type { Knex } from 'knex';\nexport const up = (knex: Knex) => knex.schema.createTable('notes', (t) => { t.increments(); });"], ['db/migrations/2_b.ts', "exports.up = (knex) => knex.raw('DROP TABLE notes');"]],
    ['a constant', ['db/migrations/1_a.ts', "import type { Knex } from 'knex';\nexport const up = (knex: Knex) => knex.schema.createTable('notes', (t) => { t.increments(); });"], ['db/migrations/2_b.ts', "const table = 'notes';\nexports.up = async (knex) => { await knex.schema.dropTable(table); };"]],
    ['Sequelize', ['migrations/1_a.ts', "module.exports = { up: (queryInterface, Sequelize) => queryInterface.createTable('notes', { id: { type: Sequelize.INTEGER } }) };"], ['migrations/2_b.ts', "module.exports = { up: (queryInterface) => queryInterface.renameTable('notes', 'letters') };"]],
  ] as const) {
    it(`passes over a table that is gone: ${how}`, () => assert.deepEqual(said(first, later), []));
    it(`reports it as long as it is there: ${how}`, () => assert.equal(said(first, [later[0], later[1].replace(/notes|Note(?!s)/u, 'others')]).length, 1));
  }

  it('passes over a tombstone that is gone', () => {
    const first = (at: string) => [`${at}/migrations/0001_a.sql`, 'CREATE TABLE users (id int, is_deleted boolean);'] as const;
    assert.deepEqual(said(first('a'), ['a/migrations/0002_b.sql', 'ALTER TABLE users DROP COLUMN is_deleted;']), []);
    assert.equal(said(first('b'), ['b/migrations/0002_b.sql', 'ALTER TABLE accounts DROP COLUMN is_deleted;']).length, 1);
  });

  it('does not take the way back for the way forward', () => {
    const first = ['migrations/1_a.ts', "import type { Knex } from 'knex';\nexport const up = (knex: Knex) => knex.schema.createTable('notes', (t) => { t.increments(); });"] as const;
    assert.equal(said(first, ['migrations/2_b.ts', "exports.up = (knex) => knex.schema.createTable('notes', (t) => {});\nexports.down = (knex) => knex.schema.dropTable('notes');"]).length, 1);
    assert.equal(said(['sql/migrations/1_a.sql', 'CREATE TABLE notes (id int);'], ['sql/migrations/2_b.sql', '-- migrate:up\nSELECT 1;\n-- migrate:down\nDROP TABLE notes;']).length, 1);
  });

  it('looks at the migrations of the folder alone', () => assert.equal(said(['migrations/1_a.sql', 'CREATE TABLE notes (id int);'], ['other/migrations/2_b.sql', 'DROP TABLE notes;']).length, 1));
});

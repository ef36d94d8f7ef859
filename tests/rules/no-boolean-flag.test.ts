import { declarations, FLAG, MOMENT, testDeclarations } from './front-ends.js';
import { testRule } from './tester.js';

testRule('no-boolean-flag', {
  sql: {
    valid: [
      // What became of another row: versions, differences, deeds of moderators, a flag that is set from the start.
      'CREATE TABLE document_versions (id int, is_deleted boolean NOT NULL DEFAULT false)', 'CREATE TABLE proposal_items (id int, is_new boolean, is_modified boolean, is_deleted boolean)',
      'CREATE TABLE mod_add_community (id int, removed boolean DEFAULT false)', 'CREATE TABLE removals_of_posts (id int, removed boolean DEFAULT true)', 'ALTER TABLE record_snapshots ADD deleted boolean',
      'CREATE TABLE entry_lookup (record_id int, data json, is_deleted boolean NOT NULL)',
      'CREATE TABLE posts (id int, deleted_at timestamptz)',
      'ALTER TABLE users ADD COLUMN deleted_at timestamptz',
      // Something else is true or false.
      'CREATE TABLE posts (id int, active boolean, archived boolean, hidden boolean, is_public boolean)',
      'CREATE TABLE posts (id int, deleted_by_user boolean, can_be_deleted boolean, is_deletable boolean, notify_deleted boolean)',
      // Not true or false.
      'CREATE TABLE posts (id int, deleted timestamptz)',
      'CREATE TABLE runs (id int, created integer, deleted integer, removed bigint)',
      'CREATE TABLE posts (id int, is_deleted text)',
      { code: 'CREATE TABLE `posts` (`id` int, `deleted` int NOT NULL DEFAULT 0)', dialect: 'mysql' },
      // A table that the manifest says is hard-deleted.
      'CREATE TABLE sessions (id int, is_deleted boolean)',
      // The time stands beside it: two columns for one fact are another rule's.
      'CREATE TABLE projects (id int, is_deleted boolean, deleted_at timestamptz)',
      'ALTER TABLE notes ADD is_deleted boolean NOT NULL DEFAULT false, ADD deleted_at timestamptz',
      // Computed of the time.
      'CREATE TABLE posts (id int, gone timestamptz, is_deleted boolean GENERATED ALWAYS AS (gone IS NOT NULL) STORED)',
      // What is to be deleted, and whether that is done.
      'CREATE TABLE pending_deletions (id int, object_id text, is_deleted boolean NOT NULL DEFAULT false)',
      { code: 'CREATE TABLE pending_deletions (id int, is_deleted boolean)', tables: { pending_deletions: { deletion: 'soft', tombstone: { column: 'is_deleted', live: false } } } },
      'CREATE TABLE deleted_files (path text, removed boolean)',
      // The flag goes.
      'ALTER TABLE accounts DROP COLUMN is_deleted',
      'ALTER TABLE accounts RENAME TO customers',
      'CREATE TEMPORARY TABLE posts (id int, is_deleted boolean)',
      'CREATE INDEX ON accounts (id) WHERE NOT is_deleted',
      'SELECT is_deleted FROM accounts WHERE is_deleted',
      'CREATE VIEW v AS SELECT id FROM accounts WHERE NOT is_deleted',
    ],
    invalid: [
      // Somebody has said that the flag is the tombstone.
      {
        code: 'CREATE TABLE page_versions (id int, is_deleted boolean NOT NULL DEFAULT false)', tables: { page_versions: { deletion: 'soft', tombstone: { column: 'is_deleted', live: false } } },
        at: 'is_deleted', message: "'is_deleted' says that a row of 'page_versions' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
      },
      {
        code: 'CREATE TABLE posts (id int, is_deleted boolean NOT NULL DEFAULT false)',
        at: 'is_deleted',
        message: "'is_deleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE posts (id int, deleted_at timestamptz)' },
      },
      {
        code: 'CREATE TABLE posts (id int, deleted bool DEFAULT false, title text)',
        at: 'deleted',
        message: "'deleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE posts (id int, deleted_at timestamptz, title text)' },
      },
      {
        code: 'CREATE TABLE IF NOT EXISTS blog.letters (id int, removed boolean)',
        at: 'removed',
        message: "'removed' says that a row of 'blog.letters' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE IF NOT EXISTS blog.letters (id int, deleted_at timestamptz)' },
      },
      {
        code: 'CREATE TABLE "posts" ("id" int, "isDeleted" boolean NOT NULL DEFAULT false)',
        at: '"isDeleted"',
        message: "'isDeleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deletedAt' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE "posts" ("id" int, "deletedAt" timestamptz)' },
      },
      {
        code: 'CREATE TABLE posts ("createdAt" timestamptz, deleted boolean)',
        at: 'deleted',
        message: "'deleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deletedAt' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE posts ("createdAt" timestamptz, "deletedAt" timestamptz)' },
      },
      {
        code: 'CREATE TABLE posts (id int, is_removed boolean)',
        at: 'is_removed',
        message: "'is_removed' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE posts (id int, deleted_at timestamptz)' },
      },
      {
        code: 'CREATE TABLE posts (id int, soft_deleted boolean)',
        at: 'soft_deleted',
        message: "'soft_deleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE posts (id int, deleted_at timestamptz)' },
      },
      {
        code: 'CREATE TABLE posts (id int, is_soft_deleted boolean)',
        at: 'is_soft_deleted',
        message: "'is_soft_deleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE posts (id int, deleted_at timestamptz)' },
      },
      {
        code: 'CREATE TABLE posts (id int, trashed boolean)',
        at: 'trashed',
        message: "'trashed' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE posts (id int, deleted_at timestamptz)' },
      },
      {
        code: 'CREATE TABLE posts (id int, deleted_flag boolean)',
        at: 'deleted_flag',
        message: "'deleted_flag' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE posts (id int, deleted_at timestamptz)' },
      },
      {
        code: 'CREATE TABLE posts (id int, was_deleted boolean)',
        at: 'was_deleted',
        message: "'was_deleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE posts (id int, deleted_at timestamptz)' },
      },
      {
        code: 'ALTER TABLE users ADD COLUMN is_deleted boolean DEFAULT false',
        at: 'is_deleted',
        message: "'is_deleted' says that a row of 'users' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'ALTER TABLE users ADD COLUMN deleted_at timestamptz' },
      },
      {
        code: 'ALTER TABLE users ADD deleted boolean, ADD seen boolean',
        at: 'deleted',
        message: "'deleted' says that a row of 'users' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'ALTER TABLE users ADD deleted_at timestamptz, ADD seen boolean' },
      },
      // Declared to be the tombstone: a flag all the same.
      {
        code: 'CREATE TABLE accounts (id int, is_deleted boolean NOT NULL DEFAULT false)',
        at: 'is_deleted',
        message: "'is_deleted' says that a row of 'accounts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
      },
      // Numbers as flags.
      {
        code: 'CREATE TABLE `posts` (`id` int, `deleted` tinyint(1) NOT NULL DEFAULT 0)', dialect: 'mysql',
        at: '`deleted`',
        message: "'deleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE `posts` (`id` int, `deleted_at` DATETIME NULL)' },
      },
      {
        code: 'CREATE TABLE `posts` (`id` int, `is_deleted` tinyint NOT NULL DEFAULT 0)', dialect: 'mysql',
        at: '`is_deleted`',
        message: "'is_deleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE `posts` (`id` int, `deleted_at` DATETIME NULL)' },
      },
      {
        code: 'CREATE TABLE posts (id INTEGER, is_deleted INTEGER NOT NULL DEFAULT 0)', dialect: 'sqlite',
        at: 'is_deleted',
        message: "'is_deleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: 'CREATE TABLE posts (id INTEGER, deleted_at TEXT)' },
      },
      {
        code: 'ALTER TABLE posts ADD COLUMN isDeleted BOOLEAN', dialect: 'sqlite',
        at: 'isDeleted',
        message: "'isDeleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deletedAt' instead.",
        suggestions: { asTimestamp: 'ALTER TABLE posts ADD COLUMN deletedAt TEXT' },
      },
    ],
  },
  ts: {
    valid: [
      'await sql`CREATE TABLE posts (id int, deleted_at timestamptz)`;',
    ],
    invalid: [
      {
        code: "import postgres from 'postgres';\nconst sql = postgres();\nawait sql`CREATE TABLE posts (id int, is_deleted boolean NOT NULL DEFAULT false)`;",
        at: 'is_deleted',
        message: "'is_deleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.",
        suggestions: { asTimestamp: "import postgres from 'postgres';\nconst sql = postgres();\nawait sql`CREATE TABLE posts (id int, deleted_at timestamptz)`;" },
      },
      {
        code: `await queryRunner.query('ALTER TABLE "posts" ADD "isDeleted" boolean NOT NULL DEFAULT false');`,
        at: '"isDeleted"',
        message: "'isDeleted' says that a row of 'posts' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deletedAt' instead.",
        suggestions: { asTimestamp: `await queryRunner.query('ALTER TABLE "posts" ADD "deletedAt" timestamptz');` },
      },
    ],
  },
});

const said = (table: string, column: string): string => `'${column}' says that a row of '${table}' is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp 'deleted_at' instead.`;
testDeclarations('no-boolean-flag', declarations('posts', 'is_deleted', FLAG), said('posts', 'is_deleted'));
testDeclarations('no-boolean-flag', declarations('posts', 'soft_deleted', FLAG), said('posts', 'soft_deleted'));
testDeclarations('no-boolean-flag', declarations('posts', 'is_public', FLAG), null);
testDeclarations('no-boolean-flag', declarations('posts', 'deleted_at', MOMENT), null);
testDeclarations('no-boolean-flag', declarations('sessions', 'is_deleted', FLAG), null);

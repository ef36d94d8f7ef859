import { declarations, FLAG, MOMENT, testDeclarations } from './front-ends.js';
import { testRule, type Invalid } from './tester.js';

const other = (table: string, column: string, wanted = 'deleted_at'): string => `Whoever filters '${table}' by habit writes '${wanted}', and this is called '${column}'. Call it '${wanted}'.`;
const archive = (table: string, column: string): string =>
  `'${column}' says of '${table}' that a row is archived, which people expect to find again, and the manifest says that it is deleted. Call it 'deleted_at', and give archiving a column of its own.`;

/** A new table with a column of this name. */
const created = (column: string, type = 'timestamptz', wanted = 'deleted_at'): Invalid => ({
  code: `CREATE TABLE notes (id int, ${column} ${type})`, at: column, message: other('notes', column.replaceAll('"', ''), wanted.replaceAll('"', '')),
  suggestions: { rename: `CREATE TABLE notes (id int, ${wanted} ${/^timestamptz/u.test(type) ? type : 'timestamptz'})` },
});

const tables = { folders: { deletion: 'soft' as const, tombstone: 'archived_at' }, removals: { deletion: 'soft' as const, tombstone: 'removed_at' } };

testRule('tombstone-name', {
  sql: {
    valid: [
      'CREATE TABLE notes (id int, deleted_at timestamptz)',
      'CREATE TABLE notes (id int, "deletedAt" timestamptz)',
      'CREATE TABLE notes (id int, deletedat timestamptz)',
      // Another thing, as far as anybody knows.
      'CREATE TABLE notes (id int, archived_at timestamptz)',
      'CREATE TABLE notes (id int, published_at timestamptz, expires_at timestamptz, closed_at timestamptz)',
      'CREATE TABLE notes (id int, delete_after timestamptz, deletion_requested_at timestamptz)',
      'CREATE TABLE notes (id int, document_deleted_at timestamptz)',
      'CREATE TABLE notes (id int, revoked_at timestamptz, cancelled_at timestamptz)',
      // A flag is another rule's.
      'CREATE TABLE notes (id int, is_deleted boolean)',
      'CREATE TABLE notes (id int, removed boolean)',
      // The tombstone is there: this is a second one.
      'CREATE TABLE notes (id int, removed_at timestamptz, deleted_at timestamptz)',
      'CREATE TABLE users (id int, deleted_at timestamptz, removed_at timestamptz)',
      // Hard-deleted, as the manifest says.
      'CREATE TABLE events (id int, removed_at timestamptz)',
      // Always filled in: when the row came into a record of deletions.
      'CREATE TABLE removed_members (id int, removed_at timestamptz NOT NULL)',
      // The manifest's tombstones may be declared elsewhere.
      'ALTER TABLE users ADD COLUMN removed_at timestamptz',
      'ALTER TABLE notes DROP COLUMN removed_at',
      { code: 'CREATE TABLE notes (id int, removed_at timestamptz)', options: [{ names: ['deleted_at', 'removed_at'] }] },
      { code: 'CREATE TABLE notes (id int, "removedAt" timestamptz)', options: [{ names: ['removed_at'] }] },
      'CREATE TEMPORARY TABLE notes (id int, removed_at timestamptz)',
      // By a status, and by a sentinel, the manifest says what a row is.
      'CREATE TABLE tickets (id int, status text)',
    ],
    invalid: [
      created('removed_at'),
      created('"removedAt"', 'timestamptz', '"deletedAt"'),
      created('deleted_on'),
      created('deleted_on', 'date'),
      created('trashed_at'),
      created('discarded_at'),
      created('delete_date'),
      created('deletion_time'),
      created('date_deleted'),
      created('deleted', 'timestamptz'),
      created('soft_deleted_on'),
      created('removed_at', 'timestamptz NULL DEFAULT NULL'),
      created('deleted_time', 'bigint'),
      { code: 'ALTER TABLE notes ADD removed_at timestamp', at: 'removed_at', message: other('notes', 'removed_at'), suggestions: { rename: 'ALTER TABLE notes ADD deleted_at timestamptz' } },
      { code: 'CREATE TABLE users (id int, removed_at timestamptz)', at: 'removed_at', message: other('users', 'removed_at'), suggestions: { rename: 'CREATE TABLE users (id int, deleted_at timestamptz)' } },
      // A key calls it by its name.
      { code: 'CREATE TABLE notes (id int, slug text, removed_at timestamptz, UNIQUE (slug, removed_at))', at: 'removed_at', message: other('notes', 'removed_at') },
      { code: 'CREATE TABLE removals (id int, removed_at timestamptz)', tables, at: 'removed_at', message: other('removals', 'removed_at') },
      { code: 'CREATE TABLE folders (id int, archived_at timestamptz)', tables, at: 'archived_at', message: archive('folders', 'archived_at') },
      { code: 'ALTER TABLE folders ADD archived_at timestamptz', tables, at: 'archived_at', message: archive('folders', 'archived_at') },
      {
        code: 'CREATE TABLE notes (id int, removed_at timestamptz)', options: [{ names: ['erased_at', 'deleted_at'] }], at: 'removed_at', message: other('notes', 'removed_at', 'erased_at'),
        suggestions: { rename: 'CREATE TABLE notes (id int, erased_at timestamptz)' },
      },
    ],
  },
});

testDeclarations('tombstone-name', declarations('notes', 'removed_at', MOMENT), other('notes', 'removed_at'));
testDeclarations('tombstone-name', declarations('notes', 'deleted_at', MOMENT), null);
testDeclarations('tombstone-name', declarations('notes', 'is_removed', FLAG), null);
testDeclarations('tombstone-name', declarations('sessions', 'removed_at', MOMENT), null);

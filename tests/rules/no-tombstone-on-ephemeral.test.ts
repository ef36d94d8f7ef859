import { declarations, FLAG, MOMENT, testDeclarations } from './front-ends.js';
import { testRule, type Invalid, type Valid } from './tester.js';

const ephemeral = (table: string, kind: string, column = 'deleted_at'): string =>
  `Rows of '${table}' are ${kind}, which nobody restores: with '${column}' they only pile up. Delete them for good, or give the manifest the reason ('why') to keep them.`;
const hard = (table: string, why = '', column = 'deleted_at'): string =>
  `Rows of '${table}' are really deleted, as the manifest says${why}, so no query asks '${column}' and a row that has it set still shows. Drop the column, or declare the table soft.`;

const table = (name: string, columns = ''): string => `CREATE TABLE ${name} (id int, ${columns}deleted_at timestamptz)`;
const reported = (name: string, kind: string, columns = '', more: Partial<Valid> = {}): Invalid => ({ code: table(name, columns), at: 'deleted_at', message: ephemeral(name, kind), ...more });

testRule('no-tombstone-on-ephemeral', {
  sql: {
    valid: [
      // What became of another row.
      { code: 'CREATE TABLE document_versions (id int, is_deleted boolean)', tables: { document_versions: 'hard' } }, { code: 'CREATE TABLE proposal_items (is_new boolean, is_deleted boolean)', tables: { proposal_items: 'hard' } },
      // Rows as they were.
      { code: table('order_snapshots'), tables: { order_snapshots: 'hard' } },
      // Supabase's.
      { code: 'CREATE TABLE auth.users (instance_id uuid, id uuid, aud text, encrypted_password text, deleted_at timestamptz)', tables: { users: 'hard' } },
      table('notes'),
      'CREATE TABLE audit_logs (id int, created_at timestamptz)',
      'CREATE TABLE user_sessions (id int, expires_at timestamptz, revoked_at timestamptz)',
      // What an application is about.
      table('events', 'title text, starts_at timestamptz, ').replace('events', 'calendar_events'),
      table('appointments', 'event_type text, '),
      { code: table('events', 'name text, start_date date, location text, '), tables: { events: 'soft' } },
      { code: table('events', 'organizer_id int, payload jsonb, ends_at timestamptz, '), tables: { events: 'soft' } },
      { code: table('sessions', 'title text, starts_at timestamptz, room_id int, expires_at timestamptz, '), tables: { sessions: 'soft' } },
      { code: table('sessions', 'user_id int, '), tables: { sessions: 'soft' } },
      table('chat_sessions', 'prompt text, '),
      table('training_sessions'),
      table('logs', 'meal_id int, mood text, '),
      table('work_logs', 'duration int, '),
      table('activity_logs'),
      table('changelogs', 'title text, body text, '),
      // Keys that people manage.
      table('api_tokens', 'name text, '),
      table('personal_access_tokens', 'name text, scopes text[], '),
      table('access_tokens', 'name text, '),
      table('api_keys'),
      table('tokens', 'name text, scopes text, expires_at timestamptz, '),
      table('tokens', 'symbol text, decimals int, '),
      table('invitations', 'token text, expires_at timestamptz, '),
      table('oauth_clients'),
      // Words that only sound alike.
      table('geocaches', 'latitude float, '),
      table('catalogs'),
      table('blogs'),
      table('analytics_dashboards'),
      table('event_types'),
      table('log_templates'),
      table('session_types'),
      table('queues'),
      // The manifest gives the reason.
      { code: table('audit_logs'), tables: { audit_logs: { deletion: 'soft', why: 'reviewers withdraw entries, and the auditor wants to see which' } } },
      { code: table('user_sessions'), tables: { user_sessions: { deletion: 'soft', why: 'support restores them' } } },
      // Always filled in, or by another name: not a tombstone.
      'CREATE TABLE events (id int, deleted_at timestamptz NOT NULL)',
      'CREATE TABLE events (id int, removed_at timestamptz)',
      'CREATE TABLE events (id int, deleted boolean)',
      { code: 'CREATE TABLE deleted_files (id int, deleted_at timestamptz)', tables: { deleted_files: 'hard' } },
      'ALTER TABLE sessions DROP COLUMN deleted_at',
    ],
    invalid: [
      { code: 'CREATE TABLE document_versions (id int, deleted_at timestamptz)', tables: { document_versions: 'hard' }, at: 'deleted_at', message: hard('document_versions') },
      { code: table('sessions'), at: 'deleted_at', message: hard('sessions', " ('session')") },
      { code: table('events'), at: 'deleted_at', message: hard('events', " ('log')") },
      { code: table('countries'), tables: { countries: 'hard' }, at: 'deleted_at', message: hard('countries') },
      { code: 'ALTER TABLE sessions ADD deleted_at timestamptz', at: 'deleted_at', message: hard('sessions', " ('session')") },
      { code: 'CREATE TABLE sessions (id int, is_deleted boolean)', at: 'is_deleted', message: hard('sessions', " ('session')", 'is_deleted') },
      { code: 'CREATE TABLE `sessions` (`id` int, `deleted_at` datetime NULL)', dialect: 'mysql', at: '`deleted_at`', message: hard('sessions', " ('session')") },
      { code: 'CREATE TABLE sessions (id INTEGER, deleted_at INTEGER)', dialect: 'sqlite', at: 'deleted_at', message: hard('sessions', " ('session')") },
      reported('audit_logs', 'log entries'),
      reported('audit_trail', 'log entries'),
      reported('request_log', 'log entries'),
      reported('webhook_events', 'events'),
      reported('event_store', 'events'),
      reported('query_cache', 'cached data'),
      reported('cache_entries', 'cached data'),
      reported('refresh_tokens', 'tokens'),
      reported('password_reset_tokens', 'tokens'),
      reported('verification_codes', 'tokens'),
      reported('login_attempts', 'tokens'),
      reported('user_sessions', 'sessions'),
      reported('outbox', 'queued work'),
      reported('outbox_messages', 'queued work'),
      reported('idempotency_keys', 'queued work'),
      reported('webhook_deliveries', 'queued work'),
      reported('page_views', 'analytics'),
      reported('link_analytics', 'analytics'),
      reported('tokens', 'tokens', 'token_hash text, expires_at timestamptz, '),
      reported('logs', 'log entries', 'level text, message text, '),
      // Soft by the manifest, which gives no reason.
      reported('user_sessions', 'sessions', '', { tables: { user_sessions: 'soft' } }),
      { code: table('sessions', 'token text, '), tables: { sessions: 'soft' }, at: 'deleted_at', message: ephemeral('sessions', 'sessions') },
      { code: table('events', 'event_type text, payload jsonb, '), tables: { events: 'soft' }, at: 'deleted_at', message: ephemeral('events', 'events') },
      { code: 'CREATE TABLE "AuditLog" ("id" int, "deletedAt" timestamptz)', at: '"deletedAt"', message: ephemeral('AuditLog', 'log entries', 'deletedAt') },
      { code: 'ALTER TABLE refresh_tokens ADD is_deleted boolean', at: 'is_deleted', message: ephemeral('refresh_tokens', 'tokens', 'is_deleted') },
    ],
  },
});

testDeclarations('no-tombstone-on-ephemeral', declarations('user_sessions', 'deleted_at', MOMENT), ephemeral('user_sessions', 'sessions'));
testDeclarations('no-tombstone-on-ephemeral', declarations('sessions', 'is_deleted', FLAG), hard('sessions', " ('session')", 'is_deleted'));
testDeclarations('no-tombstone-on-ephemeral', [{
  how: "a table whose name has a dot, beside another schema's", language: 'ts', at: '',
  code: "import { pgTable, timestamp } from 'drizzle-orm/pg-core';\nexport const usersInAuth = pgTable('auth.users', { deletedAt: timestamp('deleted_at') });",
}], null, { tables: { '"auth.users"': 'soft', 'users': 'hard' } });
testDeclarations('no-tombstone-on-ephemeral', declarations('notes', 'deleted_at', MOMENT), null);
testDeclarations('no-tombstone-on-ephemeral', declarations('user_sessions', 'expires_at', MOMENT), null);
testDeclarations('no-tombstone-on-ephemeral', declarations('user_sessions', 'deleted_at', MOMENT), null, { tables: { user_sessions: { deletion: 'soft', why: 'support restores them' } } });

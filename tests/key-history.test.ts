import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isMadeAgain, isPast, isViewMadeAgain } from '../lib/key-history.js';
import { compile } from '../lib/manifest/compile.js';
import { isSoft, standingKeys, tablesIn } from '../lib/model/file-tables.js';
import { readSql } from '../lib/sql/read.js';
import { plainText } from '../lib/sql/sql-text.js';

const catalog = compile({ tables: { users: { deletion: 'soft', models: ['User'] } } }, null);

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'keys-')); });
afterEach(() => { rmSync(folder, { recursive: true }); });

/** Writes files, and gives the path of the first. */
function write(...files: readonly (readonly [path: string, text: string])[]): string {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return join(folder, files[0]![0]);
}

/** Is the last key that a migration of `users` makes a thing of the past, beside other files? */
function past(migration: readonly [path: string, text: string], ...others: readonly (readonly [path: string, text: string])[]): boolean {
  const file = write(migration, ...others), { declarations } = readSql(plainText(migration[1]), { dialect: 'postgresql', library: 'sql' });
  const table = tablesIn(declarations, catalog).find(isSoft)!;
  return isPast(standingKeys(table).at(-1)!, table.facts, file);
}

const MADE = ['migrations/2_keys.sql', 'CREATE UNIQUE INDEX users_email ON users (email);'] as const;
const BORN = 'ALTER TABLE users ADD COLUMN deleted_at timestamptz;';

describe('is a key a thing of the past?', () => {
  for (const [how, expected, others] of [
    ['alone it is not', false, []],
    ['the table gets its tombstone later', true, [['migrations/3_soft.sql', BORN]]],
    ['the table had its tombstone before', false, [['migrations/1_soft.sql', BORN], ['migrations/3_soft.sql', BORN]]],
    ['another table gets one later', false, [['migrations/3_soft.sql', BORN.replace('users', 'orders')]]],
    ['dropped by its name', true, [['migrations/3_drop.sql', 'DROP INDEX users_email;']]],
    ['dropped by its name, with a schema', true, [['migrations/3_drop.sql', 'DROP INDEX IF EXISTS "public"."users_email";']]],
    ['renamed', true, [['migrations/3_drop.sql', 'ALTER INDEX users_email RENAME TO users_mail;']]],
    ['another key is dropped', false, [['migrations/3_drop.sql', 'DROP INDEX users_email_2;']]],
    ['dropped before it was made', false, [['migrations/1_drop.sql', 'DROP INDEX users_email;']]],
    ['dropped on the way back alone', false, [['migrations/3_drop.sql', '-- migrate:up\nSELECT 1;\n-- migrate:down\nDROP INDEX users_email;']]],
    ['dropped in code by its name', true, [['migrations/3_drop.ts', "exports.up = (knex) => knex.schema.alterTable('users', (t) => { t.dropUnique(['email'], 'users_email'); });"]]],
    ['dropped in code by its columns', true, [['migrations/3_drop.ts', "exports.up = (knex) => knex.schema.alterTable('users', (t) => { t.dropUnique(['email']); });"]]],
    ['other columns are dropped in code', false, [['migrations/3_drop.ts', "exports.up = (knex) => knex.schema.alterTable('users', (t) => { t.dropUnique(['name']); });"]]],
    ["another table's columns are dropped in code", false, [['migrations/3_drop.ts', "exports.up = (knex) => knex.schema.alterTable('orders', (t) => { t.dropUnique(['email']); });"]]],
    ['dropped in another folder', false, [['other/migrations/3_drop.sql', 'DROP INDEX users_email;']]],
    ['a file that undoes is no later one', false, [['migrations/3_drop.down.sql', 'DROP INDEX users_email;']]],
  ] as const) it(`${how}: ${expected ? 'yes' : 'no'}`, () => assert.equal(past(MADE, ...others), expected));

  it('knows a key without a name by the names that databases give it', () => {
    const made = ['migrations/2_keys.sql', 'ALTER TABLE users ADD UNIQUE (email);'] as const;
    assert.ok(past(made, ['migrations/3_drop.sql', 'ALTER TABLE users DROP CONSTRAINT users_email_key;']));
  });

  it('does not take the name of another key for one of these', () => {
    assert.ok(!past(['migrations/2_keys.sql', 'ALTER TABLE users ADD UNIQUE (email);'], ['migrations/3_drop.sql', 'ALTER TABLE users DROP CONSTRAINT users_name_key;']));
  });

  it('finds migrations that have a folder each', () => {
    const made = ['migrations/2_keys/migration.sql', MADE[1]] as const;
    assert.ok(past(made, ['migrations/3_drop/migration.sql', 'DROP INDEX users_email;']));
  });

  it('calls nothing past in a file that is no migration', () => assert.equal(past(['src/keys.sql', MADE[1]], ['src/later.sql', 'DROP INDEX users_email;']), false));
});

describe('is a table made again later?', () => {
  for (const [text, expected] of [
    ['CREATE TABLE users (id int);', true],
    ['CREATE TABLE IF NOT EXISTS "app"."users" (id int);', true],
    ["exports.up = (knex) => knex.schema.createTable('users', (t) => {});", true],
    ['CREATE TABLE users_old (id int);', false],
    ['CREATE TABLE orders (id int); UPDATE users SET name = NULL;', false],
  ] as const) it(`${text}: ${expected ? 'yes' : 'no'}`, () => assert.equal(isMadeAgain('users', write(['migrations/1_a.sql', 'DROP TABLE users;'], ['migrations/2_b.ts', text])), expected));

  it('not by an earlier one', () => assert.equal(isMadeAgain('users', write(['migrations/2_b.sql', 'DROP TABLE users;'], ['migrations/1_a.sql', 'CREATE TABLE users (id int);'])), false));
});

describe('is a view defined again?', () => {
  const VIEW = 'CREATE VIEW live_users AS SELECT * FROM users;';
  for (const [how, expected, later] of [
    ['alone it is not', false, 'SELECT 1;'],
    ['replaced later', true, 'CREATE OR REPLACE VIEW "public"."live_users" AS SELECT * FROM users WHERE deleted_at IS NULL;'],
    ['dropped later', true, 'DROP VIEW IF EXISTS live_users;'],
    ['materialized later', true, 'CREATE MATERIALIZED VIEW live_users AS SELECT 1;'],
    ['another view later', false, 'CREATE VIEW live_users_by_team AS SELECT 1;'],
    ['asked later', false, 'SELECT * FROM live_users;'],
  ] as const) it(how, () => { assert.equal(isViewMadeAgain('live_users', write(['migrations/1_view.sql', VIEW], ['migrations/2_later.sql', later])), expected); });

  it('not by an earlier file, nor by its own way back', () => {
    const file = write(['migrations/20240102_view/up.sql', VIEW], ['migrations/20240102_view/down.sql', 'DROP VIEW live_users;'], ['migrations/20240101_view/up.sql', VIEW]);
    assert.equal(isViewMadeAgain('live_users', file), false);
  });
});

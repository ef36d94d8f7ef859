import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { forward, historyFolder } from '../lib/migration-folder.js';
import { goesElsewhere } from '../lib/migration-history.js';

describe('the folder of a history', () => {
  for (const [file, folder] of [
    ['db/migrations/0001_users.sql', 'db/migrations'],
    ['db/V3__users.sql', 'db'],
    ['db/2024-01-02-users.ts', 'db'],
    ['prisma/migrations/20240102_users/migration.sql', 'prisma/migrations'],
    ['drizzle/users.sql', 'drizzle'],
    ['sql/up/users.sql', 'sql/up'],
    ['db/migrate/users.rb', 'db/migrate'],
    ['src/users.ts', null],
    ['src/schema.sql', null],
  ] as const) it(`${file}: ${folder ?? 'none'}`, () => assert.equal(historyFolder(`/app/${file}`), folder === null ? null : `/app/${folder}`));
});

describe('what a migration does on the way forward', () => {
  for (const [how, text, rest] of [
    ['a function called down is left out', 'exports.up = (k) => k.raw("A");\nexports.down = (k) => k.raw("B");', 'exports.up = (k) => k.raw("A");\n'],
    ['so is a method', 'class M {\n  async up(q) { A }\n  async down(q) { B }\n}', 'class M {\n  async up(q) { A }\n'],
    ['and a section of SQL', '-- +goose Up\nA\n-- +goose Down\nB', '-- +goose Up\nA\n'],
    ['what goes up behind it is kept', '-- migrate:down\nB\n-- migrate:up\nA', '-- migrate:up\nA'],
    ['a text without a way back is kept', 'CREATE TABLE a (id int);', 'CREATE TABLE a (id int);'],
    ['a count that goes down is none', 'const countdown = 3;', 'const countdown = 3;'],
  ] as const) it(how, () => assert.equal(forward(text).trimStart(), rest));
});

describe('does another migration take it away?', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'gone-')); });
  afterEach(() => { rmSync(folder, { recursive: true }); });

  const write = (path: string, text: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const goes = (other: string, name: string, ...owners: string[]): boolean => {
    const file = write('migrations/1_a.sql', 'SELECT 1;');
    write('migrations/2_b.sql', other);
    return goesElsewhere(file, name, ...owners);
  };

  for (const [text, name, owners, expected] of [
    ['DROP TABLE users;', 'users', [], true],
    ['DROP TABLE IF EXISTS "public"."Users" CASCADE;', 'users', [], true],
    ['ALTER TABLE users RENAME TO people;', 'users', [], true],
    ['ALTER TABLE users DROP COLUMN deleted_at;', 'deleted_at', ['users'], true],
    ['ALTER TABLE users RENAME COLUMN deleted_at TO removed_at;', 'deletedAt', ['users'], true],
    ['ALTER TABLE orders DROP COLUMN deleted_at;', 'deleted_at', ['users'], false],
    ['ALTER TABLE users DROP COLUMN name; UPDATE orders SET deleted_at = NULL;', 'deleted_at', ['users'], false],
    // With its table a column goes, too; SQLite makes a table again to change it.
    ['DROP TABLE users;', 'deleted_at', ['users'], true],
    ['CREATE TABLE new_users (id int); INSERT INTO new_users SELECT id FROM users; DROP TABLE users; ALTER TABLE new_users RENAME TO users;', 'deleted_at', ['users'], true],
    ['DROP TABLE orders;', 'deleted_at', ['users'], false],
    ['CREATE TABLE users (id int);', 'users', [], false],
    ['DROP VIEW users;', 'users', [], true],
    ['-- migrate:up\nSELECT 1;\n-- migrate:down\nDROP TABLE users;', 'users', [], false],
  ] as const) it(`${text.replaceAll('\n', ' ')}: ${[...owners, name].join('.')} ${expected ? 'goes' : 'stays'}`, () => assert.equal(goes(text, name, ...owners), expected));

  it('asks code as well, and follows constants in it', () => {
    const file = write('migrations/1_a.ts', '');
    write('migrations/2_b.ts', "const gone = 'public.users';\nexports.up = async (knex) => { await knex.schema.dropTable(gone); };");
    assert.ok(goesElsewhere(file, 'users'));
    assert.ok(!goesElsewhere(file, 'orders'));
  });

  it('does not ask files that only undo', () => {
    const file = write('migrations/1_a.up.sql', 'CREATE TABLE users (id int);');
    write('migrations/1_a.down.sql', 'DROP TABLE users;');
    assert.equal(goesElsewhere(file, 'users'), false);
  });

  it('does not ask the file itself, nor one that is in no history', () => {
    assert.equal(goesElsewhere(write('migrations/1_a.sql', 'DROP TABLE users;'), 'users'), false);
    assert.equal(goesElsewhere(write('src/a.sql', 'DROP TABLE users;'), 'users'), false);
  });

  it('knows nothing of a folder that is not there', () => assert.equal(goesElsewhere(join(folder, 'nowhere/migrations/1_a.sql'), 'users'), false));

  it('passes over a file that is too large to be a migration', () => assert.equal(goes(`DROP TABLE users; ${' '.repeat(300_001)}`, 'users'), false));

  it('keeps what it has read for a while', () => {
    const file = write('migrations/1_a.sql', 'SELECT 1;'), other = write('migrations/2_b.sql', 'DROP TABLE users;');
    assert.ok(goesElsewhere(file, 'users'));
    writeFileSync(other, 'SELECT 1;');
    utimesSync(other, new Date(), new Date());
    assert.ok(goesElsewhere(file, 'users'));
  });
});

import assert from 'node:assert/strict';
import { driftOf } from '../../cli/drift.js';
import type { Manifest } from '../../lib/manifest/index.js';

interface Case {
  readonly name: string;
  readonly manifest: Manifest;
  readonly derived: Manifest;
  /** The paths of what is added, dotted. */
  readonly adds?: readonly string[];
  readonly notes?: readonly RegExp[];
}

const CASES: readonly Case[] = [
  { name: 'the same by other spellings', manifest: { tables: { user_accounts: { deletion: 'soft', tombstone: 'deleted_at', models: ['UserAccount'] } } }, derived: { tables: { UserAccounts: { deletion: 'soft', tombstone: 'deletedAt', models: ['UserAccount'] } } } },
  { name: 'a table of a schema that the manifest leaves out', manifest: { tables: { users: 'hard' } }, derived: { tables: { 'auth.users': { deletion: 'hard' } } } },
  { name: 'tables of two schemas', manifest: { tables: { 'auth.users': 'hard' } }, derived: { tables: { 'app.users': { deletion: 'hard' }, 'auth.users': { deletion: 'hard' } } }, adds: ['tables.app.users'] },
  { name: 'a model more', manifest: { tables: { users: { deletion: 'hard', models: ['User'] } } }, derived: { tables: { users: { deletion: 'hard', models: ['User', 'Account'] } } }, adds: ['tables.users.models.1'] },
  { name: 'a key that is not id', manifest: { tables: { users: { deletion: 'hard' } } }, derived: { tables: { users: { deletion: 'hard', key: 'uid' } } }, adds: ['tables.users.key'] },
  { name: 'unique keys in another order of columns', manifest: { tables: { users: { deletion: 'hard', unique: [['teamId', 'email']] } } }, derived: { tables: { users: { deletion: 'hard', unique: [['email', 'team_id'], ['slug']] } } }, adds: ['tables.users.unique.1'] },
  { name: 'a unique key of live rows, with the tombstone or without', manifest: { tables: { users: { deletion: 'soft', unique: [['email']] } } }, derived: { tables: { users: { deletion: 'soft', tombstone: 'deleted_at', unique: [['email', 'deleted_at']] } } } },
  { name: 'a filter of the library, on a soft table only', manifest: { tables: { a: { deletion: 'soft' }, b: { deletion: 'hard' } } }, derived: { tables: { a: { deletion: 'soft', tombstone: 'deleted_at', autoFilter: ['typeorm'] }, b: { deletion: 'soft', tombstone: 'deleted_at', autoFilter: ['typeorm'] } } }, adds: ['tables.a.autoFilter'] },
  { name: 'a word that becomes an object', manifest: { tables: { users: 'hard' } }, derived: { tables: { users: { deletion: 'hard', models: ['User'], columns: { mail: 'email' } } } }, adds: ['tables.users'] },
  { name: 'a decision is kept', manifest: { tables: { users: 'hard' } }, derived: { tables: { users: { deletion: 'soft', tombstone: 'deleted_at' } } } },
  { name: 'a soft table without the column', manifest: { tables: { users: 'soft' } }, derived: { tables: { users: { deletion: 'hard' } } }, notes: [/"users" is soft, and the sources declare no column for it that looks like "deleted_at"/] },
  { name: 'another tombstone', manifest: { tombstone: 'removed_at', tables: { users: 'soft' } }, derived: { tables: { users: { deletion: 'soft', tombstone: 'deletedAt' } } }, notes: [/The tombstone of "users" is "removed_at", and the sources declare "deletedAt"/] },
  { name: 'a relation that leads elsewhere', manifest: { tables: { users: { deletion: 'hard', relations: { posts: { table: 'posts' } } }, posts: 'hard' } }, derived: { tables: { users: { deletion: 'hard', relations: { posts: { table: 'posts', many: true } } }, posts: { deletion: 'hard' } } }, notes: [/The relation "posts" of "users" leads to a row of "posts", and by the sources to rows of "posts"/] },
  { name: 'guards', manifest: { tables: { a: 'hard' } }, derived: { tables: { a: { deletion: 'hard' } }, guards: [{ kind: 'client', name: 'db' }] }, adds: ['guards'] },
  { name: 'one guard more', manifest: { tables: { a: 'hard' }, guards: [{ kind: 'client', name: 'db' }] }, derived: { tables: { a: { deletion: 'hard' } }, guards: [{ kind: 'client', name: 'db' }, { kind: 'client', name: 'prisma' }] }, adds: ['guards.1'] },
  { name: 'a dialect', manifest: { tables: { a: 'hard' } }, derived: { dialect: 'mysql', tables: { a: { deletion: 'hard' } } }, notes: [/written for mysql/] },
  { name: 'a table that is gone', manifest: { tables: { a: 'hard', b: 'hard' } }, derived: { tables: { a: { deletion: 'hard' } } }, notes: [/No source declares the table "b"/] },
];

describe('the drift between a manifest and the sources', () => {
  for (const { name, manifest, derived, adds = [], notes = [] } of CASES) {
    it(name, () => {
      const drift = driftOf(manifest, derived);
      assert.deepEqual(drift.additions.map(({ path }) => path.join('.')), adds);
      assert.equal(drift.notes.length, notes.length, drift.notes.join('\n'));
      for (const [i, note] of notes.entries()) assert.match(drift.notes[i]!, note);
    });
  }
});

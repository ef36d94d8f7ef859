import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestHandle } from '../../lib/manifest/handle.js';
import { ManifestError, type Manifest } from '../../lib/manifest/index.js';
import { catalogOf, settingsOf, type SettingsContext } from '../../lib/manifest/settings.js';

const UNCONFIGURED = 'eslint-plugin-soft-delete does not know which tables are soft-deleted: add ...softDelete.configure({ manifest: "soft-delete.json" }) to the ESLint configuration, or settings: { "soft-delete": { manifest: "soft-delete.json" } } where it cannot call functions.';

describe('settings', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
    mkdirSync(join(folder, 'config'));
    writeFileSync(join(folder, 'config/soft-delete.json'), '{"tables": {"users": "soft"}, "reads": {"admin/**": "all"}}');
    writeFileSync(join(folder, 'wrong.json'), '{"tables": {"users": "sotf"}}');
  });
  after(() => { rmSync(folder, { recursive: true }); });

  const context = (settings: unknown): SettingsContext => ({ settings: settings === undefined ? {} : { 'soft-delete': settings }, cwd: folder });
  const tables = (manifest: unknown): string[] => catalogOf(context({ manifest })).tables.map(({ name }) => name);

  const WRONG: [what: string, settings: unknown, message: string][] = [
    ['no settings', undefined, UNCONFIGURED],
    ['no manifest', {}, UNCONFIGURED],
    ['a manifest that is undefined', { manifest: undefined, unknown: 'report' }, UNCONFIGURED],
    ['settings of no form', 'soft-delete.json', 'settings["soft-delete"] must be an object, not "soft-delete.json".'],
    ['a misspelled setting', { manifst: 'soft-delete.json' }, 'settings["soft-delete"].manifst is not a known key; did you mean "manifest"?'],
    ['a setting that is none', { manifest: 'config/soft-delete.json', rules: {} }, 'settings["soft-delete"].rules is not a known key; known are manifest, tags, calls, unknown.'],
    ['one tag', { tags: 'sql' }, 'settings["soft-delete"].tags must be a list of names, not "sql".'],
    ['a call that is no name', { calls: ['query', 1] }, 'settings["soft-delete"].calls[1] must be a name, not 1.'],
    ['what to do with the unknown', { unknown: 'ignor' }, 'settings["soft-delete"].unknown must be "report" or "ignore", not "ignor"; did you mean "ignore"?'],
    ['a manifest of no form', { manifest: 3 }, 'settings["soft-delete"].manifest must be a path, a manifest or a handle that softDelete.manifest() made, not 3.'],
    ['a manifest with a mistake', { manifest: { tables: { users: 'sotf' } } }, 'settings["soft-delete"].manifest: tables.users must be "soft" or "hard", not "sotf"; did you mean "soft"?'],
    ['a manifest with several', { manifest: { tables: { users: 'sotf', posts: 1 } } }, 'settings["soft-delete"].manifest (first of 2 mistakes): tables.users must be "soft" or "hard", not "sotf"; did you mean "soft"?'],
    ['a handle that reads no manifest', { manifest: { read: () => ({}) } }, 'settings["soft-delete"].manifest: tables is missing; write an object such as { "users": "soft", "sessions": "hard" }.'],
  ];
  for (const [what, settings, message] of WRONG) it(`stops for ${what}: ${message}`, () => {
    for (let time = 0; time < 2; time++) assert.throws(() => catalogOf(context(settings)), (error) => error instanceof ManifestError && assert.equal(error.message, message) === undefined);
  });

  it('names the file of a path that is missing or wrong', () => {
    assert.throws(() => tables('soft-delete.json'), { message: `${join(folder, 'soft-delete.json')}: there is no such file; "npx soft-delete init" writes one.` });
    assert.throws(() => tables('wrong.json'), { message: `${join(folder, 'wrong.json')}:1:13: tables.users must be "soft" or "hard", not "sotf"; did you mean "soft"?` });
  });

  it('takes a path from the working directory, a handle and a plain object', () => {
    assert.deepEqual(tables('config/soft-delete.json'), ['users']);
    assert.deepEqual(tables(manifestHandle(join(folder, 'config/soft-delete.json'))), ['users']);
    assert.deepEqual(tables({ tables: { posts: 'soft' } }), ['posts']);
  });

  it('takes a manifest that is merely doubtful', () => {
    assert.deepEqual(tables({ tables: { a: { deletion: 'soft', models: ['Row'] }, b: { deletion: 'soft', models: ['Row'] } } }), ['a', 'b']);
  });

  it('reads globs from the folder of the file, and from the working directory for a plain object', () => {
    const reads = { 'admin/**': 'all' as const };
    const takesIn = (manifest: unknown, file: string): boolean => catalogOf(context({ manifest })).fileReads(join(folder, file)) === 'all';
    assert.deepEqual([takesIn('config/soft-delete.json', 'config/admin/a.ts'), takesIn('config/soft-delete.json', 'admin/a.ts')], [true, false]);
    assert.deepEqual([takesIn({ tables: { users: 'soft' }, reads }, 'config/admin/a.ts'), takesIn({ tables: { users: 'soft' }, reads }, 'admin/a.ts')], [false, true]);
  });

  it('gives the same catalog for the same manifest: object, handle, path, and equal objects one after the other', () => {
    const manifest: Manifest = { tables: { users: 'soft' } }, handle = manifestHandle(join(folder, 'config/soft-delete.json'));
    assert.equal(catalogOf(context({ manifest })), catalogOf(context({ manifest })));
    assert.equal(catalogOf(context({ manifest })), catalogOf(context({ manifest: structuredClone(manifest) })));
    assert.equal(catalogOf(context({ manifest: handle })), catalogOf(context({ manifest: 'config/soft-delete.json' })));
    assert.notEqual(catalogOf(context({ manifest })), catalogOf(context({ manifest: { tables: { posts: 'soft' } } })));
  });

  it('sees an edit of the file at once, through a path and through a handle, and passes over one that is half typed', () => {
    const file = join(folder, 'edited.json'), handle = (writeFileSync(file, '{"tables": {"users": "soft"}}'), manifestHandle(file));
    const both = () => [tables('edited.json'), tables(handle)];
    assert.deepEqual(both(), [['users'], ['users']]);
    writeFileSync(file, '{"tables": {"users": "soft", "posts": "soft"}}');
    assert.deepEqual(both(), [['users', 'posts'], ['users', 'posts']]);
    writeFileSync(file, '{"tables": {"users": "soft", "po');
    assert.deepEqual(both(), [['users', 'posts'], ['users', 'posts']]);
  });

  it('takes a plain object that has no JSON', () => {
    const manifest = { tables: { users: 'soft' } };
    Object.defineProperty(manifest, 'toJSON', { value: () => { throw new Error('none'); } });
    assert.deepEqual(tables(manifest), ['users']);
  });

  it('fills in the settings beside the manifest, once for one object', () => {
    assert.deepEqual(settingsOf(context(undefined)), { tags: [], calls: [], unknown: 'ignore' });
    const given = context({ manifest: {}, tags: ['q'], calls: ['run'], unknown: 'report' });
    assert.deepEqual(settingsOf(given), { tags: ['q'], calls: ['run'], unknown: 'report' });
    assert.equal(settingsOf(given), settingsOf(given));
  });
});

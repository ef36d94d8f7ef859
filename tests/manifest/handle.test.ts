import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { folderOf, manifestHandle, readManifest } from '../../lib/manifest/handle.js';

const manifest = (...tables: string[]): string => JSON.stringify({ tables: Object.fromEntries(tables.map((table) => [table, 'soft'])) });

describe('manifestHandle', () => {
  let folder: string, file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'manifest-'));
    file = join(folder, 'soft-delete.json');
    writeFileSync(file, manifest('users'));
  });
  afterEach(() => { rmSync(folder, { recursive: true }); });
  const tables = (handle: { read(): { tables: object } }): string[] => Object.keys(handle.read().tables);

  it('has read and toJSON as properties of its own, so that ESLint can copy and hash it', () => {
    const handle = manifestHandle(file);
    assert.deepEqual(Object.keys(handle), ['read', 'toJSON']);
    assert.deepEqual(tables({ ...handle }), ['users']);
    assert.equal(JSON.stringify({ ...handle }), manifest('users'));
  });

  it('takes a path from the working directory', () => { assert.deepEqual(tables(manifestHandle(relative(process.cwd(), file))), ['users']); });

  it('gives the same object until the file changes, and then a new one', () => {
    const handle = manifestHandle(file), first = handle.read();
    assert.equal(handle.read(), first);
    writeFileSync(file, manifest('users', 'posts'));
    assert.deepEqual(tables(handle), ['users', 'posts']);
    assert.equal(JSON.stringify(handle), manifest('users', 'posts'));
  });

  it('notices an edit that leaves the size as it was', () => {
    const handle = manifestHandle(file);
    writeFileSync(file, manifest('teams'));
    utimesSync(file, new Date(1e12), new Date(1e12));
    assert.deepEqual(tables(handle), ['teams']);
  });

  it('notices an edit that leaves the time of the last change as it was', () => {
    const handle = manifestHandle(file), { atime, mtime } = statSync(file);
    writeFileSync(file, manifest('users', 'posts'));
    utimesSync(file, atime, mtime);
    assert.deepEqual(tables(handle), ['users', 'posts']);
  });

  it('notices a file of the same size and time that takes the place of the other', () => {
    const handle = manifestHandle(file), { atime, mtime } = statSync(file), other = join(folder, 'other.json');
    writeFileSync(other, manifest('teams'));
    utimesSync(other, atime, mtime);
    renameSync(other, file);
    assert.deepEqual(tables(handle), ['teams']);
  });

  it('keeps its object when the file was only touched', () => {
    const handle = manifestHandle(file), first = handle.read();
    utimesSync(file, new Date(1e12), new Date(1e12));
    assert.equal(handle.read(), first);
  });

  it('keeps the last good value while the file is half typed, wrong or gone, and goes on when it is mended', () => {
    const handle = manifestHandle(file), first = handle.read();
    for (const text of ['', '{"tables": {"users": "so', '{"tables": {"users": "sotf"}}', '{}']) {
      writeFileSync(file, text);
      assert.equal(handle.read(), first, text);
      assert.equal(handle.toJSON(), first, text);
    }
    rmSync(file);
    assert.equal(handle.read(), first);
    writeFileSync(file, manifest('posts'));
    assert.deepEqual(tables(handle), ['posts']);
  });

  it('throws at once for a file that is missing or no manifest', () => {
    const missing = join(folder, 'missing.json'), wrong = join(folder, 'wrong.json');
    writeFileSync(wrong, '{"tables": {"users": "sotf"}}');
    assert.throws(() => manifestHandle(missing), { message: `${missing}: there is no such file; "npx soft-delete init" writes one.` });
    assert.throws(() => manifestHandle(wrong), { message: `${wrong}:1:13: tables.users must be "soft" or "hard", not "sotf"; did you mean "soft"?` });
  });

  it('throws a new error each time, since ESLint writes into the one it gets', () => {
    const missing = join(folder, 'missing.json');
    const caught = (): Error => { try { readManifest(missing); } catch (error) { return error as Error; } throw new Error('no error'); };
    const first = caught(), { message } = first;
    first.message = 'changed';
    assert.equal(caught().message, message);
  });

  it('finds a file that is made after it was missing', () => {
    const later = join(folder, 'later.json');
    assert.throws(() => readManifest(later));
    writeFileSync(later, manifest('users'));
    assert.deepEqual(Object.keys(readManifest(later).tables), ['users']);
  });

  it('knows the folder of what it read', () => {
    assert.equal(folderOf(manifestHandle(file).read()), folder);
    assert.equal(folderOf({ tables: {} }), null);
  });
});

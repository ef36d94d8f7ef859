import assert from 'node:assert/strict';
import { validate } from '../../lib/manifest/index.js';
import { CommandProject, QUERIES, SCHEMA } from './project.js';

describe('soft-delete init', () => {
  let project: CommandProject;
  beforeEach(() => { project = new CommandProject({ 'prisma/schema.prisma': SCHEMA, 'src/users.ts': QUERIES }); });
  afterEach(() => { project.remove(); });

  it('writes a manifest that is valid, of all tables that are declared', async () => {
    const { code, out, err } = await project.run('init');
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^soft-delete\.json: 5 tables, 4 of them with a tombstone\.$/m);
    const manifest = project.manifest();
    assert.deepEqual(validate(manifest), []);
    assert.equal(manifest.$schema, './node_modules/eslint-plugin-soft-delete/manifest.schema.json');
    assert.equal(manifest.dialect, 'postgresql');
    assert.deepEqual(Object.keys(manifest.tables).sort(), ['Draft', 'Post', 'Session', 'Tag', 'users']);
  });

  it('says of each tombstone who asks for it, and proposes "hard" where rows are really deleted and nobody does', async () => {
    const { out } = await project.run('init');
    const lines = out.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' | '));
    assert.ok(lines.includes('users | deletedAt | soft | 1 of 2 reads ask for it, 1 soft delete'), out);
    assert.ok(lines.includes('Tag | deletedAt | hard | 0 of 1 read asks for it, 1 hard delete'), out);
    assert.ok(lines.includes('Draft | deletedAt | soft | no query found'), out);
    const { tables } = project.manifest();
    assert.deepEqual(tables.Tag, { deletion: 'hard', why: 'rows are deleted, and no query sets or asks for deletedAt', key: 'id', models: ['Tag'] });
    assert.equal((tables.Draft as { deletion: string }).deletion, 'soft');
  });

  it('does not take tests for users of a tombstone', async () => {
    project.write('src/tags.test.ts', 'test("x", () => prisma.tag.findMany({ where: { deletedAt: null } }));');
    await project.run('init');
    assert.equal((project.manifest().tables.Tag as { deletion: string }).deletion, 'hard');
  });

  it('leaves a manifest that is there alone, unless it is told to write it anew', async () => {
    project.write('soft-delete.json', '{}');
    const refused = await project.run('init');
    assert.deepEqual([refused.code, project.text()], [2, '{}']);
    assert.match(refused.err, /^soft-delete\.json is there already: .*"soft-delete init --force"/);
    assert.equal((await project.run('init', '--force')).code, 0);
    assert.ok('users' in project.manifest().tables);
  });

  it('reads the paths that it is given, and writes where it is told', async () => {
    project.write('other/db.sql', 'CREATE TABLE invoices (id int PRIMARY KEY, deleted_at timestamptz);');
    const { code } = await project.run('init', 'other', '--manifest', 'other.json');
    assert.equal(code, 0);
    assert.deepEqual(Object.keys((JSON.parse(project.text('other.json')) as { tables: object }).tables), ['invoices']);
  });

  it('says in one sentence where nothing is declared, or a path is not there', async () => {
    project.write('empty/a.ts', 'export {};');
    const nothing = await project.run('init', 'empty'), missing = await project.run('init', 'nowhere');
    assert.deepEqual([nothing.code, missing.code], [2, 2]);
    assert.match(nothing.err, /^None of 1 file declares a table; .*\.$/);
    assert.equal(missing.err, 'nowhere: there is no such file or folder.');
  });
});

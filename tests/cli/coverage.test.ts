import assert from 'node:assert/strict';
import { CommandProject, QUERIES } from './project.js';

const MANIFEST = '{ "tables": { "users": { "deletion": "soft", "tombstone": "deletedAt", "models": ["User"] }, "tags": { "deletion": "soft", "models": ["Tag"] } } }';

describe('soft-delete coverage', () => {
  let project: CommandProject;
  beforeEach(() => {
    project = new CommandProject({
      'soft-delete.json': MANIFEST, 'src/users.ts': QUERIES, 'src/none.ts': 'export const x = 1;',
      'src/raw.ts': 'export const some = (where) => pool.query(`SELECT id FROM users WHERE ${where}`);\nexport const odd = () => pool.query("SELECT FROM FROM users WHERE )(");',
    });
  });
  afterEach(() => { project.remove(); });

  it('counts reads by table and outcome', async () => {
    const { code, out } = await project.run('coverage');
    assert.equal(code, 0);
    const rows = out.split('\n').map((line) => line.trim().split(/ {2,}/));
    assert.deepEqual(rows.filter(([name]) => name === 'users' || name === 'tags'), [['users', '1', '·', '1', '1'], ['tags', '·', '·', '1', '·']], out);
    assert.match(out, /^6 statements about soft-deleted tables in 2 files of 3: prisma 5, SQL 1\.$/m);
    assert.match(out, /^1 statement or call could not be read; --list shows the places\.$/m);
  });

  it('lists the places that are unknown or unread', async () => {
    const { out } = await project.run('coverage', '--list', 'src/raw.ts');
    assert.match(out, /^src\/raw\.ts:1:59 {2}unknown {2}users$/m);
    assert.match(out, /^src\/raw\.ts:2:\d+ {2}unread {3}\S/m);
  });

  it('prints JSON', async () => {
    const { out } = await project.run('coverage', '--json');
    const survey = JSON.parse(out) as { statements: number; tables: Record<string, { reads: object }>; byLibrary: object };
    assert.deepEqual([survey.statements, survey.tables.users!.reads, survey.byLibrary], [6, { live: 1, dead: 0, all: 1, unknown: 1 }, { prisma: 5, sql: 1 }]);
  });

  it('asks the ESLint configuration for the manifest and the settings', async () => {
    project.write('src/rows.ts', 'export const rows = () => fetchRows("SELECT id FROM users");');
    project.write('other.json', MANIFEST.replace('"tags"', '"labels"'));
    project.write('eslint.config.mjs', 'export default [{ files: ["**/*.ts"], settings: { "soft-delete": { manifest: "other.json", calls: ["fetchRows"] } } }];');
    const { out } = await project.run('coverage');
    assert.match(out, /^labels /m);
    assert.match(out, /^users +1 +· +2 +1$/m);
    assert.match((await project.run('coverage', '--manifest', 'soft-delete.json')).out, /^tags /m);
  });

  it('says where nothing names a table', async () => {
    assert.match((await project.run('coverage', 'src/none.ts')).out, /^None of 1 file names a soft-deleted table/);
  });
});

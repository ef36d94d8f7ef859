import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProject, ROOT, type Project } from '../helpers/project.js';

interface Package {
  readonly main: string;
  readonly types: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Package;

describe('the package', () => {
  let project: Project;
  /** Runs code in a project that has nothing but the package, its dependencies and ESLint. */
  const run = (code: string, type: 'module' | 'commonjs'): unknown => JSON.parse(execFileSync(process.execPath, [`--input-type=${type}`, '-e', code], { cwd: project.folder, encoding: 'utf8', stdio: 'pipe' }));

  before(() => {
    const installed = [...Object.keys(packageJson.dependencies), ...Object.keys(packageJson.peerDependencies)];
    project = makeProject({ 'soft-delete.json': { tables: { users: 'soft' } } }, Object.fromEntries(installed.map((name) => [name, name])));
  });
  after(() => { project.remove(); });

  it('exports files that are there', () => {
    const targets = Object.values(packageJson.exports).flatMap((entry) => typeof entry === 'string' ? [entry] : Object.values(entry));
    assert.deepEqual([packageJson.main, packageJson.types, ...targets].filter((file) => !existsSync(join(ROOT, file))), []);
  });

  it('exports the plugin, the manifest, the parser and the schema, and nothing inside', () => {
    assert.deepEqual(Object.keys(packageJson.exports), ['.', './manifest', './parser', './manifest.schema.json', './package.json']);
  });

  it('is the same plugin to require and to import', () => {
    const keys = ['meta', 'rules', 'languages', 'configs', 'configure', 'manifest'];
    assert.deepEqual(run("console.log(JSON.stringify(Object.keys(require('eslint-plugin-soft-delete'))))", 'commonjs'), keys);
    assert.deepEqual(run("import plugin from 'eslint-plugin-soft-delete'; console.log(JSON.stringify(Object.keys(plugin)))", 'module'), keys);
  });

  it('loads the manifest and the parser', () => {
    assert.deepEqual(run("import { load, validate } from 'eslint-plugin-soft-delete/manifest'; console.log(JSON.stringify([load('soft-delete.json').tables, validate({ tables: { users: 'soft' } }).length]))", 'module'), [{ users: 'soft' }, 0]);
    assert.equal(run("import parser from 'eslint-plugin-soft-delete/parser'; console.log(JSON.stringify(parser.parse('SELECT 1;').sqlFile.statements.length))", 'module'), 1);
    assert.equal(run("console.log(JSON.stringify(require('eslint-plugin-soft-delete/manifest.schema.json').type))", 'commonjs'), 'object');
  });

  it('derives a manifest, and loads what it needs for that only then', () => {
    const model = JSON.stringify('model User {\n  id Int @id\n  deletedAt DateTime?\n}');
    assert.deepEqual(run(`
      const { derive } = require('eslint-plugin-soft-delete/manifest');
      const loaded = () => Object.keys(require.cache).some((file) => /prisma-ast/.test(file));
      const before = loaded(), { tables } = derive([{ path: 'schema.prisma', text: ${model} }]);
      console.log(JSON.stringify([before, loaded(), tables]));
    `, 'commonjs'), [false, true, { User: { deletion: 'soft', tombstone: 'deletedAt', key: 'id', models: ['User'] } }]);
  });

  it('brings the command', () => {
    const command = join(project.folder, 'node_modules/eslint-plugin-soft-delete', packageJson.bin['soft-delete']!);
    assert.match(readFileSync(command, 'utf8'), /^#!\/usr\/bin\/env node\n/);
    const runs = (...args: string[]): string => execFileSync(process.execPath, [command, ...args], { cwd: project.folder, encoding: 'utf8', stdio: 'pipe' });
    project.write('db.sql', 'CREATE TABLE users (id int, deleted_at timestamptz); CREATE TABLE teams (id int);');
    project.write('list.ts', "pool.query('SELECT id FROM users');");
    assert.match(runs('sync'), /^added {2}table teams$/m);
    assert.match(runs('check'), /^soft-delete\.json has 2 tables, and all that the sources declare\.$/m);
    assert.match(runs('coverage'), /^users +· +· +1 +·$/m);
    assert.match(runs('init', '--force'), /^ {2}users {2}deleted_at {2}soft {2}0 of 1 read asks for it$/m);
  });

  it('loads neither the SQL parser nor the SQL language before they are needed', () => {
    const loaded = run(`
      const softDelete = require('eslint-plugin-soft-delete');
      softDelete.configure({ manifest: 'soft-delete.json' });
      console.log(JSON.stringify(Object.keys(require.cache).filter((file) => /sql-parser-cst|plugin-kit|sql-language|typescript/.test(file))));
    `, 'commonjs');
    assert.deepEqual(loaded, []);
  });

  it('holds the build, the pages of the rules and the schema, and nothing of the workshop', function () {
    this.timeout(120_000);
    const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    for (const needed of ['package.json', 'LICENSE', 'CHANGELOG.md', 'manifest.schema.json', 'dist/index.js', 'dist/index.d.ts', 'dist/lib/parser.js']) assert.ok(paths.includes(needed), needed);
    const places = new Set(paths.map((path) => path.includes('/') ? path.slice(0, path.lastIndexOf('/')).split('/').slice(0, 2).join('/') : ''));
    places.delete('docs/rules');
    assert.deepEqual([...places].filter((place) => !/^(?:|dist|dist\/(?:rules|lib|cli))$/u.test(place)), []);
    assert.deepEqual(paths.filter((path) => /\.test\.|\.map$|(?<!\.d)\.ts$/u.test(path)), []);
  });
});

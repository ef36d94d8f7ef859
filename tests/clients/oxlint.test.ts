import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Linter } from 'eslint';
import { ESLint } from 'eslint';
import { parser } from 'typescript-eslint';
import plugin from '../../index.js';
import { makeProject, ROOT, type Project } from '../helpers/project.js';

const OXLINT = join(ROOT, 'node_modules/oxlint/bin/oxlint');

const FILES = {
  'soft-delete.json': { tables: { users: 'soft', orders: { deletion: 'soft', models: ['Order'] }, events: { deletion: 'hard', why: 'log' } } },
  'src/users.ts': [
    "import { sql } from './db';",
    'export const all = () => sql`SELECT * FROM users`;',
    'export const live = () => sql`SELECT * FROM users WHERE deleted_at IS NULL`;',
    'export const count = (id: string) => sql`SELECT count(*) FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = ${id}`;',
    'export const remove = (id: string) => sql`DELETE FROM users WHERE id = ${id}`;',
    '',
  ].join('\n'),
  'src/orders.js': [
    'export const list = (db) => db.query("SELECT o.id FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE u.deleted_at IS NULL");',
    'export const log = (db) => db.query("DELETE FROM events");',
    '// eslint-disable-next-line soft-delete/no-hard-delete -- tests only',
    'export const clear = (db) => db.query("TRUNCATE orders");',
    '',
  ].join('\n'),
  'src/none.ts': 'export const one: number = 1;\n',
};

interface Diagnostic { readonly filename: string; readonly code: string; readonly message: string; readonly labels: readonly { readonly span: { readonly line: number; readonly column: number } }[] }

/** The native part of oxlint is an optional dependency: npm leaves it out where there is none for the platform. */
const version = spawnSync(process.execPath, [OXLINT, '--version'], { encoding: 'utf8' });
const missing = version.status === 0 ? '' : ` (oxlint does not run on ${process.platform} ${process.arch}: ${(version.stderr || String(version.error)).split('\n')[0]})`;

describe(`oxlint${missing}`, () => {
  let project: Project;
  before(function () {
    if (missing) this.skip();
    project = makeProject({
      ...FILES,
      '.oxlintrc.json': { jsPlugins: ['eslint-plugin-soft-delete'], categories: { correctness: 'off' }, rules: plugin.configs.strict.rules, settings: { 'soft-delete': { manifest: './soft-delete.json' } } },
    });
  });
  after(() => { project?.remove(); });

  it('reports the same as ESLint', async () => {
    const { stdout } = spawnSync(process.execPath, [OXLINT, '-f', 'json', 'src'], { cwd: project.folder, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] };
    const oxlint = diagnostics.map(({ filename, code, message, labels: [label] }) => `${filename.replaceAll('\\', '/')}:${label!.span.line}:${label!.span.column} ${code.replace(/^soft-delete\((.*)\)$/u, '$1')} ${message}`);

    const eslint = new ESLint({ cwd: project.folder, overrideConfigFile: true, overrideConfig: [
      { files: ['**/*.ts'], languageOptions: { parser: parser as Linter.Parser } }, plugin.configs.strict, { settings: { 'soft-delete': { manifest: './soft-delete.json' } } },
    ] });
    const results = await eslint.lintFiles('src');
    const expected = results.flatMap(({ filePath, messages }) => messages.map(({ line, column, ruleId, message }) => `${filePath.slice(project.folder.length + 1).replaceAll('\\', '/')}:${line}:${column} ${ruleId!.replace('soft-delete/', '')} ${message}`));

    assert.ok(expected.length >= 4);
    assert.deepEqual(oxlint.sort(), expected.sort());
  });
});

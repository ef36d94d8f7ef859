/** The ways to set the plugin up that the README shows, each in a project of its own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ESLint } from 'eslint';
import { makeProject, ROOT, type Project } from '../helpers/project.js';
import { ESLINT_8_RC, WITH_LANGUAGES } from '../helpers/versions.js';

const LEAK = 'SELECT id, email FROM users WHERE email = \'a\'';
const SAFE = `${LEAK} AND deleted_at IS NULL`;

const FILES = {
  'soft-delete.json': { tables: { users: { deletion: 'soft', retention: '30 days', purge: 'purge.sql' } } },
  'purge.sql': "DELETE FROM users WHERE deleted_at < now() - interval '30 days';\n",
  'js/leak.js': `export const read = (sql) => sql\`${LEAK}\`;\n`,
  'js/safe.js': `export const read = (sql) => sql\`${SAFE}\`;\n`,
  'ts/leak.ts': `import { sql } from './db';\nexport const read = (): Promise<unknown> => sql\`${LEAK}\`;\n`,
  'sql/leak.sql': `${SAFE};\n${LEAK};\n`,
};

const RULE = 'soft-delete/require-live-filter';
const REPORTS = { 'js/leak.js': [`1:56 ${RULE}`], 'ts/leak.ts': [`2:71 ${RULE}`], 'sql/leak.sql': [`2:23 ${RULE}`] };

function reports(project: Project, results: readonly ESLint.LintResult[]): object {
  return Object.fromEntries(results.filter(({ messages }) => messages.length > 0).map(({ filePath, messages }) => [
    filePath.slice(project.folder.length + 1).replaceAll('\\', '/'), messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId ?? message}`),
  ]));
}

async function inProject(files: Readonly<Record<string, string | object>>, check: (project: Project) => Promise<void> | void): Promise<void> {
  const project = makeProject({ ...FILES, ...files });
  try {
    await check(project);
  } finally {
    project.remove();
  }
}

const typescript = `{ files: ['**/*.ts'], languageOptions: { parser: createRequire(${JSON.stringify(join(ROOT, 'package.json'))})('@typescript-eslint/parser') } }`;

const FLAT = `
import { createRequire } from 'node:module';
import softDelete from 'eslint-plugin-soft-delete';
export default [
  { ignores: ['eslint.config.mjs'] },
  ${typescript},
  ...softDelete.configure({ manifest: import.meta.dirname + '/soft-delete.json' }),
];
`;

describe('setup', () => {
  for (const { name, ESLint } of WITH_LANGUAGES) {
    it(`configure() in ${name}`, async () => {
      await inProject({ 'eslint.config.mjs': FLAT }, async (project) => {
        assert.deepEqual(reports(project, await new ESLint({ cwd: project.folder }).lintFiles('.')), REPORTS);
      });
    });
  }

  for (const concurrency of [[], ['--concurrency', '2']]) {
    it(`the command line${concurrency.length > 0 ? ' with two workers' : ''}`, async () => {
      await inProject({ 'eslint.config.mjs': FLAT }, (project) => {
        const { stdout, status } = spawnSync(process.execPath, [join(ROOT, 'node_modules/eslint/bin/eslint.js'), '.', '--format', 'json', ...concurrency], { cwd: project.folder, encoding: 'utf8' });
        assert.deepEqual(reports(project, JSON.parse(stdout) as ESLint.LintResult[]), REPORTS);
        assert.equal(status, 1);
      });
    });
  }

  it('.eslintrc.example.json in ESLint 8', async () => {
    const example = JSON.parse(readFileSync(join(ROOT, '.eslintrc.example.json'), 'utf8')) as { overrides: { parser: string }[] };
    // ESLint 8 looks for a parser from the configuration file on; the project's own node_modules has the plugin alone.
    const parser = require.resolve('@typescript-eslint/parser');
    const overrides = example.overrides.map((override) => ({ ...override, parser }));
    await inProject({ '.eslintrc.json': { ...example, overrides } }, async (project) => {
      const eslint = new ESLINT_8_RC({ cwd: project.folder, resolvePluginsRelativeTo: project.folder } as ESLint.Options);
      assert.deepEqual(reports(project, await eslint.lintFiles('.')), REPORTS);
    });
  });

  it('bulk suppressions, by which an existing project adopts the plugin', async () => {
    await inProject({ 'eslint.config.mjs': FLAT }, (project) => {
      const eslint = (...args: string[]): number | null => spawnSync(process.execPath, [join(ROOT, 'node_modules/eslint/bin/eslint.js'), '.', ...args], { cwd: project.folder }).status;
      assert.equal(eslint('--suppress-rule', RULE), 0);
      assert.equal(eslint(), 0);
      project.write('sql/new.sql', `${LEAK};\n`);
      assert.equal(eslint(), 1);
    });
  });

  it('a configuration without a manifest ends with one sentence that says what to do', async () => {
    await inProject({ 'eslint.config.mjs': "import softDelete from 'eslint-plugin-soft-delete';\nexport default [softDelete.configs.recommended];\n" }, (project) => {
      const { stderr, status } = spawnSync(process.execPath, [join(ROOT, 'node_modules/eslint/bin/eslint.js'), 'js'], { cwd: project.folder, encoding: 'utf8' });
      assert.match(stderr, /does not know which tables are soft-deleted: add \.\.\.softDelete\.configure\(\{ manifest: "soft-delete\.json" \}\)/u);
      assert.equal(status, 2);
    });
  });
});

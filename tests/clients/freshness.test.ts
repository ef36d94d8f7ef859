/**
 * What a second run says after only the manifest has changed. ESLint decides by the serialised configuration whether its cache still holds
 * (`lib/eslint/eslint-helpers.js` and `lib/cli-engine/lint-result-cache.js`), so it depends on how the manifest got into the settings.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { ESLint } from 'eslint';
import { DIST, makeProject, type Project } from '../helpers/project.js';
import { ESLINT_8_RC, WITH_LANGUAGES } from '../helpers/versions.js';

const manifest = (...tables: string[]): object => ({ tables: Object.fromEntries(tables.map((table) => [table, 'soft'])) });
const BEFORE = manifest('users'), AFTER = manifest('users', 'orders');

/** A rule that reports each table of the manifest that a file names. */
const PROBE = `
const { catalogOf } = require(${JSON.stringify(join(DIST, 'lib/manifest/settings.js'))});
module.exports = { meta: { name: 'probe', version: '1' }, rules: { tables: { meta: { schema: [] }, create: (context) => ({
  Program(node) {
    for (const { name } of catalogOf(context).tables) if (context.sourceCode.text.includes(name)) context.report({ node, message: name });
  },
}) } } };
`;

const SOURCES = {
  'a.js': 'export const a = "users, orders";\n',
  'b.js': 'export const b = "orders";\n',
  'probe.cjs': PROBE,
};

/** The ways to hand over the manifest, and whether a new process with `--cache`, and a running one without, notice a change of it. */
const ways: readonly { name: string; settings: string; cached: boolean; running: boolean }[] = [
  { name: 'configure()', settings: "...softDelete.configure({ manifest: file })", cached: true, running: true },
  { name: 'a handle in the settings', settings: "{ settings: { 'soft-delete': { manifest: softDelete.manifest(file) } } }", cached: true, running: true },
  { name: 'an object that the configuration reads', settings: "{ settings: { 'soft-delete': { manifest: JSON.parse(readFileSync(file, 'utf8')) } } }", cached: true, running: false },
  { name: 'a path in the settings', settings: "{ settings: { 'soft-delete': { manifest: 'soft-delete.json' } } }", cached: false, running: true },
];

const configFile = (settings: string): string => `
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import softDelete from 'eslint-plugin-soft-delete';
import probe from './probe.cjs';
const file = join(import.meta.dirname, 'soft-delete.json');
export default [
  { ignores: ['*.cjs', '*.mjs'] },
  ${settings},
  { plugins: { probe }, rules: { 'probe/tables': 'error' } },
];
`;

const modes: readonly { name: string; options: object }[] = [
  { name: 'by time', options: { cacheStrategy: 'metadata' } },
  { name: 'by content', options: { cacheStrategy: 'content' } },
  { name: 'by content, in two workers', options: { cacheStrategy: 'content', concurrency: 2 } },
];

/** The reports of scripts; of the manifest itself there are others. */
const ofScripts = (run: object): object => Object.fromEntries(Object.entries(run).filter(([file]) => file.endsWith('.js')));

const STALE = { 'a.js': 1, 'b.js': 0 }, FRESH = { 'a.js': 2, 'b.js': 1 };

for (const version of WITH_LANGUAGES) {
  describe(`a changed manifest in ${version.name}`, () => {
    const projects = ways.map(({ settings }) => ({ settings, project: undefined as unknown as Project }));
    let first: object[], second: object[];

    before(function () {
      this.timeout(120_000);
      for (const entry of projects) entry.project = makeProject({ ...SOURCES, 'eslint.config.mjs': configFile(entry.settings), 'soft-delete.json': BEFORE });
      const runs = projects.flatMap(({ project }) => modes.map(({ options }, index) => ({ cwd: project.folder, cache: true, cacheLocation: join(project.folder, `.cache-${index}`), ...options })));
      const lint = (): object[] => JSON.parse(execFileSync(process.execPath, [join(__dirname, '../helpers/lint-runs.cjs'), version.package, JSON.stringify(runs)], { encoding: 'utf8', stdio: 'pipe' })) as object[];
      first = lint();
      for (const { project } of projects) project.write('soft-delete.json', AFTER);
      second = lint();
    });
    after(() => { for (const { project } of projects) project.remove(); });

    for (const [w, way] of ways.entries()) {
      for (const [m, mode] of modes.entries()) {
        it(`${way.name}: the cache ${mode.name} ${way.cached ? 'notices' : 'does not notice'}`, () => {
          assert.deepEqual(ofScripts(first[w * modes.length + m]!), STALE);
          assert.deepEqual(ofScripts(second[w * modes.length + m]!), way.cached ? FRESH : STALE);
        });
      }
    }

    for (const way of ways) {
      it(`${way.name}: a running editor ${way.running ? 'notices' : 'does not notice'}`, async () => {
        const project = makeProject({ ...SOURCES, 'eslint.config.mjs': configFile(way.settings), 'soft-delete.json': BEFORE });
        try {
          const eslint = new version.ESLint({ cwd: project.folder });
          assert.deepEqual(ofScripts(counts(await eslint.lintFiles('.'))), STALE);
          project.write('soft-delete.json', AFTER);
          assert.deepEqual(ofScripts(counts(await eslint.lintFiles('.'))), way.running ? FRESH : STALE);
          assert.deepEqual(ofScripts(counts(await new version.ESLint({ cwd: project.folder }).lintFiles('.'))), way.running ? FRESH : STALE);
        } finally {
          project.remove();
        }
      });
    }
  });
}

describe('a changed manifest in ESLint 8 with .eslintrc', () => {
  const rc = (settings: object): object => ({ root: true, plugins: ['probe'], parserOptions: { ecmaVersion: 2022, sourceType: 'module' }, rules: { 'probe/tables': 'error' }, ...settings });
  const ways8: readonly { name: string; files: Record<string, string | object>; fresh: boolean }[] = [
    { name: 'a path in .eslintrc.json', files: { '.eslintrc.json': rc({ settings: { 'soft-delete': { manifest: './soft-delete.json' } } }) }, fresh: false },
    {
      name: 'a handle in .eslintrc.cjs', fresh: true,
      files: { '.eslintrc.cjs': `module.exports = { ...${JSON.stringify(rc({}))}, settings: { 'soft-delete': { manifest: require('eslint-plugin-soft-delete').manifest(__dirname + '/soft-delete.json') } } };` },
    },
  ];
  for (const { name, files, fresh } of ways8) {
    it(`${name}: the cache ${fresh ? 'notices' : 'does not notice'}`, async () => {
      const project = makeProject({ ...SOURCES, 'soft-delete.json': BEFORE, ...files });
      const probe = require(join(project.folder, 'probe.cjs')) as ESLint.Plugin;
      const run = async (): Promise<object> => {
        const eslint = new ESLINT_8_RC({ cwd: project.folder, cache: true, cacheLocation: join(project.folder, '.cache'), plugins: { 'eslint-plugin-probe': probe } } as ESLint.Options);
        return counts(await eslint.lintFiles('*.js'));
      };
      try {
        assert.deepEqual(await run(), STALE);
        project.write('soft-delete.json', AFTER);
        assert.deepEqual(await run(), fresh ? FRESH : STALE);
      } finally {
        project.remove();
      }
    });
  }
});

function counts(results: readonly ESLint.LintResult[]): object {
  return Object.fromEntries(results.map(({ filePath, messages }) => [filePath.split(/[\\/]/u).at(-1), messages.length]));
}

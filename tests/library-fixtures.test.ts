/**
 * The small applications, one per library: each mistake that their comments tell of is reported, and nothing else.
 *
 *     UPDATE_EXPECTED=1 npx mocha tests/library-fixtures.test.ts
 *
 * writes `fixtures/<library>/expected.txt` anew.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tsParser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';
import plugin from '../index.js';
import { Fixture } from './helpers/fixture.js';

const FIXTURES = join(__dirname, '..', 'fixtures');
const libraries = readdirSync(FIXTURES).filter((name) => name !== 'shop' && existsSync(join(FIXTURES, name, 'soft-delete.json'))).sort();

for (const library of libraries) {
  describe(`fixtures/${library}`, () => {
    const folder = join(FIXTURES, library), fixture = new Fixture(folder), expected = join(folder, 'expected.txt');
    const eslint = new ESLint({
      cwd: folder, overrideConfigFile: true,
      overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser: tsParser } }, ...plugin.configure({ manifest: join(folder, 'soft-delete.json'), strict: true })],
    });
    let results: ESLint.LintResult[];
    before(async () => { results = await eslint.lintFiles([...fixture.files]); });

    it('reports what is expected, in every detail', () => {
      if (process.env['UPDATE_EXPECTED']) writeFileSync(expected, fixture.everyReport(results).join('\n\n') + '\n');
      assert.deepEqual(fixture.everyReport(results), readFileSync(expected, 'utf8').trimEnd().split('\n\n'));
    });

    it('reports each mistake that the comments tell of by its rule, and nothing else', () => {
      assert.deepEqual(fixture.found(results), fixture.told());
    });

    it('has at least as much correct code as mistakes', () => {
      const all = fixture.files.flatMap((file) => fixture.annotations(file));
      assert.ok(all.length >= 10 && all.filter(({ rules }) => rules.length === 0).length >= all.length / 2);
    });

    it('offers edits after which the code has fewer mistakes and no new ones', async () => {
      assert.deepEqual(await fixture.unmended(results, eslint), []);
    });

    it('type-checks against the library', () => {
      execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', folder], { stdio: 'pipe' });
    });
  });
}

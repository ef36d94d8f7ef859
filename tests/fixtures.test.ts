/**
 * The example application: what it says of itself, and what is reported.
 *
 *     UPDATE_EXPECTED=1 npx mocha tests/fixtures.test.ts
 *
 * writes `fixtures/shop/expected.txt` and the example in the README anew.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import * as tsParser from '@typescript-eslint/parser';
import type { ESLint, Linter } from 'eslint';
import plugin from '../index.js';
import { fileReport, lintShop, report, SHOP, summary } from '../tools/example.js';
import { Fixture } from './helpers/fixture.js';
import { ESLINT_8_RC, WITH_LANGUAGES } from './helpers/versions.js';

const EXPECTED = join(SHOP, 'expected.txt');
const MANIFEST = join(SHOP, 'soft-delete.json');
const README = join(SHOP, '..', '..', 'README.md');
/** What the README shows of the output. */
const SHOWN = ['src/accounts/customers.ts', 'src/reports/customers.ts'];

const shop = new Fixture(SHOP), { files } = shop;
const everyReport = (results: readonly ESLint.LintResult[]): string[] => shop.everyReport(results);

const flatConfig = (): Linter.Config[] => [
  { files: ['**/*.ts'], languageOptions: { parser: tsParser } },
  ...plugin.configure({ manifest: MANIFEST, strict: true }),
];

describe('fixtures/shop', () => {
  let results: ESLint.LintResult[];
  before(async () => { results = await new WITH_LANGUAGES[0]!.ESLint({ cwd: SHOP, overrideConfigFile: true, overrideConfig: flatConfig() }).lintFiles(files); });

  it('reports what is expected, in every detail', () => {
    if (process.env['UPDATE_EXPECTED']) writeFileSync(EXPECTED, everyReport(results).join('\n\n') + '\n');
    assert.deepEqual(everyReport(results), readFileSync(EXPECTED, 'utf8').trimEnd().split('\n\n'));
  });

  it('reports each mistake that the comments tell of by its rule, and nothing else', () => {
    assert.deepEqual(shop.found(results), shop.told());
  });

  it('shows each of these rules as a mistake, and as much correct code', () => {
    const all = files.flatMap((file) => shop.annotations(file));
    assert.deepEqual([...new Set(all.flatMap(({ rules }) => rules))].sort(), [
      'no-boolean-flag', 'no-hard-delete', 'no-restamp', 'no-tombstone-upsert', 'no-unfiltered-aggregate', 'outer-join-filter-in-on',
      'require-live-filter', 'require-live-join', 'require-live-lookup', 'require-live-parent', 'require-live-subquery', 'require-live-update',
      'require-purge-age', 'valid-includes-deleted', 'valid-tombstone-predicate',
    ]);
    assert.ok(all.filter(({ rules }) => rules.length === 0).length >= all.length / 2);
  });

  it('gives the same reports by its own configuration and the built plugin', async () => {
    assert.deepEqual(everyReport(await lintShop()), everyReport(results));
  });

  it('gives the same reports in ESLint 9', async () => {
    const eslint9 = new WITH_LANGUAGES[1]!.ESLint({ cwd: SHOP, overrideConfigFile: true, overrideConfig: flatConfig() });
    assert.deepEqual(everyReport(await eslint9.lintFiles(files)), everyReport(results));
  });

  it('gives the same reports in ESLint 8 with .eslintrc', async () => {
    const options = {
      cwd: SHOP, useEslintrc: false, plugins: { 'soft-delete': plugin },
      baseConfig: {
        root: true, extends: ['plugin:soft-delete/legacy-strict'], settings: { 'soft-delete': { manifest: MANIFEST } },
        overrides: [{ files: ['*.ts'], parser: require.resolve('@typescript-eslint/parser') }],
      },
    };
    const eslint8 = new ESLINT_8_RC(options as ESLint.Options);
    assert.deepEqual(everyReport(await eslint8.lintFiles(files)), everyReport(results));
  });

  it('offers edits after which the code has fewer mistakes and no new ones', async () => {
    const eslint = new WITH_LANGUAGES[0]!.ESLint({ cwd: SHOP, overrideConfigFile: true, overrideConfig: flatConfig() });
    assert.deepEqual(await shop.unmended(results, eslint), []);
  });

  it('type-checks', () => {
    execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', SHOP], { stdio: 'pipe' });
  });

  it('is understood by PostgreSQL', async () => {
    const db = new PGlite();
    for (const file of files.filter((file) => file.endsWith('.sql')).sort((a, b) => Number(b.includes('migrations')) - Number(a.includes('migrations')))) {
      await db.exec(readFileSync(join(SHOP, file), 'utf8')).catch((error: unknown) => assert.fail(`${file}: ${String(error)}`));
    }
    await db.close();
  });

  it('is printed with every mistake and a sum by rule', () => {
    const printed = report(results), messages = results.flatMap((result) => result.messages);
    for (const { message } of messages) assert.ok(printed.replace(/\s+(?:│ )?/gu, ' ').includes(message.replace(/\s+/gu, ' ')), message);
    assert.match(printed, new RegExp(`\\n${messages.length} mistakes in \\d+ of ${results.length} files\\n`, 'u'));
    assert.doesNotMatch(printed, /\u001b/u);
  });

  it('is shown in the README as it is printed', () => {
    const sections = SHOWN.map((file) => fileReport(results.find(({ filePath }) => filePath === join(SHOP, file))!));
    const block = ['<!-- begin example -->', '', '```text', ['$ npm run example', ...sections, '…', summary(results)].join('\n\n'), '```', '', '<!-- end example -->'].join('\n');
    const readme = readFileSync(README, 'utf8'), written = /<!-- begin example -->[^]*<!-- end example -->/u.exec(readme)?.[0];
    if (process.env['UPDATE_EXPECTED']) writeFileSync(README, readme.replace(written!, () => block));
    else assert.equal(written, block);
  });
});

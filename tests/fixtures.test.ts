/**
 * The example application: what it says of itself, and what is reported.
 *
 *     UPDATE_EXPECTED=1 npx mocha tests/fixtures.test.ts
 *
 * writes `fixtures/shop/expected.txt` and the example in the README anew.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import * as tsParser from '@typescript-eslint/parser';
import type { ESLint, Linter } from 'eslint';
import plugin from '../index.js';
import { fileReport, lintShop, report, SHOP, summary } from '../tools/example.js';
import { ESLINT_8_RC, WITH_LANGUAGES } from './helpers/versions.js';

const EXPECTED = join(SHOP, 'expected.txt');
const MANIFEST = join(SHOP, 'soft-delete.json');
const README = join(SHOP, '..', '..', 'README.md');
/** What the README shows of the output. */
const SHOWN = ['src/accounts/customers.ts', 'src/reports/customers.ts'];

interface Report { readonly file: string; readonly message: Linter.LintMessage; readonly source: string }

function reportsOf(results: readonly ESLint.LintResult[]): Report[] {
  return results
    .map((result) => ({ ...result, file: result.filePath.slice(SHOP.length + 1).replaceAll('\\', '/') }))
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .flatMap(({ file, messages, filePath }) => messages.map((message) => ({ file, message, source: readFileSync(filePath, 'utf8') })));
}

/** The text between a report's start and end. */
function words(source: string, { line, column, endLine, endColumn }: Pick<Linter.LintMessage, 'line' | 'column' | 'endLine' | 'endColumn'>): string {
  const lines = source.split('\n').slice(line - 1, endLine ?? line);
  lines[lines.length - 1] = lines.at(-1)!.slice(0, (endColumn ?? column) - 1);
  return lines.join('\n').slice(column - 1);
}

/** Where a report is, what it underlines, what it says and which edits it offers: all that a user gets. */
function written({ file, message, source }: Report): string {
  return [
    `${file}:${message.line}:${message.column} ${message.ruleId ?? 'error'} ${JSON.stringify(words(source, message))}`,
    `  ${message.message}`,
    ...(message.suggestions ?? []).map(({ desc, fix }) => `  > ${desc}\n    ${JSON.stringify(source.slice(...fix.range))} => ${JSON.stringify(fix.text)}`),
  ].join('\n');
}

const everyReport = (results: readonly ESLint.LintResult[]): string[] => reportsOf(results).map(written);

const flatConfig = (): Linter.Config[] => [
  { files: ['**/*.ts'], languageOptions: { parser: tsParser } },
  ...plugin.configure({ manifest: MANIFEST, strict: true }),
];

/** A comment that says what follows it: a mistake of these rules, or correct code. */
interface Annotation { readonly file: string; readonly line: number; readonly last: number; readonly rules: readonly string[] }

/** The annotations of a file. Each holds for the function or the statement below it. */
function annotations(file: string): Annotation[] {
  const lines = readFileSync(join(SHOP, file), 'utf8').split('\n');
  const end = file.endsWith('.sql') ? /;\s*$/u : /^\}/u;
  return lines.flatMap((text, index) => {
    const match = /^(?:\/\/|--) (?:Right:|Wrong \(([\w, -]+)\):) \S/u.exec(text);
    if (!match) return [];
    const length = lines.slice(index).findIndex((line) => end.test(line));
    return [{ file, line: index + 1, last: length < 0 ? lines.length : index + length + 1, rules: match[1]?.split(', ') ?? [] }];
  });
}

const files = readdirSync(SHOP, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/')).filter((file) => /^(?:src|sql)\/.*\.(?:ts|sql)$/u.test(file)).sort();

describe('fixtures/shop', () => {
  let results: ESLint.LintResult[];
  before(async () => { results = await new WITH_LANGUAGES[0]!.ESLint({ cwd: SHOP, overrideConfigFile: true, overrideConfig: flatConfig() }).lintFiles(files); });

  it('reports what is expected, in every detail', () => {
    if (process.env['UPDATE_EXPECTED']) writeFileSync(EXPECTED, everyReport(results).join('\n\n') + '\n');
    assert.deepEqual(everyReport(results), readFileSync(EXPECTED, 'utf8').trimEnd().split('\n\n'));
  });

  it('reports each mistake that the comments tell of by its rule, and nothing else', () => {
    const told = files.flatMap((file) => annotations(file).flatMap(({ line, rules }) => rules.map((rule) => `${file}:${line} ${rule}`)));
    const found = reportsOf(results).map(({ file, message }) => {
      const annotation = annotations(file).find(({ line, last }) => line < message.line && message.line <= last);
      return `${file}:${annotation ? annotation.line : `unannotated line ${message.line}`} ${message.ruleId?.replace('soft-delete/', '') ?? message.message}`;
    });
    assert.deepEqual([...new Set(found)].sort(), told.sort());
  });

  it('shows each of these rules as a mistake, and as much correct code', () => {
    const all = files.flatMap(annotations);
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
    const left: string[] = [];
    for (const { file, message, source } of reportsOf(results)) {
      const before = results.find(({ filePath }) => filePath === join(SHOP, file))!.messages.length;
      for (const { desc, fix } of message.suggestions ?? []) {
        const mended = source.slice(0, fix.range[0]) + fix.text + source.slice(fix.range[1]);
        const [after] = await eslint.lintText(mended, { filePath: join(SHOP, file) });
        if (after!.messages.length >= before) left.push(`${file}:${message.line} ${desc}: ${after!.messages.map(({ message }) => message).join(' ')}`);
      }
    }
    assert.deepEqual(left, []);
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

/**
 * Runs the table of cases of one rule through the plugin as users load it, in `.sql` files, in TypeScript and in Prisma schemas, and lints again what each
 * suggestion makes of a case: the problem has to be gone, and no rule may find another.
 */
import assert from 'node:assert/strict';
import * as parser from '@typescript-eslint/parser';
import { Linter, RuleTester, type ESLint } from 'eslint';
import plugin from '../../index.js';
import type { Dialect, Manifest } from '../../lib/manifest/types.js';
import { manifest } from './manifest.js';
import { count } from './tally.js';

export interface Valid {
  readonly code: string;
  readonly options?: readonly object[];
  readonly dialect?: Dialect;
  /** Default: `query.sql`, `query.ts` or `query.prisma`. */
  readonly filename?: string;
  /** Tables that the manifest has beside those of all tests, or instead of them. */
  readonly tables?: Manifest['tables'];
  /** The setting of that name; default: `ignore`. */
  readonly unknown?: 'report';
}

export interface Problem {
  /** The words that are underlined: their first occurrence. */
  readonly at: string;
  readonly message: string;
  /** What each suggestion makes of the code, by its message's id. */
  readonly suggestions?: Readonly<Record<string, string>>;
}

/** A case with one problem, or with several `errors`. */
export type Invalid = Valid & (Problem | { readonly errors: readonly Problem[] });

export interface Cases {
  readonly valid: readonly (string | Valid)[];
  readonly invalid: readonly Invalid[];
}

const LANGUAGES = ['sql', 'ts', 'prisma'] as const;
type Language = typeof LANGUAGES[number];

const plugins = { 'soft-delete': plugin as ESLint.Plugin };
const languages: Record<Language, Linter.Config> = {
  sql: { files: ['**/*.sql'], language: 'soft-delete/sql' },
  ts: { files: ['**/*.ts'], languageOptions: { parser } },
  prisma: { files: ['**/*.prisma'], language: 'soft-delete/prisma' },
};
const testers: Record<Language, RuleTester> = {
  sql: new RuleTester({ plugins, language: 'soft-delete/sql' } as Linter.Config),
  ts: new RuleTester({ plugins, languageOptions: { parser } }),
  prisma: new RuleTester({ plugins, language: 'soft-delete/prisma' } as Linter.Config),
};

function settingsOf({ dialect, tables, unknown }: Valid): Linter.Config['settings'] {
  return { 'soft-delete': { manifest: dialect || tables ? { ...manifest, ...(dialect && { dialect }), tables: { ...manifest.tables, ...tables } } : manifest, ...(unknown ? { unknown } : {}) } };
}

function problemsOf(invalid: Invalid): readonly Problem[] {
  return 'errors' in invalid ? invalid.errors : [invalid];
}

/** Line and column, from 1, of an offset. */
function locate(code: string, offset: number): { line: number; column: number } {
  const lines = code.slice(0, offset).split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

function errorOf(code: string, { at, message, suggestions = {} }: Problem): RuleTester.TestCaseError {
  const start = code.indexOf(at);
  assert.ok(start >= 0, `"${at}" does not stand in ${code}`);
  const from = locate(code, start), to = locate(code, start + at.length);
  const offered = Object.entries(suggestions).map(([messageId, output]) => ({ messageId, output }));
  return { message, line: from.line, column: from.column, endLine: to.line, endColumn: to.column, ...(offered.length > 0 ? { suggestions: offered } : {}) };
}

function testCase(language: Language, item: Valid): RuleTester.ValidTestCase {
  return { code: item.code, filename: item.filename ?? `query.${language}`, settings: settingsOf(item), ...(item.options ? { options: [...item.options] } : {}) };
}

/** What all rules say of a text: each message with how often it is said. The rule in question has the case's options. */
function reports(language: Language, rule: string, item: Valid, code: string): Map<string, number> {
  const strict: Linter.Config = plugin.configs.strict;
  const config: Linter.Config[] = [
    languages[language], strict, { settings: settingsOf(item), rules: item.options ? { [`soft-delete/${rule}`]: ['error', ...item.options] } : {} },
  ];
  const counts = new Map<string, number>();
  for (const { ruleId, message } of new Linter().verify(code, config, { filename: item.filename ?? `query.${language}` })) {
    const said = `${ruleId}: ${message}`;
    counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  return counts;
}

/** Fails where a suggestion's output has the problem still, or one that was not there before. */
function assertMended(language: Language, rule: string, item: Invalid, { message, suggestions = {} }: Problem): void {
  const before = reports(language, rule, item, item.code);
  const reported = `soft-delete/${rule}: ${message}`;
  for (const output of Object.values(suggestions)) {
    const after = reports(language, rule, item, output);
    assert.ok((after.get(reported) ?? 0) < before.get(reported)!, `still reported: ${output}`);
    // A column that has become a tombstone asks for an index, which is a statement of its own.
    for (const [said, count] of after) if (!said.startsWith('soft-delete/index-live-only')) assert.ok(count <= (before.get(said) ?? 0), `new in ${output}\n${said}`);
  }
}

/** Defines the tests of one rule. */
export function testRule(rule: keyof typeof plugin.rules, cases: Partial<Record<Language, Cases>>): void {
  for (const language of LANGUAGES) {
    const { valid, invalid } = cases[language] ?? { valid: [], invalid: [] };
    if (valid.length + invalid.length === 0) continue;
    count(rule, 'reported', invalid.map(({ code }) => ({ language, code })));
    count(rule, 'silent', valid.map((item) => ({ language, code: typeof item === 'string' ? item : item.code })));
    testers[language].run(`${rule} in .${language}`, plugin.rules[rule]!, {
      valid: valid.map((item) => testCase(language, typeof item === 'string' ? { code: item } : item)),
      invalid: invalid.map((item) => ({ ...testCase(language, item), errors: problemsOf(item).map((problem) => errorOf(item.code, problem)) })),
    });
    describe(`${rule} in .${language}: suggestions mend`, () => {
      for (const item of invalid) {
        const mended = problemsOf(item).filter(({ suggestions }) => suggestions);
        if (mended.length > 0) it(item.code, () => { for (const problem of mended) assertMended(language, rule, item, problem); });
      }
    });
  }
}

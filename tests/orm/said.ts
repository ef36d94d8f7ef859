/** Tables of cases for the calls of a library: what the plugin says of a piece of code, and what its suggestions make of it. */
import assert from 'node:assert/strict';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import plugin from '../../index.js';
import type { Manifest } from '../../lib/manifest/index.js';

export interface Report {
  readonly rule: string;
  /** What is underlined. */
  readonly words: string;
  readonly message: string;
  /** What each suggestion makes of the code. */
  readonly outputs: readonly string[];
}

/** Code, and what is reported of it: `rule: the words underlined`. */
export type Case = readonly [code: string, ...reports: string[]];

export interface Sayings {
  lint(code: string, config?: 'strict' | 'recommended'): Report[];
  /** Declares a test for each case. Default: `strict`. */
  says(cases: readonly Case[], config?: 'strict' | 'recommended'): void;
  /** Code, and what its first suggestion makes of it. Linted again there is a report less, and none that was not there before. */
  mends(cases: readonly (readonly [code: string, output: string])[]): void;
}

export function sayings(manifest: Manifest): Sayings {
  function lint(code: string, config: 'strict' | 'recommended' = 'strict'): Report[] {
    const messages = new Linter().verify(code, [
      { files: ['**/*.ts'], languageOptions: { parser } }, plugin.configs[config] as Linter.Config, { settings: { 'soft-delete': { manifest } } },
    ], { filename: 'query.ts' });
    const lines = code.split('\n'), offset = (line: number, column: number): number => lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, column - 1);
    return messages.map(({ ruleId, message, line, column, endLine, endColumn, suggestions = [] }) => ({
      rule: ruleId?.replace('soft-delete/', '') ?? 'fatal', message, words: code.slice(offset(line, column), offset(endLine ?? line, endColumn ?? column)),
      outputs: suggestions.map(({ fix }) => code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1])),
    }));
  }

  const oneLine = (code: string): string => code.replace(/\s+/gu, ' ').replace(/^(.{300}).*?(.{200})$/u, '$1 .. $2');

  return {
    lint,
    says(cases, config) {
      for (const [code, ...expected] of cases) {
        it(`${expected.length === 0 ? 'is silent on' : 'reports'} ${oneLine(code)}`, () => {
          assert.deepEqual(lint(code, config).map(({ rule, words }) => `${rule}: ${words}`), expected);
        });
      }
    },
    mends(cases) {
      for (const [code, output] of cases) {
        it(`mends ${oneLine(code)}`, () => {
          const before = lint(code), [report] = before.filter(({ outputs }) => outputs.length > 0);
          assert.ok(report, `no suggestion for ${JSON.stringify(before)}`);
          assert.equal(report.outputs[0], output);
          const left = lint(output);
          assert.ok(left.length < before.length, `still: ${JSON.stringify(left)}`);
          for (const { rule, message } of left) assert.ok(before.some((one) => one.rule === rule && one.message === message), `new: ${rule} ${message}`);
        });
      }
    },
  };
}

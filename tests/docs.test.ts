/** Every example of every rule's page is linted: what stands under "Wrong" is reported by that rule, what stands under "Right" and "Options" by none. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import plugin from '../index.js';
import { splitStatements } from '../lib/sql/split.js';
import { plainText } from '../lib/sql/sql-text.js';
import { manifest } from './rules/manifest.js';

const PAGES = join(__dirname, '..', 'docs', 'rules');

interface Example {
  readonly section: string;
  readonly language: 'sql' | 'ts' | 'json';
  readonly code: string;
  /** The line of the page on which the code begins. */
  readonly line: number;
}

const LANGUAGES: ReadonlySet<string> = new Set(['sql', 'ts', 'json'] satisfies Example['language'][]);

/** The code blocks of a page that are SQL, TypeScript or JSON, with the section of the second level that they stand in. */
function examplesOf(page: string): Example[] {
  const examples: Example[] = [];
  let section = '', block: { language: string; lines: string[]; line: number } | null = null;
  for (const [index, line] of page.split(/\r?\n/u).entries()) {
    const fence = /^```(\w*)$/u.exec(line);
    if (fence && block) {
      if (LANGUAGES.has(block.language)) examples.push({ section, language: block.language as Example['language'], code: block.lines.join('\n'), line: block.line });
      block = null;
    } else if (fence) block = { language: fence[1]!, lines: [], line: index + 2 };
    else if (block) block.lines.push(line);
    else section = /^## (.*)$/u.exec(line)?.[1] ?? section;
  }
  assert.equal(block, null, 'a code block has no end');
  return examples;
}

/** Rules about calls of libraries. */
const CALLS_ONLY = new Set(['no-filter-bypass']);

/** Rules about what the statements of a file do together: one example is all of them. */
const TOGETHER = new Set(['add-tombstone-complete']);

/** The rule about the manifest itself, whose examples are manifests. Elsewhere JSON is what a page says of the manifest, or a rule's options. */
const OF_MANIFEST = 'require-retention';

/** The place of such an example: beside the files that it names. */
const MANIFEST_FILE = 'fixtures/kysely/soft-delete.json';

/** What it says of a table is beside the point of every page but its own: an example that declares one need not declare its indexes. */
const BESIDE = 'index-live-only';

/** Every rule, with its default options. */
const rules = Object.fromEntries(Object.keys(plugin.rules).map((name) => [`soft-delete/${name}`, 'error' as const]));

function lint({ code, language }: Example): Linter.LintMessage[] {
  const config: Linter.Config[] = [
    { files: ['**/*.sql'], language: 'soft-delete/sql' },
    { files: ['**/*.ts'], languageOptions: { parser } },
    plugin.configs.manifest,
    { plugins: { 'soft-delete': plugin }, rules, settings: { 'soft-delete': { manifest } } },
  ];
  return new Linter().verify(code, config, { filename: language === 'json' ? MANIFEST_FILE : `example.${language}` });
}

/** The lines of each statement of an example: those of the SQL, and the whole of a TypeScript block or of one that is looked at as a whole. */
function statementsOf(rule: string, { code, language }: Example): { from: number; to: number; text: string }[] {
  const lineAt = (offset: number): number => code.slice(0, offset).split('\n').length;
  if (language !== 'sql' || TOGETHER.has(rule)) return [{ from: 1, to: lineAt(code.length), text: code }];
  return splitStatements(plainText(code), 'postgresql').map(({ start, end }) => ({ from: lineAt(start), to: lineAt(end), text: code.slice(start, end) }));
}

describe('the rules\' pages', () => {
  it('are one for each rule', () => {
    const pages = readdirSync(PAGES).filter((file) => file.endsWith('.md')).map((file) => file.slice(0, -'.md'.length));
    assert.deepEqual(pages.sort(), Object.keys(plugin.rules).sort());
  });

  for (const rule of Object.keys(plugin.rules)) {
    describe(rule, () => {
      const examples = examplesOf(readFileSync(join(PAGES, `${rule}.md`), 'utf8')).filter(({ language }) => language !== 'json' || rule === OF_MANIFEST);
      const wrong = examples.filter(({ section }) => section === 'Wrong');
      const right = examples.filter(({ section }) => section === 'Right' || section === 'Options');

      it('has examples of both kinds, in SQL, if it speaks of SQL, and in TypeScript', () => {
        for (const [kind, of] of [['Wrong', wrong], ['Right', right]] as const) {
          assert.deepEqual([...new Set(of.map(({ language }) => language))].sort(), rule === OF_MANIFEST ? kind === 'Wrong' ? ['json'] : ['json', 'ts'] : CALLS_ONLY.has(rule) ? ['ts'] : ['sql', 'ts'], kind);
        }
      });

      for (const example of wrong) {
        const messages = lint(example);
        for (const { from, to, text } of statementsOf(rule, example)) {
          it(`reports line ${example.line + from - 1}: ${text.replace(/\s+/gu, ' ').slice(0, 80)}`, () => {
            const here = messages.filter(({ ruleId, line }) => ruleId === `soft-delete/${rule}` && line >= from && line <= to);
            assert.notEqual(here.length, 0);
          });
        }
      }

      for (const example of right) {
        it(`accepts line ${example.line}: ${example.code.split('\n', 1)[0]!.slice(0, 80)}`, () => {
          assert.deepEqual(lint(example).filter(({ ruleId }) => rule === BESIDE || ruleId !== `soft-delete/${BESIDE}`).map(({ ruleId, line, message }) => `${example.line + line - 1}: ${ruleId}: ${message}`), []);
        });
      }
    });
  }
});

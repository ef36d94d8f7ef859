/** Prisma schemas in every version of ESLint: places, directives, edits, neighbours. `no-boolean-flag` shows what rules get. */
import assert from 'node:assert/strict';
import type { ESLint, Linter } from 'eslint';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import plugin from '../../index.js';
import * as parser from '../../lib/parser.js';
import { ESLINT_8, WITH_LANGUAGES, type Version } from '../helpers/versions.js';

interface Way {
  readonly name: string;
  readonly version: Version;
  readonly prisma: Linter.Config;
}

const WAYS: readonly Way[] = [
  ...WITH_LANGUAGES.map((version) => ({ name: `the language in ${version.name}`, version, prisma: plugin.configs.prisma })),
  { name: 'the parser in ESLint 8', version: ESLINT_8, prisma: { files: ['**/*.prisma'], languageOptions: { parser: parser as Linter.Parser } } },
];

const RULE = 'soft-delete/no-boolean-flag';

async function lint({ version, prisma }: Way, text: string, { configs = [], fix = false }: { configs?: Linter.Config[]; fix?: boolean } = {}): Promise<ESLint.LintResult> {
  const eslint = new version.ESLint({
    cwd: __dirname, overrideConfigFile: true, fix,
    overrideConfig: [
      { plugins: { 'soft-delete': plugin as ESLint.Plugin }, rules: { [RULE]: 'error' }, settings: { 'soft-delete': { manifest: { tables: { users: 'soft' } } } }, linterOptions: { reportUnusedDisableDirectives: 'error' } },
      prisma, ...configs,
    ],
  });
  const [result] = await eslint.lintText(text, { filePath: 'schema.prisma' });
  return result!;
}

const places = ({ messages }: ESLint.LintResult): string[] => messages.map((message) => `${message.line}:${message.column} ${message.ruleId ?? message.message}`);

const FLAG = 'isDeleted Boolean';
const UNUSED = `Unused eslint-disable directive (no problems were reported from '${RULE}').`;

interface Case { readonly name: string; readonly text: string; readonly reports: readonly string[]; readonly output?: string }

const CASES: readonly Case[] = [
  { name: 'an empty file', text: '', reports: [] },
  { name: 'no model', text: '// nothing\ndatasource db {\n  provider = "mysql"\n}\n', reports: [] },
  { name: 'a model', text: `model Post {\n  id Int @id\n  ${FLAG} @default(false)\n}\n`, reports: [`3:3 ${RULE}`] },
  { name: 'a byte order mark', text: `\uFEFFmodel Post {\n  ${FLAG}\n}`, reports: [`2:3 ${RULE}`] },
  { name: 'Windows line ends', text: `model Post {\r\n  id Int @id\r\n  ${FLAG}\r\n}\r\n`, reports: [`3:3 ${RULE}`] },
  { name: 'disable-next-line with a reason', text: `model Post {\n  // eslint-disable-next-line ${RULE} -- mirrors the provider's\n  ${FLAG}\n}\nmodel Page {\n  ${FLAG}\n}`, reports: [`6:3 ${RULE}`] },
  { name: 'disable-next-line in a documentation comment', text: `model Post {\n  /// eslint-disable-next-line ${RULE}\n  ${FLAG}\n}`, reports: [] },
  { name: 'disable-line behind a field', text: `model Post {\n  ${FLAG} // eslint-disable-line ${RULE}\n}`, reports: [] },
  { name: 'disable and enable', text: `// eslint-disable ${RULE}\nmodel Post {\n  ${FLAG}\n}\n// eslint-enable ${RULE}\nmodel Page {\n  ${FLAG}\n}`, reports: [`7:3 ${RULE}`] },
  { name: 'disable in a block comment', text: `/* eslint-disable */\nmodel Post {\n  ${FLAG}\n}`, reports: [] },
  { name: 'a rule switched off by a configuration comment', text: `/* eslint ${RULE}: "off" */\nmodel Post {\n  ${FLAG}\n}`, reports: [] },
  { name: 'an unused directive', text: `model Post {\n  // eslint-disable-next-line ${RULE}\n  id Int @id\n}`, reports: [`2:3 ${UNUSED}`], output: 'model Post {\n   \n  id Int @id\n}' },
  { name: 'an unused directive beside a field, with Windows line ends', text: `model Post {\r\n  id Int @id // eslint-disable-line ${RULE}\r\n}`, reports: [`2:14 ${UNUSED}`], output: 'model Post {\r\n  id Int @id  \r\n}' },
  { name: 'words in a string that look like a directive', text: `model Post {\n  id String @default("// eslint-disable-line ${RULE}")\n  ${FLAG} @default(dbgenerated("// eslint-disable-line"))\n}`, reports: [`3:3 ${RULE}`] },
  { name: 'a broken line', text: `model Post {\n  ? nothing\n  ${FLAG}\n}`, reports: [`3:3 ${RULE}`] },
  { name: 'a model that never ends', text: `model Post {\n  ${FLAG}\n`, reports: [`2:3 ${RULE}`] },
  { name: 'no Prisma at all', text: 'SELECT * FROM users;\nmodel {\n', reports: [] },
];

for (const way of WAYS) {
  describe(`Prisma schemas by ${way.name}`, () => {
    for (const { name, text, reports, output } of CASES) {
      it(name, async () => {
        assert.deepEqual(places(await lint(way, text)), reports);
        if (output !== undefined) assert.equal((await lint(way, text, { fix: true })).output, output);
      });
    }

    it('gives suggestions that edit the right place', async () => {
      for (const bom of ['', '\uFEFF']) {
        const text = `model Post {\r\n  id Int @id\r\n  ${FLAG} @default(false) // gone\r\n}`;
        const [message] = (await lint(way, bom + text)).messages;
        const { range, text: inserted } = message!.suggestions![0]!.fix;
        assert.equal(text.slice(0, range[0]) + inserted + text.slice(range[1]), 'model Post {\r\n  id Int @id\r\n  deletedAt DateTime? // gone\r\n}');
      }
    });

    it('survives every rule of ESLint', async () => {
      const { builtinRules } = require(`${way.version.package}/use-at-your-own-risk`) as { builtinRules: Map<string, unknown> };
      const crashed: string[] = [];
      for (const rule of builtinRules.keys()) await lint(way, `// a\nmodel Post {\n  ${FLAG}\n}\n`, { configs: [{ rules: { [rule]: 'error' } }] }).catch(() => crashed.push(rule));
      assert.deepEqual(crashed, []);
    });

    // The installed @eslint/js and typescript-eslint name rules that came after ESLint 8.
    if (way.version !== ESLINT_8) it('finds the same beside configurations without files', async () => {
      const configs = [js.configs.recommended, ...tseslint.configs.recommendedTypeChecked as Linter.Config[], { languageOptions: { parserOptions: { projectService: true } } }];
      assert.deepEqual(places(await lint(way, `model Post {\n  ${FLAG}\n}`, { configs: [...configs, way.prisma] })), [`2:3 ${RULE}`]);
    });
  });
}

describe('the Prisma language', () => {
  it('is loaded when it is first asked for, and once', () => {
    assert.equal(plugin.languages.prisma, plugin.languages.prisma);
  });

  it('is part of what configure() gives', () => {
    const configs = plugin.configure({ manifest: { tables: { users: 'soft' } } });
    assert.ok(configs.some(({ language }) => language === 'soft-delete/prisma'));
  });
});

import assert from 'node:assert/strict';
import type { ESLint, Linter } from 'eslint';
import js from '@eslint/js';
import * as tsParser from '@typescript-eslint/parser';
import tseslint from 'typescript-eslint';
import plugin from '../../index.js';
import * as sqlParser from '../../lib/parser.js';
import { probeConfigs, probePlugin } from '../helpers/probe.js';
import { ESLINT_8, WITH_LANGUAGES, type Version } from '../helpers/versions.js';

/** A way to lint `.sql` files: the language, or the parser. */
interface Way {
  readonly name: string;
  readonly version: Version;
  readonly sql: Linter.Config;
}

const parserConfig: Linter.Config = { files: ['**/*.sql'], languageOptions: { parser: sqlParser as Linter.Parser } };

const WAYS: readonly Way[] = [
  ...WITH_LANGUAGES.map((version) => ({ name: `the language in ${version.name}`, version, sql: probeConfigs.sql })),
  ...[...WITH_LANGUAGES, ESLINT_8].map((version) => ({ name: `the parser in ${version.name}`, version, sql: parserConfig })),
];

async function lint({ version, sql }: Way, text: string, { configs = [], fix = false, filePath = 'query.sql' }: { configs?: Linter.Config[]; fix?: boolean; filePath?: string } = {}): Promise<ESLint.LintResult> {
  const eslint = new version.ESLint({
    cwd: __dirname, overrideConfigFile: true, fix,
    overrideConfig: [probeConfigs.recommended, sql, { linterOptions: { reportUnusedDisableDirectives: 'error' } }, ...configs],
  });
  const [result] = await eslint.lintText(text, { filePath });
  return result!;
}

const typescriptPlugin = tseslint.plugin as ESLint.Plugin;

const places = ({ messages }: ESLint.LintResult): string[] => messages.map((message) => `${message.line}:${message.column} ${message.ruleId ?? message.message}`);

const FOUND = 'soft-delete/probe';
const UNUSED = "Unused eslint-disable directive (no problems were reported from 'soft-delete/probe').";

interface Case { readonly name: string; readonly text: string; readonly reports: readonly string[]; readonly output?: string }

const directives: readonly Case[] = [
  { name: 'no directive', text: 'SELECT * FROM users;\nSELECT * FROM orders;\n', reports: [`1:15 ${FOUND}`] },
  { name: 'disable-next-line with a reason', text: `-- eslint-disable-next-line ${FOUND} -- trash screen\nSELECT * FROM users;\nSELECT * FROM users;`, reports: [`3:15 ${FOUND}`] },
  { name: 'disable-line behind a statement', text: `SELECT * FROM users; -- eslint-disable-line ${FOUND}\nSELECT * FROM users;`, reports: [`2:15 ${FOUND}`] },
  { name: 'disable-line inside a statement', text: `SELECT *\nFROM users -- eslint-disable-line ${FOUND}\nWHERE a = 1;`, reports: [] },
  { name: 'disable and enable in block comments', text: `/* eslint-disable ${FOUND} */\nSELECT * FROM users;\n/* eslint-enable ${FOUND} */\nSELECT * FROM users;`, reports: [`4:15 ${FOUND}`] },
  { name: 'disable for a whole file', text: '/* eslint-disable */\nSELECT * FROM users;\nSELECT * FROM users;', reports: [] },
  { name: 'disable in a line comment', text: `-- eslint-disable ${FOUND} -- a report\nSELECT * FROM users;\nSELECT * FROM users;`, reports: [] },
  { name: 'enable behind the last statement', text: `-- eslint-disable ${FOUND}\nSELECT * FROM users;\n-- eslint-enable ${FOUND}\n`, reports: [] },
  { name: 'a rule switched off by a configuration comment', text: `/* eslint ${FOUND}: "off" */\nSELECT * FROM users;`, reports: [] },
  { name: 'a rule configured by a configuration comment', text: `/* eslint ${FOUND}: ["error", { "word": "orders" }] */\nSELECT * FROM users;\nSELECT * FROM orders;`, reports: [`3:15 ${FOUND}`] },
  { name: 'an unused directive of its own line', text: `-- eslint-disable-next-line ${FOUND}\nSELECT 1;\n`, reports: [`1:1 ${UNUSED}`], output: ' \nSELECT 1;\n' },
  { name: 'an unused directive beside a statement', text: `SELECT 1; -- eslint-disable-line ${FOUND} -- old\n`, reports: [`1:11 ${UNUSED}`], output: 'SELECT 1;  \n' },
  { name: 'an unused directive with Windows line ends', text: `SELECT 1; -- eslint-disable-line ${FOUND}\r\nSELECT 2;\r\n`, reports: [`1:11 ${UNUSED}`], output: 'SELECT 1;  \r\nSELECT 2;\r\n' },
  { name: 'an unused rule in a list', text: `SELECT * FROM users; -- eslint-disable-line eqeqeq, ${FOUND}\n`, reports: ["1:22 Unused eslint-disable directive (no problems were reported from 'eqeqeq')."], output: `SELECT * FROM users; -- eslint-disable-line ${FOUND}\n` },
  { name: 'words that only look like a directive', text: "SELECT '-- eslint-disable' FROM users;\n-- eslinty\n-- see eslint-disable\n", reports: [`1:33 ${FOUND}`] },
];

const texts: readonly Case[] = [
  { name: 'an empty file', text: '', reports: [] },
  { name: 'no statement', text: '\n-- nothing\n', reports: [] },
  { name: 'a byte order mark', text: '\uFEFFSELECT * FROM users;', reports: [`1:15 ${FOUND}`] },
  { name: 'Windows line ends', text: 'SELECT 1;\r\nSELECT *\r\nFROM users;\r\n', reports: [`3:6 ${FOUND}`] },
  { name: 'characters outside the basic plane', text: "SELECT '😀' FROM users;", reports: [`1:18 ${FOUND}`] },
  { name: 'no SQL at all', text: 'import { users } from "./users";\n', reports: [`1:10 ${FOUND}`] },
  { name: 'quotes that never end', text: "SELECT 'a FROM users;\nSELECT 1;", reports: [`1:16 ${FOUND}`] },
];

for (const way of WAYS) {
  describe(`SQL files by ${way.name}`, () => {
    for (const { name, text, reports, output } of [...texts, ...directives]) {
      it(name, async () => {
        assert.deepEqual(places(await lint(way, text)), reports);
        if (output !== undefined) assert.equal((await lint(way, text, { fix: true })).output, output);
      });
    }

    it('gives suggestions that edit the right place', async () => {
      for (const bom of ['', '\uFEFF']) {
        const text = 'SELECT 1;\r\nSELECT * FROM users;';
        const [message] = (await lint(way, bom + text)).messages;
        const { range, text: inserted } = message!.suggestions![0]!.fix;
        assert.equal(text.slice(0, range[0]) + inserted + text.slice(range[1]), 'SELECT 1;\r\nSELECT * FROM users /* marked */;');
      }
    });

    it('reports a disable-line comment of several lines', async () => {
      const { messages } = await lint(way, `SELECT * FROM users; /* eslint-disable-line\n${FOUND} */`);
      assert.deepEqual(messages.map(({ message }) => message), ["'users' stands here.", 'eslint-disable-line comment should not span multiple lines.']);
    });

    it('reports a configuration comment that cannot be read', async () => {
      const { messages } = await lint(way, `/* eslint ${FOUND}: ["error" */\nSELECT 1;`);
      assert.equal(messages.length, 1);
      assert.match(messages[0]!.message, /^Failed to parse JSON from/u);
    });

    it('leaves JavaScript and TypeScript as they are', async () => {
      const typescript: Linter.Config = { files: ['**/*.ts'], languageOptions: { parser: tsParser as Linter.Parser } };
      assert.deepEqual(places(await lint(way, 'const users = 1;', { filePath: 'a.js' })), []);
      assert.deepEqual(places(await lint(way, 'const users: number = 1;', { filePath: 'a.ts', configs: [typescript] })), []);
    });

    const text = '-- a\nSELECT *, \'😀\' FROM users; /* b */\n\n\nSELECT 1\n';
    const { builtinRules } = require(`${way.version.package}/use-at-your-own-risk`) as { builtinRules: Map<string, unknown> };
    const neighbours: readonly { name: string; config: Linter.Config; rules: readonly string[] }[] = [
      { name: 'ESLint', config: {}, rules: [...builtinRules.keys()] },
      ...(way.version === ESLINT_8 ? [] : [{
        name: 'typescript-eslint', rules: Object.keys(typescriptPlugin.rules!).map((rule) => `@typescript-eslint/${rule}`),
        config: { plugins: { '@typescript-eslint': typescriptPlugin }, languageOptions: { parserOptions: { projectService: true } } },
      }]),
    ];
    for (const { name, config, rules } of neighbours) {
      it(`survives every rule of ${name}`, async () => {
        assert.ok(rules.length > 100);
        const crashed: string[] = [];
        for (const rule of rules) await lint(way, text, { configs: [config, { rules: { [rule]: 'error' } }] }).catch(() => crashed.push(rule));
        assert.deepEqual(crashed, []);
      });
    }

    // The installed @eslint/js and typescript-eslint name rules that came after ESLint 8.
    if (way.version !== ESLINT_8) it('finds the same beside configurations without files', async () => {
      const configs = [js.configs.recommended, ...tseslint.configs.recommendedTypeChecked as Linter.Config[], { languageOptions: { parserOptions: { projectService: true } } }];
      assert.deepEqual(places(await lint(way, 'SELECT * FROM users;', { configs: [...configs, way.sql] })), [`1:15 ${FOUND}`]);
    });
  });
}

for (const way of WAYS.filter(({ sql }) => sql.language)) {
  describe(`options of ${way.name}`, () => {
    const dialect = (name: unknown): Linter.Config => ({ files: ['**/*.sql'], languageOptions: { dialect: name } as Linter.LanguageOptions });

    it('takes a dialect', async () => {
      const text = "SELECT 'it\\'s -- eslint-disable-line' FROM users;";
      assert.deepEqual(places(await lint(way, text, { configs: [dialect('mysql')] })), [`1:44 ${FOUND}`]);
    });

    it('refuses an unknown dialect and proposes the nearest', async () => {
      await assert.rejects(lint(way, '', { configs: [dialect('postgress')] }), /Unknown SQL dialect "postgress"\. Did you mean "postgresql"\?/u);
    });

    it('passes the options of unscoped configurations over', async () => {
      const unscoped: Linter.Config = { languageOptions: { sourceType: 'commonjs', ecmaVersion: 2020, globals: { window: 'readonly' }, parser: tsParser as Linter.Parser, parserOptions: { projectService: true } } };
      assert.deepEqual(places(await lint(way, 'SELECT * FROM users;', { configs: [unscoped] })), [`1:15 ${FOUND}`]);
    });

    it('is found where the plugin is registered under another name', async () => {
      const eslint = new way.version.ESLint({ cwd: __dirname, overrideConfigFile: true, overrideConfig: [
        { files: ['**/*.sql'], plugins: { sd: probePlugin }, language: 'sd/sql', rules: { 'sd/probe': 'error' } },
      ] });
      const [result] = await eslint.lintText('SELECT * FROM users;', { filePath: 'a.sql' });
      assert.deepEqual(places(result!), ['1:15 sd/probe']);
    });
  });
}

describe('parser options', () => {
  const way: Way = { name: '', version: ESLINT_8, sql: parserConfig };
  const dialect = (name: string): Linter.Config => ({ files: ['**/*.sql'], languageOptions: { parserOptions: { dialect: name } } });

  it('take a dialect', async () => {
    assert.deepEqual(places(await lint(way, "SELECT 'it\\'s -- eslint-disable-line' FROM users;", { configs: [dialect('mysql')] })), [`1:44 ${FOUND}`]);
  });

  it('refuse an unknown dialect and propose the nearest', async () => {
    const [message] = (await lint(way, '', { configs: [dialect('postgress')] })).messages;
    assert.match(message!.message, /Unknown SQL dialect "postgress"\. Did you mean "postgresql"\?/u);
  });
});

describe('languages', () => {
  it('are loaded when they are first asked for, and once', () => {
    assert.equal(plugin.languages.sql, plugin.languages.sql);
  });
});

import assert from 'node:assert/strict';
import type { ESLint, Linter } from 'eslint';
import js from '@eslint/js';
import * as tsParser from '@typescript-eslint/parser';
import plugin from '../../index.js';
import * as sqlParser from '../../lib/parser.js';
import { probeConfigs, probePlugin } from '../helpers/probe.js';
import { ALL_VERSIONS, WITH_LANGUAGES, type Version } from '../helpers/versions.js';

/** `.sql` files as the version takes them: a language, or in ESLint 8 a parser. */
function sqlConfig({ package: name }: Version): Linter.Config {
  return name === 'eslint-8' ? { files: ['**/*.sql'], languageOptions: { parser: sqlParser as Linter.Parser } } : probeConfigs.sql;
}

async function lint(version: Version, text: string, { configs = [], fix = false, filePath = 'query.sql' }: { configs?: Linter.Config[]; fix?: boolean; filePath?: string } = {}): Promise<ESLint.LintResult> {
  const eslint = new version.ESLint({
    cwd: __dirname, overrideConfigFile: true, fix,
    overrideConfig: [probeConfigs.recommended, sqlConfig(version), { linterOptions: { reportUnusedDisableDirectives: 'error' } }, ...configs],
  });
  const [result] = await eslint.lintText(text, { filePath });
  return result!;
}

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

for (const version of ALL_VERSIONS) {
  describe(`SQL files in ${version.name}`, () => {
    for (const { name, text, reports, output } of [...texts, ...directives]) {
      it(name, async () => {
        assert.deepEqual(places(await lint(version, text)), reports);
        if (output !== undefined) assert.equal((await lint(version, text, { fix: true })).output, output);
      });
    }

    it('gives suggestions that edit the right place', async () => {
      for (const bom of ['', '\uFEFF']) {
        const text = 'SELECT 1;\r\nSELECT * FROM users;';
        const [message] = (await lint(version, bom + text)).messages;
        const { range, text: inserted } = message!.suggestions![0]!.fix;
        assert.equal(text.slice(0, range[0]) + inserted + text.slice(range[1]), 'SELECT 1;\r\nSELECT * FROM users /* marked */;');
      }
    });

    it('reports a disable-line comment of several lines', async () => {
      const { messages } = await lint(version, `SELECT * FROM users; /* eslint-disable-line\n${FOUND} */`);
      assert.deepEqual(messages.map(({ message }) => message), ["'users' stands here.", 'eslint-disable-line comment should not span multiple lines.']);
    });

    it('reports a configuration comment that cannot be read', async () => {
      const { messages } = await lint(version, `/* eslint ${FOUND}: ["error" */\nSELECT 1;`);
      assert.equal(messages.length, 1);
      assert.match(messages[0]!.message, /^Failed to parse JSON from/u);
    });

    it('runs the same rule on JavaScript and TypeScript', async () => {
      const typescript: Linter.Config = { files: ['**/*.ts'], languageOptions: { parser: tsParser as Linter.Parser } };
      assert.deepEqual(places(await lint(version, 'const users = 1;', { filePath: 'a.js' })), []);
      assert.deepEqual(places(await lint(version, 'const users: number = 1;', { filePath: 'a.ts', configs: [typescript] })), []);
    });
  });
}

for (const version of WITH_LANGUAGES) {
  describe(`the SQL language in ${version.name}`, () => {
    const dialect = (name: unknown): Linter.Config => ({ files: ['**/*.sql'], languageOptions: { dialect: name } as Linter.LanguageOptions });

    it('takes a dialect', async () => {
      const text = "SELECT 'it\\'s -- eslint-disable-line' FROM users;";
      assert.deepEqual(places(await lint(version, text, { configs: [dialect('mysql')] })), [`1:44 ${FOUND}`]);
    });

    it('refuses an unknown dialect and proposes the nearest', async () => {
      await assert.rejects(lint(version, '', { configs: [dialect('postgress')] }), /Unknown SQL dialect "postgress"\. Did you mean "postgresql"\?/u);
    });

    it('passes the options of unscoped configurations over', async () => {
      const unscoped: Linter.Config = { languageOptions: { sourceType: 'commonjs', ecmaVersion: 2020, globals: { window: 'readonly' }, parser: tsParser as Linter.Parser, parserOptions: { projectService: true } } };
      assert.deepEqual(places(await lint(version, 'SELECT * FROM users;', { configs: [unscoped] })), [`1:15 ${FOUND}`]);
    });

    it('is found where the plugin is registered under another name', async () => {
      const eslint = new version.ESLint({ cwd: __dirname, overrideConfigFile: true, overrideConfig: [
        { files: ['**/*.sql'], plugins: { sd: probePlugin }, language: 'sd/sql', rules: { 'sd/probe': 'error' } },
      ] });
      const [result] = await eslint.lintText('SELECT * FROM users;', { filePath: 'a.sql' });
      assert.deepEqual(places(result!), ['1:15 sd/probe']);
    });

    it('survives every rule of ESLint itself, which declare no languages', async () => {
      const { builtinRules } = require(`${version.package}/use-at-your-own-risk`) as { builtinRules: Map<string, unknown> };
      const text = '-- a\nSELECT *, \'😀\' FROM users; /* b */\n\n\nSELECT 1\n';
      const crashed: string[] = [];
      for (const rule of builtinRules.keys()) {
        const only = new version.ESLint({ cwd: __dirname, overrideConfigFile: true, overrideConfig: [probeConfigs.sql, { rules: { [rule]: 'error' } }] });
        await only.lintText(text, { filePath: 'a.sql' }).catch(() => crashed.push(rule));
      }
      assert.deepEqual(crashed, []);
    });

    it('lies beside an unscoped js.configs.recommended', async () => {
      assert.deepEqual(places(await lint(version, 'SELECT * FROM users;', { configs: [js.configs.recommended] })), [`1:15 ${FOUND}`]);
    });
  });
}

describe('languages', () => {
  it('are loaded when they are first asked for, and once', () => {
    assert.equal(plugin.languages.sql, plugin.languages.sql);
  });
});

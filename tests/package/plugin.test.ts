import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ESLint, Linter, Rule } from 'eslint';
import { parser as tsParser } from 'typescript-eslint';
import plugin from '../../index.js';
import packageJson from '../../package.json';
import { docsUrl, type RuleDocs } from '../../lib/create-rule.js';
import { ruleNames, rulesIndex } from '../../tools/rules-index.js';
import { probeConfigs } from '../helpers/probe.js';
import { ROOT } from '../helpers/project.js';
import * as sqlParser from '../../lib/parser.js';
import { ALL_VERSIONS } from '../helpers/versions.js';

const rules: Readonly<Record<string, Rule.RuleModule>> = plugin.rules;
const docsOf = (rule: Rule.RuleModule): RuleDocs & { url: string } => rule.meta!.docs as unknown as RuleDocs & { url: string };

describe('the plugin', () => {
  it('says who it is, so that ESLint\'s cache notices another version', () => {
    assert.deepEqual(plugin.meta, { name: 'eslint-plugin-soft-delete', version: packageJson.version, namespace: 'soft-delete' });
  });

  it('has the rules that stand in rules/', () => {
    assert.equal(readFileSync(join(ROOT, 'rules/index.ts'), 'utf8'), rulesIndex(ruleNames()), 'run: npm run rules-index');
    assert.deepEqual(Object.keys(rules), ruleNames());
  });

  it('has a page for each rule, and no other pages', () => {
    const folder = join(ROOT, 'docs/rules');
    assert.deepEqual((existsSync(folder) ? readdirSync(folder) : []).sort(), ruleNames().map((name) => `${name}.md`));
  });

  it('has tests for each rule', () => {
    assert.deepEqual(ruleNames().filter((name) => !existsSync(join(ROOT, `tests/rules/${name}.test.ts`))), []);
  });
});

describe('configurations', () => {
  const severities = (config: Linter.Config): unknown[] => Object.values(config.rules!).map((entry) => Array.isArray(entry) ? entry[0] as unknown : entry);

  it('are these', () => {
    assert.deepEqual(Object.keys(plugin.configs), ['recommended', 'strict', 'sql', 'prisma', 'manifest', 'legacy', 'legacy-strict']);
  });

  it('report errors alone, since bulk suppressions pass warnings over', () => {
    for (const config of [plugin.configs.recommended, plugin.configs.strict]) assert.deepEqual(severities(config).filter((severity) => severity !== 'error'), []);
  });

  it('hold every rule in strict and the recommended ones in recommended', () => {
    const named = (names: string[]): string[] => names.map((name) => `soft-delete/${name}`);
    assert.deepEqual(Object.keys(plugin.configs.strict.rules!), named(Object.keys(rules)));
    assert.deepEqual(Object.keys(plugin.configs.recommended.rules!), named(Object.keys(rules).filter((name) => docsOf(rules[name]!).recommended)));
  });

  it('give a rule the options that it has in strict', () => {
    assert.deepEqual(probeConfigs.strict.rules, { 'soft-delete/probe': ['error', { word: 'orders' }] });
    assert.deepEqual(probeConfigs.recommended.rules, { 'soft-delete/probe': 'error' });
  });

  it('are the same for .eslintrc, with the parser for other files', () => {
    for (const [legacy, flat] of [['legacy', 'recommended'], ['legacy-strict', 'strict']] as const) {
      assert.deepEqual(plugin.configs[legacy].rules, plugin.configs[flat].rules);
      assert.deepEqual(plugin.configs[legacy].plugins, ['soft-delete']);
      const [override] = plugin.configs[legacy].overrides!;
      assert.deepEqual(override!.files, ['*.sql', '*.prisma', 'soft-delete.json']);
      assert.equal(require(override!.parser!), require('../../lib/parser.js'));
    }
  });
});

describe('configure()', () => {
  const manifest = { tables: { users: 'soft' as const } };

  it('gives rules, SQL files, Prisma schemas, manifests and the settings', () => {
    const configs = plugin.configure({ manifest, unknown: 'report' });
    assert.deepEqual(configs.map(({ name }) => name), ['soft-delete/recommended', 'soft-delete/sql', 'soft-delete/prisma', 'soft-delete/manifest', 'soft-delete/settings']);
    assert.deepEqual(configs.at(-1)!.settings, { 'soft-delete': { manifest, unknown: 'report' } });
  });

  it('gives every rule where strict is asked for', () => {
    assert.equal(plugin.configure({ manifest, strict: true })[0], plugin.configs.strict);
  });

  it('reads SQL files in the dialect of the manifest', () => {
    assert.deepEqual(plugin.configure({ manifest: { ...manifest, dialect: 'mysql' } })[1]!.languageOptions, { dialect: 'mysql' });
  });

  it('refuses a missing manifest, a wrong manifest and an unknown setting while the configuration loads', () => {
    assert.throws(() => plugin.configure({ manifest: 'no-such-file.json' }), /no-such-file\.json/u);
    assert.throws(() => plugin.configure({ manifest: { tables: { users: 'sofd' as 'soft' } } }), /soft/u);
    assert.throws(() => plugin.configure({ manifest, unknwon: 'report' } as unknown as Parameters<typeof plugin.configure>[0]), /unknown/u);
  });
});

for (const [name, rule] of Object.entries(rules)) {
  describe(`rule ${name}`, () => {
    const meta = rule.meta!;

    it('describes itself', () => {
      const { description, recommended, url } = docsOf(rule);
      assert.match(description, /^[a-z].*[^.]$/u);
      assert.equal(typeof recommended, 'boolean');
      assert.equal(url, docsUrl(name));
      assert.ok(meta.type === 'problem' || meta.type === 'suggestion');
      assert.deepEqual(meta.languages, ['*']);
      assert.ok(meta.schema);
    });

    it('offers edits as suggestions, never as fixes', () => {
      assert.equal(meta.fixable, undefined);
    });

    it('says the consequence and the remedy in whole sentences', () => {
      for (const message of Object.values(meta.messages!)) assert.match(message, /^[^a-z].*\.$/u);
    });

    it('survives files without a word of SQL in every version of ESLint', async () => {
      const ruleId = `soft-delete/${name}`;
      for (const { package: version, ESLint } of ALL_VERSIONS) {
        const sql: Linter.Config = version === 'eslint-8' ? { files: ['**/*.sql'], languageOptions: { parser: sqlParser as Linter.Parser } } : plugin.configs.sql;
        const eslint = new ESLint({ cwd: ROOT, overrideConfigFile: true, ignore: false, overrideConfig: [
          { plugins: { 'soft-delete': plugin as ESLint.Plugin }, rules: { [ruleId]: 'error' }, settings: { 'soft-delete': { manifest: { tables: { users: 'soft' } } } } },
          { files: ['**/*.ts'], languageOptions: { parser: tsParser as Linter.Parser } },
          sql,
        ] });
        for (const filePath of ['a.js', 'a.ts', 'a.sql']) {
          for (const text of ['', '\n', filePath === 'a.sql' ? '-- users' : '// users']) {
            const [result] = await eslint.lintText(text, { filePath });
            assert.deepEqual(result!.messages, [], `${version} ${filePath} ${JSON.stringify(text)}`);
          }
        }
      }
    });
  });
}

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { ESLint, Linter } from 'eslint';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { probeConfigs } from '../helpers/probe.js';
import { WITH_LANGUAGES } from '../helpers/versions.js';

const FILES: Readonly<Record<string, string>> = {
  'a.js': 'export const a = 1;\n',
  'a.ts': 'export const a: number = 1;\n',
  'a.vue': '<script setup lang="ts">\nconst a: number = 1;\n</script>\n<template><p>{{ a }}</p></template>\n',
  'a.json': '{ "a": 1, "a": 2 }\n',
  'a.css': 'a { colour: red }\n',
  'a.sql': '-- a\nSELECT * FROM users;\n',
};

/**
 * The other plugins as projects configure them. Nothing keeps the rules for JavaScript away from our SQL files; JSON and CSS they cannot
 * stand (CSS has `Identifier` nodes, neither has JavaScript's comments), so every project with those languages keeps them away.
 */
async function neighbours(): Promise<Linter.Config[]> {
  const { default: json } = await import('@eslint/json');
  const { default: css } = await import('@eslint/css');
  const { default: vue } = await import('eslint-plugin-vue');
  const forJavaScript = [js.configs.recommended, ...tseslint.configs.recommended, ...vue.configs['flat/recommended']] as Linter.Config[];
  return [
    ...forJavaScript.map((config) => ({ ...config, ignores: ['**/*.{json,css}'] })),
    { files: ['**/*.vue'], languageOptions: { parserOptions: { parser: tseslint.parser } } },
    { files: ['**/*.json'], plugins: { json: json as ESLint.Plugin }, language: 'json/json', rules: { 'json/no-duplicate-keys': 'error' } },
    { files: ['**/*.css'], plugins: { css: css as ESLint.Plugin }, language: 'css/css', rules: { 'css/no-invalid-properties': 'error' } },
  ];
}

for (const { name, ESLint } of WITH_LANGUAGES) {
  describe(`beside other plugins in ${name}`, () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'soft-delete-'));
      for (const [file, text] of Object.entries(FILES)) writeFileSync(join(folder, file), text);
    });
    after(() => { rmSync(folder, { recursive: true }); });

    for (const order of ['before', 'after'] as const) {
      it(`an unscoped recommended ${order} theirs lints every file`, async () => {
        const ours = [probeConfigs.recommended, probeConfigs.sql], theirs = await neighbours();
        const eslint = new ESLint({ cwd: folder, overrideConfigFile: true, overrideConfig: order === 'before' ? [...ours, ...theirs] : [...theirs, ...ours] });
        const results = await eslint.lintFiles('.');
        const reports = Object.fromEntries(results.map((result) => [relative(folder, result.filePath), result.messages.map((message) => message.ruleId ?? message.message)]));
        assert.deepEqual(reports, {
          'a.js': [], 'a.ts': [], 'a.vue': ['vue/multi-word-component-names'],
          'a.json': ['json/no-duplicate-keys'], 'a.css': ['css/no-invalid-properties'], 'a.sql': ['soft-delete/probe'],
        });
      });
    }
  });
}

'use strict';
/**
 * One run of ESLint over a folder, for `cost.ts`, in a process of its own so that user time and peak memory are its own.
 *
 *   node bench/lint-once.cjs '{"folder": DIR, "manifest": FILE or null, "config": "recommended", "sql": false}'
 *
 * Without a manifest the files are parsed and traversed, and no rule runs. Prints one line of JSON.
 */
const { join } = require('node:path');
const { readFileSync } = require('node:fs');
const { ESLint } = require('eslint');

const SCRIPTS = ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'];
const { folder, manifest, config, sql } = JSON.parse(process.argv[2]);

function configuration() {
  const scripts = { files: SCRIPTS, languageOptions: { parser: require('@typescript-eslint/parser'), parserOptions: { ecmaFeatures: { jsx: true } } } };
  if (!manifest) return [scripts];
  const plugin = require(join(__dirname, '..'));
  const [, language, settings] = plugin.configure({ manifest });
  return [scripts, plugin.configs[config], ...(sql ? [language] : []), settings];
}

/** How many of the files name a table of the manifest. */
function mentioning(paths) {
  const { catalogOf } = require('../dist/lib/manifest/settings.js');
  const catalog = catalogOf({ settings: { 'soft-delete': { manifest } }, cwd: folder });
  return paths.filter((path) => catalog.mentions(readFileSync(path, 'utf8'))).length;
}

async function main() {
  const eslint = new ESLint({ cwd: folder, overrideConfigFile: true, overrideConfig: configuration(), allowInlineConfig: false, errorOnUnmatchedPattern: false, stats: true });
  const results = await eslint.lintFiles(sql ? ['**/*.sql'] : SCRIPTS);
  const { userCPUTime, maxRSS } = process.resourceUsage();
  const passes = results.flatMap(({ stats }) => stats?.times.passes ?? []);
  const sum = (times) => times.reduce((total, time) => total + time, 0);
  const messages = results.flatMap((result) => result.messages);
  process.stdout.write(JSON.stringify({
    files: results.length,
    unparsable: messages.filter((message) => message.fatal).length,
    reports: messages.filter((message) => message.ruleId?.startsWith('soft-delete/')).length,
    userMs: userCPUTime / 1e3,
    rulesMs: sum(passes.flatMap((pass) => Object.values(pass.rules ?? {}).map(({ total }) => total))),
    totalMs: sum(passes.map((pass) => pass.total)),
    peakMb: maxRSS / 1024,
    mentioning: manifest ? mentioning(results.map((result) => result.filePath)) : null,
  }) + '\n');
}

void main();

'use strict';
/**
 * One run of ESLint over a folder, for `cost.ts`, in a process of its own so that user time and peak memory are its own.
 *
 *   node bench/lint-once.cjs '{"folder": DIR, "mode": "plugin", "manifest": FILE, "config": "recommended", "sql": false}'
 *
 * `mode`: `parser` parses the files, and no rule runs; `rule` runs one rule that does nothing, `rules` as many of them as the plugin has; `plugin` runs the plugin.
 * Prints one line of JSON.
 */
const { join } = require('node:path');
const { readFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');
const { ESLint } = require('eslint');

const SCRIPTS = ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'];
const { folder, mode, manifest, config, sql } = JSON.parse(process.argv[2]);

function configuration() {
  const scripts = { files: SCRIPTS, languageOptions: { parser: require('@typescript-eslint/parser'), parserOptions: { ecmaFeatures: { jsx: true } } } };
  if (mode === 'parser') return [scripts];
  const plugin = require(join(__dirname, '..'));
  if (mode === 'plugin') meter(plugin.rules);
  if (mode === 'rule' || mode === 'rules') return [scripts, idle(Object.keys(plugin.configs[config].rules).slice(0, mode === 'rule' ? 1 : undefined))];
  const configured = plugin.configure({ manifest }), settings = configured.filter((part) => part.settings);
  const languages = configured.filter(({ language, files }) => language && files.some((file) => String(file).endsWith('.sql')));
  return [scripts, plugin.configs[config], ...(sql ? languages : []), ...settings];
}

let rulesMs = 0;

/**
 * Adds up the time of all that rules do: a share of one run tells more than the difference between two. By the wall clock, since asking for the
 * process's user time takes longer than most calls that are measured; what else the machine does stretches the whole run alike.
 */
function meter(rules) {
  const metered = (act) => (given) => {
    const before = performance.now();
    try {
      return act(given);
    } finally {
      rulesMs += performance.now() - before;
    }
  };
  for (const [name, rule] of Object.entries(rules)) {
    const create = metered((context) => rule.create(context));
    rules[name] = { ...rule, create: (context) => Object.fromEntries(Object.entries(create(context)).map(([selector, listener]) => [selector, metered(listener)])) };
  }
}

/** Rules of these names, each with the plugin's listeners and nothing behind them. */
function idle(rules) {
  const create = () => ({ Program() {}, sql_file() {} });
  const names = rules.map((name) => name.replace('soft-delete/', ''));
  return {
    plugins: { idle: { rules: Object.fromEntries(names.map((name) => [name, { meta: { schema: [] }, create }])) } },
    rules: Object.fromEntries(names.map((name) => [`idle/${name}`, 'error'])),
  };
}

/** How many of the files name a table of the manifest, and a soft one. */
function mentioning(paths) {
  const { catalogOf } = require('../dist/lib/manifest/settings.js');
  const { compile } = require('../dist/lib/manifest/compile.js');
  const catalog = catalogOf({ settings: { 'soft-delete': { manifest } }, cwd: folder });
  const { tables } = JSON.parse(readFileSync(manifest, 'utf8'));
  const soft = compile({ tables: Object.fromEntries(Object.entries(tables).filter(([, table]) => (table.deletion ?? table) === 'soft')) });
  const texts = paths.map((path) => readFileSync(path, 'utf8'));
  return { any: texts.filter((text) => catalog.mentions(text)).length, soft: texts.filter((text) => soft.mentions(text)).length };
}

async function main() {
  const eslint = new ESLint({ cwd: folder, overrideConfigFile: true, overrideConfig: configuration(), allowInlineConfig: false, errorOnUnmatchedPattern: false });
  const results = await eslint.lintFiles(sql ? ['**/*.sql'] : SCRIPTS);
  const { userCPUTime, maxRSS } = process.resourceUsage(), wallMs = performance.now();
  const messages = results.flatMap((result) => result.messages);
  process.stdout.write(JSON.stringify({
    files: results.length,
    unparsable: messages.filter((message) => message.fatal).length,
    reports: messages.filter((message) => message.ruleId?.startsWith('soft-delete/')).length,
    userMs: userCPUTime / 1e3,
    wallMs,
    rulesMs,
    peakMb: maxRSS / 1024,
    mentioning: mode === 'plugin' ? mentioning(results.map((result) => result.filePath)) : null,
  }) + '\n');
}

void main();

/** The plugin's shareable configurations, computed from what each rule says of itself in `meta.docs`. */
import type { ESLint, Linter, Rule } from 'eslint';
import type { RuleDocs } from './create-rule.js';

type Rules = Readonly<Record<string, Rule.RuleModule>>;

// A type, not an interface: ESLint's `configs` has an index signature.
export type Configs = {
  /** What is right at least nine times in ten on real code. */
  recommended: Linter.Config;
  /** Every rule. */
  strict: Linter.Config;
  /** Lints `*.sql` files as SQL. */
  sql: Linter.Config;
  /** Lints `*.prisma` files as Prisma schemas. */
  prisma: Linter.Config;
  /** Lints manifests: `soft-delete.json`. */
  manifest: Linter.Config;
  /** `recommended`, `.sql` and `.prisma` files for `.eslintrc.*` (ESLint 8). */
  legacy: Linter.LegacyConfig;
  /** `strict`, `.sql` and `.prisma` files for `.eslintrc.*` (ESLint 8). */
  'legacy-strict': Linter.LegacyConfig;
};

function docsOf(rule: Rule.RuleModule): RuleDocs {
  return rule.meta?.docs as unknown as RuleDocs;
}

/** Always `error`: ESLint's bulk suppressions, by which an existing project adopts the plugin, pass warnings over. */
function recommendedRules(rules: Rules): Linter.RulesRecord {
  return Object.fromEntries(Object.entries(rules)
    .filter(([, rule]) => docsOf(rule).recommended)
    .map(([name]) => [`soft-delete/${name}`, 'error']));
}

function strictRules(rules: Rules): Linter.RulesRecord {
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => {
    const options = docsOf(rule).strict;
    return [`soft-delete/${name}`, options ? ['error', options] : 'error'];
  }));
}

/**
 * The language of manifests in a plugin that calls itself `json`. A project that lints its JSON with @eslint/json enables rules that say that they are for
 * `json/json`, and ESLint 10.2 and later refuse a configuration that gives one of its files another language than its rules allow. None of these rules
 * finds a node to look at in a manifest.
 */
function asJson(plugin: ESLint.Plugin): ESLint.Plugin {
  return { meta: { ...plugin.meta, namespace: 'json' }, languages: { get json() { return plugin.languages!['manifest']!; } } };
}

/** Makes the configurations of a plugin from its rules. The flat ones refer to the plugin itself, so it is passed in. */
export function configsOf(plugin: ESLint.Plugin & { rules: Rules }): Configs {
  const plugins = { 'soft-delete': plugin };
  const legacy = (rules: Linter.RulesRecord): Linter.LegacyConfig => ({
    plugins: ['soft-delete'],
    rules,
    overrides: [{ files: ['*.sql', '*.prisma', 'soft-delete.json'], parser: require.resolve('./parser') }],
  });
  const recommended = recommendedRules(plugin.rules);
  const strict = strictRules(plugin.rules);
  return {
    recommended: { name: 'soft-delete/recommended', plugins, rules: recommended },
    strict: { name: 'soft-delete/strict', plugins, rules: strict },
    sql: { name: 'soft-delete/sql', files: ['**/*.sql'], plugins, language: 'soft-delete/sql' },
    prisma: { name: 'soft-delete/prisma', files: ['**/*.prisma'], plugins, language: 'soft-delete/prisma' },
    manifest: { name: 'soft-delete/manifest', files: ['**/soft-delete.json'], plugins: { ...plugins, 'soft-delete-manifest': asJson(plugin) }, language: 'soft-delete-manifest/json' },
    legacy: legacy(recommended),
    'legacy-strict': legacy(strict),
  };
}

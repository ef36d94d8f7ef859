/** The plugin. */
import type { ESLint, Linter } from 'eslint';
import { configsOf, type Configs } from './lib/configs.js';
import { configure, type ConfigureOptions } from './lib/configure.js';
import type { ManifestLanguage } from './lib/languages/manifest-language.js';
import type { PrismaLanguage } from './lib/languages/prisma-language.js';
import type { SqlLanguage } from './lib/languages/sql-language.js';
import { manifestHandle } from './lib/manifest/handle.js';
import { name, version } from './package.json';
import { rules } from './rules/index.js';

let manifest: ManifestLanguage | undefined, prisma: PrismaLanguage | undefined, sql: SqlLanguage | undefined;

const plugin = {
  /** `namespace` lets `soft-delete/sql` be found where the user registers the plugin under another name. */
  meta: { name, version, namespace: 'soft-delete' },
  rules,
  /** Loaded when a configuration first uses them: neither ESLint 8 nor projects without such files need them. */
  languages: {
    get manifest() {
      const { ManifestLanguage } = require('./lib/languages/manifest-language') as typeof import('./lib/languages/manifest-language.js');
      return (manifest ??= new ManifestLanguage());
    },
    get prisma() {
      const { PrismaLanguage } = require('./lib/languages/prisma-language') as typeof import('./lib/languages/prisma-language.js');
      return (prisma ??= new PrismaLanguage());
    },
    get sql() {
      const { SqlLanguage } = require('./lib/languages/sql-language') as typeof import('./lib/languages/sql-language.js');
      return (sql ??= new SqlLanguage());
    },
  },
  configs: {} as Configs,
  /** The whole setup in one call: `export default [...softDelete.configure({ manifest: 'soft-delete.json' })]`. */
  configure: (options: ConfigureOptions): Linter.Config[] => configure(plugin.configs, options),
  /** A live view of a manifest file, for `settings["soft-delete"].manifest`. */
  manifest: manifestHandle,
} satisfies ESLint.Plugin & Record<string, unknown>;

Object.assign(plugin.configs, configsOf(plugin));

export = plugin;

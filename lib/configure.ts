/** The whole setup in one call. */
import { basename } from 'node:path';
import type { Linter } from 'eslint';
import type { Configs } from './configs.js';
import { manifestHandle, type ManifestHandle } from './manifest/handle.js';
import { catalogOf, type Settings } from './manifest/settings.js';
import type { Manifest } from './manifest/types.js';

/** What `configure` takes: the manifest, and whatever `settings["soft-delete"]` may hold beside it. */
export interface ConfigureOptions extends Partial<Settings> {
  /** Path of the manifest file, absolute or from the working directory; or a manifest, or a handle that `manifest()` made. */
  readonly manifest: string | Manifest | ManifestHandle;
  /** Every rule instead of the recommended ones. */
  readonly strict?: boolean;
}

/**
 * The configurations that a project needs, to be spread into its flat configuration: rules, `.sql` files, Prisma schemas and the manifest itself, which stays fresh
 * in editors, in workers and under `--cache`.
 *
 * @throws {ManifestError} where the manifest is missing or has a mistake, or a setting is unknown: while the configuration loads.
 */
export function configure(configs: Configs, { manifest, strict = false, ...rest }: ConfigureOptions): Linter.Config[] {
  const settings = { 'soft-delete': { ...rest, manifest: typeof manifest === 'string' ? manifestHandle(manifest) : manifest } };
  const { dialect } = catalogOf({ settings, cwd: process.cwd() });
  return [
    strict ? configs.strict : configs.recommended,
    // The language reads ESLint's comments before a rule can look into the settings.
    { ...configs.sql, languageOptions: { dialect } as Linter.LanguageOptions },
    configs.prisma,
    typeof manifest === 'string' ? { ...configs.manifest, files: [`**/${basename(manifest)}`] } : configs.manifest,
    { name: 'soft-delete/settings', settings },
  ];
}

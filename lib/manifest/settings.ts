/** What rules get from `settings["soft-delete"]`. */
import { resolve } from 'node:path';
import type { Catalog } from './catalog.js';
import { compile } from './compile.js';
import { folderOf, readManifest, type ManifestHandle } from './handle.js';
import { errorMessage, ManifestError } from './load.js';
import { inOrder, shown } from './problems.js';
import { settingsStructure } from './structure.js';
import type { Manifest } from './types.js';
import { validate } from './validate.js';

/** The settings beside the manifest, with their defaults filled in. */
export interface Settings {
  /** Further template tags that hold SQL. */
  readonly tags: readonly string[];
  /** Further methods that send a SQL string to the database. */
  readonly calls: readonly string[];
  /** What becomes of a query whose filter cannot be read. */
  readonly unknown: 'report' | 'ignore';
}

/** `settings["soft-delete"]` as a person writes it. */
export interface SettingsInput extends Partial<Settings> {
  /** A path from ESLint's working directory, a plain object, or a handle. */
  readonly manifest?: string | Manifest | ManifestHandle;
}

/** The part of a rule's context that is asked. */
export interface SettingsContext {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly cwd: string;
}

/** What holds where nothing is set. */
export const DEFAULT_SETTINGS: Settings = { tags: [], calls: [], unknown: 'ignore' };

const UNCONFIGURED = 'eslint-plugin-soft-delete does not know which tables are soft-deleted: add ...softDelete.configure({ manifest: "soft-delete.json" }) to the ESLint configuration, '
  + 'or settings: { "soft-delete": { manifest: "soft-delete.json" } } where it cannot call functions.';

const checked = new WeakMap<object, Settings>();

/**
 * The settings beside the manifest.
 * @throws {ManifestError} Where there is a setting that the plugin does not know, or one of the wrong form.
 */
export function settingsOf(context: SettingsContext): Settings {
  const given = context.settings['soft-delete'] ?? {};
  const known = checked.get(given);
  if (known) return known;
  const [problem] = inOrder(settingsStructure(given), context);
  if (problem) throw new ManifestError(problem.message);
  const { tags = DEFAULT_SETTINGS.tags, calls = DEFAULT_SETTINGS.calls, unknown = DEFAULT_SETTINGS.unknown } = given as SettingsInput;
  const settings = { tags, calls, unknown };
  checked.set(given, settings);
  return settings;
}

/**
 * The compiled manifest of a rule's context: the same object until the manifest changes. Asks the file system: once for a file is enough.
 * @throws {ManifestError} Where the settings hold no manifest, or one with a mistake, so that ESLint stops with that one sentence.
 */
export function catalogOf(context: SettingsContext): Catalog {
  settingsOf(context);
  const { manifest } = (context.settings['soft-delete'] ?? {}) as { manifest?: unknown };
  if (manifest === undefined || manifest === null) throw new ManifestError(UNCONFIGURED);
  if (typeof manifest === 'string') return catalogOfValue(readManifest(resolve(context.cwd, manifest)), context.cwd);
  if (typeof manifest !== 'object') throw new ManifestError(`settings["soft-delete"].manifest must be a path, a manifest or a handle that softDelete.manifest() made, not ${shown(manifest)}.`);
  return catalogOfValue(isHandle(manifest) ? manifest.read() : manifest, context.cwd);
}

function isHandle(manifest: object): manifest is ManifestHandle {
  return 'read' in manifest && typeof manifest.read === 'function';
}

const valid = new WeakSet<object>();
/** oxlint hands out the settings anew for each file: the last manifest by its text. */
let last: { readonly json: string; readonly manifest: Manifest } | null = null;

/** The catalog of a manifest; globs are relative to the folder of its file, else to `cwd`. */
function catalogOfValue(manifest: object, cwd: string): Catalog {
  const folder = folderOf(manifest);
  if (folder !== null) return compile(manifest as Manifest, folder);
  if (valid.has(manifest)) return compile(manifest as Manifest, cwd);
  const json = jsonOf(manifest);
  if (json !== null && json === last?.json) return compile(last.manifest, cwd);
  const problems = validate(manifest), message = errorMessage('settings["soft-delete"].manifest', problems);
  if (message !== null) throw new ManifestError(message, problems);
  valid.add(manifest);
  if (json !== null) last = { json, manifest: manifest as Manifest };
  return compile(manifest as Manifest, cwd);
}

/** The JSON of a value; null for one that has none (a cycle). */
function jsonOf(value: object): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}

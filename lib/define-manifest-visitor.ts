/** How rules meet the manifest as a file that is linted. */
import { basename, dirname } from 'node:path';
import type { Rule } from 'eslint';
import { compile } from './manifest/compile.js';
import type { Catalog } from './manifest/catalog.js';
import { tableEntries, type TableEntry } from './manifest/places.js';
import type { Range } from './model/query.js';

/** How files are called that hold a manifest, for where another language than the plugin's own reads them. */
const MANIFEST = /^soft-delete(?:[.-][\w.-]+)?\.jsonc?$/u;

/** A manifest as a rule sees it. */
export interface ManifestFile {
  readonly tables: readonly TableEntry[];
  readonly catalog: Catalog;
  /** The folder that paths of the manifest are relative to. */
  readonly folder: string;
  report(messageId: string, at: Range, data: Record<string, string>): void;
}

/** Calls `check` once where the linted file is a manifest that can be read. */
export function defineManifestVisitor(context: Rule.RuleContext, check: (manifest: ManifestFile) => void): Rule.RuleListener {
  const read = (): void => {
    const { sourceCode } = context, entries = tableEntries(sourceCode.text), folder = dirname(context.filename);
    if (!entries) return;
    check({
      tables: entries.tables, catalog: compile(entries.manifest, folder), folder,
      report(messageId, [start, end], data) {
        context.report({ loc: { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) }, messageId, data });
      },
    });
  };
  // The plugin's own language, @eslint/json's, and the program that stands for the file under ESLint 8.
  return { 'manifest_file': read, ...(MANIFEST.test(basename(context.filename)) && { 'Document': read, 'Program': read }) } as unknown as Rule.RuleListener;
}

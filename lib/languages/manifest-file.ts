/** A manifest as a tree for ESLint: a root. What the file says is read by `lib/manifest`. */
import { wholeText, type TextFile } from './text-file.js';

export interface ManifestFile extends TextFile {
  readonly type: 'manifest_file';
}

/** JSON has no comments. Never throws: a file that is no manifest is reported where the configuration loads. */
export function readManifestFile(text: string): ManifestFile {
  return { type: 'manifest_file', range: [0, text.length], loc: wholeText(text), comments: [], body: [], tokens: [] };
}

/** The manifest that a command is about. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileName, parseManifest, readText, type ParsedManifest } from '../lib/manifest/load.js';
import type { Options } from './run.js';
import type { Terminal } from './terminal.js';

export const MANIFEST = 'soft-delete.json';

/** A manifest's file: the path, what sentences call it, its text, and what it says. */
export interface ManifestFile extends ParsedManifest {
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

/** Where the manifest lies, or is to lie. */
export function manifestPath({ manifest }: Options, { cwd }: Terminal): { readonly path: string; readonly name: string; readonly exists: boolean } {
  const path = resolve(cwd, manifest ?? MANIFEST);
  return { path, name: fileName(path, cwd), exists: existsSync(path) };
}

/** The manifest's file, with its mistakes. @throws {ManifestError} Where it is missing. */
export function readManifestFile(options: Options, terminal: Terminal): ManifestFile {
  const { path, name } = manifestPath(options, terminal);
  const text = readText(path);
  return { path, name, text, ...parseManifest(text, name) };
}

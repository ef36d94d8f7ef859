/** A manifest file that stays fresh while ESLint runs: in the editor, in workers and under `--cache`. */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileName, ManifestError, parseManifest, readText, unreadable } from './load.js';
import type { Problem } from './problems.js';
import type { Manifest } from './types.js';

/**
 * A view of a manifest file. ESLint hashes settings through `toJSON`, so that `--cache` notices an edit of the manifest; rules call `read`.
 * Both are own properties, since ESLint merges settings by copying those.
 */
export interface ManifestHandle {
  /** The manifest as the file holds it now, or as it last was when the file is being edited and half-typed. The same object until the file changes. */
  read(): Manifest;
  toJSON(): Manifest;
}

/**
 * A handle on a manifest file.
 * @param file Path of the file, absolute or from the working directory.
 * @throws {ManifestError} Where the file is missing or is no manifest, so that a mistake shows while the configuration loads.
 */
export function manifestHandle(file: string): ManifestHandle {
  const path = resolve(file);
  const read = (): Manifest => readManifest(path);
  read();
  return { read, toJSON: read };
}

/** What is known of a file. */
interface KnownFile {
  /** Changes whenever the file does. */
  stamp: string;
  text: string;
  good: Manifest | null;
  /** Why the file as it stands is no manifest; null where it is one. */
  wrong: { readonly message: string; readonly problems: readonly Problem[] } | null;
}

const files = new Map<string, KnownFile>();
const folders = new WeakMap<object, string>();

/**
 * The manifest of a file, read again only when the file has changed. A file that was a manifest once and is none now, or is gone,
 * gives what it last held: it is being edited.
 * @param path Absolute.
 * @throws {ManifestError} Where the file has been no manifest yet.
 */
export function readManifest(path: string): Manifest {
  let known = files.get(path);
  const stamp = stampOf(path);
  if (known?.stamp !== stamp) files.set(path, known = readAgain(path, stamp, known));
  if (known.good) return known.good;
  throw new ManifestError(known.wrong!.message, known.wrong!.problems);
}

function readAgain(path: string, stamp: string, known: KnownFile | undefined): KnownFile {
  const good = known?.good ?? null;
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    return { stamp, text: '', good, wrong: { message: (error as Error).message, problems: [] } };
  }
  // A file that was only touched keeps its object, and with it all that was compiled from it.
  if (good && known!.text === text && known!.wrong === null) return { ...known!, stamp };
  const { manifest, problems, message } = parseManifest(text, fileName(path));
  if (manifest) folders.set(manifest, dirname(path));
  return { stamp, text, good: manifest ?? good, wrong: message === null ? null : { message, problems } };
}

/** The folder of the file that a manifest was read from; null for a manifest from elsewhere. */
export function folderOf(manifest: object): string | null {
  return folders.get(manifest) ?? null;
}

/** Changes when the file is written, replaced, or goes: the times alone miss two edits within one tick of the clock. */
function stampOf(path: string): string {
  try {
    const { mtimeMs, ctimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
  } catch (error) {
    return unreadable(path, (error as NodeJS.ErrnoException).code);
  }
}

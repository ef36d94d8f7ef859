/** The manifest from its file. */
import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { excerpt, jsonPlaces, positionOf, type JsonPlaces } from './json.js';
import { inOrder, problem, type Problem } from './problems.js';
import type { Manifest } from './types.js';
import { validate } from './validate.js';

/** A manifest, or the settings about it, cannot be used. The message is one sentence that says where and why. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';

  constructor(message: string, /** Every mistake of a manifest that could be parsed, warnings included. */ readonly problems: readonly Problem[] = []) {
    super(message);
    // ESLint prints the stack of what a rule throws; to a person who mistyped a key it says nothing.
    this.stack = message;
  }
}

/** What is wrong with a manifest as one sentence; null where it has no error. `positions` gives `:line:column` of a place. */
export function errorMessage(name: string, problems: readonly Problem[], position: (problem: Problem) => string = () => ''): string | null {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  return first ? `${name}${position(first)}${errors.length > 1 ? ` (first of ${errors.length} mistakes)` : ''}: ${first.message}` : null;
}

/** The manifest that a text holds, and its mistakes: `manifest` is null where an error leaves none; `message` then says why. */
export interface ParsedManifest {
  readonly manifest: Manifest | null;
  readonly problems: readonly Problem[];
  readonly message: string | null;
}

/** Reads the text of a manifest file; `name` is what sentences call the file. Never throws. */
export function parseManifest(text: string, name: string): ParsedManifest {
  const json = text.replace(/^\uFEFF/, ''), places = jsonPlaces(json);
  const at = (offset: number): string => {
    const { line, column } = positionOf(json, offset);
    return `:${line}:${column}`;
  };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    const { offset, why } = places.error ?? { offset: 0, why: (error as Error).message };
    return { manifest: null, problems: [], message: json.trim() === '' ? `${name}: the file is empty.` : `${name}${at(offset)}: this is not JSON: ${why}, at ${excerpt(json, offset)}` };
  }
  const problems = inOrder([...writtenTwice(places), ...validate(value)], value);
  const message = errorMessage(name, problems, ({ path }) => at(offsetOf(places, path)));
  return { manifest: message === null ? value as Manifest : null, problems, message };
}

/** Keys that stand twice in one object, of which JSON keeps the last. */
function writtenTwice({ twice }: JsonPlaces): Problem[] {
  return twice.map((path) => problem(path, `is written twice, and only the last of the two counts`));
}

/** The offset of a place; of the nearest one around it where it is not in the text (a missing key). */
function offsetOf({ offsets }: JsonPlaces, path: Problem['path']): number {
  for (let length = path.length; length > 0; length--) {
    const offset = offsets.get(JSON.stringify(path.slice(0, length)));
    if (offset !== undefined) return offset;
  }
  return offsets.get('[]') ?? 0;
}

/** What sentences call a file: its path from the working directory, or the whole path where it lies elsewhere. */
export function fileName(file: string, cwd = process.cwd()): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}

/**
 * Reads and checks a manifest file.
 * @param file Path of the file, absolute or from the working directory.
 * @throws {ManifestError} Where the file is missing, is no JSON, or is no manifest.
 */
export function load(file: string): Manifest {
  const path = resolve(file);
  const { manifest, problems, message } = parseManifest(readText(path), fileName(path));
  if (manifest === null) throw new ManifestError(message!, problems);
  return manifest;
}

/** The text of a file. @throws {ManifestError} */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ManifestError(unreadable(path, (error as NodeJS.ErrnoException).code));
  }
}

/** Why a file cannot be read. */
export function unreadable(path: string, code: string | undefined): string {
  const name = fileName(path);
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? `${name}: there is no such file${name === path ? '' : ` in ${path.slice(0, -name.length - 1)}`}; "npx soft-delete init" writes one.`
    : `${name}: the file cannot be read (${code ?? 'unknown error'}).`;
}


/** The files of the project that a command reads. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { SchemaSource } from '../lib/manifest/index.js';
import { UsageError } from './terminal.js';

const READ = /\.(?:[cm]?[jt]sx?|sql|prisma|zmodel)$/i;
/** Folders whose files are made from others, for projects without git. */
const MADE = /(?:^|\/)(?:node_modules|\.[^/]+|dist|build|out|coverage|vendor)\//;
/** Files that only try out what others declare and ask: tests, mocks, examples. */
const TRIALS = /(?:^|\/)(?:tests?|__tests__|__mocks__|mocks?|e2e|cypress|playwright|fixtures?|examples?|node_modules|dist)\/|\.(?:test|spec|stories|mock|e2e)\.[^/]*$|\.min\.js$/i;
/** A bundle says nothing that its sources do not; the largest schema seen (a generated `types.ts`) has a tenth of this. In bytes. */
const MAX_SIZE = 4_000_000;

/**
 * The files with queries or declarations below some paths, from `cwd`, with slashes, in order.
 * @throws {UsageError} Where a path is not there.
 */
export function projectFiles(cwd: string, paths: readonly string[]): string[] {
  const below = paths.length > 0 ? paths : ['.'];
  const files = below.flatMap((path) => {
    const full = resolve(cwd, path), kind = statSync(full, { throwIfNoEntry: false });
    if (!kind) throw new UsageError(`${path}: there is no such file or folder.`);
    return kind.isDirectory() ? filesBelow(full) : [full];
  });
  return [...new Set(files.map((file) => relative(cwd, file).split(sep).join('/')))].filter((file) => READ.test(file)).sort();
}

/** The files that may say something of tables. */
export function schemaSources(cwd: string, paths: readonly string[]): SchemaSource[] {
  return [...textsOf(cwd, projectFiles(cwd, paths).filter((path) => !TRIALS.test(path)))];
}

/** The files with their texts, one after the other, without those that are gone, or too large to have been written by a person. */
export function* textsOf(cwd: string, paths: readonly string[]): Iterable<SchemaSource> {
  for (const path of paths) {
    const full = join(cwd, path);
    try {
      if (statSync(full).size > MAX_SIZE) continue;
      yield { path, text: readFileSync(full, 'utf8') };
    } catch { /* It is gone. */ }
  }
}

/** The files that git knows or would know of; all of them but made ones where there is no git. */
function filesBelow(folder: string): string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
    return listed.split('\0').filter((path) => path !== '' && !/(?:^|\/)node_modules\//.test(path)).map((path) => join(folder, path));
  } catch {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => !MADE.test(`${path.split(sep).join('/')}`)).map((path) => join(folder, path));
  }
}

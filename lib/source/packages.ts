/** Which version of a package a file is written for. */
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/** What was found for a folder and a package; packages do not change while a file is linted. */
const known = new Map<string, string | null>();

/**
 * The version of a package for a file: that of the package installed beside it or above, else the lowest that the nearest `package.json` which names it
 * asks for (`^0.2.45` gives `0.2.45`). Null where neither tells, and for a file without a path.
 *
 * @param file absolute
 */
export function packageVersion(name: string, file: string): string | null {
  return isAbsolute(file) ? versionIn(name, dirname(file)) : null;
}

function versionIn(name: string, folder: string): string | null {
  const key = `${name}\n${folder}`, kept = known.get(key);
  if (kept !== undefined) return kept;
  const installed = fields(join(folder, 'node_modules', name, 'package.json'))?.['version'];
  const version = typeof installed === 'string' ? installed : wanted(name, fields(join(folder, 'package.json'))) ?? (dirname(folder) === folder ? null : versionIn(name, dirname(folder)));
  known.set(key, version);
  return version;
}

/** The lowest version that a `package.json` asks for. */
function wanted(name: string, manifest: Fields | null): string | null {
  for (const kind of ['dependencies', 'devDependencies', 'peerDependencies']) {
    const range = (manifest?.[kind] as Fields | undefined)?.[name];
    const version = typeof range === 'string' ? /\d+(?:\.\d+)*/.exec(range)?.[0] : undefined;
    if (version !== undefined) return version;
  }
  return null;
}

type Fields = Readonly<Record<string, unknown>>;

function fields(path: string): Fields | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Fields;
  } catch {
    return null;
  }
}

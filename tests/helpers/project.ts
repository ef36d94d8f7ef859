/** Projects of users in temporary folders, with the built plugin installed. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder of the plugin itself. */
export const ROOT = join(__dirname, '..', '..');

/** The folder of the build, which the package's `exports` point into. */
export const DIST = join(ROOT, 'dist');

export interface Project {
  readonly folder: string;
  /** Writes a file, given as text or as JSON, by its path in the project. */
  write(path: string, content: string | object): void;
  remove(): void;
}

/**
 * Makes a project with files.
 *
 * @param files Texts, or values to be written as JSON, by path.
 * @param packages Packages to link into its `node_modules`, by name: folders of this repository's. Without them the plugin is linked from
 *   here, and finds what it needs here; with them it is copied, so that it finds nothing but these.
 * @throws {Error} where the plugin has not been built.
 */
export function makeProject(files: Readonly<Record<string, string | object>>, packages?: Readonly<Record<string, string>>): Project {
  if (!existsSync(join(DIST, 'index.js'))) throw new Error('The plugin is not built. Run: npm run build');
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'soft-delete-'));
  const link = (name: string, target: string): void => {
    const path = join(folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path, 'junction');
  };
  const write: Project['write'] = (path, content) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  };
  if (packages) {
    for (const part of ['package.json', 'manifest.schema.json', 'dist']) cpSync(join(ROOT, part), join(folder, 'node_modules/eslint-plugin-soft-delete', part), { recursive: true });
    for (const [name, installed] of Object.entries(packages)) link(name, join(ROOT, 'node_modules', installed));
  } else {
    link('eslint-plugin-soft-delete', ROOT);
  }
  for (const [path, content] of Object.entries(files)) write(path, content);
  return { folder, write, remove: () => { rmSync(folder, { recursive: true }); } };
}

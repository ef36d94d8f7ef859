/** Sources that are read as declarations, and run with the real library, so that the two can be compared. */
import { posix } from 'node:path';
import ts from 'typescript';
import { readSources } from '../../lib/schema/read.js';
import type { TableDeclaration } from '../../lib/model/schema.js';

export type Files = Readonly<Record<string, string>>;

/** What the files declare, in the order of their paths. */
export function declared(files: Files): TableDeclaration[] {
  return readSources(Object.entries(files).map(([path, text]) => ({ path, text }))).flatMap(({ declarations }) => declarations);
}

/** The only declaration of a table in the files; throws where there are none or several. */
export function table(files: Files, name: string): TableDeclaration {
  const found = declared(files).filter((declaration) => declaration.name === name && declaration.kind === 'create');
  if (found.length !== 1) throw new Error(`${found.length} declarations of ${name} in ${declared(files).map((each) => each.name).join(', ')}`);
  return found[0]!;
}

/** Runs the first of the files, TypeScript with decorators, and gives its exports. Files import each other by relative paths. */
export function execute(files: Files): Record<string, unknown> {
  const loaded = new Map<string, { exports: Record<string, unknown> }>();
  const load = (path: string): Record<string, unknown> => {
    const known = loaded.get(path);
    if (known) return known.exports;
    const loading = { exports: {} as Record<string, unknown> };
    loaded.set(path, loading);
    const { outputText } = ts.transpileModule(files[path]!, {
      fileName: path.replace(/\.js$/, '.ts'),
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, experimentalDecorators: true, emitDecoratorMetadata: true, esModuleInterop: true, useDefineForClassFields: false },
    });
    const find = (name: string): unknown => {
      if (!name.startsWith('.')) return require(name) as unknown;
      const wanted = posix.join(posix.dirname(path), name);
      const other = Object.keys(files).find((each) => each === wanted || each.replace(/\.[jt]s$/, '') === wanted.replace(/\.js$/, ''));
      if (other === undefined) throw new Error(`${path} imports ${name}, which is none of the files`);
      return load(other);
    };
    (new Function('require', 'module', 'exports', outputText) as (require: unknown, module: unknown, exports: unknown) => void)(find, loading, loading.exports);
    return loading.exports;
  };
  return load(Object.keys(files)[0]!);
}

/** The words of a file that a range covers. */
export function wordsAt(text: string, [start, end]: readonly [number, number]): string {
  return text.slice(start, end);
}

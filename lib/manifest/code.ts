/** What the code of the sources adds to the tables that they declare: clients and helpers that filter deleted rows, and columns that the soft delete overwrites. */
import { compile } from './compile.js';
import { clientGuards } from './client-guards.js';
import { overwrittenColumns } from './overwritten-columns.js';
import type { Guard, Manifest, SchemaSource } from './types.js';
import { openSource } from '../schema/parse.js';
import { Project } from '../schema/project.js';

const SCRIPT = /\.[cm]?[jt]sx?$/;

/** The manifest with what the code of the sources says of its tables. */
export function withCode(declared: Manifest, sources: readonly SchemaSource[]): Manifest {
  if (!Object.values(declared.tables).some((table) => table === 'soft' || (table as { deletion?: string }).deletion === 'soft')) return declared;
  const scripts = sources.filter(({ path }) => SCRIPT.test(path)), texts = new Map(scripts.map(({ path, text }) => [path, text]));
  const project = new Project([...texts.keys()], (path) => openSource(texts.get(path)!, path)), catalog = compile(declared);
  const guards: Guard[] = clientGuards(scripts, project, catalog), overwritten = overwrittenColumns(sources.filter(({ path }) => SCRIPT.test(path) || path.endsWith('.sql')), catalog);
  const tables = Object.entries(declared.tables).map(([name, table]): [string, Manifest['tables'][string]] => {
    const columns = overwritten.get(catalog.table(name)!);
    return [name, columns && typeof table === 'object' ? { ...table, overwrites: columns } : table];
  });
  return { ...declared, tables: Object.fromEntries(tables), ...(guards.length > 0 && { guards }) };
}

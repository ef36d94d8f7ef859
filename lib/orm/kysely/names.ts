/** Names as Kysely takes them: strings that it splits by itself (`'public.users as u'`, `'u.deleted_at as deletedAt'`). */

/** A table of a string: `schema.table as alias`. */
export interface TableName {
  readonly schema: string | null;
  readonly name: string;
  readonly alias: string | null;
}

/** A column of a string: `schema.table.column as alias`. */
export interface ColumnName {
  readonly qualifier: string | null;
  readonly name: string;
  readonly alias: string | null;
}

/** Kysely splits at the word, in lower case, with blanks around (parser/table-parser.ts, parser/select-parser.ts). */
function split(text: string): { readonly path: readonly string[]; readonly alias: string | null } {
  const [path = '', alias] = text.split(/\s+as\s+/u);
  return { path: path.split('.').map((part) => part.trim()), alias: alias?.trim() ?? null };
}

export function tableName(text: string): TableName {
  const { path, alias } = split(text);
  return { schema: path.length > 1 ? path.at(-2)! : null, name: path.at(-1)!, alias };
}

export function columnName(text: string): ColumnName {
  const { path, alias } = split(text);
  return { qualifier: path.length > 1 ? path.at(-2)! : null, name: path.at(-1)!, alias };
}

/** The name of a common table expression without its column list: `'tree(id, depth)'`. */
export function cteName(text: string): { readonly name: string; readonly columns: readonly string[] | null } {
  const [, name, columns] = /^\s*([^(]+?)\s*(?:\(([^)]*)\))?\s*$/u.exec(text) ?? [];
  return { name: name ?? text, columns: columns?.split(',').map((column) => column.trim()) ?? null };
}

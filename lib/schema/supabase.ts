/** The types that Supabase generates (`Database['public']['Tables']`) as the schema model. Facts: `supabase gen types typescript`. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ForeignKeyDeclaration, RelationDeclaration, TableDeclaration, TableTarget } from '../model/schema.js';
import type { Program } from './project.js';
import type { DeclarationReader } from './read.js';
import { propertiesOfType, propertyAt, tableOf, typesOf, type TypeProperty } from './types.js';

export const supabase: DeclarationReader = {
  library: 'supabase',
  describes: true,
  mentioned: /\bTables\s*:\s*\{[\s\S]*\bRow\s*:/,
  read: (program) => [...typesOf(program).values()].flatMap((node) => propertiesOfType(node, program).flatMap((schema) => {
    const tables = propertyAt(schema.type, schema.program, 'Tables');
    return tables ? propertiesOfType(tables.type, tables.program).flatMap((table) => readTable(table, schema.name, program)) : [];
  })),
};

function readTable(table: TypeProperty, schema: string, program: Program): TableDeclaration[] {
  const row = propertyAt(table.type, table.program, 'Row'), inserted = propertyAt(table.type, table.program, 'Insert');
  if (!row) return [];
  const optional = new Map(inserted ? propertiesOfType(inserted.type, inserted.program).map((column) => [column.name, column.optional]) : []);
  const base = tableOf(table, propertiesOfType(row.type, row.program), program, 'supabase');
  // A timestamp is a text in JSON; what may be left out of an INSERT has a default or may be NULL.
  const columns = base.columns.map((column) => ({
    ...column, hasDefault: optional.get(column.name) === true && column.nullable !== true, type: column.type === 'text' && /(?:_at|_on|_time|At)$/.test(column.name) ? 'timestamp' as const : column.type,
  }));
  const declared = foreignKeys(table, schema), relations = declared.flatMap(({ key }) => relationsOf(key));
  const back = declared.flatMap(({ key, one }) => key.target.table === null ? [] : [reverse(base, schema, key, one)]);
  return [{ ...base, schema, columns, foreignKeys: declared.map(({ key }) => key), relations }, ...back];
}

function foreignKeys(table: TypeProperty, schema: string): { readonly key: ForeignKeyDeclaration; readonly one: boolean }[] {
  const list = propertyAt(table.type, table.program, 'Relationships');
  const items = list?.type.type === 'TSTupleType' ? list.type.elementTypes : [];
  return items.flatMap((item) => {
    const get = (name: string): TSESTree.TypeNode | null => propertyAt(item, table.program, name)?.type ?? null;
    const relation = textsOf(get('referencedRelation'))[0], columns = textsOf(get('columns')), references = textsOf(get('referencedColumns')), one = get('isOneToOne');
    if (relation === undefined || columns.length === 0) return [];
    const range = [item.range[0], item.range[1]] as const;
    return [{
      key: { columns, target: { table: relation, schema, model: null }, references, onDelete: null, onUpdate: null, range },
      one: one?.type === 'TSLiteralType' && one.literal.type === 'Literal' && one.literal.value === true,
    }];
  });
}

function textsOf(type: TSESTree.TypeNode | null): string[] {
  if (type?.type === 'TSLiteralType' && type.literal.type === 'Literal' && typeof type.literal.value === 'string') return [type.literal.value];
  return type?.type === 'TSTupleType' ? type.elementTypes.flatMap(textsOf) : [];
}

/** PostgREST embeds a row under the name of its table, or of the column that refers to it. */
function relationsOf(key: ForeignKeyDeclaration): RelationDeclaration[] {
  const on = pairs(key.columns, key.references);
  const base = { target: key.target, many: false, optional: null, on, through: null, predicate: null, range: key.range };
  return [...new Set([key.target.table!, ...(key.columns.length === 1 ? key.columns : [])])].map((property) => ({ ...base, property }));
}

/** The other table embeds the rows that refer to it. */
function reverse(table: TableDeclaration, schema: string, key: ForeignKeyDeclaration, one: boolean): TableDeclaration {
  const target: TableTarget = { table: table.name, schema, model: null };
  const relation: RelationDeclaration = { property: table.name, target, many: !one, optional: one ? true : null, on: pairs(key.references, key.columns), through: null, predicate: null, range: key.range };
  return { kind: 'alter', library: 'supabase', name: key.target.table!, schema, range: key.range, columns: [], dropped: [], relations: [relation], marker: null };
}

function pairs(own: readonly string[], other: readonly string[]): Record<string, string> | null {
  return own.length > 0 && own.length === other.length ? Object.fromEntries(own.map((column, i) => [column, other[i]!])) : null;
}

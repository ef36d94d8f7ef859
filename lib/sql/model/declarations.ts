/** CREATE TABLE and ALTER TABLE of the tree as the schema model. */
import type { Dialect } from '../../manifest/catalog.js';
import type { Range } from '../../model/query.js';
import type { ColumnDeclaration, TableDeclaration } from '../../model/schema.js';
import { replacement } from '../sql-text.js';
import { quoteLike } from './names.js';
import type { Reading } from './context.js';
import { isNode, items, words, type CstNode } from './cst.js';
import { nameIn, primaryKey, readColumnKey, readDroppedIndexes, readDroppedKey, readIndex, readRepairedKeys, readTableKey, unwrapped, type KeyChanges } from './keys.js';
import { readTableRef } from './relations.js';

/** What one statement says of a table, as it is collected. */
interface Changes extends KeyChanges {
  readonly columns: ColumnDeclaration[];
  readonly dropped: { readonly name: string; readonly range: Range }[];
  readonly renamed: { readonly from: string; readonly to: string; readonly range: Range }[];
  renamedTo?: string;
}

/**
 * What a CREATE TABLE, ALTER TABLE, DROP TABLE or CREATE INDEX declares; empty for temporary tables and partitions, which are no tables of
 * their own.
 */
export function readDeclarations(node: CstNode, reading: Reading): TableDeclaration[] {
  if (node.type === 'drop_table_stmt') return items(node.tables as CstNode).flatMap((table) => declaration('drop', table, reading, noChanges()));
  if (node.type === 'create_index_stmt') return isNode(node.table) ? declaration('alter', node.table, reading, { ...noChanges(), keys: [readIndex(node, reading)] }) : [];
  if (node.type === 'drop_index_stmt') return isNode(node.table) ? declaration('alter', node.table, reading, { ...noChanges(), droppedKeys: readDroppedIndexes(node, reading) }) : [];
  const created = node.type === 'create_table_stmt';
  const kind = created && isNode(node.kind) ? words(node.kind.kindKw) : '';
  if (/TEMP/.test(kind) || (created && isNode(node.partitionOf))) return [];
  const changes = noChanges();
  if (created) {
    const list = items(node.columns as CstNode | undefined);
    const keys = new Set(list.flatMap(primaryKey));
    for (const item of list) {
      if (item.type === 'column_definition') readColumnDefinition(item, node, reading, keys, changes);
      else readTableKey(item, node, null, reading, changes);
    }
  } else for (const action of items(node.actions as CstNode | undefined)) readAction(action, node, reading, changes);
  readRepairedKeys(reading, changes);
  return declaration(created ? 'create' : 'alter', (created ? node.name : node.table) as CstNode, reading, changes);
}

function noChanges(): Changes {
  return { columns: [], dropped: [], keys: [], foreignKeys: [], droppedKeys: [], renamed: [] };
}

function declaration(kind: TableDeclaration['kind'], name: CstNode, reading: Reading, { renamed, renamedTo, droppedKeys, ...changes }: Changes): TableDeclaration[] {
  const table = readTableRef(unwrapped(name), reading);
  return table ? [{
    kind, name: table.name, schema: table.schema, range: table.range, ...changes, ...(renamed.length > 0 && { renamed }), ...(droppedKeys.length > 0 && { droppedKeys }), ...(renamedTo !== undefined && { renamedTo }), marker: null,
  }] : [];
}

/** A column of CREATE TABLE or ADD COLUMN with the keys that stand at it. */
function readColumnDefinition(node: CstNode, statement: CstNode, reading: Reading, keys: ReadonlySet<string>, changes: Changes): void {
  const [column] = readColumn(node, reading, keys);
  if (!column) return;
  changes.columns.push(column);
  for (const each of node.constraints as CstNode[]) readColumnKey(each, node, statement, reading, changes);
}

function readAction(action: CstNode, statement: CstNode, reading: Reading, changes: Changes): void {
  switch (action.type) {
    case 'alter_action_add_column': {
      readColumnDefinition(action.column as CstNode, statement, reading, new Set(), changes);
      const before = reading.repair('change-column', action.range[0], action.range[1])?.column?.name, after = changes.columns.at(-1);
      if (before !== undefined && after && before !== after.name) changes.renamed.push({ from: before, to: after.name, range: after.range });
      break;
    }
    case 'alter_action_add_constraint': readTableKey({ ...(action.constraint as CstNode), name: action.name }, statement, action, reading, changes); break;
    case 'alter_action_drop_constraint': changes.droppedKeys.push(...readDroppedKey(action, reading)); break;
    case 'alter_action_rename': {
      const name = isNode(action.newName) && !reading.hole(action.newName) ? nameIn(action.newName) : null;
      if (name !== null) changes.renamedTo = name;
      break;
    }
    case 'alter_action_rename_column': {
      const from = nameIn(action.oldName), to = nameIn(action.newName);
      if (from !== null && to !== null && !reading.hole(action.oldName as CstNode) && !reading.hole(action.newName as CstNode)) changes.renamed.push({ from, to, range: reading.range(action.newName as CstNode) });
      break;
    }
    case 'alter_action_drop_column': {
      const column = action.column as CstNode;
      if (!reading.hole(column)) changes.dropped.push({ name: String(column.name), range: reading.range(column) });
      break;
    }
    case 'alter_action_alter_column': {
      const column = action.column as CstNode, change = action.action as CstNode, { columns } = changes;
      if (column.type !== 'identifier' || reading.hole(column)) break;
      const base = { name: String(column.name), type: 'unknown', typeText: '', nullable: 'unknown', hasDefault: false, range: reading.range(column) } as const;
      switch (change.type) {
        case 'alter_action_set_data_type': columns.push({ ...base, ...typeOf(change.dataType as CstNode, reading) }); break;
        case 'alter_action_set_not_null': columns.push({ ...base, nullable: false }); break;
        case 'alter_action_drop_not_null': columns.push({ ...base, nullable: true }); break;
        case 'alter_action_set_default': columns.push({ ...base, hasDefault: !isNull(change.expr) }); break;
      }
    }
  }
}

/** NULL, and what dumps make of it: `NULL::timestamp with time zone`, `(NULL)`. */
function isNull(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.type === 'cast_operator_expr' || node.type === 'cast_expr') return isNull(node.left ?? node.expr);
  return node.type === 'paren_expr' ? isNull(node.expr) : node.type === 'null_literal';
}

function readColumn(node: CstNode, reading: Reading, keys: ReadonlySet<string>): ColumnDeclaration[] {
  const name = node.name as CstNode;
  if (name.type !== 'identifier' || reading.hole(name) || reading.isPartlyHidden(name)) return [];
  const constraints = (node.constraints as CstNode[]).map((each) => each.type === 'constraint' ? each.constraint as CstNode : each);
  const has = (type: string): boolean => constraints.some((each) => each.type === type);
  const written = reading.sql.text.slice(name.range[0], name.range[1]);
  const { type, typeText } = typeOf(node.dataType as CstNode | undefined, reading);
  const changed = (start: number, end: number, declaration: string): ReturnType<NonNullable<ColumnDeclaration['asTimestamp']>> => {
    const edit = replacement(reading.sql, start, end, declaration);
    return edit && { edits: [edit], shown: declaration };
  };
  return [{
    name: String(name.name), type, typeText,
    nullable: !(has('constraint_not_null') || has('constraint_primary_key') || keys.has(String(name.name))),
    hasDefault: constraints.some((each) => each.type === 'constraint_default' && !isNull(each.expr)) || has('constraint_generated') || has('constraint_auto_increment') || (isNode(node.dataType) && isSerial(node.dataType, reading)),
    ...defaultOf(constraints), ...generationOf(constraints, reading), range: reading.range(name),
    asTimestamp: (column) => changed(node.range[0], node.range[1], `${quoteLike(column, written, reading.dialect)} ${TIMESTAMPS[reading.dialect]}`),
    // Without NULL old servers of MySQL make a TIMESTAMP NOT NULL.
    asNullable: () => type === 'unknown' ? null : changed(node.range[0], node.range[1], `${written} ${typeText}${TIMESTAMPS[reading.dialect].endsWith(' NULL') ? ' NULL' : ''}`),
    asNamed: (column) => changed(name.range[0], name.range[1], quoteLike(column, written, reading.dialect)),
  }];
}

/** PostgreSQL 8.1.4 "Serial Types": the type brings its default. */
function isSerial(type: CstNode, reading: Reading): boolean {
  return /^"?(?:small|big)?serial/i.test(reading.sql.text.slice(type.range[0], type.range[1]).trim());
}

/** What GENERATED ALWAYS AS computes the column of. */
function generationOf(constraints: readonly CstNode[], reading: Reading): Pick<ColumnDeclaration, 'generated' | 'generatedFrom'> {
  const expr = constraints.find((each) => each.type === 'constraint_generated')?.expr;
  return isNode(expr) && expr.type === 'paren_expr' ? { generated: true, generatedFrom: reading.sql.text.slice(expr.range[0], expr.range[1]) } : {};
}

/** The value of DEFAULT, where it is a literal. */
function defaultOf(constraints: readonly CstNode[]): Pick<ColumnDeclaration, 'defaultValue'> {
  const expr = constraints.find((each) => each.type === 'constraint_default')?.expr;
  const value: unknown = isNode(expr) && /^(?:number|string|boolean|null)_literal$/.test(expr.type) ? expr.value : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null ? { defaultValue: value } : {};
}

/** The type of a nullable moment. MySQL's TIMESTAMP would end in 2038 and be NOT NULL in old servers. */
const TIMESTAMPS: Readonly<Record<Dialect, string>> = {
  postgresql: 'timestamptz', mysql: 'DATETIME NULL', mariadb: 'DATETIME NULL', sqlite: 'TEXT', bigquery: 'TIMESTAMP',
};

function typeOf(node: CstNode | undefined, reading: Reading): Pick<ColumnDeclaration, 'type' | 'typeText'> {
  if (!node) return { type: 'unknown', typeText: '' };
  const typeText = reading.sql.text.slice(node.range[0], node.range[1]).replace(/\s+/g, ' ').trim();
  return reading.hole(node) || reading.isPartlyHidden(node) ? { type: 'unknown', typeText } : { type: typeKind(typeText, reading.dialect), typeText };
}

/** The kind of a type by its name, as far as tombstones care. */
export function typeKind(typeText: string, dialect: Dialect): ColumnDeclaration['type'] {
  const text = typeText.toLowerCase().replace(/["`]/g, '').replace(/^(pg_catalog|public)\./, '').trim();
  if (/\[|^(array|struct|setof)\b/.test(text)) return 'other';
  const zoned = /with(out)?( local)? time zone$/.exec(text);
  const name = text.replace(/\(.*?\)/g, ' ').replace(/with(out)?( local)? time zone$/, '').replace(/\b(unsigned|zerofill|signed)\b/g, '').replace(/\s+/g, ' ').trim();
  if (/^tinyint\s*\(\s*1\s*\)/.test(text) || /^bit\s*(\(\s*1\s*\))?$/.test(text) || name === 'boolean' || name === 'bool') return 'boolean';
  if (name === 'timestamptz' || name === 'datetimeoffset' || (name === 'timestamp' && zoned && !zoned[1])) return 'timestamptz';
  // These keep a moment, not a wall clock: BigQuery "TIMESTAMP type", MySQL 13.2.2 "The DATE, DATETIME, and TIMESTAMP Types".
  if (name === 'timestamp' && dialect !== 'postgresql' && dialect !== 'sqlite') return 'timestamptz';
  if (name === 'timestamp' || name === 'datetime' || name === 'datetime2' || name === 'smalldatetime') return 'timestamp';
  if (name === 'date') return 'date';
  if (/^(tiny|small|medium|big)?int(eger)?$|^int(2|4|8|64)$|^(small|big)?serial\d?$/.test(name)) return 'integer';
  if (/^(tiny|medium|long)?text$|^(n?var)?char2?$|^nchar$|^character( varying)?$|^char varying$|^citext$|^string$|^clob$|^bpchar$/.test(name)) return 'text';
  return name === '' ? 'unknown' : 'other';
}

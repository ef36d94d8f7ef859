/** CREATE TABLE and ALTER TABLE of the tree as the schema model. */
import type { Dialect } from '../../manifest/catalog.js';
import type { Range } from '../../model/query.js';
import type { ColumnDeclaration, TableDeclaration } from '../../model/schema.js';
import { replacement } from '../sql-text.js';
import { quoteLike } from './names.js';
import type { Reading } from './context.js';
import { isNode, items, path, words, type CstNode } from './cst.js';
import { readTableRef } from './relations.js';

/** What a CREATE TABLE or ALTER TABLE declares; empty for temporary tables and partitions, which are no tables of their own. */
export function readDeclarations(node: CstNode, reading: Reading): TableDeclaration[] {
  const created = node.type === 'create_table_stmt';
  const kind = created && isNode(node.kind) ? words(node.kind.kindKw) : '';
  if (/TEMP/.test(kind) || (created && isNode(node.partitionOf))) return [];
  const table = readTableRef(unwrapped((created ? node.name : node.table) as CstNode), reading);
  if (!table) return [];
  const columns: ColumnDeclaration[] = [], dropped: { name: string; range: Range }[] = [];
  if (created) {
    const list = items(node.columns as CstNode | undefined);
    const keys = new Set(list.flatMap(primaryKey));
    for (const item of list) if (item.type === 'column_definition') columns.push(...readColumn(item, reading, keys));
  } else for (const action of items(node.actions as CstNode)) readAction(action, reading, columns, dropped);
  return [{ kind: created ? 'create' : 'alter', name: table.name, schema: table.schema, range: table.range, columns, dropped, marker: null }];
}

function unwrapped(node: CstNode): CstNode {
  return isNode(node.table) ? unwrapped(node.table) : node.type === 'alias' ? unwrapped(node.expr as CstNode) : node;
}

/** Columns of a PRIMARY KEY (..) of the table. */
function primaryKey(node: CstNode): string[] {
  const constraint = node.type === 'constraint' ? node.constraint as CstNode : node;
  if (constraint.type !== 'constraint_primary_key' || !isNode(constraint.columns)) return [];
  return items(constraint.columns).map((item) => path((item.expr ?? item) as CstNode)?.[0] ?? '');
}

function readAction(action: CstNode, reading: Reading, columns: ColumnDeclaration[], dropped: { name: string; range: Range }[]): void {
  switch (action.type) {
    case 'alter_action_add_column': columns.push(...readColumn(action.column as CstNode, reading, new Set())); break;
    case 'alter_action_drop_column': {
      const column = action.column as CstNode;
      if (!reading.hole(column)) dropped.push({ name: String(column.name), range: reading.range(column) });
      break;
    }
    case 'alter_action_alter_column': {
      const column = action.column as CstNode, change = action.action as CstNode;
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

function isNull(node: unknown): boolean {
  return isNode(node) && node.type === 'null_literal';
}

function readColumn(node: CstNode, reading: Reading, keys: ReadonlySet<string>): ColumnDeclaration[] {
  const name = node.name as CstNode;
  if (name.type !== 'identifier' || reading.hole(name) || reading.isPartlyHidden(name)) return [];
  const constraints = (node.constraints as CstNode[]).map((each) => each.type === 'constraint' ? each.constraint as CstNode : each);
  const has = (type: string): boolean => constraints.some((each) => each.type === type);
  const written = reading.sql.text.slice(name.range[0], name.range[1]);
  return [{
    name: String(name.name),
    ...typeOf(node.dataType as CstNode | undefined, reading),
    nullable: !(has('constraint_not_null') || has('constraint_primary_key') || keys.has(String(name.name))),
    hasDefault: constraints.some((each) => each.type === 'constraint_default' && !isNull(each.expr)) || has('constraint_generated') || has('constraint_auto_increment'),
    range: reading.range(name),
    asTimestamp: (column) => {
      const declaration = `${quoteLike(column, written, reading.dialect)} ${TIMESTAMPS[reading.dialect]}`;
      const edit = replacement(reading.sql, node.range[0], node.range[1], declaration);
      return edit && { edits: [edit], shown: declaration };
    },
  }];
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

/** Keys, indexes and foreign keys of DDL as the schema model. */
import type { Range } from '../../model/query.js';
import { foreignKeyAction, type DroppedKey, type ForeignKeyDeclaration, type KeyDeclaration } from '../../model/schema.js';
import type { Reading } from './context.js';
import { bare, isNode, items, path, words, type CstNode } from './cst.js';
import { readExpr } from './expressions.js';
import { partialKey, referentialAction, type KeyPlace } from './key-edits.js';
import { readTableRef } from './relations.js';

/** What a statement says of the keys of its table, as it is collected. */
export interface KeyChanges {
  readonly keys: KeyDeclaration[];
  readonly foreignKeys: ForeignKeyDeclaration[];
  readonly droppedKeys: DroppedKey[];
}

/** What a key's columns are: the names where they are names, and the words. */
type Parts = Pick<KeyDeclaration, 'columns'> & { readonly texts: readonly string[] };

/** CREATE [UNIQUE] INDEX .. ON table (..) WHERE .. */
export function readIndex(node: CstNode, reading: Reading): KeyDeclaration {
  const clauses = (node.clauses as CstNode[] | undefined) ?? [];
  const where = clauses.find((each) => each.type === 'where_clause')?.expr as CstNode | undefined;
  const parts = partsOf(node.columns, reading), name = nameIn(node.name);
  return {
    kind: /UNIQUE/.test(words(node.indexTypeKw)) ? 'unique' : 'index', name, ...parts,
    predicate: where ? { text: reading.sql.text.slice(where.range[0], where.range[1]), expr: readExpr(where, reading), range: reading.range(where) } : null,
    ...(clauses.some((each) => each.type === 'index_nulls_not_distinct_clause' && /NOT/.test(words(each.nullsNotDistinctKw))) && { nullsNotDistinct: true }),
    range: reading.range(node),
    asPartial: partialKey(reading, { kind: 'index', statement: node, columns: node.columns as CstNode, where: where ?? null, parts, name }),
  };
}

/** A key or foreign key that stands at a column. */
export function readColumnKey(node: CstNode, column: CstNode, statement: CstNode, reading: Reading, changes: KeyChanges): void {
  const constraint = (node.type === 'constraint' ? node.constraint : node) as CstNode;
  const range = reading.range(constraint), name = nameIn(isNode(node.name) ? node.name.name : null);
  const columnName = String((column.name as CstNode).name), text = reading.sql.text.slice((column.name as CstNode).range[0], (column.name as CstNode).range[1]);
  const parts: Parts = { columns: [columnName], texts: [text] };
  if (constraint.type === 'constraint_primary_key') changes.keys.push({ kind: 'primary', name, ...parts, predicate: null, constraint: true, range });
  else if (constraint.type === 'constraint_unique') changes.keys.push(uniqueConstraint(constraint, name, parts, range, reading, { kind: 'column', statement, constraint: node, column }));
  else if (constraint.type === 'references_specification') changes.foreignKeys.push(...readReference(constraint, [columnName], range, reading));
}

/** A constraint or index of the table as a whole; `action`: the ADD of ALTER TABLE that it stands in. */
export function readTableKey(node: CstNode, statement: CstNode, action: CstNode | null, reading: Reading, changes: KeyChanges): void {
  const constraint = (node.type === 'constraint' ? node.constraint : node) as CstNode;
  const named = node.name ?? constraint.name, name = nameIn(isNode(named) && isNode(named.name) ? named.name : named);
  const range = reading.range(constraint), columns = constraint.columns as CstNode | undefined, parts = partsOf(columns, reading);
  switch (constraint.type) {
    case 'constraint_primary_key': if (parts.columns.length > 0) changes.keys.push({ kind: 'primary', name, ...parts, predicate: null, constraint: true, range }); break;
    case 'constraint_unique':
      if (parts.columns.length > 0) changes.keys.push(uniqueConstraint(constraint, name, parts, range, reading, { kind: 'table', statement, item: action ?? node, columns: columns!, action: action !== null }));
      break;
    case 'constraint_index': changes.keys.push({ kind: 'index', name, ...parts, predicate: null, range }); break;
    case 'constraint_foreign_key': {
      const own = namesIn(columns, reading);
      if (isNode(constraint.references) && own.length > 0) changes.foreignKeys.push(...readReference(constraint.references, own, range, reading));
    }
  }
}

/** Where a constraint can be edited, before its words are known. */
type ConstraintPlace = KeyPlace extends infer Place ? Place extends { kind: 'column' | 'table' } ? Omit<Place, 'parts' | 'name'> : never : never;

function uniqueConstraint(constraint: CstNode, name: string | null, parts: Parts, range: Range, reading: Reading, place: ConstraintPlace): KeyDeclaration {
  const fixed = (constraint.clauses as unknown[] | undefined)?.length;
  return {
    kind: 'unique', name, ...parts, predicate: null, constraint: true, range,
    ...(/NOT/.test(words(constraint.nullsKw)) && { nullsNotDistinct: true }),
    // ON CONFLICT of SQLite's constraints has no counterpart in an index.
    ...(!fixed && { asPartial: partialKey(reading, { ...place, parts, name } as KeyPlace) }),
  };
}

/** Keys and indexes that MySQL declares and drops in words of its own (`UNIQUE KEY k (a)`), which the tree does not have. */
export function readRepairedKeys(reading: Reading, { keys, droppedKeys }: KeyChanges): void {
  for (const { kind, index, start, end, words: written } of reading.repairs) {
    if (kind !== 'index' || !index) continue;
    // The comma in front is a part of what was rewritten.
    const range = reading.rangeOf([start + /^[\s,]*/.exec(written)![0].length, end]), name = index.name?.name ?? null;
    if (index.action === 'drop') droppedKeys.push({ name, columns: null, range });
    else {
      const parts: Parts = { columns: index.columns.map(({ name: text }) => prefixedColumn(text)), texts: index.columns.map(({ start: from, end: to }) => reading.sql.text.slice(from, to)) };
      const kindOf = index.primary ? 'primary' : index.unique ? 'unique' : 'index';
      keys.push({ kind: kindOf, name, ...parts, predicate: null, range, ...(kindOf === 'unique' && { asPartial: partialKey(reading, { kind: 'repaired', columns: index.columns, parts, name }) }) });
    }
  }
}

/** A key or constraint that an action of ALTER TABLE drops. */
export function readDroppedKey(action: CstNode, reading: Reading): DroppedKey[] {
  const constraint = action.constraint as CstNode | undefined, name = nameIn(constraint);
  return constraint && name !== null && !reading.hole(constraint) ? [{ name, columns: null, range: reading.range(action) }] : [];
}

/** The names behind DROP INDEX. */
export function readDroppedIndexes(node: CstNode, reading: Reading): DroppedKey[] {
  return items(node.indexes as CstNode | undefined).flatMap((index) => {
    const name = reading.hole(index) ? null : nameIn(index);
    return name === null ? [] : [{ name, columns: null, range: reading.range(index) }];
  });
}

/** A name without its schema; null where it cannot be read. */
export function nameIn(node: unknown): string | null {
  return isNode(node) ? path(node)?.at(-1) ?? null : null;
}

function partsOf(list: unknown, reading: Reading): Parts {
  const parts = isNode(list) && list.type !== 'existing_index' ? items(list).map((item) => (isNode(item.expr) && item.type === 'index_specification' ? item.expr : item) as CstNode) : [];
  return { columns: parts.map((expr) => columnOf(expr, reading)), texts: parts.map(({ range: [start, end] }) => reading.sql.text.slice(start, end)) };
}

/** The column that a part of a key is; null for an expression, and for what an interpolation decides. */
function columnOf(expr: CstNode, reading: Reading): string | null {
  if (expr.type === 'identifier') return reading.hole(expr) ? null : String(expr.name);
  // `email COLLATE NOCASE` is the column, in another order.
  if (expr.type === 'binary_expr' && words(expr.operator) === 'COLLATE') return columnOf(expr.left as CstNode, reading);
  // MySQL 15.1.15 "Column Prefix Key Parts": `email(20)`.
  return reading.mysql && expr.type === 'func_call' ? prefixedColumn(reading.sql.text.slice(expr.range[0], expr.range[1])) : null;
}

function prefixedColumn(text: string): string | null {
  return /^[`"]?([^\s()`"]+)[`"]?(?:\s*\(\s*\d+\s*\))?$/.exec(text.trim())?.[1] ?? null;
}

function namesIn(list: unknown, reading: Reading): string[] {
  return partsOf(list, reading).columns.filter((name) => name !== null);
}

/** REFERENCES table (..) ON DELETE .. ON UPDATE .. */
function readReference(node: CstNode, columns: readonly string[], range: Range, reading: Reading): ForeignKeyDeclaration[] {
  const target = isNode(node.table) ? readTableRef(unwrapped(node.table), reading) : null;
  if (!target) return [];
  const action = (event: string) => {
    const written = (node.options as CstNode[] | undefined)?.find((option) => option.type === 'referential_action' && words(option.eventKw) === event);
    return foreignKeyAction(words(written?.actionKw));
  };
  return [{
    columns, target: { table: target.name, schema: target.schema, model: null }, references: namesIn(node.columns, reading), onDelete: action('DELETE'), onUpdate: action('UPDATE'), range,
    withAction: referentialAction(reading, node),
  }];
}

/** The table's name itself, without what stands around it. */
export function unwrapped(node: CstNode): CstNode {
  return isNode(node.table) ? unwrapped(node.table) : node.type === 'alias' ? unwrapped(node.expr as CstNode) : node;
}

/** Columns of a PRIMARY KEY (..) of the table. */
export function primaryKey(node: CstNode): string[] {
  const constraint = node.type === 'constraint' ? node.constraint as CstNode : node;
  if (constraint.type !== 'constraint_primary_key' || !isNode(constraint.columns)) return [];
  return items(constraint.columns).map((item) => path(bare((item.expr ?? item) as CstNode))?.[0] ?? '');
}

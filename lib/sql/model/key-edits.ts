/** Edits of keys and foreign keys in DDL. They are worked out when a rule asks for them. */
import type { Edit, Remedy } from '../../model/query.js';
import type { ForeignKeyAction, KeyDeclaration } from '../../model/schema.js';
import type { NameDetails } from '../repair.js';
import { insertion, replacement } from '../sql-text.js';
import type { Reading, Span } from './context.js';
import { isNode, items, words, type CstNode } from './cst.js';
import { quoteLike } from './names.js';

interface Named {
  readonly name: string | null;
  readonly parts: { readonly columns: KeyDeclaration['columns']; readonly texts: readonly string[] };
}

/** Where a key is written. */
export type KeyPlace = Named & (
  | { readonly kind: 'index'; readonly statement: CstNode; readonly columns: CstNode; readonly where: CstNode | null }
  /** At a column: `email text UNIQUE`. */
  | { readonly kind: 'column'; readonly statement: CstNode; readonly column: CstNode; readonly constraint: CstNode }
  /** A constraint of its own, in CREATE TABLE or behind ADD. */
  | { readonly kind: 'table'; readonly statement: CstNode; readonly item: CstNode; readonly columns: CstNode; readonly action: boolean }
  /** In MySQL's words, which the tree does not have. */
  | { readonly kind: 'repaired'; readonly columns: readonly NameDetails[] }
);

/** The maker of the edit that makes a unique key or an index partial. */
export function partialKey(reading: Reading, place: KeyPlace): NonNullable<KeyDeclaration['asPartial']> {
  return (condition, without = []) => {
    const left = without.map((name) => name.toLowerCase());
    const texts = place.parts.texts.filter((_text, index) => !left.includes(place.parts.columns[index]?.toLowerCase() ?? ''));
    if (texts.length === 0) return null;
    switch (reading.dialect) {
      case 'postgresql': case 'sqlite': return partialIndex(reading, place, condition, texts);
      case 'mysql': return functionalKey(reading, place, condition, texts);
      // MariaDB has neither partial indexes nor key parts that are expressions; BigQuery enforces no keys.
      case 'mariadb': case 'bigquery': return null;
    }
  };
}

function partialIndex(reading: Reading, place: KeyPlace, condition: string, texts: readonly string[]): Remedy | null {
  const cased = casing(reading);
  switch (place.kind) {
    case 'index': {
      const { where, statement } = place, list = listEdit(reading, place.columns, texts, place.parts.texts);
      if (!where) return remedy([...list, insertion(reading.sql, statement.range[1], ` ${cased('WHERE')} ${condition}`)], `${cased('WHERE')} ${condition}`);
      const shown = `${cased('AND')} ${condition}`, isOr = where.type === 'binary_expr' && words(where.operator) === 'OR';
      const around = isOr ? [insertion(reading.sql, where.range[0], '(')] : [];
      return remedy([...list, ...around, insertion(reading.sql, where.range[1], `${isOr ? ')' : ''} ${shown}`)], shown);
    }
    case 'column': case 'table': {
      const index = createIndex(reading, place, condition, texts);
      if (!index) return null;
      const { statement } = place;
      if (place.kind === 'table' && place.action && items(statement.actions as CstNode).length === 1) {
        return isDeferrable(place.item) || reading.repairs.length > 0 ? null : remedy([replacement(reading.sql, statement.range[0], statement.range[1], index)], index);
      }
      const cut = place.kind === 'column' ? columnConstraint(place.column, place.constraint) : listItem(reading, statement, place.item);
      // A second statement has a place in a file of statements alone.
      if (!cut || !isFileOfStatements(reading) || (place.kind === 'table' && isDeferrable(place.item))) return null;
      return remedy([replacement(reading.sql, cut[0], cut[1], ''), insertion(reading.sql, endOf(statement, reading), `;\n${index}`)], index);
    }
    case 'repaired': return null;
  }
}

/**
 * A part that is NULL for dead rows keeps them apart, because NULLs are distinct. MySQL 15.1.15 "Functional Key Parts" (since 8.0.13): an expression
 * stands in parentheses of its own.
 */
function functionalKey(reading: Reading, place: KeyPlace, condition: string, texts: readonly string[]): Remedy | null {
  if (place.kind === 'column' || (place.kind === 'index' && place.where)) return null;
  const part = `(${casing(reading)('IF')}(${condition}, 1, NULL))`;
  if (place.kind === 'repaired') {
    const [first, last] = [place.columns[0], place.columns.at(-1)];
    return first && last ? remedy([replacement(reading.sql, first.start, last.end, [...texts, part].join(', '))], part) : null;
  }
  return remedy(listEdit(reading, place.columns, [...texts, part], place.parts.texts), part);
}

/** The column list with other parts; nothing where they are the same. */
function listEdit(reading: Reading, columns: CstNode, texts: readonly string[], before: readonly string[]): readonly (Edit | null)[] {
  if (texts.length === before.length && texts.every((text, index) => text === before[index])) return [];
  const list = items(columns), [first, last] = [list[0], list.at(-1)];
  return first && last ? [replacement(reading.sql, first.range[0], last.range[1], texts.join(', '))] : [null];
}

/** `CREATE UNIQUE INDEX name ON table (..) WHERE ..` for a constraint; null where a part of it cannot be seen. */
function createIndex(reading: Reading, place: Extract<KeyPlace, { kind: 'column' | 'table' }>, condition: string, texts: readonly string[]): string | null {
  const { statement, name, parts } = place;
  const table = tableNode(statement);
  if (!table || reading.hole(table) || reading.isPartlyHidden(table) || parts.columns.includes(null)) return null;
  const written = textOf(reading, table.range), cased = casing(reading);
  // SQLite has no name to give by itself.
  const called = name ?? (reading.dialect === 'sqlite' ? [bareName(written), ...parts.columns, 'live'].join('_') : null);
  const named = called === null ? '' : ` ${quoteLike(called, written, reading.dialect)}`;
  const nulls = /NOT/.test(words(constraintOf(place).nullsKw)) ? ` ${cased('NULLS NOT DISTINCT')}` : '';
  return `${cased('CREATE UNIQUE INDEX')}${named} ${cased('ON')} ${written} (${texts.join(', ')})${nulls} ${cased('WHERE')} ${condition}`;
}

function constraintOf(place: Extract<KeyPlace, { kind: 'column' | 'table' }>): CstNode {
  const node = place.kind === 'column' ? place.constraint : place.item;
  return isNode(node.constraint) ? node.constraint : node;
}

function tableNode(statement: CstNode): CstNode | null {
  const node = (statement.type === 'create_table_stmt' ? statement.name : statement.table) as CstNode | undefined;
  let at = node;
  while (at && isNode(at.table)) at = at.table;
  return at ?? null;
}

function bareName(written: string): string {
  return written.replace(/^.*\./, '').replace(/["`[\]]/g, '');
}

/** `CONSTRAINT name UNIQUE` at a column, with the blank in front. */
function columnConstraint(column: CstNode, constraint: CstNode): Span | null {
  const before = [column.name, column.dataType, ...column.constraints as CstNode[]].filter(isNode).filter((node) => node.range[1] <= constraint.range[0]).map((node) => node.range[1]);
  return before.length > 0 ? [Math.max(...before), constraint.range[1]] : null;
}

/** An item of the list in a CREATE TABLE, or an action of an ALTER TABLE, with its comma; null where it is the only one, or a comment stands in between. */
function listItem(reading: Reading, statement: CstNode, item: CstNode): Span | null {
  const list = items((statement.type === 'create_table_stmt' ? statement.columns : statement.actions) as CstNode), at = list.indexOf(item);
  const before = list[at - 1], after = list[at + 1];
  const span: Span | null = at < 0 ? null : before ? [before.range[1], item.range[1]] : after ? [item.range[0], after.range[0]] : null;
  const rest = span && textOf(reading, before ? [span[0], item.range[0]] : [item.range[1], span[1]]);
  return rest !== null && /^\s*,\s*$/.test(rest) ? span : null;
}

function isDeferrable(item: CstNode): boolean {
  return ((item.modifiers as unknown[] | undefined)?.length ?? 0) > 0;
}

function isFileOfStatements({ sql }: Reading): boolean {
  return sql.segments.length === 1 && sql.segments[0]!.escape === 'none';
}

/** The end of the statement's words, those of rewritten options included. */
function endOf(statement: CstNode, reading: Reading): number {
  return Math.max(statement.range[1], ...reading.repairs.map(({ end }) => end));
}

function textOf(reading: Reading, span: Span): string {
  return reading.sql.text.slice(span[0], span[1]);
}

/** The maker of the edit that writes ON DELETE. */
export function referentialAction(reading: Reading, reference: CstNode): (action: ForeignKeyAction) => Remedy | null {
  return (action) => {
    const options = (reference.options as CstNode[] | undefined) ?? [], shown = casing(reading)(`ON DELETE ${action.toUpperCase()}`);
    const written = options.find((option) => option.type === 'referential_action' && words(option.eventKw) === 'DELETE');
    if (written) return remedy([replacement(reading.sql, written.range[0], written.range[1], shown)], shown);
    const before = [reference.table, reference.columns, ...options.filter((option) => option.type !== 'referential_action')].filter(isNode);
    return remedy([insertion(reading.sql, Math.max(...before.map((node) => node.range[1])), ` ${shown}`)], shown);
  };
}

/** Keywords in the case of the statement's first one. */
function casing(reading: Reading): (keywords: string) => string {
  return /^\s*[a-z]/.test(reading.parsed([reading.start, reading.end])) ? (keywords) => keywords.toLowerCase() : (keywords) => keywords;
}

function remedy(edits: readonly (Edit | null)[], shown: string): Remedy | null {
  return edits.every((edit) => edit !== null) ? { edits, shown } : null;
}

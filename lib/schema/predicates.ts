/** Conditions of partial indexes and relations, from the spellings that declarations have for them. */
import type { Dialect } from '../manifest/catalog.js';
import type { ColumnExpr, Expr, Range } from '../model/query.js';
import type { PredicateDeclaration } from '../model/schema.js';
import { readSql } from '../sql/read.js';
import { plainText, type SqlText } from '../sql/sql-text.js';

/**
 * A condition that is written as SQL text.
 * @param range Where the text stands in the file.
 */
export function sqlPredicate(text: string, range: Range, dialect: Dialect): PredicateDeclaration {
  const start = 'SELECT 1 FROM t WHERE ';
  const isPlain = range[1] - range[0] === text.length;
  const sql: SqlText = { ...plainText(start + text), segments: isPlain ? [{ start: start.length, length: text.length, source: range[0], escape: 'none' }] : [], fallback: range };
  const root = readSql(sql, { dialect, library: 'sql' }).statements[0]?.root;
  return { text, expr: root?.type === 'select' ? root.where : null, range };
}

/** `column IS NULL` or `IS NOT NULL`. */
export function nullTest(column: string, negated: boolean, range: Range): Expr {
  return { type: 'is', what: 'null', negated, operand: columnExpr(column, range), range };
}

/** `column = value`, in SQL's sense: equal to nothing is `IS NULL`. */
export function equals(column: string, value: string | number | boolean | null, range: Range): Expr {
  if (value === null) return nullTest(column, false, range);
  return { type: 'comparison', operator: '=', left: columnExpr(column, range), right: { type: 'literal', value, range }, range };
}

function columnExpr(name: string, range: Range): ColumnExpr {
  return { type: 'column', qualifier: null, name, range };
}

/** All of the conditions; null where one of them could not be read, or there is none. */
export function conjunction(operands: readonly (Expr | null)[], range: Range): Expr | null {
  const read = operands.filter((operand) => operand !== null);
  if (read.length === 0 || read.length < operands.length) return null;
  return read.length === 1 ? read[0]! : { type: 'and', operands: read, range };
}

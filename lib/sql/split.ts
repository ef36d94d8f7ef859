/** Statements of a SQL text. */
import type { Dialect } from '../manifest/catalog.js';
import type { SqlText } from './sql-text.js';

/** A comment, its delimiters included. */
export interface SqlComment {
  readonly start: number;
  readonly end: number;
}

/** One statement of a SQL text: its offsets without surrounding white space and without the final `;`. */
export interface StatementPart {
  readonly start: number;
  readonly end: number;
  /** Comments before the statement (back to the previous one) and inside it, in order. */
  readonly comments: readonly SqlComment[];
  /**
   * The statement's words where they differ from the text's (`PERFORM` of a routine's body reads as `SELECT `);
   * exactly `end - start` long. Absent: the text's own.
   */
  readonly text?: string;
}

/** Splits a text into its statements. Never throws; an unterminated quote or comment reaches to the end of the text. */
export function splitStatements(sql: SqlText, _dialect: Dialect): StatementPart[] {
  const end = sql.text.trimEnd().replace(/;$/, '').length;
  const start = sql.text.length - sql.text.trimStart().length;
  return start < end ? [{ start, end, comments: [] }] : [];
}

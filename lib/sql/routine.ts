/** Queries inside routines. */
import type { Dialect } from '../manifest/catalog.js';
import type { StatementPart } from './split.js';
import type { SqlText } from './sql-text.js';

/** What CREATE FUNCTION, CREATE PROCEDURE, CREATE TRIGGER, DO, ... hold between their quotes or BEGIN and END. */
export interface RoutineBody {
  /** The body's characters, without its quotes. */
  readonly start: number;
  readonly end: number;
  readonly language: 'sql' | 'plpgsql' | 'other';
  /** The SQL statements of the body, ready for `parseStatement`; empty where the language is another one. */
  readonly statements: readonly StatementPart[];
}

/** The body of the routine that a statement defines, or null where it defines none. */
export function routineBody(_sql: SqlText, _part: StatementPart, _dialect: Dialect): RoutineBody | null {
  return null;
}

/** Stand-ins for interpolations. */
import type { Dialect } from '../manifest/catalog.js';
import type { StatementPart } from './split.js';
import type { Hole, SqlText } from './sql-text.js';

/**
 * How a hole is read.
 *
 * - `value`: an operand; an identifier stands in for it
 * - `identifier`: the name of a column, alias, function, type ..; an identifier stands in
 * - `predicate`: a whole condition (`WHERE ${x}`, `AND ${x}`, `ON ${x}`); an identifier stands in
 * - `relation`: a table or derived table in FROM, JOIN, INTO, UPDATE; an identifier stands in
 * - `query`: a whole query (`(${q})`, `UNION ${q}`); `SELECT <identifier>` stands in
 * - `list`: a parenthesised list (`IN ${ids}`, `VALUES ${rows}`); `(<identifier>)` stands in
 * - `assignment`: one or more assignments (`SET ${changes}`); `<identifier>=1` stands in
 * - `cte`: one or more common table expressions (`WITH ${ctes} SELECT`); dropped, or a CTE stands in
 * - `dropped`: a fragment after a finished operand or clause; blanks stand in, the tree knows nothing of it
 * - `text-in-literal`: part of a string, a quoted identifier, a comment, or of a longer word
 */
export type HoleReading = 'value' | 'identifier' | 'predicate' | 'relation' | 'query' | 'list' | 'assignment' | 'cte' | 'dropped' | 'text-in-literal';

/** A hole, or a placeholder that the parser does not know (`$(ids:csv)`, `??`), and what became of it. */
export interface FilledHole {
  readonly hole: Hole;
  readonly as: HoleReading;
  /** The identifier that stands in for it in the tree, at or inside the hole's own offsets; null where none does. */
  readonly name: string | null;
  /** The clause that it stands in, as upper-case keyword: SELECT, FROM, ON, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, SET, VALUES, RETURNING .. ('' before the first). */
  readonly clause: string;
  /** The innermost parenthesised query, or the statement, that it stands in. */
  readonly scope: readonly [start: number, end: number];
}

/** A statement's text with every hole filled, of the same length. */
export interface FilledText {
  readonly text: string;
  readonly holes: readonly FilledHole[];
}

/** Fills the holes of one statement. */
export function fillHoles(sql: SqlText, part: StatementPart, _dialect: Dialect): FilledText {
  let text = part.text ?? sql.text.slice(part.start, part.end);
  const holes = sql.holes.filter((hole) => hole.start < part.end && hole.end > part.start).map((hole): FilledHole => {
    const name = 'h'.padEnd(hole.end - hole.start, '_');
    text = text.slice(0, hole.start - part.start) + name + text.slice(hole.end - part.start);
    return { hole, as: hole.kind === 'identifier' ? 'identifier' : 'value', name, clause: '', scope: [part.start, part.end] };
  });
  return { text, holes };
}

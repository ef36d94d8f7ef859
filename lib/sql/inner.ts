/** Statements that wrap another one: EXPLAIN, PREPARE, DECLARE CURSOR, COPY, CREATE RULE. The parser knows few of these. */
import type { Dialect } from '../manifest/catalog.js';
import { tokenize, type Token } from './lexer.js';
import type { StatementPart } from './split.js';
import type { SqlText } from './sql-text.js';

const WRAPS = /^\s*(explain|describe|desc|prepare|declare|copy|create\s+(or\s+replace\s+)?rule)\b/i;
const QUERY_WORDS = new Set(['SELECT', 'WITH', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'REPLACE', 'VALUES', 'TABLE', 'TRUNCATE']);
/** The word behind which the wrapped statement starts. */
const INTRODUCERS: Readonly<Record<string, string>> = { PREPARE: 'AS', DECLARE: 'FOR', CREATE: 'DO' };

/**
 * The statement inside a statement that wraps one, or null: `EXPLAIN (ANALYZE) q`, `PREPARE n AS q`, `DECLARE c CURSOR FOR q`,
 * `COPY (q) TO ..`, `CREATE RULE .. DO INSTEAD q`.
 */
export function innerStatement(sql: SqlText, part: StatementPart, dialect: Dialect): StatementPart | null {
  if (part.text !== undefined || !WRAPS.test(sql.text.slice(part.start, part.start + 200))) return null;
  const tokens = tokenize(sql.text, dialect, sql.holes, part.start, part.end).filter((token) => token.kind !== 'comment');
  const head = tokens[0]!.word, introducer = INTRODUCERS[head];
  if (head === 'COPY') return tokens[1]?.word === '(' && QUERY_WORDS.has(tokens[2]?.word ?? '') ? { ...part, start: tokens[2]!.start, end: closing(tokens.slice(2), part.end) } : null;
  let depth = 0, introduced = introducer === undefined;
  for (const token of tokens.slice(1)) {
    if (token.word === '(') depth++;
    else if (token.word === ')') depth--;
    else if (depth > 0) continue;
    else if (introduced && QUERY_WORDS.has(token.word)) return { ...part, start: token.start };
    else if (token.word === introducer) introduced = true;
  }
  return null;
}

/** The end of what stands before the first parenthesis that closes nothing. */
function closing(tokens: readonly Token[], otherwise: number): number {
  let depth = 0, end = otherwise;
  for (const token of tokens) {
    if (token.word === '(') depth++;
    else if (token.word === ')' && depth-- === 0) return end;
    end = token.end;
  }
  return otherwise;
}

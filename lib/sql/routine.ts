/**
 * Queries inside routines: the bodies of functions, procedures, triggers, events and DO blocks.
 *
 * Bodies in plain SQL are split like any text. Procedural ones (PL/pgSQL, PostgreSQL manual chapter 43; MySQL manual 15.6) are walked
 * word by word: control flow is skipped, and each query in it becomes a statement of its own, at its own place.
 */
import type { Dialect } from '../manifest/catalog.js';
import { tokenize, type Token } from './lexer.js';
import { splitStatements, type SqlComment, type StatementPart } from './split.js';
import { slice, type SqlText } from './sql-text.js';

/** What CREATE FUNCTION, CREATE PROCEDURE, CREATE TRIGGER, DO, ... hold between their quotes or BEGIN and END. */
export interface RoutineBody {
  /** The body's characters, without its quotes. */
  readonly start: number;
  readonly end: number;
  readonly language: 'sql' | 'plpgsql' | 'other';
  /** The SQL statements of the body, ready for `parseStatement`; empty where the language is another one. */
  readonly statements: readonly StatementPart[];
}

const ROUTINE = /^\s*(?:do\b|create\s+(?:or\s+(?:replace|alter)\s+)?(?:definer\s*=\s*\S+\s+)?(?:temp\s+|temporary\s+|constraint\s+|aggregate\s+)*(?:function|procedure|trigger|event)\b)/i;

/** The body of the routine that a statement defines, or null where it defines none. */
export function routineBody(sql: SqlText, part: StatementPart, dialect: Dialect): RoutineBody | null {
  if (part.text !== undefined || !ROUTINE.test(withoutComments(sql, part))) return null;
  const tokens = tokenize(sql.text, dialect, sql.holes, part.start, part.end).filter(({ kind }) => kind !== 'comment');
  return quotedBody(sql, part, tokens, dialect) ?? compoundBody(sql, part, tokens, dialect);
}

/** The words in front of a statement's own, without the comments that may stand before and between them. */
function withoutComments(sql: SqlText, part: StatementPart): string {
  return sql.text.slice(part.start, part.end).replace(/^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '');
}

/** `AS $$ .. $$ LANGUAGE x`, `DO $$ .. $$`. */
function quotedBody(sql: SqlText, part: StatementPart, tokens: readonly Token[], dialect: Dialect): RoutineBody | null {
  const isDo = tokens[0]?.word === 'DO';
  const quoted = tokens.find((token, i) => token.kind === 'string' && (isDo ? tokens[i - 1]?.word !== 'LANGUAGE' : tokens[i - 1]?.word === 'AS'));
  if (!quoted) return null;
  const language = languageOf(sql, tokens) ?? (isDo ? 'plpgsql' : 'sql');
  const mark = /^(?:\$\w*\$|[eE]?')/.exec(sql.text.slice(quoted.start, quoted.end))?.[0];
  if (!mark) return null;
  const start = quoted.start + mark.length, end = quoted.end - (quoted.closed ? (mark.startsWith('$') ? mark.length : 1) : 0);
  if (language === 'other') return { start, end, language, statements: [] };
  // In a body between single quotes every quote is doubled.
  const text = mark.startsWith('$') ? sql.text.slice(start, end) : undoubled(sql.text.slice(start, end));
  const body: SqlText = { ...sql, text: sql.text.slice(0, start) + text + sql.text.slice(end) };
  const statements = language === 'sql' ? plainStatements(body, start, end, dialect) : proceduralStatements(body, start, end, dialect);
  return { start, end, language, statements: statements.map((statement) => withText(statement, sql, body, part)) };
}

function languageOf(sql: SqlText, tokens: readonly Token[]): RoutineBody['language'] | null {
  const at = tokens.findIndex(({ word }) => word === 'LANGUAGE');
  const named = at < 0 ? undefined : tokens[at + 1];
  if (!named) return null;
  const name = sql.text.slice(named.start, named.end).replace(/['"]/g, '').toLowerCase();
  return name === 'sql' || name === 'plpgsql' ? name : 'other';
}

/** `''x''` as `' x' `: as long as before. */
function undoubled(text: string): string {
  let opening = false;
  return text.replaceAll("''", () => ((opening = !opening) ? " '" : "' "));
}

function withText(statement: StatementPart, sql: SqlText, body: SqlText, part: StatementPart): StatementPart {
  const text = statement.text ?? body.text.slice(statement.start, statement.end);
  const comments = statement.comments.filter(({ start, end }) => start >= part.start && end <= part.end);
  return { ...statement, comments, text: text === sql.text.slice(statement.start, statement.end) ? undefined : text };
}

/** `BEGIN .. END` and `BEGIN ATOMIC .. END`, or the one statement of a MySQL trigger or procedure. */
function compoundBody(sql: SqlText, part: StatementPart, tokens: readonly Token[], dialect: Dialect): RoutineBody | null {
  const begin = tokens.findIndex(({ word }) => word === 'BEGIN');
  if (begin >= 0) {
    const start = tokens[begin + 1]?.word === 'ATOMIC' ? tokens[begin + 1]!.end : tokens[begin]!.end;
    const last = tokens.findLast(({ word }) => word === 'END'), end = last && last.start > start ? last.start : part.end;
    return { start, end, language: 'plpgsql', statements: proceduralStatements(sql, start, end, dialect) };
  }
  if (dialect !== 'mysql' && dialect !== 'mariadb') return null;
  const row = tokens.findIndex((token, i) => token.word === 'ROW' && tokens[i - 1]?.word === 'EACH');
  const first = tokens.find((token, i) => i > row && QUERY.has(token.word) && (row >= 0 || tokens[i - 1]?.word === ')'));
  if (!first || (row < 0 && tokens.some(({ word }) => word === 'TRIGGER'))) return null;
  return { start: first.start, end: part.end, language: 'plpgsql', statements: proceduralStatements(sql, first.start, part.end, dialect) };
}

function plainStatements(sql: SqlText, start: number, end: number, dialect: Dialect): StatementPart[] {
  return splitStatements(slice(sql, start, end), dialect).map((statement) => ({
    ...statement, start: statement.start + start, end: statement.end + start,
    comments: statement.comments.map((comment) => ({ start: comment.start + start, end: comment.end + start })),
  }));
}

// ---------------------------------------------------------------------------------------------- procedures

const QUERY = new Set(['SELECT', 'WITH', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'REPLACE', 'TRUNCATE', 'VALUES']);
/** Words behind which another statement starts. */
const OPENERS = new Set(['BEGIN', 'THEN', 'ELSE', 'LOOP', 'DECLARE', 'EXCEPTION', 'DO', 'REPEAT']);
const CONDITIONS = new Set(['IF', 'ELSIF', 'ELSEIF', 'WHILE', 'WHEN', 'UNTIL', 'CASE', 'ASSERT']);

/** The queries of a procedural body, in order. */
function proceduralStatements(sql: SqlText, start: number, end: number, dialect: Dialect): StatementPart[] {
  const all = tokenize(sql.text, dialect, sql.holes, start, end);
  const tokens = all.filter(({ kind }) => kind !== 'comment');
  const comments: SqlComment[] = all.filter(({ kind }) => kind === 'comment').map((token) => ({ start: token.start, end: token.end }));
  const found: StatementPart[] = [];
  let at = 0, previousEnd = start;

  /** Takes the words from token `from` up to token `to` as one statement; `lead` is put in front of them, over what stands there. */
  const take = (from: number, to: number, lead = ''): void => {
    const first = tokens[from], last = tokens[to - 1];
    if (!first || !last || to <= from) return;
    const begins = first.start - lead.length;
    if (begins < 0) return;
    const text = lead + withoutTargets(sql.text.slice(first.start, last.end), tokens.slice(from, to), first.start);
    found.push({ start: begins, end: last.end, comments: comments.filter((comment) => comment.start >= previousEnd && comment.end <= last.end), text });
    previousEnd = last.end;
  };
  /** An expression that holds a query is read as `SELECT expression`. */
  const takeExpression = (from: number, to: number): void => {
    if (tokens.slice(from, to).some(({ word }) => word === 'SELECT')) take(from, to, 'SELECT ');
  };
  /** The first token from `from` on, outside of parentheses and CASE .. END, that the test takes; else the end. */
  const until = (from: number, test: (token: Token) => boolean): number => {
    let depth = 0, cases = 0;
    for (let i = from; i < tokens.length; i++) {
      const token = tokens[i]!;
      if (token.word === '(') depth++;
      else if (token.word === ')') depth--;
      else if (token.word === ';') return i;
      if (depth <= 0 && cases === 0 && test(token)) return i;
      if (token.word === 'CASE') cases++;
      else if (token.word === 'END' && cases > 0) cases--;
    }
    return tokens.length;
  };

  while (at < tokens.length) {
    const { word } = tokens[at]!, next = tokens[at + 1]?.word;
    if (QUERY.has(word) || word === '(') {
      const stop = until(at, (token) => token.word === 'LOOP');
      take(at, stop);
      at = stop + 1;
    } else if (word === 'PERFORM') {
      const stop = until(at, () => false);
      take(at + 1, stop, 'SELECT ');
      at = stop + 1;
    } else if (word === 'RETURN' && next === 'QUERY' && tokens[at + 2]?.word !== 'EXECUTE') {
      const stop = until(at + 2, () => false);
      take(at + 2, stop);
      at = stop + 1;
    } else if (word === 'FOR' || word === 'OPEN') {
      // `FOR r IN query LOOP`, `OPEN c FOR query`.
      const introducer = word === 'FOR' ? 'IN' : 'FOR';
      const opens = until(at, (token) => token.word === introducer), stop = until(opens, (token) => token.word === 'LOOP');
      const query = tokens[opens + 1]?.word === '(' || QUERY.has(tokens[opens + 1]?.word ?? '') ? opens + 1 : null;
      if (query !== null) take(query, stop);
      at = stop + 1;
    } else if (CONDITIONS.has(word)) {
      const stop = until(at + 1, (token) => token.word === 'THEN' || token.word === 'LOOP' || token.word === 'DO' || token.word === 'WHEN' || token.word === 'END');
      takeExpression(at + 1, stop);
      at = tokens[stop]?.word === 'WHEN' ? stop : stop + 1;
    } else if (word === 'RETURN' || word === 'SET') {
      const stop = until(at, () => false), equals = word === 'SET' ? until(at, (token) => token.word === '=' || token.word === ':=') + 1 : at + 1;
      takeExpression(Math.min(equals, stop), stop);
      at = stop + 1;
    } else if (OPENERS.has(word)) at++;
    else if (word === 'END') {
      // `END IF;`, `END LOOP label;`, and the END of a block.
      at = until(at, () => false) + 1;
    } else {
      // `x := (SELECT ..);`, `c CURSOR FOR SELECT ..;`, `DECLARE x int DEFAULT (..);`, and what holds no query.
      const stop = until(at, () => false), value = until(at, (token) => token.word === ':=' || token.word === '=' || token.word === 'DEFAULT');
      const cursor = until(at, (token) => token.word === 'FOR');
      if (value < stop) takeExpression(value + 1, stop);
      else if (cursor < stop && QUERY.has(tokens[cursor + 1]?.word ?? '')) take(cursor + 1, stop);
      at = stop + 1;
    }
  }
  return found;
}

/** A query's words with `INTO [STRICT] variable, ..` blanked out. */
function withoutTargets(text: string, tokens: readonly Token[], offset: number): string {
  let result = text, depth = 0;
  for (let i = 0; i < tokens.length; i++) {
    const { word } = tokens[i]!;
    if (word === '(') depth++;
    else if (word === ')') depth--;
    if (word !== 'INTO' || depth > 0 || /^(?:INSERT|MERGE|REPLACE|IGNORE)$/.test(tokens[i - 1]?.word ?? '')) continue;
    // A name, its fields and subscripts, and more of them behind commas.
    let last = tokens[i + 1]?.word === 'STRICT' ? i + 2 : i + 1;
    for (;;) {
      while (tokens[last + 1]?.word === '.') last += 2;
      if (tokens[last + 1]?.word === '[') while (last + 1 < tokens.length && tokens[last]?.word !== ']') last++;
      if (tokens[last + 1]?.word !== ',') break;
      last += 2;
    }
    const from = tokens[i]!.start - offset, to = (tokens[Math.min(last, tokens.length - 1)]!).end - offset;
    result = result.slice(0, from) + result.slice(from, to).replace(/\S/g, ' ') + result.slice(to);
    i = last;
  }
  return result;
}

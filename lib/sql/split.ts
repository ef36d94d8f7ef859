/**
 * Statements of a SQL text, found in one linear pass of the lexer.
 *
 * Besides `;` it knows what stands in real `.sql` files: psql's meta commands and COPY data (PostgreSQL, "psql" and "COPY"),
 * MySQL's DELIMITER (mysql client commands), T-SQL's GO, compound bodies of triggers and routines, and files of named queries
 * that are separated by comments alone (`-- BLOCK name`, sqlc's `-- name: X :many`, pgtyped's `@name X`).
 */
import type { Dialect } from '../manifest/catalog.js';
import { Lexer, type Token } from './lexer.js';
import type { Hole, SqlText } from './sql-text.js';

/** A comment, its delimiters included. */
export interface SqlComment {
  readonly start: number;
  readonly end: number;
}

/** One statement of a SQL text: its offsets without surrounding white space and without the final `;`. */
export interface StatementPart {
  readonly start: number;
  readonly end: number;
  /** Comments before the statement (back to the previous one), inside it, and behind its `;` on the same line, in order. */
  readonly comments: readonly SqlComment[];
  /**
   * The statement's words where they differ from the text's (`PERFORM` of a routine's body reads as `SELECT `);
   * exactly `end - start` long. Absent: the text's own.
   */
  readonly text?: string;
}

/** A comment that starts a named query, or a migration tool's mark between statements (Drizzle, goose, sql-migrate, dbmate); what stands before it is another statement. */
const NAMED_QUERY = /^--> statement-breakpoint|^--\s*\+(?:goose|migrate)\s+\w|^--\s*migrate:(?:up|down)\b|^--\s*(?:BLOCK\s+\w|name\s*:\s*\w)|^\/\*+\s*(?:\*\s*)?@name\s+\w/i;
const ROUTINE_KINDS = new Set(['TRIGGER', 'PROCEDURE', 'FUNCTION', 'EVENT']);
const OTHER_KINDS = new Set(['TABLE', 'VIEW', 'INDEX', 'SCHEMA', 'DATABASE', 'TYPE', 'DOMAIN', 'SEQUENCE', 'EXTENSION', 'POLICY', 'ROLE', 'USER', 'RULE']);
/** Commands of the mysql client that the end of a line ends (MySQL, "mysql Client Commands"). */
const CLIENT_COMMANDS = new Set(['SOURCE', 'USE', 'WARNINGS', 'NOWARNING', 'TEE', 'NOTEE', 'PAGER', 'NOPAGER', 'PROMPT', 'REHASH', 'SYSTEM', 'CHARSET']);
/** END IF, END LOOP, .. close what no BEGIN has opened. */
const NAMED_END = new Set(['IF', 'LOOP', 'WHILE', 'REPEAT', 'FOR']);

/** How deep the words of a CREATE TRIGGER, PROCEDURE, .. stand in BEGIN .. END, where `;` ends no statement. */
class CompoundBody {
  depth = 0;
  #state: 'start' | 'create' | 'routine' | 'other' = 'start';
  #previous = '';
  #ending = false;
  /** PostgreSQL's bodies are strings, but for BEGIN ATOMIC (CREATE FUNCTION, "sql_body"). */
  readonly #onlyAtomic: boolean;

  constructor(onlyAtomic: boolean) {
    this.#onlyAtomic = onlyAtomic;
  }

  follow(word: string): void {
    const previous = this.#previous;
    this.#previous = word;
    if (this.#state === 'start') this.#state = word === 'CREATE' ? 'create' : 'other';
    else if (this.#state === 'create' && ROUTINE_KINDS.has(word)) this.#state = 'routine';
    else if (this.#state === 'create' && OTHER_KINDS.has(word)) this.#state = 'other';
    if (this.#state !== 'routine') return;
    if (this.#ending) {
      this.#ending = false;
      if (!NAMED_END.has(word)) this.depth--;
      if (word === 'CASE') return;
    }
    if (word === 'END') this.#ending = this.depth > 0;
    else if (word === 'CASE') this.depth += this.depth > 0 ? 1 : 0;
    else if (this.#onlyAtomic ? word === 'ATOMIC' && previous === 'BEGIN' : word === 'BEGIN') this.depth++;
  }
}

/**
 * Splits a text into its statements. Never throws; an unterminated quote or comment reaches to the end of the text.
 * Statements come in the order of the text and do not overlap.
 */
export function splitStatements(sql: SqlText, dialect: Dialect): StatementPart[] {
  return splitRange(sql.text, [...sql.holes].sort((a, b) => a.start - b.start), dialect, 0, sql.text.length);
}

/** The statements of a text between two offsets; `holes` are sorted. */
export function splitRange(text: string, holes: readonly Hole[], dialect: Dialect, from: number, to: number): StatementPart[] {
  const lexer = new Lexer(text, dialect, holes, from, to);
  const parts: StatementPart[] = [];
  const mysql = dialect === 'mysql' || dialect === 'mariadb';

  let first: Token | null = null, last: Token | null = null;
  let comments: SqlComment[] = [];
  /** Behind the `;` that ended the last statement; 0 where something else did. */
  let separator = 0;
  let parentheses = 0, delimiter = ';', compoundBodies = true, copies: 'no' | 'copy' | 'from' | 'stdin' = 'no', dataEnds = true;
  let body = new CompoundBody(dialect === 'postgresql');
  /** Where the first `;` inside a compound body stands, to start again from if the body never ends. */
  let inner: { semicolon: number; last: Token; comments: number } | null = null;

  const finish = (end = 0): void => {
    if (first && last) parts.push({ start: first.start, end: last.end, comments });
    if (first) comments = [];
    separator = end;
    first = last = inner = null;
    parentheses = 0;
    copies = 'no';
    body = new CompoundBody(dialect === 'postgresql');
  };
  const lineEnd = (offset: number): number => {
    const newline = text.indexOf('\n', offset);
    return newline < 0 ? to : Math.min(newline, to);
  };
  /** A comment on the line of the last statement's `;` speaks of that statement. */
  const trails = (comment: Token): boolean => {
    return !first && separator > 0 && parts.length > 0 && comments.length === 0 && !text.slice(separator, comment.start).includes('\n');
  };

  for (;;) {
    const token = lexer.next();
    if (!token) {
      // What an END at the very end closes is known only now.
      body.follow(';');
      const unfinished = inner as { semicolon: number; last: Token; comments: number } | null;
      if (body.depth > 0 && unfinished) {
        // The body never ends: read it as statements of its own, here and in the rest of the text.
        compoundBodies = false;
        last = unfinished.last;
        comments = comments.slice(0, unfinished.comments);
        lexer.seek(unfinished.semicolon + 1);
        finish();
        continue;
      }
      finish();
      return parts;
    }
    if (token.kind === 'comment') {
      if (trails(token)) {
        const part = parts.pop()!;
        parts.push({ ...part, comments: [...part.comments, { start: token.start, end: token.end }] });
        continue;
      }
      if (first && parentheses === 0 && body.depth === 0 && NAMED_QUERY.test(text.slice(token.start, token.start + 200))) finish();
      comments.push({ start: token.start, end: token.end });
      continue;
    }
    if (delimiter !== ';') {
      const at = text.slice(token.start, token.end).indexOf(delimiter);
      const whole = token.kind === 'symbol' && text.startsWith(delimiter, token.start);
      if (whole || (token.kind === 'word' && at >= 0)) {
        if (!whole && at > 0) {
          const before: Token = { ...token, end: token.start + at, word: token.word.slice(0, at) };
          first ??= before;
          last = before;
        }
        const end = token.start + (whole ? 0 : at) + delimiter.length;
        lexer.seek(end);
        finish(end);
        continue;
      }
    } else if (token.word === ';') {
      body.follow(';');
      if (body.depth > 0 && compoundBodies && last) {
        inner ??= { semicolon: token.start, last, comments: comments.length };
        last = token;
        continue;
      }
      const data = copies === 'stdin';
      finish(token.end);
      if (data) {
        // Where no data ends behind one COPY, none does behind a later one.
        const end: number = dataEnds ? text.indexOf('\n\\.', token.end) : -1;
        dataEnds = end >= 0;
        if (dataEnds) lexer.seek(lineEnd(end + 1));
      }
      continue;
    }
    if (token.word === '\\' && (!first || /[A-Za-z]/.test(text[token.end] ?? ''))) {
      finish();
      lexer.seek(lineEnd(token.start));
      continue;
    }
    if (!first) {
      if (token.word === '.' && dialect === 'sqlite') {
        lexer.seek(lineEnd(token.start));
        continue;
      }
      if (mysql && token.word === 'DELIMITER') {
        const end = lineEnd(token.end);
        delimiter = text.slice(token.end, end).trim() || ';';
        lexer.seek(end);
        continue;
      }
      if (mysql && delimiter === ';' && CLIENT_COMMANDS.has(token.word) && isCommand(text.slice(token.start, lineEnd(token.end)))) {
        lexer.seek(lineEnd(token.end));
        continue;
      }
      if (token.word === 'COPY') copies = 'copy';
    } else if (copies !== 'no' && token.kind === 'word') {
      if (token.word === 'FROM') copies = 'from';
      else if (copies === 'from') copies = token.word === 'STDIN' ? 'stdin' : copies;
    }
    if (token.word === 'GO' && parentheses === 0 && body.depth === 0 && isAlone(text, token)) {
      finish();
      continue;
    }
    if (token.word === '(') parentheses++;
    else if (token.word === ')') parentheses = Math.max(0, parentheses - 1);
    if (delimiter === ';' && compoundBodies) body.follow(token.kind === 'word' ? token.word : '');
    first ??= token;
    last = token;
  }
}

/** Is a line a command of the mysql client and its argument, without the `;` of a statement? */
function isCommand(line: string): boolean {
  return /^\w+(?:[ \t]+[^\s;]+)?[ \t]*\r?$/.test(line);
}

/** Is a token the only thing on its line? */
function isAlone(text: string, token: Token): boolean {
  const lineStart = text.lastIndexOf('\n', token.start - 1) + 1;
  const newline = text.indexOf('\n', token.end);
  return text.slice(lineStart, newline < 0 ? text.length : newline).trim().toUpperCase() === 'GO';
}

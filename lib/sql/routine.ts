/**
 * Queries inside routines: functions, procedures, triggers, events and DO blocks.
 *
 * PostgreSQL hides them in a string (PL/pgSQL: PostgreSQL 18, chapter 41; SQL functions: 36.5) or behind BEGIN ATOMIC, MySQL and SQLite behind BEGIN
 * or FOR EACH ROW (MySQL 9, "Compound Statement Syntax"; SQLite, "CREATE TRIGGER"). The statements are found by their keywords, and rewritten at
 * the same length where a routine says more than SQL does (`PERFORM`, `INTO variable`), so that every offset stays that of the file.
 */
import type { Dialect } from '../manifest/catalog.js';
import { type Token, tokenize } from './lexer.js';
import { blanks } from './draft.js';
import { splitRange, type SqlComment, type StatementPart } from './split.js';
import { type Hole, holesIn, type SqlText } from './sql-text.js';

/** What CREATE FUNCTION, CREATE PROCEDURE, CREATE TRIGGER, DO, ... hold between their quotes or BEGIN and END. */
export interface RoutineBody {
  /** The body's characters, without its quotes. */
  readonly start: number;
  readonly end: number;
  /** `plpgsql` stands for every procedural dialect of SQL. */
  readonly language: 'sql' | 'plpgsql' | 'other';
  /** The SQL statements of the body, ready for `parseStatement`; empty where the language is another one. */
  readonly statements: readonly StatementPart[];
}

const QUERY_START = /^(?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|VALUES|REPLACE|TABLE)$/;
const DEFINITION_START = /^(?:CREATE|ALTER|DROP|TRUNCATE|REFRESH|COMMENT|GRANT|REVOKE|COPY|LOCK|ANALYZE|VACUUM)$/;
/** Written in front of an expression to make a statement of it. */
const LEAD = 'SELECT ';
/** Words that take a list of names or nothing: they are not variables of INTO. */
const AFTER_INTO = /^(?:FROM|WHERE|GROUP|HAVING|ORDER|LIMIT|OFFSET|UNION|INTERSECT|EXCEPT|FOR|USING|RETURNING|FETCH|WINDOW|CASE|NOT|EXISTS|COALESCE|COUNT|DISTINCT|ARRAY|ROW)$/;

/**
 * The body of the routine that a statement defines, or null where it defines none. SQL's `RETURN expression` is no body: the parser reads it.
 * Never throws.
 */
export function routineBody(sql: SqlText, part: StatementPart, dialect: Dialect): RoutineBody | null {
  if (!/^(?:\s|--[^\n]*\n)*(?:create|alter|do)\b/i.test(sql.text.slice(part.start, part.start + 400))) return null;
  const holes = holesIn(sql, part.start, part.end);
  const tokens = tokenize(sql.text, dialect, holes, part.start, part.end).filter((token) => token.kind !== 'comment');
  const kind = kindOf(tokens);
  if (!kind) return null;
  return dialect === 'postgresql' ? inPostgres(sql.text, holes, tokens, kind.at) : inCompound(sql.text, holes, tokens, kind, dialect);
}

/** Which kind of routine is it, and where is that word? */
function kindOf(tokens: readonly Token[]): { word: string; at: number } | null {
  if (tokens[0]?.word === 'DO') return { word: 'DO', at: 0 };
  if (tokens[0]?.word !== 'CREATE') return null;
  for (let i = 1; i < Math.min(tokens.length, 14); i++) {
    const { word } = tokens[i]!;
    if (word === 'FUNCTION' || word === 'PROCEDURE' || word === 'TRIGGER' || word === 'EVENT') return { word, at: i };
    if (/^(?:TABLE|VIEW|INDEX|SCHEMA|DATABASE|TYPE|DOMAIN|SEQUENCE|POLICY|ROLE|USER|RULE|\()$/.test(word)) return null;
  }
  return null;
}

function inPostgres(text: string, holes: readonly Hole[], tokens: readonly Token[], at: number): RoutineBody | null {
  let language = tokens[at]!.word === 'DO' ? 'plpgsql' : '';
  let string: Token | undefined;
  let depth = 0;
  for (let i = at + 1; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.word === '(') depth++;
    else if (token.word === ')') depth--;
    if (depth !== 0) continue;
    if (token.word === 'LANGUAGE') {
      const name = tokens[i + 1];
      if (name) language = text.slice(name.start, name.end).replace(/['"]/g, '').toLowerCase();
    } else if (token.kind === 'string' && !string && (tokens[i - 1]!.word === 'AS' || tokens[at]!.word === 'DO')) string = token;
    else if (token.word === 'ATOMIC' && tokens[i - 1]!.word === 'BEGIN') {
      const end = tokens.at(-1)!.word === 'END' ? tokens.at(-1)!.start : tokens.at(-1)!.end;
      return { start: token.end, end, language: 'sql', statements: splitRange(text, holes, 'postgresql', token.end, end) };
    }
  }
  if (!string || !string.closed) return null;
  const words = text.slice(string.start, string.end);
  const tag = /^\$[^$]*\$/.exec(words)?.[0];
  const open = tag ? tag.length : words.indexOf("'") + 1;
  const start = string.start + open, end = string.end - (tag ? tag.length : 1);
  if (language !== 'sql' && language !== 'plpgsql') return { start, end, language: 'other', statements: [] };
  const inner = text.slice(start, end);
  const quoted = !tag && inner.includes("''");
  const body = quoted ? unquote(inner) : inner;
  if (language === 'sql') {
    const shown = quoted ? text.slice(0, start) + body + text.slice(end) : text;
    const statements = splitRange(shown, holes, 'postgresql', start, end);
    return { start, end, language, statements: quoted ? statements.map((statement) => ({ ...statement, text: shown.slice(statement.start, statement.end) })) : statements };
  }
  return { start, end, language, statements: new Body(quoted ? body : text, quoted ? start : 0, holes, 'postgresql', start, end).statements() };
}

/** A body between `'` and `'` with its doubled quotes as single ones beside a blank: `''a''` as ` 'a' `. */
function unquote(body: string): string {
  let result = '', inside = false;
  for (let i = 0; i < body.length;) {
    if (!inside && body.startsWith('--', i)) {
      const newline = body.indexOf('\n', i);
      const end = newline < 0 ? body.length : newline;
      result += body.slice(i, end).replaceAll("''", "' ");
      i = end;
    } else if (!body.startsWith("''", i)) result += body[i++];
    else if (inside && body.startsWith("''''", i)) {
      result += "''  ";
      i += 4;
    } else {
      result += inside ? "' " : " '";
      inside = !inside;
      i += 2;
    }
  }
  return result;
}

/** A trigger, procedure, function or event of MySQL or SQLite. */
function inCompound(text: string, holes: readonly Hole[], tokens: readonly Token[], kind: { word: string; at: number }, dialect: Dialect): RoutineBody | null {
  let depth = 0;
  for (let i = kind.at + 1; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.word === '(') depth++;
    else if (token.word === ')') depth--;
    if (depth !== 0) continue;
    const last = tokens.at(-1)!;
    if (token.word === 'BEGIN') return { start: token.end, end: last.end, language: 'plpgsql', statements: new Body(text, 0, holes, dialect, token.start, last.end).statements() };
    // FOR EACH ROW statement; CREATE PROCEDURE p() statement; ON SCHEDULE .. DO statement. UPDATE of a trigger's event stands before ON.
    const starts = kind.word === 'TRIGGER' ? tokens[i - 1]!.word === 'ROW' : kind.word === 'EVENT' ? tokens[i - 1]!.word === 'DO' : i > kind.at + 3 && (QUERY_START.test(token.word) || token.word === 'RETURN' || token.word === 'SET' || token.word === 'IF');
    if (starts && token.word !== 'FOLLOWS' && token.word !== 'PRECEDES' && token.word !== 'WHEN') {
      return { start: token.start, end: last.end, language: 'plpgsql', statements: new Body(text, 0, holes, dialect, token.start, last.end).statements() };
    }
  }
  return null;
}

/** The statements of procedural code between two offsets. */
class Body {
  readonly #tokens: readonly Token[];
  readonly #comments: readonly SqlComment[];
  readonly #text: string;
  readonly #base: number;
  readonly #rewritten: boolean;
  readonly #parts: StatementPart[] = [];
  readonly #postgres: boolean;
  #comment = 0;

  /** `text` begins at offset `base` of the file (0 and the whole text, or the rewritten body alone). */
  constructor(text: string, base: number, holes: readonly Hole[], dialect: Dialect, start: number, end: number) {
    this.#text = text;
    this.#base = base;
    this.#rewritten = base > 0;
    this.#postgres = dialect === 'postgresql';
    const shifted = base ? holes.map((hole) => ({ ...hole, start: hole.start - base, end: hole.end - base })) : holes;
    const all = tokenize(text, dialect, shifted, start - base, end - base);
    this.#tokens = all.filter((token) => token.kind !== 'comment');
    this.#comments = all.filter((token) => token.kind === 'comment').map((token) => ({ start: token.start + base, end: token.end + base }));
  }

  statements(): StatementPart[] {
    let i = 0;
    while (i < this.#tokens.length) i = Math.max(i + 1, this.#statement(i));
    return this.#parts;
  }

  #word(index: number): string {
    return this.#tokens[index]?.word ?? '';
  }

  /** The index of the first of some words from `index` on outside parentheses (and CASE expressions); the number of tokens where there is none. */
  #find(index: number, ...words: string[]): number {
    let depth = 0, cases = 0;
    for (let i = index; i < this.#tokens.length; i++) {
      const word = this.#word(i);
      if (depth === 0 && cases === 0 && words.includes(word)) return i;
      if (word === '(') depth++;
      else if (word === ')') depth = Math.max(0, depth - 1);
      else if (word === 'CASE') cases++;
      else if (word === 'END' && cases > 0) cases--;
      else if (word === ';') return i;
    }
    return this.#tokens.length;
  }

  /** Reads what starts at a token; gives the index behind it. */
  #statement(i: number): number {
    const word = this.#word(i);
    if (QUERY_START.test(word) || word === 'PERFORM' || (word === '(' && this.#word(i + 1) === 'SELECT')) return this.#query(i, this.#find(i, ';'));
    if (DEFINITION_START.test(word)) return this.#emit(i, this.#find(i, ';'));
    switch (word) {
      case ';': case 'BEGIN': case 'ELSE': case 'LOOP': case 'REPEAT': case 'EXCEPTION': return i + 1;
      case '<<': return i + 3;
      case 'END': return this.#find(i, ';') + 1;
      case 'DECLARE': return this.#postgres ? i + 1 : this.#declaration(i);
      case 'IF': case 'ELSIF': case 'ELSEIF': return this.#condition(i, 'THEN');
      case 'WHEN': return this.#condition(i, 'THEN');
      case 'WHILE': return this.#condition(i, 'LOOP', 'DO');
      case 'UNTIL': return this.#condition(i, 'END');
      case 'CASE': return this.#condition(i, 'WHEN') - 1;
      case 'FOR': case 'FOREACH': {
        const from = this.#find(i, 'IN');
        const to = this.#find(from, 'LOOP', 'DO');
        if (QUERY_START.test(this.#word(from + 1)) || (this.#word(from + 1) === '(' && this.#word(from + 2) === 'SELECT')) this.#query(from + 1, to);
        else this.#inside(from, to);
        return to + 1;
      }
      case 'RETURN': {
        const query = this.#word(i + 1) === 'QUERY' && this.#word(i + 2) !== 'EXECUTE';
        const end = this.#find(i, ';');
        return query ? this.#query(i + 2, end) : this.#expression(i + 1, end);
      }
      case 'OPEN': {
        const end = this.#find(i, ';');
        const from = this.#find(i, 'FOR');
        return from < end && QUERY_START.test(this.#word(from + 1)) ? this.#query(from + 1, end) : this.#inside(i, end);
      }
      default: return this.#declaration(i);
    }
  }

  /** The condition behind IF, WHEN, ..: its queries; gives the index behind the word that ends it. */
  #condition(i: number, ...ends: string[]): number {
    const end = this.#find(i + 1, ...ends);
    this.#expression(i + 1, end);
    return end + 1;
  }

  /** An expression that holds a query becomes `SELECT expression`, SELECT written over what stands before it. */
  #expression(from: number, to: number): number {
    const first = this.#tokens[from], last = this.#tokens[to - 1];
    if (!first || !last || !this.#tokens.slice(from, to).some((token) => token.word === 'SELECT' || (this.#postgres && token.word === 'FROM'))) return to;
    if (first.start < LEAD.length) return this.#inside(from, to);
    this.#push(first.start - LEAD.length, last.end, LEAD + this.#text.slice(first.start, last.end));
    return to;
  }

  /** A declaration, an assignment, or any other statement: the query of a cursor, or the queries in parentheses. */
  #declaration(i: number): number {
    const end = this.#find(i, ';', 'BEGIN');
    const cursor = this.#find(i, 'CURSOR');
    if (cursor < end) {
      const from = this.#find(cursor, 'FOR', 'IS');
      if (from < end && QUERY_START.test(this.#word(from + 1))) return this.#query(from + 1, end);
    }
    // v := count(*) FROM t WHERE ..; SET a = (SELECT ..); b int DEFAULT (SELECT ..)
    const value = this.#find(i, ':=', '=', 'DEFAULT');
    if (value < end) return this.#expression(value + 1, end);
    return this.#inside(i, end);
  }

  /** Emits the outermost queries in parentheses between two tokens. */
  #inside(from: number, to: number): number {
    for (let i = from; i < to; i++) {
      if (this.#word(i) !== '(' || !(this.#word(i + 1) === 'SELECT' || (this.#word(i + 1) === 'WITH' && this.#tokens[i + 2]?.kind !== 'symbol'))) continue;
      let depth = 0, close = i;
      for (; close < to; close++) {
        if (this.#word(close) === '(') depth++;
        else if (this.#word(close) === ')' && --depth === 0) break;
      }
      if (close < to && close > i + 1) this.#emit(i + 1, close);
      i = close;
    }
    return to;
  }

  /** Emits a query without what makes it a statement of the routine. */
  #query(from: number, to: number): number {
    const first = this.#tokens[from], last = this.#tokens[to - 1];
    if (!first || !last || from >= to) return to;
    let words = this.#text.slice(first.start, last.end);
    const write = (start: number, end: number, text: string): void => {
      words = words.slice(0, start - first.start) + text + words.slice(end - first.start);
    };
    if (first.word === 'PERFORM') write(first.start, first.end, 'SELECT ');
    let depth = 0;
    for (let i = from; i < to; i++) {
      const word = this.#word(i);
      if (word === '(') depth++;
      else if (word === ')') depth--;
      if (word !== 'INTO' || depth !== 0 || /^(?:INSERT|MERGE|REPLACE|IGNORE|LOW_PRIORITY|DELAYED|HIGH_PRIORITY)$/.test(this.#word(i - 1))) continue;
      const end = this.#variables(i + 1, to);
      if (end > i + 1) write(this.#tokens[i]!.start, this.#tokens[end - 1]!.end, blanks(this.#text.slice(this.#tokens[i]!.start, this.#tokens[end - 1]!.end)));
      i = end - 1;
    }
    this.#push(first.start, last.end, words);
    return to;
  }

  /** The index behind INTO's variables: `STRICT a, b.c, d[1]`. */
  #variables(from: number, to: number): number {
    let i = this.#word(from) === 'STRICT' ? from + 1 : from;
    for (;;) {
      const token = this.#tokens[i];
      if (i >= to || !token || (token.kind !== 'word' && token.kind !== 'name' && token.kind !== 'placeholder') || AFTER_INTO.test(token.word)) return i;
      i++;
      while (i < to && (this.#word(i) === '.' || this.#word(i) === '[')) {
        if (this.#word(i) === '.') i += 2;
        else i = Math.min(to, this.#tokens.findIndex((other, k) => k > i && other.word === ']') + 1 || to);
      }
      if (this.#word(i) !== ',') return i;
      i++;
    }
  }

  #emit(from: number, to: number): number {
    const first = this.#tokens[from], last = this.#tokens[to - 1];
    if (first && last && from < to) this.#push(first.start, last.end, this.#text.slice(first.start, last.end));
    return to;
  }

  #push(start: number, end: number, words: string): void {
    const comments: SqlComment[] = [];
    while (this.#comment < this.#comments.length && this.#comments[this.#comment]!.start < end + this.#base) comments.push(this.#comments[this.#comment++]!);
    const same = !this.#rewritten && words === this.#text.slice(start, end);
    this.#parts.push({ start: start + this.#base, end: end + this.#base, comments, ...(!same && { text: words }) });
  }
}

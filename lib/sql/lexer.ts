/**
 * Tokens of a SQL text, tolerant of every dialect: one linear pass that never fails, so that splitting, holes, nesting and repairs
 * agree on what is a word, a string or a comment before the parser sees the text.
 *
 * Rules: PostgreSQL 4.1 "Lexical Structure", MySQL 9.1 "Literal Values" and 9.7 "Comments", SQLite "SQL As Understood By SQLite",
 * BigQuery "Lexical structure and syntax".
 */
import type { Dialect } from '../manifest/catalog.js';
import type { Hole } from './sql-text.js';

/**
 * - `word`: an unquoted name or keyword; a word with a hole inside it too
 * - `name`: a quoted identifier
 * - `placeholder`: `$1`, `?`, `:id`, `@id`, `$(ids:csv)`, `{{id}}`, .. and a sigil with a hole (`$${n}`)
 * - `hole`: an interpolation that stands by itself
 */
export type TokenKind = 'word' | 'name' | 'string' | 'number' | 'placeholder' | 'hole' | 'symbol' | 'comment';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** Upper-case letters of a word, characters of a symbol, '' for anything else and for words with a hole in them. */
  readonly word: string;
  /** False where a quote or comment reaches the end of the text without its closing mark. */
  readonly closed: boolean;
}

/** Words after which an operand, not an operator, must follow. */
const BEFORE_OPERAND = new Set((
  'SELECT DISTINCT ALL WHERE AND OR XOR NOT ON IN LIKE ILIKE RLIKE REGEXP GLOB MATCH BETWEEN WHEN THEN ELSE CASE HAVING BY LIMIT OFFSET SET VALUES VALUE '
  + 'RETURNING FROM JOIN INTO UPDATE USING AS IS INTERVAL ANY SOME EXISTS UNION EXCEPT INTERSECT WITH CALL EXECUTE EXEC SIMILAR TO ESCAPE DEFAULT FETCH '
  + 'NEXT TOP DIV MOD AGAINST COLLATE TABLE INSERT DELETE PERFORM RETURN IF ELSEIF ELSIF DO ZONE LATERAL ONLY REPLACE QUALIFY').split(' '));

/** Can an operand end with this token (so that an operator, and no operand, may follow)? */
export function endsOperand(token: Token | undefined): boolean {
  if (!token) return false;
  if (token.kind === 'word') return !BEFORE_OPERAND.has(token.word);
  if (token.kind === 'symbol') return token.word === ')' || token.word === ']';
  return token.kind !== 'comment';
}

const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\u009f\u00a1-\u200a\u200c-\u2027\u202a-\u2fff\u3001-\ufefe\uff00-\uffff]*/y;
const WORD_PART = /[\w$\u0080-\u009f\u00a1-\u200a\u200c-\u2027\u202a-\u2fff\u3001-\ufefe\uff00-\uffff]*/y;
const NUMBER = /0[xX][\da-fA-F_]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
/** Longest first. `?` is decided by context. */
const OPERATOR = /!~~\*|!~\*|!~~|<=>|->>|#>>|\|\|\/|::|:=|=>|->|#>|#-|@>|<@|@@|@\?|\|\||&&|<<|>>|<>|!=|>=|<=|==|~\*|~~\*|~~|!~|-\|-|\*\*|[^\s]/y;
/** Parameters of drivers and query files that are written with a pair of brackets, and `%s`. */
const BRACKETED = /\$\([^()\n]{1,80}\)|\$<[^<>\n]{1,80}>|\$\{[^{}\n]{0,200}\}|\$\/[^/\n]{1,80}\/|\$\[[^[\]\n]{1,80}\]|\{\{[^{}\n]{0,200}\}\}|#\{[^{}\n]{1,80}\}|\{[A-Za-z_][^{}\n]{0,80}\}|%\([A-Za-z_]\w*\)s|%[sdLI](?!\w)/y;
/** Parameters with one sigil. `:...ids` is TypeORM's spread, `:name:` Knex's identifier, `:name!` pgtyped's not-null, `:'name'` psql's variable. */
const SIGILED = /\$\d+|\$[A-Za-z_]\w*|\?\d+|:(?:\.\.\.)?[A-Za-z_]\w*(?:!(?!=)|:(?![:\w]))?|:'\w+'|:"\w+"|:\d+|@@?[A-Za-z_][\w.]*|@`[^`]*`/y;

const backslashed = (dialect: Dialect): boolean => dialect === 'mysql' || dialect === 'mariadb' || dialect === 'bigquery';

/** Reads tokens one by one. */
export class Lexer {
  #position: number;
  readonly #text: string;
  readonly #end: number;
  readonly #holes: readonly Hole[];
  readonly #dialect: Dialect;
  readonly #hashComments: boolean;
  #hole = 0;
  #previous: Token | undefined;
  #brackets = 0;

  /** Reads `text` from `start` to `end`; `holes` are sorted by `start`, in offsets of `text`. */
  constructor(text: string, dialect: Dialect, holes: readonly Hole[] = [], start = 0, end = text.length) {
    this.#text = text;
    this.#dialect = dialect;
    this.#hashComments = backslashed(dialect);
    this.#holes = holes;
    this.#position = start;
    this.#end = end;
  }

  /** Goes on reading elsewhere: behind what is no SQL, or back. */
  seek(position: number): void {
    this.#position = position;
    this.#previous = undefined;
    this.#brackets = this.#hole = 0;
  }

  /** The next token, or null at the end. */
  next(): Token | null {
    const text = this.#text;
    let start = this.#position;
    while (this.#hole < this.#holes.length && this.#holes[this.#hole]!.end <= start) this.#hole++;
    const holeStart = this.#holes[this.#hole]?.start ?? Infinity;
    while (start < this.#end && start < holeStart && isSpace(text.charCodeAt(start))) start++;
    if (start >= this.#end) {
      this.#position = this.#end;
      return null;
    }
    const token = this.#read(start, holeStart);
    this.#position = token.end;
    if (token.kind !== 'comment') this.#previous = token;
    return token;
  }

  #read(start: number, holeStart: number): Token {
    const text = this.#text;
    if (start >= holeStart) return this.#hole_(start);
    const char = text[start]!;
    const code = text.charCodeAt(start);
    if (isWordStart(code)) return this.#word(start);
    if (code >= 48 && code <= 57 || (code === 46 && isDigit(text.charCodeAt(start + 1)) && !endsOperand(this.#adjacent(start)))) {
      return this.#matched(NUMBER, 'number', start)!;
    }
    switch (char) {
      // No operator starts with one of these.
      case ',': case ';': case '(': case ')': return { kind: 'symbol', start, end: start + 1, word: char, closed: true };
      case "'": return this.#quoted(start, start, "'", 'string', backslashed(this.#dialect));
      case '"': {
        const string = backslashed(this.#dialect);
        return this.#quoted(start, start, '"', string ? 'string' : 'name', string);
      }
      case '`': return this.#quoted(start, start, '`', 'name', false);
      case '-': if (text[start + 1] === '-' && this.#dashesComment(start)) return this.#lineComment(start); break;
      case '#': {
        const parameter = text[start + 1] === '{' ? this.#matched(BRACKETED, 'placeholder', start) : null;
        if (parameter) return parameter;
        if (this.#hashComments) return this.#lineComment(start);
        break;
      }
      case '/': if (text[start + 1] === '*') return this.#blockComment(start); break;
      case '[': {
        const name = this.#bracketedName(start);
        if (name) return name;
        this.#brackets++;
        break;
      }
      case ']': this.#brackets = Math.max(0, this.#brackets - 1); break;
      case '?': case ':': case '@': case '$': case '{': case '%': {
        const parameter = this.#parameter(start, char, holeStart);
        if (parameter) return parameter;
        break;
      }
      default:
    }
    OPERATOR.lastIndex = start;
    let end = start + (OPERATOR.exec(text)?.[0].length ?? 1);
    // An operator never swallows the start of a comment or of a hole.
    for (let i = start + 1; i < end; i++) if (i >= holeStart || (text[i] === '/' && text[i + 1] === '*') || (text[i] === '-' && text[i + 1] === '-')) end = i;
    return { kind: 'symbol', start, end, word: text.slice(start, end), closed: true };
  }

  /** The previous token where nothing stands between. */
  #adjacent(start: number): Token | undefined {
    return this.#previous?.end === start ? this.#previous : undefined;
  }

  #matched(pattern: RegExp, kind: TokenKind, start: number): Token | null {
    pattern.lastIndex = start;
    return pattern.test(this.#text) ? { kind, start, end: Math.min(pattern.lastIndex, this.#end), word: '', closed: true } : null;
  }

  /** Where a run of word characters and holes from `position` on ends, and whether it held a hole. */
  #gluedEnd(position: number): { end: number; holes: boolean } {
    let end = position, holes = false, index = this.#hole;
    for (;;) {
      while (index < this.#holes.length && this.#holes[index]!.end <= end) index++;
      const hole = this.#holes[index];
      if (hole && hole.start <= end) {
        end = hole.end;
        holes = true;
        continue;
      }
      WORD_PART.lastIndex = end;
      WORD_PART.test(this.#text);
      const next = Math.min(WORD_PART.lastIndex, hole?.start ?? Infinity, this.#end);
      if (next === end) return { end: Math.min(end, this.#end), holes };
      end = next;
    }
  }

  #hole_(start: number): Token {
    const hole = this.#holes[this.#hole]!;
    const next = this.#text.charCodeAt(hole.end);
    if (hole.end < this.#end && (isWordStart(next) || isDigit(next)) && !(this.#holes[this.#hole + 1]?.start === hole.end)) {
      return { kind: 'word', start, end: this.#gluedEnd(hole.end).end, word: '', closed: true };
    }
    return { kind: 'hole', start, end: Math.min(hole.end, this.#end), word: '', closed: true };
  }

  #word(start: number): Token {
    const text = this.#text;
    // `test` leaves the end in `lastIndex`, and makes neither an array nor a string of it.
    WORD.lastIndex = start;
    WORD.test(text);
    const end = WORD.lastIndex;
    const holeStart = this.#holes[this.#hole]?.start ?? Infinity;
    if (holeStart <= end && !(holeStart === end && (BEFORE_OPERAND.has(text.slice(start, end)) || text.slice(start, end) === 'values'))) {
      const glued = this.#gluedEnd(Math.min(end, holeStart));
      return { kind: 'word', start, end: glued.end, word: '', closed: true };
    }
    const quote = text[end];
    const postgres = this.#dialect === 'postgresql';
    if (quote === "'" && end - start === 1) {
      const prefix = text[start]!.toUpperCase();
      if (prefix === 'E' && postgres) return this.#quoted(start, end, "'", 'string', true);
      if (prefix === 'N' || prefix === 'B' || prefix === 'X') return this.#quoted(start, end, "'", 'string', backslashed(this.#dialect));
      if (prefix === 'R' && this.#dialect === 'bigquery') return this.#quoted(start, end, "'", 'string', false);
    }
    if (postgres && quote === '&' && end - start === 1 && /u/i.test(text[start]!) && (text[end + 1] === "'" || text[end + 1] === '"')) {
      return this.#quoted(start, end + 1, text[end + 1]!, text[end + 1] === "'" ? 'string' : 'name', false);
    }
    return { kind: 'word', start, end: Math.min(end, this.#end), word: text.slice(start, end).toUpperCase(), closed: true };
  }

  /** A quote from `open` on; `start` is where its prefix starts. A doubled quote mark stands for itself. */
  #quoted(start: number, open: number, mark: string, kind: TokenKind, backslashes: boolean): Token {
    const text = this.#text;
    const triple = this.#dialect === 'bigquery' && text.startsWith(mark + mark, open + 1) && mark !== '`';
    let i = open + (triple ? 3 : 1);
    for (;;) {
      const at = text.indexOf(mark, i);
      if (at < 0 || at >= this.#end) break;
      if (backslashes) {
        let before = at - 1;
        while (before >= i && text[before] === '\\') before--;
        if ((at - 1 - before) % 2 === 1) {
          i = at + 1;
          continue;
        }
      }
      if (triple) {
        if (text.startsWith(mark + mark, at + 1)) return { kind, start, end: at + 3, word: '', closed: true };
        i = at + 1;
        continue;
      }
      if (text[at + 1] === mark && at + 1 < this.#end) {
        i = at + 2;
        continue;
      }
      return { kind, start, end: at + 1, word: '', closed: true };
    }
    return { kind, start, end: this.#end, word: '', closed: false };
  }

  /** MySQL wants a blank behind `--` (9.7 "Comments"); Drizzle's `--> statement-breakpoint` is read as the comment that it is meant to be. */
  #dashesComment(start: number): boolean {
    if (this.#dialect !== 'mysql' && this.#dialect !== 'mariadb') return true;
    if (!(this.#text.charCodeAt(start + 2) > 32) || this.#text.startsWith('--> ', start)) return true;
    // `--like this` is two signs to MySQL, but at the start of a line nobody means that.
    const lineStart = this.#text.lastIndexOf('\n', start - 1) + 1;
    return this.#text.slice(Math.max(lineStart, start - 200), start).trim() === '';
  }

  #lineComment(start: number): Token {
    const newline = this.#text.indexOf('\n', start);
    return { kind: 'comment', start, end: newline < 0 ? this.#end : Math.min(newline, this.#end), word: '', closed: true };
  }

  #blockComment(start: number): Token {
    const nests = this.#dialect === 'postgresql';
    let depth = 1, i = start + 2, open = nests ? this.#text.indexOf('/*', i) : -1;
    while (depth > 0) {
      const close = this.#text.indexOf('*/', i);
      if (close < 0 || close + 2 > this.#end) return { kind: 'comment', start, end: this.#end, word: '', closed: false };
      for (; open >= 0 && open < close; open = this.#text.indexOf('/*', open + 2)) depth++;
      depth--;
      i = close + 2;
    }
    return { kind: 'comment', start, end: i, word: '', closed: true };
  }

  /** `[name]` of SQL Server and SQLite, where no array may stand: nothing before it could be subscripted. */
  #bracketedName(start: number): Token | null {
    if (this.#dialect === 'bigquery' || this.#brackets > 0 || endsOperand(this.#previous) && this.#previous!.word !== 'AS') return null;
    return /^\[[A-Za-z_][^[\]\n,'"]{0,127}\]/.test(this.#text.slice(start, start + 130)) ? { kind: 'name', start, end: this.#text.indexOf(']', start) + 1, word: '', closed: true } : null;
  }

  #parameter(start: number, char: string, holeStart: number): Token | null {
    const text = this.#text;
    if (holeStart === start + 1 && (char === '$' || char === ':' || char === '@')) {
      return { kind: 'placeholder', start, end: this.#gluedEnd(holeStart).end, word: '', closed: true };
    }
    if (char === '$' && this.#dialect === 'postgresql') {
      DOLLAR_QUOTE.lastIndex = start;
      const tag = DOLLAR_QUOTE.exec(text)?.[0];
      if (tag) {
        const close = text.indexOf(tag, start + tag.length);
        return close < 0 || close + tag.length > this.#end
          ? { kind: 'string', start, end: this.#end, word: '', closed: false }
          : { kind: 'string', start, end: close + tag.length, word: '', closed: true };
      }
    }
    const operand = endsOperand(this.#previous);
    if (char === '?') {
      if (!operand) {
        const numbered = isDigit(text.charCodeAt(start + 1)) ? this.#matched(SIGILED, 'placeholder', start) : null;
        const end = text[start + 1] === '?' ? start + 2 : numbered?.end ?? start + 1;
        return { kind: 'placeholder', start, end, word: '', closed: true };
      }
      const end = start + (text[start + 1] === '|' || text[start + 1] === '&' || text[start + 1] === '?' ? 2 : 1);
      return { kind: 'symbol', start, end, word: text.slice(start, end), closed: true };
    }
    if (char === ':' && (operand && (this.#brackets > 0 || this.#previous!.end === start) || text[start + 1] === ':' || text[start + 1] === '=')) return null;
    if (char === '%' && operand) return null;
    return this.#matched(BRACKETED, 'placeholder', start) ?? this.#matched(SIGILED, 'placeholder', start);
  }
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || isOddSpace(code);
}

/** Blanks that word processors and web pages leave in SQL. */
function isOddSpace(code: number): boolean {
  return code >= 0xa0 && (code === 0xa0 || code === 0x200b || code === 0x2028 || code === 0x2029 || code === 0x3000 || code === 0xfeff);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 0x80 && !isOddSpace(code));
}

/** All tokens of a text, comments among them. */
export function tokenize(text: string, dialect: Dialect, holes: readonly Hole[] = [], start = 0, end = text.length): Token[] {
  const lexer = new Lexer(text, dialect, holes, start, end);
  const tokens: Token[] = [];
  for (let token = lexer.next(); token; token = lexer.next()) tokens.push(token);
  return tokens;
}

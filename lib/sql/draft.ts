/** A statement's text on the way to be repaired: its words, and how to write over them without moving any. */
import type { Dialect } from '../manifest/catalog.js';
import { type Token, tokenize } from './lexer.js';

/** Characters to write over those from `start` on; as many as they replace. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A name and where it stands. */
export interface NameDetails {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The tokens of a text that is being repaired, comments left out, with their parentheses. */
export class Draft {
  readonly tokens: readonly Token[];
  readonly text: string;
  readonly dialect: Dialect;
  readonly #close: Int32Array;
  readonly #open: Int32Array;

  /** `text` from `start` to `end`; offsets are those of the text. */
  constructor(text: string, start: number, end: number, dialect: Dialect) {
    this.text = text;
    this.dialect = dialect;
    this.tokens = tokenize(text, dialect, [], start, end).filter((token) => token.kind !== 'comment');
    this.#close = new Int32Array(this.tokens.length).fill(-1);
    this.#open = new Int32Array(this.tokens.length).fill(-1);
    const stack: number[] = [];
    this.tokens.forEach((token, index) => {
      if (token.word === ')') this.#close[stack.pop() ?? index] = index;
      this.#open[index] = stack.at(-1) ?? -1;
      if (token.word === '(') stack.push(index);
    });
  }

  /** The upper-case word or the symbol at an index; '' for anything else and outside the text. */
  word(index: number): string {
    return this.tokens[index]?.word ?? '';
  }

  /** Do these words stand one after the other from `index` on? */
  has(index: number, words: string): boolean {
    const first = this.word(index);
    return first !== '' && words.startsWith(first) && words.split(' ').every((word, i) => this.word(index + i) === word);
  }

  /** The index of the `)` for the `(` at an index; -1 where there is none. */
  close(index: number): number {
    return this.word(index) === '(' ? this.#close[index]! : -1;
  }

  /** The index of the `(` that a token stands in; -1 outside. */
  open(index: number): number {
    return this.#open[index] ?? -1;
  }

  /** A token's characters. */
  source(index: number): string {
    const token = this.tokens[index];
    return token ? this.text.slice(token.start, token.end) : '';
  }

  isName(index: number): boolean {
    const kind = this.tokens[index]?.kind;
    return kind === 'word' || kind === 'name' || (kind === 'string' && this.source(index).startsWith('"'));
  }

  /** Name, and where it stands; its quotes are not part of the name. */
  name(index: number): NameDetails {
    const token = this.tokens[index]!;
    return { name: this.source(index).replace(/^["`[]|["`\]]$/g, ''), start: token.start, end: token.end };
  }

  /** Blanks over the tokens from one index to another, both included. */
  blank(from: number, to: number): Edit {
    return this.write(from, to, '');
  }

  /** Text over the tokens from one index to another, both included, filled up with blanks. */
  write(from: number, to: number, text: string): Edit {
    const start = this.tokens[from]!.start, end = this.tokens[to]!.end;
    return { start, end, text: text + blanks(this.text.slice(start + text.length, end)) };
  }
}

/** Words of the grammar itself, which no repair takes for a name. */
export const NEVER_A_NAME = new Set((
  'SELECT FROM WHERE GROUP ORDER BY HAVING LIMIT OFFSET FETCH UNION INTERSECT EXCEPT INTO SET JOIN LEFT RIGHT INNER OUTER FULL CROSS NATURAL LATERAL ON USING AND OR XOR NOT IN IS NULL TRUE FALSE LIKE ILIKE BETWEEN '
  + 'EXISTS CASE WHEN THEN ELSE END AS DISTINCT ALL ANY SOME WITH RECURSIVE ONLY UPDATE DELETE MERGE CREATE ALTER DROP RETURNING CONFLICT DO FOR WINDOW OVER FILTER CAST CONVERT EXTRACT INTERVAL ARRAY ROW TABLE '
  + 'UNIQUE PRIMARY FOREIGN REFERENCES CHECK CONSTRAINT DEFAULT COLLATE UNNEST QUALIFY ESCAPE ASC DESC TRIM SUBSTRING OVERLAY').split(' '));

/** As many blanks, with the line breaks left where they are. */
export function blanks(text: string): string {
  return text.includes('\n') ? text.replace(/[^\n]/g, ' ') : ' '.repeat(text.length);
}

/**
 * Statements that differ in literals and names alone have the same tree: seeds, dumps, migrations and the fragments of builders repeat one shape
 * over and over, and the parser needs a millisecond for each. The tree of the first is kept with its shape, and moved to the words of the others.
 */
import type { Dialect } from '../manifest/catalog.js';
import { GRAMMAR_WORDS } from './grammar-words.generated.js';
import type { Token } from './lexer.js';

/** The shape of a text: equal keys have equal trees but for literals, names and ranges. */
export interface Shape {
  readonly key: string;
  readonly text: string;
  /** Where tokens start and end, one after the other, comments left out. */
  readonly cuts: Int32Array;
  /** Tokens (by their index) whose words are no part of the key. */
  readonly free: Uint8Array;
}

/** Literals and names whose meaning is plain from their words: no escapes, no doubled quotes. */
const PLAIN_STRING = /^'[^'\\]*'$/, PLAIN_NAME = /^(?:"[^"\\]*"|`[^`\\]*`)$/, PLAIN_NUMBER = /^\d{1,15}(?:\.\d{1,15})?$/, PLAIN_WORD = /^[A-Z_][A-Z0-9_]*$/;
/** Behind a word: it may say how the literal is written (`_utf8mb4'x'`, `U&'x'`). */
const QUOTES = new Set(['\'', '"', '`', '&']);

/** The shape of a text from `start` on; its tokens may include comments. */
export function shapeOf(text: string, tokens: readonly Token[], dialect: Dialect, start = 0): Shape {
  const cuts = new Int32Array(2 * tokens.length), free = new Uint8Array(tokens.length);
  let key: string = dialect, count = 0, last = start;
  for (const { kind, start, end, word, closed } of tokens) {
    const words = text.slice(start, end);
    // Hints are comments that the database reads; one without its end is a mistake.
    if (kind === 'comment' && closed && !/^\/\*[!+]/.test(words)) continue;
    if (start > last) key += start === last + 1 ? (text.charCodeAt(last) === 10 ? '\n' : ' ') : text.slice(last, start).includes('\n') ? '\n' : ' ';
    last = end;
    cuts[2 * count] = start;
    cuts[2 * count + 1] = end;
    // BigQuery's `a.b` is several names in one.
    const loose = kind === 'word' ? !GRAMMAR_WORDS.has(word) && PLAIN_WORD.test(word) && !QUOTES.has(text[end]!) ? 'a' : null
      : kind === 'string' ? PLAIN_STRING.test(words) ? "''" : null
      : kind === 'number' ? PLAIN_NUMBER.test(words) ? words.includes('.') ? '1.1' : '1' : null
        : kind === 'name' && dialect !== 'bigquery' && PLAIN_NAME.test(words) && words.length > 2 ? words[0]! + words[0]! : null;
    if (loose !== null) free[count] = 1;
    // Adjacent tokens keep their borders; no text has these marks.
    key += loose === null ? words : `${loose}\u0002`;
    key += '\u0001';
    count++;
  }
  return { key, text, cuts: cuts.subarray(0, 2 * count), free: free.subarray(0, count) };
}

/** Moves trees from the words of one text to those of another of the same shape; `by` is added to every offset of the other. */
class Move {
  readonly #from: Shape;
  readonly #to: Shape;
  readonly #base: number;
  readonly #by: number;
  #near = 0;

  /** The trees' offsets are those of `from`'s text plus `base`. */
  constructor(from: Shape, base: number, to: Shape, by: number) {
    this.#from = from;
    this.#base = base;
    this.#to = to;
    this.#by = by;
  }

  /** The position of an offset among the cuts: of a token's start (even) or end (odd); -1 where it is neither. */
  #cut(offset: number, start: boolean): number {
    const { cuts } = this.#from;
    let low = 0, high = cuts.length - 1;
    if (cuts[this.#near]! <= offset) low = this.#near;
    else high = this.#near;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (cuts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    if (cuts[low] !== offset) return -1;
    // Where one token ends and another starts both have the offset.
    if (start === (low % 2 === 0)) return this.#near = low;
    return this.#near = cuts[low - 1] === offset ? low - 1 : low;
  }

  copy(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.copy(item));
    const node = value as Readonly<Record<string, unknown>>;
    const copied: Record<string, unknown> = {};
    for (const key in node) if (key !== 'range') copied[key] = this.copy(node[key]);
    const range = node['range'] as readonly [number, number] | undefined;
    if (!range) return copied;
    const first = this.#cut(range[0] - this.#base, true), last = this.#cut(range[1] - this.#base, false);
    if (first < 0 || last < 0) throw new Immovable();
    const { cuts, text, free } = this.#to;
    copied['range'] = [cuts[first]! + this.#by, cuts[last]! + this.#by];
    if (typeof node['text'] === 'string' && free[first >> 1] && range[1] > range[0]) {
      if (last !== first + 1) throw new Immovable();
      const words = text.slice(cuts[first], cuts[last]);
      copied['text'] = words;
      switch (node['type']) {
        case 'identifier': copied['name'] = QUOTES.has(words[0]!) ? words.slice(1, -1) : words; break;
        case 'string_literal': copied['value'] = words.slice(1, -1); break;
        case 'number_literal': copied['value'] = Number(words); break;
        default: throw new Immovable();
      }
    }
    return copied;
  }
}

class Immovable extends Error {}

/** A copy of trees for another text of the same shape, or null where a node stands for a part of a token. */
export function moved<Trees extends object>(trees: Trees, from: Shape, base: number, to: Shape, by: number): Trees | null {
  try {
    return new Move(from, base, to, by).copy(trees) as Trees;
  } catch (error) {
    if (error instanceof Immovable) return null;
    throw error;
  }
}

/** Between the text of a statement and what the parser is given: stand-ins longer than their holes, no needless blanks, and the way back of offsets. */
import type { Expansion } from './holes.js';

/** White space that the parser does not take for such, as blanks. */
function spaces(text: string): string {
  return ODD_SPACE.test(text) ? text.replace(ODD_SPACES, ' ') : text;
}
const ODD_SPACE = /[\f\v\u00a0\u200b\u2028\u2029\u3000\ufeff]|\r(?!\n)/;
const ODD_SPACES = new RegExp(ODD_SPACE, 'g');

/** What the parser is given for a stretch of text, and where its offsets are in the text. */
export class ParserInput {
  readonly text: string;
  /** Where pieces start: in the input, in the source, and whether they are a copy of it. */
  readonly #pieces: { readonly at: number; readonly source: number; readonly sourceEnd: number; readonly copy: boolean }[] = [];
  readonly #from: number;
  readonly #shift: number;

  constructor(work: string, start: number, end: number, prefix: string, expansions: readonly Expansion[]) {
    const from = Math.max(0, start);
    const replaced = expansions.filter((expansion) => expansion.start >= from && expansion.end <= end);
    // Long blanks are what nested queries have left: they cost the parser time. A line break may end a comment.
    const gaps = /\s{80}/.test(work.slice(from, end))
      ? [...work.slice(from, end).matchAll(/\s{80,}/g)].map((gap) => ({ start: from + gap.index, end: from + gap.index + gap[0].length, input: gap[0].includes('\n') ? '\n' : ' ' })) : [];
    const all = [...replaced, ...gaps.filter((gap) => !replaced.some((expansion) => expansion.start < gap.end && expansion.end > gap.start))].sort((a, b) => a.start - b.start);
    this.#from = from;
    this.#shift = from - prefix.length;
    if (all.length === 0) {
      this.text = prefix + spaces(work.slice(from, Math.min(end, work.length)));
      return;
    }
    let text = prefix, last = from;
    this.#pieces.push({ at: 0, source: from - prefix.length, sourceEnd: from, copy: true });
    for (const { start: s, end: e, input } of all) {
      this.#pieces.push({ at: text.length, source: last, sourceEnd: s, copy: true });
      text += work.slice(last, s);
      this.#pieces.push({ at: text.length, source: s, sourceEnd: e, copy: false });
      text += input;
      last = e;
    }
    this.#pieces.push({ at: text.length, source: last, sourceEnd: end, copy: true });
    this.text = spaces(text + work.slice(last, end));
  }

  #piece(offset: number): { at: number; source: number; sourceEnd: number; copy: boolean } {
    let low = 0, high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#pieces[middle]!.at <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#pieces[low]!;
  }

  /** The source offset of something that starts at an offset of the input; what starts in the prefix starts with the text. */
  sourceStart(offset: number): number {
    if (this.#pieces.length === 0) return Math.max(this.#from, offset + this.#shift);
    const piece = this.#piece(offset);
    return piece.copy ? Math.max(this.#from, piece.source + offset - piece.at) : piece.source;
  }

  /** The source offset of something that ends at an offset of the input. */
  sourceEnd(offset: number): number {
    if (this.#pieces.length === 0) return Math.max(this.#from, offset + this.#shift);
    const piece = this.#piece(offset - 1);
    return piece.copy ? Math.max(this.#from, piece.source + offset - piece.at) : piece.sourceEnd;
  }
}

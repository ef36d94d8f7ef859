/**
 * A SQL text on its way from a file to the parser: its characters, where each of them stands in the linted file,
 * and the holes that an interpolation leaves. Sources (templates, strings, `.sql` files) build it; `lib/sql` reads it.
 */
import type { Edit, Range } from '../model/query.js';

/**
 * A place in the text whose words are decided at run time. Its characters in `text` are blanks that the SQL front end
 * overwrites with a stand-in of the same length, chosen by lexical context.
 */
export interface Hole {
  readonly start: number;
  readonly end: number;
  /**
   * What the source knows of it: `value` (a bound parameter, never SQL text), `identifier` (names one table or column),
   * `fragment` (SQL text that cannot be seen), `unknown` (a plain `${x}`: a value in a tag that binds, text elsewhere).
   */
  readonly kind: 'value' | 'identifier' | 'fragment' | 'unknown';
  /** What it is called says that it orders, groups or limits rows (`${orderBy}`, `${limitClause}`): where a condition may follow, it is none. */
  readonly tail?: true;
}

/** How text has to be written to stand inside the literal that it is inserted into. */
export type Escape = 'none' | 'template' | 'single-quoted' | 'double-quoted';

/** A run of `length` characters from `text` that stands, character for character, at `source` in the file. */
export interface Segment {
  readonly start: number;
  readonly length: number;
  readonly source: number;
  readonly escape: Escape;
}

export interface SqlText {
  readonly text: string;
  readonly holes: readonly Hole[];
  /** Sorted by `start`; characters outside every segment (holes, escapes, computed text) have no place of their own. */
  readonly segments: readonly Segment[];
  /** Reported where an offset has no place: the whole literal or call. */
  readonly fallback: Range;
}

/** A text that stands in the file as it is, from `offset` on (a `.sql` file or a part of one). */
export function plainText(text: string, offset = 0): SqlText {
  return { text, holes: [], segments: [{ start: 0, length: text.length, source: offset, escape: 'none' }], fallback: [offset, offset + text.length] };
}

const sorted = new WeakMap<readonly Hole[], readonly Hole[]>();

/** The holes of a text that reach into a range, in order. A file of thousands of statements is asked for each of them. */
export function holesIn({ holes }: SqlText, start: number, end: number): readonly Hole[] {
  if (holes.length === 0) return holes;
  let all = sorted.get(holes);
  if (!all) sorted.set(holes, all = [...holes].sort((a, b) => a.start - b.start));
  let low = 0, high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle]!.end <= start) low = middle + 1;
    else high = middle;
  }
  let last = low;
  while (last < all.length && all[last]!.start < end) last++;
  return all.slice(low, last);
}

/** The part of a text between two offsets, its holes and segments moved along. */
export function slice(sql: SqlText, start: number, end: number): SqlText {
  return {
    text: sql.text.slice(start, end),
    holes: sql.holes.filter((hole) => hole.end > start && hole.start < end).map((hole) => ({ ...hole, start: Math.max(hole.start, start) - start, end: Math.min(hole.end, end) - start })),
    segments: sql.segments.flatMap((segment) => {
      const from = Math.max(segment.start, start), to = Math.min(segment.start + segment.length, end);
      return from < to ? [{ ...segment, start: from - start, length: to - from, source: segment.source + from - segment.start }] : [];
    }),
    fallback: sql.fallback,
  };
}

function segmentAt(sql: SqlText, offset: number): Segment | undefined {
  return sql.segments.find((segment) => offset >= segment.start && offset < segment.start + segment.length);
}

/** The place in the file of a range of the text; where it starts or ends outside every segment, the nearest word inside it, else the fallback. */
export function sourceRange(sql: SqlText, start: number, end: number): Range {
  let from: number | undefined, to: number | undefined;
  for (const segment of sql.segments) {
    const s = Math.max(segment.start, start), e = Math.min(segment.start + segment.length, end);
    if (s >= e) continue;
    const blanks = s > start && from === undefined ? /^\s*/.exec(sql.text.slice(s, e))![0].length : 0;
    if (blanks === e - s) continue;
    from ??= segment.source + s + blanks - segment.start;
    const last = segment.source + e - segment.start;
    if (last >= from) to = last;
  }
  return from === undefined || to === undefined ? sql.fallback : [from, to];
}

const ESCAPES: Record<Escape, (text: string) => string> = {
  none: (text) => text,
  template: (text) => text.replace(/[\\`]|\$\{/g, '\\$&'),
  'single-quoted': (text) => text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n'),
  'double-quoted': (text) => text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n'),
};

/** An edit of the file that inserts `inserted` before `offset` of the text; null where that offset has no place of its own. */
export function insertion(sql: SqlText, offset: number, inserted: string): Edit | null {
  const before = offset > 0 ? segmentAt(sql, offset - 1) : undefined;
  const segment = before ?? segmentAt(sql, offset);
  if (!segment) return null;
  const at = segment.source + offset - segment.start;
  return { range: [at, at], text: ESCAPES[segment.escape](inserted) };
}

/** An edit of the file that replaces a range of the text; null unless the range stands in one piece. */
export function replacement(sql: SqlText, start: number, end: number, text: string): Edit | null {
  if (start === end) return insertion(sql, start, text);
  const segment = segmentAt(sql, start);
  if (!segment || end > segment.start + segment.length) return null;
  const at = segment.source + start - segment.start;
  return { range: [at, at + end - start], text: ESCAPES[segment.escape](text) };
}

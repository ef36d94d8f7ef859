/**
 * The value of a text expression as far as a file shows it: runs of characters that stand somewhere, holes, and forks
 * where the program decides. `render` makes SQL texts of it.
 */
import type { Range } from '../model/query.js';
import type { Escape, Hole, Segment, SqlText } from '../sql/sql-text.js';
import type { Node } from './ast.js';
import type { Value } from './values.js';

/** Characters that stand in the file at `source` (null: computed), written in the literal `leaf`. */
export interface Run {
  readonly type: 'run';
  readonly text: string;
  readonly source: number | null;
  readonly escape: Escape;
  readonly leaf: Node | null;
}

/** A place that is decided at run time. `length` is that of its source text. */
export interface HolePart {
  readonly type: 'hole';
  readonly kind: Hole['kind'];
  readonly length: number;
  /** See `Hole.tail`. */
  readonly tail?: true;
  /** What stands there, for readers of libraries that know more of it than its text; absent where that cannot be told. */
  readonly of?: { readonly value: Value; readonly node: Node };
}

/** One of several, by a condition; the first holds where the condition does. */
export interface Fork<T> {
  readonly type: 'fork';
  readonly test: Test | null;
  readonly options: readonly (readonly T[])[];
}

/** A condition by its text, so that the same condition elsewhere in the text is decided alike. */
export interface Test {
  readonly key: string;
  readonly negated: boolean;
}

/** Parts whose forks are decided one way whatever the variant: the first turn of a loop, where "not the first" conditions are off. */
export interface FirstTurn<T> {
  readonly type: 'first-turn';
  readonly parts: readonly T[];
}

/** `[..].join(glue)`: the glue goes between the items that are there in a variant. */
export interface Joined {
  readonly type: 'joined';
  readonly items: readonly JoinItem[];
  readonly glue: readonly Part[];
}

export type JoinItem = { readonly type: 'item'; readonly parts: readonly Part[] } | Fork<JoinItem> | FirstTurn<JoinItem>;

export type Part = Run | HolePart | Fork<Part> | FirstTurn<Part> | Joined;

/** At most so many variants of a text are made. */
export const MAX_VARIANTS = 4;
/** A text longer than this is not SQL that a person wrote. */
const MAX_LENGTH = 400_000;

export const computed = (text: string): Run => ({ type: 'run', text, source: null, escape: 'none', leaf: null });
export const hole = (kind: Hole['kind'], length: number): HolePart => ({ type: 'hole', kind, length: Math.max(length, 1) });

const ESCAPE_SEQUENCE = /\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|[0-3]?[0-7]{1,2}|\r\n|[\s\S])|\r\n?/gi;
const SIMPLE: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', v: '\v', f: '\f' };

function unescape(sequence: string): string {
  if (sequence[0] === '\r') return '\n';
  const body = sequence.slice(1);
  if (/^u\{/i.test(body)) {
    const point = parseInt(body.slice(2, -1), 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  }
  if (/^[ux][0-9a-f]/i.test(body)) return String.fromCharCode(parseInt(body.slice(1), 16));
  if (/^[0-7]/.test(body)) return String.fromCharCode(parseInt(body, 8));
  if (/^[\r\n\u2028\u2029]/.test(body)) return '';
  return SIMPLE[body] ?? body;
}

/**
 * The text of a literal's source between its delimiters: one run per stretch without escapes; what an escape stands for has no place.
 *
 * @param source the characters between the delimiters
 * @param start where they begin in the file
 * @param escape how the literal is delimited; `none` reads the characters as they are (`String.raw`)
 */
export function literalRuns(source: string, start: number, escape: Escape, leaf: Node): Run[] {
  if (escape === 'none' || !/[\\\r]/.test(source)) return source ? [{ type: 'run', text: source, source: start, escape: escape === 'none' ? 'none' : escape, leaf }] : [];
  const runs: Run[] = [];
  let from = 0;
  const keep = (to: number) => { if (to > from) runs.push({ type: 'run', text: source.slice(from, to), source: start + from, escape, leaf }); };
  for (const match of source.matchAll(ESCAPE_SEQUENCE)) {
    keep(match.index);
    const text = unescape(match[0]);
    if (text) runs.push({ type: 'run', text, source: null, escape, leaf });
    from = match.index + match[0].length;
  }
  keep(source.length);
  return runs;
}

/** Is there nothing to render in any variant? */
export function isEmpty(parts: readonly Part[]): boolean {
  return parts.every((part) => part.type === 'run' ? part.text === '' : part.type === 'fork' ? part.options.every(isEmpty) : part.type === 'first-turn' ? isEmpty(part.parts)
    : part.type === 'joined' && part.items.length === 0);
}

/** The text where every variant has the same characters and no hole; null otherwise. */
export function constantText(parts: readonly Part[]): string | null {
  let text = '';
  for (const part of parts) {
    if (part.type === 'run') text += part.text;
    else if (part.type === 'joined') {
      const glue = constantText(part.glue), items = part.items.map((item) => (item.type === 'item' ? constantText(item.parts) : null));
      if (glue === null || items.includes(null)) return null;
      text += items.join(glue);
    } else return null;
  }
  return text;
}

/** The parts with other ones in the places of some holes; null leaves a hole as it is. */
export function filled(parts: readonly Part[], fill: (hole: HolePart) => readonly Part[] | null): readonly Part[] {
  return parts.flatMap((part): readonly Part[] => {
    switch (part.type) {
      case 'run': return [part];
      case 'hole': return fill(part) ?? [part];
      case 'fork': return [{ ...part, options: part.options.map((option) => filled(option, fill)) }];
      case 'first-turn': return [{ ...part, parts: filled(part.parts, fill) }];
      case 'joined': return [{ ...part, glue: filled(part.glue, fill), items: filledItems(part.items, fill) }];
    }
  });
}

function filledItems(items: readonly JoinItem[], fill: (hole: HolePart) => readonly Part[] | null): JoinItem[] {
  return items.map((item) => {
    switch (item.type) {
      case 'item': return { ...item, parts: filled(item.parts, fill) };
      case 'fork': return { ...item, options: item.options.map((option) => filledItems(option, fill)) };
      case 'first-turn': return { ...item, parts: filledItems(item.parts, fill) };
    }
  });
}

/** Do these parts hold a fork? */
export function hasFork(parts: readonly (Part | JoinItem)[]): boolean {
  return parts.some((part) => part.type === 'fork' || (part.type === 'item' && hasFork(part.parts)) || (part.type === 'joined' && (hasFork(part.items) || hasFork(part.glue))));
}

/**
 * Two ways that one value may have gone, as one: what both begin with stays outside of the fork.
 * The empty way goes last, so that "on" always means the longer text.
 */
export function forked<T extends { readonly type: string }>(test: Test | null, options: readonly (readonly T[])[]): T[] {
  let common = 0;
  const [first, ...others] = options;
  if (!first || others.length === 0) return [...(first ?? [])];
  while (common < first.length && others.every((option) => option[common] === first[common])) common++;
  const rests = options.map((option) => option.slice(common));
  if (rests.every((rest) => rest.length === 0)) return [...first];
  return [...first.slice(0, common), fork(test, rests) as unknown as T];
}

function fork<T extends { readonly type: string }>(test: Test | null, options: readonly (readonly T[])[]): Fork<T> {
  // `a ? A : b ? B : C` is one choice among three.
  const flat = options.flatMap((option, i) => {
    const only = option.length === 1 && i > 0 ? option[0]! : null;
    return only?.type === 'fork' ? (only as unknown as Fork<T>).options : [option];
  });
  const empty = flat.findIndex((option) => option.length === 0);
  if (empty < 0 || empty === flat.length - 1) return { type: 'fork', test, options: flat };
  const full = flat.filter((option) => option.length > 0);
  return { type: 'fork', test: flat.length === 2 && test ? { key: test.key, negated: !test.negated } : null, options: [...full, []] };
}

interface Choice {
  readonly variant: number;
  readonly count: number;
  /** For each condition, whether its first fork was written with it negated. */
  readonly polarity: Map<string, boolean>;
  readonly off: boolean;
}

function chosen<T>(part: Fork<T>, choice: Choice): readonly T[] {
  const last = part.options.length - 1;
  let index = choice.off || (choice.variant > 0 && choice.variant === choice.count - 1) ? last : Math.min(choice.variant, last);
  if (part.test && last === 1) {
    const first = choice.polarity.get(part.test.key);
    if (first === undefined) choice.polarity.set(part.test.key, part.test.negated);
    else if (first !== part.test.negated) index = 1 - index;
  }
  return part.options[index]!;
}

/** Every literal whose characters are in one of the variants. */
export function leavesOf(parts: readonly (Part | JoinItem)[], into: Set<Node> = new Set()): Set<Node> {
  for (const part of parts) {
    if (part.type === 'run') {
      if (part.leaf) into.add(part.leaf);
    } else if (part.type === 'fork') part.options.forEach((option) => leavesOf(option, into));
    else if (part.type === 'first-turn' || part.type === 'item') leavesOf(part.parts, into);
    else if (part.type === 'joined') leavesOf(part.glue, leavesOf(part.items, into));
  }
  return into;
}

/** Can an option change which rows a statement reads? Of sort orders and the like, the first and the last are enough. */
function isWeighty(option: readonly { readonly type: string }[]): boolean {
  return option.some((part) => {
    if (part.type !== 'run') return part.type !== 'hole';
    const text = (part as Run).text.trim();
    return /\b(?:SELECT|FROM|JOIN|WHERE|AND|OR|NULL|UNION|SET|IN)\b/i.test(text) || /^[\w."`]+$/.test(text);
  });
}

function variantCount(parts: readonly (Part | JoinItem)[]): number {
  let count = 1;
  for (const part of parts) {
    if (part.type === 'fork') count = Math.max(count, part.options.some(isWeighty) ? part.options.length : Math.min(part.options.length, 2), ...part.options.map(variantCount));
    else if (part.type === 'first-turn' || part.type === 'item') count = Math.max(count, variantCount(part.parts));
    else if (part.type === 'joined') count = Math.max(count, variantCount(part.items), variantCount(part.glue));
  }
  return count;
}

/** The SQL texts of a value: one, or one per way that its forks can go (all on first, all off last; never more than `MAX_VARIANTS`). Empty where it is too long. */
export function render(parts: readonly Part[], fallback: Range): SqlText[] {
  const count = Math.min(variantCount(parts), MAX_VARIANTS), texts: SqlText[] = [], broken: SqlText[] = [];
  for (let variant = 0; variant < count; variant++) {
    const writer = new Writer(fallback);
    writer.write(parts, { variant, count, polarity: new Map(), off: false });
    const text = writer.finish(), into = writer.lacksItems ? broken : texts;
    if (text && !into.some((other) => other.text === text.text && sameSegments(other.segments, text.segments))) into.push(text);
  }
  return texts.length > 0 ? texts : broken;
}

/** Do two texts stand at the same places, character for character? */
export function sameSegments(a: readonly Segment[], b: readonly Segment[]): boolean {
  return a.length === b.length && a.every((segment, i) => segment.source === b[i]!.source && segment.length === b[i]!.length && segment.start === b[i]!.start);
}

class Writer {
  /** A list with a glue of words (`conditions.join(' AND ')`) had no item: no program runs such a text. */
  lacksItems = false;
  private text = '';
  private readonly holes: Hole[] = [];
  private readonly segments: Segment[] = [];

  constructor(private readonly fallback: Range) {}

  write(parts: readonly Part[], choice: Choice): void {
    for (const part of parts) {
      if (this.text.length > MAX_LENGTH) return;
      if (part.type === 'run') this.run(part);
      else if (part.type === 'hole') this.hole(part);
      else if (part.type === 'fork') this.write(chosen(part, choice), choice);
      else if (part.type === 'first-turn') this.write(part.parts, { ...choice, polarity: new Map(), off: true });
      else {
        let first = true;
        for (const item of this.items(part.items, choice)) {
          if (!first) this.write(part.glue, choice);
          this.write(item, choice);
          first = false;
        }
        if (first && part.items.length > 0 && part.glue.some((glue) => glue.type !== 'run' || glue.text.trim() !== '')) this.lacksItems = true;
      }
    }
  }

  finish(): SqlText | null {
    return this.text.length > MAX_LENGTH ? null : { text: this.text, holes: this.holes, segments: this.segments, fallback: this.fallback };
  }

  /** The items that a variant has; one without text is none (`[a, cond && b].filter(Boolean)`). */
  private *items(items: readonly JoinItem[], choice: Choice): Generator<readonly Part[]> {
    for (const item of items) {
      if (item.type === 'fork') yield* this.items(chosen(item, choice), choice);
      else if (item.type === 'first-turn') yield* this.items(item.parts, { ...choice, polarity: new Map(), off: true });
      else if (!this.isNothing(item.parts, choice)) yield item.parts;
    }
  }

  private isNothing(parts: readonly Part[], choice: Choice): boolean {
    return parts.every((part) => part.type === 'run' ? part.text === '' : part.type === 'fork' ? this.isNothing(chosen(part, choice), choice) : part.type === 'first-turn' ? this.isNothing(part.parts, { ...choice, off: true }) : false);
  }

  private run({ text, source, escape }: Run): void {
    if (source !== null && text) {
      const last = this.segments.at(-1);
      if (last && last.start + last.length === this.text.length && last.source + last.length === source && last.escape === escape) this.segments[this.segments.length - 1] = { ...last, length: last.length + text.length };
      else this.segments.push({ start: this.text.length, length: text.length, source, escape });
    }
    this.text += text;
  }

  private hole({ kind, length, tail }: HolePart): void {
    let start = this.text.length;
    // `$${i}`, `:${name}`, `@${name}`: a placeholder whose number or name is computed.
    if (kind !== 'value' && /(?:^|[^\w$])\$$|(?:^|[^:\w])[:@]$/.test(this.text)) {
      kind = 'value';
      start--;
      const last = this.segments.at(-1);
      if (last && last.start + last.length > start) {
        if (last.length === 1) this.segments.pop();
        else this.segments[this.segments.length - 1] = { ...last, length: last.length - 1 };
      }
      this.text = this.text.slice(0, -1);
      length++;
    }
    this.text += ' '.repeat(length);
    this.holes.push({ start, end: start + length, kind, ...tail && { tail } });
  }
}

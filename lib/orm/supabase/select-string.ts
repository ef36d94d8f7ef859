/** PostgREST's `select` parameter: columns, aggregates and embedded resources (PostgREST documentation, "Resource Embedding" and "Aggregate Functions"). */

/** `alias:column->path::type`, `amount.sum()`, `count()`. */
export interface Column {
  readonly type: 'column';
  readonly name: string;
  readonly alias: string | null;
  /** `sum` in `amount.sum()`; null where there is none. */
  readonly aggregate: string | null;
}

/** `alias:posts!hint!inner(..)`, `...users(name)`. */
export interface Embed {
  readonly type: 'embed';
  readonly name: string;
  readonly alias: string | null;
  readonly hints: readonly string[];
  /** `!inner`: rows without one are left out. */
  readonly inner: boolean;
  readonly fields: readonly Field[];
  /** Where the name stands in the text. */
  readonly start: number;
  readonly end: number;
}

export type Field = Column | Embed | { readonly type: 'star' };

const NAME = /^\s*(?:"((?:[^"\\]|\\.)*)"|((?:[^\s,()!:."-]|-(?!>))+))\s*/u;

/** The fields of a select string; null where it cannot be read. */
export function parseSelect(text: string): readonly Field[] | null {
  const parser = new SelectParser(text);
  const fields = parser.fields();
  return fields && parser.atEnd() ? fields : null;
}

class SelectParser {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    return this.text.slice(this.at).trim() === '';
  }

  fields(): readonly Field[] | null {
    if (++this.depth > 30) return null;
    const found: Field[] = [];
    for (;;) {
      this.blanks();
      if (this.at >= this.text.length || this.text[this.at] === ')') break;
      const field = this.field();
      if (!field) return null;
      found.push(field);
      this.blanks();
      if (this.text[this.at] !== ',') break;
      this.at++;
    }
    this.depth--;
    return found;
  }

  private blanks(): void {
    while (/\s/u.test(this.text[this.at] ?? '')) this.at++;
  }

  private word(): { readonly name: string; readonly start: number; readonly end: number } | null {
    this.blanks();
    const match = NAME.exec(this.text.slice(this.at));
    if (!match) return null;
    const start = this.at, name = match[1] ?? match[2]!;
    this.at += match[0].length;
    return { name, start, end: start + match[0].trimEnd().length };
  }

  private takes(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private field(): Field | null {
    this.takes('...');
    this.blanks();
    if (this.takes('*')) return { type: 'star' };
    let word = this.word(), alias: string | null = null;
    if (!word) return null;
    if (this.text[this.at] === ':' && this.text[this.at + 1] !== ':') {
      this.at++;
      alias = word.name;
      word = this.word();
      if (!word) return null;
    }
    const hints: string[] = [];
    while (this.takes('!')) {
      const hint = this.word();
      if (!hint) return null;
      hints.push(hint.name);
    }
    // `count()` is an aggregate, `posts()` an embedded resource that shows nothing.
    if (this.text[this.at] === '(' && !(word.name === 'count' && /^\(\s*\)/u.test(this.text.slice(this.at)))) {
      this.at++;
      const fields = this.fields();
      this.blanks();
      if (!fields || !this.takes(')')) return null;
      return { type: 'embed', name: word.name, alias, hints: hints.filter((hint) => !/^(?:inner|left)$/u.test(hint)), inner: hints.includes('inner'), fields, start: word.start, end: word.end };
    }
    return this.column(word.name, alias);
  }

  private column(name: string, alias: string | null): Column {
    let aggregate: string | null = null;
    if (/^\(\s*\)/u.test(this.text.slice(this.at))) aggregate = name;
    for (;;) {
      const rest = this.text.slice(this.at);
      const called = /^\s*\.(count|sum|avg|min|max)\(\s*\)|^\s*\(\s*\)/u.exec(rest);
      const other = called ?? /^\s*(?:::[\w ]+|->>?'?(?:[\w.]|-(?!>))+'?|\.[\w]+)/u.exec(rest);
      if (!other) break;
      if (called?.[1]) aggregate = called[1];
      this.at += other[0].length;
    }
    return { type: 'column', name, alias, aggregate };
  }
}

/** Is the embedded resource counted or summed up? `posts(count)`, `posts(amount.sum())`. */
export function isAggregated({ fields }: Embed): boolean {
  return fields.some((field) => field.type === 'column' && (field.aggregate !== null || (field.name === 'count' && fields.length === 1)));
}

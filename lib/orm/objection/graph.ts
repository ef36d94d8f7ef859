/** Relation expressions: `[pets(notDeleted).owner as keeper, movies.^3]` (Objection's guide, "Relation expressions"). */
import type { Range } from '../../model/query.js';
import type { Part } from '../../source/parts.js';

export interface GraphNode {
  readonly relation: string;
  readonly alias: string | null;
  readonly modifiers: readonly { readonly name: string; readonly range: Range }[];
  readonly children: readonly GraphNode[];
  /** The relation's name in the file. */
  readonly range: Range;
}

/** Stands for what a template puts in at run time: a relation or modifier of a name with it cannot be told. */
export const UNSEEN = '\u0000';

/** A text with the place of each character in the file. */
interface Placed {
  readonly text: string;
  readonly places: readonly (number | null)[];
  readonly fallback: Range;
}

/** The nodes of an expression's text; what cannot be read is left out. */
export function parseGraph(parts: readonly Part[], fallback: Range): GraphNode[] {
  let text = '';
  const places: (number | null)[] = [];
  for (const part of parts) {
    const shown = part.type === 'run' ? part.text : UNSEEN;
    for (let i = 0; i < shown.length; i++) places.push(part.type === 'run' && part.source !== null ? part.source + i : null);
    text += shown;
  }
  return new GraphParser({ text, places, fallback }).expression();
}

class GraphParser {
  private at = 0;

  constructor(private readonly source: Placed) {}

  expression(): GraphNode[] {
    this.blank();
    if (this.source.text[this.at] === '[') {
      this.at++;
      const nodes: GraphNode[] = [];
      for (this.blank(); this.at < this.source.text.length && this.source.text[this.at] !== ']'; this.blank()) {
        const before = this.at;
        nodes.push(...this.expression());
        this.blank();
        if (this.source.text[this.at] === ',' || this.at === before) this.at++;
      }
      this.at++;
      return nodes;
    }
    const node = this.node();
    return node ? [node] : [];
  }

  private node(): GraphNode | null {
    const start = this.at, relation = this.word();
    if (relation === '') return null;
    const end = this.at;
    const modifiers: { name: string; range: Range }[] = [];
    let alias: string | null = null;
    this.blank();
    if (this.source.text[this.at] === '(') {
      this.at++;
      for (this.blank(); this.at < this.source.text.length && this.source.text[this.at] !== ')'; this.blank()) {
        const from = this.at, name = this.word();
        if (name === '') this.at++;
        else modifiers.push({ name, range: this.range(from, this.at) });
      }
      this.at++;
      this.blank();
    }
    if (/^as\s/.test(this.source.text.slice(this.at))) {
      this.at += 2;
      this.blank();
      alias = this.word();
      this.blank();
    }
    let children: GraphNode[] = [];
    if (this.source.text[this.at] === '.') {
      this.at++;
      children = this.expression();
    }
    return { relation, alias, modifiers, children, range: this.range(start, end) };
  }

  private word(): string {
    const match = /^[^\s.,()[\]]+/.exec(this.source.text.slice(this.at));
    this.at += match?.[0].length ?? 0;
    return match?.[0] ?? '';
  }

  private blank(): void {
    while (/\s/.test(this.source.text[this.at] ?? '')) this.at++;
  }

  private range(from: number, to: number): Range {
    const start = this.source.places[from], last = this.source.places[to - 1];
    return start === null || start === undefined || last === null || last === undefined ? this.source.fallback : [start, last + 1];
  }
}

/** The paths that an expression ends in: `a.[b, c]` is `a.b` and `a.c`. */
export function leafPaths(nodes: readonly GraphNode[]): string[][] {
  return nodes.flatMap(({ alias, relation, children }) => (children.length === 0 ? [[alias ?? relation]] : leafPaths(children).map((path) => [alias ?? relation, ...path])));
}

/** Comments of a JS/TS file: those that belong to a statement, and those that say that a literal is SQL. */
import type { SourceCode } from 'eslint';
import type { Dialect } from '../manifest/catalog.js';
import type { Range } from '../model/query.js';
import { parentOf, type Node } from './ast.js';

/** A JS comment without its delimiters, and where it stands with them. */
export interface FoundComment {
  readonly value: string;
  readonly range: Range;
}

const LANGUAGE = /^\s*(?:@?lang(?:uage)?\s*[=:]\s*)?(sql|pgsql|psql|postgres(?:ql)?|mysql|mariadb|sqlite|bigquery)\b/i;
const DIALECTS: Record<string, Dialect> = { pgsql: 'postgresql', psql: 'postgresql', postgres: 'postgresql', postgresql: 'postgresql', mysql: 'mysql', mariadb: 'mariadb', sqlite: 'sqlite', bigquery: 'bigquery' };

export class Comments {
  private readonly all: readonly FoundComment[];
  /** For each end of a comment that says "SQL follows", the dialect that it names. */
  private readonly languages: readonly { readonly end: number; readonly line: boolean; readonly dialect: Dialect | null }[];

  constructor(private readonly sourceCode: SourceCode) {
    this.all = sourceCode.getAllComments().flatMap(({ value, range }) => (range ? [{ value, range }] : []));
    this.languages = this.all.flatMap(({ value, range }) => {
      const match = LANGUAGE.exec(value), line = sourceCode.text.startsWith('//', range[0]);
      // `/* sql */` has no other word; a line comment must say `language=`.
      if (!match || (line ? !/^\s*@?lang/i.test(value) : value.slice(match[0].length).trim() !== '')) return [];
      return [{ end: range[1], line, dialect: DIALECTS[match[1]!.toLowerCase()] ?? null }];
    });
  }

  /** The comment that says that this literal is SQL: `/* sql *\/` in front of it, `// language=sql` on the line above; null for none. */
  language(literal: Node): { readonly dialect: Dialect | null } | null {
    if (this.languages.length === 0) return null;
    for (const language of this.languages) {
      if (language.end > literal.range[0]) return null;
      const between = this.sourceCode.text.slice(language.end, literal.range[0]);
      if (/^[\s(]*$/.test(between) || (language.line && between.length < 200 && /^\s*\n?[^\n;`'"]*$/.test(between))) return language;
    }
    return null;
  }

  /** The comments inside the node, and those directly before it or before what it begins, up to its statement. */
  of(node: Node): FoundComment[] {
    if (this.all.length === 0) return [];
    const found = this.all.filter(({ range }) => range[0] >= node.range[0] && range[1] <= node.range[1]);
    const starts = new Set<number>();
    for (let at: Node | null = node; at; at = parentOf(at)) {
      starts.add(at.range[0]);
      if (/(?:Statement|Declaration|Definition)$|^(?:Property|Program)$/.test(at.type) && at.type !== 'ChainExpression') break;
    }
    const statement = parentOf(node) && this.statementStart(node);
    if (statement !== null && statement !== undefined) starts.add(statement);
    for (const start of starts) for (const comment of this.before(start)) if (!found.includes(comment)) found.push(comment);
    return found.sort((a, b) => a.range[0] - b.range[0]);
  }

  /** The comments inside the node, and those right behind it that hold a further call of its chain: `users.find() // .where(..)`. */
  within({ range: [start, end] }: Node): FoundComment[] {
    const found: FoundComment[] = [];
    let last = end;
    for (const comment of this.all) {
      const { range, value } = comment, inside = range[0] >= start && range[1] <= end;
      const behind = range[0] >= last && /^[\s*]*\./.test(value) && this.sourceCode.text.slice(last, range[0]).trim() === '';
      if (!inside && !behind) continue;
      found.push(comment);
      if (behind) last = range[1];
    }
    return found;
  }

  /** The start of the statement that holds the node, an `export` in front included. */
  private statementStart(node: Node): number | null {
    for (let at: Node | null = node; at; at = parentOf(at)) {
      if (/(?:Statement|Declaration)$/.test(at.type) && at.type !== 'BlockStatement') {
        const parent = parentOf(at);
        return parent && /^Export/.test(parent.type) ? parent.range[0] : at.range[0];
      }
    }
    return null;
  }

  /** The comments that end right before an offset, with nothing but white space (and other comments) between. */
  private before(offset: number): FoundComment[] {
    const found: FoundComment[] = [];
    let low = 0, high = this.all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.all[middle]!.range[1] <= offset) low = middle + 1;
      else high = middle;
    }
    for (let i = low - 1; i >= 0; i--) {
      const comment = this.all[i]!;
      if (this.sourceCode.text.slice(comment.range[1], offset).trim() !== '') break;
      found.push(comment);
      offset = comment.range[0];
    }
    return found;
  }
}

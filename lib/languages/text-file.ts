/** What the files of this plugin's languages have in common: a text with parts and comments, under a root that no selector for JavaScript meets. */

/** Offsets into the file, as ESLint's fixers want them. */
export type Offsets = [start: number, end: number];

/** 1-based line, 1-based column: what the languages declare to ESLint. */
export interface Location {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/** A part of the file that rules may be told of. */
export interface PartNode {
  readonly type: string;
  readonly range: Offsets;
}

/** A comment. */
export interface CommentNode {
  readonly type: 'line_comment' | 'block_comment';
  /** The words without the comment's marks. */
  readonly value: string;
  readonly range: Offsets;
}

/** A root. */
export interface TextFile {
  readonly type: string;
  readonly range: Offsets;
  readonly loc: Location;
  readonly comments: readonly CommentNode[];
  /** Empty: rules for JavaScript that an unscoped configuration runs here look at them. */
  readonly body: readonly [];
  readonly tokens: readonly [];
}

/** What ends a line for the languages and for editors (LSP 3.17, "Text Documents"). */
export const LINE_END = /\r\n?|\n/u;

/** The location of a whole text. */
export function wholeText(text: string): Location {
  const lines = text.split(LINE_END);
  return { start: { line: 1, column: 1 }, end: { line: lines.length, column: lines.at(-1)!.length + 1 } };
}

/** A comment by its place; a carriage return in front of the line's end is none of it. */
export function commentAt(text: string, start: number, limit: number, mark: RegExp): CommentNode {
  const written = text.slice(start, limit).replace(/\r$/u, '');
  const block = written.startsWith('/*');
  return {
    type: block ? 'block_comment' : 'line_comment',
    value: block ? written.slice(2).replace(/\*\/$/u, '') : written.replace(mark, ''),
    range: [start, start + written.length],
  };
}

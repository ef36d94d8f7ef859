/** Rewrites of constructs that the parser does not know. */

/** One rewrite of the statement's text, of equal length, that made it readable. The tree knows nothing of what it dropped. */
export interface Repair {
  readonly kind: string;
  /** The rewritten characters. */
  readonly start: number;
  readonly end: number;
  /** The characters as they were. */
  readonly words: string;
}

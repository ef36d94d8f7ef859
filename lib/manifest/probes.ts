/**
 * What the code around queries adds to a manifest, tried rather than guessed: calls that go through a client or a helper are written behind the file that
 * makes it and read as any others are, so that a guard is proposed for what the proof says is live, and for nothing else.
 */
import type { Catalog } from './catalog.js';
import { queriesInText } from '../file-queries.js';
import type { Analysis } from '../model/analysis.js';
import type { Range } from '../model/query.js';

/** What became of one call. */
export interface Outcome {
  /** Every reading reference of a soft table in it is live; false where it has none. */
  readonly live: boolean;
  /** It updates live rows alone. */
  readonly updatesLive: boolean;
  /** It removes rows for good. */
  readonly deletes: boolean;
  /** Nothing in it could not be read. */
  readonly read: boolean;
}

/**
 * Reads calls as if they stood at the end of a file.
 *
 * @param preface statements in front of the calls
 * @returns what became of each call, in their order
 */
export function tried(file: { readonly path: string; readonly text: string }, preface: string, calls: readonly string[], catalog: Catalog): Outcome[] {
  if (calls.length === 0) return [];
  let text = `${file.text}\n;${preface}\n`;
  const ranges = calls.map((call): Range => {
    const start = text.length;
    text += `;(async () => { await ${call}; })();\n`;
    return [start, text.length];
  });
  const { analyses, unread } = queriesInText(text, file.path, catalog);
  const isWhole = !unread.some(({ range }) => range[0] === 0 && range[1] === text.length);
  return ranges.map((range) => {
    const inside = analyses.filter(({ statement }) => range[0] <= statement.range[0] && statement.range[1] <= range[1]);
    return outcome(inside, isWhole && !unread.some((part) => range[0] <= part.range[0] && part.range[1] <= range[1]));
  });
}

function outcome(analyses: readonly Analysis[], read: boolean): Outcome {
  const reads = analyses.flatMap((analysis) => analysis.reads), updates = analyses.flatMap((analysis) => analysis.updates);
  return {
    live: read && reads.length > 0 && reads.every(({ verdict }) => verdict.state === 'live'),
    updatesLive: read && updates.length > 0 && updates.every(({ verdict }) => verdict.state === 'live'),
    deletes: analyses.some(({ deletes }) => deletes.length > 0),
    read,
  };
}

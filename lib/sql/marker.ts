/** `includes-deleted: <reason>`: the comment by which a statement says that it means to read tombstones. */
import type { Marker, Range } from '../model/query.js';

const MARKER = /^[\s*-]*includes-deleted\b\s*:?\s*([\s\S]*)$/u;

/** Reads a comment's words (without `--` or the marks of a block) as a marker; null where they are none. */
export function markerOf(comment: string, range: Range): Marker | null {
  const match = MARKER.exec(comment);
  if (!match) return null;
  const reason = match[1]!.replace(/\s*\*?\s*$/u, '').trim();
  return { reason: reason === '' ? null : reason, range };
}

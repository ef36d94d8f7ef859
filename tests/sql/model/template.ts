/** Templates for tests: `SELECT * FROM users WHERE id = ${value}` as a tag or a string would hand it over. */
import type { Hole, Segment, SqlText } from '../../../lib/sql/sql-text.js';

/** A text whose `${value}`, `${identifier}`, `${fragment}` and `${unknown}` are holes of that kind; it is its own file. */
export function template(file: string): SqlText {
  const holes: Hole[] = [], segments: Segment[] = [];
  let text = '', at = 0;
  for (const match of file.matchAll(/\$\{(value|identifier|fragment|unknown)\}/g)) {
    const end = match.index + match[0].length;
    if (match.index > at) segments.push({ start: at, length: match.index - at, source: at, escape: 'template' });
    text += file.slice(at, match.index) + ' '.repeat(match[0].length);
    holes.push({ start: match.index, end, kind: match[1] as Hole['kind'] });
    at = end;
  }
  if (at < file.length) segments.push({ start: at, length: file.length - at, source: at, escape: 'template' });
  return { text: text + file.slice(at), holes, segments, fallback: [0, file.length] };
}

/** Names as SQL writes them. */
import type { Dialect } from '../../manifest/catalog.js';

/** Words that cannot name a column without quotes in one dialect or another. */
const RESERVED = new Set((
  'all and any as asc between by case cast check collate column constraint create cross current_date current_time current_timestamp default delete desc distinct drop else end '
  + 'except exists false fetch for foreign from full group having in index inner insert intersect into is join key left like limit not null offset on or order outer primary '
  + 'references right select set table then to true union unique update user using values when where window with').split(' '));

const MARKS: Readonly<Record<Dialect, string>> = { postgresql: '"', sqlite: '"', mysql: '`', mariadb: '`', bigquery: '`' };

/** The quote mark that a written name starts with, or ''. */
export function quoteMark(written: string): string {
  return /^["`[]/.exec(written)?.[0] ?? '';
}

/**
 * A name in the quotes of a name that stands nearby, or in the dialect's own where it needs some: upper case in PostgreSQL, a reserved word.
 */
export function quoteLike(name: string, nearby: string, dialect: Dialect): string {
  const near = quoteMark(nearby);
  const needed = !/^[A-Za-z_][A-Za-z0-9_$]*$/.test(name) || RESERVED.has(name.toLowerCase()) || (dialect === 'postgresql' && /[A-Z]/.test(name));
  const mark = near || (needed ? MARKS[dialect] : '');
  if (mark === '') return name;
  if (mark === '[') return `[${name}]`;
  return mark + name.replaceAll(mark, mark + mark) + mark;
}

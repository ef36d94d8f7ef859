/** PostgREST's filters: operators, and the grammar of `or=(a.eq.1,and(b.is.null,c.not.gt.2))` (PostgREST documentation, "Tables and Views", operators and logical operators). */
import type { Expr, Range } from '../../model/query.js';
import { and, comparison, inList, isNull, literal, not, opaque, operation, or, parameter } from '../expressions.js';

const OPERATORS = new Set(['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike', 'match', 'imatch', 'in', 'is', 'isdistinct', 'fts', 'plfts', 'phfts', 'wfts', 'cs', 'cd', 'ov', 'sl', 'sr', 'nxr', 'nxl', 'adj']);

/** Stands in a text for what is decided at run time. */
export const HOLE = '\u0000';

/** The mark of a hole of which is known what stands there: the item of that number. */
export const marked = (index: number): string => `${HOLE}${index}${HOLE}`;
const MARK = new RegExp(`^${HOLE}(\\d+)${HOLE}$`, 'u');

/** A value that a text spells: `null` and booleans as such where an operator takes them for that. */
export function textValue(text: string, range: Range, holes: readonly Expr[] = []): Expr {
  const mark = MARK.exec(text);
  if (text.includes(HOLE)) return (mark && holes[Number(mark[1])]) ?? parameter(range);
  const bare = /^"(.*)"$/su.exec(text)?.[1] ?? text;
  if (bare !== text) return literal(bare, range);
  if (text === 'null') return literal(null, range);
  if (text === 'true' || text === 'false') return literal(text === 'true', range);
  return /^-?\d+(?:\.\d+)?$/u.test(text) ? literal(Number(text), range) : literal(text, range);
}

/**
 * The condition that an operator makes; null where it is none that PostgREST knows.
 *
 * @param value of the comparison; for `in` the items are in `list`, for `is` the word (`null`, `not_null`, `true`) is the value of a literal
 */
export function compared(left: Expr, operator: string, value: Expr, list: readonly Expr[] | null, range: Range): Expr | null {
  // `like(any)`, `fts(english)`
  const name = operator.replace(/\(.*\)$/u, '');
  switch (name) {
    case 'eq': return comparison('=', left, value, range);
    case 'neq': return comparison('<>', left, value, range);
    case 'gt': return comparison('>', left, value, range);
    case 'gte': return comparison('>=', left, value, range);
    case 'lt': return comparison('<', left, value, range);
    case 'lte': return comparison('<=', left, value, range);
    case 'isdistinct': return comparison('is-distinct', left, value, range);
    case 'in': return inList(left, list ?? [value], range);
    case 'is': {
      if (value.type !== 'literal') return opaque(range);
      if (value.value === null || value.value === 'null') return isNull(left, range);
      if (value.value === 'not_null') return isNull(left, range, true);
      const word = String(value.value);
      return word === 'true' || word === 'false' || word === 'unknown' ? { type: 'is', what: word, negated: false, operand: left, range } : opaque(range);
    }
    default: return OPERATORS.has(name) ? operation([left, value], range) : null;
  }
}

/** The items of a list in a text: `(a,b)`, `{a,b}`; null where it is none. */
export function listed(text: string, range: Range): readonly Expr[] | null {
  const inner = /^\s*[({](.*)[)}]\s*$/su.exec(text)?.[1];
  return inner === undefined ? null : split(inner).map((item) => textValue(item.trim(), range));
}

/** Splits at commas outside of parentheses and quotes. */
function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0, quoted = false, from = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quoted) {
      if (character === '\\') i++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (/[({[]/u.test(character)) depth++;
    else if (/[)}\]]/u.test(character)) depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part.trim() !== '');
}

/**
 * The condition of a logical filter's text, joined by `how`; what cannot be read is opaque.
 *
 * @param column the column of a path that the text names (`deleted_at`, `posts.deleted_at`)
 * @param holes what stands in the marked holes
 */
export function parseLogic(text: string, how: 'and' | 'or', column: (path: string) => Expr, range: Range, holes: readonly Expr[] = [], depth = 0): Expr {
  if (depth > 20) return opaque(range);
  const items = split(text).map((item) => parseItem(item.trim(), column, range, holes, depth));
  return (how === 'and' ? and(items, range) : or(items, range)) ?? opaque(range);
}

function parseItem(text: string, column: (path: string) => Expr, range: Range, holes: readonly Expr[], depth: number): Expr {
  const group = /^(not\.)?(and|or)\s*\((.*)\)$/su.exec(text);
  if (group) {
    const inner = parseLogic(group[3]!, group[2] as 'and', column, range, holes, depth + 1);
    return group[1] ? not(inner, range) : inner;
  }
  const parts = text.split('.');
  // The column may be a path; the first word that is an operator ends it.
  const end = parts.findIndex((part, i) => i > 0 && (part === 'not' || OPERATORS.has(part.replace(/\(.*\)$/u, ''))));
  if (end < 0) return opaque(range);
  const path = parts.slice(0, end).join('.'), negated = parts[end] === 'not', operator = parts[negated ? end + 1 : end], value = parts.slice(negated ? end + 2 : end + 1).join('.');
  if (operator === undefined || path.includes(HOLE) || operator.includes(HOLE)) return opaque(range);
  const made = compared(column(path.replace(/"/gu, '')), operator, textValue(value, range, holes), operator === 'in' ? listed(value, range) : null, range);
  return made === null ? opaque(range) : negated ? not(made, range) : made;
}

/**
 * Abstract values: what an expression may be worth while one row is assumed to be live, dead or absent.
 *
 * A value is a short list of possibilities. The three truth values are a bit mask, so that three-valued logic
 * (SQL:2016 part 2, 8.x; PostgreSQL manual 9.1) is a table look-up.
 */
import type { ComparisonOperator, TombstoneFact } from './query.js';

export const TRUE = 1, FALSE = 2, UNKNOWN = 4, ANY_TRUTH = 7;
/** A subset of {TRUE, FALSE, UNKNOWN}. */
export type Truth = number;

export type Possibility =
  | { readonly kind: 'null' }
  | { readonly kind: 'const'; readonly value: string | number | boolean }
  /** A moment relative to now, in days; null where the distance is not known. */
  | { readonly kind: 'moment'; readonly days: number | null }
  /** Some moment up to now. */
  | { readonly kind: 'past' }
  /** Some moment after now. */
  | { readonly kind: 'future' }
  /** Some value, not NULL, other than these. */
  | { readonly kind: 'except'; readonly values: readonly (string | number | boolean)[] };

export type Values = readonly Possibility[];

export const NULL_VALUE: Values = [{ kind: 'null' }];
export const NOT_NULL: Values = [{ kind: 'except', values: [] }];
export const ANY_VALUE: Values = [{ kind: 'null' }, { kind: 'except', values: [] }];
const MOST = 8;

export function constant(value: string | number | boolean | null): Values {
  return value === null ? NULL_VALUE : [{ kind: 'const', value }];
}

/** What a tombstone column of a live row, or of a row that this tombstone marks dead, may hold. */
export function tombstoneValues(tombstone: TombstoneFact, state: 'live' | 'dead'): Values {
  const { live, dead, scheduled } = tombstone;
  if (state === 'dead') {
    if (dead) return dead.map((value) => ({ kind: 'const', value }));
    if (live === null) return [{ kind: 'past' }];
    if (live === false) return constant(true);
    if (live === 0) return [{ kind: 'except', values: [0] }];
    return isMoment(live) ? [{ kind: 'past' }] : [{ kind: 'except', values: [live] }];
  }
  if (dead) return [{ kind: 'null' }, { kind: 'except', values: dead }];
  if (live === null) return scheduled ? [{ kind: 'null' }, { kind: 'future' }] : NULL_VALUE;
  // A nullable flag that was never set is not a deletion.
  if (live === false) return [{ kind: 'const', value: false }, { kind: 'null' }];
  return constant(live);
}

/** Does the tombstone say when a row was deleted? A flag or a status does not. */
export function tellsTime({ live, dead }: TombstoneFact): boolean {
  return dead === null && (live === null || (typeof live === 'string' && isMoment(live)));
}

/** The union of possibilities; many become "anything". */
export function union(lists: readonly Values[]): Values {
  const all: Possibility[] = [];
  for (const possibility of lists.flat()) if (!all.some((known) => same(known, possibility))) all.push(possibility);
  return all.length > MOST ? ANY_VALUE : all;
}

function same(a: Possibility, b: Possibility): boolean {
  return a.kind === b.kind && JSON.stringify(a) === JSON.stringify(b);
}

export function mayBeNull(values: Values): boolean {
  return values.some((value) => value.kind === 'null');
}

export function mayBeNotNull(values: Values): boolean {
  return values.some((value) => value.kind !== 'null');
}

// --------------------------------------------------------------------------------------------------- truth

export function not(truth: Truth): Truth {
  return (truth & UNKNOWN) | (truth & TRUE ? FALSE : 0) | (truth & FALSE ? TRUE : 0);
}

export function and(a: Truth, b: Truth): Truth {
  let result = 0;
  if (a & FALSE || b & FALSE) result |= FALSE;
  if (a & TRUE && b & TRUE) result |= TRUE;
  if ((a & UNKNOWN && b & (TRUE | UNKNOWN)) || (b & UNKNOWN && a & (TRUE | UNKNOWN))) result |= UNKNOWN;
  return result;
}

export function or(a: Truth, b: Truth): Truth {
  return not(and(not(a), not(b)));
}

/** The truth values that a value has as a condition. */
export function truthOf(values: Values): Truth {
  let truth = 0;
  for (const value of values) {
    switch (value.kind) {
      case 'null': truth |= UNKNOWN; break;
      case 'const': truth |= truthy(value.value); break;
      // MySQL and SQLite read a timestamp as its leading number, which is not zero.
      case 'past': case 'future': case 'moment': truth |= TRUE; break;
      case 'except': truth |= value.values.some((excluded) => truthy(excluded) === FALSE) ? TRUE : TRUE | FALSE;
    }
  }
  return truth;
}

function truthy(value: string | number | boolean): Truth {
  if (typeof value === 'boolean') return value ? TRUE : FALSE;
  if (typeof value === 'number') return value === 0 ? FALSE : TRUE;
  const flag = flagOf(value);
  return flag === null ? TRUE | FALSE : flag ? TRUE : FALSE;
}

/** A truth value as a value. */
export function valuesOf(truth: Truth): Values {
  const values: Possibility[] = [];
  if (truth & TRUE) values.push({ kind: 'const', value: true });
  if (truth & FALSE) values.push({ kind: 'const', value: false });
  if (truth & UNKNOWN) values.push({ kind: 'null' });
  return values;
}

// --------------------------------------------------------------------------------------------- comparisons

/** The truth of `left operator right` over all their possibilities. */
export function compare(operator: ComparisonOperator, left: Values, right: Values): Truth {
  let truth = 0;
  for (const a of left) for (const b of right) truth |= comparePossibilities(operator, a, b);
  return truth;
}

function comparePossibilities(operator: ComparisonOperator, a: Possibility, b: Possibility): Truth {
  if (operator === 'is-distinct') return not(comparePossibilities('is-not-distinct', a, b));
  if (operator === 'is-not-distinct') {
    if (a.kind === 'null' || b.kind === 'null') return a.kind === b.kind ? TRUE : FALSE;
    return comparePossibilities('=', a, b);
  }
  if (a.kind === 'null' || b.kind === 'null') return UNKNOWN;
  const order = ordering(a, b);
  const holds: Record<typeof operator, number> = { '=': EQUAL, '<>': LESS | GREATER, '<': LESS, '<=': LESS | EQUAL, '>': GREATER, '>=': GREATER | EQUAL };
  return (order & holds[operator] ? TRUE : 0) | (order & ~holds[operator] ? FALSE : 0);
}

const LESS = 1, EQUAL = 2, GREATER = 4, ANY_ORDER = 7;

/** How two values that are not NULL may be ordered: a subset of {LESS, EQUAL, GREATER}. */
function ordering(a: Possibility, b: Possibility): number {
  if (a.kind === 'const' && b.kind === 'const') return constOrdering(a.value, b.value);
  if (a.kind === 'except' || b.kind === 'except') return exceptOrdering(a, b);
  const left = span(a), right = span(b);
  if (left && right) {
    if (isPoint(left) && isPoint(right) && left.from === right.from) return EQUAL;
    if (left.from >= right.to) return GREATER;
    return left.to <= right.from ? LESS : ANY_ORDER;
  }
  // A moment against a number, a flag or a text that is no date, `coalesce(deleted_at, 0) = 0`, `coalesce(deleted_at, '') = ''`: never equal.
  const other = a.kind === 'const' ? a.value : b.kind === 'const' ? b.value : 'now';
  if (typeof other === 'string') return isNoDate(other) ? LESS | GREATER : ANY_ORDER;
  return a.kind === 'const' ? LESS : GREATER;
}

/** Too short for a date, or without a digit; PostgreSQL also reads words as dates (manual 8.5.1.4). */
function isNoDate(text: string): boolean {
  const trimmed = text.trim().toLowerCase();
  return !/^(now|today|tomorrow|yesterday|allballs)$/.test(trimmed) && (trimmed.length < 6 || !/\d/.test(trimmed));
}

function exceptOrdering(a: Possibility, b: Possibility): number {
  const [except, other] = a.kind === 'except' ? [a, b] : [b, a];
  if (except.kind !== 'except' || other.kind !== 'const') return ANY_ORDER;
  const number = typeof other.value === 'string' && other.value.trim() === '' ? NaN : Number(other.value);
  // "Not 0" is a flag that is set, a count or an epoch: against 1 it is the flag (an epoch of 1 ms does not occur), and it is above all smaller numbers.
  if (except.values.includes(0) && number === 1) return EQUAL;
  if (except.values.includes(0) && number < 1) return except === a ? GREATER : LESS;
  return except.values.some((value) => constOrdering(value, other.value) === EQUAL) ? LESS | GREATER : ANY_ORDER;
}

interface Span { readonly from: number; readonly to: number }

function isPoint(value: Span): boolean {
  return value.from === value.to;
}

/** The span of time that a possibility lies in, in days from now; null where it is no moment. Spans of more than a point are open. */
function span(value: Possibility): Span | null {
  switch (value.kind) {
    case 'past': return { from: -EPOCH, to: 0 };
    case 'future': return { from: 0, to: Infinity };
    case 'moment': return value.days === null ? { from: -Infinity, to: Infinity } : { from: value.days, to: value.days };
    case 'const': {
      const days = typeof value.value === 'string' ? daysFromNow(value.value) : null;
      return days === null ? null : { from: days, to: days };
    }
    default: return null;
  }
}

/** No row was deleted before 1971: sentinels such as the epoch lie outside of the past. */
const EPOCH = 365 * 50;

/** Days from now of a date literal: sentinels are exact (±Infinity), other dates are somewhere in the past or future; null for other texts. */
function daysFromNow(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === 'infinity') return Infinity;
  if (trimmed === '-infinity' || trimmed === 'epoch') return -Infinity;
  const year = /^(\d{4})-\d{2}-\d{2}/.exec(trimmed)?.[1];
  if (year === undefined) return null;
  if (Number(year) <= 1971) return -Infinity;
  if (Number(year) >= 2200) return Infinity;
  return null;
}

function isMoment(text: string): boolean {
  return daysFromNow(text) !== null;
}

function constOrdering(a: string | number | boolean, b: string | number | boolean): number {
  const left = comparable(a, b), right = comparable(b, a);
  // Texts that differ in case alone are equal in one collation and different in the next.
  if (left === right) return typeof a === 'string' && typeof b === 'string' && a !== b ? ANY_ORDER : EQUAL;
  return left < right ? LESS : GREATER;
}

/** Booleans compare with 0/1 and with the spellings 't', 'false', .. as numbers; texts without regard to case. */
function comparable(value: string | number | boolean, other: string | number | boolean): number | string {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return typeof other === 'string' && flagOf(other) === null ? String(value) : value;
  const flag = typeof other === 'string' ? null : flagOf(value);
  if (flag !== null) return flag ? 1 : 0;
  return typeof other !== 'string' && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value.toLowerCase();
}

function flagOf(text: string): boolean | null {
  const lower = text.trim().toLowerCase();
  if (/^(t|true|y|yes|on|1)$/.test(lower)) return true;
  if (/^(f|false|n|no|off|0)$/.test(lower)) return false;
  return null;
}

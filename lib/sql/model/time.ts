/**
 * Moments, durations and their arithmetic: `now() - interval '30 days'`, `DATE_SUB(NOW(), INTERVAL 1 MONTH)`, `datetime('now', '-30 days')`,
 * `age(deleted_at) > interval '30 days'`. Each is read as a sum of now, at most one column, and a distance in days.
 */
import type { ComparisonOperator } from '../../model/query.js';
import type { Reading } from './context.js';
import { bare, isNode, items, path, words, type CstNode } from './cst.js';

/** `now` times now, plus or minus a column, plus a distance. */
export interface Moment {
  /** 1, 0 or -1. */
  readonly now: number;
  readonly column: CstNode | null;
  /** How the column counts: 1, -1, or 0 without one. */
  readonly sign: number;
  /** Null where a parameter decides. */
  readonly days: number | null;
  /** Days that a difference of 1 of this expression's value stands for; `number`: a bare number; `time`: a date, timestamp or interval. */
  readonly unit: number | 'number' | 'time';
}

/** Days of a unit; a month counts 30, a quarter 90, a year 365. */
const UNITS: Readonly<Record<string, number>> = {
  microsecond: 1 / 86_400_000_000, us: 1 / 86_400_000_000, usec: 1 / 86_400_000_000,
  millisecond: 1 / 86_400_000, ms: 1 / 86_400_000, msec: 1 / 86_400_000,
  second: 1 / 86_400, sec: 1 / 86_400, s: 1 / 86_400,
  minute: 1 / 1440, min: 1 / 1440, m: 1 / 1440,
  hour: 1 / 24, hr: 1 / 24, h: 1 / 24,
  day: 1, d: 1, week: 7, w: 7, month: 30, mon: 30, quarter: 90, year: 365, yr: 365, y: 365, decade: 3650, century: 36_500,
};

function unitDays(unit: string): number | null {
  const name = unit.toLowerCase().replace(/^sql_tsi_/, '');
  return UNITS[name] ?? UNITS[name.replace(/s$/, '')] ?? null;
}

/** Days rounded to a whole microsecond, so that 720 hours are 30 days. */
function tidy(days: number): number {
  return Math.round(days * 86_400_000_000) / 86_400_000_000;
}

/** Days of an interval's words (`30 days`, `1 mon 2 days`, `-7 days`, `02:00:00`, `P30D`, `3 days ago`); null where they say something else. */
export function intervalDays(written: string): number | null {
  let text = written.trim().toLowerCase().replace(/^@\s*/, '');
  const ago = /\bago$/.test(text);
  if (ago) text = text.slice(0, -3);
  const iso = /^p(?=[\dt-])(.*)$/.exec(text);
  let days = 0, rest = text;
  if (iso) {
    const [date = '', time = ''] = iso[1]!.split('t');
    const isoUnits: Record<string, number> = { y: 365, m: 30, w: 7, d: 1 }, isoTimes: Record<string, number> = { h: 1 / 24, m: 1 / 1440, s: 1 / 86_400 };
    const add = (part: string, units: Record<string, number>): string => part.replace(/(-?\d+(?:\.\d+)?)([a-z])/g, (whole, amount: string, unit: string) => {
      if (units[unit] === undefined) return whole;
      days += Number(amount) * units[unit];
      return '';
    });
    rest = add(date, isoUnits) + add(time, isoTimes);
  } else {
    rest = rest.replace(/([+-]?)(\d+):(\d+)(?::(\d+(?:\.\d+)?))?/g, (_, sign: string, hours: string, minutes: string, seconds: string | undefined) => {
      days += (sign === '-' ? -1 : 1) * (Number(hours) / 24 + Number(minutes) / 1440 + Number(seconds ?? 0) / 86_400);
      return '';
    }).replace(/([+-]?)\s*(\d+(?:\.\d+)?)\s*([a-z_]+)/g, (whole, sign: string, amount: string, unit: string) => {
      const length = unitDays(unit);
      if (length === null) return whole;
      days += (sign === '-' ? -1 : 1) * Number(amount) * length;
      return '';
    });
  }
  return rest.replace(/[\s,]|\band\b/g, '') === '' && rest !== written ? tidy(ago ? -days : days) : null;
}

const NOW = new Set([
  'now', 'current_timestamp', 'localtimestamp', 'current_date', 'curdate', 'current_datetime', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp',
  'utc_timestamp', 'utc_date', 'sysdate', 'getdate', 'getutcdate', 'sysdatetime', 'sysutcdatetime',
]);
/** Functions of a moment that round it or spell it otherwise; the named argument is the moment. */
const SPELLINGS: Readonly<Record<string, number>> = {
  timestamp: 0, to_timestamp: 0, timestamp_trunc: 0, datetime_trunc: 0, timezone: 1,
};
const SHIFTS: Readonly<Record<string, 1 | -1>> = {
  date_sub: -1, subdate: -1, timestamp_sub: -1, datetime_sub: -1, date_add: 1, adddate: 1, timestamp_add: 1, datetime_add: 1, date_subtract: -1,
};
/** `DATEDIFF(later, earlier)` in days, `TIMESTAMP_DIFF(later, earlier, unit)`. */
const DIFFERENCES = new Set(['datediff', 'date_diff', 'timestamp_diff', 'datetime_diff']);

const NONE = { now: 0, column: null, sign: 0 } as const;

/** How deep arithmetic is followed; what lies deeper is no moment. */
const DEPTH = 12;

/** Reads an expression as a moment or duration; null where it is something else. */
export function momentOf(node: CstNode, reading: Reading, depth = 0): Moment | null {
  if (depth > DEPTH) return null;
  const read = (child: unknown): Moment | null => isNode(child) ? momentOf(child, reading, depth + 1) : null;
  const hole = reading.hole(node);
  if (hole) return hole.as === 'value' ? { ...NONE, days: null, unit: 'number' } : null;
  switch (node.type) {
    case 'paren_expr': return isNode(node.expr) ? read(node.expr) : null;
    case 'parameter': case 'variable': return { ...NONE, days: null, unit: 'number' };
    case 'number_literal': return { ...NONE, days: Number(node.value), unit: 'number' };
    case 'timestamp_literal': case 'datetime_literal': case 'date_literal': {
      const literal = node.string as CstNode;
      return isNowWord(literal) ? { now: 1, column: null, sign: 0, days: 0, unit: 'time' } : null;
    }
    case 'interval_literal': return interval(node, reading, depth);
    case 'cast_operator_expr': return cast(node.left as CstNode, reading.parsed((node.right as CstNode).range), reading, depth);
    case 'cast_expr': {
      const args = node.args.expr as CstNode;
      return args.type === 'cast_arg' ? cast(args.expr as CstNode, reading.parsed((args.dataType as CstNode).range), reading, depth) : null;
    }
    case 'identifier': case 'member_expr':
      return path(node) && !reading.isPartlyHidden(node) ? { now: 0, column: node, sign: 1, days: 0, unit: 'time' } : null;
    case 'prefix_op_expr': {
      const operator = words(node.operator);
      const inner = operator === '-' || operator === '+' ? read(node.expr) : null;
      return inner && operator === '-' ? negated(inner) : inner;
    }
    case 'extract_expr': {
      const from = node.args.expr as CstNode;
      return scaled(read(from.expr), words((from.unit as CstNode).unitKw));
    }
    case 'binary_expr': return arithmetic(node, reading, depth);
    case 'func_call': return call(node, reading, depth);
    default: return null;
  }
}

function isNowWord(node: CstNode): boolean {
  return node.type === 'string_literal' && /^\s*(now|today)\s*$/i.test(String(node.value));
}

function cast(inner: CstNode, type: string, reading: Reading, depth: number): Moment | null {
  const subject = bare(inner);
  if (/^\s*interval\b/i.test(type)) return duration(subject, reading, depth);
  if (isNowWord(subject) && /^\s*(timestamp|date)/i.test(type)) return { now: 1, column: null, sign: 0, days: 0, unit: 'time' };
  return momentOf(subject, reading, depth + 1);
}

/** What stands where an interval is meant: `'30 days'`, `$1`, `$1 || ' days'`, `30` with a unit. */
function duration(node: CstNode, reading: Reading, depth: number, unit: number | null = null): Moment | null {
  const subject = bare(node);
  const unknown: Moment = { ...NONE, days: null, unit: 'time' };
  if (subject.type === 'string_literal') {
    if (reading.isPartlyHidden(subject)) return unknown;
    const text = String(subject.value);
    const days = unit !== null && /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) * unit : intervalDays(text);
    return { ...NONE, days, unit: 'time' };
  }
  const inner = momentOf(subject, reading, depth + 1);
  if (inner?.unit === 'number' && unit !== null) return { ...NONE, days: inner.days === null ? null : tidy(inner.days * unit), unit: 'time' };
  return inner && inner.now === 0 && inner.sign === 0 && inner.unit === 'time' ? inner : unknown;
}

function interval(node: CstNode, reading: Reading, depth: number): Moment | null {
  const unit = isNode(node.unit) && node.unit.type === 'interval_unit' ? unitDays(words(node.unit.unitKw)) : null;
  const value = node.value as CstNode;
  // The parser reads `INTERVAL '1 day' * $1` as an interval of a product.
  if (value.type === 'binary_expr' && unit === null) return arithmetic(value, reading, depth, true);
  return duration(value, reading, depth, unit);
}

function negated(moment: Moment): Moment {
  return { ...moment, now: -moment.now, sign: -moment.sign, days: moment.days === null ? null : -moment.days };
}

function sum(left: Moment, right: Moment): Moment | null {
  if (left.column && right.column) return null;
  let a = left, b = right;
  // A bare number counts the units of the other side; days beside a date.
  const inUnitsOf = (number: Moment, other: Moment): Moment => ({
    ...number, days: number.days === null ? null : number.days * (typeof other.unit === 'number' ? other.unit : 1), unit: other.unit,
  });
  if (a.unit === 'number' && b.unit !== 'number') a = inUnitsOf(a, b);
  else if (b.unit === 'number' && a.unit !== 'number') b = inUnitsOf(b, a);
  if (typeof a.unit === 'number' && typeof b.unit === 'number' && a.unit !== b.unit) return null;
  const now = a.now + b.now;
  if (Math.abs(now) > 1) return null;
  return { now, column: a.column ?? b.column, sign: a.sign + b.sign, days: a.days === null || b.days === null ? null : tidy(a.days + b.days), unit: a.unit === 'number' ? b.unit : a.unit };
}

function arithmetic(node: CstNode, reading: Reading, depth: number, leftIsInterval = false): Moment | null {
  const operator = words(node.operator), left = node.left as CstNode, right = node.right as CstNode;
  if (operator === 'AT TIME ZONE' || operator === 'COLLATE') return momentOf(left, reading, depth + 1);
  if (operator !== '+' && operator !== '-' && operator !== '*' && operator !== '/') return null;
  let a: Moment | null;
  if (leftIsInterval && bare(left).type === 'string_literal') a = duration(left, reading, depth);
  else if (leftIsInterval && left.type === 'binary_expr') a = arithmetic(left, reading, depth + 1, true);
  else a = momentOf(left, reading, depth + 1);
  let b = momentOf(right, reading, depth + 1);
  if (operator === '*' || operator === '/') {
    if (!a || !b) return null;
    if (operator === '*' && a.unit === 'number' && b.unit !== 'number') [a, b] = [b, a];
    if (b.unit !== 'number') return null;
    const factor = b.days;
    if (typeof a.unit === 'number') return factor ? { ...a, unit: operator === '*' ? a.unit / factor : a.unit * factor } : null;
    if (a.now !== 0 || a.sign !== 0) return null;
    return { ...a, days: a.days === null || factor === null ? null : tidy(operator === '*' ? a.days * factor : a.days / factor) };
  }
  // `now() - '30 days'`: PostgreSQL takes the string for an interval.
  if (a && !b && bare(right).type === 'string_literal' && a.unit === 'time') b = duration(right, reading, depth);
  return a && b ? sum(a, operator === '-' ? negated(b) : b) : null;
}

/** A moment or duration counted in a unit, as `EXTRACT(EPOCH FROM x)` does. */
function scaled(moment: Moment | null, unit: string): Moment | null {
  const days = unit === 'EPOCH' ? 1 / 86_400 : unitDays(unit);
  if (!moment || days === null || moment.unit !== 'time') return null;
  // Parts of a moment other than its epoch (the day of the month) do not grow with time.
  const isDifference = moment.now + moment.sign === 0;
  return unit === 'EPOCH' || isDifference ? { ...moment, unit: days } : null;
}

function call(node: CstNode, reading: Reading, depth: number): Moment | null {
  const names = path(node.name as CstNode);
  if (!names || node.over || node.filter) return null;
  const name = names[names.length - 1]!.toLowerCase();
  const args = node.args ? items(node.args.expr.args as CstNode) : [];
  const read = (index: number): Moment | null => args[index] ? momentOf(args[index], reading, depth + 1) : null;
  const now: Moment = { now: 1, column: null, sign: 0, days: 0, unit: 'time' };
  if (NOW.has(name)) return now;
  if (name === 'unix_timestamp' || name === 'unixepoch' || name === 'unix_seconds' || name === 'unix_millis' || name === 'to_unixtime') {
    const unit = name === 'unix_millis' ? 'MILLISECOND' : 'SECOND';
    const moment = args.length === 0 ? now : name === 'unixepoch' ? sqliteTime(args, reading, depth) : read(0);
    return moment && { ...moment, unit: unitDays(unit)! };
  }
  if (name === 'strftime' && args.length > 1) {
    const moment = sqliteTime(args.slice(1), reading, depth);
    return moment && args[0]!.type === 'string_literal' && args[0]!.value === '%s' ? { ...moment, unit: 1 / 86_400 } : moment;
  }
  if (args.length > 0 && (name === 'date' || name === 'datetime' || name === 'julianday')) return sqliteTime(args, reading, depth);
  if (name === 'make_interval') return makeInterval(args, reading, depth);
  if (name === 'age') {
    const [later, earlier] = args.length > 1 ? [read(0), read(1)] : [now, read(0)];
    return later && earlier ? sum(later, negated(earlier)) : null;
  }
  const shift = SHIFTS[name];
  if (shift !== undefined && args.length === 2) {
    const [moment, distance] = [read(0), read(1)];
    return moment && distance ? sum(moment, shift === -1 ? negated(distance) : distance) : null;
  }
  // DATEADD(day, -30, now()), TIMESTAMPADD(DAY, -30, NOW())
  if ((name === 'dateadd' || name === 'timestampadd') && args.length === 3) {
    const unit = unitDays(path(args[0]!)?.[0] ?? ''), amount = read(1), moment = read(2);
    return unit !== null && amount?.unit === 'number' && moment ? sum(moment, { ...NONE, days: amount.days === null ? null : amount.days * unit, unit: 'time' }) : null;
  }
  if (name === 'timestampdiff' && args.length === 3) return difference(read(2), read(1), path(args[0]!)?.[0] ?? '');
  if (DIFFERENCES.has(name) && args.length === 3) {
    // BigQuery names the unit last, Redshift and SQL Server first.
    const last = unitDays(path(args[2]!)?.[0] ?? '');
    return last === null ? difference(read(2), read(1), path(args[0]!)?.[0] ?? '') : difference(read(0), read(1), path(args[2]!)![0]!);
  }
  if (DIFFERENCES.has(name) && args.length === 2) return difference(read(0), read(1), 'day');
  if (name === 'date_part' && args.length === 2 && args[0]!.type === 'string_literal') return scaled(read(1), String(args[0]!.value).toUpperCase());
  // PostgreSQL names the unit first, BigQuery last.
  const subject = name === 'date_trunc' ? (args[0]?.type === 'string_literal' ? 1 : 0) : SPELLINGS[name];
  return subject === undefined ? null : read(subject);
}

function difference(later: Moment | null, earlier: Moment | null, unit: string): Moment | null {
  const days = unitDays(unit), moment = later && earlier ? sum(later, negated(earlier)) : null;
  return moment && days !== null ? { ...moment, unit: days } : null;
}

/** `datetime('now', '-30 days', 'start of day')`, `date(x, '+1 month')`. https://www.sqlite.org/lang_datefunc.html#dtmods */
function sqliteTime(args: readonly CstNode[], reading: Reading, depth: number): Moment | null {
  const first = args[0]!;
  const base: Moment | null = isNowWord(first) ? { now: 1, column: null, sign: 0, days: 0, unit: 'time' } : momentOf(first, reading, depth + 1);
  if (!base || base.unit !== 'time') return null;
  let { days } = base;
  for (const modifier of args.slice(1)) {
    const subject = bare(modifier);
    if (subject.type !== 'string_literal' || reading.isPartlyHidden(subject)) days = null;
    else if (!/^(start of|utc|localtime|weekday|unixepoch|auto|julianday|subsec|ceiling|floor)/i.test(String(subject.value))) {
      const shift = intervalDays(String(subject.value));
      days = shift === null || days === null ? null : tidy(days + shift);
    }
  }
  return { ...base, days };
}

function makeInterval(args: readonly CstNode[], reading: Reading, depth: number): Moment {
  const positions = ['years', 'months', 'weeks', 'days', 'hours', 'mins', 'secs'];
  let days: number | null = 0;
  args.forEach((arg, index) => {
    const named = arg.type === 'named_arg';
    const unit = unitDays(named ? String((arg.name as CstNode).name) : positions[index] ?? '');
    const amount = momentOf((named ? arg.value : arg) as CstNode, reading, depth + 1);
    days = unit === null || days === null || amount?.unit !== 'number' || amount.days === null ? null : tidy(days + amount.days * unit);
  });
  return { ...NONE, days, unit: 'time' };
}

/** Is the expression a moment relative to now and nothing else? Then its distance in days, or null within; else undefined. */
export function plainMoment(moment: Moment | null): { readonly days: number | null } | undefined {
  return moment && moment.now === 1 && moment.sign === 0 && moment.unit !== 'number' ? { days: moment.days } : undefined;
}

const FLIPPED: Readonly<Record<string, ComparisonOperator>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '=': '=', '<>': '<>' };

/** Is it a column and nothing else, but for casts? */
function isAlone(moment: Moment, node: CstNode): boolean {
  let inner = bare(node);
  while (inner.type === 'cast_operator_expr') inner = bare(inner.left as CstNode);
  return moment.sign === 1 && moment.now === 0 && moment.column === inner;
}

/**
 * A comparison of a column's age or of a shifted column, solved for the column: `now() - a > interval '30 days'` is `a < now() - 30 days`.
 * Null where it is no such comparison, or already has the column alone on one side.
 */
export function solveAge(node: CstNode, operator: ComparisonOperator, reading: Reading): { column: CstNode; operator: ComparisonOperator; days: number | null } | null {
  if (!(operator in FLIPPED)) return null;
  const left = momentOf(node.left as CstNode, reading);
  if (!left || isAlone(left, node.left as CstNode)) return null;
  let right = momentOf(node.right as CstNode, reading);
  const literal = bare(node.right as CstNode);
  if (!right && literal.type === 'string_literal' && left.unit === 'time' && left.now + left.sign === 0 && left.column) right = duration(literal, reading, 0);
  if (!right || isAlone(right, node.right as CstNode)) return null;
  const whole = sum(left, negated(right));
  if (!whole?.column || Math.abs(whole.sign) !== 1 || whole.now !== -whole.sign) return null;
  // sign * (column - now) + days `operator` 0
  return whole.sign === 1
    ? { column: whole.column, operator, days: whole.days === null ? null : 0 - whole.days }
    : { column: whole.column, operator: FLIPPED[operator]!, days: whole.days };
}

/** Durations of the manifest, in days. */

/** Days of a unit; a month counts 30 and a year 365, as in the query model's `TimeExpr`. */
const DAYS = { second: 1 / 86_400, minute: 1 / 1_440, hour: 1 / 24, day: 1, week: 7, month: 30, year: 365 };
type Unit = keyof typeof DAYS;
const UNITS = Object.keys(DAYS) as Unit[];

const ISO_UNITS: readonly Unit[] = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'];

/** The days of `30 days`, `1 year 6 months` or an ISO 8601 duration (`P30D`, `PT12H`); null where the text is no duration. */
export function durationDays(text: string): number | null {
  const iso = /^P(?=\d|T\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/.exec(text);
  if (iso) return ISO_UNITS.reduce((days, unit, i) => days + Number(iso[i + 1] ?? 0) * DAYS[unit], 0);
  const words = text.split(/\s/);
  if (words.length % 2 !== 0) return null;
  let days = 0;
  for (let i = 0; i < words.length; i += 2) {
    const unit = UNITS.find((name) => words[i + 1] === name || words[i + 1] === `${name}s`);
    if (!unit || !/^\d{1,6}$/.test(words[i]!)) return null;
    days += Number(words[i]) * DAYS[unit];
  }
  return days;
}

/** Days as a person says them: `30 days`, `7 years`, `12 hours`. Rounds to whole seconds. */
export function daysInWords(days: number): string {
  const unit = (['year', 'day', 'hour', 'minute'] as const).find((name) => isWhole(days / DAYS[name])) ?? 'second';
  const count = Math.round(days / DAYS[unit]);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function isWhole(count: number): boolean {
  return count >= 1 && Math.abs(count - Math.round(count)) < 1e-6;
}

/** What a misspelled duration most likely means (`30dayz` → `30 days`); null where that cannot be told. */
export function correctDuration(text: string, nearestOf: (word: string, units: readonly string[]) => string | null): string | null {
  const pairs = [...text.matchAll(/(\d{1,6})[\s-]*([a-z]+)/gi)];
  const corrected = pairs.map(([, count, word]) => {
    const lower = word!.toLowerCase();
    const unit = UNITS.find((name) => lower.length > 1 ? name.startsWith(lower) || lower === `${name}s` : name[0] === lower && !'ms'.includes(lower)) ?? nearestOf(lower, UNITS);
    return unit && `${Number(count)} ${unit}${Number(count) === 1 ? '' : 's'}`;
  });
  return corrected.length > 0 && corrected.every((part) => part !== null) ? corrected.join(' ') : null;
}

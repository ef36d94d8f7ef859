import assert from 'node:assert/strict';
import fc from 'fast-check';
import { durationDays, daysInWords } from '../../lib/manifest/durations.js';
import { validate } from '../../lib/manifest/index.js';

const DURATIONS: [text: string, days: number | null][] = [
  ['30 days', 30], ['1 day', 1], ['7 years', 2555], ['12 hours', 0.5], ['1 year 6 months', 545], ['2 weeks', 14], ['90 minutes', 0.0625], ['0 days', 0], ['1 years', 365],
  ['P30D', 30], ['P1Y6M', 545], ['PT12H', 0.5], ['P2W', 14], ['P1DT12H', 1.5], ['PT90M', 0.0625], ['PT86400S', 1],
  ['', null], ['30', null], ['days', null], ['30days', null], ['30  days', null], ['-30 days', null], ['1.5 years', null], ['30 days ', null], ['30 Days', null], ['thirty days', null], ['30 fortnights', null],
  ['P', null], ['PT', null], ['P1DT', null], ['P1M1Y', null], ['p30d', null], ['P30', null], ['9999999 days', null],
];

describe('durations', () => {
  for (const [text, days] of DURATIONS) it(`${JSON.stringify(text)} is ${days === null ? 'no duration' : `${days} days`}`, () => {
    const found = durationDays(text);
    if (days === null) assert.equal(found, null);
    else assert.ok(Math.abs(found! - days) < 1e-9, String(found));
  });

  it('the schema accepts what can be read, and nothing else', () => {
    const word = fc.oneof(fc.constantFrom('day', 'days', 'month', 'years', 'P', 'T', 'D', 'H', 'PT', 'P1Y', ' ', '\t', '1', '30', '7D', 'hours', 'dayss'), fc.string({ maxLength: 3 }));
    fc.assert(fc.property(fc.array(word, { maxLength: 6 }), fc.constantFrom('', ' '), (words, between) => {
      const retention = words.join(between);
      assert.equal(validate({ tables: { users: { deletion: 'soft', retention } } }).length === 0, durationDays(retention) !== null, JSON.stringify(retention));
    }), { numRuns: 2000, examples: DURATIONS.map(([text]) => [[text], ''] as [string[], '']) });
  });

  for (const [days, words] of [[30, '30 days'], [1, '1 day'], [2555, '7 years'], [365, '1 year'], [545, '545 days'], [0.5, '12 hours'], [1.5, '36 hours'], [1 / 24, '1 hour'], [0.0625, '90 minutes'], [1 / 86_400, '1 second'], [0, '0 seconds']] as const) {
    it(`${days} days are ${words}`, () => { assert.equal(daysInWords(days), words); });
  }
});

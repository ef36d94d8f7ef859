import assert from 'node:assert/strict';
import type { ComparisonOperator, TombstoneFact } from '../../lib/model/query.js';
import { and, ANY_VALUE, compare, constant, FALSE, not, NULL_VALUE, or, tombstoneValues, TRUE, truthOf, UNKNOWN, valuesOf, type Truth, type Values } from '../../lib/model/values.js';

const names = (truth: Truth): string => [truth & TRUE && 'T', truth & FALSE && 'F', truth & UNKNOWN && 'U'].filter(Boolean).join('');
const fact = (over: Partial<TombstoneFact>): TombstoneFact => ({ column: 'deleted_at', names: ['deleted_at'], live: null, dead: null, scheduled: false, ...over });
const moment = (days: number | null): Values => [{ kind: 'moment', days }];

describe('three-valued logic', () => {
  const single = [TRUE, FALSE, UNKNOWN];
  // SQL:2016 part 2, 6.39 <boolean value expression>, tables 12 to 14.
  const conjunction = ['T', 'F', 'U', 'F', 'F', 'F', 'U', 'F', 'U'], disjunction = ['T', 'T', 'T', 'T', 'F', 'U', 'T', 'U', 'U'];

  it('agrees with the truth tables of the standard', () => {
    assert.deepEqual(single.flatMap((a) => single.map((b) => names(and(a, b)))), conjunction);
    assert.deepEqual(single.flatMap((a) => single.map((b) => names(or(a, b)))), disjunction);
    assert.deepEqual(single.map((a) => names(not(a))), ['F', 'T', 'U']);
  });

  it('treats sets of truth values element by element', () => {
    for (let a = 1; a < 8; a++) {
      for (let b = 1; b < 8; b++) {
        let expected = 0;
        for (const x of single) for (const y of single) if (a & x && b & y) expected |= and(x, y);
        assert.equal(and(a, b), expected, `${names(a)} AND ${names(b)}`);
      }
    }
  });
});

describe('comparisons', () => {
  const rows: readonly (readonly [string, Values, ComparisonOperator, Values, string])[] = [
    ['NULL = anything', NULL_VALUE, '=', ANY_VALUE, 'U'],
    ['NULL IS NOT DISTINCT FROM NULL', NULL_VALUE, 'is-not-distinct', NULL_VALUE, 'T'],
    ['1 IS DISTINCT FROM NULL', constant(1), 'is-distinct', NULL_VALUE, 'T'],
    ['0 = false', constant(0), '=', constant(false), 'T'],
    ["'f' = false", constant('f'), '=', constant(false), 'T'],
    ["'A' = 'a', as the collation has it", constant('A'), '=', constant('a'), 'TF'],
    ["'a' = 'a'", constant('a'), '=', constant('a'), 'T'],
    ["'A' = 'b'", constant('A'), '=', constant('b'), 'F'],
    ['2 < 10 as numbers', constant(2), '<', constant(10), 'T'],
    ['a dead timestamp is before now', tombstoneValues(fact({}), 'dead'), '<', moment(0), 'T'],
    ['a dead timestamp may be 30 days old', tombstoneValues(fact({}), 'dead'), '<', moment(-30), 'TF'],
    ['a dead timestamp is not infinity', tombstoneValues(fact({}), 'dead'), '=', constant('infinity'), 'F'],
    ['a dead timestamp is not the epoch', tombstoneValues(fact({}), 'dead'), '=', constant('1970-01-01'), 'F'],
    ['a dead timestamp may be some date', tombstoneValues(fact({}), 'dead'), '>', constant('2020-01-01'), 'TF'],
    ['a dead timestamp is not the empty text', tombstoneValues(fact({}), 'dead'), '=', constant(''), 'F'],
    ['a dead timestamp may be today', tombstoneValues(fact({}), 'dead'), '=', constant('today'), 'TF'],
    ['a scheduled live timestamp is NULL or after now', tombstoneValues(fact({ scheduled: true }), 'live'), '>', moment(0), 'TU'],
    ['a flag that is not 0 is 1', tombstoneValues(fact({ live: 0 }), 'dead'), '<>', constant(1), 'F'],
    ['a flag that is not 0 is not 0', tombstoneValues(fact({ live: 0 }), 'dead'), '=', constant(0), 'F'],
    ['a state other than live', tombstoneValues(fact({ live: 'active' }), 'dead'), '=', constant('active'), 'F'],
    ['a live row is in no dead state', tombstoneValues(fact({ dead: ['deleted'] }), 'live'), '=', constant('deleted'), 'FU'],
  ];
  for (const [title, left, operator, right, expected] of rows) it(title, () => { assert.equal(names(compare(operator, left, right)), expected); });
});

describe('values as conditions', () => {
  const rows: readonly (readonly [string, Values, string])[] = [
    ['NULL', NULL_VALUE, 'U'], ['1', constant(1), 'T'], ['0', constant(0), 'F'], ["'false'", constant('false'), 'F'],
    ['a dead timestamp, as MySQL reads it', tombstoneValues(fact({}), 'dead'), 'T'], ['anything', ANY_VALUE, 'TFU'],
  ];
  for (const [title, values, expected] of rows) {
    it(title, () => {
      assert.equal(names(truthOf(values)), expected);
      assert.equal(names(truthOf(valuesOf(truthOf(values)))), expected);
    });
  }
});

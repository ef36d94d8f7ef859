/** The many ways to ask for live rows, and the many to believe that one did. */
import type { Random } from './random.js';
import { DEAD_STATUS, sentinel, WORDS, type TombstoneKind } from './schema.js';
import { and, choose, coalesce, compare, inList, is, isNull, lit, not, now, or, same, type Dialect, type Expr } from './tree.js';

/** What a column says about a row: a tombstone, or a flag that a query computed (`live-flag`: TRUE for live; `dead-number`: 1 for dead, else 0). */
export interface Mark {
  readonly kind: TombstoneKind | 'live-flag' | 'dead-number';
  readonly column: Expr;
}

/** The end of time, as the dialect has it. */
const never = (dialect: Dialect): Expr => lit(sentinel(dialect));

/** A condition that no dead row passes, and most often every live one does. */
export function live(random: Random, mark: Mark, dialect: Dialect): Expr {
  const { column } = mark;
  switch (mark.kind) {
    case 'timestamp': return dressed(random, random.pick<() => Expr>([
      () => isNull(column), () => isNull(column), () => isNull(column), () => isNull(column),
      () => not(isNull(column, true)),
      () => ({ k: 'isnull', negated: false, arg: column }),
      () => same(column, lit(null)),
      () => compare(coalesce(column, never(dialect)), '=', never(dialect)),
      () => compare(coalesce(column, now(1)), '>', now()),
      () => compare(coalesce(column, never(dialect)), '>', now()),
      () => compare(choose(isNull(column), lit(1), lit(0)), '=', lit(1)),
      () => choose(isNull(column, true), lit(false), lit(true)),
      () => inList(choose(isNull(column), lit('live'), lit('dead')), [lit('live'), lit('new')]),
      () => is(isNull(column, true), 'FALSE'),
      () => compare(isNull(column, true), '=', lit(false)),
      () => ({ k: 'if', condition: isNull(column), then: lit(true), otherwise: lit(false) }),
      () => byDialect(isNull(column), compare({ k: 'coalesce', short: true, args: [column, lit(0)] }, '=', lit(0))),
      () => byDialect(isNull(column), compare({ k: 'coalesce', short: random.chance(0.5), args: [column, lit('')] }, '=', lit(''))),
      () => and(isNull(column), or(isNull(column), compare(column, '>', now()))),
    ])());
    case 'scheduled': return dressed(random, random.pick<() => Expr>([
      () => or(isNull(column), compare(column, '>', now())), () => or(isNull(column), compare(column, '>', now())),
      () => or(compare(now(), '<', column), isNull(column)),
      () => compare(coalesce(column, never(dialect)), '>', now()),
      () => is(compare(column, '<=', now()), 'TRUE', true),
      () => not(and(isNull(column, true), compare(column, '<=', now()))),
      () => isNull(column),
      () => compare(column, '>', now()),
      () => choose(compare(column, '<=', now()), lit(false), lit(true)),
    ])());
    case 'sentinel': return dressed(random, random.pick<() => Expr>([
      () => compare(column, '=', never(dialect)), () => compare(column, '=', never(dialect)),
      () => compare(never(dialect), '=', column),
      () => compare(column, '>', now()),
      () => compare(column, '>=', never(dialect)),
      () => not(compare(column, '<', never(dialect))),
      () => not(compare(column, '<=', now())),
      () => same(column, never(dialect)),
      () => inList(column, [never(dialect)]),
    ])());
    case 'flag': return dressed(random, random.pick<() => Expr>([
      () => not(column), () => not(column), () => compare(column, '=', lit(false)), () => compare(column, '=', lit(false)),
      () => is(column, 'FALSE'), () => is(column, 'TRUE', true), () => compare(column, '<>', lit(true)),
      () => not(compare(column, '=', lit(true))), () => compare(coalesce(column, lit(false)), '=', lit(false)),
      () => not(coalesce(column, lit(false))), () => same(column, lit(true), true), () => same(column, lit(false)),
      () => inList(column, [lit(false)]), () => inList(column, [lit(true)], true), () => compare(column, '<', lit(true)),
      () => compare(choose(column, lit(0), lit(1)), '=', lit(1)), () => byDialect(not(column), compare(column, '=', lit(0))),
      () => ({ k: 'case', operand: column, branches: [{ when: lit(true), then: lit(false) }], otherwise: lit(true) }),
    ])());
    case 'nullable-flag': return dressed(random, random.pick<() => Expr>([
      () => is(column, 'TRUE', true), () => is(column, 'TRUE', true), () => compare(coalesce(column, lit(false)), '=', lit(false)),
      () => not(coalesce(column, lit(false))), () => or(isNull(column), compare(column, '=', lit(false))), () => or(isNull(column), not(column)),
      () => same(column, lit(true), true), () => not(is(column, 'TRUE')), () => choose(column, lit(false), lit(true)),
      () => not(column), () => compare(column, '=', lit(false)), () => compare(coalesce(column, lit(false)), '<>', lit(true)), () => is(column, 'FALSE'),
    ])());
    case 'number': return dressed(random, random.pick<() => Expr>([
      () => compare(column, '=', lit(0)), () => compare(column, '=', lit(0)), () => compare(column, '<>', lit(1)), () => not(compare(column, '<>', lit(0))),
      () => compare(column, '<', lit(1)), () => inList(column, [lit(0)]), () => inList(column, [lit(1)], true), () => not({ k: 'flag', arg: column }),
      () => compare(coalesce(column, lit(0)), '=', lit(0)), () => same(column, lit(0)), () => not(compare(column, '=', lit(1))),
      () => ({ k: 'between', negated: false, arg: column, low: lit(0), high: lit(0) }), () => not(compare(column, '>', lit(0))),
      () => ({ k: 'case', operand: column, branches: [{ when: lit(0), then: lit(true) }], otherwise: lit(false) }),
    ])());
    case 'status': return dressed(random, random.pick<() => Expr>([
      () => compare(column, '<>', lit(DEAD_STATUS)), () => compare(column, '<>', lit(DEAD_STATUS)), () => same(column, lit(DEAD_STATUS), true),
      () => inList(column, [lit('open'), lit('paid')]), () => inList(column, [lit(DEAD_STATUS), lit('archived')], true), () => not(compare(column, '=', lit(DEAD_STATUS))),
      () => compare(coalesce(column, lit('')), '<>', lit(DEAD_STATUS)), () => compare(column, '=', lit('open')), () => or(isNull(column), compare(column, '<>', lit(DEAD_STATUS))),
      () => ({ k: 'case', operand: column, branches: [{ when: lit(DEAD_STATUS), then: lit(false) }], otherwise: lit(true) }),
    ])());
    case 'live-flag': return random.pick<() => Expr>([
      () => column, () => column, () => compare(column, '=', lit(true)), () => is(column, 'TRUE'), () => not(not(column)), () => coalesce(column, lit(false)), () => compare(column, '<>', lit(false)),
      () => is(column, 'FALSE', true), () => coalesce(column, lit(true)),
    ])();
    case 'dead-number': return random.pick<() => Expr>([
      () => compare(column, '=', lit(0)), () => compare(column, '<>', lit(1)), () => compare(column, '<', lit(1)), () => not(compare(column, '=', lit(1))), () => inList(column, [lit(0)]),
      () => compare(coalesce(column, lit(0)), '=', lit(0)), () => same(column, lit(1), true), () => or(isNull(column), compare(column, '=', lit(0))),
    ])();
  }
}

/** A condition that looks like a filter, and lets dead rows pass, or asks for them. */
export function decoy(random: Random, mark: Mark, dialect: Dialect, other: () => Expr): Expr {
  const { column, kind } = mark;
  const filter = live(random, mark, dialect);
  const general: (() => Expr)[] = [
    () => or(filter, other()), () => or(and(filter, other()), other()), () => not(filter), () => not(and(filter, other())), () => isNull(filter, true), () => coalesce(filter, lit(true)),
    () => is(filter, 'FALSE', true), () => or(filter, isNull(filter)), () => inList(filter, [lit(true), lit(false)]), () => choose(filter, lit(false), lit(true)),
    () => choose(other(), filter, lit(true)), () => choose(other(), lit(true), filter), () => compare(filter, '=', lit(false)), () => same(filter, lit(true), true),
    () => or(filter, { k: 'parameter', value: true }), () => is(filter, 'UNKNOWN', true), () => compare(filter, '=', other()),
  ];
  const timely: (() => Expr)[] = [
    () => isNull(column, true), () => compare(column, '=', lit(null)), () => compare(column, '<>', lit(null)), () => compare(column, '<', now()), () => compare(column, '>', lit('2020-01-01 00:00:00')),
    () => not(compare(column, '<', now(-30))), () => compare(coalesce(column, now()), '<=', now()), () => compare(coalesce(column, now()), '>=', now()), () => compare(coalesce(column, lit('2020-06-01 00:00:00')), '<=', now()),
    () => or(isNull(column), compare(column, '>', now(-7300))), () => or(isNull(column), compare(column, '<', now())), () => same(column, lit('2020-06-01 00:00:00'), true),
    () => ({ k: 'between', negated: true, arg: column, low: lit('2020-01-01 00:00:00'), high: now() }), () => is(compare(column, '>', now()), 'TRUE', true), () => compare(column, '>', now()),
  ];
  const specific: Partial<Record<Mark['kind'], (() => Expr)[]>> = {
    timestamp: timely, scheduled: timely, sentinel: timely,
    flag: [() => column, () => isNull(column, true), () => isNull(column), () => compare(column, '=', lit(null)), () => is(column, 'FALSE', true), () => compare(column, '<=', lit(true)), () => inList(column, [lit(true), lit(false)])],
    'nullable-flag': [() => column, () => isNull(column), () => isNull(column, true), () => is(column, 'FALSE', true), () => coalesce(column, lit(true)), () => same(column, lit(false), true), () => not(compare(column, '=', lit(false)))],
    number: [() => compare(column, '=', lit(1)), () => compare(column, '>', lit(0)), () => compare(column, '<=', lit(1)), () => inList(column, [lit(0), lit(1)]), () => ({ k: 'flag', arg: column }), () => compare(column, '<>', lit(0)), () => compare(column, '<>', lit(2))],
    status: [
      () => compare(column, '=', lit(DEAD_STATUS)), () => compare(column, '<>', lit('open')), () => isNull(column, true), () => inList(column, [lit('open'), lit(DEAD_STATUS)]),
      () => inList(column, WORDS.map(lit), true), () => compare(column, '>', lit('b')), () => or(isNull(column), compare(column, '<>', lit('archived'))),
      ...dialect === 'mysql' ? [] : [() => compare(column, '<>', lit(DEAD_STATUS.toUpperCase()))],
    ],
  };
  return random.pick(random.chance(0.5) ? general : specific[kind] ?? general)();
}

/** In PostgreSQL, where types are strict, something else. */
function byDialect(postgresql: Expr, loose: Expr): Expr {
  return { k: 'dialect', postgresql, mysql: loose, sqlite: loose };
}

/** The same condition, in a wrapping that changes nothing for rows that pass. */
function dressed(random: Random, filter: Expr): Expr {
  if (!random.chance(0.15)) return filter;
  return random.pick<() => Expr>([
    () => is(filter, 'TRUE'), () => compare(filter, '=', lit(true)), () => not(not(filter)), () => and(filter, lit(true)), () => or(filter, lit(false)), () => coalesce(filter, lit(false)),
    () => choose(filter, lit(true), lit(false)), () => not(or(not(filter), lit(false))), () => same(filter, lit(true)), () => inList(filter, [lit(true)]),
  ])();
}

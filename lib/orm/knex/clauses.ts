/** The flat sequence of conditions that a builder collects: `a and b or c` as AND binds before OR, however the calls were indented. */
import type { Expr, Range } from '../../model/query.js';
import { and, choice, opaque, or } from '../expressions.js';

export type Connective = 'and' | 'or';

/** Alternatives that OR joins, each a list that AND joins. */
type Disjunction = readonly (readonly Expr[])[];

/** The sequence in each way that the program may go. */
export interface Clauses {
  readonly ways: readonly Disjunction[];
}

export const NO_CLAUSES: Clauses = { ways: [[]] };

/** More ways than these are no longer told apart. */
const MAX_WAYS = 8;

/** One more condition at the end. */
export function added(clauses: Clauses, connective: Connective, condition: Expr): Clauses {
  return {
    ways: clauses.ways.map((way): Disjunction => {
      const last = way.at(-1);
      if (!last) return [[condition]];
      return connective === 'or' ? [...way, [condition]] : [...way.slice(0, -1), [...last, condition]];
    }),
  };
}

/** A text of SQL at the end, which the builder puts there without parentheses: its own OR joins what stands in front. */
export function addedFlat(clauses: Clauses, connective: Connective, condition: Expr): Clauses {
  if (condition.type !== 'or') return added(clauses, connective, condition);
  return condition.operands.reduce<Clauses>((sequence, operand, i) => added(sequence, i === 0 ? connective : 'or', operand), clauses);
}

/** The sequence after a condition of the program, whichever way it went. */
export function merged(options: readonly Clauses[], range: Range): Clauses {
  // Those first that go on from the same conditions: put together with others, they would have these twice.
  const grown = together(options.flatMap((option) => option.ways), (a, b) => a.length > 0 && sameButLast(a, b) && a.at(-1)![0] === b.at(-1)![0], range);
  const ways = together(grown, sameButLast, range);
  return ways.length > MAX_WAYS ? { ways: [[[opaque(range)]]] } : { ways };
}

function together(ways: readonly Disjunction[], isLike: (a: Disjunction, b: Disjunction) => boolean, range: Range): Disjunction[] {
  const all: Disjunction[] = [];
  for (const way of ways) {
    const like = all.findIndex((other) => isLike(other, way));
    if (like < 0) all.push(way);
    else all[like] = joined(all[like]!, way, range);
  }
  return all;
}

/** Do two sequences differ in what AND adds at their end alone? */
function sameButLast(a: Disjunction, b: Disjunction): boolean {
  if (a.length !== b.length) return false;
  return a.slice(0, -1).every((alternative, i) => alternative.length === b[i]!.length && alternative.every((condition, at) => condition === b[i]![at]));
}

function joined(a: Disjunction, b: Disjunction, range: Range): Disjunction {
  const first = a.at(-1) ?? [], second = b.at(-1) ?? [];
  let same = 0;
  while (same < first.length && same < second.length && first[same] === second[same]) same++;
  if (same === first.length && same === second.length) return a;
  const rest = choice([and(first.slice(same), range), and(second.slice(same), range)], range);
  const last = rest ? [...first.slice(0, same), rest] : first.slice(0, same);
  return [...a.slice(0, -1), last];
}

/** The sequence with other conditions in the places of its own. */
export function mapped(clauses: Clauses, of: (condition: Expr) => Expr): Clauses {
  return clauses === NO_CLAUSES ? clauses : { ways: clauses.ways.map((way) => way.map((alternative) => alternative.map(of))) };
}

/** The sequence as one condition; null for none. */
export function conditionOf(clauses: Clauses, range: Range): Expr | null {
  return choice(clauses.ways.map((way) => (way.length === 0 ? null : or(way.map((alternative) => and(alternative, range)), range))), range);
}

/** Could OR let rows past a condition that AND adds at the end? */
export function hasAlternatives(clauses: Clauses): boolean {
  return clauses.ways.some((way) => way.length > 1);
}

/** Lists of conditions that Kysely prints one after the other with AND between them. */
import type { Expr, Range } from '../../model/query.js';
import { and, choice, or } from '../expressions.js';

/** One condition of a list. */
export interface Condition {
  readonly expr: Expr;
  /** A raw fragment whose OR is not in parentheses: what stands beside it binds to its nearest arms alone. */
  readonly loose: boolean;
}

/**
 * The list as one expression; null for an empty one. Kysely joins what it is given with AND, and puts no parentheses around raw fragments:
 * `.where('a', '=', 1).where(sql`b or c`)` is `(a = 1 AND b) OR c`.
 */
export function joined(conditions: readonly Condition[], range: Range): Expr | null {
  const arms: Expr[][] = [[]];
  for (const { expr, loose } of conditions) {
    if (!loose || expr.type !== 'or') arms.at(-1)!.push(expr);
    else expr.operands.forEach((operand, i) => { if (i > 0) arms.push([]); arms.at(-1)!.push(operand); });
  }
  return arms.length === 1 ? and(arms[0]!, range) : or(arms.map((arm) => and(arm, range)!), range);
}

/** What conditions of the program make of a list: each way begins with `base`, and one of them is taken. */
export function either(base: readonly Condition[], ways: readonly (readonly Condition[])[], range: Range): readonly Condition[] {
  const shared = sharedLength(base, ways);
  const rest = choice(ways.map((way) => joined(way.slice(shared), range)), range);
  return rest ? [...base.slice(0, shared), { expr: rest, loose: false }] : base.slice(0, shared);
}

/** How many items all lists begin with. */
export function sharedLength<Item>(base: readonly Item[], lists: readonly (readonly Item[])[]): number {
  let length = 0;
  while (length < base.length && lists.every((list) => list[length] === base[length])) length++;
  return length;
}

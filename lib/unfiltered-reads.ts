/** What the rules about reading tombstones have in common. */
import type { Query } from './define-query-visitor.js';
import type { Read, ReadRole } from './model/analysis.js';
import type { Remedy } from './model/query.js';

/**
 * The reads of some roles that can show tombstones and have no leave to.
 * Where a filter is there and written wrong, `outer-join-filter-in-on` or `valid-tombstone-predicate` speaks of it, and no other rule.
 */
export function unfilteredReads({ unfiltered, predicateFlaws }: Query, ...roles: readonly ReadRole[]): Read[] {
  return unfiltered.filter(({ ref, role, verdict }) => roles.includes(role) && verdict.flaw?.kind !== 'outer-where' && !predicateFlaws.some((flaw) => flaw.ref === ref));
}

/** Does the program look at every tombstone that the rows of a statement can have (`rows.filter((row) => !row.deletedAt)`)? */
export function checksResult({ statement }: Query, { missing }: Read): boolean {
  return statement.resultChecks !== undefined && missing.every(({ names }) => statement.resultChecks!(names));
}

/** The edit that adds the live filter of a reference; null where the front end has none to offer. */
export function addLiveFilter({ statement }: Query, { ref, missing }: Pick<Read, 'ref' | 'missing'>): Remedy | null {
  return statement.remedies?.addLiveFilter?.(ref, missing) ?? null;
}

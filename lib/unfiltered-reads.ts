/** What the rules about reading tombstones have in common. */
import type { Query } from './define-query-visitor.js';
import type { Read, ReadRole } from './model/analysis.js';
import type { Remedy } from './model/query.js';

/**
 * The reads of some roles that can show tombstones and have no leave to.
 * A filter behind an outer join is another mistake, with another remedy: `outer-join-filter-in-on` speaks of it, and no other rule.
 */
export function unfilteredReads(query: Query, ...roles: readonly ReadRole[]): Read[] {
  return query.unfiltered.filter(({ role, verdict }) => roles.includes(role) && verdict.flaw?.kind !== 'outer-where');
}

/** The edit that adds the live filter of a reference; null where the front end has none to offer. */
export function addLiveFilter({ statement }: Query, { ref, table }: Pick<Read, 'ref' | 'table'>): Remedy | null {
  return statement.remedies?.addLiveFilter?.(ref, table.tombstones) ?? null;
}

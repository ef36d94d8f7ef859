/**
 * Drizzle 0.4x and 1.0: query builders, relational queries, `$count`, CTEs, subqueries, set operations, views. It filters nothing by itself; only a relation that
 * `defineRelations` of 1.0 declares with a `where` does.
 */
import { isCalled, stepsOf } from './chains.js';
import { Builder } from './drizzle/builder.js';
import { Relational, relationalCall } from './drizzle/relational.js';
import type { OrmLibrary } from './library.js';

export const drizzle: OrmLibrary = {
  name: 'drizzle',
  mayHold: (text) => /\.\s*(?:from|findMany|findFirst|set|insert|delete|\$count)\s*(?:\(|<|\?\.)|drizzle/.test(text),
  verbs: new Set(['from', 'findMany', 'findFirst', 'update', 'delete', 'insert', '$count', 'union', 'unionAll', 'intersect', 'intersectAll', 'except', 'exceptAll']),
  read(call, session) {
    const builder = new Builder(session), relational = relationalCall(call.chain);
    if (relational) return [{ root: new Relational(builder).read(relational) }];
    // A column of a subquery.
    const last = stepsOf(call.chain).at(-1);
    if (last && !isCalled(last) && !last.awaited && stepsOf(call.chain).some((step) => isCalled(step) && step.name === 'as')) return [];
    const built = builder.read(call.chain, null);
    if (!built) return [];
    const leaves = call.use !== 'executed' && call.use !== 'statement' && !built.sent;
    return [{ root: built.query, partial: leaves && built.open }];
  },
};

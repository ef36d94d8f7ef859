/** Purges in steps: ids of rows that are dead are read, and rows are deleted by them. */
import type { Analysis, DeleteFact } from './model/analysis.js';

/** Does a statement read rows of soft tables of which all are dead? */
function readsDead({ statement, reads }: Analysis): boolean {
  return statement.root.type === 'select' && !statement.partial && reads.length > 0 && reads.some(({ verdict }) => verdict.state === 'dead') && reads.every(({ verdict }) => verdict.state === 'dead' || verdict.state === 'live');
}

/** Does a statement stand in the same function, and before another one? */
function precedes(earlier: Analysis, later: Analysis): boolean {
  const [a, b] = [earlier.statement, later.statement];
  return a.unit !== undefined && b.unit !== undefined && a.unit.range[0] === b.unit.range[0] && a.unit.range[1] === b.unit.range[1] && a.range[1] <= b.range[0];
}

/**
 * The analyses, with what the steps before them tell: `DELETE FROM users WHERE id = ANY($1)` behind `SELECT id FROM users WHERE deleted_at < $1` in one
 * function removes the rows that were read, and `DELETE FROM posts WHERE user_id = ANY($1)` theirs. Which ids a list holds is not followed.
 */
export function withEarlierSteps(analyses: readonly Analysis[]): readonly Analysis[] {
  const dead = analyses.filter(readsDead);
  if (dead.length === 0) return analyses;
  return analyses.map((analysis) => {
    const read = analysis.deletes.length === 0 ? [] : dead.filter((earlier) => precedes(earlier, analysis)).flatMap(({ reads }) => reads.filter(({ verdict }) => verdict.state === 'dead'));
    if (read.length === 0) return analysis;
    const told = (fact: DeleteFact): DeleteFact => {
      if (!fact.isAsked || fact.verdict.state !== 'all') return fact;
      return read.some(({ table }) => table === fact.table) ? { ...fact, verdict: { state: 'dead', flaw: null }, byKey: true } : { ...fact, withParents: true };
    };
    return { ...analysis, deletes: analysis.deletes.map(told) };
  });
}

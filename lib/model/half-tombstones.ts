/** Statements that ask or set one of two columns that tell of one deletion, a flag and a time, and not the other. */
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import type { Read, UpdateFact } from './analysis.js';
import type { Range, Statement, TombstoneFact } from './query.js';
import { resolveScopes, someExpr, sourceOf } from './scope.js';
import { isSoft, tombstoneNamedIn, type SoftSource } from './soft-sources.js';
import { isArchiveName, isTombstoneFlag, tombstoneMoment } from './tombstone-names.js';
import { tellsTime } from './values.js';
import { createProof, type Proof } from './visibility.js';

/** The flag and the time of one deletion. */
interface Pair {
  readonly flag: TombstoneFact;
  /** Null where the manifest has the time among the columns alone. */
  readonly moment: TombstoneFact | null;
  /** Spellings of the time, that of the database first. */
  readonly momentNames: readonly string[];
}

/** A place that speaks of one column of a pair. */
export interface HalfTombstone {
  /** `asks`: rows count as live by the flag alone; `sets`: a row is deleted or restored by one of the two. */
  readonly kind: 'asks' | 'sets';
  readonly range: Range;
  readonly source: SoftSource;
  readonly column: string;
  readonly other: string;
}

/** The flag and the time that a table has for one deletion; null where it has one of them, or they may tell of different things. */
function pairOf({ tombstones, columns }: TableFacts): Pair | null {
  const flag = tombstones.find(({ column, live, dead }) => dead === null && (live === false || live === 0) && isTombstoneFlag({ name: column, type: 'boolean' }));
  if (!flag) return null;
  const moment = tombstones.find((tombstone) => tombstone !== flag && tellsTime(tombstone) && !tombstone.scheduled && !isArchiveName(tombstone.column));
  if (moment) return { flag, moment, momentNames: moment.names };
  const beside = Object.entries(columns).find(([, column]) => tombstoneMoment(column) === 3 && !flag.names.some((name) => fold(name) === fold(column)));
  return beside ? { flag, moment: null, momentNames: [beside[1], beside[0]] } : null;
}

/**
 * The places of a statement that speak of one half of such a pair. A filter by the flag is not among them where the manifest has both for tombstones:
 * then it lacks the other, as any read does.
 * @param reads References that have to show live rows.
 */
export function halfTombstonesIn(statement: Statement, reads: readonly Read[], updates: readonly UpdateFact[], catalog: Catalog): HalfTombstone[] {
  const facts = [...reads, ...updates].filter(({ table }) => pairOf(table) !== null);
  if (facts.length === 0) return [];
  const scopes = resolveScopes(statement, catalog), proof = createProof(statement, scopes, catalog);
  return scopes.sources.filter(isSoft).filter(({ leaf }) => facts.some(({ ref }) => ref === leaf)).flatMap((source) => {
    const pair = pairOf(source.target.facts)!, update = updates.find(({ ref }) => ref === source.leaf);
    return [...update ? halfSet(update, source, pair, proof, catalog) : [], ...pair.moment === null ? halfAsked(source, pair, proof, catalog, statement.calls === true) : []];
  });
}

/** The condition by which rows are live, where it speaks of the flag and none of the time. */
function halfAsked(source: SoftSource, { flag, momentNames }: Pair, proof: Proof, catalog: Catalog, calls: boolean): HalfTombstone[] {
  if (proof.verdictBy(source, flag).state !== 'live' || isNamed(momentNames, source, proof, catalog)) return [];
  const asked = proof.conditions(source).find(({ expr, block }) => tombstoneNamedIn(expr, block, source, catalog) === flag);
  return asked ? [{ kind: 'asks', range: asked.expr.range, source, column: flag.column, other: momentNames.at(calls ? -1 : 0)! }] : [];
}

/** An assignment to one of the two, where the other keeps what it says. */
function halfSet({ write, assignments, intent, assignment }: UpdateFact, source: SoftSource, pair: Pair, proof: Proof, catalog: Catalog): HalfTombstone[] {
  if ((intent !== 'soft-delete' && intent !== 'restore') || assignment === null || (write.type === 'update' && (write.opaqueAssignments || write.byMethod))) return [];
  const sets = (names: readonly string[]): boolean => assignments.some(({ column }) => isOneOf(column, names));
  const setsFlag = sets(pair.flag.names);
  if (setsFlag === sets(pair.momentNames)) return [];
  const other = setsFlag ? pair.momentNames : pair.flag.names, otherFact = setsFlag ? pair.moment : pair.flag;
  // The other half says so already: a back-fill.
  const said = otherFact ? proof.verdictBy(source, otherFact).state : 'all';
  if (said === (intent === 'restore' ? 'live' : 'dead') || (otherFact === null && isNamed(other, source, proof, catalog))) return [];
  return [{ kind: 'sets', range: assignment.range, source, column: assignment.column, other: other[0]! }];
}

/** Do conditions or the output of a reference's block name a column of it? Who shows the time looks at it. */
function isNamed(names: readonly string[], source: SoftSource, proof: Proof, catalog: Catalog): boolean {
  const { block } = source, shown = block.output.flatMap((column) => column.type === 'expr' ? [{ expr: column.expr, block }] : []);
  return [...proof.conditions(source), ...shown].some(({ expr, block: own }) =>
    someExpr(expr, (inner) => inner.type === 'column' && isOneOf(inner.name, names) && [source, null].includes(sourceOf(inner, own, catalog) as SoftSource | null)));
}

function isOneOf(column: string, names: readonly string[]): boolean {
  return names.some((name) => fold(name) === fold(column));
}

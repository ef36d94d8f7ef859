/** What the proof says about a statement, in the terms that rules report. */
import type { TableFacts } from '../manifest/catalog.js';
import type { Assignment, Conflict, Delete, Expr, Insert, Join, Merge, MergeBranch, Range, Statement, TableRef, TombstoneFact, Truncate, Update } from './query.js';

/** What the proof found about one reference. */
export interface Verdict {
  /**
   * `live`: only live rows reach the result; `dead`: only tombstones; `all`: both can;
   * `unknown`: a fragment, a parameter or a helper that cannot be seen decides.
   */
  readonly state: 'live' | 'dead' | 'all' | 'unknown';
  /**
   * Why a filter that stands in the statement does not count; null where there is none, or the verdict is live:
   * `or`: an OR lets rows escape; `outer-where`: the nullable side of an outer join is filtered after the join, so that live rows
   * of the other side vanish; `outer-on`: the preserved side is filtered in ON; `fold`: the filter stands outside of
   * an aggregate, a window, a LIMIT or DISTINCT ON; `negated`: the predicate is never true for live rows alone but not for dead ones either;
   */
  readonly flaw: Flaw | null;
}

export type Flaw =
  | { readonly kind: 'or'; readonly at: Expr; readonly filter: Expr }
  | { readonly kind: 'outer-where'; readonly join: Join; readonly filter: Expr }
  | { readonly kind: 'outer-on'; readonly join: Join; readonly filter: Expr }
  | { readonly kind: 'fold'; readonly filter: Expr };

/**
 * How a soft table is read; each reference has one role, so that one rule speaks of it.
 * `main`: rows of it are what a block lists; `join`: joined to it, or at the far side of a many-to-many relation; `parent`: joined by its own key from a row that names it;
 * `subquery`: inside EXISTS, IN, ANY or a scalar subquery; `aggregate`: folded by an aggregate or GROUP BY; `lookup`: one row by key.
 */
export type ReadRole = 'main' | 'join' | 'parent' | 'subquery' | 'aggregate' | 'lookup';

/** One reading reference to a soft table. */
export interface Read {
  readonly ref: TableRef;
  readonly table: TableFacts;
  readonly verdict: Verdict;
  /** The tombstones that nothing keeps out: all of the table's, but for those that a condition refuses already. */
  readonly missing: readonly TombstoneFact[];
  readonly role: ReadRole;
  /** `lookup`: the key columns compared. Else null. */
  readonly key: readonly string[] | null;
  /** `parent`: its columns are the output, another soft table of the statement is filtered, or it is an ancestor of which more than the key is shown: recommended reports it too. */
  readonly prominent: boolean;
  /** `subquery`: how the subquery is used. Else null. */
  readonly operator: 'EXISTS' | 'NOT EXISTS' | 'IN' | 'NOT IN' | 'ANY' | 'ALL' | 'scalar subquery' | null;
  /**
   * The statement says by itself which tombstones it shows: each alternative of an OR speaks of the tombstone (`deleted_at IS NULL OR deleted_at >= $1`),
   * the caller hands the tombstone in (`deleted = $1`), it selects tombstones and nothing else, or that of a parent beside other columns, or a condition speaks of a column that is called like one and that the manifest does not have (`deleted_at` beside the flag `deleted`).
   */
  readonly saysWhich: boolean;
  /** `aggregate`: the aggregate's name as written in upper case (`COUNT`, `GROUP BY`). Else null. */
  readonly aggregate: string | null;
  /** True for UPDATE/DELETE/MERGE targets' sources and INSERT ... SELECT: rows are read to write others. */
  readonly feedsWrite: boolean;
  /**
   * Where a filter of the reference removes no row of another one: in `where`, in the join's `on`, or in a `subquery` in the place of the table
   * (FULL JOIN, USING, the source of MERGE).
   */
  readonly place: 'where' | 'on' | 'subquery';
}

/** An UPDATE, or the update branch of MERGE, of a soft table. */
export interface UpdateFact {
  readonly write: Update | Merge;
  readonly branch: MergeBranch | null;
  readonly ref: TableRef;
  readonly table: TableFacts;
  readonly assignments: readonly Assignment[];
  /**
   * `soft-delete`: sets a tombstone to dead; `restore`: sets one to live; `maybe`: sets one to a value that cannot be told
   * (a parameter, CASE); `edit`: leaves the tombstones alone; `unknown`: the SET list cannot be seen.
   */
  readonly intent: 'soft-delete' | 'restore' | 'maybe' | 'edit' | 'unknown';
  /** The tombstone set, for `soft-delete`, `restore` and `maybe`. */
  readonly tombstone: TombstoneFact | null;
  readonly assignment: Assignment | null;
  /** Which rows the statement can touch. */
  readonly verdict: Verdict;
  /** The tombstones that nothing keeps out. */
  readonly missing: readonly TombstoneFact[];
  /** Which rows it can touch by `tombstone` alone, whatever the table's other tombstones say; the verdict where none is set. */
  readonly stamped: Verdict;
  /** A row that is dead already keeps its tombstone as it is: `SET deleted_at = coalesce(deleted_at, now())`. */
  readonly keepsTombstone: boolean;
  /** True where the rows are named by the whole key or a unique key (`WHERE id = $1`). */
  readonly byKey: boolean;
}

/** A DELETE, TRUNCATE, or the delete branch of MERGE, of a soft table. */
export interface DeleteFact {
  readonly write: Delete | Truncate | Merge;
  readonly branch: MergeBranch | null;
  readonly ref: TableRef;
  readonly table: TableFacts;
  readonly verdict: Verdict;
  /**
   * The purge's age bound: deletes only rows dead for at least so many days; null without a bound; `parameter` where it is bound at run time.
   * Where no tombstone of the table tells a time (flags), a bound on another of its columns counts.
   */
  readonly age: number | 'parameter' | null;
  /** The rows are pinned to values of the key or of a unique key (`WHERE id = $1`): somebody chose them. */
  readonly byKey: boolean;
  /** A condition names the rows by a value that the program hands in (`id = $1`, `team_id IN (..)`). */
  readonly isAsked: boolean;
  /** The statement can never match a row (contradiction). */
  readonly never: boolean;
  /** The rows are those of rows of another table that have been dead for a while: a purge removes them first. */
  readonly withParents: boolean;
}

/** An INSERT with a conflict clause, or an upsert, into a soft table. */
export interface UpsertFact {
  readonly write: Insert;
  readonly ref: TableRef;
  readonly table: TableFacts;
  readonly conflict: Conflict;
  /** The update sets a tombstone to its live value (revives). */
  readonly revives: boolean;
  /** The conflict target repeats the live predicate, or DO UPDATE ... WHERE touches live rows only. */
  readonly liveOnly: boolean;
  /** The conflict target is the table's primary key. */
  readonly byKey: boolean;
  /** The update changes a column, or hands out the row that it met. MySQL writes "do nothing" as `ON DUPLICATE KEY UPDATE id = id`. */
  readonly edits: boolean;
}

/** A predicate on a tombstone column that cannot mean what it says. */
export interface PredicateFlaw {
  readonly kind: 'equals-null' | 'quoted-path' | 'commented-out' | 'contradiction' | 'inverted';
  readonly at: Expr;
  readonly range: Range;
  readonly ref: TableRef | null;
  readonly table: TableFacts | null;
  readonly tombstone: TombstoneFact | null;
  /** `<> NULL`, `NOT IN (NULL)`: the writer meant "dead". */
  readonly negated: boolean;
}

/** A statement that changes or removes entries of a table that keeps the history of others (the manifest's `audit`). */
export interface AuditWrite {
  readonly kind: 'update' | 'delete' | 'truncate';
  readonly ref: TableRef;
  /** The audit table. */
  readonly table: TableFacts;
  /** Only entries before some time are touched, or something that cannot be seen decides which: the retention of the entries themselves. */
  readonly aged: boolean;
}

/** A condition that a row names a parent (`document_id IS NOT NULL`), in a statement that does not ask whether that parent lives. */
export interface ParentTest {
  readonly at: Expr;
  readonly range: Range;
  /** The reference whose rows are asked. */
  readonly ref: TableRef;
  readonly child: TableFacts;
  /** The child's column as the condition spells it. */
  readonly column: string;
  readonly parent: TableFacts;
}

/** All that rules ask of one statement. */
export interface Analysis {
  readonly statement: Statement;
  readonly reads: readonly Read[];
  readonly updates: readonly UpdateFact[];
  readonly deletes: readonly DeleteFact[];
  readonly upserts: readonly UpsertFact[];
  readonly predicateFlaws: readonly PredicateFlaw[];
  readonly auditWrites: readonly AuditWrite[];
  readonly parentTests: readonly ParentTest[];
}

/**
 * The query model: what a statement does to which tables, in terms that every front end shares.
 *
 * A front end (SQL text, an ORM's calls) builds these values; the visibility proof and the rules read them.
 * Nothing here knows ESLint, ESTree or a SQL parser. All ranges are half-open UTF-16 offsets into the linted file.
 */

/** Half-open range of UTF-16 offsets into the linted file. */
export type Range = readonly [start: number, end: number];

/** One replacement in the linted file; an empty range inserts. */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** A change that a rule may offer: the edits, and the words to show for them (`AND u.deleted_at IS NULL`). */
export interface Remedy {
  readonly edits: readonly Edit[];
  readonly shown: string;
}

// --------------------------------------------------------------------------------------------- statements

/** A whole statement as one front end read it. */
export interface Statement {
  /** What the statement is; `view` and `routine` carry the queries of a definition's body. */
  readonly root: Query | Definition;
  /** The statement's words in the file: a whole call, a template, or a statement of a `.sql` file. */
  readonly range: Range;
  /** `sql`, or the library whose call this is (`prisma`, `drizzle`, ..). */
  readonly library: string;
  /** True where the statement is written in calls of the library; absent for SQL text, whoever sends it. */
  readonly calls?: boolean;
  /** Of the spellings of a column, the one that the calls of this file use; absent for SQL text. */
  readonly spelling?: (names: readonly string[]) => string;
  /** The `includes-deleted` marker that belongs to the statement, or null. */
  readonly marker: Marker | null;
  /** True where the text around the statement cannot be seen (a fragment that another file completes). */
  readonly partial: boolean;
  /** The comments inside the statement, with their marks. */
  readonly comments?: readonly { readonly text: string; readonly range: Range }[];
  /** Part of a definition that stays in the database (a view, a routine, a policy), and not run where it stands. */
  readonly stored: boolean;
  /**
   * Does the enclosing function look at one of these columns on the statement's result (`if (!row || row.deleted_at)`)?
   * Absent where there is no enclosing function (a `.sql` file).
   */
  readonly resultChecks?: (columns: readonly string[]) => boolean;
  /** It goes round a filter by a helper of the manifest whose uses have to give their reasons. */
  readonly bypassed?: boolean;
  /** The tables whose tombstones it has to see: their rows are removed for good or restored, as the file shows, or a helper of the manifest shows them on purpose. */
  readonly choosesAmong?: readonly string[];
  /** It runs where something has failed: in a `catch`. */
  readonly afterFailure?: boolean;
  /** The function that the statement runs in. Absent where it runs in none: with the rest of its file. */
  readonly unit?: Unit;
  /** The edits that this front end can make; absent where it has none. */
  readonly remedies?: Remedies;
}

/** A function, with everything that it does together. */
export interface Unit {
  readonly range: Range;
  /** Its name, and those of the functions and the class around it, the nearest first. */
  readonly names: readonly string[];
  /** The dotted names of what it calls (`this.comments.removeFor`); a part that has no name is `?`. */
  calls(): readonly string[];
}

/** `includes-deleted: <reason>` as it was written. */
export interface Marker {
  /** The reason, or null where the marker gives none. */
  readonly reason: string | null;
  readonly range: Range;
}

/** Edits in a front end's own idiom. Each returns null where it has no safe edit to offer. */
export interface Remedies {
  /** Adds "only live rows of `ref`" where it filters the reference without losing other rows (WHERE, ON, a subquery's WHERE). */
  addLiveFilter?(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null;
  /** Moves the live filter of an outer-joined reference from WHERE into the join's condition. */
  moveFilterToJoin?(ref: TableRef, predicate: Expr): Remedy | null;
  /** Turns the deletion of `ref` into a soft delete that does not touch earlier tombstones. */
  softDelete?(write: Delete, ref: TableRef, tombstone: TombstoneFact): Remedy | null;
  /** Adds an age bound to a purge: `AND deleted_at < now() - interval '30 days'`. */
  addAge?(write: Delete, ref: TableRef, tombstone: TombstoneFact, days: number): Remedy | null;
  /** Replaces an expression by the live predicate on `ref` (`deleted_at = NULL` becomes `deleted_at IS NULL`). */
  replaceByLive?(predicate: Expr, ref: TableRef | null, tombstone: TombstoneFact, negated: boolean): Remedy | null;
  /** Switches off, for a reference, the filter that a library adds by itself, so that tombstones are found: `withDeleted: true`. */
  showTombstones?(ref: TableRef): Remedy | null;
  /** Puts parentheses around an expression. */
  parenthesise?(predicate: Expr): Remedy | null;
  /** Adds the partial index's predicate to a conflict target. */
  addConflictPredicate?(write: Insert, tombstone: TombstoneFact): Remedy | null;
  /** Adds an assignment of the live value of the tombstone to an upsert's update. */
  reviveOnConflict?(write: Insert, tombstone: TombstoneFact): Remedy | null;
}

/** A definition whose body holds queries: a view, a routine, a policy. */
export interface Definition {
  readonly type: 'definition';
  readonly what: 'view' | 'materialized-view' | 'table' | 'policy' | 'trigger';
  /** The name of the defined thing, or null where it cannot be read. */
  readonly name: string | null;
  readonly schema: string | null;
  readonly query: Query | null;
  /** Predicates of a policy or trigger, whose subqueries are read too. */
  readonly predicates: readonly Expr[];
  readonly range: Range;
}

// ------------------------------------------------------------------------------------------------ queries

/** Anything that yields rows, or changes them (a data-modifying CTE yields its RETURNING rows). */
export type Query = SelectBlock | SetOperation | Values | Insert | Update | Delete | Merge | Truncate | OpaqueQuery;

interface QueryBase {
  readonly range: Range;
  /** The WITH list in front of this query, in order. */
  readonly ctes: readonly Cte[];
}

/** `name (columns) AS (query)`. */
export interface Cte {
  readonly name: string;
  readonly columns: readonly string[] | null;
  readonly query: Query;
  /** WITH RECURSIVE was written; the query may refer to the name. */
  readonly recursive: boolean;
  readonly range: Range;
}

/** One SELECT ... block. */
export interface SelectBlock extends QueryBase {
  readonly type: 'select';
  /** The comma list of FROM; empty without FROM. */
  readonly from: readonly Relation[];
  readonly where: Expr | null;
  /** The expressions of GROUP BY (empty for `GROUP BY ()`), or null without one. */
  readonly groupBy: readonly Expr[] | null;
  /** ROLLUP, CUBE or GROUPING SETS: there may be a row for all rows, even where there are none. */
  readonly totals?: boolean;
  readonly having: Expr | null;
  readonly output: readonly OutputColumn[];
  /** DISTINCT, or DISTINCT ON (folds rows), or none. */
  readonly distinct: 'none' | 'all' | 'on';
  /** LIMIT, OFFSET, FETCH or TOP cuts the rows. */
  readonly limited: boolean;
  readonly orderBy: readonly Expr[];
  /**
   * Fragments inside the block that could not be seen and may filter its rows (`WHERE a = 1 ${more}`).
   * A fragment in ORDER BY, LIMIT, or the select list does not count.
   */
  readonly opaqueFilters: readonly Range[];
}

/** left UNION|INTERSECT|EXCEPT right. */
export interface SetOperation extends QueryBase {
  readonly type: 'set-operation';
  readonly operator: 'union' | 'intersect' | 'except';
  readonly left: Query;
  readonly right: Query;
  readonly limited: boolean;
  readonly orderBy: readonly Expr[];
}

/** VALUES (..), (..). */
export interface Values extends QueryBase {
  readonly type: 'values';
  readonly rows: readonly (readonly Expr[])[];
}

/** A query that stands in a fragment which cannot be seen. */
export interface OpaqueQuery extends QueryBase {
  readonly type: 'opaque-query';
}

/** One item of a select list or RETURNING list. */
export type OutputColumn =
  | { readonly type: 'expr'; readonly expr: Expr; readonly name: string | null }
  /** `*` (qualifier null) or `u.*`. */
  | { readonly type: 'star'; readonly qualifier: string | null; readonly range: Range }
  | { readonly type: 'opaque'; readonly range: Range };

// ----------------------------------------------------------------------------------------------- relations

/** What may stand in FROM. */
export type Relation = TableRef | Derived | Join | FunctionRelation | OpaqueRelation;

/** A table, view or CTE named in a statement. Identity matters: the proof answers per TableRef object. */
export interface TableRef {
  readonly type: 'table';
  readonly name: string;
  readonly schema: string | null;
  readonly alias: string | null;
  /** Renamed columns, `AS u (a, b)`. */
  readonly columns: readonly string[] | null;
  /** Name and alias: what a report underlines. */
  readonly range: Range;
  /**
   * An ORM says that it adds its own filter here (`applies`), or that the call switches it off (`bypassed`).
   * SQL text has `none`.
   */
  readonly autoFilter: 'none' | 'applies' | 'bypassed';
  /** How the reference came about in an ORM call; `from` for SQL. */
  readonly via: 'from' | 'include-many' | 'include-one' | 'relation-filter' | 'relation-count';
  /** `ONLY`, `FINAL`, TABLESAMPLE .. that do not matter to the proof are not kept. */
}

/** `(query) AS alias (columns)`, LATERAL or not. */
export interface Derived {
  readonly type: 'derived';
  readonly query: Query;
  readonly alias: string | null;
  readonly columns: readonly string[] | null;
  readonly lateral: boolean;
  readonly range: Range;
}

/** left JOIN right ON / USING. A comma in FROM is not a join but another item of the list. */
export interface Join {
  readonly type: 'join';
  readonly kind: 'inner' | 'left' | 'right' | 'full' | 'cross';
  readonly natural: boolean;
  readonly left: Relation;
  readonly right: Relation;
  readonly on: Expr | null;
  readonly using: readonly string[] | null;
  /** A fragment in the join's condition that cannot be seen. */
  readonly opaque: boolean;
  readonly range: Range;
}

/** `unnest($1) AS x`, `generate_series(..)`, `jsonb_to_recordset(..) AS t(a int)`: rows of no table. */
export interface FunctionRelation {
  readonly type: 'function-relation';
  readonly args: readonly Expr[];
  readonly alias: string | null;
  readonly columns: readonly string[] | null;
  readonly range: Range;
}

/** A relation in a fragment that cannot be seen (`FROM ${table}`). */
export interface OpaqueRelation {
  readonly type: 'opaque-relation';
  readonly alias: string | null;
  readonly range: Range;
}

// -------------------------------------------------------------------------------------------------- writes

/** `column = value` in SET. */
export interface Assignment {
  readonly column: string;
  readonly value: Expr;
  readonly range: Range;
}

/** INSERT or REPLACE. */
export interface Insert extends QueryBase {
  readonly type: 'insert';
  readonly target: TableRef;
  /** The column list, or null where it is left out or cannot be seen. */
  readonly columns: readonly string[] | null;
  readonly source: Query | null;
  readonly conflict: Conflict | null;
  readonly returning: readonly OutputColumn[];
}

/** ON CONFLICT, ON DUPLICATE KEY UPDATE, REPLACE, an ORM's upsert. */
export interface Conflict {
  /** Conflict columns; null where any key may conflict (no target, MySQL, a named constraint). */
  readonly target: readonly string[] | null;
  /** The index predicate, `ON CONFLICT (email) WHERE deleted_at IS NULL`. */
  readonly targetWhere: Expr | null;
  readonly action: 'nothing' | 'update' | 'replace';
  readonly assignments: readonly Assignment[];
  /** The SET list holds a fragment that cannot be seen. */
  readonly opaqueAssignments: boolean;
  /** DO UPDATE ... WHERE. */
  readonly where: Expr | null;
  readonly range: Range;
}

/** UPDATE; MySQL's joined form has its joins in `from`, and `target` is the TableRef inside them. */
export interface Update extends QueryBase {
  readonly type: 'update';
  readonly target: TableRef;
  /** True where `target` also stands inside `from` (MySQL `UPDATE a JOIN b SET ..`). */
  readonly targetInFrom: boolean;
  readonly from: readonly Relation[];
  readonly assignments: readonly Assignment[];
  /** The SET list holds a fragment that cannot be seen. */
  readonly opaqueAssignments: boolean;
  /** A method of the library that sets the tombstone by itself (`softDelete(id)`). */
  readonly byMethod?: true;
  readonly where: Expr | null;
  readonly returning: readonly OutputColumn[];
  readonly opaqueFilters: readonly Range[];
}

/** DELETE of one table (MySQL can delete from several: one Delete each, sharing `from`). */
export interface Delete extends QueryBase {
  readonly type: 'delete';
  readonly target: TableRef;
  /** True where `target` also stands inside `from`. */
  readonly targetInFrom: boolean;
  readonly from: readonly Relation[];
  readonly where: Expr | null;
  readonly returning: readonly OutputColumn[];
  readonly opaqueFilters: readonly Range[];
}

export interface Truncate extends QueryBase {
  readonly type: 'truncate';
  readonly targets: readonly TableRef[];
}

export interface Merge extends QueryBase {
  readonly type: 'merge';
  readonly target: TableRef;
  readonly source: Relation;
  readonly on: Expr | null;
  readonly branches: readonly MergeBranch[];
  readonly returning: readonly OutputColumn[];
}

export interface MergeBranch {
  readonly when: 'matched' | 'not-matched' | 'not-matched-by-source';
  readonly condition: Expr | null;
  readonly action: 'update' | 'delete' | 'insert' | 'nothing';
  readonly assignments: readonly Assignment[];
  readonly range: Range;
}

// ---------------------------------------------------------------------------------------------- expressions

/** Comparison operators; `is-not-distinct` is `IS NOT DISTINCT FROM` and MySQL's `<=>`. */
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'is-distinct' | 'is-not-distinct';

/** A scalar or boolean expression, reduced to what three-valued logic over tombstones needs. */
export type Expr =
  | LiteralExpr | TimeExpr | ColumnExpr | ParameterExpr
  | LogicExpr | NotExpr | ComparisonExpr | IsExpr | InExpr | QuantifiedExpr | ExistsExpr
  | SubqueryExpr | CaseExpr | CoalesceExpr | RowExpr | CallExpr | OperationExpr | OpaqueExpr | ChoiceExpr;

interface ExprBase {
  readonly range: Range;
}

export interface LiteralExpr extends ExprBase {
  readonly type: 'literal';
  readonly value: string | number | boolean | null;
}

/** A moment relative to now: `now()`, `now() - interval '30 days'`, `DATE_SUB(NOW(), INTERVAL 1 MONTH)`. */
export interface TimeExpr extends ExprBase {
  readonly type: 'time';
  /** Days after now (negative: before), 0 for now itself, null where the distance is a parameter. A month counts 30 days, a year 365. */
  readonly days: number | null;
}

export interface ColumnExpr extends ExprBase {
  readonly type: 'column';
  /** Table name or alias in front of the dot; null where unqualified. `schema.table.column` keeps the table only. */
  readonly qualifier: string | null;
  readonly name: string;
  /** The reference itself, where the front end knows it (ORM calls); else the proof resolves names by scope. */
  readonly of?: TableRef;
}

/** A bound value: `$1`, `?`, `${id}`. May be NULL for all that is known. */
export interface ParameterExpr extends ExprBase {
  readonly type: 'parameter';
}

export interface LogicExpr extends ExprBase {
  readonly type: 'and' | 'or';
  readonly operands: readonly Expr[];
}

export interface NotExpr extends ExprBase {
  readonly type: 'not';
  readonly operand: Expr;
}

export interface ComparisonExpr extends ExprBase {
  readonly type: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: Expr;
  readonly right: Expr;
}

/** `x IS [NOT] NULL|TRUE|FALSE|UNKNOWN`. */
export interface IsExpr extends ExprBase {
  readonly type: 'is';
  readonly what: 'null' | 'true' | 'false' | 'unknown';
  readonly negated: boolean;
  readonly operand: Expr;
}

/** `x [NOT] IN (list)` or `x [NOT] IN (query)`; exactly one of `list` and `query` is set. */
export interface InExpr extends ExprBase {
  readonly type: 'in';
  readonly negated: boolean;
  readonly left: Expr;
  readonly list: readonly Expr[] | null;
  readonly query: Query | null;
}

/** `x = ANY (query or array)`, `x <> ALL (query or array)`. */
export interface QuantifiedExpr extends ExprBase {
  readonly type: 'quantified';
  readonly quantifier: 'any' | 'all';
  readonly operator: ComparisonOperator | 'other';
  readonly left: Expr;
  readonly query: Query | null;
  /** The array expression where there is no query. */
  readonly array: Expr | null;
}

export interface ExistsExpr extends ExprBase {
  readonly type: 'exists';
  readonly query: Query;
}

/** A scalar subquery, or ARRAY(query). */
export interface SubqueryExpr extends ExprBase {
  readonly type: 'subquery';
  readonly query: Query;
}

export interface CaseExpr extends ExprBase {
  readonly type: 'case';
  /** `CASE operand WHEN value`; null for the searched form. */
  readonly operand: Expr | null;
  readonly branches: readonly { readonly when: Expr; readonly then: Expr }[];
  readonly otherwise: Expr | null;
}

/** COALESCE, IFNULL, NVL: the first argument that is not null. */
export interface CoalesceExpr extends ExprBase {
  readonly type: 'coalesce';
  readonly args: readonly Expr[];
}

export interface RowExpr extends ExprBase {
  readonly type: 'row';
  readonly items: readonly Expr[];
}

/** A function call. */
export interface CallExpr extends ExprBase {
  readonly type: 'call';
  /** Lower-case name without schema. */
  readonly name: string;
  readonly args: readonly Expr[];
  /** `count(*)` has a star. */
  readonly star: boolean;
  /** A known aggregate function, called without OVER. */
  readonly aggregate: boolean;
  /** Called with OVER: a window function. */
  readonly window: boolean;
  /** FILTER (WHERE ..). */
  readonly filter: Expr | null;
}

/** Any other operator over operands (`+`, `||`, LIKE, `->>`): its value is unknown, its operands are read for columns and subqueries. */
export interface OperationExpr extends ExprBase {
  readonly type: 'operation';
  readonly operands: readonly Expr[];
  /** NULL whenever an operand is NULL (arithmetic, `||`, LIKE, `->>`); false where that is not known. */
  readonly strict: boolean;
}

/** A fragment that cannot be seen; where a predicate may stand it may be any predicate. */
export interface OpaqueExpr extends ExprBase {
  readonly type: 'opaque';
}

/** One of several expressions, decided at run time (`cond ? a : b`); null stands for "no condition". */
export interface ChoiceExpr extends ExprBase {
  readonly type: 'choice';
  readonly options: readonly (Expr | null)[];
}

// ------------------------------------------------------------------------------------------------ manifest facts

/** A tombstone column as the proof needs it. */
export interface TombstoneFact {
  /** The column in the database. */
  readonly column: string;
  /** Spellings of the column in code and in SQL, `column` first. */
  readonly names: readonly string[];
  /** What a live row holds: null (a timestamp), false, 0, or a sentinel. */
  readonly live: null | false | 0 | string;
  /** Values of dead rows where the manifest lists them (`status = 'deleted'`); null: any other value. */
  readonly dead: readonly (string | number | boolean)[] | null;
  /** Timestamps in the future are live. */
  readonly scheduled: boolean;
}

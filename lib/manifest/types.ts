/**
 * The manifest as a person writes it (`soft-delete.json`, or a plain object in the ESLint settings).
 * Its structure is checked by `manifest.schema.json`; `catalog.ts` has the form that the rest of the plugin asks.
 */

/** SQL dialects that the plugin reads. */
export type Dialect = 'postgresql' | 'mysql' | 'mariadb' | 'sqlite' | 'bigquery';

/** Which tables are soft-deleted, and everything about them that queries cannot say. */
export interface Manifest {
  /** Where an editor finds the schema of this file. */
  $schema?: string;
  /** Default: `postgresql`. */
  dialect?: Dialect;
  /** The tombstone of every soft table that names none of its own; default: `deleted_at`, NULL while the row is live. */
  tombstone?: Tombstone;
  /** Every table of the database, by `table` or `schema.table`. */
  tables: Record<string, 'soft' | 'hard' | Table>;
  /** What a view shows: live rows alone, or tombstones too. */
  views?: Record<string, 'live' | 'all'>;
  guards?: Guard[];
  /** Versions of libraries (`{ typeorm: '0.2' }`); default: that of the installed package, or what the nearest `package.json` asks for. */
  versions?: Partial<Record<VersionedLibrary, string>>;
  /**
   * Globs, relative to the manifest's folder, and what their files may do. Of several globs that match a file the last decides;
   * before them come those of `DEFAULT_READS`.
   */
  reads?: Record<string, FileReads>;
}

/** Libraries of which versions differ in what the same call means. */
export type VersionedLibrary = 'typeorm' | 'sequelize' | 'mikro-orm';

/**
 * `all`: the file may read and change tombstones (trash screens, purges, exports, scripts); `once`: its statements run once, or in tests
 * only (migrations, seeds), so that nothing but what they leave behind in the database is judged; `live`: neither.
 */
export type FileReads = 'all' | 'once' | 'live';

/** One table. Only `deletion` is required. */
export interface Table {
  deletion: 'soft' | 'hard';
  /** Why rows are really deleted: log, event, cache, session. */
  why?: string;
  /** Several: a row is live when all of them say so. */
  tombstone?: Tombstone | Tombstone[];
  /** Primary key; default: `id`. */
  key?: string | string[];
  /** Business keys, each a list of columns. */
  unique?: string[][];
  /** Names of the table in code: Prisma model, entity class, Drizzle constant, Sequelize model. */
  models?: string[];
  /** Property in code → column in the database, where they differ by more than snake and camel case. */
  columns?: Record<string, string>;
  /** Relation property in code → the table at its other end. */
  relations?: Record<string, Relation>;
  /** The ORM filters tombstones by itself (paranoid, delete-date column, filter, extension): always, or in these libraries only. */
  autoFilter?: boolean | string[];
  /** A live row may be joined to a deleted row of this table by its key, to name its owner or author. */
  attribution?: boolean;
  /** Children that are soft-deleted in the transaction that soft-deletes their parent. */
  cascadesTo?: string[];
  /** How long tombstones are kept before the purge: `30 days`, `7 years`, `1 year 6 months`, `P30D`. */
  retention?: string;
  /** The file with the purge statement, relative to the manifest's folder. */
  purge?: string;
  /** The append-only audit table beside this one. */
  audit?: string;
  /** A law or a contract asks who changed its rows and when, so that it needs an `audit`. */
  regulated?: boolean;
  /** Columns that the soft delete overwrites (`ann@example.com` becomes `deleted_17`), so that their values are free again. */
  overwrites?: string[];
}

/** A property of a model that leads to rows of another table. */
export interface Relation {
  table: string;
  /** True for a list (to-many). Default: false. */
  many?: boolean;
  /** A to-one relation that may lead to no row; without: not known. */
  optional?: boolean;
  /** Own column → column of the other table. */
  on?: Record<string, string>;
  /** The join table of a many-to-many relation. */
  through?: string;
  /** The relation's own declaration lets live rows alone through. Default: false. */
  live?: boolean;
  /** The name under which queries refer to the relation, where it is not the property's. */
  as?: string;
}

/** A tombstone column that is NULL while the row is live, or a column with what it holds. */
export type Tombstone = string | TombstoneColumn;

export interface TombstoneColumn {
  column: string;
  /** What a live row holds. Default: null (a timestamp); `false` and `0` for flags; a text for a sentinel. */
  live?: null | false | 0 | string;
  /** What a dead row holds, for `status = 'deleted'`; every other value is live. Default: whatever is not `live`. */
  dead?: DeadValue | DeadValue[];
  /** Timestamps in the future are live: the deletion is scheduled. */
  scheduled?: boolean;
}

export type DeadValue = string | number | boolean;

/** Code of the project that filters tombstones, or reaches round the filter, so that queries need no predicate of their own. */
export type Guard =
  | PredicateGuard | WhereObjectGuard | WhereWrapperGuard | ChainGuard | ModifierGuard | JoinCallbackGuard | ScopeGuard
  | OrmFilterGuard | ClientGuard | QuerySourceGuard | RelationGuard | AssertGuard | SoftDeleteFunctionGuard | BypassGuard;

interface GuardBase {
  /** The function, method, constant, scope, relation or export as code calls it. */
  name: string;
  /** The module that exports it, as imports spell it; without: any. */
  from?: string;
  /** The library whose calls it belongs to (`knex`); without: any. */
  library?: string;
}

interface FilterGuard extends GuardBase {
  /** The rows that it lets through. Default: `live`. */
  yields?: 'live' | 'dead';
}

interface TableFilterGuard extends FilterGuard {
  /** The table or model that it filters; without: the one that the call is about. */
  table?: string;
}

interface ArgumentFilterGuard extends TableFilterGuard {
  /** The argument, counted from 0, that names the table. */
  tableArg?: number;
}

/** A function that returns the condition: `notDeleted(users)`. Without `table` and `tableArg`, argument 0 names the table. */
export interface PredicateGuard extends ArgumentFilterGuard { kind: 'predicate' }
/** An object that is spread into conditions: `where: { ...notDeleted }`. */
export interface WhereObjectGuard extends TableFilterGuard { kind: 'where-object' }
/** A function that adds the condition to others: `where: withoutDeleted({ email })`. */
export interface WhereWrapperGuard extends TableFilterGuard { kind: 'where-wrapper' }
/** A method of a query builder: `.whereNotDeleted()`. */
export interface ChainGuard extends ArgumentFilterGuard { kind: 'chain' }
/** A callback, or a registered name, handed to `.modify()`, `.$call()`, `.apply()` or a graph expression. */
export interface ModifierGuard extends TableFilterGuard { kind: 'modifier' }
/** A callback that writes a join's condition: `.innerJoin('spaces', liveSpaces)`. */
export interface JoinCallbackGuard extends TableFilterGuard { kind: 'join-callback' }
/** A named scope of a model: `User.scope('active')`. */
export interface ScopeGuard extends FilterGuard {
  kind: 'scope';
  /** The model that has the scope; without: every model. */
  model?: string;
}
/** A filter that the ORM applies by default: of MikroORM, Objection, Prisma, Sequelize and TypeORM. The other libraries have none. */
export interface OrmFilterGuard extends GuardBase {
  kind: 'orm-filter';
  /** The tables or models that have the filter; without: every soft table. */
  tables?: string[];
  /** Options that switch it off: `filters: false`, `filters.softDelete: false` (MikroORM), `withDeleted` (Prisma); those of the others are known. */
  bypass?: string[];
}
/** A client of Prisma, or a data source of TypeORM, by the name of its export, that filters by itself. */
export interface ClientGuard extends GuardBase {
  kind: 'client';
  /** Default: `root`. */
  coverage?: 'root' | 'nested' | ClientCoverage;
  /** The tables or models that it filters; without: every soft table. */
  tables?: string[];
  /** The export or property that reaches the unguarded client. */
  bypass?: string;
}
/** What a guarded client filters, operation by operation. What is not named is not filtered. */
export interface ClientCoverage {
  /** Reading operations of a model: `findMany`, `findFirst`. */
  reads?: string[];
  /** Writing operations of a model: `updateMany`, `deleteMany`. */
  writes?: string[];
  /** Reads of relations within an operation (`include`, `select`). */
  nested?: boolean;
  /** Counts of relations (`_count`). */
  counts?: boolean;
  /** Raw SQL that is handed to the client: a policy of the database keeps deleted rows from it. Of whatever library. */
  raw?: boolean;
}
/** A function or getter that returns a query to go on with, or stands where a model would: `liveUsers(db)`. */
export interface QuerySourceGuard extends GuardBase {
  kind: 'query-source';
  /** The table or model that the query is about. */
  table?: string;
  /** The argument, counted from 0, that names the table. */
  tableArg?: number;
  /** The rows that the query starts from. Default: `live`. */
  yields?: 'live' | 'dead' | 'all';
}
/** A relation whose declaration filters: `relations: { livePosts: { where: .. } }`. */
export interface RelationGuard extends FilterGuard {
  kind: 'relation';
  /** The model that has the relation; without: every model. */
  model?: string;
}
/** A function that throws, or answers false, for a deleted row: `assertNotDeleted(user)`. */
export interface AssertGuard extends GuardBase { kind: 'assert' }
/** A function that soft-deletes: `softDelete('users', id)`. */
export interface SoftDeleteFunctionGuard extends GuardBase {
  kind: 'soft-delete-fn';
  table?: string;
  /** The argument, counted from 0, that names the table. */
  tableArg?: number;
}
/** A method or option that shows tombstones on purpose: `unscopedQuery()`, `includeDeleted`. */
export interface BypassGuard extends GuardBase {
  kind: 'bypass';
  /** Each use has to give its reason in an `includes-deleted` comment. Default: false. */
  reason?: boolean;
}

/** A file by its path (forward slashes; relative to whatever all others are) and its text. */
export interface SchemaSource {
  readonly path: string;
  readonly text: string;
}

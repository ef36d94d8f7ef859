/** The entry of the SQL front end: a SQL text in, the statements and table declarations of the model out. */
import { fold, type Dialect } from '../manifest/catalog.js';
import type { Definition, Marker, Query, Range, Statement } from '../model/query.js';
import type { PolicyDeclaration, TableDeclaration, ViewDeclaration } from '../model/schema.js';
import { markerOf } from './marker.js';
import { Reading } from './model/context.js';
import type { CstNode } from './model/cst.js';
import { readDroppedIndexes } from './model/keys.js';
import { convertStatement, type Converted } from './model/statements.js';
import { innerStatement } from './inner.js';
import { parseStatement } from './parse.js';
import { remediesFor } from './remedies.js';
import { routineBody } from './routine.js';
import { splitStatements, type SqlComment, type StatementPart } from './split.js';
import { sourceRange, type SqlText } from './sql-text.js';

export interface ReadSqlOptions {
  readonly dialect: Dialect;
  /** Written to `Statement.library`. */
  readonly library: string;
  /** Does a text name anything that the manifest knows? Other statements are passed over, but for declarations of tables. Absent: all are read. */
  readonly mentions?: (text: string) => boolean;
  /** Views and policies are read, too, whether they name anything that the manifest knows or not. */
  readonly definitions?: boolean;
  /** The text is a part of a statement that another place completes. */
  readonly partial?: boolean;
}

/** A statement that names a declared table and could not be read. */
export interface UnreadStatement {
  readonly range: Range;
  /** What the parser said. */
  readonly reason: string;
}

export interface SqlReading {
  readonly statements: readonly Statement[];
  readonly declarations: readonly TableDeclaration[];
  readonly views: readonly ViewDeclaration[];
  readonly policies: readonly PolicyDeclaration[];
  readonly unread: readonly UnreadStatement[];
}

/** Tables are declared whether the manifest knows them or not. */
const DECLARES_TABLE = /^\s*(?:(?:create|alter)\s+(?:\w+\s+){0,3}table|drop\s+(?:table|index)|create\s+(?:unique\s+)?index)\b/i;
/** A block that runs at once and may change a table if something is not so yet (`DO $$ BEGIN IF NOT EXISTS (..) THEN ALTER TABLE ..`), as migrations that can be run again have it. */
const DECLARES_IN_BLOCK = /^\s*do\b[\s\S]*?\b(?:(?:create|alter)\s+(?:\w+\s+){0,3}table|drop\s+(?:table|index)|create\s+(?:unique\s+)?index)\b/i;
/** Tables of ClickHouse: no dialect that is read here, and no rows that anybody deletes one by one. */
const COLUMN_STORE = /\bENGINE\s*=\s*(?:\w*MergeTree|Distributed|Kafka|S3Queue|Null|Buffer)\b/i;
const DEFINES = /^\s*(?:create\s+(?:or\s+\w+\s+)?(?:\w+\s+){0,3}|drop\s+(?:materialized\s+)?|alter\s+)(?:view|policy)\b/i;

/** Reads every statement of a text. Never throws: what cannot be read is counted in `unread`. */
export function readSql(sql: SqlText, options: ReadSqlOptions): SqlReading {
  const reader = new Reader(sql, options);
  for (const part of splitStatements(sql, options.dialect)) reader.read(part, null);
  return reader;
}

class Reader implements SqlReading {
  readonly statements: Statement[] = [];
  readonly declarations: TableDeclaration[] = [];
  readonly views: ViewDeclaration[] = [];
  readonly policies: PolicyDeclaration[] = [];
  readonly unread: UnreadStatement[] = [];
  readonly #sql: SqlText;
  readonly #options: ReadSqlOptions;

  constructor(sql: SqlText, options: ReadSqlOptions) {
    this.#sql = sql;
    this.#options = options;
  }

  /** Reads one statement; `outer` is the marker of the routine whose body it stands in, `stored` whether that body stays in the database. */
  read(part: StatementPart, outer: Marker | null, stored = false): void {
    const { dialect, mentions } = this.#options;
    const text = part.text ?? this.#sql.text.slice(part.start, part.end);
    const declares = DECLARES_TABLE.test(text) || DECLARES_IN_BLOCK.test(text) || (this.#options.definitions === true && DEFINES.test(text)), isMentioned = !mentions || mentions(text);
    if (!declares && !isMentioned) return;
    if (declares && COLUMN_STORE.test(text)) return;
    const marker = this.#markerIn(part.comments) ?? outer;

    const body = routineBody(this.#sql, part, dialect);
    if (body) {
      for (const statement of body.statements) this.read(statement, marker, stored || /^\s*create\b/i.test(text));
      // The rest of the statement matters for a trigger's WHEN and for a body that is an expression.
      if (body.statements.length > 0 && !/^\s*create\b[\s\S]*?\btrigger\b/i.test(text)) return;
    }
    const inner = innerStatement(this.#sql, part, dialect);
    if (inner) { this.read(inner, marker, stored); return; }

    const parsed = parseStatement(this.#sql, part, dialect);
    if (!parsed.ok) {
      if (!body && isMentioned) this.unread.push({ range: sourceRange(this.#sql, part.start, part.end), reason: parsed.reason });
      return;
    }
    let converted: Converted, reading: Reading;
    try {
      reading = new Reading({ sql: this.#sql, dialect, start: part.start, end: part.end, text: parsed.text, holes: parsed.holes, repairs: parsed.repairs });
      converted = convertStatement(parsed.cst, reading, parsed.orphans);
    } catch (error) {
      this.unread.push({ range: sourceRange(this.#sql, part.start, part.end), reason: error instanceof Error ? error.message : String(error) });
      return;
    }
    const remedies = remediesFor(reading);
    for (const root of converted.roots) {
      if (isEmpty(root) || (!isMentioned && root.type === 'definition' && root.what !== 'table')) continue;
      this.statements.push({ root, range: root.range, library: this.#options.library, marker, partial: this.#options.partial ?? false, stored: stored || root.type === 'definition', remedies, comments: this.#commentsIn(part) });
    }
    this.views.push(...converted.views.map((view) => ({ ...view, marker })));
    this.policies.push(...converted.policies.map((policy) => ({ ...policy, marker })));
    this.declarations.push(...converted.declarations.map((declaration) => ({ ...declaration, marker, dialect })), ...this.#droppedIndexes(parsed.cst, reading));
  }

  /** DROP INDEX names no table: it is the one for which this text has made the index, if it has. */
  #droppedIndexes(cst: CstNode, reading: Reading): TableDeclaration[] {
    return cst.type !== 'drop_index_stmt' || cst.table ? [] : readDroppedIndexes(cst, reading).flatMap((index) => {
      const table = this.declarations.find(({ keys }) => keys?.some(({ name }) => name !== null && fold(name) === fold(index.name!)));
      return table ? [{ kind: 'alter' as const, name: table.name, schema: table.schema, range: index.range, columns: [], dropped: [], droppedKeys: [index], marker: null, dialect: this.#options.dialect }] : [];
    });
  }

  #commentsIn({ start, end, comments }: StatementPart): NonNullable<Statement['comments']> {
    return comments.filter((comment) => comment.start >= start && comment.end <= end)
      .map((comment) => ({ text: this.#sql.text.slice(comment.start, comment.end), range: sourceRange(this.#sql, comment.start, comment.end) }));
  }

  #markerIn(comments: readonly SqlComment[]): Marker | null {
    for (const { start, end } of comments) {
      const comment = this.#sql.text.slice(start, end);
      if (!comment.includes('includes-deleted')) continue;
      const marker = markerOf(comment.replace(/^(--|#|\/\*)|\*\/$/g, ''), sourceRange(this.#sql, start, end));
      if (marker) return marker;
    }
    return null;
  }
}

/** A definition with neither query nor predicate says nothing. */
function isEmpty(root: Query | Definition): boolean {
  return root.type === 'definition' && root.query === null && root.predicates.length === 0;
}

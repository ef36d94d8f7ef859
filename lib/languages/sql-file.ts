/** A `.sql` file as a tree: its statements and comments. What a statement says is read later, and only where it names a declared table. */
import type { Dialect } from '../manifest/catalog.js';
import { nearest } from '../manifest/names.js';
import { Lexer } from '../sql/lexer.js';
import { splitStatements, type SqlComment, type StatementPart } from '../sql/split.js';
import { plainText } from '../sql/sql-text.js';
import { commentAt, wholeText, type CommentNode, type PartNode, type TextFile } from './text-file.js';

/** One statement, without its final `;`. */
export interface SqlStatementNode extends PartNode {
  readonly type: 'sql_statement';
}

/** The root. Its names are in SQL's spelling, so that no selector for JavaScript ever meets it. */
export interface SqlFile extends TextFile {
  readonly type: 'sql_file';
  /** The dialect that the configuration names, or null: the manifest's. */
  readonly dialect: Dialect | null;
  readonly statements: readonly SqlStatementNode[];
}

export const DIALECTS: readonly Dialect[] = ['postgresql', 'mysql', 'mariadb', 'sqlite', 'bigquery'];

/**
 * The dialect of language or parser options; null where they name none.
 *
 * @throws {TypeError} where the name is not one of a dialect; the message proposes the one that is meant.
 */
export function dialectOption(options: { readonly dialect?: unknown }): Dialect | null {
  const { dialect } = options;
  if (dialect === undefined || dialect === null) return null;
  const known = DIALECTS.find((name) => name === dialect);
  if (known) return known;
  const written = String(dialect);
  const meant = nearest(written, DIALECTS);
  throw new TypeError(`Unknown SQL dialect "${written}".${meant ? ` Did you mean "${meant}"?` : ''} The dialects are ${DIALECTS.join(', ')}.`);
}

/** The comments behind the last statement: they belong to none, but an `eslint-enable` may stand there. */
function trailingComments(text: string, parts: readonly StatementPart[], dialect: Dialect): SqlComment[] {
  const last = parts.at(-1);
  const lexer = new Lexer(text, dialect, [], Math.max(last?.end ?? 0, last?.comments.at(-1)?.end ?? 0));
  const comments: SqlComment[] = [];
  for (let token = lexer.next(); token; token = lexer.next()) if (token.kind === 'comment') comments.push(token);
  return comments;
}

function commentNode(text: string, { start, end }: SqlComment): CommentNode {
  return commentAt(text, start, end, /^(?:--|#|\/\/)/u);
}

/** Reads a file. Never throws: what is no SQL becomes statements that nobody understands later. */
export function readSqlFile(text: string, dialect: Dialect | null): SqlFile {
  const read = dialect ?? 'postgresql';
  const parts = splitStatements(plainText(text), read);
  return {
    type: 'sql_file',
    range: [0, text.length],
    loc: wholeText(text),
    dialect,
    statements: parts.map(({ start, end }) => ({ type: 'sql_statement', range: [start, end] })),
    comments: [...parts.flatMap((part) => part.comments), ...trailingComments(text, parts, read)].map((comment) => commentNode(text, comment)),
    body: [],
    tokens: [],
  };
}

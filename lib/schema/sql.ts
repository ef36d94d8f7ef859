/** DDL: `.sql` files, and SQL in the calls and templates of a program, as the schema model. */
import type { Dialect } from '../manifest/catalog.js';
import type { SourceCode } from 'eslint';
import type { Range } from '../model/query.js';
import type { TableDeclaration } from '../model/schema.js';
import { findSql } from '../source/find.js';
import { readSql } from '../sql/read.js';
import { plainText } from '../sql/sql-text.js';
import { undoing } from './changes.js';
import type { Program } from './project.js';
import type { DeclarationReader } from './read.js';

/** Does a text declare or change tables? */
export const DDL = /\b(?:create|alter|drop)\s+(?:\w+\s+){0,3}table\b|\bcreate\s+(?:unique\s+)?index\b/i;

/** DDL in a script: `queryRunner.query('CREATE TABLE ..')`, `` sql`ALTER TABLE ..` ``. */
export const embeddedSql: DeclarationReader = {
  library: 'sql',
  mentioned: DDL,
  read(program: Program) {
    const undone = undoing(program.source), dialect = sqlDialect(program.source.text) ?? 'postgresql';
    return findSql(program.source as SourceCode, { mentions: (text) => DDL.test(text) })
      .filter(({ range }) => !undone(range))
      .flatMap(({ variants, dialectHint }) => variants[0] ? readSql(variants[0], { dialect: dialectHint ?? dialect, library: 'sql', mentions: () => false }).declarations : []);
  },
};

/** The tables that a SQL file declares or changes; what it says under its marker of the way back is left out. */
export function readSqlFile(text: string, path: string): TableDeclaration[] {
  if (!DDL.test(text)) return [];
  const undone = undoneIn(text, path);
  const { declarations } = readSql(plainText(text), { dialect: sqlDialect(text) ?? 'postgresql', library: 'sql', mentions: () => false });
  return declarations.filter(({ range }) => !undone(range));
}

/** Markers of migration tools: dbmate, goose, sql-migrate, node-pg-migrate, Rambler. What stands behind one goes back, up to a marker of the next way forward. */
const MARKER = /^[ \t]*--[ \t]*(?:migrate:|\+(?:goose|migrate)[ \t]*|rambler[ \t]*)?(up|down)(?:[ \t]+migration)?\b[^\n]*$/gim;

/** Does a place of a SQL file take a migration back: in a `.down.sql`, or under a marker? */
export function undoneIn(text: string, path: string): (range: Range) => boolean {
  if (/(?:^|[./\\_-])(?:down|undo|rollback)\.sql$/i.test(path)) return () => true;
  const markers = /\bdown\b/i.test(text) ? [...text.matchAll(MARKER)].map((match) => ({ at: match.index, forward: match[1]!.toLowerCase() === 'up' })) : [];
  return ([start]) => markers.findLast(({ at }) => at <= start)?.forward === false;
}

const SQLITE_COLUMN = /`\s+integer\b|`\s+text\s+(?:primary|default|unique)|\bstrftime\(|\bunixepoch\(|`\s+real\b/i;
const MYSQL_COLUMN = /`\s+(?:int|bigint|tinyint|smallint|mediumint|varchar|char|datetime|timestamp|enum|json|double|decimal|longtext|mediumtext|boolean|bool)\b/i;

/** The dialect that a text's own words tell; null where they fit any. */
export function sqlDialect(text: string): Dialect | null {
  if (/\bENGINE\s*=\s*\w+|\bAUTO_INCREMENT\b/i.test(text)) return 'mysql';
  if (/\bAUTOINCREMENT\b|^\s*PRAGMA\s/im.test(text)) return 'sqlite';
  // Both quote names with backticks (drizzle-kit does for SQLite); a column of MySQL's types is not SQLite's, where `text` and `integer` are what there is.
  if (/\b(?:CREATE|ALTER)\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?`/i.test(text)) return SQLITE_COLUMN.test(text) && !MYSQL_COLUMN.test(text) ? 'sqlite' : 'mysql';
  return /\b(?:timestamptz|bigserial|jsonb|pg_catalog|plpgsql)\b|\bserial\s+primary\b|::\w/i.test(text) ? 'postgresql' : null;
}

/** Fragments of SQL (`` sql`..` ``) in the places that Kysely prints them to. */
import type { Statement } from '../../model/query.js';
import { readSql } from '../../sql/read.js';
import type { SqlText } from '../../sql/sql-text.js';
import type { Session } from '../session.js';

/** What the first statement of a text says; undefined where it cannot be read. */
export function statementIn(text: SqlText, session: Session): Statement['root'] | undefined {
  const dialect = session.source.libraries.dialect ?? session.catalog.dialect;
  return readSql(text, { dialect, library: session.library }).statements[0]?.root;
}

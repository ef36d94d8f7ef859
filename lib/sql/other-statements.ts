/** Statements that say nothing about the rows of tables: they are passed over, whether the parser knows them or not. */
import type { CstNode } from './reader.js';
import type { Draft } from './draft.js';

/** A statement that is passed over. */
export interface OtherStatement {
  /** Its first words: GRANT, CREATE FUNCTION, .. */
  readonly verb: string;
  /** The name of what it defines, as an `identifier` or `member_expr`; null where there is none. */
  readonly name: CstNode | null;
}

/** Sessions, transactions, privileges, maintenance: never worth a parse. Queries in their parentheses (`SET x = (SELECT ..)`) are read. */
const ADMINISTRATION = new Set((
  'SET SHOW USE LOCK UNLOCK VACUUM ANALYZE ANALYSE REINDEX CLUSTER CHECKPOINT GRANT REVOKE LISTEN NOTIFY UNLISTEN DISCARD LOAD RESET START COMMIT ROLLBACK SAVEPOINT RELEASE END ABORT PRAGMA ATTACH '
  + 'DETACH FLUSH OPTIMIZE KILL FETCH CLOSE MOVE DEALLOCATE HELP CHECK REPAIR HANDLER INSTALL UNINSTALL SECURITY REASSIGN IMPORT PRINT PURGE CHECKSUM SIGNAL RESIGNAL GET BINLOG CHANGE STOP CLONE SHUTDOWN RESTART '
  + 'COMMENT').split(' '));
/** Passed over where they cannot be read and hold no query outside parentheses (a script's BEGIN .. END does). */
const PERHAPS = /^(?:BEGIN|DECLARE|OPEN|COPY|CALL|EXEC|EXECUTE|DO|PREPARE|DESCRIBE|DESC|RENAME|REFRESH)$/;
/** What CREATE, ALTER and DROP may define that holds no rows. The bodies of routines are read by themselves. */
const DEFINITIONS = new Set((
  'ACCESS AGGREGATE CAST COLLATION CONVERSION DATABASE DEFAULT DOMAIN EVENT EXTENSION FOREIGN FUNCTION GROUP INDEX LANGUAGE LARGE LOGIN MATERIALIZED OPERATOR OWNED POLICY PROCEDURAL PROCEDURE PUBLICATION ROLE ROUTINE '
  + 'RULE SCHEMA SEQUENCE SERVER STATISTICS SUBSCRIPTION SYNONYM SYSTEM TABLE TABLESPACE TEXT TRANSFORM TRIGGER TRUSTED TYPE USER VIEW').split(' '));
const QUERY_WORDS = /^(?:SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES)$/;

/** Is a statement that starts with this word never worth a parse? */
export function isAdministration(verb: string): boolean {
  return ADMINISTRATION.has(verb);
}

/**
 * What a statement is that the parser could not read, if it is one to pass over; null where it should have been read.
 * `shown` is its text with the repairs in it.
 */
export function otherStatement(draft: Draft, shown: string): OtherStatement | null {
  const verb = draft.word(0);
  const queries = draft.tokens.some((token, i) => i > 0 && QUERY_WORDS.test(token.word) && draft.open(i) < 0);
  if (ADMINISTRATION.has(verb) || (PERHAPS.test(verb) && !queries)) return { verb, name: null };
  if (verb !== 'CREATE' && verb !== 'ALTER' && verb !== 'DROP') return null;
  const kind = draft.tokens.findIndex((token, i) => i > 0 && i < 14 && token.kind === 'word' && DEFINITIONS.has(token.word));
  const what = draft.word(kind);
  if (kind < 0) return null;
  // What is created and holds rows, indexes or conditions on rows has to be read; so have changes of a table's columns and keys.
  if (verb !== 'DROP' && what === 'POLICY') return null;
  if (verb === 'CREATE' && /^(?:TABLE|INDEX|VIEW|MATERIALIZED)$/.test(what)) return null;
  if (verb === 'CREATE' && what === 'RULE' && !/\bDO\s+(?:INSTEAD\s+|ALSO\s+)?NOTHING\s*$/i.test(shown)) return null;
  if (verb === 'ALTER' && what === 'TABLE' && /\b(?:ADD(?!\s+CONSTRAINT\s+\S+\s+NOT\s+NULL)|DROP|RENAME|MODIFY|CHANGE)\b/i.test(shown)) return null;
  return { verb: `${verb} ${what}`, name: what === 'SYSTEM' ? null : nameAt(draft, kind + 1) };
}

function nameAt(draft: Draft, index: number): CstNode | null {
  let at = index;
  while (/^(?:IF|NOT|EXISTS|ONLY|CONCURRENTLY)$/.test(draft.word(at))) at++;
  if (!draft.isName(at)) return null;
  let name = identifier(draft, at);
  while (draft.word(at + 1) === '.' && draft.isName(at + 2)) {
    const property = identifier(draft, at += 2);
    name = { type: 'member_expr', object: name, property, range: [name.range[0], property.range[1]] };
  }
  return name;
}

function identifier(draft: Draft, index: number): CstNode {
  const { name, start, end } = draft.name(index);
  return { type: 'identifier', text: draft.source(index), name, range: [start, end] };
}

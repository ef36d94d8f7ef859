/** Does a text look like SQL? Texts are judged with their holes overwritten by underscores, so that a hole reads as a name. */
import type { SqlText } from '../sql/sql-text.js';

/** The text with each hole as a run of underscores. */
export function probe(sql: SqlText): string {
  let text = '', at = 0;
  for (const hole of sql.holes) {
    text += sql.text.slice(at, hole.start) + '_'.repeat(hole.end - hole.start);
    at = hole.end;
  }
  return text + sql.text.slice(at);
}

const NAME = String.raw`(?:[\w$\u0080-\uffff]+|"[^"\n]+"|${'`[^`\\n]+`'}|\[[^\]\n]+\])`;
const PATH = String.raw`${NAME}(?:\s*\.\s*${NAME})*`;
const OBJECT = String.raw`(?:(?:OR\s+REPLACE|GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|UNIQUE|MATERIALIZED|RECURSIVE|CONSTRAINT|VIRTUAL|FOREIGN|EXTERNAL)\s+)*(?:TABLE|VIEW|INDEX|TRIGGER|POLICY|FUNCTION|PROCEDURE|TYPE|SCHEMA|EXTENSION|SEQUENCE|RULE|DATABASE|ROLE|USER|DOMAIN|STATISTICS|PUBLICATION|SUBSCRIPTION|COLUMN)\b`;

/** How a statement begins; enough where the place says that the text is SQL (a tag, a driver's call). */
const STATEMENT = new RegExp(
  String.raw`^(?:SELECT\b(?=[\s\S]*\bFROM\b|[\s\S]*[\d('"*.=:@$_])|WITH\s+(?:RECURSIVE\s+)?(?:${NAME}\s*(?:\([^)]*\)\s*)?AS\b|_{2,})|INSERT\s+(?:\w+\s+){0,3}?INTO\b|REPLACE\s+INTO\b|UPDATE\s+[\s\S]*?\bSET\b|DELETE\s+(?:\w+\s+){0,2}?FROM\b|DELETE\s+${PATH}\s+(?:FROM|USING|WHERE)\b|DELETE\s+_{2,}` +
    String.raw`|MERGE\s+INTO\b|MERGE\s+${PATH}\s+(?:AS\s|USING\b)|TRUNCATE\s+\S|CREATE\s+${OBJECT}|ALTER\s+${OBJECT}|DROP\s+${OBJECT}|EXPLAIN\s+\S|DO\s+(?:\$|')|VALUES\s*[(_]|REFRESH\s+MATERIALIZED\b|LOCK\s+TABLE\b|COPY\s+[\s\S]*\b(?:FROM|TO)\b|COMMENT\s+ON\b|TABLE\s+${PATH}\s*;?\s*$|CALL\s+${PATH}\s*\()`,
  'i',
);

/** A leading fragment that no file shows, then a statement or the rest of one. */
const LEADING_HOLES = /^(?:_{2,}\s*)+/;

/** White space, comments and opening parentheses in front of the first word. */
const LEAD = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|#[^\n]*\n|\(|;)+/;

export function withoutLead(text: string): string {
  return text.replace(LEAD, '');
}

/** Does the text begin like a statement (after comments, parentheses and unseen fragments)? */
export function beginsLikeStatement(text: string): boolean {
  const words = withoutLead(text);
  return STATEMENT.test(words) || (words[0] === '_' && STATEMENT.test(withoutLead(words.replace(LEADING_HOLES, ''))));
}

/**
 * Could a file hold SQL that reads or changes a table? One pass over its text, so that other files cost no traversal.
 * A WITH or EXPLAIN has one of these words later on.
 */
export function mayHoldSql(source: string): boolean {
  return /\bselect(?:\s|\\n|['"`$])|\bjoin\s|\binsert\s+\w*\s*into\b|\b(?:replace|merge)\s+into\b|\bdelete\s+(?:[\w.]+\s+)?from\b|\btruncate\s|\bupdate\s(?:[^;]{0,400}?\s)?set\b|\b(?:create|alter|drop)\s+(?:\w+\s+){0,3}?(?:table|view|index|trigger|policy|function|procedure|type)\b/i.test(source);
}

/** A first look at the source of a literal, before anything is computed: could it be SQL, or the start of a text that is? */
export function mayBeginStatement(source: string): boolean {
  return /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\\n|\(|;)*(?:SELECT|WITH|INSERT|REPLACE|UPDATE|DELETE|MERGE|TRUNCATE|CREATE|ALTER|DROP|EXPLAIN|DO|VALUES|REFRESH|LOCK|COPY|COMMENT|CALL)(?![\w$-])/i.test(source);
}

/** Does a template that begins with an interpolation hold SQL words later on? */
export function mayContinueStatement(source: string): boolean {
  return /\b(?:SELECT|UPDATE|DELETE|INSERT|FROM|JOIN|WHERE)\s/i.test(source);
}

const SUBQUERY = /\(\s*(?:SELECT|WITH)\b/i;

/** Words in front of a text that is no statement, with which it reads as one. */
export interface Wrapping {
  readonly prefix: string;
  /** The rest of its statement is elsewhere. */
  readonly partial: boolean;
  /** `rest`: the statement begins with a fragment that cannot be seen; `fragment`: the text is an expression or clause of a statement elsewhere. */
  readonly of: 'rest' | 'fragment';
}

/**
 * What a text that is no statement needs in front so that it reads as one, and the queries inside it are read: an expression
 * (`EXISTS (SELECT ..)`), a clause (`AND id IN (SELECT ..)`), or what follows an unseen fragment (`${base} WHERE ..`).
 * Null where it holds no query, or is no SQL.
 */
export function wrapping(text: string): Wrapping | null {
  const words = text.replace(/^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '');
  if (/^_{2,}/.test(words)) {
    const rest = withoutLead(words.replace(LEADING_HOLES, ''));
    if (MORE_CTES.test(rest)) return { prefix: 'WITH ', partial: false, of: 'rest' };
    if (/^(?:AND|OR)\b/i.test(rest)) return { prefix: 'SELECT 1 WHERE ', partial: true, of: 'rest' };
    return /^(?:WHERE|(?:LEFT|RIGHT|FULL|INNER|CROSS|NATURAL)\b|JOIN|GROUP|ORDER|UNION|EXCEPT|INTERSECT)\b/i.test(rest) ? { prefix: 'SELECT * FROM ', partial: true, of: 'rest' } : null;
  }
  if (!SUBQUERY.test(words)) return null;
  const clause = (prefix: string): Wrapping => ({ prefix, partial: true, of: 'fragment' });
  if (/^(?:AND|OR)\b/i.test(words)) return clause('SELECT 1 WHERE true ');
  if (/^(?:WHERE|HAVING|GROUP\s+BY|ORDER\s+BY|FROM)\b/i.test(words)) return clause('SELECT 1 ');
  if (/^(?:(?:LEFT|RIGHT|FULL|INNER|CROSS|NATURAL)\s[\sA-Z]*)?JOIN\b/i.test(words)) return clause('SELECT 1 FROM _ ');
  return EXPRESSION.test(words) ? { prefix: 'SELECT ', partial: false, of: 'fragment' } : null;
}

/** `, name AS (`: more common table expressions. */
const MORE_CTES = new RegExp(String.raw`^,\s*${NAME}\s*(?:\([^)]*\)\s*)?AS\s*(?:NOT\s+MATERIALIZED\s*|MATERIALIZED\s*)?\(`, 'i');
/** How an expression begins that may hold a query. */
const EXPRESSION = /^(?:\(|NOT\b|EXISTS\b|CASE\b|"|`|[\w.$]+\s*(?:\(|=|<|>|!|\b(?:IS|IN|NOT|ANY|ALL)\b))/i;

/** Is the text an expression that begins with a parenthesised query (`(SELECT ..)`, `(SELECT ..) AS n`), as against `(SELECT ..) UNION (SELECT ..)`? */
export function isSubquery(text: string): boolean {
  const words = text.trim();
  if (words[0] !== '(' || !/^[(\s]*(?:SELECT|WITH)\b/i.test(words)) return false;
  let depth = 0, quote = '';
  for (let i = 0; i < words.length; i++) {
    const c = words[i]!;
    if (quote) { if (c === quote) quote = ''; }
    else if (c === "'" || c === '"' || c === '`') quote = c;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return !/^\s*(?:UNION|EXCEPT|INTERSECT|MINUS|ORDER|LIMIT|OFFSET|FETCH|FOR)\b/i.test(words.slice(i + 1));
  }
  return false;
}

/** The statement stops where only more text can finish it (`.. WHERE`, `.. AND`), or has a FROM and no clause behind it that would close it. */
export function isUnfinished(text: string): boolean {
  const end = text.replace(/(?:\s|--[^\n]*$|\/\*[\s\S]*?\*\/)+$/, '');
  if (/(?:\b(?:WHERE|AND|OR|ON|SET|FROM|JOIN|IN|NOT|BY|VALUES|SELECT|HAVING|LIMIT|INTO)|[,=(])$/i.test(end)) return true;
  if (/;$/.test(end)) return false;
  // The clauses outside of all parentheses.
  let depth = 0, outer = '';
  for (const c of end.replace(/'(?:[^']|'')*'/g, "''")) {
    if (c === '(') depth++;
    if (depth === 0) outer += c;
    if (c === ')') depth--;
  }
  return depth > 0 || (/^\s*(?:WITH\b[\s\S]*)?\bSELECT\b/i.test(outer) && /\bFROM\b/i.test(outer) && !/\b(?:WHERE|GROUP\s+BY|ORDER\s+BY|LIMIT|HAVING|RETURNING|FOR\s+UPDATE|UNION|OFFSET|FETCH)\b/i.test(outer));
}

const RELATION = new RegExp(String.raw`(?:\b(?:FROM|JOIN|INTO|UPDATE|TABLE|USING|VIEW|TRUNCATE|ON)\s+(?:ONLY\s+|IF\s+(?:NOT\s+)?EXISTS\s+|TABLE\s+|LATERAL\s+)*|,\s*)\(?\s*(${PATH})`, 'gi');
const ARTICLE = /^(?:the|your|you|our|my|its|their|his|her|this|that|these|those|an|each|every|any|some|which|what|one|another|existing|selected)$/i;

/** The parts that make a statement of a string that may be prose. */
const STRUCTURE = new RegExp(
  [
    String.raw`^SELECT\b[\s\S]*?\bFROM\s*(?:ONLY\s+|LATERAL\s+)*(?:\(|${PATH})`,
    String.raw`^WITH\s+(?:RECURSIVE\s+)?(?:${NAME}\s*(?:\([^)]*\)\s*)?AS\s*(?:NOT\s+MATERIALIZED\s*|MATERIALIZED\s*)?\(|_{2,})`,
    String.raw`^(?:INSERT\s+(?:IGNORE\s+|OR\s+\w+\s+)?INTO|REPLACE\s+INTO)\s+${PATH}(?:\s+AS\s+\w+)?\s*(?:\(|VALUES?\b|SELECT\b|SET\b|DEFAULT\b|WITH\b|_{2,})`,
    String.raw`^UPDATE\s+(?:ONLY\s+|IGNORE\s+|OR\s+\w+\s+)?${PATH}(?:[\s\S]*?\bJOIN\b[\s\S]*?|\s+(?:AS\s+)?\w+)?\s+SET\s+(?:\(|_{2,}|${PATH}\s*=)`,
    String.raw`^DELETE\s+FROM\s+(?:ONLY\s+)?${PATH}\s*(?:;|$|(?:(?:AS\s+)?\w+\s+)?(?:WHERE|USING|RETURNING|ORDER|LIMIT|INNER|LEFT|JOIN)\b|(?:AS\s+)?\w+\s*;?$|_{2,})`,
    String.raw`^DELETE\s+${PATH}\s+FROM\s+${PATH}\s`,
    String.raw`^MERGE\s+(?:INTO\s+)?${PATH}[\s\S]*\bUSING\b`,
    String.raw`^TRUNCATE\s+(?:TABLE\s+)?(?:ONLY\s+)?${PATH}(?:\s*,\s*${PATH})*\s*(?:RESTART|CONTINUE|CASCADE|RESTRICT|;|$)`,
    String.raw`^CREATE\s+(?:OR\s+REPLACE\s+)?(?:\w+\s+){0,2}?(?:TABLE|VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?${PATH}\s*(?:\(|AS\b|PARTITION\b|LIKE\b|_{2,}|WITH\b)`,
    String.raw`^CREATE\s+(?:UNIQUE\s+)?(?:\w+\s+)?INDEX\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?(?:${PATH}\s+)?ON\s+(?:ONLY\s+)?${PATH}\s*(?:\(|USING\b|_{2,})`,
    String.raw`^CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?(?:TRIGGER|POLICY|FUNCTION|PROCEDURE)\s+${PATH}\s*(?:\(|ON\b|BEFORE\b|AFTER\b|INSTEAD\b)`,
    String.raw`^ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?${PATH}\s+(?:ADD|DROP|ALTER|RENAME|ENABLE|DISABLE|MODIFY|CHANGE|OWNER|SET|VALIDATE|ATTACH|DETACH|FORCE|REPLICA|_{2,})\b`,
    String.raw`^DROP\s+(?:TABLE|VIEW|INDEX|MATERIALIZED\s+VIEW|TRIGGER|POLICY)\s+(?:CONCURRENTLY\s+)?(?:IF\s+EXISTS\s+)?${PATH}(?:\s*,\s*${PATH})*(?:\s+ON\s+${PATH})?\s*(?:CASCADE|RESTRICT)?\s*;?\s*$`,
    String.raw`^EXPLAIN\s+(?:\([^)]*\)\s*|ANALYZE\s+|VERBOSE\s+)*(?:SELECT|WITH|INSERT|UPDATE|DELETE)\b`,
    String.raw`^REFRESH\s+MATERIALIZED\s+VIEW\s+(?:CONCURRENTLY\s+)?${PATH}\s*;?\s*$`,
    String.raw`^DO\s+\$`,
  ].join('|'),
  'i',
);

/** Signs that a sentence does not have. */
const EVIDENCE = /[=*$;<>"`]|\?(?!\s*$)|\(\s*\w|\bWHERE\b|\bVALUES\b|_{3,}|\w\.\w/;

/**
 * Is a string that stands anywhere SQL? It must have a statement's structure, name a table of the manifest where a statement
 * names tables, and not read like a sentence ("Select users from the list").
 */
export function isStatement(text: string, mentions: (text: string) => boolean): boolean {
  const words = withoutLead(text), match = STRUCTURE.exec(words);
  if (!match) return false;
  if (/[a-z]\.\s*$/i.test(words) || /\b[a-z]+\?\s*$/i.test(words)) return false;
  const first = /^\w+/.exec(words)![0];
  const likeSentence = first !== first.toUpperCase() && first !== first.toLowerCase();
  if (likeSentence && !EVIDENCE.test(words.slice(first.length))) return false;
  if (first === first.toLowerCase() && /^select$/.test(first) && !plainSelectList(words)) return false;
  for (const [, name] of words.matchAll(RELATION)) if (!ARTICLE.test(name!) && mentions(name!)) return true;
  return /^do$/i.test(first) && mentions(words);
}

/** Is the list behind a lower-case `select` one that SQL allows ("all the users" is not)? */
function plainSelectList(words: string): boolean {
  const list = /^select\s+([\s\S]*?)\s+from\b/.exec(words)?.[1] ?? '';
  return /[,(*.:'"_]|^(?:distinct\s+)?[\w$]+(?:\s+as\s+[\w$]+)?$/.test(list);
}

/**
 * The one place that calls sql-parser-cst: a statement's text in, its concrete syntax tree out.
 *
 * The parser is loaded with the first statement (about 100 ms). What it lacks is made up for here, so that no user meets it:
 * it knows no holes (`holes.ts`), nor some constructs (`repair.ts`); it gives up a whole statement for one of them, and its time on text that it
 * cannot read grows exponentially with the depth of the parentheses. So nested text is parsed from the inside out, each query and each deep
 * expression by itself with a stand-in where the inner one was, and the trees are put together afterwards.
 */
import type { Dialect } from '../manifest/catalog.js';
import { foldLists } from './fold.js';
import { type FilledHole, fillHoles } from './holes.js';
import { type CstNode, Effort, type Filled, type LocalResult, NotFolded, OtherLanguage, type Parse, Reader, Unreadable } from './reader.js';
import { type Token, tokenize } from './lexer.js';
import { otherLanguage } from './other-languages.js';
import type { Repair } from './repair.js';
import { shortenLists } from './shorten.js';
import { moved, type Shape, shapeOf } from './shape.js';
import type { StatementPart } from './split.js';
import type { SqlText } from './sql-text.js';

export type { CstNode } from './reader.js';

/** A statement as the parser read it, or why it could not. */
export type ParsedStatement =
  | {
    readonly ok: true;
    /** The statement's node (`select_stmt`, `insert_stmt`, ..). */
    readonly cst: CstNode;
    /** The characters that were parsed: as long as the part, so that `text[i]` stands at `part.start + i`; nested queries are in it as they were parsed. */
    readonly text: string;
    readonly holes: readonly FilledHole[];
    readonly repairs: readonly Repair[];
    /** Nested queries that could be read and that the tree has no place for (inside words that a repair took away). */
    readonly orphans: readonly CstNode[];
  }
  | { readonly ok: false; readonly reason: string; /** Where it stopped, in offsets of the SqlText. */ readonly offset: number };

/** Longer statements are refused: at 0.3 to 0.8 MB/s they would cost seconds. */
const MAX_LENGTH = 1_000_000;
/**
 * So many words, those of long lists of values not counted, no person writes in one statement, and so many are not left of one whose long lists are
 * folded, words that the parser takes long for counted as several: of 152,956 statements in the larger `.sql` files of 107 repositories three are beyond,
 * two that a machine wrote and a script of 5,569 words; the next has 4,276. What is beyond is refused before it costs anything.
 */
const MAX_WORDS = 8000, MAX_WEIGHT = 4500;
/** What the parser takes for these words, in other words. */
const WEIGHTS = new Map([['SELECT', 12], ['JOIN', 5], ['WHEN', 5], ['CASE', 5]]);
/**
 * How often a text may fail as a whole, in its own dialect and in each other one. Of 38,561 statements of five repositories that can be read, 38,478
 * need no more than two failures, and 10 four; nearly all of the rest had one word renamed call by call, which one round does now.
 */
const FAILURES = 12, FAILURES_ELSEWHERE = 6;
const CACHE_SIZE = 300, CACHED_LENGTH = 20_000;

let loaded: { readonly parse: Parse } | undefined;
function parser(): Parse {
  return (loaded ??= require('sql-parser-cst/lib/parser') as { parse: Parse }).parse;
}

/** Parses one statement. Never throws; bounded in time. */
export function parseStatement(sql: SqlText, part: StatementPart, dialect: Dialect): ParsedStatement {
  if (part.end - part.start > MAX_LENGTH) return { ok: false, reason: 'longer than 1 MB', offset: part.start };
  const filled = fillHoles(sql, part, dialect);
  const { tokens, words, cuts, folding } = inWords(filled.text, filled.tokens ?? tokenize(filled.text, dialect), dialect, filled.expansions.length > 0);
  const local: Filled = {
    text: filled.text, tokens, words, cuts, folding,
    expansions: filled.expansions.map(({ start, end, input }) => ({ start: start - part.start, end: end - part.start, input })),
    standIns: filled.holes.filter((hole) => hole.name !== null && hole.as !== 'text-in-literal').map(({ hole }) => ({ start: hole.start - part.start, end: hole.end - part.start })),
  };
  const result = remembered(local, dialect, part.start);
  if (!result.ok) return { ok: false, reason: result.reason, offset: part.start + result.offset };
  const holes = result.refilled.size === 0 ? filled.holes : filled.holes.map((hole) => {
    const as = result.refilled.get(hole.hole.start - part.start);
    return as ? { ...hole, as, name: null } : hole;
  });
  return { ok: true, cst: result.cst, text: result.text, holes, repairs: result.repairs, orphans: result.orphans };
}

/** A text's words in a dialect, and how its long lists are read. */
function inWords(text: string, tokens: readonly Token[], dialect: Dialect, expanded: boolean): Pick<Filled, 'tokens' | 'words' | 'cuts' | 'folding'> {
  const cuts = expanded ? [] : shortenLists(tokens, text);
  let cut = 0;
  const words = cuts.length === 0 && tokens.every(isWord) ? tokens : tokens.filter((token) => {
    while (cut < cuts.length && cuts[cut]!.end <= token.start) cut++;
    return isWord(token) && !(cut < cuts.length && cuts[cut]!.start <= token.start);
  });
  return { tokens, words, cuts, folding: expanded || words.length > MAX_WORDS ? null : foldLists(words, text, dialect) };
}

function isWord(token: Token): boolean {
  return token.kind !== 'comment';
}

const cache = new Map<string, Kept>();

type Trees = Pick<LocalResult & { ok: true }, 'cst' | 'repairs' | 'orphans'>;

/** What became of a text, and at which offset of a SqlText its trees are. Who asks for them elsewhere gets copies. */
interface Kept {
  readonly result: LocalResult;
  readonly shape: Shape | null;
  readonly at: number;
}

/** The result for a text at an offset: kept from before (from a text of the same shape, perhaps), or made now. The least recently used ones are forgotten. */
function remembered(filled: Filled, dialect: Dialect, at: number): LocalResult {
  const { text, expansions, standIns } = filled;
  if (text.length > CACHED_LENGTH) return placed(read(filled, dialect), at);
  const shape = expansions.length === 0 ? shapeOf(text, filled.tokens, dialect) : null;
  const alike = shape && recall(shape.key);
  if (alike?.result.ok) {
    if (alike.at === at && alike.shape!.text === text) return alike.result;
    const { cst, repairs, orphans } = alike.result;
    const copies = moved<Trees>({ cst, repairs, orphans }, alike.shape!, alike.at, shape!, at);
    if (copies) return { ok: true, cst: copies.cst, repairs: copies.repairs, orphans: copies.orphans, refilled: alike.result.refilled, text };
  }
  const exact = `${dialect}\n${standIns.map(({ start }) => start).join()}\n${expansions.map(({ start, end, input }) => `${start} ${end} ${input}\n`).join('')}${text}`;
  const same = recall(exact);
  if (same) return same.at === at || !same.result.ok ? same.result : placed(structuredClone(same.result), at - same.at);
  const result = placed(read(filled, dialect), at);
  // What was repaired speaks of its own words.
  const general = shape && !alike && result.ok && result.repairs.length === 0 && result.refilled.size === 0;
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value!);
  cache.set(general ? shape.key : exact, { result, shape, at });
  return result;
}

function recall(key: string): Kept | undefined {
  const kept = cache.get(key);
  if (kept) {
    cache.delete(key);
    cache.set(key, kept);
  }
  return kept;
}

/** A result whose trees have moved to where the text stands. */
function placed(result: LocalResult, by: number): LocalResult {
  if (result.ok) shift([result.cst, result.repairs, result.orphans], by);
  return result;
}

/** Moves every `range`, and every `start`, `end` and `offset` that is a number. */
function shift(value: object, by: number): void {
  const stack: object[] = by === 0 ? [] : [value];
  while (stack.length > 0) {
    const node = stack.pop() as Record<string, unknown>;
    for (const key in node) {
      const item = node[key];
      if (typeof item === 'number') {
        if (key === 'start' || key === 'end' || key === 'offset') node[key] = item + by;
      } else if (key === 'range') node[key] = [(item as number[])[0]! + by, (item as number[])[1]! + by];
      else if (typeof item === 'object' && item !== null) stack.push(item);
    }
  }
}

/** Reads a filled text in its dialect, and where that fails, or another is written all over it, in the one that its own words point to. */
function read(filled: Filled, dialect: Dialect): LocalResult {
  const instead = (other: Dialect): LocalResult | null => {
    const result = readIn({ ...filled, ...inWords(filled.text, tokenize(filled.text, other), other, filled.expansions.length > 0) }, other, FAILURES_ELSEWHERE);
    return result.ok && result.cst.type !== 'other_stmt' ? { ...result, repairs: [...result.repairs, { kind: 'dialect', start: 0, end: filled.text.length, words: '', dialect: other }] } : null;
  };
  // PostgreSQL's grammar would take `KEY i (a)` for a column, and has no backquotes.
  const mysql = otherDialects(filled.text, dialect)[0] === 'mysql'
    && (MYSQL_TABLE.test(filled.text) || (dialect === 'postgresql' && filled.tokens.some(({ kind, start }) => kind === 'name' && filled.text[start] === '`')));
  const first = mysql ? instead('mysql') : null;
  if (first) return first;
  const result = readIn(filled, dialect, FAILURES);
  if (isWhole(result) || (!result.ok && otherLanguage(filled.text))) return result;
  for (const other of otherDialects(filled.text, dialect)) {
    const second = mysql && other === 'mysql' ? null : instead(other);
    if (second && (!result.ok || isWhole(second))) return second;
  }
  if (result.ok) return result;
  // `(SELECT ..) AS total`, which builders take as raw text of a select list
  if (filled.text.startsWith('(')) {
    const item = readIn({ ...filled, expansions: [{ start: 0, end: 0, input: 'SELECT ' }, ...filled.expansions] }, dialect, FAILURES_ELSEWHERE);
    if (item.ok) return { ...item, repairs: [{ kind: 'fragment', start: 0, end: 0, words: '' }, ...item.repairs] };
  }
  return result;
}

/** Was every query in it read? */
function isWhole(result: LocalResult): boolean {
  return result.ok && !result.repairs.some(({ kind }) => kind === 'unreadable');
}

/** Words of a table's definition that only MySQL has. */
const MYSQL_TABLE = /^\s*(?:CREATE|ALTER)\b[\s\S]*(?:\bAUTO_INCREMENT\b|\bENGINE\s*=|`\w+`)/i;
const WORDS_OF: readonly (readonly [Dialect, RegExp])[] = [
  ['mysql', /`|\bAUTO_INCREMENT\b|\bENGINE\s*=|\bON\s+DUPLICATE\s+KEY\b|\bSTRAIGHT_JOIN\b|^\s*DELETE\s+(?:`?\w+`?\s*,\s*)*`?\w+`?(?:\.\*)?\s+FROM\b|\bINTERVAL\s+\S+\s+(?:DAY|HOUR|MINUTE|MONTH|YEAR|WEEK|SECOND)\b|\bINSERT\s+IGNORE\b|\bUNSIGNED\b/i],
  ['sqlite', /\bAUTOINCREMENT\b|\bINSERT\s+OR\s+|\bWITHOUT\s+ROWID\b|\bGLOB\b|==/i],
  ['postgresql', /::|\bILIKE\b|\bRETURNING\b|\bON\s+CONFLICT\b|\$\d|\bDISTINCT\s+ON\b|\bLATERAL\b|\bFILTER\s*\(|\bARRAY\s*\[|->>|"\w+"|\bCONCURRENTLY\b|\)\s*UNION\b|\bUNION\s+(?:ALL\s+)?(?:\(|TABLE\b)/i],
];

/** Dialects whose own words a text uses. */
function otherDialects(text: string, dialect: Dialect): Dialect[] {
  return WORDS_OF.filter(([other, words]) => other !== dialect && !(other === 'mysql' && dialect === 'mariadb') && words.test(text)).map(([other]) => other);
}

/** The words that the parser will see, those that it takes long for counted as several. */
function weightOf({ words, folding, expansions }: Filled): number {
  let weight = 4 * expansions.length;
  for (const { kind, word } of folding?.tokens ?? words) weight += 1 + (kind === 'word' ? WEIGHTS.get(word) ?? 0 : 0);
  return weight;
}

function readIn(filled: Filled, dialect: Dialect, failures: number): LocalResult {
  if (filled.words.length > MAX_WORDS || weightOf(filled) > MAX_WEIGHT) return { ok: false, reason: `more than ${MAX_WEIGHT} words`, offset: 0 };
  const reader = new Reader(filled, dialect, parser(), new Effort(filled.text.length, failures));
  try {
    return reader.statement();
  } catch (error) {
    if (error instanceof Unreadable || error instanceof OtherLanguage) return reader.other() ?? { ok: false, reason: error.message, offset: error.offset };
    if (error instanceof NotFolded) return readIn({ ...filled, folding: null }, dialect, failures);
    if (error instanceof RangeError) return { ok: false, reason: 'nested too deeply', offset: 0 };
    return { ok: false, reason: `the parser failed: ${String((error as Error)?.message ?? error).slice(0, 200)}`, offset: 0 };
  }
}

/**
 * How the parentheses of a statement nest, so that it can be parsed from the inside out: the parser's time on text that it cannot read grows
 * exponentially with the depth of the parentheses, and one unknown construct would spoil everything around it.
 */
import type { Dialect } from '../manifest/catalog.js';
import type { Token } from './lexer.js';

/**
 * What a pair of parentheses holds.
 *
 * - `query`: a query or a data-modifying statement: it can be parsed by itself
 * - `expression`: operands, a list of them, or a function's arguments: it can be parsed by itself behind SELECT
 * - `structure`: anything else (columns of a definition, joins, CAST, OVER): only the whole around it can be parsed
 */
export type GroupKind = 'query' | 'expression' | 'structure';

/** A pair of parentheses. */
export interface Group {
  readonly kind: GroupKind;
  /** Offset of `(`. */
  readonly start: number;
  /** Offset behind `)`. */
  readonly end: number;
  readonly inner: readonly Group[];
  /** The levels of parentheses inside this pair, queries counted as flat (0: none). */
  readonly depth: number;
  /** The levels of queries inside this pair, itself among them. */
  readonly queries: number;
}

/** The groups of a statement, or where its parentheses do not match or its brackets are too deep for the parser's time. */
export type Nesting = { readonly ok: true; readonly groups: readonly Group[] } | { readonly ok: false; readonly reason: string; readonly offset: number };

/** Subscripts in subscripts: nobody writes three. */
const MAX_BRACKETS = 6;

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Words before `(` behind which operands stand. */
const BEFORE_EXPRESSION = set('WHERE AND OR XOR NOT ON HAVING WHEN THEN ELSE CASE SELECT DISTINCT BY BETWEEN LIKE ILIKE RLIKE REGEXP RETURNING LIMIT OFFSET IN ANY ALL SOME IS DEFAULT DIV MOD QUALIFY TO ESCAPE');
/** Words before `(` that have a syntax of their own behind it. */
const BEFORE_STRUCTURE = set(
  'FROM JOIN STRAIGHT_JOIN LATERAL INTO UPDATE TABLE USING VALUES AS OVER FILTER GROUP CAST SAFE_CAST TRY_CAST EXTRACT TRIM SUBSTRING SUBSTR OVERLAY POSITION CONVERT SET KEY INDEX REFERENCES UNIQUE CHECK '
  + 'WITH CONFLICT ROLLUP CUBE SETS OF ONLY MATERIALIZED JSON_TABLE XMLTABLE JSON_OBJECT JSON_ARRAY JSON_VALUE JSON_QUERY JSON_EXISTS ROWS AGAINST MATCH WINDOW INCLUDE EXCLUDE RETURNS '
  + 'RANGE LIST PARTITION ENUM OPTIONS VALUE ARRAY STRUCT DATA UNNEST',
);

/** Finds the pairs of parentheses of a statement's tokens, comments among them or not. */
export function nest(tokens: readonly Token[], dialect: Dialect): Nesting {
  interface Open { kind: GroupKind; start: number; inner: Group[]; depth: number; queries: number; clause: string }
  const root: Open = { kind: 'query', start: 0, inner: [], depth: 0, queries: 0, clause: '' };
  const stack: Open[] = [root];
  const significant = tokens.filter((token) => token.kind !== 'comment');
  const definition = /^(?:CREATE|ALTER|DROP|COMMENT|GRANT)$/.test(significant[0]?.word ?? '');
  let brackets = 0;
  for (let index = 0; index < significant.length; index++) {
    const token = significant[index]!;
    const top = stack.at(-1)!;
    if (token.word === '(') {
      const kind = kindOf(significant, index, top, definition && stack.length === 1, dialect);
      stack.push({ kind, start: token.start, inner: [], depth: 0, queries: 0, clause: kind === 'query' ? '' : top.clause });
    } else if (token.word === ')') {
      if (stack.length === 1) return { ok: false, reason: 'parentheses that do not match', offset: token.start };
      const { kind, start, inner, depth, queries } = stack.pop()!;
      const parent = stack.at(-1)!;
      const query = kind === 'query';
      parent.inner.push({ kind, start, end: token.end, inner, depth, queries: queries + (query ? 1 : 0) });
      parent.depth = Math.max(parent.depth, query ? 1 : depth + 1);
      parent.queries = Math.max(parent.queries, queries + (query ? 1 : 0));
    } else if (token.word === '[') {
      if (++brackets > MAX_BRACKETS) return { ok: false, reason: 'brackets nested too deeply', offset: token.start };
    } else if (token.word === ']') brackets = Math.max(0, brackets - 1);
    else if (token.kind === 'word' && CLAUSES.has(token.word)) top.clause = token.word;
  }
  if (stack.length > 1) return { ok: false, reason: 'parentheses that do not match', offset: stack.at(-1)!.start };
  return { ok: true, groups: root.inner };
}

const CLAUSES = set('SELECT FROM JOIN WHERE ON HAVING BY SET VALUES RETURNING LIMIT INTO UPDATE');

function kindOf(tokens: readonly Token[], index: number, around: { kind: GroupKind; clause: string }, definition: boolean, dialect: Dialect): GroupKind {
  const first = tokens[index + 1];
  const previous = tokens[index - 1];
  if (startsQuery(tokens, index + 1, dialect)) return 'query';
  if (!first || first.word === ')') return 'structure';
  if (definition) return 'structure';
  if (!previous) return 'structure';
  const joins = around.clause === 'FROM' || around.clause === 'JOIN';
  if (previous.kind === 'word') {
    if (BEFORE_EXPRESSION.has(previous.word)) return 'expression';
    if (BEFORE_STRUCTURE.has(previous.word)) return 'structure';
    // A name: a function's arguments, or a relation's columns (`INTO t (a, b)`, `AS x(a, b)`, `FROM f(..) x(a, b)`, `WITH x (a)`).
    return joins || around.clause === 'INTO' || around.clause === '' ? 'structure' : 'expression';
  }
  if (previous.kind === 'name') return joins || around.clause === 'INTO' || around.clause === '' ? 'structure' : 'expression';
  if (previous.kind !== 'symbol') return 'structure';
  // A nested parenthesis is what the outer one is; behind a comma in FROM it may be a join.
  if (previous.word === '(') return around.kind === 'structure' || joins ? 'structure' : 'expression';
  if (previous.word === ',') return joins || around.kind === 'structure' || around.clause === 'VALUES' || around.clause === 'INTO' || around.clause === '' ? 'structure' : 'expression';
  return previous.word === ')' || previous.word === ']' || previous.word === '.' || previous.word === '::' ? 'structure' : 'expression';
}

/** Does a query start with this token? */
export function startsQuery(tokens: readonly Token[], index: number, dialect: Dialect): boolean {
  const token = tokens[index], next = tokens[index + 1];
  if (token?.kind !== 'word') return false;
  switch (token.word) {
    case 'SELECT': return next !== undefined && next.word !== ')';
    case 'WITH': return next?.kind === 'word' || next?.kind === 'name';
    case 'DELETE': return next?.word === 'FROM';
    case 'INSERT': return next?.word === 'INTO' || next?.word === 'OR' || next?.word === 'IGNORE';
    case 'MERGE': return next?.word === 'INTO';
    case 'UPDATE': return next?.kind === 'word' || next?.kind === 'name';
    // MySQL's VALUES(column) is a function.
    case 'VALUES': return next?.word === '(' && dialect !== 'mysql' && dialect !== 'mariadb';
    case 'TABLE': return dialect === 'postgresql' && (next?.kind === 'word' || next?.kind === 'name');
    default: return false;
  }
}

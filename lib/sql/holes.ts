/**
 * Stand-ins for interpolations: what a hole most probably is follows from the words around it, before anything is parsed.
 *
 * No single spelling fits every place (of 73 positions measured with PostgreSQL an identifier parses in 53, `$1` in 34, nothing at all in 22),
 * and a stand-in in the wrong place parses as something else: `FROM users ${where}` would read the hole as an alias of users.
 */
import type { Dialect } from '../manifest/catalog.js';
import { endsOperand, type Token, tokenize } from './lexer.js';
import type { StatementPart } from './split.js';
import { type Hole, holesIn, type SqlText } from './sql-text.js';

/**
 * How a hole is read.
 *
 * - `value`: an operand, or several (a select list, GROUP BY); an identifier stands in for it, or a literal where only that may stand
 * - `identifier`: the name of a column, alias, function, type ..; an identifier stands in
 * - `predicate`: a whole condition (`WHERE ${x}`, `AND ${x}`, `ON ${x}`); an identifier stands in
 * - `relation`: a table or derived table in FROM, JOIN, INTO, UPDATE; an identifier stands in
 * - `query`: a whole query (`(${q})`, `UNION ${q}`, `INSERT INTO t ${rows}`) or the head of one (`${base} WHERE`); `SELECT <identifier>` stands in
 * - `list`: one or more items between parentheses (`IN ${ids}`, `IN (${ids})`, `VALUES ${rows}`); an identifier between parentheses stands in
 * - `assignment`: one or more assignments (`SET ${changes}`); `<identifier>=1` stands in
 * - `cte`: one or more common table expressions (`WITH ${ctes} SELECT`); `<identifier> AS (SELECT 1)` stands in
 * - `operator`: an operator between two operands; `=` or `,` stands in
 * - `dropped`: a fragment after a finished operand or clause; blanks stand in, the tree knows nothing of it
 * - `text-in-literal`: part of a string, a quoted identifier, a comment, or of a longer word
 */
export type HoleReading =
  | 'value' | 'identifier' | 'predicate' | 'relation' | 'query' | 'list' | 'assignment' | 'cte' | 'operator' | 'dropped' | 'text-in-literal';

/** A hole, or a placeholder that the parser does not know (`$(ids:csv)`, `??`), and what became of it. */
export interface FilledHole {
  /** The source's hole, or the characters of a placeholder (those of `$${n}` with the sigil). */
  readonly hole: Hole;
  readonly as: HoleReading;
  /** The identifier that stands in for it in the tree, its range inside the hole's; null where none does. */
  readonly name: string | null;
  /** The clause that it stands in, as upper-case keyword: SELECT, FROM, ON, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, SET, VALUES, RETURNING .. ('' before the first). */
  readonly clause: string;
  /** The innermost parenthesised query, or the statement, that it stands in. */
  readonly scope: readonly [start: number, end: number];
}

/** Text that the parser reads instead of the characters from `start` to `end`: a stand-in that is longer than its hole. */
export interface Expansion {
  readonly start: number;
  readonly end: number;
  readonly input: string;
}

/** A statement's text with every hole filled: as long as the statement. */
export interface FilledText {
  readonly text: string;
  readonly holes: readonly FilledHole[];
  /** Stand-ins too long for their holes, which are blank in `text`. Offsets of the SqlText, as everywhere. */
  readonly expansions: readonly Expansion[];
  /** The tokens of `text`, counted from its start, where it needed no filling. */
  readonly tokens?: readonly Token[];
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Words that may follow a finished operand: they go on with the expression or start another clause. */
const AFTER_OPERAND = set(
  'AND OR XOR IS IN LIKE ILIKE RLIKE REGEXP SIMILAR GLOB MATCH BETWEEN COLLATE AS AT ISNULL NOTNULL ASC DESC NULLS OVER FILTER WITHIN ESCAPE DIV MOD FROM WHERE GROUP HAVING ORDER LIMIT OFFSET '
  + 'FETCH FOR UNION INTERSECT EXCEPT WINDOW RETURNING ON USING JOIN LEFT RIGHT INNER OUTER FULL CROSS NATURAL STRAIGHT_JOIN SET VALUES WHEN THEN ELSE END DO QUALIFY LOCK INTO DUPLICATE',
);
const QUERY_START = set('SELECT WITH INSERT UPDATE DELETE MERGE VALUES REPLACE TABLE EXPLAIN CREATE ALTER DROP TRUNCATE');
/** What may follow a query, or the SELECT of one, behind INSERT INTO t. */
const HEAD_ENDS = set(') ON RETURNING FROM WHERE GROUP ORDER LIMIT UNION');
const SET_OPERATORS = set('UNION INTERSECT EXCEPT MINUS');
const RELATION_FOLLOWS = set('FROM JOIN STRAIGHT_JOIN INTO UPDATE TABLE ONLY TRUNCATE REFERENCES VIEW LATERAL');
const PREDICATE_FOLLOWS = set('WHERE AND OR XOR ON HAVING NOT WHEN QUALIFY');
/** In a definition: a name follows. */
const NAME_FOLLOWS = set('ADD COLUMN DROP CONSTRAINT TO RENAME INDEX TRIGGER POLICY FUNCTION PROCEDURE SCHEMA TYPE SEQUENCE ROLE OWNER DATABASE EXTENSION DOMAIN KEY EXISTS CONCURRENTLY MODIFY CHANGE OF BY');
/** `EXTRACT(unit FROM x)`, `TRIM(BOTH x FROM y)`, .. : their FROM names no table. */
const FROM_FUNCTIONS = set('EXTRACT SUBSTRING SUBSTR TRIM OVERLAY POSITION');
/** In a definition: a number follows. */
const NUMBER_FOLLOWS = set('MODULUS REMAINDER CACHE INCREMENT MINVALUE MAXVALUE RESTART');
const INTERVAL_UNITS = set('MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR DAY_HOUR DAY_MINUTE DAY_SECOND HOUR_MINUTE HOUR_SECOND MINUTE_SECOND YEAR_MONTH');
const CLAUSES = set('SELECT FROM WHERE HAVING LIMIT OFFSET FETCH SET VALUES RETURNING WITH WINDOW INTO UPDATE DELETE INSERT MERGE ON USING QUALIFY');

/** What one pair of parentheses, or the statement outside them, holds. */
interface Frame {
  /** Upper-case keyword of the clause that the tokens stand in. */
  clause: string;
  scope: readonly [number, number];
  /** The token before `(`. */
  readonly callee: Token | undefined;
  readonly query: boolean;
  /** BETWEEN waits for its AND. */
  between: boolean;
  /** `DISTINCT ON (..)` */
  readonly distinctOn: boolean;
}

/** The whole text of a `hole` token that is none of the source's: a placeholder of a driver or query file. */
function placeholderKind(text: string): Hole['kind'] | null {
  if (text === '?') return null;
  if (/^\?\?$|^:\w+:$|^:"|^%I$|^\$[(<{[/][^:]*(?::name|:alias|~)\W*$/.test(text)) return 'identifier';
  if (/:raw|:open|\^\W*$|#\W*$/.test(text)) return 'fragment';
  if (/^\{|^\$\{/.test(text)) return 'unknown';
  if (/^(?:\?\d*|\$\d+|\$[A-Za-z_]\w*|:[A-Za-z_]\w*|@[A-Za-z_][\w.]*|@`[^`]*`)$/.test(text)) return null;
  return 'value';
}

/** Fills the holes of one statement, and the placeholders that the parser does not know. Offsets are those of the SqlText. */
export function fillHoles(sql: SqlText, part: StatementPart, dialect: Dialect): FilledText {
  const words = part.text ?? sql.text.slice(part.start, part.end);
  const holes = holesIn(sql, part.start, part.end)
    .filter((hole) => hole.end > hole.start)
    .map((hole) => ({ hole, start: Math.max(hole.start - part.start, 0), end: Math.min(hole.end, part.end) - part.start, kind: hole.kind }));
  const tokens = tokenize(words, dialect, holes);
  if (holes.length === 0 && !tokens.some((token) => token.kind === 'placeholder')) return { text: words, holes: [], expansions: [], tokens };
  return new Filling(words, part.start, dialect, tokens, holes).run();
}

type LocalHole = { readonly hole: Hole; readonly start: number; readonly end: number; readonly kind: Hole['kind'] };

class Filling {
  readonly #words: string;
  readonly #base: number;
  readonly #dialect: Dialect;
  readonly #tokens: readonly Token[];
  readonly #holes: readonly LocalHole[];
  readonly #holeAt: ReadonlyMap<number, LocalHole>;
  /** Where the `)` of the `(` at a token's index stands, as an offset of the words. */
  readonly #closeOf = new Map<Token, number>();
  readonly #filled: FilledHole[] = [];
  readonly #expansions: Expansion[] = [];
  /** Pieces of text written over the words, in order. */
  readonly #edits: { start: number; text: string }[] = [];
  readonly #frames: Frame[];
  #verb = '';
  /** The parentheses that were closed last. */
  #closed: Frame | undefined;
  #count = 0;

  constructor(words: string, base: number, dialect: Dialect, tokens: readonly Token[], holes: readonly LocalHole[]) {
    this.#words = words;
    this.#base = base;
    this.#dialect = dialect;
    this.#tokens = tokens;
    this.#holes = holes;
    this.#holeAt = new Map(holes.map((hole) => [hole.start, hole]));
    const open: Token[] = [];
    for (const token of tokens) {
      if (token.word === '(') open.push(token);
      else if (token.word === ')' && open.length > 0) this.#closeOf.set(open.pop()!, token.start);
    }
    this.#frames = [{ clause: '', scope: [base, base + words.length], callee: undefined, query: true, between: false, distinctOn: false }];
  }

  run(): FilledText {
    const significant = this.#tokens.filter((token) => token.kind !== 'comment');
    /** Tokens that the parser will see: holes that are dropped are looked through. */
    const seen: Token[] = [];
    this.#fillInsideTokens();
    /** The last placeholder between two commas that stayed as it was. */
    let usual: Token | undefined;
    significant.forEach((token, index) => {
      const next = significant[index + 1];
      const listed = token.kind === 'placeholder' && next?.word === ',' && significant[index - 1]?.word === ',';
      // In a list, `?` behind another one is what that is.
      if (listed && usual && significant[index - 2] === usual && this.#words[token.start] === '?' && token.end === token.start + 1) {
        usual = token;
        seen.push(token);
        return;
      }
      if (token.kind === 'hole' || (token.kind === 'placeholder' && !this.#isVariable(token))) {
        const reading = this.#fill(token, seen, next, significant, index);
        usual = listed && reading === 'value' && this.#edits.at(-1)?.start !== token.start && this.#words[token.start] === '?' && token.end === token.start + 1 ? token : undefined;
        if (reading === 'operator') seen.push({ ...token, kind: 'symbol', word: '=' });
        else if (reading !== 'dropped') seen.push(token);
        return;
      }
      this.#follow(token, seen, next, significant, index);
      seen.push(token);
    });
    let text = '', last = 0;
    for (const edit of this.#edits.sort((a, b) => a.start - b.start)) {
      text += this.#words.slice(last, edit.start) + edit.text;
      last = edit.start + edit.text.length;
    }
    this.#filled.sort((a, b) => a.hole.start - b.hole.start);
    const unchanged = this.#holes.length === 0 && this.#edits.length === 0 && this.#expansions.length === 0;
    return { text: text + this.#words.slice(last), holes: this.#filled, expansions: this.#expansions, ...unchanged ? { tokens: this.#tokens } : {} };
  }

  /** MySQL's `@name` is a variable, which the parser knows. */
  #isVariable(token: Token): boolean {
    return (this.#dialect === 'mysql' || this.#dialect === 'mariadb') && this.#words[token.start] === '@' && this.#words[token.start + 1] !== '@' && !this.#holeAt.has(token.start + 1);
  }

  /** Holes inside strings, quoted names, comments and longer words become letters of them. */
  #fillInsideTokens(): void {
    const tokens = this.#tokens;
    let index = 0;
    for (const hole of this.#holes) {
      while (index < tokens.length && tokens[index]!.end <= hole.start) index++;
      const token = tokens[index];
      if (!token || token.start > hole.start || token.kind === 'hole' || token.kind === 'placeholder') continue;
      const text = 'h'.padEnd(hole.end - hole.start, '_');
      this.#edits.push({ start: hole.start, text });
      this.#record(hole.hole, 'text-in-literal', token.kind === 'word' || token.kind === 'name' ? text : null);
    }
  }

  get #frame(): Frame {
    return this.#frames.at(-1)!;
  }

  #record(hole: Hole, as: HoleReading, name: string | null): void {
    this.#filled.push({ hole, as, name, clause: this.#frame.clause, scope: this.#frame.scope });
  }

  /** Keeps the clause and the parentheses that the tokens stand in. */
  #follow(token: Token, seen: readonly Token[], next: Token | undefined, tokens: readonly Token[], index: number): void {
    const frame = this.#frame;
    if (token.word === '(') {
      let first = index + 1;
      while (tokens[first]?.kind === 'hole') first++;
      const word = tokens[first]?.word ?? '';
      const query = word === 'SELECT' || word === 'WITH' || word === 'INSERT' || word === 'UPDATE' || word === 'DELETE' || (word === 'VALUES' && frame.clause !== 'SET');
      const scope = query ? [this.#base + token.end, this.#base + (this.#closeOf.get(token) ?? this.#words.length)] as const : frame.scope;
      this.#frames.push({ clause: query ? '' : frame.clause, scope, callee: seen.at(-1), query, between: false, distinctOn: seen.at(-1)?.word === 'ON' && seen.at(-2)?.word === 'DISTINCT' });
      return;
    }
    if (token.word === ')') {
      if (this.#frames.length > 1) this.#closed = this.#frames.pop();
      return;
    }
    // JOIN u ON a = b, v
    if (token.word === ',' && frame.clause === 'ON' && this.#verb !== 'CREATE' && (frame.query || this.#frames.length === 1)) frame.clause = 'FROM';
    if (token.kind !== 'word' || token.word === '') return;
    const { word } = token;
    const previous = seen.at(-1)?.word ?? '';
    if (this.#verb === '' && word !== '') this.#verb = word;
    if (word === 'BETWEEN') frame.between = true;
    else if (word === 'AND' && frame.between) frame.between = false;
    if (!frame.query && this.#frames.length > 1) return;
    if (previous === '.' || next?.word === '.') return;
    if (word === 'BY') frame.clause = `${previous} BY`;
    else if (SET_OPERATORS.has(word)) frame.clause = word;
    else if (word === 'JOIN' || word === 'STRAIGHT_JOIN' || (word === 'USING' && (frame.clause !== 'ON' && frame.clause !== ''))) frame.clause = 'FROM';
    else if (word === 'CONFLICT' && previous === 'ON') frame.clause = 'ON CONFLICT';
    else if (word === 'UPDATE' && (previous === 'DO' || previous === 'KEY')) frame.clause = 'SET';
    else if (word === 'UPDATE' && (previous === 'FOR' || previous === 'ON')) return;
    else if (word === 'FROM' && previous === 'DISTINCT') return;
    else if (CLAUSES.has(word) && !(word === 'SET' && frame.clause === 'ALTER')) frame.clause = word;
  }

  #fill(token: Token, seen: readonly Token[], next: Token | undefined, tokens: readonly Token[], index: number): HoleReading {
    const words = this.#words.slice(token.start, token.end);
    // `$${n}` is one placeholder, its sigil in front of the hole.
    const own = this.#holeAt.get(token.start);
    const kind = own ? own.kind : placeholderKind(words);
    const reading = this.#read(kind ?? 'value', seen, next, tokens, index);
    // A placeholder that the parser knows stays where it stands for one value.
    if (kind === null && (reading.as === 'value' || reading.as === 'predicate') && !reading.input) return reading.as;
    const hole = own?.hole ?? { start: this.#base + token.start, end: this.#base + token.end, kind: kind ?? 'value' };
    const length = token.end - token.start;
    const label = `h${(this.#count++).toString(36)}`;
    const name = label.length <= length ? label : 'h';
    const wrap = reading.input ?? ((identifier: string) => identifier);
    if (reading.as === 'dropped' && !reading.input) {
      this.#edits.push({ start: token.start, text: this.#blank(words) });
      this.#record(hole, 'dropped', null);
      return 'dropped';
    }
    const shortest = wrap(name);
    if (shortest.length <= length) {
      const padded = wrap(name.padEnd(name.length + length - shortest.length, '_'));
      this.#edits.push({ start: token.start, text: padded.length === length ? padded : shortest.padEnd(length) });
      this.#record(hole, reading.as, reading.named === false ? null : padded.length === length ? name.padEnd(name.length + length - shortest.length, '_') : name);
    } else {
      this.#edits.push({ start: token.start, text: this.#blank(words) });
      this.#expansions.push({ start: this.#base + token.start, end: this.#base + token.end, input: ` ${wrap(label)} ` });
      this.#record(hole, reading.as, reading.named === false ? null : label);
    }
    return reading.as;
  }

  #blank(words: string): string {
    return words.replace(/[^\n]/g, ' ');
  }

  /** What the words around a hole make of it; `input` writes its stand-in around an identifier. */
  #read(kind: Hole['kind'], seen: readonly Token[], next: Token | undefined, tokens: readonly Token[], index: number): Reading {
    const previous = seen.at(-1);
    const before = seen.at(-2);
    const frame = this.#frame;
    const definition = this.#verb === 'CREATE' || this.#verb === 'ALTER' || this.#verb === 'DROP';
    // Behind DISTINCT ON (..) a select list starts.
    const word = previous?.word === ')' && this.#closed?.distinctOn ? 'DISTINCT' : previous?.word ?? '';
    const value: Reading = { as: kind === 'identifier' ? 'identifier' : 'value' };
    const nextEnds = !next || next.word === ')' || next.word === ';' || next.word === ',' || next.kind === 'hole' || (next.kind === 'word' && AFTER_OPERAND.has(next.word) && !this.#isCall(next, tokens, index + 1));

    if (!previous) return this.#readStart(next, tokens, index);
    if (word === '.') return { as: this.#afterRelationWord(seen) ? 'relation' : 'identifier' };
    if (word === '::') return { as: 'identifier' };
    if (next?.word === '.') return { as: 'identifier' };
    if (previous.kind === 'word' && previous.word === 'CASE') {
      return next?.word === 'END' || next?.word === 'ELSE' ? { as: 'value', input: (name) => `WHEN ${name} THEN 1` } : value;
    }

    if (word === '(' || word === ',') {
      const inner = this.#readItem(kind, word, seen, next, tokens[index + 2], nextEnds);
      if (inner) return inner;
    }
    switch (word) {
      case 'WITH': case 'RECURSIVE': if (frame.clause === 'WITH' || word === 'RECURSIVE') return next?.word === 'AS' || next?.word === '(' ? { as: 'identifier' } : CTE; break;
      case 'UNION': case 'INTERSECT': case 'EXCEPT': case 'MINUS': return QUERY;
      case 'ALL': case 'DISTINCT':
        if (SET_OPERATORS.has(before?.word ?? '')) return QUERY;
        if (word === 'ALL' && before?.kind === 'symbol') return LIST;
        break;
      case 'ANY': case 'SOME': case 'IN': case 'VALUES': return LIST;
      case 'EXISTS': return before?.word === 'IF' || (before?.word === 'NOT' && seen.at(-3)?.word === 'IF') ? { as: 'identifier' } : NESTED;
      case 'AS':
        if (frame.clause === 'WITH') return NESTED;
        if (definition && this.#frames.length === 1 && (frame.clause === '' || frame.clause === 'ON')) return QUERY;
        return { as: 'identifier' };
      case 'MATERIALIZED': if (frame.clause === 'WITH') return NESTED; break;
      case 'SET': return next?.word === '=' ? { as: 'identifier' } : ASSIGNMENT;
      case 'INTERVAL':
        if (before?.word === '::') break;
        return next?.kind === 'word' && INTERVAL_UNITS.has(next.word) && this.#dialect !== 'postgresql' ? value : { as: 'value', input: (name) => `'${name}'`, named: false };
      case 'UPDATE':
        if (before?.word === 'DO') return { as: 'assignment', input: (name) => `SET ${name}=1` };
        if (before?.word === 'KEY') return next?.word === '=' ? { as: 'identifier' } : ASSIGNMENT;
        if (before?.word === 'FOR' || before?.word === 'ON') return DROPPED;
        return { as: 'relation' };
      case 'OVER': case 'WINDOW': return { as: 'identifier' };
      case 'FILTER': return { as: 'predicate', input: (name) => `(WHERE ${name})` };
      case 'USING': return seen.some((other) => other.word === 'JOIN') ? LIST : { as: 'relation' };
      case 'DO': return { as: 'dropped', input: () => 'NOTHING', named: false };
      case 'ON':
        if (before?.word === 'DISTINCT') return LIST;
        if (definition && !frame.between && this.#frames.length === 1 && frame.clause === 'ON') return { as: 'relation' };
        break;
      case 'LIMIT': case 'OFFSET': return value;
      default:
    }
    if (previous.kind === 'word' && RELATION_FOLLOWS.has(word) && this.#verb !== '') {
      if (word === 'FROM' && (before?.word === 'DISTINCT' || (!frame.query && FROM_FUNCTIONS.has(frame.callee?.word ?? '')))) return value;
      return { as: 'relation' };
    }
    if (definition && NUMBER_FOLLOWS.has(word)) return { as: 'value', input: () => '1', named: false };
    if (definition && previous.kind === 'word' && NAME_FOLLOWS.has(word)) return { as: 'identifier' };

    if (previous.kind === 'word' && PREDICATE_FOLLOWS.has(word)) {
      if (word === 'AND' && this.#closesBetween(seen)) return value;
      if (nextEnds) return { as: kind === 'value' || kind === 'identifier' ? kind : 'predicate' };
      return this.#startsOperand(next!, tokens, index + 1) ? DROPPED : value;
    }
    if (endsOperand(previous) && word !== 'DISTINCT') return this.#readAfterOperand(seen, next, nextEnds, tokens, index);
    // `SELECT ${distinct} a`, `a, ${more} b`: the fragment ends with what must stand between.
    const star = next?.word === '*' && (!tokens[index + 2] || tokens[index + 2]!.word === ',' || tokens[index + 2]!.word === 'FROM');
    if (kind !== 'value' && (word === 'SELECT' || word === 'DISTINCT' || word === 'ALL' || word === ',') && next && !nextEnds && next.word !== '(' && (star || this.#startsOperand(next, tokens, index + 1))) return DROPPED;
    return value;
  }

  /** A hole that a statement or a nested query starts with: all of it, its head, or something in front of it. */
  #readStart(next: Token | undefined, tokens: readonly Token[] = [], index = 0): Reading {
    if (next?.word === 'SET') return { as: 'relation', input: (name) => `UPDATE ${name}` };
    if (next?.word === 'USING' || next?.word === 'RETURNING') return { as: 'relation', input: (name) => `DELETE FROM ${name}` };
    if (next?.word === 'VALUES' || next?.word === 'DEFAULT') return { as: 'relation', input: (name) => `INSERT INTO ${name}` };
    if (next?.word === 'SELECT') {
      let depth = 0;
      for (let i = index + 1; i < tokens.length && depth >= 0; i++) {
        const { word } = tokens[i]!;
        if (word === '(') depth++;
        else if (word === ')') depth--;
        else if (depth === 0 && (word === 'RETURNING' || word === 'CONFLICT')) return { as: 'relation', input: (name) => `INSERT INTO ${name}` };
      }
    }
    if (next?.kind === 'word' && QUERY_START.has(next.word)) return DROPPED;
    return next?.word === '(' ? DROPPED : QUERY;
  }

  /** A hole behind `(` or `,`, where that says more than the clause does. */
  #readItem(kind: Hole['kind'], word: string, seen: readonly Token[], next: Token | undefined, behind: Token | undefined, nextEnds: boolean): Reading | null {
    const frame = this.#frame;
    const alone = word === '(' && next?.word === ')';
    const callee = frame.callee?.word ?? '';
    if (word === '(' && next?.kind === 'word' && QUERY_START.has(next.word)) return DROPPED;
    if (word === '(' && !frame.query) {
      // `WITH x AS (${head} FROM t ..)`
      if (next?.word === 'FROM' && !FROM_FUNCTIONS.has(callee)) return QUERY;
      if ((callee === 'AS' || callee === 'MATERIALIZED') && frame.clause === 'WITH') return this.#readStart(alone ? undefined : next);
      if (alone && (callee === 'EXISTS' || callee === 'ARRAY' || callee === 'LATERAL' || ((callee === 'FROM' || callee === 'JOIN') && !FROM_FUNCTIONS.has(callee)))) return QUERY;
      if (alone && callee === ',' && frame.clause === 'FROM') return QUERY;
      if (alone && (SET_OPERATORS.has(callee) || callee === 'ALL' && frame.clause !== 'WHERE' && frame.clause !== 'SELECT')) return QUERY;
      if (alone && (callee === 'IN' || callee === 'VALUES')) return { as: kind === 'value' ? 'value' : 'list' };
      if (frame.clause === 'INTO' && nextEnds) return alone && (!behind || behind.word === 'ON' || behind.word === 'RETURNING') ? QUERY : { as: 'list' };
      if (this.#verb === 'CREATE' && this.#frames.length === 2 && frame.clause === '' && nextEnds) return { as: 'list', input: (name) => `${name} int` };
    }
    if (word !== ',') return frame.clause === 'FROM' && !frame.query && (callee === 'FROM' || callee === 'JOIN' || callee === '(') && this.#frames.length > 1 ? { as: 'relation' } : null;
    if (frame.query || this.#frames.length === 1) {
      if (frame.clause === 'WITH' && this.#betweenCtes(seen)) return next?.word === 'AS' || next?.word === '(' ? { as: 'identifier' } : CTE;
      if (frame.clause === 'FROM') return { as: 'relation' };
      if (frame.clause === 'SET') return next?.word === '=' ? { as: 'identifier' } : ASSIGNMENT;
      if (frame.clause === 'VALUES') return LIST;
    } else if (this.#verb === 'CREATE' && this.#frames.length === 2 && frame.clause === '' && nextEnds) return { as: 'list', input: (name) => `${name} int` };
    return null;
  }

  /** Is `,` the one between two common table expressions (behind a closed one, or a hole)? */
  #betweenCtes(seen: readonly Token[]): boolean {
    return seen.at(-2)?.word === ')' || seen.at(-2)?.kind === 'hole';
  }

  /** A hole behind a finished operand: nearly always more clauses, conditions or joins, of which nothing is known. */
  #readAfterOperand(seen: readonly Token[], next: Token | undefined, nextEnds: boolean, tokens: readonly Token[], index: number): Reading {
    const frame = this.#frame;
    const previous = seen.at(-1)!;
    // WITH x AS (..) ${statement}
    if (frame.clause === 'WITH' && previous.word === ')' && next?.word !== ',' && next?.word !== 'AS') return this.#readStart(next?.word === ')' ? undefined : next);
    if (this.#verb === 'INSERT' || this.#verb === 'REPLACE') {
      // INSERT INTO t [(columns)] ${rows}
      const columns = previous.word === ')' && frame.clause === 'INTO';
      if ((columns || frame.clause === 'INTO') && (!next || next.kind === 'hole' || HEAD_ENDS.has(next.word))) return QUERY;
    }
    if (frame.clause === 'UPDATE' && (!next || next.word === 'WHERE' || next.word === 'FROM' || next.word === 'RETURNING' || next.kind === 'hole') && seen.filter((token) => token.word === 'SET').length === 0) {
      return { as: 'assignment', input: (name) => `SET ${name}=1` };
    }
    if ((next?.word === 'END' || next?.word === 'ELSE') && this.#inCaseWithoutWhen(seen)) return { as: 'value', input: (name) => `WHEN ${name} THEN 1` };
    // `SELECT a AS b ${fromAndWhere} AND c = 1`: no operator has an alias in front of it.
    if ((next?.word === 'AND' || next?.word === 'OR') && frame.clause === 'SELECT' && seen.at(-2)?.word === 'AS' && (frame.query || this.#frames.length === 1)) return TABLES;
    // ADD CONSTRAINT name ${definition}
    if (seen.at(-2)?.word === 'CONSTRAINT' && (this.#verb === 'ALTER' || this.#verb === 'CREATE')) return CHECK;
    // `WHERE a = 1 ${orderBy}, b DESC`: no condition has a comma behind it.
    if (next?.word === ',' && frame.clause === 'WHERE' && (frame.query || this.#frames.length === 1) && this.#verb !== 'UPDATE') return ORDER;
    if (nextEnds || !next || !this.#startsOperand(next, tokens, index + 1)) return DROPPED;
    if (frame.clause === 'SELECT' || frame.clause === 'FROM' || frame.clause === 'VALUES' || frame.clause.endsWith('BY') || frame.clause === 'RETURNING') {
      return frame.query || this.#frames.length === 1 ? { as: 'operator', input: () => ',', named: false } : { as: 'operator', input: () => '=', named: false };
    }
    return ['WHERE', 'ON', 'HAVING', 'SET'].includes(frame.clause) ? { as: 'operator', input: () => '=', named: false } : DROPPED;
  }

  /** `CASE x ${branches} END` */
  #inCaseWithoutWhen(seen: readonly Token[]): boolean {
    for (let i = seen.length - 1; i >= 0; i--) {
      if (seen[i]!.word === 'CASE') return true;
      if (seen[i]!.word === 'WHEN' || seen[i]!.word === 'END') return false;
    }
    return false;
  }

  /** `AND` of BETWEEN: `#follow` has cleared the flag when it passed AND, so look back for BETWEEN on this level. */
  #closesBetween(seen: readonly Token[]): boolean {
    let depth = 0;
    for (let i = seen.length - 2; i >= 0 && i > seen.length - 40; i--) {
      const { word } = seen[i]!;
      if (word === ')') depth++;
      else if (word === '(' && --depth < 0) return false;
      else if (depth === 0) {
        if (word === 'BETWEEN') return true;
        if (word === 'AND' || word === 'OR' || word === 'WHERE' || word === 'ON') return false;
      }
    }
    return false;
  }

  /** Does the dotted name that ends here stand behind FROM, JOIN, ..? */
  #afterRelationWord(seen: readonly Token[]): boolean {
    let i = seen.length - 1;
    while (i >= 1 && seen[i]!.word === '.') i -= 2;
    const token = seen[i];
    return token?.kind === 'word' && RELATION_FOLLOWS.has(token.word) && !(token.word === 'UPDATE' && seen[i - 1]?.word === 'DO');
  }

  #isCall(token: Token, tokens: readonly Token[], index: number): boolean {
    return (token.word === 'LEFT' || token.word === 'RIGHT' || token.word === 'VALUES' || token.word === 'MATCH') && tokens[index + 1]?.word === '(';
  }

  /** Can an operand start with this token? */
  #startsOperand(token: Token, tokens: readonly Token[], index: number): boolean {
    if (token.kind === 'symbol') return token.word === '(';
    if (token.kind !== 'word') return token.kind !== 'comment';
    if (token.word === 'NOT') return !['IN', 'LIKE', 'ILIKE', 'BETWEEN', 'SIMILAR', 'RLIKE', 'REGEXP', 'GLOB', 'MATCH', 'NULL'].includes(tokens[index + 1]?.word ?? '');
    return !AFTER_OPERAND.has(token.word) || this.#isCall(token, tokens, index);
  }
}

interface Reading {
  readonly as: HoleReading;
  /** The stand-in around an identifier; absent: the identifier itself. */
  readonly input?: (name: string) => string;
  /** False where no identifier stands in. */
  readonly named?: boolean;
}

const DROPPED: Reading = { as: 'dropped', named: false };
const TABLES: Reading = { as: 'relation', input: (name) => `FROM ${name} WHERE TRUE` };
const CHECK: Reading = { as: 'dropped', input: () => 'CHECK (TRUE)', named: false };
const ORDER: Reading = { as: 'dropped', input: () => 'ORDER BY NULL', named: false };
const QUERY: Reading = { as: 'query', input: (name) => `SELECT ${name}` };
const NESTED: Reading = { as: 'query', input: (name) => `(SELECT ${name})` };
const LIST: Reading = { as: 'list', input: (name) => `(${name})` };
const ASSIGNMENT: Reading = { as: 'assignment', input: (name) => `${name}=1` };
const CTE: Reading = { as: 'cte', input: (name) => `${name} AS (SELECT 1)` };

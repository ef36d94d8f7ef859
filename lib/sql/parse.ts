/**
 * The one place that calls sql-parser-cst: a statement's text in, its concrete syntax tree out.
 *
 * The parser is loaded with the first statement (about 100 ms). What it lacks is made up for here, so that no user meets it:
 * it knows no holes (`holes.ts`), nor some constructs (`repair.ts`); it gives up a whole statement for one of them, and its time on text that it
 * cannot read grows exponentially with the depth of the parentheses. So nested text is parsed from the inside out, each query and each deep
 * expression by itself with a stand-in where the inner one was, and the trees are put together afterwards.
 */
import type { Dialect } from '../manifest/catalog.js';
import { type Expansion, type FilledHole, fillHoles } from './holes.js';
import { tokenize } from './lexer.js';
import { type Group, nest } from './nesting.js';
import { blanks, Draft, type Edit, findRepair, foresee, type Match, type Repair, type RepairKind } from './repair.js';
import { shortenLists } from './shorten.js';
import type { StatementPart } from './split.js';
import type { SqlText } from './sql-text.js';

/**
 * A node of sql-parser-cst's tree (its `type` says which), every node with a range in offsets of the SqlText's text.
 *
 * Three types are ours: `unreadable_query` stands where a nested query could not be read, `unreadable_expr` where the inside of an expression's
 * parentheses could not (`queries` are the trees of queries inside it), and `other_stmt` is a statement that neither reads nor writes rows of
 * tables in a way that anybody here looks at (`verb`: SET, GRANT, CREATE FUNCTION, ..; `name`: the defined thing's name as an identifier or
 * member_expr, or null; `queries` as above).
 */
export interface CstNode {
  readonly type: string;
  readonly range: readonly [start: number, end: number];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [property: string]: any;
}

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
/** A statement is parsed in one go if its parentheses are no deeper, its queries nested no deeper than this. */
const FLAT_DEPTH = 3, FLAT_QUERIES = 1;
/** Expressions in parentheses deeper than this are parsed by themselves. */
const MAX_DEPTH = 4;
/** Parentheses that cannot be parsed by themselves (definitions, joins) may be this deep. */
const MAX_STRUCTURE = 9;
const MAX_NESTING = 64;
const MAX_REPAIRS = 16;
const CACHE_SIZE = 300, CACHED_LENGTH = 20_000;

type Parse = (text: string, options: object) => { statements: CstNode[] };
type Mutable = { [key: string]: unknown; type?: string; range?: [number, number] };

let loaded: Parse | undefined;
function parser(): Parse {
  return loaded ??= (require('sql-parser-cst/lib/parser') as { parse: Parse }).parse;
}

/** Why and where a text could not be read. */
class Unreadable extends Error {
  constructor(reason: string, readonly offset: number) {
    super(reason);
  }
}

/** Parses one statement. Never throws; bounded in time. */
export function parseStatement(sql: SqlText, part: StatementPart, dialect: Dialect): ParsedStatement {
  if (part.end - part.start > MAX_LENGTH) return { ok: false, reason: 'longer than 1 MB', offset: part.start };
  const filled = fillHoles(sql, part, dialect);
  const local: Filled = {
    text: filled.text,
    expansions: filled.expansions.map(({ start, end, input }) => ({ start: start - part.start, end: end - part.start, input })),
    standIns: filled.holes.filter((hole) => hole.name !== null && hole.as !== 'text-in-literal').map(({ hole }) => ({ start: hole.start - part.start, end: hole.end - part.start })),
  };
  const result = remembered(local, dialect, () => read(local, dialect));
  if (!result.ok) return { ok: false, reason: result.reason, offset: part.start + result.offset };
  const holes = result.refilled.size === 0 ? filled.holes : filled.holes.map((hole) => {
    const as = result.refilled.get(hole.hole.start - part.start);
    return as ? { ...hole, as, name: null } : hole;
  });
  return { ...moved(result, part.start), holes };
}

/** A statement's text with its holes filled; offsets are those of the text. */
interface Filled {
  readonly text: string;
  readonly expansions: readonly Expansion[];
  /** Where identifiers stand in for holes. */
  readonly standIns: readonly { readonly start: number; readonly end: number }[];
}

type LocalResult = { ok: true; cst: CstNode; text: string; repairs: readonly Repair[]; orphans: readonly CstNode[]; refilled: ReadonlyMap<number, 'value' | 'dropped'>; at: number } | { ok: false; reason: string; offset: number };

const cache = new Map<string, LocalResult>();

/** The result for a text, kept from before or made now; the least recently used ones are forgotten. */
function remembered({ text, expansions, standIns }: Filled, dialect: Dialect, make: () => LocalResult): LocalResult {
  if (text.length > CACHED_LENGTH) return make();
  const key = `${dialect}\n${standIns.map(({ start }) => start).join()}\n${expansions.map(({ start, end, input }) => `${start} ${end} ${input}\n`).join('')}${text}`;
  let result = cache.get(key);
  if (result) cache.delete(key);
  else if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value!);
  cache.set(key, result ??= make());
  return result;
}

/** A result at another place of a text: its own trees the first time, copies afterwards. */
function moved(result: LocalResult & { ok: true }, start: number): Omit<ParsedStatement & { ok: true }, 'holes'> {
  const { text } = result;
  const by = start - result.at;
  if (by === 0) return { ok: true, text, cst: result.cst, repairs: result.repairs, orphans: result.orphans };
  const copy = copyShifted({ cst: result.cst, repairs: result.repairs, orphans: result.orphans }, by) as { cst: CstNode; repairs: Repair[]; orphans: CstNode[] };
  if (result.at === 0) {
    // Statements of a file stand elsewhere than at 0, and seldom twice: keep the copy where it was asked for.
    Object.assign(result, copy, { at: start });
  }
  return { ok: true, text, ...copy };
}

/** A deep copy with every `range`, `start` and `end` moved. */
function copyShifted(value: unknown, by: number): unknown {
  if (Array.isArray(value)) return value.map((item) => copyShifted(item, by));
  if (typeof value !== 'object' || value === null) return value;
  const source = value as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const key in source) {
    const item = source[key];
    if (key === 'range') copy[key] = [(item as number[])[0]! + by, (item as number[])[1]! + by];
    else if ((key === 'start' || key === 'end') && typeof item === 'number') copy[key] = item + by;
    else copy[key] = typeof item === 'object' ? copyShifted(item, by) : item;
  }
  return copy;
}

/** Reads a filled text in its dialect, and where that fails in one that the text's own words point to. */
function read(filled: Filled, dialect: Dialect): LocalResult {
  const result = readIn(filled, dialect);
  if (result.ok) return result;
  for (const other of otherDialects(filled.text, dialect)) {
    const second = readIn(filled, other);
    if (second.ok && second.cst.type !== 'other_stmt') return { ...second, repairs: [...second.repairs, { kind: 'dialect', start: 0, end: filled.text.length, words: '', dialect: other }] };
  }
  // `(SELECT ..) AS total`, which builders take as raw text of a select list
  if (filled.text.startsWith('(')) {
    const item = readIn({ ...filled, expansions: [{ start: 0, end: 0, input: 'SELECT ' }, ...filled.expansions] }, dialect);
    if (item.ok) return { ...item, repairs: [{ kind: 'fragment', start: 0, end: 0, words: '' }, ...item.repairs] };
  }
  return result;
}

/** Dialects whose own words a text uses. */
function otherDialects(text: string, dialect: Dialect): Dialect[] {
  const others: Dialect[] = [];
  if (dialect !== 'mysql' && dialect !== 'mariadb' && /`|\bAUTO_INCREMENT\b|\bENGINE\s*=|\bON\s+DUPLICATE\s+KEY\b|\bSTRAIGHT_JOIN\b|^\s*DELETE\s+(?:`?\w+`?\s*,\s*)*`?\w+`?(?:\.\*)?\s+FROM\b|\bINTERVAL\s+\S+\s+(?:DAY|HOUR|MINUTE|MONTH|YEAR|WEEK|SECOND)\b|\bINSERT\s+IGNORE\b|\bUNSIGNED\b/i.test(text)) others.push('mysql');
  if (dialect !== 'sqlite' && /\bAUTOINCREMENT\b|\bINSERT\s+OR\s+|\bWITHOUT\s+ROWID\b|\bGLOB\b|==/i.test(text)) others.push('sqlite');
  if (dialect !== 'postgresql' && /::|\bILIKE\b|\bRETURNING\b|\bON\s+CONFLICT\b|\$\d|\bDISTINCT\s+ON\b|\bLATERAL\b|\bFILTER\s*\(|\bARRAY\s*\[|->>|"\w+"/i.test(text)) others.push('postgresql');
  return others;
}

function readIn(filled: Filled, dialect: Dialect): LocalResult {
  const reader = new Reader(filled, dialect);
  try {
    return reader.statement();
  } catch (error) {
    if (error instanceof Unreadable) return reader.other() ?? { ok: false, reason: error.message, offset: error.offset };
    if (error instanceof RangeError) return { ok: false, reason: 'nested too deeply', offset: 0 };
    return { ok: false, reason: `the parser failed: ${String((error as Error)?.message ?? error).slice(0, 200)}`, offset: 0 };
  }
}

/** Statements that are never parsed: nobody here looks at them. `SET` of a session, transactions, privileges, maintenance. */
const NOT_READ = /^(?:SET|SHOW|USE|LOCK|UNLOCK|VACUUM|ANALYZE|ANALYSE|REINDEX|CLUSTER|CHECKPOINT|GRANT|REVOKE|LISTEN|NOTIFY|UNLISTEN|DISCARD|LOAD|RESET|BEGIN|START|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|END|ABORT|PRAGMA|ATTACH|DETACH|FLUSH|OPTIMIZE|KILL|FETCH|CLOSE|MOVE|DEALLOCATE|HELP|CHECK|REPAIR|HANDLER|INSTALL|SECURITY|REASSIGN|IMPORT|PRINT|DECLARE|PURGE|CHECKSUM|SIGNAL|RESIGNAL|GET|OPEN|BINLOG|CHANGE|STOP|CLONE|SHUTDOWN|RESTART|UNINSTALL)$/;
/** Definitions of nothing that holds rows: read where the parser can, else passed over. */
const OTHER_DEFINITIONS = /^(?:AGGREGATE|SYSTEM|CONSTRAINT|STATISTICS|CAST|COLLATION|CONVERSION|DATABASE|DOMAIN|EVENT|EXTENSION|FOREIGN|FUNCTION|GROUP|LANGUAGE|LOGIN|OPERATOR|PROCEDURE|PROCEDURAL|PUBLICATION|ROLE|ROUTINE|RULE|SCHEMA|SEQUENCE|SERVER|STATISTICS|SUBSCRIPTION|TABLESPACE|TEXT|TRANSFORM|TRIGGER|TRUSTED|TYPE|USER|ACCESS|DEFAULT|OWNED|SYNONYM|PACKAGE|LARGE|TABLE|INDEX|MATERIALIZED|VIEW)$/;

/** What becomes of a failed nested text, and what was read of it. */
type Graft = { readonly start: number; readonly node: CstNode; readonly how: 'query' | 'parentheses' | 'identifier' };

/** Reads one text in one dialect. Offsets are those of the text. */
class Reader {
  /** The text with nested queries and repaired constructs overwritten, as the next parse will see it. */
  #work: string;
  /** The text as it was filled, with repairs in it but no stand-ins for nested text. */
  #shown: string;
  readonly #original: string;
  readonly #expansions: Expansion[];
  readonly #dialect: Dialect;
  readonly #repairs: Repair[] = [];
  /** Trees of nested text by the offset where their stand-in begins. */
  readonly #grafts = new Map<number, Graft>();
  readonly #used = new Set<Graft>();
  readonly #standIns: Filled['standIns'];
  readonly #refilled = new Map<number, 'value' | 'dropped'>();
  readonly #params: string[];
  /** Characters that failing parses may still cost. */
  #budget: number;
  #root: Group;

  constructor({ text, expansions, standIns }: Filled, dialect: Dialect) {
    this.#standIns = standIns;
    this.#work = this.#shown = this.#original = text;
    this.#expansions = [...expansions];
    this.#dialect = dialect;
    this.#budget = 60_000 + 3 * text.length;
    this.#params = [];
    this.#root = { kind: 'query', start: -1, end: text.length + 1, inner: [], depth: 0, queries: 0 };
  }

  statement(): LocalResult {
    const dialect = this.#dialect;
    let tokens = tokenize(this.#work, dialect);
    const open = tokens.find((token) => !token.closed);
    if (open) throw new Unreadable('a quote or comment without its end', open.start);
    const first = tokens.find((token) => token.kind !== 'comment');
    if (!first) throw new Unreadable('no statement', 0);
    this.#params.push(...parameterTypes(tokens.filter((token) => token.kind === 'placeholder').map((token) => this.#work.slice(token.start, token.end)), dialect));

    let nesting = nest(tokens, dialect);
    if (!nesting.ok) throw new Unreadable(nesting.reason, nesting.offset);
    const shorter = this.#expansions.length ? [] : shortenLists(tokens, this.#work);
    if (shorter.length > 0) {
      this.#rewrite(shorter, 'shortened');
      tokens = tokenize(this.#work, dialect);
      nesting = nest(tokens, dialect);
    }
    if (NOT_READ.test(first.word) && !(first.word === 'DECLARE' && foresee(this.#work, dialect)) && !isScript(first.word, tokens.length)) return this.#otherStatement(nesting.ok ? nesting.groups : [])!;
    for (let round = 0; round < 6; round++) {
      const known = foresee(this.#work, dialect);
      if (!known) break;
      for (const match of known.matches) this.#repair(match, known.rule.kind);
      nesting = nest(tokenize(this.#work, dialect), dialect);
    }
    if (!nesting.ok) throw new Unreadable(nesting.reason, nesting.offset);
    const groups = nesting.groups;
    const depth = Math.max(0, ...groups.map((group) => group.kind === 'query' ? 1 : group.depth + 1));
    this.#root = { kind: 'query', start: -1, end: this.#work.length + 1, inner: groups, depth, queries: Math.max(0, ...groups.map((group) => group.queries)) };

    const cst = this.#query(this.#root);
    return this.#result(cst);
  }

  #result(cst: CstNode): LocalResult {
    const orphans = [...this.#grafts.values()].filter((graft) => !this.#used.has(graft)).flatMap((graft) => this.#queriesOf(graft.node));
    return { ok: true, cst, text: this.#shown, repairs: this.#repairs.sort((a, b) => a.start - b.start), orphans, refilled: this.#refilled, at: 0 };
  }

  /** The queries that a graft holds: itself, or those inside what could not be read. */
  #queriesOf(node: CstNode): CstNode[] {
    if (node.type === 'unreadable_expr') return node.queries as CstNode[];
    return /_stmt$/.test(node.type) ? [node] : [];
  }

  /** The statement as `other_stmt`, where its words say that it is one; null where it should have been read. */
  other(): LocalResult | null {
    const tokens = new Draft(this.#original, 0, this.#original.length, this.#dialect);
    const verb = tokens.word(0);
    if (/^(?:COPY|COMMENT|CALL|EXEC|EXECUTE|DO|PREPARE|DESCRIBE|DESC|RENAME|REFRESH)$/.test(verb) || NOT_READ.test(verb)) return this.#otherStatement([]);
    if (verb !== 'CREATE' && verb !== 'ALTER' && verb !== 'DROP') return null;
    const kind = tokens.tokens.findIndex((token, i) => i > 0 && i < 14 && token.kind === 'word' && OTHER_DEFINITIONS.test(token.word));
    const what = tokens.word(kind);
    // A table, view or index that is created or altered is of interest: that one has to be read.
    if (kind < 0 || (verb === 'CREATE' && /^(?:TABLE|INDEX|VIEW|MATERIALIZED)$/.test(what))) return null;
    if (verb === 'ALTER' && what === 'TABLE' && /\b(?:ADD(?!\s+CONSTRAINT\s+\S+\s+NOT\s+NULL)|DROP|RENAME|MODIFY|CHANGE)\b/i.test(this.#shown)) return null;
    return this.#otherStatement([], `${verb} ${what}`, kind);
  }

  #otherStatement(groups: readonly Group[], verb?: string, kind = 0): LocalResult | null {
    const draft = new Draft(this.#original, 0, this.#original.length, this.#dialect);
    const [first, last] = [draft.tokens[0], draft.tokens.at(-1)];
    if (!first || !last) return null;
    for (const group of groups) this.#extractQueries(group);
    let name: CstNode | null = null;
    let at = kind + 1;
    while (/^(?:IF|NOT|EXISTS|ONLY|CONCURRENTLY)$/.test(draft.word(at))) at++;
    if (verb && draft.isName(at)) {
      name = identifier(draft, at);
      while (draft.word(at + 1) === '.' && draft.isName(at + 2)) {
        const property = identifier(draft, at += 2);
        name = { type: 'member_expr', object: name, property, range: [name.range[0], property.range[1]] };
      }
    }
    const queries = [...this.#grafts.values()].filter((graft) => !this.#used.has(graft)).flatMap((graft) => this.#queriesOf(graft.node));
    return { ok: true, cst: { type: 'other_stmt', verb: verb ?? first.word, name, queries, range: [first.start, last.end] }, text: this.#shown, repairs: this.#repairs, orphans: [], refilled: this.#refilled, at: 0 };
  }

  #extractQueries(group: Group): void {
    if (group.kind === 'query') this.#nested(group);
    else for (const inner of group.inner) this.#extractQueries(inner);
  }

  /** Reads the inside of a query's parentheses, or the statement itself. Throws `Unreadable`. */
  #query(group: Group): CstNode {
    const start = group.start + 1, end = group.end - 1;
    if (group.queries > MAX_NESTING) throw new Unreadable('queries nested too deeply', Math.max(0, start));
    const levels = Math.max(0, ...group.inner.map((inner) => inner.queries));
    const depth = deepest(group.inner);
    let refused: { offset: number; reason: string } | undefined;
    if (levels <= FLAT_QUERIES && depth <= FLAT_DEPTH) {
      const result = this.#call(start, end, '');
      if (result.ok) return result.node;
      refused = result;
      if (levels === 0 && !this.#grafts.size) return this.#repaired(group, start, end, '', refused);
    }
    for (const inner of group.inner) this.#extract(inner, 1);
    return this.#repaired(group, start, end, '', levels > 0 || depth > MAX_DEPTH ? undefined : refused);
  }

  /** Takes nested queries, and expressions that are nested too deeply, out of the text and reads them by themselves. */
  #extract(group: Group, level: number): void {
    if (group.kind === 'query') {
      this.#nested(group);
      return;
    }
    if (level > MAX_DEPTH && group.kind === 'expression') {
      this.#expression(group);
      return;
    }
    if (level > MAX_STRUCTURE) throw new Unreadable('parentheses nested too deeply', group.start);
    for (const inner of group.inner) this.#extract(inner, level + 1);
  }

  /** Reads a query in parentheses by itself; what cannot be read becomes an `unreadable_query`. */
  #nested(group: Group): void {
    const start = group.start + 1 + /^\s*/.exec(this.#work.slice(group.start + 1, group.end - 1))![0].length;
    let node: CstNode;
    try {
      node = this.#query(group);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const end = group.end - 1;
      this.#record('unreadable', start, end);
      node = { type: 'unreadable_query', reason: error.message, offset: error.offset, range: [start, end], queries: this.#release(group) };
    }
    const inside = this.#work.slice(start, group.end - 1);
    this.#overwrite(start, 'SELECT 1'.slice(0, inside.length) + blanks(inside.slice(8)));
    this.#grafts.set(start, { start, node, how: 'query' });
  }

  /** Grafts inside a group that no tree will take: their queries. */
  #release(group: Group): CstNode[] {
    const queries: CstNode[] = [];
    for (const graft of this.#grafts.values()) {
      if (graft.start <= group.start || graft.start >= group.end || this.#used.has(graft)) continue;
      this.#used.add(graft);
      queries.push(...this.#queriesOf(graft.node));
    }
    return queries;
  }

  /** Reads an expression in parentheses behind SELECT; what cannot be read becomes an `unreadable_expr`. */
  #expression(group: Group, failed?: Unreadable): void {
    const { start, end } = group;
    if (group.depth > MAX_NESTING) throw new Unreadable('parentheses nested too deeply', start);
    let graft: Graft | undefined;
    if (!failed) {
      for (const inner of group.inner) this.#extract(inner, 1);
      try {
        const draft = new Draft(this.#work, Math.max(0, start - 40), start, this.#dialect);
        const before = draft.tokens.at(-1);
        const prefix = before?.word === 'IN' ? 'SELECT x IN ' : before?.word === 'ANY' || before?.word === 'ALL' || before?.word === 'SOME' ? 'SELECT x = ANY '
          : before && (before.kind === 'name' || (before.kind === 'word' && !/^(?:WHERE|AND|OR|XOR|NOT|ON|HAVING|WHEN|THEN|ELSE|CASE|SELECT|DISTINCT|BY|BETWEEN|I?LIKE|RLIKE|REGEXP|RETURNING|LIMIT|OFFSET|IS|DEFAULT|DIV|MOD|TO|ESCAPE)$/.test(before.word))) ? 'SELECT f' : 'SELECT ';
        const cst = this.#repaired(group, start, end, prefix, undefined);
        const node = findAt(cst, 'paren_expr', start);
        if (node) graft = { start, node, how: 'parentheses' };
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        failed = error;
      }
    }
    if (!graft) {
      this.#record('unreadable', start + 1, end - 1);
      const node: CstNode = { type: 'unreadable_expr', reason: failed?.message ?? 'not an expression', range: [start + 1, end - 1], queries: this.#release(group) };
      graft = { start: start + 1, node, how: 'identifier' };
    }
    this.#overwrite(start + 1, 'h' + blanks(this.#work.slice(start + 2, end - 1)));
    this.#grafts.set(graft.start, graft);
  }

  /** Parses a stretch of the text, repairing it where the parser stops, as often as the budget allows. */
  #repaired(group: Group, start: number, end: number, prefix: string, refused: { offset: number; reason: string } | undefined): CstNode {
    let failure = refused;
    for (let attempt = 0; attempt <= MAX_REPAIRS; attempt++) {
      if (!failure) {
        const result = this.#call(start, end, prefix);
        if (result.ok) return result.node;
        failure = result;
      }
      if (this.#budget <= 0) break;
      const draft = new Draft(this.#work, Math.max(0, start), end, this.#dialect);
      const repair = findRepair(draft, failure.offset);
      if (repair) {
        for (const match of repair.matches) {
          const node = this.#repair(match, repair.rule.kind);
          if (node?.of === 'upsert-apart') {
            const main = this.#call(start, end, prefix);
            if (!main.ok) throw new Unreadable(main.reason, main.offset);
            (main.node.clauses as CstNode[]).push(...node.clauses);
            return { ...main.node, range: [main.node.range[0], Math.max(main.node.range[1], node.clauses.at(-1)?.range[1] ?? 0)] };
          }
        }
      } else if (!this.#refill(failure.offset) && !this.#giveUp(group, failure)) break;
      failure = undefined;
    }
    throw new Unreadable(failure?.reason ?? 'too many repairs', failure?.offset ?? Math.max(0, start));
  }

  /** Writes a repair into the text; parses what has to be parsed by itself. */
  #repair(match: Match, kind: RepairKind): { of: 'upsert-apart'; clauses: CstNode[] } | null {
    let from: CstNode | undefined;
    let clauses: CstNode[] | undefined;
    if (match.apart) {
      const { start, end, prefix } = match.apart;
      const apart = this.#call(start, end, prefix);
      if (!apart.ok) throw new Unreadable(apart.reason, apart.offset);
      if (kind === 'joined-update') from = (apart.node.clauses as CstNode[]).find((clause) => clause.type === 'from_clause')!.expr as CstNode;
      else clauses = (apart.node.clauses as CstNode[]).filter((clause) => clause.range[0] >= start);
    }
    if (match.insert) this.#expansions.push({ start: match.insert.at, end: match.insert.at, input: match.insert.text });
    const edits = match.edits;
    const start = Math.min(...edits.map((edit) => edit.start)), end = Math.max(...edits.map((edit) => edit.end));
    this.#rewrite(edits, match.kind ?? kind, { start, end, index: match.index, column: match.column, from });
    return clauses ? { of: 'upsert-apart', clauses } : null;
  }

  /** A stand-in that the parser does not take here: a number where only that may stand, else a string, else nothing. */
  #refill(offset: number): boolean {
    for (const { start, end } of this.#standIns) {
      const at = offset >= start && offset < end, behind = offset >= end && this.#work.slice(end, offset).trim() === '';
      if (!at && !behind) continue;
      const now = this.#work.slice(start, end);
      const next = at && /^[a-z]\w*$/.test(now) ? '1'.repeat(end - start) : at && /^1+$/.test(now) && end - start > 2 ? `'${'h'.repeat(end - start - 2)}'` : now.trim() ? ' '.repeat(end - start) : null;
      if (next === null) continue;
      this.#refilled.set(start, next.trim() ? 'value' : 'dropped');
      this.#overwrite(start, next);
      this.#shown = splice(this.#shown, start, next);
      return true;
    }
    return false;
  }

  /** The innermost expression around an offset that could not be read becomes an `unreadable_expr`. */
  #giveUp(group: Group, failure: { offset: number; reason: string }): boolean {
    let found: Group | undefined;
    const search = (groups: readonly Group[]): void => {
      for (const inner of groups) {
        if (failure.offset <= inner.start || failure.offset >= inner.end) continue;
        if (inner.kind === 'query') return;
        if (inner.kind === 'expression' && this.#work.slice(inner.start + 1, inner.end - 1).trim() !== 'h') found = inner;
        search(inner.inner);
        return;
      }
    };
    search(group.inner);
    if (!found) return false;
    this.#expression(found, new Unreadable(failure.reason, failure.offset));
    return true;
  }

  #overwrite(start: number, text: string): void {
    this.#work = splice(this.#work, start, text);
  }

  #rewrite(edits: readonly Edit[], kind: RepairKind, details: Partial<Repair> = {}): void {
    const start = details.start ?? Math.min(...edits.map((edit) => edit.start)), end = details.end ?? Math.max(...edits.map((edit) => edit.end));
    const repair: Record<string, unknown> = { kind, start, end, words: this.#original.slice(start, end) };
    for (const [key, value] of Object.entries(details)) if (value !== undefined) repair[key] = value;
    this.#repairs.push(repair as unknown as Repair);
    for (const edit of edits) {
      this.#work = splice(this.#work, edit.start, edit.text);
      this.#shown = splice(this.#shown, edit.start, edit.text);
    }
  }

  #record(kind: RepairKind, start: number, end: number): void {
    this.#repairs.push({ kind, start, end, words: this.#original.slice(start, end) });
  }

  /** Calls the parser on a stretch of the text behind a prefix; the trees of nested text are put in their places. */
  #call(start: number, end: number, prefix: string): { ok: true; node: CstNode } | { ok: false; offset: number; reason: string } {
    const input = new Input(this.#work, start, end, prefix, this.#expansions);
    try {
      const program = parser()(input.text, { dialect: this.#dialect, includeRange: true, paramTypes: this.#params });
      const statements = program.statements.filter((statement) => statement.type !== 'empty');
      if (statements.length !== 1) return { ok: false, offset: statements.length ? input.sourceStart(statements.at(-1)!.range[0]) : start, reason: statements.length ? 'more than one statement' : 'no statement' };
      return { ok: true, node: this.#settle(statements[0]!, input) };
    } catch (error) {
      const { message, location } = error as Error & { location?: { start: { offset: number } } };
      if (!location) throw error;
      this.#budget -= input.text.length + 200;
      return { ok: false, offset: Math.max(0, input.sourceStart(location.start.offset)), reason: reasonOf(message) };
    }
  }

  /** Moves ranges to where the text has them, and puts nested trees in place of their stand-ins. */
  #settle(root: CstNode, input: Input): CstNode {
    const top: Mutable = { root };
    const stack: Mutable[] = [top];
    while (stack.length > 0) {
      const node = stack.pop()!;
      for (const key in node) {
        const value = node[key];
        if (typeof value !== 'object' || value === null || key === 'range') continue;
        const child = value as Mutable;
        if (child.range && child.type) {
          child.range = [input.sourceStart(child.range[0]), input.sourceEnd(child.range[1])];
          const graft = this.#graftFor(child);
          if (graft) {
            this.#used.add(graft);
            node[key] = graft.node;
            continue;
          }
        }
        stack.push(child);
      }
    }
    return top['root'] as CstNode;
  }

  #graftFor(node: Mutable): Graft | undefined {
    if (this.#grafts.size === 0) return undefined;
    const graft = this.#grafts.get(node.range![0]);
    if (!graft) return undefined;
    switch (graft.how) {
      case 'query': return node.type === 'select_stmt' ? graft : undefined;
      case 'parentheses': return node.type === 'paren_expr' ? graft : undefined;
      case 'identifier': return node.type === 'identifier' ? graft : undefined;
    }
  }
}

/** The deepest level of parentheses, those of a query counted as one. */
function deepest(groups: readonly Group[]): number {
  let depth = 0;
  for (const group of groups) depth = Math.max(depth, group.kind === 'query' ? 1 + deepest(group.inner) : group.depth + 1);
  return depth;
}

/** `BEGIN` and `DECLARE` of a script, whose body is no single statement. */
function isScript(word: string, tokens: number): boolean {
  return (word === 'BEGIN' || word === 'DECLARE') && tokens > 12;
}

function splice(text: string, start: number, insert: string): string {
  return text.slice(0, start) + insert + text.slice(start + insert.length);
}

function identifier(draft: Draft, index: number): CstNode {
  const { name, start, end } = draft.name(index);
  return { type: 'identifier', text: draft.source(index), name, range: [start, end] };
}

/** The node of a type that starts at an offset. */
function findAt(node: unknown, type: string, start: number): CstNode | null {
  const stack: unknown[] = [node];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== 'object' || value === null) continue;
    const candidate = value as Mutable;
    if (candidate.type === type && candidate.range?.[0] === start) return value as CstNode;
    for (const key in candidate) if (key !== 'range') stack.push(candidate[key]);
  }
  return null;
}

/** The first line of a syntax error without its list of expected tokens. */
function reasonOf(message: string): string {
  const found = /but (.{1,60}?) found\.?$/s.exec(message);
  return found ? `unexpected ${found[1]}` : message.slice(0, 200);
}

/** The parser's names for the kinds of parameters that a statement uses. */
function parameterTypes(placeholders: readonly string[], dialect: Dialect): string[] {
  const types = new Set<string>();
  for (const text of placeholders) {
    if (text === '?') types.add('?');
    else if (/^\?\d/.test(text)) types.add('?nr');
    else if (/^\$\d/.test(text)) types.add('$nr');
    else if (text.startsWith(':')) types.add(':name');
    else if (text.startsWith('$')) types.add('$name');
    else if (text.startsWith('@`')) types.add('@`name`');
    else if (text.startsWith('@') && dialect !== 'mysql' && dialect !== 'mariadb') types.add('@name');
  }
  return [...types];
}

/** White space that the parser does not take for such, as blanks. */
function spaces(text: string): string {
  return ODD_SPACE.test(text) ? text.replace(ODD_SPACES, ' ') : text;
}
const ODD_SPACE = /[\f\v\u00a0\u200b\u2028\u2029\u3000\ufeff]|\r(?!\n)/;
const ODD_SPACES = new RegExp(ODD_SPACE, 'g');

/** What the parser is given for a stretch of text, and where its offsets are in the text. */
class Input {
  readonly text: string;
  /** Where pieces start: in the input, in the source, and whether they are a copy of it. */
  readonly #pieces: { readonly at: number; readonly source: number; readonly sourceEnd: number; readonly copy: boolean }[] = [];
  readonly #from: number;
  readonly #shift: number;

  constructor(work: string, start: number, end: number, prefix: string, expansions: readonly Expansion[]) {
    const from = Math.max(0, start);
    const replaced = expansions.filter((expansion) => expansion.start >= from && expansion.end <= end);
    // Long blanks are what nested queries have left: they cost the parser time.
    const gaps = /\s{80}/.test(work.slice(from, end)) ? [...work.slice(from, end).matchAll(/\s{80,}/g)].map((gap) => ({ start: from + gap.index, end: from + gap.index + gap[0].length, input: ' ' })) : [];
    const all = [...replaced, ...gaps.filter((gap) => !replaced.some((expansion) => expansion.start < gap.end && expansion.end > gap.start))].sort((a, b) => a.start - b.start);
    this.#from = from;
    this.#shift = from - prefix.length;
    if (all.length === 0) {
      this.text = prefix + spaces(work.slice(from, Math.min(end, work.length)));
      return;
    }
    let text = prefix, last = from;
    this.#pieces.push({ at: 0, source: from - prefix.length, sourceEnd: from, copy: true });
    for (const { start: s, end: e, input } of all) {
      this.#pieces.push({ at: text.length, source: last, sourceEnd: s, copy: true });
      text += work.slice(last, s);
      this.#pieces.push({ at: text.length, source: s, sourceEnd: e, copy: false });
      text += input;
      last = e;
    }
    this.#pieces.push({ at: text.length, source: last, sourceEnd: end, copy: true });
    this.text = spaces(text + work.slice(last, end));
  }

  #piece(offset: number): { at: number; source: number; sourceEnd: number; copy: boolean } {
    let low = 0, high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#pieces[middle]!.at <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#pieces[low]!;
  }

  /** The source offset of something that starts at an offset of the input; what starts in the prefix starts with the text. */
  sourceStart(offset: number): number {
    if (this.#pieces.length === 0) return Math.max(this.#from, offset + this.#shift);
    const piece = this.#piece(offset);
    return piece.copy ? Math.max(this.#from, piece.source + offset - piece.at) : piece.source;
  }

  /** The source offset of something that ends at an offset of the input. */
  sourceEnd(offset: number): number {
    if (this.#pieces.length === 0) return Math.max(this.#from, offset + this.#shift);
    const piece = this.#piece(offset - 1);
    return piece.copy ? Math.max(this.#from, piece.source + offset - piece.at) : piece.sourceEnd;
  }
}

/**
 * Reads the text of one statement, or of a part of one: from the inside out, and with repairs where the parser stops.
 * The parser is handed in; `parse.ts` has it.
 */
import type { Dialect } from '../manifest/catalog.js';
import { blanks, Draft, type Edit } from './draft.js';
import { type Folding, unfold } from './fold.js';
import type { Expansion } from './holes.js';
import { type Token, tokenize } from './lexer.js';
import { type Group, nest } from './nesting.js';
import { isAdministration, type OtherStatement, otherStatement } from './other-statements.js';
import { otherLanguage } from './other-languages.js';
import { ParserInput } from './parser-input.js';
import { findRepair, foresee, type Match, type Repair, type RepairKind } from './repair.js';

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

/** What sql-parser-cst's `lib/parser` exports; it throws an error with a `location` where it stops. */
export type Parse = (text: string, options: object) => { statements: CstNode[] };

/** A statement's text with its holes filled; offsets are those of the text. */
export interface Filled {
  readonly text: string;
  /** The text's tokens in the dialect that it is read in. */
  readonly tokens: readonly Token[];
  /** The tokens without comments and without what is cut. */
  readonly words: readonly Token[];
  /** What of long lists of values is cut before anything is parsed. */
  readonly cuts: readonly Edit[];
  /** Items of long lists that are read as copies of others. */
  readonly folding: Folding | null;
  readonly expansions: readonly Expansion[];
  /** Where identifiers stand in for holes. */
  readonly standIns: readonly { readonly start: number; readonly end: number }[];
}

/** What became of a text; offsets are those of the text. */
export type LocalResult =
  | {
    readonly ok: true;
    readonly cst: CstNode;
    readonly text: string;
    readonly repairs: readonly Repair[];
    readonly orphans: readonly CstNode[];
    /** Stand-ins that had to become something else than an identifier, by where they start. */
    readonly refilled: ReadonlyMap<number, 'value' | 'dropped'>;
  }
  | { readonly ok: false; readonly reason: string; readonly offset: number };

/** A statement is parsed in one go if its parentheses are no deeper, its queries nested no deeper than this. */
const FLAT_DEPTH = 3, FLAT_QUERIES = 1;
/** Expressions in parentheses deeper than this are parsed by themselves. */
const MAX_DEPTH = 4;
/** Parentheses that cannot be parsed by themselves (definitions, joins) may be this deep. */
const MAX_STRUCTURE = 9;
const MAX_NESTING = 64;
/** Nobody writes more levels of queries. */
const MAX_QUERIES = 32;
const MAX_REPAIRS = 16;
/** In a text that has more expressions that nobody knows, more than these expressions are unknown. */
const MAX_GIVEN_UP = 4;
/** What a parse that fails costs beside the length of its text, in characters: the parser lists all that it would have taken. */
const FAILING = 1500;

/** What the failing parses of one statement may cost in one dialect, in characters. */
export class Effort {
  #left: number;

  /** So many failures of the whole text, or more of parts of it, but not more than the parser's time allows. */
  constructor(length: number, failures: number) {
    const counted = Math.min(length, 30_000);
    this.#left = Math.min(failures * (counted + FAILING), 50_000 + 2 * counted);
  }

  get spent(): boolean {
    return this.#left <= 0;
  }

  /** A parse of so many characters has failed. */
  failed(length: number): void {
    this.#left -= length + FAILING;
  }
}

type Mutable = { [key: string]: unknown; type?: string; range?: [number, number] };

/** Why and where a text could not be read. */
export class Unreadable extends Error {
  constructor(reason: string, readonly offset: number) {
    super(reason);
  }
}

/** The text is of a database that is not read here: no other dialect will read it. */
export class OtherLanguage extends Error {
  constructor(database: string, readonly offset: number) {
    super(`the SQL of ${database}`);
  }
}

/** Folded items are not what they seemed to be: the text has to be read as a whole. */
export class NotFolded extends Error {}

/** What becomes of a failed nested text, and what was read of it. */
type Graft = { readonly start: number; readonly node: CstNode; readonly how: 'query' | 'parentheses' | 'identifier' };

/** Reads one text in one dialect. Offsets are those of the text. */
export class Reader {
  /** The text with nested queries and repaired constructs overwritten, as the next parse will see it. */
  #work: string;
  /** The text as it was filled, with repairs in it but no stand-ins for nested text. */
  #shown: string;
  readonly #original: string;
  #expansions: Expansion[];
  readonly #dialect: Dialect;
  readonly #repairs: Repair[] = [];
  /** Trees of nested text by the offset where their stand-in begins. */
  readonly #grafts = new Map<number, Graft>();
  readonly #used = new Set<Graft>();
  /** Names that were parsed as other ones, by where they start. */
  readonly #renamed = new Map<number, { readonly words: string; readonly name: string }>();
  /** Where repairs have put text in. */
  readonly #inserted = new Set<number>();
  readonly #parse: Parse;
  readonly #standIns: Filled['standIns'];
  readonly #tokens: readonly Token[];
  readonly #words: readonly Token[];
  readonly #cuts: readonly Edit[];
  readonly #folding: Folding | null;
  readonly #refilled = new Map<number, 'value' | 'dropped'>();
  readonly #params: string[];
  #givenUp = 0;
  #hasFailed = false;
  readonly #effort: Effort;
  #root: Group;

  constructor({ text, tokens, words, cuts, folding, expansions, standIns }: Filled, dialect: Dialect, parse: Parse, effort: Effort) {
    this.#parse = parse;
    this.#effort = effort;
    this.#standIns = standIns;
    this.#tokens = tokens;
    this.#words = words;
    this.#cuts = cuts;
    this.#folding = folding;
    this.#work = this.#shown = this.#original = text;
    this.#expansions = [...expansions];
    this.#dialect = dialect;
    this.#params = [];
    this.#root = { kind: 'query', start: -1, end: text.length + 1, inner: [], depth: 0, queries: 0 };
  }

  statement(): LocalResult {
    const dialect = this.#dialect;
    let tokens = this.#tokens;
    const open = tokens.find((token) => !token.closed);
    if (open) throw new Unreadable('a quote or comment without its end', open.start);
    const first = tokens.find((token) => token.kind !== 'comment');
    if (!first) throw new Unreadable('no statement', 0);
    this.#params.push(...parameterTypes(tokens.filter((token) => token.kind === 'placeholder').map((token) => this.#work.slice(token.start, token.end)), dialect));

    const shorter = this.#cuts;
    if (shorter.length > 0) {
      this.#record('shortened', shorter[0]!.start, shorter.at(-1)!.end);
      this.#overwriteAll(shorter);
      this.#shown = this.#work;
      tokens = this.#words;
    }
    if (this.#folding) {
      this.#overwriteAll(this.#folding.cuts);
      tokens = this.#folding.tokens;
    }
    let nesting = nest(tokens, dialect);
    if (!nesting.ok) throw new Unreadable(nesting.reason, nesting.offset);
    if (isAdministration(first.word)) return this.#pass(new Draft(this.#original, 0, this.#original.length, dialect), { verb: first.word, name: null }, nesting.ok ? nesting.groups : [])!;
    for (let round = 0; round < 6; round++) {
      const known = foresee(this.#work, dialect);
      if (!known) break;
      this.#repairAll(known.matches, known.rule.kind);
      nesting = nest(tokenize(this.#work, dialect), dialect);
    }
    if (!nesting.ok) throw new Unreadable(nesting.reason, nesting.offset);
    const groups = nesting.groups;
    const depth = Math.max(0, ...groups.map((group) => group.kind === 'query' ? 1 : group.depth + 1));
    this.#root = { kind: 'query', start: -1, end: this.#work.length + 1, inner: groups, depth, queries: Math.max(0, ...groups.map((group) => group.queries)) };

    const cst = this.#query(this.#root);
    if (this.#folding && !this.#unfolded(cst, this.#folding)) throw new NotFolded();
    return this.#result(cst);
  }

  /** Puts folded items back; false where one of those that were read has no tree of its own as it was written. */
  #unfolded(cst: CstNode, folding: Folding): boolean {
    const asWritten = this.#refilled.size === 0 && this.#repairs.every(({ kind, start, end }) => kind === 'shortened' || folding.folds.every((fold) => start >= fold.end || end <= fold.start));
    return asWritten && unfold(cst, folding);
  }

  #result(cst: CstNode): LocalResult {
    return { ok: true, cst, text: this.#shown, repairs: this.#repairs.sort((a, b) => a.start - b.start), orphans: this.#unused(), refilled: this.#refilled };
  }

  /** Nested queries that no tree has taken. */
  #unused(): CstNode[] {
    return [...this.#grafts.values()].filter((graft) => !this.#used.has(graft)).flatMap((graft) => this.#queriesOf(graft.node));
  }

  /** The queries that a graft holds: itself, or those inside what could not be read. */
  #queriesOf(node: CstNode): CstNode[] {
    if (node.type === 'unreadable_expr') return node.queries as CstNode[];
    return /_stmt$/.test(node.type) ? [node] : [];
  }

  /** The statement as `other_stmt`, where its words say that it is one; null where it should have been read. */
  other(): LocalResult | null {
    const draft = new Draft(this.#original, 0, this.#original.length, this.#dialect);
    const other = otherStatement(draft, this.#shown);
    return other && this.#pass(draft, other, []);
  }

  #pass(draft: Draft, { verb, name }: OtherStatement, groups: readonly Group[]): LocalResult | null {
    const [first, last] = [draft.tokens[0], draft.tokens.at(-1)];
    if (!first || !last) return null;
    for (const group of groups) this.#extractQueries(group);
    const queries = this.#unused();
    return { ok: true, cst: { type: 'other_stmt', verb, name, queries, range: [first.start, last.end] }, text: this.#shown, repairs: this.#repairs, orphans: [], refilled: this.#refilled };
  }

  #extractQueries(group: Group): void {
    if (group.kind === 'query') this.#nested(group);
    else for (const inner of group.inner) this.#extractQueries(inner);
  }

  /** Reads the inside of a query's parentheses, or the statement itself. Throws `Unreadable`. */
  #query(group: Group): CstNode {
    const start = group.start + 1, end = group.end - 1;
    if (group.queries > MAX_QUERIES) throw new Unreadable('queries nested too deeply', Math.max(0, start));
    if (this.#effort.spent) throw new Unreadable('too much of the statement cannot be read', Math.max(0, start));
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

  /** Parses a stretch of the text, repairing it where the parser stops, as often as the budget allows; `apart` is the repair that the stretch is parsed for. */
  #repaired(group: Group, start: number, end: number, prefix: string, refused: { offset: number; reason: string } | undefined, apart?: RepairKind): CstNode {
    let failure = refused;
    for (let attempt = 0; attempt <= MAX_REPAIRS; attempt++) {
      if (!failure) {
        const result = this.#call(start, end, prefix);
        if (result.ok) return result.node;
        failure = result;
      }
      if (this.#effort.spent) break;
      const draft = new Draft(this.#work, Math.max(0, start), end, this.#dialect);
      const repair = findRepair(draft, failure.offset, apart);
      // What has got another name and is refused again is no name.
      const renamed = repair?.rule.kind === 'name' && repair.matches.every(({ rename }) => rename && this.#renamed.has(rename.start));
      if (repair && !renamed) {
        const clauses = this.#repairAll(repair.matches, repair.rule.kind);
        if (clauses) {
          const main = this.#call(start, end, prefix);
          if (!main.ok) throw new Unreadable(main.reason, main.offset);
          (main.node.clauses as CstNode[]).push(...clauses);
          return { ...main.node, range: [main.node.range[0], Math.max(main.node.range[1], clauses.at(-1)?.range[1] ?? 0)] };
        }
      } else if (!this.#refill(failure.offset) && !this.#giveUp(group, failure)) break;
      failure = undefined;
    }
    throw new Unreadable(failure?.reason ?? 'too many repairs', failure?.offset ?? Math.max(0, start));
  }

  /** Writes repairs into the text; what has to be parsed by itself is, and gives the clauses of an `upsert-apart`. */
  #repairAll(matches: readonly Match[], kind: RepairKind): CstNode[] | null {
    let clauses: CstNode[] | null = null;
    const hidden: Edit[] = [], shown: Edit[] = [];
    for (const match of matches) {
      let from: CstNode | undefined;
      if (match.apart) {
        const { start, end, prefix } = match.apart;
        const parts = this.#repaired(this.#root, start, end, prefix, undefined, kind).clauses as CstNode[];
        if (kind === 'joined-update') from = parts.find((clause) => clause.type === 'from_clause')!.expr as CstNode;
        else clauses = parts.filter((clause) => clause.type !== 'insert_clause' && clause.type !== 'values_clause');
      }
      const { edits } = match;
      const start = Math.min(...edits.map((edit) => edit.start)), end = Math.max(...edits.map((edit) => edit.end));
      this.#record(match.kind ?? kind, start, end, { index: match.index, column: match.column, from });
      // What was parsed apart, and a name that got its words back, is in the tree as it was written.
      (match.apart || match.rename ? hidden : shown).push(...edits);
      if (match.rename) this.#renamed.set(match.rename.start, { words: this.#original.slice(match.rename.start, match.rename.end), name: match.rename.name });
    }
    this.#overwriteAll(hidden);
    this.#overwriteAll(shown);
    this.#shown = spliceAll(this.#shown, shown);
    for (const { insert } of matches) {
      if (!insert) continue;
      this.#inserted.add(insert.at);
      this.#expansions.push({ start: insert.at, end: insert.at, input: insert.text });
    }
    return clauses;
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
    if (!found || ++this.#givenUp > MAX_GIVEN_UP) return false;
    this.#expression(found, new Unreadable(failure.reason, failure.offset));
    return true;
  }

  /** Writes over the text that the next parse will see, and over the longer stand-ins in it. */
  #overwrite(start: number, text: string): void {
    this.#overwriteAll([{ start, end: start + text.length, text }]);
  }

  #overwriteAll(edits: readonly Edit[]): void {
    this.#work = spliceAll(this.#work, edits);
    this.#expansions = this.#expansions.filter((expansion) => edits.every(({ start, end }) => expansion.end <= start || expansion.start >= end));
  }

  #record(kind: RepairKind, start: number, end: number, details: Partial<Repair> = {}): void {
    const repair: Record<string, unknown> = { kind, start, end, words: this.#original.slice(start, end) };
    for (const [key, value] of Object.entries(details)) if (value !== undefined) repair[key] = value;
    this.#repairs.push(repair as unknown as Repair);
  }

  /** Calls the parser on a stretch of the text behind a prefix; the trees of nested text are put in their places. */
  #call(start: number, end: number, prefix: string): { ok: true; node: CstNode } | { ok: false; offset: number; reason: string } {
    const input = new ParserInput(this.#work, start, end, prefix, this.#expansions);
    try {
      const program = this.#parse(input.text, { dialect: this.#dialect, includeRange: true, paramTypes: this.#params });
      const statements = program.statements.filter((statement) => statement.type !== 'empty');
      if (statements.length !== 1) return { ok: false, offset: statements.length ? input.sourceStart(statements.at(-1)!.range[0]) : start, reason: statements.length ? 'more than one statement' : 'no statement' };
      return { ok: true, node: this.#settle(statements[0]!, input) };
    } catch (error) {
      const { message, location } = error as Error & { location?: { start: { offset: number } } };
      if (!location) throw error;
      this.#effort.failed(input.text.length);
      // Asked with the first failure alone: the text stays the same.
      const database = this.#hasFailed ? null : otherLanguage(this.#original);
      this.#hasFailed = true;
      if (database) throw new OtherLanguage(database, input.sourceStart(location.start.offset));
      return { ok: false, offset: Math.max(0, input.sourceStart(location.start.offset)), reason: reasonOf(message) };
    }
  }

  /** Moves ranges to where the text has them, and puts nested trees in place of their stand-ins. */
  #settle(root: CstNode, input: ParserInput): CstNode {
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
          const renamed = child.type === 'identifier' ? this.#renamed.get(child.range[0]) : undefined;
          if (renamed) Object.assign(child, { text: renamed.words, name: renamed.name });
        }
        stack.push(child);
      }
    }
    if (this.#inserted.size > 0) this.#takeOut(top);
    return top['root'] as CstNode;
  }

  /** Items of lists that only a repair has put there. */
  #takeOut(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      const kept = value.filter((item) => !(item?.range && item.range[0] === item.range[1] && this.#inserted.has(item.range[0])));
      value.splice(0, value.length, ...kept);
    }
    for (const key in value) if (key !== 'range') this.#takeOut((value as Mutable)[key]);
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

function splice(text: string, start: number, insert: string): string {
  return text.slice(0, start) + insert + text.slice(start + insert.length);
}

/** The text with all edits in it, none of which reaches into another. */
function spliceAll(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text;
  if (edits.length === 1) return splice(text, edits[0]!.start, edits[0]!.text);
  let result = '', last = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(last, edit.start) + edit.text;
    last = edit.start + edit.text.length;
  }
  return result + text.slice(last);
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


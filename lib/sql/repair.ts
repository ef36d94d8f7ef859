/**
 * Rewrites of constructs that the parser does not know, character for character: what is unknown is overwritten by something of the same
 * length that is known, so that every offset stays where it is. Each rewrite is recorded with what it took away.
 *
 * A rule names the construct, never a text: it looks for the construct's keywords where the grammar of the dialect has them.
 * Grammar: PostgreSQL 18 "SQL Commands", MySQL 9 "SQL Statements", Transact-SQL reference.
 */
import type { Dialect } from '../manifest/catalog.js';
import { Draft, type Edit, type NameDetails, NEVER_A_NAME } from './draft.js';
import { endsOperand } from './lexer.js';
import { ddlRules } from './repair-ddl.js';
import { queryRules } from './repair-queries.js';
import { wordRules } from './repair-words.js';

export type { NameDetails } from './draft.js';

/** One rewrite of a statement's text that made it readable. The tree knows only what it rewrote it to. */
export interface Repair {
  readonly kind: RepairKind;
  /** The rewritten characters, in offsets of the SqlText. */
  readonly start: number;
  readonly end: number;
  /** The characters as they were. */
  readonly words: string;
  /** `index`: the key that the words declare, add or drop. */
  readonly index?: IndexDetails;
  /** `modify-column`, `change-column`: the column before the change; the tree has an `alter_action_add_column` in the action's place. */
  readonly column?: NameDetails;
  /** `joined-update`: the tree of everything between UPDATE and SET (`a JOIN b ON ..`), as in a FROM clause. */
  readonly from?: object;
  /** `dialect`: the dialect that the statement could be read in. */
  readonly dialect?: Dialect;
}

/** A key or index of MySQL that a table's definition declares, adds or drops, which the tree does not have. */
export interface IndexDetails {
  readonly action: 'add' | 'drop';
  readonly name: NameDetails | null;
  readonly unique: boolean;
  readonly primary: boolean;
  /** Columns in order; empty for `drop`. An expression has its words as name. */
  readonly columns: readonly NameDetails[];
}

/**
 * What was rewritten, and to what:
 *
 * - `star-argument`: `count(t.*)`, `to_jsonb(t.*)`, `(row).*`: the `.*` is gone
 * - `from-argument`: FROM, FOR, PLACING in SUBSTRING, OVERLAY, TRIM are commas
 * - `within-group`: WITHIN GROUP (..) is gone
 * - `natural-join`: NATURAL is gone; `start` is where it stood, in front of its JOIN, which has no condition
 * - `name`: a name that the parser reserves was parsed as another one; the tree has the name itself
 * - `upsert-apart`: ON CONFLICT or ON DUPLICATE KEY behind a join was parsed by itself; the tree is complete
 * - `nested-join`: `a JOIN b JOIN c ON .. ON ..` has got its parentheses
 * - `operator`: an operator that the parser does not know is another one of no meaning here (`&&`)
 * - `subscript`: `SET a[1] =`: the subscript is gone
 * - `prefix`: EXPLAIN, DECLARE .. CURSOR FOR: the statement behind it was read
 * - `fragment`: the text is no statement but `(SELECT ..) AS x`: read as the only item of a SELECT
 * - `option`: words that change no rows (index hints, character sets, UNSIGNED, table options, ..) are gone
 * - `type`: a type or CAST target that the parser does not know is another one
 * - `argument`: a part of a function's arguments (SEPARATOR .., VARIADIC, COLUMNS of JSON_TABLE) is gone
 * - `limit`: TOP n is gone: the SELECT is limited
 * - `quotes`: `[name]` is `"name"`
 * - `index`, `modify-column`, `change-column`, `action`: see IndexDetails and NameDetails; `action` is an ALTER action that is gone
 * - `joined-update`: MySQL's UPDATE of joined tables: the joins are gone from the tree and kept in `from`
 * - `shortened`: rows or items of a long list of literals are gone
 * - `unreadable`: the parentheses at this place could not be read: an `unreadable_expr` or `unreadable_query` stands in the tree
 * - `dialect`: the statement was read in another dialect than its own
 */
export type RepairKind =
  | 'star-argument' | 'from-argument' | 'within-group' | 'natural-join' | 'name' | 'upsert-apart' | 'nested-join' | 'operator' | 'subscript' | 'prefix' | 'fragment' | 'option' | 'type' | 'argument'
  | 'limit' | 'quotes' | 'index' | 'modify-column' | 'change-column' | 'action' | 'joined-update' | 'shortened' | 'unreadable' | 'dialect';

/** A construct that a rule has found: the tokens that it spans, and how to rewrite it. */
export interface Match {
  readonly from: number;
  readonly to: number;
  readonly edits: readonly Edit[];
  readonly kind?: RepairKind;
  readonly index?: IndexDetails;
  readonly column?: NameDetails;
  /** Text that the parser reads between two characters, where nothing of the same length would do; items of it are taken out of the tree's lists. */
  readonly insert?: { readonly at: number; readonly text: string };
  /** The rewritten word is a name: the tree's identifier gets its words back. */
  readonly rename?: NameDetails;
  /** Parse these characters by themselves, behind `prefix`, and give the tree to `upsert-apart` or `joined-update`. */
  readonly apart?: { readonly prefix: string; readonly start: number; readonly end: number };
}

export interface Rule {
  readonly kind: RepairKind;
  /** Absent: every dialect. */
  readonly dialects?: readonly Dialect[];
  /** Applied before the first parse, not only when it fails: the parser would misread the construct, or never knows it. */
  readonly always?: boolean;
  /** Only the construct where the parser stopped is rewritten, not every one like it. */
  readonly local?: boolean;
  /** The construct that starts with the token at this index, or null; `at` is the token where the parser stopped. */
  readonly match: (draft: Draft, index: number, at: number) => Match | null;
}

const rules: readonly Rule[] = [
  ...queryRules,
  ...wordRules,
  ...ddlRules,
  {
    // A word that this dialect of the parser reserves and the database does not: REPLACE(a, b, c) and CHAR(65) of MySQL, a table called keys, pgTAP's is(a, b).
    kind: 'name',
    local: true,
    match: (draft, i, at) => {
      const token = draft.tokens[i];
      // A function is refused wherever it is called.
      const called = draft.word(i + 1) === '(' && draft.word(at + 1) === '(' && draft.word(i) === draft.word(at);
      if ((i !== at && !called) || token?.kind !== 'word' || token.word === '' || (NEVER_A_NAME.has(token.word) && !(token.word === 'IS' && draft.word(i + 1) === '(')) || i === 0 || (endsOperand(draft.tokens[i - 1]) && !/^(?:ADD|COLUMN)$/.test(draft.word(i - 1)))) return null;
      return { from: i, to: i, edits: [{ start: token.start, end: token.end, text: 'h'.padEnd(token.end - token.start, '_') }], rename: draft.name(i) };
    },
  },
];

/** May a text hold a construct that `foresee` knows? */
const FORESEEABLE = /^\s*(?:CREATE|ALTER|DROP|EXPLAIN|DESC|DECLARE)|\bNATURAL\b|\bTOP\b|\[[A-Za-z_]|\.\s*\*\s*\)|[)\]]\s*\.\s*\*/i;

/** The first rule of those that apply before any parse that knows a construct of the text, or null. */
export function foresee(text: string, dialect: Dialect): { rule: Rule; matches: Match[] } | null {
  if (!FORESEEABLE.test(text)) return null;
  const draft = new Draft(text, 0, text.length, dialect);
  for (const rule of rules) {
    const matches = rule.always && applies(rule, draft) ? findAll(rule, draft, -1) : [];
    if (matches.length > 0) return { rule, matches };
  }
  return null;
}

/**
 * The first rule that knows a construct at the offset where the parser stopped, with every such construct of the text; if there is none,
 * the first that knows any construct of it. Rules of the kind `except` are left out.
 */
export function findRepair(draft: Draft, offset: number, except?: RepairKind): { rule: Rule; matches: Match[] } | null {
  let at = draft.tokens.findIndex((token) => token.end > offset);
  if (at < 0) at = draft.tokens.length;
  let elsewhere: { rule: Rule; matches: Match[] } | null = null;
  for (const rule of rules) {
    if (!applies(rule, draft) || rule.kind === except) continue;
    const matches = findAll(rule, draft, at);
    if (matches.length === 0) continue;
    if (matches.some((match) => at >= match.from && at <= match.to + 1)) return { rule, matches };
    if (!rule.local) elsewhere ??= { rule, matches };
  }
  return elsewhere;
}

function applies(rule: Rule, draft: Draft): boolean {
  return !rule.dialects || rule.dialects.includes(draft.dialect);
}

/** Constructs in order, none inside another. */
function findAll(rule: Rule, draft: Draft, at: number): Match[] {
  const matches: Match[] = [];
  let last = -1;
  for (let i = 0; i < draft.tokens.length; i++) {
    const match = rule.match(draft, i, at);
    if (!match || match.edits.some((edit) => edit.start < last)) continue;
    matches.push(match);
    last = Math.max(...match.edits.map((edit) => edit.end));
  }
  return matches;
}

/**
 * Rewrites of constructs that the parser does not know, character for character: what is unknown is overwritten by something of the same
 * length that is known, so that every offset stays where it is. Each rewrite is recorded with what it took away.
 *
 * A rule names the construct, never a text: it looks for the construct's keywords where the grammar of the dialect has them.
 * Grammar: PostgreSQL 18 "SQL Commands", MySQL 9 "SQL Statements", Transact-SQL reference.
 */
import type { Dialect } from '../manifest/catalog.js';
import { endsOperand, type Token, tokenize } from './lexer.js';
import { ddlRules } from './repair-ddl.js';

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

/** A name and where it stands. */
export interface NameDetails {
  readonly name: string;
  readonly start: number;
  readonly end: number;
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

/** Characters to write over those from `start` on; as many as they replace. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

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

/** The tokens of a text that is being repaired, comments left out, with their parentheses. */
export class Draft {
  readonly tokens: readonly Token[];
  readonly text: string;
  readonly dialect: Dialect;
  readonly #close: Int32Array;
  readonly #open: Int32Array;

  /** `text` from `start` to `end`; offsets are those of the text. */
  constructor(text: string, start: number, end: number, dialect: Dialect) {
    this.text = text;
    this.dialect = dialect;
    this.tokens = tokenize(text, dialect, [], start, end).filter((token) => token.kind !== 'comment');
    this.#close = new Int32Array(this.tokens.length).fill(-1);
    this.#open = new Int32Array(this.tokens.length).fill(-1);
    const stack: number[] = [];
    this.tokens.forEach((token, index) => {
      if (token.word === ')') this.#close[stack.pop() ?? index] = index;
      this.#open[index] = stack.at(-1) ?? -1;
      if (token.word === '(') stack.push(index);
    });
  }

  /** The upper-case word or the symbol at an index; '' for anything else and outside the text. */
  word(index: number): string {
    return this.tokens[index]?.word ?? '';
  }

  /** Do these words stand one after the other from `index` on? */
  has(index: number, words: string): boolean {
    const first = this.word(index);
    return first !== '' && words.startsWith(first) && words.split(' ').every((word, i) => this.word(index + i) === word);
  }

  /** The index of the `)` for the `(` at an index; -1 where there is none. */
  close(index: number): number {
    return this.word(index) === '(' ? this.#close[index]! : -1;
  }

  /** The index of the `(` that a token stands in; -1 outside. */
  open(index: number): number {
    return this.#open[index] ?? -1;
  }

  /** A token's characters. */
  source(index: number): string {
    const token = this.tokens[index];
    return token ? this.text.slice(token.start, token.end) : '';
  }

  isName(index: number): boolean {
    const kind = this.tokens[index]?.kind;
    return kind === 'word' || kind === 'name' || (kind === 'string' && this.source(index).startsWith('"'));
  }

  /** Name, and where it stands; its quotes are not part of the name. */
  name(index: number): NameDetails {
    const token = this.tokens[index]!;
    return { name: this.source(index).replace(/^["`[]|["`\]]$/g, ''), start: token.start, end: token.end };
  }

  /** Blanks over the tokens from one index to another, both included. */
  blank(from: number, to: number): Edit {
    return this.write(from, to, '');
  }

  /** Text over the tokens from one index to another, both included, filled up with blanks. */
  write(from: number, to: number, text: string): Edit {
    const start = this.tokens[from]!.start, end = this.tokens[to]!.end;
    return { start, end, text: text + blanks(this.text.slice(start + text.length, end)) };
  }
}

/** As many blanks, with the line breaks left where they are. */
export function blanks(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

const FROM_FUNCTIONS = new Set(['SUBSTRING', 'SUBSTR', 'OVERLAY', 'TRIM']);
const JOIN_KINDS = new Set(['LEFT', 'RIGHT', 'FULL', 'INNER', 'OUTER', 'CROSS']);
const STARTS_QUERY = /^(?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE)$/;
const TYPE_WORDS = /^(?:U?N?SIGNED|CHAR|NCHAR|BINARY)$/;

/** Words of the grammar itself, which no repair takes for a name. */
const NEVER_A_NAME = new Set((
  'SELECT FROM WHERE GROUP ORDER BY HAVING LIMIT OFFSET FETCH UNION INTERSECT EXCEPT INTO SET JOIN LEFT RIGHT INNER OUTER FULL CROSS NATURAL LATERAL ON USING AND OR XOR NOT IN IS NULL TRUE FALSE LIKE ILIKE BETWEEN '
  + 'EXISTS CASE WHEN THEN ELSE END AS DISTINCT ALL ANY SOME WITH RECURSIVE ONLY UPDATE DELETE MERGE CREATE ALTER DROP RETURNING CONFLICT DO FOR WINDOW OVER FILTER CAST CONVERT EXTRACT INTERVAL ARRAY ROW TABLE '
  + 'UNIQUE PRIMARY FOREIGN REFERENCES CHECK CONSTRAINT DEFAULT COLLATE UNNEST QUALIFY ESCAPE ASC DESC TRIM SUBSTRING OVERLAY').split(' '));

/** Those of them that an operand may start with. */
const STARTS_OPERAND = new Set('NOT NULL TRUE FALSE EXISTS CASE DISTINCT ALL CAST CONVERT EXTRACT INTERVAL ARRAY ROW TRIM SUBSTRING OVERLAY LEFT RIGHT'.split(' '));

const rules: readonly Rule[] = [
  {
    kind: 'quotes',
    always: true,
    match: (draft, i) => draft.tokens[i]!.kind === 'name' && draft.source(i).startsWith('[') && draft.dialect !== 'sqlite'
      ? { from: i, to: i, edits: [draft.write(i, i, draft.source(i).replace(/^\[|\]$/g, draft.dialect === 'mysql' || draft.dialect === 'mariadb' ? '`' : '"'))] } : null,
  },
  {
    // Unrepaired, `TOP (10) a` would be a call with an alias.
    kind: 'limit',
    always: true,
    match: (draft, i, at) => {
      // A query is taken out of the text, and read, before a repair takes its place.
      if (at < 0 && STARTS_QUERY.test(draft.word(i + 2))) return null;
      if (draft.word(i) !== 'TOP' || !['SELECT', 'DISTINCT', 'ALL', 'DELETE', 'UPDATE'].includes(draft.word(i - 1))) return null;
      let to = draft.word(i + 1) === '(' ? draft.close(i + 1) : i + 1;
      if (to < 0 || !draft.tokens[to] || (to === i + 1 && draft.tokens[to]!.kind === 'symbol')) return null;
      if (draft.word(to + 1) === 'PERCENT') to++;
      if (draft.has(to + 1, 'WITH TIES')) to += 2;
      // A column called top is followed by a comma, an alias or the next clause.
      const next = draft.tokens[to + 1];
      const selects = next !== undefined && (next.kind === 'symbol' ? next.word === '*' || next.word === '(' || next.word === '[' : next.kind !== 'word' || !NEVER_A_NAME.has(next.word) || STARTS_OPERAND.has(next.word));
      return selects || (draft.word(i - 1) === 'DELETE' && next?.word === 'FROM') ? { from: i, to, edits: [draft.blank(i, to)] } : null;
    },
  },
  {
    // `count(t.*)`, `(row).*`, `GROUP BY t.*`; a star of a select list stands in no parentheses of its own query.
    kind: 'star-argument',
    always: true,
    match: (draft, i) => {
      if (draft.word(i) !== '*' || draft.word(i - 1) !== '.') return null;
      // SELECT t.* AS x, a name of no meaning
      if (draft.word(i + 1) === 'AS' && draft.isName(i + 2) && draft.isName(i - 2)) return { from: i - 2, to: i + 2, edits: [draft.blank(i + 1, i + 2)] };
      const open = draft.open(i), inQuery = open < 0 || STARTS_QUERY.test(draft.word(open + 1));
      const listed = inQuery && draft.word(i - 2) !== ')' && draft.word(i - 2) !== ']' && !draft.tokens.slice(open + 1, i).some((token, k) => token.word === 'BY' && draft.open(open + 1 + k) === open);
      return listed ? null : { from: i - 2, to: i, edits: [draft.blank(i - 1, i)] };
    },
  },
  {
    kind: 'from-argument',
    match: (draft, i) => {
      const close = draft.close(i + 1);
      if (!FROM_FUNCTIONS.has(draft.word(i)) || close < 0) return null;
      const edits: Edit[] = [];
      for (let k = i + 2; k < close; k++) {
        if (draft.open(k) !== i + 1) continue;
        const word = draft.word(k);
        if (word === 'BOTH' || word === 'LEADING' || word === 'TRAILING') edits.push(draft.blank(k, k));
        else if (word === 'FROM' || word === 'FOR' || word === 'PLACING' || word === 'SIMILAR' || word === 'ESCAPE') {
          const first = k === i + 2 || (edits.length > 0 && k === i + 3 && draft.word(i) === 'TRIM' && edits[0]!.start === draft.tokens[i + 2]!.start);
          edits.push(draft.write(k, k, first ? '' : ','));
        }
      }
      return edits.length ? { from: i, to: close, edits } : null;
    },
  },
  {
    kind: 'within-group',
    match: (draft, i) => {
      const close = draft.has(i, 'WITHIN GROUP') ? draft.close(i + 2) : -1;
      return close < 0 ? null : { from: i, to: close, edits: [draft.blank(i, close)] };
    },
  },
  {
    kind: 'natural-join',
    dialects: ['postgresql', 'bigquery'],
    always: true,
    match: (draft, i) => draft.word(i) === 'NATURAL' && (draft.word(i + 1) === 'JOIN' || (JOIN_KINDS.has(draft.word(i + 1)) && (draft.word(i + 2) === 'JOIN' || draft.word(i + 3) === 'JOIN')))
      ? { from: i, to: i + 1, edits: [draft.blank(i, i)] } : null,
  },
  {
    // The ON of ON CONFLICT is taken for the condition of the join in front of it.
    kind: 'upsert-apart',
    match: (draft, i) => {
      if (!(draft.has(i, 'ON CONFLICT') || draft.has(i, 'ON DUPLICATE KEY UPDATE')) || draft.open(i) >= 0) return null;
      const start = draft.tokens[i]!.start, end = draft.tokens.at(-1)!.end;
      return { from: i, to: draft.tokens.length, edits: [draft.blank(i, draft.tokens.length - 1)], apart: { prefix: 'INSERT INTO h VALUES (1) ', start, end } };
    },
  },
  {
    kind: 'nested-join',
    match: (draft, i) => {
      // `a JOIN b JOIN c ON p ON q` is `a JOIN (b JOIN c ON p) ON q`; the parentheses take the place of blanks.
      if (draft.word(i) !== 'ON' || i < 2) return null;
      const open = draft.open(i);
      let conditions = 0, joins = 0;
      for (let k = i - 1; k > open && k > i - 400; k--) {
        if (draft.open(k) !== open) continue;
        const word = draft.word(k);
        if (word === 'FROM') return null;
        if (word === 'ON' || word === 'USING') conditions++;
        if (word !== 'JOIN') continue;
        joins++;
        if (draft.word(k - 1) === 'CROSS' || --conditions >= 0) continue;
        const first = draft.tokens[k + 1]!, last = draft.tokens[i]!;
        // A JOIN without a condition of its own that has another, finished one behind it.
        if (joins < 2 || first.start === draft.tokens[k]!.end || last.start === draft.tokens[i - 1]!.end) return null;
        return { from: k, to: i, edits: [{ start: first.start - 1, end: first.start, text: '(' }, { start: last.start - 1, end: last.start, text: ')' }] };
      }
      return null;
    },
  },
  {
    kind: 'operator',
    match: (draft, i) => draft.word(i) === 'OVERLAPS' && endsOperand(draft.tokens[i - 1]) ? { from: i, to: i, edits: [draft.write(i, i, '&&')] } : null,
  },
  {
    // `a-4.5`, of which the parser takes `a-4` for a name with a dash in it
    kind: 'operator',
    dialects: ['bigquery'],
    match: (draft, i) => {
      const [before, token, after] = [draft.tokens[i - 1], draft.tokens[i]!, draft.tokens[i + 1]];
      return token.word === '-' && before?.kind === 'word' && before.end === token.start && after?.kind === 'number' && after.start === token.end && draft.source(i + 1).includes('.')
        ? { from: i - 1, to: i + 1, edits: [draft.write(i, i, '+')] } : null;
    },
  },
  {
    kind: 'subscript',
    match: (draft, i) => {
      if (draft.word(i) !== '[' || !draft.isName(i - 1) || draft.word(i - 1) === 'ARRAY') return null;
      // `SET a[1].b[2:3] = ..`, `INSERT INTO t (a[1], b) ..`
      const open = draft.open(i), inserted = open >= 0 && draft.isName(open - 1) && draft.tokens.slice(0, open).some((token) => token.word === 'INTO');
      let before = i - 1;
      while (draft.word(before - 1) === '.') before -= 2;
      const assigned = draft.word(before - 1) === 'SET' || (draft.word(before - 1) === ',' && draft.tokens.slice(0, before).some((token) => token.word === 'SET'));
      if (!inserted && !assigned && draft.word(open - 1) !== 'SET') return null;
      let to = i - 1;
      for (;;) {
        if (draft.word(to + 1) === '[') {
          const close = draft.tokens.findIndex((token, k) => k > to && token.word === ']');
          if (close < 0) return null;
          to = close;
        } else if (draft.word(to + 1) === '.' && draft.isName(to + 2)) to += 2;
        else break;
      }
      return /^[=,)]$/.test(draft.word(to + 1)) ? { from: i, to, edits: [draft.blank(i, to)] } : null;
    },
  },
  {
    // ARRAY[[1, 2], [3, 4]]: the inner brackets.
    kind: 'option',
    dialects: ['postgresql'],
    match: (draft, i) => {
      if (draft.word(i) !== '[' || (draft.word(i - 1) !== '[' && draft.word(i - 1) !== ',')) return null;
      let depth = 0, k = i;
      for (; k < draft.tokens.length; k++) {
        if (draft.word(k) === '[') depth++;
        else if (draft.word(k) === ']' && --depth === 0) break;
      }
      return k < draft.tokens.length && k > i + 1 ? { from: i, to: k, edits: [draft.blank(i, i), draft.blank(k, k)] } : null;
    },
  },
  {
    kind: 'prefix',
    always: true,
    match: (draft, i) => {
      if (i > 0) return null;
      const word = draft.word(0);
      if (word === 'EXPLAIN' || word === 'DESCRIBE' || word === 'DESC') {
        let to = 0;
        if (draft.word(1) === '(' && !/^(?:SELECT|WITH|VALUES)$/.test(draft.word(2))) to = draft.close(1);
        while (/^(?:ANALYZE|ANALYSE|VERBOSE|EXTENDED|PARTITIONS|QUERY|PLAN|FOR)$/.test(draft.word(to + 1))) to++;
        if (draft.has(to + 1, 'FORMAT =')) to += 3;
        return /^(?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|REPLACE|VALUES|TABLE|CREATE|\()$/.test(draft.word(to + 1)) ? { from: 0, to, edits: [draft.blank(0, to)] } : null;
      }
      if (word === 'DECLARE') {
        const end = draft.tokens.findIndex((token, k) => token.word === 'FOR' && /^(?:SELECT|WITH|VALUES|\()$/.test(draft.word(k + 1)));
        return end > 0 && draft.tokens.slice(0, end).some((token) => token.word === 'CURSOR') ? { from: 0, to: end, edits: [draft.blank(0, end)] } : null;
      }
      return null;
    },
  },
  {
    kind: 'argument',
    match: (draft, i) => {
      const word = draft.word(i), open = draft.open(i);
      if (open < 0) return null;
      const close = draft.close(open);
      if (word === 'VARIADIC' || (word === 'ALL' && draft.word(i - 1) === '(' && draft.isName(open - 1))) return { from: i, to: i, edits: [draft.blank(i, i)] };
      // GROUP_CONCAT(x SEPARATOR ', ')
      if (word === 'SEPARATOR' && draft.tokens[i + 1]?.kind === 'string') return { from: i, to: i + 1, edits: [draft.blank(i, i + 1)] };
      // CHAR(65 USING utf8)
      if (word === 'USING' && draft.word(open - 1) === 'CHAR') return { from: open - 1, to: close, edits: [draft.blank(i, close - 1)] };
      // JSON_TABLE(doc, '$' COLUMNS (..)), XMLTABLE('/r' PASSING x COLUMNS ..), JSON_OBJECT(k: v ABSENT ON NULL RETURNING jsonb)
      const callee = draft.word(open - 1);
      if ((callee === 'JSON_TABLE' && (word === 'COLUMNS' || word === 'PASSING')) || (callee === 'XMLTABLE' && (word === 'PASSING' || word === 'COLUMNS'))) {
        return { from: open - 1, to: close, edits: [draft.blank(i, close - 1)] };
      }
      if (/^(?:JSON_(?:OBJECT|ARRAY|VALUE|QUERY|EXISTS|SCALAR|SERIALIZE|OBJECTAGG|ARRAYAGG)|XML\w+)$/.test(callee)) {
        if (word === ':' || word === 'VALUE' || word === 'PASSING' || word === 'AS') return { from: open - 1, to: close, edits: [draft.write(i, i, ',')] };
        if (word === 'NAME') return { from: open - 1, to: close, edits: [draft.blank(i, i)] };
        if (word === 'FORMAT' && draft.word(i + 1) === 'JSON') return { from: open - 1, to: close, edits: [draft.blank(i, draft.word(i + 2) === 'ENCODING' ? i + 3 : i + 1)] };
        if (/^(?:ABSENT|NULL|RETURNING|WITH|WITHOUT|ERROR|EMPTY|DEFAULT|KEEP|OMIT|UNIQUE)$/.test(word) && i > open + 1 && draft.word(i - 1) !== ',' && draft.word(i - 1) !== ':') {
          return { from: open - 1, to: close, edits: [draft.blank(i, close - 1)] };
        }
      }
      return null;
    },
  },
  {
    kind: 'type',
    match: (draft, i) => {
      const word = draft.word(i), open = draft.open(i);
      const callee = draft.word(open - 1);
      // CAST(x AS UNSIGNED INTEGER), CAST(x AS CHAR CHARACTER SET utf8mb4)
      if (open >= 0 && (callee === 'CAST' || callee === 'TRY_CAST') && draft.word(i - 1) === 'AS' && TYPE_WORDS.test(word)) {
        const close = draft.close(open);
        return { from: i, to: close, edits: [draft.write(i, close - 1, word.endsWith('SIGNED') ? 'INT' : word)] };
      }
      // EXTRACT('week' FROM x): what it extracts says nothing here.
      if (draft.dialect === 'postgresql' && callee === 'EXTRACT' && i === open + 1 && draft.word(i + 1) === 'FROM' && draft.source(i).length >= 4) {
        return { from: open - 1, to: i + 1, edits: [draft.write(i, i, 'YEAR')] };
      }
      // int4 '5', numeric(10, 2) '1', timestamp with time zone '..'
      if (draft.dialect === 'postgresql' && draft.tokens[i]!.kind === 'string') {
        let last = i - 1;
        if (draft.word(last) === 'ZONE' && draft.word(last - 1) === 'TIME') last -= 3;
        const paren = draft.word(last) === ')' ? draft.tokens.findIndex((_, k) => draft.close(k) === last) : -1;
        let from = paren >= 0 ? paren - 1 : last;
        if (draft.word(from) === 'VARYING' || draft.word(from) === 'PRECISION') from--;
        if (draft.word(from - 1) === 'NATIONAL') from--;
        while (draft.word(from - 1) === '.' && draft.isName(from - 2)) from -= 2;
        const type = draft.tokens[from];
        if (!type || from < 1 || (type.kind !== 'word' && type.kind !== 'name') || !endsOperand(type) || endsOperand(draft.tokens[from - 1])) return null;
        return { from, to: i, edits: [draft.blank(from, i - 1)] };
      }
      return null;
    },
  },
  {
    // CONVERT(x, type) and CONVERT(x USING utf8mb4) become (x).
    kind: 'argument',
    dialects: ['mysql', 'mariadb'],
    match: (draft, i) => {
      const close = draft.close(i + 1);
      if (draft.word(i) !== 'CONVERT' || close < 0) return null;
      const end = draft.tokens.findIndex((token, k) => k > i && k < close && draft.open(k) === i + 1 && (token.word === ',' || token.word === 'USING'));
      return { from: i, to: close, edits: end < 0 ? [draft.blank(i, i)] : [draft.blank(i, i), draft.blank(end, close - 1)] };
    },
  },
  {
    // CURRENT_TIMESTAMP(6), CURRENT_DATE()
    kind: 'type',
    dialects: ['mysql', 'mariadb', 'sqlite'],
    match: (draft, i) => /^(?:CURRENT_(?:TIMESTAMP|TIME|DATE|USER)|LOCALTIME|LOCALTIMESTAMP|UTC_(?:TIMESTAMP|TIME|DATE))$/.test(draft.word(i)) && draft.word(i + 1) === '(' && draft.close(i + 1) <= i + 3
      ? { from: i, to: draft.close(i + 1), edits: [draft.blank(i + 1, draft.close(i + 1))] } : null,
  },
  {
    // Index hints, partitions of a table, AS OF, frames, collations: words that change no rows.
    kind: 'option',
    match: (draft, i) => {
      const word = draft.word(i);
      if ((word === 'USE' || word === 'FORCE' || word === 'IGNORE') && (draft.word(i + 1) === 'INDEX' || draft.word(i + 1) === 'KEY')) {
        let open = i + 2;
        if (draft.word(open) === 'FOR') open += draft.word(open + 1) === 'JOIN' ? 2 : 3;
        const close = draft.close(open);
        return close < 0 ? null : { from: i, to: close, edits: [draft.blank(i, close)] };
      }
      if (draft.has(i, 'AS OF') && /^(?:SYSTEM|TIMESTAMP)$/.test(draft.word(i + 2))) {
        let to = draft.word(i + 3) === 'TIME' ? i + 4 : i + 3;
        if (draft.close(to + 1) > 0) to = draft.close(to + 1);
        return draft.tokens[to] ? { from: i, to, edits: [draft.blank(i, to)] } : null;
      }
      // x IS JSON ARRAY WITH UNIQUE KEYS
      if (word === 'JSON' && (draft.word(i - 1) === 'IS' || draft.has(i - 2, 'IS NOT'))) {
        let to = /^(?:OBJECT|ARRAY|SCALAR|VALUE)$/.test(draft.word(i + 1)) ? i + 1 : i;
        if (/^WITH(?:OUT)?$/.test(draft.word(to + 1)) && draft.word(to + 2) === 'UNIQUE') to += draft.word(to + 3) === 'KEYS' ? 3 : 2;
        return to > i ? { from: i, to, edits: [draft.blank(i + 1, to)] } : null;
      }
      // A key's WITHOUT OVERLAPS and PERIOD; SELECT SQL_CACHE; a string in two pieces
      if (draft.has(i, 'WITHOUT OVERLAPS')) return { from: i, to: i + 1, edits: [draft.blank(i, i + 1)] };
      if (/^SQL_(?:NO_)?CACHE$/.test(word)) return { from: i, to: i, edits: [draft.blank(i, i)] };
      if (draft.tokens[i]!.kind === 'string' && draft.tokens[i - 1]?.kind === 'string') return { from: i - 1, to: i, edits: [draft.blank(i, i)] };
      if (word === 'GROUPS' && (draft.word(i + 1) === 'BETWEEN' || /PRECEDING|FOLLOWING/.test(draft.word(i + 2)))) return { from: i, to: i, edits: [draft.write(i, i, 'ROWS')] };
      if (word === 'NULLS' && /^(?:FIRST|LAST)$/.test(draft.word(i + 1)) && (draft.dialect === 'bigquery' || draft.word(0) === 'CREATE' || draft.word(0) === 'ALTER')) return { from: i, to: i + 1, edits: [draft.blank(i, i + 1)] };
      if (word === 'COLLATE' && draft.isName(i + 1)) {
        let to = i + 1;
        while (draft.word(to + 1) === '.' && draft.isName(to + 2)) to += 2;
        return { from: i, to, edits: [draft.blank(i, to)] };
      }
      // FROM t WITH (NOLOCK)
      if (word === 'WITH' && draft.word(i + 1) === '(' && /^(?:NOLOCK|UPDLOCK|ROWLOCK|READPAST|HOLDLOCK|TABLOCKX?|INDEX|READCOMMITTED|READUNCOMMITTED)$/.test(draft.word(i + 2))) {
        return { from: i, to: draft.close(i + 1), edits: [draft.blank(i, draft.close(i + 1))] };
      }
      // FOR UPDATE and the like where the dialect has none; WITH LOCAL CHECK OPTION
      if (word === 'FOR' && draft.word(0) !== 'CREATE' && /^(?:UPDATE|SHARE|NO|KEY)$/.test(draft.word(i + 1)) && draft.open(i) < 0) {
        let to = i + 1;
        while (/^(?:UPDATE|SHARE|NO|KEY|OF|SKIP|LOCKED|NOWAIT|WAIT|,)$/.test(draft.word(to + 1)) || draft.tokens[to + 1] && (draft.word(to) === 'OF' || draft.word(to) === ',' || draft.word(to) === 'WAIT')) to++;
        return { from: i, to, edits: [draft.blank(i, to)] };
      }
      if (word === 'WITH' && /^(?:LOCAL|CASCADED|CHECK)$/.test(draft.word(i + 1)) && draft.tokens.slice(i, i + 4).at(-1)!.word.length > 0 && draft.tokens.slice(i, i + 4).some((token) => token.word === 'OPTION')) {
        return { from: i, to: draft.tokens.length - 1, edits: [draft.blank(i, draft.tokens.length - 1)] };
      }
      return null;
    },
  },
  {
    // LANGUAGE 'plpgsql'
    kind: 'quotes',
    dialects: ['postgresql'],
    match: (draft, i) => draft.word(i) === 'LANGUAGE' && /^'\w+'$/.test(draft.source(i + 1))
      ? { from: i, to: i + 1, edits: [draft.write(i + 1, i + 1, ` ${draft.source(i + 1).slice(1, -1)}`)] } : null,
  },
  {
    // UPDATE a [AS x] JOIN b ON .. SET ..; also `UPDATE a, b JOIN c ..`
    kind: 'joined-update',
    match: (draft, i) => {
      if (draft.word(i) !== 'UPDATE' || draft.open(i) >= 0 || draft.word(i - 1) === 'KEY' || draft.word(i - 1) === 'DO' || draft.word(i - 1) === 'FOR') return null;
      let first = i + 1;
      while (draft.word(first) === 'LOW_PRIORITY' || draft.word(first) === 'IGNORE') first++;
      const set = draft.tokens.findIndex((token, k) => k > i && token.word === 'SET' && draft.open(k) < 0);
      if (set < 0) return null;
      const joins = draft.tokens.slice(first, set).some((token, k) => draft.open(first + k) < 0 && (token.word === 'JOIN' || token.word === 'STRAIGHT_JOIN' || (token.word === ',' && draft.word(first + k + 1) === '(')));
      // The target that the tree keeps: a plain name, with its alias.
      let last = first;
      if (!joins || !draft.isName(first)) return null;
      while (draft.word(last + 1) === '.' && draft.isName(last + 2)) last += 2;
      if (draft.word(last + 1) === 'AS') last++;
      if (draft.isName(last + 1) && !/^(?:JOIN|STRAIGHT_JOIN|LEFT|RIGHT|INNER|CROSS|NATURAL|FULL|USE|FORCE|IGNORE|PARTITION)$/.test(draft.word(last + 1))) last++;
      return { from: i, to: set, edits: [draft.blank(last + 1, set - 1)], apart: { prefix: 'SELECT * FROM ', start: draft.tokens[first]!.start, end: draft.tokens[set - 1]!.end } };
    },
  },
  {
    // NEXT VALUE FOR s; SELECT a, b INTO @x, @y FROM t
    kind: 'argument',
    match: (draft, i) => {
      if ((draft.word(i) === 'NEXT' || draft.word(i) === 'PREVIOUS') && draft.has(i + 1, 'VALUE FOR') && draft.isName(i + 3)) {
        const to = draft.word(i + 4) === '.' ? i + 5 : i + 3;
        return { from: i, to, edits: [draft.write(i, to, 'NULL')] };
      }
      if (draft.word(i) !== 'INTO' || !draft.source(i + 1).startsWith('@')) return null;
      let to = i + 1;
      while (draft.word(to + 1) === ',' && /^(?:@|\w+$)/.test(draft.source(to + 2))) to += 2;
      return { from: i, to, edits: [draft.blank(i, to)] };
    },
  },
  ...ddlRules,
  {
    // A word that this dialect of the parser reserves and the database does not: REPLACE(a, b, c) and CHAR(65) of MySQL, a table called keys.
    kind: 'name',
    local: true,
    match: (draft, i, at) => {
      const token = draft.tokens[i];
      if (i !== at || token?.kind !== 'word' || token.word === '' || NEVER_A_NAME.has(token.word) || i === 0 || endsOperand(draft.tokens[i - 1])) return null;
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

/** Rewrites of what queries are made of: joins, clauses, operators and quotes. */
import { type Edit, NEVER_A_NAME } from './draft.js';
import { endsOperand } from './lexer.js';
import type { Rule } from './repair.js';

const FROM_FUNCTIONS = new Set(['SUBSTRING', 'SUBSTR', 'OVERLAY', 'TRIM']);

const JOIN_KINDS = new Set(['LEFT', 'RIGHT', 'FULL', 'INNER', 'OUTER', 'CROSS']);

const STARTS_QUERY = /^(?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE)$/;

/** Words of the grammar that an operand may start with. */
const STARTS_OPERAND = new Set('NOT NULL TRUE FALSE EXISTS CASE DISTINCT ALL CAST CONVERT EXTRACT INTERVAL ARRAY ROW TRIM SUBSTRING OVERLAY LEFT RIGHT'.split(' '));

export const queryRules: readonly Rule[] = [
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
];

/** Rewrites of what expressions are made of, and of words that change no rows: arguments, types, hints and options. */
import type { Draft } from './draft.js';
import { endsOperand } from './lexer.js';
import type { Rule } from './repair.js';

const TYPE_WORDS = /^(?:U?N?SIGNED|CHAR|NCHAR|BINARY)$/;

/** Words behind which a name stands. */
const BEFORE_NAME = new Set('FROM JOIN INTO UPDATE TABLE EXISTS INDEX VIEW TRIGGER REFERENCES COLUMN TO . REPLACE'.split(' '));

/** Is a name the only thing that may stand at a token: of a table, or of a column of a definition or of INSERT INTO t (..)? */
function namesHere(draft: Draft, i: number): boolean {
  const before = draft.word(i - 1);
  if (BEFORE_NAME.has(before)) return before !== 'REPLACE' || i === 1;
  if (before === 'ON') return draft.word(0) === 'CREATE' && draft.open(i) < 0;
  if (before === 'SET' || (before === ',' && draft.word(i + 1) === '=' && draft.open(i) < 0)) return draft.word(0) === 'UPDATE' && draft.word(i + 1) === '=';
  const open = draft.open(i);
  if ((before !== '(' && before !== ',') || open < 1 || draft.open(open) >= 0) return false;
  return draft.word(0) === 'CREATE' ? /^(?:TABLE|EXISTS)$/.test(draft.word(open - 2)) : draft.word(open - 2) === 'INTO' && /^(?:INSERT|REPLACE)$/.test(draft.word(0));
}

export const wordRules: readonly Rule[] = [
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
    // SQLite takes a string for a name where only that may stand (SQLite, "Double-quoted String Literals Are Accepted", "SQLite Keywords").
    kind: 'quotes',
    dialects: ['sqlite'],
    match: (draft, i) => /^'[^'"]+'$/.test(draft.source(i)) && namesHere(draft, i) ? { from: i, to: i, edits: [draft.write(i, i, draft.source(i).replaceAll("'", '"'))] } : null,
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
];

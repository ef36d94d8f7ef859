/**
 * Rewrites of definitions. MySQL's CREATE TABLE and ALTER TABLE are rewritten before the first parse: most real ones hold something that the
 * parser either does not know (`UNSIGNED`, `KEY name (..)`) or would take for a column (`ADD INDEX (a)`).
 * Grammar: MySQL 9 "CREATE TABLE", "ALTER TABLE", "CREATE INDEX", "CREATE VIEW".
 */
import type { Dialect } from '../manifest/catalog.js';
import type { Draft, Edit, NameDetails } from './draft.js';
import type { IndexDetails, Match, RepairKind, Rule } from './repair.js';

const MYSQL: readonly Dialect[] = ['mysql', 'mariadb'];
const NOW = /^(?:CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)$/;

/** One item of a table's definition, or one action of ALTER TABLE: the indexes of its first and last token. */
interface Item {
  readonly from: number;
  readonly to: number;
  /** What to do with it; absent: it stays. */
  readonly change?: { readonly kind: RepairKind; readonly index?: IndexDetails; readonly column?: NameDetails; readonly edits?: readonly Edit[] };
}

/** A CREATE TABLE or ALTER TABLE in parts. */
interface TableDefinition {
  readonly create: boolean;
  readonly items: readonly Item[];
  /** The position of the first item that stays; -1 where none does. */
  readonly firstKept: number;
  /** The position of the item that a token is part of; -1 for the tokens between and around. */
  readonly itemAt: Int32Array;
  /** The index of the `(` that the items stand in; -1 for ALTER TABLE. */
  readonly open: number;
  readonly close: number;
}

const known = new WeakMap<Draft, TableDefinition | null>();

function definitionOf(draft: Draft): TableDefinition | null {
  let definition = known.get(draft);
  if (definition === undefined) known.set(draft, definition = readDefinition(draft));
  return definition;
}

function readDefinition(draft: Draft): TableDefinition | null {
  const create = draft.word(0) === 'CREATE';
  if (!create && draft.word(0) !== 'ALTER') return null;
  let table = 1;
  while (/^(?:OR|REPLACE|GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|FOREIGN|EXTERNAL|IGNORE)$/.test(draft.word(table))) table++;
  if (draft.word(table) !== 'TABLE') return null;
  let name = table + 1;
  while (/^(?:IF|NOT|EXISTS|ONLY)$/.test(draft.word(name))) name++;
  if (!draft.isName(name)) return null;
  while (draft.word(name + 1) === '.') name += 2;
  const mysql = MYSQL.includes(draft.dialect);
  if (!create) {
    const actions = split(draft, name + 1, draft.tokens.length, -1);
    const items = mysql ? actions.map((item) => ({ ...item, change: alterAction(draft, item.from) })) : actions;
    return { create, open: -1, close: draft.tokens.length, itemAt: positions(draft, items), items, firstKept: items.findIndex(isKept) };
  }
  const open = name + 1, close = draft.close(open);
  if (close < 0) return null;
  const parts = split(draft, open + 1, close, open);
  const items = mysql ? parts.map((item) => ({ ...item, change: createItem(draft, item.from, item.to) })) : parts;
  return { create, open, close, itemAt: positions(draft, items), items, firstKept: items.findIndex(isKept) };
}

function isKept({ change }: Item): boolean {
  return !change || change.edits !== undefined;
}

function positions(draft: Draft, items: readonly Item[]): Int32Array {
  const itemAt = new Int32Array(draft.tokens.length + 1).fill(-1);
  items.forEach((item, position) => itemAt.fill(position, item.from, item.to + 1));
  return itemAt;
}

function split(draft: Draft, from: number, end: number, open: number): Item[] {
  const items: Item[] = [];
  let start = from;
  for (let i = from; i <= end; i++) {
    if (i < end && !(draft.word(i) === ',' && draft.open(i) === open)) continue;
    if (start < i) items.push({ from: start, to: i - 1 });
    start = i + 1;
  }
  return items;
}

/** `[CONSTRAINT [c]] UNIQUE [KEY] [i] [USING x] (a, b)`, `KEY i (a)`, `FULLTEXT INDEX i (a)` at an index; null where it is none, or one that the parser knows. */
function indexAt(draft: Draft, from: number): IndexDetails | null {
  let i = from, named: NameDetails | null = null;
  if (draft.word(i) === 'CONSTRAINT') {
    i++;
    if (draft.word(i) !== 'UNIQUE') named = draft.isName(i) ? draft.name(i++) : null;
    if (draft.word(i) !== 'UNIQUE') return null;
  }
  const unique = draft.word(i) === 'UNIQUE';
  const first = i;
  while (/^(?:UNIQUE|FULLTEXT|SPATIAL)$/.test(draft.word(i))) i++;
  const keyword = /^(?:KEY|INDEX)$/.test(draft.word(i));
  if (keyword) i++;
  if (i === first || (!keyword && i - first === 1 && !unique && draft.word(first) !== 'FULLTEXT' && draft.word(first) !== 'SPATIAL')) return null;
  if (/^IF$/.test(draft.word(i))) i += 3;
  let bare = true;
  if (draft.word(i) !== '(' && draft.word(i) !== 'USING' && draft.isName(i)) {
    named = draft.name(i++);
    bare = false;
  }
  if (draft.word(i) === 'USING') {
    i += 2;
    bare = false;
  }
  const close = draft.close(i);
  if (close < 0) return null;
  const simple = draft.tokens.slice(i + 1, close).every((token) => token.kind === 'word' ? token.word !== 'ASC' && token.word !== 'DESC' : token.kind === 'name' || token.word === ',');
  if (unique && bare && simple) return null;
  const columns = split(draft, i + 1, close, i).map((item) => draft.isName(item.from) && (item.to === item.from || /^(?:\(|ASC|DESC)$/.test(draft.word(item.from + 1)))
    ? draft.name(item.from)
    : { name: draft.text.slice(draft.tokens[item.from]!.start, draft.tokens[item.to]!.end), start: draft.tokens[item.from]!.start, end: draft.tokens[item.to]!.end });
  return { action: 'add', name: named, unique, primary: false, columns };
}

function createItem(draft: Draft, from: number, to: number): Item['change'] {
  const index = indexAt(draft, from);
  if (index) return { kind: 'index', index };
  if (draft.word(from) === 'PRIMARY' || draft.word(from) === 'CONSTRAINT') {
    // PRIMARY KEY (a) USING BTREE, FOREIGN KEY (a) REFERENCES .. stay; options behind a primary key's columns go.
    const key = draft.word(from) === 'PRIMARY' ? from : from + 2;
    const close = draft.has(key, 'PRIMARY KEY') ? draft.close(draft.word(key + 2) === 'USING' ? key + 4 : key + 2) : -1;
    if (close > 0 && close < to) return { kind: 'option', edits: [draft.blank(close + 1, to)] };
  }
  return undefined;
}

function alterAction(draft: Draft, from: number): Item['change'] {
  const word = draft.word(from), next = draft.word(from + 1);
  const drop = (details: Partial<IndexDetails>): Item['change'] => ({ kind: 'index', index: { action: 'drop', name: null, unique: false, primary: false, columns: [], ...details } });
  switch (word) {
    case 'ADD': {
      if (next === 'PARTITION' || (next === 'COLUMN' && draft.word(from + 2) === '(') || next === '(') return { kind: 'action' };
      const index = indexAt(draft, from + 1);
      return index ? { kind: 'index', index } : undefined;
    }
    case 'DROP': {
      if (next === 'PRIMARY') return drop({ primary: true });
      if (next === 'INDEX' || next === 'KEY') {
        const name = draft.word(from + 2) === 'IF' ? from + 4 : from + 2;
        return draft.isName(name) ? drop({ name: draft.name(name) }) : { kind: 'action' };
      }
      return next === 'FOREIGN' || next === 'CHECK' || next === 'PARTITION' ? { kind: 'action' } : undefined;
    }
    case 'MODIFY': case 'CHANGE': {
      let column = from + 1;
      if (draft.word(column) === 'COLUMN') column++;
      if (draft.has(column, 'IF EXISTS')) column += 2;
      if (!draft.isName(column)) return { kind: 'action' };
      const edits = [draft.write(from, column - 1, 'ADD')];
      if (word === 'CHANGE') edits.push(draft.blank(column, column));
      return { kind: word === 'CHANGE' ? 'change-column' : 'modify-column', column: draft.name(column), edits };
    }
    case 'ALTER': return next === 'INDEX' || next === 'CHECK' || next === 'CONSTRAINT' ? { kind: 'action' } : undefined;
    case 'RENAME': return next === 'INDEX' || next === 'KEY' ? { kind: 'action' } : undefined;
    default: return { kind: 'action' };
  }
}

/** Blanks over an item, and over the comma that would be left over. */
function without(draft: Draft, definition: TableDefinition, position: number): Edit[] {
  const { items, firstKept } = definition;
  const item = items[position]!;
  const edits = [draft.blank(position > 0 ? item.from - 1 : item.from, item.to)];
  const next = items[position + 1];
  if (next && isKept(next) && (firstKept < 0 || firstKept >= position)) edits.push(draft.blank(item.to + 1, item.to + 1));
  return edits;
}

/** Is a token part of a column's definition (not of a nested parenthesis)? */
function inColumn(draft: Draft, index: number): TableDefinition | null {
  const definition = definitionOf(draft);
  return definition?.items[0] && draft.open(index) === definition.open && index > definition.items[0].from && index < definition.close ? definition : null;
}

export const ddlRules: readonly Rule[] = [
  {
    kind: 'action',
    dialects: MYSQL,
    always: true,
    match: (draft, i) => {
      const definition = definitionOf(draft);
      const position = definition?.itemAt[i] ?? -1;
      const item = definition?.items[position];
      if (!definition || item?.from !== i || !item.change) return null;
      const { kind, index, column, edits } = item.change;
      return { from: item.from, to: item.to, kind, ...(index && { index }), ...(column && { column }), edits: edits ?? without(draft, definition, position) };
    },
  },
  {
    kind: 'option',
    dialects: MYSQL,
    always: true,
    match: (draft, i) => {
      const word = draft.word(i);
      const found = (to: number): Match | null => draft.tokens[to] ? { from: i, to, edits: [draft.blank(i, to)] } : null;
      const definition = inColumn(draft, i);
      if (definition) {
        const change = definition.items[definition.itemAt[i]!]?.change;
        if (change && !change.edits) return null;
        if (word === 'UNSIGNED' || word === 'SIGNED' || word === 'ZEROFILL' || (word === 'BINARY' && draft.word(i - 1) === ')')) return found(i);
        if (word === 'CHARACTER' && draft.word(i + 1) === 'SET') return found(i + 2);
        if (word === 'CHARSET' || word === 'COLLATE') return found(i + 1);
        if (draft.has(i, 'ON UPDATE') && NOW.test(draft.word(i + 2))) return found(draft.close(i + 3) > 0 ? draft.close(i + 3) : i + 2);
        if (NOW.test(word) && word !== 'NOW' && draft.close(i + 1) > 0) return { from: i, to: draft.close(i + 1), edits: [draft.blank(i + 1, draft.close(i + 1))] };
        if (word === 'CONSTRAINT' && /^(?:FOREIGN|PRIMARY|UNIQUE|CHECK)$/.test(draft.word(i + 1))) return found(i);
        if (draft.has(i, 'IF NOT EXISTS') && /^(?:KEY|INDEX|UNIQUE)$/.test(draft.word(i - 1))) return found(i + 2);
        if (word === 'SRID') return found(i + 1);
        if (word === 'PERSISTENT' && draft.word(i - 1) === ')') return { from: i, to: i, edits: [draft.write(i, i, 'STORED')] };
        if (!definition.create && word === 'AFTER' && draft.isName(i + 1)) return found(i + 1);
        if (!definition.create && word === 'FIRST' && (draft.word(i + 1) === ',' || !draft.tokens[i + 1])) return found(i);
      }
      // What stands behind the columns: ENGINE=InnoDB, PARTITION BY ..
      const table = definitionOf(draft);
      if (table?.create && i === table.close + 1) {
        let end = i;
        while (end < draft.tokens.length && !(draft.open(end) < 0 && /^(?:AS|SELECT|WITH|VALUES|TABLE)$/.test(draft.word(end)))) end++;
        return end > i ? found(end - 1) : null;
      }
      // CREATE UNIQUE INDEX i USING BTREE ON t (a) COMMENT 'x' LOCK=NONE; DROP INDEX i ON t LOCK=NONE
      if (draft.word(0) === 'CREATE' && /^(?:INDEX|UNIQUE|FULLTEXT|SPATIAL)$/.test(draft.word(1))) {
        if (word === 'USING' && draft.open(i) < 0 && draft.word(i + 2) === 'ON') return found(i + 1);
        if (draft.word(i - 1) === ')' && draft.open(i) < 0 && word !== ')') return found(draft.tokens.length - 1);
      }
      if (draft.has(0, 'DROP INDEX') && (word === 'ALGORITHM' || word === 'LOCK') && i > 2) return found(draft.tokens.length - 1);
      // CREATE OR REPLACE ALGORITHM=MERGE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW v
      if (draft.word(0) === 'CREATE' && i === (draft.word(1) === 'OR' ? 3 : 1) && /^(?:ALGORITHM|DEFINER|SQL)$/.test(word)) {
        const view = draft.tokens.findIndex((token) => token.word === 'VIEW');
        return view > i ? found(view - 1) : null;
      }
      return null;
    },
  },
  {
    // CREATE TABLE t SELECT ..; CREATE TABLE t () INHERITS (u)
    kind: 'option',
    match: (draft, i) => {
      if (draft.word(0) !== 'CREATE' || draft.open(i) >= 0 || !draft.tokens.slice(1, 5).some((token) => token.word === 'TABLE')) return null;
      const end = draft.tokens[i]!.end;
      if (draft.word(i + 1) === 'SELECT' && draft.word(i) !== 'AS' && draft.open(i + 1) < 0) return { from: i, to: i + 1, edits: [draft.write(i, i, draft.source(i))], insert: { at: end, text: ' AS ' } };
      return draft.has(i, '( )') ? { from: i, to: i + 1, edits: [draft.write(i, i, '(')], insert: { at: end, text: 'h int' } } : null;
    },
  },
  {
    // INSERT INTO t VALUES ()
    kind: 'option',
    dialects: MYSQL,
    match: (draft, i) => draft.has(i, 'VALUES ( )') ? { from: i, to: i + 2, edits: [draft.write(i, i + 2, 'SELECT 1')] } : null,
  },
  {
    // An option of a column or constraint that nobody knows: the rest of its item, up to a keyword that starts another option.
    kind: 'option',
    local: true,
    match: (draft, i, at) => {
      const definition = definitionOf(draft);
      if (!definition?.create || i !== at) return null;
      if (i > definition.close) return draft.tokens.slice(i).some((token) => token.word === 'AS' || token.word === 'SELECT') ? null : { from: i, to: draft.tokens.length - 1, edits: [draft.blank(i, draft.tokens.length - 1)] };
      const position = definition.itemAt[i]!;
      const item = definition.items[position];
      if (!item || draft.open(i) !== definition.open) return null;
      if (i <= item.from + 1) return definition.items.length > 1 ? { from: item.from, to: item.to, edits: without(draft, definition, position) } : null;
      let to = i;
      while (to < item.to && !(draft.open(to + 1) === definition.open && /^(?:NOT|NULL|DEFAULT|PRIMARY|UNIQUE|REFERENCES|CHECK|CONSTRAINT|GENERATED|COLLATE|AUTO_INCREMENT|COMMENT)$/.test(draft.word(to + 1)))) to++;
      return { from: i, to, edits: [draft.blank(i, to)] };
    },
  },
  {
    // An action of ALTER TABLE that nobody knows.
    kind: 'action',
    local: true,
    match: (draft, i, at) => {
      const definition = definitionOf(draft);
      if (!definition || definition.create || i !== at || definition.items.length < 2) return null;
      const position = Math.max(definition.itemAt[i]!, definition.itemAt[i - 1]!);
      const item = definition.items[position];
      return item ? { from: item.from, to: item.to, edits: without(draft, definition, position) } : null;
    },
  },
];

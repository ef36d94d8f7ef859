import assert from 'node:assert/strict';
import { foldLists } from '../../lib/sql/fold.js';
import { tokenize } from '../../lib/sql/lexer.js';
import { parseStatement } from '../../lib/sql/parse.js';
import { plainText } from '../../lib/sql/sql-text.js';
import type { Dialect } from '../../lib/manifest/catalog.js';

const { parse } = require('sql-parser-cst/lib/parser') as { parse: (text: string, options: object) => { statements: object[] } };

const list = (count: number, item: string, between = ', '): string => Array.from({ length: count }, (_, i) => item.replaceAll('#', String(i))).join(between);
const words = (text: string, dialect: Dialect = 'postgresql') => tokenize(text, dialect).filter(({ kind }) => kind !== 'comment');
/** How many tokens are left of a text's. */
const left = (text: string, dialect: Dialect = 'postgresql'): number => foldLists(words(text, dialect), text, dialect)?.tokens.length ?? words(text, dialect).length;

/** Statements whose lists are folded, and the most of their tokens that may be left. */
const FOLDED: readonly [name: string, text: string, left: number, dialect?: Dialect][] = [
  ['columns', `SELECT ${list(900, 'c#')} FROM t WHERE a = 1`, 20],
  ['columns of two shapes', `SELECT ${list(300, 'c#, f(c#) AS "x#"')} FROM t`, 40],
  ['conditions', `SELECT 1 FROM t WHERE ${list(400, "a# = '#'", ' AND ')} ORDER BY a`, 40],
  ['conditions with OR around AND', `SELECT 1 FROM t WHERE ${list(200, 'a# = # AND b# IS NULL', ' OR ')}`, 50],
  ['AND between OR', `SELECT 1 FROM t WHERE x OR ${list(400, 'a# > #', ' AND ')} OR y`, 40],
  ['BETWEEN', `SELECT 1 FROM t WHERE ${list(200, 'a# BETWEEN # AND #', ' AND ')}`, 50],
  ['conditions in parentheses', `SELECT 1 FROM t WHERE c AND (${list(400, 'a# = #', ' OR ')}) AND NOT (${list(400, 'a# = #', ' OR ')})`, 60],
  ['items of IN that are no literals', `SELECT 1 FROM t WHERE a IN (${list(500, 'f(c#)')})`, 40],
  ['assignments', `UPDATE t SET ${list(400, 'a# = a# + 1')} WHERE id = 1`, 40],
  ['arguments', `SELECT concat(${list(400, "a#, 'x'")}) FROM t`, 40],
  ['CASE', `SELECT CASE WHEN ${list(300, 'a# = 1', ' AND ')} THEN 1 ELSE 2 END, ${list(100, 'CASE WHEN a# AND b THEN # ELSE 0 END')}, 1 FROM t`, 70],
  ['branches of CASE', `SELECT CASE a ${list(200, 'WHEN # THEN b#', ' ')} ELSE 0 END, CASE ${list(100, "WHEN a > # AND b < # THEN '#' WHEN c THEN #", ' ')} END FROM t`, 60],
  ['two lists of one SELECT, and of another', `SELECT ${list(200, 'a#')} FROM t GROUP BY ${list(200, 'a#')} UNION ALL SELECT ${list(200, 'b#')} FROM u ORDER BY ${list(200, '#')}`, 60],
  ['columns of a definition', `CREATE TABLE t (${list(200, 'c# varchar(20) NOT NULL')}, PRIMARY KEY (c1))`, 50],
  ['common table expressions', `WITH ${list(150, 'x# AS (SELECT # FROM t WHERE a = #)')} SELECT 1`, 60],
  ['queries in conditions', `SELECT 1 FROM t WHERE ${list(100, 'EXISTS (SELECT 1 FROM u# WHERE u#.a = t.a)', ' AND ')}`, 70],
  ['line breaks and comments', `SELECT ${list(400, 'c# -- the #th\n', ',\n')}, 2 FROM t`, 40],
  ['backquotes', `SELECT ${list(900, '`c#`')} FROM t`, 20, 'mysql'],
];

describe('foldLists and unfold', () => {
  it('leave short statements, short lists and lists of unlike items alone', () => {
    for (const text of [
      `SELECT ${list(100, 'c#')} FROM t`, `SELECT ${list(8, 'c#')}, ${'('.repeat(300)}1${')'.repeat(300)} FROM t`, `SELECT ${Array.from({ length: 40 }, (_, i) => Array.from({ length: i + 1 }, () => 'a').join(' + ')).join(', ')} FROM t`,
      `SELECT ${list(900, 'c#')} FROM (t`, `SELECT CASE ${list(900, 'c#')} FROM t`, `SELECT 1 FROM ${list(900, 't#')}`,
    ]) assert.equal(left(text), words(text).length, text.slice(0, 60));
  });

  for (const [name, text, most, dialect = 'postgresql'] of FOLDED) {
    it(`read ${name} as the parser reads the whole text`, () => {
      assert.ok(left(text, dialect) <= most, `${left(text, dialect)} words left`);
      const ours = parseStatement(plainText(text), { start: 0, end: text.length, comments: [] }, dialect);
      assert.ok(ours.ok);
      assert.deepEqual(ours.cst, parse(text, { dialect, includeRange: true, paramTypes: [] }).statements[0]);
      assert.equal(ours.text, text);
      assert.deepEqual(ours.repairs, []);
    });
  }

  it('give way where an item is not what it seemed, or has to be repaired', () => {
    for (const [text, dialect] of [
      [`SELECT ${list(300, 'a# AND b XOR c#', ' AND ')} FROM t`, 'mysql'],
      [`SELECT ${list(300, 'f(t#.*)')} FROM t`, 'postgresql'],
      [`CREATE TABLE t (${list(200, 'c# int unsigned NOT NULL')}, c int)`, 'mysql'],
    ] as const) {
      const ours = parseStatement(plainText(text), { start: 0, end: text.length, comments: [] }, dialect);
      assert.ok(ours.ok, text.slice(0, 60));
      const names: string[] = [];
      JSON.stringify(ours.cst, (key, value) => { if (key === 'text' && /^[atc]\d+$/.test(value)) names.push(value); return value; });
      assert.equal(new Set(names).size, text.startsWith('CREATE') ? 200 : text.includes('XOR') ? 600 : 300);
    }
  });

  it('keep holes at their places', () => {
    const columns = list(400, 'c#'), text = `SELECT ${columns}, ${' '.repeat(5)}, d FROM t WHERE a = 1`;
    const start = text.indexOf('     ');
    const ours = parseStatement({ ...plainText(text), holes: [{ start, end: start + 5, kind: 'unknown' }] }, { start: 0, end: text.length, comments: [] }, 'postgresql');
    assert.ok(ours.ok);
    const items = (ours.cst.clauses as { columns: { items: { range: number[] }[] } }[])[0]!.columns.items;
    assert.equal(items.length, 402);
    assert.deepEqual(items[400]!.range, [start, start + 5]);
  });
});

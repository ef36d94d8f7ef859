import assert from 'node:assert/strict';
import { tokenize } from '../../lib/sql/lexer.js';
import { parseStatement } from '../../lib/sql/parse.js';
import { shapeOf } from '../../lib/sql/shape.js';
import { plainText } from '../../lib/sql/sql-text.js';
import type { Dialect } from '../../lib/manifest/catalog.js';
import { ALL } from './constructs.js';

const keyOf = (text: string, dialect: Dialect = 'postgresql'): string => shapeOf(text, tokenize(text, dialect), dialect).key;

/** Other literals and quoted names, of other lengths, and other blanks. */
function respelled(text: string, dialect: Dialect, salt: string): string {
  let result = '', last = 0;
  for (const { kind, start, end } of tokenize(text, dialect)) {
    const words = text.slice(start, end);
    result += text.slice(last, start).replace(/ +/g, (blank) => `${blank}  `);
    result += /^'[^'\\]+'$/.test(words) ? `'${words.slice(1, -1)}${salt}'` : kind === 'name' && /^["`][^"`.]+["`]$/.test(words) ? words[0]! + words.slice(1, -1) + salt + words[0]!
      : kind === 'number' && /^\d{1,9}$/.test(words) ? `${words}${salt.length}` : words;
    last = end;
  }
  return result + text.slice(last);
}

function parsed(text: string, dialect: Dialect, at: number) {
  const sql = plainText(`${' '.repeat(at)}${text}`);
  return parseStatement(sql, { start: at, end: at + text.length, comments: [] }, dialect);
}

/** The same where nothing is kept: long texts are parsed each time. */
function parsedAnew(text: string, dialect: Dialect, at: number) {
  const result = parsed(text + ' '.repeat(20_001), dialect, at);
  return result.ok ? { ...result, text: result.text.slice(0, text.length) } : result;
}

describe('statements of the same shape', () => {
  it('are those that differ in plain literals, quoted names and blanks alone', () => {
    const key = keyOf('SELECT a FROM "t" WHERE b = 1 AND c = \'x\'');
    for (const other of ["SELECT a FROM \"users\" WHERE b = 42 AND c = 'it is'", "SELECT  a FROM \"t\"  WHERE b = 1 AND c = ''"]) assert.equal(keyOf(other), key);
    for (const other of [
      "SELECT a FROM t WHERE b = 1 AND c = 'x'", "SELECT b FROM \"t\" WHERE b = 1 AND c = 'x'", "SELECT a FROM \"t\" WHERE b = 1.5 AND c = 'x'", "SELECT a FROM \"t\" WHERE b = 1 AND c = E'x'",
      "SELECT a FROM \"t\" WHERE b = 1 AND c = 'it''s'", "SELECT a FROM \"t\" WHERE b = 1 AND c ='x'", "SELECT a FROM \"t\" WHERE b = 1 AND c =\n'x'", 'SELECT a FROM "t" WHERE b = 1 AND c = "x"',
    ]) assert.notEqual(keyOf(other), key, other);
    assert.notEqual(keyOf('SELECT a FROM `t`', 'bigquery'), keyOf('SELECT a FROM `t.u`', 'bigquery'));
    assert.notEqual(keyOf('SELECT /*+ x */ 1', 'mysql'), keyOf('SELECT /*+ y */ 1', 'mysql'));
  });

  it('have the same tree but for these', () => {
    let compared = 0;
    for (const [dialect, text] of ALL) {
      parsed(text, dialect, 3);
      const other = respelled(text, dialect, '_zzz');
      const copied = parsed(other, dialect, 11), anew = parsedAnew(other, dialect, 11);
      if (!copied.ok || !anew.ok) assert.equal(copied.ok, anew.ok);
      else if (copied.repairs.length === 0) assert.deepEqual([copied.cst, copied.orphans, copied.text], [anew.cst, anew.orphans, anew.text], other);
      if (keyOf(other, dialect) === keyOf(text, dialect) && other !== text) compared++;
    }
    assert.ok(compared > 100, String(compared));
  }).timeout(120_000);

  it('stay what they are when others have been read', () => {
    const first = parsed("INSERT INTO \"a\" VALUES (1, 'x')", 'postgresql', 0);
    const before = structuredClone(first);
    const second = parsed("INSERT INTO \"longer\" VALUES (12345, 'yy')", 'postgresql', 7);
    assert.deepEqual(first, before);
    assert.ok(second.ok);
    const rows: unknown[] = [];
    JSON.stringify(second.cst, (_, value) => { if (value?.type === 'number_literal' || value?.type === 'string_literal') rows.push([value.value, value.text, value.range]); return value; });
    assert.deepEqual(rows, [[12345, '12345', [36, 41]], ['yy', "'yy'", [43, 47]]]);
  });
});

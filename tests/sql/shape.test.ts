import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokenize } from '../../lib/sql/lexer.js';
import { parseStatement } from '../../lib/sql/parse.js';
import { shapeOf } from '../../lib/sql/shape.js';
import { plainText } from '../../lib/sql/sql-text.js';
import { GRAMMAR_WORDS } from '../../lib/sql/grammar-words.generated.js';
import type { Dialect } from '../../lib/manifest/catalog.js';
import { grammarWordsCode } from '../../tools/build-grammar-words.js';
import { ALL } from './constructs.js';

const keyOf = (text: string, dialect: Dialect = 'postgresql'): string => shapeOf(text, tokenize(text, dialect), dialect).key;

/** Other literals and names, of other lengths, and other blanks. */
function respelled(text: string, dialect: Dialect, salt: string): string {
  let result = '', last = 0;
  for (const { kind, start, end, word } of tokenize(text, dialect)) {
    const words = text.slice(start, end);
    result += text.slice(last, start).replace(/ +/g, (blank) => `${blank}  `);
    result += /^'[^'\\]+'$/.test(words) ? `'${words.slice(1, -1)}${salt}'` : kind === 'name' && /^["`][^"`.]+["`]$/.test(words) ? words[0]! + words.slice(1, -1) + salt + words[0]!
      : kind === 'word' && /^[A-Z_]+$/.test(word) && !GRAMMAR_WORDS.has(word) && !/['"`]/.test(text[end] ?? '') ? words + salt
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
  it('are those that differ in plain literals, names and blanks alone', () => {
    const key = keyOf('SELECT a FROM "t" WHERE b = 1 AND c = \'x\'');
    for (const other of ["SELECT a FROM \"users\" WHERE b = 42 AND c = 'it is'", "SELECT  a FROM \"t\"  WHERE b = 1 AND c = ''", "SELECT b FROM \"t\" WHERE b2 = 1 AND user_id = 'x'"]) assert.equal(keyOf(other), key);
    for (const other of [
      "SELECT a FROM t WHERE b = 1 AND c = 'x'", "SELECT key FROM \"t\" WHERE b = 1 AND c = 'x'", "SELECT ü FROM \"t\" WHERE b = 1 AND c = 'x'", "SELECT a FROM \"t\" WHERE b = 1.5 AND c = 'x'", "SELECT a FROM \"t\" WHERE b = 1 AND c = E'x'",
      "SELECT a FROM \"t\" WHERE b = 1 AND c = 'it''s'", "SELECT a FROM \"t\" WHERE b = 1 AND c ='x'", "SELECT a FROM \"t\" WHERE b = 1 AND c =\n'x'", 'SELECT a FROM "t" WHERE b = 1 AND c = "x"',
    ]) assert.notEqual(keyOf(other), key, other);
    assert.notEqual(keyOf('SELECT a FROM `t`', 'bigquery'), keyOf('SELECT a FROM `t.u`', 'bigquery'));
    assert.notEqual(keyOf('SELECT 1 /* x'), keyOf('SELECT 1 /* x */'));
    assert.notEqual(keyOf('SELECT /*+ x */ 1', 'mysql'), keyOf('SELECT /*+ y */ 1', 'mysql'));
  });

  it('know every word that the parser or a rewrite knows', () => {
    assert.equal(readFileSync(join(__dirname, '../../lib/sql/grammar-words.generated.ts'), 'utf8'), grammarWordsCode(), 'run npm run generate');
    for (const word of ['SELECT', 'RLIKE', 'AUTO_INCREMENT', 'TOP', 'NATURAL', 'JSONB', 'ENGINE', 'TABLOCKX', 'PREWHERE']) assert.ok(GRAMMAR_WORDS.has(word), word);
    assert.notEqual(keyOf("SELECT _utf8mb4'x' FROM t", 'mysql'), keyOf("SELECT _latin1'x' FROM t", 'mysql'));
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

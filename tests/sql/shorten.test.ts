import assert from 'node:assert/strict';
import { tokenize } from '../../lib/sql/lexer.js';
import { shortenLists } from '../../lib/sql/shorten.js';

const list = (count: number, item: (i: number) => string): string => Array.from({ length: count }, (_, i) => item(i)).join(', ');

function shortened(text: string): string {
  let result = text;
  for (const { start, end, text: blank } of shortenLists(tokenize(text, 'postgresql'), text)) {
    assert.equal(blank.length, end - start);
    assert.equal(blank.trim(), '');
    result = result.slice(0, start) + blank + result.slice(end);
  }
  assert.equal(result.length, text.length);
  return result.replace(/\s+/g, ' ');
}

describe('shortenLists', () => {
  it('leaves short lists alone', () => {
    for (const text of [`SELECT a IN (${list(20, String)})`, `INSERT INTO t VALUES ${list(20, (i) => `(${i})`)}`]) assert.equal(shortened(text), text);
  });

  it('cuts long lists of literals', () => {
    assert.equal(shortened(`SELECT * FROM t WHERE a IN (${list(90, String)}) AND b`), `SELECT * FROM t WHERE a IN (${list(24, String)} ) AND b`);
    assert.equal(shortened(`SELECT ARRAY[${list(90, (i) => `'${i}'`)}]`), `SELECT ARRAY[${list(24, (i) => `'${i}'`)} ]`);
  });

  it('cuts rows, and keeps what follows them', () => {
    assert.equal(shortened(`INSERT INTO t VALUES ${list(90, (i) => `(${i}, now())`)} ON CONFLICT DO NOTHING`), `INSERT INTO t VALUES ${list(24, (i) => `(${i}, now())`)} ON CONFLICT DO NOTHING`);
  });

  it('keeps rows and lists in which a query stands', () => {
    const rows = `${list(60, (i) => `(${i})`)}, ((SELECT a FROM u)), ${list(60, (i) => `(${i})`)}`;
    assert.equal(shortened(`INSERT INTO t VALUES ${rows}`), `INSERT INTO t VALUES ${list(24, (i) => `(${i})`)} , ((SELECT a FROM u)) `.replace(/ $/, ' '));
    const items = `${list(60, String)}, (SELECT a FROM u)`;
    assert.equal(shortened(`SELECT a IN (${items})`), `SELECT a IN (${items})`);
  });

  it('leaves a list without its end alone', () => {
    const text = `SELECT a IN (${list(90, String)}`;
    assert.equal(shortened(text), text);
  });
});

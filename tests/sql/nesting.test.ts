import assert from 'node:assert/strict';
import type { Dialect } from '../../lib/manifest/catalog.js';
import { tokenize } from '../../lib/sql/lexer.js';
import { type Group, nest } from '../../lib/sql/nesting.js';

/** Groups as `kind(words)`, outermost first. */
function groups(text: string, dialect: Dialect = 'postgresql'): string[] {
  const nesting = nest(tokenize(text, dialect), dialect);
  assert.ok(nesting.ok);
  const flat = (group: Group): string[] => [`${group.kind}${text.slice(group.start, group.end)}`, ...group.inner.flatMap(flat)];
  return nesting.groups.flatMap(flat);
}

const rows: readonly (readonly [string, readonly string[], Dialect?])[] = [
  ['SELECT (a), f(b), c IN (1, 2), d = ANY (e)', ['expression(a)', 'expression(b)', 'expression(1, 2)', 'expression(e)']],
  ['SELECT * FROM t WHERE (a OR (b AND c))', ['expression(a OR (b AND c))', 'expression(b AND c)']],
  ['SELECT (SELECT 1), EXISTS (SELECT 2)', ['query(SELECT 1)', 'query(SELECT 2)']],
  ['WITH x AS (SELECT 1), y (a) AS (DELETE FROM t RETURNING a) SELECT 1', ['query(SELECT 1)', 'structure(a)', 'query(DELETE FROM t RETURNING a)']],
  ['SELECT * FROM (a JOIN b ON (c)) JOIN (SELECT 1) x ON f(y)', ['structure(a JOIN b ON (c))', 'expression(c)', 'query(SELECT 1)', 'expression(y)']],
  ['SELECT * FROM f(1), (VALUES (1)) AS x(a)', ['structure(1)', 'query(VALUES (1))', 'structure(1)', 'structure(a)']],
  ['SELECT CAST(a AS int), sum(b) FILTER (WHERE c) OVER (ORDER BY d)', ['structure(a AS int)', 'expression(b)', 'structure(WHERE c)', 'structure(ORDER BY d)']],
  ['INSERT INTO t (a) VALUES (f(1)), (2)', ['structure(a)', 'structure(f(1))', 'expression(1)', 'structure(2)']],
  ['CREATE TABLE t (a int CHECK (b > (c)))', ['structure(a int CHECK (b > (c)))', 'structure(b > (c))', 'expression(c)']],
  ['SELECT ((SELECT 1))', ['expression((SELECT 1))', 'query(SELECT 1)']],
  ['SELECT a = (VALUES(b) + 1)', ['expression(VALUES(b) + 1)', 'structure(b)'], 'mysql'],
  ["SELECT '(', \"(\" /* ( */ -- (", []],
];

describe('nest', () => {
  for (const [text, expected, dialect] of rows) it(text, () => { assert.deepEqual(groups(text, dialect), expected); });

  it('counts the levels of parentheses, and of queries', () => {
    const nesting = nest(tokenize('SELECT (((1))), (SELECT ((2)) FROM (SELECT 3) x)', 'postgresql'), 'postgresql');
    assert.ok(nesting.ok);
    assert.deepEqual(nesting.groups.map(({ depth, queries }) => [depth, queries]), [[2, 0], [2, 2]]);
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['SELECT (1', '(1', /match/], ['SELECT 1) + (2', ') +', /match/], ['SELECT (1)) + (', ') + (', /match/], [`SELECT ${'a['.repeat(8)}`, '[a[', /brackets/],
  ];
  for (const [text, at, reason] of refused) {
    it(`refuses ${text}`, () => {
      const nesting = nest(tokenize(text, 'postgresql'), 'postgresql');
      assert.ok(!nesting.ok);
      assert.match(nesting.reason, reason);
      if (!at.startsWith('[')) assert.equal(nesting.offset, text.lastIndexOf(at));
    });
  }
});

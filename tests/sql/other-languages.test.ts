import assert from 'node:assert/strict';
import { otherLanguage } from '../../lib/sql/other-languages.js';
import { parseStatement } from '../../lib/sql/parse.js';
import { plainText } from '../../lib/sql/sql-text.js';

const parser = require('sql-parser-cst/lib/parser') as { parse: (text: string, options: object) => unknown };

/** What a text is read as, and how often the parser was asked in vain. */
function reading(text: string): { reason: string | null; failures: number } {
  const { parse } = parser;
  let failures = 0;
  const counting = (input: string, options: object): unknown => {
    try {
      return parse(input, options);
    } catch (error) {
      failures++;
      throw error;
    }
  };
  parseStatement(plainText('SELECT 1'), { start: 0, end: 8, comments: [] }, 'postgresql');
  Object.assign(parser, { parse: counting });
  try {
    const parsed = parseStatement(plainText(text), { start: 0, end: text.length, comments: [] }, 'postgresql');
    return { reason: parsed.ok ? null : parsed.reason, failures };
  } finally {
    Object.assign(parser, { parse });
  }
}

describe('SQL of other databases', () => {
  const CLICKHOUSE = [
    'SELECT count() AS n FROM users PREWHERE id = {id: String} WHERE deleted_at IS NULL',
    'SELECT toStartOfInterval(time, INTERVAL 1 hour) AS x, map(\'a\', countIf(x > 1)) FROM users GROUP BY ALL WITH FILL FROM 1',
    'SELECT id FROM users FINAL WHERE day >= {start: DateTime64(3)} LIMIT 1 BY id',
    'SELECT id, groupArray(tuple(a, b)) FROM users FINAL GROUP BY id SETTINGS max_threads = 4',
    'SELECT arraySum(mapValues(mapFilter(x -> y > 0, usage))) FROM users FINAL WHERE a GROUP BY b WITH TOTALS',
    'SELECT * FROM users LEFT ARRAY JOIN tags AS tag FORMAT JSONEachRow',
    'SELECT uniqMerge(state) FROM (SELECT sumIf(a, b) AS s FROM users FINAL) t ANY LEFT JOIN orders USING (id)',
  ];
  for (const text of CLICKHOUSE) {
    it(`is given up with the first failure: ${text}`, () => {
      const { reason, failures } = reading(text);
      assert.equal(reason, 'the SQL of ClickHouse');
      assert.equal(failures, 1);
    });
  }

  it('that the parser can read is read', () => {
    assert.deepEqual(reading('SELECT count(*) FROM users WHERE id = {id: String}'), { reason: null, failures: 0 });
  });

  for (const text of [
    "SELECT format('%s', x), settings->'a' FROM users WHERE settings @> '{\"a\": true}' FORMAT", 'SELECT max(id), any_value(a) FROM users LIMIT 5', 'SELECT arrays.a FROM arrays JOIN any_table a ON a.id = arrays.id',
    "UPDATE users SET settings = jsonb_set(settings, '{a}', 'true')", 'SELECT a FROM t WHERE id = {id} AND b = {{ name }}', "SELECT to_date(a), count_if(b), CAST(a AS date) FROM t",
  ]) it(`is not taken for another's: ${text}`, () => { assert.equal(otherLanguage(text), null); });
});

describe('text that no dialect reads', () => {
  for (const [name, text] of [
    ['a word that is refused whatever it is called', 'CREATE FROBNICATE a (SELECT * FROM users)'],
    ['unknown expressions', `SELECT ${Array.from({ length: 40 }, (_, i) => `f(a b c${i})`).join(', ')} FROM users`],
    ['unknown expressions with words of three dialects', `SELECT ${Array.from({ length: 40 }, (_, i) => `f(a b c${i})`).join(', ')}, a::int, \`b\` FROM users WHERE a == 1`],
    ['unknown subqueries', `SELECT ${Array.from({ length: 40 }, (_, i) => `(SELECT a${i} b c FROM users)`).join(', ')} FROM users`],
    ['reserved words everywhere', `SELECT ${'ON CASE WHEN TO FROM '.repeat(20)}`],
  ] as const) {
    it(`is given up soon: ${name}`, () => {
      const { failures } = reading(text);
      assert.ok(failures <= 24, String(failures));
    });
  }
});

import assert from 'node:assert/strict';
import { analyses } from './verdicts.js';

/** Statements, and whether they ask for no more than the last number that was given out. */
const ROWS: readonly (readonly [sql: string, expected: boolean])[] = [
  ['SELECT max(number) FROM items WHERE order_id = $1', true],
  ['SELECT COALESCE(MAX(version), 0) + 1 AS next FROM items WHERE order_id = $1', true],
  ['SELECT 1 + coalesce(max(i."orderNumber"), -1) FROM items i', true],
  ['SELECT number FROM items WHERE order_id = $1 ORDER BY number DESC LIMIT 1', true],
  ['INSERT INTO lines (place) SELECT max(number) + 1 FROM items', true],
  ['SELECT max(created_at) FROM items WHERE order_id = $1', false],
  ['SELECT max(price) FROM items', false],
  ['SELECT max(number), count(*) FROM items', false],
  ['SELECT order_id, max(number) FROM items GROUP BY order_id', false],
  ['SELECT number FROM items WHERE order_id = $1', false],
  ['SELECT position FROM items ORDER BY position DESC LIMIT 1', false],
  ['SELECT number, name FROM items ORDER BY number DESC LIMIT 1', false],
  ['SELECT sum(number) FROM items', false],
];

describe('the last number that was given out', () => {
  for (const [sql, expected] of ROWS) {
    it(sql, () => { assert.deepEqual(analyses(sql).flatMap(({ reads }) => reads.map(({ saysWhich }) => saysWhich)), [expected]); });
  }
});

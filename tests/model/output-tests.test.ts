import assert from 'node:assert/strict';
import { analyses } from './verdicts.js';

/** Statements, and the references of which they tell the deleted rows from the live ones. */
const ROWS: readonly (readonly [sql: string, told: string])[] = [
  ['SELECT count(*) FILTER (WHERE deleted_at IS NULL) AS live, count(*) FILTER (WHERE deleted_at IS NOT NULL) AS gone FROM users', 'users'],
  ['SELECT count(*) AS total, count(*) FILTER (WHERE deleted_at IS NULL) AS live FROM users', 'users'],
  ['SELECT count(*), count(deleted_at) FROM users', 'users'],
  ['SELECT sum(CASE WHEN deleted_at IS NOT NULL THEN 1 ELSE 0 END) AS gone, max(created_at) FROM users', 'users'],
  ['SELECT id, name, deleted_at IS NOT NULL AS is_deleted FROM users WHERE team_id = $1', 'users'],
  ["SELECT id, CASE WHEN deleted_at IS NULL THEN name ELSE '?' END AS name FROM users", 'users'],
  ['SELECT deleted_at IS NULL, count(*) FROM users GROUP BY 1', 'users'],
  ['SELECT team_id, count(*) FROM users GROUP BY team_id, deleted_at IS NULL', 'users'],
  ['SELECT id FROM users ORDER BY deleted_at NULLS FIRST, name', 'users'],
  ["SELECT o.id, CASE WHEN u.deleted_at IS NOT NULL THEN 'gone' ELSE u.name END FROM orders o JOIN users u ON u.id = o.user_id", 'u'],
  // One that is filtered beside another that is not may be a mistake.
  ['SELECT count(*) FILTER (WHERE deleted_at IS NULL) AS live, sum(price) AS spent FROM users', ''],
  ['SELECT id, deleted_at FROM users', ''],
  ['SELECT id, created_at IS NULL FROM users', ''],
  ['SELECT count(*) FROM users', ''],
];

describe('deleted rows told apart in the output', () => {
  for (const [sql, told] of ROWS) {
    it(sql, () => { assert.equal(analyses(sql).flatMap(({ reads }) => reads.filter(({ saysWhich }) => saysWhich).map(({ ref }) => ref.alias ?? ref.name)).join(' '), told); });
  }
});

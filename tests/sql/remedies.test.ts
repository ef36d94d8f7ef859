/** Every edit of SQL text: the statement before, the statement after, which is read once more. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../lib/manifest/catalog.js';
import type { Edit, Expr, Remedies, Remedy, Statement, TableRef, TombstoneFact } from '../../lib/model/query.js';
import { readSql } from '../../lib/sql/read.js';
import { plainText, type SqlText } from '../../lib/sql/sql-text.js';
import { printExpr, printRoot } from './model/print.js';
import { template } from './model/template.js';

const DELETED_AT: TombstoneFact = { column: 'deleted_at', names: ['deleted_at', 'deletedAt'], live: null, dead: null, scheduled: false };
const TOMBSTONES = {
  deleted_at: DELETED_AT,
  scheduled: { ...DELETED_AT, scheduled: true },
  flag: { column: 'is_deleted', names: ['is_deleted', 'isDeleted'], live: false, dead: null, scheduled: false },
  epoch: { ...DELETED_AT, live: 0 },
  counter: { column: 'deleted', names: ['deleted'], live: 0, dead: null, scheduled: false },
  sentinel: { ...DELETED_AT, live: 'infinity' },
  status: { column: 'status', names: ['status'], live: 'active', dead: ['deleted', 'purged'], scheduled: false },
  camel: { column: 'deletedAt', names: ['deletedAt', 'deleted_at'], live: null, dead: null, scheduled: false },
} satisfies Record<string, TombstoneFact>;

type Kind = keyof typeof TOMBSTONES;

function textOf(file: string): SqlText {
  return file.includes('${') ? template(file) : plainText(file);
}

function everyNode(root: unknown): object[] {
  const found = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || found.has(value)) return;
    found.add(value);
    Object.values(value).forEach(visit);
  };
  visit(root);
  return [...found];
}

/** The reference to `users` (by name or alias `u`) in a statement. */
function usersIn(statement: Statement): TableRef {
  const found = everyNode(statement.root).find((node): node is TableRef => (node as TableRef).type === 'table' && /^"?users"?$/i.test((node as TableRef).name));
  assert.ok(found, 'the statement names users');
  return found;
}

/** The innermost expression that prints so. */
function exprIn(statement: Statement, printed: string): Expr {
  const found = everyNode(statement.root).findLast((node): node is Expr => 'type' in node && 'range' in node && tryPrint(node as Expr) === printed);
  assert.ok(found, `an expression reads ${printed}`);
  return found;
}

function tryPrint(expr: Expr): string | null {
  try {
    return printExpr(expr);
  } catch {
    return null;
  }
}

function applied(file: string, edits: readonly Edit[]): string {
  let text = file;
  for (const { range: [start, end], text: inserted } of [...edits].sort((a, b) => b.range[0] - a.range[0])) text = text.slice(0, start) + inserted + text.slice(end);
  return text;
}

/** Makes the edit, and reads the result. */
function check(dialect: Dialect, file: string, expected: string | null, make: (statement: Statement, remedies: Required<Remedies>) => Remedy | null): Statement | null {
  const sql = textOf(file), reading = readSql(sql, { dialect, library: 'sql' });
  assert.deepEqual(reading.unread, []);
  const statement = reading.statements[0]!;
  const remedy = make(statement, statement.remedies as Required<Remedies>);
  if (expected === null || remedy === null) {
    assert.equal(remedy && applied(file, remedy.edits), expected);
    return null;
  }
  const after = applied(file, remedy.edits);
  assert.equal(after, expected);
  assert.ok(remedy.shown.length > 0);
  const again = readSql(textOf(after), { dialect, library: 'sql' });
  assert.deepEqual(again.unread, [], 'the result can be read');
  assert.equal(again.statements.length, reading.statements.length);
  return again.statements[0]!;
}

describe('addLiveFilter', () => {
  const CASES: readonly (readonly [dialect: Dialect, kind: Kind, before: string, after: string | null])[] = [
    ['postgresql', 'deleted_at', 'SELECT * FROM users',
      'SELECT * FROM users WHERE deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'select * from users as u',
      'select * from users as u where u.deleted_at is null'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users WHERE org = 1',
      'SELECT * FROM users WHERE org = 1 AND deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users WHERE a = 1 OR b = 2 ORDER BY id LIMIT 3',
      'SELECT * FROM users WHERE (a = 1 OR b = 2) AND deleted_at IS NULL ORDER BY id LIMIT 3'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users WHERE (a = 1 OR b = 2)',
      'SELECT * FROM users WHERE (a = 1 OR b = 2) AND deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users u GROUP BY u.id HAVING count(*) > 1',
      'SELECT * FROM users u WHERE u.deleted_at IS NULL GROUP BY u.id HAVING count(*) > 1'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users WINDOW w AS (PARTITION BY org)',
      'SELECT * FROM users WHERE deleted_at IS NULL WINDOW w AS (PARTITION BY org)'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users OFFSET 3 FETCH FIRST 1 ROW ONLY',
      'SELECT * FROM users WHERE deleted_at IS NULL OFFSET 3 FETCH FIRST 1 ROW ONLY'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users FOR UPDATE',
      'SELECT * FROM users WHERE deleted_at IS NULL FOR UPDATE'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users UNION ALL SELECT * FROM old ORDER BY 1',
      'SELECT * FROM users WHERE deleted_at IS NULL UNION ALL SELECT * FROM old ORDER BY 1'],
    ['postgresql', 'deleted_at', 'SELECT * FROM old UNION SELECT * FROM users ORDER BY 1',
      'SELECT * FROM old UNION SELECT * FROM users WHERE deleted_at IS NULL ORDER BY 1'],
    ['postgresql', 'deleted_at', "SELECT *\n  FROM users u\n  ORDER BY u.id",
      "SELECT *\n  FROM users u\n  WHERE u.deleted_at IS NULL\n  ORDER BY u.id"],
    ['postgresql', 'deleted_at', "SELECT *\nFROM users -- all of them\nORDER BY id",
      "SELECT *\nFROM users -- all of them\nWHERE deleted_at IS NULL\nORDER BY id"],
    ['postgresql', 'deleted_at', "SELECT *\nFROM users u\nWHERE u.a = 1 -- one\n  AND u.b = 2 /* two */ -- and\nORDER BY id",
      "SELECT *\nFROM users u\nWHERE u.a = 1 -- one\n  AND u.b = 2 /* two */ -- and\n  AND u.deleted_at IS NULL\nORDER BY id"],
    ['postgresql', 'deleted_at', 'SELECT * FROM users -- trailing',
      'SELECT * FROM users WHERE deleted_at IS NULL -- trailing'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users WHERE a = 1 -- trailing',
      'SELECT * FROM users WHERE a = 1 AND deleted_at IS NULL -- trailing'],
    ['postgresql', 'deleted_at', 'SELECT * FROM orders o JOIN users u ON u.id = o.user_id',
      'SELECT * FROM orders o JOIN users u ON u.id = o.user_id WHERE u.deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'SELECT * FROM orders JOIN users USING (id) WHERE total > 1',
      'SELECT * FROM orders JOIN users USING (id) WHERE total > 1 AND users.deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'SELECT * FROM orders o, users u WHERE u.id = o.user_id',
      'SELECT * FROM orders o, users u WHERE u.id = o.user_id AND u.deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'SELECT * FROM orders o CROSS JOIN users u',
      'SELECT * FROM orders o CROSS JOIN users u WHERE u.deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE o.total > 1',
      'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id AND u.deleted_at IS NULL WHERE o.total > 1'],
    ['postgresql', 'deleted_at', 'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id OR u.id = o.payer_id',
      'SELECT * FROM orders o LEFT JOIN users u ON (u.id = o.user_id OR u.id = o.payer_id) AND u.deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users u RIGHT JOIN orders o ON u.id = o.user_id',
      'SELECT * FROM users u RIGHT JOIN orders o ON u.id = o.user_id AND u.deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users u LEFT JOIN orders o ON u.id = o.user_id',
      'SELECT * FROM users u LEFT JOIN orders o ON u.id = o.user_id WHERE u.deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'SELECT * FROM orders o LEFT JOIN (users u JOIN teams t ON t.id = u.team) ON u.id = o.user_id',
      'SELECT * FROM orders o LEFT JOIN (users u JOIN teams t ON t.id = u.team) ON u.id = o.user_id AND u.deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'SELECT * FROM orders o LEFT JOIN (teams t LEFT JOIN users u ON t.id = u.team) ON t.id = o.team',
      'SELECT * FROM orders o LEFT JOIN (teams t LEFT JOIN users u ON t.id = u.team AND u.deleted_at IS NULL) ON t.id = o.team'],
    ['postgresql', 'deleted_at', 'SELECT * FROM orders o FULL JOIN public.users u ON u.id = o.user_id',
      'SELECT * FROM orders o FULL JOIN (SELECT * FROM public.users WHERE deleted_at IS NULL) AS u ON u.id = o.user_id'],
    ['postgresql', 'deleted_at', 'SELECT * FROM orders LEFT JOIN users USING (id)',
      'SELECT * FROM orders LEFT JOIN (SELECT * FROM users WHERE deleted_at IS NULL) AS users USING (id)'],
    ['sqlite', 'deleted_at', 'SELECT * FROM orders NATURAL LEFT JOIN users',
      'SELECT * FROM orders NATURAL LEFT JOIN (SELECT * FROM users WHERE deleted_at IS NULL) AS users'],
    ['postgresql', 'deleted_at', 'SELECT * FROM orders LEFT JOIN users AS u (a, b) ON true',
      null],
    ['postgresql', 'deleted_at', 'SELECT count(*) FROM orders o WHERE EXISTS (SELECT 1 FROM users WHERE users.id = o.user_id)',
      'SELECT count(*) FROM orders o WHERE EXISTS (SELECT 1 FROM users WHERE users.id = o.user_id AND users.deleted_at IS NULL)'],
    ['postgresql', 'deleted_at', 'SELECT * FROM orders WHERE user_id NOT IN (SELECT id FROM users)',
      'SELECT * FROM orders WHERE user_id NOT IN (SELECT id FROM users WHERE deleted_at IS NULL)'],
    ['postgresql', 'deleted_at', 'SELECT (SELECT name FROM users u WHERE u.id = o.user_id LIMIT 1) FROM orders o',
      'SELECT (SELECT name FROM users u WHERE u.id = o.user_id AND u.deleted_at IS NULL LIMIT 1) FROM orders o'],
    ['postgresql', 'deleted_at', 'WITH x AS (SELECT * FROM users) SELECT * FROM x',
      'WITH x AS (SELECT * FROM users WHERE deleted_at IS NULL) SELECT * FROM x'],
    ['postgresql', 'deleted_at', 'INSERT INTO copy SELECT * FROM users ON CONFLICT DO NOTHING',
      'INSERT INTO copy SELECT * FROM users WHERE deleted_at IS NULL ON CONFLICT DO NOTHING'],
    ['postgresql', 'deleted_at', "UPDATE users SET name = 'x' WHERE id = 1 RETURNING id",
      "UPDATE users SET name = 'x' WHERE id = 1 AND deleted_at IS NULL RETURNING id"],
    ['postgresql', 'deleted_at', 'UPDATE users u SET name = t.name FROM teams t',
      'UPDATE users u SET name = t.name FROM teams t WHERE u.deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'DELETE FROM users WHERE id = 1',
      'DELETE FROM users WHERE id = 1 AND deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'CREATE VIEW v AS SELECT * FROM users',
      'CREATE VIEW v AS SELECT * FROM users WHERE deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'SELECT * FROM "users" WHERE "orgId" = 1',
      'SELECT * FROM "users" WHERE "orgId" = 1 AND "deleted_at" IS NULL'],
    ['postgresql', 'camel', 'SELECT u."orgId" FROM users u',
      'SELECT u."orgId" FROM users u WHERE u."deletedAt" IS NULL'],
    ['postgresql', 'camel', 'SELECT id FROM users u',
      'SELECT id FROM users u WHERE u."deletedAt" IS NULL'],
    ['mysql', 'deleted_at', 'SELECT * FROM `users` LIMIT 5',
      'SELECT * FROM `users` WHERE `deleted_at` IS NULL LIMIT 5'],
    ['mysql', 'deleted_at', 'SELECT * FROM users u WHERE a || b',
      'SELECT * FROM users u WHERE (a || b) AND u.deleted_at IS NULL'],
    ['mysql', 'deleted_at', 'SELECT * FROM users WHERE a = 1 XOR b = 1',
      'SELECT * FROM users WHERE (a = 1 XOR b = 1) AND deleted_at IS NULL'],
    ['mysql', 'deleted_at', 'UPDATE users u, orders o SET u.n = o.n WHERE u.id = o.user_id',
      'UPDATE users u, orders o SET u.n = o.n WHERE u.id = o.user_id AND u.deleted_at IS NULL'],
    ['postgresql', 'scheduled', 'SELECT * FROM users',
      'SELECT * FROM users WHERE (deleted_at IS NULL OR deleted_at > now())'],
    ['mysql', 'scheduled', 'SELECT * FROM users u',
      'SELECT * FROM users u WHERE (u.deleted_at IS NULL OR u.deleted_at > NOW())'],
    ['postgresql', 'flag', 'SELECT * FROM users',
      'SELECT * FROM users WHERE is_deleted = FALSE'],
    ['sqlite', 'flag', 'SELECT * FROM users',
      'SELECT * FROM users WHERE is_deleted = 0'],
    ['mysql', 'flag', 'SELECT * FROM users u JOIN orders o ON true',
      'SELECT * FROM users u JOIN orders o ON true WHERE u.is_deleted = 0'],
    ['postgresql', 'counter', 'SELECT * FROM users',
      'SELECT * FROM users WHERE deleted = 0'],
    ['postgresql', 'sentinel', 'SELECT * FROM users',
      "SELECT * FROM users WHERE deleted_at = 'infinity'"],
    ['postgresql', 'status', 'SELECT * FROM users',
      "SELECT * FROM users WHERE status NOT IN ('deleted', 'purged')"],
    ['postgresql', 'deleted_at', 'SELECT * FROM users WHERE id = ${value}',
      'SELECT * FROM users WHERE deleted_at IS NULL AND id = ${value}'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users WHERE id = ${value} AND org = 1',
      'SELECT * FROM users WHERE id = ${value} AND org = 1 AND deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users WHERE id = ${value} ORDER BY id',
      'SELECT * FROM users WHERE id = ${value} AND deleted_at IS NULL ORDER BY id'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users WHERE ${fragment} ORDER BY id',
      'SELECT * FROM users WHERE (${fragment}) AND deleted_at IS NULL ORDER BY id'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users WHERE ${fragment}',
      null],
    ['postgresql', 'deleted_at', 'SELECT * FROM users ${fragment}',
      null],
    ['postgresql', 'deleted_at', 'SELECT * FROM users WHERE a = 1 ${fragment}',
      'SELECT * FROM users WHERE a = 1 AND deleted_at IS NULL ${fragment}'],
    ['postgresql', 'deleted_at', 'SELECT * FROM users AS ${identifier} ORDER BY 1',
      null],
    ['postgresql', 'deleted_at', 'MERGE INTO users u USING t ON u.id = t.id WHEN MATCHED THEN DELETE',
      null],
    ['postgresql', 'deleted_at', 'TABLE users',
      null],
  ];
  for (const [dialect, kind, before, after] of CASES) {
    it(`${dialect}, ${kind}: ${before}`, () => {
      check(dialect, before, after, (statement, remedies) => remedies.addLiveFilter(usersIn(statement), [TOMBSTONES[kind]]));
    });
  }

  it('asks for all of several tombstones', () => {
    check('postgresql', 'SELECT * FROM users u', 'SELECT * FROM users u WHERE u.deleted_at IS NULL AND u.is_deleted = FALSE',
      (statement, remedies) => remedies.addLiveFilter(usersIn(statement), [TOMBSTONES.deleted_at, TOMBSTONES.flag]));
  });
});

describe('softDelete', () => {
  const CASES: readonly (readonly [dialect: Dialect, kind: Kind, before: string, after: string | null])[] = [
    ['postgresql', 'deleted_at', 'DELETE FROM users WHERE id = $1',
      'UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'delete from users as u where u.id = $1 or u.id = $2 returning u.id',
      'update users as u set deleted_at = now() where (u.id = $1 or u.id = $2) and u.deleted_at is null returning u.id'],
    ['postgresql', 'deleted_at', 'DELETE FROM users',
      'UPDATE users SET deleted_at = now() WHERE deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'DELETE FROM users RETURNING id',
      'UPDATE users SET deleted_at = now() WHERE deleted_at IS NULL RETURNING id'],
    ['postgresql', 'deleted_at', 'DELETE FROM users u USING orders o WHERE o.user_id = u.id',
      'UPDATE users u SET deleted_at = now() FROM orders o WHERE o.user_id = u.id AND u.deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'DELETE FROM users USING orders RETURNING *',
      'UPDATE users SET deleted_at = now() FROM orders WHERE users.deleted_at IS NULL RETURNING *'],
    ['postgresql', 'deleted_at', 'DELETE FROM ONLY users WHERE id = 1',
      'UPDATE ONLY users SET deleted_at = now() WHERE id = 1 AND deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'DELETE FROM users WHERE id = 1 AND deleted_at IS NULL',
      'UPDATE users SET deleted_at = now() WHERE id = 1 AND deleted_at IS NULL'],
    ['postgresql', 'camel', 'DELETE FROM "users" WHERE "id" = $1',
      'UPDATE "users" SET "deletedAt" = now() WHERE "id" = $1 AND "deletedAt" IS NULL'],
    ['postgresql', 'flag', 'DELETE FROM users WHERE id = 1',
      'UPDATE users SET is_deleted = TRUE WHERE id = 1 AND is_deleted = FALSE'],
    ['sqlite', 'flag', 'DELETE FROM users WHERE id = 1',
      'UPDATE users SET is_deleted = 1 WHERE id = 1 AND is_deleted = 0'],
    ['postgresql', 'epoch', 'DELETE FROM users WHERE id = 1',
      'UPDATE users SET deleted_at = extract(epoch from now())::bigint WHERE id = 1 AND deleted_at = 0'],
    ['mysql', 'epoch', 'DELETE FROM users WHERE id = 1',
      'UPDATE users SET deleted_at = UNIX_TIMESTAMP() WHERE id = 1 AND deleted_at = 0'],
    ['postgresql', 'counter', 'DELETE FROM users WHERE id = 1',
      'UPDATE users SET deleted = 1 WHERE id = 1 AND deleted = 0'],
    ['postgresql', 'sentinel', 'DELETE FROM users WHERE id = 1',
      "UPDATE users SET deleted_at = now() WHERE id = 1 AND deleted_at = 'infinity'"],
    ['postgresql', 'status', 'DELETE FROM users WHERE id = 1',
      "UPDATE users SET status = 'deleted' WHERE id = 1 AND status NOT IN ('deleted', 'purged')"],
    ['mysql', 'deleted_at', 'DELETE FROM users WHERE id = 1 ORDER BY id LIMIT 1',
      'UPDATE users SET deleted_at = NOW() WHERE id = 1 AND deleted_at IS NULL ORDER BY id LIMIT 1'],
    ['mysql', 'deleted_at', 'DELETE u FROM users u JOIN orders o ON o.user_id = u.id WHERE o.total = 0',
      'UPDATE users u JOIN orders o ON o.user_id = u.id SET u.deleted_at = NOW() WHERE o.total = 0 AND u.deleted_at IS NULL'],
    ['mysql', 'deleted_at', 'DELETE u, o FROM users u JOIN orders o ON o.user_id = u.id',
      null],
    ['mysql', 'deleted_at', 'DELETE QUICK FROM users WHERE id = 1',
      null],
    ['sqlite', 'deleted_at', 'DELETE FROM users WHERE id = ?',
      'UPDATE users SET deleted_at = CURRENT_TIMESTAMP WHERE id = ? AND deleted_at IS NULL'],
    ['bigquery', 'deleted_at', 'DELETE users WHERE id = 1',
      'UPDATE users SET deleted_at = CURRENT_TIMESTAMP() WHERE id = 1 AND deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'DELETE FROM users WHERE id = ${value}',
      'UPDATE users SET deleted_at = now() WHERE deleted_at IS NULL AND id = ${value}'],
    ['postgresql', 'deleted_at', 'DELETE FROM users ${fragment}',
      null],
    ['postgresql', 'deleted_at', 'DELETE FROM users WHERE id IN (${value}) ${fragment}',
      'UPDATE users SET deleted_at = now() WHERE id IN (${value}) AND deleted_at IS NULL ${fragment}'],
  ];
  for (const [dialect, kind, before, after] of CASES) {
    it(`${dialect}, ${kind}: ${before}`, () => {
      const read = check(dialect, before, after, (statement, remedies) => {
        assert.ok(statement.root.type === 'delete');
        return remedies.softDelete(statement.root, usersIn(statement), TOMBSTONES[kind]);
      });
      if (read) assert.equal(read.root.type, 'update');
    });
  }
});

describe('addAge', () => {
  const CASES: readonly (readonly [dialect: Dialect, kind: Kind, before: string, after: string | null])[] = [
    ['postgresql', 'deleted_at', 'DELETE FROM users WHERE deleted_at IS NOT NULL',
      "DELETE FROM users WHERE deleted_at IS NOT NULL AND deleted_at < now() - interval '30 days'"],
    ['postgresql', 'deleted_at', 'DELETE FROM users u USING orders o WHERE u.deleted_at IS NOT NULL AND o.id = u.id',
      "DELETE FROM users u USING orders o WHERE u.deleted_at IS NOT NULL AND o.id = u.id AND u.deleted_at < now() - interval '30 days'"],
    ['mysql', 'deleted_at', 'DELETE FROM users WHERE deleted_at IS NOT NULL',
      'DELETE FROM users WHERE deleted_at IS NOT NULL AND deleted_at < NOW() - INTERVAL 30 DAY'],
    ['sqlite', 'deleted_at', 'DELETE FROM users WHERE deleted_at IS NOT NULL',
      "DELETE FROM users WHERE deleted_at IS NOT NULL AND deleted_at < datetime('now', '-30 days')"],
    ['bigquery', 'deleted_at', 'DELETE FROM users WHERE deleted_at IS NOT NULL',
      'DELETE FROM users WHERE deleted_at IS NOT NULL AND deleted_at < TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 30 DAY)'],
    ['postgresql', 'flag', 'DELETE FROM users WHERE is_deleted',
      null],
  ];
  for (const [dialect, kind, before, after] of CASES) {
    it(`${dialect}, ${kind}: ${before}`, () => {
      const read = check(dialect, before, after, (statement, remedies) => {
        assert.ok(statement.root.type === 'delete');
        return remedies.addAge(statement.root, usersIn(statement), TOMBSTONES[kind], 30);
      });
      if (read) assert.match(printRoot(read.root), /deleted_at < now-30d/);
    });
  }
});

describe('moveFilterToJoin', () => {
  const CASES: readonly (readonly [dialect: Dialect, predicate: string, before: string, after: string | null])[] = [
    ['postgresql', 'u.deleted_at is null', 'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE u.deleted_at IS NULL',
      'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id AND u.deleted_at IS NULL'],
    ['postgresql', 'u.deleted_at is null', 'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE u.deleted_at IS NULL ORDER BY o.id',
      'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id AND u.deleted_at IS NULL ORDER BY o.id'],
    ['postgresql', 'u.deleted_at is null', 'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE o.total > 1 AND u.deleted_at IS NULL AND o.id > 1',
      'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id AND u.deleted_at IS NULL WHERE o.total > 1 AND o.id > 1'],
    ['postgresql', 'u.deleted_at is null', 'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE u.deleted_at IS NULL AND o.id > 1',
      'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id AND u.deleted_at IS NULL WHERE o.id > 1'],
    ['postgresql', 'u.deleted_at is null', 'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE (o.id > 1 AND u.deleted_at IS NULL) AND o.total > 1',
      'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id AND u.deleted_at IS NULL WHERE (o.id > 1) AND o.total > 1'],
    ['postgresql', 'u.deleted_at is null', 'SELECT * FROM orders o LEFT JOIN users u ON a OR b WHERE u.deleted_at IS NULL',
      'SELECT * FROM orders o LEFT JOIN users u ON (a OR b) AND u.deleted_at IS NULL'],
    ['postgresql', 'u.deleted_at is null', "SELECT *\nFROM orders o\nLEFT JOIN users u\n  ON u.id = o.user_id\n  AND u.org = o.org\nWHERE o.total > 1\n  AND u.deleted_at IS NULL",
      "SELECT *\nFROM orders o\nLEFT JOIN users u\n  ON u.id = o.user_id\n  AND u.org = o.org\n  AND u.deleted_at IS NULL\nWHERE o.total > 1"],
    ['postgresql', 'u.deleted_at is null', 'SELECT * FROM orders o LEFT JOIN users u ON u.id = o.user_id WHERE o.id = 1 OR u.deleted_at IS NULL',
      null],
    ['postgresql', 'u.deleted_at is null', 'SELECT * FROM orders o JOIN users u ON u.id = o.user_id WHERE u.deleted_at IS NULL',
      null],
    ['postgresql', 'u.deleted_at is null', 'SELECT * FROM orders o LEFT JOIN users u USING (id) WHERE u.deleted_at IS NULL',
      null],
    ['postgresql', 'u.deleted_at is null', 'SELECT * FROM orders o LEFT JOIN users u ON true WHERE u.deleted_at IS NULL ${fragment}',
      null],
    ['postgresql', 'u.deleted_at is null', "SELECT * FROM orders o LEFT JOIN users u ON true WHERE o.id = 1 -- why\n AND u.deleted_at IS NULL",
      null],
  ];
  for (const [dialect, predicate, before, after] of CASES) {
    it(`${dialect}: ${before}`, () => {
      check(dialect, before, after, (statement, remedies) => remedies.moveFilterToJoin(usersIn(statement), exprIn(statement, predicate)));
    });
  }
});

describe('replaceByLive', () => {
  const CASES: readonly (readonly [dialect: Dialect, kind: Kind, predicate: string, negated: boolean, before: string, after: string | null])[] = [
    ['postgresql', 'deleted_at', 'deleted_at = null', false, 'SELECT * FROM users WHERE deleted_at = NULL',
      'SELECT * FROM users WHERE deleted_at IS NULL'],
    ['postgresql', 'deleted_at', 'u.deleted_at <> null', true, 'SELECT * FROM users u WHERE u.deleted_at <> NULL AND a',
      'SELECT * FROM users u WHERE u.deleted_at IS NOT NULL AND a'],
    ['postgresql', 'deleted_at', 'deleted_at in (null)', false, 'SELECT * FROM users WHERE (deleted_at IN (NULL))',
      'SELECT * FROM users WHERE (deleted_at IS NULL)'],
    ['postgresql', 'camel', 'u.deletedAt is null', false, 'SELECT * FROM users u WHERE "u.deletedAt" IS NULL',
      'SELECT * FROM users u WHERE u."deletedAt" IS NULL'],
    ['postgresql', 'flag', 'is_deleted = true', false, 'SELECT * FROM users WHERE is_deleted = TRUE',
      'SELECT * FROM users WHERE is_deleted = FALSE'],
    ['sqlite', 'flag', 'is_deleted is null', true, 'SELECT * FROM users WHERE is_deleted IS NULL',
      'SELECT * FROM users WHERE is_deleted = 1'],
    ['postgresql', 'scheduled', 'deleted_at = null', false, 'SELECT * FROM users WHERE deleted_at = NULL AND a',
      'SELECT * FROM users WHERE (deleted_at IS NULL OR deleted_at > now()) AND a'],
    ['postgresql', 'deleted_at', 'deleted_at = ?', false, 'SELECT * FROM users WHERE deleted_at = ${value}',
      null],
  ];
  for (const [dialect, kind, predicate, negated, before, after] of CASES) {
    it(`${dialect}: ${before}`, () => {
      check(dialect, before, after, (statement, remedies) => remedies.replaceByLive(exprIn(statement, predicate), usersIn(statement), TOMBSTONES[kind], negated));
    });
  }
});

describe('parenthesise', () => {
  it('puts parentheses around an expression', () => {
    check('postgresql', 'SELECT * FROM users WHERE deleted_at IS NULL AND a = 1 OR b = 2', 'SELECT * FROM users WHERE (deleted_at IS NULL AND a = 1) OR b = 2',
      (statement, remedies) => remedies.parenthesise(exprIn(statement, '(deleted_at is null and a = 1)')));
  });
  it('has no edit where a hole ends the text', () => {
    check('postgresql', 'SELECT * FROM users WHERE a OR b = ${value}', null, (statement, remedies) => remedies.parenthesise(exprIn(statement, '(a or b = ?)')));
  });
});

describe('edits of a conflict', () => {
  const CASES: readonly (readonly [edit: 'addConflictPredicate' | 'reviveOnConflict', dialect: Dialect, kind: Kind, before: string, after: string | null])[] = [
    ['addConflictPredicate', 'postgresql', 'deleted_at', "INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET name = 'x'",
      "INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE deleted_at IS NULL DO UPDATE SET name = 'x'"],
    ['addConflictPredicate', 'postgresql', 'deleted_at', 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE active OR vip DO NOTHING',
      'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) WHERE (active OR vip) AND deleted_at IS NULL DO NOTHING'],
    ['addConflictPredicate', 'sqlite', 'flag', 'INSERT INTO users (email) VALUES (?) ON CONFLICT (email) DO NOTHING',
      'INSERT INTO users (email) VALUES (?) ON CONFLICT (email) WHERE is_deleted = 0 DO NOTHING'],
    ['addConflictPredicate', 'postgresql', 'scheduled', 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO NOTHING',
      null],
    ['addConflictPredicate', 'postgresql', 'deleted_at', 'INSERT INTO users (email) VALUES ($1) ON CONFLICT DO NOTHING',
      null],
    ['addConflictPredicate', 'postgresql', 'camel', "INSERT INTO \"users\" (\"email\") VALUES ($1) ON CONFLICT (\"email\") DO UPDATE SET \"name\" = 'x'",
      "INSERT INTO \"users\" (\"email\") VALUES ($1) ON CONFLICT (\"email\") WHERE \"deletedAt\" IS NULL DO UPDATE SET \"name\" = 'x'"],
    ['reviveOnConflict', 'postgresql', 'deleted_at', 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET name = excluded.name WHERE users.a RETURNING id',
      'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET name = excluded.name, deleted_at = NULL WHERE users.a RETURNING id'],
    ['reviveOnConflict', 'postgresql', 'camel', 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET "name" = excluded."name"',
      'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET "name" = excluded."name", "deletedAt" = NULL'],
    ['reviveOnConflict', 'mysql', 'deleted_at', 'INSERT INTO users (email) VALUES (?) ON DUPLICATE KEY UPDATE name = VALUES(name)',
      'INSERT INTO users (email) VALUES (?) ON DUPLICATE KEY UPDATE name = VALUES(name), deleted_at = NULL'],
    ['reviveOnConflict', 'mysql', 'flag', "INSERT INTO users (email) VALUES (?) ON DUPLICATE KEY UPDATE `name` = 'x'",
      "INSERT INTO users (email) VALUES (?) ON DUPLICATE KEY UPDATE `name` = 'x', `is_deleted` = 0"],
    ['reviveOnConflict', 'postgresql', 'deleted_at', 'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO NOTHING',
      null],
    ['reviveOnConflict', 'mysql', 'deleted_at', 'REPLACE INTO users (email) VALUES (?)',
      null],
  ];
  for (const [edit, dialect, kind, before, after] of CASES) {
    it(`${edit}, ${dialect}, ${kind}: ${before}`, () => {
      check(dialect, before, after, (statement, remedies) => {
        assert.ok(statement.root.type === 'insert');
        return remedies[edit](statement.root, TOMBSTONES[kind]);
      });
    });
  }
});

describe('edits of text in pieces', () => {
  /** `"a" + 'b'`: two literals of a file, read as one text. */
  function pieces(file: string): SqlText {
    const segments = [...file.matchAll(/"([^"]*)"|'([^']*)'/g)].map((match) => ({ source: match.index + 1, text: (match[1] ?? match[2])!, escape: match[1] === undefined ? 'single-quoted' as const : 'double-quoted' as const }));
    let text = '';
    return {
      segments: segments.map(({ source, text: piece, escape }) => {
        text += piece;
        return { start: text.length - piece.length, length: piece.length, source, escape };
      }),
      text, holes: [], fallback: [0, file.length],
    };
  }

  it('go to the literals that hold the words, with their escapes', () => {
    const file = `"DELETE FROM users" + ' WHERE id = 1 OR id' + ' = 2'`;
    const statement = readSql(pieces(file), { dialect: 'postgresql', library: 'pg' }).statements[0]!;
    assert.ok(statement.root.type === 'delete');
    const { softDelete, addAge, parenthesise } = statement.remedies as Required<Remedies>;
    const ref = statement.root.target;
    assert.equal(applied(file, softDelete(statement.root, ref, DELETED_AT)!.edits), `"UPDATE users SET deleted_at = now()" + ' WHERE (id = 1 OR id' + ' = 2) AND deleted_at IS NULL'`);
    assert.equal(applied(file, addAge(statement.root, ref, DELETED_AT, 1)!.edits), `"DELETE FROM users" + ' WHERE (id = 1 OR id' + ' = 2) AND deleted_at < now() - interval \\'1 day\\''`);
    assert.equal(applied(file, parenthesise(statement.root.where!)!.edits), `"DELETE FROM users" + ' WHERE (id = 1 OR id' + ' = 2)'`);
  });

  it('are not made where a replaced part stands in two literals', () => {
    const file = `'SELECT * FROM users WHERE deleted_at = ' + 'NULL'`;
    const statement = readSql(pieces(file), { dialect: 'postgresql', library: 'pg' }).statements[0]!;
    assert.equal((statement.remedies as Required<Remedies>).replaceByLive(exprIn(statement, 'deleted_at = null'), usersIn(statement), DELETED_AT, false), null);
  });
});

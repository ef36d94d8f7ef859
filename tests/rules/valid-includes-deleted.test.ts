import { testRule } from './tester.js';

testRule('valid-includes-deleted', {
  sql: {
    valid: [
      'SELECT /* includes-deleted: audit export */ id FROM users',
      '-- includes-deleted: audit export\nSELECT id FROM users',
      'SELECT id FROM users -- includes-deleted: the trash shows both\nWHERE team_id = $1',
      'SELECT id FROM users WHERE id = $1 /* includes-deleted: the profile says that its user has left */',
      'SELECT max(number) FROM invoices /* includes-deleted: numbers are never used again */',
      'SELECT e.id FROM events e JOIN orders o ON o.number = e.number /* includes-deleted: history */',
      'SELECT o.id, u.name FROM orders o JOIN users u ON u.id = o.user_id /* includes-deleted: names for ever */ WHERE o.deleted_at IS NULL',
      'SELECT e.id FROM events e WHERE NOT EXISTS (SELECT 1 FROM orders o /* includes-deleted: once used */ WHERE o.number = e.number)',
      'UPDATE users SET email = lower(email) /* includes-deleted: back-fill */',
      'UPDATE users SET deleted_at = now() /* includes-deleted: starts the retention again */ WHERE deleted_at IS NOT NULL',
      'INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET seen = true /* includes-deleted: a mirror */',
      'SELECT /* includes-deleted: one arm */ id FROM users UNION ALL SELECT id FROM orders WHERE deleted_at IS NULL',
      'SELECT id FROM documents WHERE deleted_at IS NULL /* includes-deleted: archived ones, too */',
      'CREATE VIEW everybody AS SELECT id FROM users /* includes-deleted: the audit reads it */',
      // Words about it are no marker.
      '-- This query includes-deleted rows only by chance.\nSELECT id FROM users WHERE deleted_at IS NULL',
      'SELECT id FROM users WHERE deleted_at IS NULL -- the export includes deleted rows',
    ],
    invalid: [
      // Without a reason.
      {
        code: 'SELECT /* includes-deleted */ id FROM users',
        at: '/* includes-deleted */',
        message: "Without a reason this marker allows nothing. Write 'includes-deleted: <why deleted rows are wanted here>'.",
      },
      {
        code: 'SELECT /* includes-deleted: */ id FROM users',
        at: '/* includes-deleted: */',
        message: "Without a reason this marker allows nothing. Write 'includes-deleted: <why deleted rows are wanted here>'.",
      },
      {
        code: '-- includes-deleted\nSELECT id FROM users',
        at: '-- includes-deleted',
        message: "Without a reason this marker allows nothing. Write 'includes-deleted: <why deleted rows are wanted here>'.",
      },
      {
        code: '-- includes-deleted:\nSELECT id FROM users WHERE deleted_at IS NULL',
        at: '-- includes-deleted:',
        message: "Without a reason this marker allows nothing. Write 'includes-deleted: <why deleted rows are wanted here>'.",
      },
      {
        code: 'SELECT count(*) /* includes-deleted:   */ FROM users',
        at: '/* includes-deleted:   */',
        message: "Without a reason this marker allows nothing. Write 'includes-deleted: <why deleted rows are wanted here>'.",
      },
      // Nothing to allow.
      {
        code: 'SELECT /* includes-deleted: audit export */ id FROM users WHERE deleted_at IS NULL',
        at: '/* includes-deleted: audit export */',
        message: 'This statement needs no leave: it reads live rows only, or deleted ones only. Remove the marker.',
      },
      {
        code: 'SELECT id FROM users WHERE deleted_at IS NOT NULL /* includes-deleted: the trash */',
        at: '/* includes-deleted: the trash */',
        message: 'This statement needs no leave: it reads live rows only, or deleted ones only. Remove the marker.',
      },
      {
        code: '-- includes-deleted: audit export\nSELECT id FROM accounts WHERE NOT is_deleted',
        at: '-- includes-deleted: audit export',
        message: 'This statement needs no leave: it reads live rows only, or deleted ones only. Remove the marker.',
      },
      {
        code: 'UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL /* includes-deleted: why */',
        at: '/* includes-deleted: why */',
        message: 'This statement needs no leave: it reads live rows only, or deleted ones only. Remove the marker.',
      },
      {
        code: "DELETE FROM users WHERE deleted_at < now() - interval '30 days' /* includes-deleted: purge */",
        at: '/* includes-deleted: purge */',
        message: 'A marker lets deleted rows be read, but allows no DELETE. Remove it, or give the reason in an eslint-disable comment.',
      },
      // A marker allows reading, not deleting.
      {
        code: 'DELETE FROM users WHERE id = $1 /* includes-deleted: erasure */',
        at: '/* includes-deleted: erasure */',
        message: 'A marker lets deleted rows be read, but allows no DELETE. Remove it, or give the reason in an eslint-disable comment.',
      },
      {
        code: 'INSERT INTO users (email) VALUES ($1) /* includes-deleted: why */',
        at: '/* includes-deleted: why */',
        message: 'This statement needs no leave: it reads live rows only, or deleted ones only. Remove the marker.',
      },
      {
        code: 'SELECT id FROM sessions /* includes-deleted: there are none */',
        at: '/* includes-deleted: there are none */',
        message: 'This marker belongs to no statement about a soft-deleted table. Put it inside of one or directly before it, or remove it.',
      },
      // No statement about a soft-deleted table.
      {
        code: 'SELECT 1 /* includes-deleted: why */',
        at: '/* includes-deleted: why */',
        message: 'This marker belongs to no statement about a soft-deleted table. Put it inside of one or directly before it, or remove it.',
      },
      {
        code: 'SELECT id FROM elsewhere; -- includes-deleted: why',
        at: '-- includes-deleted: why',
        message: 'This marker belongs to no statement about a soft-deleted table. Put it inside of one or directly before it, or remove it.',
      },
      {
        code: '-- includes-deleted: why\n',
        at: '-- includes-deleted: why',
        message: 'This marker belongs to no statement about a soft-deleted table. Put it inside of one or directly before it, or remove it.',
      },
    ],
  },
  ts: {
    valid: [
      '// includes-deleted: the export has every user\nawait pool.query(`SELECT id FROM users`);',
      'await sql`SELECT id FROM users /* includes-deleted: export */ WHERE name = ${name}`;',
      '/* includes-deleted: the export has every user */\nconst rows = await sql`SELECT id FROM users ${filter}`;',
      // What it belongs to cannot be read yet.
      '// includes-deleted: export\nawait something.users.findMany();',
      '// The export includes deleted users.\nawait pool.query(`SELECT id FROM users WHERE deleted_at IS NULL`);',
    ],
    invalid: [
      {
        code: '// includes-deleted\nawait pool.query(`SELECT id FROM users`);',
        at: '// includes-deleted',
        message: "Without a reason this marker allows nothing. Write 'includes-deleted: <why deleted rows are wanted here>'.",
      },
      {
        code: '// includes-deleted: export\nawait pool.query(`SELECT id FROM users WHERE deleted_at IS NULL`);',
        at: '// includes-deleted: export',
        message: 'This statement needs no leave: it reads live rows only, or deleted ones only. Remove the marker.',
      },
      {
        code: 'await sql`SELECT id FROM users /* includes-deleted */ WHERE name = ${name}`;',
        at: '/* includes-deleted */',
        message: "Without a reason this marker allows nothing. Write 'includes-deleted: <why deleted rows are wanted here>'.",
      },
      {
        code: '// includes-deleted: there was a query here once\nconst limit = 3;',
        at: '// includes-deleted: there was a query here once',
        message: 'This marker belongs to no statement about a soft-deleted table. Put it inside of one or directly before it, or remove it.',
      },
    ],
  },
});

/** The entry of the SQL front end: which statements of a text are read, where they stand, and what belongs to them. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../lib/manifest/catalog.js';
import { readSql } from '../../lib/sql/read.js';
import { plainText } from '../../lib/sql/sql-text.js';
import { printRoot } from './model/print.js';
import { template } from './model/template.js';

function read(text: string, dialect: Dialect = 'postgresql', mentions?: (text: string) => boolean): ReturnType<typeof readSql> {
  return readSql(plainText(text), { dialect, library: 'pg', mentions });
}

const users = (text: string): boolean => /users/i.test(text);

describe('readSql', () => {
  it('reads every statement of a text, at its words', () => {
    const text = '  SELECT 1 FROM users;\n\n/* x */ DELETE FROM users; ';
    const { statements } = read(text);
    assert.deepEqual(statements.map(({ range }) => text.slice(...range)), ['SELECT 1 FROM users', 'DELETE FROM users']);
    assert.deepEqual(statements.map(({ library, partial, marker }) => [library, partial, marker]), [['pg', false, null], ['pg', false, null]]);
  });

  it('underlines name and alias of a table', () => {
    const text = 'SELECT * FROM public.users AS u TABLESAMPLE SYSTEM (1), ONLY orders o (a, b) JOIN x ON true';
    const found: string[] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ((value as { type?: string }).type === 'table') found.push(text.slice(...(value as { range: [number, number] }).range));
      Object.values(value).forEach(visit);
    };
    visit(read(text).statements[0]!.root);
    assert.deepEqual(found, ['public.users AS u', 'ONLY orders o', 'x']);
  });

  it('points at expressions in a template, behind holes and escapes', () => {
    const text = 'SELECT * FROM ${identifier} WHERE a = ${value} AND deleted_at = NULL';
    const { root } = readSql(template(text), { dialect: 'postgresql', library: 'sql' }).statements[0]!;
    assert.ok(root.type === 'select' && root.where?.type === 'and');
    assert.deepEqual(root.where.operands.map(({ range }) => text.slice(...range)), ['a = ', 'deleted_at = NULL']);
  });

  it('passes over what names no table of the manifest, but not declarations', () => {
    const text = 'SELECT * FROM other; CREATE TABLE other (a int); alter table other add b int; SELECT * FROM users; SELECT nonsense nonsense nonsense;';
    const { statements, declarations, unread } = read(text, 'postgresql', users);
    assert.deepEqual(statements.map(({ root }) => printRoot(root)), ['select * from users']);
    assert.deepEqual(declarations.map(({ kind, name }) => [kind, name]), [['create', 'other'], ['alter', 'other']]);
    assert.deepEqual(unread, []);
  });

  it('counts what it cannot read', () => {
    const text = 'SELECT 1; SELECT FROM WHERE users GROUP; COMMENT ON TABLE users IS 1 2; SELECT 2 FROM users;';
    const { statements, unread } = read(text, 'postgresql', users);
    assert.equal(statements.length, 1);
    assert.deepEqual(unread.map(({ range }) => text.slice(...range)), ['SELECT FROM WHERE users GROUP']);
    assert.ok(unread[0]!.reason.length > 0);
  });

  it('takes part in the text that another place completes', () => {
    assert.equal(readSql(plainText('SELECT 1'), { dialect: 'postgresql', library: 'sql', partial: true }).statements[0]!.partial, true);
  });

  it('has remedies for every statement', () => {
    for (const { remedies } of read('SELECT 1; DELETE FROM users').statements) assert.ok(remedies?.addLiveFilter);
  });
});

describe('markers', () => {
  const CASES: readonly (readonly [text: string, dialect: Dialect, markers: readonly (string | null | false)[]])[] = [
    ['-- includes-deleted: audit export\nSELECT * FROM users', 'postgresql', ['audit export']],
    ['/* includes-deleted: audit */ SELECT * FROM users; SELECT * FROM users', 'postgresql', ['audit', false]],
    ['SELECT * FROM users /* includes-deleted: trash */ WHERE a', 'postgresql', ['trash']],
    ['SELECT *\nFROM users -- includes-deleted: trash\nWHERE a', 'postgresql', ['trash']],
    ['SELECT * FROM users; -- includes-deleted: the same line\nSELECT * FROM users', 'postgresql', ['the same line', false]],
    ['-- a header\n\n-- includes-deleted: reports\n-- more\nSELECT * FROM users', 'postgresql', ['reports']],
    ['SELECT * FROM users /* includes-deleted */', 'postgresql', [null]],
    ['SELECT * FROM users /* includes-deleted: */', 'postgresql', [null]],
    ['# includes-deleted: report\nSELECT * FROM users', 'mysql', ['report']],
    ['SELECT \'-- includes-deleted: no comment\' FROM users', 'postgresql', [false]],
    ['-- this does not mean includes-deleted: at all\nSELECT * FROM users', 'postgresql', [false]],
    ['DELETE u, o FROM users u JOIN orders o ON true /* includes-deleted: both */', 'mysql', ['both', 'both']],
  ];
  for (const [text, dialect, markers] of CASES) {
    it(text, () => {
      const { statements } = read(text, dialect);
      assert.deepEqual(statements.map(({ marker }) => marker ? marker.reason : false), markers);
      for (const { marker } of statements) if (marker) assert.match(text.slice(...marker.range), /^(--|#|\/\*).*includes-deleted/);
    });
  }
});

describe('routines', () => {
  const CASES: readonly (readonly [dialect: Dialect, text: string, roots: readonly string[]])[] = [
    ['postgresql', 'CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM users; SELECT * FROM users $$', ['delete users', 'select * from users']],
    ['postgresql', 'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nDECLARE n int;\nBEGIN\n  SELECT count(*) INTO n FROM users;\n  IF n > 0 THEN UPDATE users SET a = 1; END IF;\n  PERFORM 1 FROM users WHERE id = n;\nEND $$',
      ['select agg:count(*) from users', 'update users set a := 1', 'select 1 from users where id = n']],
    ['postgresql', 'DO $$ BEGIN DELETE FROM users; END $$', ['delete users']],
    ['postgresql', 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 FROM users; END', ['select 1 from users']],
    ['sqlite', 'CREATE TRIGGER t AFTER UPDATE ON users WHEN new.deleted_at IS NOT NULL BEGIN UPDATE orders SET a = 1; DELETE FROM users; END',
      ['update orders set a := 1', 'delete users', 'trigger t check [new.deleted_at is not null]']],
    ['mysql', 'CREATE PROCEDURE p() BEGIN DELETE FROM users; END', ['delete users']],
    ['bigquery', 'CREATE PROCEDURE d.p() BEGIN DELETE FROM users WHERE true; END', ['delete users where true']],
  ];
  for (const [dialect, text, roots] of CASES) {
    it(`${dialect}: ${text}`, () => {
      const { statements } = read(text, dialect);
      assert.deepEqual(statements.map(({ root }) => printRoot(root)), roots);
    });
  }

  it('gives the statements of a body the marker of the routine', () => {
    const { statements } = read('-- includes-deleted: nightly purge\nDO $$ BEGIN DELETE FROM users; END $$');
    assert.deepEqual(statements.map(({ marker }) => marker?.reason), ['nightly purge']);
  });
});

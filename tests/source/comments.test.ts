import assert from 'node:assert/strict';
import { find } from './support.js';

const comments = (source: string, index = 0): string[] => find(source)[index]!.comments.map(({ value, range }) => {
  assert.ok(source.slice(...range).includes(value));
  return value.trim();
});

describe('comments of a statement', () => {
  for (const [name, source, expected] of [
    ['directly before the statement', '/* a */\n// b\nawait pool.query(`SELECT * FROM users`);', ['a', 'b']],
    ['before a declaration', '// a\nconst rows = await pool.query(`SELECT * FROM users`);', ['a']],
    ['before an export', '// a\nexport const q = `SELECT * FROM users WHERE a`;', ['a']],
    ['before a return', 'async function f() {\n  // a\n  return await pool.query(`SELECT * FROM users`);\n}', ['a']],
    ['inside the call', 'pool.query(\n  // a\n  `SELECT * FROM users`, // b\n  [] /* c */,\n); // d', ['a', 'b', 'c']],
    ['inside an interpolation', 'await sql`SELECT * FROM users WHERE a = ${/* a */ b}`;', ['a']],
    ['before the call of a list', 'await Promise.all([\n  // a\n  pool.query(`SELECT * FROM users`),\n  // b\n  pool.query(`SELECT 1 FROM posts`),\n]);', ['a']],
    ['before a tagged template in a call', 'pool.query(/* a */ sql`SELECT * FROM users`);', ['a']],
    ['around a tagged template in a call', '// a\npool.query(sql`SELECT * FROM users` /* b */);', ['a', 'b']],
    ['before a method or property', 'const q = {\n  // a\n  list: () => pool.query(`SELECT * FROM users`),\n};', ['a']],
    ['where the text is declared, too', '// a\nconst q = `SELECT * FROM users`;\nother();\n// b\npool.query(q);', ['a', 'b']],
    ['of another statement', '// a\nother();\npool.query(`SELECT * FROM users`);\n// b', []],
    ['of the function around', '// a\nfunction f() { pool.query(`SELECT * FROM users`); }', []],
    ['none', 'pool.query(`SELECT * FROM users`);', []],
  ] as const) it(name, () => assert.deepEqual(comments(source).sort(), [...expected]));

  it('of the right one of two', () => {
    const source = '// a\npool.query(`SELECT * FROM users`);\n// b\npool.query(`SELECT 1 FROM posts`);';
    assert.deepEqual(comments(source, 0), ['a']);
    assert.deepEqual(comments(source, 1), ['b']);
  });
});

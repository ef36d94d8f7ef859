import assert from 'node:assert/strict';
import { reportsOf } from './rules/front-ends.js';

const pg = (body: string): string => `import { Pool } from 'pg';\nconst pool = new Pool();\nexport async function sweep(given: string[], cutoff: Date) {\n  ${body}\n}`;
const OLD = "const { rows } = await pool.query(`SELECT id FROM users WHERE deleted_at < now() - interval '31 days' LIMIT 100`);\n  const ids = rows.map((row) => row.id);\n  ";
const said = (code: string): string[] => ['no-hard-delete', 'require-purge-age'].flatMap((rule) => reportsOf(rule, { how: '', language: 'ts', code, at: '' }).map(({ at }) => `${rule} ${at}`));

describe('purges in steps', () => {
  for (const [what, body] of [
    ['= ANY($1)', `${OLD}await pool.query('DELETE FROM users WHERE id = ANY($1)', [ids]);`],
    ['IN with a list', `${OLD}await pool.query(\`DELETE FROM users WHERE id IN (\${ids.map((_, i) => '$' + (i + 1)).join(', ')})\`, ids);`],
    ['one row after the other', `${OLD}for (const id of ids) await pool.query('DELETE FROM users WHERE id = $1', [id]);`],
    ['children first', `${OLD}await pool.query('DELETE FROM orders WHERE user_id = ANY($1)', [ids]);\n  await pool.query('DELETE FROM users WHERE id = ANY($1)', [ids]);`],
    ['an age that is handed in', "const { rows } = await pool.query('SELECT id FROM users WHERE deleted_at < $1', [cutoff]);\n  await pool.query('DELETE FROM users WHERE id = ANY($1)', [rows.map((row) => row.id)]);"],
    ['a tag', "const rows = await sql`SELECT id FROM users WHERE deleted_at < ${cutoff}`;\n  await sql`DELETE FROM users WHERE id = ANY(${rows.map((row) => row.id)})`;"],
  ] as const) it(`accepts ${what}`, () => assert.deepEqual(said(pg(body)), []));

  for (const [what, body] of [
    ['ids that were handed in', "await pool.query('DELETE FROM users WHERE id = ANY($1)', [given]);"],
    ['ids of live rows', "const { rows } = await pool.query('SELECT id FROM users WHERE deleted_at IS NULL');\n  await pool.query('DELETE FROM users WHERE id = ANY($1)', [rows.map((row) => row.id)]);"],
    ['ids of all rows', "const { rows } = await pool.query('SELECT id FROM users WHERE name = $1', [given]);\n  await pool.query('DELETE FROM users WHERE id = ANY($1)', [rows.map((row) => row.id)]);"],
    ['rows that nobody names', `${OLD}await pool.query("DELETE FROM users WHERE name = 'x'");`],
    ['what comes before the old are read', `await pool.query('DELETE FROM users WHERE id = ANY($1)', [given]);\n  ${OLD}`],
  ] as const) it(`reports ${what}`, () => assert.deepEqual(said(pg(body)), ['no-hard-delete users']));

  it('looks at one function alone', () => {
    const code = `${pg(OLD)}\nexport async function remove(ids: string[]) {\n  await pool.query('DELETE FROM users WHERE id = ANY($1)', [ids]);\n}`;
    assert.deepEqual(said(code), ['no-hard-delete users']);
  });
});

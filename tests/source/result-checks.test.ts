import assert from 'node:assert/strict';
import { find } from './support.js';

const Q = "db.one('SELECT * FROM users WHERE id = $1', [id])";

const LOOKS: readonly (readonly [name: string, body: string])[] = [
  ['a condition on the row', `const row = await ${Q}; if (!row || row.deleted_at) return null; return row;`],
  ['another spelling', `const row = await ${Q}; if (row.deletedAt !== null) throw new Error();`],
  ['optional chaining', `const row = await ${Q}; if (row?.deletedAt) return;`],
  ['destructured rows', `const { rows } = await ${Q}; if (rows[0].deleted_at) return;`],
  ['the first of an array', `const [row] = await ${Q}; if (row.deleted_at) return;`],
  ['the first of destructured rows', `const { rows: [row] } = await ${Q}; return row.deleted_at ? null : row;`],
  ['filter', `const rows = await ${Q}; return rows.filter((r) => !r.deletedAt);`],
  ['filter with a block', `const rows = await ${Q}; return rows.filter((r) => { return r.deletedAt === null; });`],
  ['filter with a pattern', `const rows = await ${Q}; return rows.filter(({ deletedAt }) => !deletedAt);`],
  ['find on the awaited call', `return (await ${Q}).find((r) => r.deleted_at == null);`],
  ['a destructured column', `const { deleted_at } = await ${Q}; if (deleted_at) throw new Error();`],
  ['a renamed column', `const { deleted_at: gone = null } = await ${Q}; return gone ? null : 1;`],
  ['through one variable', `const result = await ${Q}; const row = result.rows[0]; if (row.deleted_at) return;`],
  ['then', `return ${Q}.then((res) => { if (res.rows[0].deleted_at) return null; return res; });`],
  ['then, its row', `const row = await ${Q}.then((res) => res.rows[0]); if (row.deleted_at) return;`],
  ['then with another function', `${Q}.then(function (row) { if (row.deleted_at) throw 1; });`],
  ['a loop', `for (const row of await ${Q}) { if (row.deleted_at) continue; }`],
  ['a loop over a variable', `const rows = await ${Q}; for (const row of rows) if (!row.deleted_at) f(row);`],
  ['forEach', `(await ${Q}).forEach((row) => { if (row.deleted_at) f(row); });`],
  ['an assertion', `const row = await ${Q}; assert(row.deleted_at === null);`],
  ['expect', `const row = await ${Q}; expect(row.deleted_at).toBeNull();`],
  ['a named decision', `const row = await ${Q}; const gone = row.deleted_at !== null; return gone;`],
  ['&&', `const row = await ${Q}; return row.deleted_at && null;`],
  ['Promise.all', `const [a, row] = await Promise.all([other(), ${Q}]); if (row.deleted_at) return;`],
  ['Promise.all of promises', `const p = ${Q}; const [row] = await Promise.all([p]); if (row.deleted_at) return;`],
  ['assigned later', `let row; row = await ${Q}; if (row.deleted_at) return;`],
  ['a default', `const row = (await ${Q}) ?? null; if (row?.deleted_at) return;`],
  ['type assertions', `const row = (await ${Q}) as User; if ((row as any)!.deleted_at) return;`],
  ['a callback of the driver', `db.get('SELECT * FROM users', [id], (err, row) => { if (row.deleted_at) return; });`],
  ['while and switch', `const row = await ${Q}; switch (row.deleted_at) { case null: break; }`],
];

const DOES_NOT_LOOK: readonly (readonly [name: string, body: string])[] = [
  ['returned', `return ${Q};`],
  ['returned from an arrow', `const f = () => ${Q}; if (f().deleted_at) return;`],
  ['not looked at', `const row = await ${Q}; if (!row) return; return row.name;`],
  ['another column', `const row = await ${Q}; if (row.archived_at) return;`],
  ['another row', `const row = await ${Q}; if (other.deleted_at) return;`],
  ['only passed on', `const row = await ${Q}; return { at: row.deleted_at };`],
  ['only shown', `const row = await ${Q}; console.log(row.deleted_at);`],
  ['only mapped', `const rows = await ${Q}; return rows.map((r) => r.deleted_at);`],
  ['a destructured column that decides nothing', `const { deleted_at } = await ${Q}; return deleted_at;`],
  ['the other one of Promise.all', `const [a, row] = await Promise.all([other(), ${Q}]); if (a.deleted_at) return;`],
  ['not taken', `await ${Q}; if (row.deleted_at) return;`],
  ['handed to a function', `const row = await ${Q}; save(row);`],
];

const wrap = (body: string): string => `async function f(id) { ${body} }`;

describe('does the code look at the tombstone of the result?', () => {
  for (const [name, body] of LOOKS) it(`yes: ${name}`, () => assert.equal(find(wrap(body))[0]!.resultChecks(['deleted_at']), true));
  for (const [name, body] of DOES_NOT_LOOK) it(`no: ${name}`, () => assert.equal(find(wrap(body))[0]!.resultChecks(['deleted_at']), false));

  it('any of several columns', () => {
    const [one] = find(wrap(`const row = await ${Q}; if (row.removedOn) return;`));
    assert.equal(one!.resultChecks(['deleted_at', 'removed_on']), true);
    assert.equal(one!.resultChecks(['deleted_at']), false);
    assert.equal(one!.resultChecks([]), false);
  });

  it('of a tag that executes, of one in a call, of a text in a variable, of a string', () => {
    for (const query of ['sql`SELECT * FROM users`', 'pool.query(sql`SELECT * FROM users`)', 'go("SELECT * FROM users")', 'sql`SELECT * FROM users`.execute(db)', 'pool.query({ text: `SELECT * FROM users` })', 'prisma.$queryRaw(Prisma.sql`SELECT * FROM users`)', 'db.prepare("SELECT * FROM users").get(id)']) {
      assert.equal(find(wrap(`const [row] = await ${query}; if (row.deleted_at) return;`))[0]!.resultChecks(['deleted_at']), true, query);
    }
    assert.equal(find(wrap('const q = `SELECT * FROM users`; const row = await db.one(q); if (row.deleted_at) return;'))[0]!.resultChecks(['deleted_at']), true);
    assert.equal(find(wrap('const s = db.prepare("SELECT * FROM users"); const row = s.get(id); if (row.deleted_at) return;'))[0]!.resultChecks(['deleted_at']), true);
  });

  it('a text run at two places is checked where both check it', () => {
    const one = (first: string, second: string) => find(`const q = 'SELECT * FROM users'; ${wrap(`const a = await db.one(q); ${first} const b = await db.one(q); ${second}`)}`);
    const check = 'if (a.deleted_at) return;', other = 'if (b.deleted_at) return;';
    assert.equal(one(check, other).length, 1);
    assert.equal(one(check, other)[0]!.resultChecks(['deleted_at']), true);
    assert.equal(one(check, '')[0]!.resultChecks(['deleted_at']), false);
  });
});

import assert from 'node:assert/strict';
import { derive } from '../../lib/manifest/index.js';

const DDL = `CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE, handle text, team_id int, deleted_at timestamptz, UNIQUE (team_id, handle));
CREATE TABLE tags (id int PRIMARY KEY, name text UNIQUE);`;
const PRISMA = `
model User {
  id        Int       @id
  email     String    @unique @map("mail")
  deletedAt DateTime?
}`;

const CASES: readonly { readonly name: string; readonly files: Readonly<Record<string, string>>; readonly table: string; readonly columns: readonly string[] | undefined }[] = [
  { name: 'a statement of SQL', files: { 'schema.sql': DDL, 'queries.sql': 'UPDATE users SET deleted_at = now(), email = \'deleted-\' || id WHERE id = $1;' }, table: 'users', columns: ['email'] },
  { name: 'SQL in a program', files: { 'schema.sql': DDL, 'users.ts': 'export const remove = (id) => pool.query(`UPDATE users SET handle = handle || $2, deleted_at = now() WHERE id = $1 AND deleted_at IS NULL`, [id, tail]);' }, table: 'users', columns: ['handle'] },
  { name: 'a call of Prisma, by the property', files: { 'schema.prisma': PRISMA, 'users.ts': 'export const remove = (id) => prisma.user.update({ where: { id }, data: { deletedAt: new Date(), email: `${id}@deleted` } });' }, table: 'User', columns: ['mail'] },
  { name: 'no column of a key', files: { 'schema.sql': DDL, 'queries.sql': 'UPDATE users SET deleted_at = now(), team = NULL WHERE id = $1;' }, table: 'users', columns: undefined },
  { name: 'an edit', files: { 'schema.sql': DDL, 'queries.sql': 'UPDATE users SET email = $2 WHERE id = $1 AND deleted_at IS NULL;' }, table: 'users', columns: undefined },
  { name: 'a restore', files: { 'schema.sql': DDL, 'queries.sql': 'UPDATE users SET email = $2, deleted_at = NULL WHERE id = $1;' }, table: 'users', columns: undefined },
];

describe('derive: columns that a soft delete overwrites', () => {
  for (const { name, files, table, columns } of CASES) {
    it(name, () => {
      const found = derive(Object.entries(files).map(([path, text]) => ({ path, text }))).tables[table];
      assert.deepEqual(typeof found === 'object' ? found.overwrites : null, columns);
    });
  }
});

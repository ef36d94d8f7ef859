import assert from 'node:assert/strict';
import { PGlite } from '@electric-sql/pglite';
import { ESLint } from 'eslint';
import plugin from '../../index.js';
import type { Manifest } from '../../lib/manifest/types.js';
import { declarations, MOMENT, testDeclarations, type Declaration } from './front-ends.js';
import { testRule, type Invalid, type Valid } from './tester.js';

const tables: Manifest['tables'] = {
  users: { deletion: 'soft', audit: 'user_audit', models: ['User'] }, payments: { deletion: 'soft', audit: 'user_audit' },
  user_audit: { deletion: 'hard', why: 'kept for the auditor', models: ['UserAudit'] }, job_log: { deletion: 'hard', models: ['JobLog'] },
};
const AUDITED = "'users', 'payments'";
const MESSAGES = {
  update: (table = "'user_audit'") => `This rewrites the history of ${AUDITED}: entries of ${table} are proof as long as nobody can change them. Insert a new entry.`,
  delete: (table = "'user_audit'") => `This removes the history of ${AUDITED}: entries of ${table} are proof as long as nobody can remove them. Keep them until their own retention ends.`,
  truncate: () => `TRUNCATE removes the whole history of ${AUDITED}. Keep the entries of 'user_audit' until their own retention ends.`,
  tombstone: (column = 'deleted_at') => `'${column}' lets entries of 'user_audit' vanish from the history of ${AUDITED}. An audit table has no tombstone: drop the column.`,
  reference: (action: string) => `The purge of 'users' takes its history along: a foreign key of 'user_audit' ${action}. Keep the key of the row without a foreign key, or with NO ACTION.`,
};
const CASCADE = 'deletes the entries with it (ON DELETE CASCADE)';

const reported = (kind: 'update' | 'delete' | 'truncate', code: string, more: Partial<Valid> & { at?: string; table?: string } = {}): Invalid => {
  const { at = 'user_audit', table, ...rest } = more;
  return { code, at, tables, message: kind === 'truncate' ? MESSAGES.truncate() : MESSAGES[kind](table), ...rest };
};
const silent = (code: string, more: Partial<Valid> = {}): Valid => ({ code, tables, ...more });

testRule('audit-append-only', {
  sql: {
    valid: [
      silent("INSERT INTO user_audit (user_id, what) VALUES (1, 'renamed')"),
      silent('INSERT INTO user_audit SELECT * FROM users WHERE deleted_at IS NULL'),
      silent("INSERT INTO user_audit (id, what) VALUES (1, 'renamed') ON CONFLICT DO NOTHING"),
      silent('SELECT * FROM user_audit'),
      silent('SELECT * FROM user_audit WHERE user_id IN (SELECT id FROM users WHERE deleted_at IS NULL) FOR UPDATE'),
      // The retention of the entries themselves.
      silent("DELETE FROM user_audit WHERE created_at < now() - interval '7 years'"),
      silent('DELETE FROM user_audit WHERE created_at <= $1'),
      silent("DELETE FROM user_audit WHERE created_at < '2015-01-01'"),
      silent("DELETE FROM user_audit WHERE id IN (SELECT id FROM user_audit WHERE created_at < now() - interval '7 years' LIMIT 1000)"),
      silent('DELETE FROM `user_audit` WHERE `created_at` < NOW() - INTERVAL 7 YEAR', { dialect: 'mysql' }),
      silent("DELETE FROM user_audit WHERE created_at < datetime('now', '-7 years')", { dialect: 'sqlite' }),
      // Other tables.
      silent("UPDATE job_log SET what = 'x'"),
      silent('DELETE FROM job_log'),
      silent('TRUNCATE job_log'),
      silent("UPDATE users SET name = 'x' WHERE id = 1 AND deleted_at IS NULL"),
      silent('UPDATE users u SET name = a.name FROM user_audit a WHERE a.user_id = u.id AND u.deleted_at IS NULL'),
      silent("DELETE FROM users USING user_audit WHERE users.deleted_at < now() - interval '30 days'"),
      // Once.
      silent("UPDATE user_audit SET what = 'renamed'", { filename: 'db/migrations/2_rename.sql' }),
      // No audit table by this manifest.
      { code: "UPDATE user_audit SET what = 'x'" },
      silent('CREATE TABLE user_audit (id int, user_id int, created_at timestamptz NOT NULL)'),
      silent('CREATE TABLE user_audit (id int, user_id int REFERENCES users (id))'),
      silent('CREATE TABLE user_audit (id int, user_id int REFERENCES users (id) ON DELETE NO ACTION)'),
      silent('CREATE TABLE job_log (id int, user_id int REFERENCES users (id) ON DELETE CASCADE)'),
      silent('CREATE TABLE user_audit (id int, deleted_at timestamptz NOT NULL)'),
    ],
    invalid: [
      reported('update', "UPDATE user_audit SET what = 'x' WHERE id = 1"),
      reported('update', "UPDATE public.user_audit SET what = 'x'", { at: 'public.user_audit' }),
      reported('update', "UPDATE user_audit AS a SET what = 'x' WHERE a.id = $1", { at: 'user_audit AS a', table: "'user_audit' (a)" }),
      reported('update', 'UPDATE user_audit SET deleted_at = now() WHERE id = 1'),
      reported('update', "UPDATE user_audit SET what = 'x' WHERE created_at < now() - interval '7 years'"),
      reported('update', "INSERT INTO user_audit (id, what) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET what = excluded.what"),
      reported('update', "INSERT INTO user_audit (id) VALUES (1) ON DUPLICATE KEY UPDATE what = 'x'", { dialect: 'mysql' }),
      reported('update', 'UPDATE `user_audit` SET `what` = 1', { dialect: 'mysql', at: '`user_audit`' }),
      reported('update', "WITH e AS (UPDATE user_audit SET what = 'x' RETURNING id) SELECT id FROM e"),
      reported('update', "MERGE INTO user_audit a USING job_log j ON a.id = j.id WHEN MATCHED THEN UPDATE SET what = 'x'", { at: 'user_audit a', table: "'user_audit' (a)" }),
      reported('delete', 'DELETE FROM user_audit WHERE user_id = $1'),
      reported('delete', 'DELETE FROM user_audit'),
      reported('delete', "DELETE FROM user_audit WHERE what = 'login'"),
      reported('delete', 'DELETE FROM user_audit WHERE id < 100'),
      reported('delete', 'DELETE FROM user_audit USING job_log WHERE job_log.id = user_audit.id'),
      reported('delete', 'DELETE FROM user_audit WHERE user_id IN (SELECT id FROM users WHERE deleted_at IS NOT NULL)'),
      reported('truncate', 'TRUNCATE user_audit'),
      reported('truncate', 'TRUNCATE TABLE user_audit RESTART IDENTITY'),
      { code: 'CREATE TABLE user_audit (id int, deleted_at timestamptz)', tables, at: 'deleted_at', message: MESSAGES.tombstone() },
      { code: 'ALTER TABLE user_audit ADD is_deleted boolean NOT NULL DEFAULT false', tables, at: 'is_deleted', message: MESSAGES.tombstone('is_deleted') },
      { code: 'CREATE TABLE user_audit (id int, user_id int, FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)', tables, at: 'FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE', message: MESSAGES.reference(CASCADE) },
      {
        code: 'ALTER TABLE user_audit ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL', tables, at: 'FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL',
        message: MESSAGES.reference('takes the row out of them (ON DELETE SET NULL)'),
      },
    ],
  },
});

/** Writes of each library: whole calls are underlined. */
const WRITES: readonly (Declaration & { kind: 'update' | 'delete' | null })[] = [
  ['a tag', "import postgres from 'postgres';\nconst sql = postgres();\nawait sql`UPDATE user_audit SET what = ${what} WHERE id = ${id}`;", 'user_audit', 'update'],
  ['a tag that purges', "import postgres from 'postgres';\nconst sql = postgres();\nawait sql`DELETE FROM user_audit WHERE created_at < ${before}`;", '', null],
  ['a fragment', "import postgres from 'postgres';\nconst sql = postgres();\nawait sql`DELETE FROM user_audit WHERE ${condition}`;", '', null],
  ['Knex', "import knex from 'knex';\nconst db = knex({});\nawait db('user_audit').where({ id }).update({ what });", "'user_audit'", 'update'],
  ['Knex that deletes', "import knex from 'knex';\nconst db = knex({});\nawait db('user_audit').where({ id }).del();", "'user_audit'", 'delete'],
  ['Knex that purges', "import knex from 'knex';\nconst db = knex({});\nawait db('user_audit').where('created_at', '<', before).del();", '', null],
  ['Kysely', "import { Kysely } from 'kysely';\nconst db = new Kysely<any>({} as any);\nawait db.updateTable('user_audit').set({ what }).where('id', '=', id).execute();", "'user_audit'", 'update'],
  ['Kysely that deletes', "import { Kysely } from 'kysely';\nconst db = new Kysely<any>({} as any);\nawait db.deleteFrom('user_audit').where('id', '=', id).execute();", "'user_audit'", 'delete'],
  ['Kysely that adds', "import { Kysely } from 'kysely';\nconst db = new Kysely<any>({} as any);\nawait db.insertInto('user_audit').values({ what }).execute();", '', null],
  ['Prisma', "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nawait prisma.userAudit.update({ where: { id }, data: { what } });", 'userAudit', 'update'],
  ['Prisma that deletes', "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nawait prisma.userAudit.deleteMany({ where: { userId } });", 'userAudit', 'delete'],
  ['Prisma that adds', "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nawait prisma.userAudit.create({ data: { what } });", '', null],
].map(([how, code, at, kind]) => ({ how: how!, code: code!, at: at!, kind: kind as 'update' | 'delete' | null, language: 'ts' as const }));
for (const kind of ['update', 'delete', null] as const) testDeclarations('audit-append-only', WRITES.filter((write) => write.kind === kind), kind && MESSAGES[kind](), { tables });

testDeclarations('audit-append-only', declarations('user_audit', 'deleted_at', MOMENT), MESSAGES.tombstone(), { tables });
testDeclarations('audit-append-only', declarations('job_log', 'deleted_at', MOMENT), null, { tables });

describe('what audit-append-only says of PostgreSQL', function () {
  this.timeout(60_000);
  it('a purge takes the entries of a cascading foreign key along, and empties those of one that sets NULL', async () => {
    const db = await PGlite.create();
    await db.exec(`
      CREATE TABLE users (id int PRIMARY KEY, deleted_at timestamptz);
      CREATE TABLE gone (user_id int REFERENCES users ON DELETE CASCADE);
      CREATE TABLE emptied (user_id int REFERENCES users ON DELETE SET NULL);
      INSERT INTO users VALUES (1, now() - interval '31 days'); INSERT INTO gone VALUES (1); INSERT INTO emptied VALUES (1);
      DELETE FROM users WHERE deleted_at < now() - interval '30 days'`);
    assert.deepEqual((await db.query('SELECT user_id FROM gone')).rows, []);
    assert.deepEqual((await db.query('SELECT user_id FROM emptied')).rows, [{ user_id: null }]);
    await db.close();
  });
});

describe('audit-append-only in the manifest', () => {
  const said = async (invoices: object): Promise<string[]> => {
    const manifest = JSON.stringify({ tables: { invoices, invoice_audit: 'hard' } });
    const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: [{ plugins: { 'soft-delete': plugin as ESLint.Plugin }, rules: { 'soft-delete/audit-append-only': 'error' }, settings: { 'soft-delete': { manifest: { tables } } } }, plugin.configs.manifest] });
    const [result] = await eslint.lintText(manifest, { filePath: 'soft-delete.json' });
    return result!.messages.map(({ message, column, endColumn }) => `${manifest.slice(column - 1, endColumn! - 1)}: ${message}`);
  };
  const REGULATED = "\"regulated\": 'invoices' is regulated, and soft delete keeps the last state of a row alone: nobody can show who changed it before. Name its append-only audit table ('audit').";

  it('reports a regulated table without an audit table, soft or hard', async () => {
    for (const deletion of ['soft', 'hard']) assert.deepEqual(await said({ deletion, regulated: true }), [REGULATED]);
  });
  it('accepts one that has it, and tables that nobody asks about', async () => {
    for (const table of [{ deletion: 'soft', regulated: true, audit: 'invoice_audit' }, { deletion: 'soft', regulated: false }, { deletion: 'soft' }, { deletion: 'soft', audit: 'invoice_audit' }]) assert.deepEqual(await said(table), []);
  });
});

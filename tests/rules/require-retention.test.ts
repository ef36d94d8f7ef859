import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import js from '@eslint/js';
import json from '@eslint/json';
import { ESLint, type Linter } from 'eslint';
import plugin from '../../index.js';
import type { Manifest } from '../../lib/manifest/types.js';
import { ESLINT_8_RC, WITH_LANGUAGES } from '../helpers/versions.js';
import { count } from './tally.js';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'retention-')); });
afterEach(() => { rmSync(folder, { recursive: true }); });

const write = (files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
};

const RULE: Linter.Config = { plugins: { 'soft-delete': plugin as ESLint.Plugin }, rules: { 'soft-delete/require-retention': 'error' } };

/** What is said of a manifest: the message, and the words that are underlined. */
async function said(text: string, config: readonly Linter.Config[] = [RULE, plugin.configs.manifest], Engine: typeof ESLint = ESLint): Promise<{ message: string; at: string }[]> {
  write({ 'soft-delete.json': text });
  const [result] = await new Engine({ cwd: folder, overrideConfigFile: true, overrideConfig: [...config] }).lintFiles(['soft-delete.json']);
  const lines = text.replace(/^\uFEFF/u, '').split('\n');
  return result!.messages.map(({ message, line, column, endColumn = column }) => ({ message, at: lines[line - 1]!.slice(column - 1, endColumn - 1) }));
}

const pretty = (manifest: object): string => JSON.stringify(manifest, null, 2);

const MESSAGES = {
  neither: "Deleted rows of 'users' stay for good, because nobody has said for how long they are kept or what removes them. Give it a 'retention' and a 'purge'.",
  noRetention: "Nobody has said for how long deleted rows of 'users' are kept, so no purge of them can be told to be too early. Give it a 'retention'.",
  noPurge: "Deleted rows of 'users' are to be kept for 30 days, and nothing removes them then. Name the file that does ('purge').",
  missing: (file: string) => `Deleted rows of 'users' stay for good, because there is no file '${file}'. Write the purge, or name the file that has it.`,
  noDelete: (file: string) => `Deleted rows of 'users' stay for good, because '${file}' does not delete them. Add a DELETE of rows that were deleted 30 days ago.`,
  noAge: (file: string) => `The purge of 'users' in '${file}' removes rows that were deleted a moment ago. Bound it by 30 days.`,
};

type Tables = Manifest['tables'];
const users = (file: string, more: object = {}): Tables => ({ users: { deletion: 'soft', retention: '30 days', purge: file, models: ['User'], ...more } });
const ORDERS: Tables = { orders: { deletion: 'soft', retention: '7 years', purge: 'purge.sql' } };
const OLD = "deleted_at < now() - interval '30 days'";

/** Manifests with the file that they call the purge, and what is said of `users`. */
const CASES: readonly (readonly [how: string, tables: Tables, file: string | null, text: string, message: string | null])[] = [
  // What the manifest itself leaves open.
  ['a word alone', { users: 'soft' }, null, '', MESSAGES.neither],
  ['an object that says no more', { users: { deletion: 'soft' } }, null, '', MESSAGES.neither],
  ['a key and models', { users: { deletion: 'soft', key: 'id', models: ['User'] } }, null, '', MESSAGES.neither],
  ['a retention alone', { users: { deletion: 'soft', retention: '30 days' } }, null, '', MESSAGES.noPurge],
  ['a purge alone', { users: { deletion: 'soft', purge: 'purge.sql' } }, 'purge.sql', `DELETE FROM users WHERE ${OLD};`, MESSAGES.noRetention],
  // The file.
  ['a file that is not there', users('purge.sql'), null, '', MESSAGES.missing('purge.sql')],
  ['a path that leads nowhere', users('jobs/nightly/purge.ts'), 'jobs/purge.ts', '', MESSAGES.missing('jobs/nightly/purge.ts')],
  ['an empty file', users('purge.sql'), 'purge.sql', '', MESSAGES.noDelete('purge.sql')],
  ['another table', { ...users('purge.sql'), ...ORDERS }, 'purge.sql', `DELETE FROM orders WHERE ${OLD.replace('30 days', '7 years')};`, MESSAGES.noDelete('purge.sql')],
  ['a table that is only read', users('purge.sql'), 'purge.sql', 'SELECT id FROM users WHERE deleted_at IS NULL;', MESSAGES.noDelete('purge.sql')],
  ['a soft delete', users('purge.sql'), 'purge.sql', 'UPDATE users SET deleted_at = now() WHERE id = 1 AND deleted_at IS NULL;', MESSAGES.noDelete('purge.sql')],
  ['a comment', users('purge.sql'), 'purge.sql', '-- Nothing to do here yet.\nSELECT 1;', MESSAGES.noDelete('purge.sql')],
  ['a script that does something else', users('jobs/purge.ts'), 'jobs/purge.ts', "export async function run() {\n  await pool.query('SELECT id FROM sessions');\n}", MESSAGES.noDelete('jobs/purge.ts')],
  ['a script that purges another table', { ...users('jobs/purge.ts'), orders: { deletion: 'soft', retention: '7 years', purge: 'jobs/purge.ts' } }, 'jobs/purge.ts', "export const run = () => pool.query(\"DELETE FROM orders WHERE deleted_at < now() - interval '7 years'\");", MESSAGES.noDelete('jobs/purge.ts')],
  ['a shell script that does something else', users('purge.sh'), 'purge.sh', 'vacuumdb --all', MESSAGES.noDelete('purge.sh')],
  // The age.
  ['a purge without age', users('purge.sql'), 'purge.sql', 'DELETE FROM users WHERE deleted_at IS NOT NULL;', MESSAGES.noAge('purge.sql')],
  ['a purge without age, in a script', users('jobs/purge.ts'), 'jobs/purge.ts', "export const run = () => pool.query('DELETE FROM users WHERE deleted_at IS NOT NULL');", MESSAGES.noAge('jobs/purge.ts')],
  ['a purge without age, by Kysely', users('purge.ts'), 'purge.ts', "import { Kysely } from 'kysely';\nexport const run = (db: Kysely<any>) => db.deleteFrom('users').where('deleted_at', 'is not', null).execute();", MESSAGES.noAge('purge.ts')],
  ['a purge without age, by Prisma', users('purge.ts'), 'purge.ts', "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport const run = () => prisma.user.deleteMany({ where: { deletedAt: { not: null } } });", MESSAGES.noAge('purge.ts')],
  ['a flag without age', users('purge.sql', { tombstone: { column: 'is_deleted', live: false } }), 'purge.sql', 'DELETE FROM users WHERE is_deleted;', MESSAGES.noAge('purge.sql')],
  ['a purge that never matches', users('purge.sql'), 'purge.sql', `DELETE FROM public.members WHERE ${OLD};`, MESSAGES.noDelete('purge.sql')],

  ['hard-deleted', { users: 'hard' }, null, '', null],
  ['hard-deleted for a reason', { users: { deletion: 'hard', why: 'session' } }, null, '', null],
  ['a purge by age', users('purge.sql'), 'purge.sql', `DELETE FROM users WHERE ${OLD};`, null],
  ['one of several statements', users('purge.sql'), 'purge.sql', `BEGIN;\nDELETE FROM sessions;\nDELETE FROM users WHERE ${OLD};\nCOMMIT;`, null],
  ['a bound that the caller decides', users('purge.sql'), 'purge.sql', 'DELETE FROM users WHERE deleted_at < $1;', null],
  ['a flag, and the age of something else', users('purge.sql', { tombstone: { column: 'is_deleted', live: false } }), 'purge.sql', "DELETE FROM users WHERE is_deleted AND updated_at < now() - interval '30 days';", null],
  ['in batches', users('purge.sql'), 'purge.sql', `DELETE FROM users WHERE id IN (SELECT id FROM users WHERE ${OLD} LIMIT 1000);`, null],
  ['with its parent, by a foreign key', { ...users('purge.sql'), teams: { deletion: 'soft', cascadesTo: ['users'], retention: '30 days', purge: 'purge.sql' } }, 'purge.sql', `DELETE FROM teams WHERE ${OLD};`, null],
  ['a script', users('jobs/purge.ts'), 'jobs/purge.ts', `export const run = () => pool.query("DELETE FROM users WHERE ${OLD}");`, null],
  ['a script of JavaScript', users('jobs/purge.js'), 'jobs/purge.js', `exports.run = () => pool.query("DELETE FROM users WHERE ${OLD}");`, null],
  ['Kysely', users('purge.ts'), 'purge.ts', "import { Kysely } from 'kysely';\nexport const run = (db: Kysely<any>, before: Date) => db.deleteFrom('users').where('deleted_at', '<', before).execute();", null],
  ['Prisma', users('purge.ts'), 'purge.ts', "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport const run = (before: Date) => prisma.user.deleteMany({ where: { deletedAt: { lt: before } } });", null],
  ['Knex', users('purge.ts'), 'purge.ts', "import knex from 'knex';\nconst db = knex({});\nexport const run = (before: Date) => db('users').where('deleted_at', '<', before).del();", null],
  ['ids that were chosen before', users('purge.ts'), 'purge.ts', `const { rows } = await pool.query("SELECT id FROM users WHERE ${OLD}");\nawait pool.query('DELETE FROM users WHERE id = ANY ($1) AND deleted_at IS NOT NULL', [rows.map(({ id }) => id)]);`, null],
  ['a table that the run decides', users('purge.ts'), 'purge.ts', "for (const table of softTables) await pool.query(`DELETE FROM ${table} WHERE deleted_at < now() - interval '30 days'`);", null],
  ['a builder over many tables', users('purge.ts'), 'purge.ts', "for (const table of softTables) await db.deleteFrom(table).where('deleted_at', '<', before).execute();", null],
  ['a schedule in the database', users('purge.sql'), 'purge.sql', `SELECT cron.schedule('purge', '0 3 * * *', $$DELETE FROM users WHERE ${OLD}$$);`, null],
  ['another function that purges', users('purge.ts'), 'purge.ts', 'export const run = (before: Date) => userRepository.purgeDeletedBefore(before);', null],
  ['a file of another language', users('purge.py'), 'purge.py', `cursor.execute("DELETE FROM users WHERE ${OLD}")`, null],
  ['a procedure of the database', users('purge.sql'), 'purge.sql', `CREATE FUNCTION purge() RETURNS void LANGUAGE sql AS $$ DELETE FROM users WHERE ${OLD}; $$;`, null],
  ['a file that cannot be parsed', users('purge.ts'), 'purge.ts', 'export const = ;', null],
];

describe('require-retention', () => {
  count('require-retention', 'reported', CASES.flatMap(([, , , text, message]) => message === null ? [] : [{ language: 'manifest', code: text }]));
  count('require-retention', 'silent', CASES.flatMap(([, , , text, message]) => message === null ? [{ language: 'manifest', code: text }] : []));
  for (const [how, tables, file, text, message] of CASES) {
    it(`${message === null ? 'accepts' : 'reports'} ${how}`, async () => {
      if (file !== null) write({ [file]: text });
      const found = (await said(pretty({ tables }))).filter((one) => one.message.includes("'users'"));
      assert.deepEqual(found.map((one) => one.message), message === null ? [] : [message]);
    });
  }

  it('underlines the name of the table, or the purge that is none', async () => {
    assert.deepEqual((await said(pretty({ tables: { users: 'soft' } }))).map(({ at }) => at), ['"users"']);
    assert.deepEqual((await said(pretty({ tables: users('purge.sql') }))).map(({ at }) => at), ['"purge"']);
    assert.deepEqual((await said(`\uFEFF${pretty({ tables: { 'app."users"': 'soft' } })}`)).map(({ at }) => at), ['"app.\\"users\\""']);
  });

  it('reports an audit table that is soft', async () => {
    const tables = { invoices: { deletion: 'soft', retention: '7 years', purge: 'purge.sql', audit: 'entries' }, entries: { deletion: 'soft', retention: '9 years', purge: 'purge.sql' } };
    write({ 'purge.sql': "DELETE FROM invoices WHERE deleted_at < now() - interval '7 years'; DELETE FROM entries WHERE deleted_at < now() - interval '9 years';" });
    assert.deepEqual(await said(pretty({ tables })), [{ message: "Entries of 'entries' can be deleted softly, and are to be the history of 'invoices'. Declare 'entries' 'hard'.", at: '"audit"' }]);
    assert.deepEqual(await said(pretty({ tables: { ...tables, entries: 'hard' } })), []);
  });

  it('says nothing of a file that is no manifest', async () => {
    for (const text of ['', '{', '[]', '{"tables": {}}', '{"tables": {"users": "gone"}}']) assert.deepEqual(await said(text), []);
  });
});

describe('manifests as files that ESLint lints', () => {
  const TEXT = pretty({ tables: { users: 'soft' } }), FOUND = [{ message: MESSAGES.neither, at: '"users"' }];
  const jsonPlugin: Linter.Config = { files: ['**/*.json'], plugins: { json: json as unknown as ESLint.Plugin }, language: 'json/json' };

  for (const version of WITH_LANGUAGES) it(`in ${version.name}`, async () => assert.deepEqual(await said(TEXT, undefined, version.ESLint), FOUND));

  it('by the parser in ESLint 8', async () => {
    write({ 'soft-delete.json': TEXT });
    const eslint = new ESLINT_8_RC({
      cwd: folder, useEslintrc: false, plugins: { 'soft-delete': plugin },
      overrideConfig: { plugins: ['soft-delete'], rules: { 'soft-delete/require-retention': 'error' }, overrides: [{ files: ['soft-delete.json'], parser: require.resolve('../../lib/parser.ts') }] },
    } as unknown as ESLint.Options);
    const [result] = await eslint.lintFiles(['soft-delete.json']);
    assert.deepEqual(result!.messages.map(({ message, line, column }) => ({ message, line, column })), [{ message: MESSAGES.neither, line: 3, column: 5 }]);
  });

  it('as @eslint/json reads them, where its configuration comes last', async () => assert.deepEqual(await said(TEXT, [RULE, plugin.configs.manifest, jsonPlugin]), FOUND));

  it('beside rules of @eslint/json, where its configuration comes first', async () => {
    assert.deepEqual(await said(TEXT, [{ ...jsonPlugin, rules: json.configs.recommended.rules as Linter.RulesRecord }, RULE, plugin.configs.manifest]), FOUND);
  });

  it('beside rules for JavaScript that an unscoped configuration runs everywhere', async () => assert.deepEqual(await said(TEXT, [js.configs.recommended, RULE, plugin.configs.manifest]), FOUND));

  it('by configure(), whatever the file is called', async () => {
    write({ 'db/tables.json': TEXT });
    const eslint = new ESLint({ cwd: folder, overrideConfigFile: true, overrideConfig: plugin.configure({ manifest: join(folder, 'db/tables.json') }) });
    const [result] = await eslint.lintFiles(['.']);
    assert.deepEqual(result!.messages.map(({ message }) => message), [MESSAGES.neither]);
  });
});

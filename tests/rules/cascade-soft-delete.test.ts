import type { Manifest } from '../../lib/manifest/types.js';
import { testRule, type Invalid, type Valid } from './tester.js';

const tables: Manifest['tables'] = {
  boards: { deletion: 'soft', cascadesTo: ['cards', 'board_members'], models: ['Board'], relations: { cards: { table: 'cards', many: true } } },
  cards: { deletion: 'soft', cascadesTo: ['notes'], models: ['Card'] },
  notes: { deletion: 'soft', models: ['Note'] },
  board_members: { deletion: 'hard' },
  folders: { deletion: 'soft', cascadesTo: ['folders', 'files'], models: ['Folder'] },
  files: { deletion: 'soft', tombstone: { column: 'is_deleted', live: false } },
};
const left = (table: string, children: string, columns: string): string => `Rows of ${children} stay live when their row of ${table} is deleted here. Set ${columns} in the same transaction.`;
const BOARDS = left("'boards'", "'cards'", "'cards.deleted_at'");

const bury = (table: string, where = 'id = $1', alias = ''): string => `UPDATE ${table} SET deleted_at = now() WHERE ${where} AND ${alias}deleted_at IS NULL`;
const silent = (code: string, more: Partial<Valid> = {}): Valid => ({ code, tables, ...more });
const reported = (code: string, at: string, message: string, more: Partial<Valid> = {}): Invalid => ({ code, tables, at, message, ...more });

const CARDS = bury('cards', 'board_id = $1'), NOTES = bury('notes', 'card_id = $1'), BOARD = bury('boards');
const ORM = {
  kysely: "import { Kysely } from 'kysely';\nconst db = new Kysely<any>({} as any);\n",
  prisma: "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\n",
  knex: "import knex from 'knex';\nconst db = knex({});\n",
  drizzle: "import { and, eq, isNull } from 'drizzle-orm';\nimport { db } from './db';\nimport * as schema from './schema';\n",
};
const q = (sql: string): string => `await pool.query('${sql}', [id]);`;
const fn = (...lines: readonly string[]): string => `async function remove(id) {\n  ${lines.join('\n  ')}\n}`;

testRule('cascade-soft-delete', {
  sql: {
    valid: [
      silent(`${BOARD}; ${CARDS}; ${NOTES}`),
      silent(`${NOTES}; ${CARDS}; ${BOARD}`),
      silent(`${CARDS}; ${NOTES}`),
      silent(NOTES),
      silent('BEGIN; ' + [BOARD, CARDS, NOTES].join('; ') + '; COMMIT'),
      // In one statement.
      silent(`WITH b AS (${BOARD} RETURNING id), c AS (UPDATE cards SET deleted_at = now() WHERE board_id IN (SELECT id FROM b) AND deleted_at IS NULL RETURNING id) UPDATE notes SET deleted_at = now() WHERE card_id IN (SELECT id FROM c) AND deleted_at IS NULL`),
      // A value that may be a time or not.
      silent(`UPDATE boards SET deleted_at = $2 WHERE id = $1`),
      // Something else, or the way back.
      silent('UPDATE boards SET name = $2 WHERE id = $1 AND deleted_at IS NULL'),
      silent('UPDATE boards SET deleted_at = NULL WHERE id = $1'),
      silent('SELECT id FROM boards WHERE deleted_at IS NULL'),
      silent("DELETE FROM boards WHERE deleted_at < now() - interval '30 days'"),
      // A folder takes the folders in it along, by the same statement.
      silent(`UPDATE folders SET deleted_at = now() WHERE path LIKE $1 AND deleted_at IS NULL; UPDATE files SET is_deleted = true WHERE folder_id = $1 AND NOT is_deleted`),
      // A child that is really deleted is another rule's.
      silent(`${BOARD}; DELETE FROM cards WHERE board_id = $1`),
      silent('UPDATE users SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL'),
      silent(BOARD, { filename: 'db/migrations/1_x.sql' }),
      { code: BOARD, tables: { boards: 'soft' } },
      silent('CREATE TABLE boards (id int, deleted_at timestamptz)'),
    ],
    invalid: [
      reported(BOARD, 'boards', BOARDS),
      reported(CARDS, 'cards', left("'cards'", "'notes'", "'notes.deleted_at'")),
      reported(`UPDATE boards AS b SET deleted_at = now() WHERE b.id = $1 AND b.deleted_at IS NULL`, 'boards AS b', left("'boards' (b)", "'cards'", "'cards.deleted_at'")),
      reported(`UPDATE boards SET deleted_at = CURRENT_TIMESTAMP WHERE owner_id = $1 AND deleted_at IS NULL`, 'boards', BOARDS),
      reported(`${BOARD}; ${NOTES}`, 'boards', BOARDS),
      reported(`${BOARD}; UPDATE cards SET title = $2 WHERE board_id = $1 AND deleted_at IS NULL`, 'boards', BOARDS),
      reported(`${BOARD}; UPDATE cards SET deleted_at = NULL WHERE board_id = $1`, 'boards', BOARDS),
      reported(`${BOARD}; SELECT id FROM cards WHERE board_id = $1 AND deleted_at IS NULL`, 'boards', BOARDS),
      reported(`${CARDS}; ${BOARD}`, 'cards', left("'cards'", "'notes'", "'notes.deleted_at'")),
      reported('UPDATE folders SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL', 'folders', left("'folders'", "'files'", "'files.is_deleted'")),
      reported('UPDATE `boards` SET `deleted_at` = NOW() WHERE `id` = ? AND `deleted_at` IS NULL', '`boards`', BOARDS, { dialect: 'mysql' }),
      reported("UPDATE boards SET deleted_at = datetime('now') WHERE id = ? AND deleted_at IS NULL", 'boards', BOARDS, { dialect: 'sqlite' }),
      reported(`WITH b AS (${BOARD} RETURNING id) SELECT id FROM b`, 'boards', BOARDS),
    ],
  },
  ts: {
    valid: [
      silent(fn(q(BOARD), q(CARDS), q(NOTES))),
      silent(`class Boards {\n  ${fn(q(BOARD), q(CARDS), q(NOTES)).replace('async function ', 'async ')}\n}`),
      // Callbacks belong to the function around them.
      silent(fn('await db.transaction(async (tx) => {', `await tx.query('${BOARD}', [id]);`, '});', `await Promise.all(ids.map(async (card) => { ${q(CARDS)} ${q(NOTES)} }));`)),
      // Another function sees to the children.
      silent(fn(q(BOARD), 'await deleteCards(id);')),
      silent(fn(q(BOARD), 'await this.cards.softDeleteByBoard(id);')),
      silent(fn(q(BOARD), 'await this.cardRepository.removeFor(id);')),
      silent(fn(q(BOARD), "await this.cascade('boards', id);")),
      silent(fn(q(BOARD), 'await this.archiveChildren(id);')),
      // A fragment decides.
      silent(fn('await pool.query(`UPDATE boards SET ${assignments} WHERE id = $1`, [id]);')),
      silent(fn(q(BOARD), 'for (const table of tables) await pool.query(`UPDATE ${table} SET deleted_at = now() WHERE board_id = $1 AND deleted_at IS NULL`, [id]);', 'await purgeCards(id);')),
      silent(`${ORM.kysely}${fn("await db.updateTable('boards').set({ deleted_at: new Date() }).where('id', '=', id).where('deleted_at', 'is', null).execute();", "await db.updateTable('cards').set({ deleted_at: new Date() }).where('board_id', '=', id).where('deleted_at', 'is', null).execute();", "await db.updateTable('notes').set({ deleted_at: new Date() }).where('board_id', '=', id).where('deleted_at', 'is', null).execute();")}`),
      silent(`${ORM.prisma}${fn('await prisma.$transaction([', 'prisma.board.updateMany({ where: { id, deletedAt: null }, data: { deletedAt: new Date() } }),', 'prisma.card.updateMany({ where: { boardId: id, deletedAt: null }, data: { deletedAt: new Date() } }),', 'prisma.note.updateMany({ where: { boardId: id, deletedAt: null }, data: { deletedAt: new Date() } }),', ']);')}`),
    ],
    invalid: [
      reported(fn(q(BOARD)), 'boards', BOARDS),
      // Each function by itself.
      reported(`${fn(q(BOARD))}\n${fn(q(CARDS), q(NOTES)).replace('remove', 'empty')}`, 'boards', BOARDS),
      reported(`class Boards {\n  async remove(id) { ${q(BOARD)} }\n  async empty(id) { ${q(CARDS)} ${q(NOTES)} }\n}`, 'boards', BOARDS),
      reported(`app.delete('/b/:id', async (id) => { ${q(BOARD)} });\napp.delete('/cards/:id', async (id) => { ${q(CARDS)} ${q(NOTES)} });`, 'boards', BOARDS),
      reported(fn(q(BOARD), 'await notify(id);', 'await this.boards.refresh(id);'), 'boards', BOARDS),
      reported(fn(q(BOARD), 'await this.cards.list(id);'), 'boards', BOARDS),
      reported(`${ORM.kysely}${fn("await db.updateTable('boards').set({ deleted_at: new Date() }).where('id', '=', id).where('deleted_at', 'is', null).execute();")}`, "'boards'", BOARDS),
      reported(`${ORM.knex}${fn("await db('boards').where({ id, deleted_at: null }).update({ deleted_at: new Date() });")}`, "'boards'", BOARDS),
      reported(`${ORM.prisma}${fn('await prisma.board.updateMany({ where: { id, deletedAt: null }, data: { deletedAt: new Date() } });')}`, 'board', BOARDS),
      reported(`${ORM.drizzle}${fn('await db.update(schema.boards).set({ deletedAt: new Date() }).where(and(eq(schema.boards.id, id), isNull(schema.boards.deletedAt)));')}`, 'schema.boards', BOARDS),
    ],
  },
});

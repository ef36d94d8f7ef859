/** Functions that say by their names that they remove rows for good: their removals, and what they read for them, are meant. */
import type { Manifest } from '../../lib/manifest/index.js';
import { sayings } from '../orm/said.js';

const manifest: Manifest = { tombstone: 'deletedAt', tables: { users: { deletion: 'soft', models: ['User', 'user'] }, posts: { deletion: 'soft', models: ['Post', 'post'] } } };
const { says } = sayings(manifest);

describe('statements in functions that remove rows for good', () => {
  describe('because somebody asked for it', () => says([
    ['async function permanentlyDeleteUser(id) { await pool.query(`DELETE FROM users WHERE id = $1`, [id]); }'],
    ['class Users { async hardDelete(id: string) { await prisma.user.delete({ where: { id } }); } }'],
    ['class PermanentDeleter { async run(teamId: string) { await prisma.post.deleteMany({ where: { teamId } }); } }'],
    ["const permanentDeleteTeam = async (teamId) => { await knex('posts').where({ team_id: teamId }).del(); };"],
    ["exports.gdprErase = (id) => db.transaction(async (trx) => { await trx('users').where({ id }).del(); });"],
    ['async function eraseUser(id) { const posts = await prisma.post.findMany({ where: { authorId: id } }); await prisma.post.deleteMany({ where: { authorId: id } }); }'],
    ['class TrashCleanup { private async removeAll(ids: string[]) { await prisma.post.deleteMany({ where: { id: { in: ids } } }); } }'],
    ['async function emptyTrash(teamId) { await pool.query(`DELETE FROM posts WHERE team_id = $1`, [teamId]); }'],
    ['async function purgeUser(id) { await pool.query(`DELETE FROM posts WHERE author_id = $1`, [id]); }'],
  ]));

  describe('that are over', () => says([
    // What goes by age alone has to spare the live.
    ["async function purgeUsers() { await pool.query(`DELETE FROM users WHERE last_seen < now() - interval '1 year'`); }", 'no-hard-delete: users'],
    ["async function purge() { await knex('users').where('last_seen', '<', limit).del(); }", "no-hard-delete: 'users'"],
    ["async function purgeUsers() { await pool.query(`DELETE FROM users WHERE deletedAt < now() - interval '1 year'`); }"],
    ['async function cleanUpTrash() { await prisma.user.deleteMany({ where: { lastSeen: { lt: limit } } }); }', 'no-hard-delete: user'],
    // Nobody removes the live rows alone for good.
    ['async function permanentlyDelete(id) { await prisma.user.deleteMany({ where: { id, deletedAt: null } }); }', 'no-hard-delete: user'],
  ]));

  describe('that the function has made itself', () => says([
    ['async function copy(data) { const user = await prisma.user.create({ data }); try { await upload(user); } catch (error) { await prisma.user.delete({ where: { id: user.id } }); throw error; } }'],
    ['async function copy(id) { await prisma.user.create({ data: { id } }); await upload(id).catch(async () => { await pool.query(`DELETE FROM users WHERE id = $1`, [id]); }); }'],
    ['async function copy(id) { await prisma.user.create({ data: { id } }); await pool.query(`DELETE FROM users WHERE id = $1`, [id]); }', 'no-hard-delete: users'],
    ['async function drop(id) { try { await upload(id); } catch { await pool.query(`DELETE FROM users WHERE team_id = $1`, [id]); } }', 'no-hard-delete: users'],
    ['async function drop(id) { try { await notify(id); } catch { await prisma.user.delete({ where: { id } }); } }', 'no-hard-delete: user'],
  ]));

  describe('that count what was used of an allowance', () => says([
    ['async function getServerLimits(teamId) { return prisma.post.count({ where: { teamId, createdAt: { gte: startOfMonth() } } }); }'],
    ['async function monthlyUsage(teamId) { return pool.query(`SELECT count(*) FROM posts WHERE team_id = $1 AND created_at >= $2`, [teamId, start]); }'],
    ['async function getServerLimits(teamId) { return prisma.post.count({ where: { teamId } }); }', 'no-unfiltered-aggregate: post'],
    ['async function recentPosts(teamId) { return prisma.post.count({ where: { teamId, createdAt: { gte: startOfMonth() } } }); }', 'no-unfiltered-aggregate: post'],
  ]));

  describe('or take personal data out of rows', () => says([
    ['async function anonymizeUsers(teamId) { return prisma.user.findMany({ where: { teamId } }); }'],
    ['class Cron { async removePIICronJob() { return prisma.user.findMany({ where: { expireAfter: { lte: new Date() } } }); } }'],
    ['async function clearPersonalData(teamId) { await pool.query(`UPDATE users SET name = NULL WHERE team_id = $1`, [teamId]); }'],
    ['async function listPersonalData(teamId) { return prisma.user.findMany({ where: { teamId } }); }', 'require-live-filter: user'],
  ]));

  describe('or show them, or look for a text that is free', () => says([
    ['async function listUsersIncludingArchived() { return prisma.user.findMany(); }'],
    ['const getUsersWithDeleted = () => knex(\'users\').select();'],
    ['async function all_users_with_deleted() { return pool.query(`SELECT * FROM users`); }'],
    ['class Users { async generateUniqueSlug(base: string) { return prisma.user.findMany({ where: { slug: { startsWith: base } } }); } }'],
    ['async function uniqueSlug(base) { return pool.query(`SELECT slug FROM users WHERE slug LIKE $1`, [base]); }'],
    ['async function withDeletedBy() { return prisma.user.findMany(); }', 'require-live-filter: user'],
    ['async function expandArchived() { return prisma.user.findMany(); }', 'require-live-filter: user'],
    ['async function findUniqueUsers() { return prisma.user.findMany(); }', 'require-live-filter: user'],
    ['async function listUsersIncludingArchived() { await prisma.user.deleteMany({ where: { role } }); }', 'no-hard-delete: user'],
  ]));

  describe('says nothing of others', () => says([
    ['async function deleteUser(id) { await pool.query(`DELETE FROM users WHERE id = $1`, [id]); }', 'no-hard-delete: users'],
    ['class Users { async remove(id: string) { await prisma.user.delete({ where: { id } }); } }', 'no-hard-delete: user'],
    ['async function expand() { await prisma.user.deleteMany({ where: { role } }); }', 'no-hard-delete: user'],
    ['async function permanentlyDeleteUser(id) { await prisma.user.findMany(); } async function other() { return prisma.user.findMany(); }', 'require-live-filter: user'],
  ]));
});

/** Knex 3: what it compiles for PostgreSQL, with its bindings written out. */
import createKnex, { type Knex } from 'knex';
import type { Manifest } from '../../lib/manifest/types.js';
import { knex as library } from '../../lib/orm/knex.js';
import { crossCheck } from './cross-check.js';

const manifest: Manifest = {
  tables: {
    users: { deletion: 'soft', unique: [['email']] },
    posts: 'soft',
    comments: 'soft',
    flags: { deletion: 'soft', tombstone: { column: 'is_deleted', live: false } },
    tags: 'hard',
  },
};

const knex = createKnex({ client: 'pg' });
const scope = { knex, id: 1, ids: [1, 2], name: 'x', cutoff: new Date('2024-01-01') };

function run(code: string): readonly string[] {
  const body = /\breturn\b/.test(code) ? code : `return ${code};`;
  const call = new Function(...Object.keys(scope), body) as (...values: unknown[]) => Knex.QueryBuilder;
  return [call(...Object.values(scope)).toString()];
}

const shapes = [
  "knex('users')", "knex('users').select('id')", "knex('users as u').select('u.id')", "knex({ u: 'users' }).select('u.id')", "knex.select('id').from('users')", "knex.from('users').select('id')", "knex.table('users')",
  // Spellings of live.
  "knex('users').whereNull('deleted_at')", "knex('users').where({ deleted_at: null })", "knex('users').where('deleted_at', null)", "knex('users').where('deleted_at', 'is', null)", "knex('users').where({ name, deleted_at: null })",
  "knex('users as u').whereNull('u.deleted_at')", "knex('users').whereNull('users.deleted_at')", "knex('users').whereRaw('deleted_at IS NULL')", "knex('users').whereNot('deleted_at', 'is not', null)",
  "knex('users').where((qb) => qb.whereNull('deleted_at'))", "knex('users').where(function () { this.whereNull('deleted_at').where({ name }); })", "knex('flags').where('is_deleted', false)", "knex('flags').where({ is_deleted: false })", "knex('flags').whereNot('is_deleted', true)",
  // Of dead.
  "knex('users').whereNotNull('deleted_at')", "knex('users').whereNot('deleted_at', null)", "knex('users').where('deleted_at', '<', cutoff)", "knex('users').where('deleted_at', 'is not', null)", "knex('users').whereNot('deleted_at', 'is', null)",
  // Alternatives.
  "knex('users').whereNull('deleted_at').orWhere({ name })", "knex('users').whereNull('deleted_at').where({ name }).orWhere({ id })", "knex('users').whereNull('deleted_at').where((qb) => qb.where({ name }).orWhere({ id }))",
  "knex('users').whereNull('deleted_at').whereRaw('a = 1 or b = 2')", "knex('users').where({ name }).orWhereNull('deleted_at')", "knex('users').whereNull('deleted_at').andWhere(function () { this.where({ name }).orWhere({ id }); })",
  // Joins.
  "knex('posts as p').join('users as u', 'u.id', 'p.user_id').whereNull('p.deleted_at')", "knex('posts as p').join('users as u', 'u.id', 'p.user_id').whereNull('p.deleted_at').whereNull('u.deleted_at')",
  "knex('users as u').leftJoin('posts as p', 'p.user_id', 'u.id').whereNull('u.deleted_at')", "knex('users as u').leftJoin('posts as p', (j) => j.on('p.user_id', 'u.id').andOnNull('p.deleted_at')).whereNull('u.deleted_at')",
  "knex('users as u').leftJoin('posts as p', function () { this.on('p.user_id', '=', 'u.id').onNull('p.deleted_at'); }).whereNull('u.deleted_at')", "knex('users as u').leftJoin('posts as p', 'p.user_id', 'u.id').whereNull('u.deleted_at').whereNull('p.deleted_at')",
  "knex('users as u').innerJoin('posts as p', { 'p.user_id': 'u.id' }).whereNull('u.deleted_at')", "knex('posts as p').crossJoin('users as u').whereNull('p.deleted_at').whereNull('u.deleted_at')",
  "knex('flags as f').join('posts as p', (j) => j.on('p.id', 'f.post_id').andOnVal('f.is_deleted', false)).whereNull('p.deleted_at')", "knex('posts as p').joinRaw('JOIN users u ON u.id = p.user_id').whereNull('p.deleted_at')",
  // Subqueries, CTEs, sets.
  "knex('users').whereNull('deleted_at').whereIn('id', knex('posts').select('user_id'))", "knex('users').whereNull('deleted_at').whereIn('id', knex('posts').select('user_id').whereNull('deleted_at'))",
  "knex('users').whereNull('deleted_at').whereExists(function () { this.select('*').from('posts').whereRaw('posts.user_id = users.id'); })", "knex('users').whereNull('deleted_at').whereNotExists((qb) => qb.from('posts').whereRaw('posts.user_id = users.id').whereNull('posts.deleted_at'))",
  "knex.with('live', (qb) => qb.from('users').whereNull('deleted_at')).select('*').from('live')", "knex.with('everyone', knex('users').select('id')).select('*').from('everyone')",
  "knex('users').whereNull('deleted_at').select('id').union(knex('posts').select('id'))", "knex.select('*').from(knex('users').whereNull('deleted_at').as('u'))", "knex('tags').whereIn('id', (qb) => qb.select('tag_id').from('posts').whereNull('deleted_at'))",
  // Counts.
  "knex('users').count('*')", "knex('users').whereNull('deleted_at').count('* as n')", "knex('users').whereNull('deleted_at').groupBy('name').count('id').select('name')", "knex('users').max('created_at')",
  // Over several statements.
  "const query = knex('users'); query.whereNull('deleted_at'); return query", "let query = knex('users').select('id'); query = query.whereNull('deleted_at'); return query", "const query = knex('users').where({ name }); query.orderBy('id'); return query",
  "const where = { name }; where.deleted_at = null; return knex('users').where(where)", "knex('users').modify((qb) => qb.whereNull('deleted_at'))", "knex('users').whereNull('deleted_at').clearWhere()",
  // One row.
  "knex('users').where({ id }).first()", "knex('users').where({ email: name, deleted_at: null }).first()",
  // Writes.
  "knex('users').where({ id }).update({ name })", "knex('users').where({ id }).whereNull('deleted_at').update({ name })", "knex('users').where({ id }).update({ deleted_at: knex.fn.now() })", "knex('users').where({ id }).whereNull('deleted_at').update({ deleted_at: new Date() })",
  "knex('users').where({ id }).update({ deleted_at: null })", "knex('users').where({ id }).del()", "knex('users').where('deleted_at', '<', cutoff).delete()", "knex('users').where({ id }).increment('logins', 1)", "knex('users').truncate()",
  "knex('users').insert({ email: name, name }).onConflict('email').merge()", "knex('users').insert({ email: name }).onConflict('email').ignore()",
];

describe('Knex 3 compiles what its calls say', () => {
  crossCheck({ library, manifest, prelude: "import { knex } from './db';", run, shapes: shapes.map((code) => ({ code })) });
});

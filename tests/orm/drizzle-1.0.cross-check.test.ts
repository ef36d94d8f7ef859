/**
 * Relational queries of Drizzle 1.0 (`defineRelations`, objects of filters) against the SQL that drizzle-orm 1.0.0-rc.5 sent for them through
 * its proxy driver for PostgreSQL. What it sent is kept in `drizzle-1.0.json`, parameters filled in: 1.0 cannot be installed beside 0.45.
 *
 *     defineRelations({ users, posts, comments, tags, postTags }, (r) => ({
 *       users: {
 *         posts: r.many.posts({ from: r.users.id, to: r.posts.authorId }),
 *         livePosts: r.many.posts({ from: r.users.id, to: r.posts.authorId, where: { deletedAt: { isNull: true } } }),
 *         comments: r.many.comments({ from: r.users.id, to: r.comments.userId }),
 *         manager: r.one.users({ from: r.users.managerId, to: r.users.id }),
 *       },
 *       posts: {
 *         author: r.one.users({ from: r.posts.authorId, to: r.users.id }),
 *         comments: r.many.comments({ from: r.posts.id, to: r.comments.postId }),
 *         tags: r.many.tags({ from: r.posts.id.through(r.postTags.postId), to: r.tags.id.through(r.postTags.tagId) }),
 *       },
 *       comments: { post: r.one.posts({ from: r.comments.postId, to: r.posts.id }), user: r.one.users({ from: r.comments.userId, to: r.users.id }) },
 *       tags: { posts: r.many.posts({ from: r.tags.id.through(r.postTags.tagId), to: r.posts.id.through(r.postTags.postId) }) },
 *     }))
 */
import type { Manifest } from '../../lib/manifest/index.js';
import { drizzle } from '../../lib/orm/drizzle.js';
import { crossCheck, type Shape } from './cross-check.js';
import { sent } from './drizzle-1.0.json';

const manifest: Manifest = {
  tables: {
    users: {
      deletion: 'soft', models: ['users'], columns: { deletedAt: 'deleted_at', managerId: 'manager_id' }, unique: [['email']],
      relations: {
        posts: { table: 'posts', many: true, on: { id: 'author_id' } }, livePosts: { table: 'posts', many: true, on: { id: 'author_id' }, live: true },
        comments: { table: 'comments', many: true, on: { id: 'user_id' } }, manager: { table: 'users', on: { manager_id: 'id' } },
      },
    },
    posts: {
      deletion: 'soft', models: ['posts'], columns: { deletedAt: 'deleted_at', authorId: 'author_id' },
      relations: { author: { table: 'users', on: { author_id: 'id' } }, comments: { table: 'comments', many: true, on: { id: 'post_id' } }, tags: { table: 'tags', many: true, through: 'post_tags' } },
    },
    comments: {
      deletion: 'soft', models: ['comments'], tombstone: { column: 'is_deleted', live: false }, columns: { isDeleted: 'is_deleted', postId: 'post_id', userId: 'user_id' },
      relations: { post: { table: 'posts', on: { post_id: 'id' } }, user: { table: 'users', on: { user_id: 'id' } } },
    },
    tags: { deletion: 'hard', models: ['tags'], relations: { posts: { table: 'posts', many: true, through: 'post_tags' } } },
  },
};

/** What the reading of a call knows more, or less, than that of what was sent. */
const DIFFERS: Readonly<Record<string, NonNullable<Shape['differs']>>> = {
  'db.query.users.findMany({ where: { deletedAt: { OR: [{ isNull: true }, { gt: new Date("2999-01-01") }] } } })': { call: ['users: all'], why: 'the text that is sent shows that the date is far away; which moment `new Date(text)` is, is not computed' },
  "db.select().from(users).where(and(isNull(users.deletedAt), sql`name = 'a' or name = 'b'`))": { call: ['users: all'], why: '1.0 puts parentheses around a fragment, 0.45 does not, and which one runs is not known' },
};

describe('Drizzle, against what drizzle-orm 1.0.0-rc.5 sent', () => {
  crossCheck({
    library: drizzle, manifest,
    prelude: "import { and, eq, exists, isNull, sql } from 'drizzle-orm'; import { users, posts, comments, tags } from './schema'; import { db } from './db';",
    shapes: Object.keys(sent).map((code) => ({ code, ...(DIFFERS[code] ? { differs: DIFFERS[code] } : {}) })),
    run: (code) => [(sent as Readonly<Record<string, string>>)[code]!],
  });
});

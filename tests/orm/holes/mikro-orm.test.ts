import assert from 'node:assert/strict';
import { EntitySchema as MikroSchema, MikroORM, raw } from '@mikro-orm/postgresql';
import { mikroOrm } from '../../../lib/orm/mikro-orm.js';
import { verdictsOfCode } from '../cross-check.js';
import { catalog, evaluate, holes, overPglite, pglite } from './holes.js';

describe('MikroORM: where its filter ends', () => {
  class User { declare readonly id: number; }
  class Post { declare readonly id: number; }
  let close = (): Promise<void> => Promise.resolve();
  after(() => close());
  holes(mikroOrm, "import { raw } from '@mikro-orm/core';\nimport { em } from './orm';\nimport { User, Post } from './entities';", async () => {
    const database = await pglite(), filters = { softDelete: { name: 'softDelete', cond: { deletedAt: null }, default: true } };
    const columns = { id: { type: 'number', primary: true }, deletedAt: { type: 'Date', nullable: true, fieldName: 'deletedAt' } };
    const schema = (options: object): MikroSchema => new MikroSchema(options as never);
    const orm = MikroORM.initSync({
      connect: false, dbName: 'none', debug: false, allowGlobalContext: true, autoJoinRefsForFilters: false,
      entities: [
        schema({ class: User, tableName: 'users', filters, properties: { ...columns, email: { type: 'string', unique: true }, name: { type: 'string', nullable: true }, logins: { type: 'number', default: 0 }, posts: { kind: '1:m', entity: () => Post, mappedBy: 'author' } } }),
        schema({ class: Post, tableName: 'posts', filters, properties: { ...columns, title: { type: 'string' }, author: { kind: 'm:1', entity: () => User, fieldName: 'authorId' } } }),
      ],
    });
    close = () => orm.close(true);
    const connection = orm.em.getConnection() as unknown as { execute(query: string | { toString(): string }, params?: readonly unknown[], method?: string): Promise<unknown> };
    connection.execute = async (query, params = [], method = 'all') => {
      const { rows, affectedRows } = await database.query<Record<string, unknown>>(typeof query === 'string' ? orm.em.getPlatform().formatQuery(query, params as unknown[]) : query.toString());
      if (method === 'run') return { affectedRows: affectedRows ?? rows.length, insertId: 1, rows, row: rows[0] };
      return method === 'get' ? rows[0] : rows;
    };
    return { ...overPglite(database), run: (code) => evaluate(code, { em: orm.em.fork(), raw, User, Post }) };
  }, [
    ['em.find(User, {})', 'untouched', 'users: live'], ['em.count(User)', 'untouched', 'users: live'], ["em.find(User, {}, { populate: ['posts'] })", 'untouched', 'users: live', 'posts: live'],
    ["em.find(User, { posts: { title: 'dead' } })", 'untouched', 'users: live', 'posts: live'], ['em.find(User, { deletedAt: { $ne: null } })', 'untouched', 'users: live'], ['em.find(User, {}, { filters: [] })', 'untouched', 'users: live'],
    ['em.nativeUpdate(User, { logins: 0 }, { logins: 7 })', 'untouched', 'users updated (edit): live'], ["const qb = em.createQueryBuilder(User, 'u').select('*'); await qb.applyFilters(); return qb.execute()", 'untouched', 'users: live'],
    ["em.find(User, { [raw('(logins = 1 or logins = 0)')]: [] })", 'untouched', 'users: live'],
    // the switch, which relations feel too
    ['em.find(User, {}, { filters: false })', 'seen', 'users: all'], ["em.find(User, { id: 1 }, { populate: ['posts'], filters: false })", 'seen', 'users: all', 'posts: all'],
    // holes
    ["em.createQueryBuilder(User, 'u').select('*').execute()", 'seen', 'users: all'], ["em.find(User, { [raw('logins = 1 or logins = 0')]: [] })", 'seen', 'users: all'],
    ["em.upsert(User, { email: 'b@x', name: 'new', logins: 1 })", 'changed', 'users upserted:'], ['em.nativeDelete(User, { logins: 0 })', 'lost', 'users deleted: live'],
    ["em.createQueryBuilder(User, 'u').update({ logins: 7 }).where({ logins: 0 }).execute()", 'changed', 'users updated (edit): all'], ["em.createQueryBuilder(User, 'u').delete({ logins: 0 }).execute()", 'gone', 'users deleted: all'],
  ]);

  it('a deleted row is what $some finds', async () => {
    const code = "em.find(User, { posts: { $some: { id: 2 } } })";
    assert.ok(verdictsOfCode("import { em } from './orm';\nimport { User } from '@mikro-orm/core';", code, catalog, mikroOrm).includes('posts: all'));
  });
});

/**
 * Where the filter of a library ends: each hole that `docs/libraries.md` names is run on a database with a live and a deleted row of each table, and so is what
 * the library covers. The deleted row comes back, is changed, or is gone where the reading of the call says that it can be; else it stays where it is.
 */
import assert from 'node:assert/strict';
import { PGlite } from '@electric-sql/pglite';
import { EntitySchema as MikroSchema, MikroORM, raw } from '@mikro-orm/postgresql';
import { DataTypes, literal, Op, Sequelize, type Options } from 'sequelize';
import * as typeorm from 'typeorm';
import { compile, type Manifest } from '../../lib/manifest/index.js';
import type { OrmLibrary } from '../../lib/orm/library.js';
import { mikroOrm } from '../../lib/orm/mikro-orm.js';
import { sequelize as sequelizeLibrary } from '../../lib/orm/sequelize.js';
import { typeorm as typeormLibrary } from '../../lib/orm/typeorm.js';
import { verdictsOfCode } from './cross-check.js';

const manifest: Manifest = {
  tombstone: 'deletedAt',
  tables: {
    users: { deletion: 'soft', models: ['User'], autoFilter: true, unique: [['email']], relations: { posts: { table: 'posts', many: true, on: { id: 'authorId' } } } },
    posts: { deletion: 'soft', models: ['Post'], autoFilter: true, relations: { author: { table: 'users', on: { authorId: 'id' } } } },
  },
};
const catalog = compile(manifest);

/** `seen`, `changed`, `gone`: what becomes of a deleted row; `untouched`: none of it. `lost`: live rows that the call says nothing of are gone for good. */
type Fate = 'seen' | 'changed' | 'gone' | 'untouched' | 'lost';
type Case = readonly [code: string, fate: Fate, ...verdicts: string[]];

interface Rows { readonly users: readonly Record<string, unknown>[]; readonly posts: readonly Record<string, unknown>[] }

interface Database {
  reset(): Promise<void>;
  rows(): Promise<Rows>;
  /** Runs the code with the library. */
  run(code: string): Promise<unknown>;
}

const INSERTS = [
  `DELETE FROM "posts"`, `DELETE FROM "users"`,
  `INSERT INTO "users" ("id", "email", "name", "logins", "deletedAt") VALUES (1, 'a@x', 'live', 0, NULL), (2, 'b@x', 'dead', 0, '2024-01-01 00:00:00')`,
  `INSERT INTO "posts" ("id", "title", "authorId", "deletedAt") VALUES (1, 'live', 1, NULL), (2, 'dead', 1, '2024-01-01 00:00:00')`,
];
const TABLES = [
  `CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text UNIQUE, "name" text, "logins" int DEFAULT 0, "deletedAt" timestamptz, "createdAt" timestamptz, "updatedAt" timestamptz)`,
  `CREATE TABLE "posts" ("id" serial PRIMARY KEY, "title" text, "authorId" int, "deletedAt" timestamptz, "createdAt" timestamptz, "updatedAt" timestamptz)`,
];

async function pglite(): Promise<PGlite> {
  const database = await PGlite.create();
  for (const table of TABLES) await database.exec(table);
  return database;
}

const overPglite = (database: PGlite): Pick<Database, 'reset' | 'rows'> => ({
  reset: async () => { for (const insert of INSERTS) await database.exec(insert); },
  rows: async () => ({ users: (await database.query<Record<string, unknown>>('SELECT * FROM "users" ORDER BY "id"')).rows, posts: (await database.query<Record<string, unknown>>('SELECT * FROM "posts" ORDER BY "id"')).rows }),
});

function evaluate(code: string, scope: Readonly<Record<string, unknown>>): Promise<unknown> {
  const body = /\breturn\b/.test(code) ? code : `return ${code};`;
  return (new Function(...Object.keys(scope), `return (async () => { ${body} })()`) as (...values: unknown[]) => Promise<unknown>)(...Object.values(scope));
}

const isDead = ({ name, title }: Record<string, unknown>): boolean => name === 'dead' || title === 'dead';

/** Declares a test for each case. */
function holes(library: OrmLibrary, prelude: string, open: () => Promise<Database>, cases: readonly Case[]): void {
  let database: Database;
  before(async function () { this.timeout(30_000); database = await open(); });
  for (const [code, fate, ...verdicts] of cases) {
    it(`${fate}: ${code}`, async () => {
      await database.reset();
      const earlier = await database.rows(), result = await database.run(code), later = await database.rows();
      const dead = (rows: Rows): string => JSON.stringify([...rows.users, ...rows.posts].filter((row) => row['id'] === 2));
      const lost = later.users.length < earlier.users.length || later.posts.length < earlier.posts.length;
      const isSeen = /"dead"/.test(JSON.stringify(result) ?? '') || result === 2 || JSON.stringify(result) === '{"n":"2"}';
      const found: Fate = dead(later) === '[]' || (lost && dead(later) !== dead(earlier)) ? 'gone' : dead(later) !== dead(earlier) ? 'changed' : lost ? 'lost' : isSeen ? 'seen' : 'untouched';
      assert.equal(found, fate, `result ${JSON.stringify(result)}, rows ${JSON.stringify(later)}`);
      assert.deepEqual(verdictsOfCode(prelude, code, catalog, library), [...verdicts].sort());
      assert.ok(earlier.users.some(isDead) && earlier.posts.some(isDead));
    });
  }
}

describe('TypeORM: where its filter ends', () => {
  holes(typeormLibrary, "import { In, IsNull, Not } from 'typeorm';\nimport { User, Post } from './entities';\nimport { ds } from './db';\nconst users = ds.getRepository(User), posts = ds.getRepository(Post);", async () => {
    const id = { type: 'int', primary: true, generated: true } as const, deletedAt = { type: 'datetime', deleteDate: true, nullable: true } as const;
    const User = new typeorm.EntitySchema<Record<string, unknown>>({
      name: 'User', tableName: 'users', columns: { id, email: { type: 'text', unique: true }, name: { type: 'text' }, logins: { type: 'int', default: 0 }, deletedAt }, relations: { posts: { type: 'one-to-many', target: 'Post', inverseSide: 'author' } },
    });
    const Post = new typeorm.EntitySchema<Record<string, unknown>>({
      name: 'Post', tableName: 'posts', columns: { id, title: { type: 'text' }, authorId: { type: 'int' }, deletedAt }, relations: { author: { type: 'many-to-one', target: 'User', inverseSide: 'posts', joinColumn: { name: 'authorId' }, createForeignKeyConstraints: false } },
    });
    const ds = await new typeorm.DataSource({ type: 'sqljs', entities: [User, Post], synchronize: true, logging: false }).initialize();
    const rows = (table: string): Promise<Record<string, unknown>[]> => ds.query(`SELECT * FROM "${table}" ORDER BY "id"`);
    return {
      reset: async () => { for (const insert of INSERTS) await ds.query(insert); },
      rows: async () => ({ users: await rows('users'), posts: await rows('posts') }),
      run: (code) => evaluate(code, { In: typeorm.In, IsNull: typeorm.IsNull, Not: typeorm.Not, User, Post, ds, users: ds.getRepository(User), posts: ds.getRepository(Post) }),
    };
  }, [
    // covered
    ['users.find()', 'untouched', 'users: live'], ['users.findBy({ logins: 0 })', 'untouched', 'users: live'], ['users.count()', 'untouched', 'users: live'], ['users.find({ relations: { posts: true } })', 'untouched', 'users: live', 'posts: live'],
    ['users.find({ where: { deletedAt: Not(IsNull()) } })', 'untouched', 'users: live'], ['users.createQueryBuilder("u").getMany()', 'untouched', 'users: live'],
    ['users.createQueryBuilder("u").where("u.id = 2").orWhere("u.logins = 0").getMany()', 'untouched', 'users: live'],
    ['users.createQueryBuilder("u").leftJoinAndSelect("u.posts", "p").getMany()', 'untouched', 'users: live', 'posts: live'],
    ['users.createQueryBuilder("u").innerJoinAndSelect(Post, "p", "p.authorId = u.id").getRawMany()', 'untouched', 'users: live', 'posts: live'],
    ['users.createQueryBuilder("u").select("COUNT(*)", "n").getRawOne()', 'untouched', 'users: live'],
    // the switch
    ['users.find({ withDeleted: true })', 'seen', 'users: all'], ['users.find({ withDeleted: true, where: { id: 1 }, relations: { posts: true } })', 'seen', 'users: all', 'posts: all'],
    ['users.createQueryBuilder("u").leftJoinAndSelect("u.posts", "p").withDeleted().where("u.id = 1").getMany()', 'untouched', 'users: all', 'posts: live'],
    ['users.createQueryBuilder("u").withDeleted().leftJoinAndSelect("u.posts", "p").where("u.id = 1").getMany()', 'seen', 'users: all', 'posts: all'],
    // holes
    ['users.createQueryBuilder("u").leftJoinAndSelect("u.posts", "p", "p.id = 1 OR p.id = 2").getMany()', 'untouched', 'users: live', 'posts: all'],
    ['users.createQueryBuilder("u").leftJoinAndSelect("u.posts", "p", "p.id = 2 OR p.id = 1").getMany()', 'seen', 'users: live', 'posts: all'],
    ['users.createQueryBuilder("u").select("u.id", "id").addSelect("p.title", "title").addFrom(Post, "p").where("p.authorId = u.id").getRawMany()', 'seen', 'users: live', 'posts: all'],
    ['users.update({ logins: 0 }, { logins: 7 })', 'changed', 'users updated (edit): all'], ['users.increment({ logins: 0 }, "logins", 1)', 'changed', 'users updated (edit): all'],
    ['users.save({ id: 2, logins: 7 })', 'changed', 'users updated (edit): all'], ['users.upsert({ email: "b@x", name: "new" }, ["email"])', 'changed', 'users upserted:'],
    ['users.createQueryBuilder().update().set({ logins: 7 }).where("logins = 0").execute()', 'changed', 'users updated (edit): all'],
    ['users.softDelete({ logins: 0 })', 'changed', 'users updated (soft-delete): all'],
    ['users.delete({ logins: 0 })', 'gone', 'users deleted: all'], ['users.clear()', 'gone', 'users deleted: all'],
    ['const user = await users.findOneByOrFail({ id: 1 }); return users.remove(user);', 'lost', 'users: live', 'users deleted: all'],
  ]);
});

describe('Sequelize: where its filter ends', () => {
  holes(sequelizeLibrary, "import { literal, Op } from 'sequelize';\nimport { User, Post } from './models';", async () => {
    const database = await pglite();
    const sequelize = new Sequelize({ dialect: 'postgres', dialectModule: { types: { getTypeParser: () => String, setTypeParser: () => undefined }, defaults: {} } as object, logging: false, databaseVersion: '16.0.0' } as Options);
    const inner = sequelize as unknown as { dialect: { Query: unknown }; connectionManager: { getConnection: () => Promise<object>; releaseConnection: () => Promise<void> } };
    const client = { query: async (query: string | { text: string }, values: readonly unknown[], done?: (error: unknown, result?: unknown) => void) => {
      const text = typeof query === 'string' ? query : query.text, callback = typeof values === 'function' ? values as typeof done : done;
      try {
        const result = await database.query(text, typeof values === 'function' ? [] : [...values ?? []]);
        callback?.(null, { rows: result.rows, rowCount: result.affectedRows ?? result.rows.length, command: text.trim().split(/\s/)[0]?.toUpperCase(), fields: result.fields });
      } catch (error) { callback?.(error); }
    } };
    inner.connectionManager.getConnection = () => Promise.resolve(client);
    inner.connectionManager.releaseConnection = () => Promise.resolve();
    const User = sequelize.define('User', { email: { type: DataTypes.TEXT, unique: true }, name: DataTypes.TEXT, logins: DataTypes.INTEGER }, { tableName: 'users', paranoid: true });
    const Post = sequelize.define('Post', { title: DataTypes.TEXT, authorId: DataTypes.INTEGER }, { tableName: 'posts', paranoid: true });
    User.hasMany(Post, { as: 'posts', foreignKey: 'authorId' });
    Post.belongsTo(User, { as: 'author', foreignKey: 'authorId' });
    return { ...overPglite(database), run: (code) => evaluate(code, { User, Post, Op, literal }) };
  }, [
    ['User.findAll()', 'untouched', 'users: live'], ['User.count()', 'untouched', 'users: live'], ["User.findAll({ include: [{ model: Post, as: 'posts' }] })", 'untouched', 'users: live', 'posts: live'],
    ['User.unscoped().findAll()', 'untouched', 'users: live'], ['User.findAll({ where: { deletedAt: { [Op.ne]: null } } })', 'untouched', 'users: live'],
    ['User.update({ logins: 7 }, { where: { logins: 0 } })', 'untouched', 'users updated (edit): live'], ['User.destroy({ where: { logins: 0 } })', 'untouched', 'users updated (soft-delete): live'],
    ['User.findAll({ where: { [Op.and]: [literal("logins = 1 OR logins = 0"), { name: "dead" }] } })', 'untouched', 'users: live'], ['User.findAll({ where: literal("(logins = 1 OR logins = 0)") })', 'untouched', 'users: live'],
    // the switch, at its own level
    ['User.findAll({ paranoid: false })', 'seen', 'users: all'], ["User.findAll({ where: { id: 1 }, paranoid: false, include: [{ model: Post, as: 'posts' }] })", 'untouched', 'users: all', 'posts: live'],
    ["User.findAll({ include: [{ model: Post, as: 'posts', paranoid: false }] })", 'seen', 'users: live', 'posts: all'],
    // holes
    ['User.findAll({ where: literal("logins = 1 OR logins = 0") })', 'seen', 'users: all'],
    ['User.count({ where: { [Op.and]: literal("logins = 1 OR logins = 0") } })', 'seen', 'users: all'], ['User.update({ name: "new" }, { where: literal("logins = 1 OR logins = 0") })', 'changed', 'users updated (edit): all'],
    ["User.findAll({ include: [{ model: Post, as: 'posts', where: literal('\"posts\".id = 1 OR \"posts\".id = 2'), required: false }] })", 'seen', 'users: live', 'posts: all'],
    ["User.increment('logins', { where: { logins: 0 } })", 'changed', 'users updated (edit): all'], ["User.upsert({ email: 'b@x', name: 'new' })", 'changed', 'users upserted:'],
    ["User.bulkCreate([{ email: 'b@x', name: 'new' }], { updateOnDuplicate: ['name'], conflictAttributes: ['email'] })", 'changed', 'users upserted:'],
    ['User.destroy({ where: { logins: 0 }, force: true })', 'gone', 'users deleted: all'],
  ]);
});

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

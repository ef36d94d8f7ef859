import * as typeorm03 from 'typeorm';
import * as typeorm1 from 'typeorm-1';
import { typeorm as typeormLibrary } from '../../../lib/orm/typeorm.js';
import { evaluate, holes, INSERTS, type Case, type Database } from './holes.js';

const PRELUDE = "import { In, IsNull, Not } from 'typeorm';\nimport { User, Post } from './entities';\nimport { ds } from './db';\nconst users = ds.getRepository(User), posts = ds.getRepository(Post);";

/** TypeORM 0.3, or 1, over sql.js. */
async function openTypeorm(typeorm: typeof typeorm03): Promise<Database> {
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
}

/** What the versions have in common. */
const CASES: readonly Case[] = [
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
  ['users.delete({ logins: 0 })', 'gone', 'users deleted: all'], ['users.clear()', 'gone', 'users deleted: all'],
  ['const user = await users.findOneByOrFail({ id: 1 }); return users.remove(user);', 'lost', 'users: live', 'users deleted: all'],
];

describe('TypeORM 0.3: where its filter ends', () => {
  holes(typeormLibrary, PRELUDE, () => openTypeorm(typeorm03), [
    ...CASES,
    ['users.softDelete({ logins: 0 })', 'changed', 'users updated (soft-delete): all'], ['users.restore({ logins: 0 })', 'changed', 'users updated (restore): all'], ['users.createQueryBuilder().softDelete().where("logins = 0").execute()', 'changed', 'users updated (soft-delete): all'],
    // null is no condition in find options, and no row in criteria
    ['users.find({ where: { email: null }, withDeleted: true })', 'seen', 'users: all'], ['users.delete({ email: null })', 'untouched', 'users deleted: live'],
  ]);
});

describe('TypeORM 1: where its filter ends', () => {
  holes(typeormLibrary, PRELUDE, () => openTypeorm(typeorm1 as unknown as typeof typeorm03), [
    ...CASES,
    // Rows that are deleted already keep their time, and live ones are not restored.
    ['users.softDelete({ logins: 0 })', 'untouched', 'users updated (soft-delete): live'], ['users.restore({ logins: 0 })', 'changed', 'users updated (restore): dead'], ['users.createQueryBuilder().softDelete().where("logins = 0").execute()', 'untouched', 'users updated (soft-delete): live'],
    // null is refused in find options and criteria
    ['users.find({ where: { email: null }, withDeleted: true })', 'refused', 'users: unknown'], ['users.delete({ email: null })', 'refused', 'users deleted: unknown'],
  ], { typeorm: '1.1.1' });
});

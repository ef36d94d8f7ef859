/** Calls of TypeORM against the SQL that TypeORM 0.3 and 1 send for them, to a PostgreSQL that is not there. */
import assert from 'node:assert/strict';
import * as typeorm from 'typeorm';
import * as typeorm1 from 'typeorm-1';
import type { Manifest } from '../../lib/manifest/index.js';
import { typeorm as library } from '../../lib/orm/typeorm.js';
import { crossCheck, type Shape } from './cross-check.js';

const { EntitySchema } = typeorm;

const id = { type: 'int', primary: true, generated: true } as const;
const deletedAt = { type: 'timestamptz', nullable: true } as const;
const filtered = { type: 'timestamptz', deleteDate: true, nullable: true } as const;

const User = new EntitySchema<Record<string, unknown>>({
  name: 'User', tableName: 'users', columns: { id, email: { type: 'text' }, age: { type: 'int' }, isActive: { type: 'boolean' }, deletedAt: filtered },
  relations: { posts: { type: 'one-to-many', target: 'Post', inverseSide: 'author' } },
  uniques: [{ columns: ['email'] }],
});
const Post = new EntitySchema<Record<string, unknown>>({
  name: 'Post', tableName: 'posts', columns: { id, title: { type: 'text' }, authorId: { type: 'int' }, deletedAt: filtered },
  relations: {
    author: { type: 'many-to-one', target: 'User', inverseSide: 'posts', joinColumn: { name: 'authorId' } },
    tags: { type: 'many-to-many', target: 'Tag', joinTable: { name: 'post_tags' } },
  },
});
const Tag = new EntitySchema<Record<string, unknown>>({ name: 'Tag', tableName: 'tags', columns: { id, name: { type: 'text' }, deletedAt } });
const Product = new EntitySchema<Record<string, unknown>>({
  name: 'Product', tableName: 'products', columns: { id, name: { type: 'text' }, price: { type: 'int' }, sellerId: { type: 'int', nullable: true }, deletedAt },
  relations: {
    variants: { type: 'one-to-many', target: 'Variant', inverseSide: 'product' },
    seller: { type: 'many-to-one', target: 'Seller', joinColumn: { name: 'sellerId' }, nullable: true },
  },
});
const Variant = new EntitySchema<Record<string, unknown>>({
  name: 'Variant', tableName: 'variants', columns: { id, sku: { type: 'text' }, productId: { type: 'int' }, deletedAt },
  relations: { product: { type: 'many-to-one', target: 'Product', inverseSide: 'variants', joinColumn: { name: 'productId' } } },
});
const Seller = new EntitySchema<Record<string, unknown>>({ name: 'Seller', tableName: 'sellers', columns: { id, name: { type: 'text' }, isDeleted: { type: 'boolean', default: false } } });

const manifest: Manifest = {
  tombstone: 'deletedAt',
  tables: {
    users: { deletion: 'soft', models: ['User'], autoFilter: ['typeorm'], unique: [['email']], relations: { posts: { table: 'posts', many: true, on: { id: 'authorId' } } } },
    posts: { deletion: 'soft', models: ['Post'], autoFilter: true, relations: { author: { table: 'users', on: { authorId: 'id' } }, tags: { table: 'tags', many: true, through: 'post_tags' } } },
    tags: { deletion: 'soft', models: ['Tag'] },
    post_tags: { deletion: 'hard', key: ['postsId', 'tagsId'] },
    products: { deletion: 'soft', models: ['Product'], relations: { variants: { table: 'variants', many: true, on: { id: 'productId' } }, seller: { table: 'sellers', on: { sellerId: 'id' }, optional: true } } },
    variants: { deletion: 'soft', models: ['Variant'], relations: { product: { table: 'products', on: { productId: 'id' } } } },
    sellers: { deletion: 'soft', models: ['Seller'], tombstone: { column: 'isDeleted', live: false } },
  },
};

const OPERATORS = ['And', 'Between', 'Brackets', 'Equal', 'ILike', 'In', 'IsNull', 'LessThan', 'LessThanOrEqual', 'Like', 'MoreThan', 'Not', 'NotBrackets', 'Or', 'Raw'] as const;
const ENTITIES = { User, Post, Tag, Product, Variant, Seller };

const prelude = `
import { ${OPERATORS.join(', ')} } from 'typeorm';
import { ${Object.keys(ENTITIES).join(', ')} } from './entities';
import { ds } from './db';
const users = ds.getRepository(User), posts = ds.getRepository(Post), tags = ds.getRepository(Tag), products = ds.getRepository(Product), variants = ds.getRepository(Variant), sellers = ds.getRepository(Seller);
const manager = ds.manager;
`;

/** The statement with the values that it has to be judged by: null, flags, and now. */
function written(text: string, values: readonly unknown[]): string {
  return text.replace(/\$(\d+)/g, (parameter, index: string) => {
    const value = values[Number(index) - 1];
    if (value === null || typeof value === 'boolean') return String(value).toUpperCase();
    return value instanceof Date && Math.abs(value.getTime() - Date.now()) < 60_000 ? 'now()' : parameter;
  });
}

/** What the driver `pg` is to TypeORM: answers what it asks of a server when it connects, and writes down the rest. */
class Recorder {
  readonly sent: string[] = [];

  readonly Pool = ((recorder: Recorder) => class {
    connect(done: (error: null, client: object, release: () => void) => void): void { done(null, { query: (text: string, values?: readonly unknown[]) => recorder.answer(written(text, values ?? [])), on: () => {}, removeListener: () => {} }, () => {}); }
    on(): void {}
    end(done?: () => void): void { done?.(); }
  })(this);

  answer(text: string): Promise<object> {
    if (/version\(\)|server_version/.test(text)) return Promise.resolve({ rows: [{ version: 'PostgreSQL 16.0', server_version: '16.0' }], rowCount: 1 });
    if (/^(?:SELECT \* FROM current_|START|COMMIT|ROLLBACK|SHOW)/.test(text)) return Promise.resolve({ rows: [{ current_schema: 'public', current_database: 'shop' }], rowCount: 1 });
    this.sent.push(text);
    return Promise.resolve({ rows: /COUNT\(|cnt/i.test(text) ? [{ cnt: '0', count: '0' }] : [], rowCount: 0, fields: [] });
  }
}

interface Connected { readonly ds: typeorm.DataSource; readonly recorder: Recorder }

const connected = new Map<typeof typeorm, Promise<Connected>>();

async function connect({ DataSource }: typeof typeorm): Promise<Connected> {
  const recorder = new Recorder();
  const ds = new DataSource({ type: 'postgres', driver: recorder, entities: Object.values(ENTITIES), installExtensions: false } as unknown as typeorm.DataSourceOptions);
  await ds.initialize();
  return { ds, recorder };
}

async function run(version: typeof typeorm, code: string): Promise<readonly string[]> {
  const connection = connected.get(version) ?? connect(version);
  connected.set(version, connection);
  const { ds, recorder } = await connection;
  recorder.sent.length = 0;
  const locals: Record<string, unknown> = {
    ...Object.fromEntries(OPERATORS.map((name) => [name, version[name]])), ...ENTITIES, ds, manager: ds.manager,
    ...Object.fromEntries(Object.entries(ENTITIES).map(([, entity]) => [entity.options.tableName!, ds.getRepository(entity)])),
  };
  const body = /\breturn\b/.test(code) && !/^[\w.]+\(/.test(code) ? code : `return ${code};`;
  const shape = new Function(...Object.keys(locals), `return (async () => { ${body} })();`) as (...values: unknown[]) => Promise<unknown>;
  // Where nothing is found, `findOneOrFail` fails behind the query.
  const result = await shape(...Object.values(locals)).catch((error: unknown) => { if (recorder.sent.length === 0) throw error; return null; });
  return typeof result === 'string' ? [result] : recorder.sent.filter((text) => !/^SELECT .* FROM "post_tags" "post_tags_rid"/.test(text));
}

const now = 'new Date()';

/** `refused`: TypeORM 1 throws. */
const shapes: (Shape & { readonly refused?: true })[] = [
  // Finders of an entity that nothing filters.
  { code: 'products.find()' },
  { code: 'products.find({ where: { name: "x" } })' },
  { code: 'products.find({ where: { deletedAt: IsNull() } })' },
  { code: 'products.find({ where: { deletedAt: null } })', refused: true },
  { code: 'products.find({ where: { deletedAt: undefined, name: "x" } })', refused: true },
  { code: 'products.find({ where: { deletedAt: Not(IsNull()) } })' },
  { code: 'products.find({ where: { deletedAt: Equal(null) } })' },
  { code: 'products.find({ where: { deletedAt: LessThan(new Date()) } })' },
  { code: 'products.find({ where: { deletedAt: MoreThan(new Date(0)) } })' },
  { code: 'products.find({ where: { deletedAt: Between(new Date(0), new Date()) } })' },
  { code: 'products.find({ where: { deletedAt: Raw((alias) => `${alias} IS NULL`) } })' },
  { code: 'products.find({ where: { deletedAt: Or(IsNull(), MoreThan(new Date())) } })' },
  { code: 'products.find({ where: { deletedAt: And(Not(IsNull()), LessThan(new Date())) } })' },
  { code: 'products.find({ where: [{ name: "x", deletedAt: IsNull() }, { price: 1, deletedAt: IsNull() }] })' },
  { code: 'products.find({ where: [{ name: "x", deletedAt: IsNull() }, { price: 1 }] })' },
  { code: 'products.findBy({ name: Like("x%"), deletedAt: IsNull() })' },
  { code: 'products.findBy({ name: In(["x", "y"]) })' },
  { code: 'products.findOneBy({ id: 1 })' },
  { code: 'products.findOneBy({ id: 1, deletedAt: IsNull() })' },
  { code: 'products.findOne({ where: { name: Not("x") }, order: { id: "ASC" } })' },
  { code: 'products.findOneOrFail({ where: { id: 1, deletedAt: IsNull() } })' },
  { code: 'products.findAndCount({ where: { deletedAt: IsNull() }, take: 10, skip: 5 })' },
  { code: 'products.findByIds([1, 2])', refused: true },
  { code: 'sellers.find({ where: { isDeleted: false } })' },
  { code: 'sellers.find({ where: { isDeleted: Not(true) } })' },
  { code: 'sellers.find({ where: { isDeleted: true } })' },
  { code: 'sellers.find({ where: { name: "x" } })' },
  // Relations
  { code: 'products.find({ relations: ["variants"], where: { deletedAt: IsNull() } })', refused: true },
  { code: 'products.find({ relations: { variants: true, seller: true } })' },
  { code: 'variants.find({ relations: ["product", "product.seller"], where: { deletedAt: IsNull() } })', refused: true },
  { code: 'variants.find({ relations: { product: { seller: true } } })' },
  { code: 'variants.find({ where: { deletedAt: IsNull(), product: { name: "x" } } })' },
  { code: 'variants.find({ where: { deletedAt: IsNull(), product: { deletedAt: IsNull(), name: "x" } } })' },
  { code: 'products.find({ where: { variants: { sku: "x", deletedAt: IsNull() } } })' },
  { code: 'products.find({ where: { variants: { sku: "x" }, deletedAt: IsNull() } })' },
  { code: 'variants.find({ where: { product: { id: 1 }, deletedAt: IsNull() } })', differs: { call: ['variants: live'], why: 'a row that is named by its key is what the caller chose' } },
  { code: 'posts.find({ relations: { tags: true, author: true } })' },
  // Counts and aggregates
  { code: 'products.count()' },
  { code: 'products.count({ where: { deletedAt: IsNull() } })' },
  { code: 'products.countBy({ name: "x" })' },
  { code: 'products.exists({ where: { name: "x", deletedAt: IsNull() } })' },
  { code: 'products.existsBy({ name: "x" })' },
  { code: 'products.sum("price", { name: "x" })' },
  { code: 'products.maximum("price", { deletedAt: IsNull() })' },
  // The library's own filter
  { code: 'users.find()' },
  { code: 'users.find({ where: [{ email: "x" }, { age: 1 }] })' },
  { code: 'users.find({ withDeleted: true })' },
  { code: 'users.find({ withDeleted: true, where: { deletedAt: IsNull() } })' },
  { code: 'users.find({ withDeleted: true, relations: { posts: true } })' },
  { code: 'users.find({ relations: { posts: true } })' },
  { code: 'users.find({ relations: { posts: true }, relationLoadStrategy: "join" })' },
  { code: 'posts.find({ where: { author: { email: "x" } } })' },
  { code: 'users.find({ where: { deletedAt: Not(IsNull()) }, withDeleted: true })' },
  { code: 'users.count()' },
  { code: 'users.count({ withDeleted: true })' },
  { code: 'users.existsBy({ email: "x" })' },
  { code: 'manager.find(User, { where: { email: "x" } })' },
  { code: 'manager.findOneBy(Product, { name: "x" })' },
  { code: 'manager.getRepository(Product).find({ where: { deletedAt: IsNull() } })' },
  // Builders
  { code: 'products.createQueryBuilder("p").getMany()' },
  { code: 'products.createQueryBuilder("p").where("p.deletedAt IS NULL").getMany()' },
  { code: 'products.createQueryBuilder("p").where("p.name = :name", { name: "x" }).andWhere("p.deletedAt IS NULL").getOne()' },
  { code: 'products.createQueryBuilder("p").where("p.deletedAt IS NULL").orWhere("p.name = :name", { name: "x" }).getMany()' },
  { code: 'products.createQueryBuilder("p").where("p.name = :a OR p.price = 1", { a: "x" }).andWhere("p.deletedAt IS NULL").getMany()' },
  { code: 'products.createQueryBuilder("p").where("(p.name = :a OR p.price = 1)", { a: "x" }).andWhere("p.deletedAt IS NULL").getMany()' },
  { code: 'products.createQueryBuilder("p").where("p.deletedAt IS NULL").andWhere("p.name = :a OR p.price = 1", { a: "x" }).getMany()' },
  { code: 'products.createQueryBuilder("p").where("p.deletedAt IS NULL").andWhere(new Brackets((qb) => { qb.where("p.name = :a", { a: "x" }).orWhere("p.price = 1"); })).getMany()' },
  { code: 'products.createQueryBuilder("p").where(new Brackets((qb) => qb.where("p.deletedAt IS NULL").orWhere("p.price = 1"))).getMany()' },
  { code: 'products.createQueryBuilder("p").where(new NotBrackets((qb) => qb.where("p.deletedAt IS NOT NULL"))).getMany()' },
  { code: 'products.createQueryBuilder("p").where({ deletedAt: IsNull() }).getMany()' },
  { code: 'products.createQueryBuilder("p").where({ name: "x" }).getMany()' },
  { code: 'products.createQueryBuilder("p").where([{ deletedAt: IsNull() }, { name: "x" }]).getMany()' },
  { code: 'products.createQueryBuilder("p").whereInIds([1, 2]).andWhere("p.deletedAt IS NULL").getMany()' },
  { code: 'products.createQueryBuilder("order").where("order.deletedAt IS NULL").getMany()' },
  { code: 'products.createQueryBuilder("p").where("p.id IN (:...ids)", { ids: [1] }).getMany()' },
  { code: 'products.createQueryBuilder("p").leftJoinAndSelect("p.variants", "v").where("p.deletedAt IS NULL").getMany()' },
  { code: 'products.createQueryBuilder("p").leftJoinAndSelect("p.variants", "v", "v.deletedAt IS NULL").where("p.deletedAt IS NULL").getMany()' },
  { code: 'products.createQueryBuilder("p").leftJoin("p.variants", "v").where("p.deletedAt IS NULL").andWhere("v.deletedAt IS NULL").getMany()' },
  { code: 'products.createQueryBuilder("p").innerJoin("p.variants", "v", "v.deletedAt IS NULL OR v.sku = :sku", { sku: "x" }).getMany()' },
  { code: 'products.createQueryBuilder("p").innerJoinAndSelect(Variant, "v", "v.productId = p.id AND v.deletedAt IS NULL").getMany()' },
  { code: 'products.createQueryBuilder("p").leftJoinAndMapMany("p.list", "p.variants", "v", "v.deletedAt IS NULL").getMany()' },
  { code: 'products.createQueryBuilder("p").leftJoin("variants", "v", "v.productId = p.id").getMany()' },
  { code: 'variants.createQueryBuilder("v").innerJoin("v.product", "p").where("p.deletedAt IS NULL").andWhere("v.deletedAt IS NULL").getMany()' },
  { code: 'products.createQueryBuilder("p").select("COUNT(*)", "n").getRawOne()' },
  { code: 'products.createQueryBuilder("p").select("p.sellerId", "seller").addSelect("SUM(p.price)", "sum").where("p.deletedAt IS NULL").groupBy("p.sellerId").getRawMany()' },
  { code: 'products.createQueryBuilder("p").where("p.deletedAt IS NULL").getCount()' },
  { code: 'products.createQueryBuilder("p").getManyAndCount()' },
  { code: 'products.createQueryBuilder("p").getExists()' },
  { code: 'ds.createQueryBuilder(Product, "p").where("p.price > 1").getMany()' },
  { code: 'ds.createQueryBuilder().select("p").from(Product, "p").where("p.deletedAt IS NULL").getMany()' },
  { code: 'ds.createQueryBuilder().select("p.name", "name").from("products", "p").getRawMany()' },
  { code: 'ds.createQueryBuilder().select("x.name", "name").from((qb) => qb.select("p.name", "name").from(Product, "p").where("p.deletedAt IS NULL"), "x").getRawMany()' },
  { code: 'ds.createQueryBuilder().select("x.name", "name").from((qb) => qb.select("p.name", "name").from(Product, "p"), "x").getRawMany()' },
  { code: 'users.createQueryBuilder("u").getMany()' },
  { code: 'users.createQueryBuilder("u").where("u.email = :e", { e: "x" }).orWhere("u.age = 1").getMany()' },
  { code: 'users.createQueryBuilder("u").withDeleted().getMany()' },
  { code: 'users.createQueryBuilder("u").leftJoinAndSelect("u.posts", "p").getMany()' },
  { code: 'users.createQueryBuilder("u").leftJoinAndSelect("u.posts", "p").withDeleted().getMany()' },
  { code: 'users.createQueryBuilder("u").withDeleted().leftJoinAndSelect("u.posts", "p").getMany()' },
  { code: 'users.createQueryBuilder("u").leftJoinAndSelect("u.posts", "p", "p.title = :a OR p.title = :b", { a: "x", b: "y" }).getMany()' },
  { code: 'users.createQueryBuilder("u").leftJoinAndSelect("u.posts", "p", "p.title = :a AND p.id > 1", { a: "x" }).getMany()' },
  { code: 'users.createQueryBuilder("u").innerJoin(Post, "p", "p.authorId = u.id OR p.title = :a", { a: "x" }).getMany()' },
  { code: 'users.createQueryBuilder("u").innerJoin("posts", "p", "p.authorId = u.id").getMany()' },
  { code: 'users.createQueryBuilder("u").addFrom(Post, "p").where("p.authorId = u.id").getMany()' },
  { code: 'users.createQueryBuilder("u").where("u.deletedAt IS NOT NULL").withDeleted().getMany()' },
  { code: 'products.createQueryBuilder("p").setFindOptions({ where: { deletedAt: IsNull() }, relations: { seller: true } }).getMany()' },
  // The aliases of relations that find options join.
  { code: 'products.createQueryBuilder("p").setFindOptions({ relations: { seller: true } }).where("p.deletedAt IS NULL AND p__p_seller.isDeleted = false").getMany()' },
  { code: 'variants.createQueryBuilder("v").setFindOptions({ relations: { product: { seller: true } } }).where("v.deletedAt IS NULL AND v__v_product.deletedAt IS NULL").getMany()' },
  { code: 'const qb = products.createQueryBuilder("p"); qb.where("p.deletedAt IS NULL"); qb.andWhere("p.price > 1"); return qb.getMany();' },
  { code: 'const live = products.createQueryBuilder("p").select("p.id", "id").where("p.deletedAt IS NULL"); return ds.createQueryBuilder().select("x.id", "id").addCommonTableExpression(live, "x").from("x", "x").getRawMany();' },
  // Writes
  { code: 'products.update({ name: "x" }, { price: 1 })' },
  { code: 'products.update({ name: "x", deletedAt: IsNull() }, { price: 1 })' },
  { code: `products.update(1, { deletedAt: ${now} })` },
  { code: `products.update({ id: 1, deletedAt: IsNull() }, { deletedAt: ${now} })` },
  { code: 'products.update([1, 2], { deletedAt: null })' },
  { code: 'products.delete(1)' },
  { code: 'products.delete({ name: "x" })' },
  { code: `products.delete({ deletedAt: LessThan(${now}) })` },
  { code: 'products.increment({ name: "x" }, "price", 1)' },
  { code: 'products.decrement({ name: "x", deletedAt: IsNull() }, "price", 1)' },
  { code: 'products.clear()' },
  { code: 'users.softDelete(1)' },
  { code: 'users.softDelete({ email: "x", deletedAt: IsNull() })' },
  { code: 'users.restore(1)' },
  { code: 'users.update({ email: "x" }, { age: 1 })' },
  { code: 'users.upsert({ email: "x", age: 1 }, ["email"])' },
  { code: 'products.createQueryBuilder().update().set({ price: 1 }).where("name = :n", { n: "x" }).execute()' },
  { code: 'products.createQueryBuilder().update(Product).set({ price: 1 }).where("deletedAt IS NULL").execute()' },
  { code: 'ds.createQueryBuilder().update(Product).set({ price: 1 }).where({ deletedAt: IsNull() }).execute()' },
  { code: 'ds.createQueryBuilder().delete().from(Product).where("id = :id", { id: 1 }).execute()' },
  { code: 'products.createQueryBuilder().delete().where("deletedAt < now()").execute()' },
  { code: 'users.createQueryBuilder().softDelete().where("id = :id", { id: 1 }).execute()' },
  { code: 'users.createQueryBuilder().restore().where("id = :id", { id: 1 }).execute()' },
  { code: 'manager.update(Product, { name: "x" }, { price: 2 })' },
  { code: 'manager.softDelete(User, { email: "x" })' },
];

describe('TypeORM 0.3: what calls say, and what the library sends', () => {
  crossCheck({ library, manifest, prelude, run: (code) => run(typeorm, code), shapes });
});

const version1 = typeorm1 as unknown as typeof typeorm;

describe('TypeORM 1: what calls say, and what the library sends', () => {
  crossCheck({ library, manifest: { ...manifest, versions: { typeorm: '1.1.1' } }, prelude, run: (code) => run(version1, code), shapes: shapes.filter(({ refused }) => !refused) });
  for (const { code } of shapes.filter(({ refused }) => refused)) it(`refuses ${code}`, async () => { await assert.rejects(run(version1, code)); });
});

/** TypeORM through the plugin: what is reported where, what stays silent, helpers of the manifest, and edits that mend what they are offered for. */
import type { Guard, Manifest } from '../../lib/manifest/types.js';
import { sayings, type Case } from './said.js';

const manifest: Manifest = {
  tombstone: 'deletedAt',
  tables: {
    // `@DeleteDateColumn`
    users: { deletion: 'soft', models: ['User'], autoFilter: ['typeorm'], unique: [['email']], retention: '30 days', relations: { posts: { table: 'posts', many: true, on: { id: 'authorId' } } } },
    posts: { deletion: 'soft', models: ['Post'], autoFilter: ['typeorm'], relations: { author: { table: 'users', on: { authorId: 'id' } } } },
    // plain columns
    products: { deletion: 'soft', models: ['Product'], relations: { variants: { table: 'variants', many: true, on: { id: 'productId' } } } },
    variants: { deletion: 'soft', models: ['Variant'], relations: { product: { table: 'products', on: { productId: 'id' } } } },
  },
};

/** The code in a method of a service that has a repository of each entity. */
const inService = (code: string): string => `import { Brackets, EntityManager, Equal, In, IsNull, LessThan, Not, Repository } from 'typeorm';
import { Post, Product, User, Variant } from './entities';
class Service {
  constructor(private readonly users: Repository<User>, private readonly posts: Repository<Post>, private readonly products: Repository<Product>, private readonly variants: Repository<Variant>, private readonly manager: EntityManager) {}
  async run() { ${code} }
}`;
const { says, mends } = sayings(manifest);
const saysOf = (rows: readonly Case[], of = says): void => of(rows.map(([code, ...reports]): Case => [inService(code), ...reports]));
const mendsAll = (rows: readonly (readonly [string, string])[]): void => mends(rows.map(([code, output]) => [inService(code), inService(output)] as const));
const withGuards = (guards: readonly Guard[], rows: readonly Case[]): void => saysOf(rows, sayings({ ...manifest, guards: [...guards] }).says);
const inVersion = (typeorm: string, rows: readonly Case[]): void => saysOf(rows, sayings({ ...manifest, versions: { typeorm } }).says);

const products = "this.products.createQueryBuilder('p')";
const live = `${products}.where('p.deletedAt IS NULL')`;

describe('TypeORM', () => {
  describe('the filter of @DeleteDateColumn', () => saysOf([
    ['return this.users.find({ where: { name } });'], ['return this.users.count();'], ['return this.users.find({ relations: { posts: true } });'],
    ["return this.users.createQueryBuilder('u').leftJoinAndSelect('u.posts', 'p').getMany();"],
    ['return this.users.find({ withDeleted: includeDeleted });'],
    ['return this.users.find({ withDeleted: true, where: { deletedAt: Not(IsNull()) } });'],
    ['// includes-deleted: the trash\nreturn this.users.find({ withDeleted: true });'],
    ['return this.users.find({ withDeleted: true, relations: { posts: true } });', 'no-filter-bypass: users', 'no-filter-bypass: posts'],
    ["return this.users.createQueryBuilder('u').withDeleted().leftJoinAndSelect('u.posts', 'p').getMany();", 'no-filter-bypass: users', "no-filter-bypass: 'u.posts'"],
    ["return this.users.createQueryBuilder('u').leftJoinAndSelect('u.posts', 'p').withDeleted().getMany();", 'no-filter-bypass: users'],
    // its holes
    ["return this.users.createQueryBuilder('u').leftJoinAndSelect('u.posts', 'p', 'p.a = 1 OR p.b = 2').getMany();", "require-live-join: 'u.posts'"],
    ["return this.users.createQueryBuilder('u').addFrom(Post, 'p').getMany();", 'require-live-join: Post'],
    ['await this.users.update({ email }, { age: 1 });', 'require-live-update: users'],
    ["await this.users.increment({ email }, 'logins', 1);", 'require-live-update: users'],
    ['await this.users.save({ id, name });', 'require-live-update: users'], ['await this.users.save(user);'],
    ["await this.users.upsert({ email, name }, ['email']);", "no-tombstone-upsert: ['email']"],
    ["await this.users.upsert(rows, { conflictPaths: ['email'], indexPredicate: '\"deletedAt\" IS NULL' });"],
    ["await this.users.createQueryBuilder().insert().into(User).values(rows).orUpdate(['name'], ['email']).execute();", "no-tombstone-upsert: orUpdate(['name'], ['email'])"],
    ["await this.users.createQueryBuilder().insert().into(User).values(rows).orUpdate(['name'], ['email'], { indexPredicate: '\"deletedAt\" IS NULL' }).execute();"],
    ["await this.users.createQueryBuilder().insert().into(User).values(rows).orUpdate(['name'], ['email'], { overwriteCondition: { where: 'users.deletedAt IS NULL' } }).execute();"],
    ['await this.users.clear();', 'no-hard-delete: users'], ['await this.users.softRemove(user);'], ['await this.users.restore(id);'],
    ['await this.users.delete({ deletedAt: LessThan(subDays(new Date(), 30)) });'],
    ['await this.users.delete({ deletedAt: LessThan(subDays(new Date(), 3)) });', 'require-purge-age: users'],
    ['await this.users.delete({ deletedAt: Not(IsNull()) });', 'require-purge-age: users'],
    // What a manager removes is told by the type or the origin of the rows; rows that were dead when they were read are purged.
    ['await this.manager.remove(unseen);'],
    ['const drop = async (row: Row) => { await this.manager.remove(row); };'],
    ['const gone = await this.users.find({ withDeleted: true, where: { deletedAt: LessThan(subDays(new Date(), 30)) } }); await this.manager.remove(gone);'],
  ]));

  describe('asks for deleted rows while its filter is on', () => mendsAll([
    ['return this.users.find({ where: { deletedAt: Not(IsNull()) } });', 'return this.users.find({ where: { deletedAt: Not(IsNull()) }, withDeleted: true });'],
    ['return this.users.findBy({ deletedAt: Not(IsNull()) });', 'return this.users.find({ where: { deletedAt: Not(IsNull()) }, withDeleted: true });'],
    ['return this.users.findOneByOrFail({ id, deletedAt: Not(IsNull()) });', 'return this.users.findOneOrFail({ where: { id, deletedAt: Not(IsNull()) }, withDeleted: true });'],
    ['return this.manager.countBy(User, { deletedAt: LessThan(cutoff) });', 'return this.manager.count(User, { where: { deletedAt: LessThan(cutoff) }, withDeleted: true });'],
    ["return this.users.createQueryBuilder('u').where('u.deletedAt IS NOT NULL').getMany();", "return this.users.createQueryBuilder('u').where('u.deletedAt IS NOT NULL').withDeleted().getMany();"],
  ]));

  describe('edits', () => mendsAll([
    ['return this.products.find();', 'return this.products.find({ where: { deletedAt: IsNull() } });'],
    ['return this.products.find({ take: 5 });', 'return this.products.find({ take: 5, where: { deletedAt: IsNull() } });'],
    ['return this.products.find({ where: { name, deletedAt: null } });', 'return this.products.find({ where: { name, deletedAt: IsNull() } });'],
    ['return this.products.find({ where: [{ name }, { sku }] });', 'return this.products.find({ where: [{ name, deletedAt: IsNull() }, { sku, deletedAt: IsNull() }] });'],
    ['return this.products.countBy({ name });', 'return this.products.countBy({ name, deletedAt: IsNull() });'],
    [`return ${products}.getMany();`, `return ${live}.getMany();`],
    [`return ${products}.where('p.name = :name', { name }).getMany();`, `return ${products}.where('p.name = :name', { name }).andWhere('p.deletedAt IS NULL').getMany();`],
    [`return ${live}.leftJoinAndSelect('p.variants', 'v').getMany();`, `return ${live}.leftJoinAndSelect('p.variants', 'v', 'v.deletedAt IS NULL').getMany();`],
    [`return ${live}.leftJoinAndSelect('p.variants', 'v').andWhere('v.deletedAt IS NULL').getMany();`, `return ${live}.leftJoinAndSelect('p.variants', 'v', 'v.deletedAt IS NULL').getMany();`],
    ["return this.users.createQueryBuilder('u').leftJoinAndSelect('u.posts', 'p', 'p.a = 1 OR p.b = 2').getMany();", "return this.users.createQueryBuilder('u').leftJoinAndSelect('u.posts', 'p', '(p.a = 1 OR p.b = 2) AND p.deletedAt IS NULL').getMany();"],
    ['await this.users.delete(id);', 'await this.users.softDelete({ id, deletedAt: IsNull() });'],
    ['await this.users.delete({ email });', 'await this.users.softDelete({ email, deletedAt: IsNull() });'],
    ['await this.users.remove(user);', 'await this.users.softRemove(user);'],
    ['await this.manager.remove(User, user);', 'await this.manager.softRemove(User, user);'],
    ['const user = await this.users.findOneByOrFail({ id }); await this.manager.remove(user);', 'const user = await this.users.findOneByOrFail({ id }); await this.manager.softRemove(user);'],
    ['const user = await this.manager.findOne(User, { where: { id } }); await this.manager.remove(user);', 'const user = await this.manager.findOne(User, { where: { id } }); await this.manager.softRemove(user);'],
    ['const all = await this.users.find(); await this.manager.remove(all);', 'const all = await this.users.find(); await this.manager.softRemove(all);'],
    ['const drop = async (user: User) => { await this.manager.remove(user); };', 'const drop = async (user: User) => { await this.manager.softRemove(user); };'],
    ['const drop = async (users: User[]) => { await this.manager.remove(users); };', 'const drop = async (users: User[]) => { await this.manager.softRemove(users); };'],
    ['await this.products.delete({ name });', 'await this.products.update({ name, deletedAt: IsNull() }, { deletedAt: new Date() });'],
    ['await this.users.softDelete(id);', 'await this.users.softDelete({ id, deletedAt: IsNull() });'],
    ["await this.users.createQueryBuilder().softDelete().where('id = :id', { id }).execute();", "await this.users.createQueryBuilder().softDelete().where('id = :id', { id }).andWhere({ deletedAt: IsNull() }).execute();"],
    ['await this.users.update({ email }, { age: 1 });', 'await this.users.update({ email, deletedAt: IsNull() }, { age: 1 });'],
    ['await this.products.update({ deletedAt: Equal(null) }, { price });', 'await this.products.update({ deletedAt: IsNull() }, { price });'],
  ]));

  describe('texts of other builders', () => saysOf([
    [`const sub = this.variants.createQueryBuilder('v').select('v.productId').where('v.sku = :sku'); return ${live}.andWhere(\`p.id IN (\${sub.getQuery()})\`).getMany();`, 'require-live-subquery: variants'],
    [`const sub = this.variants.createQueryBuilder('v').select('v.productId').where('v.deletedAt IS NULL'); return ${live}.andWhere('p.id IN (' + sub.getQuery() + ')').setParameters(sub.getParameters()).getMany();`],
    [`return ${live}.andWhere((qb) => 'p.id IN ' + qb.subQuery().select('v.productId').from(Variant, 'v').where('v.sku = :sku').getQuery()).getMany();`, 'require-live-subquery: Variant'],
    [`return ${live}.andWhere((qb) => { const sub = qb.subQuery().select('v.productId').from(Variant, 'v').where('v.deletedAt IS NULL').getQuery(); return \`p.id IN \${sub}\`; }).getMany();`],
    [`return ${live}.andWhere(\`EXISTS \${this.products.createQueryBuilder().subQuery().select('1').from(Variant, 'v').where('v.productId = p.id').getQuery()}\`).getMany();`, 'require-live-subquery: Variant'],
    [`return ${live}.andWhere(\`p.id IN (\${ids.getQuery()})\`).getMany();`],
  ]));

  describe('methods that builders do not have', () => saysOf([
    [`return ${products}.whereActive().getMany();`],
    [`return ${products}.orderBy('p.id').addOrderBy('p.name').setParameter('a', 1).cache(true).comment('x').getMany();`, 'require-live-filter: products'],
    [`return ${products}.distinct(true).getMany();`, 'require-live-filter: products'],
  ]));

  describe('repositories of other libraries', () => {
    const { says: saysOfMikro } = sayings({ tables: { users: { deletion: 'soft', models: ['User'], autoFilter: ['mikro-orm'] } } });
    saysOfMikro([
      ["import { UserRepository } from './repositories';\nclass Service { constructor(private readonly userRepository: UserRepository) {} run(ids) { return this.userRepository.softDelete(ids); } }"],
      ["import { UserRepository } from './repositories';\nclass Service { constructor(private readonly userRepository: UserRepository) {} run(ids) { return this.userRepository.delete(ids, this.context); } }"],
    ]);
  });

  describe('SQL and builders in decorators', () => {
    const entity = (member: string): string => `import { Entity, VirtualColumn } from 'typeorm';\n@Entity() export class Author { ${member} }`;
    const view = (expression: string): string => `import { DataSource, ViewColumn, ViewEntity } from 'typeorm';\nimport { Product } from './entities';\n@ViewEntity({ expression: ${expression} }) export class Shown { @ViewColumn() id: number; }`;
    says([
      [entity("@VirtualColumn({ query: (alias) => `SELECT COUNT(*) FROM products p WHERE p.author_id = ${alias}.id` }) count: number;"), 'no-unfiltered-aggregate: products p'],
      [entity("@VirtualColumn({ query: (alias) => `SELECT COUNT(*) FROM products p WHERE p.author_id = ${alias}.id AND p.deleted_at IS NULL` }) count: number;")],
      [view("`SELECT p.id FROM products p WHERE p.published`"), 'require-live-filter: products p'],
      [view("`SELECT p.id FROM products p WHERE p.published AND p.deleted_at IS NULL`")],
      [view("(dataSource: DataSource) => dataSource.createQueryBuilder().select('p.id', 'id').from(Product, 'p')"), 'require-live-filter: Product'],
      [view("(dataSource: DataSource) => dataSource.createQueryBuilder().select('p.id', 'id').from(Product, 'p').where('p.deletedAt IS NULL')")],
    ]);
  });

  describe('0.2', () => inVersion('0.2.45', [
    ['return this.products.find({ where: { deletedAt: null } });'], ['await this.products.update({ name, deletedAt: null }, { price });'],
    [`return ${products}.where({ deletedAt: null }).getMany();`],
    ["return this.products.find({ where: (qb) => { qb.where('Product.deletedAt IS NULL'); } });"],
    ["return this.products.find({ where: (qb) => { qb.where('Product.name = 1'); } });", 'require-live-filter: products'],
    ["return this.variants.find({ where: { deletedAt: null }, join: { alias: 'variant', leftJoinAndSelect: { product: 'variant.product' } } });", "require-live-parent: 'variant.product'"],
    ['await this.users.softDelete(id);', 'no-restamp: users'],
    [`const qb = ${products}; FindOptionsUtils.applyFindManyOptionsOrConditionsToQueryBuilder(qb, { where: { deletedAt: null } }); FindOptionsUtils.joinEagerRelations(qb, qb.alias, this.manager.connection.getMetadata(Product)); return qb.getMany();`],
    [`const qb = ${products}; FindOptionsUtils.applyFindManyOptionsOrConditionsToQueryBuilder(qb, { where: { name } }); return qb.getMany();`, 'require-live-filter: products'],
  ]));

  describe('0.3', () => inVersion('0.3', [
    ['return this.products.find({ where: { deletedAt: null } });', 'require-live-filter: products'],
    ['await this.products.update({ name, deletedAt: null }, { price });', 'valid-tombstone-predicate: deletedAt: null'],
    [`return ${products}.where({ deletedAt: null }).getMany();`, 'valid-tombstone-predicate: deletedAt: null'],
    ['await this.users.softDelete(id);', 'no-restamp: users'],
  ]));

  describe('1', () => inVersion('1.1.1', [
    // What null does is an option of the data source there: an error, no condition, or IS NULL.
    ['return this.products.find({ where: { deletedAt: null } });'], ['await this.products.update({ name, deletedAt: null }, { price });'],
    [`return ${products}.where({ deletedAt: null }).getMany();`, 'valid-tombstone-predicate: deletedAt: null'],
    ['await this.users.softDelete(id);'], ["await this.users.createQueryBuilder().softDelete().where('id = :id', { id }).execute();"],
    ['await this.users.update({ email }, { deletedAt: new Date() });', 'no-restamp: users'],
  ]));

  describe('repositories that a method gives', () => {
    const given = (method: string, code: string): string => `import { EntityManager, Repository } from 'typeorm';\nimport { Product } from './entities';\nclass Products {\n  ${method}\n  async run() { ${code} }\n}`;
    const waited = 'private async repo(): Promise<Repository<Product>> { return (await this.manager()).getRepository(Product); }';
    says([
      [given(waited, 'const repo = await this.repo(); return repo.find({ where: { name } });'), 'require-live-filter: repo'],
      [given(waited, 'return (await this.repo()).count({ where: { name } });'), 'no-unfiltered-aggregate: await this.repo()'],
      [given(waited, 'const repo = await this.repo(); await repo.update({ name }, { price });'), 'require-live-update: repo'],
      [given(waited, 'const repo = await this.repo(); return repo.find({ where: { name, deletedAt: IsNull() } });')],
      [given('private repo() { return this.manager.getRepository(Product); }', 'return this.repo().find({ where: { name } });'), 'require-live-filter: find'],
    ]);
  });

  describe('helpers of the manifest', () => {
    withGuards([{ kind: 'predicate', name: 'notDeleted' }], [
      [`return ${products}.andWhere(notDeleted('p')).getMany();`],
      [`return ${products}.where('p.x = 1').andWhere(\`\${notDeleted('p')} AND p.y = 2\`).getMany();`],
      [`return ${products}.leftJoinAndSelect('p.variants', 'v', notDeleted('v')).getMany();`, 'require-live-filter: products'],
      ['return this.products.find({ where: { name, deletedAt: notDeleted() } });'],
    ]);
    withGuards([{ kind: 'where-object', name: 'live' }], [
      ['return this.products.find({ where: { name, ...live } });'], ['return this.products.find({ where: live() });'], ['return this.products.find({ where: { name, ...other } });'],
    ]);
    withGuards([{ kind: 'where-wrapper', name: 'withoutDeleted' }], [
      ['return this.products.find({ where: withoutDeleted({ name }) });'], ['return this.products.findBy(withoutDeleted({ name }));'],
      ["return this.products.find(withoutDeleted({ where: { name }, relations: ['variants'] }));", "require-live-join: 'variants'"],
      ['await this.products.update(withoutDeleted({ name }), { price: 1 });'],
    ]);
    withGuards([{ kind: 'chain', name: 'whereActive', tableArg: 0 }], [
      [`return ${products}.whereActive().getMany();`],
      [`return ${products}.innerJoinAndSelect('p.variants', 'v').whereActive('v').getMany();`, 'require-live-filter: products'],
    ]);
    withGuards([{ kind: 'modifier', name: 'onlyLive' }], [
      [`const qb = ${products}; onlyLive(qb); return qb.getMany();`], [`return onlyLive(${products}).orderBy('p.id').getMany();`],
      [`return onlyLive(${products}).leftJoinAndSelect('p.variants', 'v').getMany();`, "require-live-join: 'p.variants'"],
    ]);
    withGuards([{ kind: 'query-source', name: 'liveProducts', table: 'products' }, { kind: 'query-source', name: 'active' }], [
      ["return liveProducts(this.manager).andWhere('p.price > 1').getMany();"], ["return this.products.active('p').getMany();"],
      ["return liveProducts(this.manager).leftJoinAndSelect('p.variants', 'v').getMany();", "require-live-join: 'p.variants'"],
    ]);
    withGuards([{ kind: 'client', name: 'liveProductRepository', tables: ['products'] }, { kind: 'client', name: 'everything', coverage: 'nested', bypass: 'unguarded' }], [
      ['return liveProductRepository.find({ where: { name } });'], ["return liveProductRepository.find({ relations: ['variants'] });", "require-live-join: 'variants'"],
      ["return everything.find(Product, { relations: ['variants'] });"], ['return unguarded.find(Product);', 'no-filter-bypass: Product'], ['await everything.delete(Product, 1);', 'no-hard-delete: Product'],
    ]);
    withGuards([{ kind: 'bypass', name: 'withTrashed' }, { kind: 'bypass', name: 'includeDeleted', reason: true }], [
      ['return this.users.find(withTrashed({ where: { name } }));'], ["return this.users.createQueryBuilder('u').includeDeleted().getMany();", 'no-filter-bypass: users'],
    ]);
    withGuards([{ kind: 'relation', name: 'liveVariants' }], [
      ['return this.products.find({ where: { deletedAt: IsNull() }, relations: { liveVariants: true } });'],
      [`return ${live}.leftJoinAndSelect('p.liveVariants', 'v').getMany();`],
    ]);
  });
});

import assert from 'node:assert/strict';
import 'reflect-metadata';
import { MikroORM } from '@mikro-orm/postgresql';
import { declared, execute, table, type Files } from './support.js';

const FILES: Files = {
  'user.ts': `
    import { Collection, Entity, Enum, Filter, Index, ManyToMany, ManyToOne, OneToMany, OneToOne, PrimaryKey, Property, Unique, type Rel } from '@mikro-orm/core';
    import { Base } from './base';
    @Entity({ tableName: 'app_users' }) @Unique({ properties: ['email', 'orgRef'] })
    export class User extends Base {
      @Property({ unique: true }) email: string;
      @Property({ fieldName: 'org', nullable: true }) orgRef?: string;
      @Property({ type: 'boolean', default: false }) isDeleted = false;
      @Property({ persist: false }) computed: string;
      @ManyToOne(() => User, { nullable: true, deleteRule: 'cascade' }) boss?: User;
      @OneToMany(() => BlogPost, (post) => post.author, { where: { deletedAt: null } }) posts = new Collection<BlogPost>(this);
      @ManyToMany({ entity: () => Tag, pivotTable: 'users_tags' }) tags = new Collection<Tag>(this);
      @OneToOne(() => Profile, (profile) => profile.user) profile?: Rel<Profile>;
    }
    @Entity() export class BlogPost extends Base { @ManyToOne() author!: User; }
    @Entity() export class Tag { @PrimaryKey() id: number; }
    @Entity() export class Profile { @PrimaryKey() id: number; @OneToOne({ entity: () => User, inversedBy: 'profile', owner: true, joinColumn: 'user_ref' }) user: User; }`,
  'base.ts': `
    import { Filter, PrimaryKey, Property } from '@mikro-orm/core';
    @Filter({ name: 'softDelete', cond: { deletedAt: null }, default: true })
    export abstract class Base { @PrimaryKey() id!: number; @Property({ nullable: true }) deletedAt?: Date; }`,
  'defined.ts': `
    import { defineEntity, p } from '@mikro-orm/core'; import { User } from './user';
    export const NoteSchema = defineEntity({ name: 'Note', tableName: 'notes', properties: {
        id: p.integer().primary(), text: p.string().unique(), deletedAt: p.datetime().nullable(), owner: () => p.manyToOne(User).nullable(), kind: p.string().default('a'),
      }, filters: { live: { name: 'live', cond: { deletedAt: null }, default: true } }, indexes: [{ properties: ['text'] }] });
    export const Call = defineEntity({ name: 'PhoneCall', properties: (p) => ({ id: p.integer().primary(), note: () => p.manyToOne(NoteSchema), isDeleted: p.boolean().default(false) }) });`,
  'schema.ts': `
    import { EntitySchema } from '@mikro-orm/core';
    export const Old = new EntitySchema({ name: 'OldThing', properties: { id: { type: 'number', primary: true }, deletedAt: { type: 'Date', nullable: true }, user: { kind: 'm:1', entity: () => 'User', nullable: true } },
      filters: [{ name: 'x', cond: ({ all } = {}) => (all ? {} : { deletedAt: null }), default: true }, { name: 'off', cond: { id: null } }] });`,
};

describe('MikroORM entities', () => {
  it('are what MikroORM says', () => {
    const entities = Object.values(execute({ 'all.ts': `export * from './user'; export * from './defined'; export * from './schema';`, ...FILES }));
    const orm = MikroORM.initSync({ connect: false, dbName: 'none', entities: entities as never, discovery: { checkDuplicateEntities: false, warnWhenNoEntities: false } });
    const seen = new Set<string>();
    for (const metadata of Object.values(orm.getMetadata().getAll())) {
      // Join tables of many-to-many relations have no class.
      if (metadata.abstract || metadata.pivotTable) continue;
      const found = table(FILES, metadata.tableName);
      seen.add(found.name);
      assert.ok(found.models!.includes(metadata.className), metadata.className);
      const persistent = metadata.props.filter((property) => property.persist !== false && property.fieldNames?.length > 0 && !(property.kind === '1:1' && !property.owner) && !['1:m', 'm:n'].includes(property.kind));
      assert.deepEqual(found.columns.map(({ name, property }) => [name, property]).sort(), persistent.flatMap(({ fieldNames, name }) => fieldNames.map((field) => [field, name])).sort(), metadata.className);
      for (const { property, nullable } of found.columns) if (nullable !== 'unknown') assert.equal(nullable, metadata.properties[property as never]!['nullable'] ?? false, `${metadata.className}.${property}`);
      assert.deepEqual(found.keys!.find(({ kind }) => kind === 'primary')!.columns, metadata.primaryKeys.flatMap((key) => metadata.properties[key as never]!['fieldNames']));
      // MikroORM adds an end that nobody declares to a relation that has one alone.
      const relations = metadata.props.filter(({ kind, name }) => kind !== 'scalar' && kind !== 'embedded' && !name.endsWith('__inverse'));
      assert.deepEqual(found.relations!.map(({ property, target, many }) => [property, target.model, many]).sort(), relations.map(({ name, type, kind }) => [name, type, kind === '1:m' || kind === 'm:n']).sort());
      const filtered = Object.values(metadata.filters).some((filter) => filter.default);
      assert.equal(found.filters !== undefined, filtered, metadata.className);
    }
    assert.deepEqual([...seen].sort(), declared(FILES).map(({ name }) => name).sort());
  });

  it('have columns by the naming strategy', () => {
    const facts = (name: string) => table(FILES, name).columns.map(({ name: column, type, nullable }) => [column, type, nullable]);
    assert.deepEqual(facts('app_users'), [
      ['id', 'integer', false], ['deleted_at', 'timestamp', true], ['email', 'text', false], ['org', 'text', true], ['is_deleted', 'boolean', false], ['boss_id', 'unknown', true],
    ]);
    assert.deepEqual(facts('blog_post').map(([name]) => name), ['id', 'deleted_at', 'author_id']);
    assert.deepEqual(facts('notes'), [['id', 'integer', false], ['text', 'text', false], ['deleted_at', 'timestamptz', true], ['owner_id', 'unknown', true], ['kind', 'text', false]]);
    assert.deepEqual(facts('old_thing').map(([name]) => name), ['id', 'deleted_at', 'user_id']);
    assert.deepEqual(facts('phone_call').map(([name]) => name), ['id', 'note_id', 'is_deleted']);
  });

  it('have the filters that are on by default', () => {
    const filters = Object.fromEntries(declared(FILES).map(({ name, filters: columns }) => [name, columns ?? null]));
    assert.deepEqual(filters, { app_users: ['deleted_at'], blog_post: ['deleted_at'], tag: null, profile: null, notes: ['deleted_at'], phone_call: null, old_thing: ['deleted_at'] });
  });

  it('have relations', () => {
    const facts = (name: string) => table(FILES, name).relations!.map(({ property, target, many, optional, on, through, inverse, predicate }) => [property, target.model, many, optional, on, through?.table ?? null, inverse ?? null, predicate?.expr?.type ?? null]);
    assert.deepEqual(facts('app_users'), [
      ['boss', 'User', false, true, { boss_id: 'id' }, null, null, null], ['posts', 'BlogPost', true, null, null, null, 'author', 'is'],
      ['tags', 'Tag', true, null, null, 'users_tags', null, null], ['profile', 'Profile', false, true, null, null, 'user', null],
    ]);
    assert.deepEqual(facts('blog_post'), [['author', 'User', false, false, { author_id: 'id' }, null, null, null]]);
    assert.deepEqual(facts('profile'), [['user', 'User', false, false, { user_ref: 'id' }, null, 'profile', null]]);
    assert.deepEqual(facts('phone_call').map((each) => each.slice(0, 4)), [['note', 'Note', false, false]]);
  });

  it('have keys', () => {
    assert.deepEqual(table(FILES, 'app_users').keys!.map(({ kind, columns }) => [kind, columns]), [['primary', ['id']], ['unique', ['email']], ['unique', ['email', 'org']]]);
    assert.deepEqual(table(FILES, 'notes').models, ['Note', 'NoteSchema']);
  });
});

// Facts: Medusa's documentation, "Data Models", "Soft-Deletable Models".
describe('Data models of Medusa', () => {
  const files: Files = {
    'cart.ts': `
      import { model } from '@medusajs/framework/utils';
      import { LineItem } from './line-item';
      export const Cart = model.define('storeCart', {
        id: model.id({ prefix: 'cart' }).primaryKey(), email: model.text().unique().nullable(), paid: model.boolean().default(false),
        items: model.hasMany(() => LineItem, { mappedBy: 'cart' }), owner: model.belongsTo(() => Customer, { mappedBy: 'carts' }).nullable(),
      }).indexes([{ on: ['email'], unique: true, where: 'deleted_at IS NULL' }]).cascades({ delete: ['items'] });
      export const Customer = model.define({ name: 'Customer', tableName: 'app.customer' }, { id: model.id().primaryKey(), carts: model.hasMany(() => Cart) });`,
    'line-item.ts': `import { model } from '@medusajs/framework/utils'; import { Cart } from './cart'; export const LineItem = model.define('LineItem', { id: model.id().primaryKey(), cart: model.belongsTo(() => Cart, { mappedBy: 'items' }) });`,
  };

  it('are soft-deleted without saying so', () => {
    const cart = table(files, 'store_cart');
    assert.deepEqual(cart.columns.map(({ name, type, nullable }) => [name, type, nullable]), [
      ['id', 'text', false], ['email', 'text', true], ['paid', 'boolean', false], ['owner_id', 'text', true], ['created_at', 'timestamptz', false], ['updated_at', 'timestamptz', false], ['deleted_at', 'timestamptz', true],
    ]);
    assert.deepEqual([cart.filters, cart.models], [['deleted_at'], ['storeCart', 'Cart']]);
    assert.deepEqual(cart.keys!.map(({ kind, columns, predicate }) => [kind, columns, predicate?.expr?.type ?? null]), [['primary', ['id'], null], ['unique', ['email'], 'is'], ['unique', ['email'], 'is']]);
    assert.equal(table(files, 'customer').schema, 'app');
  });

  it('have relations', () => {
    const facts = (name: string) => table(files, name).relations!.map(({ property, target, many, optional, on, inverse }) => [property, target.table ?? target.model, many, optional, on, inverse ?? null]);
    assert.deepEqual(facts('store_cart'), [['items', 'line_item', true, null, null, 'cart'], ['owner', 'customer', false, true, { owner_id: 'id' }, 'carts']]);
    assert.deepEqual(facts('line_item'), [['cart', 'store_cart', false, false, { cart_id: 'id' }, 'items']]);
  });
});

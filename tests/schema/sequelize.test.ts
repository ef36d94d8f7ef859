import assert from 'node:assert/strict';
import { Sequelize, type Model, type ModelStatic } from 'sequelize';
import { declared, execute, table, wordsAt, type Files } from './support.js';

const HEAD = `
  import * as pg from 'pg';
  import { DataTypes, Model, Op, Sequelize } from 'sequelize';
  export const sequelize = new Sequelize({ dialect: 'postgres', dialectModule: pg, logging: false });`;

const SOURCES: Readonly<Record<string, Files>> = {
  'init and define': {
    'a.ts': `${HEAD}
      export class User extends Model {}
      User.init({
        id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }, email: { type: DataTypes.STRING(20), unique: true, field: 'e_mail', allowNull: false }, first: { type: DataTypes.STRING, unique: 'name' }, last: { type: DataTypes.STRING, unique: 'name' },
        isDeleted: { type: DataTypes.BOOLEAN, defaultValue: false }, born: DataTypes.DATEONLY,
      }, { sequelize, paranoid: true, indexes: [{ unique: true, fields: ['first', 'born'], where: { deletedAt: null } }, { fields: ['last'], where: { born: { [Op.ne]: null } } }] });
      export const Category = sequelize.define('Category', { title: DataTypes.TEXT, deleted: DataTypes.INTEGER }, { timestamps: false, paranoid: true });
      export const Log = sequelize.define('AnalysisLog', { at: DataTypes.DATE }, { underscored: true, paranoid: true, deletedAt: 'removedAt', schema: 'app' });
      export const Kept = sequelize.define('Kept', { a: DataTypes.DATE }, { tableName: 'kept_rows', paranoid: true, deletedAt: 'goneAt', freezeTableName: true });
      export const Frozen = sequelize.define('person', { deletedAt: { type: DataTypes.DATE, field: 'deleted_on' } }, { freezeTableName: true, paranoid: true });`,
  },
  'options of the connection': {
    'a.ts': `import * as pg from 'pg'; import { DataTypes, Model } from 'sequelize'; import { sequelize } from './db'; export { sequelize };
      export class BlogPost extends Model {} BlogPost.init({ text: DataTypes.TEXT }, { sequelize, modelName: 'Entry' });
      export class Pin extends Model { static setUp() { return super.init({ at: DataTypes.DATE }, { sequelize, paranoid: false }); } } Pin.setUp();`,
    'db.ts': `import * as pg from 'pg'; import { Sequelize } from 'sequelize'; export const sequelize = new Sequelize({ dialect: 'postgres', dialectModule: pg, define: { underscored: true, paranoid: true } });`,
  },
  'associations': {
    'a.ts': `${HEAD}
      export const User = sequelize.define('User', {});
      export const Post = sequelize.define('Post', { authorId: { type: DataTypes.INTEGER, allowNull: false, references: { model: 'Users', key: 'id' }, onDelete: 'CASCADE' } });
      export class Tag extends Model { static associate() { this.belongsToMany(Post, { through: 'PostTags', as: 'entries' }); } } Tag.init({}, { sequelize });
      User.hasMany(Post, { as: 'posts', foreignKey: 'authorId' }); Post.belongsTo(User, { as: 'author', foreignKey: { name: 'authorId' } }); User.hasOne(Post); User.hasMany(Tag); Post.belongsTo(Tag); Tag.associate();`,
  },
};

describe('Sequelize models', () => {
  for (const [title, files] of Object.entries(SOURCES)) {
    it(`by ${title} are what Sequelize says`, () => {
      const { sequelize } = execute(files), declarations = declared(files);
      assert.ok(sequelize instanceof Sequelize);
      for (const model of Object.values(sequelize.models) as ModelStatic<Model>[]) {
        // The join table of `through` has no declaration.
        if (model.name === 'PostTags') continue;
        const written = model.getTableName() as string | { tableName: string; schema: string };
        const [schema, name] = typeof written === 'string' ? [null, written] : [written.schema, written.tableName];
        const found = declarations.find((each) => each.kind === 'create' && each.name === name && each.schema === schema);
        assert.ok(found, `${model.name} in ${name}`);
        assert.ok(found.models!.includes(model.name));
        const attributes = Object.entries(model.getAttributes());
        const column = (key: string): string => model.getAttributes()[key as never]!['field'] as string;
        // Sequelize adds what nobody declares: the key, the moments of creation and change, the foreign keys of associations.
        for (const each of found.columns) {
          const actual = attributes.find(([key]) => key === each.property);
          assert.ok(actual, each.name);
          assert.deepEqual([each.name, each.nullable], [actual[1].field, actual[1].allowNull !== false && actual[1].primaryKey !== true], each.name);
        }
        const paranoid = (model as unknown as { _timestampAttributes: { deletedAt?: string } })._timestampAttributes.deletedAt;
        assert.deepEqual(found.filters ?? [], paranoid === undefined ? [] : [column(paranoid)], model.name);
        assert.deepEqual(found.keys!.find(({ kind }) => kind === 'primary')!.columns, [model.primaryKeyAttribute].map(column));
        // Sequelize names a unique key of an attribute by the table and column.
        const uniques = Object.values((model as unknown as { uniqueKeys: Record<string, { fields: string[] }> }).uniqueKeys).map(({ fields }) => fields.join());
        assert.deepEqual(found.keys!.filter(({ kind, predicate }) => kind === 'unique' && predicate === null).map(({ columns }) => columns.join()).sort(), uniques.sort());
        const partial = (model as unknown as { _indexes: { fields: string[]; where?: object; unique?: boolean }[] })._indexes.filter(({ where }) => where).map(({ fields, unique }) => [unique ? 'unique' : 'index', fields]);
        assert.deepEqual(found.keys!.filter(({ predicate }) => predicate?.expr).map(({ kind, columns }) => [kind, columns]), partial);
        const relations = declarations.filter((each) => each.named === 'by-model' && found.models!.includes(each.name)).flatMap(({ relations: list }) => list ?? []);
        const associations = Object.values(model.associations).map((each) => {
          const keys = each as unknown as { foreignKey: string; targetKey?: string; sourceKey?: string };
          const own = each.associationType === 'BelongsTo' ? keys.foreignKey : keys.sourceKey!, other = each.associationType === 'BelongsTo' ? keys.targetKey! : keys.foreignKey;
          return [each.as, each.target.name, each.isMultiAssociation === true, each.associationType === 'BelongsToMany' ? null : { [own]: other }];
        });
        assert.deepEqual(relations.map(({ property, target, many, on }) => [property, target.model, many, on]).sort(), associations.sort());
      }
    });
  }

  it('have foreign keys, join tables and places', () => {
    const files = SOURCES.associations!, post = table(files, 'Posts');
    assert.deepEqual(post.foreignKeys!.map(({ columns, target, references, onDelete }) => [columns, target.table, references, onDelete]), [[['authorId'], 'Users', ['id'], 'cascade']]);
    assert.deepEqual(declared(files).find(({ name, named }) => named && name === 'Tag')!.relations![0]!.through, { table: 'PostTags', schema: null, model: 'PostTags' });
    assert.equal(wordsAt(files['a.ts']!, post.columns[0]!.range), 'authorId');
  });

  it('are filtered by a default scope', () => {
    const scoped = table({ 'a.js': `const { DataTypes } = require('sequelize'); module.exports = (sequelize) => sequelize.define('Note', { deletedAt: DataTypes.DATE }, { defaultScope: { where: { deletedAt: null } } });` }, 'Notes');
    assert.deepEqual(scoped.filters, ['deletedAt']);
  });

  it('keep the condition of a scoped association', () => {
    const [, added] = declared({ 'a.js': `const { Model } = require('sequelize'); class A extends Model {} A.init({}, { sequelize }); A.hasMany(B, { as: 'live', scope: { deletedAt: null } });` });
    assert.equal(added!.relations![0]!.predicate!.expr!.type, 'is');
  });

  it('of other libraries that have define, init or table decorators are no models', () => {
    for (const text of [
      `customElements.define('my-sequelize', class extends HTMLElement {});`, `// sequelize\nApp.init({ a: 1 }, { b: 2 });`, `// sequelize\nclass A extends B {} A.init(x);`, `define('sequelize', ['a'], (a) => a); x.define('y', (z) => z);`,
    ]) assert.deepEqual(declared({ 'a.js': text }), [], text);
  });
});

// sequelize-typescript is not at hand: these facts are its README's, "Column", "Associations", "DeletedAt".
describe('Models with decorators', () => {
  const files: Files = {
    'document.ts': `
      import { AllowNull, BelongsTo, BelongsToMany, Column, DataType, Default, ForeignKey, HasMany, Table, Unique } from 'sequelize-typescript';
      import ParanoidModel from './base'; import User from './user'; import { Membership } from './membership';
      @Table({ tableName: 'documents', modelName: 'document' })
      export default class Document extends ParanoidModel {
        @Unique @Column(DataType.STRING) urlId: string;
        @AllowNull(false) @Default(0) @Column({ type: DataType.INTEGER, field: 'n_views' }) views: number;
        @BelongsTo(() => User, 'createdById') createdBy: User;
        @ForeignKey(() => User) @Column(DataType.UUID) createdById: string;
        @BelongsTo(() => User) owner: User;
        @HasMany(() => Membership, 'documentId') memberships: Membership[];
        @BelongsToMany(() => User, () => Membership) users: User[];
      }`,
    'base.ts': `import { Column, DataType, DeletedAt, Model, PrimaryKey } from 'sequelize-typescript'; class Base extends Model { @PrimaryKey @Column(DataType.UUID) id: string; } export default class ParanoidModel extends Base { @DeletedAt deletedAt: Date | null; }`,
    'user.ts': `import { Column, HasMany, Model, Table } from 'sequelize-typescript'; import Document from './document'; @Table({ underscored: true, paranoid: true }) export default class User extends Model { @Column isAdmin: boolean; @HasMany(() => Document) documents: Document[]; }`,
    'membership.ts': `import { Column, ForeignKey, Model, Table } from 'sequelize-typescript'; import Document from './document'; @Table export class Membership extends Model { @ForeignKey(() => Document) @Column documentId: number; }`,
  };

  it('inherit columns and are paranoid by @DeletedAt', () => {
    const document = table(files, 'documents'), user = table(files, 'users'), membership = table(files, 'Memberships');
    assert.deepEqual(document.columns.map(({ name, type, nullable, defaultValue }) => [name, type, nullable, defaultValue]), [
      ['id', 'text', false, undefined], ['deletedAt', 'timestamp', true, undefined], ['urlId', 'text', true, undefined], ['n_views', 'integer', false, 0], ['createdById', 'text', true, undefined],
    ]);
    assert.deepEqual([document.models, document.filters, document.complete], [['Document', 'document'], ['deletedAt'], true]);
    assert.deepEqual([user.columns.map(({ name, type }) => [name, type]), user.filters], [[['is_admin', 'boolean'], ['deleted_at', 'timestamptz']], ['deleted_at']]);
    assert.deepEqual([membership.filters, membership.models], [undefined, ['Membership']]);
  });

  it('have relations with the columns that @ForeignKey marks', () => {
    const facts = (name: string) => table(files, name).relations!.map(({ property, target, many, on, through }) => [property, target.model, many, on, through?.model ?? null]);
    assert.deepEqual(facts('documents'), [
      ['createdBy', 'User', false, { createdById: 'id' }, null], ['owner', 'User', false, { createdById: 'id' }, null],
      ['memberships', 'Membership', true, { id: 'documentId' }, null], ['users', 'User', true, null, 'Membership'],
    ]);
    assert.deepEqual(facts('users'), [['documents', 'Document', true, { id: 'createdById' }, null]]);
  });
});

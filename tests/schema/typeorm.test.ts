import assert from 'node:assert/strict';
import 'reflect-metadata';
import { DataSource, EntitySchema, getMetadataArgsStorage, type EntityMetadata } from 'typeorm';
import { declared, execute, table, wordsAt, type Files } from './support.js';

/** The metadata that TypeORM builds of the exported entities, without a connection. */
async function metadataOf(files: Files): Promise<EntityMetadata[]> {
  const storage = getMetadataArgsStorage();
  for (const list of Object.values(storage) as unknown[]) if (Array.isArray(list)) list.length = 0;
  const entities = Object.values(execute(files)).filter((value) => typeof value === 'function' || value instanceof EntitySchema) as never[];
  const source = new DataSource({ type: 'postgres', entities });
  await (source as unknown as { buildMetadatas(): Promise<void> }).buildMetadatas();
  return source.entityMetadatas;
}

const SOURCES: Readonly<Record<string, Files>> = {
  'columns of every kind': {
    'user.ts': `
      import { Column, CreateDateColumn, DeleteDateColumn, Entity, Index, PrimaryGeneratedColumn, Unique, VersionColumn } from 'typeorm';
      @Entity('app_users') @Unique(['email', 'ref']) @Index('live_mail', ['email'], { unique: true, where: '"deletedAt" IS NULL' })
      export class User {
        @PrimaryGeneratedColumn('uuid') id: string;
        @Column({ name: 'e_mail', unique: true }) email: string;
        @Column('varchar', { nullable: true }) ref: string | null;
        @Column({ type: 'timestamptz', nullable: true }) bannedAt: Date;
        @Column({ default: false }) isDeleted: boolean;
        @Column('int', { array: true }) numbers: number[];
        @Index() @Column({ type: 'int', default: 0 }) score: number;
        @CreateDateColumn() createdAt: Date;
        @DeleteDateColumn({ name: 'deleted_on' }) deletedAt: Date | null;
        @VersionColumn() version: number;
      }`,
  },
  'names by the naming strategy, bases and embedded classes': {
    'a.ts': `
      import { Column, Entity, PrimaryColumn } from 'typeorm';
      import { Base } from './base';
      class Name { @Column() first: string; @Column({ name: 'family' }) last: string; }
      @Entity() export class HTTPLogEntry extends Base { @Column(() => Name) name: Name; @Column(() => Name, { prefix: 'alt' }) other: Name; @Column(() => Name, { prefix: false }) plain: Name; }
      @Entity({ name: 'things', schema: 'app' }) export class Thing { @PrimaryColumn() a: number; @PrimaryColumn() b: number; }`,
    'base.ts': `import { Column, DeleteDateColumn, PrimaryGeneratedColumn } from 'typeorm'; export abstract class Base { @PrimaryGeneratedColumn() id: number; @DeleteDateColumn() deletedAt: Date; }`,
  },
  'relations': {
    'a.ts': `
      import { Column, Entity, Index, JoinColumn, JoinTable, ManyToMany, ManyToOne, OneToMany, OneToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
      @Entity() export class Author {
        @PrimaryGeneratedColumn() id: number;
        @OneToMany(() => Book, (book) => book.author) books: Book[];
        @OneToOne(() => Profile, { nullable: false }) @JoinColumn({ name: 'profile_ref' }) profile: Relation<Profile>;
        @ManyToOne(() => Author) boss: Author;
      }
      @Entity() export class Profile { @PrimaryGeneratedColumn({ name: 'profile_id' }) id: number; @OneToOne(() => Author, (author) => author.profile) author: Author; }
      @Entity() export class Book {
        @PrimaryGeneratedColumn() id: number;
        @Index() @ManyToOne('Author', 'books', { nullable: false, onDelete: 'CASCADE' }) author: Author;
        @ManyToMany(() => Tag, (tag) => tag.books) @JoinTable() tags: Tag[];
        @ManyToMany(() => Tag) @JoinTable({ name: 'book_marks' }) marks: Tag[];
      }
      @Entity() export class Tag { @PrimaryGeneratedColumn() id: number; @ManyToMany(() => Book, (book) => book.tags) books: Book[]; }`,
  },
  'a single table for several classes': {
    'a.ts': `
      import { ChildEntity, Column, DeleteDateColumn, Entity, PrimaryGeneratedColumn, TableInheritance } from 'typeorm';
      @Entity() @TableInheritance({ column: { name: 'type', type: 'varchar' } }) export class Content { @PrimaryGeneratedColumn() id: number; @DeleteDateColumn() deletedAt: Date; }
      @ChildEntity() export class Photo extends Content { @Column() size: number; }`,
  },
  'EntitySchema': {
    'a.ts': `
      import { EntitySchema } from 'typeorm';
      export const UserSchema = new EntitySchema({
        name: 'User', tableName: 'people',
        columns: { id: { type: Number, primary: true, generated: true }, mail: { type: 'varchar', name: 'e_mail', unique: true }, deletedAt: { type: Date, deleteDate: true, nullable: true }, on: { type: Boolean, default: true } },
        relations: { posts: { type: 'one-to-many', target: 'Post', inverseSide: 'author' } },
        indices: [{ name: 'i', columns: ['mail'], unique: true, where: '"deletedAt" IS NULL' }],
      });
      export const PostSchema = new EntitySchema({ name: 'Post', columns: { id: { type: 'int', primary: true } }, relations: { author: { type: 'many-to-one', target: 'User', joinColumn: true, inverseSide: 'posts', nullable: false } } });`,
  },
};

describe('TypeORM entities', () => {
  for (const [title, files] of Object.entries(SOURCES)) {
    it(`with ${title} are what TypeORM says`, async () => {
      const all = await metadataOf(files), tables = declared(files);
      for (const metadata of all) {
        if (metadata.tableType === 'junction') {
          assert.ok(tables.some(({ name }) => name === metadata.tableName), metadata.tableName);
          continue;
        }
        const found = tables.find(({ name, models }) => name === metadata.tableName && models?.includes(metadata.name));
        assert.ok(found, `${metadata.name} in ${metadata.tableName}`);
        assert.equal(found.schema, metadata.schema ?? null);
        // TypeORM lists the columns of a single table's children with the parent.
        const children = metadata.childEntityMetadatas.map(({ target }) => target);
        const own = metadata.columns.filter((column) => !children.includes(column.target) && !column.isDiscriminator && (!column.isVirtual || column.relationMetadata));
        const facts = own.map((column) => [column.databaseName, column.isNullable]).sort();
        assert.deepEqual(found.columns.filter(({ property }) => property !== undefined || own.some(({ relationMetadata }) => relationMetadata)).map(({ name, nullable }) => [name, nullable]).sort(), facts, metadata.name);
        assert.deepEqual(found.filters ?? [], metadata.deleteDateColumn ? [metadata.deleteDateColumn.databaseName] : []);
        assert.deepEqual(found.keys!.find(({ kind }) => kind === 'primary')?.columns, metadata.primaryColumns.map(({ databaseName }) => databaseName));
        const uniques = [...metadata.uniques.map(({ columns }) => columns), ...metadata.indices.filter(({ isUnique }) => isUnique).map(({ columns }) => columns)].map((columns) => columns.map(({ databaseName }) => databaseName).join());
        assert.deepEqual(found.keys!.filter(({ kind }) => kind === 'unique').map(({ columns }) => columns.join()).sort(), uniques.sort());
        assert.deepEqual(found.keys!.filter(({ predicate }) => predicate).map(({ predicate }) => predicate!.text), metadata.indices.filter(({ where }) => where).map(({ where }) => where));
        const relations = metadata.relations.filter(({ propertyName, target }) => typeof propertyName === 'string' && (typeof target !== 'function' || metadata.name !== 'x'));
        assert.deepEqual(found.relations!.map(({ property, many, on, through, inverse }) => [property, many, on, through?.table ?? null, inverse ?? null]).sort(), relations.map((relation) => [
          relation.propertyPath, relation.isOneToMany || relation.isManyToMany,
          relation.isManyToMany || relation.joinColumns.length === 0 ? null : Object.fromEntries(relation.joinColumns.map((column) => [column.databaseName, column.referencedColumn!.databaseName])),
          relation.isManyToManyOwner ? relation.joinTableName : null, relation.inverseRelation?.propertyName ?? null,
        ]).sort());
      }
    });
  }

  it('have columns of the kinds that tombstones care for, and say where they stand', () => {
    const files = SOURCES['columns of every kind']!, user = table(files, 'app_users');
    assert.deepEqual(Object.fromEntries(user.columns.map(({ name, type }) => [name, type])), {
      id: 'text', e_mail: 'text', ref: 'text', bannedAt: 'timestamptz', isDeleted: 'boolean', numbers: 'other', score: 'integer', createdAt: 'timestamp', deleted_on: 'timestamp', version: 'integer',
    });
    assert.deepEqual(user.columns.map(({ range }) => wordsAt(files['user.ts']!, range)), user.columns.map(({ property }) => property));
    assert.equal(wordsAt(files['user.ts']!, user.range), "'app_users'");
    assert.equal(wordsAt(files['user.ts']!, user.keys!.find(({ predicate }) => predicate)!.predicate!.range), '"deletedAt" IS NULL');
  });

  it('are seen through decorators that the project makes of others', () => {
    const files = {
      'a.ts': `import { Entity } from 'typeorm'; import { SoftDelete, Both } from './decorators'; @Entity() export class Note { @SoftDelete() goneAt: Date; @Both('x') removed: Date; }`,
      'decorators.ts': `
        import { applyDecorators } from '@nestjs/common'; import { Column, DeleteDateColumn } from 'typeorm';
        export const SoftDelete = () => applyDecorators(DeleteDateColumn({ name: 'gone_at' }));
        export function Both(name: string) { return (target: object, key: string) => { Column({ name, nullable: true })(target, key); }; }`,
    };
    const note = table(files, 'note');
    assert.deepEqual([note.columns.map(({ name }) => name), note.filters], [['gone_at', 'x'], ['gone_at']]);
  });

  it('of MikroORM are another library\'s', () => {
    assert.deepEqual(declared({ 'a.ts': `import { Entity, Property } from '@mikro-orm/core'; @Entity() export class A { @Property() b: string; }` }).map(({ library }) => library), ['mikro-orm']);
  });
});

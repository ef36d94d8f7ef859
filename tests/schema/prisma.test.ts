import assert from 'node:assert/strict';
import { prismaDialect, readPrisma } from '../../lib/schema/prisma.js';
import { wordsAt } from './support.js';

const SCHEMA = `datasource db {
  provider = "mysql"
  url      = env("DATABASE_URL")
}

/// People { with accounts }
model User {
  id        Int       @id @default(autoincrement())
  email     String    @unique @map("e_mail") @db.VarChar(20) // their { address
  deletedAt DateTime? @map("deleted_at") @db.Timestamptz(6)
  isDeleted Boolean   @default(false)
  role      Role      @default(MEMBER)
  tags      String[]
  secret    Unsupported("circle")?
  posts     Post[]    @relation("author")
  profile   Profile?
  legacy    Int?      @ignore

  @@unique([email, role], map: "by_role")
  @@unique(fields: [email, isDeleted(sort: Desc)], where: { deletedAt: null, isDeleted: false })
  @@index([role], where: raw("deleted_at IS NULL"))
  @@map("users")
  @@schema("app")
}

model Post {
  a        Int
  b        Int
  authorId Int? @map("author_id")
  author   User? @relation("author", fields: [authorId], references: [id], onDelete: SetNull, onUpdate: Cascade)
  tags     Tag[]
  elsewhere Elsewhere
  other    Other @relation(fields: [a], references: [id])
  @@id([a, b])
}

model Tag { id Int @id }
model Profile {
  id Int @id
}

type Address { street String }
enum Role { MEMBER ADMIN }
view Active { id Int @unique }
`;

describe('Prisma schemas', () => {
  const models = readPrisma(SCHEMA);
  const user = models.find(({ name }) => name === 'users')!, post = models.find(({ name }) => name === 'Post')!;

  it('tell the dialect', () => {
    assert.equal(prismaDialect(SCHEMA), 'mysql');
    for (const [provider, dialect] of [['cockroachdb', 'postgresql'], ['sqlite', 'sqlite'], ['mongodb', null]] as const) assert.equal(prismaDialect(`datasource x {\n  provider = "${provider}"\n}`), dialect);
    assert.equal(prismaDialect('model A {\n id Int\n}'), null);
  });

  it('declare models and views, and neither types nor enumerations', () => {
    assert.deepEqual(models.map(({ name, schema, models: names }) => [schema, name, names![0]]), [['app', 'users', 'User'], [null, 'Post', 'Post'], [null, 'Tag', 'Tag'], [null, 'Profile', 'Profile'], [null, 'Active', 'Active']]);
  });

  it('give columns with their kinds', () => {
    const facts = user.columns.map(({ name, property, type, nullable, hasDefault, defaultValue }) => [name, property, type, nullable, hasDefault, defaultValue]);
    assert.deepEqual(facts, [
      ['id', 'id', 'integer', false, true, undefined],
      ['e_mail', 'email', 'text', false, false, undefined],
      ['deleted_at', 'deletedAt', 'timestamptz', true, false, undefined],
      ['isDeleted', 'isDeleted', 'boolean', false, true, false],
      ['role', 'role', 'other', false, true, undefined],
      ['tags', 'tags', 'other', true, false, undefined],
      ['secret', 'secret', 'other', true, false, undefined],
    ]);
  });

  it('say where everything stands', () => {
    assert.equal(wordsAt(SCHEMA, user.range), 'User');
    assert.deepEqual(user.columns.map(({ range }) => wordsAt(SCHEMA, range)), user.columns.map(({ property }) => property));
    assert.deepEqual(user.relations!.map(({ range }) => wordsAt(SCHEMA, range)), ['posts', 'profile']);
    assert.equal(wordsAt(SCHEMA, user.keys!.at(-1)!.predicate!.range), 'deleted_at IS NULL');
  });

  it('give keys with their predicates', () => {
    const facts = user.keys!.map(({ kind, columns, name, predicate }) => [kind, columns, name, predicate?.text ?? null]);
    assert.deepEqual(facts, [
      ['primary', ['id'], null, null], ['unique', ['e_mail'], null, null], ['unique', ['e_mail', 'role'], 'by_role', null],
      ['unique', ['e_mail', 'isDeleted'], null, '{ deletedAt: null, isDeleted: false }'], ['index', ['role'], null, 'deleted_at IS NULL'],
    ]);
    assert.deepEqual(user.keys!.map(({ predicate }) => predicate?.expr?.type ?? null), [null, null, null, 'and', 'is']);
    assert.deepEqual(post.keys!.map(({ kind, columns }) => [kind, columns]), [['primary', ['a', 'b']]]);
  });

  it('give relations with their columns', () => {
    assert.deepEqual(user.relations!.map(({ property, many, optional, on, pair, target }) => [property, target.model, many, optional, on, pair]), [
      ['posts', 'Post', true, null, null, 'author'], ['profile', 'Profile', false, true, null, undefined],
    ]);
    assert.deepEqual(post.relations!.map(({ property, many, optional, on, target }) => [property, target.model, many, optional, on]), [
      ['author', 'User', false, true, { author_id: 'id' }], ['tags', 'Tag', true, null, null], ['elsewhere', 'Elsewhere', false, false, null], ['other', 'Other', false, false, { a: 'id' }],
    ]);
    assert.deepEqual(post.foreignKeys!.map(({ columns, references, onDelete, onUpdate }) => [columns, references, onDelete, onUpdate]), [[['author_id'], ['id'], 'set null', 'cascade'], [['a'], ['id'], null, null]]);
  });

  it('offer a timestamp for a flag', () => {
    const edit = user.columns[3]!.asTimestamp!('deleted_at')!;
    const mended = SCHEMA.slice(0, edit.edits[0]!.range[0]) + edit.edits[0]!.text + SCHEMA.slice(edit.edits[0]!.range[1]);
    const again = readPrisma(mended)[0]!;
    assert.deepEqual(again.columns.slice(3, 5).map(({ name, type }) => [name, type]), [['deleted_at', 'timestamp'], ['role', 'other']]);
  });

  it('are read as far as they can be', () => {
    const broken = readPrisma('model A {\n  id Int @id\n  ? wrong line\n  deletedAt DateTime?\n}\nmodel B extends A {\n  name String\n}\nmodel C {\n  id Int');
    assert.deepEqual(broken.map(({ name, columns }) => [name, columns.map((column) => column.name)]), [['A', ['id', 'deletedAt']], ['B', ['name']], ['C', ['id']]]);
    for (const text of ['', 'model', 'model {', 'model A', 'model A {', '}{', '"', 'model A {\n @@unique([\n}', 'enum E {\n A\n}']) assert.doesNotThrow(() => readPrisma(text), text);
  });
});

/** Edits of declarations, each read again: the declaration has become what was asked for, and everything else has stayed. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../lib/manifest/types.js';
import type { Remedy } from '../../lib/model/query.js';
import type { TableDeclaration } from '../../lib/model/schema.js';
import { columnNamed, foreignKeyOf, keyOf, lintedDeclarations, mendedText } from './linted.js';

interface Case {
  readonly what: string;
  readonly path?: string;
  readonly dialect?: Dialect;
  readonly code: string;
  readonly remedy: (declarations: readonly TableDeclaration[]) => Remedy | null | undefined;
  /** The text afterwards; null where no edit is safe. */
  readonly output: string | null;
  /** What is asked of the declarations afterwards. */
  readonly check?: (declarations: readonly TableDeclaration[]) => unknown;
}

const LIVE = 'deleted_at IS NULL';
const moment = (name: string) => (declarations: readonly TableDeclaration[]): void => {
  const { type, nullable, hasDefault } = columnNamed(declarations, name);
  assert.match(type, /^(?:timestamp|timestamptz|text)$/);
  assert.deepEqual([nullable, hasDefault], [true, false]);
};
const free = (name: string) => (declarations: readonly TableDeclaration[]): void => {
  const { nullable, hasDefault } = columnNamed(declarations, name);
  assert.deepEqual([nullable, hasDefault], [true, false]);
};
const partial = (...columns: string[]) => (declarations: readonly TableDeclaration[]): void => {
  const { predicate } = keyOf(declarations, ...columns);
  assert.deepEqual([predicate?.expr?.type, predicate?.expr?.type === 'is' && predicate.expr.operand.type === 'column' && predicate.expr.operand.name], ['is', 'deleted_at']);
};
const cascades = (...columns: string[]) => (declarations: readonly TableDeclaration[]): void => assert.equal(foreignKeyOf(declarations, ...columns).onDelete, 'cascade');

const PRISMA = (body: string, preview = true): string => `generator client {\n  provider = "prisma-client"\n${preview ? '  previewFeatures = ["partialIndexes"]\n' : ''}}\n\nmodel Post {\n${body}\n}\n`;

const PRISMA_CASES: readonly Case[] = [
  { what: 'a flag becomes a moment', code: PRISMA('  id Int @id\n  isDeleted Boolean @default(false) // gone'), remedy: (all) => columnNamed(all, 'isDeleted').asTimestamp!('deleted_at'), output: PRISMA('  id Int @id\n  deletedAt DateTime? @map("deleted_at") // gone'), check: moment('deleted_at') },
  { what: 'a column takes NULL', code: PRISMA('  id Int @id\n  deletedAt DateTime @default(now()) @map("deleted_at")'), remedy: (all) => columnNamed(all, 'deleted_at').asNullable!(), output: PRISMA('  id Int @id\n  deletedAt DateTime? @map("deleted_at")'), check: free('deleted_at') },
  { what: 'a column gets a name', code: PRISMA('  id Int @id\n  removedAt DateTime? @map("removed") @db.Timestamptz // x'), remedy: (all) => columnNamed(all, 'removed').asNamed!('deleted_at'), output: PRISMA('  id Int @id\n  removedAt DateTime? @map("deleted_at") @db.Timestamptz // x'), check: moment('deleted_at') },
  { what: 'a column gets its first name', code: PRISMA('  id Int @id\n  removedAt DateTime? // x'), remedy: (all) => columnNamed(all, 'removedAt').asNamed!('deleted_at'), output: PRISMA('  id Int @id\n  removedAt DateTime? @map("deleted_at") // x'), check: moment('deleted_at') },
  { what: 'a key becomes partial', code: PRISMA('  id Int @id\n  email String\n  deletedAt DateTime? @map("deleted_at")\n  @@unique([email])'), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: PRISMA('  id Int @id\n  email String\n  deletedAt DateTime? @map("deleted_at")\n  @@unique([email], where: { deletedAt: null })'), check: partial('email') },
  { what: 'a key loses the tombstone', code: PRISMA('  email String\n  deletedAt DateTime? @map("deleted_at")\n  @@unique([email, deletedAt], map: "u")'), remedy: (all) => keyOf(all, 'email', 'deleted_at').asPartial!(LIVE, ['deleted_at']), output: PRISMA('  email String\n  deletedAt DateTime? @map("deleted_at")\n  @@unique([email], map: "u", where: { deletedAt: null })'), check: partial('email') },
  { what: 'a key of a schema without partial indexes', code: PRISMA('  email String\n  @@unique([email])', false), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: null },
  { what: 'a key on MySQL', dialect: 'mysql', code: PRISMA('  email String\n  @@unique([email])'), remedy: (all) => keyOf(all, 'email').asPartial!(LIVE), output: null },
  { what: 'a foreign key cascades', code: PRISMA('  authorId Int\n  author User @relation(fields: [authorId], references: [id])'), remedy: (all) => foreignKeyOf(all, 'authorId').withAction!('cascade'), output: PRISMA('  authorId Int\n  author User @relation(fields: [authorId], references: [id], onDelete: Cascade)'), check: cascades('authorId') },
  { what: 'a foreign key does something else', code: PRISMA('  authorId Int\n  author User @relation(fields: [authorId], onDelete: SetNull, references: [id])'), remedy: (all) => foreignKeyOf(all, 'authorId').withAction!('cascade'), output: PRISMA('  authorId Int\n  author User @relation(fields: [authorId], onDelete: Cascade, references: [id])'), check: cascades('authorId') },
];

function testCases(library: string, cases: readonly Case[], path: string): void {
  describe(`edits of ${library}`, () => {
    for (const { what, code, remedy, output, check, dialect } of cases) {
      it(what, () => {
        const made = remedy(lintedDeclarations(code, path, dialect)) ?? null;
        assert.equal(made && mendedText(code, made), output);
        if (output !== null) check?.(lintedDeclarations(output, path, dialect));
      });
    }
  });
}

testCases('Prisma schemas', PRISMA_CASES, 'schema.prisma');

/** Declarations of a text as ESLint's rules get them, and what an edit of one makes of the text. */
import assert from 'node:assert/strict';
import { compile } from '../../lib/manifest/compile.js';
import type { Dialect } from '../../lib/manifest/types.js';
import type { Remedy } from '../../lib/model/query.js';
import type { ColumnDeclaration, ForeignKeyDeclaration, KeyDeclaration, TableDeclaration } from '../../lib/model/schema.js';
import { declarationsIn, type ProgramDeclarations } from '../../lib/schema/in-program.js';
import { openSource } from '../../lib/schema/parse.js';
import { readPrismaSchema } from '../../lib/schema/prisma.js';

/** What a file declares, read without any other file; a Prisma schema by its name. */
export function lintedDeclarations(text: string, path = 'file.ts', dialect: Dialect = 'postgresql'): readonly TableDeclaration[] {
  if (path.endsWith('.prisma')) return readPrismaSchema(text, dialect).declarations;
  return linted(text, path, dialect).declarations;
}

/** All that a program declares and defines, read without any other file. */
export function linted(text: string, path: string, dialect: Dialect = 'postgresql'): ProgramDeclarations {
  const found = declarationsIn(openSource(text, path)!, compile({ dialect, tables: { users: 'soft' } }, '/'));
  assert.deepEqual(found.unread, []);
  return found;
}

/** The text with the edits of a remedy. */
export function mendedText(text: string, remedy: Remedy): string {
  const edits = [...remedy.edits].sort((a, b) => b.range[0] - a.range[0] || b.range[1] - a.range[1]);
  edits.forEach((edit, i) => assert.ok(i === 0 || edit.range[1] <= edits[i - 1]!.range[0], 'edits overlap'));
  return edits.reduce((result, { range, text: inserted }) => result.slice(0, range[0]) + inserted + result.slice(range[1]), text);
}

/** A column, key or foreign key of all declarations. */
export function columnNamed(declarations: readonly TableDeclaration[], name: string): ColumnDeclaration {
  const found = declarations.flatMap(({ columns }) => columns).find((column) => column.name === name);
  assert.ok(found, `no column ${name}`);
  return found;
}

export function keyOf(declarations: readonly TableDeclaration[], ...columns: readonly string[]): KeyDeclaration {
  const found = declarations.flatMap(({ keys = [] }) => keys).find((key) => key.kind !== 'primary' && key.columns.join() === columns.join());
  assert.ok(found, `no key of ${columns.join()}`);
  return found;
}

export function foreignKeyOf(declarations: readonly TableDeclaration[], ...columns: readonly string[]): ForeignKeyDeclaration {
  const found = declarations.flatMap(({ foreignKeys = [] }) => foreignKeys).find((key) => key.columns.join() === columns.join());
  assert.ok(found, `no foreign key of ${columns.join()}`);
  return found;
}

/** The declarations of the one file that is linted: what it refers to in other files stays unknown. */
import { fold, type Catalog } from '../manifest/catalog.js';
import type { Range, Statement } from '../model/query.js';
import type { PolicyDeclaration, TableDeclaration, ViewDeclaration } from '../model/schema.js';
import { definitionsOf } from './drizzle/views.js';
import { markIgnoredPredicates } from './ignored-predicates.js';
import { Project, type ProgramSource } from './project.js';
import { READERS } from './read.js';
import { MAKES_VIEWS, viewsIn } from './views.js';

/** SQL in programs is found by `lib/source`, and types only describe what others declare. */
const DECLARING = READERS.filter(({ library, describes }) => library !== 'sql' && !describes);

export interface ProgramDeclarations {
  readonly declarations: readonly TableDeclaration[];
  readonly views: readonly ViewDeclaration[];
  readonly policies: readonly PolicyDeclaration[];
  /** What views and policies that are made of SQL ask, to be analysed with the other statements of the file. */
  readonly statements: readonly Statement[];
  readonly unread: readonly { readonly range: Range; readonly reason: string }[];
}

/** The expressions of all readers, those with the same flags in one: a text is read twice at most, whatever their number. */
const MENTIONED = [...new Set(DECLARING.map(({ mentioned }) => mentioned.flags))].map((flags) =>
  new RegExp(DECLARING.filter(({ mentioned }) => mentioned.flags === flags).map(({ mentioned }) => mentioned.source).join('|'), flags));

/** Can a text declare a table of any library? False means: nothing to do. */
export function mayDeclare(text: string): boolean {
  return MENTIONED.some((mentioned) => mentioned.test(text)) || MAKES_VIEWS.test(text);
}

/**
 * The declarations of a program. One that adds to a table by the name of its model gets the name of the table, from the file itself or from
 * the manifest, and is left out where neither knows it. Never throws.
 */
export function declarationsIn(source: ProgramSource, catalog: Catalog): ProgramDeclarations {
  const readers = DECLARING.filter(({ mentioned }) => mentioned.test(source.text));
  if (readers.length === 0 && !MAKES_VIEWS.test(source.text)) return { declarations: [], views: [], policies: [], statements: [], unread: [] };
  const unread: { range: Range; reason: string }[] = [];
  const program = Project.single(source, catalog.dialect);
  const found = readers.flatMap((reader) => {
    program.project.refill();
    try {
      const dialect = reader.dialect?.(program) ?? null;
      return reader.read(program).map((declaration) => dialect === null || declaration.dialect ? declaration : { ...declaration, dialect });
    } catch (error) {
      unread.push({ range: [0, source.text.length], reason: `declarations of ${reader.library}: ${error instanceof Error ? error.message : String(error)}` });
      return [];
    }
  });
  const defined = readers.some(({ library }) => library === 'drizzle') ? definitionsOf(program) : null;
  return { views: [...viewsIn(program), ...defined?.views ?? []], policies: defined?.policies ?? [], statements: defined?.statements ?? [], declarations: found.flatMap((declaration) => named(declaration, found, catalog)).map((declaration) => markIgnoredPredicates(declaration, catalog.dialect)), unread };
}

function named(declaration: TableDeclaration, all: readonly TableDeclaration[], catalog: Catalog): TableDeclaration[] {
  if (!declaration.named) return [declaration];
  const model = fold(declaration.name);
  const own = all.find(({ named: byModel, models }) => !byModel && models?.some((name) => fold(name) === model)) ?? catalog.model(declaration.name);
  return own ? [{ ...declaration, named: undefined, name: own.name, schema: own.schema }] : [];
}

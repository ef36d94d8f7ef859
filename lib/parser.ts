/**
 * A parser for `.sql` and `.prisma` files and for manifests under ESLint 8, which knows no languages: an empty program that carries the file as `sqlFile` or `prismaFile`.
 * Its comments stand at their places, so that ESLint's directives work in them.
 */
import type { AST } from 'eslint';
import { name, version } from '../package.json';
import { parserServices } from './languages/javascript.js';
import { readManifestFile } from './languages/manifest-file.js';
import { readPrismaFile, type PrismaFile } from './languages/prisma-file.js';
import { dialectOption, readSqlFile, type SqlFile } from './languages/sql-file.js';
import type { CommentNode } from './languages/text-file.js';

/** A program without JavaScript. Rules tell it by the file that it carries. */
export interface SqlProgram {
  readonly type: 'Program';
  readonly sqlFile: SqlFile;
}

/** The same for a Prisma schema. */
export interface PrismaProgram {
  readonly type: 'Program';
  readonly prismaFile: PrismaFile;
}

/** What ESLint and projects say of a file. */
export interface ParserOptions {
  /** The SQL dialect; without one the manifest's. */
  readonly dialect?: unknown;
  /** ESLint says it; without it the text is SQL. */
  readonly filePath?: string;
}

export const meta = { name: `${name}/parser`, version };

/** ESLint accepts `eslint-disable` and `eslint-enable` in block comments only; SQL writers use `--`. */
const DIRECTIVE = /^\s*eslint-(?:disable|enable)(?:\s|$)/u;

/** Finds the line (from 1) and column (from 0) of offsets, with the line ends of ESLint's JavaScript (ECMA-262, "Line Terminators"). */
function locator(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (const end of text.matchAll(/\r\n|[\r\n\u2028\u2029]/gu)) starts.push(end.index + end[0].length);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! };
  };
}

/**
 * Reads a file for ESLint: a Prisma schema or a manifest (`.json`) by its name, SQL by any other.
 *
 * @throws {TypeError} where `options.dialect` is no dialect.
 */
export function parseForESLint(text: string, options: ParserOptions = {}): { ast: AST.Program; visitorKeys: Record<string, string[]>; services: object } {
  const dialect = dialectOption(options);
  const prismaFile = options.filePath?.endsWith('.prisma') ? readPrismaFile(text) : null, manifestFile = options.filePath?.endsWith('.json') ? readManifestFile(text) : null;
  const sqlFile = prismaFile ?? manifestFile ? null : readSqlFile(text, dialect);
  const { comments, range: whole } = (prismaFile ?? manifestFile ?? sqlFile)!;
  const at = locator(text);
  const place = (range: readonly [number, number]) => ({ range: [...range] as [number, number], loc: { start: at(range[0]), end: at(range[1]) } });
  const comment = ({ type, value, range }: CommentNode) => ({
    type: type === 'block_comment' || DIRECTIVE.test(value) ? 'Block' as const : 'Line' as const, value, ...place(range),
  });
  const program = { type: 'Program', sourceType: 'script', body: [], tokens: [], comments: comments.map(comment), ...place(whole), ...(prismaFile && { prismaFile }), ...(sqlFile && { sqlFile }) } satisfies AST.Program & Partial<Omit<SqlProgram & PrismaProgram, 'type'>>;
  return { ast: program, visitorKeys: { Program: [] }, services: parserServices };
}

/** The program alone, for tools that ask for nothing else. */
export function parse(text: string, options?: ParserOptions): AST.Program {
  return parseForESLint(text, options).ast;
}

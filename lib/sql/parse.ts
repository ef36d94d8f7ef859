/**
 * The one place that calls sql-parser-cst: a statement's text in, its concrete syntax tree out.
 * The parser is loaded with the first statement (about 100 ms).
 */
import type { Dialect } from '../manifest/catalog.js';
import { type FilledHole, fillHoles } from './holes.js';
import type { Repair } from './repair.js';
import type { StatementPart } from './split.js';
import type { SqlText } from './sql-text.js';

/**
 * A node of sql-parser-cst's tree (its `type` says which), every node with a range in offsets of the SqlText's text.
 * Two types are ours: `unreadable_query` stands where a nested query could not be read, `unreadable_expr` where an expression
 * in parentheses could not; `queries` of the latter are the nested queries that could be read inside it.
 */
export interface CstNode {
  readonly type: string;
  readonly range: readonly [start: number, end: number];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [property: string]: any;
}

/** A statement as the parser read it, or why it could not. */
export type ParsedStatement =
  | {
    readonly ok: true;
    /** The statement's node (`select_stmt`, `insert_stmt`, ..). */
    readonly cst: CstNode;
    /** The characters that were parsed: as long as the part, so that `text[i]` stands at `part.start + i`. */
    readonly text: string;
    readonly holes: readonly FilledHole[];
    readonly repairs: readonly Repair[];
  }
  | { readonly ok: false; readonly reason: string; /** Where it stopped, in offsets of the SqlText. */ readonly offset: number };

type Parse = (text: string, options: object) => { statements: CstNode[] };

let loaded: Parse | undefined;
function parser(): Parse {
  return loaded ??= (require('sql-parser-cst/lib/parser') as { parse: Parse }).parse;
}

function shift(node: unknown, by: number): void {
  if (Array.isArray(node)) {
    for (const item of node) shift(item, by);
  } else if (typeof node === 'object' && node !== null) {
    const record = node as Record<string, unknown>;
    for (const key in record) {
      if (key === 'range') {
        const range = record[key] as number[];
        record[key] = [range[0]! + by, range[1]! + by];
      } else shift(record[key], by);
    }
  }
}

/** Parses one statement. Never throws; bounded in time. */
export function parseStatement(sql: SqlText, part: StatementPart, dialect: Dialect): ParsedStatement {
  const { text, holes } = fillHoles(sql, part, dialect);
  try {
    const program = parser()(text, { dialect, includeRange: true, paramTypes: ['?', '?nr', '$nr', ':name', '$name', '@name'] });
    const cst = program.statements[0];
    if (!cst || program.statements.filter((statement) => statement.type !== 'empty').length !== 1) return { ok: false, reason: 'not one statement', offset: part.start };
    shift(cst, part.start);
    return { ok: true, cst, text, holes, repairs: [] };
  } catch (error) {
    const { message, location } = error as Error & { location?: { start: { offset: number } } };
    return { ok: false, reason: message, offset: part.start + (location?.start.offset ?? 0) };
  }
}

/** What the files of a project ask of the tables of a manifest, counted. */
import type { Catalog, SchemaSource, TableFacts } from '../lib/manifest/index.js';
import { positionOf } from '../lib/manifest/json.js';
import type { Settings } from '../lib/manifest/settings.js';
import type { Verdict } from '../lib/model/analysis.js';
import { queriesInText } from '../lib/file-queries.js';

export type Outcome = Verdict['state'];

/** How often each outcome was found among the reads of one table, and the writes that end or restore a row's life. */
export interface TableTally {
  readonly reads: Record<Outcome, number>;
  softDeletes: number;
  restores: number;
  hardDeletes: number;
}

/** A place in a file. Lines and columns count from 1. */
export interface FilePlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export interface Survey {
  readonly files: number;
  /** Files that name what the rules about queries speak of. */
  readonly concerned: number;
  /** Statements that read or change a soft table. */
  readonly statements: number;
  /** The statements by library, `sql` for SQL text. */
  readonly byLibrary: ReadonlyMap<string, number>;
  /** In the order of the manifest; soft tables alone. */
  readonly tables: ReadonlyMap<TableFacts, TableTally>;
  /** Reads of which an interpolation or a helper that cannot be seen decides. */
  readonly unknown: readonly (FilePlace & { readonly table: string })[];
  /** What could not be read. */
  readonly unread: readonly (FilePlace & { readonly reason: string })[];
}

/** Files that declare, and ask nothing. */
const SCHEMA = /\.(?:prisma|zmodel)$/i;

/** Reads files as ESLint's rules would. Never throws: what cannot be read is counted. */
export function surveyOf(sources: Iterable<SchemaSource>, catalog: Catalog, settings?: Settings): Survey {
  const tables = new Map(catalog.tables.filter(({ deletion }) => deletion === 'soft').map((table): [TableFacts, TableTally] => [table, { reads: { live: 0, dead: 0, all: 0, unknown: 0 }, softDeletes: 0, restores: 0, hardDeletes: 0 }]));
  const byLibrary = new Map<string, number>(), unknown: Survey['unknown'][number][] = [], unread: Survey['unread'][number][] = [];
  let files = 0, concerned = 0, statements = 0;
  for (const { path, text } of sources) {
    files++;
    if (SCHEMA.test(path) || !catalog.concerns(text)) continue;
    concerned++;
    const queries = queriesInText(text, path, catalog, settings), at = ([start]: readonly [number, number]): FilePlace => ({ path, ...positionOf(text, start) });
    unread.push(...queries.unread.map(({ range, reason }) => ({ ...at(range), reason })));
    for (const { statement, reads, updates, deletes, upserts } of queries.analyses) {
      if (reads.length + updates.length + deletes.length + upserts.length === 0) continue;
      statements++;
      byLibrary.set(statement.library, (byLibrary.get(statement.library) ?? 0) + 1);
      for (const { table, verdict, ref } of reads) {
        const tally = tables.get(table);
        if (tally) tally.reads[verdict.state]++;
        if (verdict.state === 'unknown') unknown.push({ ...at(ref.range), table: table.name });
      }
      for (const { table, intent } of updates) {
        const tally = tables.get(table);
        if (tally && intent === 'restore') tally.restores++;
        else if (tally && (intent === 'soft-delete' || intent === 'maybe')) tally.softDeletes++;
      }
      for (const { table } of deletes) {
        const tally = tables.get(table);
        if (tally) tally.hardDeletes++;
      }
    }
  }
  return { files, concerned, statements, byLibrary: new Map([...byLibrary].sort(([, a], [, b]) => b - a)), tables, unknown, unread };
}

/** `soft-delete init`: the manifest that the project's own declarations propose. */
import { writeFileSync } from 'node:fs';
import stringify from 'json-stringify-pretty-compact';
import { compile, derive, type Catalog, type Manifest, type SchemaSource, type TableFacts } from '../lib/manifest/index.js';
import { manifestPath } from './manifest-file.js';
import { schemaSources } from './project-files.js';
import type { Command } from './run.js';
import { surveyOf, type TableTally } from './survey.js';
import { columns, count, UsageError, type Terminal } from './terminal.js';

export const init: Command = (options, terminal) => {
  const { path, name, exists } = manifestPath(options, terminal);
  if (exists && !options.force) throw new UsageError(`${name} is there already: "soft-delete sync" adds what it has not, "soft-delete init --force" writes it anew.`);
  const sources = schemaSources(terminal.cwd, options.paths);
  const derived = derive(sources), names = Object.keys(derived.tables);
  if (names.length === 0) {
    throw new UsageError(`None of ${count(sources.length, 'file')} declares a table; "soft-delete init PATH .." names schemas, models or migrations that git ignores or that lie elsewhere.`);
  }
  const catalog = compile(derived), soft = catalog.tables.filter(({ deletion }) => deletion === 'soft');
  const evidence = soft.length > 0 ? evidenceOf(soft, catalog, options.paths.length === 0 ? sources : schemaSources(terminal.cwd, [])) : [];
  const manifest: Manifest = { $schema: './node_modules/eslint-plugin-soft-delete/manifest.schema.json', dialect: derived.dialect ?? 'postgresql', ...withHard(derived, evidence, catalog) };
  writeFileSync(path, `${stringify(manifest, { maxLength: 120 })}\n`);
  terminal.out(`${terminal.paint('bold', name)}: ${count(names.length, 'table')}, ${soft.length} of them with a tombstone${derived.guards ? `; ${count(derived.guards.length, 'guard')} that filter` : ''}.`);
  tell(evidence, terminal);
  terminal.out(`\n${nextSteps(name)}`);
  return 0;
};

/** What the project's queries say of one table with a tombstone. */
interface Evidence {
  readonly table: TableFacts;
  readonly tally: TableTally;
  /** `used`: some query sets the tombstone or asks for it; `hard`: none does, and rows are really deleted; `none`: none does. */
  readonly kind: 'used' | 'hard' | 'none';
}

/** Of 20 tables of one real project that had a `deletedAt`, 2 were soft-deleted: a column is a proposal, and who asks for it tells more. */
function evidenceOf(soft: readonly TableFacts[], catalog: Catalog, project: readonly SchemaSource[]): Evidence[] {
  const { tables } = surveyOf(project, catalog);
  return soft.map((table) => {
    const tally = tables.get(table)!, { reads, softDeletes, restores, hardDeletes } = tally;
    const used = table.autoFilter || reads.live + reads.dead + softDeletes + restores > 0;
    return { table, tally, kind: used ? 'used' : hardDeletes > 0 ? 'hard' : 'none' };
  });
}

/** The manifest with the tables as hard whose rows are really deleted, and whose tombstone nobody knows. */
function withHard(derived: Manifest, evidence: readonly Evidence[], catalog: Catalog): Manifest {
  const hard = new Set(evidence.filter(({ kind }) => kind === 'hard').map(({ table }) => table));
  const tables = Object.entries(derived.tables).map(([key, table]) => {
    const facts = catalog.table(key);
    if (facts === null || !hard.has(facts) || typeof table === 'string') return [key, table] as const;
    const others = Object.entries(table).filter(([property]) => !['deletion', 'tombstone', 'autoFilter'].includes(property));
    return [key, { deletion: 'hard', why: `rows are deleted, and no query sets or asks for ${namesOf(facts)}`, ...Object.fromEntries(others) }] as const;
  });
  return { ...derived, tables: Object.fromEntries(tables) };
}

function tell(evidence: readonly Evidence[], { out, paint }: Terminal): void {
  if (evidence.length === 0) return;
  out('');
  for (const [i, line] of columns(evidence.map(({ table, tally, kind }) => [table.name, namesOf(table), kind === 'hard' ? 'hard' : 'soft', findings(table, tally)])).entries()) {
    out(`  ${evidence[i]!.kind === 'used' ? line : paint('yellow', line)}`);
  }
  const of = (kind: Evidence['kind']): number => evidence.filter((one) => one.kind === kind).length;
  if (of('hard') > 0) out(`\n${count(of('hard'), 'table is', 'tables are')} "hard" in the proposal: rows are really deleted, and no query sets or asks for the tombstone.`);
  if (of('none') > 0) out(`\n${count(of('none'), 'table has', 'tables have')} a tombstone that no query sets or asks for: "hard" would be right if nothing outside of these files does.`);
}

function namesOf({ tombstones }: TableFacts): string {
  return tombstones.map(({ column }) => column).join(', ');
}

function findings({ autoFilter }: TableFacts, { reads, softDeletes, hardDeletes }: TableTally): string {
  const all = reads.live + reads.dead + reads.all + reads.unknown, asked = reads.live + reads.dead;
  const told = [
    all > 0 ? `${asked} of ${count(all, 'read')} ${autoFilter ? 'filtered' : all === 1 ? 'asks for it' : 'ask for it'}` : '',
    softDeletes > 0 ? count(softDeletes, 'soft delete') : '',
    hardDeletes > 0 ? count(hardDeletes, 'hard delete') : '',
  ].filter((part) => part !== '');
  return told.length > 0 ? told.join(', ') : 'no query found';
}

function nextSteps(name: string): string {
  return `Read it once: which tables are really soft-deleted is for a person to decide. Then, in eslint.config.mjs:

  import softDelete from 'eslint-plugin-soft-delete';

  export default [
    ...softDelete.configure({ manifest: '${name}' }),
  ];`;
}

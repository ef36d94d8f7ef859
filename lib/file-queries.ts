/**
 * Everything that one file says to the database, read once for all rules.
 *
 * Results are kept by the root node of the file's tree: a SourceCode object may serve many files (oxlint), a root node never does.
 */
import type { AST, Rule, SourceCode } from 'eslint';
import { fold, type Catalog, type Dialect } from './manifest/catalog.js';
import { DEFAULT_SETTINGS, type Settings } from './manifest/settings.js';
import { isTextFile } from './languages/javascript.js';
import type { PrismaFile } from './languages/prisma-file.js';
import { readSqlFile as readSqlTree, type SqlFile } from './languages/sql-file.js';
import { analyse } from './model/analyse.js';
import type { Analysis, Read, Verdict } from './model/analysis.js';
import type { Marker, Range, Statement, Unit } from './model/query.js';
import type { PolicyDeclaration, TableDeclaration, ViewDeclaration } from './model/schema.js';
import { bypassesIn, mayBypass, type ClientBypass } from './orm/bypasses.js';
import { findCalls, mayHoldCalls } from './orm/find.js';
import { rawFiltered } from './orm/guarded-calls.js';
import { withEarlierSteps } from './purge-steps.js';
import { undoing } from './schema/changes.js';
import { declarationsIn, mayDeclare, type ProgramDeclarations } from './schema/in-program.js';
import { openSource } from './schema/parse.js';
import { readPrismaSchema } from './schema/prisma.js';
import { DDL, undoneIn } from './schema/sql.js';
import { SourceFile, type SourceOptions } from './source/file.js';
import { findSqlIn, type FoundSql } from './source/find.js';
import { mayHoldSql } from './source/shape.js';
import { isAfterFailure, unitOf } from './source/unit.js';
import { markerOf } from './sql/marker.js';
import { readSql } from './sql/read.js';
import { plainText } from './sql/sql-text.js';

/** What a file holds, for the rules and for the coverage report. */
export interface FileQueries {
  readonly analyses: readonly Analysis[];
  readonly declarations: readonly TableDeclaration[];
  /** Views and policies that the file defines or drops. Their queries are analysed with the others. */
  readonly views: readonly ViewDeclaration[];
  readonly policies: readonly PolicyDeclaration[];
  /** Statements that name a declared table and could not be read. */
  readonly unread: readonly { readonly range: Range; readonly reason: string }[];
  /** Every `includes-deleted` marker of the file. */
  readonly markers: readonly MarkerUse[];
  /** Imports of clients that go round a filter which the manifest declares. */
  readonly clientBypasses: readonly ClientBypass[];
}

/** A marker, and what it was written for. */
export interface MarkerUse {
  readonly marker: Marker;
  /** The statements that it belongs to. */
  readonly analyses: readonly Analysis[];
  /** True where it belongs to none, but to a declaration, to a statement that could not be read, or to code that names a declared table. */
  readonly unread: boolean;
}

/** A root: a JavaScript program, a program that carries another file (the parser for ESLint 8), a SQL file, or a Prisma schema. */
export type Root = AST.Program | SqlFile | PrismaFile;

const NOTHING: FileQueries = { analyses: [], declarations: [], views: [], policies: [], unread: [], markers: [], clientBypasses: [] };
const known = new WeakMap<object, { catalog: Catalog; queries: FileQueries }>();

/** Could a file hold anything that rules ask about? Asked of its text alone, before any rule listens to its nodes. */
export function mayHold(sourceCode: SourceCode, catalog: Catalog): boolean {
  return isTextFile(sourceCode) || mayHoldQueries(sourceCode.text, catalog) || mayDeclare(sourceCode.text);
}

/** Could a program of this text hold statements that rules speak of, or speak of some? */
function mayHoldQueries(text: string, catalog: Catalog): boolean {
  return text.includes(MARKER) || mayBypass(text, catalog) || DDL.test(text) || (catalog.concerns(text) && (mayHoldSql(text) || mayHoldCalls(text, catalog)));
}

/** Reads the queries of a file, or gives what was read before for the same root and manifest. Never throws. */
export function queriesOf(context: Rule.RuleContext, root: Root, catalog: Catalog, settings: Settings): FileQueries {
  const kept = known.get(root);
  if (kept?.catalog === catalog) return kept.queries;
  let queries: FileQueries;
  try {
    queries = readFile(context.sourceCode, context.filename, root, catalog, settings);
  } catch (error) {
    queries = { ...NOTHING, unread: [{ range: [0, context.sourceCode.text.length], reason: error instanceof Error ? error.message : String(error) }] };
  }
  known.set(root, { catalog, queries });
  return queries;
}

function readFile(sourceCode: SourceCode, filename: string, root: Root, catalog: Catalog, settings: Settings): FileQueries {
  const { text } = sourceCode;
  const { sqlFile = null, prismaFile = null } = root.type === 'sql_file' ? { sqlFile: root } : root.type === 'prisma_file' ? { prismaFile: root } : root as { sqlFile?: SqlFile; prismaFile?: PrismaFile };
  if (prismaFile) return readPrismaFile(text, prismaFile, catalog);
  if (sqlFile) return text.includes(MARKER) || DDL.test(text) || catalog.concerns(text) ? readSqlFile(text, filename, sqlFile, catalog) : NOTHING;
  const declared = mayDeclare(text) ? declarationsIn(sourceCode, catalog) : NOTHING;
  return mayHoldQueries(text, catalog) ? readProgram(sourceCode, filename, catalog, settings, declared) : { ...NOTHING, ...declared };
}

/** The queries of a file that is not being linted, by its text; what cannot be parsed is unread as a whole. Never throws. */
export function queriesInText(text: string, filename: string, catalog: Catalog, settings = DEFAULT_SETTINGS): FileQueries {
  try {
    if (/\.sql$/i.test(filename)) return readSqlFile(text, filename, readSqlTree(text, catalog.dialect), catalog);
    const source = openSource(text, filename);
    return source ? readProgram(source, filename, catalog, settings, NOTHING) : { ...NOTHING, unread: [{ range: [0, text.length], reason: 'it cannot be parsed' }] };
  } catch (error) {
    return { ...NOTHING, unread: [{ range: [0, text.length], reason: error instanceof Error ? error.message : String(error) }] };
  }
}

const MARKER = 'includes-deleted';

function readSqlFile(text: string, filename: string, file: SqlFile, catalog: Catalog): FileQueries {
  const reading = readSql(plainText(text), { dialect: file.dialect ?? catalog.dialect, library: 'sql', definitions: true, mentions: (part) => catalog.concerns(part) });
  const comments = file.comments.map(({ value, range }) => ({ value, range }));
  const unread = [...reading.unread], undone = undoneIn(text, filename);
  return assemble(analysed(reading.statements.filter(({ range }) => !undone(range)), catalog, unread), { ...schemaOf([reading], undone), unread }, comments);
}

function readPrismaFile(text: string, file: PrismaFile, catalog: Catalog): FileQueries {
  return assemble([], { ...NOTHING, ...readPrismaSchema(text, catalog.dialect) }, file.comments);
}

function readProgram(sourceCode: SourceCode, filename: string, catalog: Catalog, settings: Settings, declared: Pick<ProgramDeclarations, 'declarations' | 'views' | 'policies' | 'unread'> & { readonly statements?: readonly Statement[] }): FileQueries {
  const file = new SourceFile(sourceCode, {
    mentions: (part) => catalog.mentions(part), tags: settings.tags, calls: settings.calls,
    dialect: catalog.dialect, filename, asserts: assertions(catalog), tableNamed: (name) => catalog.model(name)?.name ?? null,
  });
  const found = findSqlIn(file), calls = findCalls(file, catalog);
  const analyses: Analysis[] = [], embedded: SchemaParts[] = [], unread: { range: Range; reason: string }[] = [];
  for (const sql of found) {
    const readings = sql.variants.map((variant) => readSql(variant, { dialect: dialectOf(sql, catalog), library: sql.library, definitions: true, mentions: (part) => catalog.concerns(part) }));
    const unit = unitOf(sql.node, sourceCode.visitorKeys) ?? undefined, filtered = rawFiltered(sql.node, file, catalog);
    const around = (statement: Statement): Statement => (filtered.length === 0 ? inProgram(statement, sql, unit) : { ...inProgram(statement, sql, unit), choosesAmong: filtered });
    const variants = readings.map((reading) => analysed(reading.statements.map(around), catalog, unread));
    analyses.push(...mergeVariants(variants));
    embedded.push(...readings);
    // One alternative that can be read is enough to speak of the statement.
    if (readings.every((reading) => reading.unread.length > 0)) unread.push(...readings[0]!.unread);
  }
  analyses.push(...analysed([...calls.statements, ...declared.statements ?? []], catalog, unread));
  unread.push(...calls.unread, ...declared.unread);
  const schema = schemaOf(embedded, embedded.some(({ declarations, views, policies }) => declarations.length + views.length + policies.length > 0) ? undoing(sourceCode) : () => false);
  const declarations = [...schema.declarations, ...declared.declarations];
  const comments = !sourceCode.text.includes(MARKER) ? [] : sourceCode.getAllComments().flatMap((comment) => comment.range ? [{ value: comment.value, range: comment.range as Range }] : []);
  const queries = assemble(withEarlierSteps(analyses), { ...schema, declarations, views: [...schema.views, ...declared.views], policies: [...schema.policies, ...declared.policies], unread }, comments, mentionedAfter(sourceCode.text, catalog));
  return mayBypass(sourceCode.text, catalog) ? { ...queries, clientBypasses: bypassesIn(file, catalog) } : queries;
}

/** The names of the manifest's functions that fail for a deleted row. */
function assertions({ guards }: Catalog): SourceOptions['asserts'] {
  return guards.flatMap((guard) => (guard.kind === 'assert' ? [{ name: guard.name, from: guard.from, library: guard.library ?? null }] : []));
}

type SchemaParts = Pick<FileQueries, 'declarations' | 'views' | 'policies'>;

/** What texts declare, each place once, but for what takes a migration back. */
function schemaOf(readings: readonly SchemaParts[], undone: (range: Range) => boolean): SchemaParts {
  const of = <Part extends { readonly range: Range }>(parts: (reading: SchemaParts) => readonly Part[]): Part[] =>
    uniqueBy(readings.flatMap(parts), ({ range }) => range.join(':')).filter(({ range }) => !undone(range));
  return { declarations: of(({ declarations }) => declarations), views: of(({ views }) => views), policies: of(({ policies }) => policies) };
}

/** Analyses statements; one that turns out to be beyond the analysis is counted, and leaves the others alone. */
function analysed(statements: readonly Statement[], catalog: Catalog, unread: { range: Range; reason: string }[]): Analysis[] {
  return statements.flatMap((statement) => {
    try {
      return [analyse(statement, catalog)];
    } catch (error) {
      unread.push({ range: statement.range, reason: error instanceof Error ? error.message : String(error) });
      return [];
    }
  });
}

function dialectOf(sql: FoundSql, catalog: Catalog): Dialect {
  return sql.dialectHint ?? catalog.dialect;
}

/** What the program around a SQL text adds to its statement: comments before the call, checks of the result. */
function inProgram(statement: Statement, sql: FoundSql, unit: Unit | undefined): Statement {
  const outer = sql.comments.map(({ value, range }) => markerOf(value, range)).find((marker) => marker !== null) ?? null;
  return { ...statement, marker: statement.marker ?? outer, partial: statement.partial || sql.partial, resultChecks: (columns) => sql.resultChecks(columns), unit, afterFailure: isAfterFailure(sql.node) };
}

/** As far behind a comment, in characters, the statement that it speaks of may name its table. */
const NEARBY = 400;

/** Does the text behind an offset name a declared table? */
function mentionedAfter(text: string, catalog: Catalog): (offset: number) => boolean {
  return (offset) => catalog.mentions(text.slice(offset, offset + NEARBY));
}

function assemble(analyses: readonly Analysis[], reading: SchemaParts & Pick<FileQueries, 'unread'>, comments: readonly { value: string; range: Range }[], mentioned: (offset: number) => boolean = () => false): FileQueries {
  const markers = new Map<number, { marker: Marker; analyses: Analysis[] }>();
  for (const { value, range } of comments) {
    const marker = markerOf(value, range);
    if (marker) markers.set(marker.range[0], { marker, analyses: [] });
  }
  for (const analysis of analyses) {
    const { marker } = analysis.statement;
    if (!marker) continue;
    const entry = markers.get(marker.range[0]) ?? { marker, analyses: [] };
    entry.analyses.push(analysis);
    markers.set(marker.range[0], entry);
  }
  // The reason why a key, a view or a policy is over deleted rows.
  const declared = new Set([...reading.declarations, ...reading.views, ...reading.policies].map(({ marker }) => marker?.range[0]));
  const uses = [...markers.values()].map(({ marker, analyses: own }) => ({
    marker, analyses: own,
    unread: own.length === 0 && (declared.has(marker.range[0]) || mentioned(marker.range[1]) || reading.unread.some(({ range }) => range[0] - NEARBY < marker.range[1] && marker.range[0] < range[1])),
  }));
  const { declarations, views, policies, unread } = reading;
  return { analyses, declarations, views, policies, unread, markers: uses, clientBypasses: [] };
}

// ------------------------------------------------------------------------------------------------- variants

/**
 * One statement whose fragments depend on a condition was read once per alternative. A reference that is live in one alternative and not
 * in another is decided at run time: `unknown`. What an alternative says again is said once.
 */
function mergeVariants(variants: readonly (readonly Analysis[])[]): Analysis[] {
  if (variants.length < 2) return [...variants[0] ?? []];
  const all = variants.flat();
  const states = new Map<string, Set<Verdict['state']>>();
  for (const fact of all.flatMap(judgedFacts)) {
    const key = factKey(fact);
    states.set(key, (states.get(key) ?? new Set()).add(fact.verdict.state));
  }
  const seen = new Set<string>();
  const once = <Fact extends Judged>(facts: readonly Fact[]): Fact[] => facts.flatMap((fact) => {
    const key = factKey(fact);
    if (seen.has(key)) return [];
    seen.add(key);
    const merged = mergedVerdict(fact.verdict, states.get(key)!);
    return [{ ...fact, verdict: merged, ...('stamped' in fact && merged !== fact.verdict ? { stamped: merged } : {}) }];
  });
  const onceByRange = <Fact>(facts: readonly Fact[], rangeOf: (fact: Fact) => Range, kind: string): Fact[] => facts.filter((fact) => {
    const key = `${kind}:${rangeOf(fact).join(':')}`;
    return !seen.has(key) && seen.add(key);
  });
  return all.map((analysis) => ({
    statement: analysis.statement,
    reads: once(analysis.reads),
    updates: once(analysis.updates),
    deletes: once(analysis.deletes),
    upserts: onceByRange(analysis.upserts, (fact) => fact.ref.range, 'upsert'),
    predicateFlaws: onceByRange(analysis.predicateFlaws, (flaw) => flaw.range, 'flaw'),
    auditWrites: onceByRange(analysis.auditWrites, (write) => write.ref.range, 'audit'),
    parentTests: onceByRange(analysis.parentTests, (test) => test.range, 'parent'),
  }));
}

type Judged = Pick<Read, 'ref' | 'table' | 'verdict'>;

function judgedFacts(analysis: Analysis): Judged[] {
  return [...analysis.reads, ...analysis.updates, ...analysis.deletes];
}

function factKey(fact: Judged): string {
  const kind = 'role' in fact ? 'read' : 'assignments' in fact ? 'update' : 'delete';
  return `${kind}:${fold(fact.table.name)}:${fact.ref.range.join(':')}`;
}

function mergedVerdict(verdict: Verdict, states: ReadonlySet<Verdict['state']>): Verdict {
  return states.size > 1 ? { state: 'unknown', flaw: null } : verdict;
}

function uniqueBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

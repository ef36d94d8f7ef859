/**
 * What share of the SQL in real repositories does `lib/sql` read?
 *
 *   npx tsx bench/parse-rate.ts DIR [--failures N] [--only TEXT] [--dialect NAME] [--slow]
 *
 * `--dialect` is what repositories are written in that do not say so themselves (PostgreSQL).
 *
 * DIR holds git clones (bare or not; `name/` or `name/repo/`). Their HEAD is read: every `.sql` file, and every template or string in TypeScript and
 * JavaScript files that looks like a statement (tagged templates, and arguments of query, raw, execute, ..).
 * PostgreSQL statements are asked of libpg-query too, and counted only where PostgreSQL's own grammar accepts them (placeholders written as `$1`);
 * a template with holes has no such oracle and counts as valid. "Passed over" are statements that are known to say nothing about rows (SET, GRANT,
 * CREATE FUNCTION ..) and were not parsed; they count as read. The tables of SELECT, INSERT, .. are compared with those of libpg-query's tree.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseJs } from '@typescript-eslint/parser';
import { loadModule, parseSync } from 'libpg-query';
import { tokenize } from '../lib/sql/lexer.js';
import type { Dialect } from '../lib/manifest/catalog.js';
import { parseStatement } from '../lib/sql/parse.js';
import { routineBody } from '../lib/sql/routine.js';
import { splitStatements, type StatementPart } from '../lib/sql/split.js';
import { type Hole, plainText, type SqlText } from '../lib/sql/sql-text.js';
import { tablesOfPostgres, tablesOfTree } from '../tests/sql/tables-of.js';

const SOURCE = /\.[cm]?[jt]sx?$/;
const STATEMENT = /^\s*(?:(?:--[^\n]*\n|\/\*[\s\S]*?\*\/)\s*)*(?:\(\s*)?(?:SELECT\s|WITH\s+(?:RECURSIVE\s+)?["`\w]+\s*(?:\(|AS\b)|INSERT\s+(?:INTO|IGNORE)\b|REPLACE\s+INTO\b|UPDATE\s+\S+\s+(?:\w+\s+|AS\s+\w+\s+|JOIN\s|,)?[\s\S]*\bSET\b|DELETE\s+(?:\w+\s+)?FROM\s|MERGE\s+INTO\s|TRUNCATE\s+(?:TABLE\s+)?\S|CREATE\s+(?:OR\s+REPLACE\s+|UNIQUE\s+|TEMP\w*\s+|MATERIALIZED\s+)*(?:TABLE|VIEW|INDEX|TRIGGER|FUNCTION|TYPE|POLICY|SCHEMA)\s|ALTER\s+(?:TABLE|TYPE|INDEX|VIEW)\s|DROP\s+(?:TABLE|VIEW|INDEX|TYPE|FUNCTION)\s)/i;
const CALLEES = /^(?:\$?(?:query|execute|raw|queryRaw|executeRaw|queryRawUnsafe|executeRawUnsafe)|unsafe|literal|exec|prepare|any|one|none|many|oneOrNone|manyOrNone|result|run|all|get|each|addSql|sql|rawQuery|queryRow|queryRows|whereRaw|joinRaw|selectRaw|fromRaw)$/;

interface Sample {
  readonly corpus: string;
  readonly where: string;
  readonly dialect: Dialect;
  readonly sql: SqlText;
}

const args = process.argv.slice(2);
const option = (name: string): string | undefined => args.includes(name) ? args[args.indexOf(name) + 1] ?? '' : undefined;
const only = option('--only'), usual = (option('--dialect') ?? 'postgresql') as Dialect;

function git(clone: string, ...command: string[]): string {
  try {
    return execFileSync('git', ['-C', clone, ...command], { encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    return (error as { stdout?: string }).stdout ?? '';
  }
}

/** The contents of files at HEAD, in one call. */
function contents(clone: string, paths: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>();
  if (paths.length === 0) return texts;
  const output = execFileSync('git', ['-C', clone, 'cat-file', '--batch'], { input: paths.map((path) => `HEAD:${path}\n`).join(''), maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'ignore'] });
  let at = 0;
  for (const path of paths) {
    const newline = output.indexOf(10, at);
    const size = Number(/ blob (\d+)$/.exec(output.subarray(at, newline).toString())?.[1] ?? -1);
    at = newline + 1;
    if (size < 0) continue;
    texts.set(path, output.subarray(at, at + size).toString());
    at += size + 1;
  }
  return texts;
}

function mostlyMysql(text: string): boolean {
  return /ENGINE\s*=\s*InnoDB|AUTO_INCREMENT|`\w+`/i.test(text) && !/\bSERIAL\b|TIMESTAMPTZ|jsonb/i.test(text);
}

function dialectOf(path: string, text: string, repository: Dialect): Dialect | null {
  if (/clickhouse|mssql|tsql|oracle|snowflake|duckdb|redshift|spark|databricks|hive|athena|teradata|db2|exasol|trino|materialize|soql|vertica|starrocks|doris|impala|flink|ansi|jinja|plpython|apache-drill|hana|monet/i.test(path)) return null;
  if (/bigquery/i.test(path)) return 'bigquery';
  if (/sqlite|libsql|turso|\bd1\b/i.test(path)) return 'sqlite';
  if (/mysql|mariadb/i.test(path)) return 'mysql';
  if (/postgres|pg[_-]/i.test(path)) return 'postgresql';
  return /ENGINE\s*=\s*InnoDB|AUTO_INCREMENT/i.test(text) ? 'mysql' : repository;
}

/** A template or a chain of `+` as SQL text: its own characters, with blanks where an expression stands. */
function textOf(node: any, source: string): { text: string; holes: Hole[] } | null {
  if (node.type === 'Literal') return typeof node.value === 'string' ? { text: node.value, holes: [] } : null;
  if (node.type === 'TemplateLiteral') {
    let text = '';
    const holes: Hole[] = [];
    node.quasis.forEach((quasi: any, index: number) => {
      text += quasi.value.cooked ?? quasi.value.raw;
      const expression = node.expressions[index];
      if (!expression) return;
      const length = expression.range[1] - expression.range[0] + 3;
      holes.push({ start: text.length, end: text.length + length, kind: holeKind(expression, source) });
      text += ' '.repeat(length);
    });
    return { text, holes };
  }
  if (node.type === 'BinaryExpression' && node.operator === '+') {
    const left = textOf(node.left, source), right = textOf(node.right, source);
    if (!left && !right) return null;
    const hole = (part: any) => ({ text: ' '.repeat(part.range[1] - part.range[0]), holes: [{ start: 0, end: part.range[1] - part.range[0], kind: 'unknown' as const }] });
    const a = left ?? hole(node.left), b = right ?? hole(node.right);
    return { text: a.text + b.text, holes: [...a.holes, ...b.holes.map((h) => ({ ...h, start: h.start + a.text.length, end: h.end + a.text.length }))] };
  }
  return null;
}

function holeKind(expression: any, source: string): Hole['kind'] {
  const words = source.slice(...(expression.range as [number, number]));
  if (/\bsql\s*`|Prisma\.sql|Prisma\.join|sql\.join|\.raw\(|Prisma\.empty|sql\.empty|sql\.raw/.test(words)) return 'fragment';
  return /^(?:sql|Prisma)\.(?:id|identifier|ref|table)\b/.test(words) ? 'identifier' : 'unknown';
}

function collectSource(corpus: string, path: string, source: string, dialect: Dialect, samples: Sample[]): void {
  let ast: any;
  try {
    ast = parseJs(source, { range: true, jsx: /x$/.test(path), sourceType: 'module' });
  } catch {
    return;
  }
  const add = (node: any, kind: string): void => {
    const found = textOf(node, source);
    if (!found || !STATEMENT.test(found.text)) return;
    const corpusKind = `${corpus} ${kind}${found.holes.length ? ' with holes' : ''}`;
    samples.push({ corpus: corpusKind, where: `${path}:${source.slice(0, node.range[0]).split('\n').length}`, dialect, sql: { ...plainText(found.text), holes: found.holes } });
  };
  const seen = new Set<object>();
  const visit = (node: any): void => {
    if (!node || typeof node.type !== 'string') return;
    if (node.type === 'TaggedTemplateExpression' && !/(?:^|\.)(?:html|css|gql|graphql|dedent|t|msg)$/.test(source.slice(...(node.tag.range as [number, number])))) {
      seen.add(node.quasi);
      add(node.quasi, 'templates');
    } else if (node.type === 'CallExpression') {
      const callee = node.callee.type === 'MemberExpression' ? node.callee.property.name : node.callee.name;
      const argument = node.arguments[0];
      if (callee && CALLEES.test(callee) && argument && !seen.has(argument)) add(argument, 'calls');
    }
    for (const key of Object.keys(node)) {
      if (key === 'parent') continue;
      const value = node[key];
      if (Array.isArray(value)) value.forEach(visit);
      else if (value && typeof value === 'object') visit(value);
    }
  };
  visit(ast);
}

function collect(directory: string): Sample[] {
  const samples: Sample[] = [];
  for (const name of readdirSync(directory).sort()) {
    const clone = [join(directory, name, 'repo'), join(directory, name)].find((path) => existsSync(join(path, 'HEAD')) || existsSync(join(path, '.git')));
    if (!clone || (only && !name.includes(only))) continue;
    const paths = git(clone, 'ls-tree', '-r', '--name-only', 'HEAD').split('\n');
    const files = [...contents(clone, paths.filter((path) => path.endsWith('.sql')))].map(([path, text]) => ({ path, text }));
    const lock = [...contents(clone, paths.filter((path) => /migration_lock\.toml$|drizzle\.config\.[jt]s$/.test(path))).values()].join('\n');
    const repository: Dialect = /mysql/.test(lock) || files.filter((file) => mostlyMysql(file.text)).length * 2 > files.filter((file) => !/clickhouse/.test(file.path)).length && files.length > 3 ? 'mysql'
      : /provider = "sqlite"|dialect: ['"]sqlite/.test(lock) ? 'sqlite' : usual;
    for (const { path, text } of files) {
      const dialect = dialectOf(path, text, repository);
      if (dialect) samples.push({ corpus: `${dialect} .sql files`, where: `${name}:${path}`, dialect, sql: plainText(text) });
    }
    const sources = git(clone, 'grep', '-lIE', '(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|WITH|select|insert|update|delete|with)[[:space:]]', 'HEAD', '--', '*.ts', '*.tsx', '*.js', '*.mjs', '*.cjs', '*.mts', '*.jsx')
      .split('\n').map((line) => line.replace(/^HEAD:/, '')).filter((path) => SOURCE.test(path) && !/\.min\.js$|node_modules|\/dist\//.test(path));
    for (const [path, source] of contents(clone, sources)) {
      if (!/sql|quer|raw|exec|knex|\$\w+Raw|prepare/i.test(source)) continue;
      const dialect = dialectOf(path, source, repository);
      if (dialect) collectSource(dialect, `${name}:${path}`, source, dialect, samples);
    }
  }
  return samples;
}

const COMPARED = /^\s*(?:--[^\n]*\n|\s)*(?:select|with|insert|update|delete|merge|truncate)\b/i;

/** Placeholders as `$1`. */
function asPostgres(text: string): string {
  let spelled = '';
  let last = 0;
  for (const token of tokenize(text, 'postgresql')) {
    if (token.kind !== 'placeholder') continue;
    spelled += `${text.slice(last, token.start)}$1`;
    last = token.end;
  }
  return spelled + text.slice(last);
}

function validPostgres(text: string): boolean {
  try {
    parseSync(asPostgres(text));
    return true;
  } catch {
    return false;
  }
}

interface Tally { compared: number; different: string[]; passed: number; statements: number; valid: number; parsed: number; repaired: number; dropped: number; times: number[]; failures: string[] }

async function main(): Promise<void> {
  const directory = args.find((arg) => !arg.startsWith('--') && arg !== only && arg !== option('--dialect') && arg !== option('--failures'));
  if (!directory) throw new Error('usage: parse-rate DIR [--failures N] [--only TEXT] [--dialect NAME] [--slow]');
  await loadModule();
  const samples = collect(directory);
  const tallies = new Map<string, Tally>();
  const seen = new Set<string>();
  const kinds = new Map<string, number>();
  const slow: [number, string][] = [];

  const read = (corpus: string, sample: Sample, part: StatementPart): void => {
    const words = part.text ?? sample.sql.text.slice(part.start, part.end);
    const holes = sample.sql.holes.filter((hole) => hole.start < part.end && hole.end > part.start);
    const key = `${sample.dialect} ${words}`;
    if (seen.has(key)) return;
    seen.add(key);
    let tally = tallies.get(corpus);
    if (!tally) tallies.set(corpus, tally = { compared: 0, different: [], passed: 0, statements: 0, valid: 0, parsed: 0, repaired: 0, dropped: 0, times: [], failures: [] });
    tally.statements++;
    // CPU time: the wall clock of a shared machine says little.
    const start = process.cpuUsage();
    const parsed = parseStatement(sample.sql, part, sample.dialect);
    const used = process.cpuUsage(start);
    const time = (used.user + used.system) / 1000;
    tally.times.push(time);
    slow.push([time, `${sample.where} ${words.slice(0, 100)}`]);
    if (sample.dialect === 'postgresql' && holes.length === 0 && !validPostgres(words)) return;
    tally.valid++;
    if (!parsed.ok) {
      const at = parsed.offset - part.start;
      tally.failures.push(`${sample.where}\n    ${parsed.reason.slice(0, 100)}\n    ${JSON.stringify(words.slice(Math.max(0, at - 60), at))} >>> ${JSON.stringify(words.slice(at, at + 60))}`);
      return;
    }
    tally.parsed++;
    if (parsed.cst.type === 'other_stmt') tally.passed++;
    if (sample.dialect === 'postgresql' && holes.length === 0 && COMPARED.test(words)) {
      tally.compared++;
      const theirs = new Set(tablesOfPostgres(asPostgres(words)) ?? []), ours = new Set(tablesOfTree(parsed.cst));
      if (theirs.size !== ours.size || [...theirs].some((name) => !ours.has(name))) tally.different.push(`${sample.where}: ${[...ours].join()} <> ${[...theirs].join()} ${words.slice(0, 80)}`);
    }
    if (parsed.repairs.length) tally.repaired++;
    if (parsed.holes.some((hole) => hole.as === 'dropped')) tally.dropped++;
    for (const repair of parsed.repairs) kinds.set(repair.kind, (kinds.get(repair.kind) ?? 0) + 1);
  };

  for (const sample of samples) {
    for (const part of splitStatements(sample.sql, sample.dialect)) {
      read(sample.corpus, sample, part);
      for (const inner of routineBody(sample.sql, part, sample.dialect)?.statements ?? []) read(`${sample.dialect} routine bodies`, sample, inner);
    }
  }

  const shown = Number(option('--failures') ?? 0);
  for (const [corpus, tally] of [...tallies].sort()) {
    const times = tally.times.sort((a, b) => a - b);
    const at = (share: number): string => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
    console.log(`${corpus.padEnd(40)} statements ${String(tally.statements).padStart(6)}  valid ${String(tally.valid).padStart(6)}  parsed ${String(tally.parsed).padStart(6)} (${(100 * tally.parsed / (tally.valid || 1)).toFixed(2)} %)`
      + `  passed over ${tally.passed}  repaired ${tally.repaired}  with dropped holes ${tally.dropped}  CPU ms p50 ${at(0.5)} p99 ${at(0.99)} max ${at(1)}`);
    if (tally.compared) console.log(`    tables as PostgreSQL names them: ${tally.compared - tally.different.length} of ${tally.compared}`);
    for (const difference of tally.different.slice(0, shown)) console.log(`    ${difference.replace(/\s+/g, ' ')}`);
    for (const failure of tally.failures.slice(0, shown)) console.log(`  ${failure}`);
  }
  console.log('repairs:', [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${kind} ${count}`).join(', '));
  if (args.includes('--slow')) for (const [time, words] of slow.sort((a, b) => b[0] - a[0]).slice(0, 20)) console.log(time.toFixed(1), JSON.stringify(words));
}

void main();

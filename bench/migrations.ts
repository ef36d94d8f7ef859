/**
 * How much of a migration history does the plugin read?
 *
 *   npx tsx bench/migrations.ts DIR.. [--dialect NAME] [--list] [--library NAME]
 *
 * DIR is a folder of migrations, or a checkout; every `.sql`, JavaScript and TypeScript file in it is linted through the plugin. Counted are the
 * CREATE TABLE, ALTER TABLE and CREATE INDEX statements of its SQL (in files, and in strings and templates of code), and the calls of schema
 * builders that mean the same. One is unread where nothing that the schema model has stands in its place. `--list` prints those that are not read.
 * Left out are statements that declare nothing to the model: temporary tables, partitions, ALTER TABLE about owners, triggers, row-level security.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter, type ESLint, type Rule } from 'eslint';
import plugin from '../index.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import type { FileQueries } from '../lib/file-queries.js';
import type { Dialect } from '../lib/manifest/catalog.js';
import { parentOf, propertyName, traverse, unwrap, wrapped, type Node } from '../lib/source/ast.js';
import { readSql } from '../lib/sql/read.js';
import { splitStatements } from '../lib/sql/split.js';
import { plainText } from '../lib/sql/sql-text.js';

/** The table's name is an interpolation that its file does not show. */
const ELSEWHERE = 'the name of the table stands elsewhere';

type Place = readonly [start: number, end: number];

interface Statement {
  readonly kind: string;
  readonly place: Place;
}

const args = process.argv.slice(2);
const option = (name: string): string | undefined => args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
const dialect = (option('--dialect') ?? 'postgresql') as Dialect, list = args.includes('--list');
const folders = args.filter((argument, i) => !argument.startsWith('--') && args[i - 1] !== '--dialect');

const collected: FileQueries[] = [];
const probe: Rule.RuleModule = {
  meta: { languages: ['*'], schema: [] } as Rule.RuleMetaData,
  create: (context) => defineQueryVisitor(context, { file(queries) { collected.push(queries); } }),
};
const config = [
  { files: ['**/*.sql'], language: 'soft-delete/sql' }, { files: ['**/*.{js,cjs,mjs,ts,cts,mts,jsx,tsx}'], languageOptions: { parser } },
  { plugins: { 'soft-delete': plugin as ESLint.Plugin, probe: { rules: { probe } } }, rules: { 'probe/probe': 'error' }, settings: { 'soft-delete': { manifest: { dialect, tables: { no_such_table_anywhere: 'soft' } } } } },
] as Linter.Config[];

function filesIn(folder: string): string[] {
  if (statSync(folder).isFile()) return [folder];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? (entry.name === 'node_modules' ? [] : filesIn(path)) : /\.(?:sql|[cm]?[jt]sx?)$/.test(entry.name) && !/\.(?:test|spec|d)\.[cm]?ts$/.test(entry.name) ? [path] : [];
  }).sort();
}

/** Tables of ClickHouse. */
const OTHER_SYSTEM = /\bENGINE\s*=\s*(?:\w*MergeTree|Distributed|Kafka|S3Queue|Null|Buffer)\b/i;
const DDL = /^\s*(create\s+(?:(?!temp)\w+\s+){0,2}table|alter\s+table|create\s+(?:unique\s+)?index)\b/i;
/** Forms of ALTER TABLE that change neither columns nor keys, and tables that are none of their own. */
const NOTHING = /^\s*(?:create\s+(?:temp|temporary|local\s+temp\w*|global\s+temp\w*)\s|create\s+table\s[^(]*\bpartition\s+of\b|alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?\S+\s+(?:owner\s+to|enable|disable|force|no\s+force|set\s*\(|set\s+(?:schema|tablespace|logged|unlogged)|reset|cluster|replica|attach|detach|validate|inherit|no\s+inherit|engine|auto_increment|convert\s+to|default\s+char|comment|row_format)\b)/i;

/** The statements of a text that is nothing but SQL. */
function statementsOf(text: string, offset: number): Statement[] {
  return splitStatements(plainText(text), dialect).flatMap(({ start, end }) => {
    const statement = text.slice(start, end), found = DDL.exec(statement);
    return found && !NOTHING.test(statement) && !OTHER_SYSTEM.test(statement) ? [{ kind: found[1]!.replace(/\s+/g, ' ').replace(/ if not exists| or replace| unlogged/i, '').toLowerCase(), place: [offset + start, offset + end] as const }] : [];
  });
}

/** The call that a chain ends with: what is said of an index stands behind it. */
function wholeChain(node: Node): Node {
  const parent = parentOf(wrapped(node)), call = parent?.type === 'MemberExpression' && unwrap(parent.object) === node ? parentOf(wrapped(parent)) : null;
  return call?.type === 'CallExpression' ? wholeChain(call) : node;
}

/** Calls of schema builders, the last of each chain, and the texts of SQL in a program. */
const BUILDERS = /^(?:createTable|createTableIfNotExists|alterTable|table|createIndex|addColumn|addColumns|addIndex|addConstraint|createConstraint|createUniqueConstraint|createForeignKey|createForeignKeys|createIndices|createPrimaryKey|removeColumn|dropColumn|dropColumns|renameColumn|renameTable|removeConstraint|removeIndex|changeColumn|alterColumn|dropTable|dropTableIfExists)$/;

function statementsIn(source: Linter.ESLintParseResult, text: string, undone: (place: Place) => boolean): Statement[] {
  const found: Statement[] = [];
  traverse(source.ast as unknown as Node, source.visitorKeys!, (node) => {
    const place: Place = [node.range[0], node.range[1]];
    if (undone(place)) return;
    if (node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string')) {
      const inner = text.slice(place[0] + 1, place[1] - 1), holes = node.type === 'TemplateLiteral' && node.expressions.length > 0;
      if (DDL.test(inner)) found.push(...holes ? [{ kind: DDL.exec(inner)![1]!.toLowerCase(), place }] : statementsOf(inner, place[0] + 1));
      return;
    }
    if (node.type !== 'CallExpression') return;
    const callee = unwrap(node.callee), verb = callee.type === 'MemberExpression' ? propertyName(callee) : null;
    if (callee.type !== 'MemberExpression' || verb === null || !BUILDERS.test(verb)) return;
    const owner = text.slice(callee.object.range[0], callee.object.range[1]);
    if (/(?:\bschema\b(?:\s*\.\s*\w+\([^)]*\))*|queryInterface|queryRunner|pgm)\s*$/.test(owner) || (/\bschema\b/.test(owner.slice(0, 40)) && /Table|^createIndex/.test(verb))) {
      const whole = wholeChain(node);
      found.push({ kind: verb, place: /Index/.test(verb) ? [whole.range[0], whole.range[1]] : place });
    }
  });
  return found;
}

/** The functions of a program that take a migration back. */
function backIn(source: Linter.ESLintParseResult): (place: Place) => boolean {
  const { undoing } = require('../lib/schema/changes.js') as typeof import('../lib/schema/changes.js');
  return undoing({ ast: source.ast, visitorKeys: source.visitorKeys, text: 'down' } as never) as (place: Place) => boolean;
}

for (const folder of folders) {
  const counts = new Map<string, { all: number; unread: number }>();
  const missing: string[] = [];
  let files = 0, fatal = 0, elsewhere = 0;
  for (const path of filesIn(folder)) {
    const text = readFileSync(path, 'utf8');
    collected.length = 0;
    const messages = new Linter().verify(text, config, { filename: path.replace(/^.*?\/(?=[^/]+\/[^/]+$)/, '') });
    if (messages.some((message) => message.fatal)) fatal++;
    const queries = collected.at(-1);
    let statements: Statement[];
    if (path.endsWith('.sql')) statements = statementsOf(text, 0);
    else {
      try {
        const source = (parser as unknown as { parseForESLint(text: string, options: object): Linter.ESLintParseResult }).parseForESLint(text, { range: true, filePath: path.replace(/^.*(\.\w+)$/, 'file$1') });
        statements = statementsIn(source, text, backIn(source));
      } catch { continue; }
    }
    if (statements.length > 0) files++;
    const places = [...queries?.declarations ?? []].flatMap(({ range, keys = [], columns, dropped, foreignKeys = [], renamed = [], droppedKeys = [] }) => [range, ...[...keys, ...columns, ...dropped, ...foreignKeys, ...renamed, ...droppedKeys].map((part) => part.range)]);
    for (const { kind, place } of statements) {
      const isRead = places.some(([start, end]) => start >= place[0] - 1 && end <= place[1] + 1);
      const count = counts.get(kind) ?? { all: 0, unread: 0 };
      count.all++;
      if (!isRead) {
        count.unread++;
        const written = text.slice(place[0], place[1]).replace(/^`|`$/g, ''), isElsewhere = /^\s*(?:create|alter)\b[^(]*?\$\{/i.test(written);
        const reason = isElsewhere ? ELSEWHERE : readSql(plainText(written), { dialect, library: 'sql' }).unread[0]?.reason ?? 'declares nothing';
        if (isElsewhere) elsewhere++;
        missing.push(`${path}:${text.slice(0, place[0]).split('\n').length} ${kind}: ${reason.split('\n')[0]!.slice(0, 90)}\n    ${text.slice(place[0], place[1]).replace(/\s+/g, ' ').slice(0, 160)}`);
      }
      counts.set(kind, count);
    }
  }
  const all = [...counts.values()].reduce((sum, each) => sum + each.all, 0);
  process.stdout.write(`\n${folder}: ${all} statements and calls in ${files} files, ${elsewhere} of tables whose names stand elsewhere, ${missing.length - elsewhere} of the others unread (${all === elsewhere ? '-' : (100 - (missing.length - elsewhere) * 100 / (all - elsewhere)).toFixed(2)} % read)${fatal > 0 ? `, ${fatal} files that do not parse` : ''}\n`);
  for (const [kind, { all: count, unread }] of [...counts].sort(([, a], [, b]) => b.all - a.all)) process.stdout.write(`  ${kind.padEnd(28)} ${String(count).padStart(6)} ${unread > 0 ? `${unread} unread` : ''}\n`);
  if (list) process.stdout.write(`${missing.join('\n')}\n`);
}

/**
 * Views and policies of Drizzle: `pgView('live').as((qb) => qb.select()..)`, `pgView('live', { .. }).as(sql`..`)`, `pgPolicy('own', { using: sql`..` })`.
 * The query of a builder is found where all calls are found; that of a `sql` template, and the conditions of a policy, are read here, as the statement that
 * Drizzle makes of them. Facts: drizzle-orm 0.45, "Views", "Row-Level Security (RLS)" of its documentation.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Dialect } from '../../manifest/catalog.js';
import type { Range, Statement, TableRef } from '../../model/query.js';
import type { PolicyDeclaration, ViewDeclaration } from '../../model/schema.js';
import { isFunction, propertyName, traverse, unwrap, type FunctionNode, type Node } from '../../source/ast.js';
import { readSql } from '../../sql/read.js';
import type { Hole, Segment, SqlText } from '../../sql/sql-text.js';
import { chainOf, type Chain, type ChainCall } from '../chains.js';
import { called, elementsOf, importedName, literalValue, propertiesOf, property, rangeOf, resolve, returned, stringValue, within } from '../program.js';
import type { Located, Program } from '../project.js';
import { columnOf, DIALECTS, tableOf, type TableCall } from './names.js';

/** What a program defines besides tables. */
export interface Definitions {
  readonly views: readonly ViewDeclaration[];
  readonly policies: readonly PolicyDeclaration[];
  /** The statements that the definitions made of SQL stand for. */
  readonly statements: readonly Statement[];
}

/** Can a text define views or policies? */
export const DEFINES = /\b(?:\w+View|[vV]iew|pgPolicy|crudPolicy)\s*\(/;

const VIEW = /^(pg|mysql|sqlite|singlestore|cockroach|gel|mssql)(Materialized)?View$/;
const SCHEMA = /^(pg|mysql|singlestore|cockroach|gel|mssql)Schema$/;
/** A hole's own text: as long as any stand-in has to be. */
const HOLE = ' '.repeat(8);

/** The views and policies that a program defines. */
export function definitionsOf(program: Program): Definitions {
  const found = { views: [] as ViewDeclaration[], policies: [] as PolicyDeclaration[], statements: [] as Statement[] };
  if (!DEFINES.test(program.source.text)) return found;
  const add = (sql: Sql, dialect: Dialect): void => {
    const reading = readSql(sql.text(), { dialect, library: 'drizzle', definitions: true });
    const place = sql.name ?? sql.place;
    found.views.push(...reading.views.map((view) => ({ ...view, range: place })));
    found.policies.push(...reading.policies.map((policy) => ({ ...policy, range: place })));
    found.statements.push(...reading.statements);
  };
  for (const node of program.calls) {
    const at = program.at(node), view = viewOf(at);
    if (view) {
      const query = view.query && sqlOf(view.query);
      if (query) add(new Sql(rangeOf(at), view.place).write(`CREATE ${view.materialized ? 'MATERIALIZED ' : ''}VIEW ${nameText(view.schema, view.name, view.dialect)} AS `).template(query, view.dialect), view.dialect);
      else found.views.push({ kind: 'create', name: view.name, schema: view.schema, range: view.place, materialized: view.materialized, query: null, tables: view.query ? tablesOf(view.query) : [], marker: null });
    }
    for (const { chain, table } of policiesOf(at)) for (const sql of policyTexts(chain, table, program)) add(sql, table.dialect);
  }
  return found;
}

// ------------------------------------------------------------------------------------------------- views

interface ViewCall {
  readonly name: string;
  readonly schema: string | null;
  readonly materialized: boolean;
  readonly dialect: Dialect;
  /** What `as` is given. */
  readonly query: Located | null;
  readonly place: Range;
}

/** The view that a call of `as` defines; null for any other call, and for `existing()`. */
function viewOf(at: Located<TSESTree.CallExpression>): ViewCall | null {
  const callee = unwrap(at.node.callee);
  if (callee.type !== 'MemberExpression' || propertyName(callee) !== 'as') return null;
  const chain = chainOf(at), [first, second] = chain?.calls ?? [], query = chain?.calls.at(-1)?.args[0] ?? null;
  if (!chain || !first || chain.object !== null) return null;
  const made = (call: ChainCall, dialect: string, materialized: boolean, schema: string | null): ViewCall | null => {
    const name = stringValue(call.args[0]), [start, end] = call.args[0]?.program === at.program ? rangeOf(call.args[0]) : rangeOf(at);
    return name === null ? null : { name, schema, materialized, dialect: DIALECTS[dialect] ?? 'postgresql', query, place: [start, end] };
  };
  const factory = VIEW.exec(first.name);
  if (factory) return made(first, factory[1]!, factory[2] !== undefined, null);
  // `app.view('live')` of `const app = pgSchema('app')`.
  const schema = SCHEMA.exec(first.name);
  return schema && second && /^(?:view|materializedView)$/.test(second.name) ? made(second, schema[1]!, second.name === 'materializedView', stringValue(first.args[0])) : null;
}

/** The tables that a builder's query names: `.from(users)`, `.innerJoin(posts, ..)`. */
function tablesOf(query: Located): TableRef[] {
  const found: TableRef[] = [], value = called(query);
  traverse(value.node, value.program.source.visitorKeys, (node) => {
    const callee = node.type === 'CallExpression' ? unwrap(node.callee) : null, first = node.type === 'CallExpression' ? node.arguments[0] : undefined;
    if (callee?.type !== 'MemberExpression' || !first || !/^(?:from|\w*[jJ]oin(?:Lateral)?)$/.test(propertyName(callee) ?? '')) return;
    const table = tableOf(within(value, first as Node));
    if (table) found.push({ type: 'table', name: table.name, schema: table.schema, alias: null, columns: null, range: [first.range[0], first.range[1]], autoFilter: 'none', via: 'from' });
  });
  return found.sort((a, b) => a.range[0] - b.range[0]);
}

// ------------------------------------------------------------------------------------------------- policies

interface PolicyCall {
  readonly chain: Chain;
  readonly table: TableCall;
}

/** The policies that stand in a table's third argument, or that a call links to a table (`pgPolicy(..).link(users)`). */
function policiesOf(at: Located<TSESTree.CallExpression>): PolicyCall[] {
  const chain = chainOf(at), isPolicy = (one: Chain | null): one is Chain => one !== null && one.object === null && /^(?:pg|crud)Policy$/.test(one.calls[0]?.name ?? '');
  if (isPolicy(chain)) {
    const link = chain.calls.at(-1)?.name === 'link' && unwrap(at.node.callee).type === 'MemberExpression' ? chain.calls.at(-1)!.args[0] : undefined, table = link ? tableOf(link) : null;
    return table ? [{ chain, table }] : [];
  }
  const table = tableOf(at), extras = table?.call.at.node === at.node && table.call.args[2] ? resolve(table.call.args[2]) : null;
  if (!table || !extras || !isFunction(extras.node)) return [];
  const result = returned(extras as Located<FunctionNode>, [table.call.at]), value = result && resolve(result);
  if (!value) return [];
  const each = value.node.type === 'ArrayExpression' ? elementsOf(value) : [...propertiesOf(value).values()].map((one) => one.value);
  return each.map((one) => chainOf(one)).filter(isPolicy).map((one) => ({ chain: one, table }));
}

/** CREATE POLICY as Drizzle makes it: of `pgPolicy` one, of Neon's `crudPolicy` one for each command. */
function policyTexts(chain: Chain, table: TableCall, program: Program): Sql[] {
  const call = chain.calls[0]!, isCrud = call.name === 'crudPolicy', options = isCrud ? call.args[0] : call.args[1];
  const place = call.at.program === program ? rangeOf(call.at) : rangeOf(table.call.at), on = ` ON ${nameText(table.schema, table.name, table.dialect)}`;
  const make = (name: string, nameAt: Located | null, head: string, using: string | null, check: string | null): Sql[] => {
    const sql = new Sql(place, nameAt?.program === program ? rangeOf(nameAt) : place).write(`CREATE POLICY ${quoted(name, table.dialect)}${on}${head}`);
    for (const [word, key] of [['USING', using], ['WITH CHECK', check]] as const) {
      const value = key === null ? null : property(options, key), template = value && sqlOf(value);
      if (value?.node.type === 'Literal' && typeof value.node.value === 'boolean') sql.write(` ${word} (${value.node.value})`);
      else if (template) sql.write(` ${word} (`).template(template, table.dialect).write(')');
    }
    return [sql];
  };
  if (isCrud) {
    const both = [['select', 'read', null], ['insert', null, 'modify'], ['update', 'modify', 'modify'], ['delete', 'modify', null]] as const;
    const role = stringValue(property(options, 'role'));
    const isGiven = (key: string): boolean => literalValue(property(options, key) ?? undefined) !== null && property(options, key) !== null;
    return both.flatMap(([command, using, check]) => isGiven(using ?? check) ? make(`crud-${role ?? 'x'}-policy-${command}`, null, ` FOR ${command.toUpperCase()}`, using, check) : []);
  }
  const name = stringValue(call.args[0]), command = stringValue(property(options, 'for')), as = stringValue(property(options, 'as'));
  if (name === null) return [];
  return make(name, call.args[0] ?? null, `${as === 'restrictive' ? ' AS RESTRICTIVE' : ''}${command === null ? '' : ` FOR ${command.toUpperCase()}`}`, 'using', 'withCheck');
}

// ------------------------------------------------------------------------------------------------- SQL

type Template = Located<TSESTree.TaggedTemplateExpression>;

/** The `sql` template that an expression is; null where it is none. */
function sqlOf(at: Located): Template | null {
  const value = resolve(at);
  if (value.node.type !== 'TaggedTemplateExpression') return null;
  const tag = unwrap(value.node.tag);
  return tag.type === 'Identifier' && importedName(value.program, tag) === 'sql' ? value as Template : null;
}

/** A text of SQL that is written piece by piece, some of which stand in the file. */
class Sql {
  #text = '';
  readonly #segments: Segment[] = [];
  readonly #holes: Hole[] = [];

  constructor(readonly place: Range, readonly name: Range | null) {}

  write(text: string): this {
    this.#text += text;
    return this;
  }

  /** What a template says: tables and columns by their names, other fragments in place, and what cannot be seen as a hole. */
  template({ node, program, env }: Template, dialect: Dialect): this {
    for (const [i, quasi] of node.quasi.quasis.entries()) {
      const { cooked, raw } = quasi.value;
      if (cooked === raw && raw !== '') this.#segments.push({ start: this.#text.length, length: raw.length, source: quasi.range[0] + 1, escape: 'template' });
      this.#text += cooked ?? raw;
      const expression = node.quasi.expressions[i];
      if (expression) this.#interpolation({ node: expression, program, env }, dialect);
    }
    return this;
  }

  text(): SqlText {
    return { text: this.#text, holes: this.#holes, segments: this.#segments, fallback: this.place };
  }

  #interpolation(at: Located, dialect: Dialect): void {
    const column = columnOf(at), table = column ? null : tableOf(at), fragment = column || table ? null : sqlOf(at);
    const start = this.#text.length;
    if (column) this.write(`${quoted(column.table.name, dialect)}.${quoted(column.column, dialect)}`);
    else if (table) this.write(nameText(table.schema, table.name, dialect));
    else if (fragment) { this.template(fragment, dialect); return; }
    else {
      this.#holes.push({ start, end: start + HOLE.length, kind: 'unknown' });
      this.#text += HOLE;
      return;
    }
    // A name stands where the file writes the constant, as far as that is long enough.
    const [from, to] = rangeOf(at);
    this.#segments.push({ start, length: Math.min(this.#text.length - start, to - from), source: from, escape: 'none' });
  }
}

function nameText(schema: string | null, name: string, dialect: Dialect): string {
  return `${schema === null ? '' : `${quoted(schema, dialect)}.`}${quoted(name, dialect)}`;
}

function quoted(name: string, dialect: Dialect): string {
  const mark = dialect === 'mysql' || dialect === 'mariadb' ? '`' : '"';
  return `${mark}${name.replaceAll(mark, mark + mark)}${mark}`;
}

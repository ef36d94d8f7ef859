/**
 * Views that migrations make in code, as the schema model: Knex's and Kysely's `createView`. Their queries are found where all calls and SQL texts
 * are found; here stands which tables they read. Facts: knex 3 "Schema Builder", "Views"; kysely 0.28 `SchemaModule`, `CreateViewBuilder`.
 */
import type { TableRef } from '../model/query.js';
import type { ViewDeclaration } from '../model/schema.js';
import { parentOf, propertyName, traverse, unwrap, wrapped, type Node } from '../source/ast.js';
import { readSql } from '../sql/read.js';
import { plainText } from '../sql/sql-text.js';
import { tablesIn } from '../sql/model/views.js';
import { undoing } from './changes.js';
import { elementsOf, stringValue, within } from './program.js';
import type { Located, Program } from './project.js';

const CREATES = /^create(?:OrReplace)?(Materialized)?View(?:OrReplace)?$/;
const DROPS = /^drop(Materialized)?View(?:IfExists)?$/;
/** Calls that name a table by a text. */
const READS = /^(?:selectFrom|from|into|(?:\w+)?[jJ]oin(?:Lateral|Raw)?)$/;

/** Can a text make views by calls? */
export const MAKES_VIEWS = /\b(?:create|drop)(?:OrReplace)?(?:Materialized)?View(?:OrReplace|IfExists)?\s*\(/;

/** The views that a program makes and drops on the way forward. */
export function viewsIn(program: Program): ViewDeclaration[] {
  if (!MAKES_VIEWS.test(program.source.text)) return [];
  const undone = undoing(program.source);
  return program.calls.flatMap((node): ViewDeclaration[] => {
    const callee = unwrap(node.callee), verb = callee.type === 'MemberExpression' ? propertyName(callee) : null, [first, second] = node.arguments;
    const creates = verb === null ? null : CREATES.exec(verb), drops = verb === null ? null : DROPS.exec(verb);
    const name = (creates ?? drops) && first ? stringValue(program.at(first as Node)) : null;
    if (name === null || !first || undone([node.range[0], node.range[1]])) return [];
    const view = { ...tableNamed(name), range: [first.range[0], first.range[1]] as const, materialized: (creates ?? drops)![1] !== undefined, query: null, marker: null };
    if (drops) return [{ kind: 'drop', ...view, tables: [] }];
    const queries = [...behindCalls(node as Node), ...second ? callsIn(second as Node, program) : []];
    return [{ kind: 'create', ...view, tables: queries.flatMap((query) => tablesOf(program.at(query))) }];
  });
}

function tableNamed(written: string): { readonly name: string; readonly schema: string | null } {
  const name = written.trim().split(/\s/)[0]!, dot = name.lastIndexOf('.');
  return { name: name.slice(dot + 1), schema: dot > 0 ? name.slice(0, dot) : null };
}

/** `.as(query)` behind a call. */
function behindCalls(node: Node): Node[] {
  const parent = parentOf(wrapped(node)), call = parent?.type === 'MemberExpression' && unwrap(parent.object) === node ? parentOf(wrapped(parent)) : null;
  if (call?.type !== 'CallExpression') return [];
  return [...isAs(call) && call.arguments[0] ? [call.arguments[0] as Node] : [], ...behindCalls(call)];
}

/** `view.as(query)` in a callback. */
function callsIn(node: Node, { source: { visitorKeys } }: Program): Node[] {
  const found: Node[] = [];
  traverse(node, visitorKeys, (inner) => { if (inner.type === 'CallExpression' && isAs(inner) && inner.arguments[0]) found.push(inner.arguments[0] as Node); });
  return found;
}

function isAs(call: Extract<Node, { type: 'CallExpression' }>): boolean {
  const callee = unwrap(call.callee);
  return callee.type === 'MemberExpression' && propertyName(callee) === 'as';
}

/** The tables that a query names: in calls of a builder, `knex('users')`, or a text of SQL. */
function tablesOf(query: Located): TableRef[] {
  const found: TableRef[] = [], { program } = query;
  const add = (at: Located): void => {
    for (const each of elementsOf(at)) {
      const written = stringValue(each);
      if (written !== null && /^[\w$".]+(?:\s+(?:as\s+)?\w+)?$/i.test(written.trim())) found.push({ type: 'table', ...tableNamed(written.replaceAll('"', '')), alias: null, columns: null, range: [each.node.range[0], each.node.range[1]], autoFilter: 'none', via: 'from' });
    }
  };
  traverse(query.node, program.source.visitorKeys, (node) => {
    if (node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string')) {
      const text = stringValue(within(query, node));
      if (text !== null && /^\s*(?:select|with)\b/i.test(text)) found.push(...readSql(plainText(text), { dialect: program.dialect, library: 'sql' }).statements.flatMap(({ root }) => root.type === 'definition' ? [] : tablesIn(root)));
      return;
    }
    const callee = node.type === 'CallExpression' ? unwrap(node.callee) : null, first = node.type === 'CallExpression' ? node.arguments[0] : undefined;
    if (!callee || !first) return;
    const verb = callee.type === 'MemberExpression' ? propertyName(callee) : null;
    if (callee.type === 'Identifier' || (verb !== null && READS.test(verb))) add(within(query, first as Node));
  });
  return found;
}

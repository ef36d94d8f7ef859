/** Tables and columns by the names that a program writes: `'public.users as u'`, `'u.deleted_at'`, and names that hold constants of other files. */
import type { TableFacts } from '../../manifest/catalog.js';
import type { Expr, Range, TableRef } from '../../model/query.js';
import { plural, singular } from '../../schema/pluralise.js';
import { lastName, unwrap, type Node } from '../../source/ast.js';
import { named, operation } from '../expressions.js';
import type { Session } from '../session.js';
import type { Argument } from './arguments.js';

/** `schema.users as u`. */
export function tableNamed(text: string, range: Range, schema: string | null, session: Session): TableRef {
  const match = /^\s*(.*?)(?:\s+(?:as\s+)?"?([\w$]+)"?)?\s*$/is.exec(text);
  const parts = (match?.[1] ?? text).split('.').map((part) => part.trim().replace(/^["`]|["`]$/g, ''));
  return session.table(parts.at(-1) ?? text, range, { alias: match?.[2] ?? null, schema: parts.length > 1 ? parts.at(-2)! : schema });
}

/** `users.deleted_at`, `deleted_at`. */
export function columnNamed(text: string, range: Range): Expr {
  // Objection's way into JSON: `settings:theme`.
  const [path = '', json] = text.split(':');
  const parts = path.split(/\s+as\s+/i)[0]!.split('.').map((part) => part.trim().replace(/^["`]|["`]$/g, ''));
  const at = named(parts.length > 1 ? parts.at(-2)! : null, parts.at(-1)!, range);
  return json === undefined ? at : operation([at], range);
}

/** The table that a constant of another file is called after: `RECORDS_TABLE`, `SpaceTableName`, or a name that the manifest gives. */
export function tableConstant(node: Node, session: Session): TableFacts | null {
  const at = unwrap(node), name = at.type === 'Identifier' || at.type === 'MemberExpression' ? lastName(at) : null;
  if (name === null || (at.type === 'Identifier' && session.origin(at) === null)) return null;
  const stem = /^(\w+?)_?table(?:_?name)?$/i.exec(name)?.[1] ?? /^table(?:_?name)?_(\w+)$/i.exec(name)?.[1];
  const { catalog } = session;
  if (stem === undefined) return catalog.tables.find(({ models }) => models.includes(name)) ?? null;
  for (const spelled of [stem, plural(stem), singular(stem)]) {
    const facts = catalog.table(spelled);
    if (facts) return facts;
  }
  return null;
}

/** A text that names a column or table, with the names of constants of other files in it: `${RECORDS_TABLE}.id`. */
export function nameIn({ value, node }: Argument, session: Session): string | null {
  const text = session.string(value), at = unwrap(node);
  if (text !== null || at.type !== 'TemplateLiteral') return text;
  let written = '';
  for (const [i, quasi] of at.quasis.entries()) {
    written += quasi.value.cooked ?? '';
    const expression = at.expressions[i];
    if (!expression) continue;
    const table = session.string(session.value(expression, null)) ?? tableConstant(expression, session)?.name;
    if (table === undefined) return null;
    written += table;
  }
  return written;
}

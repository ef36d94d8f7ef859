/** Rows that Drizzle read before, in the conditions of a later query. */
import { fold } from '../../manifest/catalog.js';
import { analyse } from '../../model/analyse.js';
import type { Expr, Relation } from '../../model/query.js';
import { propertyName, unwrap, type Node } from '../../source/ast.js';
import type { Chain, Value } from '../../source/values.js';
import type { Builder } from './builder.js';
import { Relational, relationalCall } from './relational.js';
import type { Scope } from './names.js';

/**
 * `const user = await db.query.users.findFirst(..)`, then `eq(users.id, user.id)`: that row. A unique key that is not the primary one may be unique among live
 * rows alone, so that it tells a row only where it is called `id`.
 */
export function isKeyOfLive(builder: Builder, value: Value, of: Expr, scope: Scope): boolean {
  const { session } = builder;
  const chain = of.type === 'column' && of.of && value.type === 'unknown' ? session.chain(value) : null, steps = chain && awaitedRows(chain);
  if (!chain || !steps || of.type !== 'column' || !of.of || fold(steps.column) !== fold(of.name)) return false;
  const facts = scope.entryOf(of.of)?.facts;
  if (!facts || facts.tombstones.length === 0 || ![facts.key, ...facts.unique.filter(([name]) => fold(name ?? '') === 'id')].some(([key, ...others]) => others.length === 0 && fold(key ?? '') === fold(of.name))) return false;
  const sent: Chain = { root: chain.root, steps: steps.query }, call = relationalCall(sent);
  const query = call ? new Relational(builder).read(call) : builder.read(sent, null)?.query;
  if (query?.type !== 'select') return false;
  const [from] = query.from.map((relation) => (call ? leftmost(relation) : relation));
  if (from?.type !== 'table' || from.name !== of.of.name || !query.output.some((item) => item.type === 'star' || (item.type === 'expr' && item.name === steps.column && item.expr.type === 'column' && item.expr.of === from && fold(item.expr.name) === fold(of.name)))) return false;
  const { reads } = analyse({ root: query, range: query.range, library: session.library, calls: true, marker: null, partial: false, stored: false }, session.catalog);
  return reads.some(({ ref, verdict }) => ref === from && verdict.state === 'live');
}

function leftmost(relation: Relation): Relation {
  return relation.type === 'join' ? leftmost(relation.left) : relation;
}

/** `(await query).id`, `rows[0].id`, `rows.at(0)?.id`, `rows.map((row) => row.id)`: the query, and the column of its rows. */
function awaitedRows(chain: Chain): { readonly query: Chain['steps']; readonly column: string } | null {
  const at = chain.steps.findIndex((item) => item.type === 'step' && item.awaited);
  if (at < 1) return null;
  const after = chain.steps.slice(at + 1), last = after.at(-1), rows = after.slice(0, -1);
  const isRow = (item: Chain['steps'][number]): boolean => item.type === 'step' && (item.args === null ? /^\d+$/.test(item.name ?? '') : item.name === 'at');
  if (last?.type !== 'step' || last.awaited || !rows.every(isRow)) return null;
  const name = last.args === null ? last.name : last.name === 'map' && last.args[0] ? memberOf(last.args[0]) : null;
  return name === null || name === '' ? null : { query: chain.steps.slice(0, at), column: name };
}

/** `(row) => row.id`, `({ id }) => id`. */
function memberOf(fn: Node): string | null {
  if (fn.type !== 'ArrowFunctionExpression') return null;
  const [param] = fn.params, body = unwrap(fn.body);
  if (param?.type === 'Identifier') return body.type === 'MemberExpression' && body.object.type === 'Identifier' && body.object.name === param.name ? propertyName(body) : null;
  const property = param?.type === 'ObjectPattern' && body.type === 'Identifier' ? param.properties.find((one) => one.type === 'Property' && one.value.type === 'Identifier' && one.value.name === body.name) : undefined;
  return property?.type === 'Property' ? propertyName(property) : null;
}

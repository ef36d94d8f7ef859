/**
 * Drizzle 0.4x and 1.0: query builders, relational queries, `$count`, CTEs, subqueries, set operations, views. It filters nothing by itself; only a relation that
 * `defineRelations` of 1.0 declares with a `where` does.
 */
import { parentOf, propertyName, unwrap, wrapped, type Node } from '../source/ast.js';
import type { Chain } from '../source/values.js';
import { isCalled, stepsOf } from './chains.js';
import { Builder } from './drizzle/builder.js';
import { Relational, relationalCall } from './drizzle/relational.js';
import type { OrmLibrary } from './library.js';

/** One of its calls, and what else a file has that makes it: `Map`, `Set` and `Array` have `set`, `delete` and `from` alone. */
const CALLS = /\.\s*(?:from|findMany|findFirst|set|insert|delete|\$count)\s*(?:\(|<|\?\.)|drizzle/;
const TELLING = /drizzle|\$count\b|\.\s*(?:select(?:Distinct(?:On)?)?|update|insert|where|returning)\s*[(<]|query\s*[?!]?\.\s*\w|\.\s*delete\s*\((?<=\b(?:db|database|tx|trx|client|conn\w*)\)?\s*\.\s*delete\s*\()/;

export const drizzle: OrmLibrary = {
  name: 'drizzle',
  mayHold: (text) => CALLS.test(text) && TELLING.test(text),
  verbs: new Set(['from', 'findMany', 'findFirst', 'update', 'delete', 'insert', '$count', 'union', 'unionAll', 'intersect', 'intersectAll', 'except', 'exceptAll', 'where', 'limit', 'innerJoin', 'leftJoin']),
  read(call, session) {
    if (isOfNames(call.chain)) return [];
    const builder = new Builder(session), relational = relationalCall(call.chain);
    if (relational) return [{ root: new Relational(builder).read(relational), remedies: builder.edits.remedies }];
    // A column of a subquery.
    const last = stepsOf(call.chain).at(-1);
    if (last && !isCalled(last) && !last.awaited && stepsOf(call.chain).some((step) => isCalled(step) && step.name === 'as')) return [];
    const built = builder.read(call.chain, null);
    if (!built) return [];
    const leaves = call.use !== 'executed' && call.use !== 'statement' && !built.sent && !isOfView(call.node);
    return [{ root: builder.modified(built, call.node), partial: leaves && built.open, remedies: builder.edits.remedies }];
  },
};

/** Is it the query of a view (`pgView('live').as(qb.select()..)`), to which nobody adds anything? */
function isOfView(node: Node): boolean {
  const at = wrapped(node), call = parentOf(at), callee = call?.type === 'CallExpression' && call.arguments[0] === at ? unwrap(call.callee) : null;
  if (callee?.type !== 'MemberExpression' || propertyName(callee) !== 'as') return false;
  let made = unwrap(callee.object);
  while (made.type === 'CallExpression') {
    const inner = unwrap(made.callee), name = inner.type === 'Identifier' ? inner.name : inner.type === 'MemberExpression' ? propertyName(inner) : null;
    if (name !== null && /View$|^view$/.test(name)) return true;
    if (inner.type !== 'MemberExpression') return false;
    made = unwrap(inner.object);
  }
  return false;
}

/** Methods of builders that take the names of columns as texts (Knex, Bookshelf, Objection), and that Drizzle's have not. */
const OF_NAMES = /^(?:where(?:Not|Null|NotNull|In|NotIn|Raw|Exists|NotExists|Between|NotBetween|Like|ILike|Column|Json\w*)|(?:and|or)Where\w*|del|onConflict|pluck|joinRaw|first|into|groupByRaw|orderByRaw|havingRaw|whereNotDeleted)$/;

/** Is it the chain of another library's builder? A column is a text there, and a condition an object or a name with its value. */
function isOfNames(chain: Chain): boolean {
  return stepsOf(chain).some((step) => {
    if (!isCalled(step) || step.awaited) return false;
    const [first, second] = step.args, { type } = first ? unwrap(first) : { type: null };
    switch (step.name) {
      case 'where': return second !== undefined || type === 'ObjectExpression' || type === 'Literal';
      case 'select': return type === 'Literal';
      default: return step.name !== null && OF_NAMES.test(step.name);
    }
  });
}

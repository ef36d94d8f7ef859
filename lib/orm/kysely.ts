/**
 * Kysely: `db.selectFrom('users as u').where('u.deleted_at', 'is', null).execute()`. Read against kysely 0.28 (`parser/*.ts`, `query-compiler/default-query-compiler.ts`).
 */
import type { Query, Range } from '../model/query.js';
import { isFunction, lastName, parentOf, wrapped, type Node } from '../source/ast.js';
import { select } from './expressions.js';
import { QueryReader, rangeOf, type State } from './kysely/builder.js';
import { isQuery, VERBS } from './kysely/expressions.js';
import { remediesFor } from './kysely/remedies.js';
import type { Call, OrmLibrary, OrmStatement } from './library.js';
import type { Session } from './session.js';

const MENTIONS = new RegExp(`\\b(?:${[...VERBS].join('|')})\\b`);

/** Functions of a project that run the query that they are given: `executeWithPagination(query, ..)`. */
const RUNS = /execut|paginat|fetch|^run|stream|iterate|take(?:First|One)|getMany|getOne/i;
/** Calls of Kysely's own that take a whole query for a part of another one. */
const HOLDS = /^(?:json(?:Array|Object)From|exists|not|eb|where\w*|having\w*|on|select|returning|set|values|expression|orderBy|groupBy|(?:inner|left|right|full|cross)Join(?:Lateral)?|with(?:Recursive)?|union(?:All)?|intersect(?:All)?|except(?:All)?|from|using|selectFrom|and|or|coalesce|then|else|when)$/;
/** Of these the ones whose argument is a subquery in an expression. */
const SUBQUERY = /^(?:json(?:Array|Object)From|select|returning|set|values|orderBy|coalesce|then|else)$/;

export const kysely: OrmLibrary = {
  name: 'kysely',
  spelling: 'column',
  verbs: VERBS,
  mayHold: (text) => MENTIONS.test(text),
  read: readCall,
};

function readCall(call: Call, session: Session): readonly OrmStatement[] {
  if (!isQuery(call.chain)) return [];
  const reader = new QueryReader(session), range = rangeOf(call.chain);
  return reader.states(call.chain).flatMap((state): OrmStatement[] => {
    // A builder that is neither kept nor run does nothing.
    if (!state.executed && call.use === 'statement') return [];
    const partial = isPartial(state, call);
    return reader.statements(state, range).map((root) => ({ root: holder(call.node) === 'expression' && !state.executed ? scalar(root, range) : root, range: call.node.range as Range, partial, remedies: remediesFor(reader) }));
  });
}

/** May code that cannot be seen add to the query before it runs? */
function isPartial(state: State, call: Call): boolean {
  if (state.executed || holder(call.node) !== null) return false;
  const parent = parentOf(wrapped(call.node));
  return !(parent?.type === 'CallExpression' && parent.callee !== wrapped(call.node) && RUNS.test(lastName(parent.callee) ?? ''));
}

/** Whether the query stands where a part of another query does: as a subquery in an expression, or elsewhere; null where it does not. */
function holder(node: Node): 'expression' | 'query' | null {
  let at = wrapped(node), parent = parentOf(at);
  // `(eb) => eb.selectFrom(..)`, `[a, b]`
  while (parent && ((isFunction(parent) && parent.body === at) || parent.type === 'ArrayExpression')) {
    at = wrapped(parent);
    parent = parentOf(at);
  }
  if (parent?.type !== 'CallExpression' || parent.callee === at) return null;
  const name = lastName(parent.callee) ?? '';
  return SUBQUERY.test(name) ? 'expression' : HOLDS.test(name) ? 'query' : null;
}

/** A query whose rows become a value of each row of another query that cannot be seen. */
function scalar(query: Query, range: Range): Query {
  return select({ from: [], range, output: [{ type: 'expr', expr: { type: 'subquery', query, range }, name: null }] });
}

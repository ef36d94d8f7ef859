/**
 * Kysely: `db.selectFrom('users as u').where('u.deleted_at', 'is', null).execute()`. Read against kysely 0.28 (`parser/*.ts`, `query-compiler/default-query-compiler.ts`).
 */
import type { Delete, Query, Range, TableRef, Update } from '../model/query.js';
import { isFunction, lastName, parentOf, wrapped, type Node } from '../source/ast.js';
import { stepsOf } from './chains.js';
import { parameter, select } from './expressions.js';
import { QueryReader, rangeOf } from './kysely/builder.js';
import { EXECUTES, isQuery, VERBS } from './kysely/queries.js';
import { remediesFor } from './kysely/remedies.js';
import type { State } from './kysely/state.js';
import { statementsOf } from './kysely/statements.js';
import type { Call, OrmLibrary, OrmStatement, Spelling } from './library.js';
import type { Session } from './session.js';

const MENTIONS = new RegExp(`\\b(?:${[...VERBS].join('|')})\\b`);

/** A column in camel case, as the plugin of that name takes it: `'u.createdAt'`. */
const CAMEL = /['"`](?:\w+\.)?(?!\w*_)[a-z]+[A-Z]\w*(?: as \w+)?['"`]/;

/** Functions of a project that run the query that they are given: `executeWithPagination(query, ..)`. */
const RUNS = /execut|paginat|fetch|^run|stream|iterate|take(?:First|One)|getMany|getOne/i;
/** Calls of Kysely's own that take a query for a part of another one, and for which part. */
const HOLDS: readonly (readonly [RegExp, Part])[] = [
  [/^exists$/, 'exists'],
  [/^(?:where\w*|having\w*|on|eb|when|and|or|not)$/, 'in'],
  [/^(?:json(?:Array|Object)From|select|returning|set|values|orderBy|groupBy|coalesce|then|else)$/, 'value'],
  [/^(?:with(?:Recursive)?|union(?:All)?|intersect(?:All)?|except(?:All)?|expression|from|using|selectFrom|(?:inner|left|right|full|cross)Join(?:Lateral)?)$/, 'rows'],
];
/** What a query is to another one: `EXISTS (..)`, `x IN (..)`, a value, or rows to read from. */
type Part = 'exists' | 'in' | 'value' | 'rows';

export const kysely: OrmLibrary = {
  name: 'kysely',
  spelling,
  verbs: VERBS,
  mayHold: (text) => MENTIONS.test(text),
  read: readCall,
};

function spelling(text: string): Spelling {
  return CAMEL.test(text) ? 'property' : 'column';
}

function readCall(call: Call, session: Session): readonly OrmStatement[] {
  if (!isQuery(call.chain)) return [];
  const reader = new QueryReader(session), range = rangeOf(call.chain);
  return reader.states(call.chain).flatMap((state): OrmStatement[] => {
    // A builder that is neither kept nor run does nothing.
    if (!state.executed && call.use === 'statement') return [];
    const partial = isPartial(state, call);
    const part = state.executed ? null : partOf(call.node), roots = statementsOf(state, range);
    for (const root of roots) if (endsLives(root, session)) chosenBy(reader, root.target, session);
    return roots.map((root) => ({ root: held(root, part, range), range: call.node.range as Range, partial, remedies: remediesFor(reader, spelling) }));
  });
}

/** Does it remove rows for good, or restore them? */
function endsLives(query: Query, session: Session): query is Delete | Update {
  if (query.type === 'delete') return true;
  const facts = query.type === 'update' ? session.facts(query.target.name) : null;
  return query.type === 'update' && facts !== null && query.assignments.some(({ column, value }) => {
    const tombstone = session.catalog.tombstone(facts, column);
    return tombstone !== null && value.type === 'literal' && value.value === tombstone.live;
  });
}

/** What was read before of the same table chose the rows. */
function chosenBy(reader: QueryReader, target: TableRef, session: Session): void {
  const table = session.facts(target.name)?.name;
  if (table === undefined) return;
  for (const chain of reader.expressions.results) {
    const run = stepsOf(chain).find(({ name }) => name !== null && EXECUTES.test(name));
    if (run) session.chosen(run.node, table);
  }
}

/** May code that cannot be seen add to the query before it runs? */
function isPartial(state: State, call: Call): boolean {
  if (state.executed || partOf(call.node) !== null) return false;
  const parent = parentOf(wrapped(call.node));
  // Wrappers make builders that can be awaited, or yielded to Effect.
  if (parent?.type === 'AwaitExpression' || parent?.type === 'YieldExpression') return false;
  return !(parent?.type === 'CallExpression' && parent.callee !== wrapped(call.node) && RUNS.test(lastName(parent.callee) ?? ''));
}

/** What the query is to another one, which the file does not show as a whole; null where it stands for itself. */
function partOf(node: Node): Part | null {
  let at = wrapped(node), parent = parentOf(at);
  // `(eb) => eb.selectFrom(..)`, `[a, b]`
  while (parent && ((isFunction(parent) && parent.body === at) || parent.type === 'ArrayExpression')) {
    at = wrapped(parent);
    parent = parentOf(at);
  }
  if (parent?.type !== 'CallExpression' || parent.callee === at) return null;
  const name = lastName(parent.callee) ?? '';
  return HOLDS.find(([names]) => names.test(name))?.[1] ?? null;
}

/** The query in the place that it has in another one. */
function held(query: Query, part: Part | null, range: Range): Query {
  switch (part) {
    case 'exists': return select({ from: [], output: [], where: { type: 'exists', query, range }, range });
    case 'in': return select({ from: [], output: [], where: { type: 'in', negated: false, left: parameter(range), list: null, query, range }, range });
    case 'value': return select({ from: [], output: [{ type: 'expr', expr: { type: 'subquery', query, range }, name: null }], range });
    default: return query;
  }
}

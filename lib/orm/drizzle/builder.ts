/** Drizzle's query builders: `db.select().from(users)..`, `db.update(users).set(..)..`, `db.insert(users).values(..)..`, `db.delete(users)..`, `db.$count(users)`. */
import type { Cte, Expr, Insert, Join, Query, Range, Relation, SetOperation, TableRef } from '../../model/query.js';
import { fold } from '../../manifest/catalog.js';
import { parentOf, wrapped, type Node } from '../../source/ast.js';
import { chainOf, type Chain, type Step, type Value } from '../../source/values.js';
import { certainSteps, foldSteps, isCalled, stepsOf, type Called } from '../chains.js';
import { aggregate, and, opaque, select } from '../expressions.js';
import { guardAt, guardNamed, rowsOf } from '../guards.js';
import type { Session } from '../session.js';
import { Conditions, type Queries } from './conditions.js';
import { isKeyOfLive } from './earlier-rows.js';
import { functionName, namedBy, Scope, type Named } from './names.js';
import { DrizzleRemedies } from './remedies.js';
import { SelectList } from './select-list.js';
import { emptyState, merged, type State } from './state.js';
import { Writes } from './writes.js';

const JOIN = /^(inner|left|right|full|cross)Join(Lateral)?$/;
const SET_OPERATION = /^(union|intersect|except)(All)?$/;
/** What sends a query, or freezes it. */
const SENDS = /^(?:then|catch|finally|execute|all|get|run|values|iterator|prepare|toSQL)$/;

/** A query builder, and what may still become of it. */
export interface Built {
  readonly query: Query;
  /** Other code can add conditions: none were given yet, or `$dynamic()` says so. */
  readonly open: boolean;
  /** It was sent, or frozen. */
  readonly sent: boolean;
  /** The table of an unread statement names a declared table. */
  readonly scope: Scope;
}

export class Builder implements Queries {
  readonly conditions: Conditions;
  readonly edits: DrizzleRemedies;
  private readonly selectList: SelectList;
  private readonly writes: Writes;

  constructor(readonly session: Session) {
    this.edits = new DrizzleRemedies(session);
    this.conditions = new Conditions(session, this, this.edits);
    this.selectList = new SelectList(session, this.conditions);
    this.writes = new Writes(session, this.conditions, this.edits);
  }

  /** The query that a value is, as a part of another one; null where it is none. */
  subquery(value: Value, scope: Scope): Query | null {
    const chain = value.type === 'unknown' || value.type === 'fork' ? chainOf(value) : null;
    const built = chain && this.read(chain, scope);
    if (!built) return null;
    this.session.consume(chain);
    return built.query;
  }

  isKeyOfLive(value: Value, of: Expr, scope: Scope): boolean {
    return isKeyOfLive(this, value, of, scope);
  }

  /** The query with what the manifest's modifier adds that it is handed to: `await onlyLive(db.select().from(users).$dynamic())`. */
  modified({ query, scope }: Built, node: Node): Query {
    const call = parentOf(wrapped(node)), found = call?.type === 'CallExpression' && call.callee !== wrapped(node) ? guardAt(this.session, call, 'modifier') : null;
    if (!found || (query.type !== 'select' && query.type !== 'update' && query.type !== 'delete')) return query;
    const { guard: { table, yields } } = found, range = call!.range as Range;
    const entry = scope.own.find(({ ref, facts }) => ref && facts && (table === undefined || facts === this.session.facts(table)));
    return entry?.ref && entry.facts ? { ...query, where: and([query.where, rowsOf(yields, entry.ref, entry.facts, range)], range) } : query;
  }

  /** The statement that a chain builds; null where it is none of this library's. */
  read(chain: Chain, outer: Scope | null): Built | null {
    // What was awaited is rows, and no query to go on with.
    if (stepsOf(chain).some((step) => step.awaited)) return null;
    if (this.isSetFunction(chain)) return this.setFunction(chain, outer);
    if (!stepsOf(chain).some((step) => isCalled(step) && /^(?:select|selectDistinct|selectDistinctOn|update|insert|delete|\$count)$/.test(step.name ?? ''))) return this.guardedSource(chain, outer);
    const end = foldSteps(chain.steps, emptyState(outer), (state, step) => this.step(state, step, chain), merged);
    return this.finished(end, chain.steps.length > 0 ? rangeOfChain(chain) : null);
  }

  // ------------------------------------------------------------------------------------------- steps

  private step(state: State, step: Step, chain: Chain): State {
    if (!isCalled(step) || state.sent) return state;
    const name = step.name ?? '', [first, second] = step.args;
    if (state.verb === null) return this.start(state, name, step, chain);
    const join = JOIN.exec(name), operation = SET_OPERATION.exec(name);
    if (join && first) return this.joined(state, join[1] as Join['kind'], join[2] !== undefined, step, chain);
    if (operation && first) {
      const query = this.argumentQuery(step, first, state.scope.outer);
      return { ...state, arms: [...state.arms, { operator: operation[1] as SetOperation['operator'], query }] };
    }
    switch (name) {
      case 'from': case 'using': {
        if (!first || second !== undefined) return { ...state, verb: null };
        const scope = state.scope.copy(), relation = this.relation(first, step, chain, scope, state.verb === 'select' ? 'select' : 'other');
        if (!relation) return { ...state, verb: null };
        return { ...state, scope, from: state.from ? { type: 'join', kind: 'cross', natural: false, left: state.from, right: relation, on: null, using: null, opaque: false, range: relation.range } : relation };
      }
      // A second where replaces the first (drizzle-orm 0.45 and 1.0: `this.config.where = where`).
      case 'where': return { ...state, where: first ? this.conditions.read(this.session.value(first, step.env), first, state.scope) : null, filtered: true };
      case 'having': return { ...state, having: first ? this.conditions.read(this.session.value(first, step.env), first, state.scope) : null };
      case 'groupBy': return { ...state, groupBy: this.scalars(step, state.scope) };
      case 'orderBy': return state.arms.length > 0 ? state : { ...state, orderBy: this.scalars(step, state.scope) };
      case 'limit': case 'offset': return state.arms.length > 0 ? { ...state, cut: true } : { ...state, limited: true };
      case '$dynamic': return { ...state, dynamic: true };
      case 'set': return first ? { ...state, assigned: { node: first, env: step.env } } : state;
      case 'values': case 'overridingSystemValue': return state.verb !== 'insert' ? { ...state, sent: true } : first && name === 'values' ? { ...state, values: { node: first, env: step.env } } : state;
      case 'select': return state.verb === 'insert' && first ? { ...state, source: this.argumentQuery(step, first, state.scope) } : state;
      case 'returning': case '$returningId': case 'output': return { ...state, returning: true };
      case 'onConflictDoUpdate': case 'onConflictDoNothing': case 'onDuplicateKeyUpdate': return { ...state, conflict: this.writes.conflict(name, step, state) };
      case 'ignore': return { ...state, conflict: { target: null, targetWhere: null, action: 'nothing', assignments: [], opaqueAssignments: false, where: null, range: step.at.range as Range } };
      default: return SENDS.test(name) ? { ...state, sent: true } : this.guarded(state, name, step);
    }
  }

  private start(state: State, name: string, step: Called, chain: Chain): State {
    const [first, second] = step.args;
    switch (name) {
      case 'with': return { ...state, ctes: [...state.ctes, ...step.args.flatMap((at) => this.cte(this.session.value(at, step.env), at, state.scope))] };
      case 'select': return { ...state, verb: 'select', fields: first ? { node: first, env: step.env } : null };
      case 'selectDistinct': return { ...state, verb: 'select', distinct: 'all', fields: first ? { node: first, env: step.env } : null };
      case 'selectDistinctOn': return { ...state, verb: 'select', distinct: 'on', fields: second ? { node: second, env: step.env } : null };
      case 'update': case 'delete': case 'insert': {
        const table = first && second === undefined ? namedBy(this.session, this.session.value(first, step.env)) : null;
        if (table?.type !== 'table' || !this.isTableWrite(name, table, chain)) return { ...state, sent: true };
        const scope = state.scope.copy();
        return { ...state, verb: name, scope, target: this.reference(table, first!.range as Range, scope, step, chain) };
      }
      case '$count': {
        if (!first) return state;
        const scope = state.scope.copy(), from = this.relation(first, step, chain, scope, 'select');
        return from ? { ...state, verb: 'count', scope, from, where: second ? this.conditions.read(this.session.value(second, step.env), second, scope) : null, filtered: true, sent: true } : state;
      }
      default: return state;
    }
  }

  /** `cache.delete(users)`, `items.insert(users)`: of other things than a database only what goes on like Drizzle's builders is taken for one. */
  private isTableWrite(name: string, table: Named & { type: 'table' }, chain: Chain): boolean {
    const calls = stepsOf(chain).filter(isCalled).map((step) => step.name);
    if (name === 'update') return calls.includes('set');
    if (name === 'insert') return calls.includes('values') || calls.includes('select');
    return table.facts !== null || calls.includes('where');
  }

  private joined(state: State, kind: Join['kind'], lateral: boolean, step: Called, chain: Chain): State {
    const [first, second] = step.args, scope = state.scope.copy();
    const right = this.relation(first!, step, chain, scope, 'select', lateral ? state.scope : null);
    if (!right) return state;
    const on = second ? this.conditions.read(this.session.value(second, step.env), second, scope) : null;
    const left = state.from ?? null;
    if (!left) return { ...state, scope, from: right };
    return { ...state, scope, joins: state.joins + 1, from: { type: 'join', kind, natural: false, left, right, on, using: null, opaque: false, range: [left.range[0], Math.max(left.range[1], (second ?? first!).range[1])] } };
  }

  /** What stands in FROM or JOIN. Null where it cannot be Drizzle's: a string. */
  private relation(node: Node, step: Called, whole: Chain, scope: Scope, as: 'select' | 'other', lateral: Scope | null = null): Relation | null {
    const value = this.session.value(node, step.env), range = node.range as Range;
    if (value.type === 'fork') return { type: 'opaque-relation', alias: null, range };
    const table = namedBy(this.session, value);
    switch (table?.type) {
      case 'table': return this.reference(table, range, scope, step, whole);
      case 'cte': {
        const ref = this.session.table(table.name, range);
        scope.add(table.key, { ref: null, qualifier: table.name, facts: null });
        return ref;
      }
      case 'query': {
        const chain = this.session.chain(value), query = this.derived(table, lateral ?? scope.outer);
        if (chain) this.session.consume(chain);
        scope.add(table.key, { ref: null, qualifier: table.alias, facts: null });
        return query ? { type: 'derived', query, alias: table.alias, columns: null, lateral: lateral !== null, range } : { type: 'opaque-relation', alias: table.alias, range };
      }
    }
    if (value.type === 'text' && !value.sql) return null;
    if (value.type !== 'unknown' && value.type !== 'text' && as === 'select') return null;
    return { type: 'opaque-relation', alias: null, range };
  }

  private reference(table: Named & { type: 'table' }, range: Range, scope: Scope, step: Called, chain: Chain): TableRef {
    const ref = this.session.table(table.name, range, { schema: table.schema, alias: table.alias });
    const entry = { ref, qualifier: table.alias ?? table.name, facts: table.facts };
    scope.add(table.key, entry);
    if (table.facts) this.edits.place(ref, { type: 'builder', chain, step, facts: table.facts });
    return ref;
  }

  private derived(table: Named & { type: 'query' }, scope: Scope | null): Query | null {
    if (table.chain) return this.read(table.chain, scope)?.query ?? null;
    const [callback] = table.callback?.args ?? [];
    return callback ? this.callbackQuery(this.session.value(callback, table.callback!.env), callback, scope) : null;
  }

  /** A query, or a callback that makes one from a builder that it is given; opaque where neither can be seen. */
  private argumentQuery(step: Called, node: Node, scope: Scope | null): Query {
    return this.callbackQuery(this.session.value(node, step.env), node, scope) ?? { type: 'opaque-query', ctes: [], range: node.range as Range };
  }

  private callbackQuery(value: Value, node: Node, scope: Scope | null): Query | null {
    const made = value.type === 'function' ? this.session.apply(value, [this.session.given(BUILDER, node)], node) : value;
    return made && this.subquery(made, scope ?? new Scope());
  }

  private cte(value: Value, node: Node, scope: Scope): Cte[] {
    const found = namedBy(this.session, value), [body] = found?.type === 'cte' ? found.as.args : [];
    if (found?.type !== 'cte' || !body) return [];
    const chain = this.session.chain(value);
    if (chain) this.session.consume(chain);
    const query = this.callbackQuery(this.session.value(body, found.as.env), body, scope) ?? this.writing(this.session.value(body, found.as.env));
    return [{ name: found.name, columns: null, query: query ?? { type: 'opaque-query', ctes: [], range: body.range as Range }, recursive: false, range: node.range as Range }];
  }

  private writing(value: Value): Query | null {
    const chain = chainOf(value);
    return chain ? this.read(chain, null)?.query ?? null : null;
  }

  private scalars(step: Called, scope: Scope): Expr[] {
    return step.args.map((at) => (at.type === 'SpreadElement' ? opaque(at.range as Range) : this.conditions.scalar(this.session.value(at, step.env), at, scope)));
  }

  /** A method of the project's own that the manifest declares as a filter. */
  private guarded(state: State, name: string, step: Called): State {
    const guard = guardNamed(this.session, 'chain', name), entry = state.scope.own.find(({ ref, facts }) => ref && (guard?.table === undefined || facts === this.session.facts(guard.table)));
    if (!guard || !entry?.ref || !entry.facts) return state;
    const range = step.node.range as Range;
    return { ...state, where: and([state.where, rowsOf(guard.yields, entry.ref, entry.facts, range)], range), filtered: true };
  }

  /** `liveUsers(db).limit(10)`, where the manifest declares `liveUsers` as a query. */
  private guardedSource(chain: Chain, outer: Scope | null): Built | null {
    const steps = certainSteps(chain), index = steps.findIndex((step, i) => isCalled(step) && guardNamed(this.session, 'query-source', functionName(this.session, chain, i) ?? '', chain.root.type === 'node' ? chain.root.node : null));
    const step = steps[index];
    if (!step || !isCalled(step)) return null;
    const guard = guardNamed(this.session, 'query-source', functionName(this.session, chain, index) ?? '', chain.root.type === 'node' ? chain.root.node : null)!;
    const facts = guard.table === undefined ? null : this.session.facts(guard.table), range = step.node.range as Range;
    if (!facts) return null;
    const ref = this.session.table(facts.name, range, { schema: facts.schema }), scope = new Scope(outer), entry = { ref, qualifier: facts.name, facts };
    scope.add(`table ${fold(facts.name)}`, entry);
    const end = foldSteps(chain.steps.slice(index + 1), { ...emptyState(outer), verb: 'select', scope, from: ref }, (state, next) => this.step(state, next, chain), merged);
    const rows = guard.yields === 'all' ? null : rowsOf(guard.yields, ref, facts, range), built = this.finished({ ...end, where: and([rows, end.where], range) }, rangeOfChain(chain));
    return built && { ...built, open: true };
  }

  // ------------------------------------------------------------------------------------------- set operations

  /** `union(a, b)` of a dialect's module. */
  private isSetFunction(chain: Chain): boolean {
    const name = functionName(this.session, chain, 0), root = chain.root.type === 'node' ? this.session.origin(chain.root.node) : null;
    return name !== null && SET_OPERATION.test(name) && root !== null && /drizzle/.test(root.module);
  }

  private setFunction(chain: Chain, outer: Scope | null): Built | null {
    const [step, ...others] = chain.steps, range = rangeOfChain(chain);
    if (step?.type !== 'step' || !isCalled(step) || step.args.length < 2) return null;
    const operator = SET_OPERATION.exec(functionName(this.session, chain, 0)!)![1] as SetOperation['operator'];
    const [first, ...rest] = step.args.map((at) => this.argumentQuery(step, at, outer));
    const limited = others.some((item) => item.type === 'step' && (item.name === 'limit' || item.name === 'offset'));
    return { query: united(first!, rest.map((query) => ({ operator, query })), limited, range), open: false, sent: false, scope: new Scope(outer) };
  }

  // ------------------------------------------------------------------------------------------- finished statements

  private finished(state: State, range: Range | null): Built | null {
    if (!range) return null;
    const { ctes, scope, where, target, from } = state, returning = state.returning ? [{ type: 'star' as const, qualifier: null, range }] : [];
    const built = (query: Query): Built => ({ query, open: state.dynamic || (!state.filtered && state.verb !== 'insert'), sent: state.sent, scope });
    switch (state.verb) {
      case 'select': case 'count': {
        if (!from) return null;
        const output = state.verb === 'count' ? [{ type: 'expr' as const, expr: aggregate('count', [], range), name: 'count' }] : this.selectList.output(state, range);
        const block = select({ range, from: [from], where, groupBy: state.groupBy, having: state.having, orderBy: state.orderBy, limited: state.limited, distinct: state.distinct, output });
        if (state.arms.length === 0) return built({ ...block, ctes });
        return { ...built({ ...united(block, state.arms, state.cut, range), ctes }), open: state.dynamic };
      }
      case 'update': {
        const { assignments, opaqueAssignments } = this.writes.assignments(state.assigned, state);
        return built({ type: 'update', ctes, target: target!, targetInFrom: false, from: from ? [from] : [], assignments, opaqueAssignments, where, returning, opaqueFilters: [], range });
      }
      case 'delete': return built({ type: 'delete', ctes, target: target!, targetInFrom: false, from: from ? [from] : [], where, returning, opaqueFilters: [], range });
      case 'insert': {
        const insert: Insert = { type: 'insert', ctes, target: target!, columns: null, source: state.source, conflict: state.conflict, returning, range };
        return built(insert);
      }
      default: return null;
    }
  }
}

/** The builder that a callback gets. */
const BUILDER: object = { builder: 'drizzle-orm' };

function united(first: Query, arms: State['arms'], limited: boolean, range: Range): Query {
  return arms.reduce<Query>((left, { operator, query }, i) => ({ type: 'set-operation', ctes: [], operator, left, right: query, limited: limited && i === arms.length - 1, orderBy: [], range }), first);
}

/** From the first member to the last call. */
function rangeOfChain(chain: Chain): Range {
  const nodes = stepsOf(chain).map((step) => step.node);
  return [Math.min(...nodes.map(({ range }) => range[0])), Math.max(...nodes.map(({ range }) => range[1]))];
}

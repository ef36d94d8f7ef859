/** Kysely's query builders: the steps of a chain folded into a state, each step by the module that reads what it is given. */
import type { Assignment, Conflict, Expr, MergeBranch, Query, Range, TableRef } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Chain, ChainItem, Step, Value } from '../../source/values.js';
import { isCalled, stepsOf, type Called } from '../chains.js';
import { choice, not, opaque } from '../expressions.js';
import { guardNamed } from '../guards.js';
import type { Session } from '../session.js';
import { joined, type Condition } from './conditions.js';
import { Expressions } from './expressions.js';
import { conflict, Inserts } from './inserts.js';
import type { ConflictPlace, Frame, Place } from './places.js';
import { EXECUTES, VERBS } from './queries.js';
import { Relations } from './relations.js';
import { SelectList } from './select-list.js';
import { EMPTY, merged, tablesOf, unseen, type State } from './state.js';
import { opaqueQuery, setOperation, statementOf } from './statements.js';
import { Subqueries } from './subqueries.js';
import { Updates } from './updates.js';

/** Queries that are neither built further nor run: at most so many ways that a chain may go are kept apart. */
const MAX_WAYS = 4;

/** Steps that change nothing that matters here. */
const SAME = /^(?:\$castTo|\$narrowType|\$assertType|\$notNull|\$asTuple|\$asScalar|\$pickSelect|\$omitSelect|asNode|toOperationNode|forUpdate|forShare|forKeyShare|forNoKeyUpdate|skipLocked|noWait|modifyFront|modifyEnd|withPlugin|withoutPlugins|withTables|onReference|output|outputAll|for[A-Z]\w*|identity|materialized|notMaterialized|clearOrderBy|clearReturning|outputInserted|qualify)$/;
const JOIN = /^(inner|left|right|full|cross|outer)(?:Join(?:Lateral)?|Apply)$/;
const SET_OPERATION = /^(union|intersect|except)(?:All)?$/;
const MERGE_WHEN: Readonly<Record<string, MergeBranch['when']>> = { whenMatched: 'matched', whenNotMatched: 'not-matched', whenNotMatchedBySource: 'not-matched-by-source' };

export class QueryReader {
  readonly expressions: Expressions;
  readonly places = new Map<TableRef, Place>();
  /** The calls that made a condition, for edits. */
  readonly filters = new Map<Expr, { readonly step: Called; readonly frame: Frame }>();
  readonly conflicts: ReadonlyMap<Conflict, ConflictPlace>;
  private readonly relations: Relations;
  private readonly subqueries: Subqueries;
  private readonly selectList: SelectList;
  private readonly updates: Updates;
  private readonly inserts: Inserts;
  /** The frame of the query that is being read; null inside of what only some runs do. */
  private frame: { steps: Called[]; loose: Called[] } = { steps: [], loose: [] };
  private certain = true;

  constructor(readonly session: Session) {
    const queryOf = (chain: Chain): Query => this.query(chain);
    const expressions = new Expressions(session, queryOf);
    this.expressions = expressions;
    this.relations = new Relations(session, expressions, queryOf, (ref, step, how) => {
      if (this.certain) this.places.set(ref, { step, how, frame: this.frame });
    });
    this.subqueries = new Subqueries(session, expressions);
    this.selectList = new SelectList(session, expressions);
    this.updates = new Updates(session, expressions);
    this.inserts = new Inserts(session, expressions, this.subqueries, this.updates);
    this.conflicts = this.inserts.conflicts;
  }

  // ------------------------------------------------------------------------------------------- queries

  /** The query of a chain that stands inside another one. */
  query(chain: Chain): Query {
    this.session.consume(chain);
    const range = rangeOf(chain), queries = this.states(chain).map((state) => statementOf(state, range)).filter((query) => query !== null);
    return queries.length === 0 ? opaqueQuery(range) : queries.reduce((left, right) => setOperation('union', left, right, range));
  }

  /** The ways that a chain's query may be built. */
  states(chain: Chain): readonly State[] {
    const { frame, certain } = this, { tables } = this.expressions;
    this.frame = { steps: [], loose: [] };
    this.certain = true;
    try {
      return this.fold(chain.steps, [EMPTY]);
    } finally {
      this.frame = frame;
      this.certain = certain;
      this.expressions.tables = tables;
    }
  }

  private fold(items: readonly ChainItem[], states: readonly State[]): readonly State[] {
    for (const item of items) {
      if (item.type === 'step') states = states.map((state) => this.step(state, item));
      else {
        const { certain } = this;
        this.certain = false;
        states = states.flatMap((state) => merged(state, item.options.flatMap((option) => this.fold(option, [state])))).slice(0, MAX_WAYS);
        this.certain = certain;
      }
    }
    return states;
  }

  /** What a callback of the query's own makes of it: `$call(fn)`, `$if(condition, fn)`; null where that cannot be seen. */
  private applied(state: State, value: Value, node: Node): State | null {
    const key = { what: 'a query of Kysely' };
    const made = this.session.apply(value, [this.session.given(key, node)], node), chain = made && this.session.chain(made);
    if (chain?.root.type !== 'given' || chain.root.given !== key) return null;
    // Other queries may be given to the callback as well: it is no place for edits.
    const { certain } = this;
    this.certain = false;
    const ways = merged(state, this.fold(chain.steps, [state]));
    this.certain = certain;
    return ways.length === 1 ? ways[0]! : null;
  }

  // ------------------------------------------------------------------------------------------- steps

  private step(state: State, step: Step): State {
    // Builders are never changed: what is called for itself alone is lost.
    if (!isCalled(step) || state.executed || step.detached) return state;
    const { name } = step;
    if (name === '' || name === null) return state.verb === null ? state : unseen(state, step);
    if (this.certain && state.verb !== null) this.frame.steps.push(step);
    if (state.verb === null) return this.begun(state, name, step);
    this.expressions.tables = tablesOf(state);
    if (EXECUTES.test(name)) return { ...state, executed: true };
    if (SAME.test(name)) return state;
    return this.shared(state, name, step) ?? this.own(state, name, step) ?? this.guarded(state, name, step);
  }

  /** Steps of a query creator, up to the verb. */
  private begun(state: State, name: string, step: Called): State {
    const { args: [first], env } = step;
    switch (name) {
      case 'with': case 'withRecursive': return this.subqueries.withCte(state, step, name === 'withRecursive');
      case 'withSchema': return { ...state, schema: (first && this.session.string(this.session.value(first, env))) ?? null };
    }
    if (!VERBS.has(name)) return state;
    this.frame.steps.push(step);
    const relations = first ? this.relations.at(state, first, step, 'from') : [];
    const targets = relations.filter((relation): relation is TableRef => relation.type === 'table');
    switch (name) {
      case 'selectFrom': return { ...state, verb: 'select', from: relations };
      case 'selectNoFrom': return { ...state, verb: 'select', output: first ? this.selectList.outputs(this.session.value(first, env), first) : [] };
      // MySQL updates one of several tables by a condition between them.
      case 'updateTable': return { ...state, verb: 'update', targets: targets.slice(0, 1), from: relations.filter((relation) => relation !== targets[0]) };
      case 'deleteFrom': return { ...state, verb: 'delete', targets };
      case 'mergeInto': return { ...state, verb: 'merge', targets };
      default: return { ...state, verb: 'insert', targets, conflict: name === 'replaceInto' ? conflict('replace', step.node.range as Range) : null };
    }
  }

  /** Steps that all queries have in common; null for any other. */
  private shared(state: State, name: string, step: Called): State | null {
    const { args: [first, second], env, node } = step, range = node.range as Range;
    const join = JOIN.exec(name);
    if (join) return this.relations.joined(state, step, join[1] as 'inner', /Lateral|Apply/.test(name));
    switch (name) {
      case 'where': case 'whereRef': return this.filtered(state, step, this.expressions.condition(step, name === 'whereRef'));
      case 'clearWhere': return { ...state, where: [] };
      // Before 0.26 there were these; what they add stands in no parentheses.
      case 'orWhere': case 'orWhereRef': {
        const before = joined(state.where, range), { expr } = this.expressions.condition(step, name === 'orWhereRef');
        return before ? { ...state, where: [{ expr: { type: 'or', operands: [before, expr], range }, loose: true }] } : this.filtered(state, step, { expr, loose: false });
      }
      case 'whereExists': case 'whereNotExists': {
        const made = first ? this.expressions.existing(this.session.value(first, env), first) : opaque(range);
        return this.filtered(state, step, { expr: name === 'whereExists' ? made : not(made, range), loose: false });
      }
      case '$call': {
        if (!first) return state;
        const value = this.session.value(first, env);
        return this.applied(state, value, first) ?? this.modified(state, first, step) ?? unseen(state, step);
      }
      case '$if': {
        if (!first || !second) return state;
        const truth = this.session.source.evaluator.conditions.truth(first, env);
        if (truth === false) return state;
        const then = this.applied(state, this.session.value(second, env), second) ?? this.modified(state, second, step);
        if (!then) return { ...state, where: [...state.where, { expr: choice([opaque(range), null], range)!, loose: false }] };
        return truth ? then : merged(state, [then, state])[0]!;
      }
      case 'limit': case 'offset': case 'top': case 'fetch': return { ...state, limited: true };
      case 'clearLimit': case 'clearOffset': return { ...state, limited: false };
      case 'orderBy': return { ...state, orderBy: [...state.orderBy, ...this.selectList.sorted(first, env)] };
      case 'as': return { ...state, alias: (first && this.session.string(this.session.value(first, env))) ?? null };
      case 'with': case 'withRecursive': return this.subqueries.withCte(state, step, name === 'withRecursive');
      case 'returning': return { ...state, output: [...state.output, ...(first ? this.selectList.outputs(this.session.value(first, env), first) : [])] };
      case 'returningAll': return { ...state, output: [...state.output, ...this.selectList.stars(first, env, range)] };
      default: return null;
    }
  }

  private filtered(state: State, step: Called, condition: Condition): State {
    if (this.certain) this.filters.set(condition.expr, { step, frame: this.frame });
    if (condition.loose) this.frame.loose.push(step);
    return { ...state, where: [...state.where, condition] };
  }

  /** A modifier that the manifest declares. */
  private modified(state: State, argument: Node, step: Called): State | null {
    const at = unwrap(argument), callee = at.type === 'CallExpression' ? unwrap(at.callee) : at;
    const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : null;
    const guard = name === null ? null : guardNamed(this.session, 'modifier', name, callee);
    const rows = guard && this.expressions.rows(guard, null);
    return rows ? this.filtered(state, step, { expr: rows, loose: false }) : null;
  }

  /** A method that Kysely does not have: the project's own. */
  private guarded(state: State, name: string, step: Called): State {
    const guard = guardNamed(this.session, 'chain', name), rows = guard && this.expressions.rows(guard, step);
    return rows ? this.filtered(state, step, { expr: rows, loose: false }) : unseen(state, step);
  }

  /** Steps of one kind of query; null for any other. */
  private own(state: State, name: string, step: Called): State | null {
    switch (state.verb) {
      case 'select': return this.selectStep(state, name, step);
      case 'update': case 'delete': return this.writeStep(state, name, step);
      case 'insert': return this.inserts.step(state, name, step);
      case 'merge': return this.mergeStep(state, name, step);
      case null: return null;
    }
  }

  private selectStep(state: State, name: string, step: Called): State | null {
    const { args: [first], env, node } = step, range = node.range as Range;
    const operation = SET_OPERATION.exec(name);
    if (operation) return { ...state, sets: [...state.sets, ...this.subqueries.arms(first, env, operation[1] as 'union')] };
    switch (name) {
      case 'select': return { ...state, output: [...state.output, ...(first ? this.selectList.outputs(this.session.value(first, env), first) : [])] };
      case 'selectAll': return { ...state, output: [...state.output, ...this.selectList.stars(first, env, range)] };
      case 'clearSelect': return { ...state, output: [] };
      case 'distinct': return { ...state, distinct: 'all' };
      case 'distinctOn': return { ...state, distinct: 'on' };
      case 'groupBy': return { ...state, groupBy: [...state.groupBy, ...this.selectList.ordered(first, env)] };
      case 'clearGroupBy': return { ...state, groupBy: [] };
      case 'having': case 'havingRef': return { ...state, having: [...state.having, this.expressions.condition(step, name === 'havingRef')] };
      default: return null;
    }
  }

  private writeStep(state: State, name: string, step: Called): State | null {
    const { args: [first] } = step;
    switch (name) {
      case 'set': return this.updates.set(state, step);
      case 'from': case 'using': return { ...state, from: [...state.from, ...(first ? this.relations.at(state, first, step, 'join') : [])] };
      default: return null;
    }
  }

  private mergeStep(state: State, name: string, step: Called): State | null {
    const { args: [first], node, env } = step, range = node.range as Range;
    const branch = (action: MergeBranch['action'], assignments: readonly Assignment[] = []): State =>
      ({ ...state, pending: null, branches: [...state.branches, { ...(state.pending ?? { when: 'matched', condition: null }), action, assignments, range: [step.at.range[0], range[1]] }] });
    switch (name) {
      case 'using': {
        const joinedTo = this.relations.joined({ ...state, joins: [] }, step, 'inner', false).joins[0];
        return joinedTo ? { ...state, from: [joinedTo.right], mergeOn: joinedTo.on } : unseen(state, step);
      }
      case 'whenMatched': case 'whenNotMatched': case 'whenNotMatchedBySource': return { ...state, pending: { when: MERGE_WHEN[name]!, condition: null } };
      case 'whenMatchedAnd': case 'whenNotMatchedAnd': case 'whenNotMatchedBySourceAnd': case 'whenMatchedAndRef': case 'whenNotMatchedAndRef': case 'whenNotMatchedBySourceAndRef':
        return { ...state, pending: { when: MERGE_WHEN[name.replace(/And(?:Ref)?$/u, '')]!, condition: this.expressions.condition(step, name.endsWith('Ref')).expr } };
      case 'thenDelete': return branch('delete');
      case 'thenDoNothing': return branch('nothing');
      case 'thenInsertValues': return branch('insert');
      case 'thenUpdateSet': return branch('update', this.updates.set({ ...EMPTY, verb: 'update' }, step).assignments);
      case 'thenUpdate': {
        const updated = first && this.applied({ ...EMPTY, verb: 'update' }, this.session.value(first, env), first);
        return branch('update', updated ? updated.assignments : []);
      }
      default: return null;
    }
  }
}

/** One end of a chain's last call. */
export function rangeOf(chain: Chain): Range {
  return (stepsOf(chain).at(-1)?.node.range ?? [0, 0]) as Range;
}

/**
 * The calls of a Knex builder, one after the other, into its state: each method goes to the module that reads its arguments.
 * Objection's builder is one with more methods (`lib/orm/objection`).
 */
import type { Expr, Query, Range, Relation, TableRef } from '../../model/query.js';
import { lastName, unwrap, type Node } from '../../source/ast.js';
import type { Chain, FunctionValue, Step } from '../../source/values.js';
import { foldSteps, isCalled, type Called } from '../chains.js';
import { and, opaque } from '../expressions.js';
import { guardNamed, guardedTable, rowsOf } from '../guards.js';
import type { Session } from '../session.js';
import { Arguments, calleeOf, wordsOf, type Argument } from './arguments.js';
import { EMPTY, mergedBuilders, queryOf, rootOf, type Builder, type JoinPart } from './builder.js';
import { stepsInside } from './callbacks.js';
import { added, addedFlat, conditionOf, NO_CLAUSES, type Connective } from './clauses.js';
import { Comparisons } from './comparisons.js';
import { Conditions } from './conditions.js';
import { joinKind, Joins } from './joins.js';
import { Operands, referred } from './operands.js';
import type { Frame, Place } from './places.js';
import { SelectList } from './select-list.js';
import type { Statement, Subquery } from './statement.js';
import { refNamed, Tables } from './tables.js';
import { AGGREGATE, CLIENT, CONDITION, CTE, FOREIGN, JOIN, NEUTRAL, NO_TABLE, RUNS, SET } from './vocabulary.js';
import { Writes } from './writes.js';

export class BuilderReader implements Statement {
  /** Where the references of the statement stand. */
  readonly places = new Map<TableRef, Place>();
  /** The calls that made a condition. */
  readonly made = new Map<Expr, { readonly step: Called; readonly frame: Frame | null }>();
  protected readonly args: Arguments;
  protected readonly operands: Operands;
  protected readonly conditions: Conditions;
  protected readonly writes: Writes;
  private readonly tables: Tables;
  private readonly joins: Joins;
  private readonly selectList: SelectList;
  protected frame: Frame | null = null;
  private depth = 0;

  constructor(readonly session: Session) {
    this.args = new Arguments(session);
    this.tables = new Tables(session, this.args, this);
    this.operands = new Operands(session, this);
    const comparisons = new Comparisons(session, this.operands, this);
    this.conditions = new Conditions(session, this.args, this.operands, comparisons, this);
    this.joins = new Joins({ session, args: this.args, tables: this.tables, operands: this.operands, comparisons, conditions: this.conditions, statement: this });
    this.writes = new Writes(session, this.args, this.operands, this);
    this.selectList = new SelectList(session, this.args, this.operands, this);
  }

  // ------------------------------------------------------------------------------------------- chains

  /** The builder that a chain makes; null where it is no builder of a table. */
  builder(chain: Chain): Builder | null {
    if (chain.root.type === 'given' || hasForeign(chain)) return null;
    const made = this.fold(chain.steps, EMPTY, chain.root.node);
    return made.from.length > 0 && !made.torn ? made : null;
  }

  protected fold(items: Chain['steps'], start: Builder | (() => Builder), at: Node): Builder {
    const outer = this.frame, frame: Frame = { items, root: at, end: null };
    this.frame = frame;
    // What a callback says of its builder is said as a part of this statement.
    this.session.consume({ root: { type: 'node', node: at, env: null }, steps: items });
    try {
      return frame.end = foldSteps(items, typeof start === 'function' ? start() : start, (state, step) => this.step(state, step), (states) => mergedBuilders(states, at.range as Range));
    } finally {
      this.frame = outer;
    }
  }

  /** The builder after one more member or call. */
  protected step(builder: Builder, step: Step): Builder {
    if (builder.done) return builder;
    if (step.awaited) return { ...builder, done: true };
    if (!isCalled(step)) return this.member(builder, step);
    return this.guardedSource(builder, step) ?? this.tableCall(builder, step) ?? this.vocabulary(builder, step);
  }

  private member(builder: Builder, { name }: Step): Builder {
    switch (name) {
      case 'or': case 'and': return builder.from.length > 0 ? { ...builder, connective: name } : builder;
      case 'not': return builder.from.length > 0 ? { ...builder, negated: true } : builder;
      default: return builder;
    }
  }

  // ------------------------------------------------------------------------------------------- tables

  /** `liveUsers(knex)`: a function of the project that returns a query to go on with. */
  private guardedSource(builder: Builder, step: Called): Builder | null {
    if (builder.from.length > 0) return null;
    const callee = calleeOf(step), name = step.name === '' ? lastName(callee) : step.name;
    const guard = name === null ? null : guardNamed(this.session, 'query-source', name, step.name === '' ? unwrap(callee) : null), about = guard && guardedTable(guard, step);
    if (!guard) return null;
    const owner = unwrap(callee), model = owner.type === 'MemberExpression' ? lastName(owner.object) : null;
    const table = about && 'name' in about ? about.name : about ? this.session.string(this.session.value(about.argument, step.env)) : model;
    const facts = table === null ? null : this.session.facts(table);
    if (!facts) return null;
    const ref = this.session.table(facts.name, step.at.range as Range, { schema: facts.schema }), live = guard.yields === 'all' ? null : rowsOf(guard.yields, ref, facts, wordsOf(step));
    const next = this.withFrom({ ...builder, known: builder.known + 1 }, [ref], step);
    return live ? { ...next, where: added(next.where, 'and', live) } : next;
  }

  /** `knex('users')`, `this.database('users as u')`, `trx({ u: 'users' })`. */
  private tableCall(builder: Builder, step: Called): Builder | null {
    if (builder.from.length > 0 || builder.known > 0) return null;
    const [first] = step.args, name = step.name === '' ? lastName(calleeOf(step)) : step.name;
    if (!first || step.args.length > 2 || first.type === 'SpreadElement' || isFunctionNode(first)) return null;
    if (name === null ? step.name !== '' : NO_TABLE.test(name) || isVocabulary(name)) return null;
    const value = this.session.value(first, step.env);
    if (value.type === 'text' && value.sql) return null;
    // `knex({ client: 'pg', connection })` makes the instance.
    if (this.session.entries(value)?.some((entry) => entry.type === 'entry' && /^(?:client|connection|dialect)$/.test(entry.key))) return builder;
    const relations = this.tables.of({ value, node: first }, builder.schema);
    const tables = relations.filter((relation): relation is TableRef => relation.type === 'table');
    if (tables.length === 0 || tables.length < relations.length) return null;
    // Any function may take a text: it has to be a table of the manifest, or the function a client.
    if (!(name !== null && (CLIENT.test(name) || name === '')) && !tables.some((table) => this.session.catalog.table(table.name, table.schema))) return null;
    return this.withFrom(builder, relations, step);
  }

  protected withFrom(builder: Builder, relations: readonly Relation[], step: Step): Builder {
    for (const relation of relations) if (relation.type === 'table') this.placed(relation, step, { kind: 'root' });
    return { ...builder, from: relations };
  }

  private from(builder: Builder, step: Called): Builder {
    return this.withFrom(builder, this.tables.ofArgument(step, 0, builder.schema), step);
  }

  private moved(ref: TableRef, schema: string | null): TableRef {
    const moved = { ...ref, schema: ref.schema ?? schema }, place = this.places.get(ref);
    if (place) this.places.set(moved, place);
    return moved;
  }

  placed(ref: TableRef, step: Step, how: Pick<Place, 'kind' | 'join'>): void {
    this.places.set(ref, { ...how, step, frame: this.frame });
  }

  // ------------------------------------------------------------------------------------------- methods

  /** A method of the builder. */
  protected vocabulary(builder: Builder, step: Called): Builder {
    const name = step.name ?? '';
    const known = { ...builder, known: builder.known + 1 };
    if (JOIN.test(name)) return this.joins.added(known, step, joinKind(name));
    if (CONDITION.test(name)) return this.conditionStep(known, step);
    if (AGGREGATE.test(name) && (builder.from.length > 0 || step.args.length > 0)) return { ...known, output: [...known.output, ...this.selectList.aggregates(step)] };
    if (SET.test(name) && builder.from.length > 0) return { ...known, sets: [...known.sets, ...this.setQueries(step).map((query) => ({ operator: SET.exec(name)![1] as 'union', query }))] };
    if (CTE.test(name)) return this.cte(known, step);
    switch (name) {
      case 'from': case 'table': case 'into': case 'fromJS': return this.from(known, step);
      case 'fromRaw': return this.withFrom(known, this.tables.raw(step), step);
      case 'updateFrom': return { ...known, joins: [...known.joins, ...this.tables.ofArgument(step, 0, builder.schema).map((right): JoinPart => ({ kind: 'cross', right, on: null, using: null, range: step.node.range as Range }))] };
      case 'withSchema': return { ...known, schema: this.args.text(step, 0) ?? builder.schema, from: known.from.map((relation) => (relation.type === 'table' ? this.moved(relation, this.args.text(step, 0)) : relation)) };
      case 'joinRaw': return this.joins.raw(known, step);
      case 'select': case 'columns': case 'column': case 'pluck': return { ...known, output: [...known.output, ...this.selectList.outputs(step)] };
      case 'distinct': return { ...known, distinct: 'all', output: [...known.output, ...this.selectList.outputs(step)] };
      case 'distinctOn': return { ...known, distinct: 'on' };
      case 'first': return { ...known, limited: true, output: [...known.output, ...this.selectList.outputs(step)] };
      case 'limit': case 'offset': return { ...known, limited: true };
      case 'groupBy': return { ...known, groupBy: [...known.groupBy ?? [], ...this.args.of(step).map((argument) => this.operands.column(argument))] };
      case 'groupByRaw': return { ...known, groupBy: [...known.groupBy ?? [], ...this.args.of(step).slice(0, 1).map(({ value, node }) => this.session.sqlExpression(value.type === 'text' ? { ...value, sql: true } : value, node))] };
      case 'as': return { ...known, alias: this.args.text(step, 0) };
      case 'clear': return this.cleared(known, this.args.text(step, 0));
      case 'clearWhere': return { ...known, where: NO_CLAUSES };
      case 'modify': return this.modified(known, step);
      case 'update': return { ...known, write: this.writes.update(step) };
      case 'increment': case 'decrement': return { ...known, write: this.writes.incremented(builder.write, step) };
      case 'insert': case 'upsert': return { ...known, write: this.writes.insert(step, 0) };
      case 'batchInsert': return { ...this.withFrom(known, this.tables.ofArgument(step, 0, builder.schema), step), write: this.writes.insert(step, 1) };
      case 'onConflict': return { ...known, write: this.writes.onConflict(known.write, step) };
      case 'ignore': case 'merge': return known.write?.type === 'insert' ? { ...known, write: this.writes.conflictAction(known.write, step, name) } : builder;
      case 'del': case 'delete': return { ...known, write: { type: 'delete' } };
      case 'truncate': return { ...known, write: { type: 'truncate' } };
    }
    if (NEUTRAL.has(name)) return builder.from.length > 0 ? known : builder;
    if (RUNS.has(name) && builder.from.length > 0) return { ...builder, done: true };
    return this.strange(builder, step);
  }

  /** A method that the builder does not have by itself: a helper of the manifest, or an extension that may do anything. */
  protected strange(builder: Builder, step: Called): Builder {
    if (builder.from.length === 0) return builder;
    const guard = step.name === null ? null : guardNamed(this.session, 'chain', step.name);
    if (guard) {
      const about = guardedTable(guard, step);
      const ref = about && 'name' in about ? refNamed(builder, about.name, this.session) : about ? refNamed(builder, this.session.string(this.session.value(about.argument, step.env)) ?? '', this.session) : rootOf(builder);
      return this.guarded(builder, ref, guard.yields, step) ?? builder;
    }
    return { ...builder, strange: builder.strange + 1, opaqueFilters: [...builder.opaqueFilters, step.node.range as Range] };
  }

  /** The builder whose reference shows live rows alone, or dead ones; null for a table without tombstones. */
  protected guarded(builder: Builder, ref: TableRef | null, yields: 'live' | 'dead', step: Step): Builder | null {
    const facts = ref && this.session.catalog.table(ref.name, ref.schema);
    const condition = ref && facts ? rowsOf(yields, ref, facts, wordsOf(step)) : null;
    return condition && { ...builder, known: builder.known + 1, where: added(builder.where, builder.connective ?? 'and', condition) };
  }

  private cleared(builder: Builder, what: string | null): Builder {
    switch (what) {
      case 'where': return { ...builder, where: NO_CLAUSES };
      case 'having': return { ...builder, having: NO_CLAUSES };
      case 'select': case 'columns': case 'counters': return { ...builder, output: [] };
      case 'group': return { ...builder, groupBy: null };
      case 'union': return { ...builder, sets: [] };
      case 'join': return { ...builder, joins: [] };
      case 'with': return { ...builder, ctes: [] };
      case 'limit': case 'offset': return { ...builder, limited: false };
      case null: return { ...builder, opaqueFilters: [...builder.opaqueFilters] };
      default: return builder;
    }
  }

  // ------------------------------------------------------------------------------------------- conditions

  private conditionStep(builder: Builder, step: Called): Builder {
    const match = CONDITION.exec(step.name!)!, having = /^having$/i.test(match[2]!);
    const connective: Connective = match[1] === 'or' ? 'or' : builder.connective ?? 'and';
    const { condition, flat } = this.conditions.of(step, builder.negated, builder);
    const next = { ...builder, connective: null, negated: false };
    if (!condition) return next;
    this.made.set(condition, { step, frame: this.frame });
    const clauses = (flat ? addedFlat : added)(having ? builder.having : builder.where, connective, condition);
    return having ? { ...next, having: clauses } : { ...next, where: clauses };
  }

  /** The conditions that a callback collects, in parentheses; null for none. */
  group(fn: FunctionValue, builder: Builder): Expr | null {
    if (this.depth > 12) return opaque(fn.node.range as Range);
    this.depth++;
    const made = this.fold(stepsInside(fn, this.session), { ...EMPTY, from: builder.from.length > 0 ? builder.from : [this.session.table('', fn.node.range as Range)] }, fn.node);
    this.depth--;
    const range = fn.node.range as Range, condition = conditionOf(made.where, range);
    return made.opaqueFilters.length > 0 ? and([condition, opaque(range)], range) : condition;
  }

  referred(argument: Argument): Expr | null {
    return referred(argument, this.session);
  }

  // ------------------------------------------------------------------------------------------- modifiers

  protected modified(builder: Builder, step: Called): Builder {
    const [first] = this.args.of(step);
    if (!first) return builder;
    const range = step.node.range as Range;
    if (first.value.type === 'function') return this.fold(stepsInside(first.value, this.session, 0, { nodes: step.args, env: step.env }), builder, step.node);
    if (first.value.type === 'list') return first.value.items.reduce<Builder>((state, item) => (item.type === 'item' ? this.modifiedBy(state, { value: item.value, node: first.node }, step) : { ...state, opaqueFilters: [...state.opaqueFilters, range] }), builder);
    return this.modifiedBy(builder, first, step);
  }

  /** A modifier by its name, or by a function that stands in another file. */
  protected modifiedBy(builder: Builder, { value, node }: Argument, step: Step): Builder {
    const name = this.session.string(value) ?? lastName(node);
    const guard = name === null ? null : guardNamed(this.session, 'modifier', name, value.type === 'text' ? null : unwrap(node));
    const ref = guard && (guard.table === undefined ? rootOf(builder) : refNamed(builder, guard.table, this.session));
    return (guard && this.guarded(builder, ref, guard.yields, step)) ?? { ...builder, opaqueFilters: [...builder.opaqueFilters, node.range as Range] };
  }

  // ------------------------------------------------------------------------------------------- queries in queries

  /** The query that an argument is: a callback, a builder; null where it is none. */
  queryIn({ value, node }: Argument): Subquery | null {
    if (this.depth > 12) return null;
    this.depth++;
    try {
      return this.subquery({ value, node });
    } finally {
      this.depth--;
    }
  }

  private subquery({ value, node }: Argument): Subquery | null {
    const range = node.range as Range;
    if (value.type === 'function') {
      const made = this.fold(stepsInside(value, this.session), EMPTY, value.node);
      const returned = made.from.length > 0 ? null : this.session.apply(value, [], node);
      if (returned && returned.type === 'unknown') return this.subquery({ value: returned, node });
      return made.from.length > 0 && !made.torn ? { query: queryOf(made, range), alias: made.alias } : null;
    }
    const chain = value.type === 'unknown' || value.type === 'fork' ? this.session.chain(value) : null;
    if (!chain || chain.steps.length === 0) return null;
    const builder = this.chained(chain);
    if (!builder) return null;
    this.session.consume(chain);
    return { query: queryOf(builder, range), alias: builder.alias };
  }

  /** The builder of a chain that stands inside a statement. */
  protected chained(chain: Chain): Builder | null {
    const builder = this.builder(chain);
    return builder && !builder.done ? builder : null;
  }

  private setQueries(step: Called): Query[] {
    const flat = this.args.of(step).flatMap(({ value, node }): Argument[] => (value.type === 'list' ? value.items.flatMap((item) => (item.type === 'item' ? [{ value: item.value, node }] : [])) : [{ value, node }]));
    return flat.filter(({ value }) => value.type !== 'constant').map((argument): Query => this.queryIn(argument)?.query ?? this.session.sqlQuery(argument.value, argument.node) ?? { type: 'opaque-query', ctes: [], range: argument.node.range as Range });
  }

  private cte(builder: Builder, step: Called): Builder {
    const args = this.args.of(step), name = this.args.text(step, 0), columns = args.length > 2 ? args[1] : undefined, source = args.at(-1);
    if (name === null || !source || args.length < 2) return builder;
    const query = this.queryIn(source)?.query ?? this.session.sqlQuery(source.value, source.node) ?? { type: 'opaque-query' as const, ctes: [], range: source.node.range as Range };
    return { ...builder, ctes: [...builder.ctes, { name, columns: columns ? this.args.strings(columns.value) : null, query, recursive: /Recursive/.test(step.name!), range: step.node.range as Range }] };
  }
}

function isFunctionNode(node: Node): boolean {
  return node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';
}

function isVocabulary(name: string): boolean {
  return JOIN.test(name) || CONDITION.test(name) || AGGREGATE.test(name) || SET.test(name) || CTE.test(name) || NEUTRAL.has(name) || RUNS.has(name)
    || /^(?:from|table|into|fromRaw|select|columns?|pluck|distinct(?:On)?|first|limit|offset|groupBy(?:Raw)?|clear\w*|modify|update|increment|decrement|insert|upsert|batchInsert|onConflict|ignore|merge|del|delete|truncate|updateFrom|joinRaw)$/.test(name);
}

/** Does a chain, in any of its ways, call a method that another library's builders have? */
export function hasForeign(chain: Chain): boolean {
  const foreign = (items: Chain['steps']): boolean => items.some((item) => (item.type === 'step' ? item.args !== null && item.name !== null && FOREIGN.test(item.name) && !item.awaited : item.options.some(foreign)));
  return foreign(chain.steps);
}

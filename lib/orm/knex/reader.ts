/** The calls of a Knex builder, one after the other, into its state. Objection's builder is one with more methods (`lib/orm/objection`). */
import type { TableFacts } from '../../manifest/catalog.js';
import type { Assignment, ComparisonOperator, Conflict, Expr, Join, OutputColumn, Query, Range, Relation, TableRef } from '../../model/query.js';
import { calledName, lastName, unwrap, type Node } from '../../source/ast.js';
import { computed, type Part } from '../../source/parts.js';
import type { Chain, FunctionValue, Step, Value } from '../../source/values.js';
import { foldSteps, isCalled, type Called } from '../chains.js';
import { conditionsOf } from '../conditions.js';
import { aggregate, and, choice, comparison, inList, isNull, literal, named, not, opaque, operation, parameter, time } from '../expressions.js';
import { guardNamed, guardedTable, rowsOf } from '../guards.js';
import type { Session } from '../session.js';
import { added, addedFlat, conditionOf, merged, NO_CLAUSES, type Clauses, type Connective } from './clauses.js';
import { EMPTY, mergedBuilders, queryOf, rootOf, type Builder, type JoinPart, type Write } from './builder.js';
import { stepsInside } from './callbacks.js';
import { AGGREGATE, CLIENT, CONDITION, CTE, FOREIGN, JOIN, NEUTRAL, NO_TABLE, ON, RUNS, SET } from './vocabulary.js';

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=', '==': '=', '===': '=', '<>': '<>', '!=': '<>', '!==': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=', 'is distinct from': 'is-distinct', 'is not distinct from': 'is-not-distinct', '<=>': 'is-not-distinct',
};

/** The calls of one builder, and what they made of it. */
export interface Frame {
  readonly items: Chain['steps'];
  /** What the calls begin with. */
  readonly root: Node;
  /** Null until every call is read. */
  end: Builder | null;
}

/** Where a reference came into a statement. */
export interface Place {
  readonly kind: 'root' | 'join' | 'include';
  readonly step: Step;
  /** Null where no call that the file shows can be added to. */
  readonly frame: Frame | null;
  readonly join?: Join['kind'];
  /** `include`: the path of relations by which it is fetched. */
  readonly path?: string;
}

/** An argument: its value and its expression. */
export interface Argument {
  readonly value: Value;
  readonly node: Node;
}

export class BuilderReader {
  /** Where the references of the statement stand. */
  readonly places = new Map<TableRef, Place>();
  /** The calls that made a condition. */
  readonly made = new Map<Expr, { readonly step: Called; readonly frame: Frame | null }>();
  protected frame: Frame | null = null;
  private depth = 0;

  constructor(readonly session: Session) {}

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

  private member(builder: Builder, { name }: Step): Builder {
    switch (name) {
      case 'or': case 'and': return builder.from.length > 0 ? { ...builder, connective: name } : builder;
      case 'not': return builder.from.length > 0 ? { ...builder, negated: true } : builder;
      default: return builder;
    }
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
    const relations = this.relations({ value, node: first }, builder, step);
    const tables = relations.filter((relation): relation is TableRef => relation.type === 'table');
    if (tables.length === 0 || tables.length < relations.length) return null;
    // Any function may take a text: it has to be a table of the manifest, or the function a client.
    if (!(name !== null && (CLIENT.test(name) || name === '')) && !tables.some((table) => this.session.catalog.table(table.name, table.schema))) return null;
    return this.withFrom(builder, relations, step);
  }

  protected withFrom(builder: Builder, relations: readonly Relation[], step: Step): Builder {
    for (const relation of relations) if (relation.type === 'table') this.places.set(relation, { kind: 'root', step, frame: this.frame });
    return { ...builder, from: relations };
  }

  /** A method of the builder. */
  protected vocabulary(builder: Builder, step: Called): Builder {
    const name = step.name ?? '';
    const known = { ...builder, known: builder.known + 1 };
    if (JOIN.test(name)) return this.join(known, step, joinKind(name));
    if (CONDITION.test(name)) return this.conditionStep(known, step);
    if (AGGREGATE.test(name) && (builder.from.length > 0 || step.args.length > 0)) return { ...known, output: [...known.output, ...this.aggregates(step)] };
    if (SET.test(name) && builder.from.length > 0) return { ...known, sets: [...known.sets, ...this.setQueries(step).map((query) => ({ operator: SET.exec(name)![1] as 'union', query }))] };
    if (CTE.test(name)) return this.cte(known, step);
    switch (name) {
      case 'from': case 'table': case 'into': case 'fromJS': return this.from(known, step);
      case 'fromRaw': return this.withFrom(known, this.rawRelations(step), step);
      case 'updateFrom': return { ...known, joins: [...known.joins, ...this.argumentRelations(step, 0, builder).map((right): JoinPart => ({ kind: 'cross', right, on: null, using: null, range: step.node.range as Range }))] };
      case 'withSchema': return { ...known, schema: this.text(step, 0) ?? builder.schema, from: known.from.map((relation) => (relation.type === 'table' ? this.moved(relation, this.text(step, 0)) : relation)) };
      case 'joinRaw': return this.joinRaw(known, step);
      case 'select': case 'columns': case 'column': case 'pluck': return { ...known, output: [...known.output, ...this.outputs(step)] };
      case 'distinct': return { ...known, distinct: 'all', output: [...known.output, ...this.outputs(step)] };
      case 'distinctOn': return { ...known, distinct: 'on' };
      case 'first': return { ...known, limited: true, output: [...known.output, ...this.outputs(step)] };
      case 'limit': case 'offset': return { ...known, limited: true };
      case 'groupBy': return { ...known, groupBy: [...known.groupBy ?? [], ...this.arguments(step).map((argument) => this.columnOf(argument))] };
      case 'groupByRaw': return { ...known, groupBy: [...known.groupBy ?? [], ...this.arguments(step).slice(0, 1).map(({ value, node }) => this.session.sqlExpression(value.type === 'text' ? { ...value, sql: true } : value, node))] };
      case 'as': return { ...known, alias: this.text(step, 0) };
      case 'clear': return this.cleared(known, this.text(step, 0));
      case 'clearWhere': return { ...known, where: NO_CLAUSES };
      case 'modify': return this.modified(known, step);
      case 'update': return { ...known, write: this.update(step) };
      case 'increment': case 'decrement': return { ...known, write: this.incremented(builder.write, step) };
      case 'insert': case 'upsert': return { ...known, write: this.insert(step, 0) };
      case 'batchInsert': return { ...this.withFrom(known, this.argumentRelations(step, 0, builder), step), write: this.insert(step, 1) };
      case 'onConflict': return { ...known, write: this.onConflict(known.write, step) };
      case 'ignore': case 'merge': return known.write?.type === 'insert' ? { ...known, write: this.conflictAction(known.write, step, name) } : builder;
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
      const ref = about && 'name' in about ? this.refNamed(builder, about.name) : about ? this.refNamed(builder, this.session.string(this.session.value(about.argument, step.env)) ?? '') : rootOf(builder);
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

  protected refNamed(builder: Builder, name: string): TableRef | null {
    const facts = this.session.facts(name);
    const refs = [...builder.from, ...builder.joins.map(({ right }) => right)].filter((relation): relation is TableRef => relation.type === 'table');
    return refs.find((ref) => ref.alias === name || ref.name === name || (facts !== null && this.session.catalog.table(ref.name, ref.schema) === facts)) ?? null;
  }

  // ------------------------------------------------------------------------------------------- arguments

  protected arguments(step: Called): Argument[] {
    return step.args.flatMap((argument): Argument[] => {
      if (argument.type !== 'SpreadElement') return [{ value: this.session.value(argument, step.env), node: argument }];
      const list = this.session.value(argument.argument, step.env);
      if (list.type !== 'list') return [{ value: this.session.unknown(argument), node: argument }];
      return list.items.map((item) => ({ value: item.type === 'item' ? item.value : this.session.unknown(argument), node: argument }));
    });
  }

  protected argument(step: Called, index: number): Argument | null {
    return this.arguments(step)[index] ?? null;
  }

  /** A string argument that is the same in every run. */
  protected text(step: Called, index: number): string | null {
    const argument = this.argument(step, index);
    return argument && argument.value.type === 'text' && !argument.value.sql ? this.session.string(argument.value) : null;
  }

  // ------------------------------------------------------------------------------------------- tables

  private from(builder: Builder, step: Called): Builder {
    return this.withFrom(builder, this.argumentRelations(step, 0, builder), step);
  }

  protected argumentRelations(step: Called, index: number, builder: Builder): Relation[] {
    const argument = this.argument(step, index);
    return argument ? this.relations(argument, builder, step) : [];
  }

  /** What an argument that names a table, or several, or a query, stands for. */
  private relations({ value, node }: Argument, builder: Builder, step: Step): Relation[] {
    const range = node.range as Range;
    if (value.type === 'list') return value.items.flatMap((item) => (item.type === 'item' ? this.relations({ value: item.value, node }, builder, step) : [{ type: 'opaque-relation' as const, alias: null, range }]));
    const entries = this.session.entries(value);
    if (entries) {
      return entries.flatMap((entry): Relation[] => {
        if (entry.type !== 'entry') return [{ type: 'opaque-relation', alias: null, range }];
        const at = entry.valueNode ?? entry.node;
        return [aliased(this.relation({ value: entry.value(), node: at }, builder), entry.key, entry.node.range as Range)];
      });
    }
    return [this.relation({ value, node }, builder)];
  }

  private relation({ value, node }: Argument, builder: Builder): Relation {
    const range = node.range as Range;
    if (value.type === 'text' && value.sql) return this.session.sqlRelations(value, node)?.[0] ?? { type: 'opaque-relation', alias: null, range };
    const text = this.nameIn({ value, node });
    if (text !== null) return this.tableNamed(text, range, builder.schema);
    const constant = this.tableConstant(node);
    if (constant) return this.session.table(constant.name, range, { schema: constant.schema ?? builder.schema });
    const sub = this.queryIn({ value, node });
    if (sub) return { type: 'derived', query: sub.query, alias: sub.alias, columns: null, lateral: false, range };
    return { type: 'opaque-relation', alias: null, range };
  }

  /** `schema.users as u`. */
  protected tableNamed(text: string, range: Range, schema: string | null): TableRef {
    const match = /^\s*(.*?)(?:\s+(?:as\s+)?"?([\w$]+)"?)?\s*$/is.exec(text);
    const parts = (match?.[1] ?? text).split('.').map((part) => part.trim().replace(/^["`]|["`]$/g, ''));
    return this.session.table(parts.at(-1) ?? text, range, { alias: match?.[2] ?? null, schema: parts.length > 1 ? parts.at(-2)! : schema });
  }

  /** The table that a constant of another file is called after: `RECORDS_TABLE`, `SpaceTableName`, or a name that the manifest gives. */
  private tableConstant(node: Node): TableFacts | null {
    const at = unwrap(node), name = at.type === 'Identifier' || at.type === 'MemberExpression' ? lastName(at) : null;
    if (name === null || (at.type === 'Identifier' && this.session.origin(at) === null)) return null;
    const stem = /^(\w+?)_?table(?:_?name)?$/i.exec(name)?.[1] ?? /^table(?:_?name)?_(\w+)$/i.exec(name)?.[1];
    const { catalog } = this.session;
    if (stem === undefined) return catalog.tables.find(({ models }) => models.includes(name)) ?? null;
    for (const spelled of [stem, `${stem}s`, `${stem}es`, stem.replace(/y$/i, 'ies'), stem.replace(/s$/i, '')]) {
      const facts = catalog.table(spelled);
      if (facts) return facts;
    }
    return null;
  }

  /** A text that names a column or table, with the names of constants of other files in it: `${RECORDS_TABLE}.id`. */
  private nameIn({ value, node }: Argument): string | null {
    const text = this.session.string(value), at = unwrap(node);
    if (text !== null || at.type !== 'TemplateLiteral') return text;
    let written = '';
    for (const [i, quasi] of at.quasis.entries()) {
      written += quasi.value.cooked ?? '';
      const expression = at.expressions[i];
      if (!expression) continue;
      const table = this.session.string(this.session.value(expression, null)) ?? this.tableConstant(expression)?.name;
      if (table === undefined) return null;
      written += table;
    }
    return written;
  }

  private moved(ref: TableRef, schema: string | null): TableRef {
    const moved = { ...ref, schema: ref.schema ?? schema }, place = this.places.get(ref);
    if (place) this.places.set(moved, place);
    return moved;
  }

  private rawRelations(step: Called): Relation[] {
    const argument = this.argument(step, 0);
    const relations = argument && this.session.sqlRelations(asSql(argument.value), argument.node);
    return relations ? [...relations] : [{ type: 'opaque-relation', alias: null, range: step.node.range as Range }];
  }

  // ------------------------------------------------------------------------------------------- joins

  private join(builder: Builder, step: Called, kind: Join['kind']): Builder {
    const [table, ...rest] = this.arguments(step);
    if (!table) return builder;
    if (table.value.type === 'text' && table.value.sql && rest.length === 0) return this.joinText(builder, table, step, `${kind === 'inner' ? '' : `${kind.toUpperCase()} `}JOIN `);
    const [right = { type: 'opaque-relation' as const, alias: null, range: table.node.range as Range }] = this.relations(table, builder, step);
    if (right.type === 'table') this.places.set(right, { kind: 'join', step, frame: this.frame, join: kind });
    const { on, using } = this.joinCondition(rest, step);
    return { ...builder, joins: [...builder.joins, { kind: kind === 'cross' || (rest.length === 0 && kind === 'inner') ? 'cross' : kind, right, on, using, range: wordsOf(step) }] };
  }

  private joinRaw(builder: Builder, step: Called): Builder {
    const argument = this.argument(step, 0);
    return argument ? this.joinText(builder, argument, step, '') : builder;
  }

  private joinText(builder: Builder, { value, node }: Argument, step: Step, words: string): Builder {
    const [relation] = this.session.sqlRelations(asSql(value), node, `_ ${words}`) ?? [];
    const parts: JoinPart[] = [];
    for (let at = relation; at?.type === 'join'; at = at.left) parts.unshift({ kind: at.kind, right: at.right, on: at.on, using: at.using, range: at.range });
    return parts.length > 0 ? { ...builder, joins: [...builder.joins, ...parts] } : { ...builder, opaqueFilters: [...builder.opaqueFilters, step.node.range as Range] };
  }

  private joinCondition(args: readonly Argument[], step: Called): { on: Expr | null; using: readonly string[] | null } {
    const [first, second, third] = args, range = wordsOf(step);
    if (!first) return { on: null, using: null };
    if (first.value.type === 'function') return this.joinClause(first.value, step);
    if (second) return { on: this.onPair(args, range), using: null };
    if (first.value.type === 'text' && first.value.sql) return { on: this.session.sqlCondition(first.value, first.node), using: null };
    const entries = this.session.entries(first.value);
    if (entries) return { on: conditionsOf(entries, range, (entry) => comparison('=', this.columnText(entry.key, entry.keyNode.range as Range), this.columnOf({ value: entry.value(), node: entry.valueNode ?? entry.node }), entry.node.range as Range)), using: null };
    const name = lastName(first.node), guard = name === null ? null : guardNamed(this.session, 'join-callback', name, unwrap(first.node));
    const joined = guard && this.argument(step, 0);
    const ref = joined && this.relationRef(step);
    const facts = ref && this.session.catalog.table(ref.name, ref.schema);
    if (guard && ref && facts) return { on: rowsOf(guard.yields, ref, facts, first.node.range as Range), using: null };
    return { on: opaque(third ? range : (first.node.range as Range)), using: null };
  }

  /** The reference that a join has just made. */
  private relationRef(step: Step): TableRef | null {
    return [...this.places].findLast(([, place]) => place.step === step)?.[0] ?? null;
  }

  private joinClause(fn: FunctionValue, step: Step): { on: Expr | null; using: readonly string[] | null } {
    let using: readonly string[] | null = null;
    const range = fn.node.range as Range;
    const clauses = foldSteps(stepsInside(fn, this.session), { clauses: NO_CLAUSES, connective: null as Connective | null }, (state, inner): { clauses: Clauses; connective: Connective | null } => {
      if (!isCalled(inner)) return inner.name === 'or' || inner.name === 'and' ? { ...state, connective: inner.name } : state;
      if (inner.name === 'using') { using = this.arguments(inner).flatMap(({ value }) => this.strings(value)); return state; }
      if (inner.name === 'type') return state;
      const connective = state.connective ?? (/^or/.test(inner.name ?? '') ? 'or' : 'and');
      const { condition, flat } = this.onStep(inner, step);
      return { clauses: condition ? (flat ? addedFlat : added)(state.clauses, connective, condition) : state.clauses, connective: null };
    }, (states) => ({ clauses: merged(states.map((state) => state.clauses), range), connective: null }));
    return { on: conditionOf(clauses.clauses, range), using };
  }

  private onStep(step: Called, join: Step): { condition: Expr | null; flat?: boolean } {
    const match = ON.exec(step.name ?? ''), range = wordsOf(step), args = this.arguments(step), [first, second] = args;
    if (!match) {
      // Conditions of the WHERE kind have found their way into join clauses.
      if (CONDITION.test(step.name ?? '')) return this.condition(step);
      return { condition: opaque(range) };
    }
    if (!first) return { condition: null };
    const negated = match[2] !== undefined, kind = match[3] ?? '';
    switch (kind) {
      case 'Null': return { condition: isNull(this.columnOf(first), range, negated) };
      case 'In': return { condition: second ? this.membership(first, second, range, negated) : null };
      case 'Exists': return { condition: this.existence(first, range, negated) };
      case 'Between': return { condition: second ? this.between(first, second, range, negated) : null };
      case 'Val': return { condition: this.pair(args, range) };
      case 'JsonPathEquals': return { condition: operation(args.map((argument) => this.columnOf(argument)), range) };
    }
    if (first.value.type === 'function') return { condition: this.joinClause(first.value, join).on };
    if (second) return { condition: this.onPair(args, range) };
    if (first.value.type === 'text' && first.value.sql) return { condition: this.session.sqlCondition(first.value, first.node), flat: !isParenthesised(this.session.string(first.value)) };
    const entries = this.session.entries(first.value);
    if (!entries) return { condition: opaque(range) };
    return { condition: conditionsOf(entries, range, (entry) => comparison('=', this.columnText(entry.key, entry.keyNode.range as Range), this.columnOf({ value: entry.value(), node: entry.valueNode ?? entry.node }), entry.node.range as Range)) };
  }

  /** `(a, b)` and `(a, '=', b)` between two columns. */
  private onPair(args: readonly Argument[], range: Range): Expr {
    const [first, second, third] = args as [Argument, Argument, Argument | undefined];
    const operator = third ? this.session.string(second.value) : '=', right = third ?? second;
    if (operator === null) return opaque(range);
    return this.compared(this.columnOf(first), operator, right, range, (argument) => this.columnOf(argument));
  }

  // ------------------------------------------------------------------------------------------- conditions

  private conditionStep(builder: Builder, step: Called): Builder {
    const match = CONDITION.exec(step.name!)!, having = /^having$/i.test(match[2]!);
    const connective: Connective = match[1] === 'or' ? 'or' : builder.connective ?? 'and';
    const { condition, flat } = this.condition(step, builder.negated, builder);
    const next = { ...builder, connective: null, negated: false };
    if (!condition) return next;
    this.made.set(condition, { step, frame: this.frame });
    const clauses = (flat ? addedFlat : added)(having ? builder.having : builder.where, connective, condition);
    return having ? { ...next, having: clauses } : { ...next, where: clauses };
  }

  /** The condition of a call; `flat` where its text stands in the statement without parentheses. Null for none. */
  protected condition(step: Called, not_ = false, builder: Builder = EMPTY): { condition: Expr | null; flat?: boolean } {
    const match = CONDITION.exec(step.name!)!, args = this.arguments(step), [first, second] = args, range = wordsOf(step);
    let rest = match[4] ?? '', negated = (match[3] !== undefined) !== not_;
    if (rest.startsWith('Not')) { rest = rest.slice(3); negated = !negated; }
    if (!first) return { condition: null };
    switch (rest) {
      case 'Null': return { condition: isNull(this.columnOf(first), range, negated) };
      case 'In': case 'InComposite': return { condition: second ? this.membership(first, second, range, negated) : opaque(range) };
      case 'Exists': return { condition: this.existence(first, range, negated) };
      case 'Between': return { condition: second ? this.between(first, second, range, negated) : opaque(range) };
      case 'Raw': {
        const text = this.bound(first, second);
        const condition = text ? this.session.sqlCondition(text, first.node) : opaque(range);
        return negated ? { condition: not(condition, range) } : { condition, flat: !isParenthesised(this.session.string(text ?? first.value)) };
      }
      case 'Column': case 'Ref': return { condition: second ? negate(this.onPair(args, range), negated, range) : this.objectOfColumns(first, range) };
      case 'Like': case 'ILike': return { condition: negate(operation([this.columnOf(first), parameter(range)], range), negated, range) };
      case 'Wrapped': case '': return this.general(args, range, negated, builder);
    }
    return { condition: operation(args.slice(0, 1).map((argument) => this.columnOf(argument)), range) };
  }

  private objectOfColumns({ value }: Argument, range: Range): Expr {
    const entries = this.session.entries(value);
    return (entries && conditionsOf(entries, range, (entry) => comparison('=', this.columnText(entry.key, entry.keyNode.range as Range), this.columnOf({ value: entry.value(), node: entry.valueNode ?? entry.node }), entry.node.range as Range))) ?? opaque(range);
  }

  /** `where(..)` in all its forms. */
  private general(args: readonly Argument[], range: Range, negated: boolean, builder: Builder): { condition: Expr | null; flat?: boolean } {
    const [first, second] = args as [Argument, Argument | undefined];
    if (second) return { condition: this.pair(args, range, negated) };
    const { value, node } = first;
    switch (value.type) {
      case 'function': {
        const group = this.group(value, builder);
        return { condition: group && negate(group, negated, range) };
      }
      case 'constant': return { condition: typeof value.value === 'boolean' && value.value !== negated ? null : literal(false, range) };
      case 'nothing': return { condition: null };
      case 'text': {
        if (!value.sql) return { condition: null };
        const condition = this.session.sqlCondition(value, node);
        return negated ? { condition: not(condition, range) } : { condition, flat: !isParenthesised(this.session.string(value)) };
      }
    }
    return { condition: this.whereValue(first, negated, builder) };
  }

  /** The condition of an object, or of a value that is one of several. */
  private whereValue({ value, node }: Argument, negated: boolean, builder: Builder): Expr | null {
    const range = node.range as Range, entries = this.session.entries(value);
    if (entries) {
      const spread = entries.map((entry) => (entry.type === 'rest' && entry.node.type === 'SpreadElement' ? this.guardedCondition('where-object', entry.node.argument, builder) : null));
      const own = conditionsOf(entries.filter((_, i) => spread[i] === null), range, (entry) => this.equals(this.columnText(entry.key, entry.keyNode.range as Range), { value: entry.value(), node: entry.valueNode ?? entry.node }, entry.node.range as Range, negated));
      return and([own, ...spread], range);
    }
    if (value.type === 'fork') return choice(value.options.map((option) => this.whereValue({ value: option, node }, negated, builder)), range);
    if (value.type === 'nothing' || value.type === 'constant') return null;
    const guarded = negated ? null : (['where-object', 'where-wrapper', 'predicate'] as const).map((kind) => this.guardedCondition(kind, node, builder)).find((condition) => condition !== null);
    return guarded ?? opaque(range);
  }

  /** The condition of a helper that the manifest declares; null for any other expression. */
  private guardedCondition(kind: 'where-object' | 'where-wrapper' | 'predicate', node: Node, builder: Builder): Expr | null {
    const at = unwrap(node), name = at.type === 'CallExpression' ? calledName(at) : lastName(at), guard = name === null ? null : guardNamed(this.session, kind, name, at.type === 'CallExpression' ? unwrap(at.callee) : at);
    if (!guard) return null;
    // `notDeleted('u')`: a predicate's first argument names the table where nothing else does.
    const argument = guard.table === undefined && guard.kind === 'predicate' && at.type === 'CallExpression' ? at.arguments[guard.tableArg ?? 0] : undefined;
    const table = guard.table ?? (argument && argument.type !== 'SpreadElement' ? this.session.string(this.session.value(argument, null)) ?? undefined : undefined);
    const ref = table === undefined ? rootOf(builder) : this.refNamed(builder, table), facts = this.factsOf(ref);
    return ref && facts ? rowsOf(guard.yields, ref, facts, node.range as Range) : null;
  }

  /** The conditions that a callback collects, in parentheses; null for none. */
  private group(fn: FunctionValue, builder: Builder): Expr | null {
    if (this.depth > 12) return opaque(fn.node.range as Range);
    this.depth++;
    const made = this.fold(stepsInside(fn, this.session), { ...EMPTY, from: builder.from.length > 0 ? builder.from : [this.session.table('', fn.node.range as Range)] }, fn.node);
    this.depth--;
    const range = fn.node.range as Range, condition = conditionOf(made.where, range);
    return made.opaqueFilters.length > 0 ? and([condition, opaque(range)], range) : condition;
  }

  /** `(column, value)` and `(column, operator, value)`. */
  private pair(args: readonly Argument[], range: Range, negated = false): Expr {
    const [first, second, third] = args as [Argument, Argument, Argument | undefined];
    const left = this.columnOf(first);
    if (!third) return this.equals(left, second, range, negated);
    const operator = this.session.string(second.value);
    if (operator === null) return left.type === 'column' && !this.isTombstone(left.name) ? operation([left], range) : opaque(range);
    // In front of IS [NOT] NULL the operator alone decides: `whereNot(column, 'is not', null)` is `column is not null`.
    const overruled = third.value.type === 'nothing' && /^is(?: not)?$/i.test(operator);
    return negate(this.compared(left, operator, third, range, (argument) => this.scalar(argument, left)), negated && !overruled, range);
  }

  /** Equal to a value; NULL where that is null. */
  private equals(left: Expr, right: Argument, range: Range, negated: boolean): Expr {
    const { value } = right;
    if (value.type === 'fork') return choice(value.options.map((option) => this.equals(left, { ...right, value: option }, range, negated)), range) ?? opaque(range);
    if (this.session.isNull(value)) return isNull(left, range, negated);
    return negate(comparison('=', left, this.scalar(right, left), range), negated, range);
  }

  private compared(left: Expr, written: string, right: Argument, range: Range, scalar: (argument: Argument) => Expr): Expr {
    const operator = written.trim().toLowerCase().replace(/\s+/g, ' '), { value } = right;
    switch (operator) {
      case 'in': case 'not in': return this.memberOf(left, right, range, operator === 'not in');
      case 'between': case 'not between': return negate(this.within(left, right, range), operator === 'not between', range);
      case 'is': case 'is not': {
        const negated = operator === 'is not';
        if (this.session.isNull(value)) return isNull(left, range, negated);
        const isBoolean = value.type === 'constant' && typeof value.value === 'boolean';
        return isBoolean ? { type: 'is', what: value.value === true ? 'true' : 'false', negated, operand: left, range } : opaque(range);
      }
    }
    const comparing = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
    return comparing ? comparison(comparing, left, scalar(right), range) : operation([left, scalar(right)], range);
  }

  private membership(first: Argument, second: Argument, range: Range, negated: boolean): Expr {
    const left: Expr = first.value.type === 'list' ? { type: 'row', items: first.value.items.map((item) => (item.type === 'item' ? this.columnOf({ value: item.value, node: first.node }) : opaque(range))), range } : this.columnOf(first);
    return this.memberOf(left, second, range, negated);
  }

  private memberOf(left: Expr, { value, node }: Argument, range: Range, negated: boolean): Expr {
    if (value.type === 'list') return inList(left, value.items.map((item) => (item.type === 'item' ? this.scalar({ value: item.value, node }, left) : parameter(range))), range, negated);
    if (value.type === 'text' && value.sql) return operation([left], range);
    const sub = this.queryIn({ value, node });
    if (sub) return { type: 'in', negated, left, list: null, query: sub.query, range };
    return inList(left, [parameter(node.range as Range)], range, negated);
  }

  private existence(argument: Argument, range: Range, negated: boolean): Expr {
    const { value, node } = argument;
    if (value.type === 'text' && value.sql) return operation([this.session.sqlExpression(value, node)], range);
    const sub = this.queryIn(argument);
    return sub ? negate({ type: 'exists', query: sub.query, range }, negated, range) : opaque(range);
  }

  private between(first: Argument, second: Argument, range: Range, negated: boolean): Expr {
    return negate(this.within(this.columnOf(first), second, range), negated, range);
  }

  private within(left: Expr, { value, node }: Argument, range: Range): Expr {
    const [low, high] = value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? this.scalar({ value: item.value, node }, left) : parameter(range))) : [];
    return and([comparison('>=', left, low ?? parameter(range), range), comparison('<=', left, high ?? parameter(range), range)], range)!;
  }

  // ------------------------------------------------------------------------------------------- columns, values

  protected columnOf({ value, node }: Argument): Expr {
    const range = node.range as Range;
    if (value.type === 'text' && value.sql) return this.session.sqlExpression(value, node);
    if (value.type === 'fork') return choice(value.options.map((option) => this.columnOf({ value: option, node })), range) ?? opaque(range);
    if (value.type === 'constant' || value.type === 'nothing') return this.session.scalar(value, node);
    const text = this.nameIn({ value, node });
    if (text !== null) return this.columnText(text, range);
    const sub = this.queryIn({ value, node });
    if (sub) return { type: 'subquery', query: sub.query, range };
    return this.referred({ value, node }) ?? opaque(range);
  }

  /** `knex.ref('u.id')`, `ref('u.id')`. */
  protected referred({ value }: Argument): Expr | null {
    const last = value.type === 'unknown' ? this.session.chain(value)?.steps.find((step) => step.type === 'step' && step.args !== null && (step.name === 'ref' || (step.name === '' && lastName(calleeOf(step)) === 'ref'))) : undefined;
    if (last?.type !== 'step' || !last.args?.[0]) return null;
    const text = this.session.string(this.session.value(last.args[0], last.env));
    return text === null ? null : this.columnText(text, last.node.range as Range);
  }

  /** `users.deleted_at`, `deleted_at`. */
  protected columnText(text: string, range: Range): Expr {
    // Objection's way into JSON: `settings:theme`.
    const [path = '', json] = text.split(':');
    const parts = path.split(/\s+as\s+/i)[0]!.split('.').map((part) => part.trim().replace(/^["`]|["`]$/g, ''));
    const at = named(parts.length > 1 ? parts.at(-2)! : null, parts.at(-1)!, range);
    return json === undefined ? at : operation([at], range);
  }

  protected scalar(argument: Argument, left: Expr | null = null): Expr {
    const { value, node } = argument, range = node.range as Range;
    if (value.type === 'unknown' || value.type === 'function') {
      const referred = this.referred(argument);
      if (referred) return referred;
      if (isNow(value, this.session)) return time(0, range);
      const sub = value.type === 'function' || this.session.chain(value)!.steps.length > 0 ? this.queryIn(argument) : null;
      if (sub) return { type: 'subquery', query: sub.query, range };
    }
    const scalar = this.session.scalar(value, node);
    // PostgreSQL takes the text 'false' for a boolean.
    if (scalar.type === 'literal' && typeof scalar.value === 'string' && left?.type === 'column' && /^(?:true|false)$/i.test(scalar.value) && this.isTombstone(left.name, false)) return literal(scalar.value.toLowerCase() === 'true', range);
    return scalar;
  }

  /** Is a column of this name the tombstone of any table (with this value in live rows)? */
  private isTombstone(name: string, live?: false): boolean {
    return this.session.catalog.tables.some((table) => { const tombstone = this.session.catalog.tombstone(table, name); return tombstone !== null && (live === undefined || tombstone.live === live); });
  }

  /** The text of `raw(text, bindings)` with the names that are bound as `??` in their places. */
  protected bound(text: Argument, bindings: Argument | undefined): Value | null {
    if (text.value.type !== 'text') return null;
    const value = asSql(text.value);
    return bindings ? withNames(value, bindings.value.type === 'list' ? bindings.value.items.map((item) => (item.type === 'item' ? this.session.string(item.value) : null)) : this.strings(bindings.value)) : value;
  }

  // ------------------------------------------------------------------------------------------- subqueries

  /** The query that an argument is: a callback, a builder; null where it is none. */
  protected queryIn({ value, node }: Argument): { readonly query: Query; readonly alias: string | null } | null {
    if (this.depth > 12) return null;
    this.depth++;
    try {
      return this.subquery({ value, node });
    } finally {
      this.depth--;
    }
  }

  private subquery({ value, node }: Argument): { readonly query: Query; readonly alias: string | null } | null {
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
    const flat = this.arguments(step).flatMap(({ value, node }): Argument[] => (value.type === 'list' ? value.items.flatMap((item) => (item.type === 'item' ? [{ value: item.value, node }] : [])) : [{ value, node }]));
    return flat.filter(({ value }) => value.type !== 'constant').map((argument): Query => this.queryIn(argument)?.query ?? this.session.sqlQuery(argument.value, argument.node) ?? { type: 'opaque-query', ctes: [], range: argument.node.range as Range });
  }

  private cte(builder: Builder, step: Called): Builder {
    const args = this.arguments(step), name = this.text(step, 0), columns = args.length > 2 ? args[1] : undefined, source = args.at(-1);
    if (name === null || !source || args.length < 2) return builder;
    const query = this.queryIn(source)?.query ?? this.session.sqlQuery(source.value, source.node) ?? { type: 'opaque-query' as const, ctes: [], range: source.node.range as Range };
    return { ...builder, ctes: [...builder.ctes, { name, columns: columns ? this.strings(columns.value) : null, query, recursive: /Recursive/.test(step.name!), range: step.node.range as Range }] };
  }

  /** The strings of a list, or one string. */
  protected strings(value: Value): string[] {
    if (value.type === 'list') return value.items.flatMap((item) => (item.type === 'item' ? this.strings(item.value) : []));
    const text = this.session.string(value);
    return text === null ? [] : [text];
  }

  // ------------------------------------------------------------------------------------------- select list

  protected outputs(step: Called): OutputColumn[] {
    return this.arguments(step).flatMap((argument) => this.output(argument));
  }

  private output({ value, node }: Argument): OutputColumn[] {
    const range = node.range as Range;
    if (value.type === 'list') return value.items.flatMap((item): OutputColumn[] => (item.type === 'item' ? this.output({ value: item.value, node }) : [{ type: 'opaque', range }]));
    if (value.type === 'text' && value.sql) return this.session.sqlOutput(value, node) ?? [{ type: 'opaque', range }];
    const text = this.nameIn({ value, node });
    if (text !== null) {
      const [path = '', alias] = text.split(/\s+as\s+/i).map((part) => part.trim());
      if (path === '*' || path.endsWith('.*')) return [{ type: 'star', qualifier: path === '*' ? null : path.split('.').at(-2)!, range }];
      return [{ type: 'expr', expr: this.columnText(path, range), name: alias ?? path.split('.').at(-1)! }];
    }
    const entries = this.session.entries(value);
    if (entries) return entries.map((entry): OutputColumn => (entry.type === 'entry' ? { type: 'expr', expr: this.columnOf({ value: entry.value(), node: entry.valueNode ?? entry.node }), name: entry.key } : { type: 'opaque', range }));
    const sub = this.queryIn({ value, node });
    return [sub ? { type: 'expr', expr: { type: 'subquery', query: sub.query, range }, name: sub.alias } : { type: 'opaque', range }];
  }

  private aggregates(step: Called): OutputColumn[] {
    const name = AGGREGATE.exec(step.name!)![1]!, range = wordsOf(step), [first] = this.arguments(step);
    const entries = first && this.session.entries(first.value);
    const columns = entries ? entries.map((entry) => (entry.type === 'entry' ? this.strings(entry.value())[0] ?? '*' : '*')) : first ? this.strings(first.value) : ['*'];
    return (columns.length > 0 ? columns : ['*']).map((text): OutputColumn => {
      const [path = '*', alias] = text.split(/\s+as\s+/i).map((part) => part.trim());
      return { type: 'expr', expr: aggregate(name, path === '*' || path.endsWith('.*') ? [] : [this.columnText(path, range)], range), name: alias ?? null };
    });
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

  // ------------------------------------------------------------------------------------------- modify

  protected modified(builder: Builder, step: Called): Builder {
    const [first] = this.arguments(step);
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
    const ref = guard && (guard.table === undefined ? rootOf(builder) : this.refNamed(builder, guard.table));
    return (guard && this.guarded(builder, ref, guard.yields, step)) ?? { ...builder, opaqueFilters: [...builder.opaqueFilters, node.range as Range] };
  }

  // ------------------------------------------------------------------------------------------- writes

  protected update(step: Called): Write {
    const [first, second] = this.arguments(step);
    if (first && second && this.session.string(first.value) !== null) return { type: 'update', opaqueAssignments: false, assignments: [{ column: this.session.string(first.value)!, value: this.scalar(second), range: wordsOf(step) }] };
    return { type: 'update', ...this.assignments(first) };
  }

  protected assignments(argument: Argument | undefined): { assignments: Assignment[]; opaqueAssignments: boolean } {
    const value = argument?.value, entries = value ? this.session.entries(value) : null;
    if (!value || !entries) {
      const options = value?.type === 'fork' ? value.options.map((option) => this.assignments({ value: option, node: argument!.node })) : [];
      return { assignments: options.flatMap(({ assignments }) => assignments.map((one) => ({ ...one, value: choice([one.value, opaque(one.range)], one.range)! }))), opaqueAssignments: true };
    }
    const assignments: Assignment[] = [];
    let opaqueAssignments = false;
    const collect = (list: typeof entries, certain: boolean): void => {
      for (const entry of list) {
        if (entry.type === 'entry') {
          const at = { value: entry.value(), node: entry.valueNode ?? entry.node };
          if (this.session.isUndefined(at.value)) continue;
          const set = this.session.isNull(at.value) ? literal(null, entry.node.range as Range) : this.scalar(at, named(null, entry.key, entry.node.range as Range));
          assignments.push({ column: entry.key.split('.').at(-1)!, value: certain ? set : choice([set, opaque(entry.node.range as Range)], entry.node.range as Range)!, range: entry.node.range as Range });
        } else if (entry.type === 'fork') for (const option of entry.options) collect(option, false);
        else if (entry.type === 'rest') opaqueAssignments = true;
      }
    };
    collect(entries, true);
    return { assignments, opaqueAssignments };
  }

  private incremented(before: Write | null, step: Called): Write {
    const columns = this.arguments(step).slice(0, 1).flatMap(({ value }) => { const entries = this.session.entries(value); return entries ? entries.flatMap((entry) => (entry.type === 'entry' ? [entry.key] : [])) : this.strings(value); });
    const range = wordsOf(step), earlier = before?.type === 'update' ? before : null;
    return { type: 'update', opaqueAssignments: earlier?.opaqueAssignments ?? false, assignments: [...earlier?.assignments ?? [], ...columns.map((name) => ({ column: name, value: operation([parameter(range)], range), range }))] };
  }

  protected insert(step: Called, index: number): Write {
    const argument = this.argument(step, index), rows = argument?.value;
    const source = argument && (rows?.type === 'unknown' || rows?.type === 'function') ? this.queryIn(argument)?.query ?? null : null;
    const [first] = rows?.type === 'list' ? rows.items : [];
    const row: Argument | undefined = rows?.type === 'list' ? (first?.type === 'item' ? { value: first.value, node: argument!.node } : undefined) : argument ?? undefined;
    const { assignments, opaqueAssignments } = this.assignments(row);
    return { type: 'insert', columns: opaqueAssignments ? null : assignments.map(({ column: name }) => name), assignments, opaqueAssignments, row: row?.value ?? null, source, conflict: null };
  }

  private onConflict(write: Write | null, step: Called): Write | null {
    if (write?.type !== 'insert') return write;
    const [first] = this.arguments(step), range = step.node.range as Range;
    const columns = first && !(first.value.type === 'text' && first.value.sql) ? this.strings(first.value) : [];
    const written = first?.value.type === 'text' && first.value.sql ? this.session.string(first.value) : null;
    const match = written === null ? null : /^\s*\(([^)]*)\)\s*(?:where\s+(.*))?$/is.exec(written);
    const targetWhere = match?.[2] !== undefined || (written === null && first !== undefined && columns.length === 0) ? this.targetWhere(first!) : null;
    return { ...write, conflict: { target: match ? match[1]!.split(',').map((name) => name.trim().replace(/"/g, '')) : columns.length > 0 ? columns : null, targetWhere, action: 'nothing', assignments: [], opaqueAssignments: false, range } };
  }

  /** The predicate behind the columns of `raw('(email) where deleted_at is null')`. */
  private targetWhere({ value, node }: Argument): Expr {
    const text = this.session.string(value), at = text === null ? -1 : text.search(/\bwhere\b/i);
    return at < 0 ? opaque(node.range as Range) : this.session.sqlConditionOf(text!.slice(at + 5), node);
  }

  private conflictAction(write: Extract<Write, { type: 'insert' }>, step: Called, action: 'ignore' | 'merge'): Write {
    const conflict = write.conflict ?? { target: null, targetWhere: null, assignments: [], opaqueAssignments: false, range: step.node.range as Range, action: 'nothing' as const };
    if (action === 'ignore') return { ...write, conflict: { ...conflict, action: 'nothing' } };
    const [first] = this.arguments(step);
    if (!first) return { ...write, conflict: { ...conflict, action: 'update', ...this.completed(write, write.row, conflict) } };
    if (first.value.type === 'list') {
      const names = this.strings(first.value);
      return { ...write, conflict: { ...conflict, action: 'update', opaqueAssignments: names.length < first.value.items.length, assignments: names.map((name) => write.assignments.find((one) => one.column === name) ?? { column: name, value: opaque(first.node.range as Range), range: first.node.range as Range }) } };
    }
    return { ...write, conflict: { ...conflict, action: 'update', ...this.completed(this.assignments(first), first.value, conflict) } };
  }

  /** The assignments of a row with those that a function which cannot be seen has its hands on: what is expected of them, and no others. */
  private completed({ assignments, opaqueAssignments }: Pick<Conflict, 'assignments' | 'opaqueAssignments'>, row: Value | null, { target, range }: Pick<Conflict, 'target' | 'range'>): Pick<Conflict, 'assignments' | 'opaqueAssignments'> {
    const columns = opaqueAssignments && row && target ? this.columnsOfRow(row, target) : null;
    if (!columns) return { assignments, opaqueAssignments };
    const others = columns.filter((name) => !assignments.some((one) => one.column === name));
    return { assignments: [...assignments, ...others.map((name) => ({ column: name, value: parameter(range), range }))], opaqueAssignments: false };
  }

  /**
   * The columns of a row that a function makes which cannot be seen, where the file shows what goes in (`encrypt({ email, name })`): with all columns of the
   * conflict target it is a row of the table, and no other columns are expected of what comes out. Null for any other value.
   */
  private columnsOfRow(value: Value, target: readonly string[]): readonly string[] | null {
    if (target.length === 0) return null;
    if (value.type === 'object' && value.node.type === 'ObjectExpression') {
      const { env, node, assigned = [] } = value;
      const parts = node.properties.map((property) => (property.type === 'SpreadElement' ? this.columnsOfRow(this.session.value(property.argument, env), target) : property.computed ? null : []));
      return assigned.length > 0 || parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
    }
    const last = value.type === 'unknown' ? this.session.chain(value)?.steps.at(-1) : undefined;
    const [row] = last?.type === 'step' && last.args?.length === 1 ? last.args : [], entries = row && last?.type === 'step' ? this.session.entries(this.session.value(row, last.env)) : null;
    const columns = entries?.flatMap((entry) => (entry.type === 'entry' ? [entry.key] : [])) ?? [];
    return entries && columns.length === entries.length && target.every((name) => columns.includes(name)) ? columns : null;
  }

  /** What the manifest knows of the table of a reference. */
  protected factsOf(ref: TableRef | null): TableFacts | null {
    return ref && this.session.catalog.table(ref.name, ref.schema);
  }
}

// ------------------------------------------------------------------------------------------------- small things

/** The words of a call: the method's name and its arguments. */
export function wordsOf(step: Step): Range {
  return step.args === null || step.name === '' ? (step.node.range as Range) : [step.at.range[0], step.node.range[1]];
}

function negate(condition: Expr, negated: boolean, range: Range): Expr {
  return negated ? not(condition, range) : condition;
}

/** A string as a fragment of SQL. */
export function asSql(value: Value): Value {
  return value.type === 'text' ? { ...value, sql: true } : value;
}

/** Do parentheses hold the whole of a condition? */
function isParenthesised(text: string | null): boolean {
  if (text === null || !/^\s*\(/.test(text)) return false;
  let depth = 0;
  const trimmed = text.trim();
  for (const [i, character] of [...trimmed].entries()) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (depth === 0) return i === trimmed.length - 1;
  }
  return false;
}

/** `?? is null` with the names that are bound for it. */
function withNames(value: Value, names: readonly (string | null)[]): Value {
  if (value.type !== 'text' || names.length === 0) return value;
  let next = 0;
  return { ...value, parts: value.parts.flatMap((part): Part[] => {
    if (part.type !== 'run' || !part.text.includes('?')) return [part];
    let from = 0;
    const pieces: Part[] = [];
    for (const match of part.text.matchAll(/\\\?|\?\??/g)) {
      if (match[0] === '\\?') continue;
      const name = match[0] === '??' ? names[next] ?? null : null;
      next++;
      if (name === null) continue;
      pieces.push({ ...part, text: part.text.slice(from, match.index), source: part.source === null ? null : part.source + from }, computed(name));
      from = match.index + match[0].length;
    }
    return [...pieces, { ...part, text: part.text.slice(from), source: part.source === null ? null : part.source + from }];
  }) };
}

function aliased(relation: Relation, alias: string, range: Range): Relation {
  return relation.type === 'table' || relation.type === 'derived' ? { ...relation, alias, range } : relation;
}

function joinKind(name: string): Join['kind'] {
  const word = JOIN.exec(name)?.[1];
  return word === undefined || word === 'inner' ? 'inner' : word === 'outer' ? 'full' : word as Join['kind'];
}

function isFunctionNode(node: Node): boolean {
  return node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';
}

/** What is called in a step: `knex` of `knex('users')`. */
function calleeOf({ node, at }: Step): Node {
  const call = unwrap(node);
  return call.type === 'CallExpression' ? call.callee : at;
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

/** `knex.fn.now()`, `fn.now()`. */
function isNow(value: Value, session: Session): boolean {
  const last = value.type === 'unknown' ? session.chain(value)?.steps.at(-1) : undefined;
  return last?.type === 'step' && last.name === 'now' && last.args !== null;
}

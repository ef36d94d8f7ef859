/** Kysely's query builders: the steps of a chain folded into a state, and a statement of the model made of it. */
import type { Assignment, Conflict, Cte, Expr, Join, MergeBranch, OutputColumn, Query, Range, Relation, SelectBlock, SetOperation, TableRef } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Entry } from '../../source/objects.js';
import type { Chain, ChainItem, Env, ListItem, Step, Value } from '../../source/values.js';
import { readSql } from '../../sql/read.js';
import { isCalled, stepsOf, type Called } from '../chains.js';
import { choice, named, not, opaque } from '../expressions.js';
import { guardNamed } from '../guards.js';
import type { Session } from '../session.js';
import { either, joined, sharedLength, type Condition } from './conditions.js';
import { EXECUTES, Expressions, isQuery, nodeOf, VERBS } from './expressions.js';
import { columnName, cteName, tableName } from './names.js';

/** What callbacks get that make whole queries: `db.with('x', (db) => db.selectFrom(..))`. */
const CREATOR = { what: 'the query creator of Kysely' };
/** The name's callback of a common table expression: `cte => cte('x').materialized()`. */
const CTE = { what: 'the name of a common table expression in Kysely' };

type Verb = 'select' | 'update' | 'delete' | 'insert' | 'merge';

interface JoinPart {
  readonly kind: Join['kind'];
  readonly right: Relation;
  readonly on: Expr | null;
  readonly opaque: boolean;
  readonly range: Range;
}

interface SetPart {
  readonly operator: SetOperation['operator'];
  readonly query: Query;
}

interface MergeWhen {
  readonly when: MergeBranch['when'];
  readonly condition: Expr | null;
}

/** A query as far as it is built. Lists only grow, but for what `clear..` takes away. */
export interface State {
  readonly verb: Verb | null;
  readonly schema: string | null;
  readonly ctes: readonly Cte[];
  /** What a write changes. */
  readonly targets: readonly TableRef[];
  readonly from: readonly Relation[];
  readonly joins: readonly JoinPart[];
  readonly where: readonly Condition[];
  readonly having: readonly Condition[];
  readonly groupBy: readonly Expr[];
  readonly output: readonly OutputColumn[];
  readonly orderBy: readonly Expr[];
  readonly sets: readonly SetPart[];
  readonly distinct: SelectBlock['distinct'];
  readonly limited: boolean;
  readonly alias: string | null;
  readonly assignments: readonly Assignment[];
  readonly opaqueAssignments: boolean;
  readonly source: Query | null;
  readonly conflict: Conflict | null;
  readonly mergeOn: Expr | null;
  readonly pending: MergeWhen | null;
  readonly branches: readonly MergeBranch[];
  /** What may filter the rows and cannot be seen. */
  readonly unseen: readonly Range[];
  readonly executed: boolean;
}

const EMPTY: State = {
  verb: null, schema: null, ctes: [], targets: [], from: [], joins: [], where: [], having: [], groupBy: [], output: [], orderBy: [], sets: [], distinct: 'none', limited: false,
  alias: null, assignments: [], opaqueAssignments: false, source: null, conflict: null, mergeOn: null, pending: null, branches: [], unseen: [], executed: false,
};

/** Where a table stands in the calls, for edits. */
export interface Place {
  readonly step: Called;
  readonly how: 'from' | 'join';
  readonly frame: Frame;
}

/** The calls of one query that are made in any case, in order. */
export interface Frame {
  readonly steps: readonly Called[];
  /** Calls of `where` with a raw fragment whose OR is not in parentheses. */
  readonly loose: readonly Called[];
}

/** Where the clause of a conflict stands: the call that names its columns, and what it sets. */
export interface ConflictPlace {
  readonly column: Called | null;
  readonly set: Node | null;
}

/** Queries that are neither built further nor run: at most so many ways that a chain may go are kept apart. */
const MAX_WAYS = 4;

/** Steps that change nothing that matters here. */
const SAME = /^(?:\$castTo|\$narrowType|\$assertType|\$notNull|\$asTuple|\$asScalar|\$pickSelect|\$omitSelect|asNode|toOperationNode|forUpdate|forShare|forKeyShare|forNoKeyUpdate|skipLocked|noWait|modifyFront|modifyEnd|withPlugin|withoutPlugins|withTables|onReference|output|outputAll|for[A-Z]\w*|identity|materialized|notMaterialized|clearOrderBy|clearReturning|outputInserted|qualify)$/;
const JOIN = /^(inner|left|right|full|cross|outer)(?:Join(?:Lateral)?|Apply)$/;
const SET_OPERATION = /^(union|intersect|except)(?:All)?$/;

export class QueryReader {
  readonly expressions: Expressions;
  readonly places = new Map<TableRef, Place>();
  /** The calls that made a condition, for edits. */
  readonly filters = new Map<Expr, { readonly step: Called; readonly frame: Frame }>();
  readonly conflicts = new Map<Conflict, ConflictPlace>();
  /** The frame of the query that is being read; null inside of what only some runs do. */
  private frame: { steps: Called[]; loose: Called[] } = { steps: [], loose: [] };
  private certain = true;

  constructor(readonly session: Session) {
    this.expressions = new Expressions(session, (chain) => this.query(chain));
  }

  // ------------------------------------------------------------------------------------------- queries

  /** The query of a chain that stands inside another one. */
  query(chain: Chain): Query {
    this.session.consume(chain);
    const range = rangeOf(chain), queries = this.states(chain).map((state) => this.finished(state, range)).filter((query) => query !== null);
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
      case 'with': case 'withRecursive': return this.withCte(state, step, name === 'withRecursive');
      case 'withSchema': return { ...state, schema: (first && this.session.string(this.session.value(first, env))) ?? null };
    }
    if (!VERBS.has(name)) return state;
    this.frame.steps.push(step);
    const relations = first ? this.relations(state, first, step, 'from') : [];
    const targets = relations.filter((relation): relation is TableRef => relation.type === 'table');
    switch (name) {
      case 'selectFrom': return { ...state, verb: 'select', from: relations };
      case 'selectNoFrom': return { ...state, verb: 'select', output: first ? this.outputs(this.session.value(first, env), first) : [] };
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
    if (join) return this.join(state, step, join[1] as 'inner', /Lateral|Apply/.test(name));
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
      case 'orderBy': return { ...state, orderBy: [...state.orderBy, ...this.sorted(first, env)] };
      case 'as': return { ...state, alias: (first && this.session.string(this.session.value(first, env))) ?? null };
      case 'with': case 'withRecursive': return this.withCte(state, step, name === 'withRecursive');
      case 'returning': return { ...state, output: [...state.output, ...(first ? this.outputs(this.session.value(first, env), first) : [])] };
      case 'returningAll': return { ...state, output: [...state.output, ...this.stars(first, env, range)] };
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
      case 'insert': return this.insertStep(state, name, step);
      case 'merge': return this.mergeStep(state, name, step);
      case null: return null;
    }
  }

  private selectStep(state: State, name: string, step: Called): State | null {
    const { args: [first], env, node } = step, range = node.range as Range;
    const operation = SET_OPERATION.exec(name);
    if (operation) return { ...state, sets: [...state.sets, ...this.arms(first, env, operation[1] as 'union')] };
    switch (name) {
      case 'select': return { ...state, output: [...state.output, ...(first ? this.outputs(this.session.value(first, env), first) : [])] };
      case 'selectAll': return { ...state, output: [...state.output, ...this.stars(first, env, range)] };
      case 'clearSelect': return { ...state, output: [] };
      case 'distinct': return { ...state, distinct: 'all' };
      case 'distinctOn': return { ...state, distinct: 'on' };
      case 'groupBy': return { ...state, groupBy: [...state.groupBy, ...this.ordered(first, env)] };
      case 'clearGroupBy': return { ...state, groupBy: [] };
      case 'having': case 'havingRef': return { ...state, having: [...state.having, this.expressions.condition(step, name === 'havingRef')] };
      default: return null;
    }
  }

  private writeStep(state: State, name: string, step: Called): State | null {
    const { args: [first] } = step;
    switch (name) {
      case 'set': return this.set(state, step);
      case 'from': case 'using': return { ...state, from: [...state.from, ...(first ? this.relations(state, first, step, 'join') : [])] };
      default: return null;
    }
  }

  // ------------------------------------------------------------------------------------------- relations

  /** What FROM or a join names. */
  private relations(state: State, node: Node, step: Called, how: Place['how']): Relation[] {
    return this.relationsOf(state, this.session.value(node, step.env), node, step, how);
  }

  private relationsOf(state: State, value: Value, node: Node, step: Called, how: Place['how']): Relation[] {
    const range = node.range as Range;
    switch (value.type) {
      case 'text': {
        const names = this.expressions.strings(value, node);
        if (names?.length === 1) return [this.table(state, names[0]!, range, step, how)];
        return [{ type: 'opaque-relation', alias: names ? tableName(names[0]!).alias : null, range }];
      }
      case 'list': return value.items.flatMap((item) => (item.type === 'item' ? this.relationsOf(state, item.value, itemNode(item, node), step, how) : [{ type: 'opaque-relation' as const, alias: null, range }]));
      case 'function': {
        const made = this.expressions.called(value, node);
        return made ? this.relationsOf(state, made, nodeOf(made, node), step, how) : [{ type: 'opaque-relation', alias: null, range }];
      }
      default: {
        const chain = this.session.chain(value);
        return [chain ? this.relationOf(state, chain, node, step, how) : { type: 'opaque-relation', alias: null, range }];
      }
    }
  }

  private relationOf(state: State, chain: Chain, node: Node, step: Called, how: Place['how']): Relation {
    const range = node.range as Range, last = stepsOf(chain).at(-1), alias = last?.name === 'as' && last.args?.[0] ? this.session.string(this.session.value(last.args[0], last.env)) : null;
    if (isQuery(chain)) return { type: 'derived', query: this.query(chain), alias, columns: null, lateral: step.name !== null && /Lateral|Apply/.test(step.name), range };
    if (chain.root.type === 'node' && alias !== null) {
      const { node: start, env } = chain.root, value = this.session.value(start, env);
      if (value.type === 'text' && value.sql) return this.rawRelation(value, start, alias, range);
    }
    const dynamic = stepsOf(chain).find((one) => one.name === 'table' && one.args?.[0]);
    const name = dynamic ? this.session.string(this.session.value(dynamic.args![0]!, dynamic.env)) : null;
    return name === null ? { type: 'opaque-relation', alias, range } : this.table(state, alias === null ? name : `${name} as ${alias}`, range, step, how);
  }

  /** `` sql`(select ..)`.as('x') `` */
  private rawRelation(value: Value, node: Node, alias: string, range: Range): Relation {
    const [text, ...others] = this.session.sqlTexts(value, node, 'SELECT * FROM ');
    const root = text && others.length === 0 ? readSql(text, { dialect: this.dialect, library: this.session.library }).statements[0]?.root : undefined;
    const relation = root?.type === 'select' && root.from.length === 1 ? root.from[0]! : null;
    return relation && 'alias' in relation ? { ...relation, alias } : { type: 'opaque-relation', alias, range };
  }

  private table(state: State, text: string, range: Range, step: Called, how: Place['how']): TableRef {
    const { schema, name, alias } = tableName(text);
    const ref = this.session.table(name, range, { alias, schema: schema ?? (state.ctes.some((cte) => cte.name === name) ? null : state.schema) });
    if (this.certain) this.places.set(ref, { step, how, frame: this.frame });
    return ref;
  }

  /** `leftJoin('posts as p', 'p.userId', 'u.id')`, `leftJoin('posts as p', (join) => join.onRef(..).on(..))`. */
  private join(state: State, step: Called, word: 'inner' | 'left' | 'right' | 'full' | 'cross' | 'outer', lateral: boolean): State {
    const { args: [table, left, right], env, node } = step;
    if (!table) return unseen(state, step);
    const kind = word === 'outer' ? 'left' : word, range: Range = [step.at.range[0], node.range[1]];
    const [relation] = this.relations(state, table, step, 'join');
    if (!relation) return unseen(state, step);
    this.expressions.tables = [...tablesOf(state), ...(relation.type === 'table' ? [relation] : [])];
    let conditions: readonly Condition[] | null = [];
    if (left && right) {
      const span: Range = [left.range[0], right.range[1]];
      conditions = [{ expr: { type: 'comparison', operator: '=', left: this.expressions.reference(left, env), right: this.expressions.reference(right, env), range: span }, loose: false }];
    } else if (left && kind !== 'cross') conditions = this.joinConditions(left, env);
    const on = conditions && joined(conditions, range);
    const part: JoinPart = { kind: kind === 'cross' && lateral ? 'cross' : kind, right: relation, on, opaque: conditions === null, range };
    return { ...state, joins: [...state.joins, part] };
  }

  /** The conditions of a join's callback; null where they cannot be seen. */
  private joinConditions(node: Node, env: Env | null): readonly Condition[] | null {
    const value = this.session.value(node, env), key = { what: 'a join of Kysely' };
    const made = this.session.apply(value, [this.session.given(key, node)], node), chain = made && this.session.chain(made);
    if (chain?.root.type === 'given' && chain.root.given === key) return this.foldOn(chain.steps, [], node.range as Range);
    const callee = unwrap(node), at = callee.type === 'CallExpression' ? unwrap(callee.callee) : callee;
    const guard = at.type === 'Identifier' ? guardNamed(this.session, 'join-callback', at.name, at) : null;
    const rows = guard && this.expressions.rows({ ...guard, ...(guard.table === undefined ? { table: this.expressions.tables.at(-1)?.name ?? '' } : {}) }, null);
    return rows ? [{ expr: rows, loose: false }] : null;
  }

  private foldOn(items: readonly ChainItem[], conditions: readonly Condition[], range: Range): readonly Condition[] {
    for (const item of items) {
      if (item.type === 'fork') conditions = either(conditions, item.options.map((option) => this.foldOn(option, conditions, range)), range);
      else if (!isCalled(item)) continue;
      else if (item.name === 'on' || item.name === 'onRef') conditions = [...conditions, this.expressions.condition(item, item.name === 'onRef')];
      else if (item.name !== 'onTrue') conditions = [...conditions, { expr: opaque(item.node.range as Range), loose: false }];
    }
    return conditions;
  }

  private withCte(state: State, step: Called, recursive: boolean): State {
    const { args: [name, body], env, node } = step;
    const text = name && this.cteNameOf(this.session.value(name, env), name);
    if (!text || !body) return state;
    const range: Range = [step.at.range[0], node.range[1]];
    const value = this.session.value(body, env), made = value.type === 'function' ? this.session.apply(value, [this.session.given(CREATOR, body)], body) : value;
    const query = made ? this.queryOfValue(made, nodeOf(made, body)) : opaqueQuery(body.range as Range);
    return { ...state, ctes: [...state.ctes, { ...cteName(text), query, recursive, range }] };
  }

  private cteNameOf(value: Value, node: Node): string | null {
    const text = this.session.string(value);
    if (text !== null || value.type !== 'function') return text;
    const made = this.session.apply(value, [this.session.given(CTE, node)], node), chain = made && this.session.chain(made), [call] = chain ? stepsOf(chain) : [];
    return call?.args?.[0] ? this.session.string(this.session.value(call.args[0], call.env)) : null;
  }

  /** A query that a value holds, or a callback returns. */
  private queryOfValue(value: Value, node: Node): Query {
    const expr = this.expressions.expressionOf(value, node);
    return expr?.type === 'subquery' ? expr.query : value.type === 'text' ? this.rawQuery(value, node) : opaqueQuery(node.range as Range);
  }

  private rawQuery(value: Value, node: Node): Query {
    const [text] = this.session.sqlTexts(value, node, '');
    const root = text && readSql(text, { dialect: this.dialect, library: this.session.library }).statements[0]?.root;
    return root && root.type !== 'definition' ? root : opaqueQuery(node.range as Range);
  }

  private arms(node: Node | undefined, env: Env | null, operator: SetPart['operator']): SetPart[] {
    if (!node) return [];
    const value = this.session.value(node, env), made = value.type === 'function' ? this.expressions.called(value, node) : value;
    if (!made) return [{ operator, query: opaqueQuery(node.range as Range) }];
    const items = made.type === 'list' ? made.items.map((item) => (item.type === 'item' ? item.value : null)) : [made];
    return items.map((item) => ({ operator, query: item ? this.queryOfValue(item, nodeOf(item, node)) : opaqueQuery(node.range as Range) }));
  }

  // ------------------------------------------------------------------------------------------- output

  /** What `select` and `returning` are given: columns by name, expressions, callbacks, lists of them. */
  private outputs(value: Value, node: Node): OutputColumn[] {
    const range = node.range as Range;
    switch (value.type) {
      case 'text': {
        const names = this.expressions.strings(value, node);
        if (names) return names.map((text) => { const { qualifier, name, alias } = columnName(text); return { type: 'expr', expr: named(qualifier, name, range), name: alias ?? name }; });
        break;
      }
      case 'list': return value.items.flatMap((item) => this.outputItems(item, node));
      case 'function': {
        const made = this.expressions.called(value, node);
        return made ? this.outputs(made, nodeOf(made, node)) : [{ type: 'opaque', range }];
      }
      case 'unknown': {
        const chain = this.session.chain(value), expr = this.expressions.expressionOf(value, node), last = chain && stepsOf(chain).at(-1);
        if (expr) return [{ type: 'expr', expr, name: last?.name === 'as' && last.args?.[0] ? this.session.string(this.session.value(last.args[0], last.env)) : null }];
        break;
      }
      case 'fork': return value.options.flatMap((option) => this.outputs(option, nodeOf(option, node)));
    }
    return [{ type: 'opaque', range }];
  }

  private outputItems(item: ListItem, node: Node): OutputColumn[] {
    switch (item.type) {
      case 'item': return this.outputs(item.value, itemNode(item, node));
      case 'rest': return [{ type: 'opaque', range: item.node.range as Range }];
      case 'fork': return item.options.flatMap((option) => option.flatMap((inner) => this.outputItems(inner, node)));
      case 'first-turn': return item.parts.flatMap((inner) => this.outputItems(inner, node));
    }
  }

  /** `selectAll()`, `selectAll('u')`, `selectAll(['u', 'p'])`. */
  private stars(node: Node | undefined, env: Env | null, range: Range): OutputColumn[] {
    if (!node) return [{ type: 'star', qualifier: null, range }];
    const value = this.session.value(node, env);
    const tables = value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? this.session.string(item.value) : null)) : [this.session.string(value)];
    return tables.map((table) => (table === null ? { type: 'opaque', range } : { type: 'star', qualifier: tableName(table).name, range }));
  }

  /** What ORDER BY is given: also fragments with the direction in them. */
  private sorted(node: Node | undefined, env: Env | null): Expr[] {
    if (!node) return [];
    const value = this.session.value(node, env), made = value.type === 'function' ? this.expressions.called(value, node) : value;
    if (made?.type !== 'text' || !made.sql) return this.ordered(node, env);
    return this.session.sqlTexts(made, node, 'SELECT 1 FROM _ ORDER BY ').flatMap((text) => {
      const root = readSql(text, { dialect: this.dialect, library: this.session.library }).statements[0]?.root;
      return root?.type === 'select' ? root.orderBy : [];
    });
  }

  private get dialect() {
    return this.session.source.libraries.dialect ?? this.session.catalog.dialect;
  }

  private ordered(node: Node | undefined, env: Env | null): Expr[] {
    if (!node) return [];
    const value = this.session.value(node, env), made = value.type === 'function' ? this.expressions.called(value, node) : value;
    if (!made) return [opaque(node.range as Range)];
    const items: readonly (Value | null)[] = made.type === 'list' ? made.items.map((item) => (item.type === 'item' ? item.value : null)) : [made];
    return items.map((item) => {
      const text = item && this.session.string(item);
      if (typeof text === 'string') { const { qualifier, name } = columnName(text.replace(/\s+(?:asc|desc)\b.*$/iu, '')); return named(qualifier, name, node.range as Range); }
      return item ? this.expressions.referenceOf(item, nodeOf(item, node)) : opaque(node.range as Range);
    });
  }

  // ------------------------------------------------------------------------------------------- writes

  /** `set({ .. })`, `set('column', value)`, `set((eb) => ({ .. }))`. */
  private set(state: State, step: Called): State {
    const { args: [first, second], env } = step;
    if (!first) return state;
    if (second) {
      const name = this.expressions.reference(first, env), range: Range = [first.range[0], second.range[1]];
      if (name.type !== 'column') return { ...state, opaqueAssignments: true };
      return { ...state, assignments: [...state.assignments, { column: name.name, value: this.expressions.operand(second, env), range }] };
    }
    const { assignments, whole } = this.assignmentsOf(this.session.value(first, env), first);
    return { ...state, assignments: [...state.assignments, ...assignments], opaqueAssignments: state.opaqueAssignments || !whole };
  }

  private assignmentsOf(value: Value, node: Node): { readonly assignments: readonly Assignment[]; readonly whole: boolean } {
    if (value.type === 'function') {
      const made = this.expressions.called(value, node);
      return made ? this.assignmentsOf(made, nodeOf(made, node)) : { assignments: [], whole: false };
    }
    if (value.type === 'fork') {
      const ways = value.options.map((option) => this.assignmentsOf(option, nodeOf(option, node)));
      return { assignments: ways.flatMap(({ assignments }) => assignments).map(maybe), whole: ways.every(({ whole }) => whole) };
    }
    const entries = this.session.entries(value);
    return entries ? this.assigned(entries) : { assignments: [], whole: false };
  }

  private assigned(entries: readonly Entry[]): { readonly assignments: readonly Assignment[]; readonly whole: boolean } {
    const byColumn = new Map<string, Assignment>();
    let whole = true;
    for (const entry of entries) {
      switch (entry.type) {
        case 'entry': {
          const value = entry.value();
          // What is undefined is left out.
          if (this.session.isUndefined(value)) byColumn.delete(entry.key);
          else byColumn.set(entry.key, { column: columnName(entry.key).name, value: this.expressions.operandOf(value, entry.valueNode ?? entry.node), range: entry.node.range as Range });
          break;
        }
        case 'deleted': byColumn.delete(entry.key); break;
        case 'rest': whole = false; break;
        case 'fork': for (const option of entry.options) {
          const way = this.assigned(option);
          whole &&= way.whole;
          for (const assignment of way.assignments) byColumn.set(assignment.column, maybe(assignment));
        }
      }
    }
    return { assignments: [...byColumn.values()], whole };
  }

  private insertStep(state: State, name: string, step: Called): State | null {
    const { args: [first], env, node } = step, range = node.range as Range;
    switch (name) {
      case 'values': return { ...state, source: first ? this.values(this.session.value(first, env), first) : null };
      case 'expression': return { ...state, source: first ? this.arms(first, env, 'union')[0]?.query ?? null : null };
      case 'columns': case 'defaultValues': case 'ignored': return state;
      case 'ignore': case 'orIgnore': return { ...state, conflict: conflict('nothing', range) };
      case 'orReplace': return { ...state, conflict: conflict('replace', range) };
      case 'orAbort': case 'orFail': case 'orRollback': return state;
      case 'onConflict': return { ...state, conflict: first ? this.onConflict(this.session.value(first, env), first) : null };
      case 'onDuplicateKeyUpdate': {
        const { assignments, whole } = first ? this.assignmentsOf(this.session.value(first, env), first) : { assignments: [], whole: false };
        const found: Conflict = { ...conflict('update', range), assignments, opaqueAssignments: !whole };
        this.conflicts.set(found, { column: null, set: first ?? null });
        return { ...state, conflict: found };
      }
      default: return null;
    }
  }

  private values(value: Value, node: Node): Query | null {
    const range = node.range as Range;
    const row = (item: Value): readonly Expr[] => {
      const made = item.type === 'function' ? this.expressions.called(item, node) : item, entries = made && this.session.entries(made);
      return (entries ?? []).flatMap((entry) => (entry.type === 'entry' ? [this.expressions.operandOf(entry.value(), entry.valueNode ?? entry.node)] : []));
    };
    const made = value.type === 'function' ? this.expressions.called(value, node) : value;
    const rows = made?.type === 'list' ? made.items.map((item) => (item.type === 'item' ? row(item.value) : [])) : made ? [row(made)] : [];
    return { type: 'values', ctes: [], rows, range };
  }

  /** `(oc) => oc.column('email').where('deleted_at', 'is', null).doUpdateSet({ .. }).where(..)` */
  private onConflict(value: Value, node: Node): Conflict | null {
    const key = { what: 'a conflict of Kysely' }, range = node.range as Range;
    const made = this.session.apply(value, [this.session.given(key, node)], node), chain = made && this.session.chain(made);
    if (chain?.root.type !== 'given' || chain.root.given !== key) return { ...conflict('update', range), opaqueAssignments: true };
    let found: Conflict = { ...conflict('nothing', range), target: null }, updates = false;
    const conditions: Condition[] = [], later: Condition[] = [];
    let column: Called | null = null, set: Node | null = null;
    for (const step of stepsOf(chain)) {
      if (!isCalled(step)) continue;
      const [first] = step.args;
      switch (step.name) {
        case 'column': case 'columns': column = step; found = { ...found, target: [...found.target ?? [], ...this.columnsOf(first, step.env)] }; break;
        case 'where': case 'whereRef': (updates ? later : conditions).push(this.expressions.condition(step, step.name === 'whereRef')); break;
        case 'clearWhere': (updates ? later : conditions).length = 0; break;
        case 'doUpdateSet': {
          updates = true;
          set = first ?? null;
          const second = step.args[1];
          const pair = second && first ? this.set({ ...EMPTY, verb: 'update' }, step) : null;
          const { assignments, whole } = pair ? { assignments: pair.assignments, whole: !pair.opaqueAssignments } : first ? this.assignmentsOf(this.session.value(first, step.env), first) : { assignments: [], whole: false };
          found = { ...found, action: 'update', assignments, opaqueAssignments: !whole };
        }
      }
    }
    const whole: Conflict = { ...found, targetWhere: joined(conditions, range), where: joined(later, range) };
    this.conflicts.set(whole, { column, set });
    return whole;
  }

  private columnsOf(node: Node | undefined, env: Env | null): string[] {
    if (!node) return [];
    const value = this.session.value(node, env);
    const items = value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? this.session.string(item.value) : null)) : [this.session.string(value)];
    return items.flatMap((item) => (item === null ? [] : [item]));
  }

  private mergeStep(state: State, name: string, step: Called): State | null {
    const { args: [first], node, env } = step, range = node.range as Range;
    const branch = (action: MergeBranch['action'], assignments: readonly Assignment[] = []): State =>
      ({ ...state, pending: null, branches: [...state.branches, { ...(state.pending ?? { when: 'matched', condition: null }), action, assignments, range: [step.at.range[0], range[1]] }] });
    switch (name) {
      case 'using': {
        const joinedTo = this.join({ ...state, joins: [] }, step, 'inner', false).joins[0];
        return joinedTo ? { ...state, from: [joinedTo.right], mergeOn: joinedTo.on } : unseen(state, step);
      }
      case 'whenMatched': case 'whenNotMatched': case 'whenNotMatchedBySource': return { ...state, pending: { when: MERGE_WHEN[name]!, condition: null } };
      case 'whenMatchedAnd': case 'whenNotMatchedAnd': case 'whenNotMatchedBySourceAnd': case 'whenMatchedAndRef': case 'whenNotMatchedAndRef': case 'whenNotMatchedBySourceAndRef':
        return { ...state, pending: { when: MERGE_WHEN[name.replace(/And(?:Ref)?$/u, '')]!, condition: this.expressions.condition(step, name.endsWith('Ref')).expr } };
      case 'thenDelete': return branch('delete');
      case 'thenDoNothing': return branch('nothing');
      case 'thenInsertValues': return branch('insert');
      case 'thenUpdateSet': return branch('update', this.set({ ...EMPTY, verb: 'update' }, step).assignments);
      case 'thenUpdate': {
        const updated = first && this.applied({ ...EMPTY, verb: 'update' }, this.session.value(first, env), first);
        return branch('update', updated ? updated.assignments : []);
      }
      default: return null;
    }
  }

  // ------------------------------------------------------------------------------------------- statements

  /** The statement that a state says; null for what is no query. */
  finished(state: State, range: Range): Query | null {
    return this.statements(state, range)[0] ?? null;
  }

  /** The statements that a state says: one, or one for each table of a DELETE of several. */
  statements(state: State, range: Range): readonly Query[] {
    const where = joined(state.where, range), { ctes } = state;
    switch (state.verb) {
      case null: return [];
      case 'select': return [this.selection(state, range)];
      case 'insert': return state.targets.slice(0, 1).map((target) => ({ type: 'insert', ctes, target, columns: null, source: state.source, conflict: state.conflict, returning: state.output, range }));
      case 'merge': {
        const [target] = state.targets, [source] = state.from;
        return target && source ? [{ type: 'merge', ctes, target, source, on: state.mergeOn, branches: state.branches, returning: state.output, range }] : [];
      }
      case 'update': case 'delete': return state.targets.flatMap((target): readonly Query[] => {
        // PostgreSQL joins to FROM or USING, MySQL to the target itself.
        const twin = state.from.find((relation): relation is TableRef => relation.type === 'table' && sameTable(relation, target));
        const own = twin ?? target, inFrom = twin !== undefined || (state.from.length === 0 && state.joins.length > 0);
        const from = state.from.length > 0 || state.joins.length > 0 ? withJoins(state.from.length > 0 ? state.from : [own], state.joins) : [];
        const shared = { ctes, target: own, targetInFrom: inFrom, from, where, returning: state.output, opaqueFilters: state.unseen, range };
        return [state.verb === 'delete' ? { type: 'delete', ...shared } : { type: 'update', ...shared, assignments: state.assignments, opaqueAssignments: state.opaqueAssignments }];
      });
    }
  }

  private selection(state: State, range: Range): Query {
    const combined = state.sets.length > 0;
    const block: SelectBlock = {
      type: 'select', ctes: combined ? [] : state.ctes, from: withJoins(state.from, state.joins), where: joined(state.where, range), groupBy: state.groupBy.length > 0 ? state.groupBy : null,
      having: joined(state.having, range), output: state.output, distinct: state.distinct, limited: !combined && state.limited, orderBy: combined ? [] : state.orderBy, opaqueFilters: state.unseen, range,
    };
    // LIMIT and ORDER BY stand behind all arms.
    const query = state.sets.reduce<Query>((left, { operator, query: right }) => setOperation(operator, left, right, range), block);
    return query.type === 'set-operation' ? { ...query, ctes: state.ctes, limited: state.limited, orderBy: state.orderBy } : query;
  }
}

const MERGE_WHEN: Readonly<Record<string, MergeBranch['when']>> = { whenMatched: 'matched', whenNotMatched: 'not-matched', whenNotMatchedBySource: 'not-matched-by-source' };

/** The node of a list's item, as far as it has one of its own. */
function itemNode(item: Extract<ListItem, { type: 'item' }>, list: Node): Node {
  return nodeOf(item.value, list);
}

/** One end of a chain's last call. */
export function rangeOf(chain: Chain): Range {
  return (stepsOf(chain).at(-1)?.node.range ?? [0, 0]) as Range;
}

function unseen(state: State, step: Step): State {
  return { ...state, unseen: [...state.unseen, step.node.range as Range] };
}

function opaqueQuery(range: Range): Query {
  return { type: 'opaque-query', ctes: [], range };
}

function setOperation(operator: SetOperation['operator'], left: Query, right: Query, range: Range): SetOperation {
  return { type: 'set-operation', operator, left, right, ctes: [], limited: false, orderBy: [], range };
}

function conflict(action: Conflict['action'], range: Range): Conflict {
  return { target: null, targetWhere: null, action, assignments: [], opaqueAssignments: false, where: null, range };
}

/** An assignment that only some runs make: else the column keeps its value. */
function maybe(assignment: Assignment): Assignment {
  const { column, value, range } = assignment;
  return { ...assignment, value: choice([value, named(null, column, range)], range)! };
}

function sameTable(a: TableRef, b: TableRef): boolean {
  return a.name === b.name && (a.alias ?? a.name) === (b.alias ?? b.name);
}

/** Joins go on from the last relation of the list. */
function withJoins(from: readonly Relation[], joins: readonly JoinPart[]): Relation[] {
  const last = from.at(-1);
  if (!last) return joins.map(({ right }) => right);
  return [...from.slice(0, -1), joins.reduce<Relation>((left, { kind, right, on, opaque: hidden, range }) => ({ type: 'join', kind, natural: false, left, right, on, using: null, opaque: hidden, range }), last)];
}

/** The tables that a query has named so far, its own first. */
function tablesOf(state: State): readonly TableRef[] {
  return [...state.targets, ...state.from, ...state.joins.map(({ right }) => right)].filter((relation): relation is TableRef => relation.type === 'table');
}

/**
 * What several ways make of a query: those that read the same table are one query of which some parts are there in some runs alone,
 * others stay apart.
 */
function merged(base: State, ways: readonly State[]): readonly State[] {
  const groups: State[][] = [];
  for (const way of ways) {
    const group = groups.find(([first]) => first!.verb === way.verb && first!.from[0] === way.from[0] && first!.targets[0] === way.targets[0]);
    if (group) group.push(way);
    else groups.push([way]);
  }
  return groups.map((group) => (group.length === 1 ? group[0]! : mergedGroup(base, group)));
}

function mergedGroup(base: State, ways: readonly State[]): State {
  const [first] = ways, range = (ways.flatMap(({ where }) => where).at(-1)?.expr.range ?? [0, 0]) as Range;
  const all = <Key extends 'ctes' | 'targets' | 'from' | 'joins' | 'groupBy' | 'output' | 'orderBy' | 'sets' | 'assignments' | 'branches' | 'unseen'>(key: Key): State[Key] => {
    const lists: readonly (readonly unknown[])[] = ways.map((way) => way[key]), shared = sharedLength(lists[0]!, lists);
    return [...lists[0]!.slice(0, shared), ...new Set(lists.flatMap((list) => list.slice(shared)))] as unknown as State[Key];
  };
  const conditions = (key: 'where' | 'having'): readonly Condition[] => {
    const shared = ways[0]![key].slice(0, sharedLength(ways[0]![key], ways.map((way) => way[key])));
    return either(shared, ways.map((way) => way[key]), range);
  };
  return {
    ...first!, ctes: all('ctes'), targets: all('targets'), from: all('from'), joins: all('joins'), groupBy: all('groupBy'), output: all('output'), orderBy: all('orderBy'), sets: all('sets'),
    assignments: ways.every((way) => way.assignments === base.assignments) ? base.assignments : ways.flatMap((way) => way.assignments.slice(sharedLength(base.assignments, [way.assignments]))).map(maybe).concat(base.assignments),
    branches: all('branches'), unseen: all('unseen'), where: conditions('where'), having: conditions('having'),
    limited: ways.some((way) => way.limited), opaqueAssignments: ways.some((way) => way.opaqueAssignments),
    source: ways.find((way) => way.source)?.source ?? null, conflict: ways.find((way) => way.conflict)?.conflict ?? null, executed: ways.some((way) => way.executed),
  };
}

/**
 * Query builders: `createQueryBuilder('u').leftJoin(..).where(..).getMany()`, step after step.
 *
 * Conditions in strings are put one behind the other without parentheses: an OR in one of them comes apart. The library's own condition stands in
 * parentheses beside those of WHERE, and without any beside those of a join.
 */
import type { Expr, Join, OutputColumn, Query, Range, Relation, SelectBlock, TableRef } from '../../model/query.js';
import type { TableFacts } from '../../manifest/catalog.js';
import { lastName, unwrap, type FunctionNode, type Node, type Variable } from '../../source/ast.js';
import { constantOf, type Chain, type Env, type Step, type TextValue, type Value } from '../../source/values.js';
import { certainSteps, foldSteps, isCalled, stepsOf, type Called } from '../chains.js';
import { aggregate, and, choice, exists, literal, not, opaque, or, select } from '../expressions.js';
import { guardAt, guardedTable, guardNamed, rowsOf } from '../guards.js';
import { isOpenOr } from '../open-or.js';
import type { Session } from '../session.js';
import { entityOf, type Entity } from './entities.js';
import { Graph, placed, type AliasOf, type Place, type WithDeleted } from './graph.js';
import { assignmentsOf } from './methods.js';
import { FindOptions } from './options.js';
import { byKey, isFiltered, joined, liveCondition, relationRows, relationTo } from './tables.js';
import { EMPTY, merged, whereOf, withLast, type Groups, type JoinPart, type Prospect, type State } from './state.js';
import { textCondition, textExpression, type Piece } from './text.js';
import { nullsOf } from './versions.js';
import { Conditions } from './where.js';
import { conflictOf, writeOf } from './writes.js';

/** Steps that say that a chain is a builder of TypeORM, and of no other library. */
export const BUILDER_STEPS = /^(?:getMany|getOne|getOneOrFail|getManyAndCount|getRawMany|getRawOne|getRawAndEntities|getExists|getCount|leftJoinAndSelect|innerJoinAndSelect|leftJoinAndMap(?:One|Many)|innerJoinAndMap(?:One|Many)|setFindOptions|addSelect|andWhere|orWhere)$/;
/** Steps that send a query, or hand out its text. */
export const EXECUTES = /^(?:getMany|getOne|getOneOrFail|getManyAndCount|getRawMany|getRawOne|getRawAndEntities|getExists|getCount|stream|execute|getQuery|getSql|getQueryAndParameters)$/;

/** Steps that say nothing about which rows there are. */
const NEUTRAL = /^(?:(?:add)?[oO]rderBy|setParameters?|setNativeParameters|cache|(?:un)?setLock|setOnLocked|comment|returning|output|values|useTransaction|maxExecutionTime|printSql|clone|loadAllRelationIds|loadRelation(?:Count|Id)AndMap|timeTravelQuery|useIndex|setQueryRunner|callListeners|updateEntity|whenEnabled|orIgnore|useCollation|option|getAlias\w*|hasRelation|createParameter|getParameters|escape|then|catch|finally|of|add|remove|loadOne|loadMany|addAndRemove|subQuery|createQueryBuilder)$/;

/** What `FindOptionsUtils` calls the relations that it joins. */
const APPLIED: AliasOf = (parent, property) => `${parent}__${property}`;
/** What `setFindOptions` calls the relations that it joins. */
const SET: AliasOf = (parent, property) => `${parent}__${parent}_${property}`;

/** What a builder says. */
export interface Built {
  readonly query: Query;
  readonly executed: boolean;
  /** What remedies need: the main entity, and whether one more AND would hold for all of WHERE. */
  readonly main: TableRef | null;
  readonly facts: TableFacts | null;
  readonly isOneGroup: boolean;
  readonly hasWhere: boolean;
  readonly writes: boolean;
}

/** The entity that a builder begins with, and its alias. */
export interface Start {
  readonly entity: Entity | null;
  readonly alias: string | null;
  readonly at: Range;
  /** Conditions that a factory of the project was given, and relations that it joins. */
  readonly options?: { readonly node: Node; readonly env: Env | null } | null;
  /** The rows that a helper of the project begins with. */
  readonly yields?: 'live' | 'dead' | 'all';
  /** The filter of the client or repository that the builder comes from. */
  readonly autoFilter?: TableRef['autoFilter'];
  /** What the new builder was handed to. */
  readonly handed?: Step['handed'];
}

/** The condition that a function makes which is given a builder. */
export function readCallback(fn: FunctionNode, env: Env | null, main: Place, node: Node, session: Session): Expr | null {
  return new BuilderReader(session, node).ofCallback(fn, env, main);
}

/** Reads the steps of a builder; null where no entity that is known stands behind it. */
export function readBuilder(start: Start, items: Chain['steps'], node: Node, session: Session): Built | null {
  return new BuilderReader(session, node).read(start, items);
}

class BuilderReader {
  private readonly range: Range;

  constructor(private readonly session: Session, node: Node) {
    this.range = node.range as Range;
  }

  read(start: Start, items: Chain['steps']): Built | null {
    const state = this.fold(this.begin(start, this.prospect(items)), items);
    const query = this.query(state);
    return query && { query, executed: state.executed, main: state.main?.ref ?? null, facts: state.main?.facts ?? null, writes: state.does !== 'select', isOneGroup: state.where.length < 2, hasWhere: state.where.some((group) => group.length > 0) };
  }

  private fold(state: State, items: Chain['steps']): State {
    return foldSteps(items, state, (before, step) => (isCalled(step) ? this.handed(this.step(before, step), step.handed) : before), (states) => merged(states, this.range));
  }

  private begin({ entity, alias, at, options, yields, autoFilter, handed }: Start, prospect: Prospect): State {
    const empty: State = { ...EMPTY, prospect };
    if (!entity) return this.handed(empty, handed);
    const begun = this.withMain(empty, entity.facts, at, alias, autoFilter), { main } = begun;
    const filter = main && yields && yields !== 'all' ? rowsOf(yields, main.ref, main.facts, at) : null;
    const state = this.handed({ ...begun, mainFilter: and([begun.mainFilter, filter], at) }, handed);
    return options ? this.findOptions(state, options) : state;
  }

  /** What functions that the builder was handed to have done to it: a helper of the manifest keeps live rows, any other may have done anything. */
  private handed(state: State, calls: Step['handed'] = []): State {
    return calls.reduce<State>((before, call) => {
      // TypeORM's own: `FindOptionsUtils.joinEagerRelations(qb, ..)`, `FindOptionsUtils.applyFindManyOptionsOrConditionsToQueryBuilder(qb, options)` of 0.2.
      const name = lastName(call.callee) ?? '', options = call.arguments[1];
      if (name === 'joinEagerRelations') return before;
      if (/^apply(?:Find(?:Many|One)Options(?:OrConditions)?|Options|FindOptions)To(?:Query|Tree\w*)Builder$/.test(name)) return options ? this.findOptions(before, { node: options, env: null }, APPLIED) : before;
      const found = guardAt(this.session, call, 'modifier', 'chain'), range = call.range as Range;
      const place = found && this.placeFor(found.guard.table === undefined ? null : { name: found.guard.table }, null, before);
      const rows = found && place ? rowsOf(found.guard.yields, place.ref, place.facts, range) : null;
      return rows ? { ...before, where: withLast(before.where, rows) } : { ...before, unseen: true };
    }, state);
  }

  /** The reference that a helper speaks of: that of the table or alias, the main one by default; null where there is none. */
  private placeFor(about: ReturnType<typeof guardedTable>, env: Env | null, state: State): Place | null {
    if (!about) return state.main;
    const named = 'name' in about ? about.name : this.session.string(this.session.value(about.argument, env));
    const byAlias = named === null ? undefined : state.names.find(({ alias }) => alias === named)?.place;
    const facts = byAlias ? null : named !== null ? this.session.facts(named) : 'argument' in about ? entityOf(about.argument, env, this.session)?.facts ?? null : null;
    return byAlias ?? (facts && state.names.find(({ place }) => place?.facts === facts)?.place) ?? null;
  }

  /** What the steps have in store. */
  private prospect(items: Chain['steps']): Prospect {
    const isSwitch = (step: Step): WithDeleted => {
      if (step.name === 'withDeleted' || this.isBypass(step)) return true;
      return step.name === 'setFindOptions' && step.args?.[0] ? new FindOptions({ node: step.args[0], env: step.env }, this.session).withDeleted() : false;
    };
    const certain = items.filter((item) => item.type === 'step').map(isSwitch), others = stepsOf({ root: { type: 'given', given: items }, steps: items.filter((item) => item.type !== 'step') }).map(isSwitch);
    return {
      withDeleted: certain.includes(true) ? true : certain.includes(null) || others.some((one) => one !== false) ? null : false,
      writes: stepsOf({ root: { type: 'given', given: items }, steps: items }).some((step) => step.args !== null && /^(?:update|delete|softDelete|restore|insert)$/.test(step.name ?? '')),
    };
  }

  private withMain(state: State, facts: TableFacts, at: Range, alias: string | null, autoFilter?: TableRef['autoFilter']): State {
    const placedMain = this.mainPlace(facts, at, alias, state.prospect), { filter } = placedMain;
    const ref = autoFilter ? { ...placedMain.ref, autoFilter } : placedMain.ref, main: Place = { ref, facts };
    return { ...state, main, mainFilter: filter, names: [...state.names, { alias: alias ?? ref.name, place: main }] };
  }

  private mainPlace(facts: TableFacts, at: Range, alias: string | null, { withDeleted, writes }: Prospect): Place & { readonly filter: Expr | null } {
    if (writes) return { facts, ref: this.session.table(facts.name, at, { schema: facts.schema, alias }), filter: null };
    return placed(facts, at, { alias, withDeleted }, this.session);
  }

  // ------------------------------------------------------------------------------------------- steps

  private step(state: State, step: Called): State {
    const { name, args, env } = step, [first, second, third] = args;
    if (name === null) return { ...state, unseen: true };
    const join = /^(left|inner)Join(?:AndSelect|AndMapOne|AndMapMany)?$/.exec(name);
    if (join) {
      const offset = /AndMap/.test(name) ? 1 : 0;
      return this.join(state, join[1] as 'left' | 'inner', step, args.slice(offset), /AndSelect|AndMap/.test(name));
    }
    switch (name) {
      case 'where': return first ? { ...state, where: this.added([[]], first, env, state) } : state;
      case 'andWhere': return first ? { ...state, where: this.added(state.where, first, env, state) } : state;
      case 'orWhere': return first ? { ...state, where: [...state.where.filter((group) => group.length > 0), ...this.added([[]], first, env, state)] } : state;
      case 'whereInIds': case 'andWhereInIds': return state.main ? { ...state, where: withLast(name === 'whereInIds' ? [[]] : state.where, byKey(state.main.ref, state.main.facts, this.at(step), true)) } : state;
      case 'whereExists': case 'andWhereExists': case 'orWhereExists': {
        const inner = first ? this.subquery(first, env) : null;
        const condition = inner?.type === 'select' ? exists(inner, this.at(step)) : opaque(this.at(step));
        return { ...state, where: name === 'orWhereExists' ? [...state.where, [condition]] : withLast(name === 'whereExists' ? [[]] : state.where, condition) };
      }
      case 'withDeleted': return { ...state, withDeleted: true };
      case 'distinctOn': return { ...state, distinct: 'on' };
      case 'distinct': return { ...state, distinct: 'all' };
      case 'setFindOptions': return first ? this.findOptions(state, { node: first, env }, SET) : state;
      case 'from': return first ? this.from(state, first, second, env, false) : state;
      case 'addFrom': return first ? this.from(state, first, second, env, true) : state;
      case 'select': return { ...state, does: 'select', output: args.length === 0 ? state.output : this.outputs(first!, second, env, state) };
      case 'addSelect': return first ? { ...state, output: [...state.output ?? this.stars(state), ...this.outputs(first, second, env, state)] } : state;
      case 'groupBy': case 'addGroupBy': return { ...state, groupBy: [...(name === 'addGroupBy' ? state.groupBy ?? [] : []), ...(first ? [this.expression(first, env)] : [])] };
      case 'having': case 'andHaving': return { ...state, having: and([name === 'andHaving' ? state.having : null, first ? this.condition(first, env, state) : null], this.range) };
      case 'orHaving': return { ...state, having: or([state.having, first ? this.condition(first, env, state) : null], this.range) };
      case 'take': case 'limit': case 'skip': case 'offset': return { ...state, limited: true };
      case 'update': return this.update(state, first, second, env);
      case 'set': return { ...state, set: first && state.main ? assignmentsOf(this.session.value(first, env), state.main, this.session) : { assignments: [], opaqueAssignments: true } };
      case 'delete': case 'restore': return { ...state, does: name };
      case 'softDelete': return { ...state, does: 'soft-delete' };
      case 'insert': return { ...state, does: 'insert' };
      case 'relation': return { ...state, does: 'relation' };
      case 'into': return first ? this.from(state, first, undefined, env, false) : state;
      case 'orUpdate': case 'onConflict': return { ...state, conflict: conflictOf(step, this.session) };
      case 'addCommonTableExpression': return this.cte(state, first, second, third, env);
      case 'getCount': return { ...state, counted: true, executed: true };
      case 'getExists': return { ...state, tested: true, executed: true };
      default: return EXECUTES.test(name) ? { ...state, executed: true } : NEUTRAL.test(name) ? state : this.strange(state, step);
    }
  }

  /** A method that TypeORM's builders do not have: a helper of the manifest, or an extension that may do anything. */
  private strange(state: State, step: Called): State {
    if (this.isBypass(step)) return { ...state, withDeleted: true };
    const guard = guardNamed(this.session, 'chain', step.name!), place = guard && this.placeFor(guardedTable(guard, step), step.env, state);
    const rows = guard && place ? rowsOf(guard.yields, place.ref, place.facts, this.at(step)) : null;
    return rows ? { ...state, where: withLast(state.where, rows) } : { ...state, unseen: true };
  }

  /** A helper of the manifest that shows tombstones on purpose. */
  private isBypass({ name, args }: Step): boolean {
    return args !== null && name !== null && guardNamed(this.session, 'bypass', name) !== null;
  }

  private at(step: Called): Range {
    return [step.at.range[0], step.node.range[1]];
  }

  // ------------------------------------------------------------------------------------------- conditions

  /** The groups with one more condition behind AND. */
  private added(groups: Groups, node: Node, env: Env | null, state: State): Groups {
    const value = this.session.value(node, env);
    if (value.type === 'text' && isOpenOr(value)) {
      const condition = this.text(value, node, state);
      if (condition.type === 'or') {
        const [head, ...tail] = condition.operands;
        return [...withLast(groups, head!), ...tail.map((operand) => [operand])];
      }
    }
    return withLast(groups, this.conditionOf(value, node, env, state));
  }

  private condition(node: Node, env: Env | null, state: State): Expr | null {
    return this.conditionOf(this.session.value(node, env), node, env, state);
  }

  private conditionOf(value: Value, node: Node, env: Env | null, state: State): Expr | null {
    switch (value.type) {
      case 'fork': return choice(value.options.map((option) => this.conditionOf(option, node, env, state)), node.range as Range);
      case 'nothing': return null;
      case 'text': return this.text(value, node, state);
      case 'object': case 'list': return state.main ? new Conditions(this.session, null, nullsOf(this.session, 'builder', node)).of(value, node, state.main) : opaque(node.range as Range);
      case 'function': {
        const result = this.session.apply(value, [this.session.given(BUILDER, node)], node);
        return result && (result.type === 'text' || result.type === 'fork') ? this.text(result, node, state) : opaque(node.range as Range);
      }
      case 'unknown': return this.brackets(value, env, state) ?? this.guarded(value, env, state) ?? opaque(node.range as Range);
      default: return opaque(node.range as Range);
    }
  }

  private text(value: Value, node: Node, state: State): Expr {
    return textCondition(value, node, this.session, (hole) => this.piece(hole.value, state));
  }

  /** Another builder's text, or the condition of a helper, in a string. */
  private piece(value: Value, state: State): Piece | null {
    const chain = value.type === 'unknown' ? this.session.chain(value) : null, found = chain && builderOf(chain, this.session);
    if (chain && found && stepsOf(chain).at(-1)?.name === 'getQuery') {
      this.session.consume(chain);
      const query = this.query(this.fold(this.begin(found.start, this.prospect(found.steps)), found.steps));
      return query && { query, isParenthesised: certainSteps(chain).some((step) => isCalled(step) && step.name === 'subQuery') };
    }
    const condition = value.type === 'unknown' ? this.guarded(value, null, state) : null;
    return condition && { condition };
  }

  /** The condition of a helper that the manifest declares; null where none stands. A predicate is told the alias or the entity that it is about. */
  private guarded({ node }: Extract<Value, { type: 'unknown' }>, env: Env | null, state: State): Expr | null {
    const found = guardAt(this.session, node, 'predicate', 'where-object', 'where-wrapper');
    if (!found) return null;
    const { guard, args } = found, range = node.range as Range, [first] = args;
    const argument = guard.kind === 'predicate' ? args[guard.tableArg ?? 0] : undefined;
    const place = this.placeFor(guard.table !== undefined ? { name: guard.table } : argument ? { argument } : null, env, state);
    if (!place) return opaque(range);
    return and([rowsOf(guard.yields, place.ref, place.facts, range), guard.kind === 'where-wrapper' && first ? this.condition(first, env, state) : null], range);
  }

  /** The condition that `where: (qb) => { .. }` of find options makes (0.2). */
  ofCallback(fn: FunctionNode, env: Env | null, main: Place): Expr | null {
    const inner = this.callback(fn, env, { ...EMPTY, main, names: [{ alias: main.ref.alias ?? main.ref.name, place: main }] });
    return !inner || inner.unseen ? opaque(this.range) : whereOf(inner.where, this.range);
  }

  /** `new Brackets((qb) => { qb.where(..).orWhere(..); })`. */
  private brackets(value: Value, env: Env | null, state: State): Expr | null {
    const chain = this.session.chain(value);
    if (chain?.root.type !== 'node' || chain.steps.length > 0) return null;
    const node = unwrap(chain.root.node), name = node.type === 'NewExpression' ? lastName(node.callee) : null;
    if (node.type !== 'NewExpression' || (name !== 'Brackets' && name !== 'NotBrackets') || !node.arguments[0]) return null;
    const fn = this.session.value(node.arguments[0], chain.root.env ?? env);
    if (fn.type !== 'function') return opaque(node.range as Range);
    const inner = this.callback(fn.node, fn.env, { ...state, where: [[]], unseen: false });
    if (!inner || inner.unseen) return opaque(node.range as Range);
    const condition = whereOf(inner.where, node.range as Range);
    return condition && name === 'NotBrackets' ? not(condition, node.range as Range) : condition;
  }

  /** What a callback does to the builder that it is given; null where that cannot be followed. */
  private callback(fn: FunctionNode, env: Env | null, state: State): State | null {
    const param = fn.params[0], target = param?.type === 'AssignmentPattern' ? param.left : param;
    if (target?.type !== 'Identifier' || !fn.body) return state;
    const variable = this.session.source.names.variable(target);
    if (!variable) return null;
    const key = {}, inner: Env = { bindings: new Map<Variable, { value: () => Value; final: boolean }>([[variable, { value: () => this.session.given(key, target), final: true }]]), outer: env };
    return fn.body.type === 'BlockStatement' ? this.statements(fn.body.body, inner, key, state) : this.expressionOf(fn.body, inner, key, state);
  }

  private statements(statements: readonly Node[], env: Env, key: object, state: State): State | null {
    let after: State | null = state;
    for (const statement of statements) {
      if (!after) return null;
      switch (statement.type) {
        case 'ExpressionStatement': after = this.expressionOf(statement.expression, env, key, after); break;
        case 'ReturnStatement': return statement.argument ? this.expressionOf(statement.argument, env, key, after) : after;
        case 'BlockStatement': after = this.statements(statement.body, env, key, after); break;
        case 'IfStatement': {
          const on: State | null = this.statements([statement.consequent], env, key, after), off: State | null = statement.alternate ? this.statements([statement.alternate], env, key, after) : after;
          after = on && off && merged([on, off], this.range);
          break;
        }
        case 'VariableDeclaration': break;
        default: after = { ...after, unseen: true };
      }
    }
    return after;
  }

  private expressionOf(node: Node, env: Env, key: object, state: State): State {
    const chain = this.session.chain(this.session.value(node, env));
    return chain?.root.type === 'given' && chain.root.given === key ? this.fold(state, chain.steps) : { ...state, unseen: true };
  }

  // ------------------------------------------------------------------------------------------- FROM, joins

  private from(state: State, node: Node, aliasNode: Node | undefined, env: Env | null, isFurther: boolean): State {
    const alias = aliasNode ? this.session.string(this.session.value(aliasNode, env)) : null, range = node.range as Range;
    const entity = entityOf(node, env, this.session);
    if (!entity) {
      const relation = this.derived(node, env, alias) ?? { type: 'opaque-relation', alias, range } as const;
      const named = [...state.names, ...(alias === null ? [] : [{ alias, place: null }])];
      return isFurther ? { ...state, others: [...state.others, relation], names: named } : { ...state, mainRelation: relation, names: named };
    }
    if (!isFurther) return this.withMain(state, entity.facts, range, alias);
    const ref = this.session.table(entity.facts.name, range, { schema: entity.facts.schema, alias });
    return { ...state, others: [...state.others, ref], names: [...state.names, { alias: alias ?? ref.name, place: { ref, facts: entity.facts } }] };
  }

  /** A subquery in the place of a table: a callback, another builder's text. */
  private derived(node: Node, env: Env | null, alias: string | null): Relation | null {
    const query = this.subquery(node, env);
    return query && { type: 'derived', query, alias, columns: null, lateral: false, range: node.range as Range };
  }

  private subquery(node: Node, env: Env | null): Query | null {
    const value = this.session.value(node, env);
    if (value.type === 'function') return this.subqueryOf(value.node, value.env);
    const chain = value.type === 'unknown' ? this.session.chain(value) : null;
    const found = chain ? builderOf(chain, this.session) : null;
    if (!chain || !found) return null;
    this.session.consume(chain);
    return this.query(this.fold(this.begin(found.start, this.prospect(found.steps)), found.steps));
  }

  /** A callback that is given a builder to make a subquery with. */
  private subqueryOf(fn: FunctionNode, env: Env | null): Query | null {
    const text = this.session.source.text.slice(...(fn.range as [number, number]));
    const state = this.callback(fn, env, { ...EMPTY, prospect: { withDeleted: /\.withDeleted\(/.test(text), writes: false } });
    return state && !state.unseen ? this.query(state) : null;
  }

  private join(state: State, kind: 'inner' | 'left', step: Called, args: readonly Node[], isLoaded: boolean): State {
    const [target, aliasNode, conditionNode] = args, { env } = step;
    if (!target) return state;
    const range = target.range as Range, alias = aliasNode ? this.session.string(this.session.value(aliasNode, env)) : null;
    const named = this.session.string(this.session.value(target, env));
    const path = named === null ? null : /^(\w+)\.(\w+(?:\.\w+)*)$/.exec(named.replaceAll(/["`]/g, ''));
    const parent = path ? state.names.find((known) => known.alias === path[1]) ?? null : null;
    const loaded = isLoaded && alias !== null ? [...state.loaded, alias] : state.loaded;
    const value = conditionNode ? this.session.value(conditionNode, env) : null;
    const known = alias === null ? undefined : state.joins.find(({ relation }) => 'alias' in relation && relation.alias === alias);
    if (known) return state;
    const place = path ? (parent?.place ? this.related(parent.place, path[2]!, alias, range, state) : null) : this.direct(target, env, alias, range, state);
    if (!place) {
      const relation = (path ? null : this.derived(target, env, alias)) ?? { type: 'opaque-relation', alias, range } as const;
      const on = conditionNode && value ? this.conditionOf(value, conditionNode, env, state) : null;
      return { ...state, joins: [...state.joins, { kind, relation, on }], names: alias === null ? state.names : [...state.names, { alias, place: null }], loaded };
    }
    const own = conditionNode && value ? this.conditionOf(value, conditionNode, env, state) : null;
    const on = this.joinCondition(place, own, value, range, state);
    return { ...state, joins: [...state.joins, { kind, relation: on.ref, on: and([place.key, on.condition], range) }], names: [...state.names, { alias: alias ?? place.ref.name, place: { ref: on.ref, facts: place.facts } }], loaded };
  }

  private related(parent: Place, properties: string, alias: string | null, range: Range, state: State): (Place & { key: Expr | null; filter: Expr | null }) | null {
    const steps = properties.split('.'), property = steps.at(-1)!;
    // An embedded object may stand between.
    if (steps.length > 2) return null;
    const reach = relationTo(parent.facts, property, this.session), place = placed(reach.facts, range, { alias, withDeleted: state.withDeleted }, this.session);
    const live = relationRows(property, parent.facts, reach, place, range, this.session);
    return { ...place, key: and([joined(parent.ref, place.ref, reach, range), live], range) };
  }

  private direct(target: Node, env: Env | null, alias: string | null, range: Range, state: State): (Place & { key: Expr | null; filter: Expr | null }) | null {
    const entity = entityOf(target, env, this.session) ?? null;
    const known = entity ?? this.tableNamed(target, env);
    return known && { ...placed(known.facts, range, { alias, withDeleted: state.withDeleted }, this.session), key: null };
  }

  /** A table by a name that no entity has. */
  private tableNamed(target: Node, env: Env | null): { facts: TableFacts } | null {
    const name = this.session.string(this.session.value(target, env));
    return name !== null && /^[\w.]+$/.test(name) ? { facts: this.session.facts(name) ?? this.session.undeclared(name) } : null;
  }

  /** The library's own condition stands behind those of the join, and without parentheses. */
  private joinCondition({ ref, facts, filter }: Place & { filter: Expr | null }, own: Expr | null, value: Value | null, range: Range, state: State): { ref: TableRef; condition: Expr | null } {
    if (own?.type !== 'or' || value?.type !== 'text' || !isOpenOr(value as TextValue) || !isFiltered(facts) || state.withDeleted !== false) return { ref, condition: and([own, filter], range) };
    const open = this.session.table(facts.name, ref.range, { schema: facts.schema, alias: ref.alias });
    const last = own.operands.at(-1)!;
    return { ref: open, condition: or([...own.operands.slice(0, -1), and([last, liveCondition(open, facts, range)], range)], range) };
  }

  private cte(state: State, first: Node | undefined, second: Node | undefined, third: Node | undefined, env: Env | null): State {
    const name = second ? this.session.string(this.session.value(second, env)) : null;
    if (!first || name === null) return { ...state, unseen: true };
    const range = first.range as Range, query: Query = this.subquery(first, env) ?? { type: 'opaque-query', ctes: [], range };
    const options = third ? this.session.value(third, env) : null, entries = options ? this.session.entries(options) ?? [] : [];
    const recursive = entries.some((entry) => entry.type === 'entry' && entry.key === 'recursive' && constantOf(entry.value())?.value === true);
    return { ...state, ctes: [...state.ctes, { name, columns: null, query, recursive, range }] };
  }

  private findOptions(state: State, argument: { readonly node: Node; readonly env: Env | null }, aliasOf: AliasOf | null = null): State {
    if (!state.main) return state;
    const options = new FindOptions(argument, this.session), withDeleted = options.withDeleted();
    const graph = new Graph(state.main.facts, state.main.ref.range, withDeleted === true ? true : state.withDeleted, this.session, state.main, null, aliasOf);
    options.include(graph);
    const where = options.where(graph, nullsOf(this.session, 'finder', argument.node));
    return {
      ...state, withDeleted: withDeleted === false ? state.withDeleted : withDeleted,
      where: where ? withLast(state.where, where) : state.where,
      joins: [...state.joins, ...graph.joined().map(({ ref, on }): JoinPart => ({ kind: 'left', relation: ref, on }))],
      names: [...state.names, ...graph.joined().map((place) => ({ alias: place.ref.alias ?? place.ref.name, place }))], loaded: [...state.loaded, ...graph.joined().map(({ ref }) => ref.alias ?? ref.name)],
    };
  }

  // ------------------------------------------------------------------------------------------- output

  private outputs(node: Node, nameNode: Node | undefined, env: Env | null, state: State): OutputColumn[] {
    const value = this.session.value(node, env), name = nameNode ? this.session.string(this.session.value(nameNode, env)) : null;
    return this.outputsOf(value, node, name, state);
  }

  private outputsOf(value: Value, node: Node, name: string | null, state: State): OutputColumn[] {
    const range = node.range as Range;
    switch (value.type) {
      case 'list': return value.items.flatMap((item): OutputColumn[] => (item.type === 'item' ? this.outputsOf(item.value, node, null, state) : [{ type: 'opaque', range }]));
      case 'fork': return value.options.flatMap((option) => this.outputsOf(option, node, name, state));
      case 'text': {
        const constant = this.session.string(value);
        if (constant !== null && state.names.some(({ alias }) => alias === constant)) return [{ type: 'star', qualifier: constant, range }];
        return [{ type: 'expr', expr: textExpression(value, node, this.session), name: name ?? (constant !== null ? /\.(\w+)$/.exec(constant)?.[1] ?? null : null) }];
      }
      case 'function': {
        const query = this.subqueryOf(value.node, value.env);
        return query ? [{ type: 'expr', expr: { type: 'subquery', query, range }, name }] : [{ type: 'opaque', range }];
      }
      default: return [{ type: 'opaque', range }];
    }
  }

  private stars(state: State): OutputColumn[] {
    const main = state.main ? state.main.ref.alias ?? state.main.ref.name : state.mainRelation && 'alias' in state.mainRelation ? state.mainRelation.alias : null;
    return [...(main === null ? [] : [main]), ...state.loaded].map((qualifier) => ({ type: 'star', qualifier, range: this.range }));
  }

  private expression(node: Node, env: Env | null): Expr {
    const value = this.session.value(node, env);
    return value.type === 'text' ? textExpression(value, node, this.session) : opaque(node.range as Range);
  }

  // ------------------------------------------------------------------------------------------- the statement

  private query(state: State): Query | null {
    const where = whereOf(state.where, this.range), { range } = this, { ctes } = state;
    const opaqueFilters = state.unseen ? [range] : [];
    if (state.does === 'relation') return null;
    if (state.does !== 'select') return writeOf(state, where, opaqueFilters, range, this.session);
    const first: Relation | null = state.main?.ref ?? state.mainRelation;
    if (!first) return null;
    const tree = state.joins.reduce<Relation>((left, { kind, relation, on }): Join => ({ type: 'join', kind, natural: false, left, right: relation, on, using: null, opaque: false, range }), first);
    const block = (output: readonly OutputColumn[]): SelectBlock => select({
      from: [tree, ...state.others], range, ctes, where: and([where, state.mainFilter], range), output, groupBy: state.groupBy, having: state.having, limited: state.limited, distinct: state.distinct, opaqueFilters,
    });
    if (state.counted) return { ...block([{ type: 'expr', expr: aggregate('count', [], range), name: null }]), limited: false };
    const one: OutputColumn[] = [{ type: 'expr', expr: literal(1, range), name: null }];
    if (state.tested) return select({ from: [], range, output: one, where: exists(block(one), range) });
    return block(state.output ?? this.stars(state));
  }

  private update(state: State, first: Node | undefined, second: Node | undefined, env: Env | null): State {
    const entity = first ? entityOf(first, env, this.session) : null;
    const begun = entity ? this.withMain(state, entity.facts, first!.range as Range, state.main?.ref.alias ?? null) : state, { main } = begun;
    const values = entity ? second : first;
    return { ...begun, does: 'update', set: values && main ? assignmentsOf(this.session.value(values, env), main, this.session) : state.set };
  }
}

const BUILDER = {};

/** The builder that a chain goes on with: from a repository, a manager, a factory of the project, or out of nothing (`qb.subQuery()`). */
export function builderOf(chain: Chain, session: Session): { readonly start: Start; readonly steps: Chain['steps'] } | null {
  return BUILDERS.find(chain, session);
}

/** Set by the library's own file, which knows where builders come from. */
export const BUILDERS: { find(chain: Chain, session: Session): { readonly start: Start; readonly steps: Chain['steps'] } | null } = { find: () => null };

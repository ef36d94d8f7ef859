/**
 * Query builders: `createQueryBuilder('u').leftJoin(..).where(..).getMany()`, step after step.
 *
 * Conditions in strings are put one behind the other without parentheses: an OR in one of them comes apart. The library's own condition stands in
 * parentheses beside those of WHERE, and without any beside those of a join.
 */
import type { Cte, Delete, Expr, Insert, Join, OutputColumn, Query, Range, Relation, SelectBlock, TableRef, Update } from '../../model/query.js';
import type { TableFacts } from '../../manifest/catalog.js';
import { lastName, unwrap, type FunctionNode, type Node, type Variable } from '../../source/ast.js';
import { constantOf, type Chain, type Env, type Step, type TextValue, type Value } from '../../source/values.js';
import { foldSteps, isCalled, stepsOf, type Called } from '../chains.js';
import { aggregate, and, choice, exists, literal, not, opaque, or, parameter, select, time } from '../expressions.js';
import type { Session } from '../session.js';
import { entityOf, type Entity } from './entities.js';
import { Graph, placed, type Place, type WithDeleted } from './graph.js';
import { assignmentsOf } from './methods.js';
import { FindOptions } from './options.js';
import { byKey, isFiltered, joined, liveCondition, relationTo } from './tables.js';
import { isOpenOr, textCondition, textExpression } from './text.js';
import { Conditions } from './where.js';

/** Steps that say that a chain is a builder of TypeORM, and of no other library. */
export const BUILDER_STEPS = /^(?:getMany|getOne|getOneOrFail|getManyAndCount|getRawMany|getRawOne|getRawAndEntities|getExists|getCount|leftJoinAndSelect|innerJoinAndSelect|leftJoinAndMap(?:One|Many)|innerJoinAndMap(?:One|Many)|setFindOptions|addSelect|andWhere|orWhere)$/;
/** Steps that send a query, or hand out its text. */
export const EXECUTES = /^(?:getMany|getOne|getOneOrFail|getManyAndCount|getRawMany|getRawOne|getRawAndEntities|getExists|getCount|stream|execute|getQuery|getSql|getQueryAndParameters)$/;

/** A relation of FROM that other steps name. */
interface Named {
  readonly alias: string;
  readonly place: Place | null;
}

interface JoinPart {
  readonly kind: 'inner' | 'left';
  readonly relation: Relation;
  readonly on: Expr | null;
}

/** Alternatives of which each is a list of conditions that all have to hold: what strings without parentheses come to. */
type Groups = readonly (readonly (Expr | null)[])[];

/** What later steps make of the builder, which decides whether the library filters its main entity. */
interface Prospect {
  readonly withDeleted: WithDeleted;
  readonly writes: boolean;
}

interface State {
  readonly prospect: Prospect;
  readonly mainFilter: Expr | null;
  readonly does: 'select' | 'update' | 'delete' | 'soft-delete' | 'restore' | 'insert' | 'relation';
  readonly main: Place | null;
  readonly mainRelation: Relation | null;
  readonly others: readonly Relation[];
  readonly names: readonly Named[];
  readonly joins: readonly JoinPart[];
  readonly where: Groups;
  readonly withDeleted: WithDeleted;
  /** Null: what the entities of main and of the joins that are selected hold. */
  readonly output: readonly OutputColumn[] | null;
  readonly loaded: readonly string[];
  readonly groupBy: readonly Expr[] | null;
  readonly having: Expr | null;
  readonly limited: boolean;
  readonly ctes: readonly Cte[];
  readonly set: Pick<Update, 'assignments' | 'opaqueAssignments'> | null;
  readonly conflict: Insert['conflict'];
  readonly counted: boolean;
  readonly tested: boolean;
  readonly executed: boolean;
  /** Code that cannot be seen had its hands on it. */
  readonly unseen: boolean;
}

const EMPTY: State = {
  prospect: { withDeleted: false, writes: false }, mainFilter: null, does: 'select', main: null, mainRelation: null, others: [], names: [], joins: [], where: [[]], withDeleted: false, output: null, loaded: [], groupBy: null, having: null,
  limited: false, ctes: [], set: null, conflict: null, counted: false, tested: false, executed: false, unseen: false,
};

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
    return foldSteps(items, state, (before, step) => (isCalled(step) ? this.step(before, step) : before), (states) => this.merge(states));
  }

  private begin({ entity, alias, at, options }: Start, prospect: Prospect): State {
    const empty: State = { ...EMPTY, prospect };
    if (!entity) return empty;
    const state = this.withMain(empty, entity.facts, at, alias);
    return options ? this.findOptions(state, options) : state;
  }

  /** What the steps have in store. */
  private prospect(items: Chain['steps']): Prospect {
    const isSwitch = (step: Step): WithDeleted => {
      if (step.name === 'withDeleted') return true;
      return step.name === 'setFindOptions' && step.args?.[0] ? new FindOptions({ node: step.args[0], env: step.env }, this.session).withDeleted() : false;
    };
    const certain = items.filter((item) => item.type === 'step').map(isSwitch), others = stepsOf({ root: { type: 'given', given: items }, steps: items.filter((item) => item.type !== 'step') }).map(isSwitch);
    return {
      withDeleted: certain.includes(true) ? true : certain.includes(null) || others.some((one) => one !== false) ? null : false,
      writes: stepsOf({ root: { type: 'given', given: items }, steps: items }).some((step) => step.args !== null && /^(?:update|delete|softDelete|restore|insert)$/.test(step.name ?? '')),
    };
  }

  private withMain(state: State, facts: TableFacts, at: Range, alias: string | null): State {
    const { filter, ref } = this.mainPlace(facts, at, alias, state.prospect), main: Place = { ref, facts };
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
      case 'setFindOptions': return first ? this.findOptions(state, { node: first, env }) : state;
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
      case 'orUpdate': case 'onConflict': return { ...state, conflict: this.conflict(step) };
      case 'addCommonTableExpression': return this.cte(state, first, second, third, env);
      case 'getCount': return { ...state, counted: true, executed: true };
      case 'getExists': return { ...state, tested: true, executed: true };
      default: return EXECUTES.test(name) ? { ...state, executed: true } : state;
    }
  }

  private at(step: Called): Range {
    return [step.at.range[0], step.node.range[1]];
  }

  private merge(states: readonly State[]): State {
    const [first, ...others] = states as readonly [State, ...State[]];
    if (others.every((state) => state === first)) return first;
    const joins = [...new Map(states.flatMap(({ joins: own }) => own).map((join) => [join.relation, join])).values()];
    const unique = dropSame(joins);
    return {
      ...first, joins: unique, where: this.mergedWhere(states.map(({ where }) => where)),
      names: [...new Map(states.flatMap(({ names }) => names).map((name) => [name.alias, name])).values()],
      withDeleted: states.every(({ withDeleted }) => withDeleted === first.withDeleted) ? first.withDeleted : null,
      main: states.find(({ main }) => main !== null)?.main ?? null,
      mainRelation: states.find(({ mainRelation }) => mainRelation !== null)?.mainRelation ?? null,
      others: [...new Set(states.flatMap((state) => state.others))],
      output: states.some(({ output }) => output !== first.output) ? states.map(({ output }) => output).reduce<readonly OutputColumn[] | null>((longest, output) => ((output?.length ?? 0) > (longest?.length ?? 0) ? output : longest), null) : first.output,
      loaded: [...new Set(states.flatMap(({ loaded }) => loaded))],
      groupBy: states.find(({ groupBy }) => groupBy !== null)?.groupBy ?? null,
      having: states.find(({ having }) => having !== null)?.having ?? null,
      limited: states.some(({ limited }) => limited), counted: states.every(({ counted }) => counted), tested: states.every(({ tested }) => tested),
      executed: states.some(({ executed }) => executed), unseen: states.some(({ unseen }) => unseen), ctes: [...new Set(states.flatMap(({ ctes }) => ctes))],
    };
  }

  /** What all ways have in common stays as it is; the rest is decided by the program. */
  private mergedWhere(ways: readonly Groups[]): Groups {
    const [first, ...others] = ways as readonly [Groups, ...Groups[]];
    if (others.every((groups) => groups === first)) return first;
    const shortest = Math.min(...ways.map((groups) => groups.length));
    if (ways.every((groups) => groups.length === shortest && groups.slice(0, -1).every((group, i) => group === first[i]))) {
      const lasts = ways.map((groups) => groups.at(-1)!);
      let common = 0;
      while (lasts.every((group) => group.length > common && group[common] === lasts[0]![common])) common++;
      const rest = lasts.map((group) => and(group.slice(common), this.range));
      return [...first.slice(0, -1), [...lasts[0]!.slice(0, common), choice(rest, this.range)]];
    }
    return [[choice(ways.map((groups) => whereOf(groups, this.range)), this.range)]];
  }

  // ------------------------------------------------------------------------------------------- conditions

  /** The groups with one more condition behind AND. */
  private added(groups: Groups, node: Node, env: Env | null, state: State): Groups {
    const value = this.session.value(node, env);
    if (value.type === 'text' && isOpenOr(value)) {
      const condition = textCondition(value, node, this.session);
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
      case 'text': return textCondition(value, node, this.session);
      case 'object': case 'list': return state.main ? new Conditions(this.session, null, 'compared').of(value, node, state.main) : opaque(node.range as Range);
      case 'function': {
        const result = this.session.apply(value, [this.session.given(BUILDER, node)], node);
        return result && (result.type === 'text' || result.type === 'fork') ? textCondition(result, node, this.session) : opaque(node.range as Range);
      }
      case 'unknown': return this.brackets(value, env, state) ?? opaque(node.range as Range);
      default: return opaque(node.range as Range);
    }
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
          after = on && off && this.merge([on, off]);
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
    const live = reach.live ? liveCondition(place.ref, place.facts, range) : null;
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

  private findOptions(state: State, argument: { readonly node: Node; readonly env: Env | null }): State {
    if (!state.main) return state;
    const options = new FindOptions(argument, this.session), withDeleted = options.withDeleted();
    const graph = new Graph(state.main.facts, state.main.ref.range, withDeleted === true ? true : state.withDeleted, this.session, state.main);
    options.include(graph);
    const where = options.where(graph);
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
    if (state.does !== 'select') return this.write(state, where, opaqueFilters);
    const first: Relation | null = state.main?.ref ?? state.mainRelation;
    if (!first) return null;
    const tree = state.joins.reduce<Relation>((left, { kind, relation, on }): Join => ({ type: 'join', kind, natural: false, left, right: relation, on, using: null, opaque: false, range }), first);
    const block = (output: readonly OutputColumn[]): SelectBlock => select({
      from: [tree, ...state.others], range, ctes, where: and([where, state.mainFilter], range), output, groupBy: state.groupBy, having: state.having, limited: state.limited, opaqueFilters,
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

  private write(state: State, where: Expr | null, opaqueFilters: readonly Range[]): Query | null {
    const { main } = state, { range } = this;
    if (!main) return null;
    const target = main.ref, common = { target, targetInFrom: false, from: [], where, returning: [], opaqueFilters, ctes: state.ctes, range };
    switch (state.does) {
      case 'delete': return { type: 'delete', ...common } satisfies Delete;
      case 'insert': return { type: 'insert', target, columns: null, source: null, conflict: state.conflict, returning: [], ctes: state.ctes, range } satisfies Insert;
      case 'soft-delete': case 'restore': {
        const [tombstone] = main.facts.tombstones;
        if (!tombstone) return null;
        return { type: 'update', ...common, assignments: [{ column: tombstone.column, value: state.does === 'restore' ? literal(null, range) : time(0, range), range }], opaqueAssignments: false } satisfies Update;
      }
      default: return { type: 'update', ...common, ...(state.set ?? { assignments: [], opaqueAssignments: true }) } satisfies Update;
    }
  }

  /** `.orUpdate(['name'], ['email'], { indexPredicate })`. */
  private conflict(step: Called): Insert['conflict'] {
    const range = this.at(step), [overwrite, target] = step.args;
    const names = (node: Node | undefined): string[] | null => {
      const value = node ? this.session.value(node, step.env) : null;
      if (value?.type === 'text') { const name = this.session.string(value); return name === null || step.name === 'onConflict' ? null : [name]; }
      if (value?.type !== 'list') return null;
      const found = value.items.map((item) => (item.type === 'item' ? this.session.string(item.value) : null));
      return found.every((name) => name !== null) ? found : null;
    };
    const columns = names(overwrite);
    return { target: names(target), targetWhere: null, action: 'update', assignments: (columns ?? []).map((column) => ({ column, value: parameter(range), range })), opaqueAssignments: columns === null, where: null, range };
  }
}

const BUILDER = {};

function withLast(groups: Groups, condition: Expr | null): Groups {
  return condition === null ? groups : [...groups.slice(0, -1), [...groups.at(-1) ?? [], condition]];
}

function whereOf(groups: Groups, range: Range): Expr | null {
  const filled = groups.filter((group) => group.length > 0);
  return filled.length === 0 ? null : or(filled.map((group) => and(group, range)), range);
}

/** Ways of a condition that join under the same alias join the same. */
function dropSame(joins: readonly JoinPart[]): JoinPart[] {
  const seen = new Set<string>();
  return joins.filter(({ relation }) => {
    const alias = 'alias' in relation ? relation.alias : null;
    if (alias === null || !seen.has(alias)) { if (alias !== null) seen.add(alias); return true; }
    return false;
  });
}

/** The builder that a chain goes on with: from a repository, a manager, a factory of the project, or out of nothing (`qb.subQuery()`). */
export function builderOf(chain: Chain, session: Session): { readonly start: Start; readonly steps: Chain['steps'] } | null {
  return BUILDERS.find(chain, session);
}

/** Set by the library's own file, which knows where builders come from. */
export const BUILDERS: { find(chain: Chain, session: Session): { readonly start: Start; readonly steps: Chain['steps'] } | null } = { find: () => null };

/**
 * MikroORM's query builder, which adds no filter by itself: `applyFilters()` adds those of the main entity alone (6.6.16 and 7.2.2, run).
 * A second `where({ .. })` replaces the first, a string is added; `andWhere` and `orWhere` put what is there and what comes side by side.
 */
import type { Assignment, Conflict, Expr, Join, OutputColumn, Query, Range, Relation } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import { computed } from '../../source/parts.js';
import { partsOf, text, type Chain, type ChainItem, type Env, type Value } from '../../source/values.js';
import { foldSteps, stepsOf, type Called } from '../chains.js';
import { entryOf } from '../conditions.js';
import { aggregate, and, choice, literal, opaque, or, select } from '../expressions.js';
import { guardNamed, rowsOf } from '../guards.js';
import type { CallUse, OrmStatement } from '../library.js';
import type { Session } from '../session.js';
import type { Entity } from './entities.js';
import { filtersOf, NO_FILTERS } from './filters.js';
import { assignmentsOf, conflictTargetOf } from './raw.js';
import { Edits } from './remedies.js';
import { joined, placed, relationTo, type Placed } from './tables.js';
import { Where } from './where.js';

/** Methods that send what was built, or hand it over as SQL. */
const EXECUTES = new Set(['getResult', 'getResultList', 'getSingleResult', 'getResultAndCount', 'getCount', 'execute', 'stream', 'then']);
/** Methods that hand the statement to others, which may add to it. */
const HANDS_OVER = new Set(['getKnex', 'getKnexQuery', 'getKysely', 'toQuery']);
/** Methods that show the statement as text, for a log or for `execute`. */
const SHOWS = new Set(['getQuery', 'getFormattedQuery', 'toRaw']);
const JOINS: Readonly<Record<string, Join['kind']>> = {
  join: 'inner', innerJoin: 'inner', innerJoinLateral: 'inner', joinAndSelect: 'inner', innerJoinAndSelect: 'inner', innerJoinLateralAndSelect: 'inner',
  leftJoin: 'left', leftJoinLateral: 'left', leftJoinAndSelect: 'left', leftJoinLateralAndSelect: 'left',
};
/** Methods that say nothing about which rows the statement is about. */
const NEUTRAL = /^(?:add)?(?:select|orderBy)$|^(?:andOrderBy|returning|populate|withSchema|setLockMode|setFlushMode|setFlag|unsetFlag|hasFlag|cache|indexHint|comment|hintComment|as|clone|setLoggerContext|getParams|getAliasMap|offset|from|getNextAlias|withSubQuery|setLogger)$/;
const CONDITIONS = new Set(['where', 'andWhere', 'orWhere']);

/** The first step of a builder, behind it its entity. */
export interface Start {
  readonly entity: Entity;
  readonly step: Called;
  readonly alias: Node | undefined;
  /** The words to underline. */
  readonly at: Node;
  /** The rows that a helper of the project begins with. */
  readonly yields?: 'live' | 'dead' | 'all';
}

/** What stands in WHERE: as the library keeps it, whole conditions and the alternatives of a top-level `$or`. */
type Cond = { readonly whole: Expr; readonly arms: readonly Expr[] | null } | null;

interface Joined {
  readonly place: Placed | null;
  readonly relation: Relation;
  readonly kind: Join['kind'];
  readonly on: Expr | null;
  readonly owner: Placed | null;
  readonly property: string | null;
  readonly range: Range;
}

interface State {
  readonly type: 'select' | 'count' | 'update' | 'delete' | 'insert' | 'truncate';
  readonly cond: Cond;
  readonly joins: readonly Joined[];
  readonly having: Expr | null;
  readonly grouped: boolean;
  readonly distinct: 'none' | 'all' | 'on';
  readonly limited: boolean;
  readonly data: { readonly assignments: readonly Assignment[]; readonly opaqueAssignments: boolean };
  readonly columns: readonly string[] | null;
  readonly conflict: Omit<Conflict, 'assignments' | 'opaqueAssignments' | 'action'> & { readonly action: Conflict['action'] | null; readonly merged: readonly string[] | 'all' | 'unknown' } | null;
  readonly applied: Expr | null;
  readonly aggregates: readonly OutputColumn[];
  readonly output: readonly OutputColumn[] | null;
  readonly unseen: readonly Range[];
  readonly executed: Called | null;
  readonly shown: boolean;
  /** Reads both the rows and their number. */
  readonly counts: boolean;
}

const START: State = {
  type: 'select', cond: null, joins: [], having: null, grouped: false, distinct: 'none', limited: false, data: { assignments: [], opaqueAssignments: true }, columns: null, conflict: null, applied: null,
  aggregates: [], output: null, unseen: [], executed: null, shown: false, counts: false,
};

/** Finds the start of a builder in a chain. */
export type FindStart = (chain: Chain) => { readonly start: Start; readonly behind: readonly ChainItem[] } | null;

/** The file, and how builders are found in it. */
export interface Context {
  readonly session: Session;
  readonly findStart: FindStart;
}

/** The statements that a chain of a builder makes. */
export function readBuilder(start: Start, chain: Chain, behind: readonly ChainItem[], use: CallUse, context: Context): OrmStatement[] {
  const builder = new Builder(start, chain, context), state = builder.run(behind);
  if (state.shown && use !== 'statement') return [];
  const root = builder.query(state);
  if (!root) return [];
  const others = use === 'returned' || use === 'argument' || use === 'kept';
  return [{ root, partial: state.executed === null && others, remedies: builder.edits.remedies }];
}

/** The query of a builder in the place of a value (`{ id: { $in: qb.getKnexQuery() } }`); null for any other value. */
export function queryIn(value: Value, context: Context): Query | null {
  const chain = context.session.chain(value), found = chain && context.findStart(chain);
  if (!chain || !found) return null;
  context.session.consume(chain);
  const builder = new Builder(found.start, chain, context);
  return builder.query(builder.run(found.behind));
}

class Builder {
  readonly edits: Edits;
  private readonly root: Placed;
  private readonly where: Where;
  private readonly alias: string;
  private state = START;

  constructor(private readonly start: Start, private readonly chain: Chain, private readonly context: Context) {
    const { entity, step, alias, at } = start, { session } = context;
    this.edits = new Edits(session);
    this.alias = (alias && session.string(session.value(alias, step.env))) ?? entity.facts.name;
    this.root = placed(entity.facts, at.range as Range, NO_FILTERS, { alias: this.alias }, session);
    this.where = new Where({
      session, filters: NO_FILTERS, edits: this.edits,
      alias: (name) => this.placeOf(name),
      relation: (place, property) => this.state.joins.find((join) => join.owner?.ref === place.ref && join.property === property)?.place ?? null,
      subquery: (value) => queryIn(value, context),
    });
  }

  run(items: readonly ChainItem[]): State {
    return foldSteps<State>(items, START, (state, step) => (this.state = this.step(state, step)), (states) => (this.state = this.merged(states)));
  }

  private get session(): Session {
    return this.context.session;
  }

  private get range(): Range {
    return this.start.step.node.range as Range;
  }

  private placeOf(name: string): Placed | null {
    return name === this.alias ? this.root : this.state.joins.find(({ place }) => place?.ref.alias === name)?.place ?? null;
  }

  // ------------------------------------------------------------------------------------------- steps

  private step(state: State, step: { readonly name: string | null; readonly args: readonly Node[] | null; readonly env: Env | null; readonly node: Node }): State {
    const { name } = step;
    // `await`, and members of what came back.
    if (state.executed !== null || step.args === null) return state;
    const called = step as Called, [first] = called.args, value = (node: Node): Value => this.session.value(node, step.env);
    if (name === null) return { ...state, unseen: [...state.unseen, step.node.range as Range] };
    if (name in JOINS) return this.join(state, called);
    if (CONDITIONS.has(name)) return this.condition(state, called);
    if (EXECUTES.has(name)) return this.executed(state, called);
    if (SHOWS.has(name)) return { ...state, shown: true };
    const chainGuard = guardNamed(this.session, 'chain', name);
    if (chainGuard) return { ...state, applied: and([state.applied, rowsOf(chainGuard.yields, this.root.ref, this.root.facts, this.range)], this.range) };
    switch (name) {
      case 'select': case 'addSelect': case 'distinct': return this.selects({ ...state, distinct: name === 'distinct' ? 'all' : state.distinct }, first ? value(first) : null, first);
      case 'distinctOn': return { ...state, distinct: 'on' };
      case 'count': return { ...state, type: 'count' };
      case 'update': return { ...state, type: 'update', data: assignmentsOf(first ? this.session.entries(value(first)) : null, this.session) };
      case 'delete': {
        this.edits.deletes({ type: 'builder', step: called });
        const deleted: State = { ...state, type: 'delete' };
        return first ? this.condition(deleted, called) : deleted;
      }
      case 'truncate': return { ...state, type: 'truncate' };
      case 'insert': {
        const entries = first ? this.session.entries(this.firstRow(value(first))) : null;
        if (first) this.edits.upserts(first, null);
        return { ...state, type: 'insert', data: assignmentsOf(entries, this.session), columns: entries?.every(({ type }) => type === 'entry') ? entries.flatMap((entry) => (entry.type === 'entry' ? [entry.key] : [])) : null };
      }
      case 'onConflict': return { ...state, conflict: this.conflict(first, step.env, step.node.range as Range) };
      case 'ignore': return state.conflict ? { ...state, conflict: { ...state.conflict, action: 'nothing' } } : state;
      case 'merge': return state.conflict ? { ...state, conflict: { ...state.conflict, action: 'update', merged: this.mergedNames(first ? value(first) : null, first) } } : state;
      case 'groupBy': return { ...state, grouped: true };
      case 'having': case 'andHaving': case 'orHaving': return { ...state, having: opaque(step.node.range as Range) };
      case 'limit': return { ...state, limited: true };
      case 'offset': return { ...state, limited: true };
      case 'applyFilters': {
        const filters = filtersOf(first ? value(first) : null, this.session), place = placed(this.root.facts, this.range, filters, { explicit: true }, this.session);
        // The condition speaks of the builder's own reference.
        const live = filters.on(this.root.facts) === 'none' || filters.on(this.root.facts) === 'bypassed' ? null : rowsOf('live', this.root.ref, this.root.facts, this.range);
        return live ? this.added(state, { whole: place.filter?.type === 'choice' ? choice([live, null], this.range)! : live, arms: null }, '$and') : state;
      }
      default:
        if (HANDS_OVER.has(name)) return { ...state, unseen: this.goesOn(step.node) ? [...state.unseen, step.node.range as Range] : state.unseen };
        return NEUTRAL.test(name) ? state : { ...state, unseen: [...state.unseen, step.node.range as Range] };
    }
  }

  /** Are further methods called on what was handed over? */
  private goesOn(node: Node): boolean {
    return stepsOf(this.chain).at(-1)?.node !== node;
  }

  private firstRow(value: Value): Value {
    const first = value.type === 'list' ? value.items[0] : null;
    return first?.type === 'item' ? first.value : value;
  }

  private executed(state: State, step: Called): State {
    const type = step.name === 'getCount' ? 'count' : state.type;
    return { ...state, type, executed: step, counts: step.name === 'getResultAndCount', limited: state.limited && type !== 'count' };
  }

  // ------------------------------------------------------------------------------------------- conditions

  private condition(state: State, step: Called): State {
    const [first, second] = step.args;
    if (!first) return state;
    const value = this.session.value(first, step.env);
    const said = second ? this.session.string(this.session.value(second, step.env)) : null;
    const operator = step.name === 'andWhere' ? '$and' : step.name === 'orWhere' ? '$or' : said === '$or' || said === '$and' ? said : isText(value) ? '$and' : null;
    const expr = this.written(value, first);
    if (state.conflict) return { ...state, conflict: { ...state.conflict, where: expr && this.where.closed(expr) } };
    if (!expr) return operator === null && step.name !== 'delete' ? { ...state, cond: null } : state;
    const arms = value.type === 'object' && expr.type === 'or' && this.isAlternatives(value) ? expr.operands : null;
    return this.added(state, { whole: expr, arms }, operator);
  }

  /** Text stands in parentheses; an object is written as it is. */
  private written(value: Value, node: Node): Expr | null {
    if (value.type === 'text') return this.session.sqlCondition(text(partsOf(value) ?? [computed('')], true), node);
    if (value.type === 'fork' && value.options.some((option) => option.type === 'text')) return choice(value.options.map((option) => this.written(option, node)), node.range as Range);
    return this.where.of(value, node, this.root);
  }

  private isAlternatives(value: Value): boolean {
    const entries = this.session.entries(value);
    return entries?.length === 1 && entryOf(entries, '$or') !== null;
  }

  private added(state: State, cond: NonNullable<Cond>, operator: '$and' | '$or' | null): State {
    const known = state.cond;
    if (operator === null || !known) return { ...state, cond };
    const range = this.range;
    if (operator === '$or') {
      const arms = [...(known.arms ?? [this.where.closed(known.whole)]), this.where.closed(cond.whole)];
      return { ...state, cond: { whole: or(arms, range)!, arms } };
    }
    return { ...state, cond: { whole: and([known.whole, cond.whole], range)!, arms: null } };
  }

  // ------------------------------------------------------------------------------------------- joins

  private join(state: State, step: Called): State {
    const [field, aliasNode, conditionNode] = step.args, range = (field ?? step.node).range as Range;
    if (!field) return state;
    const value = this.session.value(field, step.env), alias = aliasNode ? this.session.string(this.session.value(aliasNode, step.env)) : null;
    const condition = (place: Placed | null): Expr | null => {
      if (!conditionNode || !place) return conditionNode ? opaque(conditionNode.range as Range) : null;
      const given = this.session.value(conditionNode, step.env);
      return this.where.of(given, conditionNode, place);
    };
    const pair = value.type === 'list' ? value.items : null, path = this.session.string(pair ? (pair[0]?.type === 'item' ? pair[0].value : value) : value);
    const subquery = queryIn(pair ? (pair[1]?.type === 'item' ? pair[1].value : value) : value, this.context);
    if (subquery || (pair && path !== null)) {
      const query = subquery ?? { type: 'opaque-query' as const, ctes: [], range };
      const relation: Relation = { type: 'derived', query, alias, columns: null, lateral: /Lateral/.test(step.name!), range };
      return this.withJoin(state, { place: null, relation, kind: JOINS[step.name!]!, on: conditionNode ? opaque(conditionNode.range as Range) : null, owner: null, property: null, range });
    }
    if (path === null) return this.withJoin(state, { place: null, relation: { type: 'opaque-relation', alias, range }, kind: JOINS[step.name!]!, on: null, owner: null, property: null, range });
    const dot = path.indexOf('.'), property = path.slice(dot + 1), owner = dot < 0 ? this.root : this.placeOf(path.slice(0, dot));
    if (!owner) return this.withJoin(state, { place: null, relation: { type: 'opaque-relation', alias, range }, kind: JOINS[step.name!]!, on: null, owner: null, property: null, range });
    const reach = relationTo(owner.facts, property, this.session), place = placed(reach.facts, range, NO_FILTERS, { alias: alias ?? property }, this.session);
    const entry: Joined = { place, relation: place.ref, kind: JOINS[step.name!]!, on: null, owner, property, range };
    // The condition may speak of the new alias.
    this.state = { ...state, joins: [...state.joins, entry] };
    const written = condition(place), live = reach.live ? rowsOf('live', place.ref, place.facts, range) : null;
    this.edits.argument(place, step.node, 2);
    const on = and([joined(owner.ref, place.ref, reach, range), live, written], range);
    return this.withJoin(state, { ...entry, on: on && this.where.closed(on) });
  }

  private withJoin(state: State, join: Joined): State {
    return { ...state, joins: [...state.joins, join] };
  }

  // ------------------------------------------------------------------------------------------- columns, conflicts

  private selects(state: State, value: Value | null, node: Node | undefined): State {
    if (!value || !node) return state;
    const items = value.type === 'list' ? value.items.flatMap((item) => (item.type === 'item' ? [item.value] : [])) : [value];
    const aggregates = items.flatMap((item): OutputColumn[] => {
      const raw = this.where.fragment(item);
      const expr = raw ? this.session.sqlExpression(raw.value, raw.node ?? node) : null;
      return expr ? [{ type: 'expr', name: null, expr }] : [];
    });
    const names = items.map((item) => this.session.string(item));
    const named: OutputColumn[] | null = names.length > 0 && names.every((name) => name !== null && name !== '*' && !name.endsWith('.*'))
      ? names.map((name): OutputColumn => ({ type: 'expr', name: null, expr: this.columnNamed(name!, node.range as Range) })) : null;
    return { ...state, aggregates: [...state.aggregates, ...aggregates], output: named ?? state.output };
  }

  private columnNamed(name: string, range: Range): Expr {
    const bare = name.replace(/\s+as\s+\w+$/i, ''), dot = bare.indexOf('.'), place = dot < 0 ? this.root : this.placeOf(bare.slice(0, dot));
    return { type: 'column', qualifier: dot < 0 ? null : bare.slice(0, dot), name: bare.slice(dot + 1), range, ...(place ? { of: place.ref } : {}) };
  }

  private conflict(node: Node | undefined, env: Env | null, range: Range): State['conflict'] {
    const value = node ? this.session.value(node, env) : null;
    const base = { targetWhere: null, action: null, where: null, range, merged: 'all' as const };
    if (!value || !node) return { ...base, target: null };
    const items = value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? this.session.string(item.value) : null)) : [value.type === 'text' && value.sql ? null : this.session.string(value)];
    if (items.every((item) => item !== null)) return { ...base, target: items };
    const raw = conflictTargetOf(value, node, this.session);
    return { ...base, target: raw?.target ?? null, targetWhere: raw?.targetWhere ?? null };
  }

  private mergedNames(value: Value | null, node: Node | undefined): readonly string[] | 'all' | 'unknown' {
    if (!value) return 'all';
    if (value.type === 'list') {
      const names = value.items.map((item) => (item.type === 'item' ? this.session.string(item.value) : null)), at = node ? unwrap(node) : null;
      if (at) this.edits.merges(at);
      return names.every((name) => name !== null) ? names : 'unknown';
    }
    const entries = this.session.entries(value);
    return entries?.every(({ type }) => type === 'entry') ? entries.flatMap((entry) => (entry.type === 'entry' ? [entry.key] : [])) : 'unknown';
  }

  // ------------------------------------------------------------------------------------------- several ways

  private merged(states: readonly State[]): State {
    const [first] = states;
    if (!first || states.every((state) => state === first)) return first ?? START;
    const range = this.range, common = first.cond;
    const same = states.every(({ cond }) => cond === common);
    const whole = choice(states.map(({ cond }) => cond && this.where.closed(cond.whole)), range);
    const joins = [...new Set(states.flatMap((state) => state.joins))];
    return {
      ...first, joins, cond: same ? common : whole && { whole, arms: null },
      applied: choice(states.map(({ applied }) => applied), range),
      limited: states.some(({ limited }) => limited), grouped: states.some(({ grouped }) => grouped), unseen: [...new Set(states.flatMap(({ unseen }) => unseen))],
      executed: states.every(({ executed }) => executed !== null) ? first.executed : null, having: states.find(({ having }) => having !== null)?.having ?? null,
      type: states.find(({ type }) => type !== 'select')?.type ?? first.type,
    };
  }

  // ------------------------------------------------------------------------------------------- the statement

  query(state: State): Query | null {
    const { root, range } = this, end = state.executed ? this.calledOn(state.executed) : stepsOf(this.chain).at(-1)!.node;
    this.edits.builder(root, end);
    const begun = this.start.yields && this.start.yields !== 'all' ? rowsOf(this.start.yields, root.ref, root.facts, range) : null;
    const where = and([begun, state.applied, state.cond && this.where.closed(state.cond.whole)], range);
    const writing = { ctes: [], range, returning: [] } as const;
    switch (state.type) {
      case 'truncate': return { type: 'truncate', targets: [root.ref], ctes: [], range };
      case 'update': return { type: 'update', target: root.ref, targetInFrom: false, from: [], ...state.data, where, opaqueFilters: state.unseen, ...writing };
      case 'delete': return { type: 'delete', target: root.ref, targetInFrom: false, from: [], where, opaqueFilters: state.unseen, ...writing };
      case 'insert': return { type: 'insert', target: root.ref, columns: state.columns, source: null, conflict: this.conflictOf(state), ...writing };
      default: {
        const from = state.joins.reduce<Relation>((left, { relation, kind, on, range: at }) => ({ type: 'join', kind, natural: false, left, right: relation, on, using: null, opaque: false, range: at }), root.ref);
        const counted: OutputColumn[] = state.type === 'count' ? [{ type: 'expr', name: null, expr: aggregate('count', [], range) }] : [];
        const stars: OutputColumn[] = [{ type: 'star', qualifier: null, range }];
        const output = counted.length > 0 ? counted : state.aggregates.length > 0 ? [...state.aggregates, ...(state.output ?? [])] : state.output ?? stars;
        return select({ from: [from], where, output, groupBy: state.grouped ? [literal(1, range)] : null, having: state.having, distinct: state.distinct, limited: state.limited, range, opaqueFilters: state.unseen });
      }
    }
  }

  private conflictOf({ conflict, data }: State): Conflict | null {
    if (!conflict) return null;
    const { merged, action, ...rest } = conflict;
    const known = merged === 'all' ? data.assignments.filter(({ column }) => !conflict.target?.includes(column)) : merged === 'unknown' ? [] : merged.map((column): Assignment => data.assignments.find((one) => one.column === column) ?? { column, value: { type: 'parameter', range: conflict.range }, range: conflict.range });
    return { ...rest, action: action ?? 'update', assignments: action === 'nothing' ? [] : known, opaqueAssignments: merged === 'unknown' || (merged === 'all' && data.opaqueAssignments) };
  }

  /** What an executing method is called on. */
  private calledOn({ node }: Called): Node {
    const callee = node.type === 'CallExpression' ? unwrap(node.callee) : null;
    return callee?.type === 'MemberExpression' ? callee.object : node;
  }
}

function isText(value: Value): boolean {
  return value.type === 'text' || (value.type === 'fork' && value.options.some(isText));
}

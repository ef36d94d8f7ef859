/** The calls of Objection's query builder: Knex's, and those that know models and relations. */
import { fold } from '../../manifest/catalog.js';
import type { Expr, Join, Range, Relation as Source, TableRef } from '../../model/query.js';
import { lastName, unwrap, type Node } from '../../source/ast.js';
import type { Chain, Step, Value } from '../../source/values.js';
import { isCalled, stepsOf, type Called } from '../chains.js';
import { aggregate, and, column, comparison, inList, literal, named, operation, parameter, replaced, time } from '../expressions.js';
import { guardNamed, rowsOf } from '../guards.js';
import { wordsOf, type Argument } from '../knex/arguments.js';
import { added, mapped, NO_CLAUSES } from '../knex/clauses.js';
import { EMPTY, queryOf, rootOf, type Builder, type Include, type JoinPart } from '../knex/builder.js';
import { stepsInside } from '../knex/callbacks.js';
import { BuilderReader } from '../knex/reader.js';
import { refNamed } from '../knex/tables.js';
import type { Entry } from '../../source/objects.js';
import type { Session } from '../session.js';
import { leafPaths, parseGraph, UNSEEN, type GraphNode } from './graph.js';
import { Models, type Model, type Relation } from './models.js';

const QUERIES = /^\$?(?:query|relatedQuery)$/;
const GRAPH = /^(?:withGraph(?:Fetched|Joined)?|(?:naive|join|merge|mergeNaive|mergeJoin)?[eE]ager|\$?fetchGraph|\$?loadRelated)$/;
const GRAPH_JOINED = /Joined|join/;
const JOIN_RELATED = /^(left|right|full|inner|outer)?(?:Outer)?[jJ]oinRelat(?:ed|ion)$/;
const MODIFY_GRAPH = /^(?:modifyGraph|modifyEager|filterEager)$/;
const WRITES_ROWS = /^(patch|update)(AndFetch)?(ById)?$/;
const INSERTS = /^(?:insert(?:AndFetch|Graph|GraphAndFetch|WithRelated\w*)?|upsertGraph(?:AndFetch)?|upsertWithRelated\w*)$/;
const NEUTRAL = /^(?:modifiers|context|clearContext|mergeContext|throwIfNotFound|skipUndefined|allowGraph|allowEager|mergeAllowGraph|allowInsert|onBuild\w*|onError|runBefore|runAfter|castTo|withUserParams|toFindQuery|execute|for|debug|timeout|transacting|returning|clearGraph|clearEager|eagerAlgorithm|eagerOptions|graphOptions|eagerObject|tableFor|aliasFor|internalOptions|childQueryOf|traverse\w*|bindTransaction|cache|resolve|reject)$/;

export class ObjectionReader extends BuilderReader {
  private readonly models: Models;
  /** The model that a reference stands for. */
  private readonly modelOf = new Map<TableRef, Model>();
  private modifiers: readonly Entry[] = [];
  /** The table whose builder a call is made on. */
  private subject: TableRef | null = null;

  constructor(session: Session) {
    super(session);
    this.models = new Models(session);
  }

  // ------------------------------------------------------------------------------------------- heads

  override builder(chain: Chain): Builder | null {
    const index = chain.steps.findLastIndex((item) => item.type === 'step' && isCalled(item) && item.name !== null && QUERIES.test(item.name));
    if (index < 0) return super.builder(chain);
    // Modifiers are looked up when the query runs, wherever they were given.
    for (const step of stepsOf({ ...chain, steps: chain.steps.slice(index + 1) })) {
      const [first] = isCalled(step) && step.name === 'modifiers' ? this.args.of(step) : [];
      if (first) this.modifiers = [...this.modifiers, ...this.session.entries(first.value) ?? []];
    }
    if (chain.root.type !== 'node') return null;
    const made = this.fold(chain.steps.slice(index + 1), () => this.head(chain, index) ?? { ...EMPTY, torn: true }, chain.root.node);
    return made.torn || made.from.length === 0 ? null : made;
  }

  private head(chain: Chain, index: number): Builder | null {
    const step = chain.steps[index] as Called, before = chain.steps.slice(0, index), [first] = this.args.of(step);
    const found = this.modelBefore(chain.root, before, step), name = first ? this.session.string(first.value) : null;
    if (!found) {
      const relation = step.name === '$relatedQuery' && name !== null ? this.models.relationOfAny(name) : null;
      return relation && first ? this.ofRelation(relation, first, step) : null;
    }
    const { model, node } = found;
    switch (step.name) {
      case 'query': {
        // A driver's `pool.query('..')` has a text, an index of documents an object.
        if (step.args.length > 1 || (first && (/^(?:text|object|function|list)$/.test(first.value.type)))) return null;
        return this.about(model, node.range as Range, step);
      }
      case '$query': {
        const builder = this.about(model, node.range as Range, step);
        return { ...builder, where: added(builder.where, 'and', this.keyed(builder, model, [parameter(wordsOf(step))], wordsOf(step))) };
      }
      default: {
        const relation = name === null ? null : this.models.relation(model, name);
        return first && relation ? this.ofRelation(relation, first, step) : null;
      }
    }
  }

  /** The rows that a relation leads to from one row, or from those of an outer query. */
  private ofRelation(relation: Relation, { node }: Argument, step: Step): Builder {
    const builder = this.filtered(this.about(relation.model, node.range as Range, step), relation, step), range = wordsOf(step);
    const [own] = relation.on, ref = rootOf(builder);
    const condition = own && ref ? comparison('=', column(ref, own[1], range), parameter(range), range) : operation([parameter(range)], range);
    return { ...builder, where: added(builder.where, 'and', condition) };
  }

  /** The model that the steps in front of `.query()` lead to, and the words for it. */
  private modelBefore(root: Chain['root'], steps: Chain['steps'], query: Step): { readonly model: Model; readonly node: Node } | null {
    if (root.type !== 'node') return null;
    const inner = steps.findLastIndex((item) => item.type === 'step' && isCalled(item) && item.name !== null && QUERIES.test(item.name));
    if (inner >= 0) {
      const builder = this.head({ root, steps }, inner), ref = builder && rootOf(builder), model = ref && this.modelOf.get(ref);
      const last = steps.at(-1);
      return model && last?.type === 'step' ? { model, node: root.node } : null;
    }
    const named = steps.findLast((item) => item.type !== 'step' || !(isCalled(item) && /^bind(?:Knex|Transaction)$/.test(item.name ?? '')) && item.name !== 'constructor');
    if (!named) {
      const model = this.models.of(root.node, root.env);
      return model && { model, node: root.node };
    }
    // `const User = require('./user')`: the name is the file's.
    if (named.type === 'step' && named.name === '' && lastName(root.node) === 'require') {
      const call = unwrap(query.node), callee = call.type === 'CallExpression' ? unwrap(call.callee) : null, node = callee?.type === 'MemberExpression' ? callee.object : root.node;
      const model = this.models.of(named.node, null) ?? this.models.of(node, null);
      return model && { model, node };
    }
    if (named.type !== 'step' || named.name === null || named.args !== null) return null;
    const model = this.models.ofName(named.name, null);
    return model && { model, node: named.at };
  }

  /** A builder over the table of a model. */
  private about(model: Model, range: Range, step: Step, via: TableRef['via'] = 'from', path = ''): Builder {
    const filters = model.facts?.autoFilter, autoFilter = filters === true || (Array.isArray(filters) && filters.includes('objection')) ? 'applies' : 'none';
    const ref = this.session.table(model.table, range, { schema: model.schema, autoFilter, via });
    this.modelOf.set(ref, model);
    this.places.set(ref, { kind: via === 'from' ? 'root' : 'include', step, frame: this.frame, ...(path !== '' && { path }) });
    return { ...EMPTY, from: [ref], known: 1 };
  }

  private modelFor(builder: Builder): Model | null {
    const ref = rootOf(builder);
    return ref ? this.modelOf.get(ref) ?? null : null;
  }

  protected override withFrom(builder: Builder, relations: readonly Source[], step: Step): Builder {
    const model = this.modelFor(builder), before = rootOf(builder), next = super.withFrom(builder, relations, step), ref = rootOf(next);
    if (model && ref && before) this.modelOf.set(ref, model);
    return next;
  }

  /** The builder with its root reference changed. */
  private withRoot(builder: Builder, change: Partial<TableRef>): Builder {
    const ref = rootOf(builder);
    if (!ref || (Object.keys(change) as (keyof TableRef)[]).every((key) => ref[key] === change[key])) return builder;
    const next = { ...ref, ...change }, model = this.modelOf.get(ref), place = this.places.get(ref);
    if (model) this.modelOf.set(next, model);
    if (place) this.places.set(next, place);
    // Conditions that were given before speak of the same rows.
    const moved = (expr: Expr): Expr => replaced(expr, (inner) => (inner.type === 'column' && inner.of === ref ? { ...inner, of: next } : null));
    return { ...builder, from: [next, ...builder.from.slice(1)], where: mapped(builder.where, moved) };
  }

  // ------------------------------------------------------------------------------------------- methods

  protected override vocabulary(builder: Builder, step: Called): Builder {
    const outer = this.subject;
    this.subject = rootOf(builder);
    try {
      return this.method(builder, step);
    } finally {
      this.subject = outer;
    }
  }

  /** `User.ref('deleted_at')` is a column of the model's table, whatever is joined to it. */
  override referred(argument: Argument): Expr | null {
    const found = super.referred(argument), chain = found?.type === 'column' && found.qualifier === null ? this.session.chain(argument.value) : null, [first] = chain?.steps ?? [];
    if (found?.type !== 'column' || !this.subject || chain?.root.type !== 'node' || first?.type !== 'step' || first.name !== 'ref') return found;
    const model = this.models.of(chain.root.node, chain.root.env);
    return model && model.table === this.subject.name ? column(this.subject, found.name, found.range) : found;
  }

  private method(builder: Builder, step: Called): Builder {
    const name = step.name ?? '', model = this.modelFor(builder);
    if (!model) return super.vocabulary(builder, step);
    const known = { ...builder, known: builder.known + 1 }, range = wordsOf(step);
    if (guardNamed(this.session, 'chain', name)) return this.strange(builder, step);
    if (GRAPH.test(name)) return this.graph(known, model, step);
    if (MODIFY_GRAPH.test(name)) return this.modifiedGraph(known, step);
    const related = JOIN_RELATED.exec(name);
    if (related) return this.joinRelated(known, model, step, (related[1] === undefined ? 'inner' : related[1] === 'outer' ? 'full' : related[1]) as Join['kind']);
    const write = WRITES_ROWS.exec(name);
    if (write) return this.rowsWritten(known, model, step, write[3] !== undefined);
    if (INSERTS.test(name)) return { ...known, write: this.writes.insert(step, 0) };
    switch (name) {
      case 'findById': return this.where(known, this.keyed(known, model, this.args.of(step).map((argument) => this.operands.scalar(argument)), range), true);
      case 'findByIds': return this.where(known, this.keyedIn(known, model, range));
      case 'findOne': {
        const next = this.conditions.of({ ...step, name: 'where' }, false, known);
        return next.condition ? this.where(known, next.condition, true) : { ...known, limited: true };
      }
      case 'deleteById': return this.deleted(this.where(known, this.keyed(known, model, this.args.of(step).map((argument) => this.operands.scalar(argument)), range)), model, step);
      case 'delete': case 'del': return this.deleted(known, model, step);
      case 'hardDelete': case 'forceDelete': return { ...this.withRoot(known, { autoFilter: 'none' }), write: { type: 'delete' } };
      case 'softDelete': return this.stamped(known, model, step);
      case 'undelete': return this.revived(known, model, step);
      // The methods of objection-soft-delete and objection-js-soft-delete.
      case 'whereNotDeleted': case 'withoutDeleted': return this.guarded(known, rootOf(known), 'live', step) ?? known;
      case 'whereDeleted': case 'onlyDeleted': return this.guarded(known, rootOf(known), 'dead', step) ?? known;
      case 'includeDeleted': case 'withDeleted': return rootOf(known)?.autoFilter === 'applies' ? this.withRoot(known, { autoFilter: 'bypassed' }) : known;
      case 'resultSize': return { ...known, output: [{ type: 'expr', expr: aggregate('count', [], range), name: null }] };
      case 'page': case 'range': return { ...known, limited: true };
      case 'alias': return this.withRoot(known, { alias: this.args.text(step, 0) });
      case 'relate': case 'unrelate': return { ...known, torn: true };
    }
    return NEUTRAL.test(name) ? known : super.vocabulary(builder, step);
  }

  private where(builder: Builder, condition: Expr, limited = false): Builder {
    return { ...builder, limited: builder.limited || limited, where: added(builder.where, builder.connective ?? 'and', condition), connective: null };
  }

  /** The key equals what is given, in the order of its columns. */
  private keyed(builder: Builder, model: Model, values: readonly Expr[], range: Range): Expr {
    const ref = rootOf(builder)!;
    return and(this.models.key(model).map((name, i) => comparison('=', column(ref, name, range), values.length === 1 && i === 0 && values[0]!.type !== 'opaque' ? values[0]! : parameter(range), range)), range)!;
  }

  private keyedIn(builder: Builder, model: Model, range: Range): Expr {
    const ref = rootOf(builder)!, keys = this.models.key(model).map((name) => column(ref, name, range));
    return inList(keys.length === 1 ? keys[0]! : { type: 'row', items: keys, range }, [parameter(range)], range);
  }

  // ------------------------------------------------------------------------------------------- writes

  private rowsWritten(builder: Builder, model: Model, step: Called, byId: boolean): Builder {
    // The filter of objection-softdelete is for reads.
    const plain = this.withRoot(builder, { autoFilter: 'none' });
    if (!byId) return { ...plain, write: this.writes.update(step) };
    const [first, ...rest] = step.args;
    const at = first && first.type !== 'SpreadElement' ? this.operands.scalar({ value: this.session.value(first, step.env), node: first }) : parameter(wordsOf(step));
    return { ...this.where(plain, this.keyed(plain, model, [at], wordsOf(step))), write: this.writes.update({ ...step, args: rest }) };
  }

  /** `delete()` of a model. Every plugin for soft deletion makes an update of it; where nothing tells whether there is one, neither can be said. */
  private deleted(builder: Builder, model: Model, step: Called): Builder {
    switch (this.deletion(model)) {
      case 'hard': return { ...this.withRoot(builder, { autoFilter: 'none' }), write: { type: 'delete' } };
      case 'soft': return this.stamped(builder, model, step);
      case 'unknown': return { ...this.withRoot(builder, { autoFilter: 'none' }), torn: true };
    }
  }

  private deletion({ facts, class: own }: Model): 'soft' | 'hard' | 'unknown' {
    const { text } = this.session.source;
    if (!facts || facts.deletion === 'hard') return 'hard';
    if (facts.autoFilter === true || (Array.isArray(facts.autoFilter) && facts.autoFilter.includes('objection'))) return 'soft';
    if (guardNamed(this.session, 'soft-delete-fn', 'delete') || guardNamed(this.session, 'chain', 'whereNotDeleted')) return 'soft';
    if (/\b(?:whereNotDeleted|whereDeleted|hardDelete|forceDelete|undelete|includeDeleted|softDelete|soft-delete|objection-softdelete)\b/.test(text)) return 'soft';
    const base = own && 'superClass' in own.node ? own.node.superClass : null;
    if (base && this.session.origin(base)?.module === 'objection' && !/\bstatic\s+(?:override\s+)?(?:get\s+)?(?:QueryBuilder|query)\b|\.QueryBuilder\s*=/.test(text)) return 'hard';
    // Who sets the column by hand has no plugin.
    const names = facts.tombstones.flatMap((tombstone) => tombstone.names).map((name) => name.replace(/\W/g, '\\$&'));
    return names.length > 0 && new RegExp(`\\b(?:patch|update)\\w*\\(\\s*(?:\\w+\\s*,\\s*)?\\{[^{}]*\\b(?:${names.join('|')})\\b\\s*:`).test(text) ? 'hard' : 'unknown';
  }

  private stamped(builder: Builder, { facts }: Model, step: Step): Builder {
    const range = wordsOf(step);
    return {
      ...this.withRoot(builder, { autoFilter: 'none' }),
      write: { type: 'update', opaqueAssignments: false, assignments: (facts?.tombstones ?? []).map(({ column: name, live, dead }) => (
        { column: name, range, value: dead ? literal(dead[0]!, range) : live === null || typeof live === 'string' ? time(0, range) : literal(live === false ? true : 1, range) })) },
    };
  }

  private revived(builder: Builder, { facts }: Model, step: Step): Builder {
    const range = wordsOf(step);
    return { ...this.withRoot(builder, { autoFilter: 'none' }), write: { type: 'update', opaqueAssignments: false, assignments: (facts?.tombstones ?? []).map(({ column: name, live }) => ({ column: name, value: literal(live, range), range })) } };
  }

  // ------------------------------------------------------------------------------------------- modifiers

  protected override modifiedBy(builder: Builder, argument: Argument, step: Step): Builder {
    const name = this.session.string(argument.value), model = this.modelFor(builder);
    return (name !== null && model && this.named(builder, model, name, argument.node.range as Range, step)) || super.modifiedBy(builder, argument, step);
  }

  /** A modifier by its name; null where its definition cannot be seen. */
  private named(builder: Builder, model: Model, name: string, range: Range, step: Step): Builder | null {
    if (name === '' || name.includes(UNSEEN)) return null;
    const local = this.modifiers.find((entry) => entry.type === 'entry' && entry.key === name);
    const value = local?.type === 'entry' ? local.value() : this.models.modifier(model, name);
    if (value) return this.appliedTo(builder, value, range, step);
    const guard = guardNamed(this.session, 'modifier', name);
    if (guard) return this.guarded(builder, guard.table === undefined ? rootOf(builder) : refNamed(builder, guard.table, this.session), guard.yields, step);
    // What the plugins register.
    if (name === 'notDeleted') return this.guarded(builder, rootOf(builder), 'live', step);
    return name === 'deleted' ? this.guarded(builder, rootOf(builder), 'dead', step) : null;
  }

  /** What a function, an object of conditions or the name of a modifier does to a builder. */
  private appliedTo(builder: Builder, value: Value, range: Range, step: Step): Builder {
    if (value.type === 'function') return this.fold(stepsInside(value, this.session), builder, value.node);
    const text = this.session.string(value), model = this.modelFor(builder), named = text !== null && model ? this.named(builder, model, text, range, step) : null;
    if (named) return named;
    if (value.type === 'list') return value.items.reduce<Builder>((state, item) => (item.type === 'item' ? this.appliedTo(state, item.value, range, step) : { ...state, opaqueFilters: [...state.opaqueFilters, range] }), builder);
    const entries = this.session.entries(value);
    if (entries && value.type === 'object') {
      const { condition } = this.conditions.of({ type: 'step', name: 'where', at: value.node, args: [value.node as Node], env: value.env, node: value.node, detached: false, awaited: false });
      return condition ? this.where(builder, condition) : builder;
    }
    return { ...builder, opaqueFilters: [...builder.opaqueFilters, range] };
  }

  /** A builder over a relation's table with what the relation itself says. */
  private filtered(builder: Builder, relation: Relation, step: Step): Builder {
    const { facts } = relation.model, ref = rootOf(builder);
    const live = relation.live && facts && ref ? rowsOf('live', ref, facts, ref.range) : null;
    const guarded = live ? { ...builder, where: added(builder.where, 'and', live) } : builder;
    return relation.filter ? this.appliedTo(guarded, relation.filter.value, relation.filter.node.range as Range, step) : guarded;
  }

  // ------------------------------------------------------------------------------------------- graphs

  private graph(builder: Builder, model: Model, step: Called): Builder {
    const [first] = this.args.of(step);
    if (!first) return builder;
    const joined = GRAPH_JOINED.test(step.name!);
    return { ...builder, includes: [...builder.includes, ...this.included(model, rootOf(builder), this.nodes(first), step, joined ? '' : null, '')] };
  }

  private nodes({ value, node }: Argument): GraphNode[] {
    if (value.type === 'text') return parseGraph(value.parts, node.range as Range);
    if (value.type === 'fork') return value.options.flatMap((option) => this.nodes({ value: option, node }));
    const entries = this.session.entries(value);
    return entries ? this.ofObject(entries) : [];
  }

  /** `{ pets: { $modify: ['notDeleted'], owner: true } }`. */
  private ofObject(entries: readonly Entry[]): GraphNode[] {
    return entries.flatMap((entry): GraphNode[] => {
      if (entry.type === 'fork') return entry.options.flatMap((option) => this.ofObject(option));
      if (entry.type !== 'entry' || entry.key.startsWith('$')) return [];
      const inner = this.session.entries(entry.value()) ?? [];
      const special = (key: string): Value | null => { const found = inner.find((one) => one.type === 'entry' && one.key === key); return found?.type === 'entry' ? found.value() : null; };
      const modify = special('$modify'), relation = special('$relation');
      const range = entry.keyNode.range as Range;
      const name = relation ? this.session.string(relation) ?? UNSEEN : entry.key;
      return [{ relation: name, alias: relation ? entry.key : null, modifiers: modify ? (this.args.strings(modify).length > 0 ? this.args.strings(modify) : [UNSEEN]).map((one) => ({ name: one, range })) : [], children: this.ofObject(inner), range }];
    });
  }

  /** `owner`: the rows that the relations start at; `prefix`: the path of aliases for a graph that is joined, null for one that is fetched apart. */
  private included(model: Model, owner: TableRef | null, nodes: readonly GraphNode[], step: Step, prefix: string | null, parent: string): Include[] {
    return nodes.flatMap((node): Include[] => {
      const relation = this.models.relation(model, node.relation);
      if (!relation) return [];
      const name = node.alias ?? node.relation, alias = prefix === null ? null : `${prefix}${name}`;
      const path = parent === '' ? name : `${parent}.${name}`;
      const related = this.belonging(this.about(relation.model, node.range, step, relation.many ? 'include-many' : 'include-one', path), owner, relation);
      const modified = this.withModifiers(this.filtered(related, relation, step), relation.model, node.modifiers, step);
      const builder = { ...modified, includes: this.included(relation.model, rootOf(related), node.children, step, alias === null ? null : `${alias}:`, path) };
      return [{ name, builder, alias, kind: 'left', range: node.range }];
    });
  }

  /** The rows of a relation that belong to its owner's, where both can be told apart by their names. */
  private belonging(builder: Builder, owner: TableRef | null, { on }: Relation): Builder {
    const ref = rootOf(builder);
    if (!ref || !owner || fold(owner.alias ?? owner.name) === fold(ref.name)) return builder;
    return on.reduce((state, [own, other]) => ({ ...state, where: added(state.where, 'and', comparison('=', column(ref, other, ref.range), column(owner, own, ref.range), ref.range)) }), builder);
  }

  private modifiedGraph(builder: Builder, step: Called): Builder {
    const [path, how] = this.args.of(step);
    if (!path || !how) return builder;
    return leafPaths(this.nodes(path)).reduce((state, names) => this.withinGraph(state, names, how, step), builder);
  }

  private withinGraph(builder: Builder, [name, ...rest]: readonly string[], how: Argument, step: Step): Builder {
    return {
      ...builder,
      includes: builder.includes.map((include) => {
        if (include.name !== name) return include;
        return { ...include, builder: rest.length > 0 ? this.withinGraph(include.builder, rest, how, step) : this.modifiedInclude(include.builder, how, step) };
      }),
    };
  }

  private modifiedInclude(builder: Builder, { value, node }: Argument, step: Step): Builder {
    return value.type === 'unknown' ? { ...builder, opaqueFilters: [...builder.opaqueFilters, node.range as Range] } : this.appliedTo(builder, value, node.range as Range, step);
  }

  // ------------------------------------------------------------------------------------------- joins

  private joinRelated(builder: Builder, model: Model, step: Called, kind: Join['kind']): Builder {
    const [first, options] = this.args.of(step), from = rootOf(builder);
    if (!first || !from) return builder;
    const chosen = options ? this.session.entries(options.value) : null;
    const named = chosen?.find((entry) => entry.type === 'entry' && entry.key === 'alias');
    const alias = named?.type === 'entry' ? this.session.string(named.value()) : null;
    return { ...builder, joins: [...builder.joins, ...this.related(model, (name) => column(from, name, first.node.range as Range), this.nodes(first), step, kind, '', alias)] };
  }

  /** `from`: how a column of the table that the relations start at is written. A relation that filters, or that a modifier filters, is joined as a query of its own. */
  private related(model: Model, from: (name: string) => Expr, nodes: readonly GraphNode[], step: Step, kind: Join['kind'], prefix: string, alias: string | null): JoinPart[] {
    return nodes.flatMap((node): JoinPart[] => {
      const relation = this.models.relation(model, node.relation), { range } = node;
      if (!relation) return [];
      const name = `${prefix}${alias ?? node.alias ?? node.relation}`;
      const own = this.withModifiers(this.filtered(this.about(relation.model, range, step, relation.many ? 'include-many' : 'include-one'), relation, step), relation.model, node.modifiers, step);
      const filters = own.where !== NO_CLAUSES || own.opaqueFilters.length > 0 || own.joins.length > 0;
      const ref = this.session.table(relation.model.table, range, { ...rootOf(own)!, alias: name, via: 'from' });
      if (!filters) this.places.set(ref, { kind: 'join', step, frame: this.frame, join: kind });
      const right: Source = filters ? { type: 'derived', query: queryOf(own, range), alias: name, columns: null, lateral: false, range } : ref;
      const other = (field: string): Expr => (filters ? named(name, field, range) : column(ref, field, range));
      const on = and(relation.on.map(([mine, theirs]) => comparison('=', from(mine), other(theirs), range)), range) ?? operation([parameter(range)], range);
      return [{ kind, right, on, using: null, range }, ...this.related(relation.model, other, node.children, step, kind, `${name}:`, null)];
    });
  }

  private withModifiers(builder: Builder, model: Model, modifiers: GraphNode['modifiers'], step: Step): Builder {
    return modifiers.reduce((state, modifier) => this.named(state, model, modifier.name, modifier.range, step) ?? { ...state, opaqueFilters: [...state.opaqueFilters, modifier.range] }, builder);
  }
}

/** From a call of a model to what it says to the database. */
import type { Assignment, Conflict, Expr, OutputColumn, Query, Range, Relation, Remedies, TableRef } from '../../model/query.js';
import type { TableFacts } from '../../manifest/catalog.js';
import type { Node } from '../../source/ast.js';
import type { Entry, Keyed } from '../../source/objects.js';
import type { ListItem, Value } from '../../source/values.js';
import { entriesNamed, entryOf } from '../conditions.js';
import { aggregate, and, choice, column, comparison, literal, opaque, or, parameter, select, time } from '../expressions.js';
import { guardNamed, rowsOf } from '../guards.js';
import type { Session } from '../session.js';
import type { ModelCall } from './models.js';
import { filterOf, flagOf, opensFilter, optionsAt, unseenIn, type Options } from './options.js';
import { callRemedies, type Placed } from './remedies.js';
import { targetNamed, targetOf } from './targets.js';
import { AGGREGATES, appliesTo, READS, WRITES } from './vocabulary.js';
import { Conditions } from './where.js';

/** Reads one call. */
export class Reader {
  readonly #session: Session;
  readonly #model: ModelCall;
  readonly #range: Range;
  /** Whose options a reference's conditions stand in. */
  readonly #optionsOf = new Map<TableRef, Placed>();
  readonly #conditions: Conditions;
  /** References whose filter an OR takes apart. */
  readonly #open = new Set<TableRef>();

  constructor(session: Session, model: ModelCall) {
    this.#session = session;
    this.#model = model;
    this.#range = model.step.node.range as Range;
    this.#conditions = new Conditions(session, model.step.node);
  }

  remedies(): Remedies {
    return callRemedies(this.#model, this.#optionsOf, this.#session);
  }

  read(): Query[] {
    const { method } = this.#model;
    if (method in READS) return [this.#find(READS[method]!)];
    if (method in AGGREGATES) return [this.#aggregated(AGGREGATES[method]!)];
    return this.#write(WRITES[method]!);
  }

  // ------------------------------------------------------------------------------------------- reads

  #find(position: number): Query {
    const options = optionsAt(position, this.#model, this.#session), ref = this.#root(options);
    const key = this.#model.method === 'findByPk' ? this.#byKey(ref) : null;
    // `findByPk` puts the key in the place of any other condition.
    const where = and([key ?? this.#where(options, ref), this.#scopes(ref)], this.#range);
    const limited = this.#model.method === 'findOne' || (options.entries !== null && entryOf(options.entries, 'limit') !== null);
    return select({ from: [this.#included(ref, options, this.#model.facts)], where, limited: limited && this.#model.method !== 'findOne', range: this.#range, opaqueFilters: unseenIn(options) });
  }

  #aggregated(position: number): Query {
    const options = optionsAt(position, this.#model, this.#session), ref = this.#root(options);
    const output: OutputColumn = { type: 'expr', name: null, expr: aggregate(this.#model.method === 'countAll' || this.#model.method === 'aggregate' ? 'count' : this.#model.method, [], this.#range) };
    const group = options.entries ? entryOf(options.entries, 'group') : null;
    return select({ from: [this.#included(ref, options, this.#model.facts)], where: and([this.#where(options, ref), this.#scopes(ref)], this.#range), output: [output], groupBy: group === null ? null : [], range: this.#range, opaqueFilters: unseenIn(options) });
  }

  /** What the scopes of the call let through, as the manifest declares. */
  #scopes(ref: TableRef): Expr | null {
    const { facts, scopes } = this.#model;
    return and(scopes.map(({ name, at }) => {
      const guard = guardNamed(this.#session, 'scope', name);
      return guard && (guard.model === undefined || this.#session.facts(guard.model) === facts) ? rowsOf(guard.yields, ref, facts, at.range as Range) : null;
    }), this.#range);
  }

  #byKey(ref: TableRef): Expr | null {
    const [key] = this.#model.step.args, [first] = this.#model.facts.key;
    return key && first ? comparison('=', column(ref, first, key.range as Range), parameter(key.range as Range), key.range as Range) : null;
  }

  // ------------------------------------------------------------------------------------------- writes

  #write(position: number): Query[] {
    const { method, step, facts } = this.#model, session = this.#session;
    const options = optionsAt(position, this.#model, this.#session), ref = this.#root(options, method === 'increment' || method === 'decrement' ? 'none' : undefined);
    const where = and([this.#where(options, ref), this.#scopes(ref)], this.#range), range = this.#range, opaqueFilters = unseenIn(options);
    const [tombstone] = facts.tombstones;
    const setting = (assignments: readonly Assignment[], opaqueAssignments: boolean, of: TableRef = ref): Query => ({ type: 'update', target: of, targetInFrom: false, from: [], assignments, opaqueAssignments, where, returning: [], ctes: [], range, opaqueFilters });
    switch (method) {
      case 'update': {
        const values = step.args[0] ? session.entries(session.value(step.args[0], step.env)) : null;
        return [setting(values ? this.#assignments(values) : [], values === null || values.some(({ type }) => type !== 'entry'))];
      }
      case 'increment': case 'decrement': return [setting([], false)];
      case 'destroy': {
        const forced = flagOf(options, 'force'), all = flagOf(options, 'truncate');
        if (forced === 'unknown') return [];
        if (forced !== true && tombstone && appliesTo(facts)) {
          return [setting([{ column: tombstone.column, value: tombstone.live === null ? time(0, range) : literal(true, range), range }], false)];
        }
        if (all === true) return [{ type: 'truncate', targets: [ref], ctes: [], range }];
        // The filter decides which rows are found; with `force` it is off.
        const target = forced === true ? { ...ref, autoFilter: 'none' as const } : ref;
        this.#optionsOf.set(target, { ...options, joined: 'no' });
        return [{ type: 'delete', target, targetInFrom: false, from: [], where: this.#where(options, target), returning: [], ctes: [], range, opaqueFilters }];
      }
      case 'restore': return tombstone ? [setting([{ column: tombstone.column, value: literal(tombstone.live, range), range }], false, { ...ref, autoFilter: 'none' })] : [];
      case 'truncate': {
        const forced = flagOf(options, 'force');
        if (forced !== true && tombstone && appliesTo(facts)) return [setting([{ column: tombstone.column, value: time(0, range), range }], false)];
        return forced === 'unknown' ? [] : [{ type: 'truncate', targets: [ref], ctes: [], range }];
      }
      case 'upsert': case 'bulkCreate': return this.#inserted(options, ref);
      default: return [];
    }
  }

  #inserted(options: Options, ref: TableRef): Query[] {
    const { method, step } = this.#model, session = this.#session, range = this.#range;
    const value = step.args[0] ? session.value(step.args[0], step.env) : null;
    const row = value?.type === 'list' ? value.items[0] : null;
    const entries = value ? session.entries(row?.type === 'item' ? row.value : value) : null;
    const named = options.entries ? this.#names(options.entries, method === 'upsert' ? 'fields' : 'updateOnDuplicate') : null;
    if (method === 'bulkCreate' && named === null) return [];
    const keys = options.entries ? this.#names(options.entries, 'conflictFields') ?? this.#names(options.entries, 'conflictAttributes') : null;
    const updated = (Array.isArray(named) ? named.map((name) => ({ column: name, value: parameter(range), range })) : entries ? this.#assignments(entries) : []);
    const conflict: Conflict = {
      target: Array.isArray(keys) ? keys : null, targetWhere: options.entries && entriesNamed(options.entries, 'conflictWhere').length > 0 ? this.#conditions.of(entriesNamed(options.entries, 'conflictWhere')[0]!.value(), ref, step.node) : null,
      action: 'update', assignments: updated, opaqueAssignments: named === 'unknown' || (named === null && (entries === null || entries.some(({ type }) => type !== 'entry'))), where: null, range: ref.range,
    };
    return [{ type: 'insert', target: { ...ref, autoFilter: 'none' }, columns: null, source: null, conflict, returning: [], ctes: [], range }];
  }

  /** The names in a list of options; `unknown` where it cannot be seen, null where there is none. */
  #names(entries: readonly Entry[], key: string): string[] | 'unknown' | null {
    const entry = entryOf(entries, key);
    if (entry === null || entry === 'unknown') return entry;
    const value = entry.value();
    if (value.type !== 'list') return 'unknown';
    const names = value.items.map((item) => (item.type === 'item' ? this.#session.string(item.value) : null));
    return names.every((name) => name !== null) ? names : 'unknown';
  }

  #assignments(entries: readonly Entry[]): Assignment[] {
    return entries.flatMap((entry): Assignment[] => {
      if (entry.type === 'fork') return entry.options.flatMap((option) => this.#assignments(option)).map((assignment) => ({ ...assignment, value: parameter(assignment.range) }));
      if (entry.type !== 'entry') return [];
      const value = entry.value(), at = entry.valueNode ?? entry.node;
      return [{ column: entry.key, value: this.#session.scalar(value, at), range: entry.node.range as Range }];
    });
  }

  // ------------------------------------------------------------------------------------------- references

  #root(options: Options, forced?: TableRef['autoFilter']): TableRef {
    const { facts, at } = this.#model;
    const ref = this.#placed(forced ?? filterOf(facts, options), options, (autoFilter) => this.#session.table(facts.name, at.range as Range, { schema: facts.schema, autoFilter }));
    this.#optionsOf.set(ref, { ...options, joined: 'no' });
    return ref;
  }

  /** A reference with the library's filter; where an OR takes that apart, without, and with the condition that is left of it. */
  #placed(autoFilter: TableRef['autoFilter'], options: Options, make: (autoFilter: TableRef['autoFilter']) => TableRef): TableRef {
    const isOpen = autoFilter === 'applies' && opensFilter(options, this.#session), ref = make(isOpen ? 'none' : autoFilter);
    if (isOpen) this.#open.add(ref);
    return ref;
  }

  #where(options: Options, ref: TableRef): Expr | null {
    const where = this.#written(options, ref), facts = this.#open.has(ref) && where?.type === 'or' ? this.#session.facts(ref.name) : null;
    if (!facts || where?.type !== 'or') return where;
    const [first, ...others] = where.operands;
    return or([and([rowsOf('live', ref, facts, where.range), first!], where.range), ...others], where.range);
  }

  #written(options: Options, ref: TableRef): Expr | null {
    if (options.entries === null) return null;
    const found = entryOf(options.entries, 'where');
    if (found === null) return null;
    if (found === 'unknown') {
      const forks = options.entries.flatMap((entry) => (entry.type === 'fork' ? [choice(entry.options.map((option) => this.#written({ ...options, entries: option }, ref)), this.#range)] : []));
      return and([...entriesNamed(options.entries.filter(({ type }) => type === 'entry'), 'where').map((entry) => this.#entryCondition(entry, ref)), ...forks, options.entries.some(({ type }) => type === 'rest') ? opaque(this.#range) : null], this.#range);
    }
    return this.#entryCondition(found, ref);
  }

  #entryCondition(entry: Keyed, ref: TableRef): Expr | null {
    return this.#conditions.of(entry.value(), ref, entry.valueNode ?? entry.node);
  }

  // ------------------------------------------------------------------------------------------- includes

  #included(root: Relation, options: Options, parent: TableFacts | null): Relation {
    const entry = options.entries ? entriesNamed(options.entries, 'include')[0] : undefined;
    if (!entry) return root;
    return this.#joinAll(root, entry.value(), entry.valueNode ?? entry.node, parent);
  }

  #joinAll(left: Relation, value: Value, node: Node, parent: TableFacts | null): Relation {
    if (value.type === 'list') return value.items.reduce<Relation>((relation, item) => this.#joinItem(relation, item, node, parent), left);
    return this.#joinOne(left, value, node, parent);
  }

  #joinItem(left: Relation, item: ListItem, node: Node, parent: TableFacts | null): Relation {
    switch (item.type) {
      case 'item': return this.#joinOne(left, item.value, this.#session.at(item.value, node), parent);
      case 'fork': return item.options.flat().reduce<Relation>((relation, inner) => this.#joinItem(relation, inner, node, parent), left);
      case 'first-turn': return item.parts.reduce<Relation>((relation, inner) => this.#joinItem(relation, inner, node, parent), left);
      case 'rest': return left;
    }
  }

  #joinOne(left: Relation, value: Value, node: Node, parent: TableFacts | null): Relation {
    if (value.type === 'fork') return value.options.reduce<Relation>((relation, option) => this.#joinOne(relation, option, node, parent), left);
    const entries = this.#session.entries(value);
    const target = entries ? targetOf(entries, parent, this.#session) : targetNamed(value, parent, node, this.#session);
    if (!target) return left;
    const { facts, at, alias, many } = target, options: Options = { entries: entries ?? [], node: at }, range = (entries && value.type === 'object' ? value.node.range : at.range) as Range;
    const ref = this.#placed(facts ? filterOf(facts, options) : 'none', options, (autoFilter) => this.#session.table(facts?.name ?? target.name, at.range as Range, { alias: alias ?? target.name, schema: facts?.schema ?? null, via: many ? 'include-many' : 'include-one', autoFilter }));
    const required = entries ? flagOf(options, 'required') : false, where = this.#where(options, ref);
    const inner = required === true || (where !== null && (entryOf(options.entries ?? [], 'required') === null));
    this.#optionsOf.set(ref, { ...options, node: entries && value.type === 'object' ? value.node : at, joined: inner ? 'inner' : 'left' });
    const right = entries ? this.#included(ref, options, facts) : ref;
    return { type: 'join', kind: inner ? 'inner' : 'left', natural: false, left, right, on: where, using: null, opaque: false, range };
  }
}

/** The methods of repositories, managers and active records. */
import type { Assignment, Conflict, Delete, Expr, Insert, OutputColumn, Query, Range, SelectBlock, Update } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Env, Value } from '../../source/values.js';
import { aggregate, and, column, exists, literal, not, opaque, parameter, select, time } from '../expressions.js';
import type { ClientFilter } from '../guards.js';
import type { Session } from '../session.js';
import type { Entity } from './entities.js';
import { Graph, type Place, type WithDeleted } from './graph.js';
import { FindOptions } from './options.js';
import { byKey, columnOf, liveCondition } from './tables.js';
import { keepsTombstones, nullsOf, type Nulls } from './versions.js';
import { Conditions } from './where.js';

/** What a method does, and what its first arguments are. */
interface Method {
  readonly does: 'list' | 'one' | 'count' | 'exists' | 'aggregate' | 'update' | 'delete' | 'soft-delete' | 'restore' | 'step' | 'upsert' | 'insert' | 'save' | 'clear';
  /** `options`: find options; `where`: conditions; `key`: ids, then options; `entity`: rows that the program holds. */
  readonly takes: 'options' | 'where' | 'key' | 'entity' | 'column' | 'none';
}

const method = (does: Method['does'], takes: Method['takes']): Method => ({ does, takes });

export const METHODS: ReadonlyMap<string, Method> = new Map(Object.entries({
  find: method('list', 'options'), findAndCount: method('list', 'options'), findOne: method('one', 'options'), findOneOrFail: method('one', 'options'),
  findBy: method('list', 'where'), findAndCountBy: method('list', 'where'), findOneBy: method('one', 'where'), findOneByOrFail: method('one', 'where'),
  findByIds: method('list', 'key'), findOneById: method('one', 'key'), preload: method('one', 'entity'),
  findTrees: method('list', 'none'), findRoots: method('list', 'none'), findDescendants: method('list', 'none'), findAncestors: method('list', 'none'), countDescendants: method('count', 'none'), countAncestors: method('count', 'none'),
  count: method('count', 'options'), countBy: method('count', 'where'), exist: method('exists', 'options'), exists: method('exists', 'options'), existsBy: method('exists', 'where'), existBy: method('exists', 'where'),
  sum: method('aggregate', 'column'), average: method('aggregate', 'column'), minimum: method('aggregate', 'column'), maximum: method('aggregate', 'column'),
  update: method('update', 'where'), updateAll: method('update', 'none'), delete: method('delete', 'where'), deleteAll: method('clear', 'none'), clear: method('clear', 'none'),
  remove: method('delete', 'entity'), softDelete: method('soft-delete', 'where'), softRemove: method('soft-delete', 'entity'), restore: method('restore', 'where'), recover: method('restore', 'entity'),
  increment: method('step', 'where'), decrement: method('step', 'where'), upsert: method('upsert', 'none'), insert: method('insert', 'none'), save: method('save', 'entity'),
}));

/** Methods that no other library has, so that a name alone says enough. */
export const OWN = /^(?:findBy|findAndCountBy|findOneBy|findOneByOrFail|findOneOrFail|findAndCount|findByIds|findOneById|existsBy|existBy|countBy|softDelete|softRemove|recover|findTrees|findRoots)$/;

const AGGREGATES: Readonly<Record<string, string>> = { sum: 'sum', average: 'avg', minimum: 'min', maximum: 'max' };

/** A call of a method: the arguments behind the entity. */
export interface MethodCall {
  readonly name: string;
  readonly entity: Entity;
  readonly args: readonly Node[];
  readonly env: Env | null;
  readonly node: Node;
  /** The words to underline. */
  readonly at: Range;
  /** The filter of a client or repository that the manifest declares. */
  readonly client?: ClientFilter | null;
}

/** What a method says to the database; null where that cannot be told, or is nothing. */
export function readMethod(call: MethodCall, session: Session): Query | null {
  const known = METHODS.get(call.name);
  return known ? new MethodReader(call, known, session).read() : null;
}

/** The SELECT of find options, for a finder of the project (`findOneInChannel(ctx, Product, id, channel, { where })`). */
export function readFinder(call: MethodCall, options: Node | null, isOne: boolean, isByKey: boolean, session: Session): Query {
  return new MethodReader(call, method(isOne ? 'one' : 'list', 'options'), session).finder(options, isByKey);
}

class MethodReader {
  private readonly range: Range;
  private readonly nulls: Nulls;

  constructor(private readonly call: MethodCall, private readonly method: Method, private readonly session: Session) {
    this.range = call.node.range as Range;
    this.nulls = nullsOf(session, 'finder', call.node);
  }

  read(): Query | null {
    switch (this.method.does) {
      case 'list': case 'one': case 'count': case 'exists': case 'aggregate': return this.select();
      case 'update': case 'step': case 'soft-delete': case 'restore': return this.update();
      case 'delete': return this.delete(this.criteria());
      case 'clear': return this.call.name === 'clear' ? { type: 'truncate', targets: [this.target().ref], ctes: [], range: this.range } : this.delete(() => null);
      case 'upsert': case 'insert': return this.insert();
      case 'save': return this.save();
    }
  }

  private arg(index: number): { readonly node: Node; readonly env: Env | null } | null {
    const node = this.call.args[index];
    return node ? { node, env: this.call.env } : null;
  }

  private valueOf(index: number): Value | null {
    const node = this.call.args[index];
    return node ? this.session.value(node, this.call.env) : null;
  }

  // ------------------------------------------------------------------------------------------- reads

  private select(): SelectBlock | null {
    const { takes } = this.method, { call, session } = this;
    if (takes === 'where') {
      const first = this.arg(0), graph = this.graph(false);
      return this.block(graph, first ? new Conditions(session, graph, this.nulls).of(session.value(first.node, call.env), first.node, graph.root) : null);
    }
    if (takes === 'none') return this.block(this.graph(false), null);
    if (takes === 'column') {
      const second = this.arg(1), graph = this.graph(false), name = this.valueOf(0);
      const where = second ? new Conditions(session, graph, this.nulls).of(session.value(second.node, call.env), second.node, graph.root) : null;
      const of = column(graph.root.ref, (name && session.string(name)) ?? '', this.range);
      return this.block(graph, where, [{ type: 'expr', expr: aggregate(AGGREGATES[call.name]!, [of], this.range), name: null }]);
    }
    if (takes === 'key' || takes === 'entity') return this.keyed(takes === 'key' ? this.arg(1) : null);
    // `findOne(id)`, `findOne(id, options)`, `findOne({ email }, options)` of 0.2
    const first = this.valueOf(0), named = this.method.does === 'one' && first !== null && isId(first, this.call.args[0]!);
    if (named) return this.keyed(this.arg(1));
    const options = new FindOptions(this.arg(0), session), second = this.arg(1), more = second ? new FindOptions(second, session) : null;
    const graph = this.graph((more ?? options).withDeleted());
    (more ?? options).include(graph);
    return this.block(graph, and([options.where(graph, this.nulls), more?.where(graph, this.nulls) ?? null], this.range));
  }

  /** Rows by their keys, with options. */
  private keyed(argument: { readonly node: Node; readonly env: Env | null } | null): SelectBlock {
    const options = new FindOptions(argument, this.session), graph = this.graph(options.withDeleted());
    options.include(graph);
    const at = (this.call.args[0] ?? this.call.node).range as Range;
    return this.block(graph, and([byKey(graph.root.ref, graph.root.facts, at, this.method.does !== 'one'), options.where(graph, this.nulls)], this.range));
  }

  finder(node: Node | null, isByKey: boolean): SelectBlock {
    const options = new FindOptions(node ? { node, env: this.call.env } : null, this.session), graph = this.graph(options.withDeleted());
    options.include(graph);
    return this.block(graph, and([isByKey ? byKey(graph.root.ref, graph.root.facts, this.range, this.method.does !== 'one') : null, options.where(graph, this.nulls)], this.range));
  }

  private graph(withDeleted: WithDeleted): Graph {
    const { entity, at, name, client = null } = this.call;
    return new Graph(entity.facts, at, withDeleted, this.session, null, { operation: name, filter: client });
  }

  private block(graph: Graph, condition: Expr | null, output?: readonly OutputColumn[]): SelectBlock {
    const { range } = this, where = and([condition, graph.rootFilter], range), from = [graph.from(range)];
    switch (this.method.does) {
      case 'count': return select({ from, range, where, output: [{ type: 'expr', expr: aggregate('count', [], range), name: null }] });
      case 'exists': {
        const inner = select({ from, range, where, output: [{ type: 'expr', expr: literal(1, range), name: null }] });
        return select({ from: [], range, output: [{ type: 'expr', expr: literal(1, range), name: null }], where: exists(inner, range) });
      }
      default: return select({ from, range, where, output: output ?? graph.output(range), limited: this.method.does === 'one' });
    }
  }

  // ------------------------------------------------------------------------------------------- writes

  private target(): Place {
    const { facts } = this.call.entity;
    return { ref: this.session.table(facts.name, this.call.at, { schema: facts.schema, autoFilter: this.call.client?.root(facts, this.call.name) ?? 'none' }), facts };
  }

  /** The rows that a write is about: `update(id, ..)`, `update([1, 2], ..)`, `update({ email }, ..)`, `remove(user)`. */
  private criteria(): (place: Place) => Expr | null {
    const { takes } = this.method, node = this.call.args[0], value = this.valueOf(0);
    return (place) => {
      if (takes === 'none') return null;
      if (!node || !value) return opaque(this.range);
      const range = node.range as Range;
      // What the program holds was read before, and is what that read let through.
      if (takes === 'entity') return and([byKey(place.ref, place.facts, range), this.method.does === 'delete' ? null : opaque(range)], range);
      if (isId(value, node)) return byKey(place.ref, place.facts, range);
      if (value.type === 'list' && value.items.every((item) => item.type === 'item' && item.value.type !== 'object')) return byKey(place.ref, place.facts, range, true);
      return new Conditions(this.session, null, nullsOf(this.session, 'criteria', this.call.node)).of(value, node, place);
    };
  }

  private update(): Update {
    const place = this.target(), { range } = this, { does } = this.method;
    const where = and([this.criteria()(place), this.untouched(place)], range);
    const set = does === 'soft-delete' || does === 'restore' ? this.tombstoneSet(does) : does === 'step' ? this.step() : this.assignments(this.call.args[this.method.takes === 'none' ? 0 : 1]);
    return { type: 'update', target: place.ref, targetInFrom: false, from: [], ...set, where, returning: [], opaqueFilters: [], ctes: [], range };
  }

  /** Which rows a soft delete or a restore leaves alone by itself. */
  private untouched({ ref, facts }: Place): Expr | null {
    const { does } = this.method;
    if ((does !== 'soft-delete' && does !== 'restore') || !keepsTombstones(this.session)) return null;
    const live = liveCondition(ref, facts, this.range);
    return live && does === 'restore' ? not(live, this.range) : live;
  }

  private tombstoneSet(does: 'soft-delete' | 'restore'): Pick<Update, 'assignments' | 'opaqueAssignments' | 'byMethod'> {
    const { facts } = this.call.entity, { range } = this, [tombstone] = facts.tombstones;
    if (!tombstone) return { assignments: [], opaqueAssignments: true, byMethod: true };
    return { assignments: [{ column: tombstone.column, value: does === 'restore' ? literal(null, range) : time(0, range), range }], opaqueAssignments: false, byMethod: true };
  }

  private step(): Pick<Update, 'assignments' | 'opaqueAssignments'> {
    const name = this.valueOf(1), property = name && this.session.string(name), { range } = this;
    return property ? { assignments: [{ column: columnOf(this.call.entity.facts, property), value: parameter(range), range }], opaqueAssignments: false } : { assignments: [], opaqueAssignments: true };
  }

  private assignments(node: Node | undefined): Pick<Update, 'assignments' | 'opaqueAssignments'> {
    return node ? assignmentsOf(this.session.value(node, this.call.env), this.call.entity, this.session) : { assignments: [], opaqueAssignments: true };
  }

  private delete(criteria: (place: Place) => Expr | null): Delete {
    const place = this.target();
    return { type: 'delete', target: place.ref, targetInFrom: false, from: [], where: criteria(place), returning: [], opaqueFilters: [], ctes: [], range: this.range };
  }

  private insert(): Insert {
    const { range } = this, rows = this.call.args[0], paths = this.call.args[1];
    const conflict: Conflict | null = this.method.does === 'upsert' && rows && paths ? this.conflict(rows, paths) : null;
    return { type: 'insert', target: this.target().ref, columns: null, source: null, conflict, returning: [], ctes: [], range };
  }

  /** `upsert(rows, ['email'])`, `upsert(rows, { conflictPaths: ['email'], indexPredicate: '..' })`: every column of the rows is written again. */
  private conflict(rows: Node, paths: Node): Conflict {
    const range = paths.range as Range, { session } = this, value = session.value(paths, this.call.env), row = session.value(rows, this.call.env);
    const first = row.type === 'list' ? row.items.find((item) => item.type === 'item') : null;
    const written = assignmentsOf(first?.type === 'item' ? first.value : row, this.call.entity, session);
    const entries = value.type === 'object' ? session.entries(value) ?? [] : [];
    const entry = (key: string): Value | null => { const found = entries.find((one) => one.type === 'entry' && one.key === key); return found?.type === 'entry' ? found.value() : null; };
    const predicate = entry('indexPredicate');
    return {
      target: this.conflictColumns(entry('conflictPaths') ?? value), action: 'update', ...written, where: null, range,
      targetWhere: predicate ? session.sqlCondition(predicate, paths) : null,
    };
  }

  private conflictColumns(value: Value): string[] | null {
    const { session } = this, { facts } = this.call.entity;
    if (value.type === 'list') {
      const names = value.items.map((item) => (item.type === 'item' ? session.string(item.value) : null));
      return names.every((name) => name !== null) ? names.map((name) => columnOf(facts, name)) : null;
    }
    const entries = session.entries(value);
    return entries?.every((entry) => entry.type === 'entry') ? entries.map((entry) => columnOf(facts, entry.key)) : null;
  }

  /** `save({ id, name })` updates the row of that key, dead or not; without a key, or with an entity, nothing is said about rows that exist. */
  private save(): Update | null {
    const node = this.call.args[0], value = this.valueOf(0), { key } = this.call.entity.facts;
    const entries = value?.type === 'object' ? this.session.entries(value) : null;
    if (!node || !value || !entries || !key.every((name) => entries.some((entry) => entry.type === 'entry' && columnOf(this.call.entity.facts, entry.key) === name))) return null;
    const place = this.target(), { assignments, opaqueAssignments } = assignmentsOf(value, this.call.entity, this.session);
    const range = node.range as Range;
    return {
      type: 'update', target: place.ref, targetInFrom: false, from: [], assignments: assignments.filter(({ column: name }) => !key.includes(name)), opaqueAssignments,
      where: byKey(place.ref, place.facts, range), returning: [], opaqueFilters: [], ctes: [], range: this.range,
    };
  }
}

/** A single value that can only be a key: a string, a number, a variable of any kind that is no object. */
function isId(value: Value, node: Node): boolean {
  if (value.type === 'constant' || (value.type === 'text' && !value.sql)) return true;
  if (value.type !== 'unknown') return false;
  const name = /(\w+)\s*(?:!|\?)?$/.exec(node.type === 'Identifier' ? node.name : node.type === 'MemberExpression' && node.property.type === 'Identifier' ? node.property.name : '')?.[1];
  return name !== undefined && /(?:^|[a-z_])(?:id|uuid|pk|key)s?$/i.test(name);
}

/** SET as an object of values gives it. */
export function assignmentsOf(value: Value, { facts }: Pick<Entity, 'facts'>, session: Session): Pick<Update, 'assignments' | 'opaqueAssignments'> {
  const entries = value.type === 'object' ? session.entries(value) : null;
  if (!entries) return { assignments: [], opaqueAssignments: true };
  let opaqueAssignments = false;
  const assignments: Assignment[] = [];
  const add = (list: typeof entries): void => {
    for (const entry of list) {
      if (entry.type === 'rest') opaqueAssignments = true;
      else if (entry.type === 'fork') { opaqueAssignments = true; entry.options.forEach(add); } else if (entry.type === 'entry') {
        const written = entry.value();
        if (session.isUndefined(written)) continue;
        assignments.push({ column: columnOf(facts, entry.key), value: session.scalar(written, entry.valueNode ?? entry.node), range: entry.node.range as Range });
      }
    }
  };
  add(entries);
  return { assignments, opaqueAssignments };
}

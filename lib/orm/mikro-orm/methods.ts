/** Methods of entity managers and repositories that send a statement by themselves. */
import type { Assignment, Conflict, Expr, OutputColumn, Query, Range, Relation } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Entry, Keyed } from '../../source/objects.js';
import type { Env, ListItem, Value } from '../../source/values.js';
import type { Called } from '../chains.js';
import { entriesNamed, entryOf } from '../conditions.js';
import { aggregate, and, choice, comparison, column, opaque, parameter, select } from '../expressions.js';
import { guardNamed, rowsOf } from '../guards.js';
import type { Session } from '../session.js';
import { defaultFilters, filterName, filtersOf, NO_FILTERS, type Filters } from './filters.js';
import { assignmentsOf, conflictTargetOf } from './raw.js';
import { Edits } from './remedies.js';
import { joined, placed, relationTo, type Placed, type Place } from './tables.js';
import { Where, type WhereOptions } from './where.js';
import type { Entity } from './entities.js';

/** Where the arguments of a method stand behind the entity. */
interface Signature {
  readonly where: number | null;
  readonly options: number;
  readonly data?: number;
}

/** `where: null`: the options hold it. */
const READS: Readonly<Record<string, Signature>> = {
  find: { where: 0, options: 1 }, findOne: { where: 0, options: 1 }, findOneOrFail: { where: 0, options: 1 }, findAndCount: { where: 0, options: 1 },
  findAll: { where: null, options: 0 }, findByCursor: { where: 0, options: 1 }, stream: { where: null, options: 0 },
};
const COUNTS: Readonly<Record<string, Signature>> = { count: { where: 0, options: 1 }, countBy: { where: null, options: 1 } };
const WRITES: Readonly<Record<string, Signature>> = {
  nativeUpdate: { where: 0, data: 1, options: 2 }, nativeDelete: { where: 0, options: 1 }, upsert: { where: null, data: 0, options: 1 }, upsertMany: { where: null, data: 0, options: 1 },
};
/** Methods that are told the entity by the name of it. */
export const ENTITY_METHODS: ReadonlySet<string> = new Set([...Object.keys(READS), ...Object.keys(COUNTS), ...Object.keys(WRITES)]);
/** Methods that no other library has. */
export const OWN_METHODS: ReadonlySet<string> = new Set(['findByCursor', 'nativeUpdate', 'nativeDelete', 'upsertMany']);
/** Options that no other library has. */
const OWN_OPTIONS = ['populate', 'filters', 'populateWhere', 'strategy', 'orderBy', 'fields', 'exclude', 'refresh', 'disableIdentityMap', 'onConflictFields', 'onConflictAction', 'failHandler'];
/** Options of TypeORM's finders, which stand where MikroORM's conditions do. */
const FOREIGN_OPTIONS = ['where', 'relations', 'withDeleted', 'select', 'order', 'take', 'skip'];
const PAGING = ['limit', 'offset', 'first', 'last', 'after', 'before'];

/** A call of a method of an entity. */
export interface MethodCall {
  readonly entity: Entity;
  readonly step: Called;
  /** Those behind the entity. */
  readonly args: readonly Node[];
  /** How many arguments stand in front of them. */
  readonly offset: number;
  /** The words to underline. */
  readonly at: Node;
}

/** What a call says, and the edits that can be made in it. */
export interface Read {
  readonly root: Query;
  readonly edits: Edits;
}

/** Do the arguments look like MikroORM's (true), like those of another library (false), or neither? */
export function looksLikeMikroOrm({ step, args }: Pick<MethodCall, 'step' | 'args'>, session: Session): boolean | null {
  if (OWN_METHODS.has(step.name ?? '')) return true;
  const signature = READS[step.name ?? ''] ?? COUNTS[step.name ?? ''] ?? WRITES[step.name ?? ''];
  const has = (position: number | undefined, keys: readonly string[]): boolean => {
    const node = position === undefined ? undefined : args[position], entries = node ? session.entries(session.value(node, step.env)) : null;
    return entries !== null && keys.some((key) => entriesNamed(entries, key).length > 0);
  };
  if (!signature) return null;
  if (signature.where !== null && has(signature.where, FOREIGN_OPTIONS)) return false;
  return has(signature.options, OWN_OPTIONS) ? true : null;
}

/** The statement of a method; null where it sends none, or a guard of the manifest says that it is a soft delete. */
export function readMethod(call: MethodCall, session: Session, subquery: WhereOptions['subquery']): Read | null {
  const name = call.step.name!, edits = new Edits(session);
  const root = name in READS ? new Method(call, READS[name]!, edits, session, subquery).find()
    : name in COUNTS ? new Method(call, COUNTS[name]!, edits, session, subquery).count()
    : name in WRITES ? new Method(call, WRITES[name]!, edits, session, subquery).write()
    : null;
  return root && { root, edits };
}

class Method {
  readonly #options: Options;
  readonly #range: Range;

  constructor(private readonly call: MethodCall, private readonly signature: Signature, private readonly edits: Edits, private readonly session: Session, private readonly subquery: WhereOptions['subquery']) {
    const { where } = signature, { args } = call;
    // MikroORM 7 has the conditions of `findByCursor` among its options.
    const inOptions = call.step.name === 'findByCursor' && args.length === 1 && where === 0;
    this.signature = inOptions ? { where: null, options: 0 } : signature;
    this.#options = new Options(args[this.signature.options], args, call.step, session);
    this.#range = call.step.node.range as Range;
  }

  find(): Query {
    const { step } = this.call, one = /^findOne/.test(step.name!);
    return this.withRoot(this.#options.filters, (root, where) => {
      const includes = new Includes(root, this.#options, where, this.call, this.edits, this.session, this.signature.options + this.call.offset);
      const limited = !one && PAGING.some((key) => this.#options.has(key));
      return select({ from: [includes.from()], where: this.condition(root, where), limited, range: this.#range, opaqueFilters: this.#options.unseen && this.signature.where === null ? [this.#range] : [] });
    });
  }

  count(): Query {
    return this.withRoot(this.#options.filters, (root, where) => {
      const output: OutputColumn = { type: 'expr', name: null, expr: aggregate('count', [], this.#range) };
      return select({ from: [root.ref], where: this.condition(root, where), output: [output], groupBy: this.call.step.name === 'countBy' ? [] : null, range: this.#range, opaqueFilters: this.#options.unseen && this.signature.where === null ? [this.#range] : [] });
    });
  }

  write(): Query | null {
    switch (this.call.step.name) {
      case 'nativeUpdate': return this.update();
      case 'nativeDelete': return this.delete();
      default: return this.upsert();
    }
  }

  private update(): Query {
    const data = this.data();
    return this.withRoot(this.#options.filters, (target, where) => ({
      type: 'update', target: target.ref, targetInFrom: false, from: [], ...data, where: this.condition(target, where), returning: [], ctes: [], range: this.#range, opaqueFilters: [],
    }));
  }

  /** The filter decides which rows are found; what is found is gone for good. */
  private delete(): Query | null {
    const { step, entity: { facts }, offset } = this.call;
    if (guardNamed(this.session, 'soft-delete-fn', step.name!)) return null;
    this.edits.deletes({ type: 'native', step, where: offset, filtered: this.#options.filters.on(facts) === 'applies' });
    return this.withRoot(this.#options.filters, (target, where) => ({ type: 'delete', target: target.ref, targetInFrom: false, from: [], where: this.condition(target, where), returning: [], ctes: [], range: this.#range, opaqueFilters: [] }));
  }

  private upsert(): Query | null {
    const { step, args, entity: { facts }, at } = this.call, node = args[this.signature.data!];
    if (!node) return null;
    const target = placed(facts, at.range as Range, NO_FILTERS, {}, this.session), value = this.session.value(node, step.env);
    const first = value.type === 'list' ? value.items[0] : null, row = value.type === 'list' ? (first?.type === 'item' ? first.value : null) : value;
    const entries = row ? this.session.entries(row) : null;
    const { assignments, opaqueAssignments } = assignmentsOf(entries, this.session);
    const merged = this.#options.names('onConflictMergeFields'), excluded = this.#options.names('onConflictExcludeFields');
    const { columns, where } = this.conflictTarget(target, entries);
    const kept = assignments.filter(({ column: name }) => (Array.isArray(merged) ? merged.includes(name) : !columns?.includes(name) && !(Array.isArray(excluded) && excluded.includes(name))));
    // A column that is merged without a value in sight.
    const more = Array.isArray(merged) ? merged.filter((name) => !kept.some(({ column: own }) => own === name)).map((name): Assignment => ({ column: name, value: parameter(this.#range), range: this.#range })) : [];
    const action = this.#options.string('onConflictAction') === 'ignore' ? 'nothing' : 'update';
    const conflict: Conflict = {
      target: columns, targetWhere: where, action, assignments: [...kept, ...more], opaqueAssignments: action === 'update' && (merged === 'unknown' || excluded === 'unknown' || (!Array.isArray(merged) && opaqueAssignments)),
      where: this.conflictWhere(target), range: at.range as Range,
    };
    this.edits.argument(target, step.node, this.signature.data! + this.call.offset);
    const literal = row?.type === 'object' && row.node.type === 'ObjectExpression' ? row.node : undefined;
    this.edits.upserts(literal, this.#options.node('onConflictMergeFields'));
    return { type: 'insert', target: target.ref, columns: entries?.every(({ type }) => type === 'entry') ? keysOf(entries) : null, source: null, conflict, returning: [], ctes: [], range: this.#range };
  }

  /** The key that decides: what the options name, else the primary key, else the first unique key whose values are given. */
  private conflictTarget(target: Place, entries: readonly Entry[] | null): { readonly columns: readonly string[] | null; readonly where: Expr | null } {
    const named = this.#options.names('onConflictFields');
    if (Array.isArray(named)) return { columns: named, where: null };
    if (named === 'unknown') return this.rawTarget();
    if (!entries) return { columns: null, where: null };
    const given = new Set(keysOf(entries)), { key, unique } = target.facts;
    const found = [key, ...unique].find((columns) => columns.every((name) => [...given].some((own) => own === name || same(own, name))));
    return { columns: found ?? null, where: null };
  }

  /** `onConflictFields: raw('(email) where deleted_at is null')`. */
  private rawTarget(): ReturnType<Method['conflictTarget']> {
    const entry = this.#options.entry('onConflictFields');
    const found = entry ? conflictTargetOf(entry.value(), entry.valueNode ?? entry.node, this.session) : null;
    return { columns: found?.target ?? null, where: found?.targetWhere ?? null };
  }

  private conflictWhere(target: Placed): Expr | null {
    const entry = this.#options.entry('onConflictWhere');
    return entry ? new Where({ session: this.session, filters: NO_FILTERS, edits: this.edits }).of(entry.value(), entry.valueNode ?? entry.node, target) : null;
  }

  // ------------------------------------------------------------------------------------------- parts

  /** Builds with the library's filter as a property of the reference; where a raw OR would break it, with the filter as a condition. */
  private withRoot<T>(filters: Filters, build: (root: Placed, where: Where) => T): T {
    const { entity: { facts }, at } = this.call;
    for (const explicit of [false, true]) {
      const root = placed(facts, at.range as Range, filters, { explicit }, this.session);
      const where = new Where({ session: this.session, filters, edits: this.edits, subquery: this.subquery });
      this.edits.argument(root, this.call.step.node, (this.signature.where ?? this.signature.options) + this.call.offset, this.signature.where === null ? 'where' : null);
      this.edits.optionsOf(root, this.call.step.node, this.signature.options + this.call.offset, filterName(facts, this.session));
      if (!explicit) {
        const condition = this.written(root, where);
        if (condition && where.isOpen(condition) && filters.on(facts) === 'applies') continue;
      }
      return build(root, where);
    }
    throw new Error('unreachable');
  }

  private condition(root: Placed, where: Where): Expr | null {
    const whole = and([root.filter, this.written(root, where)], this.#range);
    return whole && where.closed(whole);
  }

  private written(root: Placed, where: Where): Expr | null {
    const { where: position } = this.signature, { args, step } = this.call;
    if (position === null) return this.#options.condition('where', where, root);
    if (args.slice(0, position + 1).some(({ type }) => type === 'SpreadElement')) return opaque(this.#range);
    const node = args[position];
    return node ? where.of(this.session.value(node, step.env), node, root) : null;
  }

  private data(): { readonly assignments: readonly Assignment[]; readonly opaqueAssignments: boolean } {
    const node = this.signature.data === undefined ? undefined : this.call.args[this.signature.data];
    return assignmentsOf(node ? this.session.entries(this.session.value(node, this.call.step.env)) : null, this.session);
  }
}

function keysOf(entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) => (entry.type === 'entry' ? [entry.key] : []));
}

const same = (a: string, b: string): boolean => a.replaceAll('_', '').toLowerCase() === b.replaceAll('_', '').toLowerCase();

// --------------------------------------------------------------------------------------------- options

/** The options object of a call. */
export class Options {
  /** Null where it cannot be seen. */
  readonly entries: readonly Entry[] | null;
  private readonly env: Env | null;

  constructor(node: Node | undefined, args: readonly Node[], step: Called, private readonly session: Session) {
    this.env = step.env;
    const value = node ? session.value(node, step.env) : null;
    this.entries = !node ? (args.some(({ type }) => type === 'SpreadElement') ? null : []) : value!.type === 'nothing' ? [] : session.entries(value!);
  }

  /** Could there be conditions that are not seen? */
  get unseen(): boolean {
    return this.entries === null || (this.entries.some(({ type }) => type === 'rest') && entriesNamed(this.entries, 'where').length === 0);
  }

  get filters(): Filters {
    if (this.entries === null) return filtersOf('unknown', this.session);
    const entry = entryOf(this.entries, 'filters');
    // A spread may well bring `filters`, and hardly ever does.
    if (entry === 'unknown') return entriesNamed(this.entries, 'filters').length > 0 ? filtersOf('unknown', this.session) : defaultFilters(this.session);
    return filtersOf(entry?.value() ?? null, this.session);
  }

  has(key: string): boolean {
    return this.entries !== null && entryOf(this.entries, key) !== null;
  }

  entry(key: string): Keyed | null {
    const found = this.entries ? entryOf(this.entries, key) : null;
    return found === 'unknown' ? null : found;
  }

  /** All that may stand behind a key. */
  values(key: string): Keyed[] {
    return this.entries ? entriesNamed(this.entries, key) : [];
  }

  node(key: string): Node | null {
    const node = this.entry(key)?.valueNode;
    return node ? unwrap(node) : null;
  }

  string(key: string): string | null {
    const entry = this.entry(key);
    return entry ? this.session.string(entry.value()) : null;
  }

  /** The names in a list; `unknown` where it cannot be seen, null where there is none. */
  names(key: string): string[] | 'unknown' | null {
    const entry = this.entries ? entryOf(this.entries, key) : null;
    if (entry === null || entry === 'unknown') return entry;
    const value = entry.value(), items = value.type === 'list' ? value.items : null, names = items?.map((item) => (item.type === 'item' ? this.session.string(item.value) : null));
    return names?.every((name) => name !== null) ? names : 'unknown';
  }

  condition(key: string, where: Where, place: Place): Expr | null {
    if (this.entries === null) return null;
    return this.conditionIn(this.entries, key, where, place);
  }

  private conditionIn(entries: readonly Entry[], key: string, where: Where, place: Place): Expr | null {
    const found = entryOf(entries, key);
    if (found === null) return null;
    if (found !== 'unknown') return where.of(found.value(), found.valueNode ?? found.node, place);
    const own = entriesNamed(entries.filter(({ type }) => type === 'entry'), key).map((entry) => where.of(entry.value(), entry.valueNode ?? entry.node, place));
    const forks = entries.flatMap((entry) => (entry.type === 'fork' ? [choice(entry.options.map((option) => this.conditionIn(option, key, where, place)), place.ref.range)] : []));
    const hidden = entries.some(({ type }) => type === 'rest');
    return and([...own, ...forks, hidden ? opaque(place.ref.range) : null], place.ref.range);
  }

  get environment(): Env | null {
    return this.env;
  }
}

// --------------------------------------------------------------------------------------------- populate

interface Hint {
  readonly path: readonly string[];
  readonly node: Node;
}

/** The relations that a call loads with its rows. */
export class Includes {
  private readonly loaded = new Map<string, { readonly place: Placed; readonly on: Expr | null; readonly range: Range }>();

  constructor(private readonly root: Placed, private readonly options: Options, private readonly where: Where, private readonly call: Pick<MethodCall, 'step' | 'args' | 'at'>, private readonly edits: Edits, private readonly session: Session, private readonly position: number) {}

  from(hints: readonly Hint[] = this.hints()): Relation {
    for (const { path, node } of hints) this.include(path, node);
    return [...this.loaded.values()].reduce<Relation>((left, { place, on, range }) => ({ type: 'join', kind: 'left', natural: false, left, right: place.ref, on, using: null, opaque: false, range }), this.root.ref);
  }

  private include(path: readonly string[], node: Node): void {
    let parent: Placed = this.root;
    for (const [i, property] of path.entries()) {
      const own = path.slice(0, i + 1), key = own.join('.'), known = this.loaded.get(key);
      if (known) { parent = known.place; continue; }
      const reach = relationTo(parent.facts, property, this.session), range = wordsOf(node, own, path);
      const place = placed(reach.facts, range, this.options.filters, { alias: key, via: reach.many ? 'include-many' : 'include-one' }, this.session);
      const written = this.written(own, place), live = reach.live ? rowsOf('live', place.ref, place.facts, range) : null;
      this.loaded.set(key, { place, on: and([joined(parent.ref, place.ref, reach, range), place.filter, live, written && this.where.closed(written)], range), range });
      this.edits.populated(place, this.call.step.node, this.position, own);
      parent = place;
    }
  }

  /** What `populateWhere` and `populateFilter` say of a relation; with `infer` the conditions of the call hold for what is loaded, too. */
  private written(path: readonly string[], place: Placed): Expr | null {
    const conditions = ['populateWhere', 'populateFilter'].flatMap((key) => this.options.values(key).map((entry) => {
      const value = entry.value();
      if (this.session.string(value) === 'infer' || isInfer(entry.valueNode)) return this.inferred(path, place);
      return value.type === 'unknown' ? opaque(place.ref.range) : this.conditionAt(value, entry.valueNode ?? entry.node, path, place);
    }));
    return and(conditions, place.ref.range);
  }

  private inferred(path: readonly string[], place: Placed): Expr | null {
    const [first] = this.call.args, node = this.call.step.name === 'findAll' ? this.options.entry('where')?.valueNode ?? null : first ?? null;
    return node ? this.conditionAt(this.session.value(node, this.options.environment), node, path, place) : null;
  }

  /** The condition at the end of a path through an object of conditions; that on further relations is theirs. */
  private conditionAt(value: Value, node: Node, path: readonly string[], place: Placed): Expr | null {
    if (value.type === 'fork') return choice(value.options.map((option) => this.conditionAt(option, node, path, place)), node.range as Range);
    const entries = this.session.entries(value);
    if (!entries) return null;
    const [next, ...rest] = path;
    if (next === undefined) {
      const own = entries.filter((entry) => entry.type !== 'entry' || !this.isLoaded(place, entry.key));
      return this.where.entries(own, node.range as Range, place, value.type === 'object' ? value.env : null);
    }
    const entry = entryOf(entries, next);
    return entry === null ? null : entry === 'unknown' ? opaque(place.ref.range) : this.conditionAt(entry.value(), entry.valueNode ?? entry.node, rest, place);
  }

  private isLoaded({ ref }: Placed, property: string): boolean {
    return this.hints().some(({ path }) => path.join('.').startsWith(`${ref.alias ?? ''}.${property}`));
  }

  private known: Hint[] | null = null;

  private hints(): Hint[] {
    return (this.known ??= [
      ...this.options.values('populate').flatMap((entry) => this.hintsOf(entry.value(), entry.valueNode ?? entry.node)),
      ...this.options.values('fields').flatMap((entry) => this.hintsOf(entry.value(), entry.valueNode ?? entry.node).flatMap(({ path, node }) => (path.length > 1 ? [{ path: path.slice(0, -1), node }] : []))),
    ]);
  }

  /** `['posts.comments', 'author']`, `true`, `['*']`. */
  hintsOf(value: Value, node: Node): Hint[] {
    switch (value.type) {
      case 'list': return value.items.flatMap((item, i) => this.hintsIn(item, elementAt(node, i) ?? node));
      case 'fork': return value.options.flatMap((option) => this.hintsOf(option, node));
      case 'constant': return value.value === true ? this.everything(node) : [];
      case 'text': {
        const text = this.session.string(value);
        return text === null || text.includes(':ref') || text.startsWith('$') ? [] : text === '*' ? this.everything(node) : [{ path: text.split('.'), node }];
      }
      default: return [];
    }
  }

  private hintsIn(item: ListItem, node: Node): Hint[] {
    switch (item.type) {
      case 'item': return this.hintsOf(item.value, node);
      case 'fork': return item.options.flat().flatMap((inner) => this.hintsIn(inner, node));
      case 'first-turn': return item.parts.flatMap((inner) => this.hintsIn(inner, node));
      case 'rest': return [];
    }
  }

  private everything(node: Node): Hint[] {
    return Object.keys(this.root.facts.relations).map((property) => ({ path: [property], node }));
  }
}

/** `PopulateHint.INFER`. */
function isInfer(node: Node | null): boolean {
  const at = node ? unwrap(node) : null;
  return at?.type === 'MemberExpression' && at.property.type === 'Identifier' && at.property.name === 'INFER';
}

function elementAt(node: Node, index: number): Node | null {
  const at = unwrap(node);
  if (at.type !== 'ArrayExpression' || at.elements.some((element) => element?.type === 'SpreadElement')) return null;
  return at.elements[index] ?? null;
}

/** The words of a path in its string: all of it, or for a part of the way that part. */
function wordsOf(node: Node, own: readonly string[], path: readonly string[]): Range {
  const at = unwrap(node), [start, end] = at.range;
  if (own.length === path.length || at.type !== 'Literal' || end - start !== path.join('.').length + 2) return [start, end];
  return [start + 1, start + 1 + own.join('.').length];
}

// --------------------------------------------------------------------------------------------- further reads and writes

/** `em.populate(posts, ['comments'])`: the rows of the relations alone. */
export function readPopulate(entity: Entity, call: { readonly step: Called; readonly args: readonly Node[] }, session: Session): Read {
  const { step, args } = call, edits = new Edits(session), options = new Options(args[2], args, step, session), range = step.node.range as Range;
  const ref = session.table(entity.facts.name, range, { schema: entity.facts.schema, autoFilter: 'applies' }), root: Placed = { ref, facts: entity.facts, filter: null };
  const includes = new Includes(root, options, new Where({ session, filters: options.filters, edits }), { step, args: [], at: step.at }, edits, session, 2);
  const hints = args[1] ? includes.hintsOf(session.value(args[1], step.env), args[1]) : [];
  return { root: select({ from: [includes.from(hints)], range }), edits };
}

/** `collection.loadItems()`, `.matching(..)`, `.loadCount()`: the rows of one relation. */
export function readCollection(property: string, target: Entity, { step, at }: { readonly step: Called; readonly at: Node }, session: Session): Read {
  const { facts } = target, edits = new Edits(session), counted = step.name === 'loadCount', options = new Options(step.args[0], step.args, step, session), range = step.node.range as Range;
  const place = placed(facts, at.range as Range, options.filters, { via: counted ? 'relation-count' : 'include-many' }, session);
  const where = new Where({ session, filters: options.filters, edits }), written = options.condition('where', where, place);
  edits.argument(place, step.node, 0, 'where');
  // The foreign key names the owner.
  const key = comparison('=', column(place.ref, `${property}_of`, range), parameter(range), range);
  const output: OutputColumn[] = counted ? [{ type: 'expr', name: null, expr: aggregate('count', [], range) }] : [{ type: 'star', qualifier: null, range }];
  return { root: select({ from: [place.ref], where: and([key, place.filter, written && where.closed(written)], range), output, limited: options.has('limit'), range }), edits };
}

/** `em.remove(user)`: what is loaded is deleted for good, unless a subscriber makes it a soft delete. */
export function readRemove(entity: Entity, loaded: Query | null, { step, at }: { readonly step: Called; readonly at: Node }, flush: string | null, session: Session): Read | null {
  if (guardNamed(session, 'soft-delete-fn', step.name!)) return null;
  const edits = new Edits(session), { facts } = entity, range = step.node.range as Range, argument = (step.args[0] ?? step.node).range as Range;
  const target = placed(facts, at.range as Range, NO_FILTERS, {}, session);
  const found = loaded?.type === 'select' ? loaded.from[0] : undefined, source = found && leftmost(found);
  edits.argument(target, step.node, 0);
  edits.deletes({ type: 'entity', step, flush });
  // Of rows that were asked for the conditions are known: a purge asks for dead ones.
  const keys = facts.key.map((key): Expr => (loaded && source ? { type: 'in', negated: false, left: column(target.ref, key, argument), list: null, query: keysOfRows(loaded, source, key, argument), range: argument } : comparison('=', column(target.ref, key, argument), parameter(argument), argument)));
  return { root: { type: 'delete', target: target.ref, targetInFrom: false, from: [], where: and(keys, argument), returning: [], ctes: [], range, opaqueFilters: [] }, edits };
}

function leftmost(relation: Relation): Relation {
  return relation.type === 'join' ? leftmost(relation.left) : relation;
}

function keysOfRows(query: Query, source: Relation, key: string, range: Range): Query {
  if (query.type !== 'select' || source.type !== 'table') return query;
  return { ...query, output: [{ type: 'expr', name: null, expr: column(source, key, range) }] };
}

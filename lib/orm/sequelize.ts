/**
 * Sequelize 6 and 7, sequelize-typescript.
 *
 * A paranoid model (the manifest's `autoFilter`) filters by itself in finders, counts, aggregates, includes, `update` and `destroy`, and does not in
 * `increment`, `upsert` and `bulkCreate` (sequelize/sequelize#17612, #11968). `paranoid: false` switches the filter off at its own level only; `unscoped()`
 * does not touch it. `destroy({ force: true })` deletes for good.
 */
import type { Assignment, ComparisonOperator, Conflict, Expr, OutputColumn, Query, Range, Relation, Remedies, Remedy, TableRef, TombstoneFact } from '../model/query.js';
import type { TableFacts } from '../manifest/catalog.js';
import { unwrap, type Node } from '../source/ast.js';
import type { Entry, Keyed } from '../source/objects.js';
import type { Chain, ListItem, Step, Value } from '../source/values.js';
import { certainSteps, isCalled, type Called } from './chains.js';
import { conditionsOf, entriesNamed, entryOf } from './conditions.js';
import { addArgument, addProperty, insert, propertyOf, remedy, removeProperty, replace, setOption, spelledIn } from './edits.js';
import { aggregate, and, choice, column, comparison, inList, isNull, literal, named, not, opaque, operation, or, parameter, select, time } from './expressions.js';
import { guardCondition, guardNamed, rowsOf } from './guards.js';
import type { OrmLibrary, OrmStatement } from './library.js';
import { isOpenOr } from './open-or.js';
import type { Session } from './session.js';

/** Where a method's options stand among its arguments. */
const READS: Readonly<Record<string, number>> = { findAll: 0, findOne: 0, findByPk: 1, findAndCountAll: 0, findOrCreate: 0, findCreateFind: 0, findOrBuild: 0, findOrInitialize: 0, findAllInBatches: 0 };
const AGGREGATES: Readonly<Record<string, number>> = { count: 0, countAll: 0, max: 1, min: 1, sum: 1, aggregate: 2 };
const WRITES: Readonly<Record<string, number>> = { update: 1, destroy: 0, restore: 0, truncate: 0, increment: 1, decrement: 1, upsert: 1, bulkCreate: 1 };
/** Methods that no other library of models has. */
const OWN = /^(?:findAll|findByPk|findAndCountAll|findOrCreate|findCreateFind|findOrBuild|findAllInBatches|bulkCreate|destroy|restore)$/;
/** Members that lead to the same model. */
const SAME_MODEL = /^(?:scope|unscoped|schema|withScope|withoutScope|withInitialScope|withSchema)$/;
/** A model reached through what holds all models. */
const HOLDERS = /^(?:models|db|sequelize|this|database|model|get|entities|ctx|req|app|context)$/;

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = { '[eq]': '=', '[ne]': '<>', '[gt]': '>', '[gte]': '>=', '[lt]': '<', '[lte]': '<=', $eq: '=', $ne: '<>', $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' };

/** A method of models, `Math.max` left out. */
const CALLS = /(?<!\bMath)\.\s*(?:find(?:All\w*|One|ByPk|AndCountAll|Or\w+|CreateFind)|count\w*|max|min|sum|aggregate|update|destroy|restore|truncate|increment|decrement|upsert|bulkCreate)\s*[(<]/;

export const sequelize: OrmLibrary = {
  name: 'sequelize',
  mayHold: (text) => CALLS.test(text),
  verbs: new Set([...Object.keys(READS), ...Object.keys(AGGREGATES), ...Object.keys(WRITES)]),
  read(call, session) {
    const model = modelOf(call.chain, session);
    if (!model) return [];
    const reader = new Reader(session, model);
    return reader.read().map((root) => ({ root, remedies: reader.remedies() }) satisfies OrmStatement);
  },
};

/** A call of a model's static method. */
interface ModelCall {
  readonly facts: TableFacts;
  /** The model's name in the call. */
  readonly at: Node;
  readonly step: Called;
  readonly method: string;
  readonly scopes: readonly Scope[];
}

/** A named scope, and where the call names it. */
interface Scope {
  readonly name: string;
  readonly at: Node;
}

function modelOf(chain: Chain, session: Session): ModelCall | null {
  const steps = certainSteps(chain);
  const index = steps.findIndex((step) => isCalled(step) && step.name !== null && (step.name in READS || step.name in AGGREGATES || step.name in WRITES));
  const step = steps[index];
  if (!step || !isCalled(step) || chain.root.type !== 'node') return null;
  let before = index - 1;
  while (before >= 0 && SAME_MODEL.test(steps[before]!.name ?? '')) before--;
  const owner = steps[before];
  const root = unwrap(chain.root.node);
  if (owner && (owner.awaited || (owner.args !== null && owner.name !== 'model'))) return null;
  const named = owner?.name === 'model' && owner.args?.[0] ? session.string(session.value(owner.args[0], owner.env)) : owner ? owner.name : root.type === 'Identifier' ? root.name : root.type === 'ThisExpression' ? ownModel(root) : null;
  if (!named || (owner && before > 0 && !steps.slice(0, before).every((inner) => HOLDERS.test(inner.name ?? '') || inner.args === null))) return null;
  const declared = session.facts(named), method = step.name!;
  // A model that the manifest does not know may be asked for declared ones.
  if (!declared && !(/^[A-Z]/.test(named) && method in READS)) return null;
  const facts = declared ?? session.undeclared(named);
  if (!isSequelize(method, step, facts, session)) return null;
  return { facts, at: owner?.at ?? root, step, method, scopes: scopesOf(steps.slice(before + 1, index), session) };
}

/** The named scopes of `User.scope('active', { method: ['of', team] })`. */
function scopesOf(steps: readonly Step[], session: Session): Scope[] {
  return steps.filter(isCalled).filter(({ name }) => name === 'scope' || name === 'withScope').flatMap((step) => step.args.flatMap((argument) => {
    const value = session.value(argument, step.env), values = value.type === 'list' ? value.items.flatMap((item) => (item.type === 'item' ? [item.value] : [])) : [value];
    return values.flatMap((one): Scope[] => {
      const entries = session.entries(one), method = entries ? entriesNamed(entries, 'method')[0]?.value() : undefined, first = method?.type === 'list' ? method.items[0] : undefined;
      const name = session.string(method === undefined ? one : first?.type === 'item' ? first.value : method);
      return name === null ? [] : [{ name, at: argument }];
    });
  }));
}

/** The class in whose static method `this` stands. */
function ownModel(node: Node): string | null {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === 'ClassDeclaration' || at.type === 'ClassExpression') return at.id?.name ?? null;
    if (at.type === 'FunctionDeclaration') return null;
  }
  return null;
}

/** Other libraries of models have some of the same methods. */
function isSequelize(method: string, step: Called, facts: TableFacts, session: Session): boolean {
  const { source } = session;
  if (source.matches(/from\s+['"](?:typeorm|mongoose|@mikro-orm\/|objection|@prisma\/client)/)) return false;
  if (OWN.test(method) || appliesTo(facts)) return true;
  if (source.matches(/['"](?:sequelize|sequelize-typescript|@sequelize\/\w+)['"]|\bOp\.\w/)) return true;
  const options = step.args[READS[method] ?? AGGREGATES[method] ?? WRITES[method] ?? 0];
  const entries = options ? session.entries(session.value(options, step.env)) : null;
  return entries !== null && entriesNamed(entries, 'where').length > 0;
}

function appliesTo({ autoFilter }: TableFacts): boolean {
  return autoFilter === true || (Array.isArray(autoFilter) && autoFilter.includes('sequelize'));
}

class Reader {
  readonly #session: Session;
  readonly #model: ModelCall;
  readonly #range: Range;
  /** Whose options a reference's conditions stand in. */
  readonly #optionsOf = new Map<TableRef, Options & { readonly joined: 'no' | 'inner' | 'left' }>();
  /** References whose filter an OR takes apart. */
  readonly #open = new Set<TableRef>();

  constructor(session: Session, model: ModelCall) {
    this.#session = session;
    this.#model = model;
    this.#range = model.step.node.range as Range;
  }

  read(): Query[] {
    const { method } = this.#model;
    if (method in READS) return [this.#find(READS[method]!)];
    if (method in AGGREGATES) return [this.#aggregated(AGGREGATES[method]!)];
    return this.#write(WRITES[method]!);
  }

  // ------------------------------------------------------------------------------------------- reads

  #find(position: number): Query {
    const options = this.#options(position), ref = this.#root(options);
    const key = this.#model.method === 'findByPk' ? this.#byKey(ref) : null;
    // `findByPk` puts the key in the place of any other condition.
    const where = and([key ?? this.#where(options, ref), this.#scopes(ref)], this.#range);
    const limited = this.#model.method === 'findOne' || (options.entries !== null && entryOf(options.entries, 'limit') !== null);
    return select({ from: [this.#included(ref, options, this.#model.facts)], where, limited: limited && this.#model.method !== 'findOne', range: this.#range, opaqueFilters: this.#unseen(options) });
  }

  #aggregated(position: number): Query {
    const options = this.#options(position), ref = this.#root(options);
    const output: OutputColumn = { type: 'expr', name: null, expr: aggregate(this.#model.method === 'countAll' || this.#model.method === 'aggregate' ? 'count' : this.#model.method, [], this.#range) };
    const group = options.entries ? entryOf(options.entries, 'group') : null;
    return select({ from: [this.#included(ref, options, this.#model.facts)], where: and([this.#where(options, ref), this.#scopes(ref)], this.#range), output: [output], groupBy: group === null ? null : [], range: this.#range, opaqueFilters: this.#unseen(options) });
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
    const options = this.#options(position), ref = this.#root(options, method === 'increment' || method === 'decrement' ? 'none' : undefined);
    const where = and([this.#where(options, ref), this.#scopes(ref)], this.#range), range = this.#range, opaqueFilters = this.#unseen(options);
    const [tombstone] = facts.tombstones;
    const setting = (assignments: readonly Assignment[], opaqueAssignments: boolean, of: TableRef = ref): Query => ({ type: 'update', target: of, targetInFrom: false, from: [], assignments, opaqueAssignments, where, returning: [], ctes: [], range, opaqueFilters });
    switch (method) {
      case 'update': {
        const values = step.args[0] ? session.entries(session.value(step.args[0], step.env)) : null;
        return [setting(values ? this.#assignments(values) : [], values === null || values.some(({ type }) => type !== 'entry'))];
      }
      case 'increment': case 'decrement': return [setting([], false)];
      case 'destroy': {
        const forced = this.#flag(options, 'force'), all = this.#flag(options, 'truncate');
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
        const forced = this.#flag(options, 'force');
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
      target: Array.isArray(keys) ? keys : null, targetWhere: options.entries && entriesNamed(options.entries, 'conflictWhere').length > 0 ? this.#condition(entriesNamed(options.entries, 'conflictWhere')[0]!.value(), ref, step.node) : null,
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

  // ------------------------------------------------------------------------------------------- options

  #options(position: number): Options {
    const { step } = this.#model, node = step.args[position];
    if (!node) return { entries: step.args.some(({ type }) => type === 'SpreadElement') ? null : [], node: step.node };
    const value = this.#session.value(node, step.env);
    if (value.type === 'nothing') return { entries: [], node };
    return { entries: this.#session.entries(value), node };
  }

  /** Conditions in options that cannot be seen. */
  #unseen({ entries, node }: Options): Range[] {
    if (entries === null) return [node.range as Range];
    const hidden = entries.some((entry) => entry.type === 'rest') && entriesNamed(entries, 'where').length === 0;
    return hidden ? [node.range as Range] : [];
  }

  #flag({ entries }: Options, key: string): boolean | 'unknown' {
    if (entries === null) return false;
    const entry = entryOf(entries, key);
    if (entry === null) return false;
    if (entry === 'unknown') return entriesNamed(entries, key).length > 0 ? 'unknown' : false;
    const value = entry.value();
    return value.type === 'constant' ? Boolean(value.value) : value.type === 'nothing' ? false : 'unknown';
  }

  #root(options: Options, forced?: TableRef['autoFilter']): TableRef {
    const { facts, at } = this.#model;
    const ref = this.#placed(forced ?? this.#filter(facts, options), options, (autoFilter) => this.#session.table(facts.name, at.range as Range, { schema: facts.schema, autoFilter }));
    this.#optionsOf.set(ref, { ...options, joined: 'no' });
    return ref;
  }

  /** A reference with the library's filter; where an OR takes that apart, without, and with the condition that is left of it. */
  #placed(autoFilter: TableRef['autoFilter'], options: Options, make: (autoFilter: TableRef['autoFilter']) => TableRef): TableRef {
    const isOpen = autoFilter === 'applies' && this.#isOpen(options), ref = make(isOpen ? 'none' : autoFilter);
    if (isOpen) this.#open.add(ref);
    return ref;
  }

  #filter(facts: TableFacts, options: Options): TableRef['autoFilter'] {
    if (!appliesTo(facts)) return 'none';
    const entries = options.entries ? entriesNamed(options.entries, 'paranoid') : [];
    if (entries.length === 0) return 'applies';
    // `paranoid: !includeDeleted` leaves it to the caller.
    const value = entries[0]!.value(), certain = entryOf(options.entries!, 'paranoid') !== 'unknown';
    return value.type === 'constant' && value.value === false && certain ? 'bypassed' : 'applies';
  }

  #where(options: Options, ref: TableRef): Expr | null {
    const where = this.#written(options, ref), facts = this.#open.has(ref) && where?.type === 'or' ? this.#session.facts(ref.name) : null;
    if (!facts || where?.type !== 'or') return where;
    const [first, ...others] = where.operands;
    return or([and([rowsOf('live', ref, facts, where.range), first!], where.range), ...others], where.range);
  }

  /** Sequelize 6 writes `deletedAt IS NULL AND a OR b` for `where: literal('a OR b')`; lists of conditions, and Sequelize 7, put parentheses around it (6.37.8 and 7.0.0-alpha.48, run). */
  #isOpen({ entries }: Options): boolean {
    const where = entries ? entryOf(entries, 'where') : null;
    if (where === null || where === 'unknown' || /['"]@sequelize\/core['"]/.test(this.#session.source.text) || (this.#session.version('sequelize', ['sequelize', '@sequelize/core'])?.major ?? 6) > 6) return false;
    const value = where.value(), [only, another] = (value.type === 'object' ? this.#session.entries(value) : null) ?? [];
    const whole = only?.type === 'entry' && !another && only.key === '[and]' ? only.value() : value;
    return whole.type === 'text' && whole.sql && isOpenOr(whole);
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
    return this.#condition(entry.value(), ref, entry.valueNode ?? entry.node);
  }

  // ------------------------------------------------------------------------------------------- conditions

  /** `where: { .. }`, an array of conditions, `literal('..')`, `where(col('..'), ..)`. */
  #condition(value: Value, ref: TableRef, node: Node, how: 'and' | 'or' = 'and'): Expr | null {
    const range = node.range as Range;
    switch (value.type) {
      case 'nothing': return null;
      case 'fork': return choice(value.options.map((option) => this.#condition(option, ref, node, how)), range);
      case 'list': {
        const operands = value.items.map((item) => this.#item(item, ref, node));
        return how === 'or' ? or(operands.length > 0 ? operands.map((operand) => operand ?? literal(true, range)) : [], range) : and(operands, range);
      }
      case 'text': return value.sql ? this.#session.sqlCondition(value, node) : opaque(range);
      case 'object': {
        const entries = this.#session.entries(value);
        if (!entries) return opaque(range);
        if (how === 'and') return conditionsOf(entries, range, (entry) => this.#keyed(entry, ref), (argument) => this.#guarded(argument, ref));
        return entries.every((entry) => entry.type === 'entry') ? or(entries.map((entry) => (entry.type === 'entry' ? this.#keyed(entry, ref) : null) ?? literal(true, range)), range) : opaque(range);
      }
      default: return this.#called(value, ref, node) ?? this.#guarded(value.type === 'unknown' ? value.node : node, ref) ?? opaque(range);
    }
  }

  /** The condition of a helper that the manifest declares; undefined where none stands. */
  #guarded(node: Node, ref: TableRef): Expr | null | undefined {
    const facts = this.#session.facts(ref.name);
    return facts ? guardCondition(this.#session, node, { ref, facts }, (argument) => this.#condition(this.#session.value(argument, null), ref, argument)) : undefined;
  }

  #item(item: ListItem, ref: TableRef, node: Node): Expr | null {
    switch (item.type) {
      case 'item': return this.#condition(item.value, ref, this.#session.at(item.value, node));
      case 'rest': return opaque(item.node.range as Range);
      case 'fork': return choice(item.options.map((option) => and(option.map((inner) => this.#item(inner, ref, node)), node.range as Range)), node.range as Range);
      case 'first-turn': return and(item.parts.map((inner) => this.#item(inner, ref, node)), node.range as Range);
    }
  }

  /** `Sequelize.where(col('deletedAt'), null)`, `sequelize.and(..)`, `or(..)`. */
  #called(value: Value, ref: TableRef, node: Node): Expr | null {
    const step = this.#session.chain(value)?.steps.at(-1), range = node.range as Range;
    if (step?.type !== 'step' || !isCalled(step)) return null;
    const args = step.args.map((argument) => ({ node: argument, value: this.#session.value(argument, step.env) }));
    const name = step.name === '' ? lastOf(step.node) : step.name;
    if (name === 'and' || name === 'or') {
      const operands = args.map((argument) => this.#condition(argument.value, ref, argument.node));
      return name === 'and' ? and(operands, range) : or(operands.map((operand) => operand ?? literal(true, range)), range);
    }
    if (name === 'where' && args.length >= 2) {
      const left = this.#operand(args[0]!.value, args[0]!.node, ref);
      if (args.length === 2) return left ? this.#compared(left, args[1]!.value, args[1]!.node, ref) : operation([], range);
      const operator = operatorOf(args[1]!.value, this.#session);
      return left && operator ? this.#operator(operator, left, args[2]!.value, args[2]!.node, ref) : operation([], range);
    }
    return null;
  }

  /** `col('author.deletedAt')`, `fn('lower', col('name'))`. */
  #operand(value: Value, node: Node, ref: TableRef): Expr | null {
    const step = this.#session.chain(value)?.steps.at(-1), range = node.range as Range;
    if (step?.type !== 'step' || !isCalled(step) || !step.args[0]) return value.type === 'text' && value.sql ? this.#session.sqlExpression(value, node) : null;
    const name = step.name === '' ? lastOf(step.node) : step.name;
    const text = this.#session.string(this.#session.value(step.args[0], step.env));
    if (name === 'col' && text !== null) return this.#path(text, ref, range);
    return operation([], range);
  }

  #path(text: string, ref: TableRef, range: Range): Expr {
    const parts = text.split('.'), last = parts.pop()!;
    return parts.length === 0 ? column(ref, last, range) : named(parts.at(-1)!, last, range);
  }

  #keyed(entry: Keyed, ref: TableRef): Expr | null {
    const { key } = entry, value = entry.value(), node = entry.valueNode ?? entry.node, range = node.range as Range;
    if (this.#session.isUndefined(value)) return opaque(range);
    switch (key) {
      case '[and]': case '$and': return this.#condition(value, ref, node);
      case '[or]': case '$or': return this.#condition(value, ref, node, 'or');
      case '[not]': case '$not': {
        const inner = this.#condition(value, ref, node);
        return inner && not(inner, range);
      }
      default: {
        if (/^\[/.test(key)) return opaque(range);
        const path = /^\$(.+)\$$/.exec(key)?.[1];
        const left = path !== undefined ? this.#path(path, ref, entry.keyNode.range as Range) : column(ref, key, entry.keyNode.range as Range);
        return this.#compared(left, value, node, ref, entry.node.range as Range);
      }
    }
  }

  /** `column: value`, whatever the value says: null, a list, operators, alternatives. */
  #compared(left: Expr, value: Value, node: Node, ref: TableRef, range: Range = node.range as Range): Expr | null {
    switch (value.type) {
      case 'nothing': return isNull(left, range);
      case 'list': return this.#inList(left, value.items, range, false);
      case 'fork': return choice(value.options.map((option) => this.#compared(left, option, node, ref, range)), range);
      case 'object': {
        const entries = this.#session.entries(value);
        return entries ? conditionsOf(entries, range, (entry) => this.#operator(entry.key, left, entry.value(), entry.valueNode ?? entry.node, ref, entry.node.range as Range)) : operation([left], range);
      }
      case 'text': if (value.sql) return comparison('=', left, this.#session.sqlExpression(value, node), range);
    }
    return comparison('=', left, this.#session.scalar(value, node), range);
  }

  #operator(operator: string, left: Expr, value: Value, node: Node, ref: TableRef, range = node.range as Range): Expr | null {
    const nothing = value.type === 'nothing';
    if (value.type === 'fork') return choice(value.options.map((option) => this.#operator(operator, left, option, node, ref, range)), range);
    switch (operator) {
      case '[eq]': case '$eq': return nothing ? isNull(left, range) : comparison('=', left, this.#session.scalar(value, node), range);
      case '[ne]': case '$ne': return nothing ? isNull(left, range, true) : comparison('<>', left, this.#session.scalar(value, node), range);
      case '[is]': case '$is': return nothing ? isNull(left, range) : value.type === 'constant' ? comparison('is-not-distinct', left, this.#session.scalar(value, node), range) : operation([left], range);
      case '[not]': case '$not': {
        if (nothing) return isNull(left, range, true);
        if (value.type === 'constant') return comparison('is-distinct', left, this.#session.scalar(value, node), range);
        if (value.type === 'list') return this.#inList(left, value.items, range, true);
        const inner = this.#compared(left, value, node, ref);
        return inner && not(inner, range);
      }
      case '[in]': case '$in': return value.type === 'list' ? this.#inList(left, value.items, range, false) : operation([left], range);
      case '[notIn]': case '$notIn': return value.type === 'list' ? this.#inList(left, value.items, range, true) : operation([left], range);
      case '[or]': case '$or': case '[and]': case '$and': {
        const alternatives = value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? this.#compared(left, item.value, node, ref) : opaque(range))) : this.#alternatives(left, value, ref);
        if (!alternatives) return opaque(range);
        return /or/.test(operator) ? or(alternatives.map((one) => one ?? literal(true, range)), range) : and(alternatives, range);
      }
      default: return operator in COMPARISONS ? comparison(COMPARISONS[operator]!, left, this.#session.scalar(value, node), range) : operation([left], range);
    }
  }

  #alternatives(left: Expr, value: Value, ref: TableRef): (Expr | null)[] | null {
    const entries = this.#session.entries(value);
    return entries?.every((entry) => entry.type === 'entry') ? entries.map((entry) => (entry.type === 'entry' ? this.#operator(entry.key, left, entry.value(), entry.valueNode ?? entry.node, ref) : null)) : null;
  }

  #inList(left: Expr, items: readonly ListItem[], range: Range, negated: boolean): Expr {
    const list = items.map((item) => (item.type === 'item' ? this.#session.scalar(item.value, this.#model.step.node) : parameter(range)));
    return inList(left, list.length > 0 ? list : [parameter(range)], range, negated);
  }

  // ------------------------------------------------------------------------------------------- edits

  remedies(): Remedies {
    return {
      addLiveFilter: (ref, tombstones) => this.#addLiveFilter(ref, tombstones),
      softDelete: (_, ref, tombstone) => this.#softDelete(ref, tombstone),
      showTombstones: (ref) => this.#showTombstones(ref),
    };
  }

  #property(facts: TableFacts | null, { column: name, names }: TombstoneFact): string {
    const { text } = this.#session.source;
    return Object.keys(facts?.columns ?? {}).find((key) => facts!.columns[key] === name) ?? spelledIn(text, names) ?? names.find((spelled) => !spelled.includes('_')) ?? name;
  }

  #addLiveFilter(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    const options = this.#optionsOf.get(ref), facts = this.#session.facts(ref.name), { text } = this.#session.source, { step, method } = this.#model;
    const written = tombstones.map((tombstone) => liveProperty(tombstone, this.#property(facts, tombstone)));
    if (!options?.entries || written.includes(null)) return null;
    const words = written.join(', '), at = unwrap(options.node);
    if (method === 'findByPk' && options.joined === 'no') {
      const [key] = this.#model.facts.key, [value] = step.args;
      return key && value && step.args.length === 1 ? remedy(words, replace(step.at, 'findOne'), replace(value, `{ where: { ${key}: ${text.slice(...value.range)}, ${words} } }`)) : null;
    }
    if (at.type !== 'ObjectExpression') {
      if (options.joined !== 'no' || options.entries.length > 0) return null;
      // No options at all: the call gets them.
      const position = READS[method] ?? AGGREGATES[method];
      if (step.node.type !== 'CallExpression' || position === undefined || step.args.length !== position) return null;
      return remedy(words, addArgument(text, step.node, `{ where: { ${words} } }`));
    }
    const where = propertyOf(at, 'where'), value = where && unwrap(where.value);
    if (!where || !value) {
      if (options.entries.some((entry) => entry.type !== 'entry' || entry.key === 'where')) return null;
      // A condition makes an inner join of an include that was none.
      return remedy(words, addProperty(text, at, `where: { ${words} }${options.joined === 'left' && !propertyOf(at, 'required') ? ', required: false' : ''}`));
    }
    const required = options.joined === 'left' && !propertyOf(at, 'required') ? addProperty(text, at, 'required: false') : [];
    if (value.type === 'ObjectExpression') return remedy(words, addProperty(text, value, words), ...[required].flat());
    return value.type === 'Identifier' && !where.shorthand ? remedy(words, replace(value, `{ ...${value.name}, ${words} }`), ...[required].flat())
      : value.type === 'Identifier' ? remedy(words, replace(where, `where: { ...${value.name}, ${words} }`), ...[required].flat()) : null;
  }

  /** `paranoid: false` at the reference's own level; a `destroy` that asks for deleted rows is a purge without its `force: true`. */
  #showTombstones(ref: TableRef): Remedy | null {
    const options = this.#optionsOf.get(ref), { step, method } = this.#model, { text } = this.#session.source;
    const [key, value] = method === 'destroy' ? ['force', 'true'] as const : ['paranoid', 'false'] as const, at = options && unwrap(options.node);
    if (options?.joined === 'no') return remedy(`${key}: ${value}`, setOption(text, step.node, READS[method] ?? AGGREGATES[method] ?? WRITES[method] ?? 0, key, value));
    return at?.type === 'ObjectExpression' ? remedy(`${key}: ${value}`, addProperty(text, at, `${key}: ${value}`)) : null;
  }

  /** `destroy({ force: true })` without the force; of a model that does not soft-delete by itself, an update. */
  #softDelete(ref: TableRef, tombstone: TombstoneFact): Remedy | null {
    const options = this.#optionsOf.get(ref), { step, facts, method } = this.#model, { text } = this.#session.source;
    const at = options && unwrap(options.node);
    if (method !== 'destroy' || at?.type !== 'ObjectExpression' || tombstone.dead !== null) return null;
    const forced = propertyOf(at, 'force');
    if (appliesTo(facts)) return forced ? remedy('destroy without force', removeProperty(text, forced)) : null;
    const live = liveProperty(tombstone, this.#property(facts, tombstone)), where = propertyOf(at, 'where'), conditions = where && unwrap(where.value);
    if (forced || live === null || conditions?.type !== 'ObjectExpression') return null;
    const data = `{ ${this.#property(facts, tombstone)}: ${tombstone.live === null ? 'new Date()' : 'true'} }`;
    return remedy(`update(${data}, ..)`, replace(step.at, 'update'), insert(at.range[0], `${data}, `), addProperty(text, conditions, live));
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
    const target = entries ? this.#target(entries, parent) : this.#named(value, parent, node);
    if (!target) return left;
    const { facts, at, alias, many } = target, options: Options = { entries: entries ?? [], node: at }, range = (entries && value.type === 'object' ? value.node.range : at.range) as Range;
    const ref = this.#placed(facts ? this.#filter(facts, options) : 'none', options, (autoFilter) => this.#session.table(facts?.name ?? target.name, at.range as Range, { alias: alias ?? target.name, schema: facts?.schema ?? null, via: many ? 'include-many' : 'include-one', autoFilter }));
    const required = entries ? this.#flag(options, 'required') : false, where = this.#where(options, ref);
    const inner = required === true || (where !== null && (entryOf(options.entries ?? [], 'required') === null));
    this.#optionsOf.set(ref, { ...options, node: entries && value.type === 'object' ? value.node : at, joined: inner ? 'inner' : 'left' });
    const right = entries ? this.#included(ref, options, facts) : ref;
    return { type: 'join', kind: inner ? 'inner' : 'left', natural: false, left, right, on: where, using: null, opaque: false, range };
  }

  /** `{ model: User, as: 'author' }`, `{ association: 'author' }`. */
  #target(entries: readonly Entry[], parent: TableFacts | null): Target | null {
    const text = (key: string): { readonly text: string | null; readonly entry: Keyed | null } => {
      const entry = entryOf(entries, key);
      return entry === null || entry === 'unknown' ? { text: null, entry: null } : { text: this.#session.string(entry.value()), entry };
    };
    const as = text('as'), association = text('association'), model = entryOf(entries, 'model');
    if (model !== null && model !== 'unknown') {
      const found = this.#named(model.value(), parent, model.valueNode ?? model.node);
      if (!found) return null;
      const relation = as.text !== null ? this.#relation(parent, as.text) : null;
      return { ...found, alias: as.text, many: relation?.many ?? found.many };
    }
    const entry = association.entry;
    if (!entry) return null;
    return association.text !== null ? this.#byRelation(association.text, parent, entry.valueNode ?? entry.node) : this.#named(entry.value(), parent, entry.valueNode ?? entry.node);
  }

  /** `include: User`, `include: 'author'`, `include: Post.associations.author`. */
  #named(value: Value, parent: TableFacts | null, node: Node): Target | null {
    const text = this.#session.string(value);
    if (text !== null) return this.#byRelation(text, parent, node);
    const chain = this.#session.chain(value), step = chain?.steps.at(-1);
    const root = chain?.root.type === 'node' ? unwrap(chain.root.node) : value.type === 'object' && 'id' in value.node && value.node.id?.type === 'Identifier' ? value.node.id : null;
    let model = step?.type === 'step' ? step.name : root?.type === 'Identifier' ? root.name : null;
    if (step?.type === 'step' && isCalled(step)) {
      // `User.scope('active')`, `db.model('User')`
      const before = chain!.steps.at(-2);
      model = step.name === 'model' && step.args[0] ? this.#session.string(this.#session.value(step.args[0], step.env)) : before?.type === 'step' ? before.name : root?.type === 'Identifier' ? root.name : null;
    }
    if (!model) return null;
    const facts = this.#session.facts(model);
    const relation = facts ? Object.values(parent?.relations ?? {}).find((one) => this.#session.facts(one.table) === facts) : undefined;
    return facts || /^[A-Z]/.test(model) ? { facts, name: facts?.name ?? model, alias: null, at: node, many: relation?.many ?? false } : this.#byRelation(model, parent, node);
  }

  #byRelation(name: string, parent: TableFacts | null, node: Node): Target | null {
    const relation = this.#relation(parent, name), facts = this.#session.facts(relation?.table ?? name);
    return relation || facts ? { facts, name: facts?.name ?? relation!.table, alias: name, at: node, many: relation?.many ?? false } : null;
  }

  #relation(parent: TableFacts | null, name: string): TableFacts['relations'][string] | null {
    return Object.entries(parent?.relations ?? {}).find(([property, { as }]) => (as ?? property) === name || property === name)?.[1] ?? null;
  }
}

/** How a live row's tombstone is written in an object of conditions; null where there is no one value for it. */
function liveProperty({ live, dead, scheduled }: TombstoneFact, property: string): string | null {
  if (dead !== null || scheduled) return null;
  return `${property}: ${typeof live === 'string' ? JSON.stringify(live) : String(live)}`;
}

interface Options {
  /** Null where they cannot be seen. */
  readonly entries: readonly Entry[] | null;
  readonly node: Node;
}

interface Target {
  readonly facts: TableFacts | null;
  readonly name: string;
  readonly alias: string | null;
  readonly at: Node;
  readonly many: boolean;
}

/** The operator that `Op.ne` or `'!='` names, as a key. */
function operatorOf(value: Value, session: Session): string | null {
  const step = session.chain(value)?.steps.at(-1);
  if (step?.type === 'step' && step.name) return `[${step.name}]`;
  const text = session.string(value);
  return text === null ? null : ({ '=': '[eq]', '!=': '[ne]', '<>': '[ne]', '<': '[lt]', '<=': '[lte]', '>': '[gt]', '>=': '[gte]', is: '[is]', 'IS': '[is]', 'IS NOT': '[not]', 'is not': '[not]' } as const)[text] ?? null;
}

function lastOf(node: Node): string | null {
  if (node.type !== 'CallExpression') return null;
  const callee = unwrap(node.callee);
  return callee.type === 'Identifier' ? callee.name : null;
}

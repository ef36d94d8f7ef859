/**
 * Calls of Prisma's client (5 to 7): `<client>.<model>.<operation>({ where, include, .. })`, whatever the client is called.
 *
 * Nothing is filtered unless it is written: every operation, every relation that is included, counted or filtered on, and every nested write is
 * read as a query of its own table. A model is a member of the client by its name with the first letter lowered; that and the operation tell a
 * call of Prisma from others of the same name.
 */
import type { Expr, Range, TableRef } from '../model/query.js';
import { unwrap, type Node } from '../source/ast.js';
import type { Chain, Step, Value } from '../source/values.js';
import type { TSESTree } from '@typescript-eslint/utils';
import { fold } from '../manifest/catalog.js';
import { isCalled, type Called } from './chains.js';
import { aggregate, and, choice, column, opaque, select } from './expressions.js';
import { rowsOf } from './guards.js';
import type { Call, OrmLibrary, OrmStatement } from './library.js';
import { coverageOf } from './prisma/coverage.js';
import { filterOptions, isSwitchedOff } from './prisma/filters.js';
import { columnOf, modelNamed, reference, relationNamed, type Model } from './prisma/models.js';
import { hasLiveTwin, isLookedAt, lookedUpBefore } from './prisma/origins.js';
import { mayHoldParts, partsIn } from './prisma/parts.js';
import { Reading, type Arguments, type Rows } from './prisma/reading.js';
import { chooseRows, goesWithParent, hasSoftTwin, wasCreated } from './prisma/removals.js';
import { argumentsSlot } from './prisma/remedies.js';
import { Selection, type Owner } from './prisma/selection.js';
import { sourceAt, type Source } from './prisma/sources.js';
import { allEntries, alternatives, opened } from './prisma/values.js';
import { Writes, type Assigned } from './prisma/writes.js';
import type { Session } from './session.js';

const FINDS = ['findUnique', 'findUniqueOrThrow', 'findFirst', 'findFirstOrThrow', 'findMany'] as const;
const AGGREGATES = ['count', 'aggregate', 'groupBy'] as const;
const CREATES = ['create', 'createMany', 'createManyAndReturn'] as const;
const UPDATES = ['update', 'updateMany', 'updateManyAndReturn'] as const;
const OPERATIONS: ReadonlySet<string> = new Set([...FINDS, ...AGGREGATES, ...CREATES, ...UPDATES, 'upsert', 'delete', 'deleteMany']);
/** Operations that no other library of the same shape has. */
const OWN: ReadonlySet<string> = new Set([...FINDS, 'groupBy', 'createManyAndReturn', 'updateManyAndReturn', 'deleteMany']);
/** The arguments of each operation one of which every call of it has; those of the others may all be left out. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  create: ['data'], createMany: ['data'], createManyAndReturn: ['data'], update: ['data', 'where'], updateMany: ['data'], updateManyAndReturn: ['data'], upsert: ['create', 'update', 'where'], delete: ['where'],
};
const ARGUMENTS: ReadonlySet<string> = new Set(['where', 'data', 'create', 'update', 'include', 'select', 'omit', 'orderBy', 'take', 'skip', 'cursor', 'distinct', 'by', 'having', '_count', '_sum', '_avg', '_min', '_max', 'skipDuplicates', 'limit', 'relationLoadStrategy', 'cacheStrategy']);
/** Members that lead to other libraries' models: Drizzle's `db.query.users`. */
const FOREIGN = new Set(['query', '_query', 'collections', 'stripe', 'payload', 'strapi']);
const OTHER_LIBRARIES = /\bfrom\s+['"](?:sequelize|sequelize-typescript|@sequelize\/core|typeorm|drizzle-orm[^'"]*|@mikro-orm\/[^'"]+|objection|mongoose|mongodb)['"]|require\(['"](?:sequelize|typeorm|drizzle-orm|objection|mongoose|mongodb)['"]\)/;
const CALLS = /\.\s*(?:find(?:Unique|First|Many)|count|aggregate|groupBy|create|update|upsert|delete)/;
/** Calls that have more of Prisma than a method's name: a name that is Prisma's own, a model in front of it, or arguments of its shape behind. */
const TELLING_CALLS = /\.\s*(?:find(?:Unique|First|Many)|(?:create|update|delete)Many|groupBy|aggregate|upsert)|\.\s*(?:count|create|update|delete)\s*[(<](?<=[\w$)\]]\s*[?!]?\.\s*[a-z_]\w*\s*[?!]?\.\s*\w+\s*[(<])|\.\s*(?:count|create|update|delete)\s*\(\s*\{\s*(?:where|data|select|include)\b/;
/** A client that is called after the deleted rows which it shows. */
const DELIBERATE = /(?:includ\w*|with|and|all)_?(?:soft_?)?(?:deleted|trash)|unfiltered|unscoped/i;
const CLIENT = /prisma|client|^(?:tx|trx|db|dbRead|dbWrite|replica)$/i;

export const prisma: OrmLibrary = {
  name: 'prisma',
  // A call is read where it is made, whatever holds its promise.
  builders: /(?!)/,
  verbs: OPERATIONS,
  mayHold: (text) => /prisma/i.test(text) ? CALLS.test(text) || mayHoldParts(text) : TELLING_CALLS.test(text) && !OTHER_LIBRARIES.test(text),
  read(call, session) {
    const place = placeOf(call, session);
    if (!place) return [];
    const model = place.source?.model ?? modelNamed(session, place.model.name!);
    return model && isPrisma(place, model, session) ? new CallReader(session, place, model).read() : [];
  },
  parts: partsIn,
};

/** Where a chain has its model and its operation. */
interface Place {
  readonly root: Node | null;
  /** What stands in front of the model: the client. */
  readonly client: readonly Step[];
  readonly model: Step;
  /** The helper of the project that stands in the model's place (guard `query-source`); null where the model itself does. */
  readonly source: Source | null;
  readonly operation: Called & { readonly name: string };
  /** What is asked of the operation's result: relations, by the fluent API. */
  readonly rest: readonly Step[];
}

function placeOf(call: Call, session: Session): Place | null {
  const { chain } = call, steps = chain.steps;
  const sourceOf = (i: number): Source | null => sourceAt(session, chain, steps[i]!);
  const at = steps.findIndex((step, i) => i > 0 && step.type === 'step' && isCalled(step) && step.name !== null && OPERATIONS.has(step.name) && (isModelStep(steps[i - 1]!) || sourceOf(i - 1) !== null));
  if (at < 0) return null;
  const all = steps.filter((step): step is Step => step.type === 'step');
  // What is asked of a result that was awaited is no query, and what is read where it was kept has been read where it was asked.
  if (all.length < steps.length || all.some((step) => step.awaited) || !inside(call.node, all[at]!.node)) return null;
  const client = all.slice(0, at - 1);
  if (client.some((step) => step.name !== null && FOREIGN.has(step.name) && step.args === null)) return null;
  return { root: rootOf(chain), client, model: all[at - 1]!, source: sourceOf(at - 1), operation: all[at] as Place['operation'], rest: all.slice(at + 1) };
}

function isModelStep(step: Chain['steps'][number]): boolean {
  return step.type === 'step' && step.args === null && !step.awaited && step.name !== null && /^[a-z_]\w*$/.test(step.name);
}

function rootOf(chain: Chain): Node | null {
  return chain.root.type === 'node' ? unwrap(chain.root.node) : null;
}

function inside(outer: Node, inner: Node): boolean {
  return outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];
}

/** Is the call one of Prisma's: one argument, of Prisma's shape? */
function isPrisma({ root, client, source, operation }: Place, model: Model, session: Session): boolean {
  const { args, name, env } = operation, [first] = args;
  if (args.length > 1 || first?.type === 'SpreadElement') return false;
  const isClient = source?.guard.library === 'prisma' || [root?.type === 'Identifier' ? root.name : null, ...client.map((step) => step.name)].some((one) => one !== null && CLIENT.test(one));
  if (!first) return REQUIRED[name] === undefined && (OWN.has(name) || isClient) && (model.facts !== null || isClient);
  const shapes = alternatives(session, session.value(first, env));
  if (shapes.some(({ type }) => type !== 'object' && type !== 'unknown' && type !== 'nothing')) return false;
  const known = shapes.filter(({ type }) => type === 'object');
  // Nothing can be seen of the arguments: the rest of the call has to speak for itself.
  if (known.length === 0) return model.facts !== null && (OWN.has(name) || (isClient && name !== 'delete'));
  return known.some((value) => {
    const keys = allEntries(session, value).map(({ key }) => key), hidden = session.entries(value)?.some(({ type }) => type === 'rest') ?? true;
    const required = REQUIRED[name] ?? [];
    if (keys.some((key) => !ARGUMENTS.has(key) && !/^__/.test(key) && !filterOptions(session).has(key))) return false;
    return hidden || required.length === 0 || required.some((key) => keys.includes(key));
  });
}

/** Does the client say by its name that it shows deleted rows? */
function isDeliberate({ root, client }: Place): boolean {
  return [root?.type === 'Identifier' ? root.name : '', ...client.map((step) => step.name ?? '')].some((name) => DELIBERATE.test(name));
}

class CallReader {
  private readonly reading: Reading;
  private readonly selection: Selection;
  private readonly writes: Writes;
  private readonly range: Range;
  private readonly args: Arguments;
  private readonly argument: Node | null;
  private readonly call: TSESTree.CallExpression | null;

  constructor(private readonly session: Session, private readonly place: Place, private readonly model: Model) {
    const { args, env, node } = place.operation;
    this.argument = args[0] ?? null;
    this.range = node.range as Range;
    this.call = unwrap(node).type === 'CallExpression' ? unwrap(node) as TSESTree.CallExpression : null;
    const value: Value = this.argument ? opened(session, session.value(this.argument, env)) : { type: 'nothing', node: null };
    this.args = { value, node: this.argument ?? node };
    this.reading = new Reading(session, coverageOf(session, place.root, place.client, (facts) => isSwitchedOff(session, facts, this.args)), isDeliberate(place));
    this.selection = new Selection(this.reading);
    this.writes = new Writes(this.reading);
  }

  read(): readonly OrmStatement[] {
    const { name } = this.place.operation;
    if ((FINDS as readonly string[]).includes(name)) this.find(name);
    else if ((AGGREGATES as readonly string[]).includes(name)) this.aggregate(name);
    else if ((CREATES as readonly string[]).includes(name)) this.create();
    else if ((UPDATES as readonly string[]).includes(name)) this.update();
    else if (name === 'upsert') this.upsert();
    else this.delete();
    return this.reading.statements;
  }

  /** The reference to the call's own table. */
  private target() {
    const ref = reference(this.session, this.model, this.place.model.at.range as Range, { autoFilter: this.reading.coverage.of(this.model, { operation: this.place.operation.name, args: this.args, conditionOf: (args, subject) => this.reading.fresh().condition(args, subject) }) });
    const slot = argumentsSlot(this.session, this.argument, this.call);
    this.reading.remedies.place(ref, this.model, slot);
    if (this.isLookup()) this.reading.lookup = ref;
    if (this.call) this.reading.remedies.written(ref, { operation: this.place.operation.at, call: this.call });
    const owner: Owner = { ref, model: this.model, args: this.args, slot };
    return { ref, owner };
  }

  /** Does the call name its row by a key? */
  private isLookup(): boolean {
    const { name } = this.place.operation;
    if (/^findUnique|^(?:update|delete|upsert)$/.test(name)) return true;
    const { facts } = this.model, keys = this.reading.found(this.args, 'where').flatMap(({ value }) => allEntries(this.session, value).map(({ key }) => fold(columnOf(this.model, key))));
    return [facts?.key ?? ['id'], ...facts?.unique ?? []].some((key) => key.every((name) => keys.includes(fold(name))));
  }

  private condition(ref: Owner['ref']): Expr | null {
    const { operation } = this.place, [where, another] = this.reading.found(this.args, 'where');
    const meant = !another && !operation.name.startsWith('delete') && hasLiveTwin(this.session, unwrap(operation.node), operation.name, this.model, where?.value ?? null);
    const { guard } = this.place.source ?? {}, started = guard && guard.yields !== 'all' && this.model.facts ? rowsOf(guard.yields, ref, this.model.facts, this.range) : null;
    return and([started, this.reading.condition(this.args, { ref, model: this.model }), meant ? opaque(this.range) : null], this.range);
  }

  private find(name: string): void {
    const { ref, owner } = this.target(), where = this.condition(ref);
    const rows: Rows = { from: ref, output: [{ type: 'star', qualifier: null, range: this.range }], orderBy: [] };
    this.selection.join(rows, owner, this.args);
    const [fluent] = this.place.rest;
    if (fluent && isCalled(fluent) && fluent.name && (relationNamed(this.session, this.model, fluent.name) || !/^(?:then|catch|finally)$/.test(fluent.name))) {
      const [argument] = fluent.args;
      this.selection.fluent(rows, owner, fluent.name, fluent.at, { value: argument ? opened(this.session, this.session.value(argument, fluent.env)) : { type: 'nothing', node: null }, node: argument ?? fluent.node });
    }
    const alone = this.selectedAlone(ref);
    rows.orderBy.push(...this.orderedBy(ref));
    if (alone) {
      rows.output.splice(0, 1, { type: 'expr', expr: alone, name: null });
      rows.orderBy.push(alone);
    }
    const limited = name !== 'findMany' ? /^findFirst/.test(name) : this.reading.has(this.args, 'take') || this.reading.has(this.args, 'skip');
    this.reading.add(select({ from: [rows.from], where, output: rows.output, orderBy: rows.orderBy, limited, range: this.range }));
  }

  /** The keys of an argument that is an object, or a list of such; `?` for what cannot be seen. */
  private keysOf(argument: string): string[] {
    return this.reading.found(this.args, argument).flatMap(({ value }) => (value.type === 'list' ? value.items.flatMap((item) => (item.type === 'item' ? [item.value] : [])) : [value]))
      .flatMap((value) => (value.type === 'object' ? allEntries(this.session, value).map(({ key }) => key) : ['?']));
  }

  /** The tombstones that a call orders its rows by. */
  private orderedBy(ref: TableRef): Expr[] {
    const { facts } = this.model;
    return facts ? this.keysOf('orderBy').filter((key) => this.session.catalog.tombstone(facts, columnOf(this.model, key)) !== null).map((key) => column(ref, columnOf(this.model, key), this.range)) : [];
  }

  /** The one column that a call selects and orders its rows by: `select: { number: true }, orderBy: { number: 'desc' }`. */
  private selectedAlone(ref: TableRef): Expr | null {
    const [selected, another] = this.keysOf('select');
    return selected !== undefined && another === undefined && this.keysOf('orderBy').join() === selected ? column(ref, columnOf(this.model, selected), this.range) : null;
  }

  private aggregate(name: string): void {
    const { ref, owner } = this.target();
    // A group is told by its columns: a condition on one of them is one on its rows.
    const having = this.reading.found(this.args, 'having').map(({ value, node }) => this.reading.where.condition(value, node, owner));
    const where = and([this.condition(ref), choice(having, this.range)], this.range);
    const functions = name === 'count' ? ['count'] : allEntries(this.session, this.args.value).flatMap(({ key }) => (/^_(?:count|sum|avg|min|max)$/.test(key) ? [key.slice(1)] : []));
    const by = name === 'groupBy' ? this.reading.found(this.args, 'by').flatMap(({ value }) => this.columnsOf(value)) : null;
    const grouped = by?.map((one) => column(ref, columnOf(this.model, one), this.range)) ?? null;
    const output = [...grouped ?? [], ...(functions.length === 0 && name === 'aggregate' ? ['count'] : functions).flatMap((one) => (one === 'count' ? [null] : this.aggregated(one)).map((of) => aggregate(one, of === null ? [] : [column(ref, of, this.range)], this.range)))];
    this.reading.add(select({ from: [ref], where, groupBy: grouped, output: output.map((expr) => ({ type: 'expr', expr, name: null })), range: this.range }));
  }

  /** The columns that `_max: { number: true }` speaks of. */
  private aggregated(name: string): string[] {
    const keys = this.reading.found(this.args, `_${name}`).flatMap(({ value }) => allEntries(this.session, value).map(({ key }) => columnOf(this.model, key)));
    return keys.length > 0 ? keys : ['?'];
  }

  private columnsOf(value: Value): string[] {
    const items = value.type === 'list' ? value.items.flatMap((item) => (item.type === 'item' ? [item.value] : [])) : [value];
    return items.flatMap((item) => { const name = this.session.string(item); return name === null ? [] : [name]; });
  }

  private create(): void {
    for (const { value } of this.reading.found(this.args, 'data')) this.writes.nested(value, this.model);
    if (this.reading.has(this.args, 'skipDuplicates')) {
      const { ref } = this.target();
      const conflict = { target: null, targetWhere: null, action: 'nothing' as const, assignments: [], opaqueAssignments: false, where: null, range: this.range };
      this.reading.add({ type: 'insert', target: ref, columns: null, source: null, conflict, returning: [], ctes: [], range: this.range });
    }
    // Rows that are there already can only be connected.
    this.selected(!this.argument || !/\bconnect(?:OrCreate)?\b/.test(this.session.source.text.slice(...this.argument.range)));
  }

  private update(): void {
    const { ref } = this.target(), data = this.reading.found(this.args, 'data');
    const assigned = data.length === 1 ? this.writes.assigned(data[0]!.value, this.model) : { assignments: [], opaque: true };
    const where = and([this.condition(ref), this.lookedUp(ref), this.moves(assigned)], this.range);
    if (this.restores(assigned)) for (const { value } of this.reading.found(this.args, 'where')) chooseRows(this.session, value);
    // Without a column of its own the row is looked up, and written to are others.
    if (assigned.assignments.length > 0 || assigned.opaque) this.writes.update(ref, where, assigned, this.range);
    else this.reading.add(select({ from: [ref], where, range: this.range }));
    for (const { value } of data) this.writes.nested(value, this.model);
    this.selected();
  }

  private restores({ assignments }: Assigned): boolean {
    const { facts } = this.model;
    return facts !== null && assignments.some(({ column: name, value }) => value.type === 'literal' && value.value === this.session.catalog.tombstone(facts, name)?.live);
  }

  /** A look-up in front of the write found the row: what it was is what is written to. Where the program looks at its tombstone, that is not seen. */
  private lookedUp(ref: TableRef): Expr | null {
    const [where, another] = this.reading.found(this.args, 'where');
    const before = where && !another ? lookedUpBefore(this.reading, this.place.operation.node, this.model, where.value) : null;
    if (before?.rows === null || (where && !another && isLookedAt(this.reading, this.place.operation.node, this.model, where.value))) return opaque(this.range);
    return before && { type: 'in', negated: false, left: column(ref, columnOf(this.model, before.property), this.range), list: null, query: before.rows.query, range: this.range };
  }

  /**
   * `updateMany({ where: { userId: leaving }, data: { userId: heir } })`, or null for the heir, moves all that belongs to a row: deleted rows point to it
   * too, and their foreign keys have to let go of it.
   */
  private moves({ assignments, opaque: others }: Assigned): Expr | null {
    const tested = this.reading.found(this.args, 'where').flatMap(({ value }) => allEntries(this.session, value).map(({ key }) => fold(columnOf(this.model, key))));
    const isReleased = ({ column: name, value }: Assigned['assignments'][number]): boolean => value.type === 'literal' && value.value === null && tested.includes(fold(name)) && !(this.model.facts && this.session.catalog.tombstone(this.model.facts, name));
    const isMoved = !others && assignments.length > 0 && assignments.every((one) => isReleased(one) || this.isForeignKey(one.column)) && assignments.some(({ column: name }) => tested.includes(fold(name)));
    return isMoved ? opaque(this.range) : null;
  }

  private isForeignKey(name: string): boolean {
    const relations = Object.values(this.model.facts?.relations ?? {});
    if (relations.some(({ on }) => on !== null)) return relations.some(({ many, on }) => !many && Object.keys(on ?? {}).some((own) => fold(own) === fold(name)));
    return /(?:Id|_id)$/.test(name);
  }

  private upsert(): void {
    const { ref } = this.target();
    this.writes.upsert({ ref, model: this.model }, this.args, this.place.operation.at, null);
    this.selected();
  }

  private delete(): void {
    if (this.reading.coverage.softDeletes(this.model, this.place.operation.name)) return this.selected();
    const { ref } = this.target(), where = this.condition(ref), { belongsToDead } = this.reading;
    this.reading.add({ type: 'delete', target: ref, targetInFrom: false, from: [], where: and([where, this.lookedUp(ref), belongsToDead && opaque(belongsToDead), this.isMeant() ? opaque(this.range) : null], this.range), returning: [], opaqueFilters: [], ctes: [], range: this.range });
    this.selected();
  }

  /** Does the code around say that the rows go for good on purpose? Conditions on the tombstone speak for themselves. */
  private isMeant(): boolean {
    const { facts } = this.model, { node } = this.place.operation, where = this.reading.found(this.args, 'where');
    for (const { value } of where) chooseRows(this.session, value);
    if (!facts || where.some(({ value }) => allEntries(this.session, value).some(({ key }) => this.session.catalog.tombstone(facts, key) !== null))) return false;
    return hasSoftTwin(this.session, unwrap(node), this.model) || where.some(({ value }) => wasCreated(this.session, this.model, value) || goesWithParent(this.session, unwrap(node), this.model, value));
  }

  /** What a write returns beside its rows. */
  private selected(isNew = false): void {
    if (!this.reading.found(this.args, 'include').length && !this.reading.found(this.args, 'select').length) return;
    const written = reference(this.session, { name: this.model.name, facts: null }, this.place.model.at.range as Range);
    const rows: Rows = { from: { type: 'function-relation', args: [], alias: this.model.name, columns: null, range: written.range }, output: [{ type: 'star', qualifier: null, range: this.range }], orderBy: [] };
    this.selection.join(rows, { ref: written, model: this.model, args: null, slot: null }, this.args, 0, isNew);
    if (rows.from.type === 'join' || rows.output.length > 1) this.reading.add(select({ from: [rows.from], output: rows.output, range: this.range }));
  }
}


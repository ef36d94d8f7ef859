/** Edits in Drizzle's own words: `isNull(users.deletedAt)` beside the other conditions, in a join's ON, in the `where` of a relational query. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { TableFacts } from '../../manifest/catalog.js';
import type { Conflict, Edit, Expr, Insert, Remedies, Remedy, TableRef, TombstoneFact } from '../../model/query.js';
import { ancestor, contains, isFunction, propertyName, rootOf, unwrap, type FunctionNode, type Node } from '../../source/ast.js';
import type { Chain, Step } from '../../source/values.js';
import { isCalled, stepsOf, type Called } from '../chains.js';
import { entryOf } from '../conditions.js';
import { addArgument, addCall, addProperty, addPropertyFirst, insert, propertyOf, remedy, replace } from '../edits.js';
import type { Session } from '../session.js';
import { allOf, Conjunctions, isAnd, isNothing, type Written } from './conjunctions.js';
import { namedBy } from './names.js';
import { deadValue, importedOperators, intoPattern, liveCondition, liveFilter, operatorsOf, operatorsOfCall, propertyFor, literal, type Operators } from './words.js';

/** Where the conditions on a reference are written. */
type Place =
  /** The call of a builder that names the table: `from`, a join, `update`, `delete`, `$count`. */
  | { readonly type: 'builder'; readonly chain: Chain; readonly step: Called; readonly facts: TableFacts }
  /** The options of a relational query, or of a relation that it loads; null where the call has none. */
  | { readonly type: 'options'; readonly call: TSESTree.CallExpression | null; readonly options: Node | null; readonly key: string; readonly one: boolean; readonly facts: TableFacts }
  /** The filters of a relation (Drizzle 1.0): `{ author: { name } }`. */
  | { readonly type: 'filters'; readonly filters: Node; readonly facts: TableFacts };

/** Conditions of one reference, as one place of the file spells them. */
type Conditions = (access: string, operators: Operators) => string[] | null;
/** The argument that holds a condition; without one, how it is written. */
interface Slot { readonly argument: Node | null; readonly write: (words: string) => Edit }

const JOIN = /Join(?:Lateral)?$/;
const BEFORE_WHERE = /^(?:from|using|set|update|delete|\w+Join|\w+JoinLateral)$/;
const SET_OPERATION = /^(?:union|intersect|except)(?:All)?$/;
const DAY = '24 * 60 * 60 * 1000';

export class DrizzleRemedies {
  private readonly places = new Map<TableRef, Place>();
  private readonly conflicts = new Map<Conflict, TSESTree.ObjectExpression>();
  /** The calls of operators that made a condition. */
  private readonly made = new Map<Expr, Called>();
  private readonly conjunctions: Conjunctions;

  constructor(private readonly session: Session) {
    this.conjunctions = new Conjunctions(session.source.text);
  }

  // ------------------------------------------------------------------------------------------- places

  place(ref: TableRef, place: Place): void {
    this.places.set(ref, place);
  }

  condition(expr: Expr, call: Called): void {
    this.made.set(expr, call);
  }

  open(fragment: Node): void {
    this.conjunctions.open(fragment);
  }

  conflict(conflict: Conflict, options: Node): void {
    const at = unwrap(options);
    if (at.type === 'ObjectExpression') this.conflicts.set(conflict, at);
  }

  get remedies(): Remedies {
    return {
      addLiveFilter: (ref, tombstones) => this.addLiveFilter(ref, tombstones),
      moveFilterToJoin: (ref, predicate) => this.moveFilterToJoin(ref, predicate),
      softDelete: (_write, ref, tombstone) => this.softDelete(ref, tombstone),
      addAge: (_write, ref, tombstone, days) => this.addAge(ref, tombstone, days),
      replaceByLive: (predicate, _ref, tombstone, negated) => this.replaceByLive(predicate, tombstone, negated),
      addConflictPredicate: (write, tombstone) => this.addConflictPredicate(write, tombstone),
      reviveOnConflict: (write, tombstone) => this.reviveOnConflict(write, tombstone),
    };
  }

  private get text(): string {
    return this.session.source.text;
  }

  private written(node: Node): string {
    return this.text.slice(...node.range);
  }

  private live(facts: TableFacts, tombstones: readonly TombstoneFact[]): Conditions {
    return (access, operators) => {
      const conditions = tombstones.map((tombstone) => liveCondition(tombstone, `${access}${this.property(facts, tombstone)}`, operators));
      return conditions.every((condition) => condition !== null) ? conditions : null;
    };
  }

  private property(facts: TableFacts, tombstone: TombstoneFact): string {
    return propertyFor(facts, tombstone, this.text);
  }

  // ------------------------------------------------------------------------------------------- live rows

  private addLiveFilter(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    const place = this.places.get(ref);
    if (!place || tombstones.length === 0) return null;
    const written = this.filtered(place, tombstones, this.live(place.facts, tombstones));
    return written && remedy(written.shown, ...written.edits);
  }

  private filtered(place: Place, tombstones: readonly TombstoneFact[], conditions: Conditions): Written | null {
    switch (place.type) {
      case 'builder': return this.inBuilder(place, conditions);
      case 'options': return this.inOptions(place, tombstones, conditions);
      case 'filters': return this.inFilters(place.filters, place.facts, tombstones);
    }
  }

  // ------------------------------------------------------------------------------------------- builders

  private inBuilder({ chain, step, facts }: Place & { type: 'builder' }, conditions: Conditions): Written | null {
    const operators = importedOperators(this.session.source), steps = certain(chain), slot = steps.includes(step) ? this.slot(chain, step, steps) : null;
    const at = slot?.argument ?? steps.at(-1)?.node, access = slot && at ? this.access(step, at, facts) : null, words = access === null ? null : conditions(`${access}.`, operators);
    if (!slot || !words) return null;
    if (slot.argument) {
      const joined = this.conjunctions.conjoined(slot.argument, words, operators);
      return joined && { edits: [...joined.edits, ...operators.edits()], shown: joined.shown };
    }
    const all = allOf(words, operators);
    return all === null ? null : { edits: [slot.write(all), ...operators.edits()], shown: all };
  }

  /** Where a builder filters the rows of a table alone: the ON of its join, else the WHERE. */
  private slot(chain: Chain, step: Called, steps: readonly Called[]): Slot | null {
    const [, on] = step.args;
    if (step.name === '$count') return { argument: on ?? null, write: (words) => addArgument(this.text, step.node as TSESTree.CallExpression, words) };
    if (step.name === 'fullJoin') return null;
    if (on && step.name !== 'rightJoin' && step.name !== null && JOIN.test(step.name)) return argumentOnly(on);
    const over = outerJoinOver(chain, step, steps);
    if (over === null) return this.where(chain, steps);
    return over !== 'several' && over.args[1] ? argumentOnly(over.args[1]) : null;
  }

  /** The WHERE of a builder: its condition, or where a call of `where` can stand. A later one replaces those before it. */
  private where(chain: Chain, steps: readonly Called[]): Slot | null {
    const all = stepsOf(chain).filter(isCalled), end = all.findIndex(({ name }) => name !== null && SET_OPERATION.test(name)), own = end < 0 ? all : all.slice(0, end);
    const last = own.findLast(({ name }) => name === 'where');
    if (last) {
      if (!steps.includes(last)) return null;
      const [argument] = last.args;
      return { argument: argument ?? null, write: (words) => insert(last.node.range[1] - 1, words) };
    }
    const before = own.filter((step) => steps.includes(step) && step.name !== null && BEFORE_WHERE.test(step.name)).at(-1);
    if (!before || before.name === 'update') return null;
    return { argument: null, write: (words) => addCall(this.text, before.node, `.where(${words})`) };
  }

  /** How the table of a call can be called at another place: `users`, `schema.users`; null where it has no name there. */
  private access({ args: [table] }: Called, place: Node, facts: TableFacts): string | null {
    const at = table && unwrap(table);
    if (!at || !this.isNameOf(at, facts)) return null;
    return this.reaches(at, place) ? this.written(at) : null;
  }

  private isNameOf(at: Node, facts: TableFacts): boolean {
    if (at.type !== 'Identifier' && at.type !== 'MemberExpression') return false;
    const named = namedBy(this.session, this.session.value(at, null));
    return named?.type === 'table' && named.facts === facts;
  }

  /** Does the name mean the same there? */
  private reaches(name: Node, place: Node): boolean {
    const root = rootOf(name), fn = (node: Node): Node | null => ancestor(node, isFunction);
    if (root.type !== 'Identifier') return fn(name) === fn(place);
    const variable = this.session.source.names.variable(root);
    return variable === null || contains(variable.scope.block, place);
  }

  // ------------------------------------------------------------------------------------------- relational queries

  private inOptions(place: Place & { type: 'options' }, tombstones: readonly TombstoneFact[], conditions: Conditions): Written | null {
    const { call, facts, key, one } = place, options = place.options && unwrap(place.options);
    if (options?.type === 'ObjectExpression') {
      const where = propertyOf(options, 'where');
      if (where) return this.inWhere(where, place, tombstones, conditions);
      const entries = this.session.entries(this.session.value(options, null));
      if (!entries || entryOf(entries, 'where') !== null) return null;
    } else if (options ? !(options.type === 'Literal' && options.value === true) && !isNothing(options) : !call) return null;
    const words = this.newWhere(key, one, facts, tombstones, conditions);
    if (words === null) return null;
    const edit = options?.type === 'ObjectExpression' ? addPropertyFirst(this.text, options, words) : options ? replace(options, `{ ${words} }`) : insert(call!.range[1] - 1, `{ ${words} }`);
    return { edits: [edit], shown: words };
  }

  /** `where: ..` for options that have none. */
  private newWhere(key: string, one: boolean, facts: TableFacts, tombstones: readonly TombstoneFact[], conditions: Conditions): string | null {
    if (this.takesObjects) return `where: { ${this.filters(facts, tombstones)} }`;
    // A relation to one row takes no `where` before 1.0.
    if (one) return null;
    const row = /^[A-Za-z_$][\w$]*$/.test(key) ? key : 'table', names = new Set<string>();
    const words = conditions(`${row}.`, { name: (operator) => (names.add(operator), operator), edits: () => [] });
    if (!words) return null;
    if (words.length > 1) names.add('and');
    return `where: (${row}, { ${[...names].sort().join(', ')} }) => ${words.length > 1 ? `and(${words.join(', ')})` : words[0]!}`;
  }

  /** Does the file filter by objects, as Drizzle 1.0 does? */
  private get takesObjects(): boolean {
    if (/\bdefineRelations\b/.test(this.text)) return true;
    return this.session.source.nodes.some((node) => {
      if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || !/^find(?:Many|First)$/.test(propertyName(node.callee) ?? '')) return false;
      const options = node.arguments[0] && unwrap(node.arguments[0]), [where, orderBy] = ['where', 'orderBy'].map((key) => (options?.type === 'ObjectExpression' ? propertyOf(options, key) : null));
      return /\.\s*query\b/.test(this.written(node.callee)) && [where, orderBy].some((property) => property && unwrap(property.value).type === 'ObjectExpression');
    });
  }

  private inWhere(where: TSESTree.Property, place: Place & { type: 'options' }, tombstones: readonly TombstoneFact[], conditions: Conditions): Written | null {
    const at = unwrap(where.value), { facts } = place;
    if (at.type === 'ObjectExpression') return this.inFilters(at, facts, tombstones);
    if (isFunction(at)) return this.inCallback(at, facts, tombstones, conditions);
    if (isNothing(at)) {
      const words = this.newWhere(place.key, place.one, facts, tombstones, conditions);
      return words === null ? null : { edits: [replace(where, words)], shown: words };
    }
    const value = this.session.value(at, null);
    if (value.type === 'object') return at.type === 'Identifier' ? this.spread(where, at, facts, tombstones) : null;
    const operators = importedOperators(this.session.source), access = this.nameOf(facts, at), words = access === null ? null : conditions(`${access}.`, operators);
    if (!words || value.type === 'function' || value.type === 'fork') return null;
    const joined = this.conjunctions.conjoined(where.value, words, operators);
    if (!joined) return null;
    const edits = where.shorthand ? [{ range: where.range, text: `where: ${joined.edits.map(({ text }) => text).join(this.written(at))}` } as Edit] : joined.edits;
    return { edits: [...edits, ...operators.edits()], shown: joined.shown };
  }

  private spread(where: TSESTree.Property, filter: TSESTree.Identifier, facts: TableFacts, tombstones: readonly TombstoneFact[]): Written {
    const shown = this.filters(facts, tombstones);
    return { edits: [replace(where, `where: { ...${filter.name}, ${shown} }`)], shown };
  }

  /** `(users, { eq }) => eq(users.id, id)` */
  private inCallback(fn: FunctionNode, facts: TableFacts, tombstones: readonly TombstoneFact[], conditions: Conditions): Written | null {
    const body = resultOf(fn), operators = operatorsOf(fn, this.session.source), [row] = fn.params, extra: Edit[] = [];
    if (!body || !operators) return null;
    let words: string[] | null;
    if (row?.type === 'ObjectPattern') {
      const properties = tombstones.map((tombstone) => this.property(facts, tombstone)), held = new Map(row.properties.flatMap((property) => (property.type === 'Property' ? [[propertyName(property), property.value] as const] : [])));
      const missing = properties.filter((name) => !held.has(name));
      if (missing.length > 0) extra.push(intoPattern(row, missing));
      if (properties.some((name) => held.has(name) && held.get(name)!.type !== 'Identifier')) return null;
      words = conditions('', operators);
    } else {
      const access = row?.type === 'Identifier' ? row.name : row ? null : this.nameOf(facts, body);
      words = access === null ? null : conditions(`${access}.`, operators);
    }
    const joined = words && this.conjunctions.conjoined(body, words, operators);
    return joined && { edits: [...joined.edits, ...extra, ...operators.edits()], shown: joined.shown };
  }

  /** What the file calls a table at a place: as the conditions there do, else as others do. */
  private nameOf(facts: TableFacts, place: Node): string | null {
    const names = this.session.source.nodes.flatMap((node) => (node.type === 'CallExpression' ? node.arguments.map(unwrap) : [])).flatMap((at) => (at.type === 'MemberExpression' && this.isNameOf(unwrap(at.object), facts) ? [unwrap(at.object)] : []));
    const name = names.find((one) => contains(place, one)) ?? names.find((one) => this.reaches(one, place));
    return name ? this.written(name) : null;
  }

  // ------------------------------------------------------------------------------------------- filters of 1.0

  private filters(facts: TableFacts, tombstones: readonly TombstoneFact[]): string {
    return tombstones.map((tombstone) => liveFilter(tombstone, this.property(facts, tombstone))).join(', ');
  }

  private inFilters(node: Node, facts: TableFacts, tombstones: readonly TombstoneFact[]): Written | null {
    const at = unwrap(node), shown = this.filters(facts, tombstones), keys = tombstones.flatMap((tombstone) => (tombstone.scheduled ? ['OR'] : [this.property(facts, tombstone)]));
    if (at.type === 'Literal' && at.value === true) return { edits: [replace(node, `{ ${shown} }`)], shown };
    if (at.type !== 'ObjectExpression') return null;
    if (!keys.some((key) => propertyOf(at, key))) return { edits: [addProperty(this.text, at, shown)], shown };
    return propertyOf(at, 'AND') ? null : { edits: [addProperty(this.text, at, `AND: [{ ${shown} }]`)], shown };
  }

  // ------------------------------------------------------------------------------------------- other edits

  private softDelete(ref: TableRef, tombstone: TombstoneFact): Remedy | null {
    const place = this.places.get(ref);
    if (place?.type !== 'builder' || place.step.name !== 'delete') return null;
    const { chain, step, facts } = place, property = this.property(facts, tombstone), value = deadValue(tombstone, property, this.text);
    if (value === null || stepsOf(chain).some(({ name }) => name !== null && (name === 'using' || JOIN.test(name)))) return null;
    const filter = this.inBuilder(place, this.live(facts, [tombstone])), set = `.set({ ${property}: ${value} })`;
    return filter && remedy(`update(${step.args[0] ? this.written(step.args[0]) : ''})${set}`, replace(step.at, 'update'), addCall(this.text, step.node, set), ...filter.edits);
  }

  private addAge(ref: TableRef, tombstone: TombstoneFact, days: number): Remedy | null {
    const place = this.places.get(ref);
    if (place?.type !== 'builder' || tombstone.live !== null) return null;
    const written = this.inBuilder(place, (access, operators) => {
      const lt = operators.name('lt');
      return lt === null ? null : [`${lt}(${access}${this.property(place.facts, tombstone)}, new Date(Date.now() - ${days} * ${DAY}))`];
    });
    return written && remedy(written.shown, ...written.edits);
  }

  private replaceByLive(predicate: Expr, tombstone: TombstoneFact, negated: boolean): Remedy | null {
    if (tombstone.live !== null || tombstone.dead) return null;
    const call = this.made.get(predicate)?.node, words = this.text.slice(...predicate.range);
    if (call?.type === 'CallExpression' && call.arguments[0]) {
      const operators = operatorsOfCall(call.callee, this.session.source), name = operators?.name(negated ? 'isNotNull' : 'isNull');
      if (!operators || !name) return null;
      const shown = `${name}(${this.written(call.arguments[0])})`;
      return remedy(shown, replace(call, shown), ...operators.edits());
    }
    const entry = /^([\w$]+|'[^']*'|"[^"]*")\s*:\s*(?:\{\s*(?:eq|ne)\s*:\s*)?null\b/.exec(words);
    if (entry) return remedy(`${entry[1]!}: { ${negated ? 'isNotNull' : 'isNull'}: true }`, { range: predicate.range, text: `${entry[1]!}: { ${negated ? 'isNotNull' : 'isNull'}: true }` });
    if (/^(?:eq|ne)\s*:\s*null$/.test(words)) return remedy(`${negated ? 'isNotNull' : 'isNull'}: true`, { range: predicate.range, text: `${negated ? 'isNotNull' : 'isNull'}: true` });
    // The words begin behind an interpolation, which may be the column.
    const sql = /^([\w.$"`\s{}]*?)\s*(?:=|<>|!=)\s*null$/i.exec(words);
    if (!sql) return null;
    const text = `${sql[1]!}${/^\s*$/.test(sql[1]!) ? '' : ' '}is ${negated ? 'not ' : ''}null`;
    return remedy(text.trim(), { range: predicate.range, text: /^\s/.test(words) && sql[1] === '' ? ` ${text}` : text });
  }

  private moveFilterToJoin(ref: TableRef, predicate: Expr): Remedy | null {
    const place = this.places.get(ref), filter = this.made.get(predicate)?.node;
    if (place?.type !== 'builder' || place.step.name !== 'leftJoin' || !filter) return null;
    const on = place.step.args[1], where = certain(place.chain).findLast(({ name }) => name === 'where'), [condition] = where?.args ?? [];
    if (!on || !where || !condition || !contains(condition, filter)) return null;
    const operators = importedOperators(this.session.source), words = this.written(filter), joined = this.conjunctions.conjoined(on, [words], operators), left = this.without(where, condition, filter);
    return joined && left && remedy(words, ...joined.edits, left, ...operators.edits());
  }

  /** Takes a condition out of a WHERE: the call with it, where it is the only one. */
  private without({ node }: Called, condition: Node, filter: Node): Edit | null {
    const at = unwrap(condition), callee = node.type === 'CallExpression' ? unwrap(node.callee) : null;
    if (at === filter) return callee?.type === 'MemberExpression' && unwrap(callee.object).type === 'CallExpression' ? { range: [callee.object.range[1], node.range[1]], text: '' } : null;
    if (!isAnd(at)) return null;
    const index = at.arguments.indexOf(filter as TSESTree.Expression), next = at.arguments[index + 1], previous = at.arguments[index - 1], others = at.arguments.filter((argument) => argument !== filter);
    if (index < 0) return null;
    if (others.length === 1 && others[0]!.type !== 'SpreadElement') return replace(at, this.written(others[0]!));
    if (next) return { range: [filter.range[0], next.range[0]], text: '' };
    return previous ? { range: [previous.range[1], filter.range[1]], text: '' } : null;
  }

  private addConflictPredicate({ conflict, target }: Insert, tombstone: TombstoneFact): Remedy | null {
    const options = conflict && this.conflicts.get(conflict), place = this.places.get(target);
    if (!options || place?.type !== 'builder' || !propertyOf(options, 'target')) return null;
    const key = conflict.action === 'nothing' ? 'where' : 'targetWhere', operators = importedOperators(this.session.source), access = this.access(place.step, options, place.facts);
    const words = access === null ? null : this.live(place.facts, [tombstone])(`${access}.`, operators);
    if (!words || propertyOf(options, key)) return null;
    const text = `${key}: ${words[0]!}`;
    return remedy(text, addProperty(this.text, options, text), ...operators.edits());
  }

  private reviveOnConflict({ conflict, target }: Insert, tombstone: TombstoneFact): Remedy | null {
    const options = conflict && this.conflicts.get(conflict), place = this.places.get(target), set = options && propertyOf(options, 'set'), object = set && unwrap(set.value);
    if (!place || object?.type !== 'ObjectExpression' || tombstone.dead) return null;
    const property = this.property(place.facts, tombstone), text = `${property}: ${tombstone.live === null ? 'null' : literal(tombstone.live)}`;
    return propertyOf(object, property) ? null : remedy(text, addProperty(this.text, object, text));
  }
}

/** The calls of a builder that are made in any case. */
function certain(chain: Chain): readonly Called[] {
  return chain.steps.filter((item): item is Step => item.type === 'step').filter(isCalled);
}

const isOuter = ({ name }: Step): boolean => name === 'rightJoin' || name === 'fullJoin';

/** The RIGHT JOIN whose ON filters a table named before it; null where none may leave the table absent, `several` where no condition filters it alone. */
function outerJoinOver(chain: Chain, step: Called, steps: readonly Called[]): Called | 'several' | null {
  const all = stepsOf(chain);
  if (!all.slice(all.indexOf(step) + 1).some(isOuter)) return null;
  const [only, another] = all.filter(isCalled).filter(({ name }) => name !== null && JOIN.test(name));
  return only && !another && only.name === 'rightJoin' && steps.includes(only) ? only : 'several';
}

function argumentOnly(argument: Node): Slot {
  return { argument, write: (text) => replace(argument, text) };
}

/** The expression that a function returns at its only end. */
function resultOf(fn: FunctionNode): Node | null {
  if (fn.body.type !== 'BlockStatement') return fn.body;
  const last = fn.body.body.at(-1);
  return last?.type === 'ReturnStatement' && last.argument && fn.body.body.every((statement) => statement === last || /^(?:Variable|Expression)/.test(statement.type)) ? last.argument : null;
}

/** Edits in Knex's and Objection's own words: `.whereNull('u.deleted_at')` behind the other conditions, `.andOnNull(..)` in a join, `.modifyGraph(..)` for what is fetched. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Conflict, Edit, Expr, Insert, Remedies, Remedy, TableRef, TombstoneFact } from '../../model/query.js';
import { contains, isFunction, lastName, propertyName, unwrap, type Node } from '../../source/ast.js';
import { isCalled, type Called } from '../chains.js';
import { addCall, addProperty, insert, remedy, spelledIn } from '../edits.js';
import type { Call } from '../library.js';
import { stepsInside } from './callbacks.js';
import { hasAlternatives } from './clauses.js';
import type { Frame, Place } from './places.js';
import type { BuilderReader } from './reader.js';
import { CONDITION, JOIN, RUNS } from './vocabulary.js';

const WHERE = /^(?:(?:and|or)?[wW]here\w*|findById|findByIds|findOne)$/;
/** Calls behind which a condition may stand, and where it is usual. */
const BEFORE_WHERE = /^(?:from|into|table|fromRaw|joinRaw|query|\$query|relatedQuery|\$relatedQuery|alias|modify|for|\w*[jJ]oin(?:Related|Relation)?)?$/;
const DELETES = /^(?:del|delete|deleteById)$/;
const DAY = '24 * 60 * 60 * 1000';

/** What differs between the libraries whose builders are Knex's. */
export interface Dialect {
  /** The library's name in the manifest's guards. */
  readonly library: string;
  /** The method that changes rows. */
  readonly update: 'update' | 'patch';
  /** The file's usual spelling of columns that it does not name. */
  readonly spelling: 'column' | 'property';
}

/** The edits that can be made in the calls that a reader has read. */
export function remediesFor(reader: BuilderReader, call: Call, dialect: Dialect): Remedies {
  const writer = new RemedyWriter(reader, call, dialect);
  return {
    addLiveFilter: (ref, tombstones) => writer.addLiveFilter(ref, tombstones),
    moveFilterToJoin: (ref, predicate) => writer.moveFilterToJoin(ref, predicate),
    softDelete: (_write, ref, tombstone) => writer.softDelete(ref, tombstone),
    addAge: (_write, ref, tombstone, days) => writer.addAge(ref, tombstone, days),
    replaceByLive: (predicate, _ref, tombstone, negated) => writer.replaceByLive(predicate, tombstone, negated),
    addConflictPredicate: (write, tombstone) => writer.addConflictPredicate(write, tombstone),
    reviveOnConflict: (write, tombstone) => writer.reviveOnConflict(write, tombstone),
  };
}

class RemedyWriter {
  private readonly text: string;

  constructor(private readonly reader: BuilderReader, private readonly call: Call, private readonly dialect: Dialect) {
    this.text = reader.session.source.text;
  }

  // ------------------------------------------------------------------------------------------- words

  private source(node: Node): string {
    return this.text.slice(...node.range);
  }

  /** The column as the file spells it, else as is usual. */
  private columnOf({ names }: TombstoneFact): string {
    const written = spelledIn(this.text, names);
    return written ?? (this.dialect.spelling === 'property' ? names.find((name) => !name.includes('_') && /[a-z]/.test(name)) : undefined) ?? names[0]!;
  }

  /** With the name of its table in front where others are read beside it, or where the calls write columns so. */
  private qualified(ref: TableRef, tombstone: TombstoneFact, frame: Frame): string {
    const name = ref.alias ?? ref.name, column = this.columnOf(tombstone), { end } = frame;
    const isSpelled = new RegExp(`["'\`]${name.replace(/\W/g, '\\$&')}\\.`).test(frame.items.length > 0 ? this.words(frame) : '');
    return ref.alias !== null || (end !== null && (end.joins.length > 0 || end.from.length > 1)) || isSpelled ? `${name}.${column}` : column;
  }

  /** The arguments of a builder's calls. */
  private words(frame: Frame): string {
    return this.certain(frame).flatMap(({ args }) => args.map((argument) => this.source(argument))).join(' ');
  }

  private quoted(text: string): string {
    const [mark = "'"] = /["']/.exec(this.source(this.call.node)) ?? /["']/.exec(this.text) ?? [];
    return `${mark}${text}${mark}`;
  }

  private value(value: string | number | boolean): string {
    return typeof value === 'string' ? this.quoted(value) : String(value);
  }

  /** `.whereNull('deleted_at')`, and the same for other tombstones. */
  private live(column: string, { live, dead, scheduled }: TombstoneFact, builder = 'query'): string {
    const at = this.quoted(column);
    if (dead) return dead.length === 1 ? `.whereNot(${at}, ${this.value(dead[0]!)})` : `.whereNotIn(${at}, [${dead.map((one) => this.value(one)).join(', ')}])`;
    if (live !== null) return `.where(${at}, ${this.value(live)})`;
    return scheduled ? `.where((${builder}) => ${builder}.whereNull(${at}).orWhere(${at}, ${this.quoted('>')}, new Date()))` : `.whereNull(${at})`;
  }

  /** The same in the callback of a join. */
  private onLive(column: string, { live, dead, scheduled }: TombstoneFact): string | null {
    const at = this.quoted(column);
    if (dead) return dead.length === 1 ? `.andOnVal(${at}, ${this.quoted('<>')}, ${this.value(dead[0]!)})` : `.andOnNotIn(${at}, [${dead.map((one) => this.value(one)).join(', ')}])`;
    if (live !== null) return `.andOnVal(${at}, ${this.value(live)})`;
    return scheduled ? null : `.andOnNull(${at})`;
  }

  // ------------------------------------------------------------------------------------------- places

  /** The calls of a builder that are made in any case, in order, up to what runs it. */
  private certain({ items }: Frame): Called[] {
    const end = items.findIndex((item) => item.type === 'step' && (item.awaited || (item.name !== null && RUNS.has(item.name) && isCalled(item))));
    return (end < 0 ? items : items.slice(0, items[end]!.type === 'step' && (items[end] as Called).awaited ? end + 1 : end)).filter((item): item is Called => item.type === 'step' && isCalled(item));
  }

  /** The call behind which a condition on a reference may stand: within the statement, where it has calls of its own. */
  private anchor({ kind, step, frame }: Place): Called | null {
    if (!frame || !isCalled(step)) return null;
    const steps = this.certain(frame), all = steps.includes(step) ? steps : [step, ...steps];
    if (all.some(({ name }) => name === 'clearWhere' || name === 'clear')) return null;
    const own = all.filter(({ node }) => contains(this.call.node, node)), reach = own.length > 0 ? own : all;
    // A condition on what is joined stands behind the join.
    const within = kind === 'join' && reach.includes(step) ? reach.slice(reach.indexOf(step)) : reach;
    return within.findLast(({ name }) => name !== null && WHERE.test(name)) ?? within.findLast(({ name }) => name !== null && BEFORE_WHERE.test(name)) ?? (within.includes(step) ? step : null);
  }

  /** Adds calls of conditions; where an OR would let rows past them, the conditions in front are put into a callback first. */
  private filterRows(place: Place, conditions: readonly string[]): Remedy | null {
    const anchor = this.anchor(place), { frame } = place, shown = conditions.join('');
    if (!anchor || !frame) return null;
    if (!frame.end || !hasAlternatives(frame.end.where)) return remedy(shown, this.behind(anchor, frame, conditions));
    const steps = this.certain(frame), wheres = steps.filter(({ name }) => name !== null && CONDITION.test(name) && !/having/i.test(name)), [first] = wheres, last = wheres.at(-1);
    if (!first || !last || last !== anchor || frame.items.some(({ type }) => type !== 'step')) return null;
    const between = steps.slice(steps.indexOf(first), steps.indexOf(last) + 1), open = objectOf(first);
    // All in one piece of one expression.
    if (!open || /^or/.test(first.name!) || between.length !== wheres.length || between.some((step) => step.detached || !contains(last.node, step.node)) || members(frame).some((at) => at.range[0] > open.range[1])) return null;
    const written = this.text.slice(open.range[1], last.node.range[1]), name = ['query', 'qb', 'builder'].find((one) => !new RegExp(`\\b${one}\\b`).test(written));
    return name === undefined ? null : remedy(`.where(..)${shown}`, insert(open.range[1], `.where((${name}) => ${name}`), insert(last.node.range[1], `)${shown}`));
  }

  /** Adds calls behind another one, each on a line of its own where the chain has its calls so. */
  private behind(anchor: Called, frame: Frame, texts: readonly string[]): Edit {
    const steps = this.certain(frame), next = steps[steps.indexOf(anchor) + 1];
    const line = next && contains(next.node, anchor.node) ? /^\s*(?:\/\/.*)?(\n[ \t]*)$/.exec(this.text.slice(anchor.node.range[1], next.at.range[0] - 1))?.[1] : undefined;
    if (line !== undefined) return insert(anchor.node.range[1], texts.map((text) => line + text).join(''));
    return { range: [anchor.node.range[1], anchor.node.range[1]], text: texts.map((text) => addCall(this.text, anchor.node, text).text).join('') };
  }

  // ------------------------------------------------------------------------------------------- filters

  addLiveFilter(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    const place = this.reader.places.get(ref), { frame, step } = place ?? {};
    if (!place || !frame || !step || tombstones.length === 0) return null;
    if (place.kind === 'include') return this.filterInclude(place, ref, tombstones);
    const columns = tombstones.map((tombstone) => this.qualified(ref, tombstone, frame));
    const joins = frame.end?.joins ?? [], index = joins.findIndex(({ right }) => right === ref);
    // What a RIGHT or FULL JOIN may leave absent is not filtered behind it.
    if (place.join === 'full' || joins.slice(index + 1).some(({ kind }) => kind === 'right' || kind === 'full')) return null;
    if (place.kind === 'join' && place.join === 'left') {
      const conditions = tombstones.map((tombstone, i) => this.onLive(columns[i]!, tombstone)), edit = conditions.includes(null) ? null : this.joinEdit(step, conditions as string[]);
      return edit && remedy(conditions.join(''), edit);
    }
    const guard = place.kind === 'root' ? this.guard('chain', ref) : null;
    return this.filterRows(place, guard !== null ? [`.${guard}()`] : tombstones.map((tombstone, i) => this.live(columns[i]!, tombstone, 'builder')));
  }

  /** The project's own helper for live rows of a table; null where the manifest declares none. */
  private guard(kind: 'chain' | 'modifier', ref: TableRef): string | null {
    const { catalog } = this.reader.session, facts = catalog.table(ref.name, ref.schema);
    const found = catalog.guards.find((guard) => guard.kind === kind && guard.yields === 'live' && guard.library === this.dialect.library && guard.from === null
      && !('tableArg' in guard && guard.tableArg !== undefined) && (guard.table === undefined || catalog.model(guard.table) === facts));
    return found?.name ?? null;
  }

  /** The rows of a relation: by the project's modifier in the expression, else by a callback. */
  private filterInclude({ step, path, frame }: Place, ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    if (path === undefined || !isCalled(step) || !frame) return null;
    const modifier = this.guard('modifier', ref), [start, end] = ref.range;
    const [graph] = step.args, isText = graph !== undefined && /^(?:Literal|TemplateLiteral)$/.test(unwrap(graph).type) && graph.range[0] < start && end < graph.range[1];
    if (modifier !== null && isText) {
      const behind = /^\s*\(/.exec(this.text.slice(end));
      return remedy(`${this.text.slice(start, end)}(${modifier})`, behind ? insert(end + behind[0].length, `${modifier}, `) : insert(end, `(${modifier})`));
    }
    const method = /[eE]ager$/.test(step.name ?? '') ? 'modifyEager' : 'modifyGraph';
    const conditions = tombstones.map((tombstone) => this.live(this.columnOf(tombstone), tombstone, 'related')).join('');
    const text = `.${method}(${this.quoted(path)}, (${this.parameter(conditions)}) => ${this.parameter(conditions)}${conditions})`;
    return remedy(text, this.behind(step, frame, [text]));
  }

  private parameter(text: string): string {
    return /\bbuilder\b/.test(text) ? 'query' : 'builder';
  }

  /** Conditions in a join's ON; null where its callback can take none behind what is there. */
  private joinEdit(step: { readonly node: Node; readonly name: string | null; readonly args: readonly Node[] | null }, conditions: readonly string[]): Edit | null {
    const [, first, ...rest] = step.args ?? [], added = conditions.join('');
    if (!first || step.name === null || !JOIN.test(step.name)) return null;
    const at = unwrap(first), last = rest.at(-1) ?? first;
    if (isFunction(at)) return this.callbackEdit(at, added);
    if (rest.length === 0 && at.type !== 'ObjectExpression') return null;
    return { range: [first.range[0], last.range[1]], text: `(join) => join.on(${this.text.slice(first.range[0], last.range[1])})${added}` };
  }

  private callbackEdit(fn: Extract<Node, { params: unknown }>, added: string): Edit | null {
    if (!isFunction(fn)) return null;
    const steps = stepsInside({ type: 'function', node: fn, env: null }, this.reader.session);
    if (steps.length === 0 || steps.some((step) => step.type !== 'step' || /^or|^using$/.test(step.name ?? '') || step.name === null)) return null;
    const last = steps.at(-1);
    return last?.type === 'step' && last.args !== null ? addCall(this.text, last.node, added) : null;
  }

  moveFilterToJoin(ref: TableRef, predicate: Expr): Remedy | null {
    const place = this.reader.places.get(ref), made = this.reader.made.get(predicate), frame = place?.frame;
    if (!place || !frame || !made || made.frame !== frame || place.kind !== 'join' || place.join !== 'left' || !frame.end || hasAlternatives(frame.end.where)) return null;
    const { step } = made, object = objectOf(step), [first] = step.args;
    if (!object || step.detached || !first || !this.certain(frame).includes(step)) return null;
    const condition = step.name === 'whereNull' || step.name === 'andWhereNull' ? `.andOnNull(${this.source(first)})` : step.name === 'where' && step.args.length === 2 ? `.andOnVal(${step.args.map((argument) => this.source(argument)).join(', ')})` : null;
    const edit = condition === null ? null : this.joinEdit(place.step, [condition]);
    return edit && remedy(condition!, edit, { range: [object.range[1], step.node.range[1]], text: '' });
  }

  replaceByLive(predicate: Expr, { live, dead }: TombstoneFact, negated: boolean): Remedy | null {
    const step = this.reader.made.get(predicate)?.step, match = /^(where|andWhere|orWhere)$/.exec(step?.name ?? ''), [column, , value] = step?.args ?? [];
    if (!step || !match || live !== null || dead || !column || !value) return null;
    const text = `${match[1] === 'orWhere' ? 'orWhere' : 'where'}${negated ? 'Not' : ''}Null(${this.source(column)})`;
    return remedy(`.${text}`, { range: [step.at.range[0], step.node.range[1]], text });
  }

  // ------------------------------------------------------------------------------------------- writes

  softDelete(ref: TableRef, tombstone: TombstoneFact): Remedy | null {
    const place = this.reader.places.get(ref), frame = place?.frame, value = this.deadValue(tombstone, frame ?? null);
    if (!place || !frame?.end || value === null || frame.end.joins.length > 0 || hasAlternatives(frame.end.where)) return null;
    const step = this.certain(frame).find(({ name }) => name !== null && DELETES.test(name)), object = step && objectOf(step);
    if (!step || !object || step.detached) return null;
    const column = this.columnOf(tombstone), key = /^[\w$]+$/.test(column) ? column : this.quoted(column);
    const named = step.name === 'deleteById' ? `.findById(${step.args.map((argument) => this.source(argument)).join(', ')})` : '';
    const update = `.${this.dialect.update}({ ${key}: ${value} })`, filter = this.live(this.qualified(ref, tombstone, frame), tombstone, 'builder');
    const line = /\s*$/.exec(this.text.slice(0, step.at.range[0]).replace(/\.$/, ''))![0];
    return remedy(update, { range: [object.range[1], step.node.range[1]], text: `${named ? line + named : ''}${line}${filter}${line}${update}` });
  }

  /** The value that makes a row dead; null where the manifest does not tell. */
  private deadValue({ live, dead }: TombstoneFact, frame: Frame | null): string | null {
    const [listed] = dead ?? [];
    if (listed !== undefined) return this.value(listed);
    if (live === false) return 'true';
    if (live !== null) return null;
    if (this.dialect.update === 'patch') return 'new Date().toISOString()';
    const client = frame && this.client(frame);
    return client === null ? 'new Date()' : `${client}.fn.now()`;
  }

  /** The words for the instance of Knex that a builder comes from; null where they are not simple. */
  private client(frame: Frame): string | null {
    const root = unwrap(frame.root), name = lastName(root), [first] = frame.items;
    if (first?.type !== 'step' || !/^(?:Identifier|MemberExpression)$/.test(root.type)) return null;
    const through = frame.items.slice(0, frame.items.findIndex((item) => item.type === 'step' && item.args !== null)).map((item) => (item.type === 'step' ? item.name : null));
    const path = [this.source(root), ...through].join('.'), last = through.at(-1) ?? name;
    return /^[\w$]+(?:\.[\w$]+)*$/.test(path) && /^(?:\w*knex|trx)$/i.test(last ?? '') ? path : null;
  }

  addAge(ref: TableRef, tombstone: TombstoneFact, days: number): Remedy | null {
    const place = this.reader.places.get(ref);
    if (!place?.frame || tombstone.live !== null) return null;
    return this.filterRows(place, [`.where(${this.quoted(this.qualified(ref, tombstone, place.frame))}, ${this.quoted('<')}, new Date(Date.now() - ${days} * ${DAY}))`]);
  }

  addConflictPredicate({ conflict, target }: Insert, tombstone: TombstoneFact): Remedy | null {
    const frame = this.reader.places.get(target)?.frame, client = frame && this.client(frame), step = frame && this.certain(frame).find(({ name }) => name === 'onConflict'), [argument] = step?.args ?? [];
    if (!client || !argument || !conflict?.target || tombstone.live !== null || tombstone.dead || conflict.target.some((name) => !/^[a-z_]\w*$/.test(name))) return null;
    const text = `${client}.raw(${this.quoted(`(${conflict.target.join(', ')}) where ${this.columnOf(tombstone)} is null`)})`;
    return remedy(text, { range: argument.range, text });
  }

  reviveOnConflict({ conflict, target }: Pick<Insert, 'conflict' | 'target'>, { live, dead, ...tombstone }: TombstoneFact): Remedy | null {
    const frame = this.reader.places.get(target)?.frame, steps = frame ? this.certain(frame) : [], merge = steps.find(({ name }) => name === 'merge');
    const object = merge && this.mergedRow(merge, steps, conflict);
    if (!object || dead || tombstone.scheduled) return null;
    const column = this.columnOf({ live, dead, ...tombstone });
    if (object.properties.some((property) => property.type === 'Property' && propertyName(property) === column)) return null;
    const text = `${column}: ${live === null ? 'null' : this.value(live)}`;
    return remedy(text, addProperty(this.text, object, text));
  }

  /** The object whose columns an upsert sets: that of `merge(..)`, or the row itself where `merge()` takes all of it. */
  private mergedRow(merge: Called, steps: readonly Called[], conflict: Conflict | null): TSESTree.ObjectExpression | null {
    const row = merge.args.length > 0 ? merge.args[0] : conflict && steps.find(({ name }) => name === 'insert')?.args[0], at = row && unwrap(row);
    return at?.type === 'ObjectExpression' ? at : null;
  }
}

/** What a call is made on: `query` in `query.where(..)`. */
function objectOf({ node }: Called): Node | null {
  const call = unwrap(node), callee = call.type === 'CallExpression' ? unwrap(call.callee) : null;
  return callee?.type === 'MemberExpression' ? callee.object : null;
}

/** `.or` and `.not` between the calls of a builder. */
function members({ items }: Frame): Node[] {
  return items.flatMap((item) => (item.type === 'step' && item.args === null && /^(?:or|and|not)$/.test(item.name ?? '') ? [item.at] : []));
}

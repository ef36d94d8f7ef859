/** Objects of conditions: `{ name: 'x', deletedAt: { $ne: null }, author: { .. }, $or: [..], [raw('..')]: [] }`. */
import type { ColumnExpr, ComparisonOperator, Expr, Query, Range } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Entry, Keyed } from '../../source/objects.js';
import type { Env, ListItem, Value } from '../../source/values.js';
import { conditionsOf, operatorsOf } from '../conditions.js';
import { and, choice, column, comparison, exists, inList, isNull, literal, named, not, opaque, operation, or, parameter, select } from '../expressions.js';
import { guardAt, guardCondition, rowsOf } from '../guards.js';
import { listItems } from '../lists.js';
import type { Session } from '../session.js';
import { NO_FILTERS, type Filters } from './filters.js';
import { isParenthesised, isRawKey, rawText, scalarOf, type RawText } from './raw.js';
import type { Edits } from './remedies.js';
import { columnOf, joined, placed, relationOf, type Place, type Reach } from './tables.js';

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=', '>': '>', '>=': '>=', '<': '<', '<=': '<=' };
/** Operators that look at their column and say nothing that is followed. */
const OTHERS = new Set(['$like', '$ilike', '$re', '$fulltext', '$overlap', '$contains', '$contained', '$hasKey', '$hasKeys', '$hasSomeKeys', '$flags', '$elemMatch']);
/** Operators on the rows of a relation, which run in a subquery of their own that no filter is added to. */
const QUANTIFIERS = new Set(['$some', '$none', '$every', '$size']);
const KEY_NAME = /(?:^|_)(?:id|uuid|pk|ulid|guid)s?$|(?:Id|Uuid|UUID|ID|Pk)s?$/;
const MAX_DEPTH = 24;

export interface WhereOptions {
  readonly session: Session;
  readonly filters: Filters;
  readonly edits: Edits;
  /** The reference behind a name in front of a dot (`p.deletedAt`), in builders. */
  readonly alias?: (name: string) => Place | null;
  /** The relation that is joined already, in builders. */
  readonly relation?: (place: Place, property: string) => Place | null;
  /** Reads a query builder inside a condition; null where the value is none. */
  readonly subquery?: (value: Value) => Query | null;
}

export class Where {
  private depth = 0;
  /** What the conditions that are being read are about. */
  private subject: Place | null = null;
  /** Conditions of raw SQL that come apart at an OR of their own where they stand beside others: nothing puts parentheses around them. */
  private readonly open = new WeakSet<Expr>();

  constructor(private readonly options: WhereOptions) {}

  private get session(): Session {
    return this.options.session;
  }

  // ------------------------------------------------------------------------------------------- a whole condition

  /** The condition that an argument stands for: an object, a key, a list of either; null for none. To be closed where it is put together with others. */
  of(value: Value, node: Node, place: Place): Expr | null {
    const range = node.range as Range;
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      return opaque(range);
    }
    const outer = this.subject;
    this.subject = place;
    const found = this.argument(value, node, range, place);
    this.subject = outer;
    this.depth--;
    return found;
  }

  private argument(value: Value, node: Node, range: Range, place: Place): Expr | null {
    switch (value.type) {
      case 'nothing': return null;
      case 'constant': return this.byKey(place, range);
      case 'fork': return choice(value.options.map((option) => { const inner = this.of(option, node, place); return inner && this.closed(inner); }), range);
      case 'text': return value.sql ? this.raw(value, node) : this.byKey(place, range);
      case 'list': {
        if (value.items.some((item) => item.type === 'item' && item.value.type === 'object')) return this.alternatives(value.items, node, place);
        const [key, another] = place.facts.key;
        return key && !another ? inList(column(place.ref, key, range), [parameter(range)], range) : operation([parameter(range)], range);
      }
      case 'object': {
        const entries = this.session.entries(value);
        return entries ? this.entries(entries, range, place, value.env) : opaque(range);
      }
      default: {
        const raw = this.rawValue(value, node);
        if (raw) return raw;
        return this.guard(node, value, place) ?? (isKey(node, this.session) ? this.byKey(place, range) : opaque(range));
      }
    }
  }

  /** A row by its primary key. */
  private byKey({ ref, facts }: Place, range: Range): Expr | null {
    return and(facts.key.map((key) => comparison('=', column(ref, key, range), parameter(range), range)), range);
  }

  entries(entries: readonly Entry[], range: Range, place: Place, env: Env | null): Expr | null {
    return conditionsOf(this.prepared(entries, env), range, (entry) => this.entry(entry, place, env));
  }

  /** What stands behind AND, as the library writes it: a raw OR takes what is in front of it into one alternative, and what is behind into the other. */
  closed(expr: Expr): Expr {
    const parts = expr.type === 'and' ? flat(expr) : [expr];
    if (!parts.some((part) => this.open.has(part))) return expr;
    const arms: Expr[][] = [[]];
    for (const part of parts) {
      if (part.type !== 'or' || !this.open.has(part)) { arms.at(-1)!.push(part); continue; }
      part.operands.forEach((operand, i) => { if (i > 0) arms.push([]); arms.at(-1)!.push(operand); });
    }
    return or(arms.map((arm) => and(arm, expr.range)), expr.range) ?? expr;
  }

  /** Would the condition, put behind another one, let rows escape it? */
  isOpen(expr: Expr): boolean {
    return (expr.type === 'and' ? flat(expr) : [expr]).some((part) => this.open.has(part));
  }

  // ------------------------------------------------------------------------------------------- keys

  private readonly guards = new Map<Node, Node>();

  /** Computed keys of raw SQL, and spreads of helpers that the manifest declares, become entries of their own. */
  private prepared(entries: readonly Entry[], env: Env | null): Entry[] {
    return entries.map((entry): Entry => {
      if (entry.type === 'fork') return { ...entry, options: entry.options.map((option) => this.prepared(option, env)) };
      if (entry.type !== 'rest') return entry;
      const { node } = entry;
      if (node.type === 'SpreadElement' && guardAt(this.session, node.argument, 'where-object', 'where-wrapper', 'predicate')) {
        const { argument } = node;
        this.guards.set(node, argument);
        return { type: 'entry', key: `...${node.range[0]}`, value: () => this.session.value(argument, env), node, keyNode: argument, valueNode: argument };
      }
      if (node.type === 'Property' && node.computed && isRawKey(node.key)) {
        return { type: 'entry', key: `[${node.range[0]}]`, value: () => this.session.value(node.value, env), node, keyNode: node.key, valueNode: node.value };
      }
      return entry;
    });
  }

  private entry(entry: Keyed, place: Place, env: Env | null): Expr | null {
    const guard = this.guards.get(entry.node);
    if (guard) return this.guard(guard, null, place) ?? opaque(entry.node.range as Range);
    const at = unwrap(entry.keyNode), value = entry.value(), node = entry.valueNode ?? entry.node;
    if (isRawKey(at)) return this.rawKey(at, value, node, entry.node.range as Range, env);
    return this.keyed(entry.key, value, node, place, entry.node.range as Range, entry.keyNode.range as Range);
  }

  /** `[raw('deleted_at is null')]: []`, `[raw('lower(name)')]: 'x'`, `` [sql`..`]: .. ``. */
  private rawKey(key: Node, value: Value, node: Node, range: Range, env: Env | null): Expr | null {
    const text = this.rawText(this.session.value(key, env));
    if (value.type === 'list' && value.items.length === 0) return text ? this.raw(text.value, text.node ?? key) : opaque(range);
    const left = text ? this.session.sqlExpression(text.value, text.node ?? key) : operation([], range);
    const only = value.type === 'list' && value.items.length === 1 ? value.items[0]! : null;
    return only?.type === 'item' ? comparison('=', left, this.scalar(only.value, node), range) : this.compared(left, value, node, range, null);
  }

  private keyed(key: string, value: Value, node: Node, place: Place, range: Range, keyRange: Range): Expr | null {
    switch (key) {
      case '$and': return this.all(value, node, place);
      case '$or': {
        const items = listItems(this.session, value);
        return items ? this.alternatives(items, node, place) : value.type === 'nothing' ? null : opaque(range);
      }
      case '$not': {
        const inner = this.of(value, node, place);
        return inner && not(this.closed(inner), range);
      }
    }
    if (key.startsWith('$')) {
      // Operators in the place of a column are about the key.
      const [own] = place.facts.key;
      return own ? this.operator(key, column(place.ref, own, keyRange), value, node, range, null) : opaque(range);
    }
    const dot = key.indexOf('.');
    if (dot > 0) return this.qualified(key.slice(0, dot), key.slice(dot + 1), value, node, range, keyRange);
    const reach = relationOf(place.facts, key, this.session);
    if (reach) return this.related(key, reach, value, node, place, range, keyRange);
    return this.compared(column(place.ref, columnOf(place.facts, key), keyRange), value, node, range, place);
  }

  /** `'p.deletedAt'`: a column of another reference of a builder; else of an embedded object. */
  private qualified(alias: string, name: string, value: Value, node: Node, range: Range, keyRange: Range): Expr | null {
    const other = this.options.alias?.(alias) ?? null;
    if (other) return this.keyed(name, value, node, other, range, keyRange);
    if (!this.options.alias) return operation([parameter(range)], range);
    return this.compared(named(alias, name.slice(name.lastIndexOf('.') + 1), keyRange), value, node, range, null);
  }

  private all(value: Value, node: Node, place: Place): Expr | null {
    const range = node.range as Range, items = listItems(this.session, value);
    if (items) return and(items.map((item) => this.item(item, node, place)), range);
    switch (value.type) {
      case 'fork': return choice(value.options.map((option) => { const inner = this.all(option, node, place); return inner && this.closed(inner); }), range);
      case 'nothing': return null;
      case 'object': return this.of(value, node, place);
      default: return opaque(range);
    }
  }

  /** One alternative alone is written as it is, several in parentheses. */
  private alternatives(items: readonly ListItem[], node: Node, place: Place): Expr | null {
    const range = node.range as Range;
    const [only] = items;
    if (items.length === 1 && only?.type === 'item') return this.item(only, node, place);
    if (items.length === 0) return null;
    const arms = items.flatMap((item): (Expr | null)[] => {
      if (item.type === 'fork') return [choice(item.options.filter((option) => option.length > 0).map((option) => this.alternatives(option, node, place)), range)];
      const inner = this.item(item, node, place);
      return [inner && this.closed(inner)];
    });
    return or(arms.map((arm) => arm ?? literal(true, range)), range);
  }

  private item(item: ListItem, node: Node, place: Place): Expr | null {
    const range = node.range as Range;
    switch (item.type) {
      case 'item': return this.of(item.value, item.value.type === 'object' || item.value.type === 'unknown' ? item.value.node : node, place);
      case 'rest': return opaque(range);
      case 'fork': return choice(item.options.map((option) => and(option.map((inner) => this.item(inner, node, place)), range)), range);
      case 'first-turn': return and(item.parts.map((inner) => this.item(inner, node, place)), range);
    }
  }

  // ------------------------------------------------------------------------------------------- columns

  /** `column: value`, whatever the value says: null, a list, operators, alternatives. `undefined` is NULL here, unless `ignoreUndefinedInQuery` is set. */
  private compared(left: Expr, value: Value, node: Node, range: Range, place: Place | null): Expr | null {
    switch (value.type) {
      case 'nothing': return isNull(left, range);
      case 'list': return this.inList(left, value, node, range, false);
      case 'fork': return choice(value.options.map((option) => this.compared(left, option, node, range, place)), range);
      case 'object': {
        const entries = this.session.entries(value);
        if (!entries) return operation([left], range);
        const operators = entries.every((entry) => entry.type !== 'entry' || entry.key.startsWith('$') || entry.key in COMPARISONS);
        // JSON, or an embedded object.
        if (!operators) return operation([left], range);
        return operatorsOf(entries, left, this.isTombstone(left, place) || !place, range, (entry) => this.operator(entry.key, left, entry.value(), entry.valueNode ?? entry.node, range, place));
      }
      case 'unknown':
        // It may hold operators as well as a value.
        if (this.isTombstone(left, place) && this.scalar(value, node).type === 'parameter') return opaque(range);
    }
    return comparison('=', left, this.scalar(value, node), range);
  }

  private isTombstone(left: Expr, place: Place | null): boolean {
    return left.type === 'column' && place !== null && this.session.catalog.tombstone(place.facts, left.name) !== null;
  }

  private operator(operator: string, left: Expr, value: Value, node: Node, range: Range, place: Place | null): Expr | null {
    if (value.type === 'fork') return choice(value.options.map((option) => this.operator(operator, left, option, node, range, place)), range);
    const nothing = value.type === 'nothing';
    switch (operator) {
      case '$eq': return nothing ? isNull(left, range) : this.compared(left, value, node, range, place);
      case '$ne': case '!': case '!=':
        if (nothing) return isNull(left, range, true);
        return value.type === 'list' ? this.inList(left, value, node, range, true) : comparison('<>', left, this.scalar(value, node), range);
      case '$exists': return value.type === 'constant' ? isNull(left, range, Boolean(value.value)) : opaque(range);
      case '$in': return this.inList(left, value, node, range, false);
      case '$nin': return this.inList(left, value, node, range, true);
      case '$not': {
        const inner = this.compared(left, value, node, range, place);
        return inner && not(inner, range);
      }
      case '$and': case '$or': {
        if (value.type !== 'list') return opaque(range);
        const parts = value.items.map((item) => (item.type === 'item' ? this.compared(left, item.value, node, range, place) : opaque(range)));
        return operator === '$or' ? or(parts.map((part) => part ?? literal(true, range)), range) : and(parts, range);
      }
      default:
        if (operator in COMPARISONS) return comparison(COMPARISONS[operator]!, left, this.scalar(value, node), range);
        return OTHERS.has(operator) ? operation([left], range) : opaque(range);
    }
  }

  private scalar(value: Value, node: Node): Expr {
    return scalarOf(value, node, this.session);
  }

  private inList(left: Expr, value: Value, node: Node, range: Range, negated: boolean): Expr {
    if (value.type === 'list') {
      const list = value.items.map((item) => (item.type === 'item' ? this.session.scalar(item.value, node) : parameter(range)));
      return inList(left, list.length > 0 ? list : [parameter(range)], range, negated);
    }
    const query = this.options.subquery?.(value) ?? null;
    if (query) return { type: 'in', negated, left, list: null, query, range };
    const raw = this.rawText(value);
    if (raw) return { type: 'in', negated, left, list: null, query: this.session.sqlQuery(raw.value, raw.node ?? node) ?? { type: 'opaque-query', ctes: [], range }, range };
    return inList(left, [parameter(range)], range, negated);
  }

  // ------------------------------------------------------------------------------------------- relations

  private related(property: string, reach: Reach, value: Value, node: Node, place: Place, range: Range, keyRange: Range): Expr | null {
    const own: ColumnExpr = column(place.ref, Object.keys(reach.on)[0] ?? property, keyRange);
    switch (value.type) {
      case 'fork': return choice(value.options.map((option) => this.related(property, reach, option, node, place, range, keyRange)), range);
      case 'nothing': return reach.many ? operation([parameter(range)], range) : isNull(own, range);
      case 'object': break;
      // The foreign key alone; rows of the other table are not looked at.
      case 'constant': case 'text': case 'list': return operation([own], range);
      default: return isKey(node, this.session) || value.type === 'unknown' ? operation([own], range) : opaque(range);
    }
    const entries = this.session.entries(value);
    if (!entries) return opaque(range);
    const keys = entries.flatMap((entry) => (entry.type === 'entry' ? [entry.key] : []));
    if (keys.length === entries.length && keys.length > 0) {
      if (keys.every((key) => QUANTIFIERS.has(key))) return conditionsOf(entries, range, (entry) => this.quantified(entry, reach, place, keyRange));
      // Operators and the key are about the foreign key.
      if (keys.every((key) => key.startsWith('$') && key !== '$and' && key !== '$or' && key !== '$not')) return reach.many ? operation([own], range) : conditionsOf(entries, range, (entry) => this.operator(entry.key, own, entry.value(), entry.valueNode ?? entry.node, range, null));
      if ((!reach.many || reach.through) && keys.every((key) => reach.facts.key.includes(key)) && keys.length === reach.facts.key.length) return operation([own], range);
    }
    const known = this.options.relation?.(place, property);
    if (known) return this.entries(entries, range, known, value.env);
    return this.matching(reach, value, node, place, this.options.filters, range, keyRange);
  }

  /** `posts: { title: 'x' }`: rows of the relation, which the library joins with its filter. */
  private matching(reach: Reach, value: Value, node: Node, place: Place, filters: Filters, range: Range, keyRange: Range, negated = false): Expr | null {
    const target = placed(reach.facts, keyRange, filters, { via: 'relation-filter' }, this.session);
    if (value.type === 'object' && value.node.type === 'ObjectExpression' && !negated) this.options.edits.condition(target, value.node);
    const condition = this.of(value, node, target), live = reach.live ? rowsOf('live', target.ref, target.facts, range) : null;
    const inner = condition && this.closed(condition);
    return exists(select({ from: [target.ref], where: and([joined(place.ref, target.ref, reach, range), target.filter, live, negated ? inner && not(inner, range) : inner], range), range }), range);
  }

  /** `$some`, `$none`, `$every`: subqueries without the library's filter (6.6.16 and 7.2.2, run). */
  private quantified(entry: Keyed, reach: Reach, place: Place, keyRange: Range): Expr | null {
    const value = entry.value(), node = entry.valueNode ?? entry.node, range = entry.node.range as Range;
    const match = (negated: boolean): Expr | null => (value.type === 'fork' ? opaque(range) : this.matching(reach, value, node, place, NO_FILTERS, range, keyRange, negated));
    const inner = match(entry.key === '$every');
    switch (entry.key) {
      case '$some': return inner;
      case '$none': case '$every': return inner && not(inner, range);
      // A count of the relation's rows.
      default: return inner && operation([{ type: 'subquery', query: countOf(match(false)) ?? { type: 'opaque-query', ctes: [], range }, range }], range);
    }
  }

  // ------------------------------------------------------------------------------------------- raw SQL

  /** A fragment in the place of a condition. */
  private raw(value: Value, node: Node): Expr {
    const expr = this.session.sqlCondition(value, node);
    if (expr.type === 'or' && !isParenthesised(value)) this.open.add(expr);
    return expr;
  }

  private rawValue(value: Value, node: Node): Expr | null {
    const raw = this.rawText(value);
    return raw && this.raw(raw.value, raw.node ?? node);
  }

  /** The fragment of SQL that a value is, as the conditions of now would read it; null for any other value. */
  fragment(value: Value): RawText | null {
    return this.rawText(value);
  }

  private rawText(value: Value): RawText | null {
    return rawText(value, this.session, this.subject ? this.subject.ref.alias ?? this.subject.ref.name : '');
  }

  // ------------------------------------------------------------------------------------------- helpers of the project

  /** The condition that a declared helper makes, and of a wrapper that of what it wraps. */
  private guard(node: Node, value: Value | null, place: Place): Expr | null {
    const inner = (argument: Node): Expr | null => this.of(this.session.value(argument, null), argument, place);
    const made = guardCondition(this.session, node, place, inner);
    return made === undefined && value?.type === 'unknown' ? guardCondition(this.session, value.node, place, inner) ?? null : made ?? null;
  }
}

function flat(expr: Expr): Expr[] {
  return expr.type === 'and' ? expr.operands.flatMap(flat) : [expr];
}

function countOf(expr: Expr | null): Query | null {
  return expr?.type === 'exists' ? expr.query : null;
}

/** Does an expression stand for a primary key, by its name or its type? */
export function isKey(node: Node, session: Session): boolean {
  const at = unwrap(node);
  if (at.type === 'Literal') return typeof at.value === 'string' || typeof at.value === 'number';
  if (at.type === 'MemberExpression') return at.property.type === 'Identifier' && !at.computed && KEY_NAME.test(at.property.name);
  if (at.type === 'CallExpression') return at.callee.type === 'Identifier' && /^(?:Number|String|parseInt|BigInt)$/.test(at.callee.name);
  if (at.type !== 'Identifier') return false;
  if (KEY_NAME.test(at.name)) return true;
  const name = session.source.names.definition(at)?.name;
  const type = name?.type === 'Identifier' ? name.typeAnnotation?.typeAnnotation.type : undefined;
  return type === 'TSStringKeyword' || type === 'TSNumberKeyword' || type === 'TSBigIntKeyword';
}

/** Prisma's `where`: scalar filters, relation filters, AND, OR and NOT, as conditions of the model. */
import { fold } from '../../manifest/catalog.js';
import type { Expr, Range, TableRef } from '../../model/query.js';
import { lastName, stringOf, unwrap, type Node } from '../../source/ast.js';
import type { Entry, Keyed } from '../../source/objects.js';
import type { ListItem, Value } from '../../source/values.js';

import { conditionsOf, operatorsOf } from '../conditions.js';
import { and, choice, column, comparison, exists, inList, isNull, literal, not, opaque, operation, or, parameter, select } from '../expressions.js';
import { guardNamed, rowsOf, type GuardOf } from '../guards.js';
import { listItems } from '../lists.js';
import { columnOf, joinCondition, reference, relationNamed, unknownRelation, type Model, type Relation } from './models.js';
import { rowsBehind, type RowsBefore } from './origins.js';
import type { Reading } from './reading.js';
import { objectSlot } from './remedies.js';
import { allEntries, memberOf, objectLiteral, opened } from './values.js';

/** Filters on one column. `path` and `mode` say how the others are meant. */
const SCALAR = new Set([
  'equals', 'not', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte', 'contains', 'startsWith', 'endsWith', 'search', 'mode', 'path', 'has', 'hasSome', 'hasEvery', 'isEmpty', 'isSet',
  'string_contains', 'string_starts_with', 'string_ends_with', 'array_contains', 'array_starts_with', 'array_ends_with',
]);
const COMPARISONS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
const QUANTIFIERS = new Set(['some', 'none', 'every', 'is', 'isNot']);
/** Nested conditions are followed so deep. */
const MAX_DEPTH = 24;

/** A reference that a condition speaks of, and its model. */
export interface Subject {
  readonly ref: TableRef;
  readonly model: Model;
}

export class Where {
  private depth = 0;

  constructor(private readonly reading: Reading) {}

  private get session() {
    return this.reading.session;
  }

  /** The condition of a `where` object; null for none. What cannot be seen is any condition. */
  condition(value: Value, node: Node, subject: Subject): Expr | null {
    const range = node.range as Range;
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      return opaque(range);
    }
    const found = this.conditionOf(opened(this.session, value), node, range, subject);
    this.depth--;
    return found;
  }

  private conditionOf(value: Value, node: Node, range: Range, subject: Subject): Expr | null {
    switch (value.type) {
      case 'nothing': return null;
      case 'fork': return choice(value.options.map((option) => this.condition(option, node, subject)), range);
      case 'object': {
        const entries = this.session.entries(value);
        if (!entries) return opaque(range);
        const orphaned = this.orphaned, named = entries.filter((entry): entry is Keyed => entry.type === 'entry');
        this.orphaned = named.filter((entry) => this.isNone(entry)).length > 1;
        const condition = conditionsOf(this.guarded(entries), range, (entry) => this.read(entry, subject));
        this.orphaned = orphaned;
        return condition;
      }
      default: return this.guard(node, value, subject) ?? opaque(range);
    }
  }

  /** `{ polls: { none: {} }, comments: { none: {} } }`: rows that nothing at all refers to, dead or alive, as whoever removes them has to ask. */
  private orphaned = false;

  private isNone(entry: Keyed): boolean {
    const [only, another] = allEntries(this.session, entry.value());
    return only?.key === 'none' && !another && objectLiteral(only.valueNode)?.properties.length === 0;
  }

  // ------------------------------------------------------------------------------------------- helpers of the project

  private readonly guards = new Map<Node, Node>();

  /** A spread of a declared helper (`...notDeleted`) becomes an entry of its own; that of what Prisma only checks (`Prisma.validator`) the entries that it holds. */
  private guarded(entries: readonly Entry[]): Entry[] {
    return entries.flatMap((entry): Entry[] => {
      if (entry.type === 'fork') return [{ ...entry, options: entry.options.map((option) => this.guarded(option)) }];
      if (entry.type !== 'rest' || entry.node.type !== 'SpreadElement') return [entry];
      const { argument } = entry.node;
      if (this.guardAt(argument)) {
        this.guards.set(entry.node, argument);
        return [{ type: 'entry', key: `...${entry.node.range[0]}`, value: () => this.session.value(argument, null), node: entry.node, keyNode: argument, valueNode: argument }];
      }
      const held = opened(this.session, this.session.value(argument, null)), shown = held.type === 'object' ? this.session.entries(held) : null;
      return shown ? this.guarded(shown) : [entry];
    });
  }

  private guardAt(node: Node) {
    const at = unwrap(node), callee = at.type === 'CallExpression' ? unwrap(at.callee) : at;
    const name = callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : null;
    if (name === null) return null;
    const root = callee.type === 'MemberExpression' ? unwrap(callee.object) : callee;
    return (['where-object', 'where-wrapper', 'predicate'] as const).map((kind) => guardNamed(this.session, kind, name, root)).find((guard) => guard !== null) ?? null;
  }

  /** The condition that a declared helper makes, and of a wrapper that of what it wraps. */
  private guard(node: Node, value: Value | null, subject: Subject): Expr | null {
    const guard = this.guardAt(node) ?? (value?.type === 'unknown' ? this.guardAt(value.node) : null);
    if (!guard || !subject.model.facts) return null;
    const range = node.range as Range, at = unwrap(node);
    if ((this.tableOf(guard, at) ?? subject.model.facts) !== subject.model.facts) return opaque(range);
    const rows = rowsOf(guard.yields, subject.ref, subject.model.facts, range);
    const wrapped = guard.kind === 'where-wrapper' && at.type === 'CallExpression' ? at.arguments[0] : undefined;
    return and([rows, wrapped ? this.condition(this.session.value(wrapped, null), wrapped, subject) : null], range);
  }

  /** The table that a helper speaks of by its declaration or by an argument (`notDeleted('User')`); null for the one that the condition is about. */
  private tableOf(guard: GuardOf<'where-object' | 'where-wrapper' | 'predicate'>, at: Node) {
    if (guard.table !== undefined) return this.session.facts(guard.table);
    const argument = guard.kind === 'predicate' && at.type === 'CallExpression' ? at.arguments[guard.tableArg ?? 0] : undefined, name = argument && (stringOf(argument) ?? lastName(argument));
    return name ? this.session.facts(name) : null;
  }

  // ------------------------------------------------------------------------------------------- entries

  private read(entry: Keyed, subject: Subject): Expr | null {
    const node = entry.valueNode ?? entry.node, range = entry.node.range as Range;
    const guard = this.guards.get(entry.node);
    if (guard) return this.guard(guard, null, subject) ?? opaque(range);
    const value = opened(this.session, entry.value());
    switch (entry.key) {
      case 'AND': return this.all(value, node, subject);
      case 'OR': return this.any(value, node, subject);
      case 'NOT': return this.none(value, node, subject);
    }
    const relation = this.relation(entry.key, value, subject);
    if (relation) return this.related(relation, entry, value, node, subject);
    return this.compound(entry.key, value, subject, range) ?? this.scalar(column(subject.ref, columnOf(subject.model, entry.key), entry.keyNode.range as Range), value, node, range);
  }

  private all(value: Value, node: Node, subject: Subject): Expr | null {
    const range = node.range as Range;
    if (value.type === 'fork') return choice(value.options.map((option) => this.all(option, node, subject)), range);
    const items = listItems(this.session, value);
    return items ? this.allOf(items, node, subject) : this.condition(value, node, subject);
  }

  private allOf(items: readonly ListItem[], node: Node, subject: Subject): Expr | null {
    const range = node.range as Range;
    return and(items.map((item): Expr | null => {
      switch (item.type) {
        case 'item': return this.item(item.value, node, subject);
        case 'rest': return opaque(range);
        case 'fork': return choice(item.options.map((option) => this.allOf(option, node, subject)), range);
        case 'first-turn': return opaque(range);
      }
    }), range);
  }

  private item(value: Value, node: Node, subject: Subject): Expr | null {
    const shown = opened(this.session, value);
    return this.condition(shown, shown.type === 'object' || shown.type === 'unknown' ? shown.node : node, subject);
  }

  /** One of them; alternatives that say nothing are passed over (Prisma 7.10), and without any no row is left. */
  private any(value: Value, node: Node, subject: Subject): Expr | null {
    const range = node.range as Range;
    if (value.type === 'fork') return choice(value.options.map((option) => this.any(option, node, subject)), range);
    if (value.type === 'nothing') return null;
    const items = listItems(this.session, value);
    if (items) return this.anyOf(items, node, subject);
    return value.type === 'object' ? this.condition(value, node, subject) : opaque(range);
  }

  private anyOf(items: readonly ListItem[], node: Node, subject: Subject): Expr | null {
    const range = node.range as Range;
    const arms = items.map((item): Expr | null => {
      switch (item.type) {
        case 'item': return this.item(item.value, node, subject);
        case 'rest': return opaque(range);
        // Without any of them no row is left, which leaves none to speak of.
        case 'fork': return choice(item.options.filter((option) => option.length > 0).map((option) => this.anyOf(option, node, subject)), range);
        case 'first-turn': return opaque(range);
      }
    }).filter((arm) => arm !== null);
    return arms.length > 0 ? or(arms, range) : literal(false, range);
  }

  private none(value: Value, node: Node, subject: Subject): Expr | null {
    const range = node.range as Range;
    if (value.type === 'fork') return choice(value.options.map((option) => this.none(option, node, subject)), range);
    const items = listItems(this.session, value);
    const denied = (expr: Expr | null): Expr | null => expr && not(expr, range);
    return items ? this.noneOf(items, node, subject) : denied(this.condition(value, node, subject));
  }

  private noneOf(items: readonly ListItem[], node: Node, subject: Subject): Expr | null {
    const range = node.range as Range;
    return and(items.map((item): Expr | null => {
      switch (item.type) {
        case 'item': {
          const denied = this.item(item.value, node, subject);
          return denied && not(denied, range);
        }
        case 'fork': return choice(item.options.map((option) => this.noneOf(option, node, subject)), range);
        default: return opaque(range);
      }
    }), range);
  }

  // ------------------------------------------------------------------------------------------- relations

  private relation(key: string, value: Value, { model }: Subject): Relation | null {
    const known = relationNamed(this.session, model, key);
    if (known?.declared) return known;
    // Without a word from the manifest the shape tells: filters of a column have names of their own.
    const entries = allEntries(this.session, value);
    if (entries.length === 0 || entries.some((entry) => SCALAR.has(entry.key)) || this.isCompound(key, entries)) return null;
    if (known) return known;
    if (model.facts && Object.keys(model.facts.relations).length > 0) return null;
    return { ...unknownRelation(key), ...(entries.some((entry) => /^(?:some|none|every)$/.test(entry.key)) ? { many: true } : {}) };
  }

  private related(relation: Relation, entry: Keyed, value: Value, node: Node, subject: Subject): Expr | null {
    const range = entry.node.range as Range;
    switch (value.type) {
      case 'fork': return choice(value.options.map((option) => this.related(relation, entry, opened(this.session, option), node, subject)), range);
      case 'nothing': return this.session.isNull(value) ? this.absent(relation, subject, range) : null;
      case 'object': break;
      // Rows of the relation decide, and how cannot be seen.
      default: return opaque(range);
    }
    const entries = this.session.entries(value) ?? [];
    if (!entries.some((inner) => inner.type === 'entry' && QUANTIFIERS.has(inner.key)) && !(relation.many && entries.length === 0)) {
      return this.quantified('is', relation, value, node, entry.keyNode, subject, range);
    }
    return conditionsOf(entries, range, (inner) => {
      const filter = opened(this.session, inner.value()), at = inner.valueNode ?? inner.node;
      if (filter.type === 'nothing') return this.session.isNull(filter) && /^is/.test(inner.key) ? this.absent(relation, subject, range) : null;
      if (filter.type === 'fork') {
        return choice(filter.options.map((option) => option.type === 'nothing' ? (this.session.isNull(option) && /^is/.test(inner.key) ? this.absent(relation, subject, range) : null)
          : this.quantified(inner.key, relation, option, at, entry.keyNode, subject, range)), range);
      }
      return this.quantified(inner.key, relation, filter, at, entry.keyNode, subject, range);
    });
  }

  /** `author: null`: whether there is a row, which the foreign key tells. */
  private absent(relation: Relation, { ref }: Subject, range: Range): Expr {
    return operation([column(ref, Object.keys(relation.on ?? {})[0] ?? `${relation.name}Id`, range)], range);
  }

  /** `team: { id: teamId }`, `orders: { some: { id } }`: the same as a comparison of the foreign key, which does not ask what the row is like. */
  private isKeyAlone({ target }: Relation, value: Value): boolean {
    const key = target.facts?.key ?? ['id'], shown = value.type === 'object' ? this.session.entries(value) ?? [] : [];
    return shown.length > 0 && shown.length === key.length && shown.every((entry) => entry.type === 'entry' && key.some((name) => fold(name) === fold(columnOf(target, entry.key))) && opened(this.session, entry.value()).type !== 'nothing');
  }

  private quantified(quantifier: string, relation: Relation, value: Value, node: Node, at: Node, subject: Subject, range: Range): Expr | null {
    if (this.isKeyAlone(relation, value)) return operation([column(subject.ref, Object.keys(relation.on ?? {})[0] ?? `${relation.name}Id`, range)], range);
    // Of a row that is named by its key, a parent is asked whose it is, and not which of them to list.
    const via = subject.ref === this.reading.lookup && !relation.many ? 'include-one' : 'relation-filter';
    const target = reference(this.session, relation.target, at.range as Range, { via, autoFilter: this.reading.coverage.of(relation.target, quantifier === 'isNot' ? 'is-not' : 'filter') });
    const literalFilter = objectLiteral(node);
    if (literalFilter && value.type === 'object' && quantifier !== 'every') this.reading.remedies.place(target, relation.target, objectSlot(this.session, literalFilter));
    const filter = this.condition(value, node, { ref: target, model: relation.target });
    const join = joinCondition(relation, subject.ref, subject.model, target, range);
    const query = (condition: Expr | null) => exists(select({ from: [target], where: and([join, condition, this.reading.deliberate || (quantifier === 'none' && this.orphaned && condition === null) ? opaque(range) : null], range), range: node.range as Range }), range);
    switch (quantifier) {
      case 'some': case 'is': return query(filter);
      case 'none': case 'isNot': return not(query(filter), range);
      case 'every': return filter && not(query(not(filter, range)), range);
      default: return opaque(range);
    }
  }

  // ------------------------------------------------------------------------------------------- columns

  /** Are these the columns of a compound key (`userId_pollId: { userId, pollId }`)? */
  private isCompound(key: string, entries: readonly Keyed[]): boolean {
    return entries.length > 1 && (key === entries.map((entry) => entry.key).join('_') || (key.includes('_') && entries.every((entry) => key.includes(entry.key))));
  }

  /** A compound key: by its columns' names, or by a name of its own; null for what is none. */
  private compound(key: string, value: Value, subject: Subject, range: Range): Expr | null {
    const { facts } = subject.model;
    if (value.type === 'object') {
      const entries = this.session.entries(value) ?? [];
      const all = entries.flatMap((entry) => (entry.type === 'entry' ? [entry] : []));
      const isKey = facts !== null && [facts.key, ...facts.unique].some((columns) => columns.length > 1 && columns.length === all.length && all.every((entry) => columns.some((own) => fold(own) === fold(columnOf(subject.model, entry.key)))));
      if (all.length === 0 || all.length < entries.length || !(isKey || this.isCompound(key, all))) return null;
      return and(all.map((entry) => this.scalar(column(subject.ref, columnOf(subject.model, entry.key), entry.keyNode.range as Range), opened(this.session, entry.value()), entry.valueNode ?? entry.node, entry.node.range as Range)), range);
    }
    if (value.type !== 'unknown' || !facts || !key.includes('_')) return null;
    const parts = key.split('_').map((part) => columnOf(subject.model, part));
    const columns = [facts.key, ...facts.unique].find((names) => names.length > 1 && names.length === parts.length && names.every((name) => parts.some((part) => fold(part) === fold(name))));
    return columns ? and(columns.map((name) => comparison('=', column(subject.ref, name, range), parameter(range), range)), range) : null;
  }

  private scalar(at: Expr, value: Value, node: Node, range: Range): Expr | null {
    switch (value.type) {
      case 'nothing': return this.session.isNull(value) ? isNull(at, range) : null;
      case 'fork': return choice(value.options.map((option) => this.scalar(at, opened(this.session, option), node, range)), range);
      case 'object': {
        const entries = this.session.entries(value);
        return entries ? operatorsOf(entries, at, this.isTombstone(at), range, (entry) => this.operator(at, entry)) : opaque(range);
      }
      case 'unknown': {
        const exact = this.exact(at, value, node);
        if (exact.type !== 'parameter') return comparison('=', at, exact, range);
        const before = this.before(at, value, range);
        if (before) return comparison('=', at, { type: 'subquery', query: before.query, range }, range);
        // A value, or null, or an object of filters: for a tombstone that decides.
        return this.isTombstone(at) ? opaque(range) : comparison('=', at, exact, range);
      }
      default: return comparison('=', at, this.exact(at, value, node), range);
    }
  }

  /** A value of the model; a member of an enum (`Status.DELETED`) is the text of its name, as the manifest spells it. */
  private exact(at: Expr, value: Value, node: Node): Expr {
    const scalar = this.session.scalar(value, node), facts = at.type === 'column' && at.of ? this.session.catalog.table(at.of.name, at.of.schema) : null;
    return scalar.type === 'parameter' && facts && at.type === 'column' ? memberOf(this.session, value, this.session.catalog.tombstone(facts, at.name), scalar.range) ?? scalar : scalar;
  }

  private isTombstone(at: Expr): boolean {
    if (at.type !== 'column' || !at.of) return false;
    const facts = this.session.catalog.table(at.of.name, at.of.schema);
    return facts !== null && this.session.catalog.tombstone(facts, at.name) !== null;
  }

  /** The rows that a value was read from before. Their states decide where they are rows of the same table. */
  private before(at: Expr, value: Value, range: Range): RowsBefore | null {
    const rows = this.depth < MAX_DEPTH ? rowsBehind(this.reading, value) : null;
    if (rows?.state === 'dead' && at.type === 'column' && at.of?.name !== rows.model.facts?.name) this.reading.belongsToDead = range;
    return rows;
  }

  private operator(at: Expr, entry: Keyed): Expr | null {
    const value = opened(this.session, entry.value()), node = entry.valueNode ?? entry.node;
    if (value.type === 'fork' && entry.key !== 'in' && entry.key !== 'notIn') {
      return choice(value.options.map((option) => this.operation(at, entry.key, opened(this.session, option), node, entry.node.range as Range)), entry.node.range as Range);
    }
    return this.operation(at, entry.key, value, node, entry.node.range as Range);
  }

  private operation(at: Expr, operator: string, value: Value, node: Node, range: Range): Expr | null {
    if (this.session.isUndefined(value)) return null;
    const none = this.session.isNull(value);
    switch (operator) {
      case 'equals': return this.scalar(at, value, node, range);
      case 'not': {
        if (none) return isNull(at, range, true);
        if (value.type === 'object') {
          // `{ not: { not: null } }` is sent as IS NOT NULL (Prisma 7.10): the inner one is read as what is denied.
          const inner = allEntries(this.session, value);
          if (inner.length === 1 && inner[0]!.key === 'not') return this.operation(at, 'not', opened(this.session, inner[0]!.value()), node, range);
          const inside = this.scalar(at, value, node, range);
          return inside && not(inside, range);
        }
        const denied = this.exact(at, value, node);
        if (value.type === 'unknown' && this.isTombstone(at) && denied.type === 'parameter') return opaque(range);
        return comparison('<>', at, denied, range);
      }
      case 'in': case 'notIn': {
        if (none) return isNull(at, range, operator === 'notIn');
        const before = operator === 'in' ? this.before(at, value, range) : null;
        if (before) return { type: 'in', negated: false, left: at, list: null, query: before.query, range };
        const items = listItems(this.session, value);
        if (!items || items.some((item) => item.type !== 'item')) return inList(at, [parameter(range)], range, operator === 'notIn');
        const list = items.flatMap((item) => (item.type === 'item' ? [this.exact(at, item.value, node)] : []));
        return list.length > 0 ? inList(at, list, range, operator === 'notIn') : operator === 'in' ? literal(false, range) : null;
      }
      case 'lt': case 'lte': case 'gt': case 'gte': return comparison(COMPARISONS[operator], at, this.session.scalar(value, node), range);
      // MongoDB: a field that no document has written yet.
      case 'isSet': return value.type === 'constant' ? isNull(at, range, value.value === true) : this.isTombstone(at) ? opaque(range) : operation([at], range);
      case 'mode': case 'path': return null;
      default: return operation([at], range);
    }
  }

  // ------------------------------------------------------------------------------------------- what a where says of a parent

  /**
   * The conditions that a where puts in any case on the one row behind a to-one relation (`where: { group: { deletedAt: null } }`): what is included
   * under the same name is that row.
   */
  onParent(value: Value, node: Node, relation: Relation, ref: TableRef, depth = 0): Expr | null {
    const shown = opened(this.session, value);
    if (shown.type === 'fork') return choice(shown.options.map((option) => this.onParent(option, node, relation, ref, depth + 1)), node.range as Range);
    if (shown.type !== 'object' || depth > 6) return null;
    const entries = this.session.entries(shown) ?? [];
    return conditionsOf(entries.filter((entry) => entry.type !== 'rest'), node.range as Range, (entry) => {
      const inner = opened(this.session, entry.value()), at = entry.valueNode ?? entry.node;
      if (entry.key === 'AND') {
        const items = listItems(this.session, inner)?.flatMap((item) => (item.type === 'item' ? [item.value] : [])) ?? [inner];
        return and(items.map((item) => this.onParent(item, at, relation, ref, depth + 1)), at.range as Range);
      }
      if (entry.key !== relation.name || inner.type !== 'object') return null;
      const filters = this.session.entries(inner) ?? [], is = filters.find((filter): filter is Keyed => filter.type === 'entry' && filter.key === 'is');
      if (!is && filters.some((filter) => filter.type === 'entry' && QUANTIFIERS.has(filter.key))) return null;
      return is ? this.condition(is.value(), is.valueNode ?? is.node, { ref, model: relation.target }) : this.condition(inner, at, { ref, model: relation.target });
    });
  }
}


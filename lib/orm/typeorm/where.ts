/** Objects of conditions: `{ name: 'x', deletedAt: IsNull(), author: { .. } }`, and lists of them, of which one has to hold. */
import type { Expr, Range } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Entry, Keyed } from '../../source/objects.js';
import type { FunctionValue, ListItem, Value } from '../../source/values.js';
import { conditionsOf } from '../conditions.js';
import { guardAt, guardCondition, rowsOf } from '../guards.js';
import { listItems } from '../lists.js';
import { choice, column, comparison, isNull, literal, opaque, operation, or, parameter } from '../expressions.js';
import type { Session } from '../session.js';
import type { Graph, Place } from './graph.js';
import { conditionOn, operatorOf } from './operators.js';
import { columnOf, relationOf, type Reach } from './tables.js';
import { textCondition } from './text.js';
import type { Nulls } from './versions.js';

export class Conditions {
  /** @param callback the conditions that a function makes which is given a builder (`where: (qb) => { .. }` of 0.2); without: they cannot be seen */
  constructor(private readonly session: Session, private readonly graph: Graph | null, private readonly nulls: Nulls, private readonly callback?: (fn: FunctionValue, node: Node, place: Place) => Expr | null) {}

  /** The condition that a value stands for; null for none. */
  of(value: Value, node: Node, place: Place): Expr | null {
    const range = node.range as Range, items = listItems(this.session, value);
    if (items) return items.length === 0 ? null : this.anyOf(items, node, place);
    switch (value.type) {
      case 'object': {
        const entries = this.session.entries(value);
        return entries ? this.ofEntries(entries, range, place) : opaque(range);
      }
      case 'fork': return choice(value.options.map((option) => this.of(option, node, place)), range);
      case 'nothing': return null;
      case 'text': return textCondition(value, node, this.session);
      case 'function': return this.callback ? this.callback(value, node, place) : opaque(range);
      default: return this.guarded(value.type === 'unknown' ? value.node : node, place) ?? opaque(range);
    }
  }

  private anyOf(items: readonly ListItem[], node: Node, place: Place): Expr | null {
    const range = node.range as Range;
    return or(items.map((item): Expr | null => {
      switch (item.type) {
        case 'item': return this.of(item.value, node, place);
        // Without any of them there is no alternative to speak of.
        case 'fork': return choice(item.options.filter((option) => option.length > 0).map((option) => this.anyOf(option, node, place)), range);
        default: return opaque(range);
      }
    }), range);
  }

  /** The condition of a helper that the manifest declares; undefined where none stands. */
  private guarded(node: Node, place: Place): Expr | null | undefined {
    return guardCondition(this.session, node, place, (argument) => this.of(this.session.value(argument, null), argument, place));
  }

  ofEntries(entries: readonly Entry[], range: Range, place: Place): Expr | null {
    return conditionsOf(entries, range, (entry) => this.entry(entry, place), (node) => this.guarded(node, place));
  }

  private entry(entry: Keyed, place: Place): Expr | null {
    return this.property(entry.key, entry.value(), entry.valueNode ?? entry.node, place, entry.node.range as Range, entry.keyNode.range as Range);
  }

  private property(key: string, value: Value, node: Node, place: Place, range: Range, keyRange: Range): Expr | null {
    const subject = { ...place, column: columnOf(place.facts, key) };
    switch (value.type) {
      case 'fork': return choice(value.options.map((option) => this.property(key, option, node, place, range, keyRange)), range);
      case 'nothing': {
        const isNothing = this.session.isUndefined(value);
        if (this.nulls === 'ignored') return null;
        if (this.nulls === 'unknown' || (isNothing && this.nulls === 'null')) return opaque(range);
        if (this.nulls === 'null') return isNull(column(place.ref, subject.column, range), range);
        return comparison('=', column(place.ref, subject.column, range), isNothing ? parameter(range) : literal(null, range), range);
      }
      case 'object': {
        const entries = this.session.entries(value);
        if (!entries) return opaque(range);
        const reach = relationOf(place.facts, key, this.session);
        if (reach && this.graph) return this.related(key, reach, entries, place, range, keyRange);
        return reach ? operation([parameter(range)], range) : this.embedded(key, entries, place, range);
      }
      default: {
        const guard = value.type === 'unknown' ? guardAt(this.session, value.node, 'predicate', 'where-object') : null;
        // `deletedAt: live()`: a helper that makes the value.
        if (guard && this.session.catalog.tombstone(place.facts, subject.column)) return rowsOf(guard.guard.yields, place.ref, place.facts, range);
        // A builder of rows that are named by other rows: `author: user`.
        if (value.type === 'unknown' && !operatorOf(value, this.session) && relationOf(place.facts, key, this.session)) return operation([parameter(range)], range);
        return conditionOn(value, node, subject, range, this.session);
      }
    }
  }

  /** Conditions on a relation. One that names its row by the key says no more than the foreign key does. */
  private related(property: string, reach: Reach, entries: readonly Entry[], place: Place, range: Range, keyRange: Range): Expr | null {
    const { key } = reach.facts;
    if (entries.length === 0) return null;
    if (entries.every((entry) => entry.type === 'entry' && key.includes(entry.key) && !isUndefined(entry, this.session))) {
      return reach.many ? operation([parameter(range)], range) : comparison('=', column(place.ref, Object.keys(reach.on)[0] ?? property, range), parameter(range), range);
    }
    if (!this.graph) return opaque(range);
    return this.ofEntries(entries, range, this.graph.match(place, property, reach, keyRange));
  }

  /** An embedded object, JSON, or a relation to what nobody declares: nothing is known of its columns but that they are none of the tombstones. */
  private embedded(property: string, entries: readonly Entry[], place: Place, range: Range): Expr | null {
    if (entries.length === 0) return null;
    const isTombstone = entries.some((entry) => entry.type === 'entry' && [entry.key, `${property}_${entry.key}`].some((name) => this.session.catalog.tombstone(place.facts, name) !== null && Object.keys(place.facts.relations).length === 0 && !this.session.facts(property)));
    return isTombstone ? opaque(range) : operation([parameter(range)], range);
  }
}

function isUndefined(entry: Keyed, session: Session): boolean {
  return session.isUndefined(entry.value());
}

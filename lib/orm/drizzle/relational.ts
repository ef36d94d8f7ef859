/**
 * Drizzle's relational queries: `db.query.users.findMany({ where, with: { posts: true } })`. Up to 0.45 `where` is a condition or a callback; 1.0 takes an object
 * of filters, and lets a relation's own declaration filter (`defineRelations`). To-one relations take no `where` before 1.0 (drizzle-team/drizzle-orm#2903).
 */
import { fold, type RelationFacts, type TableFacts } from '../../manifest/catalog.js';
import type { ComparisonOperator, Expr, Join, OutputColumn, Query, Range, Relation, TableRef } from '../../model/query.js';
import { plural, singular } from '../../schema/pluralise.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Entry as ObjectEntry, Keyed } from '../../source/objects.js';
import type { Chain, ListItem, Value } from '../../source/values.js';
import { certainSteps, isCalled, type Called } from '../chains.js';
import { conditionsOf, entriesNamed, entryOf, operatorsOf } from '../conditions.js';
import { and, choice, column, comparison, exists, inList, isNull, not, opaque, operation, or, parameter, select } from '../expressions.js';
import { guardAt, guardNamed, rowsOf } from '../guards.js';
import { listItems } from '../lists.js';
import type { Session } from '../session.js';
import type { Builder } from './builder.js';
import { OPERATORS } from './conditions.js';
import { columnName, Scope, type Entry } from './names.js';

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = { eq: '=', ne: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' };
const LOOKING = /^(?:(?:not)?i?like|array(?:Contains|Contained|Overlaps))$/i;
const OPERATOR = /^(?:eq|ne|gte?|lte?|in|notIn|isNull|isNotNull|(?:not)?i?like|array(?:Contains|Contained|Overlaps)|AND|OR|NOT)$/i;

/** `db.query.users.findMany(..)`. */
export interface RelationalCall {
  readonly key: string;
  readonly keyNode: Node;
  readonly step: Called;
}

/** The relational query that a chain is, or null. */
export function relationalCall(chain: Chain): RelationalCall | null {
  const steps = certainSteps(chain), index = steps.findIndex((step) => isCalled(step) && (step.name === 'findMany' || step.name === 'findFirst'));
  const step = steps[index], key = steps[index - 1], root = chain.root.type === 'node' ? unwrap(chain.root.node) : null;
  if (steps.some(({ awaited }) => awaited) || !step || !isCalled(step) || !key || isCalled(key) || key.name === null || key.name === '') return null;
  const holder = index > 1 ? steps[index - 2]!.name : root?.type === 'Identifier' ? root.name : null;
  return holder === 'query' || holder === '_query' ? { key: key.name, keyNode: key.at, step } : null;
}

/** A reference, and what conditions may call it. */
interface Rows {
  readonly entry: Entry & { readonly ref: TableRef };
  readonly scope: Scope;
}

export class Relational {
  private readonly session: Session;
  private readonly names = new Set<string>();

  constructor(private readonly builder: Builder) {
    this.session = builder.session;
  }

  read({ key, keyNode, step }: RelationalCall): Query {
    const [at] = step.args, range = step.node.range as Range, facts = this.session.facts(key);
    const root = this.rows(key, facts, keyNode.range as Range, 'from', null);
    if (facts && step.node.type === 'CallExpression') this.builder.edits.place(root.entry.ref, { type: 'options', call: step.node, options: at ?? null, key, one: false, facts });
    const value = at ? this.session.value(at, step.env) : null, entries = value && this.session.entries(value);
    let from: Relation = root.entry.ref;
    const output: OutputColumn[] = [{ type: 'star', qualifier: null, range }];
    if (entries) {
      from = this.included(entries, root, from);
      output.push(...this.extras(entries, root));
    }
    // What cannot be seen may filter.
    const where = !at || (value?.type === 'nothing') ? null : entries ? this.whereOf(entries, root, range) : opaque(at.range as Range);
    return select({ from: [from], where, output, limited: step.name === 'findFirst' || (entries !== null && entryOf(entries, 'limit') !== null), range: rangeFrom(keyNode, range) });
  }

  private rows(name: string, facts: TableFacts | null, range: Range, via: TableRef['via'], outer: Scope | null): Rows {
    const known = facts?.name ?? name, alias = this.names.has(fold(known)) ? `${known}_${this.names.size}` : null;
    this.names.add(fold(known));
    const ref = this.session.table(known, range, { schema: facts?.schema ?? null, alias, via });
    const entry = { ref, qualifier: alias ?? known, facts }, scope = new Scope(outer);
    scope.add(`table ${fold(known)}`, entry);
    scope.add(ref, entry);
    return { entry, scope };
  }

  // ------------------------------------------------------------------------------------------- where

  private whereOf(entries: readonly ObjectEntry[], rows: Rows, range: Range): Expr | null {
    const found = entryOf(entries, 'where');
    if (found === null) return null;
    if (found !== 'unknown') return this.where(found.value(), found.valueNode ?? found.node, rows);
    const hidden = entries.some(function hides(entry): boolean { return entry.type === 'rest' || (entry.type === 'fork' && entry.options.flat().some(hides)); });
    const named = entriesNamed(entries, 'where').map((entry) => this.where(entry.value(), entry.valueNode ?? entry.node, rows));
    return choice([...named, hidden ? opaque(range) : null], range);
  }

  private where(value: Value, node: Node, rows: Rows): Expr | null {
    const guard = value.type === 'unknown' ? this.guarded(value.node, rows) : null;
    if (guard) return guard;
    switch (value.type) {
      case 'fork': return choice(value.options.map((option) => this.where(option, node, rows)), node.range as Range);
      case 'function': return this.called(value, node, rows);
      case 'object': {
        const entries = this.session.entries(value);
        return entries ? this.filters(entries, node.range as Range, rows) : opaque(node.range as Range);
      }
      default: return this.builder.conditions.read(value, node, rows.scope);
    }
  }

  /** An object of filters that the manifest declares, alone or around others: `where: live`, `where: withoutDeleted({ name })`. */
  private guarded(node: Node, rows: Rows): Expr | null {
    const found = guardAt(this.session, node, 'where-object', 'where-wrapper'), [first] = found?.args ?? [], range = node.range as Range, { ref, facts } = rows.entry;
    if (!found || !facts || (first && this.session.value(first, null).type !== 'object')) return null;
    if (found.guard.table !== undefined && this.session.facts(found.guard.table) !== facts) return opaque(range);
    return and([rowsOf(found.guard.yields, ref, facts, range), found.guard.kind === 'where-wrapper' && first ? this.where(this.session.value(first, null), first, rows) : null], range);
  }

  /** `(users, { eq }) => eq(users.id, id)`. */
  private called(fn: Value, node: Node, { entry, scope }: Rows): Expr | null {
    const made = this.session.apply(fn, [this.session.given(entry.ref, node), this.session.given(OPERATORS, node)], node);
    return made ? this.builder.conditions.read(made, node, scope) : opaque(node.range as Range);
  }

  // ------------------------------------------------------------------------------------------- filters of 1.0

  /** `{ deletedAt: { isNull: true }, OR: [..], author: { .. } }`. */
  private filters(entries: readonly ObjectEntry[], range: Range, rows: Rows): Expr | null {
    const spread = new Map<ObjectEntry, Expr>();
    for (const entry of entries) {
      const guarded = entry.type === 'rest' && entry.node.type === 'SpreadElement' ? this.guarded(entry.node.argument, rows) : null;
      if (guarded) spread.set(entry, guarded);
    }
    return and([...spread.values(), this.named(entries.filter((entry) => !spread.has(entry)), range, rows)], range);
  }

  private named(entries: readonly ObjectEntry[], range: Range, rows: Rows): Expr | null {
    return conditionsOf(entries, range, (entry) => {
      const value = entry.value(), node = entry.valueNode ?? entry.node, at = entry.node.range as Range;
      if (value.type === 'nothing' && this.session.isUndefined(value)) return null;
      switch (entry.key) {
        case 'AND': case 'OR': return this.listed(value, node, entry.key, (inner, innerNode) => this.where(inner, innerNode, rows));
        case 'NOT': { const inner = this.where(value, node, rows); return inner && not(inner, at); }
        case 'RAW': return this.where(value, node, rows);
      }
      const relation = this.relation(rows.entry, entry.key, value);
      return relation ? this.related(entry, relation, value, node, rows) : this.columnFilter(column(rows.entry.ref, columnName(rows.entry.facts, entry.key), entry.keyNode.range as Range), value, node, at, rows);
    });
  }

  private listed(value: Value, node: Node, how: 'AND' | 'OR', read: (value: Value, node: Node) => Expr | null): Expr | null {
    const range = node.range as Range;
    if (value.type === 'nothing') return null;
    const items = listItems(this.session, value);
    return items ? this.joined(items, node, how, read) : opaque(range);
  }

  private joined(items: readonly ListItem[], node: Node, how: 'AND' | 'OR', read: (value: Value, node: Node) => Expr | null): Expr | null {
    const range = node.range as Range;
    const conditions = items.map((item): Expr | null => {
      switch (item.type) {
        case 'item': return read(item.value, item.value.type === 'object' ? item.value.node : node);
        case 'fork': return choice(item.options.filter((option) => how === 'AND' || option.length > 0).map((option) => this.joined(option, node, how, read)), range);
        default: return opaque(range);
      }
    });
    // An empty alternative is left out, like an empty list.
    const present = conditions.filter((condition) => condition !== null);
    return how === 'AND' ? and(present, range) : present.length === 0 ? null : or(present, range);
  }

  private columnFilter(of: Expr, value: Value, node: Node, range: Range, rows: Rows): Expr | null {
    if (value.type === 'fork') return choice(value.options.map((option) => this.columnFilter(of, option, node, range, rows)), range);
    const entries = this.session.entries(value), isTombstone = of.type === 'column' && rows.entry.facts !== null && this.session.catalog.tombstone(rows.entry.facts, of.name) !== null;
    if (!entries) {
      // What is handed in may be any filter of the tombstone.
      return value.type === 'unknown' && isTombstone ? opaque(range) : comparison('=', of, this.builder.conditions.scalar(value, node, rows.scope), range);
    }
    return operatorsOf(entries, of, isTombstone, range, (entry) => {
      const inner = entry.value(), at = entry.valueNode ?? entry.node, words = entry.node.range as Range;
      const operator = COMPARISONS[entry.key];
      if (operator) return this.session.isUndefined(inner) ? null : comparison(operator, of, this.builder.conditions.scalar(inner, at, rows.scope), words);
      switch (entry.key) {
        // `isNull: false` is no filter at all (1.0.0-rc.5).
        case 'isNull': case 'isNotNull': return inner.type === 'constant' ? (inner.value === true ? isNull(of, words, entry.key === 'isNotNull') : null) : choice([isNull(of, words, entry.key === 'isNotNull'), null], words);
        case 'in': case 'notIn': {
          const query = this.builder.subquery(inner, rows.scope), negated = entry.key === 'notIn';
          if (query) return { type: 'in', negated, left: of, list: null, query, range: words };
          return inList(of, inner.type === 'list' && inner.items.every((item) => item.type === 'item') ? inner.items.map((item) => this.builder.conditions.scalar(item.value, at, rows.scope)) : [parameter(words)], words, negated);
        }
        case 'AND': case 'OR': return this.listed(inner, at, entry.key, (one, oneNode) => this.columnFilter(of, one, oneNode, words, rows));
        case 'NOT': { const negated = this.columnFilter(of, inner, at, words, rows); return negated && not(negated, words); }
        default: return LOOKING.test(entry.key) ? operation([of, this.builder.conditions.scalar(inner, at, rows.scope)], words) : opaque(words);
      }
    });
  }

  /** `{ author: { deletedAt: { isNull: true } } }`, `{ posts: true }`: rows that have such a relative. */
  private related(entry: Keyed, relation: Related, value: Value, node: Node, rows: Rows): Expr | null {
    const range = entry.node.range as Range, inner = this.rows(relation.name, relation.facts, entry.keyNode.range as Range, 'relation-filter', rows.scope);
    if (relation.facts) this.builder.edits.place(inner.entry.ref, { type: 'filters', filters: node, facts: relation.facts });
    const filter = value.type === 'object' ? this.where(value, node, inner) : value.type === 'constant' || value.type === 'nothing' ? null : opaque(node.range as Range);
    const found = exists(select({ from: [inner.entry.ref], where: and([this.link(rows, inner, relation, range), this.own(relation, inner, range), filter], range), range }), range);
    return value.type === 'constant' && value.value === false ? not(found, range) : found;
  }

  // ------------------------------------------------------------------------------------------- with

  /** The relations that a query loads, joined one after the other. */
  private included(entries: readonly ObjectEntry[], parent: Rows, from: Relation): Relation {
    for (const entry of present(entries, 'with')) {
      const value = entry.value(), asked = this.session.entries(value);
      if (!asked) continue;
      for (const [key, ways] of byKey(asked)) from = this.include(key, ways, parent, from);
    }
    return from;
  }

  /** Who selects the tombstone of a relation by its name looks at it: `columns: { deletedAt: true }`. */
  private asksForTombstone(value: Value, facts: TableFacts | null): boolean {
    const config = facts && this.session.entries(value), columns = config && entryOf(config, 'columns'), chosen = columns && columns !== 'unknown' ? this.session.entries(columns.value()) : null;
    return chosen !== null && facts!.tombstones.length > 0 && facts!.tombstones.every((tombstone) => chosen.some((entry) => {
      if (entry.type !== 'entry' || entry.key === null || this.session.catalog.tombstone(facts!, entry.key) !== tombstone) return false;
      const shown = entry.value();
      return shown.type === 'constant' && shown.value === true;
    }));
  }

  private include(key: string, ways: readonly Keyed[], parent: Rows, from: Relation): Relation {
    const [first] = ways;
    // What a condition leaves out is loaded in the other case.
    const loaded = ways.flatMap((entry) => options(entry.value()).filter((value) => value.type !== 'nothing' && !(value.type === 'constant' && value.value === false)).map((value) => ({ value, entry })));
    const relation = first && loaded[0] ? this.relation(parent.entry, key, loaded[0].value, true) : null;
    if (!first || !relation) return from;
    const range = first.keyNode.range as Range, child = this.rows(relation.name, relation.facts, range, relation.many ? 'include-many' : 'include-one', parent.scope);
    const [asked] = loaded;
    if (relation.facts && loaded.length === 1 && asked?.entry.valueNode) this.builder.edits.place(child.entry.ref, { type: 'options', call: null, options: asked.entry.valueNode, key, one: !relation.many, facts: relation.facts });
    const filters = loaded.map(({ value, entry }) => {
      const config = this.session.entries(value);
      if (config) return this.whereOf(config, child, entry.node.range as Range);
      return value.type === 'constant' ? null : opaque((entry.valueNode ?? entry.node).range as Range);
    });
    const looked = loaded.some(({ value }) => this.asksForTombstone(value, relation.facts)) ? opaque(range) : null;
    const on = and([this.link(parent, child, relation, range), this.own(relation, child, range), choice(filters, range), looked], range);
    let joined: Relation = { type: 'join', kind: 'left', natural: false, left: from, right: child.entry.ref, on, using: null, opaque: false, range: rangeOfJoin(from, range) } satisfies Join;
    for (const { value } of loaded) {
      const config = this.session.entries(value);
      if (config) joined = this.included(config, child, joined);
    }
    return joined;
  }

  /** How the rows of a relation are found. Where the manifest does not know, it is something that no condition on the tombstone is. */
  private link(parent: Rows, child: Rows, { relation }: Related, range: Range): Expr {
    const pairs = relation?.on && relation.through === null ? Object.entries(relation.on) : [];
    if (pairs.length === 0) return operation([], range);
    return and(pairs.map(([own, other]) => comparison('=', column(child.entry.ref, other, range), column(parent.entry.ref, own, range), range)), range)!;
  }

  /** What the relation's own declaration filters. */
  private own({ live }: Related, { entry }: Rows, range: Range): Expr | null {
    return live && entry.facts ? rowsOf(live, entry.ref, entry.facts, range) : null;
  }

  /**
   * The relation behind a key of a model: what the manifest says of it, or, where it says nothing of the model's relations, the declared model that the key names in
   * singular or plural. Of a key that loads (`asked`) it is a relation in any case.
   */
  private relation({ facts, ref }: Entry, key: string, value: Value, asked = false): Related | null {
    const known = facts ? Object.entries(facts.relations) : [];
    const [, relation] = known.find(([name, { as }]) => name === key || as === key) ?? known.find(([name]) => fold(name) === fold(key)) ?? [];
    const guard = guardNamed(this.session, 'relation', key), live = guard ? guard.yields : relation?.live ? 'live' as const : null;
    if (relation) return { relation, name: relation.table, facts: this.session.catalog.table(relation.table), many: relation.many, live };
    if (!asked && (value.type !== 'object' || known.length > 0 || this.isColumnFilter(value))) return null;
    const model = known.length > 0 || ref === null ? null : this.modelNamed(key);
    if (!model && !asked) return null;
    const config = this.session.entries(value);
    const many = /[^s]s$/i.test(key) || (config !== null && ['where', 'limit', 'offset', 'orderBy'].some((option) => entryOf(config, option) !== null));
    return { relation: null, name: model?.name ?? key, facts: model, many, live };
  }

  private isColumnFilter(value: Value): boolean {
    const entries = this.session.entries(value);
    return entries === null || entries.every((entry) => entry.type === 'entry' && OPERATOR.test(entry.key));
  }

  private modelNamed(key: string): TableFacts | null {
    return [key, plural(key), singular(key)].map((name) => this.session.facts(name)).find((facts) => facts !== null) ?? null;
  }

  // ------------------------------------------------------------------------------------------- extras

  /** `extras: { posts: db.$count(posts, ..) }`, `extras: (users, { sql }) => ({ .. })`. */
  private extras(entries: readonly ObjectEntry[], rows: Rows): OutputColumn[] {
    return present(entries, 'extras').flatMap((entry) => {
      const node = entry.valueNode ?? entry.node, given = (): Value[] => [this.session.given(rows.entry.ref, node), this.session.given(OPERATORS, node)];
      const value = entry.value(), made = value.type === 'function' ? this.session.apply(value, given(), node) : value;
      return [...byKey((made && this.session.entries(made)) ?? [])].flatMap(([name, ways]) => ways.map((way): OutputColumn => {
        const at = way.valueNode ?? way.node, inner = way.value(), computed = inner.type === 'function' ? this.session.apply(inner, given(), at) : inner;
        return computed ? { type: 'expr', expr: this.builder.conditions.scalar(computed, at, rows.scope), name } : { type: 'opaque', range: at.range as Range };
      }));
    });
  }
}

interface Related {
  /** What the manifest says of it; null where only the key's name tells. */
  readonly relation: RelationFacts | null;
  readonly name: string;
  readonly facts: TableFacts | null;
  readonly many: boolean;
  readonly live: 'live' | 'dead' | null;
}

/** The entry of a key that counts, or those that may. */
function present(entries: readonly ObjectEntry[], key: string): readonly Keyed[] {
  const found = entryOf(entries, key);
  return found === null ? [] : found === 'unknown' ? entriesNamed(entries, key) : [found];
}

/** The entries by their keys; several where a condition decides which counts. */
function byKey(entries: readonly ObjectEntry[]): Map<string, Keyed[]> {
  const keys = new Map<string, Keyed[]>();
  for (const entry of entries) {
    if (entry.type === 'entry') keys.set(entry.key, [entry]);
    else if (entry.type === 'deleted') keys.delete(entry.key);
    else if (entry.type === 'fork') for (const option of entry.options) for (const [key, ways] of byKey(option)) keys.set(key, [...(keys.get(key) ?? []), ...ways]);
  }
  return keys;
}

function options(value: Value): readonly Value[] {
  return value.type === 'fork' ? value.options.flatMap(options) : [value];
}

function rangeFrom(node: Node, range: Range): Range {
  return [Math.min(node.range[0], range[0]), range[1]];
}

function rangeOfJoin(left: Relation, right: Range): Range {
  return [Math.min(left.range[0], right[0]), Math.max(left.range[1], right[1])];
}

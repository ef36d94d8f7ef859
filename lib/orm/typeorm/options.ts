/** Find options, as far as the file shows them. */
import type { Expr, Range } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Entry, Keyed } from '../../source/objects.js';
import { constantOf, type Env, type ListItem, type Value } from '../../source/values.js';
import { and, choice, opaque } from '../expressions.js';
import { guardAt, rowsOf } from '../guards.js';
import { listItems } from '../lists.js';
import type { Session } from '../session.js';
import { readCallback } from './builder.js';
import type { Graph, Place, WithDeleted } from './graph.js';
import type { Nulls } from './versions.js';
import { Conditions } from './where.js';

const OPTIONS = new Set(['where', 'relations', 'select', 'order', 'skip', 'take', 'withDeleted', 'cache', 'join', 'loadEagerRelations', 'loadRelationIds', 'relationLoadStrategy', 'lock', 'transaction', 'comment']);

/** What one way of a program hands over: options, conditions without options (0.2), nothing, or what cannot be seen. */
type Way =
  | { readonly type: 'options'; readonly entries: readonly Entry[]; readonly node: Node }
  | { readonly type: 'conditions'; readonly value: Value; readonly node: Node }
  | { readonly type: 'none' }
  /** A helper of the manifest, and the options or conditions that it is given. */
  | { readonly type: 'guarded'; readonly node: Node; readonly inner: FindOptions | null }
  | { readonly type: 'unknown'; readonly node: Node };

export class FindOptions {
  private readonly ways: readonly Way[];

  constructor(argument: { readonly node: Node; readonly env: Env | null } | null, private readonly session: Session) {
    this.ways = argument ? this.waysOf(session.value(argument.node, argument.env), argument.node) : [{ type: 'none' }];
  }

  private waysOf(value: Value, node: Node): readonly Way[] {
    switch (value.type) {
      case 'nothing': return [{ type: 'none' }];
      case 'fork': return value.options.flatMap((option) => this.waysOf(option, node));
      case 'object': {
        const entries = this.session.entries(value);
        if (!entries) return [{ type: 'unknown', node }];
        const keys = keysOf(entries);
        return [keys.length === 0 || keys.some((key) => OPTIONS.has(key)) ? { type: 'options', entries, node } : { type: 'conditions', value, node }];
      }
      case 'list': return [{ type: 'conditions', value, node }];
      default: return [this.guarded(value.type === 'unknown' ? value.node : node) ?? (listItems(this.session, value) ? { type: 'conditions', value, node } : { type: 'unknown', node })];
    }
  }

  /** `find(live({ where: { name } }))`, `find(withTrashed({ where }))`. */
  private guarded(node: Node): Way | null {
    const found = guardAt(this.session, node, 'where-wrapper', 'where-object', 'bypass'), [first] = found?.args ?? [];
    return found && { type: 'guarded', node, inner: first ? new FindOptions({ node: first, env: null }, this.session) : null };
  }

  /** Does the file show options, and not conditions or something else? */
  get isShaped(): boolean {
    return this.ways.some((way) => way.type === 'options' && keysOf(way.entries).some((key) => OPTIONS.has(key)));
  }

  get isVisible(): boolean {
    return this.ways.every((way) => way.type !== 'unknown');
  }

  withDeleted(): WithDeleted {
    const found = new Set(this.ways.flatMap((way): WithDeleted[] => (way.type === 'guarded' ? [guardAt(this.session, way.node, 'bypass') ? true : way.inner?.withDeleted() ?? false] : way.type !== 'options' ? [false] : this.alternatives(way.entries, 'withDeleted').map((one) => this.flag(one)))));
    return found.size === 1 ? [...found][0]! : null;
  }

  private flag(alternative: Keyed | 'unknown' | null): WithDeleted {
    if (alternative === null) return false;
    // What is spread in rarely switches the filter off.
    if (alternative === 'unknown') return false;
    const value = alternative.value(), constant = constantOf(value);
    return constant ? Boolean(constant.value) : null;
  }

  /** Joins the relations that are loaded. */
  include(graph: Graph): void {
    for (const way of this.ways) {
      if (way.type === 'guarded') way.inner?.include(graph);
      if (way.type !== 'options') continue;
      for (const one of this.alternatives(way.entries, 'join')) {
        if (one !== null && one !== 'unknown') this.includeJoined(one.value(), graph);
      }
      for (const one of this.alternatives(way.entries, 'relations')) {
        if (one !== null && one !== 'unknown') this.includeAll(one.value(), one.valueNode ?? one.node, graph.root, graph);
      }
    }
  }

  private includeAll(value: Value, node: Node, parent: Place, graph: Graph): void {
    switch (value.type) {
      case 'list': this.includeItems(value.items, node, graph); break;
      case 'fork': for (const option of value.options) this.includeAll(option, node, parent, graph); break;
      case 'object': {
        const include = (entries: readonly Entry[]): void => {
          for (const entry of entries) {
            if (entry.type === 'fork') entry.options.forEach(include);
            if (entry.type !== 'entry') continue;
            const nested = entry.value(), constant = constantOf(nested);
            if (constant && !constant.value) continue;
            const place = graph.include(parent, entry.key, entry.keyNode.range as Range);
            if (nested.type === 'object' || nested.type === 'fork') this.includeAll(nested, node, place, graph);
          }
        };
        include(this.session.entries(value) ?? []);
      }
    }
  }

  /** `join: { alias: 'post', leftJoinAndSelect: { author: 'post.author' } }` of 0.2: names of relations by path. */
  private includeJoined(value: Value, graph: Graph): void {
    const entries = this.session.entries(value) ?? [], places = new Map<string, Place>();
    for (const entry of entries) if (entry.type === 'entry' && entry.key === 'alias') places.set(this.session.string(entry.value()) ?? '', graph.root);
    for (const entry of entries) {
      if (entry.type !== 'entry' || !/^(?:left|inner)Join(?:AndSelect)?$/.test(entry.key)) continue;
      for (const join of this.session.entries(entry.value()) ?? []) {
        const [parent, property] = join.type === 'entry' ? (this.session.string(join.value()) ?? '').split('.') : [], place = parent === undefined ? undefined : places.get(parent);
        if (join.type === 'entry' && place && property) places.set(join.key, graph.include(place, property, (join.valueNode ?? join.node).range as Range));
      }
    }
  }

  private includeItems(items: readonly ListItem[], node: Node, graph: Graph): void {
    for (const item of items) {
      if (item.type === 'fork') for (const option of item.options) this.includeItems(option, node, graph);
      if (item.type !== 'item') continue;
      const path = this.session.string(item.value);
      if (path === null || !/^\w+(?:\.\w+)*$/.test(path)) continue;
      path.split('.').reduce<Place>((parent, property) => graph.include(parent, property, rangeOf(item.value) ?? (node.range as Range)), graph.root);
    }
  }

  /** The conditions; null for none. */
  where(graph: Graph, nulls: Nulls = 'ignored'): Expr | null {
    const conditions = new Conditions(this.session, graph, nulls, (fn, node, place) => readCallback(fn.node, fn.env, place, node, this.session));
    const alternatives = this.ways.flatMap((way): (Expr | null)[] => {
      switch (way.type) {
        case 'none': return [null];
        case 'unknown': return [opaque(way.node.range as Range)];
        case 'guarded': return [and([this.guardedRows(way.node, graph), way.inner?.where(graph, nulls) ?? null], way.node.range as Range)];
        case 'conditions': return [conditions.of(way.value, way.node, graph.root)];
        case 'options': return this.alternatives(way.entries, 'where').map((one) => one === null ? null : one === 'unknown' ? opaque(way.node.range as Range) : conditions.of(one.value(), one.valueNode ?? one.node, graph.root));
      }
    });
    return alternatives.length === 0 ? null : choice(alternatives, this.range);
  }

  private guardedRows(node: Node, { root }: Graph): Expr | null {
    const found = guardAt(this.session, node, 'where-wrapper', 'where-object'), range = node.range as Range;
    if (!found) return null;
    return found.guard.table === undefined || this.session.facts(found.guard.table) === root.facts ? rowsOf(found.guard.yields, root.ref, root.facts, range) : opaque(range);
  }

  private get range(): Range {
    const way = this.ways.find((one) => one.type !== 'none');
    return way && 'node' in way ? (way.node.range as Range) : [0, 0];
  }

  /** What may stand at a key: an entry, nothing, or something that cannot be seen. */
  private alternatives(entries: readonly Entry[], key: string): readonly (Keyed | 'unknown' | null)[] {
    let found: readonly (Keyed | 'unknown' | null)[] = [null];
    for (const entry of entries) {
      switch (entry.type) {
        case 'entry': if (entry.key === key) found = [entry]; break;
        case 'deleted': if (entry.key === key) found = [null]; break;
        case 'rest': found = ['unknown']; break;
        case 'fork': {
          const before = found;
          found = [...new Set(entry.options.flatMap((option) => (mentions(option, key) ? this.alternatives(option, key) : before)))].slice(0, 8);
        }
      }
    }
    return found;
  }
}

function mentions(entries: readonly Entry[], key: string): boolean {
  return entries.some((entry) => entry.type === 'rest' || ('key' in entry && entry.key === key) || (entry.type === 'fork' && entry.options.some((option) => mentions(option, key))));
}

function keysOf(entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) => (entry.type === 'entry' ? [entry.key] : entry.type === 'fork' ? entry.options.flatMap(keysOf) : []));
}

/** Where a text stands in the file; null where it is put together. */
function rangeOf(value: Value): Range | null {
  const run = value.type === 'text' && value.parts.length === 1 ? value.parts[0] : null;
  return run?.type === 'run' && run.leaf ? (run.leaf.range as Range) : null;
}

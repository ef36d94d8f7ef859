/** Objects of conditions (`{ deletedAt: null, ...filters }`), whatever their keys mean: which of several keys counts, and what cannot be seen. */
import type { Expr, Range } from '../model/query.js';
import type { Node } from '../source/ast.js';
import type { Entry, Keyed } from '../source/objects.js';
import { and, choice, opaque, operation } from './expressions.js';

/**
 * The conditions of an object's entries, joined by AND; null where there are none. Of equal keys the later one counts, what a condition of the
 * program decides becomes a choice, and what cannot be seen may add any condition and replace the ones in front of it.
 *
 * @param read the condition that a key and its value make; null for none
 * @param spread the condition of what is spread in and cannot be seen, where a helper of the manifest tells it; undefined where none does
 */
export function conditionsOf(entries: readonly Entry[], range: Range, read: (entry: Keyed) => Expr | null, spread: (node: Node) => Expr | null | undefined = () => undefined): Expr | null {
  const byKey = new Map<string, Expr | null>();
  collect(entries, byKey, range, read, spread);
  return and([...byKey.values()], range);
}

/**
 * The operators that an object has for one column (`{ contains: word, ...mode }`, `{ [operator]: value }`). What cannot be seen of them says
 * something of this column alone, and so nothing of whether a row is deleted, unless the column is the tombstone.
 */
export function operatorsOf(entries: readonly Entry[], of: Expr, isTombstone: boolean, range: Range, read: (entry: Keyed) => Expr | null): Expr | null {
  const seen = isTombstone ? entries : entries.flatMap(seenEntries);
  const operators = conditionsOf(seen, range, read);
  return seen === entries || seen.length === entries.length ? operators : and([operators, operation([of], range)], range);
}

function seenEntries(entry: Entry): readonly Entry[] {
  return entry.type === 'rest' ? [] : [entry.type === 'fork' ? { ...entry, options: entry.options.map((option) => option.flatMap(seenEntries)) } : entry];
}

function collect(entries: readonly Entry[], byKey: Map<string, Expr | null>, range: Range, read: (entry: Keyed) => Expr | null, spread: (node: Node) => Expr | null | undefined): void {
  for (const entry of entries) {
    switch (entry.type) {
      case 'entry': byKey.set(entry.key, read(entry)); break;
      case 'deleted': byKey.delete(entry.key); break;
      case 'rest': {
        const told = entry.node.type === 'SpreadElement' ? spread(entry.node.argument) : undefined;
        if (told !== undefined) { byKey.set(`...${entry.node.range[0]}`, told); break; }
        const unseen = opaque(entry.node.range);
        for (const [key, condition] of byKey) if (condition) byKey.set(key, choice([condition, unseen], condition.range));
        byKey.set(`...${byKey.size}`, unseen);
        break;
      }
      case 'fork': {
        const ways = entry.options.map((option) => { const way = new Map(byKey); collect(option, way, range, read, spread); return way; });
        for (const key of new Set(ways.flatMap((way) => [...way.keys()]))) byKey.set(key, choice(ways.map((way) => way.get(key) ?? null), range));
      }
    }
  }
}

/** The entry of a key that counts, `unknown` where that depends on what cannot be seen or on a condition, null where there is none. */
export function entryOf(entries: readonly Entry[], key: string): Keyed | 'unknown' | null {
  let found: Keyed | 'unknown' | null = null;
  for (const entry of entries) {
    if (entry.type === 'entry' && entry.key === key) found = entry;
    else if (entry.type === 'deleted' && entry.key === key) found = null;
    else if (entry.type === 'rest' || (entry.type === 'fork' && entry.options.some((option) => entryOf(option, key) !== null))) found = 'unknown';
  }
  return found;
}

/** Every entry of a key, those under conditions included, and whether others may hide it. */
export function entriesNamed(entries: readonly Entry[], key: string): Keyed[] {
  return entries.flatMap((entry) => (entry.type === 'entry' ? (entry.key === key ? [entry] : []) : entry.type === 'fork' ? entry.options.flatMap((option) => entriesNamed(option, key)) : []));
}

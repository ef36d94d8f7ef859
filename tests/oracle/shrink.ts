/** Takes a failing query apart until nothing can be left out without the failure going away. */
import { isNode, type Node, type Query } from './tree.js';

/** Kinds of nodes that can stand in each other's place. */
function sortOf({ k }: Node): 'query' | 'relation' | 'output' | 'expr' | 'other' {
  switch (k) {
    case 'select': case 'set': return 'query';
    case 'table': case 'cte': case 'derived': case 'join': case 'series': case 'values': return 'relation';
    case 'column-of': case 'star': return 'output';
    case 'with': case 'order': return 'other';
    default: return 'expr';
  }
}

type Path = readonly (string | number)[];

/**
 * Smaller trees that are as well formed as a tree of this kind can be told to be: a node replaced by a part of itself, an optional part
 * left out, an item of a list left out. Large cuts come first. Many mean nothing: whoever tries them has to find out.
 */
export function* smaller(query: Query): Generator<Query> {
  const paths: { path: Path; size: number }[] = [];
  const visit = (value: unknown, path: Path): void => {
    if (typeof value !== 'object' || value === null) return;
    paths.push({ path, size: JSON.stringify(value).length });
    for (const [key, part] of Object.entries(value)) visit(part, [...path, Array.isArray(value) ? Number(key) : key]);
  };
  visit(query, []);
  paths.sort((a, b) => b.size - a.size);
  for (const { path } of paths) {
    const value = at(query, path);
    if (Array.isArray(value)) for (let index = 0; index < value.length; index++) yield replaced(query, path, value.toSpliced(index, 1));
    if (!isNode(value)) continue;
    for (const part of partsOf(value, sortOf(value))) yield replaced(query, path, part);
    for (const [key, part] of Object.entries(value)) {
      // The order of a window is what makes its rows countable.
      if (key === 'k' || part === null || (value.k === 'window' && key === 'order')) continue;
      if (part === true) yield replaced(query, [...path, key], false);
      else if (typeof part === 'object' && OPTIONAL.has(key)) yield replaced(query, [...path, key], null);
      else if (OPTIONAL.has(key) && typeof part === 'number') yield replaced(query, [...path, key], null);
    }
    if (sortOf(value) === 'expr' && value.k !== 'literal' && value.k !== 'column') yield replaced(query, path, { k: 'literal', value: true });
  }
}

const OPTIONAL = new Set(['where', 'group', 'having', 'order', 'limit', 'offset', 'on', 'using', 'columns', 'filter', 'otherwise', 'operand', 'distinctOn', 'materialized']);

/** The nearest nodes of the same kind below a node. */
function partsOf(node: object, sort: string): Node[] {
  const found: Node[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isNode(value) && sortOf(value) === sort) found.push(value);
    else Object.values(value).forEach(visit);
  };
  Object.values(node).forEach(visit);
  return found;
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((part, key) => (part as Record<string | number, unknown>)[key], value);
}

function replaced(query: Query, path: Path, by: unknown): Query {
  const copy = structuredClone(query);
  if (path.length === 0) return structuredClone(by) as Query;
  (at(copy, path.slice(0, -1)) as Record<string | number, unknown>)[path.at(-1)!] = structuredClone(by);
  return copy;
}

/**
 * The smallest query found that still fails.
 * @param fails Does a query still fail in the way that matters? May be asked about nonsense.
 * @param attempts How many queries to try at most.
 */
export async function shrink(query: Query, fails: (candidate: Query) => Promise<boolean>, attempts = 1500): Promise<Query> {
  let current = query, left = attempts;
  for (let found = true; found;) {
    found = false;
    for (const candidate of smaller(current)) {
      if (left-- <= 0) return current;
      if (!await fails(candidate)) continue;
      current = candidate;
      found = true;
      break;
    }
  }
  return current;
}

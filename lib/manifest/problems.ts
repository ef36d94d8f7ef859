/** Mistakes in a manifest or in the settings, each in one sentence. */
import { nearest } from './names.js';

/** A mistake. */
export interface Problem {
  /** The keys that lead to it; empty for the value as a whole. */
  readonly path: readonly (string | number)[];
  /** The path as a person writes it: `tables.users.tombstone.column`, `tables["public.users"]`, `guards[0]`. */
  readonly place: string;
  /** One sentence that starts with the place. */
  readonly message: string;
  /** `error`: the value cannot be used as it is written. `warning`: it can, but probably not as it was meant. */
  readonly severity: 'error' | 'warning';
}

export type Path = Problem['path'];

/** A path as a person writes it. */
export function placeOf(path: Path): string {
  return path.map((key, i) => typeof key === 'number' ? `[${key}]` : /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `${i ? '.' : ''}${key}` : `[${JSON.stringify(key)}]`).join('');
}

/** A problem whose sentence is its place followed by `says`. */
export function problem(path: Path, says: string, severity: Problem['severity'] = 'error'): Problem {
  const place = placeOf(path);
  return { path, place, message: `${place || 'The manifest'} ${says}${says.endsWith('?') ? '' : '.'}`, severity };
}

/** The end of a sentence about a misspelled word: `; did you mean "users"?`, or nothing where no candidate is near. */
export function didYouMean(word: string, candidates: readonly string[], comparable?: (name: string) => string): string {
  const meant = nearest(word, candidates, comparable);
  return meant === null ? '' : `; did you mean ${JSON.stringify(meant)}?`;
}

/** A value as a sentence shows it, short. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? 'an empty object' : 'an object';
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  return String(value);
}

/** `"a", "b" or "c"`. */
export function anyOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** One problem a place, an error before a warning, in the order in which the places stand in the value. */
export function inOrder(problems: readonly Problem[], value: unknown): Problem[] {
  const first = new Map<string, Problem>();
  for (const found of problems) {
    const known = first.get(found.place);
    if (!known || (known.severity === 'warning' && found.severity === 'error')) first.set(found.place, found);
  }
  const rankOf = ranking(value);
  return [...first.values()].map((found) => ({ found, rank: rankOf(found.path) })).sort((a, b) => compare(a.rank, b.rank)).map(({ found }) => found);
}

/** For each key of a path its position among its siblings; what is missing comes before what is there. */
function ranking(value: unknown): (path: Path) => number[] {
  const positions = new Map<object, ReadonlyMap<string, number>>();
  const positionsIn = (container: object): ReadonlyMap<string, number> => {
    const known = positions.get(container) ?? new Map(Object.keys(container).map((key, i) => [key, i]));
    positions.set(container, known);
    return known;
  };
  return (path) => {
    let at = value;
    return path.map((key) => {
      const rank = typeof at === 'object' && at !== null ? positionsIn(at).get(String(key)) ?? -1 : -1;
      at = rank < 0 ? undefined : (at as Record<string, unknown>)[key];
      return rank;
    });
  };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

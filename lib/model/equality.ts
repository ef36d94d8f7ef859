/** Equality of keys: what the columns of a reference are compared with, and which reference a value comes from. */
import { fold, type Catalog } from '../manifest/catalog.js';
import type { Conditions } from './conditions.js';
import type { Expr, Query } from './query.js';
import { armsOf, forEachExpr, isRenamed, outputOf, sourceOf, type Block, type Scopes, type Source } from './scope.js';
import type { Passage } from './truth.js';

/** `users.id`, as the origin of a value. */
export interface Origin {
  readonly source: Source;
  readonly column: string;
  /** The relations that the value came through, from the outermost to `source`. */
  readonly via: readonly Source[];
}

/** What a key column equals. */
export interface KeyMatch {
  readonly kind: 'value' | 'column' | 'query';
  /** `column`: the source of the other side, in the same block or an outer one. */
  readonly other: Source | null;
  /** `column`: the other side itself. */
  readonly value: Expr | null;
  readonly query: Query | null;
  /** `query`: which of its columns. */
  readonly position: number;
  readonly at: Expr;
  /** Where the names of `at` and `value` mean something. */
  readonly block: Block;
}

/** Where a row stands tells it from all others while a statement runs: PostgreSQL 5.6 "System Columns", SQLite "ROWIDs and the INTEGER PRIMARY KEY". */
export const PHYSICAL_KEYS: readonly (readonly string[])[] = [['ctid'], ['rowid']];

export interface Keys {
  /** For each key column of the reference: what it is compared with by equality. Null unless the whole key is. */
  keyedBy(source: Source, key: readonly string[]): readonly KeyMatch[] | null;
  /** The references that an expression's value comes from, unchanged; null where it is computed or cannot be told. */
  trace(expr: Expr, block: Block): readonly Origin[] | null;
  /**
   * Does the block of `source` say that the row of `subject`, as far as it has travelled, is by its key a row of another reference to the same table,
   * of each of which `holds` is true? `by`: the keys that tell; default: the primary key, and where the row stands.
   */
  isSameAs(subject: Source, source: Source, at: Passage | null, holds: (other: Source) => boolean, by?: readonly (readonly string[])[]): boolean;
}

export function createKeys(scopes: Scopes, catalog: Catalog, { spine }: Conditions): Keys {
  const ids = new Map<object, number>();
  const idOf = (thing: object): number => ids.get(thing) ?? (ids.set(thing, ids.size), ids.size - 1);

  function isSameAs(subject: Source, source: Source, at: Passage | null, holds: (other: Source) => boolean, by?: readonly (readonly string[])[]): boolean {
    if (subject.target.kind !== 'table') return false;
    const { facts } = subject.target;
    return (by ?? [facts.key, ...PHYSICAL_KEYS]).some((key) => isSameBy(key, subject, source, at, holds));
  }

  function isSameBy(key: readonly string[], subject: Source, source: Source, at: Passage | null, holds: (other: Source) => boolean): boolean {
    if (subject.target.kind !== 'table') return false;
    const { facts } = subject.target;
    const isOfTable = ({ source: other, column }: Origin, wanted: string): boolean => other !== subject && other.target.kind === 'table'
      && other.target.facts.name === facts.name && other.target.facts.schema === facts.schema && fold(column) === fold(wanted);
    const [first = [], ...others] = key.map((column) => {
      const isKey = (expr: Expr): boolean => isSubjectColumn(expr, source.block, subject, column, at);
      return spine(source).flatMap(({ expr, block }) => matchOf(expr, isKey, block)).map((match) => originsOf(match) ?? [])
        .filter((origins) => origins.length > 0 && origins.every((origin) => isOfTable(origin, column)));
    });
    return first.some((origins) => others.every((candidates) => candidates.some((candidate) => sameRows(origins, candidate))) && origins.every((origin) => holds(origin.source)));
  }

  /** Is an expression the column of the subject's row, handed on unchanged through the relations that the row came through? */
  function isSubjectColumn(expr: Expr, block: Block, subject: Source, column: string, at: Passage | null): boolean {
    if (expr.type !== 'column') return false;
    if (at === null) return isColumnOf(expr, subject, column);
    return sourceOf(expr, block, catalog) === at.source && isHandedOn(at.source, expr.name, subject, column, at);
  }

  function isHandedOn(source: Source, name: string, subject: Source, column: string, at: Passage | null): boolean {
    if (at === null) return source === subject && fold(name) === fold(column) && !isRenamed(source, column);
    const { target, leaf } = source;
    if (source !== at.source || (target.kind !== 'query' && target.kind !== 'cte')) return false;
    const columns = 'columns' in leaf && leaf.columns ? leaf.columns : target.kind === 'cte' ? target.cte.columns : null;
    const output = outputOf(target.node, at.arm, name, columns, catalog);
    if (output.kind === 'expr') return isSubjectColumn(output.expr, output.block, subject, column, at.from);
    return output.kind === 'source' && isHandedOn(output.source, output.name, subject, column, at.from);
  }

  /** Do the columns of a key come from the same row, and not only from the same table or CTE? */
  function sameRows(a: readonly Origin[], b: readonly Origin[]): boolean {
    return a.length === b.length && a.every(({ via }, index) => via.length === b[index]!.via.length && via.every((source, step) => source === b[index]!.via[step]));
  }

  function originsOf(match: KeyMatch): readonly Origin[] | null {
    // NULL is not distinct from NULL: such a match may mean two absent rows.
    if (match.at.type === 'comparison' && match.at.operator !== '=') return null;
    if (match.kind === 'query') return match.query && traceQuery(match.query, match.position);
    return match.value && trace(match.value, match.block);
  }

  function isColumnOf(expr: Expr, source: Source, column: string): boolean {
    return expr.type === 'column' && fold(expr.name) === fold(column) && sourceOf(expr, source.block, catalog) === source && !isRenamed(source, column);
  }

  function keyedBy(source: Source, key: readonly string[]): readonly KeyMatch[] | null {
    if (key.length === 0) return null;
    const matches: KeyMatch[] = [];
    for (const column of key) {
      const candidates = matchesOf(source, column);
      const best = candidates.find((match) => match.kind === 'value') ?? candidates.find((match) => match.kind === 'query') ?? candidates[0];
      if (!best) return null;
      matches.push(best);
    }
    return matches;
  }

  /** Everything that a column of the reference has to equal. */
  function matchesOf(source: Source, column: string): readonly KeyMatch[] {
    return spine(source).flatMap(({ expr, block }) => matchOf(expr, (side) => isColumnOf(side, source, column), block));
  }

  function matchOf(expr: Expr, isKey: (expr: Expr) => boolean, block: Block): KeyMatch[] {
    if (expr.type === 'comparison' && (expr.operator === '=' || expr.operator === 'is-not-distinct')) {
      for (const [side, other] of [[expr.left, expr.right], [expr.right, expr.left]] as const) {
        if (isKey(side)) return [equalTo(other, 0, expr, block)];
        if (side.type !== 'row') continue;
        const position = side.items.findIndex(isKey);
        if (position >= 0 && other.type === 'row' && other.items[position]) return [equalTo(other.items[position], 0, expr, block)];
        if (position >= 0 && other.type === 'subquery') return [equalTo(other, position, expr, block)];
      }
    }
    const listed = (expr.type === 'in' && !expr.negated) || (expr.type === 'quantified' && expr.quantifier === 'any' && expr.operator === '=') ? expr : null;
    if (!listed) return [];
    const position = listed.left.type === 'row' ? listed.left.items.findIndex(isKey) : isKey(listed.left) ? 0 : -1;
    if (position < 0) return [];
    return [{ kind: listed.query ? 'query' : 'value', other: null, value: null, query: listed.query, position, at: expr, block }];
  }

  function equalTo(other: Expr, position: number, at: Expr, block: Block): KeyMatch {
    if (other.type === 'subquery') return { kind: 'query', other: null, value: null, query: other.query, position, at, block };
    let owner: Source | null = null;
    forEachExpr(other, (inner) => { if (inner.type === 'column') owner ??= sourceOf(inner, block, catalog) ?? null; });
    // `id = p_id` over one table alone: a variable of the routine, more likely than another column of the same row.
    const variable = other.type === 'column' && other.qualifier === null && owner !== null && owner === block.sources[0] && block.sources.length === 1;
    const named = !variable && (other.type === 'column' || owner !== null);
    return { kind: named ? 'column' : 'value', other: owner, value: named ? other : null, query: null, position: 0, at, block };
  }

  function trace(expr: Expr, block: Block, visited: ReadonlySet<string> = new Set()): readonly Origin[] | null {
    if (expr.type !== 'column') return null;
    const source = sourceOf(expr, block, catalog);
    return source ? traceColumn(source, expr.name, visited) : null;
  }

  function traceColumn(source: Source, name: string, visited: ReadonlySet<string>): readonly Origin[] | null {
    const { target } = source;
    if (target.kind === 'table') return isRenamed(source, name) ? null : [{ source, column: name, via: [source] }];
    if (target.kind !== 'query' && target.kind !== 'cte') return null;
    const key = `${idOf(source)}.${fold(name)}`;
    // A recursive CTE that hands the column on to itself adds no origin.
    if (visited.has(key)) return [];
    const inner = new Set(visited).add(key);
    const columns = 'columns' in source.leaf && source.leaf.columns ? source.leaf.columns : target.kind === 'cte' ? target.cte.columns : null;
    const origins: Origin[] = [];
    for (const arm of armsOf(target.node)) {
      const output = outputOf(target.node, arm, name, columns, catalog);
      const found = output.kind === 'expr' ? trace(output.expr, output.block, inner) : output.kind === 'source' ? traceColumn(output.source, output.name, inner) : null;
      if (!found) return null;
      origins.push(...found.map((origin) => ({ ...origin, via: [source, ...origin.via] })));
    }
    return origins;
  }

  function traceQuery(query: Query, position: number): readonly Origin[] | null {
    const node = scopes.nodes.find((candidate) => candidate.query === query);
    if (!node || position < 0) return null;
    const origins: Origin[] = [];
    for (const arm of armsOf(node)) {
      const column = arm.block?.output[position];
      const found = arm.block && column?.type === 'expr' ? trace(column.expr, arm.block) : null;
      if (!found) return null;
      origins.push(...found);
    }
    return origins;
  }

  return { keyedBy, trace: (expr, block) => trace(expr, block), isSameAs };
}

/**
 * The trees that the oracle's queries are made of: plain data, so that a failing query can be taken apart.
 * Every node says in `k` what it is. One tree is printed for several engines (print.ts).
 */
export type Dialect = 'postgresql' | 'mysql' | 'sqlite';
export type Type = 'int' | 'text' | 'bool' | 'time';
export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Expr =
  | { k: 'literal'; value: string | number | boolean | null }
  /** A bound value: the text that is read has a placeholder, the text that is run has the value. */
  | { k: 'parameter'; value: string | number | boolean }
  /** A moment so many days after now. */
  | { k: 'now'; days: number }
  | { k: 'column'; of: string | null; name: string }
  | { k: 'and' | 'or'; args: Expr[] }
  | { k: 'not'; arg: Expr }
  | { k: 'compare'; op: Comparison; left: Expr; right: Expr }
  | { k: 'is'; what: 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN'; negated: boolean; arg: Expr }
  /** `x ISNULL`, `x NOTNULL`; MySQL: `ISNULL(x)`. */
  | { k: 'isnull'; negated: boolean; arg: Expr }
  /** IS NOT DISTINCT FROM; SQLite: IS; MySQL: <=>. */
  | { k: 'same'; negated: boolean; left: Expr; right: Expr }
  | { k: 'between'; negated: boolean; arg: Expr; low: Expr; high: Expr }
  | { k: 'in'; negated: boolean; left: Expr; list: Expr[] | null; query: Query | null }
  | { k: 'quantified'; op: Comparison; all: boolean; left: Expr; query: Query }
  | { k: 'exists'; query: Query }
  | { k: 'scalar'; query: Query }
  | { k: 'case'; operand: Expr | null; branches: { when: Expr; then: Expr }[]; otherwise: Expr | null }
  /** IF(..) in MySQL, IIF(..) in SQLite, CASE in PostgreSQL. */
  | { k: 'if'; condition: Expr; then: Expr; otherwise: Expr }
  /** `short`: IFNULL where the dialect has it. */
  | { k: 'coalesce'; short: boolean; args: Expr[] }
  | { k: 'row'; keyword: boolean; items: Expr[] }
  | { k: 'aggregate'; name: string; arg: Expr | null; distinct: boolean; filter: Expr | null }
  | { k: 'window'; name: string; arg: Expr | null; partition: Expr[]; order: Expr[] }
  | { k: 'call'; name: string; args: Expr[] }
  | { k: 'arithmetic'; op: '+' | '-' | '*' | 'LIKE'; left: Expr; right: Expr }
  /** A number as a condition: `NOT removed`; PostgreSQL: `removed <> 0`. */
  | { k: 'flag'; arg: Expr }
  /** The same meaning in the words of each dialect. */
  | { k: 'dialect'; postgresql: Expr; mysql: Expr; sqlite: Expr };

export type Relation =
  /** `id` tells the references of one query apart. */
  | { k: 'table'; id: number; name: string; alias: string | null; columns: string[] | null }
  | { k: 'cte'; name: string; alias: string | null }
  | { k: 'derived'; query: Query; alias: string; columns: string[] | null; lateral: boolean }
  | { k: 'join'; kind: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS'; natural: boolean; left: Relation; right: Relation; on: Expr | null; using: string[] | null }
  | { k: 'series'; alias: string; column: string; to: number }
  | { k: 'values'; alias: string; columns: string[]; rows: Expr[][] };

export type Output =
  | { k: 'column-of'; expr: Expr; name: string | null }
  /** `width`: how many columns the star stands for. */
  | { k: 'star'; of: string | null; width: number };

export interface Cte {
  k: 'with';
  name: string;
  columns: string[] | null;
  query: Query;
  materialized: boolean | null;
}

/** Ordered by these, then by every output column, so that equal inputs give equal outputs. */
export interface Order {
  k: 'order';
  keys: { expr: Expr; descending: boolean }[];
}

export type Query = Select | SetOperation;

export interface Select {
  k: 'select';
  ctes: Cte[];
  recursive: boolean;
  distinct: boolean;
  distinctOn: Expr[] | null;
  output: Output[];
  from: Relation[];
  where: Expr | null;
  group: Expr[] | null;
  /** How `group` is taken: each row in one group, or in several. `sets`: each key for itself, and all rows. */
  grouping: 'plain' | 'rollup' | 'cube' | 'sets';
  having: Expr | null;
  order: Order | null;
  limit: number | null;
  offset: number | null;
}

export interface SetOperation {
  k: 'set';
  ctes: Cte[];
  recursive: boolean;
  op: 'UNION' | 'INTERSECT' | 'EXCEPT';
  all: boolean;
  left: Query;
  right: Query;
  order: Order | null;
  limit: number | null;
}

export type Node = Expr | Relation | Output | Cte | Order | Query;

/** Is the value a node of a tree? */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'k' in value;
}

/** Calls back for every node of a tree, parents first. */
export function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) for (const item of node) walk(item, visit);
  else if (typeof node === 'object' && node !== null) {
    if (isNode(node)) visit(node);
    for (const value of Object.values(node)) walk(value, visit);
  }
}

// ------------------------------------------------------------------------------------------------ builders

export const lit = (value: string | number | boolean | null): Expr => ({ k: 'literal', value });
export const now = (days = 0): Expr => ({ k: 'now', days });
export const col = (of: string | null, name: string): Expr => ({ k: 'column', of, name });
export const and = (...args: Expr[]): Expr => args.length === 1 ? args[0]! : { k: 'and', args };
export const or = (...args: Expr[]): Expr => args.length === 1 ? args[0]! : { k: 'or', args };
export const not = (arg: Expr): Expr => ({ k: 'not', arg });
export const compare = (left: Expr, op: Comparison, right: Expr): Expr => ({ k: 'compare', op, left, right });
export const isNull = (arg: Expr, negated = false): Expr => ({ k: 'is', what: 'NULL', negated, arg });
export const is = (arg: Expr, what: 'TRUE' | 'FALSE' | 'UNKNOWN', negated = false): Expr => ({ k: 'is', what, negated, arg });
export const same = (left: Expr, right: Expr, negated = false): Expr => ({ k: 'same', negated, left, right });
export const coalesce = (...args: Expr[]): Expr => ({ k: 'coalesce', short: false, args });
export const choose = (when: Expr, then: Expr, otherwise: Expr | null): Expr => ({ k: 'case', operand: null, branches: [{ when, then }], otherwise });
export const inList = (left: Expr, list: Expr[], negated = false): Expr => ({ k: 'in', negated, left, list, query: null });

/** A SELECT with nothing in it but its output. */
export function select(parts: Partial<Omit<Select, 'k'>>): Select {
  return {
    k: 'select', ctes: [], recursive: false, distinct: false, distinctOn: null, output: [], from: [], where: null, group: null, grouping: 'plain', having: null, order: null, limit: null, offset: null,
    ...parts,
  };
}

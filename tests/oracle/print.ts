/** Prints a tree as SQL: for the front end to read, or for an engine to run. */
import { Random } from './random.js';
import type { Dialect, Expr, Output, Query, Relation, Select, SetOperation } from './tree.js';

export interface PrintOptions {
  readonly dialect: Dialect;
  /** `read`: bound values are placeholders. `run`: they are literals. */
  readonly purpose: 'read' | 'run';
  /** Picks among spellings that mean the same (quotes, capitals, optional words, needless parentheses); null: the plainest. */
  readonly style: number | null;
  /** What to read instead of the table of a reference: a suffix of its name, or ''. */
  readonly suffix?: (id: number) => string;
}

/** A query as text, and where its references to tables stand (half-open offsets by `id`). */
export interface Printed {
  readonly text: string;
  readonly references: ReadonlyMap<number, readonly [start: number, end: number]>;
}

/** Prints a query. Throws on a tree that has no text (an empty list of outputs). */
export function print(query: Query, options: PrintOptions): Printed {
  return withoutMarks(new Printer(options).query(query));
}

/** References are marked while printing, as their offsets are known only at the end. */
const OPEN = '\u0001', SEPARATOR = '\u0002', CLOSE = '\u0003';

function withoutMarks(marked: string): Printed {
  const references = new Map<number, readonly [number, number]>();
  let text = '';
  for (let at = 0; at < marked.length;) {
    const open = marked.indexOf(OPEN, at);
    if (open < 0) {
      text += marked.slice(at);
      break;
    }
    text += marked.slice(at, open);
    const separator = marked.indexOf(SEPARATOR, open), close = marked.indexOf(CLOSE, separator);
    const words = marked.slice(separator + 1, close);
    references.set(Number(marked.slice(open + 1, separator)), [text.length, text.length + words.length]);
    text += words;
    at = close + 1;
  }
  return { text, references };
}

/** How tightly the outermost operator of a text binds. */
const OR = 1, AND = 2, NOT = 3, PREDICATE = 4, SUM = 6, PRODUCT = 7, PRIMARY = 9;

class Printer {
  readonly #dialect: Dialect;
  readonly #read: boolean;
  readonly #random: Random | null;
  readonly #suffix: (id: number) => string;
  readonly #names: 'plain' | 'quoted' | 'upper';
  #parameters = 0;

  constructor({ dialect, purpose, style, suffix }: PrintOptions) {
    this.#dialect = dialect;
    this.#read = purpose === 'read';
    this.#random = style === null ? null : new Random(style);
    this.#suffix = suffix ?? (() => '');
    this.#names = this.#random?.weighted([[6, () => 'plain' as const], [1, () => 'quoted' as const], [1, () => 'upper' as const]]) ?? 'plain';
  }

  #sometimes(probability: number): boolean {
    return this.#random?.chance(probability) ?? false;
  }

  #name(name: string): string {
    if (this.#names === 'quoted') return this.#dialect === 'mysql' ? `\`${name}\`` : `"${name}"`;
    return this.#names === 'upper' ? name.toUpperCase() : name;
  }

  #list(items: readonly Expr[]): string {
    if (items.length === 0) throw new Error('empty list');
    return items.map((item) => this.#expr(item)).join(', ');
  }

  // ------------------------------------------------------------------------------------------- expressions

  #expr(expr: Expr, atLeast = 0): string {
    const [text, level] = this.#render(expr);
    return level < atLeast || (level < PRIMARY && this.#sometimes(0.06)) ? `(${text})` : text;
  }

  #render(expr: Expr): readonly [text: string, level: number] {
    const { k } = expr;
    switch (k) {
      case 'literal': return [literal(expr.value), PRIMARY];
      case 'parameter': return [this.#read ? this.#dialect === 'postgresql' ? `$${++this.#parameters}` : '?' : literal(expr.value), PRIMARY];
      case 'now': return [this.#now(expr.days), expr.days === 0 || this.#dialect === 'sqlite' ? PRIMARY : SUM];
      case 'column': return [(expr.of === null ? '' : `${this.#name(expr.of)}.`) + this.#name(expr.name), PRIMARY];
      case 'and': case 'or': {
        if (expr.args.length === 1) return this.#render(expr.args[0]!);
        const level = k === 'and' ? AND : OR;
        if (expr.args.length === 0) throw new Error('empty condition');
        return [expr.args.map((arg) => this.#expr(arg, level + 1)).join(k === 'and' ? ' AND ' : ' OR '), level];
      }
      case 'not': return [`NOT ${this.#expr(expr.arg, PREDICATE)}`, NOT];
      case 'compare': return [`${this.#expr(expr.left, SUM)} ${expr.op === '<>' && this.#sometimes(0.3) ? '!=' : expr.op} ${this.#expr(expr.right, SUM)}`, PREDICATE];
      case 'is': {
        const what = expr.what === 'UNKNOWN' && this.#dialect === 'sqlite' ? 'NULL' : expr.what;
        return [`${this.#expr(expr.arg, SUM)} IS ${expr.negated ? 'NOT ' : ''}${what}`, PREDICATE];
      }
      case 'isnull': {
        if (this.#dialect === 'mysql') return [`${expr.negated ? 'NOT ' : ''}ISNULL(${this.#expr(expr.arg)})`, expr.negated ? NOT : PRIMARY];
        return [`${this.#expr(expr.arg, SUM)} ${expr.negated ? 'NOTNULL' : 'ISNULL'}`, PREDICATE];
      }
      case 'same': return this.#same(expr);
      case 'between': return [`${this.#expr(expr.arg, SUM)} ${expr.negated ? 'NOT ' : ''}BETWEEN ${this.#expr(expr.low, SUM)} AND ${this.#expr(expr.high, SUM)}`, PREDICATE];
      case 'in': return [`${this.#expr(expr.left, SUM)} ${expr.negated ? 'NOT ' : ''}IN (${expr.query ? this.query(expr.query) : this.#list(expr.list!)})`, PREDICATE];
      case 'quantified': return [`${this.#expr(expr.left, SUM)} ${expr.op} ${expr.all ? 'ALL' : this.#sometimes(0.3) ? 'SOME' : 'ANY'} (${this.query(expr.query)})`, PREDICATE];
      case 'exists': return [`EXISTS (${this.query(expr.query)})`, PRIMARY];
      case 'scalar': return [`(${this.query(expr.query)})`, PRIMARY];
      case 'case': {
        const branches = expr.branches.map(({ when, then }) => ` WHEN ${this.#expr(when)} THEN ${this.#expr(then)}`).join('');
        if (branches === '') throw new Error('empty case');
        return [`CASE${expr.operand ? ` ${this.#expr(expr.operand)}` : ''}${branches}${expr.otherwise ? ` ELSE ${this.#expr(expr.otherwise)}` : ''} END`, PRIMARY];
      }
      case 'if': {
        const { condition, then, otherwise } = expr;
        if (this.#dialect === 'postgresql') return this.#render({ k: 'case', operand: null, branches: [{ when: condition, then }], otherwise });
        return [`${this.#dialect === 'mysql' ? 'IF' : 'IIF'}(${this.#list([condition, then, otherwise])})`, PRIMARY];
      }
      case 'coalesce': return [`${expr.short && expr.args.length === 2 && this.#dialect !== 'postgresql' ? 'IFNULL' : 'COALESCE'}(${this.#list(expr.args)})`, PRIMARY];
      case 'row': return [`${expr.keyword && this.#dialect !== 'sqlite' ? 'ROW' : ''}(${this.#list(expr.items)})`, PRIMARY];
      case 'aggregate': return [this.#aggregate(expr), PRIMARY];
      case 'window': {
        const over = [expr.partition.length > 0 ? `PARTITION BY ${this.#list(expr.partition)}` : '', expr.order.length > 0 ? `ORDER BY ${this.#list(expr.order)}` : ''].filter((part) => part !== '').join(' ');
        const args = expr.arg ? this.#expr(expr.arg) : expr.name === 'count' ? '*' : '';
        return [`${expr.name}(${args}) OVER (${over})`, PRIMARY];
      }
      case 'call': return [`${expr.name}(${this.#list(expr.args)})`, PRIMARY];
      case 'arithmetic': {
        const [left, right] = [expr.left, expr.right].map((side) => this.#expr(side, PRIMARY)) as [string, string];
        return [`${left} ${expr.op} ${right}`, expr.op === '*' ? PRODUCT : expr.op === 'LIKE' ? PREDICATE : SUM];
      }
      case 'flag': return this.#dialect === 'postgresql' ? [`${this.#expr(expr.arg, SUM)} <> 0`, PREDICATE] : this.#render(expr.arg);
      case 'dialect': return this.#render(expr[this.#dialect]);
    }
  }

  #now(days: number): string {
    if (this.#dialect === 'sqlite') return days === 0 ? this.#sometimes(0.5) ? 'CURRENT_TIMESTAMP' : `datetime('now')` : `datetime('now', '${days > 0 ? '+' : ''}${days} days')`;
    const now = this.#sometimes(0.3) ? 'CURRENT_TIMESTAMP' : this.#dialect === 'mysql' ? 'NOW()' : 'now()';
    if (days === 0) return now;
    return `${now} ${days > 0 ? '+' : '-'} ${this.#dialect === 'mysql' ? `INTERVAL ${Math.abs(days)} DAY` : `interval '${Math.abs(days)} days'`}`;
  }

  #same({ left, right, negated }: Extract<Expr, { k: 'same' }>): readonly [string, number] {
    const [a, b] = [this.#expr(left, SUM), this.#expr(right, SUM)];
    if (this.#dialect === 'mysql') return negated ? [`NOT (${a} <=> ${b})`, NOT] : [`${a} <=> ${b}`, PREDICATE];
    if (this.#dialect === 'sqlite' && !this.#sometimes(0.3)) return [`${a} IS ${negated ? 'NOT ' : ''}${b}`, PREDICATE];
    return [`${a} IS ${negated ? '' : 'NOT '}DISTINCT FROM ${b}`, PREDICATE];
  }

  #aggregate({ name, arg, distinct, filter }: Extract<Expr, { k: 'aggregate' }>): string {
    const value = arg ? this.#expr(arg) : '*';
    // A constant in ORDER BY is not the same to PostgreSQL as the constant that is aggregated.
    const inner = distinct && arg?.k === 'column' ? `DISTINCT ${value}` : value;
    const condition = filter ? ` FILTER (WHERE ${this.#expr(filter)})` : '';
    if (name === 'string_agg') {
      if (this.#dialect === 'mysql') return `GROUP_CONCAT(${inner} ORDER BY ${value} SEPARATOR ',')`;
      return `${this.#dialect === 'sqlite' ? 'group_concat' : 'string_agg'}(${this.#dialect === 'sqlite' ? value : inner}, ',' ORDER BY ${value})${condition}`;
    }
    if (name === 'array_agg' || name === 'json_agg') return `${name}(${inner} ORDER BY ${value})${condition}`;
    return `${name}(${inner})${condition}`;
  }

  // ----------------------------------------------------------------------------------------------- queries

  query(query: Query): string {
    const ctes = query.ctes.map(({ name, columns, query: body, materialized }) => {
      const hint = materialized === null || this.#dialect === 'mysql' ? '' : materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED ';
      return `${this.#name(name)}${this.#columns(columns)} AS ${hint}(${this.query(body)})`;
    });
    const body = query.k === 'select' ? this.#select(query) : this.#setOperation(query);
    return ctes.length > 0 ? `WITH ${query.recursive ? 'RECURSIVE ' : ''}${ctes.join(', ')} ${body}` : body;
  }

  #columns(columns: readonly string[] | null): string {
    return columns ? ` (${columns.map((name) => this.#name(name)).join(', ')})` : '';
  }

  #select(query: Select): string {
    const words = ['SELECT'];
    if (query.distinctOn) words.push(`DISTINCT ON (${this.#list(query.distinctOn)})`);
    else if (query.distinct) words.push('DISTINCT');
    if (query.output.length === 0) throw new Error('no output');
    words.push(query.output.map((output) => this.#output(output)).join(', '));
    if (query.from.length > 0) words.push('FROM', query.from.map((relation) => this.#relation(relation)).join(', '));
    if (query.where) words.push('WHERE', this.#expr(query.where));
    if (query.group) words.push('GROUP BY', query.group.length > 0 ? this.#groups(query.group, query.grouping) : '()');
    if (query.having) words.push('HAVING', this.#expr(query.having));
    // DISTINCT ON needs its own expressions in front.
    words.push(...this.#tail(query, query.distinctOn ?? []));
    return words.join(' ');
  }

  #groups(keys: readonly Expr[], grouping: Select['grouping']): string {
    switch (grouping) {
      case 'plain': return this.#list(keys);
      case 'rollup': return `ROLLUP (${this.#list(keys)})`;
      case 'cube': return `CUBE (${this.#list(keys)})`;
      case 'sets': return `GROUPING SETS (${keys.map((key) => `(${this.#expr(key)})`).join(', ')}, ())`;
    }
  }

  #output(output: Output): string {
    if (output.k === 'star') return output.of === null ? '*' : `${this.#name(output.of)}.*`;
    return this.#expr(output.expr) + (output.name === null ? '' : `${this.#sometimes(0.1) ? '' : ' AS'} ${this.#name(output.name)}`);
  }

  #tail(query: Query, first: readonly Expr[]): string[] {
    const { order, limit } = query;
    const words: string[] = [];
    if (order || limit !== null || first.length > 0) {
      const keys = [...first.map((expr) => this.#expr(expr)), ...(order?.keys ?? []).map(({ expr, descending }) => this.#expr(expr) + (descending ? ' DESC' : ''))];
      for (let position = 1; position <= widthOf(query); position++) keys.push(String(position));
      words.push('ORDER BY', keys.join(', '));
    }
    if (limit !== null) words.push(`LIMIT ${limit}`);
    if (query.k === 'select' && query.offset !== null) words.push(`OFFSET ${query.offset}`);
    return words;
  }

  #setOperation(query: SetOperation): string {
    const operator = `${query.op}${query.all ? ' ALL' : ''}`;
    return [`${this.#arm(query.left, query, true)} ${operator} ${this.#arm(query.right, query, false)}`, ...this.#tail(query, [])].join(' ');
  }

  #arm(arm: Query, parent: SetOperation, left: boolean): string {
    const closed = arm.ctes.length > 0 || arm.order !== null || arm.limit !== null;
    const sqlite = this.#dialect === 'sqlite';
    // INTERSECT binds tighter than the others, but for SQLite, where all group from left to right.
    const tighter = !sqlite && parent.op !== 'INTERSECT' && arm.k === 'set' && arm.op === 'INTERSECT';
    const sameLevel = left && (sqlite || parent.op !== 'INTERSECT' || (arm.k === 'set' && arm.op === 'INTERSECT'));
    const bare = !closed && (arm.k === 'select' || tighter || sameLevel);
    // SQLite knows no parentheses here, and a subquery in their stead may not recur.
    if (bare && ((sqlite && arm.k === 'select') || !this.#sometimes(0.15))) return this.query(arm);
    return sqlite ? `SELECT * FROM (${this.query(arm)})` : `(${this.query(arm)})`;
  }

  #relation(relation: Relation): string {
    switch (relation.k) {
      case 'table': {
        const suffix = this.#suffix(relation.id);
        const alias = relation.alias ?? (suffix === '' ? null : relation.name);
        const words = this.#name(relation.name + suffix) + (alias === null ? '' : this.#alias(alias)) + this.#columns(relation.columns);
        return `${OPEN}${relation.id}${SEPARATOR}${words}${CLOSE}`;
      }
      case 'cte': return this.#name(relation.name) + (relation.alias === null ? '' : this.#alias(relation.alias));
      case 'derived': return `${relation.lateral ? 'LATERAL ' : ''}(${this.query(relation.query)})${this.#alias(relation.alias)}${this.#columns(relation.columns)}`;
      case 'series': return `generate_series(1, ${relation.to})${this.#alias(relation.alias)}(${this.#name(relation.column)})`;
      case 'values': return `(VALUES ${relation.rows.map((row) => `(${this.#list(row)})`).join(', ')})${this.#alias(relation.alias)}${this.#columns(relation.columns)}`;
      case 'join': {
        const { left, right, kind, natural, on, using } = relation;
        const first = left.k === 'join' && this.#sometimes(0.25) ? `(${this.#relation(left)})` : this.#relation(left);
        const second = right.k === 'join' ? `(${this.#relation(right)})` : this.#relation(right);
        const words = kind === 'INNER' ? this.#sometimes(0.4) ? 'INNER JOIN' : 'JOIN' : kind === 'CROSS' ? 'CROSS JOIN' : this.#sometimes(0.2) ? `${kind} OUTER JOIN` : `${kind} JOIN`;
        const condition = on ? ` ON ${this.#expr(on)}` : using ? ` USING${this.#columns(using)}` : '';
        return `${first} ${natural ? 'NATURAL ' : ''}${words} ${second}${condition}`;
      }
    }
  }

  #alias(alias: string): string {
    return `${this.#sometimes(0.3) ? ' ' : ' AS '}${this.#name(alias)}`;
  }
}

function literal(value: string | number | boolean | null): string {
  return value === null ? 'NULL' : typeof value === 'string' ? `'${value.replaceAll(`'`, `''`)}'` : String(value).toUpperCase();
}

/** How many columns a query yields. */
export function widthOf(query: Query): number {
  if (query.k === 'set') return widthOf(query.left);
  return query.output.reduce((sum, output) => sum + (output.k === 'star' ? output.width : 1), 0);
}

/** Drizzle's operators (`and(eq(users.id, id), isNull(users.deletedAt))`) and its SQL fragments, as expressions of the model. */
import type { ComparisonOperator, Expr, Query, Range } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import { computed, filled, leavesOf, type HolePart, type Part } from '../../source/parts.js';
import type { ListItem, TextValue, Value } from '../../source/values.js';
import { isCalled, type Called } from '../chains.js';
import { aggregate, and, choice, comparison, inList, isNull, literal, not, opaque, operation, or, parameter, replaced } from '../expressions.js';
import { guardAt, guardedTable, guardNamed, rowsOf } from '../guards.js';
import { listItems } from '../lists.js';
import type { Session } from '../session.js';
import type { DrizzleRemedies } from './remedies.js';
import { chainOfName, columnBy, columnText, functionName, isFragment, namedBy, type Scope } from './names.js';

/** The operators that a callback gets as its last parameter: `(users, { eq }) => ..`. */
export const OPERATORS: object = { operators: 'drizzle-orm' };

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = { eq: '=', ne: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' };
/** Operators that say no more of a row than that they look at it. */
const LOOKING = /^(?:not)?(?:like|ilike)$|^array(?:Contains|Contained|Overlaps)$/i;
const AGGREGATES: Readonly<Record<string, string>> = { count: 'count', countDistinct: 'count', avg: 'avg', avgDistinct: 'avg', sum: 'sum', sumDistinct: 'sum', max: 'max', min: 'min' };
/** What a fragment or aggregate may be asked for without becoming another one. */
const KEEPS = /^(?:as|mapWith|inlineParams|getSQL|nullsFirst|nullsLast)$/;

/** What the readers of queries say of a value. */
export interface Queries {
  /** The query that a value is; null where it is none. */
  subquery(value: Value, scope: Scope): Query | null;
  /** Is the value the key of rows that were read before, of the table whose column it is, and only live ones? */
  isKeyOfLive(value: Value, of: Expr, scope: Scope): boolean;
}

export class Conditions {
  /**
   * Fragments with an OR of their own that nothing parenthesises. `and(isNull(a), sql`b or c`)` sends `(a is null and b or c)` up to drizzle-orm 0.45; 1.0
   * puts parentheses around a fragment. Which of them a project has installed is not asked: what holds for 0.45 is safe for both.
   */
  private readonly open = new WeakSet<Expr>();
  private stands = 0;

  constructor(private readonly session: Session, private readonly queries: Queries, private readonly edits: DrizzleRemedies) {}

  /** The condition that a value is; null for none (`undefined`). */
  read(value: Value, node: Node, scope: Scope): Expr | null {
    const range = rangeOf(value, node);
    switch (value.type) {
      case 'nothing': return null;
      case 'constant': return typeof value.value === 'boolean' ? literal(value.value, range) : opaque(range);
      case 'fork': return choice(value.options.map((option) => this.read(option, node, scope)), range);
      case 'text': return value.chain ? columnBy(this.session, value, scope, range) ?? opaque(range) : value.sql ? this.fragment(value, node, scope, 'condition') : opaque(range);
      case 'unknown': return this.unseen(value, node, scope);
      default: return opaque(range);
    }
  }

  /** Is the value a condition that the file shows? */
  isCondition(value: Value): boolean {
    const call = this.operator(value);
    return isFragment(value) || (call !== null && isOperator(call.name));
  }

  private unseen(value: Value, node: Node, scope: Scope): Expr | null {
    const range = rangeOf(value, node), called = this.operator(value);
    if (called) {
      const expr = this.operated(called.name, called.call, scope) ?? this.guarded(called.name, called.call, called.root, scope);
      const read = expr === 'none' ? null : expr ?? opaque(range);
      if (expr && expr !== 'none') this.edits.condition(expr, called.call);
      return called.optional ? choice([read, null], range) : read;
    }
    const chain = this.session.chain(value);
    if (chain?.root.type === 'node' && chain.steps.length === 0) {
      const at = unwrap(chain.root.node);
      if (at.type === 'LogicalExpression') {
        const left = this.session.value(at.left, chain.root.env), right = this.session.value(at.right, chain.root.env);
        // A condition is an object, and true to JavaScript: of `a && b` the second is left, of `a || b` the first.
        if (this.isCondition(left)) return at.operator === '&&' ? this.read(right, at.right, scope) : this.read(left, at.left, scope);
        return choice([at.operator === '&&' ? null : this.read(left, at.left, scope), this.read(right, at.right, scope)], range);
      }
      if (at.type === 'TaggedTemplateExpression') return opaque(range);
    }
    return columnBy(this.session, value, scope, range) ?? this.guardedName(value.type === 'unknown' ? value.node : node, scope) ?? opaque(range);
  }

  /** The function that a value is the result of: `isNull(..)`, `ops.isNull(..)`, of what follows only what changes nothing. */
  private operator(value: Value): { readonly name: string; readonly call: Called; readonly root: Node | null; readonly optional: boolean } | null {
    const chain = value.type === 'unknown' ? chainOfName(this.session, value) : null;
    if (!chain) return null;
    const index = chain.steps.findIndex((item) => item.type !== 'step' || isCalled(item)), name = functionName(this.session, chain, index), call = chain.steps[index];
    if (name === null || call?.type !== 'step' || !isCalled(call)) return null;
    const others = chain.steps.slice(index + 1);
    return others.every((item) => item.type === 'step' && item.name !== null && (KEEPS.test(item.name) || item.name === 'if'))
      ? { name, call, root: chain.root.type === 'node' ? chain.root.node : null, optional: others.some((item) => item.type === 'step' && item.name === 'if') } : null;
  }

  private operated(name: string, call: Called, scope: Scope): Expr | 'none' | null {
    const range = call.node.range as Range, [first, second, third] = call.args;
    if (first?.type !== 'SpreadElement') {
      const operator = COMPARISONS[name];
      if (operator && first && second) {
        const left = this.argument(call, 0, scope), compared = comparison(operator, left, this.argument(call, 1, scope), range);
        return operator === '=' ? this.narrowed(compared, left, this.session.value(second, call.env), scope) : compared;
      }
    }
    switch (name) {
      case 'and': return this.joined(this.conditions(call, scope), range) ?? 'none';
      case 'or': {
        // `or(undefined, a)` is a.
        const alternatives = this.conditions(call, scope).filter((condition) => condition !== null);
        return (alternatives.length < 2 ? alternatives[0] : or(alternatives, range)) ?? 'none';
      }
      case 'not': {
        const operand = first && this.read(this.session.value(first, call.env), first, scope);
        return operand ? this.negated(operand, range) : null;
      }
      case 'isNull': case 'isNotNull': return first ? isNull(this.argument(call, 0, scope), range, name === 'isNotNull') : null;
      case 'inArray': case 'notInArray': return first && second ? this.within(call, scope, name === 'notInArray') : null;
      case 'exists': case 'notExists': {
        const query = first && this.queries.subquery(this.session.value(first, call.env), scope);
        const found: Expr | null = query ? { type: 'exists', query, range } : null;
        return found && name === 'notExists' ? not(found, range) : found;
      }
      case 'between': case 'notBetween': {
        if (!first || !second || !third) return null;
        const [operand, low, high] = [0, 1, 2].map((index) => this.argument(call, index, scope)) as [Expr, Expr, Expr];
        const inside = and([comparison('>=', operand, low, range), comparison('<=', operand, high, range)], range)!;
        return name === 'notBetween' ? not(inside, range) : inside;
      }
      default: return LOOKING.test(name) && first && second ? operation([this.argument(call, 0, scope), this.argument(call, 1, scope)], range) : null;
    }
  }

  private within(call: Called, scope: Scope, negated: boolean): Expr {
    const range = call.node.range as Range, left = this.argument(call, 0, scope), at = call.args[1]!, value = this.session.value(at, call.env);
    const query = this.queries.subquery(value, scope);
    if (query) return { type: 'in', negated, left, list: null, query, range };
    if (isFragment(value)) return this.fragmentOf(value, at, scope, `${negated ? 'NOT ' : ''}IN `, left, range);
    const items = value.type === 'list' && value.items.every((item) => item.type === 'item') ? value.items.map((item) => this.scalar(item.value, at, scope)) : null;
    const listed = inList(left, items ?? [parameter(at.range as Range)], range, negated);
    return negated ? listed : this.narrowed(listed, left, value, scope);
  }

  /** A condition that pins a key to that of rows which were read before: these rows were live. */
  private narrowed(condition: Expr, left: Expr, value: Value, scope: Scope): Expr {
    if (left.type !== 'column' || !left.of || !this.queries.isKeyOfLive(value, left, scope)) return condition;
    const entry = scope.entryOf(left.of);
    return entry?.ref && entry.facts ? and([condition, rowsOf('live', entry.ref, entry.facts, condition.range)], condition.range)! : condition;
  }

  /** `inArray(users.id, sql`(select ..)`)`. */
  private fragmentOf(value: Value, node: Node, scope: Scope, before: string, left: Expr, range: Range): Expr {
    if (value.type !== 'text') return opaque(range);
    const name = this.stand(), expr = this.fragment({ ...value, parts: [computed(`${name} ${before}`), ...value.parts] }, node, scope, 'condition');
    return expr ? replaced(expr, (part) => (part.type === 'column' && part.name === name ? left : null)) : opaque(range);
  }

  private conditions(call: Called, scope: Scope): (Expr | null)[] {
    return call.args.flatMap((at): (Expr | null)[] => {
      if (at.type !== 'SpreadElement') return [this.read(this.session.value(at, call.env), at, scope)];
      const list = this.session.value(at.argument, call.env);
      return this.spread(list, at, scope);
    });
  }

  private spread(value: Value, at: Node, scope: Scope): (Expr | null)[] {
    switch (value.type) {
      case 'nothing': return [];
      case 'fork': return [choice(value.options.map((option) => this.joined(this.spread(option, at, scope), at.range as Range)), at.range as Range)];
      default: {
        const items = listItems(this.session, value);
        return items ? this.items(items, at, scope) : [opaque(at.range as Range)];
      }
    }
  }

  /** The conditions in a list that the program builds, those that it adds under a condition as a choice. */
  items(items: readonly ListItem[], at: Node, scope: Scope): (Expr | null)[] {
    return items.flatMap((item): (Expr | null)[] => {
      switch (item.type) {
        case 'item': return [this.read(item.value, at, scope)];
        case 'rest': return [opaque(at.range as Range)];
        case 'fork': return [choice(item.options.map((option) => this.joined(this.items(option, at, scope), at.range as Range)), at.range as Range)];
        case 'first-turn': return this.items(item.parts, at, scope);
      }
    });
  }

  /** Conditions joined by AND; a fragment's own OR takes what stands beside it apart. */
  joined(operands: readonly (Expr | null)[], range: Range): Expr | null {
    const present = operands.filter((operand) => operand !== null);
    if (present.length < 2 || !present.some((operand) => this.open.has(operand))) return and(present, range);
    const groups: Expr[][] = [[]];
    for (const operand of present) {
      const [first, ...others] = this.open.has(operand) && operand.type === 'or' ? operand.operands : [operand];
      groups.at(-1)!.push(first!);
      for (const other of others) groups.push([other]);
    }
    return or(groups.map((group) => and(group, range)), range);
  }

  /** `not a`, where an open `a or b` becomes `(not a) or b`. */
  private negated(operand: Expr, range: Range): Expr {
    if (operand.type !== 'or' || !this.open.has(operand)) return not(operand, range);
    const [first, ...others] = operand.operands;
    return this.opened(or([not(first!, range), ...others], range)!);
  }

  private opened(expr: Expr): Expr {
    this.open.add(expr);
    return expr;
  }

  /** A helper of the project's that the manifest declares: `notDeleted(users)`, `withoutDeleted(users, eq(users.role, role))`. */
  private guarded(name: string, call: Called, root: Node | null, scope: Scope): Expr | null {
    const wrapper = guardNamed(this.session, 'where-wrapper', name, root), guard = wrapper ?? guardNamed(this.session, 'predicate', name, root), range = call.node.range as Range;
    if (!guard) return null;
    const tables = call.args.map((at) => namedBy(this.session, this.session.value(at, call.env))), first = tables.findIndex((table) => table?.type === 'table' || table?.type === 'given');
    const about = guardedTable(guard, call) ?? (call.args[first] ? { argument: call.args[first] } : null);
    const rows = this.rows(guard.yields, about, call, range, scope);
    if (!wrapper || !rows) return rows;
    return this.joined([rows, ...call.args.filter((_, i) => tables[i] === null || tables[i] === undefined).map((at) => this.read(this.session.value(at, call.env), at, scope))], range);
  }

  private rows(yields: 'live' | 'dead', about: ReturnType<typeof guardedTable>, call: Called | null, range: Range, scope: Scope): Expr | null {
    const asked = about === null ? null : 'name' in about ? this.session.facts(about.name) : null, key = about && 'argument' in about ? namedBy(this.session, this.session.value(about.argument, call?.env ?? null)) : null;
    const entry = key ? scope.find(key.key) : asked ? scope.own.find(({ facts }) => facts === asked) ?? null : about === null ? scope.own[0] ?? null : null;
    return entry?.ref && entry.facts ? rowsOf(yields, entry.ref, entry.facts, range) : null;
  }

  /** A condition that the manifest declares by its name alone: `where(liveUsers)`. */
  private guardedName(node: Node, scope: Scope): Expr | null {
    const found = unwrap(node).type === 'CallExpression' ? null : guardAt(this.session, node, 'predicate', 'where-object');
    return found && this.rows(found.guard.yields, guardedTable(found.guard, null), null, node.range as Range, scope);
  }

  private argument(call: Called, index: number, scope: Scope): Expr {
    const node = call.args[index]!;
    return this.scalar(this.session.value(node, call.env), node, scope);
  }

  /** The value as a scalar: a column, a subquery, an aggregate, a fragment, or what the program computes. */
  scalar(value: Value, node: Node, scope: Scope): Expr {
    const range = rangeOf(value, node);
    if (value.type === 'fork') return choice(value.options.map((option) => this.scalar(option, node, scope)), range) ?? parameter(range);
    if (value.type === 'text' && value.sql && !value.chain) return this.fragment(value, node, scope, 'value') ?? parameter(range);
    if (value.type !== 'unknown' && value.type !== 'text') return this.session.scalar(value, node);
    const column = columnBy(this.session, value, scope, range);
    if (column) return column;
    const query = this.queries.subquery(value, scope);
    if (query) return { type: 'subquery', query, range };
    const called = this.operator(value);
    if (called) {
      const aggregated = AGGREGATES[called.name];
      if (aggregated) return aggregate(aggregated, called.call.args.map((_, index) => this.argument(called.call, index, scope)), range);
      if (/^(?:asc|desc)$/.test(called.name) && called.call.args[0]) return this.argument(called.call, 0, scope);
      const condition = this.operated(called.name, called.call, scope);
      if (condition && condition !== 'none') return condition;
    }
    // sql`..`.as('x'), sql`..`.mapWith(Number)
    const chain = this.session.chain(value), root = chain?.root.type === 'node' ? unwrap(chain.root.node) : null;
    if (root?.type === 'TaggedTemplateExpression' && chain!.steps.every((item) => item.type === 'step' && item.name !== null && KEEPS.test(item.name))) {
      const fragment = this.session.value(root, chain!.root.type === 'node' ? chain!.root.env : null);
      if (fragment.type === 'text' && fragment.sql) return this.fragment(fragment, root, scope, 'value') ?? parameter(range);
    }
    return this.session.scalar(value, node);
  }

  // ------------------------------------------------------------------------------------------- fragments

  /** A fragment of SQL, with the columns, conditions and queries of the program in it. Null for one without text. */
  private fragment(value: TextValue, node: Node, scope: Scope, as: 'condition' | 'value'): Expr | null {
    if (value.parts.length === 0) return null;
    const exprs = new Map<string, Expr>(), queries = new Map<string, Query>();
    const parts = filled(value.parts, (hole) => this.filling(hole, scope, exprs, queries));
    const text: TextValue = { type: 'text', sql: true, parts }, at = placeOf(value, node);
    const read = as === 'condition' ? this.session.sqlCondition(text, at) : this.session.sqlExpression(text, at);
    const expr = exprs.size + queries.size === 0 ? read : replaced(read, (part) => (part.type === 'column' && part.qualifier === null ? exprs.get(part.name) ?? null : null), (query) => (query.type === 'select' && query.from.length === 0 ? queries.get(standsFor(query)) ?? query : query));
    if (as === 'condition' && expr.type === 'or' && this.session.sqlCondition({ ...text, parts: [computed('_ AND '), ...parts] }, at).type === 'or') {
      this.open.add(expr);
      this.edits.open(at);
    }
    return expr;
  }

  /** What stands in an interpolation of a fragment; null where the reader of SQL knows as much. */
  private filling({ of }: HolePart, scope: Scope, exprs: Map<string, Expr>, queries: Map<string, Query>): readonly Part[] | null {
    if (!of || (of.value.type !== 'unknown' && of.value.type !== 'text')) return null;
    const { value, node } = of, column = columnText(this.session, value, scope);
    if (column !== null) return [computed(this.quoted(column))];
    const query = this.queries.subquery(value, scope), name = this.stand();
    if (query) {
      queries.set(name, query);
      return [computed(`(SELECT ${name})`)];
    }
    const called = this.operator(value);
    if (called) {
      const expr = AGGREGATES[called.name] ? this.scalar(value, node, scope) : isOperator(called.name) || guardNamed(this.session, 'predicate', called.name, called.root) || guardNamed(this.session, 'where-wrapper', called.name, called.root) ? this.read(value, node, scope) : null;
      if (!expr) return null;
      exprs.set(name, expr);
      return [computed(name)];
    }
    const table = namedBy(this.session, value);
    if (!table || table.type === 'given' || table.type === 'query' || (table.type === 'table' && table.facts === null && !scope.find(table.key))) {
      const entry = table ? scope.find(table.key) : null;
      return entry ? [computed(this.quoted(`"${entry.qualifier}"`))] : null;
    }
    return [computed(this.quoted(`"${scope.find(table.key)?.qualifier ?? (table.type === 'table' ? table.alias ?? table.name : table.name)}"`))];
  }

  /** A name for what no SQL text spells. */
  private stand(): string {
    return `__stand_${++this.stands}__`;
  }

  private quoted(name: string): string {
    return /^(?:mysql|mariadb|bigquery)$/.test(this.session.source.libraries.dialect ?? this.session.catalog.dialect) ? name.replaceAll('"', '`') : name;
  }
}

function standsFor(query: Extract<Query, { type: 'select' }>): string {
  const [only] = query.output;
  return only?.type === 'expr' && only.expr.type === 'column' ? only.expr.name : '';
}

function isOperator(name: string): boolean {
  return name in COMPARISONS || LOOKING.test(name) || /^(?:and|or|not|isNull|isNotNull|inArray|notInArray|exists|notExists|between|notBetween)$/.test(name);
}

/** The words of a value: its own where they are known. */
export function rangeOf(value: Value, node: Node): Range {
  return placeOf(value, node).range as Range;
}

/** Where a value stands: the template behind a name or an item of a list, not the name. */
function placeOf(value: Value, node: Node): Node {
  if (value.type === 'unknown') return value.node;
  const [leaf] = value.type === 'text' && !value.chain ? leavesOf(value.parts) : [];
  return leaf ?? node;
}

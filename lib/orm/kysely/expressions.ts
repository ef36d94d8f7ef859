/** Conditions and values as Kysely's methods and callbacks take them: `eb('a', '=', 1)`, `` sql`..` ``, strings that name columns, objects of conditions. */
import type { Expr, Query, Range, TableRef } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Entry } from '../../source/objects.js';
import type { Chain, Env, ListItem, Value } from '../../source/values.js';
import { isCalled, stepsOf, type Called } from '../chains.js';
import { conditionsOf } from '../conditions.js';
import { choice, comparison, exists, inList, isNull, literal, named, opaque, operation, or, parameter, replaced } from '../expressions.js';
import { guardedTable, guardNamed, rowsOf } from '../guards.js';
import { listItems } from '../lists.js';
import type { Session } from '../session.js';
import { joined, type Condition } from './conditions.js';
import { ExpressionBuilder } from './expression-builder.js';
import { statementIn } from './fragments.js';
import { columnName } from './names.js';
import { isSubquery } from './queries.js';
import { EXPRESSION_BUILDER, nodeOf } from './values.js';

/** The nodes of a comparison that calls spell in three arguments, for edits. */
export interface Comparison {
  readonly left: Node;
  readonly operator: Node;
  readonly right: Node;
}

/** Reads expressions. `queryOf` reads the chain of a query inside of them. */
export class Expressions {
  /** The comparisons that calls spell out, by what was made of them. */
  readonly comparisons = new Map<Expr, Comparison>();
  /** The queries whose rows, read before, stand as values. */
  readonly results: Chain[] = [];
  /** The tables of the query that is being read, which helpers of the project speak of. */
  tables: readonly TableRef[] = [];
  private readonly chains: ExpressionBuilder;

  constructor(private readonly session: Session, queryOf: (chain: Chain) => Query) {
    this.chains = new ExpressionBuilder(session, this, queryOf);
  }

  // ------------------------------------------------------------------------------------------- conditions

  /** The condition of `where`, `on`, `having` and their like: three arguments, or one expression. `refs`: the third names a column. */
  condition(step: Called, refs = false): Condition {
    const { args: [left, operator, right], args, env } = step;
    if (!left || args.some(({ type }) => type === 'SpreadElement')) return { expr: opaque(step.node.range as Range), loose: false };
    return operator && right ? { expr: this.compared(left, operator, right, env, refs), loose: false } : this.conditionOf(this.session.value(left, env), left);
  }

  /** A value that stands where a condition does. */
  conditionOf(value: Value, node: Node): Condition {
    const range = node.range as Range;
    switch (value.type) {
      case 'text': return value.sql ? this.rawCondition(value, node) : { expr: opaque(range), loose: false };
      case 'function': {
        const made = this.called(value, node);
        return made ? this.conditionOf(made, nodeOf(made, node)) : { expr: opaque(range), loose: false };
      }
      case 'fork': return { expr: choice(value.options.map((option) => this.conditionOf(option, nodeOf(option, node)).expr), range)!, loose: false };
      case 'constant': return { expr: this.session.scalar(value, node), loose: false };
      case 'unknown': return { expr: this.guarded(value) ?? this.expressionOf(value, node) ?? opaque(range), loose: false };
      default: return { expr: opaque(range), loose: false };
    }
  }

  /** The condition behind a helper that the manifest declares (`notDeleted('users')`); null for any other value. */
  private guarded(value: Value): Expr | null {
    const chain = this.session.chain(value), call = chain && stepsOf(chain).at(-1);
    if (!chain || !call || !isCalled(call)) return null;
    const callee = unwrap(call.at), name = call.name || (callee.type === 'Identifier' ? callee.name : null);
    const guard = name === null ? null : guardNamed(this.session, 'predicate', name, chain.root.type === 'node' ? chain.root.node : null);
    return guard && this.rows(guard, call);
  }

  /** What a helper of the project lets through: rows of the table that it or its argument names, else of the query's first. */
  rows(guard: Parameters<typeof guardedTable>[0] & { readonly yields: 'live' | 'dead' }, call: Called | null): Expr | null {
    const named = guardedTable(guard, call), [first] = this.tables;
    const name = !named ? null : 'name' in named ? named.name : this.session.string(this.session.value(named.argument, call!.env));
    const ref = name === null ? first : this.tables.find((table) => table.alias === name) ?? this.tables.find((table) => this.session.facts(table.name) === this.session.facts(name)) ?? first;
    const facts = ref && this.session.facts(ref.name);
    return facts ? rowsOf(guard.yields, ref, facts, (call?.node.range ?? ref.range) as Range) : null;
  }

  private rawCondition(value: Value, node: Node): Condition {
    const expr = this.session.sqlCondition(value, node);
    return { expr, loose: expr.type === 'or' && this.bindsLoosely(value, node) };
  }

  /** Does an AND in front of the fragment take only its first arm? */
  private bindsLoosely(value: Value, node: Node): boolean {
    return this.session.sqlTexts(value, node, 'SELECT 1 FROM _ WHERE 1 = 1 AND ').some((text) => {
      const root = statementIn(text, this.session);
      return root?.type === 'select' && root.where?.type === 'or';
    });
  }

  // ------------------------------------------------------------------------------------------- comparisons

  compared(left: Node, operator: Node, right: Node, env: Env | null, refs: boolean): Expr {
    const range: Range = [left.range[0], right.range[1]];
    const words = this.operators(operator, env), of = this.reference(left, env);
    // Which column it is about decides.
    if (words === null || of.type === 'opaque') return opaque(range);
    // `where(isUuid(x) ? 'id' : 'slug', '=', x)`, `where('deleted_at', trashed ? 'is not' : 'is', null)`
    const columns = of.type === 'choice' ? of.options : [of];
    const exprs = columns.flatMap((column) => words.map((word) => this.comparisonOf(column!, word, right, env, refs, range)));
    if (exprs.length === 1) this.comparisons.set(exprs[0]!, { left, operator, right });
    return choice(exprs, range)!;
  }

  private operators(node: Node, env: Env | null): readonly string[] | null {
    const value = this.session.value(node, env), raw = this.session.string(value), words = raw === null ? this.strings(value, node) : [raw];
    return words && words.map((word) => word.trim().toLowerCase().replace(/\s+/gu, ' '));
  }

  private comparisonOf(left: Expr, operator: string, right: Node, env: Env | null, refs: boolean, range: Range): Expr {
    if (operator === 'in' || operator === 'not in') return this.membership(left, operator === 'not in', this.session.value(right, env), right, range);
    const raw = this.session.value(right, env);
    if (raw.type === 'text' && raw.sql) return this.rawComparison(left, operator, raw, right, range);
    const other = refs ? this.reference(right, env) : this.operand(right, env);
    switch (operator) {
      case '=': case '==': return comparison('=', left, other, range);
      case '!=': case '<>': return comparison('<>', left, other, range);
      case '<': case '<=': case '>': case '>=': return comparison(operator, left, other, range);
      case 'is': case 'is not': {
        const negated = operator === 'is not';
        if (other.type === 'literal' && other.value === null) return isNull(left, range, negated);
        if (other.type === 'literal' && typeof other.value === 'boolean') return { type: 'is', what: other.value ? 'true' : 'false', negated, operand: left, range };
        return comparison(negated ? 'is-distinct' : 'is-not-distinct', left, other, range);
      }
      case 'is distinct from': return comparison('is-distinct', left, other, range);
      case 'is not distinct from': case '<=>': return comparison('is-not-distinct', left, other, range);
      default: return operation([left, other], range);
    }
  }

  /** A comparison with a fragment that may be more than a value: `` eb('id', '=', sql`any(${ids})`) ``. */
  private rawComparison(left: Expr, operator: string, value: Value, node: Node, range: Range): Expr {
    const column = 'compared';
    const read = this.session.sqlTexts(value, node, `SELECT 1 FROM _ WHERE ${column} ${operator === '==' ? '=' : operator} `).map((text) => {
      const root = statementIn(text, this.session);
      return root?.type === 'select' ? root.where : null;
    });
    if (read.length === 0 || read.includes(null)) return opaque(range);
    return choice(read.map((expr) => ({ ...replaced(expr!, (inner) => (inner.type === 'column' && inner.name === column ? left : null)), range })), range)!;
  }

  private membership(left: Expr, negated: boolean, value: Value, node: Node, range: Range): Expr {
    if (value.type === 'list') return inList(left, this.items(value.items, node), range, negated);
    const other = this.operandOf(value, node);
    return other.type === 'subquery' ? { type: 'in', negated, left, list: null, query: other.query, range } : inList(left, [other], range, negated);
  }

  private items(items: readonly ListItem[], node: Node): Expr[] {
    return items.flatMap((item): readonly Expr[] => {
      switch (item.type) {
        case 'item': return [this.operandOf(item.value, nodeOf(item.value, node))];
        case 'rest': return [parameter(item.node.range as Range)];
        case 'fork': return item.options.flatMap((option) => this.items(option, node));
        case 'first-turn': return this.items(item.parts, node);
      }
    });
  }

  /** `exists(query)` */
  existing(value: Value, node: Node): Expr {
    const range = node.range as Range, inner = this.expressionOf(value, node);
    return inner?.type === 'subquery' ? (inner.query.type === 'select' ? exists(inner.query, range) : { type: 'exists', query: inner.query, range }) : opaque(range);
  }

  // ------------------------------------------------------------------------------------------- lists and objects of conditions

  /** `eb.and(..)`, `eb.or(..)` of a list of conditions or of an object. Kysely puts parentheses around it. */
  connected(how: 'and' | 'or', argument: Node, env: Env | null): Expr {
    const range = argument.range as Range, value = this.session.value(argument, env);
    const none = literal(how === 'and', range);
    const items = listItems(this.session, value);
    if (items) {
      const conditions = this.conditions(items, argument, how);
      return (how === 'and' ? joined(conditions, range) : or(conditions.map(({ expr }) => expr), range)) ?? none;
    }
    const entries = this.session.entries(value);
    if (!entries) return opaque(range);
    if (how === 'and') return conditionsOf(entries, range, ({ key, value: read, keyNode }) => this.entry(key, read(), keyNode)) ?? none;
    return or(this.alternatives(entries, range), range) ?? none;
  }

  private conditions(items: readonly ListItem[], node: Node, how: 'and' | 'or'): Condition[] {
    const range = node.range as Range;
    return items.flatMap((item): readonly Condition[] => {
      switch (item.type) {
        case 'item': return [this.conditionOf(item.value, nodeOf(item.value, node))];
        case 'rest': return [{ expr: opaque(item.node.range as Range), loose: false }];
        case 'first-turn': return this.conditions(item.parts, node, how);
        case 'fork': {
          // A way that adds nothing is no alternative.
          const ways = item.options.filter((option) => how === 'and' || option.length > 0).map((option) => { const conditions = this.conditions(option, node, how); return how === 'and' ? joined(conditions, range) : or(conditions.map(({ expr }) => expr), range); });
          const expr = choice(ways, range);
          return expr ? [{ expr, loose: false }] : [];
        }
      }
    });
  }

  /** `{ deletedAt: null, id: [1, 2] }`: null is IS NULL, a list is IN, what is undefined says nothing (parser/binary-operation-parser.ts). */
  private entry(key: string, value: Value, node: Node): Expr | null {
    const range = node.range as Range, { qualifier, name } = columnName(key), left = named(qualifier, name, range);
    if (this.session.isUndefined(value)) return null;
    if (this.session.isNull(value)) return isNull(left, range);
    if (value.type === 'list') return this.membership(left, false, value, node, range);
    return comparison('=', left, this.operandOf(value, node), range);
  }

  private alternatives(entries: readonly Entry[], range: Range): Expr[] {
    return entries.flatMap((entry) => {
      switch (entry.type) {
        case 'entry': { const made = this.entry(entry.key, entry.value(), entry.keyNode); return made ? [made] : []; }
        case 'deleted': return [];
        case 'rest': return [opaque(entry.node.range as Range)];
        case 'fork': return [choice(entry.options.map((option) => or(this.alternatives(option, range), range) ?? literal(false, range)), range)!];
      }
    });
  }

  // ------------------------------------------------------------------------------------------- operands

  /** Where a string names a column. */
  reference(node: Node, env: Env | null): Expr {
    return this.referenceOf(this.session.value(node, env), node);
  }

  referenceOf(value: Value, node: Node): Expr {
    const range = node.range as Range;
    const names = this.strings(value, node);
    if (names) return choice(names.map((name) => this.column(name, range)), range)!;
    if (value.type === 'list') return { type: 'row', items: value.items.map((item) => (item.type === 'item' ? this.referenceOf(item.value, nodeOf(item.value, node)) : opaque(range))), range };
    return this.expressionOf(value, node) ?? opaque(range);
  }

  private column(text: string, range: Range): Expr {
    const { qualifier, name } = columnName(text);
    // `data->>'key'`
    return /->|[()\s]/u.test(name) ? opaque(range) : named(qualifier, name, range);
  }

  /** Where a string is a value. */
  operand(node: Node, env: Env | null): Expr {
    return this.operandOf(this.session.value(node, env), node);
  }

  operandOf(value: Value, node: Node): Expr {
    return this.expressionOf(value, node) ?? this.session.scalar(value, node);
  }

  /** The strings that a value may be, as far as the file shows them; null for what is no string, or not known. */
  strings(value: Value, node: Node): readonly string[] | null {
    if (value.type !== 'text' || value.sql) return null;
    const texts = this.session.sqlTexts(value, node, '');
    return texts.length > 0 && texts.every(({ holes }) => holes.length === 0) ? texts.map(({ text }) => text) : null;
  }

  /** What a callback of Kysely's returns, given an expression builder; null where it cannot be seen. */
  called(value: Value, node: Node): Value | null {
    return this.session.apply(value, [this.session.given(EXPRESSION_BUILDER, node)], node);
  }

  /** An expression that is more than a value: a callback's, a fragment of SQL, a subquery, what an expression builder made. Null for plain values. */
  expressionOf(value: Value, node: Node): Expr | null {
    switch (value.type) {
      case 'text': return value.sql ? this.session.sqlExpression(value, node) : null;
      case 'function': {
        const made = this.called(value, node);
        return made ? this.expressionOf(made, nodeOf(made, node)) ?? this.session.scalar(made, node) : opaque(node.range as Range);
      }
      case 'fork': {
        const chain = this.session.chain(value);
        if (chain && isSubquery(chain)) return this.chains.read(chain, node);
        const options = value.options.map((option) => this.expressionOf(option, nodeOf(option, node)));
        return options.every((option) => option === null) ? null : choice(options.map((option, i) => option ?? this.session.scalar(value.options[i]!, node)), node.range as Range);
      }
      case 'unknown': {
        const chain = this.session.chain(value);
        return chain && this.chains.read(chain, value.node);
      }
      default: return null;
    }
  }
}

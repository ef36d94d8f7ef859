/** Expressions as Kysely's callbacks build them: `eb('a', '=', 1)`, `eb.or([..])`, `eb.fn.count('id')`, `` sql`..` ``, strings that name columns. */
import type { CallExpr, CaseExpr, Expr, Query, Range, TableRef } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Entry } from '../../source/objects.js';
import type { Chain, Env, ListItem, Step, Value } from '../../source/values.js';
import { readSql } from '../../sql/read.js';
import { foldSteps, isCalled, stepsOf, type Called } from '../chains.js';
import { conditionsOf } from '../conditions.js';
import { aggregate, and, choice, comparison, exists, inList, isNull, literal, named, not, opaque, operation, or, parameter, replaced } from '../expressions.js';
import { guardedTable, guardNamed, rowsOf } from '../guards.js';
import type { Session } from '../session.js';
import { joined, type Condition } from './conditions.js';
import { columnName } from './names.js';

/** Calls that begin a query, of a database, a transaction or an expression builder. */
export const VERBS: ReadonlySet<string> = new Set(['selectFrom', 'selectNoFrom', 'updateTable', 'deleteFrom', 'insertInto', 'replaceInto', 'mergeInto']);

/** What callbacks get: an expression builder, which makes queries as well. */
const BUILDER = { what: 'the expression builder of Kysely' };

/** The nodes of a comparison that calls spell in three arguments, for edits. */
export interface Comparison {
  readonly left: Node;
  readonly operator: Node;
  readonly right: Node;
}

/** What a chain of expressions has come to. `sure`: it began with what Kysely handed to a callback. */
type State =
  | { readonly kind: 'builder'; readonly sure: boolean }
  | { readonly kind: 'functions'; readonly sure: boolean }
  | { readonly kind: 'expr'; readonly expr: Expr }
  | { readonly kind: 'case'; readonly sofar: CaseExpr; readonly when: Expr | null }
  /** Nothing of Kysely's. */
  | null;

/** Methods of expressions that change nothing that matters here. */
const SAME = /^(?:as|\$\w+|asJson|asc|desc|distinct|orderBy|withinGroupOrderBy|end|endCase|clearOrderBy|parens|toExpression)$/;
const AGGREGATES = /^(?:count|sum|avg|min|max|jsonAgg|agg|countAll)$/;

/** Does the chain make a query? */
export function isQuery(chain: Chain): boolean {
  return stepsOf(chain).some((step) => isCalled(step) && step.name !== null && VERBS.has(step.name));
}

/** Methods that run a query; what follows is its result. */
export const EXECUTES = /^(?:execute\w*|stream|compile|explain)$/;

/** Is the chain a query that has not been run, as against its rows? */
function isSubquery(chain: Chain): boolean {
  return isQuery(chain) && !stepsOf(chain).some(({ name, awaited }) => awaited || (name !== null && EXECUTES.test(name)));
}

/** Reads expressions. `queryOf` reads the chain of a query inside of them. */
export class Expressions {
  /** The comparisons that calls spell out, by what was made of them. */
  readonly comparisons = new Map<Expr, Comparison>();
  /** The queries whose rows, read before, stand as values. */
  readonly results: Chain[] = [];
  /** The tables of the query that is being read, which helpers of the project speak of. */
  tables: readonly TableRef[] = [];

  constructor(private readonly session: Session, private readonly queryOf: (chain: Chain) => Query) {}

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
      const root = readSql(text, { dialect: this.dialect, library: this.session.library }).statements[0]?.root;
      return root?.type === 'select' && root.where?.type === 'or';
    });
  }

  private get dialect() {
    return this.session.source.libraries.dialect ?? this.session.catalog.dialect;
  }

  private compared(left: Node, operator: Node, right: Node, env: Env | null, refs: boolean): Expr {
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
      const root = readSql(text, { dialect: this.dialect, library: this.session.library }).statements[0]?.root;
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

  /** `eb.and(..)`, `eb.or(..)` of a list of conditions or of an object. Kysely puts parentheses around it. */
  private connected(how: 'and' | 'or', argument: Node, env: Env | null): Expr {
    const range = argument.range as Range, value = this.session.value(argument, env);
    const none = literal(how === 'and', range);
    if (value.type === 'list') {
      const conditions = this.conditions(value.items, argument, how);
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
          // Where a way adds nothing, nothing of it is true among alternatives.
          const ways = item.options.map((option) => { const conditions = this.conditions(option, node, how); return how === 'and' ? joined(conditions, range) : or(conditions.map(({ expr }) => expr), range) ?? literal(false, range); });
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
    return this.session.apply(value, [this.session.given(BUILDER, node)], node);
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
        if (chain && isSubquery(chain)) return this.ofChain(chain, node);
        const options = value.options.map((option) => this.expressionOf(option, nodeOf(option, node)));
        return options.every((option) => option === null) ? null : choice(options.map((option, i) => option ?? this.session.scalar(value.options[i]!, node)), node.range as Range);
      }
      case 'unknown': {
        const chain = this.session.chain(value);
        return chain && this.ofChain(chain, value.node);
      }
      default: return null;
    }
  }

  private ofChain(chain: Chain, node: Node): Expr | null {
    const range = node.range as Range;
    if (isSubquery(chain)) return { type: 'subquery', query: this.queryOf(chain), range };
    if (isQuery(chain)) this.results.push(chain);
    if (chain.steps.length === 0 || isQuery(chain)) return null;
    const end = foldSteps<State>(chain.steps, this.start(chain), (state, step) => this.next(state, step), (states) => {
      const exprs = states.map((state) => this.finished(state));
      return exprs.includes(null) ? states.find((state) => state?.kind === 'builder') ?? null : { kind: 'expr', expr: choice(exprs, range)! };
    });
    return this.finished(end);
  }

  private finished(state: State): Expr | null {
    return state?.kind === 'expr' ? state.expr : state?.kind === 'case' ? state.sofar : null;
  }

  private start(chain: Chain): State {
    if (chain.root.type === 'given') return { kind: 'builder', sure: chain.root.given === BUILDER };
    const { node, env } = chain.root;
    if (unwrap(node).type === 'TaggedTemplateExpression' || unwrap(node).type === 'CallExpression') {
      const value = this.session.value(node, env);
      if (value.type === 'text' && value.sql) return { kind: 'expr', expr: this.session.sqlExpression(value, node) };
    }
    const origin = this.session.origin(node)?.name;
    return origin !== undefined && HELPERS.test(origin) ? { kind: 'builder', sure: true } : { kind: 'builder', sure: false };
  }

  private next(state: State, step: Step): State {
    switch (state?.kind) {
      case 'builder': return this.built(state.sure, step);
      case 'functions': return isCalled(step) ? this.functionCall(step.name, step, state.sure) : null;
      case 'expr': return this.continued(state.expr, step);
      case 'case': return this.casePart(state, step);
      default: return null;
    }
  }

  private expr(expr: Expr): State {
    return { kind: 'expr', expr };
  }

  /** A member or call of an expression builder. */
  private built(sure: boolean, step: Step): State {
    const { name, node, env } = step, range = node.range as Range;
    if (!isCalled(step)) return name === 'fn' ? { kind: 'functions', sure } : name === 'eb' || name === 'dynamic' ? { kind: 'builder', sure } : !sure && name !== null ? { kind: 'builder', sure } : null;
    const { args } = step, [first, second, third] = args;
    switch (name) {
      case '': case 'eb': {
        const helper = this.helperCall(step);
        if (helper !== undefined) return helper;
        return first && second && third && (sure || this.session.string(this.session.value(second, env)) !== null) ? this.expr(this.compared(first, second, third, env, false)) : null;
      }
      case 'and': case 'or': return first ? this.expr(this.connected(name, first, env)) : null;
      case 'not': return first ? this.expr(not(this.predicate(first, env), range)) : null;
      case 'exists': return first ? this.expr(this.existing(this.session.value(first, env), first)) : null;
      case 'between': case 'betweenSymmetric': {
        if (!first || !second || !third) return null;
        const left = this.reference(first, env);
        return this.expr(name === 'between' ? and([comparison('>=', left, this.operand(second, env), range), comparison('<=', left, this.operand(third, env), range)], range)! : operation([left], range));
      }
      case 'lit': case 'val': case 'value': return first ? this.expr(this.operand(first, env)) : null;
      case 'ref': return first ? this.expr(second ? operation([this.reference(first, env)], range) : this.reference(first, env)) : null;
      case 'parens': return first ? this.expr(this.condition(step).expr) : null;
      case 'case': return { kind: 'case', sofar: { type: 'case', operand: first ? this.reference(first, env) : null, branches: [], otherwise: null, range }, when: null };
      case 'cast': case 'neg': return first ? this.expr(operation([this.reference(first, env)], range)) : null;
      case 'unary': {
        if (!first || !second) return null;
        const word = this.session.string(this.session.value(first, env))?.toLowerCase();
        if (word === 'not') return this.expr(not(this.predicate(second, env), range));
        if (word === 'exists' || word === 'not exists') { const made = this.existing(this.session.value(second, env), second); return this.expr(word === 'exists' ? made : not(made, range)); }
        return this.expr(operation([this.reference(second, env)], range));
      }
      case 'tuple': return this.expr({ type: 'row', items: args.map((argument) => this.operand(argument, env)), range });
      case 'refTuple': return this.expr({ type: 'row', items: args.map((argument) => this.reference(argument, env)), range });
      case 'any': return first ? this.expr(operation([this.reference(first, env)], range)) : null;
      case 'fn': return this.namedFunction(step);
      case 'jsonPath': case 'table': return sure ? this.expr(opaque(range)) : null;
      default: return sure || name === null ? null : AGGREGATES.test(name) || name === 'coalesce' ? this.functionCall(name, step, sure) : null;
    }
  }

  /** `jsonArrayFrom(query)`, `jsonObjectFrom(query)`, `expressionBuilder()`: functions that Kysely exports; undefined for any other. */
  private helperCall(step: Called): State | undefined {
    const callee = unwrap(step.at), name = callee.type === 'Identifier' ? this.session.origin(callee)?.name ?? callee.name : '', range = step.node.range as Range;
    switch (name) {
      case 'expressionBuilder': return { kind: 'builder', sure: true };
      case 'jsonArrayFrom': case 'jsonObjectFrom': return step.args[0] ? this.expr(this.expressionOf(this.session.value(step.args[0], step.env), step.args[0]) ?? opaque(range)) : null;
      case 'jsonBuildObject': {
        const entries = step.args[0] ? this.session.entries(this.session.value(step.args[0], step.env)) ?? [] : [];
        return this.expr({ type: 'operation', strict: false, operands: entries.flatMap((entry) => (entry.type === 'entry' ? [this.operandOf(entry.value(), entry.valueNode ?? entry.node)] : [])), range });
      }
      case 'mergeAction': return null;
      default: return undefined;
    }
  }

  /** A condition, or the name of a column that is one. */
  private predicate(node: Node, env: Env | null): Expr {
    const value = this.session.value(node, env);
    return this.strings(value, node) ? this.referenceOf(value, node) : this.conditionOf(value, node).expr;
  }

  /** `exists(query)` */
  existing(value: Value, node: Node): Expr {
    const range = node.range as Range, inner = this.expressionOf(value, node);
    return inner?.type === 'subquery' ? (inner.query.type === 'select' ? exists(inner.query, range) : { type: 'exists', query: inner.query, range }) : opaque(range);
  }

  /** `eb.fn('lower', ['email'])` */
  private namedFunction(step: Called): State {
    const { args: [name, list], env } = step, range = step.node.range as Range;
    const word = name ? this.session.string(this.session.value(name, env))?.toLowerCase() : undefined;
    if (word === undefined) return this.expr(opaque(range));
    return this.expr(this.callOf(word, list ? [list] : [], env, range, false));
  }

  /** A function of `eb.fn`. */
  private functionCall(name: string | null, step: Called, sure: boolean): State {
    const { args, env } = step, range = step.node.range as Range, [first, second] = args;
    switch (name) {
      case '': return this.namedFunction(step);
      case 'countAll': return this.expr(aggregate('count', [], range));
      case 'count': case 'sum': case 'avg': case 'min': case 'max': return this.expr(this.callOf(name, args, env, range, true));
      case 'jsonAgg': return this.expr(this.callOf('json_agg', args, env, range, true));
      case 'agg': {
        const word = first ? this.session.string(this.session.value(first, env))?.toLowerCase() : undefined;
        return this.expr(word === undefined ? opaque(range) : this.callOf(word, second ? [second] : [], env, range, true));
      }
      case 'coalesce': return this.expr({ type: 'coalesce', args: this.references(args, env), range });
      case 'any': case 'toJson': return first ? this.expr({ type: 'operation', operands: this.references(args, env), strict: false, range }) : null;
      default: return sure ? this.expr(opaque(range)) : null;
    }
  }

  private callOf(name: string, args: readonly Node[], env: Env | null, range: Range, folds: boolean): Expr {
    const operands = this.references(args, env);
    if (name === 'coalesce') return { type: 'coalesce', args: operands, range };
    return { type: 'call', name, args: operands, star: false, aggregate: folds || /^(?:count|sum|avg|min|max|(?:array|string|jsonb?)_agg|bool_(?:and|or)|every|group_concat)$/u.test(name), window: false, filter: null, range };
  }

  /** Arguments of functions: columns by name, alone or in a list. */
  private references(args: readonly Node[], env: Env | null): Expr[] {
    return args.flatMap((argument) => {
      const value = this.session.value(argument, env);
      return value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? this.referenceOf(item.value, nodeOf(item.value, argument)) : opaque(argument.range as Range))) : [this.referenceOf(value, argument)];
    });
  }

  /** What follows an expression: `.as('n')`, `.filterWhere(..)`, `.and(..)`. */
  private continued(expr: Expr, step: Step): State {
    const range = step.node.range as Range, { name } = step;
    if (name === null) return this.expr(opaque(range));
    if (!isCalled(step) || SAME.test(name)) return this.expr(expr);
    switch (name) {
      case 'and': return this.expr(joined([{ expr, loose: false }, this.condition(step)], range)!);
      case 'or': return this.expr(or([expr, this.condition(step).expr], range)!);
      case 'filterWhere': case 'filterWhereRef': return this.expr(expr.type === 'call' ? { ...expr, filter: and([expr.filter, this.condition(step, name === 'filterWhereRef').expr], range) } satisfies CallExpr : expr);
      case 'over': return this.expr(expr.type === 'call' ? { ...expr, aggregate: false, window: true } : expr);
      case 'key': case 'at': return this.expr(operation([expr], range));
      default: return this.expr(opaque(range));
    }
  }

  private casePart(state: Extract<State, { kind: 'case' }>, step: Step): State {
    if (!isCalled(step)) return state;
    const { args: [first], env, node } = step, { sofar } = state, grown = { ...sofar, range: node.range as Range };
    switch (step.name) {
      case 'when': return { kind: 'case', sofar: grown, when: sofar.operand && first ? this.operand(first, env) : this.condition(step).expr };
      case 'whenRef': return { kind: 'case', sofar: grown, when: this.condition(step, true).expr };
      case 'then': return first && state.when ? { kind: 'case', sofar: { ...grown, branches: [...sofar.branches, { when: state.when, then: this.operand(first, env) }] }, when: null } : state;
      case 'thenRef': return first && state.when ? { kind: 'case', sofar: { ...grown, branches: [...sofar.branches, { when: state.when, then: this.reference(first, env) }] }, when: null } : state;
      case 'else': return { kind: 'case', sofar: { ...grown, otherwise: first ? this.operand(first, env) : null }, when: null };
      case 'elseRef': return { kind: 'case', sofar: { ...grown, otherwise: first ? this.reference(first, env) : null }, when: null };
      case 'end': case 'endCase': return this.expr(sofar);
      default: return this.continued(sofar, step);
    }
  }
}

const HELPERS = /^(?:expressionBuilder|jsonArrayFrom|jsonObjectFrom|jsonBuildObject)$/;

/** The expression of a value where it has one of its own. */
export function nodeOf(value: Value, otherwise: Node): Node {
  switch (value.type) {
    case 'unknown': case 'function': return value.node;
    case 'object': return value.node;
    default: return otherwise;
  }
}

/** Chains that begin with an expression builder, or with a function that Kysely exports: `eb.or([..])`, `eb.fn.count('id')`, `eb.case().when(..)`. */
import type { CallExpr, CaseExpr, Expr, Query, Range } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Chain, Env, Step } from '../../source/values.js';
import { foldSteps, isCalled, type Called } from '../chains.js';
import { aggregate, and, choice, comparison, not, opaque, operation, or } from '../expressions.js';
import type { Session } from '../session.js';
import { joined } from './conditions.js';
import type { Expressions } from './expressions.js';
import { isQuery, isSubquery } from './queries.js';
import { EXPRESSION_BUILDER, nodeOf } from './values.js';

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
const HELPERS = /^(?:expressionBuilder|jsonArrayFrom|jsonObjectFrom|jsonBuildObject)$/;

/** Reads the chains of expression builders. `expressions` reads what their methods are given, `queryOf` the chain of a query. */
export class ExpressionBuilder {
  constructor(private readonly session: Session, private readonly expressions: Expressions, private readonly queryOf: (chain: Chain) => Query) {}

  /** The expression that a chain makes; null for what is none of Kysely's. */
  read(chain: Chain, node: Node): Expr | null {
    const range = node.range as Range;
    if (isSubquery(chain)) return { type: 'subquery', query: this.queryOf(chain), range };
    if (isQuery(chain)) this.expressions.results.push(chain);
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
    if (chain.root.type === 'given') return { kind: 'builder', sure: chain.root.given === EXPRESSION_BUILDER };
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
        return first && second && third && (sure || this.session.string(this.session.value(second, env)) !== null) ? this.expr(this.expressions.compared(first, second, third, env, false)) : null;
      }
      case 'and': case 'or': return first ? this.expr(this.expressions.connected(name, first, env)) : null;
      case 'not': return first ? this.expr(not(this.predicate(first, env), range)) : null;
      case 'exists': return first ? this.expr(this.expressions.existing(this.session.value(first, env), first)) : null;
      case 'between': case 'betweenSymmetric': {
        if (!first || !second || !third) return null;
        const left = this.expressions.reference(first, env);
        return this.expr(name === 'between' ? and([comparison('>=', left, this.expressions.operand(second, env), range), comparison('<=', left, this.expressions.operand(third, env), range)], range)! : operation([left], range));
      }
      case 'lit': case 'val': case 'value': return first ? this.expr(this.expressions.operand(first, env)) : null;
      case 'ref': return first ? this.expr(second ? operation([this.expressions.reference(first, env)], range) : this.expressions.reference(first, env)) : null;
      case 'parens': return first ? this.expr(this.expressions.condition(step).expr) : null;
      case 'case': return { kind: 'case', sofar: { type: 'case', operand: first ? this.expressions.reference(first, env) : null, branches: [], otherwise: null, range }, when: null };
      case 'cast': case 'neg': return first ? this.expr(operation([this.expressions.reference(first, env)], range)) : null;
      case 'unary': {
        if (!first || !second) return null;
        const word = this.session.string(this.session.value(first, env))?.toLowerCase();
        if (word === 'not') return this.expr(not(this.predicate(second, env), range));
        if (word === 'exists' || word === 'not exists') { const made = this.expressions.existing(this.session.value(second, env), second); return this.expr(word === 'exists' ? made : not(made, range)); }
        return this.expr(operation([this.expressions.reference(second, env)], range));
      }
      case 'tuple': return this.expr({ type: 'row', items: args.map((argument) => this.expressions.operand(argument, env)), range });
      case 'refTuple': return this.expr({ type: 'row', items: args.map((argument) => this.expressions.reference(argument, env)), range });
      case 'any': return first ? this.expr(operation([this.expressions.reference(first, env)], range)) : null;
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
      case 'jsonArrayFrom': case 'jsonObjectFrom': return step.args[0] ? this.expr(this.expressions.expressionOf(this.session.value(step.args[0], step.env), step.args[0]) ?? opaque(range)) : null;
      case 'jsonBuildObject': {
        const entries = step.args[0] ? this.session.entries(this.session.value(step.args[0], step.env)) ?? [] : [];
        return this.expr({ type: 'operation', strict: false, operands: entries.flatMap((entry) => (entry.type === 'entry' ? [this.expressions.operandOf(entry.value(), entry.valueNode ?? entry.node)] : [])), range });
      }
      case 'mergeAction': return null;
      default: return undefined;
    }
  }

  /** A condition, or the name of a column that is one. */
  private predicate(node: Node, env: Env | null): Expr {
    const value = this.session.value(node, env);
    return this.expressions.strings(value, node) ? this.expressions.referenceOf(value, node) : this.expressions.conditionOf(value, node).expr;
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
      return value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? this.expressions.referenceOf(item.value, nodeOf(item.value, argument)) : opaque(argument.range as Range))) : [this.expressions.referenceOf(value, argument)];
    });
  }

  /** What follows an expression: `.as('n')`, `.filterWhere(..)`, `.and(..)`. */
  private continued(expr: Expr, step: Step): State {
    const range = step.node.range as Range, { name } = step;
    if (name === null) return this.expr(opaque(range));
    if (!isCalled(step) || SAME.test(name)) return this.expr(expr);
    switch (name) {
      case 'and': return this.expr(joined([{ expr, loose: false }, this.expressions.condition(step)], range)!);
      case 'or': return this.expr(or([expr, this.expressions.condition(step).expr], range)!);
      case 'filterWhere': case 'filterWhereRef': return this.expr(expr.type === 'call' ? { ...expr, filter: and([expr.filter, this.expressions.condition(step, name === 'filterWhereRef').expr], range) } satisfies CallExpr : expr);
      case 'over': return this.expr(expr.type === 'call' ? { ...expr, aggregate: false, window: true } : expr);
      case 'key': case 'at': return this.expr(operation([expr], range));
      default: return this.expr(opaque(range));
    }
  }

  private casePart(state: Extract<State, { kind: 'case' }>, step: Step): State {
    if (!isCalled(step)) return state;
    const { args: [first], env, node } = step, { sofar } = state, grown = { ...sofar, range: node.range as Range };
    switch (step.name) {
      case 'when': return { kind: 'case', sofar: grown, when: sofar.operand && first ? this.expressions.operand(first, env) : this.expressions.condition(step).expr };
      case 'whenRef': return { kind: 'case', sofar: grown, when: this.expressions.condition(step, true).expr };
      case 'then': return first && state.when ? { kind: 'case', sofar: { ...grown, branches: [...sofar.branches, { when: state.when, then: this.expressions.operand(first, env) }] }, when: null } : state;
      case 'thenRef': return first && state.when ? { kind: 'case', sofar: { ...grown, branches: [...sofar.branches, { when: state.when, then: this.expressions.reference(first, env) }] }, when: null } : state;
      case 'else': return { kind: 'case', sofar: { ...grown, otherwise: first ? this.expressions.operand(first, env) : null }, when: null };
      case 'elseRef': return { kind: 'case', sofar: { ...grown, otherwise: first ? this.expressions.reference(first, env) : null }, when: null };
      case 'end': case 'endCase': return this.expr(sofar);
      default: return this.continued(sofar, step);
    }
  }
}

/**
 * What a callback does to the builder that it is given, as `this` or as its parameter: `function () { this.where(..) }`, `(qb) => { if (x) qb.where(..); }`,
 * and what a function does to a builder that is handed to it.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { isFunction, parentOf, propertyName, unwrap, type Node, type Variable } from '../../source/ast.js';
import type { Binding, ChainItem, Env, FunctionValue, Step } from '../../source/values.js';
import type { Session } from '../session.js';

/** Functions inside functions, beyond which a builder is no longer followed. */
const MAX_DEPTH = 8;
/** Methods that only look at a builder, or give a copy of it. */
const COPIES = /^(?:clone|toString|toSQL|toQuery|toKnexQuery|client|columnInfo)$/;

/** The steps that a function takes on the builder that is its `parameter`-th argument (and its `this`). `args`: the call's other arguments. */
export function stepsInside(fn: FunctionValue, session: Session, parameter = 0, args: { readonly nodes: readonly Node[]; readonly env: Env | null } | null = null, depth = 0): ChainItem[] {
  const { node } = fn, param = node.params[parameter];
  const target = param?.type === 'AssignmentPattern' ? param.left : param;
  const variable = target?.type === 'Identifier' ? session.source.names.variable(target) : null;
  const walker = new Walker(session, new Set(variable ? [variable] : []), node.type === 'ArrowFunctionExpression' ? null : node, bound(fn, session, parameter, args), depth);
  return node.body.type === 'BlockStatement' ? walker.statements(node.body.body) : walker.expression(node.body);
}

/** The environment of a function whose arguments are known. */
function bound(fn: FunctionValue, session: Session, parameter: number, args: { readonly nodes: readonly Node[]; readonly env: Env | null } | null): Env | null {
  if (!args) return fn.env;
  const bindings = new Map<Variable, Binding>();
  fn.node.params.forEach((param, i) => {
    const target = param.type === 'AssignmentPattern' ? param.left : param, argument = args.nodes[i];
    if (i === parameter || target.type !== 'Identifier' || !argument || argument.type === 'SpreadElement') return;
    const variable = session.source.names.variable(target);
    if (variable) bindings.set(variable, { final: false, value: () => session.value(argument, args.env) });
  });
  return { bindings, outer: fn.env };
}

class Walker {
  constructor(
    private readonly session: Session,
    private readonly aliases: Set<Variable>,
    /** The function whose `this` the builder is. */
    private readonly owner: Node | null,
    private readonly env: Env | null,
    private readonly depth: number,
  ) {}

  statements(statements: readonly Node[]): ChainItem[] {
    const items: ChainItem[] = [];
    for (const [i, statement] of statements.entries()) {
      // `if (!wanted) return;`: what follows is done otherwise.
      if (statement.type === 'IfStatement' && !statement.alternate && exits(statement.consequent)) {
        const off = this.session.source.evaluator.conditions.truth(statement.test, this.env);
        if (off === true) return [...items, ...this.statement(statement.consequent)];
        if (off === null) return [...items, this.fork(statement.test, this.statement(statement.consequent), this.statements(statements.slice(i + 1)))];
        continue;
      }
      items.push(...this.statement(statement));
      if (exits(statement)) break;
    }
    return items;
  }

  private statement(node: Node | null | undefined): ChainItem[] {
    switch (node?.type) {
      case 'BlockStatement': return this.statements(node.body);
      case 'ExpressionStatement': return this.expression(node.expression);
      case 'ReturnStatement': return node.argument ? this.expression(node.argument) : [];
      case 'VariableDeclaration': return node.declarations.flatMap((declarator) => {
        const items = declarator.init ? this.expression(declarator.init) : [];
        if (declarator.init && declarator.id.type === 'Identifier' && this.steps(declarator.init)) {
          const variable = this.session.source.names.variable(declarator.id);
          if (variable) this.aliases.add(variable);
        }
        return items;
      });
      case 'IfStatement': {
        const truth = this.session.source.evaluator.conditions.truth(node.test, this.env);
        if (truth !== null) return this.statement(truth ? node.consequent : node.alternate);
        return [this.fork(node.test, this.statement(node.consequent), this.statement(node.alternate))];
      }
      case 'SwitchStatement': {
        const ways = node.cases.filter(({ consequent }) => consequent.length > 0).map(({ consequent }) => this.statements(consequent));
        if (!node.cases.some(({ test }) => test === null)) ways.push([]);
        return [{ type: 'fork', test: null, options: ways }];
      }
      case 'TryStatement': return this.statement(node.block);
      case 'ForStatement': case 'ForOfStatement': case 'ForInStatement': case 'WhileStatement': case 'DoWhileStatement': return this.perhaps(this.statement(node.body));
      default: return [];
    }
  }

  expression(node: Node): ChainItem[] {
    const at = unwrap(node);
    switch (at.type) {
      case 'CallExpression': return this.call(at);
      case 'AwaitExpression': return this.expression(at.argument);
      case 'UnaryExpression': return at.operator === 'void' ? this.expression(at.argument) : [];
      case 'AssignmentExpression': return this.expression(at.right);
      case 'SequenceExpression': return at.expressions.flatMap((expression) => this.expression(expression));
      case 'ConditionalExpression': {
        const truth = this.session.source.evaluator.conditions.truth(at.test, this.env);
        if (truth !== null) return this.expression(truth ? at.consequent : at.alternate);
        return [this.fork(at.test, this.expression(at.consequent), this.expression(at.alternate))];
      }
      case 'LogicalExpression': return this.perhaps(this.expression(at.right), at.operator === '&&' ? at.left : null);
      default: return [];
    }
  }

  private call(node: TSESTree.CallExpression): ChainItem[] {
    const own = this.steps(node);
    if (own) return own;
    const index = node.arguments.findIndex((argument) => argument.type !== 'SpreadElement' && this.isBuilder(argument));
    if (index >= 0) return this.handedOn(node, index);
    // `filters.forEach((filter) => builder.where(filter))`
    return node.arguments.flatMap((argument) => (isFunction(argument) ? this.perhaps(argument.body.type === 'BlockStatement' ? this.statements(argument.body.body) : this.expression(argument.body)) : []));
  }

  /** The builder is an argument of another function. */
  private handedOn(node: TSESTree.CallExpression, index: number): ChainItem[] {
    const fn = this.depth < MAX_DEPTH ? this.session.value(node.callee, this.env) : null;
    if (fn?.type === 'function') return stepsInside(fn, this.session, index, { nodes: node.arguments, env: this.env }, this.depth + 1);
    return [unseen(node, this.env)];
  }

  /** The steps of a chain that begins with the builder; null for any other expression. */
  private steps(node: Node): ChainItem[] | null {
    const at = unwrap(node);
    if (this.isBuilder(at)) return [];
    if (at.type === 'AwaitExpression') return this.steps(at.argument);
    if (at.type === 'MemberExpression') {
      const before = this.steps(at.object);
      return before && [...before, this.step(at, propertyName(at), at.property, null)];
    }
    if (at.type !== 'CallExpression') return null;
    const callee = unwrap(at.callee);
    if (callee.type !== 'MemberExpression') return null;
    const before = this.steps(callee.object), name = propertyName(callee);
    if (!before) return null;
    return name !== null && COPIES.test(name) ? before : [...before, this.step(at, name, callee.property, at.arguments)];
  }

  private step(node: Node, name: string | null, at: Node, args: readonly Node[] | null): Step {
    return { type: 'step', name, at, args, env: this.env, node, detached: false, awaited: false };
  }

  private isBuilder(node: Node): boolean {
    const at = unwrap(node);
    if (at.type === 'Identifier') {
      const variable = this.session.source.names.variable(at);
      return variable !== null && this.aliases.has(variable);
    }
    return at.type === 'ThisExpression' && this.owner !== null && thisOwner(at) === this.owner;
  }

  private fork(test: Node, on: readonly ChainItem[], off: readonly ChainItem[]): ChainItem {
    return { type: 'fork', test: this.session.source.evaluator.conditions.test(test), options: [on, off] };
  }

  private perhaps(items: readonly ChainItem[], test: Node | null = null): ChainItem[] {
    return items.length === 0 ? [] : [{ type: 'fork', test: test && this.session.source.evaluator.conditions.test(test), options: [items, []] }];
  }
}

/** A call that may do anything to the builder that it is given. */
export function unseen(node: Node, env: Env | null): Step {
  return { type: 'step', name: null, at: node, args: [], env, node, detached: true, awaited: false };
}

/** The function whose `this` an expression is. */
function thisOwner(node: Node): Node | null {
  for (let at = parentOf(node); at; at = parentOf(at)) if (at.type === 'FunctionExpression' || at.type === 'FunctionDeclaration') return at;
  return null;
}

function exits(node: Node): boolean {
  switch (node.type) {
    case 'ReturnStatement': case 'ThrowStatement': case 'BreakStatement': case 'ContinueStatement': return true;
    case 'BlockStatement': return node.body.some(exits);
    default: return false;
  }
}

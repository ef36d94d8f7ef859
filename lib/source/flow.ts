/**
 * The value of a variable at a place: its declaration, then what the statements before that place did to it, conditions and
 * loops as forks. And what a function returns. A structured reading of the syntax, without jumps into the middle.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { ancestor, contains, isFunction, lastName, parentOf, propertyName, statementsOf, unwrap, wrapped, type Names, type Node, type Variable } from './ast.js';
import type { Evaluator } from './evaluate.js';
import { hasFork, hole, type FirstTurn, type Test } from './parts.js';
import { chainOf, choose, constantOf, further, handedTo, NOTHING, text, unknown, type Assigned, type Binding, type Env, type FunctionValue, type ListItem, type ObjectValue, type Step, type Value } from './values.js';

/** Methods that change the list or fragment they are called on. */
const MUTATORS = /^(?:push|unshift|append|splice|pop|shift)$/;
/** Methods of query builders that change the builder they are called on, as statements of their own. */
const BUILDS = /^(?:(?:and|or)?(?:where|having)\w*|\w*join\w*|(?:add)?select\w*|with\w*|modify\w*|clear\w*|(?:add)?order\w*|limit|offset|skip|take|(?:add)?group\w*|count\w*|distinct\w*|first|set\w*|filter|is|not|or|and|n?eq|[gl]te?|in|match|contains|i?like|range|del(?:ete)?|update|patch|from|on\w*|union\w*|intersect\w*|except\w*|apply(?:Filters)?|scope|include\w*|unscoped?|forUpdate|returning)$/i;
/** Calls that only look at what they are given. */
const LOOKS = /^(?:log|debug|info|warn|error|trace|table|assert|expect|inspect|stringify)$/;
/** Methods that call their callback at once, once for each item. */
const EACH = /^(?:forEach|map|each|eachSeries)$/;

export class Flow {
  private readonly changes = new WeakMap<Variable, readonly Node[]>();
  private readonly returning = new WeakMap<Node, boolean>();
  /** Functions whose effect on an argument is being followed. */
  private readonly followed = new Set<Node>();

  constructor(private readonly evaluator: Evaluator, private readonly names: Names) {}

  /**
   * The variable's value where `use` reads it.
   *
   * @param entry the value before the function's own assignments (a parameter's argument), or "nothing"
   */
  valueAt(variable: Variable, use: Node, env: Env | null, entry: Value): Value {
    const definition = variable.defs[0]!, changes = this.changesOf(variable);
    const declarator = definition.node.type === 'VariableDeclarator' ? definition.node : null;
    if (changes.length === 0) return declarator ? (declarator.init ? this.evaluator.evaluate(declarator.init, env) : unknown(use)) : entry;
    const block = declarator ? ancestor(declarator, (node) => statementsOf(node) !== null) : isFunction(definition.node) ? definition.node.body : null;
    if (!block || !contains(block, use)) return unknown(use);
    if (declarator && isLoop(parentOf(parentOf(declarator) ?? declarator))) return unknown(use);
    // Another function may have changed it at any time.
    const path = pathTo(use, block);
    const later = path.find((node) => isFunction(node) && !isCalledAtOnce(node));
    if (changes.some((change) => isWrite(change) && (!this.isInLine(change, block, path) || (later && change.range[0] > later.range[1])))) return unknown(use);
    const walk = new Walk(this, this.evaluator, this.names, variable, changes, env, use);
    let state = entry;
    path.forEach((node, i) => {
      const next = path[i + 1], statements = statementsOf(node);
      if (!next) return;
      if (statements) for (const statement of statements) {
        if (statement === next) break;
        state = walk.effect(statement, state);
      }
      if (node.type === 'TryStatement' && node.finalizer === next) state = walk.effect(node.block, state);
      // What a turn of the loop changes behind the use, the next turn reads.
      if (isLoop(node) && changes.some((change) => contains(node, change) && change.range[0] > use.range[0])) state = walk.laterTurn(node, state);
      // `(q += ' x', run(q))` and `run((q += ' x'))` are not followed; a use inside the declaration itself reads what it declares.
      if (next.type === 'VariableDeclaration' && declarator && contains(next, declarator)) state = walk.declaredBefore(next, use, state);
    });
    return state;
  }

  /** Is the change in the same run of statements as the use: not inside a function other than those around the use and callbacks called at once? */
  private isInLine(change: Node, block: Node, path: readonly Node[]): boolean {
    for (let at = parentOf(change); at && at !== block; at = parentOf(at)) {
      if (!isFunction(at) || path.includes(at)) continue;
      if (!isCalledAtOnce(at)) return false;
    }
    return true;
  }

  /** Where the variable is assigned, or the list or fragment in it changed; its declaration is none unless there are others. */
  private changesOf(variable: Variable): readonly Node[] {
    let changes = this.changes.get(variable);
    if (!changes) {
      changes = variable.references.filter((reference) => (reference.isWrite() && !reference.init) || (!reference.isWrite() && changesTarget(reference.identifier))).map(({ identifier }) => identifier);
      this.changes.set(variable, changes);
    }
    return changes;
  }

  /**
   * What a function of the file makes of a builder that it is handed (`addFilters(query);`): the builder with the steps that it adds; null where that cannot
   * be followed.
   *
   * @param env in which the call's arguments are evaluated
   */
  handed({ node: fn, env: outer }: FunctionValue, call: TSESTree.CallExpression, index: number, builder: Value, env: Env | null): Value | null {
    const param = fn.params[index], variable = param?.type === 'Identifier' ? this.names.variable(param) : null;
    if (!variable || fn.generator || !fn.body || this.followed.has(fn) || call.arguments.slice(0, index).some(({ type }) => type === 'SpreadElement')) return null;
    const bindings = new Map<Variable, Binding>([[variable, { value: () => builder, final: false }]]);
    fn.params.forEach((other, i) => {
      const target = other.type === 'AssignmentPattern' ? other.left : other, named = target.type === 'Identifier' ? this.names.variable(target) : null, argument = call.arguments[i];
      if (named && i !== index) bindings.set(named, { value: () => (argument ? this.evaluator.evaluate(argument, env) : other.type === 'AssignmentPattern' ? this.evaluator.evaluate(other.right, { bindings, outer }) : NOTHING), final: false });
    });
    this.followed.add(fn);
    try {
      const inner: Env = { bindings, outer };
      if (fn.body.type !== 'BlockStatement') return goesOn(builder, this.evaluator.evaluate(fn.body, inner));
      if (this.mayReturnValue(fn.body)) return goesOn(builder, this.returned(fn.body, inner));
      const changes = this.changesOf(variable);
      if (variable.references.some(({ identifier, init }) => !init && !changes.includes(identifier) && !isLookedAt(identifier))) return null;
      if (changes.some((change) => isWrite(change) && !isArgument(change))) return null;
      const after = new Walk(this, this.evaluator, this.names, variable, changes, inner, fn.body).effect(fn.body, builder);
      return this.mayReturn(fn.body) ? choose(null, [after, builder]) : after;
    } finally {
      this.followed.delete(fn);
    }
  }

  /** Does a return statement of this function give something back? */
  private mayReturnValue(node: Node): boolean {
    return node.type === 'ReturnStatement' ? node.argument !== null : innerStatements(node).some((inner) => this.mayReturnValue(inner));
  }

  /** What a function's body returns; null where it returns nothing that can be told. */
  returned(body: TSESTree.BlockStatement, env: Env): Value | null {
    return this.outcome(body.body, env).value;
  }

  private outcome(statements: readonly Node[], env: Env): { value: Value | null; falls: boolean } {
    for (const [i, statement] of statements.entries()) {
      if (!this.mayReturn(statement)) {
        if (exits(statement)) return { value: null, falls: false };
        continue;
      }
      const outcome = this.outcomeOf(statement, env);
      if (!outcome.falls) return outcome;
      const rest = this.outcome(statements.slice(i + 1), env);
      return { value: merged(outcome.test ?? null, outcome.value, rest.value), falls: rest.falls };
    }
    return { value: null, falls: true };
  }

  private outcomeOf(statement: Node, env: Env): { value: Value | null; falls: boolean; test?: Test | null } {
    switch (statement.type) {
      case 'ReturnStatement': return { value: statement.argument ? this.evaluator.evaluate(statement.argument, env) : null, falls: false };
      case 'BlockStatement': return this.outcome(statement.body, env);
      case 'IfStatement': {
        const truth = this.evaluator.conditions.truth(statement.test, env);
        if (truth !== null) return truth ? this.branch(statement.consequent, env) : statement.alternate ? this.branch(statement.alternate, env) : { value: null, falls: true };
        const on = this.branch(statement.consequent, env), off = statement.alternate ? this.branch(statement.alternate, env) : { value: null, falls: true };
        const test = this.evaluator.conditions.test(statement.test);
        if (!on.falls && !off.falls) return { value: merged(test, on.value, off.value), falls: false };
        // What falls through goes on with the statements behind.
        return { value: merged(test, on.value, off.value), falls: true, test: on.falls ? null : test };
      }
      case 'SwitchStatement': {
        const subject = constantOf(this.evaluator.evaluate(statement.discriminant, env)), values: Value[] = [];
        let falls = !statement.cases.some(({ test }) => test === null);
        for (const [i, branch] of statement.cases.entries()) {
          if (branch.consequent.length === 0) continue;
          if (subject && !statement.cases.slice(firstOfGroup(statement.cases, i), i + 1).some(({ test }) => this.matches(test, subject.value, env, statement.cases))) continue;
          const outcome = this.outcome(branch.consequent, env);
          if (outcome.value) values.push(outcome.value);
          if (subject && !outcome.falls) return { value: choose(null, values), falls: false };
          falls ||= outcome.falls;
        }
        return { value: values.length > 0 ? choose(null, values) : null, falls };
      }
      case 'TryStatement': {
        const outcome = this.outcome(statement.block.body, env);
        return outcome.value || !statement.handler ? outcome : this.outcome(statement.handler.body.body, env);
      }
      case 'ForStatement': case 'ForOfStatement': case 'ForInStatement': case 'WhileStatement': case 'DoWhileStatement': case 'LabeledStatement':
        return { value: this.branch(statement.body, env).value, falls: true };
      default: return { value: null, falls: true };
    }
  }

  private matches(test: Node | null, subject: unknown, env: Env, cases: readonly TSESTree.SwitchCase[]): boolean {
    if (test) return constantOf(this.evaluator.evaluate(test, env))?.value === subject;
    return !cases.some((other) => other.test && constantOf(this.evaluator.evaluate(other.test, env))?.value === subject);
  }

  private branch(statement: Node, env: Env): { value: Value | null; falls: boolean } {
    const outcome = statement.type === 'BlockStatement' ? this.outcome(statement.body, env) : this.outcome([statement], env);
    return { value: outcome.value, falls: outcome.falls };
  }

  /** Does a return statement of this function stand inside the statement? */
  private mayReturn(node: Node): boolean {
    let known = this.returning.get(node);
    if (known === undefined) {
      known = node.type === 'ReturnStatement' || innerStatements(node).some((inner) => this.mayReturn(inner));
      this.returning.set(node, known);
    }
    return known;
  }
}

/** Two outcomes of a function; one that is none (`return;`, a guard) leaves the other. */
function merged(test: Test | null, on: Value | null, off: Value | null): Value | null {
  if (!on || !off) return on ?? off;
  const isUndefined = (value: Value) => value.type === 'nothing' && value.node?.type !== 'Literal';
  if (isUndefined(on) !== isUndefined(off)) return isUndefined(on) ? off : on;
  return choose(test, [on, off]);
}

/** The first case of the run of cases without statements that ends in case `i`. */
function firstOfGroup(cases: readonly TSESTree.SwitchCase[], i: number): number {
  while (i > 0 && cases[i - 1]!.consequent.length === 0) i--;
  return i;
}

/** The statements directly inside a statement, functions left out. */
function innerStatements(node: Node): readonly Node[] {
  switch (node.type) {
    case 'BlockStatement': return node.body;
    case 'IfStatement': return node.alternate ? [node.consequent, node.alternate] : [node.consequent];
    case 'SwitchStatement': return node.cases.flatMap(({ consequent }) => consequent);
    case 'TryStatement': return [node.block, ...(node.handler ? [node.handler.body] : []), ...(node.finalizer ? [node.finalizer] : [])];
    case 'ForStatement': case 'ForOfStatement': case 'ForInStatement': case 'WhileStatement': case 'DoWhileStatement': case 'LabeledStatement': case 'WithStatement': return [node.body];
    default: return [];
  }
}

/** Does control never reach what stands behind the statement? */
function exits(node: Node): boolean {
  switch (node.type) {
    case 'ReturnStatement': case 'ThrowStatement': case 'BreakStatement': case 'ContinueStatement': return true;
    case 'BlockStatement': return node.body.some(exits);
    case 'IfStatement': return node.alternate !== null && exits(node.consequent) && exits(node.alternate);
    default: return false;
  }
}

/** The value, where it is the builder with none or more steps behind it; null for any other. */
function goesOn(builder: Value, value: Value | null): Value | null {
  const before = chainOf(builder), after = value && chainOf(value);
  if (!value || !before || !after || before.root.type !== 'node' || after.root.type !== 'node' || before.root.node !== after.root.node) return null;
  return after.steps.length >= before.steps.length ? value : null;
}

/** Is a member of it read (`query.alias`), or is it handed to what only looks? */
function isLookedAt(identifier: Node): boolean {
  const at = wrapped(identifier), parent = parentOf(at);
  if (parent?.type === 'CallExpression') return parent.callee !== at && LOOKS.test(lastName(parent.callee) ?? '');
  const outer = parent && parentOf(wrapped(parent));
  return parent?.type === 'MemberExpression' && parent.object === at && !(outer?.type === 'CallExpression' && outer.callee === wrapped(parent));
}

/** Is it handed to a call? */
function isArgument(identifier: Node): boolean {
  const at = wrapped(identifier), parent = parentOf(at);
  return parent?.type === 'CallExpression' && parent.callee !== at;
}

type LoopNode = TSESTree.ForStatement | TSESTree.ForInStatement | TSESTree.ForOfStatement | TSESTree.WhileStatement | TSESTree.DoWhileStatement;

function isLoop(node: Node | null): node is LoopNode {
  return node !== null && /^(?:For(?:In|Of)?|While|DoWhile)Statement$/.test(node.type);
}

/** The nodes from a block down to a node inside it. */
function pathTo(use: Node, block: Node): Node[] {
  const path: Node[] = [];
  for (let at: Node | null = use; at; at = parentOf(at)) {
    path.unshift(at);
    if (at === block) break;
  }
  return path;
}

/** Is the identifier assigned here (as against: what it holds is changed)? */
function isWrite(identifier: Node): boolean {
  const parent = parentOf(identifier);
  return (parent?.type === 'AssignmentExpression' && parent.left === identifier) || parent?.type === 'UpdateExpression' || !(parent?.type === 'MemberExpression' || parent?.type === 'CallExpression' || parent?.type === 'TSNonNullExpression');
}

/** Is what the identifier holds changed here: `list.push(x)`, `list[i] = x`, `addFilters(list)` as a statement of its own? */
function changesTarget(identifier: Node): boolean {
  const at = wrapped(identifier), parent = parentOf(at);
  if (!parent) return false;
  if (parent.type === 'MemberExpression' && parent.object === at) {
    let member: Node = parent, outer = parentOf(wrapped(member));
    // `where.author.id = 1`, `where.AND.push(..)`
    while (outer?.type === 'MemberExpression' && outer.object === wrapped(member)) {
      member = outer;
      outer = parentOf(wrapped(member));
    }
    if (outer?.type === 'CallExpression' && outer.callee === member) return MUTATORS.test(propertyName(member) ?? '') || (member === parent && BUILDS.test(propertyName(parent) ?? '') && isBuilding(outer));
    return (outer?.type === 'AssignmentExpression' && outer.left === member) || (outer?.type === 'UnaryExpression' && outer.operator === 'delete');
  }
  return parent.type === 'CallExpression' && parent.arguments.includes(at as never) && (isStatementExpression(parent) || (parent.arguments[0] === at && isObjectAssign(parent))) && !LOOKS.test(lastName(parent.callee) ?? '');
}

function isObjectAssign(call: TSESTree.CallExpression): boolean {
  return call.callee.type === 'MemberExpression' && propertyName(call.callee) === 'assign' && lastName(call.callee.object) === 'Object';
}

/** Is the call, with those chained to it, a statement of its own that nobody awaits? MikroORM's `await query.applyFilters();` sends nothing. */
function isBuilding(call: Node): boolean {
  for (let at = wrapped(call); ; ) {
    const parent = parentOf(at), outer = parent && parentOf(wrapped(parent));
    if (parent?.type === 'MemberExpression' && parent.object === at && outer?.type === 'CallExpression' && outer.callee === wrapped(parent)) at = wrapped(outer);
    else if (parent?.type === 'AwaitExpression' && at.type === 'CallExpression' && lastName(at.callee) === 'applyFilters') at = wrapped(parent);
    else return parent?.type === 'ExpressionStatement' || (parent?.type === 'LogicalExpression' && parent.right === at && parentOf(wrapped(parent))?.type === 'ExpressionStatement');
  }
}

/** Is the expression, perhaps awaited, a statement of its own, whose result nobody takes? */
function isStatementExpression(node: Node): boolean {
  let at = wrapped(node), parent = parentOf(at);
  while (parent && (parent.type === 'AwaitExpression' || (parent.type === 'UnaryExpression' && parent.operator === 'void') || (parent.type === 'LogicalExpression' && parent.right === at))) {
    at = wrapped(parent);
    parent = parentOf(at);
  }
  return parent?.type === 'ExpressionStatement';
}

/** Is the function a callback that its call runs for each item before it returns? */
function isCalledAtOnce(fn: Node): boolean {
  const call = parentOf(fn);
  return call?.type === 'CallExpression' && (call.callee === fn || (call.callee.type === 'MemberExpression' && EACH.test(propertyName(call.callee) ?? '')));
}

/** One walk over statements for their effect on one variable. */
class Walk {
  /** Where the variable is declared or changed, in order. */
  private readonly places: readonly number[];
  private loops = 0;

  constructor(
    private readonly flow: Flow,
    private readonly evaluator: Evaluator,
    private readonly names: Names,
    private readonly variable: Variable,
    private readonly changes: readonly Node[],
    private readonly env: Env | null,
    private readonly use: Node,
  ) {
    this.places = [...changes.map(({ range }) => range[0]), ...variable.defs.map(({ name }) => name.range[0])].sort((a, b) => a - b);
  }

  /** Does the node declare the variable, or change it? */
  private changesIn(node: Node): boolean {
    let low = 0, high = this.places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.places[middle]! < node.range[0]) low = middle + 1;
      else high = middle;
    }
    return low < this.places.length && this.places[low]! < node.range[1];
  }

  /** Expressions read the variable as it is now. */
  private get(node: Node, state: Value): Value {
    return this.evaluator.evaluate(node, { bindings: new Map([[this.variable, { value: () => state, final: true }]]), outer: this.env });
  }

  effect(node: Node, state: Value): Value {
    if (!this.changesIn(node)) return state;
    if (!this.evaluator.mayGoOn()) return this.unseen(state, node);
    switch (node.type) {
      case 'VariableDeclaration': return node.declarations.reduce<Value>((value, declarator) => this.declarator(declarator, value), state);
      case 'ExportNamedDeclaration': return node.declaration ? this.effect(node.declaration, state) : state;
      case 'ExpressionStatement': return this.expression(node.expression, state);
      case 'ReturnStatement': case 'ThrowStatement': return node.argument ? this.expression(node.argument, state) : state;
      case 'BlockStatement': case 'StaticBlock': return this.sequence(node.body, state);
      case 'IfStatement': {
        const before = this.expression(node.test, state), truth = this.evaluator.conditions.truth(node.test, this.env);
        if (truth === true) return this.effect(node.consequent, before);
        const off = node.alternate ? this.effect(node.alternate, before) : before;
        if (truth === false) return off;
        const on = this.effect(node.consequent, before);
        if (exits(node.consequent)) return off;
        return node.alternate && exits(node.alternate) ? on : choose(this.evaluator.conditions.test(node.test), [on, off]);
      }
      case 'SwitchStatement': return this.cases(node, state);
      case 'TryStatement': {
        const done = this.effect(node.block, state);
        const handled = node.handler && this.changesIn(node.handler) && !exits(node.handler.body) ? choose(null, [done, this.effect(node.handler.body, state)]) : done;
        return node.finalizer ? this.effect(node.finalizer, handled) : handled;
      }
      case 'ForStatement': case 'ForOfStatement': case 'ForInStatement': case 'WhileStatement': case 'DoWhileStatement': return this.loop(node.body, state);
      case 'LabeledStatement': return this.effect(node.body, state);
      default: return this.unseen(state, node);
    }
  }

  private sequence(statements: readonly Node[], state: Value): Value {
    for (const statement of statements) {
      state = this.effect(statement, state);
      if (exits(statement)) break;
    }
    return state;
  }

  private cases(node: TSESTree.SwitchStatement, state: Value): Value {
    const ways: Value[] = [];
    node.cases.forEach((branch, i) => {
      if (branch.consequent.length === 0) return;
      let value = state, at = i;
      // Fall through until a case leaves.
      for (; at < node.cases.length; at++) {
        value = this.sequence(node.cases[at]!.consequent, value);
        if (node.cases[at]!.consequent.some(exits)) break;
      }
      const leaves = node.cases.slice(i, at + 1).some(({ consequent }) => consequent.some(({ type }) => type === 'ReturnStatement' || type === 'ThrowStatement'));
      if (!leaves && value !== state) ways.push(value);
    });
    if (!node.cases.some(({ test }) => test === null)) ways.push(state);
    return ways.length > 0 ? choose(null, ways) : state;
  }

  /**
   * A loop: on, the body ran; off, it did not. Where the body has conditions ("not the first: add UNION"), it runs
   * twice, the first turn with them off, so that the text between two turns is seen.
   */
  private loop(body: Node, state: Value): Value {
    this.loops++;
    const once = this.effect(body, state), first = this.loops === 1 && once !== state ? firstTurn(state, once) : null;
    const done = first ? this.effect(body, first) : once;
    this.loops--;
    return done === state ? state : choose(null, [done, state]);
  }

  /** The value on some turn of a loop: as before the loop, or as a turn leaves it. */
  laterTurn(node: LoopNode, state: Value): Value {
    if (state.type !== 'text' && state.type !== 'list') return unknown(this.use);
    const once = this.effect(node.body, state);
    return once.type === state.type ? choose(null, [once, state]) : unknown(this.use);
  }

  private declarator(node: TSESTree.VariableDeclarator, state: Value): Value {
    if (this.variable.defs.some((definition) => definition.node === node)) {
      if (node.id.type !== 'Identifier') return node.init ? this.evaluator.destructured(node.id, this.get(node.init, NOTHING), this.variable, this.env) ?? unknown(node) : NOTHING;
      return node.init ? this.get(node.init, state) : NOTHING;
    }
    return node.init ? this.expression(node.init, state) : state;
  }

  /** The effect of the declarators in front of the one that holds the use (`let q = 'a', rows = run(q)`). */
  declaredBefore(node: TSESTree.VariableDeclaration, use: Node, state: Value): Value {
    for (const declarator of node.declarations) {
      if (contains(declarator, use)) return state;
      state = this.declarator(declarator, state);
    }
    return state;
  }

  private expression(node: Node, state: Value): Value {
    if (!this.changesIn(node)) return state;
    const at = unwrap(node);
    switch (at.type) {
      case 'AssignmentExpression': return this.assignment(at, state);
      case 'CallExpression': return this.call(at, state);
      case 'LogicalExpression': {
        const before = this.expression(at.left, state), after = this.expression(at.right, before);
        return after === before ? before : choose(at.operator === '&&' ? this.evaluator.conditions.test(at.left) : null, [after, before]);
      }
      case 'ConditionalExpression': {
        const before = this.expression(at.test, state);
        return choose(this.evaluator.conditions.test(at.test), [this.expression(at.consequent, before), this.expression(at.alternate, before)]);
      }
      case 'SequenceExpression': return at.expressions.reduce<Value>((value, expression) => this.expression(expression, value), state);
      case 'UnaryExpression':
        return at.operator === 'delete' && (state.type === 'object' || state.type === 'fork') ? this.changedInside(unwrap(at.argument), state, 'deleted') : this.expression(at.argument, state);
      case 'AwaitExpression': case 'SpreadElement': return this.expression(at.argument, state);
      case 'MemberExpression': return this.expression(at.object, state);
      case 'ArrayExpression': return at.elements.reduce<Value>((value, element) => (element ? this.expression(element, value) : value), state);
      default: return this.unseen(state, at);
    }
  }

  private assignment(node: TSESTree.AssignmentExpression, state: Value): Value {
    const left = unwrap(node.left);
    if (left.type === 'Identifier' && this.names.variable(left) === this.variable) {
      switch (node.operator) {
        case '=': return this.get(node.right, state);
        case '+=': return this.evaluator.append(state, this.get(node.right, state), node.right);
        case '||=': case '??=': return state.type === 'nothing' ? this.get(node.right, state) : state.type === 'text' ? state : choose(null, [state, this.get(node.right, state)]);
        default: return unknown(node);
      }
    }
    if (this.changes.some((change) => contains(left, change))) return state.type === 'object' || state.type === 'fork' || state.type === 'unknown' ? this.propertyAssigned(left, node, state) : this.unseen(state, node);
    return this.expression(node.right, state);
  }

  /** `object.key = value`; deeper in, the key's value is no longer known. */
  private propertyAssigned(left: Node, node: TSESTree.AssignmentExpression, state: Value): Value {
    if (state.type === 'fork') return choose(state.test, state.options.map((option) => this.propertyAssigned(left, node, option)));
    if (state.type !== 'object') return state;
    const { key, deep } = ownKey(left);
    return assigned(state, { type: 'entry', key, value: deep || node.operator !== '=' ? unknown(node) : this.get(node.right, state), node });
  }

  /** `where.AND.push(..)`, `delete where.key`: a change somewhere inside an object. */
  private changedInside(at: Node, state: Value, how: 'changed' | 'deleted'): Value {
    if (state.type === 'fork') return choose(state.test, state.options.map((option) => this.changedInside(at, option, how)));
    if (state.type !== 'object') return this.unseen(state, at);
    const { key, deep } = ownKey(at);
    return assigned(state, how === 'deleted' && !deep ? { type: 'deleted', key, node: at } : { type: 'entry', key, value: unknown(at), node: at });
  }

  private call(node: TSESTree.CallExpression, state: Value): Value {
    const callee = unwrap(node.callee);
    if (isFunction(callee)) return callee.body.type === 'BlockStatement' ? this.effect(callee.body, state) : this.expression(callee.body, state);
    if (callee.type !== 'MemberExpression') return this.argument(node, state);
    const name = propertyName(callee) ?? '', object = unwrap(callee.object);
    if (object.type === 'Identifier' && this.names.variable(object) === this.variable) return this.mutation(node, name, state);
    // `query.append(a).append(b)`, `query.where(a).orderBy(b)`
    if ((name === 'append' || object.type === 'CallExpression') && this.changes.some((change) => contains(object, change))) return this.mutation(node, name, this.expression(object, state));
    if (object.type === 'MemberExpression' && MUTATORS.test(name) && this.changes.some((change) => contains(object, change)) && (state.type === 'object' || state.type === 'fork')) return this.changedInside(object, state, 'changed');
    const [first] = node.arguments;
    if (first && isFunction(first) && EACH.test(name) && this.changesIn(first)) {
      const before = this.expression(object, state);
      return first.body.type === 'BlockStatement' ? this.loop(first.body, before) : this.loopOver(first.body, before);
    }
    return this.argument(node, state);
  }

  private loopOver(expression: Node, state: Value): Value {
    const once = this.expression(expression, state);
    return once === state ? state : choose(null, [once, state]);
  }

  /** The variable is handed to a function, which may add to the list or fragment in it. */
  private argument(node: TSESTree.CallExpression, state: Value): Value {
    const handed = node.arguments.some((argument) => { const at = unwrap(argument); return at.type === 'Identifier' && this.names.variable(at) === this.variable; });
    // Strings stay as they are.
    if (handed && isObjectAssign(node) && node.arguments[0] && this.names.variable(unwrap(node.arguments[0])) === this.variable) return this.merged(node, state);
    if (handed && (state.type === 'unknown' || state.type === 'fork')) return this.handedAway(node, state);
    if (handed && state.type === 'object') return assigned(state, { type: 'entry', key: null, value: unknown(node), node });
    if (handed) return state.type === 'list' ? { type: 'list', items: [...state.items, { type: 'rest', node }] } : state.type === 'text' && state.sql && this.appends() ? this.unseen(state, node) : state;
    return node.arguments.reduce<Value>((value, argument) => (isFunction(argument) ? (this.changesIn(argument) ? this.unseen(value, argument) : value) : this.expression(argument, value)), this.expression(node.callee, state));
  }

  /** A builder is handed to a function: what a function of the file adds to it is seen, what another one adds is not. */
  private handedAway(node: TSESTree.CallExpression, state: Value): Value {
    if (state.type === 'fork') return choose(state.test, state.options.map((option) => this.handedAway(node, option)));
    if (state.type !== 'unknown') return state.type === 'object' || state.type === 'list' ? this.argument(node, state) : state;
    const chain = chainOf(state), marked = chain && handedTo(chain, node);
    if (!marked) return state;
    const fn = this.evaluator.evaluate(node.callee, this.env), index = node.arguments.findIndex((argument) => { const at = unwrap(argument); return at.type === 'Identifier' && this.names.variable(at) === this.variable; });
    const env: Env = { bindings: new Map([[this.variable, { value: () => state, final: true }]]), outer: this.env };
    const seen = fn.type === 'function' ? this.flow.handed(fn, node, index, state, env) : null;
    return seen ?? unknown(node, 'unknown', () => marked);
  }

  /** `Object.assign(object, value, ..)`. */
  private merged(node: TSESTree.CallExpression, state: Value): Value {
    if (state.type === 'fork') return choose(state.test, state.options.map((option) => this.merged(node, option)));
    if (state.type !== 'object') return state;
    return node.arguments.slice(1).reduce<ObjectValue>((object, argument) => assigned(object, { type: 'spread', value: argument.type === 'SpreadElement' ? unknown(argument) : this.get(argument, state), node: argument }), state);
  }

  /** Is the variable a fragment that `append` changes, somewhere in the file? */
  private appends(): boolean {
    return this.changes.some((change) => { const member = parentOf(change); return member?.type === 'MemberExpression' && propertyName(member) === 'append'; });
  }

  private mutation(node: TSESTree.CallExpression, name: string, state: Value): Value {
    const items = (): ListItem[] => node.arguments.flatMap((argument): ListItem[] => (argument.type === 'SpreadElement' ? this.evaluator.spread(this.get(argument.argument, state), argument) : [{ type: 'item', value: this.get(argument, state) }]));
    if (state.type === 'list' && name === 'push') return { type: 'list', items: [...state.items, ...items()] };
    if (state.type === 'list' && name === 'unshift') return { type: 'list', items: [...items(), ...state.items] };
    if (state.type === 'text' && name === 'append' && node.arguments[0]) return this.evaluator.appended(state, node.arguments[0], { bindings: new Map([[this.variable, { value: () => state, final: true }]]), outer: this.env });
    if (state.type === 'fork') {
      const ends = endsOf(state);
      if (ends === null) return unknown(node);
      // A builder goes on from all of its ways at once: with a copy for each way they would double with each condition.
      if (!MUTATORS.test(name) && ends.every(({ type }) => type === 'unknown') && chainOf(state)) return this.built(node, state);
      return choose(state.test, state.options.map((option) => this.mutation(node, name, option)));
    }
    if (state.type === 'unknown' && !MUTATORS.test(name)) return this.built(node, state);
    if (state.type === 'nothing' || state.type === 'unknown') return name === 'push' && state.type === 'nothing' ? unknown(node) : state;
    return this.unseen(state, node);
  }

  /** `query.where(..);`: a builder with one more step. */
  private built(node: TSESTree.CallExpression, state: Value): Value {
    const callee = unwrap(node.callee);
    if (callee.type !== 'MemberExpression') return state;
    const env: Env = { bindings: new Map([[this.variable, { value: () => state, final: true }]]), outer: this.env };
    const step: Step = { type: 'step', name: propertyName(callee), at: callee.property, args: node.arguments, env, node, detached: true, awaited: false };
    return unknown(node, 'unknown', () => further(state, callee.object, this.env, step));
  }

  /** Something happened to it that is not followed. */
  private unseen(state: Value, node: Node): Value {
    const length = Math.min(Math.max(node.range[1] - node.range[0], 8), 40);
    if (state.type === 'list') return { type: 'list', items: [...state.items, { type: 'rest', node: this.use }] };
    return state.type === 'text' ? text([...state.parts, hole('fragment', length)], state.sql) : unknown(node);
  }
}

/** So many values that one variable may have are told apart. */
const MAX_ENDS = 1000;

/** What a value may be in the end, whichever way the conditions of the program go; null for more than can be told apart. */
function endsOf(value: Value): Exclude<Value, { type: 'fork' }>[] | null {
  const ends: Exclude<Value, { type: 'fork' }>[] = [], left = [value];
  for (let at = left.pop(); at; at = left.pop()) {
    if (at.type === 'fork') left.push(...at.options);
    else if (ends.push(at) > MAX_ENDS) return null;
  }
  return ends;
}

function assigned(object: ObjectValue, change: Assigned): ObjectValue {
  return { ...object, assigned: [...(object.assigned ?? []), change] };
}

/** The key of the object itself in `object.key` and, deeper in, `object.key.other`; null where it is computed. */
function ownKey(left: Node): { readonly key: string | null; readonly deep: boolean } {
  let member = unwrap(left), deep = false;
  for (; member.type === 'MemberExpression' && unwrap(member.object).type === 'MemberExpression'; member = unwrap(member.object)) deep = true;
  return { key: member.type === 'MemberExpression' ? propertyName(member) : null, deep };
}

/** What one turn of a loop added, as a first turn; null where it added no condition, or did more than add. */
function firstTurn(before: Value, after: Value): Value | null {
  if (before.type === 'text' && after.type === 'text') {
    const added = addition(before.parts, after.parts);
    return added && hasFork(added) ? text([...before.parts, { type: 'first-turn', parts: added }], after.sql) : null;
  }
  if (before.type === 'list' && after.type === 'list') {
    const added = addition(before.items, after.items);
    return added?.some((item) => item.type === 'fork') ? { type: 'list', items: [...before.items, { type: 'first-turn', parts: added } satisfies FirstTurn<ListItem>] } : null;
  }
  return null;
}

function addition<T>(before: readonly T[], after: readonly T[]): readonly T[] | null {
  return before.every((part, i) => after[i] === part) && after.length > before.length ? after.slice(before.length) : null;
}

/** Where the text that a literal begins ends up: followed through concatenation, variables, lists and helper functions of the file. */
import { ancestor, callsIn, isFunction, lastName, parentOf, propertyName, rootOf, unwrap, wrapped, type Names, type Node, type Variable } from './ast.js';
import { isStatementClass, type Libraries } from './libraries.js';

/** The whole expression of a text at one of the places where it leaves the sight of this file. */
export interface Sink {
  readonly expression: Node;
  /**
   * `executed`: awaited, or handed to a call that runs it; `handed-out`: returned, exported, or kept in an object or class;
   * `excluded`: logged, thrown, compared, a test's title; `open`: anything else.
   */
  readonly context: 'executed' | 'handed-out' | 'excluded' | 'open';
  /** `executed` is certain: awaited, or handed to a call that is known to run SQL. */
  readonly sure?: boolean;
  /** The call that it is an argument of, by itself or in an object. */
  readonly call?: Node;
  /** Returned by an async function. */
  readonly async?: boolean;
}

const MAX_SINKS = 12, MAX_DEPTH = 8;
/** Methods of strings, lists and fragments whose result still holds the text. */
const KEEPING = /^(?:trim|trimStart|trimEnd|toString|valueOf|concat|append|join|filter|flat|map)$/;
/** Functions that hand a text on as a fragment or string. */
const PASSING = /^(?:raw|literal|unsafe|__dangerous__rawValue|dangerouslyRaw|join|and|or|concat|append|dedent|outdent|stripIndent|stripIndents|oneLine|String)$/;
/** Calls that only show a text: logs, test titles, comparisons and matchers. */
const SHOWING = /^(?:log|info|warn|error|debug|trace|fatal|verbose|silly|notice|describe|it|test|suite|context|step|skip|only|todo|each|expect|includes|startsWith|endsWith|indexOf|match|matchAll|test|search|localeCompare|alert|confirm|prompt|t|i18n|translate|toBe|toEqual|toStrictEqual|toMatch|toContain|toThrow\w*|toHaveBeen\w*|toMatchInlineSnapshot|equal|deepEqual|strictEqual|notEqual|include|calledWith\w*|contain|matches|captureMessage|captureException|fail|setDescription|addComment)$/;

export class Sinks {
  constructor(private readonly names: Names, private readonly libraries: Libraries) {}

  /** The places where the text of a literal ends up; at least one. */
  of(literal: Node): Sink[] {
    const sinks: Sink[] = [];
    this.follow(literal, sinks, new Set(), 0);
    return sinks.length > 0 ? sinks : [{ expression: literal, context: 'open' }];
  }

  private follow(node: Node, into: Sink[], seen: Set<Node | Variable>, depth: number): void {
    const top = this.top(node);
    if (seen.has(top) || into.length >= MAX_SINKS) return;
    seen.add(top);
    const outer = wrapped(top), parent = parentOf(outer);
    const end = (context: Sink['context'], sure = false): void => void into.push({ expression: top, context, sure });
    if (!parent || depth > MAX_DEPTH) return end('open');
    switch (parent.type) {
      case 'VariableDeclarator':
        if (parent.init !== outer || parent.id.type !== 'Identifier') return end('open');
        return this.followVariable(parent.id, top, into, seen, depth, isExported(parent));
      case 'AssignmentExpression':
        if (parent.right !== outer) return end('open');
        if (parent.left.type === 'Identifier') return this.followVariable(parent.left, top, into, seen, depth, false);
        return end('handed-out');
      case 'ReturnStatement': case 'ArrowFunctionExpression': {
        const fn = parent.type === 'ReturnStatement' ? ancestor(parent, isFunction) : parent.body === outer ? parent : null;
        return fn && isFunction(fn) ? this.followFunction(fn, top, into, seen, depth) : end('open');
      }
      case 'Property': case 'PropertyDefinition': {
        const call = this.takingCall(parent);
        return call ? void into.push({ expression: top, context: 'executed', sure: true, call }) : end('handed-out');
      }
      case 'ExportDefaultDeclaration': case 'ExportSpecifier': return end('handed-out');
      case 'AwaitExpression': case 'YieldExpression': return end('executed', true);
      case 'MemberExpression': return end(parent.object === outer && isCalled(parent) ? 'executed' : 'open', true);
      case 'CallExpression': case 'NewExpression': return this.argument(parent, outer, top, into, seen, depth);
      case 'ArrayExpression': {
        const holder = parentOf(wrapped(parent));
        if (holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier' && wrapped(parent) === holder.init) return this.followVariable(holder.id, top, into, seen, depth, isExported(holder));
        return end(holder?.type === 'CallExpression' ? 'executed' : 'open');
      }
      case 'BinaryExpression': case 'SwitchCase': case 'ThrowStatement': case 'JSXExpressionContainer': return end('excluded');
      default: return end('open');
    }
  }

  private argument(call: Node, outer: Node, top: Node, into: Sink[], seen: Set<Node | Variable>, depth: number): void {
    if (call.type !== 'CallExpression' && call.type !== 'NewExpression') return;
    const name = lastName(call.callee) ?? '', end = (context: Sink['context'], sure = false): void => void into.push({ expression: top, context, sure, call });
    if (call.callee === outer) return end('open');
    if (call.type === 'NewExpression') return end(isStatementClass(name) ? 'executed' : /Error$|Exception$/.test(name) ? 'excluded' : 'open');
    if (call.callee.type === 'MemberExpression' && /^(?:push|unshift|append)$/.test(name)) {
      const list = unwrap(call.callee.object);
      if (list.type === 'Identifier') return this.followVariable(list, top, into, seen, depth, false);
    }
    if (this.libraries.isVerb(call.callee)) return end('executed', !/^(?:raw|literal|map|get)$/.test(name));
    if (SHOWING.test(name) || /^(?:console|logger|log|winston|pino)$/i.test(lastName(rootOf(call.callee)) ?? '') || isExpectation(call.callee)) return end('excluded');
    const holder = parentOf(wrapped(call));
    const taken = holder?.type === 'AwaitExpression' || holder?.type === 'ReturnStatement' || holder?.type === 'ExpressionStatement' || (holder?.type === 'MemberExpression' && isCalled(holder)) || holder?.type === 'ArrowFunctionExpression';
    return end(taken ? 'executed' : 'open');
  }

  /** Every place that reads the variable, except those that put it into itself again. */
  private followVariable(identifier: Node, top: Node, into: Sink[], seen: Set<Node | Variable>, depth: number, exported: boolean): void {
    const variable = this.names.variable(identifier);
    if (!variable || seen.has(variable)) {
      if (!variable) into.push({ expression: top, context: 'handed-out' });
      return;
    }
    seen.add(variable);
    const before = into.length;
    let appended = false;
    for (const { identifier: use } of variable.references.filter((reference) => reference.isRead())) {
      if (isTypePosition(use)) continue;
      const at = wrapped(this.top(use)), parent = parentOf(at);
      if (parent?.type === 'AssignmentExpression' && parent.right === at && parent.left.type === 'Identifier' && this.names.variable(parent.left) === variable) continue;
      if (parent?.type === 'AssignmentExpression' && parent.left === at) continue;
      if (isReceiver(use)) {
        appended ||= propertyName(parentOf(wrapped(use))!) === 'append';
        continue;
      }
      this.follow(use, into, seen, depth + 1);
    }
    // A function that takes a fragment others append to, and whose result nobody takes, appends as well, where a driver takes it later.
    if (appended && into.slice(before).some(({ sure }) => sure)) into.splice(before, Infinity, ...into.slice(before).filter(({ context, sure }) => context !== 'executed' || sure));
    if (exported || into.length === before) into.push({ expression: top, context: exported ? 'handed-out' : 'open' });
  }

  /** The calls of the function in this file; itself where there are none. */
  private followFunction(fn: Node, top: Node, into: Sink[], seen: Set<Node | Variable>, depth: number): void {
    if (!isFunction(fn)) return;
    const before = into.length, parent = parentOf(wrapped(fn));
    for (const call of callsIn(fn, this.names)) this.follow(call, into, seen, depth + 1);
    // What a callback returns goes to the call: `Promise.all(ids.map((id) => sql`..`))`.
    if (into.length === before) into.push({ expression: top, context: parent?.type === 'CallExpression' && parent.callee !== wrapped(fn) ? 'executed' : 'handed-out', async: fn.async });
  }

  /** The largest expression around a text whose value still is that text, perhaps with more around it. */
  private top(node: Node): Node {
    for (let at = node; ; ) {
      const outer = wrapped(at), parent = parentOf(outer);
      const next = parent && this.carrier(at, outer, parent);
      if (!next) return at;
      at = next;
    }
  }

  private carrier(node: Node, outer: Node, parent: Node): Node | null {
    switch (parent.type) {
      case 'BinaryExpression': return parent.operator === '+' ? parent : null;
      case 'ConditionalExpression': return parent.test === outer ? null : parent;
      case 'LogicalExpression': return parent.operator === '&&' && parent.left === outer ? null : parent;
      case 'TemplateLiteral': {
        const tagged = parentOf(parent);
        if (tagged?.type !== 'TaggedTemplateExpression') return parent;
        if (this.libraries.isPlainTag(tagged.tag)) return tagged;
        return this.libraries.tag(tagged.tag) && this.mayBeFragment(node) ? tagged : null;
      }
      case 'MemberExpression': {
        const call = parentOf(parent);
        return parent.object === outer && call?.type === 'CallExpression' && call.callee === parent && KEEPING.test(propertyName(parent) ?? '') ? call : null;
      }
      case 'CallExpression': {
        const name = lastName(parent.callee) ?? '';
        if (parent.callee === outer || !parent.arguments.includes(outer as never) || !PASSING.test(name)) return null;
        // `.raw(..)` may run what it is given; then it stands alone.
        return name === 'concat' || name === 'append' || !this.libraries.isVerb(parent.callee) || this.isPassedOn(parent) ? (name === 'append' && isStatement(parent) ? null : parent) : null;
      }
      case 'ArrayExpression': {
        const list = wrapped(parent), member = parentOf(list), call = member && parentOf(member);
        if (member?.type === 'MemberExpression' && member.object === list && call?.type === 'CallExpression' && /^(?:join|filter|concat|flat|map)$/.test(propertyName(member) ?? '')) return call;
        return member?.type === 'CallExpression' && PASSING.test(lastName(member.callee) ?? '') && /^(?:join|and|or)$/.test(lastName(member.callee) ?? '') ? member : null;
      }
      case 'SpreadElement': return parent;
      default: return null;
    }
  }

  /** Can a binding tag splice this, as against bind it as a value? */
  private mayBeFragment(node: Node): boolean {
    return !(node.type === 'Literal' || node.type === 'TemplateLiteral' || node.type === 'BinaryExpression');
  }

  /** Does `x.raw(text)` stand where a text goes on (an interpolation, a variable), as against being run? */
  private isPassedOn(call: Node): boolean {
    const parent = parentOf(wrapped(call));
    return parent?.type === 'TemplateLiteral' || parent?.type === 'BinaryExpression' || parent?.type === 'ConditionalExpression' || parent?.type === 'ArrayExpression' || parent?.type === 'CallExpression' || parent?.type === 'LogicalExpression';
  }

  /** The call that takes an object of parameters: `run({ text: q, values })`. */
  private takingCall(property: Node): Node | null {
    const object = parentOf(property), call = object && parentOf(wrapped(object));
    return property.type === 'Property' && (call?.type === 'CallExpression' || call?.type === 'NewExpression') ? call : null;
  }
}

function isStatement(node: Node): boolean {
  return parentOf(wrapped(node))?.type === 'ExpressionStatement';
}

function isCalled(member: Node): boolean {
  const outer = wrapped(member), parent = parentOf(outer);
  return parent?.type === 'CallExpression' && parent.callee === outer;
}

/** `expect(x).toBe(..)`, `expect(x).not.toContain(..)`, `assert.equal(..)`. */
function isExpectation(callee: Node): boolean {
  const root = rootOf(callee);
  return callee.type === 'MemberExpression' && root.type === 'Identifier' && /^(?:expect|assert|sinon|chai|should|jest|vi)$/.test(root.name);
}

function isExported(declarator: Node): boolean {
  return parentOf(parentOf(declarator) ?? declarator)?.type === 'ExportNamedDeclaration';
}

function isTypePosition(node: Node): boolean {
  return /^TS(?!AsExpression|NonNullExpression|SatisfiesExpression|TypeAssertion|InstantiationExpression)/.test(parentOf(node)?.type ?? '');
}

/** Is the variable only the object of a change (`list.push(x)` as a statement)? */
function isReceiver(use: Node): boolean {
  const member = parentOf(wrapped(use)), call = member && parentOf(member);
  return member?.type === 'MemberExpression' && call?.type === 'CallExpression' && call.callee === member && /^(?:push|unshift|splice|pop|shift|append)$/.test(propertyName(member) ?? '') && isStatement(call);
}

/**
 * What an expression's text is, as far as its file shows: constants, fragments, helper functions, members and arrays are
 * followed to where they stand; the rest becomes holes. Pure look-up: nothing is run, and effort is bounded.
 */
import type { SourceCode } from 'eslint';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Dialect } from '../manifest/catalog.js';
import type { Hole } from '../sql/sql-text.js';
import { ancestor, callsOf, isClass, isFunction, lastName, parentOf, propertyName, stringOf, unwrap, type ClassNode, type FunctionNode, type Names, type Node, type Variable } from './ast.js';
import { Conditions } from './conditions.js';
import { Flow } from './flow.js';
import { Helpers } from './helpers.js';
import { bindingKind, isTailNamed } from './hole-kind.js';
import type { Libraries, Tag } from './libraries.js';
import { computed, constantText, forked, hole, isEmpty, literalRuns, MAX_VARIANTS, type JoinItem, type Part, type Run } from './parts.js';
import { assignedProperty } from './objects.js';
import { chainOf, choose, constantOf, further, isText, NOTHING, partsOf, text, unknown, type Binding, type Chain, type Env, type ListItem, type ListValue, type Step, type TextValue, type Value } from './values.js';

/** Evaluations per file, nested evaluations, and parts per text: far beyond what real files need. */
const MAX_STEPS = 60_000, MAX_DEPTH = 240, MAX_PARTS = 6000;
/** At most so many items are looked at where any of them may stand. */
const MAX_OPTIONS = 60;

export interface EvaluatorOptions {
  readonly dialect: Dialect;
  readonly mentions: (text: string) => boolean;
  readonly tableNamed?: ((name: string) => string | null) | undefined;
}

export class Evaluator {
  private steps = 0;
  private depth = 0;
  /** Set when a cycle or a bound cut an evaluation short: its result holds for that place alone. */
  private cut = false;
  private readonly memo = new Map<Node, Value>();
  private readonly active = new Set<Node>();
  readonly conditions = new Conditions(this);
  private readonly helpers: Helpers;
  private readonly flow: Flow;

  constructor(
    readonly sourceCode: SourceCode,
    readonly names: Names,
    readonly libraries: Libraries,
    private readonly options: EvaluatorOptions,
  ) {
    this.helpers = new Helpers(this, names, libraries, options.dialect, options.tableNamed);
    this.flow = new Flow(this, names);
  }

  /** The text of an expression outside of any tag. */
  textOf(node: Node): readonly Part[] {
    return this.spliced(this.evaluate(node, null), node, false, '', Math.max(node.range[1] - node.range[0], 4));
  }

  /** Counts a step; false where the file has had its share of them. */
  mayGoOn(): boolean {
    if (++this.steps <= MAX_STEPS && this.depth <= MAX_DEPTH) return true;
    this.cut = true;
    return false;
  }

  evaluate(node: Node, env: Env | null): Value {
    if (!this.mayGoOn()) return unknown(node);
    const known = env === null ? this.memo.get(node) : undefined;
    if (known) return known;
    const outerCut = this.cut;
    this.cut = false;
    this.depth++;
    let value = this.expression(node, env);
    this.depth--;
    if (value.type === 'text' && value.parts.length > MAX_PARTS) {
      this.cut = true;
      value = unknown(node);
    }
    if (env === null && !this.cut) this.memo.set(node, value);
    this.cut ||= outerCut;
    return value;
  }

  private expression(node: Node, env: Env | null): Value {
    switch (node.type) {
      case 'Literal':
        if (typeof node.value === 'string') return text(this.literal(node));
        if (typeof node.value === 'number' || typeof node.value === 'boolean' || typeof node.value === 'bigint') return { type: 'constant', value: node.value };
        return node.value === null && node.raw === 'null' ? { type: 'nothing', node } : unknown(node, 'value');
      case 'TemplateLiteral': return text(this.template(node, env, null));
      case 'TaggedTemplateExpression': return this.tagged(node, env);
      case 'BinaryExpression': return node.operator === '+' ? this.concatenation(node, env) : this.conditions.constant(node, env) ?? unknown(node, 'value');
      case 'ConditionalExpression': {
        const truth = this.conditions.truth(node.test, env);
        if (truth !== null) return this.evaluate(truth ? node.consequent : node.alternate, env);
        return choose(this.conditions.test(node.test), [this.evaluate(node.consequent, env), this.evaluate(node.alternate, env)]);
      }
      case 'LogicalExpression': return this.logical(node, env);
      case 'Identifier': return this.identifier(node, env);
      case 'MemberExpression': return this.member(node, env);
      case 'CallExpression': return this.call(node, env);
      case 'ArrayExpression': return this.array(node, env);
      case 'ObjectExpression': case 'ClassExpression': return { type: 'object', node, env };
      case 'ArrowFunctionExpression': case 'FunctionExpression': return { type: 'function', node, env };
      case 'ThisExpression': return this.self(node, env);
      case 'AssignmentExpression': return node.operator === '=' ? this.evaluate(node.right, env) : unknown(node);
      case 'SequenceExpression': return this.evaluate(node.expressions.at(-1)!, env);
      case 'AwaitExpression': return this.awaited(node, env);
      case 'UnaryExpression':
        if (node.operator === 'void') return { type: 'nothing', node };
        return this.conditions.constant(node, env) ?? unknown(node, 'value');
      case 'UpdateExpression': return unknown(node, 'value');
      default: {
        const inner = unwrap(node);
        return inner === node ? unknown(node) : this.evaluate(inner, env);
      }
    }
  }

  // ------------------------------------------------------------------------------------------- literals, templates

  /** The characters of a string literal. */
  literal(node: TSESTree.Literal): Run[] {
    const source = this.sourceCode.text.slice(...node.range), quote = source[0];
    if (quote !== "'" && quote !== '"') return typeof node.value === 'string' ? [{ ...computed(node.value), leaf: node }] : [];
    // JSX attributes have no escapes.
    const escape = parentOf(node)?.type === 'JSXAttribute' ? 'none' : quote === "'" ? 'single-quoted' : 'double-quoted';
    return literalRuns(source.slice(1, -1), node.range[0] + 1, escape, node);
  }

  /** The text of a template. `tag` is null for one without a tag, or whose tag only joins; `raw` reads escapes as they are. */
  private template(node: TSESTree.TemplateLiteral, env: Env | null, tag: Tag | null, leaf: Node = node, raw = false): Part[] {
    const parts: Part[] = [], source = this.sourceCode.text;
    let before = '';
    node.quasis.forEach((quasi, i) => {
      // Parsers differ on whether a piece's range takes in the delimiters.
      const inclusive = /[`}]/.test(source[quasi.range[0]] ?? '') && unixLines(source.slice(quasi.range[0] + 1, quasi.range[0] + 9)).startsWith(unixLines(quasi.value.raw).slice(0, 4));
      const start = quasi.range[0] + (inclusive ? 1 : 0), end = quasi.range[1] - (inclusive ? (quasi.tail ? 1 : 2) : 0);
      parts.push(...literalRuns(source.slice(start, end), start, raw ? 'none' : 'template', leaf));
      before += quasi.value.raw;
      const expression = node.expressions[i], next = node.quasis[i + 1];
      if (!expression || !next) return;
      const from = end, to = next.range[0] + (inclusive ? 1 : 0);
      parts.push(...this.spliced(this.evaluate(expression, env), expression, tag?.binds ?? false, before, Math.max(to - from, expression.range[1] - expression.range[0])));
      before = before.slice(-60) + 'x';
    });
    return parts;
  }

  private tagged(node: TSESTree.TaggedTemplateExpression, env: Env | null): Value {
    const tag = this.libraries.tag(node.tag);
    if (tag && (tag.known || this.options.mentions(this.sourceCode.text.slice(...node.quasi.range)))) return text(this.template(node.quasi, env, tag, node), true);
    const plain = this.libraries.plainTag(node.tag);
    return plain ? text(this.template(node.quasi, env, null, node, plain === 'raw')) : unknown(node);
  }

  /**
   * What an interpolated value puts into the text.
   *
   * @param binds a tag binds what is no fragment
   * @param before the text in front of it
   * @param length of the interpolation's source
   */
  spliced(value: Value, node: Node, binds: boolean, before: string, length: number): readonly Part[] {
    const unseen = (): readonly Part[] => [{ ...hole(this.holeKind(value, node, binds, before), length), ...isTailNamed(node) && { tail: true as const }, of: { value, node } }];
    if (!this.isSplice(value, binds)) return unseen();
    switch (value.type) {
      case 'text': return value.parts;
      case 'constant': return [computed(String(value.value))];
      case 'nothing': return [];
      case 'list': return this.joined(value, [computed(binds ? ' ' : ',')], binds);
      case 'fork': return forked(value.test, value.options.map((option) => this.spliced(option, node, binds, before, length)));
      default: return unseen();
    }
  }

  /** Does the value put text of the file into the statement (a tag binds plain strings)? */
  private isSplice(value: Value, binds: boolean): boolean {
    switch (value.type) {
      case 'text': return value.sql || !binds;
      case 'constant': return !binds;
      case 'nothing': return !binds;
      case 'list': return value.items.some((item) => this.listItemSplices(item, binds));
      case 'fork': return value.options.some((option) => option.type !== 'nothing' && this.isSplice(option, binds)) || (!binds && value.options.every((option) => option.type === 'nothing'));
      default: return false;
    }
  }

  private listItemSplices(item: ListItem, binds: boolean): boolean {
    if (item.type === 'item') return item.value.type !== 'nothing' && this.isSplice(item.value, binds);
    if (item.type === 'rest') return false;
    return (item.type === 'fork' ? item.options.flat() : item.parts).some((inner) => this.listItemSplices(inner, binds));
  }

  private holeKind(value: Value, node: Node, binds: boolean, before: string): Hole['kind'] {
    if (binds && /\bIN\s*\(?\s*$/i.test(before)) return 'value';
    const kind = value.type === 'unknown' && value.kind !== 'unknown' ? value.kind : !binds ? 'unknown'
      : value.type === 'text' || value.type === 'constant' || value.type === 'nothing' || value.type === 'list' ? 'value' : bindingKind(node, this.names, this.libraries);
    // No value can stand where a table does.
    return kind === 'value' && /\b(?:FROM|JOIN|UPDATE|INTO|TABLE|ONLY)\s*$/i.test(before) ? 'unknown' : kind;
  }

  // ------------------------------------------------------------------------------------------- operators

  private concatenation(node: TSESTree.BinaryExpression, env: Env | null): Value {
    const operands: Node[] = [];
    let at: Node = node;
    for (; at.type === 'BinaryExpression' && at.operator === '+'; at = unwrap(at.left)) operands.unshift(at.right);
    operands.unshift(at);
    const values = operands.map((operand) => this.evaluate(operand, env));
    if (!values.some((value) => isText(value))) return this.conditions.constant(node, env) ?? unknown(node);
    return text(values.flatMap((value, i) => this.spliced(value, operands[i]!, false, '', Math.max(operands[i]!.range[1] - operands[i]!.range[0], 8))));
  }

  /** `a + b` of two values, for `+=`. */
  append(left: Value, right: Value, node: Node): Value {
    if (!isText(left) && !isText(right)) return unknown(node);
    const length = Math.max(node.range[1] - node.range[0], 8);
    return text([...this.spliced(left, node, false, '', length), ...this.spliced(right, node, false, '', length)], left.type === 'text' && left.sql);
  }

  private logical(node: TSESTree.LogicalExpression, env: Env | null): Value {
    const left = this.evaluate(node.left, env), truth = node.operator === '??' ? (left.type === 'nothing' ? false : left.type === 'unknown' || left.type === 'fork' ? null : true) : this.conditions.truth(node.left, env);
    if (node.operator === '&&') {
      if (truth === true) return this.evaluate(node.right, env);
      if (truth === false) return left.type === 'text' ? left : NOTHING;
      const right = this.evaluate(node.right, env);
      return right.type === 'unknown' ? unknown(node, right.kind) : choose(this.conditions.test(node.left), [right, NOTHING]);
    }
    if (truth === true) return left;
    if (truth === false) return this.evaluate(node.right, env);
    const right = this.evaluate(node.right, env);
    if (left.type === 'fork') return choose(left.test, left.options.map((option) => (option.type === 'nothing' ? right : option)));
    if (left.type === 'text') return node.operator === '??' || isEmpty(partsOf(right) ?? [hole('unknown', 1)]) ? left : choose(this.conditions.test(node.left), [left, right]);
    // `filter ?? ''`, `filter || sql.empty`: text that another file gives.
    if (right.type === 'text' && isEmpty(right.parts)) return unknown(node, left.type === 'unknown' && left.kind !== 'unknown' && left.kind !== 'value' ? left.kind : right.sql ? 'fragment' : 'unknown');
    if (right.type === 'unknown' || right.type === 'nothing' || right.type === 'constant') return unknown(node, left.type === 'unknown' ? left.kind : 'unknown');
    return choose(this.conditions.test(node.left), [left, right]);
  }

  private awaited(node: TSESTree.AwaitExpression, env: Env | null): Value {
    const inner = unwrap(node.argument);
    if (inner.type !== 'CallExpression' && inner.type !== 'Identifier') return unknown(node);
    const value = this.evaluate(inner, env);
    if (value.type === 'unknown' || value.type === 'fork') return unknown(node, 'unknown', () => further(value, inner, env, { ...memberStep(node, '', node, env), awaited: true }));
    return value.type === 'text' && !value.sql ? value : value.type === 'list' || value.type === 'object' ? value : unknown(node);
  }

  // ------------------------------------------------------------------------------------------- names

  private identifier(node: TSESTree.Identifier, env: Env | null): Value {
    const variable = this.names.variable(node);
    if (!variable) return node.name === 'undefined' ? { type: 'nothing', node } : unknown(node);
    for (let at = env; at; at = at.outer) {
      const binding = at.bindings.get(variable);
      if (binding?.final) return binding.value();
      if (binding) return this.guarded(node, () => this.flow.valueAt(variable, node, env, binding.value()));
    }
    return this.guarded(node, () => this.variable(variable, node, env));
  }

  private variable(variable: Variable, node: TSESTree.Identifier, env: Env | null): Value {
    const definition = variable.defs.find(({ type, node: at }) => type !== 'FunctionName' || at.type === 'FunctionDeclaration');
    if (!definition) return unknown(node);
    switch (definition.type) {
      case 'FunctionName': return isFunction(definition.node) ? { type: 'function', node: definition.node, env } : unknown(node);
      case 'ClassName': return isClass(definition.node) ? { type: 'object', node: definition.node, env } : unknown(node);
      case 'TSEnumName': return definition.node.type === 'TSEnumDeclaration' ? { type: 'object', node: definition.node, env } : unknown(node);
      case 'ImportBinding': return this.imported(node);
      case 'Parameter': return this.listElement(definition.node, definition.name, env) ?? this.flow.valueAt(variable, node, env, this.passed(definition.node, definition.name) ?? unknown(node));
      case 'Variable': return this.declared(variable, definition.node, node, env);
      default: return unknown(node);
    }
  }

  private imported(node: TSESTree.Identifier): Value {
    const origin = this.names.origin(node);
    return origin?.name === 'empty' && /sql/.test(origin.module) ? text([], true) : this.helpers.table(node) ?? unknown(node);
  }

  private declared(variable: Variable, declarator: Node, node: TSESTree.Identifier, env: Env | null): Value {
    if (declarator.type !== 'VariableDeclarator') return unknown(node);
    const loop = parentOf(parentOf(declarator) ?? declarator);
    if (loop?.type === 'ForOfStatement' && loop.left === parentOf(declarator)) {
      if (declarator.id.type !== 'Identifier') return unknown(node);
      const list = this.evaluate(loop.right, env);
      return list.type === 'list' ? this.anyOf(list, node) : unknown(node);
    }
    if (declarator.id.type === 'Identifier') {
      const table = this.helpers.table(node);
      return table ?? this.flow.valueAt(variable, node, env, NOTHING);
    }
    return declarator.init ? this.destructured(declarator.id, this.evaluate(declarator.init, env), variable, env) ?? unknown(node) : unknown(node);
  }

  /** The value that a pattern gives to one of its names; null where it cannot be told. */
  destructured(pattern: Node, value: Value, variable: Variable, env: Env | null): Value | null {
    switch (pattern.type) {
      case 'Identifier': return variable.defs.some(({ name }) => name === pattern) ? value : null;
      case 'AssignmentPattern': return this.destructured(pattern.left, value.type === 'nothing' ? this.evaluate(pattern.right, env) : value, variable, env);
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type !== 'Property') continue;
          const name = propertyName(property);
          if (!declares(property.value, variable)) continue;
          if (name !== null && (value.type === 'unknown' || value.type === 'fork' || (value.type === 'text' && value.chain))) {
            const part = unknown(property, 'unknown', () => further(value, property, env, memberStep(property, name, property.key, env)));
            return this.destructured(property.value, part, variable, env);
          }
          return name === null || value.type !== 'object' ? (value.type === 'nothing' ? this.destructured(property.value, NOTHING, variable, env) : null) : this.destructured(property.value, this.property(value, name, property) ?? NOTHING, variable, env);
        }
        return null;
      case 'ArrayPattern': {
        const index = pattern.elements.findIndex((element) => element !== null && declares(element, variable)), element = pattern.elements[index];
        if (element && element.type !== 'RestElement' && (value.type === 'unknown' || value.type === 'fork')) {
          return this.destructured(element, unknown(element, 'unknown', () => further(value, pattern, env, memberStep(element, String(index), element, env))), variable, env);
        }
        if (index < 0 || value.type !== 'list' || value.items.slice(0, index + 1).some((item) => item.type !== 'item')) return null;
        const item = value.items[index];
        return item?.type === 'item' ? this.destructured(pattern.elements[index]!, item.value, variable, env) : null;
      }
      default: return null;
    }
  }

  /** The parameter of `list.map((x) => ..)`, `list.forEach(..)`: any of the items that the file shows. */
  private listElement(fn: Node, name: Node, env: Env | null): Value | null {
    const call = isFunction(fn) && fn.params[0] === name ? parentOf(fn) : null;
    if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression' || !/^(?:map|forEach|flatMap|filter|some|every|find)$/.test(propertyName(call.callee) ?? '')) return null;
    const list = this.evaluate(call.callee.object, env);
    return list.type === 'list' ? this.anyOf(list, name) : null;
  }

  /** The parameter of a function that only this file calls: any of the arguments; null where the calls cannot all be seen, or tell nothing. */
  private passed(fn: Node, name: Node): Value | null {
    if (!isFunction(fn)) return null;
    const index = fn.params.findIndex((param) => param === name || (param.type === 'AssignmentPattern' && param.left === name)), param = fn.params[index];
    const calls = param ? callsOf(fn, this.names) : null;
    if (!param || !calls || calls.length === 0 || calls.length > MAX_VARIANTS || this.active.has(fn)) return null;
    this.active.add(fn);
    const values = calls.map(({ arguments: args }): Value => {
      if (args.slice(0, index + 1).some(({ type }) => type === 'SpreadElement')) return unknown(param);
      return args[index] ? this.evaluate(args[index], null) : param.type === 'AssignmentPattern' ? this.evaluate(param.right, null) : NOTHING;
    });
    this.active.delete(fn);
    return values.every(({ type }) => type === 'unknown') ? null : choose(null, values);
  }

  private anyOf(list: ListValue, node: Node): Value {
    const values = list.items.flatMap((item) => (item.type === 'item' ? [item.value] : []));
    if (values.length === 0 || values.length < list.items.length || values.length > MAX_OPTIONS) return unknown(node);
    if (values.length <= MAX_VARIANTS) return choose(null, values);
    // Only the first few become variants: those that name a table.
    const named = values.filter((value) => value.type === 'text' && this.options.mentions(constantText(value.parts) ?? ''));
    return choose(null, [...named, ...values.filter((value) => !named.includes(value))]);
  }

  /** Evaluates what a name stands for, unless that is being evaluated already. */
  private guarded(node: Node, evaluate: () => Value): Value {
    if (this.active.has(node)) {
      this.cut = true;
      return unknown(node);
    }
    this.active.add(node);
    const value = evaluate();
    this.active.delete(node);
    return value;
  }

  // ------------------------------------------------------------------------------------------- members

  private member(node: TSESTree.MemberExpression, env: Env | null): Value {
    const name = propertyName(node);
    if (name === 'empty' && (this.libraries.isTagName(node.object) || lastName(node.object) === 'Prisma')) return text([], true);
    const column = name !== null && this.helpers.column(node, name);
    if (column) return column;
    const object = this.evaluate(node.object, env);
    const asked = (kind: Hole['kind'], called = name): Value => unknown(node, kind, () => further(object, node.object, env, memberStep(node, called, node.property, env)));
    if (name === null) {
      if (!node.computed) return unknown(node);
      if (object.type !== 'object') return asked('unknown', keyOf(this.evaluate(node.property, env)));
      const key = constantOf(this.evaluate(node.property, env));
      if (typeof key?.value === 'string') return this.property(object, key.value, node) ?? unknown(node);
      return this.anyProperty(object, node);
    }
    if (object.type === 'object') return this.property(object, name, node) ?? asked('unknown');
    if (object.type === 'list') {
      const item = /^\d+$/.test(name) && object.items.slice(0, Number(name) + 1).every(({ type }) => type === 'item') ? object.items[Number(name)] : undefined;
      return item?.type === 'item' ? item.value : asked(name === 'length' ? 'value' : 'unknown');
    }
    // A fragment's own text: sql-template-tag's `.sql`, `.text`, `.statement`.
    if (object.type === 'text' && object.sql && /^(?:sql|text|statement)$/.test(name)) return text(object.parts);
    return asked(name === 'length' ? 'value' : 'unknown');
  }

  /** `ORDERS[key]`: one of the object's texts. */
  private anyProperty(object: Extract<Value, { type: 'object' }>, node: Node): Value {
    if (object.node.type !== 'ObjectExpression' || object.node.properties.length === 0 || object.node.properties.length > 40) return unknown(node);
    const values = object.node.properties.map((property) => (property.type === 'Property' && property.kind === 'init' ? this.evaluate(property.value, object.env) : null));
    if (!values.every((value): value is TextValue => value?.type === 'text')) return unknown(node);
    return this.anyOf({ type: 'list', items: values.map((value) => ({ type: 'item', value })) }, node);
  }

  /** A property's value; null where the object has none of that name (or it cannot be told). */
  property(object: Extract<Value, { type: 'object' }>, name: string, at: Node): Value | null {
    const { node, env } = object;
    if (node.type === 'TSEnumDeclaration') {
      const members = node.body?.members ?? (node as unknown as { members: TSESTree.TSEnumMember[] }).members;
      const member = members.find(({ id }) => (id.type === 'Identifier' ? id.name : stringOf(id)) === name);
      return member?.initializer ? this.evaluate(member.initializer, env) : null;
    }
    if (node.type === 'ObjectExpression') {
      const assigned = assignedProperty(object.assigned, name, (spread) => this.property(spread, name, at));
      if (assigned !== 'untouched') return assigned === 'unknown' ? unknown(at) : assigned;
      for (const property of [...node.properties].reverse()) {
        if (property.type === 'SpreadElement') {
          const spread = this.evaluate(property.argument, env);
          const found = spread.type === 'object' ? this.property(spread, name, at) : unknown(at);
          if (found) return found;
        } else if (propertyName(property) === name) {
          if (property.kind === 'set') continue;
          const value = this.evaluate(property.value, env);
          return property.kind === 'get' && value.type === 'function' ? this.apply(value, [], null, at) : value;
        } else if (property.computed && propertyName(property) === null) return null;
      }
      return null;
    }
    return this.classMember(node, name, env, at);
  }

  private classMember(node: ClassNode, name: string, env: Env | null, at: Node, depth = 0): Value | null {
    for (const member of node.body.body) {
      if (propertyName(member) !== name) continue;
      if (member.type === 'MethodDefinition') {
        if (!member.value.body || member.kind === 'set') continue;
        const value: Value = { type: 'function', node: member.value as FunctionNode, env };
        return member.kind === 'get' ? this.apply(value, [], null, at) : value;
      }
      if ('value' in member && member.value && member.type !== 'TSAbstractMethodDefinition') {
        return this.assignedMembers(node).has(name) ? unknown(at) : this.evaluate(member.value, env);
      }
    }
    const base = node.superClass && depth < 4 ? this.evaluate(node.superClass, env) : null;
    return base?.type === 'object' && isClass(base.node) ? this.classMember(base.node, name, base.env, at, depth + 1) : null;
  }

  private readonly assigned = new WeakMap<Node, Set<string>>();

  /** The members that methods of a class assign. */
  private assignedMembers(node: ClassNode): Set<string> {
    let names = this.assigned.get(node);
    if (!names) {
      names = new Set([...this.sourceCode.text.slice(...node.range).matchAll(/\bthis\s*\.\s*(#?[\w$]+)\s*(?:[-+|&?]{0,2}=(?!=)|\.\s*(?:push|unshift|append)\s*\()/g)].map((match) => match[1]!));
      this.assigned.set(node, names);
    }
    return names;
  }

  /** What `this` is: the class or the object literal whose method this is. */
  private self(node: Node, env: Env | null): Value {
    const owner = ancestor(node, (at) => at.type === 'FunctionDeclaration' || at.type === 'PropertyDefinition' || at.type === 'StaticBlock' || at.type === 'FunctionExpression');
    const member = owner?.type === 'FunctionExpression' ? parentOf(owner) : owner;
    const holder = member && (member.type === 'Property' ? parentOf(member) : member.type === 'FunctionDeclaration' ? null : parentOf(parentOf(member) ?? member));
    if (holder && (isClass(holder) || holder.type === 'ObjectExpression')) return { type: 'object', node: holder, env };
    return unknown(node);
  }

  // ------------------------------------------------------------------------------------------- lists

  private array(node: TSESTree.ArrayExpression, env: Env | null): Value {
    return { type: 'list', items: node.elements.flatMap((element): ListItem[] => {
      if (!element) return [];
      if (element.type !== 'SpreadElement') return [{ type: 'item', value: this.evaluate(element, env) }];
      return this.spread(this.evaluate(element.argument, env), element);
    }) };
  }

  /** `...value` in a list: its items, `...(cond ? [a] : [])` as a fork, else unseen items. */
  spread(value: Value, node: Node): ListItem[] {
    if (value.type === 'list') return [...value.items];
    if (value.type === 'nothing') return [];
    if (value.type === 'fork') return forked(value.test, value.options.map((option) => this.spread(option, node)));
    return [{ type: 'rest', node, value }];
  }

  joined(list: ListValue, glue: readonly Part[], binds: boolean): Part[] {
    return [{ type: 'joined', items: this.joinItems(list.items, binds), glue }];
  }

  private joinItems(items: readonly ListItem[], binds: boolean): JoinItem[] {
    return items.map((item): JoinItem => {
      switch (item.type) {
        case 'item': {
          const node = item.value.type === 'unknown' ? item.value.node : null;
          return { type: 'item', parts: item.value.type === 'nothing' ? [] : node ? this.spliced(item.value, node, binds, '', Math.max(node.range[1] - node.range[0], 8)) : this.spliced(item.value, this.sourceCode.ast as unknown as Node, binds, '', 8) };
        }
        case 'rest': return { type: 'item', parts: [hole('fragment', Math.max(item.node.range[1] - item.node.range[0], 8))] };
        case 'fork': return { ...item, options: item.options.map((option) => this.joinItems(option, binds)) };
        case 'first-turn': return { ...item, parts: this.joinItems(item.parts, binds) };
      }
    });
  }

  /** The list methods that keep the items in sight; null for any other method. */
  private listCall(list: ListValue, name: string, node: TSESTree.CallExpression, env: Env | null): Value | null {
    const [argument] = node.arguments;
    switch (name) {
      case 'join': {
        const glue = argument ? partsOf(this.evaluate(argument, env)) ?? [hole('unknown', 4)] : [computed(',')];
        return text(this.joined(list, glue, false));
      }
      case 'filter': {
        // `filter(Boolean)`, `filter((x) => x)`: items without text are dropped on joining; any other test may drop any item.
        return argument && keepsText(argument) ? list : { type: 'list', items: list.items.map((item) => ({ type: 'fork', test: null, options: [[item], []] })) };
      }
      case 'map': case 'flatMap': return argument ? { type: 'list', items: this.mapped(list.items, this.evaluate(argument, env), argument) } : null;
      case 'concat': return { type: 'list', items: [...list.items, ...node.arguments.flatMap((added) => {
        const value = this.evaluate(added, env);
        return value.type === 'list' ? value.items : value.type === 'unknown' ? [{ type: 'rest' as const, node: added, value }] : [{ type: 'item' as const, value }];
      })] };
      case 'slice': case 'flat': case 'toSorted': case 'values': return node.arguments.length === 0 ? list : null;
      default: return null;
    }
  }

  private mapped(items: readonly ListItem[], fn: Value, node: Node): ListItem[] {
    return items.map((item): ListItem => {
      switch (item.type) {
        case 'item': return { type: 'item', value: fn.type === 'function' ? this.apply(fn, [item.value], null, node) : unknown(node) };
        case 'rest': return item;
        case 'fork': return { ...item, options: item.options.map((option) => this.mapped(option, fn, node)) };
        case 'first-turn': return { ...item, parts: this.mapped(item.parts, fn, node) };
      }
    });
  }

  // ------------------------------------------------------------------------------------------- calls

  private call(node: TSESTree.CallExpression, env: Env | null): Value {
    const callee = unwrap(node.callee);
    return this.helpers.call(node, callee, env) ?? this.method(node, callee, env) ?? this.applied(node, callee, env);
  }

  /** Methods of strings, lists and fragments. */
  private method(node: TSESTree.CallExpression, callee: Node, env: Env | null): Value | null {
    if (callee.type !== 'MemberExpression') return null;
    const name = propertyName(callee) ?? '';
    if (!METHODS.test(name)) return null;
    const object = callee.object, [first] = node.arguments;
    if (/^(?:values|keys)$/.test(name) && lastName(object) === 'Object' && first) return this.objectItems(this.evaluate(first, env), name);
    const value = this.evaluate(object, env);
    if (value.type === 'list') return this.listCall(value, name, node, env);
    if (value.type === 'fork' && name === 'join') return choose(value.test, value.options.map((option) => (option.type === 'list' ? this.listCall(option, name, node, env) ?? unknown(node) : unknown(node))));
    if (isText(value)) {
      if (/^(?:trim|trimStart|trimEnd|toString|valueOf)$/.test(name)) return value;
      if (name === 'concat') return node.arguments.reduce<Value>((joined, argument) => this.append(joined, this.evaluate(argument, env), argument), value);
      if (name === 'append' && value.type === 'text' && value.sql && first) return this.appended(value, first, env);
      if (/^to(?:Upper|Lower)Case$/.test(name)) {
        const constant = constantOf(value);
        return typeof constant?.value === 'string' ? text([computed(name === 'toUpperCase' ? constant.value.toUpperCase() : constant.value.toLowerCase())]) : unknown(node);
      }
    }
    if (name === 'join' && this.isPlaceholders(object)) return unknown(node, 'value');
    return null;
  }

  /** `Object.values(TABLES)`, `Object.keys(..)` of an object that the file shows. */
  private objectItems(object: Value, name: string): Value | null {
    if (object.type !== 'object' || object.node.type !== 'ObjectExpression') return null;
    const items: ListItem[] = [];
    for (const property of object.node.properties) {
      if (property.type !== 'Property' || property.kind !== 'init') return null;
      const key = propertyName(property);
      if (key === null) return null;
      items.push({ type: 'item', value: name === 'keys' ? text([computed(key)]) : this.evaluate(property.value, object.env) });
    }
    return { type: 'list', items };
  }

  /** sql-template-strings' `query.append(SQL`..`)`: a fragment or a plain string. */
  appended(left: TextValue, argument: Node, env: Env | null): Value {
    const right = this.evaluate(argument, env);
    return text([...left.parts, ...(isText(right) ? this.spliced(right, argument, false, '', 8) : [hole('fragment', Math.max(argument.range[1] - argument.range[0], 8))])], true);
  }

  /** `ids.map(() => '?')`, `ids.map((_, i) => `$${i + 1}`)`, `Array(n).fill('?')`: placeholders only. */
  private isPlaceholders(list: Node): boolean {
    const call = unwrap(list);
    if (call.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return false;
    const name = propertyName(call.callee), [first] = call.arguments;
    if (!first) return false;
    if (name === 'fill') return /^[?%]s?$/.test(stringOf(first) ?? '');
    if (name !== 'map' || !isFunction(first)) return false;
    const body = this.apply({ type: 'function', node: first, env: null }, [], null, first);
    if (body.type !== 'text') return false;
    const shown = body.parts.map((part) => (part.type === 'run' ? part.text : part.type === 'hole' ? '0' : 'x')).join('');
    return /^[(\s]*(?:[?]|[$:@]\w+)(?:::[\w[\]]+)?(?:\s*,\s*(?:[?]|[$:@]\w+)(?:::[\w[\]]+)?)*[)\s]*$/.test(shown);
  }

  private applied(node: TSESTree.CallExpression, callee: Node, env: Env | null): Value {
    const kind = isValueCall(callee) ? 'value' : 'unknown';
    if (callee.type === 'Super') return unknown(node, kind);
    const fn = isFunction(callee) ? ({ type: 'function', node: callee, env } as const) : this.evaluate(callee, env);
    switch (fn.type) {
      case 'function': return this.apply(fn, null, { args: node.arguments, env }, node);
      case 'fork': {
        if (!fn.options.some((option) => option.type === 'function')) break;
        return choose(fn.test, fn.options.map((option) => (option.type === 'function' ? this.apply(option, null, { args: node.arguments, env }, node) : unknown(node))));
      }
    }
    return (fn.type === 'unknown' ? this.shownByArguments(node, env) : null) ?? unknown(node, kind, () => called(fn, callee, node, env));
  }

  /**
   * `ifStr(from, 'AND created_at > :from', 'AND ..')` of another file: what makes texts of a condition and whole clauses makes one of these, or none.
   * Null for any other call, and for texts that are no clauses: what a function makes of `'a'` is anybody's guess.
   */
  private shownByArguments(node: TSESTree.CallExpression, env: Env | null): Value | null {
    const [test, ...others] = node.arguments;
    if (!test || others.length === 0 || others.length > 2 || !others.every((argument) => /^(?:Literal|TemplateLiteral|TaggedTemplateExpression)$/.test(unwrap(argument).type))) return null;
    if (this.evaluate(test, env).type === 'text') return null;
    const values = others.map((argument) => this.evaluate(argument, env));
    const clauses = values.every((value): value is TextValue => value.type === 'text' && (isEmpty(value.parts) || (value.parts[0]!.type === 'run' && CLAUSE.test(value.parts[0]!.text))));
    if (!clauses || values.every(({ parts }) => isEmpty(parts))) return null;
    return choose(this.conditions.test(test), [values[0]!, values[1] ?? text([], values[0]!.sql)]);
  }

  /** What a function of the file returns for the arguments given (as values, or as the expressions of a call). */
  apply(fn: Extract<Value, { type: 'function' }>, values: readonly Value[] | null, call: { readonly args: readonly Node[]; readonly env: Env | null } | null, at: Node): Value {
    const { node } = fn;
    if (node.generator || !node.body) return unknown(at);
    return this.guarded(node, () => {
      const bindings = new Map<Variable, Binding>();
      node.params.forEach((param, i) => {
        const argument = call?.args[i];
        let known: Value | undefined;
        const given = (): Value => (known ??= values ? (values[i] ?? (call ? NOTHING : unknown(param))) : this.argument(call?.args ?? [], i, argument, call?.env ?? null, param));
        this.bind(param, given, bindings, fn.env, at);
      });
      const env: Env = { bindings, outer: fn.env };
      const result = node.body.type === 'BlockStatement' ? this.flow.returned(node.body, env) : this.evaluate(node.body, env);
      return result ?? unknown(at);
    });
  }

  private argument(args: readonly Node[], index: number, argument: Node | undefined, env: Env | null, param: Node): Value {
    if (args.slice(0, index + 1).some(({ type }) => type === 'SpreadElement')) return unknown(param);
    return argument ? this.evaluate(argument, env) : NOTHING;
  }

  private bind(param: Node, given: () => Value, bindings: Map<Variable, Binding>, env: Env | null, at: Node): void {
    const pattern = param.type === 'TSParameterProperty' ? param.parameter : param;
    const target = pattern.type === 'AssignmentPattern' ? pattern.left : pattern;
    const value = pattern.type === 'AssignmentPattern' ? () => { const found = given(); return found.type === 'nothing' ? this.evaluate(pattern.right, { bindings, outer: env }) : found; } : given;
    if (target.type === 'RestElement') return;
    for (const identifier of identifiersOf(target)) {
      const variable = this.names.variable(identifier);
      if (!variable) continue;
      bindings.set(variable, { final: false, value: target === identifier ? value : () => this.destructured(target, value(), variable, { bindings, outer: env }) ?? unknown(at) });
    }
  }
}

function memberStep(node: Node, name: string | null, at: Node, env: Env | null): Step {
  return { type: 'step', name, at, args: null, env, node, detached: false, awaited: false };
}

/** The chain of a call: the member that is called takes the arguments. */
function called(fn: Value, callee: Node, node: TSESTree.CallExpression, env: Env | null): Chain {
  const chain = chainOf(fn), last = chain?.steps.at(-1);
  const args = { args: node.arguments, env, node };
  if (chain && last?.type === 'step' && last.args === null && !last.awaited) return { root: chain.root, steps: [...chain.steps.slice(0, -1), { ...last, ...args }] };
  return further(fn, callee, env, { ...memberStep(node, '', callee, env), ...args });
}

/** The name behind a computed member: a text that is the same in every run. */
function keyOf(value: Value): string | null {
  const constant = value.type === 'text' || value.type === 'constant' ? constantOf(value) : null;
  return constant ? String(constant.value) : null;
}

/** What a text begins with that goes on with a statement. */
const CLAUSE = /^\s*(?:AND|OR|WHERE|(?:(?:LEFT|RIGHT|FULL|INNER|CROSS|NATURAL)\s+(?:OUTER\s+)?)?JOIN|ORDER\s+BY|GROUP\s+BY|HAVING|LIMIT|OFFSET|UNION|RETURNING|FOR\s+UPDATE)\b/i;
const METHODS = /^(?:join|concat|append|trim|trimStart|trimEnd|toString|valueOf|toUpperCase|toLowerCase|filter|map|flatMap|slice|flat|toSorted|values|keys)$/;
/** Calls whose result is a value wherever it stands: numbers, dates as text, and what a driver escaped. */
const isValueCall = (callee: Node): boolean => /^(?:Number|BigInt|parseInt|parseFloat|toISOString|getTime|now|escape|escapeLiteral)$/.test(lastName(callee) ?? '') || (callee.type === 'MemberExpression' && lastName(callee.object) === 'Math');

/** Some parsers keep a template's carriage returns, some do not. */
const unixLines = (source: string): string => source.replace(/\r\n?/g, '\n');

/** Does a filter drop only what has no text: `Boolean`, `(x) => x`, `(x) => !!x`, `(x) => x !== null`, `(x) => x.length > 0`? */
function keepsText(filter: Node): boolean {
  if (lastName(filter) === 'Boolean') return true;
  if (!isFunction(filter) || filter.params[0]?.type !== 'Identifier' || filter.body.type === 'BlockStatement') return false;
  let at = unwrap(filter.body);
  while (at.type === 'UnaryExpression' && at.operator === '!' && at.argument.type === 'UnaryExpression') at = unwrap(at.argument.argument);
  if (at.type === 'CallExpression' && lastName(at.callee) === 'Boolean' && at.arguments[0]) at = unwrap(at.arguments[0]);
  if (at.type === 'BinaryExpression' && /^(?:!==?|>)$/.test(at.operator)) at = unwrap(at.left);
  if (at.type === 'MemberExpression' && propertyName(at) === 'length') at = unwrap(at.object);
  return at.type === 'Identifier' && at.name === filter.params[0].name;
}

/** Does a pattern declare the variable? */
function declares(pattern: Node, variable: Variable): boolean {
  return identifiersOf(pattern).some((identifier) => variable.defs.some(({ name }) => name === identifier));
}

/** The names that a pattern declares. */
function identifiersOf(pattern: Node): Node[] {
  switch (pattern.type) {
    case 'Identifier': return [pattern];
    case 'AssignmentPattern': return identifiersOf(pattern.left);
    case 'RestElement': return identifiersOf(pattern.argument);
    case 'ObjectPattern': return pattern.properties.flatMap((property) => identifiersOf(property.type === 'Property' ? property.value : property.argument));
    case 'ArrayPattern': return pattern.elements.flatMap((element) => (element ? identifiersOf(element) : []));
    default: return [];
  }
}

/** What an expression is known to be, as far as SQL text is concerned. */
import type { Hole } from '../sql/sql-text.js';
import type { TSESTree } from '@typescript-eslint/utils';
import type { ClassNode, FunctionNode, Node, Variable } from './ast.js';
import { computed, constantText, forked, type Fork, type FirstTurn, type Part, type Test } from './parts.js';

/** A string (`sql` false) or a fragment that a binding tag splices (`sql` true). */
export interface TextValue {
  readonly type: 'text';
  readonly parts: readonly Part[];
  readonly sql: boolean;
  /** Where the text stands for a thing of a schema (a Drizzle table or column): how the file calls it. */
  readonly chain?: () => Chain;
}

export interface ListValue {
  readonly type: 'list';
  readonly items: readonly ListItem[];
}

export type ListItem =
  | { readonly type: 'item'; readonly value: Value }
  /** Items that cannot be seen; of `...value`, the value. */
  | { readonly type: 'rest'; readonly node: Node; readonly value?: Value }
  | Fork<ListItem>
  | FirstTurn<ListItem>;

export interface ObjectValue {
  readonly type: 'object';
  readonly node: TSESTree.ObjectExpression | ClassNode | TSESTree.TSEnumDeclaration;
  readonly env: Env | null;
  /** What statements behind its declaration did to it, in order. */
  readonly assigned?: readonly Assigned[];
}

/** `object.key = value`, `Object.assign(object, value)`, `delete object.key`; a key that cannot be read is null. */
export type Assigned =
  | { readonly type: 'entry'; readonly key: string | null; readonly value: Value; readonly node: Node }
  | { readonly type: 'spread'; readonly value: Value; readonly node: Node }
  | { readonly type: 'deleted'; readonly key: string | null; readonly node: Node }
  | Fork<Assigned>;

export interface FunctionValue {
  readonly type: 'function';
  readonly node: FunctionNode;
  readonly env: Env | null;
}

export interface UnknownValue {
  readonly type: 'unknown';
  readonly node: Node;
  /** What is known of it whatever it stands in; `unknown` lets the place decide. */
  readonly kind: Hole['kind'];
  /** What it was asked for; absent where it is the start of a chain itself. */
  readonly chain?: () => Chain;
}

/**
 * A value that the file does not show, by what is asked of it: what it begins with (an import, a parameter, `this.db`) and the
 * members and calls that follow (`db.query.users.findMany({ .. })`, `knex('users').where(..)`), over as many statements as it takes.
 */
export interface Chain {
  /** The expression that the chain begins with, or what the reader of a library handed to a callback (an expression builder). */
  readonly root: { readonly type: 'node'; readonly node: Node; readonly env: Env | null } | { readonly type: 'given'; readonly given: object };
  readonly steps: readonly ChainItem[];
}

export type ChainItem = Step | Fork<ChainItem>;

/** One member, one call, or both: `.where(..)` is a step with a name and arguments, `.query` has no arguments, `knex('users')` no name. */
export interface Step {
  readonly type: 'step';
  /** The member's name, '' for a call of the thing itself and for `await`, null where it is computed and cannot be told. */
  readonly name: string | null;
  /** The member's name in the file, or the call. */
  readonly at: Node;
  /** Null where nothing is called. */
  readonly args: readonly Node[] | null;
  /** In which the arguments are evaluated. */
  readonly env: Env | null;
  /** The whole expression up to here. */
  readonly node: Node;
  /** The call's result was not kept: a statement of its own (`query.where(..);`). */
  readonly detached: boolean;
  readonly awaited: boolean;
  /** The calls that what stands here was handed to as a statement of its own, and that cannot be seen: they may have added to it (`addFilters(query);`). */
  readonly handed?: readonly TSESTree.CallExpression[];
}

export type Value =
  | TextValue | ListValue | ObjectValue | FunctionValue | UnknownValue
  | { readonly type: 'constant'; readonly value: number | boolean | bigint }
  /** null, undefined, void. */
  | { readonly type: 'nothing'; readonly node: Node | null }
  | { readonly type: 'fork'; readonly test: Test | null; readonly options: readonly Value[] };

/** What names mean while a function of the file is evaluated for one call, or a statement for its effect on a variable. */
export interface Env {
  readonly bindings: ReadonlyMap<Variable, Binding>;
  readonly outer: Env | null;
}

export interface Binding {
  value(): Value;
  /** The variable's value at this very place; else its value on entry, before the function's own assignments. */
  readonly final: boolean;
}

export const text = (parts: readonly Part[], sql = false): TextValue => ({ type: 'text', parts, sql });
export const unknown = (node: Node, kind: Hole['kind'] = 'unknown', chain?: () => Chain): UnknownValue => (chain ? { type: 'unknown', node, kind, chain: once(chain) } : { type: 'unknown', node, kind });

/** The value behind a name that the reader of a library hands to a callback. */
export const given = (key: object, node: Node): UnknownValue => unknown(node, 'unknown', () => ({ root: { type: 'given', given: key }, steps: [] }));

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** The chains of forks: what goes on from one shares its steps, or several conditions in a row would multiply. */
const forkChains = new WeakMap<Value, Chain | null>();

/** What is asked of a value that the file does not show, or in several ways of what is the same at its start; null for any other value. */
export function chainOf(value: Value): Chain | null {
  switch (value.type) {
    case 'unknown': return value.chain?.() ?? { root: { type: 'node', node: value.node, env: null }, steps: [] };
    case 'text': return value.chain?.() ?? null;
    case 'fork': {
      let chain = forkChains.get(value);
      if (chain === undefined) forkChains.set(value, (chain = forkChain(value)));
      return chain;
    }
    default: return null;
  }
}

function forkChain({ test, options }: Extract<Value, { type: 'fork' }>): Chain | null {
  const chains = options.map(chainOf), [first] = chains;
  if (!first || !chains.every((chain) => chain !== null && sameRoot(chain.root, first.root))) return null;
  const steps = forked(test, alike(chains.map((chain) => chain!.steps)));
  return isLongerThan(steps, { left: MAX_ITEMS }) ? null : { root: first.root, steps };
}

/** Items of a chain on all of its ways together: where each of many conditions has ways of its own, they double with each. */
const MAX_ITEMS = 4000;

function isLongerThan(items: readonly ChainItem[], budget: { left: number }): boolean {
  return items.some((item) => --budget.left < 0 || (item.type === 'fork' && item.options.some((option) => isLongerThan(option, budget))));
}

/** Ways that have their first steps in common: what was handed away on one of them may have been handed away on all. */
function alike(ways: readonly (readonly ChainItem[])[]): readonly (readonly ChainItem[])[] {
  const [first] = ways, common: ChainItem[] = [];
  for (const [i, item] of (first ?? []).entries()) {
    const others = ways.map((way) => way[i]);
    if (!others.every((other) => other === item || (other?.type === 'step' && item.type === 'step' && other.node === item.node && other.name === item.name))) break;
    common.push(others.find((other) => other?.type === 'step' && other.handed) ?? item);
  }
  return ways.map((way) => [...common, ...way.slice(common.length)]);
}

function sameRoot(a: Chain['root'], b: Chain['root']): boolean {
  return a.type === 'given' ? b.type === 'given' && a.given === b.given : b.type === 'node' && a.node === b.node;
}

/** The chain one step further; what no chain describes begins one. */
export function further(value: Value, start: Node, env: Env | null, step: Step): Chain {
  const chain = chainOf(value) ?? { root: { type: 'node', node: start, env }, steps: [] };
  return { root: chain.root, steps: [...chain.steps, step] };
}

/** The chain handed to a call that cannot be seen; null for what is no builder: nothing was called yet, or the result was awaited. */
export function handedTo(chain: Chain, call: TSESTree.CallExpression): Chain | null {
  const steps = markedLast(chain.steps, call);
  return steps && { root: chain.root, steps };
}

function markedLast(items: readonly ChainItem[], call: TSESTree.CallExpression): readonly ChainItem[] | null {
  const last = items.at(-1), before = items.slice(0, -1);
  if (!last) return null;
  if (last.type === 'step') return last.args === null || last.awaited ? null : [...before, { ...last, handed: [...last.handed ?? [], call] }];
  const options = last.options.map((option) => (option.length > 0 ? markedLast(option, call) : option));
  if (!options.every((option) => option !== null)) return null;
  return [...(last.options.some((option) => option.length === 0) ? markedLast(before, call) ?? before : before), { ...last, options }];
}

export const NOTHING: Value = { type: 'nothing', node: null };

/** One value that went one of several ways. */
export function choose(test: Test | null, options: readonly Value[]): Value {
  const [first, ...others] = options;
  if (!first) return NOTHING;
  if (others.every((option) => option === first)) return first;
  if (options.every((option) => option.type === 'text')) {
    return text(forked(test, options.map((option) => (option as TextValue).parts)), options.some((option) => (option as TextValue).sql));
  }
  if (first.type === 'object' && others.every((option) => option.type === 'object' && option.node === first.node && option.env === first.env)) {
    return { ...first, assigned: forked(test, options.map((option) => (option as ObjectValue).assigned ?? [])) };
  }
  if (options.every((option) => option.type === 'list')) return { type: 'list', items: forked(test, options.map((option) => (option as ListValue).items)) };
  return { type: 'fork', test, options };
}

/** The JavaScript value where the file shows one and the same for every run; null where it does not. */
export function constantOf(value: Value): { readonly value: unknown } | null {
  switch (value.type) {
    case 'constant': return { value: value.value };
    case 'nothing': return { value: undefined };
    case 'text': {
      const string = constantText(value.parts);
      return string === null ? null : { value: string };
    }
    default: return null;
  }
}

/** Is it, or may it be, text that the file shows? */
export const isText = (value: Value): boolean => value.type === 'text' || (value.type === 'fork' && value.options.some(isText));

/** The text of a string, a fragment or a constant, nothing as no text; null where the value is none of them. */
export function partsOf(value: Value): readonly Part[] | null {
  if (value.type === 'text') return value.parts;
  return value.type === 'constant' ? [computed(String(value.value))] : value.type === 'nothing' ? [] : null;
}

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
}

export interface ListValue {
  readonly type: 'list';
  readonly items: readonly ListItem[];
}

export type ListItem =
  | { readonly type: 'item'; readonly value: Value }
  /** Items that cannot be seen. */
  | { readonly type: 'rest'; readonly node: Node }
  | Fork<ListItem>
  | FirstTurn<ListItem>;

export interface ObjectValue {
  readonly type: 'object';
  readonly node: TSESTree.ObjectExpression | ClassNode | TSESTree.TSEnumDeclaration;
  readonly env: Env | null;
}

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
export const unknown = (node: Node, kind: Hole['kind'] = 'unknown'): UnknownValue => ({ type: 'unknown', node, kind });
export const NOTHING: Value = { type: 'nothing', node: null };

/** One value that went one of several ways. */
export function choose(test: Test | null, options: readonly Value[]): Value {
  const [first, ...others] = options;
  if (!first) return NOTHING;
  if (others.every((option) => option === first)) return first;
  if (options.every((option) => option.type === 'text')) {
    return text(forked(test, options.map((option) => (option as TextValue).parts)), options.some((option) => (option as TextValue).sql));
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

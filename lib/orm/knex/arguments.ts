/** What the calls of a builder are given: their arguments one by one, the strings among them, and the words of a call in the source. */
import type { Range } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import { computed, type Part } from '../../source/parts.js';
import type { Step, Value } from '../../source/values.js';
import type { Called } from '../chains.js';
import type { Session } from '../session.js';

/** An argument: its value and its expression. */
export interface Argument {
  readonly value: Value;
  readonly node: Node;
}

export class Arguments {
  constructor(private readonly session: Session) {}

  /** The arguments of a call, those of a list that is spread into them included. */
  of(step: Called): Argument[] {
    return step.args.flatMap((argument): Argument[] => {
      if (argument.type !== 'SpreadElement') return [{ value: this.session.value(argument, step.env), node: argument }];
      const list = this.session.value(argument.argument, step.env);
      if (list.type !== 'list') return [{ value: this.session.unknown(argument), node: argument }];
      return list.items.map((item) => ({ value: item.type === 'item' ? item.value : this.session.unknown(argument), node: argument }));
    });
  }

  at(step: Called, index: number): Argument | null {
    return this.of(step)[index] ?? null;
  }

  /** A string argument that is the same in every run. */
  text(step: Called, index: number): string | null {
    const argument = this.at(step, index);
    return argument && argument.value.type === 'text' && !argument.value.sql ? this.session.string(argument.value) : null;
  }

  /** The strings of a list, or one string. */
  strings(value: Value): string[] {
    if (value.type === 'list') return value.items.flatMap((item) => (item.type === 'item' ? this.strings(item.value) : []));
    const text = this.session.string(value);
    return text === null ? [] : [text];
  }

  /** The text of `raw(text, bindings)` with the names that are bound as `??` in their places. */
  bound(text: Argument, bindings: Argument | undefined): Value | null {
    if (text.value.type !== 'text') return null;
    const value = asSql(text.value);
    return bindings ? withNames(value, bindings.value.type === 'list' ? bindings.value.items.map((item) => (item.type === 'item' ? this.session.string(item.value) : null)) : this.strings(bindings.value)) : value;
  }
}

/** The words of a call: the method's name and its arguments. */
export function wordsOf(step: Step): Range {
  return step.args === null || step.name === '' ? (step.node.range as Range) : [step.at.range[0], step.node.range[1]];
}

/** What is called in a step: `knex` of `knex('users')`. */
export function calleeOf({ node, at }: Step): Node {
  const call = unwrap(node);
  return call.type === 'CallExpression' ? call.callee : at;
}

/** A string as a fragment of SQL. */
export function asSql(value: Value): Value {
  return value.type === 'text' ? { ...value, sql: true } : value;
}

/** `?? is null` with the names that are bound for it. */
function withNames(value: Value, names: readonly (string | null)[]): Value {
  if (value.type !== 'text' || names.length === 0) return value;
  let next = 0;
  return { ...value, parts: value.parts.flatMap((part): Part[] => {
    if (part.type !== 'run' || !part.text.includes('?')) return [part];
    let from = 0;
    const pieces: Part[] = [];
    for (const match of part.text.matchAll(/\\\?|\?\??/g)) {
      if (match[0] === '\\?') continue;
      const name = match[0] === '??' ? names[next] ?? null : null;
      next++;
      if (name === null) continue;
      pieces.push({ ...part, text: part.text.slice(from, match.index), source: part.source === null ? null : part.source + from }, computed(name));
      from = match.index + match[0].length;
    }
    return [...pieces, { ...part, text: part.text.slice(from), source: part.source === null ? null : part.source + from }];
  }) };
}

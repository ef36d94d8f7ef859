/** Objects as the file shows them: literals, what is spread into them, and what later statements do to them. */
import type { TSESTree } from '@typescript-eslint/utils';
import { propertyName, type Node } from './ast.js';
import type { Evaluator } from './evaluate.js';
import type { Fork } from './parts.js';
import { chainOf, constantOf, type Assigned, type ObjectValue, type Value } from './values.js';

/** What an object holds, in the order in which later keys override earlier ones. */
export type Entry = Keyed | { readonly type: 'deleted'; readonly key: string }
  /** Keys and values that cannot be seen: an unresolved spread, a computed key. */
  | { readonly type: 'rest'; readonly node: Node }
  | Fork<Entry>;

/** A key and its value. */
export interface Keyed {
  readonly type: 'entry';
  readonly key: string;
  value(): Value;
  /** The property of a literal, or the assignment. */
  readonly node: Node;
  /** The key's own words. */
  readonly keyNode: Node;
  /** The value's expression, where it stands with the key. */
  readonly valueNode: Node | null;
}

/** The entries of an object that the file shows; null for any other value. */
export function entriesOf(value: Value, evaluator: Evaluator): readonly Entry[] | null {
  if (value.type !== 'object' || value.node.type !== 'ObjectExpression') return null;
  return [...literalEntries(value.node, value.env, evaluator), ...assignedEntries(value.assigned ?? [], evaluator)];
}

function literalEntries(node: TSESTree.ObjectExpression, env: ObjectValue['env'], evaluator: Evaluator): Entry[] {
  return node.properties.flatMap((property): readonly Entry[] => {
    if (property.type === 'SpreadElement') return spreadEntries(evaluator.evaluate(property.argument, env), property, evaluator);
    const key = propertyName(property) ?? (property.computed ? constantKey(evaluator.evaluate(property.key, env)) : null);
    if (key === null) return [{ type: 'rest', node: property }];
    return [{ type: 'entry', key, value: () => evaluator.evaluate(property.value, env), node: property, keyNode: property.key, valueNode: property.value }];
  });
}

/** The key behind `[expression]`: a text, or, for what a library names its operators by (`[Op.or]`), its last name in brackets. */
function constantKey(value: Value): string | null {
  const constant = value.type === 'text' ? constantOf(value) : null;
  if (constant) return String(constant.value);
  const chain = value.type === 'unknown' ? chainOf(value) : null, last = chain?.steps.at(-1);
  return last?.type === 'step' && last.args === null && last.name ? `[${last.name}]` : null;
}

/** `{ ...value }`. Nothing, false and the like spread to nothing. */
function spreadEntries(value: Value, node: Node, evaluator: Evaluator): readonly Entry[] {
  switch (value.type) {
    case 'object': return entriesOf(value, evaluator) ?? [{ type: 'rest', node }];
    case 'nothing': case 'constant': return [];
    case 'fork': return [{ type: 'fork', test: value.test, options: value.options.map((option) => spreadEntries(option, node, evaluator)) }];
    default: return [{ type: 'rest', node }];
  }
}

function assignedEntries(assigned: readonly Assigned[], evaluator: Evaluator): Entry[] {
  return assigned.flatMap((change): readonly Entry[] => {
    switch (change.type) {
      case 'fork': return [{ type: 'fork', test: change.test, options: change.options.map((option) => assignedEntries(option, evaluator)) }];
      case 'spread': return spreadEntries(change.value, change.node, evaluator);
      case 'deleted': return change.key === null ? [{ type: 'rest', node: change.node }] : [{ type: 'deleted', key: change.key }];
      case 'entry': return change.key === null ? [{ type: 'rest', node: change.node }] : [{ type: 'entry', key: change.key, value: () => change.value, node: change.node, keyNode: change.node, valueNode: null }];
    }
  });
}

/** What statements behind an object's declaration made of one of its properties; `untouched` where they left it alone, null where they took it away. */
export function assignedProperty(assigned: readonly Assigned[] | undefined, name: string, ofSpread: (object: ObjectValue) => Value | null): Value | null | 'unknown' | 'untouched' {
  for (const change of [...(assigned ?? [])].reverse()) {
    switch (change.type) {
      case 'entry':
        if (change.key === null) return 'unknown';
        if (change.key === name) return change.value;
        break;
      case 'deleted':
        if (change.key === null) return 'unknown';
        if (change.key === name) return null;
        break;
      case 'spread': {
        const found = change.value.type === 'object' ? ofSpread(change.value) : change.value.type === 'nothing' ? null : 'unknown';
        if (found !== null) return found;
        break;
      }
      case 'fork':
        if (change.options.some((option) => assignedProperty(option, name, ofSpread) !== 'untouched')) return 'unknown';
    }
  }
  return 'untouched';
}

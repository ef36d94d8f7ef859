/** What a value of a call may be: alternatives, entries, and what wrappers of Prisma and of the project hide. */
import { fold } from '../../manifest/catalog.js';
import type { Expr, Range, TombstoneFact } from '../../model/query.js';
import { lastName, unwrap, type Node } from '../../source/ast.js';
import type { Entry, Keyed } from '../../source/objects.js';
import type { Value } from '../../source/values.js';
import { literal } from '../expressions.js';
import type { Session } from '../session.js';

/** A value with the expression that it stands in. */
export interface Found {
  readonly value: Value;
  readonly node: Node;
  /** The entry that holds it; null for an argument. */
  readonly entry: Keyed | null;
}

/** What an object may hold under a key: nothing, something that cannot be seen, or a value. */
export type Possible = Found | 'none' | 'unknown';

/** The value behind what hands it on as it is: `Prisma.validator<..>()(value)`, `Object.freeze(value)`. */
export function opened(session: Session, value: Value, depth = 0): Value {
  if (value.type !== 'unknown' || depth > 4) return value;
  const chain = session.chain(value), last = chain?.steps.at(-1);
  if (!chain || last?.type !== 'step' || !last.args || last.args.length !== 1) return value;
  const root = chain.root.type === 'node' ? unwrap(chain.root.node) : null;
  const handsOn = last.name === '' ? (root?.type === 'CallExpression' && lastName(root.callee) === 'validator') || (chain.steps.length === 1 && root?.type === 'Identifier' && root.name === 'structuredClone')
    : last.name === 'freeze' && chain.steps.length === 1;
  return handsOn ? opened(session, session.value(last.args[0]!, last.env), depth + 1) : value;
}

/** What a value that should be an object may hold under a key. */
export function possible(session: Session, value: Value, key: string): Possible[] {
  const shown = opened(session, value);
  switch (shown.type) {
    case 'object': {
      const entries = session.entries(shown);
      return entries ? distinct(inEntries(entries, key, ['none'])) : ['unknown'];
    }
    case 'fork': return distinct(shown.options.flatMap((option) => possible(session, option, key)));
    case 'nothing': case 'constant': return ['none'];
    default: return ['unknown'];
  }
}

function inEntries(entries: readonly Entry[], key: string, before: readonly Possible[]): Possible[] {
  let found = [...before];
  for (const entry of entries) {
    switch (entry.type) {
      case 'entry': if (entry.key === key) found = [{ value: entry.value(), node: entry.valueNode ?? entry.node, entry }]; break;
      case 'deleted': if (entry.key === key) found = ['none']; break;
      case 'rest': found = [...found, 'unknown']; break;
      case 'fork': found = distinct(entry.options.flatMap((option) => inEntries(option, key, found)));
    }
  }
  return found;
}

function distinct(found: readonly Possible[]): Possible[] {
  const seen = new Set<unknown>();
  return found.filter((one) => {
    const sign = typeof one === 'string' ? one : one.entry?.node ?? one;
    return !seen.has(sign) && seen.add(sign);
  });
}

/** Every entry that an object may have, whatever conditions of the program decide. */
export function allEntries(session: Session, value: Value): Keyed[] {
  const shown = opened(session, value);
  if (shown.type === 'fork') return shown.options.flatMap((option) => allEntries(session, option));
  return (shown.type === 'object' ? session.entries(shown) ?? [] : []).flatMap(keyed);
}

function keyed(entry: Entry): Keyed[] {
  return entry.type === 'entry' ? [entry] : entry.type === 'fork' ? entry.options.flatMap((option) => option.flatMap(keyed)) : [];
}

/** The alternatives of a value. */
export function alternatives(session: Session, value: Value): Value[] {
  const shown = opened(session, value);
  return shown.type === 'fork' ? shown.options.flatMap((option) => alternatives(session, option)) : [shown];
}

/** The literal that an expression is, inside type assertions; null for any other expression. */
export function objectLiteral(node: Node | null | undefined): Extract<Node, { type: 'ObjectExpression' }> | null {
  const at = node ? unwrap(node) : null;
  return at?.type === 'ObjectExpression' ? at : null;
}

/** The member of an enum that a value is (`Status.DELETED`), for a tombstone that holds texts; null for any other value. */
export function memberOf(session: Session, value: Value, tombstone: TombstoneFact | null, range: Range): Expr | null {
  if (!tombstone || (tombstone.dead === null && typeof tombstone.live !== 'string')) return null;
  const chain = value.type === 'unknown' ? session.chain(value) : null, root = chain?.root.type === 'node' ? unwrap(chain.root.node) : null, [step, another] = chain?.steps.slice(-1) ?? [];
  if (root?.type !== 'Identifier' || !/^[A-Z]/.test(root.name) || another || step?.type !== 'step' || step.args !== null || !step.name) return null;
  const { name } = step, spelled = [...tombstone.dead ?? [], tombstone.live].find((one) => typeof one === 'string' && fold(one) === fold(name));
  return literal(spelled ?? name, range);
}

/** The options of a call or an include: their switches, and how far the file shows them. */
import type { TableFacts } from '../../manifest/catalog.js';
import type { Range, TableRef } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Entry } from '../../source/objects.js';
import { entriesNamed, entryOf } from '../conditions.js';
import { isOpenOr } from '../open-or.js';
import type { Session } from '../session.js';
import type { ModelCall } from './models.js';
import { appliesTo } from './vocabulary.js';

export interface Options {
  /** Null where they cannot be seen. */
  readonly entries: readonly Entry[] | null;
  readonly node: Node;
}

/** The options at a position of a call's arguments. */
export function optionsAt(position: number, { step }: ModelCall, session: Session): Options {
  const node = step.args[position];
  if (!node) return { entries: step.args.some(({ type }) => type === 'SpreadElement') ? null : [], node: step.node };
  const value = session.value(node, step.env);
  if (value.type === 'nothing') return { entries: [], node };
  return { entries: session.entries(value), node };
}

/** Conditions in options that cannot be seen. */
export function unseenIn({ entries, node }: Options): Range[] {
  if (entries === null) return [node.range as Range];
  const hidden = entries.some((entry) => entry.type === 'rest') && entriesNamed(entries, 'where').length === 0;
  return hidden ? [node.range as Range] : [];
}

/** A switch; `unknown` where the program decides. */
export function flagOf({ entries }: Options, key: string): boolean | 'unknown' {
  if (entries === null) return false;
  const entry = entryOf(entries, key);
  if (entry === null) return false;
  if (entry === 'unknown') return entriesNamed(entries, key).length > 0 ? 'unknown' : false;
  const value = entry.value();
  return value.type === 'constant' ? Boolean(value.value) : value.type === 'nothing' ? false : 'unknown';
}

/** Does the library filter what stands under these options? */
export function filterOf(facts: TableFacts, options: Options): TableRef['autoFilter'] {
  if (!appliesTo(facts)) return 'none';
  const entries = options.entries ? entriesNamed(options.entries, 'paranoid') : [];
  if (entries.length === 0) return 'applies';
  // `paranoid: !includeDeleted` leaves it to the caller.
  const value = entries[0]!.value(), certain = entryOf(options.entries!, 'paranoid') !== 'unknown';
  return value.type === 'constant' && value.value === false && certain ? 'bypassed' : 'applies';
}

/** Sequelize 6 writes `deletedAt IS NULL AND a OR b` for `where: literal('a OR b')`; lists of conditions, and Sequelize 7, put parentheses around it (6.37.8 and 7.0.0-alpha.48, run). */
export function opensFilter({ entries }: Options, session: Session): boolean {
  const where = entries ? entryOf(entries, 'where') : null;
  if (where === null || where === 'unknown' || /['"]@sequelize\/core['"]/.test(session.source.text) || (session.version('sequelize', ['sequelize', '@sequelize/core'])?.major ?? 6) > 6) return false;
  const value = where.value(), [only, another] = (value.type === 'object' ? session.entries(value) : null) ?? [];
  const whole = only?.type === 'entry' && !another && only.key === '[and]' ? only.value() : value;
  return whole.type === 'text' && whole.sql && isOpenOr(whole);
}

/** The filter that calls of Prisma have by default (guard `orm-filter`), and the arguments that switch it off. */
import type { TableFacts } from '../../manifest/catalog.js';
import type { Value } from '../../source/values.js';
import { speaksOf, type GuardOf } from '../guards.js';
import type { Session } from '../session.js';
import type { Arguments } from './reading.js';
import { opened, possible } from './values.js';

function filterGuards(session: Session): GuardOf<'orm-filter'>[] {
  return session.catalog.guards.filter((guard): guard is GuardOf<'orm-filter'> => guard.kind === 'orm-filter' && (guard.library ?? 'prisma') === 'prisma');
}

/** The arguments by which filters are switched off; they are none of Prisma's own. */
export function filterOptions(session: Session): ReadonlySet<string> {
  return new Set(filterGuards(session).flatMap(({ bypass }) => (bypass ?? []).map((option) => pathOf(option)[0]!)));
}

/** Do the arguments of a call switch off the filter of a model, whatever the program decides? */
export function isSwitchedOff(session: Session, facts: TableFacts, args: Arguments): boolean {
  const options = filterGuards(session).filter((guard) => speaksOf(guard, facts, session.catalog)).flatMap(({ bypass }) => bypass ?? []);
  return options.some((option) => {
    const found = valuesAt(session, args.value, pathOf(option)), asked = /[:=]\s*(\w+)$/.exec(option)?.[1];
    return found.length > 0 && found.every((value) => value !== null && (asked === undefined ? isTrue(session, value) : isNamed(session, value, asked)));
  });
}

/** `filters.softDelete: false` is at `filters`, `softDelete`. */
function pathOf(option: string): string[] {
  return option.replace(/\s*[:=].*$/, '').split('.');
}

/** The values that an argument may have; null for none, and for one that cannot be seen. */
function valuesAt(session: Session, value: Value, [key, ...rest]: readonly string[]): (Value | null)[] {
  if (key === undefined) return [value];
  return possible(session, value, key).flatMap((one) => (typeof one === 'string' ? [null] : valuesAt(session, opened(session, one.value), rest)));
}

function isTrue(session: Session, value: Value): boolean {
  return value.type === 'constant' ? Boolean(value.value) : value.type === 'object' || value.type === 'list' || Boolean(session.string(value));
}

function isNamed(session: Session, value: Value, asked: string): boolean {
  return value.type === 'constant' ? String(value.value) === asked : value.type === 'nothing' ? asked === 'null' : session.string(value) === asked;
}

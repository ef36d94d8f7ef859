/** MikroORM's filters (`@Filter`, `filters` of EntitySchema, defineEntity and the configuration), and how the options of a call switch them. */
import type { TableFacts } from '../../manifest/catalog.js';
import { speaksOf } from '../guards.js';
import { entriesNamed, entryOf } from '../conditions.js';
import type { Entry } from '../../source/objects.js';
import type { Value } from '../../source/values.js';
import type { Session } from '../session.js';
import { ofMikroOrm } from './tables.js';

/** What becomes of the filter of an entity: `none`: it has none; `unknown`: the program decides. */
export type FilterState = 'none' | 'applies' | 'bypassed' | 'unknown';

/** Which filters a query runs with. */
export interface Filters {
  on(facts: TableFacts): FilterState;
}

/** A filter that is called so may well be the one of deleted rows. */
const TELLING = /delet|trash|archiv|remov|tombstone|active|alive|live|exist|visible/i;
/** Arguments of a filter that let deleted rows through (Medusa's `withDeleted`). */
const WITH_DELETED = /^(?:with|include|show|get|allow|all|only)\w*(?:delet|trash|archiv|remov)|^(?:getAll|all|disabled?)$/i;

/** Does MikroORM filter the entity by itself? */
export function isFiltered(facts: TableFacts, session: Session): boolean {
  if (facts.deletion !== 'soft') return false;
  const { autoFilter } = facts;
  if (autoFilter === true || (Array.isArray(autoFilter) && autoFilter.includes('mikro-orm'))) return true;
  return filterGuards(facts, session).some(({ tables, library }) => tables !== undefined || library === 'mikro-orm');
}

/** The filters of deleted rows that the manifest declares for an entity. */
function filterGuards(facts: TableFacts, session: Session) {
  return session.catalog.guards.flatMap((guard) => guard.kind === 'orm-filter' && ofMikroOrm(guard) && speaksOf(guard, facts, session.catalog) ? [guard] : []);
}

/** The name of the filter of deleted rows of an entity, where the manifest tells it; null where it does not. */
export function filterName(facts: TableFacts, session: Session): string | null {
  const [guard, another] = filterGuards(facts, session);
  return guard && !another && /^[A-Za-z_$][\w$]*$/.test(guard.name) ? guard.name : null;
}

/** No filter at all: a query builder, a raw query, what a library forgets. */
export const NO_FILTERS: Filters = { on: () => 'none' };
/** Every filter that is on by default. */
export const defaultFilters = (session: Session): Filters => ({ on: (facts) => (isFiltered(facts, session) ? 'applies' : 'none') });

/**
 * The filters of a call by its `filters` option: `false` switches off all of them, also those of relations; `{ name: false }` and
 * `{ name: { withDeleted: true } }` one; a list switches on further ones, so that `[]` does nothing.
 *
 * @param option null where the call has none; 'unknown' where it cannot be seen whether it has
 */
export function filtersOf(option: Value | 'unknown' | null, session: Session): Filters {
  return { on: (facts) => (isFiltered(facts, session) ? stateOf(option, facts, session) : 'none') };
}

function stateOf(option: Value | 'unknown' | null, facts: TableFacts, session: Session): FilterState {
  if (option === 'unknown') return 'unknown';
  switch (option?.type) {
    case undefined: case 'nothing': case 'list': case 'text': return 'applies';
    case 'constant': return option.value === false ? 'bypassed' : 'applies';
    case 'fork': return merged(option.options.map((one) => stateOf(one, facts, session)));
    case 'object': {
      const entries = session.entries(option);
      return entries ? byName(entries, facts, session) : 'unknown';
    }
    default: return 'unknown';
  }
}

function merged(states: readonly FilterState[]): FilterState {
  return states.every((state) => state === states[0]) ? states[0]! : 'unknown';
}

function byName(entries: readonly Entry[], facts: TableFacts, session: Session): FilterState {
  const guards = filterGuards(facts, session), names = guards.map(({ name }) => name);
  const keys = [...new Set(keysOf(entries))], own = keys.filter((key) => (names.length > 0 ? names.includes(key) : true));
  // A key that cannot be read (`[SOFT_DELETABLE_FILTER]: false`).
  const hidden = entries.some(({ type }) => type === 'rest');
  const states = own.map((key) => {
    const entry = entryOf(entries, key);
    const value = entry === 'unknown' ? null : entry?.value() ?? null;
    if (value === null) return entriesNamed(entries, key).every((each) => isOn(each.value())) ? 'applies' : 'unknown';
    const state = named(key, value, guards.find(({ name }) => name === key)?.bypass ?? null, session);
    return state === 'bypassed' && names.length === 0 && !TELLING.test(key) ? 'unknown' : state;
  });
  if (states.includes('bypassed')) return 'bypassed';
  return states.includes('unknown') || hidden ? 'unknown' : 'applies';
}

const isOn = (value: Value): boolean => value.type === 'constant' && value.value === true;

function keysOf(entries: readonly Entry[]): string[] {
  return entries.flatMap((entry) => (entry.type === 'entry' ? [entry.key] : entry.type === 'fork' ? entry.options.flatMap(keysOf) : []));
}

/** One filter, by what stands behind its name. */
function named(name: string, value: Value, bypass: readonly string[] | null, session: Session): FilterState {
  switch (value.type) {
    case 'constant': return value.value === false ? 'bypassed' : 'applies';
    case 'nothing': return 'applies';
    case 'fork': return merged(value.options.map((option) => named(name, option, bypass, session)));
    case 'object': {
      const entries = session.entries(value);
      if (!entries) return 'unknown';
      const states = keysOf(entries).filter((key) => letsThrough(name, key, bypass)).map((key): FilterState => {
        const entry = entryOf(entries, key), argument = entry && entry !== 'unknown' ? entry.value() : null;
        return argument?.type === 'constant' ? (argument.value === true ? 'bypassed' : 'applies') : argument?.type === 'nothing' ? 'applies' : 'unknown';
      });
      return states.includes('bypassed') ? 'bypassed' : states.includes('unknown') || entries.some(({ type }) => type === 'rest') ? 'unknown' : 'applies';
    }
    default: return 'unknown';
  }
}

/** Does the manifest, or else the argument's name, say that it shows deleted rows? */
function letsThrough(filter: string, argument: string, bypass: readonly string[] | null): boolean {
  return bypass?.some((path) => path.replace(/\s*[:=].*$/, '') === `filters.${filter}.${argument}`) || WITH_DELETED.test(argument);
}

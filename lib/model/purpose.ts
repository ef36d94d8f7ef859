/** What a statement is for, as the functions around it say by their names. */
import type { DeleteFact } from './analysis.js';
import type { Unit } from './query.js';

/** Removes rows for good because somebody asked for it. */
const REMOVES = /(?:hard|super|force)_?delet|permanent|erase|gdpr|obliterate/iu;
/** Removes rows that are over; which these are its conditions have to say. */
const PURGES = /purge/iu;
/** A job that ends what a person began, or that removes what nothing refers to. */
const CLEANS_UP = /orphan|(?:delet|remov)\w*(?:processor|job|worker|task|cron)$/iu;
/** Takes back what is kept elsewhere of rows, dead ones too. */
const INVALIDATES = /^_*(?:invalidate|evict|flush)/iu;

/**
 * Is a DELETE meant to remove rows for good, whether they are dead or not? `permanentlyDeleteTeam(id)` is; `purgeTokens()` is where the rows are
 * named by a value that it is given, and not where it goes by age alone: that one has to spare the live.
 */
export function isRemovalOnPurpose({ verdict, isAsked }: DeleteFact, unit: Unit | undefined): boolean {
  const says = (words: RegExp): boolean => unit?.names.some((name) => words.test(name)) ?? false;
  return verdict.state !== 'live' && (says(REMOVES) || says(CLEANS_UP) || (isAsked && says(PURGES)));
}

/** Does a statement read in order to remove rows for good, or what is kept elsewhere of them? It has to see tombstones. */
export function seesAllOnPurpose(unit: Unit | undefined): boolean {
  return unit?.names.some((name) => REMOVES.test(name) || PURGES.test(name) || INVALIDATES.test(name)) ?? false;
}

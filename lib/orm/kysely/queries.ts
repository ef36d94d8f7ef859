/** What tells a query of Kysely from anything else that has methods. */
import type { Chain } from '../../source/values.js';
import { isCalled, stepsOf } from '../chains.js';

/** Calls that begin a query, of a database, a transaction or an expression builder. */
export const VERBS: ReadonlySet<string> = new Set(['selectFrom', 'selectNoFrom', 'updateTable', 'deleteFrom', 'insertInto', 'replaceInto', 'mergeInto']);

/** Methods that run a query; what follows is its result. */
export const EXECUTES = /^(?:execute\w*|stream|compile|explain)$/;

/** Does the chain make a query? */
export function isQuery(chain: Chain): boolean {
  return stepsOf(chain).some((step) => isCalled(step) && step.name !== null && VERBS.has(step.name));
}

/** Is the chain a query that has not been run, as against its rows? */
export function isSubquery(chain: Chain): boolean {
  return isQuery(chain) && !stepsOf(chain).some(({ name, awaited }) => awaited || (name !== null && EXECUTES.test(name)));
}

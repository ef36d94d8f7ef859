/**
 * Objection 1 to 3: models over Knex's query builder.
 *
 * The library has no filter of its own. Plugins add `whereNotDeleted()` and the modifier `notDeleted` (objection-soft-delete, objection-js-soft-delete) or
 * filter every read (objection-softdelete: the manifest's `autoFilter`); all of them make an update of `delete()`. None reaches rows that
 * `withGraphFetched`, `joinRelated` or `$relatedQuery` bring along.
 */
import { isCalled } from './chains.js';
import { handedOn } from './knex/handed.js';
import { remediesFor } from './knex/remedies.js';
import { statementOf } from './knex.js';
import type { OrmLibrary } from './library.js';
import { ObjectionReader } from './objection/reader.js';

export const objection: OrmLibrary = {
  name: 'objection',
  mayHold: (text) => /\.\s*\$?(?:query|relatedQuery)\s*(?:<[^()]*>)?\s*\(/.test(text),
  verbs: new Set(['query', '$query', 'relatedQuery', '$relatedQuery']),
  read(call, session) {
    const { steps } = call.chain, head = steps.findLastIndex((item) => item.type === 'step' && isCalled(item) && item.name !== null && /^\$?(?:query|relatedQuery)$/.test(item.name));
    // What is asked of rows that have been waited for is no query.
    if (head < 0 || steps.slice(head).some((item) => item.type === 'step' && item.awaited)) return [];
    const reader = new ObjectionReader(session), builder = reader.builder(handedOn(call, session));
    return builder ? [statementOf(builder, call, session, remediesFor(reader, call, { library: 'objection', update: 'patch', spelling: 'property' }))] : [];
  },
};

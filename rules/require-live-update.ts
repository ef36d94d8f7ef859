import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor, type Query } from '../lib/define-query-visitor.js';
import { words } from '../lib/describe.js';
import type { UpdateFact } from '../lib/model/analysis.js';
import { addLiveFilter } from '../lib/unfiltered-reads.js';

interface Options {
  /** Updates of rows that are named by their key (`WHERE id = $1`): nine in ten carry no filter, and few are mistakes. */
  byKey: 'ignore' | 'report';
}

/** Can the statement change what a deleted row holds, without meaning to delete or restore it? A SET list that cannot be seen is taken for an edit. */
function editsTombstones({ intent, verdict, keepsTombstone }: UpdateFact, { reportsUnknown }: Query): boolean {
  if (verdict.state !== 'all' && !(verdict.state === 'unknown' && reportsUnknown)) return false;
  return intent === 'edit' || intent === 'unknown' || (intent === 'maybe' && !keepsTombstone);
}

export default createRule<Options>({
  name: 'require-live-update',
  meta: {
    type: 'problem',
    docs: { description: 'require updates to leave deleted rows alone', recommended: true, strict: { byKey: 'report' } },
    schema: [{
      type: 'object',
      properties: { byKey: { enum: ['ignore', 'report'], description: 'Whether updates of rows that are named by their key are reported too.' } },
      additionalProperties: false,
    }],
    defaultOptions: [{ byKey: 'ignore' }],
    messages: {
      edited: 'Deleted rows of {{table}} {{are}} changed too. {{remedy}}.',
      stamped: 'The {{column}} of rows of {{table}} that are deleted already can be overwritten. {{remedy}}.',
      addFilter: 'Keep live rows only: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context, { byKey }) => defineQueryVisitor(context, {
    query(query) {
      if (query.mayReadTombstones) return;
      for (const fact of query.updates) {
        if (!editsTombstones(fact, query) || (fact.byKey && byKey === 'ignore')) continue;
        query.report({
          messageId: fact.intent === 'maybe' ? 'stamped' : 'edited', at: fact.ref.range, data: words(query, { ...fact, place: fact.branch ? 'when' : 'where' }),
          suggest: [{ messageId: 'addFilter', remedy: addLiveFilter(query, fact) }],
        });
      }
    },
  }),
});

import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { words } from '../lib/describe.js';
import { addLiveFilter, checksResult, unfilteredReads } from '../lib/unfiltered-reads.js';

export default createRule({
  name: 'require-live-filter',
  meta: {
    type: 'problem',
    docs: { description: 'require a live filter on the table that a query lists', recommended: true },
    schema: [],
    messages: {
      listed: 'Deleted rows of {{table}} {{are}} listed too. {{remedy}}.',
      written: 'Deleted rows of {{table}} {{are}} part of what is written. {{remedy}}.',
      addFilter: 'Keep live rows only: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    query(query) {
      for (const read of unfilteredReads(query, 'main')) {
        if (checksResult(query, read)) continue;
        query.report({
          messageId: read.feedsWrite ? 'written' : 'listed', at: read.ref.range, data: words(query, read),
          suggest: [{ messageId: 'addFilter', remedy: addLiveFilter(query, read) }],
        });
      }
    },
  }),
});

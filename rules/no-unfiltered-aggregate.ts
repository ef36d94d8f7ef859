import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { words } from '../lib/describe.js';
import { addLiveFilter, unfilteredReads } from '../lib/unfiltered-reads.js';

export default createRule({
  name: 'no-unfiltered-aggregate',
  meta: {
    type: 'problem',
    docs: { description: 'disallow aggregates and groups over deleted rows', recommended: true },
    schema: [],
    messages: {
      folded: 'Deleted rows of {{table}} {{are}} part of the {{aggregate}}. {{remedy}}.',
      addFilter: 'Keep live rows only: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    query(query) {
      for (const read of unfilteredReads(query, 'aggregate')) {
        query.report({
          messageId: 'folded', at: read.ref.range, data: { ...words(query, read), aggregate: read.aggregate ?? 'COUNT' },
          suggest: [{ messageId: 'addFilter', remedy: addLiveFilter(query, read) }],
        });
      }
    },
  }),
});

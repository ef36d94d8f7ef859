import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { words } from '../lib/describe.js';
import { addLiveFilter, checksResult, unfilteredReads } from '../lib/unfiltered-reads.js';

export default createRule({
  name: 'require-live-lookup',
  meta: {
    type: 'problem',
    docs: { description: 'require a live filter, or a check of the result, where one row is looked up by its key', recommended: false },
    schema: [],
    messages: {
      found: 'A deleted row of {{table}} can be found by its {{key}}. {{remedy}}, or check {{column}} of the result.',
      addFilter: 'Keep live rows only: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    query(query) {
      for (const read of unfilteredReads(query, 'lookup')) {
        if (checksResult(query, read)) continue;
        query.report({
          messageId: 'found', at: read.ref.range, data: { ...words(query, read), key: (read.key ?? read.table.key).join(' and ') },
          suggest: [{ messageId: 'addFilter', remedy: addLiveFilter(query, read) }],
        });
      }
    },
  }),
});

import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { words } from '../lib/describe.js';
import { addLiveFilter, unfilteredReads } from '../lib/unfiltered-reads.js';

export default createRule({
  name: 'require-live-parent',
  meta: {
    type: 'problem',
    docs: { description: 'require a live filter on every parent that is reached by its key', recommended: false },
    schema: [],
    messages: {
      parent: "Rows {{are}} shown whose {{table}} is deleted. {{remedy}}, or set 'attribution' in the manifest.",
      tested: "'{{column}}' stays set when its row of '{{table}}' is deleted, so rows of deleted ones are counted or take places of the page. Join the live ones, or set 'attribution' in the manifest.",
      addFilter: 'Keep live rows only: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    query(query) {
      for (const read of unfilteredReads(query, 'parent')) {
        if (read.prominent || read.table.attribution) continue;
        query.report({
          messageId: 'parent', at: read.ref.range, data: words(query, read),
          suggest: [{ messageId: 'addFilter', remedy: addLiveFilter(query, read) }],
        });
      }
      for (const { range, column, parent } of query.mayReadTombstones ? [] : query.parentTests) query.report({ messageId: 'tested', at: range, data: { column, table: parent.name } });
    },
  }),
});

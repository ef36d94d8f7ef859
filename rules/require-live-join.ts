import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { words } from '../lib/describe.js';
import type { Read } from '../lib/model/analysis.js';
import { addLiveFilter, unfilteredReads } from '../lib/unfiltered-reads.js';

function messageOf({ ref, role }: Read): string {
  if (ref.via === 'relation-filter') return 'matched';
  if (ref.via !== 'from') return 'included';
  return role === 'parent' ? 'parent' : 'joined';
}

export default createRule({
  name: 'require-live-join',
  meta: {
    type: 'problem',
    docs: { description: 'require a live filter on joined tables and included relations', recommended: true },
    schema: [],
    messages: {
      joined: 'Deleted rows of {{table}} {{are}} joined in. {{remedy}}.',
      parent: 'Rows {{are}} shown whose {{table}} is deleted. {{remedy}}.',
      included: 'Deleted rows of {{table}} {{are}} included. {{remedy}}.',
      matched: 'Deleted rows of {{table}} {{are}} matched by the relation filter. {{remedy}}.',
      addFilter: 'Keep live rows only: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    query(query) {
      for (const read of unfilteredReads(query, 'join', 'parent')) {
        if (read.role === 'parent' && (!read.prominent || read.table.attribution)) continue;
        query.report({
          messageId: messageOf(read), at: read.ref.range, data: words(query, read),
          suggest: [{ messageId: 'addFilter', remedy: addLiveFilter(query, read) }],
        });
      }
    },
  }),
});

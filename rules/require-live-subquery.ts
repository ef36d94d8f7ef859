import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { words } from '../lib/describe.js';
import type { Read } from '../lib/model/analysis.js';
import { addLiveFilter, unfilteredReads } from '../lib/unfiltered-reads.js';

function operatorOf({ operator }: Read): string {
  return operator === null || operator === 'scalar subquery' ? 'the subquery' : operator;
}

export default createRule({
  name: 'require-live-subquery',
  meta: {
    type: 'problem',
    docs: { description: 'require a live filter inside EXISTS, IN, ANY, ALL and scalar subqueries', recommended: true },
    schema: [],
    messages: {
      seen: 'Deleted rows of {{table}} {{are}} seen by {{operator}} too. {{remedy}}.',
      addFilter: 'Keep live rows only: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    query(query) {
      for (const read of unfilteredReads(query, 'subquery')) {
        query.report({
          messageId: 'seen', at: read.ref.range, data: { ...words(query, read), operator: operatorOf(read) },
          suggest: [{ messageId: 'addFilter', remedy: addLiveFilter(query, read) }],
        });
      }
    },
  }),
});

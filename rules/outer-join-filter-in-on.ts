import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { words } from '../lib/describe.js';

export default createRule({
  name: 'outer-join-filter-in-on',
  meta: {
    type: 'problem',
    docs: { description: 'require the live filter of an outer-joined table to stand in the ON of its join', recommended: true },
    schema: [],
    messages: {
      late: 'Live rows vanish whose only match in {{table}} is deleted. Move the filter on {{column}} to the ON of the join.',
      lateWithoutOn: 'Live rows vanish whose only match in {{table}} is deleted. Join a subquery that filters on {{column}} instead of the table.',
      moveFilter: 'Move to {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    query(query) {
      for (const read of query.unfiltered) {
        const { ref, role, table, verdict: { flaw } } = read;
        // Filtering a parent in WHERE drops the rows whose parent is deleted, and is meant.
        if (flaw?.kind !== 'outer-where' || role === 'parent') continue;
        const movable = table.tombstones.length === 1;
        query.report({
          messageId: flaw.join.kind === 'full' || !flaw.join.on ? 'lateWithoutOn' : 'late', at: flaw.filter.range, data: words(query, read),
          suggest: [{ messageId: 'moveFilter', remedy: movable ? query.statement.remedies?.moveFilterToJoin?.(ref, flaw.filter) : null }],
        });
      }
    },
  }),
});

import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { columnNames, tableName } from '../lib/describe.js';

export default createRule({
  name: 'no-filter-bypass',
  meta: {
    type: 'problem',
    docs: { description: "require a reason where a query switches off the library's own filter of deleted rows", recommended: false },
    schema: [],
    messages: {
      bypass: "Deleted rows of {{table}} come back, because this call switches off the library's own filter. Leave the filter on, filter on {{column}}, or give the reason in a comment: 'includes-deleted: ..'.",
    },
  },
  create: (context) => defineQueryVisitor(context, {
    query(query) {
      for (const { ref, table, missing } of query.bypassed) {
        query.report({ messageId: 'bypass', at: ref.range, data: { table: tableName(table, ref), column: columnNames(query, table, missing) } });
      }
    },
  }),
});

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
      client: "'{{name}}' shows deleted rows, because it goes round the filter of '{{instead}}'. Import '{{instead}}', or let this file read them in the manifest's 'reads'.",
      bypass: "Deleted rows of {{table}} come back, because this call switches off the library's own filter. Leave the filter on, filter on {{column}}, or give the reason in a comment: 'includes-deleted: ..'.",
    },
  },
  create: (context) => defineQueryVisitor(context, {
    file({ clientBypasses }, { catalog, report }) {
      if (clientBypasses.length === 0 || catalog.fileReads(context.filename) !== 'live') return;
      for (const { name, instead, range } of clientBypasses) report({ messageId: 'client', at: range, data: { name, instead } });
    },
    query(query) {
      for (const { ref, table, missing } of query.bypassed) {
        query.report({ messageId: 'bypass', at: ref.range, data: { table: tableName(table, ref), column: columnNames(query, table, missing) } });
      }
    },
  }),
});

import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { quote, tableName } from '../lib/describe.js';
import { EPHEMERAL_WORDS, ephemeralKind } from '../lib/ephemeral-names.js';
import { goesElsewhere } from '../lib/migration-history.js';
import { recordsDeletions, tellsOfChanges } from '../lib/model/tombstone-names.js';
import { declaredTable, declaredTombstone, isSupabaseUsers, looksLikeTombstone } from '../lib/tombstone-columns.js';

export default createRule({
  name: 'no-tombstone-on-ephemeral',
  meta: {
    type: 'suggestion',
    docs: { description: 'disallow tombstones on tables of logs, events, caches, tokens and sessions, and on hard-deleted tables', recommended: true },
    schema: [],
    messages: {
      hard: "Rows of {{table}} are really deleted, as the manifest says{{why}}, so no query asks '{{column}}' and a row that has it set still shows. Drop the column, or declare the table soft.",
      ephemeral: "Rows of {{table}} are {{kind}}, which nobody restores: with '{{column}}' they only pile up. Delete them for good, or give the manifest the reason ('why') to keep them.",
    },
  },
  create: (context) => defineQueryVisitor(context, {
    declaration(declaration, { catalog, report }) {
      const { name, columns } = declaration, table = declaredTable(declaration, catalog);
      // Whoever writes down why a table is soft has thought about it.
      if ((table?.deletion === 'soft' && table.why !== null) || isSupabaseUsers(declaration)) return;
      const kind = ephemeralKind(table?.name ?? name, columns.map((column) => column.name));
      if ((table?.deletion !== 'hard' && kind === null) || (kind === null && recordsDeletions(name))) return;
      const isOfChange = tellsOfChanges(name, columns.map((column) => column.name));
      const column = columns.find((one) => declaredTombstone(one, table, catalog) !== null || looksLikeTombstone(one, true) === 'moment' || (!isOfChange && looksLikeTombstone(one, true) === 'flag'));
      if (!column || goesElsewhere(context.filename, column.name, name)) return;
      const data = { table: tableName(table ?? declaration), column: column.name, kind: kind === null ? '' : EPHEMERAL_WORDS[kind], why: table?.why ? ` (${quote(table.why)})` : '' };
      report({ messageId: table?.deletion === 'hard' ? 'hard' : 'ephemeral', at: column.range, data });
    },
  }),
});

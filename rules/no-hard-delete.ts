import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor, type Query } from '../lib/define-query-visitor.js';
import { columnName, quote, tableName } from '../lib/describe.js';
import type { DeleteFact } from '../lib/model/analysis.js';
import type { Remedy } from '../lib/model/query.js';

/** A DELETE that reaches dead rows only, or what belongs to them, is a purge, and one that reaches no row at all is `require-purge-age`'s to report. */
function isHardDelete({ verdict, never, withParents }: DeleteFact, { reportsUnknown }: Query): boolean {
  if (never || withParents || verdict.state === 'dead') return false;
  return verdict.state !== 'unknown' || reportsUnknown;
}

function softDelete({ statement }: Query, { write, ref, table }: DeleteFact): Remedy | null | undefined {
  const [tombstone, another] = table.tombstones;
  return write.type === 'delete' && tombstone && !another ? statement.remedies?.softDelete?.(write, ref, tombstone) : null;
}

export default createRule({
  name: 'no-hard-delete',
  meta: {
    type: 'problem',
    docs: { description: 'disallow DELETE and TRUNCATE on soft-deleted tables, except for purges', recommended: true },
    schema: [],
    messages: {
      deleted: 'This {{removes}} rows of {{table}} for good. Set {{column}} instead.',
      truncated: 'TRUNCATE removes every row of {{table}} for good. Set {{column}} instead, or purge the rows that are old enough.',
      softDelete: 'Change to {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    query(query) {
      for (const fact of query.deletes) {
        if (!isHardDelete(fact, query)) continue;
        query.report({
          messageId: fact.write.type === 'truncate' ? 'truncated' : 'deleted', at: fact.ref.range,
          data: {
            table: tableName(fact.table, fact.ref), column: quote(columnName(query, fact.table, fact.table.tombstones[0]!)),
            removes: fact.verdict.state === 'unknown' ? 'may remove' : 'removes',
          },
          suggest: [{ messageId: 'softDelete', remedy: softDelete(query, fact) }],
        });
      }
    },
  }),
});

import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { list, tableName, words } from '../lib/describe.js';
import type { Catalog, TableFacts } from '../lib/manifest/catalog.js';
import type { Read } from '../lib/model/analysis.js';
import type { RelationDeclaration, TableDeclaration } from '../lib/model/schema.js';
import { addLiveFilter, unfilteredReads } from '../lib/unfiltered-reads.js';

interface Options {
  /** Declarations of to-many relations that leave it to each query to filter. */
  relations: 'ignore' | 'report';
}

/** The soft table whose deleted rows a relation shows wherever it is fetched; null where its declaration, the library or the manifest filters, or none of them could. */
function shownBy({ property, target, many, predicate, filteredBy }: RelationDeclaration, owner: TableDeclaration, catalog: Catalog): TableFacts | null {
  if (!many || predicate || filteredBy === undefined) return null;
  const table = (target.table === null ? null : catalog.table(target.table, target.schema)) ?? (target.model === null ? null : catalog.model(target.model));
  if (table?.deletion !== 'soft' || table.autoFilter !== false || catalog.table(owner.name, owner.schema)?.relations[property]?.live) return null;
  return catalog.guards.some((guard) => guard.kind === 'relation' && guard.name === property && guard.yields === 'live') ? null : table;
}

function messageOf({ ref, role }: Read): string {
  if (ref.via === 'relation-filter') return 'matched';
  if (ref.via !== 'from') return 'included';
  return role === 'parent' ? 'parent' : 'joined';
}

export default createRule<Options>({
  name: 'require-live-join',
  meta: {
    type: 'problem',
    docs: { description: 'require a live filter on joined tables and included relations', recommended: true, strict: { relations: 'report' } },
    schema: [{
      type: 'object',
      properties: { relations: { enum: ['ignore', 'report'], description: 'Whether declarations of to-many relations that do not filter are reported too.' } },
      additionalProperties: false,
    }],
    defaultOptions: [{ relations: 'ignore' }],
    messages: {
      joined: 'Deleted rows of {{table}} {{are}} joined in. {{remedy}}.',
      parent: 'Rows {{are}} shown whose {{table}} is deleted. {{remedy}}.',
      included: 'Deleted rows of {{table}} {{are}} included. {{remedy}}.',
      matched: 'Deleted rows of {{table}} {{are}} matched by the relation filter. {{remedy}}.',
      declared: "Wherever '{{relation}}' is fetched, deleted rows of {{table}} come along. Filter on {{column}} in its '{{filteredBy}}', or in each query.",
      addFilter: 'Keep live rows only: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context, options) => defineQueryVisitor(context, {
    declaration(declaration, { catalog, report }) {
      for (const relation of options.relations === 'report' ? declaration.relations ?? [] : []) {
        const table = shownBy(relation, declaration, catalog);
        if (!table) continue;
        const column = list(table.tombstones.map((tombstone) => `'${tombstone.column}'`));
        report({ messageId: 'declared', at: relation.range, data: { relation: relation.property, table: tableName(table), column, filteredBy: relation.filteredBy! } });
      }
    },
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

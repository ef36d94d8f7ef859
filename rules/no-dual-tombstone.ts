import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { quote, tableName } from '../lib/describe.js';
import { fold, type Catalog, type TableFacts } from '../lib/manifest/catalog.js';
import { conflationsIn } from '../lib/model/archive-predicates.js';
import { halfTombstonesIn } from '../lib/model/half-tombstones.js';
import type { ColumnDeclaration, TableDeclaration } from '../lib/model/schema.js';
import { isArchiveName, namesArchiveAndDeletion } from '../lib/model/tombstone-names.js';
import { declaredTable, declaredTombstone, looksLikeTombstone } from '../lib/tombstone-columns.js';

/** A column that says that its row is deleted, by the manifest or by its name. */
interface Tombstone {
  readonly column: ColumnDeclaration;
  readonly kind: 'flag' | 'moment';
  readonly archive: boolean;
}

function tombstonesOf({ columns }: TableDeclaration, table: TableFacts | null, catalog: Catalog): Tombstone[] {
  return columns.flatMap((column) => {
    const known = declaredTombstone(column, table, catalog);
    const kind = looksLikeTombstone(column) ?? (known && !column.generated ? column.type === 'boolean' ? 'flag' : 'moment' : null);
    // A status says more than that a row is deleted.
    return kind === null || known?.dead ? [] : [{ column, kind, archive: isArchiveName(column.name) }];
  });
}

/** What a pair of tombstones should come down to: the moment stays, or of two moments the one that the manifest knows, or the first. */
function keptOf(tombstones: readonly Tombstone[], table: TableFacts | null, catalog: Catalog): Tombstone {
  const moments = tombstones.filter(({ kind, archive }) => kind === 'moment' && !archive);
  return moments.find(({ column }) => declaredTombstone(column, table, catalog)) ?? moments[0] ?? tombstones[0]!;
}

export default createRule({
  name: 'no-dual-tombstone',
  meta: {
    type: 'problem',
    docs: { description: 'disallow two columns for one deletion, and one for deletion and archiving', recommended: false },
    schema: [],
    messages: {
      dual: "'{{column}}' says of {{table}} what '{{kept}}' says, and whoever sets one and forgets the other makes a row that is half deleted. Drop '{{column}}'.",
      archive: "The manifest counts rows of {{table}} with '{{column}}' as deleted, so the purge takes what people only put away. Leave '{{column}}' out of the tombstones, and filter on it where lists hide it.",
      column: "'{{column}}' of {{table}} does not tell rows that are deleted from those that are archived, so a purge takes both. Declare a column for each.",
      predicate: 'This condition takes rows of {{table}} that are archived for deleted ones. Ask {{tombstone}} here, and {{archive}} in a condition of its own.',
      asks: "This tells live rows of {{table}} by '{{column}}' alone, and '{{other}}' says the same: where one was set and the other forgotten, rows that are deleted come back. Ask '{{other}}', and drop '{{column}}'.",
      sets: "This sets '{{column}}' of {{table}} and leaves '{{other}}' as it is, so that the row is deleted for one half of the queries. Set both until one is dropped.",
      purge: 'This removes rows of {{table}} that people only put away, together with those that are deleted. Purge by {{tombstone}} alone.',
    },
  },
  create: (context) => defineQueryVisitor(context, {
    query({ statement, reads, updates, catalog, report, mayReadTombstones }) {
      for (const { kind, range, source, column, other } of halfTombstonesIn(statement, mayReadTombstones ? [] : reads, updates, catalog)) {
        report({ messageId: kind, at: range, data: { table: tableName(source.target.facts, source.leaf), column, other } });
      }
      for (const { range, source, tombstone, archive, removes } of conflationsIn(statement, catalog)) {
        if (!removes && mayReadTombstones) continue;
        report({ messageId: removes ? 'purge' : 'predicate', at: range, data: { table: tableName(source.target.facts, source.leaf), tombstone: quote(tombstone), archive: quote(archive) } });
      }
    },
    declaration(declaration, { catalog, report }) {
      const table = declaredTable(declaration, catalog);
      if (table?.deletion === 'hard') return;
      const named = tableName(table ?? declaration), tombstones = tombstonesOf(declaration, table, catalog);
      const archived = tombstones.filter(({ archive }) => archive), deleting = tombstones.filter(({ archive }) => !archive);
      const kept = tombstones.length > 0 ? keptOf(tombstones, table, catalog) : null;
      for (const { column } of deleting.length > 1 ? deleting : []) {
        if (fold(column.name) !== fold(kept!.column.name)) report({ messageId: 'dual', at: column.range, data: { column: column.name, table: named, kept: kept!.column.name } });
      }
      for (const { column } of deleting.length > 0 ? archived : []) report({ messageId: 'archive', at: column.range, data: { column: column.name, table: named } });
      for (const column of declaration.columns) {
        if (namesArchiveAndDeletion(column.name)) report({ messageId: 'column', at: column.range, data: { column: column.name, table: named } });
      }
    },
  }),
});

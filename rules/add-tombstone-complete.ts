import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor, type QueryFile } from '../lib/define-query-visitor.js';
import { quote, tableName } from '../lib/describe.js';
import { keyColumns, livePredicate, uniqueRemedy } from '../lib/describe-keys.js';
import type { FileQueries } from '../lib/file-queries.js';
import { fold, type TableFacts } from '../lib/manifest/catalog.js';
import { hasTombstoneAt, isSoft, isTombstone, standingKeys, tablesIn, tombstoneStep, type FileTable } from '../lib/model/file-tables.js';
import { asksForState, carriesDead, hasPartialIndexes, reuseOf, rowsBy, servesForeignKey, uniqueFlaw } from '../lib/model/live-keys.js';
import type { Range } from '../lib/model/query.js';

type SoftTable = FileTable & { readonly facts: TableFacts };

/** The column that the file adds to a table that had none. */
function addedColumn(table: SoftTable, { catalog }: QueryFile): { readonly name: string; readonly range: Range } | null {
  const step = tombstoneStep(table, catalog);
  return step?.kind === 'alter' ? step.columns.find((column) => isTombstone(column, table.facts, catalog)) ?? null : null;
}

function reportKeys(table: SoftTable, column: string, { catalog, report }: QueryFile): void {
  for (const { key, step } of standingKeys(table)) {
    const dialect = step.dialect ?? catalog.dialect;
    if (dialect === 'bigquery' || hasTombstoneAt(table, step, catalog)) continue;
    const predicate = livePredicate(table, { ...catalog, dialect }), data = { table: tableName(table.facts), column, key: keyColumns(key), remedy: uniqueRemedy(predicate, dialect), predicate: `WHERE ${predicate}` };
    const isKept = uniqueFlaw(key, table, catalog)?.kind === 'full' && reuseOf(key, table) === 'given' && !asksForState(key);
    const isFull = hasPartialIndexes(dialect) && carriesDead(key, table, catalog) && !servesForeignKey(key, table);
    if (isKept) report({ messageId: 'unique', at: key.range, data });
    else if (isFull) report({ messageId: 'index', at: key.range, data });
  }
}

/** Views that were made before the column, and are not made again. */
function reportViews(table: SoftTable, column: string, at: Range, { views }: FileQueries, { catalog, report }: QueryFile): void {
  for (const [index, view] of views.entries()) {
    const reads = view.tables.some(({ name, schema }) => catalog.table(name, schema) === table.facts);
    if (view.kind !== 'create' || !reads || view.range[0] > at[0] || (view.marker?.reason ?? null) !== null) continue;
    if (!views.slice(index + 1).some(({ name }) => fold(name) === fold(view.name))) report({ messageId: 'view', at: view.range, data: { table: tableName(table.facts), column, view: quote(view.name) } });
  }
}

/** Policies that let whoever may see a row see it when it is deleted. */
function reportPolicies(table: SoftTable, column: string, { policies }: FileQueries, { catalog, report }: QueryFile): void {
  const own = policies.filter(({ table: name, schema }) => catalog.table(name, schema) === table.facts);
  const hides = (using: (typeof own)[number]['using']): boolean => using !== null && rowsBy(using, table.facts, catalog) !== 'all';
  if (own.some(({ kind, restrictive, using }) => kind !== 'drop' && restrictive && hides(using))) return;
  for (const [index, policy] of own.entries()) {
    const { kind, command, using, restrictive, marker, name, range } = policy;
    if (kind !== 'create' || restrictive || using === null || (command !== 'select' && command !== 'all') || (marker?.reason ?? null) !== null) continue;
    if (hides(using) || own.slice(index + 1).some((later) => fold(later.name) === fold(name))) continue;
    report({ messageId: 'policy', at: range, data: { table: tableName(table.facts), column, policy: quote(name) } });
  }
}

export default createRule({
  name: 'add-tombstone-complete',
  meta: {
    type: 'problem',
    docs: { description: 'require a migration that adds a tombstone to see to the keys, indexes, views and policies that it names', recommended: false },
    schema: [],
    messages: {
      unique: "{{table}} gets '{{column}}' here, and this key keeps the {{key}} of each row that is deleted. {{remedy}}.",
      index: "{{table}} gets '{{column}}' here, and this index keeps an entry for each row that is deleted. Leave deleted rows out: '{{predicate}}'.",
      view: "{{table}} gets '{{column}}' here, and the view {{view}} shows each row that is deleted. Make it again with the filter, behind the column.",
      policy: "{{table}} gets '{{column}}' here, and the policy {{policy}} lets rows that are deleted be read. Make it again with the filter, behind the column.",
    },
  },
  create: (context) => defineQueryVisitor(context, {
    file(queries, file) {
      for (const table of tablesIn(queries.declarations, file.catalog)) {
        const added = isSoft(table) && !table.dropped ? addedColumn(table, file) : null;
        if (!added || !isSoft(table)) continue;
        reportKeys(table, added.name, file);
        reportViews(table, added.name, added.range, queries, file);
        reportPolicies(table, added.name, queries, file);
      }
    },
  }),
});

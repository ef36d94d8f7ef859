import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor, type QueryFile } from '../lib/define-query-visitor.js';
import { tableName } from '../lib/describe.js';
import type { FileQueries } from '../lib/file-queries.js';
import { isMadeAgain } from '../lib/key-history.js';
import { fold, type TableFacts } from '../lib/manifest/catalog.js';
import { isSoft, tablesIn, tombstoneIn, type FileTable } from '../lib/model/file-tables.js';
import type { Range } from '../lib/model/query.js';
import type { TableDeclaration } from '../lib/model/schema.js';
import { isTombstoneFlag, tombstoneMoment } from '../lib/model/tombstone-names.js';

type SoftTable = FileTable & { readonly facts: TableFacts };
type Dropped = TableDeclaration['dropped'][number];

const isBefore = (a: Range, b: Range): boolean => a[0] < b[0];

/** Are deleted rows removed for good before this place? */
function arePurged({ facts }: SoftTable, at: Range, { analyses }: FileQueries): boolean {
  return analyses.some(({ deletes }) => deletes.some(({ table, ref, verdict }) => table === facts && isBefore(ref.range, at) && verdict.state !== 'live'));
}

/** Is another tombstone of the table set before this place? */
function isFilledIn({ facts }: SoftTable, dropped: Dropped, { analyses }: FileQueries): boolean {
  return analyses.some(({ updates }) => updates.some(({ table, ref, tombstone, intent }) => table === facts && isBefore(ref.range, dropped.range)
    && (intent === 'unknown' || (tombstone !== null && !tombstone.names.some((name) => fold(name) === fold(dropped.name))))));
}

/** Are rows of the table, or all that it has, copied to another one? */
function isCopied({ facts }: SoftTable, { analyses }: FileQueries): boolean {
  return analyses.some(({ statement: { root }, reads }) => (root.type === 'insert' || (root.type === 'definition' && root.what === 'table')) && reads.some(({ table }) => table === facts));
}

function checkColumn(table: SoftTable, step: TableDeclaration, dropped: Dropped, queries: FileQueries, { catalog, report }: QueryFile): void {
  const { facts, steps } = table, later = steps.slice(steps.indexOf(step));
  const own = catalog.tombstone(facts, dropped.name), data = { table: tableName(facts), column: dropped.name };
  // Another column takes its name, with what it held.
  if (later.some(({ renamed = [] }) => renamed.some(({ to }) => fold(to) === fold(dropped.name)))) return;
  const kept = facts.tombstones.filter((tombstone) => tombstone !== own && !steps.some((other) => other.dropped.some(({ name }) => tombstone.names.some((spelling) => fold(spelling) === fold(name)))));
  if (own && kept.length === 0) {
    if (arePurged(table, dropped.range, queries) || isFilledIn(table, dropped, queries)) return;
    const again = later.some(({ columns }) => columns.some((column) => fold(column.name) === fold(dropped.name)));
    report({ messageId: again ? 'emptied' : 'lost', at: dropped.range, data });
    return;
  }
  const saysDeleted = own !== null || isTombstoneFlag({ name: dropped.name, type: 'boolean' }) || tombstoneMoment(dropped.name) >= 2;
  const added = steps.map((other) => tombstoneIn(other, facts, catalog)).find((column) => column !== null && fold(column.name) !== fold(dropped.name));
  // What fills it in may have run in a migration before this one, unless the column is new.
  if (saysDeleted && added && !isFilledIn(table, dropped, queries) && !arePurged(table, dropped.range, queries)) report({ messageId: 'flag', at: dropped.range, data: { ...data, tombstone: added.name } });
}

function checkTable(table: SoftTable, all: readonly FileTable[], queries: FileQueries, file: string, { report }: QueryFile): void {
  const drop = table.steps.findLast(({ kind }) => kind === 'drop');
  if (!table.dropped || !drop || table.steps.some(({ kind }) => kind === 'create')) return;
  // A dump makes it again, and SQLite's way to change a table gives another one its name.
  if (all.some((other) => other !== table && !other.dropped && fold(other.name) === fold(table.name))) return;
  if (isCopied(table, queries) || arePurged(table, drop.range, queries) || isMadeAgain(drop.name, file)) return;
  report({ messageId: 'table', at: drop.range, data: { table: tableName(table.facts) } });
}

export default createRule({
  name: 'no-tombstone-loss',
  meta: {
    type: 'problem',
    docs: { description: 'disallow migrations that forget which rows are deleted', recommended: true },
    schema: [],
    messages: {
      lost: "Without '{{column}}' every deleted row of {{table}} counts as live again. Remove the deleted rows for good first, or keep the column.",
      emptied: "'{{column}}' of {{table}} comes back empty, and every deleted row counts as live again. Change the column in place, or carry over what it holds.",
      flag: "Rows of {{table}} that '{{column}}' calls deleted are live again, because nothing fills '{{tombstone}}' in before it goes. Set '{{tombstone}}' where '{{column}}' is set first.",
      table: 'This removes every row of {{table}} for good, and the manifest still declares it soft-deleted. If the table is to go, take it out of the manifest.',
    },
  },
  create: (context) => defineQueryVisitor(context, {
    file(queries, file) {
      const all = tablesIn(queries.declarations, file.catalog);
      for (const table of all) {
        if (!isSoft(table)) continue;
        checkTable(table, all, queries, context.filename, file);
        for (const step of table.steps) for (const dropped of table.dropped ? [] : step.dropped) checkColumn(table, step, dropped, queries, file);
      }
    },
  }),
});

import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor, type QueryFile } from '../lib/define-query-visitor.js';
import { tableName } from '../lib/describe.js';
import { livePredicate, partialRemedy } from '../lib/describe-keys.js';
import type { TableFacts } from '../lib/manifest/catalog.js';
import { hasTombstoneAt, isMigration, isSoft, isTombstone, standingKeys, tablesIn, tombstoneStep, type FileTable } from '../lib/model/file-tables.js';
import { carriesDead, hasPartialIndexes, hasPurgeIndex, servesForeignKey } from '../lib/model/live-keys.js';
import { tellsTime } from '../lib/model/values.js';

interface Options {
  /** Indexes on the columns of foreign keys, which a purge of the other table needs for deleted rows, too. */
  foreignKeys: 'ignore' | 'report';
  /** Tombstones that no index begins with. */
  purge: 'ignore' | 'report';
}

type SoftTable = FileTable & { readonly facts: TableFacts };

function reportFullIndexes(table: SoftTable, { foreignKeys }: Options, { catalog, report }: QueryFile): void {
  for (const { key, step } of standingKeys(table)) {
    const dialect = step.dialect ?? catalog.dialect;
    if (!hasPartialIndexes(dialect) || (step.marker?.reason ?? null) !== null || !hasTombstoneAt(table, step, catalog)) continue;
    if (!carriesDead(key, table, catalog) || (foreignKeys === 'ignore' && servesForeignKey(key, table))) continue;
    const predicate = livePredicate(table, { ...catalog, dialect });
    report({
      messageId: 'full', at: key.range, data: { table: tableName(table.facts), predicate: `WHERE ${predicate}` },
      suggest: [{ messageId: 'asPartial', remedy: partialRemedy(key, predicate) }],
    });
  }
}

/** Where the file gives the table its tombstone, it can give it the index, too. */
function reportMissingIndex(table: SoftTable, { catalog, report }: QueryFile): void {
  const step = tombstoneStep(table, catalog), dialect = step?.dialect ?? catalog.dialect;
  const column = step?.columns.find((one) => isTombstone(one, table.facts, catalog)), tombstone = column && catalog.tombstone(table.facts, column.name);
  if (!column || !tombstone || !tellsTime(tombstone) || table.dropped || dialect === 'bigquery' || hasPurgeIndex(table, catalog)) return;
  // Models leave their indexes to migrations, unless they declare some.
  if (!isMigration(step!) && !table.steps.some(({ keys = [] }) => keys.some(({ kind }) => kind === 'index'))) return;
  const where = hasPartialIndexes(dialect) ? ` WHERE ${column.name} IS NOT NULL` : '';
  report({ messageId: 'noPurgeIndex', at: column.range, data: { table: tableName(table.facts), column: column.name, index: `(${column.name})${where}` } });
}

export default createRule<Options>({
  name: 'index-live-only',
  meta: {
    type: 'suggestion',
    docs: { description: 'require indexes to leave deleted rows out, and one for the purge', recommended: false },
    schema: [{
      type: 'object',
      properties: {
        foreignKeys: { enum: ['ignore', 'report'], description: 'Whether indexes on the columns of foreign keys are reported too.' },
        purge: { enum: ['ignore', 'report'], description: 'Whether tombstones that no index begins with are reported.' },
      },
      additionalProperties: false,
    }],
    defaultOptions: [{ foreignKeys: 'ignore', purge: 'report' }],
    messages: {
      full: "This index has an entry for each deleted row of {{table}}, and queries of live rows read past them. Leave deleted rows out: '{{predicate}}'.",
      noPurgeIndex: "The purge of {{table}} reads every row to find the old ones, because no index begins with '{{column}}'. Add one on '{{index}}'.",
      asPartial: 'Change to: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context, options) => defineQueryVisitor(context, {
    file({ declarations }, file) {
      for (const table of tablesIn(declarations, file.catalog)) {
        if (!isSoft(table)) continue;
        reportFullIndexes(table, options, file);
        if (options.purge === 'report') reportMissingIndex(table, file);
      }
    },
  }),
});

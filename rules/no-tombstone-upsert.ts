import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor, type Query, type QueryReport } from '../lib/define-query-visitor.js';
import { columnNames, reviving, sparing, tableName } from '../lib/describe.js';
import { fold } from '../lib/manifest/catalog.js';
import type { UpsertFact } from '../lib/model/analysis.js';
import { tombstoneMoment } from '../lib/model/tombstone-names.js';

interface Options {
  /** Upserts on the primary key: the caller names the row, as in an update by its key. */
  byKey: 'ignore' | 'report';
  /** ON CONFLICT (email) DO NOTHING: an import may mean to skip what was deleted. */
  doNothing: 'ignore' | 'report';
}

/** Does the caller name the row by a key that no other row takes again? Where any key may conflict, business keys are the likelier ones. */
function namesRow({ conflict, byKey, write: { columns }, table: { key, unique } }: UpsertFact): boolean {
  // A key of several columns is a business key: who left a team joins it again.
  if (conflict.target || key.length > 1) return byKey && key.length === 1;
  const isInserted = (names: readonly string[]): boolean => names.every((name) => columns?.some((column) => fold(column) === fold(name)));
  return columns === null || (isInserted(key) && !unique.some(isInserted));
}

/** Does the program look at every tombstone of the row that it gets back? */
function checksResult({ statement }: Query, { write, table }: UpsertFact): boolean {
  return write.returning.length > 0 && statement.resultChecks !== undefined && table.tombstones.every(({ names }) => statement.resultChecks!(names));
}

/** What the upsert does to a deleted row that it meets, as a message, or null where that is meant. */
function problemOf(fact: UpsertFact, query: Query, options: Options): string | null {
  const { conflict: { action, target, assignments }, table } = fact;
  const isTombstone = (column: string): boolean => query.catalog.tombstone(table, column) !== null || tombstoneMoment(column) === 3;
  if (action === 'replace') return 'replaced';
  // A key that the tombstone is a part of keeps the dead apart from the living; who sets a tombstone means it.
  if (fact.liveOnly || fact.revives || target?.some(isTombstone) || assignments.some(({ column }) => isTombstone(column)) || checksResult(query, fact)) return null;
  const named = namesRow(fact);
  if (!fact.edits) return target && !named && options.doNothing === 'report' ? 'dropped' : null;
  if (named) return options.byKey === 'report' ? 'editedAnyKey' : null;
  return target ? 'edited' : 'editedAnyKey';
}

function suggestionsFor({ statement }: Query, { write, table }: UpsertFact, messageId: string): QueryReport['suggest'] {
  const [tombstone, another] = table.tombstones;
  if (!tombstone || another || !statement.remedies) return [];
  const { addConflictPredicate, reviveOnConflict } = statement.remedies;
  return [
    { messageId: 'revive', remedy: messageId.startsWith('edited') ? reviveOnConflict?.(write, tombstone) : null },
    { messageId: 'matchPartialIndex', remedy: messageId === 'edited' || messageId === 'dropped' ? addConflictPredicate?.(write, tombstone) : null },
  ];
}

export default createRule<Options>({
  name: 'no-tombstone-upsert',
  meta: {
    type: 'problem',
    docs: { description: 'disallow upserts that land on a deleted row and leave it deleted', recommended: true, strict: { byKey: 'report', doNothing: 'report' } },
    schema: [{
      type: 'object',
      properties: {
        byKey: { enum: ['ignore', 'report'], description: 'Whether upserts on the primary key are reported too.' },
        doNothing: { enum: ['ignore', 'report'], description: 'Whether DO NOTHING on a business key is reported too.' },
      },
      additionalProperties: false,
    }],
    defaultOptions: [{ byKey: 'ignore', doNothing: 'ignore' }],
    messages: {
      edited: 'Where {{table}} has a deleted row with the same {{key}}, this edits it and leaves it deleted. Set {{revival}}, or {{sparing}}.',
      editedAnyKey: 'Where {{table}} has a deleted row with the same key, this edits it and leaves it deleted. Set {{revival}}.',
      dropped: 'Where {{table}} has a deleted row with the same {{key}}, nothing is inserted. Revive the row, or {{sparing}}.',
      replaced: 'REPLACE removes the row of {{table}} that it meets for good, and its {{column}} with it. Update the row instead.',
      revive: 'Add {{shown}}.',
      matchPartialIndex: 'Add {{shown}}, if the unique index is partial.',
    },
    hasSuggestions: true,
  },
  create: (context, options) => defineQueryVisitor(context, {
    query(query) {
      if (query.mayReadTombstones) return;
      for (const fact of query.upserts) {
        const { table, ref, conflict } = fact;
        const messageId = problemOf(fact, query, options);
        if (messageId === null) continue;
        query.report({
          messageId, at: conflict.range,
          data: {
            table: tableName(table, ref), column: columnNames(query, table), key: (conflict.target ?? table.key).join(' and '),
            revival: table.tombstones.map((tombstone) => reviving(query, table, tombstone)).join(' and '),
            sparing: sparing(query, table),
          },
          suggest: suggestionsFor(query, fact, messageId),
        });
      }
    },
  }),
});

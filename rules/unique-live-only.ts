import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor, type QueryFile } from '../lib/define-query-visitor.js';
import { tableName } from '../lib/describe.js';
import { keyColumns, livePredicate, partialRemedy, uniqueRemedy } from '../lib/describe-keys.js';
import { isPast } from '../lib/key-history.js';
import type { TableFacts } from '../lib/manifest/catalog.js';
import { hasTombstoneAt, isMigration, isSoft, standingKeys, tablesIn, type FileTable, type MadeKey } from '../lib/model/file-tables.js';
import { asksForState, reuseOf, uniqueFlaw, type UniqueFlaw } from '../lib/model/live-keys.js';
import { isSupabaseUsers } from '../lib/tombstone-columns.js';

interface Options {
  /** `given`: keys whose values people give again. `all`: those of ids, tokens and hashes as well. */
  keys: 'given' | 'all';
}

/** Would anybody miss the values that a deleted row keeps? */
function matters({ key }: MadeKey, flaw: UniqueFlaw, table: FileTable & { readonly facts: TableFacts }, { keys }: Options): boolean {
  const reuse = reuseOf(key, table);
  if (reuse === 'never') return false;
  // What was meant to be one of the others, and is none, is wrong whatever it holds.
  if (flaw.kind === 'inverted' || (flaw.kind === 'full' && flaw.ignored !== null) || keys === 'all') return true;
  return flaw.kind === 'nulls' || (reuse === 'given' && !asksForState(key));
}

function report(made: MadeKey, flaw: UniqueFlaw, table: FileTable & { readonly facts: TableFacts }, { catalog, report: say }: QueryFile): void {
  const { key, step } = made, dialect = step.dialect ?? catalog.dialect, predicate = livePredicate(table, { ...catalog, dialect });
  const without = 'tombstones' in flaw ? flaw.tombstones : [], remedy = uniqueRemedy(predicate, dialect);
  say({
    messageId: flaw.kind === 'full' && flaw.ignored !== null ? 'ignored' : flaw.kind, at: key.range,
    data: {
      table: tableName(table.facts), key: keyColumns(key, without), tombstone: keyColumns({ ...key, columns: without }), by: flaw.kind === 'full' ? flaw.ignored ?? '' : '',
      remedy, // The other sentences begin with another thing to do.
      further: remedy.charAt(0).toLowerCase() + remedy.slice(1), predicate,
    },
    suggest: flaw.kind === 'inverted' ? [] : [{ messageId: 'asPartial', remedy: partialRemedy(key, predicate, without) }],
  });
}

export default createRule<Options>({
  name: 'unique-live-only',
  meta: {
    type: 'problem',
    docs: { description: 'require unique keys to leave deleted rows out', recommended: true, strict: { keys: 'all' } },
    schema: [{
      type: 'object',
      properties: { keys: { enum: ['given', 'all'], description: 'Whether keys that a program makes up, such as ids, tokens and hashes, are reported too.' } },
      additionalProperties: false,
    }],
    defaultOptions: [{ keys: 'given' }],
    messages: {
      full: 'A deleted row of {{table}} keeps its {{key}}, and no other row can have the same. {{remedy}}.',
      ignored: 'A deleted row of {{table}} keeps its {{key}}, and no other row can have the same: {{by}} leaves the predicate out. {{remedy}}.',
      nulls: 'Any number of live rows of {{table}} can have the same {{key}}, because each NULL in {{tombstone}} is distinct from the others. Take {{tombstone}} out of the key, and {{further}}.',
      once: 'When a second row of {{table}} with the same {{key}} is deleted, it meets the first one in this key, and the deletion fails. Take {{tombstone}} out of the key, and {{further}}.',
      inverted: "This key is over deleted rows of {{table}} alone, and any number of live ones can have the same {{key}}. Turn its predicate round: '{{predicate}}'.",
      asPartial: 'Change to: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context, options) => defineQueryVisitor(context, {
    file({ declarations }, file) {
      const { catalog } = file;
      for (const table of tablesIn(declarations, catalog)) {
        if (!isSoft(table) || table.steps.some(isSupabaseUsers)) continue;
        for (const made of standingKeys(table)) {
          // BigQuery enforces no keys. A key with a reason for its dead rows is meant.
          if ((made.step.dialect ?? catalog.dialect) === 'bigquery' || (made.step.marker?.reason ?? null) !== null || !hasTombstoneAt(table, made.step, catalog)) continue;
          const flaw = uniqueFlaw(made.key, table, catalog);
          if (flaw && matters(made, flaw, table, options) && !(isMigration(made.step) && isPast(made, table.facts, context.filename))) report(made, flaw, table, file);
        }
      }
    },
  }),
});

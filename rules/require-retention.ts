import { resolve } from 'node:path';
import { createRule } from '../lib/create-rule.js';
import { defineManifestVisitor } from '../lib/define-manifest-visitor.js';
import { quote } from '../lib/describe.js';
import type { TableEntry } from '../lib/manifest/places.js';
import type { Table } from '../lib/manifest/types.js';
import type { Catalog } from '../lib/manifest/catalog.js';
import type { Range } from '../lib/model/query.js';
import { tableNamed } from '../lib/model/audit.js';
import { readPurge, type Purge } from '../lib/purge-file.js';

const PURGES: Partial<Record<Purge, string>> = { missing: 'missing', none: 'noDelete', ageless: 'noAge' };

/** What is left open about one table: which message, and where. */
function problemOf({ name, table, range, place }: TableEntry, catalog: Catalog, folder: string): { messageId: string; at: Range; data: Record<string, string> } | null {
  if (table.deletion !== 'soft') return null;
  const { retention, purge } = table as Table & { deletion: 'soft' }, data = { table: quote(name), retention: retention ?? '', file: purge === undefined ? '' : quote(purge) };
  if (purge === undefined) return { messageId: retention === undefined ? 'neither' : 'noPurge', at: range, data };
  if (retention === undefined) return { messageId: 'noRetention', at: range, data };
  const facts = tableNamed(name, catalog), messageId = facts && PURGES[readPurge(resolve(folder, purge), facts, catalog)];
  return messageId ? { messageId, at: place('purge'), data } : null;
}

export default createRule({
  name: 'require-retention',
  meta: {
    type: 'problem',
    docs: { description: 'require the manifest to say how long deleted rows are kept, and what purges them', recommended: true },
    schema: [],
    messages: {
      neither: "Deleted rows of {{table}} stay for good, because nobody has said for how long they are kept or what removes them. Give it a 'retention' and a 'purge'.",
      noRetention: "Nobody has said for how long deleted rows of {{table}} are kept, so no purge of them can be told to be too early. Give it a 'retention'.",
      noPurge: "Deleted rows of {{table}} are to be kept for {{retention}}, and nothing removes them then. Name the file that does ('purge').",
      missing: 'Deleted rows of {{table}} stay for good, because there is no file {{file}}. Write the purge, or name the file that has it.',
      noDelete: 'Deleted rows of {{table}} stay for good, because {{file}} does not delete them. Add a DELETE of rows that were deleted {{retention}} ago.',
      noAge: 'The purge of {{table}} in {{file}} removes rows that were deleted a moment ago. Bound it by {{retention}}.',
      softAudit: "Entries of {{audit}} can be deleted softly, and are to be the history of {{table}}. Declare {{audit}} 'hard'.",
    },
  },
  create: (context) => defineManifestVisitor(context, ({ tables, catalog, folder, report }) => {
    for (const entry of tables) {
      const problem = problemOf(entry, catalog, folder), audit = entry.table.audit === undefined ? null : tableNamed(entry.table.audit, catalog);
      if (problem) report(problem.messageId, problem.at, problem.data);
      if (audit?.deletion === 'soft') report('softAudit', entry.place('audit'), { table: quote(entry.name), audit: quote(entry.table.audit!) });
    }
  }),
});

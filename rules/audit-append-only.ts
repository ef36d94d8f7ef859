import { createRule } from '../lib/create-rule.js';
import { defineManifestVisitor } from '../lib/define-manifest-visitor.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { quote, tableName } from '../lib/describe.js';
import type { TableFacts } from '../lib/manifest/catalog.js';
import { auditedBy } from '../lib/model/audit.js';
import { declaredTable, declaredTombstone, looksLikeTombstone } from '../lib/tombstone-columns.js';

/** Actions of a foreign key that change or remove the entry when the row that it speaks of is purged. */
const REWRITES: ReadonlySet<string | null> = new Set(['cascade', 'set null', 'set default']);

/** What the entries are about: `'users', 'orders'`. */
function subjects(audited: readonly TableFacts[]): string {
  return audited.map((table) => tableName(table)).join(', ');
}

export default createRule({
  name: 'audit-append-only',
  meta: {
    type: 'problem',
    docs: { description: 'disallow changing and removing entries of audit tables, and regulated tables without one', recommended: true },
    schema: [],
    messages: {
      update: 'This rewrites the history of {{audited}}: entries of {{table}} are proof as long as nobody can change them. Insert a new entry.',
      delete: 'This removes the history of {{audited}}: entries of {{table}} are proof as long as nobody can remove them. Keep them until their own retention ends.',
      truncate: 'TRUNCATE removes the whole history of {{audited}}. Keep the entries of {{table}} until their own retention ends.',
      tombstone: "'{{column}}' lets entries of {{table}} vanish from the history of {{audited}}. An audit table has no tombstone: drop the column.",
      regulated: "{{table}} is regulated, and soft delete keeps the last state of a row alone: nobody can show who changed it before. Name its append-only audit table ('audit').",
      reference: 'The purge of {{target}} takes its history along: a foreign key of {{table}} {{action}}. Keep the key of the row without a foreign key, or with NO ACTION.',
    },
  },
  create: (context) => ({
    ...defineQueryVisitor(context, {
      query(query) {
        for (const { kind, ref, table, aged } of query.auditWrites) {
          if (kind === 'delete' && aged) continue;
          query.report({ messageId: kind, at: ref.range, data: { table: tableName(table, ref), audited: subjects(auditedBy(table, query.catalog)) } });
        }
      },
      declaration(declaration, { catalog, report }) {
        const table = declaredTable(declaration, catalog), audited = table ? auditedBy(table, catalog) : [];
        if (!table || audited.length === 0) return;
        for (const column of declaration.columns) {
          if (!declaredTombstone(column, table, catalog) && !looksLikeTombstone(column, true)) continue;
          report({ messageId: 'tombstone', at: column.range, data: { table: tableName(table), audited: subjects(audited), column: column.name } });
        }
        for (const { target, onDelete, range } of declaration.foreignKeys ?? []) {
          const referred = target.table === null ? target.model === null ? null : catalog.model(target.model) : catalog.table(target.table, target.schema);
          if (!referred || !REWRITES.has(onDelete)) continue;
          const action = onDelete === 'cascade' ? 'deletes the entries with it (ON DELETE CASCADE)' : `takes the row out of them (ON DELETE ${onDelete!.toUpperCase()})`;
          report({ messageId: 'reference', at: range, data: { table: tableName(table), target: tableName(referred), action } });
        }
      },
    }),
    ...defineManifestVisitor(context, ({ tables, report }) => {
      for (const { name, table, place } of tables) if (table.regulated && table.audit === undefined) report('regulated', place('regulated'), { table: quote(name) });
    }),
  }),
});

import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { tableName } from '../lib/describe.js';
import { fold } from '../lib/manifest/catalog.js';
import type { ColumnDeclaration, TableDeclaration } from '../lib/model/schema.js';
import { listsDeletions, tellsOfChanges } from '../lib/model/tombstone-names.js';
import { declaredTable, declaredTombstone, looksLikeTombstone } from '../lib/tombstone-columns.js';

/** The timestamp's name in the spelling of the columns around it. */
function timestampName({ name }: ColumnDeclaration, { columns }: TableDeclaration): string {
  if (/[a-z][A-Z]/u.test(name)) return 'deletedAt';
  const camel = !name.includes('_') && columns.some((column) => /[a-z][A-Z]/u.test(column.name));
  return camel ? 'deletedAt' : 'deleted_at';
}

export default createRule({
  name: 'no-boolean-flag',
  meta: {
    type: 'suggestion',
    docs: { description: 'disallow boolean flags as tombstones', recommended: true },
    schema: [],
    messages: {
      flag: "'{{column}}' says that a row of {{table}} is deleted, but not since when, so that no purge can go by it. Declare a nullable timestamp '{{timestamp}}' instead.",
      asTimestamp: 'Change to {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    declaration(declaration, { catalog, report }) {
      const { columns, name } = declaration, table = declaredTable(declaration, catalog);
      // A table that is hard-deleted may mirror a flag that somebody else keeps, and a list of what is to be deleted says what is done.
      if (table?.deletion === 'hard' || listsDeletions(name)) return;
      // Two columns for one fact are `no-dual-tombstone`'s to report: there something says since when.
      if (columns.some((column) => looksLikeTombstone(column) === 'moment')) return;
      for (const column of columns.filter((one) => looksLikeTombstone(one) === 'flag')) {
        const isDeclared = declaredTombstone(column, table, catalog) !== null;
        if (!isDeclared && tellsOfChanges(name, columns.map((other) => other.name))) continue;
        const timestamp = timestampName(column, declaration);
        // Queries ask the flag where the manifest says so: they and the manifest have to change first.
        const taken = columns.some((other) => fold(other.name) === fold(timestamp)) || isDeclared;
        report({
          messageId: 'flag', at: column.range,
          data: { column: column.name, table: tableName(table ?? declaration), timestamp },
          suggest: [{ messageId: 'asTimestamp', remedy: taken ? null : column.asTimestamp?.(timestamp) }],
        });
      }
    },
  }),
});

import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { quote, tableName } from '../lib/describe.js';
import type { Catalog, TableFacts } from '../lib/manifest/catalog.js';
import type { Remedy } from '../lib/model/query.js';
import type { ColumnDeclaration, TableDeclaration } from '../lib/model/schema.js';
import { recordsDeletions, tombstoneMoment } from '../lib/model/tombstone-names.js';
import { declaredTable, declaredTombstone, isMoment, isSentinel } from '../lib/tombstone-columns.js';

type Kind = 'date' | 'integer' | 'text' | 'timestamp';

interface Options {
  /** Types that are not reported although they are no timestamp with a time zone. */
  readonly allow: readonly Kind[];
}

/** Is the column a moment by the manifest, or, in a table that the manifest does not know, by its name? */
function isTombstone(column: ColumnDeclaration, declaration: TableDeclaration, table: TableFacts | null, catalog: Catalog): boolean {
  const known = declaredTombstone(column, table, catalog);
  if (known) return isMoment(known);
  return table === null && tombstoneMoment(column.name) === 3 && column.type !== 'boolean' && !recordsDeletions(declaration.name);
}

/** A default that is a moment: every row that names no other is born deleted. */
function isBornDeleted(column: ColumnDeclaration): boolean {
  return column.hasDefault && !column.generated && !isSentinel(column) && column.defaultValue !== null;
}

/** The type, where it is none for a moment. SQLite has no types of its own for moments. */
function wrongType({ type, typeText }: ColumnDeclaration, { library, dialect }: TableDeclaration, catalog: Catalog): Kind | null {
  const spoken = dialect ?? catalog.dialect;
  if (spoken === 'sqlite') return null;
  if (type === 'date' || type === 'integer' || type === 'text') return type;
  // Prisma has no other moment unless a native type says so: the scalar field `DateTime` is `timestamp(3)` on PostgreSQL.
  if (type !== 'timestamp' || spoken !== 'postgresql' || (library === 'prisma' && !/@db\./u.test(typeText))) return null;
  return 'timestamp';
}

/** The column as a nullable timestamp under its own name; null where code would have to call it by another one. */
function asTimestamp({ name, property, asTimestamp: change }: ColumnDeclaration): Remedy | null {
  const camel = name.replace(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase());
  return property === undefined || property === camel ? change?.(name) ?? null : null;
}

export default createRule<Options>({
  name: 'tombstone-type',
  meta: {
    type: 'problem',
    docs: { description: 'require tombstones to be nullable timestamps without a default', recommended: true, strict: { allow: [] } },
    schema: [{
      type: 'object',
      properties: {
        allow: {
          type: 'array', items: { enum: ['date', 'integer', 'text', 'timestamp'] }, uniqueItems: true,
          description: 'Types that tombstones may have beside a timestamp with a time zone.',
        },
      },
      additionalProperties: false,
    }],
    defaultOptions: [{ allow: ['integer', 'timestamp'] }],
    messages: {
      sentinel: "Live rows of {{table}} hold {{value}} in '{{column}}', and the manifest says that they hold NULL. Leave the default out, or give it to the manifest as what is 'live'.",
      notNull: "'{{column}}' of {{table}} cannot be NULL, so no row of it is ever live. Leave NOT NULL out: NULL is what a live row holds.",
      hasDefault: "'{{column}}' of {{table}} has a default, so rows are deleted as soon as they are inserted. Leave the default out: NULL is what a live row holds.",
      date: "'{{column}}' of {{table}} tells the day of a deletion and not the moment, so an undo cannot tell one deletion from the next, and a purge comes up to a day early. Declare a timestamp.",
      integer: "'{{column}}' of {{table}} is a number, and whoever compares it with a time has to know whether it counts seconds or milliseconds. Declare a timestamp.",
      text: "'{{column}}' of {{table}} is a text, and '9:30' comes after '10:30' in a text, so a purge by age takes the wrong rows. Declare a timestamp.",
      timestamp: "What '{{column}}' of {{table}} means depends on the time zone of whoever asks, because its type has none, so a purge by age comes hours early or late. Declare a timestamp with time zone.",
      asNullable: 'Change to {{shown}}.',
      asTimestamp: 'Change to {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context, { allow }) => defineQueryVisitor(context, {
    declaration(declaration, { catalog, report }) {
      const table = declaredTable(declaration, catalog);
      if (table?.deletion === 'hard') return;
      for (const column of declaration.columns) {
        if (!isTombstone(column, declaration, table, catalog)) continue;
        const data = { column: column.name, table: tableName(table ?? declaration) }, at = column.range;
        const type = wrongType(column, declaration, catalog), timestamp = asTimestamp(column);
        const nullable = [{ messageId: 'asNullable', remedy: type ? timestamp : column.asNullable?.() }];
        if (table && isSentinel(column)) {
          report({ messageId: 'sentinel', at, data: { ...data, value: quote(String(column.defaultValue)) }, suggest: nullable });
          continue;
        }
        // What is always filled in where nobody declared a tombstone tells when a row came into a record of deletions.
        if (column.nullable === false && table) report({ messageId: 'notNull', at, data, suggest: nullable });
        else if (isBornDeleted(column) && column.nullable !== false) report({ messageId: 'hasDefault', at, data, suggest: nullable });
        else if (type && !allow.includes(type) && column.nullable !== false) report({ messageId: type, at, data, suggest: [{ messageId: 'asTimestamp', remedy: timestamp }] });
      }
    },
  }),
});

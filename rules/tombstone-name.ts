import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { tableName } from '../lib/describe.js';
import { fold, type Dialect } from '../lib/manifest/catalog.js';
import type { Remedy } from '../lib/model/query.js';
import type { ColumnDeclaration, TableDeclaration } from '../lib/model/schema.js';
import { isArchiveName } from '../lib/model/tombstone-names.js';
import { declaredTable, declaredTombstone, isMoment, looksLikeTombstone } from '../lib/tombstone-columns.js';

interface Options {
  /** Names that a tombstone may have; the first is proposed. Compared without regard to case, quotes, snake and camel spelling. */
  readonly names: readonly string[];
}

/** Does a key, a foreign key or a rename of the declaration call the column by its name? */
function isNamedElsewhere({ name }: ColumnDeclaration, { keys = [], foreignKeys = [], renamed = [] }: TableDeclaration): boolean {
  const columns = [...keys.flatMap((key) => key.columns), ...foreignKeys.flatMap((key) => key.columns), ...renamed.flatMap(({ from, to }) => [from, to])];
  return columns.some((column) => column !== null && fold(column) === fold(name)) || keys.some(({ predicate }) => predicate !== null && fold(predicate.text).includes(fold(name)));
}

/** A name in the spelling of another: `removedAt` → `deletedAt`. */
function spelledLike(name: string, other: string): string {
  if (/_/u.test(other) || !/[a-z][A-Z]/u.test(other)) return name;
  return name.replace(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase());
}

/** The declaration under another name; as a timestamp, where it is none and the dialect has one. */
function renamed({ type, asNamed, asTimestamp }: ColumnDeclaration, name: string, dialect: Dialect): Remedy | null | undefined {
  return type === 'timestamptz' || dialect === 'sqlite' ? asNamed?.(name) : asTimestamp?.(name);
}

export default createRule<Options>({
  name: 'tombstone-name',
  meta: {
    type: 'suggestion',
    docs: { description: 'require tombstones to be called `deleted_at`', recommended: false },
    schema: [{
      type: 'object',
      properties: { names: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, uniqueItems: true, description: 'The names that tombstones may have; the first is proposed.' } },
      additionalProperties: false,
    }],
    defaultOptions: [{ names: ['deleted_at'] }],
    messages: {
      other: "Whoever filters {{table}} by habit writes '{{wanted}}', and this is called '{{column}}'. Call it '{{wanted}}'.",
      archive: "'{{column}}' says of {{table}} that a row is archived, which people expect to find again, and the manifest says that it is deleted. Call it '{{wanted}}', and give archiving a column of its own.",
      rename: 'Change to {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context, { names }) => defineQueryVisitor(context, {
    declaration(declaration, { catalog, report }) {
      const table = declaredTable(declaration, catalog), { columns } = declaration;
      const accepted = (column: { readonly name: string }): boolean => names.some((name) => fold(name) === fold(column.name));
      // A second tombstone is `no-dual-tombstone`'s to report, and a hard-deleted table has none.
      if (table?.deletion === 'hard' || columns.some(accepted)) return;
      // A soft table may have other moments beside its tombstone, which this may only not be the place to declare.
      const isOpen = table === null || (declaration.kind === 'create' && declaration.complete !== false && !columns.some((column) => declaredTombstone(column, table, catalog)));
      for (const column of columns) {
        const known = declaredTombstone(column, table, catalog);
        const archive = known !== null && isArchiveName(column.name) && table!.tombstones.length === 1;
        const stands = archive || (known ? isMoment(known) : isOpen) && looksLikeTombstone(column) === 'moment';
        if (!stands) continue;
        const wanted = spelledLike(names[0]!, column.name);
        report({
          messageId: archive ? 'archive' : 'other', at: column.range, data: { column: column.name, table: tableName(table ?? declaration), wanted },
          // Code calls a property by its name, and the manifest a tombstone.
          suggest: [{ messageId: 'rename', remedy: known || declaration.library !== undefined || isNamedElsewhere(column, declaration) ? null : renamed(column, wanted, declaration.dialect ?? catalog.dialect) }],
        });
      }
    },
  }),
});

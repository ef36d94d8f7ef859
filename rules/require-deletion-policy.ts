import { relative, sep } from 'node:path';
import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { quote, tableName } from '../lib/describe.js';
import { fold, type Catalog, type TableFacts } from '../lib/manifest/catalog.js';
import { goesElsewhere } from '../lib/migration-history.js';
import { tablesIn, type FileTable } from '../lib/model/file-tables.js';
import type { ColumnDeclaration, TableDeclaration } from '../lib/model/schema.js';
import { declaredTable, declaredTombstone, isMoment, looksLikeTombstone } from '../lib/tombstone-columns.js';

/** Tables in which tools keep their own accounts, of migrations above all. */
const BOOKKEEPING = /migrations?(?:lock|history|versions?|table)?$|^(?:sequelizemeta|sequelizedata|flywayschemahistory|databasechangelog(?:lock)?|goosedbversion|alembicversion|arinternalmetadata|typeormmetadata|sqlitesequence|sqlitestat\d|spatialrefsys|schemaversions?|schemainfo|dbversion)$/u;
/** Copies that a migration makes for as long as it runs, or before it changes something. */
const COPY = /^_*(?:new|old|tmp|temp|bak|backup)_|(?:_|(?<=[a-z])(?=[A-Z]))(?:new|old|tmp|temp|bak|backup|copy)_?\d*$/iu;
/** The join table of an implicit many-to-many relation of Prisma, which can have no other columns. */
const PRISMA_JOIN = /^_[A-Za-z]\w*To[A-Z]\w*$/u;
/** Databases of tests and examples are nobody's. */
const ASIDE = /(?:^|\/)(?:tests?|__tests__|__mocks__|mocks?|spec|specs|e2e|cypress|fixtures?|examples?|bench|benchmarks?|playground|docs?)\/|\.(?:test|spec|e2e|stories|bench)\.\w+$/u;

/** A dump with the rows in it (pg_dump, mysqldump): a copy of what a database once was, and nobody's decision. */
const COPIED_ROWS = /^COPY .+ FROM stdin;$|^LOCK TABLES `/mu;

/** Does the name of a table say that it is none of the application's own? */
function isTechnical(name: string): boolean {
  return BOOKKEEPING.test(fold(name)) || COPY.test(name) || PRISMA_JOIN.test(name);
}

/** The declaration by which a file makes a table that it leaves behind; null where it makes none. */
function creationOf({ steps, dropped }: FileTable): TableDeclaration | null {
  // Of `CREATE TABLE x AS SELECT ..` and `LIKE y` nothing is declared here.
  return dropped ? null : steps.find(({ kind, columns }) => kind === 'create' && columns.length > 0) ?? null;
}

/** A column that surely is a tombstone, and that the manifest does not know to be one. */
function unknownTombstone({ kind, columns }: TableDeclaration, table: TableFacts, catalog: Catalog): ColumnDeclaration | null {
  if (table.deletion !== 'soft') return null;
  // A second one beside the one that the manifest names is `no-dual-tombstone`'s to report.
  if (columns.some((column) => declaredTombstone(column, table, catalog))) return null;
  return columns.find((column) => {
    const looks = looksLikeTombstone(column, true);
    // Where the manifest names a flag, or a status, a time tells since when.
    return looks !== null && (kind === 'create' || looks === 'flag' || table.tombstones.every(isMoment));
  }) ?? null;
}

export default createRule({
  name: 'require-deletion-policy',
  meta: {
    type: 'suggestion',
    docs: { description: 'require the manifest to say of each table, and of each tombstone, how rows are deleted', recommended: true },
    schema: [],
    messages: {
      table: "The manifest does not know {{table}}, so nobody has decided how its rows are deleted and no query of it is checked. Declare it there as 'soft' or 'hard'.",
      tombstone: "The manifest does not know the tombstone '{{column}}' of {{table}}, so queries are checked for {{known}} instead. Name it there, or call it {{known}}.",
    },
  },
  create: (context) => defineQueryVisitor(context, {
    file({ declarations }, { catalog, report }) {
      const path = relative(context.cwd, context.filename).split(sep).join('/');
      if (declarations.length === 0 || ASIDE.test(path) || COPIED_ROWS.test(context.sourceCode.text)) return;
      for (const table of tablesIn(declarations, catalog)) {
        const { name, schema, facts } = table, creation = creationOf(table);
        if (!creation || facts || declaredTable(creation, catalog) || catalog.view(name, schema) !== null) continue;
        if (isTechnical(name) || isTechnical(creation.name) || goesElsewhere(context.filename, name)) continue;
        report({ messageId: 'table', at: creation.range, data: { table: tableName({ schema, name }) } });
      }
      for (const declaration of declarations) {
        const table = declaration.kind === 'drop' ? null : declaredTable(declaration, catalog), column = table && unknownTombstone(declaration, table, catalog);
        if (!column || goesElsewhere(context.filename, column.name, declaration.name)) continue;
        const known = table.tombstones.map((tombstone) => quote(tombstone.column)).join(', ');
        report({ messageId: 'tombstone', at: column.range, data: { table: tableName(table), column: column.name, known } });
      }
    },
  }),
});

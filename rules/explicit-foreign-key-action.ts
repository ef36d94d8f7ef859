import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor, type QueryFile, type QueryReport } from '../lib/define-query-visitor.js';
import { quote, tableName } from '../lib/describe.js';
import { fold, type Catalog, type TableFacts } from '../lib/manifest/catalog.js';
import { columnsOf, standingForeignKeys, tablesIn, type FileTable } from '../lib/model/file-tables.js';
import type { ForeignKeyAction, ForeignKeyDeclaration, TableTarget } from '../lib/model/schema.js';

function targetOf({ table, schema, model }: TableTarget, catalog: Catalog): TableFacts | null {
  return (table === null ? null : catalog.table(table, schema)) ?? (model === null ? null : catalog.model(model));
}

/** Does the manifest delete the rows of one table with those of another? */
function cascades({ cascadesTo }: TableFacts, child: FileTable): boolean {
  return cascadesTo.some((name) => fold(name.slice(name.lastIndexOf('.') + 1)) === fold(child.name));
}

/** The columns that SET NULL cannot empty. */
function fixedColumns({ columns }: ForeignKeyDeclaration, table: FileTable): readonly string[] {
  const declared = columnsOf(table);
  return columns.filter((name) => declared.get(fold(name))?.nullable === false);
}

/** What is wrong with a foreign key into a soft table, and which actions would do instead; null where nothing is. */
function problemOf(foreignKey: ForeignKeyDeclaration, child: FileTable, target: TableFacts): { messageId: string; better: readonly ForeignKeyAction[] } | null {
  const { onDelete } = foreignKey, together = cascades(target, child), fixed = fixedColumns(foreignKey, child).length > 0;
  if (onDelete === null) return { messageId: 'unsaid', better: together ? ['cascade'] : fixed ? ['cascade', 'restrict'] : ['cascade', 'set null', 'restrict'] };
  if (onDelete === 'set null' && fixed) return { messageId: 'neverNull', better: together ? ['cascade'] : ['cascade', 'restrict'] };
  if (together) return onDelete === 'cascade' ? null : { messageId: onDelete.startsWith('set') ? 'leftBehind' : 'stopped', better: ['cascade'] };
  const keptApart = target.cascadesTo.length > 0 && child.facts?.deletion === 'soft' && fold(target.name) !== fold(child.name);
  return onDelete === 'cascade' && keptApart ? { messageId: 'takenAlong', better: fixed ? ['restrict'] : ['set null', 'restrict'] } : null;
}

function check(table: FileTable, { catalog, report }: QueryFile): void {
  for (const { foreignKey, step } of standingForeignKeys(table)) {
    const target = targetOf(foreignKey.target, catalog);
    if (target?.deletion !== 'soft' || (step.dialect ?? catalog.dialect) === 'bigquery' || (step.marker?.reason ?? null) !== null) continue;
    const problem = problemOf(foreignKey, table, target);
    if (!problem) continue;
    report({
      messageId: problem.messageId, at: foreignKey.range,
      data: {
        table: tableName(table.facts ?? table), target: tableName(target), action: (foreignKey.onDelete ?? '').toUpperCase(), columns: fixedColumns(foreignKey, table).map(quote).join(', '),
        actions: problem.better.map((action) => action.toUpperCase()).join(', ').replace(/, (?=[^,]*$)/, ' or '),
      },
      suggest: problem.better.map((action): NonNullable<QueryReport['suggest']>[number] => ({ messageId: NAMES[action], remedy: foreignKey.withAction?.(action) })),
    });
  }
}

const NAMES: Readonly<Record<ForeignKeyAction, string>> = { 'cascade': 'cascade', 'set null': 'setNull', 'restrict': 'restrict', 'no action': 'restrict', 'set default': 'setNull' };

export default createRule({
  name: 'explicit-foreign-key-action',
  meta: {
    type: 'suggestion',
    docs: { description: 'require foreign keys into soft-deleted tables to say what a purge does to their rows', recommended: false },
    schema: [],
    messages: {
      unsaid: 'Nothing says what becomes of rows of {{table}} when the row of {{target}} that they refer to is purged. Give the foreign key an action: ON DELETE {{actions}}.',
      neverNull: 'A purge of {{target}} fails as long as rows of {{table}} refer to what it removes, because {{columns}} cannot be NULL. Use ON DELETE {{actions}}.',
      stopped: "The manifest deletes rows of {{table}} with those of {{target}} ('cascadesTo'), but ON DELETE {{action}} stops the purge of {{target}} as long as there are any. Use ON DELETE {{actions}}.",
      leftBehind: "The manifest deletes rows of {{table}} with those of {{target}} ('cascadesTo'), but ON DELETE {{action}} keeps them when {{target}} is purged. Use ON DELETE {{actions}}.",
      takenAlong: "When {{target}} is purged, ON DELETE CASCADE removes rows of {{table}} for good, live ones as well: 'cascadesTo' does not name them. Use ON DELETE {{actions}}, or name them there.",
      cascade: 'Remove the rows with it: {{shown}}.',
      setNull: 'Keep the rows without it: {{shown}}.',
      restrict: 'Keep it as long as rows refer to it: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    file({ declarations }, file) {
      for (const table of tablesIn(declarations, file.catalog)) check(table, file);
    },
  }),
});

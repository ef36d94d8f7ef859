import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { quote, tableName } from '../lib/describe.js';
import { fold, type Catalog, type TableFacts } from '../lib/manifest/catalog.js';
import type { Analysis } from '../lib/model/analysis.js';
import { tableNamed } from '../lib/model/audit.js';
import type { Unit } from '../lib/model/query.js';
import { singular } from '../lib/schema/pluralise.js';

/** Names of functions that take rows away; `cascade` speaks of all children. */
const REMOVES = /delet|remov|destroy|trash|archiv|discard|purge|clear|clean|cascade/iu;

/** The names by which a function may speak of a table: its own, in the singular, and its models'. */
function spokenNames({ name, models }: TableFacts): string[] {
  return [name, ...models].flatMap((each) => [fold(each), fold(singular(each))]).filter((each) => each !== '');
}

/** Does the function call another one whose name says that it removes rows of the child, or all children? */
function handsOver(unit: Unit | undefined, child: TableFacts): boolean {
  const names = spokenNames(child);
  return unit?.calls().some((call) => REMOVES.test(call) && (/cascade|children|descendants|dependents|related/iu.test(call) || names.some((name) => fold(call.replaceAll('.', '')).includes(name)))) ?? false;
}

/** Soft-deleted, or written in a way that may be that; a child that is really deleted is `no-hard-delete`'s to report. */
function isTakenAlong({ updates, deletes }: Analysis, child: TableFacts): boolean {
  return updates.some(({ table, intent }) => table === child && intent !== 'edit' && intent !== 'restore') || deletes.some(({ table }) => table === child);
}

/** The soft tables of the manifest whose rows go with those of a table. */
function childrenOf({ cascadesTo }: TableFacts, catalog: Catalog): TableFacts[] {
  return cascadesTo.flatMap((name) => {
    const child = tableNamed(name, catalog);
    return child?.deletion === 'soft' ? [child] : [];
  });
}

export default createRule({
  name: 'cascade-soft-delete',
  meta: {
    type: 'problem',
    docs: { description: 'require the children of a soft-deleted row to be soft-deleted with it', recommended: false },
    schema: [],
    messages: {
      left: 'Rows of {{children}} stay live when their row of {{table}} is deleted here. Set {{columns}} in the same transaction.',
    },
  },
  create: (context) => defineQueryVisitor(context, {
    file({ analyses, unread }, { catalog, report }) {
      if (catalog.fileReads(context.filename) === 'once' || !catalog.tables.some(({ cascadesTo }) => cascadesTo.length > 0)) return;
      for (const { statement, updates } of analyses) {
        const together = analyses.filter((other) => other.statement.unit?.range[0] === statement.unit?.range[0]);
        const isHidden = (range: readonly [number, number]): boolean => !statement.unit || (statement.unit.range[0] <= range[0] && range[1] <= statement.unit.range[1]);
        for (const { intent, table, ref } of updates) {
          // What could not be read may be the children's.
          if (intent !== 'soft-delete' || statement.partial || unread.some(({ range }) => isHidden(range))) continue;
          const left = childrenOf(table, catalog).filter((child) => !together.some((other) => isTakenAlong(other, child)) && !handsOver(statement.unit, child));
          if (left.length === 0) continue;
          report({
            messageId: 'left', at: ref.range,
            data: { table: tableName(table, ref), children: left.map((child) => tableName(child)).join(' and '), columns: left.map((child) => quote(`${child.name}.${child.tombstones[0]!.column}`)).join(' and ') },
          });
        }
      }
    },
  }),
});

import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor, type Query } from '../lib/define-query-visitor.js';
import { columnNames, duration, quote, tableName } from '../lib/describe.js';
import type { DeleteFact } from '../lib/model/analysis.js';
import type { TombstoneFact } from '../lib/model/query.js';
import { tellsTime } from '../lib/model/values.js';

/** Days of a purge for which the manifest knows no retention. */
const USUAL_RETENTION = 30;

/** What is wrong with the purge, as a message, or null. */
function problemOf(fact: DeleteFact, dated: readonly TombstoneFact[], { predicateFlaws }: Query): string | null {
  // Where the spelling is at fault, `valid-tombstone-predicate` says so.
  if (fact.never) return predicateFlaws.some(({ ref, kind }) => ref === fact.ref && kind !== 'contradiction') ? null : 'never';
  // Rows that are named by their keys were chosen: by a person, or by an earlier query.
  if (fact.verdict.state !== 'dead' || fact.byKey) return null;
  if (fact.age === null) return dated.length > 0 ? 'ageless' : 'flag';
  return typeof fact.age === 'number' && fact.table.retentionDays !== null && fact.age < fact.table.retentionDays ? 'early' : null;
}

export default createRule({
  name: 'require-purge-age',
  meta: {
    type: 'problem',
    docs: { description: 'require purges to spare rows that are younger than their retention', recommended: true },
    schema: [],
    messages: {
      ageless: 'This purge removes deleted rows of {{table}}, however young. Bound its age: {{column}} before now() minus {{retention}}.',
      flag: 'This purge removes deleted rows of {{table}}, however young. Bound its age by a timestamp: {{column}} does not say when.',
      early: 'This purge removes rows of {{table}} after {{age}}, but the manifest keeps them for {{retention}}. Raise the bound to {{retention}}.',
      never: 'This DELETE never matches a row of {{table}}. Its conditions on {{column}} contradict each other.',
      filtered: "This purge never matches a row of {{table}}, because the library leaves deleted rows out by itself. {{remedy}}.",
      addAge: 'Add {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    query(query) {
      for (const fact of query.deletes) {
        const { ref, table, write, age } = fact;
        const dated = table.tombstones.filter(tellsTime);
        const problem = problemOf(fact, dated, query);
        if (problem === null) continue;
        const messageId = problem === 'never' && ref.autoFilter === 'applies' ? 'filtered' : problem;
        const shown = messageId === 'filtered' ? query.statement.remedies?.showTombstones?.(ref) ?? null : null;
        const days = table.retentionDays ?? USUAL_RETENTION;
        const [bounded, another] = dated;
        const extendable = write.type === 'delete' && bounded && !another && problem !== 'never';
        query.report({
          messageId, at: ref.range,
          data: {
            table: tableName(table, ref), column: columnNames(query, table, dated.length > 0 ? dated : table.tombstones),
            age: typeof age === 'number' ? duration(age) : '', retention: duration(days),
            remedy: shown ? `Switch its filter off: ${quote(shown.shown)}` : 'Switch its filter off',
          },
          suggest: [{ messageId: 'addAge', remedy: shown ?? null }, { messageId: 'addAge', remedy: extendable ? query.statement.remedies?.addAge?.(write, ref, bounded, days) : null }],
        });
      }
    },
  }),
});

import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor, type Query } from '../lib/define-query-visitor.js';
import { columnName, liveCondition, quote, tableName } from '../lib/describe.js';
import type { PredicateFlaw } from '../lib/model/analysis.js';
import type { Remedy, TombstoneFact } from '../lib/model/query.js';

const MESSAGES: Readonly<Record<PredicateFlaw['kind'], string>> = {
  'equals-null': 'equalsNull', 'quoted-path': 'quotedPath', 'commented-out': 'commentedOut',
  contradiction: 'contradiction', inverted: 'inverted',
};

/** The condition that was meant: in SQL, or in the words of the library whose call it is. */
function meantBy(query: Query, flaw: PredicateFlaw, tombstone: TombstoneFact): string {
  const { kind, ref, negated, table } = flaw;
  if (query.statement.calls) {
    const remedy = kind === 'commented-out' ? restored(query, flaw, tombstone) : replacement(query, flaw, tombstone);
    return remedy ? quote(remedy.shown) : `a test of ${quote(columnName(query, table!, tombstone))} for ${tombstone.live === null ? 'null' : 'its live value'}`;
  }
  if (!negated || kind === 'inverted') return quote(liveCondition(query, tombstone, ref));
  return quote(`${ref ? `${ref.alias ?? ref.name}.` : ''}${tombstone.column} IS NOT NULL`);
}

function replacement({ statement }: Query, { kind, at, ref, negated }: PredicateFlaw, tombstone: TombstoneFact): Remedy | null | undefined {
  // A name alone is no condition that another could replace.
  return kind === 'contradiction' || kind === 'commented-out' || at.type === 'column' ? null : statement.remedies?.replaceByLive?.(at, ref, tombstone, negated && kind !== 'inverted');
}

/** The filter that a comment has taken out, back in the statement. */
function restored({ statement }: Query, { kind, ref }: PredicateFlaw, tombstone: TombstoneFact): Remedy | null | undefined {
  return kind === 'commented-out' && ref ? statement.remedies?.addLiveFilter?.(ref, [tombstone]) : null;
}

/** Does the library's own filter contradict the condition: does it ask for rows that the library leaves out? */
function isFiltered({ kind, ref }: PredicateFlaw): boolean {
  return kind === 'contradiction' && ref?.autoFilter === 'applies';
}

/** A DELETE that matches no row is `require-purge-age`'s to report. */
function isPurge({ deletes }: Query, { kind, ref }: PredicateFlaw): boolean {
  return kind === 'contradiction' && deletes.some((fact) => fact.ref === ref);
}

export default createRule({
  name: 'valid-tombstone-predicate',
  meta: {
    type: 'problem',
    docs: { description: 'disallow conditions on a tombstone that cannot mean what they say', recommended: true },
    schema: [],
    messages: {
      equalsNull: 'Comparing {{column}} of {{table}} with NULL is never true. Write {{meant}}.',
      quotedPath: 'The quotes make one name of table and {{column}}, which {{table}} does not have. Quote each part: {{meant}}.',
      commentedOut: 'The condition on {{column}} of {{table}} is commented out. Write {{meant}}, or remove the comment.',
      contradiction: 'The conditions on {{column}} of {{table}} contradict each other, so that no row passes. Keep one of them.',
      filtered: "The library leaves deleted rows of {{table}} out by itself, so that this condition on {{column}} finds none. {{remedy}}.",
      inverted: 'Only deleted rows of {{table}} pass here. If live ones are meant, write {{meant}}.',
      replace: 'Change to {{shown}}.',
      addFilter: 'Keep live rows only: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    query(query) {
      for (const flaw of query.predicateFlaws) {
        const { table, tombstone, ref, kind, range } = flaw;
        if (!table || !tombstone || isPurge(query, flaw) || (kind === 'commented-out' && query.mayReadTombstones)) continue;
        const filtered = isFiltered(flaw), shown = filtered && ref ? query.statement.remedies?.showTombstones?.(ref) ?? null : null;
        query.report({
          messageId: filtered ? 'filtered' : MESSAGES[kind], at: range,
          data: {
            table: tableName(table, ref), column: quote(columnName(query, table, tombstone)), meant: meantBy(query, flaw, tombstone),
            remedy: shown ? `Switch its filter off: ${quote(shown.shown)}` : 'Switch its filter off, or leave the condition out',
          },
          suggest: [{ messageId: 'replace', remedy: filtered ? shown : replacement(query, flaw, tombstone) }, { messageId: 'addFilter', remedy: restored(query, flaw, tombstone) }],
        });
      }
    },
  }),
});

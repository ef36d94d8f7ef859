import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import type { MarkerUse } from '../lib/file-queries.js';
import type { Analysis } from '../lib/model/analysis.js';

/** Is there anything in the statement that a marker can allow? */
function touchesTombstones({ reads, updates, upserts }: Analysis): boolean {
  const undecided = [...reads, ...updates].some(({ verdict }) => verdict.state === 'all' || verdict.state === 'unknown');
  return undecided || upserts.length > 0 || updates.some(({ intent, stamped }) => intent === 'soft-delete' && stamped.state !== 'live');
}

/** What is wrong with a marker, as a message, or null. */
function problemOf({ marker, analyses, unread }: MarkerUse): string | null {
  if (marker.reason === null) return 'noReason';
  if (analyses.length === 0) return unread ? null : 'noStatement';
  if (analyses.some(touchesTombstones)) return null;
  return analyses.some(({ deletes }) => deletes.length > 0) ? 'notForDeletes' : 'needless';
}

export default createRule({
  name: 'valid-includes-deleted',
  meta: {
    type: 'problem',
    docs: { description: "require 'includes-deleted' comments to give a reason and to be needed", recommended: true },
    schema: [],
    messages: {
      noReason: "Without a reason this marker allows nothing. Write 'includes-deleted: <why deleted rows are wanted here>'.",
      needless: 'This statement needs no leave: it reads live rows only, or deleted ones only. Remove the marker.',
      notForDeletes: 'A marker lets deleted rows be read, but allows no DELETE. Remove it, or give the reason in an eslint-disable comment.',
      noStatement: 'This marker belongs to no statement about a soft-deleted table. Put it inside of one or directly before it, or remove it.',
    },
  },
  create: (context) => defineQueryVisitor(context, {
    file({ markers }, { report }) {
      for (const use of markers) {
        const messageId = problemOf(use);
        if (messageId !== null) report({ messageId, at: use.marker.range, data: {} });
      }
    },
  }),
});

import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { words } from '../lib/describe.js';
import { tellsTime } from '../lib/model/values.js';
import { addLiveFilter } from '../lib/unfiltered-reads.js';

interface Options {
  /** Soft deletes by a method of the library that sets the time by itself (`repository.softDelete(id)`). */
  methods: 'ignore' | 'report';
}

export default createRule<Options>({
  name: 'no-restamp',
  meta: {
    type: 'problem',
    docs: { description: 'disallow soft deletes that overwrite the time of an earlier deletion', recommended: true, strict: { methods: 'report' } },
    schema: [{
      type: 'object',
      properties: { methods: { enum: ['ignore', 'report'], description: 'Whether soft deletes by a method of the library (`repository.softDelete(id)`) are reported too.' } },
      additionalProperties: false,
    }],
    defaultOptions: [{ methods: 'ignore' }],
    messages: {
      restamped: 'Rows of {{table}} that are deleted already get a new {{column}}. {{remedy}}.',
      deadOnly: 'Only rows of {{table}} that are deleted already get a new {{column}}. Soft-delete live rows: {{filter}}.',
      addFilter: 'Keep live rows only: {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context, { methods }) => defineQueryVisitor(context, {
    query(query) {
      if (query.mayReadTombstones) return;
      for (const { write, intent, tombstone, stamped, keepsTombstone, ref, table, branch } of query.updates) {
        if (methods === 'ignore' && write.type === 'update' && write.byMethod) continue;
        // Setting a flag that is set already changes nothing.
        if (intent !== 'soft-delete' || !tombstone || !tellsTime(tombstone) || keepsTombstone) continue;
        if (stamped.state !== 'all' && stamped.state !== 'dead') continue;
        const subject = { ref, table, verdict: stamped, missing: [tombstone], place: branch ? 'when' as const : 'where' as const };
        query.report({
          messageId: stamped.state === 'all' ? 'restamped' : 'deadOnly', at: ref.range,
          data: words(query, subject),
          suggest: [{ messageId: 'addFilter', remedy: stamped.state === 'all' ? addLiveFilter(query, subject) : null }],
        });
      }
    },
  }),
});

/** A rule that reports every statement of a `.sql` file that names `users`: it shows what the language gives to rules. */
import type { Rule } from 'eslint';
import { configsOf, type Configs } from '../../lib/configs.js';
import { createRule } from '../../lib/create-rule.js';
import type { SqlFile } from '../../lib/languages/sql-file.js';
import plugin from '../../index.js';

const probe = createRule<{ word: string }>({
  name: 'probe',
  meta: {
    type: 'problem',
    docs: { description: 'report statements that hold a word', recommended: true, strict: { word: 'orders' } },
    schema: [{ type: 'object', properties: { word: { type: 'string' } }, additionalProperties: false }],
    defaultOptions: [{ word: 'users' }],
    messages: { found: "'{{word}}' stands here.", mark: 'Mark it.' },
    hasSuggestions: true,
  },
  create(context, { word }) {
    const { sourceCode } = context;
    const check = (file: SqlFile | undefined): void => {
      for (const { range: [start, end] } of file?.statements ?? []) {
        const at = sourceCode.text.indexOf(word, start);
        if (at < 0 || at >= end) continue;
        context.report({
          loc: { start: sourceCode.getLocFromIndex(at), end: sourceCode.getLocFromIndex(at + word.length) },
          messageId: 'found', data: { word },
          suggest: [{ messageId: 'mark', fix: (fixer) => fixer.insertTextAfterRange([at, at + word.length], ' /* marked */') }],
        });
      }
    };
    return {
      Program(node: { sqlFile?: SqlFile }) { check(node.sqlFile); },
      sql_file(node: SqlFile) { check(node); },
    } as unknown as Rule.RuleListener;
  },
});

export const probePlugin = { ...plugin, rules: { probe } };

export const probeConfigs: Configs = configsOf(probePlugin);

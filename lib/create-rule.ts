/** Rules as ESLint takes them, with what every rule of this plugin has in common filled in. */
import type { Rule } from 'eslint';
import { name as packageName, version } from '../package.json';

/** What the documentation and the configs know of a rule. */
export interface RuleDocs {
  /** One line for the list of rules, without a full stop. */
  readonly description: string;
  /** Is the rule part of `configs.recommended` (with its default options)? */
  readonly recommended: boolean;
  /** The options that `configs.strict` gives the rule, where they differ from its defaults. */
  readonly strict?: object;
}

/** A rule as its file writes it. `Options` is its one options object. */
export interface RuleSpecification<Options extends object> {
  /** The name without the plugin's prefix: the name of the file, too. */
  readonly name: string;
  readonly meta: {
    readonly type: 'problem' | 'suggestion';
    readonly docs: RuleDocs;
    readonly schema: Rule.RuleMetaData['schema'];
    readonly defaultOptions?: [Options];
    readonly messages: Record<string, string>;
    readonly hasSuggestions?: boolean;
  };
  /** Makes the listeners for one file. `options` is complete: the user's over the rule's defaults. */
  create(context: Rule.RuleContext, options: Options): Rule.RuleListener;
}

/** The rule's page in the published package, so that an editor always opens the page of the installed version. */
export function docsUrl(rule: string): string {
  return `https://app.unpkg.com/${packageName}@${version}/files/docs/rules/${rule}.md`;
}

/**
 * Makes an ESLint rule.
 *
 * - The options are merged over the defaults here because ESLint knows `meta.defaultOptions` only from 9.15 on.
 * - Every language is declared: ESLint 10.2 and later refuse a configuration that enables a rule for a file whose language is not in the
 *   list, so a shorter list would break an unscoped `recommended` as soon as the user lints CSS or JSON. Rules see queries, not syntax;
 *   a file without queries yields none.
 */
export function createRule<Options extends object = Record<never, never>>({ name, meta, create }: RuleSpecification<Options>): Rule.RuleModule {
  return {
    meta: { ...meta, languages: ['*'], docs: { ...meta.docs, url: docsUrl(name) } },
    create: (context) => create(context, { ...meta.defaultOptions?.[0], ...context.options[0] }),
  };
}

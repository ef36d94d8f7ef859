/** One JavaScript or TypeScript file: what the finders of SQL texts and of ORM calls share, made once. */
import type { SourceCode } from 'eslint';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Dialect } from '../manifest/catalog.js';
import { lastName, Names, rootOf, traverse, type Node } from './ast.js';
import { Comments } from './comments.js';
import { Evaluator } from './evaluate.js';
import { Libraries } from './libraries.js';

export interface SourceOptions {
  /** Does a text name a table, view or model of the manifest? Strings that no tag, call or comment marks as SQL are taken only then. */
  readonly mentions: (text: string) => boolean;
  /** Template tags that hold SQL beside `DEFAULT_TAGS`. A dotted name (`db.run`) is matched from its end. */
  readonly tags?: readonly string[];
  /** Functions and methods whose first argument is a SQL text, beside those of the drivers. A dotted name is matched from its end. */
  readonly calls?: readonly string[];
  /** The manifest's dialect: how names are quoted that the file spells as values (`sql('users')`). Default postgresql. */
  readonly dialect?: Dialect;
  /** Absolute; without: no package is looked for. */
  readonly filename?: string;
  /** Functions of the project that fail for a deleted row, by their names and the modules that export them (null: any), for the calls of one library or of all (null). */
  readonly asserts?: readonly { readonly name: string; readonly from: string | null; readonly library: string | null }[];
  /** The table that an imported schema object stands for (Drizzle's `users` in `FROM ${users}`), or null. */
  readonly tableNamed?: (name: string) => string | null;
}

const KEPT = new Set(['TaggedTemplateExpression', 'TemplateLiteral', 'Literal', 'CallExpression', 'NewExpression']);

export class SourceFile {
  readonly names: Names;
  readonly libraries: Libraries;
  readonly evaluator: Evaluator;
  readonly text: string;
  private seen: readonly Node[] | null = null;
  private ofComments: Comments | null = null;
  private readonly matched = new Map<string, boolean>();

  constructor(readonly sourceCode: SourceCode, readonly options: SourceOptions) {
    this.text = sourceCode.text;
    this.names = new Names(sourceCode);
    this.libraries = new Libraries(this.names, sourceCode.ast as unknown as TSESTree.Program, sourceCode.text, { tags: options.tags ?? [], calls: options.calls ?? [] });
    this.evaluator = new Evaluator(sourceCode, this.names, this.libraries, { dialect: options.dialect ?? 'postgresql', mentions: options.mentions, tableNamed: options.tableNamed });
  }

  /**
   * The calls, literals and templates of the file, in its order. Scopes can be asked for only after this: the walk sees to it that every
   * node knows its parent.
   */
  get nodes(): readonly Node[] {
    if (!this.seen) {
      const nodes: Node[] = [];
      traverse(this.sourceCode.ast as unknown as Node, this.sourceCode.visitorKeys, (node) => { if (KEPT.has(node.type)) nodes.push(node); });
      this.seen = nodes;
    }
    return this.seen;
  }

  /** Does the text match? Each pattern is looked for once in a file, however many of its calls ask. */
  matches(pattern: RegExp): boolean {
    const key = `${pattern.source}/${pattern.flags}`, kept = this.matched.get(key) ?? pattern.test(this.text);
    this.matched.set(key, kept);
    return kept;
  }

  /** Does a function that is called fail for a deleted row, as the project declares? `library`: whose rows it is given. */
  asserts(callee: Node, library: string): boolean {
    const { asserts = [] } = this.options;
    if (asserts.length === 0) return false;
    const name = lastName(callee), origin = this.names.origin(rootOf(callee));
    return asserts.some((one) => (one.name === name || one.name === origin?.name) && (one.from === null || one.from === origin?.module) && (one.library === null || one.library === library));
  }

  get comments(): Comments {
    return (this.ofComments ??= new Comments(this.sourceCode));
  }
}

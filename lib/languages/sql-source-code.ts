/** A `.sql` file as ESLint's rules, directives and fixers see it. */
import { ConfigCommentParser, Directive, TextSourceCodeBase, VisitNodeStep } from '@eslint/plugin-kit';
import { LINE_END, type Location, type SqlCommentNode, type SqlFile, type SqlStatementNode } from './sql-file.js';

type SqlNode = SqlFile | SqlStatementNode | SqlCommentNode;

type RulesConfig = Extract<ReturnType<ConfigCommentParser['parseJSONLikeConfig']>, { ok: true }>['config'];

interface Problem {
  ruleId: null;
  message: string;
  loc: Location;
}

const commentParser = new ConfigCommentParser();
const INLINE_CONFIG = /^\s*eslint(?:-enable|-disable(?:(?:-next)?-line)?)?(?:\s|$)/u;
const DISABLE = /^eslint-(?<type>enable|disable(?:(?:-next)?-line)?)$/u;

/** An empty scope, for rules that ask for one before they visit anything. */
function emptyScope(block: SqlFile): object {
  return { type: 'global', block, upper: null, isStrict: false, variables: [], references: [], through: [], childScopes: [], set: new Map(), implicit: { variables: [], set: new Map(), left: [] } };
}

export class SqlSourceCode extends TextSourceCodeBase<{
  LangOptions: Record<string, unknown>;
  RootNode: SqlFile;
  SyntaxElementWithLoc: SqlNode;
  ConfigNode: SqlCommentNode;
}> {
  readonly hasBOM: boolean;

  constructor({ text, ast, hasBOM }: { text: string; ast: SqlFile; hasBOM: boolean }) {
    super({ text, ast, lineEndingPattern: LINE_END });
    this.hasBOM = hasBOM;
  }

  // ------------------------------------------------------------------------------------------------ places

  /** The root has a location of its own: `getLocFromIndex` asks for it to learn where lines and columns start. */
  override getLoc(node: SqlNode): Location {
    if ('loc' in node) return node.loc;
    return { start: this.getLocFromIndex(node.range[0]), end: this.getLocFromIndex(node.range[1]) };
  }

  override getRange(node: SqlNode): [number, number] {
    return node.range;
  }

  override getParent(node: SqlNode): SqlFile | undefined {
    return node === this.ast ? undefined : this.ast;
  }

  override *traverse(): Generator<VisitNodeStep> {
    const root = this.ast;
    yield new VisitNodeStep({ target: root, phase: 1, args: [root, null] });
    for (const statement of root.statements) {
      yield new VisitNodeStep({ target: statement, phase: 1, args: [statement, root] });
      yield new VisitNodeStep({ target: statement, phase: 2, args: [statement, root] });
    }
    yield new VisitNodeStep({ target: root, phase: 2, args: [root, null] });
  }

  // ---------------------------------------------------------------------------------------------- directives

  getInlineConfigNodes(): SqlCommentNode[] {
    return this.ast.comments.filter((comment) => INLINE_CONFIG.test(comment.value));
  }

  /** `eslint-disable`, `eslint-enable`, `eslint-disable-line` and `eslint-disable-next-line`, each in any kind of comment. */
  getDisableDirectives(): { problems: Problem[]; directives: Directive[] } {
    const problems: Problem[] = [];
    const directives: Directive[] = [];
    for (const node of this.getInlineConfigNodes()) {
      const { label, value, justification } = commentParser.parseDirective(node.value)!;
      const type = DISABLE.exec(label)?.groups?.['type'] as Directive['type'] | undefined;
      if (!type) continue;
      const loc = this.getLoc(node);
      if (type === 'disable-line' && loc.start.line !== loc.end.line) {
        problems.push({ ruleId: null, message: `${label} comment should not span multiple lines.`, loc });
      } else {
        directives.push(new Directive({ type, node, value, justification }));
      }
    }
    return { problems, directives };
  }

  /** `/* eslint soft-delete/some-rule: "off" *\/`. */
  applyInlineConfig(): { configs: { config: { rules: RulesConfig }; loc: Location }[]; problems: Problem[] } {
    const problems: Problem[] = [];
    const configs: { config: { rules: RulesConfig }; loc: Location }[] = [];
    for (const node of this.getInlineConfigNodes()) {
      const { label, value } = commentParser.parseDirective(node.value)!;
      if (label !== 'eslint') continue;
      const parsed = commentParser.parseJSONLikeConfig(value);
      if (parsed.ok) configs.push({ config: { rules: parsed.config }, loc: this.getLoc(node) });
      else problems.push({ ruleId: null, message: parsed.error.message, loc: this.getLoc(node) });
    }
    return { configs, problems };
  }

  // --------------------------------------------------------------------------------- as JavaScript's SourceCode
  // ESLint's own rules declare no languages, so `js.configs.recommended` without `files` runs them on SQL files too; some of them ask for
  // these members before they visit a node, and an exception there ends the whole run.

  readonly parserServices = {};
  readonly tokensAndComments = [];
  readonly visitorKeys = { sql_file: ['statements'], sql_statement: [] };
  readonly scopeManager = { scopes: [emptyScope(this.ast)], acquire: () => null, getDeclaredVariables: () => [] };

  getScope(): object {
    return this.scopeManager.scopes[0]!;
  }
}

const noItem = (): null => null;
const noItems = (): [] => [];

Object.assign(SqlSourceCode.prototype, {
  getAllComments: noItems, getCommentsBefore: noItems, getCommentsAfter: noItems, getCommentsInside: noItems, commentsExistBetween: () => false,
  getTokens: noItems, getTokensBefore: noItems, getTokensAfter: noItems, getTokensBetween: noItems,
  getFirstTokens: noItems, getLastTokens: noItems, getFirstTokensBetween: noItems, getLastTokensBetween: noItems,
  getFirstToken: noItem, getLastToken: noItem, getTokenBefore: noItem, getTokenAfter: noItem, getTokenByRangeStart: noItem,
  getFirstTokenBetween: noItem, getLastTokenBetween: noItem, getNodeByRangeIndex: noItem, getJSDocComment: noItem,
  isSpaceBetween: () => false, isGlobalReference: () => false, markVariableAsUsed: () => false, getDeclaredVariables: noItems,
  getLines(this: SqlSourceCode) { return this.lines; },
});

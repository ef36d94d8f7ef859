/** A `.sql` file as ESLint's rules, directives and fixers see it. */
import { ConfigCommentParser, Directive, TextSourceCodeBase, VisitNodeStep } from '@eslint/plugin-kit';
import { emptyScopeManager, parserServices, sourceCodeMethods } from './javascript.js';
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

  readonly parserServices = parserServices;
  readonly tokensAndComments = [];
  readonly visitorKeys = { sql_file: ['statements'], sql_statement: [] };
  readonly scopeManager = emptyScopeManager(this.ast);

  getScope(): object {
    return this.scopeManager.scopes[0];
  }

  getLines(): readonly string[] {
    return this.lines;
  }
}

Object.assign(SqlSourceCode.prototype, sourceCodeMethods);

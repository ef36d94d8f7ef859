/** A file of one of the plugin's languages as ESLint's rules, directives and fixers see it. */
import { ConfigCommentParser, Directive, TextSourceCodeBase, VisitNodeStep } from '@eslint/plugin-kit';
import { emptyScopeManager, parserServices, sourceCodeMethods } from './javascript.js';
import { LINE_END, type CommentNode, type Location, type PartNode, type TextFile } from './text-file.js';

type FileNode = TextFile | PartNode | CommentNode;

type RulesConfig = Extract<ReturnType<ConfigCommentParser['parseJSONLikeConfig']>, { ok: true }>['config'];

interface Problem {
  ruleId: null;
  message: string;
  loc: Location;
}

const commentParser = new ConfigCommentParser();
const INLINE_CONFIG = /^\s*eslint(?:-enable|-disable(?:(?:-next)?-line)?)?(?:\s|$)/u;
const DISABLE = /^eslint-(?<type>enable|disable(?:(?:-next)?-line)?)$/u;

export class FileSourceCode extends TextSourceCodeBase<{
  LangOptions: Record<string, unknown>;
  RootNode: TextFile;
  SyntaxElementWithLoc: FileNode;
  ConfigNode: CommentNode;
}> {
  readonly hasBOM: boolean;
  readonly visitorKeys: Record<string, string[]>;

  /** @param visitorKeys Those of the language: what the root's are called, in the order of the file. */
  constructor({ text, ast, hasBOM, visitorKeys }: { text: string; ast: TextFile; hasBOM: boolean; visitorKeys: Record<string, string[]> }) {
    super({ text, ast, lineEndingPattern: LINE_END });
    this.hasBOM = hasBOM;
    this.visitorKeys = visitorKeys;
  }

  // ------------------------------------------------------------------------------------------------ places

  /** The root has a location of its own: `getLocFromIndex` asks for it to learn where lines and columns start. */
  override getLoc(node: FileNode): Location {
    if ('loc' in node) return node.loc;
    return { start: this.getLocFromIndex(node.range[0]), end: this.getLocFromIndex(node.range[1]) };
  }

  override getRange(node: FileNode): [number, number] {
    return node.range;
  }

  override getParent(node: FileNode): TextFile | undefined {
    return node === this.ast ? undefined : this.ast;
  }

  override *traverse(): Generator<VisitNodeStep> {
    const root = this.ast;
    yield new VisitNodeStep({ target: root, phase: 1, args: [root, null] });
    for (const part of this.#parts()) {
      yield new VisitNodeStep({ target: part, phase: 1, args: [part, root] });
      yield new VisitNodeStep({ target: part, phase: 2, args: [part, root] });
    }
    yield new VisitNodeStep({ target: root, phase: 2, args: [root, null] });
  }

  #parts(): readonly PartNode[] {
    const keys = this.visitorKeys[this.ast.type] ?? [];
    return keys.flatMap((key) => (this.ast as unknown as Readonly<Record<string, readonly PartNode[]>>)[key] ?? []);
  }

  // ---------------------------------------------------------------------------------------------- directives

  getInlineConfigNodes(): CommentNode[] {
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
  readonly scopeManager = emptyScopeManager(this.ast);

  getScope(): object {
    return this.scopeManager.scopes[0];
  }

  getLines(): readonly string[] {
    return this.lines;
  }
}

Object.assign(FileSourceCode.prototype, sourceCodeMethods);

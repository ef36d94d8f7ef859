/** Where SQL stands in a JavaScript or TypeScript file. */
import type { SourceCode } from 'eslint';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Dialect } from '../manifest/catalog.js';
import type { Range } from '../model/query.js';
import type { SqlText } from '../sql/sql-text.js';
import { lastName, parentOf, propertyName, unwrap, wrapped, type Names, type Node } from './ast.js';
import type { Comments, FoundComment } from './comments.js';
import type { Evaluator } from './evaluate.js';
import { SourceFile, type SourceOptions } from './file.js';
import { isGenericVerb, isStatementClass, TEXT_PROPERTIES, type Libraries, type Tag } from './libraries.js';
import { computed, leavesOf, render, sameSegments, type Part } from './parts.js';
import { checksResult } from './result-checks.js';
import { beginsLikeStatement, isSubquery, isStatement, isUnfinished, mayBeginStatement, mayContinueStatement, mayHoldSql, probe, wrapping } from './shape.js';
import { Sinks, type Sink } from './sinks.js';

export { DEFAULT_TAGS } from './libraries.js';
export type { FoundComment } from './comments.js';
export type { SourceOptions } from './file.js';

/** A SQL text of the file. */
export interface FoundSql {
  /**
   * The text as it can be at run time: one, or, where parts depend on conditions, first with all of them on, last with all of them off
   * (never more than four). All stand at the same places, so that what is found in them can be merged by range.
   */
  readonly variants: readonly SqlText[];
  /** The driver's call (`how: 'call'`), else the template or string that begins the text. */
  readonly node: TSESTree.Node;
  readonly range: Range;
  readonly how: 'tag' | 'call' | 'comment' | 'string';
  /** `sql`, or the library whose tag or call this is, as far as names and imports tell (`prisma`, `knex`, `sequelize`, `typeorm`, `postgres` ..). */
  readonly library: string;
  /** The dialect that the tag, the package or the comment speaks; null where they do not tell. */
  readonly dialectHint: Dialect | null;
  /** JS comments inside the call or literal, and directly before it or its statement. */
  readonly comments: readonly FoundComment[];
  /** Other code may complete the text: a fragment that is exported or returned, not executed. */
  readonly partial: boolean;
  /** Does the enclosing function decide by one of these columns of the statement's result? Spellings are compared without regard to snake or camel case. */
  resultChecks(columns: readonly string[]): boolean;
}

/**
 * Finds the SQL texts of a file, with constants, fragments and helpers of the file put in where they are used.
 *
 * @returns in the order of the file; a text that is only a part of others is not returned by itself. Never throws on any tree a parser gives.
 */
export function findSql(sourceCode: SourceCode, options: SourceOptions): FoundSql[] {
  return findSqlIn(new SourceFile(sourceCode, options));
}

/** The same for a file that others look at, too. */
export function findSqlIn(file: SourceFile): FoundSql[] {
  return mayHoldSql(file.text) ? new Finder(file).find() : [];
}

/** A literal that may begin a SQL text. */
interface Leaf {
  readonly node: Node;
  readonly tag: Tag | null;
  readonly comment: { readonly dialect: Dialect | null } | null;
}

interface Candidate {
  found: FoundSql;
  /** Literals whose characters are in the text. */
  readonly leaves: ReadonlySet<Node>;
  /** The literal that the text was found by; null for a call's. */
  readonly leaf: Node | null;
  /** It runs where it stands; else it is dropped when another text holds it. */
  readonly executed: boolean;
}

class Finder {
  private readonly options: SourceOptions;
  private readonly names: Names;
  private readonly libraries: Libraries;
  private readonly evaluator: Evaluator;
  private readonly comments: Comments;
  private readonly sinks: Sinks;
  private readonly candidates: Candidate[] = [];
  private readonly leaves = new Map<Node, Leaf>();
  /** The literals in the texts of the driver calls found. */
  private readonly called = new Map<Node, ReadonlySet<Node>>();
  /** What tags of unknown origin do, as this file uses them: true where one is awaited, false where one is handed to a driver. */
  private tagsExecute: boolean | null = null;
  private readonly calls: (TSESTree.CallExpression | TSESTree.NewExpression)[] = [];

  constructor(private readonly file: SourceFile) {
    this.options = file.options;
    this.names = file.names;
    this.libraries = file.libraries;
    this.evaluator = file.evaluator;
    this.comments = file.comments;
    this.sinks = new Sinks(this.names, this.libraries);
  }

  find(): FoundSql[] {
    for (const node of this.file.nodes) this.collect(node);
    for (const call of this.calls) this.fromCall(call);
    for (const leaf of this.leaves.values()) this.fromLeaf(leaf);
    return this.settled().sort((a, b) => a.range[0] - b.range[0] || b.range[1] - a.range[1]);
  }

  // ------------------------------------------------------------------------------------------- collecting

  private collect(node: Node): void {
    switch (node.type) {
      case 'TaggedTemplateExpression': {
        const source = node.quasi.quasis.map(({ value }) => value.raw).join(' ');
        const tag = this.libraries.tag(node.tag);
        if (tag?.known && tag.executes === null) this.noteUse(node);
        if (tag?.known ? /\S/.test(source) : tag && mayBeginStatement(source) && this.options.mentions(source)) this.leaves.set(node, { node, tag, comment: null });
        else if (this.libraries.isPlainTag(node.tag)) this.text(node, node.quasi);
        return;
      }
      case 'TemplateLiteral':
        if (parentOf(node)?.type !== 'TaggedTemplateExpression') this.text(node, node);
        return;
      case 'Literal':
        if (typeof node.value === 'string' && node.value.length >= 8 && !isNoValue(node)) {
          const comment = this.comments.language(node);
          if (comment || mayBeginStatement(node.value)) this.leaves.set(node, { node, tag: null, comment });
        }
        return;
      case 'CallExpression': {
        const [first] = node.arguments;
        if (first && (this.libraries.isVerb(node.callee) || ((first.type === 'Literal' || first.type === 'TemplateLiteral') && this.libraries.isTagName(node.callee)))) this.calls.push(node);
        return;
      }
      case 'NewExpression':
        if (node.arguments.length > 0 && isStatementClass(lastName(node.callee) ?? '')) this.calls.push(node);
    }
  }

  private noteUse(tagged: Node): void {
    const outer = wrapped(tagged), parent = parentOf(outer);
    if (parent?.type === 'AwaitExpression') this.tagsExecute = true;
    else if (parent?.type === 'CallExpression' && parent.arguments[0] === outer && this.libraries.isVerb(parent.callee)) this.tagsExecute ??= false;
  }

  private text(node: Node, template: TSESTree.TemplateLiteral): void {
    const comment = this.comments.language(node), [first] = template.quasis;
    const begins = first && (mayBeginStatement(first.value.raw) || (template.expressions.length > 0 && /^\s*$/.test(first.value.raw) && template.quasis.some(({ value }) => mayContinueStatement(value.raw))));
    if (comment || begins) this.leaves.set(node, { node, tag: null, comment });
  }

  // ------------------------------------------------------------------------------------------- driver calls

  private fromCall(call: TSESTree.CallExpression | TSESTree.NewExpression): void {
    const name = lastName(call.callee) ?? '', isTag = this.libraries.isTagName(call.callee);
    for (const expression of this.textArguments(call)) {
      const at = unwrap(expression);
      // A tagged template is found by its tag.
      if (at.type === 'TaggedTemplateExpression') continue;
      const parts = this.evaluator.textOf(expression), leaves = leavesOf(parts);
      if (leaves.size === 0) continue;
      const { library, dialect } = this.libraries.libraryOfCall(call.callee), [first] = leaves;
      const generic = isTag || isGenericVerb(name);
      const accepts = (text: string): boolean => (generic ? isStatement(text, () => true) : beginsLikeStatement(text));
      const variants = this.variants(parts, call.range, accepts, /^(?:raw|literal)$/i.test(name) || isTag ? 'fragment' : 'statement');
      if (!variants) continue;
      this.called.set(call, leaves);
      this.candidates.push({
        leaves, leaf: null, executed: true,
        found: {
          variants: variants.texts, node: call, range: call.range, how: 'call',
          library: this.leaves.get(first!)?.tag?.library ?? library,
          dialectHint: this.leaves.get(first!)?.comment?.dialect ?? this.leaves.get(first!)?.tag?.dialect ?? dialect,
          comments: this.commentsOf(call, leaves), partial: variants.partial,
          resultChecks: (columns) => this.checks(call, columns),
        },
      });
    }
  }

  /** The expressions of a driver's call that hold its SQL text: the first argument, or its `text`, `sql` or `query`. */
  private textArguments(call: TSESTree.CallExpression | TSESTree.NewExpression): Node[] {
    const argument = call.arguments[0];
    if (!argument) return [];
    const first = unwrap(argument);
    switch (first.type) {
      case 'TemplateLiteral': case 'BinaryExpression': case 'Identifier': case 'MemberExpression': case 'CallExpression': case 'ConditionalExpression': case 'LogicalExpression': case 'AwaitExpression': case 'AssignmentExpression': {
        if (first.type !== 'Identifier' && first.type !== 'MemberExpression') return [first];
        const value = this.evaluator.evaluate(first, null);
        return value.type === 'object' && value.node.type === 'ObjectExpression' ? textProperties(value.node) : [first];
      }
      case 'Literal': return typeof first.value === 'string' && first.value.length >= 8 ? [first] : [];
      case 'ObjectExpression': return textProperties(first);
      case 'ArrayExpression': return first.elements.flatMap((element) => (element?.type === 'ObjectExpression' ? textProperties(element) : []));
      default: return [];
    }
  }

  // ------------------------------------------------------------------------------------------- tags and strings

  private fromLeaf(leaf: Leaf): void {
    const sinks = this.sinks.of(leaf.node);
    let found = false;
    for (const sink of sinks) {
      const top = unwrap(sink.expression), isShown = sink.context === 'excluded' && !leaf.tag && !leaf.comment;
      // A text that goes into another literal is found by that one; one that goes into a call, by the call.
      const isElsewhere = top !== leaf.node && this.leaves.get(top)?.tag?.known === true;
      if (isShown || isElsewhere || (sink.call && this.called.get(sink.call)?.has(leaf.node)) || this.fromSink(leaf, sink)) found = true;
    }
    // What became of it cannot be read (`.replace(..)`): the literal itself.
    if (!found && !sinks.some(({ expression }) => expression === leaf.node)) this.fromSink(leaf, { expression: leaf.node, context: sinks[0]?.context ?? 'open' });
  }

  private fromSink(start: Leaf, sink: Sink): boolean {
    const parts = this.evaluator.textOf(sink.expression), leaves = leavesOf(parts), [first] = leaves;
    if (!first || (sink.expression !== start.node && !leaves.has(start.node))) return false;
    // The literal that begins the text says what it is.
    const leaf = this.leaves.get(first) ?? start, { tag, comment } = leaf, { range } = leaf.node;
    const isSql = tag?.known === true || comment !== null;
    const accepts = (text: string): boolean => (isSql ? beginsLikeStatement(text) : isStatement(text, this.options.mentions));
    const runs = tag && (tag.executes ?? this.tagsExecute ?? (sink.async ? true : null)), executed = sink.context === 'executed' || runs === true;
    const variants = this.variants(parts, range, accepts, tag?.executes || (sink.context === 'executed' && sink.sure) ? 'statement' : isSql ? 'fragment' : 'string');
    if (!variants || (variants.wrapped && !isSql && !variants.texts.some((text) => this.options.mentions(text.text)))) return false;
    const handedOut = !executed && (sink.context === 'handed-out' || tag?.known === true);
    this.candidates.push({
      leaves, leaf: leaf.node, executed,
      found: {
        variants: variants.texts, node: leaf.node, range, how: tag ? 'tag' : comment ? 'comment' : 'string',
        library: tag?.library ?? 'sql',
        dialectHint: comment?.dialect ?? (tag ? tag.dialect : this.libraries.dialect),
        comments: this.commentsOf(sink.expression, leaves),
        // Of a tag that only makes fragments, other code completes whatever leaves; of anything else, what is unfinished.
        partial: variants.partial || (handedOut && !variants.wrapped && (runs === false || variants.texts.map(probe).every(isUnfinished))),
        resultChecks: (columns) => this.checks(sink.expression, columns),
      },
    });
    return true;
  }

  // ------------------------------------------------------------------------------------------- texts

  /**
   * The variants of a text that are SQL, or null for none.
   *
   * @param as a whole `statement`; a `fragment`, which may be an expression or clause that holds queries, and gets words in front that
   *   make it a statement; or a `string`, of which only a parenthesised query may be a fragment
   */
  private variants(parts: readonly Part[], fallback: Range, accepts: (text: string) => boolean, as: 'statement' | 'fragment' | 'string'): { texts: SqlText[]; partial: boolean; wrapped: boolean } | null {
    const rendered = render(parts, fallback), probes = rendered.map(probe), accepted = probes.map((text) => accepts(text));
    const isExpression = as !== 'statement' && accepted.includes(true) && probes.every((text, i) => !accepted[i] || isSubquery(text));
    if (accepted.includes(true) && !isExpression) return { texts: rendered.filter((_, i) => accepted[i]), partial: false, wrapped: false };
    const wraps = probes.map((text) => wrapping(text)), wrap = wraps.find((found) => found !== null);
    if (!wrap || (as === 'string' && !isExpression) || (as === 'statement' && wrap.of !== 'rest')) return null;
    const texts = render([computed(wrap.prefix), ...parts], fallback).filter((_, i) => wraps[i]?.prefix === wrap.prefix);
    return texts.length > 0 ? { texts, partial: wrap.partial, wrapped: true } : null;
  }

  private commentsOf(expression: Node, leaves: ReadonlySet<Node>): FoundComment[] {
    const outer = this.executing(expression), found = this.comments.of(outer);
    for (const leaf of [...leaves].slice(0, 12)) {
      if (leaf.range[0] >= outer.range[0] && leaf.range[1] <= outer.range[1]) continue;
      for (const comment of this.comments.of(leaf)) if (!found.some(({ range }) => range[0] === comment.range[0])) found.push(comment);
    }
    return found;
  }

  /** The call that runs an expression, or the expression itself. */
  private executing(expression: Node): Node {
    for (let at = wrapped(expression); ; ) {
      const parent = parentOf(at);
      const isArgument = (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') && (parent.arguments as Node[]).includes(at);
      if (isArgument && !/^(?:push|all|allSettled|then|\$transaction|transaction|batch|append|concat)$/.test(lastName(parent.callee) ?? '')) at = wrapped(parent);
      else if (parent?.type === 'Property' && parent.value === at && TEXT_PROPERTIES.includes(propertyName(parent) ?? '')) at = parentOf(parent)!;
      else return at;
    }
  }

  private checks(expression: Node, columns: readonly string[]): boolean {
    return checksResult(this.executing(expression), columns, this.names, (callee) => this.file.asserts(callee, 'sql'));
  }

  // ------------------------------------------------------------------------------------------- settling

  /** Drops what only is a part of another text, and joins what was found twice. */
  private settled(): FoundSql[] {
    const settled: Candidate[] = [];
    for (const candidate of this.candidates) {
      if (!candidate.executed && candidate.leaf && this.candidates.some((other) => other !== candidate && other.leaves.size > candidate.leaves.size && other.leaves.has(candidate.leaf!))) continue;
      const twin = settled.find((other) => sameTexts(other.found.variants, candidate.found.variants));
      if (twin) twin.found = joined(twin.found, candidate.found);
      else settled.push({ ...candidate });
    }
    return settled.map(({ found }) => found);
  }
}

function sameTexts(a: readonly SqlText[], b: readonly SqlText[]): boolean {
  return a.length === b.length && a.every((text, i) => text.text === b[i]!.text && sameSegments(text.segments, b[i]!.segments) && text.segments.length > 0);
}

/** The same text run at two places: its result counts as checked only where every place checks it. */
function joined(a: FoundSql, b: FoundSql): FoundSql {
  const inner = b.how === 'call' && b.range[0] >= a.range[0] && b.range[1] <= a.range[1];
  return {
    ...a,
    library: a.library === 'sql' ? b.library : a.library,
    dialectHint: a.dialectHint ?? b.dialectHint,
    comments: [...a.comments, ...b.comments.filter(({ range }) => !a.comments.some((comment) => comment.range[0] === range[0]))],
    partial: a.partial && b.partial,
    resultChecks: inner ? a.resultChecks : (columns) => a.resultChecks(columns) && b.resultChecks(columns),
  };
}

function textProperties(object: TSESTree.ObjectExpression): Node[] {
  for (const name of TEXT_PROPERTIES) {
    const property = object.properties.find((candidate) => candidate.type === 'Property' && propertyName(candidate) === name);
    if (property?.type === 'Property') return [property.value];
  }
  return [];
}

/** Literals that are no values: module names, keys, types, directives. */
function isNoValue(node: Node): boolean {
  const parent = parentOf(node);
  if (!parent) return true;
  switch (parent.type) {
    case 'ImportDeclaration': case 'ExportNamedDeclaration': case 'ExportAllDeclaration': case 'ImportExpression': case 'TSLiteralType': case 'TSExternalModuleReference': case 'JSXAttribute': case 'TSEnumMember': return parent.type !== 'TSEnumMember' || parent.id === node;
    case 'ExpressionStatement': return true;
    case 'Property': case 'PropertyDefinition': case 'MethodDefinition': return parent.key === node && !parent.computed;
    case 'MemberExpression': return parent.property === node;
    default: return false;
  }
}

/** How a rule meets the queries of a file: it sees statements, never syntax, whatever the language of the file. */
import type { Rule } from 'eslint';
import { mayHold, queriesOf, type FileQueries, type Root } from './file-queries.js';
import type { Catalog } from './manifest/catalog.js';
import { catalogOf, settingsOf, type Settings } from './manifest/settings.js';
import type { Analysis, Read, UpdateFact } from './model/analysis.js';
import { isViewMadeAgain } from './key-history.js';
import { isRemovalOnPurpose, seesAllOnPurpose } from './model/purpose.js';
import type { Range, Remedy, Statement } from './model/query.js';
import type { TableDeclaration } from './model/schema.js';

/** What a rule reports. */
export interface QueryReport {
  readonly messageId: string;
  /** The words to underline. */
  readonly at: Range;
  readonly data: Readonly<Record<string, string>>;
  /** Edits to offer; those that a front end cannot make are null and left out. The message gets `{{shown}}`. */
  readonly suggest?: readonly { readonly messageId: string; readonly remedy: Remedy | null | undefined }[];
}

/** A statement as a rule sees it. */
export interface Query extends Omit<Analysis, 'reads'> {
  readonly catalog: Catalog;
  /**
   * Reading references that can show tombstones and have no leave to: neither a marker nor the manifest's `reads` speaks for them, and the rows
   * are not removed for good or restored afterwards, and the statement does not say by itself which tombstones it wants.
   * Verdict `all`, and `unknown` where the settings ask for it.
   */
  readonly unfiltered: readonly Read[];
  /** Reading and updating references whose library would filter by itself, had the call not switched its filter off, and nothing else keeps tombstones out. */
  readonly bypassed: readonly (Read | UpdateFact)[];
  readonly reads: readonly Read[];
  /** True where a marker, the manifest's `reads` or the name of the function around it lets the statement read tombstones. */
  readonly mayReadTombstones: boolean;
  /** True where the settings ask for what could not be decided, too. */
  readonly reportsUnknown: boolean;
  report(report: QueryReport): void;
}

/** The parts of a file that a rule may look at. */
export interface QueryVisitor {
  /** Called for each statement that was read and names a declared table. */
  query?(query: Query): void;
  /** Called for each place that declares or changes a table. */
  declaration?(declaration: TableDeclaration, file: QueryFile): void;
  /** Called once for each file that may hold something, after the others. */
  file?(queries: FileQueries, file: QueryFile): void;
}

export interface QueryFile {
  readonly catalog: Catalog;
  readonly report: (report: QueryReport) => void;
}

/** What the rules of one file have in common. The text is compared, too: a SourceCode object may serve many files (oxlint). */
interface FileAtHand extends QueryContext {
  readonly text: string;
  readonly mayHold: boolean;
}

/** What a rule asks with. */
interface QueryContext {
  readonly catalog: Catalog;
  readonly settings: Settings;
}

/** The file that the last rule asked about: ESLint makes all rules of a file one after the other. */
let atHand: { readonly sourceCode: WeakRef<Rule.RuleContext['sourceCode']>; readonly given: unknown; readonly cwd: string; readonly file: FileAtHand } | null = null;

function fileAtHand(context: Rule.RuleContext): FileAtHand {
  const { sourceCode, cwd } = context, given = context.settings['soft-delete'], { text } = sourceCode;
  if (atHand && atHand.given === given && atHand.cwd === cwd && atHand.file.text === text && atHand.sourceCode.deref() === sourceCode) return atHand.file;
  const catalog = catalogOf(context), file = { text, catalog, settings: settingsOf(context), mayHold: mayHold(sourceCode, catalog) };
  atHand = { sourceCode: new WeakRef(sourceCode), given, cwd, file };
  return file;
}

const NO_LISTENERS: Rule.RuleListener = {};

/** The listeners of a rule over queries; none for a file that holds nothing. */
export function defineQueryVisitor(context: Rule.RuleContext, visitor: QueryVisitor): Rule.RuleListener {
  const file = fileAtHand(context);
  if (!file.mayHold) return NO_LISTENERS;
  const { catalog, settings } = file;
  // A fragment that several statements use is read with each of them, and reported once.
  const reported = new Set<string>();
  const report = (problem: QueryReport): void => {
    const key = `${problem.messageId}:${problem.at.join(':')}:${problem.data.table ?? ''}`;
    if (!reported.has(key)) reportAt(context, problem);
    reported.add(key);
  };

  function visit(root: Root): void {
    const queries = queriesOf(context, root, catalog!, settings);
    if (visitor.query) {
      const fileReads = queries.analyses.length > 0 ? catalog!.fileReads(context.filename) : 'live';
      for (const read of queries.analyses) {
        const analysis = fileReads === 'once' && (!read.statement.stored || isPastView(read.statement, context.filename)) ? predicatesOnly(read) : read;
        const mayReadTombstones = fileReads === 'all' || seesAllOnPurpose(analysis.statement) || (analysis.statement.marker !== null && analysis.statement.marker.reason !== null);
        const reportsUnknown = settings.unknown === 'report';
        const shown = (read: Read): boolean => read.verdict.state === 'all' || (read.verdict.state === 'unknown' && reportsUnknown);
        const isChoice = ({ table }: Pick<Read, 'table'>): boolean => analysis.statement.choosesAmong?.includes(table.name) ?? false;
        const isBypassed = ({ ref }: Pick<Read, 'ref'>): boolean => ref.autoFilter === 'bypassed' || analysis.statement.bypassed === true;
        visitor.query({
          ...analysis, deletes: analysis.deletes.filter((fact) => !isRemovalOnPurpose(fact, analysis.statement)), updates: analysis.updates.filter((update) => !isBypassed(update)), catalog: catalog!, report, mayReadTombstones, reportsUnknown,
          unfiltered: mayReadTombstones ? [] : analysis.reads.filter((read) => shown(read) && !read.saysWhich && !isBypassed(read) && !isChoice(read)),
          bypassed: mayReadTombstones ? [] : [...analysis.reads, ...analysis.updates].filter((fact) => isBypassed(fact) && !isChoice(fact) && (fact.verdict.state === 'all' || fact.verdict.state === 'unknown')),
        });
      }
    }
    for (const declaration of visitor.declaration ? queries.declarations : []) visitor.declaration?.(declaration, { catalog: catalog!, report });
    visitor.file?.(queries, { catalog: catalog!, report });
  }

  return {
    'Program'(node: Root) { visit(node); },
    'sql_file'(node: Root) { visit(node); },
    'prisma_file'(node: Root) { visit(node); },
  } as unknown as Rule.RuleListener;
}

const past = new WeakMap<Statement, boolean>();

/** Is a view's definition one that a later migration of the folder replaces or drops? Found out once for all rules: the later migrations are searched for it. */
function isPastView(statement: Statement, file: string): boolean {
  const { root } = statement;
  if (root.type !== 'definition' || !/view$/.test(root.what) || root.name === null) return false;
  const known = past.get(statement) ?? isViewMadeAgain(root.name, file);
  past.set(statement, known);
  return known;
}

/** A statement that runs once: what it does to which rows, and which filters it leaves out, is its own business; a predicate that cannot work is not. */
function predicatesOnly({ statement, predicateFlaws }: Analysis): Analysis {
  return { statement, predicateFlaws: predicateFlaws.filter(({ kind }) => kind !== 'commented-out'), reads: [], updates: [], deletes: [], upserts: [], auditWrites: [], parentTests: [] };
}

function reportAt(context: Rule.RuleContext, { messageId, at, data, suggest = [] }: QueryReport): void {
  const { sourceCode } = context;
  const [start, end] = at;
  context.report({
    loc: { start: sourceCode.getLocFromIndex(start), end: sourceCode.getLocFromIndex(end) },
    messageId, data: { ...data },
    suggest: suggest.flatMap(({ messageId: title, remedy }) => remedy ? [{
      messageId: title,
      data: { ...data, shown: remedy.shown },
      fix: (fixer: Rule.RuleFixer) => remedy.edits.map((edit) => fixer.replaceTextRange([edit.range[0], edit.range[1]], edit.text)),
    }] : []),
  });
}

/** What the readers of libraries ask about the file that they read. */
import type { Catalog, TableFacts, VersionedLibrary } from '../manifest/catalog.js';
import type { Expr, OutputColumn, Query, Range, Relation, SelectBlock, TableRef } from '../model/query.js';
import { unwrap, type Node } from '../source/ast.js';
import type { SourceFile } from '../source/file.js';
import { entriesOf, type Entry } from '../source/objects.js';
import { packageVersion } from '../source/packages.js';
import { computed, render, type Part } from '../source/parts.js';
import { chainOf, constantOf, given, isText, partsOf, text, unknown, type Chain, type Env, type Value } from '../source/values.js';
import { readSql } from '../sql/read.js';
import type { SqlText } from '../sql/sql-text.js';
import { lastSteps, stepsOf } from './chains.js';
import { choice, literal, opaque, parameter, time } from './expressions.js';
import { momentOf } from './moments.js';

export class Session {
  /** Calls and fragments that name a declared table and could not be read. */
  readonly unread: { readonly range: Range; readonly reason: string }[] = [];
  /** The calls that run a query, with the tables among whose rows it chooses what is removed or restored. */
  readonly choices: Map<Node, Set<string>> = new Map();
  /** The calls that are parts of the chain that is being read, or of queries inside it. */
  private consumed = new Set<Node>();

  constructor(readonly source: SourceFile, readonly catalog: Catalog, readonly library: string) {}

  // ------------------------------------------------------------------------------------------- values

  /** What an expression is. */
  value(node: Node, env: Env | null): Value {
    return this.source.evaluator.evaluate(node, env);
  }

  /** The entries of an object; null for what is no object that the file shows. */
  entries(value: Value): readonly Entry[] | null {
    return entriesOf(value, this.source.evaluator);
  }

  /** A string that is the same in every run, or null. */
  string(value: Value): string | null {
    const constant = value.type === 'text' ? constantOf(value) : null;
    return constant ? String(constant.value) : null;
  }

  /** Where a value stands in the file: the literal, the object, the call. `fallback` for what is computed. */
  at(value: Value, fallback: Node): Node {
    if (value.type === 'object' || value.type === 'unknown' || value.type === 'function') return value.node;
    const [part] = value.type === 'text' ? value.parts : [];
    return part?.type === 'run' && part.leaf ? part.leaf : fallback;
  }

  /** Is it `undefined`, as against `null`? */
  isUndefined(value: Value): boolean {
    return value.type === 'nothing' && value.node?.type !== 'Literal';
  }

  /** Is it `null`, as against `undefined`? */
  isNull(value: Value): boolean {
    return value.type === 'nothing' && value.node?.type === 'Literal';
  }

  /** What a function of the file returns for these arguments; null where it is none. */
  apply(fn: Value, args: readonly Value[], at: Node): Value | null {
    return fn.type === 'function' ? this.source.evaluator.apply(fn, args, null, at) : null;
  }

  /** A value that the library hands to a callback: chains that begin with it have `{ type: 'given', given: key }` as their root. */
  given(key: object, at: Node): Value {
    return given(key, at);
  }

  /** The chain of a value; null where it has none (a literal, an object, a function). */
  chain(value: Value): Chain | null {
    return chainOf(value);
  }

  /** The value as a scalar of the model. `undefined` is a parameter: whether it means NULL or no condition is the library's to say. */
  scalar(value: Value, node: Node): Expr {
    const range = node.range as Range;
    switch (value.type) {
      case 'constant': return typeof value.value === 'bigint' ? parameter(range) : literal(value.value, range);
      case 'nothing': return this.isNull(value) ? literal(null, range) : parameter(range);
      case 'text': {
        if (value.sql) return this.sqlExpression(value, node);
        const text = this.string(value);
        return text === null ? parameter(range) : literal(text, range);
      }
      case 'fork': return choice(value.options.map((option) => this.scalar(option, node)), range) ?? parameter(range);
      case 'unknown': {
        const moment = momentOf(value, (inner, env) => this.value(inner, env), this.source.names);
        return moment ? time(moment.days, range) : parameter(range);
      }
      default: return parameter(range);
    }
  }

  // ------------------------------------------------------------------------------------------- tables

  /** A reference to a table as a call makes it. */
  table(name: string, range: Range, options: { readonly alias?: string | null; readonly schema?: string | null; readonly via?: TableRef['via']; readonly autoFilter?: TableRef['autoFilter'] } = {}): TableRef {
    return { type: 'table', name, schema: options.schema ?? null, alias: options.alias ?? null, columns: null, range, autoFilter: options.autoFilter ?? 'none', via: options.via ?? 'from' };
  }

  /** What the manifest knows of a model or table by a name in code; null where it knows nothing. */
  facts(name: string): TableFacts | null {
    return this.catalog.model(name);
  }

  /** A table that the manifest does not know: nothing is asked of it, but what is joined to it may be declared. */
  undeclared(name: string): TableFacts {
    return {
      name, schema: null, deletion: 'hard', why: null, tombstones: [], key: ['id'], impliedKeys: [], unique: [], models: [name], columns: {}, relations: {},
      autoFilter: false, attribution: false, cascadesTo: [], retentionDays: null, purge: null, audit: null,
    };
  }

  /** The module that an identifier was imported from, and its name there. */
  origin(node: Node): { readonly module: string; readonly name: string } | null {
    return this.source.names.origin(unwrap(node));
  }

  /** The version of a library that the file is written for: by the manifest, by the package, or null. */
  version(library: VersionedLibrary, packages: readonly string[]): { readonly major: number; readonly minor: number } | null {
    const { filename } = this.source.options;
    const told = this.catalog.version(library) ?? (filename === undefined ? undefined : packages.map((name) => packageVersion(name, filename)).find((version) => version !== null));
    const parts = /^(\d+)(?:\.(\d+))?/.exec(told ?? '');
    return parts && { major: Number(parts[1]), minor: Number(parts[2] ?? 0) };
  }

  // ------------------------------------------------------------------------------------------- SQL in calls

  /** A fragment of SQL where a condition stands (`whereRaw('..')`, `` sql`${users.deletedAt} is null` ``); opaque where it cannot be read. */
  sqlCondition(value: Value, node: Node): Expr {
    return this.sqlPiece(value, node, 'SELECT 1 FROM _ WHERE ', (root) => root.where) ?? opaque(node.range as Range);
  }

  /** A fragment of SQL where a value stands. */
  sqlExpression(value: Value, node: Node): Expr {
    return this.sqlPiece(value, node, 'SELECT ', (root) => (root.output[0]?.type === 'expr' ? root.output[0].expr : null)) ?? opaque(node.range as Range);
  }

  /** The condition that a text makes which stands in no literal of its own. */
  sqlConditionOf(words: string, node: Node): Expr {
    return this.sqlCondition(text([computed(words)], true), node);
  }

  /** What `raw(..)` selects; null where it cannot be read. */
  sqlOutput(value: Value, node: Node): OutputColumn[] | null {
    const block = this.sqlBlock(value, node, 'SELECT ');
    return block && [...block.output];
  }

  /** The relations of a FROM that are written as SQL, `words` in front of them; null where they cannot be read. */
  sqlRelations(value: Value, node: Node, words = ''): readonly Relation[] | null {
    return this.sqlBlock(value, node, `SELECT 1 FROM ${words}`)?.from ?? null;
  }

  /** A whole query that is written as SQL; null where it cannot be read. */
  sqlQuery(value: Value, node: Node): Query | null {
    const roots = this.sqlRoots(value, node, '');
    return roots?.length === 1 ? roots[0]! : null;
  }

  /** The SELECT that a fragment makes; null where it depends on a condition, or cannot be read. */
  private sqlBlock(value: Value, node: Node, prefix: string): SelectBlock | null {
    const roots = this.sqlRoots(value, node, prefix), root = roots?.length === 1 ? roots[0] : undefined;
    return root?.type === 'select' ? root : null;
  }

  private sqlRoots(value: Value, node: Node, prefix: string): Query[] | null {
    const roots: Query[] = [];
    for (const words of this.sqlTexts(value, node, prefix)) {
      const reading = readSql(words, { dialect: this.source.libraries.dialect ?? this.catalog.dialect, library: this.library });
      const root = reading.statements[0]?.root;
      if (!root || root.type === 'definition' || reading.statements.length > 1) return null;
      roots.push(root);
    }
    return roots;
  }

  private sqlPiece(value: Value, node: Node, prefix: string, of: (block: Extract<ReturnType<typeof readSql>['statements'][number]['root'], { type: 'select' }>) => Expr | null): Expr | null {
    const exprs: (Expr | null)[] = this.sqlTexts(value, node, prefix).map((text) => {
      const reading = readSql(text, { dialect: this.source.libraries.dialect ?? this.catalog.dialect, library: this.library });
      const root = reading.statements[0]?.root;
      return root?.type === 'select' && reading.statements.length === 1 ? of(root) : null;
    });
    if (exprs.length === 0 || exprs.some((expr) => expr === null)) {
      if (isText(value)) this.unread.push({ range: node.range as Range, reason: 'a fragment of SQL that cannot be read' });
      return null;
    }
    return choice(exprs, node.range as Range);
  }

  /** The texts of a fragment behind the words in front of it. */
  sqlTexts(value: Value, node: Node, prefix: string): SqlText[] {
    if (!isText(value)) return [];
    const parts: readonly Part[] = partsOf(value) ?? this.source.evaluator.spliced(value, node, false, '', Math.max(node.range[1] - node.range[0], 8));
    return render([computed(prefix), ...parts], node.range as Range);
  }

  // ------------------------------------------------------------------------------------------- chains inside chains

  /** Says that a chain is a part of the statement that is being read (a subquery, a base query), and no statement of its own. */
  consume(chain: Chain): void {
    // What is awaited on the way is a statement of its own: `const user = await User.query().findById(id); await user.$query().patch(..)`.
    const awaited = chain.steps.findLastIndex((item, i) => item.type === 'step' && item.awaited && i < chain.steps.length - 1);
    for (const step of stepsOf({ ...chain, steps: chain.steps.slice(awaited + 1) })) this.consumed.add(step.node);
  }

  /** Says that the rows of a query that was run before are removed for good, or restored, by the statement that is being read. */
  chosen(end: Node, table: string): void {
    this.choices.set(end, (this.choices.get(end) ?? new Set()).add(table));
  }

  /** Reads with a record of what was consumed. */
  recording<T>(chain: Chain, read: () => T): { readonly result: T; readonly consumed: ReadonlySet<Node> } {
    const outer = this.consumed, own = (this.consumed = new Set<Node>());
    try {
      this.consume(chain);
      return { result: read(), consumed: own };
    } finally {
      this.consumed = outer;
    }
  }

  /** The calls at which a chain may end. */
  static ends(chain: Chain): readonly Node[] {
    return lastSteps(chain.steps).map((step) => step.node);
  }

  /** A value that is not known, for an argument that a library does not let code see. */
  unknown(at: Node): Value {
    return unknown(at);
  }
}

/** Where the calls of libraries stand in a file, and which of them are statements of their own. */
import type { Catalog } from '../manifest/catalog.js';
import type { Range, Statement } from '../model/query.js';
import { ancestor, callsIn, dottedNames, isFunction, lastName, parentOf, propertyName, stringOf, unwrap, wrapped, type FunctionNode, type Node } from '../source/ast.js';
import type { FoundComment } from '../source/comments.js';
import type { SourceFile } from '../source/file.js';
import { checksResult } from '../source/result-checks.js';
import { isAfterFailure, unitOf } from '../source/unit.js';
import { chainOf, type Chain } from '../source/values.js';
import { markerOf } from '../sql/marker.js';
import { stepsOf } from './chains.js';
import { spelledIn } from './edits.js';
import { bypassIn, deletesSoftly } from './guarded-calls.js';
import { LIBRARIES } from './index.js';
import { withLookUps, type Placed } from './looked-up.js';
import type { Call, CallUse, OrmLibrary, OrmStatement } from './library.js';
import { Session } from './session.js';

/** What the calls of a file say. */
export interface FoundCalls {
  readonly statements: readonly Statement[];
  /** Calls that could not be read. */
  readonly unread: readonly { readonly range: Range; readonly reason: string }[];
}

/** At most so many places are followed from one call (the uses of a variable, the calls of a helper). */
const MAX_USES = 40;
/** Methods that only pass a query on, or wait for it. */
const PASSES = /^(?:then|catch|finally|all|allSettled|race|any|\$transaction|transaction|batch|resolve|from|of|toPromise|push|unshift|concat|defer)$/;

/** What was found in the text that was asked about last: it is asked about again before it is read. */
let last: { readonly text: string; readonly catalog: Catalog; readonly present: readonly OrmLibrary[] } | null = null;

/** The libraries whose calls a file of this text could hold. A client or query that the manifest declares may be called anything. */
function presentIn(text: string, catalog: Catalog): readonly OrmLibrary[] {
  if (last?.text !== text || last.catalog !== catalog) {
    const declared = catalog.guards.filter((guard) => (guard.kind === 'client' || guard.kind === 'query-source') && (text.includes(guard.name) || (guard.kind === 'client' && guard.bypass !== undefined && text.includes(guard.bypass))));
    last = { text, catalog, present: LIBRARIES.filter((library) => declared.some((guard) => guard.library === undefined || guard.library === library.name) || library.mayHold(text)) };
  }
  return last.present;
}

/** Could a file of this text hold calls of any library? */
export function mayHoldCalls(text: string, catalog: Catalog): boolean {
  return presentIn(text, catalog).length > 0;
}

/** Reads the calls of every library in a file. Never throws: what a reader cannot do is counted. */
export function findCalls(source: SourceFile, catalog: Catalog, libraries: readonly OrmLibrary[] = LIBRARIES): FoundCalls {
  const present = libraries === LIBRARIES ? presentIn(source.text, catalog) : libraries.filter((library) => library.mayHold(source.text));
  if (present.length === 0) return { statements: [], unread: [] };
  const finder = new Finder(source), placed: Placed[] = [], unread: { range: Range; reason: string }[] = [], claimed = new Set<Node>();
  // `User.findOne({ where })` is a call of several libraries: what the file imports decides, else the first that can read it.
  const imported = present.filter((library) => source.libraries.imports(library.name));
  for (const library of [...imported, ...present.filter((one) => !imported.includes(one))]) {
    const session = new Session(source, catalog, library.name);
    const calls = finder.calls(library, catalog).filter(({ chain }) => claimed.size === 0 || !Session.ends(chain).every((end) => claimed.has(end)));
    for (const candidate of readLibrary(library, calls, session, finder)) {
      for (const end of candidate.ends) claimed.add(end);
      placed.push(...candidate.statements.map((statement) => ({ statement, node: candidate.node })));
    }
    for (const { node, statements } of partsOf(library, session)) placed.push(...statements.map((statement) => ({ node, statement: statementOf(statement, node, library, session, finder.marker(node, new Set()), finder) })));
    unread.push(...session.unread);
  }
  return { statements: withLookUps(placed, source, catalog), unread };
}

interface Candidate {
  readonly node: Node;
  readonly ends: readonly Node[];
  statements: readonly Statement[];
  readonly consumed: ReadonlySet<Node>;
}

function readLibrary(library: OrmLibrary, calls: readonly Call[], session: Session, finder: Finder): Candidate[] {
  const candidates: Candidate[] = [];
  for (const call of calls) {
    const ends = Session.ends(call.chain);
    const { result, consumed } = session.recording(call.chain, () => {
      try {
        return library.read(call, session);
      } catch (error) {
        session.unread.push({ range: call.node.range as Range, reason: error instanceof Error ? error.message : String(error) });
        return [];
      }
    });
    if (result.length === 0) continue;
    const bypass = bypassIn(call.chain, session);
    const handed = !library.seesHanded && wasHanded(call.chain, library);
    const statements = result.filter(({ root }) => !deletesSoftly(root, call.chain, session)).map((statement): Statement => ({
      ...statementOf(statement, call.node, library, session, finder.marker(call.node, consumed), finder), partial: handed || (statement.partial ?? false),
      ...(bypass === 'free' ? { choosesAmong: catalogTables(session) } : bypass === 'with reason' ? { bypassed: true } : {}),
    }));
    candidates.push({ node: call.node, ends, statements, consumed });
  }
  for (const candidate of candidates) {
    const choosesAmong = candidate.ends.flatMap((end) => [...session.choices.get(end) ?? []]);
    if (choosesAmong.length > 0) candidate.statements = candidate.statements.map((statement) => ({ ...statement, choosesAmong }));
  }
  // A query that others go on with, or hold as a subquery, is theirs.
  return candidates.filter((candidate) => !candidates.some((other) => other !== candidate && other.statements.length > 0 && !sameEnds(other, candidate) && holds(other, candidate)
    // Of `query = query.where(..)` under a condition and `query` behind it each has the other's end; the latter has both.
    && !(holds(candidate, other) && candidate.ends.length > other.ends.length))).filter(({ statements }) => statements.length > 0);
}

function partsOf(library: OrmLibrary, session: Session): ReturnType<NonNullable<OrmLibrary['parts']>> {
  try {
    return library.parts?.(session) ?? [];
  } catch (error) {
    session.unread.push({ range: [0, session.source.text.length], reason: error instanceof Error ? error.message : String(error) });
    return [];
  }
}

/** What the place of a call, or of a part of one, adds to what it says. */
function statementOf(statement: OrmStatement, node: Node, library: OrmLibrary, { source }: Session, marker: Statement['marker'], finder: Finder): Statement {
  return {
    root: statement.root, range: statement.range ?? (node.range as Range), library: library.name, calls: true, marker, comments: finder.comments(node), partial: statement.partial ?? false, stored: false,
    spelling: (names) => spelling(names, library, source.text),
    resultChecks: (columns) => checksResult(wrapped(node), columns, source.names, (callee) => source.asserts(callee, library.name)),
    unit: unitOf(node, source.sourceCode.visitorKeys) ?? undefined, afterFailure: isAfterFailure(node), ...(statement.remedies ? { remedies: statement.remedies } : {}),
  };
}

function catalogTables({ catalog }: Session): string[] {
  return catalog.tables.map(({ name }) => name);
}

/** Was the builder handed to a function that cannot be seen (`addFilters(query);`)? What is handed away in front of the first verb or table is a client. */
function wasHanded(chain: Chain, { verbs }: OrmLibrary): boolean {
  const steps = stepsOf(chain), first = steps.findIndex(({ name, args }) => args !== null && (name === '' ? args[0] !== undefined && stringOf(args[0]) !== null : name !== null && verbs.has(name)));
  return first >= 0 && steps.slice(first).some(({ handed }) => handed !== undefined);
}

/** Is every end of the inner one a part of the outer one? */
function holds(outer: Candidate, inner: Candidate): boolean {
  return inner.ends.every((end) => outer.consumed.has(end));
}

/** The spelling that the file uses; else the library's usual one. */
function spelling(names: readonly string[], library: OrmLibrary, text: string): string {
  const written = spelledIn(text, names);
  if (written !== undefined) return written;
  const usual = typeof library.spelling === 'function' ? library.spelling(text) : library.spelling;
  return (usual === 'column' ? undefined : names.find((name) => !name.includes('_') && /[a-z]/.test(name))) ?? names[0]!;
}

function sameEnds(a: Candidate, b: Candidate): boolean {
  return a.ends.length === b.ends.length && a.ends.every((end, i) => end === b.ends[i]);
}

class Finder {
  /** The calls that no other call continues, with the names in each: the same for every library. */
  private readonly ending: readonly { readonly node: Node; readonly names: readonly (string | null)[] }[];

  constructor(private readonly source: SourceFile) {
    this.ending = source.nodes.filter((node) => node.type === 'CallExpression' && continuation(node) === null).map((node) => ({ node, names: dottedNames(node) }));
  }

  /** The chains of a library in the file, each where it ends. */
  calls(library: OrmLibrary, catalog: Catalog): Call[] {
    const found = new Map<Node, Call>(), { builders } = library;
    const goesOn = (chain: Chain): boolean => builders === undefined || catalog.guards.some(({ kind }) => kind === 'query-source') || stepsOf(chain).some(({ name }) => name !== null && builders.test(name));
    const queue = this.ending.filter(({ names }) => names.some((name) => name !== null && library.verbs.has(name))).map(({ node }) => node);
    for (let node = queue.shift(); node; node = queue.shift()) {
      if (found.has(node)) continue;
      const chain = chainOf(this.source.evaluator.evaluate(node, null));
      if (!chain) continue;
      found.set(node, { chain, node, use: useOf(node) });
      if (goesOn(chain)) queue.push(...this.usesOf(node).slice(0, MAX_USES));
    }
    return [...found.values()];
  }

  /** The places where a query goes on: reads of the variable that holds it, calls of the function that returns it. */
  private usesOf(node: Node): Node[] {
    const outer = wrapped(node), parent = parentOf(outer);
    switch (parent?.type) {
      case 'VariableDeclarator': return parent.init === outer ? this.readsOf(parent.id) : [];
      case 'AssignmentExpression': return parent.right === outer ? this.readsOf(parent.left) : [];
      case 'ReturnStatement': {
        const fn = ancestor(parent, isFunction);
        return fn && isFunction(fn) ? this.callsOf(fn) : [];
      }
      case 'ArrowFunctionExpression': return parent.body === outer ? this.callsOf(parent) : [];
      case 'ExpressionStatement': {
        // `query.where(..);` changes what the variable holds.
        let root = unwrap(node);
        while (root.type === 'CallExpression' || root.type === 'MemberExpression') root = unwrap(root.type === 'CallExpression' ? root.callee : root.object);
        return root.type === 'Identifier' ? this.readsOf(root) : [];
      }
      default: return [];
    }
  }

  private readsOf(target: Node): Node[] {
    const variable = this.source.names.variable(unwrap(target));
    if (!variable) return [];
    return variable.references.filter((reference) => reference.isRead()).map(({ identifier }) => outermost(identifier));
  }

  private callsOf(fn: FunctionNode): Node[] {
    const calls: Node[] = callsIn(fn, this.source.names);
    const member = parentOf(fn), name = member && (member.type === 'MethodDefinition' || member.type === 'Property' || member.type === 'PropertyDefinition') ? propertyName(member) : null;
    if (name !== null) {
      for (const node of this.source.nodes) {
        if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && node.callee.object.type === 'ThisExpression' && propertyName(node.callee) === name) calls.push(node);
      }
    }
    return calls.map(outermost);
  }

  /** The comments inside a call, and those behind it in which it would go on (`// .where(..)`). */
  comments(node: Node): Statement['comments'] {
    return this.source.comments.within(node).map(({ range }) => ({ text: this.source.text.slice(range[0], range[1]), range }));
  }

  /** The `includes-deleted` marker in or before the statement, or before a part of it that stands elsewhere. */
  marker(node: Node, parts: ReadonlySet<Node>): Statement['marker'] {
    const places = [wrapped(node), ...[...parts].filter((part) => part.range[0] < node.range[0] || part.range[1] > node.range[1]).slice(0, 12)];
    for (const place of places) for (const comment of this.source.comments.of(place)) {
      const marker = markerIn(comment);
      if (marker) return marker;
    }
    return null;
  }
}

function markerIn({ value, range }: FoundComment): Statement['marker'] {
  return value.includes('includes-deleted') ? markerOf(value, range) : null;
}

/** The call that goes on from an expression, by calling it or a member of it; null where none does. */
function continuation(node: Node): Node | null {
  const outer = wrapped(node), parent = parentOf(outer);
  if (parent?.type === 'CallExpression') return parent.callee === outer ? parent : null;
  if (parent?.type !== 'MemberExpression' || parent.object !== outer) return null;
  const member = wrapped(parent), call = parentOf(member);
  return call?.type === 'CallExpression' && call.callee === member ? call : null;
}

/** The longest chain of calls that begins with the expression. */
function outermost(node: Node): Node {
  let at = node;
  for (let next = continuation(at); next; next = continuation(at)) at = next;
  return at;
}

function useOf(node: Node): CallUse {
  for (let at = node; ; ) {
    const outer = wrapped(at), parent = parentOf(outer);
    switch (parent?.type) {
      case 'AwaitExpression': case 'YieldExpression': case 'SpreadElement': case 'ForOfStatement': return 'executed';
      case 'ExpressionStatement': return 'statement';
      case 'ArrayExpression': case 'ConditionalExpression': case 'LogicalExpression': at = parent; break;
      case 'ReturnStatement': case 'ArrowFunctionExpression': {
        const fn = parent.type === 'ReturnStatement' ? ancestor(parent, isFunction) : parent;
        if (!fn || !isFunction(fn)) return 'kept';
        // `items.map((item) => db.item.update(..))`, `Promise.all(..)` above it
        return fn.async || isCallback(fn) ? 'executed' : 'returned';
      }
      case 'CallExpression': {
        if (!PASSES.test(lastName(parent.callee) ?? '')) return 'argument';
        at = parent;
        break;
      }
      default: return 'kept';
    }
  }
}

function isCallback(fn: Node): boolean {
  const parent = parentOf(fn);
  return parent?.type === 'CallExpression' && parent.callee !== fn;
}

/** Clients of Prisma that the sources extend (`$extends`) or hang middleware on (`$use`), as guards: by what names code reaches them, and what they filter. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Catalog, TableFacts } from './catalog.js';
import { tried } from './probes.js';
import type { ClientCoverage, ClientGuard, SchemaSource } from './types.js';
import type { Program, Project } from '../schema/project.js';
import { resolve } from '../schema/program.js';
import { ancestor, isClass, isFunction, lastName, parentOf, propertyName, unwrap, wrapped, type FunctionNode, type Node } from '../source/ast.js';

const EXTENDS = /\.\s*\$(?:extends|use)\s*(?:<[^>]*>\s*)?\(/;
const READS = ['findMany', 'findFirst', 'findFirstOrThrow', 'findUnique', 'findUniqueOrThrow', 'count', 'aggregate', 'groupBy'] as const;
const REMOVALS = ['delete', 'deleteMany'] as const;
const UPDATES = ['updateMany', 'update'] as const;
const ARGUMENTS: Readonly<Record<string, string>> = {
  findUnique: '{ where: { id: 1 } }', findUniqueOrThrow: '{ where: { id: 1 } }', aggregate: '{ _count: true }', groupBy: '{ by: ["id"] }',
  delete: '{ where: { id: 1 } }', update: '{ where: { id: 1 }, data: { probed: 1 } }', updateMany: '{ where: {}, data: { probed: 1 } }',
};
/** At most so many models are tried; what an extension says of all models it says of these. */
const MAX_MODELS = 150;
/** As many names as one client can have. */
const MAX_NAMES = 8;
const MAX_DEPTH = 4;
/** At most so many relations of a model are tried. */
const MAX_RELATIONS = 4;
/** What an unguarded client is called that is reached on purpose. */
const ROUND = /raw|base|unguarded|unfiltered|unscoped|unsafe|unextended|bypass|withDeleted|includingDeleted/i;

/** A call that makes a client filter: the program that it stands in, and where its argument can be tried. */
interface Extension {
  readonly program: Program;
  readonly call: TSESTree.CallExpression;
  readonly kind: '$extends' | '$use';
  /** The file whose functions the argument refers to, and the argument as that file spells it. */
  readonly file: SchemaSource;
  readonly argument: string;
}

/**
 * Guards of kind `client` for the clients that the sources extend.
 *
 * @param catalog what the sources declare; its soft tables are those that are asked about
 */
export function clientGuards(sources: readonly SchemaSource[], project: Project, catalog: Catalog): ClientGuard[] {
  const soft = catalog.tables.filter(({ deletion, models }) => deletion === 'soft' && models.length > 0).slice(0, MAX_MODELS);
  if (soft.length === 0) return [];
  const byPath = new Map(sources.map((source) => [source.path, source])), names = new Names(sources, project), guards = new Map<string, ClientGuard>();
  for (const { path, text } of sources) {
    const program = EXTENDS.test(text) ? project.program(path) : null;
    if (!program) continue;
    for (const call of program.calls) {
      const extension = extensionAt(program, call, byPath);
      const covered = extension && coverageOf(extension, soft, catalog);
      if (!extension || !covered?.length) continue;
      const bypass = bypassOf(program, call);
      for (const name of names.of(program, clientNode(call, extension.kind))) for (const [i, one] of covered.entries()) {
        const key = `${name}/${i}`, known = guards.get(key);
        guards.set(key, known ? united(known, one) : { kind: 'client', name, library: 'prisma', ...one, ...(bypass !== null && bypass !== name && { bypass }) });
      }
    }
  }
  return [...guards.values()];
}

/** What several extensions of one client filter. */
function united(known: ClientGuard, more: Pick<ClientGuard, 'coverage' | 'tables'>): ClientGuard {
  const a = known.coverage as ClientCoverage, b = more.coverage as ClientCoverage;
  const both = (one: readonly string[] = [], other: readonly string[] = []): string[] => [...new Set([...one, ...other])];
  const reads = both(a.reads, b.reads), writes = both(a.writes, b.writes);
  const tables = known.tables && more.tables ? both(known.tables, more.tables) : undefined;
  return { ...known, coverage: { ...(reads.length > 0 && { reads }), ...(writes.length > 0 && { writes }), ...((a.nested || b.nested) && { nested: true }) }, ...(known.tables && !tables ? { tables: undefined } : tables && { tables }) };
}

function extensionAt(program: Program, call: TSESTree.CallExpression, byPath: ReadonlyMap<string, SchemaSource>): Extension | null {
  const kind = call.callee.type === 'MemberExpression' ? propertyName(call.callee) : null, [argument] = call.arguments;
  if ((kind !== '$extends' && kind !== '$use') || !argument) return null;
  const own = byPath.get(program.path)!, there = elsewhere(program, argument);
  const file = there && byPath.get(there.program.path);
  return { program, call, kind, ...(there && file ? { file, argument: there.text } : { file: own, argument: program.textOf(argument) }) };
}

/** An extension that another file makes, as that file spells it: `softDelete`, `softDelete({ models })`. Null for one of this file. */
function elsewhere(program: Program, argument: Node): { readonly program: Program; readonly text: string } | null {
  const at = unwrap(argument), callee = at.type === 'CallExpression' ? unwrap(at.callee) : at;
  const origin = callee.type === 'Identifier' ? program.names.origin(callee) : null;
  const target = origin && program.project.imported(program, origin.module, origin.name);
  if (!target || target.program === program) return null;
  const { node } = target, name = node.type === 'Identifier' ? node.name : (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id ? node.id.name : `(${target.program.textOf(node)})`;
  return { program: target.program, text: at.type === 'CallExpression' ? `${name}(${at.arguments.map((one) => program.textOf(one)).join(', ')})` : name };
}

/** What the client filters, for each group of tables that it treats alike. */
function coverageOf({ kind, file, argument }: Extension, soft: readonly TableFacts[], catalog: Catalog): Pick<ClientGuard, 'coverage' | 'tables'>[] {
  const client = 'probedPrismaClient', plain = 'plainPrismaClient';
  const preface = kind === '$extends' ? `const ${client} = ${plain}.$extends(${argument});` : `const ${client} = new PrismaClient(); ${client}.$use(${argument});`;
  const groups: Groups = new Map();
  const members = soft.map(({ models }) => models[0]!.replace(/^[A-Z]/, (letter) => letter.toLowerCase()));
  const operations = [...READS, ...UPDATES, ...REMOVALS];
  const callOf = (on: string, member: string, operation: string): string => `${on}.${member}.${operation}(${ARGUMENTS[operation] ?? '{}'})`;
  const calls = members.flatMap((member) => operations.map((operation) => callOf(client, member, operation)));
  const related = soft.flatMap((facts, i) => Object.entries(facts.relations).filter(([, { table }]) => catalog.table(table)?.deletion === 'soft').slice(0, MAX_RELATIONS)
    .map(([name]) => ({ facts, call: `${client}.${members[i]}.findMany({ where: { ${liveWhere(facts)} }, include: { ${name}: true } })` })));
  const outcomes = tried(file, preface, [...calls, ...related.map(({ call }) => call)], catalog);
  const nesting = new Set(related.filter((_, i) => outcomes[calls.length + i]!.live).map(({ facts }) => facts));
  // What cannot be read without the client says nothing about it.
  const known = tried({ path: file.path, text: '' }, '', members.flatMap((member) => [...REMOVALS].map((operation) => callOf(plain, member, operation))), catalog);
  soft.forEach((facts, i) => {
    const of = (operation: string) => outcomes[i * operations.length + operations.indexOf(operation as typeof operations[number])]!;
    const reads = READS.filter((operation) => of(operation).live);
    const writes = [...UPDATES.filter((operation) => of(operation).updatesLive), ...REMOVALS.filter((operation, j) => known[i * REMOVALS.length + j]!.deletes && of(operation).read && !of(operation).deletes)];
    const nested = nesting.has(facts) && reads.length > 0;
    if (reads.length + writes.length === 0) return;
    const coverage: ClientCoverage = { ...(reads.length > 0 && { reads }), ...(writes.length > 0 && { writes }), ...(nested && { nested }) }, key = JSON.stringify(coverage);
    groups.set(key, { coverage, tables: [...groups.get(key)?.tables ?? [], facts] });
  });
  return [...withoutNestedDoubles(groups).values()].map(({ coverage, tables }) => ({ coverage, ...(tables.length < soft.length && { tables: tables.map(({ models }) => models[0]!) }) }));
}

/** Tables that a client treats alike, by the JSON of what it filters of them. */
type Groups = Map<string, { readonly coverage: ClientCoverage; readonly tables: readonly TableFacts[] }>;

/** Tables without a relation that could be asked about are treated like those with one that are treated alike otherwise. */
function withoutNestedDoubles(groups: Groups): Groups {
  const found = new Map(groups);
  for (const [key, { coverage, tables }] of groups) {
    const nested = JSON.stringify({ ...coverage, nested: true }), others = found.get(nested);
    if (coverage.nested || !others) continue;
    found.set(nested, { ...others, tables: [...others.tables, ...tables] });
    found.delete(key);
  }
  return found;
}

function liveWhere({ tombstones }: TableFacts): string {
  return tombstones.map(({ names, column, live }) => `${JSON.stringify(names[0] ?? column)}: ${JSON.stringify(live)}`).join(', ');
}

/** The unguarded client that the extended one was made of, where it is exported by a name that says so. */
function bypassOf(program: Program, call: TSESTree.CallExpression): string | null {
  const base = call.callee.type === 'MemberExpression' ? unwrap(call.callee.object) : null;
  return base?.type === 'Identifier' && ROUND.test(base.name) && program.exported(base.name) ? base.name : null;
}

/** What holds the client that filters: the result of `$extends`, or what `$use` was called on. */
function clientNode(call: TSESTree.CallExpression, kind: Extension['kind']): Node {
  return kind === '$extends' || call.callee.type !== 'MemberExpression' ? call : call.callee.object;
}

/** By what names code reaches a value. */
class Names {
  constructor(private readonly sources: readonly SchemaSource[], private readonly project: Project) {}

  of(program: Program, node: Node): string[] {
    const found = new Set<string>();
    this.#reach(program, node, found, 0);
    return [...found].filter((name) => /^[A-Za-z_$][\w$]{1,}$/.test(name)).slice(0, MAX_NAMES);
  }

  /** A client by an expression that it is called by, or that makes it. */
  #reach(program: Program, node: Node, found: Set<string>, depth: number): void {
    const at = unwrap(node);
    if (at.type === 'ThisExpression') this.#ofClass(ancestor(at, isClass), found);
    else if (at.type === 'Identifier') this.#ofVariable(program, at, found, depth);
    else this.#follow(program, at, found, depth);
  }

  /** Where the value of an expression goes. */
  #follow(program: Program, node: Node, found: Set<string>, depth: number): void {
    if (depth > MAX_DEPTH) return;
    const outer = wrapped(node), parent = parentOf(outer);
    switch (parent?.type) {
      case 'VariableDeclarator': if (parent.id.type === 'Identifier') this.#ofVariable(program, parent.id, found, depth); break;
      case 'AssignmentExpression': if (parent.left.type === 'Identifier') this.#ofVariable(program, parent.left, found, depth); else if (parent.left.type === 'MemberExpression') add(found, propertyName(parent.left)); break;
      case 'PropertyDefinition': case 'Property': add(found, propertyName(parent)); break;
      case 'AwaitExpression': case 'LogicalExpression': case 'ConditionalExpression': case 'TSAsExpression': case 'TSNonNullExpression': case 'TSSatisfiesExpression': this.#follow(program, parent, found, depth + 1); break;
      case 'ExportDefaultDeclaration': this.#imports(program, 'default', found); break;
      // `client.$extends(a).$extends(b)`
      case 'MemberExpression': { const call = parentOf(parent); if (call?.type === 'CallExpression' && call.callee === parent && propertyName(parent)?.startsWith('$')) this.#follow(program, call, found, depth); break; }
      case 'ReturnStatement': { const fn = ancestor(parent, isFunction); if (fn) this.#ofFunction(program, fn, found, depth); break; }
      case 'ArrowFunctionExpression': if (parent.body === outer) this.#ofFunction(program, parent, found, depth); break;
      default: break;
    }
  }

  #ofVariable(program: Program, identifier: TSESTree.Identifier, found: Set<string>, depth: number): void {
    const variable = program.names.variable(identifier);
    if (!variable) { add(found, identifier.name); return; }
    const [definition] = variable.defs;
    if (definition?.type === 'Parameter' && isFunction(definition.node)) { this.#ofArguments(program, definition.node, identifier.name, found, depth); return; }
    const local = definition && ancestor(definition.node, isFunction);
    if (!local) {
      add(found, identifier.name);
      for (const statement of program.body) {
        if (statement.type === 'ExportDefaultDeclaration' && statement.declaration.type === 'Identifier' && program.names.variable(statement.declaration) === variable) this.#imports(program, 'default', found);
        if (statement.type === 'ExportNamedDeclaration') for (const { local: own, exported } of statement.specifiers) if (own.type === 'Identifier' && exported.type === 'Identifier' && own.name === identifier.name) add(found, exported.name);
      }
    }
    // `const client = base.$extends(..); return client;`
    for (const { identifier: use } of variable.references) {
      const parent = use.type === 'Identifier' ? parentOf(wrapped(use)) : null;
      if (parent?.type === 'ReturnStatement' || (parent?.type === 'AssignmentExpression' && parent.right === use) || (parent?.type === 'VariableDeclarator' && parent.init === use)) this.#follow(program, use as Node, found, depth + 1);
    }
  }

  /** What a function is called for: `const prisma = createClient()`, in any of the sources. */
  #ofFunction(program: Program, fn: FunctionNode, found: Set<string>, depth: number): void {
    const holder = parentOf(wrapped(fn));
    if (holder?.type === 'MethodDefinition' && holder.kind === 'constructor') { this.#ofClass(ancestor(holder, isClass), found); return; }
    if (holder?.type === 'MethodDefinition' || holder?.type === 'Property') { add(found, propertyName(holder)); return; }
    const name = fn.type === 'FunctionDeclaration' ? fn.id?.name : holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier' ? holder.id.name : undefined;
    if (name === undefined) return;
    add(found, name);
    for (const { program: other, call } of this.#calls(program, name)) this.#follow(other, call, found, depth + 1);
  }

  /** `applyMiddleware(prisma)` */
  #ofArguments(program: Program, fn: FunctionNode, param: string, found: Set<string>, depth: number): void {
    const holder = parentOf(wrapped(fn)), name = fn.type === 'FunctionDeclaration' ? fn.id?.name : holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier' ? holder.id.name : undefined;
    const index = fn.params.findIndex((one) => one.type === 'Identifier' && one.name === param);
    if (name === undefined || index < 0) return;
    for (const { program: other, call } of this.#calls(program, name)) if (call.arguments[index]) this.#reach(other, call.arguments[index], found, depth + 1);
  }

  *#calls(program: Program, name: string): Generator<{ program: Program; call: TSESTree.CallExpression }> {
    for (const { path, text } of this.sources) {
      if (path !== program.path && !(text.includes(name) && new RegExp(`\\b${name}\\s*\\(`).test(text))) continue;
      const other = this.project.program(path);
      for (const call of other?.calls ?? []) {
        if (lastName(call.callee) !== name || call.callee.type !== 'Identifier') continue;
        const target = other === program ? program : resolve(other!.at(call.callee)).program;
        if (target === program) yield { program: other!, call };
      }
    }
  }

  /** The names of parameters and properties that hold an instance of a class: `constructor(private readonly prisma: PrismaService)`. */
  #ofClass(node: Node | null, found: Set<string>): void {
    const name = node && isClass(node) ? node.id?.name : undefined;
    if (name === undefined) return;
    const typed = new RegExp(`([A-Za-z_$][\\w$]*)[?!]?\\s*(?::\\s*${name}\\b|=\\s*(?:new\\s+${name}\\b|[\\w.]+\\.get(?:<${name}>)?\\(\\s*${name}\\b))`, 'g');
    for (const { text } of this.sources) if (text.includes(name)) for (const [, held] of text.matchAll(typed)) add(found, held ?? null);
  }

  /** The names by which other files import an export. */
  #imports(program: Program, exported: 'default', found: Set<string>): void {
    for (const { path, text } of this.sources) {
      if (exported !== 'default' || path === program.path) continue;
      for (const [, name, module] of text.matchAll(/\bimport\s+([A-Za-z_$][\w$]*)\s*(?:,\s*\{[^}]*\}\s*)?from\s*(['"][^'"]+['"])/g)) {
        if (this.project.resolve(path, module!.slice(1, -1)) === program.path) add(found, name!);
      }
    }
  }
}

function add(found: Set<string>, name: string | null): void {
  if (name !== null && name !== 'undefined') found.add(name);
}

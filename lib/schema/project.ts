/** The files whose declarations are read together, and what each of them imports and exports. */
import { posix } from 'node:path';
import type { SourceCode } from 'eslint';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Dialect } from '../manifest/types.js';
import { isClass, Names, propertyName, traverse, unwrap, type ClassNode, type Node, type Variable } from '../source/ast.js';

/** What is asked of an ESLint `SourceCode`. */
export type ProgramSource = Pick<SourceCode, 'ast' | 'text' | 'visitorKeys' | 'getScope'>;

/** An expression and where it stands: its file, and what the parameters around it mean. */
export interface Located<N extends Node = Node> {
  readonly node: N;
  readonly program: Program;
  readonly env: Env | null;
}

/** What parameters mean, from the inside out. */
export interface Env {
  readonly bindings: ReadonlyMap<Variable, Located>;
  readonly outer: Env | null;
}

/** A property of an object or class with its value. */
export interface PropertyOf {
  readonly name: string;
  readonly value: Located;
  /** The property itself: where it is declared. */
  readonly at: Located;
}

/** References that are followed for the declarations of one file: far more than any file has, and few enough for one that was written to take forever. */
const BUDGET = 300_000;

/** As often as re-exports are followed before they are taken for a circle. */
const FOLLOWED = 40;

/** One file. */
export class Program {
  readonly names: Names;
  readonly classes: readonly ClassNode[];
  readonly calls: readonly TSESTree.CallExpression[];
  readonly constructions: readonly TSESTree.NewExpression[];
  readonly assignments: readonly TSESTree.AssignmentExpression[];
  readonly body: readonly TSESTree.ProgramStatement[];
  #exports: Map<string, Located> | null = null;

  constructor(readonly path: string, readonly source: ProgramSource, readonly project: Project) {
    this.names = new Names(source as SourceCode);
    const classes: ClassNode[] = [], calls: TSESTree.CallExpression[] = [], constructions: TSESTree.NewExpression[] = [], assignments: TSESTree.AssignmentExpression[] = [];
    const root = source.ast as unknown as TSESTree.Program;
    traverse(root, source.visitorKeys, (node) => {
      if (isClass(node)) classes.push(node);
      else if (node.type === 'CallExpression') calls.push(node);
      else if (node.type === 'NewExpression') constructions.push(node);
      else if (node.type === 'AssignmentExpression') assignments.push(node);
    });
    [this.classes, this.calls, this.constructions, this.assignments, this.body] = [classes, calls, constructions, assignments, root.body];
  }

  /** The dialect of the SQL in the file, where nothing in it says another. */
  get dialect(): Dialect {
    return this.project.dialect;
  }

  at<N extends Node>(node: N): Located<N> {
    return { node, program: this, env: null };
  }

  /** The text of a node. */
  textOf(node: Node): string {
    return this.source.text.slice(node.range[0], node.range[1]);
  }

  /** Modules that the file imports from. */
  get modules(): ReadonlySet<string> {
    return new Set(this.body.flatMap((statement) => statement.type === 'ImportDeclaration' ? [String(statement.source.value)] : []));
  }

  /** What the file exports under a name (`default` too), through re-exports; null where it does not. */
  exported(name: string, depth = 0): Located | null {
    if (depth > FOLLOWED) return null;
    this.#exports ??= this.#readExports();
    const found = this.#exports.get(name);
    if (found) return found;
    for (const statement of this.body) {
      if (statement.type === 'ExportNamedDeclaration' && statement.source) {
        for (const { local, exported } of statement.specifiers) {
          if (identifierName(exported) === name) return this.project.imported(this, statement.source.value, identifierName(local) ?? '', depth + 1);
        }
      } else if (statement.type === 'ExportAllDeclaration' && (statement.exported ? identifierName(statement.exported) === name : name !== 'default')) {
        const target = this.project.imported(this, statement.source.value, statement.exported ? '*' : name, depth + 1);
        if (target) return target;
      }
    }
    return null;
  }

  #readExports(): Map<string, Located> {
    const found = new Map<string, Located>();
    const add = (name: string | null | undefined, node: Node): void => { if (typeof name === 'string') found.set(name, this.at(node)); };
    for (const statement of this.body) {
      if (statement.type === 'ExportDefaultDeclaration') add('default', statement.declaration);
      else if (statement.type === 'TSExportAssignment') add('default', statement.expression);
      else if (statement.type === 'ExportNamedDeclaration' && !statement.source) {
        const { declaration, specifiers } = statement;
        if (declaration?.type === 'VariableDeclaration') for (const { id } of declaration.declarations) patternNames(id).forEach((identifier) => add(identifier.name, identifier));
        else if (declaration && 'id' in declaration && declaration.id?.type === 'Identifier') add(declaration.id.name, declaration);
        for (const { local, exported } of specifiers) add(identifierName(exported), local);
      }
    }
    for (const { left, right, operator } of this.assignments) {
      if (operator !== '=' || left.type !== 'MemberExpression') continue;
      const text = this.textOf(left).replace(/\s/g, '');
      if (text === 'module.exports') {
        add('default', right);
        const value = unwrap(right);
        if (value.type === 'ObjectExpression') for (const property of value.properties) if (property.type === 'Property') add(propertyName(property), property.value);
      } else if (/^(module\.)?exports\.\w+$/.test(text)) add(propertyName(left), right);
    }
    return found;
  }
}

function identifierName(node: TSESTree.Identifier | TSESTree.StringLiteral): string | null {
  return node.type === 'Identifier' ? node.name : node.value;
}

function patternNames(pattern: Node): TSESTree.Identifier[] {
  switch (pattern.type) {
    case 'Identifier': return [pattern];
    case 'ObjectPattern': return pattern.properties.flatMap((property) => patternNames(property.type === 'Property' ? property.value : property.argument));
    case 'ArrayPattern': return pattern.elements.flatMap((element) => element ? patternNames(element) : []);
    case 'AssignmentPattern': return patternNames(pattern.left);
    default: return [];
  }
}

/** The files that are read together. A file is parsed when something first asks for it. */
export class Project {
  readonly #programs = new Map<string, Program | null>();
  #left = BUDGET;
  readonly #byStem = new Map<string, string[]>();

  /**
   * @param paths Every file, with forward slashes.
   * @param open Parses a file; null where that fails.
   */
  constructor(readonly paths: readonly string[], private readonly open: (path: string) => ProgramSource | null, readonly dialect: Dialect = 'postgresql') {
    for (const path of paths) {
      const last = stem(path).split('/').at(-1)!;
      const known = this.#byStem.get(last);
      if (known) known.push(path);
      else this.#byStem.set(last, [path]);
    }
  }

  /** A project of one file alone. */
  static single(source: ProgramSource, dialect?: Dialect): Program {
    return new Project(['/file'], () => source, dialect).program('/file')!;
  }

  /** Before the declarations of a file are read: what others took is not held against it. */
  refill(): void {
    this.#left = BUDGET;
  }

  /** Follows one more reference; false where too many were followed. */
  spend(): boolean {
    return this.#left-- > 0;
  }

  program(path: string): Program | null {
    const known = this.#programs.get(path);
    if (known !== undefined) return known;
    let program: Program | null = null;
    try {
      const source = this.open(path);
      program = source && new Program(path, source, this);
    } catch { /* What cannot be parsed is left out. */ }
    this.#programs.set(path, program);
    return program;
  }

  /** What a file gets by importing a name (`default`, `*` for the namespace) from a module; null where the module is none of the files. */
  imported(from: Program, module: string, name: string, depth = 0): Located | null {
    const path = this.resolve(from.path, module);
    const program = path === null || path === from.path ? null : this.program(path);
    if (!program) return null;
    if (name === '*') return program.at(program.source.ast as unknown as Node);
    return program.exported(name, depth);
  }

  /** The file that a module name means, or null. Without the settings of the project an alias (`@/db/schema`) means the nearest file whose path ends so. */
  resolve(from: string, module: string): string | null {
    if (module.startsWith('.')) return this.#file(posix.join(posix.dirname(from), module));
    const segments = stem(module).split('/').filter((segment) => segment !== '' && !/^[@~#]$/.test(segment));
    for (const tail of [segments, segments.slice(1), segments.slice(2)]) {
      if (tail.length === 0 || (tail === segments && segments.length === 1)) continue;
      const end = tail.join('/');
      const found = [...(this.#byStem.get(tail.at(-1)!) ?? []), ...(this.#byStem.get('index') ?? [])]
        .filter((path) => path !== from && (endsWithPath(stem(path), end) || endsWithPath(stem(path), `${end}/index`)));
      if (found.length > 0) return nearestPath(from, found);
    }
    return null;
  }

  #file(path: string): string | null {
    const wanted = stem(path), last = wanted.split('/').at(-1)!;
    const candidates = [...(this.#byStem.get(last) ?? []), ...(this.#byStem.get('index') ?? [])];
    return candidates.find((candidate) => candidate === path) ?? candidates.find((candidate) => stem(candidate) === wanted)
      ?? candidates.find((candidate) => stem(candidate) === posix.join(wanted, 'index')) ?? null;
  }
}

/** A path without the extension of a script. */
function stem(path: string): string {
  return path.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');
}

function endsWithPath(path: string, end: string): boolean {
  return path === end || path.endsWith(`/${end}`);
}

/** The path that shares the longest beginning with another; of equals the first. */
export function nearestPath(from: string, paths: readonly string[]): string {
  const parts = from.split('/');
  const shared = (path: string): number => {
    const other = path.split('/');
    let count = 0;
    while (count < parts.length && parts[count] === other[count]) count++;
    return count;
  };
  return paths.reduce((best, path) => shared(path) > shared(best) ? path : best);
}

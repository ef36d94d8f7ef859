/** Ways round a client that filters: imports of the unguarded client that the manifest names. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Catalog, GuardFacts } from '../manifest/catalog.js';
import type { Range } from '../model/query.js';
import { stringOf } from '../source/ast.js';
import type { SourceFile } from '../source/file.js';

/** An import that reaches round a client that filters. */
export interface ClientBypass {
  /** The import's words. */
  readonly range: Range;
  /** The unguarded client, as its module exports it. */
  readonly name: string;
  /** The client to use instead. */
  readonly instead: string;
}

type ClientFacts = Extract<GuardFacts, { kind: 'client' }>;

/** Could a file of this text hold one? */
export function mayBypass(text: string, { guards }: Catalog): boolean {
  return guards.some((guard) => guard.kind === 'client' && guard.bypass !== undefined && text.includes(guard.bypass));
}

/**
 * The imports of unguarded clients in a file: `import { rawDb } from './clients'`, `const { rawDb } = require('./clients')`. Where the guard names its module,
 * imports of that module alone count, whatever stands in front of it on the way there.
 */
export function bypassesIn(source: SourceFile, catalog: Catalog): ClientBypass[] {
  const clients = catalog.guards.filter((guard): guard is ClientFacts => guard.kind === 'client' && guard.bypass !== undefined);
  const of = (module: string, name: string | null): ClientFacts | undefined => clients.find((guard) => guard.bypass === name && (guard.from === null || isSameModule(guard.from, module)));
  const found: ClientBypass[] = [];
  const add = (guard: ClientFacts | undefined, node: TSESTree.Node): void => {
    if (guard) found.push({ range: node.range as Range, name: guard.bypass!, instead: guard.name });
  };
  for (const statement of (source.sourceCode.ast as unknown as TSESTree.Program).body) {
    if (statement.type === 'ImportDeclaration' && statement.importKind !== 'type') {
      for (const specifier of statement.specifiers) {
        if (specifier.type === 'ImportSpecifier' && specifier.importKind !== 'type') add(of(statement.source.value, nameOf(specifier.imported)), specifier);
        if (specifier.type === 'ImportDefaultSpecifier') add(of(statement.source.value, specifier.local.name), specifier);
      }
    }
    if (statement.type === 'ExportNamedDeclaration' && statement.source && statement.exportKind !== 'type') {
      for (const specifier of statement.specifiers) add(of(statement.source.value, nameOf(specifier.local)), specifier);
    }
  }
  for (const node of source.nodes) {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require' || !node.arguments[0]) continue;
    const module = stringOf(node.arguments[0]), { parent } = node;
    if (module === null) continue;
    if (parent.type === 'MemberExpression' && parent.property.type === 'Identifier' && parent.object === node) add(of(module, parent.property.name), parent);
    if (parent.type === 'VariableDeclarator' && parent.id.type === 'ObjectPattern') {
      for (const property of parent.id.properties) if (property.type === 'Property' && property.key.type === 'Identifier') add(of(module, property.key.name), property);
    }
  }
  return found;
}

function nameOf(name: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return name.type === 'Identifier' ? name.name : name.value;
}

/** `./clients`, `../db/clients.js` and `@/db/clients` may be one module, seen from different folders: what a path ends with tells. */
export function isSameModule(declared: string, imported: string): boolean {
  if (declared === imported) return true;
  const isPath = (module: string): boolean => /^[.~@#/]/.test(module);
  const parts = (module: string): string[] => module.replace(/(?:\/index)?(?:\.[cm]?[jt]sx?)?$/, '').split('/').filter((part) => part !== '' && !/^[.~#]+$|^@$/.test(part));
  const own = parts(declared), other = parts(imported), shorter = Math.min(own.length, other.length);
  return isPath(declared) && isPath(imported) && shorter > 0 && own.slice(-shorter).join('/') === other.slice(-shorter).join('/');
}

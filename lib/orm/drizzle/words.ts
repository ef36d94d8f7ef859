/** How an edit spells Drizzle's operators, columns and conditions at a place of a file. */
import type { TSESTree } from '@typescript-eslint/utils';
import { fold, type TableFacts } from '../../manifest/catalog.js';
import type { Edit, TombstoneFact } from '../../model/query.js';
import { propertyName, unwrap, type FunctionNode, type Node } from '../../source/ast.js';
import type { SourceFile } from '../../source/file.js';
import { addImports, importedAs, insert, replace, spelledIn } from '../edits.js';

const MODULE = 'drizzle-orm';
const OPERATORS = new Set(['and', 'or', 'not', 'eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'isNull', 'isNotNull', 'inArray', 'notInArray']);

/** The operators as a place of the file can call them. */
export interface Operators {
  /** What to write for an operator; null where the name stands for something else. */
  name(operator: string): string | null;
  /** What makes the names known that were asked for and are not. */
  edits(): readonly Edit[];
}

/** The operators as the file imports them, or will. */
export function importedOperators(source: SourceFile): Operators {
  const { body } = source.sourceCode.ast as unknown as TSESTree.Program, missing = new Set<string>();
  const imports = body.filter((statement) => statement.type === 'ImportDeclaration');
  // A module of the project may hand on what Drizzle exports: `import { and, db, eq } from '@/lib/db'`.
  const handing = imports.find(({ importKind, specifiers }) => importKind !== 'type' && specifiers.some((one) => one.type === 'ImportSpecifier' && one.imported.type === 'Identifier' && OPERATORS.has(one.imported.name)));
  const module = handing && !imports.some(({ source: from, importKind }) => from.value === MODULE && importKind !== 'type') ? handing.source.value : MODULE;
  const namespace = imports.find((statement) => statement.source.value === MODULE)?.specifiers.find(({ type }) => type === 'ImportNamespaceSpecifier');
  return {
    name(operator) {
      const known = importedAs(source, module, operator);
      if (known !== null) return known;
      if (namespace) return `${namespace.local.name}.${operator}`;
      if (imports.some(({ importKind, specifiers }) => importKind !== 'type' && specifiers.some(({ local }) => local.name === operator))) return operator;
      if (declares(body, operator) || (imports.length === 0 && /\brequire\(/.test(source.text) && importedAs(source, MODULE, 'eq') === null && importedAs(source, MODULE, 'and') === null)) return null;
      missing.add(operator);
      return operator;
    },
    edits() {
      const edit = missing.size > 0 ? addImports(source, module, [...missing].sort()) : null;
      return edit ? [edit] : [];
    },
  };
}

/** Does the top of the file declare the name itself? */
function declares(body: readonly Node[], name: string): boolean {
  return body.some((statement): boolean => {
    const declaration = statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;
    if (declaration.type === 'FunctionDeclaration') return declaration.id?.name === name;
    return declaration.type === 'VariableDeclaration' && declaration.declarations.some(({ id }) => id.type === 'Identifier' && id.name === name);
  });
}

/** The operators that a callback gets as its second parameter: `(users, { eq }) => ..`. */
export function givenOperators(parameter: Node): Operators | null {
  if (parameter.type === 'Identifier') return { name: (operator) => `${parameter.name}.${operator}`, edits: () => [] };
  if (parameter.type !== 'ObjectPattern') return null;
  const missing = new Set<string>();
  return {
    name(operator) {
      const held = parameter.properties.find((property) => property.type === 'Property' && propertyName(property) === operator);
      if (held?.type === 'Property') return held.value.type === 'Identifier' ? held.value.name : null;
      missing.add(operator);
      return operator;
    },
    edits: () => (missing.size === 0 ? [] : [intoPattern(parameter, [...missing].sort())]),
  };
}

/** Names further properties in a pattern, behind those that stand there. */
export function intoPattern(pattern: TSESTree.ObjectPattern, names: readonly string[]): Edit {
  const last = pattern.properties.findLast(({ type }) => type === 'Property'), [first] = pattern.properties;
  if (last) return insert(last.range[1], `, ${names.join(', ')}`);
  return first ? insert(first.range[0], `${names.join(', ')}, `) : replace(pattern, `{ ${names.join(', ')} }`);
}

/** The operators that a callback's condition is written with: those that it is given, else the file's. */
export function operatorsOf(fn: FunctionNode, source: SourceFile): Operators | null {
  const [, given] = fn.params;
  return given ? givenOperators(given) : importedOperators(source);
}

/** The operators by which a call of one can be replaced by another one. */
export function operatorsOfCall(callee: Node, source: SourceFile): Operators | null {
  const at = unwrap(callee);
  if (at.type === 'MemberExpression') {
    const prefix = source.text.slice(...at.object.range);
    return { name: (operator) => `${prefix}.${operator}`, edits: () => [] };
  }
  const definition = source.names.definition(at), pattern = definition?.type === 'Parameter' ? definition.name.parent?.parent : null;
  return pattern?.type === 'ObjectPattern' ? givenOperators(pattern) : importedOperators(source);
}

/** The property by which code calls a tombstone: the schema's, else one that the file spells, else the usual one. */
export function propertyFor(facts: TableFacts, { column, names }: TombstoneFact, text: string): string {
  const declared = Object.keys(facts.columns).find((name) => fold(facts.columns[name]!) === fold(column));
  const spelled = spelledIn(text, names);
  return declared ?? spelled ?? names.find((name) => !name.includes('_') && /[a-z]/.test(name)) ?? column;
}

/** The condition of a live row in operators, `users.deletedAt` being `access`; null where a name that it needs stands for something else. */
export function liveCondition({ live, dead, scheduled }: TombstoneFact, access: string, operators: Operators): string | null {
  const call = (operator: string, ...args: readonly string[]): string | null => {
    const name = operators.name(operator);
    return name === null ? null : `${name}(${args.join(', ')})`;
  };
  if (dead) return dead.length === 1 ? call('ne', access, literal(dead[0]!)) : call('notInArray', access, `[${dead.map(literal).join(', ')}]`);
  const isLive = live === null ? call('isNull', access) : call('eq', access, literal(live));
  if (!scheduled || isLive === null) return isLive;
  const later = call('gt', access, 'new Date()');
  return later === null ? null : call('or', isLive, later);
}

/** The condition of a live row as an entry of an object of filters, as Drizzle 1.0 takes it. */
export function liveFilter({ live, dead, scheduled }: TombstoneFact, property: string): string {
  if (dead) return `${property}: ${dead.length === 1 ? `{ ne: ${literal(dead[0]!)} }` : `{ notIn: [${dead.map(literal).join(', ')}] }`}`;
  const isLive = `${property}: ${live === null ? '{ isNull: true }' : literal(live)}`;
  return scheduled ? `OR: [{ ${isLive} }, { ${property}: { gt: new Date() } }]` : isLive;
}

/** The value of a tombstone that makes a row dead, as the file writes it elsewhere; null where it cannot be told. */
export function deadValue({ live, dead }: TombstoneFact, property: string, text: string): string | null {
  if (dead?.[0] !== undefined) return literal(dead[0]);
  if (live === null) return new RegExp(`\\b${property}:\\s*(new Date\\(\\)|Date\\.now\\(\\)|sql\`[^\`$]*\`|new Date\\(\\)\\.toISOString\\(\\))(?=\\s*[,}\\n])`).exec(text)?.[1] ?? 'new Date()';
  return live === false ? 'true' : live === 0 ? '1' : null;
}

export function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value.replace(/[\\']/g, '\\$&')}'` : String(value);
}

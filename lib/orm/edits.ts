/** Edits of JavaScript that remedies are made of. Each gives the text of the file a valid program again, whatever stands there now. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Edit, Range, Remedy } from '../model/query.js';
import { parentOf, propertyName, stringOf, unwrap, wrapped, type Node } from '../source/ast.js';
import type { SourceFile } from '../source/file.js';

/** An edit with the words to show for it. */
export function remedy(shown: string, ...edits: readonly (Edit | null)[]): Remedy | null {
  return edits.includes(null) ? null : { edits: edits as readonly Edit[], shown };
}

/** The first of a column's spellings that a text has as a word; undefined where it has none. */
export function spelledIn(text: string, names: readonly string[]): string | undefined {
  return names.find((name) => /^\w+$/.test(name) && new RegExp(`\\b${name}\\b`).test(text));
}

export const insert = (at: number, text: string): Edit => ({ range: [at, at], text });
export const replace = (node: Node, text: string): Edit => ({ range: node.range as Range, text });

/** Adds a property behind the others of an object literal (`source` is the text of the file): on a line of its own where they stand on lines of their own. */
export function addProperty(source: string, object: TSESTree.ObjectExpression, text: string): Edit {
  const last = object.properties.at(-1);
  if (!last) return { range: object.range as Range, text: `{ ${text} }` };
  const before = source.slice(object.range[0], last.range[0]), line = /\n([ \t]*)$/.exec(before);
  return insert(last.range[1], line ? `,\n${line[1]!}${text}` : `, ${text}`);
}

/** Adds a property in front of the others: behind it a spread may still replace it. */
export function addPropertyFirst(source: string, object: TSESTree.ObjectExpression, text: string): Edit {
  const [first] = object.properties;
  if (!first) return { range: object.range as Range, text: `{ ${text} }` };
  const line = /\n([ \t]*)$/.exec(source.slice(object.range[0], first.range[0]));
  return insert(first.range[0], line ? `${text},\n${line[1]!}` : `${text}, `);
}

/** Takes a property out of an object literal, its comma with it. */
export function removeProperty(source: string, property: Node): Edit | null {
  const object = parentOf(property);
  if (object?.type !== 'ObjectExpression') return null;
  const index = object.properties.indexOf(property as TSESTree.Property), next = object.properties[index + 1], previous = object.properties[index - 1];
  if (next) return { range: [property.range[0], next.range[0]], text: '' };
  if (previous) return { range: [previous.range[1], property.range[1]], text: '' };
  const close = /^\s*,?\s*/.exec(source.slice(property.range[1]))![0].length;
  return { range: [object.range[0] + 1, property.range[1] + close], text: '' };
}

/** The own property of an object literal, or null. */
export function propertyOf(object: TSESTree.ObjectExpression, key: string): TSESTree.Property | null {
  return object.properties.find((property): property is TSESTree.Property => property.type === 'Property' && propertyName(property) === key) ?? null;
}

/** Chains a further call behind an expression: on a line of its own where the call in front of it stands on one. */
export function addCall(source: string, call: Node, text: string): Edit {
  const line = call.type === 'CallExpression' && call.callee.type === 'MemberExpression' ? /\n([ \t]*)\??$/.exec(source.slice(call.callee.object.range[1], call.callee.property.range[0]).replace(/\.$/, '')) : null;
  return insert(call.range[1], line ? `\n${line[1]!}${text}` : text);
}

/** A moment so many days ago, as an expression. */
export function daysAgo(days: number): string {
  return `new Date(Date.now() - ${days} * 24 * 60 * 60 * 1000)`;
}

/**
 * Adds an upper bound of age to the operators on a tombstone (`deletedAt: { [Op.ne]: null }`); null where they stand elsewhere, or are bounded already.
 *
 * @param where the object of conditions
 * @param bound the key of "less than", as the other operators of the object are spelled
 */
export function addBound(source: string, where: Node | undefined, property: string, bound: (other: string) => string | null, days: number): Remedy | null {
  const conditions = where ? unwrap(where) : null, held = conditions?.type === 'ObjectExpression' ? propertyOf(conditions, property) : null;
  const operators = held ? unwrap(held.value) : null, [first] = operators?.type === 'ObjectExpression' ? operators.properties : [];
  if (operators?.type !== 'ObjectExpression' || first?.type !== 'Property') return null;
  const keys = operators.properties.map((one) => (one.type === 'Property' ? source.slice(...one.key.range) : '..')), less = bound(keys[0]!);
  if (less === null || keys.some((key) => key === '..' || /\blte?$/.test(key))) return null;
  const text = `${first.computed ? `[${less}]` : less}: ${daysAgo(days)}`;
  return remedy(text, addProperty(source, operators, text));
}

/** Adds an argument behind those of a call. */
export function addArgument(source: string, call: TSESTree.CallExpression, text: string): Edit {
  const last = call.arguments.at(-1);
  if (last) return insert(endOfArgument(source, last), `, ${text}`);
  return insert(call.range[1] - 1, text);
}

/** Where an argument ends, the parentheses around it included. */
export function endOfArgument(source: string, argument: Node): number {
  const [, end] = wrapped(argument).range, call = parentOf(wrapped(argument));
  const behind = call ? /^(?:\s*\))+/.exec(source.slice(end, call.range[1] - 1)) : null;
  return end + (behind?.[0].length ?? 0);
}

/** Sets a property of the options that a call takes at a position (`withDeleted: true`), where they are written there or not at all; null where they are elsewhere. */
export function setOption(source: string, call: Node, position: number, key: string, value: string): Edit | null {
  if (call.type !== 'CallExpression' || call.arguments.slice(0, position + 1).some(({ type }) => type === 'SpreadElement')) return null;
  const given = call.arguments[position], options = given ? unwrap(given) : null;
  if (!options) return call.arguments.length === position ? addArgument(source, call, `{ ${key}: ${value} }`) : null;
  if (options.type !== 'ObjectExpression') return null;
  const present = propertyOf(options, key);
  return present ? replace(present, `${key}: ${value}`) : addProperty(source, options, `${key}: ${value}`);
}

/** Makes names of a module known to the file; null where that needs no edit. The name that the file has for each is in `importedAs`. */
export function addImports(source: SourceFile, module: string, names: readonly string[]): Edit | null {
  const program = source.sourceCode.ast as unknown as TSESTree.Program;
  const missing = names.filter((name) => importedAs(source, module, name) === null);
  if (missing.length === 0) return null;
  const imports = program.body.filter((statement) => statement.type === 'ImportDeclaration');
  const own = imports.find((statement) => statement.source.value === module && statement.importKind !== 'type' && statement.specifiers.some(({ type }) => type === 'ImportSpecifier'));
  const last = own?.specifiers.at(-1);
  if (last) return insert(last.range[1], `, ${missing.join(', ')}`);
  const required = requiredNames(program, module).at(-1);
  if (required) return insert(required.range[1], `, ${missing.join(', ')}`);
  const quote = imports[0] ? source.text[imports[0].source.range[0]]! : "'", behind = imports.at(-1);
  const statement = `import { ${missing.join(', ')} } from ${quote}${module}${quote};`;
  return behind ? insert(behind.range[1], `\n${statement}`) : insert(program.body[0]?.range[0] ?? 0, `${statement}\n`);
}

/** The name by which the file calls what it imports from a module (any of `module`'s subpaths included), or null where it does not import it. */
export function importedAs(source: SourceFile, module: string, name: string): string | null {
  for (const statement of (source.sourceCode.ast as unknown as TSESTree.Program).body) {
    if (statement.type !== 'ImportDeclaration' || statement.importKind === 'type' || !(statement.source.value === module || statement.source.value.startsWith(`${module}/`))) continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type === 'ImportSpecifier' && (specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value) === name) return specifier.local.name;
    }
  }
  const required = requiredNames(source.sourceCode.ast as unknown as TSESTree.Program, module).find((property) => propertyName(property) === name);
  return required?.value.type === 'Identifier' ? required.value.name : null;
}

/** The names in `const { a, b: c } = require('module')` at the top of a file. */
function requiredNames(program: TSESTree.Program, module: string): TSESTree.Property[] {
  return program.body.flatMap((statement) => (statement.type === 'VariableDeclaration' ? statement.declarations : [])).flatMap(({ id, init }) => {
    const call = init ? unwrap(init) : null, [from] = call?.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === 'require' ? call.arguments : [];
    if (id.type !== 'ObjectPattern' || !from || stringOf(from) !== module) return [];
    return id.properties.filter((property): property is TSESTree.Property => property.type === 'Property');
  });
}

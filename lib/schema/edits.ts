/** Edits of declarations in code. They are made in the file that is linted: where an expression stands in another one, there is no edit. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Edit, Remedy } from '../model/query.js';
import type { ForeignKeyAction, ForeignKeyDeclaration } from '../model/schema.js';
import { propertyName, unwrap, type Node } from '../source/ast.js';
import { callNamed, type Chain, type ChainCall } from './chains.js';
import type { Located, Program } from './project.js';

/** An edit of a declaration; null where none is safe. */
export type Mended = Remedy | null;

/** All edits as one; null where one of them could not be made. */
export function mended(edits: readonly (Edit | null)[], shown: string): Mended {
  return edits.length > 0 && edits.every((edit) => edit !== null) ? { edits, shown } : null;
}

/** Puts a text in the place of an expression that stands where it is used; null where another file or a constant holds it. */
export function replaced(at: Located, text: string, program: Program): Edit | null {
  return at.program === program ? { range: [at.node.range[0], at.node.range[1]], text } : null;
}

/** A text as a string in the quotes of another one. */
export function quotedLike(text: string, at: Located | undefined): string {
  const written = at ? at.program.textOf(unwrap(at.node)) : '';
  const quote = /^["'`]/.exec(written)?.[0] ?? "'";
  return `${quote}${text.replace(/\\/g, '\\\\').replaceAll(quote, `\\${quote}`)}${quote}`;
}

/** Another text for a string that stands in its place. */
export function renamedText(at: Located | undefined, text: string, program: Program): Edit | null {
  return at && unwrap(at.node).type === 'Literal' ? replaced({ ...at, node: unwrap(at.node) }, quotedLike(text, at), program) : null;
}

/** An object literal in the linted file; null for anything else. */
export function objectAt(at: Located | null | undefined, program: Program): TSESTree.ObjectExpression | null {
  const node = at && unwrap(at.node);
  return at?.program === program && node?.type === 'ObjectExpression' ? node : null;
}

/** Writes a property of an object literal: in the place of its value, or as a new one at the end. */
export function withProperty(object: TSESTree.ObjectExpression, name: string, value: string, program: Program): Edit | null {
  const known = object.properties.find((each) => each.type === 'Property' && propertyName(each) === name);
  if (known?.type === 'Property') return known.shorthand ? null : { range: [known.value.range[0], known.value.range[1]], text: value };
  const last = object.properties.at(-1);
  if (last?.type === 'SpreadElement') return null;
  if (!last) return { range: [object.range[0], object.range[1]], text: `{ ${name}: ${value} }` };
  const between = program.source.text.slice(object.range[0], last.range[0]), line = /\n([ \t]*)$/.exec(between);
  return { range: [last.range[1], last.range[1]], text: line ? `,\n${line[1]}${name}: ${value}` : `, ${name}: ${value}` };
}

/** Takes properties of an object literal away, each with its comma. */
export function withoutProperties(object: TSESTree.ObjectExpression, names: readonly string[]): Edit[] {
  const { properties } = object, isGone = (each: TSESTree.ObjectLiteralElement | undefined): boolean => each?.type === 'Property' && names.includes(propertyName(each) ?? '');
  return properties.flatMap((each, i): Edit[] => {
    if (!isGone(each) || isGone(properties[i - 1])) return [];
    let end = i;
    while (isGone(properties[end + 1])) end++;
    const next = properties[end + 1], before = properties[i - 1];
    return [{ range: next ? [each.range[0], next.range[0]] : [before ? before.range[1] : each.range[0], properties[end]!.range[1]], text: '' }];
  });
}

/** Takes names out of a list of literals; null among the edits where they cannot be told from others. */
export function withoutElements(list: Located, names: readonly string[], columns: readonly (string | null)[], program: Program): (Edit | null)[] {
  if (names.length === 0) return [];
  const node = unwrap(list.node), gone = names.map((name) => name.toLowerCase());
  if (list.program !== program || node.type !== 'ArrayExpression' || node.elements.length !== columns.length) return [null];
  const kept = node.elements.filter((element, i) => element && !gone.includes(columns[i]?.toLowerCase() ?? ''));
  return kept.length === 0 ? [null] : [{ range: [node.range[0], node.range[1]], text: `[${kept.map((element) => program.textOf(element!)).join(', ')}]` }];
}

/** Takes calls of a chain away: `.notNull().default(false)`. */
export function withoutCalls(chain: Chain, names: readonly string[], program: Program): (Edit | null)[] {
  return chain.calls.flatMap(({ name, at }): (Edit | null)[] => {
    const callee = unwrap(at.node.callee);
    if (!names.includes(name) || callee.type !== 'MemberExpression') return [];
    return [at.program === program ? { range: [callee.object.range[1], at.node.range[1]], text: '' } : null];
  });
}

/** Puts a text behind a call of a chain. */
export function behind({ at }: Pick<ChainCall, 'at'>, text: string, program: Program): Edit | null {
  return at.program === program ? { range: [at.node.range[1], at.node.range[1]], text } : null;
}

/** How a library's chains say what a foreign key does. */
interface ActionWords {
  /** The call that says it; default: `onDelete`. */
  readonly call?: string;
  readonly spell?: (action: ForeignKeyAction) => string;
}

/** Writes `.onDelete('cascade')` into a chain: in the place of what it says, or behind one of its calls. */
export function chainAction(chain: Chain, after: ChainCall, program: Program, { call = 'onDelete', spell = (action) => action }: ActionWords = {}): NonNullable<ForeignKeyDeclaration['withAction']> {
  return (action) => {
    const known = callNamed(chain, call), text = `'${spell(action)}'`, shown = `.${call}(${text})`;
    return mended([known ? withArgument(known.at, 0, text, program) : behind(after, shown, program)], shown);
  };
}

/** Writes an argument of a call: in the place of the one that is there, or behind the last. */
export function withArgument(call: Located<TSESTree.CallExpression>, index: number, text: string, program: Program): Edit | null {
  const { arguments: args } = call.node, there = args[index], last = args.at(-1);
  if (call.program !== program || args.length < index) return null;
  if (there) return { range: [there.range[0], there.range[1]], text };
  if (last) return { range: [last.range[1], last.range[1]], text: `, ${text}` };
  const end = call.node.range[1] - 1;
  return { range: [end, end], text };
}

/**
 * The name by which the file calls an export of a module, and the edit that imports it where it does not yet; null where there is no import of the
 * module to add it to.
 */
export function imported(program: Program, name: string, module: RegExp): { readonly name: string; readonly edits: readonly Edit[] } | null {
  const imports = program.body.filter((statement) => statement.type === 'ImportDeclaration').filter(({ source, importKind }) => module.test(source.value) && importKind !== 'type');
  for (const { specifiers } of imports) {
    for (const specifier of specifiers) {
      if (specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier' && specifier.imported.name === name && specifier.importKind !== 'type') return { name: specifier.local.name, edits: [] };
    }
  }
  const last = imports.flatMap(({ specifiers }) => specifiers).filter((specifier) => specifier.type === 'ImportSpecifier').at(-1);
  const isTaken = program.source.ast.body.length > 0 && new RegExp(`\\b${name}\\b`).test(program.body.filter(({ type }) => type === 'ImportDeclaration').map((each) => program.textOf(each as Node)).join('\n'));
  return last && !isTaken ? { name, edits: [{ range: [last.range[1], last.range[1]], text: `, ${name}` }] } : null;
}

/** `deleted_at` as a property is called: `deletedAt`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The column of `deleted_at IS NULL`; null for any other condition. */
export function nullColumn(condition: string): string | null {
  return /^\s*["`]?(\w+)["`]?\s+is\s+null\s*$/i.exec(condition)?.[1] ?? null;
}


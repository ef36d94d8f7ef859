/**
 * Parts of calls that a file makes for others, and that say by their type which model they are about: `const postInclude = { .. } satisfies Prisma.PostInclude`,
 * `Prisma.validator<Prisma.UserSelect>()({ .. })`, `(): Prisma.TrackWhereInput => ({ .. })`. What they load or ask of relations stands in them, whoever uses them; which
 * rows of their own model are asked for does not.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Range } from '../../model/query.js';
import { isFunction, parentOf, unwrap, type FunctionNode, type Node } from '../../source/ast.js';
import type { Value } from '../../source/values.js';
import { select } from '../expressions.js';
import type { OrmStatement } from '../library.js';
import type { Session } from '../session.js';
import { coverageOf } from './coverage.js';
import { modelNamed, reference, type Model } from './models.js';
import { argumentsSlot } from './remedies.js';
import { Reading, type Arguments, type Rows } from './reading.js';
import { Selection, type Owner } from './selection.js';
import { opened } from './values.js';

const TYPES = /\bPrisma\s*\.\s*(\w+?)(Include|Select|WhereInput|(?:FindMany|FindFirst|FindFirstOrThrow|FindUnique|FindUniqueOrThrow|Default)Args)\b/;
/** The argument that a value of a type is; null for all of them. */
const ARGUMENT: Readonly<Record<string, string | null>> = { Include: 'include', Select: 'select', WhereInput: 'where' };

/** Could a text hold some? */
export function mayHoldParts(text: string): boolean {
  return TYPES.test(text);
}

/** The parts of a file, each as the statement that a call with it makes. One that the file itself uses is read where it is used. */
export function partsIn(session: Session): { readonly node: Node; readonly statements: readonly OrmStatement[] }[] {
  // What a client filters that others hand the part to cannot be seen.
  if (!session.source.matches(TYPES) || session.catalog.guards.some(({ kind }) => kind === 'client')) return [];
  return declarationsOf(session).flatMap((node) => {
    const typed = typedValue(node, session), [, name, kind] = typed ? TYPES.exec(session.source.text.slice(...typed.type.range)) ?? [] : [];
    const model = name === undefined ? null : modelNamed(session, name);
    if (!typed || !model?.facts || isUsedHere(typed.holder, session)) return [];
    return typed.values.map((value) => ({ node: value, statements: read(session, model, value, ARGUMENT[kind!] ?? null) }));
  });
}

interface Typed {
  /** Where the type is written. */
  readonly type: Node;
  readonly values: readonly Node[];
  /** What others know the value by: a variable or function. */
  readonly holder: Node;
}

/** What a file declares at its top. */
function declarationsOf({ source }: Session): Node[] {
  return (source.sourceCode.ast as unknown as TSESTree.Program).body.flatMap((statement): Node[] => {
    const declared = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration' ? statement.declaration : statement;
    return declared?.type === 'VariableDeclaration' ? declared.declarations : declared?.type === 'FunctionDeclaration' ? [declared] : [];
  });
}

function typedValue(node: Node, session: Session): Typed | null {
  if (node.type === 'FunctionDeclaration') return node.id && returned(node, node.id);
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return null;
  const holder = node.id, init = unwrap(node.init), type = holder.typeAnnotation?.typeAnnotation ?? satisfied(node.init);
  if (init.type === 'ObjectExpression') return type ? { type, values: [init], holder } : null;
  if (isFunction(init)) return returned(init, holder);
  const made = init.type === 'CallExpression' ? unwrap(init.callee) : null, value = init.type === 'CallExpression' && init.arguments[0] ? unwrap(init.arguments[0]) : null;
  if (made?.type !== 'CallExpression' || !made.typeArguments || value?.type !== 'ObjectExpression' || !/\bvalidator$/.test(session.source.text.slice(...made.callee.range))) return null;
  return { type: made.typeArguments, values: [value], holder };
}

/** The type that `satisfies` or `as` gives a value. */
function satisfied(node: Node): Node | null {
  if (node.type === 'TSSatisfiesExpression') return node.typeAnnotation;
  return node.type === 'TSAsExpression' ? satisfied(node.expression) ?? node.typeAnnotation : null;
}

function returned(fn: FunctionNode, holder: Node): Typed | null {
  const values = fn.returnType ? returnedBy(fn) : [];
  return values.length > 0 ? { type: fn.returnType!, values, holder } : null;
}

/** The objects that a function returns, at the end of its body or under conditions. */
function returnedBy({ body }: FunctionNode): Node[] {
  if (!body) return [];
  const found: Node[] = [], visit = (node: Node): void => {
    if (isFunction(node)) return;
    if (node.type === 'ReturnStatement') { if (node.argument) found.push(unwrap(node.argument)); }
    else if (node.type === 'BlockStatement') node.body.forEach(visit);
    else if (node.type === 'IfStatement') { visit(node.consequent); if (node.alternate) visit(node.alternate); }
  };
  if (body.type === 'BlockStatement') visit(body);
  else found.push(unwrap(body));
  return found.filter(({ type }) => type === 'ObjectExpression');
}

/** Does the file use it beyond its own export? */
function isUsedHere(holder: Node, session: Session): boolean {
  const variable = session.source.names.variable(holder);
  return !variable || variable.references.some((reference) => reference.isRead() && !/^Export/.test(parentOf(reference.identifier)?.type ?? ''));
}

function read(session: Session, model: Model, node: Node, key: string | null): OrmStatement[] {
  const value = opened(session, session.value(node, null)), range = node.range as Range;
  const args: Arguments = { value: key === null ? value : holding(key, value, node), node };
  // Which of the model's own rows are asked for, others say.
  const reading = new Reading(session, coverageOf(session, null, [])), ref = reference(session, model, range, { autoFilter: 'applies' });
  const slot = key === null ? argumentsSlot(session, node, null) : null;
  reading.remedies.place(ref, model, slot);
  const owner: Owner = { ref, model, args, slot }, rows: Rows = { from: ref, output: [{ type: 'star', qualifier: null, range }], orderBy: [] };
  new Selection(reading).join(rows, owner, args);
  reading.add(select({ from: [rows.from], where: reading.condition(args, owner), output: rows.output, orderBy: rows.orderBy, range }));
  return [...reading.statements];
}

/** `{ include: <value> }`. */
function holding(key: string, value: Value, at: Node): Value {
  const node = { type: 'ObjectExpression', properties: [], range: at.range, loc: at.loc } as unknown as TSESTree.ObjectExpression;
  return { type: 'object', node, env: null, assigned: [{ type: 'entry', key, value, node: at }] };
}

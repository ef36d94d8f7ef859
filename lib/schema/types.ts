/** Tables that TypeScript interfaces describe: Kysely's `DB`, Supabase's `Database`. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { ColumnDeclaration, ColumnType, TableDeclaration } from '../model/schema.js';
import type { Node } from '../source/ast.js';
import type { Program } from './project.js';

/** A property of a type. */
export interface TypeProperty {
  readonly name: string;
  readonly optional: boolean;
  readonly type: TSESTree.TypeNode;
  readonly key: Node;
  readonly program: Program;
}

/** Interfaces and type aliases by name. */
export type TypeNames = (name: string, from: Program) => { readonly node: TSESTree.TSInterfaceDeclaration | TSESTree.TSTypeAliasDeclaration; readonly program: Program } | null;

/** Finds the types of a file and of the files that it imports them from. */
export const typeNamed: TypeNames = (name, from) => declaredType(name, from, 0);

function declaredType(name: string, from: Program, depth: number): ReturnType<TypeNames> {
  if (depth > 10) return null;
  const own = typesOf(from).get(name);
  if (own) return { node: own, program: from };
  for (const statement of from.body) {
    if (statement.type === 'ImportDeclaration') {
      const specifier = statement.specifiers.find((each) => each.local.name === name);
      if (specifier) return typeIn(String(statement.source.value), specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier' ? specifier.imported.name : name, from, depth);
    } else if (depth > 0 && (statement.type === 'ExportAllDeclaration' || statement.type === 'ExportNamedDeclaration') && statement.source) {
      const found = typeIn(String(statement.source.value), name, from, depth);
      if (found) return found;
    }
  }
  return null;
}

function typeIn(module: string, name: string, from: Program, depth: number): ReturnType<TypeNames> {
  const path = from.project.resolve(from.path, module), program = path === null || path === from.path ? null : from.project.program(path);
  return program && declaredType(name, program, depth + 1);
}

const types = new WeakMap<Program, ReadonlyMap<string, TSESTree.TSInterfaceDeclaration | TSESTree.TSTypeAliasDeclaration>>();

/** The interfaces and type aliases that a file declares at its top. */
export function typesOf(program: Program): ReadonlyMap<string, TSESTree.TSInterfaceDeclaration | TSESTree.TSTypeAliasDeclaration> {
  const known = types.get(program);
  if (known) return known;
  const found = new Map<string, TSESTree.TSInterfaceDeclaration | TSESTree.TSTypeAliasDeclaration>();
  for (const statement of program.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration' ? statement.declaration : statement;
    if (declaration?.type === 'TSInterfaceDeclaration' || declaration?.type === 'TSTypeAliasDeclaration') found.set(declaration.id.name, declaration);
  }
  types.set(program, found);
  return found;
}

/** The properties of a type: a literal, an interface with those that it extends, an intersection, a reference to one of these. Empty for others. */
export function propertiesOfType(type: Node, program: Program, depth = 0): TypeProperty[] {
  if (depth > 12) return [];
  switch (type.type) {
    case 'TSInterfaceDeclaration': return [
      ...type.extends.flatMap((base) => base.expression.type === 'Identifier' ? ofReference(base.expression.name, base.typeArguments, program, depth) : []),
      ...members(type.body.body, program),
    ];
    case 'TSTypeAliasDeclaration': return propertiesOfType(type.typeAnnotation, program, depth + 1);
    case 'TSTypeLiteral': return members(type.members, program);
    case 'TSIntersectionType': return type.types.flatMap((each) => propertiesOfType(each, program, depth + 1));
    case 'TSTypeReference': return type.typeName.type === 'Identifier' ? ofReference(type.typeName.name, type.typeArguments, program, depth) : [];
    default: return [];
  }
}

function ofReference(name: string, args: TSESTree.TSTypeParameterInstantiation | undefined, program: Program, depth: number): TypeProperty[] {
  const found = typeNamed(name, program);
  if (found) return propertiesOfType(found.node, found.program, depth + 1);
  // `Omit<Users, 'x'>`, `Readonly<Users>`, `MergeDeep<A, B>`: of the types that it is made of.
  return (args?.params ?? []).flatMap((argument) => propertiesOfType(argument, program, depth + 1));
}

function members(list: readonly TSESTree.TypeElement[], program: Program): TypeProperty[] {
  return list.flatMap((member) => {
    if (member.type !== 'TSPropertySignature' || !member.typeAnnotation) return [];
    const name = member.key.type === 'Identifier' && !member.computed ? member.key.name : member.key.type === 'Literal' ? String(member.key.value) : null;
    return name === null ? [] : [{ name, optional: member.optional, type: member.typeAnnotation.typeAnnotation, key: member.key as Node, program }];
  });
}

/** A property of the type at a path of properties; null where there is none. */
export function propertyAt(type: Node, program: Program, ...path: readonly string[]): TypeProperty | null {
  let at: { type: Node; program: Program } = { type, program }, found: TypeProperty | null = null;
  for (const name of path) {
    found = propertiesOfType(at.type, at.program).find((each) => each.name === name) ?? null;
    if (!found) return null;
    at = found;
  }
  return found;
}

/** Tables of an interface whose name matches: `interface DB { users: UsersTable; 'auth.sessions': SessionsTable }`. */
export function interfaceTables(program: Program, named: RegExp, library: string): TableDeclaration[] {
  return [...typesOf(program)].flatMap(([name, node]) => !named.test(name) ? [] : propertiesOfType(node, program).flatMap((table) => {
    const columns = propertiesOfType(table.type, table.program);
    // Schemas of Supabase have the same name.
    return columns.length === 0 || columns.some((column) => column.name === 'Tables' || column.name === 'Row') ? [] : [tableOf(table, columns, program, library)];
  }));
}

/** A table that a property of a type describes by the properties of its row. */
export function tableOf(table: TypeProperty, columns: readonly TypeProperty[], program: Program, library: string): TableDeclaration {
  const dot = table.name.lastIndexOf('.'), place = (node: Node, owner: Program) => owner === program ? [node.range[0], node.range[1]] as const : [table.key.range[0], table.key.range[1]] as const;
  return {
    kind: 'create', library, name: table.name.slice(dot + 1), schema: dot > 0 ? table.name.slice(0, dot) : null, range: place(table.key, table.program), dropped: [], marker: null,
    columns: columns.map((column): ColumnDeclaration => {
      const kinds = kindsOf(column.type, column.program);
      return {
        name: column.name, property: column.name, type: [...kinds.types][0] ?? 'unknown', typeText: column.program.textOf(column.type), nullable: column.optional || kinds.nullable,
        hasDefault: kinds.generated, range: place(column.key, column.program),
      };
    }),
  };
}

interface Kinds {
  readonly types: ReadonlySet<ColumnType>;
  readonly nullable: boolean;
  readonly generated: boolean;
}

/** What a column's type says: of `ColumnType<Select, Insert, Update>` and `Generated<T>` what a SELECT gives. */
function kindsOf(type: TSESTree.TypeNode, program: Program, depth = 0): Kinds {
  const one = (kind: ColumnType): Kinds => ({ types: new Set([kind]), nullable: false, generated: false });
  if (depth > 8) return one('unknown');
  switch (type.type) {
    case 'TSBooleanKeyword': return one('boolean');
    case 'TSStringKeyword': return one('text');
    case 'TSNumberKeyword': case 'TSBigIntKeyword': return one('integer');
    case 'TSNullKeyword': case 'TSUndefinedKeyword': return { types: new Set(), nullable: true, generated: false };
    case 'TSLiteralType': return one(type.literal.type === 'Literal' && typeof type.literal.value === 'boolean' ? 'boolean' : type.literal.type === 'Literal' && typeof type.literal.value === 'number' ? 'integer' : 'text');
    case 'TSUnionType': {
      const parts = type.types.map((each) => kindsOf(each, program, depth + 1));
      const kinds = new Set(parts.flatMap((part) => [...part.types]));
      // A moment is read as a text by some drivers: `Date | string`.
      return { types: kinds.has('timestamp') ? new Set<ColumnType>(['timestamp']) : kinds, nullable: parts.some(({ nullable }) => nullable), generated: parts.some(({ generated }) => generated) };
    }
    case 'TSTypeReference': {
      const name = type.typeName.type === 'Identifier' ? type.typeName.name : type.typeName.type === 'TSQualifiedName' ? type.typeName.right.name : '';
      const argument = type.typeArguments?.params[0];
      if (name === 'Date' || name === 'Timestamp') return one('timestamp');
      if (name === 'Int8' || name === 'Int64') return one('integer');
      if (argument && /^(?:Generated|GeneratedAlways|ColumnType|Nullable|Maybe)$/.test(name)) {
        const inner = kindsOf(argument, program, depth + 1);
        return { ...inner, nullable: inner.nullable || /^(?:Nullable|Maybe)$/.test(name), generated: name.startsWith('Generated') || inner.generated };
      }
      const found = typeNamed(name, program);
      return found?.node.type === 'TSTypeAliasDeclaration' ? kindsOf(found.node.typeAnnotation, found.program, depth + 1) : one('unknown');
    }
    default: return one('other');
  }
}

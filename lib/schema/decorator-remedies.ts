/** Edits of entity classes. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Edit, Remedy } from '../model/query.js';
import type { ColumnDeclaration, ForeignKeyDeclaration, KeyDeclaration } from '../model/schema.js';
import { parentOf, unwrap } from '../source/ast.js';
import { camelCase, mended, objectAt, withArgument, withoutProperties, withProperty } from './edits.js';
import { optionsOf, type Member } from './entities.js';
import { property, within, type DecoratorUse } from './program.js';
import type { Program } from './project.js';

const OPTIONS_ELSEWHERE = /^(?:Identifier|MemberExpression|CallExpression|SpreadElement)$/;

/** Writes an option of a decorator: into the object that it has, or as one behind its other arguments. */
export function withOption(use: DecoratorUse, name: string, value: string, program: Program): Edit | null {
  const options = optionsOf(use), object = objectAt(options, program), call = unwrap(use.at.node);
  if (object) return withProperty(object, name, value, program);
  // The last argument may be options of another place.
  if (options || call.type !== 'CallExpression' || OPTIONS_ELSEWHERE.test(call.arguments.at(-1)?.type ?? '')) return null;
  return withArgument(within(use.at, call), call.arguments.length, `{ ${name}: ${value} }`, program);
}

/** TypeORM's `onDelete` of a relation. */
export function relationAction(use: DecoratorUse, program: Program): NonNullable<ForeignKeyDeclaration['withAction']> {
  return (action) => mended([withOption(use, 'onDelete', `'${action.toUpperCase()}'`, program)], `onDelete: '${action.toUpperCase()}'`);
}

/** TypeORM's `where` of `@Index`; `@Unique` has none, and MySQL leaves it out. */
export function partialIndex(use: DecoratorUse, program: Program): NonNullable<KeyDeclaration['asPartial']> {
  return (condition, without = []) => {
    if (use.name !== 'Index' || without.length > 0 || property(optionsOf(use), 'where') || program.dialect === 'mysql' || program.dialect === 'mariadb') return null;
    const value = `'${condition.replaceAll("'", "\\'")}'`;
    return mended([withOption(use, 'where', value, program)], `where: ${value}`);
  };
}

/** What a library's decorators of columns are called, and how they say what edits write. */
interface ColumnWords {
  readonly decorator: string;
  /** Options that fill a column in. */
  readonly fills: readonly string[];
  /** The options of a nullable moment of this name, for a property that is called `property`. */
  moment(name: string, property: string, program: Program): string;
  /** The declaration of a property that may hold no moment. */
  declared(property: string): string;
}

const TYPEORM: ColumnWords = {
  decorator: 'Column', fills: ['default'],
  moment: (name, own, { dialect }) => `{ ${own === name ? '' : `name: '${name}', `}type: '${dialect === 'postgresql' ? 'timestamptz' : 'datetime'}', nullable: true }`,
  declared: (own) => `${own}: Date | null`,
};

/** A column of TypeORM. */
export function columnRemedies(member: Member, use: DecoratorUse, program: Program): ColumnEdits {
  return decoratedColumn(member, use, program, TYPEORM);
}

type ColumnEdits = Pick<ColumnDeclaration, 'asTimestamp' | 'asNullable'>;

/** Edits of a column that a decorator with options declares. */
export function decoratedColumn(member: Member, use: DecoratorUse, program: Program, words: ColumnWords): ColumnEdits {
  return {
    asTimestamp: (name) => asMoment(member, use, name, program, words),
    asNullable: () => use.name === words.decorator ? nullableObject(objectAt(optionsOf(use), program), words.fills, program) : null,
  };
}

/** Takes what fills a column in out of its options, and writes `nullable`. */
export function nullableObject(object: TSESTree.ObjectExpression | null, fills: readonly string[], program: Program): Remedy | null {
  const write = object && withProperty(object, 'nullable', 'true', program);
  if (!object || !write) return null;
  const gone = withoutProperties(object, fills);
  // Two edits at one place would be in each other's way.
  return gone.some(({ range }) => range[0] <= write.range[1] && write.range[0] <= range[1]) ? null : mended([...gone, write], 'nullable: true');
}

function asMoment(member: Member, use: DecoratorUse, name: string, program: Program, words: ColumnWords): Remedy | null {
  const call = unwrap(use.at.node), field = parentOf(member.at.node);
  if (use.at.program !== program || member.at.program !== program || call.type !== 'CallExpression' || use.name !== words.decorator || field?.type !== 'PropertyDefinition' || field.computed) return null;
  const own = camelCase(name), options = words.moment(name, own, program), callee = program.textOf(call.callee);
  const declared = words.declared(own), last = field.value ?? field.typeAnnotation ?? field.key;
  return mended([{ range: [call.range[0], call.range[1]], text: `${callee}(${options})` }, { range: [field.key.range[0], last.range[1]], text: declared }], `@${callee}(${options}) ${declared}`);
}

/** Edits of entity classes. */
import type { Edit, Remedy } from '../model/query.js';
import type { ColumnDeclaration, ForeignKeyDeclaration, KeyDeclaration } from '../model/schema.js';
import { parentOf, unwrap } from '../source/ast.js';
import { mended, objectAt, withArgument, withoutProperties, withProperty } from './edits.js';
import { optionsOf, type Member } from './entities.js';
import { property, within, type DecoratorUse, type Program } from './program.js';

/** Writes an option of a decorator: into the object that it has, or as one behind its other arguments. */
export function withOption(use: DecoratorUse, name: string, value: string, program: Program): Edit | null {
  const options = optionsOf(use), object = objectAt(options, program), call = unwrap(use.at.node);
  if (object) return withProperty(object, name, value, program);
  if (options || call.type !== 'CallExpression') return null;
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

/** A column of TypeORM. */
export function columnRemedies(member: Member, use: DecoratorUse, program: Program): Pick<ColumnDeclaration, 'asTimestamp' | 'asNullable'> {
  return {
    asTimestamp: (name) => asMoment(member, use, name, program),
    asNullable: () => {
      const object = objectAt(optionsOf(use), program), write = object && withProperty(object, 'nullable', 'true', program);
      if (!object || !write || use.name !== 'Column') return null;
      const gone = withoutProperties(object, ['default']);
      return gone.some(({ range }) => range[0] <= write.range[1] && write.range[0] <= range[1]) ? null : mended([...gone, write], 'nullable: true');
    },
  };
}

function asMoment(member: Member, use: DecoratorUse, name: string, program: Program): Remedy | null {
  const call = unwrap(use.at.node), field = parentOf(member.at.node);
  if (use.at.program !== program || member.at.program !== program || call.type !== 'CallExpression' || use.name !== 'Column' || field?.type !== 'PropertyDefinition' || field.computed) return null;
  const named = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), type = program.dialect === 'postgresql' ? 'timestamptz' : 'datetime';
  const options = `{ ${named === name ? '' : `name: '${name}', `}type: '${type}', nullable: true }`, callee = program.textOf(call.callee);
  const declared = `${named}: Date | null`, last = field.value ?? field.typeAnnotation ?? field.key;
  return mended([{ range: [call.range[0], call.range[1]], text: `${callee}(${options})` }, { range: [field.key.range[0], last.range[1]], text: declared }], `@${callee}(${options}) ${declared}`);
}

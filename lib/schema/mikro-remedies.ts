/** Edits of MikroORM's entities. It has no partial indexes but by an expression (@mikro-orm/core 6, `UniqueOptions`), so keys have none. */
import type { Edit } from '../model/query.js';
import type { ColumnDeclaration, ForeignKeyDeclaration } from '../model/schema.js';
import { unwrap } from '../source/ast.js';
import { callNamed, type Chain } from './chains.js';
import { decoratedColumn, nullableObject, withOption } from './decorator-remedies.js';
import { behind, camelCase, chainAction, mended, objectAt, replaced, withoutCalls, withProperty } from './edits.js';
import { optionsOf, type Member } from './entities.js';
import { property, type DecoratorUse } from './program.js';
import type { Located, Program } from './project.js';

/** What an entity's property brings to the column or foreign key that it becomes. */
export interface PropertyEdits extends Pick<ColumnDeclaration, 'asTimestamp' | 'asNullable' | 'asNamed'>, Pick<ForeignKeyDeclaration, 'withAction'> {}

/** Options and calls that fill a column in. */
const FILLS = ['default', 'defaultRaw', 'onCreate'];

/** `UnderscoreNamingStrategy.underscore`: the column of a property whose declaration names none. */
export function underscore(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
}

/** `fieldName`, where the naming strategy would make another column of the property. */
function naming(name: string, own: string): string {
  return underscore(own) === name ? '' : `fieldName: '${name}', `;
}

/** `@Property({ .. })`, `@ManyToOne(() => User)`. */
export function decoratorEdits(member: Member, use: DecoratorUse, program: Program): PropertyEdits {
  return {
    ...decoratedColumn(member, use, program, {
      decorator: 'Property', fills: FILLS,
      moment: (name, own) => `{ ${naming(name, own)}type: 'datetime', nullable: true }`,
      declared: (own) => `${own}?: Date | null`,
    }),
    asNamed: (name) => mended([withOption(use, 'fieldName', `'${name}'`, program)], `fieldName: '${name}'`),
    withAction: (action) => {
      // Version 5 calls it `onDelete`.
      const option = property(optionsOf(use), 'onDelete') ? 'onDelete' : 'deleteRule';
      return mended([withOption(use, option, `'${action}'`, program)], `${option}: '${action}'`);
    },
  };
}

/** The name of a property where it is declared, and another one for it; null where it is no plain name. */
function renamedKey(key: Located, name: string, program: Program): Edit | null {
  return key.node.type === 'Identifier' ? replaced(key, name, program) : null;
}

/** `deletedAt: { type: 'datetime' }` of `EntitySchema` and `defineEntity`. */
export function optionEdits(key: Located, options: Located, program: Program): PropertyEdits {
  const object = objectAt(options, program), write = (name: string, text: string) => mended([object && withProperty(object, name, text, program)], `${name}: ${text}`);
  return {
    asTimestamp: (name) => {
      const own = camelCase(name), text = `{ ${naming(name, own)}type: 'datetime', nullable: true }`;
      return object && mended([renamedKey(key, own, program), { range: [object.range[0], object.range[1]], text }], `${own}: ${text}`);
    },
    asNullable: () => nullableObject(object, FILLS, program),
    asNamed: (name) => write('fieldName', `'${name}'`),
    withAction: (action) => write(property(options, 'onDelete') ? 'onDelete' : 'deleteRule', `'${action}'`),
  };
}

/** `deletedAt: p.datetime().nullable()` of `defineEntity`. */
export function builderEdits(key: Located, value: Located, chain: Chain, program: Program): PropertyEdits {
  const first = chain.calls[0]!, last = chain.calls.at(-1)!, callee = unwrap(first.at.node.callee);
  const call = (name: string, text: string) => {
    const known = callNamed(chain, name), shown = `.${name}(${text})`;
    const edits = known ? [known.args[0] ? replaced(known.args[0], text, program) : null] : [behind(last, shown, program)];
    return mended(edits, shown);
  };
  return {
    asTimestamp: (name) => {
      const own = camelCase(name), named = naming(name, own) === '' ? '' : `.fieldName('${name}')`;
      if (callee.type !== 'MemberExpression' || unwrap(value.node).type !== 'CallExpression') return null;
      const text = `${program.textOf(callee.object)}.datetime()${named}.nullable()`;
      return mended([renamedKey(key, own, program), replaced(value, text, program)], `${own}: ${text}`);
    },
    asNullable: () => {
      const gone = withoutCalls(chain, FILLS, program), isLast = FILLS.includes(last.name), write = callNamed(chain, 'nullable') ? [] : isLast ? null : [behind(last, '.nullable()', program)];
      // What goes stands where `.nullable()` would be written: it is written in its place.
      const edits = write ? [...gone, ...write] : gone.map((edit, i) => i === gone.length - 1 && edit ? { ...edit, text: '.nullable()' } : edit);
      return mended(edits, '.nullable()');
    },
    asNamed: (name) => call('fieldName', `'${name}'`),
    withAction: chainAction(chain, last, program, { call: 'deleteRule' }),
  };
}

/** Columns that migrations describe as objects. */
import type { Edit } from '../../model/query.js';
import { foreignKeyAction, type ColumnDeclaration, type ForeignKeyDeclaration, type KeyDeclaration } from '../../model/schema.js';
import { typeKind } from '../../sql/model/declarations.js';
import { mended, objectAt, quotedLike, withoutProperties, withProperty } from '../edits.js';
import { elementsOf, literalValue, propertiesOf, property, resolve, stringValue, within } from '../program.js';
import type { Located } from '../project.js';
import { attributeType } from '../sequelize.js';
import { constructed, type Where } from './style.js';

/** What a description declares. */
export interface Parts {
  readonly columns: ColumnDeclaration[];
  readonly keys: KeyDeclaration[];
  readonly foreignKeys: ForeignKeyDeclaration[];
}

/** A column's description, and where its name stands. */
interface NamedValue {
  readonly name: string;
  /** The name itself. */
  readonly at: Located;
  readonly value: Located;
  /** The property whose key is the name; null where the name is a text of its own. */
  readonly key: Located | null;
}

/** Columns by name, or a list of objects with names; `pairs`: those whose name is an argument of its own. */
export function readColumns(at: Located | null, where: Where, pairs: readonly NamedValue[] = []): Parts {
  const parts: Parts = { columns: [], keys: [], foreignKeys: [] };
  for (const column of [...at ? described(at, where) : [], ...pairs]) readColumn(column, where, parts);
  return parts;
}

function described(at: Located, where: Where): NamedValue[] {
  const byName = (value: Located | null): NamedValue[] => {
    const named = value && propertiesOf(value).get('name')?.value, name = stringValue(named);
    return value && named && name !== null ? [{ name, at: named, value, key: null }] : [];
  };
  if (at.node.type === 'ArrayExpression') return elementsOf(at).flatMap((each) => byName(constructed(each)));
  if (where.style.library === 'typeorm-migration' && propertiesOf(at).has('name')) return byName(at);
  return [...propertiesOf(at).values()].map(({ name, value, at: place }) => {
    const key = place.node.type === 'Property' && !place.node.shorthand && !place.node.computed ? within(place, place.node.key) : null;
    return { name, value, at: place.node.type === 'Property' ? within(place, place.node.key) : place, key };
  });
}

function readColumn({ name: given, at: place, value, key }: NamedValue, where: Where, { columns, keys, foreignKeys }: Parts): void {
  const options = resolve(value), is = (...names: string[]): unknown => names.map((each) => literalValue(property(options, each))).find((found) => found !== undefined);
  const field = property(options, 'field'), name = stringValue(field) ?? given;
  if (name === '') return;
  // node-pg-migrate: `'id'` is a serial primary key.
  const isShorthand = where.style.library === 'node-pg-migrate' && stringValue(options) === 'id';
  const primary = isShorthand || is('primaryKey', 'isPrimary') === true, range = where.place(place);
  const initial = property(options, 'defaultValue') ?? property(options, 'default'), plain = initial ? literalValue(initial) : undefined;
  const nullable = is('allowNull', 'isNullable') ?? (is('notNull') === true ? false : where.style.nullable), generated = is('generatedType', 'asExpression') !== undefined;
  const type = isShorthand ? { type: 'integer' as const, typeText: 'serial' } : typeOf(options, where);
  columns.push({
    name, ...type, nullable: nullable !== false && !primary, hasDefault: isShorthand || initial !== null || is('autoIncrement', 'isGenerated') === true,
    ...(plain !== undefined && { defaultValue: plain }), ...(generated && { generated }), range, ...remedies(place, value, key, field !== null, where),
  });
  const own = { name: null, columns: [name], predicate: null, constraint: true, range };
  if (primary) keys.push({ kind: 'primary', ...own });
  if (is('unique', 'isUnique') === true || (typeof is('unique') === 'string')) keys.push({ kind: 'unique', ...own });
  const references = property(options, 'references'), table = stringValue(references) ?? stringValue(property(references, 'model')) ?? stringValue(property(references, 'tableName')) ?? stringValue(property(property(references, 'model'), 'tableName')) ?? stringValue(property(references, 'name'));
  if (table === null || table === undefined) return;
  const other = stringValue(property(references, 'key')) ?? /\(\s*"?(\w+)"?\s*\)/.exec(table)?.[1] ?? null;
  foreignKeys.push({
    columns: [name], target: targetOf(table.replace(/\(.*$/, '')), references: other === null ? [] : [other], ...actionsOf(options), range,
    withAction: actionEdit(options, where),
  });
}

/** `users`, `app.users`, `"users"`. */
export function targetOf(name: string): ForeignKeyDeclaration['target'] {
  const written = name.trim().replaceAll('"', ''), dot = written.lastIndexOf('.');
  return { table: written.slice(dot + 1), schema: dot > 0 ? written.slice(0, dot) : null, model: null };
}

/** `onDelete` and `onUpdate` of an object. */
export function actionsOf(options: Located): Pick<ForeignKeyDeclaration, 'onDelete' | 'onUpdate'> {
  const action = (side: string) => foreignKeyAction(stringValue(property(options, side)));
  return { onDelete: action('onDelete'), onUpdate: action('onUpdate') };
}

/** Writes `onDelete` into an object. */
export function actionEdit(options: Located, { program }: Where): NonNullable<ForeignKeyDeclaration['withAction']> {
  return (action) => {
    const object = objectAt(options, program), shown = `onDelete: '${action.toUpperCase()}'`;
    return object && mended([withProperty(object, 'onDelete', `'${action.toUpperCase()}'`, program)], shown);
  };
}

/** What a nullable moment is called. */
function momentOf(value: Located, { style, program }: Where): string | null {
  switch (style.library) {
    case 'typeorm-migration': return `type: '${program.dialect === 'postgresql' ? 'timestamptz' : 'datetime'}', isNullable: true`;
    case 'node-pg-migrate': return "type: 'timestamptz'";
    case 'sequelize-migration': {
      const type = attributeType(property(value, 'type') ? propertiesOf(value).get('type')!.value : value).typeText;
      const owner = /^([A-Za-z_$][\w$.]*)\.BOOLEAN\b|^([A-Za-z_$][\w$.]*)\.(?:TINY)?INT/.exec(type);
      return owner ? `type: ${owner[1] ?? owner[2]}.DATE, allowNull: true` : null;
    }
  }
}

function remedies(place: Located, value: Located, key: Located | null, hasField: boolean, where: Where): Pick<ColumnDeclaration, 'asTimestamp' | 'asNullable' | 'asNamed'> {
  const { program, style } = where;
  const rename = (name: string): Edit | null => {
    if (place.program !== program || hasField) return null;
    const isText = place.node.type === 'Literal', bare = /^[A-Za-z_$][\w$]*$/.test(name);
    if (key === null && !isText) return null;
    return { range: [place.node.range[0], place.node.range[1]], text: isText ? quotedLike(name, place) : bare ? name : `'${name}'` };
  };
  return {
    asNamed: (name) => mended([rename(name)], name),
    asTimestamp: (name) => {
      const moment = momentOf(resolve(value), where), object = value.program === program ? value.node : null;
      if (moment === null || !object || object.type === 'Identifier') return null;
      if (style.library === 'typeorm-migration') {
        const literal = objectAt(value, program), text = `{ name: '${name}', ${moment} }`;
        return literal && mended([{ range: [literal.range[0], literal.range[1]], text }], text);
      }
      const text = `{ ${moment} }`;
      return mended([rename(name), { range: [object.range[0], object.range[1]], text }], `${name}: ${text}`);
    },
    asNullable: () => {
      const object = objectAt(value, program);
      if (!object) return null;
      const gone = withoutProperties(object, style.library === 'node-pg-migrate' ? ['notNull', 'default'] : ['default', 'defaultValue']);
      if (style.library === 'node-pg-migrate') return mended(gone, 'no default, and NULL');
      const flag = style.library === 'typeorm-migration' ? 'isNullable' : 'allowNull', write = withProperty(object, flag, 'true', program);
      // Two edits at one place would be in each other's way.
      return gone.some(({ range }) => write && range[0] <= write.range[1] && write.range[0] <= range[1]) ? null : mended([...gone, write], `${flag}: true`);
    },
  };
}

function typeOf(options: Located, where: Where): Pick<ColumnDeclaration, 'type' | 'typeText'> {
  if (options.node.type !== 'ObjectExpression') return writtenType(options, where);
  const type = propertiesOf(options).get('type');
  return type ? writtenType(type.value, where) : { type: 'unknown', typeText: '' };
}

function writtenType(at: Located, { program }: Where): Pick<ColumnDeclaration, 'type' | 'typeText'> {
  const text = stringValue(at);
  return text === null ? attributeType(at) : { type: typeKind(text, program.dialect), typeText: text };
}

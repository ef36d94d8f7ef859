/**
 * Migrations that describe tables as objects, as the schema model: Sequelize's `queryInterface`, TypeORM's `queryRunner`, node-pg-migrate's `pgm`.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Range } from '../model/query.js';
import { foreignKeyAction, type ColumnDeclaration, type ForeignKeyDeclaration, type KeyDeclaration, type TableDeclaration } from '../model/schema.js';
import { lastName, propertyName, unwrap, type Node } from '../source/ast.js';
import { typeKind } from '../sql/model/declarations.js';
import { change, undoing } from './changes.js';
import { sqlPredicate } from './predicates.js';
import { elementsOf, importedName, literalValue, propertiesOf, property, rangeOf, resolve, stringValue, stringValues, within, type Located, type Program } from './program.js';
import type { DeclarationReader } from './read.js';
import { attributeType } from './sequelize.js';

export const migrations: DeclarationReader = {
  library: 'sequelize-migration',
  mentioned: /\b(?:queryInterface|queryRunner|pgm|context)\s*\.\s*\w+(?:Table|Columns?|Index)\s*\(/,
  read(program) {
    const undone = undoing(program.source);
    return program.calls.flatMap((node) => {
      const callee = unwrap(node.callee);
      const verb = callee.type === 'MemberExpression' ? propertyName(callee) : null, owner = callee.type === 'MemberExpression' ? lastName(callee.object) : null;
      const style = owner === null ? null : STYLES[owner];
      return verb === null || !style || undone([node.range[0], node.range[1]]) ? [] : new Migration(program.at(node), program, style).read(verb);
    });
  },
};

interface Style {
  readonly library: string;
  /** Does a column without a word about it take NULL? */
  readonly nullable: boolean;
}

const SEQUELIZE: Style = { library: 'sequelize-migration', nullable: true };
const STYLES: Readonly<Record<string, Style>> = {
  queryInterface: SEQUELIZE, context: SEQUELIZE, queryRunner: { library: 'typeorm-migration', nullable: false }, pgm: { library: 'sql', nullable: true },
};

/** A column's description, and where its name stands. */
interface NamedValue {
  readonly name: string;
  readonly at: Located;
  readonly value: Located;
}

class Migration {
  readonly #args: readonly Located[];

  constructor(private readonly at: Located<TSESTree.CallExpression>, private readonly program: Program, private readonly style: Style) {
    this.#args = at.node.arguments.map((argument) => within(at, argument as Node));
  }

  read(verb: string): TableDeclaration[] {
    const [first, second, third] = this.#args;
    if (!first) return [];
    const options = constructed(first), named = options ? propertiesOf(options).get('name')?.value : null;
    const described = this.#name(named ?? first);
    return (described === null ? stringValues(named ?? first) : [described]).flatMap((name) => this.#verb(verb, name, first, second, third, options));
  }

  #verb(verb: string, name: string, first: Located, second: Located | undefined, third: Located | undefined, options: Located | null): TableDeclaration[] {
    const make = (kind: TableDeclaration['kind'], more: Partial<TableDeclaration> = {}): TableDeclaration[] => [change(kind, this.style.library, name, first, this.program, more)];
    switch (verb) {
      case 'createTable': return make('create', this.#columns(options ? property(options, 'columns') : second ? resolve(second) : null));
      case 'dropTable': return make('drop');
      case 'renameTable': {
        const to = second ? this.#name(second) : null;
        return to === null ? [] : make('alter', { renamedTo: to });
      }
      case 'addColumn': case 'addColumns': case 'changeColumn': {
        const column = second && stringValue(second);
        if (column && third) return make('alter', this.#columns(null, [{ name: column, at: second, value: third }]));
        const described = second && constructed(second);
        if (described?.node.type === 'ArrayExpression' || (described && propertiesOf(described).has('name') && this.style.library === 'typeorm-migration')) return make('alter', this.#columns(described));
        return second ? make('alter', this.#columns(resolve(second))) : [];
      }
      case 'removeColumn': case 'dropColumn': case 'dropColumns': {
        const names = second ? elementsOf(second).flatMap((each) => stringValue(each) ?? stringValue(property(constructed(each), 'name')) ?? []) : [];
        return names.length > 0 ? make('alter', { dropped: names.map((column) => ({ name: column, range: this.#place(second!) })) }) : [];
      }
      case 'renameColumn': {
        const from = stringValue(second), to = stringValue(third);
        return from !== null && to !== null ? make('alter', { renamed: [{ from, to, range: this.#place(third!) }] }) : [];
      }
      case 'addIndex': case 'createIndex': {
        const key = second && this.#index(second, third);
        return key ? make('alter', { keys: [key] }) : [];
      }
      default: return [];
    }
  }

  #place(at: Located): Range {
    return at.program === this.program ? rangeOf(at) : rangeOf(this.at);
  }

  /** `'users'`, `{ tableName: 'users', schema: 'app' }`, `{ name: 'users', schema: 'app' }`. */
  #name(at: Located): string | null {
    const text = stringValue(at);
    if (text !== null) return text;
    const name = stringValue(property(at, 'tableName')) ?? stringValue(property(at, 'name')), schema = stringValue(property(at, 'schema'));
    return name !== null && schema !== null ? `${schema}.${name}` : name;
  }

  /** Columns by name, or a list of objects with names. */
  #columns(at: Located | null, pairs: readonly NamedValue[] = []): Partial<TableDeclaration> {
    const columns: ColumnDeclaration[] = [], keys: KeyDeclaration[] = [], foreignKeys: ForeignKeyDeclaration[] = [];
    for (const { name: given, at: place, value } of [...at ? this.#described(at) : [], ...pairs]) {
      const options = resolve(value), is = (...names: string[]): unknown => names.map((name) => literalValue(property(options, name))).find((found) => found !== undefined);
      const name = stringValue(property(options, 'field')) ?? given;
      if (name === '') continue;
      const primary = is('primaryKey', 'isPrimary') === true, range = this.#place(place);
      const initial = property(options, 'defaultValue') ?? property(options, 'default'), plain = initial ? literalValue(initial) : undefined;
      const nullable = is('allowNull', 'isNullable') ?? (is('notNull') === true ? false : this.style.nullable);
      columns.push({
        name, ...this.#type(options), nullable: nullable !== false && !primary, hasDefault: initial !== null || is('autoIncrement', 'isGenerated') === true,
        ...(plain !== undefined && { defaultValue: plain }), range,
      });
      if (primary) keys.push({ kind: 'primary', name: null, columns: [name], predicate: null, range });
      if (is('unique', 'isUnique') === true) keys.push({ kind: 'unique', name: null, columns: [name], predicate: null, range });
      const references = property(options, 'references'), table = stringValue(references) ?? stringValue(property(references, 'model')) ?? stringValue(property(references, 'tableName'));
      if (table === null || table === undefined) continue;
      const key = stringValue(property(references, 'key')), action = (side: string) => foreignKeyAction(stringValue(property(options, side)));
      foreignKeys.push({ columns: [name], target: { table: table.replace(/\(.*$/, ''), schema: null, model: null }, references: key === null ? [] : [key], onDelete: action('onDelete'), onUpdate: action('onUpdate'), range });
    }
    return { columns, keys, foreignKeys };
  }

  #described(at: Located): NamedValue[] {
    const byName = (value: Located | null): NamedValue[] => {
      const at = value && propertiesOf(value).get('name')?.value, name = stringValue(at);
      return value && at && name !== null ? [{ name, at, value }] : [];
    };
    if (at.node.type === 'ArrayExpression') return elementsOf(at).flatMap((each) => byName(constructed(each)));
    if (this.style.library === 'typeorm-migration' && propertiesOf(at).has('name')) return byName(at);
    return [...propertiesOf(at).values()].map(({ name, value, at: place }) => ({ name, value, at: place.node.type === 'Property' ? within(place, place.node.key) : place }));
  }

  #type(options: Located): Pick<ColumnDeclaration, 'type' | 'typeText'> {
    if (options.node.type === 'ObjectExpression') {
      const type = propertiesOf(options).get('type');
      return type ? this.#typeOf(type.value) : { type: 'unknown', typeText: '' };
    }
    return this.#typeOf(options);
  }

  #typeOf(at: Located): Pick<ColumnDeclaration, 'type' | 'typeText'> {
    const text = stringValue(at);
    return text === null ? attributeType(at) : { type: typeKind(text, 'postgresql'), typeText: text };
  }

  #index(second: Located, third: Located | undefined): KeyDeclaration | null {
    const described = constructed(second), isList = described?.node.type === 'ArrayExpression' || stringValue(second) !== null;
    const options = isList ? third ?? null : described;
    const list = isList ? second : property(options, 'fields') ?? property(options, 'columnNames');
    if (!list) return null;
    const unique = literalValue(property(options, 'unique')) === true || literalValue(property(options, 'isUnique')) === true, where = property(options, 'where'), text = stringValue(where);
    return {
      kind: unique ? 'unique' : 'index', name: stringValue(property(options, 'name')), columns: elementsOf(list).map((each) => stringValue(each) ?? stringValue(property(each, 'name'))),
      predicate: where ? text === null ? { text: where.program.textOf(where.node), expr: null, range: this.#place(where) } : sqlPredicate(text, this.#place(where), 'postgresql') : null, range: this.#place(second),
    };
  }
}

/** The options of `new Table({ .. })`, `new TableColumn({ .. })`; the value itself where it is an object or a list. */
function constructed(at: Located): Located | null {
  const value = resolve(at), { node } = value;
  if (node.type === 'NewExpression' && node.arguments[0] && node.callee.type === 'Identifier' && /^Table/.test(importedName(value.program, node.callee))) return resolve(within(value, node.arguments[0] as Node));
  return node.type === 'ObjectExpression' || node.type === 'ArrayExpression' ? value : null;
}

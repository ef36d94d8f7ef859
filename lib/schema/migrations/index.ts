/**
 * Migrations that describe tables as objects, as the schema model: Sequelize's `queryInterface`, TypeORM's `queryRunner`, node-pg-migrate's `pgm`.
 * Facts: sequelize 6 "Query Interface"; typeorm 0.3 "Migration API"; node-pg-migrate 7 "Tables", "Columns", "Indexes", "Constraints".
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Range } from '../../model/query.js';
import type { DroppedKey, TableDeclaration } from '../../model/schema.js';
import { lastName, propertyName, unwrap, type Node } from '../../source/ast.js';
import { change, undoing } from '../changes.js';
import { elementsOf, propertiesOf, property, rangeOf, resolve, stringValue, stringValues, within } from '../program.js';
import type { Located, Program } from '../project.js';
import type { DeclarationReader } from '../read.js';
import { readColumns, type Parts } from './columns.js';
import { constraintOf, foreignKeyOf, indexOf, namedConstraint, tableOptions, typeormParts, uniqueOf } from './keys.js';
import { constructed, type Style, type Where } from './style.js';

export const migrations: DeclarationReader = {
  library: 'sequelize-migration',
  mentioned: /\b(?:queryInterface|queryRunner|pgm|context)\s*\.\s*\w*(?:Table|Columns?|Index|Indices|Constraints?|ForeignKeys?|PrimaryKey)\s*\(/,
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

const SEQUELIZE: Style = { library: 'sequelize-migration', nullable: true };
const STYLES: Readonly<Record<string, Style>> = {
  queryInterface: SEQUELIZE, context: SEQUELIZE, queryRunner: { library: 'typeorm-migration', nullable: false }, pgm: { library: 'node-pg-migrate', nullable: true },
};

class Migration implements Where {
  readonly #args: readonly Located[];

  constructor(private readonly at: Located<TSESTree.CallExpression>, readonly program: Program, readonly style: Style) {
    this.#args = at.node.arguments.map((argument) => within(at, argument as Node));
  }

  read(verb: string): TableDeclaration[] {
    const [first, second, third] = this.#args;
    if (!first) return [];
    const options = constructed(first), named = options ? propertiesOf(options).get('name')?.value : null;
    const described = this.#name(named ?? first);
    const schema = stringValue(property(options, 'schema'));
    return (described === null ? stringValues(named ?? first) : [described]).flatMap((name) => this.#verb(verb, schema === null ? name : `${schema}.${name}`, first, second, third, options));
  }

  #verb(verb: string, name: string, first: Located, second: Located | undefined, third: Located | undefined, options: Located | null): TableDeclaration[] {
    const make = (kind: TableDeclaration['kind'], more: Partial<TableDeclaration> = {}): TableDeclaration[] => [change(kind, this.style.library, name, first, this.program, more)];
    const alter = (parts: Partial<Parts> | null): TableDeclaration[] => parts ? make('alter', parts) : [];
    const each = <Part>(at: Located | undefined, read: (at: Located) => Part | null): Part[] => at ? elementsOf(at).flatMap((one) => read(one) ?? []) : [];
    switch (verb) {
      case 'createTable': {
        if (options) return make('create', merged(readColumns(property(options, 'columns'), this), typeormParts(options, this)));
        return make('create', merged(readColumns(second ? resolve(second) : null, this), third ? tableOptions(third, this) : {}));
      }
      case 'dropTable': return make('drop');
      case 'renameTable': {
        const to = second ? this.#name(second) : null;
        return to === null ? [] : make('alter', { renamedTo: to });
      }
      case 'addColumn': case 'addColumns': case 'changeColumn': case 'alterColumn': {
        const column = second && stringValue(second);
        if (column && third && this.style.library !== 'typeorm-migration') return alter(readColumns(null, this, [{ name: column, at: second, value: third, key: null }]));
        // TypeORM names the old column, or describes it, and then the new one.
        const described = verb === 'changeColumn' && third ? third : second;
        return described ? alter(readColumns(constructed(described) ?? resolve(described), this)) : [];
      }
      case 'removeColumn': case 'dropColumn': case 'dropColumns': {
        const names = second ? elementsOf(second).flatMap((one) => stringValue(one) ?? stringValue(property(constructed(one), 'name')) ?? [...stringValues(one)]) : [];
        return names.length > 0 ? make('alter', { dropped: names.map((column) => ({ name: column, range: this.place(second!) })) }) : [];
      }
      case 'renameColumn': {
        const from = stringValue(second) ?? stringValue(property(second && constructed(second), 'name')), to = stringValue(third) ?? stringValue(property(third && constructed(third), 'name'));
        return from !== null && to !== null ? make('alter', { renamed: [{ from, to, range: this.place(third!) }] }) : [];
      }
      case 'addIndex': case 'createIndex': {
        const key = second && indexOf(second, third, this);
        return key ? make('alter', { keys: [key] }) : [];
      }
      case 'createIndices': return alter({ keys: each(second, (one) => indexOf(one, undefined, this)) });
      case 'createUniqueConstraint': case 'createUniqueConstraints': return alter({ keys: each(second, (one) => uniqueOf(one, this)) });
      case 'createForeignKey': case 'createForeignKeys': return alter({ foreignKeys: each(second, (one) => foreignKeyOf(one, this)) });
      case 'createPrimaryKey': return second ? alter({ keys: [{ kind: 'primary', name: null, columns: elementsOf(second).map((one) => stringValue(one)), predicate: null, constraint: true, range: this.place(second) }] }) : [];
      case 'addConstraint': case 'createConstraint': return second ? alter(this.style.library === 'node-pg-migrate' ? third ? namedConstraint(stringValue(second), third, this) : null : constraintOf(second, third, this)) : [];
      case 'removeIndex': case 'dropIndex': case 'dropIndices': case 'removeConstraint': case 'dropConstraint': case 'dropUniqueConstraint': case 'dropUniqueConstraints': return second ? this.#droppedKeys(second, third).flatMap((key) => make('alter', { droppedKeys: [key] })) : [];
      default: return [];
    }
  }

  /** By its name, by its columns in a list, or by what it was made of. */
  #droppedKeys(at: Located, options: Located | undefined): DroppedKey[] {
    const range = this.place(at), listed = resolve(at).node.type === 'ArrayExpression', name = stringValue(property(options, 'name'));
    if (!listed) {
      const text = stringValue(at), isColumn = this.style.library === 'node-pg-migrate' && options !== undefined && name === null;
      return [{ name: name ?? (isColumn ? null : text ?? stringValue(property(constructed(at), 'name'))), columns: isColumn && text !== null ? [text] : null, range }];
    }
    const elements = elementsOf(at), columns = elements.map((each) => stringValue(each));
    if (columns.every((column) => column !== null)) return [{ name, columns, range }];
    return elements.map((each) => ({ name: stringValue(property(constructed(each), 'name')), columns: null, range: this.place(each) }));
  }

  place(at: Located): Range {
    return at.program === this.program ? rangeOf(at) : rangeOf(this.at);
  }

  /** `'users'`, `{ tableName: 'users', schema: 'app' }`, `{ name: 'users', schema: 'app' }`. */
  #name(at: Located): string | null {
    const text = stringValue(at);
    if (text !== null) return text;
    const name = stringValue(property(at, 'tableName')) ?? stringValue(property(at, 'name')), schema = stringValue(property(at, 'schema'));
    return name !== null && schema !== null ? `${schema}.${name}` : name;
  }
}

function merged(one: Parts, other: Partial<Parts>): Parts {
  return { columns: one.columns, keys: [...one.keys, ...other.keys ?? []], foreignKeys: [...one.foreignKeys, ...other.foreignKeys ?? []] };
}

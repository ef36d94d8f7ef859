/** Migrations of Knex (`schema.createTable`, `alterTable` ..) as the schema model. Facts: knex 3, "Schema Builder". */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Range } from '../model/query.js';
import { foreignKeyAction, type ColumnDeclaration, type ColumnType, type DroppedKey, type ForeignKeyDeclaration, type KeyDeclaration, type PredicateDeclaration, type TableDeclaration } from '../model/schema.js';
import { dottedNames, isFunction, parentOf, propertyName, traverse, unwrap, wrapped, type FunctionNode, type Node, type Variable } from '../source/ast.js';
import { typeKind } from '../sql/model/declarations.js';
import { callNamed, chainOf, type Chain, type ChainCall } from './chains.js';
import { change, undoing } from './changes.js';
import { chainAction, mended, nullColumn, objectAt, renamedText, withArgument, withoutCalls, withoutElements, withProperty } from './edits.js';
import { nullTest, sqlPredicate } from './predicates.js';
import { elementsOf, literalValue, property, rangeOf, resolve, stringValue, stringValues, within } from './program.js';
import type { Located, Program } from './project.js';
import type { DeclarationReader } from './read.js';

export const knex: DeclarationReader = {
  library: 'knex',
  mentioned: /\b(?:createTable|createTableIfNotExists|alterTable|renameTable|dropTable|dropTableIfExists|schema\s*\.\s*table|\.\s*table)\s*\(/,
  read(program) {
    const undone = undoing(program.source);
    return program.calls.flatMap((node) => undone([node.range[0], node.range[1]]) ? [] : readCall(program.at(node)));
  },
};

function readCall(at: Located<TSESTree.CallExpression>): TableDeclaration[] {
  const { node } = at, callee = unwrap(node.callee);
  const verb = callee.type === 'MemberExpression' ? propertyName(callee) : null;
  const [first, second] = node.arguments.map((argument) => within(at, argument as Node));
  if (verb === null || !first || callee.type !== 'MemberExpression') return [];
  const schema = stringValue(schemaCall(at)?.args[0]);
  return stringValues(first).flatMap((written) => readVerb(verb, at, callee, schema === null ? written : `${schema}.${written}`, first, second));
}

function readVerb(verb: string, at: Located<TSESTree.CallExpression>, callee: TSESTree.MemberExpression, name: string, first: Located, second: Located | undefined): TableDeclaration[] {
  const { node, program } = at;
  switch (verb) {
    case 'createTable': case 'createTableIfNotExists': case 'alterTable': case 'table': case 'createTableLike': {
      const callback = node.arguments.map((argument) => resolve(within(at, argument as Node))).find((each) => isFunction(each.node));
      // `table('x', (t) => ..)` belongs to Knex only behind `schema`.
      if (!callback || (verb === 'table' && !dottedNames(callee.object).includes('schema'))) return [];
      const [client, ...rest] = dottedNames(callee.object);
      const builder = new TableBuilder(program, rangeOf(first.program === program ? first : at), rest[0] === 'schema' ? client ?? null : null);
      builder.read(callback as Located<FunctionNode>);
      return [change(verb.startsWith('create') ? 'create' : 'alter', 'knex', name, first, program, builder.changes)];
    }
    case 'dropTable': case 'dropTableIfExists': return dottedNames(callee.object).includes('schema') ? [change('drop', 'knex', name, first, program)] : [];
    case 'renameTable': {
      const to = stringValue(second);
      return to !== null && dottedNames(callee.object).includes('schema') ? [change('alter', 'knex', name, first, program, { renamedTo: to })] : [];
    }
    default: return [];
  }
}

function schemaCall(at: Located): ChainCall | null {
  const chain = chainOf(at);
  return chain && callNamed(chain, 'withSchema');
}

/** Calls of a table's builder that declare a column by its name. */
const COLUMN_TYPES: Readonly<Record<string, ColumnType>> = {
  boolean: 'boolean', timestamp: 'timestamptz', datetime: 'timestamptz', dateTime: 'timestamptz', date: 'date', integer: 'integer', int: 'integer', bigInteger: 'integer', bigint: 'integer', tinyint: 'integer',
  smallint: 'integer', mediumint: 'integer', increments: 'integer', bigIncrements: 'integer', string: 'text', text: 'text', uuid: 'text', enum: 'text', enu: 'text', time: 'other', float: 'other', double: 'other',
  decimal: 'other', binary: 'other', json: 'other', jsonb: 'other', geometry: 'other', geography: 'other', point: 'other',
};

/** What the callback of `createTable('users', (table) => { .. })` does. */
class TableBuilder {
  readonly #columns: ColumnDeclaration[] = [];
  readonly #dropped: { name: string; range: Range }[] = [];
  readonly #keys: KeyDeclaration[] = [];
  readonly #foreignKeys: ForeignKeyDeclaration[] = [];
  readonly #renamed: { from: string; to: string; range: Range }[] = [];
  readonly #droppedKeys: DroppedKey[] = [];

  /** @param client What the queries are built with: `knex` of `knex.schema.createTable(..)`; null where that is no name. */
  constructor(private readonly program: Program, private readonly fallback: Range, private readonly client: string | null) {}

  get changes(): Partial<TableDeclaration> {
    return { columns: this.#columns, dropped: this.#dropped, keys: this.#keys, foreignKeys: this.#foreignKeys, ...(this.#renamed.length > 0 && { renamed: this.#renamed }), ...(this.#droppedKeys.length > 0 && { droppedKeys: this.#droppedKeys }) };
  }

  read(fn: Located<FunctionNode>, index = 0, depth = 0): void {
    const { node, program } = fn, param = node.params[index];
    const variable = param?.type === 'Identifier' ? program.names.variable(param) : null;
    if (!node.body || depth > 4) return;
    traverse(node.body as Node, program.source.visitorKeys, (each) => {
      if (each.type !== 'CallExpression') return;
      const parent = parentOf(wrapped(each));
      // Only the last call of a chain, which has the others inside.
      if (parent?.type === 'MemberExpression' && unwrap(parent.object) === each && parentOf(wrapped(parent))?.type === 'CallExpression') return;
      const at = within(fn, each as Node);
      if (isTable(rootOfChain(each), variable, program)) {
        const chain = chainOf(at);
        if (chain) this.#statement(chain, at);
        return;
      }
      const given = each.arguments.findIndex((argument) => isTable(unwrap(argument as Node), variable, program));
      const helper = given < 0 ? null : resolve(within(fn, each.callee as Node));
      if (helper && isFunction(helper.node)) this.read(helper as Located<FunctionNode>, given, depth + 1);
    });
  }

  #place(at: Located): Range {
    return at.program === this.program ? rangeOf(at) : this.fallback;
  }

  #statement(chain: Chain, at: Located): void {
    const [first] = chain.calls;
    if (!first) return;
    const range = this.#place(at), texts = first.args.map((argument) => stringValue(argument));
    const list = first.args[0] ? elementsOf(first.args[0]).map((each) => stringValue(each)) : [];
    switch (first.name) {
      case 'dropColumn': case 'dropColumns':
        for (const name of [...list, ...texts.slice(1)]) if (name !== null) this.#dropped.push({ name, range });
        return;
      case 'dropTimestamps': this.#dropped.push({ name: 'created_at', range }, { name: 'updated_at', range }); return;
      case 'renameColumn': {
        const [from, to] = texts;
        if (typeof from === 'string' && typeof to === 'string') this.#renamed.push({ from, to, range });
        return;
      }
      case 'timestamps': case 'comment': case 'engine': case 'charset': case 'collate': case 'inherits': return;
      case 'setNullable': case 'dropNullable': {
        const [name] = texts;
        if (typeof name === 'string') this.#columns.push({ name, type: 'unknown', typeText: '', nullable: first.name === 'setNullable', hasDefault: false, range: this.#place(first.args[0]!) });
        return;
      }
      case 'primary': this.#keys.push({ kind: 'primary', name: null, columns: list, predicate: null, range }); return;
      case 'unique': case 'index': {
        // `index(columns, name, { predicate })`, `unique(columns, { indexName, predicate })`.
        const [, options, more] = first.args, predicate = property(options, 'predicate') ?? property(more, 'predicate');
        this.#keys.push({
          kind: first.name, name: stringValue(options) ?? stringValue(property(options, 'indexName')), columns: list, predicate: predicate && predicateOf(predicate, this.#place(predicate), this.program), range,
          asPartial: this.#asPartial(first, list, predicate !== null),
        });
        return;
      }
      case 'dropUnique': case 'dropIndex': this.#droppedKeys.push({ name: texts[1] ?? null, columns: list.filter((name) => name !== null), range }); return;
      case 'foreign': this.#foreignKey(chain, list.filter((name) => name !== null), range); return;
      default: this.#column(chain, first, texts, range);
    }
  }

  /** Knex 3, "unique", "index": the options of both may hold a predicate, which MySQL leaves out. */
  #asPartial(call: ChainCall, columns: readonly (string | null)[], isPartial: boolean): NonNullable<KeyDeclaration['asPartial']> {
    return (condition, without = []) => {
      const { client, program } = this, [list, options, more] = call.args, column = nullColumn(condition);
      if (isPartial || client === null || !list || program.dialect === 'mysql' || program.dialect === 'mariadb') return null;
      const value = column === null ? `${client}.whereRaw('${condition.replaceAll("'", "\\'")}')` : `${client}.whereNull('${column}')`, shown = `predicate: ${value}`;
      const gone = withoutElements(list, without, columns, program), name = options && stringValue(options), isIndex = call.name === 'index', held = isIndex ? more : options;
      if (isIndex && !options) return mended([...gone, withArgument(call.at, 1, `undefined, { ${shown} }`, program)], shown);
      if (!held) return mended([...gone, withArgument(call.at, isIndex ? 2 : 1, `{ ${shown} }`, program)], shown);
      if (!isIndex && typeof name === 'string') return more ? null : mended([...gone, withArgument(call.at, 1, `{ indexName: '${name}', ${shown} }`, program)], shown);
      const object = objectAt(held, program);
      return object && mended([...gone, withProperty(object, 'predicate', value, program)], shown);
    };
  }

  #column(chain: Chain, first: ChainCall, texts: readonly (string | null)[], range: Range): void {
    const name = texts[0] ?? (/^(?:bigI|i)ncrements$/.test(first.name) && first.args.length === 0 ? 'id' : null);
    const isSpecific = first.name === 'specificType' || first.name === 'specific';
    if (name === null || (!(first.name in COLUMN_TYPES) && !isSpecific)) return;
    const value = callNamed(chain, 'defaultTo'), plain = value?.args[0] ? literalValue(value.args[0]) : undefined;
    const zoned = literalValue(property(first.args[1], 'useTz')) ?? (first.args[1] ? literalValue(first.args[1]) : undefined);
    const type = isSpecific ? typeKind(texts[1] ?? '', 'postgresql') : COLUMN_TYPES[first.name]!;
    const isKey = /ncrements$/.test(first.name) || callNamed(chain, 'primary') !== null;
    const at = first.args[0] ? this.#place(first.args[0]) : range;
    this.#columns.push({
      name, type: type === 'timestamptz' && (zoned === false || (first.name !== 'timestamp' && zoned === true)) ? 'timestamp' : type, typeText: isSpecific ? texts[1] ?? '' : first.name,
      nullable: !isKey && !callNamed(chain, 'notNullable', 'notNull'), hasDefault: value !== null || /ncrements$/.test(first.name), ...(plain !== undefined && { defaultValue: plain }), range: at, ...this.#remedies(chain, first),
    });
    if (isKey) this.#keys.push({ kind: 'primary', name: null, columns: [name], predicate: null, range: at });
    if (callNamed(chain, 'unique')) this.#keys.push({ kind: 'unique', name: null, columns: [name], predicate: null, range: at });
    this.#foreignKey(chain, [name], at);
  }

  #remedies(chain: Chain, first: ChainCall): Pick<ColumnDeclaration, 'asTimestamp' | 'asNullable' | 'asNamed'> {
    const { program } = this, last = chain.calls.at(-1)!, object = chain.object;
    return {
      asTimestamp: (name) => {
        if (!object || last.at.program !== program || object.program !== program) return null;
        const text = `${program.textOf(object.node)}.timestamp('${name}').nullable()`;
        return mended([{ range: [last.at.node.range[0], last.at.node.range[1]], text }], text);
      },
      asNullable: () => mended(withoutCalls(chain, ['notNullable', 'notNull', 'defaultTo'], program), '.nullable()'),
      asNamed: (name) => mended([renamedText(first.args[0], name, program)], `'${name}'`),
    };
  }

  /** `.references('id').inTable('users')`, `.references('users.id')`. */
  #foreignKey(chain: Chain, columns: readonly string[], range: Range): void {
    const references = callNamed(chain, 'references');
    if (!references?.args[0] || columns.length === 0) return;
    const others = elementsOf(references.args[0]).flatMap((each) => stringValue(each) ?? []);
    const table = stringValue(callNamed(chain, 'inTable', 'on')?.args[0]) ?? (others[0]?.includes('.') ? others[0].slice(0, others[0].lastIndexOf('.')) : null);
    if (table === null) return;
    const dot = table.lastIndexOf('.'), action = (name: string) => foreignKeyAction(stringValue(callNamed(chain, name)?.args[0]));
    this.#foreignKeys.push({
      columns, target: { table: table.slice(dot + 1), schema: dot > 0 ? table.slice(0, dot) : null, model: null }, references: others.map((each) => each.slice(each.lastIndexOf('.') + 1)),
      onDelete: action('onDelete'), onUpdate: action('onUpdate'), range,
      withAction: chainAction(chain, callNamed(chain, 'inTable', 'on') ?? references, this.program, { spell: (action) => action.toUpperCase() }),
    });
  }
}

function rootOfChain(node: Node): Node {
  for (let at = unwrap(node); ; ) {
    if (at.type === 'MemberExpression') at = unwrap(at.object);
    else if (at.type === 'CallExpression' && unwrap(at.callee).type === 'MemberExpression') at = unwrap(at.callee);
    else return at;
  }
}

function isTable(node: Node, variable: Variable | null, program: Program): boolean {
  return variable === null ? node.type === 'ThisExpression' : node.type === 'Identifier' && program.names.variable(node) === variable;
}

/** `knex.whereNull('deleted_at')`, `knex.raw('deleted_at is null')`. */
function predicateOf(at: Located, range: Range, { dialect }: Program): PredicateDeclaration {
  const last = chainOf(at)?.calls.at(-1), text = at.program.textOf(at.node), argument = stringValue(last?.args[0]);
  if (last && argument !== null && /^whereNull$|^whereNotNull$/.test(last.name)) return { text, expr: nullTest(argument, last.name === 'whereNotNull', range), range };
  return last && argument !== null && /[rR]aw$/.test(last.name) ? { ...sqlPredicate(argument, range, dialect), text } : { text, expr: null, range };
}

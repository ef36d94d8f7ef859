/** Prisma schemas (`schema.prisma`) as the schema model. Naming rules: Prisma schema reference, "@@map", "@map", "@@schema". */
import type { BlockAttribute, Field, KeyValue, Value } from '@mrleebo/prisma-ast';
import type { Dialect } from '../manifest/catalog.js';
import type { Expr, Range } from '../model/query.js';
import { foreignKeyAction, type ColumnDeclaration, type ColumnType, type ForeignKeyDeclaration, type KeyDeclaration, type PredicateDeclaration, type RelationDeclaration, type TableDeclaration } from '../model/schema.js';
import { argument, find, isKeyValue, listOf, plainValue, positional, rawText, stringArgument, stringOf, type Attr } from './prisma/arguments.js';
import { closingBrace, endOfArguments, parseBlock, splitBlocks, type Parsed, type SchemaBlock, type UnreadPart } from './prisma/blocks.js';
import { endOfLine, mappedField, optionalField, partialKey, relationAction } from './prisma/remedies.js';
import { conjunction, equals, nullTest, sqlPredicate } from './predicates.js';

/** What a schema declares, and the lines of its models that nobody understands. */
export interface PrismaReading {
  readonly declarations: readonly TableDeclaration[];
  readonly unread: readonly UnreadPart[];
}

/** The models and views of a schema. A block, or a line of one, that cannot be read is left out. Never throws. */
export function readPrisma(text: string, dialect?: Dialect): TableDeclaration[] {
  return [...readPrismaSchema(text, dialect).declarations];
}

/**
 * The models and views of a schema, with what could not be read of them. Never throws.
 * @param dialect What the schema's own `datasource` does not say: schemas may consist of several files.
 */
export function readPrismaSchema(text: string, dialect: Dialect = 'postgresql'): PrismaReading {
  const blocks = splitBlocks(text), own = prismaDialect(text), spoken = own ?? dialect;
  const models = new Set(blocks.filter(({ kind }) => kind !== 'enum').map(({ name }) => name));
  const enums = new Set(blocks.filter(({ kind }) => kind === 'enum' || kind === 'type').map(({ name }) => name));
  const unread: UnreadPart[] = [];
  const declarations = blocks.filter(({ kind }) => kind === 'model' || kind === 'view').flatMap((block) => {
    const fields = parseBlock(block, unread);
    return fields ? [{ ...new ModelReader(text, block, fields, models, enums, spoken).read(), ...(own && { dialect: own }) }] : [];
  });
  return { declarations, unread };
}

const PROVIDERS: Readonly<Record<string, Dialect>> = { postgresql: 'postgresql', postgres: 'postgresql', cockroachdb: 'postgresql', mysql: 'mysql', sqlite: 'sqlite' };

/** The dialect that a schema's `datasource` names, or null. */
export function prismaDialect(text: string): Dialect | null {
  const provider = /^\s*datasource\s+\w+\s*\{[^}]*?^\s*provider\s*=\s*"(\w+)"/m.exec(text)?.[1];
  return PROVIDERS[provider ?? ''] ?? null;
}

interface FieldInfo {
  readonly field: Field;
  readonly column: string;
  readonly range: Range;
  readonly shift: number;
}

const SCALARS: Readonly<Record<string, ColumnType>> = {
  Boolean: 'boolean', DateTime: 'timestamp', Int: 'integer', BigInt: 'integer', String: 'text', Float: 'other', Decimal: 'other', Json: 'other', Bytes: 'other',
};

class ModelReader {
  readonly #fields: FieldInfo[];
  readonly #attributes: { readonly attribute: BlockAttribute; readonly shift: number }[];

  constructor(
    private readonly text: string, private readonly block: SchemaBlock, parsed: readonly Parsed[],
    private readonly models: ReadonlySet<string>, private readonly enums: ReadonlySet<string>, private readonly dialect: Dialect,
  ) {
    const properties = parsed.flatMap((part) => part.properties.map((property) => ({ property, shift: part.shift })));
    this.#fields = properties.flatMap(({ property, shift }) => {
      if (property.type !== 'field') return [];
      const start = (property.location?.startOffset ?? 0) + shift;
      return [{ field: property, column: stringArgument(find(property.attributes, 'map')) ?? property.name, range: [start, start + property.name.length] as const, shift }];
    });
    this.#attributes = properties.flatMap(({ property, shift }) => property.type === 'attribute' ? [{ attribute: property, shift }] : []);
  }

  read(): TableDeclaration {
    const { name, nameRange } = this.block;
    const attributes = this.#attributes.map(({ attribute }) => attribute);
    const columns: ColumnDeclaration[] = [], keys: KeyDeclaration[] = [], foreignKeys: ForeignKeyDeclaration[] = [], relations: RelationDeclaration[] = [];
    for (const info of this.#fields) {
      if (find(info.field.attributes, 'ignore')) continue;
      const type = typeof info.field.fieldType === 'string' ? info.field.fieldType : 'Unsupported';
      const isScalar = type in SCALARS || type === 'Unsupported' || this.enums.has(type);
      const relation = isScalar ? null : this.#relation(info, type);
      // A type of another file may be an enumeration.
      if (isScalar || (!this.models.has(type) && !find(info.field.attributes, 'relation'))) columns.push(this.#column(info, type));
      if (relation) relations.push(relation);
      const key = relation && this.#foreignKey(info, relation);
      if (key) foreignKeys.push(key);
      for (const kind of ['id', 'unique'] as const) {
        const attribute = find(info.field.attributes, kind);
        if (attribute) keys.push(this.#key(kind === 'id' ? 'primary' : 'unique', attribute, info.shift, [info.column]));
      }
    }
    for (const { attribute, shift } of this.#attributes) {
      const kind = KEY_KINDS[attribute.name];
      if (kind && !attribute.group) keys.push(this.#key(kind, attribute, shift, this.#columnsOf(argument(attribute, 'fields') ?? positional(attribute))));
    }
    return {
      kind: 'create', library: 'prisma', name: stringArgument(find(attributes, 'map')) ?? name, schema: stringArgument(find(attributes, 'schema')), range: nameRange, models: [name],
      columns, dropped: [], keys, foreignKeys, relations, marker: null,
    };
  }

  #column({ field, column, range, shift }: FieldInfo, type: string): ColumnDeclaration {
    const native = field.attributes?.find((attribute) => attribute.group === 'db')?.name ?? null;
    const value = find(field.attributes, 'default');
    const plain = plainValue(positional(value) ?? argument(value, 'value'));
    const isList = field.array === true;
    const optional = field.optional === true || isList;
    return {
      name: column, property: field.name, type: isList ? 'other' : columnType(type, native), typeText: `${type}${isList ? '[]' : ''}${native ? ` @db.${native}` : ''}`,
      nullable: optional && !find(field.attributes, 'id'), hasDefault: value !== undefined || find(field.attributes, 'updatedAt') !== undefined,
      ...(plain && { defaultValue: plain.value }), range,
      asTimestamp: (name) => {
        const line = endOfLine(this.text, range[0]);
        const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
        const declaration = `${camel} DateTime?${camel === name ? '' : ` @map("${name}")`}`;
        return line === null ? null : { edits: [{ range: [range[0], line], text: declaration }], shown: declaration };
      },
      asNullable: () => optionalField(this.text, range[0], this.#placeOf(value, shift)),
      asNamed: (name) => mappedField(this.text, range[0], this.#placeOf(find(field.attributes, 'map'), shift), name),
    };
  }

  /** Where an attribute stands, its arguments included; null where it does not. */
  #placeOf(attribute: Attr | undefined, shift: number): Range | null {
    const { startOffset, endOffset } = attribute?.location ?? {};
    return startOffset === undefined || endOffset === undefined ? null : [startOffset + shift, endOfArguments(this.text, endOffset + 1 + shift)];
  }

  #relation({ field, range }: FieldInfo, type: string): RelationDeclaration | null {
    const attribute = find(field.attributes, 'relation');
    const own = this.#columnsOf(argument(attribute, 'fields')), references = listOf(argument(attribute, 'references'));
    const pair = stringOf(positional(attribute)) ?? stringOf(argument(attribute, 'name'));
    const on = own.length > 0 && own.length === references.length && own.every((column) => column !== null)
      ? Object.fromEntries(own.map((column, i) => [column!, references[i]!])) : null;
    return {
      property: field.name, target: { table: null, schema: null, model: type }, many: field.array === true, optional: field.array ? null : field.optional === true,
      on, through: null, ...(pair !== null && { pair }), predicate: null, range,
    };
  }

  #foreignKey({ field, range, shift }: FieldInfo, relation: RelationDeclaration): ForeignKeyDeclaration | null {
    if (!relation.on) return null;
    const attribute = find(field.attributes, 'relation');
    const action = (name: string) => foreignKeyAction(rawText(argument(attribute, name)));
    return {
      columns: Object.keys(relation.on), target: relation.target, references: Object.values(relation.on), onDelete: action('onDelete'), onUpdate: action('onUpdate'), range,
      withAction: (wanted) => {
        const place = this.#placeOf(attribute, shift);
        return place && relationAction(this.text, place, wanted);
      },
    };
  }

  #key(kind: KeyDeclaration['kind'], attribute: Attr, shift: number, columns: readonly (string | null)[]): KeyDeclaration {
    const start = (attribute.location?.startOffset ?? 0) + shift, range: Range = [start, (attribute.location?.endOffset ?? 0) + 1 + shift];
    return {
      kind, name: stringOf(argument(attribute, 'map')), columns, predicate: this.#predicate(attribute, shift), range,
      ...(kind !== 'primary' && { asPartial: (condition: string, without: readonly string[] = []) => partialKey(this.text, this.#placeOf(attribute, shift) ?? range, condition, without, this.dialect, (column) => this.#fields.find((info) => info.column === column)?.field.name ?? null) }),
    };
  }

  /** Prisma 7 (preview feature `partialIndexes`): an object of fields, or `raw("..")`. */
  #predicate(attribute: Attr, shift: number): PredicateDeclaration | null {
    const pairs = (attribute.args ?? []).flatMap(({ value }) => isKeyValue(value) && value.key === 'where' ? [value] : []);
    const where = pairs[0] as (KeyValue & { location?: { startOffset: number; endOffset?: number } }) | undefined;
    if (!where?.location) return null;
    const from = (where.location.endOffset ?? 0) + 1 + shift;
    const raw = /^\s*:\s*raw\s*\(\s*"((?:[^"\\]|\\.)*)"/.exec(this.text.slice(from));
    if (raw) {
      const start = from + raw[0].length - 1 - raw[1]!.length;
      return sqlPredicate(raw[1]!, [start, start + raw[1]!.length], this.dialect);
    }
    const open = this.text.indexOf('{', from);
    if (open < 0 || !/^\s*:\s*$/.test(this.text.slice(from, open))) return null;
    const end = closingBrace(this.text, open + 1) + 1, written = this.text.slice(open, end);
    return { text: written, expr: this.#conditions(written, [open, end]), range: [open, end] };
  }

  #conditions(written: string, range: Range): Expr | null {
    const entry = /(\w+)\s*:\s*(?:\{\s*not\s*:\s*(null)\s*\}|(null|true|false|-?\d+)|"((?:[^"\\]|\\.)*)")\s*(?:,|(?=\}))|[^\s{},]+/g;
    const conditions = [...written.matchAll(entry)].map(([, name, not, plain, string]): Expr | null => {
      const column = name === undefined ? null : this.#columnOf(name);
      if (column === null) return null;
      return not ? nullTest(column, true, range) : equals(column, string ?? (JSON.parse(plain!) as null | boolean | number), range);
    });
    return conjunction(conditions, range);
  }

  #columnsOf(value: Value | undefined): (string | null)[] {
    return listOf(value).map((name) => this.#columnOf(name));
  }

  #columnOf(field: string): string | null {
    return this.#fields.find((info) => info.field.name === field)?.column ?? null;
  }
}

const KEY_KINDS: Readonly<Record<string, KeyDeclaration['kind']>> = { id: 'primary', unique: 'unique', index: 'index' };

function columnType(type: string, native: string | null): ColumnType {
  if (native === 'Date') return 'date';
  if (native !== null && /^(Timestamptz|DateTimeOffset)$/i.test(native)) return 'timestamptz';
  if (native !== null && /^(Bit|TinyInt)$/i.test(native) && type === 'Boolean') return 'boolean';
  return SCALARS[type] ?? 'other';
}

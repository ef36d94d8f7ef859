import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import ts from 'typescript';
import { validatorCode } from '../../tools/build-manifest-validator.js';

const root = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Schema {
  $ref?: string;
  description?: string;
  title?: string;
  allOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema | true>;
  required?: string[];
  definitions?: Record<string, Schema>;
  [keyword: string]: unknown;
}
const schemas = { manifest: JSON.parse(read('manifest.schema.json')) as Schema, settings: JSON.parse(read('lib/manifest/settings.schema.json')) as Schema };

/** Every schema within a schema, with the pointer to it. */
function subschemas(schema: unknown, pointer = '#'): [string, Schema][] {
  if (typeof schema !== 'object' || schema === null) return [];
  return [...(Array.isArray(schema) ? [] : [[pointer, schema as Schema] as [string, Schema]]), ...Object.entries(schema).flatMap(([key, value]) => subschemas(value, `${pointer}/${key}`))];
}

/** Names of the properties of an object schema: `name`, or `name?` where it may be left out. */
function propertiesOf(schema: Schema): string[] {
  const parts = [schema, ...(schema.allOf ?? []).map((part) => schemas.manifest.definitions![part.$ref!.split('/').at(-1)!]!)];
  const required = new Set([...parts.flatMap((part) => part.required ?? []), ...('kind' in (schema.properties ?? {}) ? ['kind'] : [])]);
  return [...new Set(parts.flatMap((part) => Object.keys(part.properties ?? {})))].map((name) => required.has(name) ? name : `${name}?`).sort();
}

describe('the schema of the manifest', () => {
  it('is what the generated code was made from', () => {
    assert.ok(read('lib/manifest/structure.generated.ts') === validatorCode(), 'run npx tsx tools/build-manifest-validator.ts');
  });

  it('gives code that needs no package at run time', () => {
    assert.doesNotMatch(validatorCode(), /\brequire\(|\bimport\b/);
  });

  for (const [name, schema] of Object.entries(schemas)) {
    it(`is a valid schema of draft-07: ${name}`, () => {
      const ajv = new Ajv({ strict: false });
      assert.equal(ajv.validateSchema(schema), true, ajv.errorsText());
    });

    it(`explains every key to an editor: ${name}`, () => {
      const silent = subschemas(schema).flatMap(([pointer, { properties }]) => Object.entries(pointer.endsWith('/properties') ? {} : properties ?? {})
        .filter(([, value]) => {
          const { description, $ref } = value === true ? { description: 'elsewhere' } as Schema : value;
          return !(description ?? schema.definitions?.[$ref?.split('/').at(-1) ?? '']?.description);
        }).map(([key]) => `${pointer}/${key}`));
      assert.deepEqual(silent, []);
    });

    it(`accepts no unknown key anywhere: ${name}`, () => {
      const open = subschemas(schema).filter(([pointer, { properties, additionalProperties }]) => properties && additionalProperties !== false && !pointer.endsWith('/properties') && pointer !== '#/definitions/anyGuard');
      assert.deepEqual(open.map(([pointer]) => pointer), []);
    });
  }

  describe('has the keys of the types', () => {
    const file = join(root, 'lib/manifest/types.ts');
    const program = ts.createProgram([file], { noLib: true, noEmit: true, strict: true, types: [] });
    const checker = program.getTypeChecker();
    const membersOf = (name: string): string[] => {
      const symbol = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!).find((each) => each.name === name);
      assert.ok(symbol, name);
      return checker.getDeclaredTypeOfSymbol(symbol).getProperties().map((property) => property.name + (property.flags & ts.SymbolFlags.Optional ? '?' : '')).sort();
    };
    const { table, tombstoneColumn, relation, clientCoverage, guard } = schemas.manifest.definitions!;
    const TYPES: [type: string, schema: Schema][] = [['Manifest', schemas.manifest], ['Table', table!], ['TombstoneColumn', tombstoneColumn!], ['Relation', relation!], ['ClientCoverage', clientCoverage!]];
    for (const [type, schema] of TYPES) it(type, () => { assert.deepEqual(propertiesOf(schema), membersOf(type)); });

    const guardName = (kind: string): string => `${kind.replace('-fn', '-function').replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Guard`;
    for (const form of guard!.oneOf!) {
      const type = guardName((form.properties!.kind as Schema).const as string);
      it(type, () => { assert.deepEqual(propertiesOf(form), membersOf(type)); });
    }
    it('and every guard of the union', () => {
      const union = checker.getDeclaredTypeOfSymbol(checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!).find(({ name }) => name === 'Guard')!) as ts.UnionType;
      assert.deepEqual(union.types.map((type) => type.symbol.name).sort(), guard!.oneOf!.map((form) => guardName((form.properties!.kind as Schema).const as string)).sort());
    });
  });
});

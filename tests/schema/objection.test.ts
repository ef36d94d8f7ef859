import assert from 'node:assert/strict';
import { Model, type RelationMappings } from 'objection';
import { declared, execute, table, wordsAt, type Files } from './support.js';

const FILES: Files = {
  'animal.js': `
    import { Model } from 'objection';
    import Use from './use.js';
    import { Farm } from './farm.js';
    export class Animal extends Model {
      static get tableName() { return 'animal'; }
      static get idColumn() { return ['farm_id', 'id']; }
      static get jsonSchema() { return { type: 'object', properties: { id: { type: 'integer' }, name: { type: ['string', 'null'] }, born: { type: 'string', format: 'date-time' }, deleted: { type: 'boolean' } } }; }
      static get relationMappings() {
        return {
          farm: { relation: Model.BelongsToOneRelation, modelClass: Farm, join: { from: 'animal.farm_id', to: 'farms.farm_id' } },
          uses: { relation: Model.ManyToManyRelation, modelClass: () => Use, join: { from: 'animal.id', through: { from: 'animal_use.animal_id', to: 'animal_use.use_id' }, to: \`\${Use.tableName}.id\` }, modify: (q) => q.whereNull('deleted_at') },
        };
      }
    }`,
  'farm.js': `
    import { Model } from 'objection';
    import { Animal } from './animal.js';
    export class Farm extends Model {
      static tableName = 'farms';
      static idColumn = 'farm_id';
      static modifiers = { live(query) { query.where({ deleted: false }); } };
      static relationMappings = () => ({
        animals: { relation: Model.HasManyRelation, modelClass: Animal, join: { from: 'farms.farm_id', to: 'animal.farm_id' }, filter: { deleted: false } },
        barn: { relation: Model.HasOneRelation, modelClass: Animal, join: { from: 'farms.farm_id', to: 'animal.farm_id' }, modify: 'notThere' },
        twin: { relation: Model.BelongsToOneRelation, modelClass: Farm, join: { from: 'farms.twin_id', to: 'farms.farm_id' }, modify: 'live' },
      });
    }`,
  'use.js': `import { Model } from 'objection'; const TABLE = 'uses'; class Base extends Model {} export default class Use extends Base { static get tableName() { return TABLE; } static get jsonSchema() { return {}; } }`,
};

const KINDS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([[Model.HasManyRelation, true], [Model.ManyToManyRelation, true], [Model.HasOneRelation, false], [Model.BelongsToOneRelation, false]]);

describe('Objection models', () => {
  it('are what Objection says', () => {
    const { Animal } = execute(FILES) as { Animal: typeof Model };
    const { Farm } = execute({ 'farm.js': FILES['farm.js']!, ...FILES }) as { Farm: typeof Model };
    for (const model of [Animal, Farm]) {
      const found = table(FILES, model.tableName);
      assert.deepEqual([found.models, found.complete], [[model.name], false]);
      assert.deepEqual(found.keys!.map(({ columns }) => columns), [[model.idColumn].flat()]);
      const mappings = typeof model.relationMappings === 'function' ? (model.relationMappings as () => RelationMappings)() : model.relationMappings;
      assert.deepEqual(found.relations!.map(({ property, many }) => [property, many]), Object.entries(mappings).map(([name, { relation }]) => [name, KINDS.get(relation)]));
      const relations = model.getRelations();
      for (const { property, target, on, through } of found.relations!) {
        const actual = relations[property]! as unknown as { ownerProp: { cols: string[] }; relatedProp: { cols: string[] }; joinTable: string | null; relatedModelClass: typeof Model };
        assert.deepEqual([target.table, through?.table ?? null], [actual.relatedModelClass.tableName, actual.joinTable ?? null]);
        if (on) assert.deepEqual(Object.entries(on), actual.ownerProp.cols.map((column, i) => [column, actual.relatedProp.cols[i]]));
        assert.equal(on === null, through !== null);
      }
    }
  });

  it('have the columns of the JSON schema, and stand where they are written', () => {
    const animal = table(FILES, 'animal');
    assert.deepEqual(animal.columns.map(({ name, type, nullable }) => [name, type, nullable]), [['id', 'integer', 'unknown'], ['name', 'text', true], ['born', 'timestamp', 'unknown'], ['deleted', 'boolean', 'unknown']]);
    assert.deepEqual([animal.range, ...animal.columns.map(({ range }) => range)].map((range) => wordsAt(FILES['animal.js']!, range)), ['Animal', 'id', 'name', 'born', 'deleted']);
  });

  it('have relations with conditions', () => {
    const conditions = (name: string) => Object.fromEntries(table(FILES, name).relations!.map(({ property, predicate }) => [property, predicate?.expr?.type ?? null]));
    assert.deepEqual([conditions('animal'), conditions('farms')], [{ farm: null, uses: 'is' }, { animals: 'comparison', barn: null, twin: 'comparison' }]);
  });

  it('get the tombstone of their plugin', () => {
    const plugin = (head: string, body = '') => table({ 'a.js': `import { Model } from 'objection'; ${head} { static tableName = 'a'; ${body} }` }, 'a');
    const facts = (head: string, body = '') => { const { columns, filters } = plugin(head, body); return [columns.map(({ name, type }) => [name, type]), filters ?? null]; };
    assert.deepEqual(facts(`import softDelete from 'objection-soft-delete'; class A extends softDelete({ columnName: 'gone' })(Model)`), [[['gone', 'boolean']], null]);
    assert.deepEqual(facts(`import soft from 'objection-js-soft-delete'; class A extends soft({ notDeletedValue: null })(Model)`), [[['deleted_at', 'unknown']], null]);
    assert.deepEqual(facts(`import SoftDelete from 'objection-softdelete'; class A extends SoftDelete(Model)`, 'static softDelete = true;'), [[['deletedAt', 'unknown']], ['deletedAt']]);
  });

  it('take names from where they are imported', () => {
    const found = declared({ 'a.js': FILES['use.js']!, 'b.js': `import { Model } from 'objection'; import UseModel from './a.js'; export class B extends Model { static tableName = 'b'; }` });
    assert.deepEqual(found.filter(({ named }) => named).map(({ name, models }) => [name, models]), [['Use', ['UseModel']]]);
    const stem = (path: string) => declared({ [path]: FILES['use.js']! }).filter(({ named }) => named).map(({ models }) => models![0]);
    assert.deepEqual(['src/useModel.js', 'src/use.js', 'src/models/index.js', 'src/use.model.js'].map(stem), [['useModel'], [], [], []]);
  });

  it('are no other classes with a table\'s name', () => {
    for (const text of [`class A extends B { static tableName = 'a'; }`, `class A { static tableName = 'a'; static jsonSchema = {}; }`, `import { Model } from 'objection'; class A extends Model { static tableName = name(); }`]) assert.deepEqual(declared({ 'a.js': text }), [], text);
  });
});

import assert from 'node:assert/strict';
import { plural, singular, underscored } from '../../lib/schema/pluralise.js';

/** The library that Sequelize 6 asks (`sequelize/lib/utils.js`). */
const inflection = require('inflection') as { pluralize(word: string): string; singularize(word: string): string; underscore(word: string): string };

const MODELS = `User Post Comment Category Company Person Child Status UserStatus Address Box Branch Dish Class Index Matrix Vertex Mouse Quiz Hero Bus Media Series Species Canvas Woman Man Human Policy Day Key
  Survey Reply Query Entity Activity Country City Currency Delivery History Inventory Story Life Wife Knife Shelf Half Proof Roof Chief Belief Photo Video Radio Potato Tomato Echo Memo Logo Zero Tax Fax Suffix
  Process Access Success Progress Business Bonus Campus Virus Menu Note File Image Node Type Role Price Invoice Message Page Response License Purchase House Course Warehouse Database Release Phase Case Lease
  Base Alias Feedback Software Staff Information Equipment UserFeedback OrderItem WebhookSubscription Users Posts Categories Settings Setting People Children Men Movie Money Schema Formula Batch Patch Switch Match Watch
  Search Quality Quantity Work Time Power Content Support Travel Team Hive Drive Archive Move Curve Save Cave Wave Bay Boy Guy Highway Gateway Display ApiKey Diagnosis Hypothesis Medium Stadium Forum Album Datum`.split(/\s+/);

describe('Plurals of models', () => {
  it('are those that Sequelize forms', () => {
    assert.deepEqual(MODELS.map((word) => [word, plural(word)]), MODELS.map((word) => [word, inflection.pluralize(word)]));
  });

  it('go back to what Sequelize calls the singular', () => {
    const words = MODELS.map((word) => inflection.pluralize(word));
    assert.deepEqual(words.map((word) => [word, singular(word)]), words.map((word) => [word, inflection.singularize(word)]));
  });

  it('are underscored as Sequelize does', () => {
    for (const word of [...MODELS, 'APIKey', 'a-b', 'snake_case', 'HTTPLog']) assert.equal(underscored(word), inflection.underscore(word), word);
  });
});

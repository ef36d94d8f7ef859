/**
 * Sequelize 6 and 7, sequelize-typescript.
 *
 * A paranoid model (the manifest's `autoFilter`) filters by itself in finders, counts, aggregates, includes, `update` and `destroy`, and does not in
 * `increment`, `upsert` and `bulkCreate` (sequelize/sequelize#17612, #11968). `paranoid: false` switches the filter off at its own level only; `unscoped()`
 * does not touch it. `destroy({ force: true })` deletes for good.
 */
import type { OrmLibrary, OrmStatement } from './library.js';
import { modelOf } from './sequelize/models.js';
import { Reader } from './sequelize/reader.js';
import { AGGREGATES, READS, WRITES } from './sequelize/vocabulary.js';

/** A method of models, `Math.max` left out. */
const CALLS = /(?<!\bMath)\.\s*(?:find(?:All\w*|One|ByPk|AndCountAll|Or\w+|CreateFind)|count\w*|max|min|sum|aggregate|update|destroy|restore|truncate|increment|decrement|upsert|bulkCreate)\s*[(<]/;

export const sequelize: OrmLibrary = {
  name: 'sequelize',
  mayHold: (text) => CALLS.test(text),
  builders: /^(?:un|with(?:out)?)?scoped?$/i,
  verbs: new Set([...Object.keys(READS), ...Object.keys(AGGREGATES), ...Object.keys(WRITES)]),
  read(call, session) {
    const model = modelOf(call.chain, session);
    if (!model) return [];
    const reader = new Reader(session, model);
    return reader.read().map((root) => ({ root, remedies: reader.remedies() }) satisfies OrmStatement);
  },
};

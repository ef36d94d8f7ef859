/** The methods of Sequelize's models, and whether a model filters by itself. */
import type { TableFacts } from '../../manifest/catalog.js';

/** Where a method's options stand among its arguments. */
export const READS: Readonly<Record<string, number>> = { findAll: 0, findOne: 0, findByPk: 1, findAndCountAll: 0, findOrCreate: 0, findCreateFind: 0, findOrBuild: 0, findOrInitialize: 0, findAllInBatches: 0 };
export const AGGREGATES: Readonly<Record<string, number>> = { count: 0, countAll: 0, max: 1, min: 1, sum: 1, aggregate: 2 };
export const WRITES: Readonly<Record<string, number>> = { update: 1, destroy: 0, restore: 0, truncate: 0, increment: 1, decrement: 1, upsert: 1, bulkCreate: 1 };
/** Methods that no other library of models has. */
export const OWN = /^(?:findAll|findByPk|findAndCountAll|findOrCreate|findCreateFind|findOrBuild|findAllInBatches|bulkCreate|destroy|restore)$/;

/** Is it a paranoid model? */
export function appliesTo({ autoFilter }: TableFacts): boolean {
  return autoFilter === true || (Array.isArray(autoFilter) && autoFilter.includes('sequelize'));
}

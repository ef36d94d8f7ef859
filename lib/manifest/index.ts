/** The manifest of soft-deleted tables: what `eslint-plugin-soft-delete/manifest` exports. */
export { compile } from './compile.js';
export { load, ManifestError } from './load.js';
export { validate, type Problem } from './validate.js';
export type { Catalog, GuardFacts, RelationFacts, TableFacts } from './catalog.js';
export type * from './types.js';

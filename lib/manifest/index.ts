/** The manifest of soft-deleted tables: what `eslint-plugin-soft-delete/manifest` exports. */
import type { Manifest, SchemaSource } from './types.js';

export { compile } from './compile.js';
export { load, ManifestError } from './load.js';
export { validate, type Problem } from './validate.js';
export type { Catalog, GuardFacts, RelationFacts, TableFacts } from './catalog.js';
export type * from './types.js';

/** See `derive.ts`, which is loaded with the first call: most of those who ask for a manifest have one. */
export function derive(sources: readonly SchemaSource[]): Manifest {
  return (require('./derive.js') as typeof import('./derive.js')).derive(sources);
}

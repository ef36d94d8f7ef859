/** Edits of calls to a Knex builder, or to Objection's. */
import type { Query, Remedies } from '../../model/query.js';
import type { Session } from '../session.js';
import type { Builder } from './builder.js';
import type { BuilderReader } from './reader.js';

/** The edits that can be made in one statement. */
export function builderRemedies(_builder: Builder, _root: Query, _reader: BuilderReader, _session: Session): Remedies {
  return {};
}

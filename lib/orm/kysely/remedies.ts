import type { Remedies } from '../../model/query.js';
import type { QueryReader } from './builder.js';

export function remediesFor(_reader: QueryReader): Remedies {
  return {};
}

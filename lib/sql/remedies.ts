import type { Remedies } from '../model/query.js';
import type { Reading } from './model/context.js';
export function remediesFor(_reading: Reading): Remedies { return {}; }

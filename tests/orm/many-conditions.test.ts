/** Builders that many conditions of the program add to, each in a statement of its own: what is read of them grows with their number, and does not double with each. */
import { sayings } from './said.js';

const conditions = (count: number, add: (i: number) => string): string => Array.from({ length: count }, (_, i) => `if (options.f${i}) { ${add(i)} }`).join('\n');
const knex = (code: string): string => `import knexOf from 'knex';\nconst knex = knexOf({});\nasync function list(options) { const query = knex('users'); ${code}\nreturn await query; }`;
const where = (i: number): string => `query.where('c${i}', options.f${i});`;

describe('builders under many conditions', () => {
  sayings({ tables: { users: { deletion: 'soft', models: ['User'] } } }).says([
    [knex(conditions(12, where)), "require-live-filter: 'users'"],
    [knex(`query.whereNull('deleted_at');\n${conditions(12, where)}`)],
    [knex(`${conditions(12, where)}\nquery.whereNull('deleted_at');`)],
    [knex(`${conditions(6, where)}\nif (options.live) { query.whereNull('deleted_at'); }\n${conditions(6, where)}`)],
  ]);
});

/** Builders that many conditions of the program add to, each in a statement of its own: what is read of them grows with their number, and does not double with each. */
import { sayings } from './said.js';

const conditions = (count: number, add: (i: number) => string): string => Array.from({ length: count }, (_, i) => `if (options.f${i}) { ${add(i)} }`).join('\n');
const knex = (code: string): string => `import knexOf from 'knex';\nconst knex = knexOf({});\nasync function list(options) { const query = knex('users'); ${code}\nreturn await query; }`;
const where = (i: number): string => `query.where('c${i}', options.f${i});`;

describe('builders under many conditions', () => {
  sayings({ tables: { users: { deletion: 'soft', models: ['User'] } } }).says([
    [knex(conditions(40, where)), "require-live-filter: 'users'"],
    [knex(`query.whereNull('deleted_at');\n${conditions(40, where)}`)],
    [knex(`${conditions(40, where)}\nquery.whereNull('deleted_at');`)],
    [knex(`${conditions(20, where)}\nif (options.live) { query.whereNull('deleted_at'); }\n${conditions(20, where)}`)],
    [knex(conditions(12, (i) => `query.where('c${i}', 1); } else { query.where('d${i}', 2);`)), "require-live-filter: 'users'"],
    [`import { Model } from 'objection'; async function list(options) { const query = User.query(); ${conditions(40, where)} return await query; }`, 'require-live-filter: User'],
    [`import { EntityManager } from '@mikro-orm/postgresql'; class Users { constructor(private em: EntityManager) {} async list(options) { const query = this.em.createQueryBuilder(User, 'u'); ${conditions(40, (i) => `query.andWhere({ c${i}: options.f${i} });`)} return await query.getResultList(); } }`, 'require-live-filter: User'],
    [`import { Repository } from 'typeorm'; class Users { constructor(private users: Repository<User>) {} async list(options) { const query = this.users.createQueryBuilder('u'); ${conditions(40, (i) => `query.andWhere('u.c${i} = :f${i}', options);`)} return await query.getMany(); } }`, 'require-live-filter: users'],
    // Too many ways to tell them apart: nothing is said.
    [knex(`let other = options.old ? knex('users') : knex('people'); ${conditions(30, (i) => `other.where('c${i}', 1);`)} await other;`), "require-live-filter: 'users'"],
    [`import knexOf from 'knex'; const knex = knexOf({}); async function list(options) { return await add0(knex('users'), options); }\n${Array.from({ length: 30 }, (_, i) => `function add${i}(query, options) { if (options.f${i}) { query.where('c${i}', 1); } return ${i < 29 ? `add${i + 1}(options.g${i} ? query : query.where('d${i}', 1), options)` : 'query'}; }`).join('\n')}`],
  ]);
});

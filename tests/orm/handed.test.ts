/** Builders that are handed to functions: what a function of the file adds to them is seen, what another one adds is not. */
import type { Manifest } from '../../lib/manifest/index.js';
import { sayings } from './said.js';

const manifest: Manifest = { tables: { users: { deletion: 'soft', models: ['User', 'users'] } } };
const { says } = sayings(manifest);
const drizzle = (code: string): string => `import { isNull } from 'drizzle-orm';\nimport { users } from './schema';\n${code}`;
const typeorm = (code: string, more = ''): string => `import { Repository } from 'typeorm';\nimport { User } from './entities';\nimport { addFilters } from './filters';\n${more}\nclass Service { constructor(private readonly users: Repository<User>) {} async run() { ${code} } }`;
const builder = "const qb = this.users.createQueryBuilder('u');";

describe('builders that are handed to functions', () => {
  describe('which cannot be seen', () => says([
    ["const q = knex('users'); addFilters(q); await q.select('id');"],
    ["const q = knex('users').select('id'); if (search) addFilters(q, search); await q;"],
    ["const q = knex('users').select('id'); await addFilters(q); await q;"],
    ["const q = knex('users').select('id'); filters.forEach((filter) => { filter.apply(q); }); await q;"],
    [drizzle('const q = db.select().from(users).$dynamic(); withFilters(q); await q;')],
    ["const q = supabase.from('users').select('*'); addFilters(q); const { data } = await q;"],
    ["import { EntityManager } from '@mikro-orm/postgresql';\nasync function f(em: EntityManager) { const qb = em.createQueryBuilder(User, 'u').select('*'); addFilters(qb); return qb.getResultList(); }"],
    [typeorm(`${builder} addFilters(qb); return qb.getMany();`)],
    [typeorm(`${builder} if (x) addFilters(qb); return qb.andWhere('u.age > 1').getMany();`)],
    [typeorm(`${builder} await this.filters.apply(qb, ctx); return qb.getManyAndCount();`)],
    [typeorm(`${builder} for (const filter of filters) filter(qb); return qb.getMany();`)],
    [typeorm(`${builder} other(qb, { x: 1 }); qb.take(5); const rows = await qb.getMany(); return rows;`)],
  ]));

  describe('which only look, or get something else', () => says([
    ["const q = knex('users').select('id'); console.log(q); await q;", "require-live-filter: 'users'"],
    ["const supabase = createClient(url, key); register(supabase); await supabase.from('users').select('*');", "require-live-filter: 'users'"],
    ["const rows = await knex('users').select('id'); audit(rows); await knex('users').select('name');", "require-live-filter: 'users'", "require-live-filter: 'users'"],
    [typeorm('const repo = this.users; register(repo); return repo.find();'), 'require-live-filter: repo'],
    [typeorm(`${builder} logger.debug(qb); return qb.getMany();`), 'require-live-filter: users'],
  ]));

  describe('of the file', () => says([
    ["function live(q) { q.whereNull('deleted_at'); }\nasync function f() { const q = knex('users').select('id'); live(q); await q; }"],
    ["function named(q, name) { if (name) q.where({ name }); }\nasync function f() { const q = knex('users').select('id'); named(q, 'x'); await q; }", "require-live-filter: 'users'"],
    [typeorm(`${builder} live(qb, 'u'); return qb.getMany();`, 'function live(qb, alias) { qb.andWhere(`${alias}.deletedAt IS NULL`); }')],
    [typeorm(`${builder} live(qb); return qb.getMany();`, "const live = (qb) => qb.andWhere('u.deletedAt IS NULL');")],
    [typeorm(`${builder} live(qb); return qb.getMany();`, "function live(qb) { return qb.andWhere('u.deletedAt IS NULL'); }")],
    [typeorm(`${builder} adults(qb); return qb.getMany();`, "function adults(qb) { qb.andWhere('u.age > 18'); }"), 'require-live-filter: users'],
    [typeorm(`${builder} live(qb, all); return qb.getMany();`, "function live(qb, all) { if (all) return; qb.andWhere('u.deletedAt IS NULL'); }")],
    [typeorm(`${builder} search(qb); return qb.getMany();`, 'function search(qb) { addFilters(qb); }')],
    [typeorm(`${builder} search(qb); return qb.getMany();`, "import { Filter } from './x';\nfunction search(qb) { const filter = new Filter(qb); filter.run(); }")],
    [typeorm(`${builder} this.live(qb); return qb.getMany(); } live(qb) { qb.andWhere('u.deletedAt IS NULL');`)],
    [typeorm(`${builder} this.adults(qb); return qb.getMany(); } adults(qb) { qb.andWhere('u.age > 18');`), 'require-live-filter: users'],
  ]));
});

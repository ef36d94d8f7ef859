/** MikroORM through the plugin: what is reported where, what stays silent, and that each edit mends what it was offered for. */
import assert from 'node:assert/strict';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import plugin from '../../index.js';
import type { Manifest } from '../../lib/manifest/types.js';

const manifest: Manifest = {
  tables: {
    users: { deletion: 'soft', models: ['User'], autoFilter: ['mikro-orm'], relations: { posts: { table: 'posts', many: true } } },
    posts: { deletion: 'soft', models: ['Post'], autoFilter: ['mikro-orm'], relations: { author: { table: 'users' } } },
    notes: { deletion: 'soft', models: ['Note'], relations: { links: { table: 'links', many: true } } },
    links: { deletion: 'soft', models: ['Link'] },
  },
};
const prelude = "import { EntityManager, EntityRepository, raw } from '@mikro-orm/postgresql';\nimport { User, Post, Note } from './entities';\n";
const inManager = (code: string): string => `async function f(em: EntityManager) { ${code} }`;

function lint(code: string): Linter.LintMessage[] {
  const config = [{ files: ['**/*.ts'], languageOptions: { parser } }, plugin.configs.strict, { settings: { 'soft-delete': { manifest } } }] as Linter.Config[];
  return new Linter().verify(code, config, { filename: 'a.ts' });
}

/** The code, the rule, and what its edit makes of a part of the code; null for no edit. */
const reported: readonly (readonly [code: string, rule: string, edited: string | null])[] = [
  ["class S { constructor(private readonly repo: EntityRepository<User>) {} all() { return this.repo.createQueryBuilder('u').getResultList(); } }", 'require-live-filter', "createQueryBuilder('u').andWhere({ deletedAt: null }).getResultList()"],
  ['class NoteRepository extends EntityRepository<Note> { list() { return this.find({ stars: 1 }); } }', 'require-live-filter', 'this.find({ stars: 1, deletedAt: null })'],
  ['class NoteRepository extends EntityRepository<Note> { one(id: string) { return this.findOne(id); } }', 'require-live-lookup', 'this.findOne({ id, deletedAt: null })'],
  [inManager("return em.find(Note, { deletedAt: null }, { populate: ['links'] });"), 'require-live-join', "{ populate: ['links'], populateWhere: { links: { deletedAt: null } } }"],
  [inManager("return em.createQueryBuilder(User, 'u').where({ deletedAt: null }).leftJoinAndSelect('u.posts', 'p').getResultList();"), 'require-live-join', "leftJoinAndSelect('u.posts', 'p', { deletedAt: null })"],
  [inManager('const note = await em.findOneOrFail(Note, { id, deletedAt: null }); em.remove(note); await em.flush();'), 'no-hard-delete', 'em.assign(note, { deletedAt: new Date() });'],
  [inManager('await em.nativeDelete(Note, { stars: 1 });'), 'no-hard-delete', 'em.nativeUpdate(Note, { stars: 1, deletedAt: null }, { deletedAt: new Date() })'],
  [inManager('await em.nativeDelete(User, { id });'), 'no-hard-delete', 'em.nativeUpdate(User, { id }, { deletedAt: new Date() })'],
  [inManager("await em.createQueryBuilder(Note, 'n').delete({ stars: 1 }).execute();"), 'no-hard-delete', '.update({ deletedAt: new Date() }).where({ stars: 1 }).andWhere({ deletedAt: null }).execute()'],
  [inManager('return em.find(User, { posts: { $some: { title } } });'), 'require-live-join', '$some: { title, deletedAt: null }'],
  [inManager("return em.find(User, { [raw('a = 1 or b = 2')]: [] });"), 'require-live-filter', "[raw('a = 1 or b = 2')]: [], deletedAt: null"],
  [inManager('return em.count(Note);'), 'no-unfiltered-aggregate', 'em.count(Note, { deletedAt: null })'],
  [inManager('return em.nativeUpdate(Note, { stars: 1 }, { name });'), 'require-live-update', '{ stars: 1, deletedAt: null }'],
  [inManager('return em.find(User, {}, { filters: false });'), 'no-filter-bypass', null],
  [inManager('return em.find(User, { deletedAt: { $ne: null } });'), 'valid-tombstone-predicate', '{ deletedAt: { $ne: null } }, { filters: false }'],
  [inManager('return em.findAll(User, { where: { deletedAt: { $ne: null } } });'), 'valid-tombstone-predicate', 'em.findAll(User, { where: { deletedAt: { $ne: null } }, filters: false })'],
  [inManager('await em.nativeDelete(User, { deletedAt: { $lt: cutoff } });'), 'require-purge-age', 'em.nativeDelete(User, { deletedAt: { $lt: cutoff } }, { filters: false })'],
  [inManager('await em.nativeUpdate(User, { deletedAt: { $lt: cutoff } }, { name: null });'), 'valid-tombstone-predicate', '{ name: null }, { filters: false }'],
  [inManager('return em.find(Note, { deletedAt: [null] });'), 'valid-tombstone-predicate', '{ deletedAt: null }'],
  [inManager("await em.upsert(User, { email, name }, { onConflictFields: ['email'] });"), 'no-tombstone-upsert', '{ email, name, deletedAt: null }'],
];

const silent: readonly string[] = [
  inManager('return em.find(User, { name });'), inManager("return em.find(Post, {}, { populate: ['author'] });"), inManager('return em.find(User, { posts: { title } });'),
  inManager('return em.find(Note, { deletedAt: null });'), inManager('return em.find(Note, where);'), inManager('return em.find(User, {}, { filters: showDeleted ? false : undefined });'),
  inManager('return em.find(User, { deletedAt: { $ne: null } }, { filters: false });'), inManager("const qb = em.createQueryBuilder(User, 'u'); await qb.applyFilters(); return qb.getResultList();"),
  inManager('// includes-deleted: the owner of an invoice keeps its name\nreturn em.find(User, { id: ids }, { filters: false });'),
  'class S { find(items: string[]) { return items.find((item) => item === "User"); } }',
];

describe('MikroORM', () => {
  for (const [code, rule, edited] of reported) {
    it(`${rule}: ${code}`, () => {
      const messages = lint(prelude + code);
      assert.deepEqual(messages.map(({ ruleId }) => ruleId), [`soft-delete/${rule}`]);
      const fixes = (messages[0]!.suggestions ?? []).map(({ fix }) => prelude.length > fix.range[0] ? '' : (prelude + code).slice(0, fix.range[0]) + fix.text + (prelude + code).slice(fix.range[1]));
      if (edited === null) return assert.deepEqual(fixes, []);
      const mended = fixes.find((fix) => fix.includes(edited));
      assert.ok(mended !== undefined, fixes.join('\n'));
      assert.deepEqual(lint(mended).map(({ message }) => message), []);
    });
  }
  for (const code of silent) it(`says nothing of ${code}`, () => { assert.deepEqual(lint(prelude + code).map(({ message }) => message), []); });
});

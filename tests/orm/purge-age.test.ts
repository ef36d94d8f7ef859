/** Purges that remove rows the moment they are deleted: the edit that lets them keep their rows for a while, in the words of each library with a filter of its own. */
import assert from 'node:assert/strict';
import type { Manifest } from '../../lib/manifest/types.js';
import { sayings } from './said.js';

const tablesOf = (autoFilter: string[]): Manifest => ({ tombstone: 'deletedAt', tables: { users: { deletion: 'soft', models: ['User'], autoFilter, retention: '30 days' }, notes: { deletion: 'soft', models: ['Note'], retention: '7 days' } } });
const typeorm = sayings(tablesOf(['typeorm'])), sequelize = sayings(tablesOf(['sequelize'])), mikro = sayings({ ...tablesOf(['mikro-orm']) });

const T = "import { IsNull, LessThan, Not } from 'typeorm';\nimport { User } from './entities';\n", S = "import { Op } from 'sequelize';\nimport { Note, User } from './models';\n", M = "import { EntityManager } from '@mikro-orm/core';\nimport { Note } from './entities';\nexport const clean = (em: EntityManager) => ";
const age = (days: number): string => `new Date(Date.now() - ${days} * 24 * 60 * 60 * 1000)`;

describe('the age of a purge', () => {
  describe('TypeORM', () => typeorm.mends([
    [`${T}await ds.getRepository(User).delete({ deletedAt: Not(IsNull()) });`, `${T}await ds.getRepository(User).delete({ deletedAt: LessThan(${age(30)}) });`],
    [`${T}await ds.manager.delete(User, { deletedAt: Not(IsNull()), logins: 0 });`, `${T}await ds.manager.delete(User, { deletedAt: LessThan(${age(30)}), logins: 0 });`],
    [`${T}await ds.createQueryBuilder().delete().from(User).where('deletedAt IS NOT NULL').execute();`, `${T}await ds.createQueryBuilder().delete().from(User).where('deletedAt IS NOT NULL').andWhere({ deletedAt: LessThan(${age(30)}) }).execute();`],
    // The import comes with it.
    ["import { IsNull, Not } from 'typeorm';\nawait ds.getRepository(User).delete({ deletedAt: Not(IsNull()) });", `import { IsNull, Not, LessThan } from 'typeorm';\nawait ds.getRepository(User).delete({ deletedAt: LessThan(${age(30)}) });`],
  ]));

  describe('Sequelize', () => sequelize.mends([
    [`${S}await User.destroy({ where: { deletedAt: { [Op.ne]: null } }, force: true });`, `${S}await User.destroy({ where: { deletedAt: { [Op.ne]: null, [Op.lt]: ${age(30)} } }, force: true });`],
    [`${S}await Note.destroy({ where: { deletedAt: { [Op.not]: null }, stars: 0 } });`, `${S}await Note.destroy({ where: { deletedAt: { [Op.not]: null, [Op.lt]: ${age(7)} }, stars: 0 } });`],
  ]));

  describe('MikroORM', () => mikro.mends([
    [`${M}em.nativeDelete(Note, { deletedAt: { $ne: null } });`, `${M}em.nativeDelete(Note, { deletedAt: { $ne: null, $lt: ${age(7)} } });`],
  ]));

  it('is not put beside another one', () => {
    for (const { lint, code } of [
      { lint: sequelize.lint, code: `${S}await User.destroy({ where: { deletedAt: { [Op.lt]: new Date(Date.now() - 5 * 24 * 60 * 60 * 1000) } }, force: true });` },
      { lint: typeorm.lint, code: `${T}await ds.getRepository(User).delete({ deletedAt: LessThan(new Date()) });` },
    ]) assert.deepEqual(lint(code).map(({ rule, outputs }) => [rule, outputs]), [['require-purge-age', []]], code);
  });
});

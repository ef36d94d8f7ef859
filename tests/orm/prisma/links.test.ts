/** Which models are the middle of a many-to-many relation: their far rows are listed, where those of another to-one relation are parents. */
import { sayings } from '../said.js';

const organization = { table: 'organizations', optional: false, on: { organizationId: 'id' } };

const { says } = sayings({
  tombstone: 'deletedAt',
  tables: {
    organizations: { deletion: 'soft', models: ['Organization'], relations: { environments: { table: 'environments', many: true, on: { id: 'organizationId' } }, members: { table: 'members', many: true, on: { id: 'organizationId' } } } },
    users: { deletion: 'hard', models: ['User'], relations: { memberships: { table: 'members', many: true, on: { id: 'userId' } } } },
    // Unique by a name of its own: an environment is a thing that has an organization.
    environments: { deletion: 'hard', models: ['Environment'], unique: [['organizationId', 'slug']], relations: { organization } },
    // Unique by foreign keys alone: a membership ties a user to an organization.
    members: { deletion: 'hard', models: ['Member'], unique: [['organizationId', 'userId']], relations: { organization, user: { table: 'users', optional: false, on: { userId: 'id' } } } },
  },
});

describe('models between two others', () => {
  says([
    ['export const a = await prisma.environment.findMany({ where: { slug }, include: { organization: true } });', 'require-live-parent: organization'],
    ['export const b = await prisma.member.findMany({ where: { userId }, include: { organization: true } });', 'require-live-join: organization'],
    ['export const c = await prisma.user.findMany({ include: { memberships: { include: { organization: true } } } });', 'require-live-join: organization'],
    // One membership, by its key.
    ['export const d = await prisma.member.findUnique({ where: { organizationId_userId: { organizationId, userId } }, include: { organization: true } });', 'require-live-parent: organization'],
    ['export const e = await prisma.member.create({ data, include: { organization: true } });', 'require-live-parent: organization'],
  ]);
  says([['export const a = await prisma.environment.findMany({ where: { slug }, include: { organization: true } });']], 'recommended');
});

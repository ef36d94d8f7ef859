/** The far side of a many-to-many relation, in the words of libraries that name the table in between. */
import { sayings } from './said.js';

const { says } = sayings({
  tables: {
    users: { deletion: 'soft', models: ['User', 'users'] },
    teams: { deletion: 'hard', models: ['Team', 'teams'], relations: { members: { table: 'members', many: true, on: { id: 'team_id' } } } },
    members: { deletion: 'hard', key: ['team_id', 'user_id'], models: ['Member', 'members'], columns: { teamId: 'team_id', userId: 'user_id' }, relations: { user: { table: 'users', on: { user_id: 'id' } }, team: { table: 'teams', on: { team_id: 'id' } } } },
  },
});
const drizzle = (code: string): string => `import { and, eq } from 'drizzle-orm';\nimport { members, teams, users } from './schema';\n${code}`;
const objection = (code: string): string => `import { Model } from 'objection';\nimport Member from './models/Member';\nimport Team from './models/Team';\n${code}`;

describe('rows at the far side of a many-to-many relation', () => says([
  [drizzle('await db.query.teams.findMany({ with: { members: { with: { user: true } } } });'), 'require-live-join: user'],
  // The program looks at the tombstone.
  [drizzle('await db.query.teams.findMany({ with: { members: { with: { user: { columns: { deleted_at: true } } } } } });')],
  [drizzle('await db.query.teams.findMany({ with: { members: { with: { user: { columns: { deleted_at: false } } } } } });'), 'require-live-join: user'],
  [drizzle('await db.query.members.findMany({ where: eq(members.teamId, id), with: { user: true } });'), 'require-live-join: user'],
  [drizzle('await db.query.members.findFirst({ where: and(eq(members.teamId, id), eq(members.userId, user)), with: { user: true } });'), 'require-live-parent: user'],
  [drizzle('await db.select().from(members).innerJoin(users, eq(members.userId, users.id)).where(eq(members.teamId, id));'), 'require-live-join: users'],
  [drizzle('await db.select().from(members).innerJoin(users, eq(members.userId, users.id)).where(eq(members.userId, id));'), 'require-live-parent: users'],
  [objection("await Team.query().withGraphFetched('members.user');"), 'require-live-join: user'],
  [objection("await Member.query().where('team_id', id).withGraphFetched('user');"), 'require-live-join: user'],
  [objection("await Member.query().where('members.team_id', id).leftJoin('users', 'members.user_id', 'users.id').select('*');"), "require-live-join: 'users'"],
  ["import { Kysely } from 'kysely';\nexport const of = (db: Kysely<Database>) => db.selectFrom('members as m').innerJoin('users as u', 'u.id', 'm.user_id').select('u.name').where('m.team_id', '=', id).execute();", "require-live-join: 'users as u'"],
  ["import knex from 'knex';\nconst db = knex(config);\nawait db('members').join('users', 'users.id', 'members.user_id').where('members.team_id', id);", "require-live-join: 'users'"],
]));

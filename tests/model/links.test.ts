/** Which tables are the middle of a many-to-many relation: their far rows are listed, where those behind another foreign key are parents; and which end of a one-to-one relation is the child. */
import assert from 'node:assert/strict';
import { compile } from '../../lib/manifest/index.js';
import type { Manifest, Relation } from '../../lib/manifest/types.js';
import { analyses } from './verdicts.js';

const user: Relation = { table: 'users', on: { user_id: 'id' } }, team: Relation = { table: 'teams', on: { team_id: 'id' } };

const manifest: Manifest = {
  tables: {
    users: 'soft',
    teams: { deletion: 'soft', relations: { projects: { table: 'projects', many: true, through: 'team_projects' } } },
    projects: 'soft',
    authors: { deletion: 'soft', attribution: true },
    /** A key of foreign keys. */
    members: { deletion: 'hard', key: ['team_id', 'user_id'], relations: { user, team } },
    /** A unique key of foreign keys beside a key of its own. */
    seats: { deletion: 'hard', unique: [['team_id', 'user_id']], relations: { user, team } },
    /** Nothing is known of its keys, but that a relation goes through it. */
    team_projects: { deletion: 'hard' },
    /** Unique by a name of its own. */
    tokens: { deletion: 'hard', unique: [['user_id', 'name']], relations: { user } },
    /** Deleted softly: more than a link. */
    grants: { deletion: 'soft', key: ['team_id', 'user_id'], relations: { user, team } },
    /** Where the other foreign key leads is not known; a row that has an id of its own within its team. */
    userFollows: { deletion: 'hard', key: ['user_id', 'follower_id'], relations: { user } },
    slots: { deletion: 'hard', key: ['user_id', 'slot_id'], relations: { user } },
    aliases: { deletion: 'hard', unique: [['user_id', 'external_id']], relations: { user } },
    /** What was sold, and who voted. */
    orderProducts: { deletion: 'hard', key: ['order_id', 'project_id'], relations: { project: { table: 'projects', on: { project_id: 'id' } } } },
    team_votes: { deletion: 'hard', key: ['team_id', 'user_id'], relations: { user, team } },
    /** Which is the foreign key is not known. */
    loose: { deletion: 'hard', key: ['team_id', 'user_id'] },
    shares: { deletion: 'hard', key: ['team_id', 'author_id'], relations: { team, author: { table: 'authors', on: { author_id: 'id' } } } },
    invites: { deletion: 'hard', relations: { user, team } },
    /** The only one of its proposal. */
    pages: { deletion: 'soft', unique: [['proposalId'], ['slug'], ['external_id']], columns: { proposalId: 'proposal_id' }, relations: { proposal: { table: 'proposals', on: { proposalId: 'id' } } } },
    proposals: { deletion: 'soft', relations: { page: { table: 'pages', optional: true, on: { id: 'proposalId' } } } },
    /** Its key is the foreign key. */
    drafts: { deletion: 'soft', key: 'page_id', relations: { page: { table: 'pages', optional: false, on: { page_id: 'external_id' } } } },
    editions: { deletion: 'soft', key: ['page_id', 'number'] },
    covers: { deletion: 'soft', unique: [['page_id', 'number']] },
  },
};
const catalog = compile(manifest);

function roles(sql: string): string {
  return analyses(sql, 'postgresql', catalog).flatMap(({ reads }) => [...reads]).sort((a, b) => a.ref.range[0] - b.ref.range[0]).map(({ ref, role }) => `${ref.alias ?? ref.name}:${role}`).join(' ');
}

const ROWS: readonly (readonly [sql: string, expected: string])[] = [
  ['SELECT u.name FROM members m JOIN users u ON u.id = m.user_id WHERE m.team_id = $1', 'u:join'],
  ['SELECT m.*, u.name FROM seats m LEFT JOIN users u ON u.id = m.user_id WHERE m.team_id = $1', 'u:join'],
  ['SELECT u.name FROM members m JOIN users u ON u.id = m.user_id', 'u:join'],
  ['SELECT u.name FROM teams t JOIN members m ON m.team_id = t.id JOIN users u ON u.id = m.user_id', 't:main u:join'],
  ['SELECT u.name FROM invites i JOIN members m ON m.team_id = i.team_id JOIN users u ON u.id = m.user_id', 'u:join'],
  ['SELECT p.name FROM team_projects tp JOIN projects p ON p.id = tp.project_id WHERE tp.team_id = $1', 'p:join'],
  ['SELECT t.name FROM team_projects tp JOIN teams t ON t.id = tp.team_id WHERE tp.project_id = $1', 't:join'],
  ['SELECT u.name, t.name FROM members m JOIN users u ON u.id = m.user_id JOIN teams t ON t.id = m.team_id WHERE m.user_id = $1', 'u:parent t:join'],
  // The row in between was asked for.
  ['SELECT u.name FROM members m JOIN users u ON u.id = m.user_id WHERE m.team_id = $1 AND m.user_id = $2', 'u:parent'],
  ['SELECT u.name FROM seats m JOIN users u ON u.id = m.user_id WHERE m.id = $1', 'u:parent'],
  ['SELECT u.name FROM members m JOIN users u ON u.id = m.user_id WHERE m.team_id = $1 AND u.id = $2', 'u:lookup'],
  ['SELECT u.name FROM invites i JOIN members m ON m.team_id = i.team_id AND m.user_id = i.user_id JOIN users u ON u.id = m.user_id', 'u:parent'],
  // Things of their own that have a user.
  ['SELECT u.name FROM tokens k JOIN users u ON u.id = k.user_id WHERE k.name = $1', 'u:parent'],
  ['SELECT u.name FROM invites i JOIN users u ON u.id = i.user_id WHERE i.team_id = $1', 'u:parent'],
  ['SELECT u.name FROM grants g JOIN users u ON u.id = g.user_id WHERE g.team_id = $1 AND g.deleted_at IS NULL', 'g:main u:parent'],
  ['SELECT u.name FROM loose l JOIN users u ON u.id = l.user_id WHERE l.team_id = $1', 'u:parent'],
  ['SELECT a.name FROM shares s JOIN authors a ON a.id = s.author_id WHERE s.team_id = $1', 'a:parent'],
  ['SELECT u.name FROM "userFollows" f JOIN users u ON u.id = f.user_id WHERE f.follower_id = $1', 'u:join'],
  ['SELECT u.name FROM slots s JOIN users u ON u.id = s.user_id WHERE s.slot_id = $1', 'u:parent'],
  ['SELECT u.name FROM aliases a JOIN users u ON u.id = a.user_id WHERE a.external_id = $1', 'u:parent'],
  ['SELECT p.name FROM "orderProducts" o JOIN projects p ON p.id = o.project_id WHERE o.order_id = $1', 'p:parent'],
  ['SELECT u.name FROM team_votes v JOIN users u ON u.id = v.user_id WHERE v.team_id = $1', 'u:parent'],
  // What is summed up, and what is looked for.
  ['SELECT sum(m.hours) FROM members m JOIN users u ON u.id = m.user_id WHERE m.team_id = $1', 'u:parent'],
  ['SELECT t.id FROM teams t WHERE EXISTS (SELECT 1 FROM members m JOIN users u ON u.id = m.user_id WHERE m.team_id = t.id)', 't:main u:subquery'],
];

const CHILDREN: readonly (readonly [sql: string, expected: string])[] = [
  ['SELECT r.id, p.title FROM proposals r JOIN pages p ON p.proposal_id = r.id', 'r:main p:join'],
  ['SELECT r.id, p.title FROM proposals r LEFT JOIN pages p ON r.id = p.proposal_id AND p.kind = $1', 'r:main p:join'],
  ['SELECT r.id, p.title FROM invites i JOIN proposals r ON r.id = i.proposal_id JOIN pages p ON p.proposal_id = r.id', 'r:parent p:join'],
  ['SELECT e.number, c.url FROM editions e JOIN covers c ON c.page_id = e.page_id AND c.number = e.number', 'e:main c:join'],
  ['SELECT r.id, (SELECT p.title FROM pages p WHERE p.proposal_id = r.id) FROM proposals r', 'p:subquery r:main'],
  // From the child to the other, by what is unique of it, or not by the whole key.
  ['SELECT p.title, r.id FROM pages p JOIN proposals r ON r.id = p.proposal_id', 'p:main r:parent'],
  ['SELECT v.at, p.title FROM invites v JOIN pages p ON p.slug = v.slug', 'p:parent'],
  ['SELECT d.id, p.title FROM drafts d JOIN pages p ON p.external_id = d.page_id', 'd:main p:parent'],
  ['SELECT r.id, p.title FROM proposals r JOIN pages p ON p.slug = r.id AND p.proposal_id = $1', 'r:main p:lookup'],
];

describe('the end of a one-to-one relation that holds the foreign key', () => {
  for (const [sql, expected] of CHILDREN) it(sql, () => { assert.equal(roles(sql), expected); });
});

describe('rows at the far side of a many-to-many relation', () => {
  for (const [sql, expected] of ROWS) it(sql, () => { assert.equal(roles(sql), expected); });
});

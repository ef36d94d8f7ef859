/** Sequelize 6: what it sends to PostgreSQL, recorded in the place of its connection. */
import { DataTypes, fn, col, literal, Op, Sequelize, where, type Model, type ModelStatic, type Options } from 'sequelize';
import type { Manifest } from '../../lib/manifest/types.js';
import { sequelize as library } from '../../lib/orm/sequelize.js';
import { crossCheck } from './cross-check.js';

const manifest: Manifest = {
  tables: {
    users: { deletion: 'soft', models: ['User'], autoFilter: true, tombstone: 'deletedAt', relations: { posts: { table: 'posts', many: true }, profile: { table: 'profiles' } } },
    posts: { deletion: 'soft', models: ['Post'], autoFilter: true, tombstone: 'deletedAt', relations: { author: { table: 'users' }, comments: { table: 'comments', many: true }, notes: { table: 'notes', many: true } } },
    comments: { deletion: 'soft', models: ['Comment'], autoFilter: true, tombstone: 'deletedAt', relations: { post: { table: 'posts' } } },
    profiles: { deletion: 'soft', models: ['Profile'], autoFilter: true, tombstone: 'deletedAt' },
    /** No paranoid model: every filter is written. */
    notes: { deletion: 'soft', models: ['Note'], tombstone: 'deletedAt', relations: { post: { table: 'posts' }, links: { table: 'links', many: true } } },
    links: { deletion: 'soft', models: ['Link'], tombstone: 'deletedAt' },
    flags: { deletion: 'soft', models: ['Flag'], tombstone: { column: 'isDeleted', live: false } },
  },
};

const recorded: string[] = [];
const sequelize = new Sequelize({ dialect: 'postgres', dialectModule: { types: { getTypeParser: () => String, setTypeParser: () => undefined }, defaults: {} } as object, logging: false, databaseVersion: '16.0.0' } as Options);

interface Inner {
  readonly dialect: { Query: { readonly formatBindParameters: unknown } };
  readonly connectionManager: { getConnection: () => Promise<object>; releaseConnection: () => Promise<void> };
}
const inner = sequelize as unknown as Inner;

/** Answers every query with no rows, or with one where a number is asked for. */
class Recorder {
  static readonly formatBindParameters = inner.dialect.Query.formatBindParameters;
  constructor(private readonly connection: unknown, private readonly owner: unknown, private readonly options: { readonly plain?: boolean; readonly type?: string }) {}
  run(sql: string, bound: readonly unknown[] = []): Promise<unknown> {
    recorded.push(sql.replace(/\$(\d+)/g, (_, number: string) => sequelize.escape(bound[Number(number) - 1] as string)));
    void this.connection; void this.owner;
    if (this.options.plain) return Promise.resolve(/^SELECT (?:count|max|min|sum)/i.test(sql) ? { count: 0 } : null);
    return Promise.resolve(this.options.type === 'BULKUPDATE' || this.options.type === 'BULKDELETE' ? 0 : this.options.type === 'UPSERT' ? [null, null] : []);
  }
}

inner.dialect.Query = Recorder;
inner.connectionManager.getConnection = () => Promise.resolve({});
inner.connectionManager.releaseConnection = () => Promise.resolve();

const define = (name: string, table: string, paranoid: boolean, columns: Record<string, typeof DataTypes.TEXT | typeof DataTypes.INTEGER | typeof DataTypes.DATE | typeof DataTypes.BOOLEAN>): ModelStatic<Model> =>
  sequelize.define(name, columns, { tableName: table, paranoid, scopes: { short: { attributes: ['id'] } } });
const { TEXT, INTEGER, DATE, BOOLEAN } = DataTypes;
const User = define('User', 'users', true, { name: TEXT, email: TEXT, logins: INTEGER });
const Post = define('Post', 'posts', true, { title: TEXT, userId: INTEGER, views: INTEGER });
const Comment = define('Comment', 'comments', true, { body: TEXT, postId: INTEGER });
const Profile = define('Profile', 'profiles', true, { bio: TEXT, userId: INTEGER });
const Note = define('Note', 'notes', false, { body: TEXT, postId: INTEGER, deletedAt: DATE, stars: INTEGER });
const Link = define('Link', 'links', false, { url: TEXT, noteId: INTEGER, deletedAt: DATE });
const Flag = define('Flag', 'flags', false, { label: TEXT, isDeleted: BOOLEAN });
User.hasMany(Post, { as: 'posts', foreignKey: 'userId' });
User.hasOne(Profile, { as: 'profile', foreignKey: 'userId' });
Post.belongsTo(User, { as: 'author', foreignKey: 'userId' });
Post.hasMany(Comment, { as: 'comments', foreignKey: 'postId' });
Post.hasMany(Note, { as: 'notes', foreignKey: 'postId' });
Note.belongsTo(Post, { as: 'post', foreignKey: 'postId' });
Note.hasMany(Link, { as: 'links', foreignKey: 'noteId' });
Comment.belongsTo(Post, { as: 'post', foreignKey: 'postId' });

const scope = { sequelize, Op, Sequelize, fn, col, literal, where, User, Post, Comment, Profile, Note, Link, Flag, id: 1, ids: [1, 2], name: 'x', cutoff: new Date('2024-01-01') };

async function run(code: string): Promise<readonly string[]> {
  recorded.length = 0;
  const body = /\breturn\b/.test(code) ? code : `return ${code};`;
  const call = new Function(...Object.keys(scope), `return (async () => { ${body} })()`) as (...values: unknown[]) => Promise<unknown>;
  await call(...Object.values(scope));
  return recorded.map((sql) => sql.replace(/;$/, ''));
}

const shapes = [
  // The model filters by itself.
  'User.findAll()', 'User.findAll({ where: { name } })', 'User.findOne({ where: { email: name } })', 'User.findByPk(id)', 'User.findAll({ where: { id: ids }, limit: 5 })',
  'User.count()', 'User.count({ where: { name } })', "User.max('logins')", "User.sum('logins', { where: { name } })", 'User.findAndCountAll({ where: { name }, limit: 5 })',
  "User.scope('short').findAll()", 'User.unscoped().findAll()', 'User.findAll({ where: { deletedAt: null } })', 'User.findAll({ where: { [Op.or]: [{ name }, { email: name }] } })',
  "User.count({ where: { name }, group: ['name'] })",
  // Its filter switched off.
  'User.findAll({ paranoid: false })', 'User.findOne({ where: { email: name }, paranoid: false })', 'User.findByPk(id, { paranoid: false })', 'User.count({ paranoid: false })',
  'User.findAll({ where: { deletedAt: { [Op.ne]: null } }, paranoid: false })', 'User.findAll({ where: { deletedAt: { [Op.not]: null } }, paranoid: false })',
  'User.findAll({ where: { deletedAt: { [Op.lt]: cutoff } }, paranoid: false })', 'User.findAll({ where: { deletedAt: null }, paranoid: false })',
  'const options = { paranoid: false }; return User.findAll({ ...options, where: { name } })',
  // Includes, each with its own switch.
  "User.findAll({ include: [{ model: Post, as: 'posts' }] })", "User.findAll({ include: 'posts' })", "User.findAll({ include: [{ model: Post, as: 'posts', required: true }] })",
  "User.findAll({ include: [{ model: Post, as: 'posts', paranoid: false }] })", "User.findAll({ include: [{ model: Post, as: 'posts' }], paranoid: false })",
  "Post.findAll({ include: [{ model: User, as: 'author', paranoid: false, required: true }] })", "Post.findAll({ include: [{ association: 'author' }] })",
  "User.findAll({ include: [{ model: Post, as: 'posts', include: [{ model: Comment, as: 'comments' }] }] })",
  "User.findAll({ include: [{ model: Post, as: 'posts', include: [{ model: Comment, as: 'comments', paranoid: false }] }] })",
  "User.count({ include: [{ model: Post, as: 'posts', required: true }] })", "User.findAll({ include: [{ model: Post, as: 'posts', where: { title: name } }] })",
  // A model that does not.
  'Note.findAll()', 'Note.findAll({ where: { deletedAt: null } })', 'Note.findAll({ where: { deletedAt: { [Op.is]: null } } })', 'Note.findAll({ where: { deletedAt: { [Op.eq]: null } } })',
  'Note.findAll({ where: { deletedAt: { [Op.ne]: null } } })', 'Note.findAll({ where: { deletedAt: { [Op.lt]: cutoff } } })', 'Note.count({ where: { deletedAt: null } })', 'Note.count()',
  'Note.findAll({ where: { [Op.and]: [{ body: name }, { deletedAt: null }] } })', 'Note.findAll({ where: { [Op.or]: [{ body: name }, { deletedAt: null }] } })',
  'Note.findAll({ where: { deletedAt: null, [Op.or]: [{ body: name }, { stars: 1 }] } })', 'Note.findAll({ where: { [Op.not]: { deletedAt: null } } })',
  'Note.findAll({ where: { deletedAt: { [Op.or]: [null, { [Op.gt]: cutoff }] } } })', "Note.findAll({ where: where(col('deletedAt'), null) })",
  `Note.findAll({ where: literal('"deletedAt" IS NULL') })`, `Note.findAll({ where: [literal('"deletedAt" IS NULL'), { body: name }] })`, `Note.findAll({ where: { [Op.and]: [literal('"deletedAt" IS NULL')], body: name } })`,
  'const where = { body: name }; where.deletedAt = null; return Note.findAll({ where })', 'const live = { deletedAt: null }; return Note.findAll({ where: { ...live, body: name } })',
  'Note.findAll({ where: { deletedAt: null, ...{ deletedAt: { [Op.ne]: null } } } })', 'Note.findOne({ where: { id, deletedAt: null } })', 'Note.findByPk(id)', 'Note.findByPk(id, { where: { deletedAt: null } })',
  "Note.findAll({ where: { deletedAt: null }, include: [{ model: Link, as: 'links' }] })", "Note.findAll({ where: { deletedAt: null }, include: [{ model: Link, as: 'links', where: { deletedAt: null } }] })",
  "Note.findAll({ where: { deletedAt: null }, include: [{ model: Link, as: 'links', where: { deletedAt: null }, required: false }] })",
  "Note.findAll({ where: { deletedAt: null, '$post.title$': name }, include: [{ model: Post, as: 'post' }] })", "Post.findAll({ include: [{ model: Note, as: 'notes' }] })",
  "Post.findAll({ where: { '$notes.deletedAt$': null }, include: [{ model: Note, as: 'notes', required: true }] })",
  'Flag.findAll({ where: { isDeleted: false } })', 'Flag.findAll({ where: { isDeleted: { [Op.ne]: true } } })', 'Flag.findAll({ where: { isDeleted: { [Op.not]: true } } })', 'Flag.findAll({ where: { isDeleted: true } })', 'Flag.findAll()',
  // Writes.
  'User.update({ name }, { where: { id } })', 'User.update({ name }, { where: { id }, paranoid: false })', 'Note.update({ body: name }, { where: { id } })', 'Note.update({ body: name }, { where: { id, deletedAt: null } })',
  'Note.update({ deletedAt: new Date() }, { where: { id } })', 'Note.update({ deletedAt: new Date() }, { where: { id, deletedAt: null } })', 'Note.update({ deletedAt: null }, { where: { id } })',
  'User.destroy({ where: { id } })', 'User.destroy({ where: { id }, force: true })', 'User.destroy({ where: { deletedAt: { [Op.lt]: cutoff } }, force: true })', 'Note.destroy({ where: { id } })',
  'Note.destroy({ where: { deletedAt: { [Op.lt]: cutoff } } })', 'User.restore({ where: { id } })', "User.increment('logins', { where: { id } })", "Note.increment('stars', { where: { id, deletedAt: null } })",
];

describe('Sequelize 6 sends what its calls say', () => {
  crossCheck({ library, manifest, prelude: "import { Op, Sequelize, fn, col, literal, where } from 'sequelize';\nimport { User, Post, Comment, Profile, Note, Link, Flag } from './models';", run, shapes: shapes.map((code) => ({ code })) });
});

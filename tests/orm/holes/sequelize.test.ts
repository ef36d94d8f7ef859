import { EventEmitter } from 'node:events';
import type { PGlite } from '@electric-sql/pglite';
import * as sequelize7 from '@sequelize/core';
import { PostgresDialect } from '@sequelize/postgres';
import { DataTypes, literal, Op, Sequelize, type Options } from 'sequelize';
import { sequelize as sequelizeLibrary } from '../../../lib/orm/sequelize.js';
import { evaluate, holes, overPglite, pglite, type Case } from './holes.js';

const PRELUDE = "import { literal, Op } from 'sequelize';\nimport { User, Post } from './models';";

/** What the versions have in common. */
const CASES: readonly Case[] = [
  ['User.findAll()', 'untouched', 'users: live'], ['User.count()', 'untouched', 'users: live'], ["User.findAll({ include: [{ model: Post, as: 'posts' }] })", 'untouched', 'users: live', 'posts: live'],
  ['User.unscoped().findAll()', 'untouched', 'users: live'], ['User.findAll({ where: { deletedAt: { [Op.ne]: null } } })', 'untouched', 'users: live'],
  ['User.update({ logins: 7 }, { where: { logins: 0 } })', 'untouched', 'users updated (edit): live'], ['User.destroy({ where: { logins: 0 } })', 'untouched', 'users updated (soft-delete): live'],
  ['User.findAll({ where: { [Op.and]: [literal("logins = 1 OR logins = 0"), { name: "dead" }] } })', 'untouched', 'users: live'], ['User.findAll({ where: literal("(logins = 1 OR logins = 0)") })', 'untouched', 'users: live'],
  // the switch, at its own level
  ['User.findAll({ paranoid: false })', 'seen', 'users: all'], ["User.findAll({ where: { id: 1 }, paranoid: false, include: [{ model: Post, as: 'posts' }] })", 'untouched', 'users: all', 'posts: live'],
  ["User.findAll({ include: [{ model: Post, as: 'posts', paranoid: false }] })", 'seen', 'users: live', 'posts: all'],
  // holes
  ["User.increment('logins', { where: { logins: 0 } })", 'changed', 'users updated (edit): all'], ["User.upsert({ email: 'b@x', name: 'new' })", 'changed', 'users upserted:'],
  ["User.bulkCreate([{ email: 'b@x', name: 'new' }], { updateOnDuplicate: ['name'], conflictAttributes: ['email'] })", 'changed', 'users upserted:'],
  ['User.destroy({ where: { logins: 0 }, force: true })', 'gone', 'users deleted: all'],
  // The model's own update asks for a condition; without, it is that of a row.
  ['User.update({ logins: 7 }, {})', 'refused'], ['const user = await User.findOne({ where: { id: 1 } }); return user.update({ name: "live" }, { silent: true });', 'untouched', 'users: live'],
];

describe('Sequelize 6: where its filter ends', () => {
  holes(sequelizeLibrary, PRELUDE, async () => {
    const database = await pglite();
    const sequelize = new Sequelize({ dialect: 'postgres', dialectModule: { types: { getTypeParser: () => String, setTypeParser: () => undefined }, defaults: {} } as object, logging: false, databaseVersion: '16.0.0' } as Options);
    const inner = sequelize as unknown as { dialect: { Query: unknown }; connectionManager: { getConnection: () => Promise<object>; releaseConnection: () => Promise<void> } };
    const client = { query: async (query: string | { text: string }, values: readonly unknown[], done?: (error: unknown, result?: unknown) => void) => {
      const text = typeof query === 'string' ? query : query.text, callback = typeof values === 'function' ? values as typeof done : done;
      try {
        const result = await database.query(text, typeof values === 'function' ? [] : [...values ?? []]);
        callback?.(null, { rows: result.rows, rowCount: result.affectedRows ?? result.rows.length, command: text.trim().split(/\s/)[0]?.toUpperCase(), fields: result.fields });
      } catch (error) { callback?.(error); }
    } };
    inner.connectionManager.getConnection = () => Promise.resolve(client);
    inner.connectionManager.releaseConnection = () => Promise.resolve();
    const User = sequelize.define('User', { email: { type: DataTypes.TEXT, unique: true }, name: DataTypes.TEXT, logins: DataTypes.INTEGER }, { tableName: 'users', paranoid: true });
    const Post = sequelize.define('Post', { title: DataTypes.TEXT, authorId: DataTypes.INTEGER }, { tableName: 'posts', paranoid: true });
    User.hasMany(Post, { as: 'posts', foreignKey: 'authorId' });
    Post.belongsTo(User, { as: 'author', foreignKey: 'authorId' });
    return { ...overPglite(database), run: (code) => evaluate(code, { User, Post, Op, literal }) };
  }, [
    ...CASES,
    // An OR in a literal takes the filter apart.
    ['User.findAll({ where: literal("logins = 1 OR logins = 0") })', 'seen', 'users: all'],
    ['User.count({ where: { [Op.and]: literal("logins = 1 OR logins = 0") } })', 'seen', 'users: all'],
    ['User.update({ name: "new" }, { where: literal("logins = 1 OR logins = 0") })', 'changed', 'users updated (edit): all'],
    ["User.findAll({ include: [{ model: Post, as: 'posts', where: literal('\"posts\".id = 1 OR \"posts\".id = 2'), required: false }] })", 'seen', 'users: live', 'posts: all'],
  ]);
});


/** What the driver `pg` is to Sequelize 7. */
function pgModule(database: PGlite): object {
  return {
    Client: class extends EventEmitter {
      readonly connection = new EventEmitter();
      connect(done: (error: null) => void): void {
        this.connection.emit('parameterStatus', { parameterName: 'server_version', parameterValue: '16.0' });
        done(null);
      }
      query(text: string, values: readonly unknown[] | Done, done?: Done): Promise<object> | undefined {
        const callback = typeof values === 'function' ? values : done, answer = answerOf(database, text, typeof values === 'function' ? [] : values ?? []);
        if (!callback) return answer;
        answer.then((result) => { callback(null, result); }, callback);
        return undefined;
      }
      end(): Promise<void> { return Promise.resolve(); }
    },
  };
}

type Done = (error: unknown, result?: object) => void;

async function answerOf(database: PGlite, text: string, values: readonly unknown[]): Promise<object> {
  // Settings of the connection come several at once.
  const result = /^\s*SET /.test(text) ? (await database.exec(text)).at(-1)! : await database.query(text, [...values]);
  return { rows: result.rows, rowCount: result.affectedRows ?? result.rows.length, command: text.trim().split(/\s/)[0]!.toUpperCase(), fields: result.fields };
}

describe('Sequelize 7: where its filter ends', () => {
  let close = (): Promise<void> => Promise.resolve();
  after(() => close());
  holes(sequelizeLibrary, PRELUDE.replace("'sequelize'", "'@sequelize/core'"), async () => {
    const database = await pglite();
    const sequelize = new sequelize7.Sequelize({ dialect: PostgresDialect, pgModule: pgModule(database) as never, logging: false, noTypeValidation: true, host: 'none', database: 'none' });
    close = () => sequelize.close();
    const { TEXT, INTEGER } = sequelize7.DataTypes;
    const User = sequelize.define('User', { email: { type: TEXT, unique: true }, name: TEXT, logins: INTEGER }, { tableName: 'users', paranoid: true });
    const Post = sequelize.define('Post', { title: TEXT, authorId: INTEGER }, { tableName: 'posts', paranoid: true });
    User.hasMany(Post, { as: 'posts', foreignKey: { name: 'authorId' }, inverse: { as: 'author' } });
    return { ...overPglite(database), run: (code) => evaluate(code, { User, Post, Op: sequelize7.Op, literal: sequelize7.literal }) };
  }, [
    ...CASES,
    // Parentheses keep an OR in a literal behind the filter.
    ['User.findAll({ where: literal("logins = 1 OR logins = 0") })', 'untouched', 'users: live'],
    ['User.count({ where: { [Op.and]: literal("logins = 1 OR logins = 0") } })', 'untouched', 'users: live'],
    ['User.update({ name: "new" }, { where: literal("logins = 1 OR logins = 0") })', 'untouched', 'users updated (edit): live'],
    ["User.findAll({ include: [{ model: Post, as: 'posts', where: literal('\"posts\".id = 1 OR \"posts\".id = 2'), required: false }] })", 'untouched', 'users: live', 'posts: live'],
  ]);
});

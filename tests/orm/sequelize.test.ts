/** Sequelize calls through the plugin: what is said of them, where, and what the suggestions make of them. */
import assert from 'node:assert/strict';
import * as parser from '@typescript-eslint/parser';
import { Linter, type ESLint } from 'eslint';
import plugin from '../../index.js';
import type { Manifest } from '../../lib/manifest/types.js';

const manifest: Manifest = {
  tables: {
    posts: { deletion: 'soft', models: ['Post'], autoFilter: ['sequelize'], retention: '30 days', relations: { comments: { table: 'comments', many: true }, author: { table: 'users' } } },
    comments: { deletion: 'soft', models: ['Comment'], autoFilter: ['sequelize'] },
    users: { deletion: 'soft', models: ['User'], unique: [['email']] },
    notes: { deletion: 'soft', models: ['Note'], relations: { links: { table: 'links', many: true } } },
    links: { deletion: 'soft', models: ['Link'] },
    flags: { deletion: 'soft', models: ['Flag'], tombstone: { column: 'is_deleted', live: false } },
  },
};

const config: Linter.Config[] = [
  { files: ['**/*.ts'], languageOptions: { parser } },
  plugin.configs.strict,
  { plugins: { 'soft-delete': plugin as ESLint.Plugin }, settings: { 'soft-delete': { manifest } } },
];

function lint(code: string): { said: string[]; suggested: string[] } {
  const messages = new Linter().verify(code, config, { filename: 'calls.ts' });
  return {
    said: messages.map(({ ruleId, line, column, endLine, endColumn }) => {
      const lines = code.split('\n'), offset = (l: number, c: number): number => lines.slice(0, l - 1).join('\n').length + (l > 1 ? 1 : 0) + c - 1;
      return `${ruleId?.replace('soft-delete/', '') ?? 'fatal'} at ${code.slice(offset(line, column), offset(endLine!, endColumn!))}`;
    }),
    suggested: messages.flatMap(({ suggestions = [] }) => suggestions.map(({ fix }) => code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1]))),
  };
}

interface Row {
  readonly code: string;
  /** The rule and the words underlined. */
  readonly said: readonly string[];
  /** What the first suggestion makes of the code; nothing may be said of that. */
  readonly mended?: string;
}

const rows: readonly Row[] = [
  // Filtered by the library.
  { code: "Post.findAll({ where: { title } })", said: [] },
  { code: "Post.findAll({ include: [{ model: Comment, as: 'comments' }] })", said: [] },
  { code: "models.Post.count()", said: [] },
  { code: "class Post extends Model { static latest() { return this.findAll({ limit: 5 }); } }", said: [] },
  { code: "Post.update({ title }, { where: { id } })", said: [] },
  { code: "Post.destroy({ where: { id } })", said: [] },
  // Holes of the library's filter.
  { code: "Post.increment('views', { where: { id } })", said: ['require-live-update at Post'] },
  { code: "Post.upsert({ id, slug })", said: ['no-tombstone-upsert at Post'] },
  { code: "Post.bulkCreate(rows, { updateOnDuplicate: ['title'] })", said: ['no-tombstone-upsert at Post'] },
  { code: "Post.bulkCreate(rows)", said: [] },
  { code: "Post.destroy({ where: { id }, force: true })", said: ['no-hard-delete at Post'], mended: "Post.destroy({ where: { id } })" },
  { code: "import { Op } from 'sequelize';\nPost.destroy({ where: { deletedAt: { [Op.lt]: subDays(new Date(), 30) } }, force: true })", said: [] },
  { code: "import { Op } from 'sequelize';\nPost.destroy({ where: { deletedAt: { [Op.ne]: null } }, force: true })", said: ['require-purge-age at Post'] },
  // Asking for dead rows while the filter is on finds none.
  { code: "import { Op } from 'sequelize';\nPost.findAll({ where: { deletedAt: { [Op.ne]: null } } })", said: ['valid-tombstone-predicate at [Op.ne]: null'], mended: "import { Op } from 'sequelize';\nPost.findAll({ where: { deletedAt: { [Op.ne]: null } }, paranoid: false })" },
  { code: "import { Op } from 'sequelize';\nNote.findAll({ where: { deletedAt: null }, include: [{ model: Post, as: 'posts', where: { deletedAt: { [Op.ne]: null } } }] })", said: ['valid-tombstone-predicate at [Op.ne]: null'], mended: "import { Op } from 'sequelize';\nNote.findAll({ where: { deletedAt: null }, include: [{ model: Post, as: 'posts', where: { deletedAt: { [Op.ne]: null } }, paranoid: false }] })" },
  { code: "import { Op } from 'sequelize';\nPost.destroy({ where: { deletedAt: { [Op.lt]: subDays(new Date(), 30) } } })", said: ['valid-tombstone-predicate at [Op.lt]: subDays(new Date(), 30)'], mended: "import { Op } from 'sequelize';\nPost.destroy({ where: { deletedAt: { [Op.lt]: subDays(new Date(), 30) } }, force: true })" },
  // No filter of its own.
  { code: "Note.findAll()", said: ['require-live-filter at Note'], mended: "Note.findAll({ where: { deletedAt: null } })" },
  { code: "Note.findAll({})", said: ['require-live-filter at Note'], mended: "Note.findAll({ where: { deletedAt: null } })" },
  { code: "Note.findAll({ where: { body } })", said: ['require-live-filter at Note'], mended: "Note.findAll({ where: { body, deletedAt: null } })" },
  { code: "Note.findAll({\n  where: {\n    body,\n  },\n})", said: ['require-live-filter at Note'], mended: "Note.findAll({\n  where: {\n    body,\n    deletedAt: null,\n  },\n})" },
  { code: "const where = { body };\nNote.findAll({ where })", said: ['require-live-filter at Note'], mended: "const where = { body };\nNote.findAll({ where: { ...where, deletedAt: null } })" },
  { code: "const where = { body };\nwhere.deletedAt = null;\nNote.findAll({ where })", said: [] },
  { code: "Note.findAll({ where: { ...filters } })", said: [] },
  { code: "Note.findAll(options)", said: [] },
  { code: "Note.findAll({ where: { body, deletedAt: includeDeleted ? undefined : null } })", said: [] },
  { code: "Note.findAll({ where: { body, ...(includeDeleted ? {} : { deletedAt: null }) } })", said: [] },
  { code: "Note.count({ where: { body } })", said: ['no-unfiltered-aggregate at Note'], mended: "Note.count({ where: { body, deletedAt: null } })" },
  { code: "Note.findByPk(id)", said: ['require-live-lookup at Note'], mended: "Note.findOne({ where: { id: id, deletedAt: null } })" },
  { code: "const note = await Note.findByPk(id);\nif (!note || note.deletedAt) throw new Error('gone');", said: [] },
  { code: "User.findOne({ where: { email } })", said: ['require-live-lookup at User'] },
  { code: "Note.findAll({ where: { deletedAt: null }, include: [{ model: Link, as: 'links' }] })", said: ['require-live-join at Link'], mended: "Note.findAll({ where: { deletedAt: null }, include: [{ model: Link, as: 'links', where: { deletedAt: null }, required: false }] })" },
  { code: "Note.findAll({ where: { deletedAt: null }, include: [{ model: Link, as: 'links', where: { url } }] })", said: ['require-live-join at Link'], mended: "Note.findAll({ where: { deletedAt: null }, include: [{ model: Link, as: 'links', where: { url, deletedAt: null } }] })" },
  { code: "Note.findAll({ where: { deletedAt: null }, include: ['links'] })", said: ["require-live-join at 'links'"] },
  { code: "Note.destroy({ where: { body } })", said: ['no-hard-delete at Note'], mended: "Note.update({ deletedAt: new Date() }, { where: { body, deletedAt: null } })" },
  { code: "Note.update({ deletedAt: new Date() }, { where: { body } })", said: ['no-restamp at Note'] },
  { code: "Note.update({ deletedAt: null }, { where: { body } })", said: [] },
  { code: "Flag.findAll({ where: { label } })", said: ['require-live-filter at Flag'], mended: "Flag.findAll({ where: { label, isDeleted: false } })" },
  { code: "import { Op } from 'sequelize';\nNote.findAll({ where: { [Op.or]: [{ body }, { deletedAt: null }] } })", said: ['require-live-filter at Note'] },
  // Not Sequelize.
  { code: "import { User } from './mongo';\nUser.findOne({ email })", said: [] },
  { code: "users.update(name)", said: [] },
  // A row that the program holds.
  { code: "const note = await Note.findOne({ where: { id, deletedAt: null } }); await note.update({ body })", said: [] }, { code: "note.update({ body }, { transaction })", said: [] },
  { code: "Note.update({ body }, { where: { stars: 1 } })", said: ['require-live-update at Note'] },
];

/** Sequelize 7: `@sequelize/core`, the names of its scopes, and parentheses around `literal()`. */
const seven = (code: string): string => `import { literal, Op } from '@sequelize/core';\nimport { Comment, Note, Post } from './models';\n${code}`;
const rowsOfSeven: readonly Row[] = [
  { code: seven("Post.findAll({ where: { [Op.or]: [{ title }, { body }] } })"), said: [] },
  { code: seven("Post.withScope('short').findAll()"), said: [] }, { code: seven('Post.withoutScope().findAll()'), said: [] },
  { code: seven("Note.withInitialScope().findAll({ where: { body } })"), said: ['require-live-filter at Note'] },
  { code: seven("Post.findAll({ where: literal('a = 1 OR b = 2') })"), said: [] },
  { code: seven("Post.findAll({ where: { deletedAt: { [Op.not]: null } } })"), said: ['valid-tombstone-predicate at [Op.not]: null'], mended: seven("Post.findAll({ where: { deletedAt: { [Op.not]: null } }, paranoid: false })") },
  { code: seven("Post.findAll({ include: [{ model: Comment, paranoid: false }] })"), said: ['no-filter-bypass at Comment'] },
  { code: seven("Post.increment('views', { where: { id } })"), said: ['require-live-update at Post'] },
  // 6 has none.
  { code: "import { literal } from 'sequelize';\nPost.findAll({ where: literal('a = 1 OR b = 2') })", said: ['require-live-filter at Post'] },
  { code: "import { literal } from 'sequelize';\nPost.findAll({ where: [literal('a = 1 OR b = 2'), { title }] })", said: [] },
];

describe('calls of Sequelize 7', () => {
  for (const { code, said, mended } of rowsOfSeven) {
    it(code, () => {
      const found = lint(code);
      assert.deepEqual(found.said, said);
      if (mended !== undefined) assert.equal(found.suggested[0], mended);
    });
  }
});

describe('helpers of the manifest, in calls of Sequelize', () => {
  const guards: Manifest['guards'] = [{ kind: 'where-object', name: 'live' }, { kind: 'where-wrapper', name: 'withoutDeleted' }, { kind: 'predicate', name: 'notDeleted' }];
  for (const [code, ...said] of [
    ['Note.findAll({ where: { body, ...live } })'], ['Note.findAll({ where: live() })'], ['Note.count({ where: withoutDeleted({ body }) })'], ['Note.update({ body }, { where: withoutDeleted({ id }) })'],
    ['Note.findAll({ where: { [Op.and]: [notDeleted(), { body }] } })'], ['Note.findAll({ where: { [Op.or]: [notDeleted(), { body }] } })', 'require-live-filter'],
    ["Note.findAll({ where: live(), include: [{ model: Link, as: 'links', where: live(), required: false }] })"], ["Note.findAll({ where: live(), include: [{ model: Link, as: 'links' }] })", 'require-live-join'],
  ] as const) {
    it(code, () => {
      const messages = new Linter().verify(code, [...config.slice(0, 2), { plugins: { 'soft-delete': plugin as ESLint.Plugin }, settings: { 'soft-delete': { manifest: { ...manifest, guards } } } }], { filename: 'calls.ts' });
      assert.deepEqual(messages.map(({ ruleId }) => ruleId?.replace('soft-delete/', '')), said);
    });
  }
});

describe('calls of Sequelize', () => {
  for (const { code, said, mended } of rows) {
    it(code, () => {
      const found = lint(code);
      assert.deepEqual(found.said, said);
      if (mended === undefined) return;
      assert.equal(found.suggested[0], mended);
      assert.deepEqual(lint(mended).said, []);
    });
  }
});

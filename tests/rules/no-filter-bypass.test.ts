import { testRule } from './tester.js';

const message = "Deleted rows of 'posts' come back, because this call switches off the library's own filter. Leave the filter on, filter on 'deletedAt', or give the reason in a comment: 'includes-deleted: ..'.";
const ofComments = message.replace("'posts'", "'comments'");

testRule('no-filter-bypass', {
  ts: {
    valid: [
      'Post.findAll({ where: { authorId } })',
      'Post.findAll({ where: { authorId }, paranoid: true })',
      'Post.findAll({ include: [Comment] })',
      // The caller decides.
      'Post.findAll({ paranoid: !includeDeleted })',
      "import { Op } from 'sequelize'; Post.findAll({ where: { deletedAt: { [Op.ne]: null } }, paranoid: false })",
      "import { Op } from 'sequelize'; Post.findAll({ where: { deletedAt: { [Op.is]: null } }, paranoid: false })",
      'Post.findAll({ where: { deletedAt: null }, paranoid: false })',
      '// includes-deleted: a deleted post keeps its slug\nPost.findOne({ where: { slug }, paranoid: false })',
      { code: 'Post.findAll({ paranoid: false })', filename: 'trash/posts.ts' },
      // Not filtered by the library: require-live-filter.
      'BlogPost.findAll({ paranoid: false })',
      // No model of the manifest.
      'Setting.findAll({ paranoid: false })',
    ],
    invalid: [
      { code: 'Post.findAll({ where: { authorId }, paranoid: false })', at: 'Post', message },
      { code: 'Post.scope("full").findOne({ where: { slug }, paranoid: false })', at: 'Post', message },
      { code: 'const options = { paranoid: false }; models.Post.count({ where: { authorId }, ...options })', at: 'Post', message },
      { code: 'Post.findByPk(id, { paranoid: false })', at: 'Post', message },
      { code: 'Post.findAll({ include: [{ model: Comment, paranoid: false }] })', at: 'Comment', message: ofComments },
      { code: "Post.findAll({ include: { association: 'comments', paranoid: false } })", at: "'comments'", message: ofComments },
      { code: 'Post.update({ title }, { where: { authorId }, paranoid: false })', at: 'Post', message },
    ],
  },
});

'use strict';

const LIST = /(?<=<!-- begin auto-generated rules list -->\n\n)(?<legend>[^|]*)(?<table>\|[\s\S]*?)(?=\n\n<!-- end auto-generated rules list -->)/u;
const HEAD = /^[\s\S]*?<!-- end auto-generated rule header -->/u;

/** Letters instead of emoji, each as wide as what it replaces. */
function plainList(_, legend, table) {
  const plain = table.replaceAll('💼', 'In').replaceAll('💡', 'E ').replaceAll('⚙️', 'O ');
  return `In: R \`recommended\`, S \`strict\`. E: offers edits. O: has options.\n\n${plain}`;
}

function plainHead(head) {
  return head.replace(/^(?:📝|💼|💡) /gmu, '').replace(/\b[RS] (?=`)/gu, '').replace('This rule is manually fixable by', 'It offers edits, as');
}

/** @type {import('eslint-doc-generator').GenerateOptions} */
module.exports = {
  // The legacy configurations repeat the others; `sql` sets no rules.
  ignoreConfig: ['legacy', 'legacy-strict', 'sql'],
  configEmoji: [['recommended', 'R'], ['strict', 'S']],
  ruleDocTitleFormat: 'name',
  ruleListColumns: ['name', 'description', 'configsError', 'hasSuggestions', 'options'],
  ruleDocNotices: ['description', 'configs', 'hasSuggestions', 'deprecated'],
  postprocess: (content, path) => path.endsWith('README.md') ? content.replace(LIST, plainList) : content.replace(HEAD, plainHead),
};

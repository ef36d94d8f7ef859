'use strict';

/** @type {import('eslint-doc-generator').GenerateOptions} */
module.exports = {
  // The legacy configurations repeat the others; `sql` sets no rules.
  ignoreConfig: ['legacy', 'legacy-strict', 'sql'],
  // A letter in the list of rules, its meaning in the legend: no emoji.
  configEmoji: [['recommended', 'R'], ['strict', 'S']],
  ruleDocTitleFormat: 'name',
  ruleListColumns: ['name', 'description', 'configsError', 'hasSuggestions', 'options'],
  ruleDocNotices: ['description', 'configs', 'hasSuggestions', 'deprecated'],
};

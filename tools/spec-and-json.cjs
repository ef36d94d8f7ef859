// A mocha reporter that shows the results to people and keeps them for tools: `spec` and `json` at once.
// `--reporter-option output=FILE` names the JSON file.
'use strict';

const { reporters } = require('mocha');

module.exports = function SpecAndJson(runner, options) {
  new reporters.Spec(runner, options);
  new reporters.JSON(runner, options);
};

// Lints in a process of its own: node lint-runs.cjs ESLINT-PACKAGE RUNS, where RUNS is a JSON list of options for the ESLint class.
// Prints a JSON list with one map per run, from file name to the number of reports.
'use strict';

const { basename } = require('node:path');

async function main([eslintPackage, runs]) {
  const { ESLint } = require(eslintPackage);
  const counts = [];
  for (const options of JSON.parse(runs)) {
    const results = await new ESLint(options).lintFiles('.');
    counts.push(Object.fromEntries(results.map(({ filePath, messages }) => [basename(filePath), messages.length])));
  }
  process.stdout.write(JSON.stringify(counts));
}

void main(process.argv.slice(2));

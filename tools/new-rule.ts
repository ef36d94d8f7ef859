/**
 * Writes a new rule: the rule, its tests and its page, and lists it in `rules/index.ts`. What is written compiles and passes its tests; it
 * reports every unfiltered reading of a soft table until it is made to say what it means.
 *
 *     npm run new-rule require-something [-- --dry-run]
 */
import { existsSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ruleNames, updateRulesIndex } from './rules-index.js';

const ROOT = join(__dirname, '..');

const rule = (name: string): string => `import { createRule } from '../lib/create-rule.js';
import { defineQueryVisitor } from '../lib/define-query-visitor.js';
import { words } from '../lib/describe.js';

export default createRule({
  name: '${name}',
  meta: {
    type: 'problem',
    docs: { description: '${name.replaceAll('-', ' ')}', recommended: false },
    schema: [],
    messages: {
      // The consequence, then the remedy.
      listed: 'Deleted rows of {{table}} {{are}} listed too. {{remedy}}.',
      addFilter: 'Add {{shown}}.',
    },
    hasSuggestions: true,
  },
  create: (context) => defineQueryVisitor(context, {
    query(query) {
      for (const read of query.unfiltered) {
        query.report({
          messageId: 'listed', at: read.ref.range, data: words(query, read),
          suggest: [{ messageId: 'addFilter', remedy: query.statement.remedies?.addLiveFilter?.(read.ref, read.table.tombstones) }],
        });
      }
    },
  }),
});
`;

const test = (name: string): string => `import { testRule } from './tester.js';

testRule('${name}', {
  sql: {
    valid: [
      'SELECT id FROM users WHERE deleted_at IS NULL',
      'SELECT id FROM sessions',
    ],
    invalid: [
      {
        code: 'SELECT id FROM users WHERE name = $1',
        at: 'users',
        message: "Deleted rows of 'users' are listed too. Add 'users.deleted_at IS NULL' to the WHERE.",
        suggestions: { addFilter: 'SELECT id FROM users WHERE name = $1 AND deleted_at IS NULL' },
      },
    ],
  },
});
`;

const page = (name: string): string => `# ${name}

<!-- end auto-generated rule header -->

What goes wrong, in a sentence.

## Why

What it did to somebody, with rows and numbers.

## Wrong

\`\`\`sql
SELECT id FROM users WHERE name = $1;
\`\`\`

\`\`\`ts
await pool.query('SELECT id FROM users WHERE name = $1', [name]);
\`\`\`

## Right

\`\`\`sql
SELECT id FROM users WHERE name = $1 AND deleted_at IS NULL;
\`\`\`

\`\`\`ts
await pool.query('SELECT id FROM users WHERE name = $1 AND deleted_at IS NULL', [name]);
\`\`\`

## When not to use it

Where the consequence is none.
`;

/** The files of a new rule, by path. */
export function ruleFiles(name: string): Readonly<Record<string, string>> {
  return { [`rules/${name}.ts`]: rule(name), [`tests/rules/${name}.test.ts`]: test(name), [`docs/rules/${name}.md`]: page(name) };
}

/**
 * Writes the files of a new rule into a folder and lists the rule. Returns their paths.
 *
 * @throws {Error} where the name is none for a rule, or is taken.
 */
export function newRule(name: string, root = ROOT): string[] {
  if (!/^[a-z]+(?:-[a-z]+)+$/u.test(name)) throw new Error(`"${name}" is no name for a rule: write lower-case words with hyphens between, such as require-live-filter.`);
  if (ruleNames(root).includes(name)) throw new Error(`There is a rule ${name} already.`);
  const files = ruleFiles(name);
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path);
    if (existsSync(file)) throw new Error(`${path} is there already.`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  updateRulesIndex({ check: false, root });
  return [...Object.keys(files), 'rules/index.ts'];
}

if (require.main === module) {
  const [name, ...flags] = process.argv.slice(2);
  try {
    if (name === undefined) throw new Error('Usage: npm run new-rule <name> [-- --dry-run]');
    if (flags.includes('--dry-run')) for (const [path, text] of Object.entries(ruleFiles(name))) console.log(`--- ${path}\n${text}`);
    else for (const path of newRule(name)) console.log(path);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

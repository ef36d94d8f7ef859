import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRule } from '../../tools/new-rule.js';
import { ROOT } from '../helpers/project.js';

const NAME = 'require-something-new';

describe('npm run new-rule', function () {
  this.timeout(180_000);

  let copy: string, written: string[];
  before(() => {
    copy = mkdtempSync(join(realpathSync(tmpdir()), 'soft-delete-'));
    for (const part of ['index.ts', 'lib', 'rules', 'package.json', 'tsconfig.json', 'eslint.config.mjs']) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    for (const part of ['docs/rules', 'tests/docs.test.ts']) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    // What the tests of rules share.
    cpSync(join(ROOT, 'tests/rules'), join(copy, 'tests/rules'), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
    written = newRule(NAME, copy);
  });
  after(() => { rmSync(copy, { recursive: true }); });

  const run = (program: string, ...args: string[]) => spawnSync(process.execPath, [join(ROOT, 'node_modules', program), ...args], { cwd: copy, encoding: 'utf8' });

  it('writes the rule, its tests and its page, and lists it', () => {
    assert.deepEqual(written, [`rules/${NAME}.ts`, `tests/rules/${NAME}.test.ts`, `docs/rules/${NAME}.md`, 'rules/index.ts']);
    for (const path of written) assert.ok(existsSync(join(copy, path)), path);
    assert.match(readFileSync(join(copy, 'rules/index.ts'), 'utf8'), /'require-something-new': requireSomethingNew,/u);
  });

  it('writes what compiles', () => {
    const lines = run('typescript/bin/tsc', '--noEmit', '--listFiles', '-p', '.').stdout.split('\n').filter((line) => line.includes(NAME));
    assert.deepEqual(lines, [join(copy, `rules/${NAME}.ts`), join(copy, `tests/rules/${NAME}.test.ts`)].map((path) => path.replaceAll('\\', '/')));
  });

  it('writes what the lint accepts', () => {
    const { stdout, stderr, status } = run('eslint/bin/eslint.js', ...written.filter((path) => path.endsWith('.ts')));
    assert.equal(status, 0, stdout + stderr);
  });

  it('writes tests that pass, and a page whose examples do', () => {
    const { stdout, stderr, status } = run('mocha/bin/mocha.js', '--import=tsx', '--fgrep', NAME, `tests/rules/${NAME}.test.ts`, 'tests/docs.test.ts');
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /\b[1-9]\d* passing/u);
  });

  it('refuses a name that is taken, and one that is none', () => {
    assert.throws(() => newRule(NAME, copy), { message: `There is a rule ${NAME} already.` });
    for (const name of ['Something', 'rule', 'a--b', '../x', 'no_underscore']) assert.throws(() => newRule(name, copy), /is no name for a rule/u);
  });
});

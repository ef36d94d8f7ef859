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
    // What the tests of rules share.
    cpSync(join(ROOT, 'tests/rules'), join(copy, 'tests/rules'), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
    written = newRule(NAME, copy);
  });
  after(() => { rmSync(copy, { recursive: true }); });

  /** Runs a program of node_modules in the copy; passes where it ends with status 0. */
  function runs(program: string, ...args: string[]): void {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'node_modules', program), ...args], { cwd: copy, encoding: 'utf8' });
    assert.equal(status, 0, `${stdout}\n${stderr}`);
  }

  it('writes the rule, its tests and its page, and lists it', () => {
    assert.deepEqual(written, [`rules/${NAME}.ts`, `tests/rules/${NAME}.test.ts`, `docs/rules/${NAME}.md`, 'rules/index.ts']);
    for (const path of written) assert.ok(existsSync(join(copy, path)), path);
    assert.match(readFileSync(join(copy, 'rules/index.ts'), 'utf8'), /'require-something-new': requireSomethingNew,/u);
  });

  it('writes what compiles', () => { runs('typescript/bin/tsc', '--noEmit', '-p', '.'); });
  it('writes what the lint accepts', () => { runs('eslint/bin/eslint.js', ...written.filter((path) => path.endsWith('.ts'))); });
  it('writes tests that pass', () => { runs('mocha/bin/mocha.js', '--import=tsx', `tests/rules/${NAME}.test.ts`); });

  it('refuses a name that is taken, and one that is none', () => {
    assert.throws(() => newRule(NAME, copy), { message: `There is a rule ${NAME} already.` });
    for (const name of ['Something', 'rule', 'a--b', '../x', 'no_underscore']) assert.throws(() => newRule(name, copy), /is no name for a rule/u);
  });
});

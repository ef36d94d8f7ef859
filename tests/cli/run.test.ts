import assert from 'node:assert/strict';
import { version } from '../../package.json';
import { CommandProject } from './project.js';

describe('the command line', () => {
  let project: CommandProject;
  before(() => { project = new CommandProject({ 'soft-delete.json': '{ "tables": { "users": "soft" } }' }); });
  after(() => { project.remove(); });

  for (const args of [[], ['--help'], ['-h'], ['check', '--help']]) {
    it(`explains itself: ${args.join(' ') || '(nothing)'}`, async () => {
      const { code, out } = await project.run(...args);
      assert.equal(code, 0);
      for (const command of ['init', 'sync', 'check', 'coverage']) assert.match(out, new RegExp(`^  ${command} `, 'm'));
    });
  }

  it('tells its version', async () => {
    assert.deepEqual(await project.run('--version'), { code: 0, out: version, err: '' });
  });

  for (const [args, message] of [
    [['covrage'], 'There is no command "covrage"; did you mean "coverage"?'],
    [['zzzzzzzzzz'], 'There is no command "zzzzzzzzzz"; "soft-delete --help" lists them.'],
    [['init', '--frce'], 'Unknown option \'--frce\'; "soft-delete --help" lists the options.'],
    [['check', '--force'], '"soft-delete check" takes no --force.'],
  ] as const) {
    it(`refuses in one sentence: ${args.join(' ')}`, async () => {
      assert.deepEqual(await project.run(...args), { code: 2, out: '', err: message });
    });
  }
});

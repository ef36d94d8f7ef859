import assert from 'node:assert/strict';
import { validate } from '../../lib/manifest/index.js';
import { CommandProject, SCHEMA } from './project.js';

const WRITTEN = `{
    "dialect": "postgresql",
    "tables": {
        "users": "soft",
        "Post": { "deletion": "soft", "tombstone": "deletedAt", "attribution": true, "models": ["Post"],
                  "relations": { "author": { "table": "users", "optional": false, "on": { "authorId": "id" } } } },
        "Tag": { "deletion": "hard", "why": "label" },
        "sessions": "hard"
    }
}
`;

describe('soft-delete sync', () => {
  let project: CommandProject;
  beforeEach(() => { project = new CommandProject({ 'prisma/schema.prisma': SCHEMA, 'soft-delete.json': WRITTEN }); });
  afterEach(() => { project.remove(); });

  it('adds what the sources declare, and keeps what a person decided and wrote', async () => {
    const { code, out } = await project.run('sync');
    assert.equal(code, 0, out);
    const manifest = project.manifest();
    assert.deepEqual(validate(manifest), []);
    assert.deepEqual(manifest.tables.Tag, { deletion: 'hard', why: 'label' });
    assert.deepEqual(manifest.tables.users, { deletion: 'soft', models: ['User'], relations: { posts: { table: 'Post', many: true, on: { id: 'authorId' } } }, unique: [['email']] });
    assert.deepEqual(Object.keys(manifest.tables), ['users', 'Post', 'Tag', 'sessions', 'Draft', 'Session']);
    assert.ok(project.text().includes('"Post": { "deletion": "soft", "tombstone": "deletedAt", "attribution": true, "models": ["Post"],\n                  "relations"'), project.text());
    assert.match(out, /^added {2}table Draft \(soft\)$/m);
    assert.match(out, /^note {2}No source declares the table "sessions"\.$/m);
    assert.match(out, /^soft-delete\.json had 4 tables; \d+ things were added\./m);
  });

  it('has nothing to add the second time', async () => {
    await project.run('sync');
    const text = project.text(), { code, out } = await project.run('sync');
    assert.deepEqual([code, project.text()], [0, text]);
    assert.match(out, /^soft-delete\.json has 6 tables, and all that the sources declare\.$/m);
  });

  for (const command of [['check'], ['sync', '--check']]) {
    it(`${command.join(' ')} writes nothing, and fails where something is missing`, async () => {
      const before = await project.run(...command);
      assert.deepEqual([before.code, project.text()], [1, WRITTEN]);
      assert.match(before.out, /^missing {2}table Draft \(soft\)$/m);
      assert.match(before.out, /"soft-delete sync" adds them\.$/m);
      await project.run('sync');
      assert.equal((await project.run(...command)).code, 0);
    });
  }

  it('keeps tabs and line ends', async () => {
    project.write('soft-delete.json', '{\r\n\t"tables": {\r\n\t\t"users": "soft"\r\n\t}\r\n}\r\n');
    await project.run('sync');
    assert.ok(!/[^\r]\n/.test(project.text()), JSON.stringify(project.text().slice(0, 80)));
    assert.match(project.text(), /^\t\t"Post"/m);
  });

  it('tells each mistake of a manifest, and what is no JSON', async () => {
    project.write('soft-delete.json', '{ "tables": { "users": "sofd", "posts": { "deletion": "soft", "tombstne": "x" } } }');
    const mistakes = await project.run('check');
    assert.equal(mistakes.code, 1);
    assert.equal(mistakes.out.split('\n').filter((line) => line.startsWith('error')).length, 2, mistakes.out);
    assert.match(mistakes.out, /did you mean "soft"/);
    project.write('soft-delete.json', '{ "tables": ');
    const broken = await project.run('check');
    assert.deepEqual([broken.code, broken.out], [2, '']);
    assert.match(broken.err, /^soft-delete\.json:1:\d+: this is not JSON/);
  });

  it('needs a manifest', async () => {
    const { code, err } = await project.run('sync', '--manifest', 'none.json');
    assert.equal(code, 2);
    assert.match(err, /none\.json: there is no such file.*"npx soft-delete init" writes one\.$/);
  });
});

/** What the README and the guides tell a reader to write has to be right. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from '@typescript-eslint/parser';
import plugin from '../index.js';
import { validate } from '../lib/manifest/index.js';
import { settingsOf } from '../lib/manifest/settings.js';
import { CommandProject } from './cli/project.js';

const ROOT = join(__dirname, '..');
const PAGES = ['README.md', 'CONTRIBUTING.md', 'docs/adopting.md', 'docs/architecture.md', 'docs/libraries.md', 'bench/README.md', 'fixtures/shop/README.md'];

interface Block { readonly language: string; readonly text: string }

const blocks = (markdown: string): Block[] => [...markdown.matchAll(/^```(\w+)\n([^]*?)^```$/gmu)].map(([, language, text]) => ({ language: language!, text: text! }));

describe('what the README shows of the command', () => {
  const project = new CommandProject({}), shop = join(ROOT, 'fixtures/shop');
  after(() => { project.remove(); });

  it('is what it prints for the web shop', async () => {
    const { out } = await project.runIn(shop, 'init', '--manifest', join(project.folder, 'soft-delete.json'));
    const shown = blocks(readFileSync(join(ROOT, 'README.md'), 'utf8')).find(({ text }) => text.startsWith('$ npx soft-delete init'))!.text;
    assert.equal(shown, `$ npx soft-delete init\n\n${out.slice(0, out.indexOf('\n\nRead it once')).replaceAll(`${project.folder}/`, '')}\n`);
  });
});

for (const page of PAGES) {
  const markdown = readFileSync(join(ROOT, page), 'utf8');
  describe(page, () => {
    for (const [index, { language, text }] of blocks(markdown).entries()) {
      const name = `block ${index + 1} (${language})`;
      if (language === 'json') {
        it(`${name} is JSON, and a valid manifest if it is one`, () => {
          const value = JSON.parse(text) as object;
          if ('tables' in value) assert.deepEqual(validate(value), []);
        });
      }
      if (language === 'js' || language === 'ts') it(`${name} is a program`, () => { parse(text, { sourceType: 'module' }); });
    }

    for (const [, target] of markdown.matchAll(/\]\((?!https?:|#)([^)#]+)/gu)) {
      it(`links to ${target}, which is there`, () => { assert.ok(existsSync(join(ROOT, dirname(page), target!))); });
    }

    for (const [, name] of markdown.matchAll(/`npm (?:run )?([a-z:-]+)/gu)) {
      if (name === 'ci' || name === 'install') continue;
      it(`names the script ${name}, which is there`, () => {
        const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
        assert.ok(name! in scripts);
      });
    }

    for (const rule of new Set([...markdown.matchAll(/soft-delete\/([a-z]+(?:-[a-z]+)+)/gu)].map(([, rule]) => rule!))) {
      it(`names the rule or configuration ${rule}, which is there`, () => { assert.ok(rule in plugin.rules || rule in plugin.configs); });
    }

    for (const [, options] of markdown.matchAll(/configure\(\{ ((?!manifest)[^)]+) \}\)/gu)) {
      it(`tells of the settings { ${options} }, which are there`, () => {
        const settings = JSON.parse(`{ ${options!.replace(/(\w+):/gu, '"$1":').replaceAll("'", '"')} }`) as object;
        settingsOf({ settings: { 'soft-delete': { manifest: { tables: {} }, ...settings } }, cwd: ROOT });
      });
    }
  });
}

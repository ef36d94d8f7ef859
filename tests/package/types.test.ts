import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { makeProject, ROOT } from '../helpers/project.js';

const USE = `
export default defineConfig([
  softDelete.configs.recommended,
  softDelete.configs.strict,
  softDelete.configs.sql,
  ...softDelete.configure({ manifest: 'soft-delete.json', strict: true, unknown: 'report', tags: ['db.sql'] }),
  ...softDelete.configure({ manifest: { dialect: 'mysql', tables: { users: 'soft', logs: { deletion: 'hard', why: 'log' } } } }),
  { plugins: { 'soft-delete': softDelete }, language: 'soft-delete/sql', settings: { 'soft-delete': { manifest: softDelete.manifest('soft-delete.json') } } },
  { files: ['**/*.sql'], languageOptions: { parser } },
]);
export const namespace: string = softDelete.meta.namespace;
export const manifest: Manifest = { tables: { users: { deletion: 'soft', retention: '30 days' } } };
export const problems: readonly { message: string }[] = validate(manifest);
// @ts-expect-error -- the manifest is required
softDelete.configure({ strict: true });
// @ts-expect-error -- no such setting
softDelete.configure({ manifest: 'soft-delete.json', unknwon: 'report' });
// @ts-expect-error -- no such deletion
export const wrong: Manifest = { tables: { users: 'softly' } };
`;

const IMPORTS = `
import { defineConfig } from 'eslint/config';
import { validate, type Manifest } from 'eslint-plugin-soft-delete/manifest';
import * as parser from 'eslint-plugin-soft-delete/parser';
`;

const TSCONFIG = {
  compilerOptions: { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: false, noEmit: true, types: [], lib: ['es2023'] },
  include: ['*.mts', '*.cts'],
};

describe('the types of the package', function () {
  this.timeout(120_000);
  for (const eslint of ['eslint', 'eslint-9']) {
    it(`compile in projects with ${eslint === 'eslint' ? 'ESLint 10' : 'ESLint 9'}, as an ES module and as CommonJS`, () => {
      const project = makeProject({
        'tsconfig.json': TSCONFIG,
        'module.mts': `import softDelete from 'eslint-plugin-soft-delete';${IMPORTS}${USE}`,
        'common.cts': `import softDelete = require('eslint-plugin-soft-delete');${IMPORTS}${USE.replace('export default', 'const config =')}\nexport { config };`,
      }, { eslint });
      try {
        const { stdout, status } = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project.folder], { encoding: 'utf8' });
        assert.equal(stdout, '');
        assert.equal(status, 0);
      } finally {
        project.remove();
      }
    });
  }
});

import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import eslintPlugin from 'eslint-plugin-eslint-plugin';
import tseslint from 'typescript-eslint';

/** Modules that a layer must not know. */
const without = (...groups) => ({ 'no-restricted-imports': ['error', { patterns: groups }] });

const ESLINT = { group: ['eslint', 'eslint/*', '@eslint/*', '@typescript-eslint/*', 'estree'], message: 'This layer knows neither ESLint nor a syntax tree.' };
const SQL_PARSER = { group: ['sql-parser-cst'], message: 'Only lib/sql knows the parser\'s nodes.' };
const SQL_PARSER_AT_RUN_TIME = { group: ['sql-parser-cst'], allowTypeImports: true, message: 'Only lib/sql/parse.ts calls the parser, and loads it when it does.' };
const FRONT_ENDS = { group: ['**/lib/sql/**', '**/lib/orm/**', '**/lib/source/**', '**/sql/*', '**/orm/*', '**/source/*'], message: 'Rules and model see queries, whatever they are written in.' };
const SYNTAX_TREES = { group: ['@typescript-eslint/*', 'estree'], message: 'Rules see queries, not syntax trees.' };

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'fixtures/', 'docs/', '**/*.generated.ts'] },
  js.configs.recommended,
  tseslint.configs.strict,
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-control-regex': 'off',
      'object-shorthand': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // What costs at start-up (the SQL parser, the SQL language) is required where it is first used.
      '@typescript-eslint/no-require-imports': 'off',
      // Indexed access is checked (`noUncheckedIndexedAccess`); `!` says that a bound was tested before.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['lib/model/**'], rules: without(ESLINT, SQL_PARSER, FRONT_ENDS) },
  { files: ['lib/manifest/catalog.ts', 'lib/manifest/compile.ts'], rules: without(ESLINT, SQL_PARSER) },
  { files: ['lib/sql/**'], ignores: ['lib/sql/parse.ts'], rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [ESLINT, SQL_PARSER_AT_RUN_TIME] }] } },
  { files: ['lib/orm/**', 'lib/schema/**', 'lib/source/**', 'lib/*.ts', 'cli/**'], rules: without(SQL_PARSER) },
  { files: ['rules/**'], rules: without(SQL_PARSER, FRONT_ENDS, SYNTAX_TREES) },
  {
    files: ['rules/*.ts'],
    ignores: ['rules/index.ts'],
    extends: [eslintPlugin.configs['rules-recommended']],
    rules: {
      'eslint-plugin/require-meta-docs-description': ['error', { pattern: '^[a-z]' }],
      'eslint-plugin/require-meta-docs-recommended': 'error',
      'eslint-plugin/no-property-in-node': 'error',
      'eslint-plugin/report-message-format': ['error', '^[^a-z].*\\.$'],
    },
  },
  { files: ['tests/rules/**'], extends: [eslintPlugin.configs['tests-recommended']] },
  { files: ['cli/**', 'tools/**', 'bench/**'], rules: { 'no-console': 'off' } },
  { files: ['tests/**'], rules: { '@typescript-eslint/no-dynamic-delete': 'off', 'no-loss-of-precision': 'off' } },
  { files: ['bench/**'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
  { files: ['**/*.{js,mjs,cjs}'], languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } } },
  {
    files: ['**/*.{js,cjs}'],
    languageOptions: { sourceType: 'commonjs', globals: { __dirname: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);

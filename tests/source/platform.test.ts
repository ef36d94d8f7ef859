import assert from 'node:assert/strict';
import * as typescriptParser from '@typescript-eslint/parser';
import { SourceCode, type AST, type Linter, type Rule, type Scope } from 'eslint';
import { findSql } from '../../lib/source/find.js';
import { CASES } from './cases.js';
import { find, mentions, print } from './support.js';

const VERSIONS = [
  ['ESLint 10', 'eslint', {}],
  ['ESLint 9', 'eslint-9', {}],
  ['ESLint 8', 'eslint-8', { configType: 'flat' }],
] as const;

/** Cases that plain JavaScript can spell, with the same meaning (`` sql<T>`..` `` is a comparison there). */
const PLAIN = Object.values(CASES).flat().filter(({ options, source }) => (options?.javascript || !options) && !/<\w+(?:\[\])?>/.test(source));

/** What a rule finds while `stage` of it runs. */
function inRule(packageName: string, linterOptions: object, source: string, parser: Linter.Parser | null, stage: 'create' | 'Program' | 'Program:exit'): string[] | null {
  const { Linter: Class } = require(packageName) as { Linter: new (options: object) => Linter };
  let found: string[] | null = null;
  const rule: Rule.RuleModule = {
    create(context) {
      const run = () => { found = findSql(context.sourceCode, { mentions }).flatMap(({ variants }) => variants.map(print)); };
      if (stage === 'create') run();
      return stage === 'create' ? {} : { [stage]: run };
    },
  };
  const messages = new Class(linterOptions).verify(source, [{
    files: ['**/*.{js,ts}'], plugins: { it: { rules: { rule } } }, rules: { 'it/rule': 'error' },
    languageOptions: { ecmaVersion: 2022, ...(parser ? { parser } : {}) },
  }], { filename: parser ? 'file.ts' : 'file.js' });
  return messages.some(({ fatal }) => fatal) ? null : found;
}

it('the same texts where no node knows its parent yet', () => {
  for (const { source, name } of Object.values(CASES).flat().filter(({ options }) => !options)) {
    const { ast, scopeManager, visitorKeys } = typescriptParser.parseForESLint(source, { range: true, loc: true, tokens: true, comment: true, sourceType: 'module' });
    const sourceCode = new SourceCode({ text: source, ast: ast as unknown as AST.Program, scopeManager: scopeManager as unknown as Scope.ScopeManager, visitorKeys: visitorKeys as SourceCode.VisitorKeys });
    assert.deepEqual(findSql(sourceCode, { mentions }).flatMap(({ variants }) => variants.map(print)), find(source).flatMap(({ variants }) => variants.map(print)), name);
  }
});

describe('the same texts on every ESLint', function () {
  for (const [name, packageName, options] of VERSIONS) {
    it(`${name}, its own parser`, () => {
      let compared = 0;
      for (const { source, name: title } of PLAIN) {
        const texts = inRule(packageName, options, source, null, 'Program');
        if (texts === null) continue;
        assert.deepEqual(texts, find(source).flatMap(({ variants }) => variants.map(print)), title);
        compared++;
      }
      assert.ok(compared > 100, `only ${compared} cases are plain JavaScript`);
    });

    for (const stage of ['create', 'Program', 'Program:exit'] as const) {
      it(`${name}, typescript-eslint, in ${stage}`, () => {
        const source = 'class R { readonly t = `users` as const; f(id: string) { return this.db.query<User>(`SELECT * FROM ${this.t} WHERE a = ${id!}`); } }';
        assert.deepEqual(inRule(packageName, options, source, typescriptParser as Linter.Parser, stage), ['SELECT * FROM users WHERE a = ⟦unknown⟧']);
      });
    }
  }
});

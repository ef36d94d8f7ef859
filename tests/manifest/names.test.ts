import assert from 'node:assert/strict';
import { nearest, splitName } from '../../lib/manifest/names.js';

describe('splitName', () => {
  const NAMES: [text: string, schema: string | null, name: string][] = [
    ['users', null, 'users'], ['public.users', 'public', 'users'], ['"public"."users"', 'public', 'users'], ['`db`.`users`', 'db', 'users'], ['[dbo].[Users]', 'dbo', 'Users'],
    ['"my.schema"."my.table"', 'my.schema', 'my.table'], ['"say ""hi"""', null, 'say "hi"'], ['project-x.dataset.users', 'dataset', 'users'], ['"order items"', null, 'order items'], [' users ', null, 'users'], ['', null, ''], ['.', null, '.'],
  ];
  for (const [text, schema, name] of NAMES) it(JSON.stringify(text), () => { assert.deepEqual(splitName(text), { schema, name }); });
});

describe('nearest', () => {
  const WORDS: [word: string, candidates: string[], meant: string | null][] = [
    ['sotf', ['hard', 'soft'], 'soft'], ['retenton', ['relations', 'retention'], 'retention'], ['SOFT', ['soft'], 'soft'], ['user_account', ['userAccounts'], 'userAccounts'],
    ['posts', ['pasts', 'ports'], 'pasts'], ['post', ['comments', 'posts'], 'posts'],
    // Too far, or nothing in common.
    ['forever', ['soft', 'hard'], null], ['x', ['id', 'a'], null], ['ab', ['cd'], null], ['', ['a'], null], ['users', [], null],
  ];
  for (const [word, candidates, meant] of WORDS) it(`${JSON.stringify(word)} means ${meant ?? 'none'} of ${candidates.join(', ')}`, () => { assert.equal(nearest(word, candidates), meant); });
});

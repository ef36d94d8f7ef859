import assert from 'node:assert/strict';
import { generate } from './generate.js';
import { Judge, type Failure, type Judgement } from './judge.js';
import { Random } from './random.js';
import type { Dialect } from './tree.js';

/** A sample of what `bench/oracle.ts` runs at length; the same queries each time. */
const QUERIES = 400, SEED = 20_250_101;

/** Clean queries and false alarms of all dialects: one alone has too few for a percentage. */
let clean = 0;
const alarms: string[] = [];

for (const dialect of ['postgresql', 'mysql', 'sqlite'] as const satisfies readonly Dialect[]) {
  describe(`the invariance oracle, ${dialect}`, () => {
    let judgements: readonly Judgement[] = [];
    const failed = (failure: Failure): string[] => judgements.filter((judgement) => judgement.failure === failure).map(({ text, details }) => `${text}\n${details}`);

    before(async function () {
      this.timeout(300_000);
      const judge = await Judge.open({ dialect, seed: SEED });
      const numbers = Array.from({ length: QUERIES }, (_, number) => number);
      judgements = await judge.judge(numbers.map((number) => generate(new Random(Math.imul(SEED, 1_000_003) + Math.imul(number, 7919)), dialect)), numbers);
      await judge.close();
      clean += judgements.filter(({ kind }) => kind === 'clean').length;
      alarms.push(...failed('false-alarm'));
    });

    it('never calls live what a tombstone changes', () => {
      assert.deepEqual(failed('missed'), []);
      assert.deepEqual(failed('missed-reference'), []);
    });

    it('never calls dead what a live row changes', () => {
      assert.deepEqual(failed('dead-mismatch'), []);
    });

    it('reads and runs nearly all queries', () => {
      const lost = judgements.filter(({ kind }) => kind === 'unread' || kind === 'refused');
      assert.ok(lost.length < 0.02 * QUERIES, lost.map(({ text, details }) => `${text}\n${details}`).join('\n'));
    });
  });
}

describe('the invariance oracle', () => {
  it('reports fewer than 4 % of the queries that no tombstone changes', () => {
    assert.ok(clean > QUERIES, `only ${clean} queries are clean`);
    assert.ok(alarms.length < 0.04 * clean, `${alarms.length} of ${clean}:\n${alarms.join('\n')}`);
  });
});

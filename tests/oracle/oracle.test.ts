import assert from 'node:assert/strict';
import { generate } from './generate.js';
import { Judge, type Judgement } from './judge.js';
import { Random } from './random.js';
import { shrink } from './shrink.js';
import type { Dialect } from './tree.js';

const QUERIES = 800, SEED = 20_240_601;

describe('the proof, held against databases', () => {
  for (const dialect of ['postgresql', 'mysql', 'sqlite'] as const satisfies Dialect[]) {
    describe(dialect, () => {
      let judge: Judge;
      let judgements: Judgement[] = [];

      before(async function () {
        this.timeout(300_000);
        judge = await Judge.open({ dialect, seed: SEED, states: 5, further: 20 });
        const numbers = Array.from({ length: QUERIES }, (_, number) => number);
        judgements = await judge.judge(numbers.map((number) => generate(new Random(SEED + Math.imul(number, 7919)), dialect)), numbers);
      });
      after(() => judge.close());

      /** Judgements of some kind, the first of them shrunk. */
      const failures = async (...kinds: Judgement['failure'][]): Promise<string[]> => {
        const found = judgements.filter(({ failure }) => kinds.includes(failure));
        return Promise.all(found.map(async ({ query, failure, states, text, details }, index) => {
          if (index > 0) return `${failure}: ${text} (${details})`;
          const small = await shrink(query, async (candidate) => {
            try {
              return (await judge.judge([candidate], [null], states.slice(0, 1)))[0]!.failure === failure;
            } catch {
              return false;
            }
          });
          const [judgement] = await judge.judge([small], [null], states.slice(0, 1));
          return `${failure}: ${judgement!.text} (${judgement!.details}), from ${text}`;
        }));
      };
      const count = (kind: Judgement['kind']): number => judgements.filter((judgement) => judgement.kind === kind).length;

      it('misses no leak', async () => { assert.deepEqual(await failures('missed', 'missed-reference'), []); });

      it('calls dead what sees tombstones alone', async () => { assert.deepEqual(await failures('dead-mismatch'), []); });

      it('raises few false alarms', () => {
        const alarms = judgements.filter(({ failure }) => failure === 'false-alarm');
        assert.ok(alarms.length < 0.04 * count('clean'), `${alarms.length} of ${count('clean')}:\n${alarms.map(({ text, details }) => `${text} (${details})`).join('\n')}`);
      });

      it('has asked questions that tell', () => {
        const lost = judgements.filter(({ kind }) => kind === 'unread' || kind === 'refused');
        assert.ok(lost.length <= 0.005 * QUERIES, lost.map(({ text, details }) => `${details}: ${text}`).join('\n'));
        assert.ok(count('leaking') > 0.08 * QUERIES, `${count('leaking')} leaking`);
        assert.ok(count('clean') > 0.4 * QUERIES, `${count('clean')} clean`);
      });
    });
  }
});

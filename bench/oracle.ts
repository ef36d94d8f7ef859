/**
 * The long run of the invariance oracle: random queries, run on real databases with and without their tombstones, against the proof.
 *
 *     npx tsx bench/oracle.ts --queries 20000 --seed 1 --dialect all [--examples 10]
 */
import { parseArgs } from 'node:util';
import { generate } from '../tests/oracle/generate.js';
import { Judge, type Failure, type Judgement } from '../tests/oracle/judge.js';
import { print } from '../tests/oracle/print.js';
import { Random } from '../tests/oracle/random.js';
import { shrink } from '../tests/oracle/shrink.js';
import type { Dialect, Query } from '../tests/oracle/tree.js';

const FAILURES: readonly Failure[] = ['missed', 'missed-reference', 'dead-mismatch', 'false-alarm'];
const CHUNK = 200;

interface Found {
  readonly failure: Failure;
  readonly number: number;
  readonly judgement: Judgement;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: {
    queries: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' }, dialect: { type: 'string', default: 'all' }, examples: { type: 'string', default: '10' },
  } });
  const dialects: Dialect[] = values.dialect === 'all' ? ['postgresql', 'mysql', 'sqlite'] : [values.dialect as Dialect];
  let failed = false;
  for (const dialect of dialects) failed = await run(dialect, Number(values.queries), Number(values.seed), Number(values.examples)) || failed;
  process.exitCode = failed ? 1 : 0;
}

/** Runs one dialect and prints what was found. True where the proof was wrong on the unsafe side. */
async function run(dialect: Dialect, queries: number, seed: number, examples: number): Promise<boolean> {
  const started = Date.now();
  const judge = await Judge.open({ dialect, seed });
  const kinds = new Map<string, number>(), reasons = new Map<string, number>();
  const found: Found[] = [];
  for (let first = 0; first < queries; first += CHUNK) {
    const numbers = Array.from({ length: Math.min(CHUNK, queries - first) }, (_, index) => first + index);
    const judgements = await judge.judge(numbers.map((number) => queryOf(seed, number, dialect)), numbers.map((number) => number));
    for (const [index, judgement] of judgements.entries()) {
      kinds.set(judgement.kind, (kinds.get(judgement.kind) ?? 0) + 1);
      if (judgement.kind === 'refused' || judgement.kind === 'unread') {
        const reason = `${judgement.kind}: ${judgement.details.replace(/"[^"]*"|\b[a-z]\w*\.\w+|\d+/g, '~').split('\n')[0]!.slice(0, 90)}`;
        if (!reasons.has(reason)) say(`first ${reason}\n    ${judgement.text}`);
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
      if (judgement.failure !== null) found.push({ failure: judgement.failure, number: numbers[index]!, judgement });
    }
  }
  const count = (kind: string): number => kinds.get(kind) ?? 0;
  const clean = count('clean');
  say(`\n${dialect}: ${queries} queries, seed ${seed}, ${((Date.now() - started) / 1000).toFixed(0)} s`);
  for (const kind of ['unread', 'refused', 'silent', 'undecided', 'clean', 'leaking']) say(`  ${kind.padEnd(18)}${String(count(kind)).padStart(7)}`);
  for (const failure of FAILURES) {
    const those = found.filter((entry) => entry.failure === failure).length;
    say(`  ${failure.padEnd(18)}${String(those).padStart(7)}${failure === 'false-alarm' ? `   ${(100 * those / Math.max(1, clean)).toFixed(2)} % of the clean` : ''}`);
  }
  for (const [reason, times] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 12)) say(`  ${String(times).padStart(6)} ${reason}`);
  for (const failure of FAILURES) {
    const shapes = new Map<string, number>();
    const those = found.filter((candidate) => candidate.failure === failure);
    const most = failure === 'false-alarm' ? examples : Math.max(examples, 5);
    for (const entry of those.slice(0, 3 * most)) {
      if (shapes.size >= most) break;
      const { text, details, shape } = await shrunk(judge, entry, dialect);
      if (!shapes.has(shape)) say(`\n[${failure}] query ${entry.number}\n  ${text}\n  ${details}`);
      shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
    }
  }
  await judge.close();
  return found.some(({ failure }) => failure !== 'false-alarm');
}

/** The query of a number: the same for a seed, whatever else is run. */
function queryOf(seed: number, number: number, dialect: Dialect): Query {
  return generate(new Random(Math.imul(seed, 1_000_003) + Math.imul(number, 7919)), dialect);
}

async function shrunk(judge: Judge, { failure, number, judgement }: Found, dialect: Dialect): Promise<{ text: string; details: string; shape: string }> {
  // What shows a failure in one state shows it in parts of the query as well; what a false alarm lacks is seen in many.
  const states = failure === 'false-alarm' ? Array.from({ length: 15 }, (_, index) => index) : judgement.states.slice(0, 2);
  const fails = (style: number | null) => async (candidate: Query): Promise<boolean> => {
    try {
      return (await judge.judge([candidate], [style], states))[0]!.failure === failure;
    } catch {
      return false;
    }
  };
  const style = await fails(null)(judgement.query) ? null : number;
  const query = await shrink(judgement.query, fails(style), failure === 'false-alarm' ? 400 : 1500);
  const all = failure === 'false-alarm' ? undefined : states;
  const [again] = await judge.judge([query], [style], all);
  // Fewer states may have hidden what leaks.
  const shown = again!.failure === failure ? again! : judgement;
  return { text: shown.text, details: shown.details, shape: print(shown.query, { dialect, purpose: 'read', style: null }).text.replace(/\b[a-z]\d+\b/g, 'a').replace(/\d+/g, 'n') };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();

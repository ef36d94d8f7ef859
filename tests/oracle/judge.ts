/**
 * Holds the verdicts of the proof against what databases answer.
 *
 * A read is live when its result stays the same if every tombstone were physically removed first; so is one reference, when its
 * result stays the same if that reference alone saw no tombstones, and dead, when it stays the same if it saw nothing else.
 */
import { compile } from '../../lib/manifest/compile.js';
import type { Catalog } from '../../lib/manifest/catalog.js';
import { analyse } from '../../lib/model/analyse.js';
import type { Verdict } from '../../lib/model/analysis.js';
import { readSql } from '../../lib/sql/read.js';
import { plainText } from '../../lib/sql/sql-text.js';
import { openEngine, type Engine, type Outcome } from './engines.js';
import { print } from './print.js';
import { Random } from './random.js';
import { DEAD, LIVE, makeData, manifestFor, tableOf } from './schema.js';
import { walk, type Dialect, type Query } from './tree.js';

/**
 * - `missed`: no reference is reported, but the result differs without tombstones
 * - `missed-reference`: a reference is called live, but the result differs when it sees no tombstones
 * - `dead-mismatch`: a reference is called dead, but the result differs when it sees nothing but tombstones
 * - `false-alarm`: a reference is called `all` or `unknown`, but the result never differs
 */
export type Failure = 'missed' | 'missed-reference' | 'dead-mismatch' | 'false-alarm';

export interface Judgement {
  readonly query: Query;
  /** The text as it was read. */
  readonly text: string;
  /**
   * `unread`: the front end gave up on it; `refused`: the engine did, or the query ran into an error;
   * `leaking` or `clean`, as results do or do not differ without tombstones, where the data can tell: else `silent`, as its result is
   * the same whatever the data, or `undecided`, as the live rows of a reported reference hardly matter to its result either.
   */
  readonly kind: 'unread' | 'refused' | 'silent' | 'undecided' | 'clean' | 'leaking';
  readonly failure: Failure | null;
  /** The verdicts by reference (`users u1: all`), or the reason of a refusal. */
  readonly details: string;
  /** States of the data in which the failure shows. */
  readonly states: readonly number[];
}

export interface JudgeOptions {
  readonly dialect: Dialect;
  readonly seed: number;
  /** States of the data that every query runs on. */
  readonly states?: number;
  /** Further states for queries that are reported and have not differed yet. */
  readonly further?: number;
}

/** In so many states live rows have to matter before "dead rows never do" counts: were they alike, that would be chance once in 2 to that power. */
const ENOUGH = 5;

/** What the proof says about one query. */
interface Claims {
  readonly text: string;
  readonly unread: string | null;
  /** Verdicts on the references to soft tables that the front end found, by the ids of the tree. */
  readonly verdicts: ReadonlyMap<number, Verdict['state']>;
}

/** One query on its way through the states. */
interface Trial {
  readonly query: Query;
  readonly ordered: boolean;
  readonly style: number | null;
  readonly claims: Claims;
  /** Results by state. */
  readonly results: Map<number, string>;
  /** For each reported reference: in how many states its live rows matter. */
  readonly exercised: Map<number, number>;
  refused: string | null;
  differs: number[];
  broken: { id: number; states: number[] }[];
}

/** Judges queries of one dialect; keeps a database open until `close`. */
export class Judge {
  readonly #dialect: Dialect;
  readonly #catalog: Catalog;
  readonly #engine: Engine;
  readonly #states: number;
  readonly #further: number;

  private constructor({ dialect, states = 6, further = 30 }: JudgeOptions, engine: Engine) {
    this.#dialect = dialect;
    this.#catalog = compile(manifestFor(dialect));
    this.#engine = engine;
    this.#states = states;
    this.#further = further;
  }

  static async open(options: JudgeOptions): Promise<Judge> {
    const random = new Random(options.seed);
    const data = Array.from({ length: (options.states ?? 6) + (options.further ?? 30) }, () => makeData(random, options.dialect));
    return new Judge(options, await openEngine(options.dialect, data));
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  /**
   * @param styles For each query the spelling to print it in, or null for the plainest.
   * @param only States to look at instead of all (for shrinking).
   */
  async judge(queries: readonly Query[], styles: readonly (number | null)[], only?: readonly number[]): Promise<Judgement[]> {
    const trials = queries.map((query, index): Trial => {
      const style = styles[index] ?? null;
      return { query, style, ordered: query.order !== null, claims: this.#claims(query, style), results: new Map(), exercised: new Map(), refused: null, differs: [], broken: [] };
    });
    const read = trials.filter((trial) => trial.claims.unread === null);
    for (const state of only ?? range(0, this.#states)) {
      await this.#runAll(state, read);
      await this.#testReferences(state, read);
    }
    const doubtful = (): Trial[] => read.filter((trial) => trial.refused === null && trial.differs.length === 0 && reported(trial.claims).length > 0);
    for (const state of only ? [] : range(this.#states, this.#further)) await this.#runAll(state, doubtful());
    for (const state of only ?? range(0, this.#states + this.#further)) await this.#exercise(state, doubtful());
    return trials.map((trial) => this.#judgement(trial));
  }

  #claims(query: Query, style: number | null): Claims {
    const { text, references } = print(query, { dialect: this.#dialect, purpose: 'read', style });
    const reading = readSql(plainText(text), { dialect: this.#dialect, library: 'sql', mentions: (part) => this.#catalog.mentions(part) });
    const verdicts = new Map<number, Verdict['state']>();
    for (const statement of reading.statements) for (const { ref, verdict } of analyse(statement, this.#catalog).reads) {
      for (const [id, [start, end]] of references) if (ref.range[0] >= start && ref.range[0] < end) verdicts.set(id, verdict.state);
    }
    return { text, verdicts, unread: reading.unread[0]?.reason ?? null };
  }

  #printed(trial: Trial, suffix?: (id: number) => string): { text: string; ordered: boolean } {
    const dialect = this.#dialect === 'mysql' ? 'postgresql' : this.#dialect;
    return { text: print(trial.query, { dialect, purpose: 'run', style: trial.style, suffix }).text, ordered: trial.ordered };
  }

  async #runAll(state: number, trials: readonly Trial[]): Promise<void> {
    const running = trials.filter((trial) => trial.refused === null);
    const texts = running.map((trial) => this.#printed(trial));
    const full = await this.#engine.run(state, false, texts);
    const purged = await this.#engine.run(state, true, texts);
    for (const [index, trial] of running.entries()) {
      const a = full[index]!, b = purged[index]!;
      if (!a.ok || !b.ok) trial.refused = reasonOf(a) ?? reasonOf(b);
      else {
        trial.results.set(state, a.rows);
        if (a.rows !== b.rows) trial.differs.push(state);
      }
    }
  }

  /** Each reference with a claim, alone: called live, it sees live rows only; called dead, dead rows only. */
  async #testReferences(state: number, trials: readonly Trial[]): Promise<void> {
    const tests = trials.filter((trial) => trial.refused === null).flatMap((trial) => [...trial.claims.verdicts]
      .filter(([, verdict]) => verdict === 'live' || verdict === 'dead')
      .map(([id, verdict]) => ({ trial, id, ...this.#printed(trial, (other) => other === id ? verdict === 'live' ? LIVE : DEAD : '') })));
    const found = await this.#engine.run(state, false, tests);
    for (const [index, { trial, id }] of tests.entries()) {
      const outcome = found[index]!;
      if (!outcome.ok || outcome.rows === trial.results.get(state)) continue;
      const known = trial.broken.find((entry) => entry.id === id);
      if (known) known.states.push(state);
      else trial.broken.push({ id, states: [state] });
    }
  }

  /** Do the live rows of reported references matter? If they do not, that their dead rows do not says nothing. */
  async #exercise(state: number, trials: readonly Trial[]): Promise<void> {
    const tests = trials.flatMap((trial) => reported(trial.claims).filter((id) => (trial.exercised.get(id) ?? 0) < ENOUGH)
      .map((id) => ({ trial, id, ...this.#printed(trial, (other) => other === id ? DEAD : '') })));
    const found = await this.#engine.run(state, false, tests);
    for (const [index, { trial, id }] of tests.entries()) {
      const outcome = found[index]!;
      if (outcome.ok && outcome.rows !== trial.results.get(state)) trial.exercised.set(id, (trial.exercised.get(id) ?? 0) + 1);
    }
  }

  #judgement({ query, claims, refused, differs, broken, results, exercised }: Trial): Judgement {
    const { verdicts, text } = claims;
    const base = { query, text, failure: null, states: [] };
    if (claims.unread !== null) return { ...base, kind: 'unread', details: claims.unread };
    if (refused !== null) return { ...base, kind: 'refused', details: refused };
    const details = [...softReferences(query)].map(([id, name]) => `${name}: ${verdicts.get(id) ?? 'not found'}`).join(', ');
    const alarms = reported(claims);
    const idle = alarms.some((id) => (exercised.get(id) ?? 0) < ENOUGH);
    const kind = differs.length > 0 ? 'leaking' : new Set(results.values()).size < 2 ? 'silent' : idle ? 'undecided' : 'clean';
    const wrongly = broken[0];
    if (kind === 'leaking' && alarms.length === 0 && ![...verdicts.values()].includes('dead')) return { ...base, kind, details, failure: 'missed', states: differs };
    if (wrongly) return { ...base, kind, details, failure: verdicts.get(wrongly.id) === 'live' ? 'missed-reference' : 'dead-mismatch', states: wrongly.states };
    if (kind === 'clean' && alarms.length > 0) return { ...base, kind, details, failure: 'false-alarm' };
    return { ...base, kind, details };
  }
}

function reasonOf(outcome: Outcome): string | null {
  return outcome.ok ? null : outcome.reason;
}

/** The references that are reported. */
function reported({ verdicts }: Claims): number[] {
  return [...verdicts].filter(([, verdict]) => verdict === 'all' || verdict === 'unknown').map(([id]) => id);
}

function range(from: number, length: number): number[] {
  return Array.from({ length }, (_, index) => from + index);
}

/** The references of a query to soft tables, as a person names them. */
function softReferences(query: Query): Map<number, string> {
  const found = new Map<number, string>();
  walk(query, (node) => {
    if (node.k === 'table' && tableOf(node.name).tombstones.length > 0) found.set(node.id, node.alias === null ? node.name : `${node.name} ${node.alias}`);
  });
  return found;
}

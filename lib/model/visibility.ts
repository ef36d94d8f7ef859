/**
 * The visibility proof: can a tombstone of a referenced table reach the result?
 *
 * A read is live when its result stays the same if every tombstone were physically removed first. For one reference the proof follows
 * its row upwards - through the joins above it, the WHERE of its block, and the blocks that read the block's rows - and looks for a
 * condition that a dead row cannot pass. What counts on the way:
 *
 * - ON filters the sides of an inner join and the nullable side of an outer join, never the preserved side;
 * - above the nullable side of an outer join a condition must also refuse the null-extended row, or else removing the dead row
 *   would have let a live row of the other side through (`outer-where`);
 * - conditions outside of a block count where the block does not fold rows (aggregate, window, LIMIT, DISTINCT ON); they commute with
 *   DISTINCT and with every set operation, which compare rows by value;
 * - what stands for the absent row may match on the nullable side of a further join, which then has no row of NULLs: those count, too;
 * - every place that reads a CTE has to refuse the row;
 * - a row that equals, key by key, a row already proven live is the same row.
 */
import type { Catalog, TableFacts } from '../manifest/catalog.js';
import { createAggregates, foldOf } from './aggregates.js';
import type { Flaw, Verdict } from './analysis.js';
import { conjuncts, createConditions, NO_FACTS, type Condition, type Step } from './conditions.js';
import { createKeys, type KeyMatch, type Origin } from './equality.js';
import type { Expr, Join, Query, Statement, TombstoneFact } from './query.js';
import { someExpr, sourceOf, type Block, type QueryNode, type Scopes, type Source } from './scope.js';
import { createEvaluator, deathsOf, type Assumption, type Death, type Evaluator, type Passage, type RowState } from './truth.js';
import { TRUE } from './values.js';

export interface Proof {
  /** The verdict on a reference to a soft table; `extra`: a further condition on its rows (a branch of MERGE). */
  verdict(source: Source, extra?: Expr | null): Verdict;
  /** The verdict on a reference by one tombstone of its table, whatever the others say. */
  verdictBy(source: Source, tombstone: TombstoneFact, extra?: Expr | null): Verdict;
  /** True where no row of the reference, live or dead, can pass its conditions, because of what they say about the tombstone. */
  never(source: Source): boolean;
  /** The AND-connected conditions of its own block that a row of the reference has to pass. */
  conditions(source: Source): readonly Condition[];
  /** For each key column of the reference: what it is compared with by equality. Null unless the whole key is. */
  keyedBy(source: Source, key: readonly string[]): readonly KeyMatch[] | null;
  /** Does the block of the reference say that its row is, by one of these keys, that of another reference to the same table, of each of which `holds` is true? */
  isSameAs(source: Source, holds: (other: Source) => boolean, by: readonly (readonly string[])[]): boolean;
  /** The references that an expression's value comes from, unchanged; null where it is computed or cannot be told. */
  trace(expr: Expr, block: Block): readonly Origin[] | null;
  /** The block of a SELECT, or null. */
  blockOf(query: Query): Block | null;
}

type Fate =
  | { readonly kind: 'excluded' }
  | { readonly kind: 'late'; readonly join: Join; readonly filter: Expr }
  | { readonly kind: 'kept' };

const EXCLUDED: Fate = { kind: 'excluded' }, KEPT: Fate = { kind: 'kept' };

/** An outer join that fills up with NULLs what stood for the row at some place of its way. */
interface Absence {
  readonly join: Join;
  readonly source: Source;
  /** How the row had travelled when it met the join. */
  readonly at: Passage | null;
}

interface Walk {
  readonly subject: Source;
  readonly facts: TableFacts;
  readonly state: RowState;
  readonly evaluator: Evaluator;
  /** Fragments that cannot be seen count as filters. */
  readonly favourable: boolean;
  /** Go on outwards through folding blocks, to find a filter that does not count. */
  readonly throughFolds: boolean;
  /** What is known of other references; null: nothing yet. */
  readonly proven: ProvenStates | null;
}

type ProvenStates = ReadonlyMap<Source, 'live' | 'dead'>;

/** Proves what it can about the references of one statement. Pure; verdicts are computed on demand and kept. */
export function createProof(statement: Statement, scopes: Scopes, catalog: Catalog): Proof {
  const strict = createEvaluator(scopes, catalog, 'everything');
  const favourable = createEvaluator(scopes, catalog, 'filters');
  const verdicts = new Map<Source, Verdict>();
  let provenTwins: ProvenStates | null = null;
  const conditions = createConditions(statement, catalog, strict), { stepsOf, spine } = conditions;
  const keys = createKeys(scopes, catalog, conditions);
  const aggregates = createAggregates(scopes, catalog, conditions);

  // ------------------------------------------------------------------------------------- following one row

  function fate(subject: Source, facts: TableFacts, state: RowState, options: { favourable?: boolean; throughFolds?: boolean; proven?: ProvenStates | null } = {}): Fate {
    const walk: Walk = {
      subject, facts, state, evaluator: options.favourable ? favourable : strict, favourable: options.favourable ?? false,
      throughFolds: options.throughFolds ?? false, proven: options.proven ?? null,
    };
    return throughBlock(walk, subject, null, []);
  }

  /** Follows the row through the block of `source`, then outwards. `absences`: how the row may have come to be absent further down. */
  function throughBlock(walk: Walk, source: Source, at: Passage | null, absences: readonly Absence[]): Fate {
    const { block } = source;
    const steps = stepsOf(source);
    let absent: readonly Absence[] = absences;
    for (const step of steps) {
      const refused = step.conditions.find((condition) => refuses(walk, condition, at, walk.state)) ?? (step.opaque && walk.favourable ? 'opaque' : undefined);
      if (refused !== undefined) {
        if (refused === 'opaque') return EXCLUDED;
        const passing = absent.find((absence) => !staysOut(walk, source, steps, steps.findIndex(({ nullable }) => nullable === absence.join) + 1, at, absence));
        if (!passing) return EXCLUDED;
        const filter = conjuncts(refused.expr).find((expr) => refuses(walk, { expr, block: refused.block }, at, walk.state));
        return { kind: 'late', join: passing.join, filter: filter ?? refused.expr };
      }
      // In one block, whatever the join, the same columns are NULL.
      if (step.nullable) absent = [...absences, { join: step.nullable, source, at }];
    }
    // The equality refuses the absent row as well.
    const { subject, facts, state, proven, evaluator } = walk;
    if (proven !== null && state !== 'absent' && keys.isSameAs(subject, source, at, (other) => proven.get(other) === (state === 'live' ? 'dead' : 'live'))) return EXCLUDED;
    if (block.query.type !== 'select') return KEPT;
    const folds = foldOf(block);
    if (folds === 'aggregate' && aggregates.passOver(evaluator, source, { subject, facts, state, at }, absent.map((absence) => absence.source))) return EXCLUDED;
    if (folds !== null && !walk.throughFolds) return KEPT;
    return outwards(walk, block.node, block.node, at, absent);
  }

  /**
   * Do the steps from one on refuse what stands for the absent row? It may match on the nullable side of a join among them, which then does
   * not fill up with NULLs: what that would have put there has to be refused, too, or it is missed. In one block, whatever the join, the same columns are NULL.
   */
  function staysOut(walk: Walk, source: Source, steps: readonly Step[], from: number, at: Passage | null, absence: Absence): boolean {
    for (let index = from; index < steps.length; index++) {
      const { conditions, nullable } = steps[index]!;
      if (conditions.some((condition) => refusesAbsent(walk, condition, at, absence))) return true;
      if (nullable && absence.source !== source && !staysOut(walk, source, steps, index + 1, at, { join: nullable, source, at })) return false;
    }
    return false;
  }

  function outwards(walk: Walk, node: QueryNode, arm: QueryNode, at: Passage | null, absences: readonly Absence[]): Fate {
    let late: Fate | null = null, used = false;
    for (const use of node.uses) {
      let outcome: Fate;
      if (use.kind === 'arm') outcome = use.node.limited && !walk.throughFolds ? KEPT : outwards(walk, use.node, arm, at, absences);
      else if (use.kind === 'relation') {
        // The row comes round again in a recursive CTE: nothing new can happen to it.
        if (passages(at).filter((passage) => passage.source === use.source && passage.arm === arm).length > 1) continue;
        outcome = throughBlock(walk, use.source, { source: use.source, arm, from: at }, absences);
      } else outcome = KEPT;
      used = true;
      if (outcome.kind === 'kept') return KEPT;
      if (outcome.kind === 'late') late = outcome;
    }
    return used ? late ?? EXCLUDED : KEPT;
  }

  function refuses(walk: Walk, condition: Condition, at: Passage | null, state: RowState): boolean {
    const assumption: Assumption = { subject: walk.subject, facts: walk.facts, state, at };
    return !(walk.evaluator.truth(condition.expr, condition.block, assumption) & TRUE);
  }

  /** Does a condition refuse what an outer join puts in the place of the row? What stands for it there, the row itself or a relation that it came through, is NULL in every column. */
  function refusesAbsent(walk: Walk, condition: Condition, at: Passage | null, absence: Absence): boolean {
    return !(walk.evaluator.truth(condition.expr, condition.block, { subject: absence.source, facts: NO_FACTS, state: 'absent', at: since(at, absence.at) }) & TRUE);
  }

  /** The passages from `start` on. */
  function since(at: Passage | null, start: Passage | null): Passage | null {
    return at === null || at === start ? null : { ...at, from: since(at.from, start) };
  }

  // --------------------------------------------------------------------------------------------- verdicts

  function verdict(source: Source, extra: Expr | null = null): Verdict {
    const narrowed = source.target.kind === 'table' ? narrowedVerdict(source, source.target.facts, extra) : null;
    if (narrowed) return narrowed;
    const known = verdicts.get(source);
    if (known) return known;
    const found: Verdict = source.target.kind === 'table' ? decide(source, source.target.facts) : { state: 'all', flaw: null };
    verdicts.set(source, found);
    return found;
  }

  /** The verdict where the further condition alone decides it. */
  function narrowedVerdict(source: Source, facts: TableFacts, extra: Expr | null): Verdict | null {
    if (extra === null) return null;
    const walk: Walk = { subject: source, facts, state: 'live', evaluator: strict, favourable: false, throughFolds: false, proven: null };
    const refused = (state: RowState): boolean => refuses(walk, { expr: extra, block: source.block }, null, state);
    if (deathsOf(facts).every(refused)) return { state: 'live', flaw: null };
    return refused('live') ? { state: 'dead', flaw: null } : null;
  }

  function verdictBy(source: Source, tombstone: TombstoneFact, extra: Expr | null = null): Verdict {
    const { target } = source;
    if (target.kind !== 'table' || target.facts.tombstones.length < 2) return verdict(source, extra);
    const alone = { ...target.facts, tombstones: [tombstone] };
    return narrowedVerdict(source, alone, extra) ?? decide(source, alone);
  }

  function decide(source: Source, facts: TableFacts): Verdict {
    const state = stateBy(source, facts, null) ?? (twinsOf(source).length > 0 ? stateBy(source, facts, provenStates()) : null);
    if (state) return { state, flaw: null };
    const deaths = deathsOf(facts), late = deaths.map((death) => fate(source, facts, death)).find((outcome) => outcome.kind === 'late');
    if (!late && deaths.every((death) => fate(source, facts, death, { favourable: true }).kind !== 'kept')) return { state: 'unknown', flaw: null };
    // An anti-join refuses live rows as well: that is no filter in the wrong place.
    const misplaced = late?.kind === 'late' && fate(source, facts, 'live').kind === 'kept';
    return { state: 'all', flaw: misplaced ? { kind: 'outer-where', join: late.join, filter: late.filter } : flawOf(source, facts) };
  }

  /** The state of all rows of a reference that reach the result, where that is proven; `proven`: what may be known of others for that. */
  function stateBy(source: Source, facts: TableFacts, proven: ProvenStates | null): 'live' | 'dead' | null {
    const { leaf } = source;
    if (facts.tombstones.length === 0 || (leaf.type === 'table' && leaf.autoFilter === 'applies')) return 'live';
    if (deathsOf(facts).every((death) => fate(source, facts, death, { proven }).kind === 'excluded')) return 'live';
    return fate(source, facts, 'live', { proven }).kind === 'excluded' ? 'dead' : null;
  }

  /** Other references to the same table. */
  function twinsOf({ target }: Source): readonly Source[] {
    if (target.kind !== 'table') return [];
    const same = scopes.sources.filter((other) => other.target.kind === 'table' && other.target.facts === target.facts);
    return same.length > 1 ? same : [];
  }

  /** What can be said of each reference whose table is read more than once: first by its own conditions, then by those of its equals, until nothing more follows. */
  function provenStates(): ProvenStates {
    if (provenTwins) return provenTwins;
    const proven = new Map<Source, 'live' | 'dead'>();
    let open = scopes.sources.filter((source) => twinsOf(source).length > 0), known: ProvenStates | null = null;
    for (let more = true; more;) {
      const left = open.filter((source) => {
        const state = source.target.kind === 'table' ? stateBy(source, source.target.facts, known) : null;
        if (state) proven.set(source, state);
        return state === null;
      });
      more = left.length < open.length;
      open = left;
      known = proven;
    }
    return provenTwins = proven;
  }

  /** Why a filter that is there does not count. */
  function flawOf(source: Source, facts: TableFacts): Flaw | null {
    const walk = (state: Death): Walk => ({ subject: source, facts, state, evaluator: strict, favourable: false, throughFolds: false, proven: null });
    for (const death of deathsOf(facts)) {
      for (const { expr, block } of spine(source)) {
        if (expr.type !== 'or') continue;
        const filter = expr.operands.find((operand) => mentionsTombstone(operand, facts) && refuses(walk(death), { expr: operand, block }, null, death));
        if (filter) return { kind: 'or', at: expr, filter: conjuncts(filter).find((part) => refuses(walk(death), { expr: part, block }, null, death)) ?? filter };
      }
      for (const { join, side } of source.joins) {
        const preserved = (join.kind === 'left' && side === 'left') || (join.kind === 'right' && side === 'right') || join.kind === 'full';
        if (!preserved || !join.on) continue;
        const filter = conjuncts(join.on).find((part) => refuses(walk(death), { expr: part, block: source.block }, null, death));
        if (filter) return { kind: 'outer-on', join, filter };
      }
    }
    const beyond = deathsOf(facts).every((death) => fate(source, facts, death, { throughFolds: true }).kind === 'excluded');
    if (beyond) {
      const filter = outerFilter(source, facts);
      if (filter) return { kind: 'fold', filter };
    }
    return null;
  }

  /** The condition of an outer block that names the tombstone. */
  function outerFilter(source: Source, facts: TableFacts): Expr | null {
    let found: Expr | null = null;
    const visit = (node: QueryNode, depth: number): void => {
      for (const use of node.uses) {
        if (use.kind === 'arm' && depth < 50) visit(use.node, depth + 1);
        if (use.kind !== 'relation' || depth > 50) continue;
        for (const { expr } of spine(use.source)) if (mentionsTombstone(expr, facts)) found ??= expr;
        if (!found) visit(use.source.block.node, depth + 1);
      }
    };
    visit(source.block.node, 0);
    return found;
  }

  function mentionsTombstone(expr: Expr, facts: TableFacts): boolean {
    return someExpr(expr, (inner) => inner.type === 'column' && catalog.tombstone(facts, inner.name) !== null);
  }

  function namesTombstoneOf(source: Source, expr: Expr, block: Block): boolean {
    const { target } = source;
    return target.kind === 'table' && someExpr(expr, (inner) => inner.type === 'column' && catalog.tombstone(target.facts, inner.name) !== null && sourceOf(inner, block, catalog) === source);
  }

  function never(source: Source): boolean {
    if (source.target.kind !== 'table') return false;
    const { facts } = source.target;
    const spelled = spine(source).filter(({ expr, block }) => namesTombstoneOf(source, expr, block));
    const walk: Walk = { subject: source, facts, state: 'live', evaluator: strict, favourable: false, throughFolds: false, proven: null };
    const refused = (state: RowState): boolean => spelled.some((condition) => refuses(walk, condition, null, state));
    const filtered = source.leaf.type === 'table' && source.leaf.autoFilter === 'applies';
    return spelled.length > 0 && refused('live') && (filtered || deathsOf(facts).every(refused));
  }

  return { verdict, verdictBy, never, conditions: spine, keyedBy: keys.keyedBy, trace: keys.trace, isSameAs: (source, holds, by) => keys.isSameAs(source, source, null, holds, by), blockOf: scopes.blockOf };
}

function passages(at: Passage | null): readonly Passage[] {
  return at ? [at, ...passages(at.from)] : [];
}

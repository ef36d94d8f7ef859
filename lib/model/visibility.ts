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
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import type { Flaw, Verdict } from './analysis.js';
import type { CallExpr, ColumnExpr, Expr, Join, Query, Statement, TableRef, TombstoneFact } from './query.js';
import { armsOf, blockExpressions, forEachExpr, isRenamed, operandsOf, outputOf, ownerAmong, sourceOf, type Block, type QueryNode, type Scopes, type Source } from './scope.js';
import { containsAggregate, containsWindow, createEvaluator, deathsOf, type Assumption, type Death, type Evaluator, type Passage, type RowState } from './truth.js';
import { mayBeNotNull, TRUE } from './values.js';

/** A condition that rows have to pass, and the block in which its names mean something. */
export interface Condition {
  readonly expr: Expr;
  readonly block: Block;
}

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
  /** The references that an expression's value comes from, unchanged; null where it is computed or cannot be told. */
  trace(expr: Expr, block: Block): readonly Origin[] | null;
  /** The block of a SELECT, or null. */
  blockOf(query: Query): Block | null;
}

/** `users.id`, as the origin of a value. */
export interface Origin {
  readonly source: Source;
  readonly column: string;
  /** The relations that the value came through, from the outermost to `source`. */
  readonly via: readonly Source[];
}

/** What a key column equals. */
export interface KeyMatch {
  readonly kind: 'value' | 'column' | 'query';
  /** `column`: the source of the other side, in the same block or an outer one. */
  readonly other: Source | null;
  /** `column`: the other side itself. */
  readonly value: Expr | null;
  readonly query: Query | null;
  /** `query`: which of its columns. */
  readonly position: number;
  readonly at: Expr;
  /** Where the names of `at` and `value` mean something. */
  readonly block: Block;
}

type Fate =
  | { readonly kind: 'excluded' }
  | { readonly kind: 'late'; readonly join: Join; readonly filter: Expr }
  | { readonly kind: 'kept' };

/** Where a row stands tells it from all others while a statement runs: PostgreSQL 5.6 "System Columns", SQLite "ROWIDs and the INTEGER PRIMARY KEY". */
export const PHYSICAL_KEYS: readonly (readonly string[])[] = [['ctid'], ['rowid']];

/** An absent row has no facts: all its columns are NULL. */
const NO_FACTS: TableFacts = {
  name: '', schema: null, deletion: 'hard', why: null, tombstones: [], key: [], unique: [], models: [], columns: {}, impliedKeys: [], relations: {}, autoFilter: false,
  attribution: false, cascadesTo: [], retentionDays: null, purge: null, audit: null,
};

/** A reference that stands in no block. */
const NOWHERE: TableRef = { type: 'table', name: '', schema: null, alias: null, columns: null, range: [0, 0], autoFilter: 'none', via: 'from' };

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
  const ids = new Map<object, number>();
  const kinds = new Map<Join, Join['kind']>();
  const idOf = (thing: object): number => ids.get(thing) ?? (ids.set(thing, ids.size), ids.size - 1);

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
    if (isRefusedTwin(walk, source, at)) return EXCLUDED;
    if (block.query.type !== 'select') return KEPT;
    const folds = foldOf(block);
    if (folds === 'aggregate' && aggregatesRefuse(walk, source, at, absent)) return EXCLUDED;
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

  /**
   * `count(*) FILTER (WHERE deleted_at IS NULL)`: does every aggregate pass the row over, and does nothing else of the block depend on it?
   * With GROUP BY a group of dead rows alone would still appear, unless the reference is outer-joined to what is grouped.
   */
  function aggregatesRefuse(walk: Walk, source: Source, at: Passage | null, absences: readonly Absence[]): boolean {
    const { query } = source.block;
    if (query.type !== 'select' || query.output.some((column) => column.type !== 'expr')) return false;
    // GROUP BY () yields its one row as no GROUP BY does.
    const keys = query.groupBy ?? [], grouped = keys.length > 0;
    const [absence, ...others] = absences;
    // What was absent further down shows itself in ways that are not followed here.
    if (others.length > 0 || (absence ? absence.source !== source : grouped)) return false;
    // Everything above the first join that can leave the row out sees whether it does.
    const first = stepsOf(source).find(({ nullable }) => nullable !== null)?.nullable;
    const exprs = [...query.output.flatMap((column) => column.type === 'expr' ? [column.expr] : []), ...(query.having ? [query.having] : []), ...query.orderBy];
    const deciding = first && grouped ? [...exprs, ...keys, ...conditionsAbove(source, first)] : exprs;
    if (deciding.some((expr) => expr === null || mentionsOutsideAggregates(expr, source))) return false;
    if (absence && grouped && source.block.sources.some(({ leaf }) => leaf.type === 'derived' && leaf.lateral) && readFromInside(source)) return false;
    const calls: CallExpr[] = [], zeroed = new Set<Expr>();
    for (const expr of exprs) forEachExpr(expr, (inner) => {
      if (inner.type === 'call' && inner.aggregate) calls.push(inner);
      if (inner.type === 'coalesce' && inner.args[1]?.type === 'literal' && inner.args[1].value === 0) zeroed.add(inner.args[0]!);
    });
    const rows: Assumption[] = [{ subject: walk.subject, facts: walk.facts, state: walk.state, at }];
    if (absence) rows.push({ subject: source, facts: NO_FACTS, state: 'absent', at: null });
    return calls.length > 0 && rows.every((row) => calls.every((call) => passesOver(walk.evaluator, call, source.block, row, zeroed.has(call))));
  }

  /** `zeroed`: where the aggregate is NULL, 0 is read. */
  function passesOver(evaluator: Evaluator, call: CallExpr, block: Block, row: Assumption, zeroed: boolean): boolean {
    if (call.filter && !(evaluator.truth(call.filter, block, row) & TRUE)) return true;
    // Aggregates over one value skip NULL; the exceptions gather NULLs too.
    if (call.star || call.args.length === 0 || /^(array_agg|json|group_concat_distinct|any_value|first|last)/.test(call.name)) return false;
    const values = evaluator.value(call.args[0]!, block, row);
    // A sum of zeros is 0, and of no rows NULL.
    if (zeroed && call.name === 'sum') return values.every((value) => value.kind === 'null' || (value.kind === 'const' && Number(value.value) === 0));
    return !mayBeNotNull(values);
  }

  /** The conditions that decide above an outer join whether a row is seen; null stands for one that cannot be read (NATURAL). */
  function conditionsAbove(source: Source, join: Join): readonly (Expr | null)[] {
    const { block, joins } = source;
    const above = joins.slice(joins.findIndex((one) => one.join === join) + 1);
    return [...above.flatMap((one) => one.join.natural ? [null] : joinConditions(one.join, block).map(({ expr }) => expr)), ...(block.where ? [block.where] : [])];
  }

  function mentionsOutsideAggregates(expr: Expr, source: Source): boolean {
    if (expr.type === 'call' && expr.aggregate) return false;
    if (expr.type === 'column') {
      const owner = sourceOf(expr, source.block, catalog);
      return owner === null || owner === source;
    }
    if ('query' in expr && expr.query !== null && readFromInside(source)) return true;
    return operandsOf(expr).some((operand) => mentionsOutsideAggregates(operand, source));
  }

  /** Does a subquery or a LATERAL relation of its block look at the reference, or at what may be the reference? */
  function readFromInside(source: Source): boolean {
    return scopes.blocks.some((block) => {
      if (block === source.block || !isWithin(block, source.block)) return false;
      let found = false;
      for (const expr of conditionsAndOutputs(block)) forEachExpr(expr, (inner) => { if (inner.type === 'column') found ||= (sourceOf(inner, block, catalog) ?? source) === source; });
      return found;
    });
  }

  function isWithin(block: Block, around: Block): boolean {
    for (let at = block.outer, depth = 0; at && depth < 200; at = at.outer, depth++) if (at === around) return true;
    return false;
  }

  /** Every expression of a block, its joins' conditions included. */
  function conditionsAndOutputs(block: Block): readonly Expr[] {
    const joins = new Set(block.sources.flatMap((source) => source.joins.map(({ join }) => join)));
    return [...blockExpressions(block), ...[...joins].flatMap((join) => join.on ? [join.on] : [])];
  }

  // ------------------------------------------------------------------------------------------ conditions

  interface Step {
    readonly conditions: readonly Condition[];
    readonly opaque: boolean;
    /** Above this step the row may be absent, because of this join. */
    readonly nullable: Join | null;
  }

  /** What a row of the source meets on its way up its block: the joins above it, then WHERE. */
  function stepsOf(source: Source): readonly Step[] {
    const { block } = source;
    const steps: Step[] = source.joins.map(({ join, side }) => {
      const kind = effectiveKind(join, block);
      const filtered = kind === 'inner' || kind === 'cross' || (kind === 'left' && side === 'right') || (kind === 'right' && side === 'left');
      const nullable = kind === 'full' || (kind === 'left' && side === 'right') || (kind === 'right' && side === 'left');
      return { conditions: filtered ? joinConditions(join, block) : [], opaque: filtered && join.opaque, nullable: nullable ? join : null };
    });
    const { query } = block;
    const opaque = ('opaqueFilters' in query && query.opaqueFilters.length > 0) || (statement.partial && endsStatement(block.node));
    steps.push({ conditions: [...block.where ? [{ expr: block.where, block }] : [], ...keyConditions(block)], opaque, nullable: null });
    return steps;
  }

  /** The conditions of HAVING that speak of the keys of GROUP BY alone, and so keep or drop whole groups by what each of their rows says: as WHERE would. */
  function keyConditions(block: Block): readonly Condition[] {
    const { query } = block;
    if (query.type !== 'select' || !query.having || !query.groupBy || query.totals) return [];
    const keys = query.groupBy.map((key) => key.type === 'column' ? { source: sourceOf(key, block, catalog), name: fold(key.name) } : null);
    const isKey = (expr: ColumnExpr): boolean => {
      const source = sourceOf(expr, block, catalog);
      return source !== null && keys.some((key) => key !== null && key.source === source && key.name === fold(expr.name));
    };
    const isOfKeys = (expr: Expr): boolean => expr.type === 'column' ? isKey(expr) : ['and', 'or', 'not', 'is', 'comparison', 'coalesce', 'literal', 'time'].includes(expr.type) && operandsOf(expr).every(isOfKeys);
    return conjuncts(query.having).filter(isOfKeys).map((expr) => ({ expr, block }));
  }

  /**
   * What a join comes to: where the conditions above it refuse the rows in which one side is absent, an outer join keeps no such rows
   * (`a FULL JOIN b .. WHERE a.x = 1` is a LEFT JOIN).
   */
  function effectiveKind(join: Join, block: Block): Join['kind'] {
    const { kind } = join;
    if (kind === 'inner' || kind === 'cross') return kind;
    const known = kinds.get(join);
    if (known) return known;
    const refused = (side: 'left' | 'right'): boolean => block.sources.some((leaf) => leaf.joins.some((above) => above.join === join && above.side === side) && refusesAbsence(leaf, join));
    const lost = { left: kind !== 'left' && refused('left'), right: kind !== 'right' && refused('right') };
    const found = lost.left && lost.right ? 'inner' : lost.left ? (kind === 'full' ? 'left' : 'inner') : lost.right ? (kind === 'full' ? 'right' : 'inner') : kind;
    kinds.set(join, found);
    return found;
  }

  /** Do the conditions above a join, each of which all rows have to pass, refuse a row in which the leaf is absent? */
  function refusesAbsence(leaf: Source, join: Join): boolean {
    const { block, joins } = leaf;
    const above = joins.slice(joins.findIndex((one) => one.join === join) + 1).filter((one) => one.join.kind === 'inner');
    const conditions = [...above.flatMap((one) => joinConditions(one.join, block)), ...(block.where ? [{ expr: block.where, block }] : [])];
    const assumption: Assumption = { subject: leaf, facts: NO_FACTS, state: 'absent', at: null };
    return conditions.some(({ expr }) => !(strict.truth(expr, block, assumption) & TRUE));
  }

  /** Would a clause appended to the statement land in this block? */
  function endsStatement(node: QueryNode): boolean {
    return node.uses.some((use) => use.kind === 'result' || (use.kind === 'arm' && use.node.arms.at(-1) === node && endsStatement(use.node)));
  }

  function joinConditions(join: Join, block: Block): Condition[] {
    const conditions: Condition[] = join.on ? [{ expr: join.on, block }] : [];
    for (const name of join.using ?? []) {
      const [left, right] = [join.left, join.right].map((side) => {
        return ownerAmong(block.sources.filter((source) => source.joins.some((above) => above.join === join && (above.side === 'left') === (side === join.left))), name, catalog);
      });
      // Whose column it is where nobody can tell: that of no source in sight.
      const column = (owner: Source | null | undefined): Expr => ({ type: 'column', qualifier: null, name, of: (owner?.leaf ?? NOWHERE) as ColumnExpr['of'], range: join.range });
      conditions.push({ expr: { type: 'comparison', operator: '=', left: column(left), right: column(right), range: join.range }, block });
    }
    return conditions;
  }

  /** Conditions of the block that filter the source's rows, split at AND. */
  function spine(source: Source): Condition[] {
    return stepsOf(source).flatMap((step) => step.conditions).flatMap(({ expr, block }) => conjuncts(expr).map((conjunct) => ({ expr: conjunct, block })));
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
    let found = false;
    forEachExpr(expr, (inner) => { if (inner.type === 'column' && catalog.tombstone(facts, inner.name)) found = true; });
    return found;
  }

  // ------------------------------------------------------------------------------------- equality of keys

  /** Is the row, by its key, the same as one that is proven to be in another state? */
  function isRefusedTwin({ subject, facts, state, proven }: Walk, source: Source, at: Passage | null): boolean {
    if (proven === null || state === 'absent') return false;
    return [...facts.key.length > 0 ? [facts.key] : [], ...PHYSICAL_KEYS].some((key) => isTwinBy(key, { subject, facts, state, proven }, source, at));
  }

  function isTwinBy(key: readonly string[], { subject, facts, state, proven }: Pick<Walk, 'subject' | 'facts' | 'state'> & { readonly proven: NonNullable<Walk['proven']> }, source: Source, at: Passage | null): boolean {
    const [first = [], ...others] = key.map((column) => {
      const isKey = (expr: Expr): boolean => isSubjectColumn(expr, source.block, subject, column, at);
      return spine(source).flatMap(({ expr, block }) => matchOf(expr, isKey, block)).map((match) => originsOf(match) ?? [])
        .filter((origins) => origins.length > 0 && origins.every((origin) => origin.source !== subject && origin.source.target.kind === 'table' && origin.source.target.facts.name === facts.name && origin.source.target.facts.schema === facts.schema && fold(origin.column) === fold(column)));
    });
    const opposite = state === 'live' ? 'dead' : 'live';
    return first.some((origins) => others.every((candidates) => candidates.some((candidate) => sameRows(origins, candidate))) && origins.every((origin) => proven.get(origin.source) === opposite));
  }

  /** Is an expression the column of the subject's row, handed on unchanged through the relations that the row came through? */
  function isSubjectColumn(expr: Expr, block: Block, subject: Source, column: string, at: Passage | null): boolean {
    if (expr.type !== 'column') return false;
    if (at === null) return isColumnOf(expr, subject, column);
    return sourceOf(expr, block, catalog) === at.source && isHandedOn(at.source, expr.name, subject, column, at);
  }

  function isHandedOn(source: Source, name: string, subject: Source, column: string, at: Passage | null): boolean {
    if (at === null) return source === subject && fold(name) === fold(column) && !isRenamed(source, column);
    const { target, leaf } = source;
    if (source !== at.source || (target.kind !== 'query' && target.kind !== 'cte')) return false;
    const columns = 'columns' in leaf && leaf.columns ? leaf.columns : target.kind === 'cte' ? target.cte.columns : null;
    const output = outputOf(target.node, at.arm, name, columns, catalog);
    if (output.kind === 'expr') return isSubjectColumn(output.expr, output.block, subject, column, at.from);
    return output.kind === 'source' && isHandedOn(output.source, output.name, subject, column, at.from);
  }

  /** Do the columns of a key come from the same row, and not only from the same table or CTE? */
  function sameRows(a: readonly Origin[], b: readonly Origin[]): boolean {
    return a.length === b.length && a.every(({ via }, index) => via.length === b[index]!.via.length && via.every((source, step) => source === b[index]!.via[step]));
  }

  function originsOf(match: KeyMatch): readonly Origin[] | null {
    // NULL is not distinct from NULL: such a match may mean two absent rows.
    if (match.at.type === 'comparison' && match.at.operator !== '=') return null;
    if (match.kind === 'query') return match.query && traceQuery(match.query, match.position);
    return match.value && trace(match.value, match.block);
  }

  function isColumnOf(expr: Expr, source: Source, column: string): boolean {
    return expr.type === 'column' && fold(expr.name) === fold(column) && sourceOf(expr, source.block, catalog) === source && !isRenamed(source, column);
  }

  function keyedBy(source: Source, key: readonly string[]): readonly KeyMatch[] | null {
    if (key.length === 0) return null;
    const matches: KeyMatch[] = [];
    for (const column of key) {
      const candidates = matchesOf(source, column);
      const best = candidates.find((match) => match.kind === 'value') ?? candidates.find((match) => match.kind === 'query') ?? candidates[0];
      if (!best) return null;
      matches.push(best);
    }
    return matches;
  }

  /** Everything that a column of the reference has to equal. */
  function matchesOf(source: Source, column: string): readonly KeyMatch[] {
    return spine(source).flatMap(({ expr, block }) => matchOf(expr, (side) => isColumnOf(side, source, column), block));
  }

  function matchOf(expr: Expr, isKey: (expr: Expr) => boolean, block: Block): KeyMatch[] {
    if (expr.type === 'comparison' && (expr.operator === '=' || expr.operator === 'is-not-distinct')) {
      for (const [side, other] of [[expr.left, expr.right], [expr.right, expr.left]] as const) {
        if (isKey(side)) return [equalTo(other, 0, expr, block)];
        if (side.type !== 'row') continue;
        const position = side.items.findIndex(isKey);
        if (position >= 0 && other.type === 'row' && other.items[position]) return [equalTo(other.items[position], 0, expr, block)];
        if (position >= 0 && other.type === 'subquery') return [equalTo(other, position, expr, block)];
      }
    }
    const listed = (expr.type === 'in' && !expr.negated) || (expr.type === 'quantified' && expr.quantifier === 'any' && expr.operator === '=') ? expr : null;
    if (!listed) return [];
    const position = listed.left.type === 'row' ? listed.left.items.findIndex(isKey) : isKey(listed.left) ? 0 : -1;
    if (position < 0) return [];
    return [{ kind: listed.query ? 'query' : 'value', other: null, value: null, query: listed.query, position, at: expr, block }];
  }

  function equalTo(other: Expr, position: number, at: Expr, block: Block): KeyMatch {
    if (other.type === 'subquery') return { kind: 'query', other: null, value: null, query: other.query, position, at, block };
    let owner: Source | null = null;
    forEachExpr(other, (inner) => { if (inner.type === 'column') owner ??= sourceOf(inner, block, catalog) ?? null; });
    // `id = p_id` over one table alone: a variable of the routine, more likely than another column of the same row.
    const variable = other.type === 'column' && other.qualifier === null && owner !== null && owner === block.sources[0] && block.sources.length === 1;
    const named = !variable && (other.type === 'column' || owner !== null);
    return { kind: named ? 'column' : 'value', other: owner, value: named ? other : null, query: null, position: 0, at, block };
  }

  function trace(expr: Expr, block: Block, visited: ReadonlySet<string> = new Set()): readonly Origin[] | null {
    if (expr.type !== 'column') return null;
    const source = sourceOf(expr, block, catalog);
    return source ? traceColumn(source, expr.name, visited) : null;
  }

  function traceColumn(source: Source, name: string, visited: ReadonlySet<string>): readonly Origin[] | null {
    const { target } = source;
    if (target.kind === 'table') return isRenamed(source, name) ? null : [{ source, column: name, via: [source] }];
    if (target.kind !== 'query' && target.kind !== 'cte') return null;
    const key = `${idOf(source)}.${fold(name)}`;
    // A recursive CTE that hands the column on to itself adds no origin.
    if (visited.has(key)) return [];
    const inner = new Set(visited).add(key);
    const columns = 'columns' in source.leaf && source.leaf.columns ? source.leaf.columns : target.kind === 'cte' ? target.cte.columns : null;
    const origins: Origin[] = [];
    for (const arm of armsOf(target.node)) {
      const output = outputOf(target.node, arm, name, columns, catalog);
      const found = output.kind === 'expr' ? trace(output.expr, output.block, inner) : output.kind === 'source' ? traceColumn(output.source, output.name, inner) : null;
      if (!found) return null;
      origins.push(...found.map((origin) => ({ ...origin, via: [source, ...origin.via] })));
    }
    return origins;
  }

  function traceQuery(query: Query, position: number): readonly Origin[] | null {
    const node = scopes.nodes.find((candidate) => candidate.query === query);
    if (!node || position < 0) return null;
    const origins: Origin[] = [];
    for (const arm of armsOf(node)) {
      const column = arm.block?.output[position];
      const found = arm.block && column?.type === 'expr' ? trace(column.expr, arm.block) : null;
      if (!found) return null;
      origins.push(...found);
    }
    return origins;
  }

  function namesTombstoneOf(source: Source, expr: Expr, block: Block): boolean {
    let found = false;
    forEachExpr(expr, (inner) => {
      if (inner.type === 'column' && source.target.kind === 'table' && catalog.tombstone(source.target.facts, inner.name) && sourceOf(inner, block, catalog) === source) found = true;
    });
    return found;
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

  return { verdict, verdictBy, never, conditions: spine, keyedBy, trace: (expr, block) => trace(expr, block), blockOf: scopes.blockOf };
}

// ------------------------------------------------------------------------------------------------- helpers

/** What a block does to its rows that a condition from outside cannot look through, or null. */
export function foldOf(block: Block): 'aggregate' | 'window' | 'limit' | 'distinct-on' | null {
  const { query } = block;
  if (query.type !== 'select') return null;
  const exprs = [...query.output.flatMap((column) => column.type === 'expr' ? [column.expr] : []), ...(query.having ? [query.having] : []), ...query.orderBy];
  if (query.groupBy !== null || query.having !== null || exprs.some(containsAggregate)) return 'aggregate';
  if (query.distinct === 'on') return 'distinct-on';
  if (query.limited) return 'limit';
  return exprs.some(containsWindow) ? 'window' : null;
}

/** An expression split at its top-level ANDs; `(p) IS TRUE` and `(p) = TRUE` pass where p does. */
export function conjuncts(expr: Expr): readonly Expr[] {
  if (expr.type === 'and') return expr.operands.flatMap(conjuncts);
  if (expr.type === 'is' && expr.what === 'true' && !expr.negated) return conjuncts(expr.operand);
  if (expr.type === 'not' && expr.operand.type === 'or') return expr.operand.operands.flatMap((operand) => conjuncts({ type: 'not', operand, range: operand.range }));
  if (expr.type === 'not' && expr.operand.type === 'not') return conjuncts(expr.operand.operand);
  return [expr];
}

function passages(at: Passage | null): readonly Passage[] {
  return at ? [at, ...passages(at.from)] : [];
}

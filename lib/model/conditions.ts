/** What a row meets on its way up its block: the conditions of the joins above it, WHERE, and what of HAVING is as good as WHERE. */
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import type { ColumnExpr, Expr, Join, Statement, TableRef } from './query.js';
import { operandsOf, ownerAmong, sourceOf, type Block, type QueryNode, type Source } from './scope.js';
import type { Assumption, Evaluator } from './truth.js';
import { TRUE } from './values.js';

/** A condition that rows have to pass, and the block in which its names mean something. */
export interface Condition {
  readonly expr: Expr;
  readonly block: Block;
}

/** A join above a row, or the end of its block. */
export interface Step {
  readonly conditions: readonly Condition[];
  readonly opaque: boolean;
  /** Above this step the row may be absent, because of this join. */
  readonly nullable: Join | null;
}

/** The conditions of a statement's blocks, by the reference whose rows meet them. */
export interface Conditions {
  /** The joins above a reference, innermost first, then WHERE. */
  stepsOf(source: Source): readonly Step[];
  /** Conditions of the block that filter the reference's rows, split at AND. */
  spine(source: Source): readonly Condition[];
  /** ON and USING of a join. */
  joinConditions(join: Join, block: Block): readonly Condition[];
}

/** An absent row has no facts: all its columns are NULL. */
export const NO_FACTS: TableFacts = {
  name: '', schema: null, deletion: 'hard', why: null, tombstones: [], key: [], unique: [], models: [], columns: {}, impliedKeys: [], relations: {}, autoFilter: false,
  attribution: false, cascadesTo: [], retentionDays: null, purge: null, audit: null,
};

/** A reference that stands in no block. */
const NOWHERE: TableRef = { type: 'table', name: '', schema: null, alias: null, columns: null, range: [0, 0], autoFilter: 'none', via: 'from' };

/** @param strict Evaluates with fragments as anything. */
export function createConditions(statement: Statement, catalog: Catalog, strict: Evaluator): Conditions {
  const kinds = new Map<Join, Join['kind']>(), steps = new Map<Source, readonly Step[]>(), spines = new Map<Source, readonly Condition[]>();

  function stepsOf(source: Source): readonly Step[] {
    return kept(steps, source, readSteps);
  }

  function spine(source: Source): readonly Condition[] {
    return kept(spines, source, readSpine);
  }

  /** What a row of the source meets on its way up its block: the joins above it, then WHERE. */
  function readSteps(source: Source): readonly Step[] {
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
  function readSpine(source: Source): readonly Condition[] {
    return stepsOf(source).flatMap((step) => step.conditions).flatMap(({ expr, block }) => conjuncts(expr).map((conjunct) => ({ expr: conjunct, block })));
  }

  return { stepsOf, spine, joinConditions };
}

/** What was found out about a source before, or now. */
function kept<Fact>(facts: Map<Source, Fact>, source: Source, find: (source: Source) => Fact): Fact {
  const known = facts.get(source);
  if (known !== undefined) return known;
  const found = find(source);
  facts.set(source, found);
  return found;
}

/** An expression split at its top-level ANDs; `(p) IS TRUE` and `(p) = TRUE` pass where p does. */
export function conjuncts(expr: Expr): readonly Expr[] {
  if (expr.type === 'and') return expr.operands.flatMap(conjuncts);
  if (expr.type === 'is' && expr.what === 'true' && !expr.negated) return conjuncts(expr.operand);
  if (expr.type === 'not' && expr.operand.type === 'or') return expr.operand.operands.flatMap((operand) => conjuncts({ type: 'not', operand, range: operand.range }));
  if (expr.type === 'not' && expr.operand.type === 'not') return conjuncts(expr.operand.operand);
  return [expr];
}

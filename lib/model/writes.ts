/** What a statement writes to soft tables: updates, deletions and upserts, each with its intent. */
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import type { DeleteFact, UpdateFact, UpsertFact } from './analysis.js';
import type { Assignment, ColumnExpr, Expr, Merge, TableRef, TombstoneFact, Update } from './query.js';
import { someExpr, sourceOf, type Block, type Scopes } from './scope.js';
import { isAsked, isByKey, isSoft, lookupKey, missingOf, type SoftSource } from './soft-sources.js';
import { compare, tellsTime, tombstoneValues, TRUE, type Values } from './values.js';
import { conjuncts } from './conditions.js';
import { PHYSICAL_KEYS, type KeyMatch } from './equality.js';
import type { Proof } from './visibility.js';

export function updatesOf(soft: readonly SoftSource[], proof: Proof, catalog: Catalog): UpdateFact[] {
  return soft.filter((source) => source.written).flatMap((source) => {
    const { query } = source.block;
    const fact = (write: Update | Merge, branch: UpdateFact['branch'], assignments: readonly Assignment[], opaque: boolean): UpdateFact => {
      const intent = intentOf(assignments, opaque, source.target.facts, catalog);
      const verdict = proof.verdict(source, branch?.condition);
      return {
        write, branch, ref: source.leaf, table: source.target.facts, assignments, ...intent, verdict, missing: missingOf(source, proof, branch?.condition),
        stamped: intent.tombstone ? proof.verdictBy(source, intent.tombstone, branch?.condition) : verdict,
        keepsTombstone: intent.assignment !== null && keepsOwnValue(intent.assignment.value, intent.tombstone, source, catalog),
        byKey: isByKey(source, proof),
      };
    };
    if (query.type === 'update') return [fact(query, null, query.assignments, query.opaqueAssignments)];
    if (query.type === 'merge') return query.branches.filter((branch) => branch.action === 'update').map((branch) => fact(query, branch, branch.assignments, false));
    return [];
  });
}

function intentOf(assignments: readonly Assignment[], opaque: boolean, facts: TableFacts, catalog: Catalog): Pick<UpdateFact, 'intent' | 'tombstone' | 'assignment'> {
  const set = assignments.flatMap((assignment) => {
    const tombstone = catalog.tombstone(facts, assignment.column);
    return tombstone ? [{ intent: settingIntent(assignment.value, tombstone), tombstone, assignment }] : [];
  });
  const [first] = set;
  if (!first) return { intent: opaque ? 'unknown' : 'edit', tombstone: null, assignment: null };
  // Of a flag and a time that are set together the time can be overwritten, the flag cannot.
  const { intent } = set.find((one) => one.intent === 'soft-delete') ?? set.find((one) => one.intent === 'restore') ?? first;
  const told = set.find((one) => tellsTime(one.tombstone)) ?? set.find((one) => one.intent === intent) ?? first;
  return { ...told, intent };
}

/** Is a row's own tombstone what the assignment gives it where it has one: `coalesce(deleted_at, now())`, `CASE WHEN deleted_at IS NULL THEN now() ELSE deleted_at END`? */
function keepsOwnValue(value: Expr, tombstone: TombstoneFact | null, source: SoftSource, catalog: Catalog): boolean {
  const isOwn = (expr: Expr | null | undefined): boolean =>
    expr?.type === 'column' && catalog.tombstone(source.target.facts, expr.name) === tombstone && sourceOf(expr, source.block, catalog) === source;
  switch (value.type) {
    case 'column': return isOwn(value);
    case 'coalesce': return isOwn(value.args[0]);
    // The earlier of the two times.
    case 'call': return value.name === 'least' && value.args.some(isOwn);
    case 'case': return isOwn(value.otherwise) || value.branches.some(({ then }) => isOwn(then));
    default: return false;
  }
}

function settingIntent(value: Expr, tombstone: TombstoneFact): 'soft-delete' | 'restore' | 'maybe' {
  const values = settled(value);
  if (!values) return 'maybe';
  const may = (state: 'live' | 'dead'): boolean => Boolean(compare('is-not-distinct', values, tombstoneValues(tombstone, state)) & TRUE);
  return may('live') ? may('dead') ? 'maybe' : 'restore' : 'soft-delete';
}

/** The value of an expression that does not depend on a row or a parameter, or null. */
function settled(value: Expr): Values | null {
  if (value.type === 'literal') return value.value === null ? [{ kind: 'null' }] : [{ kind: 'const', value: value.value }];
  if (value.type === 'time') return value.days !== null && value.days > 0 ? null : [{ kind: 'past' }];
  return null;
}

export function deletesOf(soft: readonly SoftSource[], scopes: Scopes, proof: Proof, catalog: Catalog): DeleteFact[] {
  const deleted = soft.filter((source) => source.written).flatMap((source): DeleteFact[] => {
    const { query } = source.block;
    const fact = (write: DeleteFact['write'], branch: DeleteFact['branch']): DeleteFact => ({
      write, branch, ref: source.leaf, table: source.target.facts, verdict: proof.verdict(source, branch?.condition),
      age: ageOf(source, proof, catalog), byKey: lookupKey(source, source.target.facts, proof) !== null, isAsked: isAsked(source, proof), never: proof.never(source), withParents: goesWithDead(source, proof, catalog),
    });
    if (query.type === 'delete') return [fact(query, null)];
    if (query.type === 'merge') return query.branches.filter((branch) => branch.action === 'delete').map((branch) => fact(query, branch));
    return [];
  });
  const truncated = scopes.truncated.flatMap(({ ref, facts, query }): DeleteFact[] =>
    facts?.deletion === 'soft' && query.type === 'truncate' ? [{ write: query, branch: null, ref, table: facts, verdict: { state: 'all', flaw: null }, age: null, byKey: false, isAsked: false, never: false, withParents: false }] : []);
  return [...deleted, ...truncated];
}

type Age = number | 'parameter' | null;

/** The age that rows must have reached to be deleted: its own conditions, or those of the dead rows whose keys select them. */
function ageOf(source: SoftSource, proof: Proof, catalog: Catalog): Age {
  const own = oldest(proof.conditions(source).map(({ expr, block }) => ageBound(expr, source, block, catalog)));
  if (own !== null) return own;
  for (const match of [source.target.facts.key, ...PHYSICAL_KEYS].flatMap((key) => proof.keyedBy(source, key) ?? [])) {
    const found = oldest(selectedBy(match, source, proof).map((other) => ageOf(other, proof, catalog)));
    if (found !== null) return found;
  }
  return null;
}

/** The rows of soft tables whose columns a column of the reference has to equal. */
function selectedBy(match: KeyMatch, source: SoftSource, proof: Proof): SoftSource[] {
  const origins = match.kind === 'query' && match.query?.type === 'select' && match.query.output[0]?.type === 'expr' ? proof.trace(match.query.output[0].expr, proof.blockOf(match.query) ?? source.block)
    : match.kind === 'column' && match.at.type === 'comparison' ? [match.at.left, match.at.right].flatMap((side) => proof.trace(side, source.block) ?? []) : null;
  return (origins ?? []).map((origin) => origin.source).filter((other): other is SoftSource => other !== source && isSoft(other));
}

/** Are the rows chosen by rows of another table that are dead, and have been for a while? A purge removes first what refers to its rows. */
function goesWithDead(source: SoftSource, proof: Proof, catalog: Catalog): boolean {
  const compared = proof.conditions(source).flatMap(({ expr }) => expr.type === 'comparison' && expr.operator === '=' ? [expr.left, expr.right]
    : (expr.type === 'in' && !expr.negated) || (expr.type === 'quantified' && expr.quantifier === 'any' && expr.operator === '=') ? [expr.left] : []);
  const columns = new Set(compared.flatMap((side) => side.type === 'column' ? [side.name] : []));
  return [...columns].some((column) => (proof.keyedBy(source, [column]) ?? []).flatMap((match) => selectedBy(match, source, proof))
    .some((parent) => parent.target.facts !== source.target.facts && proof.verdict(parent).state === 'dead' && ageOf(parent, proof, catalog) !== null));
}

function oldest(ages: readonly Age[]): Age {
  const days = ages.filter((age) => typeof age === 'number');
  if (days.length > 0) return Math.max(...days);
  return ages.includes('parameter') ? 'parameter' : null;
}

/** For how many days a row that passes the condition has been dead, at least. */
function ageBound(expr: Expr, source: SoftSource, block: Block, catalog: Catalog): Age {
  if (expr.type === 'or') {
    const ages = expr.operands.map((operand) => oldest(conjuncts(operand).map((part) => ageBound(part, source, block, catalog))));
    if (ages.includes(null)) return null;
    return ages.includes('parameter') ? 'parameter' : Math.min(...ages as number[]);
  }
  if (expr.type === 'opaque') return 'parameter';
  if (expr.type !== 'comparison') return null;
  const { facts } = source.target;
  const dated = facts.tombstones.some(tellsTime);
  const isTombstone = (side: Expr): boolean => side.type === 'column' && (!dated || catalog.tombstone(facts, side.name) !== null) && sourceOf(side, block, catalog) === source;
  const mentions = (side: Expr): boolean => someExpr(side, isTombstone);
  const { operator } = expr;
  const [dead, limit] = mentions(expr.left) && (operator === '<' || operator === '<=') ? [expr.left, expr.right] : mentions(expr.right) && (operator === '>' || operator === '>=') ? [expr.right, expr.left] : [null, null];
  if (!dead) return mentions(expr.left) !== mentions(expr.right) && operator !== '=' && operator !== '<>' && !isTombstone(expr.left) && !isTombstone(expr.right) ? 'parameter' : null;
  if (limit.type === 'time' && isTombstone(dead)) return limit.days === null ? 'parameter' : Math.max(0, -limit.days);
  return 'parameter';
}

export function upsertsOf(scopes: Scopes, catalog: Catalog): UpsertFact[] {
  return scopes.inserts.flatMap(({ insert, facts }): UpsertFact[] => {
    const { conflict, target } = insert;
    if (!facts || facts.deletion !== 'soft' || facts.tombstones.length === 0 || !conflict) return [];
    const revives = conflict.opaqueAssignments || conflict.assignments.some((assignment) => {
      const tombstone = catalog.tombstone(facts, assignment.column);
      return tombstone !== null && settingIntent(assignment.value, tombstone) !== 'soft-delete';
    });
    const names = facts.tombstones;
    const liveOnly = [conflict.targetWhere, conflict.where].some((where) => where !== null && names.every((tombstone) => conjuncts(where).some((part) => refusesDead(part, tombstone, facts, catalog))));
    const byKey = conflict.target !== null && conflict.target.length === facts.key.length && conflict.target.every((column) => facts.key.some((key) => fold(key) === fold(column)));
    const edits = conflict.action === 'update' && (conflict.opaqueAssignments || insert.returning.length > 0 || conflict.assignments.some((assignment) => !keepsColumn(assignment, target)));
    return [{ write: insert, ref: target, table: facts, conflict, revives, liveOnly, byKey, edits }];
  });
}

/** `id = id`. */
function keepsColumn({ column, value }: Assignment, { alias, name }: TableRef): boolean {
  return value.type === 'column' && fold(value.name) === fold(column) && (value.qualifier === null || fold(value.qualifier) === fold(alias ?? name));
}

/** `deleted_at IS NULL` and its like, on whatever name the conflict clause gives the row. */
function refusesDead(part: Expr, tombstone: TombstoneFact, facts: TableFacts, catalog: Catalog): boolean {
  const isTombstone = (expr: Expr): expr is ColumnExpr => expr.type === 'column' && catalog.tombstone(facts, expr.name) === tombstone && fold(expr.qualifier ?? '') !== 'excluded';
  if (part.type === 'is' && isTombstone(part.operand)) {
    if (part.what === 'null') return !part.negated && tombstone.live === null;
    return tombstone.live === false && ((part.what === 'false' && !part.negated) || (part.what === 'true' && part.negated));
  }
  if (part.type === 'not' && isTombstone(part.operand)) return tombstone.live === false || tombstone.live === 0;
  if (part.type === 'comparison' && isTombstone(part.left)) {
    const values = settled(part.right);
    return values !== null && !(compare(part.operator, tombstoneValues(tombstone, 'dead'), values) & TRUE);
  }
  if (part.type === 'or') return part.operands.every((operand) => refusesDead(operand, tombstone, facts, catalog));
  return false;
}

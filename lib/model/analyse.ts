/** From a statement to what rules report: each reference with its verdict and its role, each write with its intent. */
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import type { Analysis, DeleteFact, PredicateFlaw, Read, ReadRole, UpdateFact, UpsertFact } from './analysis.js';
import type { Assignment, ColumnExpr, Cte, Expr, Join, Merge, Statement, TableRef, TombstoneFact, Update } from './query.js';
import { auditWritesOf } from './audit.js';
import { blockExpressions, forEachExpr, resolveScopes, sourceOf, type Block, type QueryNode, type Scopes, type Source, type SubqueryUse } from './scope.js';
import { tombstoneMoment } from './tombstone-names.js';
import { compare, tellsTime, tombstoneValues, TRUE, type Values } from './values.js';
import { conjuncts, createProof, foldOf, type KeyMatch, type Proof, PHYSICAL_KEYS } from './visibility.js';

/** A source whose table the manifest declares soft. */
type SoftSource = Source & { readonly leaf: TableRef; readonly target: { readonly kind: 'table'; readonly facts: TableFacts } };

/** Analyses one statement against the manifest. Pure; never throws on a tree that the types allow. */
export function analyse(statement: Statement, catalog: Catalog): Analysis {
  const scopes = resolveScopes(statement, catalog);
  const proof = createProof(statement, scopes, catalog);
  const soft = scopes.sources.filter(isSoft);
  return {
    statement,
    reads: readsOf(soft, proof, catalog),
    updates: updatesOf(soft, proof, catalog),
    deletes: deletesOf(soft, scopes, proof, catalog),
    upserts: upsertsOf(scopes, catalog),
    predicateFlaws: predicateFlawsOf(statement, soft, scopes, proof, catalog),
    auditWrites: auditWritesOf(scopes, proof, catalog),
  };
}

function isSoft(source: Source): source is SoftSource {
  return source.leaf.type === 'table' && source.target.kind === 'table' && source.target.facts.deletion === 'soft' && source.target.facts.tombstones.length > 0;
}

// ---------------------------------------------------------------------------------------------------- reads

function readsOf(soft: readonly SoftSource[], proof: Proof, catalog: Catalog): Read[] {
  const read = soft.filter((source) => !source.written);
  const filtered = new Set(soft.filter((source) => spellsFilter(source, proof, catalog) && proof.verdict(source).state === 'live'));
  return read.map((source) => {
    const { role, key } = roleOf(source, proof);
    const subquery = subqueryUse(source.block);
    return {
      ref: source.leaf, table: source.target.facts, verdict: proof.verdict(source), missing: missingOf(source, proof), role, key,
      prominent: role === 'parent' && !isNextOf(source, proof) && ((subquery === null && isOutput(source, catalog)) || (isShown(source, catalog) && [...filtered].some((other) => other !== source && other.block === source.block && isParent(other, proof)))),
      saysWhich: saysWhich(source, proof, catalog),
      operator: subquery, aggregate: aggregateOf(source.block),
      feedsWrite: feedsWrite(source.block),
      place: placeOf(source),
    };
  });
}

/** The tombstones of a reference that no condition refuses. */
function missingOf(source: SoftSource, proof: Proof, extra?: Expr | null): readonly TombstoneFact[] {
  const { tombstones } = source.target.facts;
  if (tombstones.length < 2) return tombstones;
  const missing = tombstones.filter((tombstone) => proof.verdictBy(source, tombstone, extra).state !== 'live');
  return missing.length > 0 ? missing : tombstones;
}

/** Does the statement itself say something about the tombstone of this reference? */
function spellsFilter(source: SoftSource, proof: Proof, catalog: Catalog): boolean {
  return proof.conditions(source).some(({ expr }) => tombstoneNamedIn(expr, source.block, source, catalog) !== null);
}

function saysWhich(source: SoftSource, proof: Proof, catalog: Catalog): boolean {
  // A filter that stands in the wrong place wants none.
  const { flaw } = proof.verdict(source);
  if (flaw !== null && flaw.kind !== 'or') return false;
  const isNamed = (expr: Expr, isTombstone: (name: string) => boolean, block: Block): boolean => {
    let found = false;
    const alone = block.sources.length === 1;
    forEachExpr(expr, (inner) => { found ||= inner.type === 'column' && isTombstone(inner.name) && ((alone && inner.qualifier === null && source.block === block) || sourceOf(inner, block, catalog) === source); });
    return found;
  };
  const isDeclared = (name: string): boolean => catalog.tombstone(source.target.facts, name) !== null;
  const isMoment = (name: string): boolean => tombstoneMoment(name) === 3;
  // `SELECT deleted_at FROM users WHERE id = $1` asks whether it is deleted.
  const { output } = source.block;
  if (output.length > 0 && output.every((item) => item.type === 'expr' && item.expr.type === 'column' && isDeclared(item.expr.name) && isNamed(item.expr, isDeclared, source.block))) return true;
  return proof.conditions(source).some(({ expr, block }) => isNamed(expr, (name) => isMoment(name) && !isDeclared(name), block)
    || (expr.type === 'or' && expr.operands.every((operand) => isNamed(operand, (name) => isDeclared(name) || isMoment(name), block))));
}

/** The tombstone of a reference that an expression names, or null. */
function tombstoneNamedIn(expr: Expr, block: Block, source: SoftSource, catalog: Catalog): TombstoneFact | null {
  let named: TombstoneFact | null = null;
  forEachExpr(expr, (inner) => {
    if (inner.type === 'column' && sourceOf(inner, block, catalog) === source) named ??= catalog.tombstone(source.target.facts, inner.name);
  });
  return named;
}

function roleOf(source: SoftSource, proof: Proof): { role: ReadRole; key: readonly string[] | null } {
  const { leaf, block, target: { facts } } = source;
  if (leaf.via === 'include-many' || leaf.via === 'relation-filter') return { role: 'join', key: null };
  if (leaf.via === 'include-one') return { role: 'parent', key: null };
  if (leaf.via === 'relation-count') return { role: 'aggregate', key: null };
  const subquery = subqueryUse(block);
  const first = isFirst(source) && !isNextOf(source, proof);
  const key = lookupKey(source, facts, proof);
  if (isParent(source, proof) && !(first && block.query.type === 'select' && subquery === null)) {
    if (subquery === null || subquery === 'scalar subquery') return { role: 'parent', key: null };
  }
  if (aggregateOf(block) !== null && key === null) return { role: 'aggregate', key: null };
  if (subquery !== null) return { role: 'subquery', key: null };
  if (key !== null) return { role: 'lookup', key };
  return { role: first ? 'main' : 'join', key: null };
}

/** Where a filter of the source removes no row of another one. */
function placeOf({ joins, block }: Source): Read['place'] {
  for (const { join, side } of joins) {
    const nullable = (join.kind === 'left' && side === 'right') || (join.kind === 'right' && side === 'left');
    if (join.kind === 'full' || block.query.type === 'merge') return 'subquery';
    if (nullable) return join.on ? 'on' : 'subquery';
  }
  return 'where';
}

/** The first relation of a SELECT is what it lists; what an UPDATE or DELETE reads beside its target is joined. */
function isFirst(source: Source): boolean {
  return source.block.query.type === 'select' && source.block.sources[0] === source;
}

/** The key or unique key that the conditions pin to values, or null. */
function lookupKey(source: SoftSource, facts: TableFacts, proof: Proof): readonly string[] | null {
  for (const key of [facts.key, ...facts.unique, ...facts.impliedKeys]) {
    const matches = proof.keyedBy(source, key);
    // `id = (SELECT ..)` names one row, too; `id IN (SELECT ..)` lists.
    if (matches?.every((match) => match.kind === 'value' || (match.kind === 'query' && match.at.type === 'comparison'))) return key;
  }
  return chosenKey(source, facts, proof);
}

/** The key where the program decides by which of several columns the row is named, and the key is one of them (`isUuid(x) ? byId : bySlug`). */
function chosenKey(source: SoftSource, facts: TableFacts, proof: Proof): readonly string[] | null {
  const columns = proof.conditions(source).flatMap(({ expr }) => {
    const options = expr.type === 'choice' ? expr.options.map((option) => (option ? pinnedColumn(option) : null)) : [];
    return options.length > 0 && !options.includes(null) ? options : [];
  });
  return [facts.key, ...facts.unique].find((key) => key.length === 1 && columns.some((column) => fold(column!) === fold(key[0]!))) ?? null;
}

/** Are the rows named by a value that the program hands in? */
function isAsked(source: SoftSource, proof: Proof): boolean {
  const isHandedIn = ({ type }: Expr): boolean => type === 'parameter';
  return proof.conditions(source).some(({ expr }) => pinnedColumn(expr) !== null && (expr.type === 'comparison' ? isHandedIn(expr.right) : expr.type === 'in' && expr.list!.some(isHandedIn)));
}

/** The column that a condition compares with a value: `id = $1`, `id IN (..)`. */
function pinnedColumn(expr: Expr): string | null {
  const isValue = (side: Expr): boolean => side.type === 'parameter' || side.type === 'literal';
  if (expr.type === 'comparison' && expr.operator === '=') return expr.left.type === 'column' && isValue(expr.right) ? expr.left.name : null;
  return expr.type === 'in' && !expr.negated && expr.list !== null && expr.left.type === 'column' ? expr.left.name : null;
}

/** Reached by its own key from another row. */
function isParent(source: SoftSource, proof: Proof): boolean {
  const { key, impliedKeys } = source.target.facts;
  return [key, ...impliedKeys].some((columns) => {
    const matches = proof.keyedBy(source, columns);
    return matches !== null && matches.some((match) => (match.kind === 'column' && reachesOut(match, source)) || isListed(match, source)) && matches.every((match) => match.kind !== 'query');
  });
}

/** `u.id = ANY (p.contributor_ids)`: a row of another reference names several. */
function isListed({ at }: KeyMatch, source: Source): boolean {
  let listed = false;
  if (at.type === 'quantified' && at.array) forEachExpr(at.array, (inner) => { listed ||= inner.type === 'column' && inner.qualifier !== null && fold(inner.qualifier) !== source.name; });
  return listed;
}

/** The arm of a recursive CTE that goes from its rows up to their parents, whichever of the two it names first. */
function isNextOf(source: SoftSource, proof: Proof): boolean {
  return (proof.keyedBy(source, source.target.facts.key) ?? []).some(({ other }) => other?.target.kind === 'cte' && isArmOf(source.block.node, other.target.cte));
}

function isArmOf(node: QueryNode, cte: Cte): boolean {
  return node.uses.some((use) => use.kind === 'arm' && (use.node.cte === cte || isArmOf(use.node, cte)));
}

function reachesOut(match: KeyMatch, source: Source): boolean {
  return match.other !== source;
}

/** Are all output columns, or a whole `u.*`, this reference's? */
function isOutput(source: SoftSource, catalog: Catalog): boolean {
  const { output } = source.block;
  if (output.length === 0) return false;
  return output.every((column) => {
    if (column.type === 'opaque') return false;
    if (column.type === 'star') return column.qualifier !== null && fold(column.qualifier) === source.name;
    let own = false, foreign = false;
    forEachExpr(column.expr, (inner) => {
      if (inner.type !== 'column') return;
      if (sourceOf(inner, source.block, catalog) === source) own = true;
      else foreign = true;
    });
    return own && !foreign;
  });
}

/** Does a column of the reference, or its whole row, reach the output? */
function isShown(source: SoftSource, catalog: Catalog): boolean {
  return source.block.output.some((column) => {
    if (column.type === 'opaque') return true;
    if (column.type === 'star') return column.qualifier === null || fold(column.qualifier) === source.name;
    let shown = false;
    forEachExpr(column.expr, (inner) => {
      if (inner.type === 'column' && (sourceOf(inner, source.block, catalog) === source || (inner.qualifier === null && fold(inner.name) === source.name))) shown = true;
    });
    return shown;
  });
}

/** How the nearest expression subquery around a block is used, through derived tables and CTEs used once. */
function subqueryUse(block: Block): SubqueryUse | null {
  let node = block.node;
  for (let depth = 0; depth < 50; depth++) {
    const [use, ...others] = node.uses;
    if (!use || others.length > 0) return null;
    if (use.kind === 'expression') return use.how;
    if (use.kind === 'arm') node = use.node;
    else if (use.kind === 'relation' && use.source.target.kind === 'query') node = use.source.block.node;
    else return null;
  }
  return null;
}

/** The aggregate that folds the rows of a block, as a message names it, or null. */
function aggregateOf(block: Block): string | null {
  if (foldOf(block) !== 'aggregate' || block.query.type !== 'select') return null;
  let name: string | null = null;
  for (const expr of blockExpressions(block)) forEachExpr(expr, (inner) => { if (inner.type === 'call' && inner.aggregate) name ??= inner.name.toUpperCase(); });
  return name ?? (block.query.groupBy ? 'GROUP BY' : null);
}

function feedsWrite(block: Block): boolean {
  if (block.query.type !== 'select') return true;
  let node = block.node;
  for (let depth = 0; depth < 50; depth++) {
    const use = node.uses[0];
    if (!use) return false;
    if (use.kind === 'insert') return true;
    if (use.kind === 'arm') node = use.node;
    else if (use.kind === 'relation') node = use.source.block.node;
    else return use.kind === 'expression' && use.block !== null && use.block.query.type !== 'select';
  }
  return false;
}

// --------------------------------------------------------------------------------------------------- writes

function updatesOf(soft: readonly SoftSource[], proof: Proof, catalog: Catalog): UpdateFact[] {
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

/** Named by the whole key or a unique key, whatever it is compared with. */
function isByKey(source: SoftSource, proof: Proof): boolean {
  const { facts } = source.target;
  return [facts.key, ...facts.unique, ...facts.impliedKeys].some((key) => proof.keyedBy(source, key) !== null) || chosenKey(source, facts, proof) !== null;
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

function deletesOf(soft: readonly SoftSource[], scopes: Scopes, proof: Proof, catalog: Catalog): DeleteFact[] {
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
  const mentions = (side: Expr): boolean => { let found = false; forEachExpr(side, (inner) => { found ||= isTombstone(inner); }); return found; };
  const { operator } = expr;
  const [dead, limit] = mentions(expr.left) && (operator === '<' || operator === '<=') ? [expr.left, expr.right] : mentions(expr.right) && (operator === '>' || operator === '>=') ? [expr.right, expr.left] : [null, null];
  if (!dead) return mentions(expr.left) !== mentions(expr.right) && operator !== '=' && operator !== '<>' && !isTombstone(expr.left) && !isTombstone(expr.right) ? 'parameter' : null;
  if (limit.type === 'time' && isTombstone(dead)) return limit.days === null ? 'parameter' : Math.max(0, -limit.days);
  return 'parameter';
}

function upsertsOf(scopes: Scopes, catalog: Catalog): UpsertFact[] {
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

// ----------------------------------------------------------------------------------------------- predicates

function predicateFlawsOf(statement: Statement, soft: readonly SoftSource[], scopes: Scopes, proof: Proof, catalog: Catalog): PredicateFlaw[] {
  const flaws: PredicateFlaw[] = [];
  for (const block of scopes.blocks) {
    for (const expr of conditionsOf(block)) {
      const tested = new Set<Expr>();
      forEachExpr(expr, (inner) => {
        // The null test as a whole is what is wrong and what can be replaced.
        if (inner.type === 'is') tested.add(inner.operand);
        if (!tested.has(inner)) flaws.push(...spellingFlaw(inner, block, soft, catalog));
      });
    }
  }
  for (const source of soft) {
    if (proof.never(source) && !flaws.some((flaw) => flaw.ref === source.leaf)) {
      const named = proof.conditions(source).flatMap(({ expr, block }) => {
        const tombstone = tombstoneNamedIn(expr, block, source, catalog);
        return tombstone ? [{ expr, tombstone }] : [];
      });
      const [first] = named;
      if (first) flaws.push({ kind: 'contradiction', at: first.expr, range: first.expr.range, ref: source.leaf, table: source.target.facts, tombstone: first.tombstone, negated: false });
    }
  }
  flaws.push(...commentedFilters(statement, soft, proof, catalog));
  flaws.push(...invertedFilters(soft, proof, catalog));
  return flaws;
}

function conditionsOf(block: Block): Expr[] {
  const exprs = blockExpressions(block);
  const seen = new Set<Join>();
  for (const source of block.sources) for (const { join } of source.joins) {
    if (seen.has(join)) continue;
    seen.add(join);
    if (join.on) exprs.push(join.on);
  }
  return exprs;
}

/** A predicate whose spelling cannot mean a state of the tombstone. */
function spellingFlaw(expr: Expr, block: Block, soft: readonly SoftSource[], catalog: Catalog): PredicateFlaw[] {
  const flaw = (kind: PredicateFlaw['kind'], column: ColumnExpr, negated: boolean): PredicateFlaw[] => {
    const source = sourceOf(column, block, catalog);
    const owner = source && soft.includes(source as SoftSource) ? source as SoftSource : soft.find((candidate) => candidate.block === block && catalog.tombstone(candidate.target.facts, lastPart(column.name)) !== null);
    if (!owner) return [];
    const tombstone = catalog.tombstone(owner.target.facts, lastPart(column.name));
    return tombstone ? [{ kind, at: expr, range: expr.range, ref: owner.leaf, table: owner.target.facts, tombstone, negated }] : [];
  };
  const isNull = (side: Expr): boolean => side.type === 'literal' && side.value === null;
  if (expr.type === 'comparison' && expr.operator !== 'is-distinct' && expr.operator !== 'is-not-distinct') {
    if (expr.left.type === 'column' && isNull(expr.right)) return flaw('equals-null', expr.left, expr.operator === '<>');
    if (expr.right.type === 'column' && isNull(expr.left)) return flaw('equals-null', expr.right, expr.operator === '<>');
  }
  if (expr.type === 'in' && expr.left.type === 'column' && expr.list?.some(isNull)) return flaw('equals-null', expr.left, expr.negated);
  if (expr.type === 'is' && expr.what === 'null' && isQuotedPath(expr.operand)) return flaw('quoted-path', expr.operand, expr.negated);
  if (isQuotedPath(expr)) return flaw('quoted-path', expr, false);
  return [];
}

/** `"u.deleted_at"`: one name where two were meant. */
function isQuotedPath(expr: Expr): expr is ColumnExpr {
  return expr.type === 'column' && expr.qualifier === null && expr.name.includes('.');
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** A condition of SQL that stands alone in a comment: `-- AND u.deleted_at IS NULL`. */
const COMMENTED = /^(?:--|#|\/\*)[\s*-]*(?:(?:AND|OR|WHERE|ON)\s+)?\(?\s*(?:["`]?(\w+)["`]?\.)?["`]?(\w+)["`]?\s+(?:IS\s+(?:NOT\s+)?(?:NULL|TRUE|FALSE)|ISNULL|(?:=|<>|!=)\s*(?:TRUE|FALSE|[01]|NULL)\b)[\s);]*(?:\*\/)?\s*$/i;

/** Filters that somebody took out by a comment, of references that show tombstones now. */
function commentedFilters(statement: Statement, soft: readonly SoftSource[], proof: Proof, catalog: Catalog): PredicateFlaw[] {
  return (statement.comments ?? []).flatMap(({ text, range }): PredicateFlaw[] => {
    const [, qualifier, column] = COMMENTED.exec(text) ?? [];
    if (column === undefined) return [];
    const source = soft.find((candidate) => catalog.tombstone(candidate.target.facts, column) !== null && (qualifier === undefined || candidate.name === fold(qualifier)) && proof.verdict(candidate).state === 'all');
    return source ? [{ kind: 'commented-out', at: { type: 'opaque', range }, range, ref: source.leaf, table: source.target.facts, tombstone: catalog.tombstone(source.target.facts, column), negated: false }] : [];
  });
}

/** A SELECT that asks for rows in which two different soft tables are both dead: one of them may be a trash screen, both are a slip. */
function invertedFilters(soft: readonly SoftSource[], proof: Proof, catalog: Catalog): PredicateFlaw[] {
  const flaws: PredicateFlaw[] = [];
  for (const source of soft) {
    if (source.block.query.type !== 'select' || feedsWrite(source.block) || proof.verdict(source).state !== 'dead' || !spellsFilter(source, proof, catalog)) continue;
    const other = soft.find((candidate) => candidate.block === source.block && candidate.target.facts !== source.target.facts && proof.verdict(candidate).state === 'dead' && spellsFilter(candidate, proof, catalog));
    if (!other) continue;
    const at = proof.conditions(source).find(({ expr }) => isNotNullOf(expr, source, catalog));
    if (at) flaws.push({ kind: 'inverted', at: at.expr, range: at.expr.range, ref: source.leaf, table: source.target.facts, tombstone: source.target.facts.tombstones[0]!, negated: true });
  }
  return flaws;
}

function isNotNullOf(expr: Expr, source: SoftSource, catalog: Catalog): boolean {
  return expr.type === 'is' && expr.what === 'null' && expr.negated && expr.operand.type === 'column' && sourceOf(expr.operand, source.block, catalog) === source && catalog.tombstone(source.target.facts, expr.operand.name) !== null;
}

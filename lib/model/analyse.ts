/** From a statement to what rules report: each reference with its verdict and its role, each write with its intent. */
import { fold, type Catalog } from '../manifest/catalog.js';
import type { Analysis, Read, ReadRole } from './analysis.js';
import { foldOf } from './aggregates.js';
import { auditWritesOf } from './audit.js';
import type { KeyMatch } from './equality.js';
import { isFarSide, isOnlyChild } from './links.js';
import { tellsDeletedApart } from './output-tests.js';
import { parentTestsOf } from './parent-tests.js';
import { asksForLastNumber } from './numbering.js';
import { predicateFlawsOf } from './predicate-flaws.js';
import { countsUsage } from './purpose.js';
import type { Cte, Expr, Statement } from './query.js';
import { blockExpressions, forEachExpr, resolveScopes, someExpr, sourceOf, type Block, type QueryNode, type Source, type SubqueryUse } from './scope.js';
import { feedsWrite, isSoft, lookupKey, missingOf, spellsFilter, tombstoneNamedIn, type SoftSource } from './soft-sources.js';
import { isOneOfTold, isToldApart } from './told-apart.js';
import { isTombstoneFlag, tombstoneMoment } from './tombstone-names.js';
import { createProof, type Proof } from './visibility.js';
import { deletesOf, updatesOf, upsertsOf } from './writes.js';

/** Analyses one statement against the manifest. Pure; never throws on a tree that the types allow. */
export function analyse(statement: Statement, catalog: Catalog): Analysis {
  const scopes = resolveScopes(statement, catalog);
  const proof = createProof(statement, scopes, catalog);
  const soft = scopes.sources.filter(isSoft);
  return {
    statement,
    reads: readsOf(soft, proof, catalog, statement),
    updates: updatesOf(soft, proof, catalog),
    deletes: deletesOf(soft, scopes, proof, catalog),
    upserts: upsertsOf(scopes, catalog),
    predicateFlaws: predicateFlawsOf(statement, soft, scopes, proof, catalog),
    auditWrites: auditWritesOf(scopes, proof, catalog),
    parentTests: parentTestsOf(scopes, catalog),
  };
}

function readsOf(soft: readonly SoftSource[], proof: Proof, catalog: Catalog, statement: Statement): Read[] {
  const read = soft.filter((source) => !source.written);
  const filtered = new Set(soft.filter((source) => spellsFilter(source, proof, catalog) && proof.verdict(source).state === 'live'));
  const told = new Set(read.filter((source) => saysWhich(source, proof, catalog)));
  return read.map((source) => {
    const { role, key } = roleOf(source, proof, catalog);
    const subquery = subqueryUse(source.block);
    return {
      ref: source.leaf, table: source.target.facts, verdict: proof.verdict(source), missing: missingOf(source, proof), role, key,
      prominent: role === 'parent' && (isNextOf(source, proof) ? tellsOfAncestors(source, proof, catalog) : (subquery === null && isOutput(source, catalog)) || (isShown(source, catalog) && [...filtered].some((other) => other !== source && other.block === source.block && isParent(other, proof)))),
      saysWhich: told.has(source) || (source.block.query.type === 'select' && asksForLastNumber(source.block.query)) || (aggregateOf(source.block) !== null && countsUsage(statement) && isSince(source, proof)) || isOneOfTold(source, told, proof) || isToldApart(source, soft, proof) || (role === 'parent' && showsTombstone(source, catalog)),
      operator: subquery, aggregate: aggregateOf(source.block),
      feedsWrite: feedsWrite(source.block),
      place: placeOf(source),
    };
  });
}

function saysWhich(source: SoftSource, proof: Proof, catalog: Catalog): boolean {
  // A filter that stands in the wrong place wants none.
  const { flaw } = proof.verdict(source);
  if (flaw !== null && flaw.kind !== 'or') return false;
  if (tellsDeletedApart(source, catalog)) return true;
  const isNamed = (expr: Expr, isTombstone: (name: string) => boolean, block: Block): boolean => {
    const alone = block.sources.length === 1;
    return someExpr(expr, (inner) => inner.type === 'column' && isTombstone(inner.name) && ((alone && inner.qualifier === null && source.block === block) || sourceOf(inner, block, catalog) === source));
  };
  const isDeclared = (name: string): boolean => catalog.tombstone(source.target.facts, name) !== null;
  // Another column that says the same, `removed` beside `deleted`.
  const isMoment = (name: string): boolean => tombstoneMoment(name) >= 2 || isTombstoneFlag({ name, type: 'boolean', defaultValue: undefined });
  // `SELECT deleted_at FROM users WHERE id = $1` asks whether it is deleted.
  const { output } = source.block;
  if (output.length > 0 && output.every((item) => item.type === 'expr' && item.expr.type === 'column' && isDeclared(item.expr.name) && isNamed(item.expr, isDeclared, source.block))) return true;
  // The caller decides: `deleted = $1`.
  const isHandedIn = (expr: Expr, block: Block): boolean => expr.type === 'comparison' && expr.operator === '=' && [[expr.left, expr.right], [expr.right, expr.left]].some(([side, other]) => other!.type === 'parameter' && isNamed(side!, isDeclared, block));
  return proof.conditions(source).some(({ expr, block }) => isHandedIn(expr, block) || isNamed(expr, (name) => isMoment(name) && !isDeclared(name), block)
    || isStateOfDeletion(expr, (inner) => isNamed(inner, (name) => STATE.test(fold(name)), block)) || isChangeFeed(expr, (inner) => isNamed(inner, (name) => REVISION.test(fold(name)), block))
    || (expr.type === 'or' && expr.operands.every((operand) => isNamed(operand, (name) => isDeclared(name) || isMoment(name), block))));
}

/** Only rows that were made since some time: `created_at >= $1`. */
function isSince(source: SoftSource, proof: Proof): boolean {
  const isMade = (expr: Expr): boolean => expr.type === 'column' && /^(?:(?:date|time)?created|inserted|added|uploaded|sent|started|requested)(?:at|on|date|time)?$/u.test(fold(expr.name));
  return proof.conditions(source).some(({ expr }) => expr.type === 'comparison' && ((/^>=?$/.test(expr.operator) && isMade(expr.left)) || (/^<=?$/.test(expr.operator) && isMade(expr.right))));
}

const STATE = /(?:status|state)$/u;
const STATE_OF_DELETION = /^(?:exists?|existing|(?:soft_?|pending_?)?(?:deleted|trashed|removed|deletion)|deleting|in_?trash)$/iu;

/** `status = 'TRASHED'`, `status <> 'deleted'`, `state IN ('removed', 'trashed')`. */
function isStateOfDeletion(expr: Expr, isState: (expr: Expr) => boolean): boolean {
  const isWord = (value: Expr): boolean => value.type === 'literal' && typeof value.value === 'string' && STATE_OF_DELETION.test(value.value);
  if (expr.type === 'comparison') return (isState(expr.left) && isWord(expr.right)) || (isState(expr.right) && isWord(expr.left));
  return expr.type === 'in' && isState(expr.left) && (expr.list?.some(isWord) ?? false);
}

/** The numbers by which a client asks for what has changed since. */
const REVISION = /(?:revision|rowversion|sequenceid|syncid|syncversion|changeid|changenumber|serverversion|lsn)$|^(?:rev|seq|sequence)$/u;

/** `revision > $cursor`: who keeps a copy of the rows has to hear of deletions. */
function isChangeFeed(expr: Expr, isRevision: (expr: Expr) => boolean): boolean {
  return expr.type === 'comparison' && ((/^>=?$/.test(expr.operator) && isRevision(expr.left) && expr.right.type === 'parameter') || (/^<=?$/.test(expr.operator) && isRevision(expr.right) && expr.left.type === 'parameter'));
}

/** Does the output name a tombstone of the reference beside other columns? Of a parent that is for somebody who looks at it; of what is listed it may be one column of all. */
function showsTombstone(source: SoftSource, catalog: Catalog): boolean {
  return source.block.output.some((column) => column.type === 'expr' && column.expr.type === 'column' && tombstoneNamedIn(column.expr, source.block, source, catalog) !== null);
}

function roleOf(source: SoftSource, proof: Proof, catalog: Catalog): { role: ReadRole; key: readonly string[] | null } {
  const { leaf, block, target: { facts } } = source;
  if (leaf.via === 'include-many' || leaf.via === 'relation-filter') return { role: 'join', key: null };
  // What is summed up over the rows in between is theirs.
  const linked = aggregateOf(block) === null && (isFarSide(source, proof, catalog) || isOnlyChild(source, proof));
  if (leaf.via === 'include-one') return { role: linked ? 'join' : 'parent', key: null };
  if (leaf.via === 'relation-count') return { role: 'aggregate', key: null };
  const subquery = subqueryUse(block);
  const first = isFirst(source) && !isNextOf(source, proof);
  const key = lookupKey(source, facts, proof);
  if (!linked && isParent(source, proof) && !(first && block.query.type === 'select' && subquery === null)) {
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

/** Reached by its own key, or by a unique one, from another row. */
function isParent(source: SoftSource, proof: Proof): boolean {
  const { key, unique, impliedKeys } = source.target.facts;
  return [key, ...unique, ...impliedKeys].some((columns) => {
    const matches = proof.keyedBy(source, columns);
    return matches !== null && matches.some((match) => (match.kind === 'column' && reachesOut(match, source)) || isListed(match, source)) && matches.every((match) => match.kind !== 'query');
  });
}

/** `u.id = ANY (p.contributor_ids)`: a row of another reference names several. */
function isListed({ at }: KeyMatch, source: Source): boolean {
  return at.type === 'quantified' && at.array !== null && someExpr(at.array, (inner) => inner.type === 'column' && inner.qualifier !== null && fold(inner.qualifier) !== source.name);
}

/** The arm of a recursive CTE that goes from its rows up to their parents, whichever of the two it names first. */
function isNextOf(source: SoftSource, proof: Proof): boolean {
  return (proof.keyedBy(source, source.target.facts.key) ?? []).some(({ other }) => other?.target.kind === 'cte' && isArmOf(source.block.node, other.target.cte));
}

/**
 * Does the way up put more of the ancestors into its rows than it needs for the next step: their names and titles, as breadcrumbs have them?
 * Whoever gathers their keys alone asks which they are, and what is granted or refused there holds for deleted ones, too.
 */
function tellsOfAncestors(source: SoftSource, proof: Proof, catalog: Catalog): boolean {
  const { block, target: { facts } } = source, isKey = (name: string): boolean => facts.key.some((key) => fold(key) === fold(name)) || /id$/.test(fold(name));
  const walked = (proof.keyedBy(source, facts.key) ?? []).flatMap(({ value }) => (value?.type === 'column' ? fold(value.name) : []));
  return block.output.some((column) => column.type === 'expr' && column.expr.type === 'column' && sourceOf(column.expr, block, catalog) === source
    && !isKey(column.expr.name) && !walked.includes(fold(column.expr.name)) && catalog.tombstone(facts, column.expr.name) === null);
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

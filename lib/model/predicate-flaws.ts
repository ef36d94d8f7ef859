/** Conditions on tombstones that cannot mean what they say, and those that a comment has taken out. */
import { fold, type Catalog } from '../manifest/catalog.js';
import type { PredicateFlaw } from './analysis.js';
import { commentedCondition, type Commented } from './commented.js';
import type { ColumnExpr, Expr, Join, Range, Statement } from './query.js';
import { blockExpressions, forEachExpr, sourceOf, type Block, type Scopes } from './scope.js';
import { feedsWrite, spellsFilter, tombstoneNamedIn, type SoftSource } from './soft-sources.js';
import type { Proof } from './visibility.js';

export function predicateFlawsOf(statement: Statement, soft: readonly SoftSource[], scopes: Scopes, proof: Proof, catalog: Catalog): PredicateFlaw[] {
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

/** Filters that somebody took out by a comment, of references that show tombstones now. */
function commentedFilters(statement: Statement, soft: readonly SoftSource[], proof: Proof, catalog: Catalog): PredicateFlaw[] {
  return (statement.comments ?? []).flatMap(({ text, range }): PredicateFlaw[] => {
    const found = commentedCondition(text, statement.calls ?? false);
    if (!found) return [];
    const owner = ownerOf(found, range, statement.calls ?? false, soft, catalog), tombstone = owner && catalog.tombstone(owner.target.facts, found.column);
    if (!owner || !tombstone || proof.verdictBy(owner, tombstone).state !== 'all' || statement.resultChecks?.(tombstone.names)) return [];
    return [{ kind: 'commented-out', at: { type: 'opaque', range }, range, ref: owner.leaf, table: owner.target.facts, tombstone, negated: false }];
  });
}

/** The reference that a condition in a comment is about: the one that it names, else the last before it. Calls may name a table in words that are not seen (`t.deletedAt`). */
function ownerOf({ column, qualifier, property }: Commented, [start]: Range, calls: boolean, soft: readonly SoftSource[], catalog: Catalog): SoftSource | undefined {
  // `data: { deletedAt: null }` restores a row.
  const able = soft.filter((source) => catalog.tombstone(source.target.facts, column) !== null && !(property && source.written));
  const named = qualifier === null ? [] : able.filter(({ name, target: { facts } }) => [name, facts.name, ...facts.models].some((one) => fold(one ?? '') === fold(qualifier)));
  if (named.length > 0 || (qualifier !== null && !calls)) return named[0];
  const before = able.filter(({ leaf }) => leaf.range[0] <= start).sort((a, b) => b.leaf.range[0] - a.leaf.range[0]);
  return before[0] ?? able[0];
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

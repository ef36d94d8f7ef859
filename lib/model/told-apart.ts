/** Rows that a query lists by their keys alone, and that it tells apart itself: it joins the live ones again and shows which of them there are. */
import { fold } from '../manifest/catalog.js';
import type { Expr } from './query.js';
import type { Source } from './scope.js';
import type { SoftSource } from './soft-sources.js';
import type { Proof } from './visibility.js';

/**
 * `SELECT c.id, d.id IS NOT NULL AS live FROM (SELECT id FROM documents ..) c LEFT JOIN documents d ON d.id = c.id AND d.deleted_at IS NULL`: are the keys of the source
 * all that its block hands on, and joined to a live reference of its table? Where that one is joined without leaving rows out, the source shows tombstones as such.
 */
export function isToldApart(source: SoftSource, soft: readonly SoftSource[], proof: Proof): boolean {
  const { block, target: { facts } } = source;
  const isKey = (expr: Expr): boolean => expr.type === 'column' && facts.key.some((key) => fold(key) === fold(expr.name));
  if (block.output.length === 0 || !block.output.every((item) => item.type === 'expr' && isKey(item.expr))) return false;
  return soft.some((other) => other !== source && other.target.facts === facts && other.block !== block && proof.verdict(other).state === 'live'
    && (proof.keyedBy(other, facts.key) ?? []).some(({ kind, value, block: at }) => kind === 'column' && value !== null && (proof.trace(value, at) ?? []).some((origin) => origin.source === source)));
}

/**
 * Is the row the same, by a key of its table, as one that is read beside it and of which the statement says which tombstones it wants? `told` holds the references of which it does.
 */
export function isOneOfTold(source: SoftSource, told: ReadonlySet<Source>, proof: Proof): boolean {
  const { key, unique } = source.target.facts;
  return proof.isSameAs(source, (other) => told.has(other), [key, ...unique]);
}

/** References to soft tables, and what the analyses of reads, writes and predicates ask of them alike. */
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import type { Expr, TableRef, TombstoneFact } from './query.js';
import { forEachExpr, someExpr, sourceOf, type Block, type Source } from './scope.js';
import type { Proof } from './visibility.js';

/** A source whose table the manifest declares soft. */
export type SoftSource = Source & { readonly leaf: TableRef; readonly target: { readonly kind: 'table'; readonly facts: TableFacts } };

export function isSoft(source: Source): source is SoftSource {
  return source.leaf.type === 'table' && source.target.kind === 'table' && source.target.facts.deletion === 'soft' && source.target.facts.tombstones.length > 0;
}

/** The tombstones of a reference that no condition refuses. */
export function missingOf(source: SoftSource, proof: Proof, extra?: Expr | null): readonly TombstoneFact[] {
  const { tombstones } = source.target.facts;
  if (tombstones.length < 2) return tombstones;
  const missing = tombstones.filter((tombstone) => proof.verdictBy(source, tombstone, extra).state !== 'live');
  return missing.length > 0 ? missing : tombstones;
}

/** Does the statement itself say something about the tombstone of this reference? */
export function spellsFilter(source: SoftSource, proof: Proof, catalog: Catalog): boolean {
  return proof.conditions(source).some(({ expr }) => tombstoneNamedIn(expr, source.block, source, catalog) !== null);
}

/** The tombstone of a reference that an expression names, or null. */
export function tombstoneNamedIn(expr: Expr, block: Block, source: SoftSource, catalog: Catalog): TombstoneFact | null {
  let named: TombstoneFact | null = null;
  forEachExpr(expr, (inner) => {
    if (inner.type === 'column' && sourceOf(inner, block, catalog) === source) named ??= catalog.tombstone(source.target.facts, inner.name);
  });
  return named;
}

/** The key or unique key that the conditions pin to values, or null. */
export function lookupKey(source: SoftSource, facts: TableFacts, proof: Proof): readonly string[] | null {
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

/** Named by the whole key or a unique key, whatever it is compared with. */
export function isByKey(source: SoftSource, proof: Proof): boolean {
  const { facts } = source.target;
  return [facts.key, ...facts.unique, ...facts.impliedKeys].some((key) => proof.keyedBy(source, key) !== null) || chosenKey(source, facts, proof) !== null;
}

/** Are the rows named by a value that the program hands in? */
export function isAsked(source: SoftSource, proof: Proof): boolean {
  const isHandedIn = ({ type }: Expr): boolean => type === 'parameter';
  return proof.conditions(source).some(({ expr }) => isOneOf(expr) || (pinnedColumn(expr) !== null && (expr.type === 'comparison' ? isHandedIn(expr.right) : expr.type === 'in' && expr.list!.some(isHandedIn))));
}

/** `id = ANY ($1)`, `id = ANY ($1::uuid[])`. */
function isOneOf(expr: Expr): boolean {
  if (expr.type !== 'quantified' || expr.quantifier !== 'any' || expr.operator !== '=' || expr.left.type !== 'column' || !expr.array) return false;
  return someExpr(expr.array, ({ type }) => type === 'parameter');
}

/** The column that a condition compares with a value: `id = $1`, `id IN (..)`. */
function pinnedColumn(expr: Expr): string | null {
  const isValue = (side: Expr): boolean => side.type === 'parameter' || side.type === 'literal';
  if (expr.type === 'comparison' && expr.operator === '=') return expr.left.type === 'column' && isValue(expr.right) ? expr.left.name : null;
  return expr.type === 'in' && !expr.negated && expr.list !== null && expr.left.type === 'column' ? expr.left.name : null;
}

export function feedsWrite(block: Block): boolean {
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

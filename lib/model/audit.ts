/** Tables that keep the history of others: the manifest's `audit`. */
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import type { AuditWrite } from './analysis.js';
import type { Expr } from './query.js';
import { someExpr, type Scopes, type Source } from './scope.js';
import { conjuncts } from './conditions.js';
import type { Proof } from './visibility.js';

const known = new WeakMap<Catalog, ReadonlyMap<TableFacts, readonly TableFacts[]>>();

/** The tables that name this one as their audit table; empty for any other table. */
export function auditedBy(table: TableFacts, catalog: Catalog): readonly TableFacts[] {
  let audits = known.get(catalog);
  if (!audits) {
    const found = new Map<TableFacts, TableFacts[]>();
    for (const audited of catalog.tables) {
      const audit = audited.audit === null ? null : tableNamed(audited.audit, catalog);
      if (audit && audit !== audited) found.set(audit, [...found.get(audit) ?? [], audited]);
    }
    known.set(catalog, audits = found);
  }
  return audits.get(table) ?? [];
}

/** A table by its name in the manifest, with its schema or without. */
export function tableNamed(name: string, catalog: Catalog): TableFacts | null {
  return catalog.tables.find((table) => fold(table.schema === null ? table.name : `${table.schema}.${table.name}`) === fold(name)) ?? catalog.table(name.slice(name.lastIndexOf('.') + 1), name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : null);
}

/** What a statement does to the entries of audit tables, beyond adding some. */
export function auditWritesOf({ sources, inserts, truncated }: Scopes, proof: Proof, catalog: Catalog): AuditWrite[] {
  const isAudit = (table: TableFacts | null): table is TableFacts => table !== null && auditedBy(table, catalog).length > 0;
  const written = sources.flatMap((source): AuditWrite[] => {
    const { leaf, target, block: { query } } = source;
    if (!source.written || leaf.type !== 'table' || target.kind !== 'table' || !isAudit(target.facts)) return [];
    const write = (kind: AuditWrite['kind']): AuditWrite => ({ kind, ref: leaf, table: target.facts, aged: isAged(source, proof) });
    if (query.type === 'merge') return query.branches.flatMap(({ action }) => action === 'update' || action === 'delete' ? [write(action)] : []);
    return query.type === 'update' || query.type === 'delete' ? [write(query.type)] : [];
  });
  const upserted = inserts.flatMap(({ insert: { conflict, target }, facts }): AuditWrite[] =>
    isAudit(facts) && conflict && conflict.action !== 'nothing' ? [{ kind: 'update', ref: target, table: facts, aged: false }] : []);
  return [...written, ...upserted, ...truncated.flatMap(({ ref, facts }): AuditWrite[] => isAudit(facts) ? [{ kind: 'truncate', ref, table: facts, aged: false }] : [])];
}

/** Are only rows before some time written to, as far as can be seen: `WHERE created_at < now() - interval '7 years'`? */
function isAged(source: Source, proof: Proof): boolean {
  return source.block.query.type !== 'merge' && ('opaqueFilters' in source.block.query && source.block.query.opaqueFilters.length > 0 || proof.conditions(source).some(({ expr }) => boundsAge(expr)));
}

function boundsAge(expr: Expr): boolean {
  if (expr.type === 'opaque' || expr.type === 'choice') return true;
  if (expr.type === 'in' || expr.type === 'quantified') return expr.query?.type === 'select' && expr.query.where !== null && conjuncts(expr.query.where).some(boundsAge);
  if (expr.type !== 'comparison') return false;
  const { operator, left, right } = expr;
  const [column, limit] = operator === '<' || operator === '<=' ? [left, right] : operator === '>' || operator === '>=' ? [right, left] : [null, null];
  return column !== null && limit !== null && mentionsColumn(column) && limit.type !== 'column' && !(limit.type === 'literal' && typeof limit.value === 'number');
}

function mentionsColumn(expr: Expr): boolean {
  return someExpr(expr, ({ type }) => type === 'column');
}

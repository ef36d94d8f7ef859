/** What a manifest and the declarations of a project say differently. */
import { fold } from '../lib/manifest/catalog.js';
import type { Guard, Manifest, Relation, Table } from '../lib/manifest/index.js';
import { bareName, NameIndex, signature, splitName } from '../lib/manifest/names.js';

/** A value that the manifest has not: the keys that lead to it; one behind the last of a list for a new item. */
export interface Addition {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  /** What it is, for a person: `table tags`, `relation author of posts`. */
  readonly what: string;
}

export interface Drift {
  readonly additions: readonly Addition[];
  /** One sentence for each thing that a person has to decide. */
  readonly notes: readonly string[];
}

/**
 * What the sources declare and the manifest does not have, and where both disagree. What a person decides (`deletion`, `tombstone`, `retention`, ..)
 * is never changed, only told.
 */
export function driftOf(manifest: Manifest, derived: Manifest): Drift {
  const additions: Addition[] = [], notes: string[] = [];
  const known = new NameIndex<{ readonly key: string; readonly table: Manifest['tables'][string] }>();
  for (const [key, table] of Object.entries(manifest.tables)) known.add(splitName(key), { key, table });
  const found = new Set<string>();
  for (const [key, proposed] of Object.entries(derived.tables) as [string, Table][]) {
    const own = known.find(key);
    if (!own) {
      additions.push({ path: ['tables', key], value: proposed, what: `table ${key}${proposed.deletion === 'soft' ? ' (soft)' : ''}` });
      continue;
    }
    found.add(own.key);
    const table = typeof own.table === 'string' ? { deletion: own.table } : own.table, missing = missingOf(own.key, table, proposed);
    // `"users": "soft"` becomes an object.
    if (typeof own.table === 'string' && missing.length > 0) additions.push({ path: ['tables', own.key], value: missing.reduce<object>((object, { path, value }) => withValue(object, path.slice(2), value), table), what: missing.map(({ what }) => what).join(', ') });
    else additions.push(...missing);
    notes.push(...disagreements(own.key, table, proposed, manifest));
  }
  for (const key of Object.keys(manifest.tables)) if (!found.has(key)) notes.push(`No source declares the table "${key}".`);
  const guards = manifest.guards ?? [], names = new Set(guards.map(guardKey));
  const more = (derived.guards ?? []).filter((guard) => !names.has(guardKey(guard)));
  if (more.length > 0 && manifest.guards === undefined) additions.push({ path: ['guards'], value: more, what: more.map(guardName).join(', ') });
  else more.forEach((guard, i) => additions.push({ path: ['guards', guards.length + i], value: guard, what: guardName(guard) }));
  if (derived.dialect !== undefined && manifest.dialect === undefined) notes.push(`The sources are written for ${derived.dialect}: without a "dialect" queries are read as PostgreSQL's.`);
  return { additions, notes };
}

function keyOf(key: string): string {
  const { schema, name } = splitName(key);
  return `${schema === null ? '' : fold(schema)}.${fold(name)}`;
}

function missingOf(key: string, table: Table, proposed: Table): Addition[] {
  const path = ['tables', key], found: Addition[] = [];
  const add = (words: string, place: readonly (string | number)[], value: unknown): void => { found.push({ path: [...path, ...place], value, what: `${words} of ${key}` }); };
  const models = new Set([key, ...table.models ?? []].map(bareName));
  const newModels = (proposed.models ?? []).filter((model) => !models.has(bareName(model)));
  if (newModels.length > 0 && table.models === undefined) add(`model ${newModels.join(', ')}`, ['models'], newModels);
  else newModels.forEach((model, i) => { add(`model ${model}`, ['models', table.models!.length + i], model); });
  for (const [property, column] of Object.entries(proposed.columns ?? {})) if (table.columns?.[property] === undefined) add(`column ${property}`, ['columns', property], column);
  for (const [property, relation] of Object.entries(proposed.relations ?? {})) if (table.relations?.[property] === undefined) add(`relation ${property}`, ['relations', property], relation);
  if (table.key === undefined && proposed.key !== undefined && proposed.key !== 'id') add('key', ['key'], proposed.key);
  const tombstones = new Set([...columnsOf(table.tombstone), ...columnsOf(proposed.tombstone)].map(fold));
  // A key of live rows has the tombstone among its columns; with or without, it is the same key.
  const signed = (columns: readonly string[]): string => signature(columns.filter((column) => !tombstones.has(fold(column))));
  const uniques = new Set((table.unique ?? []).map(signed)), newUniques = (proposed.unique ?? []).filter((columns) => !uniques.has(signed(columns)));
  if (newUniques.length > 0 && table.unique === undefined) add(`unique key ${newUniques.map((columns) => `(${columns.join(', ')})`).join(', ')}`, ['unique'], newUniques);
  else newUniques.forEach((columns, i) => { add(`unique key (${columns.join(', ')})`, ['unique', table.unique!.length + i], columns); });
  if (table.deletion === 'soft' && table.autoFilter === undefined && proposed.autoFilter !== undefined) add('autoFilter', ['autoFilter'], proposed.autoFilter);
  return found;
}

function disagreements(key: string, table: Table, proposed: Table, manifest: Manifest): string[] {
  const notes: string[] = [];
  if (table.deletion === 'soft') {
    const own = columnsOf(table.tombstone ?? manifest.tombstone ?? 'deleted_at'), theirs = columnsOf(proposed.tombstone);
    if (theirs.length === 0) notes.push(`"${key}" is soft, and the sources declare no column for it that looks like "${own.join('", "')}".`);
    else if (!own.some((column) => theirs.some((other) => fold(other) === fold(column)))) notes.push(`The tombstone of "${key}" is "${own.join('", "')}", and the sources declare "${theirs.join('", "')}".`);
  }
  for (const [property, relation] of Object.entries(table.relations ?? {})) {
    const other: Relation | undefined = proposed.relations?.[property];
    if (other && (keyOf(other.table) !== keyOf(relation.table) || (other.many ?? false) !== (relation.many ?? false))) {
      notes.push(`The relation "${property}" of "${key}" leads to ${relation.many ? 'rows' : 'a row'} of "${relation.table}", and by the sources to ${other.many ? 'rows' : 'a row'} of "${other.table}".`);
    }
  }
  return notes;
}

function columnsOf(tombstone: Table['tombstone']): string[] {
  return [tombstone ?? []].flat().map((one) => (typeof one === 'string' ? one : one.column));
}

function guardKey({ kind, name, from }: Guard): string {
  return `${kind}\n${name}\n${from ?? ''}`;
}

function guardName({ kind, name }: Guard): string {
  return `guard ${name} (${kind})`;
}

function withValue(object: object, [key, ...rest]: readonly (string | number)[], value: unknown): object {
  const inner = (object as Record<string, unknown>)[key!];
  return { ...object, [key!]: rest.length === 0 ? value : withValue((inner ?? {}) as object, rest, value) };
}

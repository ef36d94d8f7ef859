/** Names of tables and columns as manifests, SQL and code write them. */
import { fold } from './catalog.js';

/** A name in its parts. */
export interface QualifiedName {
  readonly schema: string | null;
  readonly name: string;
}

/** Splits `schema.table` at the dots that stand outside of quotes, and takes the quotes off. What stands before the schema (a database) is left out. */
export function splitName(text: string): QualifiedName {
  const parts = text.match(/"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[^.]+/g) ?? [];
  return { name: unquote(parts.at(-1) ?? text), schema: parts.length > 1 ? unquote(parts.at(-2)!) : null };
}

/** A name without the quotes around it. */
export function unquote(name: string): string {
  const quoted = /^\s*(?:"(.*)"|`(.*)`|\[(.*)\])\s*$/s.exec(name);
  return quoted ? (quoted[1]?.replaceAll('""', '"') ?? quoted[2] ?? quoted[3] ?? '') : name.trim();
}

/** Schemas that a database looks in first for a name without one (PostgreSQL 5.10.3, SQL Server, SQLite). */
const DEFAULT_SCHEMAS = ['public', 'dbo', 'main'];

/** Values by table or view name, found under any spelling. */
export class NameIndex<T> {
  readonly #entries = new Map<string, { readonly schema: string; readonly spelling: string; readonly value: T }[]>();

  add({ schema, name }: QualifiedName, value: T): void {
    const entry = { schema: schema === null ? '' : fold(schema), spelling: name.toLowerCase(), value };
    const same = this.#entries.get(fold(name));
    if (same) same.push(entry);
    else this.#entries.set(fold(name), [entry]);
  }

  /**
   * The value that a reference means. A declaration without a schema answers to every schema; one with a schema also answers to
   * references without, unless several could: then one of a default schema does. Null where nothing, or more than one value, is meant.
   */
  find(name: string, schema?: string | null): T | null {
    const asked = schema === undefined || schema === null ? splitName(name) : { name: unquote(name), schema };
    const named = this.#entries.get(fold(asked.name));
    if (!named) return null;
    const of = (wanted: string) => named.filter((entry) => entry.schema === wanted);
    const declared = asked.schema === null ? [] : of(fold(asked.schema));
    const candidates = [declared, of(''), ...(asked.schema === null ? [...DEFAULT_SCHEMAS.map(of), named] : [])].find((some) => some.length > 0) ?? [];
    if (candidates.length < 2) return candidates[0]?.value ?? null;
    if (candidates.some((entry) => entry.schema !== candidates[0]!.schema)) return null;
    const spelled = candidates.filter((entry) => entry.spelling === asked.name.toLowerCase());
    return spelled.length === 1 ? spelled[0]!.value : null;
  }
}

/** The columns of a key as keys are compared: in whatever order and spelling. */
export function signature(columns: readonly string[]): string {
  return columns.map(fold).sort().join('\n');
}

/** The name of a table as names are compared, without its schema. */
export function bareName(name: string): string {
  return fold(splitName(name).name);
}

/** The candidate that a misspelled word most likely means, or null where none is near; `comparable` gives what is compared of each. */
export function nearest(word: string, candidates: readonly string[], comparable: (name: string) => string = fold): string | null {
  // Loaded only when there is something to correct.
  const { distance } = require('fastest-levenshtein') as typeof import('fastest-levenshtein');
  const folded = comparable(word);
  let best: string | null = null, least = Math.max(2, Math.floor(folded.length * 0.4));
  for (const candidate of candidates) {
    const other = comparable(candidate), away = distance(folded, other);
    if (away > least || away >= Math.max(folded.length, other.length) || (best !== null && away === least)) continue;
    [best, least] = [candidate, away];
  }
  return best;
}

/** The spellings of a column: itself, and its snake and camel forms. */
export function spellings(column: string): string[] {
  const snake = column.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  const camel = column.includes('_') ? column.toLowerCase().replace(/(?<=[a-z0-9])_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : column.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  return [...new Set([column, snake, camel])];
}

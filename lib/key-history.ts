/** What the other migrations of a folder tell of a key: does it still stand, and had its table a tombstone when it was made? */
import type { TableFacts } from './manifest/catalog.js';
import { migrationsBeside, type Migration } from './migration-folder.js';
import type { MadeKey } from './model/file-tables.js';

/**
 * Is a key of a migration a thing of the past: made before the table got its tombstone, or dropped since? Other migrations are matched by their
 * words, so that what may be so counts as so. False where the file is no migration of a folder that can be read.
 */
export function isPast({ key, step }: MadeKey, facts: TableFacts, file: string): boolean {
  const migrations = migrationsBeside(file);
  if (!migrations.some(({ path }) => path === file)) return false;
  const later = migrations.filter(({ path }) => path > file), earlier = migrations.filter(({ path }) => path <= file);
  const isBorn = ({ text }: Migration): boolean => namesAny(text, [facts.name, step.name, ...facts.models]) && namesAny(text, facts.tombstones.flatMap(({ names }) => names));
  return (!earlier.some(isBorn) && later.some(isBorn)) || later.some(({ text }) => drops(text, key, step.name));
}

/** Does a later migration of the folder create a table of this name, so that the one of this file is another? */
export function isMadeAgain(table: string, file: string): boolean {
  const creates = new RegExp(`create\\s*table[^;{]{0,60}?(?<![\\w$])${escaped(table)}(?![\\w$])`, 'i');
  return migrationsBeside(file).some(({ path, text }) => path > file && creates.test(text));
}

/** Does a later migration of the folder define a view of this name again, or drop it, so that what this file says of it is past? */
export function isViewMadeAgain(view: string, file: string): boolean {
  const makes = new RegExp(`(?:create|drop|alter)\\s+(?:or\\s+replace\\s+)?(?:materialized\\s+)?view[^;]{0,80}?(?<![\\w$])${escaped(view)}(?![\\w$])`, 'i');
  return migrationsBeside(file).some(({ path, text }) => path > file && makes.test(text));
}

function namesAny(text: string, names: readonly string[]): boolean {
  return names.some((name) => new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`, 'i').test(text));
}

/** Does a text drop the key, by its name or by its columns, or give it another name, under which it may be dropped later? */
function drops(text: string, { name, columns }: MadeKey['key'], table: string): boolean {
  const own = name !== null ? [name] : ['key', 'unique', 'idx', 'index'].map((suffix) => [table, ...columns, suffix].join('_'));
  const columnList = columns.map((column) => escaped(column ?? '')).join('[\\s\'"`,]+');
  const called = `(?<![\\w$])(?:${own.map(escaped).join('|')})(?![\\w$])`;
  return new RegExp(`(?:drop|remove|rename)[^;]{0,160}?${called}|${called}[^;]{0,40}?\\brename\\b`, 'i').test(text)
    || (!columns.includes(null) && namesAny(text, [table]) && new RegExp(`(?:drop|remove)(?:unique|index|constraint)\\w*\\s*\\([^;]{0,80}?['"\`]${columnList}['"\`]\\s*\\]?\\s*\\)`, 'i').test(text));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Edits of Prisma schemas. Spellings: Prisma schema reference, "@map", "@relation", "Configuring partial indexes" (preview feature `partialIndexes`). */
import type { Dialect } from '../../manifest/types.js';
import type { Edit, Range, Remedy } from '../../model/query.js';
import type { ForeignKeyAction } from '../../model/schema.js';
import { nullColumn } from '../edits.js';

/** The end of what is declared on a line, its comment left out; null where there is nothing. */
export function endOfLine(text: string, from: number): number | null {
  const line = /^(?:"(?:[^"\\\n]|\\.)*"|(?!\/\/|\/\*)[^\n"])*/.exec(text.slice(from))?.[0].trimEnd();
  return line ? from + line.length : null;
}

/** A field's type, where it stands, behind the name at `start`; null for lists and what is no plain type. */
function typeAt(text: string, start: number): { readonly end: number; readonly optional: boolean } | null {
  const found = /^\w+[ \t]+\w+(\?)?(?![\w([])/.exec(text.slice(start));
  return found && { end: start + found[0].length, optional: found[1] !== undefined };
}

/** Makes a field optional, and takes its default away. `value` is the place of `@default(..)`. */
export function optionalField(text: string, start: number, value: Range | null): Remedy | null {
  const type = typeAt(text, start);
  if (!type || (type.optional && !value)) return null;
  const from = value ? value[0] - /[ \t]*$/.exec(text.slice(0, value[0]))![0].length : 0;
  const edits: Edit[] = [...type.optional ? [] : [{ range: [type.end, type.end] as const, text: '?' }], ...value ? [{ range: [from, value[1]] as const, text: '' }] : []];
  const line = endOfLine(text, start)!;
  return { edits, shown: applied(text, edits, start, line) };
}

function applied(text: string, edits: readonly Edit[], start: number, end: number): string {
  return [...edits].sort((a, b) => b.range[0] - a.range[0] || b.range[1] - a.range[1]).reduce((result, { range, text: inserted }) => result.slice(0, range[0] - start) + inserted + result.slice(range[1] - start), text.slice(start, end));
}

/** Gives a field's column another name; `map` is the place of `@map(..)`. */
export function mappedField(text: string, start: number, map: Range | null, name: string): Remedy | null {
  const line = endOfLine(text, start), shown = `@map("${name}")`;
  if (line === null) return null;
  return { edits: [map ? { range: map, text: shown } : { range: [line, line], text: ` ${shown}` }], shown };
}

/**
 * Writes the condition of `@@unique(..)` or `@@index(..)`; null where the schema does not ask for the feature, or the database has no partial indexes.
 * @param fieldOf The field of a column.
 */
export function partialKey(text: string, [start, end]: Range, condition: string, without: readonly string[], dialect: Dialect, fieldOf: (column: string) => string | null): Remedy | null {
  const written = text.slice(start, end);
  if (!/"partialIndexes"/.test(text) || (dialect !== 'postgresql' && dialect !== 'sqlite') || !/^@@(?:unique|index)\s*\([\s\S]*\)$/.test(written) || /\bwhere\s*:/.test(written)) return null;
  const column = nullColumn(condition), field = column === null ? null : fieldOf(column);
  const shown = `where: ${field === null ? `raw(${JSON.stringify(condition)})` : `{ ${field}: null }`}`;
  const edits: Edit[] = [{ range: [end - 1, end - 1], text: `, ${shown}` }];
  if (without.length > 0) {
    const list = /\[([^\]]*)\]/.exec(written), gone = without.map((name) => fieldOf(name) ?? name);
    const kept = list?.[1]!.split(',').map((each) => each.trim()).filter((each) => !gone.includes(/^\w+/.exec(each)?.[0] ?? '')) ?? [];
    if (!list || kept.length === 0) return null;
    edits.unshift({ range: [start + list.index, start + list.index + list[0].length], text: `[${kept.join(', ')}]` });
  }
  return { edits, shown };
}

const ACTIONS: Readonly<Record<ForeignKeyAction, string>> = { cascade: 'Cascade', restrict: 'Restrict', 'no action': 'NoAction', 'set null': 'SetNull', 'set default': 'SetDefault' };

/** Writes `onDelete` into `@relation(..)`. */
export function relationAction(text: string, [start, end]: Range, action: ForeignKeyAction): Remedy | null {
  const written = text.slice(start, end), known = /\bonDelete\s*:\s*(\w+)/.exec(written), shown = `onDelete: ${ACTIONS[action]}`;
  if (known) return { edits: [{ range: [start + known.index, start + known.index + known[0].length], text: shown }], shown };
  return written.endsWith(')') ? { edits: [{ range: [end - 1, end - 1], text: `, ${shown}` }], shown } : null;
}

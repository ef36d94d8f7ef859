/** Conditions on a tombstone that stand in a comment: somebody took a filter out. */

/** What a condition in a comment says: `users.deletedAt` is to be that of a live row. */
export interface Commented {
  /** What the column's name is qualified with, or null. */
  readonly qualifier: string | null;
  readonly column: string;
  /** `deletedAt: null`: a property, which may be a value to write as well as a condition. */
  readonly property: boolean;
}

/** A condition of SQL that stands alone: `AND u.deleted_at IS NULL`. */
const SQL = /^(?:(?:AND|OR|WHERE|ON)\s+)?\(?\s*(?:["`]?(?<qualifier>\w+)["`]?\.)?["`]?(?<column>\w+)["`]?\s+(?:IS\s+(?:NOT\s+)?(?:NULL|TRUE|FALSE)|ISNULL|(?:=|<>|!=)\s*(?:TRUE|FALSE|[01]|NULL)\b)[\s);]*$/i;

const LIVE = String.raw`(?:null|false|0)\b`;
const PATH = String.raw`["'\x60]?(?:[\w$]+\.)*?(?:(?<qualifier>[\w$]+)\.)?(?<column>[\w$]+)["'\x60]?`;
/** What a condition may be wrapped in: `.where({`, `AND: [{`, `where: (users, { isNull }) =>`, earlier calls and properties. */
const OPENING = String.raw`^(?:\.[\w$]+\([^()]*\)\s*|["']?[\w$]+["']?\s*:\s*["']?[\w$.]+["']?\s*,\s*|(?:\.{0,3}[\w$.]+\s*[:(]|[\w$]+(?=\.\w+\()|[[{(]|\([\w$,{}\s]*\)\s*=>|[\w$]+\s*=>)\s*)*?`;
/** What may come behind it: closing brackets, then nothing, further conditions, or a sentence that says why. */
const CLOSING = String.raw`[\s)\]},;]*(?:$|//|/\*|[-\u2013\u2014(]\s|[[{]|[.,]?["']?[\w$]+["']?\s*[:(])`;
const FILTERS = String.raw`\.?(?:(?:and|or)?where|having|filter|match|on|eq|is|eb)\(\s*`;
const REFUSALS = String.raw`\.?(?:ne|neq|whereNot|andWhereNot)\(\s*`;

/** As libraries write conditions: objects, functions, methods, and SQL in strings. */
const CALLS: readonly { readonly pattern: RegExp; readonly property: boolean }[] = [
  { property: true, pattern: new RegExp(String.raw`${OPENING}["']?(?<column>(?!(?:not|is|eq|ne|equals)\b)[\w$]+)["']?\s*:\s*(?:${LIVE}|IsNull\(\)|\{\s*(?:equals|is|_?eq|\$eq|isNull|\[Op\.(?:is|eq)\])\s*:\s*(?:${LIVE}|true\b)|\{\s*(?:not|ne|\$ne|\[Op\.ne\])\s*:\s*true\b)${CLOSING}`) },
  { property: false, pattern: new RegExp(String.raw`${OPENING}\.?(?:isNull|(?:and)?whereNull)\(\s*${PATH}\s*\)${CLOSING}`, 'i') },
  { property: false, pattern: new RegExp(String.raw`${OPENING}(?:${FILTERS}${PATH}\s*,\s*(?:["'](?:is|={1,3})["']\s*,\s*)?${LIVE}|${REFUSALS}${PATH.replaceAll('?<qualifier>', '?<refused>').replaceAll('?<column>', '?<flag>')}\s*,\s*true\b)\s*\)${CLOSING}`, 'i') },
  { property: false, pattern: new RegExp(String.raw`${OPENING}(?:sql|\.?(?:and)?where(?:Raw)?\(\s*(?:sql)?)\s*["'\x60]\s*(?:["\x60]?(?<qualifier>\w+)["\x60]?\.)?["\x60]?(?<column>\w+)["\x60]?\s+IS\s+NULL\s*["'\x60]${CLOSING}`, 'i') },
];

/** No condition is longer, and no comment that is one is matched for long. */
const MAX_LENGTH = 300;

/**
 * The condition on a column that a comment holds in place of code, or null. A sentence about a condition is none.
 *
 * @param text the comment with its marks
 * @param calls it stands among calls of a library, not in SQL
 */
export function commentedCondition(text: string, calls: boolean): Commented | null {
  const lines = text.replace(/^(?:--|#|\/\*|\/\/)/, '').replace(/\*\/$/, '').split('\n').map((line) => line.replace(/^[\s*-]+/, '').trim());
  for (const line of lines) {
    if (line === '' || line.length > MAX_LENGTH) continue;
    for (const { pattern, property } of calls ? CALLS : [{ pattern: SQL, property: false }]) {
      const { column, flag, qualifier, refused } = pattern.exec(line)?.groups ?? {};
      const named = column ?? flag;
      if (named !== undefined) return { column: named, qualifier: qualifier ?? refused ?? null, property };
    }
  }
  return null;
}

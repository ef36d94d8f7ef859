/**
 * Where things stand in a JSON text. `JSON.parse` says neither where a value stands, nor always where the text goes wrong,
 * nor that a key is written twice; this does, and is asked beside it, never instead.
 */

/** An offset as a person counts: line and column from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** What a JSON text holds, by place. */
export interface JsonPlaces {
  /** Offset of each key, or of an element of a list, by the JSON of the path that leads to it; `[]` is the whole. */
  readonly offsets: ReadonlyMap<string, number>;
  /** Paths of keys that their object has already. */
  readonly twice: readonly (readonly (string | number)[])[];
  /** The first place where the text is no JSON, and why, as the end of a sentence; null for JSON. */
  readonly error: { readonly offset: number; readonly why: string } | null;
}

/** Manifests are flat; a text deeper than this is taken for a mistake. */
const DEEPEST = 100;

class NotJson extends Error {
  constructor(readonly offset: number, readonly why: string) { super(why); }
}

/** Reads a JSON text for its places. Never throws. */
export function jsonPlaces(text: string): JsonPlaces {
  const offsets = new Map<string, number>(), twice: (string | number)[][] = [];
  let at = 0;

  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found && found[0];
  };
  const next = (): string => {
    match(/[ \t\r\n]*/y);
    return text[at] ?? '';
  };
  const fail = (wanted: string): never => { throw new NotJson(at, complaint(text, at, wanted)); };
  const string = (wanted: string): string => {
    const start = at, literal = match(/"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y);
    if (literal !== null) return JSON.parse(literal) as string;
    if (text[start] !== '"') return fail(wanted);
    const good = match(/"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*/y)!.length;
    if (text[start + good] !== '\\') throw new NotJson(start, 'the text that starts here is not closed on its line');
    throw new NotJson(start + good, 'this escape is none of JSON; a backslash itself is written "\\\\"');
  };
  /** The members of an object or a list, each read by `member`. */
  const members = (close: '}' | ']', member: (index: number) => void): void => {
    at++;
    if (next() === close) { at++; return; }
    for (let index = 0; ; index++) {
      next();
      member(index);
      const separator = next();
      if (separator === close) { at++; return; }
      if (separator !== ',') fail(`a comma or "${close}"`);
      const comma = at++;
      if (next() === close) throw new NotJson(comma, `the comma before "${close}" is one too many`);
    }
  };
  const value = (path: readonly (string | number)[]): void => {
    if (path.length > DEEPEST) throw new NotJson(at, 'this is nested too deeply');
    if (next() === '{') {
      const keys = new Set<string>();
      members('}', () => {
        const offset = at, key = string('a key in double quotes'), place = [...path, key];
        if (keys.has(key)) twice.push(place);
        keys.add(key);
        offsets.set(JSON.stringify(place), offset);
        if (next() !== ':') fail('a colon');
        at++;
        value(place);
      });
    } else if (text[at] === '[') {
      members(']', (index) => {
        offsets.set(JSON.stringify([...path, index]), at);
        value([...path, index]);
      });
    } else if (text[at] === '"') string('');
    else if (match(/(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y) === null) fail('a value');
  };

  try {
    next();
    offsets.set('[]', at);
    value([]);
    if (next() !== '') fail('the end of the file');
    return { offsets, twice, error: null };
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return { offsets, twice, error: { offset: error.offset, why: error.why } };
  }
}

/** Why what stands at an offset is wrong, where `wanted` should stand. */
function complaint(text: string, at: number, wanted: string): string {
  if (at >= text.length) return `the file ends here, where ${wanted} should stand`;
  if (text[at] === "'") return 'texts stand in double quotes in JSON';
  if (/\/[/*]/y.test(text.slice(at, at + 2)) || text[at] === '#') return 'JSON has no comments';
  return `${wanted} should stand here`;
}

/** The line around an offset, with a mark where the offset is, short enough for one line of a terminal: `"users": ▸soft",`. */
export function excerpt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1) + 1, offset - 30), rest = text.slice(offset, offset + 30).split(/\r?\n/, 1)[0]!;
  return `${text.slice(start, offset).trimStart()}▸${rest.trimEnd()}`;
}

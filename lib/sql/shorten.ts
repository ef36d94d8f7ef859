/**
 * Long lists of values, cut short before they are parsed: a seed of 10,000 rows costs the parser most of a second, and no table can hide in
 * a row of values.
 */
import type { Token } from './lexer.js';
import { blanks, type Edit } from './draft.js';

/** Lists of more items than this are cut to it. */
const KEPT = 24;
const LITERAL_WORDS = /^(?:NULL|TRUE|FALSE|DEFAULT|-|\+|,)$/;
const QUERY_WORDS = /^(?:SELECT|TABLE|WITH)$/;

/**
 * Edits that blank the items of long lists (`IN (1, 2, ..)`, `ARRAY[1, 2, ..]`, the rows behind VALUES) beyond the first ones, with the comma in front
 * of each; an item of IN that is no literal, and a row that holds a query, stay. Offsets are those of `text`.
 */
export function shortenLists(tokens: readonly Token[], text: string): Edit[] {
  if (tokens.length < 2 * KEPT) return [];
  const words = tokens.some(({ kind }) => kind === 'comment') ? tokens.filter(({ kind }) => kind !== 'comment') : tokens;
  const close = new Int32Array(words.length).fill(-1);
  const open: number[] = [];
  words.forEach((token, index) => {
    if (token.word === '(' || token.word === '[') open.push(index);
    else if ((token.word === ')' || token.word === ']') && open.length > 0) close[open.pop()!] = index;
  });
  const edits: Edit[] = [];
  const cut = (from: number, to: number): void => {
    const start = words[from]!.start, end = words[to]!.end;
    edits.push({ start, end, text: blanks(text.slice(start, end)) });
  };
  for (let i = 0; i < words.length - 1; i++) {
    const { word } = words[i]!;
    const end = close[i + 1]!;
    if (end < 0) continue;
    if ((word === 'IN' || word === 'ARRAY') && end - i > 2 * KEPT) {
      let items = 1, from = -1;
      for (let k = i + 2; k < end; k++) {
        const token = words[k]!;
        const literal = token.kind === 'string' || token.kind === 'number' || token.kind === 'placeholder' || LITERAL_WORDS.test(token.word);
        if (!literal) {
          from = -1;
          break;
        }
        if (token.word === ',' && ++items === KEPT + 1) from = k;
      }
      if (from > 0) cut(from, end - 1);
      i = end;
    } else if (word === 'VALUES' && words[i + 1]!.word === '(') {
      let rows = 0, row = i + 1, first = -1, last = -1;
      const flush = (): void => {
        if (first > 0) cut(first, last);
        first = -1;
      };
      for (;;) {
        const rowEnd = close[row]!;
        if (rowEnd < 0) break;
        if (++rows > KEPT && !words.slice(row, rowEnd).some((token) => QUERY_WORDS.test(token.word))) {
          if (first < 0) first = row - 1;
          last = rowEnd;
        } else flush();
        if (words[rowEnd + 1]?.word !== ',' || words[rowEnd + 2]?.word !== '(') break;
        row = rowEnd + 2;
      }
      flush();
      if (rows > KEPT) i = row;
    }
  }
  return edits;
}

/**
 * Long lists of items alike, read from a few of them: a statement of 3,900 columns or 1,900 conditions costs the parser 75 ms, and nearly all of its
 * items have the shape of another one. Items whose shape an earlier item of the same list has are blanked before the parser sees the text, and put
 * into the tree afterwards, as copies of that item's tree at their own places. Nothing is lost: the tree is the one of the whole text.
 */
import type { Dialect } from '../manifest/catalog.js';
import { blanks, type Edit } from './draft.js';
import type { Token } from './lexer.js';
import type { CstNode } from './reader.js';
import { moved, type Shape, shapeOf } from './shape.js';

/** Shorter statements are parsed as they are. */
const WORTH_FOLDING = 600;
/** Lists of no more items are left as they are. */
const SHORT_LIST = 8;

/** An item that stays, and those of its shape that were folded into it. */
interface Fold {
  /** What stands between the items, or (WHEN) is the first word of each. */
  readonly separator: ',' | 'AND' | 'OR' | 'WHEN';
  readonly shape: Shape;
  readonly start: number;
  readonly end: number;
  readonly copies: { readonly shape: Shape; /** Where the operator in front of it stands. */ readonly operator: readonly [start: number, end: number] }[];
}

/** What was taken out of a text, and how to put it back into its tree. */
export interface Folding {
  readonly cuts: readonly Edit[];
  readonly folds: readonly Fold[];
  /** Tokens that are left. */
  readonly tokens: readonly Token[];
}

/** Words that start another clause: what stands between two commas around one is no item. */
const CLAUSES = new Set('SELECT FROM WHERE GROUP HAVING ORDER LIMIT OFFSET FETCH UNION INTERSECT EXCEPT WINDOW RETURNING SET VALUES INTO ON USING JOIN WITH FOR BY QUALIFY INSERT UPDATE DELETE MERGE CREATE ALTER WHEN THEN ELSE'.split(' '));

/** An item between two separators of one list: its tokens, by their index. */
interface Item {
  readonly from: number;
  readonly to: number;
}

/** The list that a separator continues, and where its next item starts (index of a token; -1 before the first separator). */
class Run {
  from = -1;
  items: Item[] = [];
}

/** The lists of one pair of parentheses, or of one CASE .. END. */
class Level {
  readonly runs = { ',': new Run(), AND: new Run(), OR: new Run(), WHEN: new Run() };
  readonly lists: { readonly separator: Fold['separator']; readonly items: readonly Item[] }[] = [];
  between = false;
  /** FROM a, b is no list but a chain of joins. */
  joins = false;
  constructor(readonly opener: string) {}

  separate(separator: Fold['separator'], index: number): void {
    const run = this.runs[separator];
    if (run.from >= 0 && run.from < index) run.items.push({ from: run.from, to: index });
    run.from = separator === 'WHEN' ? index : index + 1;
  }

  /** What follows belongs to other lists. */
  end(...separators: readonly Fold['separator'][]): void {
    for (const separator of separators) {
      const { items } = this.runs[separator];
      if (items.length > SHORT_LIST) this.lists.push({ separator, items });
      this.runs[separator] = new Run();
    }
  }
}

/** Folds the lists of a statement's tokens (comments left out); null where nothing is to be gained, or parentheses and CASE .. END do not match. */
export function foldLists(tokens: readonly Token[], text: string, dialect: Dialect): Folding | null {
  if (tokens.length < WORTH_FOLDING) return null;
  const lists = findLists(tokens);
  if (!lists) return null;
  const folds: Fold[] = [], cuts: Edit[] = [];
  const gone = new Uint8Array(tokens.length), held = new Uint8Array(tokens.length);
  for (const { separator, items } of lists) {
    const byShape = new Map<string, { readonly fold: Fold; readonly from: number; readonly to: number }>();
    for (const { from, to } of items) {
      // Inside an item of an outer list that others are copies of, or that is one, nothing is folded.
      if (gone[from] || held[from]) continue;
      const shape = shapeOf(text, tokens.slice(from, to), dialect, tokens[from]!.start);
      const start = tokens[from]!.start, end = tokens[to - 1]!.end;
      const alike = byShape.get(shape.key);
      if (!alike) {
        byShape.set(shape.key, { fold: { separator, shape, start, end, copies: [] }, from, to });
        continue;
      }
      if (alike.fold.copies.length === 0) {
        folds.push(alike.fold);
        held.fill(1, alike.from, alike.to);
      }
      const first = separator === 'WHEN' ? from : from - 1, operator = tokens[first]!;
      alike.fold.copies.push({ shape, operator: [operator.start, operator.end] });
      cuts.push({ start: operator.start, end, text: blanks(text.slice(operator.start, end)) });
      gone.fill(1, first, to);
    }
  }
  if (cuts.length === 0) return null;
  return { cuts: cuts.sort((a, b) => a.start - b.start), folds, tokens: tokens.filter((_, index) => !gone[index]) };
}

/** The lists of enough items, outer ones first; neither the first nor the last item of a list is among its items. */
function findLists(tokens: readonly Token[]): Level['lists'] | null {
  const stack: Level[] = [new Level('')];
  const closed: Level[] = [];
  const close = (): void => {
    const level = stack.pop()!;
    level.end(',', 'OR', 'AND', 'WHEN');
    closed.push(level);
  };
  for (let index = 0; index < tokens.length; index++) {
    const { kind, word } = tokens[index]!;
    const level = stack.at(-1)!;
    if (word === '(' || word === '[' || (kind === 'word' && word === 'CASE')) stack.push(new Level(word));
    else if (word === ')' || word === ']' || (kind === 'word' && word === 'END')) {
      if (level.opener !== (word === ')' ? '(' : word === ']' ? '[' : 'CASE')) return null;
      close();
    } else if (word === ',') {
      level.end('OR', 'AND');
      if (!level.joins) level.separate(',', index);
    } else if (kind !== 'word') continue;
    else if (word === 'BETWEEN') level.between = true;
    else if (word === 'AND' && level.between) level.between = false;
    else if (word === 'AND') level.separate('AND', index);
    else if (word === 'OR') {
      level.end('AND');
      level.separate('OR', index);
    } else if (CLAUSES.has(word)) {
      level.end(',', 'OR', 'AND');
      level.joins = /^(?:FROM|JOIN|ON|USING)$/.test(word);
      if (word === 'WHEN' && level.opener === 'CASE') level.separate('WHEN', index);
    }
  }
  if (stack.length > 1) return null;
  close();
  return closed.reverse().flatMap(({ lists }) => lists);
}

type Mutable = { [key: string]: unknown; type?: string; range?: [number, number] };

/**
 * Puts what was folded back into a tree, whose offsets are those of the text. False where an item is not what it seemed to be (the tree has no node
 * for just it), and the tree is of no use.
 */
export function unfold(root: CstNode, { folds }: Folding): boolean {
  const lists = new Map<number, Fold>(), operands = new Map<number, Fold>();
  for (const fold of folds) (fold.separator === ',' || fold.separator === 'WHEN' ? lists : operands).set(fold.end, fold);
  let left = folds.length;
  const copiesOf = (fold: Fold, node: Mutable): Mutable[] | null => {
    const copies: Mutable[] = [];
    for (const { shape } of fold.copies) {
      const copy = moved<Mutable>(node, fold.shape, 0, shape, 0);
      if (!copy) return null;
      copies.push(copy);
    }
    left--;
    return copies;
  };
  const matching = (among: Map<number, Fold>, node: Mutable | undefined): Fold | undefined => {
    const fold = node?.range && among.get(node.range[1]);
    return fold && fold.start === node.range![0] ? fold : undefined;
  };
  const stack: Mutable[] = [root as unknown as Mutable];
  while (stack.length > 0) {
    const node = stack.pop()!;
    const list = lists.size === 0 ? undefined : node.type === 'list_expr' ? 'items' : node.type === 'case_expr' ? 'clauses' : undefined;
    if (list) {
      const items = node[list] as Mutable[], added: Mutable[] = [];
      for (const item of items) {
        const fold = matching(lists, item);
        if (!fold) continue;
        const copies = copiesOf(fold, item);
        if (!copies) return false;
        lists.delete(fold.end);
        for (const copy of copies) added.push(copy);
      }
      if (added.some((copy) => copy.range![0] < items[0]!.range![1] || copy.range![1] > items.at(-1)!.range![0])) return false;
      if (added.length > 0) node[list] = [...items, ...added].sort((a, b) => a.range![0] - b.range![0]);
    }
    for (const key in node) {
      const child = node[key];
      if (typeof child !== 'object' || child === null || key === 'range') continue;
      if (operands.size > 0 && (child as Mutable).type === 'binary_expr') {
        const chain = unfoldChain(child as Mutable, (operand) => matching(operands, operand), (fold, operand) => {
          operands.delete(fold.end);
          return copiesOf(fold, operand);
        });
        if (!chain) return false;
        node[key] = chain;
        stack.push(chain);
      } else stack.push(child as Mutable);
    }
  }
  return left === 0;
}

interface Operand { readonly node: Mutable; readonly operator: unknown }

/** A chain of one operator with the copies of its folded operands, or null where there is no making them. */
function unfoldChain(top: Mutable, find: (operand: Mutable) => Fold | undefined, copiesOf: (fold: Fold, operand: Mutable) => Mutable[] | null): Mutable | null {
  const name = operatorOf(top);
  if (name !== 'AND' && name !== 'OR') return top;
  const operands: Operand[] = [];
  let first = top, grown = false;
  for (; first.type === 'binary_expr' && operatorOf(first) === name; first = first['left'] as Mutable) operands.push({ node: first['right'] as Mutable, operator: first['operator'] });
  for (const { node, operator } of [...operands]) {
    const fold = find(node);
    if (fold?.separator !== name) continue;
    const copies = copiesOf(fold, node);
    if (!copies) return null;
    grown = true;
    copies.forEach((copy, index) => operands.push({ node: copy, operator: { ...operator as Mutable, range: fold.copies[index]!.operator } }));
  }
  if (!grown) return top;
  if (operands.some(({ node }) => node.range![0] < first.range![1] || node.range![1] > top.range![1])) return null;
  let chain = first;
  for (const { node, operator } of operands.sort((a, b) => a.node.range![0] - b.node.range![0])) {
    chain = { type: 'binary_expr', operator, left: chain, right: node, range: [chain.range![0], node.range![1]] };
  }
  return chain;
}

/** The word of an operator that is one. */
function operatorOf(node: Mutable): string {
  return String((node['operator'] as { name?: unknown } | undefined)?.name ?? '');
}

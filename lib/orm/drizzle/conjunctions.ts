/** Joining a condition to those that stand in an argument already. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Edit } from '../../model/query.js';
import { ancestor, contains, propertyName, unwrap, wrapped, type Node } from '../../source/ast.js';
import { endOfArgument, insert, replace } from '../edits.js';
import type { Operators } from './words.js';

/** The edits at a place, and the words to show for them. */
export interface Written { readonly edits: readonly Edit[]; readonly shown: string }

export class Conjunctions {
  /** Fragments with an OR of their own that nothing parenthesises. */
  private readonly loose = new Set<Node>();

  constructor(private readonly text: string) {}

  open(fragment: Node): void {
    this.loose.add(fragment);
  }

  private written(node: Node): string {
    return this.text.slice(...node.range);
  }

  /** Joins conditions to the one that stands in an argument. */
  conjoined(argument: Node, words: readonly string[], operators: Operators): Written | null {
    const at = unwrap(argument), all = allOf(words, operators);
    if (argument.type === 'SpreadElement' || all === null || at.type === 'ArrowFunctionExpression') return null;
    const parts = isAnd(at) ? at.arguments : [at];
    // With its OR in parentheses, a fragment leaves the conditions beside it alone.
    const fragments = parts.map(unwrap).filter((part) => part.type === 'TaggedTemplateExpression' && (this.loose.has(part) || this.loose.has(part.quasi)));
    if ([...this.loose].some((node) => !fragments.some((fragment) => contains(fragment, node)) && (contains(at, node) || !contains(wholeCall(at), node)))) return null;
    const parenthesised = fragments.flatMap((fragment) => (fragment.type === 'TaggedTemplateExpression' ? [insert(fragment.quasi.range[0] + 1, '('), insert(fragment.quasi.range[1] - 1, ')')] : []));
    const added = words.filter((word) => !parts.some((part) => this.written(unwrap(part)) === word));
    const shown = added.join(', ') || fragments.map((fragment) => (fragment.type === 'TaggedTemplateExpression' ? `(${this.written(fragment.quasi).slice(1, -1)})` : '')).join(' ');
    if (added.length === 0) return parenthesised.length > 0 ? { edits: parenthesised, shown } : null;
    if (isNothing(at)) return { edits: [replace(argument, all)], shown };
    if (isAnd(at)) {
      const last = at.arguments.at(-1);
      return { edits: [...parenthesised, last ? insert(endOfArgument(this.text, last), added.map((word) => `,${this.lineOf(last)}${word}`).join('')) : insert(at.range[1] - 1, added.join(', '))], shown };
    }
    const and = operators.name('and');
    return and === null ? null : { edits: [insert(argument.range[0], `${and}(`), ...parenthesised, insert(argument.range[1], `, ${added.join(', ')})`)], shown };
  }

  /** The line break in front of an expression that stands on a line of its own; else a blank. */
  private lineOf(node: Node): string {
    const [start] = wrapped(node).range;
    return /\n[ \t]*$/.exec(this.text.slice(0, start))?.[0] ?? ' ';
  }
}

/** `and(..)`, `ops.and(..)` */
export function isAnd(at: Node): at is TSESTree.CallExpression {
  if (at.type !== 'CallExpression') return false;
  const callee = unwrap(at.callee);
  return callee.type === 'Identifier' ? callee.name === 'and' : callee.type === 'MemberExpression' && propertyName(callee) === 'and';
}

export function isNothing(at: Node): boolean {
  return at.type === 'Identifier' && at.name === 'undefined';
}

export function allOf(words: readonly string[], operators: Operators): string | null {
  if (words.length === 1) return words[0]!;
  const and = operators.name('and');
  return and === null ? null : `${and}(${words.join(', ')})`;
}

/** The statement around an expression. */
function wholeCall(node: Node): Node {
  return ancestor(node, ({ type }) => /Statement$|Declaration$|^Program$/.test(type)) ?? node;
}

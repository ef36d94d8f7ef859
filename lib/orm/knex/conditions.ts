/** The calls that add a condition to WHERE or HAVING: `where`, `whereNull`, `orWhereNotIn`, `whereRaw`, in all their forms. */
import type { Expr, Range } from '../../model/query.js';
import { calledName, lastName, unwrap, type Node } from '../../source/ast.js';
import type { Called } from '../chains.js';
import { conditionsOf } from '../conditions.js';
import { and, choice, comparison, isNull, literal, not, opaque, operation, parameter } from '../expressions.js';
import { guardNamed, rowsOf } from '../guards.js';
import type { Session } from '../session.js';
import { wordsOf, type Argument, type Arguments } from './arguments.js';
import { EMPTY, rootOf, type Builder } from './builder.js';
import { negate, type Comparisons } from './comparisons.js';
import { columnNamed } from './names.js';
import type { Operands } from './operands.js';
import type { Statement } from './statement.js';
import { refNamed } from './tables.js';
import { CONDITION } from './vocabulary.js';

export class Conditions {
  constructor(
    private readonly session: Session, private readonly args: Arguments, private readonly operands: Operands, private readonly comparisons: Comparisons, private readonly statement: Statement,
  ) {}

  /** The condition of a call; `flat` where its text stands in the statement without parentheses. Null for none. */
  of(step: Called, not_ = false, builder: Builder = EMPTY): { condition: Expr | null; flat?: boolean } {
    const match = CONDITION.exec(step.name!)!, args = this.args.of(step), [first, second] = args, range = wordsOf(step);
    let rest = match[4] ?? '', negated = (match[3] !== undefined) !== not_;
    if (rest.startsWith('Not')) { rest = rest.slice(3); negated = !negated; }
    if (!first) return { condition: null };
    switch (rest) {
      case 'Null': return { condition: isNull(this.operands.column(first), range, negated) };
      case 'In': case 'InComposite': return { condition: second ? this.comparisons.membership(first, second, range, negated) : opaque(range) };
      case 'Exists': return { condition: this.comparisons.existence(first, range, negated) };
      case 'Between': return { condition: second ? this.comparisons.between(first, second, range, negated) : opaque(range) };
      case 'Raw': {
        const text = this.args.bound(first, second);
        const condition = text ? this.session.sqlCondition(text, first.node) : opaque(range);
        return negated ? { condition: not(condition, range) } : { condition, flat: !isParenthesised(this.session.string(text ?? first.value)) };
      }
      case 'Column': case 'Ref': return { condition: second ? negate(this.comparisons.columns(args, range), negated, range) : this.objectOfColumns(first, range) };
      case 'Like': case 'ILike': return { condition: negate(operation([this.operands.column(first), parameter(range)], range), negated, range) };
      case 'Wrapped': case '': return this.general(args, range, negated, builder);
    }
    return { condition: operation(args.slice(0, 1).map((argument) => this.operands.column(argument)), range) };
  }

  private objectOfColumns({ value }: Argument, range: Range): Expr {
    const entries = this.session.entries(value);
    return (entries && conditionsOf(entries, range, (entry) => comparison('=', columnNamed(entry.key, entry.keyNode.range as Range), this.operands.column({ value: entry.value(), node: entry.valueNode ?? entry.node }), entry.node.range as Range))) ?? opaque(range);
  }

  /** `where(..)` in all its forms. */
  private general(args: readonly Argument[], range: Range, negated: boolean, builder: Builder): { condition: Expr | null; flat?: boolean } {
    const [first, second] = args as [Argument, Argument | undefined];
    if (second) return { condition: this.comparisons.pair(args, range, negated) };
    const { value, node } = first;
    switch (value.type) {
      case 'function': {
        const group = this.statement.group(value, builder);
        return { condition: group && negate(group, negated, range) };
      }
      case 'constant': return { condition: typeof value.value === 'boolean' && value.value !== negated ? null : literal(false, range) };
      case 'nothing': return { condition: null };
      case 'text': {
        if (!value.sql) return { condition: null };
        const condition = this.session.sqlCondition(value, node);
        return negated ? { condition: not(condition, range) } : { condition, flat: !isParenthesised(this.session.string(value)) };
      }
    }
    return { condition: this.ofValue(first, negated, builder) };
  }

  /** The condition of an object, or of a value that is one of several. */
  private ofValue({ value, node }: Argument, negated: boolean, builder: Builder): Expr | null {
    const range = node.range as Range, entries = this.session.entries(value);
    if (entries) {
      const spread = entries.map((entry) => (entry.type === 'rest' && entry.node.type === 'SpreadElement' ? this.guarded('where-object', entry.node.argument, builder) : null));
      const own = conditionsOf(entries.filter((_, i) => spread[i] === null), range, (entry) => this.comparisons.equals(columnNamed(entry.key, entry.keyNode.range as Range), { value: entry.value(), node: entry.valueNode ?? entry.node }, entry.node.range as Range, negated));
      return and([own, ...spread], range);
    }
    if (value.type === 'fork') return choice(value.options.map((option) => this.ofValue({ value: option, node }, negated, builder)), range);
    if (value.type === 'nothing' || value.type === 'constant') return null;
    const guarded = negated ? null : (['where-object', 'where-wrapper', 'predicate'] as const).map((kind) => this.guarded(kind, node, builder)).find((condition) => condition !== null);
    return guarded ?? opaque(range);
  }

  /** The condition of a helper that the manifest declares; null for any other expression. */
  private guarded(kind: 'where-object' | 'where-wrapper' | 'predicate', node: Node, builder: Builder): Expr | null {
    const at = unwrap(node), name = at.type === 'CallExpression' ? calledName(at) : lastName(at), guard = name === null ? null : guardNamed(this.session, kind, name, at.type === 'CallExpression' ? unwrap(at.callee) : at);
    if (!guard) return null;
    // `notDeleted('u')`: a predicate's first argument names the table where nothing else does.
    const argument = guard.table === undefined && guard.kind === 'predicate' && at.type === 'CallExpression' ? at.arguments[guard.tableArg ?? 0] : undefined;
    const table = guard.table ?? (argument && argument.type !== 'SpreadElement' ? this.session.string(this.session.value(argument, null)) ?? undefined : undefined);
    const ref = table === undefined ? rootOf(builder) : refNamed(builder, table, this.session), facts = ref && this.session.catalog.table(ref.name, ref.schema);
    return ref && facts ? rowsOf(guard.yields, ref, facts, node.range as Range) : null;
  }
}

/** Do parentheses hold the whole of a condition? */
export function isParenthesised(text: string | null): boolean {
  if (text === null || !/^\s*\(/.test(text)) return false;
  let depth = 0;
  const trimmed = text.trim();
  for (const [i, character] of [...trimmed].entries()) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (depth === 0) return i === trimmed.length - 1;
  }
  return false;
}

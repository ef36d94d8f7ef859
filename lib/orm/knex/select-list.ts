/** What a statement selects: columns, aggregates, queries in their place. */
import type { OutputColumn, Range } from '../../model/query.js';
import type { Called } from '../chains.js';
import { aggregate } from '../expressions.js';
import type { Session } from '../session.js';
import { wordsOf, type Argument, type Arguments } from './arguments.js';
import { columnNamed, nameIn } from './names.js';
import type { Operands } from './operands.js';
import type { Statement } from './statement.js';
import { AGGREGATE } from './vocabulary.js';

export class SelectList {
  constructor(private readonly session: Session, private readonly args: Arguments, private readonly operands: Operands, private readonly statement: Statement) {}

  /** `select(..)`, `first(..)`, `pluck(..)`. */
  outputs(step: Called): OutputColumn[] {
    return this.args.of(step).flatMap((argument) => this.output(argument));
  }

  private output({ value, node }: Argument): OutputColumn[] {
    const range = node.range as Range;
    if (value.type === 'list') return value.items.flatMap((item): OutputColumn[] => (item.type === 'item' ? this.output({ value: item.value, node }) : [{ type: 'opaque', range }]));
    if (value.type === 'text' && value.sql) return this.session.sqlOutput(value, node) ?? [{ type: 'opaque', range }];
    const text = nameIn({ value, node }, this.session);
    if (text !== null) {
      const [path = '', alias] = text.split(/\s+as\s+/i).map((part) => part.trim());
      if (path === '*' || path.endsWith('.*')) return [{ type: 'star', qualifier: path === '*' ? null : path.split('.').at(-2)!, range }];
      return [{ type: 'expr', expr: columnNamed(path, range), name: alias ?? path.split('.').at(-1)! }];
    }
    const entries = this.session.entries(value);
    if (entries) return entries.map((entry): OutputColumn => (entry.type === 'entry' ? { type: 'expr', expr: this.operands.column({ value: entry.value(), node: entry.valueNode ?? entry.node }), name: entry.key } : { type: 'opaque', range }));
    const sub = this.statement.queryIn({ value, node });
    return [sub ? { type: 'expr', expr: { type: 'subquery', query: sub.query, range }, name: sub.alias } : { type: 'opaque', range }];
  }

  /** `count('id as n')`, `sumDistinct({ total: 'amount' })`. */
  aggregates(step: Called): OutputColumn[] {
    const name = AGGREGATE.exec(step.name!)![1]!, range = wordsOf(step), [first] = this.args.of(step);
    const entries = first && this.session.entries(first.value);
    const columns = entries ? entries.map((entry) => (entry.type === 'entry' ? this.args.strings(entry.value())[0] ?? '*' : '*')) : first ? this.args.strings(first.value) : ['*'];
    return (columns.length > 0 ? columns : ['*']).map((text): OutputColumn => {
      const [path = '*', alias] = text.split(/\s+as\s+/i).map((part) => part.trim());
      return { type: 'expr', expr: aggregate(name, path === '*' || path.endsWith('.*') ? [] : [columnNamed(path, range)], range), name: alias ?? null };
    });
  }
}

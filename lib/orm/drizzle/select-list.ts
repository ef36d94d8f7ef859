/** What Drizzle's builders select: the object of `select({ .. })`, with tables and groups of columns in it. */
import type { OutputColumn, Range } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Entry } from '../../source/objects.js';
import type { Value } from '../../source/values.js';
import type { Session } from '../session.js';
import type { Conditions } from './conditions.js';
import { namedBy, type Scope } from './names.js';
import type { Place, State } from './state.js';

export class SelectList {
  constructor(private readonly session: Session, private readonly conditions: Conditions) {}

  /** The columns of a select. */
  output({ fields, scope }: Pick<State, 'fields' | 'scope'>, range: Range): OutputColumn[] {
    const entries = fields && this.session.entries(this.session.value(fields.node, fields.env));
    if (!fields) return [{ type: 'star', qualifier: null, range }];
    if (!entries) return [this.wholeTable(this.session.value(fields.node, fields.env), fields.node, scope) ?? { type: 'opaque', range: fields.node.range as Range }];
    return this.columns(entries, fields, scope);
  }

  private columns(entries: readonly Entry[], fields: Place, scope: Scope): OutputColumn[] {
    return entries.flatMap((entry): OutputColumn[] => {
      switch (entry.type) {
        case 'entry': {
          const value = entry.value(), node = entry.valueNode ?? entry.node, inner = this.session.entries(value);
          if (inner) return this.columns(inner, fields, scope);
          return [this.wholeTable(value, node, scope) ?? { type: 'expr', expr: this.conditions.scalar(value, node, scope), name: entry.key }];
        }
        case 'fork': return entry.options.flatMap((option) => this.columns(option, fields, scope));
        case 'rest': {
          const spread = entry.node.type === 'SpreadElement' ? this.session.value(entry.node.argument, fields.env) : null;
          return [(spread && this.wholeTable(spread, entry.node, scope)) ?? { type: 'opaque', range: entry.node.range as Range }];
        }
        case 'deleted': return [];
      }
    });
  }

  /** `{ user: users }`, `...getTableColumns(users)`. */
  private wholeTable(value: Value, node: Node, scope: Scope): OutputColumn | null {
    const table = value.type === 'unknown' || (value.type === 'text' && value.chain) ? namedBy(this.session, value) : null, entry = table && scope.find(table.key);
    return entry ? { type: 'star', qualifier: entry.qualifier, range: node.range as Range } : null;
  }
}

/** The relations that arguments of `from` and the joins name: tables, queries, fragments of SQL. */
import type { Range, Relation, TableRef } from '../../model/query.js';
import type { Called } from '../chains.js';
import type { Session } from '../session.js';
import { asSql, type Argument, type Arguments } from './arguments.js';
import type { Builder } from './builder.js';
import { nameIn, tableConstant, tableNamed } from './names.js';
import type { Statement } from './statement.js';

export class Tables {
  constructor(private readonly session: Session, private readonly args: Arguments, private readonly statement: Statement) {}

  /** The relations of one argument of a call. `schema`: what `withSchema` said. */
  ofArgument(step: Called, index: number, schema: string | null): Relation[] {
    const argument = this.args.at(step, index);
    return argument ? this.of(argument, schema) : [];
  }

  /** What an argument that names a table, or several, or a query, stands for. */
  of({ value, node }: Argument, schema: string | null): Relation[] {
    const range = node.range as Range;
    if (value.type === 'list') return value.items.flatMap((item) => (item.type === 'item' ? this.of({ value: item.value, node }, schema) : [{ type: 'opaque-relation' as const, alias: null, range }]));
    const entries = this.session.entries(value);
    if (entries) {
      return entries.flatMap((entry): Relation[] => {
        if (entry.type !== 'entry') return [{ type: 'opaque-relation', alias: null, range }];
        const at = entry.valueNode ?? entry.node;
        return [aliased(this.one({ value: entry.value(), node: at }, schema), entry.key, entry.node.range as Range)];
      });
    }
    return [this.one({ value, node }, schema)];
  }

  private one({ value, node }: Argument, schema: string | null): Relation {
    const range = node.range as Range;
    if (value.type === 'text' && value.sql) return this.session.sqlRelations(value, node)?.[0] ?? { type: 'opaque-relation', alias: null, range };
    const text = nameIn({ value, node }, this.session);
    if (text !== null) return tableNamed(text, range, schema, this.session);
    const constant = tableConstant(node, this.session);
    if (constant) return this.session.table(constant.name, range, { schema: constant.schema ?? schema });
    const sub = this.statement.queryIn({ value, node });
    if (sub) return { type: 'derived', query: sub.query, alias: sub.alias, columns: null, lateral: false, range };
    return { type: 'opaque-relation', alias: null, range };
  }

  /** The relations of a text of SQL: `fromRaw('users as u')`. */
  raw(step: Called): Relation[] {
    const argument = this.args.at(step, 0);
    const relations = argument && this.session.sqlRelations(asSql(argument.value), argument.node);
    return relations ? [...relations] : [{ type: 'opaque-relation', alias: null, range: step.node.range as Range }];
  }
}

/** The reference of a builder that a name means: an alias, a table, or what the manifest knows by that name. */
export function refNamed(builder: Builder, name: string, session: Session): TableRef | null {
  const facts = session.facts(name);
  const refs = [...builder.from, ...builder.joins.map(({ right }) => right)].filter((relation): relation is TableRef => relation.type === 'table');
  return refs.find((ref) => ref.alias === name || ref.name === name || (facts !== null && session.catalog.table(ref.name, ref.schema) === facts)) ?? null;
}

function aliased(relation: Relation, alias: string, range: Range): Relation {
  return relation.type === 'table' || relation.type === 'derived' ? { ...relation, alias, range } : relation;
}

/** What queries give, fold and sort by: the columns of SELECT and RETURNING, of GROUP BY and ORDER BY. */
import type { Expr, OutputColumn, Range } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Env, ListItem, Value } from '../../source/values.js';
import { stepsOf } from '../chains.js';
import { named, opaque } from '../expressions.js';
import type { Session } from '../session.js';
import type { Expressions } from './expressions.js';
import { statementIn } from './fragments.js';
import { columnName, tableName } from './names.js';
import { nodeOf } from './values.js';

export class SelectList {
  constructor(private readonly session: Session, private readonly expressions: Expressions) {}

  /** What `select` and `returning` are given: columns by name, expressions, callbacks, lists of them. */
  outputs(value: Value, node: Node): OutputColumn[] {
    const range = node.range as Range;
    switch (value.type) {
      case 'text': {
        const names = this.expressions.strings(value, node);
        if (names) return names.map((text) => { const { qualifier, name, alias } = columnName(text); return { type: 'expr', expr: named(qualifier, name, range), name: alias ?? name }; });
        break;
      }
      case 'list': return value.items.flatMap((item) => this.items(item, node));
      case 'function': {
        const made = this.expressions.called(value, node);
        return made ? this.outputs(made, nodeOf(made, node)) : [{ type: 'opaque', range }];
      }
      case 'unknown': {
        const chain = this.session.chain(value), expr = this.expressions.expressionOf(value, node), last = chain && stepsOf(chain).at(-1);
        if (expr) return [{ type: 'expr', expr, name: last?.name === 'as' && last.args?.[0] ? this.session.string(this.session.value(last.args[0], last.env)) : null }];
        break;
      }
      case 'fork': return value.options.flatMap((option) => this.outputs(option, nodeOf(option, node)));
    }
    return [{ type: 'opaque', range }];
  }

  private items(item: ListItem, node: Node): OutputColumn[] {
    switch (item.type) {
      case 'item': return this.outputs(item.value, nodeOf(item.value, node));
      case 'rest': return [{ type: 'opaque', range: item.node.range as Range }];
      case 'fork': return item.options.flatMap((option) => option.flatMap((inner) => this.items(inner, node)));
      case 'first-turn': return item.parts.flatMap((inner) => this.items(inner, node));
    }
  }

  /** `selectAll()`, `selectAll('u')`, `selectAll(['u', 'p'])`. */
  stars(node: Node | undefined, env: Env | null, range: Range): OutputColumn[] {
    if (!node) return [{ type: 'star', qualifier: null, range }];
    const value = this.session.value(node, env);
    const tables = value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? this.session.string(item.value) : null)) : [this.session.string(value)];
    return tables.map((table) => (table === null ? { type: 'opaque', range } : { type: 'star', qualifier: tableName(table).name, range }));
  }

  /** What ORDER BY is given: also fragments with the direction in them. */
  sorted(node: Node | undefined, env: Env | null): Expr[] {
    if (!node) return [];
    const value = this.session.value(node, env), made = value.type === 'function' ? this.expressions.called(value, node) : value;
    if (made?.type !== 'text' || !made.sql) return this.ordered(node, env);
    return this.session.sqlTexts(made, node, 'SELECT 1 FROM _ ORDER BY ').flatMap((text) => {
      const root = statementIn(text, this.session);
      return root?.type === 'select' ? root.orderBy : [];
    });
  }

  /** What GROUP BY is given. */
  ordered(node: Node | undefined, env: Env | null): Expr[] {
    if (!node) return [];
    const value = this.session.value(node, env), made = value.type === 'function' ? this.expressions.called(value, node) : value;
    if (!made) return [opaque(node.range as Range)];
    const items: readonly (Value | null)[] = made.type === 'list' ? made.items.map((item) => (item.type === 'item' ? item.value : null)) : [made];
    return items.map((item) => {
      const text = item && this.session.string(item);
      if (typeof text === 'string') { const { qualifier, name } = columnName(text.replace(/\s+(?:asc|desc)\b.*$/iu, '')); return named(qualifier, name, node.range as Range); }
      return item ? this.expressions.referenceOf(item, nodeOf(item, node)) : opaque(node.range as Range);
    });
  }
}

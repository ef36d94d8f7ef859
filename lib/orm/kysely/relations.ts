/** What queries read from: the tables, queries and fragments that FROM and the joins name, and what is joined by. */
import type { Query, Range, Relation, TableRef } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Chain, ChainItem, Env, Value } from '../../source/values.js';
import { isCalled, stepsOf, type Called } from '../chains.js';
import { opaque } from '../expressions.js';
import { guardNamed } from '../guards.js';
import type { Session } from '../session.js';
import { either, joined, type Condition } from './conditions.js';
import type { Expressions } from './expressions.js';
import { statementIn } from './fragments.js';
import { tableName } from './names.js';
import type { Place } from './places.js';
import { isQuery } from './queries.js';
import { tablesOf, unseen, type JoinPart, type State } from './state.js';
import { nodeOf } from './values.js';

/** Reads relations. `queryOf` reads the chain of a query among them, `placed` is told of each table where it stands. */
export class Relations {
  constructor(
    private readonly session: Session, private readonly expressions: Expressions, private readonly queryOf: (chain: Chain) => Query,
    private readonly placed: (ref: TableRef, step: Called, how: Place['how']) => void,
  ) {}

  /** What FROM or a join names. */
  at(state: State, node: Node, step: Called, how: Place['how']): Relation[] {
    return this.of(state, this.session.value(node, step.env), node, step, how);
  }

  private of(state: State, value: Value, node: Node, step: Called, how: Place['how']): Relation[] {
    const range = node.range as Range;
    switch (value.type) {
      case 'text': {
        const names = this.expressions.strings(value, node);
        if (names?.length === 1) return [this.table(state, names[0]!, range, step, how)];
        return [{ type: 'opaque-relation', alias: names ? tableName(names[0]!).alias : null, range }];
      }
      case 'list': return value.items.flatMap((item) => (item.type === 'item' ? this.of(state, item.value, nodeOf(item.value, node), step, how) : [{ type: 'opaque-relation' as const, alias: null, range }]));
      case 'function': {
        const made = this.expressions.called(value, node);
        return made ? this.of(state, made, nodeOf(made, node), step, how) : [{ type: 'opaque-relation', alias: null, range }];
      }
      default: {
        const chain = this.session.chain(value);
        return [chain ? this.ofChain(state, chain, node, step, how) : { type: 'opaque-relation', alias: null, range }];
      }
    }
  }

  private ofChain(state: State, chain: Chain, node: Node, step: Called, how: Place['how']): Relation {
    const range = node.range as Range, last = stepsOf(chain).at(-1), alias = last?.name === 'as' && last.args?.[0] ? this.session.string(this.session.value(last.args[0], last.env)) : null;
    if (isQuery(chain)) return { type: 'derived', query: this.queryOf(chain), alias, columns: null, lateral: step.name !== null && /Lateral|Apply/.test(step.name), range };
    if (chain.root.type === 'node' && alias !== null) {
      const { node: start, env } = chain.root, value = this.session.value(start, env);
      if (value.type === 'text' && value.sql) return this.raw(value, start, alias, range);
    }
    const dynamic = stepsOf(chain).find((one) => one.name === 'table' && one.args?.[0]);
    const name = dynamic ? this.session.string(this.session.value(dynamic.args![0]!, dynamic.env)) : null;
    return name === null ? { type: 'opaque-relation', alias, range } : this.table(state, alias === null ? name : `${name} as ${alias}`, range, step, how);
  }

  /** `` sql`(select ..)`.as('x') `` */
  private raw(value: Value, node: Node, alias: string, range: Range): Relation {
    const [text, ...others] = this.session.sqlTexts(value, node, 'SELECT * FROM ');
    const root = text && others.length === 0 ? statementIn(text, this.session) : undefined;
    const relation = root?.type === 'select' && root.from.length === 1 ? root.from[0]! : null;
    return relation && 'alias' in relation ? { ...relation, alias } : { type: 'opaque-relation', alias, range };
  }

  private table(state: State, text: string, range: Range, step: Called, how: Place['how']): TableRef {
    const { schema, name, alias } = tableName(text);
    const ref = this.session.table(name, range, { alias, schema: schema ?? (state.ctes.some((cte) => cte.name === name) ? null : state.schema) });
    this.placed(ref, step, how);
    return ref;
  }

  /** `leftJoin('posts as p', 'p.userId', 'u.id')`, `leftJoin('posts as p', (join) => join.onRef(..).on(..))`. */
  joined(state: State, step: Called, word: 'inner' | 'left' | 'right' | 'full' | 'cross' | 'outer', lateral: boolean): State {
    const { args: [table, left, right], env, node } = step;
    if (!table) return unseen(state, step);
    const kind = word === 'outer' ? 'left' : word, range: Range = [step.at.range[0], node.range[1]];
    const [relation] = this.at(state, table, step, 'join');
    if (!relation) return unseen(state, step);
    this.expressions.tables = [...tablesOf(state), ...(relation.type === 'table' ? [relation] : [])];
    let conditions: readonly Condition[] | null = [];
    if (left && right) {
      const span: Range = [left.range[0], right.range[1]];
      conditions = [{ expr: { type: 'comparison', operator: '=', left: this.expressions.reference(left, env), right: this.expressions.reference(right, env), range: span }, loose: false }];
    } else if (left && kind !== 'cross') conditions = this.joinConditions(left, env);
    const on = conditions && joined(conditions, range);
    const part: JoinPart = { kind: kind === 'cross' && lateral ? 'cross' : kind, right: relation, on, opaque: conditions === null, range };
    return { ...state, joins: [...state.joins, part] };
  }

  /** The conditions of a join's callback; null where they cannot be seen. */
  private joinConditions(node: Node, env: Env | null): readonly Condition[] | null {
    const value = this.session.value(node, env), key = { what: 'a join of Kysely' };
    const made = this.session.apply(value, [this.session.given(key, node)], node), chain = made && this.session.chain(made);
    if (chain?.root.type === 'given' && chain.root.given === key) return this.foldOn(chain.steps, [], node.range as Range);
    const callee = unwrap(node), at = callee.type === 'CallExpression' ? unwrap(callee.callee) : callee;
    const guard = at.type === 'Identifier' ? guardNamed(this.session, 'join-callback', at.name, at) : null;
    const rows = guard && this.expressions.rows({ ...guard, ...(guard.table === undefined ? { table: this.expressions.tables.at(-1)?.name ?? '' } : {}) }, null);
    return rows ? [{ expr: rows, loose: false }] : null;
  }

  private foldOn(items: readonly ChainItem[], conditions: readonly Condition[], range: Range): readonly Condition[] {
    for (const item of items) {
      if (item.type === 'fork') conditions = either(conditions, item.options.map((option) => this.foldOn(option, conditions, range)), range);
      else if (!isCalled(item)) continue;
      else if (item.name === 'on' || item.name === 'onRef') conditions = [...conditions, this.expressions.condition(item, item.name === 'onRef')];
      else if (item.name !== 'onTrue') conditions = [...conditions, { expr: opaque(item.node.range as Range), loose: false }];
    }
    return conditions;
  }
}

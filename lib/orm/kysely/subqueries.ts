/** Queries that are parts of others: common table expressions, the arms of UNION and its like, what an INSERT selects. */
import type { Query, Range } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Env, Value } from '../../source/values.js';
import { stepsOf, type Called } from '../chains.js';
import type { Session } from '../session.js';
import type { Expressions } from './expressions.js';
import { statementIn } from './fragments.js';
import { cteName } from './names.js';
import type { SetPart, State } from './state.js';
import { opaqueQuery } from './statements.js';
import { nodeOf } from './values.js';

/** What callbacks get that make whole queries: `db.with('x', (db) => db.selectFrom(..))`. */
const CREATOR = { what: 'the query creator of Kysely' };
/** The name's callback of a common table expression: `cte => cte('x').materialized()`. */
const CTE = { what: 'the name of a common table expression in Kysely' };

export class Subqueries {
  constructor(private readonly session: Session, private readonly expressions: Expressions) {}

  /** `with('name', (db) => query)`. */
  withCte(state: State, step: Called, recursive: boolean): State {
    const { args: [name, body], env, node } = step;
    const text = name && this.cteNameOf(this.session.value(name, env), name);
    if (!text || !body) return state;
    const range: Range = [step.at.range[0], node.range[1]];
    const value = this.session.value(body, env), made = value.type === 'function' ? this.session.apply(value, [this.session.given(CREATOR, body)], body) : value;
    const query = made ? this.ofValue(made, nodeOf(made, body)) : opaqueQuery(body.range as Range);
    return { ...state, ctes: [...state.ctes, { ...cteName(text), query, recursive, range }] };
  }

  private cteNameOf(value: Value, node: Node): string | null {
    const text = this.session.string(value);
    if (text !== null || value.type !== 'function') return text;
    const made = this.session.apply(value, [this.session.given(CTE, node)], node), chain = made && this.session.chain(made), [call] = chain ? stepsOf(chain) : [];
    return call?.args?.[0] ? this.session.string(this.session.value(call.args[0], call.env)) : null;
  }

  /** A query that a value holds, or a callback returns. */
  private ofValue(value: Value, node: Node): Query {
    const expr = this.expressions.expressionOf(value, node);
    return expr?.type === 'subquery' ? expr.query : value.type === 'text' ? this.raw(value, node) : opaqueQuery(node.range as Range);
  }

  private raw(value: Value, node: Node): Query {
    const [text] = this.session.sqlTexts(value, node, '');
    const root = text && statementIn(text, this.session);
    return root && root.type !== 'definition' ? root : opaqueQuery(node.range as Range);
  }

  /** The queries that `union(..)` and its like are given. */
  arms(node: Node | undefined, env: Env | null, operator: SetPart['operator']): SetPart[] {
    if (!node) return [];
    const value = this.session.value(node, env), made = value.type === 'function' ? this.expressions.called(value, node) : value;
    if (!made) return [{ operator, query: opaqueQuery(node.range as Range) }];
    const items = made.type === 'list' ? made.items.map((item) => (item.type === 'item' ? item.value : null)) : [made];
    return items.map((item) => ({ operator, query: item ? this.ofValue(item, nodeOf(item, node)) : opaqueQuery(node.range as Range) }));
  }
}

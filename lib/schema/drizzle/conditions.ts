/** Conditions that Drizzle declarations are written with: `isNull(t.deletedAt)`, `and(..)`, `sql`..``. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Dialect } from '../../manifest/catalog.js';
import type { Expr } from '../../model/query.js';
import type { PredicateDeclaration } from '../../model/schema.js';
import { chainOf } from '../chains.js';
import { conjunction, equals, nullTest, sqlPredicate } from '../predicates.js';
import { literalValue, resolve } from '../program.js';
import type { Located } from '../project.js';
import { columnOf } from './names.js';

/** A condition on columns: `isNull(t.deletedAt)`, `and(..)`, `sql`..``. */
export function conditionOf(at: Located, dialect: Dialect, place: readonly [number, number]): PredicateDeclaration {
  const range = [place[0], place[1]] as const, value = resolve(at), text = value.program.textOf(value.node);
  if (value.node.type === 'TaggedTemplateExpression') {
    const sql = templateText(value as Located<TSESTree.TaggedTemplateExpression>);
    return sql === null ? { text, expr: null, range } : sqlPredicate(sql, range, dialect);
  }
  return { text, expr: conditionExpr(value, dialect, range), range };
}

/** The SQL of a template whose interpolations are columns; null where one is something else. */
function templateText({ node, program, env }: Located<TSESTree.TaggedTemplateExpression>): string | null {
  let text = '';
  for (const [i, quasi] of node.quasi.quasis.entries()) {
    const expression = node.quasi.expressions[i];
    text += quasi.value.cooked;
    if (!expression) continue;
    const column = columnOf({ node: expression, program, env })?.column;
    if (column === undefined) return null;
    text += dialectQuote(column);
  }
  return text;
}

function dialectQuote(name: string): string {
  return /^\w+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function conditionExpr(at: Located, dialect: Dialect, range: readonly [number, number]): Expr | null {
  const chain = chainOf(at), first = chain?.calls.length === 1 ? chain.calls[0]! : null;
  if (!first) return at.node.type === 'TaggedTemplateExpression' ? conditionOf(at, dialect, range).expr : null;
  const column = first.args[0] ? columnOf(first.args[0])?.column ?? null : null;
  const inner = (): (Expr | null)[] => first.args.map((argument) => conditionExpr(resolve(argument), dialect, range));
  switch (first.name) {
    case 'isNull': case 'isNotNull': return column === null ? null : nullTest(column, first.name === 'isNotNull', range);
    case 'eq': {
      const value = first.args[1] ? literalValue(first.args[1]) : undefined;
      return column === null || value === undefined || value === null ? null : equals(column, value, range);
    }
    case 'and': return conjunction(inner(), range);
    case 'or': {
      const operands = inner();
      return operands.length === 0 || operands.includes(null) ? null : { type: 'or', operands: operands as Expr[], range };
    }
    case 'not': {
      const [operand] = inner();
      return operand ? { type: 'not', operand, range } : null;
    }
    default: return null;
  }
}

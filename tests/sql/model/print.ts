/** A compact notation of the query model, for tests: what matters to the proof and nothing else. */
import type { Assignment, Conflict, Cte, Definition, Expr, OutputColumn, Query, Relation, TableRef } from '../../../lib/model/query.js';

function list<Item>(items: readonly Item[], print: (item: Item) => string): string {
  return items.map(print).join(', ');
}

function clauses(parts: readonly (string | false | null | undefined)[]): string {
  return parts.filter((part) => part).join(' ');
}

export function printRoot(root: Query | Definition): string {
  if (root.type !== 'definition') return printQuery(root);
  return clauses([
    root.what, root.schema === null ? root.name : `${root.schema}.${root.name}`, root.query && `as ${printQuery(root.query)}`,
    root.predicates.length > 0 && `check [${list(root.predicates, printExpr)}]`,
  ]);
}

function printCtes(ctes: readonly Cte[]): string {
  return ctes.length === 0 ? '' : `with ${list(ctes, (cte) => `${cte.recursive ? 'recursive ' : ''}${cte.name}${cte.columns ? `(${cte.columns.join(', ')})` : ''} as (${printQuery(cte.query)})`)}`;
}

export function printQuery(query: Query): string {
  const ctes = printCtes(query.ctes);
  switch (query.type) {
    case 'select': return clauses([
      ctes, 'select', query.distinct === 'all' ? 'distinct' : query.distinct === 'on' && 'distinct-on', printOutput(query.output),
      query.from.length > 0 && `from ${list(query.from, printRelation)}`, query.where && `where ${printExpr(query.where)}`,
      query.groupBy && `group [${list(query.groupBy, printExpr)}]`, query.having && `having ${printExpr(query.having)}`,
      query.orderBy.length > 0 && `order [${list(query.orderBy, printExpr)}]`, query.limited && 'limited', query.opaqueFilters.length > 0 && `hidden*${query.opaqueFilters.length}`,
    ]);
    case 'set-operation': return clauses([
      ctes, `{${printQuery(query.left)}} ${query.operator} {${printQuery(query.right)}}`, query.orderBy.length > 0 && `order [${list(query.orderBy, printExpr)}]`, query.limited && 'limited',
    ]);
    case 'values': return clauses([ctes, `values ${list(query.rows, (row) => `(${list(row, printExpr)})`)}`]);
    case 'opaque-query': return clauses([ctes, '<query>']);
    case 'insert': return clauses([
      ctes, 'insert', printTable(query.target), query.columns && `(${query.columns.join(', ')})`, query.source && `{${printQuery(query.source)}}`,
      query.conflict && printConflict(query.conflict), query.returning.length > 0 && `returning ${printOutput(query.returning)}`,
    ]);
    case 'update': return clauses([
      ctes, 'update', printTable(query.target), query.targetInFrom && 'in-from', query.from.length > 0 && `from ${list(query.from, printRelation)}`, `set ${printAssignments(query.assignments, query.opaqueAssignments)}`,
      query.where && `where ${printExpr(query.where)}`, query.returning.length > 0 && `returning ${printOutput(query.returning)}`, query.opaqueFilters.length > 0 && `hidden*${query.opaqueFilters.length}`,
    ]);
    case 'delete': return clauses([
      ctes, 'delete', printTable(query.target), query.targetInFrom && 'in-from', query.from.length > 0 && `from ${list(query.from, printRelation)}`,
      query.where && `where ${printExpr(query.where)}`, query.returning.length > 0 && `returning ${printOutput(query.returning)}`, query.opaqueFilters.length > 0 && `hidden*${query.opaqueFilters.length}`,
    ]);
    case 'truncate': return clauses([ctes, `truncate ${list(query.targets, printTable)}`]);
    case 'merge': return clauses([
      ctes, `merge ${printTable(query.target)} using ${printRelation(query.source)}`, query.on && `on ${printExpr(query.on)}`,
      ...query.branches.map((branch) => clauses([`| ${branch.when}`, branch.condition && `if ${printExpr(branch.condition)}`, `-> ${branch.action}`, branch.assignments.length > 0 && printAssignments(branch.assignments, false)])),
      query.returning.length > 0 && `returning ${printOutput(query.returning)}`,
    ]);
  }
}

function printAssignments(assignments: readonly Assignment[], opaque: boolean): string {
  return [...assignments.map((each) => `${each.column} := ${printExpr(each.value)}`), ...(opaque ? ['<hidden>'] : [])].join(', ');
}

function printConflict(conflict: Conflict): string {
  return clauses([
    `conflict ${conflict.target ? `(${conflict.target.join(', ')})` : 'any'}`, conflict.targetWhere && `where ${printExpr(conflict.targetWhere)}`, `-> ${conflict.action}`,
    (conflict.assignments.length > 0 || conflict.opaqueAssignments) && printAssignments(conflict.assignments, conflict.opaqueAssignments), conflict.where && `if ${printExpr(conflict.where)}`,
  ]);
}

function printOutput(output: readonly OutputColumn[]): string {
  return list(output, (column) => {
    if (column.type === 'star') return column.qualifier === null ? '*' : `${column.qualifier}.*`;
    if (column.type === 'opaque') return '<columns>';
    const expr = printExpr(column.expr);
    return column.name === null || (column.expr.type === 'column' && column.expr.name === column.name) || (column.expr.type === 'call' && column.expr.name === column.name) ? expr : `${expr} as ${column.name}`;
  });
}

function printTable(table: TableRef): string {
  const name = table.schema === null ? table.name : `${table.schema}.${table.name}`;
  return `${name}${table.alias === null ? '' : ` ${table.alias}`}${table.columns ? `(${table.columns.join(', ')})` : ''}`;
}

export function printRelation(relation: Relation): string {
  const named = (text: string, { alias, columns }: { alias: string | null; columns?: readonly string[] | null }): string => `${text}${alias === null ? '' : ` ${alias}`}${columns ? `(${columns.join(', ')})` : ''}`;
  switch (relation.type) {
    case 'table': return printTable(relation);
    case 'derived': return named(`${relation.lateral ? 'lateral ' : ''}{${printQuery(relation.query)}}`, relation);
    case 'function-relation': return named(`rows(${list(relation.args, printExpr)})`, relation);
    case 'opaque-relation': return named('<relation>', relation);
    case 'join': return `(${clauses([
      printRelation(relation.left), relation.natural && 'natural', relation.kind, printRelation(relation.right), relation.on && `on ${printExpr(relation.on)}`,
      relation.using && `using (${relation.using.join(', ')})`, relation.opaque && 'hidden',
    ])})`;
  }
}

export function printExpr(expr: Expr): string {
  switch (expr.type) {
    case 'literal': return typeof expr.value === 'string' ? `'${expr.value}'` : String(expr.value);
    case 'time': return expr.days === null ? 'now±?' : expr.days === 0 ? 'now' : `now${expr.days > 0 ? '+' : ''}${Math.round(expr.days * 1000) / 1000}d`;
    case 'column': return expr.qualifier === null ? expr.name : `${expr.qualifier}.${expr.name}`;
    case 'parameter': return '?';
    case 'and': case 'or': return `(${expr.operands.map(printExpr).join(` ${expr.type} `)})`;
    case 'not': return `not ${printExpr(expr.operand)}`;
    case 'comparison': return `${printExpr(expr.left)} ${expr.operator} ${printExpr(expr.right)}`;
    case 'is': return `${printExpr(expr.operand)} is${expr.negated ? ' not' : ''} ${expr.what}`;
    case 'in': return `${printExpr(expr.left)}${expr.negated ? ' not' : ''} in ${expr.query ? `{${printQuery(expr.query)}}` : `(${list(expr.list ?? [], printExpr)})`}`;
    case 'quantified': return `${printExpr(expr.left)} ${expr.operator} ${expr.quantifier} ${expr.query ? `{${printQuery(expr.query)}}` : printExpr(expr.array!)}`;
    case 'exists': return `exists {${printQuery(expr.query)}}`;
    case 'subquery': return `{${printQuery(expr.query)}}`;
    case 'case': return `case(${clauses([expr.operand && printExpr(expr.operand), ...expr.branches.map(({ when, then }) => `${printExpr(when)} -> ${printExpr(then)};`), expr.otherwise && `else ${printExpr(expr.otherwise)}`])})`;
    case 'coalesce': return `coalesce(${list(expr.args, printExpr)})`;
    case 'row': return `[${list(expr.items, printExpr)}]`;
    case 'call': return `${expr.aggregate ? 'agg:' : ''}${expr.window ? 'win:' : ''}${expr.name}(${expr.star ? '*' : list(expr.args, printExpr)})${expr.filter ? ` filter ${printExpr(expr.filter)}` : ''}`;
    case 'operation': return `${expr.strict ? 'op' : 'op?'}(${list(expr.operands, printExpr)})`;
    case 'opaque': return '<hidden>';
    case 'choice': return `choice(${list(expr.options, (option) => option ? printExpr(option) : 'none')})`;
  }
}

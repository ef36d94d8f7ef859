/**
 * Names and row flow: which reference a column belongs to, and where the rows of a query go.
 *
 * A statement is turned once into blocks (each SELECT, UPDATE, DELETE, MERGE with its sources) and uses (how a query's rows
 * travel on: as a derived table, through a CTE, as one arm of a set operation, or to the end). The proof walks these.
 */
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import type {
  ColumnExpr, Cte, Definition, Delete, Derived, Expr, FunctionRelation, Insert, Join, Merge, OpaqueRelation, OutputColumn, Query, Relation,
  SelectBlock, SetOperation, Statement, TableRef, Update, Values,
} from './query.js';

/** A leaf of FROM: what columns may belong to. */
export type Leaf = TableRef | Derived | FunctionRelation | OpaqueRelation;

/** What the name of a table reference turned out to be. */
export type Target =
  | { readonly kind: 'table'; readonly facts: TableFacts }
  | { readonly kind: 'cte'; readonly cte: Cte; readonly node: QueryNode }
  | { readonly kind: 'query'; readonly node: QueryNode }
  | { readonly kind: 'live-view' }
  | { readonly kind: 'unknown' };

export interface Source {
  readonly leaf: Leaf;
  /** Folded alias or name, by which a qualifier names it; null where it has none. */
  readonly name: string | null;
  readonly target: Target;
  readonly block: Block;
  /** The joins above the leaf, innermost first, with the side it stands on. */
  readonly joins: readonly { readonly join: Join; readonly side: 'left' | 'right' }[];
  /** True for the row that a write changes. */
  readonly written: boolean;
}

/** How an expression subquery is used. */
export type SubqueryUse = 'EXISTS' | 'NOT EXISTS' | 'IN' | 'NOT IN' | 'ANY' | 'ALL' | 'scalar subquery';

/** Where the rows of a query go. */
export type Use =
  /** To a relation of another block: a derived table or a reference to the CTE. */
  | { readonly kind: 'relation'; readonly source: Source }
  /** To a set operation, as one of its arms. */
  | { readonly kind: 'arm'; readonly node: QueryNode }
  /** Into an expression of a block. */
  | { readonly kind: 'expression'; readonly how: SubqueryUse; readonly block: Block | null }
  /** To the caller, into a view, or into an INSERT. */
  | { readonly kind: 'result' }
  | { readonly kind: 'insert' };

/** A query with everything that is known of its surroundings. */
export interface QueryNode {
  readonly query: Query;
  /** The block of a SELECT, UPDATE, DELETE or MERGE; null for set operations, VALUES, opaque queries and plain INSERTs. */
  readonly block: Block | null;
  /** The arms of a set operation. */
  readonly arms: readonly QueryNode[];
  readonly uses: Use[];
  /** The CTE whose body it is, or null. */
  readonly cte: Cte | null;
  /** Cuts or folds its rows beyond what its block says (LIMIT of a set operation). */
  readonly limited: boolean;
}

export type BlockQuery = SelectBlock | Update | Delete | Merge;

/** One filtering context: sources, and predicates over them. */
export interface Block {
  readonly query: BlockQuery;
  readonly node: QueryNode;
  /** Where names are looked up that the block itself does not know. */
  readonly outer: Block | null;
  readonly from: readonly Relation[];
  readonly sources: Source[];
  readonly where: Expr | null;
  readonly output: readonly OutputColumn[];
}

/** Names and row flow of one statement. */
export interface Scopes {
  readonly root: QueryNode | null;
  readonly nodes: readonly QueryNode[];
  readonly blocks: readonly Block[];
  /** Every table reference with its source, in the order of the text. */
  readonly sources: readonly Source[];
  /** INSERT targets, which read nothing, with what the manifest knows of them. */
  readonly inserts: readonly { readonly insert: Insert; readonly facts: TableFacts | null }[];
  readonly truncated: readonly { readonly ref: TableRef; readonly facts: TableFacts | null; readonly query: Query }[];
  /** The block an expression subquery of which stands in, for every expression visited. */
  blockOf(query: Query): Block | null;
}

type CteScope = ReadonlyMap<string, { cte: Cte; node: QueryNode }>;

/** Resolves the names of a statement against the catalog. Pure; accepts any tree that the types allow. */
export function resolveScopes(statement: Statement, catalog: Catalog): Scopes {
  const nodes: QueryNode[] = [], blocks: Block[] = [], sources: Source[] = [];
  const inserts: { insert: Insert; facts: TableFacts | null }[] = [];
  const truncated: { ref: TableRef; facts: TableFacts | null; query: Query }[] = [];
  const byQuery = new Map<Query, QueryNode>();

  function visitQuery(query: Query, outer: Block | null, ctes: CteScope, cte: Cte | null = null): QueryNode {
    const scope = visitCtes(query.ctes, outer, ctes);
    switch (query.type) {
      case 'select': return visitBlock(query, query.from, query.where, query.output, outer, scope, cte);
      case 'update': return visitBlock(query, query.targetInFrom ? query.from : [query.target, ...query.from], query.where, query.returning, outer, scope, cte);
      case 'delete': return visitBlock(query, query.targetInFrom ? query.from : [query.target, ...query.from], query.where, query.returning, outer, scope, cte);
      case 'merge': return visitBlock(query, [mergeJoin(query)], null, query.returning, outer, scope, cte);
      case 'set-operation': return visitSetOperation(query, outer, scope, cte);
      case 'insert': return visitInsert(query, outer, scope, cte);
      case 'values': return visitValues(query, outer, scope, cte);
      case 'truncate':
        for (const ref of query.targets) truncated.push({ ref, facts: factsOf(ref, scope), query });
        return plainNode(query, cte);
      case 'opaque-query': return plainNode(query, cte);
    }
  }

  function plainNode(query: Query, cte: Cte | null): QueryNode {
    return register({ query, block: null, arms: [], uses: [], cte, limited: false });
  }

  function register(node: QueryNode): QueryNode {
    nodes.push(node);
    byQuery.set(node.query, node);
    return node;
  }

  function visitCtes(list: readonly Cte[], outer: Block | null, ctes: CteScope): CteScope {
    if (list.length === 0) return ctes;
    const scope = new Map(ctes);
    const recursive = list.some((cte) => cte.recursive);
    for (const cte of list) {
      // A recursive CTE sees itself: its node has to exist before its body is visited.
      if (recursive && refersTo(cte.query, cte.name)) {
        const late = { cte, node: lateNode(cte) };
        const inner = new Map(scope).set(fold(cte.name), late);
        late.node.bind(visitQuery(cte.query, outer, inner, cte));
        scope.set(fold(cte.name), late);
      } else {
        scope.set(fold(cte.name), { cte, node: visitQuery(cte.query, outer, scope, cte) });
      }
    }
    return scope;
  }

  function visitSetOperation(query: SetOperation, outer: Block | null, ctes: CteScope, cte: Cte | null): QueryNode {
    const arms = [query.left, query.right].map((arm) => visitQuery(arm, outer, ctes));
    const node = register({ query, block: null, arms, uses: [], cte, limited: query.limited });
    for (const arm of arms) arm.uses.push({ kind: 'arm', node });
    return node;
  }

  function visitInsert(query: Insert, outer: Block | null, ctes: CteScope, cte: Cte | null): QueryNode {
    inserts.push({ insert: query, facts: factsOf(query.target, ctes) });
    if (query.source) visitQuery(query.source, outer, ctes).uses.push({ kind: 'insert' });
    const node = plainNode(query, cte);
    for (const assignment of query.conflict?.assignments ?? []) visitExpr(assignment.value, outer, ctes);
    for (const expr of [query.conflict?.targetWhere, query.conflict?.where]) if (expr) visitExpr(expr, outer, ctes);
    for (const column of query.returning) if (column.type === 'expr') visitExpr(column.expr, outer, ctes);
    return node;
  }

  function visitValues(query: Values, outer: Block | null, ctes: CteScope, cte: Cte | null): QueryNode {
    for (const expr of query.rows.flat()) visitExpr(expr, outer, ctes);
    return plainNode(query, cte);
  }

  function visitBlock(
    query: BlockQuery, from: readonly Relation[], where: Expr | null, output: readonly OutputColumn[],
    outer: Block | null, ctes: CteScope, cte: Cte | null,
  ): QueryNode {
    const node: QueryNode & { block: Block | null } = { query, block: null, arms: [], uses: [], cte, limited: false };
    const block: Block = { query, node, outer, from, sources: [], where, output };
    (node as { block: Block | null }).block = block;
    register(node);
    blocks.push(block);
    for (const relation of from) visitRelation(relation, block, ctes, []);
    for (const expr of blockExpressions(block)) visitExpr(expr, block, ctes);
    return node;
  }

  function visitRelation(relation: Relation, block: Block, ctes: CteScope, joins: readonly { join: Join; side: 'left' | 'right' }[]): void {
    if (relation.type === 'join') {
      visitRelation(relation.left, block, ctes, [{ join: relation, side: 'left' }, ...joins]);
      visitRelation(relation.right, block, ctes, [{ join: relation, side: 'right' }, ...joins]);
      if (relation.on) visitExpr(relation.on, block, ctes);
      return;
    }
    const written = 'target' in block.query && block.query.target === relation;
    const add = (name: string | null, target: Target): Source => {
      const source: Source = { leaf: relation, name: name === null ? null : fold(name), target, block, joins, written };
      block.sources.push(source);
      sources.push(source);
      return source;
    };
    if (relation.type === 'derived') {
      const node = visitQuery(relation.query, relation.lateral ? block : block.outer, ctes);
      node.uses.push({ kind: 'relation', source: add(relation.alias, { kind: 'query', node }) });
    } else if (relation.type === 'table') {
      const target = targetOf(relation, ctes);
      const source = add(relation.alias ?? relation.name, target);
      if (target.kind === 'cte') target.node.uses.push({ kind: 'relation', source });
    } else {
      add(relation.alias, { kind: 'unknown' });
      if (relation.type === 'function-relation') for (const arg of relation.args) visitExpr(arg, block, ctes);
    }
  }

  function visitExpr(expr: Expr, block: Block | null, ctes: CteScope): void {
    forEachSubquery(expr, (query, how) => {
      visitQuery(query, block, ctes).uses.push({ kind: 'expression', how, block });
    });
  }

  function factsOf(ref: TableRef, ctes: CteScope): TableFacts | null {
    const target = targetOf(ref, ctes);
    return target.kind === 'table' ? target.facts : null;
  }

  function targetOf(ref: TableRef, ctes: CteScope): Target {
    const bound = ref.schema === null ? ctes.get(fold(ref.name)) : undefined;
    if (bound) return { kind: 'cte', ...bound };
    const facts = catalog.table(ref.name, ref.schema);
    if (facts) return { kind: 'table', facts };
    const view = catalog.view(ref.name, ref.schema);
    return view === 'live' ? { kind: 'live-view' } : { kind: 'unknown' };
  }

  const root = statement.root.type === 'definition' ? visitDefinition(statement.root) : visitQuery(statement.root, null, new Map());
  root?.uses.push({ kind: 'result' });

  function visitDefinition(definition: Definition): QueryNode | null {
    for (const predicate of definition.predicates) visitExpr(predicate, null, new Map());
    return definition.query ? visitQuery(definition.query, null, new Map()) : null;
  }

  return { root, nodes, blocks, sources, inserts, truncated, blockOf: (query) => byQuery.get(query)?.block ?? null };
}

/** A query node that is known by reference before its body is: what a recursive CTE refers to. */
interface LateNode extends QueryNode {
  bind(node: QueryNode): void;
}

function lateNode(cte: Cte): LateNode {
  let bound: QueryNode | null = null;
  const early: Use[] = [];
  return {
    query: cte.query, cte,
    get block() { return bound?.block ?? null; },
    get arms() { return bound?.arms ?? []; },
    get uses() { return bound?.uses ?? early; },
    get limited() { return bound?.limited ?? false; },
    bind(node) {
      bound = node;
      node.uses.push(...early);
    },
  };
}

function refersTo(query: Query, name: string): boolean {
  let found = false;
  forEachRelation(query, (relation) => {
    if (relation.type === 'table' && relation.schema === null && fold(relation.name) === fold(name)) found = true;
  });
  return found;
}

/** MERGE matches like a join: rows of the target that match nothing count where a branch is BY SOURCE, those of the source where one is NOT MATCHED. */
function mergeJoin(merge: Merge): Join {
  const keepsTarget = merge.branches.some((branch) => branch.when === 'not-matched-by-source');
  const keepsSource = merge.branches.some((branch) => branch.when === 'not-matched');
  const kind = keepsTarget && keepsSource ? 'full' : keepsTarget ? 'left' : keepsSource ? 'right' : 'inner';
  return { type: 'join', kind, natural: false, left: merge.target, right: merge.source, on: merge.on, using: null, opaque: false, range: merge.range };
}

// ------------------------------------------------------------------------------------------------- walking

/** The expressions of a block outside its joins' conditions. */
export function blockExpressions(block: Block): Expr[] {
  const { query } = block;
  const exprs: Expr[] = block.where ? [block.where] : [];
  for (const column of block.output) if (column.type === 'expr') exprs.push(column.expr);
  if (query.type === 'select') exprs.push(...(query.groupBy ?? []), ...(query.having ? [query.having] : []), ...query.orderBy);
  if (query.type === 'update') exprs.push(...query.assignments.map((assignment) => assignment.value));
  if (query.type === 'merge') for (const branch of query.branches) exprs.push(...(branch.condition ? [branch.condition] : []), ...branch.assignments.map((assignment) => assignment.value));
  return exprs;
}

/** The direct operands of an expression, without the queries in it. */
export function operandsOf(expr: Expr): readonly Expr[] {
  switch (expr.type) {
    case 'literal': case 'time': case 'column': case 'parameter': case 'opaque': case 'exists': case 'subquery': return [];
    case 'and': case 'or': case 'operation': return expr.operands;
    case 'not': case 'is': return [expr.operand];
    case 'comparison': return [expr.left, expr.right];
    case 'in': return [expr.left, ...(expr.list ?? [])];
    case 'quantified': return expr.array ? [expr.left, expr.array] : [expr.left];
    case 'case': return [...(expr.operand ? [expr.operand] : []), ...expr.branches.flatMap((branch) => [branch.when, branch.then]), ...(expr.otherwise ? [expr.otherwise] : [])];
    case 'coalesce': return expr.args;
    case 'row': return expr.items;
    case 'call': return expr.filter ? [...expr.args, expr.filter] : expr.args;
    case 'choice': return expr.options.filter((option): option is Expr => option !== null);
  }
}

/** Calls back for an expression and everything below it, without entering subqueries. */
export function forEachExpr(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  for (const operand of operandsOf(expr)) forEachExpr(operand, visit);
}

/** Is something true of an expression, or of anything below it? Subqueries are not entered. */
export function someExpr(expr: Expr, test: (expr: Expr) => boolean): boolean {
  return test(expr) || operandsOf(expr).some((operand) => someExpr(operand, test));
}

/** Calls back for each query that stands directly in an expression, and how it is used. */
export function forEachSubquery(expr: Expr, visit: (query: Query, how: SubqueryUse) => void, negated = false): void {
  switch (expr.type) {
    case 'exists': visit(expr.query, negated ? 'NOT EXISTS' : 'EXISTS'); return;
    case 'subquery': visit(expr.query, 'scalar subquery'); return;
    case 'not': forEachSubquery(expr.operand, visit, !negated); return;
    case 'in': if (expr.query) visit(expr.query, expr.negated !== negated ? 'NOT IN' : 'IN'); break;
    case 'quantified': if (expr.query) visit(expr.query, expr.quantifier === 'any' ? 'ANY' : 'ALL'); break;
  }
  for (const operand of operandsOf(expr)) forEachSubquery(operand, visit, expr.type === 'and' || expr.type === 'or' ? negated : false);
}

function forEachRelation(query: Query, visit: (relation: Relation) => void): void {
  const inRelation = (relation: Relation): void => {
    visit(relation);
    if (relation.type === 'join') {
      inRelation(relation.left);
      inRelation(relation.right);
    } else if (relation.type === 'derived') forEachRelation(relation.query, visit);
  };
  for (const cte of query.ctes) forEachRelation(cte.query, visit);
  const exprs: Expr[] = [];
  switch (query.type) {
    case 'select':
      query.from.forEach(inRelation);
      if (query.where) exprs.push(query.where);
      for (const column of query.output) if (column.type === 'expr') exprs.push(column.expr);
      break;
    case 'set-operation': forEachRelation(query.left, visit); forEachRelation(query.right, visit); break;
    case 'insert': if (query.source) forEachRelation(query.source, visit); break;
    case 'update': case 'delete':
      query.from.forEach(inRelation);
      if (query.where) exprs.push(query.where);
      break;
    case 'merge': inRelation(query.source); break;
    default: break;
  }
  for (const expr of exprs) forEachSubquery(expr, (inner) => forEachRelation(inner, visit));
}

// ------------------------------------------------------------------------------------------------- columns

/** Does a list of names behind the alias, `users AS u (id, deleted_at)`, give this name to a column? By position: to which one cannot be told. */
export function isRenamed({ leaf }: Source, name: string): boolean {
  return leaf.type === 'table' && leaf.columns !== null && leaf.columns.some((column) => fold(column) === fold(name));
}

/** How a source may own a column of a name: for certain, perhaps (a table whose columns are not known), or not. */
function ownership(source: Source, name: string, catalog: Catalog, depth = 0): 'certain' | 'perhaps' | 'no' {
  const { leaf, target } = source;
  if (depth > 20) return 'perhaps';
  if ('columns' in leaf && leaf.columns) {
    if (leaf.columns.some((column) => fold(column) === fold(name))) return 'certain';
    // The list may be shorter than the table: the columns behind it keep their names.
    return leaf.type === 'table' ? 'perhaps' : 'no';
  }
  switch (target.kind) {
    case 'table':
      // A name that two tables had would need a qualifier, and a table has the columns of its key.
      if (catalog.tombstone(target.facts, name) || target.facts.key.some((column) => fold(column) === fold(name))) return 'certain';
      // A column that is somebody's tombstone is not another declared table's ordinary column.
      return catalog.tables.some((table) => catalog.tombstone(table, name)) ? 'no' : 'perhaps';
    case 'query': return queryOwns(target.node, name, catalog, depth + 1);
    case 'cte':
      if (target.cte.columns) return target.cte.columns.some((column) => fold(column) === fold(name)) ? 'certain' : 'no';
      return queryOwns(target.node, name, catalog, depth + 1);
    case 'live-view': case 'unknown': return 'perhaps';
  }
}

function queryOwns(node: QueryNode, name: string, catalog: Catalog, depth: number): 'certain' | 'perhaps' | 'no' {
  const first = leftmostArm(node);
  if (!first?.block) return 'perhaps';
  let best: 'certain' | 'perhaps' | 'no' = 'no';
  for (const column of first.block.output) {
    if (column.type === 'expr') {
      if (column.name !== null && fold(column.name) === fold(name)) return 'certain';
    } else if (column.type === 'opaque') best = 'perhaps';
    else {
      for (const source of starSources(first.block, column.qualifier)) {
        const owns = ownership(source, name, catalog, depth + 1);
        if (owns === 'certain') return 'certain';
        if (owns === 'perhaps') best = 'perhaps';
      }
    }
  }
  return best;
}

/** The sources that `*` or `u.*` stands for. */
export function starSources(block: Block, qualifier: string | null): readonly Source[] {
  return qualifier === null ? block.sources : block.sources.filter((source) => source.name === fold(qualifier));
}

/** The arm that names the columns of a set operation, or the query itself. */
export function leftmostArm(node: QueryNode): QueryNode | null {
  let current: QueryNode | undefined = node;
  for (let depth = 0; current && current.arms.length > 0 && depth < 1000; depth++) current = current.arms[0];
  return current ?? null;
}

/**
 * The source that a column of an expression in `block` belongs to; null where that cannot be told.
 * An unqualified name goes to the innermost block in which exactly one source certainly has it, else to the only source of the block.
 */
export function sourceOf(column: ColumnExpr, block: Block | null, catalog: Catalog): Source | null {
  for (let at = block, depth = 0; at && depth < 100; at = at.outer, depth++) {
    if (column.of) {
      const exact = at.sources.find((source) => source.leaf === column.of);
      if (exact) return exact;
      continue;
    }
    if (column.qualifier !== null) {
      const qualifier = fold(column.qualifier);
      const named = at.sources.find((source) => source.name === qualifier) ?? at.sources.find((source) => source.leaf.type === 'table' && fold(source.leaf.name) === qualifier && source.leaf.alias === null);
      if (named) return named;
      continue;
    }
    const owners = at.sources.map((source) => ({ source, owns: ownership(source, column.name, catalog) }));
    const certain = owners.filter(({ owns }) => owns === 'certain');
    if (certain.length === 1) return isMerged(certain[0]!.source, column.name) ? null : certain[0]!.source;
    if (certain.length > 1) return null;
    const perhaps = owners.filter(({ owns }) => owns === 'perhaps');
    if (perhaps.length === 1 && (at.sources.length === 1 || at.outer === null)) return isMerged(perhaps[0]!.source, column.name) ? null : perhaps[0]!.source;
    if (perhaps.length > 0) return null;
  }
  return null;
}

/**
 * May a name without a qualifier mean the column that USING or NATURAL makes of this one and another, and not be NULL where the row is absent?
 * It is the preserved side's column, of FULL JOIN whichever is there (SQL:2016 part 2, 7.10).
 */
function isMerged({ joins }: Source, name: string): boolean {
  return joins.some(({ join, side }) => (join.kind === 'full' || (join.kind === 'left' && side === 'right') || (join.kind === 'right' && side === 'left'))
    && (join.natural || (join.using ?? []).some((column) => fold(column) === fold(name))));
}

/** The source among some of a block that owns a column of a name for certain, or is the only one. */
export function ownerAmong(sources: readonly Source[], name: string, catalog: Catalog): Source | null {
  const certain = sources.length === 1 ? sources : sources.filter((source) => ownership(source, name, catalog) === 'certain');
  return certain.length === 1 ? certain[0]! : null;
}

/** A column of a query's result, as an expression in one of its blocks. */
export type OutputValue =
  | { readonly kind: 'expr'; readonly expr: Expr; readonly block: Block }
  /** The column of the same name of a source behind `*`. */
  | { readonly kind: 'source'; readonly source: Source; readonly name: string }
  | { readonly kind: 'unknown' };

/**
 * What `name` on a relation stands for in one arm of the query behind it.
 * `columns` are the names that an alias or a CTE gives to the columns, or null.
 */
export function outputOf(node: QueryNode, arm: QueryNode, name: string, columns: readonly string[] | null, catalog: Catalog): OutputValue {
  const unknown: OutputValue = { kind: 'unknown' };
  const first = leftmostArm(node);
  if (!first?.block || !arm.block) return unknown;
  if (columns) {
    const index = columns.findIndex((column) => fold(column) === fold(name));
    return index < 0 ? unknown : atPosition(arm.block, index);
  }
  if (first === arm) return byName(arm.block, name, catalog);
  const index = first.block.output.findIndex((column) => column.type === 'expr' && column.name !== null && fold(column.name) === fold(name));
  if (index >= 0 && first.block.output.slice(0, index).every((column) => column.type === 'expr')) return atPosition(arm.block, index);
  return byName(arm.block, name, catalog);
}

function atPosition(block: Block, index: number): OutputValue {
  const column = block.output[index];
  if (!column || block.output.slice(0, index + 1).some((before) => before.type !== 'expr') || column.type !== 'expr') return { kind: 'unknown' };
  return { kind: 'expr', expr: column.expr, block };
}

function byName(block: Block, name: string, catalog: Catalog): OutputValue {
  for (const column of block.output) if (column.type === 'expr' && column.name !== null && fold(column.name) === fold(name)) return { kind: 'expr', expr: column.expr, block };
  const behindStars = block.output.flatMap((column) => column.type === 'star' ? starSources(block, column.qualifier) : []);
  const owners = behindStars.map((source) => ({ source, owns: ownership(source, name, catalog) }));
  const certain = owners.filter(({ owns }) => owns === 'certain');
  if (certain.length === 1) return { kind: 'source', source: certain[0]!.source, name };
  const perhaps = owners.filter(({ owns }) => owns === 'perhaps');
  if (certain.length === 0 && perhaps.length === 1) return { kind: 'source', source: perhaps[0]!.source, name };
  return { kind: 'unknown' };
}

/** All blocks that yield the rows of a query: itself, or the arms of a set operation. */
export function armsOf(node: QueryNode): readonly QueryNode[] {
  const found: QueryNode[] = [];
  const visit = (at: QueryNode, depth: number): void => {
    if (at.arms.length === 0 || depth > 200) found.push(at);
    else for (const arm of at.arms) visit(arm, depth + 1);
  };
  visit(node, 0);
  return found;
}

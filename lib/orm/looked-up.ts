/**
 * Rows that the program has looked up before: `const user = await find(id, live); if (!user) throw ..; await update(id)`. That the row was live is known
 * behind the check, so that the later statement reaches live rows alone. What happens between the two is not asked.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { fold, type Catalog, type TableFacts } from '../manifest/catalog.js';
import { analyse } from '../model/analyse.js';
import type { ColumnExpr, Expr, Range, Relation, SelectBlock, Statement, TableRef } from '../model/query.js';
import { ancestor, contains, dottedNames, isWrapper, lastName, parentOf, rootOf, statementsOf, unwrap, wrapped, type Node, type Variable } from '../source/ast.js';
import type { SourceFile } from '../source/file.js';
import { and, replaced } from './expressions.js';
import { rowsOf } from './guards.js';

/** A statement, and the expression that runs it. */
export interface Placed {
  readonly statement: Statement;
  readonly node: Node;
}

/** A condition `key = value` on a table. */
interface Pin {
  readonly ref: TableRef;
  readonly table: TableFacts;
  readonly column: string;
  readonly value: Node;
}

/** Look-ups that fail where there is no row. */
const FAILS = /OrThrow$|OrFail$/;

/** The statements, with the conditions that earlier look-ups make sure of. */
export function withLookUps(placed: readonly Placed[], source: SourceFile, catalog: Catalog): Statement[] {
  const finder = new LookUps(placed, source, catalog);
  return placed.map((one) => finder.narrowed(one));
}

class LookUps {
  private readonly pins = new Map<Statement, Pin | null>();
  private readonly live = new Map<Statement, ReadonlySet<TableRef>>();

  constructor(private readonly placed: readonly Placed[], private readonly source: SourceFile, private readonly catalog: Catalog) {}

  narrowed(one: Placed): Statement {
    const { statement } = one, pin = this.placed.length > 1 ? this.pinOf(statement) : null;
    if (!pin || !this.placed.some((other) => this.precedes(other.node, one.node) && this.tells(other, one, pin))) return statement;
    const { root } = statement, live = rowsOf('live', pin.ref, pin.table, pin.value.range as Range);
    if (root.type !== 'update' && root.type !== 'select') return statement;
    return { ...statement, root: { ...root, where: and([root.where, live], root.where?.range ?? root.range) } };
  }

  /** Does every way to the later expression lead through the earlier one, or through what is decided by its result? */
  private precedes(earlier: Node, later: Node): boolean {
    const own = ancestor(earlier, (node) => isInBlock(node)), block = own && parentOf(own);
    return own !== null && block !== null && own.range[1] <= later.range[0] && contains(block, later);
  }

  /** Does the earlier statement make sure that the row of the later one is live? */
  private tells({ statement, node }: Placed, later: Placed, pin: Pin): boolean {
    const { root } = statement;
    if (root.type !== 'select' || statement.partial) return false;
    const refs = rowRefs(root).filter((ref) => this.facts(ref) === pin.table);
    if (refs.length === 0) return false;
    const result = resultOf(node), [first] = refs, variable = result && this.fixed(result);
    // `row.id` of a row that was read.
    if (first && variable && first === rowRefs(root)[0] && this.isMemberOf(pin, variable) && yields(root, first, pin.column)) return this.isLive(statement, first);
    const same = refs.find((ref) => this.equalities(root, ref, pin.table).some(({ column, value }) => fold(column) === fold(pin.column) && this.sameValue(value, pin.value)));
    if (!same || !(this.isLive(statement, same) || pin.table.tombstones.every(({ names }) => statement.resultChecks?.(names)))) return false;
    return FAILS.test(lastName(calleeOf(node) ?? node) ?? '') || (variable !== null && this.isSure(variable, node, later.node));
  }

  private isLive(statement: Statement, ref: TableRef): boolean {
    let live = this.live.get(statement);
    if (!live) this.live.set(statement, (live = new Set(analyse(statement, this.catalog).reads.filter(({ verdict }) => verdict.state === 'live').map((read) => read.ref))));
    return live.has(ref);
  }

  // ------------------------------------------------------------------------------------------- conditions

  private facts(ref: TableRef): TableFacts | null {
    return this.catalog.table(ref.name, ref.schema);
  }

  /** The key by which an UPDATE or a SELECT names its row, where it says nothing of tombstones itself. */
  private pinOf(statement: Statement): Pin | null {
    let pin = this.pins.get(statement);
    if (pin === undefined) this.pins.set(statement, (pin = this.readPin(statement)));
    return pin;
  }

  private readPin({ root }: Statement): Pin | null {
    if ((root.type !== 'update' && root.type !== 'select') || root.where === null) return null;
    const ref = root.type === 'update' ? root.target : rowRefs(root)[0], table = ref ? this.facts(ref) : null;
    if (!ref || !table || table.tombstones.length === 0 || mentions(root.where, table)) return null;
    const keys = [table.key, ...table.unique.filter((key) => isSurrogate(key, table))].flatMap(([name, another]) => (name !== undefined && another === undefined ? [fold(name)] : []));
    const found = this.equalities(root, ref, table).find(({ column }) => keys.includes(fold(column)));
    return found ? { ref, table, ...found } : null;
  }

  /** The conditions `column = value` that hold in any case for the reference. */
  private equalities(root: { readonly where: Expr | null }, ref: TableRef, table: TableFacts): { readonly column: string; readonly value: Node }[] {
    return conjuncts(root.where).flatMap((expr) => {
      if (expr.type !== 'comparison' || expr.operator !== '=') return [];
      const [column, other] = expr.left.type === 'column' ? [expr.left, expr.right] : [expr.right, expr.left];
      if (column.type !== 'column' || !isOf(column, ref) || other.type === 'column') return [];
      const value = this.nodeAt(other.range);
      return value && this.isPlain(value) ? [{ column: table.columns[column.name] ?? column.name, value }] : [];
    });
  }

  // ------------------------------------------------------------------------------------------- values

  /** The expression that stands at a range. */
  private nodeAt(range: Range): Node | null {
    let node = this.source.sourceCode.getNodeByRangeIndex(range[0]) as unknown as Node | null;
    for (let parent = node && parentOf(node); node && parent && parent.range[0] >= range[0] && parent.range[1] <= range[1]; parent = parentOf(node)) node = parent;
    if (node?.type === 'Property') node = node.value;
    return node && (node.range[0] === range[0] || contains({ range } as Node, node)) ? unwrap(node) : null;
  }

  /** A name or a member of one, that is the same at each place. */
  private isPlain(value: Node): boolean {
    const root = rootOf(value), variable = this.source.names.variable(root);
    if (value.type !== 'Identifier' && value.type !== 'MemberExpression') return false;
    for (let at: Node = value; at.type === 'MemberExpression'; at = unwrap(at.object)) if (unwrap(at.object).type === 'CallExpression') return false;
    return (root.type === 'ThisExpression' || (variable !== null && isFixed(variable))) && !dottedNames(value).includes(null);
  }

  private sameValue(a: Node, b: Node): boolean {
    const [left, right] = [rootOf(a), rootOf(b)];
    return dottedNames(a).join('.') === dottedNames(b).join('.') && left.type === right.type && this.source.names.variable(left) === this.source.names.variable(right);
  }

  private fixed(name: Node): Variable | null {
    const variable = this.source.names.variable(name);
    return variable && isFixed(variable) ? variable : null;
  }

  /** Is the value the column's own member of the variable: `row.id`? */
  private isMemberOf({ value, column, table }: Pin, variable: Variable): boolean {
    const names = dottedNames(value), [, member] = names;
    return names.length === 2 && member !== null && member !== undefined && this.source.names.variable(rootOf(value)) === variable && fold(table.columns[member] ?? member) === fold(column);
  }

  // ------------------------------------------------------------------------------------------- checks

  /** Is the result known to be there, where the later expression runs? */
  private isSure(result: Variable, earlier: Node, later: Node): boolean {
    for (let at = later, parent = parentOf(at); parent; at = parent, parent = parentOf(at)) {
      if (parent.type === 'IfStatement' && parent.consequent === at && this.saysPresent(parent.test, result)) return true;
      const before = statementsOf(parent)?.filter((statement) => statement.range[0] >= earlier.range[1] && statement.range[1] <= at.range[0]) ?? [];
      if (before.some((statement) => statement.type === 'IfStatement' && leaves(statement.consequent) && this.saysAbsent(statement.test, result))) return true;
      if (contains(parent, earlier)) return false;
    }
    return false;
  }

  /** Is the test true wherever there is no result? */
  private saysAbsent(test: Node, result: Variable): boolean {
    const at = unwrap(test);
    switch (at.type) {
      case 'UnaryExpression': return at.operator === '!' && this.isResult(at.argument, result);
      case 'LogicalExpression': return at.operator === '||' ? this.saysAbsent(at.left, result) || this.saysAbsent(at.right, result) : this.saysAbsent(at.left, result) && this.saysAbsent(at.right, result);
      case 'BinaryExpression': return /^(?:==|===|<)$/.test(at.operator) && /^(?:null|undefined|0|1)$/.test(this.textOf(at.right)) && this.isResult(at.left, result)
        && (/^(?:null|undefined)$/.test(this.textOf(at.right)) ? at.operator !== '<' : /\blength$/.test(this.textOf(at.left)) && (at.operator === '<') === (this.textOf(at.right) === '1'));
      default: return false;
    }
  }

  /** Is the test false wherever there is no result? */
  private saysPresent(test: Node, result: Variable): boolean {
    const at = unwrap(test);
    switch (at.type) {
      case 'LogicalExpression': return at.operator === '&&' && (this.saysPresent(at.left, result) || this.saysPresent(at.right, result));
      case 'BinaryExpression': return this.isResult(at.left, result) && ((/^!==?$/.test(at.operator) && /^(?:null|undefined)$/.test(this.textOf(at.right))) || (at.operator === '>' && this.textOf(at.right) === '0'));
      case 'UnaryExpression': return at.operator === '!' && this.saysAbsent(at.argument, result);
      default: return this.isResult(at, result);
    }
  }

  /** The result, or a member of it. */
  private isResult(node: Node, result: Variable): boolean {
    let at = unwrap(node);
    while (at.type === 'MemberExpression') at = unwrap(at.object);
    return this.source.names.variable(at) === result;
  }

  private textOf(node: Node): string {
    return this.source.text.slice(...node.range);
  }
}

/** Is a unique key an identifier that no later row gets again (`public_id`, `doc_id`)? Names and foreign keys are free when the row is dead. */
function isSurrogate([name, another]: readonly string[], { relations }: TableFacts): boolean {
  if (name === undefined || another !== undefined || !/(?:^|_)(?:id|uid|uuid|guid)$|[a-z](?:I[dD]|Uid|Uuid|UUID|Guid)$/.test(name)) return false;
  return !Object.values(relations).some(({ many, on }) => !many && on !== null && Object.keys(on).some((own) => fold(own) === fold(name)));
}

function isInBlock(node: Node): boolean {
  const parent = parentOf(node);
  return parent !== null && (statementsOf(parent)?.includes(node) ?? false);
}

/** The tables whose rows a SELECT gives: the first of FROM, and what is joined to it by INNER JOIN. */
function rowRefs({ from }: SelectBlock): TableRef[] {
  const [only, another] = from;
  const refs = (relation: Relation): TableRef[] => (relation.type === 'table' ? [relation] : relation.type !== 'join' ? [] : relation.kind === 'inner' ? [...refs(relation.left), ...refs(relation.right)] : relation.kind === 'left' ? refs(relation.left) : []);
  return only && !another ? refs(only) : [];
}

function conjuncts(expr: Expr | null): readonly Expr[] {
  return expr === null ? [] : expr.type === 'and' ? expr.operands.flatMap(conjuncts) : [expr];
}

function isOf({ of, qualifier }: ColumnExpr, ref: TableRef): boolean {
  return of ? of === ref : qualifier === null || fold(qualifier) === fold(ref.alias ?? ref.name);
}

/** Does a condition speak of a tombstone of the table, or is a part of it not seen? */
function mentions(where: Expr, { tombstones }: TableFacts): boolean {
  let found = false;
  replaced(where, (expr) => {
    found ||= expr.type === 'opaque' || (expr.type === 'column' && tombstones.some(({ names }) => names.some((name) => fold(name) === fold(expr.name))));
    return null;
  });
  return found;
}

/** Does a row of the result hold the table's column under its own name? */
function yields({ output }: SelectBlock, ref: TableRef, column: string): boolean {
  return output.some((item) => item.type === 'star' ? item.qualifier === null || fold(item.qualifier) === fold(ref.alias ?? ref.name) : item.type === 'expr' && item.expr.type === 'column' && isOf(item.expr, ref) && fold(item.expr.name) === fold(column));
}

/** The name that takes the result of an awaited call, or its first row. */
function resultOf(call: Node): TSESTree.Identifier | null {
  let at = wrapped(call);
  for (let parent = parentOf(at); parent; parent = parentOf(at)) {
    if (parent.type === 'AwaitExpression' || isWrapper(parent)) at = parent;
    else if (parent.type === 'MemberExpression' && parent.object === at && parent.computed && parent.property.type === 'Literal' && parent.property.value === 0) at = parent;
    else break;
  }
  const declarator = parentOf(at);
  if (declarator?.type !== 'VariableDeclarator' || declarator.init !== at) return null;
  const target = declarator.id.type === 'ArrayPattern' ? declarator.id.elements[0] : declarator.id;
  return target?.type === 'Identifier' ? target : null;
}

function calleeOf(node: Node): Node | null {
  const at = unwrap(node);
  return at.type === 'CallExpression' ? at.callee : null;
}

/** Is the variable set once, where it is declared? */
function isFixed({ defs, references }: Variable): boolean {
  return defs.length === 1 && references.every((reference) => !reference.isWrite() || reference.init === true);
}

/** Does the statement end the way through the block that it stands in? */
function leaves(statement: Node): boolean {
  if (statement.type === 'BlockStatement') return statement.body.length > 0 && leaves(statement.body.at(-1)!);
  return /^(?:Throw|Return|Continue|Break)Statement$/.test(statement.type);
}

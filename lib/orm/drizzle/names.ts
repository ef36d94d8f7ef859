/** What Drizzle's code calls tables and columns: constants of a schema, aliases, subqueries, CTEs, views, and the parameters of callbacks. */
import { fold, type TableFacts } from '../../manifest/catalog.js';
import type { Expr, Range, TableRef } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import { isText, type Chain, type ChainItem, type Step, type Value } from '../../source/values.js';
import { isCalled, type Called } from '../chains.js';
import { column, named } from '../expressions.js';
import type { Session } from '../session.js';

/** Functions that declare a table or view, of every dialect: `pgTable('users', ..)`, `pgTableCreator(..)('users')`, `schema.table('users')`. */
const FACTORY = /^(?:(?:pg|mysql|sqlite|singlestore|cockroach|mssql|gel)(?:Table|View|MaterializedView)|table|view|materializedView)$/;
const CREATOR = /TableCreator$/;
const SCHEMA = /^(?:pg|mysql|singlestore|cockroach|mssql|gel)Schema$/;
const VIEW = /view$/i;
/** Places of tables that a file does not import by name: `schema.users`, `this.tables.users`, `db._.fullSchema.users`. */
const HOLDER = /schema|tables?$|models?$|entities|^db$|^t$|^s$|^require$/i;

/** What a value stands for where a table may stand. */
export type Named =
  | { readonly type: 'table'; readonly key: string; readonly name: string; readonly schema: string | null; readonly alias: string | null; readonly facts: TableFacts | null }
  /** `db.select()...as('x')`: the chain in front of `.as`, or the callback of a view. */
  | { readonly type: 'query'; readonly key: string; readonly alias: string; readonly chain: Chain | null; readonly callback: Called | null }
  /** `db.$with('x').as(..)`. */
  | { readonly type: 'cte'; readonly key: string; readonly name: string; readonly as: Called }
  /** What a reader handed to a callback. */
  | { readonly type: 'given'; readonly key: object };

/** A reference that conditions may speak of. */
export interface Entry {
  /** The reference; null for a subquery, whose columns are found by its alias. */
  readonly ref: TableRef | null;
  readonly qualifier: string;
  readonly facts: TableFacts | null;
}

/** The references that a condition may speak of: those of its own block before those of the blocks around it. */
export class Scope {
  private readonly entries = new Map<unknown, Entry>();

  constructor(readonly outer: Scope | null = null) {}

  add(key: unknown, entry: Entry): void {
    this.entries.set(key, entry);
  }

  find(key: unknown): Entry | null {
    return this.entries.get(key) ?? this.outer?.find(key) ?? null;
  }

  /** What is known of a reference of this block or one around it. */
  entryOf(ref: TableRef): Entry | null {
    return this.own.find((entry) => entry.ref === ref) ?? this.outer?.entryOf(ref) ?? null;
  }

  /** Every reference of this block, in the order of their naming. */
  get own(): readonly Entry[] {
    return [...new Set(this.entries.values())];
  }

  /** A block that starts with the same references. */
  copy(): Scope {
    const scope = new Scope(this.outer);
    for (const [key, entry] of this.entries) scope.add(key, entry);
    return scope;
  }
}

/** The steps of a chain that does not fork. */
export function straight(chain: Chain): readonly Step[] | null {
  return chain.steps.every((item): item is Step => item.type === 'step') ? chain.steps : null;
}

/** The name of the function that a step calls: the member's, or for `f(..)` the name that `f` was imported by. */
export function functionName(session: Session, chain: Chain, index: number): string | null {
  const step = chain.steps[index];
  if (step?.type !== 'step' || !isCalled(step)) return null;
  if (step.name !== '') return step.name;
  if (index > 0 || chain.root.type !== 'node') return null;
  const root = unwrap(chain.root.node);
  if (root.type !== 'Identifier') return null;
  const origin = session.origin(root);
  return origin && origin.name !== 'default' && origin.name !== '*' ? origin.name : root.name;
}

/** What is asked of a value. What `require('./schema')` gives is a module, and no call that matters. */
export function chainOfName(session: Session, value: Value): Chain | null {
  const chain = session.chain(value), [first] = chain?.steps ?? [];
  if (!chain || chain.root.type !== 'node' || first?.type !== 'step' || first.name !== '' || !isCalled(first)) return chain;
  const root = unwrap(chain.root.node);
  return root.type === 'Identifier' && root.name === 'require' ? { root: chain.root, steps: chain.steps.slice(1) } : chain;
}

/** What a value is where a table may stand; null where it is none, or cannot be told. */
export function namedBy(session: Session, value: Value): Named | null {
  const chain = chainOfName(session, value);
  return chain && namedAt(session, chain, chain.steps.length);
}

/**
 * What the first steps of a chain stand for.
 * @param inColumn A column may follow: `ctx.user` of `ctx.user.id` is a value of the program, whatever tables are called.
 */
function namedAt(session: Session, chain: Chain, end: number, inColumn = false): Named | null {
  const items = chain.steps.slice(0, end);
  const calledAt = items.findLastIndex((item) => item.type !== 'step' || isCalled(item));
  if (calledAt < 0) return end === 0 && chain.root.type === 'given' ? { type: 'given', key: chain.root.given } : constantTable(session, chain, items as Step[], inColumn);
  // A member of what a call gave is a column, not a table.
  if (calledAt < items.length - 1) return null;
  const last = items[calledAt]!;
  return last.type === 'step' && isCalled(last) ? made(session, chain, items, last) : null;
}

/** `users`, `schema.users`. */
function constantTable(session: Session, chain: Chain, members: readonly Step[], inColumn: boolean): Named | null {
  if (chain.root.type !== 'node') return null;
  const root = unwrap(chain.root.node), origin = session.origin(root), last = members.at(-1);
  if (last) {
    if (last.name === null || last.name === '') return null;
    if (!inColumn && session.facts(last.name)) return table(session, last.name);
    const holders = [root.type === 'Identifier' ? root.name : null, origin?.name, origin?.module, ...members.slice(0, -1).map(({ name }) => name)];
    return origin?.name === '*' || holders.some((name) => name && HOLDER.test(name)) ? table(session, last.name) : null;
  }
  if (root.type !== 'Identifier') return null;
  if (!origin) return declaredTable(session, root);
  return origin.name === '*' ? null : table(session, origin.name === 'default' || session.facts(origin.name) === null && session.facts(root.name) !== null ? root.name : origin.name);
}

/** `const users = pgTable('users', ..)` of this file, whose name the evaluator gives as text. */
function declaredTable(session: Session, root: Node): Named | null {
  const definition = session.source.names.definition(root)?.node;
  const init = definition?.type === 'VariableDeclarator' && definition.init ? unwrap(definition.init) : null;
  const literal = init?.type === 'CallExpression' && init.arguments[0] ? session.string(session.value(init.arguments[0], null)) : null;
  if (literal === null || root.type !== 'Identifier') return null;
  return table(session, session.facts(root.name) ? root.name : literal);
}

function table(session: Session, name: string, schema: string | null = null): Named {
  const facts = (schema === null ? null : session.catalog.table(name, schema)) ?? session.facts(name);
  return { type: 'table', key: `table ${fold(facts?.name ?? name)}`, name: facts?.name ?? name, schema: facts ? facts.schema : schema, alias: null, facts };
}

/** What a call makes: `alias(users, 'u')`, `pgTable('users', ..)`, `db.select()..as('x')`. */
function made(session: Session, chain: Chain, items: readonly ChainItem[], last: Called): Named | null {
  const index = items.length - 1, name = functionName(session, chain, index), [first, second] = last.args;
  const text = (node: Node | undefined): string | null => (node ? session.string(session.value(node, last.env)) : null);
  if (name === null && index > 0 && CREATOR.test(functionName(session, chain, index - 1) ?? '')) return declared(session, created(session, items[index - 1] as Called, text(first)));
  switch (name) {
    case 'alias': case 'aliasedTable': {
      const base = first && namedBy(session, session.value(first, last.env)), alias = text(second);
      return base?.type === 'table' && alias !== null ? { ...base, alias, key: `alias ${fold(alias)}` } : null;
    }
    case 'getTableColumns': case 'getColumns': case 'getViewSelectedFields': return first ? namedBy(session, session.value(first, last.env)) : null;
    case 'existing': case 'enableRLS': case 'withSchema': case '$dynamic': return namedAt(session, chain, index);
    case 'as': return labelled(session, chain, items, last, text(first));
    default: {
      if (name === null || !FACTORY.test(name)) return null;
      const holder = index > 0 && SCHEMA.test(functionName(session, chain, index - 1) ?? '') ? items[index - 1] as Called : null;
      const schema = holder?.args[0] ? session.string(session.value(holder.args[0], holder.env)) : null;
      return declared(session, text(first), schema);
    }
  }
}

function declared(session: Session, name: string | null, schema: string | null = null): Named | null {
  return name === null ? null : table(session, name, schema);
}

/** The name that `pgTableCreator((name) => `app_${name}`)` makes of a table's; the manifest may know either. */
function created(session: Session, creator: Called, name: string | null): string | null {
  if (name === null || session.facts(name) || !creator.args[0]) return name;
  const fn = session.value(creator.args[0], creator.env);
  const made = session.apply(fn, [{ type: 'text', parts: [{ type: 'run', text: name, source: null, escape: 'none', leaf: null }], sql: false }], creator.node);
  return (made && session.string(made)) ?? name;
}

/** `$with('x').as(..)`, `pgView('x').as(..)`, `db.select()..as('x')`. */
function labelled(session: Session, chain: Chain, items: readonly ChainItem[], as: Called, alias: string | null): Named | null {
  const before = items.length - 2, maker = before >= 0 ? functionName(session, chain, before) : null, step = items[before];
  if (step?.type === 'step' && isCalled(step) && maker !== null && (maker === '$with' || VIEW.test(maker))) {
    const name = step.args[0] ? session.string(session.value(step.args[0], step.env)) : null;
    if (name === null) return null;
    return maker === '$with' ? { type: 'cte', key: `cte ${fold(name)}`, name, as } : { type: 'query', key: `table ${fold(name)}`, alias: name, chain: null, callback: as };
  }
  if (alias === null || before < 0) return null;
  return { type: 'query', key: `query ${fold(alias)}`, alias, chain: { root: chain.root, steps: items.slice(0, -1) }, callback: null };
}

/** The column that a value stands for; null where it is none. */
export function columnBy(session: Session, value: Value, scope: Scope, range: Range): Expr | null {
  const chain = chainOfName(session, value);
  if (!chain || (value.type === 'text' && value.chain === undefined)) return null;
  const found = columnOf(session, chain, scope);
  if (!found) return null;
  const { entry, name, table: of } = found;
  if (entry?.ref) return column(entry.ref, columnName(entry.facts, name), range);
  return named(entry?.qualifier ?? of, columnName(entry?.facts ?? null, name), range);
}

/** A column as SQL text spells it, by the name that its table has in the statement; null where the value is none. */
export function columnText(session: Session, value: Value, scope: Scope): string | null {
  const chain = chainOfName(session, value), found = chain && columnOf(session, chain, scope);
  return found ? `"${found.entry?.qualifier ?? found.table}"."${found.name}"` : null;
}

function columnOf(session: Session, chain: Chain, scope: Scope): { readonly entry: Entry | null; readonly name: string; readonly table: string } | null {
  const last = chain.steps.at(-1);
  if (last?.type !== 'step' || isCalled(last) || last.name === null || last.name === '') return null;
  let fallback: { entry: null; name: string; table: string } | null = null;
  // `sub.users.id`: the columns of a subquery over a join are grouped by their tables.
  for (let end = chain.steps.length - 1; end >= Math.max(0, chain.steps.length - 2); end--) {
    const owner = namedAt(session, chain, end, true);
    if (!owner) continue;
    const entry = scope.find(owner.key);
    if (entry) return { entry, name: last.name, table: entry.qualifier };
    if (end === chain.steps.length - 1 && owner.type !== 'given') fallback = { entry: null, name: last.name, table: owner.type === 'query' ? owner.alias : owner.type === 'table' ? owner.alias ?? owner.name : owner.name };
  }
  return fallback;
}

/** The database's name of a property. */
export function columnName(facts: TableFacts | null, property: string): string {
  return facts?.columns[property] ?? property;
}

/** Is the value a fragment of SQL that the file shows (and no table or column)? */
export function isFragment(value: Value): boolean {
  return isText(value) && !(value.type === 'text' && value.chain !== undefined);
}

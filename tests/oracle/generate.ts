/** Random queries over the schema: well typed, deterministic, most of them filtered the right way, some of them almost. */
import type { Random } from './random.js';
import { TABLES, tableOf, WORDS, type Table } from './schema.js';
import { decoy, live, type Mark } from './spell.js';
import {
  and, choose, coalesce, col, compare, inList, is, isNull, lit, not, or, same, select, walk,
  type Comparison, type Cte, type Dialect, type Expr, type Output, type Query, type Relation, type Select, type Type,
} from './tree.js';

/** A random query. The same generator state gives the same query. */
export function generate(random: Random, dialect: Dialect): Query {
  return new Generator(random, dialect).root();
}

/** A column of a relation or of a query's result. */
interface Column {
  readonly name: string;
  readonly type: Type;
  readonly nullable: boolean;
  /** The table whose `id` the value is, where it is one. */
  readonly names?: string;
}

/** Tombstones that a query leaves in its result, for the reader to filter, by the names of its columns. */
interface Exposed {
  readonly table: string | null;
  readonly marks: readonly { readonly kind: Mark['kind']; readonly column: string }[];
  readonly key: readonly string[] | null;
}

/** A reference whose dead rows somebody still has to filter. */
interface Due {
  readonly table: string | null;
  readonly marks: readonly Mark[];
  readonly key: readonly Expr[] | null;
}

/** A relation of FROM, as expressions name it. */
interface Leaf {
  alias: string;
  readonly columns: readonly Column[];
  readonly dues: readonly Due[];
  relation: Relation;
  /** `alias.*` yields the columns in this order. */
  readonly above: { readonly join: Join; readonly side: 'left' | 'right' }[];
}

type Join = Extract<Relation, { k: 'join' }>;

/** A relation of FROM with its leaves. */
interface Grown {
  readonly relation: Relation;
  readonly leaves: Leaf[];
  readonly merged: boolean;
  /** The columns that joins in it have merged. */
  readonly shared: readonly string[];
}

interface Scope {
  readonly leaves: readonly Leaf[];
  readonly outer: Scope | null;
  /** USING and NATURAL merge columns: names have to be qualified. */
  readonly merged: boolean;
  /** The columns that they merge, which have a name without a qualifier as well. */
  readonly shared?: ReadonlySet<string>;
}

/** A query with what its reader has to know. */
interface Made {
  readonly query: Query;
  readonly columns: readonly Column[];
  readonly exposed: readonly Exposed[];
}

interface NamedQuery {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly exposed: readonly Exposed[];
}

interface Context {
  readonly depth: number;
  readonly outer: Scope | null;
  readonly ctes: readonly NamedQuery[];
  /** The types that the result has to have; null: any. */
  readonly shape: readonly Type[] | null;
  /** May tombstones be left to the reader: as columns, only as one computed flag behind the shape, or not at all? */
  readonly expose: 'never' | 'columns' | 'flag';
  readonly role: 'result' | 'relation' | 'arm' | 'list' | 'exists' | 'scalar';
}

type Form = 'plain' | 'aggregate' | 'group' | 'window' | 'distinct' | 'distinct-on' | 'limit';

class Generator {
  readonly #random: Random;
  readonly #dialect: Dialect;
  /** How likely a reference is filtered where it has to be. */
  readonly #discipline: number;
  /** How many more references to tables the query may have. */
  #left: number;
  #ids = 0;
  #aliases = 0;
  /** The conditions of each join as they are being collected. */
  readonly #conditions = new Map<Join, Expr[]>();

  constructor(random: Random, dialect: Dialect) {
    this.#random = random;
    this.#dialect = dialect;
    this.#discipline = random.weighted([[5, () => 1], [3, () => 0.9], [4, () => 0.5]]);
    this.#left = random.weighted([[2, () => 1], [4, () => 2], [4, () => 3], [3, () => 4], [2, () => 6]]);
  }

  #can(feature: 'full' | 'distinct-on' | 'lateral' | 'filter' | 'quantified' | 'empty-group' | 'set-all' | 'derived-columns' | 'table-columns' | 'row-null' | 'row-list' | 'series' | 'arrays' | 'bool-aggregates' | 'list-limit' | 'grouping-sets'): boolean {
    switch (feature) {
      case 'full': case 'filter': case 'list-limit': return this.#dialect !== 'mysql';
      case 'lateral': case 'quantified': case 'set-all': case 'derived-columns': case 'row-list': return this.#dialect !== 'sqlite';
      default: return this.#dialect === 'postgresql';
    }
  }

  root(): Query {
    const { query } = this.#query({ depth: 0, outer: null, ctes: [], shape: null, expose: 'never', role: 'result' });
    dropUnread(query);
    return query;
  }

  #alias(base: string): string {
    return `${base[0]}${++this.#aliases}`;
  }

  // ---------------------------------------------------------------------------------------------- queries

  #query(context: Context): Made {
    const own: Cte[] = [], named: NamedQuery[] = [];
    const inner = (): Context => ({ ...context, ctes: [...context.ctes, ...named] });
    let recursive = false;
    if (context.role !== 'arm' && this.#random.chance(context.depth === 0 ? 0.3 : context.role === 'relation' ? 0.12 : 0.06)) {
      if (this.#left > 1 && this.#random.chance(0.3) && !context.ctes.some((entry) => entry.name === 'items')) {
        recursive = true;
        const { cte, ...entry } = this.#tree(inner());
        own.push(cte);
        named.push(entry);
      }
      for (let n = recursive ? 0 : 1; n > 0 && own.length < 3; n = this.#random.chance(0.35) ? 1 : 0) {
        const { cte, ...entry } = this.#cte(inner(), !recursive && this.#dialect !== 'sqlite');
        own.push(cte);
        named.push(entry);
      }
    }
    const setOperation = context.depth < 4 && this.#left > 1 && context.role !== 'scalar' && this.#random.chance(context.role === 'arm' ? 0.2 : 0.12);
    const made = setOperation ? this.#setOperation(inner()) : this.#select(inner());
    return { ...made, query: { ...made.query, ctes: own, recursive } };
  }

  #cte(context: Context, shadows: boolean): NamedQuery & { cte: Cte } {
    const made = this.#query({ ...context, depth: context.depth + 1, outer: null, shape: null, expose: 'columns', role: 'relation' });
    // Sometimes it hides the table of its name.
    const shadowed = shadows && this.#random.chance(0.12) ? this.#random.pick(TABLES).name : null;
    const name = shadowed !== null && !context.ctes.some((entry) => entry.name === shadowed) ? shadowed : this.#alias('recent');
    const renamed = this.#random.chance(0.2) && !hasStar(made.query) ? this.#renaming(made) : null;
    const { columns, exposed } = renamed ?? made;
    return { name, columns, exposed, cte: { k: 'with', name, columns: renamed ? columns.map((column) => column.name) : null, query: made.query, materialized: this.#random.weighted([[8, () => null], [1, () => true], [1, () => false]]) } };
  }

  /** New names for the columns of a query. */
  #renaming({ columns, exposed }: Made): { columns: Column[]; exposed: Exposed[] } {
    const names = new Map(columns.map((column, index) => [column.name, `x${index + 1}`]));
    return {
      columns: columns.map((column) => ({ ...column, name: names.get(column.name)! })),
      exposed: exposed.map(({ table, marks, key }) => ({
        table, marks: marks.map(({ kind, column }) => ({ kind, column: names.get(column)! })), key: key?.map((name) => names.get(name)!) ?? null,
      })),
    };
  }

  /** A recursive CTE that walks up or down from some rows. */
  #tree(context: Context): NamedQuery & { cte: Cte } {
    const [table, parent] = context.ctes.some((entry) => entry.name === 'users') ? ['items', 'parent_id'] as const : this.#random.pick([['users', 'manager_id'], ['items', 'parent_id']] as const);
    const name = this.#alias('tree');
    const { tombstones } = tableOf(table);
    const exposes = this.#random.chance(0.2), down = this.#random.chance(0.7), counts = this.#random.chance(0.4);
    const arm = (alias: string, first: boolean): Select => {
      this.#left--;
      const id = ++this.#ids;
      const due: Due = { table, marks: tombstones.map(({ column, kind }) => ({ kind, column: col(alias, column) })), key: [col(alias, 'id')] };
      const where: Expr[] = [], on: Expr[] = first ? [] : [down ? compare(col(alias, parent), '=', col(name, 'id')) : compare(col(name, parent), '=', col(alias, 'id'))];
      if (!exposes) this.#filter(due, this.#random.chance(0.5) && !first ? [on, where] : [where], new Map(), context);
      if (first && this.#random.chance(0.5)) where.push(this.#random.chance(0.5) ? compare(col(alias, 'id'), '<=', lit(this.#random.int(1, 4))) : isNull(col(alias, parent)));
      const output: Output[] = ['id', parent, ...exposes ? tombstones.map(({ column }) => column) : []].map((column) => ({ k: 'column-of', expr: col(alias, column), name: null }));
      if (counts) output.push({ k: 'column-of', expr: first ? lit(1) : { k: 'arithmetic', op: '+', left: col(name, 'depth'), right: lit(1) }, name: 'depth' });
      const own: Relation = { k: 'table', id, name: table, alias, columns: null };
      if (first) return select({ output, from: [own], where: where.length > 0 ? and(...where) : null });
      const self: Relation = { k: 'cte', name, alias: null };
      if (this.#random.chance(0.25)) return select({ output, from: this.#random.shuffle([own, self]), where: and(...on, ...where) });
      const [left, right] = this.#random.shuffle([own, self]) as [Relation, Relation];
      return select({ output, from: [{ k: 'join', kind: 'INNER', natural: false, left, right, on: and(...on), using: null }], where: where.length > 0 ? and(...where) : null });
    };
    const query: Query = { k: 'set', ctes: [], recursive: false, op: 'UNION', all: this.#random.chance(0.5), left: arm(this.#alias(table), true), right: arm(this.#alias(table), false), order: null, limit: null };
    const columns: Column[] = [
      { name: 'id', type: 'int', nullable: false, names: table }, { name: parent, type: 'int', nullable: true, names: table },
      ...exposes ? tableOf(table).columns.filter((column) => tombstones.some((tombstone) => tombstone.column === column.name)) : [],
      ...counts ? [{ name: 'depth', type: 'int' as const, nullable: false }] : [],
    ];
    const listed = this.#random.chance(0.3) ? columns.map((column) => column.name) : null;
    return { name, columns, exposed: exposes ? [{ table, marks: tombstones, key: ['id'] }] : [], cte: { k: 'with', name, columns: listed, query, materialized: null } };
  }

  #setOperation(context: Context): Made {
    const shape = context.shape ?? this.#random.weighted<Type[]>([[4, () => ['int']], [2, () => ['text']], [2, () => ['int', 'text']], [1, () => ['int', 'int']]]);
    const cut = this.#random.chance(0.06);
    const flag = context.expose === 'flag' || (context.expose === 'columns' && !cut && this.#random.chance(0.5));
    const arm = (): Made => this.#query({ ...context, depth: context.depth + 1, shape, expose: flag ? 'flag' : 'never', role: 'arm' });
    const left = arm(), right = arm();
    const op = this.#random.weighted([[6, () => 'UNION' as const], [2, () => 'INTERSECT' as const], [3, () => 'EXCEPT' as const]]);
    const all = this.#random.chance(0.5) && (op === 'UNION' || this.#can('set-all'));
    const query: Query = { k: 'set', ctes: [], recursive: false, op, all, left: left.query, right: right.query, order: cut || (context.role === 'result' && this.#random.chance(0.2)) ? { k: 'order', keys: [] } : null, limit: cut ? this.#random.int(1, 3) : null };
    const columns = left.columns.map((column, index) => ({ ...column, nullable: column.nullable || right.columns[index]!.nullable, names: column.names === right.columns[index]!.names ? column.names : undefined }));
    return { query, columns, exposed: flag ? left.exposed : [] };
  }

  #select(context: Context): Made {
    const { role } = context;
    const { relations, leaves, merged, shared, joins } = this.#from(context);
    const scope: Scope = { leaves, outer: context.outer, merged, shared };
    const form = this.#form(context);
    const folding = form !== 'plain' && form !== 'distinct';
    const where: Expr[] = [], exposed: Due[] = [];
    let aggregated: Due | null = null, grouped: Due | null = null;
    const together = this.#random.chance(0.06) ? this.#together(leaves, where) : new Set<Due>();
    for (const leaf of leaves) for (const due of leaf.dues) {
      if (together.has(due)) continue;
      if (form === 'group' && grouped === null && this.#random.chance(0.04)) {
        grouped = due;
        continue;
      }
      const disciplined = this.#random.chance(this.#discipline);
      if (context.expose !== 'never' && (!folding || (!disciplined && form !== 'aggregate' && form !== 'group')) && this.#random.chance(0.4)) exposed.push(due);
      else if ((form === 'aggregate' || form === 'group') && aggregated === null && this.#random.chance(isOptional(leaf) ? 0.5 : 0.2)) aggregated = due;
      else this.#place(due, leaf, where, scope, context, disciplined);
    }
    for (let n = this.#random.weighted([[5, () => 0], [4, () => 1], [1, () => 2]]); n > 0; n--) {
      const open = joins.length > 0 && this.#random.chance(0.15) ? this.#random.pick(joins) : null;
      if (open) open.on.push(this.#condition({ ...scope, merged: merged || this.#dialect === 'sqlite', leaves: leaves.filter((leaf) => leaf.above.some(({ join }) => join === open.join)) }, context));
      else where.push(this.#condition(scope, context));
    }
    // An anti-join, or its opposite.
    const optional = leaves.filter((leaf) => isOptional(leaf) && leaf.columns.length > 0);
    if (optional.length > 0 && this.#random.chance(0.15)) {
      const leaf = this.#random.pick(optional);
      where.push(isNull(col(leaf.alias, this.#random.pick(leaf.columns).name), this.#random.chance(0.3)));
    }
    this.#closeJoins(joins);
    const query = select({ from: relations, where: where.length > 0 ? and(...this.#random.shuffle(where)) : null });
    const columns = this.#outputs(query, form, scope, context, aggregated);
    if (grouped && query.group) {
      query.group.push(...grouped.marks.map(({ column }) => column));
      query.grouping = 'plain';
      const kept = and(...grouped.marks.map((mark) => live(this.#random, mark, this.#dialect)));
      query.having = query.having ? and(query.having, kept) : kept;
    }
    if (context.expose === 'flag') return this.#withFlag(query, columns, exposed);
    const shown = exposed.map((due) => this.#showing(query, columns, due));
    if (form === 'limit' || form === 'distinct-on' || (role === 'result' && this.#random.chance(0.25))) query.order = { k: 'order', keys: this.#orderKeys(query, scope, context) };
    if (form === 'limit') {
      query.limit = this.#random.int(1, 3);
      if (this.#random.chance(0.2)) query.offset = 1;
    }
    return { query, columns, exposed: shown };
  }

  #form({ role, shape }: Context): Form {
    const first = shape?.[0];
    const foldable = first === undefined || first === 'int' || first === 'text';
    return this.#random.weighted<Form>([
      [role === 'scalar' ? 3 : 14, () => 'plain'],
      [role === 'scalar' ? 14 : foldable && role !== 'exists' ? 3.5 : 0.3, () => 'aggregate'],
      [role === 'scalar' ? 0 : foldable ? 4 : 0, () => 'group'],
      [role === 'relation' || role === 'result' ? 1.5 : 0, () => 'window'],
      [role === 'exists' || role === 'scalar' ? 0 : 2, () => 'distinct'],
      [this.#can('distinct-on') && (role === 'relation' || role === 'result') ? 0.8 : 0, () => 'distinct-on'],
      [role === 'exists' || (role === 'list' && !this.#can('list-limit')) ? 0 : role === 'scalar' ? 0 : 1, () => 'limit'],
    ]);
  }

  /** Adds the outputs of a block. */
  #outputs(query: Select, form: Form, scope: Scope, context: Context, aggregated: Due | null): Column[] {
    const { shape, role } = context;
    const types = shape ?? Array.from({ length: this.#random.int(1, 3) }, () => this.#random.weighted<Type>([[6, () => 'int'], [3, () => 'text'], [0.5, () => 'bool']]));
    const columns: Column[] = [];
    const add = (expr: Expr, type: Type, known?: Column): void => {
      const name = known && expr.k === 'column' && expr.name === known.name && !columns.some((column) => column.name === known.name) ? known.name : `c${++this.#aliases}`;
      columns.push({ name, type, nullable: known?.nullable ?? true, names: known?.names });
      query.output.push({ k: 'column-of', expr, name: known?.name === name && this.#random.chance(0.8) ? null : name });
    };
    if (role === 'exists' && form === 'plain') {
      add(lit(1), 'int');
      return columns;
    }
    if (form === 'aggregate' || form === 'group') {
      const keys: { expr: Expr; column: Column }[] = [];
      if (form === 'group') {
        for (let n = this.#random.int(1, 2); n > 0; n--) {
          const found = this.#anyColumn(types[keys.length] ?? null, scope, false);
          if (found && !keys.some(({ expr }) => JSON.stringify(expr) === JSON.stringify(found.expr))) keys.push(found);
        }
      }
      // GROUP BY () folds as no GROUP BY does.
      query.group = keys.length > 0 ? keys.map(({ expr }) => expr) : this.#can('empty-group') && this.#random.chance(0.08) ? [] : null;
      if (query.group !== null && query.group.length > 0 && this.#can('grouping-sets') && this.#random.chance(0.1)) query.grouping = this.#random.pick(['rollup', 'cube', 'sets'] as const);
      for (const [index, type] of types.entries()) {
        const key = keys.find(({ column }, at) => column.type === type && at >= index && at === index);
        if (key) add(key.expr, type, key.column);
        else add(this.#aggregate(type, scope, context, aggregated), type);
      }
      if (form === 'aggregate' && query.group === null && !folds(query)) query.having = compare({ k: 'aggregate', name: 'count', arg: null, distinct: false, filter: null }, '>=', lit(0));
      if (this.#random.chance(0.2)) query.having = compare(this.#aggregate('int', scope, context, aggregated), this.#random.pick<Comparison>(['>', '>=', '<>', '<']), lit(this.#random.int(0, 2)));
      // What else may be said of a group: something that is looked up by its key.
      const known: Scope = { leaves: keys.flatMap(({ expr, column }) => expr.k === 'column' && expr.of !== null ? [{ alias: expr.of, columns: [{ ...column, name: expr.name }], dues: [], above: [], relation: { k: 'series', alias: expr.of, column: expr.name, to: 0 } } satisfies Leaf] : []), outer: context.outer, merged: true };
      if (known.leaves.length > 0 && query.grouping === 'plain' && shape === null && this.#left > 0 && context.depth < 3 && this.#random.chance(0.12)) add({ k: 'scalar', query: this.#scalarQuery('int', known, context) }, 'int');
      return columns;
    }
    const star = shape === null && form === 'plain' && !scope.merged && this.#random.chance(0.2) ? this.#random.pick(scope.leaves) : null;
    if (star && new Set(star.columns.map((column) => column.name)).size === star.columns.length && star.columns.length > 0) {
      query.output.push({ k: 'star', of: scope.leaves.length === 1 && this.#random.chance(0.5) ? null : star.alias, width: star.columns.length });
      columns.push(...star.columns);
      return columns;
    }
    for (const [index, type] of types.entries()) {
      if (form === 'window' && index === 0) {
        add(this.#window(scope), 'int');
        if (type === 'int') continue;
      }
      const found = this.#random.chance(0.8) ? this.#anyColumn(type, scope, true) : null;
      if (found) add(found.expr, type, found.column);
      else add(this.#scalar(type, scope, context), type);
    }
    // A marker, `1 AS found`, of the kind that anti-joins look for.
    if (shape === null && this.#random.chance(0.12)) add(this.#random.chance(0.5) ? lit(1) : choose(this.#simple(scope), lit(1), lit(2)), 'int');
    if (form === 'distinct') query.distinct = true;
    if (form === 'distinct-on') query.distinctOn = [this.#anyColumn(null, scope, false)?.expr ?? lit(1)];
    return columns;
  }

  /** Leaves the tombstones of a reference to the reader: as they are, or as a computed flag. */
  #showing(query: Select, columns: Column[], due: Due): Exposed {
    const show = (expr: Expr, type: Type, wanted: string | null): string => {
      const shownBefore = expr.k === 'column' && query.output.some((output) => output.k === 'star' && (output.of === null || output.of === expr.of));
      if (shownBefore) return expr.name;
      const name = wanted !== null && !columns.some((column) => column.name === wanted) ? wanted : `c${++this.#aliases}`;
      columns.push({ name, type, nullable: true });
      query.output.push({ k: 'column-of', expr, name });
      return name;
    };
    const type = (kind: Mark['kind']): Type => kind === 'number' || kind === 'dead-number' ? 'int' : kind === 'status' ? 'text' : kind === 'flag' || kind === 'nullable-flag' || kind === 'live-flag' ? 'bool' : 'time';
    if (this.#random.chance(0.3)) {
      const conditions = and(...due.marks.map((mark) => live(this.#random, mark, this.#dialect)));
      const [kind, expr] = this.#random.chance(0.6) ? ['live-flag' as const, conditions] : ['dead-number' as const, choose(conditions, lit(0), lit(1))];
      return { table: null, marks: [{ kind, column: show(expr, type(kind), null) }], key: null };
    }
    const marks = due.marks.map(({ kind, column }) => ({ kind, column: show(column, type(kind), column.k === 'column' ? column.name : null) }));
    const key = due.key && due.table !== null && this.#random.chance(0.3) ? due.key.map((expr) => show(expr, 'int', expr.k === 'column' ? expr.name : null)) : null;
    return { table: key ? due.table : null, marks, key };
  }

  /** Puts one flag behind the outputs of an arm that says whether all that is due is live. */
  #withFlag(query: Select, columns: Column[], due: readonly Due[]): Made {
    const name = `c${++this.#aliases}`;
    const conditions = due.flatMap(({ marks }) => marks).map((mark) => live(this.#random, mark, this.#dialect));
    const expr = conditions.length > 0 ? and(...conditions) : lit(true);
    query.output.push({ k: 'column-of', expr: folds(query) ? lit(true) : expr, name });
    columns.push({ name, type: 'bool', nullable: true });
    return { query, columns, exposed: [{ table: null, marks: [{ kind: 'live-flag', column: name }], key: null }] };
  }

  #orderKeys(query: Select, scope: Scope, context: Context): { expr: Expr; descending: boolean }[] {
    if (query.distinct || query.distinctOn || folds(query) || this.#random.chance(0.4)) return [];
    const expr = this.#scalar(this.#random.pick<Type>(['int', 'text']), { ...scope, merged: true }, context);
    // A constant would be read as a position.
    return expr.k === 'literal' || expr.k === 'parameter' ? [] : [{ expr, descending: this.#random.chance(0.5) }];
  }

  // ------------------------------------------------------------------------------------------------- FROM

  #from(context: Context): { relations: Relation[]; leaves: Leaf[]; merged: boolean; shared: ReadonlySet<string>; joins: OpenJoin[] } {
    let wanted = Math.min(this.#random.weighted([[10, () => 1], [9, () => 2], [5, () => 3], [2, () => 4], [0.7, () => 5]]), Math.max(1, this.#left));
    const joins: OpenJoin[] = [], items: Relation[] = [], leaves: Leaf[] = [], shared = new Set<string>();
    let merged = false;
    while (wanted > 0) {
      const behind = wanted > 1 && this.#random.chance(0.12) ? this.#random.int(1, wanted - 1) : 0;
      const lateral = items.length > 0 && this.#can('lateral') ? { leaves: [...leaves], outer: context.outer, merged } : null;
      const tree = this.#joined(context, wanted - behind, leaves, lateral, joins);
      items.push(tree.relation);
      leaves.push(...tree.leaves);
      for (const name of tree.shared) shared.add(name);
      merged ||= tree.merged;
      wanted = behind;
    }
    return { relations: items, leaves, merged, shared, joins };
  }

  /** A tree of joins over so many relations. */
  #joined(context: Context, count: number, beside: readonly Leaf[], lateral: Scope | null, joins: OpenJoin[]): Grown {
    if (count <= 1) {
      const leaf = this.#leaf(context, beside, lateral);
      return { relation: leaf.relation, leaves: [leaf], merged: false, shared: [] };
    }
    const behind = count > 2 && this.#random.chance(0.3) ? this.#random.int(2, count - 1) : 1;
    const left = this.#joined(context, count - behind, beside, lateral, joins);
    const kind = this.#random.weighted<Join['kind']>([[8, () => 'INNER'], [6, () => 'LEFT'], [1.8, () => 'RIGHT'], [this.#can('full') ? 1.4 : 0, () => 'FULL'], [0.7, () => 'CROSS']]);
    const seen = this.#can('lateral') && behind === 1 && kind !== 'RIGHT' && kind !== 'FULL' ? { leaves: left.leaves, outer: context.outer, merged: left.merged } : null;
    return this.#join(kind, left, this.#joined(context, behind, [...beside, ...left.leaves], seen, joins), joins);
  }

  #join(kind: Join['kind'], left: Grown, right: Grown, joins: OpenJoin[]): Grown {
    const join: Join = { k: 'join', kind, natural: false, left: left.relation, right: right.relation, on: null, using: null };
    for (const leaf of left.leaves) leaf.above.push({ join, side: 'left' });
    for (const leaf of right.leaves) leaf.above.push({ join, side: 'right' });
    const grown: Grown = { relation: join, leaves: [...left.leaves, ...right.leaves], merged: left.merged || right.merged, shared: [...left.shared, ...right.shared] };
    if (kind === 'CROSS') return grown;
    const shared = sharedColumns(left.leaves, right.leaves);
    if (shared && shared.length > 0 && this.#random.chance(0.15)) {
      if (this.#random.chance(0.4)) join.natural = true;
      else join.using = this.#random.chance(0.7) ? [this.#random.pick(shared)] : shared;
      return { ...grown, merged: true, shared: [...grown.shared, ...join.using ?? shared] };
    }
    const on = [this.#link(left.leaves, right.leaves)];
    // PostgreSQL joins FULL on plain equalities alone.
    if (kind === 'FULL' && this.#dialect === 'postgresql') join.on = and(...on);
    else joins.push({ join, on });
    this.#conditions.set(join, on);
    return grown;
  }

  #closeJoins(joins: readonly OpenJoin[]): void {
    for (const { join, on } of joins) join.on = and(...this.#random.shuffle(on));
  }

  /** An equality between two sides of a join: along a foreign key where there is one. */
  #link(left: readonly Leaf[], right: readonly Leaf[]): Expr {
    const pairs: [Expr, Expr][] = [], others: [Expr, Expr][] = [];
    for (const a of left) for (const b of right) for (const x of a.columns) for (const y of b.columns) {
      if (x.type !== 'int' || y.type !== 'int') continue;
      const pair: [Expr, Expr] = [col(a.alias, x.name), col(b.alias, y.name)];
      if (x.names !== undefined && x.names === y.names) pairs.push(pair);
      else others.push(pair);
    }
    const candidates = pairs.length > 0 && this.#random.chance(0.95) ? pairs : others;
    if (candidates.length === 0) return lit(true);
    const [x, y] = this.#random.shuffle(this.#random.pick(candidates)) as [Expr, Expr];
    return compare(x, '=', y);
  }

  #leaf(context: Context, beside: readonly Leaf[], lateral: Scope | null): Leaf {
    const { ctes, depth } = context;
    return this.#random.weighted<Leaf>([
      [12, () => this.#tableLeaf(context, beside)],
      [ctes.length > 0 ? 30 : 0, () => this.#cteLeaf(this.#random.pick(ctes), beside, context.outer)],
      [depth < 3 && this.#left > 0 ? 3 : 0, () => this.#derivedLeaf(context, null)],
      [lateral && lateral.leaves.length > 0 && depth < 3 && this.#left > 0 ? 2 : 0, () => this.#derivedLeaf(context, lateral)],
      [this.#can('series') ? 0.2 : 0, () => this.#seriesLeaf()],
      [this.#can('series') ? 0.2 : 0, () => this.#valuesLeaf()],
    ]);
  }

  #tableLeaf({ ctes, outer }: Context, beside: readonly Leaf[]): Leaf {
    this.#left--;
    const hidden = new Set(ctes.map((entry) => entry.name));
    const tables = TABLES.filter((table) => !hidden.has(table.name));
    const known = new Set(beside.flatMap((leaf) => leaf.columns.flatMap((column) => column.names ?? [])));
    const related = tables.filter((table) => columnsOf(table).some((column) => column.names !== undefined && known.has(column.names)));
    const pool = related.length > 0 && this.#random.chance(0.85) ? related : tables;
    const table = this.#random.weighted(pool.map((candidate) => [candidate.tombstones.length === 0 ? 0.6 : candidate.name === 'users' ? 2.5 : 1, () => candidate] as const));
    const alias = this.#free(table.name, beside, outer) && this.#random.chance(0.25) ? null : this.#alias(table.name);
    const called = alias ?? table.name;
    const renamed = alias !== null && this.#can('table-columns') && this.#random.chance(0.01) ? this.#renamedColumns(table) : null;
    const columns = columnsOf(table).map((column, index) => ({ ...column, name: renamed?.[index] ?? column.name }));
    const nameOf = (original: string): string => columns[table.columns.findIndex((column) => column.name === original)]!.name;
    const dues: Due[] = table.tombstones.length === 0 ? [] : [{
      table: table.name, key: table.key.map((name) => col(called, nameOf(name))),
      marks: table.tombstones.map(({ column, kind }) => ({ kind, column: col(called, nameOf(column)) })),
    }];
    return { alias: called, columns, dues, above: [], relation: { k: 'table', id: ++this.#ids, name: table.name, alias, columns: renamed } };
  }

  /** Does nothing in sight go by the name? */
  #free(name: string, beside: readonly Leaf[], outer: Scope | null): boolean {
    return beside.every((leaf) => leaf.alias !== name) && (outer === null || this.#free(name, outer.leaves, outer.outer));
  }

  /** Names for the columns of a table: new ones, or those of each other. */
  #renamedColumns(table: Table): string[] {
    const names = table.columns.map((column) => column.name);
    if (this.#random.chance(0.5)) return this.#random.shuffle(names);
    return names.map((name, index) => this.#random.chance(0.5) ? name : `x${index}`).slice(0, this.#random.int(1, names.length));
  }

  #cteLeaf(entry: NamedQuery, beside: readonly Leaf[], outer: Scope | null): Leaf {
    const alias = this.#free(entry.name, beside, outer) && this.#random.chance(0.4) ? null : this.#alias('read');
    return this.#readLeaf(alias ?? entry.name, entry, { k: 'cte', name: entry.name, alias });
  }

  #derivedLeaf(context: Context, lateral: Scope | null): Leaf {
    const made = this.#query({ ...context, depth: context.depth + 1, outer: lateral ?? context.outer, shape: null, expose: 'columns', role: 'relation' });
    if (lateral && made.query.k === 'select') this.#correlate(made.query, lateral, 0.9);
    const alias = this.#alias('derived');
    const renamed = this.#can('derived-columns') && this.#random.chance(0.15) && !hasStar(made.query) ? this.#renaming(made) : null;
    return this.#readLeaf(alias, renamed ?? made, { k: 'derived', query: made.query, alias, columns: renamed ? renamed.columns.map((column) => column.name) : null, lateral: lateral !== null });
  }

  #readLeaf(alias: string, { columns, exposed }: Pick<Made, 'columns' | 'exposed'>, relation: Relation): Leaf {
    const dues = exposed.map(({ table, marks, key }) => ({ table, marks: marks.map(({ kind, column }) => ({ kind, column: col(alias, column) })), key: key?.map((name) => col(alias, name)) ?? null }));
    return { alias, columns, dues, above: [], relation };
  }

  #seriesLeaf(): Leaf {
    const alias = this.#alias('series');
    return { alias, columns: [{ name: 'n', type: 'int', nullable: false }], dues: [], above: [], relation: { k: 'series', alias, column: 'n', to: this.#random.int(1, 4) } };
  }

  #valuesLeaf(): Leaf {
    const alias = this.#alias('values');
    const rows = Array.from({ length: this.#random.int(1, 3) }, () => [lit(this.#random.int(1, 4)), lit(this.#random.pick(WORDS))]);
    return { alias, columns: [{ name: 'n', type: 'int', nullable: false }, { name: 'word', type: 'text', nullable: false }], dues: [], above: [], relation: { k: 'values', alias, columns: ['n', 'word'], rows } };
  }

  // ---------------------------------------------------------------------------------------------- filters

  /** Filters a reference of a block: in a place where that counts, if disciplined, else anywhere or not at all. */
  #place(due: Due, leaf: Leaf, where: Expr[], scope: Scope, context: Context, disciplined: boolean): void {
    const spots: Expr[][] = [], anywhere: Expr[][] = [where];
    // What a condition in ON may speak of.
    const sight = new Map<Expr[], Scope>([[where, scope]]);
    let nullable = false;
    for (const { join, side } of leaf.above) {
      const optional = isNullable(join, side);
      const on = join.on === null ? this.#conditions.get(join) : undefined;
      if (on) {
        anywhere.push(on);
        // SQLite looks for unqualified names of ON in the whole of FROM.
        sight.set(on, { ...scope, merged: scope.merged || this.#dialect === 'sqlite', leaves: scope.leaves.filter((other) => other.above.some((above) => above.join === join)) });
      }
      if (!nullable && on && (optional || join.kind === 'INNER')) spots.push(on);
      nullable ||= optional || join.kind === 'FULL';
    }
    if (!nullable) spots.push(where, where);
    if (!disciplined) {
      this.#random.weighted([
        [3, () => undefined],
        [3, () => this.#filter(due, anywhere, sight, context)],
        [3, () => {
          const spot = this.#random.pick(anywhere);
          spot.push(...due.marks.map((mark) => decoy(this.#random, mark, this.#dialect, () => this.#condition(sight.get(spot)!, context, true))));
        }],
        [1, () => {
          const spot = this.#random.pick(anywhere);
          this.#filter(this.#otherDue(sight.get(spot)!) ?? due, [spot], sight, context);
        }],
        [isOptional(leaf) && due.key ? 4 : 0, () => { where.push(or(isNull(due.key![0]!), and(...due.marks.map((mark) => live(this.#random, mark, this.#dialect))))); }],
        [due.marks.length > 1 ? 3 : 0, () => this.#filter({ ...due, marks: due.marks.slice(0, 1) }, spots.length > 0 ? spots : anywhere, sight, context)],
      ]);
    } else if (spots.length > 0) this.#filter(due, spots, sight, context);
    else this.#wrap(due, leaf, where, sight, context);
  }

  /** `coalesce(a.deleted_at, b.deleted_at) IS NULL`: one condition for two references. */
  #together(leaves: readonly Leaf[], where: Expr[]): ReadonlySet<Due> {
    const dues = leaves.flatMap((leaf) => leaf.dues).filter(({ marks }) => marks.length === 1 && marks[0]!.kind === 'timestamp');
    if (dues.length < 2) return new Set();
    const [a, b] = this.#random.shuffle(dues) as [Due, Due];
    where.push(isNull(coalesce(a.marks[0]!.column, b.marks[0]!.column)));
    return new Set([a, b]);
  }

  /** A condition on something that is no tombstone of the reference, but is called like one. */
  #otherDue(scope: Scope): Due | null {
    const named = scope.leaves.flatMap((leaf) => leaf.columns.filter((column) => column.name === 'deleted_at' || column.name === 'is_deleted' || column.name === 'status')
      .map((column): Due => ({ table: null, key: null, marks: [{ kind: column.name === 'deleted_at' ? 'timestamp' : column.name === 'status' ? 'status' : 'flag', column: col(leaf.alias, column.name) }] }))
      .filter((due) => leaf.columns.find((column) => column.name === (due.marks[0]!.column as { name: string }).name)!.type === (due.marks[0]!.kind === 'timestamp' ? 'time' : due.marks[0]!.kind === 'status' ? 'text' : 'bool')));
    return named.length > 0 ? this.#random.pick(named) : null;
  }

  /** Adds the live filter of a reference to one of some places. */
  #filter(due: Due, spots: readonly Expr[][], sight: ReadonlyMap<Expr[], Scope>, context: Context): void {
    const spot = this.#random.pick(spots);
    const scope = sight.get(spot) ?? { leaves: [], outer: null, merged: false };
    if (due.table !== null && due.key && this.#left > 0 && !context.ctes.some((entry) => entry.name === due.table) && this.#random.chance(0.06)) {
      spot.push(this.#sameAsLive(due.table, due.key));
      return;
    }
    if (sight.has(spot) && this.#left > 0 && context.depth < 3 && this.#random.chance(0.04)) {
      // The filter of this row, within a subquery that it is correlated with.
      const { query } = this.#query({ ...context, depth: context.depth + 1, outer: scope, shape: ['int'], expose: 'never', role: 'exists' });
      if (query.k === 'select') {
        const kept = due.marks.map((mark) => live(this.#random, mark, this.#dialect));
        query.where = and(...this.#random.shuffle([...query.where ? [query.where] : [], ...kept]));
        spot.push(this.#random.chance(0.9) ? { k: 'exists', query } : not({ k: 'exists', query }));
        return;
      }
    }
    const conditions = due.marks.map((mark) => live(this.#random, { ...mark, column: this.#unqualified(mark.column, scope) }, this.#dialect));
    if (this.#random.chance(0.06)) spot.push(not(or(...conditions.map(not), ...this.#random.chance(0.3) ? [this.#condition(scope, context, true)] : [])));
    else spot.push(...conditions);
  }

  /** `id IN (SELECT id FROM users WHERE deleted_at IS NULL)`. */
  #sameAsLive(name: string, key: readonly Expr[]): Expr {
    this.#left--;
    const table = tableOf(name), alias = this.#alias(name);
    const query = select({
      output: table.key.map((column) => ({ k: 'column-of', expr: col(alias, column), name: null })),
      from: [{ k: 'table', id: ++this.#ids, name, alias, columns: null }],
      where: and(...table.tombstones.map(({ column, kind }) => live(this.#random, { kind, column: col(alias, column) }, this.#dialect))),
    });
    if (key.length === 1 && this.#can('quantified') && this.#random.chance(0.3)) return { k: 'quantified', op: '=', all: false, left: key[0]!, query };
    return { k: 'in', negated: false, left: key.length === 1 ? key[0]! : { k: 'row', keyword: false, items: [...key] }, list: null, query };
  }

  /** Filters a table before it is joined: `(SELECT * FROM users WHERE ..) AS u`. */
  #wrap(due: Due, leaf: Leaf, where: Expr[], sight: ReadonlyMap<Expr[], Scope>, context: Context): void {
    const { relation } = leaf;
    if (relation.k !== 'table' || relation.columns) {
      this.#filter(due, [where], sight, context);
      return;
    }
    const inner: Relation = { ...relation };
    const conditions: Expr[] = [];
    this.#filter(due, [conditions], new Map(), context);
    const query = select({ output: [{ k: 'star', of: null, width: leaf.columns.length }], from: [inner], where: and(...conditions) });
    const derived: Relation = { k: 'derived', query, alias: leaf.alias, columns: null, lateral: false };
    // The tree of joins holds the relation already.
    for (const property of Object.keys(relation)) Reflect.deleteProperty(relation, property);
    Object.assign(relation, derived);
  }

  // ------------------------------------------------------------------------------------------ expressions

  /** Sometimes leaves the qualifier out, where the name is clear without it. */
  #unqualified(expr: Expr, scope: Scope): Expr {
    if (expr.k !== 'column' || !this.#random.chance(0.15)) return expr;
    if (scope.merged) {
      const alike = scope.leaves.filter((leaf) => leaf.columns.some((column) => column.name === expr.name));
      return scope.shared?.has(expr.name) && alike.length === 2 && alike.some((leaf) => leaf.alias === expr.of) ? col(null, expr.name) : expr;
    }
    for (let at: Scope | null = scope; at; at = at.outer) {
      const owners = at.leaves.filter((leaf) => leaf.columns.some((column) => column.name === expr.name));
      if (owners.length === 0 && !at.merged) continue;
      return owners.length === 1 && owners[0]!.alias === expr.of && !at.merged ? col(null, expr.name) : expr;
    }
    return expr;
  }

  /** A column in scope; of an outer query now and then. */
  #anyColumn(type: Type | null, scope: Scope, short: boolean): { expr: Expr; column: Column } | null {
    let at: Scope = scope;
    while (at.outer && (at.leaves.length === 0 || this.#random.chance(0.12))) at = at.outer;
    const found = at.leaves.flatMap((leaf) => leaf.columns.filter((column) => type === null ? column.type === 'int' || column.type === 'text' : column.type === type).map((column) => ({ expr: col(leaf.alias, column.name), column })));
    if (found.length === 0) return null;
    const picked = this.#random.pick(found);
    return short ? { ...picked, expr: this.#unqualified(picked.expr, scope) } : picked;
  }

  #literal(type: Type): Expr {
    switch (type) {
      case 'int': return this.#random.chance(0.1) ? { k: 'parameter', value: this.#random.int(1, 4) } : lit(this.#random.int(1, 4));
      case 'text': return this.#random.chance(0.1) ? { k: 'parameter', value: this.#random.pick(WORDS) } : lit(this.#random.pick(WORDS));
      case 'bool': return lit(this.#random.chance(0.5));
      case 'time': return lit('2020-06-01 00:00:00');
    }
  }

  #scalar(type: Type, scope: Scope, context: Context): Expr {
    const column = (): Expr => this.#anyColumn(type, scope, true)?.expr ?? this.#literal(type);
    return this.#random.weighted<Expr>([
      [10, column],
      [1, () => this.#literal(type)],
      [1, () => coalesce(column(), this.#literal(type))],
      [type === 'int' ? 1 : 0, () => ({ k: 'arithmetic', op: this.#random.pick(['+', '-', '*'] as const), left: column(), right: this.#literal('int') })],
      [type === 'text' ? 1 : 0, () => ({ k: 'call', name: this.#random.pick(['lower', 'upper']), args: [column()] })],
      [0.7, () => choose(this.#simple(scope), column(), this.#random.chance(0.5) ? this.#literal(type) : null)],
      [type === 'bool' ? 4 : 0.3, () => type === 'bool' ? this.#condition(scope, context) : choose(this.#condition(scope, context), column(), null)],
      [this.#left > 0 && context.depth < 3 && (type === 'int' || type === 'text') ? 1.5 : 0, () => ({ k: 'scalar', query: this.#scalarQuery(type, scope, context) })],
    ]);
  }

  #scalarQuery(type: Type, scope: Scope, context: Context): Query {
    const inner: Context = { ...context, depth: context.depth + 1, outer: scope, shape: [type], expose: 'never', role: 'scalar' };
    const { query } = this.#query(inner);
    if (query.k !== 'select') return query;
    this.#correlate(query, scope, 0.7);
    // More than one row would be an error; which one is decided by the order.
    if (query.group !== null || !folds(query)) query.limit = 1;
    return query;
  }

  /** Ties a subquery to a row of the query around it. */
  #correlate(query: Select, outer: Scope, probability: number): void {
    const relations = query.from.flatMap(leavesOf);
    const inner = relations.filter((relation) => relation.k === 'table' && relation.columns === null);
    if (inner.length === 0 || outer.leaves.length === 0 || !this.#random.chance(probability)) return;
    const relation = this.#random.pick(inner) as Extract<Relation, { k: 'table' }>;
    const own: Leaf = { alias: relation.alias ?? relation.name, columns: columnsOf(tableOf(relation.name)), dues: [], relation, above: [] };
    const visible = outer.leaves.filter((leaf) => relations.every((hiding) => nameOf(hiding) !== leaf.alias));
    if (visible.length === 0) return;
    const link = this.#link([own], visible);
    query.where = query.where ? and(link, query.where) : link;
  }

  #window(scope: Scope): Expr {
    const column = (type: Type | null): Expr => this.#anyColumn(type, scope, false)?.expr ?? lit(1);
    const partition = this.#random.chance(0.5) ? [column(null)] : [];
    const own = scope.leaves.length === 1 && scope.leaves[0]!.relation.k === 'table' && scope.leaves[0]!.columns[0]!.name === 'id' ? [col(scope.leaves[0]!.alias, 'id')] : null;
    return this.#random.weighted<Expr>([
      [2, () => ({ k: 'window', name: this.#random.pick(['rank', 'dense_rank']), arg: null, partition, order: [column(null)] })],
      [own ? 3 : 0, () => ({ k: 'window', name: 'row_number', arg: null, partition, order: own! })],
      [2, () => ({ k: 'window', name: 'count', arg: null, partition, order: [] })],
      [2, () => ({ k: 'window', name: this.#random.pick(['sum', 'max', 'min', 'count']), arg: column('int'), partition, order: this.#random.chance(0.3) ? [column('int')] : [] })],
      [own ? 1 : 0, () => ({ k: 'window', name: this.#random.pick(['lag', 'lead']), arg: column('int'), partition, order: own! })],
    ]);
  }

  #aggregate(type: Type, scope: Scope, context: Context, filtered: Due | null): Expr {
    if (type === 'bool' && !this.#can('bool-aggregates')) return compare(this.#aggregate('int', scope, context, filtered), '>', lit(1));
    const plain = (kind: Type): Expr => this.#anyColumn(kind, { ...scope, outer: null }, true)?.expr ?? this.#literal(kind);
    const number = type !== 'text' && type !== 'bool';
    const call: Extract<Expr, { k: 'aggregate' }> = this.#random.weighted<Extract<Expr, { k: 'aggregate' }>>([
      [number ? 3 : 0, () => ({ k: 'aggregate', name: 'count', arg: null, distinct: false, filter: null })],
      [number ? 3 : 0, () => ({ k: 'aggregate', name: 'count', arg: plain(this.#random.pick<Type>(['int', 'int', 'text'])), distinct: this.#random.chance(0.3), filter: null })],
      [number ? 3 : 0, () => ({ k: 'aggregate', name: 'sum', arg: plain('int'), distinct: this.#random.chance(0.1), filter: null })],
      [type === 'bool' ? 0 : 3, () => ({ k: 'aggregate', name: this.#random.pick(['min', 'max']), arg: plain(type), distinct: false, filter: null })],
      [type === 'text' ? 2 : 0, () => ({ k: 'aggregate', name: 'string_agg', arg: plain('text'), distinct: this.#random.chance(0.3), filter: null })],
      [type === 'bool' ? 1 : 0, () => ({ k: 'aggregate', name: this.#random.pick(['bool_and', 'bool_or']), arg: this.#simple({ ...scope, outer: null }), distinct: false, filter: null })],
    ]);
    if (filtered && this.#random.chance(0.9)) {
      const condition = (): Expr => and(...filtered.marks.map((mark) => live(this.#random, mark, this.#dialect)));
      const arg = call.arg ?? lit(1);
      if (this.#can('filter') && (this.#random.chance(0.5) || call.arg === null)) return { ...call, filter: condition() };
      const zero = call.name === 'sum' && this.#random.chance(0.3);
      const value: Expr = { ...call, arg: choose(condition(), arg, zero ? lit(0) : null) };
      return zero && this.#random.chance(0.7) ? coalesce(value, lit(0)) : value;
    }
    if (this.#can('filter') && this.#random.chance(0.1)) return { ...call, filter: this.#condition({ ...scope, outer: null }, context, this.#random.chance(0.7)) };
    return call;
  }

  /** A condition without subqueries. */
  #simple(scope: Scope): Expr {
    const column = (type: Type): Expr => this.#anyColumn(type, scope, true)?.expr ?? this.#literal(type);
    const comparison = (): Comparison => this.#random.pick<Comparison>(['=', '=', '<>', '<', '<=', '>', '>=']);
    return this.#random.weighted<Expr>([
      [5, () => compare(column('int'), comparison(), this.#literal('int'))],
      [2, () => compare(column('int'), comparison(), column('int'))],
      [3, () => compare(column('text'), this.#random.pick<Comparison>(['=', '<>']), this.#literal('text'))],
      [1, () => ({ k: 'arithmetic', op: 'LIKE', left: column('text'), right: lit(this.#random.pick(['a%', '%a%', 'o%'])) })],
      [1.5, () => {
        const found = this.#anyColumn(null, scope, true);
        return found ? isNull(found.expr, !found.column.nullable || this.#random.chance(0.5)) : lit(true);
      }],
      [1.5, () => inList(column('int'), [this.#literal('int'), this.#literal('int')], this.#random.chance(0.2))],
      [0.7, () => ({ k: 'between', negated: this.#random.chance(0.2), arg: column('int'), low: lit(1), high: this.#literal('int') })],
      [0.5, () => compare({ k: 'row', keyword: this.#can('row-null') && this.#random.chance(0.3), items: [column('int'), column('text')] }, this.#random.pick<Comparison>(['=', '<>', '<']), { k: 'row', keyword: false, items: [this.#literal('int'), this.#literal('text')] })],
      [this.#can('row-list') ? 0.3 : 0, () => inList({ k: 'row', keyword: false, items: [column('int'), column('int')] }, [{ k: 'row', keyword: false, items: [lit(1), lit(2)] }, { k: 'row', keyword: false, items: [lit(2), lit(2)] }])],
      [0.3, () => same(column('int'), column('int'), this.#random.chance(0.3))],
      [0.2, () => is(compare(column('int'), '>', this.#literal('int')), this.#random.pick(['TRUE', 'FALSE', 'UNKNOWN'] as const), this.#random.chance(0.5))],
      [0.3, () => compare(coalesce(column('int'), column('int')), comparison(), this.#literal('int'))],
    ]);
  }

  #condition(scope: Scope, context: Context, simple = false): Expr {
    const nested = !simple && this.#left > 0 && context.depth < 4;
    const inner = (shape: readonly Type[], role: Context['role']): Context => ({ ...context, depth: context.depth + 1, outer: scope, shape, expose: 'never', role });
    const related = (query: Query, probability: number): Query => {
      if (query.k === 'select') this.#correlate(query, scope, probability);
      return query;
    };
    const list = (): Query => {
      const { query } = this.#query(inner(['int'], 'list'));
      return related(query, 0.35);
    };
    const number = (): Expr => this.#anyColumn('int', scope, true)?.expr ?? lit(1);
    return this.#random.weighted<Expr>([
      [7, () => this.#simple(scope)],
      [0.7, () => or(this.#simple(scope), this.#condition(scope, context, simple))],
      [0.3, () => not(and(this.#simple(scope), this.#simple(scope)))],
      [nested ? 2.5 : 0, () => {
        const exists: Expr = { k: 'exists', query: related(this.#query(inner(['int'], 'exists')).query, 0.95) };
        return this.#random.chance(0.35) ? not(exists) : exists;
      }],
      [nested ? 2.5 : 0, () => ({ k: 'in', negated: this.#random.chance(0.3), left: number(), list: null, query: list() })],
      [nested ? 0.3 : 0, () => ({ k: 'in', negated: this.#random.chance(0.2), left: { k: 'row', keyword: false, items: [number(), number()] }, list: null, query: this.#query(inner(['int', 'int'], 'list')).query })],
      [nested && this.#can('quantified') ? 0.6 : 0, () => ({ k: 'quantified', op: this.#random.pick<Comparison>(['=', '<>', '>', '<=']), all: this.#random.chance(0.4), left: number(), query: list() })],
      [nested ? 1 : 0, () => compare(number(), this.#random.pick<Comparison>(['=', '<>', '>', '<=']), { k: 'scalar', query: this.#scalarQuery('int', scope, context) })],
      [nested && this.#can('row-null') ? 0.3 : 0, () => {
        const { query } = this.#query(inner(['int', 'int'], 'scalar'));
        if (query.k === 'set' || query.group !== null || !folds(query)) query.limit = 1;
        return compare({ k: 'row', keyword: false, items: [number(), number()] }, this.#random.pick<Comparison>(['=', '<>', '<']), { k: 'scalar', query });
      }],
    ]);
  }
}

/** Is the side of an outer join filled up with NULLs? */
function isNullable({ kind }: Join, side: 'left' | 'right'): boolean {
  return (kind === 'LEFT' && side === 'right') || (kind === 'RIGHT' && side === 'left');
}

function isOptional(leaf: Leaf): boolean {
  return leaf.above.some(({ join, side }) => isNullable(join, side));
}

/** Leaves out the CTEs that nothing reads. */
function dropUnread(query: Query): void {
  for (let dropped = true; dropped;) {
    dropped = false;
    const read = new Map<string, number>();
    const count = (part: unknown, by: number): void => walk(part, (node) => { if (node.k === 'cte') read.set(node.name, (read.get(node.name) ?? 0) + by); });
    count(query, 1);
    walk(query, (node) => {
      if (node.k !== 'select' && node.k !== 'set') return;
      const kept = node.ctes.filter((cte) => {
        // A recursive one reads itself.
        count(cte.query, cte.query.k === 'set' ? -1 : 0);
        const isRead = (read.get(cte.name) ?? 0) > 0;
        count(cte.query, cte.query.k === 'set' ? 1 : 0);
        return isRead;
      });
      dropped ||= kept.length < node.ctes.length;
      node.ctes = kept;
      node.recursive &&= kept.length > 0;
    });
  }
}

interface OpenJoin {
  readonly join: Join;
  readonly on: Expr[];
}

function columnsOf(table: Table): Column[] {
  return table.columns.map(({ name, type, nullable, references }) => ({ name, type, nullable, names: name === 'id' ? table.name : references }));
}

/** Names and types that both sides have exactly once; null where a name of one side is ambiguous on the other. */
function sharedColumns(left: readonly Leaf[], right: readonly Leaf[]): string[] | null {
  const columns = (leaves: readonly Leaf[]): Column[] => leaves.flatMap((leaf) => leaf.columns);
  const a = columns(left), b = columns(right);
  const shared = [...new Set(a.map((column) => column.name))].filter((name) => b.some((column) => column.name === name));
  const clear = shared.every((name) => a.filter((column) => column.name === name).length === 1 && b.filter((column) => column.name === name).length === 1
    && a.find((column) => column.name === name)!.type === b.find((column) => column.name === name)!.type);
  return clear ? shared : null;
}

/** Columns behind a star are not counted by who does not know the table. */
function hasStar(query: Query): boolean {
  return query.k === 'set' ? hasStar(query.left) : query.output.some((output) => output.k === 'star');
}

function leavesOf(relation: Relation): Relation[] {
  return relation.k === 'join' ? [...leavesOf(relation.left), ...leavesOf(relation.right)] : [relation];
}

function nameOf(relation: Relation): string | null {
  return relation.k === 'join' ? null : relation.alias ?? ('name' in relation ? relation.name : null);
}

/** Does a block yield one row for many? */
function folds(query: Select): boolean {
  return query.group !== null || query.having !== null || query.output.some((output) => output.k === 'column-of' && containsAggregate(output.expr));
}

function containsAggregate(expr: unknown): boolean {
  if (Array.isArray(expr)) return expr.some(containsAggregate);
  if (typeof expr !== 'object' || expr === null) return false;
  const node = expr as { k?: string };
  if (node.k === 'aggregate') return true;
  // Subqueries fold their own rows.
  return node.k !== 'select' && node.k !== 'set' && Object.values(node).some(containsAggregate);
}

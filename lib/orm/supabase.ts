/**
 * Supabase and PostgREST: `supabase.from('users').select('id, posts(*)').is('deleted_at', null)`. Read against postgrest-js 2.109, which turns each call into a
 * parameter of a request, and PostgREST's documentation, which says what a request means. Builders are changed by their methods, and sent when they are awaited.
 */
import type { Assignment, Expr, Insert, OutputColumn, Query, Range, Relation, TableRef } from '../model/query.js';
import { singular } from '../schema/pluralise.js';
import { dottedNames, lastName, parentOf, propertyName, wrapped, type Node } from '../source/ast.js';
import type { TableFacts } from '../manifest/catalog.js';
import type { Chain, ChainItem, Env, Step, Value } from '../source/values.js';
import { sourceRange, type SqlText } from '../sql/sql-text.js';
import { isCalled, stepsOf, type Called } from './chains.js';
import { entryOf } from './conditions.js';
import { aggregate, and, choice, column, comparison, literal, named, not, opaque, operation, parameter, select } from './expressions.js';
import { guardNamed, rowsOf } from './guards.js';
import type { Call, OrmLibrary, OrmStatement } from './library.js';
import type { Session } from './session.js';
import { compared, HOLE, listed, marked, parseLogic, textValue } from './supabase/filters.js';
import { remediesFor, type Places } from './supabase/remedies.js';
import { isAggregated, parseSelect, type Embed, type Field } from './supabase/select-string.js';

const VERBS = /^(?:select|update|delete|insert|upsert)$/;
/** Methods that no other library with `from('table')` has. */
const OWN = /^(?:eq|neq|is|isDistinct|gte?|lte?|i?like(?:AllOf|AnyOf)?|match|contains|containedBy|overlaps|range\w*|textSearch|single|maybeSingle|upsert|abortSignal|returns|overrideTypes|throwOnError|csv|geojson|maxAffected)$/;
/** Methods of other libraries that have `from` as well. */
const FOREIGN = /^(?:(?:and|or)?[wW]here\w*|\w*[jJ]oin\w*|groupBy|having\w*|first|del|returning|execute\w*|getMany\w*|getRawMany|getOne|pluck|increment|decrement|paginate|preload|query)$/;
const SUPABASE = /supabase|postgrest/i;
/** After these a builder takes no more filters. */
const ENDS = /^(?:single|maybeSingle|csv|geojson|explain|then|catch|finally)$/;
/** Functions that run the query that they are given. */
const RUNS = /execut|paginat|fetch|^run|unwrap|throwOnError|handle|^use(?:Infinite|Prefetch|Suspense)?\w*Query|collect|stream/i;
/** Methods that change nothing that matters here. */
const SAME = /^(?:order|abortSignal|returns|overrideTypes|throwOnError|setHeader|rollback|maxAffected|schema|retry|strict|single|maybeSingle|csv|geojson|explain|then|catch|finally)$/;
/** Properties whose functions are called for the rows that they promise. */
const FETCHER = /^(?:\w*Fn|fetcher|loader|queryFunction|resolve)$/;
const COMPARES: Readonly<Record<string, string>> = {
  eq: 'eq', neq: 'neq', gt: 'gt', gte: 'gte', lt: 'lt', lte: 'lte', like: 'like', ilike: 'ilike', likeAllOf: 'like', likeAnyOf: 'like', ilikeAllOf: 'ilike', ilikeAnyOf: 'ilike', is: 'is', isDistinct: 'isdistinct',
  in: 'in', contains: 'cs', containedBy: 'cd', rangeGt: 'sr', rangeGte: 'nxl', rangeLt: 'sl', rangeLte: 'nxr', rangeAdjacent: 'adj', overlaps: 'ov', textSearch: 'fts', regexMatch: 'match', regexIMatch: 'imatch',
};

export const supabase: OrmLibrary = {
  name: 'supabase',
  spelling: 'column',
  verbs: new Set(['from']),
  mayHold: (text) => /\bfrom\s*\(/.test(text) && (SUPABASE.test(text) || /\.\s*(?:eq|is|single|maybeSingle|match)\s*\(/.test(text)),
  read: (call, session) => new Reader(session, call).statements(),
};

/** A resource of the request: the table itself, or one that is embedded in another. */
interface Resource {
  readonly ref: TableRef;
  readonly facts: TableFacts | null;
  /** By which filters name it; the outermost has none. */
  readonly names: readonly string[];
  readonly embeds: readonly Resource[];
  readonly embed: Embed | null;
  readonly parent: Resource | null;
}

/** A condition on the rows of one resource. */
interface Filter {
  readonly of: Resource;
  readonly expr: Expr;
}

interface State {
  readonly filters: readonly Filter[];
  readonly limited: boolean;
}

/** Reads one chain. */
class Reader {
  private readonly places: Places = { verb: null, filters: new Map(), steps: [], paths: new Map(), comparisons: new Map(), values: null };
  private certain = true;

  constructor(private readonly session: Session, private readonly call: Call) {}

  statements(): OrmStatement[] {
    const { chain } = this.call, steps = stepsOf(chain);
    const at = steps.findIndex((step) => step.name === 'from' && step.args?.length === 1), from = steps[at], verb = steps[at + 1];
    if (!from || !isCalled(from) || !verb || !isCalled(verb) || verb.name === null || !VERBS.test(verb.name)) return [];
    const before = steps[at - 1];
    // `supabase.storage.from('bucket')`
    if (before?.name === 'storage' || !this.isSupabase(chain, steps.slice(at + 1).flatMap(({ name }) => (name === null ? [] : [name])))) return [];
    // `from(archived ? 'old_users' : 'users')`
    const tables = this.session.sqlTexts(this.session.value(from.args[0]!, from.env), from.args[0]!, '').flatMap(({ text, holes }) => (holes.length > 0 ? [] : [text]));
    return tables.flatMap((table) => new Reader(this.session, this.call).statement(table, steps, at, from, verb));
  }

  private statement(table: string, steps: readonly Step[], at: number, from: Called, verb: Called): OrmStatement[] {
    const { chain } = this.call, before = steps[at - 1];
    const schema = before?.name === 'schema' && before.args?.[0] ? this.session.string(this.session.value(before.args[0], before.env)) : null;
    const ref = this.session.table(table, from.args[0]!.range as Range, { schema });
    const shown = steps.find((step, i): step is Called => i > at && isCalled(step) && step.name === 'select'), text = shown ? this.selectText(shown) : null;
    const fields = text && (parseSelect(masked(text)) ?? null);
    const root: Resource = this.resource(ref, null, null, fields ?? [], text);
    if (!this.mentionsDeclared(root)) return [];
    Object.assign(this.places, { verb });
    const state = this.fold(chain.steps, { filters: [], limited: false }, root);
    const query = this.query(root, fields, shown ?? null, verb, state);
    if (!query) return [];
    // What cannot be read of the select string may embed more, of which nothing is said.
    if (shown && text && fields === null) this.session.unread.push({ range: shown.node.range as Range, reason: 'a select string that cannot be read' });
    return [{ root: query, partial: this.isPartial(steps), remedies: remediesFor(this.places, this.session) }];
  }

  /** Is it a chain of this library, as against another one's `from('users').select()`? */
  private isSupabase({ root }: Chain, names: readonly string[]): boolean {
    if (names.some((name) => FOREIGN.test(name))) return false;
    const receiver = root.type === 'node' ? dottedNames(root.node).join('.') : '';
    if (/\b(?:knex|Array|Buffer|Object|Uint8Array|Readable|Observable)\b/u.test(receiver)) return false;
    return this.session.source.matches(SUPABASE) || names.some((name) => OWN.test(name));
  }

  private mentionsDeclared(resource: Resource): boolean {
    return resource.facts !== null || resource.embeds.some((embed) => this.mentionsDeclared(embed));
  }

  private isPartial(steps: readonly { readonly name: string | null }[]): boolean {
    const { use, node } = this.call;
    if (use === 'executed' || use === 'statement' || steps.some(({ name }) => name !== null && ENDS.test(name)) || isFetcher(node)) return false;
    const parent = parentOf(wrapped(node));
    return !(use === 'argument' && parent?.type === 'CallExpression' && RUNS.test(lastName(parent.callee) ?? ''));
  }

  // ------------------------------------------------------------------------------------------- what is selected

  private selectText(step: Called): SqlText | null {
    const [first] = step.args;
    if (!first) return null;
    const texts = this.session.sqlTexts(this.session.value(first, step.env), first, '');
    return texts.find(({ text }) => text.includes('(')) ?? texts[0] ?? null;
  }

  private resource(ref: TableRef, embed: Embed | null, parent: Resource | null, fields: readonly Field[], text: SqlText | null): Resource {
    const embeds: Resource[] = [];
    const own: Resource = { ref, facts: this.session.facts(ref.name), names: embed ? [embed.alias ?? embed.name, embed.name] : [], embeds, embed, parent };
    for (const field of fields) if (field.type === 'embed' && text) embeds.push(this.embedded(field, own, text));
    if (embed) this.places.paths.set(ref, pathOf(own));
    return own;
  }

  private embedded(embed: Embed, parent: Resource, text: SqlText): Resource {
    const relation = this.relation(embed, parent), keyed = relation ? null : this.leadsTo(embed.name), table = relation?.table ?? keyed ?? embed.name;
    const via = isAggregated(embed) ? 'relation-count' : this.isMany(embed, parent, relation?.many ?? (keyed === null ? null : false)) ? 'include-many' : 'include-one';
    const ref = this.session.table(this.session.facts(table)?.name ?? table, sourceRange(text, embed.start, embed.end), { alias: embed.alias ?? embed.name, via });
    return this.resource(ref, embed, parent, embed.fields, text);
  }

  /** The relation that the manifest knows under the embedded resource's name: the table's, the relation's own, or that of the column with the foreign key. */
  private relation({ name, hints }: Embed, { facts }: Resource) {
    const relations = Object.entries(facts?.relations ?? {}), target = this.session.facts(name);
    const hinted = relations.find(([, { on }]) => on !== null && hints.some((hint) => Object.keys(on).includes(hint)));
    const found = hinted ?? relations.find(([key, { as }]) => key === name || as === name) ?? relations.find(([, { table }]) => target !== null && this.session.facts(table) === target) ?? relations.find(([, { on }]) => on !== null && Object.keys(on).includes(name));
    return found?.[1] ?? null;
  }

  /** The table that a column with a foreign key leads to by its name: `user_id` to `users`; null for what is no such column. */
  private leadsTo(name: string): string | null {
    const base = this.session.facts(name) ? undefined : /^(\w+)_id$/u.exec(name)?.[1];
    return base === undefined ? null : (this.session.facts(base) ?? this.session.facts(`${base}s`))?.name ?? null;
  }

  /** Are there many of it for each row? The manifest tells, else the constraint that is named, else the name. */
  private isMany({ name, alias, hints, fields }: Embed, { ref, facts }: Resource, known: boolean | null): boolean {
    if (known !== null) return known;
    const back = Object.values(this.session.facts(name)?.relations ?? {}).find(({ table }) => facts !== null && this.session.facts(table) === facts);
    if (back) return !back.many;
    const constraint = hints.find((hint) => /_fkey$/u.test(hint));
    if (constraint?.startsWith(`${ref.name}_`)) return false;
    if (constraint?.startsWith(`${name}_`) || fields.some((field) => field.type === 'column' && field.name === `${singular(ref.name)}_id`)) return true;
    return /s$/u.test(alias ?? name) && !hints.some((hint) => /_id$/u.test(hint));
  }

  // ------------------------------------------------------------------------------------------- filters

  private fold(items: readonly ChainItem[], state: State, root: Resource): State {
    for (const item of items) {
      if (item.type === 'step') {
        if (isCalled(item) && item.name !== null) state = this.step(state, item, root);
        continue;
      }
      const { certain } = this;
      this.certain = false;
      const base = state;
      state = merged(base, item.options.map((option) => this.fold(option, base, root)));
      this.certain = certain;
    }
    return state;
  }

  private step(state: State, step: Called, root: Resource): State {
    const { name, args: [first, second, third], args, node } = step, range: Range = [step.at.range[0], node.range[1]];
    if (this.certain && name !== '') this.places.steps.push(step);
    if (name === null || name === '' || name === 'from' || VERBS.test(name) || SAME.test(name)) return state;
    if (name === 'limit' || name === 'range') return args.length > (name === 'limit' ? 1 : 2) ? state : { ...state, limited: true };
    const filter = this.filterOf(name, step, root, range);
    if (filter) {
      if (this.certain) this.places.filters.set(filter.expr, step);
      if (COMPARES[name] && first && second) this.places.comparisons.set(filter.expr, { step, column: first, value: second, operator: null });
      else if (name === 'filter' && second && third) this.places.comparisons.set(filter.expr, { step, column: first!, value: third, operator: second });
      return { ...state, filters: [...state.filters, filter] };
    }
    const guard = guardNamed(this.session, 'chain', name), rows = guard && root.facts ? rowsOf(guard.yields, root.ref, root.facts, range) : null;
    return { ...state, filters: [...state.filters, { of: root, expr: rows ?? opaque(range) }] };
  }

  private filterOf(name: string, step: Called, root: Resource, range: Range): Filter | null {
    const { args: [first, second, third], env } = step;
    if (!first) return null;
    const operator = COMPARES[name];
    if (operator) {
      const at = this.column(first, env, root, range);
      return at && { of: at.of, expr: (second && compared(at.expr, operator, this.operand(second, env), name === 'in' ? this.items(second, env) : null, range)) ?? opaque(range) };
    }
    switch (name) {
      case 'notIn': {
        const at = this.column(first, env, root, range), made = at && second ? compared(at.expr, 'in', parameter(range), this.items(second, env), range) : null;
        return at && { of: at.of, expr: made ? not(made, range) : opaque(range) };
      }
      case 'not': case 'filter': {
        const at = this.column(first, env, root, range), written = second ? this.session.string(this.session.value(second, env)) : null;
        if (!at || written === null || !third) return { of: at?.of ?? root, expr: opaque(range) };
        const negated = written.startsWith('not.'), word = negated ? written.slice(4) : written, value = this.filterValue(third, env);
        const made = compared(at.expr, word, value.expr, value.list, range);
        return { of: at.of, expr: !made ? opaque(range) : negated !== (name === 'not') ? not(made, range) : made };
      }
      case 'match': return { of: root, expr: this.matched(first, env, root, range) };
      case 'or': {
        const of = this.referenced(second, env, root), texts = this.logicTexts(this.session.value(first, env), first);
        if (!of || texts.length === 0) return { of: of ?? root, expr: opaque(range) };
        return { of, expr: choice(texts.map(({ text, holes }) => parseLogic(text, 'or', (path) => this.pathColumn(path, of, range).expr, range, holes)), range)! };
      }
      default: return null;
    }
  }

  /** The texts of a logical filter, and what stands in their holes. */
  private logicTexts(value: Value, node: Node): readonly { readonly text: string; readonly holes: readonly Expr[] }[] {
    const parts = value.type === 'text' ? value.parts : [];
    if (parts.length === 0 || !parts.every((part) => part.type === 'run' || part.type === 'hole')) return this.session.sqlTexts(value, node, '').map((text) => ({ text: masked(text), holes: [] }));
    const holes: Expr[] = [];
    const text = parts.map((part) => {
      if (part.type === 'run') return part.text;
      holes.push(part.of ? this.session.scalar(part.of.value, part.of.node) : parameter(node.range as Range));
      return marked(holes.length - 1);
    }).join('');
    return [{ text, holes }];
  }

  /** `match({ a: 1 })`: each is `eq`, null included; what is undefined is left out. */
  private matched(node: Node, env: Env | null, root: Resource, range: Range): Expr {
    const entries = this.session.entries(this.session.value(node, env));
    if (!entries) return opaque(range);
    const parts = entries.flatMap((entry): (Expr | null)[] => {
      if (entry.type !== 'entry') return entry.type === 'deleted' ? [] : [opaque(range)];
      const value = entry.value();
      if (this.session.isUndefined(value)) return [];
      const own: Range = entry.node.range as Range;
      return [comparison('=', column(root.ref, entry.key, own), this.session.scalar(value, entry.valueNode ?? entry.node), own)];
    });
    return and(parts, range) ?? literal(true, range);
  }

  /** The resource of `{ referencedTable: 'posts' }`; the outermost without, null where it cannot be told. */
  private referenced(node: Node | undefined, env: Env | null, root: Resource): Resource | null {
    if (!node) return root;
    const entries = this.session.entries(this.session.value(node, env));
    const entry = entries && (entryOf(entries, 'referencedTable') ?? entryOf(entries, 'foreignTable'));
    if (!entries || entry === 'unknown') return null;
    const path = entry ? this.session.string(entry.value()) : null;
    return entry ? (path === null ? null : embedAt(root, path.split('.'))) : root;
  }

  private column(node: Node, env: Env | null, root: Resource, range: Range): { readonly of: Resource; readonly expr: Expr } | null {
    const path = this.session.string(this.session.value(node, env));
    return path === null ? { of: root, expr: opaque(range) } : this.pathColumn(path, root, range);
  }

  /** `deleted_at`, `posts.deleted_at`, `data->>key`, or the name of an embedded resource, which is NULL where there is none. */
  private pathColumn(path: string, root: Resource, range: Range): { readonly of: Resource; readonly expr: Expr } {
    const [plain = path] = path.split(/->/u), parts = plain.split('.'), name = parts.at(-1)!, of = embedAt(root, parts.slice(0, -1));
    if (!of) return { of: root, expr: opaque(range) };
    const embed = of.embeds.find(({ names }) => names.includes(name));
    if (embed) return { of, expr: column(embed.ref, embed.facts?.key[0] ?? 'id', range) };
    const found = column(of.ref, name, range);
    return { of, expr: plain === path ? found : operation([found], range) };
  }

  private operand(node: Node, env: Env | null): Expr {
    return this.session.scalar(this.session.value(node, env), node);
  }

  private items(node: Node, env: Env | null): readonly Expr[] | null {
    const value = this.session.value(node, env);
    return value.type === 'list' ? value.items.map((item) => (item.type === 'item' ? this.session.scalar(item.value, node) : parameter(node.range as Range))) : null;
  }

  /** A value as `not` and `filter` take it: a text is PostgREST's own spelling. */
  private filterValue(node: Node, env: Env | null): { readonly expr: Expr; readonly list: readonly Expr[] | null } {
    const value = this.session.value(node, env), range = node.range as Range, text = this.session.string(value);
    if (text !== null) return { expr: textValue(text, range), list: listed(text, range) };
    return { expr: this.session.scalar(value, node), list: this.items(node, env) };
  }

  // ------------------------------------------------------------------------------------------- statements

  private query(root: Resource, fields: readonly Field[] | null, shown: Called | null, verb: Called, { filters, limited }: State): Query | null {
    const range = this.call.node.range as Range, where = conditionOf(filters, root, range);
    const { args: [first], env } = verb;
    const write = { ctes: [], target: root.ref, targetInFrom: false, from: [], where, opaqueFilters: [], range };
    switch (verb.name) {
      case 'select': return this.selection(root, fields, shown, filters, limited, range);
      case 'delete': return { type: 'delete', ...write, returning: this.returned(root, fields, shown, filters, range) };
      case 'update': {
        const { assignments, whole } = this.assignments(first, env);
        return { type: 'update', ...write, assignments, opaqueAssignments: !whole, returning: this.returned(root, fields, shown, filters, range) };
      }
      default: return this.insertion(root, verb, this.returned(root, fields, shown, filters, range), range);
    }
  }

  private selection(root: Resource, fields: readonly Field[] | null, shown: Called | null, filters: readonly Filter[], limited: boolean, range: Range): Query {
    const options = shown?.args[1] ? this.session.entries(this.session.value(shown.args[1], shown.env)) : null;
    const head = options ? entryOf(options, 'head') : null, value = head && head !== 'unknown' ? head.value() : null;
    const counted = value?.type === 'constant' && value.value === true;
    const output = counted ? [{ type: 'expr', expr: aggregate('count', [], range), name: null } satisfies OutputColumn] : this.output(root, fields, filters, range);
    const folded = !counted && (fields ?? []).some((field) => field.type === 'column' && field.aggregate !== null);
    const plain = (fields ?? []).flatMap((field) => (field.type === 'column' && field.aggregate === null ? [column(root.ref, field.name, range)] : []));
    return select({
      from: [this.joined(root, filters)], where: conditionOf(filters, root, range), output, limited, range, groupBy: folded && plain.length > 0 ? plain : null,
    });
  }

  private output(root: Resource, fields: readonly Field[] | null, filters: readonly Filter[], range: Range): OutputColumn[] {
    if (fields === null) return [{ type: 'opaque', range }];
    if (fields.length === 0) return [{ type: 'star', qualifier: root.ref.alias ?? root.ref.name, range }];
    const own = fields.flatMap((field): OutputColumn[] => {
      if (field.type === 'star') return [{ type: 'star', qualifier: root.ref.alias ?? root.ref.name, range }];
      if (field.type === 'embed') return [];
      const of = column(root.ref, field.name, range);
      return [{ type: 'expr', expr: field.aggregate === null ? of : aggregate(field.aggregate, field.name === 'count' ? [] : [of], range), name: field.alias ?? field.name }];
    });
    return [...own, ...this.counts(root, filters)];
  }

  private returned(root: Resource, fields: readonly Field[] | null, shown: Called | null, filters: readonly Filter[], range: Range): OutputColumn[] {
    if (!shown) return [];
    // What is embedded in the rows that a write gives back is read beside it.
    const embedded = root.embeds.filter(({ embed }) => embed && !isAggregated(embed)).map((embed): OutputColumn => ({ type: 'expr', name: null, expr: { type: 'subquery', query: this.embeddedRows(embed, filters), range: embed.ref.range } }));
    return [...this.output(root, fields, filters, range), ...embedded];
  }

  private embeddedRows(embed: Resource, filters: readonly Filter[]): Query {
    const { range } = embed.ref;
    return select({ from: [this.joined(embed, filters)], where: and([this.on(embed), conditionOf(filters, embed, range)], range), range });
  }

  /** A resource with what is embedded in it: its rows stay without, but for `!inner`. */
  private joined(resource: Resource, filters: readonly Filter[]): Relation {
    return resource.embeds.filter(({ embed }) => embed && !isAggregated(embed)).reduce<Relation>((left, embed) => {
      const { range } = embed.ref;
      return { type: 'join', kind: embed.embed!.inner ? 'inner' : 'left', natural: false, left, right: this.joined(embed, filters), on: and([this.on(embed), conditionOf(filters, embed, range)], range), using: null, opaque: false, range };
    }, resource.ref);
  }

  /** Counts and sums of embedded resources. */
  private counts(resource: Resource, filters: readonly Filter[]): OutputColumn[] {
    return resource.embeds.flatMap((embed): OutputColumn[] => {
      if (!isAggregated(embed.embed!)) return this.counts(embed, filters);
      const { range } = embed.ref, query = select({ from: [embed.ref], where: and([this.on(embed), conditionOf(filters, embed, range)], range), output: [{ type: 'expr', expr: aggregate('count', [], range), name: null }], range });
      return [{ type: 'expr', expr: { type: 'subquery', query, range }, name: null }];
    });
  }

  /** What joins an embedded resource to the one around it: the manifest's columns, else the usual ones. */
  private on({ ref, facts, embed, parent }: Resource): Expr | null {
    if (!embed || !parent) return null;
    const { range } = ref, known = this.relation(embed, parent)?.on;
    if (known) return and(Object.entries(known).map(([own, other]) => comparison('=', column(ref, other, range), column(parent.ref, own, range), range)), range);
    const many = ref.via === 'include-many' || ref.via === 'relation-count';
    return many ? comparison('=', column(ref, `${singular(parent.ref.name)}_id`, range), column(parent.ref, parent.facts?.key[0] ?? 'id', range), range)
      : comparison('=', column(ref, facts?.key[0] ?? 'id', range), column(parent.ref, `${singular(ref.name)}_id`, range), range);
  }

  // ------------------------------------------------------------------------------------------- writes

  private assignments(node: Node | undefined, env: Env | null): { readonly assignments: readonly Assignment[]; readonly whole: boolean } {
    if (!node) return { assignments: [], whole: false };
    this.places.values = node;
    return this.assigned(this.session.value(node, env), node);
  }

  private assigned(value: Value, node: Node): { readonly assignments: readonly Assignment[]; readonly whole: boolean } {
    if (value.type === 'list') {
      const [first] = value.items;
      return first?.type === 'item' ? this.assigned(first.value, node) : { assignments: [], whole: false };
    }
    const entries = this.session.entries(value);
    if (!entries) return { assignments: [], whole: false };
    const assignments: Assignment[] = [];
    let whole = true;
    const read = (list: typeof entries, certain: boolean): void => {
      for (const entry of list) {
        if (entry.type === 'rest') whole = false;
        else if (entry.type === 'fork') for (const option of entry.options) read(option, false);
        else if (entry.type === 'entry') {
          const set = entry.value(), range = entry.node.range as Range;
          if (this.session.isUndefined(set)) continue;
          const scalar = this.session.scalar(set, entry.valueNode ?? entry.node);
          assignments.push({ column: entry.key, value: certain ? scalar : choice([scalar, named(null, entry.key, range)], range)!, range });
        }
      }
    };
    read(entries, true);
    return { assignments, whole };
  }

  /** `upsert(rows, { onConflict: 'email', ignoreDuplicates })`: without columns it is the primary key that may conflict. */
  private insertion({ ref, facts }: Resource, verb: Called, returning: readonly OutputColumn[], range: Range): Insert {
    const { args: [rows, given], env } = verb, insert: Insert = { type: 'insert', ctes: [], target: ref, columns: null, source: null, conflict: null, returning, range };
    if (verb.name === 'insert') return insert;
    const { assignments, whole } = this.assignments(rows, env), options = given ? this.session.entries(this.session.value(given, env)) : [];
    const entry = options && entryOf(options, 'onConflict'), ignored = options && entryOf(options, 'ignoreDuplicates');
    const columns = entry && entry !== 'unknown' ? this.session.string(entry.value()) : null, flag = ignored && ignored !== 'unknown' ? ignored.value() : null;
    const target = options === null || entry === 'unknown' || (entry && columns === null) ? null : columns === null ? facts?.key ?? ['id'] : columns.split(',').map((name) => name.trim());
    const ignores = flag?.type === 'constant' && flag.value === true;
    return { ...insert, conflict: { target, targetWhere: null, action: ignores ? 'nothing' : 'update', assignments: ignores ? [] : assignments, opaqueAssignments: !ignores && !whole, where: null, range: [verb.at.range[0], verb.node.range[1]] } };
  }
}

/** Is it what `queryFn: () => supabase.from(..)` returns, to a library that waits for it? */
function isFetcher(node: Node): boolean {
  const fn = parentOf(wrapped(node)), property = fn?.type === 'ArrowFunctionExpression' && fn.body === wrapped(node) ? parentOf(fn) : null;
  return property?.type === 'Property' && FETCHER.test(propertyName(property) ?? '');
}

/** The conditions on a resource's own rows. */
function conditionOf(filters: readonly Filter[], of: Resource, range: Range): Expr | null {
  return and(filters.filter((filter) => filter.of === of).map(({ expr }) => expr), range);
}

/** What several ways add to a builder: for each resource one of them. */
function merged(base: State, ways: readonly State[]): State {
  const shared = base.filters.length, added = ways.map(({ filters }) => filters.slice(shared));
  const resources = new Set(added.flat().map(({ of }) => of));
  const chosen = [...resources].flatMap((of): Filter[] => {
    const options = added.map((filters) => and(filters.filter((filter) => filter.of === of).map(({ expr }) => expr), of.ref.range)), expr = choice(options, of.ref.range);
    return expr ? [{ of, expr }] : [];
  });
  return { filters: [...base.filters, ...chosen], limited: ways.some(({ limited }) => limited) };
}

function embedAt(root: Resource, path: readonly string[]): Resource | null {
  let at: Resource | undefined = root;
  for (const name of path) at = at?.embeds.find(({ names }) => names.includes(name));
  return at ?? null;
}

/** How filters name an embedded resource: `author.posts`. */
function pathOf({ names, parent }: Resource): string {
  return parent?.embed ? `${pathOf(parent)}.${names[0]!}` : names[0]!;
}

/** The characters of a text with a mark for each that is decided at run time. */
function masked({ text, holes }: SqlText): string {
  return holes.reduce((masked, { start, end }) => masked.slice(0, start) + HOLE.repeat(end - start) + masked.slice(end), text);
}

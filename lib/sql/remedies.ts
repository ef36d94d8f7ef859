/**
 * Edits of SQL text. They are worked out when a rule asks for them, from the places that the conversion has remembered;
 * where a place does not stand in the file (an interpolation, computed text), or the words around it cannot be seen, there is no edit.
 */
import { fold } from '../manifest/catalog.js';
import type { ColumnExpr, Delete, Edit, Expr, Insert, Remedies, Remedy, TableRef, TombstoneFact } from '../model/query.js';
import type { BlockPlace, Reading, Span } from './model/context.js';
import { quoteLike, quoteMark } from './model/names.js';
import { insertion, replacement } from './sql-text.js';

/** The edits that can be made in one statement. */
export function remediesFor(reading: Reading): Remedies {
  const writer = new RemedyWriter(reading);
  return {
    addLiveFilter: (ref, tombstones) => writer.addLiveFilter(ref, tombstones),
    moveFilterToJoin: (ref, predicate) => writer.moveFilterToJoin(ref, predicate),
    softDelete: (write, ref, tombstone) => writer.softDelete(write, ref, tombstone),
    addAge: (write, ref, tombstone, days) => writer.addAge(write, ref, tombstone, days),
    replaceByLive: (predicate, ref, tombstone, negated) => writer.replaceByLive(predicate, ref, tombstone, negated),
    parenthesise: (predicate) => writer.parenthesise(predicate),
    addConflictPredicate: (write, tombstone) => writer.addConflictPredicate(write, tombstone),
    reviveOnConflict: (write, tombstone) => writer.reviveOnConflict(write, tombstone),
  };
}

/** A remedy of edits all of which have a place; null where one has none. */
function remedy(edits: readonly (Edit | null)[], shown: string): Remedy | null {
  return edits.every((edit) => edit !== null) ? { edits, shown } : null;
}

const SENTINEL_TIME = /^(-?infinity|\d{4}-\d\d-\d\d.*)$/i;

class RemedyWriter {
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  // ------------------------------------------------------------------------------------------------ words

  /** The words of the file between two offsets; holes are blank. */
  #written(span: Span): string {
    return this.#reading.sql.text.slice(span[0], span[1]);
  }

  #hasHole(span: Span): boolean {
    return this.#reading.sql.holes.some((hole) => hole.start < span[1] && hole.end > span[0]);
  }

  /** Keywords in the case of the statement's first one. */
  #keyword(words: string): string {
    return /^\s*(\(\s*)*[a-z]/.test(this.#written([this.#reading.start, this.#reading.end])) ? words.toLowerCase() : words;
  }

  get #booleansAreNumbers(): boolean {
    return this.#reading.mysql || this.#reading.dialect === 'sqlite';
  }

  #string(text: string): string {
    return `'${text.replaceAll("'", "''")}'`;
  }

  get #now(): string {
    switch (this.#reading.dialect) {
      case 'postgresql': return 'now()';
      case 'sqlite': return 'CURRENT_TIMESTAMP';
      case 'bigquery': return 'CURRENT_TIMESTAMP()';
      default: return 'NOW()';
    }
  }

  /** `30 days before now`. */
  #daysAgo(days: number): string {
    switch (this.#reading.dialect) {
      case 'postgresql': return `now() - interval '${days} ${days === 1 ? 'day' : 'days'}'`;
      case 'sqlite': return `datetime('now', '-${days} ${days === 1 ? 'day' : 'days'}')`;
      case 'bigquery': return `TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL ${days} DAY)`;
      default: return `NOW() - INTERVAL ${days} DAY`;
    }
  }

  /** What a live row holds, as SQL writes it. */
  #liveValue({ live }: TombstoneFact): string {
    if (live === null) return this.#keyword('NULL');
    if (live === false) return this.#booleansAreNumbers ? '0' : this.#keyword('FALSE');
    return live === 0 ? '0' : this.#string(live);
  }

  /** `<> 'deleted'`: is the column none, or one, of the values that mark a row dead? */
  #isListed(column: string, dead: NonNullable<TombstoneFact['dead']>, listed: boolean): string {
    const values = dead.map((value) => this.#literal(value));
    return values.length === 1 ? `${column} ${listed ? '=' : '<>'} ${values[0]!}` : `${column} ${this.#keyword(listed ? 'IN' : 'NOT IN')} (${values.join(', ')})`;
  }

  #literal(value: string | number | boolean): string {
    if (typeof value === 'string') return this.#string(value);
    return typeof value === 'number' || this.#booleansAreNumbers ? String(Number(value)) : this.#keyword(String(value).toUpperCase());
  }

  #live(column: string, tombstone: TombstoneFact): string {
    if (tombstone.dead) return this.#isListed(column, tombstone.dead, false);
    const future = `${column} > ${this.#now}`;
    if (tombstone.live === null) {
      const isNull = `${column} ${this.#keyword('IS NULL')}`;
      return tombstone.scheduled ? `(${isNull} ${this.#keyword('OR')} ${future})` : isNull;
    }
    if (tombstone.scheduled && typeof tombstone.live === 'string') return future;
    return `${column} = ${this.#liveValue(tombstone)}`;
  }

  #dead(column: string, tombstone: TombstoneFact): string {
    if (tombstone.dead) return this.#isListed(column, tombstone.dead, true);
    if (tombstone.live === null) return tombstone.scheduled ? `${column} <= ${this.#now}` : `${column} ${this.#keyword('IS NOT NULL')}`;
    if (tombstone.live === false) return `${column} = ${this.#booleansAreNumbers ? '1' : this.#keyword('TRUE')}`;
    return `${column} <> ${this.#liveValue(tombstone)}`;
  }

  /** The value that makes a row dead; null where the manifest does not tell. */
  #deadValue({ live, dead, column }: TombstoneFact): string | null {
    const [listed] = dead ?? [];
    if (listed !== undefined) return this.#literal(listed);
    if (live === null) return this.#now;
    if (live === false) return this.#booleansAreNumbers ? '1' : this.#keyword('TRUE');
    if (live === 0) {
      if (!/(at|on|time|date|ts)$/i.test(column)) return '1';
      // A counter of seconds.
      switch (this.#reading.dialect) {
        case 'postgresql': return 'extract(epoch from now())::bigint';
        case 'sqlite': return 'unixepoch()';
        case 'bigquery': return 'UNIX_SECONDS(CURRENT_TIMESTAMP())';
        default: return 'UNIX_TIMESTAMP()';
      }
    }
    return SENTINEL_TIME.test(live) ? this.#now : null;
  }

  /** The column's name as the statement spells it, else as the manifest does. */
  #columnName(tombstone: TombstoneFact): string {
    const text = this.#written([this.#reading.start, this.#reading.end]);
    return tombstone.names.find((name) => new RegExp(`(?<![\\w$])${escapeRegExp(name)}(?![\\w$])`).test(text)) ?? tombstone.column;
  }

  /** The alias or the table's name, as written; null where it cannot be seen. */
  #qualifier(ref: TableRef): string | null {
    const place = this.#reading.places.refs.get(ref);
    if (!place) return null;
    const span = place.alias ?? (ref.alias === null ? place.lastName : null);
    return span && !this.#hasHole(span) ? this.#written(span) : null;
  }

  /** A name quoted as the columns of a reference are, or as its table is. */
  #columnOf(ref: TableRef, tombstone: TombstoneFact): string | null {
    const qualifier = this.#qualifier(ref);
    if (qualifier === null) return null;
    const nearby = new RegExp(`(?<![\\w$.])${escapeRegExp(qualifier)}\\s*\\.\\s*(["\`[]?)`).exec(this.#written([this.#reading.start, this.#reading.end]));
    const like = nearby ? nearby[1]! : quoteMark(this.#written(this.#reading.places.refs.get(ref)!.lastName));
    return quoteLike(this.#columnName(tombstone), like, this.#reading.dialect);
  }

  #qualified(ref: TableRef, tombstone: TombstoneFact, block: BlockPlace): string | null {
    const column = this.#columnOf(ref, tombstone);
    if (column === null) return null;
    const qualifier = this.#qualifier(ref)!;
    const inStyle = block.relations > 1 || ref.alias !== null || new RegExp(`(?<![\\w$.])${escapeRegExp(qualifier)}\\s*\\.`).test(this.#written([block.keyword, block.predicate?.[1] ?? block.keyword]));
    return inStyle ? `${qualifier}.${column}` : column;
  }

  // --------------------------------------------------------------------------------------------- predicates

  /** Does a predicate need parentheses before something is added to it with AND? */
  #bindsLooser(expr: Expr, span: Span): boolean {
    const own = this.#reading.places.spans.get(expr);
    if (!own || own[0] !== span[0] || own[1] !== span[1]) return false;
    return expr.type === 'or' || expr.type === 'opaque' || expr.type === 'parameter' || /\bxor\b/i.test(this.#written(span));
  }

  /** Adds a condition to a predicate that stands in the text. */
  #conjoin(expr: Expr, span: Span, condition: string): (Edit | null)[] {
    const { sql } = this.#reading, and = this.#keyword('AND');
    const breaks = [...this.#written(span).matchAll(/\n([ \t]*)and\b/gi)].at(-1);
    const added = breaks ? `\n${breaks[1]}${and} ${condition}` : ` ${and} ${condition}`;
    const at = breaks ? this.#behindComments(span[1]) : span[1];
    if (this.#bindsLooser(expr, span)) return [insertion(sql, span[0], '('), ...(at === span[1] ? [insertion(sql, at, `)${added}`)] : [insertion(sql, span[1], ')'), insertion(sql, at, added)])];
    const behind = insertion(sql, at, added);
    // A hole may end the text, with nothing of the file behind it: then the condition goes in front.
    return [behind ?? insertion(sql, span[0], `${condition} ${and} `)];
  }

  /** Inserts a new WHERE, on a line of its own where the clauses have theirs. */
  #insertWhere(block: BlockPlace, at: number, condition: string): Edit | null {
    const { sql, start } = this.#reading, clause = `${this.#keyword('WHERE')} ${condition}`;
    const lineStart = sql.text.lastIndexOf('\n', block.keyword - 1) + 1, indent = sql.text.slice(lineStart, block.keyword);
    if (lineStart <= start || !/^[ \t]*$/.test(indent)) return insertion(sql, at, ` ${clause}`);
    return insertion(sql, this.#behindComments(at), `\n${indent}${clause}`);
  }

  /** The end of the line where only comments follow an offset on it, else the offset: a comment at the end of a line stays there. */
  #behindComments(offset: number): number {
    const { sql, end } = this.#reading;
    const comments = /^(?:[ \t]*\/\*[^\n]*?\*\/)*(?:[ \t]*--[^\n]*)?(?=\n)/.exec(sql.text.slice(offset, end))?.[0].length ?? 0;
    return this.#hasHole([offset, offset + comments]) ? offset : offset + comments;
  }

  #filterRows(block: BlockPlace, condition: string): Remedy | null {
    if (block.where && block.predicate) return remedy(this.#conjoin(block.where, block.predicate, condition), `${this.#keyword('AND')} ${condition}`);
    if (block.newWhere === null) return null;
    return remedy([this.#insertWhere(block, block.newWhere, condition)], `${this.#keyword('WHERE')} ${condition}`);
  }

  addLiveFilter(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    const { places } = this.#reading, home = places.homes.get(ref), block = home && places.blocks.get(home.block);
    if (!home || !block || ref.columns || tombstones.length === 0) return null;
    const columns = tombstones.map((tombstone) => this.#qualified(ref, tombstone, block));
    if (columns.some((column) => column === null)) return null;
    const condition = tombstones.map((tombstone, index) => this.#live(columns[index]!, tombstone)).join(` ${this.#keyword('AND')} `);
    const outer = home.joins.find(({ join, side }) => join.kind === 'full' || (join.kind === 'left' && side === 'right') || (join.kind === 'right' && side === 'left'));
    if (!outer) return this.#filterRows(block, condition);
    const on = outer.join.kind === 'full' ? undefined : places.joins.get(outer.join);
    if (on && outer.join.on) return remedy(this.#conjoin(outer.join.on, on, condition), `${this.#keyword('AND')} ${condition}`);
    return (home.block.type === 'update' || home.block.type === 'delete') && home.block.target === ref ? null : this.#deriveLive(ref, tombstones);
  }

  /** `users u` as `(SELECT * FROM users WHERE deleted_at IS NULL) AS u`. */
  #deriveLive(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    const place = this.#reading.places.refs.get(ref), qualifier = this.#qualifier(ref);
    if (!place || qualifier === null || this.#hasHole(place.span) || place.span[0] !== place.name[0]) return null;
    const condition = tombstones.map((tombstone) => this.#live(this.#columnOf(ref, tombstone) ?? tombstone.column, tombstone)).join(` ${this.#keyword('AND')} `);
    const derived = `(${this.#keyword('SELECT')} * ${this.#keyword('FROM')} ${this.#written(place.name)} ${this.#keyword('WHERE')} ${condition}) ${this.#keyword('AS')} ${qualifier}`;
    return remedy([replacement(this.#reading.sql, place.span[0], place.span[1], derived)], derived);
  }

  moveFilterToJoin(ref: TableRef, predicate: Expr): Remedy | null {
    const { places, sql } = this.#reading, home = places.homes.get(ref), block = home && places.blocks.get(home.block), span = places.spans.get(predicate);
    if (!home || !block?.where || !block.clause || !span || this.#hasHole(span)) return null;
    const outer = home.joins.find(({ join, side }) => (join.kind === 'left' && side === 'right') || (join.kind === 'right' && side === 'left'));
    const on = outer && places.joins.get(outer.join);
    if (!outer?.join.on || !on || home.joins.some(({ join }) => join.kind === 'full')) return null;
    const whole = block.where === predicate;
    // With the whole of WHERE gone, a fragment behind it would be left hanging.
    if (whole ? block.predicate === null || ('opaqueFilters' in home.block && home.block.opaqueFilters.length > 0) : !isConjunct(block.where, predicate)) return null;
    const removed = whole ? block.clause : places.conjuncts.get(predicate);
    if (!removed || /--|\/\*|#/.test(this.#written(removed).replace(this.#written(span), ''))) return null;
    // Its parentheses stand outside of an OR.
    const condition = predicate.type === 'or' ? `(${this.#written(span)})` : this.#written(span);
    return remedy([replacement(sql, removed[0], removed[1], ''), ...this.#conjoin(outer.join.on, on, condition)], `${this.#keyword('ON')} … ${this.#keyword('AND')} ${condition}`);
  }

  parenthesise(predicate: Expr): Remedy | null {
    const span = this.#reading.places.spans.get(predicate);
    if (!span) return null;
    const text = this.#written(span).replace(/\s+/g, ' ');
    return remedy([insertion(this.#reading.sql, span[0], '('), insertion(this.#reading.sql, span[1], ')')], `(${text.length > 80 ? `${text.slice(0, 77)}...` : text})`);
  }

  replaceByLive(predicate: Expr, ref: TableRef | null, tombstone: TombstoneFact, negated: boolean): Remedy | null {
    const span = this.#reading.places.spans.get(predicate);
    if (!span) return null;
    const column = this.#spelledColumn(predicate, ref, tombstone);
    if (column === null) return null;
    const text = negated ? this.#dead(column, tombstone) : this.#live(column, tombstone);
    return remedy([replacement(this.#reading.sql, span[0], span[1], text)], text);
  }

  /** The tombstone column as a predicate writes it. */
  #spelledColumn(predicate: Expr, ref: TableRef | null, tombstone: TombstoneFact): string | null {
    const columns = columnsOf(predicate);
    const column = columns.find(({ name }) => tombstone.names.some((spelling) => fold(spelling) === fold(name))) ?? columns[0];
    const span = column && this.#reading.places.spans.get(column);
    if (column && !column.name.includes('.')) return span && !this.#hasHole(span) ? this.#written(span) : null;
    // `"u.deletedAt"`: a path that was quoted as one name.
    const [qualifier, name] = column ? column.name.split('.') as [string, string] : [null, this.#columnName(tombstone)];
    const own = ref && this.#qualifier(ref);
    const quoted = quoteLike(name, '', this.#reading.dialect);
    if (own !== null) return `${own}.${quoted}`;
    return qualifier === null ? quoted : `${quoteLike(qualifier, '', this.#reading.dialect)}.${quoted}`;
  }

  // ------------------------------------------------------------------------------------------------- writes

  softDelete(write: Delete, ref: TableRef, tombstone: TombstoneFact): Remedy | null {
    const { places, sql, mysql } = this.#reading, place = places.deletes.get(write), block = places.blocks.get(write);
    const target = places.refs.get(ref);
    if (!place?.convertible || !block || !target || write.target !== ref) return null;
    const value = this.#deadValue(tombstone), column = this.#columnOf(ref, tombstone), qualified = this.#qualified(ref, tombstone, block);
    if (value === null || column === null || qualified === null || (place.using && this.#reading.dialect !== 'postgresql')) return null;
    // A joined DELETE becomes MySQL's joined UPDATE; elsewhere there is none.
    if (write.targetInFrom && !mysql) return null;
    const set = ` ${this.#keyword('SET')} ${write.targetInFrom ? qualified : column} = ${value}`;
    const isLiveAlready = write.where !== null && conjunctsOf(write.where).some((each) => isLivePredicate(each, tombstone));
    const condition = isLiveAlready ? null : this.#live(qualified, tombstone);
    const edits: (Edit | null)[] = [replacement(sql, place.head[0], place.head[1], this.#keyword('UPDATE'))];
    const setAt = place.using ? target.span[1] : place.tablesEnd;
    if (place.using) edits.push(replacement(sql, place.using[0], place.using[1], this.#keyword('FROM')));
    if (block.where && block.predicate) edits.push(insertion(sql, setAt, set), ...(condition === null ? [] : this.#conjoin(block.where, block.predicate, condition)));
    else if (block.newWhere === null) return null;
    else if (setAt === block.newWhere) edits.push(insertion(sql, setAt, `${set} ${this.#keyword('WHERE')} ${condition}`));
    else edits.push(insertion(sql, setAt, set), insertion(sql, block.newWhere, ` ${this.#keyword('WHERE')} ${condition}`));
    return remedy(edits, `${this.#keyword('UPDATE')} ${this.#written(target.span)}${set}`);
  }

  addAge(write: Delete, ref: TableRef, tombstone: TombstoneFact, days: number): Remedy | null {
    const block = this.#reading.places.blocks.get(write), column = block && this.#qualified(ref, tombstone, block);
    // A flag has no age, and a status has none.
    if (!block || !column || tombstone.dead || !(tombstone.live === null || (typeof tombstone.live === 'string' && SENTINEL_TIME.test(tombstone.live)))) return null;
    return this.#filterRows(block, `${column} < ${this.#daysAgo(days)}`);
  }

  addConflictPredicate(write: Insert, tombstone: TombstoneFact): Remedy | null {
    const place = this.#reading.places.conflicts.get(write);
    // An index predicate cannot ask for the time.
    if (!place || place.targetEnd === null || tombstone.scheduled) return null;
    const condition = this.#live(this.#conflictColumn(write, tombstone), tombstone);
    const predicate = write.conflict?.targetWhere;
    if (predicate && place.targetPredicate) return remedy(this.#conjoin(predicate, place.targetPredicate, condition), `${this.#keyword('AND')} ${condition}`);
    return remedy([insertion(this.#reading.sql, place.targetEnd, ` ${this.#keyword('WHERE')} ${condition}`)], `${this.#keyword('WHERE')} ${condition}`);
  }

  reviveOnConflict(write: Insert, tombstone: TombstoneFact): Remedy | null {
    const place = this.#reading.places.conflicts.get(write);
    // Of a status only the dead values are known.
    if (!place || place.assignmentsEnd === null || tombstone.dead) return null;
    const assignment = `${this.#conflictColumn(write, tombstone)} = ${this.#liveValue(tombstone)}`;
    return remedy([insertion(this.#reading.sql, place.assignmentsEnd, `, ${assignment}`)], assignment);
  }

  /** The tombstone column, quoted as the assignments' columns or the table are. */
  #conflictColumn(write: Insert, tombstone: TombstoneFact): string {
    const { places, dialect } = this.#reading, [first] = write.conflict?.assignments ?? [];
    const span = (first && places.assigned.get(first)) ?? places.refs.get(write.target)?.lastName;
    return quoteLike(this.#columnName(tombstone), span ? this.#written(span) : '', dialect);
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The operands of AND, through nested ANDs. */
function conjunctsOf(expr: Expr): readonly Expr[] {
  return expr.type === 'and' ? expr.operands.flatMap(conjunctsOf) : [expr];
}

function isConjunct(where: Expr, predicate: Expr): boolean {
  return conjunctsOf(where).includes(predicate);
}

function isLivePredicate(expr: Expr, tombstone: TombstoneFact): boolean {
  const names = (column: Expr): boolean => column.type === 'column' && tombstone.names.some((name) => fold(name) === fold(column.name));
  if (expr.type === 'is' && !expr.negated && names(expr.operand)) return tombstone.live === null ? expr.what === 'null' : tombstone.live === false && expr.what === 'false';
  return expr.type === 'comparison' && expr.operator === '=' && names(expr.left) && expr.right.type === 'literal' && tombstone.live !== null && expr.right.value === tombstone.live;
}

/** Columns of an expression that stand outside of its subqueries. */
function columnsOf(expr: Expr): ColumnExpr[] {
  switch (expr.type) {
    case 'column': return [expr];
    case 'and': case 'or': return expr.operands.flatMap(columnsOf);
    case 'operation': return expr.operands.flatMap(columnsOf);
    case 'not': case 'is': return columnsOf(expr.operand);
    case 'comparison': return [...columnsOf(expr.left), ...columnsOf(expr.right)];
    case 'in': return [...columnsOf(expr.left), ...(expr.list ?? []).flatMap(columnsOf)];
    case 'quantified': return columnsOf(expr.left);
    case 'coalesce': case 'call': return expr.args.flatMap(columnsOf);
    case 'row': return expr.items.flatMap(columnsOf);
    default: return [];
  }
}


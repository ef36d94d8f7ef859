/** Edits in Kysely's own words: `.where('deleted_at', 'is', null)` behind the other conditions, `.on(..)` in a join's callback. */
import type { TSESTree } from '@typescript-eslint/utils';
import { fold, type Dialect } from '../../manifest/catalog.js';
import type { Conflict, Delete, Edit, Expr, Insert, Remedies, Remedy, TableRef, TombstoneFact } from '../../model/query.js';
import { isFunction, propertyName, unwrap, type Node } from '../../source/ast.js';
import type { Called } from '../chains.js';
import { addCall, addProperty, insert, remedy, replace, spelledIn } from '../edits.js';
import type { Spelling } from '../library.js';
import type { QueryReader } from './builder.js';
import type { Frame, Place } from './places.js';

/** Calls behind which a condition may stand. */
const BEFORE_WHERE = /^(?:where(?:Ref)?|selectFrom|updateTable|deleteFrom|set|from|using|\w+(?:Join|JoinLateral|Apply))$/;
const JOIN = /(?:Join|JoinLateral|Apply)$/;
const DAY = '24 * 60 * 60 * 1000';

/** The edits that can be made in the calls that a reader has read. `spelling`: how the file spells columns that it does not name. */
export function remediesFor(reader: QueryReader, spelling: (text: string) => Spelling): Remedies {
  const writer = new RemedyWriter(reader, spelling);
  return {
    addLiveFilter: (ref, tombstones) => writer.addLiveFilter(ref, tombstones),
    moveFilterToJoin: (ref, predicate) => writer.moveFilterToJoin(ref, predicate),
    softDelete: (_write: Delete, ref, tombstone) => writer.softDelete(ref, tombstone),
    addAge: (_write: Delete, ref, tombstone, days) => writer.addAge(ref, tombstone, days),
    replaceByLive: (predicate, _ref, tombstone, negated) => writer.replaceByLive(predicate, tombstone, negated),
    addConflictPredicate: (write, tombstone) => writer.addConflictPredicate(write, tombstone),
    reviveOnConflict: (write, tombstone) => writer.reviveOnConflict(write, tombstone),
  };
}

class RemedyWriter {
  private readonly text: string;
  private readonly dialect: Dialect;

  constructor(private readonly reader: QueryReader, private readonly spelling: (text: string) => Spelling) {
    this.text = reader.session.source.text;
    this.dialect = reader.session.catalog.dialect;
  }

  // ------------------------------------------------------------------------------------------- words

  /** The column as the file spells it, else in the way of its other columns. */
  private columnOf(ref: TableRef | null, { names, column }: TombstoneFact): string {
    const columns = (ref && this.reader.session.facts(ref.name)?.columns) ?? {};
    const property = Object.keys(columns).find((name) => fold(columns[name]!) === fold(column));
    const written = spelledIn(this.text, [...(property === undefined ? [] : [property]), ...names]);
    if (written !== undefined) return written;
    const camel = this.spelling(this.text) === 'property' ? names.find((name) => !name.includes('_') && /[a-z]/.test(name)) : undefined;
    return camel ?? names[0]!;
  }

  /** With the table's name or alias in front where several tables are read, or other columns have it. */
  private qualified(ref: TableRef, tombstone: TombstoneFact, frame: Frame): string {
    const name = ref.alias ?? ref.name, column = this.columnOf(ref, tombstone);
    const several = ref.alias !== null || frame.steps.some((step) => step.name !== null && (JOIN.test(step.name) || step.name === 'from' || step.name === 'using') || (step.name !== 'where' && step.args[0]?.type === 'ArrayExpression' && /From$|Table$/.test(step.name ?? '')));
    const spelled = frame.steps.some((step) => step.args.some((argument) => new RegExp(`^["'\`]${name.replace(/\W/g, '\\$&')}\\.`).test(this.text.slice(...argument.range))));
    return several || spelled ? `${name}.${column}` : column;
  }

  private quoted(text: string, like: Called): string {
    const mark = like.args.map((argument) => this.text[argument.range[0]]).find((character) => character === '"' || character === "'") ?? "'";
    return `${mark}${text}${mark}`;
  }

  /** The arguments of `where` or `on` for live rows. */
  private live(column: string, tombstone: TombstoneFact, like: Called): string {
    const { live, dead, scheduled } = tombstone, at = this.quoted(column, like), word = (text: string) => this.quoted(text, like);
    if (dead) {
      const values = dead.map((value) => (typeof value === 'string' ? word(value) : String(value)));
      return values.length === 1 ? `${at}, ${word('!=')}, ${values[0]!}` : `${at}, ${word('not in')}, [${values.join(', ')}]`;
    }
    const isLive = live === null ? `${at}, ${word('is')}, null` : `${at}, ${word('=')}, ${typeof live === 'string' ? word(live) : String(live)}`;
    return scheduled ? `(eb) => eb.or([eb(${isLive}), eb(${at}, ${word('>')}, ${this.now})])` : isLive;
  }

  private get now(): string {
    return this.dialect === 'sqlite' ? 'new Date().toISOString()' : 'new Date()';
  }

  // ------------------------------------------------------------------------------------------- conditions

  /** The last call in any case behind which a condition on the reference may stand. */
  private anchor({ step, frame }: Place): Called | null {
    if (frame.steps.some(({ name }) => name === 'clearWhere' || name === 'mergeInto')) return null;
    return frame.steps.slice(frame.steps.indexOf(step)).filter(({ name }) => name !== null && BEFORE_WHERE.test(name)).at(-1) ?? null;
  }

  /** Adds calls behind another one, each on a line of its own where the chain has its calls so. */
  private calls(behind: Called, frame: Frame, texts: readonly string[]): Edit {
    const next = frame.steps[frame.steps.indexOf(behind) + 1];
    const line = next && /\n[ \t]*$/.exec(this.text.slice(behind.node.range[1], next.at.range[0] - 1))?.[0];
    if (line) return insert(behind.node.range[1], texts.map((text) => line + text).join(''));
    return texts.slice(1).reduce<Edit>((edit, text) => ({ ...edit, text: edit.text + addCall(this.text, behind.node, text).text }), addCall(this.text, behind.node, texts[0]!));
  }

  private filterRows(place: Place, conditions: readonly string[]): Remedy | null {
    const anchor = this.anchor(place), { frame } = place, loose = frame.loose.map((step) => this.parenthesised(step));
    const written = frame.loose.length > 0 ? frame.steps.map(({ args }) => args.map(({ range }) => this.text.slice(...range)).join(', ')) : [];
    // With its OR in parentheses, a fragment leaves the conditions beside it alone.
    const texts = conditions.filter((condition) => !written.includes(condition)).map((condition) => `.where(${condition})`);
    if (!anchor || loose.includes(null)) return null;
    return remedy(texts.join('') || frame.loose.map(({ args: [fragment] }) => `(${this.text.slice(...fragment!.range).replace(/^\w[^`]*`|`$/gu, '')})`).join(' '), ...loose.flat(), ...(texts.length > 0 ? [this.calls(anchor, frame, texts)] : []));
  }

  /** Parentheses around the text of a fragment; null where it does not stand in the call. */
  private parenthesised({ args: [argument] }: Called): readonly Edit[] | null {
    const at = argument && unwrap(argument);
    return at?.type === 'TaggedTemplateExpression' ? [insert(at.quasi.range[0] + 1, '('), insert(at.quasi.range[1] - 1, ')')] : null;
  }

  addLiveFilter(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    const place = this.reader.places.get(ref);
    if (!place || tombstones.length === 0) return null;
    const { step, frame } = place, conditions = tombstones.map((tombstone) => this.live(this.qualified(ref, tombstone, frame), tombstone, step));
    const index = frame.steps.indexOf(step), later = frame.steps.slice(index + 1);
    // What a RIGHT or FULL JOIN may leave absent is not filtered behind it.
    if (later.some(({ name }) => name === 'rightJoin' || name === 'fullJoin') || step.name === 'fullJoin') return null;
    if (step.name === 'leftJoin' || step.name === 'leftJoinLateral') return this.filterJoin(step, conditions);
    if (step.name === 'innerJoin' && step.args[1] && !step.args[2]) return this.filterJoin(step, conditions) ?? this.filterRows(place, conditions);
    return this.filterRows(place, conditions);
  }

  /** `.on(..)` for the rows of a join. */
  private filterJoin(step: Called, conditions: readonly string[]): Remedy | null {
    const edit = this.joinEdit(step, conditions);
    return edit && remedy(conditions.map((condition) => `.on(${condition})`).join(''), edit);
  }

  private joinEdit(step: Called, conditions: readonly string[]): Edit | null {
    const [, left, right] = step.args, added = conditions.map((condition) => `.on(${condition})`);
    if (left && right) {
      const like = this.quoted('=', step), written = (node: Node): string => this.text.slice(...node.range);
      return { range: [left.range[0], right.range[1]], text: `(join) => join.onRef(${written(left)}, ${like}, ${written(right)})${added.join('')}` };
    }
    const body = left && returned(unwrap(left));
    return body ? added.slice(1).reduce<Edit>((edit, text) => ({ ...edit, text: edit.text + addCall(this.text, body, text).text }), addCall(this.text, body, added[0]!)) : null;
  }

  moveFilterToJoin(ref: TableRef, predicate: Expr): Remedy | null {
    const place = this.reader.places.get(ref), filter = this.reader.filters.get(predicate);
    if (!place || !filter || place.step.name !== 'leftJoin' || filter.step.name !== 'where' || filter.frame !== place.frame) return null;
    const { node, args } = filter.step, callee = node.type === 'CallExpression' ? unwrap(node.callee) : null;
    const [first] = args, last = args.at(-1);
    if (callee?.type !== 'MemberExpression' || !first || !last) return null;
    const condition = this.text.slice(first.range[0], last.range[1]), moved = this.joinEdit(place.step, [condition]);
    return moved && remedy(`.on(${condition})`, moved, { range: [callee.object.range[1], node.range[1]], text: '' });
  }

  replaceByLive(predicate: Expr, tombstone: TombstoneFact, negated: boolean): Remedy | null {
    const written = this.reader.expressions.comparisons.get(predicate);
    if (!written || tombstone.live !== null || tombstone.dead) return null;
    const mark = this.text[written.operator.range[0]], word = negated ? 'is not' : 'is';
    if (mark !== "'" && mark !== '"') return null;
    return remedy(`${this.text.slice(...written.left.range)}, ${mark}${word}${mark}, null`, replace(written.operator, `${mark}${word}${mark}`), replace(written.right, 'null'));
  }

  // ------------------------------------------------------------------------------------------- writes

  softDelete(ref: TableRef, tombstone: TombstoneFact): Remedy | null {
    const place = this.reader.places.get(ref), value = this.deadValue(tombstone);
    const named = place?.step.args[0];
    if (!place || value === null || place.step.name !== 'deleteFrom' || named?.type !== 'Literal') return null;
    const { step, frame } = place;
    if (frame.steps.some(({ name }) => name === 'using' || (name !== null && JOIN.test(name)))) return null;
    const column = this.columnOf(ref, tombstone), set = `.set({ ${/^[\w$]+$/.test(column) ? column : this.quoted(column, step)}: ${value} })`;
    const filter = `.where(${this.live(this.qualified(ref, tombstone, frame), tombstone, step)})`;
    return remedy(`updateTable(${this.text.slice(...named.range)})${set}`, replace(step.at, 'updateTable'), this.calls(step, frame, [set, filter]));
  }

  /** The value that makes a row dead; null where the manifest does not tell. */
  private deadValue({ live, dead }: TombstoneFact): string | null {
    const [listed] = dead ?? [];
    if (listed !== undefined) return typeof listed === 'string' ? `'${listed}'` : String(listed);
    return live === null ? this.now : live === false ? 'true' : null;
  }

  addAge(ref: TableRef, tombstone: TombstoneFact, days: number): Remedy | null {
    const place = this.reader.places.get(ref);
    if (!place || tombstone.live !== null) return null;
    const limit = `new Date(Date.now() - ${days} * ${DAY})${this.dialect === 'sqlite' ? '.toISOString()' : ''}`;
    return this.filterRows(place, [`${this.quoted(this.qualified(ref, tombstone, place.frame), place.step)}, ${this.quoted('<', place.step)}, ${limit}`]);
  }

  addConflictPredicate({ conflict, target }: Insert, tombstone: TombstoneFact): Remedy | null {
    const column = this.conflict(conflict)?.column;
    if (!column) return null;
    const text = `.where(${this.live(this.columnOf(target, tombstone), tombstone, column)})`;
    return remedy(text, addCall(this.text, column.node, text));
  }

  reviveOnConflict({ conflict, target }: Insert, tombstone: TombstoneFact): Remedy | null {
    const set = this.conflict(conflict)?.set, value = set && unwrap(set), object = value && isFunction(value) ? returned(value) : value;
    if (object?.type !== 'ObjectExpression' || tombstone.dead) return null;
    const column = this.columnOf(target, tombstone), { live } = tombstone;
    if (object.properties.some((property) => property.type === 'Property' && propertyName(property) === column)) return null;
    const text = `${column}: ${typeof live === 'string' ? `'${live}'` : String(live)}`;
    return remedy(text, addProperty(this.text, object, text));
  }

  private conflict(conflict: Conflict | null) {
    return conflict ? this.reader.conflicts.get(conflict) ?? null : null;
  }
}

/** The expression that a callback returns at its only end; null for any other. */
function returned(fn: Node): TSESTree.Expression | null {
  if (!isFunction(fn)) return null;
  if (fn.body.type !== 'BlockStatement') return unwrap(fn.body) as TSESTree.Expression;
  const [statement] = fn.body.body;
  return fn.body.body.length === 1 && statement?.type === 'ReturnStatement' && statement.argument ? unwrap(statement.argument) as TSESTree.Expression : null;
}

/** Edits of TypeORM's calls: a condition more in find options, in criteria, at a join, or in front of the step that sends a query. */
import type { TSESTree } from '@typescript-eslint/utils';
import { fold, type TableFacts } from '../../manifest/catalog.js';
import type { Edit, Expr, Range, Remedies, Remedy, TableRef, TombstoneFact } from '../../model/query.js';
import { stringOf, unwrap, type Node } from '../../source/ast.js';
import type { Chain } from '../../source/values.js';
import { isCalled, stepsOf, type Called } from '../chains.js';
import { addArgument, addCall, addImports, addProperty, daysAgo, insert, propertyOf, remedy, replace, setOption } from '../edits.js';
import { isOpenOr } from '../open-or.js';
import type { Session } from '../session.js';
import { EXECUTES, type Built } from './builder.js';
import type { MethodCall } from './methods.js';
import { isFiltered } from './tables.js';

/** A tombstone as a property of its entity. */
function propertyFor({ columns }: TableFacts, { column }: TombstoneFact): string {
  const named = Object.keys(columns).find((property) => fold(columns[property]!) === fold(column));
  return named ?? column.replace(/(?<=[a-z0-9])_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** What live rows hold, as a value in an object of conditions; null where that takes more than one operator. */
function liveValue({ live, dead, scheduled }: TombstoneFact): { readonly text: string; readonly operators: readonly string[] } | null {
  if (scheduled) return null;
  if (dead) return dead.length === 1 ? { text: `Not(${literalOf(dead[0]!)})`, operators: ['Not'] } : { text: `Not(In([${dead.map(literalOf).join(', ')}]))`, operators: ['Not', 'In'] };
  return live === null ? { text: 'IsNull()', operators: ['IsNull'] } : { text: literalOf(live), operators: [] };
}

function literalOf(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);
}

/** The condition of live rows as a builder's string. */
function liveText(alias: string, facts: TableFacts, tombstones: readonly TombstoneFact[]): string | null {
  const conditions = tombstones.map((tombstone) => {
    const { live, dead, scheduled } = tombstone, path = `${alias}.${propertyFor(facts, tombstone)}`;
    return scheduled || dead || typeof live === 'string' ? null : live === null ? `${path} IS NULL` : `${path} = ${String(live)}`;
  });
  return conditions.includes(null) || conditions.length === 0 ? null : conditions.join(' AND ');
}

class Editing {
  constructor(protected readonly session: Session, protected readonly facts: TableFacts) {}

  protected get source(): string {
    return this.session.source.text;
  }

  protected textOf(node: Node): string {
    return this.source.slice(...node.range);
  }

  /** `deletedAt: IsNull()`, and the operators that it takes. */
  protected live(tombstones: readonly TombstoneFact[]): { readonly pairs: readonly (readonly [property: string, text: string])[]; readonly shown: string; readonly operators: readonly string[] } | null {
    const values = tombstones.map(liveValue);
    if (values.includes(null) || values.length === 0) return null;
    const pairs = tombstones.map((tombstone, i) => [propertyFor(this.facts, tombstone), values[i]!.text] as const);
    return { pairs, shown: pairs.map((pair) => pair.join(': ')).join(', '), operators: [...new Set(values.flatMap((value) => value!.operators))] };
  }

  /** Imports what an edit needs; false where the file has no imports to add to. */
  protected imports(operators: readonly string[]): Edit | null | false {
    const missing = operators.filter((name) => !this.isKnown(name));
    if (missing.length === 0) return null;
    const { body } = this.session.source.sourceCode.ast as unknown as TSESTree.Program;
    return body.some(({ type }) => type === 'ImportDeclaration') ? addImports(this.session.source, 'typeorm', missing) : false;
  }

  private isKnown(name: string): boolean {
    return new RegExp(`\\b(?:import|const)\\b[^;]*\\b${name}\\b[^;]*['"]typeorm['"]`).test(this.source);
  }

  protected made(shown: string, edits: readonly (Edit | null)[], operators: readonly string[]): Remedy | null {
    const imported = this.imports(operators);
    return imported === false ? null : remedy(shown, ...edits, ...(imported ? [imported] : []));
  }

  /** The edits that add the live condition to an object of conditions, or to each of a list; null where it cannot be seen, or says something of the tombstone. */
  protected conditions(node: Node, tombstones: readonly TombstoneFact[]): Edit[] | null {
    const at = unwrap(node), live = this.live(tombstones);
    if (!live) return null;
    if (at.type === 'ArrayExpression') {
      const edits = at.elements.map((element) => (element && element.type !== 'SpreadElement' ? this.conditions(element, tombstones) : null));
      return edits.length === 0 || edits.includes(null) ? null : edits.flatMap((some) => some!);
    }
    if (at.type !== 'ObjectExpression') return null;
    const added: string[] = [], edits: Edit[] = [];
    for (const [property, text] of live.pairs) {
      const present = propertyOf(at, property);
      if (present && !isNothing(present.value)) {
        if (this.textOf(present.value).replace(/\s/g, '') !== text) return null;
        continue;
      }
      if (present) edits.push(replace(present.value, text));
      else added.push(`${property}: ${text}`);
    }
    return added.length > 0 ? [...edits, addProperty(this.source, at, added.join(', '))] : edits;
  }

  /** `users.delete(id)` to `users.delete({ id, deletedAt: IsNull() })`. */
  protected keyed(node: Node, tombstones: readonly TombstoneFact[]): Edit[] | null {
    const at = unwrap(node), live = this.live(tombstones), [key, another] = this.facts.key;
    if (!live || key === undefined || another !== undefined || !/^(?:Identifier|MemberExpression|Literal|TemplateLiteral|CallExpression|ArrayExpression)$/.test(at.type)) return null;
    const list = at.type === 'ArrayExpression' || (at.type !== 'Literal' && /ids$/i.test(this.textOf(at)));
    if (list && !this.isKnown('In')) return null;
    const value = list ? `In(${this.textOf(at)})` : this.textOf(at);
    return [replace(node, `{ ${value === key ? key : `${key}: ${value}`}, ${live.shown} }`)];
  }

  replaceByLive(predicate: Expr, ref: TableRef | null, tombstone: TombstoneFact, negated: boolean): Remedy | null {
    const [start, end] = predicate.range, words = this.source.slice(start, end), property = /^(['"]?)([\w$]+)\1\s*:/.exec(words);
    if (property) {
      if (tombstone.live !== null) return null;
      const text = `${property[0].replace(/\s*:$/, '')}: ${negated ? 'Not(IsNull())' : 'IsNull()'}`;
      return this.made(text, [{ range: [start, end], text }], negated ? ['IsNull', 'Not'] : ['IsNull']);
    }
    const column = /^[\w."`]+/.exec(words)?.[0];
    if (!column || !ref || tombstone.live !== null || !/(?:=|<>|!=|\bin\b)/i.test(words)) return null;
    const text = `${column} IS ${negated ? 'NOT ' : ''}NULL`;
    return remedy(text, { range: [start, end], text });
  }
}

function isNothing(node: Node): boolean {
  return (node.type === 'Literal' && node.value === null) || (node.type === 'Identifier' && node.name === 'undefined');
}

/** `findOneBy`, `countBy`: the finder of the same name without its end takes options. */
const BY = /By(?=OrFail$|$)/;

/** Remedies for a method of a repository, of a manager, or of an entity's class. */
export function methodRemedies(call: MethodCall, takes: string, session: Session): Remedies {
  const editing = new MethodEditing(call, takes, session);
  return {
    addLiveFilter: (ref, tombstones) => editing.addLiveFilter(ref, tombstones),
    softDelete: (_, ref, tombstone) => editing.softDelete(ref, tombstone),
    showTombstones: () => editing.showTombstones(),
    addAge: (_, ref, tombstone, days) => editing.addAge(ref, tombstone, days),
    replaceByLive: (predicate, ref, tombstone, negated) => editing.replaceByLive(predicate, ref, tombstone, negated),
  };
}

class MethodEditing extends Editing {
  constructor(private readonly call: MethodCall, private readonly takes: string, session: Session) {
    super(session, call.entity.facts);
  }

  private isOwn({ range, via }: TableRef): boolean {
    return via === 'from' && range[0] === this.call.at[0] && range[1] === this.call.at[1];
  }

  addLiveFilter(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    const live = this.live(tombstones), edits = this.isOwn(ref) ? this.edits(tombstones) : null;
    return live && edits ? this.made(live.shown, edits, live.operators) : null;
  }

  private edits(tombstones: readonly TombstoneFact[]): readonly (Edit | null)[] | null {
    const { args, node } = this.call, live = this.live(tombstones), [first, second] = args;
    if (!live || node.type !== 'CallExpression') return null;
    switch (this.takes) {
      case 'options': case 'finder': {
        const options = this.takes === 'finder' ? args.at(-1) : first;
        return options ? this.inOptions(options, tombstones, live.shown) : [addArgument(this.source, node, `{ where: { ${live.shown} } }`)];
      }
      case 'where': return first ? this.conditions(first, tombstones) ?? (this.isWrite ? this.keyed(first, tombstones) : null) : null;
      case 'column': return second ? this.conditions(second, tombstones) : first ? [addArgument(this.source, node, `{ ${live.shown} }`)] : null;
      default: return null;
    }
  }

  /** `withDeleted: true`, which find options have, and conditions alone do not. */
  showTombstones(): Remedy | null {
    const { node, name, args } = this.call, shown = 'withDeleted: true';
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || this.isWrite) return null;
    const position = node.arguments.length - args.length, [first] = args;
    switch (this.takes) {
      case 'options': return remedy(shown, setOption(this.source, node, position, 'withDeleted', 'true'));
      case 'finder': return remedy(shown, setOption(this.source, node, node.arguments.length - 1, 'withDeleted', 'true'));
      case 'where': return first && BY.test(name) ? remedy(shown, replace(node.callee.property, name.replace(BY, '')), replace(first, `{ where: ${this.textOf(first)}, ${shown} }`)) : null;
      default: return null;
    }
  }

  /** `deletedAt: Not(IsNull())` becomes a bound, which no live row passes either. */
  addAge(ref: TableRef, tombstone: TombstoneFact, days: number): Remedy | null {
    const { name, args: [first] } = this.call, criteria = first ? unwrap(first) : null;
    const held = this.isOwn(ref) && name === 'delete' && criteria?.type === 'ObjectExpression' && tombstone.live === null && !tombstone.dead ? propertyOf(criteria, propertyFor(this.facts, tombstone)) : null;
    if (!held || this.textOf(held.value).replace(/\s/g, '') !== 'Not(IsNull())') return null;
    const bound = `LessThan(${daysAgo(days)})`;
    return this.made(bound, [replace(held.value, bound)], ['LessThan']);
  }

  private get isWrite(): boolean {
    return /^(?:update|delete|softDelete|increment|decrement)$/.test(this.call.name);
  }

  private inOptions(node: Node, tombstones: readonly TombstoneFact[], shown: string): Edit[] | null {
    const at = unwrap(node);
    if (at.type !== 'ObjectExpression') return null;
    const where = propertyOf(at, 'where');
    if (where) return this.conditions(where.value, tombstones);
    return at.properties.some(({ type }) => type === 'SpreadElement') ? null : [addProperty(this.source, at, `where: { ${shown} }`)];
  }

  /** `delete(..)` becomes `softDelete(..)` where TypeORM knows the column as its own, else an update. */
  softDelete(ref: TableRef, tombstone: TombstoneFact): Remedy | null {
    const { node, name, args } = this.call, [criteria] = args;
    if (!this.isOwn(ref) || node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || !criteria) return null;
    const filtered = isFiltered(this.facts) && tombstone.live === null, method = node.callee.property;
    if (name === 'remove') return filtered ? remedy('softRemove(..)', replace(method, 'softRemove')) : null;
    const live = this.live([tombstone]);
    if (name !== 'delete' || !live) return null;
    const narrowed = this.conditions(criteria, [tombstone]) ?? this.keyed(criteria, [tombstone]);
    if (!narrowed) return null;
    if (filtered) return this.made('softDelete(..)', [replace(method, 'softDelete'), ...narrowed], live.operators);
    const dead = tombstone.dead ? tombstone.dead[0] : tombstone.live === null ? null : tombstone.live === false ? true : undefined;
    if (dead === undefined) return null;
    const set = `{ ${propertyFor(this.facts, tombstone)}: ${dead === null ? 'new Date()' : literalOf(dead)} }`;
    return this.made(`update(.., ${set})`, [replace(method, 'update'), ...narrowed, insert(criteria.range[1], `, ${set}`)].reduce<Edit[]>(joined, []), live.operators);
  }
}

/** Two edits that touch become one. */
function joined(edits: readonly Edit[], edit: Edit): Edit[] {
  const last = edits.at(-1);
  if (last && last.range[1] === edit.range[0] && edit.range[0] === edit.range[1]) return [...edits.slice(0, -1), { range: last.range, text: last.text + edit.text }];
  return [...edits, edit];
}

/** Remedies for a query builder. */
export function builderRemedies(chain: Chain, built: Built, facts: TableFacts | null, session: Session): Remedies | undefined {
  if (!facts) return undefined;
  const editing = new BuilderEditing(chain, built, session, facts);
  return {
    addLiveFilter: (ref, tombstones) => editing.addLiveFilter(ref, tombstones),
    showTombstones: (ref) => editing.showTombstones(ref),
    addAge: (_, ref, tombstone, days) => editing.addAge(ref, tombstone, days),
    moveFilterToJoin: (ref, predicate) => editing.moveFilterToJoin(ref, predicate),
    replaceByLive: (predicate, ref, tombstone, negated) => editing.replaceByLive(predicate, ref, tombstone, negated),
  };
}

class BuilderEditing extends Editing {
  private readonly steps: readonly Called[];

  constructor(chain: Chain, private readonly built: Built, session: Session, facts: TableFacts) {
    super(session, facts);
    this.steps = stepsOf(chain).filter(isCalled);
  }

  addLiveFilter(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    if (ref.via !== 'from') return null;
    return ref === this.built.main ? this.inWhere(ref, tombstones) : this.atJoin(ref, tombstones);
  }

  /** One more condition in front of the step that sends the query. */
  private inWhere(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    const last = this.steps.at(-1), { isOneGroup, hasWhere, writes } = this.built;
    if (!last || last.name === null || !EXECUTES.test(last.name) || !isOneGroup || last.node.type !== 'CallExpression' || last.node.callee.type !== 'MemberExpression') return null;
    const method = hasWhere ? 'andWhere' : 'where', before = last.node.callee.object;
    if (writes) {
      const live = this.live(tombstones);
      return live && this.made(live.shown, [addCall(this.source, before, `.${method}({ ${live.shown} })`)], live.operators);
    }
    const text = ref.alias === null ? null : liveText(ref.alias, this.facts, tombstones);
    return text === null ? null : remedy(text, addCall(this.source, before, `.${method}('${text}')`));
  }

  addAge(ref: TableRef, tombstone: TombstoneFact, days: number): Remedy | null {
    const last = this.steps.at(-1), { isOneGroup, hasWhere, main } = this.built;
    if (ref !== main || !hasWhere || !isOneGroup || tombstone.live !== null || tombstone.dead || !last || last.name !== 'execute' || last.node.type !== 'CallExpression' || last.node.callee.type !== 'MemberExpression') return null;
    const bound = `{ ${propertyFor(this.facts, tombstone)}: LessThan(${daysAgo(days)}) }`;
    return this.made(bound, [addCall(this.source, last.node.callee.object, `.andWhere(${bound})`)], ['LessThan']);
  }

  /** `.withDeleted()` behind the joins, which keep their filters, in front of the step that sends the query. */
  showTombstones(ref: TableRef): Remedy | null {
    const last = this.steps.at(-1);
    if (ref !== this.built.main || !last || last.name === null || !EXECUTES.test(last.name) || last.node.type !== 'CallExpression' || last.node.callee.type !== 'MemberExpression') return null;
    return remedy('.withDeleted()', addCall(this.source, last.node.callee.object, '.withDeleted()'));
  }

  private joinOf({ range }: TableRef): { readonly call: TSESTree.CallExpression; readonly condition: Node | undefined } | null {
    const step = this.steps.find(({ name, args }) => /Join/.test(name ?? '') && args.some((argument) => argument.range[0] === range[0] && argument.range[1] === range[1]));
    if (!step || step.node.type !== 'CallExpression') return null;
    const offset = /AndMap/.test(step.name!) ? 1 : 0;
    return step.args.length < offset + 2 ? null : { call: step.node, condition: step.args[offset + 2] };
  }

  private atJoin(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    const facts = this.session.catalog.table(ref.name, ref.schema), text = ref.alias === null || !facts ? null : liveText(ref.alias, facts, tombstones);
    const edits = text === null ? null : this.intoJoin(ref, text);
    return edits && remedy(text!, ...edits);
  }

  private intoJoin(ref: TableRef, text: string): Edit[] | null {
    const join = this.joinOf(ref);
    if (!join) return null;
    if (!join.condition) return [addArgument(this.source, join.call, `'${text}'`)];
    const at = unwrap(join.condition), written = stringOf(at);
    if (written === null || (at.type !== 'Literal' && at.type !== 'TemplateLiteral')) return null;
    const value = this.session.value(at, null);
    if (value.type === 'text' && isOpenOr(value)) return [insert(at.range[0] + 1, '('), insert(at.range[1] - 1, `) AND ${text}`)];
    return [insert(at.range[1] - 1, `${written.trim() === '' ? '' : ' AND '}${text}`)];
  }

  /** Takes `.andWhere('v.deletedAt IS NULL')` out, and puts its condition into the join. */
  moveFilterToJoin(ref: TableRef, predicate: Expr): Remedy | null {
    const step = this.steps.find(({ name, args }) => /^(?:andWhere|where)$/.test(name ?? '') && args.length === 1 && isWhole(args[0]!, predicate.range));
    if (!step || step.node.type !== 'CallExpression' || step.node.callee.type !== 'MemberExpression') return null;
    // A statement of its own would be left without its call.
    if (step.detached) return null;
    const text = stringOf(step.args[0]!), edits = text === null ? null : this.intoJoin(ref, text);
    return edits && remedy(text!, ...edits, { range: [step.node.callee.object.range[1], step.node.range[1]], text: '' });
  }
}

/** Is the predicate all that the string says? */
function isWhole(node: Node, [start, end]: Range): boolean {
  const at = unwrap(node), text = stringOf(at);
  return text !== null && at.range[0] <= start && end <= at.range[1] && start - at.range[0] <= 3 && at.range[1] - end <= 3;
}

/** Edits in Prisma's idiom: a filter in the `where` that a reference has, or should have. */
import type { TSESTree } from '@typescript-eslint/utils';
import { fold } from '../../manifest/catalog.js';
import type { Edit, Expr, Insert, Remedies, Remedy, TableRef, TombstoneFact } from '../../model/query.js';
import { propertyName, unwrap, type Node } from '../../source/ast.js';
import { addProperty, addPropertyFirst, replace, spelledIn } from '../edits.js';
import type { Session } from '../session.js';
import type { Model } from './models.js';
import { objectLiteral, possible } from './values.js';

/** Where a condition can be written: gives the edit that adds the words of a property, or null where there is no safe one. */
export type Slot = (words: string) => Edit | null;

/** What can be changed about a reference. */
interface Place {
  readonly model: Model;
  readonly slot: Slot;
  /** Its words stand in an object of its own only together with the relation's name (`person: { deletedAt: null }`). */
  readonly wrap: string | null;
}

/** The words of one call of the client. */
export interface CallWords {
  /** The operation's name. */
  readonly operation: Node;
  readonly call: TSESTree.CallExpression;
}

export class PrismaRemedies {
  private readonly places = new Map<TableRef, Place>();
  private readonly calls = new Map<TableRef, CallWords>();
  private readonly revivals = new Map<TableRef, Node | null>();

  constructor(private readonly session: Session) {}

  /** Says where the filter of a reference is written. */
  place(ref: TableRef, model: Model, slot: Slot | null, wrap: string | null = null): void {
    if (slot) this.places.set(ref, { model, slot, wrap });
  }

  /** Says which call writes to the reference. */
  written(ref: TableRef, words: CallWords): void {
    this.calls.set(ref, words);
  }

  /** Says which expression an upsert updates the row with. */
  upserted(ref: TableRef, update: Node | null): void {
    this.revivals.set(ref, update);
  }

  get remedies(): Remedies {
    return {
      addLiveFilter: (ref, tombstones) => this.addLiveFilter(ref, tombstones),
      softDelete: (_write, ref, tombstone) => this.softDelete(ref, tombstone),
      addAge: (_write, ref, tombstone, days) => this.addAge(ref, tombstone, days),
      replaceByLive: (predicate, _ref, tombstone, negated) => this.replaceByLive(predicate, tombstone, negated),
      addConflictPredicate: (write, tombstone) => within('where', this.addLiveFilter(write.target, [tombstone])),
      reviveOnConflict: (write, tombstone) => this.reviveOnConflict(write, tombstone),
    };
  }

  private get text(): string {
    return this.session.source.text;
  }

  /** The tombstone as the file calls it, else in camel case. */
  private property({ model }: Place, { column, names }: TombstoneFact): string {
    const declared = Object.entries(model.facts?.columns ?? {}).find(([, own]) => fold(own) === fold(column))?.[0];
    return declared ?? spelledIn(this.text, names) ?? names.find((name) => !name.includes('_')) ?? column;
  }

  private liveWords(place: Place, tombstones: readonly TombstoneFact[]): string | null {
    if (tombstones.some(({ scheduled }) => scheduled)) return null;
    return tombstones.map((tombstone) => {
      const { live, dead } = tombstone, name = this.property(place, tombstone);
      if (dead) return `${name}: ${dead.length === 1 ? `{ not: ${literal(dead[0]!)} }` : `{ notIn: [${dead.map(literal).join(', ')}] }`}`;
      return `${name}: ${live === null ? 'null' : literal(live)}`;
    }).join(', ');
  }

  private addLiveFilter(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    const place = this.places.get(ref), live = place && this.liveWords(place, tombstones);
    if (!place || !live) return null;
    const words = place.wrap === null ? live : `${place.wrap}: { ${live} }`, edit = place.slot(words);
    return edit && { edits: [edit], shown: words };
  }

  private softDelete(ref: TableRef, tombstone: TombstoneFact): Remedy | null {
    const words = this.calls.get(ref), place = this.places.get(ref), dead = deadWords(tombstone), live = place && this.liveWords(place, [tombstone]);
    if (!words || !place || !dead || !live) return null;
    const data = `data: { ${this.property(place, tombstone)}: ${dead} }`, [argument] = words.call.arguments;
    const operation = replace(words.operation, (propertyText(words.operation)).replace(/^delete/, 'update'));
    const args = objectLiteral(argument);
    if (!argument || (args && args.properties.length === 0)) {
      const written = `{ where: { ${live} }, ${data} }`;
      return { edits: [operation, args ? replace(args, written) : { range: [words.call.range[1] - 1, words.call.range[1] - 1], text: written }], shown: data };
    }
    const edit = place.slot(live);
    return edit && args ? { edits: [operation, edit, addProperty(this.text, args, data)], shown: data } : null;
  }

  private addAge(ref: TableRef, tombstone: TombstoneFact, days: number): Remedy | null {
    const words = this.calls.get(ref), place = this.places.get(ref), where = words && whereOf(objectLiteral(words.call.arguments[0]));
    if (!words || !place || !where || tombstone.live !== null) return null;
    const held = where.properties.find((property) => property.type === 'Property' && fold(propertyName(property) ?? '') === fold(tombstone.column));
    const bound = `lt: new Date(Date.now() - ${days} * 24 * 60 * 60 * 1000)`;
    const filters = held?.type === 'Property' ? objectLiteral(held.value) : null;
    if (!filters || filters.properties.some((property) => /^lte?$/.test((property.type === 'Property' && propertyName(property)) || ''))) return null;
    return { edits: [addProperty(this.text, filters, bound)], shown: bound };
  }

  /** `in: [null]` is never true. */
  private replaceByLive(predicate: Expr, tombstone: TombstoneFact, negated: boolean): Remedy | null {
    if (predicate.type !== 'in' || tombstone.live !== null || !/^(?:in|notIn)\s*:/.test(this.text.slice(...predicate.range))) return null;
    const words = negated ? 'not: null' : 'equals: null';
    return { edits: [{ range: predicate.range, text: words }], shown: words };
  }

  private reviveOnConflict(write: Insert, tombstone: TombstoneFact): Remedy | null {
    const update = objectLiteral(this.revivals.get(write.target)), place = this.places.get(write.target);
    const live = update && place && tombstone.dead === null ? this.liveWords(place, [tombstone]) : null;
    return update && live ? within('update', { edits: [addProperty(this.text, update, live)], shown: live }) : null;
  }
}

/** An edit of an argument, shown with the argument's name. */
function within(argument: string, remedy: Remedy | null): Remedy | null {
  return remedy && { ...remedy, shown: `${argument}: { ${remedy.shown} }` };
}

function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value.replace(/[\\']/g, '\\$&')}'` : String(value);
}

function deadWords({ live, dead }: TombstoneFact): string | null {
  if (dead) return literal(dead[0]!);
  return live === null ? 'new Date()' : live === false ? 'true' : null;
}

function propertyText(node: Node): string {
  return node.type === 'Identifier' ? node.name : '';
}

function whereOf(args: TSESTree.ObjectExpression | null): TSESTree.ObjectExpression | null {
  const where = args?.properties.find((property) => property.type === 'Property' && propertyName(property) === 'where');
  return where?.type === 'Property' ? objectLiteral(where.value) : null;
}

/** In an object of conditions: beside the others, in the place of an `undefined`, or, where the key is taken, in an AND. */
export function objectSlot(session: Session, object: TSESTree.ObjectExpression): Slot {
  return (words) => {
    const name = /^([\w$]+): /.exec(words)?.[1], held = object.properties.find((property) => property.type === 'Property' && propertyName(property) === name);
    if (!held) return addProperty(session.source.text, object, words);
    if (held.type !== 'Property') return null;
    const value = unwrap(held.value);
    if (value.type === 'Identifier' && value.name === 'undefined') return replace(held, words);
    const isFree = !object.properties.some((property) => property.type === 'Property' && propertyName(property) === 'AND');
    return isFree ? addProperty(session.source.text, object, `AND: { ${words} }`) : null;
  };
}

/** In the `where` of an object of arguments (`{ where, include, .. }`), of `true`, or of a call that has none. */
export function argumentsSlot(session: Session, argument: Node | null, call: TSESTree.CallExpression | null): Slot | null {
  if (!argument) return call && ((words) => ({ range: [call.range[1] - 1, call.range[1] - 1], text: `{ where: { ${words} } }` }));
  const at = unwrap(argument);
  if (at.type === 'Literal' && at.value === true) return (words) => replace(at, `{ where: { ${words} } }`);
  if (at.type !== 'ObjectExpression') return null;
  const held = at.properties.findIndex((property) => property.type === 'Property' && propertyName(property) === 'where');
  if (held < 0) {
    return possible(session, session.value(at, null), 'where').every((one) => one === 'none') ? (words) => addPropertyFirst(session.source.text, at, `where: { ${words} }`) : null;
  }
  const property = at.properties[held]!;
  if (property.type !== 'Property' || at.properties.slice(held + 1).some(({ type }) => type === 'SpreadElement')) return null;
  const where = unwrap(property.value);
  if (where.type === 'ObjectExpression') return objectSlot(session, where);
  if (where.type === 'Identifier' && where.name === 'undefined') return (words) => replace(property, `where: { ${words} }`);
  return where.type === 'Identifier' || where.type === 'MemberExpression' ? (words) => replace(property, `where: { ...${session.source.text.slice(...where.range)}, ${words} }`) : null;
}

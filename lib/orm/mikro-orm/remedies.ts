/** Edits of MikroORM's calls, from the places that the reader has seen. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { TableFacts } from '../../manifest/catalog.js';
import { fold } from '../../manifest/catalog.js';
import type { Delete, Edit, Expr, Insert, Remedies, Remedy, TableRef, TombstoneFact } from '../../model/query.js';
import { ancestor, parentOf, propertyName, unwrap, wrapped, type Node } from '../../source/ast.js';
import { addArgument, addBound, addProperty, insert, propertyOf, remedy, replace, setOption, spelledIn } from '../edits.js';
import type { Called } from '../chains.js';
import type { Session } from '../session.js';
import type { Place } from './tables.js';

/** Where the conditions of a reference are written. */
type Slot =
  /** An argument that is the condition itself. */
  | { readonly type: 'argument'; readonly call: TSESTree.CallExpression; readonly position: number }
  /** The property of an options object that holds it. */
  | { readonly type: 'option'; readonly call: TSESTree.CallExpression; readonly position: number; readonly key: string }
  /** An object of conditions. */
  | { readonly type: 'object'; readonly object: TSESTree.ObjectExpression }
  /** A relation that is loaded: its conditions stand in `populateWhere`. */
  | { readonly type: 'populated'; readonly call: TSESTree.CallExpression; readonly position: number; readonly path: readonly string[] }
  /** A query builder: further calls go behind this expression. */
  | { readonly type: 'builder'; readonly end: Node };

/** How rows are deleted. */
type Deletion =
  | { readonly type: 'native'; readonly step: Called; readonly where: number; readonly filtered: boolean }
  | { readonly type: 'entity'; readonly step: Called; readonly flush: string | null }
  | { readonly type: 'builder'; readonly step: Called };

interface Known {
  readonly facts: TableFacts;
  readonly slot: Slot;
}

export class Edits {
  private readonly slots = new Map<TableRef, Known>();
  private deletion: Deletion | null = null;
  private data: TSESTree.ObjectExpression | null = null;
  private merged: TSESTree.ArrayExpression | null = null;
  private options: { readonly ref: TableRef; readonly call: Node; readonly position: number; readonly filter: string | null } | null = null;

  constructor(private readonly session: Session) {}

  private get source(): string {
    return this.session.source.text;
  }

  // ------------------------------------------------------------------------------------------- places

  argument({ ref, facts }: Place, call: Node, position: number, key: string | null = null): void {
    if (call.type !== 'CallExpression' || call.arguments.slice(0, position + 1).some(({ type }) => type === 'SpreadElement')) return;
    this.slots.set(ref, { facts, slot: key === null ? { type: 'argument', call, position } : { type: 'option', call, position, key } });
  }

  /**
   * Where the options of the call stand that finds the rows of a reference.
   *
   * @param filter the name of the filter of deleted rows, where the manifest tells it
   */
  optionsOf({ ref }: Place, call: Node, position: number, filter: string | null): void {
    this.options = { ref, call, position, filter };
  }

  condition({ ref, facts }: Place, object: TSESTree.ObjectExpression): void {
    this.slots.set(ref, { facts, slot: { type: 'object', object } });
  }

  populated({ ref, facts }: Place, call: Node, position: number, path: readonly string[]): void {
    if (call.type === 'CallExpression') this.slots.set(ref, { facts, slot: { type: 'populated', call, position, path } });
  }

  builder({ ref, facts }: Place, end: Node): void {
    this.slots.set(ref, { facts, slot: { type: 'builder', end } });
  }

  deletes(deletion: Deletion): void {
    this.deletion = deletion;
  }

  upserts(data: Node | undefined, merged: Node | null): void {
    const at = data ? unwrap(data) : null;
    this.data = at?.type === 'ObjectExpression' ? at : null;
    this.merged = merged?.type === 'ArrayExpression' ? merged : null;
  }

  merges(names: Node): void {
    this.merged = names.type === 'ArrayExpression' ? names : null;
  }

  // ------------------------------------------------------------------------------------------- remedies

  get remedies(): Remedies {
    return {
      addLiveFilter: (ref, tombstones) => this.addLiveFilter(ref, tombstones),
      softDelete: (write, ref, tombstone) => this.softDelete(write, ref, tombstone),
      replaceByLive: (predicate, _ref, tombstone, negated) => this.replaceByLive(predicate, tombstone, negated),
      showTombstones: (ref) => this.showTombstones(ref),
      addAge: (_write, ref, tombstone, days) => this.addAge(ref, tombstone, days),
      reviveOnConflict: (write, tombstone) => this.revive(write, tombstone),
    };
  }

  /** `deletedAt: { $ne: null, $lt: .. }`. */
  private addAge(ref: TableRef, tombstone: TombstoneFact, days: number): Remedy | null {
    const known = this.slots.get(ref), where = known?.slot.type === 'argument' ? known.slot.call.arguments[known.slot.position] : known?.slot.type === 'object' ? known.slot.object : undefined;
    if (!known || tombstone.live !== null || tombstone.dead !== null) return null;
    return addBound(this.source, where, this.property(tombstone, known.facts), (other) => (/^['"]?\$\w+['"]?$/.test(other) ? '$lt' : null), days);
  }

  private showTombstones(ref: TableRef): Remedy | null {
    const { options } = this, value = options?.filter ? `{ ${options.filter}: false }` : 'false';
    return options?.ref === ref ? remedy(`filters: ${value}`, setOption(this.source, options.call, options.position, 'filters', value)) : null;
  }

  private addLiveFilter(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    const known = this.slots.get(ref);
    if (!known) return null;
    const entries = tombstones.map((tombstone) => this.live(tombstone, known.facts));
    return entries.every((entry) => entry !== null) ? this.addEntries(known.slot, entries.join(', '), known.facts, tombstones) : null;
  }

  private addEntries(slot: Slot, entries: string, facts: TableFacts, tombstones: readonly TombstoneFact[]): Remedy | null {
    switch (slot.type) {
      case 'object': return this.intoObject(slot.object, entries, tombstones);
      case 'builder': return remedy(`.andWhere({ ${entries} })`, insert(wrapped(slot.end).range[1], `.andWhere({ ${entries} })`));
      case 'argument': {
        const argument = slot.call.arguments[slot.position];
        if (argument) return this.intoCondition(argument, entries, facts, tombstones);
        return slot.call.arguments.length === slot.position ? remedy(entries, addArgument(this.source, slot.call, `{ ${entries} }`)) : null;
      }
      case 'option': {
        const argument = slot.call.arguments[slot.position];
        if (!argument) return slot.call.arguments.length === slot.position ? remedy(entries, addArgument(this.source, slot.call, `{ ${slot.key}: { ${entries} } }`)) : null;
        const options = unwrap(argument);
        if (options.type !== 'ObjectExpression') return null;
        const property = propertyOf(options, slot.key);
        return property ? this.intoCondition(property.value, entries, facts, tombstones) : remedy(entries, addProperty(this.source, options, `${slot.key}: { ${entries} }`));
      }
      case 'populated': {
        const options = slot.call.arguments[slot.position], object = options ? unwrap(options) : null;
        if (object?.type !== 'ObjectExpression') return null;
        return this.intoPopulateWhere(object, 'populateWhere', slot.path, entries, facts, tombstones);
      }
    }
  }

  /** Goes down into `populateWhere: { posts: { .. } }` as far as it is written, and writes the rest. */
  private intoPopulateWhere(object: TSESTree.ObjectExpression, key: string, path: readonly string[], entries: string, facts: TableFacts, tombstones: readonly TombstoneFact[]): Remedy | null {
    const property = propertyOf(object, key);
    if (!property) {
      const text = [key, ...path].reduceRight((inner, name) => `${name}: { ${inner} }`, entries);
      return remedy(text, addProperty(this.source, object, text));
    }
    const value = unwrap(property.value);
    if (value.type !== 'ObjectExpression') return null;
    const [next, ...rest] = path;
    return next === undefined ? this.intoObject(value, entries, tombstones) : this.intoPopulateWhere(value, next, rest, entries, facts, tombstones);
  }

  private intoObject(object: TSESTree.ObjectExpression, entries: string, tombstones: readonly TombstoneFact[]): Remedy | null {
    const written = object.properties.flatMap((property) => (property.type === 'Property' ? propertyName(property) ?? [] : []));
    if (written.some((name) => tombstones.some(({ names }) => names.some((own) => fold(own) === fold(name)))) || (entries.startsWith('$or') && written.includes('$or'))) return null;
    return remedy(entries, addProperty(this.source, object, entries));
  }

  /** A condition that stands as an argument: an object, a key, a list, a variable that holds an object. */
  private intoCondition(argument: Node, entries: string, facts: TableFacts, tombstones: readonly TombstoneFact[]): Remedy | null {
    const at = unwrap(argument);
    if (at.type === 'ObjectExpression') return this.intoObject(at, entries, tombstones);
    const value = this.session.value(at, null), text = this.source.slice(...at.range), [key, another] = facts.key;
    if (value.type === 'object') return remedy(entries, replace(at, `{ ...${text}, ${entries} }`));
    if (value.type === 'list' && value.items.some((item) => item.type === 'item' && item.value.type === 'object')) return remedy(entries, replace(at, `{ $or: ${text}, ${entries} }`));
    if (value.type === 'fork' || !key || another) return null;
    return remedy(entries, replace(at, text === key ? `{ ${key}, ${entries} }` : `{ ${key}: ${text}, ${entries} }`));
  }

  private softDelete(_write: Delete, ref: TableRef, tombstone: TombstoneFact): Remedy | null {
    const known = this.slots.get(ref), { deletion } = this, value = this.dead(tombstone);
    if (!known || !deletion || value === null) return null;
    const assignment = `{ ${this.property(tombstone, known.facts)}: ${value} }`;
    switch (deletion.type) {
      case 'native': {
        const call = deletion.step.node, where = call.type === 'CallExpression' ? call.arguments[deletion.where] : undefined;
        if (!where) return null;
        const filter = deletion.filtered ? null : this.addLiveFilter(ref, [tombstone]);
        if (!deletion.filtered && !filter) return null;
        const inserted = wrapped(where).range[1], edits: Edit[] = [replace(deletion.step.at, 'nativeUpdate'), ...(filter?.edits ?? [])];
        // Two insertions at one place would be one edit too many.
        const same = edits.findIndex(({ range }) => range[1] === inserted && (range[0] === inserted || range[0] === where.range[0]));
        if (same >= 0) edits[same] = { ...edits[same]!, text: `${edits[same]!.text}, ${assignment}` };
        else edits.push(insert(inserted, `, ${assignment}`));
        return remedy(`nativeUpdate(.., ${assignment})`, ...edits);
      }
      case 'entity': {
        const { step, flush } = deletion, call = step.node, statement = ancestor(call, ({ type }) => type === 'ExpressionStatement');
        const whole = wrapped(call), parent = parentOf(whole), awaited = parent?.type === 'AwaitExpression';
        if (call.type !== 'CallExpression' || !statement || parentOf(awaited ? wrapped(parent) : whole) !== statement || call.arguments.length !== 1 || this.session.value(call.arguments[0]!, step.env).type === 'list') return null;
        const edits = [replace(step.at, 'assign'), addArgument(this.source, call, assignment)];
        if (step.name === 'remove') return remedy(`assign(.., ${assignment})`, ...edits);
        if (flush === null || !awaited) return null;
        const indent = /[ \t]*$/.exec(this.source.slice(0, statement.range[0]))![0];
        return remedy(`assign(.., ${assignment})`, { range: [parent.range[0], call.range[0]], text: '' }, ...edits, insert(statement.range[1], `\n${indent}await ${flush}.flush();`));
      }
      case 'builder': {
        const { step } = deletion, call = step.node, filter = this.addLiveFilter(ref, [tombstone]);
        if (call.type !== 'CallExpression' || !filter) return null;
        const [condition] = call.arguments;
        const where = condition ? `.where(${this.source.slice(...condition.range)})` : '';
        const edit: Edit = { range: [step.at.range[0], call.range[1]], text: `update(${assignment})${where}` };
        const edits = filter.edits.map((other): Edit => (other.range[0] === call.range[1] ? { range: edit.range, text: edit.text + other.text } : other));
        return remedy(`update(${assignment})`, ...(edits.some(({ range }) => range === edit.range) ? edits : [edit, ...edits]));
      }
    }
  }

  private replaceByLive(predicate: Expr, tombstone: TombstoneFact, negated: boolean): Remedy | null {
    const written = this.source.slice(...predicate.range);
    const key = /^(?:[\w$]+|(['"])[\w$.]+\1)\s*:/.exec(written);
    if (key) {
      if (tombstone.dead || tombstone.live !== null) return null;
      return this.replacement(predicate, `${written.slice(0, key[0].length)} ${negated ? '{ $ne: null }' : 'null'}`);
    }
    const sql = /^([\w."`]+)\s*(?:=|<>|!=)\s*null$/i.exec(written);
    if (!sql || tombstone.dead || tombstone.live !== null) return null;
    return this.replacement(predicate, `${sql[1]!} is ${negated ? 'not ' : ''}null`);
  }

  private replacement({ range }: Expr, text: string): Remedy {
    return { edits: [{ range, text }], shown: text };
  }

  private revive(write: Insert, tombstone: TombstoneFact): Remedy | null {
    const known = this.slots.get(write.target);
    if (!this.data || !known || tombstone.dead) return null;
    const property = this.property(tombstone, known.facts), entry = `${property}: ${tombstone.live === null ? 'null' : JSON.stringify(tombstone.live)}`;
    const last = this.merged?.elements.at(-1);
    if (this.merged && !last) return null;
    return remedy(entry, addProperty(this.source, this.data, entry), ...(last ? [insert(last.range[1], `, '${property}'`)] : []));
  }

  // ------------------------------------------------------------------------------------------- words

  /** The condition of a live row, as an entry of an object; null where one entry cannot say it. */
  private live(tombstone: TombstoneFact, facts: TableFacts): string | null {
    const property = this.property(tombstone, facts), { live, dead, scheduled } = tombstone;
    if (dead) return dead.length === 1 ? `${property}: { $ne: ${quoted(dead[0]!)} }` : `${property}: { $nin: [${dead.map(quoted).join(', ')}] }`;
    if (live !== null) return scheduled ? null : `${property}: ${quoted(live)}`;
    return scheduled ? `$or: [{ ${property}: null }, { ${property}: { $gt: new Date() } }]` : `${property}: null`;
  }

  private dead({ live, dead }: TombstoneFact): string | null {
    if (dead?.[0] !== undefined) return quoted(dead[0]);
    return live === null ? 'new Date()' : live === false ? 'true' : live === 0 ? '1' : null;
  }

  /** The property that stands for a tombstone. */
  private property({ column, names }: TombstoneFact, { columns }: TableFacts): string {
    const property = Object.keys(columns).find((name) => fold(columns[name]!) === fold(column));
    if (property !== undefined) return property;
    const written = spelledIn(this.source, names);
    return written ?? names.find((name) => /^[a-z]\w*$/.test(name) && !name.includes('_')) ?? column;
  }
}

const quoted = (value: string | number | boolean): string => (typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value));

/** Prisma's `data`: what is assigned, and the writes to other models inside it. */
import type { Assignment, Conflict, Expr, Insert, Range, TableRef, TombstoneFact } from '../../model/query.js';
import { fold } from '../../manifest/catalog.js';
import type { Node } from '../../source/ast.js';
import type { Keyed } from '../../source/objects.js';
import type { Value } from '../../source/values.js';
import { and, choice, column, comparison, opaque, operation, parameter, select } from '../expressions.js';
import { columnOf, reference, relationNamed, type Model, type Relation } from './models.js';
import type { Arguments, Reading } from './reading.js';
import { argumentsSlot, objectSlot, type Slot } from './remedies.js';
import { allEntries, alternatives, memberOf, objectLiteral, opened, possible } from './values.js';
import type { Subject } from './where.js';

const MAX_DEPTH = 8;
/** Columns that are changed and not set. */
const CHANGES = new Set(['increment', 'decrement', 'multiply', 'divide', 'push', 'unset']);

export interface Assigned {
  readonly assignments: readonly Assignment[];
  /** Others may be assigned that cannot be seen. */
  readonly opaque: boolean;
}

export class Writes {
  constructor(private readonly reading: Reading) {}

  private get session() {
    return this.reading.session;
  }

  /** What an object of data assigns. */
  assigned(value: Value, model: Model): Assigned {
    const shown = opened(this.session, value);
    if (shown.type === 'nothing') return { assignments: [], opaque: false };
    const keys = new Map(allEntries(this.session, shown).map((entry) => [entry.key, entry]));
    const assignments = [...keys].flatMap(([key, entry]): Assignment[] => {
      if (relationNamed(this.session, model, key)?.declared) return [];
      const tombstone = model.facts ? this.session.catalog.tombstone(model.facts, key) : null;
      const options = possible(this.session, shown, key).map((one) => (one === 'none' || one === 'unknown' ? null : this.value(opened(this.session, one.value), one.node, tombstone)));
      const set = options.filter((one) => one !== null);
      if (set.length === 0) return [];
      const range = entry.node.range as Range;
      const assignedValue = set.length < options.length ? parameter(range) : choice(set, range);
      return assignedValue ? [{ column: columnOf(model, key), value: assignedValue, range }] : [];
    });
    return { assignments, opaque: !this.isSeen(shown) };
  }

  private isSeen(value: Value): boolean {
    if (value.type === 'fork') return value.options.every((option) => this.isSeen(opened(this.session, option)));
    return value.type === 'nothing' || (value.type === 'object' && !possible(this.session, value, '').includes('unknown'));
  }

  /** The value that is assigned; null where the column is left alone. */
  private value(value: Value, node: Node, tombstone: TombstoneFact | null): Expr | null {
    const range = node.range as Range;
    if (this.session.isUndefined(value)) return null;
    if (value.type === 'fork') return choice(value.options.map((option) => this.value(opened(this.session, option), node, tombstone) ?? parameter(range)), range);
    if (value.type !== 'object') return memberOf(this.session, value, tombstone, range) ?? this.session.scalar(value, node);
    const entries = allEntries(this.session, value), set = entries.find(({ key }) => key === 'set');
    if (set && entries.length === 1) return this.value(opened(this.session, set.value()), set.valueNode ?? set.node, tombstone);
    return entries.some(({ key }) => CHANGES.has(key)) ? operation([], range) : parameter(range);
  }

  // ------------------------------------------------------------------------------------------- nested writes

  /** The writes to other models inside an object of data. */
  nested(value: Value, model: Model, depth = 0): void {
    if (depth > MAX_DEPTH) return;
    const shown = opened(this.session, value);
    if (shown.type === 'list') {
      for (const item of shown.items) if (item.type === 'item') this.nested(item.value, model, depth + 1);
      return;
    }
    for (const entry of allEntries(this.session, shown)) {
      const inner = opened(this.session, entry.value()), shapes = alternatives(this.session, inner).filter(({ type }) => type === 'object');
      const relation = shapes.length > 0 ? relationNamed(this.session, model, entry.key) : null;
      if (!relation) continue;
      for (const one of allEntries(this.session, inner)) for (const args of this.items(one)) this.write(one, relation, args, depth);
    }
  }

  /** The arguments of a nested write, each of a list by itself. */
  private items(entry: Keyed): Arguments[] {
    const node = entry.valueNode ?? entry.node, value = opened(this.session, entry.value());
    if (value.type !== 'list') return alternatives(this.session, value).map((one) => ({ value: one, node: one.type === 'object' ? one.node : node }));
    return value.items.flatMap((item): Arguments[] => (item.type === 'item' ? [{ value: opened(this.session, item.value), node: item.value.type === 'object' ? item.value.node : node }] : []));
  }

  private write(entry: Keyed, relation: Relation, args: Arguments, depth: number): void {
    const { target } = relation, { value, node } = args;
    if (value.type === 'nothing' || (value.type === 'constant' && value.value === false)) return;
    const ref = reference(this.session, target, entry.keyNode.range as Range, { autoFilter: this.reading.coverage.of(target, { nestedWrite: entry.key }) }), range = entry.node.range as Range, subject: Subject = { ref, model: target };
    const link = this.link(relation, ref, range), whereSlot = objectLiteral(node);
    const matched = (): Expr | null => and([link, this.reading.where.condition(value, node, subject)], range);
    const placed = (slot: Slot | null): void => this.reading.remedies.place(ref, target, slot);
    switch (entry.key) {
      case 'create': this.nested(value, target, depth + 1); break;
      case 'connect':
        // The row itself is changed only where it holds the foreign key.
        if (!relation.many || !relation.on || value.type !== 'object') break;
        if (whereSlot) placed(objectSlot(this.session, whereSlot));
        this.update(ref, this.reading.where.condition(value, node, subject), { assignments: Object.values(relation.on).map((name) => ({ column: name, value: parameter(range), range })), opaque: false }, range);
        break;
      case 'connectOrCreate':
        placed(argumentsSlot(this.session, node, null));
        this.reading.add(select({ from: [ref], where: this.reading.condition(args, subject), range }));
        for (const { value: created } of this.reading.found(args, 'create')) this.nested(created, target, depth + 1);
        break;
      case 'update': case 'updateMany': {
        const data = this.reading.found(args, 'data'), whole = relation.many || data.length > 0;
        placed(whole ? argumentsSlot(this.session, node, null) : null);
        const changes = whole ? data.map((one) => one.value) : [value];
        const assigned = changes.length > 0 ? this.assigned(changes[0]!, target) : { assignments: [], opaque: true };
        this.update(ref, and([link, whole ? this.reading.condition(args, subject) : null], range), assigned, range);
        for (const change of changes) this.nested(change, target, depth + 1);
        break;
      }
      case 'upsert': this.upsert(subject, args, entry.keyNode, link, depth + 1); break;
      case 'delete': case 'deleteMany':
        if (value.type === 'unknown' && entry.key === 'delete' && !relation.many) break;
        if (whereSlot) placed(objectSlot(this.session, whereSlot));
        if (this.reading.coverage.softDeletes(target, entry.key)) break;
        this.reading.add({ type: 'delete', target: ref, targetInFrom: false, from: [], where: value.type === 'constant' ? link : matched(), returning: [], opaqueFilters: [], ctes: [], range });
    }
  }

  /** The rows of a relation that belong to the row which is written. */
  private link(relation: Relation, ref: TableRef, range: Range): Expr {
    const columns = relation.on ? Object.values(relation.on) : relation.many ? null : relation.target.facts?.key ?? ['id'];
    return (columns && and(columns.map((name) => comparison('=', column(ref, name, range), parameter(range), range)), range)) ?? operation([], range);
  }

  /** An UPDATE of a reference. */
  update(target: TableRef, where: Expr | null, { assignments, opaque: opaqueAssignments }: Assigned, range: Range): void {
    this.reading.add({ type: 'update', target, targetInFrom: false, from: [], assignments, opaqueAssignments, where, returning: [], opaqueFilters: [], ctes: [], range });
  }

  /** `upsert({ where, update, create })`: the row that the unique fields of `where` name is updated if the rest of `where` holds, else one is created. */
  upsert({ ref, model }: Subject, args: Arguments, at: Node, link: Expr | null, depth = 0): void {
    const range = at.range as Range, subject = { ref, model };
    const update = this.reading.found(args, 'update'), create = this.reading.found(args, 'create'), where = this.reading.found(args, 'where');
    this.reading.remedies.place(ref, model, argumentsSlot(this.session, args.node, null));
    this.reading.remedies.upserted(ref, update.length === 1 ? update[0]!.node : null);
    const changed = update.length > 0 ? this.assigned(update[0]!.value, model) : { assignments: [], opaque: true };
    const columns = create.length > 0 ? this.assigned(create[0]!.value, model) : null;
    const target = where.length === 1 ? this.keyOf(where[0]!.value, model) : null;
    const condition = and([link, where.length > 0 ? choice(where.map((one) => this.reading.where.condition(one.value, one.node, subject)), range) : opaque(range)], range);
    const conflict: Conflict = { target, targetWhere: null, action: 'update', assignments: changed.assignments, opaqueAssignments: changed.opaque, where: condition, range };
    const insert: Insert = {
      type: 'insert', target: ref, columns: columns && !columns.opaque ? columns.assignments.map((assignment) => assignment.column) : null, source: null, conflict,
      returning: [{ type: 'star', qualifier: null, range }], ctes: [], range,
    };
    this.reading.add(insert);
    for (const { value } of [...update, ...create]) this.nested(value, model, depth);
  }

  /** The unique fields that a `where` names; null where they cannot be seen. */
  private keyOf(value: Value, model: Model): string[] | null {
    const entries = allEntries(this.session, value), { facts } = model;
    const names = (columns: readonly string[]): boolean => columns.every((name) => entries.some(({ key }) => fold(columnOf(model, key)) === fold(name)));
    const single = facts ? [facts.key, ...facts.unique].find(names) : undefined;
    if (single) return [...single];
    for (const entry of entries) {
      const inner = allEntries(this.session, entry.value());
      if (inner.length > 1 && inner.every(({ key }) => !/^(?:not|in|notIn|lte?|gte?|equals)$/.test(key))) return inner.map(({ key }) => columnOf(model, key));
    }
    const first = entries.find(({ key }) => !/^(?:AND|OR|NOT)$/.test(key) && !(facts && this.session.catalog.tombstone(facts, key)));
    return first ? [columnOf(model, first.key)] : null;
  }
}

/** Prisma's `include`, `select`, `_count` and `orderBy`: rows of other models that a call reads beside its own. */
import { fold } from '../../manifest/catalog.js';
import type { Expr, Range, Relation as FromItem, TableRef } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Keyed } from '../../source/objects.js';
import type { Value } from '../../source/values.js';
import { aggregate, and, choice, opaque, select } from '../expressions.js';
import { guardNamed, rowsOf } from '../guards.js';
import type { Use } from './coverage.js';
import { isLink, joinCondition, reference, relationNamed, unknownRelation, type Model, type Relation } from './models.js';
import type { Arguments, Reading, Rows } from './reading.js';
import { argumentsSlot, type Slot } from './remedies.js';
import { allEntries, alternatives, opened } from './values.js';

const MAX_DEPTH = 12;
/** Keys that only what is selected of a relation has. */
const OF_RELATION = new Set(['select', 'include', 'omit', 'where', 'orderBy', 'take', 'skip', 'cursor', 'distinct']);

/** The rows of a model, what their `where` says of others, and where it can be changed. */
export interface Owner {
  readonly ref: TableRef;
  readonly model: Model;
  readonly args: Arguments | null;
  readonly slot: Slot | null;
}

export class Selection {
  constructor(private readonly reading: Reading) {}

  private get session() {
    return this.reading.session;
  }

  /**
   * Joins to the rows what the arguments select beside them.
   *
   * @param isNew the row is being created: what belongs to it is as new as it is
   */
  join(rows: Rows, owner: Owner, args: Arguments, depth = 0, isNew = false): void {
    if (depth > MAX_DEPTH) return;
    for (const key of ['include', 'select'] as const) {
      for (const { value } of this.reading.found(args, key)) {
        for (const entry of allEntries(this.session, value)) {
          if (entry.key === '_count') {
            if (!isNew) this.counts(rows, owner, entry);
          } else {
            const relation = this.relation(owner.model, entry, key);
            if (relation && !(isNew && relation.many)) this.related(rows, owner, relation, entry, depth, key === 'select' && depth > 0 ? 'nested-select' : 'include');
          }
        }
      }
    }
    for (const { value } of this.reading.found(args, 'orderBy')) this.ordered(rows, owner, value);
  }

  /** The rows of one relation, as the fluent API asks for them: `prisma.user.findUnique(..).posts(..)`. */
  fluent(rows: Rows, owner: Owner, name: string, at: Node, args: Arguments): void {
    const relation = relationNamed(this.session, owner.model, name) ?? (owner.model.facts ? null : unknownRelation(name));
    if (relation) this.joined(rows, owner, relation, at, args, argumentsSlot(this.session, args.node.type === 'CallExpression' ? null : args.node, args.node.type === 'CallExpression' ? args.node : null), 0, relation.many ? 'fluent' : 'fluent-one');
  }

  private relation(model: Model, entry: Keyed, key: 'include' | 'select'): Relation | null {
    const known = relationNamed(this.session, model, entry.key);
    if (known?.declared) return known;
    if (model.facts && Object.keys(model.facts.relations).length > 0) return null;
    const shaped = allEntries(this.session, entry.value()).some((inner) => OF_RELATION.has(inner.key));
    // `select: { project: true }` may be a column.
    if (known) return key === 'include' || known.many || shaped ? known : null;
    return key === 'include' || shaped ? unknownRelation(entry.key) : null;
  }

  private related(rows: Rows, owner: Owner, relation: Relation, entry: Keyed, depth: number, use: Use): void {
    const node = entry.valueNode ?? entry.node, value = opened(this.session, entry.value());
    const shown = alternatives(this.session, value).filter((one) => one.type !== 'nothing' && !(one.type === 'constant' && one.value === false));
    if (shown.length === 0) return;
    this.joined(rows, owner, relation, entry.keyNode, { value, node }, argumentsSlot(this.session, entry.valueNode, null), depth, use);
  }

  private joined(rows: Rows, owner: Owner, relation: Relation, at: Node, args: Arguments, slot: Slot | null, depth: number, use: Use): void {
    const range = at.range as Range;
    const ref = reference(this.session, relation.target, range, { via: relation.many ? 'include-many' : 'include-one', autoFilter: this.reading.coverage.of(relation.target, use) });
    const subject = { ref, model: relation.target };
    const through = relation.many || !owner.args ? null : this.onParent(owner.args, relation, ref);
    const on = and([joinCondition(relation, owner.ref, owner.model, ref, range), this.conditionOf(args, subject), this.declared(owner.model, relation, ref), through, this.reading.deliberate || this.asksForTombstone(args, relation.target) ? opaque(range) : null], range);
    rows.from = { type: 'join', kind: 'left', natural: false, left: rows.from, right: ref, on, using: null, opaque: false, range };
    // Only a relation that may lead nowhere takes a condition of its own (prisma/orm#15708); the rows that lead to it do.
    if (relation.many || relation.optional) this.reading.remedies.place(ref, relation.target, slot);
    else if (relation.optional === false) this.reading.remedies.place(ref, relation.target, owner.slot, relation.name);
    this.join(rows, { ref, model: relation.target, args, slot }, args, depth + 1);
  }

  /** What the manifest says that the relation's own declaration lets through. */
  private declared({ facts }: Model, { name, target }: Relation, ref: TableRef): Expr | null {
    const guard = guardNamed(this.session, 'relation', name);
    return guard && target.facts && (guard.model === undefined || this.session.facts(guard.model) === facts) ? rowsOf(guard.yields, ref, target.facts, ref.range) : null;
  }

  /** Who selects the tombstone of a relation by its name looks at it. */
  private asksForTombstone(args: Arguments, { facts }: Model): boolean {
    return facts !== null && facts.tombstones.length > 0 && this.reading.found(args, 'select').some(({ value }) => {
      const selected = allEntries(this.session, value).map(({ key }) => this.session.catalog.tombstone(facts, key));
      return facts.tombstones.every((tombstone) => selected.includes(tombstone));
    });
  }

  private onParent(args: Arguments, relation: Relation, ref: TableRef): Expr | null {
    const found = this.reading.found(args, 'where').map(({ value, node }) => this.reading.where.onParent(value, node, relation, ref));
    return choice(found, args.node.range as Range);
  }

  private conditionOf(args: Arguments, subject: { readonly ref: TableRef; readonly model: Model }): Expr | null {
    return choice(alternatives(this.session, args.value).filter((one) => one.type !== 'nothing').map((value) => value.type === 'constant' ? null : this.reading.condition({ value, node: args.node }, subject)), args.node.range as Range);
  }

  // ------------------------------------------------------------------------------------------- counts

  private counts(rows: Rows, owner: Owner, entry: Keyed): void {
    const value = opened(this.session, entry.value());
    if (value.type === 'constant' && value.value === true) {
      for (const [name, { many }] of Object.entries(owner.model.facts?.relations ?? {})) {
        const relation = many ? relationNamed(this.session, owner.model, name) : null;
        if (relation) this.counted(rows.output, owner, relation, entry.keyNode, { value, node: entry.valueNode ?? entry.node }, null);
      }
      return;
    }
    for (const { value: selected } of this.reading.found({ value, node: entry.node }, 'select')) {
      for (const inner of allEntries(this.session, selected)) {
        const relation = relationNamed(this.session, owner.model, inner.key), filter = opened(this.session, inner.value());
        if (!relation || filter.type === 'nothing' || (filter.type === 'constant' && filter.value === false)) continue;
        this.counted(rows.output, owner, relation, inner.keyNode, { value: filter, node: inner.valueNode ?? inner.node }, argumentsSlot(this.session, inner.valueNode, null));
      }
    }
  }

  private counted(output: Rows['output'], owner: Owner, relation: Relation, at: Node, args: Arguments, slot: Slot | null): void {
    output.push({ type: 'expr', expr: this.count(owner, relation, at, args, slot), name: null });
  }

  private count(owner: Owner, relation: Relation, at: Node, args: Arguments, slot: Slot | null): Expr {
    const range = at.range as Range;
    const ref = reference(this.session, relation.target, range, { via: 'relation-count', autoFilter: this.reading.coverage.of(relation.target, 'count') });
    this.reading.remedies.place(ref, relation.target, slot);
    const where = and([joinCondition(relation, owner.ref, owner.model, ref, range), this.conditionOf(args, { ref, model: relation.target })], range);
    return { type: 'subquery', query: select({ from: [this.withFarSide(ref, relation, args, slot, range)], where, output: [{ type: 'expr', expr: aggregate('count', [], range), name: null }], range }), range };
  }

  /** Whoever counts the rows of a link counts the rows at its far side. */
  private withFarSide(ref: TableRef, relation: Relation, args: Arguments, slot: Slot | null, range: Range): FromItem {
    const { target } = relation, near = Object.values(relation.on ?? {}).map(fold);
    const far = Object.keys(target.facts?.relations ?? {}).map((name) => relationNamed(this.session, target, name)!).filter((one) => near.length > 0 && isLink(target, one) && !Object.keys(one.on ?? {}).some((own) => near.includes(fold(own))));
    return far.reduce<FromItem>((left, one) => {
      const right = reference(this.session, one.target, range, { via: 'relation-count', autoFilter: this.reading.coverage.of(one.target, 'count') });
      this.reading.remedies.place(right, one.target, slot, one.name);
      const on = and([joinCondition(one, ref, target, right, range), this.onParent(args, one, right)], range);
      return { type: 'join', kind: 'left', natural: false, left, right, on, using: null, opaque: false, range };
    }, ref);
  }

  /** `orderBy: { posts: { _count: 'desc' } }` counts rows; an order by the column of a parent leaves no row out and adds none. */
  private ordered(rows: Rows, owner: Owner, value: Value): void {
    const shown = opened(this.session, value);
    const items = shown.type === 'list' ? shown.items.flatMap((item) => (item.type === 'item' ? [item.value] : [])) : alternatives(this.session, shown);
    for (const entry of items.flatMap((item) => allEntries(this.session, item))) {
      const inner = opened(this.session, entry.value());
      if (!allEntries(this.session, inner).some(({ key }) => key === '_count')) continue;
      const relation = relationNamed(this.session, owner.model, entry.key);
      if (relation) rows.orderBy.push(this.count(owner, relation, entry.keyNode, { value: { type: 'constant', value: true }, node: entry.keyNode }, null));
    }
  }
}

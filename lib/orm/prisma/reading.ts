/** What the parts of one call's reading share. */
import type { Expr, OutputColumn, Query, Range, Relation as FromItem, TableRef } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Value } from '../../source/values.js';
import { and, choice, opaque } from '../expressions.js';
import type { OrmStatement } from '../library.js';
import type { Session } from '../session.js';
import { NO_COVERAGE, type Coverage } from './coverage.js';
import { PrismaRemedies } from './remedies.js';
import { possible, type Found } from './values.js';
import { Where, type Subject } from './where.js';

/** The arguments of a call or of a part of it; `node` is the expression that they stand in. */
export interface Arguments {
  readonly value: Value;
  readonly node: Node;
}

/** Rows that a block reads, and what is joined to them. */
export interface Rows {
  from: FromItem;
  readonly output: OutputColumn[];
  readonly orderBy: Expr[];
}

export class Reading {
  readonly statements: OrmStatement[] = [];
  readonly remedies: PrismaRemedies;
  readonly where: Where;
  /** Where a condition names rows by a parent that is deleted: with it they go, whatever they say of themselves. */
  belongsToDead: Range | null = null;

  /** The reference of a call that names its row by a key. */
  lookup: TableRef | null = null;

  /** @param deliberate the client says by its name that it shows deleted rows */
  constructor(readonly session: Session, readonly coverage: Coverage, readonly deliberate = false) {
    this.remedies = new PrismaRemedies(session);
    this.where = new Where(this);
  }

  /** For a query inside of this one: what is read and can be changed there is not this one's. */
  fresh(): Reading {
    return new Reading(this.session, NO_COVERAGE);
  }

  add(root: Query): void {
    this.statements.push({ root, remedies: this.remedies.remedies });
  }

  /** The values that an argument may have. */
  found({ value }: Arguments, key: string): Found[] {
    return possible(this.session, value, key).filter((one) => typeof one !== 'string');
  }

  /** Is an argument given, in some run? */
  has(args: Arguments, key: string): boolean {
    return this.found(args, key).some(({ value }) => !this.session.isUndefined(value));
  }

  /** The condition of the `where` among arguments. */
  condition(args: Arguments, subject: Subject): Expr | null {
    const { value, node } = args, range = node.range as Range;
    const written = choice(possible(this.session, value, 'where').map((one) => one === 'none' ? null : one === 'unknown' ? opaque(range) : this.where.condition(one.value, one.node, subject)), range);
    return this.deliberate || this.coverage.isUnseen(subject.model) ? and([written, opaque(range)], range) : written;
  }
}

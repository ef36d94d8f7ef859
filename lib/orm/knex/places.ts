/** Where the tables and conditions of a statement stand in the calls that made it: what edits go by. */
import type { Join } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Chain, Step } from '../../source/values.js';
import type { Builder } from './builder.js';

/** The calls of one builder, and what they made of it. */
export interface Frame {
  readonly items: Chain['steps'];
  /** What the calls begin with. */
  readonly root: Node;
  /** Null until every call is read. */
  end: Builder | null;
}

/** Where a reference came into a statement. */
export interface Place {
  readonly kind: 'root' | 'join' | 'include';
  readonly step: Step;
  /** Null where no call that the file shows can be added to. */
  readonly frame: Frame | null;
  readonly join?: Join['kind'];
  /** `include`: the path of relations by which it is fetched. */
  readonly path?: string;
}

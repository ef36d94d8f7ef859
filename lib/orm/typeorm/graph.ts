/** The entities of one query and how they are joined. */
import type { TableFacts } from '../../manifest/catalog.js';
import type { Expr, Join, OutputColumn, Range, Relation, TableRef } from '../../model/query.js';
import { and, choice } from '../expressions.js';
import type { ClientFilter } from '../guards.js';
import type { Session } from '../session.js';
import { isFiltered, joined, liveCondition, relationRows, relationTo, type Reach } from './tables.js';

/** Are tombstones let through (`withDeleted`)? Null where the program decides. */
export type WithDeleted = boolean | null;

/** An entity of a query. */
export interface Place {
  readonly ref: TableRef;
  readonly facts: TableFacts;
}

/** The alias of a relation that is joined to a builder, by the alias of its parent. */
export type AliasOf = (parent: string, property: string) => string;

interface Joined extends Place {
  readonly on: Expr | null;
}

/** A reference to an entity with the library's own filter, and the condition where that depends on the program. */
export function placed(facts: TableFacts, range: Range, options: { readonly alias?: string | null; readonly via?: TableRef['via']; readonly withDeleted: WithDeleted; readonly client?: TableRef['autoFilter'] | undefined }, session: Session): Place & { readonly filter: Expr | null } {
  const filtered = isFiltered(facts);
  const autoFilter = !filtered ? options.client ?? 'none' : options.withDeleted === true ? 'bypassed' : options.withDeleted === false ? 'applies' : 'none';
  const ref = session.table(facts.name, range, { schema: facts.schema, alias: options.alias ?? null, via: options.via ?? 'from', autoFilter });
  const filter = filtered && options.withDeleted === null ? choice([liveCondition(ref, facts, range), null], range) : null;
  return { ref, facts, filter };
}

/** The joins that find options make: of relations that are loaded, and of relations that conditions speak of. */
export class Graph {
  readonly root: Place;
  readonly rootFilter: Expr | null;
  private readonly joins = new Map<string, Joined>();
  private readonly paths = new Map<TableRef, string>();
  private readonly loaded: string[] = [];

  /**
   * @param given the root where it stands in FROM already
   * @param client the filter of the client that the call goes through
   * @param aliasOf what the library calls a relation of an alias, where conditions in strings may speak of it
   */
  constructor(facts: TableFacts, range: Range, private readonly withDeleted: WithDeleted, private readonly session: Session, given: Place | null = null, private readonly client: { readonly operation: string; readonly filter: ClientFilter | null } | null = null, private readonly aliasOf: AliasOf | null = null) {
    const { filter, ...root } = given ? { ...given, filter: null } : placed(facts, range, { withDeleted, client: client?.filter?.root(facts, client.operation) }, session);
    this.root = root;
    this.rootFilter = filter;
    this.paths.set(root.ref, '');
  }

  /** A relation whose rows are loaded. */
  include(parent: Place, property: string, range: Range): Place {
    const reach = relationTo(parent.facts, property, this.session);
    return this.join(parent, property, reach, range, reach.many ? 'include-many' : 'include-one', true);
  }

  /** A relation that a condition speaks of: its rows are not loaded for that. */
  match(parent: Place, property: string, reach: Reach, range: Range): Place {
    return this.join(parent, property, reach, range, reach.many ? 'relation-filter' : 'from', false);
  }

  private join(parent: Place, property: string, reach: Reach, range: Range, via: TableRef['via'], isLoaded: boolean): Place {
    const path = [this.paths.get(parent.ref), property].filter(Boolean).join('.');
    const known = this.joins.get(path);
    if (known) return known;
    const { filter, ref, facts } = placed(reach.facts, range, { alias: this.aliasOf?.(parent.ref.alias ?? parent.ref.name, property) ?? path, via, withDeleted: this.withDeleted, client: this.client?.filter?.nested(reach.facts) }, this.session);
    const live = relationRows(property, parent.facts, reach, { ref, facts }, range, this.session);
    const join: Joined = { ref, facts, on: and([joined(parent.ref, ref, reach, range), filter, live], range) };
    this.joins.set(path, join);
    this.paths.set(ref, path);
    if (isLoaded) this.loaded.push(path);
    return join;
  }

  /** What is joined to the root, in order. */
  joined(): readonly (Place & { readonly on: Expr | null })[] {
    return [...this.joins.values()];
  }

  /** FROM with its joins. */
  from(range: Range): Relation {
    return this.joined().reduce<Relation>((left, { ref, on }): Join => ({ type: 'join', kind: 'left', natural: false, left, right: ref, on, using: null, opaque: false, range }), this.root.ref);
  }

  /** The columns of what is loaded. */
  output(range: Range): OutputColumn[] {
    return [this.root.ref.name, ...this.loaded].map((qualifier) => ({ type: 'star', qualifier, range }));
  }
}

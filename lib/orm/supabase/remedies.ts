/** Edits in Supabase's own words: `.is('deleted_at', null)`. */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Edit, Expr, Remedies, Remedy, TableRef, TombstoneFact } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Called } from '../chains.js';
import { addCall, addProperty, insert, remedy, replace, spelledIn } from '../edits.js';
import type { Session } from '../session.js';

/** Where the parts of a statement stand. */
export interface Places {
  readonly verb: Called | null;
  /** The calls that are made in any case, in order. */
  readonly steps: Called[];
  /** The call that made a condition. */
  readonly filters: Map<Expr, Called>;
  /** How filters name an embedded resource. */
  readonly paths: Map<TableRef, string>;
  readonly comparisons: Map<Expr, { readonly step: Called; readonly column: Node; readonly value: Node; readonly operator: Node | null }>;
  /** What an update or upsert writes. */
  values: Node | null;
}

/** Calls behind which filters are not taken, or not usual. */
const BEHIND = /^(?:order|limit|range|single|maybeSingle|csv|geojson|explain|then|catch|finally|abortSignal|returns|overrideTypes|throwOnError|rollback|maxAffected|setHeader)$/;

export function remediesFor(places: Places, session: Session): Remedies {
  const writer = new RemedyWriter(places, session);
  return {
    addLiveFilter: (ref, tombstones) => writer.addLiveFilter(ref, tombstones),
    softDelete: (_write, ref, tombstone) => writer.softDelete(ref, tombstone),
    addAge: (_write, ref, tombstone, days) => writer.addAge(ref, tombstone, days),
    replaceByLive: (predicate, _ref, tombstone, negated) => writer.replaceByLive(predicate, tombstone, negated),
    reviveOnConflict: (_write, tombstone) => writer.reviveOnConflict(tombstone),
  };
}

class RemedyWriter {
  private readonly text: string;

  constructor(private readonly places: Places, session: Session) {
    this.text = session.source.text;
  }

  private column(ref: TableRef | null, { names }: TombstoneFact): string {
    const path = ref && this.places.paths.get(ref), name = spelledIn(this.text, names) ?? names[0]!;
    return path ? `${path}.${name}` : name;
  }

  private quote(text: string): string {
    const from = this.places.steps.find(({ name }) => name === 'from')?.args[0], mark = from && this.text[from.range[0]] === '"' ? '"' : "'";
    return mark + text + mark;
  }

  /** The call that lets live rows alone through. */
  private live(column: string, { live, dead, scheduled }: TombstoneFact): string | null {
    const at = this.quote(column);
    if (dead) return dead.length === 1 ? `.neq(${at}, ${this.value(dead[0]!)})` : `.not(${at}, ${this.quote('in')}, ${this.quote(`(${dead.join(',')})`)})`;
    // Conditions of `or` speak of one resource.
    if (scheduled) return live === null && !column.includes('.') ? `.or(\`${column}.is.null,${column}.gt.\${new Date().toISOString()}\`)` : null;
    return live === null ? `.is(${at}, null)` : `.eq(${at}, ${this.value(live)})`;
  }

  private value(value: string | number | boolean): string {
    return typeof value === 'string' ? this.quote(value) : String(value);
  }

  /** The last call behind which filters stand. */
  private anchor(): Called | null {
    const { steps } = this.places, verb = this.places.verb ? steps.indexOf(this.places.verb) : -1;
    return verb < 0 ? null : steps.slice(verb).filter(({ name }) => name !== null && name !== '' && !BEHIND.test(name)).at(-1) ?? null;
  }

  private calls(behind: Called, texts: readonly string[]): Edit {
    const next = this.places.steps[this.places.steps.indexOf(behind) + 1];
    const line = next && /\n[ \t]*$/u.exec(this.text.slice(behind.node.range[1], Math.max(behind.node.range[1], next.at.range[0] - 1)))?.[0];
    if (line) return insert(behind.node.range[1], texts.map((text) => line + text).join(''));
    const first = addCall(this.text, behind.node, texts[0]!), lead = first.text.slice(0, first.text.length - texts[0]!.length);
    return { ...first, text: texts.map((text) => lead + text).join('') };
  }

  private added(texts: readonly (string | null)[]): Remedy | null {
    const anchor = this.anchor(), calls = texts.filter((text) => text !== null);
    return anchor && calls.length === texts.length && calls.length > 0 ? remedy(calls.join(''), this.calls(anchor, calls)) : null;
  }

  addLiveFilter(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    return this.added(tombstones.map((tombstone) => this.live(this.column(ref, tombstone), tombstone)));
  }

  addAge(ref: TableRef, tombstone: TombstoneFact, days: number): Remedy | null {
    return tombstone.live === null ? this.added([`.lt(${this.quote(this.column(ref, tombstone))}, new Date(Date.now() - ${days} * 24 * 60 * 60 * 1000).toISOString())`]) : null;
  }

  softDelete(ref: TableRef, tombstone: TombstoneFact): Remedy | null {
    const { verb } = this.places, anchor = this.anchor(), filter = this.live(this.column(ref, tombstone), tombstone);
    const { live, dead } = tombstone, [listed] = dead ?? [];
    const value = listed !== undefined ? this.value(listed) : live === null ? 'new Date().toISOString()' : live === false ? 'true' : null;
    if (!verb || verb.name !== 'delete' || !anchor || value === null || filter === null) return null;
    const call = `update({ ${this.column(null, tombstone)}: ${value} })`;
    const renamed: Edit = { range: [verb.at.range[0], verb.node.range[1]], text: call };
    return anchor === verb ? remedy(call, { ...renamed, text: call + filter }) : remedy(call, renamed, this.calls(anchor, [filter]));
  }

  replaceByLive(predicate: Expr, tombstone: TombstoneFact, negated: boolean): Remedy | null {
    const written = this.places.comparisons.get(predicate);
    if (!written || tombstone.live !== null || tombstone.dead) return null;
    const { step, column, value, operator } = written, at = this.text.slice(...column.range), is = this.quote('is');
    if (operator) return remedy(`.filter(${at}, ${is}, null)`, replace(operator, this.quote(negated ? 'not.is' : 'is')), replace(value, 'null'));
    if (step.name === 'eq' || step.name === 'neq') return remedy(negated ? `.not(${at}, ${is}, null)` : `.is(${at}, null)`, { range: [step.at.range[0], step.node.range[1]], text: negated ? `not(${at}, ${is}, null)` : `is(${at}, null)` });
    return null;
  }

  reviveOnConflict(tombstone: TombstoneFact): Remedy | null {
    const node = this.places.values && unwrap(this.places.values), { live, dead } = tombstone;
    if (node?.type !== 'ObjectExpression' || dead) return null;
    const text = `${this.column(null, tombstone)}: ${typeof live === 'string' ? this.quote(live) : String(live)}`;
    return remedy(text, addProperty(this.text, node satisfies TSESTree.ObjectExpression, text));
  }
}

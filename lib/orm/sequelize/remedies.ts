/** Edits of Sequelize's calls. */
import type { TableFacts } from '../../manifest/catalog.js';
import type { Remedies, Remedy, TableRef, TombstoneFact } from '../../model/query.js';
import { unwrap } from '../../source/ast.js';
import { addArgument, addBound, addProperty, insert, propertyOf, remedy, removeProperty, replace, setOption, spelledIn } from '../edits.js';
import type { Session } from '../session.js';
import type { ModelCall } from './models.js';
import type { Options } from './options.js';
import { AGGREGATES, appliesTo, READS, WRITES } from './vocabulary.js';

/** The options in which a reference's conditions stand, and how it is joined. */
export type Placed = Options & { readonly joined: 'no' | 'inner' | 'left' };

/** @param optionsOf of each reference of the call */
export function callRemedies(model: ModelCall, optionsOf: ReadonlyMap<TableRef, Placed>, session: Session): Remedies {
  const editing = new Editing(session, model, optionsOf);
  return {
    addLiveFilter: (ref, tombstones) => editing.addLiveFilter(ref, tombstones),
    softDelete: (_, ref, tombstone) => editing.softDelete(ref, tombstone),
    showTombstones: (ref) => editing.showTombstones(ref),
    addAge: (_, ref, tombstone, days) => editing.addAge(ref, tombstone, days),
  };
}

class Editing {
  constructor(private readonly session: Session, private readonly model: ModelCall, private readonly optionsOf: ReadonlyMap<TableRef, Placed>) {}

  private property(facts: TableFacts | null, { column: name, names }: TombstoneFact): string {
    const { text } = this.session.source;
    return Object.keys(facts?.columns ?? {}).find((key) => facts!.columns[key] === name) ?? spelledIn(text, names) ?? names.find((spelled) => !spelled.includes('_')) ?? name;
  }

  addLiveFilter(ref: TableRef, tombstones: readonly TombstoneFact[]): Remedy | null {
    const options = this.optionsOf.get(ref), facts = this.session.facts(ref.name), { text } = this.session.source, { step, method } = this.model;
    const written = tombstones.map((tombstone) => liveProperty(tombstone, this.property(facts, tombstone)));
    if (!options?.entries || written.includes(null)) return null;
    const words = written.join(', '), at = unwrap(options.node);
    if (method === 'findByPk' && options.joined === 'no') {
      const [key] = this.model.facts.key, [value] = step.args;
      return key && value && step.args.length === 1 ? remedy(words, replace(step.at, 'findOne'), replace(value, `{ where: { ${key}: ${text.slice(...value.range)}, ${words} } }`)) : null;
    }
    if (at.type !== 'ObjectExpression') {
      if (options.joined !== 'no' || options.entries.length > 0) return null;
      // No options at all: the call gets them.
      const position = READS[method] ?? AGGREGATES[method];
      if (step.node.type !== 'CallExpression' || position === undefined || step.args.length !== position) return null;
      return remedy(words, addArgument(text, step.node, `{ where: { ${words} } }`));
    }
    const where = propertyOf(at, 'where'), value = where && unwrap(where.value);
    if (!where || !value) {
      if (options.entries.some((entry) => entry.type !== 'entry' || entry.key === 'where')) return null;
      // A condition makes an inner join of an include that was none.
      return remedy(words, addProperty(text, at, `where: { ${words} }${options.joined === 'left' && !propertyOf(at, 'required') ? ', required: false' : ''}`));
    }
    const required = options.joined === 'left' && !propertyOf(at, 'required') ? addProperty(text, at, 'required: false') : [];
    if (value.type === 'ObjectExpression') return remedy(words, addProperty(text, value, words), ...[required].flat());
    return value.type === 'Identifier' && !where.shorthand ? remedy(words, replace(value, `{ ...${value.name}, ${words} }`), ...[required].flat())
      : value.type === 'Identifier' ? remedy(words, replace(where, `where: { ...${value.name}, ${words} }`), ...[required].flat()) : null;
  }

  /** `paranoid: false` at the reference's own level; a `destroy` that asks for deleted rows is a purge without its `force: true`. */
  showTombstones(ref: TableRef): Remedy | null {
    const options = this.optionsOf.get(ref), { step, method } = this.model, { text } = this.session.source;
    const [key, value] = method === 'destroy' ? ['force', 'true'] as const : ['paranoid', 'false'] as const, at = options && unwrap(options.node);
    if (options?.joined === 'no') return remedy(`${key}: ${value}`, setOption(text, step.node, READS[method] ?? AGGREGATES[method] ?? WRITES[method] ?? 0, key, value));
    return at?.type === 'ObjectExpression' ? remedy(`${key}: ${value}`, addProperty(text, at, `${key}: ${value}`)) : null;
  }

  /** `deletedAt: { [Op.ne]: null, [Op.lt]: .. }`. */
  addAge(ref: TableRef, tombstone: TombstoneFact, days: number): Remedy | null {
    const options = this.optionsOf.get(ref), at = options && unwrap(options.node), where = at?.type === 'ObjectExpression' ? propertyOf(at, 'where') : null;
    if (!where || tombstone.live !== null || tombstone.dead !== null) return null;
    return addBound(this.session.source.text, where.value, this.property(this.session.facts(ref.name), tombstone), (other) => (/^(?:\w+\.)*Op\.\w+$/.test(other) ? other.replace(/\w+$/, 'lt') : null), days);
  }

  /** `destroy({ force: true })` without the force; of a model that does not soft-delete by itself, an update. */
  softDelete(ref: TableRef, tombstone: TombstoneFact): Remedy | null {
    const options = this.optionsOf.get(ref), { step, facts, method } = this.model, { text } = this.session.source;
    const at = options && unwrap(options.node);
    if (method !== 'destroy' || at?.type !== 'ObjectExpression' || tombstone.dead !== null) return null;
    const forced = propertyOf(at, 'force');
    if (appliesTo(facts)) return forced ? remedy('destroy without force', removeProperty(text, forced)) : null;
    const live = liveProperty(tombstone, this.property(facts, tombstone)), where = propertyOf(at, 'where'), conditions = where && unwrap(where.value);
    if (forced || live === null || conditions?.type !== 'ObjectExpression') return null;
    const data = `{ ${this.property(facts, tombstone)}: ${tombstone.live === null ? 'new Date()' : 'true'} }`;
    return remedy(`update(${data}, ..)`, replace(step.at, 'update'), insert(at.range[0], `${data}, `), addProperty(text, conditions, live));
  }
}

/** How a live row's tombstone is written in an object of conditions; null where there is no one value for it. */
function liveProperty({ live, dead, scheduled }: TombstoneFact, property: string): string | null {
  if (dead !== null || scheduled) return null;
  return `${property}: ${typeof live === 'string' ? JSON.stringify(live) : String(live)}`;
}

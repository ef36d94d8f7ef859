/** What an include leads to. */
import type { TableFacts } from '../../manifest/catalog.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Entry, Keyed } from '../../source/objects.js';
import type { Value } from '../../source/values.js';
import { isCalled } from '../chains.js';
import { entryOf } from '../conditions.js';
import type { Session } from '../session.js';

/** The model at the other end of an include. */
export interface Target {
  readonly facts: TableFacts | null;
  readonly name: string;
  readonly alias: string | null;
  readonly at: Node;
  readonly many: boolean;
}

/** `{ model: User, as: 'author' }`, `{ association: 'author' }`. */
export function targetOf(entries: readonly Entry[], parent: TableFacts | null, session: Session): Target | null {
  const text = (key: string): { readonly text: string | null; readonly entry: Keyed | null } => {
    const entry = entryOf(entries, key);
    return entry === null || entry === 'unknown' ? { text: null, entry: null } : { text: session.string(entry.value()), entry };
  };
  const as = text('as'), association = text('association'), model = entryOf(entries, 'model');
  if (model !== null && model !== 'unknown') {
    const found = targetNamed(model.value(), parent, model.valueNode ?? model.node, session);
    if (!found) return null;
    const relation = as.text !== null ? relationNamed(parent, as.text) : null;
    return { ...found, alias: as.text, many: relation?.many ?? found.many };
  }
  const entry = association.entry;
  if (!entry) return null;
  return association.text !== null ? byRelation(association.text, parent, entry.valueNode ?? entry.node, session) : targetNamed(entry.value(), parent, entry.valueNode ?? entry.node, session);
}

/** `include: User`, `include: 'author'`, `include: Post.associations.author`. */
export function targetNamed(value: Value, parent: TableFacts | null, node: Node, session: Session): Target | null {
  const text = session.string(value);
  if (text !== null) return byRelation(text, parent, node, session);
  const chain = session.chain(value), step = chain?.steps.at(-1);
  const root = chain?.root.type === 'node' ? unwrap(chain.root.node) : value.type === 'object' && 'id' in value.node && value.node.id?.type === 'Identifier' ? value.node.id : null;
  let model = step?.type === 'step' ? step.name : root?.type === 'Identifier' ? root.name : null;
  if (step?.type === 'step' && isCalled(step)) {
    // `User.scope('active')`, `db.model('User')`
    const before = chain!.steps.at(-2);
    model = step.name === 'model' && step.args[0] ? session.string(session.value(step.args[0], step.env)) : before?.type === 'step' ? before.name : root?.type === 'Identifier' ? root.name : null;
  }
  if (!model) return null;
  const facts = session.facts(model);
  const relation = facts ? Object.values(parent?.relations ?? {}).find((one) => session.facts(one.table) === facts) : undefined;
  return facts || /^[A-Z]/.test(model) ? { facts, name: facts?.name ?? model, alias: null, at: node, many: relation?.many ?? false } : byRelation(model, parent, node, session);
}

function byRelation(name: string, parent: TableFacts | null, node: Node, session: Session): Target | null {
  const relation = relationNamed(parent, name), facts = session.facts(relation?.table ?? name);
  return relation || facts ? { facts, name: facts?.name ?? relation!.table, alias: name, at: node, many: relation?.many ?? false } : null;
}

function relationNamed(parent: TableFacts | null, name: string): TableFacts['relations'][string] | null {
  return Object.entries(parent?.relations ?? {}).find(([property, { as }]) => (as ?? property) === name || property === name)?.[1] ?? null;
}

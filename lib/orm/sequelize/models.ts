/** Which model a call is about, and whether it is Sequelize's. */
import type { TableFacts } from '../../manifest/catalog.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Chain, Step } from '../../source/values.js';
import { certainSteps, isCalled, type Called } from '../chains.js';
import { entriesNamed } from '../conditions.js';
import type { Session } from '../session.js';
import { AGGREGATES, appliesTo, OWN, READS, WRITES } from './vocabulary.js';

/** Members that lead to the same model. */
const SAME_MODEL = /^(?:scope|unscoped|schema|withScope|withoutScope|withInitialScope|withSchema)$/;
/** A model reached through what holds all models. */
const HOLDERS = /^(?:models|db|sequelize|this|database|model|get|entities|ctx|req|app|context)$/;

/** A call of a model's static method. */
export interface ModelCall {
  readonly facts: TableFacts;
  /** The model's name in the call. */
  readonly at: Node;
  readonly step: Called;
  readonly method: string;
  readonly scopes: readonly Scope[];
}

/** A named scope, and where the call names it. */
export interface Scope {
  readonly name: string;
  readonly at: Node;
}

/** The model that a chain asks, and what of it; null where that is nothing of Sequelize's. */
export function modelOf(chain: Chain, session: Session): ModelCall | null {
  const steps = certainSteps(chain);
  const index = steps.findIndex((step) => isCalled(step) && step.name !== null && (step.name in READS || step.name in AGGREGATES || step.name in WRITES));
  const step = steps[index];
  if (!step || !isCalled(step) || chain.root.type !== 'node') return null;
  let before = index - 1;
  while (before >= 0 && SAME_MODEL.test(steps[before]!.name ?? '')) before--;
  const owner = steps[before];
  const root = unwrap(chain.root.node);
  if (owner && (owner.awaited || (owner.args !== null && owner.name !== 'model'))) return null;
  const named = owner?.name === 'model' && owner.args?.[0] ? session.string(session.value(owner.args[0], owner.env)) : owner ? owner.name : root.type === 'Identifier' ? root.name : root.type === 'ThisExpression' ? ownModel(root) : null;
  if (!named || (owner && before > 0 && !steps.slice(0, before).every((inner) => HOLDERS.test(inner.name ?? '') || inner.args === null))) return null;
  const declared = session.facts(named), method = step.name!;
  // A model that the manifest does not know may be asked for declared ones.
  if (!declared && !(/^[A-Z]/.test(named) && method in READS)) return null;
  const facts = declared ?? session.undeclared(named);
  if (!isSequelize(method, step, facts, session) || (method === 'update' && isOfRow(step, session))) return null;
  return { facts, at: owner?.at ?? root, step, method, scopes: scopesOf(steps.slice(before + 1, index), session) };
}

/** `user.update({ name })`, `user.update({ name }, { transaction })`: a row that the program holds. The model's own `update` throws without a `where` (6.37.8, 7.0.0-alpha.48). */
function isOfRow({ args, env }: Called, session: Session): boolean {
  if (args.some(({ type }) => type === 'SpreadElement')) return false;
  const entries = args[1] ? session.entries(session.value(args[1], env)) : [];
  return entries !== null && entries.every(({ type }) => type === 'entry') && entriesNamed(entries, 'where').length === 0;
}

/** The named scopes of `User.scope('active', { method: ['of', team] })`. */
function scopesOf(steps: readonly Step[], session: Session): Scope[] {
  return steps.filter(isCalled).filter(({ name }) => name === 'scope' || name === 'withScope').flatMap((step) => step.args.flatMap((argument) => {
    const value = session.value(argument, step.env), values = value.type === 'list' ? value.items.flatMap((item) => (item.type === 'item' ? [item.value] : [])) : [value];
    return values.flatMap((one): Scope[] => {
      const entries = session.entries(one), method = entries ? entriesNamed(entries, 'method')[0]?.value() : undefined, first = method?.type === 'list' ? method.items[0] : undefined;
      const name = session.string(method === undefined ? one : first?.type === 'item' ? first.value : method);
      return name === null ? [] : [{ name, at: argument }];
    });
  }));
}

/** The class in whose static method `this` stands. */
function ownModel(node: Node): string | null {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === 'ClassDeclaration' || at.type === 'ClassExpression') return at.id?.name ?? null;
    if (at.type === 'FunctionDeclaration') return null;
  }
  return null;
}

/** Other libraries of models have some of the same methods. */
function isSequelize(method: string, step: Called, facts: TableFacts, session: Session): boolean {
  const { source } = session;
  if (source.matches(/from\s+['"](?:typeorm|mongoose|@mikro-orm\/|objection|@prisma\/client)/)) return false;
  if (OWN.test(method) || appliesTo(facts)) return true;
  if (source.matches(/['"](?:sequelize|sequelize-typescript|@sequelize\/\w+)['"]|\bOp\.\w/)) return true;
  const options = step.args[READS[method] ?? AGGREGATES[method] ?? WRITES[method] ?? 0];
  const entries = options ? session.entries(session.value(options, step.env)) : null;
  return entries !== null && entriesNamed(entries, 'where').length > 0;
}

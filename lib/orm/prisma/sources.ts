/** Helpers of a project that stand where a model would (guard `query-source`): `liveUsers(db).findMany(..)`, `repository.live('User').count()`. */
import { dottedNames, lastName, unwrap, type Node } from '../../source/ast.js';
import type { Chain } from '../../source/values.js';
import { isCalled } from '../chains.js';
import { guardedTable, guardNamed, type GuardOf } from '../guards.js';
import type { Session } from '../session.js';
import { modelNamed, type Model } from './models.js';

export interface Source {
  readonly guard: GuardOf<'query-source'>;
  readonly model: Model;
}

/** The helper that a member of a chain is, with the model that it is about; null where it is none, or where its model cannot be told. */
export function sourceAt(session: Session, chain: Chain, step: Chain['steps'][number]): Source | null {
  if (step.type !== 'step' || step.name === null || step.awaited || !session.catalog.guards.some(({ kind }) => kind === 'query-source')) return null;
  const root = chain.root.type === 'node' ? unwrap(chain.root.node) : null;
  const name = step.name === '' ? root && lastName(root) : step.name;
  const guard = name === null ? null : guardNamed(session, 'query-source', name, root);
  if (!guard) return null;
  const about = guardedTable(guard, isCalled(step) ? step : null);
  const model = about && modelOf(session, 'name' in about ? about.name : nameOf(session, about.argument));
  return model ? { guard, model } : null;
}

function modelOf(session: Session, name: string | null): Model | null {
  const facts = name === null ? null : session.facts(name);
  return facts ? { name: facts.models[0] ?? facts.name, facts } : name === null ? null : modelNamed(session, name);
}

/** `'User'`, `prisma.user`, a constant. */
function nameOf(session: Session, argument: Node): string | null {
  return session.string(session.value(argument, null)) ?? dottedNames(unwrap(argument)).at(-1) ?? null;
}

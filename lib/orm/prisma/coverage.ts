/** What the client that a call goes through filters by itself: a client that the manifest declares, or one that the file extends. */
import { fold } from '../../manifest/catalog.js';
import type { TableRef } from '../../model/query.js';
import { isFunction, type Node } from '../../source/ast.js';
import type { Step, Value } from '../../source/values.js';
import type { GuardOf } from '../guards.js';
import { guardNamed } from '../guards.js';
import type { Session } from '../session.js';
import type { Model } from './models.js';
import { allEntries, opened } from './values.js';

/** The operation of a call itself, or what stands below it: relations, and counts of relations. */
export type Use = { readonly operation: string } | 'nested' | 'count';

export interface Coverage {
  of(model: Model, use: Use): TableRef['autoFilter'];
}

const READS = /^(?:find|count$|aggregate$|groupBy$)/;
/** An extension that cannot be seen and is called after what it does: `prisma-extension-soft-delete` and its like. */
const SOFT_DELETE = /soft.?delet|paranoid|tombstone/i;

/** What the members in front of the model say about the client. */
export function coverageOf(session: Session, root: Node | null, steps: readonly Step[]): Coverage {
  const guard = clientGuard(session, root, steps);
  const extensions = steps.filter((step) => step.name === '$extends' && step.args !== null).map((step) => extension(session, step));
  return {
    of(model, use) {
      const { facts } = model;
      if (!facts || facts.tombstones.length === 0) return 'none';
      if (guard?.bypassed) return covers(guard.guard, model, use) ? 'bypassed' : 'none';
      if (guard && covers(guard.guard, model, use)) return 'applies';
      if (extensions.some((covered) => covered(model, use))) return 'applies';
      const { autoFilter } = facts;
      if (autoFilter !== true && !(Array.isArray(autoFilter) && autoFilter.includes('prisma'))) return 'none';
      return use === 'nested' || (use !== 'count' && READS.test(use.operation)) ? 'applies' : 'none';
    },
  };
}

interface FoundGuard {
  readonly guard: GuardOf<'client'>;
  readonly bypassed: boolean;
}

function clientGuard(session: Session, root: Node | null, steps: readonly Step[]): FoundGuard | null {
  const rootName = root?.type === 'Identifier' ? root.name : null, origin = root ? session.origin(root)?.name : undefined;
  const names = [...(rootName === null ? [] : [rootName]), ...(origin === undefined ? [] : [origin]), ...steps.flatMap(({ name }) => (name ? [name] : []))];
  const bypassed = session.catalog.guards.find((guard): guard is GuardOf<'client'> => guard.kind === 'client' && guard.bypass !== undefined && names.includes(guard.bypass));
  if (bypassed) return { guard: bypassed, bypassed: true };
  for (const name of names) {
    const guard = guardNamed(session, 'client', name, root);
    if (guard) return { guard, bypassed: false };
  }
  return null;
}

function covers({ coverage = 'root', tables }: GuardOf<'client'>, { facts }: Model, use: Use): boolean {
  if (!facts || (tables && !tables.some((table) => [facts.name, ...facts.models].some((name) => fold(name) === fold(table))))) return false;
  if (typeof coverage === 'string') return use === 'nested' ? coverage === 'nested' : use !== 'count' && READS.test(use.operation);
  if (use === 'nested') return coverage.nested ?? false;
  if (use === 'count') return coverage.counts ?? false;
  return [...coverage.reads ?? [], ...coverage.writes ?? []].includes(use.operation);
}

type Covered = (model: Model, use: Use) => boolean;

/** `$extends({ query: { user: { findMany({ args, query }) { .. } } } })`: an operation whose hook speaks of the tombstone is covered; nothing below it is (prisma/docs, query extensions do not see nested operations). */
function extension(session: Session, step: Step): Covered {
  const [argument] = step.args!;
  const value = argument ? opened(session, session.value(argument, step.env)) : null;
  if (!argument || value?.type !== 'object') {
    const named = argument ? SOFT_DELETE.test(session.source.text.slice(...argument.range)) : false;
    return (_model, use) => named && (use === 'nested' || (use !== 'count' && READS.test(use.operation)));
  }
  const hooks = hooksOf(session, value);
  return ({ facts, name }, use) => typeof use === 'object' && facts !== null && hooks.some((hook) => {
    if (hook.model !== null && ![name, facts.name, ...facts.models].some((own) => fold(own) === fold(hook.model!))) return false;
    if (!facts.tombstones.some(({ names }) => names.some((own) => new RegExp(`\\b${own.replace(/\W/g, '\\$&')}\\b`).test(hook.body)))) return false;
    if (hook.operation !== null) return hook.operation === use.operation;
    // `if (operation === 'findMany' || ..)`, `READS.includes(operation)`
    return new RegExp(`\\b(?:find|count|aggregate|groupBy)\\w*['"\`]`).test(hook.body) ? new RegExp(`['"\`]${use.operation}['"\`]`).test(hook.body) : READS.test(use.operation);
  });
}

interface Hook {
  /** Null: every model. */
  readonly model: string | null;
  /** Null: every operation. */
  readonly operation: string | null;
  readonly body: string;
}

function hooksOf(session: Session, extensionValue: Value): Hook[] {
  const textOf = (value: Value): string => (value.type === 'function' && isFunction(value.node) ? session.source.text.slice(...value.node.range) : '');
  return allEntries(session, extensionValue).filter(({ key }) => key === 'query').flatMap((query) => allEntries(session, query.value()).flatMap(({ key, value }): Hook[] => {
    if (key === '$allOperations') return [{ model: null, operation: null, body: textOf(value()) }];
    return allEntries(session, value()).map((hook) => ({ model: key === '$allModels' ? null : key, operation: hook.key === '$allOperations' ? null : hook.key, body: textOf(hook.value()) }));
  }));
}

/** What the client that a call goes through filters by itself: a client that the manifest declares, one that the file extends, or one that a package made. */
import { fold, type TableFacts } from '../../manifest/catalog.js';
import type { TableRef } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import type { Step } from '../../source/values.js';
import type { GuardOf } from '../guards.js';
import { guardsNamed } from '../guards.js';
import type { Session } from '../session.js';
import { hooksOf, keepsLive, madeBy, middlewareOf, modelsListed, rewritesRelations, setsTombstone, type ConditionOf, type Hook } from './extensions.js';
import { columnOf, type Model } from './models.js';
import type { Arguments } from './reading.js';
import { allEntries, opened, possible } from './values.js';

/** The operation of a call itself, a write inside of its data, or what stands below it: relations and what is asked of them. */
export type Use =
  | { readonly operation: string; readonly args: Arguments; readonly conditionOf: ConditionOf }
  | { readonly nestedWrite: string }
  | 'include' | 'nested-select' | 'filter' | 'is-not' | 'count' | 'fluent' | 'fluent-one';

export interface Coverage {
  of(model: Model, use: Use): TableRef['autoFilter'];
  /** Does the client set the tombstone where the operation would remove rows for good? */
  softDeletes(model: Model, operation: string): boolean;
  /** Does the client decide about the model in a way that cannot be seen (policies of ZenStack)? */
  isUnseen(model: Model): boolean;
}

export const NO_COVERAGE: Coverage = { of: () => 'none', softDeletes: () => false, isUnseen: () => false };

/** What one layer around the client does. */
interface Layer {
  covers(model: Model, use: Use): boolean;
  softDeletes(model: Model, operation: string): boolean;
  readonly isUnseen?: boolean;
}

const READS = /^(?:find|count$|aggregate$|groupBy$)/;
/** An extension that cannot be seen and is called after what it does. */
const SOFT_DELETE = /soft.?delet|paranoid|tombstone/i;

/**
 * What the members in front of the model say about the client.
 *
 * @param switched is the filter that a model's calls have by default switched off by the arguments of this one?
 */
export function coverageOf(session: Session, root: Node | null, steps: readonly Step[], switched: (facts: TableFacts) => boolean = () => false): Coverage {
  const guard = clientGuard(session, root, steps);
  const layers = guard?.bypassed ? [] : [...steps.flatMap((step) => (step.name === '$extends' && step.args?.[0] ? [extension(session, step.args[0], step)] : [])), ...middleware(session, root), ...wrappers(session, root, steps)];
  const own = guard && !guard.bypassed ? guard.guards.map(declared) : [];
  layers.push(...own);
  return {
    of(model, use) {
      const { facts } = model;
      if (!facts || facts.tombstones.length === 0) return 'none';
      if (guard?.bypassed) return guard.guards.some((one) => declared(one).covers(model, use)) ? 'bypassed' : 'none';
      const covering = layers.filter((layer) => layer.covers(model, use));
      // Most extensions leave a condition on the tombstone to the caller: `{ deletedAt: null, ...args.where }`. What one of another file does is not seen.
      if (covering.length > 0) return covering.every((layer) => own.includes(layer)) && asksForItself(session, model, use) ? 'bypassed' : 'applies';
      const { autoFilter } = facts;
      if (autoFilter !== true && !(Array.isArray(autoFilter) && autoFilter.includes('prisma'))) return 'none';
      if (!(use === 'include' || use === 'nested-select' || use === 'filter' || (typeof use === 'object' && 'operation' in use && READS.test(use.operation)))) return 'none';
      return switched(facts) ? 'bypassed' : 'applies';
    },
    softDeletes: (model, operation) => (model.facts?.tombstones.length ?? 0) > 0 && layers.some((layer) => layer.softDeletes(model, operation)),
    isUnseen: (model) => (model.facts?.tombstones.length ?? 0) > 0 && layers.some(({ isUnseen }) => isUnseen),
  };
}

/** Does the `where` of a call name the tombstone itself? */
function asksForItself(session: Session, model: Model, use: Use): boolean {
  return typeof use === 'object' && 'operation' in use && possible(session, use.args.value, 'where').some((where) => typeof where !== 'string' && allEntries(session, where.value).some(({ key }) => session.catalog.tombstone(model.facts!, columnOf(model, key)) !== null));
}

// ----------------------------------------------------------------------------------------------- the manifest

interface FoundGuard {
  /** Several, where one client treats some tables otherwise. */
  readonly guards: readonly GuardOf<'client'>[];
  readonly bypassed: boolean;
}

function clientGuard(session: Session, root: Node | null, steps: readonly Step[]): FoundGuard | null {
  const rootName = root?.type === 'Identifier' ? root.name : null, origin = root ? session.origin(root)?.name : undefined;
  const names = [...(rootName === null ? [] : [rootName]), ...(origin === undefined ? [] : [origin]), ...steps.flatMap(({ name }) => (name ? [name] : []))];
  const bypassed = session.catalog.guards.filter((guard): guard is GuardOf<'client'> => guard.kind === 'client' && guard.bypass !== undefined && names.includes(guard.bypass) && (guard.library ?? session.library) === session.library);
  if (bypassed.length > 0) return { guards: bypassed, bypassed: true };
  for (const name of names) {
    const guards = guardsNamed(session, 'client', name, root);
    if (guards.length > 0) return { guards, bypassed: false };
  }
  return null;
}

function declared({ coverage = 'root', tables }: GuardOf<'client'>): Layer {
  const isAbout = ({ facts }: Model): boolean => facts !== null && (!tables || tables.some((table) => [facts.name, ...facts.models].some((name) => fold(name) === fold(table))));
  const operations = typeof coverage === 'string' ? null : [...coverage.reads ?? [], ...coverage.writes ?? []];
  return {
    covers(model, use) {
      if (!isAbout(model)) return false;
      if (typeof use === 'object') return 'operation' in use && (operations?.includes(use.operation) ?? READS.test(use.operation));
      if (typeof coverage === 'string') return use !== 'count' && coverage === 'nested';
      return use === 'count' ? coverage.counts ?? false : coverage.nested ?? false;
    },
    softDeletes: (model, operation) => isAbout(model) && (operations?.includes(operation) ?? false),
  };
}

// ----------------------------------------------------------------------------------------------- code of the file

function extension(session: Session, argument: Node, step: Step): Layer {
  const value = opened(session, session.value(argument, step.env)), packaged = madeBy(session, value, argument);
  const known = packaged && ofPackage(session, packaged);
  if (known) return known;
  const hooks = hooksOf(session, argument, value);
  return hooks ? hooked(session, hooks) : named(session, argument);
}

function middleware(session: Session, root: Node | null): Layer[] {
  const { hooks, unseen } = middlewareOf(session, root);
  const layers = unseen.map((argument) => {
    const packaged = madeBy(session, session.value(argument, null), argument);
    return (packaged && ofPackage(session, packaged)) ?? named(session, argument);
  });
  return hooks.length > 0 ? [hooked(session, hooks), ...layers] : layers;
}

function hooked(session: Session, hooks: readonly Hook[]): Layer {
  return {
    covers: (model, use) => typeof use === 'object' ? 'operation' in use && hooks.some((hook) => keepsLive(session, hook, model, use.operation, use.args, use.conditionOf))
      : use !== 'count' && use !== 'fluent-one' && hooks.some((hook) => rewritesRelations(hook, model)),
    softDeletes: (model, operation) => hooks.some((hook) => setsTombstone(session, hook, model, operation)),
  };
}

/** An extension of another file, by its name. */
function named(session: Session, argument: Node): Layer {
  const isNamed = SOFT_DELETE.test(session.source.text.slice(...argument.range));
  return {
    covers: (_model, use) => isNamed && (typeof use === 'object' ? 'operation' in use && READS.test(use.operation) : use !== 'count'),
    softDeletes: (_model, operation) => isNamed && /^delete/.test(operation),
  };
}

/** Clients that a package wraps: `enhance(prisma)`, `wrapPrismaClient(prisma)`. */
function wrappers(session: Session, root: Node | null, [first]: readonly Step[]): Layer[] {
  const origin = root?.type === 'Identifier' && first?.name === '' && first.args ? session.origin(root) : null;
  const known = origin && ofPackage(session, { ...origin, options: { type: 'nothing', node: null } });
  return known ? [known] : [];
}

// ----------------------------------------------------------------------------------------------- packages

/** What `prisma-extension-soft-delete` filters, as its fork for Prisma 7 did when it was run: `_count`, `isNot`, a `select` within a `select`, to-one fluent calls and unique writes pass it by. */
const SOFT_DELETE_EXTENSION = new Set<Use | string>(['include', 'filter', 'fluent']);
const FAMILY = /^(?:@[\w-]+\/)?prisma-(?:extension-soft-delete|soft-delete-middleware)$/;

function ofPackage(session: Session, { module, options }: NonNullable<ReturnType<typeof madeBy>>): Layer | null {
  // Which rows a policy lets through is written in the schema's own language, in another file.
  if (/^@zenstackhq\/|(?:^|\/)\.zenstack\b/.test(module)) return { covers: () => false, softDeletes: () => false, isUnseen: true };
  if (/^prisma-(?:safe-delete|paranoid)$/.test(module)) return { covers: (_model, use) => typeof use === 'object' ? 'operation' in use && READS.test(use.operation) : use !== 'count' && !use.startsWith('fluent'), softDeletes: (_model, operation) => /^delete/.test(operation) };
  if (!FAMILY.test(module)) return null;
  const models = modelsListed(session, options);
  const isAbout = ({ name, facts }: Model): boolean => !models || [name, facts!.name, ...facts!.models].some((own) => models.get(fold(own)) === true);
  return {
    covers(model, use) {
      if (!isAbout(model)) return false;
      if (typeof use !== 'object') return SOFT_DELETE_EXTENSION.has(use);
      return 'operation' in use ? READS.test(use.operation) || use.operation === 'updateMany' : use.nestedWrite === 'updateMany';
    },
    softDeletes: (model, operation) => isAbout(model) && /^delete/.test(operation),
  };
}

/** Helpers of the manifest that decide about whole statements, whatever the library: those that show tombstones, and those that delete softly. */
import type { Catalog, TableFacts } from '../manifest/catalog.js';
import type { Query } from '../model/query.js';
import { dottedNames, parentOf, propertyName, rootOf as rootNodeOf, unwrap, type Node } from '../source/ast.js';
import type { SourceFile } from '../source/file.js';
import type { Chain } from '../source/values.js';
import { isCalled, stepsOf, type Called } from './chains.js';
import { guardAt, guardedTable, guardNamed, speaksOf, type GuardOf } from './guards.js';
import type { Session } from './session.js';

/**
 * Does a helper stand in the call that shows tombstones on purpose: a method, a wrapper of options, an option? `with reason` where each use of it has to
 * give one.
 */
export function bypassIn(chain: Chain, session: Session): 'with reason' | 'free' | null {
  if (!session.catalog.guards.some(({ kind }) => kind === 'bypass')) return null;
  const found = stepsOf(chain).filter(isCalled).flatMap(({ name, args }) => [
    name === null ? null : guardNamed(session, 'bypass', name, rootOf(chain)),
    ...args.flatMap((argument) => {
      const at = unwrap(argument);
      if (at.type !== 'ObjectExpression') return [guardAt(session, at, 'bypass')?.guard ?? null];
      return at.properties.map((property) => (property.type === 'Property' && !(property.value.type === 'Literal' && !property.value.value) ? guardNamed(session, 'bypass', propertyName(property) ?? '') : null));
    }),
  ]).filter((guard): guard is GuardOf<'bypass'> => guard !== null);
  return found.length === 0 ? null : found.some(({ reason }) => reason === true) ? 'with reason' : 'free';
}

/** The tables of which the client that a SQL text is handed to keeps deleted rows from raw SQL, too, as the manifest declares (`coverage: { raw: true }`). */
export function rawFiltered(text: Node, source: SourceFile, catalog: Catalog): readonly string[] {
  const clients = catalog.guards.filter((guard): guard is GuardOf<'client'> => guard.kind === 'client' && typeof guard.coverage === 'object' && guard.coverage.raw === true);
  if (clients.length === 0) return [];
  const taken = takenBy(text), root = taken && rootNodeOf(taken), origin = root?.type === 'Identifier' ? source.names.origin(root) : null;
  const names = taken ? [...dottedNames(taken), ...origin ? [origin.name] : []] : [];
  const guard = clients.find(({ name, from }) => names.includes(name) && (from === null || from === origin?.module));
  return guard ? catalog.tables.filter((facts) => speaksOf(guard, facts, catalog)).map(({ name }) => name) : [];
}

/** What is called with a text, or with a fragment that it is made to: `db.$queryRaw` of its tag, `db.query` of `db.query(text)`. */
function takenBy(text: Node): Node | null {
  for (let at: Node | null = text; at; at = parentOf(at)) {
    const callee = at.type === 'TaggedTemplateExpression' ? unwrap(at.tag) : at.type === 'CallExpression' ? unwrap(at.callee) : null;
    if (callee?.type === 'MemberExpression' && !/^(?:sql|raw|literal|unsafe)$/.test(propertyName(callee) ?? '')) return callee;
    if (/Statement$|^VariableDeclarat|Function/.test(at.type)) return null;
  }
  return null;
}

/** Is a DELETE none, because the method that the chain calls sets the tombstone, as the manifest declares? */
export function deletesSoftly(query: Query, chain: Chain, session: Session): boolean {
  if (query.type !== 'delete') return false;
  const facts = session.facts(query.target.name);
  return facts !== null && stepsOf(chain).filter(isCalled).some((step) => {
    const guard = step.name === null ? null : guardNamed(session, 'soft-delete-fn', step.name, rootOf(chain));
    return guard !== null && isAbout(guard, step, facts, session);
  });
}

function isAbout(guard: GuardOf<'soft-delete-fn'>, step: Called, facts: TableFacts, session: Session): boolean {
  const about = guardedTable(guard, step);
  return !about || ('name' in about && session.facts(about.name) === facts);
}

function rootOf({ root }: Chain) {
  return root.type === 'node' ? root.node : null;
}

/**
 * What TypeORM's versions do differently with the same call (0.2.45, 0.3.31 and 1.1.1, run):
 *
 * | | 0.2 | 0.3 | 1 |
 * |---|---|---|---|
 * | null in find options | IS NULL | no condition | an error, or what `invalidWhereValuesBehavior` says |
 * | null in the criteria of writes | IS NULL | `= NULL` | an error, or what `invalidWhereValuesBehavior` says |
 * | null in an object of a builder's `where` | IS NULL | `= NULL` | `= NULL` |
 * | `softDelete`, `restore` | rows of any kind | rows of any kind | live rows, deleted rows |
 */
import { ancestor, isFunction, parentOf, wrapped, type Node } from '../../source/ast.js';
import type { Session } from '../session.js';

/** What null means in an object of conditions. `unknown`: the options of the data source say so. */
export type Nulls = 'ignored' | 'null' | 'compared' | 'unknown';

/** Written for 0.2: `findOne(id)`, `findOne(id, options)`, custom repositories, global functions that 0.3 deprecated. */
const OLD = /\.find(?:One|OneOrFail)\(\s*(?:id|\w+Id|\w+\.id)\s*[,)]|\.findByIds\(|\bgetCustomRepository\b|@EntityRepository\b|\bFindConditions\b|\bgetConnectionManager\b|\bgetManager\(/;
/** Written for 0.3 or 1: methods that 0.2 does not have. */
const NEW = /\.(?:findOneBy|findBy|findOneByOrFail|countBy|existsBy?|exist)\(|\bFindOptionsWhere\b|\bDataSource\b|\bFindOptionsRelations\b|\bIsNull\(/;

/** What null means in find options, in the criteria of a write, or in what a builder is given. */
export function nullsOf(session: Session, place: 'finder' | 'criteria' | 'builder', call: Node): Nulls {
  switch (generationOf(session, call)) {
    case '0.2': return 'null';
    case '0.3': return place === 'finder' ? 'ignored' : 'compared';
    case '1': return place === 'builder' ? 'compared' : 'unknown';
  }
}

/** Do `softDelete` and `restore` leave rows alone that are deleted, or live, already? */
export function keepsTombstones(session: Session): boolean {
  return (session.version('typeorm', ['typeorm'])?.major ?? 0) >= 1;
}

/**
 * The version by the manifest; by what would not compile with a later one, which a package that a workspace shares may be: `findOne(id)`, and a finder whose
 * result is given back as `User | undefined` (since 0.3 it is `User | null`: typeorm's changelog, 0.3.0); by the package; else 0.3.
 */
function generationOf(session: Session, call: Node): '0.2' | '0.3' | '1' {
  const version = session.version('typeorm', ['typeorm']), { text } = session.source;
  if (session.catalog.version('typeorm') === null && !NEW.test(text) && (OLD.test(text) || returnsUndefined(call, session))) return '0.2';
  if (!version) return '0.3';
  return version.major >= 1 ? '1' : version.minor < 3 ? '0.2' : '0.3';
}

function returnsUndefined(call: Node, session: Session): boolean {
  const outer = wrapped(call), parent = parentOf(outer);
  const fn = parent?.type === 'ReturnStatement' ? ancestor(parent, isFunction) : parent?.type === 'ArrowFunctionExpression' ? parent : null;
  if (!fn || !isFunction(fn) || !fn.returnType) return false;
  return /\|\s*undefined\s*>$/.test(session.source.text.slice(...fn.returnType.range).trim());
}

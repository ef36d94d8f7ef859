/** What a file shows of the version of TypeORM that it is written for. */
import { ancestor, isFunction, parentOf, wrapped, type Node } from '../../source/ast.js';
import type { Session } from '../session.js';

/** Written for 0.2: `findOne(id)`, `findOne(id, options)`, custom repositories, global functions that 0.3 deprecated. */
const OLD = /\.find(?:One|OneOrFail)\(\s*(?:id|\w+Id|\w+\.id)\s*[,)]|\.findByIds\(|\bgetCustomRepository\b|@EntityRepository\b|\bFindConditions\b|\bgetConnectionManager\b|\bgetManager\(/;
/** Written for 0.3 or 1: methods that 0.2 does not have. */
const NEW = /\.(?:findOneBy|findBy|findOneByOrFail|countBy|existsBy?|exist)\(|\bFindOptionsWhere\b|\bDataSource\b|\bFindOptionsRelations\b|\bIsNull\(/;

/**
 * Does null in find options mean IS NULL, as in 0.2? In 0.3 it means no condition. Where the file shows neither, it is 0.3, but for a finder whose result
 * is given back as `User | undefined`: since 0.3 it is `User | null` (typeorm's changelog, 0.3.0).
 */
export function nullMeansNull(session: Session, call: Node): boolean {
  const { text } = session.source;
  if (NEW.test(text)) return false;
  return OLD.test(text) || returnsUndefined(call, session);
}

function returnsUndefined(call: Node, session: Session): boolean {
  const outer = wrapped(call), parent = parentOf(outer);
  const fn = parent?.type === 'ReturnStatement' ? ancestor(parent, isFunction) : parent?.type === 'ArrowFunctionExpression' ? parent : null;
  if (!fn || !isFunction(fn) || !fn.returnType) return false;
  return /\|\s*undefined\s*>$/.test(session.source.text.slice(...fn.returnType.range).trim());
}

/** What the readers of migrations that describe tables as objects share. */
import type { Range } from '../../model/query.js';
import type { Node } from '../../source/ast.js';
import { importedName, resolve, within } from '../program.js';
import type { Located, Program } from '../project.js';

/** How a library describes tables. */
export interface Style {
  readonly library: 'sequelize-migration' | 'typeorm-migration' | 'node-pg-migrate';
  /** Does a column without a word about it take NULL? */
  readonly nullable: boolean;
}

/** A call of a migration. */
export interface Where {
  readonly program: Program;
  readonly style: Style;
  /** Where something stands in the file; what another file holds stands at the call. */
  place(at: Located): Range;
}

/** The options of `new Table({ .. })`, `new TableColumn({ .. })`; the value itself where it is an object or a list. */
export function constructed(at: Located): Located | null {
  const value = resolve(at), { node } = value;
  if (node.type === 'NewExpression' && node.arguments[0] && node.callee.type === 'Identifier' && /^Table/.test(importedName(value.program, node.callee))) return resolve(within(value, node.arguments[0] as Node));
  return node.type === 'ObjectExpression' || node.type === 'ArrayExpression' ? value : null;
}

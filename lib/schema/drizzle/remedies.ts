/** Edits of Drizzle tables. */
import type { Dialect } from '../../manifest/types.js';
import type { Edit } from '../../model/query.js';
import type { ColumnDeclaration, ForeignKeyDeclaration, KeyDeclaration } from '../../model/schema.js';
import { unwrap } from '../../source/ast.js';
import { callNamed, type Chain, type ChainCall } from '../chains.js';
import { behind, camelCase, imported, mended, objectAt, renamedText, replaced, withArgument, withoutCalls, withProperty } from '../edits.js';
import type { Located, Program } from '../project.js';

const CORE = /^drizzle-orm\/\w+-core$/;

/** A nullable moment: what makes it, and its arguments behind the name. */
const MOMENTS: Readonly<Partial<Record<Dialect, readonly [factory: string, rest: string]>>> = {
  postgresql: ['timestamp', ', { withTimezone: true }'], mysql: ['datetime', ''], mariadb: ['datetime', ''], sqlite: ['integer', ", { mode: 'timestamp' }"],
};

/** @param key The property's name. @param value What the property holds. */
export function columnRemedies(property: string, chain: Chain, key: Located, value: Located, dialect: Dialect, program: Program): Pick<ColumnDeclaration, 'asTimestamp' | 'asNullable' | 'asNamed'> {
  const [first] = chain.calls;
  return {
    asTimestamp: (name) => {
      const moment = MOMENTS[dialect], node = unwrap(value.node), renamed = /_/.test(property) ? name : camelCase(name);
      if (!moment || value.program !== program || node.type !== 'CallExpression' || key.node.type !== 'Identifier') return null;
      const owner = chain.object ? `${program.textOf(chain.object.node)}.` : '', factory = owner === '' ? imported(program, moment[0], CORE) : { name: moment[0], edits: [] };
      if (!factory) return null;
      const text = `${owner}${factory.name}('${name}'${moment[1]})`;
      return mended([...factory.edits, replaced(key, renamed, program), replaced({ ...value, node }, text, program)], `${renamed}: ${text}`);
    },
    asNullable: () => {
      const shown = withoutCalls(chain, ['notNull', 'default', 'defaultNow', '$default', '$defaultFn'], program);
      return mended(shown, 'no default, and NULL');
    },
    asNamed: (name) => {
      if (!first) return null;
      const [named] = first.args;
      return mended([named ? renamedText(named, name, program) : withArgument(first.at, 0, `'${name}'`, program)], `'${name}'`);
    },
  };
}

/** Makes `uniqueIndex('name').on(t.email)` partial, and an index of `unique().on(..)`. */
export function partialKey(chain: Chain, dialect: Dialect, program: Program): NonNullable<KeyDeclaration['asPartial']> {
  return (condition, without = []) => {
    const [first] = chain.calls, last = chain.calls.at(-1), on = callNamed(chain, 'on');
    if ((dialect !== 'postgresql' && dialect !== 'sqlite') || !first || !last || !on || callNamed(chain, 'where', 'nullsNotDistinct') || without.length > 0 || /[`\\$]/.test(condition)) return null;
    const sql = imported(program, 'sql', /^drizzle-orm$/), callee = unwrap(first.at.node.callee);
    if (!sql) return null;
    const edits: (Edit | null)[] = [...sql.edits];
    if (first.name === 'unique') {
      const factory = callee.type === 'Identifier' ? imported(program, 'uniqueIndex', CORE) : null;
      if (!factory || first.at.program !== program) return null;
      edits.push(...factory.edits, { range: [callee.range[0], callee.range[1]], text: factory.name });
    }
    const shown = `.where(${sql.name}\`${condition}\`)`;
    return mended([...edits, behind(last, shown, program)], shown);
  };
}

/** Writes what `references(() => users.id, { onDelete })` does. */
export function referenceAction(references: ChainCall, program: Program): NonNullable<ForeignKeyDeclaration['withAction']> {
  return (action) => {
    const shown = `onDelete: '${action}'`, options = references.args[1];
    if (!options) return mended([withArgument(references.at, 1, `{ ${shown} }`, program)], shown);
    const object = objectAt(options, program);
    return object && mended([withProperty(object, 'onDelete', `'${action}'`, program)], shown);
  };
}

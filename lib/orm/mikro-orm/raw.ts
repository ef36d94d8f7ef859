/** Raw SQL in MikroORM's calls (`raw('..')`, `` sql`..` ``, `sql.now()`), and the values of rows, which may be raw SQL. */
import type { Assignment, Conflict, Expr, Range } from '../../model/query.js';
import { unwrap, type Node } from '../../source/ast.js';
import type { Entry } from '../../source/objects.js';
import { computed, constantText, type Part } from '../../source/parts.js';
import { isText, partsOf, text, type Value } from '../../source/values.js';
import { readSql } from '../../sql/read.js';
import { isCalled } from '../chains.js';
import { parameter, time } from '../expressions.js';
import type { Session } from '../session.js';

/** A fragment of SQL, and where it is written where that is not the value's own place. */
export interface RawText {
  readonly value: Value;
  readonly node: Node | null;
}

/** The call of a helper by its name: `raw(..)` or `sql.now(..)`; null for any other value. */
function helper(value: Value, session: Session): { readonly name: string; readonly args: readonly Node[]; readonly read: (node: Node) => Value } | null {
  const chain = session.chain(value), [first, second, more] = chain?.steps ?? [];
  const step = second ?? first;
  if (!chain || more || step?.type !== 'step' || !isCalled(step) || chain.root.type !== 'node' || (second && (first?.type !== 'step' || first.args !== null))) return null;
  const root = unwrap(chain.root.node), name = step.name === '' ? session.origin(root)?.name ?? (root.type === 'Identifier' ? root.name : null) : step.name;
  return name === null ? null : { name, args: step.args, read: (node) => session.value(node, step.env) };
}

/**
 * The text of `raw('..')`, `raw((alias) => `..`)` and `` sql`..` ``; null where the value is none of them, or cannot be seen.
 *
 * @param alias what the callback is given
 */
export function rawText(value: Value, session: Session, alias: string): RawText | null {
  if (value.type === 'text') return value.sql ? { value, node: null } : null;
  if (value.type !== 'unknown') return null;
  const call = helper(value, session), [first] = call?.args ?? [];
  if (call?.name !== 'raw' || !first) return null;
  const given = call.read(first), written = given.type === 'function' ? session.apply(given, [text([computed(alias)])], first) : given;
  return written && isText(written) ? { value: written, node: first } : null;
}

/** A value of a row: also the current time as `sql.now()` and `raw('now()')` give it. */
export function scalarOf(value: Value, node: Node, session: Session): Expr {
  const raw = rawText(value, session, '');
  if (raw) return session.sqlExpression(raw.value, raw.node ?? node);
  if (value.type === 'unknown' && helper(value, session)?.name === 'now' && node.type === 'CallExpression') return time(0, node.range as Range);
  return session.scalar(value, node);
}

/** Is the key of an object a fragment of SQL: `[raw('..')]`, `` [sql`..`] ``, `[sql.lower('name')]`? */
export function isRawKey(node: Node): boolean {
  const at = unwrap(node);
  return at.type === 'CallExpression' || at.type === 'TaggedTemplateExpression';
}

/** Do parentheses enclose all of a fragment? */
export function isParenthesised(value: Value): boolean {
  const whole = shown(partsOf(value) ?? []).trim();
  if (!whole.startsWith('(')) return false;
  let depth = 0, quoted = false;
  for (let i = 0; i < whole.length; i++) {
    if (whole[i] === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (whole[i] === '(') depth++;
    else if (whole[i] === ')' && --depth === 0) return i === whole.length - 1;
  }
  return false;
}

function shown(parts: readonly Part[]): string {
  return constantText(parts) ?? parts.map((part) => (part.type === 'run' ? part.text : part.type === 'fork' ? shown(part.options[0] ?? []) : 'x')).join('');
}

/** The key of ON CONFLICT in `raw('(email) where deleted_at is null')`; null where it cannot be read. */
export function conflictTargetOf(value: Value, node: Node, session: Session): Pick<Conflict, 'target' | 'targetWhere'> | null {
  const raw = rawText(value, session, ''), parts = raw && partsOf(raw.value);
  if (!raw || !parts) return null;
  const [words] = session.sqlTexts(text([...parts, computed(' DO NOTHING')], true), raw.node ?? node, 'INSERT INTO _ (_) VALUES (0) ON CONFLICT ');
  const root = words && readSql(words, { dialect: 'postgresql', library: session.library }).statements[0]?.root;
  return root?.type === 'insert' ? root.conflict : null;
}

/** The assignments of an object of values; opaque where not all of it can be seen. */
export function assignmentsOf(entries: readonly Entry[] | null, session: Session): { readonly assignments: readonly Assignment[]; readonly opaqueAssignments: boolean } {
  return { assignments: entries ? assigned(entries, session) : [], opaqueAssignments: entries === null || entries.some(({ type }) => type !== 'entry') };
}

function assigned(entries: readonly Entry[], session: Session): Assignment[] {
  return entries.flatMap((entry): Assignment[] => {
    if (entry.type === 'fork') return entry.options.flatMap((option) => assigned(option, session)).map((one) => ({ ...one, value: parameter(one.range) }));
    return entry.type === 'entry' ? [{ column: entry.key, value: scalarOf(entry.value(), entry.valueNode ?? entry.node, session), range: entry.node.range as Range }] : [];
  });
}
